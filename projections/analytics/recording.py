"""How contemporary the record is: how long after it happened something was recorded, and after that made public.

The lag of an entry is the day of recording minus the day it happened, a range where its date is one; so is its median.
The delay of publication is by Kaplan and Meier (1958): what is not public is censored, and the public sees none of it.
It ends with what is known and not with the view's day, which asks when something happened: with the day that `known_by`
or `published_by` ends with, or else with that of the last entry.
Corrections and withdrawals are told per 100 entries. Where dates come from says how exact all the other figures can be.
"""

from math import inf
from typing import Final

from domain.publication import EntryCorrected, EntryWithdrawn
from domain.view import View
from domain.when import FAR, OPEN
from projections.analytics.figures import Analysis, Breakdown, Figure, Reason, Row, bounds, counted, middle, share
from projections.analytics.survival import Spell, median, survival
from projections.completeness import completeness

SOON: Final = 30
"""An entry that was recorded within so many days counts as contemporary."""


def recording(view: View) -> Analysis:
    """The lag of everything that had happened for certain by the view's day."""
    numbers = sorted(number for number in view.order if view.certain(number))
    lags = [_lag(view, number) for number in numbers]
    soon, late = sum(most <= SOON for _, most in lags), sum(least > SOON for least, _ in lags)
    reason: Reason | None = None if numbers else "no-entries"
    n = counted(len(numbers))
    return Analysis(
        id="recording",
        figures=[
            Figure(id="recording.lag", unit="days", value=middle(lags), reason=reason, n=n, entries=numbers),
            Figure(
                id="recording.soon",
                unit="share",
                value=share(soon, late, unsure=len(lags) - soon - late),
                reason=reason,
                n=n,
                entries=numbers,
            ),
        ],
    )


def _lag(view: View, number: int) -> tuple[float, float]:
    log, room = view.effective, view.room(number)
    recorded = log.day(log.by_number[number].recorded_at)
    return max(0, recorded - room.last), recorded - room.first if room.first > OPEN else inf


def publication(view: View, *, public: bool) -> Analysis:
    """How soon entries were public, and how many of them were corrected or withdrawn.

    All that the public sees is public, though nothing may have been recorded since.
    """
    log = view.effective
    until = FAR if public else view.known_until or max((log.day(e.recorded_at) for e in log.entries[-1:]), default=0)
    told = [entry for entry in log.entries if not entry.about_entries]
    numbers = [entry.number for entry in told]
    spells = []
    published = []
    for entry in told:
        recorded, since = log.day(entry.recorded_at), log.public_from(entry.number)
        at = None if since is None else log.day(since)
        if at is not None and at <= until:
            published.append(entry.number)
            spells.append(Spell(at - recorded, at - recorded, ended=True))
        else:
            spells.append(Spell(until - recorded, until - recorded, ended=False))
    curve = survival("publication.delay", spells)
    half = median(curve)
    corrected = [e.number for e in log.entries if e.step_class is EntryCorrected and log.in_force(e.number)]
    withdrawn = [e.number for e in log.entries if e.step_class is EntryWithdrawn and log.in_force(e.number)]
    none: Reason | None = None if told else "no-entries"
    n = counted(len(told))
    return Analysis(
        id="publication",
        figures=[
            Figure(id="publication.public", unit="count", value=counted(len(published)), n=n, entries=published),
            Figure(
                id="publication.delay",
                unit="days",
                value=half,
                reason=None if half is not None else "not-reached" if spells else "no-entries",
                n=counted(len(spells)),
                entries=numbers,
            ),
            Figure(
                id="publication.corrections",
                unit="per-100",
                value=bounds(100 * len(corrected) / len(told)) if told else None,
                reason=none,
                n=n,
                entries=corrected,
            ),
            Figure(
                id="publication.withdrawals",
                unit="per-100",
                value=bounds(100 * len(withdrawn) / len(told)) if told else None,
                reason=none,
                n=n,
                entries=withdrawn,
            ),
        ],
        curves=[curve] if curve.steps else [],
    )


def dating(view: View) -> Analysis:
    """Where the dates come from of what had happened for certain by the view's day."""
    found = completeness(view)
    stated = found.dates["stated"]
    return Analysis(
        id="dating",
        figures=[
            Figure(
                id="dating.stated",
                unit="share",
                value=share(len(stated), found.total - len(stated)),
                reason=None if found.total else "no-entries",
                n=counted(found.total),
                entries=stated,
            )
        ],
        breakdowns=[
            Breakdown(
                id="dating.bases",
                unit="count",
                rows=[
                    Row(label=basis, value=counted(len(entries)), entries=entries)
                    for basis, entries in found.dates.items()
                ],
                reason=None if found.total else "no-entries",
            )
        ],
    )
