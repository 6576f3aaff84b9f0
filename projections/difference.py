"""What differs between two views, and the entries that caused it (SEMANTICS 10.3)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from pydantic import Field

from domain.publishing import about
from domain.view import Standing, View
from projections.governance import place
from projections.telling import Name, Shown, name

Aspect = Literal[
    "counted", "sure", "parent", "told_parent", "inferred", "level", "status", "project_of", "kind", "under", "name"
]


class Item(Shown):
    """One difference of one subject; `certainty` where only the sureness differs."""

    subject: str
    subject_kind: str
    name: Name
    aspect: Aspect
    change: Literal["changed", "certainty"]
    before: str | bool | None
    after: str | bool | None
    causes: list[int] = Field(description="entries whose standing differs between the two views")


UNCHANGING: Final = frozenset({"assessment", "criterion", "meeting"})
"""Kinds of subject that stand for what happened once, or for a part of another one: nothing of them comes and goes."""


def difference(a: View, b: View) -> list[Item]:
    """Every difference between two views of one process, subject by subject."""
    items: list[Item] = []
    for id_ in sorted({*a.state, *b.state}):
        if (b.state.get(id_) or a.state[id_]).kind in UNCHANGING:
            continue
        before = a.standing(id_) if id_ in a.state else None
        after = b.standing(id_) if id_ in b.state else None
        differences = list(_compare(before, after))
        if not differences:
            continue
        having = [view for view in (a, b) if id_ in view.state]
        shown = b if after is not None else a
        items.extend(
            Item(
                subject=id_,
                subject_kind=shown.state[id_].kind,
                name=name(shown, id_),
                aspect=aspect,
                change="certainty" if aspect == "sure" else "changed",
                before=old,
                after=new,
                causes=_causes_of(a, b, having, id_, aspect),
            )
            for aspect, old, new in differences
        )
    return items


def uncounted(a: View, b: View) -> list[Item]:
    """Levels and bodies that count for certain in neither view, but are more or less likely there in one of them."""
    items = []
    for id_ in sorted({*a.state, *b.state}):
        having = [view for view in (a, b) if id_ in view.state]
        if any(view.state[id_].kind not in ("level", "body") or view.standing(id_).counted for view in having):
            continue
        if len({place(view, id_).presence if view in having else "not-yet" for view in (a, b)}) > 1:
            items.append(
                Item(
                    subject=id_,
                    subject_kind=having[-1].state[id_].kind,
                    name=name(having[-1], id_),
                    aspect="counted",
                    change="certainty",
                    before=False,
                    after=False,
                    causes=_causes_of(a, b, having, id_, "counted"),
                )
            )
    return items


def readable(items: Iterable[Item]) -> list[Item]:
    """Differences as they are told: the structure first, and where something was told to go, and is, only once."""
    found = list(items)
    moved = {(item.subject, item.before, item.after) for item in found if item.aspect == "parent"}
    told = [
        item for item in found if item.aspect != "told_parent" or (item.subject, item.before, item.after) not in moved
    ]
    first = ("process", "phase", "level", "body")
    return sorted(told, key=lambda item: first.index(item.subject_kind) if item.subject_kind in first else len(first))


def _compare(
    before: Standing | None, after: Standing | None
) -> Iterator[tuple[Aspect, str | bool | None, str | bool | None]]:
    was, is_ = before is not None and before.counted, after is not None and after.counted
    if was != is_:
        yield "counted", was, is_
        return
    if before is None or after is None or not was:
        return
    if before.sure != after.sure:
        yield "sure", before.sure, after.sure
    old, new = _aspects(before), _aspects(after)
    for aspect, value in old.items():
        if value != new[aspect]:
            yield aspect, value, new[aspect]


def _aspects(standing: Standing) -> dict[Aspect, str | bool | None]:
    """The value of every aspect."""

    def told(attribute: str) -> str | None:
        reading = standing.attributes.get(attribute)
        return None if reading is None or reading.value is None else str(reading.value)

    told_parent = standing.told_parent.value
    return {
        "parent": standing.parent,
        "told_parent": None if told_parent is None else str(told_parent),
        "inferred": standing.inferred,
        "level": standing.level,
        "status": told("status"),
        "project_of": told("project_of"),
        "kind": told("kind"),
        "under": told("under"),
        "name": None if standing.name.value is None else str(standing.name.value),
    }


def _standing(view: View, number: int) -> object:
    """What an entry counts for in a view: chosen? in force? in which form? how certain?"""
    if number not in view.effective.by_number:
        return None
    form = view.effective.graph.forms.get(number)
    if form is None:
        return "out of force"
    spans = [room for room in (view.room(number), view.lasted_until(number)) if room is not None]
    return form.told_by, [(room.last <= view.day, room.first <= view.day) for room in spans]


def _causes_of(a: View, b: View, having: Sequence[View], id_: str, aspect: Aspect) -> list[int]:
    """What caused a difference, among what the value rests on."""
    return _causes(a, b, frozenset[int]().union(*(_rests_on(view, id_, aspect) for view in having)))


def _rests_on(view: View, id_: str, aspect: Aspect) -> frozenset[int]:
    """The entries that one value of a standing rests on: of a lifetime its ends, of an attribute its assignments."""
    subject, found = view.state[id_], set[int]()
    if aspect in ("counted", "sure"):
        found = {subject.founded, *([] if subject.ended is None else [subject.ended])}
    elif aspect in ("status", "project_of", "kind", "under", "name"):
        reading = view.read(subject, aspect)
        found = {*reading.rivals, *([] if reading.by is None else [reading.by])}
    else:
        return view.rests_on(id_)
    return frozenset(found.union(*(view.rooms.bounding(number) for number in found)))


def _causes(a: View, b: View, rests_on: frozenset[int]) -> list[int]:
    causes = {number for number in rests_on if _standing(a, number) != _standing(b, number)}
    about = {number for number in rests_on for view in (a, b) for number in _about(view, number)}
    causes |= {number for number in about if (number in a.effective.by_number) != (number in b.effective.by_number)}
    return sorted(causes)


def _about(view: View, number: int) -> Iterator[int]:
    """Corrections, withdrawals and publications of an entry, along chains of targets."""
    found = {number, *about(view.effective, number)}
    yield from found - {number}
    for entry in found:
        yield from view.effective.publications.get(entry, ())
