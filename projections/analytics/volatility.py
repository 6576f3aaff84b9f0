"""How often the structure changed, and how long its parts lasted.

Volatility is the number of changes of structure over the years that all levels and bodies lived together (the mean
number of them times the years). The distance of two days is 1 - J, by Jaccard, of what was there on them. How long
levels and bodies last is by Kaplan and Meier (1958); what still lives is censored. High is not bad: a level that is
given up may answer to criticism. Read it beside response and traceability.
"""

from collections.abc import Iterable
from datetime import date
from math import inf
from typing import Final, NamedTuple

from domain.meaning import PLACE
from domain.rooms import Room
from domain.view import View
from domain.when import FAR
from projections.analytics.figures import (
    YEAR,
    Analysis,
    Breakdown,
    Figure,
    Row,
    bounds,
    counted,
    days_from,
)
from projections.analytics.sessions import months_before
from projections.analytics.survival import Spell, median, survival

APART: Final = 12
"""How many months before the view's day the other day of the distance lies."""

MOST_YEARS: Final = 40


class Element(NamedTuple):
    """A level or body with the days between which it began and ended."""

    id: str
    entries: tuple[int, ...]
    since: Room
    until: Room

    def sure(self, day: int) -> bool:
        return self.since.last <= day < self.until.first

    def possible(self, day: int) -> bool:
        return self.since.first <= day < self.until.last


def elements(view: View) -> list[Element]:
    """All levels and bodies that began or may have begun by the day; what has no end by then lives."""
    found = []
    for id_, subject in view.state.items():
        if subject.kind in PLACE and (since := view.since(subject)).first <= view.day:
            until = view.until(subject) or Room(FAR, FAR)
            behind = (subject.founded,) if subject.ended is None else (subject.founded, subject.ended)
            found.append(Element(id_, tuple(dict.fromkeys(behind)), since, until))
    return found


def volatility(view: View) -> Analysis:
    """Changes, lifetimes, and what was there in each year."""
    there = elements(view)
    changes = [n for n in view.order if view.form(n).step_class.structural and view.room(n).first <= view.day]
    sure = sum(view.certain(n) for n in changes)
    least, most = (
        (sum(days) / YEAR for days in zip(*(lived(each, view.day) for each in there), strict=True))
        if there
        else (0.0, 0.0)
    )
    curve = survival("volatility.lifetime", [_spell(each, view.day) for each in there if each.since.last <= view.day])
    half, entries = median(curve), sorted({n for each in there for n in each.entries})
    n = counted(sum(each.since.last <= view.day for each in there), sum(each.since.last > view.day for each in there))
    return Analysis(
        id="volatility",
        figures=[
            Figure(
                id="volatility.changes",
                unit="count",
                value=counted(sure, len(changes) - sure),
                n=counted(sure, len(changes) - sure),
                entries=sorted(changes),
            ),
            Figure(
                id="volatility.rate",
                unit="per-year",
                value=bounds(0 if most == inf else sure / most, len(changes) / least if least else inf)
                if most
                else None,
                reason=None if most else "no-time" if there else "no-structure",
                n=n,
                entries=sorted(changes),
            ),
            _distance(view, there),
            Figure(
                id="volatility.lifetime",
                unit="days",
                value=half,
                reason=None if half is not None else "not-reached" if there else "no-structure",
                n=counted(curve.n),
                entries=entries,
            ),
        ],
        breakdowns=[_by_year(view, there)],
        curves=[curve] if curve.steps else [],
    )


def lived(each: Element, day: int) -> tuple[float, float]:
    """At least and at most so many days it lived until a day."""
    ends = Room(min(each.until.first, day), min(each.until.last, day))
    return days_from(each.since.first, each.since.last, ends.first, ends.last)


def _spell(each: Element, day: int) -> Spell:
    least, most = lived(each, day)
    return Spell(least, most, True if each.until.last <= day else None if each.until.first <= day else False)


def _distance(view: View, there: Iterable[Element]) -> Figure:
    """1 - |A n B| / |A u B| of what was there on the two days, whatever of it is sure."""
    days = months_before(view.day, APART), view.day
    sure = [{each.id for each in there if each.sure(day)} for day in days]
    may = [{each.id for each in there if each.possible(day)} for day in days]
    both, either = may[0] & may[1], may[0] | may[1]
    value = None
    if either:
        near = len(both) / len(sure[0] | sure[1] | both) if both else 0.0
        value = bounds(1 - near, 1 - len(sure[0] & sure[1]) / len(either))
    return Figure(
        id="volatility.distance",
        unit="index",
        value=value,
        reason=None if value is not None else "no-structure",
        n=counted(len(sure[0] | sure[1]), len(either) - len(sure[0] | sure[1])),
        entries=sorted({n for each in there if each.id in either for n in each.entries}),
    )


def _by_year(view: View, there: list[Element]) -> Breakdown:
    """How many levels and bodies were there at the end of each year, and on the view's day."""
    firsts = [each.since.last for each in there]
    if not firsts:
        return Breakdown(id="volatility.by-year", unit="count", rows=[], reason="no-structure")
    last = date.fromordinal(view.day).year
    years = range(max(date.fromordinal(min(firsts)).year, last - MOST_YEARS), last)
    days = [*(date(year, 12, 31).toordinal() for year in years), view.day]
    rows = []
    for day in days:
        sure = sum(each.sure(day) for each in there)
        may = [each for each in there if each.possible(day)]
        rows.append(
            Row(
                label=date.fromordinal(day).isoformat(),
                value=counted(sure, len(may) - sure),
                entries=sorted({n for each in may for n in each.entries[:1]}),
            )
        )
    return Breakdown(id="volatility.by-year", unit="count", rows=rows)
