"""Which entries count, and in which form (SEMANTICS §2): choose, apply withdrawals, apply corrections.

`Effective` grows by one entry at a time and can give the last one back, so that a list of statements can be
tried out on the newest entries and forgotten again without reading everything anew.
"""

from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from domain.entry import Entry, numbers
from domain.meaning import Meaning
from domain.process import ProcessOpened
from domain.publication import EntryCorrected, EntryPublished, EntryWithdrawn, PlainLanguageAdded, Telling, TextsErased
from domain.step import Step
from domain.when import Reading, When

Key = TypeVar("Key", int, str)
Numbers = tuple[int, ...]
"""Of some entries, ascending."""

UNDATED: Final = When(basis="unknown")


class Form(NamedTuple):
    """What an entry in force states, as its last correction in force has it.

    `source` is the entry it is told by: the entry itself or that correction. `stated_on` is the day of the entry
    that supplied the date: a correction that leaves the date alone does not make it any later (SEMANTICS 1.3).
    `after` are the entries that this one certainly did not precede: told with its date, or what it answers.
    """

    number: int
    source: Entry
    meaning: Meaning
    stated_on: int
    when: Reading
    after: tuple[int, ...]

    @property
    def told_by(self) -> int:
        """The number of the entry it is told by."""
        return self.source.number

    @property
    def telling(self) -> Telling:
        """What it states. It is the source that holds it: a form holds nothing that has to be read."""
        statement = self.source.statement
        return statement.step.corrected if isinstance(statement.step, EntryCorrected) else statement

    @property
    def step_class(self) -> type[Step]:
        """The class of the step that it states."""
        source = self.source
        return type(self.telling.step) if source.about_entries else source.step_class

    def reading(self) -> tuple[int, int]:
        """First and last day on which it can have happened, as stated."""
        return self.when.begin.first, self.when.begin.last

    def refusing(self) -> tuple[int, int]:
        """The same for refusing, where an approximate date says no more than "by then" (SEMANTICS 1.5)."""
        return self.when.begin.refusing(self.stated_on)


def placements(form: Form) -> list[tuple[str, str | None]]:
    """What a form places under what: (subject, parent); no parent means directly under the process.

    A goal stands under the goal it serves: it runs in no ring either.
    """
    return [(a.subject, a.value) for a in form.meaning.assigns if a.attribute in ("parent", "under")]


def _copied(index: Mapping[Key, list[int]]) -> dict[Key, list[int]]:
    return {key: list(numbers) for key, numbers in index.items()}


