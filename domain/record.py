"""How an entry is kept: its parts in bytes, and what commits to them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """A moment as it is stored: whole microseconds since 1970, exact and sortable."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """A moment in UTC, from how it is stored."""
    return _EPOCH + timedelta(microseconds=microseconds)


@dataclass(frozen=True, slots=True)
class Salts:
    """32 random bytes for each part of an entry, so that nobody can guess a part from its digest."""

    facts: bytes
    internal: bytes
    texts: bytes | None
    """Kept with the texts and erased with them."""


@dataclass(frozen=True, slots=True)
class Erased:
    """That the texts of an entry were erased: when, and at which position the entry stands that says so."""

    at: datetime
    by: int


@dataclass(frozen=True, slots=True)
class Record:
    """An entry in bytes, as it is stored: the facts for ever, the texts as long as nobody erases them."""

    process: str
    number: int
    position: int
    recorded_at: datetime
    """In UTC, to the microsecond."""
    type: str
    """The type name of the step."""
    key: str
    facts: bytes
    """Canonical JSON: committed to, and opened when the entry is published."""
    internal: bytes
    """Canonical JSON of key, recorder and what a correction's author saw: committed to, never opened."""
    texts: bytes | None
    """Canonical JSON, JSON pointer → text; `None` once they are erased."""
    salts: Salts
    texts_digest: bytes
    """Kept for ever, so that the commitment can be recomputed after the texts were erased."""
    commitment: bytes
    erased: Erased | None = None
    """What explains that there are no texts; `None` beside missing texts: nothing does."""
