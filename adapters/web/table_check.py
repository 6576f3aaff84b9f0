"""A table against what is recorded: what each row would do, and what is wrong in which cell, before anything is saved.

The key of a row is made of the process and of what the row says: the same file again says the same, and does nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from typing import Final, Literal

from adapters.imports.statements import statement_of
from adapters.imports.tables import Grid, Row, letter
from adapters.web.form_controls import Control, controls, recordable
from adapters.web.form_ids import Completed, completed
from adapters.web.form_reading import READ, UNDERSTOOD, filled, stated
from adapters.web.form_words import REFUSED
from adapters.web.table_columns import EXAMPLE, TableColumn, columns, folded, several, typed_as
from adapters.web.wording import Wording
from domain.errors import Refusal, Refused
from domain.german_dates import from_words
from domain.publication import Statement, Telling
from domain.words import REFUSALS, say
from projections.telling import name
from service import Audience, Service

State = Literal["new", "known", "withdrawn", "changed", "corrected", "refused", "example"]

MOST_TRIES: Final = 100
"""How many rows that only the whole record can refuse are looked for, one after the other."""

MOST_TRIED: Final = 100_000
"""How many rows are tried out for that altogether: some half a minute. A table of 20,000 rows is tried five times."""

IN_WORDS: Final = {"speakers": "from_whom", "actors": "in_words"}
"""Where an organisation can stand in words, by the field it would be named in."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, and where: in a column, or in the row as a whole."""

    column: int | None
    sentence: str
    code: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row would do. `number` is the entry that says the same already, or that it would correct."""

    row: int
    state: State
    title: str
    number: int | None = None
    wrong: Sequence[Wrong] = ()
    differences: Sequence[tuple[str, str, str]] = ()
    statement: Statement | None = None
    like: int | None = None
    """The row of the same table that says exactly the same."""


Came = tuple[int, str, int | None, int | None]
"""What became of a row: its number, what was done, with which entry, and which it corrects or of which row it says the
same."""

Done = tuple[list[int], list[Came]]
"""The entries of new organisations, and what became of each row."""


@dataclass(frozen=True, slots=True)
class Question:
    """An organisation that is not known by this name, with those that are called alike; what was answered."""

    name: str
    id: str
    similar: Sequence[tuple[str, str]]
    answer: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What was chosen on the page: which column is which, who is meant, and which rows may correct."""

    mapping: Mapping[int, str]
    names: Mapping[str, str] = field(default_factory=dict)
    corrected: frozenset[int] = frozenset()
    reason: str = ""


def question_id(called: str) -> str:
    """How an organisation is named in a form, so that no name has to stand in one."""
    return sha256(folded(called).encode()).hexdigest()[:16]


