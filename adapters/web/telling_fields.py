"""All that an entry states, field by field, with labels and values in words; and what a correction changes of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, get_args, get_origin

from markupsafe import Markup, escape
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from adapters.sheets.parts import Speaker
from adapters.web.wording import Wording
from domain.decisions import DecisionTaken
from domain.entry import Entry
from domain.fields import TEXT, Quantity
from domain.german_dates import worded
from domain.meaning import PROCESS
from domain.publication import EntryCorrected, EntryWithdrawn, Source, Telling
from domain.schemes import Term
from domain.when import When, in_words
from projections.amendments import stated_before
from projections.documents import anchor

LEFT_OUT: Final = frozenset({"type", "renamed", "seen", "corrected"})
"""`type` is the label of the entry, a new name says that it was renamed, a correction has a table of its own – and
what a correction's author had seen is internal."""

ASKED_FOR: Final = {"decision-taken": ("by", "dissent")}
"""What a reader looks for, so that its absence is said: who decided, and who disagreed."""


DATED: Final = frozenset({"begins", "ends", "due", "period"})
"""Fields that hold a date among the facts: a planned one, a period, or the time of a meeting."""


@dataclass(frozen=True, slots=True)
class Row:
    """A label and its value."""

    label: str
    value: Markup


@dataclass(frozen=True, slots=True)
class Change:
    """What one field said before and says now."""

    label: str
    before: Markup | None
    after: Markup | None


def rows(words: Wording, step: BaseModel, step_type: str = "", *, erased: bool = False) -> Iterator[Row]:
    """The fields of a step that say something; what was erased is not said to be undocumented."""
    for name, field in type(step).model_fields.items():
        value = getattr(step, name)
        if name in LEFT_OUT or value in (None, ()):
            if name in ASKED_FOR.get(step_type, ()) and not (name == "dissent" and _without_dissent(step)):
                gone = erased and TEXT in field.metadata
                said = words.t("[Text gelöscht]", "[Text erased]") if gone else words.term("unrecorded")
                yield Row(words.field(name, step_type), escape(said))
            continue
        yield Row(words.field(name, step_type), _value(words, name, field, value))


def _without_dissent(step: BaseModel) -> bool:
    """Whether a decision tells who disagreed by its objections, or that nobody did by its method."""
    return isinstance(step, DecisionTaken) and (bool(step.objections) or step.method in ("consensus", "lot"))


def changes(words: Wording, before: Telling, after: Telling, *, erased: bool = False) -> list[Change]:
    """What a correction changed, field by field; what stood there before may have been `erased` since."""
    found = []
    for name in type(after.step).model_fields:
        old, new = getattr(before.step, name, None), getattr(after.step, name, None)
        if old != new and name not in LEFT_OUT:
            field, label = type(after.step).model_fields[name], words.field(name, after.step.type)
            gone = erased and old is None and TEXT in field.metadata
            was = escape(words.t("[Text gelöscht]", "[Text erased]")) if gone else _or_none(words, name, field, old)
            found.append(Change(label, was, _or_none(words, name, field, new)))
    for name in ("occurred", "because", "grounds", "sources", "asserted_by"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            field = Telling.model_fields[name]
            found.append(
                Change(words.field(name), _or_none(words, name, field, old), _or_none(words, name, field, new))
            )
    return found


@dataclass(frozen=True, slots=True)
class Amendment:
    """A correction or a withdrawal, as it is shown beside the original."""

    entry: Entry
    reason: str | None
    in_force: bool
    changes: list[Change]


def correction(words: Wording, number: int) -> Amendment:
    """A correction, with what it changed in what held before it."""
    log = words.view.effective
    entry = log.by_number[number]
    step = entry.statement.step
    assert isinstance(step, EntryCorrected)
    before = stated_before(log, entry)
    (target,) = entry.targets
    told_by = max((n for n in log.corrections_of(target) if n < number), default=target)
    gone = log.by_number[told_by].erased
    return Amendment(entry, step.reason, log.in_force(number), changes(words, before, step.corrected, erased=gone))


def withdrawal(words: Wording, number: int) -> Amendment:
    """A withdrawal."""
    entry = words.view.effective.by_number[number]
    step = entry.statement.step
    assert isinstance(step, EntryWithdrawn)
    return Amendment(entry, step.reason, words.view.effective.in_force(number), [])


def _or_none(words: Wording, name: str, field: FieldInfo, value: Any) -> Markup | None:
    return None if value in (None, ()) else _value(words, name, field, value)


def _value(words: Wording, name: str, field: FieldInfo, value: Any) -> Markup:
    if isinstance(value, tuple):
        shown = [_one(words, name, field, item) for item in value if _visible(words, name, item)]
        if len(shown) < len(value):
            shown.append(escape(words.t("Anlass nicht veröffentlicht", "cause not published")))
        if len(shown) == 1:
            return shown[0]
        if all(isinstance(item, int) for item in value) and not _holds_entries(field):  # resistances, one per person
            return Markup(", ").join(shown)
        return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(item) for item in shown))
    return _one(words, name, field, value)


