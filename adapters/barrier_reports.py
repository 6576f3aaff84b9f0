"""Reports of barriers: what somebody could not use, on which page, and how to answer them, if they want an answer.

A report waits here until the office has dealt with it, which erases it, or for `KEPT`. It is never among the entries.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, Table, Text, delete, func, insert, select

from adapters.database import PERSONAL, Database, Instant, metadata, now
from adapters.erasing import Held, tells_of
from domain.account import Account
from domain.errors import refused
from domain.words import Language
from service import PERMITTED, permits

KEEPER: Final = "barrier-reports"
KEPT: Final = timedelta(days=365)
MOST: Final = 500
"""So many can wait at once; whoever wants to flood the office fills no disk."""

barrier_reports = Table(
    "barrier_reports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("process", Text),
    Column("address", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("language", Text, nullable=False),
    info=PERSONAL,
)
"""`process` is `NULL` where the page belongs to none."""


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody tells of a barrier; all but what it is may be empty."""

    address: str
    what: str
    name: str
    contact: str
    language: Language
    process: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report as it waits for the office."""

    id: str
    at: datetime
    report: Report


@dataclass(frozen=True, slots=True)
class BarrierReports:
    """The reports of an installation."""

    database: Database
    clock: Callable[[], datetime] = now

    def add(self, report: Report) -> None:
        """Keeps a report; refused where too many wait already. The same one sent twice stands there once."""
        c = barrier_reports.c
        told = {name: getattr(report, name) for name in Report.__slots__}
        with self.database.writing() as connection:
            same = select(c.id).where(*(c[name].is_not_distinct_from(value) for name, value in told.items()))
            if connection.execute(same).first() is not None:
                return
            if connection.execute(select(func.count()).select_from(barrier_reports)).scalar_one() >= MOST:
                raise refused("barrier-reports-full")
            connection.execute(insert(barrier_reports).values(id=secrets.token_hex(8), at=self.clock(), **told))

    def waiting(self) -> list[Waiting]:
        """All that wait, the oldest first."""
        order = (barrier_reports.c.at, barrier_reports.c.id)
        with self.database.reading() as connection:
            return [_waiting(row) for row in connection.execute(select(barrier_reports).order_by(*order))]

    def seen_by(self, account: Account) -> list[Waiting]:
        """What waits for somebody: of the processes that they record in, and of none if they record anywhere."""
        anywhere = any(role in PERMITTED["record"] for role, _ in account.roles)
        if not anywhere:
            return []
        return [
            found
            for found in self.waiting()
            if found.report.process is None or permits(account, "record", found.report.process)
        ]

    def outdated(self) -> list[str]:
        """Those that have waited for as long as they are kept, by their ids."""
        over = select(barrier_reports.c.id).where(barrier_reports.c.at <= self.clock() - KEPT)
        with self.database.reading() as connection:
            return list(connection.execute(over).scalars())

    def about(self, wanted: Sequence[str]) -> Sequence[Held]:
        """The reports that tell of somebody."""
        return [
            Held(KEEPER, found.id, found.report.name, found.report.process, _content(found))
            for found in self.waiting()
            if tells_of(wanted, (found.report.name, found.report.contact, found.report.what, found.report.address))
        ]

    def erase(self, ids: Collection[str]) -> int:
        """Erases reports by their ids; answers how many there were."""
        with self.database.writing() as connection:
            return connection.execute(delete(barrier_reports).where(barrier_reports.c.id.in_(ids))).rowcount


def _waiting(row: Any) -> Waiting:
    report = Report(row.address, row.what, row.name, row.contact, row.language, row.process)
    return Waiting(row.id, row.at, report)


def _content(found: Waiting) -> dict[str, object]:
    told = found.report
    return {
        "reported_at": found.at.isoformat(),
        "address": told.address,
        "what": told.what,
        "name": told.name,
        "contact": told.contact,
    }
