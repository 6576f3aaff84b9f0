"""The days on which each entry can have happened, and the order they happened in (SEMANTICS §4).

A *need* says that one entry did not come later than another. Needs fill what the dates leave open and overrule
no stated bound: the last day is the greatest, the first day the least solution of the two equations of rule 4.2.
Both are found like shortest paths, the tightest bound first.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import groupby
from typing import NamedTuple

from domain.replay import Form, Graph

Bounds = Callable[[Form], tuple[int, int]]
Stated = dict[int, tuple[int, int]]
"""First and last day by number, before any need is asked."""


class Room(NamedTuple):
    """First and last day on which an entry can have happened, as ordinals."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms of all forms in force.

    `not_later` and `not_earlier` name the entry that a need takes a bound from; `squeezed` lists entries for which
    the needs leave no day, so that the stated days stand.
    """

    of: dict[int, Room]
    not_later: dict[int, int]
    not_earlier: dict[int, int]
    squeezed: frozenset[int]

    def bounding(self, number: int) -> set[int]:
        """The entries whose need bounds this entry's room, along the whole chain."""
        found: set[int] = set()
        for bounds in (self.not_later, self.not_earlier):
            at = number
            while (at := bounds.get(at, 0)) and at not in found and at != number:
                found.add(at)
        return found

    def reversed(self, graph: Graph) -> list[tuple[int, int]]:
        """Pairs (needed, needing) whose stated days say the opposite of the need: doubtful, and left as stated."""
        return [
            (needed, number)
            for number, room in sorted(self.of.items())
            for needed in sorted(graph.needs(number))
            if self.of[needed].first > room.last
        ]


def rooms(graph: Graph, bounds: Bounds = Form.reading) -> Rooms:
    """The room of every entry in force."""
    stated = {number: bounds(form) for number, form in graph.forms.items()}
    ordering = graph.ordering()
    late, not_later = latest(graph, stated, ordering)
    early, not_earlier = earliest(graph, stated, ordering)
    squeezed = frozenset(number for number in ordering if early[number] > late[number])
    of = {
        number: Room(early[number], late[number]) if number in late and number not in squeezed else Room(*days)
        for number, days in stated.items()
    }
    return Rooms(of, not_later, not_earlier, squeezed)


def first_day(graph: Graph, number: int, bounds: Bounds = Form.reading) -> int:
    """The first day of one entry: only what it needs can make it later."""
    return first_days(graph, number, bounds)[number] if graph.needs(number) else bounds(graph.forms[number])[0]


def first_days(graph: Graph, number: int, bounds: Bounds = Form.reading) -> dict[int, int]:
    """The first days of an entry and of all that it needs, along chains."""
    before = graph.chain((number,), graph.needs)
    return earliest(graph, {n: bounds(graph.forms[n]) for n in before}, before)[0]


def last_day(graph: Graph, number: int, bounds: Bounds = Form.reading) -> int:
    """The last day of one entry: only what needs it can make it earlier."""
    return last_days(graph, number, bounds)[number] if graph.needed_by(number) else bounds(graph.forms[number])[1]


def last_days(graph: Graph, number: int, bounds: Bounds = Form.reading) -> dict[int, int]:
    """The last days of an entry and of all that need it, along chains."""
    after = graph.chain((number,), graph.needed_by)
    return latest(graph, {n: bounds(graph.forms[n]) for n in after}, after)[0]


def room(graph: Graph, number: int, bounds: Bounds = Form.reading) -> Room:
    """The room of one entry, without those of all the others."""
    first, last = first_day(graph, number, bounds), last_day(graph, number, bounds)
    return Room(first, last) if first <= last else Room(*bounds(graph.forms[number]))


def latest(graph: Graph, stated: Stated, ordering: Collection[int]) -> tuple[dict[int, int], dict[int, int]]:
    """L(m) = max(first, min(last, L(n) of all n that need m)), and whose L it is."""
    late = {number: stated[number][1] for number in ordering}
    source: dict[int, int] = {}
    heap = [(day, number) for number, day in late.items()]
    heapify(heap)
    while heap:
        day, number = heappop(heap)
        if day != late[number]:
            continue
        for earlier in graph.needs(number) & late.keys():
            bound = max(stated[earlier][0], day)
            if bound < late[earlier]:
                late[earlier], source[earlier] = bound, number
                heappush(heap, (bound, earlier))
    return late, source


def earliest(graph: Graph, stated: Stated, ordering: Collection[int]) -> tuple[dict[int, int], dict[int, int]]:
    """E(n) = min(last, max(first, E(m) of all m that n needs)), and whose E it is."""
    early = {number: stated[number][0] for number in ordering}
    source: dict[int, int] = {}
    heap = [(-day, number) for number, day in early.items()]
    heapify(heap)
    while heap:
        day, number = heappop(heap)
        if -day != early[number]:
            continue
        for later in graph.needed_by(number) & early.keys():
            bound = min(stated[later][1], -day)
            if bound > early[later]:
                early[later], source[later] = bound, number
                heappush(heap, (-bound, later))
    return early, source


def happened_order(graph: Graph, found: Rooms) -> list[int]:
    """Ascending by (last day, first day, number), what is needed first (SEMANTICS 4.3).

    A need can only bind entries of the same last day: one with a later last day is disregarded, one with an
    earlier is taken already. Sorting day by day keeps the entries certain by any day a prefix of the order, even
    where the needs of a day run in a ring.
    """
    by_day = sorted((room.last, room.first, number) for number, room in found.of.items())
    order: list[int] = []
    for _, group in groupby(by_day, key=lambda item: item[0]):
        order.extend(_needed_first([(first, number) for _, first, number in group], graph))
    return order


def _needed_first(day: list[tuple[int, int]], graph: Graph) -> list[int]:
    waiting = {number: first for first, number in day}
    open_needs = {number: graph.needs(number) & waiting.keys() for number in waiting} if len(day) > 1 else {}
    if not any(open_needs.values()):
        return list(waiting)
    free = [(waiting[number], number) for number, needs in open_needs.items() if not needs]
    heapify(free)
    order: list[int] = []
    while waiting:
        if not free:  # the needs of the rest run in a ring: the smallest goes first
            heappush(free, min((first, number) for number, first in waiting.items()))
        _, number = heappop(free)
        if waiting.pop(number, None) is None:
            continue
        order.append(number)
        for later in graph.needed_by(number) & waiting.keys():
            open_needs[later].discard(number)
            if not open_needs[later]:
                heappush(free, (waiting[later], later))
    return order
