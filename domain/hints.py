"""Hints: what is doubtful about a new entry. They are shown and never block (SEMANTICS 6.5)."""

from collections.abc import Iterator
from dataclasses import replace

from domain.entry import Entry, causes
from domain.errors import Hint
from domain.form_rules import assigning, beneath
from domain.meaning import Assignment
from domain.publication import EntryCorrected, EntryWithdrawn
from domain.replay import Effective, Form, placements
from domain.rooms import first_day, last_day, room
from domain.when import FAR


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
    for hint in _doubts(log, form):
        match entry.statement.step:
            case EntryCorrected():
                pointer = f"/step/corrected{hint.pointer}"
            case EntryWithdrawn():
                pointer = "/step/target"
            case _:
                pointer = hint.pointer
        yield replace(hint, index=index, pointer=pointer)


def _doubts(log: Effective, form: Form) -> Iterator[Hint]:
    if open_order := sorted(_rivals(log, form)):
        yield Hint("order-open", {"number": form.number, "entries": open_order}, pointer="/occurred/after")
    if reversed_ := sorted(_reversed(log, form.number)):
        yield Hint("approximate-order", {"number": form.number, "entries": reversed_}, pointer="/occurred")
    for place, cause in enumerate(causes(form.telling)):
        if cause not in log.graph.forms:
            yield Hint("cause-withdrawn", {"number": cause}, pointer=f"/because/{place}")
        elif first_day(log.graph, cause) > last_day(log.graph, form.number):
            yield Hint("effect-before-cause", {"number": cause}, pointer=f"/because/{place}")
    unclear = [subject for subject, surely in beneath(log, form) if not surely]
    if unclear:
        yield Hint("destination-unclear", {"subjects": unclear}, pointer="/step/destinations")
    for place_ in sorted({use.subject for use in form.meaning.uses if _ended_before(log, use.subject, form.number)}):
        yield Hint("recorded-late-on-ended", {"subject": place_}, pointer="/step")
    if ring := _possible_ring(log, form):
        yield Hint("ring-possible", {"subjects": ring}, pointer="/step")


def _rivals(log: Effective, form: Form) -> set[int]:
    """Entries that assign something else to the same subject, where neither dates nor needs tell which came last."""
    graph, own = log.graph, room(log.graph, form.number)
    before = graph.chain((form.number,), graph.needs)
    after = graph.chain((form.number,), graph.needed_by)
    found: set[int] = set()
    for assignment in form.meaning.assigns:
        for number in set(assigning(log, assignment)) - before - after - found:
            values = {a.value for a in graph.forms[number].meaning.assigns if _same(a, assignment)}
            other = room(graph, number)
            if (assignment.attribute == "name" or values != {assignment.value}) and (
                other.first <= own.last and own.first <= other.last
            ):
                found.add(number)
    return found


def _same(one: Assignment, other: Assignment) -> bool:
    return (one.subject, one.attribute) == (other.subject, other.attribute)


def _reversed(log: Effective, number: int) -> Iterator[int]:
    """The entries whose stated days say the opposite of what the needs say."""
    graph = log.graph
    last = last_day(graph, number)
    yield from (earlier for earlier in graph.needs(number) if first_day(graph, earlier) > last)
    if later := graph.needed_by(number):
        first = first_day(graph, number)
        yield from (other for other in later if first > last_day(graph, other))


def _ended_before(log: Effective, subject: str, number: int) -> bool:
    """Whether the end of a place was recorded earlier than this entry that places something there."""
    return any(ending < number for ending in log.graph.ending(subject))


def _possible_ring(log: Effective, form: Form) -> list[str]:
    """The subjects of a ring that this placement closes if the open dates turn out so."""
    if not log.graph.ring_possible:
        return []
    for subject, parent in placements(form):
        if parent is not None:
            since, until = _may_hold(log, form.number, subject)
            if ring := _ring(log, subject, parent, (since, until), [subject]):
                return sorted(ring)
    return []


def _ring(log: Effective, start: str, at: str, span: tuple[int, int], path: list[str]) -> list[str]:
    """Climbs over placements that can all hold on a common day, back to where it began."""
    if at == start:
        return path
    for number in log.graph.placing.get(at, ()):
        since, until = _may_hold(log, number, at)
        common = max(span[0], since), min(span[1], until)
        for subject, parent in placements(log.graph.forms[number]):
            if subject != at or parent is None or parent in path[1:] or common[0] >= common[1]:
                continue
            if ring := _ring(log, start, parent, common, [*path, at]):
                return ring
    return []


def _may_hold(log: Effective, number: int, subject: str) -> tuple[int, int]:
    """(from, before): the days on which a placement can hold, if what may replace it comes as late as it can."""
    graph = log.graph
    own = room(graph, number)
    replacing = {*graph.placing[subject], *graph.ending(subject)} - {number}
    later = (room(graph, n) for n in replacing if number in graph.needs(n) or first_day(graph, n) > own.last)
    return own.first, min((other.last for other in later), default=FAR)
