"""What single rows of the registers say on a day: what is certain by then, what may be, and what is still to come.

Short examples, one rule each; `test_registers.py` reads whole examples, and the laws hold over generated histories.
"""

import pytest

from adapters.sheets.meetings import meetings_sheet
from adapters.sheets.parts import Content
from adapters.sheets.scenarios import scenarios_sheet
from domain.when import When
from projections.claims import disputes
from projections.commitments import promises
from projections.completeness import completeness
from projections.decisions import decisions
from projections.findings import findings
from projections.meetings import attendance, meetings
from projections.monitoring import monitoring
from projections.open_items import open_items
from projections.plan import plan
from projections.scenarios import scenarios
from projections.timeline import timeline
from tests.office import Office, noon, tell
from tests.story import OPENED, Story, corrected, story, told, withdrawn

TODAY = "2026-11-22"
PERHAPS = "[2019..2021]"
"""When something may have happened by the end of 2019, and has for certain by the end of 2021."""
MAY, IS = "2019-12-31", "2021-12-31"


def decided(id_="d", when="2018", /, **fields):
    return told({"type": "decision-taken", "decision": id_, "text": id_.upper(), **fields}, when)


def left_open(when="2018"):
    return told({"type": "question-left-open", "question": "Wer zahlt?"}, when)


# ---- decisions and what is open -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("tie", "shown_by"), [("replaces", "replaced_by"), ("confirms", "confirmed_by")])
def test_a_decision_stands_as_it_was_until_another_one_is_taken_for_certain(tie, shown_by):
    s = story(d=decided(review_on="2018-12-31"), e=decided("e", PERHAPS, **{tie: "d"}))

    def first(day):
        found = decisions(s.view(day)).decisions[0]
        return getattr(found, shown_by), found.review

    assert first(MAY) == ([], "due")
    assert first(IS) == ([s.number("e")], "done")


def test_a_review_is_due_on_its_very_day():
    s = story(d=decided(review_on="2019-06-30"))
    review = {day: decisions(s.view(day)).decisions[0].review for day in ("2019-06-29", "2019-06-30")}
    assert review == {"2019-06-29": "ahead", "2019-06-30": "due"}


def test_methods_count_what_is_decided_for_certain():
    s = story(d=decided(method="consent"), e=decided("e", PERHAPS, method="consent"))
    assert decisions(s.view(MAY)).methods == {"consent": 1}
    assert decisions(s.view(IS)).methods == {"consent": 2}
    assert [d.perhaps for d in decisions(s.view(MAY)).decisions] == [False, True]


def test_acceptance_is_rounded_half_up():
    options = [{"option": "a", "name": "A", "resistance": 2}, {"option": "b", "name": "B", "resistance": 39}]
    options.append({"option": "c", "name": "C", "resistance": 80})
    consensing = {"participants": 8, "options": options, "passive": "c", "chosen": "a"}
    s = story(d=decided(method="systemic-consensing", consensing=consensing))
    (found,) = decisions(s.view(TODAY)).decisions
    assert [option.acceptance for option in found.options] == ["97.5", "51.3", "0.0"]


def test_a_decision_that_was_withdrawn_replaces_nothing():
    s = story(d=decided(), e=decided("e", "2019", replaces="d"), w=withdrawn("e"))
    (found,) = decisions(s.view(TODAY)).decisions
    assert (found.id, found.replaced_by) == ("d", [])


def test_a_question_is_open_as_long_as_it_may_be_and_names_what_may_settle_it():
    s = story(q=left_open(), d=decided("d", PERHAPS, settles=["q"]))

    def asked(day):
        return [(question.entry, question.perhaps_settled_by) for question in open_items(s.view(day)).questions]

    assert asked("2018-12-31") == [(s.number("q"), [])]
    assert asked(MAY) == [(s.number("q"), [s.number("d")])]
    assert asked(IS) == []


def test_questions_and_deferrals_stand_in_the_order_in_which_they_happened():
    deferral = told({"type": "decision-deferred", "question": "Wann?", "until": "nach der Wahl"}, "2017")
    s = story(q=left_open("2018"), f=deferral)
    found = open_items(s.view(TODAY)).questions
    assert [question.entry for question in found] == [s.number("f"), s.number("q")]
    assert [question.until for question in found] == ["nach der Wahl", None]


