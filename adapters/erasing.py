"""What is held about a person, wherever it is, and how it is erased so that no file of the installation holds it.

Every store of personal data is a `Keeper`. Erasing takes three things: the rows, in one transaction; the list of what
was erased, so that no older backup brings it back; and the files, from which what was deleted has to be taken out. A
file of the home folder says that this has begun, until all of it is done: whatever comes in between, it is known that
something is left, and `finish` does it.
"""

import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, Protocol, cast, get_args

import structlog
from sqlalchemy import select

from adapters.audit import note
from adapters.database import Database, now
from adapters.erasures import TEXTS, Erased, Erasures, Reason, erasures
from domain.errors import Refused, refused
from projections.search import begins, words
from projections.table_rows import PUBLIC, search_entries

UNFINISHED: Final = "erasing-unfinished"
"""How the files begin that are there from before something is erased until nothing of it is left."""

Left = Literal["interrupted", "list", "documents", "database", "texts"]
"""What may be left: the program ended in between; the list could not be written; files of documents are there still;
files of the database may hold deleted rows; texts of entries are among these.
"""

WITH_TEXTS: Final = ("texts", *(table.name for table in (*PUBLIC, search_entries)))
"""The tables that hold texts of entries, or what was made of them."""

log = structlog.get_logger()


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
        """Erases what has these ids, in the transaction of the caller; says how many there were."""


def tells_of(wanted: Sequence[str], texts: Iterable[str | None]) -> bool:
    """Whether each word that is looked for begins one of the texts' words."""
    found = {word for text in texts if text for word in words(text)}
    return bool(wanted) and all(any(begins(one, word) for word in found) for one in wanted)


