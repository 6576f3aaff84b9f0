"""Forms for the steps: what is asked for, with the words of the project and with what the process knows to choose from.

A route shows `form_of(step_type, typed, words)` with the macros of `form.html` and reads `stated(step_type, typed, …)`
(`adapters/web/form_reading.py`). Nothing is kept between two requests: all that was typed comes along again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final, Literal

from adapters.web.form_controls import Control, Typed, controls, recordable
from adapters.web.form_ids import Completed, completed
from adapters.web.form_reading import PROPOSED, UNDERSTOOD, is_filled, rows
from adapters.web.form_words import ANNOUNCED, HINTS, ONE_LINE, PARTS, REFUSED
from adapters.web.wording import Wording
from domain.errors import Refusal, Refused
from domain.german_dates import from_words
from domain.meaning import PROCESS
from domain.publication import Telling
from domain.schemes import SCHEMES
from domain.step import Step
from domain.when import When, in_words
from domain.when import stated as days_of
from domain.words import FIELDS, REFUSALS, Language, say, word
from projections.telling import headline

MOST_LISTED: Final = 100
"""How many entries are listed to choose from; of more, one looks for those that are meant."""

NEWEST: Final = 20
"""How many of them are listed all the same, the newest."""

# ---- what a form consists of --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose from. `group` is what stands over several of them."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field as it is shown. The name is its place in the statement and its id in the page."""

    name: str
    shape: Literal["line", "area", "choice", "picks", "tick", "group", "rows"]
    label: str
    hint: str = ""
    required: bool = False
    values: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    fields: tuple["Field", ...] = ()
    understood: str = ""
    filled: bool = False
    left_out: int = 0
    """How many choices are not shown, since they cannot have existed at the stated time."""
    entries: int = 0
    """How many entries there are to choose from, where they are looked for instead of listed."""
    uploads: bool = False
    """Whether a file can be chosen here, whose SHA-256 then stands in the field."""
    shows: str = ""
    """Where more fields follow from what is chosen: what the button says that shows them."""

    @property
    def value(self) -> str:
        """What is typed into a field that holds one value."""
        return next(iter(self.values), "")

    @property
    def anchor(self) -> str:
        """The id that a link to the field leads to."""
        return f"{self.name}:0" if self.shape == "picks" and self.choices else self.name

    def all(self) -> Iterator["Field"]:
        """The field with all that it is composed of."""
        yield self
        for inner in self.fields:
            yield from inner.all()


@dataclass(frozen=True, slots=True)
class Complaint:
    """A refusal in words, with the field it stands at; none where it is about the whole."""

    sentence: str
    field: Field | None


@dataclass(frozen=True, slots=True)
class Form:
    """A form for one step type: its parts with their headings, and what goes along with it unseen."""

    step_type: str
    parts: tuple[tuple[str, tuple[Field, ...]], ...]
    hidden: tuple[tuple[str, str], ...]
    complaints: tuple[Complaint, ...] = ()

    def fields(self) -> Iterator[Field]:
        for _, fields in self.parts:
            for top in fields:
                yield from top.all()

    def errors(self, name: str) -> list[str]:
        """What was refused at a field."""
        return [c.sentence for c in self.complaints if c.field is not None and c.field.name == name]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A statement that stands before this one in the same list: later ones name it by its key."""

    key: str
    step_type: str
    label: str


@dataclass(frozen=True, slots=True)
class Around:
    """What a form stands among, and what was asked to be shown in it."""

    earlier: tuple[Earlier, ...] = ()
    taken: frozenset[str] = frozenset()
    """What is typed in the other statements of the list: no new id is one of that."""
    found: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Entries that were looked for, by the field they were looked for in."""
    unfound: Mapping[str, Refusal] = field(default_factory=dict)
    """Why nothing could be looked for, by the field."""
    everything: bool = False
    """Also what cannot have existed at the stated time."""


NOTHING_ASKED: Final = Around()


