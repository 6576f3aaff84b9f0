"""The one table of words: code → (German, English), for refusals, hints, types, fields and vocabularies."""

from collections.abc import Mapping
from typing import Any, Final, Literal

Language = Literal["de", "en"]

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "text-unprintable": (
        "Der Text enthält ein Steuerzeichen. Bitte den Text ohne das Zeichen eingeben.",
        "The text contains a control character. Please enter the text without it.",
    ),
}
"""Refusals: what is impossible, and the way out. Parameters stand in braces."""

HINTS: Final[dict[str, tuple[str, str]]] = {}
"""Hints: what is doubtful, never blocking."""


def say(words: tuple[str, str], language: Language, params: Mapping[str, Any] | None = None) -> str:
    """The sentence in one language with its parameters filled in."""
    return words[0 if language == "de" else 1].format_map(params or {})
