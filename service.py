"""The use cases: what the office, the public and evaluators can do with processes.

Every use case takes its account or audience: an `Account`, or `None` for the public. Without the right to see what
is internal, every reading function answers from the published entries alone.
"""

import secrets
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import islice, takewhile
from time import perf_counter
from typing import Final, Literal, Protocol
from zoneinfo import ZoneInfo

from pydantic import Field

from domain.account import Account
from domain.admission import Admitted, Recording, admit, withdraw_from
from domain.entry import Entry, read, resolve, seal
from domain.errors import Hint, Refused, refused
from domain.installation import ENGINE, INSTALLATION
from domain.publication import EntryPublished, EntryWithdrawn, Ground, Statement, TextsErased
from domain.publishing import needed
from domain.record import Record, Salts, microseconds, moment
from domain.replay import Effective, effective, end_of
from domain.step import Step
from domain.stored_entry import stored_entries
from domain.view import View
from projections.difference import Item, difference
from projections.feed import Place, Placed
from projections.filling import Filling
from projections.meetings import AttendanceRegister, attendance
from projections.public_picture import Overview
from projections.search import MOST_LETTERS, MOST_WORDS, asked, passage
from projections.summary import summary
from projections.tables import MOST_COUNTED, Found, Tables
from projections.telling import Line, Name, Shown, line
from projections.timeline import WHOLE, Choice, Contents, Excerpt, News, excerpt
from projections.why import Why, why

Act = Literal["read", "record", "publish", "erase", "administer"]
Audience = Account | None

PERMITTED: Final[Mapping[Act, frozenset[str]]] = {
    "read": frozenset({"recorder", "publisher", "evaluator", "admin"}),
    "record": frozenset({"recorder", "admin"}),
    "publish": frozenset({"publisher", "admin"}),
    "erase": frozenset({"publisher", "admin"}),
    "administer": frozenset({"admin"}),
}
"""Which roles may do what; `read` is reading what is internal."""


def permits(account: Audience, act: Act, process: str) -> bool:
    """Whether an account may do something in a process; a role for `*` holds in every process."""
    if account is None:
        return False
    return any(role in PERMITTED[act] and scope in ("*", process) for role, scope in account.roles)


class Appending(Protocol):
    """A transaction that holds the append lock. Leaving it commits; an exception leaves nothing."""

    @property
    def recorded_at(self) -> datetime: ...
    @property
    def position(self) -> int: ...
    def records(self, after: int) -> list[Record]: ...
    def append(self, records: Sequence[Record]) -> None: ...
    def erase_texts(self, erased: Mapping[int, int]) -> list[Record]: ...


class Forgetting(Protocol):
    """What is erased stands in more places than the entries: in files, in what others have begun, in older backups."""

    def thoroughly(self) -> AbstractContextManager[None]:
        """One transaction that erases; after it no file holds what was erased any more."""

    def forget_texts(self, records: Sequence[Record], ground: Ground) -> None:
        """Has the texts of these records forgotten in all other places, before they are deleted."""


class Observer(Protocol):
    """Who is told how much is done, and how long it takes; of nothing that anybody stated."""

    def recorded(self, entries: int) -> None: ...
    def refused(self, codes: Sequence[str]) -> None: ...
    def viewed(self, seconds: float) -> None: ...


class _Nobody:
    """Nobody wants to know."""

    def recorded(self, entries: int) -> None: ...
    def refused(self, codes: Sequence[str]) -> None: ...
    def viewed(self, seconds: float) -> None: ...


class Beside(Protocol):
    """What lies beside the entries and is shown with them."""

    def version(self) -> object:
        """Another one whenever anything of that has changed."""

    def mark(self) -> object | None:
        """Another one whenever anything has, the entries too, told at once; `None` where that takes a question."""


class _Nothing:
    """Nothing lies there."""

    def version(self) -> object:
        return None

    def mark(self) -> object | None:
        return None


class Store(Protocol):
    """Where entries are kept."""

    def appending(self, process: str) -> AbstractContextManager[Appending]: ...
    def records(self, process: str, after: int = 0) -> Iterator[Record]: ...
    def processes(self, after: int = 0) -> list[str]: ...
    def newest(self, process: str) -> int: ...
    def record(self, position: int) -> Record | None: ...
    def position(self) -> int: ...
    def settled_until(self) -> datetime | None: ...
    def tell(self, until: datetime) -> None: ...
    def erased_texts(self) -> int: ...
    def unexplained(self) -> list[Record]: ...


@dataclass(frozen=True, slots=True)
class Times:
    """The three times of a question, each a day; `None` means: now, and everything that is known.

    `version` is that of an earlier answer, which is given again: by so many entries, the public's or all of them.
    """

    happened_by: date | None = None
    known_by: date | None = None
    published_by: date | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """What is needed to cite an answer: of which process, for whom, on which day, and what it rests on.

    `position` is the highest number it rests on, `version` the number of entries (for the public: the public
    version). `settled` answers never change: only they may be cited by their times. For the public that needs a
    past `published_by`, since later publications open more of what was known before.
    """

    process: str
    day: date
    times: Times
    public: bool
    position: int
    version: int
    settled: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A view with what is needed to cite it."""

    view: View
    cited: Citation

    @property
    def process(self) -> str:
        return self.cited.process

    @property
    def public(self) -> bool:
        """Whether it is the public's answer."""
        return self.cited.public

    @property
    def times(self) -> Times:
        return self.cited.times

    @property
    def day(self) -> date:
        """The day that the view shows."""
        return self.cited.day

    @property
    def position(self) -> int:
        """The highest number it rests on."""
        return self.cited.position

    @property
    def version(self) -> int:
        """How many entries it rests on."""
        return self.cited.version

    @property
    def settled(self) -> bool:
        """Whether it never changes."""
        return self.cited.settled