def form_of(
    step_type: str,
    typed: Typed,
    words: Wording,
    refusals: Iterable[Refusal] = (),
    around: Around = NOTHING_ASKED,
) -> Form:
    """The form for a step type with what is typed in it: nothing (`{}`), a submission, or a statement (`filled`).

    `refusals` stand at the controls, as `stated` and `at_controls` raise them.
    """
    making = _Making(completed(step_type, typed, words.view, around.taken), words, around)
    step = recordable()[step_type]
    parts = []
    for heading, names in PARTS:
        shown: list[Field] = []
        for control in controls(Telling):
            if control.name in names and control.kind == "step":
                shown += making.fields(controls(step), "/step", step)
            elif control.name in names:
                shown.append(making.field(control, f"/{control.name}", step))
        parts.append((shown[0].label if heading is None else words.t(*heading), tuple(shown)))
    form = Form(step_type, tuple(parts), tuple(making.hidden()))
    return replace(form, complaints=tuple(_complaints(form, refusals, words)))


def _complaints(form: Form, refusals: Iterable[Refusal], words: Wording) -> Iterator[Complaint]:
    """What was refused, in the order of the form; what is about no field of it comes first."""
    places = {shown.name: (order, shown) for order, shown in enumerate(form.fields())}
    found = []
    for refusal in refusals:
        parts = refusal.pointer.split("/")
        prefixes = ("/".join(parts[:length]) for length in range(len(parts), 1, -1))
        order, at = next((places[prefix] for prefix in prefixes if prefix in places), (-1, None))
        found.append((order, Complaint(sentence(form.step_type, refusal, words.language), at)))
    yield from (complaint for _, complaint in sorted(found, key=lambda one: one[0]))


def sentence(step_type: str, refusal: Refusal, language: Language) -> str:
    """A refusal in words, with its field called what the form calls it."""
    named = f"{step_type}:{str(refusal.params.get('field', '')).rpartition('/')[2]}"
    params = {**refusal.params, "field": named} if named in FIELDS else refusal.params
    return say(REFUSED.get(refusal.code) or REFUSALS[refusal.code], language, params)


# ---- fields with what can be chosen -------------------------------------------------------------------------------