class Graph:
    """The forms in force, and which of them need which others to have come first (SEMANTICS 4.1)."""

    def __init__(self) -> None:
        self.forms: dict[int, Form] = {}
        self.founders: dict[str, list[int]] = {}
        self.enders: dict[str, list[int]] = {}
        self.users: dict[str, list[int]] = {}
        self.namers: dict[str, list[int]] = {}
        self.followers: dict[int, list[int]] = {}
        self.placing: dict[str, list[int]] = {}
        self.beneath: dict[str, list[int]] = {}
        self.ring_possible = False
        """Whether the placements ever made could run in a ring; false spares looking for one."""

    def copy(self) -> "Graph":
        """The same once more, to go on from."""
        other = Graph()
        other.forms, other.ring_possible = dict(self.forms), self.ring_possible
        other.founders, other.enders = _copied(self.founders), _copied(self.enders)
        other.users, other.namers = _copied(self.users), _copied(self.namers)
        other.followers = _copied(self.followers)
        other.placing, other.beneath = _copied(self.placing), _copied(self.beneath)
        return other

    def add(self, form: Form) -> None:
        """Takes a form in."""
        self.forms[form.number] = form
        for index, key in self._keys(form):
            insort(index.setdefault(key, []), form.number)
        if form.meaning.assigns and not self.ring_possible:
            # Only what has something beneath it can come to stand under itself.
            moved = {subject for subject, parent in placements(form) if parent is not None and subject in self.beneath}
            self.ring_possible = any(self.may_stand_under(subject, subject) for subject in moved)

    def remove(self, form: Form) -> None:
        """Takes a form out again."""
        del self.forms[form.number]
        for index, key in self._keys(form):
            index[key].remove(form.number)
            if not index[key]:
                del index[key]

    def _keys(self, form: Form) -> Iterator[tuple[dict, object]]:  # type: ignore[type-arg]
        meaning = form.meaning
        if not form.after and not any(meaning):  # like most entries, it has to do with no other one
            return
        placed = placements(form)
        for index, keys in (
            (self.founders, [subject for subject, _ in meaning.founds]),
            (self.enders, [use.subject for use in meaning.ends]),
            (self.users, [use.subject for use in meaning.uses]),
            (self.namers, [use.subject for use in meaning.names]),
            (self.followers, form.after),
            (self.placing, [subject for subject, _ in placed]),
            (self.beneath, [parent for _, parent in placed if parent is not None]),
        ):
            for key in keys if len(keys) < 2 else set(keys):
                yield index, key

    def needs(self, number: int) -> set[int]:
        """The entries in force that did not come later than this one."""
        form = self.forms[number]
        found: set[int] = set()
        if not form.after and not any(form.meaning):  # like most entries
            return found
        for use in form.meaning.uses:
            found.update(self.founders.get(use.subject, ()))
        for use in form.meaning.ends:
            found.update(self.founders.get(use.subject, ()), self.users.get(use.subject, ()))
        for earlier in form.after:
            if earlier in self.forms:
                found.add(earlier)
        found.discard(number)
        return found

    def needed_by(self, number: int) -> set[int]:
        """The entries in force that this one did not come later than."""
        form = self.forms[number]
        found: set[int] = set()
        for subject, _ in form.meaning.founds:
            found.update(self.users.get(subject, ()), self.enders.get(subject, ()))
        for use in form.meaning.uses:
            found.update(self.enders.get(use.subject, ()))
        found.update(self.followers.get(number, ()))
        found.discard(number)
        return found

    def tied(self, number: int) -> bool:
        """Whether an entry may need others or be needed: only such entries can bound each other's days."""
        meaning, after = self.forms[number].meaning, self.forms[number].after
        return bool(meaning.founds or meaning.uses or meaning.ends or after or number in self.followers)

    def ordering(self) -> list[int]:
        """The entries that are tied to others."""
        return list(filter(self.tied, self.forms))

    def chain(self, numbers: Iterable[int], link: Callable[[int], set[int]]) -> set[int]:
        """The given entries and all that chains of `link` (`needs`, `needed_by`) lead to from them."""
        found = {number for number in numbers if number in self.forms}
        todo = list(found)
        while todo:
            more = link(todo.pop()) - found
            found |= more
            todo.extend(more)
        return found

    def parents(self, subject: str) -> set[str]:
        """Everything that a subject was ever placed directly under."""
        return {
            parent
            for number in self.placing.get(subject, ())
            for placed, parent in placements(self.forms[number])
            if placed == subject and parent is not None
        }

    def may_stand_under(self, subject: str, other: str) -> bool:
        """Whether the placements ever made could bring a subject, over any steps, under another one."""
        seen: set[str] = set()
        todo = [subject]
        while todo:
            more = self.parents(todo.pop()) - seen
            if other in more:
                return True
            seen |= more
            todo.extend(more)
        return False

    def founder(self, subject: str) -> int | None:
        """The entry that founds a subject; of several the lowest number holds (SEMANTICS 5.6)."""
        founders = self.founders.get(subject)
        return founders[0] if founders else None

    def kind(self, subject: str) -> str | None:
        """The kind of a subject that something in force founds."""
        founder = self.founder(subject)
        if founder is None:
            return None
        return next(kind for founded, kind in self.forms[founder].meaning.founds if founded == subject)

    def ending(self, subject: str) -> list[int]:
        """The entries that end a subject; a lasting date that was over ends what it began."""
        lasted = [number for number in self.founders.get(subject, ()) if self.forms[number].when.end is not None]
        return sorted({*self.enders.get(subject, ()), *lasted})


