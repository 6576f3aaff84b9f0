"""How much taking part asks of an actor: meetings in the last months, and how unevenly they are spread.

L(a) is the number of meetings that actor a attended within a window of `months` that ends on the view's day; each
meeting counts as one. Concentration: Gini and the share of the five who attended most, over all who attended any.
No threshold of overload was found in the literature: the numbers are shown, and nobody is labelled.

The series moves the window on from quarter to quarter, to show whether load rose: a window overlaps the five before it.
"""

from collections.abc import Sequence
from datetime import date
from math import inf
from typing import Final, NamedTuple

from domain.findings import FindingRecorded
from domain.view import View, once
from projections.analytics.concentration import TOP, gini, top_share
from projections.analytics.figures import Analysis, Breakdown, Figure, Reason, Row, bounds, counted, for_public, share
from projections.analytics.sessions import Session, entries_of, months_before, sessions
from projections.telling import named, told

MONTHS: Final = 18
MOST_QUARTERS: Final = 28
"""The series goes back seven years from the view's day: no more is drawn."""


class Load(NamedTuple):
    """How many meetings an actor attended within a window, and the entries that say so."""

    actor: str
    least: float
    most: float
    entries: list[int]


class Window(NamedTuple):
    """The meetings within some months, and who attended how many."""

    sure: list[Session]
    """All of it was within."""
    perhaps: list[Session]
    loads: list[Load]

    @property
    def sessions(self) -> list[Session]:
        return [*self.sure, *self.perhaps]


@once
def window(view: View, ends: int, months: int = MONTHS) -> Window:
    """The meetings of the months before the end of a day."""
    start = months_before(ends, months)
    touching = [session for session in sessions(view) if session.first <= ends and session.over > start]
    sure = [session for session in touching if session.first > start and session.over <= ends]
    known = {session.entry for session in sure}
    least: dict[str, float] = {}
    most: dict[str, float] = {}
    entries: dict[str, list[int]] = {}
    for session in touching:
        for actor in session.perhaps:
            low, high = session.times(actor)
            least[actor] = least.get(actor, 0) + (low if session.entry in known else 0)
            most[actor] = most.get(actor, 0) + high
            entries.setdefault(actor, []).append(session.entry)
    loads = [Load(actor, least[actor], most[actor], entries[actor]) for actor in sorted(most)]
    return Window(sure, [session for session in touching if session.entry not in known], loads)


def load(view: View, *, public: bool) -> Analysis:
    """Load within the window that ends on the view's day."""
    found = window(view, view.day)
    loads = sorted(found.loads, key=lambda each: (-each.most, -each.least, each.actor))
    pairs = [(each.least, each.most) for each in loads]
    entries = entries_of(s for s in found.sessions if s.perhaps)
    recorded = [s.recorded for s in found.sure]
    maybe = [s.recorded for s in found.perhaps]
    sure, held = sum(1 for low, _ in pairs if low), counted(len(found.sure), len(found.perhaps))
    reason: Reason | None = None if loads else "no-attendance"
    actors = counted(sure, len(pairs) - sure)
    cells = [] if reason else [sure, sure - TOP]
    across = [
        Figure(id="load.actors", unit="count", value=actors if loads else None, reason=reason, n=held, entries=entries),
        Figure(id="load.gini", unit="index", value=gini(pairs), reason=reason, n=actors, entries=entries),
        Figure(id="load.top", unit="share", value=top_share(pairs), reason=reason, n=actors, entries=entries),
    ]
    return Analysis(
        id="load",
        figures=[
            Figure(
                id="load.meetings",
                unit="count",
                value=bounds(sum(s.least for s in found.sure), sum(s.most for s in found.sessions)),
                n=held,
                entries=entries_of(found.sessions),
            ),
            Figure(
                id="load.recorded",
                unit="share",
                value=share(
                    sum(recorded),
                    len(recorded) - sum(recorded),
                    perhaps_yes=sum(maybe),
                    perhaps_no=len(maybe) - sum(maybe),
                ),
                reason=None if found.sessions else "no-sessions",
                n=held,
                entries=entries_of(s for s in found.sessions if s.recorded),
            ),
            for_public(across[0], cells[:1], public=public, n_of_actors=False),
            for_public(across[1], cells[:1], public=public),
            for_public(across[2], cells, public=public),
            _persons(found),
        ],
        breakdowns=[_by_actor(view, loads, public=public), *_series(view, public=public), _stated(view)],
        stated=[form.number for form, step in told(view, FindingRecorded) if step.kind == "load"],
    )


