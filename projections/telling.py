"""How an entry, a date and a subject are shown: the texts are joined here, never in the fold."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from domain.actors import RoleAssigned, RoleEnded
from domain.entry import causes
from domain.feedback import FeedbackAnswered, FeedbackReceived
from domain.monitoring import IndicatorMeasured
from domain.publication import EntryPublished, PlainLanguageAdded, Telling
from domain.replay import Form
from domain.rooms import Room
from domain.scenarios import ScenarioChosen
from domain.state import Subject
from domain.step import Step
from domain.structure import ReallaborSpunOff
from domain.view import Reading, View, once
from domain.when import FAR, OPEN

S = TypeVar("S", bound=Step)
M = TypeVar("M", bound=BaseModel)
EntryState = Literal["certain", "possible", "not-yet", "withdrawn"]


class Shown(BaseModel):
    """Part of an answer: what pages, command line and API show alike."""

    model_config = ConfigDict(frozen=True)


def trusted(model: type[M], values: dict[str, Any]) -> M:
    """A model of values that are valid for certain: all of its fields, in their order. Nothing is looked at again.

    `model_construct` of pydantic does the same and asks about each field on the way, which takes ten times as long.
    """
    made = model.__new__(model)
    give = object.__setattr__  # models are frozen
    give(made, "__dict__", values)
    give(made, "__pydantic_fields_set__", _every_field(model))
    give(made, "__pydantic_extra__", None)
    give(made, "__pydantic_private__", None)
    return made


@cache
def _every_field(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


class Days(Shown):
    """First and last day, inclusive; empty where it is open."""

    first: date | None
    last: date | None


class Name(Shown):
    """The name of a subject with the entry that gave it; `erased` where the text was erased since, and then when.

    `kind` (of a body its own kind) and `founded` say what it is the name of, also where there is no text.
    """

    text: str | None
    entry: int | None
    erased: bool = False
    erased_at: datetime | None = None
    kind: str | None = None
    founded: int | None = None


class Named(Shown):
    """A subject with its name."""

    id: str
    name: Name


class Cited(Shown):
    """A source: document, passage, and the checksum of the file."""

    document: Named | None
    title: str | None
    page: str | None
    lines: str | None
    url: str | None
    sha256: str | None


class Occurred(Shown):
    """A date as stated, with the days that the needs of the entries leave of it (`room`, derived)."""

    edtf: str | None
    basis: Literal["stated", "derived", "unknown"]
    wording: str | None
    stated: Days
    room: Days


class FromEntry(Shown):
    """A row of a register that rests on one entry, in its form in force."""

    entry: int
    erased: bool = Field(description="its texts were erased")
    occurred: Occurred
    perhaps: bool = Field(description="may not have happened by the day, and may")
    corrected_by: list[int]


class Who(Shown):
    """Who acted or spoke, by the field that says so; `in_words` where the source describes them."""

    field: str
    actors: list[Named]
    in_words: str | None = None


class Plain(Shown):
    """What an entry tells, in plain language; no text: it was erased."""

    entry: int = Field(description="the entry that says it")
    text: str | None
    older: bool = Field(description="it was written before the entry was corrected to what it says now")


class Line(Shown):
    """One entry in a list, with all that a list says of it."""

    number: int
    type: str
    headline: str | None = Field(description="its main text, or the name of what it is about")
    unnamed: Named | None = Field(default=None, description="what it is about, where that is all there is to say")
    plain: Plain | None = Field(default=None, description="the same in plain language")
    occurred: Occurred | None
    state: EntryState
    recorded_at: datetime
    public_from: datetime | None
    targets: list[int] = Field(
        default=[], description="of an entry about an entry, unless it publishes: what it is about"
    )
    corrected_by: list[int] = Field(default=[])
    withdrawn_by: list[int] = Field(default=[])
    because: list[int] = Field(default=[])
    cause_not_shown: bool = Field(default=False, description="a cause is not public")
    reason_not_recorded: bool = False
    grounds: str | None = None
    asserted_by: str | None = None
    account_of: Named | None = Field(default=None, description="whose account it is, with the name")
    who: list[Who] = Field(default=[], description="who acted or spoke")
    method: str | None = Field(default=None, description="how it was decided or looked into")
    feedback: str | None = Field(default=None, description="what kind of feedback it is")
    outcome: str | None = Field(default=None, description="what came of a promise, of feedback, of a proposal")
    answers: int | None = Field(default=None, description="the feedback that it answers")
    answered_by: list[int] = Field(default=[], description="of feedback: the entries that answer it")
    sources: list[Cited] = []
    subjects: list[str] = Field(default=[], description="ids of what it is about")
    erased: bool = False
    erased_at: datetime | None = Field(default=None, description="since when its texts are gone")
    erased_by: int | None = Field(default=None, description="the entry that erased its texts")

    @cached_property
    def told(self) -> str:
        """All of it as JSON: what says the same looks the same, on every page that lists it."""
        return self.model_dump_json()


PEOPLE = ("by", "speakers", "from_whom", "actors", "funder", "recipients", "authors")
"""The fields that say who acted or spoke; an actor that an entry is about stands in its heading."""

HEADLINES = (
    "name",
    "title",
    "text",
    "topic",
    "observed",
    "what",
    "question",
    "preference",
    "answer",
    "successor_name",
    "reason",
    "programme",
)


@lru_cache(maxsize=1 << 14)
def days(room: Room) -> Days:
    """A room as dates."""
    return Days(first=_date(room.first), last=_date(room.last))


def _date(ordinal: int) -> date | None:
    return None if ordinal <= OPEN or ordinal >= FAR else date.fromordinal(ordinal)


def occurred(view: View, form: Form) -> Occurred:
    """The date of an entry in force."""
    when = form.telling.occurred
    begin = form.when.begin
    return trusted(
        Occurred,
        {
            "edtf": None if when is None else when.edtf,
            "basis": "unknown" if when is None else when.basis,
            "wording": None if when is None else when.wording,
            "stated": days(Room(begin.first, begin.last)),
            "room": days(view.room(form.number)),
        },
    )


def from_entry(view: View, form: Form) -> dict[str, Any]:
    """What every row of a register says of its entry."""
    return {
        "entry": form.number,
        "erased": erased(view, form),
        "occurred": occurred(view, form),
        "perhaps": not view.certain(form.number),
        "corrected_by": view.effective.corrections_of(form.number),
    }


def erased(view: View, form: Form) -> bool:
    """Whether the texts of an entry were erased."""
    return view.effective.by_number[form.told_by].erased


@once
def name(view: View, subject: str) -> Name:
    """What a subject is called on the view's day."""
    known = view.state.get(subject)
    if known is None:
        return Name(text=None, entry=None)
    reading = view.read(known, "name")
    if not isinstance(reading.value, int):
        reading = Reading(known.founded, known.founded)
    source = view.form(int(reading.value or known.founded))
    return Name(
        text=source.telling.step.name_of(subject),
        entry=source.number,
        erased=erased(view, source),
        erased_at=view.effective.by_number[source.told_by].erased_at,
        kind=kind(view, known),
        founded=known.founded,
    )


