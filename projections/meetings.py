"""Meetings, announced and held; and how often each organisation was invited, came, or was excused."""

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from domain.decisions import DecisionTaken
from domain.fields import Quantity
from domain.meetings import (
    ATTENDANCE,
    Attendance,
    MeetingChanged,
    MeetingHeld,
    MeetingPlanned,
    ProgrammeItem,
    day_of,
    instant_of,
)
from domain.replay import Form
from domain.schemes import Term
from domain.view import View, once
from domain.when import FAR
from projections.telling import Name, Named, Occurred, Shown, by_subject, erased, name, named, occurred, told

Standing = Literal["planned", "postponed", "cancelled", "held", "not-reported", "unsure"]
Said = MeetingHeld | MeetingChanged | MeetingPlanned

CHANGEABLE = ("begins", "ends", "zone", "format", "places")
"""The facts of an announcement that a change can change."""


class Group(Shown):
    """Who, as far as it is recorded: actors, a number of persons, or the words of the source."""

    actors: list[Named]
    persons: Quantity | None
    in_words: str | None


class Timing(Shown):
    """When a meeting is announced to begin and end, as clocks there show it; `begins_at` is the same instant in UTC."""

    begins: str
    ends: str | None
    zone: str
    begins_at: datetime | None = Field(description="null where only the day is told, or after it was put off")


class Meeting(Shown):
    """A meeting, or several that are told as one.

    `standing` is what is certain of it by the day; `not-reported`: its time is past, and nothing says whether it took
    place; `unsure`: nothing of it is certain yet, `perhaps_came` says what it may be. `attendance` has only what is
    recorded: an absent key is not recorded, and not nobody.
    """

    id: str
    name: Name
    kind: str
    standing: Standing
    perhaps_came: Standing | None = Field(description="where it may stand already, and may not")
    meetings: Quantity | None = Field(description="how many were held; null before that")
    timing: Timing | None
    announced: Occurred | None
    held: Occurred | None
    format: str | None
    place: str | None
    places: int | None
    registration: str | None
    degree: Term | None
    terms: str | None
    programme: list[ProgrammeItem]
    bodies: list[Named]
    hosts: list[Named]
    attendance: dict[str, Group]
    results: str | None
    decisions: list[int] = Field(description="decisions that were taken there")
    entries: list[int] = Field(description="what tells of it: announced, changed, held")
    order_not_known: list[int] = Field(description="changes of the same in its announcement that may hold by the day")
    erased: list[int] = Field(description="entries that tell of it whose texts were erased")


def group(view: View, given: Attendance) -> Group:
    """An attendance with names."""
    return Group(actors=named(view, given.actors), persons=given.persons, in_words=given.in_words)


@once
def meetings(view: View) -> list[Meeting]:
    """All meetings on the view's day: by the time they are announced for, or else as they happened."""
    changed = by_subject(told(view, MeetingChanged), "meeting")
    held = by_subject(told(view, MeetingHeld), "meeting")
    planned = by_subject(told(view, MeetingPlanned), "meeting")
    decided = by_subject(told(view, DecisionTaken), "meeting")
    found = [
        _meeting(view, planned.get(id_, []), changed.get(id_, []), held.get(id_, []), decided.get(id_, []))
        for id_ in dict.fromkeys((*planned, *held))
    ]
    return sorted(found, key=lambda meeting: (_first_day(meeting), meeting.entries[0]))


def coming_and_past(view: View) -> tuple[list[Meeting], list[Meeting]]:
    """All meetings, those that are still to come first. Put off without a new time, one is still to come."""
    found, coming = meetings(view), []
    for meeting in found:
        dated = meeting.timing is not None and day_of(meeting.timing.begins).toordinal() >= view.day
        if meeting.standing == "postponed" or (meeting.standing == "planned" and dated):
            coming.append(meeting)
    ahead = {meeting.id for meeting in coming}
    return coming, [meeting for meeting in found if meeting.id not in ahead]


def is_to_come(meeting: Meeting, day: date) -> bool:
    """Whether it is announced for that day or a later one and was neither put off nor called off: one can register."""
    return meeting.standing == "planned" and meeting.timing is not None and day_of(meeting.timing.begins) >= day


