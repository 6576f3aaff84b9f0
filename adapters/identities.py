"""Which account belongs to whom at the city's identity provider. Only a digest is kept: a subject may be a name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from adapters.accounts import accounts, identities
from adapters.audit import note
from adapters.database import Database, now
from adapters.sessions import Sessions, end_sessions
from domain.errors import refused

MOST_CHARACTERS: Final = 255
"""So long is a subject at most (OpenID Connect Core, 2)."""


@dataclass(frozen=True, slots=True)
class Identities:
    """The accounts that sign in with the identity provider. An administrator ties them; nobody ties themselves."""

    database: Database
    sessions: Sessions
    clock: Callable[[], datetime] = now

    def tie(self, account: str, issuer: str, subject: str, by: str | None = None) -> None:
        """Ties an account to a subject of the provider, instead of the one it was tied to. It ends all sessions."""
        subject = subject.strip()
        if not subject or len(subject) > MOST_CHARACTERS or not subject.isprintable():
            raise refused("identity-subject", most=MOST_CHARACTERS)
        digest = _digest(issuer, subject)
        with self.database.writing() as connection:
            known = connection.execute(select(accounts).where(accounts.c.id == account)).first()
            if known is None:
                raise refused("account-unknown", id=account)
            if known.disabled_at is not None:
                raise refused("account-disabled", id=account)
            holder = connection.execute(select(identities.c.account).where(identities.c.digest == digest)).scalar()
            if holder == account:
                return
            if holder is not None:
                raise refused("identity-taken", id=holder)
            connection.execute(delete(identities).where(identities.c.account == account))
            connection.execute(insert(identities).values(account=account, digest=digest, tied_at=self.clock()))
            end_sessions(connection, account)
            note(connection, self.clock(), account, "identity-tied", by=by)

    def untie(self, account: str, by: str | None = None) -> None:
        """The account no longer signs in with the provider; all its sessions end."""
        with self.database.writing() as connection:
            if connection.execute(delete(identities).where(identities.c.account == account)).rowcount:
                end_sessions(connection, account)
                note(connection, self.clock(), account, "identity-untied", by=by)

    def tied(self) -> frozenset[str]:
        """The accounts that are tied to somebody."""
        with self.database.reading() as connection:
            return frozenset(connection.execute(select(identities.c.account)).scalars())

    def sign_in(self, issuer: str, subject: str, former: str | None = None) -> str:
        """The secret of a new session for whom the provider vouched; refused where no open account is tied."""
        with self.database.writing() as connection:
            account = _open_account(connection, _digest(issuer, subject))
            note(connection, self.clock(), account, "sign-in", success=account is not None)
            secret = None if account is None else self.sessions.begin(account, former)
        if secret is None:  # after the transaction: what was noted stays
            raise refused("identity-unknown", subject=subject)
        return secret


def _open_account(connection: Connection, digest: bytes) -> str | None:
    tied = select(accounts.c.id).join(identities).where(identities.c.digest == digest, accounts.c.disabled_at.is_(None))
    found: str | None = connection.execute(tied).scalar()
    return found


def _digest(issuer: str, subject: str) -> bytes:
    return sha256(f"{issuer}\0{subject}".encode()).digest()