def test_feedback_waits_until_it_is_answered_for_certain():
    s = story(f=told({"type": "feedback-received", "kind": "wish", "what": "W"}, "2018"))
    s.given(
        a=told({"type": "feedback-answered", "feedback": "f", "outcome": "noted", "answer": "A"}, PERHAPS),
        g=told({"type": "feedback-received", "kind": "wish", "what": "V"}, PERHAPS),
    )
    assert [feedback.entry for feedback in open_items(s.view(MAY)).feedback] == [s.number("f")]
    assert [feedback.entry for feedback in open_items(s.view(IS)).feedback] == [s.number("g")]


def test_only_reviews_that_are_due_are_open():
    s = story(d=decided(review_on="2019-06-30"), e=decided("e", review_on="2022-06-30"))
    assert [decision.id for decision in open_items(s.view(MAY)).reviews] == ["d"]


# ---- promises -----------------------------------------------------------------------------------------------------


def test_what_may_have_come_of_a_promise_stands_beside_it():
    s = story(
        c=told({"type": "commitment-made", "commitment": "c", "kind": "promise", "text": "C", "due": "2018"}, "2018"),
        n=told({"type": "commitment-made", "commitment": "n", "kind": "promise", "text": "N"}, PERHAPS),
        s=told({"type": "commitment-settled", "commitment": "c", "outcome": "changed", "becomes": "n"}, PERHAPS),
    )
    may, is_ = promises(s.view(MAY)), promises(s.view(IS))
    assert [(p.id, p.standing, p.perhaps_came) for p in may.promises] == [
        ("c", "silent", "changed"),
        ("n", "open", None),
    ]
    assert [(p.id, p.standing, p.perhaps_came) for p in is_.promises] == [("c", "changed", None), ("n", "open", None)]
    assert (may.standings, is_.standings) == ({"silent": 1}, {"changed": 1, "open": 1})
    assert [named.id for named in is_.promises[0].becomes] == ["n"]


# ---- scenarios ----------------------------------------------------------------------------------------------------


def matrix(*scenarios_):
    """A set with one criterion, and the drafts of its scenarios."""
    criteria = [{"criterion": "k", "name": "K"}]
    drafts = {
        id_: told({"type": "scenario-drafted", "scenario": id_, "criteria_set": "s", "name": id_.upper()}, "2018")
        for id_ in scenarios_
    }
    return {
        "set": told({"type": "criteria-set", "criteria_set": "s", "name": "S", "criteria": criteria}, "2017"),
        **drafts,
    }


def a_set(*scenarios_, **more):
    return story(**matrix(*scenarios_), **more)


def assessed(scenario, when="2019", **cell):
    cells = [{"criterion": "k", "state": "stated", **cell}]
    return told({"type": "scenario-assessed", "scenario": scenario, "criteria_set": "s", "cells": cells}, when)


def chosen(id_, scenario, when, **fields):
    step = {"type": "scenario-chosen", "choice": id_, "scenario": scenario, "criteria_set": "s", "decision": "d"}
    return told({**step, **fields}, when)


def test_what_is_only_perhaps_assessed_or_rejected_leaves_the_matrix_as_it_was():
    s = a_set(
        "a",
        one=assessed("a", "2018", says="günstig"),
        two=assessed("a", PERHAPS, says="teuer"),
        gone=told({"type": "scenario-rejected", "scenario": "a"}, PERHAPS),
    )

    def shown(day):
        (found,) = scenarios(s.view(day))
        return found.cells[0].says, found.scenarios[0].standing, found.scenarios[0].rejected_by

    assert shown(MAY) == ("günstig", "open", None)
    assert shown(IS) == ("teuer", "rejected", s.number("gone"))


def test_a_choice_holds_until_another_one_is_made_for_certain():
    s = a_set(
        *("a", "b"),
        d=decided("d", "2018"),
        one=chosen("one", "a", "2018"),
        two=chosen("two", "b", PERHAPS, replaces="one"),
    )

    def held(day):
        (found,) = scenarios(s.view(day))
        return found.choice.id, [(choice.id, choice.replaced_by) for choice in found.choices]

    assert held(MAY) == ("one", [("one", None), ("two", None)])
    assert held(IS) == ("two", [("one", s.number("two")), ("two", None)])


def test_a_choice_that_was_replaced_does_not_come_back_when_the_later_one_falls():
    s = a_set(*("a", "b"), d=decided("d", "2018"), one=chosen("one", "a", "2018"))
    s.given(two=chosen("two", "b", "2019", replaces="one"))
    s.given(gone=told({"type": "scenario-rejected", "scenario": "b"}, "2020"))
    (found,) = scenarios(s.view(TODAY))
    assert found.choice is None
    assert [scenario.standing for scenario in found.scenarios] == ["open", "rejected"]