def _holds_entries(field: FieldInfo) -> bool:
    """Whether a field names entries: by number or by key."""
    return {int, str} <= _types(field.annotation)


def _visible(words: Wording, name: str, value: Any) -> bool:
    """A cause that the reader may not see is not shown here either."""
    return name != "because" or value in words.view.effective.by_number


def _one(words: Wording, name: str, field: FieldInfo, value: Any) -> Markup:
    """One value, as what it is: a term, an entry, a subject, a date, free words, or a group of fields."""
    if isinstance(value, Source):
        return source(words, value)
    if isinstance(value, When):
        return _when(words, value)
    if isinstance(value, Quantity):
        return escape(Speaker(words.language).quantity(value))
    if isinstance(value, Term):
        return escape(Speaker(words.language).in_scheme(value))
    if name in DATED and isinstance(value, str):
        said = Speaker(words.language).local(value) if "T" in value else in_words(value, words.language)
        return escape(said)
    if isinstance(value, BaseModel):
        inner = [Markup("{}: {}").format(row.label, row.value) for row in rows(words, value)]
        return Markup("; ").join(inner)
    if isinstance(value, bool):
        return escape(words.t("ja", "yes") if value else words.t("nein", "no"))
    if isinstance(value, datetime):
        return escape(words.instant(value))
    if isinstance(value, date):
        return escape(words.day(value))
    if TEXT in field.metadata:
        return Markup('<span class="text">{}</span>').format(words.content(value))
    if isinstance(value, int) and _holds_entries(field):
        return entry_link(words, value)
    if value in _terms(field.annotation):
        return escape(words.term(value, name))
    if value == PROCESS:
        return escape(words.t("direkt unter dem Prozess", "directly under the process"))
    if value in words.view.state:
        return Markup("{} <code>{}</code>").format(words.link(value), value)
    return escape(value)


def _when(words: Wording, value: When) -> Markup:
    said = escape(in_words(value, words.language))
    own = worded(value.edtf, value.wording)
    return said if own is None else said + Markup(" (»{}«)").format(words.content(own))


def entry_link(words: Wording, number: int) -> Markup:
    text = words.t("Nr. {number}", "No. {number}", number=number)
    return Markup('<a class="kern-link" href="{}">{}</a>').format(words.entry(number), text)


def source(words: Wording, given: Source) -> Markup:
    """Where something is written: document, passage, address, and the checksum of the file."""
    parts = []
    if given.document is not None:
        parts.append(words.link(given.document))
    if given.title is not None:
        parts.append(_title(words, given.title, given.sha256))
    if given.page is not None:
        parts.append(escape(words.t("S. {page}", "p. {page}", page=given.page)))
    if given.lines is not None:
        parts.append(escape(words.t("Zeilen {lines}", "lines {lines}", lines=given.lines)))
    if given.url is not None:
        parts.append(web_address(given.url))
    where = Markup(", ").join(parts) or escape(words.t("[Text gelöscht]", "[Text erased]"))
    if given.sha256 is None:
        return where
    label = words.field("sha256")
    return Markup('{}<br><small class="checksum">{}: <code>{}</code></small>').format(where, label, given.sha256)


def _title(words: Wording, title: str, sha256: str | None) -> Markup:
    """The title of a document; one that is known by its file leads to its place among the documents."""
    at = anchor(None, sha256)
    if at is None:
        return words.content(title)
    return Markup('<a class="kern-link" href="{}">{}</a>').format(words.document(at), words.content(title))


def web_address(given: str) -> Markup:
    """Only web addresses become links: anything else that browsers follow has no place in a source."""
    if given.startswith(("https://", "http://")):
        return Markup('<a class="kern-link" href="{0}" rel="external noopener noreferrer">{0}</a>').format(given)
    return escape(given)


def _types(annotation: Any) -> set[Any]:
    """The plain types that an annotation allows, through unions, tuples and `Annotated`."""
    inner = get_args(annotation)
    if get_origin(annotation) is Literal or not inner:
        return {annotation}
    return {found for part in inner for found in _types(part)}


def _terms(annotation: Any) -> set[Any]:
    """The terms of the closed vocabularies that an annotation allows."""
    return {term for found in _types(annotation) if get_origin(found) is Literal for term in get_args(found)}
