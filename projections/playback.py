"""A process played back, stop by stop: along what happened, along what was recorded, or as the public learned of it.

Every stop is a view of its own, with all that had happened, was recorded or was public by then. What differs between
two stops is told by `difference`; all differences together are the one between the first and the last view.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Final, Literal
from weakref import WeakKeyDictionary

from domain.replay import Effective
from domain.view import View, once
from projections.publicly import publicly
from projections.timeline import kind_of

Order = Literal["happened", "known", "public"]
"""happened: as it was · known: as it was recorded · public: as it was published."""

Pace = Literal["day", "entry"]
"""A stop for each day, or for each entry. What became public at one instant did so together, and is one stop."""

Asked = tuple[Order, Pace, int | datetime, int]
"""What a view of a stop is known by: order, pace, the entry or the instant, and the day."""

KEPT: Final = 4
"""So many views that were looked at last are kept for each order: whoever goes on needs the last one, and does not lose
it to others who go along another order.
"""


@dataclass(frozen=True, slots=True)
class Stop:
    """A point on the way: the entries that come in with it, on which day – and when exactly they became public."""

    numbers: tuple[int, ...]
    day: int
    kinds: frozenset[str]
    at: datetime | None = None

    @property
    def last(self) -> int:
        """The entry that it is known by, whatever is recorded later."""
        return self.numbers[-1]


@dataclass(frozen=True, slots=True)
class Track:
    """All stops of a view in one order, and how to look at each."""

    view: View
    order: Order
    pace: Pace
    stops: Sequence[Stop]
    whole: bool = True
    """Whether every entry comes in at one of the stops."""

    def seen(self, place: int) -> View:
        """The process at a stop; before the first one nothing has happened, is recorded or public."""
        if place < 0:
            return View(Effective(), self.view.day) if self.order != "happened" else self._before()
        before = self._asked(place - 1) if place > 0 else None
        return _kept_or(self.view.effective, self._asked(place), before, lambda: self._made(place))

    def _asked(self, place: int) -> Asked:
        stop = self.stops[place]
        return self.order, self.pace, stop.at or stop.last, self.view.day

    def _made(self, place: int) -> View:
        stop, view = self.stops[place], self.view
        if self.order == "happened":
            return view.on(stop.day) if self.pace == "day" else view.amid(stop.last)
        before = _kept_view(view.effective, self._asked(place - 1)) if place > 0 and self.whole else None
        if before is not None and min(stop.numbers) > before.position:
            return _grown(view, before, stop.numbers).on(view.day)
        made = _recorded(view, stop.last) if stop.at is None else publicly(view, stop.at)
        return made.on(view.day)

    def _before(self) -> View:
        return self.view.on(self.stops[0].day - 1 if self.stops else self.view.day)

    def by_day(self, day: int) -> int:
        """The last stop by a day, or -1."""
        return bisect_right(self.stops, day, key=lambda stop: stop.day) - 1

    def by_entry(self, number: int) -> int | None:
        """The stop at which an entry comes in, if it does."""
        return next((place for place, stop in enumerate(self.stops) if number in stop.numbers), None)


def track(view: View, order: Order, pace: Pace = "day", kind: str | None = None, *, now: datetime) -> Track:
    """The way through a view: what has happened by its day, or is recorded, or public by `now`.

    With a `kind` only the stops at which entries of that kind come in; each shows all the others, too.
    """
    stops = [
        stop for stop in _stops(view, order, pace) if kind in (None, *stop.kinds) and (not stop.at or stop.at <= now)
    ]
    return Track(view, order, pace, stops, whole=kind is None)


@once
def _stops(view: View, order: Order, pace: Pace) -> list[Stop]:
    match order:
        case "happened":
            certain = [(view.room(n).last, n) for n in view.order if view.certain(n)]
            return list(_grouped(view, certain, pace, None))
        case "known":
            recorded = [(view.effective.day(e.recorded_at), e.number) for e in view.effective.entries]
            return list(_grouped(view, recorded, pace, None))
        case "public":
            log = view.effective
            since = [(at, entry.number) for entry in log.entries if (at := log.public_from(entry.number)) is not None]
            return list(_published(view, sorted(since), pace))


def _grouped(view: View, found: Sequence[tuple[int, int]], pace: Pace, at: datetime | None) -> Iterator[Stop]:
    """Entries by their day, or each by itself."""
    if pace == "entry":
        yield from (Stop((number,), day, _kinds(view, (number,)), at) for day, number in found)
        return
    for day, group in groupby(found, key=lambda each: each[0]):
        numbers = tuple(number for _, number in group)
        yield Stop(numbers, day, _kinds(view, numbers), at)


def _published(view: View, found: Sequence[tuple[datetime, int]], pace: Pace) -> Iterator[Stop]:
    """Entries by when they became public: by the instant, or by the day with its last instant."""
    log = view.effective
    for _, group in groupby(found, key=lambda each: log.day(each[0]) if pace == "day" else each[0]):
        together = list(group)
        numbers, at = tuple(number for _, number in together), together[-1][0]
        yield Stop(numbers, log.day(at), _kinds(view, numbers), at)


def _kinds(view: View, numbers: Sequence[int]) -> frozenset[str]:
    """What kinds of entry there are among some; what is about another entry is of its kind."""
    log, kinds = view.effective, set()
    for number in numbers:
        entry = log.by_number[log.roots.get(number) or number]
        if not entry.about_entries:
            kinds.add(kind_of(entry.statement.step.type))
    return frozenset(kinds)


# ---- views that are kept ---------------------------------------------------------------------------------------------

_kept: Final[WeakKeyDictionary[Effective, tuple[tuple[Asked, View], ...]]] = WeakKeyDictionary()
"""By the entries that are played back, as long as a view of them is held. Whoever adds one puts a new tuple there."""


def _kept_view(log: Effective, asked: Asked) -> View | None:
    return next((view for key, view in _kept.get(log, ()) if key == asked), None)


def _kept_or(log: Effective, asked: Asked, before: Asked | None, make: Callable[[], View]) -> View:
    """A view that was looked at a moment ago, with all that was read of it; else it is made.

    The one of the stop before is kept as well: whoever looks at a stop looks at what has changed, too.
    """
    found = _kept_view(log, asked) or make()  # two who ask at once both make it: neither waits for the other
    kept = [(key, view) for key, view in _kept.get(log, ()) if key != asked]
    others = [(key, view) for key, view in kept if key[0] != asked[0]]
    along = sorted(((key, view) for key, view in kept if key[0] == asked[0]), key=lambda each: each[0] == before)
    _kept[log] = (*others, *along[1 - KEPT :], (asked, found))
    return found


def _grown(view: View, before: View, numbers: Sequence[int]) -> View:
    """The view of the stop before with the entries that come in: it is not folded from the first entry again."""
    shown = before.effective.copy()
    for number in sorted(numbers):
        shown.append(view.effective.by_number[number])
    return View(shown, view.day)


def _recorded(view: View, upto: int) -> View:
    log = view.effective
    shown = Effective(islice(log.entries, bisect_right(log.entries, upto, key=lambda entry: entry.number)))
    shown.zone = log.zone
    return View(shown, view.day)
