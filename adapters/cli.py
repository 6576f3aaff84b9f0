"""The command line: `werdegang COMMAND`, for whoever runs an installation, and for scripts.

Whoever may sign in to the machine may read its files anyway: here `--as` says whose eyes to read with and in whose
name to record, and no token is asked for. Without it everything is read as the public would.
"""

import errno
import os
import signal
import socket
import sys
from collections.abc import Sequence
from enum import StrEnum
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy.exc import SQLAlchemyError

from adapters import (
    cli_accounts,
    cli_beginning,
    cli_code_book,
    cli_erasing,
    cli_log,
    cli_meetings,
    cli_operations,
    cli_people,
    cli_reading,
    cli_recording,
    cli_witness,
    cli_witnesses,
)
from adapters.accounts import Accounts
from adapters.backup import backup as back_up
from adapters.backup import restore as put_back
from adapters.cli_session import complain, language_of, of_database, opened, read
from adapters.daily import every_day
from adapters.duties import write_template
from adapters.erasures import FILE as ERASURES
from adapters.erasures import read_erasures
from adapters.imports.statements import read_statements
from adapters.keeping import explain_erasures, tidy
from adapters.log_key import KEY, Signer, refuse_behind
from adapters.logs import configure
from adapters.owner import refuse_others
from adapters.phrases import phrase
from adapters.settings import Settings
from adapters.transparency_log import TransparencyLog
from adapters.wiring import (
    Installation,
    built,
    empty_database,
    fill_tables,
    has_database,
    initialise,
    remove_database,
    remove_home,
)
from domain.account import Account, Role
from domain.errors import Refused, refused

EXAMPLES: Final = Path(__file__).parents[1] / "examples"


DEMO_ROLES: Final[tuple[Role, ...]] = ("recorder", "publisher")


class Example(StrEnum):
    """The processes that can be recorded as an example, by their ids."""

    BOTTROP = "bottrop-2018"
    LINDENAU = "lindenau-2030"


app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
A first look:
  werdegang demo
  werdegang show bottrop-2018
  werdegang show bottrop-2018 timeline --happened-by 2017-12-31
  werdegang why bottrop-2018 b28
  werdegang serve

\b
`werdegang COMMAND --help` shows an example of every command. Exit codes: 0 done, 1 refused,
2 wrong call or setting, 3 not set up or no database, 4 not permitted, 130 interrupted.""",
)

File = Annotated[Path, typer.Argument(metavar="FILE", help="The file of the backup.")]


def main() -> None:
    """Runs the command that the shell asks for."""
    if hasattr(signal, "SIGPIPE"):  # `werdegang … | head` ends quietly, as other programs do
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot show an umlaut still shows the rest
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:  # told already; the interpreter would try again at its end and complain in its own words
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Runs one command and answers its exit code. Refusals become sentences, never a traceback."""
    try:
        try:
            app(list(arguments), prog_name="werdegang")
        finally:
            sys.stdout.flush()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except Refused as refusal:
        return complain(refusal)
    except SQLAlchemyError as error:
        return complain(of_database(error))
    except OSError as error:
        return complain(refused("file-failed", file=error.filename or "stdout", reason=error.strerror))
    return 0


