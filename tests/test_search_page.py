"""The search inside a process: a number leads to its entry, a name to its page, and the process stays around it."""

import re

import pytest

from tests.faces import House
from tests.story import alliance, corrected, published, told
from tests.test_pages import Document

HERE = "/prozesse/p"
KNOWN = ("anfang", "nord", "ihk", "feld", "kritik")
HIDDEN = "ost"
"""A body that only the office knows of, and what it is called."""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Two processes; in the first one everything is public but one body."""
    house = House(tmp_path_factory.mktemp("search") / "data")
    steps = {
        "anfang": told({"type": "process-opened", "name": "Lindenau"}, "2016"),
        "nord": alliance("nord", "2017-03-01", name="Bündnis Nord für Gründer"),
        "ihk": told({"type": "actor-registered", "actor": "ihk", "name": "IHK Nord", "kind": "chamber"}, "2016"),
        "feld": told({"type": "theme-identified", "theme": "verkehr", "name": "Verkehr"}, "2016"),
        "kritik": told({"type": "feedback-received", "kind": "concern", "what": "Zu viele Ebenen"}, "2018"),
        HIDDEN: alliance("ost", "2018-03-01", name="Bündnis Ost"),
    }
    house.record(*({"key": key, **content} for key, content in steps.items()), process="p")
    house.record({"key": "auf", **published(*KNOWN)}, process="p")
    house.record({"key": "a", **told({"type": "process-opened", "name": "Anderswo"}, "2016")}, process="q")
    house.record({"key": "auf", **published("a")}, process="q")
    yield house
    house.close()


def found(town, question, process="p", language=""):
    answer = town.client.get(f"{language}/suche", params={"q": question, "process": process})
    assert answer.status_code == 200, answer.text
    return Document(answer.text)


@pytest.mark.parametrize("asked", ["5", "Nr. 5", "nr 5", "No. 5", "#5", "Eintrag 5", "Eintrag Nr. 5", " Nr.5 "])
def test_a_number_leads_to_its_entry(town, asked):
    document = found(town, asked)
    assert f"{HERE}/eintrag/5" in document.links
    assert "Eintrag Nr. 5" in document.words
    assert "Nichts gefunden" not in document.words
    assert f"/en{HERE}/eintrag/5" in found(town, asked, language="/en").links


def test_outside_a_process_a_number_is_a_word_like_any_other(town):
    assert "Eintrag Nr. 5" not in found(town, "Nr. 5", process="").words


def test_the_number_of_what_is_not_public_answers_like_one_that_is_not_there(town):
    hidden, none = (town.get(f"/suche?q=Nr.+{number}&process=p") for number in (6, 9))
    assert town.numbers[HIDDEN] == 6
    assert re.sub(r"(Nr\.(?: |\+|%2B))6", r"\g<1>9", hidden.text) == none.text
    before = hidden.content, hidden.headers["etag"]
    town.record({"key": "mehr", **corrected(HIDDEN, alliance("ost", "2018-04-01", name="Bündnis Osten"))}, process="p")
    again = town.get("/suche?q=Nr.+6&process=p")
    assert (again.content, again.headers["etag"]) == before


def test_pages_are_offered_whose_name_holds_all_words(town):
    both = found(town, "nord").links
    assert {f"{HERE}/gremien/nord", f"{HERE}/akteure/ihk"} <= both
    one = found(town, "NORD gruend").links
    assert f"{HERE}/gremien/nord" in one
    assert f"{HERE}/akteure/ihk" not in one
    assert f"{HERE}/handlungsfelder/verkehr" in found(town, "verkehr").links
    assert "Seiten dazu" not in found(town, "ebenen").words


def test_no_page_of_what_is_not_public_is_offered(town):
    assert f"{HERE}/gremien/ost" not in found(town, "bündnis").links
    assert "Seiten dazu" not in found(town, "ost").words


def test_inside_a_process_the_way_to_its_pages_stays(town):
    document = found(town, "ebenen")
    assert {f"{HERE}/verlauf", f"{HERE}/struktur", "/suche?process=p"} <= document.links
    assert f"{HERE}/verlauf" in Document(town.get("/suche?process=p").text).links
    assert f"{HERE}/verlauf" not in found(town, "ebenen", process="").links
    assert f"{HERE}/struktur" not in Document(town.get("/suche").text).links
    assert "/suche?process=p" in Document(town.get(HERE).text).links
