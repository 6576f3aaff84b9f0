"""Letting go: whoever was kept for as long as is set is erased, by itself and for good."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, cast

from adapters.attending import catch_up_everywhere
from adapters.barrier_reports import KEEPER as BARRIER_REPORTS
from adapters.erasures import TEXTS
from adapters.people import KEEPER as PEOPLE
from adapters.registrations import KEEPER as REGISTRATIONS
from adapters.registrations import Registration
from adapters.wiring import Installation
from domain.account import Account
from domain.errors import Refused
from domain.meetings import MeetingHeld, MeetingPlanned, day_of
from domain.publication import Ground
from domain.view import View
from projections.meetings import Meeting, meetings

LATELY: Final = timedelta(days=2)
"""What people cancelled since is taken out of the files of the database by what is done each day."""

PUT_OFF: Final = timedelta(days=365)
"""So much longer registrations wait for the new date of a meeting that was put off."""


def tidy(installed: Installation) -> None:
    """What is due each day: persons and registrations kept long enough, and whatever an older database brought back."""
    installed.erasing.settle(lambda: explain_erasures(installed))
    installed.registrations.outbox.renew()
    if outdated := installed.people.outdated():
        installed.erasing.erase({(PEOPLE, id_) for id_ in outdated}, "kept-long-enough", None)
    if outdated := installed.barrier_reports.outdated():
        installed.erasing.erase({(BARRIER_REPORTS, id_) for id_ in outdated}, "kept-long-enough", None)
    stores = (installed.registrations, installed.drafts, installed.waiting_tables)
    lapsed, (gone, _) = sum([store.lapse() for store in stores]), _let_go(installed)
    cancelled = any(line.at > installed.clock() - LATELY for line in installed.erasing.list.listed())
    if (lapsed or cancelled) and not gone:
        installed.erasing.finish()
    catch_up_everywhere(installed)


def explain_erasures(installed: Installation) -> None:
    """Records of texts that were erased again from an older database that they were erased: its entries lack that."""
    listed = (line for line in installed.erasing.list.listed() if line.keeper == TEXTS)
    grounds = {bytes.fromhex(line.id): cast("Ground", line.reason) for line in listed}
    installed.service.explain_erasures(grounds)


def let_go(installed: Installation) -> int:
    """Erases registrations that were kept for as long as is set, or never confirmed; answers how many."""
    lapsed = installed.registrations.lapse()
    gone, _ = _let_go(installed)
    catch_up_everywhere(installed)
    return lapsed + gone


def _let_go(installed: Installation) -> tuple[int, Sequence[str]]:
    store, kept = installed.registrations, timedelta(days=installed.settings.keep_registrations)
    over = set()
    for process, meeting in store.meetings():
        registered = store.of(process, meeting)
        view, today = _view(installed, process)
        last = _over_on(view, meeting, registered)
        if last is not None and last + kept < today:
            over |= {(REGISTRATIONS, each.id) for each in registered}
    return installed.erasing.erase(over, "kept-long-enough", None) if over else (0, ())


def _view(installed: Installation, process: str) -> tuple[View | None, date]:
    """The process with what is internal: a meeting may have been put off, and nobody told the public yet."""
    reader = Account("retention", frozenset({("evaluator", process)}))
    try:
        answer = installed.service.view(process, reader)
    except Refused as refusal:
        if refusal.refusals[0].code != "unknown-process":
            raise
        return None, installed.clock().date()
    return answer.view, answer.day


def _over_on(view: View | None, meeting: str, registered: Sequence[Registration]) -> date | None:
    """The day from which registrations for a meeting are kept; `PUT_OFF` later while it is put off without a new date.

    A meeting that is no longer announced, because that was withdrawn, was over on that day; one of which nothing is
    known at all, when the last person registered.
    """
    registered_on = [each.registered_at.date() for each in registered]
    found = None if view is None else next((each for each in meetings(view) if each.id == meeting), None)
    if found is not None:
        last = _last_day(found)
        if found.standing != "postponed":
            return last
        return max([*registered_on, *([] if last is None else [last])]) + PUT_OFF
    withdrawn = [] if view is None else _withdrawn_on(view, meeting)
    return max([*withdrawn, *registered_on], default=None)


def _withdrawn_on(view: View, meeting: str) -> list[date]:
    log = view.effective
    told = [
        number
        for number, entry in log.by_number.items()
        if isinstance(step := entry.statement.step, MeetingPlanned | MeetingHeld) and step.meeting == meeting
    ]
    withdrawals = [one for number in told for one in log.withdrawals.get(number, ()) if log.in_force(one)]
    return [log.by_number[one].recorded_at.astimezone(log.zone).date() for one in withdrawals]


def _last_day(meeting: Meeting) -> date | None:
    days = [] if meeting.timing is None else [day_of(meeting.timing.ends or meeting.timing.begins)]
    if meeting.held is not None and meeting.held.stated.last is not None:
        days.append(meeting.held.stated.last)
    return max(days, default=None)
