"""The replay as a page: which stop an address means, what it tells, and where it leads on."""

import csv
import io
import json
import re
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from urllib.parse import parse_qs

import networkx as nx
import pytest

from adapters.verify import WIDTH, tile_path
from adapters.web.parameters import unknown
from tests.faces import BOTTROP, LAST, House, bottrop
from tests.story import OPENED, alliance, corrected, lab, published, withdrawn
from tests.test_pages import Document

PAGE = f"/auswertung/{BOTTROP}"
INSIDE = f"/geschaeftsstelle/{BOTTROP}/auswertung"


def document(house, query="", status=200, language=""):
    answer = house.get(f"{language}{PAGE}{query}")
    assert answer.status_code == status, answer.text
    page = Document(answer.text)
    assert page.faults == []
    return page


def stop_of(page):
    return re.search(r"(Station \d+ von \d+: \d+\. \w+ \d+|Vor der ersten Station)", page.words)[1]


def way(page, to):
    return next(link["href"] for link in page.all("a") if link.get("data-to") == to)


def test_bottrop_stop_by_stop_from_the_first_day_to_today(town):
    page, said = document(town), []
    while True:
        said.append(stop_of(page))
        if not [link for link in page.all("a") if link.get("data-to") == "after"]:
            break
        page = Document(town.get(way(page, "after")).text)
    assert said[0] == "Station 1 von 8: 31. Oktober 2016"
    assert said[3] == "Station 4 von 8: 31. Dezember 2018"
    assert said[-1] == "Station 8 von 8: 22. November 2026"
    assert len(said) == 8
    assert stop_of(Document(town.get(way(page, "first")).text)) == "Vor der ersten Station"


def test_the_stop_at_which_the_level_went_says_what_changed_and_why(town):
    page = document(town, "?per=entry&entry=47")
    assert "Ebene aufgegeben Thematische Ebene" in page.words
    assert "Thematische EbeneEbene Bestehen vielleicht schon beendet aufgegeben Nr. 47" in page.words
    assert f"/prozesse/{BOTTROP}/eintrag/47/warum" in page.links
    assert "endet" in page.words
    english = document(town, "?per=entry&entry=47", language="/en")
    assert re.search(r"Stop \d+ of \d+: 31 December 2018", english.words)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("day=2018", "?day=2018-12-31"),
        ("day=31.12.2018&kind=", "?day=2018-12-31"),
        ("order=happened&per=day&stop=4", "?day=2018-12-31"),
        ("order=happened&per=day&stop=1000", "?day=2026-11-22"),
        ("stop=0", "?day=2016-10-30"),
        ("order=known&per=entry&stop=26", "?order=known&per=entry&entry=26"),
        ("kind=structure&stop=2", "?kind=structure&day=2017-09-30"),
    ],
)
def test_what_is_pointed_at_or_typed_leads_to_a_lasting_address(town, typed, address):
    answer = town.get(f"{PAGE}?{typed}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}{address}")
    document(town, address)


def test_what_is_no_day_is_said_at_its_field(town):
    page = document(town, "?day=gestern", 422)
    assert page.text.strip().startswith("Fehler: ")
    assert "#day" in page.links


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "?order=sideways",
            "Der Parameter „order“ kann nicht „sideways“ sein. Möglich ist: happened",
        ),
        ("?per=hour", "Der Parameter „per“ kann nicht „hour“ sein. Möglich ist: day oder entry."),
        ("?kind=gossip", "Der Parameter „kind“ kann nicht „gossip“ sein."),
        ("?entry=x", "Der Parameter „entry“ braucht eine Zahl; „x“ ist keine."),
        ("?stop=-1", "Der Parameter „stop“ braucht eine Zahl; „-1“ ist keine."),
        ("?version=abc", "Der Parameter „version“ braucht eine Zahl; „abc“ ist keine."),
        ("?per=entry&entry=9999", "Einen Eintrag „9999“ gibt es hier nicht."),
        ("?order=public&per=entry&entry=221", "Einen Eintrag „221“ gibt es hier nicht."),
        ("?happend_by=2018-12-31", "Einen Parameter „happend_by“ gibt es hier nicht."),
        ("/zahlen?happend_by=2018-12-31", "Einen Parameter „happend_by“ gibt es hier nicht."),
        ("/zahlen?order=public", "Einen Parameter „order“ gibt es hier nicht."),
        ("/was-waere-wenn.json?without=1&day=2018", "Einen Parameter „day“ gibt es hier nicht."),
    ],
)
def test_what_nobody_can_mean_is_refused_with_the_parameter_and_what_it_can_be(town, query, said):
    assert said in document(town, query, 422).words


