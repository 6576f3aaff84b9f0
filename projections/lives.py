"""The life of a body, an actor or a theme: every fact with the entry it holds through, back to the first one told.

Beside the facts stand those who belong to it, what it came from and went on as, and every entry that speaks of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import Field

from domain.state import Value
from domain.structure import BodySplit, ReallaborSpunOff
from domain.view import View, once
from projections.governance import Departure, Life, Place, Presence, Role, departure, life, place, presence, roles
from projections.telling import Name, Named, Occurred, Shown, erased, name, occurred
from projections.timeline import places_in_order

Kind = Literal["body", "actor", "theme"]

FACTS: Final = {
    "body": ("name", "kind", "parent", "level", "status", "project_of"),
    "actor": ("name", "kind", "branch"),
    "theme": ("name",),
}
"""What is told of a subject, in the order in which a reader asks for it."""


class Said(Shown):
    """A value that an entry gave to a fact; of a name its text, of a subject that is named its name too."""

    value: str | None
    name: Name | None = None
    entry: int
    occurred: Occurred


class Fact(Shown):
    """One fact: what holds on the day, what perhaps holds already, and what held before, the latest first."""

    attribute: str
    holds: Said | None
    order_not_known: list[int]
    perhaps: list[Said]
    before: list[Said]


class Kin(Shown):
    """What a subject came from or went on as: a subject, or a name outside the process."""

    how: Literal["continued", "merged", "split", "spun-off"]
    subject: Named | None
    called: str | None = None
    entry: int


class Beneath(Shown):
    """A body that belongs, or belonged, to another one."""

    body: Named
    presence: Presence
    now: bool = Field(description="it stands there on the day")


class Lived(Shown):
    """All there is to say about one subject on the day."""

    id: str
    kind: Kind
    name: Name
    presence: Presence
    life: Life
    place: Place | None = Field(description="of a body: where it stands")
    departure: Departure | None = Field(description="of a body that is no longer there: how it ended")
    facts: list[Fact]
    roles: list[Role] = Field(description="held in it, or by it, on the day or earlier")
    beneath: list[Beneath]
    came_from: list[Kin]
    went_on_as: list[Kin]
    entries: list[int] = Field(description="entries that speak of it and have happened or may have, in order")
    accounts: list[int] = Field(description="entries that are told by its account, without speaking of it")


class Brief(Shown):
    """A subject in a list."""

    subject: Named
    kind: str | None = Field(description="of a body or an actor what kind of it")
    presence: Presence
    life: Life


@once
def everyone(view: View, kind: Kind) -> list[Brief]:
    """Every subject of a kind, those that are there first, each group by its founding."""
    found = [_brief(view, id_) for id_, subject in view.state.items() if subject.kind == kind]
    order: dict[Presence, int] = {"there": 0, "perhaps-ended": 0, "perhaps-there": 1, "gone": 2, "not-yet": 3}
    return sorted(found, key=lambda brief: (order[brief.presence], view.since(view.state[brief.subject.id]).first))


def _brief(view: View, id_: str) -> Brief:
    subject = view.state[id_]
    told = subject.assigned.get("kind", ())
    value = view.read(subject, "kind").value or (told[0][1] if told else None)
    return Brief(
        subject=Named(id=id_, name=name(view, id_)),
        kind=None if value is None else str(value),
        presence=presence(view.standing(id_), view),
        life=life(view, id_),
    )


@once
def lived(view: View, id_: str, kind: Kind) -> Lived:
    """The life of one subject, which the view has to know."""
    shown = presence(view.standing(id_), view)
    standing = place(view, id_) if kind == "body" else None
    about, accounts = _entries(view, id_)
    return Lived(
        id=id_,
        kind=kind,
        name=name(view, id_),
        presence=shown,
        life=life(view, id_),
        place=standing,
        departure=departure(view, standing) if standing is not None and shown == "gone" else None,
        facts=[fact for attribute in FACTS[kind] if (fact := _fact(view, id_, attribute)) is not None],
        roles=[r for r in roles(view) if id_ in (r.body, r.actor) and r.presence != "not-yet"],
        beneath=list(_beneath(view, id_)),
        came_from=list(_came_from(view, id_)),
        went_on_as=list(_went_on_as(view, id_)),
        entries=about,
        accounts=accounts,
    )


def _fact(view: View, id_: str, attribute: str) -> Fact | None:
    """A fact with all that was told of it by the day; nothing where nothing was."""
    subject = view.state[id_]
    told = [each for each in subject.assigned.get(attribute, ()) if view.room(each[0]).first <= view.day]
    reading = view.read(subject, attribute)
    certain = [_said(view, id_, attribute, *each) for each in told if view.certain(each[0])]
    perhaps = [_said(view, id_, attribute, *each) for each in told if not view.certain(each[0])]
    holds = next((said for said in reversed(certain) if said.entry == reading.by), None)
    before = [said for said in reversed(certain) if holds is None or said.entry != holds.entry]
    # That a body or actor has neither parent nor level nor patron is worth a line only if it once had one.
    if not any(said.value is not None for said in (*certain, *perhaps)):
        return None
    beside = {said.entry for said in perhaps}
    return Fact(
        attribute=attribute,
        holds=holds,
        order_not_known=[number for number in reading.rivals if number not in beside],
        perhaps=perhaps,
        before=before,
    )


def _said(view: View, id_: str, attribute: str, entry: int, value: Value) -> Said:
    form = view.form(entry)
    given = None
    if attribute == "name":
        text = form.telling.step.name_of(id_)
        of = name(view, id_)
        given = Name(text=text, entry=entry, erased=erased(view, form), kind=of.kind, founded=of.founded)
    elif isinstance(value, str) and attribute in ("parent", "level", "project_of"):
        given = name(view, value)
    return Said(value=None if value is None else str(value), name=given, entry=entry, occurred=occurred(view, form))


def _beneath(view: View, id_: str) -> Iterable[Beneath]:
    """The bodies that stand under it on the day, and those that were told to at some time."""
    for other, subject in view.state.items():
        if subject.kind != "body" or other == id_:
            continue
        standing = view.standing(other)
        told = any(value == id_ for _, value in subject.assigned.get("parent", ()))
        shown = presence(standing, view)
        now = standing.parent == id_ or (shown == "perhaps-there" and told)
        if (now or told) and shown != "not-yet":
            yield Beneath(body=Named(id=other, name=name(view, other)), presence=shown, now=now)


def _came_from(view: View, id_: str) -> Iterable[Kin]:
    founded = view.state[id_].founded
    step = view.form(founded).telling.step
    if (earlier := getattr(step, "continues", None)) is not None:
        yield Kin(how="continued", subject=_named(view, earlier), entry=founded)
    if isinstance(step, BodySplit):
        yield Kin(how="split", subject=_named(view, step.body), entry=founded)
    for other, number in _ties(view).left_to.get(id_, ()):
        if _happened(view, number):
            spun_off = isinstance(view.form(number).telling.step, ReallaborSpunOff)
            yield Kin(how="spun-off" if spun_off else "merged", subject=_named(view, other), entry=number)


def _went_on_as(view: View, id_: str) -> Iterable[Kin]:
    subject = view.state[id_]
    for number, heir in subject.assigned.get("heir", ()):
        if isinstance(heir, str) and _happened(view, number):
            yield Kin(how="merged", subject=_named(view, heir), entry=number)
    if subject.ended is not None and _happened(view, subject.ended):
        step = view.form(subject.ended).telling.step
        if isinstance(step, ReallaborSpunOff) and step.body == id_:
            successor = None if step.successor is None else _named(view, step.successor)
            yield Kin(how="spun-off", subject=successor, called=step.successor_name, entry=subject.ended)
        if isinstance(step, BodySplit) and step.body == id_:
            for part in step.into:
                yield Kin(how="split", subject=_named(view, part.body), entry=subject.ended)
    for other, founded in _ties(view).continued_by.get(id_, ()):
        if _happened(view, founded):
            yield Kin(how="continued", subject=_named(view, other), entry=founded)


@dataclass(frozen=True, slots=True)
class _Ties:
    """What tells of a subject that it went on from another one: that one with the entry, in the order of founding."""

    left_to: dict[str, list[tuple[str, int]]]
    continued_by: dict[str, list[tuple[str, int]]]


@once
def _ties(view: View) -> _Ties:
    found = _Ties({}, {})
    for id_, subject in view.state.items():
        for number, heir in subject.assigned.get("heir", ()):
            if isinstance(heir, str):
                found.left_to.setdefault(heir, []).append((id_, number))
        leaving = None if subject.ended is None else view.form(subject.ended).telling.step
        if isinstance(leaving, ReallaborSpunOff) and leaving.body == id_ and leaving.successor is not None:
            assert subject.ended is not None
            found.left_to.setdefault(leaving.successor, []).append((id_, subject.ended))
        earlier = view.form(subject.founded).telling.step.__dict__.get("continues")
        if earlier is not None:
            found.continued_by.setdefault(earlier, []).append((id_, subject.founded))
    return found


def _named(view: View, id_: str) -> Named:
    return Named(id=id_, name=name(view, id_))


def _happened(view: View, number: int) -> bool:
    """Whether an entry has happened by the day or may have."""
    return view.room(number).first <= view.day


def _entries(view: View, id_: str) -> tuple[list[int], list[int]]:
    """The entries that speak of a subject, and those that only rest on its account; in the happened order."""
    graph = view.effective.graph
    indexes = (graph.founders, graph.enders, graph.users, graph.namers)
    found = {number for index in indexes for number in index.get(id_, ()) if _happened(view, number)}
    told = sorted(found, key=places_in_order(view).__getitem__)
    about = [n for n in told if id_ in view.form(n).telling.step.meaning().subjects()]
    accounts = [n for n in told if n not in set(about) and view.form(n).telling.asserted_by == id_]
    return about, accounts
