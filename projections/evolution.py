"""How the structure changed over the days: on which, and every form in which each box ever stood.

The picture of a single day stands on the grid of all of them, so that a box stays where it is from day to day. Not
every day is looked at for that: what a box shows follows from the subject itself and from what it was ever told to
belong to, and so it is only asked anew on the days on which one of those begins, ends or is told something.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from domain.state import State, Subject
from domain.view import View
from projections.picture import Box, Draughtsman, Grid, Picture, arranged


@dataclass(frozen=True, slots=True)
class Evolution:
    """The structure on all days. `changed` says of each day on which the picture changed which boxes did."""

    changed: Mapping[int, tuple[str, ...]]
    boxes: Mapping[str, tuple[Box, ...]]
    """Every form of each box, the earliest first."""
    links: tuple[tuple[str, str], ...]
    grid: Grid


def evolution(view: View) -> Evolution:
    """How the structure changed over all days; on which day it is read makes no difference."""
    draw = Draughtsman(view)
    there: dict[str, Box] = {}
    changed: dict[int, tuple[str, ...]] = {}
    boxes: dict[str, dict[Box, None]] = {}
    links: dict[tuple[str, str], None] = {}
    for day, asked in sorted(_asked(view, draw).items()):
        found = _boxes(view.on(day), draw, there, asked)
        moved = tuple(id_ for id_ in asked if found.get(id_) != there.get(id_))
        there = {id_: box for id_, box in there.items() if id_ not in asked} | found
        if moved:
            changed[day] = moved
        for id_ in moved:
            if id_ in there:
                boxes.setdefault(id_, {})[there[id_]] = None
        now = Picture(there)
        links |= dict.fromkeys(link for id_ in asked if (link := now.link(id_)) is not None)
    every = {id_: tuple(forms) for id_, forms in boxes.items()}
    return Evolution(changed, every, tuple(links), arranged([box for forms in every.values() for box in forms], links))


def _boxes(view: View, draw: Draughtsman, there: Mapping[str, Box], asked: Collection[str]) -> dict[str, Box]:
    """Those that were asked for and are there on the day."""
    drawn = {id_: draw.box(view, id_) for id_ in asked if id_ in draw.places}
    found = {id_: box for id_, box in drawn.items() if box is not None}
    others = {id_: box for id_, box in there.items() if id_ not in asked}
    return {**found, **draw.planned(view, {**others, **found})}


def _asked(view: View, draw: Draughtsman) -> dict[int, dict[str, None]]:
    """On which days which boxes are to be asked for anew, in the order of their founding."""
    plans: dict[str, set[int]] = {}
    for number, planned in draw.plans:
        plans.setdefault(planned.level, set()).add(view.room(number).last)
    own = {id_: set(_days(view, view.state[id_])) | plans.get(id_, set()) for id_ in draw.places}
    days = {id_: set().union(*(own[other] for other in told_of(view.state, id_) if other in own)) for id_ in own}
    for (body, _), ends in draw.losses.items():
        if body in days:
            days[body] |= {view.room(number).last for number in ends}
    asked: dict[int, dict[str, None]] = {}
    for id_, found in {**plans, **days}.items():
        for day in found:
            asked.setdefault(day, {})[id_] = None
    return asked


def _days(view: View, subject: Subject) -> Iterator[int]:
    """On which days a subject itself may come to be another one than before."""
    for room in (view.since(subject), view.until(subject)):
        if room is not None:
            yield from (room.first, room.last)
    for history in subject.assigned.values():
        yield from (view.room(number).last for number, _ in history)


def told_of(state: State, id_: str) -> set[str]:
    """A subject with everything that it was ever told to belong to, on the way up, and what became of that."""
    found, todo = {id_}, [id_]
    while todo:
        assigned = state[todo.pop()].assigned
        told = (value for name in ("parent", "heir") for _, value in assigned.get(name, ()))
        new = {value for value in told if isinstance(value, str) and value in state} - found
        found |= new
        todo += new
    return found | {str(level) for _, level in state[id_].assigned.get("level", ())}
