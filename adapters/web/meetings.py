"""Meetings at the desk: plan, invite, let people register, note who was there and what came of it, and print."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from adapters.attending import catch_up
from adapters.invitation import calendar_of, place_of, text_of, time_of, title_of
from adapters.registrations import Opening, Registration
from adapters.sheets.parts import Speaker, standing
from adapters.web import holding
from adapters.web.asking import ID, installed
from adapters.web.desk import page
from adapters.web.draft_pages import gone
from adapters.web.drafting import number_under
from adapters.web.guard import ACT, FIELD, KEY, SEEN, START, TRIED, Clerk, Sent, base_of, guarded, local, new_key
from adapters.web.holding import Typed
from adapters.web.problems import headers_of
from adapters.web.recording import desk_page, number_of, seen
from adapters.web.registering import address_for, in_public
from adapters.web.telling_fields import source
from adapters.web.trying import NOT_TRIED, Attempt, attempt, newest
from adapters.web.wording import Wording
from domain.account import Account
from domain.errors import Refusal, Refused, refused
from domain.feedback import FeedbackReceived
from domain.german_dates import from_words
from domain.meetings import MeetingChanged, day_of
from projections.decisions import decisions
from projections.meetings import Meeting, meetings
from projections.summary import summary
from projections.telling import line, told
from service import Act, Answer, Audience, permits

NEARLY: Final = 80
"""From so many per cent of the places on the desk says that registrations fill up."""


router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])

AT: Final = f"{START}/{{process}}/termine"


@dataclass(frozen=True, slots=True)
class Shown:
    """A meeting as the desk shows it, with the registrations for it."""

    meeting: Meeting
    opening: Opening | None
    registered: Sequence[Registration]

    @property
    def taken(self) -> int:
        return sum(not each.waiting for each in self.registered)

    @property
    def waiting(self) -> int:
        return len(self.registered) - self.taken

    @property
    def fills_up(self) -> bool:
        places = self.meeting.places
        return self.opening is not None and places is not None and self.taken * 100 >= places * NEARLY


@page(AT, routes=router)
def overview(request: Request, clerk: Clerk, process: str) -> Response:
    """All meetings: those to come, those of which nobody told a result, those that were held."""
    answer, words = seen(request, clerk, process)
    groups: dict[str, list[Shown]] = {"coming": [], "past": [], "held": []}
    for meeting in meetings(answer.view):
        ahead = meeting.standing in {"planned", "postponed"}
        kind = "coming" if ahead else "held" if meeting.standing in {"held", "cancelled"} else "past"
        groups[kind].append(_shown(request, process, meeting))
    headings = {
        "coming": words.t("Kommende Treffen", "Coming meetings"),
        "past": words.t("Vorbei, noch ohne Ergebnis", "Past, still without a result"),
        "held": words.t("Durchgeführt oder abgesagt", "Held or cancelled"),
    }
    return desk_page(
        request,
        clerk,
        "desk_meetings.html",
        words,
        groups=[(kind, headings[kind], shown) for kind, shown in groups.items()],
        may_record=permits(clerk, "record", process),
        **_worded(words),
    )


def _worded(words: Wording) -> Mapping[str, object]:
    say = Speaker(words.language)
    return {
        "title_of": lambda meeting: title_of(meeting, words.language),
        "time_of": lambda meeting: time_of(meeting, words.language),
        "place_of": lambda meeting: place_of(meeting, words.language),
        "standing": lambda meeting: standing(say, meeting.standing, "how"),
        "quantity": say.quantity,
        "day": say.day,
    }


def _shown(request: Request, process: str, meeting: Meeting) -> Shown:
    found = installed(request).registrations
    return Shown(meeting, found.opening(process, meeting.id), found.of(process, meeting.id))


def asked(
    request: Request, clerk: Audience, process: str, meeting: str, act: Act = "read"
) -> tuple[Answer, Wording, Meeting]:
    """A meeting as the clerk sees it; refused where there is none."""
    answer, words = seen(request, clerk, process, act)
    found = _meeting(answer, meeting)
    if found is None:
        raise refused("page-not-found")
    return answer, words, found


def _meeting(answer: Answer, id_: str) -> Meeting | None:
    return next((each for each in meetings(answer.view) if each.id == id_), None)


@dataclass(frozen=True, slots=True)
class Told:
    """What is typed of a meeting, and what came of it so far: `key` is what it will be recorded under."""

    typed: Typed
    key: str
    came: Attempt = NOT_TRIED
    ticked: bool = False
    unkept: Refusal | None = None


@page(f"{AT}/{{meeting}}", routes=router)
def one(request: Request, clerk: Clerk, process: str, meeting: str) -> Response:
    """Everything about one meeting."""
    answer, words, found = asked(request, clerk, process, meeting)
    if permits(clerk, "record", process):
        catch_up(installed(request), process, meeting, base_of(request))
    page_ = _page(request, clerk, answer, words, found, Told({}, new_key()))
    page_.background = BackgroundTask(installed(request).mail.deliver)
    return page_


@page(f"{AT}/{{meeting}}", "POST", router)
def do(request: Request, clerk: Clerk, process: str, meeting: str, fields: Sent) -> Response:
    """Opens or closes the registration, notes that a message was sent, who was there, or what came of the meeting.

    What is told of the meeting is kept before anything is looked at, tried out as asked, and recorded when that was
    seen. Whoever tells it when a colleague has done so, or has withdrawn the meeting, loses nothing.
    """
    own, typed = dict(fields), holding.typed_of(fields)
    key = own[KEY] if ID.fullmatch(own.get(KEY, "")) and len(own[KEY]) < 60 else new_key()
    unkept = _keep(request, clerk, process, key, fields) if holding.says_something(typed) else None
    answer, words = seen(request, clerk, process, "record")
    found = _meeting(answer, meeting)
    if found is None and holding.says_something(typed):
        return gone(request, key, holding.texts(typed), Refusal("meeting-gone"))
    if found is None:
        raise refused("page-not-found")
    store, act = installed(request).registrations, own.get(ACT, "")
    here = local(words.language, f"{START}/{process}/termine/{meeting}")
    told_ = Told(typed, key, unkept=unkept)
    try:
        if act in {"open", "close"}:
            _switch(request, process, found, own, is_open=act == "open")
            return RedirectResponse(f"{here}#anmeldungen", 303)
        if act.startswith("sent-"):
            store.sent_by_hand(process, meeting, act.removeprefix("sent-"))
            return RedirectResponse(f"{here}#post", 303)
        if act in {"tick", "check", "record"}:
            store.tick(process, meeting, holding.presence_of(typed, store.of(process, meeting)))
            told_ = replace(told_, ticked=act == "tick")
        if act in {"check", "record"}:
            told_ = _tried(request, clerk, answer, words, found, told_, own)
    except Refused as refusal:
        told_ = replace(told_, came=Attempt(refusals=refusal.refusals))
    if numbers := told_.came.numbers:
        installed(request).drafts.discard(clerk.id, key)  # after it is recorded: what stops between loses nothing
        more = f"&bis={numbers[-1]}" if len(numbers) > 1 else ""
        return RedirectResponse(f"{here}?erfasst={numbers[0]}{more}", 303)
    return _page(request, clerk, answer, words, found, told_)


def _keep(
    request: Request, clerk: Account, process: str, key: str, fields: Sequence[tuple[str, str]]
) -> Refusal | None:
    """Keeps what is told as a form to be gone on with; where that cannot be, the reason is told, and the form goes on.

    What is recorded already is no draft.
    """
    if number_under(request, process, key, clerk) is not None:
        return None
    sent = [(name, value) for name, value in fields if name not in (FIELD, ACT, TRIED)]
    try:
        installed(request).drafts.interrupt(clerk.id, process, key, request.url.path, sent)
    except Refused as refusal:
        return refusal.refusals[0]
    return None


def _tried(
    request: Request,
    clerk: Account,
    answer: Answer,
    words: Wording,
    meeting: Meeting,
    told_: Told,
    own: Mapping[str, str],
) -> Told:
    """Tries out what is told, or records it if that was looked at before; refusals stand at the fields."""
    found, process = installed(request), answer.process
    is_new = number_under(request, process, told_.key, clerk) is None
    typed = holding.with_ids(told_.typed, answer.view) if is_new else told_.typed
    registered = found.registrations.of(process, meeting.id)
    statements = holding.stated(meeting, typed, registered, process, told_.key, found.service.now())
    came = attempt(
        request,
        clerk,
        answer,
        words,
        holding.parts_of(statements),
        seen=number_of(own.get(SEEN, "")) if is_new else None,
        record=own.get(TRIED) or None if own.get(ACT) == "record" else None,
    )
    if came.refusals:
        came = replace(came, refusals=holding.at_fields(typed, Refused(*came.refusals)).refusals)
    return replace(told_, typed=typed, came=came)


def _switch(request: Request, process: str, meeting: Meeting, own: Mapping[str, str], *, is_open: bool) -> None:
    """Opens or closes the registration."""
    store, given = installed(request).registrations, own.get("closes-on", "").strip()
    before = store.opening(process, meeting.id)
    if not is_open:
        store.set_opening(
            process, meeting.id, Opening(open=False, closes_on=None if before is None else before.closes_on)
        )
        return
    public = in_public(request, process, meeting.id)
    if public is None or not public.to_come:
        raise Refused(Refusal("registration-not-public", pointer="/open"))
    closes_on = _last_day(given, public.answer, public.meeting) if given else None
    store.set_opening(process, meeting.id, Opening(open=True, closes_on=closes_on))


def _last_day(given: str, answer: Answer, meeting: Meeting) -> date:
    """The last day to register: not one that is past, and none after the meeting has begun."""
    try:
        edtf = from_words(given).edtf or ""
    except Refused:
        edtf = ""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", edtf):
        raise Refused(Refusal("registration-date", {"given": given[:80]}, pointer="/closes-on"))
    day = date.fromisoformat(edtf)
    if day < answer.day:
        raise Refused(Refusal("registration-date-past", {"given": given[:80]}, pointer="/closes-on"))
    if meeting.timing is not None and day > day_of(meeting.timing.begins):
        raise Refused(Refusal("registration-date-late", {"given": given[:80]}, pointer="/closes-on"))
    return day


def _page(request: Request, clerk: Audience, answer: Answer, words: Wording, meeting: Meeting, told_: Told) -> Response:
    process, came = answer.process, told_.came
    shown, may = _shown(request, process, meeting), permits(clerk, "record", process)
    # The public may not know yet of a change that is still internal.
    public = in_public(request, process, meeting.id)
    link = address_for(request, process, meeting.id)
    name = summary(answer.view).name.text or process
    actors = [(id_, words.name(id_)) for id_, subject in answer.view.state.items() if subject.kind == "actor"]
    lines = [line(answer.view, number) for number in meeting.entries]
    is_open = public is not None and public.is_open
    holds = meeting.announced is not None and meeting.standing not in {"held", "cancelled"}
    page_ = desk_page(
        request,
        clerk,
        "desk_meeting.html",
        words,
        shown=shown,
        meeting=meeting,
        lines=lines,
        internal=[each.number for each in lines if not each.public_from] if permits(clerk, "publish", process) else [],
        text=text_of(meeting, name, link if is_open else None, shown.opening),
        link=link,
        is_public=public is not None,
        is_open=is_open,
        can_open=public is not None and public.to_come,
        unsent=installed(request).registrations.unsent(process, meeting.id) if may else (),
        by_mail=installed(request).registrations.by_mail,
        may_record=may,
        may_hold=may and (holds or holding.says_something(told_.typed)),
        actors=sorted(actors, key=lambda each: each[1].striptags().casefold()),
        typed={**holding.fresh(meeting, answer.view, shown.registered if may else ()), **told_.typed},
        key=told_.key,
        refusals=came.refusals,
        tried=came.tried,
        since=came.since,
        seen=newest(answer),
        ticked=told_.ticked,
        unkept=told_.unkept,
        recorded=number_of(request.query_params.get("erfasst", "")) if request.method == "GET" else None,
        upto=number_of(request.query_params.get("bis", "")),
        groups=holding.GROUPS,
        counts=holding.COUNTS,
        rows=range(holding.DECISIONS),
        methods=holding.METHODS,
        outcomes=holding.OUTCOMES,
        form=holding.FORM,
        **_worded(words),
    )
    if came.refusals:
        page_.status_code = 422
        page_.headers.update(headers_of(came.refusals[0], words.language))
    return page_


# ---- to send and to print -----------------------------------------------------------------------------------------


@page(f"{AT}/{{meeting}}/einladung.ics", routes=router)
def calendar(request: Request, clerk: Clerk, process: str, meeting: str) -> Response:
    """The meeting as a calendar file."""
    answer, _, found = asked(request, clerk, process, meeting)
    if found.timing is None:
        raise refused("page-not-found")
    known = answer.view.effective
    changes = [form.number for form, step in told(answer.view, MeetingChanged) if step.meeting == meeting]
    corrected = [n for number in found.entries for n in known.corrections.get(number, ())]
    last = max((*found.entries, *corrected))
    content = calendar_of(
        found,
        process,
        address_for(request, process, meeting).removesuffix("/anmeldung").rpartition("/")[0],
        sequence=len(changes) + len(corrected),
        at=known.by_number[last].recorded_at,
    )
    headers = {"Content-Disposition": f'attachment; filename="{meeting}.ics"'}
    return Response(content, headers=headers, media_type="text/calendar; charset=utf-8")


@page(f"{AT}/{{meeting}}/einladungsliste", routes=router)
def invitation_list(request: Request, clerk: Clerk, process: str, meeting: str) -> Response:
    """Who was invited, and for the door who has registered: with names, only for who may record."""
    _, words, found = asked(request, clerk, process, meeting, "record")
    shown = _shown(request, process, found)
    return desk_page(request, clerk, "invitation_list.html", words, shown=shown, meeting=found, **_worded(words))


@page(f"{AT}/{{meeting}}/protokoll", routes=router)
def minutes(request: Request, clerk: Clerk, process: str, meeting: str) -> Response:
    """The minutes, as the entries tell them."""
    answer, words, found = asked(request, clerk, process, meeting)
    taken = [each for each in decisions(answer.view).decisions if each.entry in found.decisions]
    numbers = set(found.entries)
    feedback = [
        line(answer.view, form.number)
        for form, step in told(answer.view, FeedbackReceived)
        if meeting in step.about or numbers & set(causes_of(answer, form.number))
    ]
    told_of = [*found.entries, *found.decisions]
    return desk_page(
        request,
        clerk,
        "minutes.html",
        words,
        meeting=found,
        decisions=taken,
        feedback=feedback,
        grounds=[(number, words.telling(number)) for number in told_of],
        causes=sorted({cause for number in told_of for cause in causes_of(answer, number)}),
        line=lambda number: line(answer.view, number),
        source=source,
        **_worded(words),
    )


def causes_of(answer: Answer, number: int) -> tuple[int, ...]:
    """The entries that an entry names as its causes."""
    because = answer.view.form(number).telling.because
    return () if because == "not-recorded" else tuple(n for n in because if isinstance(n, int))
