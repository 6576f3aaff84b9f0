"""From a form to a statement and back: names and values as a browser sends them, and the JSON of a statement.

Empty means not stated, and white space around a value says nothing. What was typed is never changed: the same controls
are filled again with the very same values.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from adapters.imports.statements import statement_of
from adapters.web.form_controls import Control, Typed, ValueKind, controls, recordable
from domain.errors import Refusal, Refused
from domain.german_dates import from_words
from domain.publication import Statement, Telling
from domain.when import When, in_words

ADD: Final = "add"
"""The button that adds a row; its value is the name of the list."""

FIND: Final = "find"
"""What the names of lines begin with in which one looks for an entry: it states nothing."""

PROPOSED: Final = "proposed"
"""Hidden controls: ids that stand in rows which are still empty."""

UNDERSTOOD: Final = "understood"
"""A hidden control beside a date that was filled in, not typed: its notation and, after a space, its words. What nobody
changed means exactly what it meant."""

Json = Any


def typed_of(pairs: Sequence[tuple[str, str]]) -> Typed:
    """The values of a form by name, in the order they were sent in."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value.encode("utf-8", "replace").decode())  # no half of a letter
    return found


def stated(step_type: str, typed: Typed, process: str, key: str) -> Statement:
    """What a form states, read as the API reads it; refusals stand at the controls of the form."""
    reading = _read(step_type, typed)
    found = list(reading.refusals)
    try:
        statement = statement_of({**reading.content, "process": process, "key": key})
    except Refused as refusal:
        at = {known.pointer for known in found}
        found += [placed for r in refusal.refusals if (placed := reading.placed(r)).pointer not in at]
    if found:
        raise Refused(*found)
    return statement


def at_controls(step_type: str, typed: Typed, refused: Refused) -> Refused:
    """The same refusals, raised when a statement was to be recorded, at the controls that it was read from."""
    reading = _read(step_type, typed)
    return Refused(*map(reading.placed, refused.refusals))


def filled(telling: Telling, *, anew: bool = False) -> Typed:
    """A form as filled in with what is told, for a correction; `anew` leaves out ids, for a copy."""
    content = telling.model_dump(mode="json")
    found: dict[str, list[str]] = {}
    for control in controls(Telling):
        if control.kind == "step":
            for inner in controls(type(telling.step)):
                _fill(inner, content["step"][inner.name], f"/step/{inner.name}", found, anew=anew)
        else:
            _fill(control, content[control.name], f"/{control.name}", found, anew=anew)
    return found


# ---- rows and what is empty ---------------------------------------------------------------------------------------


def rows(typed: Typed, at: str) -> list[int]:
    """The places of the rows of a list that a form has."""
    prefix = f"{at}/"
    places = {name[len(prefix) :].split("/")[0] for name in typed if name.startswith(prefix)}
    return sorted(int(place) for place in places if re.fullmatch(r"0|[1-9][0-9]{0,3}", place))


def is_filled(typed: Typed, at: str) -> bool:
    """Whether anything is typed at a place or under it; an id that the program proposed is not."""
    proposed = set(typed.get(PROPOSED, ()))
    return any(
        value.strip() and value not in proposed
        for name, values in typed.items()
        if (name == at or name.startswith(f"{at}/")) and not name.endswith(f"/{UNDERSTOOD}")
        for value in values
    )


# ---- reading ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Reading:
    """What was read. `places` are the places of rows in the statement and in the form: empty rows are left out."""

    typed: Typed
    content: dict[str, Json] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    refusals: list[Refusal] = field(default_factory=list)

    def placed(self, refusal: Refusal) -> Refusal:
        """A refusal of the statement at its place in the form."""
        parts = refusal.pointer.split("/")
        for length in range(len(parts), 1, -1):
            if (row := "/".join(parts[:length])) in self.places:
                return replace(refusal, pointer="/".join([self.places[row], *parts[length:]]))
        return refusal


