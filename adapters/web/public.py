"""The public pages: every process, the search, a process at a glance, its registers and every entry."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from adapters.answers import head
from adapters.cosignatures import Witnessed
from adapters.documents import Document
from adapters.invitation import title_of
from adapters.registers import REGISTERS, Register
from adapters.sheets.parts import Cell, Sheet, SheetTable, Speaker
from adapters.web.asking import ID, installed
from adapters.web.governance_tree import first_of, tree
from adapters.web.headers import is_desk
from adapters.web.navigation import standing
from adapters.web.page import (
    HTML,
    SEARCH,
    Pages,
    address_of,
    audience_of,
    audience_within,
    documents_at,
    in_other_language,
    inside,
    language_of,
    masthead_of,
    of_documents,
    of_process,
    render,
    within,
    wordless,
)
from adapters.web.paging import PAGE, PROCESSES, Paging, asked_page, paging
from adapters.web.problems import TITLES, headers_of, status_of
from adapters.web.replies import reply
from adapters.web.telling_fields import correction, entry_link, rows, source, withdrawal
from adapters.web.wording import Wording
from domain.entry import Entry
from domain.errors import Refusal, Refused, refused
from domain.meaning import PROCESS
from domain.publication import EntryCorrected, Telling
from domain.replay import Effective
from domain.view import View, once
from domain.when import FAR, stated
from domain.words import REFUSALS, Words, say
from projections.cited_files import files_of
from projections.governance import in_order, structure
from projections.lives import everyone
from projections.meetings import Meeting, coming_and_past, is_to_come, meetings
from projections.open_items import open_items
from projections.signposts import called, entry_asked_for
from projections.summary import summary
from projections.telling import Line, line, plain, state_of
from projections.timeline import kind_of, numbers_in_order, places_in_order
from projections.why import why
from service import Answer, Listed, Times

LAST_SHOWN: Final = 5
NEXT_SHOWN: Final = 3
YEAR: Final = 365
MOST_PLACES: Final = 60
"""More do not stand on the first page of a process; the structure and the list of bodies have all of them."""
HITS: Final = 20
SIGNPOSTS: Final = 12
"""How many pages that are called like what was asked for are offered."""
MOST_CAUSES: Final = 8
MOST_CONSEQUENCES: Final = 5
"""How much of a chain has its place on one printed page; the page of the entry has all of it."""
MEETINGS: Final = "termine"
"""The page of the meetings; the form to register for one lies below it."""

AWAY: Final[Words] = (
    "Gerade lässt sich hier nichts lesen. Bitte in einer Minute noch einmal versuchen ({reason}).",
    "Nothing can be read here just now. Please try again in a minute ({reason}).",
)

WITHIN: Final = re.compile(r"(?:/en)?/prozesse/([^/]+)")
"""How the public addresses inside a process begin."""

pages = Pages()


@pages("/")
def processes(request: Request) -> Response:
    """All public processes, the oldest first."""
    language, service, site = language_of(request), installed(request).service, installed(request).settings.address
    with installed(request).database.reading():
        seen = service.seen(None)
        found = paging(request, len(seen), PROCESSES)
        listed = service.processes(None, found.of(seen))

    def make() -> bytes:
        return render(
            "processes.html",
            w=wordless(language),
            shown=[(inside(language, each.cited.process), each.overview.summary) for each in listed],
            paging=found,
            other=in_other_language(request),
            here=address_of(request),
            site=site,
        )

    return reply(request, None, [site, found.total, [head(each.cited) for each in listed]], make, media_type=HTML)


@pages(SEARCH)
def search(request: Request) -> Response:
    """Entries by the beginnings of their words; at the desk also those that are internal.

    Inside a process a number leads to its entry, and a name to the pages of what is called so.
    """
    audience = audience_of(request)
    question, process = (request.query_params.get(name, "") for name in ("q", "process"))
    if not (ID.fullmatch(process) or not process):
        raise refused("page-not-found")
    question = "".join(letter for letter in question if letter.isprintable())
    language, service = language_of(request), installed(request).service
    first = (asked_page(request) - 1) * HITS
    found, complaint = None, None
    if "q" in request.query_params:
        try:
            found = service.search(question, audience, process or None, first=first, most=HITS)
        except Refused as refusal:
            complaint = refusal.refusals[0]
            if complaint.code not in {"nothing-asked", "question-long"}:
                raise
    hits = paging(request, 0 if found is None else found.total, HITS)
    seen = service.seen(audience)
    only = seen[0] if len(seen) == 1 else ""
    # Of too many to choose from only the one stays that the search is in.
    few = len(seen) <= PROCESSES
    listed = service.processes(audience, seen if few else [each for each in seen if each == process])
    numbered, named = None, []
    if found is not None and first == 0 and (process or only):
        view = service.view(process or only, audience).view
        numbered, named = entry_asked_for(view, question), called(view, found.words)
    around = next((each for each in listed if each.cited.process == process), None)

    def make() -> bytes:
        return render(
            "search.html",
            w=wordless(language),
            question=question,
            process=process,
            processes=listed if few else [],
            around=around,
            everywhere=None if few or around is None else _everywhere(request, question),
            found=found,
            complaint=complaint,
            numbered=numbered,
            named=named[:SIGNPOSTS],
            more_named=len(named[SIGNPOSTS:]),
            inside=partial(within, audience, language),
            there=within(audience, language, process or only),
            masthead="" if around is None else masthead_of(audience, language, around, SEARCH),
            at_desk=audience is not None,
            first=first,
            paging=hits,
            other=in_other_language(request),
            here=address_of(request),
        )

    if complaint is not None:
        return Response(make(), 422, headers_of(complaint, language), HTML)
    rests_on = (
        few,
        [head(each.cited) for each in listed],
        found and found.model_dump(mode="json"),
        numbered and numbered.told,
        [each.model_dump(mode="json") for each in named],
    )
    return reply(request, audience, rests_on, make, media_type=HTML)


def _everywhere(request: Request, question: str) -> str:
    """The same search in all processes."""
    return f"{request.url.path}?{urlencode({'q': question})}" if question else request.url.path


@pages("/prozesse/{process}")
def start(request: Request, process: str) -> Response:
    """A process at a glance. What was found or disputed is no event: it does not stand among the latest ones."""

    def context(answer: Answer, words: Wording) -> dict[str, Any]:
        found = structure(answer.view)
        places, left_out = first_of(tree(found), MOST_PLACES)
        view = answer.view
        happened = (n for n in reversed(numbers_in_order(view)) if state_of(view, n) == "certain")
        events = (n for n in happened if kind_of(view.effective.by_number[n].statement.step.type) != "findings")
        return {
            "summary": summary(answer.view),
            "about_others": sum(entry.about_entries for entry in view.effective.entries),
            "plain": None if PROCESS not in view.state else plain(view, view.state[PROCESS].founded),
            "levels": in_order(found.levels),
            "tree": places,
            "left_out": left_out,
            "last": [line(view, number) for number in islice(events, LAST_SHOWN)],
            "stands_by": _stands_by(answer),
            "actors": sum(1 for actor in everyone(answer.view, "actor") if actor.presence != "not-yet"),
            "offices": [body for body in found.bodies if body.body_kind == "geschaeftsstelle"],
            "next": _next(answer, words),
            "open": open_items(answer.view),
            "speaker": Speaker(words.language),
        }

    return of_process(request, process, "start.html", context, has_form=False)


def _stands_by(answer: Answer) -> Line | None:
    """What happened last of all that has a date, where that is so long ago that nobody shall take it for today."""
    view = answer.view
    last = next((n for n in reversed(view.order) if view.certain(n) and _has_date(view, n)), None)
    if last is None or (not summary(view).closed and view.room(last).last > answer.day.toordinal() - YEAR):
        return None
    return line(view, last)


def _has_date(view: View, number: int) -> bool:
    """Whether it is known by when something had happened, and not only by when it was recorded."""
    occurred = view.form(number).telling.occurred
    edtf = None if occurred is None else occurred.edtf
    return edtf is not None and stated(edtf).begin.last < FAR


def _next(answer: Answer, words: Wording) -> list[tuple[Meeting, str, str | None]]:
    """The next meetings, when they are, and where one can register; nothing is next on another day than today."""
    if answer.times != Times():
        return []
    forms, speaker = {address for address, _ in _to_register(answer, words)}, Speaker(words.language)
    found = []
    for meeting in meetings(answer.view):
        if is_to_come(meeting, answer.day) and meeting.timing is not None:
            address = words.href(f"/{MEETINGS}/{meeting.id}/anmeldung")
            found.append((meeting, speaker.local(meeting.timing.begins), address if address in forms else None))
    return found[:NEXT_SHOWN]


def _register(register: Register) -> None:
    """The page of one register: the tables of its sheet."""
    laid_out = once(register.sheet)

    def show(request: Request, process: str) -> Response:
        def context(answer: Answer, words: Wording) -> dict[str, Any]:
            sheet = laid_out(answer.view, words.language)
            found = paging(request, sum(len(table.rows) for table in sheet.tables))
            return {
                "sheet": sheet,
                "tables": list(_on_page(sheet, found)),
                "paging": found,
                "register": register,
                "events": found.of(list(chain(*coming_and_past(answer.view)))) if register.page == MEETINGS else [],
                "to_register": _to_register(answer, words) if register.page == MEETINGS else [],
            }

        return of_process(request, process, "sheet.html", context)

    pages(f"/prozesse/{{process}}/{register.page}")(show)


for _each in REGISTERS:
    _register(_each)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a sheet, with those of its rows that are on the page; it begins on the page of that number."""

    table: SheetTable
    begins: int
    rows: Sequence[Sequence[Cell]]
    shown: bool


