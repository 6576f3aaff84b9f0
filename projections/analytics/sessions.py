"""Who was at which meeting, as far as it is recorded: what load, overlap, continuity and network are counted from."""

from collections.abc import Iterable
from datetime import date
from math import inf
from typing import NamedTuple

from domain.meetings import MeetingHeld
from domain.view import View, once
from projections.meetings import over
from projections.telling import told

NOBODY: frozenset[str] = frozenset()


class Session(NamedTuple):
    """A meeting that was held, or several told as one.

    `attended` is `None` where it is not recorded who was there; `either` are those of whom the source says that they
    were invited or there, and does not say which. Persons are counted apart from organisations.
    """

    entry: int
    first: int
    last: int
    over: int
    """First and last day on which it can have begun, and the day on which it was over for certain."""
    least: int
    most: float
    bodies: tuple[str, ...]
    attended: frozenset[str] | None
    either: frozenset[str]
    invited: frozenset[str]
    persons: tuple[float, float] | None

    @property
    def recorded(self) -> bool:
        """Whether it is recorded by name who was there."""
        return self.attended is not None

    @property
    def there(self) -> frozenset[str]:
        return self.attended or NOBODY

    @property
    def perhaps(self) -> frozenset[str]:
        """All who may have been there."""
        return self.there | self.either

    def certain(self, day: int) -> bool:
        """Whether all of it was over by a day."""
        return self.over <= day

    def times(self, actor: str) -> tuple[float, float]:
        """How often an actor was there: of several meetings told as one at least once, and at most at each."""
        if actor in self.there:
            return 1, self.most
        return 0, self.most if actor in self.either else 0


@once
def sessions(view: View) -> list[Session]:
    """Every meeting that was held or may have been by the day, in the happened order."""
    found = []
    for form, step in told(view, MeetingHeld):
        room, given = view.room(form.number), step.meetings
        facts = {fact: frozenset(attendance.actors) for fact, attendance in step.attendance()}
        persons = None if step.attended is None else step.attended.persons
        found.append(
            Session(
                entry=form.number,
                first=room.first,
                last=room.last,
                over=over(view, form)[0],
                least=given.at_least or 1,
                most=inf if given.at_most is None else given.at_most,
                bodies=step.bodies,
                attended=facts.get("attended") or None,  # words or a number of persons name nobody
                either=facts.get("invited_or_attended", NOBODY),
                invited=facts.get("invited", NOBODY),
                persons=None
                if persons is None
                else (persons.at_least or 0, inf if persons.at_most is None else persons.at_most),
            )
        )
    return found


def months_before(day: int, months: int) -> int:
    """The same day of the month so many months before, or the last one of that month."""
    at = date.fromordinal(day)
    month = at.year * 12 + at.month - 1 - months
    if month < 12:
        return 1
    year, month = divmod(month, 12)
    for last in (at.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(at.day, last)).toordinal()
        except ValueError:
            continue
    raise AssertionError


def entries_of(found: Iterable[Session]) -> list[int]:
    return sorted({session.entry for session in found})
