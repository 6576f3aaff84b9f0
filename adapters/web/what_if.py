"""What if: a process without an entry, or with one that was not – in memory, and said to be a simulation everywhere.

All of it stands in the address. Nothing is admitted, recorded or kept.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final, cast, get_args

from fastapi import Request, Response

from adapters.answers import head, statement_json
from adapters.png import png
from adapters.web.asking import installed
from adapters.web.comparison import STRUCTURE, told
from adapters.web.days import typed_day
from adapters.web.evaluation import TABS, called
from adapters.web.page import (
    EVALUATION,
    TIMES,
    Asked,
    Pages,
    Reading,
    asked_for,
    audience_of,
    audience_within,
    language_of,
    read_page,
    to_lasting,
)
from adapters.web.previewing import marked
from adapters.web.replies import json_bytes, reply
from adapters.web.svg import Shown, drawings, file_of, laid_out
from adapters.web.wording import Wording
from domain.errors import Refusal, Refused
from domain.view import View
from domain.when import stated
from projections.difference import difference, uncounted
from projections.governance import conflict
from projections.picture import Picture, grid, picture
from projections.telling import Line, line
from projections.what_if import (
    SIMULATION,
    Invention,
    Kind,
    choices,
    gone_with,
    invented,
    new_conflicts,
    possible,
    what_if,
)
from service import Answer, Citation, Times

MOST_LEFT_OUT: Final = 50
"""So many entries can be left out at once."""

MOST_OFFERED: Final = 200
"""Of more decisions, bodies or scenarios the last ones are offered; all others can be named in the address."""

HITS: Final = 10


def _statable(text: str) -> date:
    """A day on which something can be recorded to have happened; the days that are looked at begin earlier."""
    found = typed_day(text)
    stated(found.isoformat())
    return found


READERS: Final = {**TIMES, "on": _statable}

pages = Pages()


@dataclass(frozen=True, slots=True)
class Supposed:
    """What an address supposes: entries that are left out, and what is invented."""

    without: tuple[int, ...]
    invention: Invention | None

    @property
    def anything(self) -> bool:
        return bool(self.without or self.invention)

    def query(self) -> dict[str, object]:
        """The parameters that say the same."""
        found: dict[str, object] = {"without": ",".join(map(str, self.without))}
        if self.invention is not None:
            given = self.invention
            found |= {"if": given.kind, "subject": given.subject, "entry": given.entry or "", "to": given.to}
            found |= {"on": "" if given.on is None else given.on.isoformat()}
        return {name: value for name, value in found.items() if value}


@pages(f"{EVALUATION}/was-waere-wenn")
def simulation(request: Request, process: str) -> Response:
    """What would have been, beside what was."""
    asked = asked_for(request, READERS)
    if asked.elsewhere is not None:
        return to_lasting(asked.elsewhere)
    answer = _answer(request, process, asked)
    supposed, wrong = _supposed(request, asked, answer.view)
    at_field = [
        replace(found, pointer=f"/{_kind_of(request)}-on") if found.pointer == "/on" else found
        for found in asked.refusals
    ]
    asked = replace(asked, refusals=(*at_field, *wrong))
    if asked.refusals:
        supposed = Supposed((), None)

    def read(*_: Times | Citation) -> Reading:
        return answer, answer.view, partial(_context, request, answer, supposed)

    return read_page(request, process, "evaluation_what_if.html", read, asked=asked)


def _kind_of(request: Request) -> str:
    """The kind of invention whose form was filled in."""
    given = request.query_params.get("if", "")
    return given if given in get_args(Kind) else "date"


def _answer(request: Request, process: str, asked: Asked) -> Answer:
    audience_within(request, process)
    return installed(request).service.view(process, audience_of(request), asked.times)


def _supposed(request: Request, asked: Asked, view: View) -> tuple[Supposed, list[Refusal]]:
    """What an address supposes of a view, and what in it there is not."""
    given = request.query_params
    wrong: list[Refusal] = []
    numbers = re.findall(r"[^\s,;]+", given.get("without", ""))[: MOST_LEFT_OUT + 1]
    without: list[int] = []
    for text in numbers:
        number = _number(text)
        if number not in view.effective.by_number or len(without) == MOST_LEFT_OUT:
            wrong.append(Refusal("unknown-entry", {"entry": text[:80]}, pointer="/without"))
        else:
            without.append(number)
    kind = given.get("if", "")
    if not kind:
        return Supposed(tuple(sorted(set(without))), None), wrong
    invention = Invention(
        cast("Kind", kind),
        given.get("subject", ""),
        _number(given.get("entry", "")),
        given.get("to", ""),
        asked.days.get("on"),
    )
    if kind not in get_args(Kind) or not possible(view, invention):
        said = given.get("subject", "") or given.get("entry", "") or kind
        wrong.append(Refusal("unknown-here", {"subject": said[:80]}, pointer="/suppose-heading"))
    return Supposed(tuple(sorted(set(without))), invention), wrong


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0


# ---- the page -------------------------------------------------------------------------------------------------------


def _context(request: Request, answer: Answer, supposed: Supposed, words: Wording) -> dict[str, Any]:
    view = answer.view
    found: dict[str, Any] = {
        "tabs": TABS,
        "tab": "/was-waere-wenn",
        "label": called("/was-waere-wenn"),
        "supposed": supposed,
        "typed": request.query_params,
        "hits": _hits(request, answer, words, supposed),
        "offered": _offered(words),
        "kept": lambda **other: words.evaluation("/was-waere-wenn", **{**supposed.query(), **other}),
        "as_file": lambda ending: words.evaluation(f"/was-waere-wenn.{ending}", **supposed.query()),
    }
    if not supposed.anything:
        return found
    other = what_if(view, supposed.without, supposed.invention)
    as_if = replace(words, view=other)
    items = list(told([*difference(view, other), *uncounted(view, other)], words, as_if))
    left_out = [line(view, number) for number in supposed.without]
    return {
        **found,
        "as_if": as_if,
        "left_out": left_out,
        "gone_with": sorted(gone_with(view, supposed.without) - set(supposed.without)),
        "invented": _invented_lines(view, other),
        "made_up": invented(view, other),
        "structure": [each for item, each in items if item.subject_kind in STRUCTURE],
        "others": [each for item, each in items if item.subject_kind not in STRUCTURE],
        "pictures": _pictures(answer, view, other, words, as_if),
        "conflicts": [conflict(each) for each in new_conflicts(view, other)],
    }


def _invented_lines(view: View, other: View) -> list[Line]:
    return [line(other, number) for number in sorted(invented(view, other))]


def _hits(request: Request, answer: Answer, words: Wording, supposed: Supposed) -> list[tuple[Line, str]]:
    """Entries that were looked for, each with the address of the process without it."""
    question = request.query_params.get("q", "").strip()
    if not question:
        return []
    try:
        found = installed(request).service.search(question, audience_of(request), answer.process, most=HITS).hits
    except Refused:  # too long, or of signs alone: nothing is found
        return []
    known = [hit.line for hit in found if hit.line.number in answer.view.effective.by_number]
    more = [tuple(sorted({*supposed.without, each.number})) for each in known]
    addresses = (words.evaluation("/was-waere-wenn", **replace(supposed, without=n).query()) for n in more)
    return list(zip(known, addresses, strict=True))


def _offered(words: Wording) -> Mapping[str, Any]:
    """What the forms offer: by name, in the order of their founding."""
    found = choices(words.view)

    def named(ids: Any) -> list[tuple[str, str]]:
        return [(id_, str(words.name(id_).striptags())) for id_ in list(ids)[-MOST_OFFERED:]]

    return {
        "scenarios": named(found.scenarios),
        "bodies": named(found.bodies),
        "places": named(found.places),
        "decisions": [
            (n, str(words.heading(line(words.view, n)).striptags())) for n in found.decisions[-MOST_OFFERED:]
        ],
    }


def _marked_titles(answer: Answer, words: Wording) -> tuple[str, str]:
    day = words.day(answer.day)
    return words.t("Wirklich, am {day}", "Real, on {day}", day=day), words.t(
        "SIMULATION, am {day}", "SIMULATION, on {day}", day=day
    )


def _said_below(words: Wording) -> list[str]:
    return [words.t("SIMULATION – so war es nicht", "SIMULATION – this is not how it was")]


def _pictures(answer: Answer, view: View, other: View, words: Wording, as_if: Wording) -> Any:
    """Both pictures on one grid; what is supposed says in itself that it is a simulation."""
    first, second = picture(view), picture(other)
    real, simulated = _marked_titles(answer, words)
    if not (first.boxes or second.boxes):
        return []
    shown = [Shown(real, first, words), Shown(simulated, second, as_if, below=_said_below(words))]
    return drawings("what-if", shown, marked(first, second, words))


# ---- to take away ---------------------------------------------------------------------------------------------------


@pages(f"{EVALUATION}/was-waere-wenn.svg")
def as_svg(request: Request, process: str) -> Response:
    """The picture of the simulation, which says that it is one."""
    return _file(request, process, "svg", "image/svg+xml", lambda *given: _drawn(*given).encode())


@pages(f"{EVALUATION}/was-waere-wenn.png")
def as_png(request: Request, process: str) -> Response:
    """The same for whatever shows no SVG."""
    return _file(request, process, "png", "image/png", lambda *given: png(_drawn(*given)))


@pages(f"{EVALUATION}/was-waere-wenn.json")
def as_data(request: Request, process: str) -> Response:
    """What would differ, as data that says what was supposed."""
    return _file(request, process, "json", "application/json", _data)


Making = Callable[[Answer, Supposed, View, Wording], bytes]


def _file(request: Request, process: str, ending: str, media_type: str, make: Making) -> Response:
    asked = asked_for(request, READERS)
    if asked.refusals:
        raise Refused(*asked.refusals)
    if asked.elsewhere is not None:
        return to_lasting(asked.elsewhere)
    audience, base = audience_within(request, process)
    with installed(request).database.reading():
        answer = _answer(request, process, asked)
        supposed, wrong = _supposed(request, asked, answer.view)
        if wrong:
            raise Refused(*wrong)
        words = Wording(language_of(request), base, answer.view, asked.times)

        def made() -> bytes:
            return make(answer, supposed, what_if(answer.view, supposed.without, supposed.invention), words)

        named = {"Content-Disposition": f'attachment; filename="{SIMULATION}-{process}.{ending}"'}
        return reply(request, audience, [head(answer)], made, media_type=media_type, headers=named)


def _drawn(answer: Answer, supposed: Supposed, other: View, words: Wording) -> str:
    shown: Picture = picture(other)
    as_if = replace(words, view=other)
    _, title = _marked_titles(answer, words)
    sheet = laid_out(grid([shown]), shown.boxes.values(), shown.links, as_if)
    numbers = ", ".join(map(str, supposed.without)) or words.t("keine", "none")
    without = words.t("Weggelassen: {numbers}", "Left out: {numbers}", numbers=numbers)
    made_up = [
        f"{words.type(each.type)}: {as_if.heading(each).striptags()}" for each in _invented_lines(words.view, other)
    ]
    upto = words.t("Bis Eintrag Nr. {position}", "Up to entry no. {position}", position=answer.position)
    caption = [without, *(words.t("Erfunden: {what}", "Invented: {what}", what=each) for each in made_up), upto]
    return file_of(Shown(title, shown, as_if, below=_said_below(words)), sheet, caption)


def _data(answer: Answer, supposed: Supposed, other: View, words: Wording) -> bytes:
    view = words.view
    made_up = [other.effective.by_number[number].statement for number in sorted(invented(view, other))]
    items = difference(view, other)
    return json_bytes(
        {
            "simulation": {
                "marked": _said_below(words)[0],
                "without": supposed.without,
                "gone_with": sorted(gone_with(view, supposed.without) - set(supposed.without)),
                "invented": [statement_json(statement) for statement in made_up],
            },
            **head(answer),
            "items": [item.model_dump(mode="json") for item in items],
            "conflicts": [conflict(each).model_dump(mode="json") for each in new_conflicts(view, other)],
        }
    )
