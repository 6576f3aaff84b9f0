"""The tables of a process, for statistics: what each holds, column by column, and its rows, one at a time.

Everything refers to entries by their numbers and to things by their ids. The corrected view holds: an entry says what
its last correction in force says. What is not known is empty, and so are texts that were erased; a column says which.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from adapters.answers import shown_statement
from adapters.exports.material import Material, instant, objects_of, without_key
from adapters.exports.material import kind_of as of_kind
from domain.decisions import DecisionTaken
from domain.entry import Entry, causes
from domain.feedback import FeedbackAnswered, FeedbackReceived
from domain.fields import Quantity
from domain.meaning import PLACE
from domain.meetings import MeetingHeld
from domain.publication import EntryCorrected, EntryPublished, EntryWithdrawn, PlainLanguageAdded, TextsErased
from domain.rooms import Room
from domain.state import Subject
from domain.words import Words
from projections.commitments import promises
from projections.completeness import date_basis
from projections.governance import presence
from projections.span import span
from projections.spells import spells, ties
from projections.telling import days, headline, name, plain, state_of, told
from projections.timeline import kind_of

Value = str | int | bool | date | datetime | None
Row = tuple[Value, ...]
Type = Literal["integer", "string", "date", "datetime", "boolean"]

ORIGIN: Final = date(1970, 1, 1)
"""The day 0 of the spells."""

HOW: Final = {
    EntryPublished: "publishes",
    EntryCorrected: "corrects",
    EntryWithdrawn: "withdraws",
    PlainLanguageAdded: "says-plainly",
    TextsErased: "erases",
}
"""What an entry about another one does to it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type, what it holds in German and English, and what it refers to, as `table.column`."""

    name: str
    type: Type
    about: Words
    refers: str = ""
    terms: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `key` are the columns that name a row; without any, a row has no name."""

    name: str
    about: Words
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Callable[[Material], Iterator[Row]]


def _entry(name_: str, german: str, english: str, *, required: bool = False) -> Column:
    return Column(name_, "integer", (german, english), "entries.number", required=required)


def _object(name_: str, german: str, english: str, *, required: bool = False) -> Column:
    return Column(name_, "string", (german, english), "objects.id", required=required)


def _days_of(name_: str, german: str, english: str) -> tuple[Column, Column]:
    return (
        Column(f"{name_}_earliest", "date", (f"{german}: frühester Tag", f"{english}: the earliest day")),
        Column(f"{name_}_latest", "date", (f"{german}: spätester Tag", f"{english}: the latest day")),
    )


def _count_of(name_: str, german: str, english: str) -> tuple[Column, Column]:
    return (
        Column(f"{name_}_at_least", "integer", (f"{german}, mindestens", f"{english}, at least")),
        Column(f"{name_}_at_most", "integer", (f"{german}, höchstens", f"{english}, at most")),
    )


def _room(room: Room | None) -> tuple[date | None, date | None]:
    if room is None:
        return None, None
    found = days(room)
    return found.first, found.last


def _quantity(given: Quantity | None) -> tuple[int | None, int | None]:
    return (None, None) if given is None else (given.at_least, given.at_most)


def _known(material: Material, id_: object) -> str | None:
    """An id of something that there is a row for."""
    return id_ if isinstance(id_, str) and id_ in material.listed else None


# ---- entries ------------------------------------------------------------------------------------------------------


