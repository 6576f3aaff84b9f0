"""Trying out at the desk: what statements would do, whether that is still so, and what others recorded meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from fastapi import Request

from adapters.drafts import Part
from adapters.web.asking import installed
from adapters.web.form_reading import at_controls, stated
from adapters.web.previewing import Preview, seen_before
from adapters.web.wording import Wording
from domain.account import Account
from domain.errors import Refusal, Refused
from domain.publication import Statement
from domain.words import HINTS, say
from projections.telling import Line, line
from service import Answer, Outcome


@dataclass(frozen=True, slots=True)
class Tried:
    """What recording statements would do, in words. `digest` is another one where that is something else."""

    outcome: Outcome
    hints: tuple[tuple[int, str], ...]
    """Each with the place of its statement in the list."""
    seen: Preview
    digest: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of it: numbers where it was recorded; else what it would do, or why it is refused."""

    numbers: tuple[int, ...] = ()
    tried: Tried | None = None
    refusals: tuple[Refusal, ...] = ()
    since: tuple[Line, ...] = ()
    """What was recorded since the page was shown, where that has to be told."""


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
) -> Attempt:
    """Tries statements out or records them, all or nothing.

    `record` is the digest of what was shown before, empty where nothing was; without it nothing is recorded. What
    others recorded after entry `seen` is told where it makes a difference.
    """
    service = installed(request).service
    newer = tuple(_newer(answer, seen))
    try:
        statements = read_all(parts, answer.process)
        try:
            if record is None or (record and newer):
                tried = _told(service.preview(statements, account), answer, words, service.now())
                if record is None or tried.digest != record:
                    return Attempt(tried=tried, since=newer if record else ())
            return Attempt(numbers=service.record(statements, account).numbers)
        except Refused as refusal:
            raise _at_controls(parts, refusal) from None
    except Refused as refusal:
        return Attempt(refusals=refusal.refusals, since=newer)


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


def _told(outcome: Outcome, answer: Answer, words: Wording, now: datetime) -> Tried:
    seen = seen_before(outcome, answer, words, now)
    hints = tuple((hint.index or 0, say(HINTS[hint.code], words.language, hint.params)) for hint in outcome.hints)
    # Numbers of what is not recorded yet say nothing: they move with whatever a colleague records before.
    own = {number: f"+{place}" for place, number in enumerate(outcome.new)}
    doubts = [(hint.code, _renumbered(dict(hint.params), own)) for hint in outcome.hints]
    told = repr((doubts, [row[:4] for row in seen.effect]))
    return Tried(outcome, hints, seen, sha256(told.encode(errors="surrogatepass")).hexdigest()[:32])


def _renumbered(value: object, own: dict[int, str]) -> object:
    if isinstance(value, dict):
        return sorted((name, _renumbered(one, own)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return [_renumbered(one, own) for one in value]
    return own.get(value, value) if isinstance(value, int) else value


def _newer(answer: Answer, seen: int | None) -> list[Line]:
    if seen is None:
        return []
    return [line(answer.view, number) for number in sorted(answer.view.effective.by_number) if number > seen]


def newest(answer: Answer) -> int:
    """The number of the last entry that a page has seen."""
    return max(answer.view.effective.by_number, default=0)
