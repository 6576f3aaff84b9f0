"""The program as it runs: several workers on one database, how it stops, and what it logs and tells of itself."""

import http.client
import json
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from adapters.settings import Settings
from adapters.wiring import initialise, installation
from domain.errors import Refused
from domain.publication import Statement
from tests.command_line import kept_port, program
from tests.running_server import SECONDS_TO_STOP, serving

PROCESS = "lindenau"
OCCURRED = {"occurred": {"edtf": "2026-01-01"}}
OPENED = {"key": "a", "step": {"type": "process-opened", "name": "Lindenau"}, **OCCURRED}
PUBLISHED = {"key": "public", "step": {"type": "entry-published", "targets": ["a"]}}
ROUTE = "/api/v1/processes/{process}/entries"


def heard(key, what="Zu laut"):
    return {"key": key, "step": {"type": "feedback-received", "kind": "concern", "what": what}, **OCCURRED}


def begun(monkeypatch, home, url=""):
    """The token of an account that may do everything, in an installation that stands in the environment."""
    for name in [name for name in os.environ if name.startswith("WERDEGANG_") and "TEST" not in name]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WERDEGANG_HOME", str(home))
    monkeypatch.setenv("WERDEGANG_DATABASE_URL", url)
    installed, token, _ = initialise(Settings.from_environment())
    installed.database.close()
    return token


@pytest.fixture
def token(monkeypatch, tmp_path):
    return begun(monkeypatch, tmp_path / "data")


@pytest.fixture
def run(tmp_path):
    def start(**environment):
        return serving(tmp_path / "data", tmp_path / "stderr", **environment)

    return start


def test_a_folder_without_room_is_said_and_nothing_half_written_stays(token, run, tmp_path):
    """The server may write no file of more than ten bytes; somebody else records, and the log is to be signed."""
    home = tmp_path / "data"
    with run(WERDEGANG_LOG="error") as server:  # what it logs goes into a file, too
        assert server.get("/log/checkpoint")[0] == 200
        before = {file.name for file in home.iterdir()}
        usual = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (10, resource.RLIM_INFINITY))
        installed = installation(Settings.from_environment())
        installed.service.record(
            [Statement.model_validate({"process": PROCESS, **OPENED})], installed.accounts.list()[0].account
        )
        installed.database.close()
        for _ in range(2):
            status, _, body = server.get("/log/checkpoint")
            assert (status, b"home-full" in body) == (503, True), body
        assert {file.name for file in home.iterdir()} <= before
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, usual)
        assert server.get("/log/checkpoint")[2].splitlines()[1] == b"1"


def entries():
    """The keys of the entries as they are stored, by number."""
    installed = installation(Settings.from_environment())
    account = next(holder.account for holder in installed.accounts.list())
    found = installed.service.view(PROCESS, account).view.effective.entries
    installed.database.close()
    return [entry.statement.key for entry in found]


def figure(text, name):
    """The sum of all figures of a name, whatever their labels."""
    lines = [line for line in text.decode().splitlines() if line.startswith((f"{name} ", f"{name}{{"))]
    assert lines, name
    return sum(float(line.rpartition(" ")[2]) for line in lines)