def test_a_cell_that_is_like_another_shows_what_is_said_there_and_blanks_are_counted():
    s = a_set("a", "b", "c", one=assessed("a", says="günstig"), two=assessed("b", says="auch", like="a"))
    s.given(three=assessed("c", state="not-stated"))
    (found,) = scenarios(s.view("2018-12-31"))
    assert (found.counts, found.blanks) == ({"not-assessed": 3}, 3)
    (found,) = scenarios(s.view(TODAY))
    assert [(cell.says, cell.as_there) for cell in found.cells] == [
        ("günstig", None),
        ("auch", "günstig"),
        (None, None),
    ]
    assert (found.counts, found.blanks) == ({"not-stated": 1, "stated": 2}, 1)


def test_preferences_and_questions_about_a_set_or_its_scenarios_are_no_choice_and_stand_beside_it():
    s = a_set(
        "a",
        q=told({"type": "question-left-open", "question": "Welches?", "about": ["s"]}, "2020"),
        p=told({"type": "preference-stated", "preference": "Eher A", "conditions": "mit Geld", "about": ["a"]}, "2019"),
        other=left_open(),
    )
    (found,) = scenarios(s.view(TODAY))
    assert [(leaning.entry, leaning.text, leaning.conditions) for leaning in found.leanings] == [
        (s.number("q"), "Welches?", None),
        (s.number("p"), "Eher A", "mit Geld"),
    ]
    assert found.choice is None


# ---- the plan and its indicators ----------------------------------------------------------------------------------


def goal(id_, kind="leitziel", when="2018", /, **fields):
    return told({"type": "goal-adopted", "goal": id_, "kind": kind, "text": id_.upper(), **fields}, when)


def revised(id_, when, **fields):
    return told({"type": "goal-revised", "goal": id_, **fields}, when)


def measure(id_="m", when="2018", /, **fields):
    return told({"type": "measure-planned", "measure": id_, "name": id_.upper(), **fields}, when)


def adopted(id_, when, **fields):
    return told({"type": "plan-adopted", "plan": id_, "name": id_.upper(), **fields}, when)


def test_a_version_holds_until_the_next_one_is_adopted_for_certain():
    s = story(v=adopted("v", "2018"), w=adopted("w", PERHAPS, replaces="v"))
    assert (plan(s.view(MAY)).in_force, plan(s.view(IS)).in_force) == (["v"], ["w"])
    assert [version.replaced_by for version in plan(s.view(MAY)).versions] == [None, None]
    assert [version.replaced_by for version in plan(s.view(IS)).versions] == [s.number("w"), None]


def test_a_version_calls_its_goals_as_late_as_it_can_have_been_adopted():
    s = story(g=goal("g"), r=revised("g", "2020-06", text="Anders"), v=adopted("v", PERHAPS, goals=["g"]))
    s.given(t=revised("g", "2022", text="Noch anders"))
    (version,) = plan(s.view(TODAY)).versions
    assert [named.name.text for named in version.goals] == ["Anders"]


def test_what_may_have_become_of_a_goal_changes_neither_its_words_nor_where_it_stands():
    s = story(
        g=goal("g"),
        h=goal("h", "strategic"),
        r=revised("g", PERHAPS, text="Anders", under="h"),
        e=revised("h", PERHAPS, how="achieved"),
    )

    def shown(day):
        found = {row.id: row for row in plan(s.view(day)).goals}
        g, h = found["g"], found["h"]
        return g.text, len(g.wordings), g.under, g.revised_by, h.standing, h.ended_by, h.revised_by

    assert shown(MAY) == ("G", 1, None, [], "pursued", None, [])
    found = {row.id: row for row in plan(s.view(MAY)).goals}
    assert (found["g"].order_not_known, found["h"].perhaps_ended_by) == ([s.number("r")], s.number("e"))
    assert shown(IS) == ("Anders", 2, "h", [s.number("r")], "achieved", s.number("e"), [])


def test_a_goal_is_of_the_kind_it_was_revised_to():
    s = story(g=goal("g", "strategic"), r=revised("g", "2020", kind="operational"))
    assert [plan(s.view(day)).goals[0].kind for day in (MAY, IS)] == ["strategic", "operational"]


def test_goals_stand_beneath_what_they_serve_in_the_order_of_their_adoption():
    s = story(**{f"g{n}": goal(f"g{n}", "strategic", f"201{n}") for n in range(3, 7)})
    s.given(r=revised("g3", "2017", under="g6"), t=revised("g4", "2017", under="g6"))
    assert [row.id for row in plan(s.view(TODAY)).goals] == ["g5", "g6", "g3", "g4"]


