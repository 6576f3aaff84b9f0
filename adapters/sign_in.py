"""Signing in with account and password, and how often one may try.

Tries are counted in the database, so that all workers share them: for each account that is named, whether it exists or
not, and for each address. Both are kept as keyed digests only, and forgotten after a day.
"""

import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from ipaddress import IPv6Address, ip_address
from math import ceil
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, delete, insert, select, update

from adapters.audit import note
from adapters.database import Database, Instant, metadata, now
from adapters.passwords import Passwords
from adapters.sessions import Sessions
from domain.errors import Refused, refused

KEY: Final = "sign-in.key"

TRIES: Final = 5
"""How many wrong passwords for one account go unpunished."""
TRIES_OF_ADDRESS: Final = 20
"""From one address more: a whole office may share it, and one who forgot a password must not lock out the others."""
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN: Final = timedelta(days=1)

attempts = Table(
    "attempts",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("closed_until", Instant, nullable=False),
)
"""No part of a backup, which would keep addresses for longer than a day."""


@dataclass(frozen=True)
class SignIn:
    """The door of the desk."""

    home: Path
    database: Database
    passwords: Passwords
    sessions: Sessions
    clock: Callable[[], datetime] = now

    def sign_in(self, account: str, password: str, address: str, former: str | None = None) -> str:
        """The secret of a new session. Refused alike whatever is wrong, and also with the right password while waiting.

        A try counts as wrong until it was right: many at once are not more than one after the other. Where too many
        wait already it is no try at all.
        """
        with self.passwords.queueing():
            return self._sign_in(account, password, address, former)

    def reopen(self, account: str) -> None:
        """Forgets the wrong passwords for an account: whoever has just been given a new one need not wait."""
        with self.database.writing() as connection:
            connection.execute(delete(attempts).where(attempts.c.digest == self._digest("account", account)))

    def _sign_in(self, account: str, password: str, address: str, former: str | None) -> str:
        named, from_where = self._digest("account", account), self._digest("address", network(address))
        hash_ = self.passwords.hash_of(account)
        with self.database.writing() as connection:
            self._refuse_too_early(connection, named, from_where)
            self._count(connection, named, TRIES)
            counted = self._count(connection, from_where, TRIES_OF_ADDRESS)
        right = self.passwords.fits(hash_, password)  # outside of the transaction: it takes long, and others write
        renewed = self.passwords.renewed(hash_, password) if right and hash_ else None
        with self.database.writing() as connection:
            if hash_ is None or not right or self.passwords.hash_of(account) != hash_:
                refusal: Refused | None = refused("sign-in-wrong")
                note(connection, self.clock(), account if hash_ else None, "sign-in", success=False)
                for digest, whose in ((named, account if hash_ else None), (from_where, None)):
                    if self._closed(connection, digest):
                        note(connection, self.clock(), whose, "lock-out")
            else:
                refusal = None
                if renewed is not None:
                    self.passwords.replace(connection, account, hash_, renewed)
                connection.execute(delete(attempts).where(attempts.c.digest == named))
                self._forgive(connection, from_where, counted)
                note(connection, self.clock(), account, "sign-in")
                secret = self.sessions.begin(account, former)
        if refusal is not None:  # after the transaction: what was noted stays
            raise refusal
        return secret

    def _refuse_too_early(self, connection: Connection, *digests: bytes) -> None:
        connection.execute(delete(attempts).where(attempts.c.last_at <= self.clock() - FORGOTTEN))
        if wait := max(self._closed(connection, digest) for digest in digests):
            raise refused("sign-in-waiting", minutes=ceil(wait / timedelta(minutes=1)))

    def _closed(self, connection: Connection, digest: bytes) -> timedelta:
        """For how much longer no try is taken."""
        row = _tried(connection, digest)
        until: datetime = self.clock() if row is None else row.closed_until
        return max(until - self.clock(), timedelta())

    def _count(self, connection: Connection, digest: bytes, free: int) -> int:
        at, row = self.clock(), _tried(connection, digest)
        failures: int = 1 if row is None else row.failures + 1
        counted = {"failures": failures, "last_at": at, "closed_until": at + _wait(failures, free)}
        if row is None:
            connection.execute(insert(attempts).values(digest=digest, **counted))
        else:
            connection.execute(update(attempts).where(attempts.c.digest == digest).values(counted))
        return failures

    def _forgive(self, connection: Connection, digest: bytes, counted: int) -> None:
        """Takes back what was counted for a try that was right, and no more: a guesser may have an account, too."""
        row = _tried(connection, digest)
        if row is not None:
            # Where others tried meanwhile, the wait is theirs.
            until = self.clock() if row.failures == counted else row.closed_until
            forgiven = {"failures": max(row.failures - 1, 0), "closed_until": until}
            connection.execute(update(attempts).where(attempts.c.digest == digest).values(forgiven))

    def _digest(self, kind: str, value: str) -> bytes:
        return hmac.digest(self._key, f"{kind}:{value}".encode(errors="surrogatepass"), "sha256")

    @cached_property
    def _key(self) -> bytes:
        return key_in(self.home)


def key_in(home: Path) -> bytes:
    """The key for digests that only this installation can make; it is drawn when it is first needed.

    Stands in the home folder, not in the database: whoever has only that cannot try out all addresses.
    """
    file = home / KEY
    unfinished = file.with_name(f".{KEY}.{secrets.token_hex(4)}")
    if not file.exists():
        try:
            with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
                stream.write(secrets.token_bytes(32))
            os.link(unfinished, file)
        except FileExistsError:  # another worker was faster
            pass
        finally:
            unfinished.unlink(missing_ok=True)
    return file.read_bytes()


def _tried(connection: Connection, digest: bytes) -> Any:
    return connection.execute(select(attempts).where(attempts.c.digest == digest)).first()


def _wait(failures: int, free: int) -> timedelta:
    """None at first, then half a minute, and twice as long after each further failure."""
    if failures < free:
        return timedelta()
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(failures - free, 10)))


def network(address: str) -> str:
    """Whose tries are counted together: an IPv6 user has a whole network of addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(int(parsed) >> 64)
    return str(parsed)