@app.callback()
def werdegang(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """The record of a participation process: who decided what, when, why, and what replaced it."""
    if version:
        typer.echo(f"werdegang {_version()}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(epilog="Example: WERDEGANG_HOME=/srv/werdegang werdegang init --log-name beteiligung.example.de/log")
def init(
    log_name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What the transparency log is called, for ever; without one it is drawn."),
    ] = None,
) -> None:
    """Set up an installation: folder, database, key of the log, first account. Also brings an older one up to date."""
    installed = _initialised(log_name)
    settings, accounts = installed.settings, installed.accounts.list()
    if len(accounts) == 1:  # nobody has begun to use it
        address = settings.address or f"http://{settings.host}:{settings.port}"
        typer.echo(phrase("initialised-next", language_of(None), account=accounts[0].account.id, address=address))
    installed.database.close()


@app.command(epilog="Example: WERDEGANG_PORT=8080 werdegang serve")
def serve() -> None:
    """Serve the pages and the API until stopped."""
    with opened() as installed:
        _serve(installed, "/")


@app.command(epilog="Example: werdegang demo --serve")
def demo(
    example: Annotated[Example, typer.Argument(metavar="EXAMPLE", help=f"{', '.join(Example)}.")] = Example.BOTTROP,
    then_serve: Annotated[bool, typer.Option("--serve", help="Serve its pages afterwards.")] = False,
) -> None:
    """Record an example: Bottrop 2018+, or an invented town that uses everything. A second time changes nothing.

    Where an older version of the example was recorded, what is new in it is added; where it does not fit what was
    recorded there, everything stays as it is, and the command says so.
    """
    language = language_of(None)
    installed = _initialised()
    account = _demo_account(installed.accounts, example)
    statements = read_statements((EXAMPLES / f"{example}.jsonl").read_text(encoding="utf-8"))
    new, outcome = 0, "demo-unchanged"
    try:
        new = len(installed.service.record(statements, account).new)
    except Refused:
        if example not in {listed.cited.process for listed in installed.service.processes(account)}:
            raise
        outcome = "demo-differs"  # an older version of it, or somebody's own entries, stand against it
    known = installed.service.view(example, account).position - new
    if new:
        typer.echo(phrase("recorded", language, process=example, new=new, unchanged=known))
    else:
        typer.echo(phrase(outcome, language, process=example, count=known))
    if outcome == "demo-differs":
        typer.echo(phrase("demo-elsewhere", language))
    if then_serve:
        _serve(installed, f"/prozesse/{example}")
    else:
        typer.echo(phrase("demo-next", language, process=example))
    installed.database.close()


@app.command(epilog="Example: werdegang backup werdegang-2026-11-22.zip")
def backup(file: File) -> None:
    """Write everything into one file. Others may go on recording meanwhile.

    An older backup of that name is replaced once the new one is complete; any other file is left alone.
    """
    replaces = file.is_file()
    with opened(with_tables=False) as installed:
        manifest = back_up(installed.database, file, installed.settings.home)
    typer.echo(phrase("backed-up", language_of(None), position=manifest.position, file=file))
    if replaces:
        typer.echo(phrase("backup-replaced", language_of(None)))


@app.command(epilog="Example: WERDEGANG_HOME=/srv/new werdegang restore werdegang-2026-11-22.zip")
def restore(
    file: File,
    erasures: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Erase again what this list names, as `people erasures` tells it."),
    ] = None,
) -> None:
    """Take everything over from a backup. Only an installation that is still empty can be filled."""
    configure("error")
    settings, language = Settings.from_environment(), language_of(None)
    refuse_others(settings.home)
    new, new_home = not has_database(settings), not settings.home.exists()
    database = empty_database(settings)
    has_key = (settings.home / KEY).exists()
    signer = Signer(settings.home, database, TransparencyLog(database))
    try:
        restored = built(settings, database)
        told_before = (settings.home / ERASURES).is_file()
        erasing = restored.erasing
        listed = [] if erasures is None else read_erasures(read(str(erasures)).text)

        def accept() -> None:
            if has_key:
                refuse_behind(signer)
            erasing.reapply(listed)

        try:
            manifest = put_back(database, file, accept, settings.home)
        except BaseException:  # of any kind: without what was to be put back it is no installation
            database.close()
            if new:
                remove_database(settings)
            if new_home:
                remove_home(settings)
            raise
        fill_tables(restored)
        erasing.settle(lambda: explain_erasures(restored))
        left = erasing.finish()
        restored.registrations.outbox.renew()
        without_key = TransparencyLog(database).vkey() is not None and not has_key
    finally:
        database.close()
    typer.echo(phrase("restored", language, position=manifest.position, file=file))
    if erasures is None and not told_before:
        typer.echo(phrase("restored-without-erasures", language, home=settings.home))
    if without_key:
        typer.echo(phrase("restored-without-key", language, home=settings.home))
    cli_people.tell_left(left, language)


