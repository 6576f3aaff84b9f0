"""Hints: what is doubtful about a new entry. They are shown and never block (SEMANTICS 6.5)."""

from collections.abc import Iterator

from domain.entry import Entry, causes
from domain.errors import Hint
from domain.form_rules import beneath
from domain.replay import Effective, Form
from domain.rooms import Rooms, rooms


def of(log: Effective, entry: Entry, index: int) -> Iterator[Hint]:
    """The hints about an entry that has taken its place; `index` is its statement's place in the list."""
    root = log.subject_of(entry)
    if root is None:
        return
    if entry.about_entries and log.public(root, entry.recorded_at) and not log.public(entry.number, entry.recorded_at):
        yield Hint("public-behind", {"number": root, "entry": entry.number}, index)
    form = log.graph.forms.get(root)
    if form is None:
        return
    graph = log.graph
    tied = graph.connected({form.number})
    found = rooms(graph, among=tied)
    open_order = sorted(n for n in graph.needs(form.number) if form.when.begin.first <= graph.forms[n].when.begin.last)
    if open_order:
        yield Hint("order-open", {"number": form.number, "entries": open_order}, index, "/occurred")
    if reversed_ := [pair for pair in found.reversed(graph) if form.number in pair]:
        params = {"number": form.number, "entries": sorted({n for pair in reversed_ for n in pair} - {form.number})}
        yield Hint("approximate-order", params, index, "/occurred")
    yield from _causes(log, form, found, index)
    unclear = [subject for subject, surely in beneath(log, form) if not surely]
    if unclear:
        yield Hint("destination-unclear", {"subjects": unclear}, index, "/step/destinations")
    for place in sorted({use.subject for use in form.meaning.uses if _ended_before(log, use.subject, form.number)}):
        yield Hint("recorded-late-on-ended", {"subject": place}, index, "/step")
    if ring := _possible_ring(log, form):
        yield Hint("ring-possible", {"subjects": ring}, index, "/step")


def _causes(log: Effective, form: Form, found: Rooms, index: int) -> Iterator[Hint]:
    for place, cause in enumerate(causes(form.telling)):
        known = log.graph.forms.get(cause)
        if known is None:
            yield Hint("cause-withdrawn", {"number": cause}, index, f"/because/{place}")
            continue
        first = found.of[cause].first if cause in found.of else known.when.begin.first
        if first > found.of[form.number].last:
            yield Hint("effect-before-cause", {"number": cause}, index, f"/because/{place}")


def _ended_before(log: Effective, subject: str, number: int) -> bool:
    """Whether the end of a place was recorded earlier than this entry that places something there."""
    return any(ending < number for ending in log.graph.ending(subject))


def _possible_ring(log: Effective, form: Form) -> list[str]:
    """Subjects that could stand under themselves if the open dates turned out so."""
    moved = {a.subject for a in form.meaning.assigns if a.attribute == "parent" and a.value is not None}
    for subject in sorted(moved):
        seen: set[str] = set()
        todo = [subject]
        while todo:
            for parent in _parents(log, todo.pop()) - seen:
                seen.add(parent)
                todo.append(parent)
        if subject in seen:
            return sorted(seen)
    return []


def _parents(log: Effective, subject: str) -> set[str]:
    graph = log.graph
    placing = (*graph.founders.get(subject, ()), *graph.users.get(subject, ()))
    return {
        assignment.value
        for number in placing
        for assignment in graph.forms[number].meaning.assigns
        if assignment.subject == subject and assignment.attribute == "parent" and assignment.value is not None
    }
