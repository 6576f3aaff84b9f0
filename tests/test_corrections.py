"""The log of corrections: what was corrected, withdrawn or erased, when, why, and what stood there before."""

import json
from hashlib import sha256
from io import BytesIO

import pytest

from projections.amendments import amendments
from tests.faces import BOTTROP, House
from tests.story import alliance, corrected, published, story, told, withdrawn
from tests.test_pages import Document

PAGE = f"/prozesse/{BOTTROP}/berichtigungen"
OPENED = told({"type": "process-opened", "name": "Bottrop"}, "2016")
NOTE = told({"type": "context-noted", "what": "Es regnete"}, "2018")


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("corrections") / "data")
    house.record({"key": "anfang", **OPENED}, {"key": "a", **alliance("a", "2018")}, {"key": "b", **NOTE})
    house.record({"key": "auf", **published("anfang", "a", "b")})
    yield house
    house.close()


def words(town, query="", language=""):
    answer = town.get(f"{language}{PAGE}{query}")
    assert answer.status_code == 200, answer.text
    return Document(answer.text).words


def test_corrections_are_told_with_what_stood_before_the_newest_first(town):
    assert "Bisher wurde nichts berichtigt, zurückgenommen oder gelöscht." in words(town)
    assert "So far nothing was corrected" in words(town, language="/en")

    town.record({"key": "c1", **corrected("a", alliance("a", "2018-05-03", name="Bündnis"))})
    assert "Bisher wurde nichts" in words(town)  # it is not public yet
    town.record({"key": "auf-c1", **published("c1")})
    text = words(town)
    assert "Berichtigt: Nr. 2: Bündnis" in text
    assert "Grund: Irrtum" in text
    assert "Name A Bündnis Wann es geschah 2018 am 3. Mai 2018" in text

    town.record({"key": "w", **withdrawn("b")})
    town.record({"key": "auf-w", **published("w")})
    town.record({"key": "ww", **withdrawn("w")})
    town.record({"key": "auf-ww", **published("ww")})
    text = words(town)
    n = town.numbers
    assert text.index(f"Rückgängig gemacht: Nr. {n['w']}, betrifft Nr. 3") < text.index("Zurückgenommen: Nr. 3")
    assert text.index("Zurückgenommen: Nr. 3") < text.index("Berichtigt: Nr. 2")
    assert "Inzwischen selbst zurückgenommen" in text

    data = json.loads(town.api("/amendments").text)["amendments"]
    assert [(each["amendment"], each["target"], each["in_force"]) for each in data] == [
        ("withdrawal", n["w"], True),
        ("withdrawal", n["b"], False),
        ("correction", n["a"], True),
    ]
    assert data[2]["fields"] == ["name", "occurred"]
    assert {each["about"]["number"] for each in data} == {n["a"], n["b"]}


def test_taking_back_a_publication_amends_nothing(town):
    before = words(town)
    town.record({"key": "spaeter", **NOTE})
    town.record({"key": "auf-spaeter", **published("spaeter", not_before="2030-01-01T00:00:00Z")})
    town.record({"key": "doch-nicht", **withdrawn("auf-spaeter")})
    assert words(town) == before
    assert [each["amendment"] for each in town.api("/amendments", "evaluator").json()["amendments"]].count(
        "withdrawal"
    ) == 2


def test_the_log_is_turned_page_by_page(town, monkeypatch):
    monkeypatch.setattr("adapters.web.corrections.PAGE_SIZE", 2)
    today = f"known_by={town.now:%Y-%m-%d}"
    assert "Seite 1 von 2" in words(town, f"?{today}")
    assert "Berichtigt: Nr. 2" in words(town, f"?{today}&page=2")
    for wrong in ("page=3", "page=0", "page=x"):
        assert town.get(f"{PAGE}?{today}&{wrong}").status_code == 404


def test_a_past_day_shows_no_file_that_was_erased_after_it(town):
    content = b"Ein Brief"
    digest, documents = sha256(content).hexdigest(), town.installation.documents
    town.record(
        {"key": "brief", **told({"type": "context-noted", "what": "Brief"}, "2018")}
        | {"sources": [{"title": "Brief", "sha256": digest}]}
    )
    town.record({"key": "auf-brief", **published("brief")})
    documents.keep(BOTTROP, "brief.txt", BytesIO(content), "k")
    documents.hand_out(BOTTROP, digest, public=True, by="k")
    before = town.now.date()
    town.wait(days=2)
    documents.take_away(BOTTROP, digest, "Versehentlich hochgeladen", "k")
    erased = town.now.date()
    town.wait(days=2)
    assert "Versehentlich hochgeladen" in words(town)
    for time in ("happened_by", "known_by", "published_by"):
        assert "Versehentlich hochgeladen" in words(town, f"?{time}={erased}")
        assert "Versehentlich hochgeladen" not in words(town, f"?{time}={before}")


def test_texts_that_were_erased_are_in_the_log_though_no_entry_tells_when():
    told_ = story(a=NOTE)
    told_.erase("a")
    (found,) = amendments(told_.view("2026-11-22"))
    assert (found.amendment, found.entry, found.target, found.reason) == ("erasure", None, 2, None)


def test_a_later_correction_is_compared_with_the_one_before_it():
    told_ = story(a=alliance("a", "2018", name="Eins")).given(
        c1=corrected("a", alliance("a", "2018", name="Zwei")),
        c2=corrected("a", alliance("a", "2019", name="Zwei"), seen="c1"),
    )
    assert [found.fields for found in amendments(told_.view("2026-11-22"))] == [["occurred"], ["name"]]
