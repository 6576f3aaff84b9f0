"""How far a reader can follow what changed back to what was said, and what was said forward to what changed.

For all changes of structure: which name a reason (a cause or grounds), which lead back to a decision, and which to
feedback or a finding; a change counts as traceable with all three. That is read in two ways: by the causes that the
change itself cites, and along the causes of causes, over as many steps as it takes. The other way round: of how much
feedback, and of how many findings, something came that is recorded. Basis: core value 7 of the IAP2, that participants
learn how their input affected the decision. A change may rest on no criticism at all: the share is always shown with
its parts, and is no mark.

What only may have happened makes a way that only may be there; what an erased entry gave as its reason nobody can say.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from domain.decisions import DecisionTaken
from domain.entry import causes
from domain.feedback import FeedbackReceived
from domain.findings import AssessmentConducted, FindingRecorded
from domain.replay import Form
from domain.step import Step
from domain.view import View
from projections.analytics.figures import Analysis, Figure, Reason, counted, share
from projections.telling import erased

EVIDENCE: Final = (FeedbackReceived, FindingRecorded, AssessmentConducted)
Holds = Mapping[int, bool | None]
"""By entry, whether something holds of it; `None` where that is open."""


def traceability(view: View) -> Analysis:
    """Both ways, over all that had happened or may have by the view's day."""
    steps = {n: view.form(n).step_class for n in view.order if view.room(n).first <= view.day}
    led_to: dict[int, list[int]] = {}
    for number in steps:
        for cause in causes(view.form(number).telling):
            led_to.setdefault(cause, []).append(number)
    structural = [n for n, step in steps.items() if step.structural]
    taken, received, recorded = (
        [n for n, step in steps.items() if step is kind] for kind in (DecisionTaken, FeedbackReceived, FindingRecorded)
    )

    def back(kind: type[Step] | tuple[type[Step], ...], *, cited: bool) -> Holds:
        """Whether the causes of an entry lead back to a kind of entry, over any steps or over one."""
        origins = [n for n, step in steps.items() if issubclass(step, kind)]
        may = reached(origins, led_to, 1 if cited else None)
        sure = reached(filter(view.certain, origins), led_to, 1 if cited else None, view.certain)
        return {n: True if n in sure else None if n in may else False for n in (*structural, *taken)}

    decided, heard = back(DecisionTaken, cited=False), back(EVIDENCE, cited=False)
    decided_cited, heard_cited = back(DecisionTaken, cited=True), back(EVIDENCE, cited=True)
    reasons = {n: reasoned(view, view.form(n)) for n in structural}
    used = {n: _any(view.certain(effect) or None for effect in led_to.get(n, ())) for n in (*received, *recorded)}

    def of(id_: str, found: list[int], holds: Holds, reason: Reason) -> Figure:
        sure = [number for number in found if view.certain(number)]
        perhaps = [number for number in found if not view.certain(number)]
        value = share(
            sum(holds[n] is True for n in sure),
            sum(holds[n] is False for n in sure),
            unsure=sum(holds[n] is None for n in sure),
            perhaps_yes=sum(holds[n] is not False for n in perhaps),
            perhaps_no=sum(holds[n] is not True for n in perhaps),
        )
        n = counted(len(sure), len(perhaps))
        reason_given = None if value is not None else reason
        return Figure(id=id_, unit="share", value=value, reason=reason_given, n=n, entries=sorted(found))

    changes: Mapping[str, Holds] = {
        "reason": reasons,
        "not-recorded": {n: view.form(n).telling.because == "not-recorded" for n in structural},
        "decision": decided,
        "evidence": heard,
        "full": {n: _all((reasons[n], decided[n], heard[n])) for n in structural},
        "decision-cited": decided_cited,
        "evidence-cited": heard_cited,
        "full-cited": {n: _all((reasons[n], decided_cited[n], heard_cited[n])) for n in structural},
    }
    return Analysis(
        id="traceability",
        figures=[
            *(
                of(f"traceability.{name}", structural, holds, "no-structural-changes")
                for name, holds in changes.items()
            ),
            of("traceability.decisions", taken, heard, "no-decisions"),
            of("traceability.feedback", received, used, "no-feedback"),
            of("traceability.findings", recorded, used, "no-entries"),
        ],
    )


def reasoned(view: View, form: Form) -> bool | None:
    """Whether an entry names a reason: a cause or grounds. Open where its grounds may have been erased.

    A change of structure was admitted with a cause, with grounds, or with the statement that none is recorded.
    """
    telling = form.telling
    if causes(telling) or telling.grounds is not None:
        return True
    if not erased(view, form):
        return False
    return True if telling.step.structural and telling.because != "not-recorded" else None


def reached(
    from_: Iterable[int],
    led_to: Mapping[int, list[int]],
    most: int | None = None,
    passable: Callable[[int], bool] = lambda _: True,
) -> set[int]:
    """All that comes of some entries, over at most so many steps; they themselves only if they come of others.

    What is not passable is reached, and leads no further.
    """
    found: set[int] = set()
    todo, steps = list(from_), 0
    while todo and (most is None or steps < most):
        todo = [number for at in todo for number in led_to.get(at, ())]
        todo = [number for number in dict.fromkeys(todo) if number not in found]
        found.update(todo)
        todo, steps = list(filter(passable, todo)), steps + 1
    return found


def _all(given: Iterable[bool | None]) -> bool | None:
    found = set(given)
    return False if False in found else None if None in found else True


def _any(given: Iterable[bool | None]) -> bool | None:
    found = set(given)
    return True if True in found else None if None in found else False
