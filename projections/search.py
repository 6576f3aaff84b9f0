"""Searching: by the beginnings of words, whatever their case, accents and umlauts.

All of it happens here, in Python, and the database is asked for equal beginnings alone: so every database finds the
same. "Gründer" is found by "gründer", "GRUENDER" and "grunder".
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from pydantic_core import from_json

from domain.record import Record

MOST_WORDS: Final = 8
MOST_LETTERS: Final = 200
"""What a question may have; more does not make it any clearer."""
LONGEST_PASSAGE: Final = 200
"""How many letters of a passage are shown to either side: an address may be one word of thousands."""
LONGEST: Final = 60
"""Longer words are cut, in what is searched and in what is asked for alike."""

AROUND: Final = 12
"""How many words of a passage are shown before and after the one that was found."""

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class _Marks(dict[int, int | None]):
    """What becomes of a letter without its marks, and of what is not seen, as a soft hyphen: each is looked up once."""

    def __missing__(self, letter: int) -> int | None:
        unseen = unicodedata.combining(chr(letter)) or unicodedata.category(chr(letter)) == "Cf"
        self[letter] = bare = None if unseen else letter
        return bare


_BARE: Final = _Marks()
_WORD: Final = re.compile(r"[^\W_]+")
_SPOKEN: Final = re.compile(r"\S+")


def words(text: str) -> set[str]:
    """Every word of a text in each form that somebody may type: umlauts written out, and without their dots."""
    if text.isascii():
        return set(_cut(text.lower()))
    lower = unicodedata.normalize("NFC", text).casefold()
    return set(_cut(lower)) if lower.isascii() else {*_cut(lower.translate(_UMLAUTS)), *_cut(lower)}


def asked(question: str) -> list[str]:
    """The words that are looked for: an entry is found if each of them begins one of its words.

    What begins another one of them is left out, for it says nothing more.
    """
    lower = unicodedata.normalize("NFC", question).casefold()
    found = list(dict.fromkeys(_cut(lower.translate(_UMLAUTS))))
    return [word for word in found if not any(o != word and o.startswith(word) for o in found)]


def whole(word: str) -> bool:
    """Whether a word is looked for as it stands: one letter begins too many."""
    return len(word) == 1


def begins(wanted: str, word: str) -> bool:
    """Whether a word that was asked for finds a word of a text."""
    return word == wanted if whole(wanted) else word.startswith(wanted)


def words_of(record: Record) -> set[str]:
    """The words of everything that was written in an entry; none once its texts were erased."""
    texts = {} if record.texts is None else from_json(record.texts)
    return {word for text in texts.values() for word in words(text)}


def passage(record: Record, wanted: Sequence[str]) -> str | None:
    """The part of an entry's texts that one of the words was found in, cut to some words around it."""
    texts = {} if record.texts is None else from_json(record.texts)
    for text in texts.values():
        spoken = list(_SPOKEN.finditer(text))
        for at, word in enumerate(spoken):
            if any(begins(one, form) for form in words(word[0]) for one in wanted):
                return _around(text, spoken, at)
    return None


def _around(text: str, spoken: Sequence[re.Match[str]], at: int) -> str:
    first, last = max(0, at - AROUND), min(len(spoken) - 1, at + AROUND)
    start = max(spoken[first].start() if first else 0, spoken[at].start() - LONGEST_PASSAGE)
    end = min(spoken[last].end() if last < len(spoken) - 1 else len(text), spoken[at].start() + LONGEST_PASSAGE)
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def _cut(lower: str) -> list[str]:
    bare = lower if lower.isascii() else unicodedata.normalize("NFKD", lower).translate(_BARE).casefold()
    return [word[:LONGEST] for word in _WORD.findall(bare)]
