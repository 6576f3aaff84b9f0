"""Records for tests of storage: sealed like those the domain makes, with contents that need no process."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from adapters.database import Database
from adapters.event_store import EventStore
from adapters.transparency_log import TransparencyLog
from domain.commitment import canonical, part_digest, recomputed
from domain.record import Record, Salts
from projections.tables import Tables
from service import Service


def sealed(process: str, number: int, position: int, recorded_at: datetime, key: str | None = None) -> Record:
    """A record whose salts follow from its number, so that a test that fails fails again."""
    facts, internal, texts = (sha256(f"{process} {number} {part}".encode()).digest() for part in ("f", "i", "t"))
    key = key or f"schritt-{number}"
    words = canonical({"/step/name": f"Zukunft gemeinsam gestalten, {number}. Teil – „für alle“"})
    record = Record(
        process=process,
        number=number,
        position=position,
        recorded_at=recorded_at,
        type="alliance-founded",
        key=key,
        facts=canonical({"v": 1, "step": {"type": "alliance-founded", "body": f"gremium-{number}", "name": None}}),
        internal=canonical({"key": key, "recorded_by": "konto-a2b3c4d5e6"}),
        texts=words,
        salts=Salts(facts, internal, texts),
        texts_digest=part_digest("texts", texts, words),
        commitment=b"",
    )
    return replace(record, commitment=recomputed(record))


def logged(database: Database) -> tuple[EventStore, TransparencyLog]:
    """A store that appends to the log, as the wiring makes it, with memories of its own."""
    log = TransparencyLog(database)
    return EventStore(database, following=[log.append]), log


def filled(database: Database) -> Tables:
    """The tables of a database, filled with what is recorded there."""
    tables = Tables(database)
    tables.prepare()
    if not tables.filled():
        Service(EventStore(database), tables).rebuild()
    return tables


def recorded(store: EventStore, process: str, count: int = 1, keys: tuple[str, ...] = ()) -> list[Record]:
    """Records `count` entries of a process in one transaction."""
    with store.appending(process) as appending:
        number = max((record.number for record in appending.records(0)), default=0)
        records = [
            sealed(process, number + n + 1, appending.position + n, appending.recorded_at, *keys[n : n + 1])
            for n in range(count)
        ]
        appending.append(records)
    return records
