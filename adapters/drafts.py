"""Drafts: what somebody has begun to record and has not recorded yet, kept so that nothing that was typed is lost.

A draft belongs to one account and is shown to nobody else. It is gone once it was recorded or discarded, when its
account is closed or its person forgotten, and when nobody touched it for `KEPT`.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Table,
    Text,
    and_,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from adapters.database import PERSONAL, Database, Instant, metadata, now
from adapters.erasing import Held, tells_of
from domain.errors import refused

KEPT: Final = timedelta(days=90)
"""How long a draft stays that nobody touches."""

MOST: Final = 100
"""How many drafts one account may have. As many again are kept of forms that an ended session interrupted."""

MOST_PARTS: Final = 50
"""How many statements are recorded together at most."""

MOST_LETTERS: Final = 2_000_000
"""How much a draft holds at most, as it is stored."""

KEEPER: Final = "drafts"

drafts = Table(
    "drafts",
    metadata,
    Column("account", Text, ForeignKey("accounts.id"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("process", Text, nullable=False),
    Column("address", Text),
    Column("content", Text, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("touched_at", Instant, nullable=False),
    info=PERSONAL,
)
"""`content` is JSON: the statements that were begun, or, where there is an `address`, a form that was sent there."""


@dataclass(frozen=True, slots=True)
class Part:
    """One statement of a draft as it was typed; it will be recorded under its key."""

    key: str
    type: str
    typed: Mapping[str, Sequence[str]]
    window: str = ""
    """The window it was typed in, by a name that the page was given."""

    @property
    def version(self) -> str:
        """What is typed, as a digest: another window shows whether it has seen this."""
        return sha256(json.dumps(_plain(self.typed), sort_keys=True).encode()).hexdigest()[:16]

    def apart(self) -> "Part":
        """The same as a statement of its own: always the same one for this window."""
        return replace(self, key=f"desk-{sha256(f'{self.key} {self.window}'.encode()).hexdigest()[:16]}")


@dataclass(frozen=True, slots=True)
class Draft:
    """What was begun: statements to be recorded together, or the fields of another form that was interrupted."""

    id: str
    process: str
    parts: tuple[Part, ...]
    address: str | None
    sent: tuple[tuple[str, str], ...]
    began_at: datetime
    touched_at: datetime

    def part(self, key: str) -> Part | None:
        """The statement with a key, if it is one of this draft."""
        return next((part for part in self.parts if part.key == key), None)


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts of the installation. Every question names the account whose they are."""

    database: Database
    clock: Callable[[], datetime] = now

    def list(self, account: str) -> list[Draft]:
        """The drafts of an account, the one touched last first."""
        with self.database.reading() as connection:
            mine = select(drafts).where(drafts.c.account == account, drafts.c.touched_at > self.clock() - KEPT)
            rows = connection.execute(mine.order_by(drafts.c.touched_at.desc(), drafts.c.id)).all()
        return [_draft(row) for row in rows]

    def find(self, account: str, id: str) -> Draft | None:
        with self.database.reading() as connection:
            return self._find(connection, account, id)

    def put(self, account: str, process: str, id: str, part: Part, *, began: str = "", most: int = MOST) -> Draft:
        """Keeps a statement in a draft, in place of what was typed under its key before, else as the last one.

        `began` is the version that its window began with. If another window has kept another one since, neither
        replaces the other: this one becomes a draft of its own, and that is answered.
        Refused where there are too many drafts, or too much in one; then everything stays as it was.
        """
        with self.database.writing() as connection:
            known = self._find(connection, account, id)
            if known is not None and _kept_elsewhere(known.part(part.key), part, began):
                part = part.apart()
                id, known = part.key, self._find(connection, account, part.key)
            parts = () if known is None else known.parts
            if any(part.key == other.key for other in parts):
                parts = tuple(part if part.key == other.key else other for other in parts)
            else:
                parts = (*parts, part)
            if len(parts) > MOST_PARTS:
                raise refused("draft-full", most=MOST_PARTS)
            self._store(connection, account, process, id, _written(parts), None, most)
            return _required(self._find(connection, account, id))

    def arrange(self, account: str, id: str, keys: Collection[str]) -> None:
        """Keeps those statements of a draft that are named, in that order."""
        with self.database.writing() as connection:
            known = self._find(connection, account, id)
            if known is not None:
                by_key = {part.key: part for part in known.parts}
                parts = [by_key[key] for key in keys if key in by_key]
                self._store(connection, account, known.process, id, _written(parts), None, MOST)

    def interrupt(self, account: str, process: str, id: str, address: str, sent: Sequence[tuple[str, str]]) -> None:
        """Keeps a form that was sent to `address` when the session had ended."""
        with self.database.writing() as connection:
            self._store(connection, account, process, id, json.dumps(sent, ensure_ascii=False), address, 2 * MOST)

    def discard(self, account: str, id: str) -> None:
        """Forgets a draft; one that is not there stays so."""
        with self.database.writing() as connection:
            connection.execute(delete(drafts).where(drafts.c.account == account, drafts.c.id == id))

    def about(self, wanted: Sequence[str]) -> Sequence[Held]:
        """Drafts in which somebody is named, whoever began them."""
        with self.database.reading() as connection:
            rows = connection.execute(select(drafts).order_by(drafts.c.began_at)).all()
        return [
            Held(KEEPER, f"{row.account}/{row.id}", "", row.process, {"began_at": row.began_at.isoformat()} | found)
            for row in rows
            for found in [_typed(_draft(row))]
            if tells_of(wanted, found["typed"])
        ]

    def lapse(self) -> int:
        """Forgets those that nobody touched for `KEPT`; answers how many."""
        with self.database.writing() as connection:
            return connection.execute(delete(drafts).where(drafts.c.touched_at <= self.clock() - KEPT)).rowcount

    def erase(self, ids: Collection[str]) -> int:
        """Erases drafts, each named as in `about`."""
        with self.database.writing() as connection:
            mine = [and_(drafts.c.account == account, drafts.c.id == id) for account, _, id in map(_parted, ids)]
            return connection.execute(delete(drafts).where(or_(false(), *mine))).rowcount

    def _find(self, connection: Connection, account: str, id: str) -> Draft | None:
        mine = (drafts.c.account == account, drafts.c.id == id, drafts.c.touched_at > self.clock() - KEPT)
        row = connection.execute(select(drafts).where(*mine)).first()
        return None if row is None else _draft(row)

    def _store(
        self, connection: Connection, account: str, process: str, id: str, content: str, address: str | None, most: int
    ) -> None:
        at = self.clock()
        if len(content) > MOST_LETTERS:
            raise refused("draft-too-large")
        connection.execute(delete(drafts).where(drafts.c.touched_at <= at - KEPT))
        mine = (drafts.c.account == account, drafts.c.id == id)
        if connection.execute(update(drafts).where(*mine).values(content=content, touched_at=at)).rowcount:
            return
        count = connection.execute(select(func.count()).where(drafts.c.account == account)).scalar_one()
        if count >= most:
            raise refused("drafts-too-many", most=MOST)
        new = {"account": account, "id": id, "process": process, "address": address, "content": content}
        connection.execute(insert(drafts).values(**new, began_at=at, touched_at=at))


