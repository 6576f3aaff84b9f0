"""How complete the record is: where dates come from, and which entries lack a source, a reason or a method.

A number that can be checked: every count comes with the entries behind it.
"""

from collections.abc import Collection

from pydantic import Field

from domain.decisions import DecisionTaken
from domain.meetings import MeetingPlanned
from domain.publication import Telling
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
    told = {n: view.form(n).telling for n in sorted(view.order) if view.certain(n)}
    steps = {n: telling.step for n, telling in told.items()}
    decisions = {n: step for n, step in steps.items() if isinstance(step, DecisionTaken)}
    dates: dict[str, list[int]] = {"stated": [], "derived": [], "unknown": []}
    for number, telling in told.items():
        dates[date_basis(telling)].append(number)
    return Completeness(
        total=len(told),
        dates=dates,
        without_source=_lacking(told, [n for n, telling in told.items() if not telling.sources]),
        without_reason=_lacking(told, [n for n in told if _without_reason(view, n)]),
        reason_not_recorded=[n for n, telling in told.items() if telling.because == "not-recorded"],
        without_account=_lacking(told, [n for n, telling in told.items() if telling.asserted_by is None]),
        decisions_without_method=_lacking(decisions, [n for n, d in decisions.items() if d.method == "unrecorded"]),
        decisions_without_decider=_lacking(decisions, [n for n, d in decisions.items() if not d.by]),
    )


def _without_reason(view: View, number: int) -> bool:
    form = view.form(number)
    erased = view.effective.by_number[form.told_by].erased
    return not form.telling.because and form.telling.grounds is None and not erased


def date_basis(telling: Telling) -> str:
    """Where the date comes from that matters to a reader."""
    if isinstance(telling.step, MeetingPlanned):
        return "stated"
    return "unknown" if telling.occurred is None else telling.occurred.basis


def _lacking(everything: Collection[int], entries: list[int]) -> Lacking:
    return Lacking(entries=entries, of=len(everything))
