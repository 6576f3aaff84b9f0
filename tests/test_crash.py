"""Whatever was acknowledged is there after `kill -9` at any moment, and nothing is there by half."""

import os
import random
import signal
import time
from contextlib import contextmanager
from itertools import count, groupby

import pytest
from sqlalchemy import Engine, Pool, event

from adapters.database import Database
from adapters.transparency_log import TransparencyLog
from domain.commitment import intact
from tests.programs import FORKS
from tests.records import logged, recorded

BATCHES = (1, 3, 2)


@pytest.fixture
def store(database_url):
    database = Database(database_url)
    database.migrate()
    yield logged(database)[0]
    database.close()


@pytest.fixture
def log(database_url):
    """The log as somebody finds it who has seen nothing of what happened."""
    database = Database(database_url)
    yield TransparencyLog(database)
    database.close()


@contextmanager
def at_each_statement(before, after):
    """Calls one with the connection and the SQL before each statement, the other after it, whoever runs it."""
    run = Database.run

    def told(database, connection, statement, *rows):
        before(connection, statement)
        cursor = run(database, connection, statement, *rows)
        after(connection, statement)
        return cursor

    moments = [
        (Engine, "before_cursor_execute", lambda connection, _cursor, statement, *_: before(connection, statement)),
        (Engine, "after_cursor_execute", lambda connection, _cursor, statement, *_: after(connection, statement)),
    ]
    for moment in moments:
        event.listen(*moment)
    Database.run = told
    try:
        yield
    finally:
        Database.run = run
        for moment in moments:
            event.remove(*moment)


def record_and_die(url, fatal, answers):
    """Records the batches one after the other, and kills itself at the `fatal`-th moment of their transactions."""
    store, moments = logged(Database(url))[0], count(1)

    def moment(name):
        def reached(*_, **__):
            if next(moments) == fatal:
                answers.send(name)
                os.kill(os.getpid(), signal.SIGKILL)

        return reached

    event.listen(Engine, "commit", moment("before the commit"))
    event.listen(Pool, "checkin", moment("after the commit"))
    with at_each_statement(moment("before a statement"), moment("after a statement")):
        for size in BATCHES:
            answers.send([record.position for record in recorded(store, "bottrop", size)])


def record_for_ever(url, _fatal, answers):
    store = logged(Database(url))[0]
    for size in BATCHES * 10_000:
        answers.send([record.position for record in recorded(store, "bottrop", size)])


class Program:
    """A program that records, what it answered, and where it died."""

    def __init__(self, work, url, fatal=0):
        self.answers, end = FORKS.Pipe(duplex=False)
        self.process = FORKS.Process(target=work, args=(url, fatal, end))
        self.process.start()
        end.close()

    def rest(self):
        """What it said until it died, and its exit code."""
        said = []
        try:
            while True:
                said.append(self.answers.recv())
        except (EOFError, OSError):  # an answer that was cut off is none
            self.answers.close()
        self.process.join()
        exitcode = self.process.exitcode
        self.process.close()
        return said, exitcode


def batches_after(store, position):
    """The positions of the records after one, by transaction; each must be whole."""
    records = list(store.all_records(position))
    assert all(intact(record) and record.texts is not None for record in records)
    batches = [list(batch) for _, batch in groupby(records, key=lambda record: record.recorded_at)]
    assert [len(batch) for batch in batches] == [BATCHES[n % len(BATCHES)] for n in range(len(batches))]
    return [[record.position for record in batch] for batch in batches]


def test_killed_at_any_statement_of_an_append_it_keeps_what_was_acknowledged_and_nothing_by_half(
    database_url, store, log
):
    died_at = set()
    for fatal in count(1):
        before = store.position()
        said, exitcode = Program(record_and_die, database_url, fatal).rest()
        stored = batches_after(store, before)
        if exitcode == 0:
            assert stored == said
            break
        assert exitcode == -signal.SIGKILL
        *answered, moment = said
        unanswered = 1 if moment == "after the commit" else 0
        assert stored[: len(answered)] == answered
        assert len(stored) == len(answered) + unanswered
        died_at.add(moment)
        assert log.first_difference(store.all_records()) is None
    assert died_at == {"before a statement", "after a statement", "before the commit", "after the commit"}
    assert fatal > 10 * len(BATCHES)
    assert [record.position for record in store.all_records()] == list(range(1, store.position() + 1))
    assert [record.number for record in store.records("bottrop")] == list(range(1, store.position() + 1))


@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_time_it_keeps_what_was_acknowledged_and_nothing_by_half(database_url, store, log, seed):
    program = Program(record_for_ever, database_url)
    first = program.answers.recv()
    time.sleep(random.Random(seed).uniform(0, 0.2))
    program.process.kill()
    rest, exitcode = program.rest()
    assert exitcode == -signal.SIGKILL
    answered, stored = [first, *rest], batches_after(store, 0)
    assert stored[: len(answered)] == answered
    assert len(stored) - len(answered) in {0, 1}
    assert recorded(store, "bottrop")[0].position == stored[-1][-1] + 1
    assert log.first_difference(store.all_records()) is None
