"""What needs care at the desk: all that waits in a process, each with the way to settle it; and what was recorded.

Each line leads to its entry and, where a form settles it, to that form with what is known already filled in.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from adapters.sheets.care import CONCERNS, contradiction
from adapters.web.asking import installed
from adapters.web.days import typed_day
from adapters.web.desk import page
from adapters.web.guard import START, Clerk, guarded
from adapters.web.problems import headers_of
from adapters.web.recording import desk_page, seen
from domain.errors import Refusal, Refused
from domain.words import say
from projections.care import DAYS, Concern, care
from projections.telling import line
from service import permits

SETTLED: Final[Mapping[str, tuple[str, str]]] = {
    "review": ("decision-taken", "confirms"),
    "promise-overdue": ("commitment-settled", "commitment"),
    "promise-open": ("commitment-settled", "commitment"),
    "meeting": ("meeting-held", "meeting"),
    "feedback": ("feedback-answered", "feedback"),
    "question": ("decision-taken", "settles"),
}
"""The step that settles a concern, and its field that names what it settles: a subject by id, an entry by number."""

MOST_DAYS: Final = 3650
WEEK: Final = timedelta(days=7)

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@page(f"{START}/{{process}}/zu-tun", routes=router)
def waiting(request: Request, clerk: Clerk, process: str) -> Response:
    """Everything that waits in a process; `tage` says after how many days feedback and internal entries count."""
    answer, words = seen(request, clerk, process)
    given = request.query_params.get("tage", "").strip()
    understood = re.fullmatch(r"[0-9]{1,4}", given) is not None and int(given) <= MOST_DAYS
    days = int(given) if understood else DAYS
    found = care(answer.view, days, installed(request).registrations.registered(process))
    may_record = permits(clerk, "record", process)
    kinds = [
        (
            kind,
            say(CONCERNS[kind][0], words.language),
            say(CONCERNS[kind][1], words.language),
            [
                (
                    concern,
                    contradiction(answer.view, concern, words.language) if concern.conflict else None,
                    _settling(kind, concern) if may_record else None,
                )
                for concern in concerns
            ],
        )
        for kind, concerns in found.concerns.items()
        if concerns
    ]
    refusal = None if understood or not given else Refusal("days-wrong", {"given": given[:20], "most": MOST_DAYS})
    shown = desk_page(
        request,
        clerk,
        "desk_care.html",
        words,
        kinds=kinds,
        unsent=_unsent(request, process),
        days=days,
        given=given or str(DAYS),
        refusal=refusal,
        may_publish=permits(clerk, "publish", process),
    )
    if refusal is not None:
        shown.status_code = 422
        shown.headers.update(headers_of(refusal, words.language))
    return shown


def _unsent(request: Request, process: str) -> list[tuple[str, int]]:
    """Meetings with messages that nobody has sent yet, and how many: people wait for them."""
    store = installed(request).registrations
    counts = ((meeting, len(store.unsent(process, meeting))) for of, meeting in store.meetings() if of == process)
    return [(meeting, count) for meeting, count in counts if count]


def _settling(kind: str, concern: Concern) -> tuple[str, str] | None:
    """The type of step that settles a concern, and the address of its form below `erfassen`."""
    if kind not in SETTLED:
        return None
    step_type, field = SETTLED[kind]
    subject = concern.subject if concern.subject is not None else concern.line.number
    known = {field: subject, **({"planned": "true"} if kind == "meeting" else {})}
    return step_type, f"{step_type}?{urlencode(known)}"


@page(f"{START}/{{process}}/erfasst", routes=router)
def recorded(request: Request, clerk: Clerk, process: str) -> Response:
    """What was recorded since a day, by oneself or by all, and which of it is not public yet."""
    answer, words = seen(request, clerk, process)
    known, given = answer.view.effective, request.query_params.get("seit", "").strip()
    since, refusal = answer.day - WEEK, None
    try:
        since = typed_day(given) if given else since
    except Refused as wrong:
        refusal = wrong.refusals[0]
    everybody = request.query_params.get("wer") == "alle"
    entries = [
        entry
        for entry in reversed(known.entries)
        if _day_there(entry.recorded_at.astimezone(known.zone)) >= since
        and (everybody or entry.recorded_by == clerk.id)
    ]
    shown = desk_page(
        request,
        clerk,
        "desk_recorded.html",
        words,
        entries=[(line(answer.view, entry.number), entry.recorded_at, entry.recorded_by) for entry in entries],
        hidden=sum(known.public_from(entry.number) is None for entry in entries),
        since=since,
        given=given or since.isoformat(),
        everybody=everybody,
        refusal=refusal,
        may_publish=permits(clerk, "publish", process),
    )
    if refusal is not None:
        shown.status_code = 422
        shown.headers.update(headers_of(refusal, words.language))
    return shown


def _day_there(instant: date) -> date:
    """The day of an instant as calendars in the process's city showed it."""
    return date(instant.year, instant.month, instant.day)