def _read(step_type: str, typed: Typed) -> Reading:
    reading = Reading(typed, known={ADD, PROPOSED})
    step = _fields(controls(recordable()[step_type]), "/step", "/step", reading)
    rest = _fields(tuple(c for c in controls(Telling) if c.kind != "step"), "", "", reading)
    reading.content = {"step": {"type": step_type, **step}, **rest}
    unknown = [name for name in typed if name not in reading.known and not name.startswith(f"{FIND}/")]
    reading.refusals += [Refusal("field-unknown", {"field": name[:80]}, pointer=name) for name in unknown]
    return reading


def _fields(inner: Sequence[Control], at: str, to: str, reading: Reading) -> dict[str, Json]:
    """The fields that something is stated in. `at` is their place in the form, `to` that in the statement."""
    values = ((c.name, _value(c, f"{at}/{c.name}", f"{to}/{c.name}", reading)) for c in inner)
    return {name: value for name, value in values if value is not None}


def _value(control: Control, at: str, to: str, reading: Reading) -> Json:
    if control.kind == "model" and control.many:
        return _rows(control, at, to, reading) or None
    if control.kind == "model":
        before = len(reading.refusals)
        composed = _fields(control.inner(), at, to, reading)
        if control.model is When:
            return _when(control, composed, at, reading)
        if is_filled(reading.typed, at):
            return composed
        del reading.refusals[before:]
        return None
    if control.kind == "step":
        return _step(at, to, reading)
    reading.known.add(at)
    given = [value.strip() for value in reading.typed.get(at, ()) if value.strip()]
    if not given:
        if control.required and control.kind == "text":  # types let texts go, since they may be erased
            reading.refusals.append(Refusal("text-missing", {"field": at}, pointer=at))
        return None
    if control.many and control.kind == "number":
        return [READ["number"](text) for text in re.split(r"[\s,;]+", " ".join(given)) if text]
    if control.many and control.kind == "reference" and set(given) & set(control.terms):
        if len(given) == 1:  # in place of references
            return given[0]
        reading.refusals.append(Refusal("cause-or-none", pointer=at))
        return None
    if control.many:
        return [READ[control.kind](text) for text in given]
    if control.name == "url" and len(given) == 1:
        return _web_address(given[0], at, reading)
    return READ[control.kind](given[0]) if len(given) == 1 else given


def _web_address(text: str, at: str, reading: Reading) -> str:
    """An address that a browser can follow; without a scheme, as people type it, it is meant to be https."""
    address = f"https://{text}" if re.match(r"www\.", text) else text
    if not re.fullmatch(r"https?://[^\s/.]+(\.[^\s/.]+)+(/\S*)?", address):
        reading.refusals.append(Refusal("url-wrong", {"given": text[:80]}, pointer=at))
    return address


def _rows(control: Control, at: str, to: str, reading: Reading) -> list[Json]:
    found: list[Json] = []
    for place in rows(reading.typed, at):
        row, before = f"{at}/{place}", len(reading.refusals)
        stated_there = _fields(control.inner(), row, f"{to}/{len(found)}", reading)
        if is_filled(reading.typed, row):
            reading.places[f"{to}/{len(found)}"] = row
            found.append(stated_there)
        else:
            del reading.refusals[before:]
    return found


def _step(at: str, to: str, reading: Reading) -> Json:
    """A step of a type that is chosen in the form."""
    reading.known.add(f"{at}/type")
    type_ = "".join(reading.typed.get(f"{at}/type", ())).strip()
    if not type_:
        return None
    step = recordable(nested=True).get(type_)
    return {"type": type_, **(_fields(controls(step), at, to, reading) if step else {})}


def _when(control: Control, told: dict[str, Json], at: str, reading: Reading) -> Json:
    """A date in words, with the rest that is stated of it; the words are its wording unless another is given."""
    reading.known.add(f"{at}/{UNDERSTOOD}")
    text = told.get("edtf")
    if control.required and not told:
        reading.refusals.append(Refusal("date-missing", pointer=f"{at}/edtf"))
    if not isinstance(text, str):
        return told or None
    for beside in reading.typed.get(f"{at}/{UNDERSTOOD}", ()):
        notation, _, filled_in = beside.partition(" ")
        if text in (notation, filled_in):
            return {**told, "edtf": notation}
    try:
        words = from_words(text)
    except Refused as refusal:
        reading.refusals += [replace(found, pointer=f"{at}/edtf") for found in refusal.refusals]
        return None
    return {**words.model_dump(), **{name: value for name, value in told.items() if name != "edtf"}}


