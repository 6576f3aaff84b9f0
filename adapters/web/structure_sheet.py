"""What the structure is drawn on: a sheet with room for all days, made once for a set of entries and a language.

It is the same for every day on which they are looked at, so that no box moves from one to another.
"""

from dataclasses import dataclass, field
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

from adapters.web.svg import Sheet, laid_out
from adapters.web.wording import Wording
from domain.replay import Effective
from domain.view import View
from domain.words import Language
from projections.evolution import Evolution, evolution


@dataclass(slots=True)
class _Made:
    evolution: Evolution
    sheets: dict[Language, Sheet] = field(default_factory=dict)


_made: Final[WeakKeyDictionary[Effective, _Made]] = WeakKeyDictionary()
"""By the chosen entries, as long as a view of them is held: a view's entries do not change."""

_lock: Final = Lock()


def evolution_of(view: View) -> Evolution:
    """How the structure changed over all days, by the entries of a view."""
    return _of(view).evolution


def sheet_of(view: View, words: Wording) -> Sheet:
    """The sheet for every day of the entries of a view, in the language of the words."""
    made = _of(view)
    if words.language not in made.sheets:
        found = made.evolution
        boxes = [box for forms in found.boxes.values() for box in forms]
        made.sheets[words.language] = laid_out(found.grid, boxes, found.links, words)
    return made.sheets[words.language]


def _of(view: View) -> _Made:
    with _lock:
        made = _made.get(view.effective)
    if made is None:  # two who ask at once both make it: neither waits for the other's
        made = _Made(evolution(view))
        with _lock:
            _made[view.effective] = made
    return made
