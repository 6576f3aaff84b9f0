"""Letting go: whoever was kept for as long as is set is erased, by itself and for good."""

from datetime import date, timedelta

from adapters.people import KEEPER
from adapters.wiring import Installation
from domain.account import Account
from domain.errors import Refused
from domain.meetings import day_of
from projections.meetings import Meeting, meetings
from service import Answer


def tidy(installed: Installation) -> None:
    """What is due each day: persons and registrations kept long enough, and whatever an older database brought back."""
    installed.erasing.settle()
    if outdated := installed.people.outdated():
        installed.erasing.erase({(KEEPER, id_) for id_ in outdated}, "kept-long-enough", None)
    let_go(installed)


def let_go(installed: Installation) -> int:
    """Erases registrations that were kept for as long as is set; answers how many."""
    store = installed.registrations
    gone = store.lapse()
    for process, meeting in store.meetings():
        answer = _answer(installed, process)
        if answer is None:
            continue
        found = next((each for each in meetings(answer.view) if each.id == meeting), None)
        if found is None:
            continue
        last = _last_day(found)
        if last is not None and last + timedelta(days=installed.settings.keep_registrations) < answer.day:
            gone += store.erase([each.id for each in store.of(process, meeting)])
    return gone


def _answer(installed: Installation, process: str) -> Answer | None:
    """The process with what is internal: a meeting may have been put off, and nobody told the public yet."""
    reader = Account("retention", frozenset({("evaluator", process)}))
    try:
        return installed.service.view(process, reader)
    except Refused:
        return None


def _last_day(meeting: Meeting) -> date | None:
    """The day after which a meeting is over; none while it is put off without a new date."""
    if meeting.standing == "postponed":
        return None
    days = [] if meeting.timing is None else [day_of(meeting.timing.ends or meeting.timing.begins)]
    if meeting.held is not None and meeting.held.stated.last is not None:
        days.append(meeting.held.stated.last)
    return max(days, default=None)
