"""The citation of a page, or of one figure on it: to read, and as a file for programs that keep lists of sources."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request, Response

from adapters.answers import head
from adapters.exports.citation import Cited
from adapters.web import figures, processes_compared
from adapters.web.asking import installed
from adapters.web.citing import citation, lasting, read_of
from adapters.web.evaluation import TABS, called
from adapters.web.guard import local
from adapters.web.page import (
    EVALUATION,
    Asked,
    Pages,
    Reading,
    audience_of,
    audience_within,
    language_of,
    read_page,
)
from adapters.web.replies import reply
from adapters.web.wording import PARAMETERS, Wording
from domain.errors import refused
from domain.when import day
from domain.words import Words
from service import Answer, Listed, Times

MEDIA_TYPES: Final = {"bib": "application/x-bibtex; charset=utf-8", "json": "application/vnd.citationstyles.csl+json"}
LONGEST: Final = 1_500
PAGE: Final = "seite"

PLACES: Final[Mapping[str, Callable[[Answer, str], Words | None]]] = {
    "/zahlen": figures.called_at,
    "/vergleich": processes_compared.called_at,
}
"""The pages whose figures are cited one by one, and what is called what at which place on them."""

pages = Pages()


@dataclass(frozen=True, slots=True)
class Source:
    """What is cited: the address of a page as its readers ask for it, taken apart, and a place on that page."""

    path: str
    given: Mapping[str, str]
    place: str

    @classmethod
    def of(cls, request: Request, process: str, base: str) -> "Source":
        """As a reader asks for it, without what its page does not read; without any it is the process itself."""
        whole = request.query_params.get(PAGE, local(language_of(request), base))
        address, _, place = whole.partition("#")
        path, _, query = address.partition("?")
        at_desk = base.startswith("/geschaeftsstelle/")
        ways = rf"geschaeftsstelle/{process}/(stand|auswertung)" if at_desk else rf"(prozesse|auswertung)/{process}"
        if len(whole) > LONGEST or not re.fullmatch(rf"(/en)?/{ways}(/[A-Za-z0-9/_-]*)?", path):
            raise refused("page-not-found")
        return cls(path, read_of(query), place)

    @property
    def address(self) -> str:
        query = f"?{urlencode(self.given)}" if self.given else ""
        return f"{self.path}{query}{'#' if self.place else ''}{self.place}"

    @property
    def tab(self) -> str | None:
        """The page of the evaluation that it is, if it is one."""
        found = re.fullmatch(r"(?:/en)?/(?:geschaeftsstelle/[^/]+/auswertung|auswertung/[^/]+)(/.*)?", self.path)
        inside = (found[1] or "") if found else None
        return inside if inside in TABS else None

    @property
    def days(self) -> dict[str, date]:
        """The three times of its address; of two views that are compared those of the second."""
        named = zip(PARAMETERS, ("to", "to_known_by", "to_published_by"), strict=True)
        given = {name: self.given.get(name) or self.given.get(compared) for name, compared in named}
        return {name: day(text) for name, text in given.items() if text}

    @property
    def version(self) -> int | None:
        text = self.given.get("version", "")
        if text and not (text.isascii() and text.isdigit() and len(text) <= 15):
            raise refused("page-not-found")
        return int(text) if text else None

    @property
    def times(self) -> Times:
        happened_by, known_by, published_by = (self.days.get(parameter) for parameter in PARAMETERS)
        return Times(happened_by, known_by, published_by, self.version)

    def label(self, answer: Answer) -> Words | None:
        """What it is called; none where its address says it. There has to be something at its place."""
        page, places = called(self.tab), PLACES.get(self.tab or "")
        if not self.place:
            return page
        there = None if places is None else places(answer, self.place)
        if page is None or there is None:
            raise refused("page-not-found")
        return f"{page[0]}: {there[0]}", f"{page[1]}: {there[1]}"

    def cited(self, request: Request, answer: Answer, now: Listed) -> Cited:
        address = self.address if PAGE in request.query_params else lasting(self.address, "", answer)
        site = installed(request).settings.address
        return citation(site, address, answer, now.overview.summary, now.cited.day, self.label(answer))


@pages(f"{EVALUATION}/zitat")
def to_read(request: Request, process: str) -> Response:
    """For whoever copies it from a page."""
    _, base = audience_within(request, process)
    source, service = Source.of(request, process, base), installed(request).service
    asked = Asked({}, source.days, (), None, source.version)

    def read(times: Times, _: object) -> Reading:
        answer = service.view(process, audience_of(request), times)
        made = source.cited(request, answer, service.listed(process, audience_of(request)))
        return answer, answer.view, partial(_context, source, made)

    return read_page(request, process, "evaluation_citation.html", read, asked=asked)


def _context(source: Source, made: Cited, _: Wording) -> dict[str, Any]:
    return {"tabs": TABS, "tab": source.tab, "made": made}


@pages(f"{EVALUATION}/zitat.bib")
def as_bibtex(request: Request, process: str) -> Response:
    """For LaTeX."""
    return _file(request, process, "bib")


@pages(f"{EVALUATION}/zitat.json")
def as_csl(request: Request, process: str) -> Response:
    """For Zotero, and for whatever reads CSL-JSON."""
    return _file(request, process, "json")


def _file(request: Request, process: str, ending: str) -> Response:
    audience, base = audience_within(request, process)
    source, service, language = Source.of(request, process, base), installed(request).service, language_of(request)
    with installed(request).database.reading():
        now = service.listed(process, audience)
        answer = service.view(process, audience_of(request), source.times)
        found = source.cited(request, answer, now)

        def made() -> bytes:
            return (found.bibtex(language) if ending == "bib" else found.csl(language)).encode()

        named = {"Content-Disposition": f'attachment; filename="{found.key}.{ending}"'}
        rests_on: list[Any] = [head(answer), head(now.cited), installed(request).settings.address]
        return reply(request, audience, rests_on, made, media_type=MEDIA_TYPES[ending], headers=named)
