"""How unevenly something is spread over those who have a part in it."""

from collections.abc import Sequence
from itertools import accumulate
from math import isinf
from typing import Final

from projections.analytics.figures import Bounds, bounds

TOP: Final = 5


def gini(loads: Sequence[tuple[float, float]]) -> Bounds | None:
    """G = sum of (2i - n - 1) x_i / (n sum of x), over x in ascending order (Gini 1912): 0 where all have the same.

    Each load lies between two numbers. None where nobody has any.
    """
    n = len(loads)
    return _between([(2 * i - n - 1) / n for i in range(1, n + 1)], loads, (n - 1) / n if n else 0)


def top_share(loads: Sequence[tuple[float, float]], top: int = TOP) -> Bounds | None:
    """The share of all that those have who have most. None where nobody has any."""
    n = len(loads)
    return _between([float(i >= n - top) for i in range(n)], loads, 1)


def _between(weights: Sequence[float], loads: Sequence[tuple[float, float]], most: float) -> Bounds | None:
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
