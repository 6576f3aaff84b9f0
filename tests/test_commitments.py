"""What was intended, announced or promised, and what came of it."""

import pytest
from hypothesis import given
from pydantic import TypeAdapter

from domain.german_dates import PlannedDate
from domain.publication import Statement
from domain.publishing import needed
from domain.when import in_words
from tests.dates import EDTF
from tests.office import contradiction, why
from tests.story import alliance, corrected, published, story, told, withdrawn

PLANNED = TypeAdapter(PlannedDate)


def promised(id_="zusage", when="2018", **fields):
    return told(
        {"type": "commitment-made", "commitment": id_, "kind": "promise", "text": "Wir antworten"} | fields, when
    )


def settled(outcome="kept", when="2019", **fields):
    return told({"type": "commitment-settled", "commitment": "zusage", "outcome": outcome, **fields}, when)


def actor(id_):
    return told({"type": "actor-registered", "actor": id_, "kind": "authority", "name": id_.upper()}, "2017")


# ---- made and settled -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["kept", "kept-in-part", "changed", "broken", "lapsed"])
def test_a_commitment_is_open_until_it_is_settled_and_is_settled_once(outcome):
    s = story(c=promised(), over=settled(outcome))
    assert [s.on(day, "zusage").counted for day in ("2018-12-30", "2018-12-31", "2019-12-30", "2019-12-31")] == [
        False, True, True, False,
    ]  # fmt: skip
    assert why(s, settled("kept", "2020")) == [contradiction("ended-twice", 3, 4, subject="zusage")]


def test_a_commitment_of_which_nobody_speaks_again_stays_open():
    s = story(c=promised(due="2019"))
    assert s.on("2026-11-22", "zusage").sure


def test_a_commitment_is_settled_after_it_was_made():
    s = story(c=promised(when="2018-06-01"))
    assert why(s, settled(when="2018-05")) == [contradiction("order", 2, 3)]
    assert why(s, told({"type": "commitment-settled", "commitment": "keine", "outcome": "kept"})) == [
        contradiction("unknown", 3, subject="keine")
    ]
    s.given(over=settled(when="2018"))
    assert s.room("over")[0] == "2018-06-01"


def test_a_commitment_that_was_changed_becomes_another():
    s = story(c=promised(), other=promised("neu", "2019"))
    assert why(s, settled("changed", becomes="nichts")) == [contradiction("unknown", 4, subject="nichts")]
    s.given(over=settled("changed", becomes="neu"))
    assert s.on("2020-01-01", "neu").counted
    assert why(s, withdrawn("other")) == [contradiction("unknown", 4, subject="neu")]
    assert needed(s.log, [s.number("over")], s.at) == [s.number(key) for key in ("opened", "c", "other")]


def test_a_commitment_does_not_become_itself():
    itself = settled("changed", becomes="zusage")
    assert why(story(c=promised()), itself) == [("refers-to-itself", "/step/becomes", {"subject": "zusage"})]


@pytest.mark.parametrize("outcome", ["kept", "broken", "lapsed"])
def test_what_was_not_changed_becomes_nothing_else(outcome):
    s = story(c=promised(), other=promised("neu", "2019"))
    wrong = settled(outcome, becomes="neu")
    assert why(s, wrong) == [("becomes-without-change", "/step", {"outcome": outcome})]
    s.given(over=settled("kept-in-part", becomes="neu"))


def test_a_commitment_says_what_by_whom_and_to_whom():
    s = story(x=actor("amt"), w=alliance("wiall"), c=promised(by=["amt", "wiall"], to=["wiall"], about=["process"]))
    assert why(s, promised("b", text=None)) == [("text-missing", "/step/text", {"field": "/step/text"})]
    for field in ("by", "to"):
        assert why(s, promised("b", **{field: ["zusage"]})) == [contradiction("wrong-kind", 5, subject="zusage")]
        twice = promised("b", **{field: ["amt", "amt"]})
        assert why(s, twice) == [("named-twice", f"/step/{field}", {"subject": "amt"})]
    assert needed(s.log, [s.number("c")], s.at) == [s.number(key) for key in ("opened", "x", "w")]


