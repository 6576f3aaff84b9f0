"""Where entries are kept: a persistence module for the `eventsourcing` library, on SQLAlchemy.

One stream per process; the position is the library's notification id. The library's own recorders take positions from
a sequence, so that whoever follows the end of the log can miss entries; here a position is the next number under a
lock, which every writer holds until its transaction is over. The tables have the shape of the library's version 10.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_bytes
from typing import Any, Final, NoReturn

import structlog
from eventsourcing.application import Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactory,
    InfrastructureFactoryError,
    IntegrityError,
    Mapper,
    Notification,
    StoredEvent,
    TrackingRecorder,
)
from eventsourcing.utils import Environment, EnvType
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    exc,
    exists,
    func,
    literal_column,
    select,
)

from adapters.database import Database, Instant, Position, metadata, now
from domain.commitment import part_digest, recomputed
from domain.errors import Refused
from domain.record import Erased, Record, Salts, microseconds, moment

PAGE: Final = 500
"""How many entries are read at a time."""

SECONDS_TO_TELL: Final = 0.3
"""How long a reader waits for those who record, so that time can be settled."""

log = structlog.get_logger()

entries = Table(
    "entries",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("originator_id", Text, nullable=False),
    Column("originator_version", BigInteger, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("topic", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("state_salt", LargeBinary, nullable=False),
    Column("metadata", LargeBinary, nullable=False),
    Column("metadata_salt", LargeBinary, nullable=False),
    Column("texts_digest", LargeBinary, nullable=False),
    Column("commitment", LargeBinary, nullable=False),
    UniqueConstraint("originator_id", "originator_version", name="entries_number"),
    UniqueConstraint("originator_id", "key", name="entries_key"),
)
"""The library's names: `state` holds the facts, `metadata` the internal part."""

_first = entries.c.originator_version == literal_column("1")
Index("entries_first", entries.c.position, sqlite_where=_first, postgresql_where=_first)

texts = Table(
    "texts",
    metadata,
    Column("position", Position, ForeignKey("entries.position"), primary_key=True, autoincrement=False),
    Column("texts", LargeBinary, nullable=False),
    Column("salt", LargeBinary, nullable=False),
)
"""The texts of an entry with their salt: one row per entry, until they are erased."""

erased_texts = Table(
    "erased_texts",
    metadata,
    Column("position", Position, ForeignKey("entries.position"), primary_key=True, autoincrement=False),
    Column("erased_by", Position, ForeignKey("entries.position"), nullable=False),
)
"""Entries whose texts were erased, each with the position of the entry that says so."""

moment_told = Table(
    "moment_told",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("moment", Instant, nullable=False),
)
"""One row, or none yet: up to when readers of the feed were told what had become public by itself.

Like the last recording it is past for every later one, whatever the clock does (`projections/feed.py`).
"""

# What runs at every recording and reading does without SQLAlchemy's compiler. "?" becomes the mark of the driver.
_LAST: Final = """
    SELECT position, recorded_at, (SELECT max(originator_version) FROM entries WHERE originator_id = ?),
           (SELECT moment FROM moment_told)
    FROM entries ORDER BY position DESC LIMIT 1"""
_SETTLED: Final = """
    SELECT recorded_at, (SELECT moment FROM moment_told) FROM entries ORDER BY position DESC LIMIT 1"""
_TELL: Final = """
    INSERT INTO moment_told (id, moment) VALUES (1, ?)
    ON CONFLICT (id) DO UPDATE SET moment = excluded.moment WHERE moment_told.moment < excluded.moment"""
_INSERT_ENTRY: Final = """
    INSERT INTO entries (originator_id, originator_version, position, recorded_at, topic, key,
                         state, metadata, state_salt, metadata_salt, texts_digest, commitment)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_INSERT_TEXTS: Final = "INSERT INTO texts (position, texts, salt) VALUES (?, ?, ?)"
_INSERT_BOTH: Final = f"WITH entry AS ({_INSERT_ENTRY}) {_INSERT_TEXTS}"
"""The same as one statement; SQLite cannot, and need not, since it has no server that is waited for."""
_SELECT: Final = """
    SELECT e.originator_id, e.originator_version, e.position, e.recorded_at, e.topic, e.key,
           e.state, e.metadata, t.texts, e.state_salt, e.metadata_salt, t.salt, e.texts_digest, e.commitment
    FROM entries e LEFT JOIN texts t ON t.position = e.position"""


_ERASED: Final = """
    SELECT x.position, e.recorded_at, x.erased_by FROM erased_texts x JOIN entries e ON e.position = x.erased_by
    WHERE x.position BETWEEN ? AND ?"""
_DELETE_TEXTS: Final = "DELETE FROM texts WHERE position = ?"
_INSERT_ERASED: Final = "INSERT INTO erased_texts (position, erased_by) VALUES (?, ?)"

Follow = Callable[[Sequence[Record]], None]
"""Takes in records in the transaction that stores them: all of it happens, or nothing."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record as the library's event: one of the stream of its process."""

    record: Record

    @property
    def originator_id(self) -> str:
        return self.record.process

    @property
    def originator_version(self) -> int:
        return self.record.number