def test_a_version_that_there_is_not_is_said(town):
    assert "Eine Fassung 500 gibt es hier nicht; die neueste ist 220." in document(town, "?version=500", 404).words
    assert "There is no version 500 here" in document(town, "?version=500", 404, language="/en").words


def test_what_programs_for_mail_hang_on_an_address_changes_nothing(town):
    hung_on = "utm_source=brief&utm_campaign=mai&mc_cid=1&fbclid=2&_hsenc=3&mtm_campaign=4&gclid=5"
    for address in (PAGE, f"{PAGE}/zahlen", f"/prozesse/{BOTTROP}", f"/prozesse/{BOTTROP}/struktur"):
        answer = town.get(f"{address}?{hung_on}")
        assert answer.status_code == 200
        assert "wird nicht beachtet" not in answer.text


def test_a_slip_in_the_address_of_a_public_page_is_told_on_it(town):
    for path in ("", "/verlauf", "/struktur", "/gremien", "/beschluesse", "/vergleich", "/eintrag/47"):
        answer = town.get(f"/prozesse/{BOTTROP}{path}?happend_by=2018-12-31")
        assert answer.status_code == 200, path
        assert "Einen Parameter „happend_by“ gibt es hier nicht." in Document(answer.text).words, path
    assert town.get(f"/prozesse/{BOTTROP}/struktur.svg?happend_by=2018-12-31").status_code == 422
    assert "“happend_by”" in Document(town.get(f"/en/prozesse/{BOTTROP}?happend_by=2018").text).words


def test_no_form_and_no_link_asks_a_page_for_what_it_does_not_know(town):
    inside = ("", "/vergleich", "/zahlen", "/was-waere-wenn", "/was-waere-wenn?without=47", "/daten", "?order=public")
    pages = [*(f"{PAGE}{path}" for path in inside)]
    pages += [
        f"/prozesse/{BOTTROP}{path}" for path in ("", "/verlauf", "/struktur", "/vergleich", "/gremien", "/eintrag/47")
    ]
    asked = set()
    for address in pages:
        page = Document(town.get(address).text)
        target = ""
        for tag, attributes in page.elements:
            if tag == "form":
                target = attributes["action"].partition("?")[0].partition("#")[0]
            elif tag in {"input", "select", "button"} and attributes.get("name"):
                asked.add((target, attributes["name"]))
            elif tag == "a" and "?" in attributes["href"]:
                path, _, query = attributes["href"].partition("#")[0].partition("?")
                asked.update((path or address.partition("?")[0], name) for name in parse_qs(query))
    within = {each for each in asked if BOTTROP in each[0]}
    assert len(within) > 40
    assert [(path, name) for path, name in within if unknown(path, [name])] == []


def test_before_the_first_stop_and_before_all_days_there_is_a_page(town):
    for query in ("?day=0001-01-01", "?day=9999-12-31", "?published_by=2000-01-01", "?order=known&known_by=2000-01-01"):
        document(town, query)
        document(town, query, language="/en")


