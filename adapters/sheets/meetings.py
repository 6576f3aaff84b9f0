"""Meetings and attendance, as sheets."""

from adapters.sheets.parts import (
    NOTHING,
    Cell,
    Content,
    Line,
    Mark,
    Part,
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
from projections.meetings import Group, Meeting, attendance, coming_and_past


def meetings_sheet(view: View, language: Language) -> Sheet:
    """Meetings announced and held."""
    say = Speaker(language)
    coming, past = coming_and_past(view)
    columns = headed(say, "when", "meeting", "invited-by", "attendance", "result")
    return Sheet(
        say.t("Termine", "Meetings"),
        say.t(
            "Was angekündigt ist und was war. „Nicht dokumentiert“ heißt, dass niemand aufgeschrieben hat, wer da war –"
            " nicht, dass niemand da war.",
            "What is announced and what took place. “Not documented” means that nobody wrote down who was there, not"
            " that nobody was.",
        ),
        [
            SheetTable(
                say.t("Was bevorsteht", "What is coming"),
                columns,
                [_meeting(say, meeting) for meeting in coming],
                say.t("Es ist kein kommendes Treffen angekündigt.", "No coming meeting is announced."),
            ),
            SheetTable(
                say.t("Bisher", "So far"),
                columns,
                [_meeting(say, meeting) for meeting in past],
                say.t("Es ist kein Treffen erfasst.", "No meeting is recorded."),
            ),
        ],
    )


def _meeting(say: Speaker, found: Meeting) -> list[Cell]:
    times: list[Line | None] = []
    if found.timing is not None:
        until = "" if found.timing.ends is None else f" – {_until(say, found.timing.begins, found.timing.ends)}"
        times.append((f"{say.local(found.timing.begins)}{until} ({found.timing.zone})",))
    if found.held is not None:  # when it was held, and beside it what it was announced for
        announced = [(say.t("angekündigt für ", "announced for "), *line) for line in times if line]
        times = [say.when(found.held), *announced]
    if found.timing is None and found.held is None and found.announced is not None:
        times.append(say.when(found.announced))
    many = found.meetings is not None and (found.meetings.at_least, found.meetings.at_most) != (1, 1)
    about = [
        None
        if not many or found.meetings is None
        else (say.t("{n} Treffen", "{n} meetings", n=say.quantity(found.meetings)),),
        None if found.kind == "other" else (say.term(found.kind, "kind"),),
        None if found.format is None else (say.term(found.format),),
        None if found.place is None else (Content(found.place),),
        None if found.places is None else (f"{say.field('places')}: {found.places}",),
        None if found.registration is None else (f"{say.field('registration')}: {say.term(found.registration)}",),
        None if found.degree is None else (say.in_scheme(found.degree),),
        None if found.terms is None else (Content(found.terms),),
        *((*((f"{item.at} ",) if item.at else ()), Content(item.what)) for item in found.programme),
    ]
    attended: list[Line | None] = []
    for fact, group in found.attendance.items():
        lines = group_lines(say, group)
        attended += [(f"{say.field(fact)}: ", *lines[0]), *lines[1:]] if lines else []
    if found.standing == "held" and not attended:
        attended = [say.unknown()]
    return [
        cell(
            *times,
            (Mark(standing(say, found.standing, "how")),),
            perhaps_came(say, found.perhaps_came, "how"),
            say.not_known(found.order_not_known),
        ),
        cell((found_name(say, found), " (", *(say.entries(found.entries) or ()), ")"), *about),
        cell(say.names(found.bodies), say.names(found.hosts, say.field("hosts"))),
        cell(*attended),
        cell(
            None if found.results is None else (Content(found.results),),
            say.entries(found.erased, say.t("Texte gelöscht", "texts erased")),
            say.entries(found.decisions, say.t("Beschlüsse", "Decisions")),
        ),
    ]


def group_lines(say: Speaker, given: Group) -> list[Line]:
    """Who, as far as it is recorded."""
    lines: list[Line | None] = [
        say.names(given.actors),
        None if given.persons is None else (say.t("{n} Personen", "{n} persons", n=say.quantity(given.persons)),),
        None if given.in_words is None else (Content(given.in_words),),
    ]
    return [line for line in lines if line is not None]


def found_name(say: Speaker, found: Meeting) -> Part:
    if found.name.text is None and not found.name.erased:
        return say.t("Treffen ohne Titel", "meeting without a title")
    return Content(found.name.text)


def _until(say: Speaker, begins: str, ends: str) -> str:
    return ends[11:] or say.local(ends) if begins[:10] == ends[:10] else say.local(ends)


def attendance_sheet(view: View, language: Language) -> Sheet:
    """Attendance by actor."""
    say, found = Speaker(language), attendance(view)
    facts = ("invited", "registered", "attended", "excused", "invited_or_attended")
    rows = []
    for row in found.actors:
        counts = [cell((say.quantity(row.counts[fact]),)) if fact in row.counts else cell(("–",)) for fact in facts]
        rows.append(
            [
                cell((row.actor,)),
                *counts,
                cell(say.when(row.last)) if row.last is not None else NOTHING,
                cell(say.names(row.bodies)),
            ]
        )
    without = say.entries(
        found.meetings_without, say.t("Treffen ohne Angabe, wer da war", "Meetings without attendance")
    )
    return Sheet(
        say.t("Teilnahme", "Attendance"),
        say.t(
            "Wie oft jeder Akteur eingeladen war, sich angemeldet hat, da war oder entschuldigt fehlte. „–“ heißt: nie"
            " erfasst.",
            "How often each actor was invited, registered, there or excused. “–” means: never recorded.",
        ),
        [
            SheetTable(
                say.t("Nach Akteuren", "By actor"),
                [*headed(say, "actor"), *(say.field(fact) for fact in facts), *headed(say, "last", "about")],
                rows,
                say.t("Für keinen Akteur ist eine Teilnahme erfasst.", "No attendance is recorded for any actor."),
                [] if without is None else [without],
            )
        ],
    )
