"""A small vocabulary for examples: what an office states, and the office that records it (given / when / then).

>>> office = given(alliance("w", "2016"), lab("l", "2017", under="w"))
>>> office.refuses(moved("l", "2015", to="w"))
{'order'}
>>> office.view("2018-01-01").standing("l").parent
'w'
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from domain.admission import Admitted, Recording, admit
from domain.entry import Entry, resolve
from domain.errors import Refusal, Refused, from_validation
from domain.meaning import PLACE
from domain.publication import AnyStep, Statement, Telling
from domain.replay import Effective, effective
from domain.view import View
from domain.when import When
from tests.story import Story

STEPS = TypeAdapter(AnyStep)
Step = Mapping[str, Any]


def tell(
    step: Step,
    occurred: str | None = None,
    *,
    key: str = "unnamed",
    after: Sequence[int | str] = (),
    because: Sequence[int | str] = (),
) -> Statement:
    """A statement; without a date it happened at an unknown time. Entries about entries have no date."""
    about = step["type"].startswith("entry-")
    when = When(edtf=occurred, basis="unknown" if occurred is None else "stated", after=tuple(after))
    return Statement(
        process="p",
        key=key,
        step=STEPS.validate_python(step),
        occurred=None if about else when,
        because=tuple(because),
        grounds=None if about else "weil",
    )


def opened(occurred: str | None = None) -> Statement:
    return tell({"type": "process-opened", "name": "Prozess"}, occurred, key="opening")


def level(name: str, occurred: str | None = None, *, above: str | None = None, **said: Any) -> Statement:
    return tell({"type": "level-established", "level": name, "name": name, "above": above}, occurred, **said)


def alliance(
    body: str, occurred: str | None = None, *, under: str | None = None, on: str | None = None, **said: Any
) -> Statement:
    return tell({"type": "alliance-founded", "body": body, "parent": under, "level": on}, occurred, **said)


def lab(
    body: str, occurred: str | None = None, *, under: str | None = None, on: str | None = None, **said: Any
) -> Statement:
    return tell({"type": "reallabor-initiated", "body": body, "parent": under, "level": on}, occurred, **said)


def moved(
    body: str, occurred: str | None = None, *, to: str | None = None, on: str | None = None, **said: Any
) -> Statement:
    return tell({"type": "body-reattached", "body": body, "parent": to, "level": on}, occurred, **said)


def changed(body: str, occurred: str | None = None, *, change: Step, **said: Any) -> Statement:
    return tell({"type": "body-changed", "body": body, **change}, occurred, **said)


def destinations(where: Mapping[str, str]) -> list[Step]:
    """`dissolved`, `left` and `unrecorded` as they are; anything else is the new parent."""
    return [
        {"subject": subject, "to": to}
        if to in ("dissolved", "left", "unrecorded")
        else {"subject": subject, "to": "placed", "parent": to}
        for subject, to in where.items()
    ]


def ended(body: str, occurred: str | None = None, *, where: Mapping[str, str] | None = None, **said: Any) -> Statement:
    step = {"type": "body-ended", "body": body, "how": "dissolved", "destinations": destinations(where or {})}
    return tell(step, occurred, **said)


def spun_off(
    body: str, occurred: str | None = None, *, where: Mapping[str, str] | None = None, **said: Any
) -> Statement:
    step = {"type": "reallabor-spun-off", "body": body, "successor_name": "Verein"}
    return tell({**step, "destinations": destinations(where or {})}, occurred, **said)


def dropped(
    name: str, occurred: str | None = None, *, where: Mapping[str, str] | None = None, **said: Any
) -> Statement:
    return tell({"type": "level-dropped", "level": name, "destinations": destinations(where or {})}, occurred, **said)


def absorbed(*bodies: str, by: str, occurred: str | None = None, **said: Any) -> Statement:
    return tell({"type": "bodies-merged", "bodies": bodies, "absorbed_by": by}, occurred, **said)


def merged(*bodies: str, into: str, occurred: str | None = None, under: str | None = None, **said: Any) -> Statement:
    step = {"type": "bodies-merged", "bodies": bodies, "into": into, "kind": "allianz", "parent": under}
    return tell(step, occurred, **said)


def split_up(
    body: str,
    occurred: str | None = None,
    *,
    into: Mapping[str, str | None],
    where: Mapping[str, str] | None = None,
    **said: Any,
) -> Statement:
    parts = [{"body": part, "kind": "arbeitsgruppe", "parent": parent} for part, parent in into.items()]
    step = {"type": "body-split", "body": body, "into": parts, "destinations": destinations(where or {})}
    return tell(step, occurred, **said)


def actor(name: str, occurred: str | None = None, **said: Any) -> Statement:
    return tell({"type": "actor-registered", "actor": name, "kind": "company", "name": name}, occurred, **said)


def role(name: str, occurred: str | None = None, *, of: str = "x", within: str | None = None, **said: Any) -> Statement:
    step = {"type": "role-assigned", "role": name, "actor": of, "kind": "member", "body": within}
    return tell(step, occurred, **said)


def role_ended(name: str, occurred: str | None = None, **said: Any) -> Statement:
    return tell({"type": "role-ended", "role": name}, occurred, **said)


def decided(name: str, occurred: str | None = None, **said: Any) -> Statement:
    return tell({"type": "decision-taken", "decision": name, "text": "Beschluss"}, occurred, **said)


def published(*targets: int | str, not_before: datetime | None = None, key: str = "unnamed") -> Statement:
    return tell({"type": "entry-published", "targets": targets, "not_before": not_before}, key=key)


def withdrawn(target: int | str, key: str = "unnamed") -> Statement:
    return tell({"type": "entry-withdrawn", "target": target, "reason": "falsch"}, key=key)


def plainly(target: int | str, key: str = "unnamed") -> Statement:
    return tell({"type": "plain-language-added", "target": target, "text": "Einfach gesagt."}, key=key)


def erasing(target: int | str, key: str = "unnamed") -> Statement:
    step = {"type": "texts-erased", "target": target, "legal_ground": "objection", "approved_by": "court"}
    return tell(step, key=key)


def corrected(target: int | str, to: Telling, *, seen: int | str | None = None, key: str = "unnamed") -> Statement:
    telling = {name: getattr(to, name) for name in Telling.model_fields}
    step = {"type": "entry-corrected", "target": target, "seen": seen, "reason": "falsch"}
    return tell({**step, "corrected": Telling(**telling)}, key=key)


def why(story: Story, content: dict[str, Any], key: str = "new") -> list[tuple[str, str, dict[str, Any]]]:
    """What one more statement is refused with: codes, places and parameters. The entries stay as they were."""
    before = contents(story.log)
    try:
        story.record([(key, content)])
    except ValidationError as error:
        found = from_validation(error).refusals
    except Refused as refusal:
        found = refusal.refusals
    else:
        raise AssertionError("it was admitted")
    assert contents(story.log) == before
    return [(refusal.code, refusal.pointer, dict(refusal.params)) for refusal in found]


def contradiction(code: str, *entries: int, subject: str = "", expected: str = "") -> tuple[str, str, dict[str, Any]]:
    """A contradiction as `why` tells it."""
    return (code, "", {"entries": [*entries], "subject": subject, "expected": expected})


def noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), UTC)


def ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


class Office:
    """One process as its office fills it: what is recorded passes `admit`, later than everything before."""

    def __init__(self, on: str = "2026-11-22") -> None:
        self.log = Effective()
        self.keys: dict[str, int] = {}
        self.now = noon(on)
        self.areas: tuple[str, ...] = ("structure",)
        """What its process is about, where a history is generated."""

    def __repr__(self) -> str:
        """One line an entry, so that a counter-example reads as a history."""
        return "\n" + "\n".join(f"  {e.number}. {e.recorded_at:%m-%d %H:%M} {_line(e.statement)}" for e in self.entries)

    @property
    def entries(self) -> list[Entry]:
        return self.log.entries

    def named(self, statements: Sequence[Statement]) -> list[Statement]:
        """Gives a key to what has none: `nr-4` for the fourth entry."""
        free = len(self.entries) + 1
        return [
            s if s.key != "unnamed" else s.model_copy(update={"key": f"nr-{free + index}"})
            for index, s in enumerate(statements)
        ]

    def record(self, *statements: Statement, on: str | None = None) -> Admitted:
        """Records one list of statements. A refusal must leave everything as it was."""
        at = max(noon(on), self.now) if on else self.now
        before = contents(self.log)
        try:
            recording = Recording(at, "office", len(self.entries) + 1)
            admitted = admit(self.log, self.keys, self.named(statements), recording)
        except Refused:
            assert contents(self.log) == before, "a refusal changed the log"
            raise
        self.keys |= {entry.statement.key: entry.number for entry in admitted.entries}
        self.now = at + timedelta(microseconds=1)
        return admitted

    def heap(self, statement: Statement) -> None:
        """Puts a statement into the log whatever the rules say about it."""
        (named,) = self.named([statement])
        known = resolve(named, lambda reference, _: self.keys.get(str(reference), reference))
        number = len(self.entries) + 1
        self.log.append(Entry(known, number, number, self.now, "office"))
        self.keys[named.key] = number
        self.now += timedelta(microseconds=1)

    def forget(self) -> Entry:
        """Takes the last entry back, as the engine does with what it only tried out."""
        entry = self.log.pop()
        del self.keys[entry.statement.key]
        return entry

    def refusals(self, *statements: Statement, on: str | None = None) -> tuple[Refusal, ...]:
        """Why a list of statements is refused; nothing if it would be admitted. Nothing is recorded either way."""
        at = max(noon(on), self.now) if on else self.now
        before = contents(self.log)
        found: tuple[Refusal, ...] = ()
        try:
            recording = Recording(at, "office", len(self.entries) + 1)
            for _ in admit(self.log, self.keys, self.named(statements), recording).entries:
                self.log.pop()
        except Refused as refusal:
            found = refusal.refusals
        assert contents(self.log) == before, "trying something out changed the log"
        return found

    def refuses(self, *statements: Statement, on: str | None = None) -> set[str]:
        """The codes of the same."""
        return {refusal.code for refusal in self.refusals(*statements, on=on)}

    def hints(self, *statements: Statement) -> set[str]:
        """The codes of the hints that a list of statements would get; nothing is recorded."""
        recording = Recording(self.now, "office", len(self.entries) + 1)
        admitted = admit(self.log, self.keys, self.named(statements), recording)
        for _ in admitted.entries:
            self.log.pop()
        return {hint.code for hint in admitted.hints}

    def view(self, day: str, *, known_by: datetime | None = None, published_by: datetime | None = None) -> View:
        return View(effective(self.log, known_by=known_by, published_by=published_by), ordinal(day))

    def public(self, day: str, at: str | None = None) -> View:
        """What the public sees, now or at the end of a day."""
        instant = self.log.end_of(date.fromisoformat(at)) if at else self.now
        return self.view(day, published_by=instant)


def _line(telling: Telling) -> str:
    said = telling.step.model_dump(exclude_defaults=True, exclude={"type", "corrected", "name", "reason"})
    when = telling.occurred.model_dump(exclude_defaults=True) if telling.occurred else {}
    words = [telling.step.type, *(f"{name}={value}" for name, value in (said | when).items())]
    to = getattr(telling.step, "corrected", None)
    return " ".join(words) + (f" to: {_line(to)}" if to else "")


def given(*statements: Statement, on: str = "2026-11-22") -> Office:
    """An office that has opened a process and recorded these statements, one after the other."""
    office = Office(on)
    office.record(opened())
    for statement in statements:
        office.record(statement)
    return office


def contents(log: Effective) -> object:
    """Everything a log holds; what is empty counts as not there."""
    graph = log.graph
    indexes = (log.corrections, log.withdrawals, log.publications, log.founded_by)
    indexes += (graph.founders, graph.enders, graph.users, graph.namers, graph.followers, graph.placing)  # type: ignore[assignment]
    held = [{key: list(numbers) for key, numbers in index.items() if numbers} for index in indexes]
    return [list(log.entries), dict(log.by_number), set(log.withdrawn), dict(graph.forms), log.zone, held]


def said(view: View) -> dict[str, str]:
    """Every level, body and role that is or may be there, in words."""
    return {
        id_: words
        for id_, subject in view.state.items()
        if subject.kind in (*PLACE, "role") and (words := _said(view, id_)) != "not there"
    }


def _said(view: View, id_: str) -> str:
    standing = view.standing(id_)
    if not standing.counted:
        return "perhaps there" if standing.possible else "not there"
    words = ["there" if standing.sure else "perhaps ended"]
    words += [f"under {standing.parent}"] if standing.parent else []
    words += ["(inferred)"] if standing.inferred else []
    words += ["(order not known)"] if standing.told_parent.rivals or standing.told_level.rivals else []
    words += [f"on {standing.level}"] if standing.level else []
    words += ["(paused)"] if (status := standing.attributes.get("status")) and status.value == "paused" else []
    return " ".join(words)
