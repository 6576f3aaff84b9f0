"""What is held about a person, wherever it is, and how it is erased so that no file of the installation holds it.

Every store of personal data is a `Keeper`. What was erased stands in a list of random ids, in the database and in a
file of the home folder: whatever older backup is put back, it is erased from that again.
"""

import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, Protocol, get_args

from sqlalchemy import Column, Table, Text, insert, select

from adapters.audit import note
from adapters.database import Database, Instant, metadata, now
from domain.errors import refused
from projections.search import begins, words

FILE: Final = "erasures.jsonl"

Reason = Literal["request", "objection", "no-longer-needed", "mistake", "kept-long-enough"]

erasures = Table(
    "erasures",
    metadata,
    Column("keeper", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
)
"""Random ids only, which tell nothing about anybody once their rows are gone."""


@dataclass(frozen=True, slots=True)
class Held:
    """Something that is held about a person. `process` is `None` for what belongs to the whole installation."""

    keeper: str
    id: str
    name: str
    process: str | None
    content: Mapping[str, object]


class Keeper(Protocol):
    """A store of personal data."""

    def about(self, wanted: Sequence[str]) -> Sequence[Held]:
        """Everything in which each of the words begins one."""

    def erase(self, ids: Collection[str]) -> int:
        """Erases what has these random ids, in the transaction of the caller; says how many there were."""


@dataclass(frozen=True, slots=True)
class Erased:
    """One line of the list of what was erased."""

    keeper: str
    id: str
    at: datetime
    reason: str


def tells_of(wanted: Sequence[str], texts: Iterable[str | None]) -> bool:
    """Whether each word that is looked for begins one of the texts' words."""
    found = {word for text in texts if text for word in words(text)}
    return bool(wanted) and all(any(begins(one, word) for word in found) for one in wanted)


@dataclass(frozen=True, slots=True)
class Erasing:
    """The stores of personal data of an installation, and what was erased from them."""

    home: Path
    database: Database
    keepers: Mapping[str, Keeper]
    clock: Callable[[], datetime] = now

    def about(self, wanted: Sequence[str]) -> list[Held]:
        """What all stores hold about a person."""
        with self.database.reading():
            return [held for keeper in self.keepers.values() for held in keeper.about(wanted)]

    def erase(self, chosen: Collection[tuple[str, str]], reason: str, by: str | None) -> tuple[int, bool]:
        """Erases for good what is chosen as (store, id): how much it was, and whether the files are free of it."""
        if reason not in get_args(Reason):
            raise refused("erasure-reason", known=", ".join(get_args(Reason)))
        with self.database.writing() as connection:
            count = self._erase([Erased(keeper, id_, self.clock(), reason) for keeper, id_ in sorted(chosen)])
            for keeper, id_ in sorted(chosen):
                note(connection, self.clock(), by, "person-erased", about=f"{keeper} {id_}")
        self._keep()
        return count, self.database.forget()

    def reapply(self, listed: Iterable[Erased] = ()) -> int:
        """Erases again what the file of the home folder or another list names, from a backup that was put back."""
        with self.database.writing() as connection:
            done = {(row.keeper, row.id) for row in connection.execute(select(erasures))}
            return self._erase([*self._kept(), *listed], done)

    def settle(self) -> None:
        """What is done at a start: an older database that was put in place by hand forgets again too."""
        with self.database.reading() as connection:
            done = {(row.keeper, row.id) for row in connection.execute(select(erasures))}
        if any((one.keeper, one.id) not in done for one in self._kept()):
            self.reapply()
            self.database.forget()
        self._keep()

    def listed(self) -> list[Erased]:
        """Everything that was ever erased, the oldest first."""
        with self.database.reading() as connection:
            rows = connection.execute(select(erasures).order_by(erasures.c.at, erasures.c.keeper, erasures.c.id))
            return [Erased(*row) for row in rows]

    def _erase(self, lines: Iterable[Erased], done: Collection[tuple[str, str]] = ()) -> int:
        count, seen = 0, set(done)
        with self.database.writing() as connection:
            known = {(row.keeper, row.id) for row in connection.execute(select(erasures))}
            for line in lines:
                if (line.keeper, line.id) in seen or line.keeper not in self.keepers:
                    continue
                seen.add((line.keeper, line.id))
                count += self.keepers[line.keeper].erase([line.id])
                if (line.keeper, line.id) not in known:
                    connection.execute(insert(erasures).values(**asdict(line)))
        return count

    def _kept(self) -> list[Erased]:
        file = self.home / FILE
        return read_erasures(file.read_text(encoding="utf-8", errors="replace")) if file.is_file() else []

    def _keep(self) -> None:
        """Writes the file: what it held, and what the table holds. It is in its place only when it is whole."""
        lines = {(one.keeper, one.id): one for one in [*self._kept(), *self.listed()]}
        if not lines:
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
