"""Scenarios: laid side by side by criteria – chosen, rejected, or left without a choice."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.publishing import needed
from domain.scenarios import CellState
from tests.office import contradiction, why
from tests.story import Story, corrected, published, story, told, withdrawn


def criteria(id_="s", *criteria_of_it, when="2017", **fields):
    laid_down = [{"criterion": id_, "name": id_.title()} for id_ in criteria_of_it or ("kosten", "klima")]
    step = {"type": "criteria-set", "criteria_set": id_, "name": "Kriterien", "criteria": laid_down}
    return told(step | fields, when)


def drafted(scenario="a", criteria_set="s", when="2017", **fields):
    step = {"type": "scenario-drafted", "scenario": scenario, "criteria_set": criteria_set, "name": scenario.title()}
    return told(step | fields, when)


def cell(criterion="kosten", state="stated", **fields):
    return {"criterion": criterion, "state": state, "says": "Wenig"} | fields


def assessed(scenario="a", *cells, criteria_set="s", when="2018", **fields):
    step = {
        "type": "scenario-assessed",
        "scenario": scenario,
        "criteria_set": criteria_set,
        "cells": cells or (cell(),),
    }
    return told(step | fields, when)


def decided(decision="d", when="2018", **fields):
    return told({"type": "decision-taken", "decision": decision, "text": "Der Umbau"} | fields, when)


def chosen(choice="c1", scenario="a", when="2018", *, after=(), **fields):
    step = {"type": "scenario-chosen", "choice": choice, "scenario": scenario, "criteria_set": "s", "decision": "d"}
    return told(step | fields, when, after=after)


def rejected(scenario="a", when="2019", **fields):
    return told({"type": "scenario-rejected", "scenario": scenario} | fields, when)


def compared() -> Story:
    """Two scenarios of one set and one of another, and a decision that was adopted."""
    return story(s=criteria(), a=drafted(), b=drafted("b"), t=criteria("t", "ruhe"), x=drafted("x", "t"), d=decided())


# ---- criteria and scenarios -----------------------------------------------------------------------------------------


def test_criteria_belong_to_their_set_and_each_has_a_name_of_its_own():
    s = story(s=criteria())
    standing = s.on("2018-01-01", "klima")
    assert (standing.subject.kind, standing.attributes["set"].value) == ("criterion", "s")
    step = s.log.by_number[s.number("s")].statement.step
    assert [step.name_of(id_) for id_ in ("s", "kosten", "klima")] == ["Kriterien", "Kosten", "Klima"]


def test_a_set_has_criteria_each_of_them_once_and_with_a_name():
    assert why(story(), criteria("s", "kosten", "kosten")) == [("named-twice", "/step", {"subject": "kosten"})]
    assert why(story(), criteria(criteria=[])) == [
        ("field-too-few", "/step/criteria", {"field": "criteria", "least": 1})
    ]
    place = "/step/criteria/0/name"
    nameless = criteria(criteria=[{"criterion": "kosten"}])
    assert why(story(), nameless) == [("text-missing", place, {"field": place})]


def test_an_id_stands_for_one_thing_also_within_a_set():
    found = why(story(), criteria("s", "s"))
    assert contradiction("founded-twice", 2, 2, subject="s") in found
    assert why(compared(), criteria("u", "kosten")) == [contradiction("founded-twice", 2, 8, subject="kosten")]


def test_a_scenario_is_drafted_for_a_set_that_is_there_by_then():
    s = compared()
    assert why(s, drafted("neu", "keine")) == [contradiction("unknown", 8, subject="keine")]
    assert why(s, drafted("neu", "kosten")) == [contradiction("wrong-kind", 8, subject="kosten")]
    assert why(s, drafted("neu", when="2016")) == [contradiction("order", 2, 8)]
    s.given(late=drafted("neu", when="2017"))
    assert s.on("2018-01-01", "neu").attributes["set"].value == "s"


def test_a_set_can_be_corrected_but_not_lose_a_criterion():
    s = compared()
    (found,) = why(s, corrected("s", criteria("s", "kosten")))
    assert found == ("ids-fixed", "/step/corrected/step", {"number": s.number("s")})
    s.given(fix=corrected("s", criteria("s", "klima", "kosten", when="2016-12")))


# ---- assessed by criteria -------------------------------------------------------------------------------------------


def test_an_assessment_of_a_criterion_that_is_not_in_the_set_names_the_set_it_is_in():
    s = compared()
    assert why(s, assessed("a", cell(), cell("ruhe"))) == [
        contradiction("not-in-set", 8, 5, subject="ruhe", expected="t")
    ]
    s.given(fine=assessed("a", cell(), cell("klima")))


def test_an_assessment_of_a_scenario_of_another_set_names_the_set_it_is_in():
    s = compared()
    assert why(s, assessed("x")) == [contradiction("not-in-set", 8, 6, subject="x", expected="t")]
    s.given(fine=assessed("x", cell("ruhe"), criteria_set="t"))


def test_an_assessment_takes_over_only_from_scenarios_of_the_set():
    s = compared()
    assert why(s, assessed("a", cell(like="x"))) == [contradiction("not-in-set", 8, 6, subject="x", expected="t")]
    assert why(s, assessed("a", cell(like="kosten"))) == [contradiction("wrong-kind", 8, subject="kosten")]
    assert why(s, assessed("a", cell(like="nichts"))) == [contradiction("unknown", 8, subject="nichts")]
    s.given(fine=assessed("a", cell(like="b")))


@pytest.mark.parametrize("criterion", ["nichts", "a"])
def test_an_assessment_speaks_of_criteria(criterion):
    code = {"nichts": "unknown", "a": "wrong-kind"}[criterion]
    assert contradiction(code, 8, subject=criterion) in why(compared(), assessed("b", cell(criterion)))


def test_a_scenario_is_not_like_itself():
    assert why(compared(), assessed("a", cell(like="a"))) == [("like-itself", "/step", {"scenario": "a"})]


def test_each_criterion_is_assessed_once_at_a_time():
    assert why(compared(), assessed("a", cell(), cell())) == [("named-twice", "/step", {"subject": "kosten"})]
    (found,) = why(compared(), told({**assessed("a")["step"], "cells": []}, "2018"))
    assert found == ("field-too-few", "/step/cells", {"field": "cells", "least": 1})
    s = compared()
    s.given(one=assessed("a", cell(state="open-question")), two=assessed("a", cell(says="Teuer"), when="2019"))


@pytest.mark.parametrize("state", get_args(CellState))
def test_what_is_stated_or_implied_is_told_or_taken_over_and_a_gap_is_a_state_of_its_own(state):
    s = compared()
    empty = assessed("a", cell("klima"), cell(state=state, says=None))
    place = "/step/cells/1/says"
    if state in ("stated", "implied"):
        assert why(s, empty) == [("text-missing", place, {"field": place})]
        s.given(like=assessed("a", cell(state=state, says=None, like="b")))
    else:
        s.given(gap=empty)
    s.given(told=assessed("a", cell(state=state)))
    place = "/step/corrected/step/cells/0/says"
    if state in ("stated", "implied"):
        assert why(s, corrected("told", assessed("a", cell(state=state, says=None)))) == [
            ("text-missing", place, {"field": place})
        ]


def test_a_scenario_may_be_assessed_after_it_was_rejected_and_before_it_was_drafted():
    s = compared()
    s.given(off=rejected("a", "2019-06-01"), late=assessed(when="2020"), early=assessed(when="2016"))
    assert s.hints == []
    assert s.room("a") == ("2017-01-01", "2017-12-31")
    assert not s.on("2020-12-31", "a").counted


def test_a_set_stays_while_its_scenarios_are_assessed_by_it():
    s = compared()
    s.given(one=assessed("a"))
    expected = [contradiction("unknown", number, subject=subject) for number, subject in
                ((3, "s"), (4, "s"), (8, "s"), (8, "kosten"))]  # fmt: skip
    assert sorted(map(str, why(s, withdrawn("s")))) == sorted(map(str, expected))
    assert why(s, withdrawn("a")) == [contradiction("unknown", 8, subject="a")]
    s.given(off=withdrawn("one"), off_a=withdrawn("a"), off_b=withdrawn("b"), off_s=withdrawn("s"))


def test_a_scenario_that_was_assessed_is_not_moved_to_another_set_by_a_correction():
    s = compared()
    s.given(one=assessed("a", cell(like="b")))
    for key, number in (("a", 3), ("b", 4)):
        elsewhere = corrected(key, drafted(key, "t"))
        assert why(s, elsewhere) == [contradiction("not-in-set", 8, number, subject=key, expected="t")]
    s.given(off=withdrawn("one"), fix=corrected("b", drafted("b", "t")))
    assert why(s, withdrawn("off")) == [contradiction("not-in-set", 8, 4, subject="b", expected="t")]


def test_the_assessment_can_be_corrected_to_the_set_that_it_is_about():
    s = compared()
    s.given(one=assessed("a"))
    elsewhere = corrected("one", assessed("a", criteria_set="t"))
    assert why(s, elsewhere) == [
        contradiction("not-in-set", 8, 2, subject="kosten", expected="s"),
        contradiction("not-in-set", 8, 3, subject="a", expected="s"),
    ]
    s.given(fix=corrected("one", assessed("x", cell("ruhe"), criteria_set="t")))


# ---- chosen and rejected --------------------------------------------------------------------------------------------


def test_a_scenario_is_chosen_by_a_decision_that_was_adopted():
    s = compared()
    s.given(no=decided("nein", outcome="rejected"))
    assert why(s, chosen(decision="nein")) == [
        contradiction("decision-not-adopted", 9, 8, subject="nein", expected="rejected")
    ]
    assert why(s, chosen(decision="keine")) == [contradiction("unknown", 9, subject="keine")]
    assert why(s, chosen(decision="s")) == [contradiction("wrong-kind", 9, subject="s")]
    s.given(choice=chosen())
    assert (s.on("2018-12-31", "c1").subject.kind, s.on("2018-12-31", "c1").sure) == ("choice", True)


def test_a_choice_does_not_come_before_its_decision_or_its_scenario():
    s = compared()
    assert why(s, chosen(when="2017")) == [contradiction("order", 7, 8)]
    s.given(fine=chosen(when="2018"))
    s = story(s=criteria(), a=drafted(when="2018"), d=decided(when="2017"))
    assert why(s, chosen(when="2017")) == [contradiction("order", 3, 5)]


def test_a_second_choice_in_one_set_is_refused_and_names_both():
    s = compared()
    s.given(first=chosen())
    assert why(s, chosen("c2", "b", "2019")) == [contradiction("chosen-twice", 8, 9, subject="s")]
    assert why(s, chosen("c2", "a", "2019")) == [contradiction("chosen-twice", 8, 9, subject="s")]
    s.given(elsewhere=chosen("c3", "x", criteria_set="t"), second=chosen("c2", "b", "2019", replaces="c1"))
    assert [s.on("2019-12-31", id_).counted for id_ in ("c1", "c2", "c3")] == [False, True, True]
    assert [s.on("2018-12-31", id_).counted for id_ in ("c1", "c2", "c3")] == [True, False, True]


def test_a_choice_is_refused_wherever_in_a_list_it_stands():
    s = compared()
    with pytest.raises(Refused) as refusal:
        s.record([("c1", chosen()), ("c2", chosen("c2", "b")), ("note", told({"type": "context-noted", "what": "x"}))])
    assert [(found.code, found.index) for found in refusal.value.refusals] == [("chosen-twice", 1)]
    s.record([("c2", chosen("c2", "b", "2019", replaces="c1")), ("c1", chosen())])


def test_a_choice_replaces_one_that_is_there_and_has_not_been_replaced():
    s = compared()
    s.given(first=chosen(), second=chosen("c2", "b", "2019", replaces="c1"))
    assert why(s, chosen("c3", "a", "2020", replaces="c1")) == [
        contradiction("chosen-twice", 9, 10, subject="s"),
        contradiction("ended-twice", 9, 10, subject="c1"),
    ]
    assert contradiction("unknown", 10, subject="c0") in why(s, chosen("c3", "a", "2020", replaces="c0"))
    assert contradiction("wrong-kind", 10, subject="a") in why(s, chosen("c3", "a", "2020", replaces="a"))
    itself = ("refers-to-itself", "/step/replaces", {"subject": "c3"})
    assert why(s, chosen("c3", "a", "2020", replaces="c3")) == [itself]
    assert contradiction("order", 9, 10) in why(s, chosen("c3", "a", "2018", replaces="c2"))
    s.given(third=chosen("c3", "a", "2020", replaces="c2"))
    assert [s.on("2021-01-01", id_).counted for id_ in ("c1", "c2", "c3")] == [False, False, True]


def test_a_choice_in_the_middle_of_a_chain_of_replacements_is_not_withdrawn():
    s = compared()
    s.given(
        first=chosen(), second=chosen("c2", "b", "2019", replaces="c1"), third=chosen("c3", "a", "2020", replaces="c2")
    )
    assert why(s, withdrawn("second")) == [
        contradiction("chosen-twice", 8, 10, subject="s"),
        contradiction("unknown", 10, subject="c2"),
    ]
    assert why(s, withdrawn("first")) == [contradiction("unknown", 9, subject="c1")]
    s.given(off=withdrawn("third"))
    assert s.on("2021-01-01", "c2").counted


def test_the_middle_of_a_chain_is_taken_out_by_correcting_what_replaced_it_first():
    s = compared()
    s.given(
        first=chosen(), second=chosen("c2", "b", "2019", replaces="c1"), third=chosen("c3", "a", "2020", replaces="c2")
    )
    two = chosen("c3", "a", "2020", replaces="c1")
    assert why(s, corrected("third", two)) == [
        contradiction("chosen-twice", 9, 10, subject="s"),
        contradiction("ended-twice", 9, 10, subject="c1"),
    ]
    s.record([("fix", corrected("third", two)), ("off", withdrawn("second"))])
    assert [s.on("2021-01-01", id_).counted for id_ in ("c1", "c3")] == [False, True]
    assert contradiction("chosen-twice", 9, 10, subject="s") in why(s, withdrawn("off"))


def test_a_choice_that_no_longer_replaces_the_one_before_is_the_second_one():
    s = compared()
    s.given(first=chosen(), second=chosen("c2", "b", "2019", replaces="c1"))
    assert why(s, corrected("second", chosen("c2", "b", "2019"))) == [contradiction("chosen-twice", 8, 9, subject="s")]
    assert contradiction("chosen-twice", 8, 9, subject="s") in why(s, corrected("second", chosen("c2", "x", "2019")))


def test_a_choice_is_corrected_into_another_set_only_where_none_holds():
    s = compared()
    s.given(first=chosen(), other=chosen("c2", "x", criteria_set="t"))
    moved = chosen("c1", "x", criteria_set="t")
    assert why(s, corrected("first", moved)) == [contradiction("chosen-twice", 8, 9, subject="t")]
    s.given(off=withdrawn("other"), fix=corrected("first", moved))
    assert why(s, withdrawn("off")) == [contradiction("chosen-twice", 8, 9, subject="t")]


def test_a_choice_replaces_one_of_its_own_set():
    s = compared()
    s.given(first=chosen())
    other = chosen("c2", "x", "2019", criteria_set="t", replaces="c1")
    assert why(s, other) == [contradiction("not-in-set", 9, 8, subject="c1", expected="s")]
    s.given(second=chosen("c2", "b", "2019", replaces="c1"))
    moved = corrected("first", chosen("c1", "x", criteria_set="t"))
    assert why(s, moved) == [contradiction("not-in-set", 9, 8, subject="c1", expected="t")]


def test_a_choice_of_a_scenario_of_another_set_is_refused():
    assert why(compared(), chosen(scenario="x")) == [contradiction("not-in-set", 8, 6, subject="x", expected="t")]


def test_the_decision_behind_a_choice_is_not_withdrawn_and_not_turned_round():
    s = compared()
    s.given(first=chosen())
    assert why(s, withdrawn("d")) == [contradiction("unknown", 8, subject="d")]
    assert why(s, corrected("d", decided(outcome="rejected"))) == [
        contradiction("decision-not-adopted", 8, 7, subject="d", expected="rejected")
    ]
    s.given(off=withdrawn("first"), turned=corrected("d", decided(outcome="rejected")))
    assert why(s, withdrawn("off")) == [contradiction("decision-not-adopted", 8, 7, subject="d", expected="rejected")]
    s.given(right=withdrawn("turned"), back=withdrawn("off"))
    assert s.on("2019-01-01", "c1").counted


def test_choice_and_decision_are_corrected_in_one_go():
    s = compared()
    s.given(first=chosen(), other=decided("e", "2018"))
    batch = [
        ("fix", corrected("first", chosen(decision="e"))),
        ("turned", corrected("d", decided(outcome="rejected"))),
    ]
    s.record(batch)
    assert s.view("2019-01-01").conflicts == []


def test_a_rejected_scenario_is_gone_and_is_not_chosen_afterwards():
    s = compared()
    s.given(off=rejected("a", "2019-06-01", decision="d"))
    assert not s.on("2019-06-01", "a").counted
    assert why(s, rejected("a", "2020")) == [contradiction("ended-twice", 8, 9, subject="a")]
    assert why(s, chosen(when="2019-06-02")) == [contradiction("order", 9, 8)]
    s.given(choice=chosen(when="2019-05"))
    assert why(s, rejected("b", "2017", decision="d")) == [contradiction("order", 7, 10)]


def test_where_the_dates_leave_open_which_choice_came_first_the_replacing_one_did_not():
    s = compared()
    s.given(second=chosen("c0", "b", "2019"), first=withdrawn("second"))
    s.given(one=chosen(when="[2018..2020]"), two=chosen("c2", "b", "2019", replaces="c1"))
    assert s.room("one") == ("2018-01-01", "2019-12-31")
    assert not s.on("2019-12-31", "c1").counted


def test_an_earlier_choice_that_is_recorded_late_is_replaced_by_the_later_one_at_the_same_time():
    s = compared()
    s.given(later=chosen("c2", "b", "2019"))
    assert why(s, chosen(when="2018")) == [contradiction("chosen-twice", 8, 9, subject="s")]
    s.record([("one", chosen(when="2018")), ("fix", corrected("later", chosen("c2", "b", "2019", replaces="c1")))])
    assert [s.on("2018-12-31", id_).counted for id_ in ("c1", "c2")] == [True, False]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), min_size=1, max_size=6), st.data())
def test_in_a_set_one_choice_holds_at_a_time_whatever_replaces_what(choices, data):
    s = compared()
    holding: list[str] = []
    for n, (scenario, replacing) in enumerate(choices):
        replaces = data.draw(st.sampled_from(holding)) if holding and replacing else None
        after = tuple(holding)
        statement = chosen(f"c{n + 1}", scenario, "2019", after=after, replaces=replaces)
        if holding and not replacing:
            assert [code for code, _, _ in why(s, statement, f"c{n + 1}")] == ["chosen-twice"]
            continue
        s.record([(f"c{n + 1}", statement)])
        holding = [f"c{n + 1}"]
    counted = [
        id_ for id_ in (f"c{n + 1}" for n in range(len(choices))) if id_ in s.keys and s.on("2020-01-01", id_).counted
    ]
    assert counted == holding


# ---- published ------------------------------------------------------------------------------------------------------


def test_a_choice_goes_public_with_the_decision_the_scenario_and_the_set_it_speaks_of():
    s = compared()
    s.given(first=chosen(), second=chosen("c2", "b", "2019", replaces="c1"))
    asked = [s.number(key) for key in ("opened", "s", "a", "b", "d", "first")]
    assert needed(s.log, [s.number("second")], s.at) == asked
    s.given(out=published("second", "opened", "s", "a", "b", "d", "first"))
    public = s.view("2020-01-01", published_by=s.at)
    assert [public.standing(id_).counted for id_ in ("c1", "c2")] == [False, True]


def test_the_public_does_not_see_two_choices_hold():
    s = compared()
    s.given(first=chosen(), off=withdrawn("first"), other=chosen("c2", "b"))
    s.given(out=published("opened", "s", "a", "b", "d", "other"))
    assert needed(s.log, [s.number("first")], s.at) == [s.number("off")]
    s.given(both=published("first", "off"))
    assert s.view("2020-01-01", published_by=s.at).conflicts == []


def test_a_choice_that_was_corrected_into_a_set_is_not_published_without_what_it_gave_way_to():
    s = compared()
    s.given(first=chosen("c1", "x", criteria_set="t"), out=published("opened", "s", "a", "b", "d", "t", "x", "first"))
    s.given(off=withdrawn("first"), second=chosen("c2", "x", criteria_set="t"))
    (found,) = why(s, published("second"))
    assert found[:2] == ("public-contradiction", "")
    assert found[2] == {"codes": ["chosen-twice"], "entries": [s.number("off")]}
    s.given(both=published("second", "off"))
