"""How complete the record is: where dates come from, and which entries lack a source, a reason or a method.

A number that can be checked: every count comes with the entries behind it.
"""

from pydantic import Field

from domain.decisions import DecisionTaken
from domain.meetings import MeetingPlanned
from domain.publication import Telling
from domain.replay import Form
from domain.view import View, once
from projections.telling import Shown


class Lacking(Shown):
    """Entries that lack something, out of those that could have it."""

    entries: list[int]
    of: int


class Completeness(Shown):
    """The record up to the view's day, corrected entries in their last form.

    A date is `stated` where the source states it: for a meeting that was announced that is the time it is to begin.
    """

    total: int
    dates: dict[str, list[int]] = Field(description="entries by the basis of their date: stated, derived, unknown")
    without_source: Lacking
    without_reason: Lacking = Field(
        description="neither a cause nor grounds; whether there were any before its texts were erased, nobody can say"
    )
    reason_not_recorded: list[int] = Field(description="the office states that no reason is recorded")
    without_account: Lacking = Field(description="nobody is named whose account it is")
    decisions_without_method: Lacking
    decisions_without_decider: Lacking


@once
def completeness(view: View) -> Completeness:
    """What is documented and what is not, among all that had happened for certain by the day."""
    told = [number for number in sorted(view.order) if view.certain(number)]
    dates: dict[str, list[int]] = {"stated": [], "derived": [], "unknown": []}
    lacking: dict[str, list[int]] = {name: [] for name in ("source", "reason", "account", "method", "decider")}
    not_recorded: list[int] = []
    decisions = 0
    for number in told:
        form = view.form(number)
        telling, step = form.telling, form.telling.step
        dates[date_basis(telling)].append(number)
        not_recorded += [number] if telling.because == "not-recorded" else []
        lacks = {
            "source": not telling.sources,
            "reason": _without_reason(form),
            "account": telling.asserted_by is None,
        }
        if isinstance(step, DecisionTaken):
            decisions += 1
            lacks |= {"method": step.method == "unrecorded", "decider": not step.by}
        for name, is_so in lacks.items():
            lacking[name] += [number] if is_so else []
    return Completeness(
        total=len(told),
        dates=dates,
        without_source=Lacking(entries=lacking["source"], of=len(told)),
        without_reason=Lacking(entries=lacking["reason"], of=len(told)),
        reason_not_recorded=not_recorded,
        without_account=Lacking(entries=lacking["account"], of=len(told)),
        decisions_without_method=Lacking(entries=lacking["method"], of=decisions),
        decisions_without_decider=Lacking(entries=lacking["decider"], of=decisions),
    )


def _without_reason(form: Form) -> bool:
    """Grounds that were erased had been given."""
    return not form.telling.because and form.telling.grounds is None and not form.source.erased


def date_basis(telling: Telling) -> str:
    """Where the date comes from that matters to a reader."""
    if isinstance(telling.step, MeetingPlanned):
        return "stated"
    return "unknown" if telling.occurred is None else telling.occurred.basis
