"""Decisions, and what stands beside them: deferrals, preferences and questions left open."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.errors import invalid
from domain.feedback import about
from domain.fields import Day, Id, Model, RequiredText, Text
from domain.meaning import Assignment, Meaning, Use, use
from domain.step import Step

Method = Literal[
    "consensus",
    "consent",
    "majority",
    "systemic-consensing",
    "consultative",
    "single",
    "lot",
    "unrecorded",
]
"""How a decision came about (decision methods as in the field's literature); `unrecorded` is an honest answer."""

DECIDERS = frozenset({"actor", "body"})

Count = Annotated[int, Field(ge=0, lt=2**31, strict=True)]


def deciders(*subjects: str) -> tuple[Use, ...]:
    """Those who decided or spoke: actors or bodies of the process."""
    return tuple(Use(subject, DECIDERS) for subject in subjects)


class Vote(Model):
    """Votes counted; `rule` is the majority that was asked for.

    simple: more yes than no · absolute: more than half of those entitled · two-thirds: of yes and no together.
    """

    yes: Count
    no: Count
    abstained: Count = 0
    entitled: Count | None = None
    rule: Literal["simple", "absolute", "two-thirds"] = "simple"

    @model_validator(mode="after")
    def _nobody_counts_twice(self) -> "Vote":
        if self.entitled is None and self.rule == "absolute":
            raise invalid("entitled-missing")
        if self.entitled is not None and self.yes + self.no + self.abstained > self.entitled:
            raise invalid("more-votes-than-entitled", votes=self.yes + self.no + self.abstained, entitled=self.entitled)
        return self

    def carried(self) -> bool:
        """Whether the numbers make the majority that was asked for."""
        if self.rule == "absolute":
            return 2 * self.yes > (self.entitled or 0)
        if self.rule == "two-thirds":
            return self.yes > 0 and 3 * self.yes >= 2 * (self.yes + self.no)
        return self.yes > self.no


class DecisionTaken(Step):
    """Something was decided: by whom, how, with which numbers, and against which dissent.

    `replaces` names the decision that this one takes the place of; `review_on` is the day it is looked at again.
    """

    type: Literal["decision-taken"] = "decision-taken"
    decision: Id
    outcome: Literal["adopted", "rejected"] = "adopted"
    text: RequiredText = None
    by: tuple[Id, ...] = ()
    method: Method = "unrecorded"
    vote: Vote | None = None
    dissent: Text = None
    about: tuple[Id, ...] = ()
    replaces: Id | None = None
    review_on: Day | None = None

    @model_validator(mode="after")
    def _numbers_agree(self) -> "DecisionTaken":
        if self.vote is not None and self.method != "majority":
            raise invalid("vote-without-majority", method=self.method)
        if self.vote is not None and self.vote.carried() != (self.outcome == "adopted"):
            raise invalid("vote-disagrees", yes=self.vote.yes, no=self.vote.no, rule=self.vote.rule)
        return self

    def meaning(self) -> Meaning:
        return Meaning(
            founds=((self.decision, "decision"),),
            names=deciders(*self.by) + about(*self.about) + use("decision", self.replaces),
            assigns=(Assignment(self.decision, "name"),),
        )


class DecisionDeferred(Step):
    """A decision was put off; `until` says to when or to what, in words."""

    type: Literal["decision-deferred"] = "decision-deferred"
    question: RequiredText = None
    by: tuple[Id, ...] = ()
    until: Text = None
    about: tuple[Id, ...] = ()

    def meaning(self) -> Meaning:
        return Meaning(names=deciders(*self.by) + about(*self.about))


class PreferenceStated(Step):
    """Somebody leaned towards an option. A preference is not a decision."""

    type: Literal["preference-stated"] = "preference-stated"
    preference: RequiredText = None
    by: tuple[Id, ...] = ()
    conditions: Text = None
    about: tuple[Id, ...] = ()

    def meaning(self) -> Meaning:
        return Meaning(names=deciders(*self.by) + about(*self.about))


class QuestionLeftOpen(Step):
    """A question was discussed and not decided."""

    type: Literal["question-left-open"] = "question-left-open"
    question: RequiredText = None
    by: tuple[Id, ...] = ()
    about: tuple[Id, ...] = ()

    def meaning(self) -> Meaning:
        return Meaning(names=deciders(*self.by) + about(*self.about))
