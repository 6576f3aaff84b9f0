"""Networks that change over time, as GEXF 1.3: who met in which meeting, and what belonged to what.

Days are inclusive, as in GEXF. A day that is not known is left out, which leaves that side open; nothing ends on the
day of the view only because nobody knows more.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final
from xml.sax.saxutils import escape, quoteattr

from adapters.exports.material import Material, kind_of
from adapters.exports.tables import Value, written
from domain.meetings import MeetingHeld
from domain.rooms import Room
from projections.spells import spells, ties
from projections.telling import days, name, told

NAMESPACE: Final = "http://gexf.net/1.3"

Spell = tuple[date | None, date | None]
Attributes = dict[str, tuple[str, Value]]
"""By name, the type that GEXF has for it, and the value."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node with the days on which it is there; without any it is there always."""

    id: str
    label: str
    attributes: Attributes
    spells: list[Spell]


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge, from what belongs to what it belongs to."""

    source: str
    target: str
    attributes: Attributes
    spells: list[Spell]


def write_meetings(material: Material, to: BinaryIO, progress: Callable[[str], None]) -> None:  # noqa: ARG001
    """Actors and meetings, and who was invited, registered, there or excused."""
    _write(material, to, "undirected", _actors_and_meetings, _attended)


def write_structure(material: Material, to: BinaryIO, progress: Callable[[str], None]) -> None:  # noqa: ARG001
    """Levels and bodies, and what belonged to what."""
    _write(material, to, "directed", _places, _belonging)


def _held(material: Material) -> Iterator[tuple[MeetingHeld, Spell]]:
    """Meetings with an actor, and the days on which they can have taken place: from the first to the last."""
    view = material.view
    for form, step in told(view, MeetingHeld):
        if any(given.actors for _, given in step.attendance()) and step.meeting in view.state:
            room = view.room(form.number)
            until = room if not form.when.lasting else view.lasted_until(form.number)
            yield step, (days(room).first, None if until is None else days(until).last)


def _actors_and_meetings(material: Material) -> Iterator[Node]:
    view, actors = material.view, dict[str, None]()
    for step, spell in _held(material):
        kind: Attributes = {"bipartite": ("integer", 1), "kind": ("string", step.kind)}
        yield Node(step.meeting, name(view, step.meeting).text or step.meeting, kind, [spell])
        actors |= dict.fromkeys(actor for _, given in step.attendance() for actor in given.actors)
    for actor in actors:
        if actor in view.state:
            of: Attributes = {"bipartite": ("integer", 0), "kind": ("string", kind_of(view, actor) or "")}
            yield Node(actor, name(view, actor).text or actor, of, [])


def _attended(material: Material) -> Iterator[Edge]:
    for step, spell in _held(material):
        for fact, given in step.attendance():
            for actor in given.actors:
                if actor in material.view.state:
                    yield Edge(actor, step.meeting, {"role": ("string", fact)}, [spell])


def _places(material: Material) -> Iterator[Node]:
    view, there = material.view, dict[str, list[Room]]()
    for spell in spells(view):
        there.setdefault(spell.subject, []).append(Room(spell.first, view.day if spell.last is None else spell.last))
    goes_on = {spell.subject for spell in spells(view) if spell.last is None}
    for id_, rooms in there.items():
        known = days(view.since(view.state[id_]))
        attributes: Attributes = {
            "kind": ("string", view.state[id_].kind),
            "of_kind": ("string", name(view, id_).kind),
            "since_earliest": ("string", known.first),
            "since_latest": ("string", known.last),
        }
        last = None if id_ in goes_on else date.fromordinal(rooms[-1].last)
        yield Node(id_, name(view, id_).text or id_, attributes, [(date.fromordinal(rooms[0].first), last)])


def _belonging(material: Material) -> Iterator[Edge]:
    """What stood somewhere, left and came back is one edge with several spells."""
    found: dict[tuple[str, str, str, bool], list[Spell]] = {}
    for tie in ties(material.view):
        last = None if tie.last is None else date.fromordinal(tie.last)
        edge = (tie.subject, tie.above, tie.relation, tie.inferred)
        found.setdefault(edge, []).append((date.fromordinal(tie.first), last))
    for (subject, above, relation, inferred), stood in found.items():
        attributes: Attributes = {"relation": ("string", relation), "inferred": ("boolean", inferred)}
        yield Edge(subject, above, attributes, stood)


# ---- as XML -------------------------------------------------------------------------------------------------------


def _write(
    material: Material,
    to: BinaryIO,
    edges_are: str,
    nodes: Callable[[Material], Iterable[Node]],
    edges: Callable[[Material], Iterable[Edge]],
) -> None:
    """Nodes and edges are gone through twice, since what attributes they have stands before them, and never held."""
    about = material.about
    said = "; ".join(f"{name}: {'–' if value is None else value}" for name, value in about.items())
    to.write(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="{NAMESPACE}" version="1.3">\n'
        f"<meta>\n<creator>{escape(about['program'])}</creator>\n<description>{_text(said)}</description>\n</meta>\n"
        f'<graph mode="dynamic" defaultedgetype="{edges_are}" timeformat="date"'
        ' timerepresentation="interval">\n'.encode()
    )
    titles = {"node": _titles(nodes(material)), "edge": _titles(edges(material))}
    for kind, found in titles.items():
        to.write(f'<attributes class="{kind}" mode="static">\n'.encode())
        to.writelines(
            f'<attribute id="{id_}" title="{title}" type="{type_}"/>\n'.encode()
            for id_, (title, type_) in enumerate(found.items())
        )
        to.write(b"</attributes>\n")
    to.write(b"<nodes>\n")
    for node in nodes(material):
        head = f"node id={_value(node.id)} label={_value(node.label)}"
        to.write(_element(head, node.attributes, list(titles["node"]), node.spells))
    to.write(b"</nodes>\n<edges>\n")
    for id_, edge in enumerate(edges(material)):
        head = f'edge id="{id_}" source={_value(edge.source)} target={_value(edge.target)}'
        to.write(_element(head, edge.attributes, list(titles["edge"]), edge.spells))
    to.write(b"</edges>\n</graph>\n</gexf>\n")


def _titles(items: Iterable[Node | Edge]) -> dict[str, str]:
    return {title: type_ for item in items for title, (type_, _) in item.attributes.items()}


def _element(head: str, attributes: Attributes, titles: list[str], stood: list[Spell]) -> bytes:
    """A node or an edge; with one spell the days stand at itself, with several below it."""
    at, inside = "", ""
    if len(stood) == 1:
        at = _days(stood[0])
    elif stood:
        inside = f"<spells>{''.join(f'<spell{_days(spell)}/>' for spell in stood)}</spells>"
    values = [(titles.index(title), value) for title, (_, value) in attributes.items() if value is not None]
    said = "".join(f'<attvalue for="{id_}" value={_value(written(value))}/>' for id_, value in values)
    tag = head.partition(" ")[0]
    return f"<{head}{at}><attvalues>{said}</attvalues>{inside}</{tag}>\n".encode()


def _days(spell: Spell) -> str:
    first, last = spell
    return "".join(f' {side}="{day}"' for side, day in (("start", first), ("end", last)) if day is not None)


def _value(text: str) -> str:
    return quoteattr(_characters(text), {"\n": "&#10;", "\t": "&#9;"})


def _text(text: str) -> str:
    return escape(_characters(text))


def _characters(text: str) -> str:
    """What XML can hold: two code points are none of its characters."""
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