def _entries(material: Material) -> Iterator[Row]:
    view, answer = material.view, material.answer
    for entry in view.effective.entries:
        number, telling = entry.number, material.telling(entry)
        form = None if entry.about_entries else view.effective.last_form(number)
        in_force = number in view.effective.graph.forms
        content, hidden = shown_statement(telling, answer)
        said = plain(view, number)
        told_by = number if form is None or not in_force else form.told_by
        source = view.effective.by_number[told_by]
        public_from = view.effective.public_from(number)
        yield (
            number,
            entry.position,
            entry.position - 1,
            entry.recorded_at,
            material.pseudonym(entry),
            public_from,
            telling.step.type,
            kind_of(telling.step.type),
            state_of(view, number),
            view.effective.in_force(number),
            told_by,
            None if telling.occurred is None else telling.occurred.edtf,
            None if form is None else date_basis(telling),
            None if telling.occurred is None else telling.occurred.wording,
            *_room(None if form is None else Room(form.when.begin.first, form.when.begin.last)),
            *_room(view.room(number) if in_force else None),
            *_room(view.lasted_until(number) if in_force else None),
            headline(view, telling),
            telling.grounds,
            telling.because == "not-recorded",
            hidden,
            telling.asserted_by,
            telling.step.__dict__.get("method"),
            telling.step.__dict__.get("outcome"),
            None if said is None else said.text,
            source.erased,
            source.erased_at,
            json.dumps(without_key(content)["step"], ensure_ascii=False, separators=(",", ":")),
        )


ENTRIES: Final = Table(
    "entries",
    ("Jeder Eintrag, in der Reihenfolge der Erfassung", "Every entry, in the order of recording"),
    (
        Column("number", "integer", ("Nr. im Prozess", "its number inside the process"), required=True),
        Column("position", "integer", ("Stelle in der Installation", "its place in the installation"), required=True),
        Column("log_index", "integer", ("Stelle im Transparenzprotokoll", "its place in the transparency log")),
        Column("recorded_at", "datetime", ("erfasst um, in UTC", "when it was recorded, in UTC"), required=True),
        Column(
            "recorded_by",
            "string",
            ("von wem erfasst: ein Deckname, nur intern", "who recorded it: a pseudonym, only where it is internal"),
        ),
        Column("public_from", "datetime", ("öffentlich seit, in UTC", "from when it is public, in UTC")),
        Column("type", "string", ("Art des Schritts", "type of the step"), required=True),
        Column("subject", "string", ("Sachgebiet des Schritts", "subject that the step belongs to"), required=True),
        Column(
            "state",
            "string",
            ("ob es am Tag der Auskunft geschehen war", "whether it had happened by the day of the view"),
            terms=("certain", "possible", "not-yet", "withdrawn"),
            required=True,
        ),
        Column("in_force", "boolean", ("gilt; sonst zurückgezogen", "it holds; else it was withdrawn")),
        _entry("told_by", "der Eintrag, der sagt, was gilt", "the entry that says what holds: it, or a correction"),
        Column("occurred", "string", ("geschehen, in EDTF", "when it happened, in EDTF")),
        Column(
            "occurred_basis",
            "string",
            ("woher das Datum kommt", "where the date comes from"),
            terms=("stated", "derived", "unknown"),
        ),
        Column("occurred_wording", "string", ("das Datum in Worten der Quelle", "the date in words of the source")),
        *_days_of("stated", "geschehen, wie angegeben", "when it happened, as stated"),
        *_days_of("occurred", "geschehen, wie es folgt", "when it happened, with what follows from other entries"),
        *_days_of("lasted_until", "zu Ende, wenn es dauerte", "when it was over, if it lasted"),
        Column("headline", "string", ("worum es geht", "what it is about, in words")),
        Column("grounds", "string", ("Begründung", "reason, in words")),
        Column("reason_not_recorded", "boolean", ("Grund nicht dokumentiert", "it says that no reason is recorded")),
        Column("cause_not_shown", "boolean", ("ein Anlass ist nicht öffentlich", "a cause of it is not public")),
        Column("asserted_by", "string", ("wessen Angabe: Kennung", "whose account it is: an id")),
        Column("method", "string", ("Verfahren", "method of a decision or an assessment")),
        Column("outcome", "string", ("Ergebnis", "outcome")),
        Column("plain_language", "string", ("dasselbe in einfacher Sprache", "the same in plain language")),
        Column("erased", "boolean", ("Texte wurden gelöscht", "its texts were erased, and are empty here")),
        Column("erased_at", "datetime", ("gelöscht um, in UTC", "since when its texts are gone, in UTC")),
        Column("step", "string", ("der ganze Schritt als JSON", "the whole step as JSON")),
    ),
    ("number",),
    _entries,
)