def _on_page(sheet: Sheet, page: Paging) -> Iterator[_Table]:
    """The tables of a sheet, whose rows are counted through all of them; one without rows is where it would begin."""
    at = 0
    for table in sheet.tables:
        rows = table.rows[max(0, page.first - at) : max(0, page.first + page.size - at)]
        begins = min(page.page_of(at), page.pages)
        yield _Table(table, begins, rows, bool(rows) or (not table.rows and begins == page.number))
        at += len(table.rows)


def _to_register(answer: Answer, words: Wording) -> list[tuple[str, Markup]]:
    """The meetings that the public can register for, with the addresses of their forms."""
    if not answer.public or answer.times != Times():
        return []
    return [
        (words.href(f"/{MEETINGS}/{meeting.id}/anmeldung"), words.content(title_of(meeting, words.language)))
        for meeting in meetings(answer.view)
        if meeting.registration == "required" and is_to_come(meeting, answer.day)
    ]


@pages("/prozesse/{process}/eintrag/{number}")
def entry(request: Request, process: str, number: str) -> Response:
    """One entry with all that it states."""

    def context(answer: Answer, words: Wording) -> dict[str, Any]:
        found = _entry(answer.view, number)
        earlier, later = _beside(answer.view, found.number)
        log = answer.view.effective
        telling, path = words.telling(found.number), why(answer.view, found.number)
        spans = {span.cause if span.effect == found.number else span.effect: span for span in path.spans}
        shown = line(answer.view, found.number)
        return {
            "entry": found,
            "line": shown,
            "earlier": earlier,
            "later": later,
            "telling": telling,
            "rows": list(rows(words, telling.step, telling.step.type, erased=shown.erased)),
            "sources": [source(words, given) for given in telling.sources],
            "files": _handed_out(request, process, telling),
            "files_at": documents_at(words, process),
            "why": path,
            "spans": defaultdict(str, {n: Speaker(words.language).span(span) for n, span in spans.items()}),
            "corrections": [correction(words, n) for n in log.corrections.get(found.number, ())],
            "withdrawals": [withdrawal(words, n) for n in log.withdrawals.get(found.number, ())],
            "erasures": _erasures(log, found.number),
            "corrects": correction(words, found.number) if isinstance(found.statement.step, EntryCorrected) else None,
            "link": lambda other: entry_link(words, other),
            "public_from": log.public_from(found.number),
            "witnessed": witnessed,
            "claims_witnesses": claims,
        }

    # What is handed out, and what witnesses signed, lies beside the entries: the page is another one when it changed.
    claims = installed(request).cosignatures.claims()
    witnessed = _witnessed(request, process, number) if claims else None
    beside = (of_documents(request, process), claims, witnessed)
    return of_process(request, process, "entry.html", context, has_form=False, beside=beside)


