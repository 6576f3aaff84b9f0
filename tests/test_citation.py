"""What is cited is found again: the same address, the same facts, whatever was recorded meanwhile."""

import json
import re
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.exports.citation import Cited
from adapters.version import VERSION
from domain.errors import Refused
from service import Times
from tests.faces import BOTTROP, bottrop
from tests.story import alliance, corrected, published, told, withdrawn
from tests.test_pages import Document

PROCESS = f"/prozesse/{BOTTROP}"
PAGES = (
    "",
    "/verlauf",
    "/struktur",
    "/gremien",
    "/gremien/wirtschaftsallianz",
    "/eintrag/47",
    "/szenarien",
    "/vollstaendigkeit",
    "/vergleich?from=2017-10-01",
    "/berichtigungen",
)
EVALUATION = ("", "?order=public&per=entry&entry=26", "/was-waere-wenn?without=47")


@pytest.fixture
def house(tmp_path):
    house = bottrop(tmp_path / "data")
    yield house
    house.close()


def cited(house, path, as_=None):
    """The lasting address that a page names, and what the page says before it comes to its citation."""
    answer = house.get(path, as_)
    assert answer.status_code == 200, answer.text
    (address,) = re.findall(
        r'<a class="kern-link kern-link--small" rel="nofollow" href="([^"]*version=[^"]*)">Dasselbe', answer.text
    )
    return address.replace("&amp;", "&"), facts(answer.text)


def facts(html):
    """The words of the main part without what says that it is not today's, and without forms and ways on."""
    words = Document(html).words.partition("Zum Zitieren")[0].partition("Mehr Seiten")[2]
    words = re.sub(r"Sie sehen nicht den heutigen Stand.*?Was hat sich seitdem geändert\?", "", words)
    ahead = "Zurzeit ist kein Treffen angekündigt[^.]*|Was als Nächstes ansteht, zeigt der heutige Stand"
    return " ".join(re.sub(ahead, "", words).split())


def record_more(house):
    """A correction, a withdrawal, a founding, each published, and one that is not."""
    house.wait(days=2)
    note = {"step": {"type": "context-noted", "what": "Später erfasst"}, "occurred": {"edtf": "2018-03"}}
    house.record({"key": "new", **alliance("spaeter", "2017-03", name="Später erfasst")})
    house.record({"key": "note", **note}, {"key": "w", **withdrawn("b19")}, {"key": "hidden", **note})
    view = house.installation.service.view(BOTTROP, house.installation.accounts.account_of(house.tokens["admin"])).view
    form = view.form(47)
    better = form.telling.model_dump(mode="json", include={"step", "because", "grounds", "sources", "asserted_by"})
    seen = form.told_by if form.told_by != 47 else None
    house.record({"key": "better", **corrected(47, {**better, "occurred": {"edtf": "2018-05"}}, seen)})
    house.record(published("new", "note", "w", "better"))


def test_whatever_is_recorded_meanwhile_a_cited_page_says_the_same(house):
    house.ask_anew()
    paths = [*(f"{PROCESS}{path}" for path in PAGES), *(f"/auswertung/{BOTTROP}{path}" for path in EVALUATION)]
    before = {path: cited(house, path) for path in paths}
    record_more(house)
    unchanged = set()
    for path, (address, said) in before.items():
        again = house.get(address)
        assert again.status_code == 200, path
        assert facts(again.text) == said, path
        assert "Fassung 220" in again.text
        if facts(house.get(path).text) == said:
            unchanged.add(path)
    assert unchanged == {f"{PROCESS}/szenarien"}, "the others tell something else today"


def test_the_office_cites_what_it_saw(house):
    service, account = house.installation.service, house.installation.accounts.account_of(house.tokens["evaluator"])
    then = service.view(BOTTROP, account)
    record_more(house)
    times = Times(happened_by=then.day, version=then.version)
    again = service.view(BOTTROP, account, times)
    assert again.view.effective.entries == then.view.effective.entries
    assert (again.position, again.version, again.settled) == (then.position, then.version, True)