def test_a_goal_has_a_gap_if_it_is_pursued_without_a_measure_or_a_goal_that_serves_it():
    s = story(
        leit=goal("leit", "leitziel"),
        op=goal("op", "operational"),
        strat=goal("strat", "strategic"),
        served=goal("served", "strategic"),
        serving=goal("serving", "operational", under="served"),
        over=goal("over", "strategic"),
        m=measure("m", goals=["serving"]),
        n=measure("n"),
        e=revised("over", "2019", how="given-up"),
    )
    found = plan(s.view(TODAY))
    assert (found.goals_without_measures, found.measures_without_goals) == (["op", "strat"], ["n"])
    assert set(plan(s.view("2018-12-31")).goals_without_measures) == {"op", "strat", "over"}


def test_a_measure_stands_where_its_last_certain_report_says():
    def report(when, status, share=None):
        return told({"type": "measure-reported", "measure": "m", "status": status, "share": share}, when)

    s = story(m=measure(), one=report("2018", "started", 10), two=report("2019-03", "in-progress", 20))
    s.given(three=report(PERHAPS, "completed", 100))
    may, is_ = (plan(s.view(day)).measures[0] for day in (MAY, IS))
    assert (may.status, may.share, [r.perhaps for r in may.reports]) == ("in-progress", 20, [False, False, True])
    assert (is_.status, is_.share) == ("completed", 100)


def indicator(when="2018"):
    step = {"type": "indicator-defined", "indicator": "i", "name": "I", "definition": "D", "unit": "t/a"}
    return told({**step, "data_source": "Amt"}, when)


def measured(value, period, when="2020", **fields):
    step = {"type": "indicator-measured", "indicator": "i", "value": value, "unit": "t/a", "period": period}
    return told({**step, **fields}, when)


def test_an_indicator_is_in_use_or_dropped_once_that_is_certain():
    s = story(i=indicator(), s=told({"type": "indicator-selected", "indicators": ["i"]}, PERHAPS))
    assert [monitoring(s.view(day)).indicators[0].standing for day in (MAY, IS)] == ["defined", "selected"]
    s.given(d=told({"type": "indicator-dropped", "indicator": "i"}, "[2022..2024]"))
    found = [monitoring(s.view(day)).indicators[0] for day in ("2022-12-31", "2024-12-31")]
    assert [(row.standing, row.dropped_by) for row in found] == [
        ("selected", s.number("d")),
        ("dropped", s.number("d")),
    ]


def test_readings_stand_by_their_period_and_keep_what_they_said_before_each_correction():
    s = story(i=indicator(), late=measured("3", "2019"), early=measured("1", "2018"))
    s.given(c=corrected("late", measured("4", "2019")))
    s.given(k=corrected("late", measured("5", "2019"), seen="c"))
    (row,) = monitoring(s.view(TODAY)).indicators
    assert [reading.value for reading in row.readings] == ["1", "5"]
    assert [(before.value, before.told_by) for before in row.readings[1].before] == [
        ("3", s.number("late")),
        ("4", s.number("c")),
    ]
    s.given(w=withdrawn("k"))
    (row,) = monitoring(s.view(TODAY)).indicators
    assert (row.readings[1].value, row.readings[1].corrected_by) == ("4", [s.number("c")])


# ---- findings -----------------------------------------------------------------------------------------------------


def test_an_assessment_names_what_was_found_in_it():
    s = story(
        a=told({"type": "assessment-conducted", "assessment": "a", "title": "A", "methods": ["survey"]}, "2018"),
        f=told({"type": "finding-recorded", "kind": "lesson", "what": "F", "assessment": "a"}, "2018"),
        g=told({"type": "finding-recorded", "kind": "lesson", "what": "G"}, "2018"),
    )
    (row,) = findings(s.view(TODAY)).assessments
    assert row.findings == [s.number("f")]
    assert len(findings(s.view(TODAY)).findings) == 2


def test_two_accounts_stand_as_they_are_stated_now_or_were_when_they_were_withdrawn():
    s = story(a=decided("d", "2018"), b=decided("e", "2019"))
    s.given(c=told({"type": "claim-disputed", "claim": "a", "against": "b", "topic": "Wann?", "how": "contradicts"}))
    s.given(k=corrected("a", decided("d", "2017")), w=withdrawn("b"))
    (found,) = disputes(s.view(TODAY))
    assert [(side.edtf, side.withdrawn) for side in (found.claim, found.against)] == [("2017", False), ("2019", True)]


