"""What a question leads to beside entries that hold its words: the entry of a number, and whatever is called so."""

import re
from collections.abc import Sequence
from typing import Final

from domain.view import View, once
from projections.lives import Kind, everyone
from projections.search import begins, words
from projections.telling import Line, Named, line

KINDS: Final[tuple[Kind, ...]] = ("body", "actor", "theme")
"""What has a page of its own, in the order in which it is told."""

_NUMBER: Final = re.compile(
    r"(?:(?:eintrag|entry)?\s*(?:nr|no|nummer|number|#)?\s*\.?)\s*([1-9][0-9]{0,14})", re.IGNORECASE
)


def entry_asked_for(view: View, question: str) -> Line | None:
    """The entry of which somebody typed the number: 47, Nr. 47, No. 47, Eintrag 47."""
    asked = _NUMBER.fullmatch(question.strip())
    if asked is None or int(asked[1]) not in view.effective.by_number:
        return None
    return line(view, int(asked[1]))


def called(view: View, wanted: Sequence[str]) -> list[Named]:
    """Bodies, actors and themes whose name holds every word that is looked for, or one that it begins."""
    return [found for found, name in _names(view) if all(any(begins(one, word) for word in name) for one in wanted)]


@once
def _names(view: View) -> list[tuple[Named, frozenset[str]]]:
    """Whatever has a page of its own, with the words of its name; without a name, or once that is erased, with none."""
    subjects = (brief.subject for kind in KINDS for brief in everyone(view, kind))
    return [(subject, frozenset(words(subject.name.text or ""))) for subject in subjects]
