"""Decisions, what is open, and promises, as sheets."""

from functools import partial
from weakref import proxy

from adapters.sheets.parts import (
    Cell,
    Content,
    Line,
    Mark,
    Nr,
    Part,
    Rows,
    Sheet,
    SheetTable,
    Speaker,
    cell,
    headed,
    perhaps_came,
    standing,
)
from domain.view import View
from domain.words import Language
from projections.commitments import Commitment, promises
from projections.decisions import Decision, decisions
from projections.open_items import Question, Unanswered, open_commitments, open_questions, reviews_due, unanswered


def decisions_sheet(view: View, language: Language) -> Sheet:
    """Who decided what, how, with which numbers, and what became of it."""
    say, found = Speaker(language), decisions(view)
    total = sum(found.methods.values())
    methods = [
        [cell((say.term(method),)), cell((say.t("{n} von {total}", "{n} of {total}", n=count, total=total),))]
        for method, count in found.methods.items()
    ]
    return Sheet(
        say.t("Beschlüsse", "Decisions"),
        say.t(
            "Was beschlossen wurde, von wem, nach welchem Verfahren. Zahlen sind nachgerechnet; was niemand"
            " aufgeschrieben hat, steht als „nicht dokumentiert“ da.",
            "What was decided, by whom, by which method. Numbers are recomputed; what nobody wrote down reads “not"
            " documented”.",
        ),
        [
            SheetTable(
                say.t("Verzeichnis", "Register"),
                [say.t("Nr.", "No."), *headed(say, "when", "decision", "by-how", "standing")],
                Rows(found.decisions, partial(_decision, say)),
                say.t("Es ist kein Beschluss erfasst.", "No decision is recorded."),
            ),
            SheetTable(
                say.t("Verfahren", "Methods"),
                [say.field("method"), say.t("Beschlüsse", "Decisions")],
                methods,
                say.t("Es ist kein Beschluss erfasst.", "No decision is recorded."),
            ),
        ],
    )


def _decision(say: Speaker, found: Decision) -> list[Cell]:
    outcome = None if found.outcome == "adopted" else (Mark(say.term("rejected"), "gap"),)
    by = say.names(found.by) or (say.t("Entschieden von:", "Decided by:"), " ", *say.unknown())
    method = (f"{say.field('method')}: ", *say.unknown()) if found.method == "unrecorded" else (say.term(found.method),)
    standings = [
        say.entries(found.replaced_by, say.t("ersetzt durch", "replaced by")),
        say.entries(found.perhaps_replaced_by, say.t("vielleicht schon ersetzt durch", "perhaps replaced by")),
        say.entries(found.confirmed_by, say.t("bestätigt durch", "confirmed by")),
        say.entries(found.perhaps_confirmed_by, say.t("vielleicht schon bestätigt durch", "perhaps confirmed by")),
        say.entries(found.settles, say.t("beantwortet", "settles")),
        say.entries(found.corrected_by, say.t("berichtigt durch", "corrected by")),
    ]
    if found.review in ("due", "ahead") and found.review_on is not None:  # one that is done is named above
        standings.append((f"{standing(say, found.review)}: {say.day(found.review_on)}",))
    return [
        cell((Nr(found.entry),)),
        cell(say.when(found.occurred), say.perhaps(found.perhaps)),
        cell((Content(found.text),), outcome, say.names(found.about, say.field("about"))),
        cell(by, method, *_numbers(say, found), *_dissent(say, found), say.names(found.meeting, say.field("meeting"))),
        cell(*standings),
    ]


def _numbers(say: Speaker, found: Decision) -> list[Line | None]:
    lines: list[Line | None] = []
    if (vote := found.vote) is not None:
        counts = say.t(
            "{yes} Ja, {no} Nein, {abstained} Enthaltungen",
            "{yes} yes, {no} no, {abstained} abstained",
            **vote.model_dump(),
        )
        entitled = (
            "" if vote.entitled is None else say.t(", {n} Stimmberechtigte", ", {n} entitled to vote", n=vote.entitled)
        )
        reached = say.t("erreicht", "reached") if vote.carried else say.t("nicht erreicht", "not reached")
        lines.append((f"{counts}{entitled}: {say.term(vote.rule)} {reached}",))
    for option in found.options:
        told = say.t(
            "Widerstand {r}, Akzeptanz {a} %",
            "resistance {r}, acceptance {a}%",
            r=option.resistance,
            a=say.amount(option.acceptance),
        )
        passive = f" – {say.t('Passivlösung', 'passive option')}" if option.passive else ""
        name: Part = option.option if option.name is None else Content(option.name)
        chosen = (" – ", Mark(say.t("genommen", "taken"))) if option.chosen else ()
        lines.append((name, f": {told}{passive}", *chosen))
    if found.participants is not None:
        lines.append((say.t("{n} Beteiligte", "{n} participants", n=found.participants),))
    lines.append(say.names(found.heard, say.field("heard")))
    return lines


def _dissent(say: Speaker, found: Decision) -> list[Line | None]:
    lines: list[Line | None] = []
    for objection in found.objections:
        told = {
            say.field("serious"): objection.serious is True,
            say.t("nicht schwerwiegend", "not serious"): objection.serious is False,
            say.field("integrated"): objection.integrated is True,
            say.t("nicht eingearbeitet", "not integrated"): objection.integrated is False,
        }
        qualities = ", ".join(name for name, is_so in told.items() if is_so)
        raised = say.t("Einwand", "Objection") + (f" ({qualities}): " if qualities else ": ")
        lines.append((raised, Content(objection.what)))
        lines.append(say.names(objection.by, say.t("erhoben von", "raised by")))
    lines.append(say.labelled(say.field("dissent"), found.dissent))
    if found.erased and found.dissent is None:  # nobody can tell any more whether there was any
        lines.append((f"{say.field('dissent')}: ", Content(None)))
    elif not found.objections and found.dissent is None and found.method not in ("consensus", "lot"):
        lines.append((f"{say.field('dissent')}: ", *say.unknown()))
    return lines