class _Making:
    """Makes the fields of one form; what the process offers is looked up once."""

    def __init__(self, completed: Completed, words: Wording, around: Around) -> None:
        self.completed = completed
        self.around = around
        self.typed: Typed = completed.typed
        self.words = words
        self.view = words.view
        self._subjects: dict[tuple[tuple[str, ...], bool], tuple[Choice, ...]] = {}
        self._entries: dict[frozenset[str] | None, list[int]] = {}

    def hidden(self) -> Iterator[tuple[str, str]]:
        yield from ((PROPOSED, id_) for id_ in self.completed.proposed)
        for name, values in self.typed.items():
            if name.endswith(f"/{UNDERSTOOD}"):
                yield from ((name, value) for value in values)

    def fields(self, inner: Sequence[Control], under: str, step: type[Step]) -> list[Field]:
        """The fields of a model; a new id, which is proposed, comes last."""
        in_order = sorted(inner, key=lambda control: control.proposed)
        return [self.field(control, f"{under}/{control.name}", step) for control in in_order]

    def field(self, control: Control, at: str, step: type[Step]) -> Field:
        """One field of a step, or of what is stated about it."""
        values = tuple(self.typed.get(at, ()))
        type_ = step.model_fields["type"].default
        label = word(FIELDS, control.name, self.words.language, of=type_)
        if control.name == "occurred" and type_ in ANNOUNCED:
            label = self.words.t(*ANNOUNCED[type_])
        hint = self._hint(control, step)
        filled = is_filled(self.typed, at)
        if control.kind in {"model", "step"}:
            return self._composed(control, at, step, label, hint)
        if control.kind == "tick":
            return Field(name=at, shape="tick", label=label, hint=hint, values=values, filled=filled)
        shape: Literal["line", "area", "choice", "picks"] = "line"
        choices: tuple[Choice, ...] = ()
        left_out = entries = 0
        if _is_chosen(control):
            shape = "picks" if control.many else "choice"
            left_out, entries = self._left_out(control), self._looked_for(control)
            choices = tuple(self._choices(control, at, [value for value in values if value]))
        elif control.kind == "text" and (control.name not in ONE_LINE or "\n" in "".join(values)):
            shape = "area"
        if control.proposed:
            label = self.words.t("Kennung: {label}", "Id: {label}", label=label)
        return Field(
            name=at,
            shape=shape,
            label=label,
            hint=hint,
            required=control.required,
            values=values,
            choices=choices,
            understood=self._understood(control, values),
            uploads=control.name == "sha256",
            filled=filled,
            left_out=left_out,
            entries=entries,
        )

    def _composed(self, control: Control, at: str, step: type[Step], label: str, hint: str) -> Field:
        if control.kind == "step":
            inner: list[Field] = [self._type(at)]
            if chosen := recordable(nested=True).get(inner[0].value.strip()):
                inner += self.fields(controls(chosen), at, chosen)
        elif control.many:
            inner = [
                Field(
                    name=f"{at}/{place}",
                    shape="group",
                    label=f"{label} – {number}",
                    required=True,
                    fields=tuple(self.fields(control.inner(), f"{at}/{place}", step)),
                    filled=is_filled(self.typed, f"{at}/{place}"),
                )
                for number, place in enumerate(rows(self.typed, at), start=1)
            ]
        else:
            inner = self.fields(control.inner(), at, step)
        return Field(
            name=at,
            shape="rows" if control.many else "group",
            label=label,
            hint=hint,
            required=control.required,
            fields=tuple(inner),
            filled=is_filled(self.typed, at),
        )

    def _type(self, at: str) -> Field:
        """Of which type the step of another account is; its own fields follow."""
        types = sorted((self.words.type(type_), type_) for type_ in recordable(nested=True))
        values = tuple(self.typed.get(f"{at}/type", ()))
        choices = [Choice(type_, label) for label, type_ in types]
        return Field(
            name=f"{at}/type",
            shape="choice",
            label=self.words.field("type"),
            required=True,
            values=values,
            choices=(self._empty(None, required=True), *_with_typed(choices, values)),
            shows=self.words.t("Felder dieses Schrittes zeigen", "Show the fields of this step"),
        )

    # ---- what can be chosen -------------------------------------------------------------------------------------

    def _choices(self, control: Control, at: str, values: Sequence[str]) -> Iterator[Choice]:
        """Nothing, what the process offers, and whatever else is typed; of several, what is picked comes first."""
        offered = list(self._offered(control, at, values))
        if not control.many:
            default = self._term(control, control.default) if isinstance(control.default, str) else None
            yield self._empty(default, required=control.required)
            yield from _with_typed(offered, values)
            return
        by_value = {choice.value: choice for choice in offered}
        yield from (by_value.get(value, Choice(value, value)) for value in values)
        yield from (choice for choice in offered if choice.value not in values)

    def _offered(self, control: Control, at: str, values: Sequence[str]) -> Iterator[Choice]:
        t = self.words.t
        match control.kind:
            case "term":
                yield from (Choice(term, self._term(control, term)) for term in control.terms)
            case "scheme":
                yield from _in_schemes(control.schemes, self.words.language)
            case "yes-no":
                yield from (Choice("true", t("ja", "yes")), Choice("false", t("nein", "no")))
            case "reference":
                yield from (Choice(term, self._term(control, term)) for term in control.terms)
                yield from self._of_entries(control.entries or None, at, values)
            case _:
                known = self._of_kinds(control.kinds, in_time=control.in_time)
                if control.or_process:
                    yield Choice(PROCESS, t("– keines, direkt im Prozess –", "– none, directly in the process –"))
                yield from self._new(control, at, values, {choice.value for choice in known})
                yield from known

    def _new(self, control: Control, at: str, values: Sequence[str], known: set[str]) -> Iterator[Choice]:
        """Ids that this statement gives itself, and a new one where the field may found something."""
        t, under = self.words.t, at.rpartition("/")[0]
        given = [pair for kind in control.kinds for pair in self.completed.founded.get(kind, ())]
        for id_, place in given:
            container = place.rpartition("/")[0]
            if container != under and id_ not in known:
                named = next(iter(self.typed.get(f"{container}/name", ())), "").strip()
                yield Choice(id_, f"{_short(named)} ({id_})" if named else id_)
        if control.founds is not None and set(values) <= known:
            yield Choice(made := self.completed.fresh(control.founds), t("neu: {id}", "new: {id}", id=made))

    def _term(self, control: Control, term: str) -> str:
        return self.words.term(term, control.name)

    def _empty(self, default: str | None, *, required: bool) -> Choice:
        t = self.words.t
        if required:
            return Choice("", t("Bitte wählen", "Please choose"))
        if default is not None:
            return Choice(
                "", t("Nicht angegeben – dann gilt: {default}", "Not stated – then: {default}", default=default)
            )
        return Choice("", t("Nicht angegeben", "Not stated"))

    def _of_kinds(self, kinds: tuple[str, ...], *, in_time: bool) -> tuple[Choice, ...]:
        """The subjects of some kinds by their names; what has to exist at the time, only where it can have."""
        if (kinds, in_time) not in self._subjects:
            found = [
                Choice(id_, self._name(id_), self.words.kind_of(subject.kind) if len(kinds) > 1 else "")
                for id_, subject in self.view.state.items()
                if subject.kind in kinds and (not in_time or self.around.everything or self._can_exist(id_))
            ]
            found.sort(key=lambda choice: (choice.group, choice.label.casefold(), choice.value))
            labels = [(choice.group, choice.label) for choice in found]
            self._subjects[kinds, in_time] = tuple(
                Choice(c.value, f"{c.label} ({c.value})", c.group) if labels.count((c.group, c.label)) > 1 else c
                for c in found
            )
        return self._subjects[kinds, in_time]

    def _name(self, id_: str) -> str:
        if self.view.state[id_].kind in TOLD_BY_HEADLINE:
            return _short(headline(self.view, self.view.form(self.view.state[id_].founded).telling) or id_)
        return _short(self.words.name(id_).striptags())

    def _can_exist(self, id_: str) -> bool:
        if self._days is None:
            return True
        subject = self.view.state[id_]
        ended = None if subject.ended is None else self.view.room(subject.ended).last
        first, last = self._days
        return self.view.room(subject.founded).first <= last and (ended is None or ended >= first)

    @cached_property
    def _days(self) -> tuple[int, int] | None:
        """The days that the step can have happened on, as far as they are typed."""
        when = _read_date("".join(self.typed.get("/occurred/edtf", ())))
        if when is None or when.edtf is None:
            return None
        reading = days_of(when.edtf)
        return reading.begin.first, (reading.end or reading.begin).last

    def _left_out(self, control: Control) -> int:
        """How many subjects a field could name if it had happened at another time."""
        if control.kind != "id" or not control.in_time or self.around.everything:
            return 0
        kinds = [id_ for id_, subject in self.view.state.items() if subject.kind in control.kinds]
        return sum(1 for id_ in kinds if not self._can_exist(id_))

    def _looked_for(self, control: Control) -> int:
        """How many entries a reference may name, if these are too many for a list."""
        count = len(self._recorded(control.entries or None)) if control.kind == "reference" else 0
        return count if count > MOST_LISTED else 0

    def _of_entries(self, types: frozenset[str] | None, at: str, values: Sequence[str]) -> Iterator[Choice]:
        """The statements before this one in its list, then the entries of some types that are in force, newest first.

        Of too many: those that were looked for, those that are chosen, and the newest.
        """
        group = self.words.t("in dieser Liste", "in this list")
        for one in self.around.earlier:
            if types is None or one.step_type in types:
                yield Choice(one.key, one.label, group)
        recorded = self._recorded(types)
        numbers: Iterable[int] = recorded
        if len(recorded) > MOST_LISTED:
            chosen = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10]
            wanted = (*chosen, *self.around.found.get(at, ()))
            known = set(recorded)
            numbers = dict.fromkeys([*(number for number in wanted if number in known), *recorded[:NEWEST]])
        yield from (Choice(str(number), self._entry(number)) for number in numbers)

    def _recorded(self, types: frozenset[str] | None) -> list[int]:
        """The entries of some types that are in force, the newest first; not those of this list, only tried out."""
        if types not in self._entries:
            known, listed = self.view.effective, {one.key for one in self.around.earlier}
            self._entries[types] = [
                number
                for number in sorted(known.graph.forms, reverse=True)
                if (types is None or self.view.form(number).telling.step.type in types)
                and known.by_number[number].statement.key not in listed
            ]
        return self._entries[types]

    def _entry(self, number: int) -> str:
        telling = self.view.form(number).telling
        what = headline(self.view, telling)
        told = self.words.t("Nr. {n} · {type}", "No. {n} · {type}", n=number, type=self.words.type(telling.step.type))
        return told if what is None else f"{told}: {self._name(what) if what in self.view.state else _short(what)}"

    # ---- what is said beside a field ----------------------------------------------------------------------------

    def _hint(self, control: Control, step: type[Step]) -> str:
        if control.proposed:
            return self.words.t(*HINTS["new-id"])
        if control.name == "grounds" and step.structural:
            return self.words.t(*HINTS["structural"])
        if control.many and control.kind == "number":
            return self.words.t(*HINTS["numbers"])
        keys = (f"{control.path}", control.name, "quantity" if _is_quantity(control) else control.kind)
        return next((self.words.t(*HINTS[key]) for key in keys if key in HINTS), "")

    def _understood(self, control: Control, values: Sequence[str]) -> str:
        """A date as it was understood, in words, before anything is saved."""
        when = _read_date("".join(values)) if control.kind == "date" else None
        if when is None:
            return ""
        told = in_words(when, self.words.language)
        days = "" if when.edtf is None else self._days_of(when.edtf)
        return (
            told
            if days in ("", told)
            else self.words.t("{told}, das heißt {days}", "{told}: {days}", told=told, days=days)
        )

    def _days_of(self, edtf: str) -> str:
        """The days that a date speaks of: from when to when, and whether it is one of them or all of them."""
        t, reading = self.words.t, days_of(edtf)
        begin, end = reading.begin, reading.end
        if end is not None:
            first, last = self._day(begin.first), self._day(end.last)
            return t("vom {a} bis zum {b}", "from {a} to {b}", a=first, b=last) if first and last else ""
        first, last = self._day(begin.first), self._day(begin.last)
        if not first or not last:
            return ""
        if first == last:
            return first
        return t("{a} bis {b}, irgendwann in dieser Zeit", "{a} to {b}, some time in between", a=first, b=last)

    def _day(self, ordinal: int) -> str:
        """One day as digits; nothing where a date is open."""
        if not 1 < ordinal < date.max.toordinal():
            return ""
        day = date.fromordinal(ordinal)
        return f"{day.day}.{day.month}.{day.year}" if self.words.language == "de" else day.isoformat()


