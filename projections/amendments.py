"""What was corrected, withdrawn or erased: each with its reason, the newest first."""

from datetime import datetime
from typing import Final, Literal

from pydantic import Field

from domain.entry import Entry
from domain.publication import Approver, EntryCorrected, EntryWithdrawn, Ground, Telling, TextsErased
from domain.replay import Effective
from domain.view import View, once
from projections.telling import Line, Named, Shown, line, named

TOLD: Final = ("occurred", "because", "grounds", "sources", "asserted_by")
"""What is told beside a step."""


class Amendment(Shown):
    """A correction, a withdrawal, or that texts were erased.

    `entry` tells of it; of texts that were erased after what the view knows of, none does. `fields` are those that a
    correction changed. One that is not in force was withdrawn itself since.
    """

    amendment: Literal["correction", "withdrawal", "erasure"]
    entry: int | None
    target: int = Field(description="the entry that was corrected or withdrawn, or whose texts were erased")
    about: Line | None = Field(description="the entry that it is about in the end, as it stands now")
    recorded_at: datetime | None
    public_from: datetime | None
    reason: str | None
    asserted_by: Named | None
    in_force: bool
    fields: list[str]
    legal_ground: Ground | None = Field(default=None, description="of an erasure: on what ground")
    approved_by: Approver | None = Field(default=None, description="of an erasure: who approved it")
    approval: str | None = Field(default=None, description="of an erasure: the file number of the approval")


@once
def amendments(view: View) -> list[Amendment]:
    """What was corrected, withdrawn or erased, as far as the view's reader may know it, the newest first.

    Erased texts of which no entry of the view tells come last.
    """
    log = view.effective
    told = [entry for entry in log.entries if _amends(log, entry)]
    told.sort(key=lambda entry: (log.public_from(entry.number) or entry.recorded_at, entry.number), reverse=True)
    erased = (number for number, entry in sorted(log.by_number.items(), reverse=True) if entry.erased)
    untold = (number for number in erased if log.erasure_of(number) is None)
    return [*(_amendment(view, entry) for entry in told), *(_erasure(view, number) for number in untold)]


def _amends(log: Effective, entry: Entry) -> bool:
    """Whether an entry corrects, withdraws or erases what is told; taking back a publication amends nothing."""
    if isinstance(entry.statement.step, TextsErased):
        return True
    return isinstance(entry.statement.step, EntryCorrected | EntryWithdrawn) and log.subject_of(entry) is not None


def _amendment(view: View, entry: Entry) -> Amendment:
    log, step = view.effective, entry.statement.step
    if isinstance(step, TextsErased):
        return _erasure(view, entry.targets[0], entry)
    assert isinstance(step, EntryCorrected | EntryWithdrawn)
    corrected = isinstance(step, EntryCorrected)
    root = log.subject_of(entry)
    return Amendment(
        amendment="correction" if corrected else "withdrawal",
        entry=entry.number,
        target=entry.targets[0],
        about=None if root is None or root not in log.by_number else line(view, root),
        recorded_at=entry.recorded_at,
        public_from=log.public_from(entry.number),
        reason=step.reason,
        asserted_by=next(iter(named(view, [entry.statement.asserted_by])), None),
        in_force=log.in_force(entry.number),
        fields=changed_fields(stated_before(log, entry), step.corrected) if isinstance(step, EntryCorrected) else [],
    )


def _erasure(view: View, number: int, told: Entry | None = None) -> Amendment:
    """That texts of an entry were erased, as an entry tells it, if one does."""
    log = view.effective
    root = log.subject_of(log.by_number[number])
    step = None if told is None else told.statement.step
    given = (
        {}
        if not isinstance(step, TextsErased)
        else step.model_dump(include={"legal_ground", "approved_by", "approval"})
    )
    return Amendment(
        amendment="erasure",
        entry=None if told is None else told.number,
        target=number,
        about=None if root is None else line(view, root),
        recorded_at=log.by_number[number].erased_at if told is None else told.recorded_at,
        public_from=None if told is None else log.public_from(told.number),
        reason=None,
        asserted_by=None,
        in_force=True,
        fields=[],
        **given,
    )


def stated_before(log: Effective, correction: Entry) -> Telling:
    """What held before a correction: the last correction before it, else what was recorded."""
    (target,) = correction.targets
    before: Telling = log.by_number[target].statement
    for earlier in log.corrections_of(target):
        if earlier < correction.number and isinstance(step := log.by_number[earlier].statement.step, EntryCorrected):
            before = step.corrected
    return before


def changed_fields(before: Telling, after: Telling) -> list[str]:
    """The fields that say something else than before."""
    of_step = [
        name
        for name in type(after.step).model_fields
        if getattr(before.step, name, None) != getattr(after.step, name, None)
    ]
    return [*of_step, *(name for name in TOLD if getattr(before, name) != getattr(after, name))]