def test_a_version_that_there_is_not_yet_is_refused_and_tells_nothing_of_what_is_internal(house):
    house.record(alliance("intern", "2018"))
    service = house.installation.service
    with pytest.raises(Refused) as refusal:
        service.view(BOTTROP, None, Times(version=221))
    assert refusal.value.refusals[0].params == {"version": 221, "newest": 220}
    for wrong in ("0", "221", "x", "9" * 20):
        status = 404 if wrong in ("0", "221") else 422  # a number that no version has, and what is no number
        assert house.get(f"{PROCESS}/struktur?version={wrong}").status_code == status
    assert house.api("/structure?version=221").status_code == 404
    assert house.api("/structure?version=0").status_code == 422


def test_the_api_gives_an_earlier_version_again(house):
    before = house.api("/structure?happened_by=2026-11-22").json()
    record_more(house)
    again = house.api(f"/structure?happened_by=2026-11-22&version={before['version']}").json()
    assert again == {**before, "settled": True}
    both = house.api("/diff?from=2018-01-01&to=2026-11-22&version=220").json()
    assert both["after"]["version"] == 220


def test_what_is_settled_is_cited_by_its_times(house):
    house.wait(days=3)
    house.record({"key": "n", **told({"type": "context-noted", "what": "Neu"}, "2018")}, published("n"))
    html = house.get(f"{PROCESS}/struktur?happened_by=2018-12-31&published_by=2026-11-23").text
    assert "Dieser Stand ändert sich nicht mehr." in html
    address = f"{PROCESS}/struktur?happened_by=2018-12-31&amp;published_by=2026-11-23"
    assert f'rel="nofollow" href="{address}">' in html


def test_a_citation_is_there_in_two_languages_and_as_files(house):
    page = house.get(f"{PROCESS}/struktur?happened_by=2018-12-31").text
    words = Document(page).words
    told_so = "Bottrop: Bottrop 2018+: Struktur. Stand 31. Dezember 2018, bis Eintrag Nr. 220, öffentliche Fassung 220."
    assert told_so in words
    assert (
        "Bottrop: Bottrop 2018+: Structure. As of 31 December 2018, up to entry no. 220, public version 220." in words
    )
    bib, csl = (re.search(rf'href="(/auswertung/[^"]*zitat\.{kind}[^"]*)"', page)[1] for kind in ("bib", "json"))
    answer = house.get(bib)
    assert answer.headers["content-type"] == "application/x-bibtex; charset=utf-8"
    assert re.match(r"@misc\{bottrop-2018-220-struktur-[0-9a-f]{8},\n", answer.text)
    assert "url = {/prozesse/bottrop-2018/struktur?happened_by=2018-12-31&version=220}" in answer.text
    evaluated = house.get(f"/auswertung/{BOTTROP}?day=2018-12-31").text
    assert "@misc{bottrop-2018-220-auswertung-" in evaluated
    assert "Bottrop 2018+: Auswertung – Nachspielen" in evaluated
    (item,) = json.loads(house.get(csl).text)
    assert (item["title"], item["version"]) == ("Bottrop 2018+: Struktur", "220")
    assert item["URL"] == f"{PROCESS}/struktur?happened_by=2018-12-31&version=220"


@pytest.mark.parametrize(
    "page",
    [
        "",
        "https://example.org/",
        "/prozesse/other/struktur",
        f"/geschaeftsstelle/{BOTTROP}/stand",
        f"{PROCESS}/../x",
        "x" * 2_000,
    ],
)
def test_what_is_no_page_of_the_process_is_not_cited(town, page):
    itself = town.get(f"/auswertung/{BOTTROP}/zitat.bib").text
    assert f"url = {{{PROCESS}?happened_by=2026-11-22&version=220}}" in itself
    assert town.client.get(f"/auswertung/{BOTTROP}/zitat.bib", params={"seite": page}).status_code == 404


SAMPLE = Cited("p", "Stadt", ("T", "T"), date(2018, 1, 2), True, 3, 2, "/x?a=1", date(2026, 11, 22))

# ---- nothing is slipped into a citation, and each has a name of its own --------------------------------------------

FORGED = "},\n}\n@misc{evil,\n  title = {x"


def cited_as(house, ending, address):
    answer = house.client.get(f"/auswertung/{BOTTROP}/zitat.{ending}", params={"seite": address})
    assert answer.status_code == 200, answer.text
    return answer.text


