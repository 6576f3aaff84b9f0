"""One call of the command line: the installation it opens, whose eyes it reads with, and how it fails."""

import json
import os
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, Final

import typer
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from adapters.accounts import Holder
from adapters.answers import complaint
from adapters.imports.statements import line_starts
from adapters.keeping import explain_erasures
from adapters.logs import configure
from adapters.owner import refuse_others
from adapters.phrases import tame
from adapters.settings import Settings
from adapters.wiring import Installation, installation
from domain.account import Account
from domain.errors import Refusal, Refused, refused
from domain.words import Language
from service import Act, Audience, permits

REFUSED: Final = 1
"""What was asked for is impossible; nothing was changed."""
USAGE: Final = 2
"""The call itself is wrong: a command, an option, a setting."""
NOT_SET_UP: Final = 3
"""There is no installation here, or its database cannot be used."""
NOT_PERMITTED: Final = 4
"""The account may not do this, or it is not clear whose account it is."""

CODES: Final = {
    "day-not-written": USAGE,
    "home-of-another": USAGE,
    "home-unusable": NOT_SET_UP,
    "facts-newer": NOT_SET_UP,
    "tables-missing": NOT_SET_UP,
    "not-initialised": NOT_SET_UP,
    "account-choice": NOT_PERMITTED,
    "account-needed": NOT_PERMITTED,
    "account-none-fits": NOT_PERMITTED,
    "not-permitted": NOT_PERMITTED,
}
PLACES: Final = {"setting": USAGE, "database": NOT_SET_UP}
"""The first word of a code tells the rest."""


@contextmanager
def opened(*, with_tables: bool = True) -> Iterator[Installation]:
    """The installation that the settings name; closed again in the end."""
    configure("error")  # what a person asked for in a terminal is answered in sentences, not in log lines
    settings = Settings.from_environment()
    refuse_others(settings.home)
    found = installation(settings, with_tables=with_tables)
    try:
        if with_tables and found.erasing.behind():  # an older database was put in place: it forgets before it answers
            found.erasing.settle(lambda: explain_erasures(found))
        yield found
    finally:
        found.database.close()


def language_of(stated: Language | None) -> Language:
    """The language asked for, or that of the machine where it speaks one of ours."""
    machine = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return stated or ("en" if machine.startswith("en") else "de")


# ---- whose eyes, in whose name ------------------------------------------------------------------------------------


def audience(installed: Installation, name: str) -> Audience:
    """Whoever reads: the public, or an account by its id."""
    return None if name == "public" else _account(installed, name)


def author(installed: Installation, name: str | None, acts: Collection[Act], process: str) -> Audience:
    """In whose name something is recorded: as stated, as set, or the only account that may do it."""
    if name := name or installed.settings.account:
        return audience(installed, name)
    fitting = [holder for holder in installed.accounts.list() if _may(holder, acts, process)]
    if len(fitting) == 1:
        return fitting[0].account
    if not fitting:
        raise refused("account-none-fits", process=process)
    choices = [f"{holder.account.id} ({holder.name})" if holder.name else holder.account.id for holder in fitting]
    raise refused("account-choice", choices=choices)


def _account(installed: Installation, id: str) -> Account:
    holder = installed.accounts.find(id)
    if holder is None:
        raise refused("account-unknown", id=id)
    if holder.disabled_at is not None:
        raise refused("account-disabled", id=id)
    return holder.account


def _may(holder: Holder, acts: Collection[Act], process: str) -> bool:
    return holder.disabled_at is None and all(permits(holder.account, act, process) for act in acts)


# ---- what is read and written -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """A text that somebody handed over, and what to call it when something in it is wrong."""

    name: str
    text: str
    places: Sequence[int] | None = None
    """Which of its statements count; all, unless some were left out."""

    @contextmanager
    def named(self) -> Iterator[None]:
        """Refusals inside are told with the file and the line they are about."""
        try:
            yield
        except Refused as refusal:
            raise typer.Exit(complain(refusal, self)) from None

    @cached_property
    def line_starts(self) -> list[int]:
        """The line that each statement begins on; the whole text is taken apart for it, so only once."""
        starts = line_starts(self.text)
        return starts if self.places is None else [starts[place] for place in self.places]

    def line(self, refusal: Refusal) -> int | None:
        """The line that a refusal is about."""
        line: int | None = refusal.params.get("line")
        if line is None and refusal.index is not None:
            line = self.line_starts[refusal.index]
        return line


def read(file: str) -> Given:
    """A file, or standard input for `-`."""
    name = "stdin" if file == "-" else file
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return Given(name, content.decode("utf-8-sig"))
    except OSError as error:
        raise refused("file-unreadable", file=name, reason=error.strerror) from None
    except UnicodeDecodeError as error:
        raise refused("file-not-utf8", file=name, line=content.count(b"\n", 0, error.start) + 1) from None


@contextmanager
def whole_file(file: Path | None, *, secret: bool) -> Iterator[BinaryIO]:
    """Where to write to: the whole file or none of it. An older one of that name stays until the new one is complete.

    What can go wrong with the file is told as such; a device or a pipe is written to, never replaced.
    """
    if file is None:
        with NamedTemporaryFile() as stream:
            yield stream  # type: ignore[misc]
            stream.seek(0)
            while piece := stream.read(1 << 18):
                typer.echo(piece, nl=False)
        return
    unfinished = file.with_name(f".{file.name}.{token_hex(4)}")
    try:
        if file.exists() and not file.is_file():
            with NamedTemporaryFile() as stream:  # not all of them can be gone back in, as a ZIP needs it
                yield stream  # type: ignore[misc]
                stream.seek(0)
                with file.open("wb") as device:
                    copyfileobj(stream, device)
            return
        handle = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600 if secret else 0o644)
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError as error:
        raise refused("file-failed", file=str(file), reason=error.strerror) from None
    finally:
        unfinished.unlink(missing_ok=True)


def write_file(file: Path, content: str | bytes, *, secret: bool) -> None:
    """The whole file or none of it; an older one of that name stays until the new one is complete."""
    with whole_file(file, secret=secret) as stream:
        stream.write(content.encode() if isinstance(content, str) else content)


def write_json(answer: Any) -> None:
    """An answer as JSON, for programs."""
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))


# ---- how it fails -------------------------------------------------------------------------------------------------


def complain(refusal: Refused, given: Given | None = None) -> int:
    """One line on standard error for each thing that is wrong, in both languages; the exit code."""
    for found in refusal.refusals:
        told = complaint(found)
        line = given.line(found) if given is not None else None
        place = [] if given is None else [given.name if line is None else f"{given.name}:{line}"]
        place += [found.pointer] if found.pointer else []
        sentence = f"{tame(told['de'])} / {tame(told['en'])} [{found.code}]"
        typer.echo(": ".join([*map(tame, place), sentence]), err=True)
    return max(map(_exit_code, refusal.refusals))


def _exit_code(refusal: Refusal) -> int:
    return CODES.get(refusal.code) or PLACES.get(refusal.code.partition("-")[0]) or REFUSED


def of_database(error: SQLAlchemyError) -> Refused:
    """What the database itself could not do, as a refusal."""
    reason = error.orig if isinstance(error, DBAPIError) else error
    return refused("database-failed", reason=str(reason).partition("\n")[0])
