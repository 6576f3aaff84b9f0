"""The governance structure on a day: levels, bodies, roles – who is there, how surely, under whom and until when."""

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from domain.contradictions import Contradiction
from domain.state import Subject
from domain.structure import ReallaborSpunOff
from domain.view import NONE, Reading, Standing, View, once
from projections.telling import Days, Line, Name, Shown, days, line, name, trusted

Presence = Literal["there", "perhaps-ended", "perhaps-there", "gone", "not-yet"]


class Told(Shown):
    """A value with the entry that told it; with rivals the order of the entries is not known."""

    value: str | None
    entry: int | None
    order_not_known: list[int] = Field(default=[])


class Life(Shown):
    """When a subject began and ended: days between which each can have happened, and the entries that say so."""

    founded_by: int
    since: Days
    ended_by: int | None = None
    until: Days | None = None


class Place(Shown):
    """A level or a body on the day.

    `parent` is where it effectively stands; `inferred` says that nothing told so, because what it was told to
    belong to is not there; `told_parent` is what was told.
    """

    id: str
    kind: Literal["level", "body"]
    name: Name
    presence: Presence
    life: Life
    parent: str | None
    inferred: bool
    told_parent: Told
    level: str | None = None
    told_level: Told | None = None
    body_kind: str | None = None
    status: Told | None = None
    project_of: Told | None = None
    under_itself: bool = False


class Role(Shown):
    """A role on the day, held by an actor in a body or in the process as a whole."""

    id: str
    kind: str
    title: str | None
    actor: str
    actor_name: Name
    body: str | None
    presence: Presence
    life: Life


class Departure(Shown):
    """A level or body that is no longer there, and what came of it."""

    id: str
    name: Name
    kind: Literal["level", "body"]
    life: Life
    how: str
    successor: str | None = None
    entry: int


class Conflict(Shown):
    """A contradiction or a doubt among the entries: shown, never a reason to fail."""

    code: str
    entries: list[int]
    subject: str | None = None
    expected: str | None = Field(default=None, description="what the founding of the subject says instead")


class Structure(Shown):
    """The governance structure as it was on a day, as late as everything can have happened."""

    levels: list[Place]
    bodies: list[Place]
    roles: list[Role]
    departed: list[Departure]
    phase: list[Name] = Field(description="phases under way")
    undetermined: list[Line] = Field(description="may have happened by the day, and may not")
    conflicts: list[Conflict]


def presence(standing: Standing, view: View) -> Presence:
    """How surely a subject is there."""
    if standing.counted:
        return "there" if standing.sure else "perhaps-ended"
    if standing.possible:
        return "perhaps-there"
    return "gone" if view.since(standing.subject).last <= view.day else "not-yet"


def life(view: View, id_: str) -> Life:
    """The lifetime of a subject as far as the chosen entries tell it."""
    subject = view.state[id_]
    until = view.until(subject)
    return trusted(
        Life,
        {
            "founded_by": subject.founded,
            "since": days(view.since(subject)),
            "ended_by": subject.ended,
            "until": days(until) if until is not None else None,
        },
    )


def _told(subject: Subject, attribute: str, reading: Reading) -> Told:
    """An attribute as told; for a subject that is only perhaps there, as its founding told it."""
    history = subject.assigned.get(attribute, ())
    if reading.by is None and history and history[0][0] == subject.founded:
        reading = Reading(history[0][1], subject.founded)
    value = None if reading.value is None else str(reading.value)
    return trusted(Told, {"value": value, "entry": reading.by, "order_not_known": list(reading.rivals)})


def place(view: View, id_: str) -> Place:
    """One level or body on the view's day."""
    standing = view.standing(id_)
    body = standing.subject.kind == "body"
    readings = {"parent": standing.told_parent, "level": standing.told_level, **standing.attributes}

    def told(attribute: str) -> Told:
        return _told(standing.subject, attribute, readings.get(attribute, NONE))

    return trusted(
        Place,
        {
            "id": id_,
            "kind": "body" if body else "level",
            "name": name(view, id_),
            "presence": presence(standing, view),
            "life": life(view, id_),
            "parent": standing.parent,
            "inferred": standing.inferred,
            "told_parent": told("parent"),
            "level": standing.level,
            "told_level": told("level") if body else None,
            "body_kind": told("kind").value,
            "status": told("status") if body else None,
            "project_of": told("project_of") if body else None,
            "under_itself": standing.looped,
        },
    )


@once
def structure(view: View) -> Structure:
    """Levels, bodies and roles that are there or perhaps there, what has departed, and what is open."""
    places = [place(view, id_) for id_, subject in view.state.items() if subject.kind in ("level", "body")]
    shown = [p for p in places if p.presence not in ("gone", "not-yet")]
    phases = [id_ for id_, subject in view.state.items() if subject.kind == "phase" and view.counted(id_)]
    return Structure(
        levels=[p for p in shown if p.kind == "level"],
        bodies=[p for p in shown if p.kind == "body"],
        roles=[r for r in roles(view) if r.presence not in ("gone", "not-yet")],
        departed=[departure(view, p) for p in places if p.presence == "gone"],
        phase=[name(view, id_) for id_ in phases],
        undetermined=[line(view, number) for number in view.undetermined],
        conflicts=[conflict(c) for c in view.conflicts],
    )


def in_order(levels: Iterable[Place]) -> list[Place]:
    """Levels from the top down; those of which nobody told where they are come as they were founded."""
    found = list(levels)
    above = {level.id: level.parent or level.told_parent.value for level in found}
    return sorted(found, key=lambda level: depth(level.id, above))


def depth(level: str | None, above: Mapping[str, str | None]) -> int:
    """How far down a level is, counted from the top."""
    seen: set[str] = set()
    while level is not None and level in above and level not in seen:
        seen.add(level)
        level = above[level]
    return len(seen)


def conflict(found: Contradiction) -> Conflict:
    return Conflict(
        code=found.code,
        entries=list(found.entries),
        subject=found.subject or None,
        expected=found.expected or None,
    )


@once
def roles(view: View) -> list[Role]:
    """Every role, with how surely it is held on the day."""
    found = []
    for id_, subject in view.state.items():
        if subject.kind != "role":
            continue
        standing = view.standing(id_)
        told_of = {attribute: subject.assigned[attribute][-1][1] for attribute in ("actor", "kind", "body")}
        body = told_of["body"]
        found.append(
            Role(
                id=id_,
                kind=str(told_of["kind"]),
                title=getattr(view.form(subject.founded).telling.step, "title", None),
                actor=str(told_of["actor"]),
                actor_name=name(view, str(told_of["actor"])),
                body=None if body is None else str(body),
                presence=presence(standing, view),
                life=life(view, id_),
            )
        )
    return found


def departure(view: View, gone: Place) -> Departure:
    """How a level or body ended, and its successor if it has one."""
    number = gone.life.ended_by
    assert number is not None
    step = view.form(number).telling.step
    subject = view.state[gone.id]
    heir = next((str(value) for _, value in subject.assigned.get("heir", ()) if value is not None), None)
    how, successor = step.type, heir
    if isinstance(step, ReallaborSpunOff) and step.body == gone.id:
        successor = step.successor_name
    elif getattr(step, "body", None) == gone.id:
        how = getattr(step, "how", step.type)
    return Departure(
        id=gone.id, name=gone.name, kind=gone.kind, life=gone.life, how=how, successor=successor, entry=number
    )