@pytest.fixture
def small(tmp_path):
    """A process that was corrected in public, and has an entry that is internal."""
    house = House(tmp_path / "data")
    house.record({"key": "o", **OPENED}, {"key": "a", **alliance("a", "2017-05-01")}, published("o", "a"), process="p")
    house.wait(days=1)
    house.record({"key": "b", **lab("b", "2017-06-01", parent="a")}, {"key": "c", **alliance("c", "2018")}, process="p")
    house.wait(days=1)
    better = corrected("a", alliance("a", "2017-05-01", name="Rat der Stadt"))
    house.record({"key": "better", **better}, published("b", "better"), process="p")
    house.record({"key": "w", **withdrawn("b")}, published("w"), process="p")
    yield house
    house.close()


def test_as_it_became_public_a_name_is_the_one_that_was_public_then(small):
    first = Document(small.get("/auswertung/p?order=public&per=entry&entry=3").text)
    assert stop_of(first) == "Station 1 von 3: 22. November 2026"
    assert "Rat der Stadt" not in first.words
    second = Document(small.get(way(first, "after")).text)
    assert "Rat der Stadt" in second.words
    assert "neu" in second.words
    last = Document(small.get(way(second, "after")).text)
    assert "Eintrag zurückgenommen: Irrtum – betrifft Nr. 4" in last.words
    assert "intern" not in last.words


def test_what_is_internal_is_no_stop_for_the_public(small):
    everything = "".join(
        small.get(f"/auswertung/p?order={order}&per={pace}&day=2030-01-01").text
        for order in ("happened", "known", "public")
        for pace in ("day", "entry")
    )
    assert "Station 8 von 8" in everything
    assert ">C<" not in everything
    internal, none = (small.get(f"/auswertung/p?per=entry&entry={number}") for number in (5, 99))
    assert internal.status_code == none.status_code == 422
    assert internal.text.replace("„5“", "„99“").replace("“5”", "“99”") == none.text


def test_a_box_stands_at_the_same_place_at_every_stop(town):
    def places(query):
        svg = re.search(r"<svg [^>]*class=\"picture\".*?</svg>", town.get(f"{PAGE}{query}").text, re.DOTALL)[0]
        rects = re.findall(
            r'gremien/([a-z-]+)".*?<(?:rect|path) class="picture-box [^>]*?(?:x="(\d+)" y="(\d+)"|d="M)', svg
        )
        return {body: (x, y) for body, x, y in rects if x}

    one, two = places("?day=2017-10-01"), places("?day=2018-12-31")
    both = one.keys() & two.keys()
    assert both
    assert {body: one[body] for body in both} == {body: two[body] for body in both}


def test_the_page_has_one_script_of_its_own_and_says_so_in_its_policy(town):
    answer = town.get(PAGE)
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    (script,) = (found for found in re.findall(r"<script[^>]*>", answer.text) if "ld+json" not in found)
    assert re.fullmatch(r'<script src="/static/replay\.[0-9a-f]+\.js" defer>', script)
    for other in (f"{PAGE}/was-waere-wenn", f"{PAGE}/vergleich", f"/prozesse/{BOTTROP}"):
        assert "script-src" not in town.get(other).headers["content-security-policy"]


def test_a_new_entry_is_a_new_stop_and_the_old_addresses_stay(tmp_path):
    town = bottrop(tmp_path / "data")
    before = document(town, "?per=entry&entry=47")
    town.record({"key": "early", **alliance("frueh", "2016-12-01", name="Früh")}, published("early"))
    after = document(town, "?per=entry&entry=47")
    assert stop_of(after) != stop_of(before)
    assert "Ebene aufgegeben Thematische Ebene" in after.words
    town.close()


# ---- two of them beside each other ----------------------------------------------------------------------------------


def rows(page_text):
    return {
        row: [
            " ".join(re.sub(r"<[^>]*>", " ", cell).split())
            for cell in re.findall(r'class="cell-line">(.*?)</span>', cells)
        ]
        for row, cells in re.findall(
            r'<tr class="kern-table__row" role="row" id="([a-z-]+)">(.*?)</tr>', page_text, re.DOTALL
        )
    }


