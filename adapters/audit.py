"""The audit list: what was done with accounts, persons and documents, apart from the entries. No password, no address
and no name is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    select,
    true,
    update,
)

from adapters.database import Database, Instant, Position, metadata

Act = Literal[
    "account-created",
    "account-disabled",
    "document-added",
    "document-changed",
    "document-erased",
    "four-eyes-off",
    "four-eyes-on",
    "identity-tied",
    "identity-untied",
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

KEPT: Final = timedelta(days=2 * 366)
MOST: Final = 100_000
"""So long and so many lines are kept; what is older makes room for what is new."""

AT_A_TIME: Final = 50
"""How many old lines go at most when one is added."""

SIGNING: Final[tuple[Act, ...]] = ("sign-in", "sign-out", "lock-out")
"""What is about signing in; all else is about rights."""

audit = Table(
    "audit",
    metadata,
    Column("number", Position, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("account", Text),
    Column("act", Text, nullable=False),
    Column("about", Text),
    Column("success", Boolean, nullable=False),
    Column("by", Text),
    Column("times", Integer, nullable=False, server_default="1"),
)
"""No reference to the accounts: a try to sign in may name one that does not exist, and is kept without it."""

Index("audit_at", audit.c.at)


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
    by: str | None = None
    """The account of the administrator who did it at the desk; `None` for the command line and for signing in."""
    times: int = 1
    """How often within the hour, where nobody's account is named: whoever guesses names must not fill the list."""


def note(
    connection: Connection,
    at: datetime,
    account: str | None,
    act: Act,
    *,
    about: str | None = None,
    success: bool = True,
    by: str | None = None,
) -> None:
    """Adds a line, in the transaction that does what it tells: who writes holds the lock, so numbers have no gap."""
    if account is None and act in SIGNING and _folded(connection, at, act):
        return
    oldest = select(audit.c.number).order_by(audit.c.number).limit(AT_A_TIME).scalar_subquery()
    last: int = connection.execute(select(func.coalesce(func.max(audit.c.number), 0))).scalar_one()
    over = (audit.c.at < at - KEPT) | (audit.c.number <= last + 1 - MOST)
    connection.execute(delete(audit).where(audit.c.number.in_(oldest), audit.c.number < last, over))
    line = {"at": at, "account": account, "act": act, "about": about, "success": success, "by": by, "times": 1}
    connection.execute(insert(audit).values(number=last + 1, **line))


def _folded(connection: Connection, at: datetime, act: Act) -> bool:
    """Whether there is a line of this hour that tells the same of nobody; it counts once more."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    same = (audit.c.at >= hour, audit.c.account.is_(None), audit.c.act == act)
    number = connection.execute(select(func.max(audit.c.number)).where(*same)).scalar()
    connection.execute(update(audit).where(audit.c.number == number).values(times=audit.c.times + 1))
    return number is not None


def noted(database: Database) -> Sequence[Noted]:
    """The whole list, the oldest first."""
    with database.reading() as connection:
        return [Noted(*row) for row in connection.execute(select(audit).order_by(audit.c.number))]


def newest(
    database: Database, account: str | None, kind: Literal["", "signing", "rights"], first: int, most: int
) -> tuple[int, Sequence[Noted]]:
    """How many lines there are, of one account or of all, and one page of them, the newest first."""
    about: dict[str, ColumnElement[bool]] = {
        "": true(),
        "signing": audit.c.act.in_(SIGNING),
        "rights": audit.c.act.not_in(SIGNING),
    }
    chosen = and_(about[kind], true() if account is None else (audit.c.account == account) | (audit.c.by == account))
    page = select(audit).where(chosen).order_by(audit.c.number.desc()).offset(first).limit(most)
    with database.reading() as connection:
        total: int = connection.execute(select(func.count()).select_from(audit).where(chosen)).scalar_one()
        return total, [Noted(*row) for row in connection.execute(page)]
