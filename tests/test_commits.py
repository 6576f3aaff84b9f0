"""A mark tells at once whether anything was committed; where it cannot, the database is asked."""

import sqlite3
from threading import Timer

import pytest

from adapters.commits import Commits
from adapters.database import Database


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "werdegang.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE noted (what TEXT)")
    connection.close()
    return file


def note(file, *, commit: bool = True) -> None:
    connection = sqlite3.connect(file)
    connection.execute("INSERT INTO noted VALUES ('here')")
    if commit:
        connection.commit()
    connection.close()


def test_a_mark_stays_until_somebody_commits(file):
    commits = Commits(file)
    mark = commits.mark()
    assert mark is not None
    with sqlite3.connect(file) as reading:
        reading.execute("SELECT * FROM noted").fetchall()
    note(file, commit=False)
    assert commits.mark() == mark
    note(file)
    assert commits.mark() != mark
    commits.close()


def test_what_was_committed_while_nobody_looked_is_noticed_too(file):
    """Seen to fail with the bare number of the connection, which begins anew with each."""
    commits = Commits(file)
    mark = commits.mark()
    commits.close()
    note(file)
    assert commits.mark() != mark
    commits.close()


def test_without_a_file_there_is_no_mark_and_none_is_made(file):
    commits = Commits(file)
    commits.mark()
    commits.close()
    elsewhere = file.rename(file.with_name("elsewhere"))
    assert commits.mark() is None
    assert not file.exists()
    elsewhere.rename(file)
    assert commits.mark() is not None
    commits.close()


def test_where_the_file_is_locked_nobody_waits_for_a_mark(file):
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    locked = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    locked.execute("BEGIN EXCLUSIVE")
    let_go = Timer(1, locked.execute, ["ROLLBACK"])
    let_go.start()
    commits = Commits(file)
    assert commits.mark() is None  # whoever waits gets one after a second
    let_go.join()
    locked.close()
    assert commits.mark() is not None
    commits.close()


def test_a_server_is_asked_each_time(postgres_url):
    database = Database(postgres_url)
    assert database.commits() is None
    database.close()


def test_after_closing_all_that_was_committed_is_in_the_one_file(tmp_path):
    """Seen to fail when the connection of the mark was the last to be closed: it may not write."""
    database = Database(f"sqlite:///{tmp_path / 'town.sqlite'}")
    database.migrate()
    assert database.commits() is not None
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO moment_told (id, moment) VALUES (1, 1)")
    database.close()
    assert [file.name for file in tmp_path.iterdir()] == ["town.sqlite"]