@dataclass(frozen=True, slots=True)
class Continued:
    """A process that goes on, as the library's aggregate: it is asked for its events once, and no event what it is."""

    id: str
    version: int
    records: Sequence[Record]

    def collect_events(self) -> Sequence[Recorded]:
        return [Recorded(record) for record in self.records]


@dataclass(frozen=True)
class StoredRecord(Notification):
    """A record in the library's stored form: the facts are its state, the position is its id."""

    record: Record


def _stored(record: Record) -> StoredRecord:
    return StoredRecord(record.process, record.number, record.type, record.facts, record.position, record)


class RecordMapper(Mapper[str]):
    """The topic is the type name of the step, so that code can move; the bytes are those the domain committed to."""

    def __init__(self) -> None:
        """Has no transcoder, compressor or cipher: stored facts are canonical JSON for ever."""

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredRecord:
        assert isinstance(domain_event, Recorded)
        return _stored(domain_event.record)

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded:
        assert isinstance(stored_event, StoredRecord)
        return Recorded(stored_event.record)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next entry of a process goes; true as long as the lock is held."""

    position: int
    number: int
    recorded_at: datetime


class EntryRecorder(ApplicationRecorder):
    """The library's recorder, on the tables `entries` and `texts`."""

    def __init__(self, database: Database, clock: Callable[[], datetime], following: Sequence[Follow] = ()) -> None:
        self._database = database
        self._clock = clock
        self._following = following

    def next_place(self, process: str) -> Place:
        """Positions and numbers have no gaps; time never stands and never runs back, whatever the clock does.

        Nor is it before what readers of the feed were told (`moment_told`).
        """
        with self._database.writing() as connection:
            last = self._database.run(connection, _LAST, (process,)).fetchone()
        if last is None:
            return Place(1, 1, self._clock())
        position, recorded_at, number, told = last
        past = max(recorded_at, told or recorded_at)
        return Place(position + 1, (number or 0) + 1, max(self._clock(), moment(past + 1)))

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:  # noqa: ARG002
        if not stored_events:
            return []
        with self._database.writing() as connection:
            records = self._records(stored_events)
            try:
                if self._database.sqlite:
                    self._database.run(connection, _INSERT_ENTRY, *map(_entry_row, records))
                    self._database.run(connection, _INSERT_TEXTS, *map(_texts_row, records))
                else:
                    rows = ((*_entry_row(record), *_texts_row(record)) for record in records)
                    self._database.run(connection, _INSERT_BOTH, *rows)
            except exc.IntegrityError as error:
                raise IntegrityError(str(error.orig)) from error
            for follow in self._following:
                follow(records)
        return [record.position for record in records]

    def _records(self, stored_events: Sequence[StoredEvent]) -> list[Record]:
        records = [event.record for event in stored_events if isinstance(event, StoredRecord)]
        if records:
            return records
        place = self.next_place(str(stored_events[0].originator_id))
        return [_seal(event, place.position + n, place.recorded_at) for n, event in enumerate(stored_events)]

    def select_events(
        self,
        originator_id: object,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredRecord]:
        where: dict[str, object] = {"e.originator_id = ?": originator_id}
        if gt is not None:
            where["e.originator_version > ?"] = gt
        if lte is not None:
            where["e.originator_version <= ?"] = lte
        return self._select(where, "e.originator_version DESC" if desc else "e.originator_version", limit)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[StoredRecord]:
        where: dict[str, object] = {"e.position >= ?" if inclusive_of_start else "e.position > ?": start or 0}
        if stop is not None:
            where["e.position <= ?"] = stop
        return self._select(where, "e.position", limit, topics)

    def _select(
        self, where: dict[str, object], order: str, limit: int | None, topics: Sequence[str] = ()
    ) -> list[StoredRecord]:
        conditions, parameters = list(where), list(where.values())
        if topics:
            conditions.append(f"e.topic IN ({', '.join('?' for _ in topics)})")
            parameters += topics
        statement = f"{_SELECT} WHERE {' AND '.join(conditions)} ORDER BY {order}"
        if limit is not None:
            statement += " LIMIT ?"
            parameters.append(limit)
        with self._database.reading() as connection:
            rows = connection.exec_driver_sql(self._database.sql(statement), tuple(parameters)).all()
            without = [row[2] for row in rows if row[8] is None]  # hardly ever one
            erased = self._erased(connection, without) if without else {}
        return [_read(row, erased.get(row[2])) for row in rows]

    def _erased(self, connection: Connection, positions: Sequence[int]) -> dict[int, Erased]:
        """What explains that these entries have no texts."""
        span = (min(positions), max(positions))
        found = self._database.run(connection, _ERASED, span).fetchall()
        return {position: Erased(moment(at), by) for position, at, by in found}

    def erase_texts(self, erased: Mapping[int, int]) -> None:
        """Deletes texts with their salts, by position; each with the position of the entry that says so."""
        with self._database.writing() as connection:
            self._database.run(connection, _DELETE_TEXTS, *((position,) for position in erased))
            self._database.run(connection, _INSERT_ERASED, *erased.items())

    def max_notification_id(self) -> int | None:
        with self._database.reading() as connection:
            position: int | None = connection.exec_driver_sql("SELECT max(position) FROM entries").scalar()
        return position

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> NoReturn:
        raise NotImplementedError("whoever follows the entries asks for those after a position")


