"""An installation with more processes than a page lists: every page stays short, and each process can be come by."""

import re

import pytest

from adapters.web.paging import PROCESSES
from tests.faces import House
from tests.story import published, told
from tests.test_desk import PASSWORD, Browser
from tests.test_pages import Document

ALL = PROCESSES + 2


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("many") / "data")
    for number in range(ALL):
        opened = told({"type": "process-opened", "name": f"Viertel {number:02}"}, "2016")
        house.record({"key": "o", **opened}, {"key": "auf", **published("o")}, process=f"viertel-{number:02}")
    yield house
    house.close()


def listed(document):
    return re.findall(r"Viertel (\d\d)", document.words)


@pytest.mark.parametrize("language", ["", "/en"])
def test_all_processes_are_listed_on_pages_in_the_order_in_which_they_were_begun(town, language):
    first, second = (Document(town.get(f"{language}/{page}").text) for page in ("", "?page=2"))
    assert [*listed(first), *listed(second)] == [f"{number:02}" for number in range(ALL)]
    assert len(listed(first)) == PROCESSES
    assert [a["href"] for a in first.all("a") if a.get("rel") == "next"] == [f"{language}/?page=2"]
    assert [a["href"] for a in second.all("a") if a.get("rel") == "prev"] == [f"{language}/"]
    beyond = town.client.get(f"{language}/?page=3")
    assert (beyond.status_code, "2" in Document(beyond.text).words) == (404, True)


def test_the_desk_lists_all_processes_on_pages_too(town):
    town.clerk = town.installation.accounts.create("Erika Mustermann", [("evaluator", "*")]).id
    town.installation.passwords.set(town.clerk, PASSWORD)
    browser = Browser(town)
    assert browser.sign_in().status_code == 303
    pages = [browser.get(f"/geschaeftsstelle{page}").text for page in ("", "?page=2")]
    found = [re.findall(r'<h3 class="kern-title">.*?Viertel (\d\d)', page) for page in pages]
    assert found == [[f"{n:02}" for n in range(PROCESSES)], [f"{n:02}" for n in range(PROCESSES, ALL)]]
    assert "/geschaeftsstelle?page=2" in Document(pages[0]).links


@pytest.mark.parametrize(("language", "words"), [("", "In allen Prozessen suchen"), ("/en", "Search all processes")])
def test_of_too_many_processes_the_search_offers_no_choice_but_the_way_out_of_one(town, language, words):
    everywhere = Document(town.get(f"{language}/suche?q=Viertel").text)
    assert everywhere.all("select") == []
    assert words not in everywhere.words
    inside = Document(town.get(f"{language}/suche?q=Viertel&process=viertel-07").text)
    assert inside.all("select") == []
    assert {"name": "process", "value": "viertel-07"}.items() <= next(
        one for one in inside.all("input") if one.get("type") == "hidden"
    ).items()
    assert words in inside.words
    assert f"{language}/suche?q=Viertel" in inside.links
    assert f"{language}/suche" in Document(town.get(f"{language}/suche?process=viertel-07").text).links
    assert set(listed(inside)) == {"07"}


@pytest.mark.parametrize(("language", "words"), [("", "Mehr als 3 Einträge"), ("/en", "More than 3 entries")])
def test_a_search_says_that_there_are_more_than_it_counts(town, language, words, monkeypatch):
    for module in ("projections.tables", "service"):
        monkeypatch.setattr(f"{module}.MOST_COUNTED", 3)
    assert words in Document(town.get(f"{language}/suche?q=Viert").text).words
    assert town.get("/api/v1/search?q=Viert").json() | {"hits": []} == {
        "words": ["viert"],
        "total": 3,
        "more": True,
        "hits": [],
    }
