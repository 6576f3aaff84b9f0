"""`werdegang begin`: a new process, from a template, like another process, or from a file; all of it or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from adapters.beginnings import (
    TEMPLATES,
    Part,
    as_process,
    internal,
    refuse_id,
    short_id,
    statements,
    structure_of,
    tried,
)
from adapters.cli_accounts import LanguageOption
from adapters.cli_reading import HappenedBy, times_of
from adapters.cli_recording import As, DryRun, tell_hints, tell_rows, tell_sum
from adapters.cli_session import author, language_of, opened, read
from adapters.imports.statements import read_statements
from adapters.phrases import phrase, tame
from adapters.wiring import Installation
from domain.errors import refused
from domain.german_dates import from_words
from domain.publication import Statement
from domain.replay import Effective
from domain.view import View
from domain.when import When
from domain.words import TYPES, Language, word
from projections.telling import headline
from service import Audience, Outcome

app = typer.Typer()


@app.command(epilog='Example: werdegang begin "Musterstadt 2030" --template two-levels --begun "im Herbst 2024"')
def begin(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Its name; in a FILE it stands inside.")] = None,
    template: Annotated[str | None, typer.Option(metavar="NAME", help=f"{', '.join(TEMPLATES)}.")] = None,
    like: Annotated[str | None, typer.Option(metavar="PROCESS", help="The levels and bodies of another one.")] = None,
    happened_by: HappenedBy = None,
    file: Annotated[str | None, typer.Option(metavar="FILE", help="What `export --format statements` wrote.")] = None,
    id_: Annotated[str | None, typer.Option("--id", metavar="ID", help="Its short id; else from its name.")] = None,
    city: Annotated[str | None, typer.Option(metavar="CITY", help="In which city.")] = None,
    begun: Annotated[str | None, typer.Option(metavar="WHEN", help="As exactly as it is known.")] = None,
    zone: Annotated[str, typer.Option(metavar="ZONE", help="Its time zone.")] = "Europe/Berlin",
    dry_run: DryRun = False,
    as_: As = None,
    language: LanguageOption = None,
) -> None:
    """Begin a process: from a template, like another process, or from a file. All of it is internal at first.

    The id stands in every address and, like the time zone, stays for ever.
    """
    if [template, like, file].count(None) != 2:
        raise refused("beginning-unknown")
    if file is None and not (name or "").strip():
        raise refused("text-missing", field="name")
    spoken = language_of(language)
    with opened() as installed:
        account = author(installed, as_, {"record"}, "*")
        if file is not None:
            given = read(file)
            with given.named():
                read_ = read_statements(given.text)
                places = internal(read_)
            given = replace(given, places=places)
            with given.named():
                stated = _of_file([read_[place] for place in places], id_)
                outcome = _begun(installed, stated, account, dry_run)
            tell_rows(given, outcome, dry_run, spoken)
            tell_hints(given, outcome, spoken)
            if left_out := len(read_) - len(stated):
                typer.echo(phrase("publications-left-out", spoken, count=left_out))
            if (name or "").strip():
                typer.echo(phrase("name-in-file", spoken, name=tame(name or "")))
        else:
            parts = _parts(installed, account, template, like, happened_by)
            process = id_ or short_id(name or "")
            refuse_id(process)
            when = When(edtf=None, basis="unknown") if begun is None else from_words(begun)
            stated = statements(process, name or "", city, zone, when, parts)
            outcome = _begun(installed, stated, account, dry_run)
            _tell(stated, spoken)
        tell_sum(stated, outcome, dry_run, spoken)


def _of_file(stated: list[Statement], id_: str | None) -> list[Statement]:
    if not stated:
        raise refused("nothing-stated")
    refuse_id(id_ or stated[0].process)
    return stated if id_ is None else as_process(stated, id_)


def _parts(
    installed: Installation, account: Audience, template: str | None, like: str | None, happened_by: str | None
) -> Sequence[Part]:
    if like is not None:
        return structure_of(installed.service.view(like, account, times_of(happened_by, None, None)).view)
    if template is None or template not in TEMPLATES:
        raise refused("beginning-unknown")
    return TEMPLATES[template].parts


def _begun(installed: Installation, stated: Sequence[Statement], account: Audience, dry_run: bool) -> Outcome:
    """Tried out first: what is there already is another process, unless it is this very one."""
    assert account is not None  # whoever may record is no public
    outcome = tried(stated, installed.service, account)
    return outcome if dry_run else installed.service.record(stated, account)


def _tell(stated: Sequence[Statement], language: Language) -> None:
    """What the process begins with, an entry a line."""
    nobody = View(Effective(), 0)
    for statement in stated:
        about = headline(nobody, statement)
        type_ = word(TYPES, statement.step.type, language)
        typer.echo(tame(f"{type_}: {about}" if about else type_))
