"""Nobody who reads along misses an entry or sees one twice, whoever records meanwhile, and whatever their clocks say.

`make test` lets eight programs record a dozen lists each, `make soak` two hundred, drawn anew each time by the seed
that it tells: `WERDEGANG_RACE=200 WERDEGANG_SEED=… pytest tests/test_reading_along.py` draws them again.
"""

import os
import random
import re
import threading
import time

import httpx2
import pytest

from adapters.database import Database, now
from adapters.event_store import EventStore
from tests.browser import served
from tests.faces import House
from tests.postgres import empty_database
from tests.programs import FORKS
from tests.test_crash import Program
from tests.test_recording_at_once import FOUNDED, record
from tests.writers import PROCESSES, SECONDS, rebuild_again_and_again, record_lists

WRITERS = 8
LISTS = int(os.environ.get("WERDEGANG_RACE", "12"))
SEED = os.environ.get("WERDEGANG_SEED", "2018")


class InTime(House):
    """An installation whose clock goes."""

    def clock(self):
        return now()


@pytest.fixture
def url(postgres_url, migrated_postgres):
    with empty_database(postgres_url, migrated_postgres) as url:
        yield url


@pytest.fixture
def house(tmp_path, url):
    house = InTime(tmp_path / "data", url=url)
    for process in PROCESSES:
        record(house.installation.service, FOUNDED, process)
    yield house
    house.close()


class Reader(threading.Thread):
    """Reads along until there is nothing more and nobody records any more."""

    def __init__(self, read, done):
        super().__init__()
        self.seen = []
        self._read, self._done, self._failure = read, done, None
        self.start()

    def run(self):
        try:
            while True:
                done = self._done.is_set()
                page = self._read()
                self.seen += page
                if done and not page:
                    return
        except BaseException as failure:
            self._failure = failure
            raise

    def all(self):
        self.join()
        assert self._failure is None
        return self.seen


def feed(client, headers, seed):
    """Reads the feed over HTTP, as its header leads on, in pages of mixed size; answers (sequence, process, number)."""
    chance, following = random.Random(seed), ["/api/v1/entries?limit=7&wait=1"]

    def read():
        address = re.sub("limit=[0-9]+", f"limit={chance.choice((1, 3, 10, 100))}", following[0])
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200, answer.text
        following[0] = answer.headers["link"][1:].partition(">")[0]
        events = answer.json()
        return [(event["sequence"], event["source"].rpartition("/")[2], int(event["id"])) for event in events]

    return read


def tail(store):
    """Reads the store as others of our own programs do."""
    last = [0]

    def read():
        page = [(record.position, record.process, record.number) for record in store.all_records(last[0])]
        last[0] = page[-1][0] if page else last[0]
        time.sleep(0.001)
        return page

    return read


@pytest.mark.parametrize("seed", [SEED])
def test_whoever_reads_along_sees_every_acknowledged_entry_once_and_in_order(house, url, seed):
    enough, say_enough = FORKS.Pipe(duplex=False)
    rebuilding = Program(rebuild_again_and_again, url, enough)
    writers = [Program(record_lists, url, (f"w{n}", LISTS, seed)) for n in range(WRITERS)]
    assert [program.answers.recv() for program in (rebuilding, *writers)] == ["ready"] * (WRITERS + 1)
    done, beside = threading.Event(), Database(url)
    with served(house.app) as at, httpx2.Client(base_url=at, timeout=60) as client:
        admin = house.headers("admin")
        inside, along = Reader(feed(client, admin, seed), done), Reader(tail(EventStore(beside)), done)
        public = [Reader(feed(client, {}, f"{seed} {n}"), done) for n in range(2)]
        said = [program.rest() for program in writers]
        time.sleep(2 * SECONDS)  # the last embargo has ended
        done.set()
        say_enough.send("enough")
        seen, positions, in_public = inside.all(), along.all(), [reader.all() for reader in public]
        again = Reader(feed(client, {}, seed), done).all()
    (times,), code = rebuilding.rest()
    beside.close()
    assert {code, *(code for _, code in said)} == {0}
    assert times > 0
    acknowledged = {(process, n): open_ for answers, _ in said for process, numbers, open_ in answers for n in numbers}
    founded = {(process, number + 1): True for process in PROCESSES for number in range(len(FOUNDED))}
    recorded = acknowledged | founded
    # The store and the feed of an account: everything, by position.
    assert [position for position, *_ in positions] == list(range(1, len(recorded) + 1))
    assert positions == [(int(sequence.partition("-")[0]), *entry) for sequence, *entry in seen]
    assert sorted((process, number) for _, process, number in seen) == sorted(recorded)
    # The feed of the public: all of it that is public, for everybody in the order in which somebody finds it later.
    assert in_public == [again, again]
    assert [sequence for sequence, *_ in again] == sorted({sequence for sequence, *_ in again})
    assert sorted((process, number) for _, process, number in again) == sorted(key for key in recorded if recorded[key])
    house.installation.service.check_tables()
