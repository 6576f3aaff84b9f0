"""Where both sides keep what they store: SQLite files and one PostgreSQL server, with the same durability for both."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg
from sqlalchemy import make_url

from adapters.database import Database
from adapters.settings import Settings
from adapters.wiring import Installation, built, fill_tables
from domain.account import Account
from tests.postgres import empty_database, running_server

ACCOUNT: Final = Account("konto-bench", frozenset({("admin", "*")}))


@dataclass
class Place:
    """A kind of database; the databases that were made are gone when the place is left."""

    name: str
    folder: Path
    server: str | None
    """The URL of the PostgreSQL server; none on SQLite."""
    _leaving: ExitStack
    _made: int = 0

    def empty_database(self) -> str:
        """The SQLAlchemy URL of a new database."""
        self._made += 1
        if self.server is not None:
            return self._leaving.enter_context(empty_database(self.server))
        return f"sqlite:///{self.folder / f'{self._made}.sqlite'}"

    def installed(self) -> Installation:
        """An empty installation of ours."""
        installation = at(self.empty_database())
        installation.database.migrate()
        fill_tables(installation)
        self._leaving.callback(installation.database.close)
        return installation


@contextmanager
def sqlite() -> Iterator[Place]:
    """SQLite files in a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="werdegang-bench-") as folder, ExitStack() as leaving:
        yield Place("SQLite", Path(folder), None, leaving)


@contextmanager
def postgres() -> Iterator[Place]:
    """The PostgreSQL server in WERDEGANG_TEST_POSTGRES, else one of our own for as long as this lasts."""
    with TemporaryDirectory(prefix="werdegang-bench-") as folder, ExitStack() as leaving:
        server = os.environ.get("WERDEGANG_TEST_POSTGRES") or leaving.enter_context(running_server())
        _require_durable(server)
        yield Place("PostgreSQL", Path(folder), server, leaving)


def at(url: str) -> Installation:
    """The installation in a database, wired as the product wires it; the tables may still be missing."""
    settings = Settings(home=Path(), database_url=url, host="127.0.0.1", port=0, log="error")
    return built(settings, Database(url))


def require_same_durability(url: str) -> None:
    """Stops the measurement where the other side's SQLite file is not written like ours."""
    connection = sqlite3.connect(str(make_url(url).database))
    found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    connection.close()
    if found != ["wal", 2]:  # 2 is FULL: SQLite's own default, which a connection keeps unless it is told otherwise
        raise RuntimeError(f"not the write-ahead log with synchronous=FULL, but {found}")


def _require_durable(server: str) -> None:
    """Both sides take the server as it is; it must not acknowledge what is not on the disk."""
    plain = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            found = connection.execute(f"SHOW {setting}").fetchone()
            if found != ("on",):
                raise RuntimeError(f"PostgreSQL has {setting} {found}")
