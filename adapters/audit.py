"""The audit list: what was done with accounts, apart from the entries. It holds no password, no address and no name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Boolean, Column, Connection, Table, Text, func, insert, select

from adapters.database import Database, Instant, Position, metadata

Act = Literal[
    "account-created",
    "account-disabled",
    "lock-out",
    "password-set",
    "person-added",
    "person-changed",
    "person-erased",
    "role-granted",
    "role-revoked",
    "sign-in",
    "sign-out",
    "token-issued",
    "token-revoked",
]

audit = Table(
    "audit",
    metadata,
    Column("number", Position, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("account", Text),
    Column("act", Text, nullable=False),
    Column("about", Text),
    Column("success", Boolean, nullable=False),
)
"""No reference to the accounts: a try to sign in may name one that does not exist, and is kept without it."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One line of the list."""

    number: int
    at: datetime
    account: str | None
    """`None` where somebody tried to sign in to an account that does not exist, or where an address has to wait."""
    act: Act
    about: str | None
    """The role and its process, or a random id; nothing that anybody typed freely."""
    success: bool


def note(
    connection: Connection,
    at: datetime,
    account: str | None,
    act: Act,
    *,
    about: str | None = None,
    success: bool = True,
) -> None:
    """Adds a line, in the transaction that does what it tells: who writes holds the lock, so numbers have no gap."""
    number = select(func.coalesce(func.max(audit.c.number), 0) + 1).scalar_subquery()
    connection.execute(
        insert(audit).values(number=number, at=at, account=account, act=act, about=about, success=success)
    )


def noted(database: Database) -> Sequence[Noted]:
    """The whole list, the oldest first."""
    with database.reading() as connection:
        return [Noted(*row) for row in connection.execute(select(audit).order_by(audit.c.number))]