def _entry_row(record: Record) -> tuple[object, ...]:
    return (
        record.process,
        record.number,
        record.position,
        microseconds(record.recorded_at),
        record.type,
        record.key,
        record.facts,
        record.internal,
        record.salts.facts,
        record.salts.internal,
        record.texts_digest,
        record.commitment,
    )


def _texts_row(record: Record) -> tuple[object, ...]:
    return record.position, record.texts, record.salts.texts


def _read(row: Any, erased: Erased | None) -> StoredRecord:
    """The columns of `_SELECT` stand in the order of a record's fields; texts that were erased have no row."""
    fields: Any = (*row[:3], moment(row[3]), *row[4:9], Salts(*row[9:12]), *row[12:], erased)
    return _stored(Record(*fields))


def _seal(event: StoredEvent, position: int, recorded_at: datetime) -> Record:
    """A bare event of the library as a record: its version is its key, and it has no texts."""
    texts_salt = token_bytes(32)
    record = Record(
        process=str(event.originator_id),
        number=event.originator_version,
        position=position,
        recorded_at=recorded_at,
        type=event.topic,
        key=str(event.originator_version),
        facts=event.state,
        internal=b"{}",
        texts=b"{}",
        salts=Salts(token_bytes(32), token_bytes(32), texts_salt),
        texts_digest=part_digest("texts", texts_salt, b"{}"),
        commitment=b"",
    )
    return replace(record, commitment=recomputed(record))


class Factory(InfrastructureFactory[TrackingRecorder]):
    """Gives the library our recorder and mapper. Tables come from the migrations, never from here."""

    def __init__(self, database: Database, clock: Callable[[], datetime], following: Sequence[Follow] = ()) -> None:
        super().__init__(Environment())
        self._recorder = EntryRecorder(database, clock, following)

    def mapper(self, *_: object, **__: object) -> RecordMapper:  # type: ignore[override]
        return RecordMapper()

    def application_recorder(self) -> EntryRecorder:
        return self._recorder

    def aggregate_recorder(self, purpose: str = "events") -> NoReturn:
        raise InfrastructureFactoryError(f"there are no {purpose} but the entries")

    def process_recorder(self) -> NoReturn:
        raise InfrastructureFactoryError("projections keep their own position")

    def tracking_recorder(self, tracking_recorder_class: object = None) -> NoReturn:  # noqa: ARG002
        raise InfrastructureFactoryError("projections keep their own position")


class Entries(Application[str]):
    """The library's application: saves records and reads them."""

    recorder: EntryRecorder
    mapper: RecordMapper

    def __init__(self, factory: Factory) -> None:
        self._given = factory
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:  # noqa: ARG002
        """Empty: a stray PERSISTENCE_MODULE or CIPHER_KEY of the machine must not send entries elsewhere."""
        return Environment(name)

    def construct_factory(self, env: Environment) -> Factory:  # noqa: ARG002
        return self._given

    def read(self, stored: Sequence[StoredRecord]) -> list[Record]:
        return [self.mapper.to_domain_event(event).record for event in stored]


