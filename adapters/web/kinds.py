"""Kinds of entry as the pages show them: a word that tells what it was, and a sign that differs by its shape."""

from typing import Final

from domain.words import Language, Table, word
from projections.telling import Line
from projections.timeline import kind_of

KINDS: Final[Table] = {
    "process": ("Prozess", "Process"),
    "actors": ("Akteure", "Actors"),
    "structure": ("Strukturänderung", "Change of structure"),
    "feedback": ("Rückmeldung", "Feedback"),
    "concern": ("Kritik", "Criticism"),
    "wish": ("Wunsch", "Wish"),
    "position": ("Standpunkt", "Position"),
    "support": ("Zustimmung", "Support"),
    "question": ("Frage", "Question"),
    "feedback-answered": ("Antwort", "Answer"),
    "meetings": ("Treffen", "Meeting"),
    "findings": ("Befund", "Finding"),
    "decisions": ("Beschluss", "Decision"),
    "decision-deferred": ("Vertagung", "Deferral"),
    "preference-stated": ("Präferenz", "Preference"),
    "question-left-open": ("Offene Frage", "Open question"),
    "scenarios": ("Szenario", "Scenario"),
    "plan": ("Zukunftsplan", "Plan"),
    "commitments": ("Zusage", "Commitment"),
    "monitoring": ("Kennzahl", "Indicator"),
}
"""One entry of each kind in a word; where a kind has entries that are something else, that too."""

SIGNS: Final = {
    "process": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z",
    "actors": "M8 1a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM1 15c0-4 3-6 7-6s7 2 7 6z",
    "structure": "M5 1h6v4H9v2h5v3h1v5h-6v-5h3V9H4v1h3v5H1v-5h1V7h5V5H5z",
    "feedback": "M1 2h14v9H8l-4 4v-4H1z",
    "meetings": "M1 3h3V1h2v2h4V1h2v2h3v12H1zm2 4v6h10V7z",
    "findings": "M7 1a6 6 0 1 0 3.5 10.9L14 15.4 15.4 14l-3.5-3.5A6 6 0 0 0 7 1zm0 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z",
    "decisions": "M6 14 .5 8.5 2.600 6.400 6 9.800 13.400 2.400 15.5 4.5z",
    "scenarios": "M7 15V9L2 4V7H0V0h7v2H4l4 4 4-4H9V0h7v7h-2V4L9 9v6z",
    "plan": "M2 1h2v1h11l-3 4 3 4H4v5H2z",
    "commitments": "M8 15 1.5 8.5a4 4 0 0 1 6.5-5 4 4 0 0 1 6.5 5z",
    "monitoring": "M1 15V9h3v6zM6.5 15V1h3v14zM12 15V5h3v10z",
}
"""The sign of each kind, as a path in a square of 16."""


def in_a_word(line: Line, language: Language) -> str | None:
    """What an entry is, in a word: Beschluss, Kritik, Strukturänderung; none for entries about entries."""
    for told in (line.feedback, line.type, kind_of(line.type)):
        if told is not None and told in KINDS:
            return word(KINDS, told, language)
    return None


def sign(line: Line) -> str | None:
    """The sign of the kind of an entry."""
    return SIGNS.get(kind_of(line.type))
