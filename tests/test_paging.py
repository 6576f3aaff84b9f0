"""Long lists stand on several pages: nothing is left out or shown twice, and every page leads to the others."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.paging import ROWS, Paging
from tests.faces import BOTTROP, bottrop
from tests.story import published, told
from tests.test_pages import Document

PAGE = f"/prozesse/{BOTTROP}"
QUESTIONS, CONCERNS, ACTORS = 70, 180, 230


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Bottrop with more open questions, concerns, actors and documents than a page holds."""
    house = bottrop(tmp_path_factory.mktemp("paging") / "data")
    asked = [
        {"key": f"q{i}", **told({"type": "question-left-open", "question": f"Frage {i:03}?"}, "2019-03-01")}
        for i in range(QUESTIONS)
    ]
    raised = [
        {
            "key": f"c{i}",
            **told({"type": "feedback-received", "kind": "concern", "what": f"Sorge {i:03}"}, "2019-04-01"),
            "sources": [{"title": f"Brief {i:03}", "sha256": f"{i:064x}"}],
        }
        for i in range(CONCERNS)
    ]
    actors = [
        {
            "key": f"a{i}",
            **told(
                {"type": "actor-registered", "actor": f"verein-{i}", "kind": "association", "name": f"Verein {i:03}"},
                "2019-05-01",
            ),
        }
        for i in range(ACTORS)
    ]
    new = [*asked, *raised, *actors]
    house.record(*new)
    house.record({"key": "heraus", **published(*(each["key"] for each in new))})
    yield house
    house.close()


def walked(house, path):
    """The pages of a list, from the first one along the links to the next."""
    found, address = [], f"{PAGE}{path}"
    while address is not None:
        answer = house.get(address)
        assert answer.status_code == 200, address
        found.append(Document(answer.text))
        following = [a.get("href") for a in found[-1].all("a") if a.get("rel") == "next"]
        address = following[0] if following else None
    return found


@pytest.mark.parametrize(
    ("path", "named", "pages"),
    [
        ("/offen", [*(f"Frage {i:03}?" for i in range(QUESTIONS)), *(f"Sorge {i:03}" for i in range(CONCERNS))], 3),
        ("/akteure", [f"Verein {i:03}" for i in range(ACTORS)], 3),
        ("/dokumente", [f"Brief {i:03}" for i in range(CONCERNS)], 2),
    ],
)
def test_along_its_pages_a_list_is_whole_and_holds_everything_once(town, path, named, pages):
    found = walked(town, path)
    assert len(found) == pages
    words = " ".join(page.words for page in found)
    assert {name: words.count(name) for name in named} == dict.fromkeys(named, 1)


def test_a_page_of_a_register_holds_no_more_rows_than_it_says_and_goes_on_where_the_last_one_ended(town):
    pages = walked(town, "/offen")
    rows = [[row for row in page.all("tr") if row.get("class") == "kern-table__row"] for page in pages]
    heads = [len(page.all("table")) for page in pages]
    assert [len(of_page) - tables for of_page, tables in zip(rows, heads, strict=True)][:2] == [ROWS, ROWS]
    assert "Seite 2 von 3" in pages[1].words
    assert "Frage 069?" in pages[0].words
    assert "Sorge 000" in pages[0].words


def test_every_table_of_a_register_is_a_link_away_on_whichever_page_it_begins(town):
    for page in walked(town, "/offen"):
        ways = [a.get("href") for a in page.all("a") if "#t" in (a.get("href") or "")]
        assert len(ways) == 4
        for way in ways:
            address, _, anchor = way.partition("#")
            there = page if not address else Document(town.get(address).text)
            assert anchor in {heading.get("id") for heading in there.all("h2")}


def test_the_pages_of_a_past_day_are_of_that_day(town):
    first = Document(town.get(f"{PAGE}/offen?happened_by=2019-03-31").text)
    assert "Sorge 000" not in first.words
    later = Document(town.get(f"{PAGE}/offen?happened_by=2020-01-01").text)
    onwards = [a.get("href") for a in later.all("a") if a.get("rel") == "next"]
    assert onwards == [f"{PAGE}/offen?happened_by=2020-01-01&page=2"]


@pytest.mark.parametrize("number", ["4", "0", "-1", "x", "01", "9999999"])
def test_a_page_that_a_list_does_not_have_is_not_found(town, number):
    assert town.get(f"{PAGE}/offen?page={number}").status_code == 404


def test_a_source_leads_to_the_page_on_which_its_document_is(town):
    entry = Document(town.get(f"{PAGE}/eintrag/{town.numbers['c150']}").text)
    (way,) = [link for link in entry.links if "/dokumente" in link and "#" in link]
    address, _, anchor = way.partition("#")
    there = Document(town.get(address).text)
    assert "page=2" in address
    assert [section for section in there.all("section") if section.get("id") == anchor]


def test_of_many_entries_a_cell_lists_some_and_counts_the_others(town):
    came = {**told({"type": "context-noted", "what": "Eine Folge"}, "2019-06-01"), "because": ["c0"]}
    town.record(*({"key": f"folge-{i}", **came} for i in range(120)))
    town.record({"key": "folgen", **published(*(f"folge-{i}" for i in range(120)))})
    found = Document(town.get(f"{PAGE}/offen").text)
    assert "führte zu: Nr." in found.words
    assert "und 20 mehr" in found.words


@given(total=st.integers(0, 1_000), size=st.integers(1, 120))
def test_pages_cut_a_list_without_gap_or_overlap(total, size):
    things = list(range(total))
    first = Paging(1, total, size, "/x", (("q", "ü"),))
    pages = [Paging(n, total, size, "/x", ()) for n in range(1, first.pages + 1)]
    assert [thing for page in pages for thing in page.of(things)] == things
    assert all(page.of(things) for page in pages) or not things
    assert all(pages[first.page_of(thing) - 1].of(things)[0] <= thing for thing in things)
    assert first.address(1) == "/x?q=%C3%BC"
    assert urlsplit(first.address(2)).query == "q=%C3%BC&page=2"


def test_the_first_page_shows_the_nearest_of_many_bodies_and_counts_the_others(tmp_path):
    house = bottrop(tmp_path / "data")
    lab = {"type": "reallabor-initiated", "parent": "wirtschaftsallianz"}
    labs = [
        {"key": f"l{i}", **told({**lab, "body": f"l{i}", "name": f"Labor {i:03}"}, "2019-01-01")} for i in range(80)
    ]
    house.record(*labs)
    before = [p for p in Document(house.get(PAGE).text).all("p") if p.get("class") == "body-name"]
    house.record({"key": "heraus", **published(*(each["key"] for each in labs))})
    found = Document(house.get(PAGE).text)
    shown = [p for p in found.all("p") if p.get("class") == "body-name"]
    house.close()
    assert len(before) < 60 == len(shown)
    assert f"Und {len(before) + 80 - 60} mehr: alle Gremien" in found.words
    assert f"{PAGE}/gremien" in found.links
