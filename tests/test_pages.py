"""The public pages: what stands on them, in which words, and what they never carry."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from adapters.web.assets import assets
from adapters.web.governance_tree import tree
from adapters.web.wording import GROUPS
from domain.catalogue import TOLD
from domain.words import CONFLICTS
from projections.governance import structure
from projections.timeline import kind_of
from tests.faces import BOTTROP, bottrop
from tests.story import alliance, corrected, ended, lab, moved, published, told, withdrawn

PAGE = f"/prozesse/{BOTTROP}"
HOSTILE = '<script>alert("x")</script><b onclick=x style="color:red">&amp;</b>'


class Document(HTMLParser):
    """A page taken apart: its elements, its text, and what a reader can follow."""

    VOID = frozenset({"meta", "link", "br", "input", "hr", "img"})

    def __init__(self, html):
        super().__init__()
        self.elements, self.text, self.open, self.faults = [], "", [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.text += " " if tag in {"dd", "td", "li"} else ""
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data):
        if self.open[-1:] != ["script"]:  # data for machines, which nobody reads
            self.text += data

    def all(self, *tags):
        return [attributes for tag, attributes in self.elements if tag in tags]

    @property
    def words(self):
        return " ".join(self.text.split())

    @property
    def links(self):
        return {link["href"] for link in self.all("a")}

    @property
    def to_crawl(self):
        """The links without those that robots are asked to leave out: each of the many days has many pages."""
        return {link["href"] for link in self.all("a") if link.get("rel") != "nofollow"}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Bottrop with what else a page can have to show: corrections, withdrawals, hidden causes, odd texts."""
    house = bottrop(tmp_path_factory.mktemp("town") / "data")
    house.record({"key": "intern", **told({"type": "context-noted", "what": "Nur intern"}, "2017")})
    criticism = {"type": "feedback-received", "kind": "concern", "what": HOSTILE, "from_whom": "Anwohner"}
    house.record(
        {"key": "kritik", **told(criticism, "2017~", because=["intern", 1], grounds="zweizeilig\nso notiert")},
        {"key": "unbenannt", **alliance("unbenannt", "2018-05-03", name=None)},
        {"key": "irrtum", **told({"type": "context-noted", "what": "Ein Irrtum"}, "2018-02")},
        {"key": "labor", **lab("labor", "2018-05-03", parent="unbenannt")},
        {"key": "umzug-1", **moved("labor", "2019", parent="wirtschaftsallianz")},
        {"key": "umzug-2", **moved("labor", "2019", parent="geschaeftsstelle")},
        {
            "key": "beschluss",
            **told({"type": "decision-taken", "decision": "b1", "text": "Es geht weiter."}, "2019-05-17"),
        },
        {
            "key": "quelle",
            **told({"type": "context-noted", "what": "Mit Quelle"}, "2019"),
            "sources": [
                {"title": "Protokoll", "page": "12", "sha256": "a" * 64, "url": "javascript:alert(1)"},
                {"title": "Netz", "url": "https://example.org/a?b=c&d"},
            ],
        },
    )
    house.record({"key": "zurueck", **withdrawn("irrtum")})
    better = told(
        {"type": "decision-taken", "decision": "b1", "text": "Es geht weiter.", "method": "consent"}, "2019-05-18"
    )
    house.record({"key": "besser", **corrected("beschluss", better)})
    house.record({"key": "noch-besser", **corrected("beschluss", {**better, "because": ["intern"]}, seen="besser")})
    keys = (
        "kritik",
        "unbenannt",
        "irrtum",
        "labor",
        "umzug-1",
        "umzug-2",
        "beschluss",
        "quelle",
        "zurueck",
        "besser",
        "noch-besser",
    )
    house.record({"key": "alles", **published(*keys)})
    house.wait(hours=1)
    yield house
    house.close()


def page(house, path):
    answer = house.get(path)
    assert answer.status_code == 200, answer.text
    return Document(answer.text)


def entry(house, key, language=""):
    return page(house, f"{language}{PAGE}/eintrag/{house.numbers[key]}")


OF_A_KIND = 8
"""So many addresses that differ only in an id, a number, a day or a choice are followed; of entries, all."""


