"""A newer program changes the schema of a PostgreSQL while older ones go on reading it."""

import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, make_url

from adapters import database as database_
from adapters.database import MIGRATIONS, Database, _upgrade
from domain.errors import Refused
from tests.postgres import empty_database

OLDEST = Path(__file__).parent / "databases" / "0.1.0.sqlite"
SECONDS_AT_MOST = 20
READ = """
    SELECT e.originator_id, e.originator_version, e.state, t.texts, a.id, k.label, p.name
    FROM entries e LEFT JOIN texts t USING (position)
    CROSS JOIN accounts a LEFT JOIN tokens k ON k.account = a.id LEFT JOIN people p ON p.id = a.id
    ORDER BY e.position, a.id, k.label"""
"""What the oldest program reads: every table that it has, but the roles."""

REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))]


def as_oldest(url):
    """Fills an empty PostgreSQL with what the oldest kept database holds, in the schema of its time."""
    kept, database = create_engine(f"sqlite:///{OLDEST}"), Database(url)
    with kept.connect() as source, database.writing() as connection:
        _upgrade(connection, "0001")
        there, here = MetaData(), MetaData()
        there.reflect(source)
        here.reflect(connection)
        for table in here.sorted_tables:
            rows = [dict(row._mapping) for row in source.execute(there.tables[table.name].select())]
            if table.name != "alembic_version" and rows:
                connection.execute(table.insert(), rows)
    kept.dispose()
    database.close()


@pytest.fixture
def oldest(postgres_url):
    with empty_database(postgres_url) as url:
        as_oldest(url)
        yield url


def connected(url, **options):
    libpq = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(libpq, autocommit=True, **options)


@contextmanager
def an_older_program_reads(url):
    """Reads all the time, on connections old and new; yields how often, and fails if it was ever kept waiting long.

    What "long" is only divides turns of a third of a second from standing in line behind somebody who waits for good.
    """
    counts, done, failures = [0], threading.Event(), []

    def read():
        expected, options = None, "-c statement_timeout=5s"
        with connected(url, options=options) as kept:
            while not done.is_set():
                with connected(url, options=options) as fresh:
                    for connection in (kept, fresh):
                        rows = connection.execute(READ).fetchall()
                        expected = expected or rows
                        assert rows == expected
                        counts[0] += 1

    def told():
        try:
            read()
        except (AssertionError, psycopg.Error) as error:  # raised where it is looked at
            failures.append(error)

    reader = threading.Thread(target=told)
    reader.start()
    try:
        yield counts
    finally:
        done.set()
        reader.join()
    assert not failures, failures


def until(condition):
    give_up = time.monotonic() + SECONDS_AT_MOST
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_an_older_program_goes_on_reading_while_the_schema_is_changed(oldest):
    database = Database(oldest)
    with an_older_program_reads(oldest) as counts:
        until(lambda: counts[0] > 2)
        database.migrate()
        after = counts[0]
        until(lambda: counts[0] > after + 2)
    database.check()
    database.close()


def test_a_long_reader_is_waited_for_and_nobody_stands_in_line_behind_that(oldest):
    """As a backup of the older program reads: the tables that it has read are changed when it has ended."""
    database = Database(oldest)
    migrating = threading.Thread(target=database.migrate)
    with an_older_program_reads(oldest) as counts, connected(oldest) as long, long.transaction():
        long.execute(READ).fetchall()
        migrating.start()
        until(lambda: database.revision() == "0004")  # 0005 adds columns to what is being read
        before = counts[0]
        until(lambda: counts[0] > before + 20)
        assert (migrating.is_alive(), database.revision()) == (True, "0004")
        assert len(long.execute(READ).fetchall()) > 0
    migrating.join()
    database.check()
    database.close()


def test_whoever_reads_without_an_end_is_named_and_the_database_stays_usable(oldest, monkeypatch):
    monkeypatch.setattr(database_, "SECONDS_BETWEEN_TURNS", 0.05)
    database = Database(oldest, patience=1)
    with connected(oldest) as long, long.transaction():
        long.execute(READ).fetchall()
        with pytest.raises(Refused) as refusal:
            database.migrate()
        (told,) = refusal.value.refusals
        assert (told.code, told.params) == ("migration-waits", {"seconds": 1, "reached": "0004"})
        assert len(long.execute(READ).fetchall()) > 0
    database.migrate()
    database.check()
    database.close()


LOCKED_FOR_A_MOMENT = {
    "0005": {"tokens", "passwords", "audit"},
    "0010": {"texts"},
}
"""Columns are added, and statistics forgotten: that reads and writes no row."""

_LOCKED = """
    SELECT relation::regclass::text FROM pg_locks JOIN pg_class ON pg_class.oid = relation
    WHERE pid = pg_backend_pid() AND mode = 'AccessExclusiveLock' AND relkind = 'r'"""


def test_no_version_of_the_schema_locks_readers_out_for_longer_than_a_moment(oldest):
    """Whatever a version locks, it writes anew no table that was there: only that takes long."""
    database, locked = Database(oldest), {}
    files = (
        "SELECT relname, pg_relation_filenode(oid) FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 2200"
    )
    for revision in REVISIONS[1:]:
        with database.writing() as connection:
            before = dict(connection.exec_driver_sql(files).all())
            _upgrade(connection, "+1")
            after = dict(connection.exec_driver_sql(files).all())
            held = {name for (name,) in connection.exec_driver_sql(_LOCKED)} & set(before)
        assert {name: after[name] for name in before} == before, revision
        if held - {"alembic_version"}:
            locked[revision] = held - {"alembic_version"}
    assert locked == LOCKED_FOR_A_MOMENT
    database.check()
    database.close()
