"""Two days of a process beside each other: what differs, by which entries, in words and drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request, Response
from markupsafe import Markup, escape

from adapters.phrases import phrase
from adapters.terminal import PASSING
from adapters.web.asking import installed
from adapters.web.days import typed_day
from adapters.web.governance import steps
from adapters.web.page import Asked, Pages, Reading, asked_for, audience_within, read_page
from adapters.web.previewing import side_by_side
from adapters.web.wording import Wording
from domain.view import View
from domain.words import ASPECTS, word
from projections.difference import Item, readable, uncounted
from projections.governance import departure, place
from projections.telling import Line, line
from service import Answer, Citation, Times

SIDES: Final = ("from", "to")
PARAMETERS: Final = ("from", "to", "from_known_by", "to_known_by", "from_published_by", "to_published_by")
"""The parameters of the comparison, named as in the API."""

STRUCTURE: Final = ("level", "body")

pages = Pages()


@dataclass(frozen=True, slots=True)
class Told:
    """One difference in words, with the entries behind it."""

    kind: str
    name: Markup
    address: str | None
    aspect: str
    before: Markup
    after: Markup
    causes: Sequence[Line]


@pages("/prozesse/{process}/vergleich")
def comparison(request: Request, process: str) -> Response:
    """What differs between two days, or between two states of knowledge."""
    asked = asked_for(request, dict.fromkeys(PARAMETERS, typed_day))

    def read(*_: Times | Citation) -> Reading:
        audience = audience_within(request, process)[0]
        before, after, items = installed(request).service.compare(process, audience, *times_of(asked))
        return after, after.view, partial(context, before, after, items)

    def context(before: Answer, after: Answer, items: Sequence[Item], words: Wording) -> dict[str, Any]:
        was, is_ = replace(words, view=before.view), words
        found = list(told([*items, *uncounted(before.view, after.view)], was, is_))
        return {
            "before": before,
            "after": after,
            "chosen": bool(asked.days),
            "structure": [each for item, each in found if item.subject_kind in STRUCTURE],
            "others": [each for item, each in found if item.subject_kind not in STRUCTURE],
            "pictures": side_by_side(
                "compared", before.view, after.view, words, (words.day(before.day), words.day(after.day))
            ),
            "changes": changes(request, after, words),
            "swapped": swapped(request, asked),
            "reversed": before.day > after.day,
            "pinned": {"from": before.day.isoformat(), "to": after.day.isoformat()},
            "same": before.cited == after.cited,
        }

    return read_page(request, process, "comparison.html", read, asked=asked)


def times_of(asked: Asked) -> tuple[Times, Times]:
    """The two views that are compared."""
    days = asked.days
    before, after = (
        Times(days.get(side), days.get(f"{side}_known_by"), days.get(f"{side}_published_by"), asked.version)
        for side in SIDES
    )
    return before, after


def swapped(request: Request, asked: Asked) -> str:
    """The address of the same comparison the other way round."""
    other = dict(zip(SIDES, reversed(SIDES), strict=True))
    sides = ((name.partition("_"), day) for name, day in asked.days.items())
    turned = {f"{other[side]}{_}{rest}": day.isoformat() for (side, _, rest), day in sides}
    return f"{request.url.path}?{urlencode(turned)}"


def changes(request: Request, answer: Answer, words: Wording) -> list[tuple[str, date, str]]:
    """Each day on which the structure changed: its comparison with the day before, the day, and what changed."""
    days = steps(request, answer, words)["days"]
    found = []
    for day, changed in days:
        query = urlencode({"from": (day - timedelta(days=1)).isoformat(), "to": day.isoformat()})
        found.append((f"{words.today('/vergleich')}?{query}", day, changed))
    return found


def told(items: Sequence[Item], was: Wording, is_: Wording) -> Iterator[tuple[Item, Told]]:
    """Each difference in words, the structure first."""
    for item in readable(items):
        newest = is_ if item.subject in is_.view.state else was
        yield (
            item,
            Told(
                kind=newest.kind(item.subject),
                name=is_.named(item.subject, item.name),
                address=is_.href(f"/gremien/{item.subject}") if item.subject_kind == "body" else None,
                aspect=word(ASPECTS, item.aspect, is_.language),
                before=_value(item, item.before, was),
                after=_value(item, item.after, is_),
                causes=[line(_knowing(number, was, is_), number) for number in item.causes],
            ),
        )


def _knowing(number: int, was: Wording, is_: Wording) -> View:
    """The view that has an entry: the later one, if both do."""
    return (is_ if number in is_.view.effective.by_number else was).view


def _value(item: Item, value: str | bool | None, words: Wording) -> Markup:
    match item.aspect:
        case "counted" if item.subject_kind in STRUCTURE:
            return escape(_standing(item.subject, words))
        case "counted" if item.subject_kind in PASSING:
            return escape(phrase(f"passing:{str(bool(value)).lower()}", words.language))
        case "counted" | "sure" | "inferred":
            return escape(phrase(f"{item.aspect}:{str(bool(value)).lower()}", words.language))
        case "name":
            return words.name(item.subject)
        case "status" | "kind" if value is not None:
            return escape(words.term(str(value), item.aspect))
        case "parent" | "told_parent" if value is None:
            return escape(phrase("top", words.language))
        case _:
            return escape("–") if value is None else words.name(str(value))


def _standing(id_: str, words: Wording) -> str:
    """Whether a level or a body is there, and else what became of it."""
    if id_ in words.view.state:
        found = place(words.view, id_)
        if found.presence == "gone":
            return words.end(departure(words.view, found))
        if found.presence != "not-yet":
            return words.presence(found.presence)
        return words.t("noch nicht da", "not there yet")
    return words.t("nicht erfasst", "not recorded")
