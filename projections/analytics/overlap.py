"""Whether the same actors take part on several levels.

Who takes part on a level is who attended a meeting of a body that stood on it then; where dates leave open whether a
body had moved by then, on both of them perhaps. For two levels A and B: Jaccard
|A n B| / |A u B| (Jaccard 1901), and the overlap coefficient |A n B| / min(|A|, |B|), because a small level inside a
large one has a low Jaccard though all of it is in both.
"""

from itertools import combinations
from typing import NamedTuple

from domain.findings import FindingRecorded
from domain.state import Subject
from domain.view import View, once
from projections.analytics.figures import Analysis, Bounds, Breakdown, Figure, Reason, Row, bounds, counted, for_public
from projections.analytics.sessions import Session, entries_of, sessions
from projections.telling import named, told


class Participants(NamedTuple):
    """Who took part on a level, for certain and perhaps, and the meetings that say so."""

    level: str
    sure: frozenset[str]
    perhaps: frozenset[str]
    sessions: list[Session]


@once
def by_level(view: View) -> list[Participants]:
    """Every level that there was by the day, with who took part on it."""
    levels: dict[str, list[tuple[Session, bool]]] = {
        id_: [] for id_, subject in view.state.items() if _was_there(view, subject)
    }
    for session in sessions(view):
        possible = [_levels_of(view, body, session, frozenset()) for body in session.bodies]
        for level in dict.fromkeys(level for each in possible for level in sorted(filter(None, each))):
            if level in levels:
                levels[level].append((session, {level} in possible and session.certain(view.day)))
    return [
        Participants(
            level,
            frozenset(actor for s, sure in found if sure for actor in s.there),
            frozenset(actor for s, _ in found for actor in s.perhaps),
            [session for session, _ in found],
        )
        for level, found in levels.items()
    ]


def _was_there(view: View, subject: Subject) -> bool:
    return subject.kind == "level" and view.since(subject).last <= view.day


def _levels_of(view: View, id_: str | None, session: Session, below: frozenset[str]) -> set[str | None]:
    """The levels that a body can have stood on at a meeting, or else those it belonged to, on the way up."""
    subject = view.state.get(id_ or "")
    if subject is None or subject.id in below:
        return {None}
    if subject.kind == "level":
        return {subject.id}
    found = _then(view, subject, "level", session)
    if None in found:
        above = _then(view, subject, "parent", session)
        found = found - {None} | set().union(*(_levels_of(view, a, session, below | {subject.id}) for a in above))
    return found


def _then(view: View, subject: Subject, attribute: str, session: Session) -> set[str | None]:
    """All that a body can have been told to be by the time of a meeting; before that, what it was founded as."""
    history = subject.assigned.get(attribute, ())
    by_then = [number for number, _ in history if view.room(number).last <= session.first]
    last = [
        None if value is None else str(value)
        for at, (number, value) in enumerate(history)
        if (at == 0 or view.room(number).first <= session.last)
        and not any(view.surely_before(number, later) for later in by_then if later != number)
    ]
    return set(last) or {None}


def overlap(view: View, *, public: bool) -> Analysis:
    """Every two levels, and all of them together."""
    levels = by_level(view)
    pairs = [figure for a, b in combinations(levels, 2) for figure in _pair(view, a, b, public=public)]
    stated = [
        form.number
        for form, step in told(view, FindingRecorded)
        if sum(view.state[id_].kind == "level" for id_ in step.about if id_ in view.state) > 1
    ]
    return Analysis(id="overlap", figures=pairs, breakdowns=[_sizes(view, levels, public=public)], stated=stated)


def _sizes(view: View, levels: list[Participants], *, public: bool) -> Breakdown:
    """How many took part on each level."""
    rows = []
    for each in levels:
        figure = Figure(
            id="overlap.participants",
            unit="count",
            value=counted(len(each.sure), len(each.perhaps - each.sure)) if each.perhaps else None,
            reason=None if each.perhaps else "no-attendance",
            n=counted(len(each.sessions)),
            entries=entries_of(each.sessions),
        )
        seen = for_public(figure, [len(each.sure)] if each.perhaps else [], public=public)
        rows.append(
            Row(
                about=named(view, [each.level]),
                value=seen.value,
                reason=seen.reason,
                n=len(each.sessions),
                entries=seen.entries,
            )
        )
    return Breakdown(id="overlap.participants", unit="count", rows=rows, reason=None if rows else "no-structure")


def _pair(view: View, a: Participants, b: Participants, *, public: bool) -> list[Figure]:
    """The two measures of two levels."""
    about, entries = named(view, [a.level, b.level]), entries_of([*a.sessions, *b.sessions])
    reason: Reason | None = None if a.perhaps and b.perhaps else "no-attendance"
    both, either = a.sure & b.sure, a.sure | b.sure
    cells = [] if reason else [len(both), len(a.sure - b.sure), len(b.sure - a.sure)]
    n = counted(len(either), len((a.perhaps | b.perhaps) - either))
    return [
        for_public(
            Figure(
                id=id_,
                about=about,
                unit="share",
                value=None if reason else value,
                reason=reason,
                n=n if reason is None or not public else None,
                entries=entries,
            ),
            cells,
            public=public,
        )
        for id_, value in (("overlap.jaccard", jaccard(a, b)), ("overlap.coefficient", coefficient(a, b)))
    ]


def jaccard(a: Participants, b: Participants) -> Bounds | None:
    """|A n B| / |A u B|: none if both are empty. Whoever may be in both is in both for the greatest, else in one."""
    both = a.perhaps & b.perhaps
    every = len(a.perhaps | b.perhaps)
    if not every:
        return None
    least = len(a.sure & b.sure) / every
    return bounds(least, len(both) / len(a.sure | b.sure | both) if both else least)


def coefficient(a: Participants, b: Participants) -> Bounds | None:
    """|A n B| / min(|A|, |B|): none if one is empty."""
    if not (a.perhaps and b.perhaps):
        return None
    least = len(a.sure & b.sure) / min(len(a.perhaps), len(b.perhaps))
    smaller = min(len(a.sure), len(b.sure))
    both = len(a.perhaps & b.perhaps)
    return bounds(least, (min(1.0, both / smaller) if smaller else float(both > 0)))
