"""What we and the native library do in a race: `python -m benchmarks.racer ENGINE WORK URL …`.

Each program says "ready" and begins when it is told "go", as `emmett/race.js` does.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import accumulate, islice, pairwise
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from eventsourcing.persistence import ApplicationRecorder, InfrastructureFactory, StoredEvent
from eventsourcing.utils import Environment

from adapters.event_store import PAGE, EventStore
from adapters.wiring import fill_tables
from benchmarks import native
from benchmarks.places import ACCOUNT, at
from domain.publication import Statement

SECONDS: Final = 0.05
"""How long who follows pauses when there is nothing new; Emmett's consumers pause as long."""

QUIET: Final = 5
"""After so many seconds without anything new there is nothing more."""

OPENED: Final = {"type": "process-opened", "name": "Wettlauf"}


def feedback(stream: str, number: int, text: str) -> Statement:
    """Words of one of the public, as we record them."""
    step = {"type": "feedback-received", "kind": "wish", "what": text}
    given = {"process": stream, "key": f"{stream}-{number}", "step": step, "occurred": {"edtf": "2018"}}
    return Statement.model_validate({**given, "because": "not-recorded"})


class Ours:
    """The whole of it: rights, admission, commitment, leaf of the log and tables."""

    def __init__(self, url: str) -> None:
        self._installed = at(url)

    def prepare(self, streams: Iterable[str]) -> None:
        self._installed.database.migrate()
        fill_tables(self._installed)
        for stream in streams:
            opened = {"process": stream, "key": "opened", "step": OPENED, "occurred": {"edtf": "2018"}}
            self._installed.service.record([Statement.model_validate(opened)], ACCOUNT)

    def lists(self, stream: str, lists: list[range], text: str) -> Iterator[Callable[[], object]]:
        for numbers in lists:
            told = [feedback(stream, number, text) for number in numbers]
            yield partial(self._installed.service.record, told, ACCOUNT)

    def after(self, last: int) -> tuple[int, list[str]]:
        store = EventStore(self._installed.database)
        found = list(islice(store.all_records(last), PAGE))
        return (found[-1].position if found else last), [record.key for record in found if record.key != "opened"]


class Native:
    """The bare `eventsourcing` library: its own recorder stores events that are bytes already."""

    def __init__(self, url: str, *, functions: bool) -> None:
        self._given = native.environment(url)
        if functions:
            self._given |= {"POSTGRES_ENABLE_DB_FUNCTIONS": "yes"}
            del self._given["APPLICATION_RECORDER_TOPIC"]

    def _recorder(self, **more: str) -> ApplicationRecorder:
        factory: InfrastructureFactory = InfrastructureFactory.construct(Environment("native", self._given | more))
        return factory.application_recorder()

    def prepare(self, _streams: Iterable[str]) -> None:
        self._recorder().max_notification_id()

    def lists(self, stream: str, lists: list[range], text: str) -> Iterator[Callable[[], object]]:
        recorder, id_ = self._recorder(CREATE_TABLE="no"), uuid5(NAMESPACE_OID, stream)
        recorder.max_notification_id()  # its first connection is made now
        for numbers in lists:
            states = ((n, json.dumps({"id": f"{stream}-{n}", "text": text}).encode()) for n in numbers)
            events = [StoredEvent(id_, number, "step", state) for number, state in states]
            yield partial(recorder.insert_events, events)

    def after(self, last: int) -> tuple[int, list[str]]:
        if not hasattr(self, "_reading"):
            self._reading = self._recorder(CREATE_TABLE="no")
        found = self._reading.select_notifications(last, PAGE, inclusive_of_start=False)
        return (found[-1].id if found else last), [json.loads(event.state)["id"] for event in found]


ENGINES: Final[dict[str, Callable[[str], Any]]] = {
    "ours": Ours,
    "native": lambda url: Native(url, functions=False),
    "native-functions": lambda url: Native(url, functions=True),
}


def main() -> None:
    """Does its part of a race and says what came of it."""
    name, work, url, *given = sys.argv[1:]
    engine = ENGINES[name](url)
    if work == "migrate":
        engine.prepare(json.loads(given[0]))
    elif work == "write":
        write(engine, given[0], json.loads(given[1]), given[2])
    elif work == "tail":
        tail(engine)
    else:
        consume(engine)


def write(engine: Any, stream: str, sizes: list[int], text: str) -> None:
    """Appends lists of these sizes to a stream that nobody else appends to."""
    ends = list(accumulate(sizes, initial=1))
    lists = [range(first, end) for first, end in pairwise(ends)]
    works = list(engine.lists(stream, lists, text))
    wait("ready")
    for work in works:
        work()
    say(sum(sizes))


def tail(engine: Any) -> None:
    """Follows all streams from the first event on, until nothing more comes after it was told to end."""
    say("ready")
    told_to_end = threading.Thread(target=sys.stdin.readline, daemon=True)
    told_to_end.start()
    seen, last, quiet_since = [], 0, time.monotonic()
    while time.monotonic() < quiet_since + QUIET:
        told = not told_to_end.is_alive()
        last, found = engine.after(last)
        seen += found
        if found or not told:
            quiet_since = time.monotonic()
        if not found:
            time.sleep(SECONDS)
    say(seen)


def consume(engine: Any) -> None:
    """Consumes everything from the first event to the last."""
    engine.after(0)  # its first connection is made now
    wait("ready")
    seen, last, began = [], 0, time.perf_counter()
    while True:
        before = last
        last, found = engine.after(last)
        seen += found
        if last == before:
            break
    say({"taken": (time.perf_counter() - began) * 1_000, "seen": seen})


def wait(answer: str) -> None:
    """Says something and waits until it is told to go on."""
    say(answer)
    sys.stdin.readline()


def say(answer: object) -> None:
    """Answers with one line of JSON."""
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
