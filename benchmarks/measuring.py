"""How two ways of doing the same are held against each other: in turn, round by round, and by medians."""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

ROUNDS: Final = 5
"""How often everything is done, at least."""

Round = Callable[[], float]
"""Does one round of the work and answers to how many milliseconds it took."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a ratio has to reach, or for a `time` must not exceed. Some rows have no aim beyond what must be."""

    must: float
    aim: float | None = None
    time: bool = False

    def reached(self, ratio: float) -> str:
        """What is reached: the aim, what must be, or nothing."""
        if self.aim is not None and self._reaches(ratio, self.aim):
            return "aim"
        return "must" if self._reaches(ratio, self.must) else "**no**"

    def _reaches(self, ratio: float, wanted: float) -> bool:
        return ratio <= wanted if self.time else ratio >= wanted

    def __str__(self) -> str:
        """The two columns of the table."""
        sign = "≤" if self.time else "≥"
        return f"{sign} {self.must:g} | {'' if self.aim is None else f'{sign} {self.aim:g}'}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a work of ours against one of others, on a database."""

    work: str
    against: str
    on: str
    ours: str
    theirs: str
    ratio: float
    goal: Goal

    def __str__(self) -> str:
        cells = (self.work, self.against, self.on, self.ours, self.theirs, in_digits(self.ratio), str(self.goal))
        return f"| {' | '.join(cells)} | {self.goal.reached(self.ratio)} |"


HEAD: Final = """\
| work | against | on | ours | theirs | ratio | must | aim | reached |
|---|---|---|--:|--:|--:|--:|--:|---|"""


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one call. The garbage of what ran before is not its own."""
    gc.collect()
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1_000


def in_turn(works: Mapping[str, Round], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """The milliseconds of every round of every work. All of them do a round before one of them does the next."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(work())
    return taken


def compared(work: str, against: str, on: str, ours: Sequence[float], theirs: Sequence[float], goal: Goal) -> Row:
    """The row of two works that took turns, from their milliseconds.

    The ratio is the median of the ratios of the rounds: what slows the machine down for a while slows both. For a
    time it is ours by theirs, else theirs by ours: how many times as fast we are.
    """
    by_ours = median(mine / other for mine, other in zip(ours, theirs, strict=True))
    ratio = by_ours if goal.time else median(other / mine for mine, other in zip(ours, theirs, strict=True))
    return Row(work, against, on, _ms(ours), _ms(theirs), ratio, goal)


def _ms(taken: Sequence[float]) -> str:
    return f"{in_digits(median(taken))} ms"


def in_digits(number: float) -> str:
    """Three digits that say something."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
