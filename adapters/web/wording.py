"""What the pages say: words, names and dates in the reader's language, exactly as sure as they are known.

Content is German, whatever language the page is in: it is marked as such, so that a screen reader speaks it right.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, get_args
from urllib.parse import urlencode

from markupsafe import Markup, escape

from adapters.endings import how_it_ended
from adapters.web.paging import PAGE, ROWS
from domain.errors import Refusal
from domain.german_dates import worded
from domain.meaning import PROCESS
from domain.publication import Telling
from domain.structure import BodyKind
from domain.view import View
from domain.when import MONTHS_AND_SEASONS, When, in_words
from domain.words import (
    CONFLICTS,
    FIELDS,
    KINSHIP,
    PRESENCE,
    REFUSALS,
    STATES,
    SUBJECTS,
    TERMS,
    TYPES,
    Language,
    Table,
    say,
    word,
)
from projections.documents import anchor, places
from projections.governance import Conflict, Departure, Life, Role
from projections.telling import Days, EntryState, Line, Name, Occurred, Plain, kind, name, occurred
from service import Times

CONTENT: Final = "de"
"""The language that entries are written in."""

PLAIN_CONTENT: Final = f"{CONTENT}-simple"
"""The same in plain language: a variant that is registered for BCP 47."""

PARAMETERS: Final = ("happened_by", "known_by", "published_by")

GROUPS: Final[Table] = {
    "process": ("Prozess", "Process"),
    "actors": ("Akteure und Rollen", "Actors and roles"),
    "structure": ("Struktur", "Structure"),
    "feedback": ("Rückmeldungen", "Feedback"),
    "meetings": ("Treffen", "Meetings"),
    "findings": ("Befunde", "Findings"),
    "decisions": ("Beschlüsse", "Decisions"),
    "scenarios": ("Szenarien", "Scenarios"),
    "plan": ("Zukunftsplan", "Plan"),
    "commitments": ("Zusagen", "Commitments"),
    "monitoring": ("Kennzahlen", "Monitoring"),
}
"""Kinds of entry that a reader can ask for: the subjects of the domain."""

SUBJECT_PAGES: Final = {"body": "gremien", "actor": "akteure", "theme": "handlungsfelder", "document": "dokumente"}
"""The subjects that have a page of their own, by their kind; all others are found at the entry that founded them."""

_BODY_KINDS: Final = frozenset(kind for kinds in get_args(BodyKind) for kind in get_args(kinds))


@dataclass(frozen=True, slots=True)
class Wording:
    """All that a template asks for: in one language, about one view of a process, with addresses that keep its times.

    `base` is the address of the process without its language, `view` what names are looked up in.
    """

    language: Language
    base: str
    view: View
    times: Times

    def t(self, german: str, english: str, **params: object) -> str:
        """A text of the page itself, in the language of the page."""
        words = (german, english)
        return say(words, self.language, params) if params else words[0 if self.language == "de" else 1]

    # ---- addresses ----------------------------------------------------------------------------------------------

    def href(self, path: str = "", **query: object) -> str:
        """An address inside the process, for the same times."""
        prefix = "/en" if self.language == "en" else ""
        return _address(f"{prefix}{self.base}{path}", {**self.kept(), **query})

    def at(self, day: date, path: str = "", **query: object) -> str:
        """The same as on another day, by the same entries."""
        return self.href(path, happened_by=day.isoformat(), **query)

    def compared(self) -> str:
        """The comparison of what is shown here with today."""
        names = {"happened_by": "from", "known_by": "from_known_by", "published_by": "from_published_by"}
        return _address(self.today("/vergleich"), {names[name]: day.isoformat() for name, day in self.asked().items()})

    def comparison(self, **days: str) -> str:
        """The comparison of two views, by the days of each."""
        return _address(self.today("/vergleich"), dict(days))

    def data(self, process: str, register: str) -> str:
        """The same register for the same times, as data."""
        return _address(f"/api/v1/processes/{process}/{register}", dict(self.kept()))

    def today(self, path: str = "") -> str:
        """The same address for today, with everything that is known."""
        return f"{'/en' if self.language == 'en' else ''}{self.base}{path}"

    def evaluation(self, path: str = "", /, **query: object) -> str:
        """An address inside the evaluation of the process, for the same times."""
        at_desk, process = self.base.startswith("/geschaeftsstelle/"), self.base.split("/")[2]
        base = f"/geschaeftsstelle/{process}/auswertung" if at_desk else f"/auswertung/{process}"
        return _address(f"{'/en' if self.language == 'en' else ''}{base}{path}", {**self.kept(), **query})

    def cited(self, ending: str, address: str) -> str:
        """The citation of a page by its lasting address, as a file, or to read where no ending is given."""
        to = f"/zitat.{ending}" if ending else "/zitat"
        return _address(self.evaluation().partition("?")[0] + to, {"seite": address})

    def entry(self, number: int) -> str:
        return self.href(f"/eintrag/{number}")

    def subject(self, id_: str, given: Name) -> str | None:
        """The address of the page about a subject, or of the entry that founded it; none where it is not known."""
        if given.kind is None:
            return None
        kind = "body" if given.kind in _BODY_KINDS else given.kind
        if kind == PROCESS:
            return self.href()
        if kind == "document":
            return self.document(anchor(id_, None))
        if kind in SUBJECT_PAGES:
            return self.href(f"/{SUBJECT_PAGES[kind]}/{id_}")
        return None if given.founded is None else self.entry(given.founded)

    def document(self, called: str | None) -> str:
        """The address of a document in the list of all of them, by what it is called there: on the page where it is.

        Where no view is at hand that is the first page: those that are cited most come first.
        """
        page = places(self.view).get(called or "", 0) // ROWS + 1
        return f"{self.href('/dokumente', **{PAGE: page} if page > 1 else {})}#{called}"

    def asked(self) -> dict[str, date]:
        """The times that were asked for, by their parameters."""
        given = zip(PARAMETERS, (self.times.happened_by, self.times.known_by, self.times.published_by), strict=True)
        return {parameter: day for parameter, day in given if day is not None}

    def kept(self) -> dict[str, str]:
        """What an address says of the times, and of the version that is cited: all inside the process keep it."""
        found = {parameter: day.isoformat() for parameter, day in self.asked().items()}
        return found if self.times.version is None else {**found, "version": str(self.times.version)}

    def size(self, count: int) -> str:
        """The size of a file, as programs for files tell it."""
        if count < 1_000:
            return self.t("{n} Bytes", "{n} bytes", n=count)
        size, unit = (count / 1_000, "kB") if count < 1_000_000 else (count / 1_000_000, "MB")
        said = f"{size:.1f}"
        return f"{said.replace('.', ',') if self.language == 'de' else said} {unit}"

    # ---- content ------------------------------------------------------------------------------------------------

    def content(self, text: str) -> Markup:
        """Words of an entry, in the language they are written in."""
        if self.language == CONTENT:
            return escape(text)
        return Markup(f'<span lang="{CONTENT}">{escape(text)}</span>')  # noqa: S704  # it is escaped, and asked for often

    def plainly(self, plain: Plain) -> Markup:
        """What an entry tells, in plain language, marked as such for whoever reads it aloud."""
        if plain.text is None:
            return escape(self.t("[Text gelöscht]", "[Text erased]"))
        return Markup('<span class="text" lang="{}">{}</span>').format(PLAIN_CONTENT, plain.text)

    def name(self, id_: str) -> Markup:
        """What a subject is called on the day, or that it has no name."""
        return self.named(id_, name(self.view, id_))

    def named(self, id_: str, given: Name) -> Markup:
        """A name that a projection has looked up."""
        if given.text is not None:
            return self.content(given.text)
        if given.kind is None:
            return escape(id_)
        params = {"kind": self.kind_of(given.kind), "number": given.founded}
        if given.erased:
            if given.erased_at is None:
                return escape(
                    self.t("[Name gelöscht: {kind}, Nr. {number}]", "[Name erased: {kind}, no. {number}]", **params)
                )
            german, english = (
                "[Name gelöscht am {day}: {kind}, Nr. {number}]",
                "[Name erased on {day}: {kind}, no. {number}]",
            )
            return escape(self.t(german, english, day=self.day(self._there(given.erased_at)), **params))
        return escape(self.t("{kind}, Name nicht dokumentiert", "{kind}, name not documented", **params))

    def link(self, id_: str, given: Name | None = None) -> Markup:
        """A name that leads to what it names."""
        given = given or name(self.view, id_)
        address = self.subject(id_, given)
        if address is None:
            return self.named(id_, given)
        return Markup('<a class="kern-link" href="{}">{}</a>').format(address, self.named(id_, given))

    def kind(self, id_: str) -> str:
        """What kind of subject it is; of a body, what kind of body."""
        return self.kind_of(kind(self.view, self.view.state[id_]))

    def kind_of(self, kind: str) -> str:
        """The kind of a subject, or of a body, in words."""
        return word(SUBJECTS, kind, self.language) if kind in SUBJECTS else self.term(kind)

    def title_of(self, role: Role) -> Markup:
        return self.content(role.title) if role.title else escape(self.term(role.kind, "kind"))

    def heading(self, line: Line) -> Markup:
        """What an entry is about, in one line."""
        if line.unnamed is not None:
            return self.named(line.unnamed.id, line.unnamed.name)
        if line.headline is not None:
            return self.content(line.headline)
        if line.erased:
            return escape(self.erased(line))
        return escape(self.type(line.type))

    def erased(self, line: Line) -> str:
        """What stands in the place of an entry's words that were erased."""
        if line.erased_at is None:
            return self.t("[Text gelöscht]", "[Text erased]")
        day = self.day(self._there(line.erased_at))
        return self.t("[Text gelöscht am {day}]", "[Text erased on {day}]", day=day)

    def telling(self, number: int) -> Telling:
        """What an entry states: in its last form, or as recorded if it is no longer in force."""
        form = self.view.effective.graph.forms.get(number)
        return form.telling if form is not None else self.view.effective.by_number[number].statement

    def people(self, line: Line) -> list[tuple[str, list[Markup]]]:
        """Who acted or spoke, and in which body; for a decision also that nobody is named, and its method."""
        found = []
        for who in line.who:
            said = [] if who.in_words is None else [self.content(who.in_words)]
            said += [self.link(actor.id, actor.name) for actor in who.actors]
            found.append((self.field(who.field, line.type), said))
        if line.type == "decision-taken" and not any(who.field == "by" for who in line.who):
            found.insert(0, (self.field("by", line.type), [escape(self.t("nicht dokumentiert", "not documented"))]))
        if line.method is not None:
            found.append((self.field("method", line.type), [escape(self.term(line.method, "method"))]))
        return found

    # ---- words --------------------------------------------------------------------------------------------------

    def type(self, type_: str) -> str:
        return word(TYPES, type_, self.language)

    def deed(self, line: Line) -> str:
        """What was done, and what came of it where that is told: Zusage abgeschlossen: nicht eingehalten."""
        if line.outcome in (None, "adopted"):  # of a decision that says nothing new
            return self.type(line.type)
        return f"{self.type(line.type)}: {self.term(line.outcome, 'outcome')}"

    def group(self, group: str) -> str:
        return word(GROUPS, group, self.language)

    def term(self, term: str, field: str = "") -> str:
        return word(TERMS, term, self.language, of=field)

    def field(self, field: str, step_type: str = "") -> str:
        return word(FIELDS, field, self.language, of=step_type)

    def presence(self, presence: str) -> str:
        return word(PRESENCE, presence, self.language)

    def kinship(self, how: str) -> str:
        return word(KINSHIP, how, self.language)

    def state(self, state: EntryState) -> str:
        return word(STATES, state, self.language)

    def end(self, gone: Departure) -> str:
        """How something came to its end."""
        return how_it_ended(gone, self.language)

    def conflict(self, conflict: Conflict, entries: Sequence[int | str] = ()) -> str:
        """A contradiction or a doubt; `entries` say in other words than numbers what it is about."""
        subject = conflict.subject and str(self.name(conflict.subject).striptags())
        params = {"entries": entries or conflict.entries, "subject": subject, "expected": conflict.expected}
        return say(CONFLICTS[conflict.code], self.language, params)

    def refusal(self, refusal: Refusal) -> str:
        return say(REFUSALS[refusal.code], self.language, refusal.params)

    def refusal_of(self, code: str, **params: object) -> str:
        """The sentence of a refusal where nothing is refused, but told."""
        return say(REFUSALS[code], self.language, params)

    # ---- dates --------------------------------------------------------------------------------------------------

    def worded(self, occurred: Occurred) -> Markup | None:
        """The words that the date of an entry was stated in, where they tell more than `when`."""
        own = worded(occurred.edtf, occurred.wording)
        return None if own is None else self.content(own)

    def when(self, occurred: Occurred) -> Markup:
        """The date of an entry in words, marked up for machines where it is a calendar date."""
        words = in_words(When.model_construct(edtf=occurred.edtf, basis=occurred.basis), self.language)
        edtf = occurred.edtf or ""
        if re.fullmatch(r"\d{4}(-(0\d|1[0-2])(-\d{2})?)?", edtf):
            return Markup('<time datetime="{}">{}</time>').format(edtf, words)
        return escape(words)

    def began(self, life: Life) -> Markup:
        """When something began: as stated, and what the other entries leave of it."""
        stated = occurred(self.view, self.view.form(life.founded_by))
        if life.since == stated.stated:
            return self.when(stated)
        narrower = self.t("nach den übrigen Einträgen", "by the other entries")
        return Markup("{} ({}: {})").format(self.when(stated), narrower, self.room(life.since))

    def ended(self, life: Life) -> Markup:
        """When something ended; a lasting date ends what it began."""
        if life.ended_by is None or life.until is None:
            return Markup("")
        if life.ended_by == life.founded_by:
            return escape(self.room(life.until))
        return self.when(occurred(self.view, self.view.form(life.ended_by)))

    def room(self, days: Days) -> str:
        """Days between which something can have happened."""
        if days.first is None and days.last is None:
            return self.t("Zeitpunkt nicht bekannt", "time not known")
        if days.first == days.last:
            return in_words(str(days.first), self.language)
        return in_words(f"[{days.first or ''}..{days.last or ''}]", self.language)

    def day(self, day: date) -> str:
        """A day without a preposition: 14. März 2018."""
        month = say(MONTHS_AND_SEASONS[f"{day.month:02}"], self.language)
        return f"{day.day}{'.' if self.language == 'de' else ''} {month} {day.year}"

    def typed(self, day: date) -> str:
        """A day as a reader types it: 31.12.2018."""
        return f"{day.day}.{day.month}.{day.year}" if self.language == "de" else day.isoformat()

    def instant(self, moment: datetime) -> str:
        """A point in time as clocks in the process's city showed it."""
        there = moment.astimezone(self.view.effective.zone)
        return self.t("{day}, {time} Uhr", "{day}, {time}", day=self.day(there), time=f"{there:%H:%M}")

    def _there(self, moment: datetime) -> date:
        return moment.astimezone(self.view.effective.zone)


def _address(path: str, query: dict[str, object]) -> str:
    given = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(given)}" if given else path
