"""Scenarios: options for what could come, assessed by criteria – and chosen, rejected, or left without a choice."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.errors import invalid
from domain.fields import Id, Ids, Model, RequiredText, Text, distinct
from domain.meaning import Assignment, Meaning, about, adopted, parties, use
from domain.step import Step

CellState = Literal["stated", "implied", "not-applicable", "not-stated", "open-question", "not-assessable"]
"""What there is to read about a scenario under a criterion. A gap is a state of its own, never left out."""


class Criterion(Model):
    """Something that scenarios are compared by."""

    criterion: Id
    name: RequiredText = None
    question: Text = None


class CriteriaSet(Step):
    """The criteria were laid down by which a set of scenarios is compared. The scenarios name the set they are in."""

    type: Literal["criteria-set"] = "criteria-set"
    criteria_set: Id
    name: RequiredText = None
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=200)]
    by: Ids = ()
    about: Ids = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        distinct(tuple(criterion.criterion for criterion in self.criteria))
        return self

    def name_of(self, subject: str) -> Text:
        named = {criterion.criterion: criterion.name for criterion in self.criteria}
        return named.get(subject, self.name)

    def meaning(self) -> Meaning:
        ids = [criterion.criterion for criterion in self.criteria]
        named = (Assignment(id_, "name") for id_ in (self.criteria_set, *ids))
        return Meaning(
            founds=((self.criteria_set, "criteria-set"), *((id_, "criterion") for id_ in ids)),
            names=parties(*self.by) + about(*self.about),
            assigns=(*named, *(Assignment(id_, "set", self.criteria_set) for id_ in ids)),
        )


class ScenarioDrafted(Step):
    """A scenario of a set was drafted."""

    type: Literal["scenario-drafted"] = "scenario-drafted"
    scenario: Id
    criteria_set: Id
    name: RequiredText = None
    what: Text = None
    by: Ids = ()

    def meaning(self) -> Meaning:
        return Meaning(
            founds=((self.scenario, "scenario"),),
            uses=use("criteria-set", self.criteria_set),
            names=parties(*self.by),
            assigns=(Assignment(self.scenario, "name"), Assignment(self.scenario, "set", self.criteria_set)),
        )


class Cell(Model):
    """What can be read about a scenario under one criterion.

    `like` names another scenario of the set whose cell it takes over ("as in scenario 2"); `says` holds what is
    stated, also beside `like`.
    """

    criterion: Id
    state: CellState
    says: Text = None
    like: Id | None = None


class ScenarioAssessed(Step):
    """A scenario was looked at by the criteria of its set. A later assessment replaces the cells that it has.

    A scenario may be assessed after it was rejected or chosen.
    """

    type: Literal["scenario-assessed"] = "scenario-assessed"
    scenario: Id
    criteria_set: Id
    cells: Annotated[tuple[Cell, ...], Field(min_length=1, max_length=200)]
    by: Ids = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        distinct(tuple(cell.criterion for cell in self.cells))
        if any(cell.like == self.scenario for cell in self.cells):
            raise invalid("like-itself", scenario=self.scenario)
        return self

    def meaning(self) -> Meaning:
        criteria = tuple(cell.criterion for cell in self.cells)
        likened = tuple(cell.like for cell in self.cells if cell.like is not None)
        in_set = dict.fromkeys((self.scenario, *criteria, *likened))
        return Meaning(
            names=use("scenario", self.scenario, *likened)
            + use("criterion", *criteria)
            + use("criteria-set", self.criteria_set)
            + parties(*self.by),
            agrees=tuple(Assignment(subject, "set", self.criteria_set) for subject in in_set),
        )


class ScenarioChosen(Step):
    """A scenario was chosen, by a decision that was adopted. In one set one choice holds at a time.

    `replaces` is the earlier choice that this one takes the place of and so ends.
    """

    type: Literal["scenario-chosen"] = "scenario-chosen"
    choice: Id
    scenario: Id
    criteria_set: Id
    decision: Id
    replaces: Id | None = None
    note: Text = None

    def meaning(self) -> Meaning:
        return Meaning(
            founds=((self.choice, "choice"),),
            ends=use("choice", self.replaces),
            uses=use("scenario", self.scenario) + use("decision", self.decision),
            names=use("criteria-set", self.criteria_set),
            assigns=(Assignment(self.choice, "set", self.criteria_set),),
            agrees=(
                *(
                    Assignment(id_, "set", self.criteria_set)
                    for id_ in (self.scenario, self.replaces)
                    if id_ is not None
                ),
                *adopted(self.decision),
            ),
        )


class ScenarioRejected(Step):
    """A scenario is no longer considered; `decision` is the one that says so, if there is one."""

    type: Literal["scenario-rejected"] = "scenario-rejected"
    scenario: Id
    decision: Id | None = None
    by: Ids = ()
    note: Text = None

    def meaning(self) -> Meaning:
        return Meaning(
            ends=use("scenario", self.scenario), uses=use("decision", self.decision), names=parties(*self.by)
        )