def _causes(material: Material) -> Iterator[Row]:
    chosen = material.view.effective.by_number
    for entry in material.view.effective.entries:
        for cause in sorted(set(causes(material.telling(entry)))):
            if cause in chosen:
                yield entry.number, cause


CAUSES: Final = Table(
    "causes",
    ("Welcher Eintrag Anlass eines anderen war", "Which entry caused which other one, as the office states it"),
    (
        _entry("entry", "der Eintrag", "the entry", required=True),
        _entry("cause", "sein Anlass", "what led to it", required=True),
    ),
    ("entry", "cause"),
    _causes,
)


def _amendments(material: Material) -> Iterator[Row]:
    effective = material.view.effective
    for entry in effective.entries:
        if entry.about_entries:
            step = entry.statement.step
            for target in sorted(set(entry.targets)):
                if target in effective.by_number:
                    reason = step.__dict__.get("reason")
                    yield entry.number, target, HOW[type(step)], effective.in_force(entry.number), reason


AMENDMENTS: Final = Table(
    "amendments",
    ("Was mit einem Eintrag später geschah", "What was done to an entry later"),
    (
        _entry("entry", "der Eintrag, der es tut", "the entry that does it", required=True),
        _entry("target", "der Eintrag, um den es geht", "the entry that it is about", required=True),
        Column("how", "string", ("was", "what"), terms=tuple(HOW.values()), required=True),
        Column("in_force", "boolean", ("gilt; sonst zurückgezogen", "it holds; else it was withdrawn")),
        Column("reason", "string", ("Begründung", "reason, in words")),
    ),
    ("entry", "target"),
    _amendments,
)


def _sources(material: Material) -> Iterator[Row]:
    for entry in material.view.effective.entries:
        for place, source in enumerate(material.telling(entry).sources, start=1):
            document = _known(material, source.document)
            yield entry.number, place, document, source.title, source.page, source.lines, source.url, source.sha256


SOURCES: Final = Table(
    "sources",
    ("Wo es steht", "Where it is written"),
    (
        _entry("entry", "der Eintrag", "the entry", required=True),
        Column("place", "integer", ("die wievielte Quelle", "which of its sources"), required=True),
        _object("document", "das Dokument", "the document"),
        Column("title", "string", ("Titel", "title")),
        Column("page", "string", ("Seite", "page")),
        Column("lines", "string", ("Zeilen", "lines")),
        Column("url", "string", ("Adresse", "address")),
        Column("sha256", "string", ("Prüfsumme der Datei", "checksum of the file")),
    ),
    ("entry", "place"),
    _sources,
)


# ---- objects ------------------------------------------------------------------------------------------------------


def _objects(material: Material) -> Iterator[Row]:
    view = material.view
    for id_, subject in _listed(material):
        standing, called = view.standing(id_), name(view, id_)
        until = view.until(subject)
        ended = until is not None and until.first <= view.day
        yield (
            id_,
            subject.kind,
            called.kind if subject.kind == "body" else of_kind(view, id_),
            called.text,
            called.erased,
            subject.founded,
            *_room(view.since(subject)),
            subject.ended if ended else None,
            *_room(until if ended else None),
            presence(standing, view),
            _known(material, standing.parent),
            _known(material, standing.level),
            standing.inferred,
        )


def _listed(material: Material) -> Iterator[tuple[str, Subject]]:
    return ((id_, subject) for id_, subject in material.view.state.items() if id_ in material.listed)


