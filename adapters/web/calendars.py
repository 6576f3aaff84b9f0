"""The meetings of a process as a calendar to subscribe to (RFC 5545): of the whole process, and of one body.

A meeting that was put to another time stays the same event with a higher `SEQUENCE`; a cancelled one stays in the
calendar and says so, since a calendar that only lost it would show nobody why: whoever subscribed would keep it. The
same holds for one that had been public and of which all was withdrawn. A meeting that was held without having
been announced is an event where its day is known: no calendar has a place for "in spring".
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from fastapi import Request, Response

from adapters.invitation import calendar, event_of, title_of
from adapters.sheets.parts import Speaker
from adapters.web.asking import ID, installed
from adapters.web.page import Pages, inside, language_of
from adapters.web.replies import reply
from domain.errors import refused
from domain.meaning import PROCESS
from domain.meetings import MeetingChanged, MeetingHeld, MeetingPlanned
from domain.publishing import about
from domain.replay import Effective
from domain.view import View
from domain.words import Language
from projections.meetings import Meeting, Timing, meetings
from projections.telling import name
from projections.timeline import changed

if TYPE_CHECKING:
    from icalendar import Event

ICS: Final = "text/calendar; charset=utf-8"

pages = Pages()


def of_process(request: Request, process: str) -> Response:
    """All meetings of a process."""
    return _calendar(request, process, None)


def of_body(request: Request, process: str, body: str) -> Response:
    """The meetings of one body: those that it meets in or invites to."""
    if not ID.fullmatch(body):
        raise refused("page-not-found")
    return _calendar(request, process, body)


for _prefix in ("", "/en"):
    _path = f"{_prefix}/prozesse/{{process}}"
    pages.public.add_api_route(f"{_path}/termine.ics", of_process, methods=["GET"])
    pages.public.add_api_route(f"{_path}/gremien/{{body}}/termine.ics", of_body, methods=["GET"])


def _calendar(request: Request, process: str, body: str | None) -> Response:
    if not ID.fullmatch(process):
        raise refused("page-not-found")
    answer = installed(request).service.view(process, None)
    view, address = answer.view, installed(request).settings.address
    if body is not None and (body not in view.state or view.state[body].kind != "body"):
        raise refused("page-not-found")
    words = inside(language_of(request), process)

    def make() -> bytes:
        called = name(view, PROCESS).text or process
        if body is not None:
            called = f"{name(view, body).text or body} – {called}"
        link = f"{address}{words.href('/termine')}" if address else ""
        events = _events(view, body, process, link, words.language)
        return calendar(events, "PUBLISH", name=called, x_wr_calname=called)

    rests_on = [answer.version, answer.position, address]
    return reply(request, None, rests_on, make, media_type=ICS)


def _concerns(meeting: Meeting, body: str) -> bool:
    return body in {one.id for one in (*meeting.bodies, *meeting.hosts)}


def _events(view: View, body: str | None, process: str, link: str, language: Language) -> Iterator["Event"]:
    told = _told(view)
    standing = list(filter(None, (_with_time(view, meeting) for meeting in meetings(view))))
    gone = _gone(view, told, {meeting.id for meeting in standing})
    for meeting, title in [*((each, _title(each, language)) for each in standing), *_titled(gone, language)]:
        if body is None or _concerns(meeting, body):
            numbers = told[meeting.id]
            at = max(changed(view, number) for number in numbers)
            changes = {n for number in numbers for n in (number, *about(view.effective, number))}
            shown = meeting.model_copy(update={"name": meeting.name.model_copy(update={"text": title})})
            yield event_of(shown, process, link, sequence=len(changes) - 1, at=at)


def _gone(view: View, told: Mapping[str, Sequence[int]], standing: Collection[str]) -> list[Meeting]:
    """The meetings that stood in the calendar until all of it was withdrawn in public, as they stood there last."""
    log = view.effective
    undone = {
        withdrawal
        for meeting, numbers in told.items()
        if meeting not in standing
        for number in numbers
        for withdrawal in log.withdrawals.get(number, ())
        if log.in_force(withdrawal) and _was_public_before(log, number, withdrawal)
    }
    if not undone:
        return []
    before = View(Effective(entry for entry in log.entries if entry.number not in undone), 0).on(view.day)
    found = filter(None, (_with_time(before, meeting) for meeting in meetings(before) if meeting.id not in standing))
    return [meeting.model_copy(update={"standing": "cancelled"}) for meeting in found]


def _was_public_before(log: Effective, number: int, withdrawal: int) -> bool:
    """Whether an entry was public when it was withdrawn: what never stood there needs no taking back."""
    since, until = log.public_from(number), log.public_from(withdrawal)
    return since is not None and until is not None and since < until


def _titled(gone: Iterable[Meeting], language: Language) -> Iterator[tuple[Meeting, str]]:
    say = Speaker(language)
    for meeting in gone:
        yield meeting, say.t("Zurückgenommen: {title}", "Withdrawn: {title}", title=title_of(meeting, language))


def _told(view: View) -> dict[str, list[int]]:
    """The entries that tell of each meeting, withdrawn ones too: how many there are never gets less."""
    found: dict[str, list[int]] = {}
    for entry in view.effective.entries:
        step = entry.statement.step
        if isinstance(step, MeetingPlanned | MeetingChanged | MeetingHeld):
            found.setdefault(step.meeting, []).append(entry.number)
    return found


def _title(meeting: Meeting, language: Language) -> str:
    """What a meeting is called; many programs show no other sign that it was called off or put off."""
    say = Speaker(language)
    title = title_of(meeting, language)
    if meeting.standing == "cancelled":
        return say.t("Abgesagt: {title}", "Cancelled: {title}", title=title)
    if meeting.standing == "postponed":
        return say.t("Verschoben: {title}", "Put off: {title}", title=title)
    return title


def _with_time(view: View, meeting: Meeting) -> Meeting | None:
    """A meeting as it can stand in a calendar: at the time it was announced for, or on the day it was held."""
    held = None if meeting.held is None else meeting.held.stated
    day = held.first.isoformat() if held is not None and held.first is not None and held.first == held.last else None
    several = meeting.meetings is not None and (meeting.meetings.at_least, meeting.meetings.at_most) != (1, 1)
    announced = meeting.timing
    if announced is not None and day in (None, announced.begins[:10]):
        return meeting
    if day is None or several:
        return None
    # Held on another day than it was announced for, or never announced.
    timing = Timing(begins=day, ends=None, zone=view.effective.zone.key, begins_at=None)
    return meeting.model_copy(update={"timing": timing})
