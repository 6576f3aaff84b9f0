"""The days that readers type into a form or an address: 31.12.2018, 31.12.18, March 2018 or 2018.

They are understood as dates are that an office records, and a year in two digits is one of this century: what is only
looked for is shown back at once, and nothing is recorded of it.
"""

import re
from datetime import date
from typing import Final

from domain.errors import Refused, refused
from domain.german_dates import from_words
from domain.when import EDTF_FORM, Reading, day, stated

_SHORT: Final = re.compile(r"([0-9]{1,2}\. ?(?:[0-9]{1,2}\.|[^\W\d_]+\.?) ?)([0-9]{2})")
"""A day whose year has two digits."""

_AS_IN_ADDRESSES: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_ONE_DAY: Final = re.compile(r"/|\[\.\.|\.\.\]")
"""What lasted, or has no first or no last day, in the notation."""

_TELLING: Final = frozenset({"date-no-such-day", "date-weekday"})
"""What is wrong with a day that was understood."""


def typed_day(text: str) -> date:
    """The day that a view is asked for; of a month or a year it is the last one."""
    try:
        if _AS_IN_ADDRESSES.fullmatch(text):
            return day(text)
        notation = _notation(text)
        read = stated(notation)
    except Refused as refusal:
        if refusal.refusals[0].code in _TELLING:
            raise
        raise refused("day-not-understood", text=text[:80]) from None
    if _NO_ONE_DAY.search(notation):  # "since 2018" is no day
        raise refused("day-not-understood", text=text[:80])
    return _last(read)


def earliest_day(text: str) -> date:
    """The first day of what was typed as the beginning of a period."""
    return date.fromordinal(max(stated(_notation(text)).begin.first, date.min.toordinal()))


def latest_day(text: str) -> date:
    """The last day of what was typed as the end of a period."""
    return _last(stated(_notation(text)))


def _last(read: Reading) -> date:
    return date.fromordinal((read.end or read.begin).last)


def _notation(text: str) -> str:
    """A date as people type it, from a day to a year, in words or in the notation: in the notation."""
    spoken = " ".join(text.split())
    if short := _SHORT.fullmatch(spoken):
        spoken = f"{short[1]}20{short[2]}"
    edtf = spoken if EDTF_FORM.fullmatch(spoken) else from_words(spoken).edtf
    if edtf is None:
        raise refused("date-not-understood", text=text[:80])
    return edtf