def test_phases_are_compared_with_ranges_where_dates_are_open(town):
    found = rows(town.get(f"{PAGE}/vergleich?phase=phase-1&with_phase=phase-2").text)
    assert found["months"][:2] == ["34 bis 36", "0 bis 86"]
    assert found["decisions-with-method"][0].startswith("0 von 2 bis 3")
    assert "nicht zu berechnen: nichts, woran es zu messen wäre" in found["decisions-with-method"]


def test_two_processes_are_compared_each_with_its_own_entries(small):
    small.record({"key": "o", **OPENED}, {"key": "x", **alliance("x", "2018")}, published("o", "x"), process="q")
    text = small.get("/auswertung/p/vergleich?with=q").text
    found = rows(text)
    assert found["bodies-founded"] == ["1", "1"]
    assert "/prozesse/q/eintrag/2" in text
    before = small.get("/auswertung/p/vergleich?with=q").headers["etag"]
    small.record({"key": "y", **alliance("y", "2018")}, published("y"), process="q")
    after = small.get("/auswertung/p/vergleich?with=q")
    assert after.headers["etag"] != before
    (lasting,) = re.findall(r'href="([^"]*with_version=[^"]*)">Dasselbe', text)
    assert rows(small.get(lasting.replace("&amp;", "&")).text) == found


@pytest.mark.parametrize(("query", "status"), [("?with=nirgends", 404), ("?with=A!", 422), ("?phase=x", 422)])
def test_what_cannot_be_compared_is_said(town, query, status):
    assert town.get(f"{PAGE}/vergleich{query}").status_code == status


# ---- questions of evaluators (docs/questions.md) --------------------------------------------------------------------


def test_4_3_01_the_structure_on_any_date_as_it_was_and_as_it_was_known(town):
    was = document(town, "?day=2017-10-01")
    assert "Strategische Allianz »Handel der Zukunft« – " in was.words
    known = document(town, "?order=known&per=entry&entry=26")
    assert "Thematische Ebene – geändert · besteht" in known.words
    assert "Handel der Zukunft" not in known.words.partition("Als Liste")[2].partition("Was sich")[0]


def test_4_3_02_two_states_with_all_causing_events(town):
    stop = document(town, "?day=2018-12-31")
    (address,) = [link for link in stop.links if "/vergleich?from=2017-12-31&to=2018-12-31" in link]
    compared = Document(town.get(address).text)
    assert compared.words.count("mit der Ebene weggefallen Nr. 47") == 3
    assert "Zukunftsplan" in compared.words.partition("Was sich sonst geändert hat")[2]


def test_4_3_03_causal_chains_longer_than_two(town):
    (address,) = [a for a in document(town, "?per=entry&entry=47").links if a.endswith("/eintrag/47/warum")]
    chain = Document(town.get(address).text).words
    for part in ("Auf allen Ebenen treffen sich dieselben Leute", "Drei Ebenen und ein stark theoretischer Ansatz"):
        assert part in chain


@pytest.fixture(scope="module")
def figures(town):
    """What the page of figures says, by the place of each figure."""
    return rows(town.get(f"{PAGE}/zahlen").text)


def test_4_3_04_time_from_concern_to_reaction(town, figures):
    assert figures["response-change-share"][:2] == ["14,3 %", "7"]
    assert figures["response-change-median"][0] == "nicht berechenbar: weniger als die Hälfte ist so weit"
    assert "nicht genau zu berechnen, 0 bis 27 Monate" in document(town, "/zahlen").words


