"""Early warnings at the desk: what the figures say before anybody does. They are never shown in public."""

from itertools import groupby
from typing import Final

from fastapi import APIRouter, Depends, Request, Response

from adapters.sheets.early_warnings import WARNINGS, found, threshold
from adapters.sheets.parts import Speaker
from adapters.web.desk import page
from adapters.web.guard import START, Clerk, guarded
from adapters.web.recording import desk_page, seen
from domain.words import say
from projections.early_warnings import early_warnings

MOST: Final = 20
"""How many entries a warning names; how many more there are it counts."""

PAGE: Final = "fruehwarnungen"

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@page(f"{START}/{{process}}/{PAGE}", routes=router)
def warned(request: Request, clerk: Clerk, process: str) -> Response:
    """Every warning of today with its threshold, its figure, and the entries behind it."""
    answer, words = seen(request, clerk, process)
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
    return desk_page(request, clerk, "desk_warnings.html", words, kinds=kinds, calm=calm, most=MOST)
