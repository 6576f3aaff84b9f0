"""PostgreSQL as docs/postgresql.md sets it up: the role may all that the program asks for, and limits are kept."""

import re
import threading
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from adapters import database as database_
from adapters.database import Database
from domain.errors import Refused
from tests.postgres import empty_database
from tests.records import logged, recorded

DOCUMENT = (Path(__file__).parents[1] / "docs" / "postgresql.md").read_text(encoding="utf-8")


def codes(refusal):
    return [found.code for found in refusal.value.refusals]


@pytest.fixture
def as_documented(postgres_url):
    """The URL of a database that was made by the statements of the document, under another name."""
    name = f"werdegang_test_{uuid4().hex}"
    (block,) = re.findall(r"^```sql\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    statements = [line for line in block.replace("werdegang", name).splitlines() if line]
    admin_url = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    inside = make_url(admin_url).set(database=name).render_as_string(hide_password=False)
    before, within = statements[: statements.index(f"\\c {name}")], statements[statements.index(f"\\c {name}") + 1 :]
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for statement in before:
            admin.execute(statement)
        with psycopg.connect(inside, autocommit=True) as there:
            for statement in within:
                there.execute(statement)
        yield (
            make_url(postgres_url)
            .set(drivername="postgresql+psycopg", username=name, password="geheim", database=name)
            .render_as_string(hide_password=False)
        )
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def test_the_role_of_the_document_may_do_all_that_is_needed(as_documented):
    database = Database(as_documented, replica=as_documented)
    database.migrate()
    recorded(logged(database)[0], "bottrop")
    with database.reading_as_public(), database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM entries").scalar() == 1
        assert connection.engine is not database._reader  # the replica, which is the same server here
    with database.reading() as connection:
        permitted = "SELECT has_function_privilege('pg_switch_wal()', 'execute')"
        assert connection.exec_driver_sql(permitted).scalar()
    assert database.forget()
    with database.reading() as connection:
        told = dict(
            connection.exec_driver_sql(
                "SELECT name, setting FROM pg_settings WHERE name IN"
                " ('application_name', 'lock_timeout', 'idle_in_transaction_session_timeout')"
            ).all()
        )
    assert told == {
        "application_name": "werdegang",
        "lock_timeout": "30000",
        "idle_in_transaction_session_timeout": "900000",
    }
    database.close()


def test_what_the_url_says_counts_more(postgres_url):
    with empty_database(postgres_url) as url:
        database = Database(
            make_url(url).update_query_dict({"application_name": "stadt"}).render_as_string(hide_password=False)
        )
        with database.reading() as connection:
            assert connection.exec_driver_sql("SHOW application_name").scalar() == "stadt"
        database.close()


def test_where_all_connections_are_taken_that_is_said(postgres_url, monkeypatch):
    monkeypatch.setattr(database_, "SECONDS_FOR_CONNECTION", 1)
    with empty_database(postgres_url) as url:
        database, enough, held = Database(url, connections=2), threading.Event(), threading.Barrier(3)

        def hold():
            with database.reading():
                held.wait(20)
                enough.wait(20)

        holders = [threading.Thread(target=hold) for _ in range(2)]
        for holder in holders:
            holder.start()
        held.wait(20)
        with pytest.raises(Refused) as refusal, database.reading():
            pass
        enough.set()
        for holder in holders:
            holder.join()
        assert codes(refusal) == ["connections-taken"]
        assert refusal.value.refusals[0].params == {"most": 2, "seconds": 1}
        with database.reading():
            pass
        database.close()
