"""The Zukunftsplan and its indicators, as sheets."""

from itertools import pairwise

from adapters.sheets.parts import Cell, Content, Line, Mark, Nr, Sheet, SheetTable, Speaker, cell, headed, standing
from domain.view import View
from domain.words import Language
from projections.monitoring import Indicator, monitoring
from projections.plan import Goal, Measure, Report, Version, plan


def plan_sheet(view: View, language: Language) -> Sheet:
    """Goals, measures and versions of the plan."""
    say, found = Speaker(language), plan(view)
    goals = {goal.id: goal for goal in found.goals}
    measures = {measure.id: measure for measure in found.measures}
    without_measure = Mark(say.t("ohne Maßnahme", "without a measure"), "gap")
    without_goal = Mark(say.t("ohne Ziel", "without a goal"), "gap")
    gaps: list[Line] = [(without_measure, ": ", Content(goals[id_].text)) for id_ in found.goals_without_measures]
    gaps += [(without_goal, ": ", Content(measures[id_].name)) for id_ in found.measures_without_goals]
    versions = [
        [
            cell((Nr(version.entry),)),
            cell(say.when(version.occurred), say.perhaps(version.perhaps)),
            cell((Content(version.name),), *_in_force(say, version)),
            cell(
                say.names(version.goals, say.field("goals")),
                say.names(version.measures, say.field("measures")),
                say.names(version.indicators, say.field("indicators")),
                say.names(version.document, say.field("document")),
            ),
            cell(say.names(version.by), say.names(version.decision, say.field("decision"))),
        ]
        for version in found.versions
    ]
    number = say.t("Nr.", "No.")
    return Sheet(
        say.t("Zukunftsplan", "Plan for the future (Zukunftsplan)"),
        say.t(
            "Leitbild und Ziele, die Maßnahmen dafür mit Zuständigen und Stand, und die beschlossenen Fassungen.",
            "Leitbild and goals, the measures for them with who is responsible and where they stand, and the versions"
            " adopted.",
        ),
        [
            SheetTable(
                say.t("Leitbild und Ziele", "Leitbild and goals"),
                [number, *headed(say, "goal", "kind", "when", "standing")],
                [_goal(say, goal, goals, measures) for goal in found.goals],
                say.t("Es ist kein Ziel erfasst.", "No goal is recorded."),
                gaps,
            ),
            SheetTable(
                say.t("Maßnahmen", "Measures"),
                [number, *headed(say, "measure", "responsible", "planned", "standing")],
                [_measure(say, measure) for measure in found.measures],
                say.t("Es ist keine Maßnahme erfasst.", "No measure is recorded."),
            ),
            SheetTable(
                say.t("Beschlossene Fassungen", "Versions adopted"),
                [number, *headed(say, "when", "version", "content", "by")],
                versions,
                say.t("Es ist keine Fassung beschlossen.", "No version is adopted."),
            ),
        ],
    )


def _in_force(say: Speaker, version: Version) -> list[Line]:
    """A version that may not be adopted yet is not said to hold."""
    if version.replaced_by is not None:
        return [(say.t("ersetzt durch ", "replaced by "), Nr(version.replaced_by))]
    lines: list[Line] = [] if version.perhaps else [(Mark(say.t("gilt", "in force")),)]
    if version.perhaps_replaced_by is not None:
        lines.append(
            (say.t("vielleicht schon ersetzt durch ", "perhaps replaced by "), Nr(version.perhaps_replaced_by))
        )
    return lines


def _goal(say: Speaker, goal: Goal, goals: dict[str, Goal], measures: dict[str, Measure]) -> list[Cell]:
    above = None if goal.under is None or goal.under not in goals else goals[goal.under]
    under: Line | None = None if above is None else (f"{say.field('under')}: ", Content(above.text))
    for_it: Line | None = say.row((Content(measures[m].name) for m in goal.measures), say.field("measures"))
    return [
        cell((Nr(goal.entry),)),
        cell((Content(goal.text),), *_earlier_wordings(say, goal), under, for_it),
        cell(
            (say.term(goal.kind, "kind"),),
            say.names(goal.level, say.field("level")),
            say.names(goal.theme, say.field("theme")),
        ),
        cell(say.when(goal.occurred), say.perhaps(goal.perhaps)),
        cell(
            (standing(say, goal.standing, "how"), *((": ", Nr(goal.ended_by)) if goal.ended_by is not None else ())),
            say.entries(goal.revised_by, say.t("überarbeitet", "revised")),
            say.not_known(goal.order_not_known),
            None
            if goal.perhaps_ended_by is None
            else (say.t("vielleicht schon beendet: ", "perhaps ended already: "), Nr(goal.perhaps_ended_by)),
            (Mark(say.t("diente auf Umwegen sich selbst", "would serve itself in the end"), "unsure"),)
            if goal.in_ring
            else None,
            say.names(goal.by, say.field("by")),
            say.names(goal.decision, say.field("decision")),
        ),
    ]


def _earlier_wordings(say: Speaker, goal: Goal) -> list[Line]:
    """What a goal said before it was put in other words, and since which entry it says what it does."""
    lines: list[Line] = []
    for before, after in pairwise(goal.wordings):
        lines.append((say.t("bis ", "until "), Nr(after.entry), ": »", Content(before.text), "«"))
    return lines


