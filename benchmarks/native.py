"""The bare `eventsourcing` library with its own recorders, which stores the same bytes and nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

import psycopg
from eventsourcing.persistence import ApplicationRecorder, InfrastructureFactory, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from eventsourcing.utils import Environment, get_topic
from sqlalchemy import make_url

from benchmarks.places import require_same_durability
from domain.record import Record

STREAM: Final = UUID("00000000-0000-0000-0000-000000002018")
"""The library's own recorders take no text for the id of a stream unless they are told to."""


class Unpipelined(PostgresApplicationRecorder):
    """The library's recorder, its statements sent one after the other instead of through psycopg's pipeline.

    In that pipeline an append of half a megabyte waits for ever (eventsourcing 9.5.6 with psycopg 3.3.9 over a Unix
    socket); where it does not, both take as long.
    """

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        with self.datastore.get_connection() as connection, connection.transaction(), connection.cursor() as cursor:
            self._insert_stored_events(cursor, stored_events)
            return self._fetch_ids_after_insert_events(cursor, stored_events)


def environment(url: str) -> dict[str, str]:
    """How the library is told where to store. Its functions in PostgreSQL stay off: they lose events for readers."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(parsed.database)}
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(parsed.database),
        "POSTGRES_HOST": str(parsed.host or parsed.query["host"]),
        "POSTGRES_PORT": str(parsed.port or 5432),
        "POSTGRES_USER": str(parsed.username),
        "POSTGRES_PASSWORD": parsed.password or "none",
        "POSTGRES_ENABLE_DB_FUNCTIONS": "no",
        "APPLICATION_RECORDER_TOPIC": get_topic(Unpipelined),
    }


def recorder(url: str) -> ApplicationRecorder:
    """The library's own recorder on an empty database, connected."""
    factory: InfrastructureFactory = InfrastructureFactory.construct(Environment("native", environment(url)))
    found = factory.application_recorder()
    found.max_notification_id()  # its first connection is made now, not in the first round
    if make_url(url).get_backend_name() == "sqlite":
        require_same_durability(url)
    return found


def content(record: Record) -> bytes:
    """All that was stated, as one event holds it: facts, internal part and texts."""
    return b"[%b,%b,%b]" % (record.facts, record.internal, record.texts or b"{}")


def as_events(records: Iterable[Record]) -> list[StoredEvent]:
    """Entries as the library's events, in one stream."""
    return [StoredEvent(STREAM, number, each.type, content(each)) for number, each in enumerate(records, start=1)]


@contextmanager
def tables(url: str) -> Iterator[psycopg.Cursor]:
    """A plain connection to a database in PostgreSQL; what is done with it is committed at the end."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        yield connection.cursor()
