"""A process, or one of its phases, in numbers that can be put beside those of another one.

Every number is a range: at least what happened in the time for certain, at most what may have. Each comes with how many
it is of, and with the entries behind it. Nothing is a mean, and nothing is made up where nothing is recorded.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from pydantic import Field

from domain.commitments import CommitmentMade, CommitmentSettled
from domain.decisions import DecisionTaken
from domain.feedback import FeedbackAnswered, FeedbackReceived
from domain.meetings import MeetingHeld
from domain.replay import Form
from domain.rooms import Room
from domain.scenarios import ScenarioChosen, ScenarioDrafted
from domain.view import View, once
from domain.when import OPEN
from projections.completeness import date_basis
from projections.span import months
from projections.telling import Days, Shown, days
from projections.timeline import kind_of


class Range(Shown):
    """At least and at most; without an upper bound there is none."""

    least: int
    most: int | None

    @property
    def exact(self) -> bool:
        return self.least == self.most


class Indicator(Shown):
    """A number: of what, how many, out of how many – and the entries that may be counted."""

    id: str
    value: Range | None
    """None where there is nothing that could be counted."""
    of: Range | None = None
    entries: list[int] = Field(default=[])


class Indicators(Shown):
    """All of them, for the time from `since` to `until`: days between which it can have begun and ended."""

    since: Days | None
    until: Days | None
    indicators: list[Indicator]


Test = Callable[[View, Form], bool]


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is counted, and out of what."""

    what: Test
    out_of: Test | None = None


def _is(*kinds: type) -> Test:
    return lambda _, form: isinstance(form.telling.step, kinds)


def _ends_a_body(view: View, form: Form) -> bool:
    ended = (view.state.get(use.subject) for use in form.meaning.ends)
    return any(subject is not None and subject.kind == "body" for subject in ended)


def _founds_a_body(_: View, form: Form) -> bool:
    return any(kind == "body" for _, kind in form.meaning.founds)


def _answered(view: View, form: Form) -> bool:
    return form.number in _answers(view)


@once
def _answers(view: View) -> frozenset[int]:
    steps = (view.form(number).telling.step for number in view.order)
    answered = (step.followed() for step in steps if isinstance(step, FeedbackAnswered))
    return frozenset(n for numbers in answered for n in numbers if isinstance(n, int))


def _settled(view: View, form: Form) -> bool:
    step = form.telling.step
    assert isinstance(step, CommitmentMade)
    made = view.state.get(step.commitment)
    return made is not None and made.ended is not None and view.certain(made.ended)


def _with_method(_: View, form: Form) -> bool:
    step = form.telling.step
    return isinstance(step, DecisionTaken) and step.method != "unrecorded"


def _everything(_: View, __: Form) -> bool:
    return True


COUNTED: Final[dict[str, _Counted]] = {
    "entries": _Counted(_everything),
    "structure-changes": _Counted(lambda _, form: kind_of(form.telling.step.type) == "structure", _everything),
    "bodies-founded": _Counted(_founds_a_body),
    "bodies-ended": _Counted(_ends_a_body),
    "meetings-held": _Counted(_is(MeetingHeld)),
    "feedback": _Counted(_is(FeedbackReceived)),
    "feedback-answered": _Counted(_answered, _is(FeedbackReceived)),
    "decisions": _Counted(_is(DecisionTaken)),
    "decisions-with-method": _Counted(_with_method, _is(DecisionTaken)),
    "commitments": _Counted(_is(CommitmentMade)),
    "commitments-settled": _Counted(_settled, _is(CommitmentMade)),
    "settlements": _Counted(_is(CommitmentSettled)),
    "scenarios": _Counted(_is(ScenarioDrafted)),
    "scenarios-chosen": _Counted(_is(ScenarioChosen)),
    "dates-stated": _Counted(lambda _, form: date_basis(form.telling) == "stated", _everything),
    "with-source": _Counted(lambda _, form: bool(form.telling.sources), _everything),
    "corrected": _Counted(lambda view, form: bool(view.effective.corrections_of(form.number)), _everything),
}
"""What is counted, by its name; for a share also what it is a share of."""


@once
def indicators(view: View, phase: str | None = None) -> Indicators:
    """The numbers of a process by the view's day, or of one of its phases."""
    since, until = _bounds(view, phase)
    surely, perhaps = _inside(view, None if phase is None else since, until)
    found = [_months(since, until, view)]
    for name, counted in COUNTED.items():
        out_of = counted.out_of
        some = [n for n in perhaps if out_of is None or out_of(view, view.form(n))]
        value = [n for n in some if counted.what(view, view.form(n))]
        of = None if out_of is None else _range(some, surely)
        nothing = of is not None and of.most == 0
        found.append(Indicator(id=name, value=None if nothing else _range(value, surely), of=of, entries=value))
    return Indicators(
        since=None if since is None else days(since), until=None if until is None else days(until), indicators=found
    )


def phases(view: View) -> list[str]:
    """The phases that had begun by the view's day for certain, in the order in which they did."""
    begun = [s for s in view.state.values() if s.kind == "phase" and view.certain(s.founded)]
    order = {number: place for place, number in enumerate(view.order)}
    return [subject.id for subject in sorted(begun, key=lambda subject: order[subject.founded])]


def _bounds(view: View, subject: str | None) -> tuple[Room | None, Room | None]:
    """When a phase began and ended, or the process; an end that lies ahead is none."""
    found = view.state.get(subject or "process")
    if found is None:
        return None, None
    until = view.until(found)
    return view.since(found), until if until is not None and until.first <= view.day else None


def _inside(view: View, since: Room | None, until: Room | None) -> tuple[set[int], list[int]]:
    """The entries that happened in a phase for certain, and all that may have; of a whole process all count, also what
    was before it.
    """
    surely: set[int] = set()
    perhaps = []
    for number in view.order:
        room = view.room(number)
        if room.first > view.day:
            continue
        if since is not None:
            if room.last < since.first or (until is not None and room.first > until.last):
                continue
            began = room.first >= since.last
            ended = until is None or room.last <= until.first
            if began and ended and view.certain(number):
                surely.add(number)
        elif view.certain(number):
            surely.add(number)
        perhaps.append(number)
    return surely, perhaps


def _range(numbers: Collection[int], surely: set[int]) -> Range:
    return Range(least=sum(number in surely for number in numbers), most=len(numbers))


def _months(since: Room | None, until: Room | None, view: View) -> Indicator:
    """How many months it lasted: whole ones at least, begun ones at most, up to the view's day."""
    if since is None or since.first <= OPEN:
        return Indicator(id="months", value=None)
    first, last = (view.day, view.day) if until is None else (until.first, min(until.last, view.day))
    least = months(since.last, first + 1) if first > since.last else 0
    return Indicator(id="months", value=Range(least=least, most=months(since.first, last + 1, begun=True)))
