"""Whether an entry costs more in a large installation than in a small one."""

import time
from collections.abc import Callable, Iterator
from itertools import count
from statistics import median
from typing import Final

from adapters.event_store import PAGE, EventStore
from adapters.wiring import Installation
from benchmarks.installation import grow, one_more, process_of
from benchmarks.measuring import Goal, Row, compared, in_turn
from benchmarks.places import ACCOUNT, Place

SMALL: Final = 1_000
SIZES: Final = (10_000, 100_000)
MILLION: Final = 1_000_000
ROUNDS: Final = 9
IN_A_ROUND: Final = 20
GOAL: Final = Goal(must=1.5, time=True)


def rows(place: Place, *, million: bool = False) -> Iterator[Row]:
    """Recording one more statement, and reading one page, at each size against the smallest one in the same rounds."""
    large = place.installed()
    for size in (*SIZES, *([MILLION] if million else [])):
        grow(large, size)
        small = place.installed()
        grow(small, SMALL)
        recording, reading = _works(large, process_of(size // 2)), _works(small, process_of(SMALL))
        taken = in_turn(
            {
                "recorded": recording[0],
                "recorded, small": reading[0],
                "read": recording[1],
                "read, small": reading[1],
            },
            ROUNDS,
        )
        for name, work in (("recorded", "record one more statement"), ("read", f"read a page of {PAGE} entries")):
            named = f"{work} in an installation of {size:,}"
            yield compared(named, f"of {SMALL:,}", place.name, taken[name], taken[f"{name}, small"], GOAL)


def _works(installation: Installation, process: str) -> tuple[Callable[[], float], Callable[[], float]]:
    """Recording one more statement into a process, and reading a page of it; medians of what a round takes."""
    store, number = EventStore(installation.database), count(1)

    def page() -> list[object]:
        return list(zip(range(PAGE), store.records(process), strict=False))

    def record() -> object:
        return installation.service.record([one_more(process, next(number))], ACCOUNT)

    record()  # from now on the service knows the process
    return lambda: _median(record), lambda: _median(page)


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(IN_A_ROUND):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1_000)
    return median(taken)