class Appending:
    """An append in progress, under the lock: what is appended is stored when the `with` ends, or nothing is."""

    def __init__(self, entries: Entries, process: str) -> None:
        place = entries.recorder.next_place(process)
        self._entries = entries
        self._process = process
        self._number = place.number
        self.position = place.position
        """The next free position."""
        self.recorded_at = place.recorded_at
        """The time of every record appended here."""

    def records(self, after: int) -> list[Record]:
        """The newest records of the process, those after a number."""
        if after == self._number - 1:  # as nearly always: whoever records has read to the end before
            return []
        return [record for page in _pages(self._entries, self._process, after) for record in page]

    def append(self, records: Sequence[Record]) -> None:
        """Records that do not continue the log where it ends are not stored."""
        for n, record in enumerate(records):
            given = (record.process, record.number, record.position, record.recorded_at)
            if given != (self._process, self._number + n, self.position + n, self.recorded_at):
                raise IntegrityError(f"entry {record.number} at {record.position} does not continue the log")
        self._entries.save(Continued(self._process, self._number + len(records) - 1, records))
        self._number += len(records)
        self.position += len(records)

    def erase_texts(self, erased: Mapping[int, int]) -> list[Record]:
        """Deletes texts with their salts, by position, each with the position of the entry that says so.

        Answers with all records of the process, as they are then.
        """
        self._entries.recorder.erase_texts(erased)
        return [record for page in _pages(self._entries, self._process, 0) for record in page]


def _pages(entries: Entries, process: str, after: int) -> Iterator[list[Record]]:
    full = True
    while full and (page := entries.read(entries.recorder.select_events(process, gt=after, limit=PAGE))):
        yield page
        full, after = len(page) == PAGE, page[-1].number


class EventStore:
    """All entries of the installation, in bytes. What `following` does with new ones is done in their transaction."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime] = now, *, following: Sequence[Follow] = ()
    ) -> None:
        self._database = database
        self._entries = Entries(Factory(database, clock, following))

    @contextmanager
    def appending(self, process: str) -> Iterator[Appending]:
        """The lock of all writers, for one transaction; an exception inside leaves everything as it was."""
        with self._database.writing():
            yield Appending(self._entries, process)

    def records(self, process: str, after: int = 0) -> Iterator[Record]:
        """The records of a process by number, read in pages."""
        for page in _pages(self._entries, process, after):
            yield from page

    def all_records(self, after: int = 0) -> Iterator[Record]:
        """All records by position, read in pages. Whoever asks again after the last one misses none."""
        recorder = self._entries.recorder
        while page := self._entries.read(recorder.select_notifications(after, PAGE, inclusive_of_start=False)):
            yield from page
            after = page[-1].position

    def record(self, position: int) -> Record | None:
        """The record at a position."""
        recorder = self._entries.recorder
        found = self._entries.read(recorder.select_notifications(position, 1, position))
        return found[0] if found else None

    def processes(self, after: int = 0) -> list[str]:
        """The processes in the order of their first entries; those that have an entry after a position."""
        first = select(entries.c.originator_id).where(entries.c.originator_version == 1).order_by(entries.c.position)
        if after:
            newer = select(entries.c.originator_id).where(entries.c.position > after)
            first = first.where(entries.c.originator_id.in_(newer))
        with self._database.reading() as connection:
            return list(connection.execute(first).scalars())

    def newest(self, process: str) -> int:
        """The number of the last entry of a process, 0 before the first."""
        last = select(func.max(entries.c.originator_version)).where(entries.c.originator_id == process)
        with self._database.reading() as connection:
            return connection.execute(last).scalar() or 0

    def erased_texts(self) -> int:
        """How many entries have lost their texts; it only grows."""
        with self._database.reading() as connection:
            count: int = connection.exec_driver_sql("SELECT count(*) FROM erased_texts").scalar_one()
        return count

    def unexplained(self) -> list[Record]:
        """Entries without texts of which no entry says that they were erased, the oldest first."""
        # Not by NOT IN: for each entry PostgreSQL would go through the texts of all.
        kept, told = (exists().where(table.c.position == entries.c.position) for table in (texts, erased_texts))
        lost = select(entries.c.position).where(~kept, ~told)
        with self._database.reading() as connection:
            positions = connection.execute(lost.order_by(entries.c.position)).scalars().all()
            return [record for position in positions if (record := self.record(position)) is not None]

    def settled_until(self) -> datetime | None:
        """The moment after which every later entry is recorded, whatever the clock does; `None` before the first."""
        with self._database.reading() as connection:
            last = self._database.run(connection, _SETTLED).fetchone()
        return None if last is None else moment(max(last[0], last[1] or last[0]))

    def tell(self, until: datetime) -> None:
        """Notes that readers may be told what is public up to a moment: entries are recorded after it from now on.

        Where that cannot be noted, on a replica or while somebody else records, nothing is: it is tried again.
        """
        try:
            with self._database.writing(patience=SECONDS_TO_TELL) as connection:
                self._database.run(connection, _TELL, (microseconds(until),))
        except (Refused, exc.DBAPIError) as error:
            log.info("moment-not-told", exc_info=error)

    def position(self) -> int:
        """The position of the last entry, 0 before the first."""
        return self._entries.recorder.max_notification_id() or 0
