"""How a page of a process is made: at its addresses in both languages, for the times it is asked for, by a template.

A page is always the public's, whoever asks. The pages of a process stand a second time below the desk, where they show
whoever is signed in what is internal, too: it is the same page for another audience.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from adapters.answers import head
from adapters.registers import REGISTERS
from adapters.sheets.parts import Content, Mark, Nr, Part
from adapters.web import linked_data
from adapters.web.asking import ID, installed, whole_number
from adapters.web.assets import assets
from adapters.web.citing import citation, lasting
from adapters.web.days import typed_day
from adapters.web.guard import guarded, local, signed_in
from adapters.web.headers import is_desk
from adapters.web.kinds import in_a_word, sign
from adapters.web.navigation import FIRST, FURTHER, LABELS, standing
from adapters.web.parameters import strictly, unknown
from adapters.web.problems import headers_of
from adapters.web.replies import reply
from adapters.web.telling_fields import entry_link
from adapters.web.wording import PARAMETERS, Wording
from domain.errors import Refusal, Refused, refused
from domain.meaning import PROCESS
from domain.replay import Effective
from domain.view import View
from domain.words import Language
from projections.summary import Summary
from projections.telling import Named
from service import Answer, Audience, Citation, Listed, Times, permits

log = structlog.get_logger()

HTML: Final = "text/html; charset=utf-8"
NO_VIEW: Final = View(Effective(), 0)
"""Where nothing is looked up: names come along with what is shown."""

Show = Callable[..., Response]
"""Answers whoever asks for a page."""

ADDRESS: Final = "/prozesse/{process}"
INTERNAL: Final = "/geschaeftsstelle/{process}/stand"
EVALUATION: Final = "/auswertung/{process}"
EVALUATION_INSIDE: Final = "/geschaeftsstelle/{process}/auswertung"
"""Where a process is shown to the public, and where to the office with what is internal."""

MASTHEADS_KEPT: Final = 1_000

SEARCH: Final = "/suche"
DESK_SEARCH: Final = "/geschaeftsstelle/suche"


@cache
def templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # templates are part of the program: looking whether they changed takes time at every page
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        part=_part,
        in_a_word=in_a_word,
        sign=sign,
        asset=lambda name: assets()[name].path,
        at_desk=False,
        PARAMETERS=PARAMETERS,
        FIRST=FIRST,
        FURTHER=FURTHER,
        LABELS=LABELS,
        REGISTERS=REGISTERS,
    )
    return environment


def _part(words: Wording, part: Part, *, link: bool = True) -> Markup:
    """A part of a cell as the pages show it; in a heading a name leads nowhere."""
    match part:
        case Nr(number=number):
            return entry_link(words, number)
        case Content(text=text):
            return escape(words.t("[Text gelöscht]", "[Text erased]")) if text is None else words.content(text)
        case Mark(text=text, kind=kind):
            return Markup('<span class="chip chip--{}">{}</span>').format(kind, text)
        case Named(id=id_, name=given):
            return words.link(id_, given) if link else words.named(id_, given)
        case str():
            return escape(part)


def render(template: str, **context: Any) -> bytes:
    return templates().get_template(template).render(context).encode()


def rendered(template: str, **context: Any) -> Markup:
    """A part of a page."""
    return Markup(templates().get_template(template).render(context))  # noqa: S704  # a template has written it


@lru_cache(MASTHEADS_KEPT)
def masthead(language: Language, base: str, times: Times, inside: str, process_name: Markup, internal: str) -> Markup:
    """The head of a page of a process: the same for all entries, and for whoever reads.

    `inside` is the address inside the process; `internal` that of the desk, on pages that show what is internal.
    """
    current, exactly = standing(inside)
    words = Wording(language, base, NO_VIEW, times)
    return rendered(
        "masthead.html",
        w=words,
        current=current,
        exactly=exactly,
        evaluated="/auswertung" in inside,
        process_name=process_name,
        internal=internal,
    )


def masthead_of(audience: Audience, language: Language, listed: Listed, inside: str) -> Markup:
    """The head of a page that belongs to no process and is asked for inside of one."""
    process = listed.cited.process
    words = within(audience, language, process)
    name = words.named(PROCESS, listed.overview.summary.name)
    internal = _desk(language, process) if permits(audience, "read", process) else ""
    return masthead(language, words.base, Times(), inside, name, internal)


def _desk(language: Language, process: str) -> str:
    """Where the office finds a process."""
    return f"{'/en' if language == 'en' else ''}{INTERNAL.format(process=process).removesuffix('/stand')}"


class Pages:
    """The pages of a module at their German addresses and at the English ones, which differ by `/en`.

    Those of a process stand once more below the desk, for who is signed in, and so does the search.
    """

    def __init__(self) -> None:
        self.public = APIRouter(include_in_schema=False)
        self.search = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])
        self.office = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])

    def __call__(self, path: str) -> Callable[[Show], Show]:
        """Shows a page at its address."""

        def register(show: Show) -> Show:
            for prefix in ("", "/en"):
                self.public.add_api_route(f"{prefix}{path}", show, methods=["GET"])
                for address, at_desk in ((ADDRESS, INTERNAL), (EVALUATION, EVALUATION_INSIDE)):
                    if path.startswith(address):
                        below = f"{prefix}{at_desk}{path.removeprefix(address)}"
                        self.office.add_api_route(below, show, methods=["GET"])
                if path == SEARCH:
                    self.search.add_api_route(f"{prefix}{DESK_SEARCH}", show, methods=["GET"])
            return show

        return register


def language_of(request: Request) -> Language:
    return "en" if re.match(r"/en(/|$)", request.url.path) else "de"


def audience_of(request: Request) -> Audience:
    """Whom a page answers: below the desk who is signed in, anywhere else the public, whoever asks."""
    return signed_in(request) if is_desk(request.url.path) else None


def audience_within(request: Request, process: str) -> tuple[Audience, str]:
    """Whom a page of a process answers, and at which address the process lies for them."""
    if not ID.fullmatch(process):
        raise refused("page-not-found")
    audience = audience_of(request)
    if audience is not None and not permits(audience, "read", process):
        installed(request).service.listed(process, audience)  # that there is none comes before who may see it
        raise refused("not-permitted", act="read", process=process)
    return audience, (ADDRESS if audience is None else INTERNAL).format(process=process)


def documents_at(words: Wording, process: str) -> str:
    """The address that the files of documents lie below: the public's, or at the desk that of the office."""
    if words.base == INTERNAL.format(process=process):
        return local(words.language, f"{words.base.removesuffix('/stand')}/dokumente")
    return words.today("/dokumente")


