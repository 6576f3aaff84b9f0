"""The figures of a process as this program reckons them; the notebook reckons the main ones again, from the tables."""

from collections import Counter
from datetime import date

from adapters.answers import Json
from domain.feedback import FeedbackAnswered, FeedbackReceived
from domain.publication import EntryCorrected, EntryWithdrawn
from domain.view import View
from projections.analytics.figures import Figure
from projections.analytics.report import report
from projections.commitments import promises
from projections.completeness import completeness
from projections.decisions import decisions
from projections.meetings import attendance
from projections.spells import spells
from projections.telling import state_of, told
from projections.timeline import kind_of


def figures(view: View, *, public: bool) -> Json:
    """By their names; each says what is counted. The public is given no number of actors.

    `report` and `curves` are the page of figures, as its reader sees it.
    A figure of the report stands under its place on that page, with at least and at most what it is, or why there is
    none; a curve is a list of steps: from which day on at least and at most which share.
    """
    record, entries = completeness(view), view.effective.entries
    feedback = [form.number for form, _ in told(view, FeedbackReceived)]
    forms = view.effective.graph.forms.values()
    found = report(view, public=public)
    return {
        "entries": len(entries),
        "entries_by_state": _sorted(state_of(view, entry.number) for entry in entries),
        "entries_in_force_by_subject": _sorted(kind_of(form.telling.step.type) for form in forms),
        "corrections_in_force": _amending(view, EntryCorrected),
        "withdrawals_in_force": _amending(view, EntryWithdrawn),
        "certain_entries": record.total,
        "certain_entries_by_date_basis": {basis: len(found) for basis, found in record.dates.items() if found},
        "certain_entries_without_source": len(record.without_source.entries),
        "certain_decisions_by_method": dict(sorted(decisions(view).methods.items())),
        "feedback": len(feedback),
        "feedback_answered": sum(bool(_answers(view, number)) for number in feedback),
        "commitments_by_standing": promises(view).standings,
        **({} if public else {"actors_in_attendance": len(attendance(view).actors)}),
        "counted_levels": _counted(view, "level"),
        "counted_bodies": _counted(view, "body"),
        "counted_bodies_by_day": _by_day(view),
        "report": {figure.anchor: _told(figure) for figure in found.figures()},
        "curves": {
            curve.id: [[step.day, step.at_least, step.at_most] for step in curve.steps]
            for analysis in found.analyses
            for curve in analysis.curves
        },
    }


def _told(figure: Figure) -> Json:
    value = {"at_least": None, "at_most": None} if figure.value is None else figure.value.model_dump()
    return {**value, "unit": figure.unit, "reason": figure.reason}


def _sorted(names: object) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))  # type: ignore[call-overload]


def _amending(view: View, kind: type[EntryCorrected | EntryWithdrawn]) -> int:
    log = view.effective
    return sum(entry.step_class is kind and log.in_force(entry.number) for entry in log.entries)


def _answers(view: View, number: int) -> list[int]:
    """The entries that answer a feedback and have happened by the day, or may have."""
    graph = view.effective.graph
    forms = (graph.forms[n] for n in graph.followers.get(number, ()) if n in graph.forms)
    return [f.number for f in forms if f.step_class is FeedbackAnswered and view.room(f.number).first <= view.day]


def _counted(view: View, kind: str) -> int:
    return sum(subject.kind == kind and view.counted(id_) for id_, subject in view.state.items())


def _by_day(view: View) -> dict[str, int]:
    """How many bodies there were on each day on which a level or a body came, went or moved."""
    found = {}
    bodies = [id_ for id_, subject in view.state.items() if subject.kind == "body"]
    for day in sorted({spell.first for spell in spells(view)}):
        then = view.on(day)
        found[date.fromordinal(day).isoformat()] = sum(then.counted(id_) for id_ in bodies)
    return found
