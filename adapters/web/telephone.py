"""Registering and cancelling for who telephones: the list of who has registered, kept by the office.

The rules are those of the public form: the same places and waiting list, and the same letters. The office may still do
so after the last day to register, as long as the meeting is to come.
"""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from adapters.attending import catch_up
from adapters.invitation import HOURS, title_of
from adapters.registrations import folded
from adapters.web.asking import installed
from adapters.web.desk import page
from adapters.web.guard import ACT, START, Clerk, Once, base_of, guarded, local
from adapters.web.meetings import asked
from adapters.web.open_forms import clean
from adapters.web.problems import headers_of, status_of
from adapters.web.recording import desk_page
from adapters.web.registering import LENGTHS, NOT_OPEN, Announced, in_public, person_of
from adapters.web.wording import Wording
from domain.errors import Refusal, Refused
from domain.words import Language
from projections.meetings import Meeting
from service import Audience

HERE: Final = f"{START}/{{process}}/termine/{{meeting}}/anmeldungen"

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@page(HERE, routes=router)
def registered(request: Request, clerk: Clerk, process: str, meeting: str) -> Response:
    """Who has registered, with how to reach them, and a form to register somebody."""
    _, words, found = asked(request, clerk, process, meeting, "record")
    return _page(request, clerk, words, found, {})


@page(HERE, "POST", router)
def do(request: Request, clerk: Clerk, process: str, meeting: str, fields: Once) -> Response:
    """Registers somebody, or cancels for them."""
    _, words, found = asked(request, clerk, process, meeting, "record")
    act, here = fields.get(ACT, ""), local(words.language, f"{START}/{process}/termine/{meeting}/anmeldungen")
    typed, store = {name: clean(fields.get(name, "")) for name in LENGTHS}, installed(request).registrations
    language: Language = "en" if fields.get("language") == "en" else "de"
    try:
        if act.startswith("cancel-"):
            # One that is gone already stays so; its place goes to the first who waits.
            store.erase([id_ for id_ in (each.id for each in store.of(process, meeting)) if act == f"cancel-{id_}"])
            catch_up(installed(request), process, meeting, base_of(request))
            came = "abgemeldet"
        else:
            about = _announced(request, process, meeting)
            person = person_of(typed, fields, language)
            known = [each.person.name for each in store.of(process, meeting) if _same(each.person.email, person.email)]
            if known:
                raise Refused(Refusal("registration-known", {"name": known[0]}, pointer="/email"))
            kind = store.register(about.meet, person, about.letter)
            came = "platz" if kind == "place" else "warteliste"
    except Refused as refusal:
        told = {**typed, "consent": fields.get("consent", ""), "language": language}
        return _page(request, clerk, words, found, told, refusal.refusals)
    sending = BackgroundTask(installed(request).mail.deliver)
    return RedirectResponse(f"{here}?angekommen={came}", 303, background=sending)


def _same(one: str, other: str) -> bool:
    return folded(one) == folded(other)


def _announced(request: Request, process: str, meeting: str) -> Announced:
    """The meeting as the public knows it; refused where nobody can register for it, or its registration never began."""
    found = in_public(request, process, meeting)
    if found is None or found.opening is NOT_OPEN or not found.to_come:
        raise Refused(Refusal("registration-not-taken"))
    return found


def _page(
    request: Request,
    clerk: Audience,
    words: Wording,
    meeting: Meeting,
    typed: Mapping[str, str],
    refusals: tuple[Refusal, ...] = (),
) -> Response:
    process = words.base.rpartition("/")[2]
    store = installed(request).registrations
    public = in_public(request, process, meeting.id)
    came = request.query_params.get("angekommen", "") if request.method == "GET" else ""
    shown = desk_page(
        request,
        clerk,
        "desk_registrations.html",
        words,
        meeting=meeting,
        title=title_of(meeting, words.language),
        registered=store.of(process, meeting.id),
        takes=public is not None and public.opening is not NOT_OPEN and public.to_come,
        came=came if came in {"platz", "warteliste", "abgemeldet"} else None,
        typed=typed,
        refusals=refusals,
        by_mail=store.by_mail,
        hours=HOURS,
        days=installed(request).settings.keep_registrations,
    )
    if refusals:
        shown.status_code = status_of(refusals[0])
        shown.headers.update(headers_of(refusals[0], words.language))
    return shown
