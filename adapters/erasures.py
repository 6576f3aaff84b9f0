"""The list of what was erased: random ids, in the database and in a file of the home folder.

Whatever older backup is put back, it is erased from that again. A document is named by its process and its SHA-256,
which tell only whoever has the file that it was here; the row that stays of it says as much.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import Column, Table, Text, insert, select

from adapters.database import Database, Instant, metadata
from domain.errors import refused

FILE: Final = "erasures.jsonl"
TEXTS: Final = "texts"
"""The texts of entries among the stores: each named by the commitment of its entry."""

Asked = Literal["request", "objection", "no-longer-needed", "mistake"]
"""Why somebody at the desk erases."""

Reason = Literal[Asked, "kept-long-enough", "cancelled", "as-stated"]
"""Why something was erased: also by itself, by the person, and for what is stated where a document was."""

erasures = Table(
    "erasures",
    metadata,
    Column("keeper", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
)
"""Ids only, which tell nothing about anybody once their rows are gone."""


@dataclass(frozen=True, slots=True)
class Erased:
    """One line of the list."""

    keeper: str
    id: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Erasures:
    """The list, where it is kept."""

    home: Path
    database: Database

    def note(self, chosen: Iterable[tuple[str, str]], reason: Reason, at: datetime) -> None:
        """Adds what is erased, by store and id, in the transaction that erases it."""
        self.add(Erased(keeper, id_, at, reason) for keeper, id_ in chosen)

    def add(self, lines: Iterable[Erased]) -> None:
        """Adds lines; what stands there already stays."""
        with self.database.writing() as connection:
            known = {(row.keeper, row.id) for row in connection.execute(select(erasures))}
            for line in lines:
                if (line.keeper, line.id) not in known:
                    connection.execute(insert(erasures).values(**asdict(line)))
                    known.add((line.keeper, line.id))

    def listed(self) -> list[Erased]:
        """Everything that the database says was ever erased, the oldest first."""
        with self.database.reading() as connection:
            rows = connection.execute(select(erasures).order_by(erasures.c.at, erasures.c.keeper, erasures.c.id))
            return [Erased(*row) for row in rows]

    def kept(self) -> list[Erased]:
        """What the file of the home folder says."""
        file = self.home / FILE
        return read_erasures(file.read_text(encoding="utf-8", errors="replace")) if file.is_file() else []

    def keep(self, *, new: bool = False) -> None:
        """Writes the file: what it held, and what the table holds. It is in its place only when it is whole.

        An empty one says that nothing was ever erased; without one nobody knows. So only a `new` installation gets one.

        Whoever else erases waits meanwhile, so that none replaces the file by one that lacks a line.
        """
        with self.database.writing():
            self._keep(new=new)

    def _keep(self, *, new: bool) -> None:
        lines = {(one.keeper, one.id): one for one in [*self.kept(), *self.listed()]}
        if not lines and ((self.home / FILE).exists() or not new):
            return
        unfinished = self.home / f".{FILE}.{os.getpid()}"
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as stream:
            stream.write(written(lines.values()))
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(self.home / FILE)


def written(lines: Iterable[Erased]) -> str:
    """The list as JSON lines."""
    return "".join(json.dumps({**asdict(line), "at": line.at.isoformat()}) + "\n" for line in lines)


def read_erasures(text: str) -> list[Erased]:
    """A list as it was written."""
    try:
        told = [json.loads(line) for line in text.splitlines() if line.strip()]
        return [Erased(str(t["keeper"]), str(t["id"]), datetime.fromisoformat(t["at"]), str(t["reason"])) for t in told]
    except (ValueError, TypeError, KeyError) as error:
        raise refused("erasures-unreadable", file=FILE) from error
