"""Meetings: announced, changed, held – and who was invited, registered, there or excused."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated, ClassVar, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from domain.errors import invalid
from domain.fields import Count, Id, Ids, Model, Quantity, RequiredText, Text
from domain.meaning import Assignment, Meaning, parties, use
from domain.process import Zone
from domain.schemes import Degree
from domain.step import Step

MeetingKind = Literal[
    "assembly",
    "working-session",
    "workshop",
    "network-event",
    "information-event",
    "training",
    "interview",
    "regular",
    "other",
]
"""What kind of meeting; `regular` is a jour fixe."""

Format = Literal["in-person", "online", "hybrid"]


def _existing(local: str) -> str:
    """A day of the calendar, with or without the time of a clock, of a year that every zone has instants for."""
    try:
        year = datetime.fromisoformat(local).year
    except ValueError:
        raise invalid("local-time-none", given=local) from None
    if not 1000 <= year <= 9998:
        raise invalid("instant-out-of-range", first=1000, last=9998)
    return local


LocalTime = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?$"),
    AfterValidator(_existing),
    Field(examples=["2021-06-30T10:00", "2021-06-30"]),
]
"""When a meeting begins or ends, as clocks at its place show it; a day alone where no time was told."""

ClockTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""The time of a clock: 10:15."""


def day_of(local: str) -> date:
    """The day of a local time."""
    return date.fromisoformat(local[:10])


def instant_of(local: str, zone: ZoneInfo) -> datetime | None:
    """The instant that clocks in `zone` show as `local`; none where only the day is told.

    When clocks are put back, an hour comes twice: then the first of the two is meant (PEP 495, `fold=0`).
    """
    if len(local) == len("2021-06-30"):
        return None
    return datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)


def shown_by_clocks(local: str, zone: ZoneInfo) -> bool:
    """False for the hour that is left out when clocks are put forward."""
    instant = instant_of(local, zone)
    return instant is None or instant.astimezone(zone).replace(tzinfo=None) == datetime.fromisoformat(local)


class ProgrammeItem(Model):
    """A point of the programme."""

    at: ClockTime | None = None
    what: RequiredText = None


class Timed(Step):
    """A step that says when a meeting begins and ends, in its own zone or else in that of the process."""

    begins: LocalTime | None = None
    ends: LocalTime | None = None
    zone: Zone | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        told = min(len(self.begins or ""), len(self.ends or ""))  # a day alone is compared with the day alone
        if self.ends is not None and (self.begins is None or self.ends[:told] < self.begins[:told]):
            raise invalid("ends-before-it-begins", begins=self.begins or "…", ends=self.ends)
        return self

    def local_times(self) -> Iterator[tuple[str, str]]:
        """What is told of its times, by field."""
        for field, local in (("begins", self.begins), ("ends", self.ends)):
            if local is not None:
                yield field, local


class MeetingPlanned(Timed):
    """A meeting was announced. `occurred` is when it was announced, `begins` when the meeting is to begin.

    `hosts` invite, `bodies` meet; `places` is how many can take part, `degree` the degree of participation that is
    offered, `terms` what it takes (who may come, cost, how to register).
    """

    named_by: ClassVar[str] = "title"

    type: Literal["meeting-planned"] = "meeting-planned"
    meeting: Id
    title: RequiredText = None
    kind: MeetingKind = "other"
    bodies: Ids = ()
    hosts: Ids = ()
    format: Format | None = None
    place: Text = None
    places: Count | None = None
    registration: Literal["required", "not-required"] | None = None
    degree: Degree | None = None
    terms: Text = None
    programme: tuple[ProgrammeItem, ...] = ()

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if self.begins is None:
            raise invalid("begins-missing", meeting=self.meeting)
        return self

    def meaning(self) -> Meaning:
        return Meaning(
            founds=((self.meeting, "meeting"),),
            names=use("body", *self.bodies) + parties(*self.hosts),
            assigns=(Assignment(self.meeting, "name"), Assignment(self.meeting, "status", "planned")),
        )


