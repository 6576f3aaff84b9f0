"""The structure on a day as something to draw: boxes with what they are, lines to what they belong to, and a grid.

Columns are levels, in their order. The grid is made over all pictures that are shown together, so that a box stands at
the same place in each of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, Literal

from domain.structure import BodyEnded, LevelDropped, PlannedLevel, ReallaborSpunOff, StructurePlanned
from domain.view import View
from projections.governance import Departure, Place, departure, depth, place
from projections.telling import Name, told

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
    above: str | None = None
    inferred: bool = False
    body_kind: str | None = None
    status: str | None = None
    gone: Departure | None = None
    unrecorded: bool = False
    """What it belonged to has ended, and nobody wrote down where it went."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What there is to draw of one view."""

    boxes: Mapping[str, Box]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Lines: a body, and what it belongs to. To the level in whose column it stands there is none."""
        return [
            (box.id, box.above)
            for box in self.boxes.values()
            if box.kind == "body"
            and box.above is not None
            and box.above in self.boxes
            and box.above not in (box.id, box.column)
        ]


@dataclass(frozen=True, slots=True)
class Grid:
    """Where everything stands in all of some pictures: columns from left to right, and a cell for each box."""

    columns: tuple[str, ...]
    cells: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Column and row; the first row holds the levels."""


def picture(view: View) -> Picture:
    """The structure on the view's day; what has ended stays as a mark of its end."""
    places = [place(view, id_) for id_, subject in view.state.items() if subject.kind in ("level", "body")]
    lost = _lost(view)
    boxes = {found.id: _box(view, found, lost) for found in places if found.presence != "not-yet"}
    known = {found.id for found in places if found.kind == "level"}
    for planned in _planned(view):
        if planned.level not in boxes and planned.level not in view.state.keys() - known:
            given = Name(text=planned.name, entry=None, kind="level")
            boxes[planned.level] = Box(planned.level, "level", given, "planned", planned.level, planned.above)
    return Picture(boxes)


def _planned(view: View) -> Iterator[PlannedLevel]:
    for form, step in told(view, StructurePlanned):
        if view.certain(form.number):
            yield from step.levels


def _lost(view: View) -> set[tuple[str, str]]:
    """Bodies with what they belonged to, where its end left open what became of them."""
    found = set()
    for number in view.order:
        step = view.form(number).telling.step
        if isinstance(step, LevelDropped | BodyEnded | ReallaborSpunOff) and view.certain(number):
            ended = step.level if isinstance(step, LevelDropped) else step.body
            found |= {(each.subject, ended) for each in step.destinations if each.to == "unrecorded"}
    return found


def _box(view: View, found: Place, lost: AbstractSet[tuple[str, str]]) -> Box:
    gone = departure(view, found) if found.presence == "gone" else None
    perhaps = found.presence == "perhaps-there"
    told_parent = found.told_parent.value
    above = None if gone else told_parent if perhaps else found.parent
    if found.kind == "level":
        above, column = found.parent or told_parent, found.id
    else:
        level = found.told_level.value if found.told_level is not None else None
        column = next((id_ for id_ in (level, told_parent) if _is_level(view, id_)), NO_LEVEL) or NO_LEVEL
    return Box(
        id=found.id,
        kind=found.kind,
        name=found.name,
        state=_state(found, gone),
        column=column,
        above=above,
        inferred=found.inferred,
        body_kind=found.body_kind,
        status=None if found.status is None or found.status.value == "active" else found.status.value,
        gone=gone,
        unrecorded=gone is None and bool({(found.id, column), (found.id, told_parent)} & lost),
    )


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
    levels = {box.id: box.above for box in reversed(boxes) if box.kind == "level"}
    named = dict.fromkeys(box.id for box in boxes if box.kind == "level")
    bodies: dict[str, str] = {}
    above: dict[str, str] = {}
    for box in boxes:
        if box.kind == "body" and box.id not in levels:
            column = box.column if box.column in levels else NO_LEVEL
            bodies[box.id] = bodies.get(box.id) or column
    for shown in pictures:
        for below, parent in shown.links:
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
