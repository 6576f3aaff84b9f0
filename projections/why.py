"""The why-path: what led to an entry, and what it led to, along the causes that the office stated."""

from pydantic import Field

from domain.entry import causes
from domain.replay import Form
from domain.view import View, once
from projections.span import Span, span
from projections.telling import Line, Shown, line


class Why(Shown):
    """An entry with everything that led to it and everything that followed from it.

    `causes` and `consequences` hold each entry once, nearest first; `links` are the pairs (cause, effect).
    """

    entry: Line
    causes: list[Line]
    consequences: list[Line]
    links: list[tuple[int, int]]
    related: list[Line] = Field(
        description="what answers, settles, replaces or ends it, and what it answers, settles, replaces or ends"
    )
    spans: list[Span] = Field(description="from each of its causes to it, and from it to each of its consequences")


def why(view: View, number: int) -> Why:
    """Walks along the causes both ways, among the chosen entries only."""
    backward, forward = _links(view)
    before, after = _reach(backward, number), _reach(forward, number)
    around = {number, *before, *after}
    return Why(
        entry=line(view, number),
        causes=[line(view, n) for n in before],
        consequences=[line(view, n) for n in after],
        links=sorted((cause, effect) for effect in around for cause in backward.get(effect, ()) if cause in around),
        related=[line(view, n) for n in _related(view, number) if n not in around],
        spans=[
            span(view, cause, effect)
            for cause, effect in (*((n, number) for n in before), *((number, n) for n in after))
            if view.effective.in_force(cause) and view.effective.in_force(effect)
        ],
    )


def _related(view: View, number: int) -> list[int]:
    """The entries that are tied to one otherwise than as its cause: by a reference, or by a subject that one ends.

    A beginning and its end belong together: a commitment and its settlement, a body and its dissolution.
    """
    graph = view.effective.graph
    form = graph.forms.get(number)
    if form is None:
        return []
    found = _speaks_of(view, form)
    for subject, _ in form.meaning.founds:
        around = {*graph.enders.get(subject, ()), *graph.namers.get(subject, ())}
        found |= {other for other in around if number in _speaks_of(view, graph.forms[other])}
    found.update(_referring(view).get(number, ()))
    return sorted(found - {number})


@once
def _referring(view: View) -> dict[int, list[int]]:
    """The entries that answer or settle one, by its number; with what else they speak of."""
    found: dict[int, list[int]] = {}
    for other, form in view.effective.graph.forms.items():
        for number in _speaks_of(view, form) if form.telling.step.refers else ():
            found.setdefault(number, []).append(other)
    return found


def _speaks_of(view: View, form: Form) -> set[int]:
    """The entries that a form answers, settles, replaces, confirms or ends."""
    step = form.telling.step
    found = {reference for _, reference in step.references() if isinstance(reference, int)}
    subjects = [use.subject for use in form.meaning.ends]
    subjects += [
        named for field in ("replaces", "confirms", "becomes", "continues") if (named := getattr(step, field, None))
    ]
    founders = (view.effective.graph.founder(subject) for subject in subjects)
    return found | {founder for founder in founders if founder is not None}


@once
def _links(view: View) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    backward: dict[int, list[int]] = {}
    forward: dict[int, list[int]] = {}
    for entry in view.effective.entries:
        form = view.effective.graph.forms.get(entry.number)
        for cause in causes(form.telling if form is not None else entry.statement):
            if cause in view.effective.by_number:
                backward.setdefault(entry.number, []).append(cause)
                forward.setdefault(cause, []).append(entry.number)
    return backward, forward


def _reach(links: dict[int, list[int]], start: int) -> list[int]:
    """Everything reached from an entry, nearest first."""
    found = {start: None}  # in the order in which they were reached
    todo = [start]
    for number in todo:
        new = [other for other in links.get(number, ()) if other not in found]
        found.update(dict.fromkeys(new))
        todo.extend(dict.fromkeys(new))
    del found[start]
    return list(found)
