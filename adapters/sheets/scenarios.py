"""Scenarios by criteria, as a sheet: every gap stays visible."""

from adapters.sheets.parts import (
    COLUMNS,
    Cell,
    Content,
    Line,
    Mark,
    Nr,
    Part,
    Sheet,
    SheetTable,
    Speaker,
    cell,
    headed,
    standing,
)
from domain.view import View
from domain.words import Language
from projections.scenarios import CellShown, Choice, ScenarioSet, ScenarioShown, scenarios
from projections.telling import Named


def scenarios_sheet(view: View, language: Language) -> Sheet:
    """Scenarios by criteria, with every gap."""
    say, found = Speaker(language), scenarios(view)
    tables: list[SheetTable] = []
    for set_ in found:
        tables += [_matrix(say, set_), _cells(say, set_)]
    if not tables:
        none = say.t("Es sind keine Szenarien erfasst.", "No scenarios are recorded.")
        tables = [SheetTable(say.t("Szenarien", "Scenarios"), headed(say, "criterion"), [], none)]
    return Sheet(
        say.t("Szenarien", "Scenarios"),
        say.t(
            "Was die Möglichkeiten nach jedem Kriterium bedeuten, und wo nichts dazu gesagt ist. Eine Lücke bleibt als"
            " Lücke sichtbar.",
            "What the options mean by every criterion, and where nothing is said. A gap stays visible as a gap.",
        ),
        tables,
    )


def _matrix(say: Speaker, found: ScenarioSet) -> SheetTable:
    by_place = {(shown.scenario, shown.criterion): shown for shown in found.cells}
    named = {scenario.id: Named(id=scenario.id, name=scenario.name) for scenario in found.scenarios}
    heads: list[Line] = [(named[scenario.id], *_stands(say, scenario)) for scenario in found.scenarios]
    rows = [
        [
            cell(
                (Named(id=criterion.id, name=criterion.name),),
                None if criterion.question is None else (Content(criterion.question),),
            ),
            *(_matrix_cell(say, by_place[scenario.id, criterion.id], named) for scenario in found.scenarios),
        ]
        for criterion in found.criteria
    ]
    notes = [*_choices(say, found), *_leanings(say, found)]
    notes += [(named[shown.id], ": ", Content(shown.what)) for shown in found.scenarios if shown.what is not None]
    return SheetTable(
        (Named(id=found.id, name=found.name),),
        [say.t(*COLUMNS["criterion"]), *heads],
        rows if found.scenarios else [],
        say.t("Es ist noch kein Szenario entworfen.", "No scenario is drafted yet."),
        notes,
    )


def _stands(say: Speaker, shown: ScenarioShown) -> Line:
    if shown.standing != "open":
        return (" – ", standing(say, shown.standing))
    if shown.perhaps_rejected_by is not None:
        return (" – ", say.t("vielleicht schon verworfen", "perhaps rejected already"))
    return ()


def _choices(say: Speaker, found: ScenarioSet) -> list[Line]:
    """What is chosen first, then what was chosen before."""
    lines: list[Line] = []
    if found.choice is None:
        lines.append((Mark(say.t("Es ist kein Szenario gewählt.", "No scenario is chosen."), "gap"),))
    for choice in reversed(found.choices):
        held = found.choice is not None and choice.id == found.choice.id
        chosen = _chosen(say, choice, held=held)
        ended = (say.t(", ersetzt durch ", ", replaced by "), Nr(choice.replaced_by)) if choice.replaced_by else ()
        decided = (say.t(", Beschluss: ", ", decision: "), *(say.names(choice.decision) or ()))
        when = (", ", *say.when(choice.occurred))
        lines.append(
            (
                chosen,
                Named(id=choice.scenario, name=choice.scenario_name),
                " (",
                Nr(choice.entry),
                *when,
                *decided,
                *ended,
                ")",
            )
        )
    return lines


def _chosen(say: Speaker, choice: Choice, *, held: bool) -> Part:
    if choice.perhaps:
        return Mark(say.t("Vielleicht schon gewählt: ", "Perhaps chosen already: "), "unsure")
    return say.t("Gewählt: ", "Chosen: ") if held else say.t("Früher gewählt: ", "Chosen before: ")


def _leanings(say: Speaker, found: ScenarioSet) -> list[Line]:
    """Preferences with their conditions, and questions left open."""
    lines: list[Line] = []
    for leaning in found.leanings:
        by = say.names(leaning.by, say.field("by")) or ()
        conditions = say.labelled(say.field("conditions"), leaning.conditions) or ()
        told = (say.type(leaning.type), ": ", Content(leaning.text), " ", *conditions, " ", *by, " (")
        lines.append(
            (*told, Nr(leaning.entry), ", ", *say.when(leaning.occurred), ") ", *(say.perhaps(leaning.perhaps) or ()))
        )
    return lines


def _matrix_cell(say: Speaker, shown: CellShown, named: dict[str, Named]) -> Cell:
    gap = shown.state in ("not-stated", "not-assessed")
    state = None if shown.state == "stated" else (Mark(standing(say, shown.state, "state"), "gap" if gap else "plain"),)
    like: Line | None = None
    if shown.like is not None:
        like = (f"{say.field('like')}: ", named.get(shown.like, shown.like))
    says = (Content(shown.says),) if shown.says is not None or shown.erased else None
    there: Line | None = None
    if says is None and (shown.as_there is not None or shown.erased_there):
        there = (say.t("dort: ", "there: "), Content(shown.as_there))
    if shown.entry is None:
        open_ = say.entries(shown.order_not_known, say.t("vielleicht schon beurteilt", "perhaps assessed already"))
    else:
        open_ = say.not_known(shown.order_not_known)
    return cell(says, state, like, there, open_)


def _cells(say: Speaker, found: ScenarioSet) -> SheetTable:
    total = len(found.cells)
    rows = [
        [cell((standing(say, state, "state"),)), cell((say.t("{n} von {total}", "{n} of {total}", n=n, total=total),))]
        for state, n in found.counts.items()
    ]
    return SheetTable(
        say.t("Wie vollständig die Beurteilung ist", "How complete the assessment is"),
        headed(say, "cells", "count"),
        rows,
        say.t("Es ist noch kein Szenario entworfen.", "No scenario is drafted yet."),
    )
