"""The timeline of a process as a page: what happened, in order, page by page."""

import re
from functools import lru_cache, partial
from typing import Any, Final

from fastapi import Request, Response
from markupsafe import Markup

from adapters.web.asking import installed
from adapters.web.page import NO_VIEW, Pages, Reading, audience_of, read_page, templates
from adapters.web.wording import GROUPS, Wording, group_of
from domain.errors import refused
from domain.publication import STEPS
from domain.words import Language
from projections.telling import Line
from service import Citation, Times

PAGE_SIZE: Final = 50
LINES_KEPT: Final = 4_000

pages = Pages()


@lru_cache(LINES_KEPT)
def _happened(language: Language, base: str, times: Times, told: str) -> Markup:
    """An entry in the list of what happened. It looks the same on every page that lists it, until it is told anew."""
    words = Wording(language, base, NO_VIEW, times)
    parts: Any = templates().get_template("parts.html").make_module({"w": words})
    return Markup(parts.happened(Line.model_validate_json(told)))  # noqa: S704  # a template has written it


@pages("/prozesse/{process}/verlauf")
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
            "lines": [_happened(words.language, words.base, times, each.told) for each in found.lines],
            "total": found.total,
            "later": found.later,
            "groups": groups,
            "kind": kind,
            "order": order,
            "number": int(number or 1),
            "pages": max(1, -(-found.total // PAGE_SIZE)),
            "first": first,
        }

    return read_page(request, process, "history.html", read)