@dataclass(frozen=True, slots=True)
class Footing:
    """What every answer to the public rests on: the entries, the tables that are read, and which moment it is."""

    position: int
    living: int | None
    until: datetime
    """Until then nothing changes unless something is recorded."""
    beside: object = None
    """Which moment it is of what lies beside the entries and is shown with them."""
    erased: int = 0
    """How many entries have lost their texts: with one more, whatever is kept of them has to go."""
    mark: object | None = field(default=None, compare=False)
    """As long as the mark is equal to this, nothing else has changed; `None`: that cannot be told by a mark."""
    changed: frozenset[str] | None = field(default=None, compare=False)
    """The processes of which answers may be others than on the footing before; `None`: of all of them."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A process in a list of processes."""

    cited: Citation
    overview: Overview


class Hit(Shown):
    """An entry that was found, with the passage as recorded that a word was found in, if it says more than the line."""

    process: str
    process_name: Name
    line: Line
    passage: str | None


class Hits(Shown):
    """One page of what was found, the newest entry first."""

    words: list[str] = Field(description="the words that were looked for, as they were understood")
    total: int = Field(description=f"how many were found, at most {MOST_COUNTED:,}")
    more: bool = Field(description="whether there are more than that")
    hits: list[Hit]


@dataclass(frozen=True, slots=True)
class Fed:
    """An entry in the feed, with its place there and the answer that it is shown by."""

    place: Place
    entry: Entry
    answer: Answer


@dataclass(frozen=True, slots=True)
class FeedEnds:
    """Where the feeds end: that of the accounts at a position, that of the public where its last entry stands."""

    position: int
    public: Place | None

    def of(self, audience: Audience) -> object:
        """As long as this is the same, there is nothing new for an audience."""
        return self.public if audience is None else self.position


@dataclass(frozen=True, slots=True)
class Outcome:
    """What recording did, or would do: one number per statement, the new ones among them, hints and effect."""

    numbers: tuple[int, ...]
    new: tuple[int, ...]
    position: int | None
    hints: tuple[Hint, ...]
    effect: tuple[Item, ...] = ()
    views: tuple[View, View] | None = field(default=None, repr=False, compare=False)
    """Of what was only tried out: today without it, and with it."""


