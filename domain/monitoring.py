"""Monitoring: which indicators there are, which are in use, and what was measured.

A value belongs to a period and a unit and is kept apart from the profile of its indicator: an indicator that is
measured in another way from now on is a new one, which `continues` the old.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from domain.errors import invalid
from domain.fields import Decimal, Id, Ids, Model, Quantity, RequiredText, Text
from domain.german_dates import PlannedDate
from domain.meaning import Assignment, Meaning, parties, use
from domain.schemes import Perspective
from domain.step import Step

Unit = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-Za-zÄÖÜäöüßµ²³%€°/·.()\[\]-]{1,20}$"),
    Field(examples=["%", "t/a", "EUR", "Zahl"]),
]
"""A unit of measurement, without blanks: readings are compared by it."""


class Value(Model):
    """A value and the period it is about."""

    value: Decimal
    period: PlannedDate


class IndicatorDefined(Step):
    """The profile of an indicator. Only name, definition, unit and source of its data must be known.

    `direction` says what is good: `higher`, `lower`, or a `range`. `effect` is the stage it measures: input, process,
    output, outcome or impact. `baseline` is where it stood, `target` where it is to get.
    """

    type: Literal["indicator-defined"] = "indicator-defined"
    indicator: Id
    name: RequiredText = None
    definition: RequiredText = None
    unit: Unit
    data_source: RequiredText = None
    calculation: Text = None
    direction: Literal["higher", "lower", "range"] | None = None
    effect: Literal["input", "process", "output", "outcome", "impact"] | None = None
    perspective: Perspective | None = None
    goal: Id | None = None
    theme: Id | None = None
    baseline: Value | None = None
    target: Value | None = None
    rhythm: Literal["monthly", "quarterly", "half-yearly", "yearly", "biennial", "once", "irregular"] | None = None
    area: Text = None
    limits: Text = None
    responsible: Id | None = None
    continues: Id | None = None

    def meaning(self) -> Meaning:
        responsible = () if self.responsible is None else parties(self.responsible)
        return Meaning(
            founds=((self.indicator, "indicator"),),
            names=use("goal", self.goal) + use("theme", self.theme) + use("indicator", self.continues) + responsible,
            assigns=(Assignment(self.indicator, "name"), Assignment(self.indicator, "unit", self.unit)),
        )


class IndicatorSelected(Step):
    """Indicators were taken into use; `count` where the source tells only how many."""

    type: Literal["indicator-selected"] = "indicator-selected"
    indicators: Ids = ()
    count: Quantity | None = None
    instrument: Id | None = None
    by: Ids = ()
    note: Text = None

    @model_validator(mode="after")
    def _selects_something(self) -> Self:
        if not self.indicators and self.count is None:
            raise invalid("nothing-selected")
        most = None if self.count is None or self.count.approximate else self.count.at_most
        if most is not None and most < len(self.indicators):
            raise invalid("more-indicators-than-counted", indicators=len(self.indicators), count=most)
        return self

    def meaning(self) -> Meaning:
        return Meaning(
            uses=use("indicator", *self.indicators),
            names=use("instrument", self.instrument) + parties(*self.by),
            assigns=tuple(Assignment(indicator, "status", "selected") for indicator in self.indicators),
        )


class IndicatorDropped(Step):
    """An indicator is no longer used."""

    type: Literal["indicator-dropped"] = "indicator-dropped"
    indicator: Id
    note: Text = None

    def meaning(self) -> Meaning:
        return Meaning(ends=use("indicator", self.indicator))


class IndicatorMeasured(Step):
    """A reading: the value of an indicator for a period, in the unit that its profile asks for.

    It may be older than the profile, or come after the indicator was dropped: old series and late figures are real.
    """

    type: Literal["indicator-measured"] = "indicator-measured"
    indicator: Id
    value: Decimal
    unit: Unit
    period: PlannedDate
    by: Ids = ()
    note: Text = None

    def meaning(self) -> Meaning:
        return Meaning(
            names=use("indicator", self.indicator) + parties(*self.by),
            agrees=(Assignment(self.indicator, "unit", self.unit),),
        )
