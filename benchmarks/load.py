"""How long the office waits for a recording while 200 readers go through the public pages of a large installation."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import quantiles
from typing import Any, Final

from benchmarks.growth import MILLION
from benchmarks.installation import IN_A_PROCESS, grow, process_of
from benchmarks.measuring import Goal, Row, in_digits
from benchmarks.places import Place

SMALL: Final = 20_000
"""How many entries the installation has, unless an hour is at hand."""

READERS: Final = 200
PAUSE: Final = 3.0
"""Seconds between two pages of a reader, on average."""

RECORDINGS: Final = 300
SECONDS: Final = 60
GOAL: Final = Goal(must=5.0, time=True)


def rows(place: Place, size: int = MILLION, readers: int = READERS, pause: float = PAUSE) -> Iterator[Row]:
    """The 99th percentile of recordings, with readers and without; a wrong answer to any of them ends in an error."""
    large = place.installed()
    grow(large, size)
    url, home = large.settings.database_url, place.folder / "home"
    given = {
        "WERDEGANG_HOME": str(home),
        "WERDEGANG_DATABASE_URL": url,
        "WERDEGANG_PORT": str(_free_port()),
        "WERDEGANG_LOG": "error",
    }
    environment = {**os.environ, **given}
    command = [sys.executable, "-m", "adapters.cli"]
    subprocess.run([*command, "init"], env=environment, check=True, stdout=subprocess.DEVNULL)
    clerk = large.accounts.create("Geschäftsstelle", frozenset({("admin", "*")}))
    token = large.accounts.issue_token(clerk.id, "bench", 1)
    processes = [process_of(first) for first in range(1, size, IN_A_PROCESS)]
    with serving([*command, "serve"], environment) as port:
        office = Office(port, token, processes)
        office.record(RECORDINGS // 10)
        alone = _p99(office.record(RECORDINGS))
        with crowd(port, processes, readers, pause) as told:
            among = _p99(office.record(RECORDINGS))
            met: dict[str, Any] = json.loads(told())
    if met["errors"]:
        raise RuntimeError(f"readers met {met['errors']}")
    work = f"record one statement, p99, {readers} readers, {met['answers']:,} pages (p99 {in_digits(met['p99'])} ms)"
    ours, theirs = f"{in_digits(among)} ms", f"{in_digits(alone)} ms"
    yield Row(f"{work}, {size:,} entries", "nobody reads", place.name, ours, theirs, among / alone, GOAL)


class Office:
    """Records by the API, one statement after the other, in ever another process."""

    def __init__(self, port: int, token: str, processes: list[str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._processes, self._recorded = processes, 0

    def record(self, count: int) -> list[float]:
        """The milliseconds that each of so many took."""
        return [self._one() for _ in range(count)]

    def _one(self) -> float:
        self._recorded += 1
        process = self._processes[self._recorded % min(20, len(self._processes))]
        step = {"type": "feedback-received", "kind": "concern", "what": "Zu viele Treffen."}
        sent = json.dumps({"key": f"load-{self._recorded}", "step": step, "occurred": {"edtf": "2020"}})
        time.sleep(0.05)
        start = time.perf_counter()
        self._connection.request("POST", f"/api/v1/processes/{process}/entries", sent, self._headers)
        answer = self._connection.getresponse()
        told = answer.read()
        if answer.status != 201:
            raise RuntimeError(f"recording was answered with {answer.status}: {told.decode()[:300]}")
        return (time.perf_counter() - start) * 1_000


@contextmanager
def serving(command: list[str], environment: dict[str, str]) -> Iterator[int]:
    """The port of the program as it is installed, for as long as this lasts."""
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        try:
            yield int(program.stdout.readline().rsplit(":", 1)[1].split("/")[0])
        finally:
            program.terminate()


@contextmanager
def crowd(port: int, processes: list[str], readers: int, pause: float) -> Iterator[Any]:
    """Readers in a program of their own; the function that is given tells what they met, once they are done."""
    asked = {"port": port, "readers": readers, "processes": processes, "pause": pause, "seconds": SECONDS}
    command = [sys.executable, "-m", "benchmarks.crowd"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdin.write(json.dumps(asked) + "\n")
        program.stdin.close()
        program.stdout.readline()
        time.sleep(pause)  # until all of them have begun
        yield program.stdout.readline


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def _p99(taken: list[float]) -> float:
    return quantiles(taken, n=100)[98]
