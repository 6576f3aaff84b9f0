"""What if: the same pipeline on other entries – without some, or with invented ones at their end (SEMANTICS 10.4).

Nothing is admitted and nothing is stored. What names a subject that is not there any more is found among the conflicts
of the view; what names an entry as its cause, answers it or is about it is found by `hangs`. What is invented has
numbers after the last entry, which later entries will bear: they are for the reckoning alone and are shown to nobody.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from domain.contradictions import Contradiction
from domain.decisions import DecisionTaken
from domain.entry import Entry
from domain.publication import EntryCorrected, EntryPublished, Statement, Telling
from domain.replay import Effective
from domain.scenarios import ScenarioChosen
from domain.step import Step
from domain.structure import BodyEnded, BodyReattached
from domain.view import View
from domain.when import When
from projections.hanging import Hanging, hanging
from projections.telling import told

SIMULATION: Final = "simulation"
"""By whom is recorded what nobody recorded, and how the ids begin of what it founds."""

Kind = Literal["chosen", "ended", "moved", "outcome", "date"]
"""chosen: a scenario is chosen · ended: a body ends · moved: a body stands elsewhere · outcome: a decision went the
other way · date: an entry happened on another day.
"""


@dataclass(frozen=True, slots=True)
class Invention:
    """One thing that is supposed otherwise: what kind, of which subject or entry, to where, on which day."""

    kind: Kind
    subject: str = ""
    entry: int = 0
    to: str = ""
    on: date | None = None


def what_if(view: View, without: Iterable[int] = (), invention: Invention | None = None) -> View:
    """The view on the same day, had it been otherwise. With nothing left out or invented it says the same."""
    left_out = {*without, *in_the_way(view, invention)}
    kept = list(_kept(view.effective, left_out))
    log = Effective(kept)
    log.zone = view.effective.zone
    for statement in _invented(view, invention):
        log.append(_entry(view, log, statement))
    return View(log, view.day)


def in_the_way(view: View, invention: Invention | None) -> set[int]:
    """The entries in whose place an invention comes: of a set of scenarios one is chosen, so no other choice holds."""
    if invention is None or invention.kind != "chosen":
        return set()
    return set(_choices(view, invention.subject))


def hangs(view: View, other: View, without: Iterable[int], invention: Invention | None) -> list[Hanging]:
    """What names an entry that is left out, or that states something else in the other view."""
    changed = {invention.entry} if invention is not None and invention.kind in ("outcome", "date") else set()
    return hanging(view, other, gone_with(view, {*without, *in_the_way(view, invention)}) | changed)


def gone_with(view: View, without: Iterable[int]) -> set[int]:
    """What is left out along with entries: everything that corrects, withdraws, rewords or erases them."""
    gone = {number for number in without if number in view.effective.by_number}
    for entry in view.effective.entries:
        if isinstance(entry.statement.step, EntryPublished):
            if entry.targets and gone.issuperset(entry.targets):
                gone.add(entry.number)
        elif not gone.isdisjoint(entry.targets):
            gone.add(entry.number)
    return gone


def new_conflicts(view: View, other: View) -> list[Contradiction]:
    """The conflicts of another view that this one has not."""
    known = set(view.conflicts)
    return [found for found in other.conflicts if found not in known]


def invented(view: View, other: View) -> frozenset[int]:
    """The numbers in another view that no entry of this one bears."""
    return frozenset(number for number in other.effective.by_number if number > view.position)


def _kept(log: Effective, left_out: Iterable[int]) -> Iterator[Entry]:
    """The other entries; what is published together with something that is left out stays published."""
    gone = gone_with(View(log, 0), left_out)
    for entry in log.entries:
        step = entry.statement.step
        if entry.number in gone:
            continue
        if isinstance(step, EntryPublished) and not gone.isdisjoint(entry.targets):
            rest = tuple(target for target in entry.targets if target not in gone)
            fewer = step.model_copy(update={"targets": rest})
            yield replace(entry, statement=entry.statement.model_copy(update={"step": fewer}))
        else:
            yield entry


def _choices(view: View, scenario: str) -> Iterator[int]:
    """The entries that choose in the set of a scenario: another choice comes in their place."""
    of = _set_of(view, scenario)
    for form, step in ((view.form(n), view.form(n).telling.step) for n in view.order):
        if isinstance(step, ScenarioChosen) and step.criteria_set == of:
            yield form.number


def _set_of(view: View, scenario: str) -> str:
    found = view.state.get(scenario)
    given = found.assigned.get("set", ()) if found is not None else ()
    return str(given[-1][1]) if given else ""


def _entry(view: View, log: Effective, statement: Statement) -> Entry:
    """As if it were recorded last, at the end of the day that is looked at or with the last entry."""
    last = view.effective.entries[-1]
    at = max(last.recorded_at, view.effective.end_of(date.fromordinal(view.day)))
    number = max(view.position, log.entries[-1].number if log.entries else 0) + 1
    return Entry(statement, number, last.position + number - view.position, at, SIMULATION)


def _invented(view: View, invention: Invention | None) -> Iterator[Statement]:
    """The statements of an invention, as the office would have recorded them."""
    if invention is None:
        return
    process = view.effective.entries[0].statement.process

    def stated(key: str, step: Step, occurred: When | None = None) -> Statement:
        because: dict[str, object] = {} if occurred is None else {"occurred": occurred, "because": "not-recorded"}
        given = {"process": process, "key": f"{SIMULATION}-{key}", "step": step.model_dump(), **because}
        return Statement.model_validate(given)

    on = When(basis="unknown") if invention.on is None else When(edtf=invention.on.isoformat())
    match invention.kind:
        case "chosen":
            of = _set_of(view, invention.subject)
            decision = f"{SIMULATION}-decision"
            yield stated("1", DecisionTaken(decision=decision, about=(invention.subject,)), on)
            choice = ScenarioChosen(
                choice=f"{SIMULATION}-choice", scenario=invention.subject, criteria_set=of, decision=decision
            )
            yield stated("2", choice, on)
        case "ended":
            yield stated("1", BodyEnded(body=invention.subject, how="dissolved"), on)
        case "moved":
            yield stated("1", BodyReattached(body=invention.subject, parent=invention.to), on)
        case "outcome" | "date":
            form = view.form(invention.entry)
            seen = form.told_by if form.told_by != form.number else None
            otherwise = _otherwise(form.telling, invention, on)
            yield stated("1", EntryCorrected(target=form.number, seen=seen, corrected=otherwise))


def _otherwise(telling: Telling, invention: Invention, on: When) -> Telling:
    """What an entry states, with another outcome or another day."""
    told_so = Telling(**{name: getattr(telling, name) for name in Telling.model_fields})
    if invention.kind == "date":
        after = () if telling.occurred is None else telling.occurred.after
        return told_so.model_copy(update={"occurred": on.model_copy(update={"after": after})})
    step = telling.step
    assert isinstance(step, DecisionTaken)
    other = "rejected" if step.outcome == "adopted" else "adopted"
    changed = {"outcome": other, "vote": None, "consensing": None, "objections": (), "method": "unrecorded"}
    return told_so.model_copy(update={"step": step.model_copy(update=changed)})


# ---- what there is to suppose ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be supposed otherwise in a view: ids of scenarios, bodies and places, and numbers of decisions."""

    scenarios: Sequence[str]
    bodies: Sequence[str]
    places: Sequence[str]
    decisions: Sequence[int]


def choices(view: View) -> Choices:
    """Everything that has happened by the day, and is known to the view."""
    return Choices(
        scenarios=[id_ for id_, subject in view.state.items() if subject.kind == "scenario"],
        bodies=[id_ for id_, subject in view.state.items() if subject.kind == "body"],
        places=[id_ for id_, subject in view.state.items() if subject.kind in ("body", "level")],
        decisions=[form.number for form, _ in told(view, DecisionTaken)],
    )


def possible(view: View, invention: Invention) -> bool:
    """Whether what is supposed speaks of something that there is."""
    found = choices(view)
    match invention.kind:
        case "chosen":
            return invention.subject in found.scenarios
        case "ended":
            return invention.subject in found.bodies
        case "moved":
            return invention.subject in found.bodies and invention.to in (*found.places, "process")
        case "outcome":
            return invention.entry in found.decisions
        case "date":
            return invention.entry in view.effective.graph.forms
