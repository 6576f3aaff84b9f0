"""Recording on the command line: `record`, `import` and `publish`. A list is recorded whole or not at all."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from adapters.answers import outcome_answer
from adapters.cli_accounts import AsJson, LanguageOption
from adapters.cli_reading import ProcessId, number_of
from adapters.cli_session import Given, author, language_of, opened, read, write_json
from adapters.imports.statements import read_statements, statement_of
from adapters.phrases import counted, phrase, tame
from adapters.terminal import Differences, Page, write
from adapters.wiring import Installation
from domain.entry import numbers
from domain.errors import Refused, refused
from domain.publication import EntryPublished, Statement, TextsErased
from domain.words import HINTS, Language, say
from service import Act, Answer, Audience, Outcome

app = typer.Typer()

File = Annotated[str, typer.Argument(metavar="FILE", help="JSON Lines or one JSON document; - is standard input.")]
Any_ = Annotated[str, typer.Argument(metavar="FILE", help="JSON Lines, one JSON document, XLSX or CSV.")]
As = Annotated[str | None, typer.Option("--as", metavar="ACCOUNT", help="In whose name; see WERDEGANG_ACCOUNT.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Record nothing; tell what would happen.")]


@app.command(epilog="Example: werdegang record decision.json --dry-run")
def record(
    file: File,
    dry_run: DryRun = False,
    as_: As = None,
    as_json: AsJson = False,
    language: LanguageOption = None,
) -> None:
    """Record a statement, or a list of them. With --dry-run: the effect on today's structure, and hints."""
    given = read(file)
    with opened() as installed:
        stated, outcome, account = _record(installed, given, as_, dry_run)
        if as_json:
            write_json(outcome_answer(stated[0].process, outcome, dry_run=dry_run))
            return
        spoken = language_of(language)
        tell_rows(given, outcome, dry_run, spoken)
        tell_hints(given, outcome, spoken)
        if dry_run:
            _tell_effect(installed, stated[0].process, account, outcome, spoken)
        tell_sum(stated, outcome, dry_run, spoken)


@app.command("import", epilog="Example: werdegang import examples/bottrop-2018.jsonl --dry-run")
def import_(
    file: Any_,
    rows: Annotated[str | None, typer.Option(metavar="TYPE", help="A table: what its rows are.")] = None,
    process: Annotated[str | None, typer.Option(metavar="PROCESS", help="A table: in which process.")] = None,
    column: Annotated[list[str], typer.Option(metavar="C=FIELD", help="A column and what it holds.")] = [],  # noqa: B006
    who: Annotated[list[str], typer.Option(metavar="NAME=ID", help="Who is meant; or =new, or =words.")] = [],  # noqa: B006
    correct: Annotated[list[int], typer.Option(metavar="ROW", help="A row that corrects its entry.")] = [],  # noqa: B006
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why it is corrected.")] = "",
    dry_run: DryRun = False,
    as_: As = None,
    as_json: AsJson = False,
    language: LanguageOption = None,
) -> None:
    """Import statements, as `export --format statements` writes them, or a table. What is known stays as it is.

    Of a table (XLSX, CSV) say what its rows are: --process bottrop-2018 --rows feedback-received. Every row and cell is
    judged as at the desk, and all of it is recorded or nothing.
    """
    if rows is not None or file.lower().endswith((".xlsx", ".csv")):
        from adapters.cli_tables import Choices, import_table  # brings the forms along, which no other command needs

        import_table(file, process, rows, Choices(column, who, correct, reason), dry_run, as_, as_json, language)
        return
    given = read(file)
    with opened() as installed:
        with Console(stderr=True).status(given.name):  # a terminal sees that it is under way
            stated, outcome, _ = _record(installed, given, as_, dry_run)
        if as_json:
            write_json(outcome_answer(stated[0].process, outcome, dry_run=dry_run))
            return
        spoken = language_of(language)
        tell_rows(given, outcome, dry_run, spoken)
        tell_hints(given, outcome, spoken)
        tell_sum(stated, outcome, dry_run, spoken)


@app.command(epilog="Example: werdegang publish bottrop-2018 76 77 --with-needed")
def publish(
    process: ProcessId,
    entries: Annotated[list[str], typer.Argument(metavar="ENTRY", help="Their numbers, or their keys.")],
    with_needed: Annotated[bool, typer.Option("--with-needed", help="Publish along what they need.")] = False,
    not_before: Annotated[str | None, typer.Option(metavar="INSTANT", help="2026-12-24T09:00:00+01:00")] = None,
    key: Annotated[str | None, typer.Option(metavar="KEY", help="A lasting id of your own for this act.")] = None,
    dry_run: DryRun = False,
    as_: As = None,
    as_json: AsJson = False,
    language: LanguageOption = None,
) -> None:
    """Publish entries. Lists what has to be public along with them, and asks for --with-needed."""
    spoken = language_of(language)
    with opened() as installed:
        account = author(installed, as_, {"read", "publish"}, process)
        named = sorted({number_of(installed, process, entry, account) for entry in entries})
        answer = installed.service.view(process, account)
        statement = _publication(process, key, named, not_before, answer.position)
        assert isinstance(statement.step, EntryPublished)
        hidden = _not_public(answer, statement)
        if not hidden and key is None:
            typer.echo(_public_anyway(answer, named, spoken))
            return
        needed = installed.service.needed_for_publication(process, hidden, account, statement.step.not_before)
        if not as_json:
            page = Page(answer, spoken)
            write(page.entries("to-publish", hidden))
            if needed:
                write(page.entries("needed-too", needed))
                for number in needed:  # what was to wait would not: whoever publishes it along has to know
                    if (since := answer.view.effective.public_from(number)) is not None:
                        typer.echo(phrase("needed-earlier", spoken, number=number, instant=_there(answer, since)))
        if needed and not with_needed:
            raise refused("publish-along", entries=needed)
        statement = _publication(process, key, sorted({*(hidden or named), *needed}), not_before, answer.position)
        _refuse_past(statement, answer)
        act = installed.service.preview if dry_run else installed.service.record
        outcome = act([statement], account)
        if as_json:
            write_json(outcome_answer(process, outcome, dry_run=dry_run))
        else:
            typer.echo(_published(statement, outcome, answer, dry_run, spoken))


