"""What every register of a process has to keep to, whatever it is about; held and broken like the laws beside it.

What a register says is counted again here, from its own rows or from the entries in force, in the plainest way there
is: by the type of the step and by the days on which it can have happened.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from adapters.registers import REGISTERS
from domain.view import View
from domain.when import stated
from projections.claims import Dispute, Side
from projections.commitments import Commitment
from projections.decisions import Decision
from projections.findings import Assessment, Finding, Rating
from projections.monitoring import Indicator, Measured, Selection
from projections.open_items import Question, Unanswered
from projections.plan import Goal, Measure, Report, Version
from projections.scenarios import Choice
from projections.telling import FromEntry
from tests.histories import FIRST, LAST
from tests.office import Office

SOME_DAYS = (FIRST + 3, FIRST + 6, FIRST + 9, LAST)

ROWS: Mapping[str, Mapping[type[BaseModel], str]] = {
    "decisions": {Decision: "decision-taken"},
    "promises": {Commitment: "commitment-made"},
    "plan": {Goal: "goal-adopted", Measure: "measure-planned", Version: "plan-adopted"},
    "indicators": {Indicator: "indicator-defined", Selection: "indicator-selected"},
    "findings": {Assessment: "assessment-conducted", Finding: "finding-recorded"},
    "participation": {Rating: "participation-rated"},
    "claims": {Dispute: "claim-disputed"},
}
"""The registers that have one row for every entry of a type that has happened by the day, or may have."""

INNER: Mapping[type[BaseModel], tuple[str, str, type[BaseModel]]] = {
    Report: ("measure-reported", "measure", Measure),
    Measured: ("indicator-measured", "indicator", Indicator),
}
"""Rows inside of rows: the type of their entries, and the field that names what they belong to."""

NAMES_ENTRIES = (
    *("settled_by", "perhaps_settled_by", "replaced_by", "confirmed_by", "dropped_by", "ended_by", "revised_by"),
    *("rejected_by", "findings", "decisions", "led_to", "entries", "meetings_without"),
)
"""Fields that hold numbers of entries which happened, or may have."""


class Plainly:
    """The entries in force on a day by the type of their step: what happened for certain, and what may have."""

    def __init__(self, view: View) -> None:
        self.view = view

    def begun(self, *types: str) -> list[tuple[int, Any]]:
        """What has happened or may have, in the happened order."""
        steps = ((n, self.view.effective.graph.forms[n].telling.step) for n in self.view.order)
        return [(n, s) for n, s in steps if s.type in types and self.view.rooms.of[n].first <= self.view.day]

    def sure(self, *types: str) -> list[tuple[int, Any]]:
        """What has happened for certain."""
        return [(n, step) for n, step in self.begun(*types) if self.is_sure(n)]

    def is_sure(self, number: int) -> bool:
        return not self.view.day < self.view.rooms.of[number].last


def models(answer: object) -> Iterator[BaseModel]:
    """Every part of an answer."""
    if isinstance(answer, BaseModel):
        yield answer
        answer = [value for _, value in answer]
    if isinstance(answer, Mapping):
        answer = list(answer.values())
    for part in answer if isinstance(answer, list | tuple) else ():
        yield from models(part)


def law_every_register_is_total_and_agrees_with_the_view(office: Office) -> None:
    """Over any heap: a row rests on an entry in force that has begun, and says so if it may not have happened yet.

    No row is missing and none is there twice; what a row names besides is in force as well.

    Seen to fail when `perhaps` was the wrong way round, when the last row was left out, when an entry that was
    withdrawn still stood there, and when feedback had led to what was still to come.
    """
    everything = View(office.log, LAST)
    for day in SOME_DAYS:
        view = everything.on(day)
        plainly = Plainly(view)
        for register in REGISTERS:
            answer = register.read(view)
            parts = list(models(answer))
            for part in parts:
                _rests_on_what_has_begun(part, plainly)
            for kind, type_ in ROWS.get(register.name, {}).items():
                entries = [part.entry for part in parts if isinstance(part, kind)]  # type: ignore[attr-defined]
                assert sorted(entries) == sorted(n for n, _ in plainly.begun(type_)), type_
            for kind, (type_, field, outer) in INNER.items():
                known = {part.id for part in parts if type(part) is outer}  # type: ignore[attr-defined]
                inner = {part.entry for part in parts if isinstance(part, kind)}  # type: ignore[attr-defined]
                if known:
                    assert inner == {n for n, step in plainly.begun(type_) if getattr(step, field) in known}


def _rests_on_what_has_begun(part: BaseModel, plainly: Plainly) -> None:
    view = plainly.view
    begun = {n for n in view.effective.graph.forms if view.rooms.of[n].first <= view.day}
    if isinstance(part, FromEntry):
        assert part.entry in begun
        assert part.perhaps == (view.day < view.rooms.of[part.entry].last)
        assert all(view.effective.in_force(n) for n in part.corrected_by)
    if isinstance(part, Side):
        assert part.withdrawn == (part.entry in view.effective.withdrawn)
    for field in NAMES_ENTRIES:
        named = getattr(part, field, None)
        for number in named if isinstance(named, list) else [named]:
            assert not isinstance(number, int) or number in begun, (field, number)


def law_registers_count_and_conclude_what_their_rows_say(office: Office) -> None:
    """Counts equal what is counted from the rows; what came of something is what an entry says that came for certain.

    Seen to fail when counts held what may not have happened yet, when a commitment was settled by what may still
    come, and when a rejected decision replaced another.
    """
    everything = View(office.log, LAST)
    for day in SOME_DAYS:
        view = everything.on(day)
        plainly = Plainly(view)
        answers = {register.name: register.read(view) for register in REGISTERS}
        _decisions(answers, plainly)
        _commitments(answers, plainly)
        _open(answers, plainly)
        _scenarios(answers, plainly)
        _plan(answers, plainly)
        _indicators(answers, plainly)
        _meetings(answers, plainly)
        _completeness(answers, plainly)


def _decisions(answers: Mapping[str, Any], plainly: Plainly) -> None:
    taken = plainly.sure("decision-taken")
    found = answers["decisions"]
    assert found.methods == Counter(step.method for _, step in taken)
    for row in found.decisions:
        adopted = [(n, step) for n, step in taken if step.outcome == "adopted"]
        assert row.replaced_by == [n for n, step in adopted if step.replaces == row.id]
        assert row.confirmed_by == [n for n, step in adopted if step.confirms == row.id]


def _commitments(answers: Mapping[str, Any], plainly: Plainly) -> None:
    found = answers["promises"]
    sure = [row for row in found.promises if plainly.is_sure(row.entry)]
    assert found.standings == Counter(row.standing for row in sure)
    for row in found.promises:
        settled = [(n, step) for n, step in plainly.begun("commitment-settled") if step.commitment == row.id]
        came = [step.outcome for n, step in settled if plainly.is_sure(n)]
        assert [row.standing] == came or (not came and row.standing in ("open", "silent"))
        assert row.perhaps_came == next((step.outcome for n, step in settled if not plainly.is_sure(n)), None)
        assert row.settled_by == next((n for n, _ in settled), None)
    waiting = [row for row in found.promises if row.standing in ("open", "silent")]
    assert answers["open"].commitments == waiting


def _open(answers: Mapping[str, Any], plainly: Plainly) -> None:
    parts = list(models(answers["open"]))
    settled = {number for _, step in plainly.sure("decision-taken") for number in step.settles}
    asked = [n for n, _ in plainly.begun("question-left-open", "decision-deferred") if n not in settled]
    questions = [part for part in parts if isinstance(part, Question)]
    assert [question.entry for question in questions] == asked
    for question in questions:
        perhaps = [n for n, step in plainly.begun("decision-taken") if question.entry in step.settles]
        assert question.perhaps_settled_by == perhaps
    answered = {step.feedback for _, step in plainly.sure("feedback-answered")}
    waiting = [n for n, _ in plainly.sure("feedback-received") if n not in answered]
    assert [part.entry for part in parts if isinstance(part, Unanswered)] == waiting


def _scenarios(answers: Mapping[str, Any], plainly: Plainly) -> None:
    for found in answers["scenarios"]:
        drafted = [n for n, step in plainly.begun("scenario-drafted") if step.criteria_set == found.id]
        assert [scenario.entry for scenario in found.scenarios] == drafted
        assert len(found.cells) == len(drafted) * len(found.criteria)
        assert found.counts == Counter(cell.state for cell in found.cells)
        assert found.blanks == sum(cell.state in ("not-stated", "not-assessed") for cell in found.cells)
        for cell in found.cells:
            looked = [
                (n, told)
                for n, step in plainly.sure("scenario-assessed")
                for told in step.cells
                if (step.scenario, told.criterion) == (cell.scenario, cell.criterion)
            ]
            last = looked[-1] if looked else (None, None)
            assert (cell.entry, cell.says) == (last[0], last[1] and last[1].says)
        rejected = {step.scenario for _, step in plainly.sure("scenario-rejected")}
        made = [(n, step) for n, step in plainly.begun("scenario-chosen") if step.criteria_set == found.id]
        assert [choice.entry for choice in found.choices if isinstance(choice, Choice)] == [n for n, _ in made]
        holding = {step.choice: step.scenario for n, step in made if plainly.is_sure(n)}
        for choice in found.choices:
            after = [n for n, step in made if step.replaces == choice.id and plainly.is_sure(n)]
            assert choice.replaced_by == (after[0] if after else None)
            if after:
                holding.pop(choice.id, None)
        chosen = {scenario for scenario in holding.values() if scenario not in rejected}
        assert {scenario.id for scenario in found.scenarios if scenario.standing == "chosen"} == chosen
        shown = {scenario.id for scenario in found.scenarios if scenario.rejected_by is not None}
        assert shown == rejected & {scenario.id for scenario in found.scenarios}


def _plan(answers: Mapping[str, Any], plainly: Plainly) -> None:
    found = answers["plan"]
    adopted = plainly.sure("plan-adopted")
    followed = {step.replaces for _, step in adopted}
    assert found.in_force == [step.plan for _, step in adopted if step.plan not in followed]
    for version in found.versions:
        assert (version.replaced_by is not None) == (version.id in followed)
    for measure in found.measures:
        reports = [step for _, step in plainly.sure("measure-reported") if step.measure == measure.id]
        assert measure.status == (reports[-1].status if reports else "planned")
    for goal in found.goals:
        over = [(n, s) for n, s in plainly.sure("goal-revised") if s.goal == goal.id and s.how != "revised"]
        assert {goal.standing} <= {step.how for _, step in over} or (not over and goal.standing == "pursued")
        assert goal.ended_by == (over[0][0] if over else None)
        serving = [step.measure for _, step in plainly.begun("measure-planned") if goal.id in step.goals]
        assert goal.measures == serving
    assert found.measures_without_goals == [s.measure for _, s in plainly.begun("measure-planned") if not s.goals]


def _indicators(answers: Mapping[str, Any], plainly: Plainly) -> None:
    dropped = {step.indicator for _, step in plainly.sure("indicator-dropped")}
    chosen = {indicator for _, step in plainly.sure("indicator-selected") for indicator in step.indicators}
    for row in answers["indicators"].indicators:
        standing = "dropped" if row.id in dropped else "selected" if row.id in chosen else "defined"
        assert row.standing == standing
        perhaps = [n for n, step in plainly.begun("indicator-dropped") if step.indicator == row.id]
        assert row.dropped_by == (perhaps[-1] if perhaps else None)


def _meetings(answers: Mapping[str, Any], plainly: Plainly) -> None:
    told = plainly.begun("meeting-planned", "meeting-changed", "meeting-held")
    known = {step.meeting for _, step in told if step.type != "meeting-changed"}
    assert {meeting.id for meeting in answers["meetings"]} == known
    held = plainly.sure("meeting-held")
    for meeting in answers["meetings"]:
        assert sorted(meeting.entries) == sorted(n for n, step in told if step.meeting == meeting.id)
        assert (meeting.standing == "held") == (meeting.id in {step.meeting for _, step in held})
    found = answers["attendance"]
    assert found.meetings_without == [n for n, step in held if not dict(step.attendance())]
    for row in found.actors:
        for fact, count in row.counts.items():
            over = [step for n, step in held if _over(plainly, n) and fact in dict(step.attendance())]
            assert count.at_least == sum(row.actor.id in getattr(step, fact).actors for step in over)


def _over(plainly: Plainly, number: int) -> bool:
    """Whether all that an entry says had lasted is past; a date that is still to come is not over."""
    when = plainly.view.form(number).telling.occurred
    begun, lasts, end = ((when and when.edtf) or "").partition("/")
    if not lasts:
        return plainly.is_sure(number)
    return end not in ("", "..") and bool(begun) and stated(end).begin.last <= plainly.view.day


def _completeness(answers: Mapping[str, Any], plainly: Plainly) -> None:
    found = answers["completeness"]
    view = plainly.view
    happened = {n: form.telling for n, form in view.effective.graph.forms.items() if plainly.is_sure(n)}
    assert found.total == len(happened)
    assert sorted(n for numbers in found.dates.values() for n in numbers) == sorted(happened)
    assert {n for n in happened if not happened[n].sources} == set(found.without_source.entries)
    assert {n for n in happened if happened[n].because == "not-recorded"} == set(found.reason_not_recorded)
    assert {n for n in happened if happened[n].asserted_by is None} == set(found.without_account.entries)
    taken = dict(plainly.sure("decision-taken"))
    assert set(found.decisions_without_method.entries) == {n for n, s in taken.items() if s.method == "unrecorded"}
    assert set(found.decisions_without_decider.entries) == {n for n, step in taken.items() if not step.by}
    for lacking in (found.without_source, found.without_reason, found.without_account):
        assert lacking.of == len(happened)
        assert set(lacking.entries) <= happened.keys()
    for lacking in (found.decisions_without_method, found.decisions_without_decider):
        assert lacking.of == len(taken)
