"""Passwords of accounts: argon2id with what RFC 9106 recommends. Nothing here, and no backup, tells a password."""

import re
import secrets
import unicodedata
from base64 import b32encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Boolean, Column, Connection, ForeignKey, Table, Text, delete, false, insert, select, update

from adapters.accounts import Accounts, accounts
from adapters.audit import note
from adapters.database import Database, Instant, metadata, now
from adapters.sessions import end_sessions
from domain.errors import refused

LEAST_CHARACTERS: Final = 12
MOST_BYTES: Final = 1_000

AT_ONCE: Final = 4
"""How many are hashed at once: each takes 64 MB and four threads."""

WAITING: Final = 8
"""How many more may wait for their turn. Whoever comes then is told at once that there is no room."""

passwords = Table(
    "passwords",
    metadata,
    Column("account", Text, ForeignKey("accounts.id"), primary_key=True),
    Column("hash", Text, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("once", Boolean, nullable=False, server_default=false()),
)
"""`once`: somebody else knows it, too, and whoever signs in with it must choose one of their own first."""


class Passwords:
    """The passwords of the accounts that have one."""

    def __init__(
        self,
        database: Database,
        known: Accounts,
        clock: Callable[[], datetime] = now,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._database = database
        self._accounts = known
        self._clock = clock
        self._hasher = hasher or PasswordHasher()
        self._room = BoundedSemaphore(AT_ONCE)
        self._queue = BoundedSemaphore(AT_ONCE + WAITING)

    @contextmanager
    def queueing(self) -> Iterator[None]:
        """A place among those who wait for their password to be compared; refused where all are taken."""
        if not self._queue.acquire(blocking=False):
            raise refused("sign-in-busy")
        try:
            yield
        finally:
            self._queue.release()

    def set(self, account: str, password: str, *, by: str | None = None, once: bool = False) -> None:
        """Sets or replaces the password of an account and ends its sessions."""
        given = _one_way_of_writing(password)
        if len(given) < LEAST_CHARACTERS:
            raise refused("password-short", least=LEAST_CHARACTERS)
        if len(given.encode()) > MOST_BYTES:
            raise refused("password-long", most=MOST_BYTES)
        holder = self._accounts.find(account)
        if holder is None:
            raise refused("account-unknown", id=account)
        if given.strip().casefold() in {account, _one_way_of_writing(holder.name or "").strip().casefold()}:
            raise refused("password-name")
        hash_ = self._hashed(given)
        with self._database.writing() as connection:
            current = self._accounts.find(account)
            if current is None or current.disabled_at is not None:
                raise refused("account-disabled", id=account)
            connection.execute(delete(passwords).where(passwords.c.account == account))
            connection.execute(insert(passwords).values(account=account, hash=hash_, set_at=self._clock(), once=once))
            end_sessions(connection, account)
            note(connection, self._clock(), account, "password-set", by=by)

    def once(self, account: str) -> bool:
        """Whether the password was given by somebody else and has to be replaced."""
        given = select(passwords.c.once).where(passwords.c.account == account)
        with self._database.reading() as connection:
            return bool(connection.execute(given).scalar())

    def generate(self, account: str, *, by: str | None = None, once: bool = False) -> str:
        """Sets a random password, which is told this once; it can be read out on the telephone."""
        letters = b32encode(secrets.token_bytes(13)).decode().lower()[:20]  # 100 bits
        password = "-".join(letters[at : at + 5] for at in range(0, 20, 5))
        self.set(account, password, by=by, once=once)
        return password

    def hash_of(self, account: str) -> str | None:
        """What is kept of an open account's password; `None` where there is no such account, or nothing is kept."""
        if not re.fullmatch(r"[a-z0-9-]{1,63}", account):  # anybody types anything there, also what no database takes
            return None
        open_ = (passwords.c.account == account, accounts.c.disabled_at.is_(None))
        kept = select(passwords.c.hash).join(accounts).where(*open_)
        with self._database.reading() as connection:
            found: str | None = connection.execute(kept).scalar()
        return found

    def fits(self, hash_: str | None, password: str) -> bool:
        """Whether it is the password. Without a hash the work is the same, so that it tells nobody what is missing."""
        given = _one_way_of_writing(password)
        if len(given.encode()) > MOST_BYTES:
            given = ""
        nobody = self._of_nobody  # made at the first try of all, whoever makes it
        try:
            with self._room:
                self._hasher.verify(hash_ or nobody, given)
        except (VerificationError, InvalidHashError):
            return False
        return hash_ is not None

    def renewed(self, hash_: str, password: str) -> str | None:
        """The hash by today's parameters, where it was made by others."""
        return self._hashed(_one_way_of_writing(password)) if self._hasher.check_needs_rehash(hash_) else None

    def replace(self, connection: Connection, account: str, hash_: str, renewed: str) -> None:
        """Keeps a renewed hash, unless another password was set meanwhile."""
        same = (passwords.c.account == account, passwords.c.hash == hash_)
        connection.execute(update(passwords).where(*same).values(hash=renewed))

    def _hashed(self, password: str) -> str:
        with self._room:
            return self._hasher.hash(password)

    @cached_property
    def _of_nobody(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe(32))


def _one_way_of_writing(password: str) -> str:
    """An umlaut is one sign on one keyboard and two on another. Half a sign, which no keyboard writes, is replaced."""
    return unicodedata.normalize("NFC", password.encode(errors="replace").decode())