def is_over(meeting: Meeting, at: datetime) -> bool:
    """Whether the time is past at which it was announced to end, or to begin where that is all that is told."""
    timing = meeting.timing
    if timing is None or timing.begins_at is None:
        return False
    ends = timing.begins_at if timing.ends is None else instant_of(timing.ends, ZoneInfo(timing.zone))
    return ends is not None and ends <= at


def _first_day(meeting: Meeting) -> str:
    if meeting.timing is not None:
        return meeting.timing.begins
    return str(meeting.held.room.first or "") if meeting.held is not None else ""


def _meeting(
    view: View,
    planned: list[tuple[Form, MeetingPlanned]],
    changed: list[tuple[Form, MeetingChanged]],
    held: list[tuple[Form, MeetingHeld]],
    decided: list[tuple[Form, DecisionTaken]],
) -> Meeting:
    announced_by, announcement = planned[0] if planned else (None, None)
    held_by, holding = next(((f, s) for f, s in held if view.certain(f.number)), (None, None))
    said = holding or announcement or held[0][1]
    certain = [(f, s) for f, s in changed if view.certain(f.number)]
    timing = None if announcement is None else _timing(view, announcement, [s for _, s in certain])
    standing, perhaps = _standing(view, timing, changed, held)
    if standing == "planned" and announced_by is not None and not view.certain(announced_by.number):
        standing, perhaps = "unsure", "planned"
    telling: list[tuple[Form, Said]] = [*reversed(certain), *planned[:1]]
    if held_by is not None and holding is not None:
        telling.insert(0, (held_by, holding))
    latest = [step for _, step in telling]
    return Meeting(
        id=said.meeting,
        name=name(view, said.meeting),
        kind=said.kind,
        standing=standing,
        perhaps_came=perhaps,
        meetings=None if holding is None else holding.meetings,
        timing=timing,
        announced=None if announced_by is None else occurred(view, announced_by),
        held=None if held_by is None else occurred(view, held_by),
        format=next((s.format for s in latest if s.format is not None), None),
        place=_place(view, telling),
        places=next((s.places for s in latest if not isinstance(s, MeetingHeld) and s.places is not None), None),
        registration=None if announcement is None else announcement.registration,
        degree=None if announcement is None else announcement.degree,
        terms=None if announcement is None else announcement.terms,
        programme=[] if announcement is None else list(announcement.programme),
        bodies=named(view, dict.fromkeys(id_ for s in (announcement, holding) if s is not None for id_ in s.bodies)),
        hosts=named(view, dict.fromkeys(id_ for s in (announcement, holding) if s is not None for id_ in s.hosts)),
        attendance={} if holding is None else {field: group(view, given) for field, given in holding.attendance()},
        results=None if holding is None else holding.results,
        decisions=[form.number for form, _ in decided],
        entries=[form.number for form, _ in (*planned, *changed, *held)],
        order_not_known=sorted({number for field in CHANGEABLE for number in _rivals(view, changed, field)}),
        erased=[form.number for form, _ in telling if erased(view, form)],
    )


def _rivals(view: View, changed: list[tuple[Form, MeetingChanged]], field: str) -> tuple[int, ...]:
    """Changes of one field of the announcement of which it is not known which came last."""
    said = [(form.number, value) for form, step in changed if (value := getattr(step, field)) is not None]
    return view.rivals(said) if any(view.certain(number) for number, _ in said) else ()


def _place(view: View, latest: list[tuple[Form, Said]]) -> str | None:
    """The place that was told last; none where an entry that may have told another one was erased."""
    for form, step in latest:
        if step.place is not None or view.effective.by_number[form.told_by].erased:
            return step.place
    return None


def _timing(view: View, planned: MeetingPlanned, changes: list[MeetingChanged]) -> Timing:
    """What is announced by the last change of it. Put off without a new time, it begins at no known instant."""
    latest: list[MeetingPlanned | MeetingChanged] = [*reversed(changes), planned]
    begins, ends = next((said.begins, said.ends) for said in latest if said.begins is not None)
    zone = next((said.zone for said in latest if said.zone is not None), view.effective.zone.key)
    moved = next((said.how for said in reversed(changes) if said.how != "amended"), None)
    instant = None if moved == "postponed" else instant_of(begins, ZoneInfo(zone))
    return Timing(begins=begins, ends=ends, zone=zone, begins_at=instant)


