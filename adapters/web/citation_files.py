"""The citation of a page as a file, for programs that keep lists of sources."""

import re
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import Request, Response

from adapters.answers import head
from adapters.exports.citation import Cited
from adapters.web.asking import installed
from adapters.web.citing import citation, lasting
from adapters.web.evaluation import TABS, called
from adapters.web.guard import local
from adapters.web.page import EVALUATION, Pages, audience_of, audience_within, language_of
from adapters.web.replies import reply
from domain.errors import refused
from domain.when import day
from service import Times

MEDIA_TYPES: Final = {"bib": "application/x-bibtex; charset=utf-8", "json": "application/vnd.citationstyles.csl+json"}
LONGEST: Final = 1_500

pages = Pages()


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
    address = request.query_params.get("seite", local(language_of(request), base))  # without one the process itself
    if len(address) > LONGEST or not _inside(address, process, at_desk=audience is not None):
        raise refused("page-not-found")
    service = installed(request).service
    with installed(request).database.reading():
        now = service.listed(process, audience)
        answer = service.view(process, audience_of(request), _times(address))
        if "seite" not in request.query_params:
            address = lasting(address, "", answer)
        site, language = installed(request).settings.address, language_of(request)
        found: Cited = citation(site, address, answer, now.overview.summary, now.cited.day, called(_tab(address)))

        def made() -> bytes:
            return (found.bibtex(language) if ending == "bib" else found.csl(language)).encode()

        named = {"Content-Disposition": f'attachment; filename="{found.key}.{ending}"'}
        rests_on: list[Any] = [head(answer), head(now.cited), site]
        return reply(request, audience, rests_on, made, media_type=MEDIA_TYPES[ending], headers=named)


def _inside(address: str, process: str, *, at_desk: bool) -> bool:
    """Whether an address is one of a page about the process, for the same readers."""
    ways = rf"geschaeftsstelle/{process}/(stand|auswertung)" if at_desk else rf"(prozesse|auswertung)/{process}"
    return re.fullmatch(rf"(/en)?/{ways}(/[A-Za-z0-9/_-]*)?", address.partition("?")[0]) is not None


def _tab(address: str) -> str | None:
    """The page of the evaluation that an address leads to, if it is one."""
    found = re.fullmatch(
        r"(?:/en)?/(?:geschaeftsstelle/[^/]+/auswertung|auswertung/[^/]+)(/.*)?", address.partition("?")[0]
    )
    inside = (found[1] or "") if found else None
    return inside if inside in TABS else None


def _times(address: str) -> Times:
    """The times that a lasting address has; of two views that are compared those of the second."""
    given = dict(parse_qsl(address.partition("?")[2]))

    def of(parameter: str, in_comparison: str) -> Any:
        text = given.get(parameter) or given.get(in_comparison)
        return day(text) if text else None

    version = given.get("version", "")
    return Times(
        of("happened_by", "to"),
        of("known_by", "to_known_by"),
        of("published_by", "to_published_by"),
        int(version) if version.isascii() and version.isdigit() and len(version) <= 15 else None,
    )