AT_ONCE = 2
"""So many choices of an address are followed together: each alone and each with each other, not all of them at once."""


def shape_of(address):
    """What addresses of one kind have in common."""
    path, _, query = address.partition("?")
    path = re.sub(r"(?<=/)(\d+|[0-9a-f]{64})(?=[/.]|$)", "#", path)
    return re.sub(r"/(gremien|akteure|handlungsfelder)/[a-z0-9-]+", r"/\1/#", path), re.sub("=[^&]*", "", query)


def crawled(house, of_a_kind=OF_A_KIND, at_once=AT_ONCE):
    """Every answer that links lead to from the list of processes, and every page among them taken apart."""
    found, documents, kinds, todo = {}, {}, Counter(), ["/", "/en/", f"{PAGE}/verlauf?known_by=2026-11-22"]
    todo.append(f"{PAGE}/struktur?happened_by=2017-06-30")
    while todo:
        path = todo.pop()
        if path in found or not path.startswith("/") or path.count("=") > at_once:
            continue
        if kinds[shape_of(path)] == of_a_kind and not re.fullmatch(rf"{PAGE}/eintrag/\d+", path):
            continue
        kinds[shape_of(path)] += 1
        found[path] = house.get(path)
        if found[path].headers.get("content-type", "").startswith("text/html"):
            documents[path] = document = Document(found[path].text)
            todo += [href.partition("#")[0] for href in document.to_crawl if not href.startswith("#")]
            todo += [link["href"] for link in document.all("link")]
    return found, documents


@pytest.fixture(scope="module")
def found(town):
    return crawled(town)


@pytest.fixture(scope="module")
def everything(found):
    return found[0]


@pytest.fixture(scope="module")
def documents(found):
    return found[1]


# ---- what every page is -------------------------------------------------------------------------------------------


def test_every_link_leads_somewhere(everything):
    assert len(everything) > 300
    assert {path: answer.status_code for path, answer in everything.items() if answer.status_code != 200} == {}


def test_every_page_is_well_formed(documents):
    for path, document in documents.items():
        ids = [attributes["id"] for _, attributes in document.elements if "id" in attributes]
        headings = [int(tag[1]) for tag, _ in document.elements if re.fullmatch("h[1-6]", tag)]
        assert not document.faults, (path, document.faults)
        assert not document.open, path
        assert len(set(ids)) == len(ids), path
        assert headings.count(1) == 1, path
        assert {href[1:] for href in document.links if href.startswith("#")} <= set(ids), path
        given = (a.get(name, "") for _, a in document.elements for name in ("for", "aria-labelledby"))
        labelled = {id_ for ids_ in given for id_ in ids_.split()}
        assert labelled <= set(ids), path


RUNS = re.compile(r"(/en)?(/prozesse/[^/]+/pruefen|/auswertung/[^/]+)")
"""The pages for the public on which a script of our own may run: checking, and the replay that plays by itself."""


def test_no_page_carries_script_style_or_anything_foreign(documents):
    for path, document in documents.items():
        for tag, attributes in document.elements:
            assert tag not in {"style", "iframe", "object"}, path
            if tag == "img":  # beside the page, and loaded for paper alone
                assert (attributes["src"], attributes["loading"]) == ("/log/checkpoint.svg", "lazy"), path
            if tag == "script" and attributes != {"type": "application/ld+json"}:  # data: it never runs
                assert RUNS.fullmatch(path.partition("?")[0]), path
                assert attributes.get("src", "/static/").startswith("/static/"), path
            assert not [name for name in attributes if name == "style" or name.startswith("on")], path
            if tag in {"link", "form"}:
                assert (attributes.get("href") or attributes["action"]).startswith("/"), path


def test_every_answer_is_guarded_and_sets_no_cookie(town, everything):
    odd = {
        "404": town.get("/nothing"),
        "422": town.get(f"{PAGE}/struktur?happened_by=x"),
        "405": town.client.post("/"),
        "303": town.get(f"{PAGE}?known_by="),
        "304": town.get("/", if_none_match="*"),
        "api": town.api("/entries/999"),
    }
    assert [answer.status_code for answer in odd.values()] == [404, 422, 405, 303, 304, 404]
    for path, answer in {**everything, **odd}.items():
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy
        runs = "; script-src 'self'; connect-src 'self'" if RUNS.fullmatch(path.partition("?")[0]) else ""
        assert policy.partition("; script-src")[2] == runs.removeprefix("; script-src"), path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in answer.headers["permissions-policy"]
        assert "set-cookie" not in answer.headers