def test_4_3_05_the_same_on_all_levels(town, figures):
    pairs = [found for place, found in figures.items() if place.startswith("overlap-")]
    assert len(pairs) == 6
    assert {found[1] for found in pairs} == {"nicht berechenbar: es ist nicht erfasst, welche Akteure dabei waren"}
    words = document(town, "/zahlen").words
    overlap = words.partition("Dieselben auf mehreren Ebenen Ob")[2].partition("Wer wiederkommt")[0]
    assert "Dazu sagen Einträge selbst etwas" in overlap
    stated = re.search(r"sagen Einträge selbst etwas.*?Nr\. (\d+)", overlap)[1]
    assert "dieselben Leute" in Document(town.get(f"/prozesse/{BOTTROP}/eintrag/{stated}").text).words


def test_4_3_06_how_degrees_of_participation_shifted(town, figures):
    assert figures["degree-on-scale"][:2] == ["0 %", "8"]
    assert figures["degree-median"][0] == "nicht berechenbar: alle Einschätzungen sind in Worten, ohne Skala"
    told = Document(town.get(f"/prozesse/{BOTTROP}/beteiligung").text).words
    assert "Selbststeuerung" in told.partition("so gemeint")[0]
    assert told.count("so gewesen") == 7


def test_4_3_07_intentions_against_outcomes(town, figures):
    assert figures["fulfilment-kept"][:2] == ["0 %", "4"]
    assert figures["fulfilment-delay"][0] == "mindestens 335 Tage"
    assert "nicht eingehalten" in Document(town.get(f"/prozesse/{BOTTROP}/zusagen").text).words


def test_4_3_08_which_statements_contradict_each_other_on_which_sources(town):
    page = Document(town.get(f"/prozesse/{BOTTROP}/widersprueche").text)
    assert "Nachhaltige Unternehmensgründungen" in page.words
    assert "Freizeitwirtschaft und Tourismus" in page.words
    assert page.words.count("Zeilen") >= 32, "sixteen topics, both sides with their lines"


def test_4_3_09_which_decision_methods_were_used_how_often(figures):
    assert figures["methods-unrecorded"][:2] == ["100 %", "3"]


def test_4_3_10_which_facts_are_stated_derived_or_unknown(figures):
    assert figures["dating-stated"][:2] == ["5,3 %", "206"]


def test_4_3_11_what_was_public_when_how_late_and_how_often_corrected(town, figures):
    assert figures["publication-public"][:2] == ["206", "206"]
    assert figures["publication-delay"][0] == "0 Tage"
    assert figures["publication-corrections"][0] == "3,4 je 100"
    before = document(town, "?published_by=2026-11-21&order=public")
    assert "Bis dahin war hier noch nichts erfasst oder veröffentlicht." in before.words


def test_4_3_12_how_complete_the_analysis_of_options_is(figures):
    assert figures["options-said-szenarien-fortfuehrung"][1:3] == ["65 %", "40"]
    assert figures["options-blank-szenarien-fortfuehrung"][1:3] == ["27,5 %", "40"]


def test_4_3_13_two_phases_on_the_same_figures(town):
    page = Document(town.get(f"{PAGE}/vergleich").text)
    assert "Bottrop 2018+ – Erste Projektphase und Bottrop 2018+ – Zweite Projektphase" in page.words
    assert "Dauer in Monaten 34 bis 36 0 bis 86" in page.words


def test_4_3_14_a_figure_is_found_again(tmp_path):
    house = House(tmp_path / "data")
    house.record({"key": "o", **OPENED}, {"key": "a", **alliance("a", "2017")}, published("o", "a"), process="p")
    text = house.get("/auswertung/p/vergleich").text
    (lasting,) = re.findall(r'href="([^"]*version=3)">Dasselbe', text)
    house.record({"key": "b", **alliance("b", "2017")}, published("b"), process="p")
    assert rows(house.get("/auswertung/p/vergleich").text) != rows(text)
    assert rows(house.get(lasting.replace("&amp;", "&")).text) == rows(text)
    house.close()


