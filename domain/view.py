"""Reading the state on a day (SEMANTICS §5): who is there, how surely, under whom – and what is open.

The view shows the process as late as it can have been, which is one way it can really have been. Beside it stands
what may have happened already.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from itertools import islice, takewhile
from typing import Any, Concatenate, ParamSpec, TypeVar

from domain.contradictions import Contradiction, contradictions
from domain.entry import causes
from domain.meaning import PLACE
from domain.replay import Effective, Form
from domain.rooms import Room, Rooms, happened_order, rooms
from domain.state import State, Subject, Value, fold

Given = ParamSpec("Given")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of an attribute on a day and the entry it rests on.

    `rivals` are other assignments that may have come last as well: with any, the order is not known.
    """

    value: Value
    by: int | None
    rivals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """One subject on one day.

    counted: there, as late as everything can have happened · sure: there however the open dates turn out ·
    possible: there for some way they turn out. `parent` is the effective one, `told_parent` the one assigned;
    `inferred` says that they differ. `looped`: it would have come to stand under itself.
    """

    subject: Subject
    counted: bool
    sure: bool
    possible: bool
    parent: str | None
    inferred: bool
    looped: bool
    told_parent: Reading
    level: str | None
    told_level: Reading
    name: Reading
    attributes: dict[str, Reading] = field(default_factory=dict)


NONE = Reading(None, None)


def once(read: Callable[Concatenate["View", Given], Found]) -> Callable[Concatenate["View", Given], Found]:
    """What is read of a view is found once, however many pages show it: a view never changes.

    Whoever gets it must not change it either.
    """

    @wraps(read)
    def found(view: "View", /, *args: Given.args, **kwargs: Given.kwargs) -> Found:
        asked = (read, args, *sorted(kwargs.items()))
        if asked not in view.found:  # two who ask at once both look: neither waits for the other
            view.found[asked] = read(view, *args, **kwargs)
        answer: Found = view.found[asked]
        return answer

    return found


