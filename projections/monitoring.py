"""Indicators with their profiles and readings; a corrected reading stands beside what was stated before."""

from typing import Literal

from domain.fields import Quantity
from domain.monitoring import IndicatorDefined, IndicatorDropped, IndicatorMeasured, IndicatorSelected, Value
from domain.publication import EntryCorrected
from domain.replay import Form
from domain.view import View, once
from domain.when import stated
from projections.telling import FromEntry, Named, Shown, from_entry, named, told


class Superseded(Shown):
    """What a reading said before a correction."""

    value: str
    unit: str
    period: str
    told_by: int


class Measured(FromEntry):
    """A reading. `before` holds what it said until it was corrected, the original first."""

    value: str
    unit: str
    period: str
    by: list[Named]
    note: str | None
    before: list[Superseded]


class Indicator(FromEntry):
    """An indicator: its profile, whether it is in use on the day, and its readings by period."""

    id: str
    name: str | None
    definition: str | None
    unit: str
    data_source: str | None
    calculation: str | None
    direction: str | None
    effect: str | None
    perspective: str | None
    goal: list[Named]
    theme: list[Named]
    baseline: Value | None
    target: Value | None
    rhythm: str | None
    area: str | None
    limits: str | None
    responsible: list[Named]
    continues: list[Named]
    standing: Literal["defined", "selected", "dropped"]
    dropped_by: int | None
    readings: list[Measured]


class Selection(FromEntry):
    """Indicators taken into use; `count` where only their number is told."""

    indicators: list[Named]
    count: Quantity | None
    instrument: list[Named]
    by: list[Named]
    note: str | None


class Monitoring(Shown):
    """All indicators and all selections of them."""

    indicators: list[Indicator]
    selections: list[Selection]


@once
def monitoring(view: View) -> Monitoring:
    """Indicators and readings on the view's day."""
    readings: dict[str, list[Measured]] = {}
    for form, step in told(view, IndicatorMeasured):
        readings.setdefault(step.indicator, []).append(_measured(view, form, step))
    selections = [_selection(view, form, step) for form, step in told(view, IndicatorSelected)]
    dropped = {step.indicator: form.number for form, step in told(view, IndicatorDropped)}
    chosen = {indicator.id for selection in selections if not selection.perhaps for indicator in selection.indicators}
    return Monitoring(
        indicators=[
            _indicator(
                view,
                form,
                step,
                readings.get(step.indicator, []),
                dropped_by=dropped.get(step.indicator),
                chosen=step.indicator in chosen,
            )
            for form, step in told(view, IndicatorDefined)
        ],
        selections=selections,
    )


def _measured(view: View, form: Form, step: IndicatorMeasured) -> Measured:
    return Measured(
        **from_entry(view, form),
        value=step.value,
        unit=step.unit,
        period=step.period,
        by=named(view, step.by),
        note=step.note,
        before=_before(view, form),
    )


def _before(view: View, form: Form) -> list[Superseded]:
    """The readings that later corrections in force have replaced."""
    entries = [view.effective.by_number[n] for n in (form.number, *view.effective.corrections_of(form.number))]
    found = []
    for entry in entries[:-1]:
        step = entry.statement.step
        step = step.corrected.step if isinstance(step, EntryCorrected) else step
        if isinstance(step, IndicatorMeasured):
            found.append(Superseded(value=step.value, unit=step.unit, period=step.period, told_by=entry.number))
    return found


def _indicator(
    view: View, form: Form, step: IndicatorDefined, readings: list[Measured], *, dropped_by: int | None, chosen: bool
) -> Indicator:
    gone = dropped_by is not None and view.certain(dropped_by)
    return Indicator(
        **from_entry(view, form),
        id=step.indicator,
        name=step.name,
        definition=step.definition,
        unit=step.unit,
        data_source=step.data_source,
        calculation=step.calculation,
        direction=step.direction,
        effect=step.effect,
        perspective=None if step.perspective is None else step.perspective.term,
        goal=named(view, [step.goal]),
        theme=named(view, [step.theme]),
        baseline=step.baseline,
        target=step.target,
        rhythm=step.rhythm,
        area=step.area,
        limits=step.limits,
        responsible=named(view, [step.responsible]),
        continues=named(view, [step.continues]),
        standing="dropped" if gone else "selected" if chosen else "defined",
        dropped_by=dropped_by,
        readings=sorted(readings, key=_by_period),
    )


def _by_period(reading: Measured) -> tuple[int, int, int]:
    period = stated(reading.period)
    return period.begin.first, (period.end or period.begin).last, reading.entry


def _selection(view: View, form: Form, step: IndicatorSelected) -> Selection:
    return Selection(
        **from_entry(view, form),
        indicators=named(view, step.indicators),
        count=step.count,
        instrument=named(view, [step.instrument]),
        by=named(view, step.by),
        note=step.note,
    )
