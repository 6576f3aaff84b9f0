"""What needs care: everything in a process that waits for its office on a day, by what kind of care it needs.

Nothing here is worked out twice: what is open, lacking or contradictory is read from the registers that say so.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final, Literal

from pydantic import Field

from domain.feedback import FeedbackReceived
from domain.meetings import MeetingHeld
from domain.publication import EntryPublished
from domain.replay import Form
from domain.view import View
from projections.completeness import completeness
from projections.governance import Conflict, conflict
from projections.meetings import meetings
from projections.open_items import open_items
from projections.telling import Line, Shown, line, told

Kind = Literal[
    "review",
    "promise-overdue",
    "meeting",
    "filling",
    "feedback",
    "question",
    "promise-open",
    "embargo",
    "internal",
    "contradiction",
    "order",
    "perhaps",
    "no-method",
    "no-reason",
    "no-source",
    "no-date",
    "unreached",
]

DAYS: Final = 28
"""After how many days feedback should have an answer and an entry be public; and how far ahead one looks."""

YEAR: Final = 365
"""After how many days an organisation counts as not reached."""


Registered = Mapping[str, tuple[int, int]]
"""Of a meeting by its id: how many have a place, and how many wait. It is kept beside the entries."""

FILLING: Final = (4, 5)
"""From which share of its places a meeting counts as filling up."""


class Concern(Shown):
    """One thing that waits: the entry it is about, and whatever else tells of it."""

    line: Line
    subject: str | None = Field(default=None, description="the id of what it is about: a decision, a commitment …")
    days: int | None = Field(default=None, description="for how many days it has waited at least; null: not known")
    until: datetime | None = Field(default=None, description="when it settles itself: the end of an embargo")
    entries: list[int] = Field(default=[], description="other entries that are concerned")
    conflict: Conflict | None = None
    taken: int | None = Field(default=None, description="how many places of a meeting are taken")
    places: int | None = Field(default=None, description="how many places a meeting has")
    waiting: int | None = Field(default=None, description="how many wait for a place")


class Care(Shown):
    """All that needs care, the most pressing kind first; `days` is the number of days that was asked with."""

    days: int
    concerns: dict[str, list[Concern]] = Field(description="by kind")


def care(view: View, days: int = DAYS, registered: Registered = MappingProxyType({})) -> Care:
    """What needs care on the view's day, and of meetings that people register for: which fill up."""
    items, lacking = open_items(view), completeness(view)
    promises = {
        standing: [made for made in items.commitments if made.standing == standing] for standing in ("silent", "open")
    }
    waiting = [found for found in _each(view, (feedback.entry for feedback in items.feedback)) if _long(found, days)]
    return Care(
        days=days,
        concerns={
            "review": [
                Concern(line=line(view, found.entry), subject=found.id, days=_since(view, found.review_on))
                for found in items.reviews
            ],
            "promise-overdue": [Concern(line=line(view, made.entry), subject=made.id) for made in promises["silent"]],
            "meeting": [
                Concern(line=line(view, found.entries[0]), subject=found.id, entries=found.entries[1:])
                for found in meetings(view)
                if found.standing == "not-reported"
            ],
            "filling": list(_filling(view, registered)),
            "feedback": waiting,
            "question": list(_each(view, (question.entry for question in items.questions))),
            "promise-open": [Concern(line=line(view, made.entry), subject=made.id) for made in promises["open"]],
            "embargo": list(_embargoes(view, days)),
            "internal": list(_internal(view, days)),
            "contradiction": [
                Concern(line=line(view, found.entries[0]), entries=list(found.entries[1:]), conflict=conflict(found))
                for found in view.conflicts
                if found.entries
            ],
            "order": list(_orders(view)),
            "perhaps": list(_each(view, view.undetermined)),
            "no-method": list(_each(view, lacking.decisions_without_method.entries)),
            "no-reason": list(_each(view, lacking.without_reason.entries)),
            "no-source": list(_each(view, lacking.without_source.entries)),
            "no-date": list(_each(view, lacking.dates["unknown"])),
            "unreached": list(_unreached(view)),
        },
    )


def _filling(view: View, registered: Registered) -> Iterator[Concern]:
    """Meetings ahead whose places are nearly gone: whoever invites wants a larger room, or a second day."""
    part, of = FILLING
    for found in meetings(view):
        taken, waiting = registered.get(found.id, (0, 0))
        if found.standing == "planned" and found.places is not None and taken and taken * of >= found.places * part:
            shown = line(view, found.entries[0])
            yield Concern(line=shown, subject=found.id, taken=taken, places=found.places, waiting=waiting)


def _each(view: View, entries: Iterable[int]) -> Iterator[Concern]:
    """Entries with the days that have passed since they happened, if that is known."""
    for number in entries:
        last = view.room(number).last
        yield Concern(line=line(view, number), days=view.day - last if last <= view.day else None)


def _long(found: Concern, days: int) -> bool:
    return found.days is not None and found.days >= days


def _since(view: View, day: date | None) -> int | None:
    return None if day is None else view.day - day.toordinal()


def _day(view: View, instant: datetime) -> int:
    return instant.astimezone(view.effective.zone).toordinal()


def _embargoes(view: View, days: int) -> Iterator[Concern]:
    """Publications that take effect soon: until then they can be taken back."""
    for entry in view.effective.entries:
        step = entry.statement.step
        if not isinstance(step, EntryPublished) or step.not_before is None or not view.effective.in_force(entry.number):
            continue
        if 0 <= _day(view, step.not_before) - view.day <= days:
            yield Concern(line=line(view, entry.number), until=step.not_before, entries=list(entry.targets))


def _internal(view: View, days: int) -> Iterator[Concern]:
    """What was recorded long ago and is neither public nor set down to be."""
    for entry in view.effective.entries:
        waited = view.day - _day(view, entry.recorded_at)
        published = isinstance(entry.statement.step, EntryPublished)
        if not published and waited >= days and view.effective.public_from(entry.number) is None:
            yield Concern(line=line(view, entry.number), days=waited)


def _orders(view: View) -> Iterator[Concern]:
    """What has a value on the day of which it is not known whether another came later."""
    for id_, subject in view.state.items():
        for attribute in subject.assigned if view.counted(id_) else ():
            reading = view.read(subject, attribute)
            if reading.rivals:
                first, *others = sorted({*reading.rivals, *([] if reading.by is None else [reading.by])})
                yield Concern(line=line(view, first), subject=id_, entries=others)


def _unreached(view: View) -> Iterator[Concern]:
    """Organisations that no meeting and no feedback tells of for a year, those longest not reached first."""
    last: dict[str, int] = {}
    telling: list[tuple[Form, MeetingHeld | FeedbackReceived]]
    telling = [*told(view, MeetingHeld), *told(view, FeedbackReceived)]
    for form, step in telling:
        over = (view.lasted_until(form.number) or view.room(form.number)).last
        named = _there(step) if isinstance(step, MeetingHeld) else step.speakers
        last |= {actor: max(over, last.get(actor, 0)) for actor in named}
    actors = [s for s in view.state.values() if s.kind == "actor" and view.counted(s.id)]
    for actor in sorted(actors, key=lambda found: (last.get(found.id, 0), found.id)):
        days = view.day - last[actor.id] if actor.id in last else None
        if days is None or days >= YEAR:
            yield Concern(line=line(view, actor.founded), subject=actor.id, days=days)


def _there(step: MeetingHeld) -> list[str]:
    return [actor for _, given in step.attendance() for actor in given.actors]
