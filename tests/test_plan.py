"""The plan: goals, measures and the versions that were adopted of it all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.publishing import needed
from tests.office import contradiction, why
from tests.story import alliance, corrected, level, published, story, told, withdrawn


def goal(id_="ziel", when="2017", **fields):
    return told({"type": "goal-adopted", "goal": id_, "kind": "leitziel", "text": "Weniger versiegeln"} | fields, when)


def revised(id_="ziel", when="2018", **fields):
    return told({"type": "goal-revised", "goal": id_, **fields}, when)


def measure(id_="massnahme", when="2018", **fields):
    return told({"type": "measure-planned", "measure": id_, "name": "Gründächer"} | fields, when)


def reported(status, when="2019", measure="massnahme", **fields):
    return told({"type": "measure-reported", "measure": measure, "status": status, **fields}, when)


def plan(id_="plan-1", when="2019", **fields):
    return told({"type": "plan-adopted", "plan": id_, "name": "Zukunftsplan"} | fields, when)


def indicator(id_="kennzahl", when="2017"):
    step = {
        "type": "indicator-defined",
        "indicator": id_,
        "name": "N",
        "definition": "D",
        "unit": "%",
        "data_source": "Q",
    }
    return told(step, when)


def decided(id_="beschluss", when="2017"):
    return told({"type": "decision-taken", "decision": id_, "text": "Beschlossen"}, when)


def attribute(s, day, id_, name):
    return s.on(day, id_).attributes[name].value


# ---- goals ----------------------------------------------------------------------------------------------------------


def test_a_goal_serves_another_and_keeps_what_a_revision_does_not_mention():
    s = story(top=goal("leitbild", kind="leitbild"), other=goal("anderes"), aim=goal(under="leitbild"))
    s.given(
        words=revised(text="Gar nicht mehr versiegeln"), place=revised(when="2019", under="anderes", kind="strategic")
    )
    assert [attribute(s, day, "ziel", "under") for day in ("2017-12-31", "2018-12-31", "2019-12-31")] == [
        "leitbild", "leitbild", "anderes",
    ]  # fmt: skip
    assert [attribute(s, day, "ziel", "kind") for day in ("2018-12-31", "2019-12-31")] == ["leitziel", "strategic"]
    assert s.on("2017-12-31", "ziel").name.value == s.number("aim")
    assert s.on("2019-12-31", "ziel").name.value == s.number("words")


@pytest.mark.parametrize("how", ["achieved", "given-up"])
def test_a_goal_that_was_reached_or_given_up_is_there_no_more(how):
    s = story(aim=goal(), over=revised(when="2019", how=how))
    assert [s.on(day, "ziel").counted for day in ("2019-12-30", "2019-12-31")] == [True, False]
    assert why(s, revised(when="2020", how=how)) == [contradiction("ended-twice", 3, 4, subject="ziel")]
    assert why(s, revised(when="2020", text="Neu")) == [contradiction("order", 4, 3)]
    assert why(s, goal("neu", "2020", under="ziel")) == [contradiction("order", 4, 3)]
    s.given(at_last=revised(when="2019", text="Fast", how="revised"))


def test_a_revision_changes_something():
    s = story(aim=goal())
    assert why(s, revised()) == [("nothing-changed", "/step", {"subject": "ziel"})]
    place = "/step/text"
    assert why(s, revised(renamed=True)) == [("text-missing", place, {"field": place})]
    s.given(words=revised(text="Neu"), kind=revised(kind="strategic"), over=revised(how="achieved"))


@pytest.mark.parametrize("how", ["achieved", "given-up"])
def test_what_is_over_with_the_step_that_places_it_stands_in_no_ring(how):
    s = story(a=goal("a"), b=goal("b", under="a"))
    s.given(over=revised("a", how=how, under="b"))
    assert not s.on("2019-01-01", "a").counted


def test_a_text_given_is_a_rewording_whatever_else_is_said():
    s = story(aim=goal(), words=revised(text="Neu", renamed=False))
    assert s.on("2019-01-01", "ziel").name.value == s.number("words")


def test_a_goal_does_not_serve_itself():
    wrong = [("goal-under-itself", "/step", {"goal": "ziel"})]
    assert why(story(), goal(under="ziel")) == wrong
    assert why(story(aim=goal()), revised(under="ziel")) == wrong


def test_goals_do_not_serve_each_other_in_a_ring():
    s = story(a=goal("a"), b=goal("b", under="a"), c=goal("c", under="b"))
    assert why(s, revised("a", under="b")) == [contradiction("parent-circle", 3, 5)]
    assert why(s, revised("a", under="c")) == [contradiction("parent-circle", 3, 4, 5)]
    s.given(other=goal("d"), out=revised("b", "2018", under="d"), fine=revised("a", "2019", under="b"))
    assert why(s, withdrawn("out")) == [contradiction("parent-circle", 3, 7)]


def test_where_the_dates_leave_it_open_whether_goals_come_to_serve_each_other_there_is_a_hint():
    s = story(a=goal("a"), b=goal("b", under="a"), d=goal("d"), out=revised("b", "2019", under="d"))
    s.given(perhaps=revised("a", "[2018..2020]", under="b"))
    assert "ring-possible" in s.hints


def test_a_goal_is_adopted_after_the_one_it_serves():
    s = story(top=goal("leitbild", "2018"))
    assert why(s, goal(when="2017", under="leitbild")) == [contradiction("order", 2, 3)]
    assert why(s, goal(when="2018", under="keines")) == [contradiction("unknown", 3, subject="keines")]
    s.given(same_year=goal(when="2018", under="leitbild"))
    assert why(s, withdrawn("top")) == [contradiction("unknown", 3, subject="leitbild")]


def test_a_goal_may_speak_of_a_level_that_came_later_and_of_a_decision():
    s = story(op=level("operativ", "2019"), d=decided(), w=alliance("wiall"))
    s.given(aim=goal(level="operativ", decision="beschluss", by=["wiall"]))
    assert s.hints == []
    assert why(s, goal("b", level="wiall")) == [contradiction("wrong-kind", 6, subject="wiall")]
    assert why(s, goal("b", theme="operativ")) == [contradiction("wrong-kind", 6, subject="operativ")]
    assert needed(s.log, [s.number("aim")], s.at) == [s.number(key) for key in ("opened", "op", "d", "w")]


def test_a_goal_has_words():
    assert why(story(), goal(text=None)) == [("text-missing", "/step/text", {"field": "/step/text"})]


def test_of_two_revisions_in_one_year_it_is_not_known_which_words_hold_until_somebody_says_so():
    s = story(aim=goal(), one=revised(text="Eins"))
    s.given(two=revised(text="Zwei"))
    assert s.hints == ["order-open"]
    assert s.on("2019-01-01", "ziel").name.rivals
    s.given(
        cured=corrected("two", told({"type": "goal-revised", "goal": "ziel", "text": "Zwei"}, "2018", after=["one"]))
    )
    assert (s.on("2019-01-01", "ziel").name.value, s.on("2019-01-01", "ziel").name.rivals) == (s.number("two"), ())


# ---- measures -------------------------------------------------------------------------------------------------------


def test_a_measure_is_planned_started_and_completed():
    s = story(m=measure(), go=reported("started", "2019"), on=reported("in-progress", "2020", share=40))
    s.given(done=reported("completed", "2021", share=100))
    days = ("2018-12-31", "2019-12-31", "2020-12-31", "2021-12-31")
    assert [attribute(s, day, "massnahme", "status") for day in days] == [
        "planned",
        "started",
        "in-progress",
        "completed",
    ]
    assert [s.on(day, "massnahme").counted for day in days] == [True, True, True, False]


@pytest.mark.parametrize("over", ["completed", "abandoned"])
def test_what_is_completed_or_abandoned_is_not_reported_on_any_more(over):
    s = story(m=measure(), done=reported(over, "2019-06-01"))
    assert why(s, reported("in-progress", "2019-06-02")) == [contradiction("order", 4, 3)]
    assert why(s, reported("abandoned", "2020")) == [contradiction("ended-twice", 3, 4, subject="massnahme")]
    s.given(same_day=reported("in-progress", "2019-06-01"), late=reported("started", "2018-11"))
    assert attribute(s, "2019-01-01", "massnahme", "status") == "started"


def test_where_the_dates_leave_it_open_a_report_comes_before_the_end():
    s = story(m=measure(), done=reported("completed", "2019-06-01"), open=reported("in-progress", None))
    assert s.room("open") == ("2018-01-01", "2019-06-01")
    s.given(about=reported("started", "2019-07~"))
    assert "approximate-order" in s.hints


@pytest.mark.parametrize(("share", "code"), [(-1, "field-too-small"), (1.5, "field-number"), ("40", "field-number")])
def test_a_share_is_a_whole_number_of_per_cent(share, code):
    s = story(m=measure(), none=reported("started", share=0), all=reported("in-progress", share=100))
    (found,) = why(s, reported("in-progress", share=share))
    assert found[:2] == (code, "/step/share")


def test_what_is_completed_is_done_as_a_whole():
    s = story(m=measure())
    part = {"measure": "massnahme", "share": 99}
    assert why(s, reported("completed", share=99)) == [("completed-in-part", "/step", part)]
    s.given(some=reported("in-progress", share=99), all=reported("completed", "2020", share=100))
    story(m=measure(), done=reported("completed"), other=measure("b"), off=reported("abandoned", measure="b", share=20))


def test_a_measure_names_what_it_is_for_and_who_is_responsible():
    s = story(aim=goal(), i=indicator(), w=alliance("wiall"), d=decided())
    fields = {"goals": ["ziel"], "indicators": ["kennzahl"], "responsible": ["wiall"], "carried_by": "wiall"}
    s.given(m=measure(**fields, decision="beschluss"))
    for field in ("goals", "indicators", "responsible"):
        assert why(s, measure("b", **{field: ["beschluss"]})) == [contradiction("wrong-kind", 7, subject="beschluss")]
        twice = measure("b", **{field: fields[field] * 2})
        assert why(s, twice) == [("named-twice", f"/step/{field}", {"subject": fields[field][0]})]
    assert why(s, measure("b", carried_by="ziel")) == [contradiction("wrong-kind", 7, subject="ziel")]
    assert needed(s.log, [s.number("m")], s.at) == [s.number(key) for key in ("opened", "aim", "i", "w", "d")]


def test_a_measure_may_be_planned_for_a_goal_that_is_adopted_later():
    s = story(aim=goal(when="2020"), m=measure(goals=["ziel"]))
    assert s.hints == []
    assert s.room("m") == ("2018-01-01", "2018-12-31")


def test_planned_dates_are_facts_and_may_lie_ahead_and_be_typed_in_words():
    s = story(m=measure(begins="im Frühjahr 2027", ends="Ende 2029"))
    step = s.log.by_number[s.number("m")].statement.step
    assert (step.begins, step.ends) == ("2027-21", "[2029-09..2029-12]")
    assert not s.hints


@pytest.mark.parametrize(
    ("typed", "code"),
    [("demnächst", "date-not-understood"), ("unbekannt", "date-not-understood"), ("2027/28", "date-ambiguous"),
     ("31.2.2027", "date-no-such-day")],
)  # fmt: skip
@pytest.mark.parametrize("field", ["begins", "ends"])
def test_a_planned_date_that_is_not_understood_is_asked_back_at_its_place(field, typed, code):
    ((found, place, _),) = why(story(), measure(**{field: typed}))
    assert (found, place) == (code, f"/step/{field}")


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("2029", "2027"),
        ("2027-06-02", "2027-06-01"),
        ("[2028..]", "2027"),
        ("2028/2029", "../2027"),
    ],
)
def test_a_measure_is_not_planned_to_end_before_it_begins(begins, ends):
    said = {"begins": begins, "ends": ends}
    assert why(story(), measure(**said)) == [("ends-before-it-begins", "/step", said)]


@pytest.mark.parametrize(
    ("begins", "ends"),
    [("2027", "2027"), ("2027-06-01", "2027-06-01"), ("[..2029]", "2027"), ("2027/2029", "2028"), ("2027-06", "2027")],
)
def test_where_the_planned_dates_leave_it_open_a_measure_may_end_after_it_begins(begins, ends):
    story(m=measure(begins=begins, ends=ends), one=measure("b", ends=ends), other=measure("c", begins=begins))


@pytest.mark.parametrize("amount", ["1.234", "12,50", "-5", "1e3", ""])
def test_a_cost_is_an_amount_of_money(amount):
    (found,) = why(story(), measure(cost_eur=amount))
    assert found[:2] == ("field-pattern", "/step/cost_eur")
    story(m=measure(cost_eur="125000.50"))


# ---- versions of the plan -------------------------------------------------------------------------------------------


def test_a_version_of_the_plan_takes_the_place_of_the_one_before():
    s = story(one=plan(), two=plan("plan-2", "2021", replaces="plan-1"))
    assert [s.on(day, "plan-1").counted for day in ("2020-12-31", "2021-12-31")] == [True, False]
    assert s.on("2021-12-31", "plan-2").counted
    assert why(s, plan("plan-3", "2022", replaces="plan-1")) == [contradiction("ended-twice", 3, 4, subject="plan-1")]
    assert why(s, plan("plan-3", "2020", replaces="plan-2")) == [contradiction("order", 3, 4)]
    assert why(s, plan("plan-3", "2022", replaces="plan-0")) == [contradiction("unknown", 4, subject="plan-0")]
    assert why(s, plan("plan-3", "2022", replaces="plan-3")) == [
        ("refers-to-itself", "/step/replaces", {"subject": "plan-3"})
    ]


@pytest.mark.parametrize(("field", "id_"), [("goals", "ziel"), ("measures", "massnahme"), ("indicators", "kennzahl")])
def test_what_stands_in_a_plan_is_known_and_of_the_right_kind(field, id_):
    s = story(aim=goal(), m=measure(), i=indicator(), p=plan("plan-0"))
    assert why(s, plan(**{field: ["nichts"]})) == [contradiction("unknown", 6, subject="nichts")]
    assert why(s, plan(**{field: ["plan-0"]})) == [contradiction("wrong-kind", 6, subject="plan-0")]
    assert why(s, plan(**{field: [id_, id_]})) == [("named-twice", f"/step/{field}", {"subject": id_})]
    s.given(plan=plan(**{field: [id_]}))
    key = {"ziel": "aim", "massnahme": "m", "kennzahl": "i"}[id_]
    assert why(s, withdrawn(key)) == [contradiction("unknown", 6, subject=id_)]


def test_an_update_of_the_plan_may_list_what_was_reached_completed_or_dropped_before():
    s = story(aim=goal(), off=revised(when="2019", how="achieved"), m=measure(), done=reported("completed", "2019"))
    s.given(p=plan(when="2021", goals=["ziel"], measures=["massnahme"]))
    assert s.hints == []
    assert s.on("2022-01-01", "plan-1").counted


def test_a_version_in_the_middle_is_not_withdrawn():
    s = story(
        one=plan(), two=plan("plan-2", "2020", replaces="plan-1"), three=plan("plan-3", "2021", replaces="plan-2")
    )
    assert why(s, withdrawn("two")) == [contradiction("unknown", 4, subject="plan-2")]
    s.given(off=withdrawn("three"))
    assert s.on("2022-01-01", "plan-2").counted


def test_a_plan_goes_public_with_all_that_stands_in_it():
    s = story(aim=goal(), m=measure(), i=indicator(), d=decided(), one=plan())
    s.given(doc=told({"type": "document-added", "document": "heft", "title": "Heft"}, "2019"))
    fields = {"goals": ["ziel"], "measures": ["massnahme"], "indicators": ["kennzahl"], "document": "heft"}
    s.given(two=plan("plan-2", "2021", replaces="plan-1", decision="beschluss", **fields))
    asked = [s.number(key) for key in ("opened", "aim", "m", "i", "d", "one", "doc")]
    assert why(s, published("two")) == [("not-public-along", "/step/targets", {"entries": asked})]
    assert why(s, plan("plan-3", document="beschluss")) == [contradiction("wrong-kind", 9, subject="beschluss")]


@given(st.permutations(["planned", "started", "in-progress", "completed"]))
def test_in_whatever_order_reports_are_recorded_they_are_read_in_the_order_they_happened(order):
    years = {"planned": "2018", "started": "2019", "in-progress": "2020", "completed": "2021"}
    s = story(m=measure(when="2018"))
    for status in order:
        if status != "planned":
            s.record([(status, reported(status, years[status]))])
    for status, year in years.items():
        assert attribute(s, f"{year}-12-31", "massnahme", "status") == status
