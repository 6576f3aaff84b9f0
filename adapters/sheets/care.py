"""What needs care, as a sheet, and the words for each kind of it."""

from collections.abc import Mapping
from typing import Final

from adapters.sheets.parts import Cell, Content, Nr, Sheet, SheetTable, Speaker, cell
from domain.view import View
from domain.words import CONFLICTS, Language, Words, say
from projections.care import Care, Concern, care
from projections.telling import name

CONCERNS: Final[Mapping[str, tuple[Words, Words]]] = {
    "review": (
        ("Beschlüsse, die überprüft werden sollten", "Decisions whose review is due"),
        ("Bestätigen oder ersetzen Sie den Beschluss.", "Confirm the decision, or replace it."),
    ),
    "promise-overdue": (
        ("Zusagen, deren Frist vorbei ist", "Commitments whose time has passed"),
        ("Halten Sie fest, was daraus wurde.", "Record what came of it."),
    ),
    "meeting": (
        ("Angekündigte Treffen ohne Bericht", "Meetings announced and not reported on"),
        ("Der Tag ist vorbei. Fand das Treffen statt?", "The day has passed. Did the meeting take place?"),
    ),
    "filling": (
        ("Treffen, die sich füllen", "Meetings that are filling up"),
        ("Ein größerer Raum, oder ein zweiter Termin?", "A larger room, or a second day?"),
    ),
    "feedback": (
        ("Rückmeldungen ohne Antwort", "Feedback without an answer"),
        ("Halten Sie fest, was geantwortet wurde.", "Record what was answered."),
    ),
    "question": (
        ("Offene Fragen und vertagte Beschlüsse", "Open questions and decisions put off"),
        ("Ein Beschluss kann die Frage beantworten.", "A decision can settle the question."),
    ),
    "promise-open": (
        ("Zusagen, die noch offen sind", "Commitments that are still open"),
        ("Noch ist Zeit, oder es ist keine Frist bekannt.", "There is time left, or no date is known."),
    ),
    "embargo": (
        ("Wird bald von selbst öffentlich", "Will soon be public by itself"),
        ("Bis dahin lässt es sich zurückhalten.", "Until then it can be held back."),
    ),
    "internal": (
        ("Lange erfasst und noch nicht öffentlich", "Recorded long ago and still internal"),
        ("Veröffentlichen Sie, was fertig ist.", "Publish what is ready."),
    ),
    "contradiction": (
        ("Widersprüche und Zweifel", "Contradictions and doubts"),
        ("Sehen Sie nach, welche Angabe nicht stimmt.", "Look which of the statements is wrong."),
    ),
    "order": (
        ("Reihenfolge nicht bekannt", "Order not known"),
        (
            "Es ist nicht bekannt, welche Angabe zuletzt galt. Ein genaueres Datum hilft.",
            "It is not known which of them held last. A more exact date helps.",
        ),
    ),
    "perhaps": (
        ("Vielleicht schon geschehen", "Perhaps happened already"),
        ("Das Datum ist ungenau. Ist inzwischen mehr bekannt?", "The date is vague. Is more known by now?"),
    ),
    "no-method": (
        ("Beschlüsse ohne Verfahren", "Decisions without a method"),
        ("Wie wurde beschlossen?", "How was it decided?"),
    ),
    "no-reason": (
        ("Einträge ohne Grund", "Entries without a reason"),
        ("Weder Anlass noch Begründung ist angegeben.", "Neither a cause nor grounds are stated."),
    ),
    "no-source": (
        ("Einträge ohne Quelle", "Entries without a source"),
        ("Woher ist das bekannt?", "How is that known?"),
    ),
    "no-date": (
        ("Einträge ohne Datum", "Entries without a date"),
        ("Auch ein ungefähres Datum hilft.", "A rough date helps, too."),
    ),
    "unreached": (
        ("Organisationen, die seit einem Jahr nicht erreicht wurden", "Organisations not reached for a year"),
        (
            "Kein Treffen und keine Rückmeldung nennt sie in dieser Zeit mit Namen.",
            "No meeting and no feedback names them in that time.",
        ),
    ),
}
"""What each kind of care is called, and what to do about it."""


def care_sheet(view: View, language: Language) -> Sheet:
    """What needs care."""
    return sheet_of(view, care(view), language)


def sheet_of(view: View, found: Care, language: Language) -> Sheet:
    """What needs care, the kinds of which there is something."""
    speaker = Speaker(language)
    return Sheet(
        speaker.t("Was zu tun ist", "What needs care"),
        speaker.t(
            "Was in diesem Prozess auf die Geschäftsstelle wartet.", "What waits for the office in this process."
        ),
        [
            SheetTable(
                say(CONCERNS[kind][0], language),
                [speaker.t("Nr.", "No."), speaker.t("Was", "What"), speaker.t("Seit", "For")],
                [_row(speaker, view, concern) for concern in concerns],
                "",
                [(say(CONCERNS[kind][1], language),)],
            )
            for kind, concerns in found.concerns.items()
            if concerns
        ],
    )


def _row(speaker: Speaker, view: View, concern: Concern) -> list[Cell]:
    others = speaker.entries(concern.entries, speaker.t("dazu", "with it"))
    conflict = None if concern.conflict is None else (contradiction(view, concern, speaker.language),)
    return [
        cell((Nr(concern.line.number),)),
        cell((f"{speaker.type(concern.line.type)}: ", Content(concern.line.headline)), conflict, others),
        cell((waited(speaker, view, concern),)),
    ]


def contradiction(view: View, concern: Concern, language: Language) -> str:
    """In words what does not fit together."""
    assert concern.conflict is not None
    found = concern.conflict
    subject = found.subject and (name(view, found.subject).text or found.subject)
    params = {"entries": found.entries, "subject": subject, "expected": found.expected}
    return say(CONFLICTS[found.code], language, params)


def waited(speaker: Speaker, view: View, concern: Concern) -> str:
    """How long it has waited, or when it settles itself."""
    if concern.until is not None:
        there = concern.until.astimezone(view.effective.zone)
        return speaker.t("am {day}", "on {day}", day=speaker.local(f"{there:%Y-%m-%dT%H:%M}"))
    if concern.days is None:
        return speaker.t("nicht bekannt", "not known")
    return speaker.t("{n} Tage", "{n} days", n=concern.days)
