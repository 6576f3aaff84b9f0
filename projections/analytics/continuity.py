"""Whether the same actors come again, and after how long they stay away.

Of two meetings of a body that followed each other and whose attendance is recorded: retention |P1 n P2| / |P1|, and
newcomers |P2 - all before| / |P2|; over all such pairs of all bodies, pooled. Where dates leave open whether another
meeting lay between, or whether all before are known, the pair is left out. An actor counts as gone from a body if
it was invited to each of its last three recorded meetings and came to none; the time until then runs from the first
to the last meeting it attended, and by Kaplan and Meier (1958): whoever is not known to be gone is censored.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import inf
from typing import Final, NamedTuple

from domain.view import View, once
from projections.analytics.figures import (
    Analysis,
    Breakdown,
    Figure,
    Reason,
    Row,
    counted,
    days_from,
    for_public,
    share,
)
from projections.analytics.sessions import NOBODY, Session, sessions
from projections.analytics.survival import Spell, median, survival
from projections.telling import named

MISSED: Final = 3
"""After so many meetings in a row that an actor was invited to and did not attend, it counts as gone."""


class Course(NamedTuple):
    """How the meetings of a body followed each other: sums over all pairs of them, and the actors behind these."""

    body: str
    pairs: int = 0
    unordered: int = 0
    """Pairs of which it is not known that one followed the other: they are left out."""
    came_again: int = 0
    were_there: int = 0
    new: int = 0
    there: int = 0
    again: frozenset[str] = NOBODY
    away: frozenset[str] = NOBODY
    newcomers: frozenset[str] = NOBODY
    known: frozenset[str] = NOBODY
    entries: tuple[int, ...] = ()


@once
def recorded(view: View) -> dict[str, list[Session]]:
    """Of each body, the meetings that took place or may have by the day and of which it is recorded who was there."""
    found: dict[str, list[Session]] = {}
    for session in sessions(view):
        if session.recorded:
            for body in session.bodies:
                found.setdefault(body, []).append(session)
    return found


def course(body: str, meetings: Sequence[Session], day: int) -> Course:
    """Each meeting that was over by the day with the one before it, where it is sure that none lay between.

    Meetings come in the happened order, where one that may have been earlier than the next can stand after it: a pair
    holds if all others were before its first for certain, or after its second.
    """
    found = Course(body, entries=tuple(meeting.entry for meeting in meetings if meeting.certain(day)))
    known: frozenset[str] = NOBODY
    later = _soonest_after(meetings)
    latest: tuple[float, int] = (-inf, 0)
    """The last day on which one of those so far was over, and the highest of their numbers on that day."""
    for at, (before, after) in enumerate(pairwise(meetings)):
        known |= before.there
        follows = max(latest, (before.over, before.entry)) < (after.first, after.entry)
        sure = latest < (before.first, before.entry) and follows and (after.over, after.entry) < later[at + 2]
        latest = max(latest, (before.over, before.entry))
        if sure and after.certain(day):
            found = found._replace(
                pairs=found.pairs + 1,
                came_again=found.came_again + len(before.there & after.there),
                were_there=found.were_there + len(before.there),
                new=found.new + len(after.there - known),
                there=found.there + len(after.there),
                again=found.again | (before.there & after.there),
                away=found.away | (before.there - after.there),
                newcomers=found.newcomers | (after.there - known),
                known=found.known | (after.there & known),
            )
    return found._replace(unordered=max(0, len(found.entries) - 1 - found.pairs))


def _soonest_after(meetings: Sequence[Session]) -> list[tuple[float, int]]:
    """For each place, the first day on which one of those from there on can have begun, with the lowest number."""
    found: list[tuple[float, int]] = [(inf, 0)]
    for meeting in reversed(meetings):
        found.append(min(found[-1], (meeting.first, meeting.entry)))
    return found[::-1]


def continuity(view: View, *, public: bool) -> Analysis:
    """Retention, newcomers, and the time until actors are gone."""
    of = sorted(recorded(view).items())
    courses = [course(body, meetings, view.day) for body, meetings in of]
    paired = [each for each in courses if each.pairs]
    every = _together(courses, paired)
    reason: Reason | None = None
    if not every.pairs:
        none = not any(each.entries for each in courses)
        reason = "order-not-known" if every.unordered else "no-attendance" if none else "no-sessions"
    stayed = [stay for _, meetings in of for stay in stays([m for m in meetings if m.certain(view.day)])]
    curve = survival("continuity.stay", [spell for _, spell in stayed])
    gone = {actor for actor, spell in stayed if spell.ended is not False}
    still = {actor for actor, spell in stayed if spell.ended is not True}
    stay = Figure(
        id="continuity.stay",
        unit="days",
        value=median(curve),
        reason=("not-reached" if stayed else "no-attendance") if median(curve) is None else None,
        n=counted(curve.n),
        entries=sorted({n for each in courses for n in each.entries}),
    )
    seen = for_public(stay, [len(gone), len(still)] if stayed else [], public=public)
    if public:  # each step of a curve tells of one actor
        curve = curve.model_copy(update={"steps": []})
    return Analysis(
        id="continuity",
        figures=[*_figures(every, reason, public=public), seen],
        breakdowns=[_by_body(view, paired, public=public)],
        curves=[curve] if curve.steps else [],
    )


def _together(courses: Sequence[Course], paired: Sequence[Course]) -> Course:
    return Course(
        "",
        pairs=sum(each.pairs for each in courses),
        unordered=sum(each.unordered for each in courses),
        came_again=sum(each.came_again for each in courses),
        were_there=sum(each.were_there for each in courses),
        new=sum(each.new for each in courses),
        there=sum(each.there for each in courses),
        again=NOBODY.union(*(each.again for each in courses)),
        away=NOBODY.union(*(each.away for each in courses)),
        newcomers=NOBODY.union(*(each.newcomers for each in courses)),
        known=NOBODY.union(*(each.known for each in courses)),
        entries=tuple(sorted({n for each in paired for n in each.entries})),
    )


def _figures(every: Course, reason: Reason | None, *, public: bool) -> list[Figure]:
    made = (
        ("continuity.retention", every.came_again, every.were_there, every.again, every.away),
        ("continuity.newcomers", every.new, every.there, every.newcomers, every.known),
    )
    return [
        for_public(
            Figure(
                id=id_,
                unit="share",
                value=share(part, whole - part) if reason is None else None,
                reason=reason if reason is not None or whole else "no-participants",
                n=counted(every.pairs),
                entries=list(every.entries),
            ),
            [] if reason else [len(those), len(others)],
            public=public,
            n_of_actors=False,
        )
        for id_, part, whole, those, others in made
    ]


def _by_body(view: View, paired: Sequence[Course], *, public: bool) -> Breakdown:
    """Retention of each body."""
    rows = []
    for each in paired:
        figure = Figure(
            id="continuity.by-body",
            unit="share",
            value=share(each.came_again, each.were_there - each.came_again),
            n=counted(each.pairs),
            entries=list(each.entries),
        )
        seen = for_public(figure, [len(each.again), len(each.away)], public=public, n_of_actors=False)
        rows.append(
            Row(
                about=named(view, [each.body]),
                value=seen.value,
                reason=seen.reason or (None if each.were_there else "no-participants"),
                n=each.pairs,
                entries=seen.entries,
            )
        )
    return Breakdown(id="continuity.by-body", unit="share", rows=rows)


def stays(meetings: Sequence[Session]) -> list[tuple[str, Spell]]:
    """How long each actor came to the meetings of a body; whoever is not known to be gone still comes.

    Where the dates leave open which meetings were the last ones, they may leave open whether it is gone.
    """
    begins, ends = sorted(meeting.first for meeting in meetings), sorted(meeting.over for meeting in meetings)
    may, sure = [], []
    """The meetings that may be among the last ones, and those that are for certain."""
    for meeting in meetings:
        if len(meetings) - bisect_right(begins, meeting.over) < MISSED:
            may.append(meeting)
        if len(meetings) - bisect_left(ends, meeting.first) <= MISSED:  # itself among them
            sure.append(meeting)
    attended: dict[str, list[Session]] = {}
    for meeting in meetings:
        for actor in meeting.there:
            attended.setdefault(actor, []).append(meeting)
    found = []
    for actor, there in attended.items():
        begin = min(m.first for m in there), min(m.over for m in there)
        last = days_from(*begin, max(m.first for m in there), max(m.over for m in there))
        until_now = days_from(*begin, begins[-1], ends[-1])
        gone = None
        if len(meetings) < MISSED or not all(_missed(m, actor) for m in sure):
            gone = False
        elif all(_missed(m, actor) for m in may):
            gone = True
        spell = Spell(*last, ended=True) if gone else Spell(*until_now, ended=False)
        found.append((actor, spell if gone is not None else Spell(last[0], until_now[1], ended=None)))
    return found


def _missed(meeting: Session, actor: str) -> bool:
    return actor in meeting.invited and actor not in meeting.there
