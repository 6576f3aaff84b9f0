"""Figures of a process: by hand in small examples, and in every world that its open dates leave."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args

from hypothesis import given, reject, settings
from hypothesis import strategies as st

from adapters.sheets.analytics import (
    ANALYSES,
    FIGURES,
    PARTS,
    analytics_sheet,
    figure_label,
    part_label,
)
from adapters.sheets.early_warnings import UNITS, WARNINGS
from adapters.sheets.early_warnings import found as said_of
from adapters.sheets.parts import Speaker
from domain.entry import read, seal
from domain.errors import Refused
from domain.record import Salts
from domain.replay import Effective, effective
from domain.view import View
from domain.words import NOT_COMPUTABLE
from projections.analytics.figures import Reason, bounds, counted
from projections.analytics.report import report
from projections.early_warnings import Code, early_warnings
from tests.histories import histories
from tests.laws_registers import SOME_DAYS
from tests.office import ordinal
from tests.story import (
    OPENED,
    Story,
    alliance,
    dropped,
    ended,
    lab,
    level,
    moved,
    published,
    story,
    told,
    withdrawn,
)

TODAY = "2026-11-22"
ACROSS = {
    *("load.actors", "load.gini", "load.top", "overlap.jaccard", "overlap.coefficient"),
    *("network.actors", "network.density", "continuity.retention", "continuity.newcomers"),
    *("breadth.known", "breadth.evenness", "breadth.diversity"),
}
"""Figures across actors that say how many of them, or what would tell that."""


def actor(id_, **fields):
    return told({"type": "actor-registered", "actor": id_, "kind": "company", "name": id_.upper(), **fields}, "2016")


def held(meeting, attended=None, when="2018-01-01", /, **fields):
    step = {"type": "meeting-held", "meeting": meeting, **fields}
    return told(step if attended is None else {**step, "attended": {"actors": [*attended]}}, when)


def heard(when="2018-01-01", **more):
    return told({"type": "feedback-received", "kind": "concern", "what": "Zu viel"}, when, **more)


def answered(feedback, when="2018-02-01", outcome="taken-up", **more):
    step = {"type": "feedback-answered", "feedback": feedback, "outcome": outcome, "answer": "Ja"}
    return told(step, when, **more)


def decided(id_, when="2018", method="consent", **more):
    return told({"type": "decision-taken", "decision": id_, "text": "So", "method": method}, when, **more)


def figures(story_, day=TODAY, *, public=False):
    """The figures on a day, by their place on the page."""
    return {figure.anchor: figure for figure in report(story_.view(day), public=public).figures()}


def parts(story_, day=TODAY, *, public=False):
    found = report(story_.view(day), public=public)
    return {part.id: part for each in found.analyses for part in (*each.breakdowns, *each.curves)}


def rows(part):
    return {row.label or row.about[0].id: (row.value.at_least, row.value.at_most) for row in part.rows if row.value}


# ---- nothing is nothing, and never 0 ------------------------------------------------------------------------------


def test_what_cannot_be_computed_has_a_reason_and_no_number():
    found = figures(story())
    reasons = {id_: figure.reason for id_, figure in found.items() if figure.value is None}
    assert reasons == {
        "load-recorded": "no-sessions",
        "load-actors": "no-attendance",
        "load-gini": "no-attendance",
        "load-top": "no-attendance",
        "load-persons": "no-attendance",
        "continuity-retention": "no-attendance",
        "continuity-newcomers": "no-attendance",
        "continuity-stay": "no-attendance",
        "degree-on-scale": "no-ratings",
        "degree-median": "no-ratings",
        "response-answer-share": "no-feedback",
        "response-answer-median": "no-feedback",
        "response-change-share": "no-feedback",
        "response-change-median": "no-feedback",
        "response-reasoned": "not-answered",
        "traceability-reason": "no-structural-changes",
        "traceability-not-recorded": "no-structural-changes",
        "traceability-decision": "no-structural-changes",
        "traceability-evidence": "no-structural-changes",
        "traceability-full": "no-structural-changes",
        "traceability-decision-cited": "no-structural-changes",
        "traceability-evidence-cited": "no-structural-changes",
        "traceability-full-cited": "no-structural-changes",
        "traceability-decisions": "no-decisions",
        "traceability-feedback": "no-feedback",
        "traceability-findings": "no-entries",
        "fulfilment-kept": "no-commitments",
        "fulfilment-kept-in-part": "no-commitments",
        "fulfilment-delay": "no-commitments",
        "volatility-rate": "no-structure",
        "volatility-distance": "no-structure",
        "volatility-lifetime": "no-structure",
        "methods-unrecorded": "no-decisions",
        "options-said": "no-scenarios",
        "breadth-known": "no-attendance",
        "breadth-evenness": "no-attendance",
        "breadth-diversity": "no-attendance",
        "breadth-dissimilarity": "no-attendance",
        "breadth-divergence": "no-attendance",
        "network-density": "no-attendance",
        "network-actors": "no-attendance",
        "publication-delay": "not-reached",
    }
    assert {figure.value is None for figure in found.values() if figure.reason is not None} == {True}


@given(histories())
@settings(max_examples=25)
def test_every_history_has_a_report_in_words_and_each_number_its_entries(office):
    for day in SOME_DAYS:
        view = View(office.log, day)
        for public in (True, False):
            found = report(view, public=public)
            for figure in found.figures():
                assert (figure.value is None) == (figure.reason is not None), figure.id
                assert set(figure.entries) <= set(view.effective.by_number)
                assert figure.entries == sorted(set(figure.entries))
                if public and figure.id in ACROSS:
                    assert figure.value is None or figure.unit != "count" or figure.value.at_least >= 5
            anchors = [figure.anchor for figure in found.figures()]
            assert len(anchors) == len(set(anchors))
            for language in ("de", "en"):
                assert analytics_sheet(found, language).tables


def test_every_code_has_words():
    assert set(NOT_COMPUTABLE) == set(get_args(Reason))
    for table in (FIGURES, PARTS, NOT_COMPUTABLE):
        assert all(german and english and german != english for german, english in table.values())
    found = report(story().view(TODAY), public=False)
    assert set(WARNINGS) == set(UNITS) == set(get_args(Code))
    assert set(ANALYSES) == {analysis.id for analysis in found.analyses}
    assert figure_label("degree.iap2.observed") == FIGURES["degree.observed"]
    assert part_label("options.set-1.states") == PARTS["options.states"]


# ---- in every world that open dates leave --------------------------------------------------------------------------

BEGUN = ordinal("2018-03-01")
WITHIN = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(sorted)
ACTORS = "abcd"


@st.composite
def records(draw):
    """Statements with open dates, by key, and for each a place between the first and the last of its days."""
    found = {}
    for i in range(draw(st.integers(1, 3))):
        found[f"b{i}"] = (draw(WITHIN), lambda when, i=i: alliance(f"b{i}", when, level="oben" if i else "unten"))
    for i in range(draw(st.integers(0, 5))):
        there, body = draw(st.frozensets(st.sampled_from(ACTORS), min_size=1)), f"b{draw(st.integers(0, 2))}"
        more = {"bodies": [body] if body in found else [], "invited": {"actors": [*ACTORS]}}
        found[f"m{i}"] = (draw(WITHIN), lambda when, i=i, t=there, m=more: held(f"m{i}", sorted(t), when, **m))
    for i in range(2):
        if f"b{i}" in found and draw(st.booleans()):
            to = draw(st.sampled_from(["oben", "unten"]))
            found[f"v{i}"] = (draw(WITHIN), lambda when, i=i, to=to: moved(f"b{i}", when, level=to))
    for i in range(draw(st.integers(0, 3))):
        found[f"f{i}"] = (draw(WITHIN), heard)
        if draw(st.booleans()):
            found[f"r{i}"] = (draw(WITHIN), lambda when, i=i: answered(f"f{i}", when))
    if "b1" in found and draw(st.booleans()):
        cause = ["f0"] if "f0" in found else "not-recorded"
        found["end"] = (draw(WITHIN), lambda when, c=cause: {**ended("b1", when), "because": c})
    for i in range(draw(st.integers(0, 2))):
        method = draw(st.sampled_from(["consent", "unrecorded"]))
        found[f"d{i}"] = (draw(WITHIN), lambda when, i=i, m=method: decided(f"d{i}", when, m))
    return found, {key: draw(st.floats(0, 1)) for key in found}


def recorded(found, days):
    """The record with these days for its dates."""
    base = {"oben": level("oben", "2016"), "unten": level("unten", "2016"), **{a: actor(a) for a in ACTORS}}
    return story(**base, **{key: tell(days[key]) for key, (_, tell) in found.items()})


def admitted(found, days):
    """The same, where it is possible at all: nothing is answered before it was asked."""
    try:
        return recorded(found, days)
    except Refused:
        reject()


def iso(day):
    return date.fromordinal(day).isoformat()


def one_world(vague, found, parts_of):
    """A day for every entry, among those that the others leave it."""
    days = {}
    for key in sorted(found, key=lambda key: ("rve".find(key[0]), key)):  # what needs another comes after it
        room = vague.view(TODAY).room(vague.number(key))
        first = max(room.first, *(days[other] for other in _needs(key) if other in days), 0)
        days[key] = first + round(parts_of[key] * (room.last - first))
    return {key: iso(day) for key, day in days.items()}


def _needs(key):
    return {"r": [f"f{key[1:]}"], "v": [f"b{key[1:]}"], "e": ["b1", "v1"]}.get(key[0], [])


ALWAYS = (
    *("load.meetings", "load.recorded", "load.actors", "load.gini", "load.top", "overlap.jaccard"),
    *("overlap.coefficient", "response.answer.share", "response.change.share", "traceability.reason"),
    *(
        "traceability.evidence",
        "traceability.feedback",
        "traceability.full-cited",
        "volatility.changes",
        "volatility.rate",
        "volatility.distance",
        "methods.unrecorded",
    ),
)
"""Figures that count what is only perhaps so; all others are over what is certain, and say over how much."""


@given(records(), st.integers(-1, 11))
@settings(max_examples=40)
def test_in_every_world_each_figure_lies_in_its_range(given_, at):
    found, parts_of = given_
    vague = admitted(found, {key: f"[{iso(BEGUN + a)}..{iso(BEGUN + b)}]" for key, ((a, b), _) in found.items()})
    exact = recorded(found, one_world(vague, found, parts_of))
    day = iso(BEGUN + at)
    ranges, true = figures(vague, day), figures(exact, day)
    for anchor, figure in true.items():
        if figure.value is None or anchor.startswith(("recording", "publication", "dating")):
            continue
        other = ranges[anchor]
        certain = other.n is not None and other.n.at_least == other.n.at_most == figure.n.at_most
        if figure.id == "continuity.stay":
            certain = at >= 9  # all meetings were over
        if figure.id in ALWAYS or certain:
            assert other.value is not None, anchor
            assert other.value.at_least - 2e-6 <= figure.value.at_least, anchor
            most = other.value.at_most
            assert most is None or (figure.value.at_most is not None and figure.value.at_most <= most + 2e-6), anchor


# ---- load ---------------------------------------------------------------------------------------------------------


def test_load_counts_the_meetings_of_eighteen_months_and_of_several_told_as_one_at_least_one():
    s = story(
        **{id_: actor(id_) for id_ in "ab"},
        old=held("m1", "ab", "2018-05-30"),
        new=held("m2", "ab", "2018-12-01"),
        row=held("m3", "a", "2019-01/2019-03", meetings=4),
        edge=held("m4", "a", "[2018-05-01..2018-08-01]"),
        words=told({"type": "meeting-held", "meeting": "m5", "attended": {"in_words": "viele"}}, "2019-05-01"),
    )
    found, by_actor = figures(s, "2019-11-30"), rows(parts(s, "2019-11-30")["load.by-actor"])
    assert by_actor == {"a": (2, 6), "b": (1, 1)}
    assert found["load-meetings"].value == bounds(6, 7)
    assert found["load-recorded"].value == bounds(2 / 3, 3 / 4)
    assert found["load-actors"].value == counted(2)
    assert found["load-gini"].value == bounds(1 / 6, 5 / 14)


def test_the_window_of_load_moves_on_from_quarter_to_quarter():
    s = story(
        **{id_: actor(id_) for id_ in "ab"},
        m1=held("m1", "ab", "2018-02-01"),
        m2=held("m2", "a", "2018-05-01"),
        m3=held("m3", "a", "[2018-06-25..2018-07-05]"),
    )
    found = parts(s, "2018-08-15")
    days = ("2018-03-31", "2018-06-30", "2018-08-15")
    for part, values in (
        ("load.series-meetings", ((1, 1), (2, 3), (3, 3))),
        ("load.series-highest", ((1, 1), (2, 3), (3, 3))),
        ("load.series-gini", ((0, 0), (0.166667, 0.25), (0.25, 0.25))),
    ):
        assert rows(found[part]) == dict(zip(days, values, strict=True)), part
    assert [row.label for row in parts(s, "2020-01-31")["load.series-gini"].rows][-2:] == ["2019-12-31", "2020-01-31"]
    assert len(parts(s)["load.series-gini"].rows) == 29, "seven years of quarters, and the day"
    late = rows(parts(s, "2020-01-31")["load.series-meetings"])
    assert late["2019-09-30"] == (2, 2), "eighteen months before it is not within"


def test_the_public_sees_no_highest_load_and_no_window_with_fewer_than_five():
    few, many = (parts(crowd(6, count), public=True) for count in (4, 5))
    assert [row.reason for row in few["load.series-gini"].rows] == ["small-cell"] * len(few["load.series-gini"].rows)
    assert [row.reason for row in many["load.series-gini"].rows][-1] is None
    assert (many["load.series-highest"].rows, many["load.series-highest"].reason) == ([], "small-cell")


def test_whom_a_source_calls_invited_or_there_may_have_been_there():
    s = story(
        a=actor("a"),
        m=told({"type": "meeting-held", "meeting": "m", "invited_or_attended": {"actors": ["a"]}}, "2026-05-01"),
    )
    assert rows(parts(s)["load.by-actor"]) == {"a": (0, 1)}
    assert figures(s)["load-actors"].value == bounds(0, 1)


def test_persons_are_counted_apart_from_organisations():
    step = {"type": "meeting-held", "meeting": "m", "attended": {"actors": ["a"], "persons": {"at_least": 20}}}
    found = figures(story(a=actor("a"), m=told(step, "2026-05-01")))
    assert (found["load-actors"].value, found["load-persons"].value) == (counted(1), bounds(20, float("inf")))


def test_a_load_that_a_finding_states_stands_beside_and_is_not_worked_on():
    load = {"meetings": {"at_least": 7}, "months": 18, "counted": "invited-or-attended"}
    s = story(f=told({"type": "finding-recorded", "kind": "load", "what": "Viel", "load": load}, "2018"))
    assert rows(parts(s, public=True)["load.stated"]) == {"invited-or-attended": (7, None)}
    assert figures(s)["load-gini"].reason == "no-attendance"


# ---- overlap, continuity ------------------------------------------------------------------------------------------


def on_two_levels(*more):
    return story(
        **{id_: actor(id_) for id_ in "abcdefg"},
        oben=level("oben"),
        unten=level("unten"),
        x=alliance("x", "2017", level="oben"),
        y=alliance("y", "2017", level="unten"),
        z=lab("z", "2017", parent="y"),
        **dict(more),
    )


def test_who_takes_part_on_two_levels_is_in_both_and_what_is_only_perhaps_widens_the_range():
    s = on_two_levels(
        ("m1", held("m1", "abcd", bodies=["x"])),
        ("m2", held("m2", "bc", bodies=["z"])),
        ("m3", held("m3", "a", "[2018-06-01..2018-12-31]", bodies=["y"])),
    )
    found = figures(s, "2018-07-01")
    assert found["overlap-jaccard-oben-unten"].value == bounds(0.5, 0.75)
    assert found["overlap-coefficient-oben-unten"].value == bounds(2 / 3, 1)
    assert found["overlap-jaccard-oben-unten"].n == counted(4)


def test_who_met_when_a_body_may_have_moved_already_was_on_either_level():
    s = on_two_levels(
        ("m1", held("m1", "a", "2018-06-01", bodies=["x"])),
        ("move", moved("x", "[2018-01-01..2018-12-31]", level="unten")),
        ("m2", held("m2", "a", "2018-01-01", bodies=["y"])),
        ("m3", held("m3", "b", "2017-06-01", bodies=["x"])),
    )
    assert rows(parts(s)["overlap.participants"]) == {"oben": (1, 2), "unten": (1, 1)}
    assert figures(s)["overlap-jaccard-oben-unten"].value == bounds(0, 0.5)


def test_a_meeting_counts_for_the_level_its_body_stood_on_then():
    s = on_two_levels(
        ("m1", held("m1", "ab", "2018-01-01", bodies=["x"])),
        ("move", moved("x", "2018-06-01", level="unten")),
        ("m2", held("m2", "cd", "2018-09-01", bodies=["x"])),
    )
    assert rows(parts(s)["overlap.participants"]) == {"oben": (2, 2), "unten": (2, 2)}


def test_who_was_at_a_level_that_was_given_up_still_counts():
    s = on_two_levels(
        ("m1", held("m1", "ab", bodies=["x"])),
        ("m2", held("m2", "ab", bodies=["y"])),
        ("drop", dropped("unten", "2019", {"subject": "y", "to": "placed", "parent": "x"})),
    )
    assert figures(s)["overlap-jaccard-oben-unten"].value == bounds(1)


def test_retention_is_who_comes_again_and_newcomers_are_who_never_came_before():
    s = on_two_levels(
        ("m1", held("m1", "abc", "2018-01-01", bodies=["x"])),
        ("m2", held("m2", "bcd", "2018-02-01", bodies=["x"])),
        ("m3", held("m3", "ad", "2018-03-01", bodies=["x"])),
    )
    found = figures(s)
    assert found["continuity-retention"].value == bounds(3 / 6)
    assert found["continuity-newcomers"].value == bounds(1 / 5)
    assert found["continuity-retention"].n == counted(2)


def test_of_meetings_whose_order_is_not_known_no_retention_is_made():
    s = on_two_levels(("m1", held("m1", "ab", "2018", bodies=["x"])), ("m2", held("m2", "ab", "2018", bodies=["x"])))
    assert figures(s)["continuity-retention"].reason == "order-not-known"


def test_a_meeting_of_an_unknown_day_may_lie_between_two_others_or_be_the_first():
    two = {"m1": held("m1", "ab", "2018-01-01", bodies=["x"]), "m2": held("m2", "ab", "2018-02-01", bodies=["x"])}
    assert figures(on_two_levels(*two.items()))["continuity-retention"].value == bounds(1)
    for when, open_ in (("2018", True), ("[2017-06-01..2018-01-10]", True), ("2018-02", False), ("2017", False)):
        s = on_two_levels(*two.items(), ("m3", held("m3", "c", when, bodies=["x"])))
        for anchor in ("continuity-retention", "continuity-newcomers"):
            assert (figures(s)[anchor].reason == "order-not-known") is open_, when


def test_where_the_last_meetings_are_not_known_it_is_open_who_is_gone():
    missed = {"invited": {"actors": ["a", "b"]}, "attended": {"actors": ["b"]}}
    later = {f"m{i}": held(f"m{i}", None, f"2018-0{i}-01", bodies=["x"], **missed) for i in (2, 3, 4)}
    when = "[2017-12-01..2018-12-31]"
    s = on_two_levels(*later.items(), ("m0", held("m0", "ab", when, bodies=["x"])))
    steps = parts(s)["continuity.stay"].steps
    assert (steps[0].day, steps[0].at_least, steps[-1].at_most) == (0, 0, 1)
    held_late = held("m5", "ab", "[2018-01-15..2018-12-31]", bodies=["x"])
    s = on_two_levels(*later.items(), ("m0", held("m0", "ab", "2018-01-10", bodies=["x"])), ("m5", held_late))
    assert (parts(s)["continuity.stay"].ended, figures(s)["continuity-stay"].n) == (0, counted(2))
    early = held("m5", "c", "[2018-01-15..2018-12-31]", bodies=["x"])
    s = on_two_levels(*later.items(), ("m0", held("m0", "ab", "2018-01-10", bodies=["x"])), ("m5", early))
    assert parts(s)["continuity.stay"].ended == 0, "the fourth may have been among the last three"
    s = on_two_levels(*later.items(), ("m0", held("m0", "ab", "2018-01-10", bodies=["x"])))
    assert parts(s)["continuity.stay"].ended == 1


def test_gone_is_who_was_invited_three_times_and_did_not_come():
    missed = {"invited": {"actors": ["a", "b"]}, "attended": {"actors": ["b"]}}
    later = {f"m{i}": held(f"m{i}", None, f"2018-0{i}-01", bodies=["x"], **missed) for i in (2, 3, 4)}
    s = on_two_levels(("m0", held("m0", "ab", "2018-01-01", bodies=["x"])), *later.items())
    curve = parts(s)["continuity.stay"]
    assert (curve.n, curve.ended, [(step.day, step.at_least) for step in curve.steps]) == (2, 1, [(0, 0.5)])
    s = on_two_levels(("m0", held("m0", "ab", "2018-01-01", bodies=["x"])), *[*later.items()][:2])
    assert "continuity.stay" not in parts(s), "two are not enough"


# ---- degrees ------------------------------------------------------------------------------------------------------


def rated(term, when="2018", scheme="wright9", stage="observed", **fields):
    step = {"type": "participation-rated", "about": ["x"], "observed": "So", "stage": stage}
    return told({**step, "degree": {"scheme": scheme, "term": term}, **fields}, when)


def test_degrees_have_a_distribution_and_a_middle_and_scales_are_never_mixed():
    s = on_two_levels(
        ("r1", rated("3")), ("r2", rated("4", group=["a"])), ("r3", rated("9")), ("r4", rated("involve", scheme="iap2"))
    )
    found = figures(s)
    assert found["degree-wright9-observed"].value == bounds(4)
    assert found["degree-iap2-observed"].value == bounds(3)
    assert found["degree-wright9-deciding"].value == bounds(1 / 3)
    assert found["degree-wright9-intended"].reason == "no-ratings"
    spread = {row.term.term: row.value.at_least for row in parts(s)["degree.wright9.distribution"].rows}
    assert [spread[str(n)] for n in range(1, 10)] == [0, 0, 1, 1, 0, 0, 0, 0, 1]
    by = parts(s)["degree.wright9.by-activity"].rows
    assert [([n.id for n in row.about], row.value.at_least, row.value.at_most, row.n) for row in by] == [
        (["x"], 3, 9, 2),
        (["x", "a"], 4, 4, 1),
    ]
    spread = parts(s)["degree.wright9.in-activity"].rows
    assert [([n.id for n in row.about], row.term.term, row.value.at_least, row.n) for row in spread] == [
        (["x"], "3", 1, 2),
        (["x"], "9", 1, 2),
        (["x", "a"], "4", 1, 1),
    ]


def test_degrees_are_told_apart_by_who_rated():
    s = on_two_levels(
        ("r1", rated("3", by=["a"])), ("r2", rated("3", by=["a"])), ("r3", rated("6", by=["b"])), ("r4", rated("2"))
    )
    found = [
        ([n.id for n in row.about], row.term.term, row.value.at_least)
        for row in parts(s)["degree.wright9.by-rater"].rows
    ]
    assert found == [(["a"], "3", 2), (["b"], "6", 1), ([], "2", 1)]


# ---- response and traceability ------------------------------------------------------------------------------------


def test_feedback_without_an_answer_counts_and_the_answer_of_an_unknown_day_is_a_range():
    s = story(
        f1=heard("2018-01-01"),
        a1=answered("f1", "2018-01-11", because=["f1"]),
        f2=heard("2018-01-01"),
        a2=answered("f2", "[2018-01-21..2018-02-10]", "declined"),
        f3=heard("2018-01-01"),
    )
    found = figures(s)
    assert found["response-answer-share"].value == bounds(2 / 3)
    assert found["response-answer-median"].value == bounds(20, 40)
    steps = parts(s)["response.answer"].steps
    assert [(step.day, step.at_least, step.at_most) for step in steps] == [
        (10, 0.666667, 0.666667),
        (20, 0.333333, 0.666667),
        (40, 0.333333, 0.333333),
    ]
    assert found["response-reasoned"].value == bounds(0.5)
    assert rows(parts(s)["response.fate"]) == {
        **dict.fromkeys(("taken-up", "declined", "open"), (1, 1)),
        **dict.fromkeys(("taken-up-in-part", "noted", "answered"), (0, 0)),
    }
    assert figures(s, "2018-01-25")["response-answer-share"].value == bounds(1 / 3, 2 / 3)
    assert rows(parts(s, "2018-01-25")["response.fate"])["declined"] == (0, 1)


def test_a_change_of_structure_answers_feedback_only_where_it_names_it():
    s = story(
        f=heard("2018-01-01"),
        near=alliance("x", "2018-01-02"),
        cites={**alliance("y", "2018-03-02"), "because": ["f"]},
        other=heard("2018-01-01"),
    )
    found = figures(s)
    assert found["response-change-share"].value == bounds(0.5)
    assert parts(s)["response.change"].steps[0].day == 60
    (span,) = next(a for a in report(s.view(TODAY), public=False).analyses if a.id == "response").spans
    assert (span.cause, span.effect, span.at_least_days) == (s.number("f"), s.number("cites"), 60)


def test_the_way_back_leads_over_as_many_causes_as_it_takes():
    s = story(
        f=heard("2018-01-01"),
        d={**decided("d", "2018-02-01"), "because": ["f"]},
        full={**alliance("x", "2018-03-01"), "because": ["d"]},
        reason=told({"type": "alliance-founded", "body": "y"}, "2018-03-01", because=(), grounds="Weil"),
        none=alliance("z", "2018-03-01"),
    )
    found = figures(s)
    three = {name: found[f"traceability-{name}"].value for name in ("reason", "decision", "evidence", "full")}
    assert three == {"reason": bounds(2 / 3), **dict.fromkeys(("decision", "evidence", "full"), bounds(1 / 3))}
    assert found["traceability-not-recorded"].value == bounds(1 / 3)
    assert found["traceability-decisions"].value == found["traceability-feedback"].value == bounds(1)


def test_a_change_cites_what_stands_among_its_own_causes():
    s = story(
        f=heard("2018-01-01"),
        d={**decided("d", "2018-02-01"), "because": ["f"]},
        far={**alliance("x", "2018-03-01"), "because": ["d"]},
        near={**alliance("y", "2018-03-01"), "because": ["d", "f"]},
    )
    found = figures(s)
    of = ("decision", "evidence", "full", "decision-cited", "evidence-cited", "full-cited")
    assert [found[f"traceability-{name}"].value.at_least for name in of] == [1, 1, 1, 1, 0.5, 0.5]


def test_what_came_of_feedback_only_perhaps_and_what_led_only_perhaps_is_a_range():
    s = story(f=heard("2018-01-01"), x={**alliance("x", "[2018-03-01..2018-12-31]"), "because": ["f"]})
    assert figures(s, "2018-06-01")["traceability-feedback"].value == bounds(0, 1)
    assert figures(s)["traceability-feedback"].value == bounds(1)
    s = story(
        f=heard("2018-01-01"),
        d={**decided("d", "[2018-03-01..2018-12-31]"), "because": ["f"]},
        x={**alliance("x", "2018-04-01"), "because": ["d"]},
    )
    found = figures(s, "2018-06-01")
    of = ("decision", "evidence", "full", "decision-cited")
    assert [found[f"traceability-{name}"].value for name in of] == [bounds(0, 1)] * 4
    assert found["traceability-reason"].value == bounds(1), "it names a cause, whenever that was"


def test_erased_grounds_were_given_where_a_change_had_to_have_them_and_else_nobody_can_say():
    s = story(
        reason=told({"type": "alliance-founded", "body": "y"}, "2018-03-01", because=(), grounds="Weil"),
        none=alliance("z", "2018-03-01"),
        f=heard(),
        a=answered("f", because=(), grounds="Weil"),
        b=answered("f", because=()),
    )
    before = figures(s)
    for key in ("reason", "a"):
        s.erase(key)
    after = figures(s)
    assert before["traceability-reason"].value == after["traceability-reason"].value == bounds(0.5)
    assert (before["response-reasoned"].value, after["response-reasoned"].value) == (bounds(0.5), bounds(0, 0.5))


MAY_HAVE_HAD_GROUNDS = {"response.reasoned", "traceability.reason", "traceability.full", "traceability.full-cited"}


@given(histories(), st.data())
@settings(max_examples=30)
def test_erasing_texts_changes_no_figure_and_leaves_it_open_whether_there_were_grounds(office, data):
    gone = data.draw(st.frozensets(st.sampled_from([*office.log.by_number])))
    salts = Salts(b"f" * 32, b"i" * 32, b"t" * 32)
    erased = Effective(
        read(replace(seal(entry, salts), texts=None)) if entry.number in gone and not entry.about_entries else entry
        for entry in office.log.entries
    )
    for day in SOME_DAYS:
        before, after = (report(View(log, day), public=False) for log in (office.log, erased))
        for one, other in zip(before.figures(), after.figures(), strict=True):
            if one.id in MAY_HAVE_HAD_GROUNDS and one.value is not None:
                assert other.value.at_least <= one.value.at_least <= one.value.at_most <= other.value.at_most
            else:
                assert (one.id, one.value, one.n, one.entries) == (other.id, other.value, other.n, other.entries)
        numbers = [
            [[(row.value, row.entries) for row in p.rows] for a in r.analyses for p in a.breakdowns]
            for r in (before, after)
        ]
        assert numbers[0] == numbers[1]


# ---- commitments, structure, record -------------------------------------------------------------------------------


def made(id_, due=None, kind="promise", when="2018-01-01"):
    return told({"type": "commitment-made", "commitment": id_, "kind": kind, "text": "Ja", "due": due}, when)


def settled(id_, outcome, when="2018-02-01"):
    return told({"type": "commitment-settled", "commitment": id_, "outcome": outcome}, when)


def test_kept_is_a_share_of_what_was_due_and_what_is_silent_was():
    s = story(
        a=made("a"),
        b=made("b"),
        c=made("c", "2018"),
        d=made("d"),
        ka=settled("a", "kept"),
        kb=settled("b", "kept-in-part"),
    )
    found = figures(s)
    assert found["fulfilment-kept"].value == bounds(1 / 3)
    assert found["fulfilment-kept-in-part"].value == bounds(2 / 3)
    assert found["fulfilment-delay"].value == bounds(31)
    assert rows(parts(s)["fulfilment.standings"]) == {
        **dict.fromkeys(("kept", "kept-in-part", "silent", "open"), (1, 1)),
        **dict.fromkeys(("changed", "broken", "lapsed"), (0, 0)),
    }
    assert figures(story(d=made("d")))["fulfilment-kept"].reason == "none-due"


def test_volatility_is_changes_by_the_years_lived_and_the_distance_is_of_two_days():
    s = story(a=alliance("a", "2018-01-01"), b=alliance("b", "2018-01-01"), end=ended("b", "2019-01-01"))
    found = figures(s, "2020-01-01")
    assert found["volatility-changes"].value == counted(3)
    assert found["volatility-rate"].value == bounds(3 / ((730 + 365) / 365.25))
    assert found["volatility-distance"].value == bounds(0)
    assert figures(s, "2019-06-01")["volatility-distance"].value == bounds(0.5)
    assert found["volatility-lifetime"].value == bounds(365)
    assert rows(parts(s, "2020-01-01")["volatility.by-year"])["2018-12-31"] == (2, 2)
    vague = story(a=alliance("a", "2018-01-01"), end=ended("a", "[2018-06-01..2019-06-30]"))
    assert rows(parts(vague, "2020-01-01")["volatility.by-year"])["2018-12-31"] == (0, 1)


def test_the_lag_of_a_vague_date_is_a_range_and_an_unknown_one_has_no_upper_bound():
    s = story(a=heard("2026-11-20"), b=heard("2026-10"), c=heard(None))
    found = figures(s)
    assert figures(story(a=heard(None), b=heard(None)))["recording-lag"].value == bounds(0, float("inf"))
    assert found["recording-lag"].value == bounds((2 + 22) / 2, (52 + 3978) / 2)
    assert found["recording-soon"].value == bounds(1 / 4, 3 / 4)
    assert rows(parts(s)["dating.bases"]) == {"stated": (3, 3), "derived": (0, 0), "unknown": (1, 1)}


def test_corrections_are_told_per_hundred_entries_and_what_is_not_public_waits():
    s = story(a=heard(), b=heard(), gone=withdrawn("b"), pub=published("opened", "a"))
    found = figures(s)
    assert found["publication-withdrawals"].value == bounds(100 / 3)
    assert found["publication-corrections"].value == bounds(0)
    assert (found["publication-public"].value, found["publication-delay"].value) == (counted(2), bounds(0))


def test_what_publication_takes_does_not_ask_when_something_happened():
    """It ends with what is known: with `known_by`, or with the last entry."""
    s = Story(datetime(2019, 1, 10, tzinfo=UTC)).given(opened=OPENED, a=heard(), pub=published("opened"))
    s.given(datetime(2019, 1, 20, tzinfo=UTC), b=heard(), pub2=published("a"))
    of = ("publication-public", "publication-delay", "publication-corrections", "publication-withdrawals")
    found = [{id_: figures(s, day)[id_] for id_ in of} for day in ("2010-01-01", "2018-01-01", "2019-01-12", TODAY)]
    assert all(each == found[0] for each in found)
    assert found[0]["publication-public"].value == counted(2)
    delay = parts(s, "2018-01-01")["publication.delay"]
    assert [(step.day, step.at_least) for step in delay.steps] == [(0, 0.666667), (10, 0.0)]
    early = report(s.view(TODAY, known_by=datetime(2019, 1, 15, tzinfo=UTC)), public=False)
    assert next(f for f in early.figures() if f.id == "publication.public").value == counted(1)


def test_what_became_public_by_itself_since_the_last_entry_is_public_to_the_public():
    s = story(a=heard(), pub=published("opened", "a", not_before="2026-12-24T00:00:00Z"))
    after = datetime(2026, 12, 25, tzinfo=UTC)
    log = effective(s.log, published_by=after)
    found = {figure.id: figure for figure in report(View(log, log.day(after)), public=True).figures()}
    assert found["publication.public"].value == counted(2)


# ---- what was known by then ---------------------------------------------------------------------------------------

EARLY = datetime(2019, 1, 15, 12, tzinfo=UTC)


def early(**statements):
    """All of it recorded on 15 January 2019, and so known by then."""
    return Story(EARLY - timedelta(hours=1)).given(opened=OPENED, **statements)


def test_who_asks_what_was_known_then_is_told_nothing_of_how_long_it_waited_since():
    """One waited for 16 days; among those who wait on the 30th day it is not."""
    s = early(f1=heard("2018-12-30"), f2=heard("2018-06-01"), a2=answered("f2", "2018-07-01"))
    found = report(s.view(TODAY, known_by=EARLY), public=False)
    (curve,) = (curve for each in found.analyses for curve in each.curves if curve.id == "response.answer")
    assert [(step.day, step.at_least, step.at_most) for step in curve.steps] == [(30, 0, 0)]
    assert found.day == date(2019, 1, 15)
    assert parts(s)["response.answer"].steps[0].at_least == 0.5, "known since: it waits to this day"


def test_nothing_is_overdue_that_was_due_after_all_that_is_known():
    s = early(a=made("a", "2018-12"), b=made("b", "2020"))
    found = {figure.id: figure for figure in report(s.view(TODAY, known_by=EARLY), public=False).figures()}
    assert found["fulfilment.kept"].n == counted(1)
    assert figures(s)["fulfilment-kept"].n == counted(2)


@given(st.integers(0, 4000))
def test_a_day_after_all_that_is_known_asks_for_no_more_than_the_last_one_that_is(later):
    s = early(x=alliance("x", "2018-01-01"), a=actor("a"), m=held("m", "a", "2018-12-01", bodies=["x"]), b=made("b"))
    day = date(2019, 1, 15) + timedelta(days=later)
    at, last = (report(s.view(d, known_by=EARLY), public=False) for d in (day.isoformat(), "2019-01-15"))
    assert at == last


# ---- who sees what ------------------------------------------------------------------------------------------------


def crowd(count, attended):
    names = [f"a{i}" for i in range(count)]
    return story(**{id_: actor(id_) for id_ in names}, m=held("m", names[:attended], "2026-05-01"))


def test_the_office_sees_numbers_that_the_public_does_not():
    inside, outside = figures(crowd(6, 4)), figures(crowd(6, 4), public=True)
    assert inside["load-actors"].value == counted(4)
    for anchor in ("load-actors", "load-gini", "network-density", "network-actors"):
        assert (outside[anchor].value, outside[anchor].reason) == (None, "small-cell")
    assert outside["load-meetings"].value == inside["load-meetings"].value == counted(1)
    shown = figures(crowd(6, 6), public=True)
    assert shown["load-actors"].value == bounds(5, 9)
    assert shown["load-top"].reason == "small-cell", "the sixth would be the difference"
    assert parts(crowd(6, 6), public=True)["load.by-actor"].rows == []


def test_a_meeting_that_only_may_have_been_held_is_no_node_of_the_network():
    s = story(a=actor("a"), b=actor("b"), m=held("m", "a"), later=held("n", "ab", "[2018-06-01..2018-12-31]"))
    assert figures(s, "2018-07-01")["network-density"].value == bounds(1)
    assert figures(s)["network-density"].value == bounds(3 / 4)


# ---- early warnings -----------------------------------------------------------------------------------------------


def warned(story_, day=TODAY):
    return {each.code: each for each in early_warnings(story_.view(day))}


def test_load_that_rises_is_warned_of_and_what_is_only_perhaps_so_is_not():
    before = {f"v{i}": held(f"v{i}", "a", f"2018-0{i}-10") for i in (1, 2)}
    now = {f"n{i}": held(f"n{i}", "a", f"2018-0{i}-10") for i in (7, 8, 9)}
    s = story(a=actor("a"), **before, **now)
    assert warned(s, "2018-12-31") == {}
    vague = story(a=actor("a"), **before, **now, n4=held("n4", "a", "[2018-06-01..2018-10-10]"))
    assert warned(vague, "2018-12-31") == {}
    s = story(a=actor("a"), **before, **now, n4=held("n4", "a", "2018-10-10"))
    found = warned(s, "2018-12-31")["load-rising"]
    assert ([n.id for n in found.about], found.value, found.before, found.threshold) == (
        ["a"],
        counted(4),
        counted(2),
        4,
    )
    assert found.n == counted(4)
    assert len(found.entries) == 6
    s.given(w=held("w", "a", "[2017-06-01..2018-06-20]"))
    assert warned(s, "2018-12-31") == {}, "it may have been three before, and four are no half more"


def test_the_same_people_on_two_levels_of_the_day_are_warned_of():
    same = [("m1", held("m1", "abcd", bodies=["x"])), ("m2", held("m2", "abc", bodies=["y"]))]
    found = warned(on_two_levels(*same))["same-people"]
    assert ([n.id for n in found.about], found.value, found.n) == (["oben", "unten"], bounds(1), counted(3))
    assert (found.sizes, [n.id for n in found.actors]) == ([counted(4), counted(3)], ["a", "b", "c"])
    said = said_of(Speaker("de"), found)
    assert said == "100 % der kleineren Ebene; Akteure auf der ersten: 4, auf der zweiten: 3, sicher auf beiden: 3"
    gone = dropped("unten", "2019", {"subject": "y", "to": "placed", "parent": "x"})
    assert "same-people" not in warned(on_two_levels(*same, ("drop", gone)))


def test_feedback_that_stays_unanswered_is_warned_of_after_four_weeks():
    s = story(f1=heard("2018-01-01"), f2=heard("2018-01-01"), f3=heard("2018-01-01"), a=answered("f1", "2018-01-02"))
    assert "feedback-unanswered" not in warned(s, "2018-01-28")
    found = warned(s, "2018-01-29")["feedback-unanswered"]
    assert (found.value, found.n, found.entries) == (bounds(2 / 3), counted(3), [s.number("f2"), s.number("f3")])


def test_goals_without_measures_are_warned_of():
    goal = {"type": "goal-adopted", "goal": "z", "kind": "strategic", "text": "Mehr Grün"}
    s = story(z=told(goal, "2018"))
    found = warned(s)["goals-without-measures"]
    assert (found.value, found.n, found.entries) == (counted(1), counted(1), [s.number("z")])
    s.given(m=told({"type": "measure-planned", "measure": "m", "name": "Bäume", "goals": ["z"]}, "2019"))
    assert warned(s) == {}
