"""`werdegang witness`: a witness of the logs of others, for whoever wants to vouch that a city changes no past."""

import socket
import sys
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli_session import language_of
from adapters.logs import configure
from adapters.phrases import phrase
from adapters.witness import LOGS, WitnessOfLogs, follow, prepare

app = typer.Typer(rich_markup_mode=None, help="Be a witness of the transparency logs of others.")

Home = Annotated[Path, typer.Option(metavar="FOLDER", help="The folder with key, list of logs and what was signed.")]
FOLDER = Path("witness")


@app.command(epilog="Example: werdegang witness init --name zeuge.stadtbibliothek.example --home /srv/witness")
def init(
    name: Annotated[str, typer.Option(metavar="NAME", help="What the witness is called, for ever.")],
    home: Home = FOLDER,
) -> None:
    """Set up a witness: its folder and its key. A second time changes nothing."""
    key = prepare(home, name)
    typer.echo(phrase("witness-ready", language_of(None), vkey=key, file=home / LOGS))


@app.command("follow", epilog="Example: werdegang witness follow stadt.example/log+8d3a…+AXk… --home /srv/witness")
def follow_log(
    vkey: Annotated[str, typer.Argument(metavar="VKEY", help="The key of the log, as its /log/vkey says.")],
    home: Home = FOLDER,
) -> None:
    """Follow a log from now on. While a log changes its key, it is followed under both."""
    key = follow(home, vkey)
    typer.echo(phrase("witness-follows", language_of(None), name=key.name))


@app.command(epilog="Example: werdegang witness serve --home /srv/witness --port 8010")
def serve(
    home: Home = FOLDER,
    host: Annotated[str, typer.Option(metavar="HOST", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", help="Where to listen.", min=1, max=65_535)] = 8010,
) -> None:
    """Witness until stopped: sign along what continues what was signed before, and refuse everything else."""
    import uvicorn

    from adapters.cli import listening
    from adapters.web.witness import create_app

    configure("info")
    witness = WitnessOfLogs(home)
    with listening(host, port) as open_socket:
        there = f"[{host}]" if open_socket.family == socket.AF_INET6 else host
        typer.echo(phrase("witness-serves", language_of(None), address=f"http://{there}:{port}/", vkey=witness.key))
        sys.stdout.flush()
        uvicorn.Server(uvicorn.Config(create_app(witness), log_config=None, server_header=False)).run(
            sockets=[open_socket]
        )


@app.command(epilog="Example: werdegang witness status --home /srv/witness")
def status(home: Home = FOLDER) -> None:
    """What was signed last of each log; exit code 1 where a log has shown two views of one size."""
    language, witness = language_of(None), WitnessOfLogs(home)
    signed = {each.origin: each for each in witness.signed()}
    typer.echo(str(witness.key))
    for name in sorted(witness.logs()):
        found = signed.get(name)
        code, size, at = ("witness-nothing", 0, "") if found is None else ("witness-signed", found.size, str(found.at))
        typer.echo(phrase(code, language, name=name, size=size, at=at))
    views = witness.other_views()
    for view in views:
        typer.echo(phrase("witness-two-views", language, name=view.origin, size=view.size, at=view.at))
        typer.echo(view.note)
    raise typer.Exit(1 if views else 0)
