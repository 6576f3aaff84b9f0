"""Figures about a process in words: what each is, what it is, and why there is none where there is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from adapters.sheets.parts import NOTHING, Cell, Line, Mark, Part, Sheet, SheetTable, Speaker, cell
from domain.schemes import SCHEMES
from domain.words import NOT_COMPUTABLE, STANDINGS, TERMS, Language, Words, say
from projections.analytics.figures import Analysis, Bounds, Breakdown, Curve, Figure, Reason, Row, Unit
from projections.analytics.report import Report

ANALYSES: Final[Mapping[str, tuple[Words, Words]]] = {
    "load": (
        ("Belastung durch Treffen", "Load of meetings"),
        (
            (
                "Wie oft Akteure in den letzten {window_months} Monaten bei Treffen waren und wie"
                " ungleich sich das verteilt."
                " Eine anerkannte Grenze für Überlastung gibt es nicht."
            ),
            (
                "How often actors attended meetings in the last {window_months} months, and how"
                " unevenly that is spread."
                " There is no agreed threshold of overload."
            ),
        ),
    ),
    "overlap": (
        ("Dieselben auf mehreren Ebenen", "The same on several levels"),
        (
            (
                "Ob dieselben Akteure an Treffen mehrerer Ebenen teilnehmen. Gezählt wird nur, wer"
                " mit Namen des Akteurs als"
                " anwesend erfasst ist."
            ),
            (
                "Whether the same actors attend meetings of several levels. Only who is recorded by"
                " name as attending is"
                " counted."
            ),
        ),
    ),
    "continuity": (
        ("Wer wiederkommt", "Who comes again"),
        (
            (
                "Von einem Treffen eines Gremiums zum nächsten, dessen Teilnahme erfasst ist. Als"
                " weggeblieben gilt, wer zu"
                " den letzten {missed} solchen Treffen eingeladen war und nicht kam."
            ),
            (
                "From one meeting of a body to the next one with recorded attendance. Who was"
                " invited to the last {missed} such"
                " meetings and did not come counts as gone."
            ),
        ),
    ),
    "degree": (
        ("Wie weit Beteiligung ging", "How far participation went"),
        (
            (
                "Stufen sind Ränge: Gezeigt werden Verteilung und mittlerer Rang, nie ein"
                " Durchschnitt. Was nur in Worten"
                " beschrieben ist, hat keine Stufe."
            ),
            (
                "Degrees are ranks: shown are their distribution and the one in the middle, never a"
                " mean. What is only told"
                " in words has none."
            ),
        ),
    ),
    "response": (
        ("Was aus Rückmeldungen wurde", "What came of feedback"),
        (
            (
                "Gezählt wird, was Einträge ausdrücklich nennen, nicht, was zeitlich nahe liegt."
                " Unbeantwortetes zählt mit"
                " (Kaplan-Meier): sonst sähe es schneller aus, als es war."
            ),
            (
                "What counts is what entries name, not what is near in time. What is unanswered"
                " counts too (Kaplan-Meier):"
                " else it would look quicker than it was."
            ),
        ),
    ),
    "traceability": (
        ("Nachvollziehbarkeit", "Traceability"),
        (
            (
                "Von wie vielen Änderungen der Struktur der Weg zu Grund, Beschluss und Rückmeldung"
                " oder Befund führt, und"
                " umgekehrt. Eine Änderung kann ohne Kritik richtig sein: Die Anteile sind keine Note."
            ),
            (
                "From how many changes of structure the way leads to a reason, a decision, and"
                " feedback or a finding, and the"
                " other way round. A change may be right without criticism: the shares are no mark."
            ),
        ),
    ),
    "fulfilment": (
        ("Zusagen und was daraus wurde", "Commitments and what came of them"),
        (
            "Fällig ist, was abgeschlossen ist oder still überfällig. Alle Zusagen zählen gleich, kleine wie große.",
            "Due is what was settled, or is silently overdue. All commitments count alike, small and large.",
        ),
    ),
    "volatility": (
        ("Wie beständig die Struktur war", "How lasting the structure was"),
        (
            (
                "Viel Bewegung ist nicht schlecht: Sie kann die Antwort auf Kritik sein. Der Abstand"
                " vergleicht mit dem Tag"
                " {apart_months} Monate davor."
            ),
            (
                "Much change is not bad: it may answer criticism. The distance compares with the day"
                " {apart_months} months"
                " before."
            ),
        ),
    ),
    "methods": (
        ("Verfahren der Beschlüsse", "Methods of decisions"),
        (
            "Nach welchem Verfahren entschieden wurde. „Nicht dokumentiert“ ist eine Angabe wie jede andere.",
            "By which method was decided. “Not documented” is an answer like any other.",
        ),
    ),
    "options": (
        ("Vollständigkeit der Szenarienanalyse", "Completeness of the analysis of options"),
        ("Zu wie vielen Feldern der Matrix etwas gesagt ist.", "Of how many cells of the matrix something is said."),
    ),
    "breadth": (
        ("Breite der Beteiligung", "Breadth of participation"),
        (
            (
                "Aus welchen Wirtschaftszweigen die kommen, die bei Treffen waren. Mit wenigen"
                " Akteuren ändert schon einer"
                " mehr diese Werte stark."
            ),
            "From which branches those come who attended meetings. With few actors one more moves these a lot.",
        ),
    ),
    "network": (
        ("Wer wen trifft", "Who meets whom"),
        (
            (
                "Akteure und Treffen als Netz aus zwei Arten von Knoten. Ein Netz der Akteure allein würde dichter"
                " erscheinen, als es beobachtet ist."
            ),
            (
                "Actors and meetings as a network of two modes. A network of actors alone would look"
                " denser than what was"
                " observed."
            ),
        ),
    ),
    "dating": (
        ("Woher die Daten stammen", "Where the dates come from"),
        (
            "Von der Quelle genannt, erschlossen oder unbekannt. Davon hängt ab, wie genau alle anderen Werte sind.",
            "Stated by the source, derived or unknown. All other figures are only as exact as that.",
        ),
    ),
    "recording": (
        ("Wie zeitnah erfasst wurde", "How soon it was recorded"),
        (
            (
                "Vom Geschehen bis zum Erfassen: Das sagt, wie weit die Aufzeichnung zeitgenössisch"
                " ist oder rekonstruiert."
                " Als zeitnah gelten {soon_days} Tage."
            ),
            (
                "From the event to its recording: how far the record is contemporary or"
                " reconstructed. {soon_days} days count"
                " as soon."
            ),
        ),
    ),
    "publication": (
        ("Veröffentlichung und Berichtigungen", "Publication and corrections"),
        (
            "Vom Erfassen bis zur Veröffentlichung. Die Öffentlichkeit sieht hier nur, was veröffentlicht ist.",
            "From recording to publication. The public sees here only what is published.",
        ),
    ),
}
"""What each analysis is called, and what it does and does not say; numbers stand for what was chosen."""

FIGURES: Final[Mapping[str, Words]] = {
    "load.meetings": ("Treffen im Zeitraum", "Meetings within the time"),
    "load.recorded": ("Einträge von Treffen mit erfasster Teilnahme", "Entries of meetings with recorded attendance"),
    "load.actors": ("Akteure, die dabei waren", "Actors that attended"),
    "load.gini": ("Ungleichheit der Belastung (Gini)", "Inequality of load (Gini)"),
    "load.top": ("Anteil der fünf am stärksten Belasteten", "Share of the five with the highest load"),
    "load.persons": ("Besuche von Personen", "Visits by persons"),
    "overlap.jaccard": ("Gemeinsame an allen (Jaccard)", "Shared out of all (Jaccard)"),
    "overlap.coefficient": ("Gemeinsame an der kleineren Ebene", "Shared out of the smaller level"),
    "continuity.retention": ("Kommen wieder", "Come again"),
    "continuity.newcomers": ("Waren noch nie dabei", "Were never there before"),
    "continuity.stay": ("Zeit, bis Akteure wegbleiben (Median)", "Median time until actors are gone"),
    "degree.on-scale": ("Einschätzungen mit einer Stufe", "Ratings with a degree"),
    "degree.median": ("Mittlerer Rang", "Rank in the middle"),
    "degree.intended": ("Mittlerer Rang, wie gemeint", "Rank in the middle, as meant"),
    "degree.observed": ("Mittlerer Rang, wie gewesen", "Rank in the middle, as observed"),
    "degree.deciding": ("Stufe 6 und höher, wie gewesen", "Rank 6 and above, as observed"),
    "response.answer.share": ("Rückmeldungen mit Antwort", "Feedback with an answer"),
    "response.answer.median": ("Zeit bis zur Antwort (Median)", "Median time to an answer"),
    "response.change.share": (
        "Rückmeldungen, die Anlass einer Änderung der Struktur waren",
        "Feedback that a change of structure names as its cause",
    ),
    "response.change.median": ("Zeit bis zu dieser Änderung (Median)", "Median time to that change"),
    "response.reasoned": ("Antworten mit Begründung", "Answers with a reason"),
    "traceability.reason": ("Änderungen mit Anlass oder Begründung", "Changes with a cause or grounds"),
    "traceability.not-recorded": (
        "Änderungen, deren Grund ausdrücklich nicht erfasst ist",
        "Changes whose reason is stated as not recorded",
    ),
    "traceability.decision": ("Änderungen, die auf einen Beschluss zurückgehen", "Changes that go back to a decision"),
    "traceability.evidence": (
        "Änderungen, die auf Rückmeldung oder Befund zurückgehen",
        "Changes that go back to feedback or a finding",
    ),
    "traceability.full": ("Änderungen mit allen dreien", "Changes with all three"),
    "traceability.decision-cited": ("Änderungen, die einen Beschluss selbst nennen", "Changes that cite a decision"),
    "traceability.evidence-cited": (
        "Änderungen, die Rückmeldung oder Befund selbst nennen",
        "Changes that cite feedback or a finding",
    ),
    "traceability.full-cited": ("Änderungen, die alles drei selbst nennen", "Changes that cite all three"),
    "traceability.decisions": (
        "Beschlüsse, die auf Rückmeldung oder Befund zurückgehen",
        "Decisions that go back to feedback or a finding",
    ),
    "traceability.feedback": ("Rückmeldungen, aus denen etwas wurde", "Feedback that something came of"),
    "traceability.findings": ("Befunde, aus denen etwas wurde", "Findings that something came of"),
    "fulfilment.kept": ("Eingehalten von Fälligem", "Kept out of what was due"),
    "fulfilment.kept-in-part": ("Ganz oder teilweise eingehalten", "Kept, or kept in part"),
    "fulfilment.delay": ("Zeit bis zum Abschluss (Median)", "Median time until settled"),
    "volatility.changes": ("Änderungen der Struktur", "Changes of structure"),
    "volatility.rate": ("Änderungen je Ebene oder Gremium und Jahr", "Changes per level or body and year"),
    "volatility.distance": ("Abstand zum früheren Stand (1 − Jaccard)", "Distance to the earlier day (1 − Jaccard)"),
    "volatility.lifetime": ("Lebensdauer (Median)", "Median lifetime"),
    "methods.unrecorded": ("Beschlüsse ohne dokumentiertes Verfahren", "Decisions without a documented method"),
    "options.said": ("Felder mit einer Aussage", "Cells with a statement"),
    "options.blank": ("Leere Felder", "Blank cells"),
    "breadth.known": ("Teilnehmende mit erfasstem Wirtschaftszweig", "Participants with a recorded branch"),
    "breadth.evenness": ("Gleichmäßigkeit (Pielou)", "Evenness (Pielou)"),
    "breadth.diversity": ("Vielfalt (Blau)", "Diversity (Blau)"),
    "breadth.dissimilarity": ("Unähnlichkeit zur Stadt (Duncan)", "Dissimilarity to the city (Duncan)"),
    "breadth.divergence": ("Divergenz zur Stadt (Jensen-Shannon)", "Divergence from the city (Jensen-Shannon)"),
    "network.density": ("Dichte des Netzes", "Density of the network"),
    "network.actors": ("Akteure im Netz", "Actors in the network"),
    "dating.stated": ("Einträge mit genanntem Datum", "Entries with a stated date"),
    "recording.lag": ("Zeit bis zum Erfassen (Median)", "Median time until recorded"),
    "recording.soon": ("Zeitnah erfasst", "Recorded soon"),
    "publication.public": ("Öffentliche Einträge", "Public entries"),
    "publication.delay": ("Zeit bis zur Veröffentlichung (Median)", "Median time until public"),
    "publication.corrections": ("Berichtigungen je 100 Einträge", "Corrections per 100 entries"),
    "publication.withdrawals": ("Rücknahmen je 100 Einträge", "Withdrawals per 100 entries"),
}
"""What each figure is called; of the figures of a scale, by the first and last part of their id."""

PARTS: Final[Mapping[str, Words]] = {
    "load.by-actor": ("Treffen je Akteur", "Meetings by actor"),
    "load.series-meetings": ("Treffen im Zeitraum bis zum", "Meetings within the time up to"),
    "load.series-highest": (
        "Meiste Treffen eines Akteurs im Zeitraum bis zum",
        "Most meetings of one actor within the time up to",
    ),
    "load.series-gini": (
        "Ungleichheit der Belastung (Gini) im Zeitraum bis zum",
        "Inequality of load (Gini) within the time up to",
    ),
    "load.stated": ("Was Einträge selbst zur Belastung angeben", "What entries state of the load themselves"),
    "overlap.participants": ("Akteure je Ebene", "Actors by level"),
    "continuity.by-body": ("Wiederkommen je Gremium", "Coming again by body"),
    "continuity.stay": ("Wer noch kommt, nach Tagen", "Who still comes, after days"),
    "degree.stages": ("Einschätzungen, gemeint und gewesen", "Ratings, as meant and as observed"),
    "degree.distribution": ("Verteilung auf die Stufen", "Distribution over the degrees"),
    "degree.by-activity": ("Mittlerer Rang je Aktivität und Gruppe", "Rank in the middle by activity and group"),
    "degree.in-activity": ("Verteilung je Aktivität und Gruppe", "Distribution by activity and group"),
    "degree.by-rater": ("Verteilung je nachdem, wer einschätzt", "Distribution by who rated"),
    "response.fate": ("Was aus den Rückmeldungen wurde", "What became of the feedback"),
    "response.answer": ("Noch ohne Antwort, nach Tagen", "Still without an answer, after days"),
    "response.change": (
        "Noch ohne Änderung der Struktur, nach Tagen",
        "Still without a change of structure, after days",
    ),
    "fulfilment.standings": ("Wo die Zusagen stehen", "Where the commitments stand"),
    "fulfilment.by-kind": ("Eingehalten von Fälligem, je Art", "Kept out of what was due, by kind"),
    "fulfilment.delay": ("Noch offen, nach Tagen", "Still open, after days"),
    "volatility.by-year": ("Ebenen und Gremien am Jahresende", "Levels and bodies at the end of the year"),
    "volatility.lifetime": ("Was noch besteht, nach Tagen", "What still exists, after days"),
    "methods.used": ("Beschlüsse je Verfahren", "Decisions by method"),
    "options.states": ("Felder der Matrix", "Cells of the matrix"),
    "breadth.sections": ("Teilnehmende je Wirtschaftszweig", "Participants by branch"),
    "network.degrees": ("Anteil der Treffen, bei denen ein Akteur war", "Share of the meetings that an actor attended"),
    "dating.bases": ("Einträge nach Herkunft ihres Datums", "Entries by where their date comes from"),
    "publication.delay": ("Noch nicht öffentlich, nach Tagen", "Still not public, after days"),
}
"""What each breakdown and each curve is called."""

LABELS: Final[Mapping[str, Words]] = {
    "intended": ("wie gemeint", "as meant"),
    "observed": ("wie gewesen", "as observed"),
    "invited-or-attended": ("eingeladen oder dabei", "invited or attended"),
    "invited": ("eingeladen", "invited"),
    "attended": ("dabei", "attended"),
    "open": ("offen", "open"),
    "quotient": ("Anteil geteilt durch Anteil in der Stadt", "share divided by share in the city"),
    "stated": ("genannt", "stated"),
    "derived": ("erschlossen", "derived"),
    "unknown": ("unbekannt", "unknown"),
}
"""Labels of rows that are no terms of a step."""

OF: Final[Mapping[str, str]] = {
    "response.fate": "outcome",
    "fulfilment.standings": "outcome",
    "fulfilment.by-kind": "kind",
    "methods.used": "method",
    "options.states": "state",
}
"""The field that the label of a row is a term of."""

MOST_ENTRIES: Final = 12
"""How many entries a cell names; how many more there are it counts. The data names them all."""

MOST_ROWS: Final = 100

DAYS: Final = {"volatility.by-year", "load.series-meetings", "load.series-highest", "load.series-gini"}
"""What has a row for each of some days."""


@dataclass(frozen=True, slots=True)
class Drawable:
    """A breakdown or a curve, with its title and the same as a table."""

    id: str
    anchor: str
    part: Breakdown | Curve
    table: SheetTable


@dataclass(frozen=True, slots=True)
class Section:
    """An analysis in words: its figures, each with its place on the page, and what belongs to them."""

    id: str
    title: str
    lead: str
    figures: SheetTable
    anchors: Sequence[str]
    parts: Sequence[Drawable]
    spans: SheetTable | None
    stated: Line | None


def short(id_: str) -> str:
    """An id without what stands between its first and its last part: a scale, a set of scenarios."""
    first, *_, last = id_.split(".")
    return f"{first}.{last}"


def figure_label(id_: str) -> Words:
    return FIGURES.get(id_) or FIGURES[short(id_)]


def part_label(id_: str) -> Words:
    return PARTS.get(id_) or PARTS[short(id_)]


def sections(report: Report, language: Language) -> list[Section]:
    """The report in words."""
    say_, chosen = Speaker(language), report.model_dump(exclude={"analyses"})
    return [_section(say_, analysis, chosen) for analysis in report.analyses]


def analytics_sheet(report: Report, language: Language) -> Sheet:
    """The same as one sheet of tables."""
    say_ = Speaker(language)
    tables: list[SheetTable] = []
    for section in sections(report, language):
        notes = [(section.lead,), *([section.stated] if section.stated else [])]
        tables.append(SheetTable(section.title, section.figures.columns, section.figures.rows, "", notes))
        tables += [part.table for part in section.parts]
        tables += [section.spans] if section.spans is not None else []
    return Sheet(*titled(say_), tables)


def titled(say_: Speaker) -> tuple[str, str]:
    """The title of the figures, and a sentence that says what they are."""
    return say_.t("Zahlen", "Figures"), say_.t(
        "Zahlen über den Prozess, jede mit den Einträgen, auf denen sie beruht. Wo Daten ungenau"
        " sind, steht ein Bereich;"
        " was sich nicht berechnen lässt, ist nicht null.",
        "Figures about the process, each with the entries that it rests on. Where dates are not exact there is a range;"
        " what cannot be computed is not zero.",
    )


def _section(say_: Speaker, analysis: Analysis, chosen: Mapping[str, object]) -> Section:
    title, lead = ANALYSES[analysis.id]
    columns = [
        say_.t("Zahl", "Figure"),
        say_.t("Wert", "Value"),
        say_.t("Gezählt über (n)", "Counted over (n)"),
        say_.t("Einträge", "Entries"),
    ]
    parts = [
        Drawable(part.id, f"{part.id.replace('.', '-')}-{kind}", part, table(say_, part))
        for kind, found in (("zahlen", analysis.breakdowns), ("kurve", analysis.curves))
        for part in found
        if isinstance(part, Curve) or part.rows or part.reason == "small-cell"
    ]
    return Section(
        id=analysis.id,
        title=say(title, say_.language),
        lead=say(lead, say_.language, chosen),
        figures=SheetTable(say(title, say_.language), columns, [_row(say_, f) for f in analysis.figures], ""),
        anchors=[figure.anchor for figure in analysis.figures],
        parts=parts,
        spans=_spans(say_, analysis),
        stated=say_.entries(
            analysis.stated[:MOST_ENTRIES], say_.t("Dazu sagen Einträge selbst etwas", "Entries say something of it")
        ),
    )


def _row(say_: Speaker, figure: Figure) -> list[Cell]:
    scheme = say(SCHEMES[figure.scheme].label, say_.language) if figure.scheme else None
    return [
        cell(
            (say(figure_label(figure.id), say_.language),),
            say_.names(figure.about),
            None if scheme is None else (scheme,),
        ),
        cell(value(say_, figure.value, figure.unit, figure.reason, figure.scheme)),
        cell((number(say_, figure.n, "count"),)) if figure.n is not None else NOTHING,
        cell(entries(say_, figure.entries)),
    ]


def table(say_: Speaker, part: Breakdown | Curve) -> SheetTable:
    """What is drawn, as a table."""
    title = part_title(say_, part)
    if isinstance(part, Curve):
        steps = part.steps[:MOST_ROWS]
        return SheetTable(
            title,
            [say_.t("Tage", "Days"), say_.t("Anteil", "Share")],
            [
                [cell((str(step.day),)), cell((number(say_, bound(step.at_least, step.at_most), "share"),))]
                for step in steps
            ],
            "",
            _more(say_, len(part.steps)),
        )
    columns = [
        say_.t("Was", "What"),
        say_.t("Wert", "Value"),
        say_.t("Gezählt über (n)", "Counted over (n)"),
        say_.t("Einträge", "Entries"),
    ]
    rows = [
        [
            cell(label(say_, part, row), None),
            cell(value(say_, row.value, part.unit, row.reason, part.scheme if part.unit == "rank" else None)),
            cell((str(row.n),)) if row.n is not None else NOTHING,
            cell(entries(say_, row.entries)),
        ]
        for row in part.rows[:MOST_ROWS]
    ]
    empty = "" if part.reason is None else _because(say_, part.reason)
    return SheetTable(title, columns, rows, empty, _more(say_, len(part.rows)))


def _more(say_: Speaker, count: int) -> list[Line]:
    if count <= MOST_ROWS:
        return []
    german, english = (
        "Gezeigt sind {n} von {of} Zeilen; alle stehen in den Daten.",
        "Shown are {n} of {of} rows; the data has all.",
    )
    return [(say_.t(german, english, n=MOST_ROWS, of=count),)]


def part_title(say_: Speaker, part: Breakdown | Curve) -> str:
    said = say(part_label(part.id), say_.language)
    scheme = part.scheme if isinstance(part, Breakdown) else None
    return f"{said} ({say(SCHEMES[scheme].label, say_.language)})" if scheme else said


def label(say_: Speaker, part: Breakdown, row: Row) -> Line:
    """What a row is about."""
    said: list[Part] = []
    if row.term is not None:
        code = f"{row.term.term} " if SCHEMES[row.term.scheme].ordered and row.term.term.isdecimal() else ""
        said.append(code + say(SCHEMES[row.term.scheme].terms[row.term.term], say_.language))
    said += say_.names(row.about) or ()
    if row.label is not None:
        said += [", "] if said else []
        said.append(_label(say_, part, row))
    return tuple(said)


def _label(say_: Speaker, part: Breakdown, row: Row) -> str:
    assert row.label is not None
    of = OF.get(part.id) or OF.get(short(part.id), "")
    if part.id in DAYS:
        return say_.day(date.fromisoformat(row.label))
    if part.id == "load.stated":
        months = say_.t("in {n} Monaten", "in {n} months", n=row.months)
        return f"{say(LABELS[row.label], say_.language)} {months}"
    for words, key in ((TERMS, f"{of}:{row.label}"), (STANDINGS, row.label), (TERMS, row.label)):
        if of and key in words:
            return say(words[key], say_.language)
    return say(LABELS[row.label], say_.language)


def value(say_: Speaker, given: Bounds | None, unit: Unit, reason: Reason | None, scheme: str | None = None) -> Line:
    """A number in words, or why there is none."""
    if given is None:
        return (Mark(_because(say_, reason or "no-entries"), "gap"),)
    if unit == "rank" and scheme is not None:
        terms = list(SCHEMES[scheme].terms.values())
        low, high = int(given.at_least), int(given.at_most or given.at_least)
        said = [f"{rank} {say(terms[rank - 1], say_.language)}" for rank in dict.fromkeys((low, high))]
        return (say_.t(" bis ", " to ").join(said),)
    return (number(say_, given, unit),)


def _because(say_: Speaker, reason: Reason) -> str:
    if reason == "small-cell":
        return say(NOT_COMPUTABLE[reason], say_.language)
    return say_.t("nicht berechenbar: {why}", "not computable: {why}", why=say(NOT_COMPUTABLE[reason], say_.language))


def number(say_: Speaker, given: Bounds, unit: Unit) -> str:
    """A number, or the two that it lies between, with what it counts."""
    form: Callable[[float], str] = partial(_digits, say_, unit)
    least = form(given.at_least)
    most = None if given.at_most is None else form(given.at_most)
    if most is None:
        said = say_.t("mindestens {a}" if given.at_least else "{a} oder mehr", "at least {a}", a=least)
    elif most == least:
        said = least
    else:
        said = say_.t("{a} bis {b}", "{a} to {b}", a=least, b=most)
    match unit:
        case "share":
            return f"{said} %" if say_.language == "de" else f"{said}%"
        case "days":
            one = given.at_least == 1 and given.at_most in (None, 1)
            return say_.t("{n} Tag" if one else "{n} Tage", "{n} day" if one else "{n} days", n=said)
        case "per-100":
            return say_.t("{n} je 100", "{n} per 100", n=said)
        case "per-year":
            return say_.t("{n} je Jahr", "{n} per year", n=said)
    return said


def _digits(say_: Speaker, unit: Unit, given: float) -> str:
    match unit:
        case "share":
            said = f"{100 * given:.1f}".removesuffix(".0")
        case "index" | "per-year":
            said = f"{given:.2f}"
        case _:
            said = f"{given:.1f}".removesuffix(".0")
    return say_.amount(said)


def bound(at_least: float, at_most: float) -> Bounds:
    return Bounds(at_least=at_least, at_most=at_most)


def entries(say_: Speaker, given: Sequence[int]) -> Line | None:
    """The first entries behind a number, and how many more there are."""
    shown = say_.runs(given[:MOST_ENTRIES])
    more = len(given) - MOST_ENTRIES
    if shown is None or more <= 0:
        return shown
    return (*shown, say_.t(" und {n} mehr", " and {n} more", n=more))


def _spans(say_: Speaker, analysis: Analysis) -> SheetTable | None:
    """How long each took, from entry to entry."""
    if not analysis.spans:
        return None
    return SheetTable(
        say_.t("Wie lange es jeweils dauerte", "How long each took"),
        [say_.t("Von – bis", "From – to"), say_.t("Dauer", "Time")],
        [
            [cell(say_.entries([each.cause, each.effect])), cell((say_.span(each),))]
            for each in analysis.spans[:MOST_ROWS]
        ],
        "",
        _more(say_, len(analysis.spans)),
    )
