"""Early warnings for the office, from the figures: what went wrong elsewhere before anybody said so.

A threshold is a convention of this program and stated with each warning: the literature names none. What is only
perhaps so warns of nothing.
"""

from itertools import combinations
from typing import Final, Literal

from pydantic import Field

from domain.feedback import FeedbackAnswered, FeedbackReceived
from domain.view import View, once
from projections.analytics.figures import Bounds, bounds, counted, share
from projections.analytics.load import window
from projections.analytics.overlap import Participants, by_level, coefficient
from projections.analytics.sessions import entries_of, months_before
from projections.plan import plan
from projections.telling import Named, Shown, named, told

Code = Literal["load-rising", "same-people", "feedback-unanswered", "goals-without-measures"]

MONTHS: Final = 6
"""Of so many months the load is held against that of as many before."""
RISE: Final = 1.5
MEETINGS: Final = 4
"""With fewer meetings within these months nobody is warned of."""

SAME: Final = 0.8
SMALLEST: Final = 3
"""Of a level with fewer participants nothing can be said."""

DAYS: Final = 28
"""Feedback should have an answer after so many days."""
UNANSWERED: Final = 0.5
FEEDBACK: Final = 3
"""Less feedback than that makes no share."""


class EarlyWarning(Shown):
    """A figure beyond its threshold: for whom or what, over how many, and the entries behind it."""

    code: Code
    about: list[Named]
    value: Bounds
    threshold: float = Field(description="from which value on it is warned")
    before: Bounds | None = Field(default=None, description="what it was in the months before")
    n: Bounds
    sizes: list[Bounds] = Field(default=[], description="how many take part on each level that it is about")
    actors: list[Named] = Field(default=[], description="who for certain takes part on both levels")
    entries: list[int]


@once
def early_warnings(view: View) -> list[EarlyWarning]:
    """All that there is to warn of on the view's day."""
    return [*_rising(view), *_same_people(view), *_unanswered(view), *_goals(view)]


def _rising(view: View) -> list[EarlyWarning]:
    """Actors that attended half as many meetings again as in the months before, at the least."""
    now = window(view, view.day, MONTHS)
    earlier = {each.actor: each for each in window(view, months_before(view.day, MONTHS), MONTHS).loads}
    found = []
    for each in now.loads:
        before = earlier.get(each.actor)
        least, most = (before.least, before.most) if before is not None else (0.0, 0.0)
        if each.least >= MEETINGS and each.least >= RISE * most:
            found.append(
                EarlyWarning(
                    code="load-rising",
                    about=named(view, [each.actor]),
                    value=bounds(each.least, each.most),
                    threshold=max(float(MEETINGS), RISE * most),
                    before=bounds(least, most),
                    n=counted(len(now.sure), len(now.perhaps)),
                    entries=sorted({*each.entries, *(before.entries if before is not None else ())}),
                )
            )
    return found


def _same_people(view: View) -> list[EarlyWarning]:
    """Two levels of the day, of which the smaller one is nearly all in the other."""
    levels = [each for each in by_level(view) if view.counted(each.level) and len(each.sure) >= SMALLEST]
    found = []
    for a, b in combinations(levels, 2):
        value = coefficient(a, b)
        if value is not None and value.at_least >= SAME:
            found.append(
                EarlyWarning(
                    code="same-people",
                    about=named(view, [a.level, b.level]),
                    value=value,
                    threshold=SAME,
                    n=min(_size(a), _size(b), key=lambda size: size.at_least),
                    sizes=[_size(a), _size(b)],
                    actors=named(view, sorted(a.sure & b.sure)),
                    entries=entries_of([*a.sessions, *b.sessions]),
                )
            )
    return found


def _size(level: Participants) -> Bounds:
    return counted(len(level.sure), len(level.perhaps - level.sure))


def _unanswered(view: View) -> list[EarlyWarning]:
    """Of feedback that had time to be answered, half or more has no answer."""
    answers: dict[int, list[int]] = {}
    for form, step in told(view, FeedbackAnswered):
        answers.setdefault(int(step.feedback), []).append(form.number)
    old = [f.number for f, _ in told(view, FeedbackReceived) if view.room(f.number).last <= view.day - DAYS]
    waiting = [n for n in old if n not in answers]
    unsure = [n for n in old if n in answers and not any(map(view.certain, answers[n]))]
    value = share(len(waiting), len(old) - len(waiting) - len(unsure), unsure=len(unsure))
    if value is None or len(old) < FEEDBACK or value.at_least < UNANSWERED:
        return []
    return [
        EarlyWarning(
            code="feedback-unanswered",
            about=[],
            value=value,
            threshold=UNANSWERED,
            n=counted(len(old)),
            entries=sorted(waiting),
        )
    ]


def _goals(view: View) -> list[EarlyWarning]:
    """Strategic and operational goals that are pursued, and nothing is planned for them."""
    found = plan(view)
    lacking = set(found.goals_without_measures)
    if not lacking:
        return []
    goals = [goal for goal in found.goals if goal.standing == "pursued" and goal.kind in ("strategic", "operational")]
    return [
        EarlyWarning(
            code="goals-without-measures",
            about=named(view, found.goals_without_measures),
            value=counted(len(lacking)),
            threshold=1,
            n=counted(len(goals)),
            entries=sorted(goal.entry for goal in found.goals if goal.id in lacking),
        )
    ]
