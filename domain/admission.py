"""Admit or refuse (SEMANTICS §6): refuse what is certainly impossible, hint at what is doubtful.

A list of statements is admitted whole or not at all. Each statement is looked at in its turn, on the entries so
far; contradictions are looked for once, after the whole list, over everything in force.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain import form_rules, hints
from domain.contradictions import Contradiction, contradictions_of
from domain.entry import Entry, resolve, split
from domain.errors import Hint, Refusal, Refused, refused
from domain.meaning import Meaning
from domain.publication import EntryCorrected, EntryPublished, EntryWithdrawn, Statement, TextsErased
from domain.publishing import along_with, public_contradictions
from domain.replay import Effective


@dataclass(frozen=True, slots=True)
class Admitted:
    """`numbers` holds one number per statement of the list; `entries` are those that are new."""

    entries: tuple[Entry, ...]
    numbers: tuple[int, ...]
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """What the engine adds to statements: when and by whom they are recorded, and the next free position."""

    recorded_at: datetime
    recorded_by: str
    position: int


def admit(log: Effective, keys: Mapping[str, int], batch: Sequence[Statement], recording: Recording) -> Admitted:
    """Appends the new entries of a list to `log`, or raises `Refused` and leaves `log` as it was.

    `keys` are the keys recorded so far with their numbers. A statement recorded before under its key is not
    recorded again.
    """
    appended: list[Entry] = []
    try:
        return _admit(log, keys, batch, recording, appended)
    except Refused:
        withdraw_from(log, appended)
        raise


def withdraw_from(log: Effective, appended: Sequence[Entry]) -> None:
    """Takes entries that were only tried out back from the end of `log`."""
    for _ in appended:
        log.pop()


def _admit(
    log: Effective,
    keys: Mapping[str, int],
    batch: Sequence[Statement],
    recording: Recording,
    appended: list[Entry],
) -> Admitted:
    first = log.entries[-1].number + 1 if log.entries else 1
    numbers = _numbered(keys, batch, first)
    given = {statement.key: number for statement, number in zip(batch, numbers, strict=True)}
    erased = _erased_in(batch, (given, keys))
    found: list[Hint] = []
    places: dict[int, int] = {}
    for index, (statement, number) in enumerate(zip(batch, numbers, strict=True)):
        try:
            resolved = resolve(statement, lambda reference, pointer: _number(reference, pointer, (given, keys)))
            if number in log.by_number:
                _same_content(resolved, log.by_number[number])
                continue
            position = recording.position + len(appended)
            entry = Entry(resolved, number, position, recording.recorded_at, recording.recorded_by)
            form_rules.check(log, entry, erased=not erased.isdisjoint({number, *entry.targets}))
            log.append(entry)
            appended.append(entry)
            places[number] = index
            form_rules.check_in_place(log, entry)
        except Refused as refusal:
            raise refusal.at(index) from None
    _refuse_contradictions(log, appended, places)
    for entry in appended:
        found.extend(hints.of(log, entry, places[entry.number]))
    return Admitted(tuple(appended), numbers, tuple(found))


def _erased_in(batch: Sequence[Statement], known: Sequence[Mapping[str, int]]) -> set[int]:
    """The numbers of the entries whose texts a list says were erased; what is unknown is refused in its turn."""
    targets = {statement.step.target for statement in batch if isinstance(statement.step, TextsErased)}
    numbers = (next((k[t] for k in known if t in k), None) if isinstance(t, str) else t for t in targets)
    return {number for number in numbers if number is not None}


def _number(reference: int | str, pointer: str, known: Sequence[Mapping[str, int]]) -> int:
    """The number of a reference; a key is looked up in the list, then among the recorded ones."""
    if isinstance(reference, int):
        return reference
    for keys in known:
        if reference in keys:
            return keys[reference]
    raise refused("unknown-entry", pointer, entry=reference)


def _numbered(keys: Mapping[str, int], batch: Sequence[Statement], first: int) -> tuple[int, ...]:
    """The number of each statement: a known one for a known key, the next free one for a new key."""
    given: dict[str, int] = {}
    for statement in batch:
        if statement.key not in keys and statement.key not in given:
            given[statement.key] = first + len(given)
    return tuple(keys.get(statement.key) or given[statement.key] for statement in batch)


def _same_content(statement: Statement, recorded: Entry) -> None:
    """The same key with the same content is a no-op; where texts were erased, the facts alone are compared."""
    facts, texts = split(statement)
    known_facts, known_texts = split(recorded.statement)
    if facts != known_facts or (texts != known_texts and not recorded.erased):
        raise Refused(Refusal("key-taken", {"key": statement.key, "number": recorded.number}, pointer="/key"))


def _touched(log: Effective, appended: Sequence[Entry]) -> tuple[set[int], set[str]]:
    """The entries that new ones change, and the subjects that any of their meanings founds or ends."""
    numbers: set[int] = set()
    subjects: set[str] = set()
    for entry in appended:
        root = log.subject_of(entry) if entry.about_entries else entry.number
        if root is None:
            continue
        numbers.add(root)
        for meaning in _meanings(log, root):
            subjects |= {subject for subject, _ in meaning.founds} | {use.subject for use in meaning.ends}
    return numbers, subjects


def _meanings(log: Effective, root: int) -> list[Meaning]:
    """Whatever an entry has ever meant: as recorded, and as each correction has it."""
    steps = (log.by_number[number].statement.step for number in log.corrections.get(root, ()))
    corrected = [step.corrected.meaning() for step in steps if isinstance(step, EntryCorrected)]
    return [log.by_number[root].meaning, *corrected]


def _refuse_contradictions(log: Effective, appended: Sequence[Entry], places: Mapping[int, int]) -> None:
    numbers, subjects = _touched(log, appended)
    if new := contradictions_of(log.graph, numbers, subjects):
        withdraw_from(log, appended)
        new -= contradictions_of(log.graph, numbers, subjects)
        for entry in appended:
            log.append(entry)
        if new:
            raise Refused(*(_refusal(log, found, places) for found in sorted(new, key=lambda c: (c.code, c.entries))))
    publishing = [e for e in appended if isinstance(e.statement.step, EntryPublished | EntryWithdrawn)]
    if publishing and (faults := public_contradictions(log, publishing[-1].recorded_at)):
        along = along_with(log, faults, publishing[-1].recorded_at)
        params = {"codes": sorted({fault.code for fault in faults}), "entries": along}
        raise Refused(Refusal("public-contradiction", params, index=places[publishing[-1].number]))


def _refusal(log: Effective, found: Contradiction, places: Mapping[int, int]) -> Refusal:
    """The contradiction as a refusal, placed at the last statement of the list that has a part in it."""
    roots = {root: index for number, index in places.items() if (root := log.subject_of(log.by_number[number]))}
    index = next((roots[number] for number in reversed(found.entries) if number in roots), None)
    if index is None:  # a withdrawal took away what these entries rest on
        index = max(roots.values(), default=None)
    return Refusal(
        found.code, {"entries": list(found.entries), "subject": found.subject, "expected": found.expected}, index=index
    )