OBJECTS: Final = Table(
    "objects",
    (
        "Alles, was bis zu dem Tag begonnen hatte oder genannt ist: Gremien, Ebenen, Akteure, Beschlüsse, Zusagen …",
        "Everything with a lifetime that had begun by the day, or is referred to: bodies, levels, actors, decisions …",
    ),
    (
        Column("id", "string", ("Kennung", "id"), required=True),
        Column("kind", "string", ("was es ist", "what it is"), required=True),
        Column("of_kind", "string", ("was für eines", "of which kind, where it has one")),
        Column("name", "string", ("Name am Tag der Auskunft", "name on the day of the view")),
        Column("name_erased", "boolean", ("der Name wurde gelöscht", "its name was erased")),
        _entry("founded_by", "der Eintrag, mit dem es begann", "the entry that it began with", required=True),
        *_days_of("since", "begonnen", "when it began"),
        _entry("ended_by", "der Eintrag, mit dem es endete", "the entry that it ended with"),
        *_days_of("until", "zu Ende", "when it ended"),
        Column(
            "presence",
            "string",
            ("ob es am Tag der Auskunft da war", "whether it was there on the day of the view"),
            terms=("there", "perhaps-ended", "perhaps-there", "gone", "not-yet"),
            required=True,
        ),
        _object("parent", "wozu es gehört", "what it belongs to on that day"),
        _object("level", "auf welcher Ebene", "on which level"),
        Column("inferred", "boolean", ("das steht nirgends, es folgt", "nobody told so; it follows")),
    ),
    ("id",),
    _objects,
)


def _object_changes(material: Material) -> Iterator[Row]:
    view = material.view
    for id_, subject in _listed(material):
        for attribute, history in subject.assigned.items():
            by_then = ((number, value) for number, value in history if view.room(number).first <= view.day)
            for place, (number, value) in enumerate(by_then, start=1):
                given = view.form(number).telling.step.name_of(id_) if attribute == "name" else value
                yield id_, attribute, place, None if given is None else str(given), number, *_room(view.room(number))


OBJECT_CHANGES: Final = Table(
    "object_changes",
    ("Was wann davon gesagt wurde", "What was told of each object by the day, in the happened order"),
    (
        _object("object", "wovon", "of what", required=True),
        Column("attribute", "string", ("was", "which of its attributes"), required=True),
        Column("place", "integer", ("das wievielte Mal", "which time it was told, from 1"), required=True),
        Column(
            "value",
            "string",
            ("der Wert; leer: keiner mehr, oder gelöscht", "its value; empty: none any more, or erased"),
        ),
        _entry("entry", "welcher Eintrag es sagt", "the entry that says so", required=True),
        *_days_of("occurred", "geschehen", "when"),
    ),
    ("object", "attribute", "place"),
    _object_changes,
)


def _entry_objects(material: Material) -> Iterator[Row]:
    for entry in _happened(material):
        for id_, field, effect in objects_of(material, material.telling(entry)):
            yield entry.number, id_, field, effect


def _happened(material: Material) -> Iterator[Entry]:
    """The entries in force that have happened by the day, or may have."""
    view, forms = material.view, material.view.effective.graph.forms
    return (e for e in view.effective.entries if e.number in forms and view.room(e.number).first <= view.day)


ENTRY_OBJECTS: Final = Table(
    "entry_objects",
    (
        "Wovon ein Eintrag handelt, der gilt und bis zum Tag der Auskunft geschehen war oder vielleicht",
        "What each entry in force is about that had happened by the day of the view, or may have",
    ),
    (
        _entry("entry", "der Eintrag", "the entry", required=True),
        _object("object", "wovon er handelt", "what it is about", required=True),
        Column("field", "string", ("das Feld, das es nennt", "the field that names it"), required=True),
        Column(
            "effect",
            "string",
            ("was er daran tut", "what it does to it"),
            terms=("founds", "ends", "uses", "names"),
            required=True,
        ),
    ),
    ("entry", "object", "field"),
    _entry_objects,
)


# ---- what happened in them ----------------------------------------------------------------------------------------


