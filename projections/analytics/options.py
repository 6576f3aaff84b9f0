"""How complete the analysis of options is: of how many cells of a matrix of scenarios something is said.

A cell has a statement if something is stated, left as an open question, or said not to be assessable; what is only
implied, what does not apply, and what is blank are counted apart.
"""

from typing import Final

from domain.view import View
from projections.analytics.figures import Analysis, Breakdown, Figure, Row, counted, share
from projections.scenarios import BLANK, ScenarioSet, scenarios
from projections.telling import Named

SAID: Final = ("stated", "open-question", "not-assessable")
STATES: Final = (*SAID, "implied", "not-applicable", *BLANK)


def options(view: View) -> Analysis:
    """Every set of scenarios as it is assessed on the view's day."""
    figures, breakdowns = [], []
    for each in scenarios(view):
        figures += [_share("options.said", each, SAID), _share("options.blank", each, BLANK)]
        breakdowns.append(_states(each))
    if not figures:
        none = Figure(id="options.said", unit="share", value=None, reason="no-scenarios", n=counted(0), entries=[])
        return Analysis(id="options", figures=[none])
    return Analysis(id="options", figures=figures, breakdowns=breakdowns)


def _share(id_: str, of: ScenarioSet, states: tuple[str, ...]) -> Figure:
    found = [cell for cell in of.cells if cell.state in states]
    value = share(len(found), len(of.cells) - len(found))
    return Figure(
        id=id_,
        about=[Named(id=of.id, name=of.name)],
        unit="share",
        value=value,
        reason=None if value is not None else "no-scenarios",
        n=counted(len(of.cells)),
        entries=sorted({of.entry, *(cell.entry for cell in of.cells if cell.entry is not None)}),
    )


def _states(of: ScenarioSet) -> Breakdown:
    rows = []
    for state in STATES:
        found = [cell for cell in of.cells if cell.state == state]
        if found:
            entries = sorted({cell.entry for cell in found if cell.entry is not None})
            rows.append(Row(label=state, value=counted(len(found)), entries=entries))
    return Breakdown(id=f"options.{of.id}.states", unit="count", rows=rows)
