"""What Werdegang costs, as ratios against the bare `eventsourcing` library in the same run on the same machine.

Prints a table in Markdown; `benchmarks/README.md` holds the last one that was kept. Medians; SQLite in WAL mode with
synchronous=FULL on both sides.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
from eventsourcing.utils import Environment

from adapters.database import Database
from adapters.event_store import EventStore
from adapters.transparency_log import TransparencyLog
from benchmarks.invented import statements
from domain.account import Account
from domain.entry import Entry, read
from domain.record import Record
from domain.replay import Effective
from domain.view import View
from projections.tables import Tables
from service import Service

ACCOUNT: Final = Account("konto-bench", frozenset({("admin", "*")}))
ENTRIES: Final = 5_000
STREAM: Final = UUID("00000000-0000-0000-0000-000000002018")
"""The library's own SQLite recorder takes nothing else for the id of a stream."""


def median_ms(work: Callable[[], object], times: int) -> float:
    """Milliseconds of one call, the median of several."""
    measured = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        measured.append((time.perf_counter() - start) * 1_000)
    return statistics.median(measured)


def installed(folder: Path, name: str) -> tuple[Service, EventStore]:
    """An empty installation on SQLite."""
    database = Database(f"sqlite:///{folder / name}.sqlite")
    database.migrate()
    store = EventStore(database, following=[TransparencyLog(database).append])
    tables = Tables(database)
    tables.prepare()
    service = Service(store, tables)
    service.rebuild()
    return service, store


def native(folder: Path, name: str) -> SQLiteApplicationRecorder:
    """The library's own recorder, with the same durability."""
    recorder = SQLiteApplicationRecorder(SQLiteDatastore(str(folder / f"{name}.sqlite")))
    recorder.create_table()
    with recorder.datastore.transaction(commit=False) as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone()[0] == "wal"
    return recorder


def as_events(records: Sequence[Record]) -> list[StoredEvent]:
    """The facts alone, as the library stores events."""
    return [StoredEvent(STREAM, record.number, record.type, record.facts) for record in records]


class FactsMapper(Mapper[UUID]):
    """Reads stored facts as our entries, for the library's repository."""

    def __init__(self, records: dict[int, Record]) -> None:
        self.records = records

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        raise NotImplementedError("the comparison only reads")

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        texts = replace(self.records[stored_event.originator_version], facts=stored_event.state)
        return read(texts)


def record_one(folder: Path) -> Iterator[tuple[str, float, float]]:
    """One statement, complete, against one bare append of its facts."""
    service, store = installed(folder, "one")
    every = statements(1_300)
    service.record(every[:1_000], ACCOUNT)
    given = iter(every[1_000:])
    ours = median_ms(lambda: service.record([next(given)], ACCOUNT), 200)
    events = iter(as_events(list(store.records("bench"))))
    recorder = native(folder, "one-native")
    theirs = median_ms(lambda: recorder.insert_events([next(events)]), 200)
    yield "record one statement, complete / one bare append", ours, theirs


def import_thousand(folder: Path) -> Iterator[tuple[str, float, float]]:
    """A list of 1,000, dates sorted and shuffled, against one append of 1,000 events."""
    for order in ("sorted", "shuffled"):
        runs = [installed(folder, f"import-{order}-{n}") for n in range(3)]
        given = statements(1_000, shuffled=order == "shuffled")
        services = iter(service for service, _ in runs)
        ours = median_ms(lambda services=services, given=given: next(services).record(given, ACCOUNT), 3)  # type: ignore[misc]
        events = as_events(list(runs[0][1].records("bench")))
        recorders = iter([native(folder, f"native-{order}-{n}") for n in range(3)])
        theirs = median_ms(lambda recorders=recorders, events=events: next(recorders).insert_events(events), 3)  # type: ignore[misc]
        yield f"import 1,000 statements, {order} / one native append of 1,000", ours, theirs


def view_any_date(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Any date of a process of 5,000 entries, against the library's replay of the same entries."""
    service, store = installed(folder, "view")
    service.record(statements(ENTRIES), ACCOUNT)
    records = {record.number: record for record in store.records("bench")}
    recorder = native(folder, "view-native")
    recorder.insert_events(as_events(list(records.values())))
    application = Application[UUID](Environment("bench"))
    application.repository.event_store.mapper = FactsMapper(records)
    application.repository.event_store.recorder = recorder
    day = date(2020, 6, 30).toordinal()

    def replay() -> int:
        fold: Any = lambda _, events: sum(1 for _ in events)  # noqa: E731
        return application.repository.get(STREAM, version=ENTRIES, projector_func=fold)

    def cold() -> View:
        return View(Effective(read(record) for record in store.records("bench")), day).on(day)

    entries: list[Entry] = [read(record) for record in records.values()]
    theirs = median_ms(replay, 3)
    yield f"view of a date, {ENTRIES:,} entries, cold / Repository.get", median_ms(cold, 3), theirs
    yield "the same, entries decoded", median_ms(lambda: View(Effective(entries), day).on(day), 3), theirs
    known = View(Effective(entries), day).on(day)
    yield "the same, another day of a folded process", median_ms(lambda: known.on(day).undetermined, 20), theirs


def main() -> None:
    """Runs everything and prints the table."""
    print("| work / against | ours ms | theirs ms | time ratio |")
    print("|---|---|---|---|")
    for measure in (record_one, import_thousand, view_any_date):
        with tempfile.TemporaryDirectory() as folder:
            for name, ours, theirs in measure(Path(folder)):
                print(f"| {name} | {ours:.2f} | {theirs:.2f} | {ours / theirs:.2f} |", flush=True)


if __name__ == "__main__":
    main()
