"""Figures about a process as a page, each with its place on it, and every drawing as a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, get_args

from fastapi import Request, Response
from markupsafe import Markup

from adapters.answers import head
from adapters.png import png
from adapters.sheets.analytics import Drawable, Section, sections, titled
from adapters.sheets.parts import Line, Speaker
from adapters.version import VERSION
from adapters.web.asking import installed
from adapters.web.charts import Chart, chart
from adapters.web.evaluation import TABS, called
from adapters.web.governance import caption
from adapters.web.page import EVALUATION, Pages, asked_for, audience_within, language_of, of_process, to_lasting
from adapters.web.replies import reply
from adapters.web.wording import Wording
from domain.errors import Refused, refused
from domain.meaning import PROCESS
from domain.view import View, once
from domain.words import Language, Words
from projections.analytics.breadth import Reference, read_reference
from projections.analytics.report import Report, compared_with, report
from projections.telling import Named
from service import Answer, Times

PATH: Final = "/zahlen"
REFERENCE: Final = "reference"

pages = Pages()


@dataclass(frozen=True, slots=True)
class Shown:
    """An analysis as the page shows it: in words, and what is drawn of it."""

    section: Section
    drawings: Sequence[tuple[Drawable, Markup | None]]


@pages(f"{EVALUATION}{PATH}")
def figures(request: Request, process: str) -> Response:
    """All figures of a process on a day; `reference` is what the breadth of participation is held against."""
    reference = _reference(request)

    def context(answer: Answer, words: Wording) -> dict[str, Any]:
        title, lead = titled(Speaker(words.language))
        return {
            "tabs": TABS,
            "tab": PATH,
            "label": called(PATH),
            "title": title,
            "lead": lead,
            "day": report(answer.view, public=answer.public).day,
            "shown": _shown(answer, reference, words.language),
            "compared": {REFERENCE: request.query_params[REFERENCE]} if reference else {},
        }

    return of_process(request, process, "evaluation_figures.html", context)


def _reference(request: Request) -> Reference | None:
    given = request.query_params.get(REFERENCE, "")
    return read_reference(given) if given else None


def _shown(answer: Answer, reference: Reference | None, language: Language) -> list[Shown]:
    """What the page shows, and each of its files."""
    if reference is None:
        return laid_out(answer.view, language, public=answer.public)
    return _laid_out(answer.view, compared_with(answer.view, reference, public=answer.public), language)


@once
def laid_out(view: View, language: Language, *, public: bool) -> list[Shown]:
    """The report as the page shows it: made once for a view, however often it is asked for."""
    return _laid_out(view, report(view, public=public), language)


def _laid_out(view: View, found: Report, language: Language) -> list[Shown]:
    words, drawn = Wording(language, "", view, Times()), found.drawn()
    return [
        Shown(
            section,
            [(part, chart(Chart(part, words)) if drawn.get(part.id) is part.part else None) for part in section.parts],
        )
        for section in sections(found, language)
    ]


def called_at(answer: Answer, place: str) -> Words | None:
    """What is called what at a place of the page, in German and in English."""
    found = report(answer.view, public=answer.public)
    german, english = (_places(sections(found, language)).get(place) for language in get_args(Language))
    return None if german is None or english is None else (german, english)


def _places(shown: Sequence[Section]) -> dict[str, str]:
    """All that has a place of its own: figures and drawings, each after the subject that it is about."""
    found: dict[str, str] = {}
    for section in shown:
        rows = zip(section.anchors, section.figures.rows, strict=True)
        named = {anchor: ", ".join(_said(line) for line in row[0]) for anchor, row in rows}
        named |= {part.anchor: str(part.table.heading) for part in section.parts}
        found |= {anchor: f"{section.title}: {said}" for anchor, said in named.items()}
    return found


def _said(line: Line) -> str:
    return "".join((part.name.text or part.id) if isinstance(part, Named) else str(part) for part in line)


@pages(f"{EVALUATION}{PATH}/{{drawing}}.svg")
def as_svg(request: Request, process: str, drawing: str) -> Response:
    """A drawing as it can be put into a document."""
    return _file(request, process, drawing, "image/svg+xml", str.encode)


@pages(f"{EVALUATION}{PATH}/{{drawing}}.png")
def as_png(request: Request, process: str, drawing: str) -> Response:
    """A drawing for whatever shows no SVG."""
    return _file(request, process, drawing, "image/png", png)


def _file(request: Request, process: str, drawing: str, media_type: str, made: Callable[[str], bytes]) -> Response:
    asked = asked_for(request)
    if asked.refusals:
        raise Refused(*asked.refusals)
    if asked.elsewhere is not None:
        return to_lasting(asked.elsewhere)
    audience, base = audience_within(request, process)
    reference = _reference(request)
    with installed(request).database.reading():
        answer = installed(request).service.view(process, audience, asked.times)
        words = Wording(language_of(request), base, answer.view, asked.times)
        parts = {
            part.id: part
            for shown in _shown(answer, reference, words.language)
            for part, svg in shown.drawings
            if svg is not None
        }
        if drawing not in parts:
            raise refused("page-not-found")
        against = request.query_params[REFERENCE] if reference else ""
        drawn = partial(_alone, answer, words, parts[drawing], against)
        return reply(request, audience, [head(answer)], lambda: made(drawn()), media_type=media_type)


def _alone(answer: Answer, words: Wording, part: Drawable, against: str) -> str:
    """A drawing that says below itself what it was made from, for whoever finds it without its page."""
    heading, *upto = caption(answer, words, str(part.table.heading))
    said = [
        f"{words.name(PROCESS).striptags()} ({answer.process}): {heading}",
        words.t("Stand {day}", "As of {day}", day=words.day(answer.day)),
        *upto,
        *([words.t("Verglichen mit {reference}", "Held against {reference}", reference=against)] if against else []),
        f"Werdegang {VERSION}",
    ]
    return str(chart(Chart(part, words), said))
