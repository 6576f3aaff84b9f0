"""Hints: what is doubtful about a new entry. They are shown and never block (SEMANTICS 6.5)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from domain.entry import Entry, causes
from domain.errors import Hint
from domain.form_rules import assigning, beneath
from domain.meaning import PLACE, Assignment
from domain.publication import EntryCorrected, EntryWithdrawn
from domain.replay import Effective, Form, placements
from domain.rooms import first_day, first_days, last_day, last_days, room
from domain.when import FAR

SPANS: Final = 4
"""How many different spans of days a subject is climbed from when a ring is looked for."""


def of(log: Effective, entry: Entry, index: int) -> Iterator[Hint]:
    """The hints about an entry that has taken its place; `index` is its statement's place in the list."""
    root = log.subject_of(entry)
    if root is None:
        return
    if entry.about_entries and _public_behind(log, root, entry):
        yield Hint("public-behind", {"number": root, "entry": entry.number}, index)
    if isinstance(entry.statement.step, EntryCorrected) and (plain := log.plain_text_of(root)) is not None:
        yield Hint("plain-language-older", {"number": root, "entry": plain}, index)
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
    unclear = sorted({subject for subject, surely in beneath(log, form) if not surely})
    if unclear:
        yield Hint("destination-unclear", {"subjects": unclear}, pointer="/step/destinations")
    places = (use.subject for use in form.meaning.uses if use.kinds <= PLACE)
    for place_ in sorted({place for place in places if _ended_before(log, place, form)}):
        yield Hint("recorded-late-on-ended", {"subject": place_}, pointer="/step")
    if ring := _possible_ring(log, form):
        yield Hint("ring-possible", {"subjects": ring}, pointer="/step")


def _rivals(log: Effective, form: Form) -> set[int]:
    """Entries that assign something else to the same subject, where neither dates nor needs tell which came last."""
    graph = log.graph
    others = [(a, set(assigning(log, a)) - {form.number}) for a in form.meaning.assigns]
    if not any(numbers for _, numbers in others):
        return set()
    own = room(graph, form.number)
    before = graph.chain((form.number,), graph.needs)
    after = graph.chain((form.number,), graph.needed_by)
    found: set[int] = set()
    for assignment, numbers in others:
        for number in numbers - before - after - found:
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
    stated = graph.forms[number].reading()
    # No chain of needs makes a first day later than the stated last one, or a last day earlier than the stated first.
    needs = {n for n in graph.needs(number) if graph.forms[n].reading()[1] > stated[0]}
    needed_by = {n for n in graph.needed_by(number) if stated[1] > graph.forms[n].reading()[0]}
    if not needs and not needed_by:
        return
    first, last = first_days(graph, number), last_days(graph, number)
    yield from (earlier for earlier in needs if first[earlier] > last[number])
    yield from (later for later in needed_by if first[number] > last[later])


def _ended_before(log: Effective, subject: str, form: Form) -> bool:
    """Whether the end of a place was recorded earlier than what places something there: an entry, or its correction."""
    original = log.by_number[form.number].meaning.uses
    said_by = form.number if subject in {use.subject for use in original} else form.told_by
    return any(ending < said_by for ending in log.graph.ending(subject))


def _public_behind(log: Effective, root: int, entry: Entry) -> bool:
    """Whether an entry is or will be public in a form that this correction or withdrawal changes unseen."""
    since, own = log.public_from(root), log.public_from(entry.number)
    return since is not None and (own is None or own > max(since, entry.recorded_at))


def _possible_ring(log: Effective, form: Form) -> list[str]:
    """The subjects of a ring that this placement closes if the open dates turn out so.

    Climbs over placements that can all hold on a common day. A subject reached again on no new days is not climbed
    from again, and from each one a few spans of days are enough for a hint.
    """
    if not log.graph.ring_possible:
        return []
    for start, first in placements(form):
        if first is None:
            continue
        todo: list[tuple[str, tuple[int, int], tuple[str, ...]]]
        todo = [(first, _may_hold(log, form.number, start), (start,))]
        spans: dict[str, list[tuple[int, int]]] = {}
        while todo:
            at, (since, until), path = todo.pop()
            if at == start:
                return sorted(path)
            known = spans.setdefault(at, [])
            if len(known) >= SPANS or any(low <= since and until <= high for low, high in known):
                continue
            known.append((since, until))
            for number in log.graph.placing.get(at, ()):
                low, high = _may_hold(log, number, at)
                common = max(since, low), min(until, high)
                above = [parent for subject, parent in placements(log.graph.forms[number]) if subject == at]
                if common[0] < common[1]:
                    todo.extend((parent, common, (*path, at)) for parent in above if parent is not None)
    return []


def _may_hold(log: Effective, number: int, subject: str) -> tuple[int, int]:
    """(from, before): the days on which a placement can hold, if what may replace it comes as late as it can."""
    graph = log.graph
    own = room(graph, number)
    later = graph.chain((number,), graph.needed_by)
    replacing = {*graph.placing[subject], *graph.ending(subject)} - {number}
    replaced = (last_day(graph, n) for n in replacing if n in later or first_day(graph, n) > own.last)
    return own.first, min(replaced, default=FAR)
