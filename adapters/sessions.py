"""Sessions: who is signed in at the desk. The secret is known to the browser alone; here is only its digest."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    delete,
    insert,
    or_,
    select,
    update,
)

from adapters.audit import note
from adapters.database import Database, Instant, metadata, now

LONGEST: Final = timedelta(hours=12)
"""A working day. Whoever works longer signs in once more."""

FORMS: Final = timedelta(days=14)
"""How long a form is known as one that an account had in its browser: what is sent after the session is not lost."""

SEEN: Final = timedelta(minutes=1)
"""How exactly it is known when a session was used last: reading a page must not wait for those who write each time."""

sessions = Table(
    "sessions",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
"""No part of a backup: nobody is signed in at a restored installation."""

Index("sessions_account", sessions.c.account)

form_tokens = Table(
    "form_tokens",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False),
    Column("began_at", Instant, nullable=False),
)
"""In whose session a form was shown, also when the session has ended. It lets nobody in."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions of the installation. They end by themselves when nobody has used them for `idle`."""

    database: Database
    idle: timedelta
    clock: Callable[[], datetime] = now

    def begin(self, account: str, former: str | None = None) -> str:
        """A new session; its secret is told this once. The browser's former session, if it had one, ends."""
        secret, at = secrets.token_urlsafe(32), self.clock()
        with self.database.writing() as connection:
            over = or_(sessions.c.began_at <= at - LONGEST, sessions.c.seen_at <= at - self.idle)
            connection.execute(delete(sessions).where(over))
            if former is not None:
                connection.execute(delete(sessions).where(sessions.c.digest == _digest(former)))
            connection.execute(
                insert(sessions).values(digest=_digest(secret), account=account, began_at=at, seen_at=at)
            )
            connection.execute(delete(form_tokens).where(form_tokens.c.began_at <= at - FORMS))
            token = _digest(form_token(secret))
            connection.execute(insert(form_tokens).values(digest=token, account=account, began_at=at))
        return secret

    def account_of(self, secret: str) -> str | None:
        """The id of the account that is signed in, and `None` where the session has ended; it counts as used now."""
        at, digest = self.clock(), _digest(secret)
        columns = (sessions.c.account, sessions.c.seen_at)
        open_ = (
            sessions.c.digest == digest,
            sessions.c.began_at > at - LONGEST,
            sessions.c.seen_at > at - self.idle,
        )
        with self.database.reading() as connection:
            row = connection.execute(select(*columns).where(*open_)).first()
        if row is None:
            return None
        if row.seen_at <= at - SEEN:
            with self.database.writing() as connection:
                connection.execute(update(sessions).where(*open_).values(seen_at=at))
        account: str = row.account
        return account

    def account_of_form(self, token: str) -> str | None:
        """In whose session a form was shown, by the token it carries; the session may have ended since."""
        known = (form_tokens.c.digest == _digest(token), form_tokens.c.began_at > self.clock() - FORMS)
        with self.database.reading() as connection:
            account: str | None = connection.execute(select(form_tokens.c.account).where(*known)).scalar()
        return account

    def end(self, secret: str) -> None:
        """Signs out; a session that has ended already stays so."""
        with self.database.writing() as connection:
            ended = sessions.c.digest == _digest(secret)
            account = connection.execute(select(sessions.c.account).where(ended)).scalar()
            if account is not None:
                connection.execute(delete(sessions).where(ended))
                note(connection, self.clock(), account, "sign-out")


def form_token(secret: str) -> str:
    """What a form carries to show that it stands on a page of ours: only who has the cookie can know it."""
    return hmac.digest(secret.encode(), b"werdegang form", "sha256").hex()


def end_sessions(connection: Connection, account: str) -> None:
    """Ends all sessions of an account, in the transaction that changes what it may do or how it signs in."""
    connection.execute(delete(sessions).where(sessions.c.account == account))


def _digest(secret: str) -> bytes:
    return sha256(secret.encode(errors="surrogatepass")).digest()
