"""The semantics a second time, written the slow way round, to check `domain/` against.

The domain folds and looks for shortest paths; this tries out how the open dates can turn out. A *world* gives every
entry in force one day within its stated bounds, such that nothing came later than what needs it. What is true in
every world is sure, the days that an entry has in some world are its room, and where no world is left the dates
contradict each other. From the domain it takes only the reading of an EDTF text and what each step means.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from itertools import pairwise
from math import prod
from zoneinfo import ZoneInfo

from domain.decisions import DecisionTaken
from domain.entry import Entry
from domain.feedback import FeedbackAnswered
from domain.meaning import Meaning
from domain.process import ProcessOpened
from domain.publication import About, EntryCorrected, EntryPublished, EntryWithdrawn, Telling, TextsErased
from domain.when import stated

NO_FIRST_DAY = 0

Days = tuple[int, int]
"""First and last day, as ordinals; both included."""


# ---- which entries, in which form (SEMANTICS 2, 8.1) ----------------------------------------------------------------


def holds(entries: Sequence[Entry], number: int) -> bool:
    """Whether an entry is in force: nothing that withdraws it is (2.2)."""
    return not any(
        isinstance(entry.statement.step, EntryWithdrawn)
        and entry.statement.step.target == number
        and holds(entries, entry.number)
        for entry in entries
    )


def public_from(entries: Sequence[Entry], number: int) -> datetime | None:
    """The earliest instant that a publication in force gives an entry, or gives itself; an erasure goes with its target
    (8.1).
    """
    for entry in entries:
        step = entry.statement.step
        if entry.number == number and isinstance(step, TextsErased):
            since = public_from(entries, int(step.target))
            return since and max(since, entry.recorded_at)
    instants = [
        max(entry.recorded_at, entry.statement.step.not_before or entry.recorded_at)
        for entry in entries
        if isinstance(entry.statement.step, EntryPublished)
        and (number == entry.number or number in entry.statement.step.targets)
        and holds(entries, entry.number)
    ]
    return min(instants) if instants else None


def chosen(
    entries: Sequence[Entry], known_by: datetime | None = None, published_by: datetime | None = None
) -> list[Entry]:
    """What had been recorded by the one instant and was public by the other (2.1)."""

    def public(number: int) -> bool:
        since = public_from(entries, number)
        return published_by is None or (since is not None and since <= published_by)

    return [e for e in entries if (known_by is None or e.recorded_at <= known_by) and public(e.number)]


@dataclass(frozen=True)
class Told:
    """One entry in force: what it states, and the days this leaves open before any other entry is asked."""

    number: int
    telling: Telling
    meaning: Meaning
    days: Days
    refusing: Days
    end: Days | None

    @property
    def founds(self) -> set[str]:
        return {subject for subject, _ in self.meaning.founds}

    @property
    def ends(self) -> set[str]:
        return {use.subject for use in self.meaning.ends}

    @property
    def uses(self) -> set[str]:
        return {use.subject for use in self.meaning.uses}

    @property
    def after(self) -> tuple[int | str, ...]:
        told = self.telling.occurred.after if self.telling.occurred else ()
        match self.telling.step:
            case FeedbackAnswered(feedback=feedback):
                return (*told, feedback)
            case DecisionTaken(settles=settles):
                return (*told, *settles)
        return told

    def needs(self, other: "Told") -> bool:
        """Whether the other one did not come later (4.1)."""
        return self.number != other.number and bool(
            other.founds & (self.uses | self.ends) or other.number in self.after or self.ends & other.uses
        )


def tellings(entries: Sequence[Entry]) -> dict[int, Told]:
    """Every entry in force in the form of its last correction in force (2.3), dated by 1.2 to 1.5."""
    opening = entries[0].statement.step if entries else None
    zone = ZoneInfo(opening.zone if isinstance(opening, ProcessOpened) else "Europe/Berlin")
    found = {}
    for entry in entries:
        if isinstance(entry.statement.step, About):
            continue
        if not holds(entries, entry.number):
            continue
        forms: list[tuple[Entry, Telling]] = [(entry, entry.statement)]
        for later in entries:
            step = later.statement.step
            if isinstance(step, EntryCorrected) and step.target == entry.number and holds(entries, later.number):
                forms.append((later, step.corrected))
        dated = max(i for i in range(len(forms)) if i == 0 or _edtf(forms[i][1]) != _edtf(forms[i - 1][1]))
        stated_on = forms[dated][0].recorded_at.astimezone(zone).date().toordinal()
        found[entry.number] = _told(entry.number, forms[-1][1], stated_on)
    return found


def _edtf(telling: Telling) -> str | None:
    return telling.occurred.edtf if telling.occurred else None


def _told(number: int, telling: Telling, stated_on: int) -> Told:
    edtf = _edtf(telling)
    if edtf is None:
        days = (NO_FIRST_DAY, stated_on)
        return Told(number, telling, telling.meaning(), days, days, None)
    reading = stated(edtf)
    days = (reading.begin.first, min(reading.begin.last, stated_on))
    over = reading.end if reading.end is not None and reading.end.last <= stated_on else None
    return Told(
        number=number,
        telling=telling,
        meaning=telling.meaning(),
        days=days,
        refusing=days if reading.begin.firm else (NO_FIRST_DAY, stated_on),
        end=(over.first, over.last) if over else None,
    )


# ---- worlds (SEMANTICS 4, 11.3) -------------------------------------------------------------------------------------

World = Mapping[int, int]
"""A day for every moment. A moment is an entry, or, as `-number`, the end of what an entry says lasted."""


def worlds(
    bounds: Mapping[int, Days], needs: Mapping[int, set[int]], read_on: Sequence[int] = ()
) -> Iterator[dict[int, int]]:
    """Every way in which the open dates of these moments can turn out.

    Needs only say "not later". So where no bound lies between two days, what one of them allows the other does as
    well, and of every such stretch the first day is tried for all. The days that are read on divide stretches, too.
    """
    days = starts(bounds, read_on)
    moments = sorted(bounds, key=lambda moment: (abs(moment), moment < 0))

    def turn_out(world: dict[int, int], rest: list[int]) -> Iterator[dict[int, int]]:
        if not rest:
            yield dict(world)
            return
        moment, *others = rest
        first, last = bounds[moment]
        first = max([first, *(world[m] for m in needs[moment] if m in world)])
        last = min([last, *(day for m, day in world.items() if moment in needs[m])])
        for day in days:
            if first <= day <= last:
                world[moment] = day
                yield from turn_out(world, others)
                del world[moment]

    return turn_out({}, moments)


def starts(bounds: Mapping[int, Days], read_on: Sequence[int] = ()) -> list[int]:
    """The first day of every stretch of days within which no bound lies; the last one is after all of them."""
    ends = {last for _, last in bounds.values()}
    return sorted({first for first, _ in bounds.values()} | {day + 1 for day in ends.union(read_on)})


def tries(bounds: Mapping[int, Days], read_on: Sequence[int] = ()) -> int:
    """How many ways to turn out there are if no needs are asked."""
    days = starts(bounds, read_on)
    return prod(sum(first <= day <= last for day in days) for first, last in bounds.values())


def by_equations(bounds: Mapping[int, Days], needs: Mapping[int, set[int]]) -> dict[int, Days]:
    """The rooms by the two equations of 4.2, for where no world is left; each is repeated until nothing moves."""
    late = {moment: last for moment, (_, last) in bounds.items()}
    early = {moment: first for moment, (first, _) in bounds.items()}
    before = None
    while before != (late, early):
        before = (dict(late), dict(early))
        for moment, (first, last) in bounds.items():
            late[moment] = max(first, min([last, *(late[n] for n in bounds if moment in needs[n])]))
            early[moment] = min(last, max([first, *(early[m] for m in needs[moment])]))
    return {m: (early[m], late[m]) if early[m] <= late[m] else bounds[m] for m in bounds}


class Picture:
    """What chosen entries say, and every way it can have been."""

    def __init__(self, entries: Sequence[Entry], read_on: Sequence[int] = ()) -> None:
        self.entries, self.read_on = entries, read_on
        self.told = tellings(entries)
        self.needs = {n: {m for m in self.told if self.told[n].needs(self.told[m])} for n in self.told}
        self.needs |= {-n: {n} for n, told in self.told.items() if told.end is not None}
        self.bounds = {n: told.days for n, told in self.told.items()}
        self.bounds |= {-n: told.end for n, told in self.told.items() if told.end is not None}

    def tied(self, bounds: Mapping[int, Days]) -> list[dict[int, Days]]:
        """The moments in groups, such that no need leads from one group to another."""
        groups: list[set[int]] = []
        for moment in bounds:
            near = {moment} | (self.needs[moment] & bounds.keys())
            joined = near.union(*(group for group in groups if group & near))
            groups = [*(group for group in groups if not group & near), joined]
        return [{moment: bounds[moment] for moment in group} for group in groups]

    @cached_property
    def worlds(self) -> dict[int, list[dict[int, int]]]:
        """For every moment, all worlds of the moments it is tied to."""
        found: dict[int, list[dict[int, int]]] = {}
        for group in self.tied(self.bounds):
            ways = list(worlds(group, self.needs, self.read_on))
            found |= dict.fromkeys(group, ways)
        return found

    def tries(self) -> int:
        """How many ways to turn out would have to be looked at, at most."""
        return sum(tries(group, self.read_on) for group in self.tied(self.bounds))

    @cached_property
    def rooms(self) -> dict[int, Days]:
        """The days of every moment: those it has in some world, or what the equations say if there is none."""
        return self.rooms_within(self.bounds, lambda group: list(self.worlds[min(group)]))

    def rooms_within(
        self, bounds: Mapping[int, Days], ways: Callable[[dict[int, Days]], list[dict[int, int]]] | None = None
    ) -> dict[int, Days]:
        """The same for any bounds."""
        found: dict[int, Days] = {}
        for group in self.tied(bounds):
            known = ways(group) if ways else list(worlds(group, self.needs))
            if not known:
                found |= by_equations(group, self.needs)
                continue
            days = starts(group, self.read_on)
            for moment in group:
                tried = {world[moment] for world in known}
                stretch_ends = {day: after - 1 for day, after in pairwise(days)}
                found[moment] = (min(tried), stretch_ends[max(tried)])
        return found

    @cached_property
    def possible(self) -> bool:
        """Whether any world is left with the stated bounds."""
        return all(self.worlds.values())

    # ---- subjects (SEMANTICS 3, 5.2, 5.6) ---------------------------------------------------------------------------

    @cached_property
    def founders(self) -> dict[str, int]:
        """Who founds what; of two the lower number."""
        return {subject: n for n in sorted(self.told, reverse=True) for subject in self.told[n].founds}

    @cached_property
    def enders(self) -> dict[str, int]:
        """The moment at which something ends; of two the one of the lower number."""
        found: dict[str, int] = {}
        for n in sorted(self.told, reverse=True):
            told = self.told[n]
            found |= dict.fromkeys(told.ends, n)
            found |= {s: -n for s in told.founds if told.end is not None and self.founders[s] == n}
        return found

    def there(self, world: World, subject: str, day: int) -> bool:
        """Whether a subject had begun by a day and not yet ended."""
        ender = self.enders.get(subject)
        return world[self.founders[subject]] <= day and (ender is None or day < world[ender])

    def there_in(self, subject: str, day: int) -> set[bool]:
        """Whether it was there, in each world."""
        return {self.there(world, subject, day) for world in self.worlds[self.founders[subject]]}

    def assigning(self, subject: str, attribute: str) -> dict[int, object]:
        """The entries that assign a value, each with its last value; a void founding assigns nothing (5.6)."""
        return {
            n: n if attribute == "name" else assignment.value
            for n, told in self.told.items()
            for assignment in told.meaning.assigns
            if (assignment.subject, assignment.attribute) == (subject, attribute)
            and (subject not in told.founds or self.founders[subject] == n)
        }

    def values_in(self, subject: str, attribute: str, day: int) -> set[object]:
        """Every value that the last assignment by a day has in some world and in some order of a day's entries."""
        values = self.assigning(subject, attribute)
        found: set[object] = set()
        for world in self.worlds[self.founders[subject]]:
            by_then = [n for n in values if world[n] <= day]
            latest = [n for n in by_then if world[n] == max(world[m] for m in by_then)]
            found |= {values[n] for n in latest if not any(n in self.all_needs(m) for m in latest)}
            if not by_then:
                found.add(None)
        return found

    def all_needs(self, number: int) -> frozenset[int]:
        """Everything that did not come later, along chains of needs."""
        return self._all_needs(number)

    @cached_property
    def _all_needs(self) -> Callable[[int], frozenset[int]]:
        @cache
        def reach(number: int) -> frozenset[int]:
            found: set[int] = set()
            todo = [number]
            while todo:
                more = self.needs[todo.pop()] - found
                found |= more
                todo.extend(more)
            return frozenset(found)

        return reach

    # ---- the view: a plain replay of the latest world (SEMANTICS 4.3, 5.1, 5.4) --------------------------------------

    def order(self) -> list[int]:
        """Day by day; within a day the smallest of those that need nothing that is left, or the smallest (4.3)."""
        left, taken = set(self.told), list[int]()
        while left:
            day = min(self.rooms[n][1] for n in left)
            today = {n for n in left if self.rooms[n][1] == day}
            free = {n for n in today if not self.needs[n] & today} or today
            taken.append(min(free, key=lambda n: (self.rooms[n][0], n)))
            left.discard(taken[-1])
        return taken

    def on(self, day: int) -> "Structure":
        """The structure on a day of the world in which everything happened as late as it can have."""
        begun: set[str] = set()
        ended = {s for s, moment in self.enders.items() if moment < 0 and self.rooms[moment][1] <= day}
        said: dict[tuple[str, str], object] = {}
        for n in self.order():
            if self.rooms[n][1] > day:
                break
            told = self.told[n]
            begun |= {s for s in told.founds if self.founders[s] == n}
            ended |= {s for s in told.ends if self.enders[s] == n}
            for assignment in told.meaning.assigns:
                subject, attribute = assignment.subject, assignment.attribute
                founder = self.founders.get(subject)
                if founder is not None and (subject not in told.founds or founder == n):
                    said[subject, attribute] = n if attribute == "name" else assignment.value
        return Structure(begun - ended, ended, said)


