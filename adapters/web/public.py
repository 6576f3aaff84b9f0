"""The public pages: what happened, how the process is built, and every entry – in German and English, without script.

A page is always the public's, whoever asks. The pages of a process stand a second time below the desk, where they show
whoever is signed in what is internal, too: it is the same page for another audience.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from adapters.answers import head
from adapters.documents import Document
from adapters.invitation import title_of
from adapters.registers import REGISTERS, Register
from adapters.sheets.parts import Content, Mark, Nr, Part, Speaker
from adapters.web.asking import ID, installed
from adapters.web.assets import assets
from adapters.web.governance_tree import loose_roles, tree
from adapters.web.guard import guarded, signed_in
from adapters.web.headers import is_desk
from adapters.web.problems import TITLES, headers_of, status_of
from adapters.web.replies import reply
from adapters.web.telling_fields import correction, entry_link, rows, source, withdrawal
from adapters.web.wording import GROUPS, PARAMETERS, Wording, group_of
from domain.errors import Refusal, Refused, refused
from domain.meaning import PROCESS
from domain.publication import STEPS, EntryCorrected, Telling
from domain.replay import Effective
from domain.view import View
from domain.when import day
from domain.words import REFUSALS, Language, say
from projections.cited_files import files_of
from projections.governance import in_order, structure
from projections.meetings import is_to_come, meetings
from projections.summary import summary
from projections.telling import Line, Named, line, state_of
from projections.timeline import numbers_in_order
from projections.why import why
from service import Answer, Audience, Citation, Times, permits

HTML: Final = "text/html; charset=utf-8"
PAGE_SIZE: Final = 50
LAST_SHOWN: Final = 5
HITS: Final = 20
LINES_KEPT: Final = 4_000
MEETINGS: Final = "termine"
"""The page of the meetings; the form to register for one lies below it."""

NO_VIEW: Final = View(Effective(), 0)
"""Where nothing is looked up: names come along with what is shown."""

ADDRESS: Final = "/prozesse/{process}"
INTERNAL: Final = "/geschaeftsstelle/{process}/stand"
"""Where a process is shown to the public, and where to the office with what is internal."""

router = APIRouter(include_in_schema=False)

office = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])
"""The pages of a process once more, for who is signed in."""

SEARCH: Final = "/suche"
DESK_SEARCH: Final = "/geschaeftsstelle/suche"

at_desk = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])
"""The search once more, for who is signed in."""


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # templates are part of the program: looking whether they changed takes time at every page
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        part=_part, asset=lambda name: assets()[name].path, at_desk=False, PARAMETERS=PARAMETERS, REGISTERS=REGISTERS
    )
    return environment


def _part(words: Wording, part: Part) -> Markup:
    """A part of a cell as the pages show it."""
    match part:
        case Nr(number=number):
            return entry_link(words, number)
        case Content(text=text):
            return escape(words.t("[Text gelöscht]", "[Text erased]")) if text is None else words.content(text)
        case Mark(text=text, kind=kind):
            return Markup('<span class="chip chip--{}">{}</span>').format(kind, text)
        case Named(id=id_, name=given):
            return words.named(id_, given)
        case str():
            return escape(part)


def render(template: str, **context: Any) -> bytes:
    return _templates().get_template(template).render(context).encode()


def page(path: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """A page at its German address and at the English one, which differs by `/en`; of a process also at the desk."""

    def register(show: Callable[..., Response]) -> Callable[..., Response]:
        for prefix in ("", "/en"):
            router.add_api_route(f"{prefix}{path}", show, methods=["GET"])
            if path.startswith(ADDRESS):
                office.add_api_route(f"{prefix}{INTERNAL}{path.removeprefix(ADDRESS)}", show, methods=["GET"])
            if path == SEARCH:
                at_desk.add_api_route(f"{prefix}{DESK_SEARCH}", show, methods=["GET"])
        return show

    return register


def language_of(request: Request) -> Language:
    return "en" if re.match(r"/en(/|$)", request.url.path) else "de"


def audience_of(request: Request) -> Audience:
    """Whom a page answers: below the desk who is signed in, anywhere else the public, whoever asks."""
    return signed_in(request) if is_desk(request.url.path) else None


# ---- what a page of a process is asked for ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """The times as they were typed, what they mean, and what is wrong with them."""

    given: Mapping[str, str]
    times: Times
    refusals: tuple[Refusal, ...]
    elsewhere: str | None
    """The address that says the same in the one lasting way, if this one does not."""

    def wrong(self, parameter: str) -> Refusal | None:
        """What is wrong with one of the times."""
        return next((found for found in self.refusals if found.pointer == f"/{parameter}"), None)


def _asked(request: Request) -> Asked:
    query = request.query_params
    given = {parameter: query[parameter].strip() for parameter in PARAMETERS if parameter in query}
    days: dict[str, date] = {}
    refusals = []
    for parameter, text in given.items():
        try:
            if text:
                days[parameter] = typed_day(text)
        except Refused as refusal:
            refusals += [Refusal(found.code, found.params, pointer=f"/{parameter}") for found in refusal.refusals]
    if refusals:
        return Asked(given, Times(), tuple(refusals), None)
    others = {parameter: text for parameter, text in query.items() if parameter not in PARAMETERS and text}
    lasting = {**{parameter: found.isoformat() for parameter, found in days.items()}, **others}
    same = sorted(lasting.items()) == sorted(query.multi_items())
    address = f"{request.url.path}?{urlencode(lasting)}" if lasting else request.url.path
    return Asked(given, Times(**days), (), None if same else address)


def typed_day(text: str) -> date:
    """A day as people type it: 31.12.2018, or as addresses have it: 2018-12-31."""
    found = re.fullmatch(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})", text)
    return day(f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else text)


Reading = tuple[Citation | Answer, View, Callable[[Wording], dict[str, Any]]]
"""What a page was read from: what to cite, the view that its words are about, and what the template is given."""
Read = Callable[[Times, Citation], Reading]
"""Reads a page for the times it is asked for; what there is to cite of today is known already."""


def _of_process(
    request: Request,
    process: str,
    template: str,
    context: Callable[[Answer, Wording], dict[str, Any]],
    *,
    has_form: bool = True,
    beside: int = 0,
) -> Response:
    """A page about one process that is read from its view."""

    def read(times: Times, _: Citation) -> Reading:
        answer = installed(request).service.view(process, audience_of(request), times)
        return answer, answer.view, partial(context, answer)

    return _read(request, process, template, read, has_form=has_form, beside=beside)


def _read(
    request: Request, process: str, template: str, read: Read, *, has_form: bool = True, beside: int = 0
) -> Response:
    """A page about one process, for the times it is asked for. What was mistyped is said beside the form."""
    if not ID.fullmatch(process):
        raise refused("page-not-found")
    asked = _asked(request)
    if asked.refusals and not has_form:
        raise Refused(*asked.refusals)
    if asked.elsewhere is not None:
        return RedirectResponse(asked.elsewhere, 303, {"Cache-Control": "no-store"})
    with installed(request).database.reading():  # one and the same state, from what is cited to the last line
        return _answered(request, process, template, asked, read, beside)


def _answered(request: Request, process: str, template: str, asked: Asked, read: Read, beside: int) -> Response:
    audience = audience_of(request)
    now = installed(request).service.listed(process, audience)
    if audience is not None and not permits(audience, "read", process):
        raise refused("not-permitted", act="read", process=process)
    cited, view, context = read(asked.times, now.cited)
    base = (ADDRESS if audience is None else INTERNAL).format(process=process)
    words = Wording(language_of(request), base, view, asked.times)

    def make() -> bytes:
        return render(
            template,
            **context(words),
            w=words,
            answer=cited,
            asked=asked,
            process_name=words.named(PROCESS, now.overview.summary.name),
            other=in_other_language(request),
            here=address_of(request),
            at_desk=audience is not None,
            desk=f"{'/en' if words.language == 'en' else ''}{INTERNAL.format(process=process).removesuffix('/stand')}",
        )

    if asked.refusals:
        return Response(make(), 422, headers_of(asked.refusals[0], words.language), HTML)
    return reply(request, audience, [head(cited), head(now.cited), beside], make, media_type=HTML)


def wordless(language: Language) -> Wording:
    """What a page needs that is about no process."""
    return Wording(language, "", NO_VIEW, Times())


def inside(language: Language, process: str) -> Wording:
    """What a page needs to lead into a process."""
    return Wording(language, f"/prozesse/{process}", NO_VIEW, Times())


def _within(audience: Audience, language: Language, process: str) -> Wording:
    """The same for what was found: at the desk as the office sees it, where it may."""
    if not permits(audience, "read", process):
        return inside(language, process)
    return Wording(language, INTERNAL.format(process=process), NO_VIEW, Times())


def address_of(request: Request) -> str:
    """The address of this page."""
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def in_other_language(request: Request) -> str:
    """The address of the same page in the other language."""
    path = request.url.path
    other = (path.removeprefix("/en") or "/") if language_of(request) == "en" else f"/en{path}"
    return f"{other}?{request.url.query}" if request.url.query else other


# ---- the pages ----------------------------------------------------------------------------------------------------


@page("/")
def processes(request: Request) -> Response:
    """All public processes."""
    language = language_of(request)
    listed = installed(request).service.processes(None)

    def make() -> bytes:
        shown = [(inside(language, found.cited.process), found.overview.summary) for found in listed]
        here, other = address_of(request), in_other_language(request)
        return render("processes.html", w=wordless(language), shown=shown, other=other, here=here)

    return reply(request, None, [head(found.cited) for found in listed], make, media_type=HTML)


@page(SEARCH)
def search(request: Request) -> Response:
    """Entries by the beginnings of their words; at the desk also those that are internal."""
    audience = audience_of(request)
    question, process, number = (request.query_params.get(name, "") for name in ("q", "process", "page"))
    if not (ID.fullmatch(process) or not process) or not re.fullmatch(r"([1-9][0-9]{0,2})?", number):
        raise refused("page-not-found")
    question = "".join(letter for letter in question if letter.isprintable())
    language, service = language_of(request), installed(request).service
    first = (int(number or 1) - 1) * HITS
    found, complaint = None, None
    if "q" in request.query_params:
        try:
            found = service.search(question, audience, process or None, first=first, most=HITS)
        except Refused as refusal:
            complaint = refusal.refusals[0]
            if complaint.code not in {"nothing-asked", "question-long"}:
                raise
    if first and (found is None or first >= found.total):
        raise refused("page-not-found")
    listed = service.processes(audience)
    asked_for = {"q": question, "process": process} if process else {"q": question}

    def make() -> bytes:
        return render(
            "search.html",
            w=wordless(language),
            question=question,
            process=process,
            processes=listed,
            found=found,
            complaint=complaint,
            inside=partial(_within, audience, language),
            at_desk=audience is not None,
            first=first,
            number=int(number or 1),
            pages=0 if found is None else -(-found.total // HITS),
            address=lambda page: f"{request.url.path}?{urlencode({**asked_for, 'page': page})}",
            other=in_other_language(request),
            here=address_of(request),
        )

    if complaint is not None:
        return Response(make(), 422, headers_of(complaint, language), HTML)
    rests_on = [head(each.cited) for each in listed], found and found.model_dump(mode="json")
    return reply(request, audience, rests_on, make, media_type=HTML)


@page("/prozesse/{process}")
def start(request: Request, process: str) -> Response:
    """A process at a glance."""

    def context(answer: Answer, _: Wording) -> dict[str, Any]:
        found = structure(answer.view)
        happened = [number for number in numbers_in_order(answer.view) if state_of(answer.view, number) == "certain"]
        return {
            "summary": summary(answer.view),
            "levels": in_order(found.levels),
            "tree": tree(found),
            "last": [line(answer.view, number) for number in happened[::-1][:LAST_SHOWN]],
        }

    return _of_process(request, process, "start.html", context, has_form=False)


@lru_cache(LINES_KEPT)
def _happened(language: Language, base: str, times: Times, told: str) -> Markup:
    """An entry in the list of what happened. It looks the same on every page that lists it, until it is told anew."""
    words = Wording(language, base, NO_VIEW, times)
    parts: Any = _templates().get_template("parts.html").make_module({"w": words})
    return Markup(parts.happened(Line.model_validate_json(told)))  # noqa: S704  # a template has written it


@page("/prozesse/{process}/verlauf")
def history(request: Request, process: str) -> Response:
    """What happened, in order."""
    query = request.query_params
    kind, order, number = query.get("kind", ""), query.get("order", ""), query.get("page", "")
    if not (kind in {"", *GROUPS} and order in {"", "newest"} and re.fullmatch(r"([1-9][0-9]{0,5})?", number)):
        raise refused("page-not-found")

    first = (int(number or 1) - 1) * PAGE_SIZE
    types = None if not kind else [type_ for type_ in STEPS if group_of(type_) == kind]

    def read(times: Times, now: Citation) -> Reading:
        service = installed(request).service
        cited = now if times == Times() else service.view(process, audience_of(request), times).cited
        return cited, NO_VIEW, partial(context, times)

    def context(times: Times, words: Wording) -> dict[str, Any]:
        _, found = installed(request).service.timeline(
            process, audience_of(request), times, types=types, newest=order == "newest", first=first, most=PAGE_SIZE
        )
        if first and first >= found.total:
            raise refused("page-not-found")
        groups = dict.fromkeys(GROUPS, 0)
        for type_, count in found.counts.items():
            groups[group_of(type_)] += count
        return {
            "lines": [_happened(words.language, words.base, times, each.model_dump_json()) for each in found.lines],
            "total": found.total,
            "later": found.later,
            "groups": groups,
            "kind": kind,
            "order": order,
            "number": int(number or 1),
            "pages": max(1, -(-found.total // PAGE_SIZE)),
            "first": first,
        }

    return _read(request, process, "history.html", read)


@page("/prozesse/{process}/struktur")
def governance(request: Request, process: str) -> Response:
    """How the process is built, on any day."""

    def context(answer: Answer, _: Wording) -> dict[str, Any]:
        found = structure(answer.view)
        return {
            "structure": found,
            "levels": in_order(found.levels),
            "tree": tree(found),
            "loose_roles": loose_roles(found),
        }

    return _of_process(request, process, "structure.html", context)


def _register(register: Register) -> None:
    """The page of one register: the tables of its sheet."""

    def show(request: Request, process: str) -> Response:
        def context(answer: Answer, words: Wording) -> dict[str, Any]:
            return {
                "sheet": register.sheet(answer.view, words.language),
                "register": register,
                "to_register": _to_register(answer, words) if register.page == MEETINGS else [],
            }

        return _of_process(request, process, "sheet.html", context)

    page(f"/prozesse/{{process}}/{register.page}")(show)


for _each in REGISTERS:
    _register(_each)


def _to_register(answer: Answer, words: Wording) -> list[tuple[str, Markup]]:
    """The meetings that the public can register for, with the addresses of their forms."""
    if not answer.public or answer.times != Times():
        return []
    return [
        (words.href(f"/{MEETINGS}/{meeting.id}/anmeldung"), words.content(title_of(meeting, words.language)))
        for meeting in meetings(answer.view)
        if meeting.registration == "required" and is_to_come(meeting, answer.day)
    ]


@page("/prozesse/{process}/eintrag/{number}")
def entry(request: Request, process: str, number: str) -> Response:
    """One entry with all that it states."""
    if not re.fullmatch(r"[1-9][0-9]{0,14}", number):
        raise refused("page-not-found")

    def context(answer: Answer, words: Wording) -> dict[str, Any]:
        found = answer.view.effective.by_number.get(int(number))
        if found is None:
            raise refused("unknown-entry", entry=number)
        telling, path = words.telling(found.number), why(answer.view, found.number)
        spans = {span.cause if span.effect == found.number else span.effect: span for span in path.spans}
        return {
            "entry": found,
            "line": line(answer.view, found.number),
            "telling": telling,
            "rows": list(rows(words, telling.step, telling.step.type)),
            "sources": [source(words, given) for given in telling.sources],
            "files": _handed_out(request, process, telling),
            "why": path,
            "spans": defaultdict(str, {n: Speaker(words.language).span(span) for n, span in spans.items()}),
            "corrections": [correction(words, n) for n in answer.view.effective.corrections.get(found.number, ())],
            "withdrawals": [withdrawal(words, n) for n in answer.view.effective.withdrawals.get(found.number, ())],
            "corrects": correction(words, found.number) if isinstance(found.statement.step, EntryCorrected) else None,
            "link": lambda other: entry_link(words, other),
            "public_from": answer.view.effective.public_from(found.number),
        }

    # What is handed out lies beside the entries: the page is another one when that has changed.
    beside = installed(request).documents.version()
    return _of_process(request, process, "entry.html", context, has_form=False, beside=beside)


def _handed_out(request: Request, process: str, telling: Telling) -> list[Document]:
    """The documents that a public entry rests on, as far as the office gave them to the public."""
    found = (installed(request).documents.find(process, sha256) for sha256 in dict.fromkeys(files_of(telling)))
    return [document for document in found if document is not None and document.public]


@router.get("/prozesse")
@router.get("/en/prozesse")
def above(request: Request) -> Response:
    """Whoever shortens an address finds the list."""
    return RedirectResponse("/en/" if language_of(request) == "en" else "/", 308)


@router.get("/en")
def english() -> Response:
    return RedirectResponse("/en/", 308)


@router.get("/problems/{code}")
def explained(request: Request, code: str) -> Response:
    """What a refusal of the API means; its `type` leads here."""
    if code not in REFUSALS:
        raise refused("page-not-found")
    title = TITLES[status_of(Refusal(code))]
    return reply(
        request,
        None,
        code,
        lambda: render(
            "problem.html",
            w=wordless("de"),
            code=code,
            title=title,
            sentence=REFUSALS[code],
            say=say,
            other=None,
            here="/",
        ),
        media_type=HTML,
    )


def refusal_page(request: Request, found: Refused) -> Response:
    """A page that is not there, or a question that cannot be answered: in both languages."""
    first, language = found.refusals[0], language_of(request)
    status = status_of(first)
    content = render(
        "refused.html",
        w=wordless(language),
        status=status,
        title=TITLES[status],
        sentences=[(REFUSALS[refusal.code], refusal.params) for refusal in found.refusals],
        say=say,
        at_desk=is_desk(request.url.path),
        other=None,
        here="/",
    )
    return Response(content, status, headers_of(first, language), HTML)
