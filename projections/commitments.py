"""The register of promises: what was intended, announced or promised, and what came of it."""

from collections import Counter
from typing import Literal

from pydantic import Field

from domain.commitments import CommitmentMade, CommitmentSettled
from domain.replay import Form
from domain.view import View, once
from domain.when import stated
from projections.span import Span, span
from projections.telling import FromEntry, Named, Shown, erased, from_entry, named, told

Standing = Literal["open", "silent", "kept", "kept-in-part", "changed", "broken", "lapsed"]


class Commitment(FromEntry):
    """A commitment with what came of it by the day.

    `open`: nothing came of it yet, and it is not due. `silent`: it is due, and nothing says what came of it. Any other
    standing is the outcome that was recorded; `perhaps_came` is one that may have come about by the day, and may not.
    """

    id: str
    kind: str
    text: str | None
    by: list[Named]
    to: list[Named]
    about: list[Named]
    due: str | None = Field(description="EDTF; by when, as it was told")
    standing: Standing
    perhaps_came: Standing | None
    settled_by: int | None
    note: str | None
    note_erased: bool
    becomes: list[Named]
    took: Span | None = Field(description="from the commitment to its settlement")


class Promises(Shown):
    """All commitments, and how many of those made for certain stand where."""

    promises: list[Commitment]
    standings: dict[str, int]


@once
def promises(view: View) -> Promises:
    """The register on the view's day."""
    settlements = ((form, step) for form, step in told(view, CommitmentSettled) if _holds(view, form, step))
    settled = {step.commitment: (form, step) for form, step in settlements}
    found = [_commitment(view, form, step, settled.get(step.commitment)) for form, step in told(view, CommitmentMade)]
    return Promises(promises=found, standings=dict(sorted(Counter(c.standing for c in found if not c.perhaps).items())))


def _holds(view: View, form: Form, step: CommitmentSettled) -> bool:
    """Of two settlements the one with the lower number holds (SEMANTICS 5.6)."""
    made = view.state.get(step.commitment)
    return made is not None and made.ended == form.number


def _commitment(
    view: View, form: Form, step: CommitmentMade, settled: tuple[Form, CommitmentSettled] | None
) -> Commitment:
    ended, came = settled or (None, None)
    certainly = ended is not None and view.certain(ended.number)
    waiting: Standing = "silent" if _due(step.due, view.day) else "open"
    return Commitment(
        **from_entry(view, form),
        id=step.commitment,
        kind=step.kind,
        text=step.text,
        by=named(view, step.by),
        to=named(view, step.to),
        about=named(view, step.about),
        due=step.due,
        standing=came.outcome if came is not None and certainly else waiting,
        perhaps_came=came.outcome if came is not None and not certainly else None,
        settled_by=None if ended is None else ended.number,
        note=None if came is None else came.note,
        note_erased=ended is not None and erased(view, ended),
        becomes=named(view, [came.becomes]) if came is not None else [],
        took=None if ended is None else span(view, form.number, ended.number),
    )


def _due(due: str | None, day: int) -> bool:
    """Whether the last day on which it can have been due is past."""
    if due is None:
        return False
    read = stated(due)
    return (read.end or read.begin).last < day
