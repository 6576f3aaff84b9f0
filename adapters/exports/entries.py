"""Entries as JSON Lines, for reading: each as its audience may see it, with number, position and time of recording."""

import json
from collections.abc import Iterator

from adapters.answers import entry_answer
from adapters.exports.material import Material, without_key
from service import Answer


def lines(answer: Answer, material: Material | None = None) -> Iterator[str]:
    """One line per chosen entry, without its line end. With `material` nobody is named who recorded one."""
    for entry in answer.view.effective.entries:
        shown = entry_answer(entry, answer)
        if material is not None and not answer.public:
            shown |= {"recorded_by": material.pseudonym(entry), "statement": without_key(shown["statement"])}
        yield json.dumps(shown, ensure_ascii=False, separators=(", ", ": "))
