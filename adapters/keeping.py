"""Letting go: registrations are erased some days after their meeting, by themselves and for good."""

from datetime import date, timedelta
from typing import Final

from adapters.wiring import Installation
from domain.account import Account
from domain.errors import Refused
from domain.meetings import day_of
from projections.meetings import Meeting, meetings
from service import Answer

_done: Final[dict[int, date]] = {}
"""The day on which this program let go last, by installation."""


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
            gone += store.erase(each.id for each in store.of(process, meeting))
    return gone


def let_go_daily(installed: Installation) -> None:
    """The same, once on each day of the installation's clock."""
    today = installed.clock().date()
    if _done.get(id(installed)) != today:
        _done[id(installed)] = today
        let_go(installed)


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
