"""Figures about a process as a page, each with its place on it, and every drawing as a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from fastapi import Request, Response
from markupsafe import Markup

from adapters.answers import head
from adapters.png import png
from adapters.sheets.analytics import Drawable, Section, sections, titled
from adapters.sheets.parts import Speaker
from adapters.web.asking import installed
from adapters.web.charts import Chart, chart
from adapters.web.evaluation import TABS
from adapters.web.governance import caption
from adapters.web.page import EVALUATION, Pages, asked_for, audience_within, language_of, of_process, to_lasting
from adapters.web.replies import reply
from adapters.web.wording import Wording
from domain.errors import Refused, refused
from domain.view import View, once
from domain.words import Language
from projections.analytics.breadth import read_reference
from projections.analytics.report import Report, compared_with, report
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
    given = request.query_params.get(REFERENCE, "")
    reference = read_reference(given) if given else None

    def context(answer: Answer, words: Wording) -> dict[str, Any]:
        title, lead = titled(Speaker(words.language))
        if reference is None:
            found = report(answer.view, public=answer.public)
            shown = laid_out(answer.view, words.language, public=answer.public)
        else:
            found = compared_with(answer.view, reference, public=answer.public)
            shown = _laid_out(answer.view, found, words.language)
        return {"tabs": TABS, "tab": PATH, "title": title, "lead": lead, "shown": shown, "day": found.day}

    return of_process(request, process, "evaluation_figures.html", context)


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
    with installed(request).database.reading():
        answer = installed(request).service.view(process, audience, asked.times)
        words = Wording(language_of(request), base, answer.view, asked.times)
        parts = {
            part.id: part
            for shown in laid_out(answer.view, words.language, public=answer.public)
            for part, svg in shown.drawings
            if svg is not None
        }
        if drawing not in parts:
            raise refused("page-not-found")
        drawn = partial(_alone, answer, words, parts[drawing])
        return reply(request, audience, [head(answer)], lambda: made(drawn()), media_type=media_type)


def _alone(answer: Answer, words: Wording, part: Drawable) -> str:
    return str(chart(Chart(part, words), caption(answer, words, str(part.table.heading))))
