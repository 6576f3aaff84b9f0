"""The Zukunftsplan on a day: what is aimed at, what is done for it by whom, where it stands, which version holds."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from domain.plan import GoalAdopted, GoalRevised, MeasurePlanned, MeasureReported, PlanAdopted
from domain.replay import Form
from domain.view import View, once
from projections.telling import FromEntry, Named, Shown, by_subject, from_entry, name, named, told

GoalStanding = Literal["pursued", "achieved", "given-up"]


class Worded(Shown):
    """How a goal was worded, and by which entry."""

    entry: int
    text: str | None


class Goal(FromEntry):
    """A goal as it is worded on the day, with its earlier wordings; `revised_by` are the entries that changed it."""

    id: str
    kind: str
    text: str | None
    under: str | None = Field(description="the goal it serves, where that is known to the reader")
    level: list[Named]
    theme: list[Named]
    perspective: str | None
    by: list[Named]
    decision: list[Named]
    standing: GoalStanding
    ended_by: int | None = Field(description="the entry that says it was reached or given up")
    perhaps_ended_by: int | None = Field(description="one that may have said so by the day")
    in_ring: bool = Field(description="it would come to serve itself on the day, and so stands by itself")
    revised_by: list[int]
    order_not_known: list[int] = Field(description="entries about wording, kind or place that may have come last")
    wordings: list[Worded] = Field(description="all up to the day, the first one first; `text` is the last")
    measures: list[str] = Field(description="ids of the measures planned for it")


class Report(FromEntry):
    """Where a measure stood."""

    status: str
    share: int | None = Field(description="per cent done")
    note: str | None


class Measure(FromEntry):
    """A measure with its owners, its planned dates and all reports about it."""

    id: str
    name: str | None
    what: str | None
    goals: list[Named]
    responsible: list[Named]
    carried_by: list[Named]
    theme: list[Named]
    begins: str | None = Field(description="EDTF, as planned")
    ends: str | None = Field(description="EDTF, as planned")
    priority: str | None
    cost_eur: str | None
    indicators: list[Named]
    decision: list[Named]
    status: str
    share: int | None
    reports: list[Report]
    order_not_known: list[int] = Field(description="reports that may have come after the one that is shown")


class Version(FromEntry):
    """A version of a plan that was adopted; `replaced_by` is the entry of the one that took its place.

    What is in it is called as it was when it was adopted: later wordings do not move into an earlier version.
    """

    id: str
    name: str | None
    replaces: str | None
    replaced_by: int | None
    perhaps_replaced_by: int | None
    goals: list[Named]
    measures: list[Named]
    indicators: list[Named]
    by: list[Named]
    decision: list[Named]
    document: list[Named]


class Plan(Shown):
    """Goals, measures and versions; what has no counterpart is named, since a plan that hides its gaps misleads."""

    goals: list[Goal] = Field(description="what others serve comes before what serves it")
    measures: list[Measure]
    versions: list[Version]
    in_force: list[str] = Field(description="versions that hold on the day")
    goals_without_measures: list[str] = Field(description="strategic and operational goals pursued without a measure")
    measures_without_goals: list[str]


@once
def plan(view: View) -> Plan:
    """The plan on the view's day."""
    reported = by_subject(told(view, MeasureReported), "measure")
    revised = by_subject(told(view, GoalRevised), "goal")
    measures = [_measure(view, form, step, reported.get(step.measure, [])) for form, step in told(view, MeasurePlanned)]
    serving: dict[str, list[str]] = {}
    for_certain = {m.id for m in measures if not m.perhaps and m.status != "abandoned"}
    for measure in measures:
        for goal in measure.goals:
            serving.setdefault(goal.id, []).append(measure.id)
    adopted = list(told(view, GoalAdopted))
    found = [_goal(view, f, s, revised.get(s.goal, []), serving.get(s.goal, [])) for f, s in adopted]
    goals = _in_tree(_out_of_rings(found))
    versions = _versions(view)
    pursued = [goal for goal in goals if goal.standing == "pursued" and not goal.perhaps]
    served = {goal.under for goal in pursued}
    return Plan(
        goals=goals,
        measures=measures,
        versions=versions,
        in_force=[version.id for version in versions if version.replaced_by is None and not version.perhaps],
        goals_without_measures=[
            goal.id
            for goal in pursued
            if goal.kind in ("strategic", "operational")
            and not for_certain.intersection(goal.measures)
            and goal.id not in served
        ],
        measures_without_goals=[measure.id for measure in measures if not measure.goals],
    )