def test_every_page_stands_in_both_languages(documents):
    shapes = {shape_of(path) for path in documents}
    for path, document in documents.items():
        if path.startswith(("/prozesse", "/en/prozesse")):
            (html,) = document.all("html")
            assert html["lang"] == ("en" if path.startswith("/en") else "de")
            alternates = {link["hreflang"]: link["href"] for link in document.all("link") if "hreflang" in link}
            assert alternates[html["lang"]] == path
            assert set(alternates) == {"de", "en"}
            assert {shape_of(address) for address in alternates.values()} <= shapes


def test_style_sheets_and_fonts_are_kept_for_a_year_under_an_address_of_their_content(town, documents):
    styles = [link["href"] for link in documents["/"].all("link") if link["rel"] == "stylesheet"]
    fonts = re.findall(r'url\("(/static/vendor/[^"]+\.woff2)"\)', town.get(styles[-1]).text)
    assert len(fonts) == 3
    for address in (*styles, *fonts):
        answer = town.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert re.search(r"[0-9a-f]{16}", address)
    assert town.get(styles[0]).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in town.get(fonts[0]).headers
    assert town.get("/static/../app.py").status_code == town.get("/static/app.css").status_code == 404
    assert [name for name in assets() if name.endswith(".js")] == ["check.js", "desk.js", "proof.js", "replay.js"]


# ---- the pages ----------------------------------------------------------------------------------------------------


def test_the_first_page_lists_the_processes(town):
    document = page(town, "/")
    assert PAGE in document.links
    assert "Bottrop 2018+" in document.words
    assert "/en/prozesse/bottrop-2018" in page(town, "/en/").links


def test_a_process_at_a_glance(town):
    document = page(town, PAGE)
    for words in (
        "Partizipative Wirtschaftsförderung erproben",
        "Wo es steht Zweite Projektphase",
        "Zurzeit ist kein Treffen angekündigt",
        "Ansprechpartner ist: Geschäftsstelle",
        "In welcher Form geht es mit der Wirtschaftsallianz nach dem Projekt weiter?",
        "Beginn im Oktober 2016",
        "Was zuletzt geschehen ist",
        "Wirtschaftsallianz",
        "Wie Daten zu lesen sind",
    ):
        assert words in document.words
    assert len([element for element in document.all("li") if element.get("class") == "happened"]) == 5
    assert {f"{PAGE}/verlauf", f"{PAGE}/struktur"} <= document.links


def test_where_a_process_stood_long_ago_is_not_taken_for_today(town):
    """Of what happened later only the day of recording is known: that tells nothing of where the process stands."""
    said = "nach dem letzten datierten Eintrag: "
    assert f"Wo es steht Zweite Projektphase ({said}spätestens 30. Juni 2021" in page(town, PAGE).words
    assert said not in page(town, f"{PAGE}?happened_by=2018-12-31").words
    assert "by the last dated entry: " in page(town, f"/en{PAGE}").words


def test_the_timeline_tells_what_happened_as_surely_as_it_is_known(town):
    text = " ".join(page(town, f"{PAGE}/verlauf?page={n}").words for n in range(1, 6))
    for words in (
        "Ebene aufgegeben",
        "zwischen Oktober 2017 und 2018 (erschlossen)",
        "spätestens Oktober 2016 (erschlossen) im Wortlaut: „zum Zeitpunkt der Antragstellung“",
        "Zeitpunkt nicht bekannt",
        "Von wem Projektverbund Bottrop 2018+ Verfahren nicht dokumentiert",
        "Nach Darstellung von Autorinnen und Autoren des Buchbeitrags von 2019",
        "Zeilen 107-117",
        "Anlass Nr. 1, nicht veröffentlicht",
        "Zurückgenommen durch Nr.",
        "Berichtigt durch Nr.",
        "ca. 2017",
    ):
        assert words in text, words
    assert "Nur intern" not in text


