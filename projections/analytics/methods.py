"""By which methods decisions were taken, and of how many that is recorded."""

from typing import Final, get_args

from domain.decisions import Method
from domain.view import View
from projections.analytics.figures import Analysis, Bounds, Breakdown, Figure, Reason, Row, counted, share
from projections.decisions import Decision, decisions

UNRECORDED: Final = "unrecorded"


def methods(view: View) -> Analysis:
    """All decisions up to the view's day; `unrecorded` is an answer, and counts among the others."""
    found = decisions(view).decisions
    named, unnamed = ([d for d in found if (d.method == UNRECORDED) is so] for so in (False, True))
    value = share(
        sum(not d.perhaps for d in unnamed),
        sum(not d.perhaps for d in named),
        perhaps_yes=sum(d.perhaps for d in unnamed),
        perhaps_no=sum(d.perhaps for d in named),
    )
    rows = []
    for method in get_args(Method):
        of_it = [decision for decision in found if decision.method == method]
        rows.append(Row(label=method, value=_count(of_it), entries=[decision.entry for decision in of_it]))
    reason: Reason | None = None if found else "no-decisions"
    return Analysis(
        id="methods",
        figures=[
            Figure(
                id="methods.unrecorded",
                unit="share",
                value=value,
                reason=reason,
                n=_count(found),
                entries=[decision.entry for decision in unnamed],
            )
        ],
        breakdowns=[Breakdown(id="methods.used", unit="count", rows=rows, reason=reason)],
    )


def _count(given: list[Decision]) -> Bounds:
    perhaps = sum(decision.perhaps for decision in given)
    return counted(len(given) - perhaps, perhaps)
