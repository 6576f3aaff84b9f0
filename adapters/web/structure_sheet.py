"""What the structure is drawn on: a sheet with room for all days, made once for a set of entries and a language.

It is the same for every day on which they are looked at, so that no box moves from one to another.
"""

from dataclasses import dataclass, field
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

from adapters.web.svg import Sheet, fits, laid_out
from adapters.web.wording import Wording
from domain.replay import Effective
from domain.view import View
from domain.words import Language
from projections.evolution import Evolution, evolution
from projections.picture import Picture, arranged


@dataclass(slots=True)
class _Made:
    evolution: Evolution
    sheets: dict[tuple[Language, str], Sheet] = field(default_factory=dict)


_made: Final[WeakKeyDictionary[Effective, _Made]] = WeakKeyDictionary()
"""By the chosen entries, as long as a view of them is held: a view's entries do not change."""

_lock: Final = Lock()


def evolution_of(view: View) -> Evolution:
    """How the structure changed over all days, by the entries of a view."""
    return _of(view).evolution


def sheet_of(view: View, words: Wording, mark: str = "") -> Sheet:
    """The sheet for every day of the entries of a view, in the language of the words, with room for a mark in a box."""
    made = _of(view)
    if (words.language, mark) not in made.sheets:
        found = made.evolution
        boxes = [box for forms in found.boxes.values() for box in forms]
        marks = dict.fromkeys(found.boxes, mark) if mark else {}
        made.sheets[words.language, mark] = laid_out(found.grid, boxes, found.links, words, marks)
    return made.sheets[words.language, mark]


def sheet_for(view: View, shown: Picture, words: Wording, mark: str) -> Sheet:
    """The same sheet for a picture of other entries: of fewer of them, or as they were once told.

    Where something in it has no place on that sheet, it is made anew with as much as can be where it was.
    """
    sheet, found = sheet_of(view, words, mark), evolution_of(view)
    others = [box for id_, box in shown.boxes.items() if box not in found.boxes.get(id_, ())]
    if fits(sheet, others, shown.links, words, mark):
        return sheet
    boxes = [*(box for forms in found.boxes.values() for box in forms), *shown.boxes.values()]
    links = [*found.links, *shown.links]
    return laid_out(arranged(boxes, links), boxes, links, words, {box.id: mark for box in boxes})


def _of(view: View) -> _Made:
    with _lock:
        made = _made.get(view.effective)
    if made is None:  # two who ask at once both make it: neither waits for the other's
        made = _Made(evolution(view))
        with _lock:
            _made[view.effective] = made
    return made