def _witnessed(request: Request, process: str, number: str) -> Witnessed | None:
    """Since when an entry is witnessed, and by whom. Once said it stays so, whatever else is signed."""
    audience, _ = audience_within(request, process)
    found = _entry(installed(request).service.view(process, audience).view, number)
    return installed(request).cosignatures.witnessed(found.position)


def _erasures(log: Effective, number: int) -> list[Entry]:
    """The entries that erased texts of an entry, of its own or together with those of what it restates."""
    first = log.erasure_of(number)
    return [log.by_number[n] for n in sorted({*log.erasures.get(number, ()), *([] if first is None else [first])})]


def _entry(view: View, number: str) -> Entry:
    """The entry that an address names, if the view holds it."""
    if not re.fullmatch(r"[1-9][0-9]{0,14}", number):
        raise refused("page-not-found")
    found = view.effective.by_number.get(int(number))
    if found is None:
        raise refused("unknown-entry", entry=number)
    return found


def _beside(view: View, number: int) -> tuple[Line | None, Line | None]:
    """What stands before and after an entry in the timeline; what is about entries has no place there."""
    order, at = numbers_in_order(view), places_in_order(view).get(number)
    if at is None:
        return None, None
    earlier, later = order[max(0, at - 1) : at], order[at + 1 : at + 2]
    return (line(view, earlier[0]) if earlier else None), (line(view, later[0]) if later else None)