def kind(view: View, subject: Subject) -> str:
    """What kind of subject it is; of a body, what kind of body."""
    told = [value for _, value in subject.assigned.get("kind", ())]
    if subject.kind == "body" and told:
        return str(view.read(subject, "kind").value or told[0])
    return subject.kind


def named(view: View, subjects: Iterable[str | None]) -> list[Named]:
    """Subjects with their names; nothing given is nobody named."""
    return [Named(id=subject, name=name(view, subject)) for subject in subjects if subject is not None]


def told(view: View, kind: type[S]) -> Iterator[tuple[Form, S]]:
    """Every step of a type that has happened or may have happened by the day, in the happened order."""
    for number in view.order:
        form = view.form(number)
        if issubclass(form.step_class, kind) and view.room(number).first <= view.day:
            step = form.telling.step
            assert isinstance(step, kind)
            yield form, step


def by_subject(steps: Iterable[tuple[Form, S]], field: str) -> dict[str, list[tuple[Form, S]]]:
    """Steps by the subject that one of their fields names, in the order they come in."""
    found: dict[str, list[tuple[Form, S]]] = {}
    for form, step in steps:
        found.setdefault(getattr(step, field), []).append((form, step))
    return found


def sources(view: View, telling: Telling) -> list[Cited]:
    """Where it is written."""
    return [
        trusted(
            Cited,
            {
                "document": next(iter(named(view, [source.document])), None),
                "title": source.title,
                "page": source.page,
                "lines": source.lines,
                "url": source.url,
                "sha256": source.sha256,
            },
        )
        for source in telling.sources
    ]


def headline(view: View, telling: Telling) -> str | None:
    """The main text of a step; where it has none, the name of what it ends, moves or changes."""
    step = telling.step
    if isinstance(step, ReallaborSpunOff):
        return f"{name(view, step.body).text or step.body} → {step.successor_name or '…'}"
    if isinstance(step, RoleAssigned):
        holder = name(view, step.actor).text or step.actor
        return f"{holder}: {step.title}" if step.title else holder
    if isinstance(step, RoleEnded):
        return _holder(view, step.role)
    if isinstance(step, ScenarioChosen):
        return name(view, step.scenario).text or step.scenario
    if isinstance(step, IndicatorMeasured):
        return f"{name(view, step.indicator).text or step.indicator}: {step.value} {step.unit} ({step.period})"
    for field in HEADLINES:  # a pydantic model takes its time to say that it has no such field
        if isinstance(text := step.__dict__.get(field), str):
            return text
    for subject in _spoken_of(step):
        return name(view, subject).text or subject
    return None