def erase_drafts(connection: Connection, account: str) -> None:
    """Forgets all drafts of an account, in the transaction that closes it or forgets whose it was."""
    connection.execute(delete(drafts).where(drafts.c.account == account))


def _kept_elsewhere(kept: Part | None, part: Part, began: str) -> bool:
    """Whether what is kept came from another window, which this one has not seen."""
    return kept is not None and kept.window != part.window and kept.version not in (began, part.version)


def _plain(typed: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: [*values] for name, values in typed.items()}


def _written(parts: Sequence[Part]) -> str:
    told = [{"key": p.key, "type": p.type, "typed": _plain(p.typed), "window": p.window} for p in parts]
    return json.dumps(told, ensure_ascii=False)


def _draft(row: Any) -> Draft:
    content = json.loads(row.content)
    return Draft(
        id=row.id,
        process=row.process,
        parts=() if row.address is not None else tuple(Part(**part) for part in content),
        address=row.address,
        sent=() if row.address is None else tuple((name, value) for name, value in content),
        began_at=row.began_at,
        touched_at=row.touched_at,
    )


def _typed(draft: Draft) -> dict[str, list[str]]:
    values = [value for part in draft.parts for typed in part.typed.values() for value in typed]
    return {"typed": [value for value in [*values, *(value for _, value in draft.sent)] if value.strip()]}


def _parted(id: str) -> tuple[str, str, str]:
    return id.partition("/")


def _required(draft: Draft | None) -> Draft:
    assert draft is not None
    return draft
