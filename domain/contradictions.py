"""Certain contradictions between entries in force (SEMANTICS 6.2): impossible, however the open dates turn out.

The same rule serves recording, correcting, withdrawing, restoring and publishing; replay lists what it finds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.replay import Form, Graph, placements
from domain.rooms import Rooms, earliest, rooms
from domain.scenarios import ScenarioChosen
from domain.when import FAR


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A code and the entries concerned, in the order that the code's sentence speaks of them; doubts look alike."""

    code: str
    entries: tuple[int, ...]
    subject: str = ""
    expected: str = ""
    """What the founding of the subject asks for, where an entry states something else."""


def contradictions(graph: Graph) -> set[Contradiction]:
    """All contradictions among the forms in force."""
    return contradictions_of(graph, graph.forms.keys(), {*graph.founders, *graph.enders})


def contradictions_of(graph: Graph, numbers: Iterable[int], subjects: Iterable[str]) -> set[Contradiction]:
    """The contradictions that a change can have made: of the entries it touched, the subjects it founded or ended.

    A chain of needs that contradicts itself through a touched entry runs among what that entry needs and what needs
    it. Only a ring of placements can come about further away, where the change narrowed a room.
    """
    touched = {number for number in numbers if number in graph.forms}
    found: set[Contradiction] = set()
    for subject in subjects:
        found.update(_lifetime(graph, subject))
        for index in (graph.founders, graph.enders, graph.users, graph.namers):
            touched.update(index.get(subject, ()))
    for form in map(graph.forms.__getitem__, touched):
        if any(form.meaning):  # most entries have none
            found.update(_within_one_entry(form))
            found.update(_unknown(graph, form))
            found.update(_disagreeing(graph, form))
    for criteria_set in _sets_chosen_in(graph, touched):
        found.update(_chosen_twice(graph, criteria_set))
    if tied := set(filter(graph.tied, touched)):
        tied = graph.chain(tied, graph.needs) | graph.chain(tied, graph.needed_by)
        found.update(_order(graph, tied))
        found.update(_circles(graph, tied))
    if graph.ring_possible:
        found.update(_parent_circles(graph))
    return found


def _lifetime(graph: Graph, subject: str) -> Iterator[Contradiction]:
    founders, ending = graph.founders.get(subject, []), graph.ending(subject)
    if len(founders) > 1:
        yield Contradiction("founded-twice", tuple(founders), subject)
    if len(ending) > 1:
        yield Contradiction("ended-twice", tuple(ending), subject)


def _unknown(graph: Graph, form: Form) -> Iterator[Contradiction]:
    for use in (*form.meaning.ends, *form.meaning.uses, *form.meaning.names):
        kind = graph.kind(use.subject)
        if kind not in use.kinds:
            yield Contradiction("unknown" if kind is None else "wrong-kind", (form.number,), use.subject)


def _disagreeing(graph: Graph, form: Form) -> Iterator[Contradiction]:
    """What an entry repeats of the founding of a subject and that says otherwise: its unit, its set, its outcome."""
    for repeated in form.meaning.agrees:
        founder = graph.founder(repeated.subject)
        told = () if founder is None else graph.forms[founder].meaning.assigns
        for assigned in told:
            same = (assigned.subject, assigned.attribute) == (repeated.subject, repeated.attribute)
            if same and assigned.value != repeated.value and founder is not None:
                entries, expected = (form.number, founder), assigned.value or ""
                match repeated.attribute:
                    case "unit":
                        yield Contradiction("unit-differs", entries, repeated.subject, expected)
                    case "set":
                        yield Contradiction("not-in-set", entries, repeated.subject, expected)
                    case _:
                        yield Contradiction("decision-not-adopted", entries, repeated.subject, expected)


def _sets_chosen_in(graph: Graph, numbers: Iterable[int]) -> set[str]:
    """The sets of scenarios that choices among these entries belong to."""
    return {step.criteria_set for _, step in _choices(graph, numbers)}


def _choices(graph: Graph, numbers: Iterable[int]) -> Iterator[tuple[int, ScenarioChosen]]:
    for number in numbers:
        if graph.forms[number].step_class is ScenarioChosen and isinstance(
            step := graph.forms[number].telling.step, ScenarioChosen
        ):
            yield number, step


def _chosen_twice(graph: Graph, criteria_set: str) -> Iterator[Contradiction]:
    """In a set of scenarios one choice holds: a later one ends the one before (SEMANTICS 3.3)."""
    chosen = _choices(graph, graph.namers.get(criteria_set, ()))
    holding = [number for number, step in chosen if not graph.enders.get(step.choice)]
    if len(holding) > 1:
        yield Contradiction("chosen-twice", tuple(holding), criteria_set)


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
    """Entries of which each needs the next."""
    rest = _knotted(graph, tied)
    while rest:
        ring = _ring(graph, rest)
        yield Contradiction("circle", tuple(sorted(ring)))
        rest = _knotted(graph, rest - ring)


def _knotted(graph: Graph, numbers: set[int]) -> set[int]:
    """What is left when again and again all is taken away that needs nothing left or is needed by nothing left."""
    rest = set(numbers)
    todo = list(rest)
    while todo:
        number = todo.pop()
        if number not in rest:
            continue
        needs, needed_by = graph.needs(number) & rest, graph.needed_by(number) & rest
        if not needs or not needed_by:
            rest.discard(number)
            todo.extend(needs | needed_by)
    return rest


def _ring(graph: Graph, rest: set[int]) -> set[int]:
    path: list[int] = []
    at = min(rest)
    while at not in path:
        path.append(at)
        at = min(graph.needs(at) & rest)
    return set(path[path.index(at) :])


def _parent_circles(graph: Graph) -> Iterator[Contradiction]:
    """Rings of placements that all certainly hold on a common day."""
    found = rooms(graph, Form.refusing)
    held = {subject: list(_held(graph, found, subject)) for subject in graph.placing}
    seen: set[frozenset[int]] = set()
    for subject, spells in held.items():
        for since, _, number, parent in spells:
            ring = _ring_on(since, subject, number, parent, held)
            if ring and frozenset(ring) not in seen:
                seen.add(frozenset(ring))
                yield Contradiction("parent-circle", tuple(sorted(ring)))


def _held(graph: Graph, found: Rooms, subject: str) -> Iterator[tuple[int, int, int, str]]:
    """(from, before, entry, parent): from L on a placement certainly holds, until another may have replaced it."""
    others = {*graph.placing[subject], *graph.ending(subject)}
    for number in graph.placing[subject]:
        for placed, parent in placements(graph.forms[number]):
            if placed != subject or parent is None or number in graph.enders.get(subject, ()):
                continue  # what an entry places and ends at once stands nowhere
            room = found.of[number]
            later = others - graph.chain((number,), graph.needs)
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