class Effective:
    """Chosen entries of one process with what is in force among them."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.zone = ZoneInfo("Europe/Berlin")
        self.entries: list[Entry] = []
        self.by_number: dict[int, Entry] = {}
        self.corrections: dict[int, Numbers] = {}
        self.withdrawals: dict[int, Numbers] = {}
        self.publications: dict[int, Numbers] = {}
        self.plain_texts: dict[int, Numbers] = {}
        self.erasures: dict[int, Numbers] = {}
        self.roots: dict[int, int | None] = {}
        """Of entries about entries: the entry at the end of the chain (see `subject_of`)."""
        self.withdrawn: set[int] = set()
        self.founded_by: dict[str, Numbers] = {}
        self.graph = Graph()
        for entry in entries:
            self.append(entry)

    def append(self, entry: Entry) -> None:
        """Takes the next entry into account."""
        self.entries.append(entry)
        self.by_number[entry.number] = entry
        if entry.about_entries:
            self.roots[entry.number] = self.subject_of(entry)
        if len(self.entries) == 1 and isinstance(step := entry.statement.step, ProcessOpened):
            self.zone = ZoneInfo(step.zone)
        last = (entry.number,)  # one for all that it is about: a publication can be about thousands
        for index, target in self._targets(entry):
            index[target] = index[target] + last if target in index else last
        for subject, _ in entry.meaning.founds:
            self.founded_by[subject] = self.founded_by.get(subject, ()) + last
        self._settle(entry)

    def copy(self) -> "Effective":
        """The same once more, to go on from: it costs a small part of taking all entries in again."""
        other = Effective()
        other.zone, other.entries, other.by_number = self.zone, list(self.entries), dict(self.by_number)
        other.corrections, other.withdrawals = dict(self.corrections), dict(self.withdrawals)
        other.publications, other.plain_texts = dict(self.publications), dict(self.plain_texts)
        other.erasures, other.founded_by = dict(self.erasures), dict(self.founded_by)
        other.roots, other.withdrawn = dict(self.roots), set(self.withdrawn)
        other.graph = self.graph.copy()
        return other

    def pop(self) -> Entry:
        """Gives the last entry back, as if it had never been there."""
        entry = self.entries.pop()
        for index, target in self._targets(entry):
            index[target] = index[target][:-1]
        for subject, _ in entry.meaning.founds:
            self.founded_by[subject] = self.founded_by[subject][:-1]
        del self.by_number[entry.number]
        self.roots.pop(entry.number, None)
        self._settle(entry)
        return entry

    def _targets(self, entry: Entry) -> list[tuple[dict[int, Numbers], int]]:
        if not entry.about_entries:
            return []
        indexes: dict[type[Step], dict[int, Numbers]] = {
            EntryCorrected: self.corrections,
            EntryWithdrawn: self.withdrawals,
            PlainLanguageAdded: self.plain_texts,
            TextsErased: self.erasures,
            EntryPublished: self.publications,
        }
        return [(indexes[entry.step_class], target) for target in entry.targets]

    def _settle(self, entry: Entry) -> None:
        """Renews what the coming or going of an entry changes: who is withdrawn, and the form of one told entry."""
        number: int | None = entry.number
        if entry.about_entries:
            self._settle_withdrawals(entry)
            number = self.subject_of(entry)
        if number is None:
            return
        before, after = self.graph.forms.get(number), self._form(number)
        if before is not None:
            self.graph.remove(before)
        if after is not None:
            self.graph.add(after)

    def _settle_withdrawals(self, entry: Entry) -> None:
        seen: Entry | None = entry
        while seen is not None and seen.step_class is EntryWithdrawn:
            (target,) = seen.targets
            if any(withdrawal not in self.withdrawn for withdrawal in self.withdrawals.get(target, ())):
                self.withdrawn.add(target)
            else:
                self.withdrawn.discard(target)
            seen = self.by_number.get(target)

    def subject_of(self, entry: Entry) -> int | None:
        """The entry at the end of a chain of corrections and withdrawals: a told one, or a text in plain language.

        None for what is about a publication, and for an erasure, which changes nothing of what counts.
        """
        if not entry.about_entries or entry.step_class is PlainLanguageAdded:
            return entry.number
        if entry.step_class in (EntryPublished, TextsErased):
            return None
        target = self.by_number.get(entry.targets[0])
        return None if target is None else self.roots.get(target.number, target.number)

    def in_force(self, number: int) -> bool:
        """Whether an entry holds: no withdrawal in force targets it (SEMANTICS 2.2)."""
        return number not in self.withdrawn

    def corrections_of(self, number: int) -> list[int]:
        """The corrections in force of an entry, in the order of their numbers."""
        return [correction for correction in self.corrections.get(number, ()) if self.in_force(correction)]

    def plain_text_of(self, number: int) -> int | None:
        """The entry that says in plain language what an entry tells: of those in force the last one."""
        return next((n for n in reversed(self.plain_texts.get(number, ())) if self.in_force(n)), None)

    def erased_with(self, number: int) -> list[int]:
        """The entries whose texts are erased with those of an entry: it, its corrections so far, its plain texts."""
        return sorted({number, *self.corrections.get(number, ()), *self.plain_texts.get(number, ())})

    def erasure_of(self, number: int) -> int | None:
        """The entry that erased the texts of an entry: the first one after it that is about it or what it restates."""
        entry = self.by_number[number]
        restated = entry.step_class in (EntryCorrected, PlainLanguageAdded)
        about = (number, *(entry.targets if restated else ()))
        return min((e for target in about for e in self.erasures.get(target, ()) if e > number), default=None)

    def _form(self, number: int) -> Form | None:
        entry = self.by_number.get(number)
        if entry is None or entry.about_entries or not self.in_force(number):
            return None
        return self.last_form(number)

    def last_form(self, number: int) -> Form:
        """A told entry by its last correction in force; one that was withdrawn, as it was until then."""
        original = stated = source = self.by_number[number]
        telling: Telling = stated.statement
        for correction in self.corrections_of(number) if number in self.corrections else ():
            source = self.by_number[correction]
            step = source.statement.step
            assert isinstance(step, EntryCorrected)
            if _edtf(step.corrected) != _edtf(telling):
                stated = source
            telling = step.corrected
        stated_on = self.day(stated.recorded_at)
        when = (telling.occurred or UNDATED).read(stated_on)
        meaning = original.meaning if source is original else telling.meaning()
        return Form(number, source, meaning, stated_on, when, _after(telling))

    def day(self, instant: datetime) -> int:
        """The day an instant belongs to, in the process's time zone."""
        return _day(instant, self.zone)

    def end_of(self, day: date) -> datetime:
        """The last microsecond of a day in the process's time zone: a day given as a time means its end."""
        return end_of(day, self.zone)

    def public_from(self, number: int) -> datetime | None:
        """The instant from which an entry is public, or none (SEMANTICS 8.1)."""
        entry = self.by_number[number]
        if entry.step_class is EntryPublished:
            return _effect(entry) if self.in_force(number) else None
        if entry.step_class is TextsErased:
            since = self.public_from(entry.targets[0])
            return None if since is None else max(entry.recorded_at, since)
        holding = [p for p in self.publications.get(number, ()) if p not in self.withdrawn]
        return min([_effect(self.by_number[p]) for p in holding], default=None)

    def public(self, number: int, at: datetime) -> bool:
        """Whether an entry is public at an instant: the one predicate behind every public answer."""
        since = self.public_from(number)
        return since is not None and since <= at


