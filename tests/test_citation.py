"""What is cited is found again: the same address, the same facts, whatever was recorded meanwhile."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.exports.citation import Cited
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
        assert house.get(f"{PROCESS}/struktur?version={wrong}").status_code == 404
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
    assert answer.text.startswith("@misc{bottrop-2018-220,\n")
    assert "url = {/prozesse/bottrop-2018/struktur?happened_by=2018-12-31&version=220}" in answer.text
    evaluated = house.get(f"/auswertung/{BOTTROP}?day=2018-12-31").text
    assert "@misc{bottrop-2018-220," in evaluated
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


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])))
def test_no_title_breaks_out_of_its_field(text):
    made = replace(SAMPLE, title=(text, text), author=text).bibtex("de")
    depth = lowest = 0
    for sign in re.sub(r"\\[{}]", "", made[:-2]):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        lowest = min(lowest, depth)
    assert (depth, lowest) == (1, 0)
    json.loads(replace(SAMPLE, title=(text, text)).csl("en"))