def _read_date(text: str) -> When | None:
    """What is typed as a date, if it is understood."""
    if not text.strip():
        return None
    try:
        return from_words(text)
    except Refused:
        return None


def _is_chosen(control: Control) -> bool:
    """Whether there is something to choose from, instead of to type."""
    if control.kind == "id":
        return not control.proposed
    return control.kind in ("term", "scheme", "yes-no", "reference")


def _is_quantity(control: Control) -> bool:
    return control.model is not None and control.model.__name__ == "Quantity"


def _with_typed(offered: Iterable[Choice], values: Sequence[str]) -> list[Choice]:
    """What is offered, and what is typed if it is something else: nothing that was sent gets lost."""
    choices = list(offered)
    known = {choice.value for choice in choices}
    return [*(Choice(value, value) for value in dict.fromkeys(values) if value and value not in known), *choices]


def _in_schemes(schemes: Sequence[str], language: Language) -> Iterator[Choice]:
    for scheme in schemes:
        for code, label in SCHEMES[scheme].terms.items():
            yield Choice(f"{scheme}:{code}", f"{code} · {say(label, language)}", say(SCHEMES[scheme].label, language))


def _short(text: str) -> str:
    """A text that fits into a list to choose from."""
    whole = " ".join(text.split())
    return whole if len(whole) <= 100 else f"{whole[:99].rstrip()}…"


TOLD_BY_HEADLINE: Final = frozenset({"role", "choice"})
"""Kinds of subject that have no name of their own to be found by."""
