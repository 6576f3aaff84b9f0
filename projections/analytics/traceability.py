"""How far a reader can follow what changed back to what was said, and what was said forward to what changed.

For all changes of structure: which name a reason (a cause or grounds), which lead back to a decision, and which to
feedback or a finding, along the causes that entries state; a change counts as traceable with all three. The other way
round: of how much feedback, and of how many findings, something came that is recorded. Basis: core value 7 of the
IAP2, that participants learn how their input affected the decision. A change may rest on no criticism at all: the
share is always shown with its parts, and is no mark.
"""

from collections.abc import Callable, Iterable
from typing import Final

from domain.decisions import DecisionTaken
from domain.entry import causes
from domain.feedback import FeedbackReceived
from domain.findings import AssessmentConducted, FindingRecorded
from domain.step import Step
from domain.view import View
from projections.analytics.figures import Analysis, Figure, Reason, counted, share

EVIDENCE: Final = (FeedbackReceived, FindingRecorded, AssessmentConducted)


def traceability(view: View) -> Analysis:
    """Both ways, over all that had happened or may have by the view's day."""
    steps = {n: view.form(n).telling.step for n in view.order if view.room(n).first <= view.day}
    led_to: dict[int, list[int]] = {}
    for number in steps:
        for cause in causes(view.form(number).telling):
            led_to.setdefault(cause, []).append(number)
    decided = reached((n for n, step in steps.items() if isinstance(step, DecisionTaken)), led_to)
    heard = reached((n for n, step in steps.items() if isinstance(step, EVIDENCE)), led_to)

    def reasoned(number: int) -> bool:
        telling = view.form(number).telling
        return bool(causes(telling)) or telling.grounds is not None

    def of(id_: str, kind: Callable[[Step], bool], holds: Callable[[int], bool], reason: Reason) -> Figure:
        found = [number for number, step in steps.items() if kind(step)]
        yes, no = ([n for n in found if holds(n) is so] for so in (True, False))
        sure = [sum(view.certain(n) for n in part) for part in (yes, no)]
        value = share(*sure, perhaps_yes=len(yes) - sure[0], perhaps_no=len(no) - sure[1])
        n = counted(sum(sure), len(found) - sum(sure))
        reason_given = None if value is not None else reason
        return Figure(id=id_, unit="share", value=value, reason=reason_given, n=n, entries=sorted(found))

    def structural(step: Step) -> bool:
        return step.structural

    def unrecorded(number: int) -> bool:
        return view.form(number).telling.because == "not-recorded"

    none: Reason = "no-structural-changes"
    return Analysis(
        id="traceability",
        figures=[
            of("traceability.reason", structural, reasoned, none),
            of("traceability.not-recorded", structural, unrecorded, none),
            of("traceability.decision", structural, decided.__contains__, none),
            of("traceability.evidence", structural, heard.__contains__, none),
            of(
                "traceability.full",
                structural,
                lambda n: reasoned(n) and n in decided and n in heard,
                none,
            ),
            of(
                "traceability.decisions",
                lambda step: isinstance(step, DecisionTaken),
                heard.__contains__,
                "no-decisions",
            ),
            of(
                "traceability.feedback",
                lambda step: isinstance(step, FeedbackReceived),
                led_to.__contains__,
                "no-feedback",
            ),
            of(
                "traceability.findings",
                lambda step: isinstance(step, FindingRecorded),
                led_to.__contains__,
                "no-entries",
            ),
        ],
    )


def reached(from_: Iterable[int], led_to: dict[int, list[int]]) -> set[int]:
    """All that comes of some entries, over as many steps as it takes; they themselves only if they come of others."""
    found: set[int] = set()
    todo = list(from_)
    while todo:
        for number in led_to.get(todo.pop(), ()):
            if number not in found:
                found.add(number)
                todo.append(number)
    return found