def of_documents(request: Request, process: str) -> object:
    """What a page rests on that tells of documents, beside the entries: the public's changes with nothing internal."""
    documents = installed(request).documents
    return documents.version() if is_desk(request.url.path) else documents.handed_out(process)


# ---- what a page of a process is asked for ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """The times as they were typed, what they mean, and what is wrong with them."""

    given: Mapping[str, str]
    days: Mapping[str, date]
    """Every day that is asked for, by its parameter; none where one was mistyped."""
    refusals: tuple[Refusal, ...]
    elsewhere: str | None
    """The address that says the same in the one lasting way, if this one does not."""
    version: int | None = None
    """The version that is to be shown again, if the address cites one."""
    unknown: tuple[str, ...] = ()
    """Parameters that the page does not know: they are told, since a slip must not silently mean "today"."""

    @property
    def times(self) -> Times:
        """The times of a page that shows one view."""
        happened_by, known_by, published_by = (self.days.get(parameter) for parameter in PARAMETERS)
        return Times(happened_by, known_by, published_by, self.version)

    def wrong(self, parameter: str) -> Refusal | None:
        """What is wrong with one of the times."""
        return next((found for found in self.refusals if found.pointer == f"/{parameter}"), None)


Readers = Mapping[str, Callable[[str], date]]
"""How the day is read that stands in a parameter of an address."""

TIMES: Final[Readers] = dict.fromkeys(PARAMETERS, typed_day)


def asked_for(request: Request, readers: Readers = TIMES) -> Asked:
    """The days that an address has for some parameters; in the evaluation, what nothing asks for is refused."""
    query = request.query_params
    others = tuple(unknown(request.url.path, query))
    if others and strictly(request.url.path):
        raise Refused(*(Refusal("parameter-unknown", {"parameter": each[:80]}) for each in others))
    given = {parameter: query[parameter].strip() for parameter in readers if parameter in query}
    days: dict[str, date] = {}
    refusals = []
    for parameter, text in given.items():
        try:
            if text:
                days[parameter] = readers[parameter](text)
        except Refused as refusal:
            refusals += [Refusal(found.code, found.params, pointer=f"/{parameter}") for found in refusal.refusals]
    version = whole_number("version", query.get("version", ""))
    if refusals:
        return Asked(given, {}, tuple(refusals), None, version, others)
    kept = {parameter: text for parameter, text in query.items() if parameter not in readers and text}
    lasting = {**{parameter: found.isoformat() for parameter, found in days.items()}, **kept}
    same = sorted(lasting.items()) == sorted(query.multi_items())
    address = f"{request.url.path}?{urlencode(lasting)}" if lasting else request.url.path
    return Asked(given, days, (), None if same else address, version, others)


def to_lasting(address: str) -> Response:
    """Leads on to the address that says the same in the one lasting way."""
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})


