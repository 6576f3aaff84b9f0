"""Whether the same actors come again, and after how long they stay away.

Of two meetings of a body that followed each other and whose attendance is recorded: retention |P1 n P2| / |P1|, and
newcomers |P2 - all before| / |P2|; over all such pairs of all bodies, pooled. An actor counts as gone from a body if
it was invited to each of its last three recorded meetings and came to none; the time until then runs from the first
to the last meeting it attended, and by Kaplan and Meier (1958): whoever is not known to be gone is censored.
"""

from collections.abc import Sequence
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
from projections.analytics.sessions import Session, sessions
from projections.analytics.survival import Spell, median, survival
from projections.telling import named

MISSED: Final = 3
"""After so many meetings in a row that an actor was invited to and did not attend, it counts as gone."""


class Course(NamedTuple):
    """How the meetings of a body followed each other: sums over all pairs of them."""

    body: str
    pairs: int
    unordered: int
    """Pairs of which it is not known which came first: they are left out."""
    came_again: int
    were_there: int
    new: int
    there: int
    entries: list[int]


@once
def recorded(view: View) -> dict[str, list[Session]]:
    """Of each body, the meetings that were over by the day and of which it is recorded who was there."""
    found: dict[str, list[Session]] = {}
    for session in sessions(view):
        if session.recorded and session.certain(view.day):
            for body in session.bodies:
                found.setdefault(body, []).append(session)
    return found


def course(body: str, meetings: Sequence[Session]) -> Course:
    """Each meeting with the one before it, unless their dates leave open which came first."""
    pairs = unordered = came_again = were_there = new = there = 0
    known: set[str] = set()
    latest = 0
    for before, after in zip([None, *meetings], meetings, strict=False):
        if before is not None and latest <= after.first:
            pairs += 1
            came_again += len(before.there & after.there)
            were_there += len(before.there)
            new += len(after.there - known)
            there += len(after.there)
        elif before is not None:
            unordered += 1
        known |= after.there
        latest = max(latest, after.over)
    return Course(body, pairs, unordered, came_again, were_there, new, there, [m.entry for m in meetings])


def continuity(view: View, *, public: bool) -> Analysis:
    """Retention, newcomers, and the time until actors are gone."""
    courses = [course(body, meetings) for body, meetings in sorted(recorded(view).items())]
    paired = [each for each in courses if each.pairs]
    every = Course(
        "",
        pairs=sum(each.pairs for each in courses),
        unordered=sum(each.unordered for each in courses),
        came_again=sum(each.came_again for each in courses),
        were_there=sum(each.were_there for each in courses),
        new=sum(each.new for each in courses),
        there=sum(each.there for each in courses),
        entries=sorted({n for each in paired for n in each.entries}),
    )
    reason: Reason | None = None
    if not every.pairs:
        reason = "order-not-known" if every.unordered else "no-attendance" if not courses else "no-sessions"
    spells = [spell for body, meetings in sorted(recorded(view).items()) for spell in stays(meetings)]
    curve = survival("continuity.stay", spells)
    gone = [curve.n, curve.ended, curve.n - curve.ended]
    stay = Figure(
        id="continuity.stay",
        unit="days",
        value=median(curve),
        reason=("not-reached" if spells else "no-attendance") if median(curve) is None else None,
        n=counted(curve.n),
        entries=sorted({n for each in courses for n in each.entries}),
    )
    seen = for_public(stay, gone if spells else [], public=public)
    if seen.reason == "small-cell":
        curve = curve.model_copy(update={"n": 0, "ended": 0, "steps": [], "reason": "small-cell"})
    elif public:  # each step of a curve tells of one actor
        curve = curve.model_copy(update={"n": int(seen.n.at_least) if seen.n else 0, "ended": 0, "steps": []})
    return Analysis(
        id="continuity",
        figures=[*_figures(every, reason, public=public), seen],
        breakdowns=[_by_body(view, paired, public=public)],
        curves=[curve] if curve.steps else [],
    )


def _figures(every: Course, reason: Reason | None, *, public: bool) -> list[Figure]:
    made = (
        ("continuity.retention", every.came_again, every.were_there),
        ("continuity.newcomers", every.new, every.there),
    )
    return [
        for_public(
            Figure(
                id=id_,
                unit="share",
                value=share(part, whole - part) if reason is None else None,
                reason=reason if reason is not None or whole else "no-participants",
                n=counted(every.pairs),
                entries=every.entries,
            ),
            [] if reason else [part, whole - part],
            public=public,
            n_of_actors=False,
        )
        for id_, part, whole in made
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
            entries=each.entries,
        )
        seen = for_public(
            figure, [each.came_again, each.were_there - each.came_again], public=public, n_of_actors=False
        )
        rows.append(
            Row(
                about=named(view, [each.body]),
                value=seen.value,
                reason=seen.reason or (None if each.were_there else "no-participants"),
                n=each.pairs,
                entries=each.entries,
            )
        )
    return Breakdown(id="continuity.by-body", unit="share", rows=rows)


def stays(meetings: Sequence[Session]) -> list[Spell]:
    """How long each actor came to the meetings of a body; whoever is not known to be gone still comes."""
    first: dict[str, Session] = {}
    last: dict[str, int] = {}
    for at, meeting in enumerate(meetings):
        for actor in meeting.there:
            first.setdefault(actor, meeting)
            last[actor] = at
    found = []
    for actor, begin in first.items():
        missed = meetings[last[actor] + 1 :][-MISSED:]
        gone = len(missed) == MISSED and all(actor in meeting.invited for meeting in missed)
        end = meetings[last[actor] if gone else -1]
        least, most = days_from(begin.first, begin.last, end.first, end.over)
        found.append(Spell(least, most, gone))
    return found