@dataclass(frozen=True, slots=True)
class Erasing:
    """The stores of personal data of an installation, and how something is erased from them.

    `sweep` removes the files of what was erased, and says whether none is left.
    """

    home: Path
    database: Database
    keepers: Mapping[str, Keeper]
    clock: Callable[[], datetime] = now
    sweep: Callable[[], bool] = lambda: True

    @property
    def list(self) -> Erasures:
        return Erasures(self.home, self.database)

    def about(self, wanted: Sequence[str]) -> Sequence[Held]:
        """What all stores hold about a person."""
        with self.database.reading():
            return [held for keeper in self.keepers.values() for held in keeper.about(wanted)]

    def erase(self, chosen: Collection[tuple[str, str]], reason: str, by: str | None) -> tuple[int, Sequence[Left]]:
        """Erases for good what is chosen as (store, id): how much it was, and what of it is left in files.

        Refused where nothing of it is there or was ever erased: that is a slip. What others were faster with is no
        hindrance, and neither is what was erased before, which an older backup may have brought back.
        """
        if any(keeper == TEXTS for keeper, _ in chosen):
            raise refused("erase-texts-by-entry")
        if unknown := min((keeper for keeper, _ in chosen if keeper not in self.keepers), default=None):
            raise refused("erasure-keeper", keeper=unknown, known=", ".join(sorted(self.keepers.keys() - {TEXTS})))
        if reason not in get_args(Reason):
            raise refused("erasure-reason", known=", ".join(get_args(Reason)))
        with self.thoroughly():
            counted = {(keeper, id_): self.keepers[keeper].erase([id_]) for keeper, id_ in sorted(chosen)}
            before = {(line.keeper, line.id) for line in [*self.list.kept(), *self.list.listed()]}
            lines = [Erased(*one, self.clock(), reason) for one, count in counted.items() if count or one in before]
            if not lines:
                keeper, id_ = min(chosen)
                raise refused("erasure-unknown", keeper=keeper, id=id_)
            self.list.add(lines)
            with self.database.writing() as connection:
                for line in lines:
                    note(connection, self.clock(), by, "person-erased", about=f"{line.keeper} {line.id}")
        return sum(counted.values()), self.unfinished()

    def erase_alone(self, held: Iterable[Held]) -> None:
        """Erases what goes with something else, inside `thoroughly`; it is not listed, since no backup brings it back:
        what somebody has begun lapses by itself.
        """
        with self.database.writing():
            for one in held:
                self.keepers[one.keeper].erase([one.id])

    @contextmanager
    def thoroughly(self, *, texts: bool = False) -> Iterator[None]:
        """One transaction that erases; after it the files are cleaned, as far as that can be done now.

        Where texts of entries are erased, more of the database has to be.
        """
        with self.database.writing():
            begun = self._begin(texts=texts)
            try:
                yield
            except BaseException:  # nothing was erased, so nothing is left
                begun.unlink(missing_ok=True)
                raise
        self.finish()

    def finish(self) -> Sequence[Left]:
        """Does what erasing still has to do: writes the list, removes and cleans files; answers what is left.

        What others begin meanwhile stays noted: they have notes of their own, and none is in between under the lock.
        """
        try:
            with self.database.writing():
                noted = self._notes()
        except Refused as refusal:  # others write for long: it stays noted
            log.warning("not-finished-yet", code=refusal.refusals[0].code)
            return self.unfinished() or ["database"]
        left: list[Left] = []
        texts = any("texts" in told for told in noted.values())
        try:
            self.list.keep()
        except OSError as error:
            log.warning("erasures-not-written", exc_info=error)
            left.append("list")
        if not self.sweep():
            left.append("documents")
        if not self._forgotten(texts=texts):
            left += ["database", "texts"] if texts else ["database"]
        if left:
            self._note(left)
        for file in noted:
            file.unlink(missing_ok=True)
        return left

    def unfinished(self) -> Sequence[Left]:
        """What is left of earlier erasures."""
        told = {one for noted in self._notes().values() for one in noted}
        return [one for one in get_args(Left) if one in told]

    def behind(self) -> bool:
        """Whether the list in the home folder names what this database does not know as erased: it is an older one."""
        kept = self.list.kept()
        if not kept:
            return False
        with self.database.reading() as connection:
            done = {(row.keeper, row.id) for row in connection.execute(select(erasures))}
        return any((line.keeper, line.id) not in done for line in kept)

    def reapply(self, listed: Iterable[Erased] = ()) -> int:
        """Erases again what the file of the home folder or another list names, from a backup that was put back."""
        with self.database.writing() as connection:
            done = {(row.keeper, row.id) for row in connection.execute(select(erasures))}
            again = [line for line in [*self.list.kept(), *listed] if (line.keeper, line.id) not in done]
            if again:
                self._begin(texts=True)
            return self._erase(again)

    def settle(self, explain: Callable[[], object]) -> None:
        """What is done at a start and each day: an older database that was put in place by hand forgets again too,
        `explain` says so of texts in the entries, and what an earlier erasure left is done.
        """
        self.reapply()
        explain()
        if self.unfinished():
            self.finish()
        self.list.keep()

    def _begin(self, *, texts: bool) -> Path:
        """Notes that something is being erased, in a file of its own; under the lock of all who write."""
        return self._note(["interrupted", "texts"] if texts else ["interrupted"])

    def _note(self, left: Sequence[Left]) -> Path:
        file = self.home / f"{UNFINISHED}-{secrets.token_hex(8)}"
        try:
            file.write_text(json.dumps(left), encoding="utf-8")
        except OSError as error:
            raise refused("erasure-folder", folder=str(self.home), reason=error.strerror) from error
        return file

    def _notes(self) -> dict[Path, Sequence[Left]]:
        """What is noted to be left, file by file."""
        return {file: _left_in(file) for file in sorted(self.home.glob(f"{UNFINISHED}*")) if file.is_file()}

    def _erase(self, lines: Iterable[Erased]) -> int:
        new = {(line.keeper, line.id): line for line in lines if line.keeper in self.keepers}
        with self.database.writing():
            self.list.add(new.values())
            return sum(self.keepers[keeper].erase([id_]) for keeper, id_ in new)

    def _forgotten(self, *, texts: bool) -> bool:
        try:
            return self.database.forget(WITH_TEXTS if texts else ())
        except Refused as refusal:  # others write: it is known that something is left
            log.warning("not-forgotten-yet", code=refusal.refusals[0].code)
            return False


def _left_in(file: Path) -> Sequence[Left]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return [cast("Left", one) for one in told if one in get_args(Left)] or ["interrupted"]
    except (ValueError, FileNotFoundError):  # cut off, or just done by somebody else
        return ["interrupted"]
