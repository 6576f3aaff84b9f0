"""Scenarios side by side: what can be said of each under every criterion, where nothing can – and what was chosen."""

from collections import Counter
from typing import Literal

from pydantic import Field

from domain.decisions import PreferenceStated, QuestionLeftOpen
from domain.replay import Form
from domain.scenarios import Cell, CriteriaSet, ScenarioAssessed, ScenarioChosen, ScenarioDrafted, ScenarioRejected
from domain.view import View, once
from projections.telling import FromEntry, Name, Named, Shown, erased, from_entry, name, named, told


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
    erased: bool = Field(description="what it said was erased, if it said anything")
    like: str | None
    as_there: str | None
    erased_there: bool = Field(description="what was said there was erased, if anything was")
    entry: int | None
    order_not_known: list[int] = Field(description="other assessments of it that may hold by the day")


class ScenarioShown(Shown):
    """A scenario of the set and where it stands."""

    id: str
    name: Name
    entry: int
    what: str | None
    standing: Literal["open", "chosen", "rejected"]
    rejected_by: int | None
    perhaps_rejected_by: int | None


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

Assessed = tuple[Form, Cell]
"""A cell with the entry that tells it."""

WORDED = ("stated", "implied")
"""The states of a cell that say something, in words or as another scenario does."""

BLANK = ("not-stated", "not-assessed")


@once
def scenarios(view: View) -> list[ScenarioSet]:
    """Every set of scenarios on the view's day."""
    return [_set(view, form, step) for form, step in told(view, CriteriaSet)]


def _set(view: View, form: Form, step: CriteriaSet) -> ScenarioSet:
    drafted = [(f, s) for f, s in told(view, ScenarioDrafted) if s.criteria_set == step.criteria_set]
    choices = _choices(view, step.criteria_set)
    rejections = {s.scenario: f.number for f, s in told(view, ScenarioRejected)}
    rejected = {scenario: number for scenario, number in rejections.items() if view.certain(number)}
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
                perhaps_rejected_by=None if s.scenario in rejected else rejections.get(s.scenario),
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
    assessed: dict[Place, list[Assessed]] = {}
    for form, assessment in told(view, ScenarioAssessed):
        for given in assessment.cells:
            assessed.setdefault((assessment.scenario, given.criterion), []).append((form, given))
    last = {
        place: certain[-1]
        for place, cells in assessed.items()
        if (certain := [(form, cell) for form, cell in cells if view.certain(form.number)])
    }
    return [
        _cell(view, (scenario, criterion.criterion), assessed, last)
        for scenario in drafted
        for criterion in step.criteria
    ]


def _cell(view: View, place: Place, assessed: dict[Place, list[Assessed]], last: dict[Place, Assessed]) -> CellShown:
    scenario, criterion = place
    form, cell = last.get(place, (None, None))
    there, erased_there = _as_there(view, last, place)
    return CellShown(
        scenario=scenario,
        criterion=criterion,
        state="not-assessed" if cell is None else cell.state,
        says=None if cell is None else cell.says,
        erased=form is not None and cell is not None and _words_erased(view, form, cell),
        like=None if cell is None else cell.like,
        as_there=there,
        erased_there=erased_there,
        entry=None if form is None else form.number,
        order_not_known=list(view.rivals([(f.number, _value(f, c)) for f, c in assessed.get(place, ())])),
    )


def _value(form: Form, cell: Cell) -> object:
    """What an assessment says of a cell, as far as facts tell: two that have words are two, whatever the words are."""
    return cell.state, cell.like, form.number if cell.state in WORDED and cell.like is None else None


def _words_erased(view: View, form: Form, cell: Cell) -> bool:
    return cell.says is None and cell.state in WORDED and erased(view, form)


def _as_there(view: View, last: dict[Place, Assessed], place: Place) -> tuple[str | None, bool]:
    """What is said of the scenario that this one is like, over as many steps as it takes; or that it was erased."""
    scenario, criterion = place
    passed = {scenario}
    at = last.get(place)
    while at is not None and (like := at[1].like) is not None and like not in passed:
        passed.add(like)
        at = last.get((like, criterion))
        if at is not None and (at[1].says is not None or _words_erased(view, *at)):
            return at[1].says, at[1].says is None
    return None, False


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