def test_texts_are_gone_where_the_entry_that_told_them_last_was_erased():
    def disputed(topic):
        return told({"type": "claim-disputed", "claim": "a", "against": "b", "topic": topic, "how": "contradicts"})

    s = story(a=decided("d", "2018"), b=decided("e", "2019"), c=disputed("Wann?"))
    s.given(k=corrected("c", disputed("Wann genau?")), m=corrected("a", decided("d", "2017")))
    s.erase("c")
    s.erase("a")
    view = s.view(TODAY)
    assert (disputes(view)[0].topic, disputes(view)[0].erased) == ("Wann genau?", False)
    assert not any(decision.erased for decision in decisions(view).decisions)
    s.erase("k")
    s.erase("m")
    view = s.view(TODAY)
    assert (disputes(view)[0].topic, disputes(view)[0].erased) == (None, True)
    assert [decision.erased for decision in decisions(view).decisions] == [True, False]


# ---- completeness -------------------------------------------------------------------------------------------------


def test_an_entry_lacks_a_reason_if_it_has_neither_cause_nor_grounds_and_nobody_says_it_is_not_recorded():
    without = {"because": ()}
    s = story(a=decided("d"), b=decided("e") | {"because": ["a"]}, c=decided("f") | without)
    s.given(g=decided("g") | without | {"grounds": "Geld"}, p=decided("p", PERHAPS) | without)

    def lacking(day):
        found = completeness(s.view(day))
        assert found.without_reason.of == found.total
        return found.total, found.without_reason.entries, found.decisions_without_decider.of

    assert lacking(MAY) == (5, [s.number("c")], 4)
    assert lacking(IS) == (6, [s.number("c"), s.number("p")], 5)
    assert completeness(s.view(TODAY)).reason_not_recorded == [s.number("opened"), s.number("a")]


def test_the_date_of_a_meeting_that_is_announced_is_the_one_it_is_announced_for():
    s = story(m=planned(when=None), d=decided("d", None))
    dates = completeness(s.view(TODAY)).dates
    assert (dates["stated"], dates["unknown"]) == ([s.number("opened"), s.number("m")], [s.number("d")])


# ---- meetings -----------------------------------------------------------------------------------------------------


def planned(id_="m", begins="2019-05-02", when="2018", **fields):
    return told({"type": "meeting-planned", "meeting": id_, "title": id_.upper(), "begins": begins, **fields}, when)


def rearranged(how, when, **fields):
    return told({"type": "meeting-changed", "meeting": "m", "how": how, **fields}, when)


def held(id_="m", when="2019-05-02", **fields):
    return told({"type": "meeting-held", "meeting": id_, **fields}, when)


def standing(s, day):
    (found,) = meetings(s.view(day))
    return found.standing, found.perhaps_came


def test_a_meeting_is_not_reported_from_the_day_after_it_was_to_be():
    s = story(m=planned())
    assert [standing(s, day)[0] for day in ("2019-05-02", "2019-05-03")] == ["planned", "not-reported"]


def test_a_meeting_that_is_only_perhaps_announced_or_held_is_unsure():
    announced = story(m=planned(begins="2022-05-02", when=PERHAPS))
    assert (standing(announced, MAY), standing(announced, IS)) == (("unsure", "planned"), ("planned", None))
    told_once = story(m=held(when=PERHAPS))
    assert (standing(told_once, MAY), standing(told_once, IS)) == (("unsure", "held"), ("held", None))


def test_only_a_certain_change_moves_a_meeting_and_the_last_one_counts():
    s = story(
        m=planned(begins="2022-05-02", place="Rathaus"),
        one=rearranged("rescheduled", "2018-06", begins="2022-06-01", place="Schule"),
        two=rearranged("rescheduled", "2018-09", begins="2022-07-01", place="Halle"),
        three=rearranged("rescheduled", PERHAPS, begins="2022-08-01", place="Kirche"),
    )

    def shown(day):
        (found,) = meetings(s.view(day))
        return found.timing.begins, found.place

    assert shown("2018-06-30") == ("2022-06-01", "Schule")
    assert shown(MAY) == ("2022-07-01", "Halle")
    assert shown(IS) == ("2022-08-01", "Kirche")


def test_where_a_meeting_may_stand_is_what_may_have_come_last():
    s = story(
        m=planned(begins="2022-05-02"),
        one=rearranged("postponed", "[2019-01..2020-12]"),
        two=rearranged("cancelled", "[2019-02..2021-12]"),
    )
    assert standing(s, "2019-06-30") == ("planned", "cancelled")
    assert standing(s, "2021-06-30") == ("postponed", "cancelled")


