"""How complete the record is, as a sheet."""

from adapters.sheets.parts import Cell, Sheet, SheetTable, Speaker, cell, headed
from domain.view import View
from domain.words import Language
from projections.completeness import Lacking, completeness


def completeness_sheet(view: View, language: Language) -> Sheet:
    """How complete the record is."""
    say, found = Speaker(language), completeness(view)

    def row(label: str, entries: list[int], of: int) -> list[Cell]:
        return [
            cell((label,)),
            cell((say.t("{n} von {of}", "{n} of {of}", n=len(entries), of=of),)),
            cell(say.runs(entries)),
        ]

    def lacking(label: str, given: Lacking) -> list[Cell]:
        return row(label, given.entries, given.of)

    return Sheet(
        say.t("Vollständigkeit", "Completeness"),
        say.t(
            "Woher die Daten stammen und welchen Einträgen etwas fehlt: eine Quelle, ein Grund, ein Verfahren.",
            "Where the dates come from, and which entries lack something: a source, a reason, a method.",
        ),
        [
            SheetTable(
                say.t("Datierung", "Dates"),
                headed(say, "kind", "count", "entries"),
                [row(say.term(basis), entries, found.total) for basis, entries in found.dates.items()],
                "",
            ),
            SheetTable(
                say.t("Was fehlt", "What is lacking"),
                headed(say, "kind", "count", "entries"),
                [
                    lacking(say.t("ohne Quelle", "without a source"), found.without_source),
                    lacking(say.t("ohne Anlass und Begründung", "without cause or grounds"), found.without_reason),
                    row(say.term("not-recorded"), found.reason_not_recorded, found.total),
                    lacking(
                        say.t("ohne Angabe, wessen Darstellung es ist", "without saying whose account it is"),
                        found.without_account,
                    ),
                    lacking(
                        say.t("Beschlüsse ohne Verfahren", "decisions without a method"), found.decisions_without_method
                    ),
                    lacking(
                        say.t("Beschlüsse ohne Angabe, wer entschied", "decisions without a decider"),
                        found.decisions_without_decider,
                    ),
                ],
                "",
            ),
        ],
    )
