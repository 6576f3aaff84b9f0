"""A sheet: one view of a process as tables of cells, the same for the command line and for the pages.

A cell says what each of its parts is – words of the page, content of an entry, a subject, the number of an entry, a
mark – so that each face can show it in its own way: as plain text, or with links and the language it is in.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal, TypeVar, overload

from domain.fields import Quantity
from domain.german_dates import worded
from domain.schemes import SCHEMES, Term
from domain.when import MONTHS_AND_SEASONS, When, in_words
from domain.words import FIELDS, STANDINGS, TERMS, TYPES, Language, say, word
from projections.span import Span
from projections.telling import Cited, Named, Occurred


@dataclass(frozen=True, slots=True)
class Content:
    """Words of an entry; without any they were erased."""

    text: str | None


@dataclass(frozen=True, slots=True)
class Nr:
    """An entry by its number."""

    number: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A word that stands out: a standing, a doubt (`unsure`), or a gap in the record (`gap`)."""

    text: str
    kind: str = "plain"


Basis = Literal["stated", "derived", "unknown"]
Part = str | Content | Nr | Named | Mark
Line = tuple[Part, ...]
Cell = tuple[Line, ...]


Row = Sequence[Cell]
Item = TypeVar("Item")


class Rows(Sequence[Row]):
    """The rows of a register, each made of its item when it is asked for: a page or a file needs them one by one."""

    def __init__(self, items: Sequence[Item], made: Callable[[Item], Row]) -> None:
        self._items: Sequence[Any] = items
        self._made = made

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        return list(map(self._made, self._items[at])) if isinstance(at, slice) else self._made(self._items[at])


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table with its heading. The first column heads its row; `empty` is said where there are no rows.

    Headings are words of the page, or lines that name what an entry calls so.
    """

    heading: str | Line
    columns: Sequence[str | Line]
    rows: Sequence[Row]
    empty: str
    notes: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A view with its title, a sentence that says what it shows, and its tables."""

    title: str
    lead: str
    tables: Sequence[SheetTable] = field(default=())


NOTHING: Final[Cell] = ()

MOST_IN_A_ROW: Final = 100
"""How many entries or names a cell lists one by one; how many more there are it counts. The data names them all."""


