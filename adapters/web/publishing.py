"""Publishing at the desk: what is still internal, exactly what the public will see, and where its picture differs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from adapters.attending import catch_up_everywhere
from adapters.imports.statements import statement_of
from adapters.registers import REGISTERS, Register
from adapters.sheets.parts import Sheet
from adapters.terminal import Differences, Page
from adapters.web.asking import ID, installed
from adapters.web.desk import page
from adapters.web.form_reading import READ
from adapters.web.guard import ACT, KEY, START, Clerk, Sent, base_of, guarded, local, new_key
from adapters.web.previewing import Preview, seen_before, side_by_side
from adapters.web.problems import headers_of
from adapters.web.recording import desk_page, number_of, seen
from adapters.web.wording import Wording
from adapters.wiring import Installation
from domain.errors import Refusal, Refused, refused
from domain.meetings import shown_by_clocks
from domain.view import View
from domain.when import day
from projections.difference import difference
from projections.publicly import internal, publicly
from projections.telling import line
from service import Answer, Audience, permits

CHOSEN: Final = "entry"
"""The boxes of the list: the numbers of the entries that are to be published."""

DAY: Final = "day"
CLOCK: Final = "clock"
"""From when on it is to be public."""

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@page(f"{START}/{{process}}/veroeffentlichen", routes=router)
def internal_entries(request: Request, clerk: Clerk, process: str) -> Response:
    """Everything that is still internal, to choose from; `nr` names what is chosen already: 12.14."""
    answer, words = seen(request, clerk, process, "publish")
    named = (number_of(number) for number in request.query_params.get("nr", "").split("."))
    return _choice(request, clerk, words, answer, [number for number in named if number is not None], {})


@page(f"{START}/{{process}}/veroeffentlichen", "POST", router)
def publish(request: Request, clerk: Clerk, process: str, fields: Sent) -> Response:
    """Shows what the public will see, with what has to be published along, and publishes it when that was seen."""
    answer, words = seen(request, clerk, process, "publish")
    own = dict(fields)
    key = own[KEY] if ID.fullmatch(own.get(KEY, "")) else new_key()
    own = {**own, KEY: key}
    numbers = [number_of(value) for name, value in fields if name == CHOSEN]
    chosen = sorted({number for number in numbers if number is not None})
    if own.get(ACT) == "all":
        return _choice(request, clerk, words, answer, _all(request, clerk, process, answer), own)
    if not chosen:
        return _choice(request, clerk, words, answer, [], own, Refusal("nothing-chosen"))
    service = installed(request).service
    try:
        at = _from(own, words.view.effective.zone, service.now(), words)
        needed = service.needed_for_publication(process, chosen, clerk, at)
        targets = sorted({*chosen, *needed})
        step = {"type": "entry-published", "targets": targets, "not_before": at and at.isoformat()}
        statement = statement_of({"process": process, "key": key, "step": step})
        if own.get(ACT) != "publish" or needed:
            tried = seen_before(service.preview([statement], clerk), answer, words, at or service.now())
            return _choice(request, clerk, words, answer, targets, own, needed=needed, tried=tried, at=at)
        (number,) = service.record([statement], clerk).numbers
    except Refused as refusal:
        return _choice(request, clerk, words, answer, chosen, own, refusal.refusals[0])
    there = f"{local(words.language, f'{START}/{process}')}?veroeffentlicht={number}"
    return RedirectResponse(there, 303, background=BackgroundTask(_tell, installed(request), base_of(request)))


def _tell(installation: Installation, base: str) -> None:
    """Who registered for a meeting hears of what was published about it."""
    catch_up_everywhere(installation, base)
    installation.mail.deliver()


def _all(request: Request, clerk: Audience, process: str, answer: Answer) -> list[int]:
    """All that is internal, in force, and may be published by the clerk."""
    log, service = answer.view.effective, installed(request).service
    own = service.own(process, clerk)
    return [n for n in internal(answer.view, service.now()) if log.in_force(n) and n not in own]


def _from(own: Mapping[str, str], zone: ZoneInfo, now: datetime, words: Wording) -> datetime | None:
    """The instant from which it is to be public, as clocks in the process's city show it; none is: at once."""
    given, clock = own.get(DAY, "").strip(), own.get(CLOCK, "").strip()
    if not given and not clock:
        return None
    try:
        when = day(READ["day"](given))
        time = READ["clock"](clock) if clock else "00:00"
        local_time = datetime.fromisoformat(f"{when}T{time}")
    except Refused as refusal:
        raise Refused(*(replace(found, pointer=f"/{DAY}") for found in refusal.refusals)) from None
    except ValueError:
        raise refused("clock-not-understood", f"/{CLOCK}", text=clock[:20]) from None
    if not shown_by_clocks(f"{when}T{time}", zone):
        raise refused("local-time-skipped", f"/{CLOCK}", given=f"{given}, {clock}", zone=zone.key)
    instant = local_time.replace(tzinfo=zone).astimezone(UTC)
    if instant <= now:  # a slip in the year must not publish at once, which nobody can take back
        raise refused("publish-past", f"/{DAY}", instant=words.instant(instant))
    return instant


