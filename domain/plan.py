"""The plan: what is aimed at (Leitbild, goals), what is done for it (measures), and the versions adopted of it all."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from domain.actors import naming
from domain.errors import invalid
from domain.fields import Id, Ids, RequiredText, Text
from domain.german_dates import PlannedDate
from domain.meaning import Assignment, Meaning, adopted, parties, use
from domain.process import Amount
from domain.schemes import Perspective
from domain.step import Step
from domain.when import stated

GoalKind = Literal["leitbild", "leitziel", "strategic", "operational"]
"""What a goal is: the Leitbild over all, a Leitziel, a strategic or an operational goal."""


class GoalAdopted(Step):
    """A goal was adopted; `under` is the goal it serves, `level` the level it was set for."""

    named_by: ClassVar[str] = "text"

    type: Literal["goal-adopted"] = "goal-adopted"
    goal: Id
    kind: GoalKind
    text: RequiredText = None
    under: Id | None = None
    level: Id | None = None
    theme: Id | None = None
    perspective: Perspective | None = None
    by: Ids = ()
    decision: Id | None = None

    @model_validator(mode="after")
    def _serves_another(self) -> Self:
        if self.under == self.goal:
            raise invalid("goal-under-itself", goal=self.goal)
        return self

    def meaning(self) -> Meaning:
        under = () if self.under is None else (Assignment(self.goal, "under", self.under),)
        return Meaning(
            founds=((self.goal, "goal"),),
            uses=use("goal", self.under),
            names=use("level", self.level)
            + use("theme", self.theme)
            + use("decision", self.decision)
            + parties(*self.by),
            assigns=(Assignment(self.goal, "name"), Assignment(self.goal, "kind", self.kind), *under),
            agrees=adopted(self.decision),
        )


class GoalRevised(Step):
    """A goal was put in other words, placed elsewhere, reached or given up; what is not given stays."""

    named_by: ClassVar[str] = "text"

    type: Literal["goal-revised"] = "goal-revised"
    goal: Id
    how: Literal["revised", "achieved", "given-up"] = "revised"
    renamed: bool = False
    text: Text = None
    kind: GoalKind | None = None
    under: Id | None = None
    by: Ids = ()
    decision: Id | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_given_text_rewords(cls, given: object) -> object:
        return naming(given, "text")

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.how == "revised" and not (self.renamed or self.kind or self.under):
            raise invalid("nothing-changed", subject=self.goal)
        if self.under == self.goal:
            raise invalid("goal-under-itself", goal=self.goal)
        return self

    def meaning(self) -> Meaning:
        goal = use("goal", self.goal)
        assigns = [Assignment(self.goal, "name")] if self.renamed else []
        for attribute, value in (("kind", self.kind), ("under", self.under)):
            if value is not None:
                assigns.append(Assignment(self.goal, attribute, value))
        return Meaning(
            ends=goal if self.how != "revised" else (),
            uses=(goal if self.how == "revised" else ()) + use("goal", self.under),
            names=use("decision", self.decision) + parties(*self.by),
            assigns=tuple(assigns),
            agrees=adopted(self.decision) if self.how == "revised" else (),  # a rejected proposal can end a goal
        )


class MeasurePlanned(Step):
    """A measure was planned: for which goals, by whom, from when to when.

    `begins` and `ends` are planned dates and facts of the plan; what came of it is reported. `carried_by` is the body
    that the measure is, for example a Reallabor.
    """

    type: Literal["measure-planned"] = "measure-planned"
    measure: Id
    name: RequiredText = None
    what: Text = None
    goals: Ids = ()
    responsible: Ids = ()
    carried_by: Id | None = None
    theme: Id | None = None
    begins: PlannedDate | None = None
    ends: PlannedDate | None = None
    priority: Literal["high", "medium", "low"] | None = None
    cost_eur: Amount | None = None
    indicators: Ids = ()
    decision: Id | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.begins is not None and self.ends is not None:
            begun, ended = stated(self.begins).begin, stated(self.ends)
            last = ended.end or ended.begin
            if begun.firm and last.firm and begun.first > last.last:  # "ca." never refuses (SEMANTICS 1.5)
                raise invalid("ends-before-it-begins", begins=self.begins, ends=self.ends)
        return self

    def meaning(self) -> Meaning:
        return Meaning(
            founds=((self.measure, "measure"),),
            names=use("goal", *self.goals)
            + parties(*self.responsible)
            + use("body", self.carried_by)
            + use("theme", self.theme)
            + use("indicator", *self.indicators)
            + use("decision", self.decision),
            assigns=(Assignment(self.measure, "name"), Assignment(self.measure, "status", "planned")),
            agrees=adopted(self.decision),
        )


class MeasureReported(Step):
    """Where a measure stands. Completed or abandoned, it has ended; `share` is how much is done, in per cent."""

    type: Literal["measure-reported"] = "measure-reported"
    measure: Id
    status: Literal["started", "in-progress", "completed", "abandoned"]
    share: Annotated[int, Field(ge=0, le=100, strict=True)] | None = None
    note: Text = None

    @model_validator(mode="after")
    def _completed_is_all_of_it(self) -> Self:
        if self.status == "completed" and self.share not in (None, 100):
            raise invalid("completed-in-part", measure=self.measure, share=self.share)
        return self

    def meaning(self) -> Meaning:
        measure = use("measure", self.measure)
        over = self.status in ("completed", "abandoned")
        return Meaning(
            ends=measure if over else (),
            uses=() if over else measure,
            assigns=(Assignment(self.measure, "status", self.status),),
        )


class PlanAdopted(Step):
    """A version of a plan was adopted, with its goals, measures and indicators; `replaces` is the version before.

    What is in it may be reached, completed or dropped already: an update of a plan lists that too.
    """

    type: Literal["plan-adopted"] = "plan-adopted"
    plan: Id
    name: RequiredText = None
    replaces: Id | None = None
    goals: Ids = ()
    measures: Ids = ()
    indicators: Ids = ()
    by: Ids = ()
    decision: Id | None = None
    document: Id | None = None

    def meaning(self) -> Meaning:
        return Meaning(
            founds=((self.plan, "plan"),),
            ends=use("plan", self.replaces),
            names=use("goal", *self.goals)
            + use("measure", *self.measures)
            + use("indicator", *self.indicators)
            + parties(*self.by)
            + use("decision", self.decision)
            + use("document", self.document),
            assigns=(Assignment(self.plan, "name"),),
            agrees=adopted(self.decision),
        )
