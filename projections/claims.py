"""Accounts that disagree, side by side, each with its date, its sources and whose account it is. None is picked."""

from typing import Literal

from domain.entry import causes
from domain.findings import ClaimDisputed
from domain.publication import Telling
from domain.replay import UNDATED, Form
from domain.rooms import Room
from domain.view import View
from projections.telling import Cited, Days, Named, Shown, days, headline, named, sources, told


class Side(Shown):
    """One account: an entry, or one that is told only inside the dispute (`entry` is then the dispute itself).

    `withdrawn` says that the entry is no longer in force.
    """

    entry: int
    type: str
    says: str | None
    edtf: str | None
    basis: Literal["stated", "derived", "unknown"]
    wording: str | None
    stated: Days
    grounds: str | None
    asserted_by: list[Named]
    sources: list[Cited]
    withdrawn: bool


class Dispute(Shown):
    """Two accounts that disagree, or seem to."""

    entry: int
    topic: str | None
    erased: bool
    how: str
    note: str | None
    claim: Side
    against: Side
    because: list[int]


def disputes(view: View) -> list[Dispute]:
    """Every dispute that is recorded, in the happened order."""
    return [_dispute(view, form, step) for form, step in told(view, ClaimDisputed)]


def _dispute(view: View, form: Form, step: ClaimDisputed) -> Dispute:
    if step.account is not None:
        against = _side(view, form.number, step.account, withdrawn=False)
    else:
        assert step.against is not None
        against = _entry(view, int(step.against))
    return Dispute(
        entry=form.number,
        topic=step.topic,
        erased=view.effective.by_number[form.told_by].erased,
        how=step.how,
        note=step.note,
        claim=_entry(view, int(step.claim)),
        against=against,
        because=[cause for cause in causes(form.telling) if cause in view.effective.by_number],
    )


def _entry(view: View, number: int) -> Side:
    """What an entry states now, or stated when it was withdrawn."""
    withdrawn = not view.effective.in_force(number)
    return _side(view, number, view.effective.last_told(number), withdrawn=withdrawn)


def _side(view: View, number: int, telling: Telling, *, withdrawn: bool) -> Side:
    when = telling.occurred or UNDATED
    begin = when.read(view.effective.day(view.effective.by_number[number].recorded_at)).begin
    return Side(
        entry=number,
        type=telling.step.type,
        says=headline(view, telling),
        edtf=when.edtf,
        basis=when.basis,
        wording=when.wording,
        stated=days(Room(begin.first, begin.last)),
        grounds=telling.grounds,
        asserted_by=named(view, [telling.asserted_by]),
        sources=sources(view, telling),
        withdrawn=withdrawn,
    )
