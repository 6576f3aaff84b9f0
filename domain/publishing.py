"""What has to be public along with an entry, so that the public picture is closed and true (SEMANTICS 8.2, 8.3)."""

from collections.abc import Collection
from datetime import datetime

from domain.contradictions import Contradiction, contradictions
from domain.entry import Entry, entries_named
from domain.meaning import PROCESS
from domain.publication import EntryCorrected, EntryPublished, PlainLanguageAdded, Telling
from domain.replay import Effective, effective


def needed(log: Effective, targets: Collection[int], at: datetime) -> list[int]:
    """The entries that must be published along with `targets` by `at`, because they are not public by then."""
    found: set[int] = set()
    todo = [target for target in targets if target in log.by_number]
    while todo:
        for other in _asked_for(log, log.by_number[todo.pop()]) - found - set(targets):
            if not log.public(other, at):
                found.add(other)
                todo.append(other)
    return sorted(found)


def left_hanging(log: Effective, withdrawn: Entry, now: datetime) -> list[int]:
    """What other publications still open without something that only a withdrawn one would have opened with it.

    A correction recorded after such a publication was not asked for by it.
    """
    lost = set(withdrawn.targets)
    found: set[int] = set()
    for publication in log.entries:
        step, effect = publication.statement.step, log.public_from(publication.number)
        if not isinstance(step, EntryPublished) or effect is None or effect <= now:
            continue
        for target in publication.targets:
            asked = {n for n in lost & _asked_for(log, log.by_number[target]) if n < publication.number}
            if not all(log.public(number, effect) for number in asked):
                found.add(target)
    return sorted(found)


def _asked_for(log: Effective, entry: Entry) -> set[int]:
    """P1 to P3 for one entry, without what they ask for in turn."""
    if isinstance(entry.statement.step, EntryPublished):
        return set()
    found = _named(log, entry.statement, entry.number) | set(entry.targets)
    if isinstance(entry.statement.step, EntryCorrected):
        found |= _named(log, entry.statement.step.corrected, entry.number)
    root = log.subject_of(entry)
    if entry.about_entries and root is not None:  # P2
        # A text in plain language says what its target had been corrected to when it was written.
        of = entry.targets[0] if isinstance(entry.statement.step, PlainLanguageAdded) else root
        found |= {n for n in about(log, of) if n < entry.number and log.in_force(n)}
    correcting = (*log.corrections.get(entry.number, ()), *log.withdrawals.get(entry.number, ()))
    found |= {n for n in correcting if log.in_force(n)}  # P3
    return found - {entry.number}


def _named(log: Effective, telling: Telling, number: int) -> set[int]:
    """P1: the entries named by number, and the founding of every subject; the opening comes along with anything."""
    found = entries_named(telling)
    for subject in telling.meaning().subjects() | {PROCESS}:
        founders = log.founded_by.get(subject, ())
        holding = log.graph.founder(subject)
        earlier = [founder for founder in founders if founder <= number]
        if holding is not None:
            found.add(holding)
        elif earlier or founders:
            found.add(earlier[-1] if earlier else founders[0])
    return found


def about(log: Effective, root: int) -> set[int]:
    """Every correction and withdrawal that a chain of targets leads from to a told entry."""
    found: set[int] = set()
    todo = [root]
    while todo:
        number = todo.pop()
        more = {*log.corrections.get(number, ()), *log.withdrawals.get(number, ())} - found
        found |= more
        todo.extend(more)
    return found


def instants(log: Effective, now: datetime) -> list[datetime]:
    """Now, and every later instant at which something becomes public."""
    later = (log.public_from(entry.number) for entry in log.entries if _embargoed(entry))
    return sorted({now, *(instant for instant in later if instant is not None and instant > now)})


def _embargoed(entry: Entry) -> bool:
    step = entry.statement.step
    return isinstance(step, EntryPublished) and step.not_before is not None


def public_contradictions(log: Effective, now: datetime) -> set[Contradiction]:
    """What the public would see contradict itself, now or when an embargo ends."""
    found: set[Contradiction] = set()
    for instant in instants(log, now):
        found |= contradictions(effective(log, published_by=instant).graph)
    return found


def along_with(log: Effective, faults: Collection[Contradiction], at: datetime) -> list[int]:
    """What to publish along so that the public picture no longer contradicts itself.

    First of all the corrections and withdrawals of the entries concerned; failing that, whatever the office knows
    of their subjects and of what stands between them.
    """
    concerned = {number for fault in faults for number in fault.entries}
    public = effective(log, published_by=at).graph
    between = public.chain(concerned, public.needs) & public.chain(concerned, public.needed_by)
    hidden = [n for entry in sorted(concerned | between) for n in about(log, entry) if not log.public(n, at)]
    if hidden:
        return sorted(set(hidden))
    subjects = {subject for n in concerned | between for subject in log.by_number[n].meaning.subjects()}
    return sorted(
        number
        for number, form in log.graph.forms.items()
        if not log.public(number, at) and subjects & form.meaning.subjects()
    )