class Check:
    """One table with the answers so far, looked at against one view of the process."""

    def __init__(
        self,
        grid: Grid,
        step_type: str,
        process: str,
        words: Wording,
        answers: Answers,
        service: Service,
        who: Audience,
    ) -> None:
        self.grid = grid
        self.step_type = step_type
        self.process = process
        self.words = words
        self.view = words.view
        self.answers = answers
        self.unfinished = False
        """Whether there may be more rows that only the whole record can refuse, which were not looked for any more."""
        self.questions: dict[str, Question] = {}
        self.new_actors: dict[str, Statement] = {}
        by_name = {column.name: column for column in columns(step_type, words.language)}
        self.columns = {place: by_name[name] for place, name in answers.mapping.items() if name in by_name}
        self.missing = [c for c in by_name.values() if c.required and c.name not in answers.mapping.values()]
        self._keys = {entry.statement.key: n for n, entry in self.view.effective.by_number.items()}
        self._ids: Completed = completed(step_type, {}, self.view)
        seen: dict[str, int] = {}
        self.verdicts = [self._verdict(row, seen) for row in grid.rows]
        self._try(service, who)

    @property
    def rows(self) -> list[Statement]:
        """What the rows would record."""
        return [v.statement for v in self.verdicts if v.state in ("new", "corrected") and v.statement is not None]

    @property
    def actors(self) -> list[Statement]:
        """The new organisations that those rows name."""
        told = "".join(statement.model_dump_json() for statement in self.rows)
        return [each for each in self.new_actors.values() if f'"{each.step.actor}"' in told]  # type: ignore[union-attr]

    @property
    def statements(self) -> list[Statement]:
        """All that would be recorded: organisations first, since the rows name them."""
        return [*self.actors, *self.rows]

    @property
    def may_be_saved(self) -> bool:
        return bool(self.statements) and not any(v.state == "refused" for v in self.verdicts)

    def record(self, service: Service, account: Audience) -> Done:
        """Records what the rows would, all of it or nothing."""
        numbers = iter(service.record(self.statements, account).numbers if self.statements else ())
        actors = [next(numbers) for _ in self.actors]
        return actors, [_came_of(verdict, numbers) for verdict in self.verdicts]

    # ---- one row ------------------------------------------------------------------------------------------------

    def _verdict(self, row: Row, seen: dict[str, int]) -> Verdict:
        title = next((cell for place, cell in enumerate(row.cells) if cell and place in self.columns), "")[:100]
        if any(cell.startswith(EXAMPLE) for cell in row.cells):
            return Verdict(row.number, "example", title)
        cells = [(c.name, row.cells[place]) for place, c in self.columns.items() if place < len(row.cells)]
        told = repr((self.process, self.step_type, sorted((at, cell) for at, cell in cells if cell)))
        key = f"tabelle-{sha256(told.encode()).hexdigest()[:40]}"
        if key in seen:
            return Verdict(row.number, "known", title, like=seen[key])
        number = self._keys.get(key)
        if number is not None and not self.view.effective.in_force(number):
            return Verdict(row.number, "withdrawn", title, number)
        if number is not None and not self.view.effective.corrections_of(number):
            return Verdict(row.number, "known", title, number)
        wrong = [Wrong(place, say(REFUSALS[code], self.words.language), code) for place, code in row.faults]
        typed: dict[str, list[str]] = {}
        for place, column in self.columns.items():
            if place < len(row.cells) and row.cells[place]:
                wrong += self._read(column, place, row.cells[place], typed)
        if wrong:
            return Verdict(row.number, "refused", title, wrong=wrong)
        seen[key] = row.number
        if number is None:
            number = self._same_subject(typed)
        if number is not None:
            return self._against(row, title, key, typed, number)
        return self._new(row, title, key, typed)

    def _new(self, row: Row, title: str, key: str, typed: dict[str, list[str]]) -> Verdict:
        with_ids = dict(typed)
        for control, at in self._founding:
            if at not in with_ids and control.founds is not None:
                with_ids[at] = [self._ids.fresh(control.founds)]
        try:
            return Verdict(row.number, "new", title, statement=stated(self.step_type, with_ids, self.process, key))
        except Refused as refusal:
            return Verdict(row.number, "refused", title, wrong=self._placed(refusal.refusals))

    @cached_property
    def _founding(self) -> list[tuple[Control, str]]:
        return [(c, f"/step/{c.name}") for c in controls(recordable()[self.step_type]) if c.founds and c.required]

    # ---- cells --------------------------------------------------------------------------------------------------

    def _read(self, column: TableColumn, place: int, text: str, typed: dict[str, list[str]]) -> list[Wrong]:
        wrong, values = [], []
        for value in several(column.control, text):
            if column.control.kind == "id":
                id_ = self._id_of(column, value, typed)
                if id_ is None:
                    unmatched = Refusal("cell-unmatched", {"given": value[:80]})
                    wrong.append(Wrong(place, self._say(unmatched), unmatched.code))
                elif id_:
                    values.append(id_)
            elif one := typed_as(column.control, value):
                values.append(one)
        if values:
            typed[column.name] = values
        return wrong

    def _id_of(self, column: TableColumn, value: str, typed: dict[str, list[str]]) -> str | None:
        """Whom a cell names; nothing where it is to stand in words, `None` where that is still open."""
        known = self._named(column.control.kinds)
        if (id_ := known.get(folded(value))) is not None:
            return id_
        if value in self.view.state:
            return value
        if "actor" not in column.control.kinds:
            return None
        asked = question_id(value)
        question = self.questions.get(asked)
        if question is None:
            close = get_close_matches(folded(value), list(known), n=5, cutoff=0.7)
            similar = [(known[each], self.words.name(known[each]).striptags()) for each in close]
            # Nothing is created by itself, unless nobody is called alike and only who acts or speaks can be meant.
            speaks = set(column.control.kinds) <= {"actor", "body"}
            preset = "new" if speaks and not similar else ""
            answer = self.answers.names.get(asked, preset)
            question = self.questions[asked] = Question(value, asked, similar, answer)
        if question.answer == "new":
            return self._new_actor(value)
        if question.answer == "words":
            under, _, last = column.name.rpartition("/")
            at = f"{under}/{IN_WORDS.get(last, '')}"
            if last not in IN_WORDS:
                return None
            typed[at] = ["; ".join([*typed.get(at, []), value])]
            return ""
        return question.answer if question.answer in self.view.state else None

    def _named(self, kinds: tuple[str, ...]) -> dict[str, str]:
        if kinds not in self._names:
            found = {}
            for id_, subject in self.view.state.items():
                if subject.kind in kinds and (called := name(self.view, id_).text):
                    found[folded(called)] = id_
            self._names[kinds] = found
        return self._names[kinds]

    @cached_property
    def _names(self) -> dict[tuple[str, ...], dict[str, str]]:
        return {}

    def _new_actor(self, called: str) -> str:
        asked = question_id(called)
        if asked not in self.new_actors:
            key = f"tabelle-akteur-{sha256(f'{self.process} {folded(called)}'.encode()).hexdigest()[:40]}"
            step = {"type": "actor-registered", "actor": self._ids.fresh("actor"), "kind": "other", "name": called}
            self.new_actors[asked] = statement_of(
                {"process": self.process, "key": key, "step": step, "occurred": {"basis": "unknown"}}
            )
        actor: str = self.new_actors[asked].step.actor  # type: ignore[union-attr]
        return actor

    # ---- against what is recorded -------------------------------------------------------------------------------

    def _same_subject(self, typed: Mapping[str, Sequence[str]]) -> int | None:
        """The entry in force that speaks of the same thing: it is called the same, and a meeting is on the same day."""
        return self._subjects.get(self._identity(typed) or ("",))

    def _identity(self, typed: Mapping[str, Sequence[str]]) -> tuple[str, ...] | None:
        main = next((at for at in self._main if typed.get(at)), None)
        if main is None:
            return None
        called = (main, folded(typed[main][0]))
        if not self.step_type.startswith("meeting-"):
            return called
        days = [*typed.get("/step/begins", ()), *typed.get("/occurred/edtf", ())]
        return (*called, *(str(_as_read("date", day)) for day in days[:1]))

    @property
    def _main(self) -> list[str]:
        return [f"/step/{field}" for field in ("name", "title", "text", "what", "goal_text", "question")]

    @cached_property
    def _subjects(self) -> dict[tuple[str, ...], int]:
        found: dict[tuple[str, ...], int] = {}
        for number, form in self.view.effective.graph.forms.items():
            if form.telling.step.type == self.step_type:
                identity = self._identity(filled(form.telling))
                if identity is not None:
                    found.setdefault(identity, number)
        return found

    def _against(self, row: Row, title: str, key: str, typed: dict[str, list[str]], number: int) -> Verdict:
        """Whether an entry says already what a row says; if not, what a correction would change."""
        was = filled(self.view.form(number).telling)
        by_name = {column.name: column for column in columns(self.step_type, self.words.language)}
        changed = {
            at: new
            for at, new in typed.items()
            if _read_all(by_name, at, was.get(at, ())) != _read_all(by_name, at, new)
        }
        if not changed:
            return Verdict(row.number, "known", title, number)
        shown = [
            (by_name[at].label, "; ".join(was.get(at, ())), "; ".join(new))
            for at, new in changed.items()
            if at in by_name
        ]
        if row.number not in self.answers.corrected:
            return Verdict(row.number, "changed", title, number, differences=shown)
        kept = {at: list(values) for at, values in was.items()}
        if "/occurred/edtf" in changed:
            kept.pop("/occurred/wording", None)
            kept.pop(f"/occurred/{UNDERSTOOD}", None)
            kept.pop("/occurred/basis", None)
        last = self.view.effective.corrections_of(number)
        seen = last[-1] if last else None
        try:
            corrected = stated(self.step_type, {**kept, **changed}, self.process, key)
            told = {each: getattr(corrected, each) for each in Telling.model_fields}
            step = {
                "type": "entry-corrected",
                "target": number,
                "seen": seen,
                "corrected": Telling.model_construct(**told).model_dump(mode="json"),
                "reason": self.answers.reason or None,
            }
            own = f"tabelle-{sha256(repr((key, number, seen)).encode()).hexdigest()[:40]}"
            statement = statement_of({"process": self.process, "key": own, "step": step})
        except Refused as refusal:
            return Verdict(row.number, "refused", title, number, self._placed(refusal.refusals), shown)
        return Verdict(row.number, "corrected", title, number, differences=shown, statement=statement)

    # ---- all rows together --------------------------------------------------------------------------------------

    def _try(self, service: Service, who: Audience) -> None:
        """Tries out what would be recorded. What only the whole record can refuse is found one row after the other."""
        tries = max(1, min(MOST_TRIES, MOST_TRIED // max(1, len(self.grid.rows))))
        for _ in range(tries):
            statements = self.statements
            if not statements:
                return
            try:
                service.preview(statements, who)
            except Refused as refusal:
                places: dict[int, list[Refusal]] = {}
                before = len(statements) - len(self.rows)
                for wrong in refusal.refusals:
                    places.setdefault((wrong.index or 0) - before, []).append(wrong)
                rows = [n for n, v in enumerate(self.verdicts) if v.state in ("new", "corrected")]
                if min(places) < 0:
                    raise
                for place, found in places.items():
                    at = rows[place]
                    self.verdicts[at] = replace(self.verdicts[at], state="refused", wrong=self._placed(found))
            else:
                return
        self.unfinished = True

    def _placed(self, refusals: Sequence[Refusal]) -> list[Wrong]:
        """Refusals of a statement at the column that the value came from."""
        by_name = {column.name: place for place, column in self.columns.items()}
        found = []
        for refusal in refusals:
            pointer = refusal.pointer.replace("/step/corrected", "", 1)
            parts = pointer.split("/")
            prefixes = ["/".join(parts[:length]) for length in range(len(parts), 1, -1)]
            place = next((by_name[prefix] for prefix in prefixes if prefix in by_name), None)
            if place is None and pointer:
                place = next((at for each, at in by_name.items() if each.startswith(f"{pointer}/")), None)
            found.append(Wrong(place, self._say(refusal), refusal.code))
        return sorted(found, key=lambda wrong: -1 if wrong.column is None else wrong.column)

    def _say(self, refusal: Refusal) -> str:
        return say(REFUSED.get(refusal.code) or REFUSALS[refusal.code], self.words.language, refusal.params)

    def heading(self, place: int) -> str:
        """A column as the office finds it in the sheet."""
        given = self.grid.headings[place] if place < len(self.grid.headings) else ""
        called = self.words.t("Spalte {letter}", "column {letter}", letter=letter(place))
        return f"{called} „{given}“" if given else called

    def complaints(self) -> Iterator[tuple[int, str, str]]:
        """All that is wrong: the row, the column as the sheet has it, and the sentence."""
        for verdict in self.verdicts:
            for wrong in verdict.wrong if verdict.state == "refused" else ():
                yield verdict.row, "" if wrong.column is None else self.heading(wrong.column), wrong.sentence


def _came_of(verdict: Verdict, numbers: Iterator[int]) -> Came:
    if verdict.state in ("new", "corrected"):
        return verdict.row, verdict.state, next(numbers), verdict.number
    return verdict.row, verdict.state, verdict.number, verdict.like


def drawn_together(rows: Iterable[Came]) -> Iterator[list[Came]]:
    """Neighbours that had the same happen to them. A run of new entries is a run of numbers; all else stands alone."""
    for state, group in groupby(rows, key=lambda row: row[1]):
        alike = list(group)
        yield from [alike] if state in ("new", "example", "changed") else [[row] for row in alike]


def _read_all(by_name: Mapping[str, TableColumn], at: str, values: Sequence[str]) -> list[str]:
    kind = by_name[at].control.kind if at in by_name else "text"
    return [str(_as_read(kind, value)) for value in values]


def _as_read(kind: str, value: str) -> object:
    """A value as it is recorded, so that two ways of writing it are the same."""
    if kind == "date":
        try:
            return from_words(value).edtf
        except Refused:
            return value
    return READ[kind](value.replace("\r\n", "\n").strip()) if kind in READ else value  # type: ignore[index]
