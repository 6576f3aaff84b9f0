"""Decisions, and what stands beside them: deferrals, preferences and questions left open."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from domain.errors import invalid
from domain.fields import Count, Day, Id, Ids, Model, Reference, RequiredText, Text, distinct
from domain.meaning import Assignment, Meaning, about, parties, use
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


MOST_RESISTANCE = 10
"""The strongest resistance that one person can express."""

Resistance = Annotated[int, Field(ge=0, le=MOST_RESISTANCE, strict=True)]


class Option(Model):
    """An option with the resistance against it: each person's from 0 to 10 (`votes`), or only the sum of all.

    `votes` name nobody, but whoever reads the published entry can follow a row from option to option. Where resistances
    are to stay secret, give the sum (`resistance`) alone.
    """

    option: Id
    name: RequiredText = None
    votes: tuple[Resistance, ...] = ()
    resistance: Count | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if not self.votes and self.resistance is None:
            raise invalid("resistance-missing", option=self.option)
        if self.votes and self.resistance is not None and self.resistance != sum(self.votes):
            raise invalid("resistance-sum", option=self.option, given=self.resistance, computed=sum(self.votes))
        return self

    def total(self) -> int:
        """The resistance of all together."""
        return sum(self.votes) if self.resistance is None else self.resistance


class Consensing(Model):
    """Systemic consensing: of all options the one with the least resistance is taken.

    `passive` is the option that everything stays as it is; the method asks for it. `chosen` is the option taken.
    """

    participants: Annotated[Count, Field(ge=1)]
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=100)]
    passive: Id
    chosen: Id

    @model_validator(mode="after")
    def _follows_from_its_numbers(self) -> Self:
        ids = distinct(tuple(option.option for option in self.options))
        for named in (self.passive, self.chosen):
            if named not in ids:
                raise invalid("option-unknown", option=named, permitted=list(ids))
        for option in self.options:
            if option.votes and len(option.votes) != self.participants:
                raise invalid(
                    "votes-not-all", option=option.option, votes=len(option.votes), participants=self.participants
                )
            if option.total() > MOST_RESISTANCE * self.participants:
                most = MOST_RESISTANCE * self.participants
                raise invalid("resistance-too-large", option=option.option, given=option.total(), most=most)
        least = min(option.total() for option in self.options)
        taken = next(option.total() for option in self.options if option.option == self.chosen)
        if taken != least:
            lowest = [option.option for option in self.options if option.total() == least]
            raise invalid("consensing-disagrees", chosen=self.chosen, given=taken, lowest=lowest, computed=least)
        return self


class Objection(Model):
    """An objection that was raised: by whom, what, whether it is serious, and whether the decision took it up.

    What is not told of it stays open.
    """

    by: Ids = ()
    what: RequiredText = None
    serious: bool | None = None
    integrated: bool | None = None

    def stands_against(self, method: Method) -> bool:
        """Whether a decision by consensus or consent cannot have been adopted over it: no consensus against anybody,
        and no consent against what is serious.
        """
        serious = self.serious is True or method == "consensus"
        return serious and self.integrated is False


class DecisionTaken(Step):
    """Something was decided: by whom, how, with which numbers, and against which dissent.

    `vote` belongs to a majority, `consensing` to systemic consensing, `heard` to a consultative decision. `meeting` is
    where it was taken. `settles` names the deferrals and open questions that it answers, `replaces` the decision it
    takes the place of, `confirms` one that it looked at again and left as it is; `review_on` is the day this one is
    looked at again.
    """

    named_by: ClassVar[str] = "text"
    refers: ClassVar[Mapping[str, frozenset[str]]] = {
        "settles": frozenset({"decision-deferred", "question-left-open"}),
    }
    follows: ClassVar[frozenset[str]] = frozenset({"settles"})

    type: Literal["decision-taken"] = "decision-taken"
    decision: Id
    outcome: Literal["adopted", "rejected"] = "adopted"
    text: RequiredText = None
    by: tuple[Id, ...] = ()
    method: Method = "unrecorded"
    vote: Vote | None = None
    consensing: Consensing | None = None
    heard: Ids = ()
    objections: tuple[Objection, ...] = ()
    dissent: Text = None
    about: tuple[Id, ...] = ()
    meeting: Id | None = None
    settles: tuple[Reference, ...] = ()
    replaces: Id | None = None
    confirms: Id | None = None
    review_on: Day | None = None

    @model_validator(mode="after")
    def _replaces_or_confirms(self) -> Self:
        if self.replaces is not None and self.replaces == self.confirms:
            raise invalid("replaced-and-confirmed", decision=self.replaces)
        return self

    @model_validator(mode="after")
    def _numbers_agree(self) -> "DecisionTaken":
        if self.vote is not None and self.method != "majority":
            raise invalid("vote-without-majority", method=self.method)
        if self.vote is not None and self.vote.carried() != (self.outcome == "adopted"):
            raise invalid("vote-disagrees", yes=self.vote.yes, no=self.vote.no, rule=self.vote.rule)
        if self.consensing is not None and self.method != "systemic-consensing":
            raise invalid("consensing-without-method", method=self.method)
        if self.consensing is not None:
            nothing_changes = self.consensing.chosen == self.consensing.passive
            if nothing_changes != (self.outcome == "rejected"):
                raise invalid("passive-option-outcome", chosen=self.consensing.chosen, passive=self.consensing.passive)
        return self

    @model_validator(mode="after")
    def _objections_agree(self) -> Self:
        standing = [objection for objection in self.objections if objection.stands_against(self.method)]
        if standing and self.outcome == "adopted" and self.method in ("consensus", "consent"):
            raise invalid("objection-stands", method=self.method, count=len(standing))
        if self.heard and self.method != "consultative":
            raise invalid("heard-without-method", method=self.method)
        return self

    def meaning(self) -> Meaning:
        objecting = tuple(id_ for objection in self.objections for id_ in objection.by)
        return Meaning(
            founds=((self.decision, "decision"),),
            uses=use("decision", self.replaces, self.confirms),
            names=parties(*self.by, *self.heard, *objecting) + about(*self.about) + use("meeting", self.meeting),
            assigns=(Assignment(self.decision, "name"), Assignment(self.decision, "outcome", self.outcome)),
        )


class DecisionDeferred(Step):
    """A decision was put off; `until` says to when or to what, in words."""

    type: Literal["decision-deferred"] = "decision-deferred"
    question: RequiredText = None
    by: tuple[Id, ...] = ()
    until: Text = None
    about: tuple[Id, ...] = ()

    def meaning(self) -> Meaning:
        return Meaning(names=parties(*self.by) + about(*self.about))


class PreferenceStated(Step):
    """Somebody leaned towards an option. A preference is not a decision."""

    type: Literal["preference-stated"] = "preference-stated"
    preference: RequiredText = None
    by: tuple[Id, ...] = ()
    conditions: Text = None
    about: tuple[Id, ...] = ()

    def meaning(self) -> Meaning:
        return Meaning(names=parties(*self.by) + about(*self.about))


class QuestionLeftOpen(Step):
    """A question was discussed and not decided."""

    type: Literal["question-left-open"] = "question-left-open"
    question: RequiredText = None
    by: tuple[Id, ...] = ()
    about: tuple[Id, ...] = ()

    def meaning(self) -> Meaning:
        return Meaning(names=parties(*self.by) + about(*self.about))
