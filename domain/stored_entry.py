"""Entries that leave their statements as they are stored, packed, and read them each time that somebody asks.

They take a fifth of the memory of others and answer the same, only later. They are for going through a large process
once, from its first entry to its last one.
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Final
from zlib import compress, decompress

from pydantic_core import from_json

from domain.entry import Entry, beside, statement_of
from domain.publication import Statement
from domain.record import Record

TOGETHER: Final = 16
"""How many entries are packed together: what they say alike is said once, and to read one all are unpacked."""

READ: Final = 1_000
"""How many statements stay read: those that were asked for last, since several ask for the same ones in turn."""

UNPACKED: Final = 50
"""How many packs stay unpacked; an entry is mostly asked for soon after the one before it."""

_BETWEEN: Final = b"\n"
"""What stands between the parts of entries: in canonical JSON there is no such byte."""
_PARTS: Final = 3


class StoredEntry(Entry):
    """An entry that reads its statement when it is asked for it; apart from that, it is as others are."""

    __slots__ = ("_of", "_pack", "_place")

    _of: "_Reading"
    _pack: bytes
    _place: int

    def __init__(self, record: Record, of: "_Reading", pack: bytes, place: int) -> None:
        give = object.__setattr__  # entries are frozen
        for name, value in (("_of", of), ("_pack", pack), ("_place", place)):
            give(self, name, value)
        recorded_by = sys.intern(from_json(record.internal)["recorded_by"])
        number, position, recorded_at, _, erased, erased_at = beside(record, recorded_by)
        give(self, "number", number)
        give(self, "position", position)
        give(self, "recorded_at", of.instant(recorded_at))
        give(self, "recorded_by", recorded_by)
        give(self, "erased", erased)
        give(self, "erased_at", erased_at)
        self._know(self.statement)

    @property
    def statement(self) -> Statement:
        """What is stated."""
        return self._of.statement(self._pack, self._place)

    __eq__ = object.__eq__
    __hash__ = object.__hash__
    """Others are compared by what they say, which would have to be read."""


class _Reading:
    """Reads statements of one process. What stays read and unpacked goes when the last of the entries goes."""

    def __init__(self, process: str) -> None:
        self._process = process
        self._unpacked = lru_cache(maxsize=UNPACKED)(_unpacked)
        self.statement = lru_cache(maxsize=READ)(self._statement)
        self.instant = lru_cache(maxsize=READ)(_itself)
        """One object for all that was recorded at once."""

    def _statement(self, pack: bytes, place: int) -> Statement:
        facts, internal, texts = self._unpacked(pack)[_PARTS * place : _PARTS * (place + 1)]
        return statement_of(self._process, facts, from_json(internal), texts or None)


def _unpacked(pack: bytes) -> list[bytes]:
    return decompress(pack).split(_BETWEEN)


def _itself(instant: datetime) -> datetime:
    return instant


def stored_entries(records: Iterable[Record]) -> Iterator[Entry]:
    """The entries of one process that stored records hold, one after the other."""
    of: _Reading | None = None
    coming = iter(records)
    while together := list(islice(coming, TOGETHER)):
        of = of or _Reading(together[0].process)
        parts = [part for record in together for part in (record.facts, record.internal, record.texts or b"")]
        pack = compress(_BETWEEN.join(parts), 1)
        yield from (StoredEntry(record, of, pack, place) for place, record in enumerate(together))
