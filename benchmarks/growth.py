"""Whether what the software must cost is the same in a large installation as in a small one."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from typing import Final
from urllib.request import urlopen

from adapters.backup import backup
from adapters.event_store import PAGE, EventStore
from adapters.web.replies import MOST_KEPT
from adapters.wiring import Installation
from benchmarks.installation import IN_A_PROCESS, grow, one_more, process_of, published
from benchmarks.invented import statements
from benchmarks.measuring import Goal, Round, Row, compared, in_turn, timed
from benchmarks.places import ACCOUNT, Place, at
from benchmarks.timeline import GZIP, Program
from benchmarks.view import ENTRIES as IN_A_LARGE_PROCESS
from projections.feed import Place as Feeding
from service import Times

SMALL: Final = 1_000
SIZES: Final = (10_000, 100_000)
MILLION: Final = 1_000_000
ROUNDS: Final = 7
IN_A_ROUND: Final = 20
SECONDS: Final = 0.4
"""How long the readers of a page ask in a round."""

SMALL_TO_GO_THROUGH: Final = 5_000
"""What goes through all entries is held against an installation of this size: in a smaller one begin and end show."""

DAY: Final = date(2020, 6, 30)
GOAL: Final = Goal(must=1.5, time=True)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two installations that are compared, and a process in the middle of it.

    The small one is another one each time it is asked for: what is recorded for a measurement makes none larger than it
    says.
    """

    installation: Callable[[], Installation]
    process: str


def rows(place: Place, *, million: bool = False) -> Iterator[Row]:
    """Every work at each size against the smallest one in the same rounds."""
    large = place.installed()
    for size in (*SIZES, *([MILLION] if million else [])):
        grow(large, size)
        yield from compared_with_small(place, large, size)
        yield from gone_through(place, large, size)


