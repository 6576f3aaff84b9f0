"""The state: every subject with its lifetime and all that was ever assigned to it, folded in the happened order.

`evolve` only remembers. It is total: founded or ended twice, the lowest number holds; what is unknown stays unknown
(SEMANTICS 5.6). It never reads a text.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from domain.replay import Form

Value = str | int | None
"""What an attribute can be: an id, a term, nothing – or, for a name, the number of the entry that gave it."""


class Subject(NamedTuple):
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
    told = [form for form in forms if any(form.meaning)]
    state: dict[str, Subject] = {}
    for form in told:
        state.update(found(state, form))
    for form in told:
        state.update(evolve(state, form))
    return state


def found(state: State, form: Form) -> State:
    """The subjects that an entry founds, unless one with a lower number did."""
    own_end = form.number if form.when.end is not None else None
    return {
        id_: Subject(id_, kind, form.number, own_end, {})
        for id_, kind in form.meaning.founds
        if id_ not in state or form.number < state[id_].founded
    }


def evolve(state: State, form: Form) -> State:
    """The subjects that one more entry changes, as they are after it; all others stay as they were.

    Pure and total. A second founding assigns nothing to what it would have founded.
    """
    founds = {id_ for id_, _ in form.meaning.founds}
    changed: dict[str, Subject] = {}
    for assignment in form.meaning.assigns:
        subject = changed.get(assignment.subject) or state.get(assignment.subject)
        if subject is None or (subject.id in founds and subject.founded != form.number):
            continue
        value: Value = form.number if assignment.attribute == "name" else assignment.value
        history = (*subject.assigned.get(assignment.attribute, ()), (form.number, value))
        changed[subject.id] = subject._replace(assigned={**subject.assigned, assignment.attribute: history})
    for use in form.meaning.ends:
        subject = changed.get(use.subject) or state.get(use.subject)
        if subject is not None and (subject.ended is None or form.number < subject.ended):
            changed[subject.id] = subject._replace(ended=form.number)
    return changed