def _structure(material: Material) -> Iterator[Row]:
    for spell in spells(material.view):
        yield (
            spell.subject,
            spell.kind,
            _known(material, spell.parent),
            _known(material, spell.level),
            spell.inferred,
            date.fromordinal(spell.first),
            None if spell.last is None else date.fromordinal(spell.last),
        )


STRUCTURE: Final = Table(
    "structure",
    (
        "Wo jede Ebene und jedes Gremium stand, wie die Seiten es Tag für Tag zeigen",
        "Where each level and body stood, as the pages show it day by day",
    ),
    (
        _object("object", "welche Ebene, welches Gremium", "which level or body", required=True),
        Column(
            "kind", "string", ("Ebene oder Gremium", "a level or a body"), terms=tuple(sorted(PLACE)), required=True
        ),
        _object("parent", "wozu es gehörte", "what it belonged to; empty: directly to the process"),
        _object("level", "auf welcher Ebene", "on which level"),
        Column("inferred", "boolean", ("das steht nirgends, es folgt", "nobody told so; it follows")),
        Column("first_day", "date", ("erster Tag", "the first day"), required=True),
        Column("last_day", "date", ("letzter Tag; leer: dauert an", "the last day; empty: it goes on")),
    ),
    ("object", "first_day"),
    _structure,
)


def _attendance(material: Material) -> Iterator[Row]:
    view = material.view
    for form, step in told(view, MeetingHeld):
        for fact, given in step.attendance():
            counted = (*_quantity(step.meetings), *_quantity(given.persons))
            approximate = given.persons is not None and given.persons.approximate
            for actor in given.actors or (None,):
                yield form.number, step.meeting, fact, _known(material, actor), *counted, approximate, given.in_words


ATTENDANCE: Final = Table(
    "attendance",
    (
        "Wer eingeladen, angemeldet, da oder entschuldigt war; was nicht dasteht, ist nicht dokumentiert",
        "Who was invited, registered, there or excused; what is not here is not recorded",
    ),
    (
        _entry("entry", "der Eintrag", "the entry", required=True),
        _object("meeting", "der Termin", "the meeting", required=True),
        Column(
            "fact",
            "string",
            ("was von beiden", "which of the facts"),
            terms=("invited", "registered", "attended", "excused", "invited_or_attended"),
            required=True,
        ),
        _object("actor", "der Akteur; leer: nur eine Zahl oder Worte", "the actor; empty: only a number, or words"),
        *_count_of("meetings", "wie viele Termine", "how many meetings"),
        *_count_of("persons", "wie viele Personen insgesamt", "how many persons in all"),
        Column("persons_approximate", "boolean", ("ungefähr", "about as many")),
        Column("in_words", "string", ("in Worten der Quelle", "in words of the source")),
    ),
    (),
    _attendance,
)


def _feedback(material: Material) -> Iterator[Row]:
    view = material.view
    answers: dict[object, list[tuple[int | None, str | None]]] = {}
    for form, step in told(view, FeedbackAnswered):
        answers.setdefault(step.feedback, []).append((form.number, step.outcome))
    for form, received in told(view, FeedbackReceived):
        for number, outcome in answers.get(form.number) or [(None, None)]:
            took = None if number is None else span(view, form.number, number)
            least, most = (None, None) if took is None else (took.at_least_days, took.at_most_days)
            yield form.number, received.kind, number, outcome, least, most


FEEDBACK: Final = Table(
    "feedback_responses",
    ("Rückmeldungen mit jeder Antwort darauf", "Feedback with each answer to it; without one, with none"),
    (
        _entry("feedback", "die Rückmeldung", "the feedback", required=True),
        Column("kind", "string", ("was für eine", "of which kind"), required=True),
        _entry("answer", "die Antwort", "the answer"),
        Column("outcome", "string", ("was daraus wurde", "what became of it")),
        *_count_of("days", "Tage bis dahin", "days until then"),
    ),
    (),
    _feedback,
)