@lru_cache(maxsize=1 << 10)
def _day(instant: datetime, zone: ZoneInfo) -> int:
    """Many entries are recorded at once: for all of them it is one number."""
    return instant.astimezone(zone).date().toordinal()


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last microsecond of a day in a time zone."""
    if not 2 <= day.year <= 9998:  # beyond what a time zone can be reckoned in: before, or after, everything
        return datetime.min.replace(tzinfo=UTC) if day.year < 2 else datetime.max.replace(tzinfo=UTC)
    midnight = datetime.combine(day + timedelta(days=1), time(), zone)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def _effect(entry: Entry) -> datetime:
    step = entry.statement.step
    assert isinstance(step, EntryPublished)
    return max(entry.recorded_at, step.not_before or entry.recorded_at)


def _after(telling: Telling) -> tuple[int, ...]:
    told = () if telling.occurred is None else telling.occurred.after
    if not told and not telling.step.follows:
        return ()
    return numbers((*told, *telling.step.followed()))


def _edtf(telling: Telling) -> str | None:
    return None if telling.occurred is None else telling.occurred.edtf


def effective(
    everything: Effective, *, known_by: datetime | None = None, published_by: datetime | None = None
) -> Effective:
    """What counts among all entries of a process (SEMANTICS 2.1): chosen first, corrected afterwards.

    `known_by` cuts by recording, `published_by` keeps what the public could see then; `None` leaves all.
    """
    chosen = [
        entry
        for entry in everything.entries
        if (known_by is None or entry.recorded_at <= known_by)
        and (published_by is None or everything.public(entry.number, published_by))
    ]
    return everything if len(chosen) == len(everything.entries) else Effective(chosen)
