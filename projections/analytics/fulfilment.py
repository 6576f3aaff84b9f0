"""What came of intentions, announcements and promises, and how long it took.

Fulfilment is kept / due. Due is what was settled, and what is silent: due by its own date, and not spoken of again.
What is not due yet stands apart. Nothing is weighted: a small promise counts as much as a large one, which is the known
weakness of such counts. The time to an outcome is by Kaplan and Meier (1958); what is open is censored.
"""

from collections.abc import Sequence
from typing import Final

from domain.view import View
from projections.analytics.figures import (
    Analysis,
    Breakdown,
    Figure,
    Row,
    bounds,
    counted,
    days_between,
    days_from,
    share,
)
from projections.analytics.survival import Spell, median, survival
from projections.commitments import Commitment, promises

STANDINGS: Final = ("kept", "kept-in-part", "changed", "broken", "lapsed", "silent", "open")
KINDS: Final = ("intention", "announcement", "promise", "review")


def fulfilment(view: View) -> Analysis:
    """All commitments made for certain by the view's day."""
    made = [promise for promise in promises(view).promises if not promise.perhaps]
    entries = [promise.entry for promise in made]
    curve = survival("fulfilment.delay", [_spell(view, promise) for promise in made])
    half = median(curve)
    return Analysis(
        id="fulfilment",
        figures=[
            _kept("fulfilment.kept", made, ("kept",)),
            _kept("fulfilment.kept-in-part", made, ("kept", "kept-in-part")),
            Figure(
                id="fulfilment.delay",
                unit="days",
                value=half,
                reason=None if half is not None else "not-reached" if made else "no-commitments",
                n=counted(len(made)),
                entries=entries,
            ),
        ],
        breakdowns=[_standings(made), _by_kind(made)],
        curves=[curve] if curve.steps else [],
        spans=[promise.took for promise in made if promise.took is not None],
    )


def _kept(id_: str, made: Sequence[Commitment], standings: Sequence[str]) -> Figure:
    due = [promise for promise in made if promise.standing != "open"]
    may = [promise for promise in made if promise.standing == "open" and promise.perhaps_came is not None]
    unsure = [p for p in due if p.standing == "silent" and p.perhaps_came in standings]
    kept = [promise for promise in due if promise.standing in standings]
    value = share(
        len(kept),
        len(due) - len(kept) - len(unsure),
        unsure=len(unsure),
        perhaps_yes=sum(promise.perhaps_came in standings for promise in may),
        perhaps_no=sum(promise.perhaps_came not in standings for promise in may),
    )
    return Figure(
        id=id_,
        unit="share",
        value=value,
        reason=None if value is not None else "none-due" if made else "no-commitments",
        n=counted(len(due), len(may)),
        entries=sorted(promise.entry for promise in (*due, *may)),
    )


def _standings(made: Sequence[Commitment]) -> Breakdown:
    rows = []
    for standing in STANDINGS:
        found = [promise for promise in made if promise.standing == standing]
        stay = [promise for promise in found if promise.perhaps_came in (None, standing)]
        come = [promise for promise in made if promise.standing != standing and promise.perhaps_came == standing]
        rows.append(
            Row(
                label=standing,
                value=bounds(len(stay), len(found) + len(come)),
                entries=[promise.entry for promise in (*found, *come)],
            )
        )
    return Breakdown(id="fulfilment.standings", unit="count", rows=rows, reason=None if made else "no-commitments")


def _by_kind(made: Sequence[Commitment]) -> Breakdown:
    """Intentions against outcomes: kept out of due, for each kind of commitment there is."""
    rows = []
    for kind in KINDS:
        of_kind = [promise for promise in made if promise.kind == kind]
        if of_kind:
            figure = _kept("", of_kind, ("kept",))
            n = int(figure.n.at_least) if figure.n is not None else None
            rows.append(Row(label=kind, value=figure.value, reason=figure.reason, n=n, entries=figure.entries))
    return Breakdown(id="fulfilment.by-kind", unit="share", rows=rows)


def _spell(view: View, promise: Commitment) -> Spell:
    if promise.settled_by is not None:
        least, most = days_between(view, promise.entry, promise.settled_by)
        if view.certain(promise.settled_by):
            return Spell(least, most, ended=True)
        if view.room(promise.settled_by).first <= view.day:
            return Spell(least, max(most, _watched(view, promise)[1]), ended=None)
    return Spell(*_watched(view, promise), ended=False)


def _watched(view: View, promise: Commitment) -> tuple[float, float]:
    room = view.room(promise.entry)
    return days_from(room.first, room.last, view.day, view.day)