def compared_with_small(place: Place, large: Installation, size: int) -> Iterator[Row]:
    """What is done in one process, or read of one page, in an installation of so many entries."""
    sides = {
        "large": Side(lambda: large, process_of(size // 2)),
        "small": Side(lambda: _grown(place, SMALL), process_of(SMALL)),
    }
    named, against = f"{{}} in an installation of {size:,}", f"of {SMALL:,}"
    for work, begun in WORKS.items():
        taken = in_turn({name: begun(side) for name, side in sides.items()}, ROUNDS)
        yield compared(named.format(work), against, place.name, taken["large"], taken["small"], GOAL)
    with ExitStack() as programs:
        readers = programs.enter_context(Program("benchmarks.readers"))
        pages = {name: _pages(side, programs, readers) for name, side in sides.items()}
        for work in pages["large"]:
            taken = in_turn({name: pages[name][work] for name in sides}, ROUNDS)
            yield compared(named.format(work), against, place.name, taken["large"], taken["small"], GOAL)


def gone_through(place: Place, large: Installation, size: int) -> Iterator[Row]:
    """What goes through all entries, once: what it takes for 1,000 of them; the small one before and after it."""
    small = _grown(place, SMALL_TO_GO_THROUGH)
    against = f"of {SMALL_TO_GO_THROUGH:,}"
    for work, whole in (("rebuild", _rebuilt), ("backup", partial(_backed_up, place.folder / "backup.zip"))):
        before, ours, after = (_by_the_thousand(whole, installation) for installation in (small, large, small))
        named = f"{work}, 1,000 of the entries of an installation of {size:,}"
        yield compared(named, against, place.name, [ours], [(before + after) / 2], GOAL)


def _grown(place: Place, size: int) -> Installation:
    installation = place.installed()
    grow(installation, size)
    return installation


# ---- by the service ----------------------------------------------------------------------------------------------


def _recording(side: Side) -> Round:
    """One more statement of a process that the service knows; the median of a round."""
    installation = side.installation()
    number = count(EventStore(installation.database).newest(side.process))

    def record() -> object:
        return installation.service.record([one_more(side.process, next(number))], ACCOUNT)

    record()  # from now on the service knows the process
    return lambda: _median(record)


def _reading(side: Side) -> Round:
    """A page of a process; the median of a round."""
    store = EventStore(side.installation().database)
    return lambda: _median(lambda: [*zip(range(PAGE), store.records(side.process), strict=False)])


def _importing(side: Side) -> Round:
    """A list of statements into a process that is not there yet."""

    def imported() -> float:
        anew = at(side.installation().settings.database_url)
        given = statements(IN_A_PROCESS, process=_further(anew))
        taken = timed(lambda: anew.service.record(given, ACCOUNT))
        anew.database.close()
        return taken

    return imported


def _viewing(side: Side) -> Round:
    """A day of a large process, by a service that knows nothing yet."""
    installation = side.installation()
    process = _further(installation)
    told = statements(IN_A_LARGE_PROCESS - 1, process=process)
    installation.service.record([*told, published(told)], ACCOUNT)

    def viewed() -> float:
        anew = at(installation.settings.database_url)
        _further(anew)  # connected, as a program that runs is
        taken = timed(lambda: anew.service.view(process, None, Times(happened_by=DAY)))
        anew.database.close()
        return taken

    return viewed


def _further(installation: Installation) -> str:
    """A process that is not there yet."""
    return f"further-{EventStore(installation.database).position()}"


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(IN_A_ROUND):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1_000)
    return median(taken)


WORKS: Final[Mapping[str, Callable[[Side], Round]]] = {
    "record one more statement": _recording,
    f"read a page of {PAGE} entries": _reading,
    f"import {IN_A_PROCESS:,} statements": _importing,
    f"view of a date of a process of {IN_A_LARGE_PROCESS:,} entries, nothing in memory,": _viewing,
}


# ---- by pages of a server ----------------------------------------------------------------------------------------


def _pages(side: Side, programs: ExitStack, readers: Program) -> dict[str, Round]:
    """What eight readers are answered by servers that make every answer anew, or keep answers."""
    installation = side.installation()
    word = _found_once(installation, side.process)
    url = installation.settings.database_url
    making, keeping = (
        int(programs.enter_context(Program("benchmarks.served", "pages", url, str(kept))).line())
        for kept in (0, MOST_KEPT)
    )
    timeline, feed = f"/prozesse/{side.process}/verlauf", f"/api/v1/entries?after={_within(installation, side.process)}"
    with urlopen(f"http://127.0.0.1:{keeping}{timeline}") as answer:
        tag = answer.headers["ETag"]

    def asked(port: int, path: str, headers: dict[str, str] = GZIP, status: int = 200) -> Round:
        return lambda: readers.ask(port=port, path=path, headers=headers, seconds=SECONDS, status=status)

    return {
        "timeline page of 50 entries, rendered,": asked(making, timeline),
        "timeline page of 50 entries, from cache,": asked(keeping, timeline),
        "timeline page of 50 entries, 304,": asked(keeping, timeline, {"If-None-Match": tag}, 304),
        "page of 100 entries of the feed": asked(making, feed),
        "search by the API, one entry found,": asked(making, f"/api/v1/search?q={word}"),
        "search by the API, most entries found,": asked(making, "/api/v1/search?q=Treffen"),
        "page of the search, with the names of all processes,": asked(making, f"/suche?q={word}"),
        "page / with all processes": asked(making, "/"),
    }


def _found_once(installation: Installation, process: str) -> str:
    """A word that the search finds in one public entry alone."""
    position = EventStore(installation.database).position()
    told = one_more(process, position, word := f"wort{position}")
    public = published([told]).model_copy(update={"key": f"{told.key}-public"})
    installation.service.record([told, public], ACCOUNT)
    return word


def _within(installation: Installation, process: str) -> Feeding:
    """The place of an entry of a process in the feed of the public; a page of those that follow is of it, too."""
    first = next(EventStore(installation.database).records(process)).position
    since = installation.tables.public_since(first)
    assert since is not None
    return Feeding(first, since, public=True)


# ---- through all entries -----------------------------------------------------------------------------------------


def _by_the_thousand(work: Callable[[str], object], installation: Installation) -> float:
    entries = EventStore(installation.database).position()
    return timed(lambda: work(installation.settings.database_url)) * 1_000 / entries


def _rebuilt(url: str) -> None:
    at(url).service.rebuild()


def _backed_up(file: Path, url: str) -> None:
    backup(at(url).database, file)
