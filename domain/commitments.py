"""Commitments: what was intended, announced or promised, and what came of it."""

from typing import ClassVar, Literal

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
    """What came of a commitment: kept, kept in part, changed (`becomes` is what it became), broken or lapsed.

    A commitment that nobody speaks of again is not settled: it stays open and, once it is due, is shown as silent.
    """

    type: Literal["commitment-settled"] = "commitment-settled"
    commitment: Id
    outcome: Literal["kept", "kept-in-part", "changed", "broken", "lapsed"]
    becomes: Id | None = None
    note: Text = None

    def meaning(self) -> Meaning:
        return Meaning(ends=use("commitment", self.commitment), names=use("commitment", self.becomes))
