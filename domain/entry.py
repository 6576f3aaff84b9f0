"""Entries: a statement as recorded, how it is split into facts and texts, and how it is read back."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from pydantic import BaseModel

from domain.commitment import canonical, commitment, part_digest
from domain.errors import refused
from domain.feedback import FeedbackAnswered
from domain.fields import REQUIRED, TEXT
from domain.publication import About, EntryCorrected, EntryPublished, EntryWithdrawn, Statement, Telling
from domain.record import Record, Salts

VERSION: Final = 1
"""The version of the stored facts that this program writes."""

Json = dict[str, Any]

UPCASTS: Final[dict[int, Callable[[Json], Json]]] = {}
"""How facts of an older version are read: version → function to the next one. Stored facts are never rewritten."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement as recorded. References in it are numbers; `erased` says that its texts were erased."""

    statement: Statement
    number: int
    position: int
    recorded_at: datetime
    recorded_by: str
    erased: bool = False

    @property
    def about_entries(self) -> bool:
        """Whether it is a publication, a correction or a withdrawal."""
        return isinstance(self.statement.step, About)

    @property
    def targets(self) -> tuple[int, ...]:
        """The entries that a publication, correction or withdrawal is about."""
        match self.statement.step:
            case EntryPublished(targets=targets):
                return numbers(targets)
            case EntryCorrected(target=target) | EntryWithdrawn(target=target):
                return numbers((target,))
            case _:
                return ()


def numbers(references: tuple[int | str, ...]) -> tuple[int, ...]:
    """The numbers among references; in a recorded entry all of them are."""
    return tuple(reference for reference in references if isinstance(reference, int))


def causes(telling: Telling) -> tuple[int, ...]:
    """The entries that caused what is told."""
    return () if telling.because == "not-recorded" else numbers(telling.because)


def resolve(statement: Statement, number_of: Callable[[int | str, str], int | str]) -> Statement:
    """The statement with every reference replaced; `number_of` gets the reference and its JSON pointer.

    Before storing, keys become numbers; for an export, numbers become keys.
    """

    def told(telling: Telling, at: str) -> Json:
        changes: Json = {}
        if telling.occurred is not None and telling.occurred.after:
            after = tuple(number_of(r, f"{at}/occurred/after/{i}") for i, r in enumerate(telling.occurred.after))
            changes["occurred"] = telling.occurred.model_copy(update={"after": after})
        if telling.because != "not-recorded":
            changes["because"] = tuple(number_of(r, f"{at}/because/{i}") for i, r in enumerate(telling.because))
        if isinstance(telling.step, FeedbackAnswered):
            feedback = number_of(telling.step.feedback, f"{at}/step/feedback")
            changes["step"] = telling.step.model_copy(update={"feedback": feedback})
        return changes

    changes = told(statement, "")
    match statement.step:
        case EntryPublished(targets=targets) as step:
            update = {"targets": tuple(number_of(r, f"/step/targets/{i}") for i, r in enumerate(targets))}
            changes["step"] = step.model_copy(update=update)
        case EntryWithdrawn(target=target) as step:
            changes["step"] = step.model_copy(update={"target": number_of(target, "/step/target")})
        case EntryCorrected(target=target, seen=seen, corrected=corrected) as step:
            correction: Json = {
                "target": number_of(target, "/step/target"),
                "seen": None if seen is None else number_of(seen, "/step/seen"),
                "corrected": corrected.model_copy(update=told(corrected, "/step/corrected")),
            }
            changes["step"] = step.model_copy(update=correction)
    return statement.model_copy(update=changes)


def split(model: BaseModel, pointer: str = "") -> tuple[Json, dict[str, str]]:
    """Facts and texts of a value: the facts with `null` in the place of every text, the texts by JSON pointer."""
    texts: dict[str, str] = {}
    facts: Json = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if TEXT in field.metadata:
            facts[name] = None
            if value is not None:
                texts[f"{pointer}/{name}"] = value
        else:
            facts[name] = _fact(value, f"{pointer}/{name}", texts)
    return facts, texts


def _fact(value: object, pointer: str, texts: dict[str, str]) -> object:
    if isinstance(value, BaseModel):
        facts, inner = split(value, pointer)
        texts.update(inner)
        return facts
    if isinstance(value, tuple):
        return [_fact(item, f"{pointer}/{index}", texts) for index, item in enumerate(value)]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value


def join(facts: Json, texts: Mapping[str, str]) -> Json:
    """Puts the texts back into their places; changes and returns `facts`."""
    for pointer, text in texts.items():
        *path, last = pointer.split("/")[1:]
        place: Any = facts
        for part in path:
            place = place[int(part)] if isinstance(place, list) else place[part]
        place[last] = text
    return facts


def missing_texts(model: BaseModel, pointer: str = "") -> Iterator[str]:
    """JSON pointers of the required texts that were not given."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        here = f"{pointer}/{name}"
        if REQUIRED in field.metadata and value is None:
            yield here
        elif isinstance(value, BaseModel):
            yield from missing_texts(value, here)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from missing_texts(item, f"{here}/{index}")


def seal(entry: Entry, salts: Salts) -> Record:
    """The entry in bytes with its commitment. Key, recorder and what a correction's author saw are internal."""
    facts, texts = split(entry.statement)
    internal: Json = {"key": facts.pop("key"), "recorded_by": entry.recorded_by}
    del facts["process"]
    if isinstance(entry.statement.step, EntryCorrected):
        internal["seen"] = facts["step"].pop("seen")
    parts = {
        "facts": canonical({"v": VERSION, **facts}),
        "internal": canonical(internal),
        "texts": canonical(texts),
    }
    if salts.texts is None:
        raise ValueError("a new entry needs a salt for its texts")
    digests = {
        "facts": part_digest("facts", salts.facts, parts["facts"]),
        "internal": part_digest("internal", salts.internal, parts["internal"]),
        "texts": part_digest("texts", salts.texts, parts["texts"]),
    }
    return Record(
        process=entry.statement.process,
        number=entry.number,
        position=entry.position,
        recorded_at=entry.recorded_at,
        type=entry.statement.step.type,
        key=entry.statement.key,
        facts=parts["facts"],
        internal=parts["internal"],
        texts=parts["texts"],
        salts=salts,
        texts_digest=digests["texts"],
        commitment=commitment(digests),
    )


def upcast(facts: Json, upcasts: Mapping[int, Callable[[Json], Json]] = UPCASTS, version: int = VERSION) -> Json:
    """Facts in the form this program knows. Facts of a newer program are refused, never guessed at."""
    while (stored := facts["v"]) != version:
        if stored not in upcasts:
            raise refused("facts-newer", stored=stored, known=version)
        facts = upcasts[stored](facts)
    return facts


def read(record: Record) -> Entry:
    """The entry that a stored record holds."""
    facts = upcast(json.loads(record.facts))
    internal = json.loads(record.internal)
    if "seen" in internal:
        facts["step"]["seen"] = internal["seen"]
    texts = {} if record.texts is None else json.loads(record.texts)
    del facts["v"]
    content = join({**facts, "process": record.process, "key": record.key}, texts)
    return Entry(
        statement=Statement.model_validate(content),
        number=record.number,
        position=record.position,
        recorded_at=record.recorded_at.astimezone(UTC),
        recorded_by=internal["recorded_by"],
        erased=record.texts is None,
    )
