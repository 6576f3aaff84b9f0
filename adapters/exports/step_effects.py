"""What a step does through its fields, read off its `meaning()`: no table that could go stale.

The step is asked about a sample that has a mark in every field instead of a value, once for every choice it leaves.
"""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain.fields import TEXT
from domain.meaning import Meaning
from domain.process import ContextNoted
from domain.publication import Telling
from domain.step import Step
from domain.words import SUBJECTS

# ---- what a type is made of ---------------------------------------------------------------------------------------


def alternatives(type_: Any) -> list[Any]:
    """The types that a value can be of, apart from none at all."""
    parts = get_args(type_) if get_origin(type_) in (Union, UnionType) else (type_,)
    return [part for part in parts if part is not NoneType]


def bare(type_: Any) -> Any:
    """A type without what is annotated to it, and without "or none"."""
    while get_origin(type_) is Annotated or (len(alternatives(type_)) == 1 and alternatives(type_) != [type_]):
        type_ = get_args(type_)[0] if get_origin(type_) is Annotated else alternatives(type_)[0]
    return type_


def item_of(type_: Any) -> tuple[bool, Any]:
    """Whether a field holds a list, and the type of one value of it."""
    plain = bare(type_)
    if get_origin(plain) is tuple:
        return True, bare(get_args(plain)[0])
    several = alternatives(plain)
    return item_of(several[0]) if len(several) > 1 and get_origin(several[0]) is tuple else (False, plain)


def terms_of(type_: Any) -> tuple[str, ...]:
    """The terms of a closed vocabulary."""
    if get_origin(plain := bare(type_)) is Literal:
        return get_args(plain)
    several = alternatives(plain)
    return tuple(term for part in several for term in terms_of(part)) if len(several) > 1 else ()


def model_of(type_: Any) -> type[BaseModel] | None:
    return type_ if isinstance(type_, type) and issubclass(type_, BaseModel) else None


def is_step(type_: Any) -> bool:
    return all(isinstance(part, type) and issubclass(part, Step) for part in alternatives(type_))


def written_type(model: type[BaseModel], name: str) -> Any:
    """The type of a field as it is written, with the names of types still to be recognised."""
    for owner in model.__mro__:
        if name in (written := inspect.get_annotations(owner)):
            return model.model_fields[name].annotation if isinstance(written[name], str) else written[name]
    raise KeyError(name)


def holds_text(type_: Any) -> bool:
    """Whether a value of the type can have texts in it."""
    model = model_of(item_of(type_)[1])
    return model is not None and any(
        TEXT in info.metadata or holds_text(written_type(model, name)) for name, info in model.model_fields.items()
    )


# ---- what a step means, by its fields -----------------------------------------------------------------------------

Choice = str | bool | None
MARK: Final = re.compile("⟨(.+?)⟩")
"""A path between these brackets stands for the field itself."""


class Trait(NamedTuple):
    """What a field does: with a subject of some kinds, or to an attribute of a subject, which gets a value.

    A field is named by its path, such as `destinations.parent`; no field stands for the process itself.
    """

    field: str
    does: Literal["founds", "ends", "uses", "names", "sets", "agrees"]
    what: tuple[str, ...]

    def fields(self) -> list[str]:
        """The fields that take part in it."""
        return [self.field, *(path for part in self.what for path in MARK.findall(part))]

    def given_by(self, path: str) -> bool:
        """Whether there is no such trait without the field."""
        return any(name == path or name.startswith(f"{path}.") for name in self.fields())


class Condition(NamedTuple):
    """The choices in a field under which something holds."""

    field: str
    choices: tuple[Choice, ...]


class Effects(NamedTuple):
    """What a step does through its fields."""

    traits: dict[Trait, list[Condition]]
    places: dict[str, tuple[type[BaseModel], str]]
    """Path → the model that the field belongs to, and its name there."""
    opted_out: set[str]
    """Fields in which the id `process` stands for "none"."""


