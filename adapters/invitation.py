"""What is sent about a meeting: the invitation as text and as a calendar file, and letters to who registered."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from adapters.registrations import HELD, Kind, Letter, Opening
from adapters.sheets.parts import Speaker
from domain.meetings import day_of
from domain.words import Language
from projections.meetings import Meeting

if TYPE_CHECKING:
    from icalendar import Event

HOURS: Final = HELD // timedelta(hours=1)


def title_of(meeting: Meeting, language: Language = "de") -> str:
    """What a meeting is called, in one line."""
    untitled = Speaker(language).t("Treffen ohne Titel", "meeting without a title")
    return " ".join((meeting.name.text or untitled).split())


def time_of(meeting: Meeting, language: Language = "de") -> str:
    """When it is to begin and end, with the time zone where that is told to the minute."""
    say, timing = Speaker(language), meeting.timing
    if timing is None:
        return say.t("noch offen", "still open")
    if meeting.standing == "postponed":
        return say.t("verschoben, neuer Termin offen", "put off, no new date yet")
    told = say.local(timing.begins)
    if timing.ends is not None:
        same = timing.begins[:10] == timing.ends[:10]
        told += f" – {(timing.ends[11:] or say.local(timing.ends)) if same else say.local(timing.ends)}"
    return told if timing.begins_at is None else f"{told} ({timing.zone})"


def place_of(meeting: Meeting, language: Language = "de") -> str:
    """Where it is to be."""
    say = Speaker(language)
    form = None if meeting.format is None else say.term(meeting.format)
    return ", ".join(filter(None, (meeting.place, form))) or say.t("nicht angegeben", "not stated")


def text_of(meeting: Meeting, process_name: str, link: str | None, opening: Opening | None) -> str:
    """The invitation, to be copied into a message. It says what the entries say, and nothing else."""
    return "\n".join(_lines(meeting, process_name, link, opening)) + "\n"


def _lines(meeting: Meeting, process_name: str, link: str | None, opening: Opening | None) -> Iterator[str]:
    say = Speaker("de")
    hosts = ", ".join(host.name.text or host.id for host in meeting.hosts)
    called_off = meeting.standing == "cancelled"
    yield f"{'Abgesagt' if called_off else 'Einladung'}: {title_of(meeting)}"
    yield ""
    yield "Guten Tag,"
    yield ""
    yield "das folgende Treffen ist abgesagt:" if called_off else "wir laden Sie herzlich ein:"
    yield ""
    yield title_of(meeting)
    yield f"Wann: {time_of(meeting)}"
    yield f"Wo: {place_of(meeting)}"
    yield f"Prozess: {process_name}"
    if hosts:
        yield f"Es {'laden' if len(meeting.hosts) > 1 else 'lädt'} ein: {hosts}"
    if called_off:
        return
    if meeting.places is not None:
        yield f"Plätze: {meeting.places}"
    if meeting.terms:
        yield f"Hinweise: {meeting.terms}"
    if meeting.programme:
        yield ""
        yield "Ablauf:"
        yield from (" ".join(filter(None, (item.at, item.what))) for item in meeting.programme)
    if link is not None:
        until = "" if opening is None or opening.closes_on is None else f" bis {say.day(opening.closes_on)}"
        yield ""
        yield f"Bitte melden Sie sich{until} hier an:"
        yield link


def calendar_of(meeting: Meeting, process: str, link: str, *, sequence: int, at: datetime) -> bytes:
    """The meeting as a calendar file; the same meeting has the same UID for ever, `sequence` counts its changes."""
    called_off = meeting.standing == "cancelled"
    return calendar([event_of(meeting, process, link, sequence=sequence, at=at)], "CANCEL" if called_off else "PUBLISH")


def calendar(events: Iterable["Event"], method: str, **about: str) -> bytes:
    """Meetings as a calendar file, with the time zones that they are told in."""
    from icalendar import Calendar, vText  # takes long, and most commands need none of it

    made = Calendar()
    made.add("prodid", "-//Werdegang//DE")
    made.add("version", "2.0")
    made.add("method", method)
    for name, text in about.items():
        made.add(name.replace("_", "-"), vText(text))
    for event in events:
        made.add_component(event)
    made.add_missing_timezones()
    written: bytes = made.to_ical()
    return written


def event_of(meeting: Meeting, process: str, link: str, *, sequence: int, at: datetime) -> "Event":
    """A meeting that is announced, as part of a calendar. `at` is when it was last told of."""
    from icalendar import Event, vText

    event, timing = Event(), meeting.timing
    assert timing is not None
    event.add("uid", f"{meeting.id}.{process}@werdegang")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("sequence", sequence)
    event.add("summary", vText(title_of(meeting)))
    status = {"cancelled": "CANCELLED", "postponed": "TENTATIVE"}.get(meeting.standing, "CONFIRMED")
    event.add("status", status)
    zone = ZoneInfo(timing.zone)
    event.add("dtstart", _moment(timing.begins, zone))
    if timing.ends is not None and len(timing.ends) == len(timing.begins):
        end = _moment(timing.ends, zone)
        # The end of a day alone is told in calendars by the day after it (RFC 5545, 3.6.1).
        event.add("dtend", end if isinstance(end, datetime) else end + timedelta(days=1))
    if meeting.place:
        event.add("location", vText(meeting.place))
    if link:
        event.add("url", link)
    return event


def _moment(local: str, zone: ZoneInfo) -> date | datetime:
    """A day where only that is told, else the time in its zone."""
    return day_of(local) if len(local) == len("2021-06-30") else datetime.fromisoformat(local).replace(tzinfo=zone)


def letter_about(meeting: Meeting, process_name: str, german: str, english: str) -> Letter:
    """Writes to who registered, with links that begin with the address of the registration; without one where that is
    not known.
    """

    def write(kind: Kind, language: Language, cancel: str, confirm: str | None) -> tuple[str, str]:
        t, address = Speaker(language).t, german if language == "de" else english
        what = {
            "place": t("Ihr Platz", "Your place"),
            "waiting": t("Warteliste", "Waiting list"),
            "moved-up": t("Sie haben jetzt einen Platz", "You have a place now"),
            "changed": t("Geändert", "Changed"),
            "put-off": t("Verschoben", "Put off"),
            "called-off": t("Abgesagt", "Cancelled"),
        }[kind]
        said = {
            "place": t("für dieses Treffen ist ein Platz für Sie da:", "there is a place for you at this meeting:"),
            "waiting": t(
                "alle Plätze sind vergeben. Sie stehen auf der Warteliste; wird ein Platz frei, schreiben wir Ihnen:",
                "all places are taken. You are on the waiting list; when a place becomes free, we write to you:",
            ),
            "moved-up": t(
                "ein Platz ist frei geworden, und er ist für Sie. Sie können also teilnehmen:",
                "a place has become free, and it is yours. So you can take part:",
            ),
            "changed": t(
                "ein Treffen, für das Sie sich angemeldet haben, hat sich geändert. Jetzt gilt:",
                "a meeting that you registered for has changed. Now it is:",
            ),
            "put-off": t(
                "ein Treffen, für das Sie sich angemeldet haben, ist verschoben; ein neuer Termin steht noch nicht"
                " fest. Ihre Anmeldung bleibt:",
                "a meeting that you registered for is put off; there is no new date yet. Your registration stays:",
            ),
            "called-off": t(
                "ein Treffen, für das Sie sich angemeldet haben, ist abgesagt und findet nicht statt:",
                "a meeting that you registered for is cancelled and will not take place:",
            ),
        }[kind]
        lines = [t("Guten Tag,", "Hello,"), "", said, "", title_of(meeting, language)]
        lines += [time_of(meeting, language), place_of(meeting, language), process_name, ""]
        if kind == "called-off":
            return f"{what}: {title_of(meeting, language)}", "\n".join(lines)
        if confirm is not None:
            held = t(
                "Bitte bestätigen Sie innerhalb von {hours} Stunden, dass Sie es sind; so lange halten wir Ihre"
                " Anmeldung:",
                "Please confirm within {hours} hours that it is you; that long we hold your registration:",
                hours=HOURS,
            )
            lines += [held, f"{address}/bestaetigen/{confirm}", ""]
        if address:
            off = t("Wenn Sie nicht kommen können, sagen Sie bitte hier ab:", "If you cannot come, please cancel here:")
            lines += [off, f"{address}/absagen/{cancel}"]
        else:
            lines += [t("Wenn Sie nicht kommen können, sagen Sie es bitte.", "If you cannot come, please tell us.")]
        return f"{what}: {title_of(meeting, language)}", "\n".join(lines) + "\n"

    return write
