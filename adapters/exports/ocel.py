"""The record as an object-centric event log (OCEL 2.0): events, objects, and how they are related.

An event is an entry in force that has happened by the day of the view, or may have; entries about entries are none:
the log shows the corrected view. Every event is related to the process at least, and to nothing that is not in the log.
Its `time` orders the log and is not a statement: the first instant, in UTC, of the earliest day on which it can have
happened, or of the latest one where no earliest is known (`time_is` says which). Values are strings, as the schema of
the standard wants them; their types are declared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from adapters.exports.material import Material, instant, objects_of, related
from adapters.exports.step_effects import bare, written_type
from domain.fields import TEXT, Id
from domain.meaning import PROCESS
from domain.publication import STEPS
from domain.rooms import Room
from domain.step import Step
from projections.completeness import date_basis
from projections.telling import days, erased, headline, state_of

Json = dict[str, Any]

FIRST: Final = "1970-01-01T00:00:00Z"
"""From when the first value of an attribute of an object holds, by the standard."""

ATTRIBUTES: Final[dict[str, str]] = {
    "number": "integer",
    "position": "integer",
    "occurred": "string",
    "occurred_basis": "string",
    "occurred_earliest": "string",
    "occurred_latest": "string",
    "occurred_precision": "string",
    "time_is": "string",
    "state": "string",
    "recorded_at": "time",
    "published_at": "time",
    "headline": "string",
    "grounds": "string",
    "texts_erased": "boolean",
}
"""What every event says, with its type."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event, with its attributes as strings and its relations as (object, qualifier)."""

    id: str
    type: str
    time: str
    attributes: dict[str, str]
    relations: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Object:
    """An object: its attributes as (name, value, time), the first values first, and its relations to others."""

    id: str
    type: str
    attributes: list[tuple[str, str, str]]
    relations: list[tuple[str, str]]


class Log:
    """The log of a view. Events and objects are made one at a time."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._view = material.view

    @property
    def about(self) -> Json:
        """What it was made from."""
        return self._material.about

    def event_types(self) -> dict[str, dict[str, str]]:
        """The types of its events, each with its attributes and their types."""
        forms = self._view.effective.graph.forms
        found = {forms[number].step_class for number in self._numbers()}
        return {type_: {**ATTRIBUTES, **own_attributes(step)} for type_, step in STEPS.items() if step in found}

    def object_types(self) -> dict[str, dict[str, str]]:
        """The types of its objects, each with the attributes that any object of it has."""
        found: dict[str, dict[str, None]] = {"process": {"name": None}}
        for id_ in self._objects():
            subject = self._view.state[id_]
            names = found.setdefault(subject.kind, {})
            names |= dict.fromkeys(subject.assigned)
        return {type_: dict.fromkeys(sorted(names), "string") for type_, names in sorted(found.items())}

    def events(self) -> Iterator[Event]:
        """By the days on which they can have happened, the earliest first, and then as they were recorded."""
        for number in self._numbers():
            yield self._event(number)

    def _numbers(self) -> list[int]:
        view = self._view
        happened = (n for n in view.effective.graph.forms if view.room(n).first <= view.day)
        return sorted(happened, key=lambda n: (_ordering(view.room(n)), view.room(n).last, n))

    def _event(self, number: int) -> Event:
        view, entry = self._view, self._view.effective.by_number[number]
        form = view.form(number)
        telling, room = form.telling, view.room(number)
        span, published = days(room), view.effective.public_from(number)
        said: dict[str, object] = {
            "number": number,
            "position": entry.position,
            "occurred": None if telling.occurred is None else telling.occurred.edtf,
            "occurred_basis": date_basis(telling),
            "occurred_earliest": span.first,
            "occurred_latest": span.last,
            "occurred_precision": _precision(room),
            "time_is": "latest" if span.first is None else "earliest",
            "state": state_of(view, number),
            "recorded_at": instant(entry.recorded_at),
            "published_at": None if published is None else instant(published),
            "headline": headline(view, telling),
            "grounds": telling.grounds,
            "texts_erased": erased(view, form),
            **{name: telling.step.__dict__[field] for name, field in _own_fields(type(telling.step)).items()},
        }
        related = [(id_, field) for id_, field, _ in objects_of(self._material, telling)]
        if PROCESS not in {id_ for id_, _ in related}:
            related.append((PROCESS, "process"))
        return Event(
            id=f"e{number}",
            type=telling.step.type,
            time=_midnight(_ordering(room)),
            attributes={name: _written(value) for name, value in said.items() if value is not None},
            relations=related,
        )

    def objects(self) -> Iterator[Object]:
        """Everything that had begun by the day, or may have; the process is there even where nothing chosen opens it.

        What began later is there if what happened refers to it.
        """
        if PROCESS not in self._material.objects:
            yield Object(PROCESS, "process", [], [])
        for id_ in self._objects():
            relations = list(related(self._view, id_))
            yield Object(id_, self._view.state[id_].kind, list(self._attributes(id_)), relations)

    def _objects(self) -> Iterator[str]:
        return (id_ for id_ in self._view.state if id_ in self._material.objects)

    def _attributes(self, id_: str) -> Iterator[tuple[str, str, str]]:
        """What was told of it by the day; what its founding told holds from the first, by the standard."""
        view, subject = self._view, self._view.state[id_]
        changed = []
        for name in sorted(subject.assigned):
            for number, value in subject.assigned[name]:
                room = view.room(number)
                if room.first > view.day:
                    continue
                given = view.form(number).telling.step.name_of(id_) if name == "name" else value
                told = (name, "" if given is None else str(given))
                if number == subject.founded:
                    yield *told, FIRST
                else:
                    changed.append((_ordering(room), room.last, number, told))
        for day, _, _, told in sorted(changed):
            yield *told, _midnight(day)


def _ordering(room: Room) -> int:
    """The day that a time is given for: the earliest, or the latest where no earliest is known."""
    return room.last if days(room).first is None else room.first


def _midnight(day: int) -> str:
    return instant(datetime.combine(date.fromordinal(day), time(), UTC))


def _precision(room: Room) -> str:
    """How exactly it is known when it happened: to the day, or to a number of days, or only until when."""
    if days(room).first is None:
        return "open"
    return "day" if room.first == room.last else f"{room.last - room.first + 1} days"


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


@cache
def _own_fields(step: type[Step]) -> dict[str, str]:
    """What a step says of itself in single values, as an attribute's name and its field: ids are related instead."""
    found = {}
    for name in step.model_fields:
        type_ = written_type(step, name)
        plain = bare(type_)
        single = not (isinstance(plain, type) and issubclass(plain, BaseModel | tuple))
        if name != "type" and single and not _names_objects(type_) and not _listed(plain) and name not in step.refers:
            found[name if name not in ATTRIBUTES else f"step_{name}"] = name
    return found


def own_attributes(step: type[Step]) -> dict[str, str]:
    """What events of a type say beside what all events say, with the types of the values."""
    kinds = {int: "integer", bool: "boolean"}
    return {name: kinds.get(bare(written_type(step, field)), "string") for name, field in _own_fields(step).items()}


def _names_objects(type_: Any) -> bool:
    return TEXT not in getattr(type_, "__metadata__", ()) and type_ in (Id, Id | None)


def _listed(plain: Any) -> bool:
    return getattr(plain, "__origin__", None) is tuple