def _goal(
    view: View, form: Form, step: GoalAdopted, revisions: list[tuple[Form, GoalRevised]], measures: list[str]
) -> Goal:
    subject = view.state[step.goal]
    called = name(view, step.goal)
    readings = [view.read(subject, attribute) for attribute in ("kind", "under", "name")]
    kind, under = readings[0].value, readings[1].value
    ends = [(s.how, f.number) for f, s in revisions if s.how != "revised"]
    over = [(how, number) for how, number in ends if view.certain(number)]
    worded = [view.form(number) for number, _ in subject.assigned.get("name", ()) if view.certain(number)]
    return Goal(
        **from_entry(view, form),
        id=step.goal,
        kind=str(kind or step.kind),
        text=called.text,
        under=under if isinstance(under, str) and under in view.state else None,
        level=named(view, [step.level]),
        theme=named(view, [step.theme]),
        perspective=None if step.perspective is None else step.perspective.term,
        by=named(view, step.by),
        decision=named(view, [step.decision]),
        standing=_standing([how for how, _ in over]),
        ended_by=over[0][1] if over else None,
        perhaps_ended_by=ends[0][1] if ends and not over else None,
        in_ring=False,
        revised_by=[f.number for f, s in revisions if s.how == "revised" and view.certain(f.number)],
        order_not_known=sorted({number for reading in readings for number in reading.rivals}),
        wordings=[Worded(entry=f.number, text=f.telling.step.name_of(step.goal)) for f in worded],
        measures=measures,
    )


def _standing(over: Sequence[str]) -> GoalStanding:
    return "given-up" if "given-up" in over else "achieved" if "achieved" in over else "pursued"


def _out_of_rings(goals: list[Goal]) -> list[Goal]:
    """What would come to serve itself by open dates stands by itself, as a body would (SEMANTICS 5.4)."""
    under = {goal.id: goal.under for goal in goals}

    def serves_itself(goal: str) -> bool:
        passed, at = set[str](), under.get(goal)
        while at is not None and at not in passed and at != goal:
            passed.add(at)
            at = under.get(at)
        return at == goal

    return [
        goal.model_copy(update={"under": None, "in_ring": True}) if serves_itself(goal.id) else goal for goal in goals
    ]


def _in_tree(goals: list[Goal]) -> list[Goal]:
    """Every goal after the one it serves."""
    known = {goal.id for goal in goals}
    beneath: dict[str | None, list[Goal]] = {}
    for goal in goals:
        beneath.setdefault(goal.under if goal.under in known else None, []).append(goal)
    found: list[Goal] = []
    todo = list(reversed(beneath.get(None, ())))
    while todo:
        goal = todo.pop()
        found.append(goal)
        todo += reversed(beneath.get(goal.id, ()))
    return found


def _measure(view: View, form: Form, step: MeasurePlanned, reported: list[tuple[Form, MeasureReported]]) -> Measure:
    reports = [
        Report(
            **from_entry(view, f),
            status=s.status,
            share=s.share,
            note=s.note,
        )
        for f, s in reported
    ]
    certain = [report for report in reports if not report.perhaps]
    return Measure(
        **from_entry(view, form),
        id=step.measure,
        name=step.name,
        what=step.what,
        goals=named(view, step.goals),
        responsible=named(view, step.responsible),
        carried_by=named(view, [step.carried_by]),
        theme=named(view, [step.theme]),
        begins=step.begins,
        ends=step.ends,
        priority=step.priority,
        cost_eur=step.cost_eur,
        indicators=named(view, step.indicators),
        decision=named(view, [step.decision]),
        status=certain[-1].status if certain else "planned",
        share=certain[-1].share if certain else None,
        reports=reports,
        order_not_known=list(view.rivals([(r.entry, (r.status, r.share)) for r in reports])) if certain else [],
    )


def _versions(view: View) -> list[Version]:
    adopted = list(told(view, PlanAdopted))
    then = {form.number: view.on(min(view.day, view.room(form.number).last)) for form, _ in adopted}
    following = {s.replaces: f.number for f, s in adopted if s.replaces is not None}
    followed = {version: number for version, number in following.items() if view.certain(number)}
    return [
        Version(
            **from_entry(view, form),
            id=step.plan,
            name=step.name,
            replaces=step.replaces,
            replaced_by=followed.get(step.plan),
            perhaps_replaced_by=None if step.plan in followed else following.get(step.plan),
            goals=named(then[form.number], step.goals),
            measures=named(then[form.number], step.measures),
            indicators=named(then[form.number], step.indicators),
            by=named(view, step.by),
            decision=named(view, [step.decision]),
            document=named(view, [step.document]),
        )
        for form, step in adopted
    ]
