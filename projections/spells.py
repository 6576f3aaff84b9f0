"""Where every level and body stood, and from which day to which: what the pages show day by day, told in one go."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from domain.meaning import PLACE
from domain.view import View, once
from projections.evolution import told_of


class Spell(NamedTuple):
    """Days, as ordinals, on which a level or a body stood in one place.

    As everywhere it is there as late as everything can have happened. `last` is the last of these days; `None`: it
    still stands there on the day of the view. `inferred` says that nobody told that it stands there.
    """

    subject: str
    kind: str
    parent: str | None
    level: str | None
    inferred: bool
    first: int
    last: int | None


@once
def spells(view: View) -> list[Spell]:
    """All of them up to the day of the view, by the founding of their subjects."""
    places = [id_ for id_, subject in view.state.items() if subject.kind in PLACE]
    own = {id_: set(_days(view, id_)) for id_ in places}
    on: dict[int, View] = {}
    found: list[Spell] = []
    for id_ in places:
        days = set().union(*(own[other] for other in told_of(view.state, id_) if other in own))
        found += _spells(view, id_, sorted(day for day in days if day <= view.day), on)
    return found


def _spells(view: View, id_: str, days: list[int], on: dict[int, View]) -> Iterator[Spell]:
    """The spells of one subject, from the days on which it may come to stand elsewhere."""
    since, stood = 0, None
    for day in days:
        if day not in on:
            on[day] = view.on(day)
        standing = on[day].standing(id_)
        stands = (standing.parent, standing.level, standing.inferred) if standing.counted else None
        if stands != stood:
            if stood is not None:
                yield Spell(id_, view.state[id_].kind, *stood, since, day - 1)
            since, stood = day, stands
    if stood is not None:
        yield Spell(id_, view.state[id_].kind, *stood, since, None)


def _days(view: View, id_: str) -> Iterator[int]:
    subject = view.state[id_]
    yield view.since(subject).last
    if (until := view.until(subject)) is not None:
        yield until.last
    for history in subject.assigned.values():
        yield from (view.room(number).last for number, _ in history)


class Tie(NamedTuple):
    """Days on which a level or a body belonged to something, or stood on a level (`relation`)."""

    subject: str
    relation: Literal["parent", "level"]
    above: str
    inferred: bool
    first: int
    last: int | None


def ties(view: View) -> list[Tie]:
    """What belonged to what; what stays the same while something else about it changes is one tie."""
    found: list[Tie] = []
    latest: dict[tuple[str, str, str, bool], int] = {}
    for spell in spells(view):
        places: tuple[tuple[Literal["parent", "level"], str | None, bool], ...] = (
            ("parent", spell.parent, spell.inferred),
            ("level", spell.level, False),
        )
        for relation, above, inferred in places:
            if above is None:
                continue
            same = (spell.subject, relation, above, inferred)
            before = latest.get(same)
            if before is not None and found[before].last == spell.first - 1:
                found[before] = found[before]._replace(last=spell.last)
            else:
                latest[same] = len(found)
                found.append(Tie(*same, spell.first, spell.last))
    return found
