"""Entries: a statement as recorded, how it is split into facts and texts, and how it is read back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import from_json

from domain.commitment import canonical, commitment, part_digest
from domain.errors import refused
from domain.fields import REQUIRED, TEXT
from domain.findings import ClaimDisputed
from domain.meaning import Meaning
from domain.publication import (
    About,
    EntryCorrected,
    EntryPublished,
    EntryWithdrawn,
    PlainLanguageAdded,
    Statement,
    Telling,
    TextsErased,
)
from domain.record import Record, Salts
from domain.step import Step

VERSION: Final = 2
"""The version of the stored facts that this program writes."""

Json = dict[str, Any]

_PLAIN: Final = frozenset({str, int, bool, NoneType})
"""The types whose values are JSON as they stand."""

UPCASTS: Final[dict[int, Callable[[Json], Json]]] = {1: lambda facts: {**facts, "v": 2}}
"""How facts of an older version are read: version → function to the next one. Stored facts are never rewritten.

Version 2 has fields that version 1 did not know; without them nothing is stated there.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement as recorded. References in it are numbers; `erased` says that its texts were erased, and
    `erased_at` since when they are gone, as far as an entry tells that.
    """

    statement: Statement
    number: int
    position: int
    recorded_at: datetime
    recorded_by: str
    erased: bool = False
    erased_at: datetime | None = None
    meaning: Meaning = attribute(init=False, repr=False, compare=False)
    """What the statement means as it was recorded; worked out once, since everything asks for it."""
    about_entries: bool = attribute(init=False, repr=False, compare=False)
    """Whether it is a publication, a correction, a withdrawal, a text in plain language or an erasure."""
    step_class: type[Step] = attribute(init=False, repr=False, compare=False)
    """The class of its step, which is asked for by far more often than what the step says."""

    def __post_init__(self) -> None:
        self._know(self.statement)

    def _know(self, statement: Statement) -> None:
        """Keeps what everything asks for."""
        object.__setattr__(self, "meaning", statement.meaning())
        object.__setattr__(self, "about_entries", isinstance(statement.step, About))
        object.__setattr__(self, "step_class", type(statement.step))

    @property
    def targets(self) -> tuple[int, ...]:
        """The entries that an entry about entries is about."""
        if not self.about_entries:
            return ()
        match self.statement.step:
            case EntryPublished(targets=targets):
                return numbers(targets)
            case (
                EntryCorrected(target=target)
                | EntryWithdrawn(target=target)
                | PlainLanguageAdded(target=target)
                | TextsErased(target=target)
            ):
                return numbers((target,))
            case _:
                return ()


def numbers(references: tuple[int | str, ...]) -> tuple[int, ...]:
    """The numbers among references; in a recorded entry all of them are."""
    return tuple(reference for reference in references if isinstance(reference, int))


def causes(telling: Telling) -> tuple[int, ...]:
    """The entries that caused what is told."""
    return () if telling.because == "not-recorded" else numbers(telling.because)


def entries_named(telling: Telling) -> set[int]:
    """The earlier entries that a telling speaks of, apart from its causes; entries about entries have targets."""
    if isinstance(telling, Statement) and isinstance(telling.step, About):
        return set()
    found = set() if telling.occurred is None else set(numbers(telling.occurred.after))
    found.update(numbers(tuple(reference for _, reference in telling.step.references())))
    return found.union(*(entries_named(inner) for _, inner in tellings_in(telling.step)))


NumberOf = Callable[[int | str, str], int | str]


def resolve(statement: Statement, number_of: NumberOf) -> Statement:
    """The statement with every reference replaced; `number_of` gets the reference and its JSON pointer.

    Before storing, keys become numbers; for an export, numbers become keys.
    """
    changes = _resolved(statement, "", number_of)
    return statement.model_copy(update=changes) if changes else statement


def _resolved(telling: Telling, at: str, number_of: NumberOf) -> Json:
    """The fields of a telling in which a reference was replaced."""

    def each(references: tuple[int | str, ...], pointer: str) -> tuple[int | str, ...]:
        return tuple(number_of(reference, f"{at}{pointer}/{index}") for index, reference in enumerate(references))

    changes: Json = {}
    if telling.occurred is not None and telling.occurred.after:
        after = each(telling.occurred.after, "/occurred/after")
        changes["occurred"] = telling.occurred.model_copy(update={"after": after})
    if telling.because != "not-recorded":
        changes["because"] = each(telling.because, "/because")
    step = telling.step
    replaced: Json = {}
    for field in step.refers:
        value = getattr(step, field)
        if isinstance(value, tuple):
            replaced[field] = each(value, f"/step/{field}")
        elif value is not None:
            replaced[field] = number_of(value, f"{at}/step/{field}")
    for field, inner in tellings_in(step):
        replaced[field] = inner.model_copy(update=_resolved(inner, f"{at}/step/{field}", number_of))
    return {**changes, "step": step.model_copy(update=replaced)} if replaced else changes


def tellings_in(step: Step) -> Iterator[tuple[str, Telling]]:
    """The tellings that a step carries itself: what a correction states instead, what another account says."""
    match step:
        case EntryCorrected(corrected=corrected):
            yield "corrected", corrected
        case ClaimDisputed(account=account) if account is not None:
            yield "account", account


def split(model: BaseModel) -> tuple[Json, dict[str, str]]:
    """Facts and texts of a value: the facts with `null` in the place of every text, the texts by JSON pointer."""
    texts: dict[str, str] = {}
    return _facts(model, "", texts), texts


def _facts(model: BaseModel, pointer: str, texts: dict[str, str]) -> Json:
    facts = dict(model.__dict__)
    fields = _fields(type(model))
    for name in fields.texts:
        if (text := facts[name]) is not None:
            texts[f"{pointer}/{name}"] = text
            facts[name] = None
    for name in fields.composed:
        if (value := facts[name]) is not None:
            facts[name] = _fact(value, f"{pointer}/{name}", texts)
    return facts


def _fact(value: object, pointer: str, texts: dict[str, str]) -> object:
    if _is_model(value):
        return _facts(value, pointer, texts)
    if isinstance(value, tuple):
        return [_fact(item, f"{pointer}/{index}", texts) for index, item in enumerate(value)]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _is_model(value: object) -> TypeGuard[BaseModel]:
    """Pydantic is slow to say that something is no model."""
    return type(value) not in _PLAIN and isinstance(value, BaseModel)


@dataclass(frozen=True, slots=True)
class _Fields:
    """What there is to do with the fields of a model, found out once: nearly all of them are facts as they stand."""

    texts: tuple[str, ...]
    composed: tuple[str, ...]
    """Facts that JSON writes in another way than we hold them: models, lists, days and instants."""
    asked: tuple[tuple[str, bool], ...]
    """Texts that have to be given (true), and fields in which there may be some."""


@cache
def _fields(model: type[BaseModel]) -> _Fields:
    fields = model.model_fields
    texts = tuple(name for name, field in fields.items() if TEXT in field.metadata)
    required = {name for name in texts if REQUIRED in fields[name].metadata}
    composed = tuple(n for n, field in fields.items() if n not in texts and not _is_plain(field.annotation))
    return _Fields(texts, composed, tuple((n, n in required) for n in fields if n in required or n in composed))


def _is_plain(annotation: Any) -> bool:
    """Whether all values of a type are JSON already: a string, a whole number, yes or no, nothing."""
    match get_origin(annotation):
        case None:
            return annotation in _PLAIN
        case kind if kind is Literal:
            return True
        case kind if kind is Annotated:
            return _is_plain(get_args(annotation)[0])
        case kind:
            return kind in {Union, UnionType} and all(map(_is_plain, get_args(annotation)))


def join(facts: Json, texts: Mapping[str, str]) -> Json:
    """Puts the texts back into their places; changes and returns `facts`."""
    for pointer, text in texts.items():
        path, last = _path(pointer)
        place: Any = facts
        for part in path:
            place = place[part]
        place[last] = text
    return facts


@lru_cache(maxsize=1 << 12)
def _path(pointer: str) -> tuple[tuple[str | int, ...], str]:
    """Where a text stands: the steps on the way, no field being named by a number, and the field."""
    *path, last = pointer.split("/")[1:]
    return tuple(int(part) if part.isdigit() else part for part in path), last


def missing_texts(model: BaseModel, pointer: str = "") -> Iterator[str]:
    """JSON pointers of the required texts that were not given."""
    for name, required in _fields(type(model)).asked:
        value = model.__dict__[name]
        if required:
            if value is None:
                yield f"{pointer}/{name}"
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if _is_model(item):
                    yield from missing_texts(item, f"{pointer}/{name}/{index}")
        elif _is_model(value):
            yield from missing_texts(value, f"{pointer}/{name}")


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


@cache
def _every_field(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


def _share_fields_set(model: BaseModel) -> None:
    """One set for all models of a type: which fields were given nobody asks of what is read, and pydantic keeps a set
    of its own in every model, which takes half of all the memory of an entry.
    """
    object.__setattr__(model, "__pydantic_fields_set__", _every_field(type(model)))  # models are frozen
    for name in _fields(type(model)).composed:
        value = model.__dict__[name]
        for part in value if isinstance(value, tuple) else (value,):
            if _is_model(part):
                _share_fields_set(part)


def read(record: Record) -> Entry:
    """The entry that a stored record holds."""
    internal = from_json(record.internal)
    statement = statement_of(record.process, record.facts, internal, record.texts)
    _share_fields_set(statement)
    return Entry(statement, *beside(record, internal["recorded_by"]))


def statement_of(process: str, facts: bytes, internal: Json, texts: bytes | None) -> Statement:
    """The statement that the parts of a record hold; `internal` is read already."""
    content = upcast(from_json(facts))
    if "seen" in internal:
        content["step"]["seen"] = internal["seen"]
    del content["v"]
    content = {**content, "process": process, "key": internal["key"]}
    return Statement.model_validate(join(content, {} if texts is None else from_json(texts)))


def beside(record: Record, recorded_by: str) -> tuple[int, int, datetime, str, bool, datetime | None]:
    """What an entry holds beside its statement, in the order of its fields."""
    erased_at = None if record.erased is None else record.erased.at.astimezone(UTC)
    recorded_at = record.recorded_at.astimezone(UTC)
    return record.number, record.position, recorded_at, recorded_by, record.texts is None, erased_at
