"""What forms say beside the words of the project: what the office does, the parts of a form, help with filling in."""

from collections.abc import Mapping
from typing import Final

from domain.words import Table, Words

OFFICE: Final[Mapping[str, tuple[Words, tuple[str, ...]]]] = {
    "meeting": (("Treffen", "Meeting"), ("meeting-planned", "meeting-changed", "meeting-held")),
    "decision": (
        ("Beschluss", "Decision"),
        ("decision-taken", "decision-deferred", "preference-stated", "question-left-open"),
    ),
    "feedback": (("Rückmeldung", "Feedback"), ("feedback-received", "feedback-answered")),
    "commitment": (("Zusage", "Commitment"), ("commitment-made", "commitment-settled")),
    "participants": (
        ("Wer macht mit", "Who takes part"),
        ("actor-registered", "actor-redescribed", "role-assigned", "role-ended"),
    ),
    "founding": (
        ("Neues in der Struktur", "New in the structure"),
        (
            *("alliance-founded", "group-formed", "reallabor-initiated", "level-established", "structure-planned"),
            "theme-identified",
        ),
    ),
    "change": (
        ("Struktur ändert sich", "The structure changes"),
        (
            *("body-changed", "body-reattached", "bodies-merged", "body-split", "reallabor-spun-off", "body-ended"),
            *("level-dropped", "theme-retired"),
        ),
    ),
    "plan": (
        ("Zukunftsplan", "Plan for the future"),
        ("goal-adopted", "goal-revised", "measure-planned", "measure-reported", "plan-adopted"),
    ),
    "scenarios": (
        ("Szenarien", "Scenarios"),
        ("criteria-set", "scenario-drafted", "scenario-assessed", "scenario-chosen", "scenario-rejected"),
    ),
    "monitoring": (
        ("Kennzahlen", "Monitoring"),
        ("indicator-defined", "indicator-selected", "indicator-measured", "indicator-dropped"),
    ),
    "finding": (
        ("Befund", "Finding"),
        ("assessment-conducted", "finding-recorded", "participation-rated", "claim-disputed"),
    ),
    "frame": (
        ("Rahmen des Prozesses", "Frame of the process"),
        (
            *("process-opened", "phase-begun", "phase-ended", "funding-granted", "document-added", "context-noted"),
            *("instrument-introduced", "instrument-ended", "process-closed"),
        ),
    ),
}
"""What somebody at the desk wants to record, and the step types for it, the most frequent first."""

PARTS: Final[tuple[tuple[Words | None, tuple[str, ...]], ...]] = (
    (("Was geschah", "What happened"), ("step",)),
    (None, ("occurred",)),
    (("Warum", "Why"), ("because", "grounds")),
    (("Woher das bekannt ist", "How it is known"), ("sources", "asserted_by")),
)
"""A statement as it is asked for. Without words of its own a part is called what its first field is called there."""

ANNOUNCED: Final[Table] = {
    "meeting-planned": ("Wann das Treffen angekündigt wurde", "When the meeting was announced"),
    "meeting-changed": ("Wann die Änderung angekündigt wurde", "When the change was announced"),
}
"""What the date of a step is called that tells of something to come: nobody is to give the day of that there."""

ONE_LINE: Final = frozenset(
    {
        *("name", "title", "city", "place", "programme", "successor_name", "until", "url", "wording", "from_whom"),
        *("group_in_words", "in_words", "topic", "scope", "area"),
    }
)
"""Texts that are short as a rule. One with line breaks gets several lines all the same."""