def _commitments(material: Material) -> Iterator[Row]:
    for promise in promises(material.view).promises:
        took = (None, None) if promise.took is None else (promise.took.at_least_days, promise.took.at_most_days)
        yield (
            *(promise.id, promise.entry, promise.kind, promise.due, promise.perhaps, promise.standing),
            *(promise.settled_by, *took, promise.text, promise.note),
        )


COMMITMENTS: Final = Table(
    "commitments",
    ("Zusagen, und was daraus wurde", "Commitments, and what came of them by the day of the view"),
    (
        _object("commitment", "die Zusage", "the commitment", required=True),
        _entry("entry", "der Eintrag", "the entry that makes it", required=True),
        Column("kind", "string", ("was für eine", "of which kind"), required=True),
        Column("due", "string", ("fällig, in EDTF", "by when, in EDTF")),
        Column("perhaps", "boolean", ("vielleicht noch nicht gegeben", "perhaps not made yet")),
        Column(
            "standing",
            "string",
            ("was daraus wurde", "what came of it"),
            terms=("open", "silent", "kept", "kept-in-part", "changed", "broken", "lapsed"),
            required=True,
        ),
        _entry("settled_by", "der Eintrag, der das sagt", "the entry that says so"),
        *_count_of("days", "Tage bis dahin", "days until then"),
        Column("text", "string", ("was zugesagt wurde", "what was committed to")),
        Column("note", "string", ("Anmerkung", "note")),
    ),
    ("commitment",),
    _commitments,
)


def _decisions(material: Material) -> Iterator[Row]:
    for form, step in told(material.view, DecisionTaken):
        replaced, meeting = (_known(material, id_) for id_ in (step.replaces, step.meeting))
        yield step.decision, form.number, step.method, step.outcome, len(step.by), meeting, replaced, step.text


DECISIONS: Final = Table(
    "decisions",
    ("Beschlüsse", "Decisions that were taken, or may have been"),
    (
        _object("decision", "der Beschluss", "the decision", required=True),
        _entry("entry", "der Eintrag", "the entry", required=True),
        Column("method", "string", ("Verfahren", "method; `unrecorded`: nobody wrote it down"), required=True),
        Column("outcome", "string", ("Ergebnis", "outcome"), required=True),
        Column("deciders", "integer", ("wie viele als Beschließende genannt sind", "how many are named as deciding")),
        _object("meeting", "in welchem Termin", "the meeting it was taken in"),
        _object("replaces", "welchen Beschluss er ersetzt", "the decision that it replaces"),
        Column("text", "string", ("Wortlaut", "its words")),
    ),
    ("entry",),
    _decisions,
)


# ---- for networkDynamic -------------------------------------------------------------------------------------------


def _vertices(material: Material) -> dict[str, int]:
    """The numbers of the levels and bodies, from 1, as networkDynamic counts them."""
    return {id_: number for number, id_ in enumerate(dict.fromkeys(s.subject for s in spells(material.view)), start=1)}


def _vertex_ids(material: Material) -> Iterator[Row]:
    for id_, number in _vertices(material).items():
        yield number, id_, material.view.state[id_].kind, name(material.view, id_).text


def _from_to(material: Material, first: int, last: int | None) -> tuple[int, int]:
    """Days since the origin: when a spell begins, and when it does not hold any more."""
    zero, until = ORIGIN.toordinal(), material.view.day if last is None else last
    return first - zero, until + 1 - zero


def _vertex_spells(material: Material) -> Iterator[Row]:
    """A vertex is there from its first spell to its last, wherever it stands."""
    vertices = _vertices(material)
    lives: dict[str, tuple[int, int | None]] = {}
    for spell in spells(material.view):
        lives[spell.subject] = (lives.get(spell.subject, (spell.first, None))[0], spell.last)
    for id_, (first, last) in lives.items():
        unknown = days(material.view.since(material.view.state[id_])).first is None
        yield *_from_to(material, first, last), vertices[id_], unknown, last is None


