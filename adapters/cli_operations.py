"""`werdegang settings`: how an installation is set, for whoever runs it."""

import os
from typing import Annotated

import typer

from adapters.cli_session import language_of, write_json
from adapters.phrases import phrase, tame
from adapters.settings_told import SECRET, told
from domain.words import say

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog="Example: werdegang settings --json")
def settings(json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Tell every setting: its value, where that comes from, the default and the meaning. Secrets are not shown.

    They come from the environment, and `serve` started from here would have just these.
    """
    found, language = told(os.environ), language_of(None)
    if json:
        write_json(
            {
                "settings": [
                    {
                        "name": each.name,
                        "value": each.value,
                        "default": each.default,
                        "origin": each.origin,
                        "secret": each.name in SECRET,
                        "meaning": {"de": each.meaning[0], "en": each.meaning[1]},
                    }
                    for each in found
                ]
            }
        )
        return
    for each in found:
        typer.echo(f"{each.name}={tame(each.value)}")
        typer.echo(f"    {say(each.meaning, language)}")
        default = each.default or phrase("setting-no-default", language)
        typer.echo(f"    {phrase(f'setting-from:{each.origin}', language, default=default)}")
