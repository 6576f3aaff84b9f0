"""Early warnings in words: what is noticed, beyond which threshold, and what may help."""

from collections.abc import Mapping
from typing import Final

from adapters.sheets.analytics import number
from adapters.sheets.parts import Speaker
from domain.words import Words, say
from projections.analytics.figures import Bounds, Unit
from projections.early_warnings import DAYS, FEEDBACK, MEETINGS, MONTHS, RISE, SMALLEST, Code, EarlyWarning

WARNINGS: Final[Mapping[Code, tuple[Words, Words, Words]]] = {
    "load-rising": (
        ("Belastung steigt", "Load is rising"),
        (
            (
                "Ein Akteur war in {months} Monaten bei mindestens {meetings} Treffen, und mindestens beim"
                " {rise}-Fachen der Monate davor."
            ),
            (
                "An actor attended at least {meetings} meetings in {months} months, and at least {rise} times as"
                " many as in the months before."
            ),
        ),
        (
            "Lassen sich Treffen zusammenlegen, oder kann jemand anderes kommen?",
            "Can meetings be combined, or somebody else come?",
        ),
    ),
    "same-people": (
        ("Dieselben auf mehreren Ebenen", "The same on several levels"),
        (
            "Von der kleineren zweier Ebenen (ab {smallest} Akteuren) nehmen mindestens 80 % auch an der anderen teil.",
            "Of the smaller of two levels (from {smallest} actors on) at least 80% take part in the other one as well.",
        ),
        ("Braucht es beide Ebenen? Wer fehlt?", "Are both levels needed? Who is missing?"),
    ),
    "feedback-unanswered": (
        ("Rückmeldungen bleiben ohne Antwort", "Feedback stays unanswered"),
        (
            (
                "Von Rückmeldungen, die mindestens {days} Tage alt sind (ab {feedback}), ist mindestens die Hälfte ohne"
                " Antwort."
            ),
            "Of feedback that is at least {days} days old (from {feedback} on) at least half has no answer.",
        ),
        ("Auch eine ablehnende Antwort ist eine Antwort.", "A negative answer is an answer, too."),
    ),
    "goals-without-measures": (
        ("Ziele ohne Maßnahmen", "Goals without measures"),
        (
            "Mindestens ein strategisches oder operatives Ziel wird verfolgt, und nichts ist dafür geplant.",
            "At least one strategic or operational goal is pursued, and nothing is planned for it.",
        ),
        ("Was soll dafür geschehen, und wer tut es?", "What is to be done for it, and by whom?"),
    ),
}
"""What each warning is called, its threshold, and what may help."""

CHOSEN: Final = {
    "months": MONTHS,
    "meetings": MEETINGS,
    "smallest": SMALLEST,
    "days": DAYS,
    "feedback": FEEDBACK,
}

UNITS: Final[Mapping[Code, Unit]] = {
    "load-rising": "count",
    "same-people": "share",
    "feedback-unanswered": "share",
    "goals-without-measures": "count",
}


def threshold(speaker: Speaker, code: Code) -> str:
    """From when on it is warned, in words."""
    return say(WARNINGS[code][1], speaker.language, CHOSEN | {"rise": speaker.amount(f"{RISE:g}")})


def found(speaker: Speaker, warning: EarlyWarning) -> str:
    """The figure, what it is counted over, and what it was before."""
    if warning.code == "same-people":
        first, second = (number(speaker, size, "count") for size in warning.sizes)
        return speaker.t(
            "{value} der kleineren Ebene; Akteure auf der ersten: {first}, auf der zweiten: {second}, sicher auf"
            " beiden: {both}",
            "{value} of the smaller level; actors on the first: {first}, on the second: {second}, for certain on both:"
            " {both}",
            value=_number(speaker, warning, warning.value),
            first=first,
            second=second,
            both=len(warning.actors),
        )
    said = speaker.t(
        "{value}, gezählt über {n}",
        "{value}, counted over {n}",
        value=_number(speaker, warning, warning.value),
        n=number(speaker, warning.n, "count"),
    )
    if warning.before is None:
        return said
    return speaker.t(
        "{said}; davor {before}", "{said}; before {before}", said=said, before=_number(speaker, warning, warning.before)
    )


def _number(speaker: Speaker, warning: EarlyWarning, given: Bounds) -> str:
    return number(speaker, given, UNITS[warning.code])