class MeetingChanged(Timed):
    """An announced meeting was put to another time, put off without a new one, changed otherwise, or cancelled.

    What is not given stays. Cancelling ends it: it cannot be held any more, only announced anew under another id.
    """

    type: Literal["meeting-changed"] = "meeting-changed"
    meeting: Id
    how: Literal["rescheduled", "postponed", "amended", "cancelled"]
    format: Format | None = None
    place: Text = None
    places: Count | None = None
    note: Text = None

    @model_validator(mode="after")
    def _changes_what_it_says(self) -> Self:
        if (self.begins is not None) != (self.how == "rescheduled"):
            raise invalid("rescheduled-without-time", meeting=self.meeting)
        return self

    def changes_nothing(self) -> bool:
        """Whether it is amended in nothing. Texts count, so this is asked once, before any can be erased."""
        given = (self.zone, self.format, self.place, self.places, self.note)
        return self.how == "amended" and given == (None,) * len(given)

    def meaning(self) -> Meaning:
        meeting = use("meeting", self.meeting)
        if self.how == "cancelled":
            return Meaning(ends=meeting, assigns=(Assignment(self.meeting, "status", "cancelled"),))
        status = {"rescheduled": "planned", "postponed": "postponed"}.get(self.how)
        assigns = () if status is None else (Assignment(self.meeting, "status", status),)
        return Meaning(uses=meeting, assigns=assigns)


class Attendance(Model):
    """Who, as far as it is recorded: organisations and groups as actors, persons by number only.

    Persons have no place among the entries. `in_words` holds what the source says where it names nobody.
    """

    actors: Ids = ()
    persons: Quantity | None = None
    in_words: Text = None

    @model_validator(mode="after")
    def _everybody_counts(self) -> Self:
        most = None if self.persons is None or self.persons.approximate else self.persons.at_most
        if most is not None and most < len(self.actors):
            raise invalid("fewer-persons-than-actors", persons=most, actors=len(self.actors))
        return self


ATTENDANCE: Final = ("invited", "registered", "attended", "excused", "invited_or_attended")
"""The facts of attendance. Each stands for itself: who was invited need not have come, and the other way round."""


class MeetingHeld(Step):
    """A meeting took place, or a number of them that are told as one (`meetings`).

    `planned` says that the same `meeting` was announced before; without it this entry is the first to speak of it.
    Invited, registered, attended and excused are four facts; `invited_or_attended` is for sources that do not keep
    them apart. Nothing is worked out of one for another.
    """

    lasting: ClassVar[bool] = True
    named_by: ClassVar[str] = "title"

    type: Literal["meeting-held"] = "meeting-held"
    meeting: Id
    planned: bool = False
    title: Text = None
    kind: MeetingKind = "other"
    meetings: Quantity = Quantity(at_least=1, at_most=1)
    bodies: Ids = ()
    hosts: Ids = ()
    format: Format | None = None
    place: Text = None
    invited: Attendance | None = None
    registered: Attendance | None = None
    attended: Attendance | None = None
    excused: Attendance | None = None
    invited_or_attended: Attendance | None = None
    results: Text = None

    @model_validator(mode="after")
    def _nobody_was_both_there_and_excused(self) -> Self:
        if self.meetings.at_most == 0:
            raise invalid("no-meeting", meeting=self.meeting)
        if self.meetings == Quantity(at_least=1, at_most=1) and self.attended and self.excused:
            both = [actor for actor in self.attended.actors if actor in self.excused.actors]
            if both:
                raise invalid("attended-and-excused", subjects=both)
        return self

    def attendance(self) -> Iterator[tuple[str, Attendance]]:
        """What is recorded of who was invited, registered, there or excused."""
        for field in ATTENDANCE:
            if (given := getattr(self, field)) is not None:
                yield field, given

    def meaning(self) -> Meaning:
        names = use("body", *self.bodies) + parties(*self.hosts)
        for _, given in self.attendance():
            names += use("actor", *given.actors)
        held = Assignment(self.meeting, "status", "held")
        if self.planned:
            return Meaning(ends=use("meeting", self.meeting), names=names, assigns=(held,))
        return Meaning(
            founds=((self.meeting, "meeting"),), names=names, assigns=(Assignment(self.meeting, "name"), held)
        )
