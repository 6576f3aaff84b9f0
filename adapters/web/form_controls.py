"""What there is to fill in for a step, read off the fields of its own type: no second description that could go stale.

The name of a control is the place of its value in the statement, as a JSON pointer: `/step/vote/yes`. So a refusal
finds its control by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from adapters.exports.step_effects import (
    alternatives,
    bare,
    effects,
    is_step,
    item_of,
    model_of,
    terms_of,
    written_type,
)
from domain.catalogue import TOLD
from domain.decisions import Consensing, Option
from domain.fields import REQUIRED, TEXT, Decimal, Id
from domain.findings import ClaimDisputed
from domain.german_dates import PlannedDate
from domain.meetings import ClockTime, LocalTime
from domain.process import Amount
from domain.publication import Telling
from domain.schemes import Term
from domain.step import ANY_ENTRY, Step
from domain.structure import PlannedLevel
from domain.when import Edtf, When

Typed = Mapping[str, Sequence[str]]
"""What stands in the controls of a form, by their names."""

ValueKind = Literal[
    "text",
    "id",
    "reference",
    "term",
    "scheme",
    "tick",
    "yes-no",
    "number",
    "decimal",
    "day",
    "local-time",
    "clock",
    "date",
    "code",
    "model",
    "step",
]

LEFT_OUT: Final = frozenset({"type", "renamed"})
"""`type` is what the form is for; whoever gives a new name has renamed."""

MADE: Final[Mapping[tuple[type[BaseModel], str], str]] = {
    (PlannedLevel, "level"): "level",
    (Option, "option"): "option",
}
"""Ids that a step makes up for itself, without founding anything, and what they stand for."""

AMONG: Final[Mapping[tuple[type[BaseModel], str], str]] = {
    (PlannedLevel, "above"): "level",
    (Consensing, "passive"): "option",
    (Consensing, "chosen"): "option",
}
"""Fields that name one of those."""

ASKED_FOR: Final = {(Telling, "occurred"), (When, "edtf")}
"""What a rule asks for although the type leaves it out: publications have no date of their own."""

PLAIN: Final[Mapping[type, ValueKind]] = {str: "code", int: "number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One field of a model, as something to fill in.

    `founds` is the kind of what the field gives an id to, `kinds` are the kinds of what it names; `in_time` says that
    it has to exist when the step happens, `or_process` that the process may stand there. `entries` are the types
    of entry that a reference may name, `terms` a closed vocabulary or what may stand in place of references.
    """

    name: str
    kind: ValueKind
    many: bool
    required: bool
    of: type[BaseModel]
    """The step whose field it is, or part of; else `Telling`."""
    path: str
    """Its place there, without the places in lists."""
    model: type[BaseModel] | None = None
    least: int = 0
    default: Any = None
    terms: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    founds: str | None = None
    kinds: tuple[str, ...] = ()
    in_time: bool = False
    or_process: bool = False
    entries: frozenset[str] | None = None

    def inner(self) -> tuple["Control", ...]:
        """The controls of a field that is composed of several."""
        if self.model is None or self.model is Telling:
            return () if self.model is None else controls(Telling)
        return controls(self.model, self.of, f"{self.path}.")

    @property
    def proposed(self) -> bool:
        """Whether the program fills in a new id; where another can be chosen as well, it only offers one."""
        return self.founds is not None and not self.kinds and self.required


def controls(model: type[BaseModel], of: type[BaseModel] | None = None, at: str = "") -> tuple[Control, ...]:
    """The controls of a model, in the order of its fields."""
    return _controls(model, of or model, at)


@cache
def _controls(model: type[BaseModel], of: type[BaseModel], at: str) -> tuple[Control, ...]:
    return tuple(
        _control(model, name, info, of, f"{at}{name}")
        for name, info in model.model_fields.items()
        if name not in LEFT_OUT
    )


def recordable(nested: bool = False) -> dict[str, type[Step]]:  # one question, asked twice
    """The step types that have a form; inside an account that is disputed, no other dispute."""
    return {type_: step for type_, step in TOLD.items() if not (nested and step is ClaimDisputed)}


def _control(model: type[BaseModel], name: str, info: FieldInfo, of: type[BaseModel], path: str) -> Control:
    type_ = written_type(model, name)
    many, item = item_of(type_)
    marks = [*info.metadata, *_marks(type_)]
    roles = [trait for trait in effects(of).traits if trait.field == path]
    uses = [trait for trait in roles if trait.does in ("uses", "names", "ends")]
    made, among = MADE.get((model, name)), AMONG.get((model, name))
    founds = next((trait.what[0] for trait in roles if trait.does == "founds"), made)
    kinds = tuple(dict.fromkeys(kind for trait in uses for kind in trait.what))
    refers = of.refers if issubclass(of, Step) else {}
    return Control(
        name=name,
        kind=_kind(type_, item, marks),
        many=many,
        required=info.is_required() or REQUIRED in marks or (model, name) in ASKED_FOR,
        of=of,
        path=path,
        model=model_of(item) if item is not Term else None,
        least=next((mark.min_length for mark in info.metadata if many and hasattr(mark, "min_length")), 0),
        default=None if info.is_required() else info.default,
        terms=terms_of(type_) or terms_of(item),
        schemes=next(iter(_schemes([info, *marks])), ()),
        founds=founds,
        kinds=kinds or ((among,) if among else ()),
        in_time=any(trait.does in ("uses", "ends") for trait in uses),
        or_process=path in effects(of).opted_out,
        entries=refers.get(name, ANY_ENTRY),
    )


def _kind(type_: Any, item: Any, marks: list[Any]) -> ValueKind:
    """What one value of a field is."""
    if item is Term:
        return "scheme"
    if is_step(item):
        return "step"
    if model_of(item):
        return "model"
    if {int, str} <= {bare(part) for part in alternatives(item)}:
        return "reference"
    if terms_of(item):
        return "term"
    if item is bool:
        return "yes-no" if NoneType in get_args(type_) else "tick"
    if TEXT in marks:
        return "text"
    return next((kind for known, kind in _KNOWN if any(mark in marks for mark in known)), PLAIN.get(item, "day"))


def _marks(type_: Any) -> Iterator[Any]:
    """All that is annotated to a type and to what it is made of."""
    if get_origin(type_) is Annotated:
        yield from type_.__metadata__
    if get_origin(type_) is not Literal:
        for part in get_args(type_)[: 1 if get_origin(type_) is Annotated else None]:
            yield from _marks(part)


def _schemes(marks: Sequence[Any]) -> Iterator[tuple[str, ...]]:
    for mark in marks:
        extra = getattr(mark, "json_schema_extra", None)
        if isinstance(extra, dict) and "schemes" in extra:
            yield tuple(extra["schemes"])


def _own(type_: Any) -> list[Any]:
    """What makes a type what it is: its pattern, or how it is read."""
    return [mark for mark in _marks(type_) if not isinstance(mark, FieldInfo)]


_KNOWN: Final[tuple[tuple[list[Any], ValueKind], ...]] = (
    (_own(Id), "id"),
    (_own(Decimal), "decimal"),
    (_own(Amount), "decimal"),
    (_own(LocalTime)[:1], "local-time"),
    (_own(ClockTime), "clock"),
    (_own(PlannedDate), "date"),
    (_own(Edtf), "date"),
)