def test_4_3_15_the_record_in_other_programs_without_asking_anyone(town, tmp_path):
    """From the page: tables whose every column is described beside them, a network and a database that others read."""
    page, files = document(town, "/daten"), {}
    for link in page.links:
        if link.startswith(f"{PAGE}/daten/"):
            files[link.rpartition("/")[2]] = town.get(link).content
    assert {"csv", "xlsx", "ocel-json", "ocel-sqlite", "gexf-structure", "entries", "replication"} <= files.keys()
    with zipfile.ZipFile(io.BytesIO(files["csv"])) as archive:
        tables = {
            name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))
            for name in archive.namelist()
            if name.endswith(".csv")
        }
    described = {(row["table"], row["column"]): row["english"] for row in tables["codebook"]}
    used = {(name, column) for name, found in tables.items() for row in found[:1] for column in row}
    assert used <= described.keys()
    assert all(described.values())
    assert len(tables["entries"]) == len(files["entries"].splitlines()) == LAST
    assert "wirtschaftsallianz" in nx.read_gexf(io.BytesIO(files["gexf-structure"])).nodes
    (tmp_path / "log.sqlite").write_bytes(files["ocel-sqlite"])
    with closing(sqlite3.connect(tmp_path / "log.sqlite")) as database:
        (events,) = database.execute("SELECT count(*) FROM event").fetchone()
    assert events == len(json.loads(files["ocel-json"])["events"])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?without=47", "Thematische EbeneEbene Bestehen aufgegeben besteht"),
        ("?if=chosen&subject=szenario-4", "Erfunden: Szenario gewählt: Selbstorganisiertes Netzwerk"),
    ],
)
def test_4_3_16_what_if(town, query, said):
    page = Document(town.get(f"{PAGE}/was-waere-wenn{query}").text)
    assert "SIMULATION – so war es nicht" in page.words
    assert said in page.words


def test_4_3_17_which_themes_recur_and_where(town):
    """Skilled workers: a threat in the SWOT, a topic of scenario 1, a Reallabor of the second phase."""
    found = Document(town.get(f"/suche?q=fachkr%C3%A4fte&process={BOTTROP}").text).words
    for kind in ("Befund festgehalten", "Szenario beurteilt", "Reallabor begonnen"):
        assert kind in found


def log_of(house, folder):
    """What anybody can download of the log, with the program that checks it."""
    size = int(house.get("/log/checkpoint").text.splitlines()[1])
    for path in (
        "checkpoint",
        "vkey",
        "verify.py",
        tile_path("entries", 0, size % WIDTH),
        tile_path(0, 0, size % WIDTH),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(house.get(f"/log/{path}").content)
    return folder


def test_4_3_18_whether_anybody_tampered_between_two_downloads(tmp_path):
    """The page says how; the program from the log itself, run alone, says yes or no."""
    house = House(tmp_path / "data")
    house.record({"key": "o", **OPENED}, {"key": "a", **alliance("a", "2017")}, published("o", "a"), process="p")
    page = Document(house.get("/prozesse/p/pruefen").text).words
    assert "Mit Prüfmarke, Schlüssel oder Regelwerk von anderswo vergleichen" in page
    first = log_of(house, tmp_path / "first")
    house.record({"key": "b", **alliance("b", "2018")}, published("b"), process="p")
    second = log_of(house, tmp_path / "second")

    def checked():
        kept, key = first / "checkpoint", (first / "vkey").read_text().strip()
        call = [sys.executable, "-I", second / "verify.py", second, "--key", key, "--since", kept]
        return subprocess.run(call, capture_output=True, text=True, check=False)

    good = checked()
    assert good.returncode == 0, good.stdout + good.stderr
    bundle = next(second.glob("tile/entries/000.p/*"))
    bundle.write_bytes(bundle.read_bytes().replace(b'"n":2,', b'"n":9,'))
    assert checked().returncode != 0
    house.close()
