"""`werdegang mail` and `werdegang retention`: for whoever runs an installation, by hand or by a timer."""

from typing import Annotated

import typer

from adapters.cli_session import language_of, opened
from adapters.keeping import let_go
from adapters.phrases import phrase
from domain.words import Language

LanguageOption = Annotated[Language | None, typer.Option("--language", help="Default: that of the machine, else de.")]

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog="Example: werdegang mail")
def mail(language: LanguageOption = None) -> None:
    """Send the messages to people who registered that are due, as the settings for mail (WERDEGANG_SMTP_…) say."""
    with opened(with_tables=False) as installed:
        sent, failed = installed.mail.deliver()
    typer.echo(phrase("mail-sent", language_of(language), sent=sent, failed=failed))


@app.command(epilog="Example: werdegang retention")
def retention(language: LanguageOption = None) -> None:
    """Erase registrations whose meeting is longer ago than WERDEGANG_KEEP_REGISTRATIONS days."""
    with opened() as installed:
        gone = let_go(installed)
    typer.echo(phrase("let-go", language_of(language), count=gone, days=installed.settings.keep_registrations))
