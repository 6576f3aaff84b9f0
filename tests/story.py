"""Given, when, then over entries: past entries, one more statement, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.admission import Recording, admit
from domain.entry import Entry, read, seal
from domain.errors import Refused
from domain.publication import Statement
from domain.record import Salts
from domain.replay import Effective, effective
from domain.view import Standing, View

RECORDED = datetime(2026, 11, 22, 9, tzinfo=UTC)


def told(step: dict[str, Any], when: str | None = "2018", /, **more: Any) -> dict[str, Any]:
    """A statement without process and key; `when` is an EDTF date, `after` the keys it did not precede."""
    occurred = {"edtf": when, "after": more.pop("after", ())} if when is not None else {"basis": "unknown"}
    more.setdefault("because", "not-recorded")
    return {"step": step, "occurred": occurred, **more}


def about(step: dict[str, Any]) -> dict[str, Any]:
    """A statement about entries: it has no date of its own."""
    return {"step": step}


OPENED = told({"type": "process-opened", "name": "Prozess"}, "2016-01-01")


def level(id_: str, when: str = "2016-10-01", above: str | None = None) -> dict[str, Any]:
    return told({"type": "level-established", "level": id_, "name": id_.title(), "above": above}, when)


def alliance(id_: str, when: str | None = "2017", **fields: Any) -> dict[str, Any]:
    return told({"type": "alliance-founded", "body": id_, "name": id_.title(), **fields}, when)


def lab(id_: str, when: str | None = "2017", **fields: Any) -> dict[str, Any]:
    return told({"type": "reallabor-initiated", "body": id_, "name": id_.title(), **fields}, when)


def moved(body: str, when: str | None = "2018", after: tuple[str, ...] = (), **to: Any) -> dict[str, Any]:
    return told({"type": "body-reattached", "body": body, **to}, when, after=after)


def ended(body: str, when: str | None = "2018", destinations: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return told({"type": "body-ended", "body": body, "how": "dissolved", "destinations": destinations}, when)


def dropped(id_: str, when: str | None = "2018", *destinations: dict[str, Any]) -> dict[str, Any]:
    return told({"type": "level-dropped", "level": id_, "destinations": destinations}, when)


def published(*targets: str, not_before: str | None = None) -> dict[str, Any]:
    return about({"type": "entry-published", "targets": targets, "not_before": not_before})


def withdrawn(target: str) -> dict[str, Any]:
    return about({"type": "entry-withdrawn", "target": target, "reason": "Irrtum"})


def plainly(target: str, text: str = "Einfach gesagt.") -> dict[str, Any]:
    return about({"type": "plain-language-added", "target": target, "text": text})


def erasing(target: str, **changed: str) -> dict[str, Any]:
    given = {"legal_ground": "objection", "approved_by": "data-protection-officer", **changed}
    return about({"type": "texts-erased", "target": target, **given})


def corrected(target: str, by: dict[str, Any], seen: str | None = None) -> dict[str, Any]:
    return about({"type": "entry-corrected", "target": target, "seen": seen, "corrected": by, "reason": "Irrtum"})


class Story:
    """Entries recorded one after the other, each under the key it is given by."""

    def __init__(self, at: datetime = RECORDED) -> None:
        self.log = Effective()
        self.keys: dict[str, int] = {}
        self.at = at
        self.hints: list[str] = []

    def given(self, at: datetime | None = None, **statements: dict[str, Any]) -> Story:
        """Records each statement by itself; underscores in keys stand for hyphens."""
        for key, content in statements.items():
            self.record([(key.replace("_", "-"), content)], at)
        return self

    def record(self, batch: list[tuple[str, dict[str, Any]]], at: datetime | None = None) -> tuple[Entry, ...]:
        """Records a list in one go."""
        self.at = at or self.at + timedelta(microseconds=1)
        statements = [Statement.model_validate({"process": "p", "key": key, **content}) for key, content in batch]
        position = len(self.log.entries) + 1
        admitted = admit(self.log, self.keys, statements, Recording(self.at, "konto-1", position))
        self.keys.update({entry.statement.key: entry.number for entry in admitted.entries})
        self.hints = [hint.code for hint in admitted.hints]
        return admitted.entries

    def erase(self, key: str) -> None:
        """Takes the texts of an entry away, as they are once they were erased."""
        record = seal(self.log.by_number[self.keys[key]], Salts(b"f" * 32, b"i" * 32, b"t" * 32))
        gone = read(replace(record, texts=None))
        self.log = Effective(gone if entry.number == gone.number else entry for entry in self.log.entries)

    def refused(self, content: dict[str, Any], key: str = "new") -> list[str]:
        """The codes that one more statement is refused with; the entries stay as they were."""
        before = (list(self.log.entries), dict(self.log.graph.forms))
        try:
            self.record([(key, content)])
        except Refused as refusal:
            assert (self.log.entries, self.log.graph.forms) == before
            return [found.code for found in refusal.refusals]
        raise AssertionError("it was admitted")

    def view(self, day: str, *, known_by: datetime | None = None, published_by: datetime | None = None) -> View:
        chosen = effective(self.log, known_by=known_by, published_by=published_by)
        asked = [self.log.day(instant) for instant in (known_by, published_by) if instant is not None]
        return View(chosen, date.fromisoformat(day).toordinal(), min(asked, default=None))

    def on(self, day: str, subject: str) -> Standing:
        return self.view(day).standing(subject)

    def room(self, key: str) -> tuple[str, str]:
        room = self.view("2026-11-22").room(self.keys[key])
        return date.fromordinal(room.first).isoformat(), date.fromordinal(room.last).isoformat()

    def number(self, key: str) -> int:
        return self.keys[key]


def story(**statements: dict[str, Any]) -> Story:
    """An opened process with these entries."""
    return Story().given(None, **{"opened": OPENED, **statements})