class View:
    """The state on a day, folded from chosen entries. Everything the projections show is read from here."""

    def __init__(self, effective: Effective, day: int, known_until: int | None = None) -> None:
        self.effective = effective
        self.day = day
        self.known_until = known_until
        """The day with which `known_by` or `published_by` ends, if one was asked for: of later days nothing is known.

        Whoever counts how long something waits must not count them (see `projections.analytics.report`).
        """
        self.found: dict[object, Any] = {}
        """What was read of it so far (see `once`)."""

    @cached_property
    def rooms(self) -> Rooms:
        """When each entry in force can have happened."""
        return rooms(self.effective.graph)

    @cached_property
    def order(self) -> list[int]:
        """The numbers of the entries in force, in the happened order."""
        return happened_order(self.effective.graph, self.rooms)

    @cached_property
    def state(self) -> State:
        """All subjects, ever."""
        return fold(self.effective.graph.forms[number] for number in self.order)

    @property
    def position(self) -> int:
        """The highest number among the chosen entries; 0 if there are none."""
        return self.effective.entries[-1].number if self.effective.entries else 0

    def on(self, day: int, known_until: int | None = None) -> "View":
        """The same entries, read on another day."""
        view = View(self.effective, day, self.known_until if known_until is None else known_until)
        view.__dict__.update(rooms=self.rooms, order=self.order, state=self.state)
        return view

    def amid(self, number: int) -> "View":
        """The last day of an entry, as it stood right after it: the rest of that day has not happened yet.

        What follows in the happened order is moved to the next day. What may have happened before, still may have.
        """
        day = self.room(number).last
        after = islice(self.order, self._places[number] + 1, None)
        rest = takewhile(lambda later: self.room(later).last == day, after)
        moved = {later: Room(first if (first := self.room(later).first) < day else day + 1, day + 1) for later in rest}
        view = View(self.effective, day, self.known_until)
        found = replace(self.rooms, of={**self.rooms.of, **moved})
        view.__dict__.update(rooms=found, order=self.order, state=self.state)
        return view

    @cached_property
    def _places(self) -> dict[int, int]:
        """Where each entry in force stands in the happened order."""
        return {number: place for place, number in enumerate(self.order)}

    def form(self, number: int) -> Form:
        """What an entry in force states."""
        return self.effective.graph.forms[number]

    def room(self, number: int) -> Room:
        """The days on which an entry in force can have happened."""
        return self.rooms.of[number]

    def certain(self, number: int) -> bool:
        """Whether an entry in force has happened by the day for certain."""
        return self.rooms.of[number].last <= self.day

    @cached_property
    def undetermined(self) -> list[int]:
        """Entries that may have happened by the day and may not, in the happened order."""
        return [n for n in self.order if self.room(n).first <= self.day < self.room(n).last]

    @cached_property
    def conflicts(self) -> list[Contradiction]:
        """Contradictions and doubts among the chosen entries; replay never raises, it lists."""
        return [*sorted(contradictions(self.effective.graph), key=lambda c: (c.code, c.entries)), *self._doubts()]

    def _doubts(self) -> list[Contradiction]:
        graph = self.effective.graph
        found = [Contradiction("no-day-left", (number,)) for number in sorted(self.rooms.squeezed)]
        found.extend(Contradiction("order-doubtful", pair) for pair in self.rooms.reversed(graph))
        for number, form in sorted(graph.forms.items()):
            for cause in causes(form.telling):
                if cause in graph.forms and self.room(cause).first > self.room(number).last:
                    found.append(Contradiction("effect-before-cause", (cause, number)))
                elif not self.effective.in_force(cause):
                    found.append(Contradiction("cause-withdrawn", (cause, number)))
            if lost := [earlier for earlier in form.after if not self.effective.in_force(earlier)]:
                answered = set(form.telling.step.followed())
                found.extend(Contradiction("answered-withdrawn", (n, number)) for n in lost if n in answered)
                found.extend(Contradiction("after-withdrawn", (n, number)) for n in lost if n not in answered)
        looped = sorted(id_ for id_ in self.state if self._ring(id_))
        return [*found, *(Contradiction("under-itself", (self.state[id_].founded,), id_) for id_ in looped)]

    def since(self, subject: Subject) -> Room:
        """When a subject began."""
        return self.rooms.of[subject.founded]

    def until(self, subject: Subject) -> Room | None:
        """When a subject ended, or none. A lasting date that was over ends what it began."""
        if subject.ended is None:
            return None
        lasted = self.lasted_until(subject.ended) if subject.ended == subject.founded else None
        return lasted or self.rooms.of[subject.ended]

    def lasted_until(self, number: int) -> Room | None:
        """When it ended what an entry says lasted, if that was over when it was stated."""
        end = self.form(number).when.end
        return None if end is None else Room(max(end.first, self.room(number).first), end.last)

    def counted(self, id_: str | None) -> bool:
        """There on the day, as late as everything can have happened (SEMANTICS 5.2)."""
        subject = self.state.get(id_ or "")
        if subject is None or self.since(subject).last > self.day:
            return False
        until = self.until(subject)
        return until is None or self.day < until.last

    def _sure(self, subject: Subject) -> bool:
        until = self.until(subject)
        return self.since(subject).last <= self.day and (until is None or self.day < until.first)

    def _possible(self, subject: Subject) -> bool:
        until = self.until(subject)
        return self.since(subject).first <= self.day and (until is None or self.day < until.last)

    def read(self, subject: Subject, attribute: str) -> Reading:
        """The last certain assignment and its rivals (SEMANTICS 5.3).

        What came before any certain assignment of the value is no rival. Where nothing is assigned for certain, all
        that may have been is one.
        """
        history = subject.assigned.get(attribute, ())
        if len(history) == 1 and self.certain(history[0][0]):  # as mostly: told once
            return Reading(history[0][1], history[0][0])
        certain = [(number, value) for number, value in history if self.certain(number)]
        if not certain and not self.counted(subject.id):
            return NONE
        by, value = certain[-1] if certain else (None, None)
        return Reading(value, by, self.rivals(history))

    def rivals(self, history: Sequence[tuple[int, object]]) -> tuple[int, ...]:
        """Those of some entries, each with the value it gives, that may have come last as well, with another value."""
        certain = [value for number, value in history if self.certain(number)]
        value = certain[-1] if certain else None
        equal = [number for number, other in history if other == value and self.certain(number)]
        return tuple(
            number
            for number, other in history
            if other != value
            and self.room(number).first <= self.day
            and not any(self.surely_before(number, later) for later in equal)
        )

    def surely_before(self, number: int, later: int) -> bool:
        """Whether an entry happened before another one, however the open dates turn out."""
        return self.room(number).last < self.room(later).first or self._needed_by(later, number)

    def _needed_by(self, number: int, earlier: int) -> bool:
        """Whether a chain of needs says that `earlier` did not come later than `number`."""
        seen, todo = {number}, [number]
        while todo:
            for need in self.effective.graph.needs(todo.pop()) - seen:
                if need == earlier:
                    return True
                seen.add(need)
                todo.append(need)
        return False

    def _climb(self, id_: str) -> tuple[str | None, list[str]]:
        """The nearest counted subject above, and those passed on the way (SEMANTICS 5.4)."""
        passed: list[str] = []
        at = self._above(self.state[id_])
        while at is not None and at in self.state and not self.counted(at) and at not in passed:
            passed.append(at)
            subject = self.state[at]
            heir = self.read(subject, "heir").value if self._ended(subject) else None
            at = heir if isinstance(heir, str) else self._above(subject)
        return (at if at is not None and self.counted(at) else None), passed

    def _ended(self, subject: Subject) -> bool:
        until = self.until(subject)
        return until is not None and until.last <= self.day

    def _above(self, subject: Subject) -> str | None:
        value = self.read(subject, "parent").value
        return value if isinstance(value, str) else None

    @cached_property
    def _climbs(self) -> dict[str, tuple[str | None, list[str]]]:
        """The ways up that were asked for so far."""
        return {}

    def _way_up(self, id_: str) -> tuple[str | None, list[str]]:
        """Where a level or a body of the day stands, and what was passed on the way; nowhere what is not there."""
        if id_ not in self._climbs:
            there = self.state[id_].kind in PLACE and self.counted(id_)
            self._climbs[id_] = self._climb(id_) if there else (None, [])
        return self._climbs[id_]

    def _ring(self, id_: str) -> list[str]:
        """Those under which a subject would come to stand, itself among them, if it would stand under itself."""
        path: list[str] = []
        at: str | None = id_
        while at is not None and at not in path:
            path.append(at)
            at, _ = self._way_up(at)
        return path if at == id_ else []

    @cached_property
    def _standings(self) -> dict[str, Standing]:
        """Those that were asked for so far: a page asks for each several times."""
        return {}

    def standing(self, id_: str) -> Standing:
        """All there is to say about one subject on the day."""
        if id_ not in self._standings:
            self._standings[id_] = self._stands(id_)
        return self._standings[id_]

    def _stands(self, id_: str) -> Standing:
        subject = self.state[id_]
        told_parent, told_level = self.read(subject, "parent"), self.read(subject, "level")
        above, _ = self._way_up(id_)
        looped = bool(self._ring(id_))
        parent = None if looped else above
        level = told_level.value if isinstance(told_level.value, str) and self.counted(told_level.value) else None
        readings = {
            attribute: self.read(subject, attribute)
            for attribute in subject.assigned
            if attribute not in ("parent", "level", "name")
        }
        return Standing(
            subject=subject,
            counted=self.counted(id_),
            sure=self._sure(subject),
            possible=self._possible(subject),
            parent=parent,
            inferred=subject.kind in PLACE and self.counted(id_) and parent != told_parent.value,
            looped=looped,
            told_parent=told_parent,
            level=level,
            told_level=told_level,
            name=self.read(subject, "name"),
            attributes=readings,
        )

    def rests_on(self, id_: str) -> frozenset[int]:
        """The entries that a standing follows from: its own, those of what was passed on the way up, and the bounds."""
        found: set[int] = set()
        above, passed = self._way_up(id_)
        for name in {id_, *passed, *self._ring(id_), *([above] if above else [])}:
            subject = self.state[name]
            found.add(subject.founded)
            found.update([subject.ended] if subject.ended is not None else [])
            for attribute in subject.assigned:
                reading = self.read(subject, attribute)
                found.update(reading.rivals, [reading.by] if reading.by is not None else [])
        level = self.read(self.state[id_], "level").value
        if isinstance(level, str) and level in self.state:
            found.add(self.state[level].founded)
            found.update([ended] if (ended := self.state[level].ended) is not None else [])
        for number in tuple(found):
            found |= self.rooms.bounding(number)
        return frozenset(found)
