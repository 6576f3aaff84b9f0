"""Certain contradictions between entries in force (SEMANTICS 6.2): impossible, however the open dates turn out.

The same rule serves recording, correcting, withdrawing, restoring and publishing; replay lists what it finds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.meaning import Use
from domain.replay import Form, Graph
from domain.rooms import Rooms, earliest, rooms
from domain.when import FAR


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A code and the entries concerned, in the order that the code's sentence speaks of them; doubts look alike."""

    code: str
    entries: tuple[int, ...]
    subject: str = ""


def contradictions(
    graph: Graph, numbers: Iterable[int] | None = None, subjects: Iterable[str] | None = None
) -> set[Contradiction]:
    """All contradictions in a graph – or those that a change to the given entries and subjects can have made."""
    if numbers is None or subjects is None:
        numbers = graph.forms.keys()
        subjects = {*graph.founders, *graph.enders, *graph.users, *graph.namers}
    found = set(_lifetimes(graph, set(subjects)))
    for number in numbers:
        if number in graph.forms:
            found.update(_within_one_entry(graph.forms[number]))
    tied = graph.connected({*numbers, *_speaking_of(graph, subjects)})
    found.update(_order(graph, tied))
    found.update(_circles(graph, tied))
    found.update(_parent_circles(graph, tied))
    return found


def _speaking_of(graph: Graph, subjects: Iterable[str]) -> Iterator[int]:
    for subject in subjects:
        for index in (graph.founders, graph.enders, graph.users):
            yield from index.get(subject, ())


def _lifetimes(graph: Graph, subjects: set[str]) -> Iterator[Contradiction]:
    for subject in subjects:
        founders = graph.founders.get(subject, [])
        if len(founders) > 1:
            yield Contradiction("founded-twice", tuple(founders), subject)
        ending = graph.ending(subject)
        if len(ending) > 1:
            yield Contradiction("ended-twice", tuple(ending), subject)
        kind = graph.kind(subject)
        for number in {n for index in (graph.enders, graph.users, graph.namers) for n in index.get(subject, ())}:
            meaning = graph.forms[number].meaning
            spoken_of: tuple[Use, ...] = (*meaning.ends, *meaning.uses, *meaning.names)
            if any(use.subject == subject and kind not in use.kinds for use in spoken_of):
                yield Contradiction("unknown" if kind is None else "wrong-kind", (number,), subject)


def _within_one_entry(form: Form) -> Iterator[Contradiction]:
    meaning = form.meaning
    ended = {use.subject for use in meaning.ends}
    founded = [subject for subject, _ in meaning.founds]
    placed = [a for a in meaning.assigns if a.attribute in ("parent", "level", "heir")]
    heirless = [a for a in placed if a.attribute != "heir"]
    touched = {*founded, *(a.subject for a in heirless), *(a.value for a in placed if a.value is not None)}
    for subject in sorted(ended & touched):
        yield Contradiction("ends-what-it-needs", (form.number,), subject)
    for subject in sorted({s for s in founded if founded.count(s) > 1}):
        yield Contradiction("founded-twice", (form.number, form.number), subject)
    for assignment in placed:
        if assignment.value == assignment.subject:
            yield Contradiction("own-parent", (form.number,), assignment.subject)


def _order(graph: Graph, tied: set[int]) -> Iterator[Contradiction]:
    """A chain of needs from m to n although m began certainly later than n ended (examples 3 to 5).

    Along every chain the latest first day is carried forward; where it passes a last day, no world is left.
    """
    bounds = {number: graph.forms[number].refusing() for number in tied}
    unbounded = {number: (first, FAR) for number, (first, _) in bounds.items()}
    early, source = earliest(graph, unbounded, list(tied))
    for number, day in early.items():
        if number in source and day > bounds[number][1]:
            origin = number
            while origin in source:
                origin = source[origin]
            yield Contradiction("order", (origin, number))


def _circles(graph: Graph, tied: set[int]) -> Iterator[Contradiction]:
    """Entries of which each needs the next: what is left when all that is needed by nobody left is taken away."""
    rest = set(tied)
    todo = list(rest)
    while todo:
        number = todo.pop()
        if number not in rest:
            continue
        needs, needed_by = graph.needs(number) & rest, graph.needed_by(number) & rest
        if not needs or not needed_by:
            rest.discard(number)
            todo.extend(needs | needed_by)
    while rest:
        ring = _ring(graph, rest)
        yield Contradiction("circle", tuple(sorted(ring)))
        rest -= ring


def _ring(graph: Graph, rest: set[int]) -> set[int]:
    path: list[int] = []
    at = min(rest)
    while at not in path:
        path.append(at)
        at = min(graph.needs(at) & rest, default=path[0])
    return set(path[path.index(at) :])


def _parent_circles(graph: Graph, tied: set[int]) -> Iterator[Contradiction]:
    """Rings of placements that all certainly hold on a common day."""
    placements: dict[str, list[tuple[int, str | None]]] = {}
    for number in sorted(tied):
        for assignment in graph.forms[number].meaning.assigns:
            if assignment.attribute == "parent":
                placements.setdefault(assignment.subject, []).append((number, assignment.value))
    if not placements:
        return
    found = rooms(graph, Form.refusing, among=tied)
    held = {subject: list(_held(graph, found, subject, placed)) for subject, placed in placements.items()}
    seen: set[frozenset[int]] = set()
    for subject, spells in held.items():
        for since, _, number, parent in spells:
            ring = _ring_on(since, subject, number, parent, held)
            if ring and frozenset(ring) not in seen:
                seen.add(frozenset(ring))
                yield Contradiction("parent-circle", tuple(sorted(ring)))


def _held(
    graph: Graph, found: Rooms, subject: str, placed: list[tuple[int, str | None]]
) -> Iterator[tuple[int, int, int, str]]:
    """(from, before, entry, parent): from L on a placement certainly holds, until another may have replaced it."""
    others = {number for number, _ in placed} | {n for n in graph.ending(subject) if n in found.of}
    for number, parent in placed:
        if parent is None:
            continue
        room = found.of[number]
        later = others - {number} - graph.needs(number)
        before = min((found.of[n].first for n in later if found.of[n].last >= room.first), default=FAR + 1)
        if room.last < before:
            yield room.last, before, number, parent


def _ring_on(
    day: int, start: str, number: int, parent: str, held: dict[str, list[tuple[int, int, int, str]]]
) -> list[int]:
    """The placements of a ring through `start` that all hold on `day`, or nothing."""
    path, seen, at = [number], {start}, parent
    while at != start:
        if at in seen:
            return []
        seen.add(at)
        holding = [spell for spell in held.get(at, ()) if spell[0] <= day < spell[1]]
        if not holding:
            return []
        _, _, by, at = holding[0]
        path.append(by)
    return path
