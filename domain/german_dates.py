"""Dates as a German office writes them: "im Frühjahr 2018", "ca. April 2018", "zwischen März und Mai 2018".

Nothing invents a day: what is not understood is refused, and what has two readings ("2017/2018") is asked back.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Final

from pydantic import BeforeValidator

from domain.errors import Refused, refused, restated
from domain.when import DATE, EDTF_FORM, MONTHS_AND_SEASONS, Edtf, When, in_words, stated


def from_words(text: str) -> When:
    """What the words mean as a date, with the words kept as its wording; refused if they are not understood."""
    wording = " ".join(text.split())
    words = unicodedata.normalize("NFC", wording).casefold()
    if _UNKNOWN.fullmatch(words):
        return When(basis="unknown", wording=wording)
    plain = words.removesuffix(_DERIVED)
    try:
        if len(plain) > 200:  # no date is that long, and the patterns need not be tried on whole pages
            raise _not_understood(plain)
        edtf = _edtf(plain)
        stated(edtf)
    except Refused as refusal:
        (found,) = refusal.refusals
        raise refused(found.code, **{**found.params, "text": wording[:80]}) from None
    return When(
        edtf=edtf,
        basis="stated" if plain == words else "derived",
        wording=None if edtf == wording else wording,  # a date typed as EDTF is not a wording of the source
    )


def worded(edtf: str | None, wording: str | None) -> str | None:
    """The words that a date was stated in, where they tell more than the date in words does.

    "im Frühjahr 2025" says what a reader sees anyway; "zum Zeitpunkt der Antragstellung" does not.
    """
    if wording is None:
        return None
    try:
        read = from_words(wording).edtf
    except Refused:
        return wording
    plain = edtf is None or re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", edtf) is not None
    return None if plain and read == edtf else wording


def _understood(given: object) -> object:
    """The notation of a date in words; what is notation already stays, since it may come from the store."""
    if not isinstance(given, str):
        return given
    try:
        stated(given)
    except Refused:
        pass
    else:
        return given
    try:
        return from_words(given).edtf or given
    except Refused as refusal:
        raise restated(refusal.refusals[0]) from None


PlannedDate = Annotated[Edtf, BeforeValidator(_understood)]
"""A date among the facts of a step, as planned or as a period: in the notation, or in the words an office types."""

_UNKNOWN: Final = re.compile(r"(?:(?:datum|zeitpunkt|tag) )?(?:unbekannt|nicht bekannt)")
_DERIVED: Final = " (erschlossen)"
_FILLERS: Final = frozenset(
    ("am", "im", "in", "den", "dem", "der", "des", "zum", "laufe", "jahr", "jahre", "jahres", "monat", "monats")
)
_SAME: Final = {
    "vom": "von",
    "kalenderwoche": "kw",
    "erste": "1.",
    "zweite": "2.",
    "erstes": "1.",
    "ersten": "1.",
    "zweites": "2.",
    "zweiten": "2.",
    "drittes": "3.",
    "dritten": "3.",
    "viertes": "4.",
    "vierten": "4.",
}
"""Words that say the same as another."""

_DASH: Final = re.compile(r"(\b[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?(?![.0-9]))|\s*[-‐‑–—]\s*")
"""A dash between two dates, not one inside 2018-03-14."""


def _edtf(words: str) -> str:
    if years := re.fullmatch(r"([0-9]{4}) ?/ ?([0-9]{2}|[0-9]{4})", words):
        raise _ambiguous(years[1], years[1][: 4 - len(years[2])] + years[2])
    if EDTF_FORM.fullmatch(words):
        return words
    plain = " ".join(_SAME.get(word, word) for word in words.split() if word not in _FILLERS)
    plain = _DASH.sub(lambda dash: dash[1] or " bis ", plain).removesuffix(", tag nicht bekannt")
    for pattern, reading in _SENTENCES:
        if found := pattern.fullmatch(plain):
            return reading(**found.groupdict())
    return _moment(plain)


def _within(a: str, b: str) -> str:
    return f"[{_unqualified(_completed(a, b)).first}..{_unqualified(b).last}]"


def _lasting(a: str, b: str, *, qualified_together: bool = False) -> str:
    """From–to. In "ca. März bis Mai 2018" the "ca." stands before both; in "von ca. März bis Mai 2018" before one."""
    first, last = _side(_completed(a, b)), _side(b)
    if qualified_together and first[-1] in "~?%" and last[-1] not in "~?%":
        last += first[-1]
    return f"{first}/{last}"


def _completed(a: str, b: str) -> str:
    """The first of two dates with what is said only once, after the second: "14." of "14. bis 16. März 2018"."""
    tail = re.search(r"(?:[0-9]{1,2}\.|anfang|mitte|ende) ?((?:[a-zäöü]+\.? |[0-9]{1,2}\. ?)?[0-9]{4})$", b)
    if tail and re.search(r"(?:^| )(?:[0-9]{1,2}\.?|anfang|mitte|ende)$", a):
        return f"{a}. {tail[1]}" if a[-1].isdigit() else f"{a} {tail[1]}"
    year = re.search(r"(?:[ .]|[ a-z][0-9]{1,2}/)([0-9]{4})(?:/[0-9]+)?$", b)
    return f"{a} {year[1]}" if year and not re.search(r"[0-9]{4}", a) else a


def _ambiguous(a: str, b: str) -> Refused:
    """Two dates with a slash: one moment between them, or from the one to the other (SEMANTICS 1.2)."""
    within, lasting = _within(a, b), _lasting(a, b)
    stated(lasting)
    return refused(
        "date-ambiguous",
        text=f"{a}/{b}",
        within=within,
        lasting=lasting,
        within_words=in_words(within, "de"),
        lasting_words=in_words(lasting, "de"),
    )


_SENTENCES: Final[tuple[tuple[re.Pattern[str], Callable[..., str]], ...]] = (
    (re.compile(r"zwischen (?P<a>.+?) und (?P<b>.+)"), _within),
    (re.compile(r"(?:ab|nach|frühestens) (?P<a>.+)"), lambda a: f"[{_unqualified(a).first}..]"),
    (re.compile(r"(?:bis )?(?:vor|spätestens) (?P<b>.+)"), lambda b: f"[..{_unqualified(b).last}]"),
    (re.compile(r"von (?P<a>.+) an, ende (?:nicht bekannt|unbekannt)"), lambda a: f"{_side(a)}/"),
    (re.compile(r"(?:(?:seit|von) )?(?P<a>.+) bis heute"), lambda a: f"{_side(a)}/.."),
    (re.compile(r"seit (?P<a>.+)"), lambda a: f"{_side(a)}/.."),
    (re.compile(r"bis (?P<b>.+), beginn (?:nicht bekannt|unbekannt)"), lambda b: f"/{_side(b)}"),
    (re.compile(r"bis (?P<b>.+)"), lambda b: f"../{_side(b)}"),
    (re.compile(r"von (?P<a>.+?) bis (?P<b>.+)"), _lasting),
    (re.compile(r"(?P<a>.+?) bis (?P<b>.+)"), partial(_lasting, qualified_together=True)),
)


# ---- one date -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """One date as written: from `first` to `last`, which differ where EDTF has no single date for it."""

    first: str
    last: str

    @property
    def whole(self) -> str | None:
        """The single EDTF date around it: the month of "Anfang März 2018", the year of "1. Quartal 2018"."""
        if self.first == self.last:
            return self.first
        return next((self.first[:n] for n in (7, 4) if n < len(self.first) and self.first[:n] == self.last[:n]), None)


def _moment(words: str) -> str:
    sign, period = _qualified(words)
    if sign or period.first == period.last:
        return _side(words)
    return f"[{period.first}..{period.last}]"


def _side(words: str) -> str:
    """A date that only a single EDTF date can stand for: one side of from–to, or a qualified one."""
    sign, period = _qualified(words)
    if period.whole is None:
        raise _not_understood(words)
    return period.whole + sign


def _unqualified(words: str) -> Period:
    sign, period = _qualified(words)
    if sign:  # EDTF has no "between about March and May"
        raise _not_understood(words)
    return period


_QUALIFIER: Final = re.compile(
    r"(?:(?P<approximate>ca|circa|zirka|etwa|ungefähr|um|gegen)"
    r"|(?P<uncertain>vermutlich|wahrscheinlich|wohl|vielleicht|möglicherweise))(?:\. ?| )"
)


def _qualified(words: str) -> tuple[str, Period]:
    """The sign that the words around a date stand for, and the date."""
    plain = words.removesuffix("(?)").rstrip()
    approximate, uncertain = False, plain != words
    while found := _QUALIFIER.match(plain):
        approximate |= found["approximate"] is not None
        uncertain |= found["uncertain"] is not None
        plain = plain[found.end() :]
    return {(0, 0): "", (1, 0): "~", (0, 1): "?", (1, 1): "%"}[approximate, uncertain], _period(plain)


def _not_understood(words: str) -> Refused:
    return refused("date-not-understood", text=words[:80])


_NAMES: Final = {name.casefold(): code for code, names in MONTHS_AND_SEASONS.items() for name in names} | {
    "jänner": "01",
    "mrz": "03",
    "maerz": "03",
    "frühling": "21",
    "fruehling": "21",
    "fruehjahr": "21",
}
"""Months and seasons as they are typed; English ones too, which cannot be mistaken for anything else."""

_WEEKDAYS: Final = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")


def _period(words: str) -> Period:
    plain = words.replace(",", " ").replace("  ", " ").strip()
    for pattern, reading in _DATES:
        if (found := pattern.fullmatch(plain)) and (period := reading(**found.groupdict())):
            return period
    if pair := re.fullmatch(r"([^/]+?) ?/ ?([^/]+|winter [0-9]{4}/[0-9]+)", words):
        raise _ambiguous(*pair.groups())
    raise _not_understood(words)


def _same(edtf: str) -> Period:
    return Period(edtf, edtf)


def _code(name: str) -> str:
    """What EDTF counts a month or season as; of a month three letters are enough ("Sept. 2018")."""
    shortened = (code for known, code in _NAMES.items() if code <= "12" and len(name) >= 3 and known.startswith(name))
    return _NAMES.get(name) or next(shortened, "")


def _named(name: str, year: str) -> Period | None:
    return _same(f"{year}-{code}") if (code := _code(name)) else None


def _numbered(month: str, year: str) -> Period | None:
    return _same(f"{year}-{month.zfill(2)}") if 1 <= int(month) <= 12 else None


def _winter(year: str, following: str) -> Period | None:
    return _same(f"{year}-24") if str(int(year) + 1).endswith(following) else None


def _day(weekday: str | None, day: str, month: str, year: str) -> Period | None:
    code = _code(month) if month.isalpha() else month.zfill(2)
    named = [name for name in _WEEKDAYS if weekday in {None, name, name[:2]}]
    if not code or not named or (month.isalpha() and code > "12"):
        return None
    text = f"{year}-{code}-{day.zfill(2)}"
    try:
        real = _WEEKDAYS[date.fromisoformat(text).weekday()]
    except ValueError:
        raise refused("date-no-such-day", text=text) from None
    if real not in named:
        raise refused("date-weekday", text=text, day=text, weekday=real.capitalize())
    return _same(text)


def _third(which: str, whole: str) -> Period | None:
    """The beginning, middle or end of a month (about ten days) or of a year (four months)."""
    edtf, third = _period(whole).whole or "", ("anfang", "mitte", "ende").index(which)
    if len(edtf) == 4:
        return Period(f"{edtf}-{4 * third + 1:02}", f"{edtf}-{4 * third + 4:02}")
    if len(edtf) == 7 and edtf[5:] <= "12":
        last = monthrange(int(edtf[:4]), int(edtf[5:]))[1] if third == 2 else 10 * third + 10
        return Period(f"{edtf}-{10 * third + 1:02}", f"{edtf}-{last}")
    return None


def _part_of_year(number: str, part: str, year: str) -> Period | None:
    length = 3 if part.startswith("q") else 6
    last = int(number) * length
    return Period(f"{year}-{last - length + 1:02}", f"{year}-{last:02}") if last <= 12 else None


def _week(week: str, year: str) -> Period:
    """A calendar week as ISO 8601 counts them, Monday to Sunday."""
    try:
        monday, sunday = (date.fromisocalendar(int(year), int(week), weekday) for weekday in (1, 7))
    except ValueError:
        raise refused("date-no-such-day", text=f"KW {week}/{year}") from None
    return Period(monday.isoformat(), sunday.isoformat())


_YEAR: Final = r"(?P<year>[1-9][0-9]{3})"
_WEEKDAY: Final = r"(?:(?P<weekday>[a-z]+)\.? )?"
_DATES: Final[tuple[tuple[re.Pattern[str], Callable[..., Period | None]], ...]] = (
    (re.compile(rf"(?P<edtf>{DATE})"), _same),
    (re.compile(rf"(?P<name>[a-zäöü]+)\.? {_YEAR}"), _named),
    (re.compile(rf"(?P<month>[0-9]{{1,2}})[./]{_YEAR}"), _numbered),
    (re.compile(rf"winter {_YEAR} ?/ ?(?P<following>[0-9]{{2}}|[0-9]{{4}})"), _winter),
    (re.compile(rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}})\. ?(?P<month>[0-9]{{1,2}})\. ?{_YEAR}"), _day),
    (re.compile(rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}})\.? ?(?P<month>[a-zäöü]+)\.? {_YEAR}"), _day),
    (re.compile(r"(?P<which>anfang|mitte|ende) (?P<whole>.+)"), _third),
    (re.compile(rf"(?P<number>[1-4])\. ?(?P<part>quartal|halbjahr|hj|jahreshälfte)\.? {_YEAR}"), _part_of_year),
    (re.compile(rf"(?P<part>q|quartal) ?(?P<number>[1-4])[ /]{_YEAR}"), _part_of_year),
    (re.compile(rf"kw ?(?P<week>[0-9]{{1,2}})(?: ?/ ?| ){_YEAR}"), _week),
    (re.compile(rf"(?P<week>[0-9]{{1,2}})\. ?kw(?: ?/ ?| ){_YEAR}"), _week),
)
