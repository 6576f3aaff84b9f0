"""Everything rebuilt from the first entry, against the library's ProjectionRunner and against reading alone."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, StoredEvent, Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL

from adapters.database import Database
from adapters.event_store import PAGE, EventStore
from benchmarks import native
from benchmarks.installation import grow
from benchmarks.measuring import Goal, Row, compared, in_turn, timed
from benchmarks.places import Place, at

ENTRIES: Final = 5_000
AGAINST_RUNNER: Final = Goal(must=5.0, aim=15.0)
AGAINST_READING: Final = Goal(must=0.15, aim=0.35)

_ALL: Final = """
    SELECT e.position, e.state, t.texts FROM entries e LEFT JOIN texts t ON t.position = e.position
    WHERE e.position > {after} ORDER BY e.position LIMIT {page}"""


def rows(place: Place) -> Iterator[Row]:
    """Against the runner on PostgreSQL only: on SQLite it does not work at all."""
    installation = place.installed()
    grow(installation, ENTRIES)
    url = installation.settings.database_url
    works = {"ours": lambda: timed(at(url).service.rebuild), "read": lambda: timed(lambda: read_all(at(url).database))}
    if place.server is not None:
        works["runner"] = _runner(place, EventStore(installation.database))
    taken = in_turn(works)
    work = f"rebuild everything, {ENTRIES:,} entries"
    if "runner" in taken:
        against = "ProjectionRunner of the library, one count table"
        yield compared(work, against, place.name, taken["ours"], taken["runner"], AGAINST_RUNNER)
    against = "reading and decoding all facts and texts, nothing else"
    yield compared(work, against, place.name, taken["ours"], taken["read"], AGAINST_READING)


def read_all(database: Database) -> int:
    """Reads facts and texts of all entries in pages and decodes their JSON; answers to how many."""
    after = 0
    with database.reading() as connection:
        while page := connection.exec_driver_sql(_ALL.format(after=after, page=PAGE)).all():
            for position, facts, texts in page:
                json.loads(facts)
                json.loads(texts or b"{}")
                after = position
    return after


# ---- the library's way -------------------------------------------------------------------------------------------


class Events(Application[UUID]):
    """The library's application on the same bytes; its events are the stored ones, which nobody decodes."""

    name = "native"

    def construct_mapper(self) -> Mapper[UUID]:
        return Undecoded()


class Undecoded(Mapper[UUID]):
    """Hands out what is stored as it is: the counting needs no more."""

    def __init__(self) -> None:
        """Has no transcoder."""

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return stored_event

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        raise NotImplementedError("the comparison only reads")


class Counts(PostgresTrackingRecorder):
    """The count table: how many events there are of each type."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.sql_create_statements.append(
            SQL("CREATE TABLE IF NOT EXISTS counts (topic text PRIMARY KEY, count bigint)").format()
        )

    def count(self, topic: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO counts VALUES (%s, 1) ON CONFLICT (topic) DO UPDATE SET count = counts.count + 1",
                (topic,),
                prepare=True,
            )


class Counting(Projection[Counts]):
    """Counts every event, in a transaction of its own, as the library's projections do."""

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.count(domain_event.topic, tracking)


def _runner(place: Place, store: EventStore) -> Callable[[], float]:
    """Projects the same entries once more, from the first one."""
    url = place.empty_database()
    recorder = native.recorder(url)
    events = native.as_events(store.all_records())
    for first in range(0, len(events), PAGE):
        recorder.insert_events(events[first : first + PAGE])
    last = recorder.max_notification_id() or 0

    def project() -> None:
        with ProjectionRunner(
            application_class=Events, projection_class=Counting, view_class=Counts, env=native.environment(url)
        ) as runner:
            runner.wait(last, timeout=120)

    def anew() -> float:
        with native.tables(url) as cursor:
            cursor.execute("DROP TABLE IF EXISTS counts, counting_tracking")
        return timed(project)

    return anew