@pages("/prozesse/{process}/eintrag/{number}/warum")
def told_why(request: Request, process: str, number: str) -> Response:
    """Why something happened and what came of it, in sentences, on one page to print."""

    def context(answer: Answer, words: Wording) -> dict[str, Any]:
        found = _entry(answer.view, number)
        if found.about_entries:
            raise refused("page-not-found")
        path, place_of = why(answer.view, found.number), places_in_order(answer.view)

        def nearest(lines: list[Line], most: int) -> list[Line]:
            return sorted(lines[:most], key=lambda each: place_of[each.number])

        causes, consequences = nearest(path.causes, MOST_CAUSES), nearest(path.consequences, MOST_CONSEQUENCES)
        further = path.causes[MOST_CAUSES:], path.consequences[MOST_CONSEQUENCES:]
        shown = {each.number for each in (path.entry, *causes, *consequences)}
        telling = words.telling(found.number)
        return {
            "line": path.entry,
            "sources": [source(words, given) for given in telling.sources],
            "causes": causes,
            "consequences": consequences,
            "further": [sorted(lines, key=lambda each: place_of[each.number]) for lines in further],
            "led_to": {n: [to for cause, to in path.links if cause == n and to in shown] for n in shown},
        }

    return of_process(request, process, "why.html", context, has_form=False)


def _handed_out(request: Request, process: str, telling: Telling) -> list[Document]:
    """The documents that a public entry rests on, as far as the office gave them to the public."""
    found = (installed(request).documents.find(process, sha256) for sha256 in dict.fromkeys(files_of(telling)))
    return [document for document in found if document is not None and document.public]


@pages.public.get("/prozesse")
@pages.public.get("/en/prozesse")
def above(request: Request) -> Response:
    """Whoever shortens an address finds the list."""
    return RedirectResponse("/en/" if language_of(request) == "en" else "/", 308)


@pages.public.get("/en")
def english() -> Response:
    return RedirectResponse("/en/", 308)


@pages.public.get("/problems/{code}")
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
    """A page that is not there, or a question that cannot be answered: in both languages, with the way back."""
    first, language = found.refusals[0], language_of(request)
    status = status_of(first)
    around = _around(request) if status < 500 else None
    kept = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != PAGE])
    content = render(
        "refused.html",
        w=wordless(language),
        status=status,
        title=TITLES[status],
        sentences=[(_words(request, refusal.code), refusal.params) for refusal in found.refusals],
        say=say,
        beyond=first.code == "page-beyond",
        tells=first.code == "unknown-version",  # stands in a parameter: what is wrong with it is no secret
        first_page=f"{request.url.path}?{kept}" if kept else request.url.path,
        process="" if around is None else around.cited.process,
        masthead="" if around is None else _masthead_around(request, around),
        at_desk=is_desk(request.url.path),
        other=None,
        here="/",
    )
    return Response(content, status, headers_of(first, language), HTML)


def _words(request: Request, code: str) -> Words:
    """What is to be done about the server is not for those who only wanted to read a page."""
    return AWAY if code == "database-unreachable" and not is_desk(request.url.path) else REFUSALS[code]


def _around(request: Request) -> Listed | None:
    """The process whose address begins like the one that was asked for, if there is anything public of it."""
    named = WITHIN.match(request.url.path)
    if named is None or not ID.fullmatch(named[1]):
        return None
    try:
        return installed(request).service.listed(named[1], None)
    except Refused:  # of what nobody may know of, no way is told; why the page is refused is told already
        return None


def _masthead_around(request: Request, around: Listed) -> Markup:
    """The head of the process, as on a page that lies below one of its own."""
    inside = WITHIN.sub("", request.url.path)
    return masthead_of(None, language_of(request), around, f"{standing(inside)[0] or ''}/")
