"""Generated histories of a process, admitted or just heaped up.

They play within a few days of March 2018, so that dates meet, overlap and contradict each other often; they are
recorded late and out of order, corrected, withdrawn, restored and published in part.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.errors import Refused
from domain.feedback import FeedbackReceived
from domain.meaning import PROCESS
from domain.publication import EntryPublished, Statement, Telling
from domain.publishing import needed
from domain.replay import Effective
from domain.when import When
from tests.office import (
    Office,
    absorbed,
    actor,
    alliance,
    changed,
    corrected,
    decided,
    dropped,
    ended,
    lab,
    level,
    merged,
    moved,
    noon,
    opened,
    ordinal,
    published,
    role,
    role_ended,
    split_up,
    spun_off,
    tell,
    withdrawn,
)

POOL = {
    "body": ("a", "b", "c", "d"),
    "level": ("y", "z"),
    "role": ("r", "s"),
    "actor": ("x",),
    "decision": ("e",),
    "phase": ("f",),
}
CALENDAR = tuple(f"2018-03-{day:02}" for day in range(1, 9))
FIRST, LAST = ordinal("2018-02-27"), ordinal("2018-03-16")
"""Days on which views are read: from before everything to after the last recording."""

_DAY = st.sampled_from(CALENDAR)
_PAIR = st.tuples(_DAY, _DAY).map(sorted)
_FIRM = (
    _DAY,
    _DAY,
    _DAY,
    _PAIR.map("[{0[0]}..{0[1]}]".format),
    _PAIR.map("[{0[0]}..{0[1]}]".format),
    _DAY.map("[{}..]".format),
    _DAY.map("[..{}]".format),
    st.sampled_from(["2018-03", "2018-02", "2018", "2017", "2018-21"]),
    st.none(),
)
MOMENTS = st.one_of(*_FIRM, *_FIRM, st.sampled_from(["2018-03~", "2018-02~", "2018-03-03?", "2018-03-06~"]))
LASTING = st.one_of(
    _PAIR.map("{0[0]}/{0[1]}".format),
    _PAIR.map("{0[0]}/{0[1]}".format),
    _DAY.map("2018-02/{}".format),
    _DAY.map("{}/2018-03".format),
    st.sampled_from(["2017/2018-02", "2018-03-02/..", "2018-02/2018-05", "2018-03-02~/2018-03-05"]),
)


class Known:
    """What a log holds that a new statement can speak of. Now and then it is disregarded, to provoke refusals."""

    def __init__(self, log: Effective) -> None:
        self.log = log
        graph = log.graph
        self.kinds = {subject: graph.kind(subject) for subject in graph.founders}
        self.told = [n for n in graph.forms if n > 1]
        self.numbers = [entry.number for entry in log.entries[1:]]

    def fresh(self, draw: st.DrawFn, kind: str) -> str:
        free = [id_ for id_ in POOL[kind] if not self.log.founded_by.get(id_)]
        return draw(st.sampled_from(free if free and _mostly(draw) else POOL[kind]))

    def of(self, kinds: Sequence[str], but: str | None = None) -> list[str]:
        """What is there of some kinds; what has not ended comes first."""
        ended = self.log.graph.enders
        known = [id_ for id_, kind in self.kinds.items() if kind in kinds and id_ != but]
        return [id_ for id_ in known if id_ not in ended] or known

    def there(self, draw: st.DrawFn, *kinds: str, but: str | None = None) -> str:
        anything = [id_ for kind in kinds for id_ in POOL[kind]]
        return draw(st.sampled_from(self.of(kinds, but) if self.of(kinds, but) and _mostly(draw) else anything))

    def perhaps(self, draw: st.DrawFn, *kinds: str, but: str | None = None) -> str | None:
        if not self.of(kinds, but) or draw(st.integers(0, 3)) == 0:
            return None
        return self.there(draw, *kinds, but=but)

    def beneath(self, place: str) -> list[str]:
        graph = self.log.graph
        found = {
            assignment.subject
            for n in graph.users.get(place, ())
            for assignment in graph.forms[n].meaning.assigns
            if assignment.value == place and assignment.attribute in ("parent", "level")
        }
        return sorted(found)


def _mostly(draw: st.DrawFn) -> bool:
    return draw(st.integers(0, 11)) > 0


def _destinations(draw: st.DrawFn, known: Known, place: str) -> dict[str, str]:
    found = {}
    for subject in known.beneath(place):
        if _mostly(draw):
            to = draw(st.sampled_from(["dissolved", "left", "unrecorded", "placed", "placed"]))
            found[subject] = (known.perhaps(draw, "body", but=subject) or PROCESS) if to == "placed" else to
    return found


def _founding(draw: st.DrawFn, known: Known) -> Statement:
    under, on = known.perhaps(draw, "body", "level"), known.perhaps(draw, "level")
    return draw(st.sampled_from([alliance, lab]))(known.fresh(draw, "body"), under=under, on=on)


def _moving(draw: st.DrawFn, known: Known) -> Statement:
    body = known.there(draw, "body")
    on = known.perhaps(draw, "level") if draw(st.booleans()) else None
    return moved(body, to=known.perhaps(draw, "body", "level", but=body) or PROCESS, on=on)


def _changing(draw: st.DrawFn, known: Known) -> Statement:
    change = draw(st.sampled_from([{"name": "N"}, {"status": "paused"}, {"status": "active"}, {"project_of": "x"}]))
    return changed(known.there(draw, "body"), change=change)


def _ending(draw: st.DrawFn, known: Known) -> Statement:
    body = known.there(draw, "body")
    return draw(st.sampled_from([ended, ended, spun_off]))(body, where=_destinations(draw, known, body))


def _dropping(draw: st.DrawFn, known: Known) -> Statement:
    name = known.there(draw, "level")
    return dropped(name, where=_destinations(draw, known, name))


def _merging(draw: st.DrawFn, known: Known) -> Statement:
    one = known.there(draw, "body")
    other = known.there(draw, "body", but=one)
    if one == other or draw(st.booleans()):
        return absorbed(one, by=other)
    return merged(one, other, into=known.fresh(draw, "body"), under=known.perhaps(draw, "body"))


def _splitting(draw: st.DrawFn, known: Known) -> Statement:
    body = known.there(draw, "body")
    parts = {known.fresh(draw, "body"): known.perhaps(draw, "body"), draw(st.sampled_from("cd")): None}
    if len(parts) < 2:
        return ended(body, where=_destinations(draw, known, body))
    return split_up(body, into=parts, where=_destinations(draw, known, body))


def _speaking(draw: st.DrawFn, known: Known) -> Statement:
    heard = [n for n in known.told if isinstance(known.log.graph.forms[n].telling.step, FeedbackReceived)]
    if draw(st.booleans()) and heard:
        step = {"type": "feedback-answered", "feedback": draw(st.sampled_from(heard)), "outcome": "noted"}
        return tell({**step, "answer": "Danke"})
    about = [known.there(draw, "body", "level")]
    return tell({"type": "feedback-received", "kind": "wish", "what": "Wunsch", "about": about})


def _role(draw: st.DrawFn, known: Known) -> Statement:
    return role(known.fresh(draw, "role"), within=known.perhaps(draw, "body"))


def _phase(draw: st.DrawFn, known: Known) -> Statement:
    return tell({"type": "phase-begun", "phase": known.fresh(draw, "phase"), "name": "P"})


_TOLD = (
    (5, (), _founding),
    (2, (), lambda draw, known: level(known.fresh(draw, "level"), above=known.perhaps(draw, "level"))),
    (1, (), lambda draw, known: decided(known.fresh(draw, "decision"))),
    (1, (), _phase),
    (8, ("body",), _moving),
    (3, ("body",), _changing),
    (5, ("body",), _ending),
    (4, ("body",), _merging),
    (2, ("body",), _splitting),
    (1, ("body",), _speaking),
    (3, ("level",), _dropping),
    (3, ("actor",), _role),
    (3, ("role",), lambda draw, known: role_ended(known.there(draw, "role"))),
)
"""What can be told: how often, what has to be there for it, and the statement."""


def _told(draw: st.DrawFn, known: Known) -> Statement:
    makes = [make for often, kinds, make in _TOLD if not kinds or known.of(kinds) for _ in range(often)]
    statement = draw(st.sampled_from(makes))(draw, known)
    return statement.model_copy(update=_circumstances(draw, known, statement))


def _circumstances(draw: st.DrawFn, known: Known, telling: Telling) -> dict[str, Any]:
    lasting = telling.step.lasting and draw(st.booleans())
    edtf = draw(LASTING if lasting else MOMENTS)
    after = (draw(st.sampled_from(known.told)),) if known.told and draw(st.integers(0, 5)) == 0 else ()
    because = (draw(st.sampled_from(known.told)),) if known.told and draw(st.integers(0, 7)) == 0 else ()
    return {
        "occurred": When(edtf=edtf, basis="unknown" if edtf is None else "stated", after=after),
        "because": because,
    }


def _correction(draw: st.DrawFn, known: Known) -> Statement:
    number = draw(st.sampled_from(known.told))
    telling = known.log.graph.forms[number].telling
    changes: dict[str, Any] = {}
    if getattr(telling.step, "absorbed_by", None) is None and "parent" in type(telling.step).model_fields:
        placed = telling.step.meaning().assigns[0].subject
        parent = known.perhaps(draw, "body", "level", but=placed) or PROCESS
        changes["step"] = telling.step.model_copy(update={"parent": parent})
    if not changes or draw(st.booleans()):
        changes |= _circumstances(draw, known, telling)
    seen = max(known.log.corrections_of(number), default=None)
    return corrected(number, telling.model_copy(update=changes), seen=seen)


def _withdrawal(draw: st.DrawFn, known: Known, now: datetime) -> Statement:
    announced = [n for n in known.numbers if (since := known.log.public_from(n)) is not None and since > now]
    coming = [n for n in announced if isinstance(known.log.by_number[n].statement.step, EntryPublished)]
    return withdrawn(draw(st.sampled_from(coming if draw(st.booleans()) and coming else known.numbers)))


def _publication(draw: st.DrawFn, known: Known, now: datetime) -> Statement:
    later = draw(st.sampled_from([None, None, None, 1, 2]))
    not_before = None if later is None else now + timedelta(days=later)
    at = not_before or now
    hidden = [n for n in [1, *known.numbers] if not known.log.public(n, at)]
    hidden = [n for n in hidden if not isinstance(known.log.by_number[n].statement.step, EntryPublished)]
    targets = draw(st.lists(st.sampled_from(hidden or known.numbers), min_size=1, max_size=3, unique=True))
    if _mostly(draw):
        targets += needed(known.log, targets, at)
    return published(*targets, not_before=not_before)


ABOUT = (*["told"] * 7, *["corrected"] * 2, "withdrawn", *["published"] * 2)
PUBLISHING = (*["told"] * 3, *["corrected"] * 3, *["withdrawn"] * 2, *["published"] * 4)
"""How often an entry is about the process, and how often about another entry."""


def _statement(draw: st.DrawFn, office: Office, about: tuple[str, ...]) -> Statement:
    known = Known(office.log)
    match draw(st.sampled_from(about)) if about and len(known.told) > 2 else "told":
        case "corrected":
            return _correction(draw, known)
        case "withdrawn":
            return _withdrawal(draw, known, office.now)
        case "published":
            return _publication(draw, known, office.now)
        case _:
            return _told(draw, known)


def _started() -> Office:
    office = Office("2018-03-06")
    office.record(opened("2018"), actor("x"))
    return office


@st.composite
def histories(draw: st.DrawFn, *, about: tuple[str, ...] = ABOUT, most: int = 14) -> Office:
    """A history that was admitted; what was refused is not in it. Without `about`: no entries about entries."""
    office = _started()
    for _ in range(draw(st.integers(4, most))):
        office.now += timedelta(hours=draw(st.sampled_from([0, 0, 9, 24, 40])))
        batch = [_statement(draw, office, about) for _ in range(draw(st.sampled_from([1, 1, 1, 2])))]
        try:
            office.record(*batch)
        except Refused:
            continue
        if office.now > noon("2018-03-14"):
            break
    return office


@st.composite
def heaps(draw: st.DrawFn, *, about: tuple[str, ...] = ABOUT, most: int = 9) -> Office:
    """Entries as they come, whatever the rules say: contradictions of every kind. Only references look back."""
    office = _started()
    for _ in range(draw(st.integers(2, most))):
        office.now += timedelta(hours=draw(st.sampled_from([0, 0, 24])))
        statement = _statement(draw, office, about)
        if not _in_future(office, statement):  # no entry is ever recorded with a date in the future (1.3)
            office.heap(statement)
    return office


def _in_future(office: Office, telling: Telling) -> bool:
    occurred = getattr(telling.step, "corrected", telling).occurred
    return occurred is not None and occurred.in_future(office.log.day(office.now))


@st.composite
def next_statements(draw: st.DrawFn, office: Office, *, about: tuple[str, ...] = ABOUT) -> Statement:
    """One more statement about the same things."""
    return _statement(draw, office, about)


def days() -> Iterator[int]:
    """Every day that a view of a generated history is read on."""
    return iter(range(FIRST, LAST + 1))