def test_a_meeting_that_may_be_put_to_yet_another_time_is_planned_and_no_more():
    s = story(m=planned(begins="2022-05-02"), one=rearranged("rescheduled", PERHAPS, begins="2022-06-01"))
    assert standing(s, MAY) == ("planned", None)


def test_to_amend_a_meeting_leaves_it_where_it_stood():
    s = story(
        m=planned(begins="2022-05-02"),
        one=rearranged("postponed", "2018-06"),
        two=rearranged("amended", "2019", note="N"),
    )
    assert standing(s, TODAY)[0] == "postponed"


def test_a_meeting_that_was_held_is_shown_where_it_was_held_with_all_bodies_and_what_was_decided_there():
    body = told({"type": "alliance-founded", "body": "a", "name": "A"}, "2017")
    s = story(
        a=body,
        b=told({"type": "alliance-founded", "body": "b", "name": "B"}, "2017"),
        m=planned(place="Rathaus", bodies=["a"]),
        h=held(planned=True, place="Schule", bodies=["a", "b"]),
        d=decided("d", "2019-05-02", meeting="m"),
    )
    (found,) = meetings(s.view(TODAY))
    assert (found.place, [b.id for b in found.bodies], found.decisions) == ("Schule", ["a", "b"], [s.number("d")])
    assert found.meetings.at_least == 1
    assert meetings(s.view("2018-12-31"))[0].meetings is None


def test_meetings_stand_by_the_time_they_are_announced_for():
    s = story(
        m=planned("m", "2019-05-02"), n=planned("n", "2019-03-01"), o=held("o", "2019-04"), p=planned("p", "2018-12-01")
    )
    assert [meeting.id for meeting in meetings(s.view(TODAY))] == ["p", "n", "o", "m"]


def test_attendance_counts_meetings_held_for_certain():
    actor = told({"type": "actor-registered", "actor": "x", "kind": "company", "name": "X"}, "2017")
    there = {"actors": ["x"]}
    s = story(
        x=actor,
        one=held("one", "2018", attended=there),
        some=held("some", "2018", meetings={"at_least": 3, "at_most": 5}, attended=there, invited=there),
        perhaps=held("perhaps", PERHAPS, attended=there),
        invited=held("invited", "2018-12", invited=there),
        nobody=held("nobody", "2018"),
        later=held("later", PERHAPS),
    )

    def shown(day):
        found = attendance(s.view(day))
        (row,) = found.actors
        counts = {fact: (count.at_least, count.at_most) for fact, count in row.counts.items()}
        return counts, row.last.edtf, found.meetings_without

    assert shown(MAY) == ({"attended": (2, 6), "invited": (2, 6)}, "2018", [s.number("nobody")])
    assert shown(IS) == (
        {"attended": (3, 7), "invited": (2, 6)},
        PERHAPS,
        [s.number("nobody"), s.number("later")],
    )


def test_of_meetings_nobody_counted_attendance_knows_no_upper_bound():
    s = story(x=told({"type": "actor-registered", "actor": "x", "kind": "company", "name": "X"}, "2017"))
    s.given(many=held("many", "2018", meetings={"at_least": 2}, attended={"actors": ["x"]}))
    (row,) = attendance(s.view(TODAY)).actors
    assert (row.counts["attended"].at_least, row.counts["attended"].at_most) == (1, None)


def test_of_two_settlements_the_one_with_the_lower_number_holds():
    office = Office()
    made = {"type": "commitment-made", "commitment": "z", "kind": "promise", "text": "Z"}
    for when, step in (
        ("2017", made),
        ("2020", {"type": "commitment-settled", "commitment": "z", "outcome": "kept"}),
        ("2019", {"type": "commitment-settled", "commitment": "z", "outcome": "broken"}),
    ):
        office.heap(tell(step).model_copy(update={"occurred": When(edtf=when, basis="stated")}))
    (found,) = promises(office.view(TODAY)).promises
    assert (found.standing, found.settled_by) == ("kept", 2)


# ---- nothing of a later day, nothing that is only possible ----------------------------------------------------------


def test_a_version_that_is_perhaps_adopted_calls_its_goals_as_they_were_called_by_the_day():
    s = story(
        g=goal("g"),
        v=told({"type": "plan-adopted", "plan": "v", "name": "V", "goals": ["g"]}, "[2020..2023]"),
        r=revised("g", "2022-03-01", text="Neu"),
    )

    def called(day):
        (version,) = plan(s.view(day)).versions
        return version.goals[0].name.text

    assert [called(day) for day in ("2021-06-30", TODAY)] == ["G", "Neu"]


