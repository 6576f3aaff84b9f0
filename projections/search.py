"""Searching: by the beginnings of words, whatever their case, accents and umlauts.

All of it happens here, in Python, and the database is asked for equal beginnings alone: so every database finds the
same. "Gründer" is found by "gründer", "GRUENDER" and "grunder".
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from domain.record import Record

MOST_WORDS: Final = 8
"""How many words of a question are looked for; more do not make it any clearer."""
LONGEST: Final = 60
"""Longer words are cut, in what is searched and in what is asked for alike."""

AROUND: Final = 12
"""How many words of a passage are shown before and after the one that was found."""

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class _Marks(dict[int, int | None]):
    """What becomes of a letter without its marks: each is looked up once."""

    def __missing__(self, letter: int) -> int | None:
        self[letter] = bare = None if unicodedata.combining(chr(letter)) else letter
        return bare


_BARE: Final = _Marks()
_WORD: Final = re.compile(r"[^\W_]+")
_SPOKEN: Final = re.compile(r"\S+")


def words(text: str) -> set[str]:
    """Every word of a text in each form that somebody may type: umlauts written out, and without their dots."""
    lower = unicodedata.normalize("NFC", text).casefold()
    return set(_cut(lower)) if lower.isascii() else {*_cut(lower.translate(_UMLAUTS)), *_cut(lower)}


def asked(question: str) -> list[str]:
    """The words that are looked for, each once: an entry is found if each of them begins one of its words."""
    lower = unicodedata.normalize("NFC", question).casefold()
    return list(dict.fromkeys(_cut(lower.translate(_UMLAUTS))))[:MOST_WORDS]


def words_of(record: Record) -> set[str]:
    """The words of everything that was written in an entry; none once its texts were erased."""
    texts = {} if record.texts is None else json.loads(record.texts)
    return {word for text in texts.values() for word in words(text)}


def passage(record: Record, wanted: Sequence[str]) -> str | None:
    """The part of an entry's texts that one of the words was found in, cut to some words around it."""
    texts = {} if record.texts is None else json.loads(record.texts)
    for text in texts.values():
        spoken = list(_SPOKEN.finditer(text))
        for at, word in enumerate(spoken):
            if any(form.startswith(tuple(wanted)) for form in words(word[0])):
                return _around(text, spoken, at)
    return None


def _around(text: str, spoken: Sequence[re.Match[str]], at: int) -> str:
    first, last = max(0, at - AROUND), min(len(spoken) - 1, at + AROUND)
    start = spoken[first].start() if first else 0
    end = spoken[last].end() if last < len(spoken) - 1 else len(text)
    return f"{'… ' if first else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def _cut(lower: str) -> list[str]:
    bare = lower if lower.isascii() else unicodedata.normalize("NFKD", lower).translate(_BARE).casefold()
    return [word[:LONGEST] for word in _WORD.findall(bare)]
