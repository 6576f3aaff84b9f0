"""The public picture of a process, as it is kept in tables: what the public sees now, and what it will see by itself.

The fold decides all of it; nothing is worked out twice here. Between two recordings the picture changes only when an
embargo ends, and when the last day of a series of meetings comes: at those moments the next one holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise

from domain.publishing import instants
from domain.replay import Effective, effective
from domain.view import View
from projections.concerning import Concerning
from projections.meetings import AttendanceRegister, attendance, days_of_change
from projections.summary import Summary, summary
from projections.telling import Line, Shown, line
from projections.timeline import Contents, Traits, contents, numbers_in_order, traits


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of the timeline with what it is chosen by, and sorted by: (last, place, first, number).

    `place` is 0 unless the order inside one last day is another than by first day and number.
    """

    line: Line
    traits: Traits
    place: int


class Overview(Shown):
    """A process in a list of processes."""

    process: str
    position: int
    version: int
    summary: Summary


@dataclass(frozen=True, slots=True)
class Picture:
    """What the public sees of one process from one moment on."""

    overview: Overview
    contents: Contents
    """What the timeline holds."""
    lines: tuple[Placed, ...]
    about_entries: tuple[Line, ...]
    """Entries about entries: they are found, and stand in no timeline."""
    attendance: AttendanceRegister


def pictures(process: str, log: Effective, now: datetime) -> list[tuple[datetime, Picture]]:
    """The picture now and at each later moment at which it changes by itself. Before anything is public there is none.

    `log` are all entries of the process, `now` is not before the last recording: what is in force has happened then.
    """
    found: list[tuple[datetime, Picture]] = []
    published = instants(log, now)
    for instant, end in zip(published, [*published[1:], None], strict=True):
        chosen = effective(log, published_by=instant)
        if not chosen.entries:
            continue
        view = View(chosen, log.day(instant))
        moments = (moment for moment in (instant, *_midnights(log, view)) if end is None or moment < end)
        found.extend((moment, _picture(process, view.on(log.day(moment)))) for moment in moments)
    return found


def _midnights(log: Effective, view: View) -> Iterator[datetime]:
    """When the days begin on which something changes by itself."""
    for day in sorted(days_of_change(view)):
        yield log.end_of(date.fromordinal(day - 1)) + timedelta(microseconds=1)


def _picture(process: str, view: View) -> Picture:
    entries, concerning = view.effective.entries, Concerning(view)
    overview = Overview(process=process, position=view.position, version=len(entries), summary=summary(view))
    lines = tuple(placed(view, concerning))
    about = tuple(line(view, entry.number) for entry in entries if entry.about_entries)
    held = contents(view, [each.traits for each in lines], concerning)
    return Picture(overview, held, lines, about, attendance(view))


def placed(view: View, concerning: Concerning) -> Iterator[Placed]:
    """The timeline with what keeps its lines in order."""
    told = traits(view, numbers_in_order(view), concerning)
    for _, group in groupby(told, key=lambda one: one.last):
        same_day = list(group)
        by_itself = all((a.first, a.number) < (b.first, b.number) for a, b in pairwise(same_day))
        for place, one in enumerate(same_day, start=1):
            yield Placed(line(view, one.number), one, 0 if by_itself else place)