@dataclass
class Sample:
    """Makes a model with a mark in every field that is not `chosen`, and finds out what there is to choose."""

    chosen: Mapping[str, Choice] = field(default_factory=dict)
    choices: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    places: dict[str, tuple[type[BaseModel], str]] = field(default_factory=dict)

    def meaning(self, model: type[BaseModel]) -> Meaning:
        made: Any = self._made(model, "")
        meaning: Meaning = made.meaning()
        return meaning

    def _made(self, model: type[BaseModel], at: str) -> BaseModel:
        given: dict[str, Any] = {}
        for name, info in model.model_fields.items():
            if name != "type" and TEXT not in info.metadata:
                self.places[f"{at}{name}"] = model, name
                given[name] = self._value(written_type(model, name), f"{at}{name}", info)
        return model.model_construct(**given)  # nothing of it is checked

    def _value(self, type_: Any, path: str, info: FieldInfo) -> Any:
        many, item = item_of(type_)
        if item is Telling:
            return None
        if is_step(item):
            return ContextNoted.model_construct()
        model, terms = model_of(item), terms_of(item)
        whole = None if model is None else self._made(model, f"{path}.")
        choices: tuple[Choice, ...] = (f"⟨{path}⟩",)
        if item is bool:
            choices = (False, True)
        elif terms:
            choices = tuple(sorted(terms, key=lambda term: term != info.default))
        if item is not bool and not info.is_required() and info.default not in terms:
            choices = (*choices, None)
        self.choices[path] = choices
        value = self.chosen.get(path, choices[0])
        if value is None:
            return () if many else None
        one = value if whole is None else whole
        return (one,) if many else one


@cache
def effects(model: type[BaseModel]) -> Effects:
    """What a step does through its fields, and under which choices."""
    sample = Sample()
    base = _traits(sample.meaning(model))
    seen = {
        (path, choice): _traits(Sample({path: choice}).meaning(model))
        for path, choices in sample.choices.items()
        for choice in choices
    }
    copied = dict(_copied(sample.choices, seen))

    def named(traits: Iterable[Trait]) -> dict[Trait, None]:
        """The traits, with the field in place of a term that is only copied from it."""
        return dict.fromkeys(copied.get(trait, trait) for trait in traits)

    base = named(base)
    seen = {place: named(traits) for place, traits in seen.items()}
    found: dict[Trait, list[Condition]] = {}
    for trait in dict.fromkeys([*base, *(trait for traits in seen.values() for trait in traits)]):
        conditions = []
        for path, choices in sample.choices.items():
            open_ = [choice for choice in choices if not (choice is None and trait.given_by(path))]
            under = tuple(choice for choice in open_ if trait in seen[path, choice])
            if under and len(under) < len(open_):
                conditions.append(Condition(path, under))
        left_out = all(condition.choices == (None,) for condition in conditions)
        if trait in base or not (left_out and len(trait.fields()) == 1 and trait.does == "sets"):
            found[trait] = conditions
    roles = {trait.field: trait.does for trait in base if trait.does in ("uses", "names")}
    as_process = {path: _traits(Sample({path: "process"}).meaning(model)) for path in roles}
    opted_out = {path for path, does in roles.items() if ("", does) not in {trait[:2] for trait in as_process[path]}}
    return Effects(found, sample.places, opted_out)


def _copied(
    choices: Mapping[str, Sequence[Choice]], seen: Mapping[tuple[str, Choice], Mapping[Trait, None]]
) -> Iterator[tuple[Trait, Trait]]:
    """An attribute that always gets the very term that was chosen: what to say instead of each term."""
    for path, possible in choices.items():
        terms = [choice for choice in possible if isinstance(choice, str) and not MARK.search(choice)]
        for trait in seen[path, terms[0]] if len(terms) > 1 else ():
            each = [trait._replace(what=(trait.what[0], term)) for term in terms]
            if trait.does == "sets" and all(one in seen[path, term] for one, term in zip(each, terms, strict=True)):
                yield from ((one, trait._replace(what=(trait.what[0], f"⟨{path}⟩"))) for one in each)


def _traits(meaning: Meaning) -> dict[Trait, None]:
    """What a sample's meaning says of its fields, in order."""
    kinds = tuple(SUBJECTS)
    found = [Trait(_marked(subject), "founds", (kind,)) for subject, kind in meaning.founds]
    for does in ("ends", "uses", "names"):
        uses = getattr(meaning, does)
        found += [Trait(_marked(use.subject), does, tuple(sorted(use.kinds, key=kinds.index))) for use in uses]
    found += [Trait(_marked(a.subject), "sets", (a.attribute, a.value or "")) for a in meaning.assigns]
    found += [Trait(_marked(a.subject), "agrees", (a.attribute, a.value or "")) for a in meaning.agrees]
    return dict.fromkeys(found)


def _marked(subject: str) -> str:
    return "".join(MARK.findall(subject))
