"""Trying out at the desk: what statements would do, whether that is still so, and what others recorded meanwhile."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from fastapi import Request

from adapters.database_faults import is_fault
from adapters.drafts import Part
from adapters.web.asking import installed
from adapters.web.form_reading import at_controls, stated
from adapters.web.previewing import Preview, seen_before
from adapters.web.wording import Wording
from domain.account import Account
from domain.errors import Refusal, Refused
from domain.publication import EntryWithdrawn, Statement
from domain.words import HINTS, say
from projections.telling import Line, line
from service import Answer, Outcome


@dataclass(frozen=True, slots=True)
class Tried:
    """What recording statements would do, in words."""

    outcome: Outcome
    hints: tuple[tuple[int, str], ...]
    """Each with the place of its statement in the list."""
    seen: Preview
    digest: str
    """The last entry it rests on, what is stated, and what that would do: the page sends it back with *Erfassen*."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of it: numbers where it was recorded; else what it would do, or why it is refused."""

    numbers: tuple[int, ...] = ()
    tried: Tried | None = None
    refusals: tuple[Refusal, ...] = ()
    since: tuple[Line, ...] = ()
    """What was recorded since the page was shown, where that has to be told."""
    changed: bool = False
    """Whether something else is stated than was looked at."""


NOT_TRIED: Final = Attempt()


def attempt(
    request: Request,
    account: Account,
    answer: Answer,
    words: Wording,
    parts: Sequence[Part],
    *,
    seen: int | None = None,
    record: str | None = None,
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> Attempt:
    """Tries out or records what forms state; refusals stand at their controls. See `tried_or_recorded`."""
    try:
        statements = read_all(parts, answer.process)
    except Refused as refusal:
        return Attempt(refusals=refusal.refusals, since=_newer(answer, seen))
    came = tried_or_recorded(request, account, answer, words, statements, seen=seen, record=record, renamed=renamed)
    if not came.refusals:
        return came
    return replace(came, refusals=_at_controls(parts, Refused(*came.refusals)).refusals)


def tried_or_recorded(
    request: Request,
    account: Account,
    answer: Answer,
    words: Wording,
    statements: Sequence[Statement],
    *,
    seen: int | None = None,
    record: str | None = None,
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> Attempt:
    """Tries statements out or records them, all or nothing.

    `record` is the digest of what was looked at before, empty where nothing was; without it nothing is recorded. What
    is recorded is what was looked at: other statements, or the same ones with another effect because of what others
    recorded, are shown again (SEMANTICS 10.1). What others recorded after entry `seen` is told beside a refusal.
    `renamed` are ids that were given since because others took those that were proposed, each with that one: nobody
    chose them, so that nothing else is stated for that.
    """
    service = installed(request).service
    upto, stated_then, effect_then = (f"{record or ''}..").split(".")[:3]
    newer = _newer(answer, number_in(upto)) if record else ()
    changed = bool(record) and stated_then != _digest_of(statements, renamed)
    try:
        if record is None or changed or newer:
            tried = _told(service.preview(statements, account), answer, words, statements, service.now())
            differs = changed or tried.digest.split(".")[2] != effect_then
            if record is None or (tried.outcome.new and differs):
                return Attempt(tried=tried, since=newer, changed=changed)
        last = newest(answer) if record else None
        return Attempt(numbers=service.record(statements, account, last=last).numbers)
    except Refused as refusal:
        if is_fault(refusal):
            raise
        if refusal.refusals[0].code != "recorded-meanwhile":
            return Attempt(refusals=refusal.refusals, since=_newer(answer, seen) or newer)
    answer = service.view(answer.process, account)
    words = replace(words, view=answer.view)
    return tried_or_recorded(request, account, answer, words, statements, seen=seen, record=record, renamed=renamed)


def number_in(text: str) -> int | None:
    """A number as a page sends it back; nothing where it is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


def read_all(parts: Sequence[Part], process: str) -> list[Statement]:
    """What the statements of a list say; refusals stand at the controls, each with the place of its statement."""
    statements, refusals = [], list[Refusal]()
    for index, part in enumerate(parts):
        try:
            statements.append(stated(part.type, part.typed, process, part.key))
        except Refused as refusal:
            refusals += refusal.at(index).refusals
    if refusals:
        raise Refused(*refusals)
    return statements


def _at_controls(parts: Sequence[Part], refused: Refused) -> Refused:
    placed: list[Refusal] = []
    for refusal in refused.refusals:
        part = parts[refusal.index or 0]
        placed += at_controls(part.type, part.typed, Refused(replace(refusal, index=refusal.index or 0))).refusals
    return Refused(*placed)


def _told(outcome: Outcome, answer: Answer, words: Wording, statements: Sequence[Statement], now: datetime) -> Tried:
    seen = seen_before(outcome, answer, words, now)
    hints = tuple((hint.index or 0, say(HINTS[hint.code], words.language, hint.params)) for hint in outcome.hints)
    # Numbers of what is not recorded yet say nothing: they move with whatever a colleague records before.
    own = {number: f"+{place}" for place, number in enumerate(outcome.new)}
    doubts = [(hint.code, _renumbered(dict(hint.params), own)) for hint in outcome.hints]
    corrected = [answer.view.effective.corrections.get(n, ()) for n in _withdrawn(statements)]
    effect = _digest(repr((doubts, [row[:4] for row in seen.effect], corrected)))
    return Tried(outcome, hints, seen, f"{newest(answer)}.{_digest_of(statements)}.{effect}")


def _withdrawn(statements: Sequence[Statement]) -> list[int]:
    """Whose corrections change what is withdrawn."""
    steps = (statement.step for statement in statements)
    return [step.target for step in steps if isinstance(step, EntryWithdrawn) and isinstance(step.target, int)]


def _digest_of(statements: Sequence[Statement], renamed: Mapping[str, str] = MappingProxyType({})) -> str:
    return _digest(repr([_with_ids(statement.model_dump(mode="json"), renamed) for statement in statements]))


def _with_ids(value: object, renamed: Mapping[str, str]) -> object:
    if isinstance(value, dict):
        return {name: _with_ids(one, renamed) for name, one in value.items()}
    if isinstance(value, list):
        return [_with_ids(one, renamed) for one in value]
    return renamed.get(value, value) if isinstance(value, str) else value


def _digest(told: str) -> str:
    return sha256(told.encode(errors="surrogatepass")).hexdigest()[:32]


def _renumbered(value: object, own: dict[int, str]) -> object:
    if isinstance(value, dict):
        return sorted((name, _renumbered(one, own)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return [_renumbered(one, own) for one in value]
    return own.get(value, value) if isinstance(value, int) else value


def _newer(answer: Answer, seen: int | None) -> tuple[Line, ...]:
    if seen is None:
        return ()
    return tuple(line(answer.view, number) for number in sorted(answer.view.effective.by_number) if number > seen)


def newest(answer: Answer) -> int:
    """The number of the last entry that a page has seen."""
    return max(answer.view.effective.by_number, default=0)
