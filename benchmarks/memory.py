"""How much memory work on a million entries takes at its peak, and a file of one large process, each in a program of
its own.
"""

import os
import resource
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from adapters.backup import backup
from adapters.exports import formats
from adapters.exports.entries import lines
from adapters.wiring import Installation
from benchmarks.growth import MILLION
from benchmarks.installation import grow, published
from benchmarks.invented import statements
from benchmarks.measuring import Goal, Row
from benchmarks.places import ACCOUNT, Place, at
from service import Times

LIMIT: Final = 300.0
"""Megabytes."""

IN_ONE_PROCESS: Final = 100_000
AT_ONCE: Final = 2_000
"""So many entries are recorded at once, and published at once."""

GOAL: Final = Goal(must=1.0, time=True)
PROCESS: Final = "bench"
Work = Callable[[str], object]
"""Done to the installation in a database, by its URL; a function of a module, so that another program can call it."""


def exported(url: str) -> None:
    """Every process of the installation as entries, one after the other, by one program."""
    installation = at(url)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        for process in _processes(installation):
            nowhere.writelines(lines(installation.service.view(process, ACCOUNT)))


def backed_up(url: str, file: Path) -> None:
    """All that is stored, in one file."""
    backup(at(url).database, file)


def rebuilt(url: str) -> None:
    """The tables for lists and search, from the first entry."""
    at(url).service.rebuild()


def written(url: str, name: str) -> None:
    """The large process in one format, as the public gets it; statements as the office does."""
    installation = at(url)
    with Path(os.devnull).open("wb") as nowhere:
        if name == formats.STATEMENTS:
            formats.write_statements(installation, PROCESS, ACCOUNT, Times(), nowhere, lambda _: None)
        else:
            answer = installation.service.view_once(PROCESS, None)
            formats.write(installation, name, answer, None, nowhere, "de", lambda _: None)


def rows(place: Place, works: Mapping[str, Work] | None = None, size: int = MILLION) -> Iterator[Row]:
    """The peak of each work; without others these are the exports there are, and every format of one process."""
    large = place.installed()
    grow(large, size)
    yield from _peaks(place, large, works or _exports(place.folder), f"{size:,} entries")
    if works is None:
        one = place.installed()
        record_one_process(one, IN_ONE_PROCESS)
        every = {f"{name} of one process": partial(written, name=name) for name in formats.NAMES}
        yield from _peaks(place, one, every, f"{IN_ONE_PROCESS:,} entries")


def _peaks(place: Place, installation: Installation, works: Mapping[str, Work], of: str) -> Iterator[Row]:
    for name, work in works.items():
        peak = peak_megabytes(work, installation.settings.database_url)
        ours, theirs = f"{peak:,.0f} MB", f"{LIMIT:,.0f} MB"
        yield Row(f"peak memory, {name}, {of}", "the limit", place.name, ours, theirs, peak / LIMIT, GOAL)


def record_one_process(installation: Installation, size: int) -> None:
    """Records one process with so many entries, and publishes them."""
    told = statements(size, process=PROCESS)
    for first in range(0, size, AT_ONCE):
        batch = told[first : first + AT_ONCE]
        publication = published(batch).model_copy(update={"key": f"published-{first}"})
        installation.service.record([*batch, publication], ACCOUNT)


def _exports(folder: Path) -> dict[str, Work]:
    backup_into = partial(backed_up, file=folder / "backup.zip")
    return {"export of every process": exported, "rebuild": rebuilt, "backup": backup_into}


def peak_megabytes(work: Work, url: str) -> float:
    """The largest resident memory of a new program that does the work."""
    context = get_context("spawn")
    answer, question = context.Pipe(duplex=False)
    program = context.Process(target=_tell_peak, args=(question, work, url))
    program.start()
    question.close()
    try:
        peak: float = answer.recv()
    finally:
        program.join()
    return peak


def _tell_peak(question: Any, work: Work, url: str) -> None:
    work(url)
    question.send(_peak())


def _peak() -> float:
    """Megabytes. What the kernel says of this program alone; `getrusage` would count its parent's too."""
    status = Path("/proc/self/status")
    if status.is_file():
        found = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(found["VmHWM"].split()[0]) / 1_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000


def _processes(installation: Installation) -> Iterator[str]:
    for listed in installation.service.processes(ACCOUNT):
        yield listed.cited.process
