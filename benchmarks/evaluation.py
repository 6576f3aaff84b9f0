"""A stop of the replay of a process of 5,000 entries, gone to from the one before, against a view of the same entries.

What a stop takes is what its page is made from: the view, all that differs from the one before with the causes, the
picture and what is open. Its page is all that, the drawing of some 300 boxes and the page around it, as the application
answers it. The view is that of the row `view`, with the entries decoded. All of it is processor time: an answer goes
through several threads, each of which waits for others where a machine has other work.
"""

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from time import process_time
from typing import Any, Final

from starlette.testclient import TestClient

from adapters.event_store import EventStore
from adapters.web.app import create_app
from benchmarks.invented import statements
from benchmarks.measuring import Goal, Row, compared, in_turn
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

ROUNDS: Final = 11
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
    works: dict[str, Any] = {"view": lambda: _spent(lambda: View(Effective(entries), DAY).on(DAY))}
    with TestClient(create_app(installation, 0), follow_redirects=False) as client:
        for order, pace in WAYS:
            found = track(view, order, pace, now=datetime.now(UTC))
            works[f"a stop of the replay, {ENTRIES:,} entries ({order}, {pace})"] = _stopping(found)
            works[f"the page of a stop, {ENTRIES:,} entries ({order}, {pace})"] = _reading(found, client)
        taken = in_turn(works, ROUNDS)
    for work in list(works)[1:]:
        yield compared(work, "view of a date, entries decoded", place.name, taken[work], taken["view"], GOAL)


def _spent(work: Callable[[], object]) -> float:
    """Milliseconds of processor time of one call."""
    gc.collect()
    start = process_time()
    work()
    return (process_time() - start) * 1_000


def _stopping(found: Track) -> Any:
    """Goes one stop on each time, from the middle; the first one is gone to before."""
    places = count(len(found.stops) // 2)
    found.seen(next(places))
    return lambda: _spent(lambda: _stop(found, next(places)))


def _reading(found: Track, client: TestClient) -> Any:
    """Reads the page of one stop after the other, as who goes on does."""
    places = count(len(found.stops) // 2)

    def read_next() -> None:
        stop = found.stops[next(places)]
        at = f"entry={stop.last}" if found.pace == "entry" else f"day={date.fromordinal(stop.day)}"
        answer = client.get(f"/auswertung/bench?order={found.order}&per={found.pace}&{at}")
        assert answer.status_code == 200, answer.status_code

    read_next()
    return lambda: _spent(read_next)


def _stop(found: Track, at: int) -> object:
    before, after = found.seen(at - 1), found.seen(at)
    # Along what happened the entries stay the same, and so do their contradictions: those are found once.
    conflicts = None if found.order == "happened" else after.conflicts
    return difference(before, after), picture(before), picture(after), after.undetermined, conflicts


def _published(first: int, batch: list[Statement]) -> Statement:
    step = {"type": "entry-published", "targets": [statement.key for statement in batch]}
    return Statement.model_validate({"process": "bench", "key": f"public-{first}", "step": step})