HINTS: Final[Table] = {
    "edtf": (
        (
            "So genau, wie es bekannt ist: „14.3.2018“, „im Frühjahr 2018“, „ca. April 2018“, „zwischen März und Mai"
            " 2018“, „März bis Mai 2018“ oder „nicht bekannt“."
        ),
        (
            "As exactly as it is known: 14.3.2018, March 2018, 2018-03, 2018~ (about), [2018-03..2018-05] (one day"
            " between) or 2018-03/2018-05 (from–to). Words are read in German; “unbekannt” means not known."
        ),
    ),
    "wording": (
        "Nur, wenn die Quelle es anders sagt als das Datum oben.",
        "Only where the source says it in other words than the date above.",
    ),
    "after": (
        "Einträge, vor denen dies sicher nicht geschah.",
        "Entries that this certainly did not precede.",
    ),
    "because": (
        "Frühere Einträge, die dazu führten.",
        "Earlier entries that led to this.",
    ),
    "structural": (
        "Bei einer Änderung der Struktur nötig, wenn oben weder ein Anlass noch „Anlass nicht dokumentiert“ steht.",
        "Needed with a change of structure, unless a cause or “cause not documented” is chosen above.",
    ),
    "asserted_by": (
        "Wessen Darstellung das ist, wenn es nicht die eigene ist.",
        "Whose account this is, if it is not your own.",
    ),
    "page": ("Zum Beispiel 12, 12-14 oder 12-14, 17.", "For example 12, 12-14 or 12-14, 17."),
    "lines": ("Zum Beispiel 3-9, 35.", "For example 3-9, 35."),
    "url": ("Beginnt mit https://", "Begins with https://"),
    "zone": (
        "Erdteil und Stadt, zum Beispiel Europe/Berlin. Leer heißt: wie der Prozess.",
        "Continent and city, for example Europe/Berlin. Empty means: that of the process.",
    ),
    "unit": (
        "Ohne Leerzeichen, zum Beispiel %, t/a, EUR oder Zahl.",
        "Without blanks, for example %, t/a, EUR or Zahl.",
    ),
    "from_whom": (
        "Wer nicht als Akteur aufgenommen ist. Bitte keine Namen von Personen.",
        "Whoever is not registered as an actor. Please no names of persons.",
    ),
    "new-id": (
        "Von uns vergeben und für immer; Sie können sie so lassen. Bitte nie den Namen einer Person.",
        "Made by us and for ever; you can leave it as it is. Please never the name of a person.",
    ),
    "quantity": (
        "Genau 12: zweimal 12. Mehr als sechs: mindestens 7. Rund 30: zweimal 30 und „ungefähr“.",
        "Exactly 12: 12 twice. More than six: at least 7. Around 30: 30 twice and “approximate”.",
    ),
    "numbers": (
        "Mit Leerzeichen dazwischen, zum Beispiel 0 3 5 10.",
        "With blanks between them, for example 0 3 5 10.",
    ),
    "number": ("Nur Ziffern.", "Digits only."),
    "decimal": ("Zum Beispiel 1250 oder 12,5.", "For example 1250 or 12.5."),
    "day": ("Zum Beispiel 30.6.2024.", "For example 30.6.2024 or 2024-06-30."),
    "local-time": (
        "Zum Beispiel 30.6.2024, 10:00 Uhr; ist die Uhrzeit nicht bekannt, nur der Tag.",
        "For example 2024-06-30 10:00; the day alone if the time is not known.",
    ),
    "clock": ("Zum Beispiel 10:15.", "For example 10:15."),
    "date": (
        "Zum Beispiel „März 2027“, „2027“ oder „von 2026 bis 2028“.",
        "For example March 2027, 2027, or 2026/2028 (from–to).",
    ),
    "destinations": (
        "Für alles, was dazu gehörte: wohin es geht. Ist es unbekannt, „nicht dokumentiert“.",
        "For everything that belonged to it: where it goes. If that is not known, “not documented”.",
    ),
}
"""What helps with filling in, by field or by what is to be filled in."""

REFUSED: Final[Table] = {
    "field-missing": (
        "Das Feld „{field:field}“ ist leer. Bitte ausfüllen oder etwas auswählen.",
        "The field “{field:field}” is empty. Please fill it in or choose something.",
    ),
    "field-number": (
        "Das Feld „{field:field}“ braucht eine ganze Zahl. Bitte nur Ziffern eingeben.",
        "The field “{field:field}” needs a whole number. Please enter digits only.",
    ),
    "field-yes-no": (
        "Das Feld „{field:field}“ kennt nur Ja oder Nein. Bitte eines davon auswählen.",
        "The field “{field:field}” knows only yes or no. Please choose one of them.",
    ),
    "field-reference": (
        "„{given}“ ist kein Eintrag, der hier stehen kann. Bitte einen aus der Liste auswählen.",
        "“{given}” is no entry that can stand here. Please choose one from the list.",
    ),
    "field-text": (
        "Das Feld „{field:field}“ kam mehrmals an. Bitte die Angabe noch einmal eingeben.",
        "The field “{field:field}” arrived several times. Please enter it once more.",
    ),
}
"""Refusals whose sentence speaks of JSON: what is said of them in a form."""