@dataclass(slots=True)
class _Process:
    """The entries of a process as far as they were read; `lock` is held for moments.

    Statements are tried out on `trial`, so that whoever reads never meets an entry that is not stored. Whoever tries
    takes it away and puts it back when it holds stored entries alone.
    """

    entries: list[Entry] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)
    views: dict[object, View] = field(default_factory=dict)
    days: dict[object, View] = field(default_factory=dict)
    """The views on the days that were asked for last, with all that was read of them."""
    instants: list[datetime] | None = None
    """When each public entry became public, in order; `None` until somebody asks again."""
    publications: int = 0
    """How many entries were recorded that change what is public, now or later."""
    recorded: bool = False
    """Whether something was recorded in it by this program: such processes are kept apart from those that are read."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    trial: tuple[Effective, dict[str, int]] | None = None
    _log: Effective = field(default_factory=Effective)

    @property
    def log(self) -> Effective:
        """The entries with what is in force among them, as they are when somebody asks. Asked for under the lock.

        Whoever records has that on `trial` and need not wait until it is known here, too.
        """
        for entry in self.entries[len(self._log.entries) :]:
            self._log.append(entry)
        return self._log

    def take(self, entries: Sequence[Entry]) -> None:
        """Takes in recorded entries; those known already are passed over."""
        with self.lock:
            for entry in entries:
                if entry.number <= len(self.entries):
                    continue
                self.entries.append(entry)
                self.keys[entry.statement.key] = entry.number
                if isinstance(entry.statement.step, EntryPublished | EntryWithdrawn | TextsErased):
                    self.publications += 1
                    self.instants = None

    def renew(self, entries: Sequence[Entry]) -> None:
        """Takes all entries anew and lets go of everything that was made of them before: texts were erased."""
        with self.lock:
            self.entries, self.keys, self._log, self.trial = [], {}, Effective(), None
            self.views.clear()
            self.days.clear()
            self.take(entries)

    def take_trial(self) -> tuple[Effective, dict[str, int]]:
        """All entries to try statements out on, and the numbers by key. Nobody else has them meanwhile."""
        with self.lock:
            (trial, keys), self.trial = self.trial or (Effective(), {}), None
            newer = self.entries[len(trial.entries) :]
        for entry in newer:
            trial.append(entry)
        for entry in trial.entries[len(keys) :]:  # every entry has a key of its own
            keys[entry.statement.key] = entry.number
        return trial, keys

    def put_trial(self, trial: Effective, keys: dict[str, int]) -> None:
        """Whoever took it gives it back, with nothing in it that is not stored."""
        with self.lock:
            if not trial.entries or (self.entries and trial.entries[0] is self.entries[0]):
                self.trial = trial, keys  # else texts were erased meanwhile, which it still holds

    def step(self, reference: int | str) -> Step | None:
        """The step of an entry by its number or key."""
        with self.lock:
            number = self.keys.get(reference, 0) if isinstance(reference, str) else reference
            return self.entries[number - 1].statement.step if 0 < number <= len(self.entries) else None

    def public_size(self, at: datetime) -> int:
        """The public version at an instant: how many entries were public."""
        if self.instants is None:
            log = self.log
            since = (log.public_from(entry.number) for entry in self.entries)
            self.instants = sorted(instant for instant in since if instant is not None)
        return bisect_right(self.instants, at)


def _now() -> datetime:
    return datetime.now(UTC)


class Service:
    """All use cases on one installation. `clock` and `random_bytes` are arguments so that tests can fix them.

    Without `forgetting` and `beside` there is nothing but store and tables. `most_kept` entries are kept in memory,
    twice.
    """

    def __init__(
        self,
        store: Store,
        tables: Tables,
        forgetting: Forgetting | None = None,
        *,
        four_eyes: Callable[[str], bool] = lambda _: False,
        clock: Callable[[], datetime] = _now,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
        beside: Beside | None = None,
        most_kept: int | None = None,
    ) -> None:
        self._store = store
        self._tables = tables
        self._forgetting = forgetting
        self._four_eyes = four_eyes
        self._clock = clock
        self._random_bytes = random_bytes
        self._beside = beside or _Nothing()
        self._most_kept = most_kept
        self._observer: Observer = _Nobody()
        self._processes: dict[str, _Process] = {}
        self._lock = threading.Lock()
        self._settling = threading.Lock()

    def observed_by(self, observer: Observer) -> None:
        """From now on the observer is told."""
        self._observer = observer

    # ---- recording ----------------------------------------------------------------------------------------------

    def record(self, statements: Sequence[Statement], account: Audience, *, last: int | None = None) -> Outcome:
        """Records a list of statements of one process, all or nothing; known keys are not recorded again.

        Whoever looked at the effect before names the `last` entry that it rested on (0: there was none): where others
        recorded since, it is refused, since the effect may be another one now.

        Raises `Refused` with the index and the JSON pointer of every complaint; then nothing was recorded.
        """
        try:
            outcome = self._permitted(statements, account, last)
        except Refused as refusal:
            self._observer.refused([found.code for found in refusal.refusals])
            raise
        self._observer.recorded(len(outcome.new))
        return outcome

    def _permitted(self, statements: Sequence[Statement], account: Audience, last: int | None) -> Outcome:
        process = self._one_process(statements)
        known = self._process(process)
        if not known.entries or any(isinstance(statement.step, EntryWithdrawn) for statement in statements):
            self._forward(known, process)  # without the lock: it may be much, or decide on who may do it
        self._check_permitted(known, statements, account)
        if any(isinstance(statement.step, TextsErased) for statement in statements):
            with nullcontext() if self._forgetting is None else self._forgetting.thoroughly():
                return self._record(known, statements, _id(account), last)
        return self._record(known, statements, _id(account), last)

    def _record(self, known: _Process, statements: Sequence[Statement], by: str, last: int | None) -> Outcome:
        process = statements[0].process
        admitted: Admitted | None = None
        renewed: list[Entry] = []
        try:
            with self._store.appending(process) as appending:
                self._take(known, appending.records)
                recording = Recording(appending.recorded_at, by, appending.position)
                trial, keys, admitted = self._admit(known, statements, recording)
                if admitted.entries and last is not None and admitted.entries[0].number != last + 1:
                    raise refused("recorded-meanwhile", process=process)
                if records := [seal(entry, self._salts()) for entry in admitted.entries]:
                    appending.append(records)
                    if erased := _erased(trial, admitted.entries):
                        renewed = self._erase(appending, trial, erased)
                    else:
                        self._tables.take(trial, records)
        except BaseException:
            if admitted is not None:  # whether anything was stored, the next one to record reads under the lock
                withdraw_from(trial, admitted.entries)
                known.put_trial(trial, keys)
            raise
        if renewed:
            known.renew(renewed)
            self._tables.forget()
        else:
            known.take(admitted.entries)
            known.put_trial(trial, keys)
        known.recorded = True
        return _outcome(admitted)

    def _erase(self, appending: Appending, trial: Effective, erased: Mapping[int, int]) -> list[Entry]:
        """Erases the texts of entries, by number, each for the entry that says so; what was made of them is made anew.

        Answers with all entries of the process, as they are then.
        """
        position = {number: trial.by_number[number].position for number in {*erased, *erased.values()}}
        grounds = {by: trial.by_number[by].statement.step for by in erased.values()}
        for by, step in grounds.items():
            found = [self._store.record(position[number]) for number in erased if erased[number] == by]
            assert isinstance(step, TextsErased)
            if self._forgetting is not None:
                self._forgetting.forget_texts([record for record in found if record is not None], step.legal_ground)
        records = appending.erase_texts({position[number]: position[by] for number, by in erased.items()})
        entries = list(map(read, records))
        self._tables.take_anew(Effective(entries), records, appending.recorded_at)
        return entries

    def _take(self, known: _Process, records: Callable[[int], Iterable[Record]]) -> None:
        """Brings a process up to date; where another program erased texts since, all of it is read anew."""
        newer = [read(record) for record in records(len(known.entries))]
        if known.entries and any(isinstance(entry.statement.step, TextsErased) for entry in newer):
            known.renew([read(record) for record in records(0)])
            self._tables.forget()
        else:
            known.take(newer)

    def _admit(
        self, known: _Process, statements: Sequence[Statement], recording: Recording
    ) -> tuple[Effective, dict[str, int], Admitted]:
        """Tries statements out on the newest entries; what is refused leaves them as they were."""
        trial, keys = known.take_trial()
        try:
            admitted = admit(trial, keys, statements, recording)
        except Refused:
            known.put_trial(trial, keys)
            raise
        try:
            self._refuse_own(trial, admitted, statements)
        except BaseException:
            withdraw_from(trial, admitted.entries)
            known.put_trial(trial, keys)
            raise
        return trial, keys, admitted

    def _refuse_own(self, trial: Effective, admitted: Admitted, statements: Sequence[Statement]) -> None:
        """Where four eyes are wanted, nobody publishes or erases what they recorded themselves."""
        for entry in admitted.entries:
            step = entry.statement.step
            if isinstance(step, EntryPublished | TextsErased) and self._four_eyes(entry.statement.process):
                targets = (trial.entries[target - 1] for target in entry.targets)
                own = [target.number for target in targets if target.recorded_by == entry.recorded_by]
                if own:
                    index = [statement.key for statement in statements].index(entry.statement.key)
                    if isinstance(step, TextsErased):
                        raise refused("four-eyes-erasing", "/step/target", entries=own).at(index)
                    raise refused("four-eyes", "/step/targets", entries=own).at(index)

    def preview(self, statements: Sequence[Statement], account: Audience) -> Outcome:
        """What recording the statements would do, on the newest entries; nothing is recorded."""
        entries, admitted, now = self._tried(statements, account)
        before, after = Effective(entries), Effective([*entries, *admitted.entries])
        today = after.day(now)
        views = View(before, today), View(after, today)
        return replace(_outcome(admitted), position=None, effect=tuple(difference(*views)), views=views)

    def view_with(self, statements: Sequence[Statement], account: Audience) -> View:
        """The process of today as it would stand with the statements recorded; nothing is recorded."""
        entries, admitted, now = self._tried(statements, account)
        after = Effective([*entries, *admitted.entries])
        return View(after, 0).on(after.day(now))

    def _tried(
        self, statements: Sequence[Statement], account: Audience
    ) -> tuple[tuple[Entry, ...], Admitted, datetime]:
        """The newest entries, what recording the statements would add to them, and when that was tried out."""
        process = self._one_process(statements)
        known = self._forward(self._process(process), process)
        self._check_permitted(known, statements, account)
        now = self._now()
        with known.lock:
            entries = tuple(known.entries)
        position = entries[-1].position + 1 if entries else 1
        trial, keys, admitted = self._admit(known, statements, Recording(now, _id(account), position))
        withdraw_from(trial, admitted.entries)
        known.put_trial(trial, keys)
        return entries, admitted, now

    def needed_for_publication(
        self, process: str, targets: Sequence[int], account: Audience, at: datetime | None = None
    ) -> list[int]:
        """The entries that have to be published along with `targets`, so that the public picture is closed.

        Those that are not public by `at`; where no time is named, now.
        """
        self._require(account, "publish", process)
        known = self._forward(self._process(process), process)
        now = self._now()
        with known.lock:
            return needed(known.log, targets, max(now, at or now))

    def own(self, process: str, account: Audience) -> frozenset[int]:
        """The entries that the account may not publish, because it recorded them and four eyes are wanted there."""
        self._require(account, "publish", process)
        if not self._four_eyes(process):
            return frozenset()
        known = self._forward(self._process(process), process)
        with known.lock:
            return frozenset(entry.number for entry in known.entries if entry.recorded_by == _id(account))

    def number_of(self, process: str, key: str, account: Audience) -> int:
        """The number of the entry recorded under a key, if the account may see it."""
        known = self._known(process)
        number = known.keys.get(key)
        if number is None or number not in self.view(process, account).view.effective.by_number:
            raise refused("unknown-entry", entry=key)
        return number

    def _one_process(self, statements: Sequence[Statement]) -> str:
        if not statements:
            raise refused("nothing-stated")
        process = statements[0].process
        for index, statement in enumerate(statements):
            if statement.process != process:
                raise refused("one-process", "/process", process=process).at(index)
        return process

    def _check_permitted(self, known: _Process, statements: Sequence[Statement], account: Audience) -> None:
        """Publishing, and taking a publication back before it takes effect, is one right; erasing is another; all else
        is recording.
        """
        in_list = {statement.key: statement.step for statement in statements}
        for index, statement in enumerate(statements):
            act: Act = "record"
            match statement.step:
                case EntryPublished():
                    act = "publish"
                case TextsErased():
                    act = "erase"
                case EntryWithdrawn(target=target):
                    # A number is an entry and never a key, whatever keys look like; and what a key stands for already
                    # it stands for whatever the list says.
                    step = known.step(target) or (in_list.get(target) if isinstance(target, str) else None)
                    act = "publish" if isinstance(step, EntryPublished) else "record"
            try:
                self._require(account, act, statement.process)
            except Refused as refusal:
                raise refusal.at(index) from None

    def _require(self, account: Audience, act: Act, process: str) -> None:
        if not permits(account, act, process):
            raise refused("not-permitted" if account is not None else "account-needed", act=act, process=process)

    def _salts(self) -> Salts:
        return Salts(self._random_bytes(32), self._random_bytes(32), self._random_bytes(32))

    def forget(self) -> None:
        """Lets go of all that is kept of any process: texts were erased, by this program or another one."""
        with self._lock:
            self._processes.clear()
        self._tables.forget()

    def explain_erasures(self, grounds: Mapping[bytes, Ground]) -> int:
        """Records for entries that have no texts, by their commitments, that these were erased once before.

        An older backup that was put back does not know of it. Texts that are missing and not among these stay missing:
        that is for whoever checks to find.
        """
        explained = 0
        for record in self._store.unexplained() if grounds else ():
            ground, now = grounds.get(record.commitment), self._store.record(record.position)
            if ground is not None and now is not None and now.erased is None:  # not together with one before it
                step = TextsErased(target=record.number, legal_ground=ground, approved_by="as-before")
                key = f"erased-again-{record.commitment.hex()[:16]}"
                statement = Statement(process=record.process, key=key, step=step)
                self._record(self._forward(self._process(record.process), record.process), [statement], ENGINE, None)
                explained += 1
        return explained

    # ---- reading ------------------------------------------------------------------------------------------------

    def seen(self, audience: Audience) -> list[str]:
        """The ids of all processes that the audience may see something of, by today, the oldest first.

        The one of the installation itself is none of the city's, and is not among them; who asks for it finds it.
        """
        public = self._tables.processes(self._now())
        among = public if audience is None else self._store.processes()
        known = set(public)
        seen = (process for process in among if process in known or permits(audience, "read", process))
        return [process for process in seen if process != INSTALLATION]

    def processes(self, audience: Audience, among: Sequence[str] | None = None) -> list[Listed]:
        """Every process that the audience may see something of, or those `among` them, by today, in that order."""
        with self._tables.reading():
            among = self.seen(audience) if among is None else among
            now = self._now()
            from_tables = [process for process in among if not permits(audience, "read", process)]
            public = {found.process: _listed(found, now) for found in self._tables.overviews(now, from_tables)}
            return [public.get(process) or self.listed(process, audience) for process in among]

    def listed(self, process: str, audience: Audience, times: Times = Times()) -> Listed:  # frozen
        """One process in short."""
        listed, _ = self._from_tables(process, audience, times)
        if listed is not None:
            return listed
        answer = self.view(process, audience, times)
        told = Overview(process=process, position=answer.position, version=answer.version, summary=summary(answer.view))
        return Listed(answer.cited, told)

    def _from_tables(self, process: str, audience: Audience, times: Times) -> tuple[Listed | None, datetime]:
        """The process as the tables have it now: they answer what the public asks about today, and nothing else."""
        now = self._now()
        if times != Times() or permits(audience, "read", process):
            return None, now
        found = self._tables.overviews(now, [process])
        if not found:
            raise refused("unknown-process", process=process)
        return _listed(found[0], now), now

    def footing(self, last: Footing | None = None) -> Footing:
        """What answers to the public rest on now: equal to `last` if it is the same, and with it every answer."""
        mark = self._beside.mark()  # before anything is read: what changes meanwhile is asked about again
        with self._tables.reading():
            rests = (self._store.position(), self._tables.living(), self._beside.version())
            same = last is not None and (last.position, last.living, last.beside) == rests
            if last is not None and same and self._clock() < last.until:
                return replace(last, mark=mark)
            position, living, beside = rests
            now = self._now()
            change = None if living is None else self._tables.next_change(now)
            erased = self._store.erased_texts()
            found = self._store.processes(last.position) if last is not None else []
        # A new day changes answers, too: in every time zone of the world it begins on a full quarter of an hour.
        quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) + timedelta(minutes=15)
        until = quarter if change is None else min(quarter, change)
        footing = Footing(position, living, until, beside, erased, mark)
        alone = last is not None and last.position < position and replace(last, position=position) == footing
        # What is recorded in the installation concerns all processes.
        return replace(footing, changed=frozenset(found)) if alone and INSTALLATION not in found else footing

    def stands(self, footing: Footing) -> bool:
        """Whether a footing is the same, as far as that can be told without a question to the database."""
        return footing.mark is not None and footing.mark == self._beside.mark() and self._clock() < footing.until

    def timeline(
        self,
        process: str,
        audience: Audience,
        times: Times = Times(),  # frozen
        *,
        choice: Choice = WHOLE,
        newest: bool = False,
        first: int = 0,
        most: int | None = None,
    ) -> tuple[Citation, Excerpt]:
        """What happened, in order: one page, of everything or of a choice of it."""
        with self._tables.reading():
            listed, now = self._from_tables(process, audience, times)
            if listed is not None:
                zone = ZoneInfo(listed.overview.summary.zone)
                found = self._tables.excerpt(process, now, zone, choice, newest=newest, first=first, most=most)
                return listed.cited, found
        answer = self.view(process, audience, times)
        return answer.cited, excerpt(answer.view, choice, newest=newest, first=first, most=most)

    def news(
        self, process: str, concerned: str | None = None, *, first: int = 0, most: int | None = None
    ) -> tuple[Listed, Contents, News, dict[int, Line]]:
        """What the public learned last, of all or of one body, actor or theme; with the amendments that it names."""
        with self._tables.reading():
            listed, now = self._from_tables(process, None, Times())
            assert listed is not None  # the tables answer what the public asks about today
            found = self._tables.news(process, now, concerned, first=first, most=most)
            amendments = {n for line in found.lines for n in (*line.corrected_by, *line.withdrawn_by)}
            return listed, self._tables.contents(process, now), found, self._tables.lines(process, amendments, now)

    def attendance(
        self,
        process: str,
        audience: Audience,
        times: Times = Times(),  # frozen
    ) -> tuple[Citation, AttendanceRegister]:
        """Who was invited, registered, there or excused, over all meetings."""
        with self._tables.reading():
            listed, now = self._from_tables(process, audience, times)
            if listed is not None:
                return listed.cited, self._tables.attendance(process, now)
        answer = self.view(process, audience, times)
        return answer.cited, attendance(answer.view)

    def search(
        self, question: str, audience: Audience, process: str | None = None, *, first: int = 0, most: int = 20
    ) -> Hits:
        """Entries with words that begin like those of the question: all of them, whatever their case and umlauts.

        What is internal is found by whoever may read it, in the processes where they may.
        """
        words = asked(question)
        if not words:
            raise refused("nothing-asked")
        if len(words) > MOST_WORDS or len(question) > MOST_LETTERS:
            raise refused("question-long", words=MOST_WORDS, letters=MOST_LETTERS)
        with self._tables.reading():
            if process is not None:
                self.listed(process, audience)  # refused where there is none
            return self._search(words, audience, process, first, most)

    def _search(self, words: list[str], audience: Audience, process: str | None, first: int, most: int) -> Hits:
        inside = None if permits(audience, "read", "*") else self._inside(audience)
        total, found = self._tables.search(words, self._now(), inside, process, first=first, most=most)
        views = {hit.process: self._shown(hit.process, audience, found) for hit in found}
        hits = []
        for hit in found:
            name, lines = views[hit.process]
            record = self._store.record(hit.position)
            if hit.number in lines and record is not None:  # not erased or withdrawn from view since it was found
                told = passage(record, words) or ""
                says_more = told.strip("… ") not in (lines[hit.number].headline or "")
                shown = told if says_more else None
                hits.append(Hit(process=hit.process, process_name=name, line=lines[hit.number], passage=shown))
        return Hits(words=words, total=min(total, MOST_COUNTED), more=total > MOST_COUNTED, hits=hits)

    def _inside(self, audience: Audience) -> list[str]:
        roles = () if audience is None else audience.roles
        return [scope for _, scope in roles if permits(audience, "read", scope)]

    def feed(self, audience: Audience, after: Place | None = None, most: int = 100) -> list[Fed]:
        """The next entries of all processes, as they are shown now; none is passed over (see `projections/feed.py`).

        To the public in the order in which they became public; to an account those of the processes that it may read
        what is internal in, in the order in which they were recorded.
        """
        if audience is None:
            self._settle()
        elif not self._inside(audience):
            raise refused("not-permitted", act="read", process="*")
        with self._tables.reading():
            found = self._recorded(audience, after, most) if audience else self._made_public(after, most)
            answers = {process: self.view(process, audience) for process in dict.fromkeys(p.process for p in found)}
        fed = []
        for placed in found:
            answer = answers[placed.process]
            entry = answer.view.effective.by_number[placed.number]
            at = microseconds(entry.recorded_at) if placed.since is None else placed.since
            fed.append(Fed(Place(placed.position, at, public=audience is None), entry, answer))
        return fed

    def _recorded(self, account: Account, after: Place | None, most: int) -> list[Placed]:
        if after is not None:
            there = None if after.public else self._store.record(after.position)
            if there is None or microseconds(there.recorded_at) != after.at:
                raise refused("cursor-unknown", parameter="after", given=str(after))
        inside = None if permits(account, "read", "*") else self._inside(account)
        return self._tables.recorded(0 if after is None else after.position, inside, most)

    def _made_public(self, after: Place | None, most: int) -> list[Placed]:
        until = self._store.settled_until()
        if after is not None:
            since = self._tables.public_since(after.position) if after.public else None
            if until is None or since is None or since != after.at or moment(since) > until:
                raise refused("cursor-unknown", parameter="after", given=str(after))
        return [] if until is None else self._tables.made_public(after, until, most)

    def _settle(self) -> None:
        """Settles time up to the last embargo that has ended, so that the feed can go on to it.

        One reader does so at a time, and waits a moment for whoever records. The others get what is settled already.
        """
        if (ended := self._ended_by_itself()) is None or not self._settling.acquire(blocking=False):
            return
        try:
            self._store.tell(ended)
        finally:
            self._settling.release()

    def _ended_by_itself(self) -> datetime | None:
        """The last moment up to now at which an embargo ended, if time is not settled up to it."""
        with self._tables.reading():
            until = self._store.settled_until()
            return None if until is None else self._tables.last_made_public(until, self._clock())

    def feed_ends(self) -> FeedEnds:
        """Where the feeds end now; what has become public by itself is settled before, where that can be."""
        self._settle()
        with self._tables.reading():
            until = self._store.settled_until()
            return FeedEnds(self._store.position(), None if until is None else self._tables.public_end(until))

    def _shown(self, process: str, audience: Audience, found: Sequence[Found]) -> tuple[Name, dict[int, Line]]:
        """The name of a process, and some of its entries as lines."""
        numbers = [hit.number for hit in found if hit.process == process]
        listed, now = self._from_tables(process, audience, Times())
        if listed is not None:
            return listed.overview.summary.name, self._tables.lines(process, numbers, now)
        view = self.view(process, audience).view
        return summary(view).name, {number: line(view, number) for number in numbers}

    def rebuild(self, told: Callable[[str], None] = lambda _: None) -> str:
        """Fills the tables anew from the first entry, while others go on reading and recording; answers the checksum.

        `told` is called with each process before it is read.
        """
        filling, checksums, seen = self._tables.begin(), dict[str, str](), 0
        erased = self._store.erased_texts()
        for _ in range(ROUNDS):
            upto, behind = self._store.position(), self._store.processes(seen)
            if not behind:
                break
            for process in behind:
                told(process)
                self._put(filling, process, checksums)
            seen = upto
        with filling.finishing():
            for process in self._store.processes(seen):
                self._put(filling, process, checksums)
        filling.clear_other()
        if self._store.erased_texts() != erased and self._forgetting is not None:
            with self._forgetting.thoroughly():  # what was read before may have been written after
                self._tables.forget_words()
        return _checksum(checksums)

    def _put(self, filling: Filling, process: str, checksums: dict[str, str]) -> None:
        records = list(self._store.records(process))
        log = Effective(map(read, records))
        checksums[process] = filling.put(log, records, self._now())

    def check_tables(self) -> str:
        """Holds the tables against the fold, process by process; refused where they differ."""
        checksums = {}
        for process in self._store.processes():
            with self._tables.reading():  # others may record meanwhile
                records, now = list(self._store.records(process)), self._now()
                stored = self._tables.checksum(process, now)
            checksums[process] = self._tables.checksum_of(Effective(map(read, records)), records, now)
            if stored != checksums[process]:
                raise refused("tables-differ", process=process)
        return _checksum(checksums)

    def view(self, process: str, audience: Audience, times: Times = Times()) -> Answer:  # frozen
        """The process on a day, as known by and as published by other days.

        An account that may not see what is internal, and the public, get the published entries. A process of
        which nothing is public does not exist for them.
        """
        began = perf_counter()
        inside = self._reads_inside(process, audience)
        answer = self._answer(self._known(process), process, times, inside=inside)
        self._observer.viewed(perf_counter() - began)
        return answer

    def view_once(self, process: str, audience: Audience, times: Times = Times()) -> Answer:  # frozen
        """The same for whoever goes through it once, as a file is written.

        A large process is read for that alone, in entries that take little memory and are read anew each time they are
        asked; nothing of it is kept beside the answer.
        """
        if not self.is_large(process):
            return self.view(process, audience, times)
        inside = self._reads_inside(process, audience)
        log = Effective(stored_entries(self._store.records(process)))
        return self._answer(_Process(log.entries, _log=log), process, times, inside=inside)

    def is_large(self, process: str) -> bool:
        """Whether a process has more entries than a program that writes one file should hold in memory."""
        return self._store.newest(process) > min(self._kept, KEPT_ENTRIES)

    def _reads_inside(self, process: str, audience: Audience) -> bool:
        """Whether the audience may read what is internal; refused where it may know of nothing."""
        inside = permits(audience, "read", process)
        if not inside and not self._tables.overviews(self._now(), [process]):
            raise refused("unknown-process", process=process)  # without reading what nobody may know of
        return inside

    def _answer(self, known: _Process, process: str, times: Times, *, inside: bool) -> Answer:
        now = self._now()
        with known.lock:
            log = known.log
            day = times.happened_by.toordinal() if times.happened_by is not None else log.day(now)
            known_by = log.end_of(times.known_by) if times.known_by is not None else None
            published_by = log.end_of(times.published_by) if times.published_by is not None else None
            seen_at = published_by if inside else min(now, published_by or now)
            if times.version is not None:
                known_by, seen_at = self._as_of(known, times.version, known_by, seen_at)
            newest = next((e for e in reversed(known.entries) if inside or log.public(e.number, now)), None)
            if newest is None:
                raise refused("unknown-process", process=process)
            asked = (at.toordinal() for at in (times.known_by, times.published_by) if at is not None)
            view = self._view(known, known_by, seen_at, day, min(asked, default=None))
            cut = known_by if inside and published_by is None else published_by
            version = len(view.effective.entries) if seen_at is None else known.public_size(seen_at)
        cited = Citation(
            process=process,
            day=date.fromordinal(day),
            times=times,
            public=not inside,
            position=view.position,
            version=version,
            settled=times.happened_by is not None
            and (times.version is not None or (cut is not None and cut <= newest.recorded_at)),
        )
        return Answer(view, cited)

    def _as_of(
        self, known: _Process, version: int, known_by: datetime | None, seen_at: datetime | None
    ) -> tuple[datetime | None, datetime | None]:
        """Up to when was recorded, or was public, what an earlier answer rested on (SEMANTICS 10.5).

        What was recorded at once was never seen in part; what became public at once neither.
        """
        newest = len(known.entries) if seen_at is None else known.public_size(seen_at)
        if not 1 <= version <= newest:
            raise refused("unknown-version", version=version, newest=newest)
        if seen_at is None:
            since = known.entries[version - 1].recorded_at
            return since if known_by is None else min(known_by, since), None
        assert known.instants is not None  # they were counted
        return known_by, known.instants[version - 1]

    def _view(
        self, known: _Process, known_by: datetime | None, seen_at: datetime | None, day: int, until: int | None
    ) -> View:
        """A view of chosen entries on a day. They are folded once and kept until other entries are chosen.

        As long as nothing is published or taken back, the number of public entries tells which they are: they only
        grow from instant to instant (SEMANTICS 8.5). A past answer about the future is no answer of that future.
        """
        chosen_by = (len(known.entries), 0) if seen_at is None else (known.publications, -known.public_size(seen_at))
        key = (known_by, chosen_by)
        if key not in known.views:
            if len(known.views) >= CACHED_VIEWS:
                known.views.pop(next(iter(known.views)))
            log = known.log
            chosen = effective(log, known_by=known_by, published_by=seen_at)
            alone = log.copy() if chosen is log else chosen  # the log grows while views are read
            known.views[key] = View(alone, 0).on(0)
        if (key, day, until) not in known.days:
            if len(known.days) >= CACHED_DAYS:
                known.days.pop(next(iter(known.days)))
            known.days[key, day, until] = known.views[key].on(day, until)
        found = known.days.pop((key, day, until))
        known.days[key, day, until] = found  # the last one asked for is the last one to go
        return found

    def compare(
        self, process: str, audience: Audience, before: Times, after: Times
    ) -> tuple[Answer, Answer, list[Item]]:
        """Two views of a process and every difference between them with its causes."""
        a, b = self.view(process, audience, before), self.view(process, audience, after)
        return a, b, difference(a.view, b.view)

    def why(self, process: str, number: int, audience: Audience, times: Times = Times()) -> Why:
        """What led to an entry and what it led to."""
        answer = self.view(process, audience, times)
        self._visible(answer, number)
        return why(answer.view, number)

    def entry(self, process: str, number: int, audience: Audience, times: Times = Times()) -> tuple[Answer, Entry]:
        """One entry as recorded. Unknown and unpublished numbers get the same refusal."""
        answer = self.view(process, audience, times)
        return answer, self._visible(answer, number)

    def _visible(self, answer: Answer, number: int) -> Entry:
        entry = answer.view.effective.by_number.get(number)
        if entry is None:
            raise refused("unknown-entry", entry=number)
        return entry

    def public_record(self, position: int) -> Record:
        """The stored entry at a position, if it is public now; refused like one that is not there."""
        record = self._store.record(position)
        if record is not None:
            known, now = self._known(record.process), self._now()
            with known.lock:
                if known.log.public(record.number, now):
                    return record
        raise refused("unknown-entry", entry=position)

    def public_records(self, process: str, after: int, upto: int) -> list[Record]:
        """The stored entries of a process that are public now, of those with numbers after one and up to another."""
        if not self._tables.overviews(self._now(), [process]):
            raise refused("unknown-process", process=process)
        records = list(takewhile(lambda record: record.number <= upto, self._store.records(process, after)))
        known, now = self._known(process), self._now()
        with known.lock:
            return [record for record in records if known.log.public(record.number, now)]

    def stored(self, process: str, number: int, audience: Audience) -> Record:
        """One entry as it is stored, for whoever may read it. Unknown and unpublished numbers get the same refusal."""
        _, entry = self.entry(process, number, audience)
        record = self._store.record(entry.position)
        assert record is not None  # nothing that was recorded goes away
        return record

    def statements(self, process: str, account: Audience, times: Times = Times()) -> Iterator[Statement]:  # frozen
        """The statements of the chosen entries as recorded, references by key: what `import` reads.

        Keys are internal, so this is for accounts that may see what is internal. They are read one after the other:
        however many there are, only their keys are held.
        """
        chosen = self._stated(process, account, times)
        return self._statements(process, {record.number: record.key for record in chosen})

    def last_stated(self, process: str, account: Audience, times: Times = Times()) -> int:  # frozen
        """The number of the last entry that `statements` gives for the same times; 0 if there is none."""
        return sum(1 for _ in self._stated(process, account, times))  # numbers have no gaps

    def _stated(self, process: str, account: Audience, times: Times) -> Iterator[Record]:
        self._require(account, "read", process)
        if (times.happened_by, times.published_by) != (None, None):  # a reference could lead out of it
            raise refused("export-in-part")
        first = next(self._store.records(process), None)
        if first is None:
            raise refused("unknown-process", process=process)
        zone = Effective([read(first)]).zone
        until = None if times.known_by is None else end_of(times.known_by, zone)
        chosen = islice(self._store.records(process), times.version)
        return takewhile(lambda record: until is None or record.recorded_at <= until, chosen)

    def _statements(self, process: str, keys: Mapping[int | str, str]) -> Iterator[Statement]:
        for record in islice(self._store.records(process), len(keys)):
            yield resolve(read(record).statement, lambda reference, _: keys.get(reference, reference))

    def now(self) -> datetime:
        """The instant that answers are given for."""
        return self._now()

    def _known(self, process: str) -> _Process:
        """The process, forwarded to its newest entry; refused where there is none."""
        known = self._forward(self._process(process), process)
        if not known.entries:
            with self._lock:
                self._processes.pop(process, None)
            raise refused("unknown-process", process=process)
        return known

    def _now(self) -> datetime:
        """Now, but never before what is settled: the clock may stand or go back, the record does not."""
        last = self._store.settled_until()
        return self._clock() if last is None else max(self._clock(), last)

    def _process(self, process: str) -> _Process:
        """The process as far as it is known. What was not asked for longest is let go of, beyond what is kept.

        Whoever is using a process keeps it until they are done: two that know of one stay right, as two programs do.
        """
        with self._lock:
            known = self._processes.pop(process, None)
            if known is None:
                known = _Process()
                self._let_go(recorded=False)
                self._let_go(recorded=True)
            self._processes[process] = known
            return known

    @property
    def _kept(self) -> int:
        """How many entries are kept in memory of the processes that are read, and of those that are recorded in."""
        return KEPT_ENTRIES if self._most_kept is None else self._most_kept

    def _let_go(self, *, recorded: bool) -> None:
        """Of those that are recorded in, or of the others: however many are read, they push out none of those."""
        alike = {name: _weight(each) for name, each in self._processes.items() if each.recorded is recorded}
        beyond = sum(alike.values()) - self._kept
        while beyond > 0 and len(alike) > 1:  # the one asked for before stays, however large
            longest_ago = next(iter(alike))
            del self._processes[longest_ago]
            beyond -= alike.pop(longest_ago)

    def _forward(self, known: _Process, process: str) -> _Process:
        # Read before the lock is taken: whoever holds it must not wait for the database.
        self._take(known, lambda after: self._store.records(process, after))
        return known


CACHED_VIEWS: Final = 16
"""How many choices of entries are kept folded per process."""

CACHED_DAYS: Final = 3
"""On how many days they are kept with what was read of them there: up to 3 kB for each entry and day."""

KEPT_ENTRIES: Final = 20_000
"""How many entries are kept in memory, some 5 kB for each, of the processes that are read, and as many of those that
are recorded in; besides those of the process that is asked for. An installation may keep more, or fewer.
"""

LEAST_KEPT: Final = 100
"""As how many entries a smaller process counts, so that not too many are kept to look through."""

ROUNDS: Final = 3
"""How often a rebuild reads what was recorded meanwhile before it keeps others waiting for the rest."""


def _erased(log: Effective, entries: Sequence[Entry]) -> dict[int, int]:
    """The numbers of the entries whose texts new ones erase, or explain the lack of, each with the one that does."""
    erasures = [entry for entry in entries if isinstance(entry.statement.step, TextsErased)]
    covered = ((n, entry.number) for entry in erasures for n in log.erased_with(entry.targets[0]))
    return {number: by for number, by in covered if number < by and log.by_number[number].erased_at is None}


def _weight(known: _Process) -> int:
    """How many entries a process counts for among those that are kept."""
    return max(LEAST_KEPT, len(known.entries))


def _listed(found: Overview, now: datetime) -> Listed:
    """What the tables say of a process to the public, today."""
    day = now.astimezone(ZoneInfo(found.summary.zone)).date()
    cited = Citation(found.process, day, Times(), True, found.position, found.version, False)  # noqa: FBT003
    return Listed(cited, found)


def _checksum(checksums: Mapping[str, str]) -> str:
    return sha256("".join(f"{process} {checksums[process]}\n" for process in sorted(checksums)).encode()).hexdigest()


def _id(account: Audience) -> str:
    assert account is not None  # whoever records was asked for an account before
    return account.id


def _outcome(admitted: Admitted) -> Outcome:
    return Outcome(
        numbers=admitted.numbers,
        new=tuple(entry.number for entry in admitted.entries),
        position=admitted.entries[-1].position if admitted.entries else None,
        hints=admitted.hints,
    )
