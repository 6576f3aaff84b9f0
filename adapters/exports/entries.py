"""Entries as JSON Lines, for reading: each as its audience may see it, with number, position and time of recording."""

import json
from collections.abc import Iterator

from adapters.answers import entry_answer
from service import Answer


def lines(answer: Answer) -> Iterator[str]:
    """One line per chosen entry, without its line end."""
    for entry in answer.view.effective.entries:
        yield json.dumps(entry_answer(entry, answer), ensure_ascii=False, separators=(", ", ": "))
