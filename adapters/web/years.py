"""A timeline in miniature: how much happened in which year, drawn as bars, each year a way into the list."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from projections.timeline import Tally

MOST: Final = 40
"""So many years stand side by side; of more, ten or a hundred are taken together."""

HIGHEST: Final = 32
"""How high the highest bar is drawn."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, as it is drawn: the part of a year in which so much happened, beside the other parts."""

    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Column:
    """A year, or several: how many entries of the list stand in it, and how many before it.

    `begins` is the year under which the first of them in the list stands.
    """

    first: int
    last: int
    begins: int
    count: int
    before: int
    bars: tuple[Bar, ...]


def columns(tallies: Iterable[Tally], kind: str | None, *, newest: bool) -> list[Column]:
    """The years from the first to the last with anything in it, those with nothing too."""
    quarters: Counter[int] = Counter()
    for tally in tallies:
        if kind in (None, tally.kind):
            quarters[tally.quarter] += tally.count
    if not quarters:
        return []
    earliest, latest = min(quarters) // 4, max(quarters) // 4
    span = next(span for span in (1, 10, 100, 1_000) if latest // span - earliest // span < MOST)
    bar = max(1, span // 10) * 4 if span > 1 else 1  # so many quarters are one bar
    bars: Counter[int] = Counter()
    for quarter, count in quarters.items():
        bars[quarter // bar] += count
    found, before = [], 0
    spans = range(earliest // span, latest // span + 1)
    for at in reversed(spans) if newest else spans:
        inside = [quarter for quarter in quarters if quarter // 4 // span == at]
        begins = (max(inside) if newest else min(inside)) // 4 if inside else at * span
        count = sum(quarters[quarter] for quarter in inside)
        shown = range(at * span * 4 // bar, (at + 1) * span * 4 // bar)
        drawn = tuple(_bar(place, bars[one], max(bars.values())) for place, one in enumerate(shown) if bars[one])
        found.append(Column(at * span, (at + 1) * span - 1, begins, count, before, drawn))
        before += count
    return found


def _bar(place: int, count: int, most: int) -> Bar:
    height = max(2, round(HIGHEST * count / most))
    return Bar(place * 6, HIGHEST - height, height)