def test_the_timeline_runs_either_way(town):
    def numbers(query):
        heading = r'happened-heading"><a class="kern-link" href="[^"]*/eintrag/(\d+)'
        return [int(number) for number in re.findall(heading, town.get(f"{PAGE}/verlauf?{query}").text)]

    pages = range(1, 6)
    forward = [number for n in pages for number in numbers(f"page={n}")]
    assert len(forward) == len(set(forward)) > 200
    assert [number for n in pages for number in numbers(f"order=newest&page={n}")] == forward[::-1]


def test_the_timeline_shows_one_kind_of_entry(town):
    document = page(town, f"{PAGE}/verlauf?kind=decisions")
    assert "Beschluss gefasst" in document.words
    assert "Rückmeldung eingegangen" not in document.words
    (current,) = [a for a in document.all("a") if a.get("aria-current") == "true"]
    assert current["href"] == f"{PAGE}/verlauf?kind=decisions"
    assert "Art: Beschlüsse – nicht mehr auswählen" in document.words
    assert "Der Parameter „kind“ kann nicht „nothing“ sein." in town.get(f"{PAGE}/verlauf?kind=nothing").text
    assert town.get(f"{PAGE}/verlauf?page=99").status_code == 404
    assert town.get(f"{PAGE}/verlauf?page=0").status_code == 404


def test_every_type_belongs_to_a_kind_that_can_be_chosen():
    assert {kind_of(type_) for type_ in TOLD} == GROUPS.keys()


def test_the_timeline_of_a_day_ends_with_the_day(town):
    document = page(town, f"{PAGE}/verlauf?happened_by=2017-01-01")
    assert "vielleicht schon geschehen" in document.words
    assert "weitere geschahen erst nach diesem Tag" in document.words
    assert "Zweite Projektphase" not in document.words


def test_what_was_withdrawn_stands_in_the_timeline_of_a_day_only_if_it_had_happened_by_its_own_date(town):
    assert "Ein Irrtum" not in page(town, f"{PAGE}/verlauf?happened_by=2017-12-31").words
    assert "Ein Irrtum" in "".join(page(town, f"{PAGE}/verlauf?happened_by=2018-03-01&page={n}").words for n in (1, 2))


def test_a_page_of_the_timeline_is_the_same_whether_it_is_read_from_the_tables_or_from_the_fold(town):
    """Without times it comes from the tables; with today as a time it is folded."""
    today = town.now.date().isoformat()
    for query in ("page=1", "page=4", "order=newest", "kind=structure"):
        from_tables = page(town, f"{PAGE}/verlauf?{query}")
        folded = page(town, f"{PAGE}/verlauf?happened_by={today}&{query}")
        told = [words.partition("Zum Zitieren")[0] for words in (from_tables.words, folded.words)]
        assert told[0][told[0].index("Einträgen") :] == told[1][told[1].index("Einträgen") :]


def test_the_search_finds_public_entries_by_the_beginnings_of_their_words(town):
    document = page(town, "/suche?q=HANDWERK+koprod")
    assert f"{PAGE}/eintrag/40" in document.links
    assert "Reallabor begonnen" in document.words
    assert "Suchen" in document.words
    assert f"/en{PAGE}/eintrag/40" in page(town, "/en/suche?q=handwerk+koprod").links
    assert "Nur intern" not in page(town, "/suche?q=nur+intern").words
    assert "Nichts gefunden" in page(town, "/suche?q=handwerkxyz").words
    assert town.get("/suche?q=handwerk&process=kein-prozess").status_code == 404


def test_the_search_turns_its_pages(town):
    first, last = page(town, "/suche?q=der"), page(town, "/suche?q=der&page=2")
    assert "/suche?q=der&page=2" in first.links
    assert "/suche?q=der" in last.links
    heading = r'happened-heading"><a class="kern-link" href="([^"]+)"'
    found = [re.findall(heading, town.get(f"/suche?q=der&page={n}").text) for n in (1, 2)]
    assert len(found[0]) == 20
    assert not {*found[0]} & {*found[1]}
    for wrong in ("page=0", "page=x", "page=1000", "page=99", "process=ß"):
        assert town.get(f"/suche?q=der&{wrong}").status_code == 404


