"""Whatever fails – the program, the database, the disk, the line between them –, the running program keeps its word.

What was acknowledged is stored. What was not is stored whole or not at all; sent again with its key it is there once.
`make soak` kills more often (WERDEGANG_SOAK); `docs/faults.md` says which fault is met by which test.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import threading
import time
from contextlib import ExitStack, contextmanager, suppress

import pytest
from sqlalchemy import event, make_url

from adapters.database import Database
from adapters.event_store import EventStore
from adapters.transparency_log import TransparencyLog
from domain.commitment import intact, recomputed
from tests.faces import House
from tests.postgres import Server, empty_database, installed
from tests.serving import MOMENTS, OPENED, STORED, Serving, record_until_killed, statements

P = "p"
SECONDS_AT_MOST = 20
LONG = int(os.environ.get("WERDEGANG_SOAK", "0"))
KILLS = 20 if LONG else 3
SEED = random.SystemRandom().randrange(10**6) if LONG else 7
"""Told where a long run fails: WERDEGANG_TEST_SEED repeats it."""
SEED = int(os.environ.get("WERDEGANG_TEST_SEED", SEED))


class Prepared:
    """An installation with one process, which programs are started on and which is looked at from outside."""

    def __init__(self, home, url):
        house = House(home, url=url)
        self.given = {"WERDEGANG_HOME": str(home), "WERDEGANG_DATABASE_URL": url}
        self.token = house.tokens["admin"]
        assert house.post(OPENED, "admin", P).status_code == 201
        house.close()
        self.url = url
        self._started = ExitStack()

    def serving(self, fatal=None):
        return self._started.enter_context(Serving(self.given, self.token, fatal))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._started.close()

    def stored(self):
        """The numbers of every list that is stored, by its own number; each is whole, and so is the log."""
        database = Database(self.url)
        store = EventStore(database)
        records = list(store.records(P))
        assert all(intact(record) and record.texts is not None for record in records)
        assert all(recomputed(record) == record.commitment for record in records)
        assert [record.number for record in records] == list(range(1, len(records) + 1))
        assert TransparencyLog(database).first_difference(store.all_records()) is None
        lists = {}
        for record in records[2:]:
            lists.setdefault(int(record.key.split("-")[1]), []).append(record.number)
        assert all(len(numbers) == 4 for numbers in lists.values())
        database.close()
        return lists


@pytest.fixture
def prepared(database_url, tmp_path):
    with Prepared(tmp_path / "data", database_url) as prepared:
        yield prepared


def test_a_program_that_dies_at_any_named_moment_keeps_its_word(prepared):
    other = prepared.serving()
    for n, moment in enumerate(MOMENTS):
        serving = prepared.serving(moment)
        assert serving.record(P, *statements(n)) is None
        assert serving.end() == -signal.SIGKILL
        before = prepared.stored()
        assert (n in before) == (moment in STORED), moment
        assert other.record(P, *statements(n)).status_code == (200 if moment in STORED else 201)
        after = prepared.stored()
        assert other.record(P, *statements(n)).json()["numbers"] == after[n]
        assert prepared.stored() == after
        assert {key: numbers for key, numbers in after.items() if key in before} == before
    assert sorted(after) == list(range(len(MOMENTS)))


def test_a_program_that_is_killed_at_any_time_keeps_its_word(prepared):
    chance, acknowledged, n = random.Random(SEED), {}, 0
    for _ in range(KILLS):
        serving = prepared.serving()
        assert serving.record(P, *statements(n)).status_code in {200, 201}
        killing = threading.Timer(chance.uniform(0.02, 0.4), serving.kill)
        killing.start()
        n = record_until_killed(serving, P, acknowledged, n + 1)
        killing.join()
        assert serving.end() == -signal.SIGKILL
        stored = prepared.stored()
        assert acknowledged.items() <= stored.items(), SEED
        assert set(stored) - set(acknowledged) <= set(range(n + 1)), SEED
    assert acknowledged


# ---- the server of the database -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place():
    with installed() as place:
        yield place


def strike(server, how, wait, done):
    """Kills the server after a while, and starts it again."""
    time.sleep(wait)
    if how == signal.SIGKILL:
        server.kill()
    else:
        server.stop(how)
    server.start_after_a_kill()
    done.set()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGQUIT])
def test_a_database_server_that_is_killed_at_any_time_loses_nothing_that_was_acknowledged(place, tmp_path, how):
    """It writes to the disk as in earnest. SIGQUIT is `pg_ctl stop -m immediate`."""
    server = Server(place, f"killed-{how.name}", ())
    server.create()
    chance, acknowledged, n = random.Random(SEED), {}, 0
    with server, Prepared(tmp_path / "data", server.url) as prepared:
        serving = prepared.serving()
        for _ in range(KILLS):
            done = threading.Event()

            striking = threading.Thread(target=strike, args=(server, how, chance.uniform(0.05, 0.5), done))
            striking.start()
            while not done.is_set():
                n += 1
                answer = serving.record(P, *statements(n))
                if answer.status_code == 201:
                    acknowledged[n] = answer.json()["numbers"]
                else:
                    assert answer.status_code == 503, answer.text
                    assert answer.json()["code"] in {"database-unreachable", "outcome-unknown"}
            striking.join()
            stored = prepared.stored()
            assert acknowledged.items() <= stored.items(), SEED
            for missing in set(range(1, n + 1)) - set(acknowledged):  # each of them is sent once more
                answer = serving.record(P, *statements(missing))
                assert answer.status_code == (200 if missing in stored else 201)
                acknowledged[missing] = answer.json()["numbers"]
            assert prepared.stored() == acknowledged


# ---- the line between program and server ---------------------------------------------------------------------------


COMMIT = b"COMMIT\0"  # and not READ COMMITTED, with which a recording begins


class Line:
    """A line from a folder of its own to a PostgreSQL, which is cut when a program sends the commit of a recording."""

    def __init__(self, folder, server):
        self.socket = folder / ".s.PGSQL.5432"
        self._to = f"{server.folder}/.s.PGSQL.5432"
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.socket))
        self._listening.listen()
        self.cut = None
        """`sent`: the commit goes off, and its answer never comes back; `unsent`: it does not even go off."""
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._to)
            recording = {"now": False, "answered": threading.Event()}
            threading.Thread(target=self._there, args=(near, far, recording), daemon=True).start()
            threading.Thread(target=self._back, args=(far, near, recording), daemon=True).start()

    def _there(self, near, far, recording):
        while sent := _received(near):
            recording["now"] = recording["now"] or b"pg_advisory_xact_lock" in sent
            if recording["now"] and COMMIT in sent:
                recording["now"] = False  # the program uses a connection again
                if self.cut is not None:
                    recording["cut"] = True  # from now on no answer goes back
                    if self.cut == "sent":
                        far.sendall(sent)
                        assert recording["answered"].wait(SECONDS_AT_MOST)
                    self.cut = None
                    break
            far.sendall(sent)
        _shut(near, far)

    def _back(self, far, near, recording):
        while answered := _received(far):
            if recording.get("cut"):
                recording["answered"].set()
                return
            near.sendall(answered)
        _shut(near, far)

    def close(self):
        self._listening.close()


def _received(one):
    try:
        return one.recv(1 << 16)
    except OSError:  # it was cut
        return b""


def _shut(*ends):
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@pytest.fixture(scope="module")
def server(place):
    server = Server(place, "lined")
    server.create()
    with server:
        yield server


@pytest.fixture
def line(server, tmp_path):
    """A line, and an installation that is reached by it."""
    folder = tmp_path / "line"
    folder.mkdir()
    line = Line(folder, server)
    with empty_database(server.url) as url, Prepared(tmp_path / "data", url) as prepared:
        prepared.given["WERDEGANG_DATABASE_URL"] = (
            make_url(url).update_query_dict({"host": str(folder)}).render_as_string(hide_password=False)
        )
        yield line, prepared
    line.close()


@pytest.mark.parametrize("cut", ["sent", "unsent"])
def test_a_line_that_is_cut_at_the_commit_leaves_open_what_became_of_it_and_sending_it_again_settles_it(line, cut):
    line, prepared = line
    serving = prepared.serving()
    assert serving.record(P, *statements(0)).status_code == 201
    line.cut = cut
    answer = serving.record(P, *statements(1))
    assert (answer.status_code, answer.json()["code"]) == (503, "outcome-unknown")
    assert "mit demselben Schlüssel" in answer.json()["detail"]
    assert int(answer.headers["retry-after"]) > 0
    before = prepared.stored()
    assert (1 in before) == (cut == "sent")
    again = serving.record(P, *statements(1))
    assert again.status_code == (200 if cut == "sent" else 201)
    after = prepared.stored()
    assert (after[1], len(after)) == (again.json()["numbers"], 2)


# ---- no space left ------------------------------------------------------------------------------------------------


@contextmanager
def small_disk(folder, megabytes):
    """A file system of its own with so much space; only root may make one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system is mounted by root alone")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder):
    """Takes all the space that is left on a disk; what it is taken by can be deleted."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                pass
    return ballast


def is_refused_until_there_is_room(serving, prepared, first, make_room):
    """Records until there is no space left, which is said; then nothing is half done, and it goes on with room."""
    acknowledged = {}
    for n in range(first, first + 10_000):
        answer = serving.record(P, *statements(n))
        if answer.status_code != 201:
            break
        acknowledged[n] = answer.json()["numbers"]
    assert (answer.status_code, answer.json()["code"]) == (503, "database-full"), answer.text
    (told,) = answer.json()["refusals"]
    assert ("keinen Platz mehr" in told["de"], "no space left" in told["en"]) == (True, True)
    assert serving.client.get(f"/api/v1/processes/{P}/entries").status_code == 200
    make_room()
    assert acknowledged.items() <= prepared.stored().items()
    assert n not in prepared.stored()
    assert serving.record(P, *statements(n)).status_code == 201
    assert sorted(prepared.stored()) == list(range(n + 1))


def test_a_disk_without_space_is_said_and_nothing_is_half_done_on_sqlite(tmp_path):
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(tmp_path / "disk", 4))
        prepared = stack.enter_context(Prepared(tmp_path / "data", f"sqlite:///{disk / 'werdegang.sqlite'}"))
        serving = prepared.serving()
        assert serving.record(P, *statements(0)).status_code == 201
        ballast = fill(disk)
        is_refused_until_there_is_room(serving, prepared, 1, ballast.unlink)


def test_a_database_that_may_not_grow_says_so_and_nothing_is_half_done(tmp_path):
    """The limit that SQLite itself has, where no small disk can be made."""
    house = House(tmp_path / "data")
    assert house.post(OPENED, "admin", P).status_code == 201
    engine, limit = house.installation.database._writer, {"pages": 0}

    def set_limit(connection, *_):
        connection.execute(f"PRAGMA max_page_count = {limit['pages'] or 2**30}")

    event.listen(engine.pool, "checkout", set_limit)
    with house.installation.database.reading() as connection:
        limit["pages"] = connection.exec_driver_sql("PRAGMA page_count").scalar()
    for n in range(1_000):
        answer = house.post(statements(n), "admin", P)
        if answer.status_code != 201:
            break
    assert (answer.status_code, answer.json()["code"]) == (503, "database-full")
    limit["pages"] = 0
    assert house.post(statements(n), "admin", P).status_code == 201
    assert house.installation.log.first_difference(EventStore(house.installation.database).all_records()) is None
    house.close()


def test_a_disk_without_space_is_said_and_nothing_is_half_done_on_postgresql(place, tmp_path):
    """The tables have no space; the write-ahead log, which lies elsewhere, has."""
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(place.folder / "disk", 90))
        if place.user:
            shutil.chown(disk, place.user["user"], place.user["group"])
        server = Server(place, "full", (), data=disk / "data")
        server.create()
        wal = place.folder / "wal"
        shutil.move(disk / "data" / "pg_wal", wal)
        (disk / "data" / "pg_wal").symlink_to(wal)
        if place.user:
            for path in (wal, *wal.rglob("*"), disk / "data" / "pg_wal"):
                os.chown(path, place.user["user"], place.user["group"], follow_symlinks=False)
        stack.enter_context(server)
        prepared = stack.enter_context(Prepared(tmp_path / "data", server.url))
        serving = prepared.serving()
        assert serving.record(P, *statements(0)).status_code == 201
        ballast = fill(disk)
        is_refused_until_there_is_room(serving, prepared, 1, ballast.unlink)