def test_a_meeting_that_was_only_perhaps_held_is_shown_as_it_is_announced():
    attended = {"persons": 5}
    s = story(
        m=planned(begins="2022-05-02", place="Rathaus"),
        h=held("m", "2022", planned=True, place="Schule", attended=attended, results="R"),
    )
    (before,), (after,) = meetings(s.view("2022-01-15")), meetings(s.view(TODAY))
    assert (before.standing, before.perhaps_came, before.place, before.meetings) == ("planned", "held", "Rathaus", None)
    assert (before.attendance, before.results, before.held) == ({}, None, None)
    assert (after.standing, after.place, after.results) == ("held", "Schule", "R")


def test_a_series_counts_for_certain_when_it_is_over_and_an_approximate_number_stays_one():
    a = told({"type": "actor-registered", "actor": "a", "kind": "company", "name": "A"}, "2017")
    there = {"attended": {"actors": ["a"]}}
    s = story(
        a=a,
        series=held("s", "2019-01/2019-12", meetings=12, **there),
        some=held("c", "2018-06", meetings={"at_least": 5, "at_most": 5, "approximate": True}, **there),
    )

    def counted(day):
        (row,) = attendance(s.view(day)).actors
        number = row.counts["attended"]
        return number.at_least, number.at_most, number.approximate, row.last.edtf

    assert counted("2019-02-01") == (1, 17, True, "2018-06")
    assert counted("2019-12-31") == (2, 17, True, "2019-01/2019-12")


def test_a_zone_once_given_stays_and_what_was_put_off_has_no_instant_and_is_still_to_come():
    s = story(
        m=planned(begins="2022-05-02T18:00"),
        z=rearranged("amended", "2018-03", zone="Europe/London"),
        to=rearranged("rescheduled", "2018-04", begins="2022-06-02T18:00"),
    )
    (meeting,) = meetings(s.view(TODAY))
    assert (meeting.timing.zone, meeting.timing.begins_at.hour) == ("Europe/London", 17)
    s.given(off=rearranged("postponed", "2018-05"))
    (meeting,) = meetings(s.view(TODAY))
    assert (meeting.standing, meeting.timing.begins_at) == ("postponed", None)
    coming, so_far = meetings_sheet(s.view(TODAY), "de").tables
    assert (len(coming.rows), len(so_far.rows)) == (1, 0)


def test_where_order_does_not_matter_nothing_is_said_about_it():
    reported = {"type": "measure-reported", "measure": "w"}
    s = story(
        **matrix("a"),
        one=assessed("a", "2019", state="not-applicable"),
        two=assessed("a", "2019", state="not-applicable"),
        w=told({"type": "measure-planned", "measure": "w", "name": "W"}, "2017"),
        begun=told({**reported, "status": "started"}, "2018-01"),
        going=told({**reported, "status": "in-progress"}, "2018-06"),
        still=told({**reported, "status": "in-progress"}, "2018", after=["begun"]),
        t=planned(begins="2022-05-02"),
        later=rearranged("rescheduled", "2018", begins="2022-06-02"),
        wider=rearranged("amended", "2018", places=40),
    )
    view = s.view(TODAY)
    assert scenarios(view)[0].cells[0].order_not_known == []
    assert plan(view).measures[0].order_not_known == []
    assert meetings(view)[0].order_not_known == []


def test_what_was_erased_is_no_gap_and_no_older_words_step_in():
    s = story(
        **matrix("a", "b", "c"),
        one=assessed("a", "2018", says="günstig"),
        two=assessed("b", "2018", says="auch", like="a"),
        three=assessed("c", "2018", like="b"),
        z=told({"type": "commitment-made", "commitment": "z", "kind": "promise", "text": "Z"}, "2017"),
        kept=told({"type": "commitment-settled", "commitment": "z", "outcome": "kept", "note": "Fertig"}, "2018"),
        h=held("m", "2018", place="Schule", results="R"),
    )
    for key in ("two", "kept", "h"):
        s.erase(key)
    view = s.view(TODAY)
    _, b, c = scenarios(view)[0].cells
    assert (b.says, b.erased, c.as_there, c.erased_there) == (None, True, None, True)
    (promise,), (meeting,) = promises(view).promises, meetings(view)
    assert (promise.note, promise.note_erased, meeting.erased) == (None, True, [s.number("h")])
    (table, *_), (_, so_far) = scenarios_sheet(view, "de").tables, meetings_sheet(view, "de").tables
    assert (Content(None),) in table.rows[0][2]
    assert any("Texte gelöscht" in str(part) for cell in so_far.rows[0] for line in cell for part in line)