def _published(statement: Statement, outcome: Outcome, answer: Answer, dry_run: bool, language: Language) -> str:
    """What a publication did; a point in time that was named is repeated as clocks in the process's city show it."""
    assert isinstance(statement.step, EntryPublished)
    number, instant = outcome.numbers[0], statement.step.not_before
    if dry_run:
        return phrase("would-publish", language)
    if instant is None:
        return phrase("published-now", language, number=number)
    return phrase("published-later", language, number=number, instant=_there(answer, instant))


def _refuse_past(statement: Statement, answer: Answer) -> None:
    """Whoever names a time means later: a slip in the year must not publish at once, which nobody can take back."""
    assert isinstance(statement.step, EntryPublished)
    instant = statement.step.not_before
    if instant is not None and instant <= datetime.now(UTC):
        raise refused("publish-past", instant=_there(answer, instant))


def _public_anyway(answer: Answer, targets: Sequence[int], language: Language) -> str:
    """That nothing is left to publish; of what is set down for an earlier time, when that is."""
    known = answer.view.effective
    booked = [since for n in targets if (since := known.public_from(n)) is not None and since > datetime.now(UTC)]
    if not booked:
        return phrase("already-public", language)
    return phrase("already-set-down", language, instant=_there(answer, max(booked)))


def _there(answer: Answer, instant: datetime) -> str:
    return f"{instant.astimezone(answer.view.effective.zone):%d.%m.%Y %H:%M %Z}"


def _not_public(answer: Answer, statement: Statement) -> list[int]:
    """The targets of a publication that are not public anyway by when it takes effect."""
    assert isinstance(statement.step, EntryPublished)
    instant = statement.step.not_before or datetime.now(UTC)
    known = answer.view.effective
    return [n for n in numbers(statement.step.targets) if n not in known.by_number or not known.public(n, instant)]


def _record(
    installed: Installation, given: Given, name: str | None, dry_run: bool
) -> tuple[list[Statement], Outcome, Audience]:
    """The statements of a text recorded, or only tried out; refusals say where in the list they are."""
    with given.named():
        stated = read_statements(given.text)
        if not stated:
            raise refused("nothing-stated")
    acts = {_act_of(statement) for statement in stated}
    account = author(installed, name, acts, stated[0].process)
    with given.named():
        act = installed.service.preview if dry_run else installed.service.record
        return stated, act(stated, account), account


def _act_of(statement: Statement) -> Act:
    match statement.step:
        case EntryPublished():
            return "publish"
        case TextsErased():
            return "erase"
        case _:
            return "record"


def _publication(
    process: str, key: str | None, targets: Sequence[int], not_before: str | None, position: int
) -> Statement:
    """The statement that publishes; without a key of its own, the same act on the same entries has the same one."""
    act = sha256(repr((targets, not_before)).encode()).hexdigest()[:12]
    step = {"type": "entry-published", "targets": targets, "not_before": not_before}
    return statement_of({"process": process, "key": key or f"publish-{position}-{act}", "step": step})


# ---- what came of it ----------------------------------------------------------------------------------------------


def tell_rows(given: Given, outcome: Outcome, dry_run: bool, language: Language) -> None:
    """What came of each line of the file; neighbours with the same result are drawn together."""
    new = set(outcome.new)
    rows = zip(given.line_starts, outcome.numbers, strict=True)
    for fresh, group in groupby(rows, key=lambda row: row[1] in new):
        drawn = list(group)
        lines, numbers = counted({line for line, _ in drawn}), counted({number for _, number in drawn})
        code = "rows-unchanged" if not fresh else "rows-would" if dry_run else "rows-new"
        typer.echo(phrase(code, language, lines=lines, numbers=numbers))


def tell_sum(stated: Sequence[Statement], outcome: Outcome, dry_run: bool, language: Language) -> None:
    new = len(outcome.new)
    told = phrase(
        "would-record" if dry_run else "recorded",
        language,
        process=stated[0].process,
        new=new,
        unchanged=len(stated) - new,
    )
    typer.echo(told)


def tell_hints(given: Given, outcome: Outcome, language: Language) -> None:
    for hint in outcome.hints:
        place = f"{given.name}:{given.line_starts[hint.index]}" if hint.index is not None else given.name
        said = tame(say(HINTS[hint.code], language, hint.params))
        where = f"{tame(place)}: {hint.pointer}" if hint.pointer else tame(place)
        typer.echo(f"{phrase('hint', language)}: {where}: {said} [{hint.code}]")


def _tell_effect(
    installed: Installation, process: str, account: Audience, outcome: Outcome, language: Language
) -> None:
    """The differences between today's structure without and with what was tried out."""
    if not outcome.effect:
        typer.echo(phrase("no-effect", language))
        return
    try:
        today = Page(installed.service.view(process, account), language)
    except Refused:  # the list opens the process: nothing in it has a name yet
        today = None
    title = Text(phrase("effect", language), style="bold")
    write(title, Differences(outcome.effect, today, today, language).drawn())