Reading = tuple[Citation | Answer, View, Callable[[Wording], dict[str, Any]]]
"""What a page was read from: what to cite, the view that its words are about, and what the template is given."""
Read = Callable[[Times, Citation], Reading]
"""Reads a page for the times it is asked for; what there is to cite of today is known already."""


def of_process(
    request: Request,
    process: str,
    template: str,
    context: Callable[[Answer, Wording], dict[str, Any]],
    *,
    has_form: bool = True,
    beside: object = 0,
) -> Response:
    """A page about one process that is read from its view."""

    def read(times: Times, _: Citation) -> Reading:
        answer = installed(request).service.view(process, audience_of(request), times)
        return answer, answer.view, partial(context, answer)

    return read_page(request, process, template, read, has_form=has_form, beside=beside)


def read_page(
    request: Request,
    process: str,
    template: str,
    read: Read,
    *,
    has_form: bool = True,
    beside: object = 0,
    asked: Asked | None = None,
) -> Response:
    """A page about one process, for the times it is asked for. What was mistyped is said beside the form."""
    asked = asked or asked_for(request)
    if asked.refusals and not has_form:
        raise Refused(*asked.refusals)
    if asked.elsewhere is not None:
        return to_lasting(asked.elsewhere)
    with installed(request).database.reading():  # one and the same state, from what is cited to the last line
        return _answered(request, process, template, asked, read, beside)


def _answered(request: Request, process: str, template: str, asked: Asked, read: Read, beside: object) -> Response:
    audience, base = audience_within(request, process)
    now = installed(request).service.listed(process, audience)
    cited, view, context = read(asked.times, now.cited)
    words = Wording(language_of(request), base, view, asked.times)
    site = installed(request).settings.address
    summary, in_public = now.overview.summary, audience is None and asked.times == Times()

    def make() -> bytes:
        shown = context(words)
        name = words.named(PROCESS, summary.name)
        desk = _desk(words.language, process)
        inside = request.url.path.removeprefix(words.today())
        internal = "" if audience is None else desk
        return render(
            template,
            **shown,
            w=words,
            answer=cited,
            asked=asked,
            process_name=name,
            masthead=masthead(words.language, base, asked.times, inside, name, internal),
            site=site,
            description=linked_data.shortened(summary.purpose),
            linked=_linked(request, words, summary, shown) if in_public else "",
            checkpoint=_checkpoint(request, process, cited) if audience is None else None,
            citation=citation(site, _lasting(request, cited, shown), cited, summary, now.cited.day, shown.get("label")),
            other=in_other_language(request),
            here=address_of(request),
            today=now.cited.day,
            at_desk=audience is not None,
            desk=desk,
        )

    if asked.refusals:
        return Response(make(), 422, headers_of(asked.refusals[0], words.language), HTML)
    shown_to = [site, installed(request).settings.frame_ancestors]
    return reply(request, audience, [head(cited), head(now.cited), beside, shown_to], make, media_type=HTML)


def _lasting(request: Request, cited: Citation | Answer, shown: Mapping[str, Any]) -> str:
    """The address under which this page is cited."""
    return lasting(request.url.path, request.url.query, cited, shown.get("pinned"))


def _linked(request: Request, words: Wording, summary: Summary, shown: Mapping[str, Any]) -> Markup:
    """What machines read of a page of a process: the way to it, what it is part of, and the meetings on it."""
    root, here, site = words.today(), request.url.path, installed(request).settings.address
    name = summary.name.text or root
    ways = [("Werdegang", "/en/" if words.language == "en" else "/"), (name, root)]
    things: list[Mapping[str, Any]] = [
        linked_data.of_page(name, site, here, root, words.language),
        linked_data.breadcrumbs(site, ways),
    ]
    if here == root:
        things.append(linked_data.of_process(summary, site, root))
    things += linked_data.events(shown.get("events", ()), site, here, words.language)
    return linked_data.linked(*things)


def _checkpoint(request: Request, process: str, cited: Citation | Answer) -> tuple[int, str] | None:
    """The log up to the last entry that a page rests on: a print names it, and it never changes again.

    It is not the newest checkpoint: that one moves with every entry, also with those that are not public.
    """
    try:
        found = request.app.state.root_through(process, cited.position)
    except Refused as refusal:  # a log that is broken says so itself; the page is still worth reading
        log.warning("checkpoint-not-printed", code=refusal.refusals[0].code)
        return None
    return None if found is None else (found[0], b64encode(found[1]).decode())


def wordless(language: Language) -> Wording:
    """What a page needs that is about no process."""
    return Wording(language, "", NO_VIEW, Times())


def inside(language: Language, process: str) -> Wording:
    """What a page needs to lead into a process."""
    return Wording(language, f"/prozesse/{process}", NO_VIEW, Times())


def within(audience: Audience, language: Language, process: str) -> Wording:
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