def test_the_settling_is_withdrawn_before_the_commitment_and_reopens_it():
    s = story(c=promised(), over=settled())
    assert why(s, withdrawn("c")) == [contradiction("unknown", 3, subject="zusage")]
    s.given(mistake=withdrawn("over"))
    assert s.on("2020-01-01", "zusage").counted
    s.given(again=settled("broken", "2020"))
    assert why(s, withdrawn("mistake")) == [contradiction("ended-twice", 3, 5, subject="zusage")]


def test_an_outcome_is_corrected_without_touching_the_commitment():
    s = story(c=promised(), over=settled("kept", "2019"), fix=corrected("over", settled("broken", "2020")))
    assert s.on("2019-12-31", "zusage").counted
    assert not s.on("2020-12-31", "zusage").counted


# ---- dates that lie ahead -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("Ende 2027", "[2027-09..2027-12]"),
        ("bis Ende 2027", "../2027"),
        ("im Frühjahr 2027", "2027-21"),
        ("ca. April 2027", "2027-04~"),
        ("spätestens März 2027", "[..2027-03]"),
        ("zwischen März und Mai 2027", "[2027-03..2027-05]"),
        ("März bis Mai 2027", "2027-03/2027-05"),
        ("1.4.2027", "2027-04-01"),
        ("2. Quartal 2027", "[2027-04..2027-06]"),
        ("Winter 2027/28", "2027-24"),
        ("2027", "2027"),
        ("[2027..]", "[2027..]"),
        ("2027-03~", "2027-03~"),
    ],
)
def test_by_when_is_typed_in_words_and_may_lie_ahead(typed, due):
    s = story(c=promised(when="2026-11-20", due=typed))
    assert s.log.by_number[s.number("c")].statement.step.due == due


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("bald", "date-not-understood"),
        ("unbekannt", "date-not-understood"),
        ("2027/28", "date-ambiguous"),
        ("31.6.2027", "date-no-such-day"),
        ("Montag, 2.4.2027", "date-weekday"),
        ("2028 bis 2027", "date-reversed"),
        ("", "date-not-understood"),
        ("x" * 300, "date-not-understood"),
    ],
)
def test_a_due_date_that_is_not_understood_is_asked_back_at_its_place(typed, code):
    ((found, place, _),) = why(story(), promised(due=typed))
    assert (found, place) == (code, "/step/due")


@pytest.mark.parametrize("typed", [2027, 1.5, True, ["2027"]])
def test_a_due_date_is_written(typed):
    ((found, place, _),) = why(story(), promised(due=typed))
    assert (found, place) == ("field-text", "/step/due")


def test_a_due_date_orders_nothing_and_is_no_date_of_the_entry():
    s = story(c=promised(when="2018-06-01", due="2019"), over=settled(when="2018-07"))
    assert s.hints == []
    assert s.room("c") == ("2018-06-01", "2018-06-01")


@pytest.mark.parametrize("typed", ["von 2017 bis 2018", "2017 bis 2018", "2017-2018", "2017/2018"])
def test_what_was_understood_once_is_read_again_from_what_was_stored(typed):
    due = PLANNED.validate_python(typed)
    assert PLANNED.validate_python(due) == due


@given(EDTF)
def test_a_planned_date_in_the_notation_stays_as_it_is(edtf):
    assert PLANNED.validate_python(edtf) == edtf


@given(EDTF)
def test_a_planned_date_in_the_words_it_is_shown_in_is_the_same_date(edtf):
    assert PLANNED.validate_python(in_words(edtf, "de")) == edtf


# ---- published ------------------------------------------------------------------------------------------------------


def test_a_settled_commitment_goes_public_with_the_commitment():
    s = story(c=promised(), over=settled())
    assert why(s, published("opened", "over")) == [("not-public-along", "/step/targets", {"entries": [s.number("c")]})]
    s.given(first=published("opened", "c"))
    assert s.view("2020-01-01", published_by=s.at).standing("zusage").counted
    s.given(second=published("over"))
    assert not s.view("2020-01-01", published_by=s.at).standing("zusage").counted


def test_texts_and_facts_of_a_commitment_are_told_apart():
    statement = Statement.model_validate({"process": "p", "key": "k", **promised(due="Ende 2027")})
    assert statement.step.name_of("zusage") == "Wir antworten"
