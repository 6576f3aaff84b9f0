"""The state: every subject with its lifetime and all that was ever assigned to it, folded in the happened order.

`fold` only remembers. It is total: founded or ended twice, the lowest number holds; what is unknown stays unknown
(SEMANTICS 5.6). It never reads a text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

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


def fold(forms: Iterable[Form]) -> State:
    """The state after all forms, given in the happened order.

    Everything is founded first: approximate dates can put an end or an assignment before the founding, and it holds
    all the same.
    """
    told = tuple(forms)
    state: dict[str, Subject] = {}
    for form in told:
        for id_, kind in form.meaning.founds:
            if id_ not in state or form.number < state[id_].founded:
                own_end = form.number if form.when.end is not None else None
                state[id_] = Subject(id_, kind, form.number, own_end, {})
    for form in told:
        _remember(state, form)
    return state


def _remember(state: dict[str, Subject], form: Form) -> None:
    """Adds what one entry assigns and ends; a second founding assigns nothing to what it would have founded."""
    founds = {id_ for id_, _ in form.meaning.founds}
    for assignment in form.meaning.assigns:
        subject = state.get(assignment.subject)
        if subject is None or (subject.id in founds and subject.founded != form.number):
            continue
        value: Value = form.number if assignment.attribute == "name" else assignment.value
        history = (*subject.assigned.get(assignment.attribute, ()), (form.number, value))
        state[subject.id] = replace(subject, assigned={**subject.assigned, assignment.attribute: history})
    for use in form.meaning.ends:
        subject = state.get(use.subject)
        if subject is not None and (subject.ended is None or form.number < subject.ended):
            state[subject.id] = replace(subject, ended=form.number)
