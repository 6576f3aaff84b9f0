"""`werdegang verify`: whether a transparency log is in order, one's own or anybody's."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from adapters import verify as checker
from adapters.cli_session import audience, language_of, opened, write_file, write_json
from adapters.event_store import EventStore
from adapters.exports.receipts import receipt_of
from adapters.log_key import renew_key
from adapters.phrases import phrase
from domain.commitment import intact
from domain.errors import Refusal, Refused, refused

app = typer.Typer(rich_markup_mode=None)

NOT_IN_ORDER: Final = 1


@app.command(epilog="Example: werdegang verify https://beteiligung.example.de/log --since log-2026-05.checkpoint")
def verify(
    source: Annotated[
        str | None, typer.Argument(metavar="[URL|DIR|FILE]", help="A log, a folder, a .tlog-proof or a checkpoint.")
    ] = None,
    key: Annotated[
        list[str] | None, typer.Option(metavar="VKEY", help="The log's key; again for a second one.")
    ] = None,
    since: Annotated[Path | None, typer.Option(metavar="FILE", help="Another checkpoint, which was kept.")] = None,
    policy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Which witnesses have to have signed along.")
    ] = None,
    content: Annotated[Path | None, typer.Option(metavar="FILE", help="With a .tlog-proof: what it is for.")] = None,
    each: Annotated[bool, typer.Option("--each", help="Tell of each entry whether it is verified.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Check a transparency log from outside; without a source, everything in this installation.

    From outside nothing is believed but the key. Two checkpoints of one size are compared by naming one as the source
    and the other with --since. Inside, every entry is held against its commitment, its leaf and the
    tree, the tree against what was signed last, and the file of every document against its checksum.
    """
    language = language_of(None)
    if source is None:
        _check_own(json=json)
        return
    given = [source, "--language", language]
    given += [argument for each in key or () for argument in ("--key", each)]
    given += [] if since is None else ["--since", str(since)]
    given += [] if policy is None else ["--policy", str(policy)]
    given += [] if content is None else ["--content", str(content)]
    given += (["--each"] if each else []) + (["--json"] if json else [])
    sys.stdout.flush()
    raise typer.Exit(checker.main(given))


@app.command(epilog="Example: werdegang receipt bottrop-2018 47 --output beleg-47.zip")
def receipt(
    process: Annotated[str, typer.Argument(metavar="PROCESS", help="The id of the process.")],
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The number of the entry.")],
    output: Annotated[Path, typer.Option(metavar="FILE", help="Where to write it; a file there is replaced.")],
    as_: Annotated[
        str, typer.Option("--as", metavar="WHO", help="public, or the id of an account that may read what is internal.")
    ] = "public",
) -> None:
    """Write a receipt: one file that proves, years later and offline, that an entry was recorded, when, and with
    these words. It holds the proof, the content, the key, the checker and how to use them.
    """
    with opened() as installed:
        reader = audience(installed, as_)
        record = installed.service.stored(process, number, reader)
        content = receipt_of(installed.signer, installed.cosignatures, record, installed.settings.address).content
        write_file(output, content, secret=reader is not None)
        typer.echo(phrase("receipt", language_of(None), number=number, file=output))


@app.command("new-log", epilog="Example: werdegang new-log --name beteiligung.example.de/log-2")
def new_log(
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="What it is called, for ever; else it is drawn.")
    ] = None,
) -> None:
    """Begin another log over the same entries, when the key is lost or an old backup is all there is.

    The old key and the old checkpoint stay in the home folder under other names. Whoever kept a checkpoint of the old
    log can tell that it does not go on: tell them why.
    """
    with opened() as installed:
        renew_key(installed.settings.home, installed.log, name)
        typer.echo(phrase("new-log", language_of(None), vkey=installed.signer.key()))


class Reason(StrEnum):
    """Why the key of the log is changed."""

    PLANNED = "planned"
    STAFF_CHANGE = "staff-change"
    LOST_DEVICE = "lost-device"
    SUSPECTED_LEAK = "suspected-leak"


@app.command("rotate-key", epilog="Example: werdegang rotate-key --reason staff-change")
def rotate_key(
    reason: Annotated[
        Reason | None, typer.Option(metavar="REASON", help=f"Why the key changes: {', '.join(Reason)}.")
    ] = None,
    retire: Annotated[
        bool, typer.Option("--retire", help="Let the old key go, once both have signed long enough.")
    ] = False,
) -> None:
    """Change the key of the transparency log. An entry tells of it, and both keys sign for thirty days at least.

    After that the old key is let go with the next checkpoint, or by --retire. Witnesses need the new key meanwhile. A
    log whose key is lost cannot change it: see new-log.
    """
    language = language_of(None)
    with opened() as installed:
        if retire:
            typer.echo(phrase("key-retired", language, vkey=installed.signer.retire()))
            return
        if reason is None:
            raise typer.BadParameter(f"--reason: {', '.join(Reason)}")
        from adapters.key_rotation import rotate_key as change

        done = change(installed, reason.value)
        until = done.until.date().isoformat()
        typer.echo(phrase("key-changed", language, old=done.old, new=done.new, until=until))


def _check_own(*, json: bool) -> None:
    """Every entry is what was committed to, the log holds it and begins with what was signed last, and every document
    is the one that was cited.
    """
    with opened(with_tables=False) as installed:
        store = EventStore(installed.database)
        with installed.database.reading():
            for record in store.all_records():
                if not intact(record):
                    raise refused("entry-changed", process=record.process, number=record.number)
                if record.texts is None and record.erased is None:
                    raise refused("texts-missing", process=record.process, number=record.number)
            position = installed.log.first_difference(store.all_records())
            if position is not None:
                raise refused("log-differs", position=position)
        installed.signer.check()
        if damaged := installed.documents.damaged():
            raise Refused(*(Refusal("document-damaged", {"sha256": d.sha256, "process": d.process}) for d in damaged))
        size, _ = installed.log.tree()
        began = installed.log.began()
    if json:
        write_json({"size": size, "began": began.at.isoformat(), "older": began.entries, "exit_code": 0})
        return
    typer.echo(phrase("log-in-order", language_of(None), size=size))
    if began.entries:
        since = began.at.date().isoformat()
        typer.echo(phrase("log-began", language_of(None), entries=began.entries, since=since))
