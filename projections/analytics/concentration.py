"""How unevenly something is spread over those who have a part in it.

Each load lies between two numbers. Whoever may have none (0 to so many) may not belong at all: then n is smaller, and
nobody counts with 0. A range holds for every number of those who may belong.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate
from math import isinf
from typing import Final

from projections.analytics.figures import Bounds, bounds

TOP: Final = 5
TRIED: Final = 50

Load = tuple[float, float]
"""At least and at most so much: whole numbers, as of meetings."""


def gini(loads: Sequence[Load]) -> Bounds | None:
    """G = sum of (2i - n - 1) x_i / (n sum of x), over x in ascending order (Gini 1912): 0 where all have the same.

    None where nobody has any.
    """
    return _over_all(loads, lambda n: [(2 * i - n - 1) / n for i in range(1, n + 1)], lambda n: (n - 1) / n)


def top_share(loads: Sequence[Load], top: int = TOP) -> Bounds | None:
    """The share of all that those have who have most. None where nobody has any."""
    return _over_all(loads, lambda n: [float(i >= n - top) for i in range(n)], lambda _: 1.0)


def _over_all(
    loads: Sequence[Load], weights: Callable[[int], Sequence[float]], most: Callable[[int], float]
) -> Bounds | None:
    """What holds for every number of those who may belong: so many of them have at most what the largest of them have.

    With more than `TRIED` of them no narrower range is looked for than the widest there is.
    """
    sure = [load for load in loads if load[0] > 0 or load[1] == 0]
    perhaps = sorted((high for low, high in loads if low == 0 < high), reverse=True)
    if len(perhaps) > TRIED:
        return bounds(0, most(len(loads)))
    found = []
    for more in range(len(perhaps) + 1):
        given = [*sure, *((min(1.0, high), high) for high in perhaps[:more])]
        one = _between(weights(len(given)), given, most(len(given))) if given else None
        found += [one] if one is not None else []
    if not found:
        return None
    return bounds(min(each.at_least for each in found), max(each.at_most or 0 for each in found))


def _between(weights: Sequence[float], loads: Sequence[Load], most: float) -> Bounds | None:
    """The least and the greatest of sum of w_i x_i / sum of x, with weights and x in ascending order.

    The i-th of the loads lies between the i-th of the least ones and the i-th of the greatest. The greatest quotient
    has the lower ones at their least and the higher ones at their greatest, from some place on; the least one the
    other way round, and may be missed by that, since those need not be in order.
    """
    low, high = sorted(least for least, _ in loads), sorted(greatest for _, greatest in loads)
    if not high or high[-1] == 0:
        return None
    if isinf(high[-1]):
        return bounds(0, most)
    found = [*_quotients(weights, low, high), *_quotients(weights, high, low)]
    if low[-1] == 0:  # all of them may be nothing
        return bounds(0, most)
    return bounds(max(0, min(found)), min(most, max(found)))


def _quotients(weights: Sequence[float], first: Sequence[float], then: Sequence[float]) -> list[float]:
    """All quotients with the numbers of the one up to a place, and from there on those of the other."""
    sums, weighted = _heads(first), _heads([w * x for w, x in zip(weights, first, strict=True)])
    rest, rest_weighted = _heads(then), _heads([w * x for w, x in zip(weights, then, strict=True)])
    found = []
    for at in range(len(weights) + 1):
        total = sums[at] + rest[-1] - rest[at]
        if total > 0:
            found.append((weighted[at] + rest_weighted[-1] - rest_weighted[at]) / total)
    return found


def _heads(numbers: Sequence[float]) -> list[float]:
    return [0.0, *accumulate(numbers)]
