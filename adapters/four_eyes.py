"""The rule of four eyes: in which processes nobody publishes what they recorded themselves."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Column, Table, Text, delete, insert, select

from adapters.audit import note
from adapters.database import Database, metadata, now
from domain.errors import refused

EVERYWHERE: Final = "*"

four_eyes = Table("four_eyes", metadata, Column("process", Text, primary_key=True))
"""The processes with the rule; `*` are all of them."""


@dataclass(frozen=True, slots=True)
class FourEyes:
    """Where the rule holds. It stands beside the accounts, and a change of it in the audit list."""

    database: Database
    clock: Callable[[], datetime] = now

    def holds(self, process: str) -> bool:
        """Whether nobody may publish in the process what they recorded themselves."""
        asked = select(four_eyes).where(four_eyes.c.process.in_((process, EVERYWHERE)))
        with self.database.reading() as connection:
            return connection.execute(asked).first() is not None

    def processes(self) -> frozenset[str]:
        """Where it was switched on."""
        with self.database.reading() as connection:
            return frozenset(connection.execute(select(four_eyes.c.process)).scalars())

    def switch(self, process: str, *, on: bool, by: str | None = None) -> None:
        """Switches the rule on or off in a process, or with `*` in all of them."""
        if process != EVERYWHERE and not re.fullmatch(r"[a-z0-9-]{1,63}", process):
            raise refused("role-process", process=process)
        with self.database.writing() as connection:
            if on == (connection.execute(select(four_eyes).where(four_eyes.c.process == process)).first() is not None):
                return
            if on:
                connection.execute(insert(four_eyes).values(process=process))
            else:
                connection.execute(delete(four_eyes).where(four_eyes.c.process == process))
            note(connection, self.clock(), by, "four-eyes-on" if on else "four-eyes-off", about=process, by=by)
