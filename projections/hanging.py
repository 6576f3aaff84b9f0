"""What hangs in the air where entries are supposed away or otherwise: who names them in force, and in which field.

A contradiction says that something cannot be. This says what was put down because of an entry, in answer to it, about
it or in its place – and would have lost that, whether or not a rule is broken.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from domain.entry import causes
from domain.replay import Form
from domain.view import View


@dataclass(frozen=True, slots=True, order=True)
class Hanging:
    """An entry in force, the field in which it names another one, and that one."""

    entry: int
    field: str
    on: int


def hanging(view: View, other: View, supposed: Collection[int]) -> list[Hanging]:
    """Every entry of both views that names one of some entries, which the other view has not or has otherwise.

    Where the other view does not know a subject any more, its contradictions say who names that.
    """
    named, log = frozenset(supposed), other.effective
    founded = _founded(view, other, named)
    found: set[Hanging] = set()
    for number, entry in view.effective.by_number.items():
        if number in named or number not in log.by_number or not view.effective.in_force(number):
            continue
        if entry.about_entries:
            field = "targets" if entry.statement.step.type == "entry-published" else "target"
            found.update(Hanging(number, field, target) for target in named.intersection(entry.targets))
        elif number in view.effective.graph.forms:
            found.update(_by(view.form(number), named, founded))
    return sorted(found)


def _by(form: Form, named: frozenset[int], founded: Mapping[str, int]) -> Iterator[Hanging]:
    """How one entry names some of the others."""
    telling = form.telling
    yield from (Hanging(form.number, "because", cause) for cause in named.intersection(causes(telling)))
    after = () if telling.occurred is None else telling.occurred.after
    yield from (Hanging(form.number, "after", earlier) for earlier in named.intersection(after))
    for pointer, reference in telling.step.references():
        if reference in named:
            yield Hanging(form.number, pointer.split("/")[1], int(reference))
    meaning = form.meaning
    subjects = {use.subject for use in (*meaning.uses, *meaning.ends, *meaning.names)} & founded.keys()
    for field in type(telling.step).model_fields if subjects else ():
        yield from (Hanging(form.number, field, founded[id_]) for id_ in subjects & set(_words(telling.step, field)))


def _founded(view: View, other: View, named: frozenset[int]) -> dict[str, int]:
    """The subjects that some entries founded and that are still known: each with the entry."""
    graph, left = view.effective.graph, other.effective.graph
    forms = (graph.forms[number] for number in named if number in graph.forms)
    subjects = ((subject, form.number) for form in forms for subject, _ in form.meaning.founds)
    return {subject: number for subject, number in subjects if left.founder(subject) is not None}


def _words(model: BaseModel, field: str) -> Iterator[str]:
    """Everything that could be an id in a field, however deep."""
    todo = [getattr(model, field)]
    while todo:
        match todo.pop():
            case str() as word:
                yield word
            case tuple() as several:
                todo += several
            case BaseModel() as inner:
                todo += [getattr(inner, name) for name in type(inner).model_fields]
