"""Tables on the command line: `import FILE --process … --rows …`, judged row by row and cell by cell as at the desk."""

import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import typer

from adapters.cli_session import REFUSED, author, language_of, opened, write_json
from adapters.imports.tables import Grid, letter, read_table
from adapters.phrases import counted, phrase, tame
from adapters.web.table_check import Answers, Came, Check, Verdict, drawn_together, question_id
from adapters.web.table_columns import TableColumn, columns, proposed, tabular
from adapters.web.wording import Wording
from adapters.wiring import Installation
from domain.errors import refused
from domain.words import Language
from service import Audience, Times


@dataclass(frozen=True, slots=True)
class Choices:
    """What the desk asks on its page, given with the command: columns, who is meant, and which rows may correct."""

    columns: Sequence[str]
    who: Sequence[str]
    correct: Sequence[int]
    reason: str


def import_table(
    file: str,
    process: str | None,
    rows: str | None,
    choices: Choices,
    dry_run: bool,
    as_: str | None,
    as_json: bool,
    language: Language | None,
) -> None:
    """Records every row or none. Faults are told one a line: the file, the row, the column, and what is wrong."""
    if process is None or rows not in tabular():
        raise refused("table-rows", types=list(tabular()))
    spoken = language_of(language)
    grid = _read(file)
    offered = columns(rows, spoken)
    mapping = _mapping(grid, offered, choices.columns)
    names = dict(_who(given) for given in choices.who)
    answers = Answers(mapping, names, frozenset(choices.correct), choices.reason)
    with opened() as installed:
        account = author(installed, as_, {"record"}, process)
        check = _checked(installed, account, grid, rows, process, spoken, answers)
        refusing = any(verdict.state == "refused" for verdict in check.verdicts)
        actors: list[int] = []
        came = [_would(verdict) for verdict in check.verdicts]
        if not dry_run and not refusing:
            actors, came = check.record(installed.service, account)
    if as_json:
        write_json(_as_json(check, process, dry_run, actors, came))
    else:
        _tell(check, came, len(check.actors), recorded=not dry_run and not refusing, language=spoken)
        for row, column, sentence, code in _faults(check):
            typer.echo(
                ": ".join(filter(None, [tame(f"{grid.name}:{row}"), tame(column), tame(f"{sentence} [{code}]")])),
                err=True,
            )
        if check.unfinished:
            typer.echo(phrase("rows-unfinished", spoken), err=True)
    if refusing:
        raise typer.Exit(REFUSED)


def _checked(
    installed: Installation,
    account: Audience,
    grid: Grid,
    rows: str,
    process: str,
    language: Language,
    answers: Answers,
) -> Check:
    view = installed.service.view(process, account).view
    words = Wording(language, f"/prozesse/{process}", view, Times())
    return Check(grid, rows, process, words, answers, installed.service, account)


def _read(file: str) -> Grid:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise refused("file-unreadable", file=file, reason=error.strerror) from None
    return read_table(io.BytesIO(content), "stdin.csv" if file == "-" else Path(file).name)


def _mapping(grid: Grid, offered: Sequence[TableColumn], given: Sequence[str]) -> Mapping[int, str]:
    """Which column is which: as the headings say, unless it is told."""
    mapping = proposed(grid.headings, offered)
    letters = {letter(place): place for place in range(len(grid.headings))}
    names = {name: column.name for column in offered for name in (column.name, column.label)}
    for told in given:
        place, _, name = told.partition("=")
        if place.upper() not in letters or (name and name not in names):
            raise refused("table-column", given=told[:80], columns=list(letters), fields=[c.name for c in offered])
        mapping = {
            at: field for at, field in mapping.items() if field != names.get(name) and at != letters[place.upper()]
        }
        if name:
            mapping[letters[place.upper()]] = names[name]
    return mapping


def _who(given: str) -> tuple[str, str]:
    name, _, answer = given.rpartition("=")
    return question_id(name), answer


def _would(verdict: Verdict) -> Came:
    return verdict.row, verdict.state, verdict.number, verdict.number if verdict.state == "corrected" else verdict.like


# ---- what came of it ----------------------------------------------------------------------------------------------


def _tell(check: Check, came: Sequence[Came], actors: int, *, recorded: bool, language: Language) -> None:
    """What came of each row; neighbours with the same result are drawn together, as at the desk."""
    if left := [heading for place, heading in enumerate(check.grid.headings) if heading and place not in check.columns]:
        typer.echo(phrase("columns-left", language, columns=", ".join(map(tame, left))))
    for (state, _), group in groupby(drawn_together(came), lambda part: (part[0][1], part[0][3] is None)):
        rows = [row for part in group for row in part]
        if state == "refused":
            continue
        code = "rows-alike" if state == "known" and rows[0][2] is None else f"rows-{state}"
        code = "rows-would" if state == "new" and not recorded else code
        others = {row[3] if state == "corrected" or code == "rows-alike" else row[2] for row in rows}
        numbers = counted(other for other in others if other is not None)
        typer.echo(phrase(code, language, lines=counted(row[0] for row in rows), numbers=numbers))
    if actors:
        typer.echo(phrase("actors-new", language, count=actors))
    new = len(check.statements)
    done = "recorded" if recorded else "would-record"
    typer.echo(phrase(done, language, process=check.process, new=new, unchanged=len(check.verdicts) - len(check.rows)))


def _faults(check: Check) -> list[tuple[int, str, str, str]]:
    return [
        (verdict.row, "" if wrong.column is None else check.heading(wrong.column), wrong.sentence, wrong.code)
        for verdict in check.verdicts
        if verdict.state == "refused"
        for wrong in verdict.wrong
    ]


def _as_json(check: Check, process: str, dry_run: bool, actors: Sequence[int], came: Sequence[Came]) -> object:
    faults = _faults(check)
    return {
        "process": process,
        "dry_run": dry_run,
        "actors": list(actors),
        "rows": [
            {
                "row": row,
                "state": state,
                "number": number,
                "other": other,
                "faults": [
                    {"column": column or None, "code": code, "says": sentence}
                    for at, column, sentence, code in faults
                    if at == row
                ],
            }
            for row, state, number, other in came
        ],
    }