def test_what_was_asked_for_is_shown_as_it_was_typed_and_nothing_more(town):
    answer = town.get("/suche?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script" not in answer.text
    empty = town.get("/suche?q=%20")
    assert empty.status_code == 422
    assert "Bitte mindestens ein Wort" in empty.text
    assert town.get("/suche").status_code == 200


def test_the_structure_says_what_belongs_to_what_and_how_surely(town):
    document = page(town, f"{PAGE}/struktur?happened_by=2018-06-30")
    for words in (
        "Struktur am 30. Juni 2018",
        "Sie sehen nicht den heutigen Stand",
        "So war es am 30. Juni 2018.",
        "vielleicht schon beendet",
        "vielleicht schon da",
        "Strategische Allianz",
        "Allianz, Name nicht dokumentiert",
        "Reihenfolge nicht bekannt: Nr.",
        "Was an diesem Tag offen ist",
        "Federführung beim Monitoringsystem: Faktor 10",
    ):
        assert words in document.words, words
    assert f"{PAGE}/struktur" in document.links
    assert f"{PAGE}/eintrag/1?happened_by=2018-06-30" in page(town, f"{PAGE}/verlauf?happened_by=2018-06-30").links


def test_bodies_stand_under_what_they_belong_to(town):
    view = town.installation.service.view(BOTTROP, None).view
    under = {node.place.id: [below.place.id for below in node.under] for node in tree(structure(view))}
    assert set(under) == {"geschaeftsstelle", "wirtschaftsallianz", "steuerungsgruppe-fairtrade", "unbenannt"}
    assert {"reallabor-handel", "reallabor-handwerk", "reallabor-fachkraefte"} <= set(under["wirtschaftsallianz"])


def test_a_role_in_a_body_that_is_gone_is_not_lost(town):
    role = {"type": "role-assigned", "role": "leitung", "actor": "amt", "kind": "lead", "body": "aufgeloest"}
    entries = (
        {"key": "r1", **alliance("aufgeloest", "2018-05-03")},
        {"key": "r2", **told(role, "2018-06")},
        {"key": "r3", **ended("aufgeloest", "2019-05-03")},
    )
    town.record(*entries)
    town.record({"key": "r4", **published("r1", "r2", "r3")})
    text = page(town, f"{PAGE}/struktur").words
    assert "im ganzen Prozess" in text
    assert re.search(r"Leitung: Amt .*? – in: Aufgeloest, das es an diesem Tag nicht gibt", text)


def test_bodies_that_are_only_perhaps_there_under_each_other_are_shown_once(town):
    shown = structure(town.installation.service.view(BOTTROP, None).view)
    told = {"reallabor-handel": "reallabor-fachkraefte", "reallabor-fachkraefte": "reallabor-handel"}
    bodies = [
        body.model_copy(
            update={
                "presence": "perhaps-there",
                "told_parent": body.told_parent.model_copy(update={"value": told[body.id]}),
            }
        )
        for body in shown.bodies
        if body.id in told
    ]
    assert {node.place.id for node in tree(shown.model_copy(update={"bodies": bodies}))} == set(told)


def test_what_ended_is_shown_with_what_came_of_it(town):
    text = page(town, f"{PAGE}/struktur").words
    assert re.search(r"City Logistik ausgegründet, zwischen .*? Nachfolge: LOUISE", text)
    assert "Thematische Ebene aufgegeben, zwischen Oktober 2017 und 2018" in text
    assert "mit der Ebene weggefallen" in text


def test_two_moves_without_an_order_are_said_to_have_none(town):
    text = page(town, f"{PAGE}/struktur?happened_by=2019-12-31").words
    first, second = town.numbers["umzug-1"], town.numbers["umzug-2"]
    assert re.search(rf"Gehört zu: Reihenfolge nicht bekannt: Nr\. ({first}|{second}), Nr\. ({first}|{second})", text)


def test_a_value_that_is_perhaps_told_already_names_the_entry(town):
    text = page(town, f"{PAGE}/struktur?happened_by=2019-12-31").words
    assert "Projekt von: vielleicht schon geändert durch Nr. 65" in text


def test_where_nothing_was_recorded_yet_the_page_says_so(town):
    for query in ("known_by=2020-01-01", "published_by=2020-01-01"):
        document = page(town, f"{PAGE}/struktur?{query}")
        assert (
            "Bis dahin war hier noch nichts erfasst oder veröffentlicht. Das heißt nicht, dass es nichts gab."
            in document.words
        )
        assert "Bottrop 2018+" in document.words


def test_conflicts_are_told_in_words():
    assert {"effect-before-cause", "cause-withdrawn", "after-withdrawn", "order"} <= CONFLICTS.keys()


def test_an_entry_shows_all_that_it_states(town):
    document = page(town, f"{PAGE}/eintrag/50")
    for words in (
        "Eintrag Nr. 50 Instrument eingeführt",
        "Wann es geschah zwischen Oktober 2017 und 2018 (erschlossen)",
        "Gremien Wirtschaftsallianz Bottrop (WiAll) wirtschaftsallianz",
        "Geschah nicht vor Nr. 31, Nr. 47",
        "Prüfsumme der Datei (SHA-256): c003b42846bbc403adc745b7004fbc13a1f2d15de0e9eac3f217578b64e7c7f9",
        "Was dazu führte",
        "(mittelbar)",
        "Hybride Formen des Handels",
        "Erfasst 22. November 2026, 10:00 Uhr",
        "Öffentlich seit 22. November 2026, 10:00 Uhr",
        "Stelle 50 unter allen Einträgen dieser Installation",
    ):
        assert words in document.words, words


def test_a_decision_says_who_decided_and_how_or_that_nobody_knows(town):
    text = entry(town, "beschluss").words
    assert "Von wem nicht dokumentiert" in text
    assert "Verfahren Konsent (kein schwerwiegender Einwand)" in text
    assert "Ergebnis angenommen" in text


def test_a_correction_stands_beside_what_it_corrects(town):
    document = entry(town, "beschluss")
    number = town.numbers["besser"]
    assert "Dieser Eintrag ist berichtigt" in document.words
    assert f"Nr. {number}: Eintrag berichtigt" in document.words
    assert "Verfahren nicht dokumentiert Konsent (kein schwerwiegender Einwand)" in document.words
    assert "Wann es geschah am 17. Mai 2019 am 18. Mai 2019" in document.words
    assert "Grund: Irrtum" in document.words
    correction = entry(town, "besser").words
    assert "Was diese Berichtigung ändert" in correction
    assert f"Betroffener Eintrag Nr. {town.numbers['beschluss']}" in correction
    again = entry(town, "noch-besser").words
    assert "Anlässe Anlass nicht dokumentiert Anlass nicht veröffentlicht" in again
    assert f"Nr. {town.numbers['intern']}" not in again
    assert "Zuletzt gesehene" not in again


def test_a_withdrawn_entry_stays_readable_with_the_reason(town):
    text = entry(town, "irrtum").words
    assert "Ein Irrtum" in text
    assert "Dieser Eintrag ist zurückgenommen" in text
    assert f"Nr. {town.numbers['zurueck']}: Eintrag zurückgenommen" in text


def test_a_cause_that_is_not_public_is_said_to_be_there(town):
    text = entry(town, "kritik").words
    assert "Anlass nicht veröffentlicht." in text
    assert "Nur intern" not in text
    assert town.get(f"{PAGE}/eintrag/{town.numbers['intern']}").status_code == 404


def test_what_somebody_wrote_is_shown_as_they_wrote_it(town):
    document = entry(town, "kritik")
    assert HOSTILE in document.text
    assert not document.all("b")


def test_only_web_addresses_become_links(town):
    document = entry(town, "quelle")
    assert "javascript:alert(1)" in document.text
    assert "javascript:alert(1)" not in document.links
    (link,) = [a for a in document.all("a") if a["href"] == "https://example.org/a?b=c&d"]
    assert link["rel"] == "external noopener noreferrer"


def test_english_pages_say_once_in_which_language_entries_are(town):
    said = "Entries are recorded in German and shown as recorded."
    for path in ("", "/verlauf", "/eintrag/1", "/beschluesse", "/vergleich"):
        assert page(town, f"/en{PAGE}{path}").words.count(said) == 1
        assert said not in page(town, f"{PAGE}{path}").words


def test_on_english_pages_the_words_are_english_and_the_content_stays_german(town):
    document = entry(town, "beschluss", "/en")
    for words in (
        "Entry no.",
        "Decision taken",
        "Method Consent (no serious objection)",
        "When it happened on 18 May 2019",
    ):
        assert words in document.words, words
    assert '<span lang="de">Es geht weiter.</span>' in town.get(f"/en{PAGE}/eintrag/{town.numbers['beschluss']}").text
    assert "<span lang=" not in town.get(f"{PAGE}/eintrag/{town.numbers['beschluss']}").text.partition("<main")[2]


def test_headings_of_tables_that_name_what_an_entry_calls_so_are_marked_as_german(town):
    html = town.get(f"/en{PAGE}/szenarien").text
    heads = [part.partition("</thead>")[0] for part in html.split("<thead")[1:]]
    assert '<span lang="de">' in heads[0]
    headings = re.findall(r'<h2 [^>]*id="t[^>]*>(.*?)</h2>', html)
    assert '<span lang="de">' in headings[0]
    assert "<" not in "".join(re.findall(r'data-label="([^"]*)"', html))


def test_what_is_not_there_is_said_in_both_languages(town):
    for path in (
        "/nothing",
        f"{PAGE}/eintrag/999",
        f"{PAGE}/eintrag/x",
        "/prozesse/another",
        "/prozesse/An%00other",
        "/en/prozesse/x",
    ):
        answer = town.get(path)
        document = Document(answer.text)
        assert answer.status_code == 404
        assert "keine Seite" in document.words
        assert "There is no page at this address" in document.words
        assert len([element for element in document.all("section") if "lang" in element]) == 1


@pytest.mark.parametrize(
    "wrong", ["/eintrag/999", "/verlauf?kind=nichts", "/quatsch", "/gremien/x", "/eintrag/1?known_by=x"]
)
def test_what_is_refused_inside_a_process_keeps_the_way_around_it(town, wrong):
    for language in ("", "/en"):
        answer = town.get(f"{language}{PAGE}{wrong}")
        assert answer.status_code in {404, 422}
        links = Document(answer.text).links
        assert {f"{language}{PAGE}/verlauf", f"{language}{PAGE}/struktur", f"/suche?process={BOTTROP}"} <= {
            link.removeprefix("/en") if "suche" in link else link for link in links
        }
    assert "Zum Überblick des Prozesses" in Document(town.get(f"{PAGE}/eintrag/999").text).words


def test_a_page_beyond_the_last_one_leads_to_the_first(town):
    answer = town.get(f"{PAGE}/verlauf?kind=structure&page=99")
    document = Document(answer.text)
    assert answer.status_code == 404
    assert "Ihre letzte ist Seite" in document.words
    assert "Its last one is page" in document.words
    assert f"{PAGE}/verlauf?kind=structure" in document.links
    assert town.get(f"{PAGE}/verlauf?kind=structure").status_code == 200
    assert "/suche?q=der" in Document(town.get("/suche?q=der&page=99").text).links


def test_of_a_process_that_is_not_public_no_way_is_told(town):
    hidden, none = town.get("/prozesse/geheim/eintrag/1"), town.get("/prozesse/keiner/eintrag/1")
    town.record({"key": "g", **told({"type": "process-opened", "name": "Geheim"}, "2016")}, process="geheim")
    recorded = town.get("/prozesse/geheim/eintrag/1")
    assert hidden.content == recorded.content
    assert hidden.text.replace("geheim", "keiner") == none.text


# ---- the form -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("happened_by=30.6.2018&known_by=&published_by=", "?happened_by=2018-06-30"),
        ("happened_by=+2018-06-30+", "?happened_by=2018-06-30"),
        ("known_by=1.%201.%202026", "?known_by=2026-01-01"),
        ("happened_by=2018", "?happened_by=2018-12-31"),
        ("happened_by=31.12.18", "?happened_by=2018-12-31"),
        ("happened_by=5.+Mai+18", "?happened_by=2018-05-05"),
        ("happened_by=M%C3%A4rz+2018&known_by=2026", "?happened_by=2018-03-31&known_by=2026-12-31"),
        ("happened_by=Anfang+M%C3%A4rz+2018", "?happened_by=2018-03-10"),
        ("happened_by=9999", "?happened_by=9999-12-31"),
        ("happened_by=&known_by=&published_by=", ""),
    ],
)
def test_a_day_as_people_type_it_leads_to_the_lasting_address(town, typed, address):
    answer = town.get(f"{PAGE}/struktur?{typed}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}/struktur{address}")
    assert town.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("seit+2018", "„seit 2018“ ist kein Tag"),
        ("vor+2018", "„vor 2018“ ist kein Tag"),
        ("2017/2018", "„2017/2018“ ist kein Tag"),
        ("unbekannt", "„unbekannt“ ist kein Tag"),
        ("30.2.18", "„30.2.2018“ steht in keinem Kalender"),
    ],
)
def test_what_names_no_one_day_is_asked_for_again(town, typed, said):
    answer = town.get(f"{PAGE}/struktur?happened_by={typed}")
    assert (answer.status_code, said in Document(answer.text).words) == (422, True)


