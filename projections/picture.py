"""The structure on a day as something to draw: boxes with what they are, lines to what they belong to, and a grid.

Columns are levels, in their order. The grid is made over all pictures that are shown together, so that a box stands at
the same place in each of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from domain.structure import BodyEnded, LevelDropped, PlannedLevel, ReallaborSpunOff, StructurePlanned
from domain.view import View, once
from projections.governance import Departure, Place, departure, depth, place, presence
from projections.telling import Name, name

State = Literal["planned", "there", "perhaps-there", "perhaps-ended", "gone", "outside"]
"""`outside`: it was spun off, or went along with what was."""

NO_LEVEL: Final = ""
"""The column of what stands on no level."""


@dataclass(frozen=True, slots=True)
class Box:
    """A level or a body on the day. `column` is the level in whose column it belongs; `above` what a line leads to."""

    id: str
    kind: Literal["level", "body"]
    name: Name
    state: State
    column: str
    entry: int
    """The entry that founded it, or planned it."""
    above: str | None = None
    level: Name | None = None
    """What its column is called on the day; `None` where that level is not in the picture, or it is on none."""
    inferred: bool = False
    body_kind: str | None = None
    status: str | None = None
    gone: Departure | None = None
    heir: Name | None = None
    """What became of it, by the name of the day."""
    unrecorded: bool = False
    """What it belonged to has ended, and nobody wrote down where it went."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What there is to draw of one view."""

    boxes: Mapping[str, Box]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Lines: a body, and what it belongs to. To the level in whose column it stands there is none."""
        return [link for id_ in self.boxes if (link := self.link(id_)) is not None]

    def link(self, id_: str) -> tuple[str, str] | None:
        """The line of one box, if it has one."""
        box = self.boxes.get(id_)
        if box is None or box.kind != "body" or box.above is None or box.above in (box.id, box.column):
            return None
        return (box.id, box.above) if box.above in self.boxes else None


@dataclass(frozen=True, slots=True)
class Grid:
    """Where everything stands in all of some pictures: columns from left to right, and a cell for each box."""

    columns: tuple[str, ...]
    cells: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Column and row; the first row holds the levels."""


Plans = Sequence[tuple[int, PlannedLevel]]
"""Levels that were planned, each with the number of the entry that says so."""

Losses = Mapping[tuple[str, str], Sequence[int]]
"""Bodies with what they belonged to, where its end left open what became of them; and the entries that end it."""


@once
def picture(view: View) -> Picture:
    """The structure on the view's day; what has ended stays as a mark of its end."""
    draw = Draughtsman(view)
    boxes = {id_: draw.box(view, id_) for id_ in draw.places}
    there = {id_: box for id_, box in boxes.items() if box is not None}
    return Picture({**there, **draw.planned(view, there)})


class Draughtsman:
    """Draws the boxes of one set of entries, on any day: what is the same on each of them is looked up once."""

    def __init__(self, view: View) -> None:
        self.places = {id_: subject for id_, subject in view.state.items() if subject.kind in ("level", "body")}
        self.plans: Plans = list(_plans(view))
        self.losses: Losses = _losses(view)

    def box(self, view: View, id_: str) -> Box | None:
        """A level or a body on the view's day; none before it was founded."""
        found = place(view, id_)
        if found.presence == "not-yet":
            return None
        gone = departure(view, found) if found.presence == "gone" else None
        perhaps = found.presence == "perhaps-there"
        told_parent = found.told_parent.value
        above = None if gone else told_parent if perhaps else found.parent
        if found.kind == "level":
            above, column = found.parent or told_parent, id_
        else:
            level = found.told_level.value if found.told_level is not None else None
            column = next((given for given in (level, told_parent) if _is_level(view, given)), NO_LEVEL) or NO_LEVEL
        ends = (n for lost in (column, told_parent) for n in self.losses.get((id_, lost or ""), ()))
        return Box(
            id=id_,
            kind=found.kind,
            name=found.name,
            state=_state(found, gone),
            column=column,
            entry=found.life.founded_by,
            above=above,
            level=self._level(view, column),
            inferred=found.inferred,
            body_kind=found.body_kind,
            status=None if found.status is None or found.status.value == "active" else found.status.value,
            gone=gone,
            heir=_heir(view, gone),
            unrecorded=gone is None and any(view.certain(number) for number in ends),
        )

    def planned(self, view: View, there: Mapping[str, Box]) -> dict[str, Box]:
        """The levels that are planned by the day for certain and not there yet."""
        found: dict[str, Box] = {}
        for number, level in self.plans:
            id_ = level.level
            other = id_ in view.state and view.state[id_].kind not in ("level", "body")
            if view.certain(number) and id_ not in there and id_ not in found and not other:
                given = Name(text=level.name, entry=None, kind="level")
                found[id_] = Box(id_, "level", given, "planned", id_, number, level.above, given)
        return found

    def _level(self, view: View, level: str) -> Name | None:
        if level and presence(view.standing(level), view) != "not-yet":
            return name(view, level)
        planned = (each.name for number, each in self.plans if each.level == level and view.certain(number))
        return next((Name(text=given, entry=None, kind="level") for given in planned), None)