def test_what_may_already_be_so_stands_beside_what_is():
    s = story(
        d=decided(),
        e=decided("e", PERHAPS, replaces="d"),
        f=decided("f", PERHAPS, confirms="d"),
        v=told({"type": "plan-adopted", "plan": "v", "name": "V"}, "2018"),
        w=told({"type": "plan-adopted", "plan": "w", "name": "W", "replaces": "v"}, PERHAPS),
        **matrix("a"),
        one=assessed("a", PERHAPS, says="viel"),
        off=told({"type": "scenario-rejected", "scenario": "a"}, PERHAPS),
        fb=told({"type": "feedback-received", "kind": "wish", "what": "W"}, "2018"),
        an=told({"type": "feedback-answered", "feedback": "fb", "outcome": "noted", "answer": "A"}, PERHAPS),
    )
    view = s.view(MAY)
    first, version = decisions(view).decisions[0], plan(view).versions[0]
    assert (first.replaced_by, first.perhaps_replaced_by) == ([], [s.number("e")])
    assert (first.confirmed_by, first.perhaps_confirmed_by) == ([], [s.number("f")])
    assert (version.replaced_by, version.perhaps_replaced_by) == (None, s.number("w"))
    (found,) = scenarios(view)
    assert (found.cells[0].state, found.cells[0].order_not_known) == ("not-assessed", [s.number("one")])
    assert (found.scenarios[0].standing, found.scenarios[0].perhaps_rejected_by) == ("open", s.number("off"))
    assert open_items(view).feedback[0].perhaps_answered_by == [s.number("an")]


def test_a_goal_has_a_gap_when_what_served_it_was_given_up_abandoned_or_is_only_possible():
    s = story(
        **{id_: goal(id_, "strategic", "2017") for id_ in ("a", "b", "c")},
        under=goal("u", "leitziel", "2017", under="a"),
        off=revised("u", "2018", how="given-up"),
        m=told({"type": "measure-planned", "measure": "m", "name": "M", "goals": ["b"]}, "2017"),
        no=told({"type": "measure-reported", "measure": "m", "status": "abandoned"}, "2018"),
        n=told({"type": "measure-planned", "measure": "n", "name": "N", "goals": ["c"]}, PERHAPS),
    )
    assert plan(s.view(MAY)).goals_without_measures == ["a", "b", "c"]
    assert plan(s.view(IS)).goals_without_measures == ["a", "b"]


def test_goals_that_would_serve_each_other_by_open_dates_stand_by_themselves():
    s = story(
        k=goal("k", "leitziel", "2017"),
        a=goal("a", "leitziel", "2017"),
        b=goal("b", "leitziel", "2017", under="a"),
        off=revised("b", "[2018..2019]", under="k"),
        up=revised("a", "2018", under="b"),
    )

    def stands(day):
        return {g.id: (g.under, g.in_ring) for g in plan(s.view(day)).goals}

    assert stands("2018-12-31") == {"k": (None, False), "a": (None, True), "b": (None, True)}
    assert stands(TODAY) == {"k": (None, False), "b": ("k", False), "a": ("b", False)}


def test_an_account_that_was_corrected_is_dated_by_the_day_its_date_was_stated():
    s = Story(noon("2018-01-01")).given(opened=OPENED, a=told({"type": "context-noted", "what": "A"}, "2016"))
    s.given(noon("2020-05-05"), fix=corrected("a", told({"type": "context-noted", "what": "A"}, "[2017..]")))
    s.given(
        noon("2020-05-06"),
        b=told({"type": "context-noted", "what": "B"}, "2016"),
        x=told(
            {"type": "claim-disputed", "claim": "a", "against": "b", "topic": "T", "how": "contradicts"}, "2020-05-06"
        ),
    )
    (found,) = disputes(s.view(TODAY))
    assert found.claim.stated.last.isoformat() == "2020-05-05"


def test_a_withdrawn_entry_stands_in_the_timeline_where_its_last_date_puts_it():
    noted = {"type": "context-noted"}
    s = story(
        a=told({**noted, "what": "A"}, "2018"),
        b=told({**noted, "what": "B"}, "2016"),
        c=told({**noted, "what": "C"}, "2017"),
        fix=corrected("a", told({**noted, "what": "A"}, "2015-06")),
        off=withdrawn("a"),
    )
    assert [line.headline for line in timeline(s.view(TODAY)) if line.type == "context-noted"] == ["A", "B", "C"]