@app.command(epilog="Example: werdegang rebuild --check")
def rebuild(
    check: Annotated[bool, typer.Option("--check", help="Change nothing, only compare.")] = False,
) -> None:
    """Fill the tables for lists and search anew from the first entry. Others may go on meanwhile.

    They hold nothing that the entries do not: whatever became of them, this brings them back.
    """
    language = language_of(None)
    with opened(with_tables=check) as installed:
        if check:
            checksum = installed.service.check_tables()
            typer.echo(phrase("tables-in-order", language, checksum=checksum))
            return
        installed.tables.prepare()
        checksum = installed.service.rebuild(_told)
        typer.echo(phrase("rebuilt", language, checksum=checksum))


def _told(process: str) -> None:
    """Progress, for whoever watches; what is piped elsewhere is not mixed with it."""
    if sys.stderr.isatty():
        typer.echo(process, err=True)


app.add_typer(cli_reading.app)
app.add_typer(cli_log.app)
app.add_typer(cli_witnesses.app)
app.add_typer(cli_recording.app)
app.add_typer(cli_erasing.app)
app.add_typer(cli_beginning.app)
app.add_typer(cli_code_book.app)
app.add_typer(cli_meetings.app)
app.add_typer(cli_operations.app)
app.add_typer(cli_accounts.app, name="accounts")
app.add_typer(cli_people.app, name="people")
app.add_typer(cli_witness.app, name="witness")


def _version() -> str:
    try:
        return version_of("werdegang")
    except PackageNotFoundError:  # run from its sources
        return "unreleased"


def _initialised(log_name: str | None = None) -> Installation:
    """The installation, set up if it was not, with what was done told."""
    configure("error")
    language = language_of(None)
    settings = Settings.from_environment()
    refuse_others(settings.home)
    installed, token, updated = initialise(settings, log_name)
    done = "updated" if updated else "initialised-before" if token is None else "initialised"
    typer.echo(phrase(done, language, home=installed.settings.home))
    if token is not None:
        typer.echo(phrase("first-token", language, token=token))
    if (file := write_template(installed.settings.home)) is not None:
        typer.echo(phrase("duties-to-state", language, file=file))
    return installed


def _demo_account(accounts: Accounts, example: Example) -> Account:
    """One account records and publishes all examples; an older installation may have one for this example alone."""
    needed: frozenset[tuple[Role, str]] = frozenset({("recorder", example), ("publisher", example)})
    for holder in accounts.list():
        if holder.name == "Demo" and holder.disabled_at is None and holder.account.roles >= needed:
            return holder.account
    every = ((role, each.value) for role in DEMO_ROLES for each in Example)
    return accounts.create("Demo", frozenset(every))


def _serve(installed: Installation, path: str) -> None:
    """Serves on a socket that is open before its address is told."""
    from adapters.web.serving import serve
    from adapters.witnessing import Witnessing, asking

    settings = installed.settings
    configure(settings.log)
    for check in (installed.signer.check, installed.cosignatures.policy):
        try:
            check()
        except Refused as refusal:  # reading and recording go on; what is wrong is said here and by each answer
            complain(refusal)
    # Asked to stop it ends as if it was done; while it serves, uvicorn answers what is under way before.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    witnessing = Witnessing(installed.signer, installed.log, installed.cosignatures)
    with (
        every_day(lambda: tidy(installed)),
        listening(settings.host, settings.port) as open_socket,
        asking(witnessing),
    ):
        if hasattr(signal, "SIGPIPE"):  # a reader that goes away must not end the server
            signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        typer.echo(f"Werdegang: http://{host}:{settings.port}{path}")
        sys.stdout.flush()
        serve(installed, open_socket)


def listening(host: str, port: int) -> socket.socket:
    try:
        opened_at = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        # asyncio does so only for sockets that say that they speak TCP; without it a small answer waits for 40 ms.
        opened_at.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened_at
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise refused("port-in-use", port=port) from None
        reason, _, _ = str(error.strerror).partition(" (while")
        raise refused("address-unusable", host=host, port=port, reason=reason) from None


if __name__ == "__main__":
    main()
