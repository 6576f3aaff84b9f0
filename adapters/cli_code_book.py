"""The code book on the command line: what an export holds, for whoever was handed one."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command("code-book", epilog="Example: werdegang code-book --output code-book.md")
def code_book_(
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Default: standard output.")] = None,
) -> None:
    """Write the code book: every step, field, term and refusal, as Markdown. Needs no installation."""
    from adapters.exports.code_book import code_book  # brings the web along, which no other command waits for

    content = code_book()
    if output is None:
        typer.echo(content.encode(), nl=False)
    else:
        output.write_text(content, encoding="utf-8", newline="\n")