def entries_of(bibtex):
    """The entries of a BibTeX file as BibTeX reads them: a brace counts, whatever stands before it."""
    found, begun, depth = [], None, 0
    for at, sign in enumerate(bibtex):
        if begun is None:
            begun = at if sign == "@" else None
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
            if depth == 0:
                found.append(bibtex[begun : at + 1])
                begun = None
    return found


@pytest.mark.parametrize("parameter", ["x", "order", "happened_by=2018-01-01&q", "known_by", "version"])
@pytest.mark.parametrize("slipped", [FORGED, "\\", "{", "}", '"', "%0A", "#x", "\n\nEvil, M.", "&#10;"])
def test_nothing_that_an_address_says_becomes_more_than_an_address(town, parameter, slipped):
    page = f"{PROCESS}/struktur?{parameter}={slipped}"
    bib, csl = (
        town.client.get(f"/auswertung/{BOTTROP}/zitat.{ending}", params={"seite": page}) for ending in ("bib", "json")
    )
    if "#" in slipped or parameter in {"known_by", "version"}:  # there is no such place, day or version
        assert {bib.status_code, csl.status_code} <= {404, 422}
        return
    assert entries_of(bib.text) == [bib.text.removesuffix("\n")]
    (url,) = re.findall(r"^  url = \{(.*)\},$", bib.text, re.MULTILINE)
    assert re.fullmatch(r"[A-Za-z0-9/?&=%_.~+-]+", url)
    (item,) = json.loads(csl.text)
    assert item["URL"] == url


def test_what_no_page_reads_is_no_part_of_its_address(town):
    asked = f"{PROCESS}/struktur?happened_by=2018-12-31&utm_source=x&version=220&fbclid=y"
    assert f"url = {{{PROCESS}/struktur?happened_by=2018-12-31&version=220}}" in cited_as(town, "bib", asked)
    page = town.get(f"{PROCESS}/struktur?happened_by=2018-12-31&utm_source=x").text
    assert f'href="{PROCESS}/struktur?happened_by=2018-12-31&amp;version=220">Dasselbe' in page


def test_each_page_and_each_address_has_a_key_of_its_own_that_lasts(town):
    pages = (
        f"{PROCESS}/struktur?happened_by=2018-12-31&version=220",
        f"{PROCESS}/struktur?happened_by=2017-12-31&version=220",
        f"{PROCESS}/verlauf?happened_by=2018-12-31&version=220",
        f"/en{PROCESS}/verlauf?happened_by=2018-12-31&version=220",
        f"{PROCESS}?happened_by=2018-12-31&version=220",
        f"{PROCESS}/eintrag/47?happened_by=2018-12-31&version=220",
        f"/auswertung/{BOTTROP}?day=2018-12-31&version=220",
    )
    keys = [json.loads(cited_as(town, "json", page))[0]["id"] for page in pages]
    assert len(set(keys)) == len(pages)
    assert keys == [re.match(r"@misc\{([^,]+),", cited_as(town, "bib", page))[1] for page in pages]
    assert keys[0] == "bottrop-2018-220-struktur-c46a5670", "whoever cited it under this key finds it again"
    assert all(re.fullmatch(r"bottrop-2018-220-[a-z0-9-]+", key) for key in keys)


# ---- single figures -------------------------------------------------------------------------------------------------

FIGURES = f"/auswertung/{BOTTROP}/zahlen"


def followed(house, page, place):
    """What is behind “Zitieren” at a place of a page: what can be read there, and the two files."""
    (link,) = (link for link in Document(house.get(page).text).links if link.endswith(f"%23{place}"))
    answer = house.get(link)
    assert answer.status_code == 200, answer.text
    document = Document(answer.text)
    assert document.faults == []
    bib, csl = (house.get(link) for link in sorted(link for link in document.links if "/zitat." in link))
    assert (bib.status_code, csl.status_code) == (200, 200)
    return document, bib.text, json.loads(csl.text)[0]


