"""Answers as JSON, the same for `--json` on the command line and for the API."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import TypeAdapter

from adapters.registers import Register
from domain.entry import Entry, tellings_in
from domain.errors import Hint, Refusal, Refused
from domain.publication import Statement, Telling
from domain.words import HINTS, REFUSALS, say
from projections.analytics.breadth import NO_REFERENCE, Reference
from projections.analytics.report import compared_with, report
from projections.difference import Item
from projections.governance import roles, structure
from projections.telling import Line, plain
from projections.why import Why
from service import Answer, Citation, Hits, Listed, Outcome

Json = dict[str, Any]


def head(cited: Citation | Answer) -> Json:
    """What every answer says about itself, so that it can be cited: times asked for, position, version."""
    return {
        "process": cited.process,
        "audience": "public" if cited.public else "internal",
        "happened_by": cited.day.isoformat(),
        "known_by": _day(cited.times.known_by),
        "published_by": _day(cited.times.published_by),
        "position": cited.position,
        "version": cited.version,
        "settled": cited.settled,
    }


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def structure_answer(answer: Answer) -> Json:
    """The governance structure on a day."""
    return {**head(answer), "structure": structure(answer.view).model_dump(mode="json")}


def roles_answer(answer: Answer) -> Json:
    """Every role, with how surely it is held on a day."""
    return {**head(answer), "roles": [role.model_dump(mode="json") for role in roles(answer.view)]}


def conflicts_answer(answer: Answer) -> Json:
    """What contradicts itself or is doubtful among the chosen entries."""
    found = structure(answer.view).conflicts
    return {**head(answer), "conflicts": [conflict.model_dump(mode="json") for conflict in found]}


def timeline_answer(cited: Citation | Answer, lines: Iterable[Line]) -> Json:
    """Entries in the happened order."""
    return {**head(cited), "timeline": [line.model_dump(mode="json") for line in lines]}


def analytics_answer(answer: Answer, reference: Reference = NO_REFERENCE) -> Json:
    """All figures on a day, as the reader of the answer may see them."""
    public = answer.public
    found = report(answer.view, public=public)
    if reference != NO_REFERENCE:
        found = compared_with(answer.view, reference, public=public)
    return {**head(answer), "analytics": found.model_dump(mode="json")}


def register_answer(cited: Citation | Answer, register: Register, found: object) -> Json:
    """What a register holds on a day, under its name."""
    return {**head(cited), register.name: TypeAdapter(register.shape).dump_python(found, mode="json")}


def listed_answer(listed: Listed) -> Json:
    """A process in short."""
    return {**head(listed.cited), "summary": listed.overview.summary.model_dump(mode="json")}


def hits_answer(hits: Hits) -> Json:
    """What a search found."""
    return hits.model_dump(mode="json")


def why_answer(answer: Answer, path: Why) -> Json:
    """The why-path of one entry, both ways."""
    return {**head(answer), "why": path.model_dump(mode="json")}


def difference_answer(before: Answer, after: Answer, items: list[Item]) -> Json:
    """What differs between two views, with the entries that caused it."""
    return {"before": head(before), "after": head(after), "items": [item.model_dump(mode="json") for item in items]}


def entry_answer(entry: Entry, answer: Answer) -> Json:
    """One entry as its audience may read it.

    Without the right to see what is internal: no key, no account, nothing of what a correction's author saw, and
    causes only where they are public (`cause_not_shown` says that there are others).
    """
    content, hidden = shown_statement(entry.statement, answer)
    shown: Json = {
        "number": entry.number,
        "position": entry.position,
        "log_index": entry.position - 1,
        "recorded_at": entry.recorded_at.isoformat().replace("+00:00", "Z"),
        "public_from": _instant(answer, entry.number),
        "in_force": answer.view.effective.in_force(entry.number),
        "corrections": list(answer.view.effective.corrections.get(entry.number, ())),
        "withdrawals": list(answer.view.effective.withdrawals.get(entry.number, ())),
        "plain": None if (said := plain(answer.view, entry.number)) is None else said.model_dump(mode="json"),
        "erased": entry.erased,
        "erased_at": None if entry.erased_at is None else entry.erased_at.isoformat().replace("+00:00", "Z"),
        "erasures": list(answer.view.effective.erasures.get(entry.number, ())),
        "statement": content,
    }
    if not answer.public:
        return {**shown, "recorded_by": entry.recorded_by}
    return {**shown, "cause_not_shown": hidden}


def shown_statement(statement: Statement | Telling, answer: Answer) -> tuple[Json, bool]:
    """A statement as its audience may read it, and whether it has causes that are not shown."""
    content = statement_json(statement)
    if not answer.public:
        return content, False
    content.pop("key", None)
    hidden = _hide_causes(content, answer)
    content["step"].pop("seen", None)
    for told in _told_inside(content):
        hidden = _hide_causes(told, answer) or hidden
    return content, hidden


def _instant(answer: Answer, number: int) -> str | None:
    since = answer.view.effective.public_from(number)
    return None if since is None else since.isoformat().replace("+00:00", "Z")


def _told_inside(content: Json) -> Iterator[Json]:
    """The statements inside a statement: what a correction states instead, what another account says."""
    for field in ("corrected", "account"):
        if (told := content["step"].get(field)) is not None:
            yield told
            yield from _told_inside(told)


def _hide_causes(content: Json, answer: Answer) -> bool:
    because = content.get("because")
    if not isinstance(because, list):
        return False
    seen = [cause for cause in because if cause in answer.view.effective.by_number]
    content["because"] = seen
    return len(seen) < len(because)


ORDER = ("process", "key", "step", "occurred", "because", "grounds", "sources", "asserted_by")


def statement_json(statement: Statement | Telling) -> Json:
    """A statement in the form that is imported and exported: fixed order, fields at their default left out."""
    content = statement.model_dump(mode="json", exclude_defaults=True)
    _keep_types(statement, content)
    return {name: content[name] for name in ORDER if name in content}


def _keep_types(telling: Statement | Telling, content: Json) -> None:
    """The type of a step is its default, and still has to be said, first."""
    content["step"] = {"type": telling.step.type, **content["step"]}
    for field, inner in tellings_in(telling.step):
        content["step"][field] = statement_json(inner)


def outcome_answer(process: str, outcome: Outcome, *, dry_run: bool) -> Json:
    """What recording did, or in a dry run would do."""
    return {
        "process": process,
        "dry_run": dry_run,
        "numbers": list(outcome.numbers),
        "new": list(outcome.new),
        "position": outcome.position,
        "hints": [complaint(hint) for hint in outcome.hints],
        "effect": [item.model_dump(mode="json") for item in outcome.effect],
    }


def complaint(found: Refusal | Hint) -> Json:
    """A refusal or a hint with its sentence in both languages and its place."""
    words = (REFUSALS if isinstance(found, Refusal) else HINTS)[found.code]
    return {
        "code": found.code,
        "de": say(words, "de", found.params),
        "en": say(words, "en", found.params),
        "index": found.index,
        "pointer": found.pointer,
        "params": dict(found.params),
    }


def refusal_answer(refused: Refused) -> list[Json]:
    """All refusals of one answer."""
    return [complaint(refusal) for refusal in refused.refusals]