def open_sheet(view: View, language: Language) -> Sheet:
    """Everything that waits for somebody."""
    say, waiting = Speaker(language), unanswered(view)
    number = say.t("Nr.", "No.")
    seen = proxy(view)  # the sheet is kept with the view, and must not keep it
    return Sheet(
        say.t("Was offen ist", "What is open"),
        say.t(
            "Offene Fragen, Vertagtes, fällige Überprüfungen, Zusagen ohne Ergebnis und Rückmeldungen, auf die keine"
            " Antwort erfasst ist.",
            "Open questions, what was deferred, reviews that are due, commitments without an outcome, and feedback that"
            " no answer is recorded to.",
        ),
        [
            SheetTable(
                say.t("Fragen und Vertagtes", "Questions and deferrals"),
                [number, *headed(say, "when", "question", "by")],
                Rows(open_questions(view), partial(_question, say)),
                say.t("Keine Frage ist offen.", "No question is open."),
            ),
            SheetTable(
                say.t("Fällige Überprüfungen", "Reviews due"),
                [number, *headed(say, "when", "decision", "by-how", "standing")],
                Rows(reviews_due(view), partial(_decision, say)),
                say.t("Keine Überprüfung ist fällig.", "No review is due."),
            ),
            SheetTable(
                say.t("Zusagen ohne Ergebnis", "Commitments without an outcome"),
                [number, *headed(say, "when", "commitment", "due", "outcome")],
                Rows(open_commitments(view), partial(_commitment, say)),
                say.t("Keine Zusage ist offen.", "No commitment is open."),
            ),
            SheetTable(
                say.t("Rückmeldungen ohne Antwort", "Feedback without an answer"),
                [number, *headed(say, "when", "feedback", "by")],
                Rows(waiting.numbers, lambda number: _unanswered(say, waiting.item(seen, number))),
                say.t("Keine Rückmeldung wartet auf eine Antwort.", "No feedback waits for an answer."),
            ),
        ],
    )


def _question(say: Speaker, question: Question) -> list[Cell]:
    return [
        cell((Nr(question.entry),)),
        cell(say.when(question.occurred), say.perhaps(question.perhaps)),
        cell((Content(question.question),), say.names(question.about, say.field("about"))),
        cell(
            (say.type(question.type),),
            say.names(question.by),
            say.labelled(say.field("until"), question.until),
            say.entries(question.perhaps_settled_by, say.t("vielleicht schon beantwortet", "perhaps settled by")),
        ),
    ]


def _unanswered(say: Speaker, given: Unanswered) -> list[Cell]:
    return [
        cell((Nr(given.entry),)),
        cell(say.when(given.occurred)),
        cell((say.term(given.kind, "kind"), ": ", Content(given.what))),
        cell(
            say.names(given.speakers) or ((Content(given.from_whom),) if given.from_whom else None),
            say.entries(given.led_to, say.t("führte zu", "led to")),
            say.entries(given.perhaps_answered_by, say.t("vielleicht schon beantwortet", "perhaps answered by")),
        ),
    ]


def promises_sheet(view: View, language: Language) -> Sheet:
    """What was intended, announced or promised, and what came of it."""
    say, found = Speaker(language), promises(view)
    counts = [[cell((standing(say, name, "outcome"),)), cell((str(count),))] for name, count in found.standings.items()]
    return Sheet(
        say.t("Zusagen", "Promises"),
        say.t(
            "Absichten, Ankündigungen und Versprechen, und was daraus wurde. Was nicht mehr erwähnt wird, gilt"
            " nicht als gehalten.",
            "Intentions, announcements and promises, and what came of them. What is not spoken of again does not count"
            " as kept.",
        ),
        [
            SheetTable(
                say.t("Verzeichnis", "Register"),
                [say.t("Nr.", "No."), *headed(say, "when", "commitment", "due", "outcome")],
                Rows(found.promises, partial(_commitment, say)),
                say.t("Es ist keine Zusage erfasst.", "No commitment is recorded."),
            ),
            SheetTable(
                say.t("Gezählt", "Counted"),
                headed(say, "outcome", "count"),
                counts,
                say.t("Es ist keine Zusage erfasst.", "No commitment is recorded."),
            ),
        ],
    )


def _commitment(say: Speaker, found: Commitment) -> list[Cell]:
    towards = say.names(found.to, say.field("to", "commitment-made"))
    came = standing(say, found.standing, "outcome")
    return [
        cell((Nr(found.entry),)),
        cell(say.when(found.occurred), say.perhaps(found.perhaps)),
        cell(
            (say.term(found.kind, "kind"), ": ", Content(found.text)),
            say.names(found.by, say.field("by")),
            towards,
            say.names(found.about, say.field("about")),
        ),
        cell((say.planned(found.due),)),
        cell(
            (Mark(came, "gap" if found.standing in ("open", "silent") else "plain"),),
            None if found.settled_by is None else (say.t("siehe ", "see "), Nr(found.settled_by)),
            perhaps_came(say, found.perhaps_came, "outcome"),
            (Content(found.note),) if found.note is not None or found.note_erased else None,
            say.names(found.becomes, say.field("becomes")),
            None if found.took is None else (say.t("nach: ", "after: "), say.span(found.took)),
        ),
    ]
