"""What a figure is: a number or the two that it lies between, what it is counted over, and the entries behind it.

A range holds however the open dates turn out; it may be wider than it has to be, and is exact where every date is.
What is undefined has no number but a reason with a lasting code, and is never 0.
"""

from collections.abc import Iterable, Sequence
from math import ceil, floor, inf, isinf
from typing import Final, Literal

from pydantic import Field

from domain.schemes import Term
from domain.view import View
from domain.when import FAR, OPEN
from projections.span import Span
from projections.telling import Named, Shown

Unit = Literal["count", "share", "index", "days", "per-100", "per-year", "rank"]
"""What a number counts; a `share` and an `index` lie between 0 and 1, a `rank` is a place on an ordered scale."""

Reason = Literal[
    "no-attendance",
    "no-participants",
    "no-sessions",
    "no-ratings",
    "no-scale",
    "no-feedback",
    "no-structural-changes",
    "no-decisions",
    "no-commitments",
    "none-due",
    "no-structure",
    "no-time",
    "no-entries",
    "no-scenarios",
    "no-branches",
    "one-branch",
    "no-reference",
    "reference-differs",
    "reference-not-public",
    "not-reached",
    "not-answered",
    "order-not-known",
    "small-cell",
]
"""Why there is no number."""

LEAST: Final = 5
"""The smallest number of actors that the public is told of; smaller ones could point at one of them."""

TENTH: Final = 0.1
MONTH: Final = 30
DIGITS: Final = 6
YEAR: Final = 365.25


class Bounds(Shown):
    """A number, or the two that it lies between."""

    at_least: float
    at_most: float | None = Field(description="null: no upper bound is known")


class Figure(Shown):
    """One number. `id` is lasting; the same number about other subjects has the same id and another `about`."""

    id: str = Field(examples=["response.median"])
    about: list[Named] = Field(default=[], description="what it is about, where there is one for each")
    scheme: str | None = Field(default=None, description="the scale of a rank")
    unit: Unit
    value: Bounds | None
    reason: Reason | None = Field(default=None, description="why there is no number")
    n: Bounds | None = Field(description="what it is counted over; null: not told, since it is small")
    entries: list[int] = Field(description="the entries behind it")

    @property
    def anchor(self) -> str:
        """Where it stands on the page: lasting, like its id."""
        return "-".join([self.id.replace(".", "-"), *(named.id for named in self.about)])


class Row(Shown):
    """A row of a breakdown: what it is about, by a code, by subjects or by a term of a vocabulary."""

    label: str | None = None
    about: list[Named] = Field(default=[])
    term: Term | None = None
    value: Bounds | None
    reason: Reason | None = None
    n: int | None = None
    months: int | None = Field(default=None, description="within how many months, where an entry states that")
    entries: list[int]


class Breakdown(Shown):
    """Numbers of one kind side by side: a distribution, a matrix, a series of years."""

    id: str
    unit: Unit
    scheme: str | None = None
    rows: list[Row]
    reason: Reason | None = Field(default=None, description="why there are no rows, or not for the public")


class Step(Shown):
    """From so many days on, the share that is still waiting lies between these."""

    day: int
    at_least: float
    at_most: float


class Curve(Shown):
    """A survival curve (Kaplan, Meier 1958): the share that is still waiting after so many days."""

    id: str
    n: int
    ended: int = Field(description="of how many the end is known")
    steps: list[Step]
    reason: Reason | None = None


class Analysis(Shown):
    """The figures about one subject."""

    id: str
    figures: list[Figure]
    breakdowns: list[Breakdown] = Field(default=[])
    curves: list[Curve] = Field(default=[])
    spans: list[Span] = Field(default=[], description="how long each of several took")
    stated: list[int] = Field(default=[], description="entries that state something of it themselves, as recorded")


def bounds(at_least: float, at_most: float | None = None) -> Bounds:
    """Between two numbers; one alone is exact."""
    most = at_least if at_most is None else at_most
    return Bounds(at_least=round(at_least, DIGITS), at_most=None if isinf(most) else round(most, DIGITS))


def counted(certain: int, perhaps: int = 0) -> Bounds:
    """So many for certain, and so many more that may be."""
    return bounds(certain, certain + perhaps)


def share(yes: int, no: int, *, perhaps_yes: int = 0, perhaps_no: int = 0, unsure: int = 0) -> Bounds | None:
    """The share of what is so among all there is; none of nothing.

    `perhaps_yes` and `perhaps_no` may be there or not; of what is `unsure` it is not known whether it is so.
    """
    certain = yes + no + unsure
    if certain + perhaps_yes + perhaps_no == 0:
        return None
    least = yes / (certain + perhaps_no) if certain + perhaps_no else 1.0
    most = (yes + unsure + perhaps_yes) / (certain + perhaps_yes) if certain + perhaps_yes else 0.0
    return bounds(min(least, most), max(least, most))


def middle(values: Iterable[tuple[float, float]]) -> Bounds | None:
    """The median of values that each lie between two numbers: it lies between the medians of these."""
    given = list(values)
    if not given:
        return None
    return bounds(_median(sorted(low for low, _ in given)), _median(sorted(high for _, high in given)))


def _median(ordered: Sequence[float]) -> float:
    at = len(ordered) // 2
    return ordered[at] if len(ordered) % 2 else (ordered[at - 1] + ordered[at]) / 2


def days_between(view: View, earlier: int, later: int) -> tuple[float, float]:
    """At least and at most so many days lie between two entries (SEMANTICS 4.4)."""
    a, b = view.room(earlier), view.room(later)
    return days_from(a.first, a.last, b.first, b.last)


def days_from(a_first: int, a_last: int, b_first: int, b_last: int) -> tuple[float, float]:
    """The same for days between which each of the two lies."""
    least = max(0, b_first - a_last) if b_first > OPEN else 0
    most = b_last - a_first if a_first > OPEN and b_last < FAR else inf
    return least, max(least, most)


def for_public(figure: Figure, cells: Iterable[float], *, public: bool, n_of_actors: bool = True) -> Figure:
    """A figure about actors as its reader may see it; `cells` are the numbers of actors that it is made of.

    Each cell counts every actor once, however often it came, and what remains of the whole is a cell like the part.
    What the figure is counted over may be actors, too, or else meetings, which anybody may count.

    The public is told of no number of actors under five, nor of what would give one away: then the whole figure is
    left out, with what it is counted over and the entries behind it. Else it sees counts in fives, shares in tenths
    and days in months of 30, so that the difference of two answers tells of nobody in particular.
    """
    if not public:
        return figure
    n = _coarse(figure.n, "count") if n_of_actors else figure.n
    if any(cell < LEAST for cell in cells):
        seen = None if n_of_actors else n
        return figure.model_copy(update={"value": None, "n": seen, "reason": "small-cell", "entries": []})
    return figure.model_copy(update={"value": _coarse(figure.value, figure.unit), "n": n})


def _coarse(given: Bounds | None, unit: Unit) -> Bounds | None:
    if given is None:
        return None
    if unit == "count":
        most = None if given.at_most is None else floor(given.at_most / LEAST) * LEAST + LEAST - 1
        return Bounds(at_least=floor(given.at_least / LEAST) * LEAST, at_most=most)
    step = MONTH if unit == "days" else TENTH
    low = floor(round(given.at_least / step, DIGITS))
    high = None if given.at_most is None else ceil(round(given.at_most / step, DIGITS))
    if high is not None and high == low:  # exactly on the border between two steps
        low, high = (low - 1, high) if low else (low, high + 1)
    return Bounds(at_least=round(low * step, 1), at_most=None if high is None else round(high * step, 1))
