"""The public form to register for a meeting, and the links in the messages about it. No page of it sets a cookie.

A page stands here only when the announcement of the meeting is public. What people say of themselves goes into the
registrations and nowhere else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from adapters import attending
from adapters.database_faults import is_fault
from adapters.invitation import HOURS, place_of, time_of, title_of
from adapters.mail import recipient
from adapters.outbox import Act
from adapters.registrations import Letter, Meet, Opening, Person
from adapters.sheets.parts import Speaker
from adapters.web.asking import ID, installed
from adapters.web.guard import base_of
from adapters.web.open_forms import CONSENT, TRAP, Open, clean, refuse_programs, token
from adapters.web.page import HTML, address_of, in_other_language, inside, language_of, render
from adapters.web.problems import headers_of, status_of
from domain.errors import Refusal, Refused, refused
from domain.meaning import PROCESS
from domain.words import Language
from projections.meetings import Meeting, is_over, is_to_come
from projections.summary import summary
from service import Answer

SEALED: Final = "registration-form"
LENGTHS: Final = {"name": 200, "email": 254, "organisation": 200, "needs": 1_000}

NOT_OPEN: Final = Opening(open=False, closes_on=None)
"""A meeting that one has to register for, as long as the office has not opened its registration."""

router = APIRouter(include_in_schema=False)


def page(path: str, method: str = "GET") -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """A page about registering, at its German address and at the English one."""

    def register(show: Callable[..., Response]) -> Callable[..., Response]:
        for language in ("", "/en"):
            address = f"{language}/prozesse/{{process}}/termine/{{meeting}}/anmeldung{path}"
            router.add_api_route(address, show, methods=[method])
        return show

    return register


@dataclass(frozen=True, slots=True)
class Announced:
    """A meeting whose announcement the public can read, and the registration for it."""

    answer: Answer
    meeting: Meeting
    opening: Opening
    at: datetime
    base: str

    @property
    def to_come(self) -> bool:
        """Whether one can register for it at all: it is announced, and not over."""
        return is_to_come(self.meeting, self.answer.day) and not is_over(self.meeting, self.at)

    @property
    def is_open(self) -> bool:
        return self.to_come and _open(self.opening, self.answer)

    @property
    def meet(self) -> Meet:
        return Meet(self.answer.process, self.meeting.id, self.meeting.places, self.to_come)

    @property
    def letter(self) -> Letter:
        return attending.letters(self.answer, self.meeting, self.base)


def _open(opening: Opening, answer: Answer) -> bool:
    return opening.open and (opening.closes_on is None or opening.closes_on >= answer.day)


def announced(request: Request, process: str, meeting: str) -> Announced:
    """The meeting that a page is about; refused where the public has none, or none that one has to register for."""
    if not ID.fullmatch(process) or not ID.fullmatch(meeting):
        raise refused("page-not-found")
    found = in_public(request, process, meeting)
    if found is None or (found.opening is NOT_OPEN and found.meeting.registration != "required"):
        raise refused("page-not-found")
    return found


def in_public(request: Request, process: str, meeting: str) -> Announced | None:
    """A meeting whose announcement is public, whether or not one can register for it."""
    service, registrations = installed(request).service, installed(request).registrations
    found, opening = attending.public_meeting(service, process, meeting), registrations.opening(process, meeting)
    if found is None:
        return None
    return Announced(*found, opening or NOT_OPEN, installed(request).clock(), base_of(request))


def address_for(request: Request, process: str, meeting: str, language: Language = "de") -> str:
    """The whole address of the form."""
    return attending.address_of_form(base_of(request), process, meeting, language)


# ---- the form -----------------------------------------------------------------------------------------------------


@page("")
def form(request: Request, process: str, meeting: str) -> Response:
    """The form, or that registering is over, or what became of it."""
    return _form(request, announced(request, process, meeting), {})


@page("", "POST")
def register(request: Request, process: str, meeting: str, fields: Open) -> Response:
    """Registers. Whoever was registered already is told the same."""
    about = announced(request, process, meeting)
    if not about.is_open:
        return _form(request, about, {})
    typed = {name: clean(fields.get(name, "")) for name in LENGTHS}
    store, here = installed(request).registrations, request.url.path
    try:
        person = person_of(typed, fields, language_of(request))
        refuse_programs(request, fields, SEALED, about.meet)
        store.count_try(request.client.host if request.client else "")
    except Refused as refusal:
        if is_fault(refusal):
            raise
        again = {name: fields.get(name, "") for name in (CONSENT, "token")}
        return _form(request, about, {**typed, **again}, refusal.refusals)
    kind = store.register(about.meet, person, about.letter)
    came = "platz" if kind == "place" else "warteliste"
    return RedirectResponse(f"{here}?angekommen={came}", 303, background=_sending(request))


def _sending(request: Request) -> BackgroundTask:
    """Mail goes out when the answer has."""
    return BackgroundTask(installed(request).mail.deliver)


def person_of(typed: Mapping[str, str], fields: Mapping[str, str], language: Language) -> Person:
    """Who registers, by what was typed; refused at its fields where that is not enough, or not agreed to."""
    wrong = [
        Refusal("registration-too-long", {"most": most}, pointer=f"/{name}")
        for name, most in LENGTHS.items()
        if len(typed[name]) > most
    ]
    if not typed["name"]:
        wrong.append(Refusal("registration-name", pointer="/name"))
    if not _is_address(typed["email"]):
        wrong.append(Refusal("registration-email", pointer="/email"))
    if fields.get(CONSENT) != "yes":
        wrong.append(Refusal("registration-consent", pointer="/consent"))
    if wrong:
        raise Refused(*wrong)
    one_line = {name: " ".join(typed[name].split()) for name in ("name", "email", "organisation")}
    return Person(**one_line, needs=typed["needs"], language=language)


def _is_address(email: str) -> bool:
    try:
        recipient(email)
    except ValueError:
        return False
    return True


def _form(request: Request, about: Announced, typed: Mapping[str, str], refusals: tuple[Refusal, ...] = ()) -> Response:
    came = request.query_params.get("angekommen", "") if request.method == "GET" else ""
    days = installed(request).settings.keep_registrations
    order = list(LENGTHS)
    content = _rendered(
        request,
        about,
        "register.html",
        came=came if came in {"platz", "warteliste"} else None,
        typed=typed,
        refusals=sorted(
            refusals, key=lambda found: order.index(found.pointer[1:]) if found.pointer[1:] in order else 9
        ),
        token=token(request, SEALED, about.meet, typed.get("token", "")),
        trap=TRAP,
        days=days,
        by_mail=installed(request).registrations.by_mail,
    )
    if not refusals:
        return _answer(content)
    return _answer(content, status_of(refusals[0]), headers_of(refusals[0], language_of(request)))


def _rendered(request: Request, about: Announced, template: str, **context: object) -> bytes:
    language = language_of(request)
    words = inside(language, about.answer.process)
    return render(
        template,
        w=words,
        process_name=words.named(PROCESS, summary(about.answer.view).name),
        title=title_of(about.meeting, language),
        when=time_of(about.meeting, language),
        where=place_of(about.meeting, language),
        terms=about.meeting.terms,
        open=about.is_open,
        yet=about.to_come and about.opening is NOT_OPEN,
        closes_on=about.opening.closes_on and Speaker(language).day(about.opening.closes_on),
        hours=HOURS,
        form_address=words.href(f"/termine/{about.meeting.id}/anmeldung"),
        other=in_other_language(request),
        here=address_of(request),
        **context,
    )


def _answer(content: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """What is told to one person is kept nowhere, and found by no search engine."""
    return Response(content, status, {**(headers or {}), "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}, HTML)


# ---- the links in messages ----------------------------------------------------------------------------------------


def _link(act: Act, path: str) -> None:
    """A link shows a page with a button, since programs that look through mail follow links; the button does it."""

    def show(request: Request, process: str, meeting: str, secret: str) -> Response:
        about = announced(request, process, meeting)
        found = installed(request).registrations.linked(about.meet, secret, act)
        return _answer(_rendered(request, about, "registration_link.html", act=act, done=False, found=found))

    def do(request: Request, process: str, meeting: str, secret: str, _fields: Open) -> Response:
        about, store = announced(request, process, meeting), installed(request).registrations
        found = (store.confirm if act == "confirm" else store.cancel)(about.meet, secret, about.letter)
        answer = _answer(_rendered(request, about, "registration_link.html", act=act, done=True, found=found))
        answer.background = _sending(request)
        return answer

    page(f"/{path}/{{secret}}")(show)
    page(f"/{path}/{{secret}}", "POST")(do)


_link("confirm", "bestaetigen")
_link("cancel", "absagen")
