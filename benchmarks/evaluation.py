"""A stop of the replay of a process of 5,000 entries, gone to from the one before, against a view of the same entries.

What a stop takes is what its page is made from: the view, all that differs from the one before with the causes, the
picture and what is open, but not the drawing of it and the page around that. The view is that of the row `view`, with
the entries decoded.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

from adapters.event_store import EventStore
from benchmarks.invented import statements
from benchmarks.measuring import Goal, Row, compared, in_turn, timed
from benchmarks.places import ACCOUNT, Place
from benchmarks.view import DAY, ENTRIES
from domain.entry import read
from domain.publication import Statement
from domain.replay import Effective
from domain.view import View
from projections.difference import difference
from projections.picture import picture
from projections.playback import Order, Pace, Track, track

BATCH: Final = 50
"""So many entries are recorded at once, and published at once."""

GOAL: Final = Goal(must=2.0, time=True)
WAYS: Final[tuple[tuple[Order, Pace], ...]] = (
    ("happened", "day"),
    ("happened", "entry"),
    ("known", "entry"),
    ("public", "entry"),
)


def rows(place: Place) -> Iterator[Row]:
    """Along each order, from the middle on."""
    installation = place.installed()
    everything = statements(ENTRIES)
    for first in range(0, ENTRIES, BATCH):
        batch = everything[first : first + BATCH]
        installation.service.record([*batch, _published(first, batch)], ACCOUNT)
    entries = [read(record) for record in EventStore(installation.database).records("bench")]
    view = View(Effective(entries), datetime.now(UTC).date().toordinal()).on(datetime.now(UTC).date().toordinal())
    works: dict[str, Any] = {"view": lambda: timed(lambda: View(Effective(entries), DAY).on(DAY))}
    for order, pace in WAYS:
        works[f"{order}, {pace}"] = _stopping(track(view, order, pace, now=datetime.now(UTC)))
    taken = in_turn(works)
    for name in list(works)[1:]:
        work = f"a stop of the replay, {ENTRIES:,} entries ({name})"
        yield compared(work, "view of a date, entries decoded", place.name, taken[name], taken["view"], GOAL)


def _stopping(found: Track) -> Any:
    """Goes one stop on each time, from the middle; the first one is gone to before."""
    places = count(len(found.stops) // 2)
    found.seen(next(places))
    return lambda: timed(lambda: _stop(found, next(places)))


def _stop(found: Track, at: int) -> object:
    before, after = found.seen(at - 1), found.seen(at)
    # Along what happened the entries stay the same, and so do their contradictions: those are found once.
    conflicts = None if found.order == "happened" else after.conflicts
    return difference(before, after), picture(before), picture(after), after.undetermined, conflicts


def _published(first: int, batch: list[Statement]) -> Statement:
    step = {"type": "entry-published", "targets": [statement.key for statement in batch]}
    return Statement.model_validate({"process": "bench", "key": f"public-{first}", "step": step})
