"""`werdegang erase`: the texts of an entry, for good."""

from typing import Annotated, Final, get_args

import typer
from rich.text import Text

from adapters.answers import outcome_answer
from adapters.cli_accounts import AsJson, LanguageOption
from adapters.cli_people import tell_left
from adapters.cli_reading import ProcessId, number_of
from adapters.cli_recording import As, DryRun
from adapters.cli_session import author, language_of, opened, write_json
from adapters.imports.statements import statement_of
from adapters.phrases import phrase, tame
from adapters.terminal import Page, write
from domain.entry import split
from domain.errors import refused
from domain.publication import Approver, Ground

app = typer.Typer()

_GROUNDS: Final = ", ".join(get_args(Ground))
_APPROVERS: Final = ", ".join(get_args(Approver)[:-1])


@app.command(
    epilog="Example: werdegang erase bottrop-2018 57 --ground objection --approved-by data-protection-officer --yes"
)
def erase(
    process: ProcessId,
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="Its number, or its key.")],
    ground: Annotated[str, typer.Option(metavar="GROUND", help=f"On what legal ground: {_GROUNDS}.")],
    approved_by: Annotated[str, typer.Option(metavar="WHO", help=f"Who approved it: {_APPROVERS}.")],
    approval: Annotated[str | None, typer.Option(metavar="ID", help="The file number of the approval.")] = None,
    key: Annotated[str | None, typer.Option(metavar="KEY", help="A lasting id of your own for this act.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Really erase; what is erased is gone for good.")] = False,
    dry_run: DryRun = False,
    as_: As = None,
    as_json: AsJson = False,
    language: LanguageOption = None,
) -> None:
    """Erase the texts of an entry for good, with those of its corrections and its plain texts.

    Facts, numbers and proofs stay. First all that would go is shown; --yes erases it. Other words a correction gives.
    """
    spoken = language_of(language)
    with opened() as installed:
        account = author(installed, as_, {"read", "erase"}, process)
        target = number_of(installed, process, entry, account)
        step = {"type": "texts-erased", "target": target, "legal_ground": ground, "approved_by": approved_by}
        made = key or f"erase-{target}-{installed.service.view(process, account).position}"
        statement = statement_of({"process": process, "key": made, "step": {**step, "approval": approval}})
        if not as_json:
            answer = installed.service.view(process, account)
            log = answer.view.effective
            going = [n for n in log.erased_with(target) if not log.by_number[n].erased]
            write(Page(answer, spoken).entries("to-erase", going))
            for number in going:
                for text in split(log.by_number[number].statement)[1].values():
                    write(Text(f"  {number}: {tame(text)}"))
        if dry_run:
            installed.service.preview([statement], account)
            typer.echo(phrase("would-publish", spoken))
            return
        if not yes:
            raise refused("erase-unconfirmed")
        outcome = installed.service.record([statement], account)
        left = installed.erasing.unfinished()
    if as_json:
        write_json(outcome_answer(process, outcome, dry_run=False))
    else:
        typer.echo(phrase("erased-by", spoken, number=outcome.numbers[0]))
    tell_left(left, spoken)
