"""Commitments: what was intended, announced or promised, and what came of it."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from domain.errors import invalid
from domain.fields import Id, Ids, RequiredText, Text
from domain.german_dates import PlannedDate
from domain.meaning import Assignment, Meaning, about, parties, use
from domain.step import Step


class CommitmentMade(Step):
    """Somebody intended, announced or promised something, or said that something would be looked at again.

    `due` is by when, as it was told; it may lie ahead. `to` are those it was promised to.
    """

    named_by: ClassVar[str] = "text"

    type: Literal["commitment-made"] = "commitment-made"
    commitment: Id
    kind: Literal["intention", "announcement", "promise", "review"]
    text: RequiredText = None
    by: Ids = ()
    to: Ids = ()
    due: PlannedDate | None = None
    about: Ids = ()

    def meaning(self) -> Meaning:
        return Meaning(
            founds=((self.commitment, "commitment"),),
            names=parties(*self.by, *self.to) + about(*self.about),
            assigns=(Assignment(self.commitment, "name"),),
        )


class CommitmentSettled(Step):
    """What came of a commitment: kept, kept in part, changed, broken or lapsed. `becomes` is what the changed
    or the remaining part of it became.

    A commitment that nobody speaks of again is not settled: it stays open and, once it is due, is shown as silent.
    """

    type: Literal["commitment-settled"] = "commitment-settled"
    commitment: Id
    outcome: Literal["kept", "kept-in-part", "changed", "broken", "lapsed"]
    becomes: Id | None = None
    note: Text = None

    @model_validator(mode="after")
    def _only_what_changed_becomes_another(self) -> Self:
        if self.becomes is not None and self.outcome not in ("changed", "kept-in-part"):
            raise invalid("becomes-without-change", outcome=self.outcome)
        return self

    def meaning(self) -> Meaning:
        return Meaning(ends=use("commitment", self.commitment), names=use("commitment", self.becomes))