def _persons(found: Window) -> Figure:
    """Persons, summed over meetings: whoever came twice counts twice, and organisations are not among them."""
    counts = [(s, s.persons) for s in found.sessions if s.persons is not None]
    sure = {s.entry for s in found.sure}
    return Figure(
        id="load.persons",
        unit="count",
        value=bounds(sum(least for s, (least, _) in counts if s.entry in sure), sum(most for _, (_, most) in counts))
        if counts
        else None,
        reason=None if counts else "no-attendance",
        n=counted(sum(s.entry in sure for s, _ in counts), sum(s.entry not in sure for s, _ in counts)),
        entries=[s.entry for s, _ in counts],
    )


def _by_actor(view: View, loads: Sequence[Load], *, public: bool) -> Breakdown:
    """Each actor by itself: for the office. The register of attendance tells the public what entries state."""
    if public or not loads:
        return Breakdown(id="load.by-actor", unit="count", rows=[], reason="small-cell" if loads else "no-attendance")
    return Breakdown(
        id="load.by-actor",
        unit="count",
        rows=[
            Row(about=named(view, [each.actor]), value=bounds(each.least, each.most), entries=each.entries)
            for each in loads
        ],
    )


def _series(view: View, *, public: bool) -> list[Breakdown]:
    """Of the window that ends with each quarter, and of that of the day: meetings, the highest load, and Gini.

    The highest load is that of one actor: it is for the office.
    """
    held: list[Row] = []
    highest: list[Row] = []
    uneven: list[Row] = []
    for day in _quarters(view):
        found, label = window(view, day), date.fromordinal(day).isoformat()
        every = entries_of(found.sessions)
        count = bounds(sum(s.least for s in found.sure), sum(s.most for s in found.sessions))
        held.append(Row(label=label, value=count, entries=every))
        pairs = [(each.least, each.most) for each in found.loads]
        entries = entries_of(s for s in found.sessions if s.perhaps)
        none: Reason | None = None if pairs else "no-attendance"
        most = bounds(max(low for low, _ in pairs), max(high for _, high in pairs)) if pairs else None
        highest.append(Row(label=label, value=most, reason=none, entries=entries))
        sure = sum(1 for low, _ in pairs if low)
        figure = Figure(id="", unit="index", value=gini(pairs), reason=none, n=None, entries=entries)
        seen = for_public(figure, [sure] if pairs else [], public=public)
        uneven.append(Row(label=label, value=seen.value, reason=seen.reason, entries=seen.entries))
    reason: Reason | None = None if held else "no-sessions"
    return [
        Breakdown(id="load.series-meetings", unit="count", rows=held, reason=reason),
        Breakdown(
            id="load.series-highest",
            unit="count",
            rows=[] if public else highest,
            reason="small-cell" if public and held else reason,
        ),
        Breakdown(id="load.series-gini", unit="index", rows=uneven, reason=reason),
    ]


def _quarters(view: View) -> list[int]:
    """The last days of the quarters since the first meeting that was over by the day, and the day itself."""
    firsts = [session.over for session in sessions(view) if session.certain(view.day)]
    if not firsts:
        return []
    at = date.fromordinal(view.day)
    quarters = range(at.year * 4 + (at.month - 1) // 3, 4, -1)[:MOST_QUARTERS]
    ends = [date(quarter // 4, quarter % 4 * 3 + 1, 1).toordinal() - 1 for quarter in quarters]
    return [*reversed([day for day in ends if day >= min(firsts)]), view.day]


def _stated(view: View) -> Breakdown:
    """Loads that an entry states itself: they are not worked out here, and nothing is worked out of them."""
    rows = [
        Row(
            label=step.load.counted,
            about=named(view, step.about),
            value=bounds(
                step.load.meetings.at_least or 0,
                inf if step.load.meetings.at_most is None else step.load.meetings.at_most,
            ),
            months=step.load.months,
            entries=[form.number],
        )
        for form, step in told(view, FindingRecorded)
        if step.load is not None
    ]
    return Breakdown(id="load.stated", unit="count", rows=rows)