def test_the_choice_of_entries_survives_the_form(town):
    answer = town.get(f"{PAGE}/verlauf?kind=structure&order=&happened_by=1.1.2019")
    assert answer.headers["location"] == f"{PAGE}/verlauf?happened_by=2019-01-01&kind=structure"


def test_what_was_mistyped_is_said_at_the_field_and_kept(town):
    for page_of in ("struktur", "verlauf"):
        answer = town.get(f"{PAGE}/{page_of}?happened_by=31.2.2018&known_by=%22x%22&published_by=2026-11-22")
        document = Document(answer.text)
        assert answer.status_code == 422
        assert answer.headers["cache-control"] == "no-store"
        assert document.text.strip().startswith("Fehler: ")
        (summary,) = [a for tag, a in document.elements if a.get("role") == "alert"]
        assert "autofocus" in summary
        assert {"#happened_by", "#known_by"} <= document.links
        fields = {field["name"]: field for field in document.all("input")}
        assert fields["happened_by"]["value"] == "31.2.2018"
        assert fields["known_by"]["value"] == '"x"'
        assert fields["published_by"]["value"] == "2026-11-22"
        assert fields["happened_by"]["aria-invalid"] == "true"
        assert "aria-invalid" not in fields["published_by"]
        for identifier in fields["happened_by"]["aria-describedby"].split():
            assert identifier in {attributes.get("id") for _, attributes in document.elements}
    assert "Error: " in town.get(f"/en{PAGE}/struktur?happened_by=x").text