def _number(text: str) -> Json:
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else text


def _decimal(text: str) -> str:
    """With a point, as facts have it, where it is typed with a comma: 12,5 or 1.250,75."""
    if re.fullmatch(r"-?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+),[0-9]+", text):
        return text.replace(".", "").replace(",", ".")
    return text


def _day(text: str) -> str:
    """A day as an office types it: 30.6.2024."""
    try:
        edtf = from_words(text).edtf or ""
    except Refused:
        return text
    return edtf if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", edtf) else text


def _clock(text: str) -> str:
    found = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})(?: ?Uhr)?", text)
    return f"{found[1]:0>2}:{found[2]}" if found else text


def _local_time(text: str) -> str:
    """A day with a time: 30.6.2021, 10:00 Uhr."""
    found = re.fullmatch(r"(.+?),? +(?:um )?([0-9]{1,2}[:.][0-9]{2}(?: ?Uhr)?)", text)
    return f"{_day(found[1])}T{_clock(found[2])}" if found else _day(text)


def _in_scheme(text: str) -> Json:
    scheme, _, term = text.partition(":")
    return {"scheme": scheme, "term": term}


def _as_typed(text: str) -> str:
    return text


READ: Final[Mapping[ValueKind, Callable[[str], Json]]] = {
    "text": _as_typed,
    "id": _as_typed,
    "code": _as_typed,
    "term": _as_typed,
    "date": _as_typed,
    "number": _number,
    "reference": _number,
    "decimal": _decimal,
    "day": _day,
    "clock": _clock,
    "local-time": _local_time,
    "scheme": _in_scheme,
    "tick": lambda text: True if text == "true" else text,
    "yes-no": lambda text: {"true": True, "false": False}.get(text, text),
}
"""How one value is read. What is not understood stays as it was typed, and is refused like everything else."""


# ---- filling ------------------------------------------------------------------------------------------------------


def _fill(control: Control, value: Json, at: str, found: dict[str, list[str]], *, anew: bool) -> None:
    if value is None or value == [] or (anew and control.proposed):
        return
    if control.kind == "model" and control.many:
        for place, row in enumerate(value):
            _fill_each(control.inner(), row, f"{at}/{place}", found, anew=anew)
    elif control.kind == "model":
        _fill_each(control.inner(), value, at, found, anew=anew)
        if control.model is When:
            _fill_date(value, at, found)
    elif control.kind == "step":
        found[f"{at}/type"] = [value["type"]]
        _fill_each(controls(recordable(nested=True)[value["type"]]), value, at, found, anew=anew)
    elif values := list(_written(control, value)):
        found[at] = values


def _fill_date(value: Mapping[str, Json], at: str, found: dict[str, list[str]]) -> None:
    """A date stands in the form as it was worded, if the words still mean it: whoever changes them changes both."""
    edtf, wording = value["edtf"], value["wording"]
    if wording is not None and _means(wording, edtf):
        found[f"{at}/edtf"] = found.pop(f"{at}/wording")
    elif edtf is not None:
        words = in_words(edtf, "de")
        found[f"{at}/edtf"], found[f"{at}/{UNDERSTOOD}"] = [words], [f"{edtf} {words}"]


def _means(wording: str, edtf: str | None) -> bool:
    try:
        read = from_words(wording)
    except Refused:
        return False
    return (read.edtf, read.wording) == (edtf, wording)


def _fill_each(
    inner: Sequence[Control], value: Mapping[str, Json], at: str, found: dict[str, list[str]], *, anew: bool
) -> None:
    for control in inner:
        _fill(control, value[control.name], f"{at}/{control.name}", found, anew=anew)


def _written(control: Control, value: Json) -> Iterator[str]:
    """The values of a control that read as a value."""
    if control.many and control.kind == "number":
        yield " ".join(map(str, value))
    elif isinstance(value, list):
        yield from map(str, value)
    elif control.kind == "scheme":
        yield f"{value['scheme']}:{value['term']}"
    elif isinstance(value, bool):
        if value or control.kind == "yes-no":
            yield str(value).lower()
    else:
        yield str(value)