def _choice(
    request: Request,
    clerk: Audience,
    words: Wording,
    answer: Answer,
    chosen: Sequence[int],
    own: Mapping[str, str],
    refusal: Refusal | None = None,
    *,
    needed: Sequence[int] = (),
    tried: Preview | None = None,
    at: datetime | None = None,
) -> Response:
    known, now = answer.view.effective, installed(request).service.now()
    hidden = internal(answer.view, now)
    embargoed = {n: since for n in hidden if (since := known.public_from(n)) is not None}
    shown = desk_page(
        request,
        clerk,
        "desk_publish.html",
        words,
        hidden=[(line(answer.view, n), known.by_number[n]) for n in hidden if n not in embargoed],
        embargoed=[(line(answer.view, n), since, known.publications.get(n, ())) for n, since in embargoed.items()],
        chosen=[number for number in chosen if number in known.by_number],
        own=installed(request).service.own(words.base.rpartition("/")[2], clerk),
        numbers=set(chosen),
        needed=[(number, embargoed.get(number)) for number in needed],
        refusal=refusal,
        key=own.get(KEY) or new_key(),
        seen=tried,
        instant=at,
        day=own.get(DAY, ""),
        clock=own.get(CLOCK, ""),
    )
    if refusal is not None:
        shown.status_code = 422
        shown.headers.update(headers_of(refusal, words.language))
    return shown


@page(f"{START}/{{process}}/unterschied", routes=router)
def compared(request: Request, clerk: Clerk, process: str) -> Response:
    """Where the public picture differs from what the office knows, and which entries make the difference."""
    answer, words = seen(request, clerk, process)
    now, view = installed(request).service.now(), answer.view
    public = publicly(view, now)
    titles = words.t("Öffentlich", "Public"), words.t("Intern", "Internal")
    items = difference(public, view)
    sides = Page(replace(answer, view=public), words.language), Page(answer, words.language)
    making = {cause for item in items for cause in item.causes}
    registers = [
        register.label for register in REGISTERS if _sheet(register, public, words) != _sheet(register, view, words)
    ]
    return desk_page(
        request,
        clerk,
        "desk_compared.html",
        words,
        pictures=side_by_side("compared", public, view, words, titles) if public.effective.entries else [],
        effect=list(Differences(items, *sides, words.language).rows()),
        registers=[words.t(*label) for label in registers],
        hidden=[(line(view, n), n in making) for n in internal(view, now)],
        none=not public.effective.entries,
        may_publish=permits(clerk, "publish", process),
    )


def _sheet(register: Register, view: View, words: Wording) -> Sheet:
    return register.sheet(view, words.language)