@dataclass(frozen=True)
class Structure:
    """Who is there on a day, who is gone, and what was said of them."""

    there: set[str]
    ended: set[str]
    said: dict[tuple[str, str], object]

    def told_parent(self, subject: str) -> object:
        return self.said.get((subject, "parent"))

    def nearest(self, place: object, passed: frozenset[object] = frozenset()) -> object:
        """The place itself if it is there, else its heir if it ended with one, else what it was under (5.4)."""
        if place is None or place in passed or place in self.there:
            return None if place in passed else place
        heir = self.said.get((str(place), "heir")) if place in self.ended else None
        return self.nearest(heir or self.told_parent(str(place)), passed | {place})

    def parent(self, subject: str) -> object:
        """The effective parent; what would come to stand under itself stands directly under the process."""
        return None if self.rings(subject) else self.nearest(self.told_parent(subject))

    def rings(self, subject: str) -> bool:
        """Whether following the nearest places leads back to the subject."""
        seen: set[object] = set()
        at = self.nearest(self.told_parent(subject))
        while at is not None and at not in seen:
            if at == subject:
                return True
            seen.add(at)
            at = self.nearest(self.told_parent(str(at)))
        return False

    def level(self, subject: str) -> object:
        """The level told, while it is there (5.5)."""
        level = self.said.get((subject, "level"))
        return level if level in self.there else None
