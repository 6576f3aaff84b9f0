"""Findings: what was looked into, what was found, how far people took part, and where two accounts disagree."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from domain.errors import invalid
from domain.fields import Id, Ids, Model, Quantity, Reference, RequiredText, Text
from domain.meaning import Assignment, Meaning, about, parties, use
from domain.meetings import Attendance
from domain.schemes import Category, Degree
from domain.step import ANY_ENTRY, Step

if TYPE_CHECKING:
    from domain.publication import Telling

AssessmentMethod = Literal[
    "survey",
    "interviews",
    "observation",
    "statistics",
    "document-analysis",
    "group-discussion",
    "evaluation",
    "other",
    "unrecorded",
]
"""How something was looked into."""


class AssessmentConducted(Step):
    """Something was looked into: by whom, with which methods, and who was asked. What it found are findings.

    `sessions` is how many interviews, days of observation or dates it took, as the source counts them.
    """

    lasting: ClassVar[bool] = True
    named_by: ClassVar[str] = "title"

    type: Literal["assessment-conducted"] = "assessment-conducted"
    assessment: Id
    title: RequiredText = None
    methods: Annotated[tuple[AssessmentMethod, ...], Field(min_length=1)]
    by: Ids = ()
    asked: Attendance | None = None
    sessions: Quantity | None = None
    what: Text = None
    about: Ids = ()

    def meaning(self) -> Meaning:
        asked = self.asked.actors if self.asked is not None else ()
        return Meaning(
            founds=((self.assessment, "assessment"),),
            names=parties(*self.by) + use("actor", *asked) + about(*self.about),
            assigns=(Assignment(self.assessment, "name"),),
        )


class MeetingLoad(Model):
    """How many meetings somebody had within a number of months, and what was counted of them."""

    meetings: Quantity
    months: Annotated[int, Field(ge=1, le=1_200, strict=True)]
    counted: Literal["invited", "attended", "invited-or-attended"]


class FindingRecorded(Step):
    """Something was found: a result, a lesson, a condition for success, or a load on those who take part.

    `assessment` is what it came out of, `category` what it is sorted under (a field of SWOT, for example), `scope`
    whom or what it holds for, in words.
    """

    lasting: ClassVar[bool] = True

    type: Literal["finding-recorded"] = "finding-recorded"
    kind: Literal["result", "lesson", "condition", "load"]
    what: RequiredText = None
    assessment: Id | None = None
    category: Category | None = None
    by: Ids = ()
    scope: Text = None
    load: MeetingLoad | None = None
    about: Ids = ()

    @model_validator(mode="after")
    def _a_load_is_one(self) -> Self:
        if self.load is not None and self.kind != "load":
            raise invalid("load-without-kind")
        return self

    def meaning(self) -> Meaning:
        return Meaning(names=use("assessment", self.assessment) + parties(*self.by) + about(*self.about))


class ClaimDisputed(Step):
    """Two accounts disagree, or seem to. Both stay readable side by side; the engine never picks one.

    `claim` is the entry in question. What stands against it is either another entry (`against`) or an account given
    here: a whole statement of the same type, which is shown and never folded. `how` says what kind of disagreement it
    is, `note` what can be said about it.
    """

    refers: ClassVar[Mapping[str, frozenset[str]]] = {"claim": ANY_ENTRY, "against": ANY_ENTRY}

    type: Literal["claim-disputed"] = "claim-disputed"
    claim: Reference
    against: Reference | None = None
    account: "Telling | None" = None
    topic: RequiredText = None
    how: Literal["contradicts", "other-object", "other-time", "other-wording", "not-comparable", "unclear"]
    note: Text = None

    @model_validator(mode="after")
    def _one_other_account(self) -> Self:
        if (self.against is None) == (self.account is None):
            raise invalid("one-other-account")
        if self.account is not None and isinstance(self.account.step, ClaimDisputed):
            raise invalid("account-of-a-dispute")
        return self

    def meaning(self) -> Meaning:
        """Speaks of what the other account uses, ends and names; it founds, ends and assigns nothing."""
        if self.account is None:
            return Meaning()
        told = self.account.meaning()
        return Meaning(names=(*told.ends, *told.uses, *told.names))


class ParticipationRated(Step):
    """How far a group took part in something, in words and, where somebody rated it, as a degree on a scale.

    `stage` says whether it was meant so or was so. Two parties may rate the same differently: both are recorded.
    """

    lasting: ClassVar[bool] = True

    type: Literal["participation-rated"] = "participation-rated"
    stage: Literal["intended", "observed"] = "observed"
    about: Annotated[Ids, Field(min_length=1)]
    group: Ids = ()
    group_in_words: Text = None
    observed: RequiredText = None
    degree: Degree | None = None
    by: Ids = ()

    def meaning(self) -> Meaning:
        return Meaning(names=about(*self.about) + use("actor", *self.group) + parties(*self.by))