def test_a_page_without_a_form_says_what_was_not_understood(town):
    answer = town.get(f"{PAGE}/eintrag/1?happened_by=x")
    assert answer.status_code == 422
    assert "„x“ ist kein Tag" in Document(answer.text).words
    assert not [href for href in Document(answer.text).links if href.startswith("#") and href != "#content"]


def test_a_past_view_asks_not_to_be_indexed(town):
    assert 'content="noindex"' in town.get(f"{PAGE}/struktur?happened_by=2018-06-30").text
    assert "noindex" not in town.get(f"{PAGE}/struktur").text


@pytest.mark.parametrize(("short", "whole"), [("/prozesse", "/"), ("/en/prozesse", "/en/"), ("/en", "/en/")])
def test_a_shortened_address_leads_to_the_list(town, short, whole):
    answer = town.get(short)
    assert (answer.status_code, answer.headers["location"]) == (308, whole)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (f"{PAGE}/", PAGE),
        (f"/en{PAGE}/struktur/?happened_by=2018-06-30", f"/en{PAGE}/struktur?happened_by=2018-06-30"),
        ("/api/v1/processes/", "/api/v1/processes"),
        ("//example.org/", "/example.org"),
    ],
)
def test_a_slash_too_many_leads_on_and_never_elsewhere(town, typed, meant):
    answer = town.client.get(f"http://testserver{typed}")
    assert (answer.status_code, answer.headers["location"]) == (308, meant)


def test_pages_are_the_publics_whoever_asks(town):
    assert town.get(f"{PAGE}/verlauf", "admin").content == town.get(f"{PAGE}/verlauf").content
