"""Findings, participation and accounts that disagree, as sheets."""

from collections.abc import Iterable

from adapters.sheets.meetings import group_lines
from adapters.sheets.parts import Cell, Content, Line, Mark, Nr, Sheet, SheetTable, Speaker, cell, headed
from domain.view import View
from domain.words import Language
from projections.claims import Side, disputes
from projections.findings import Assessment, Finding, findings, participation


def findings_sheet(view: View, language: Language) -> Sheet:
    """What was looked into and found."""
    say, found = Speaker(language), findings(view)
    number = say.t("Nr.", "No.")
    return Sheet(
        say.t("Befunde", "Findings"),
        say.t(
            "Was untersucht wurde und was dabei herauskam, mit Methode, Zeit und Quelle.",
            "What was looked into and what came of it, with method, time and source.",
        ),
        [
            SheetTable(
                say.t("Untersuchungen", "Assessments"),
                [number, *headed(say, "assessment", "methods", "asked", "when", "findings")],
                [_assessment(say, assessment) for assessment in found.assessments],
                say.t("Es ist keine Untersuchung erfasst.", "No assessment is recorded."),
            ),
            SheetTable(
                say.t("Befunde", "Findings"),
                [number, *headed(say, "finding", "kind", "when", "source")],
                [_finding(say, finding) for finding in found.findings],
                say.t("Es ist kein Befund erfasst.", "No finding is recorded."),
            ),
        ],
    )


def _assessment(say: Speaker, assessment: Assessment) -> list[Cell]:
    return [
        cell((Nr(assessment.entry),)),
        cell((Content(assessment.title),), say.names(assessment.by, say.field("by"))),
        cell(
            *((say.term(method),) for method in assessment.methods),
            None if assessment.sessions is None else (f"{say.field('sessions')}: {say.quantity(assessment.sessions)}",),
        ),
        cell(*(group_lines(say, assessment.asked) if assessment.asked else [say.unknown()])),
        cell(say.when(assessment.occurred), say.perhaps(assessment.perhaps)),
        cell(say.entries(assessment.findings) or (say.t("keine erfasst", "none recorded"),)),
    ]


def _finding(say: Speaker, finding: Finding) -> list[Cell]:
    return [
        cell((Nr(finding.entry),)),
        cell(
            (Content(finding.what),),
            say.labelled(say.field("scope"), finding.scope),
            say.names(finding.about, say.field("about")),
            None
            if finding.load is None
            else (
                say.t(
                    "{n} Treffen in {m} Monaten, gezählt: {what}",
                    "{n} meetings in {m} months, counted: {what}",
                    n=say.quantity(finding.load.meetings),
                    m=finding.load.months,
                    what=say.term(finding.load.counted, "counted"),
                ),
            ),
        ),
        cell(
            (say.term(finding.kind, "kind"),),
            None if finding.category is None else (say.in_scheme(finding.category),),
            say.names(finding.assessment),
        ),
        cell(say.when(finding.occurred), say.perhaps(finding.perhaps)),
        cell(say.names(finding.asserted_by), *say.cited(finding.sources)),
    ]


def participation_sheet(view: View, language: Language) -> Sheet:
    """How far people took part."""
    say, found = Speaker(language), participation(view)
    rows = [
        [
            cell((Nr(rating.entry),)),
            cell(say.names(rating.about)),
            cell(
                say.names(rating.group)
                or ((Content(rating.group_in_words),) if rating.group_in_words else say.unknown()),
            ),
            cell(
                (Content(rating.observed),),
                None if rating.degree is None else (say.in_scheme(rating.degree),),
            ),
            cell((say.term(rating.stage),)),
            cell(
                say.when(rating.occurred),
                say.perhaps(rating.perhaps),
                say.names(rating.by, say.t("eingeschätzt von", "rated by")) or say.names(rating.asserted_by),
            ),
        ]
        for rating in found.ratings
    ]
    return Sheet(
        say.t("Beteiligung", "Participation"),
        say.t(
            "Wie weit wer woran beteiligt war: wie es gemeint war und wie es war. Grade sind Stufen; sie werden nicht"
            " gemittelt.",
            "How far who took part in what: as it was meant and as it was. Degrees are ranks and never averaged.",
        ),
        [
            SheetTable(
                say.t("Einschätzungen", "Ratings"),
                [say.t("Nr.", "No."), *headed(say, "about", "group", "degree", "stage", "when")],
                rows,
                say.t("Es ist keine Einschätzung erfasst.", "No rating is recorded."),
            )
        ],
    )


def claims_sheet(view: View, language: Language) -> Sheet:
    """Accounts that disagree."""
    say = Speaker(language)
    rows = [
        [
            cell((Nr(found.entry),)),
            cell((Content(found.topic),), (Mark(say.term(found.how)),)),
            cell(*_side(say, found.claim)),
            cell(*_side(say, found.against)),
            cell(None if found.note is None else (Content(found.note),)),
        ]
        for found in disputes(view)
    ]
    return Sheet(
        say.t("Widersprüche", "Contradictions"),
        say.t(
            "Wo Darstellungen einander widersprechen oder zu widersprechen scheinen. Beide stehen nebeneinander; keine"
            " wird vorgezogen.",
            "Where accounts disagree, or seem to. Both stand side by side; none is preferred.",
        ),
        [
            SheetTable(
                say.t("Darstellungen", "Accounts"),
                [say.t("Nr.", "No."), *headed(say, "topic", "claim", "against"), say.field("note")],
                rows,
                say.t("Es ist kein Widerspruch erfasst.", "No contradiction is recorded."),
            )
        ],
    )


def _side(say: Speaker, side: Side) -> Iterable[Line | None]:
    yield (f"{say.type(side.type)}: ", Content(side.says), " (", Nr(side.entry), ")")
    yield (say.edtf(side.edtf, side.basis),)
    yield say.names(side.asserted_by, say.field("asserted_by"))
    yield from say.cited(side.sources)
    if side.withdrawn:
        yield (Mark(say.t("zurückgenommen", "withdrawn"), "gap"),)
