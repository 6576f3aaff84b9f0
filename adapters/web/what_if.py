"""What if: a process without an entry, or with one that was not – in memory, and said to be a simulation everywhere.

All of it stands in the address. Nothing is admitted, recorded or kept.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final, cast, get_args

from fastapi import Request, Response

from adapters.answers import head, statement_json
from adapters.png import png
from adapters.registers import REGISTERS
from adapters.web.asking import installed
from adapters.web.comparison import STRUCTURE, Told, told
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
from adapters.web.svg import Drawing, Shown, drawings, file_of, laid_out
from adapters.web.wording import Wording
from domain.contradictions import Contradiction
from domain.errors import Refusal, Refused
from domain.meaning import PROCESS
from domain.view import View
from domain.when import stated
from projections.difference import Item, difference, uncounted
from projections.governance import conflict
from projections.picture import Picture, grid, picture
from projections.telling import Line, line
from projections.timeline import timeline
from projections.what_if import (
    SIMULATION,
    Invention,
    Kind,
    choices,
    gone_with,
    hangs,
    in_the_way,
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

MOST_HANGING: Final = 60
"""So many entries that hang in the air are told."""

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
    kind = given.get("if", "").strip()
    if not kind:
        return Supposed(tuple(sorted(set(without))), None), wrong
    invention = Invention(
        cast("Kind", kind),
        given.get("subject", "").strip(),
        _number(given.get("entry", "").strip()),
        given.get("to", "").strip(),
        asked.days.get("on"),
    )
    return Supposed(tuple(sorted(set(without))), invention), [*wrong, *_lacking(given, invention, view)]


def _lacking(given: Mapping[str, str], invention: Invention, view: View) -> Iterator[Refusal]:
    """What an invention lacks or has wrong, each at the control of its form."""
    kind, found = invention.kind, choices(view)
    listed = {"chosen": found.scenarios, "ended": found.bodies, "moved": found.bodies, "outcome": found.decisions}
    if kind not in get_args(Kind):
        permitted = list(get_args(Kind))
        params = {"parameter": "if", "given": kind[:80], "permitted": permitted}
        yield Refusal("parameter-choice", params, pointer="/suppose-heading")
        return
    about = "entry" if kind in ("outcome", "date") else "subject"
    at = f"/{kind}-{about}" if listed.get(kind, (1,)) else "/suppose-heading"  # without a list there is no form
    said = given.get(about, "").strip()
    if not said:
        yield Refusal("supposed-entry-missing" if about == "entry" else "supposed-subject-missing", pointer=at)
    elif about == "entry" and invention.entry not in view.effective.by_number:
        yield Refusal("unknown-entry", {"entry": said[:80]}, pointer=at)
    elif kind == "outcome" and not possible(view, invention):
        yield Refusal("supposed-not-a-decision", {"entry": invention.entry}, pointer=at)
    elif kind == "date" and not possible(view, invention):
        yield Refusal("supposed-undated", {"entry": invention.entry}, pointer=at)
    elif about == "subject" and invention.subject not in listed[kind]:
        yield Refusal("unknown-here", {"subject": said[:80]}, pointer=at)
    elif kind == "moved" and not invention.to:
        yield Refusal("supposed-subject-missing", pointer="/moved-to")
    elif not possible(view, invention):
        yield Refusal("unknown-here", {"subject": invention.to[:80]}, pointer="/moved-to")
    if kind == "date" and not given.get("on", "").strip():
        yield Refusal("supposed-day-missing", pointer="/date-on")


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
    items = [
        (item, _named_for(supposed, item, each, as_if))
        for item, each in told([*difference(view, other), *uncounted(view, other)], words, as_if)
    ]
    instead = in_the_way(view, supposed.invention)
    gone = gone_with(view, {*supposed.without, *instead})
    conflicts = [(_without_numbers(each, words, as_if), each.entries) for each in new_conflicts(view, other)]
    hanging = _hanging(view, other, supposed, words)
    return {
        **found,
        "as_if": as_if,
        "left_out": [line(view, number) for number in supposed.without],
        "instead": [line(view, number) for number in sorted(instead)],
        "gone_with": sorted(gone - {*supposed.without, *instead}),
        "invented": _inventions(words, as_if, supposed),
        "made_up": invented(view, other),
        "structure": [each for item, each in items if item.subject_kind in STRUCTURE],
        "others": [each for item, each in items if item.subject_kind not in STRUCTURE],
        "pictures": _pictures(answer, view, other, words, as_if),
        "conflicts": conflicts,
        "hanging": hanging[:MOST_HANGING],
        "more_hanging": max(0, len(hanging) - MOST_HANGING),
        "pages": _read_otherwise(words, other),
    }


def _named_for(supposed: Supposed, item: Item, found: Told, as_if: Wording) -> Told:
    """A difference in words; what is invented has no name, so it is called by what it is about."""
    if supposed.invention is None or not item.subject.startswith(f"{SIMULATION}-"):
        return found
    return replace(found, name=as_if.name(supposed.invention.subject))


def _hanging(view: View, other: View, supposed: Supposed, words: Wording) -> list[tuple[Line, int, list[str]]]:
    """What hangs in the air: each entry, another one that it names, and the words for the fields in which it does."""
    fields: dict[tuple[int, int], list[str]] = {}
    for each in hangs(view, other, supposed.without, supposed.invention):
        fields.setdefault((each.entry, each.on), []).append(each.field)
    lines = {number: line(view, number) for number, _ in fields}
    return [
        (lines[number], on, [words.field(field, lines[number].type) for field in named])
        for (number, on), named in fields.items()
    ]


def _read_otherwise(words: Wording, other: View) -> list[tuple[str, str]]:
    """The pages of the process that would read otherwise on the day: what each is called, and its address.

    The timeline always does: something is left out of it, or stands in it as corrected or new.
    """
    view = words.view
    pages = [("/verlauf", words.t("Verlauf", "Timeline"))] if timeline(view) != timeline(other) else []
    pages += [
        (f"/{register.page}", words.t(*register.label))
        for register in REGISTERS
        if register.read(view) != register.read(other)
    ]
    return [(label, words.href(path)) for path, label in pages]


def _without_numbers(found: Contradiction, words: Wording, as_if: Wording) -> str:
    """A contradiction in words. What is invented has no number: the one it is reckoned with will be another entry's."""
    made_up, numbers = words.t("[erfunden]", "[invented]"), invented(words.view, as_if.view)
    knowing = words if found.subject in words.view.state else as_if
    said = knowing.conflict(conflict(found), [made_up if each in numbers else each for each in found.entries])
    return re.sub(rf"\b[Nn][ro]\. (?={re.escape(made_up)})", "", said)