def cell(*lines: Iterable[Part] | None) -> Cell:
    """A cell of the lines that say something."""
    return tuple(tuple(line) for line in lines if line)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says things in one language."""

    language: Language

    def t(self, german: str, english: str, **params: object) -> str:
        """Words of the page itself."""
        words = (german, english)
        return say(words, self.language, params) if params else words[0 if self.language == "de" else 1]

    def term(self, term: str, of: str = "") -> str:
        return word(TERMS, term, self.language, of=of)

    def field(self, name: str, of: str = "") -> str:
        return word(FIELDS, name, self.language, of=of)

    def type(self, type_: str) -> str:
        return word(TYPES, type_, self.language)

    def when(self, occurred: Occurred) -> Line:
        """A date exactly as sure as it is, with the words it was stated in where they tell more."""
        said, own = self.edtf(occurred.edtf, occurred.basis), worded(occurred.edtf, occurred.wording)
        return (said,) if own is None else (said, " (»", Content(own), "«)")

    def edtf(self, edtf: str | None, basis: Basis = "stated") -> str:
        return in_words(When.model_construct(edtf=edtf, basis=basis), self.language)

    def planned(self, edtf: str | None) -> str:
        """A date that a plan gives."""
        return self.t("kein Datum", "no date") if edtf is None else in_words(edtf, self.language)

    def day(self, day: date) -> str:
        month = say(MONTHS_AND_SEASONS[f"{day.month:02}"], self.language)
        return f"{day.day}{'.' if self.language == 'de' else ''} {month} {day.year}"

    def local(self, local: str) -> str:
        """A time as clocks show it: 30. Juni 2021, 10:00 Uhr."""
        day = self.day(date.fromisoformat(local[:10]))
        return day if len(local) == 10 else self.t("{day}, {time} Uhr", "{day}, {time}", day=day, time=local[11:])

    def quantity(self, given: Quantity) -> str:
        """How many, as exactly as it is known."""
        least, most = given.at_least, given.at_most
        if least == most:
            said = str(least)
        elif most is None:
            said = self.t("mindestens {n}", "at least {n}", n=least)
        elif least is None:
            said = self.t("höchstens {n}", "at most {n}", n=most)
        else:
            said = self.t("{a} bis {b}", "{a} to {b}", a=least, b=most)
        return self.t("ca. {n}", "around {n}", n=said) if given.approximate else said

    def in_scheme(self, given: Term) -> str:
        """A term of a vocabulary with the name of the vocabulary."""
        scheme = SCHEMES[given.scheme]
        said = say(scheme.terms[given.term], self.language)
        code = f"{given.term} " if scheme.ordered and given.term.isdecimal() else ""
        return f"{code}{said} ({say(scheme.label, self.language)})"

    def amount(self, decimal: str) -> str:
        """A decimal number as it is written in the language."""
        return decimal.replace(".", ",") if self.language == "de" else decimal

    def span(self, given: Span) -> str:
        """How long it took, as a range where the dates are not exact."""
        if given.exact:
            one = given.at_least_days == 1
            return self.t("{n} Tag" if one else "{n} Tage", "{n} day" if one else "{n} days", n=given.at_least_days)
        if given.at_most_months is None:
            least = given.at_least_months
            german = "mindestens {a} Monat" if least == 1 else "mindestens {a} Monate" if least else "nicht bekannt"
            return self.t(german, "at least {a} month" if least == 1 else "at least {a} months", a=least)
        return self.t(
            "nicht genau zu berechnen, {a} bis {b} Monate",
            "not computable exactly, {a} to {b} months",
            a=given.at_least_months,
            b=given.at_most_months,
        )

    def names(self, given: Iterable[Named], label: str | None = None) -> Line | None:
        """Subjects in a row, after a label; nothing where there are none."""
        return self.row(given, label)

    def entries(self, given: Iterable[int], label: str | None = None) -> Line | None:
        """Entries in a row, after a label; nothing where there are none."""
        return self.row(map(Nr, given), label)

    def runs(self, given: Iterable[int]) -> Line | None:
        """Many entries in a row; those that follow each other are said as from–to."""
        runs: list[list[int]] = []
        for number in sorted(given):
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        parts: list[Part] = []
        for run in runs[:MOST_IN_A_ROW]:
            parts += [", "] if parts else []
            parts += [Nr(run[0]), " – ", Nr(run[-1])] if len(run) > 2 else self.entries(run) or ()
        return (*parts, *self._more(sum(map(len, runs[MOST_IN_A_ROW:])))) or None

    def row(self, given: Iterable[Part], label: str | None) -> Line | None:
        parts: list[Part] = []
        every = list(given)
        for part in every[:MOST_IN_A_ROW]:  # names and sentences have commas of their own
            parts += [", " if isinstance(part, Nr) else "; ", part] if parts else [part]
        if not parts:
            return None
        parts += self._more(len(every[MOST_IN_A_ROW:]))
        return tuple(parts) if label is None else (f"{label}: ", *parts)

    def _more(self, count: int) -> tuple[Part, ...]:
        return (self.t(" und {n} mehr", " and {n} more", n=count),) if count else ()

    def labelled(self, label: str, text: str | None) -> Line | None:
        """Content after a label."""
        return None if text is None else (f"{label}: ", Content(text))

    def perhaps(self, is_so: object) -> Line | None:
        """A mark for what may not have happened yet by the day."""
        return (Mark(self.t("vielleicht schon geschehen", "perhaps happened already"), "unsure"),) if is_so else None

    def not_known(self, rivals: Iterable[int]) -> Line | None:
        """A mark where neither dates nor needs tell which of several entries came last."""
        numbers = self.entries(rivals)
        if numbers is None:
            return None
        return (Mark(self.t("Reihenfolge nicht bekannt", "order not known"), "unsure"), ": ", *numbers)

    def unknown(self) -> Line:
        """What nobody wrote down."""
        return (Mark(self.term("unrecorded"), "gap"),)

    def cited(self, sources: Iterable[Cited]) -> list[Line]:
        """Each source with its passage."""
        found: list[Line] = []
        for source in sources:
            where = [
                self.t("S. {p}", "p. {p}", p=source.page) if source.page else "",
                self.t("Zeilen {z}", "lines {z}", z=source.lines) if source.lines else "",
            ]
            document = None if source.document is None else source.document.name.text
            named = document or source.title
            said = ", ".join(filter(None, where))
            found.append((Content(named), f", {said}" if said else "") if named else (said,))
        return found


def standing(say: Speaker, name: str, of: str = "") -> str:
    """A standing in words: of the register, or the term that the step has for it."""
    known = name in STANDINGS or f"{of}:{name}" in STANDINGS
    return word(STANDINGS, name, say.language, of=of) if known else say.term(name, of)


def perhaps_came(say: Speaker, name: str | None, of: str) -> Line | None:
    """A mark for where something may stand already by the day, and may not."""
    if name is None:
        return None
    return (Mark(say.t("vielleicht schon: ", "perhaps already: ") + standing(say, name, of), "unsure"),)


COLUMNS: Final = {
    "when": ("Wann", "When"),
    "decision": ("Beschluss", "Decision"),
    "by-how": ("Von wem und wie", "By whom and how"),
    "standing": ("Stand", "Standing"),
    "question": ("Frage", "Question"),
    "by": ("Von wem", "By whom"),
    "commitment": ("Zusage", "Commitment"),
    "due": ("Fällig", "Due"),
    "outcome": ("Was daraus wurde", "What came of it"),
    "feedback": ("Rückmeldung", "Feedback"),
    "goal": ("Ziel", "Goal"),
    "measure": ("Maßnahme", "Measure"),
    "responsible": ("Zuständig", "Responsible"),
    "planned": ("Geplant", "Planned"),
    "version": ("Fassung", "Version"),
    "content": ("Inhalt", "Content"),
    "indicator": ("Indikator", "Indicator"),
    "profile": ("Steckbrief", "Profile"),
    "readings": ("Messwerte", "Readings"),
    "finding": ("Befund", "Finding"),
    "kind": ("Art", "Kind"),
    "source": ("Quelle", "Source"),
    "assessment": ("Untersuchung", "Assessment"),
    "methods": ("Methoden", "Methods"),
    "asked": ("Wer befragt wurde", "Who was asked"),
    "findings": ("Befunde", "Findings"),
    "about": ("Betrifft", "About"),
    "group": ("Wer", "Who"),
    "degree": ("Wie weit", "How far"),
    "stage": ("Gemeint oder gewesen", "Meant or observed"),
    "topic": ("Worum es geht", "What it is about"),
    "claim": ("Die eine Darstellung", "The one account"),
    "against": ("Die andere Darstellung", "The other account"),
    "meeting": ("Treffen", "Meeting"),
    "invited-by": ("Wer sich trifft", "Who meets"),
    "attendance": ("Wer dabei war", "Who was there"),
    "result": ("Ergebnis", "Result"),
    "actor": ("Akteur", "Actor"),
    "last": ("Zuletzt dabei", "Last there"),
    "count": ("Anzahl", "Number"),
    "entries": ("Einträge", "Entries"),
    "criterion": ("Kriterium", "Criterion"),
    "cells": ("Felder", "Cells"),
    "choice": ("Gewählt", "Chosen"),
    "amended": ("Was geschah", "What was done"),
    "changed": ("Geänderte Angaben", "Fields changed"),
    "reason": ("Grund", "Reason"),
}
"""Headings of columns."""


def headed(say: Speaker, *names: str) -> list[str]:
    return [say.t(*COLUMNS[name]) for name in names]