def _plans(view: View) -> Iterator[tuple[int, PlannedLevel]]:
    for number in view.order:
        form = view.form(number)
        if form.step_class is StructurePlanned and isinstance(step := form.telling.step, StructurePlanned):
            yield from ((number, level) for level in step.levels)


def _losses(view: View) -> Losses:
    found: dict[tuple[str, str], list[int]] = {}
    for number in view.order:
        form = view.form(number)
        if not form.meaning.ends:
            continue
        step = form.telling.step
        if isinstance(step, LevelDropped | BodyEnded | ReallaborSpunOff):
            ended = step.level if isinstance(step, LevelDropped) else step.body
            for each in step.destinations:
                if each.to == "unrecorded":
                    found.setdefault((each.subject, ended), []).append(number)
    return found


def _heir(view: View, gone: Departure | None) -> Name | None:
    if gone is None or gone.successor is None:
        return None
    return name(view, gone.successor) if gone.successor in view.state else Name(text=gone.successor, entry=None)


def _is_level(view: View, id_: str | None) -> bool:
    subject = view.state.get(id_ or "")
    return subject is not None and subject.kind == "level"


def _state(found: Place, gone: Departure | None) -> State:
    if gone is not None:
        return "outside" if gone.how == "reallabor-spun-off" else "gone"
    return "perhaps-there" if found.presence == "not-yet" else found.presence


def grid(pictures: Sequence[Picture]) -> Grid:
    """One grid for some pictures. Where they differ, the first one says in which column and under what a box stands."""
    boxes = [box for shown in pictures for box in shown.boxes.values()]
    return arranged(boxes, [link for shown in pictures for link in shown.links])


def arranged(boxes: Sequence[Box], links: Iterable[tuple[str, str]]) -> Grid:
    """A grid for boxes and for lines between them; of those of one and the same id the first ones count."""
    levels = {box.id: box.above for box in reversed(boxes) if box.kind == "level"}
    named = dict.fromkeys(box.id for box in boxes if box.kind == "level")
    bodies: dict[str, str] = {}
    above: dict[str, str] = {}
    for box in boxes:
        if box.kind == "body" and box.id not in levels:
            column = box.column if box.column in levels else NO_LEVEL
            bodies[box.id] = bodies.get(box.id) or column
    for below, parent in links:
        above.setdefault(below, parent)
    loose = [NO_LEVEL] if NO_LEVEL in bodies.values() else []
    columns = (*loose, *sorted(named, key=lambda level: depth(level, levels)))
    place_of = {level: index for index, level in enumerate(columns)}
    cells = {level: (index, 0) for level, index in place_of.items()}
    free = [1] * len(columns)
    for body in _outlined(bodies, above):
        at = place_of[bodies[body]]
        _, beside = cells.get(above.get(body, ""), (0, 0))
        row = max(free[at], beside)
        cells[body], free[at] = (at, row), row + 1
    return Grid(columns, cells)


def _outlined(bodies: Mapping[str, str], above: Mapping[str, str]) -> list[str]:
    """Bodies as an outline has them: each followed by what belongs to it, so that lines are short."""
    under: dict[str, list[str]] = {}
    for body in bodies:
        under.setdefault(above.get(body, ""), []).append(body)
    found: dict[str, None] = {}
    for start in [*(body for body in bodies if above.get(body) not in bodies), *bodies]:  # then what runs in a ring
        todo = [start]
        while todo:
            if (body := todo.pop()) not in found:
                found[body] = None
                todo += reversed(under.get(body, []))
    return list(found)
