"""Accounts that disagree, side by side, each with its date, its sources and whose account it is. None is picked."""

from typing import Literal

from domain.entry import causes
from domain.findings import ClaimDisputed
from domain.publication import Telling
from domain.replay import UNDATED, Form
from domain.rooms import Room
from domain.view import View, once
from domain.when import Reading
from projections.telling import Cited, Days, Named, Shown, days, erased, headline, named, sources, told


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


@once
def disputes(view: View) -> list[Dispute]:
    """Every dispute that is recorded, in the happened order; in a simulation without one of its sides it is none."""
    return [
        _dispute(view, form, step)
        for form, step in told(view, ClaimDisputed)
        if all(side in view.effective.by_number for side in (step.claim, step.against) if side is not None)
    ]


def _dispute(view: View, form: Form, step: ClaimDisputed) -> Dispute:
    if step.account is not None:
        read = (step.account.occurred or UNDATED).read(form.stated_on)
        against = _side(view, form.number, step.account, read, withdrawn=False)
    else:
        assert step.against is not None
        against = _entry(view, int(step.against))
    return Dispute(
        entry=form.number,
        topic=step.topic,
        erased=erased(view, form),
        how=step.how,
        note=step.note,
        claim=_entry(view, int(step.claim)),
        against=against,
        because=[cause for cause in causes(form.telling) if cause in view.effective.by_number],
    )


def _entry(view: View, number: int) -> Side:
    """What an entry states now, or stated when it was withdrawn."""
    form = view.effective.last_form(number)
    return _side(view, number, form.telling, form.when, withdrawn=not view.effective.in_force(number))


def _side(view: View, number: int, telling: Telling, read: Reading, *, withdrawn: bool) -> Side:
    when = telling.occurred or UNDATED
    return Side(
        entry=number,
        type=telling.step.type,
        says=headline(view, telling),
        edtf=when.edtf,
        basis=when.basis,
        wording=when.wording,
        stated=days(Room(read.begin.first, read.begin.last)),
        grounds=telling.grounds,
        asserted_by=named(view, [telling.asserted_by]),
        sources=sources(view, telling),
        withdrawn=withdrawn,
    )