def _measure(say: Speaker, measure: Measure) -> list[Cell]:
    planned: Line | None = None
    if measure.begins is not None or measure.ends is not None:
        planned = (f"{say.planned(measure.begins)} – {say.planned(measure.ends)}",)
    done = "" if measure.share is None else f", {measure.share} %"
    reports = [_report(say, report) for report in measure.reports]
    return [
        cell((Nr(measure.entry),)),
        cell(
            (Content(measure.name),),
            None if measure.what is None else (Content(measure.what),),
            say.names(measure.goals, say.field("goals")),
            say.names(measure.indicators, say.field("indicators")),
        ),
        cell(
            say.names(measure.responsible) or say.unknown(),
            say.names(measure.carried_by, say.field("carried_by")),
            say.names(measure.decision, say.field("decision")),
        ),
        cell(
            planned or (say.t("kein Datum", "no date"),),
            None if measure.priority is None else (f"{say.field('priority')}: {say.term(measure.priority)}",),
            None if measure.cost_eur is None else (f"{say.field('cost_eur')}: {say.amount(measure.cost_eur)}",),
        ),
        cell(
            (f"{standing(say, measure.status, 'status')}{done}",),
            say.perhaps(measure.perhaps),
            say.not_known(measure.order_not_known),
            *reports,
        ),
    ]


def _report(say: Speaker, report: Report) -> Line:
    share = "" if report.share is None else f", {report.share} %"
    note = () if report.note is None else (" – ", Content(report.note))
    unsure = say.perhaps(report.perhaps) or ()
    return (
        Nr(report.entry),
        f" {say.term(report.status, 'status')}{share}, ",
        *say.when(report.occurred),
        *note,
        " ",
        *unsure,
    )


def indicators_sheet(view: View, language: Language) -> Sheet:
    """Indicators with their readings."""
    say, found = Speaker(language), monitoring(view)
    selections = [
        [
            cell((Nr(selection.entry),)),
            cell(say.when(selection.occurred), say.perhaps(selection.perhaps)),
            cell(
                say.names(selection.indicators),
                None if selection.count is None else (f"{say.field('count')}: {say.quantity(selection.count)}",),
                None if selection.note is None else (Content(selection.note),),
            ),
            cell(say.names(selection.by), say.names(selection.instrument, say.field("instrument"))),
        ]
        for selection in found.selections
    ]
    return Sheet(
        say.t("Kennzahlen", "Indicators"),
        say.t(
            "Was gemessen wird, in welcher Einheit, und mit welchem Ergebnis. Ein berichtigter Messwert steht neben dem"
            " früheren.",
            "What is measured, in which unit, and with which result. A corrected reading stands beside the one before.",
        ),
        [
            SheetTable(
                say.t("Indikatoren", "Indicators"),
                [say.t("Nr.", "No."), *headed(say, "indicator", "profile", "readings")],
                [_indicator(say, indicator) for indicator in found.indicators],
                say.t("Es ist kein Indikator im Einzelnen erfasst.", "No indicator is recorded by itself."),
            ),
            SheetTable(
                say.t("Auswahl", "Selection"),
                [say.t("Nr.", "No."), *headed(say, "when", "content", "by")],
                selections,
                say.t("Es ist keine Auswahl erfasst.", "No selection is recorded."),
            ),
        ],
    )


def _indicator(say: Speaker, found: Indicator) -> list[Cell]:
    profile: list[Line | None] = [(Content(found.definition),)]
    unit = found.unit
    for label, value in (("baseline", found.baseline), ("target", found.target)):
        if value is not None:
            named = say.field(label, "indicator-defined")
            profile.append((f"{named}: {say.amount(value.value)} {unit} ({say.planned(value.period)})",))
    if found.direction is not None:
        profile.append((f"{say.field('direction')}: {say.term(found.direction)}",))
    if found.rhythm is not None:
        profile.append((say.term(found.rhythm),))
    profile += [
        say.labelled(say.field("calculation"), found.calculation),
        say.labelled(say.field("data_source"), found.data_source),
        say.labelled(say.field("area"), found.area),
        say.labelled(say.field("limits"), found.limits),
        say.names(found.goal, say.field("goal")),
        say.names(found.responsible, say.field("responsible")),
        say.names(found.continues, say.field("continues")),
    ]
    readings: list[Line] = []
    for reading in found.readings:
        before = [
            say.t(
                "; vor der Berichtigung {v} {u}",
                "; before the correction {v} {u}",
                v=say.amount(earlier.value),
                u=earlier.unit,
            )
            for earlier in reading.before
        ]
        told = f"{say.planned(reading.period)}: {say.amount(reading.value)} {reading.unit} ("
        note = () if reading.note is None else (" – ", Content(reading.note))
        readings.append(
            (told, Nr(reading.entry), "".join(before), ")", *note, " ", *(say.perhaps(reading.perhaps) or ()))
        )
    return [
        cell((Nr(found.entry),)),
        cell((Content(found.name),), (Mark(standing(say, found.standing)),)),
        cell(*profile),
        cell(*(readings or [(Mark(say.t("keine Messwerte", "no readings"), "gap"),)])),
    ]
