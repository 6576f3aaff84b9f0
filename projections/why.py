"""The why-path: what led to an entry, and what it led to, along the causes that the office stated."""

from domain.entry import causes
from domain.view import View
from projections.telling import Line, Shown, line


class Why(Shown):
    """An entry with everything that led to it and everything that followed from it.

    `causes` and `consequences` hold each entry once, nearest first; `links` are the pairs (cause, effect).
    """

    entry: Line
    causes: list[Line]
    consequences: list[Line]
    links: list[tuple[int, int]]


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
    )


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
    found: list[int] = []
    todo = [start]
    for number in todo:
        for other in links.get(number, ()):
            if other not in found and other != start:
                found.append(other)
                todo.append(other)
    return found
