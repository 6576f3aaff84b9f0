"""One statement recorded, complete, against one bare append of the same bytes by `eventsourcing-sqlalchemy`."""

import json
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from adapters.event_store import EventStore
from benchmarks.invented import statements
from benchmarks.measuring import Goal, Row, compared, in_turn
from benchmarks.native import content
from benchmarks.peer_environment import python
from benchmarks.places import ACCOUNT, Place, require_same_durability
from domain.publication import Statement
from domain.record import Record
from service import Service

PINNED: Final = Path(__file__).with_name("bare_append.txt")

ENTRIES: Final = 1_000
"""How many the process has before."""

ROUNDS: Final = 15
IN_A_ROUND: Final = 20
GOAL: Final = Goal(must=0.7, aim=1.0)


def rows(place: Place) -> Iterator[Row]:
    """The one row."""
    installation = place.installed()
    every = statements(ENTRIES + ROUNDS * IN_A_ROUND)
    installation.service.record(every[:ENTRIES], ACCOUNT)
    store = EventStore(installation.database)
    url = place.empty_database()
    with bare(url) as append:
        append(list(store.records("bench")))
        if place.server is None:
            require_same_durability(url)
        given = iter(every[ENTRIES:])
        taken = in_turn(
            {
                "ours": lambda: median(_recorded(installation.service, next(given)) for _ in range(IN_A_ROUND)),
                "theirs": lambda: median(append(list(store.records("bench"))[-IN_A_ROUND:])),
            },
            ROUNDS,
        )
    against = "bare append, eventsourcing-sqlalchemy 1.0.1"
    yield compared("record one statement, complete", against, place.name, taken["ours"], taken["theirs"], GOAL)


def _recorded(service: Service, statement: Statement) -> float:
    start = time.perf_counter()
    service.record([statement], ACCOUNT)
    return (time.perf_counter() - start) * 1_000


@contextmanager
def bare(url: str) -> Iterator[partial[list[float]]]:
    """The other program; it ends when nobody tells it anything any more."""
    command = [str(python(PINNED)), "-I", str(Path(__file__).with_name("bare_append.py")), url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        yield partial(_append, program)


def _append(program: subprocess.Popen[str], records: Sequence[Record]) -> list[float]:
    """Milliseconds of each append."""
    assert program.stdin is not None
    assert program.stdout is not None
    events = [(record.number, record.type, b64encode(content(record)).decode()) for record in records]
    program.stdin.write(f"{json.dumps(events)}\n")
    program.stdin.flush()
    taken: list[float] = json.loads(program.stdout.readline())
    return taken
