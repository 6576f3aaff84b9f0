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
from domain.words import Language, say

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


DATE: Final = r"[1-9][0-9]{3}(?:-(?:0[1-9]|1[0-2])-[0-9]{2}|-(?:0[1-9]|1[0-2]|2[1-4]))?"
EDTF_FORM: Final = re.compile(
    rf"(?P<moment>{DATE}[~?%]?)"
    rf"|\[(?P<earliest>{DATE})?\.\.(?P<latest>{DATE})?\]"
    rf"|(?P<begin>{DATE}[~?%]?|\.\.)?/(?P<end>{DATE}[~?%]?|\.\.)?"
)
_NO_DATE: Final = frozenset({"", ".."})
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
    found = EDTF_FORM.fullmatch(edtf)
    if found is None:
        raise refused("date-not-understood", text=edtf[:80])
    if found["moment"]:
        return Parts("moment", found["moment"], found["moment"])
    if edtf.startswith("["):
        taken = Parts("within", found["earliest"] or "", found["latest"] or "")
    else:
        taken = Parts("lasting", found["begin"] or "", found["end"] or "")
    if {taken.first, taken.last} <= _NO_DATE:  # nothing at all is known: that is the basis "unknown"
        raise refused("date-not-understood", text=edtf)
    return taken


@lru_cache(maxsize=1 << 14)
def _days(text: str) -> Span:
    """The days of one date without its neighbours: a day, a month, a season, a year, or any day."""
    if text in _NO_DATE:
        return _ANY_DAY
    plain = text.rstrip("~?%")
    year, month = int(plain[:4]), int(plain[5:7] or "0")
    try:
        if len(plain) == len("2018-03-14"):
            first = last = date.fromisoformat(plain)
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
    raise refused("day-not-written", text=text[:80])


MONTHS_AND_SEASONS: Final = {
    "01": ("Januar", "January"),
    "02": ("Februar", "February"),
    "03": ("März", "March"),
    "04": ("April", "April"),
    "05": ("Mai", "May"),
    "06": ("Juni", "June"),
    "07": ("Juli", "July"),
    "08": ("August", "August"),
    "09": ("September", "September"),
    "10": ("Oktober", "October"),
    "11": ("November", "November"),
    "12": ("Dezember", "December"),
    "21": ("Frühjahr", "spring"),
    "22": ("Sommer", "summer"),
    "23": ("Herbst", "autumn"),
    "24": ("Winter", "winter"),
}

_PHRASES: Final = {
    "unknown": ("Zeitpunkt nicht bekannt", "time not known"),
    "derived": ("{a} (erschlossen)", "{a} (derived)"),
    "~": ("ca. {a}", "around {a}"),
    "?": ("vermutlich {a}", "probably {a}"),
    "%": ("vermutlich ca. {a}", "probably around {a}"),
    "qualified": ("{b}", "{b}"),
    "year": ("{b}", "in {b}"),
    "month": ("im {b}", "in {b}"),
    "day": ("am {b}", "on {b}"),
    "[A..B]": ("zwischen {a} und {b}", "between {a} and {b}"),
    "[A..]": ("ab {a}, Tag nicht bekannt", "from {a} on, day not known"),
    "[..B]": ("spätestens {b}", "by {b}"),
    "A/B": ("{a} bis {b}", "{a} to {b}"),
    "A~/B": ("von {a} bis {b}", "from {a} to {b}"),  # "ca. März 2018 bis Mai 2018": is only March meant, or both?
    "A/..": ("seit {a}", "since {a}"),
    "A/": ("von {a} an, Ende nicht bekannt", "from {a}, end not known"),
    "../B": ("bis {b}", "until {b}"),
    "/B": ("bis {b}, Beginn nicht bekannt", "until {b}, beginning not known"),
}


def in_words(when: When | str, language: Language) -> str:
    """The date in words, exactly as sure as it is; a text is read as EDTF. `from_words` reads the German ones back."""
    edtf = when if isinstance(when, str) else when.edtf
    if edtf is None:
        return say(_PHRASES["unknown"], language)
    taken = parts(edtf)
    dates = {"a": _date(taken.first, language, before=taken.last), "b": _date(taken.last, language)}
    said = say(_PHRASES[_form(taken)], language, dates)
    derived = isinstance(when, When) and when.basis == "derived"
    return say(_PHRASES["derived"], language, {"a": said}) if derived else said


def _form(taken: Parts) -> str:
    """Which phrase says it: the text with letters for its dates, or what kind of date it is."""
    a, b = taken.first, taken.last
    match taken.shape:
        case "moment":
            return "qualified" if _sign(a) else {4: "year", 7: "month", 10: "day"}[len(a)]
        case "within":
            return f"[{a and 'A'}..{b and 'B'}]"
        case "lasting" if a in _NO_DATE or b in _NO_DATE:
            return f"{a if a in _NO_DATE else 'A'}/{b if b in _NO_DATE else 'B'}"
        case "lasting":
            return "A~/B" if _sign(a) and not _sign(b) else "A/B"


def _sign(date_text: str) -> str:
    return date_text[-1] if date_text[-1] in "~?%" else ""


def _date(text: str, language: Language, before: str = "") -> str:
    """One date. What it shares with the date it stands `before` is left to that one: "14. bis 16. März 2018"."""
    if text in _NO_DATE:
        return ""
    if sign := _sign(text):
        return say(_PHRASES[sign], language, {"a": _date(text.removesuffix(sign), language)})
    year, month, of_month = (*text.split("-"), "", "")[:3]
    if month == "24":  # the winter after the year it begins in: "Winter 2018/19", but "Winter 1999/2000"
        following = str(int(year) + 1)
        following = following if following.endswith("00") else following[2:]
        return f"{say(MONTHS_AND_SEASONS[month], language)} {year}/{following}"
    shares_year = before.startswith(year) and len(before) > len(year) and before[4:] != "-24" and not _sign(before)
    shares_month = shares_year and len(text) == len(before) == 10 and text[:7] == before[:7]
    words = [f"{int(of_month)}." if language == "de" else of_month.lstrip("0")] if of_month else []
    if month and not shares_month:
        words.append(say(MONTHS_AND_SEASONS[month], language))
    if not (month and shares_year):
        words.append(year)
    return " ".join(words)
