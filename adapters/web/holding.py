"""What came of a meeting, told in one small form: who was there, the result, and a few decisions.

It becomes one list of statements, `meeting-held` and a `decision-taken` for each decision: all of them are recorded or
none. What the form does not ask for is recorded by the forms of the steps.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

from adapters.drafts import Part
from adapters.imports.statements import each_read, statement_of
from adapters.registrations import Presence, Registration
from adapters.web.asking import ID
from adapters.web.form_ids import Completed, founded
from adapters.web.form_reading import filled
from domain.decisions import DecisionTaken
from domain.errors import Refusal, Refused
from domain.german_dates import from_words
from domain.meetings import day_of
from domain.publication import Statement
from domain.view import View
from projections.meetings import Meeting

DECISIONS: Final = 3
"""How many decisions the form has room for."""

GROUPS: Final = ("invited", "attended", "excused")
"""What is ticked of each actor; who has registered is known by number."""

COUNTS: Final = ("invited", "registered", "attended", "excused")

METHODS: Final[tuple[str, ...]] = get_args(DecisionTaken.model_fields["method"].annotation)
OUTCOMES: Final[tuple[str, ...]] = get_args(DecisionTaken.model_fields["outcome"].annotation)

FORM: Final = "ergebnis"
"""The part of the page that the form stands in: what is wrong with all of it is told there."""

_WRITTEN: Final = re.compile(r"results|(?:text|objections)-[0-9]")
_TOLD: Final = re.compile(rf"{_WRITTEN.pattern}|invited|attended|excused|count-[a-z]+|method-[0-9]")

Typed = Mapping[str, Sequence[str]]


def typed_of(fields: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """What was sent, by field."""
    found: dict[str, list[str]] = {}
    for name, value in fields:
        readable = value.encode("utf-8", "replace").decode()  # no half of a letter
        found.setdefault(name, []).append(readable.replace("\r\n", "\n").strip())
    return found


def says_something(typed: Typed) -> bool:
    """Whether anything is told of the meeting; what the form had before anybody typed is not."""
    return any(any(values) for name, values in typed.items() if _TOLD.fullmatch(name))


def texts(typed: Typed) -> list[str]:
    """Whatever was written, to be read or copied where the form cannot be shown."""
    return [value for name, values in typed.items() if _WRITTEN.fullmatch(name) for value in values if value]


def fresh(meeting: Meeting, view: View, registered: Sequence[Registration]) -> dict[str, list[str]]:
    """The form before anything is typed: the announced day, and new ids for the decisions."""
    typed = with_ids({}, view)
    typed["date"] = [] if meeting.timing is None else [meeting.timing.begins[:10]]
    for found in registered:
        typed[f"was-{found.id}"] = [found.presence or ""]
    return typed


def with_ids(typed: Typed, view: View) -> dict[str, list[str]]:
    """The form with an id for each decision that nothing has. Nobody sees them, so nobody could choose another."""
    made, given = Completed({}, founded(view)), {name: [*values] for name, values in typed.items()}
    for n in range(DECISIONS):
        id_ = "".join(given.get(f"decision-{n}", ()))
        if not ID.fullmatch(id_) or id_ in made.taken:
            id_ = made.fresh("decision")
        made.taken.add(id_)
        given[f"decision-{n}"] = [id_]
    return given


def presence_of(typed: Typed, registered: Sequence[Registration]) -> dict[str, Presence | None]:
    """Who was there and who was excused, of those who registered."""
    found: dict[str, Presence | None] = {}
    for each in registered:
        said = "".join(typed.get(f"was-{each.id}", ()))
        if said in {"", "attended", "excused"}:
            found[each.id] = said or None  # type: ignore[assignment]  # one of the two
    return found


@dataclass(slots=True)
class _Reading:
    """A form while it is read, and what is wrong in it."""

    typed: Typed
    refusals: list[Refusal]

    def text(self, name: str) -> str:
        return "".join(self.typed.get(name, ())).strip()

    def count(self, fact: str) -> int | None:
        given = self.text(f"count-{fact}")
        if given and not re.fullmatch(r"[0-9]{1,6}", given):
            self.refusals.append(Refusal("count-unreadable", {"given": given[:80]}, pointer=f"/count-{fact}"))
            return None
        return int(given) if given else None


def stated(
    meeting: Meeting, typed: Typed, registered: Sequence[Registration], process: str, key: str, at: datetime
) -> list[Statement]:
    """The statements that the form makes when it is sent `at`; refusals stand at its fields."""
    reading = _Reading(typed, [])
    if _to_come(meeting, at):
        reading.refusals.append(Refusal("meeting-to-come", pointer="/date"))
    occurred: Any = None
    if not reading.text("date"):
        reading.refusals.append(Refusal("date-missing", pointer="/date"))
    else:
        try:
            occurred = from_words(reading.text("date")).model_dump()
        except Refused as refusal:
            reading.refusals += [replace(found, pointer="/date") for found in refusal.refusals]
    held = {"type": "meeting-held", "meeting": meeting.id, "planned": True, "kind": meeting.kind}
    held |= {"bodies": [each.id for each in meeting.bodies], "hosts": [each.id for each in meeting.hosts]}
    held |= {"format": meeting.format, "place": meeting.place, "results": reading.text("results") or None}
    held |= dict(_attendance(reading, registered))
    contents: list[dict[str, Any]] = [{"step": held}]
    contents += [{"step": {**step, "meeting": meeting.id}} for _, step in _decisions(reading)]
    if reading.refusals:
        raise Refused(*reading.refusals)
    about = {"process": process, "occurred": occurred}
    keyed = [{**about, "key": f"{key}-{index}" if index else key, **c} for index, c in enumerate(contents)]
    try:
        return each_read(keyed, statement_of)
    except Refused as refusal:
        raise at_fields(typed, refusal) from None


def parts_of(statements: Sequence[Statement]) -> list[Part]:
    """The statements as the forms of their steps would bring them, to be tried out and recorded like those."""
    return [Part(given.key, given.step.type, filled(given)) for given in statements]


def _to_come(meeting: Meeting, at: datetime) -> bool:
    """Whether it is announced for later. One that was put off without a new time is announced for no time."""
    timing = meeting.timing
    if timing is None or meeting.standing != "planned":
        return False
    if timing.begins_at is not None:
        return timing.begins_at > at
    return day_of(timing.begins) > at.astimezone(ZoneInfo(timing.zone)).date()


def _attendance(reading: _Reading, registered: Sequence[Registration]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Who, as far as it is told. Persons who were ticked are counted where no number is typed.

    Nobody ticked is not nobody there. Where more actors are ticked than persons, there were at least as many persons.
    """
    presence = presence_of(reading.typed, registered).values()
    ticked = {fact: sum(was == fact for was in presence) for fact in ("attended", "excused")}
    for fact in COUNTS:
        actors = [actor for actor in reading.typed.get(fact, ()) if actor] if fact in GROUPS else []
        persons, counted = reading.count(fact), ticked.get(fact, 0)
        number: dict[str, int | None] | None = None
        if persons is not None:
            number = {"at_least": persons, "at_most": persons}
        elif counted:
            number = {"at_least": max(counted, len(actors)), "at_most": counted if counted >= len(actors) else None}
        if number is not None or actors:
            yield fact, {"actors": actors, "persons": number}


