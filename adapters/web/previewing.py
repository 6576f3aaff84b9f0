"""Seeing before doing: what a list of statements would change in the structure, and what the public would see of it.

A route gives what `service.preview` answered to `seen_before`, and its template the result to `preview` of
`desk_preview.html`. It is the same for one statement and for many, for corrections, withdrawals and publications.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from adapters.terminal import Differences, Page
from adapters.web.svg import Drawing, Shown, drawings
from adapters.web.telling_fields import Change, Row, correction, rows, source
from adapters.web.wording import Wording
from domain.publication import EntryCorrected, EntryPublished
from domain.view import View
from domain.words import HINTS, say
from projections.difference import difference
from projections.picture import Picture, picture
from projections.publicly import publicly, with_needed
from projections.telling import Line, line
from service import Answer, Outcome


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with everything of it that would be public, as its page would tell it."""

    line: Line
    rows: Sequence[Row]
    sources: Sequence[Markup]
    changes: Sequence[Change]
    """What a correction changes of what it corrects."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of it. The entries are told as the public pages would tell them, with `public` words."""

    hints: Sequence[str]
    effect: Sequence[tuple[str, str, str, str, str]]
    pictures: Sequence[Drawing]
    told: Sequence[Told]
    words: Wording
    """For what is told: what it looks up, it finds among what would be public."""

    along: Sequence[int]
    public_pictures: Sequence[Drawing]
    internal: Sequence[int]
    """Causes that would stay internal: the public is told that there is one."""

    publishes: bool


def seen_before(outcome: Outcome, answer: Answer, words: Wording, at: datetime) -> Preview:
    """What would come of what was tried out, today and – published, by `at` – for the public."""
    assert outcome.views is not None  # only what was tried out has them
    before, after = outcome.views
    steps = [after.effective.by_number[number].statement.step for number in outcome.new]
    publishes = any(isinstance(step, EntryPublished) for step in steps)
    targets = {n for n in outcome.new for n in (after.effective.by_number[n].targets if publishes else (n,))}
    shown = with_needed(before if publishes else after, targets, at)
    public = publicly(before, at), publicly(after, at, shown)
    known = Page(answer, words.language)
    public_words = replace(words, view=public[1])
    causes = {cause for number in shown for cause in line(after, number).because}
    return Preview(
        hints=[say(HINTS[hint.code], words.language, hint.params) for hint in outcome.hints],
        effect=list(Differences(outcome.effect, known, known, words.language).rows()),
        pictures=side_by_side("structure", before, after, words),
        told=[_told(public_words, number) for number in shown],
        words=public_words,
        along=[] if publishes else [number for number in shown if number not in outcome.new],
        public_pictures=side_by_side(
            "public",
            *public,
            words,
            (
                words.t("Vorher, öffentlich", "Before, in public"),
                words.t("Nachher, öffentlich", "After, in public"),
            ),
        ),
        internal=sorted(causes - set(public[1].effective.by_number)),
        publishes=publishes,
    )


def _told(words: Wording, number: int) -> Told:
    telling, step = words.telling(number), words.view.effective.by_number[number].statement.step
    return Told(
        line=line(words.view, number),
        rows=list(rows(words, telling.step, telling.step.type)),
        sources=[source(words, given) for given in telling.sources],
        changes=correction(words, number).changes if isinstance(step, EntryCorrected) else [],
    )


def side_by_side(
    name: str, before: View, after: View, words: Wording, titles: tuple[str, str] | None = None
) -> list[Drawing]:
    """Two pictures of the structure with what differs marked; none where they show the same."""
    first, second = picture(before), picture(after)
    changed = {item.subject for item in difference(before, after) if item.subject_kind in ("level", "body")}
    marks = marked(first, second, words, changed)
    if not marks:
        return []
    said = titles or (words.t("Vorher", "Before"), words.t("Nachher", "After"))
    shown = [
        Shown(said[0], first, replace(words, view=before)),
        Shown(said[1], second, replace(words, view=after)),
    ]
    return drawings(name, shown, marks)


def marked(first: Picture, second: Picture, words: Wording, also: Collection[str] = ()) -> Mapping[str, str]:
    """In a word how each box changes from one picture to another; `also` changed what looks the same."""
    boxes = {**first.boxes, **second.boxes}
    changed = [id_ for id_ in boxes if id_ in also or first.boxes.get(id_) != second.boxes.get(id_)]
    marks = {}
    for id_ in changed:
        was, is_ = first.boxes.get(id_), second.boxes.get(id_)
        if was is None:
            marks[id_] = words.t("neu", "new")
        elif is_ is None or (is_.gone is not None and was.gone is None):
            marks[id_] = words.t("endet", "ends")
        else:
            marks[id_] = words.t("geändert", "changed")
    return marks
