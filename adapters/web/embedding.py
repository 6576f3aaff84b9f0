"""The timeline to embed: what happened last, as a page without a frame that other sites of the city can show in theirs.

Which sites may is said by the city (`WERDEGANG_FRAME_ANCESTORS`, see `adapters/web/headers.py`). Its links lead out of
the frame, to the pages themselves.
"""

import re
from dataclasses import replace
from typing import Any, Final

from fastapi import Request, Response

from adapters.answers import head
from adapters.web.asking import ID, installed
from adapters.web.history import CONCERNED, DAYS, choice_of
from adapters.web.page import HTML, Pages, asked_for, inside, language_of, render
from adapters.web.replies import reply
from adapters.web.wording import PARAMETERS
from domain.errors import Refused, refused
from domain.meaning import PROCESS

MOST: Final = 50
USUAL: Final = 5

pages = Pages()


def timeline(request: Request, process: str) -> Response:
    """The last entries of the public timeline, or of a choice of it: `anzahl=10&body=…&kind=decisions&from=2018`."""
    query = request.query_params
    given = query.get("anzahl", "")
    if not ID.fullmatch(process) or not re.fullmatch(r"([1-9][0-9]?)?", given) or int(given or 1) > MOST:
        raise refused("page-not-found")
    asked = asked_for(request, DAYS)
    if asked.refusals:
        raise Refused(*asked.refusals)
    choice = choice_of(query, asked)
    service = installed(request).service
    cited, found = service.timeline(process, None, asked.times, choice=choice, newest=True, most=int(given or USUAL))
    words = replace(inside(language_of(request), process), times=asked.times)
    days = {name: day.isoformat() for name, day in asked.days.items() if name not in PARAMETERS}
    chosen = {name: query.get(name, "") for name in ("kind", *CONCERNED)} | days

    def make() -> bytes:
        context: dict[str, Any] = {"lines": found.lines, "total": found.total, "chosen": chosen, "answer": cited}
        name = service.listed(process, None).overview.summary.name
        return render("embedded_timeline.html", w=words, process_name=words.named(PROCESS, name), **context)

    return reply(request, None, [head(cited)], make, media_type=HTML)


for _prefix in ("", "/en"):
    _path = f"{_prefix}/prozesse/{{process}}/einbetten/verlauf"
    pages.public.add_api_route(_path, timeline, methods=["GET"])