def _words_of_its_own(step: Step) -> bool:
    """Whether a step says something in words beside names, which are told to be erased where they stood."""
    fields = type(step).model_fields
    return not step.meaning().founds and any(name in fields for name in HEADLINES if name not in ("name", "title"))


def _spoken_of(step: Step) -> Iterator[str]:
    """What a step is about, the most telling first."""
    meaning = step.meaning()
    yield from (founded for founded, _ in meaning.founds)
    yield from (use.subject for use in (*meaning.ends, *meaning.uses, *meaning.names))


def _holder(view: View, role: str) -> str:
    """Who holds a role, and which."""
    subject = view.state.get(role)
    given = None if subject is None else view.form(subject.founded).telling
    return role if given is None else headline(view, given) or role


def _unnamed(view: View, headline: str | None) -> Named | None:
    """What a line is about whose headline is no more than an id: its name was not told, or was erased."""
    if headline is None or headline not in view.state:
        return None
    found = Named(id=headline, name=name(view, headline))
    return found if found.name.text is None else None


def _who(view: View, step: Step) -> Iterator[Who]:
    """Who acted or spoke, and for a role in which body."""
    for field in (*PEOPLE, "body") if isinstance(step, RoleAssigned) else PEOPLE:
        given = step.__dict__.get(field)
        if field == "from_whom" and given:
            yield Who(field=field, actors=[], in_words=given)
        elif given:
            yield Who(field=field, actors=named(view, (given,) if isinstance(given, str) else given))


def line(view: View, number: int) -> Line:
    """One chosen entry as a line of a list."""
    entry = view.effective.by_number[number]
    form = view.effective.graph.forms.get(number)
    last = form if form is not None or entry.about_entries else view.effective.last_form(number)
    telling, meaning = (entry.statement, entry.meaning) if last is None else (last.telling, last.meaning)
    chosen = view.effective.by_number
    because, told_by = causes(telling), number if form is None else form.told_by
    head = headline(view, telling)
    if chosen[told_by].erased and _words_of_its_own(telling.step):
        head = None  # what it said is gone: what it is about would look like it
    return trusted(
        Line,
        {
            "number": number,
            "type": telling.step.type,
            "headline": head,
            "unnamed": _unnamed(view, head),
            "plain": plain(view, number),
            "occurred": occurred(view, form) if form is not None else None,
            "state": state_of(view, number),
            "recorded_at": entry.recorded_at,
            "public_from": view.effective.public_from(number),
            "targets": [] if entry.step_class is EntryPublished else list(entry.targets),
            "corrected_by": view.effective.corrections_of(number),
            "withdrawn_by": [n for n in view.effective.withdrawals.get(number, ()) if view.effective.in_force(n)],
            "because": [cause for cause in because if cause in chosen],
            "cause_not_shown": any(cause not in chosen for cause in because),
            "reason_not_recorded": telling.because == "not-recorded",
            "grounds": telling.grounds,
            "asserted_by": telling.asserted_by,
            "account_of": next(iter(named(view, [telling.asserted_by])), None),
            "who": list(_who(view, telling.step)),
            "method": telling.step.__dict__.get("method"),
            "feedback": telling.step.kind if isinstance(telling.step, FeedbackReceived) else None,
            "outcome": telling.step.__dict__.get("outcome"),
            "answers": int(telling.step.feedback) if isinstance(telling.step, FeedbackAnswered) else None,
            "answered_by": _answers(view, number) if isinstance(telling.step, FeedbackReceived) else [],
            "sources": sources(view, telling),
            "subjects": sorted(telling.step.meaning().subjects()) if any(meaning) else [],
            "erased": chosen[told_by].erased,
            "erased_at": chosen[told_by].erased_at,
            "erased_by": view.effective.erasure_of(told_by) if chosen[told_by].erased else None,
        },
    )


def _answers(view: View, number: int) -> list[int]:
    """The entries that answer a feedback and have happened by the day or may have."""
    graph = view.effective.graph
    forms = (graph.forms[n] for n in graph.followers.get(number, ()) if n in graph.forms)
    return [f.number for f in forms if f.step_class is FeedbackAnswered and view.room(f.number).first <= view.day]


def plain(view: View, number: int) -> Plain | None:
    """What an entry tells, in plain language, if somebody said it so."""
    log = view.effective
    said_by = log.plain_text_of(number)
    if said_by is None:
        return None
    step = log.by_number[said_by].statement.step
    assert isinstance(step, PlainLanguageAdded)
    return Plain(entry=said_by, text=step.text, older=any(said_by < n for n in log.corrections_of(number)))


def state_of(view: View, number: int) -> EntryState:
    """Whether an entry has happened by the view's day."""
    if not view.effective.in_force(number):
        return "withdrawn"
    if number not in view.effective.graph.forms:
        return "certain"  # entries about entries happen when they are recorded
    room = view.room(number)
    return "certain" if room.last <= view.day else "possible" if room.first <= view.day else "not-yet"