@pytest.mark.parametrize(
    ("page", "place", "called"),
    [
        (FIGURES, "response-change-median", "Auswertung – Zahlen: Was aus Rückmeldungen wurde: "),
        (FIGURES, "response-change-kurve", "Auswertung – Zahlen: Was aus Rückmeldungen wurde: "),
        (f"{FIGURES}?happened_by=2018-12-31", "response-change-median", "Auswertung – Zahlen: "),
        (f"/auswertung/{BOTTROP}/vergleich", "decisions", "Auswertung – Vergleichen: Gefasste Beschlüsse"),
    ],
)
def test_each_figure_has_a_citation_of_its_own(town, page, place, called):
    document, bib, item = followed(town, page, place)
    address = item["URL"]
    day = "2018-12-31" if "2018-12-31" in page else "2026-11-22"
    assert address.startswith(page.partition("?")[0])
    assert address.endswith(f"#{place}")
    assert f"happened_by={day}" in address
    assert "version=220" in address
    assert f"url = {{{address}}}" in bib
    assert item["title"].startswith(f"Bottrop 2018+: {called}")
    assert item["id"] in bib
    assert place in item["id"]
    for said in (address, "öffentliche Fassung 220", "public version 220", item["title"], item["id"]):
        assert said in document.words
    lasting, _, _ = address.partition("#")
    assert f'id="{place}"' in town.get(lasting).text, "it leads to the figure"


def test_every_figure_and_every_drawing_of_the_page_can_be_cited(town):
    """By its key no two are the same, and each is called something."""
    links = sorted(link for link in Document(town.get(FIGURES).text).links if "/zitat?" in link)
    items = [json.loads(town.get(link.replace("/zitat?", "/zitat.json?")).text)[0] for link in links]
    assert len(items) > 50
    assert len({item["id"] for item in items}) == len(items)
    assert len({item["URL"] for item in items}) == len(items)
    assert "/zitat?" in "".join(Document(town.get(f"/en{FIGURES}").text).links)
    english = town.get(f"/en{links[0]}").text
    assert "Evaluation – Figures" in english


@pytest.mark.parametrize("place", ["nowhere", "response", "x},%0A@misc{evil", "decisions"])
def test_where_no_figure_stands_none_is_cited(town, place):
    for page in ("zitat", "zitat.bib", "zitat.json"):
        asked = {"seite": f"{FIGURES}#{place}"}
        assert town.client.get(f"/auswertung/{BOTTROP}/{page}", params=asked).status_code == 404


def test_what_is_internal_is_cited_by_who_may_see_it(house):
    inside = f"/geschaeftsstelle/{BOTTROP}/auswertung"
    seite = {"seite": f"{inside}/zahlen?happened_by=2018-12-31&version=220#response-change-median"}
    for page in ("zitat", "zitat.bib"):
        assert house.client.get(f"{inside}/{page}", params=seite).status_code in {303, 401, 404}
        assert house.client.get(f"/auswertung/{BOTTROP}/{page}", params=seite).status_code == 404


@pytest.mark.parametrize("query", ["happened_by=2018-12-31", "happened_by=2018-12-31&reference=wz-2008:C%3D70,G%3D30"])
def test_a_drawing_says_what_it_was_made_from(town, query):
    page = town.get(f"{FIGURES}?{query}").text
    (file,) = [link for link in Document(page).links if "/zahlen/volatility.by-year.svg" in link]
    assert unquote(query) in unquote(file)
    drawn = " ".join(re.sub(r"<[^>]*>", " ", town.get(file).text).split())
    for said in (
        "Bottrop 2018+ (bottrop-2018): ",
        "Stand 31. Dezember 2018",
        "Bis Eintrag Nr. 220, öffentliche Fassung 220",
        f"Werdegang {VERSION}",
        *(["Verglichen mit wz-2008:C=70,G=30"] if "reference" in query else []),
    ):
        assert said in drawn
    assert town.get(file.replace(".svg", ".png")).content[:4] == b"\x89PNG"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])))
def test_no_title_and_no_address_breaks_out_of_its_field(text):
    made = replace(SAMPLE, title=(text, text), author=text, address=f"/x?{text}").bibtex("de")
    assert entries_of(made) == [made.removesuffix("\n")]
    assert len(re.findall(r"^  \w+ = \{.*\},$", made, re.MULTILINE)) == made.count("\n") - 2
    (item,) = json.loads(replace(SAMPLE, title=(text, text)).csl("en"))
    assert item["title"] == text