def _decisions(reading: _Reading) -> Iterator[tuple[int, dict[str, Any]]]:
    for n in range(DECISIONS):
        text, objections = reading.text(f"text-{n}"), reading.text(f"objections-{n}")
        method, outcome = reading.text(f"method-{n}"), reading.text(f"outcome-{n}") or "adopted"
        if text or objections or method or outcome != "adopted":
            if not text:
                reading.refusals.append(Refusal("text-missing", {"field": "text"}, pointer=f"/text-{n}"))
            step = {"type": "decision-taken", "decision": reading.text(f"decision-{n}"), "text": text or None}
            step |= {"method": method or "unrecorded", "outcome": outcome}
            lines = [line.strip() for line in objections.splitlines() if line.strip()]
            yield n, {**step, "objections": [{"what": line} for line in lines]}


def at_fields(typed: Typed, refused: Refused) -> Refused:
    """Refusals of the statements, at the fields that they were read from."""
    rows = [n for n, _ in _decisions(_Reading(typed, []))]
    return Refused(*(_placed(refusal, rows) for refusal in refused.refusals))


def _placed(refusal: Refusal, rows: Sequence[int]) -> Refusal:
    parts, index = refusal.pointer.split("/"), refusal.index or 0
    if parts[1:2] == ["occurred"]:
        return replace(refusal, pointer="/date", index=None)
    inner = parts[2] if len(parts) > 2 else ""
    if index == 0:
        pointer = f"/count-{inner}" if inner in COUNTS else "/results" if inner == "results" else f"/{FORM}"
    else:
        part = inner if inner in {"text", "method", "outcome", "objections"} else "text"
        pointer = f"/{part}-{rows[index - 1]}" if index <= len(rows) else f"/{FORM}"
    return replace(refusal, pointer=pointer, index=None)