def _standing(
    view: View,
    timing: Timing | None,
    changed: list[tuple[Form, MeetingChanged]],
    held: list[tuple[Form, MeetingHeld]],
) -> tuple[Standing, Standing | None]:
    """What is certain by the day, and what may have come about beside it."""
    told: list[tuple[int, Standing]] = [
        (form.number, {"cancelled": "cancelled", "postponed": "postponed"}.get(step.how, "planned"))  # type: ignore[misc]
        for form, step in changed
        if step.how != "amended"
    ]
    told += [(form.number, "held") for form, _ in held]
    certain = [standing for number, standing in told if view.certain(number)]
    perhaps = next((standing for number, standing in reversed(told) if not view.certain(number)), None)
    standing: Standing = certain[-1] if certain else "planned"
    if standing == "planned" and timing is None:
        return "unsure", "held"
    if standing == "planned" and timing is not None and day_of(timing.begins).toordinal() < view.day:
        standing = "not-reported"
    return standing, perhaps if perhaps != standing else None


class Attended(Shown):
    """How often one actor stands in the records of meetings, by fact of attendance, at least and at most.

    A number of meetings that are told as one counts at least once and at most as often as there were meetings; without
    an upper bound nobody told how many there were. As long as it lasts it need not have counted yet.
    """

    actor: Named
    counts: dict[str, Quantity] = Field(description="an absent key: never recorded, which is not the same as never")
    bodies: list[Named] = Field(description="the bodies whose meetings these were")
    last: Occurred | None = Field(description="the last meeting it attended, as its date is stated")


class AttendanceRegister(Shown):
    """Attendance by actor, and the meetings that tell nothing of it."""

    actors: list[Attended]
    meetings_without: list[int] = Field(description="entries of meetings held that tell nothing of it")


@once
def attendance(view: View) -> AttendanceRegister:
    """Who was invited, registered, there or excused, over all meetings that were held for certain by the day."""
    rows: dict[str, list[tuple[Form, MeetingHeld, str]]] = {}
    without = []
    for form, step in told(view, MeetingHeld):
        if not view.certain(form.number):
            continue
        recorded = list(step.attendance())
        if not recorded:
            without.append(form.number)
        for fact, given in recorded:
            for actor in given.actors:
                rows.setdefault(actor, []).append((form, step, fact))
    return AttendanceRegister(
        actors=[_attended(view, actor, rows[actor]) for actor in sorted(rows)], meetings_without=without
    )


def over(view: View, form: Form) -> tuple[int, int]:
    """When a meeting was over for certain: of several told as one, the last of them, also where that is to come."""
    if not form.when.lasting:
        return view.room(form.number).last, form.number
    end = form.when.end or form.when.planned_end
    return FAR if end is None else end.last, form.number


def days_of_change(view: View) -> set[int]:
    """The days after the view's own on which a series of meetings is over, so that it counts from then on."""
    ends = {over(view, form)[0] for form, _ in told(view, MeetingHeld) if view.certain(form.number)}
    return {end for end in ends if view.day < end < FAR}


def _attended(view: View, actor: str, rows: list[tuple[Form, MeetingHeld, str]]) -> Attended:
    counts: dict[str, Quantity] = {}
    for fact in ATTENDANCE:
        held = [(form, step.meetings) for form, step, stated in rows if stated == fact]
        if held:
            most = None if any(m.at_most is None for _, m in held) else sum(m.at_most or 0 for _, m in held)
            least = sum(over(view, form)[0] <= view.day for form, _ in held)
            counts[fact] = Quantity(at_least=least, at_most=most, approximate=any(m.approximate for _, m in held))
    there = [form for form, _, fact in rows if fact == "attended" and over(view, form)[0] <= view.day]
    bodies = dict.fromkeys(body for _, step, _ in rows for body in step.bodies)
    return Attended(
        actor=Named(id=actor, name=name(view, actor)),
        counts=counts,
        bodies=named(view, bodies),
        last=occurred(view, max(there, key=lambda form: over(view, form))) if there else None,
    )
