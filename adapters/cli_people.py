"""`werdegang people`: persons that the office knows, what is held about somebody, and erasing it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Final

import typer
from rich.text import Text

from adapters.cli_session import language_of, opened, write_json
from adapters.erasing import Left
from adapters.erasures import written
from adapters.people import Person
from adapters.phrases import phrase, tame
from adapters.terminal import table, write
from domain.words import Language
from projections.search import asked

NOT_FINISHED: Final = 1

app = typer.Typer(rich_markup_mode=None, invoke_without_command=True)

AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON.")]
LanguageOption = Annotated[Language | None, typer.Option("--language", help="Default: that of the machine, else de.")]


@app.callback()
def people(context: typer.Context) -> None:
    """Who represents an organisation, and whom to call. Without a command: all persons."""
    if context.invoked_subcommand is None:
        list_people()


@app.command("list", epilog="Example: werdegang people list --json")
def list_people(as_json: AsJson = False, language: LanguageOption = None) -> None:
    """List all persons."""
    with opened(with_tables=False) as installed:
        known = installed.people.list()
    if as_json:
        write_json({"people": [{"id": one.id, **asdict(one.person)} for one in known]})
        return
    drawn = table(language_of(language), "account", "person", "process", "role")
    for one in known:
        drawn.add_row(*(Text(tame(cell)) for cell in (one.id, one.person.name, one.person.process, one.person.kind)))
    write(drawn)


@app.command(epilog='Example: werdegang people add bottrop-2018 "Maria Muster" --organisation amt --until 2027-03-31')
def add(
    process: Annotated[str, typer.Argument(metavar="PROCESS", help="The process they have to do with.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="The person; kept apart and erasable.")],
    kind: Annotated[str, typer.Option(metavar="KIND", help="representative, submitter or other.")] = "representative",
    organisation: Annotated[str | None, typer.Option(metavar="ID", help="The actor that they represent.")] = None,
    contact: Annotated[str, typer.Option(metavar="TEXT", help="How to reach them.")] = "",
    since: Annotated[str | None, typer.Option(metavar="DAY", help="As 2027-03-01.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="As 2027-03-01.")] = None,
) -> None:
    """Note a person; prints their random id."""
    person = Person(process, kind, name, organisation, contact=contact, since=since, until=until)
    with opened(with_tables=False) as installed:
        typer.echo(installed.people.add(person, installed.settings.account or None))


@app.command(epilog='Example: werdegang people about "Maria Muster"')
def about(words: Annotated[str, typer.Argument(metavar="WORDS", help="A name, or an e-mail address.")]) -> None:
    """Tell all that is held about a person, as JSON. The entries that name somebody: werdegang search."""
    with opened(with_tables=False) as installed:
        write_json({"held": [asdict(held) for held in installed.erasing.about(asked(words))]})


@app.command(epilog="Example: werdegang people erase people person-abcdefghij --reason request")
def erase(
    keeper: Annotated[str, typer.Argument(metavar="KEEPER", help="Where it is held, as `people about` tells.")],
    id_: Annotated[str, typer.Argument(metavar="ID", help="Its random id, as `people about` tells.")],
    reason: Annotated[str, typer.Option(metavar="REASON", help="request, objection, no-longer-needed or mistake.")],
    language: LanguageOption = None,
) -> None:
    """Erase for good what is held; no entry and no count changes."""
    with opened(with_tables=False) as installed:
        count, left = installed.erasing.erase({(keeper, id_)}, reason, installed.settings.account or None)
    typer.echo(phrase("people-erased", language_of(language), count=count))
    tell_left(left, language_of(language))


@app.command(epilog="Example: werdegang people finish")
def finish(language: LanguageOption = None) -> None:
    """Take out of all files what was erased, where that could not be done at once."""
    with opened(with_tables=False) as installed:
        left = installed.erasing.finish()
    if not left:
        typer.echo(phrase("people-finished", language_of(language)))
    tell_left(left, language_of(language))


def tell_left(left: Sequence[Left], language: Language) -> None:
    """What is left in files, and how to finish; then the command has not done all of what it was asked for."""
    if left:
        told = " ".join(phrase(f"left:{one}", language) for one in left)
        typer.echo(phrase("people-unfinished", language, left=told), err=True)
        raise typer.Exit(NOT_FINISHED)


@app.command(epilog="Example: werdegang people erasures > erasures.jsonl")
def erasures() -> None:
    """Print what was ever erased, as random ids, for `werdegang restore --erasures` somewhere else."""
    with opened(with_tables=False) as installed:
        typer.echo(written(installed.erasing.list.listed()), nl=False)
