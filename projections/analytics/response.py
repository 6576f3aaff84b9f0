"""What came of feedback, and after how long: by what entries cite, never by nearness in time.

The time to an answer, and to a change of structure that names the feedback as its cause, by Kaplan and Meier (1958):
feedback without one is censored at the view's day. What became of it, as in Font, Smith, Galais and Alarcon 2018
(European Journal of Political Research 57, doi:10.1111/1475-6765.12248), and whether a reason was given.
"""

from collections.abc import Mapping
from typing import Final

from domain.entry import causes
from domain.feedback import FeedbackAnswered, FeedbackReceived
from domain.replay import Form
from domain.view import View
from projections.analytics.figures import (
    Analysis,
    Bounds,
    Breakdown,
    Figure,
    Row,
    bounds,
    counted,
    days_between,
    days_from,
    share,
)
from projections.analytics.survival import Spell, median, survival
from projections.analytics.traceability import reasoned
from projections.span import span
from projections.telling import told

OUTCOMES: Final = ("taken-up", "taken-up-in-part", "declined", "noted", "answered")

Later = Mapping[int, list[int]]
"""By the number of a feedback, the entries that answer it or cite it."""


def response(view: View) -> Analysis:
    """Answers and reactions to all feedback up to the view's day."""
    received = [form.number for form, _ in told(view, FeedbackReceived)]
    sure = [number for number in received if view.certain(number)]
    answered = list(told(view, FeedbackAnswered))
    answers: dict[int, list[int]] = {}
    for form, step in answered:
        answers.setdefault(int(step.feedback), []).append(form.number)
    reactions = changes_for(view, set(received))
    n = counted(len(sure), len(received) - len(sure))
    figures, curves = [], []
    for id_, later in (("response.answer", answers), ("response.change", reactions)):
        behind = sorted({*received, *(number for found in later.values() for number in found)})
        curve = survival(id_, [_spell(view, number, later) for number in sure])
        half = median(curve)
        figures += [
            Figure(
                id=f"{id_}.share",
                unit="share",
                value=_share(view, received, later),
                reason=None if received else "no-feedback",
                n=n,
                entries=behind,
            ),
            Figure(
                id=f"{id_}.median",
                unit="days",
                value=half,
                reason=None if half is not None else "not-reached" if sure else "no-feedback",
                n=counted(len(sure)),
                entries=behind,
            ),
        ]
        if curve.steps:
            curves.append(curve)
    forms = [form for form, _ in answered if view.certain(form.number)]
    figures.append(_reasoned(view, forms))
    spans = [span(view, cause, effect) for cause, effects in reactions.items() for effect in effects]
    return Analysis(
        id="response",
        figures=figures,
        breakdowns=[_fate(view, sure, answered)],
        curves=curves,
        spans=sorted(spans, key=lambda each: (each.cause, each.effect)),
    )


def changes_for(view: View, received: set[int]) -> dict[int, list[int]]:
    """The changes of structure that name a feedback as their cause."""
    found: dict[int, list[int]] = {}
    for number in view.order:
        form = view.form(number)
        if form.step_class.structural and view.room(number).first <= view.day:
            for cause in causes(form.telling):
                if cause in received:
                    found.setdefault(cause, []).append(number)
    return found


def _share(view: View, received: list[int], later: Later) -> Bounds | None:
    yes = no = unsure = perhaps_yes = perhaps_no = 0
    for number in received:
        found = later.get(number, ())
        came, may = any(view.certain(n) for n in found), bool(found)
        if view.certain(number):
            yes, unsure, no = yes + came, unsure + (may and not came), no + (not may)
        else:
            perhaps_yes, perhaps_no = perhaps_yes + may, perhaps_no + (not came)
    return share(yes, no, perhaps_yes=perhaps_yes, perhaps_no=perhaps_no, unsure=unsure)


def _spell(view: View, number: int, later: Later) -> Spell:
    """From a feedback to the first that came of it; without any, until the view's day."""
    room, found = view.room(number), later.get(number, ())
    watched = days_from(room.first, room.last, view.day, view.day)
    if not found:
        return Spell(*watched, ended=False)
    least = min(days_between(view, number, n)[0] for n in found)
    sure = [days_between(view, number, n)[1] for n in found if view.certain(n)]
    return Spell(least, min(sure), ended=True) if sure else Spell(least, max(least, watched[1]), ended=None)


def _reasoned(view: View, answers: list[Form]) -> Figure:
    """The share of answers that name a reason: a cause or grounds."""
    found = [reasoned(view, form) for form in answers]
    return Figure(
        id="response.reasoned",
        unit="share",
        value=share(found.count(True), found.count(False), unsure=found.count(None)),
        reason=None if answers else "not-answered",
        n=counted(len(answers)),
        entries=sorted(form.number for form in answers),
    )


def _fate(view: View, sure: list[int], answered: list[tuple[Form, FeedbackAnswered]]) -> Breakdown:
    """What the last answer says became of each feedback; without one it is open."""
    outcome: dict[int, str] = {}
    perhaps: dict[int, set[str]] = {}
    """What an answer says that may have come by the day, and may not."""
    for form, step in answered:
        if view.certain(form.number):
            outcome[int(step.feedback)] = step.outcome
        else:
            perhaps.setdefault(int(step.feedback), set()).add(step.outcome)
    rows = []
    for fate in (*OUTCOMES, "open"):
        found = [number for number in sure if outcome.get(number, "open") == fate]
        stay = [number for number in found if perhaps.get(number, {fate}) == {fate}]
        come = [number for number, may in perhaps.items() if fate in may and outcome.get(number, "open") != fate]
        rows.append(Row(label=fate, value=bounds(len(stay), len(found) + len(come)), entries=[*found, *come]))
    return Breakdown(id="response.fate", unit="count", rows=rows, reason=None if sure else "no-feedback")