def _inventions(words: Wording, as_if: Wording, supposed: Supposed) -> list[tuple[str, int | None]]:
    """What is invented, in words, and the entry that it makes another one of."""
    invention, view = supposed.invention, words.view
    if invention is None:
        return []
    if invention.kind in ("outcome", "date"):
        was, is_ = line(view, invention.entry), line(as_if.view, invention.entry)
        said = f"{words.type(was.type)}: {words.heading(was).striptags()}"
        if invention.kind == "outcome":
            outcomes = [words.term(each.outcome or "unrecorded", "outcome") for each in (was, is_)]
        else:
            outcomes = [_dated(each, words) for each in (was, is_)]
        what = words.t("{is_} statt {was}", "{is_} instead of {was}", was=outcomes[0], is_=outcomes[1])
        return [(f"{said} – {what}", invention.entry)]
    last = line(as_if.view, as_if.view.position)
    said = f"{as_if.deed(last)}: {as_if.heading(last).striptags()}"
    if invention.kind == "chosen":
        said = words.t("{said}, mit einem Beschluss darüber", "{said}, with a decision on it", said=said)
    if invention.kind == "moved":
        to = words.t("direkt zum Prozess", "directly to the process")
        to = to if invention.to == PROCESS else str(words.name(invention.to).striptags())
        said = words.t("{said} – gehört zu: {to}", "{said} – belongs to: {to}", said=said, to=to)
    return [(f"{said}, {_dated(last, as_if)}", None)]


def _dated(given: Line, words: Wording) -> str:
    return words.t("ohne Datum", "without a date") if given.occurred is None else words.when(given.occurred).striptags()


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


def _pictures(answer: Answer, view: View, other: View, words: Wording, as_if: Wording) -> list[Drawing]:
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
        said if number is None else words.t("Nr. {number} {said}", "no. {number} {said}", number=number, said=said)
        for said, number in _inventions(words, as_if, supposed)
    ]
    upto = words.t("Bis Eintrag Nr. {position}", "Up to entry no. {position}", position=answer.position)
    caption = [without, *(words.t("Erfunden: {what}", "Invented: {what}", what=each) for each in made_up), upto]
    return file_of(Shown(title, shown, as_if, below=_said_below(words)), sheet, caption)


def _data(answer: Answer, supposed: Supposed, other: View, words: Wording) -> bytes:
    view = words.view
    statements = {number: other.effective.by_number[number].statement for number in sorted(invented(view, other))}
    instead = in_the_way(view, supposed.invention)
    gone = gone_with(view, {*supposed.without, *instead})

    def entries(found: Mapping[str, Any], field: str) -> Mapping[str, Any]:
        """What is invented has a key and no number."""
        known = [statements[each].key if each in statements else each for each in found[field]]
        return {**found, field: known}

    conflicts = [conflict(each).model_dump(mode="json") for each in new_conflicts(view, other)]
    items = [item.model_dump(mode="json") for item in (*difference(view, other), *uncounted(view, other))]
    return json_bytes(
        {
            "simulation": {
                "marked": _said_below(words)[0],
                "without": supposed.without,
                "instead_of": sorted(instead),
                "gone_with": sorted(gone - {*supposed.without, *instead}),
                "invented": [statement_json(statement) for statement in statements.values()],
            },
            **head(answer),
            "items": [entries(item, "causes") for item in items],
            "conflicts": [entries(found, "entries") for found in conflicts],
            "hanging": [asdict(each) for each in hangs(view, other, supposed.without, supposed.invention)],
        }
    )