# ---- how it stops -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", ["1", "2"])
def test_asked_to_stop_it_takes_nothing_new_and_answers_what_is_under_way(run, token, workers):
    """Seen to fail when the connection was cut at once."""
    with run(WERDEGANG_WORKERS=workers) as server:
        body = json.dumps([OPENED, PUBLISHED]).encode()
        head = (
            f"POST /api/v1/processes/{PROCESS}/entries HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        ).encode()
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            connection.sendall(head + body[:10])
            time.sleep(0.5)  # until it has been taken
            server.process.send_signal(signal.SIGTERM)
            give_up = time.monotonic() + SECONDS_TO_STOP
            while accepts(server.port):
                assert time.monotonic() < give_up
                time.sleep(0.1)
            assert server.process.poll() is None
            connection.sendall(body[10:])
            answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
        assert answer.startswith(b"HTTP/1.1 201 "), answer
        assert server.process.wait(SECONDS_TO_STOP) == 0
        assert entries() == ["a", "public"]
        assert [line["status"] for line in server.answered(ROUTE)] == [201]


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def test_what_does_not_end_in_the_set_time_is_given_up_and_nothing_of_it_is_stored(run, token):
    with run(WERDEGANG_STOP_WITHIN="1") as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            head = f"POST /api/v1/processes/{PROCESS}/entries HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n"
            connection.sendall(f"{head}content-length: 1000\r\n\r\n[".encode())
            time.sleep(0.5)
            assert server.stop() == 0
        with pytest.raises(Refused):
            entries()


# ---- what it does by itself ----------------------------------------------------------------------------------------


def test_what_is_recorded_is_signed_by_itself(run, token):
    """Seen to fail: nothing was signed, and no figure told of a checkpoint, before somebody had asked for one."""

    def signed():
        figures = server.get("/metrics")[2]
        return b"\nwerdegang_checkpoint_entries " in figures and figure(figures, "werdegang_checkpoint_entries")

    with run() as server:
        assert server.record(PROCESS, [OPENED, PUBLISHED], token)[0] == 201
        server.wait_until(lambda: signed() == 2)
        assert server.stop() == 0


def test_only_a_proxy_that_is_named_is_believed_who_asks(run, token):
    """The desk tells a browser that came by https to come by nothing else. Seen to fail with uvicorn's own variable."""
    asked = {"x_forwarded_for": "192.0.2.7", "x_forwarded_proto": "https"}
    for named, believed in (("127.0.0.1", True), ("192.0.2.1", False)):
        with run(WERDEGANG_PROXIES=named, FORWARDED_ALLOW_IPS="*") as server:
            headers = {name.lower() for name in server.get("/", **asked)[1]}
            assert ("strict-transport-security" in headers) == believed
            assert server.stop() == 0


# ---- several workers ----------------------------------------------------------------------------------------------


def test_several_workers_record_without_a_gap_and_none_answers_what_another_one_made_outdated(
    run, monkeypatch, tmp_path, database_url
):
    """On SQLite, too. Seen to fail when a worker gave its own kept answer without asking whether it still holds."""
    token = begun(monkeypatch, tmp_path / "data", database_url)
    with run(WERDEGANG_WORKERS="2") as server:
        assert server.record(PROCESS, [OPENED, PUBLISHED], token)[0] == 201
        server.wait_until(lambda: len(server.workers()) == 2)
        for _ in range(10):  # all of them keep the page
            assert b"Noch leiser" not in server.get(f"/prozesse/{PROCESS}/verlauf")[2]

        def record(n):
            status, told = server.record(PROCESS, [heard(f"k{n}")], token)
            assert status == 201, told
            return told["numbers"][0]

        with ThreadPoolExecutor(8) as clerks:
            numbers = list(clerks.map(record, range(24)))
        assert sorted(numbers) == list(range(3, 27))
        last = [heard("last", "Noch leiser"), {"key": "p", "step": {"type": "entry-published", "targets": ["last"]}}]
        assert server.record(PROCESS, last, token)[0] == 201
        for _ in range(10):
            assert b"Noch leiser" in server.get(f"/prozesse/{PROCESS}/verlauf")[2]

        _, _, figures = server.get("/metrics")
        assert figure(figures, "werdegang_recorded_entries_total") == 28
        assert figure(figures, "werdegang_recordings_total") == 26
        assert figure(figures, "werdegang_log_entries") == 28
        assert server.stop() == 0
    assert entries()[0] == "a"
    assert len(entries()) == 28


def test_a_worker_that_dies_is_replaced_and_none_outlives_who_started_it(run, token):
    with run(WERDEGANG_WORKERS="2") as server:
        server.wait_until(lambda: len(server.workers()) == 2)
        first, second = server.workers()
        os.kill(first, signal.SIGKILL)
        server.wait_until(lambda: len(server.workers()) == 3)
        assert server.record(PROCESS, [OPENED, PUBLISHED], token)[0] == 201
        server.process.kill()
        server.process.wait(SECONDS_TO_STOP)
        give_up = time.monotonic() + SECONDS_TO_STOP
        while lives(second) or lives(server.workers()[-1]):
            assert time.monotonic() < give_up
            time.sleep(0.1)
        assert not accepts(server.port)


def test_a_worker_that_dies_while_the_database_is_away_is_replaced_when_it_is_back(run, token, tmp_path):
    """Seen to fail when whoever could not open the installation ended the whole service."""
    with run(WERDEGANG_WORKERS="2") as server:
        server.wait_until(lambda: len(server.workers()) == 2)
        first, second = server.workers()
        (tmp_path / "data").rename(tmp_path / "away")
        os.kill(first, signal.SIGKILL)
        server.wait_until(lambda: waits(server))
        assert server.get("/health")[0] == 200
        assert (server.workers(), lives(second)) == ([first, second], True)
        (tmp_path / "away").rename(tmp_path / "data")
        server.wait_until(lambda: len(server.workers()) == 3)
        assert server.record(PROCESS, [OPENED, PUBLISHED], token)[0] == 201
        assert server.stop() == 0


def waits(server):
    return [line for line in server.lines() if line["event"] == "worker-waits"]


def test_asked_to_stop_a_worker_that_waits_for_the_database_ends(run, token, tmp_path):
    with run(WERDEGANG_WORKERS="2") as server:
        server.wait_until(lambda: len(server.workers()) == 2)
        (tmp_path / "data").rename(tmp_path / "away")
        os.kill(server.workers()[0], signal.SIGKILL)
        server.wait_until(lambda: waits(server))
        assert server.stop() == 0
        assert not accepts(server.port)


def test_a_worker_that_finds_another_schema_ends_the_service(run, token, tmp_path):
    """No other one would get further; what started the service starts it anew, and says why it does not serve."""
    with run(WERDEGANG_WORKERS="2") as server:
        server.wait_until(lambda: len(server.workers()) == 2)
        with closing(sqlite3.connect(tmp_path / "data" / "werdegang.sqlite")) as database, database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
        os.kill(server.workers()[0], signal.SIGKILL)
        assert server.process.wait(SECONDS_TO_STOP) == 1
        (told,) = [line for line in server.lines() if line["event"] == "worker-not-started"]
        assert told["codes"] == ["database-newer"]


def lives(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def held(server, path="/hold"):
    """Has one worker hold its event loop; the connection is kept, and nothing is ever answered on it."""
    connection = server.connection()
    connection.request("GET", path)
    return connection


def told_of_the_loop(server):
    return [line for line in server.lines() if line["event"] == "loop-stuck"]


def test_alone_a_worker_whose_event_loop_is_stuck_ends_as_after_a_fault_and_says_where(run, token):
    """Seen to fail: it stayed, answered nothing, and nobody noticed."""
    with run(module="tests.stuck_program") as server, closing(held(server)):
        assert server.process.wait(SECONDS_TO_STOP) == 1
        (told,) = told_of_the_loop(server)
        assert told["at"][-1].startswith("stuck_program.py:")
        assert told["at"][-1].endswith(" hold_the_loop")


def test_a_worker_that_is_stuck_in_its_log_ends_without_a_line(run, token):
    """Seen to fail when it was to be told first, whatever came of that."""
    with run(module="tests.stuck_program") as server, closing(held(server, "/hold-log")):
        assert server.process.wait(SECONDS_TO_STOP) == 1
        assert told_of_the_loop(server) == []


def test_of_several_workers_one_whose_event_loop_is_stuck_is_replaced(run, token):
    with run(module="tests.stuck_program", WERDEGANG_WORKERS="2") as server:
        server.wait_until(lambda: len(server.workers()) == 2)
        with closing(held(server)):
            server.wait_until(lambda: len(server.workers()) == 3)
        assert len(told_of_the_loop(server)) == 1
        assert server.record(PROCESS, [OPENED, PUBLISHED], token)[0] == 201
        assert server.stop() == 0


def test_a_program_that_is_halted_for_longer_than_a_loop_may_be_stuck_goes_on(run, token):
    """Seen to fail when the time was measured, and not how often the loop was asked."""
    with run(module="tests.stuck_program") as server:
        for _ in range(2):
            server.process.send_signal(signal.SIGSTOP)
            time.sleep(3)
            server.process.send_signal(signal.SIGCONT)
            assert server.get("/health")[0] == 200
        assert server.stop() == 0
        assert told_of_the_loop(server) == []


# ---- what it logs -------------------------------------------------------------------------------------------------


def test_a_line_for_each_request_tells_how_it_was_answered_and_no_word_of_anybody(run, token, tmp_path):
    with run() as server:
        assert server.record(PROCESS, [OPENED, PUBLISHED], token)[0] == 201
        _, headers, _ = server.get("/prozesse/lindenau/eintrag/1?happened_by=2026-02-02", x_request_id="0af7-651916cd")
        assert headers["x-request-id"] == "0af7-651916cd"
        for wrong in ("zu kurz", "Mia-Muster", "a" * 65, "0af76519/../0af76519"):
            given = server.get("/suche?q=Zwetschge", x_request_id=wrong)[1]["x-request-id"]
            assert len(given) == 32
            assert given.isalnum()
        server.get("/Zwetschge/prozess")
        server.ask("ZWETSCHGE", "/prozesse/lindenau")
        server.record(PROCESS, [heard("z", "")], token)
        with closing(sqlite3.connect(tmp_path / "data" / "werdegang.sqlite")) as database:
            database.execute("ALTER TABLE tokens RENAME TO away")
        fault_status, fault, _ = server.get("/api/v1/processes", authorization=f"Bearer {token}")
        assert server.stop() == 0
        told = [line for line in server.lines() if line["event"] == "answered" and line["route"] != "/ready"]
        assert [(line["method"], line["route"], line["status"]) for line in told] == [
            ("POST", "/api/v1/processes/{process}/entries", 201),
            ("GET", "/prozesse/{process}/eintrag/{number}", 200),
            *[("GET", "/suche", 200)] * 4,
            ("GET", "-", 404),
            ("OTHER", "/prozesse/{process}", 405),
            ("POST", "/api/v1/processes/{process}/entries", 422),
            ("GET", "/api/v1/processes", 500),
        ]
        assert told[1]["request"] == "0af7-651916cd"
        assert all(line.keys() == told[0].keys() for line in told)
        assert told[0].keys() == {"event", "level", "timestamp", "request", "method", "route", "status", "ms"}
        written = server.log.read_text()
        assert [
            word for word in ("etschge", "ETSCHGE", "Muster", "127.0.0.1:", "2026-02-02", token) if word in written
        ] == [
            "127.0.0.1:"  # where it listens, which is told at the start
        ]
        assert written.count("127.0.0.1") == 1
        (during,) = [line for line in server.lines() if line["event"].startswith("Exception in ASGI application")]
        assert (fault_status, fault["x-request-id"]) == (500, during["request"])


# ---- what is sent and lies about its length -------------------------------------------------------------------------


def test_nobody_is_refused_anything_because_the_log_cannot_be_written(token, tmp_path):
    """Its disk is full. Seen to fail when the line of a request was simply written: the connection was broken off."""
    with Path("/dev/full").open("wb") as full, closing(kept_port()) as kept:
        given = {"WERDEGANG_HOME": str(tmp_path / "data"), "WERDEGANG_PORT": str(kept.getsockname()[1])}
        server = program("serve", stdout=subprocess.PIPE, stderr=full, env=given)
        try:
            server.stdout.readline()  # where it listens
            connection = http.client.HTTPConnection(*kept.getsockname(), timeout=60)
            for _ in range(3):  # over one connection, which a fault would close
                connection.request("GET", "/")
                answer = connection.getresponse()
                assert (answer.status, b"</html>" in answer.read(), answer.will_close) == (200, True, False)
            connection.close()
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(SECONDS_TO_STOP) == 0
            server.stdout.close()


def test_a_form_that_tells_another_length_than_it_has_is_counted_as_it_comes_in(run, token):
    """Both headers at once: the chunks count (RFC 9112, 6.3). Seen to fail when only the header was looked at."""
    head = (
        b"POST /geschaeftsstelle/anmelden HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
        b"content-type: application/x-www-form-urlencoded\r\ncontent-length: 10\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    with run() as server:
        answer = server.raw(head, chunk * 16, b"0\r\n\r\n")
        assert b" 413 " in answer.split(b"\r\n")[0] + b" ", answer[:200]
        assert b"[body-too-large]" in answer or b"1 MB" in answer
