"""Those who registered for a meeting: who is given a place that has become free, and who is told of a change.

They hear of what the public can read, and of nothing before that. Whoever registered, or was written to, after a change
had become public knows of it; so everybody is told once, however often this is done.
"""

from datetime import datetime
from typing import Final

from adapters.invitation import letter_about
from adapters.registrations import Kind, Letter, Meet
from adapters.wiring import Installation
from domain.errors import Refused
from domain.meetings import MeetingChanged, MeetingPlanned, day_of
from domain.replay import Form
from domain.view import View
from projections.meetings import Meeting, is_to_come, meetings
from projections.summary import summary
from projections.telling import told
from service import Answer, Service

NEWS: Final[dict[str, Kind]] = {"cancelled": "called-off", "postponed": "put-off", "planned": "changed"}
"""What is told of a change, by how the meeting stands now."""


def public_meeting(service: Service, process: str, meeting: str) -> tuple[Answer, Meeting] | None:
    """A meeting as the public sees it; none where its announcement is not public."""
    try:
        answer = service.view(process, None)
    except Refused:
        return None
    found = next((each for each in meetings(answer.view) if each.id == meeting and each.announced is not None), None)
    return None if found is None else (answer, found)


def address_of_form(base: str, process: str, meeting: str, language: str) -> str:
    """Where one registers; nothing where the address of the installation is not known."""
    return base and f"{base}{'/en' if language == 'en' else ''}/prozesse/{process}/termine/{meeting}/anmeldung"


def letters(answer: Answer, meeting: Meeting, base: str) -> Letter:
    """Writes to who registered for a meeting."""
    addresses = (address_of_form(base, answer.process, meeting.id, language) for language in ("de", "en"))
    return letter_about(meeting, summary(answer.view).name.text or answer.process, *addresses)


def catch_up(installed: Installation, process: str, meeting: str, base: str = "") -> None:
    """Gives free places to the first who wait, and tells all of a change; nothing once the meeting is over."""
    found = public_meeting(installed.service, process, meeting)
    if found is None:
        return
    answer, known = found
    store, letter = installed.registrations, letters(answer, known, base or installed.settings.address)
    store.settle(Meet(process, meeting, known.places, to_come=is_to_come(known, answer.day)), letter)
    to_tell = known.standing == "postponed" or (known.timing is not None and day_of(known.timing.begins) >= answer.day)
    since = _changed_at(answer.view, meeting) if to_tell else None
    if since is not None and known.standing in NEWS:
        store.tell(process, meeting, NEWS[known.standing], since, letter)


def catch_up_everywhere(installed: Installation, base: str = "") -> None:
    """The same for every meeting that somebody registered for: each day, and after publishing and erasing."""
    for process, meeting in installed.registrations.meetings():
        catch_up(installed, process, meeting, base)


def _changed_at(view: View, meeting: str) -> datetime | None:
    """Since when the public can read the last change of it, or a correction that gave it another beginning."""
    log = view.effective
    changes = [form for form, step in told(view, MeetingChanged) if step.meeting == meeting]
    planned = [(form, step) for form, step in told(view, MeetingPlanned) if step.meeting == meeting]
    numbers = [number for form in changes for number in (form.number, form.told_by)]
    numbers += [form.told_by for form, step in planned if _moved(view, form, step)]
    return max((since for n in numbers if (since := log.public_from(n)) is not None), default=None)


def _moved(view: View, form: Form, step: MeetingPlanned) -> bool:
    first = view.effective.by_number[form.number].statement.step
    return isinstance(first, MeetingPlanned) and first.begins != step.begins