def _edge_spells(material: Material) -> Iterator[Row]:
    vertices = _vertices(material)
    for tie in ties(material.view):
        if tie.above in vertices:
            ends = _from_to(material, tie.first, tie.last)
            about = (False, tie.last is None, tie.relation, tie.inferred)
            yield *ends, vertices[tie.subject], vertices[tie.above], *about


_SPELL: Final = (
    Column("onset", "integer", ("von: Tage seit dem 1. Januar 1970", "from: days since 1 January 1970"), required=True),
    Column("terminus", "integer", ("bis ausschließlich: ebenso", "until, not included: likewise"), required=True),
)
_CENSORED: Final = (
    Column(
        "onset_censored", "boolean", ("der Beginn ist nur nach oben begrenzt", "it may have begun at any time before")
    ),
    Column("terminus_censored", "boolean", ("dauert am Tag der Auskunft an", "it goes on on the day of the view")),
)

VERTEX_IDS: Final = Table(
    "vertex_ids",
    ("Ebenen und Gremien als Knoten", "Levels and bodies as vertices of a network"),
    (
        Column("vertex", "integer", ("Nr. des Knotens", "number of the vertex"), required=True),
        _object("object", "was es ist", "which object it is", required=True),
        Column("kind", "string", ("Ebene oder Gremium", "a level or a body"), required=True),
        Column("name", "string", ("Name", "name")),
    ),
    ("vertex",),
    _vertex_ids,
)
VERTEX_SPELLS: Final = Table(
    "vertex_spells",
    ("Von wann bis wann ein Knoten da war", "From when to when a vertex was there, for R networkDynamic"),
    (
        *_SPELL,
        Column("vertex", "integer", ("der Knoten", "the vertex"), "vertex_ids.vertex", required=True),
        *_CENSORED,
    ),
    ("vertex", "onset"),
    _vertex_spells,
)
EDGE_SPELLS: Final = Table(
    "edge_spells",
    ("Von wann bis wann etwas wozu gehörte", "From when to when something belonged to what, for R networkDynamic"),
    (
        *_SPELL,
        Column("tail", "integer", ("was", "what"), "vertex_ids.vertex", required=True),
        Column("head", "integer", ("wozu", "to what"), "vertex_ids.vertex", required=True),
        *_CENSORED,
        Column("relation", "string", ("wie", "how"), terms=("parent", "level"), required=True),
        Column("inferred", "boolean", ("das steht nirgends, es folgt", "nobody told so; it follows")),
    ),
    ("tail", "relation", "onset"),
    _edge_spells,
)


def _code_book(_: Material) -> Iterator[Row]:
    for table in TABLES:
        for column in table.columns:
            german, english = column.about
            yield table.name, column.name, column.type, column.refers, "|".join(column.terms), german, english


CODE_BOOK: Final = Table(
    "codebook",
    ("Was in welcher Spalte steht", "What stands in which column"),
    (
        Column("table", "string", ("Tabelle", "table"), required=True),
        Column("column", "string", ("Spalte", "column"), required=True),
        Column("type", "string", ("Art des Werts", "type of its values"), required=True),
        Column("refers", "string", ("worauf sie verweist", "what it refers to")),
        Column("terms", "string", ("mögliche Werte, durch | getrennt", "possible values, with | between them")),
        Column("german", "string", ("auf Deutsch", "in German"), required=True),
        Column("english", "string", ("auf Englisch", "in English"), required=True),
    ),
    ("table", "column"),
    _code_book,
)

TABLES: Final = (
    *(ENTRIES, CAUSES, AMENDMENTS, SOURCES, OBJECTS, OBJECT_CHANGES, ENTRY_OBJECTS, STRUCTURE, ATTENDANCE, FEEDBACK),
    *(COMMITMENTS, DECISIONS, VERTEX_IDS, VERTEX_SPELLS, EDGE_SPELLS, CODE_BOOK),
)
"""All tables, in the order in which a reader needs them."""


def written(value: Value) -> str:
    """A value as it stands in a cell: nothing where nothing is known."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)
