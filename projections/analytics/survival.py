"""How long something takes where not all of it has come to an end (Kaplan, Meier 1958), with dates that are ranges.

Leaving out what has no end yet would flatter: an office that never answers the hard questions would look quick. It is
*censored* instead: it counts among those who wait for as long as it was watched.

S(t) is the product, over the ends by t, of 1 - 1/r, where r is how many were still waiting just before; several ends
on one day are taken one after the other, which comes to 1 - d/r. Where the lengths are ranges, both the ends by t and
r are bounded, and with them S(t): the true curve lies between the two, and where all is exact they are one.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from math import inf, isinf
from typing import Final, NamedTuple

from projections.analytics.figures import DIGITS, Bounds, Curve, Step, bounds

HALF: Final = 0.5 + 10**-9
"""Half, and what a product of fractions may miss it by."""


class Spell(NamedTuple):
    """At least and at most so many days. Whether they came to an end then: `None` where that is not known."""

    least: float
    most: float
    ended: bool | None


Factor = tuple[float, float]
"""On which day an end counts, and the share of those waiting that it leaves."""


def survival(id_: str, spells: Sequence[Spell]) -> Curve:
    """The curve: for each day on which it can have changed, the two shares that it lies between."""
    low, high = _product(_soonest(spells)), _product(_latest(spells))
    days = sorted({day for day, _ in (*low, *high)})
    steps = [Step(day=int(day), at_least=_at(low, day), at_most=_at(high, day)) for day in days]
    return Curve(id=id_, n=len(spells), ended=sum(spell.ended is True for spell in spells), steps=steps)


def median(curve: Curve) -> Bounds | None:
    """After how many days half have come to an end; none where by no reading half ever did."""
    first = next((step.day for step in curve.steps if step.at_least <= HALF), None)
    last = next((step.day for step in curve.steps if step.at_most <= HALF), inf)
    return None if first is None else bounds(first, last)


def _soonest(spells: Sequence[Spell]) -> list[Factor]:
    """Every end as soon as can be, among as few who wait as can be: no curve lies lower."""
    firsts = sorted(spell.least for spell in spells)
    unended = sorted(spell.least for spell in spells if spell.ended is False)
    ends = [spell for spell in spells if spell.ended is not False and not isinf(spell.least)]
    beside = _exact(ends)
    factors = []
    for spell in ends:
        later = len(spells) - bisect_right(firsts, spell.most)
        watched = bisect_right(unended, spell.most) - bisect_left(unended, spell.most)  # to that very day, unended
        factors.append((spell.least, 1 - 1 / (later + watched + _turn(beside, spell))))
    return factors


def _latest(spells: Sequence[Spell]) -> list[Factor]:
    """Every end as late as can be, among as many who wait as can be: no curve lies higher."""
    lasts = sorted(spell.most for spell in spells)
    ends = [spell for spell in spells if spell.ended is True and not isinf(spell.most)]
    beside = _exact(ends)
    together = dict(beside)
    factors = []
    for spell in ends:
        before = bisect_left(lasts, spell.least)
        turn = _turn(beside, spell)
        factors.append(
            (
                spell.most,
                1 - 1 / (len(spells) - before - (together[spell.least] if spell.least == spell.most else 1) + turn),
            )
        )
    return factors


def _exact(ends: Sequence[Spell]) -> Counter[float]:
    """How many ends are known to the day, by their day."""
    return Counter(spell.least for spell in ends if spell.least == spell.most)


def _turn(beside: Counter[float], spell: Spell) -> int:
    """Those who end on the very same day take turns: how many of them wait when it is this one's."""
    if spell.least != spell.most:
        return 1
    beside[spell.least] -= 1
    return beside[spell.least] + 1


def _product(factors: list[Factor]) -> list[Factor]:
    left, steps = 1.0, []
    for day, factor in sorted(factors):
        left *= factor
        steps.append((day, left))
    return steps


def _at(steps: list[Factor], day: float) -> float:
    found = bisect_right(steps, day, key=lambda step: step[0])
    return round(steps[found - 1][1], DIGITS) if found else 1.0
