"""The state: every subject with its lifetime and all that was ever assigned to it, folded in the happened order.

`evolve` only remembers. It is total: founded or ended twice, the lowest number holds; what is unknown stays
unknown (SEMANTICS 5.6). It never reads a text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from domain.replay import Form

Value = str | int | None
"""What an attribute can be: an id, a term, nothing – or, for a name, the number of the entry that gave it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something with a lifetime. `assigned` holds, per attribute, (entry, value) in the happened order."""

    id: str
    kind: str
    founded: int
    ended: int | None
    assigned: Mapping[str, tuple[tuple[int, Value], ...]]


State = Mapping[str, Subject]
"""All subjects by id."""

EMPTY: Final[State] = {}


def evolve(state: State, form: Form) -> State:
    """The state after one more entry in force."""
    return {**state, **_changes(state, form)}


def fold(forms: Iterable[Form]) -> State:
    """The state after all forms, given in the happened order."""
    state: dict[str, Subject] = {}
    for form in forms:
        state.update(_changes(state, form))
    return state


def _changes(state: State, form: Form) -> dict[str, Subject]:
    changed: dict[str, Subject] = {}
    for id_, kind in form.meaning.founds:
        known = state.get(id_)
        if known is None or form.number < known.founded:
            changed[id_] = _founded(id_, kind, form, known)
    for assignment in form.meaning.assigns:
        subject = changed.get(assignment.subject) or state.get(assignment.subject)
        if subject is None or (assignment.subject in _founds(form) and assignment.subject not in changed):
            continue
        value: Value = form.number if assignment.attribute == "name" else assignment.value
        history = (*subject.assigned.get(assignment.attribute, ()), (form.number, value))
        assigned = {**subject.assigned, assignment.attribute: history}
        changed[assignment.subject] = replace(subject, assigned=assigned)
    for use in form.meaning.ends:
        subject = changed.get(use.subject) or state.get(use.subject)
        if subject is not None and (subject.ended is None or form.number < subject.ended):
            changed[use.subject] = replace(subject, ended=form.number)
    return changed


def _founded(id_: str, kind: str, form: Form, known: Subject | None) -> Subject:
    """A new subject; one founded before by a higher number keeps only what other entries did to it."""
    own_end = form.number if form.when.end is not None else None
    if known is None:
        return Subject(id_, kind, form.number, own_end, {})
    assigned = {
        attribute: tuple(item for item in history if item[0] != known.founded)
        for attribute, history in known.assigned.items()
    }
    ended = known.ended if known.ended != known.founded else None
    ends = [number for number in (ended, own_end) if number is not None]
    return Subject(id_, kind, form.number, min(ends, default=None), assigned)


def _founds(form: Form) -> set[str]:
    return {subject for subject, _ in form.meaning.founds}
