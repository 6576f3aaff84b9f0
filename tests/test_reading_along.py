"""Nobody who reads along misses an entry or sees one twice, whoever records meanwhile, and whatever their clocks say.

They read the feed, as the public and with an account, the store, and a replica that streams from the server, while the
tables are filled anew again and again.

`make test` lets eight programs record a dozen lists each, `make soak` two hundred, drawn anew each time by the seed
that it tells: `WERDEGANG_RACE=200 WERDEGANG_SEED=… pytest tests/test_reading_along.py` draws them again.
"""

import os
import random
import re
import threading
import time
from contextlib import ExitStack, closing

import httpx2
import pytest
from sqlalchemy import make_url

from adapters.database import Database, now
from adapters.event_store import EventStore
from tests.browser import served
from tests.faces import House
from tests.postgres import empty_database, followed, with_name
from tests.programs import FORKS
from tests.story import published
from tests.test_crash import Program
from tests.test_recording_at_once import FOUNDED, feedback, record, service_on
from tests.writers import PROCESSES, SECONDS, rebuild_again_and_again, record_lists

WRITERS = 8
LISTS = int(os.environ.get("WERDEGANG_RACE", "12"))
SEED = os.environ.get("WERDEGANG_SEED", "2018")


class InTime(House):
    """An installation whose clock goes."""

    def clock(self):
        return now()


@pytest.fixture
def servers():
    with followed() as both:
        yield both


@pytest.fixture
def url(servers):
    with empty_database(servers[0].url) as url:
        yield url


@pytest.fixture
def replica(servers, url):
    return with_name(servers[1].url, make_url(url).database)


@pytest.fixture
def house(tmp_path, url):
    house = InTime(tmp_path / "data", url=url)
    for process in PROCESSES:
        record(house.installation.service, FOUNDED, process)
    yield house
    house.close()


@pytest.fixture
def on_replica(tmp_path, url, replica, house):
    """Another program of the same installation, whose public reads from the replica."""
    second = InTime(tmp_path / "data", house.tokens, url, replica)
    yield second
    second.close()


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


def feed(client, headers, seed, wait="&wait=1"):
    """Reads the feed over HTTP, as its header leads on, in pages of mixed size; answers (sequence, process, number)."""
    chance, following = random.Random(seed), [f"/api/v1/entries?limit=7{wait}"]

    def read():
        address = re.sub("limit=[0-9]+", f"limit={chance.choice((1, 3, 10, 100))}", following[0])
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200, answer.text
        following[0] = answer.headers["link"][1:].partition(">")[0]
        events = answer.json()
        return [(event["sequence"], event["source"].rpartition("/")[2], int(event["id"])) for event in events]

    return read


def feed_there(client, seed):
    """Reads the public's feed where it comes from a replica; whether there is anything to wait for the primary says."""
    read = feed(client, {}, seed, wait="")

    def read_again():
        time.sleep(0.01)
        return read()

    return read_again


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
def test_whoever_reads_along_sees_every_acknowledged_entry_once_and_in_order(
    servers, url, replica, house, on_replica, seed
):
    primary, standby = servers
    enough, say_enough = FORKS.Pipe(duplex=False)
    rebuilding = Program(rebuild_again_and_again, url, enough)
    writers = [Program(record_lists, url, (f"w{n}", LISTS, seed)) for n in range(WRITERS)]
    assert [program.answers.recv() for program in (rebuilding, *writers)] == ["ready"] * (WRITERS + 1)
    done = threading.Event()
    with ExitStack() as stack:
        stores = [EventStore(stack.enter_context(closing(Database(at)))) for at in (url, replica)]
        client, there = (
            stack.enter_context(httpx2.Client(base_url=stack.enter_context(served(at.app)), timeout=60))
            for at in (house, on_replica)
        )
        for at in (client, there):  # FastAPI makes its routes now, and hides a warning meanwhile: not in two threads
            assert at.get("/api/v1/processes").status_code == 200
        inside = Reader(feed(client, house.headers("admin"), seed), done)
        along = [Reader(tail(store), done) for store in stores]
        public = [Reader(feed(client, {}, f"{seed} {n}"), done) for n in range(2)]
        public += [Reader(feed_there(there, f"{seed} {n}"), done) for n in range(2, 4)]
        said = [program.rest() for program in writers]
        time.sleep(2 * SECONDS)  # the last embargo has ended
        standby.has_replayed(primary)
        done.set()
        say_enough.send("enough")
        seen, in_public = inside.all(), [reader.all() for reader in public]
        positions, on_standby = (reader.all() for reader in along)
        again = Reader(feed(client, {}, seed), done).all()
        (times,), code = rebuilding.rest()
        assert {code, *(code for _, code in said)} == {0}
        assert times > 0
        house.installation.service.check_tables()
        with standby.behind(primary):  # it is the replica that was read there
            beside = service_on(stack.enter_context(closing(Database(url))))
            late = record(beside, {"late": feedback("wiall"), "late-public": published("late")}, PROCESSES[0])
            assert Reader(feed_there(there, seed), done).all() == again
        standby.has_replayed(primary)
        later = Reader(feed_there(there, seed), done).all()
        assert sorted((process, n) for _, process, n in later[len(again) :]) == [(PROCESSES[0], n) for n in late]
    acknowledged = {(process, n): open_ for answers, _ in said for process, numbers, open_ in answers for n in numbers}
    founded = {(process, number + 1): True for process in PROCESSES for number in range(len(FOUNDED))}
    recorded = acknowledged | founded
    # The store, that of the replica, and the feed of an account: everything, by position.
    assert [position for position, *_ in positions] == list(range(1, len(recorded) + 1))
    assert on_standby == positions
    assert positions == [(int(sequence.partition("-")[0]), *entry) for sequence, *entry in seen]
    assert sorted((process, number) for _, process, number in seen) == sorted(recorded)
    # The feed of the public: all of it that is public, for everybody in the order in which somebody finds it later.
    assert in_public == [again] * 4
    assert [sequence for sequence, *_ in again] == sorted({sequence for sequence, *_ in again})
    assert sorted((process, number) for _, process, number in again) == sorted(key for key in recorded if recorded[key])
