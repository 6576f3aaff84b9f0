"""All figures of a process on a day, in one report: every one of them by the same entries."""

from collections.abc import Iterator
from datetime import date

from pydantic import Field

from domain.view import View, once
from projections.analytics.breadth import Reference, breadth
from projections.analytics.continuity import MISSED, continuity
from projections.analytics.degree import degree
from projections.analytics.figures import Analysis, Breakdown, Curve, Figure
from projections.analytics.fulfilment import fulfilment
from projections.analytics.load import MONTHS, load
from projections.analytics.methods import methods
from projections.analytics.network import network
from projections.analytics.options import options
from projections.analytics.overlap import overlap
from projections.analytics.recording import SOON, dating, publication, recording
from projections.analytics.response import response
from projections.analytics.traceability import traceability
from projections.analytics.volatility import APART, volatility
from projections.telling import Shown


class Report(Shown):
    """The analyses, and what was chosen for them: months of a window, meetings missed, days that count as soon."""

    position: int = Field(description="the highest entry number that every figure rests on")
    day: date = Field(description="the day they are reckoned on: the one asked for, or the last of which is known")
    window_months: int
    missed: int
    soon_days: int
    apart_months: int
    analyses: list[Analysis]

    def figures(self) -> Iterator[Figure]:
        for analysis in self.analyses:
            yield from analysis.figures

    def drawn(self) -> dict[str, Breakdown | Curve]:
        """All that can be drawn, by its lasting id."""
        found: dict[str, Breakdown | Curve] = {}
        for analysis in self.analyses:
            found |= {part.id: part for part in analysis.breakdowns if part.rows and part.unit != "rank"}
            found |= {curve.id: curve for curve in analysis.curves}
        return found


@once
def report(view: View, *, public: bool) -> Report:
    """The whole report; `public` is how everybody may see it: no number of actors under five (see `for_public`).

    It is reckoned on the view's day, or on the last day of which anything is known: all that was recorded by then had
    happened by then (SEMANTICS 1.3), and nothing tells whether what waited then went on waiting.
    """
    view = view.on(min(view.day, view.known_until or view.day))
    return Report(
        position=view.position,
        day=date.fromordinal(view.day),
        window_months=MONTHS,
        missed=MISSED,
        soon_days=SOON,
        apart_months=APART,
        analyses=[
            load(view, public=public),
            overlap(view, public=public),
            continuity(view, public=public),
            degree(view),
            response(view),
            traceability(view),
            fulfilment(view),
            volatility(view),
            methods(view),
            options(view),
            breadth(view, public=public),
            network(view, public=public),
            dating(view),
            recording(view),
            publication(view, public=public),
        ],
    )


def compared_with(view: View, reference: Reference, *, public: bool) -> Report:
    """The same, with the breadth of participation held against a reference."""
    found = report(view, public=public)
    view = view.on(found.day.toordinal())
    compared = breadth(view, reference, public=public)
    analyses = [compared if analysis.id == compared.id else analysis for analysis in found.analyses]
    return found.model_copy(update={"analyses": analyses})
