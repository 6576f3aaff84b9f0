"""Scenarios side by side: what can be said of each under every criterion, where nothing can – and what was chosen."""

from collections import Counter
from typing import Literal

from pydantic import Field

from domain.decisions import PreferenceStated, QuestionLeftOpen
from domain.replay import Form
from domain.scenarios import Cell, CriteriaSet, ScenarioAssessed, ScenarioChosen, ScenarioDrafted, ScenarioRejected
from domain.view import View
from projections.telling import FromEntry, Name, Named, Shown, from_entry, name, named, told


class CriterionShown(Shown):
    """A criterion of the set."""

    id: str
    name: Name
    question: str | None


class CellShown(Shown):
    """What can be said of one scenario under one criterion; `not-assessed` where nobody has looked yet.

    Where it is `like` another scenario, `as_there` holds what is said of that one, or of the one it is like in turn.
    """

    scenario: str
    criterion: str
    state: str
    says: str | None
    like: str | None
    as_there: str | None
    entry: int | None
    order_not_known: list[int] = Field(description="other assessments of it that may have come later")


class ScenarioShown(Shown):
    """A scenario of the set and where it stands."""

    id: str
    name: Name
    entry: int
    what: str | None
    standing: Literal["open", "chosen", "rejected"]
    rejected_by: int | None


class Choice(FromEntry):
    """A scenario that was chosen, by which decision; `replaced_by` is the later choice that ended it.

    A choice of a scenario that is rejected does not hold, even if no other one took its place.
    """

    id: str
    scenario: str
    scenario_name: Name
    decision: list[Named]
    replaced_by: int | None


class Leaning(FromEntry):
    """A preference or an open question that speaks of the set or of one of its scenarios: no choice."""

    type: str
    text: str | None
    by: list[Named]
    conditions: str | None
    about: list[Named]


class ScenarioSet(Shown):
    """A set of scenarios with its matrix. `counts` is over all cells, those that nobody assessed included."""

    id: str
    name: Name
    entry: int
    criteria: list[CriterionShown]
    scenarios: list[ScenarioShown]
    cells: list[CellShown] = Field(description="scenario by scenario, in the order of the criteria")
    counts: dict[str, int]
    blanks: int = Field(description="cells without any statement")
    choice: Choice | None = Field(description="what is chosen on the day; null: nothing")
    choices: list[Choice]
    leanings: list[Leaning]


Place = tuple[str, str]
"""A scenario and a criterion."""

BLANK = ("not-stated", "not-assessed")


def scenarios(view: View) -> list[ScenarioSet]:
    """Every set of scenarios on the view's day."""
    return [_set(view, form, step) for form, step in told(view, CriteriaSet)]


def _set(view: View, form: Form, step: CriteriaSet) -> ScenarioSet:
    drafted = [(f, s) for f, s in told(view, ScenarioDrafted) if s.criteria_set == step.criteria_set]
    choices = _choices(view, step.criteria_set)
    rejected = {s.scenario: f.number for f, s in told(view, ScenarioRejected) if view.certain(f.number)}
    held = next(
        (
            choice
            for choice in reversed(choices)
            if choice.replaced_by is None and not choice.perhaps and choice.scenario not in rejected
        ),
        None,
    )
    cells = _cells(view, step, [s.scenario for _, s in drafted])
    counts = Counter(cell.state for cell in cells)
    return ScenarioSet(
        id=step.criteria_set,
        name=name(view, step.criteria_set),
        entry=form.number,
        criteria=[
            CriterionShown(id=c.criterion, name=name(view, c.criterion), question=c.question) for c in step.criteria
        ],
        scenarios=[
            ScenarioShown(
                id=s.scenario,
                name=name(view, s.scenario),
                entry=f.number,
                what=s.what,
                standing=_standing(s.scenario, held, rejected),
                rejected_by=rejected.get(s.scenario),
            )
            for f, s in drafted
        ],
        cells=cells,
        counts=dict(sorted(counts.items())),
        blanks=sum(counts[state] for state in BLANK),
        choice=held,
        choices=choices,
        leanings=_leanings(view, {step.criteria_set, *(s.scenario for _, s in drafted)}),
    )


def _standing(scenario: str, held: Choice | None, rejected: dict[str, int]) -> Literal["open", "chosen", "rejected"]:
    if held is not None and held.scenario == scenario:
        return "chosen"
    return "rejected" if scenario in rejected else "open"


def _cells(view: View, step: CriteriaSet, drafted: list[str]) -> list[CellShown]:
    """The last assessment of each cell; a scenario that is like another keeps that and shows what is said there."""
    assessed: dict[Place, list[tuple[int, Cell]]] = {}
    for form, assessment in told(view, ScenarioAssessed):
        for given in assessment.cells:
            assessed.setdefault((assessment.scenario, given.criterion), []).append((form.number, given))
    last = {
        place: certain[-1]
        for place, cells in assessed.items()
        if (certain := [(number, cell) for number, cell in cells if view.certain(number)])
    }
    found = []
    for scenario in drafted:
        for criterion in (c.criterion for c in step.criteria):
            number, cell = last.get((scenario, criterion), (None, None))
            others = [other for other, _ in assessed.get((scenario, criterion), ())]
            found.append(
                CellShown(
                    scenario=scenario,
                    criterion=criterion,
                    state="not-assessed" if cell is None else cell.state,
                    says=None if cell is None else cell.says,
                    like=None if cell is None else cell.like,
                    as_there=_as_there(last, scenario, criterion),
                    entry=number,
                    order_not_known=[] if number is None else view.rivals(number, others),
                )
            )
    return found


def _as_there(last: dict[Place, tuple[int, Cell]], scenario: str, criterion: str) -> str | None:
    """What is said of the scenario that this one is like, over as many steps as it takes."""
    passed = {scenario}
    at = last.get((scenario, criterion))
    while at is not None and (like := at[1].like) is not None and like not in passed:
        passed.add(like)
        at = last.get((like, criterion))
        if at is not None and at[1].says is not None:
            return at[1].says
    return None


def _choices(view: View, criteria_set: str) -> list[Choice]:
    made = [(f, s) for f, s in told(view, ScenarioChosen) if s.criteria_set == criteria_set]
    return [
        Choice(
            **from_entry(view, form),
            id=step.choice,
            scenario=step.scenario,
            scenario_name=name(view, step.scenario),
            decision=named(view, [step.decision]),
            replaced_by=next((f.number for f, s in made if s.replaces == step.choice and view.certain(f.number)), None),
        )
        for form, step in made
    ]


def _leanings(view: View, subjects: set[str]) -> list[Leaning]:
    spoken: list[tuple[Form, PreferenceStated | QuestionLeftOpen]]
    spoken = [*told(view, PreferenceStated), *told(view, QuestionLeftOpen)]
    found = [_leaning(view, form, step) for form, step in spoken if subjects & set(step.about)]
    return sorted(found, key=lambda leaning: leaning.entry)


def _leaning(view: View, form: Form, step: PreferenceStated | QuestionLeftOpen) -> Leaning:
    return Leaning(
        **from_entry(view, form),
        type=step.type,
        text=step.preference if isinstance(step, PreferenceStated) else step.question,
        by=named(view, step.by),
        conditions=step.conditions if isinstance(step, PreferenceStated) else None,
        about=named(view, step.about),
    )
