"""Corrections and withdrawals, as a sheet."""

from adapters.sheets.parts import Cell, Content, Line, Mark, Nr, Sheet, SheetTable, Speaker, cell, headed
from domain.view import View
from domain.words import AMENDMENTS, Language, word
from projections.amendments import Amendment, amendments


def amendments_sheet(view: View, language: Language) -> Sheet:
    """What was corrected, withdrawn or erased."""
    say = Speaker(language)
    return Sheet(
        say.t("Berichtigungen", "Corrections"),
        say.t(
            "Was nach der Erfassung berichtigt oder zurückgenommen wurde, und warum. Das Frühere bleibt lesbar.",
            "What was corrected or withdrawn after it was recorded, and why. What stood before stays readable.",
        ),
        [
            SheetTable(
                say.t("Das Neueste zuerst", "The newest first"),
                headed(say, "when", "amended", "about", "changed", "reason"),
                [_row(view, say, found) for found in amendments(view)],
                say.t("Nichts wurde berichtigt oder zurückgenommen.", "Nothing was corrected or withdrawn."),
            )
        ],
    )


def _why(say: Speaker, found: Amendment) -> Line | None:
    if found.amendment != "erasure":
        return (Content(found.reason),)
    if found.legal_ground is None or found.approved_by is None:
        return None
    approval = "" if found.approval is None else f" ({found.approval})"
    by = f"{say.field('approved_by')}: {say.term(found.approved_by, 'approved_by')}{approval}"
    return (f"{say.term(found.legal_ground, 'legal_ground')}; {by}",)


def _row(view: View, say: Speaker, found: Amendment) -> list[Cell]:
    told = word(AMENDMENTS, found.amendment, say.language)
    day = None if found.recorded_at is None else found.recorded_at.astimezone(view.effective.zone).date()
    by: Line = () if found.entry is None else (" (", Nr(found.entry), ")")
    about = found.about
    gone = say.t("inzwischen selbst zurückgenommen", "withdrawn itself since")
    return [
        cell(say.unknown() if day is None else (say.day(day),)),
        cell((told, *by), None if found.in_force else (Mark(gone, "unsure"),)),
        cell((Nr(found.target), *((": ", Content(about.headline)) if about is not None and about.headline else ()))),
        cell(*((say.field(name, "" if about is None else about.type),) for name in found.fields)),
        cell(_why(say, found)),
    ]
