"""Early warnings at the desk: what the figures say before anybody does. They are never shown in public."""

from itertools import groupby
from typing import Final

from fastapi import APIRouter, Depends, Request, Response

from adapters.sheets.early_warnings import WARNINGS, found, threshold
from adapters.sheets.parts import Speaker
from adapters.web.asking import installed
from adapters.web.days import typed_day
from adapters.web.desk import page
from adapters.web.guard import START, Clerk, guarded
from adapters.web.recording import desk_page, seen
from domain.errors import Refusal, Refused
from domain.words import say
from projections.early_warnings import early_warnings
from service import Times

MOST: Final = 20
"""How many entries a warning names; how many more there are it counts."""

PAGE: Final = "fruehwarnungen"
ASKED: Final = "happened_by"
"""The day looked at."""

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@page(f"{START}/{{process}}/{PAGE}", routes=router)
def warned(request: Request, clerk: Clerk, process: str) -> Response:
    """Every warning of today, or of the day asked for, with its threshold, its figure, and the entries behind it."""
    answer, words = seen(request, clerk, process)
    given = request.query_params
    if wrong := [Refusal("parameter-unknown", {"parameter": each[:80]}) for each in given if each != ASKED]:
        raise Refused(*wrong)
    asked_day = given.get(ASKED, "").strip()
    if asked_day:
        answer = installed(request).service.view(process, clerk, Times(happened_by=typed_day(asked_day)))
    speaker = Speaker(words.language)
    kinds = [
        (
            code,
            say(WARNINGS[code][0], words.language),
            threshold(speaker, code),
            say(WARNINGS[code][2], words.language),
            [(each, found(speaker, each)) for each in of_code],
        )
        for code, of_code in groupby(early_warnings(answer.view), key=lambda each: each.code)
    ]
    calm = [threshold(speaker, code) for code in WARNINGS if code not in {kind[0] for kind in kinds}]
    shown = {"kinds": kinds, "calm": calm, "most": MOST}
    stand = {"day": answer.day, "position": answer.position, "asked_day": asked_day}
    return desk_page(request, clerk, "desk_warnings.html", words, **shown, **stand)
