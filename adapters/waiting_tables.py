"""Tables that somebody uploaded, between being checked and being recorded: theirs alone, and for a day at most."""

import json
import secrets
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, ForeignKey, LargeBinary, Table, Text, delete, insert, select, update

from adapters.database import PERSONAL, Database, Instant, metadata, now
from adapters.erasing import Held, tells_of

KEEPER: Final = "tables"
DONE: Final = b"recorded:"
"""What stands before a report in place of the table that it is about."""
KEPT: Final = timedelta(days=1)

waiting_tables = Table(
    "waiting_tables",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False),
    Column("process", Text, nullable=False),
    Column("step_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    info=PERSONAL,
)
"""No part of a backup: whoever wants it has the file."""


@dataclass(frozen=True, slots=True)
class WaitingTables:
    """What waits. Whoever puts something away clears away what has waited too long."""

    database: Database
    clock: Callable[[], datetime] = now

    def put(self, account: str, process: str, step_type: str, content: bytes) -> str:
        """Puts a table away; its id cannot be guessed."""
        id_, at = secrets.token_hex(16), self.clock()
        with self.database.writing() as connection:
            connection.execute(delete(waiting_tables).where(waiting_tables.c.at <= at - KEPT))
            row = {"id": id_, "account": account, "process": process, "step_type": step_type}
            connection.execute(insert(waiting_tables).values(**row, content=content, at=at))
        return id_

    def find(self, account: str, process: str, step_type: str, id_: str) -> bytes | None:
        """What somebody put away themselves; nobody else's, and nothing that has waited too long."""
        c = waiting_tables.c
        theirs = (c.id == id_, c.account == account, c.process == process, c.step_type == step_type)
        with self.database.reading() as connection:
            rows = select(c.content).where(*theirs, c.at > self.clock() - KEPT)
            content: bytes | None = connection.execute(rows).scalar()
        return content

    def of(self, account: str, process: str) -> list[tuple[str, str, datetime, bytes]]:
        """What somebody put away in a process, the newest first: its id, the type of its rows, when, and what it is."""
        c = waiting_tables.c
        theirs = (c.account == account, c.process == process, c.at > self.clock() - KEPT)
        with self.database.reading() as connection:
            rows = connection.execute(select(c.id, c.step_type, c.at, c.content).where(*theirs).order_by(c.at.desc()))
            return [(id_, step_type, at, content) for id_, step_type, at, content in rows]

    def replace(self, id_: str, content: bytes) -> None:
        """What came of a table takes its place."""
        with self.database.writing() as connection:
            connection.execute(update(waiting_tables).where(waiting_tables.c.id == id_).values(content=content))

    def forget(self, account: str, id_: str) -> None:
        """Throws a table away."""
        with self.database.writing() as connection:
            theirs = (waiting_tables.c.id == id_, waiting_tables.c.account == account)
            connection.execute(delete(waiting_tables).where(*theirs))

    def about(self, wanted: Sequence[str]) -> Sequence[Held]:
        """The tables in which somebody is named, with the cells that name them, whoever uploaded them."""
        found = []
        with self.database.reading() as connection:
            for row in connection.execute(select(waiting_tables).order_by(waiting_tables.c.at)):
                told = json.loads(zlib.decompress(row.content.removeprefix(DONE)))
                named = [text for text in _texts(told) if any(tells_of([word], [text]) for word in wanted)]
                if tells_of(wanted, named):
                    content = {"uploaded_at": row.at.isoformat(), "cells": named}
                    found.append(Held(KEEPER, row.id, str(told.get("name", "")), row.process, content))
        return found

    def lapse(self) -> int:
        """Throws away what has waited for longer than `KEPT`; answers how many."""
        with self.database.writing() as connection:
            over = waiting_tables.c.at <= self.clock() - KEPT
            return connection.execute(delete(waiting_tables).where(over)).rowcount

    def erase(self, ids: Collection[str]) -> int:
        """Throws tables away, whoever uploaded them."""
        with self.database.writing() as connection:
            return connection.execute(delete(waiting_tables).where(waiting_tables.c.id.in_(ids))).rowcount


def _texts(told: Any) -> Iterator[str]:
    """Every text in what waits, however deep."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict | list):
        for part in told.values() if isinstance(told, dict) else told:
            yield from _texts(part)
