"""How long it took from one entry to another: a range where the dates are not exact (SEMANTICS 4.4)."""

from datetime import date

from pydantic import Field

from domain.view import View
from domain.when import FAR, OPEN
from projections.telling import Shown


class Span(Shown):
    """From `cause` to `effect`: at least and at most so many days, and whole or begun months.

    Without an upper bound the first day of the cause is not known. `exact` only where both happened on a known day.
    """

    cause: int
    effect: int
    at_least_days: int
    at_most_days: int | None
    at_least_months: int = Field(description="whole months")
    at_most_months: int | None = Field(description="begun months")
    exact: bool


def span(view: View, cause: int, effect: int) -> Span:
    """At least max(0, E(effect) - L(cause)), at most L(effect) - E(cause), over the rooms of the two."""
    a, b = view.room(cause), view.room(effect)
    least = max(0, b.first - a.last) if b.first > OPEN else 0
    most = b.last - a.first if a.first > OPEN and b.last < FAR else None
    return Span(
        cause=cause,
        effect=effect,
        at_least_days=least,
        at_most_days=most if most is None else max(0, most),
        at_least_months=months(a.last, b.first) if least else 0,
        at_most_months=None if most is None else max(0, months(a.first, b.last + 1, begun=True)),
        exact=least == most,
    )


def months(first: int, last: int, *, begun: bool = False) -> int:
    """Months from one day to another: whole ones, or with the one that has begun."""
    if last <= first:
        return 0
    a, b = date.fromordinal(first), date.fromordinal(min(last, date.max.toordinal()))  # after which there is no day
    whole = 12 * (b.year - a.year) + b.month - a.month - (b.day < a.day)
    return whole + (begun and b.day != a.day)
