"""When something happened: an EDTF date, read as the days on which it can have begun and ended (SEMANTICS §1).

`2018`, `2018-03`, `2018-21` (spring; 24 is the winter into the next year) and `2018-03-14` are one moment, and so is
`[2018-03..2018-05]`: one day between. `2016-10/2019-09` lasted. `~`, `?` and `%` mark a date that the source itself
is not sure of. Whole days only, as proleptic ordinals, so that reading and comparing them stays cheap.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from domain.errors import Refused, invalid, refused
from domain.fields import Model, Reference, Text
from domain.words import Language

OPEN: Final = 0
"""No first day known: earlier than every ordinal."""

FAR: Final = date.max.toordinal()
"""No last day known."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included. `firm` is False where the source marks it with `~`, `?` or `%`."""

    first: int
    last: int
    firm: bool = True

    def refusing(self, stated_on: int) -> tuple[int, int]:
        """The bounds that may refuse something: an approximate date only says "by then" (SEMANTICS 1.5)."""
        return (self.first, self.last) if self.firm else (OPEN, stated_on)


@dataclass(frozen=True, slots=True)
class Reading:
    """A date as read on the day it was stated (SEMANTICS 1.3): what was told as happened had happened by then.

    `begin` holds the one moment of a date that did not last. `end` is given only where the end was over by then;
    a later one is a `planned_end`: kept, shown, ends nothing (SEMANTICS 1.4).
    """

    begin: Span
    end: Span | None = None
    planned_end: Span | None = None
    lasting: bool = False


_DATE: Final = r"[1-9][0-9]{3}(?:-(?:0[1-9]|1[0-2])-[0-9]{2}|-(?:0[1-9]|1[0-2]|2[1-4]))?"
_EDTF: Final = re.compile(
    rf"(?P<moment>{_DATE}[~?%]?)"
    rf"|\[(?P<earliest>{_DATE})?\.\.(?P<latest>{_DATE})?\]"
    rf"|(?P<begin>{_DATE}[~?%]?|\.\.)?/(?P<end>{_DATE}[~?%]?|\.\.)?"
)
_ANY_DAY: Final = Span(OPEN, FAR)


@dataclass(frozen=True, slots=True)
class Parts:
    """An EDTF text taken apart. Open (`..`) and unknown (nothing) ends stay as they are written.

    A `moment` has one date, `within` lies on a day between its two, `lasting` went from the one to the other.
    """

    shape: Literal["moment", "within", "lasting"]
    first: str
    last: str


def parts(edtf: str) -> Parts:
    """The dates an EDTF text is made of; refused if it is not of the supported subset."""
    found = _EDTF.fullmatch(edtf)
    if found is None:
        raise refused("date-not-understood", text=edtf[:80])
    if found["moment"]:
        return Parts("moment", found["moment"], found["moment"])
    if edtf.startswith("["):
        taken = Parts("within", found["earliest"] or "", found["latest"] or "")
    else:
        taken = Parts("lasting", found["begin"] or "", found["end"] or "")
    if {taken.first, taken.last} <= {"", ".."}:  # nothing at all is known: that is the basis "unknown"
        raise refused("date-not-understood", text=edtf)
    return taken


@lru_cache(maxsize=1 << 14)
def _days(text: str) -> Span:
    """The days of one date without its neighbours: a day, a month, a season, a year, or any day."""
    if text in {"", ".."}:
        return _ANY_DAY
    plain = text.rstrip("~?%")
    year, month, day = (int(part) for part in (*plain.split("-"), "0", "0")[:3])
    try:
        if day:
            first = last = date(year, month, day)
        elif month > 12:  # seasons: 21 begins in March, 24 in December
            first = date(year, 3 * (month - 20), 1)
            last = _last_of_month(year + (month == 24), (3 * (month - 20) + 1) % 12 + 1)
        else:
            first = date(year, month or 1, 1)
            last = _last_of_month(year, month or 12)
    except ValueError:
        raise refused("date-no-such-day", text=text) from None
    return Span(first.toordinal(), last.toordinal(), firm=plain == text)


def _last_of_month(year: int, month: int) -> date:
    return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)


@lru_cache(maxsize=1 << 14)
def stated(edtf: str) -> Reading:
    """The days exactly as the text states them, whenever that was; refused if no such date exists."""
    taken = parts(edtf)
    a, b = _days(taken.first), _days(taken.last)
    if a.first > b.last:
        raise refused("date-reversed", text=edtf)
    if taken.shape != "lasting":
        return Reading(Span(a.first, b.last, a.firm and b.firm))
    # It began before it ended. Where a bound is taken from the other side, it is only as firm as that side.
    begin = a if a.last <= b.last else Span(a.first, b.last, a.firm and b.firm)
    if b is _ANY_DAY:
        return Reading(begin, lasting=True)
    end = b if b.first >= a.first else Span(a.first, b.last, a.firm and b.firm)
    return Reading(begin, end, lasting=True)


@lru_cache(maxsize=1 << 14)
def _read(edtf: str | None, stated_on: int) -> Reading:
    if edtf is None:
        return Reading(Span(OPEN, stated_on))
    whole = stated(edtf)
    begin = whole.begin
    if begin.first <= stated_on < begin.last:
        begin = replace(begin, last=stated_on)
    if whole.end is not None and whole.end.last > stated_on:
        return Reading(begin, None, whole.end, lasting=True)
    return replace(whole, begin=begin)


def _supported(edtf: str) -> str:
    try:
        stated(edtf)
    except Refused as refusal:
        raise invalid(refusal.refusals[0].code, **refusal.refusals[0].params) from None
    return edtf


Edtf = Annotated[
    str,
    AfterValidator(_supported),
    Field(examples=["2018", "2018-03", "2018-03-14", "2018-21", "2018-04~", "[2018-03..2018-05]", "2016-10/2019-09"]),
]
"""A date in the supported part of EDTF (ISO 8601-2)."""


class When(Model):
    """When something happened, as surely as it is known and no surer. Nothing ever invents a day."""

    edtf: Edtf | None = None
    """The date; none exactly if the basis is `unknown`."""
    basis: Literal["stated", "derived", "unknown"] = "stated"
    """Whether the source states the date, whether it was worked out, or whether it is not known."""
    wording: Text = None
    """The source's own words for it."""
    after: tuple[Reference, ...] = ()
    """Entries that this one certainly did not precede."""

    @model_validator(mode="after")
    def _dated_unless_unknown(self) -> Self:
        if (self.edtf is None) != (self.basis == "unknown"):
            raise invalid("date-basis", basis=self.basis)
        return self

    def read(self, stated_on: int) -> Reading:
        """The date as read on the day it was stated. Total: a date in the future keeps its days as they are."""
        return _read(self.edtf, stated_on)

    def in_future(self, stated_on: int) -> bool:
        """Whether it cannot have begun by the day it was stated; such a date is refused at recording."""
        return _read(self.edtf, stated_on).begin.first > stated_on


def day(text: str) -> date:
    """A day written as 2018-03-14, and in no other way."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise refused("day-not-understood", text=text[:80])


def in_words(when: When | str, language: Language) -> str:
    """The date in words, exactly as sure as it is; a text is read as EDTF."""
    return (when if isinstance(when, str) else when.edtf) or {"de": "Zeitpunkt nicht bekannt", "en": "time not known"}[
        language
    ]
