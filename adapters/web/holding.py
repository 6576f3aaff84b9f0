"""What came of a meeting, told in one small form: who was there, the result, and a few decisions.

It becomes one list of statements, `meeting-held` and a `decision-taken` for each decision: all of them are recorded or
none. What the form does not ask for is recorded by the forms of the steps.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, get_args

from adapters.imports.statements import each_read, statement_of
from adapters.registrations import Presence, Registration
from adapters.web.form_ids import Completed
from domain.decisions import DecisionTaken
from domain.errors import Refusal, Refused
from domain.german_dates import from_words
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

TYPED: Final = (
    *("date", "results"),
    *(f"count-{fact}" for fact in COUNTS),
    *(f"{part}-{n}" for n in range(DECISIONS) for part in ("decision", "text", "method", "outcome", "objections")),
)
"""The fields in which something is typed or chosen; the ticks are `invited`, `attended`, `excused` and `was-…`."""

Typed = Mapping[str, Sequence[str]]


def typed_of(fields: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """What was sent, by field."""
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name, []).append(value.replace("\r\n", "\n").strip())
    return found


def fresh(meeting: Meeting, view: View, registered: Sequence[Registration]) -> dict[str, list[str]]:
    """The form before anything is typed: the announced day, and new ids for the decisions."""
    made = Completed({}, {id_ for entry in view.effective.entries for id_, _ in entry.meaning.founds})
    typed = {f"decision-{n}": [made.fresh("decision")] for n in range(DECISIONS)}
    typed["date"] = [] if meeting.timing is None else [meeting.timing.begins[:10]]
    for found in registered:
        typed[f"was-{found.id}"] = [found.presence or ""]
    return typed


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
    meeting: Meeting, typed: Typed, registered: Sequence[Registration], process: str, key: str
) -> list[Statement]:
    """The statements that the form makes; refusals stand at its fields."""
    reading = _Reading(typed, [])
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


def _attendance(reading: _Reading, registered: Sequence[Registration]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Who, as far as it is told. A number that is not typed is that of the ticks, where persons were ticked."""
    presence = [was for was in presence_of(reading.typed, registered).values() if was is not None]
    counted = {"attended": presence.count("attended"), "excused": presence.count("excused")} if presence else {}
    if registered:
        counted["registered"] = sum(not each.waiting for each in registered)
    for fact in COUNTS:
        actors = [actor for actor in reading.typed.get(fact, ()) if actor] if fact in GROUPS else []
        persons = reading.count(fact)
        if persons is None and fact in counted:
            persons = max(counted[fact], len(actors))
        if persons is not None or actors:
            number = None if persons is None else {"at_least": persons, "at_most": persons}
            yield fact, {"actors": actors, "persons": number}


def _decisions(reading: _Reading) -> Iterator[tuple[int, dict[str, Any]]]:
    for n in range(DECISIONS):
        text, objections = reading.text(f"text-{n}"), reading.text(f"objections-{n}")
        if text or objections or reading.text(f"method-{n}"):
            if not text:
                reading.refusals.append(Refusal("text-missing", {"field": "text"}, pointer=f"/text-{n}"))
            step = {"type": "decision-taken", "decision": reading.text(f"decision-{n}"), "text": text or None}
            step |= {"method": reading.text(f"method-{n}") or "unrecorded"}
            step |= {"outcome": reading.text(f"outcome-{n}") or "adopted"}
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
        pointer = f"/count-{inner}" if inner in COUNTS else "/results" if inner == "results" else "/date"
    else:
        part = inner if inner in {"text", "method", "outcome", "objections"} else "text"
        pointer = f"/{part}-{rows[index - 1]}" if index <= len(rows) else "/date"
    return replace(refusal, pointer=pointer, index=None)
