"""Reading on the command line: `show`, `why`, `diff` and `export`, on any day, in any of the three times."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import RenderableType
from rich.text import Text

from adapters.answers import (
    Json,
    analytics_answer,
    conflicts_answer,
    difference_answer,
    head,
    hits_answer,
    register_answer,
    roles_answer,
    structure_answer,
    timeline_answer,
    why_answer,
)
from adapters.cli_accounts import AsJson, LanguageOption
from adapters.cli_session import audience, language_of, opened, whole_file, write_file, write_json
from adapters.phrases import phrase
from adapters.registers import EVERY, Register
from adapters.terminal import Differences, Page, drawn_hits, name_of, write
from adapters.terminal_registers import drawn, drawn_figures
from adapters.wiring import Installation
from domain.errors import Refused, refused
from domain.meaning import PROCESS
from domain.when import day
from domain.words import Language
from projections.timeline import timeline
from service import Answer, Audience, Times

app = typer.Typer()

ProcessId = Annotated[str, typer.Argument(metavar="PROCESS", help="The id of the process.")]
As = Annotated[str, typer.Option("--as", metavar="WHO", help="public, or the id of an account: whose eyes to use.")]
HappenedBy = Annotated[str | None, typer.Option(metavar="DAY", help="As it was on this day: 2017-12-31.")]
KnownBy = Annotated[str | None, typer.Option(metavar="DAY", help="As it was known on this day.")]
PublishedBy = Annotated[str | None, typer.Option(metavar="DAY", help="As the public knew it on this day.")]


class What(StrEnum):
    """What can be shown of a process."""

    STRUCTURE = "structure"
    TIMELINE = "timeline"
    ROLES = "roles"
    CONFLICTS = "conflicts"
    DECISIONS = "decisions"
    OPEN = "open"
    PROMISES = "promises"
    SCENARIOS = "scenarios"
    PLAN = "plan"
    INDICATORS = "indicators"
    FINDINGS = "findings"
    PARTICIPATION = "participation"
    CLAIMS = "claims"
    MEETINGS = "meetings"
    ATTENDANCE = "attendance"
    COMPLETENESS = "completeness"
    AMENDMENTS = "amendments"
    ANALYTICS = "analytics"
    CARE = "care"


class Format(StrEnum):
    """What a process can be written as."""

    STATEMENTS = "statements"
    ENTRIES = "entries"
    CSV = "csv"
    XLSX = "xlsx"
    OCEL_JSON = "ocel-json"
    OCEL_SQLITE = "ocel-sqlite"
    GEXF_STRUCTURE = "gexf-structure"
    GEXF_MEETINGS = "gexf-meetings"
    REPLICATION = "replication"
    SITE = "site"


def _register_answer(answer: Answer, register: Register) -> Json:
    return register_answer(answer, register, register.read(answer.view))


ANSWERS: dict[What, Callable[[Answer], Json]] = {
    What.STRUCTURE: structure_answer,
    What.TIMELINE: lambda answer: timeline_answer(answer, timeline(answer.view)),
    What.ROLES: roles_answer,
    What.CONFLICTS: conflicts_answer,
    What.ANALYTICS: analytics_answer,
    **{What(register.name): partial(_register_answer, register=register) for register in EVERY},
}
PAGES: dict[What, Callable[[Page], RenderableType]] = {
    What.STRUCTURE: Page.structure,
    What.TIMELINE: Page.timeline,
    What.ROLES: Page.roles,
    What.CONFLICTS: Page.conflicts,
    What.ANALYTICS: drawn_figures,
    **{What(register.name): partial(drawn, register=register) for register in EVERY},
}


@app.command(epilog="Example: werdegang show bottrop-2018 structure --happened-by 2017-12-31")
def show(
    process: Annotated[str | None, typer.Argument(metavar="PROCESS", help="Its id; none: list all.")] = None,
    what: Annotated[What, typer.Argument(metavar="WHAT", help=f"{', '.join(What)}.")] = What.STRUCTURE,
    happened_by: HappenedBy = None,
    known_by: KnownBy = None,
    published_by: PublishedBy = None,
    as_: As = "public",
    as_json: AsJson = False,
    language: LanguageOption = None,
) -> None:
    """Show a process: its structure, its timeline, or one of its registers."""
    times = times_of(happened_by, known_by, published_by)
    with opened() as installed:
        reader = audience(installed, as_)
        if process is None:
            _list_processes(installed, reader, language_of(language), as_json)
            return
        answer = installed.service.view(process, reader, times)
        if as_json:
            write_json(ANSWERS[what](answer))
        else:
            write(PAGES[what](Page(answer, language_of(language))))


def _list_processes(installed: Installation, reader: Audience, language: Language, as_json: bool) -> None:
    processes = installed.service.processes(reader)
    if as_json:
        write_json({"processes": [head(listed.cited) for listed in processes]})
    for listed in processes if not as_json else ():
        typer.echo(f"{listed.cited.process}  {name_of(PROCESS, listed.overview.summary.name, language)}")
    if not (processes or as_json):
        typer.echo(phrase("no-processes", language))


@app.command(epilog="Example: werdegang search reallabor handwerk --process bottrop-2018")
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help="Words, or how they begin.")],
    process: Annotated[str | None, typer.Option(metavar="PROCESS", help="Only in this process.")] = None,
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, max=1000, help="How many at most.")] = 20,
    as_: As = "public",
    as_json: AsJson = False,
    language: LanguageOption = None,
) -> None:
    """Find the entries that hold all of these words, or words that begin with them; the newest first."""
    with opened() as installed:
        found = installed.service.search(" ".join(words), audience(installed, as_), process, most=most)
        if as_json:
            write_json(hits_answer(found))
        else:
            write(drawn_hits(found, language_of(language)))


@app.command(epilog="Example: werdegang why bottrop-2018 b28")
def why(
    process: ProcessId,
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="Its number, or its key.")],
    happened_by: HappenedBy = None,
    known_by: KnownBy = None,
    published_by: PublishedBy = None,
    as_: As = "public",
    as_json: AsJson = False,
    language: LanguageOption = None,
) -> None:
    """Show what led to an entry and what came of it."""
    times = times_of(happened_by, known_by, published_by)
    with opened() as installed:
        reader = audience(installed, as_)
        number = number_of(installed, process, entry, reader)
        path = installed.service.why(process, number, reader, times)
        answer = installed.service.view(process, reader, times)
        if as_json:
            write_json(why_answer(answer, path))
        else:
            write(Page(answer, language_of(language)).why(path))


@app.command(epilog="Example: werdegang diff bottrop-2018 --from-happened-by 2017-12-31 --to-happened-by 2019-12-31")
def diff(
    process: ProcessId,
    from_happened_by: HappenedBy = None,
    to_happened_by: HappenedBy = None,
    from_known_by: KnownBy = None,
    to_known_by: KnownBy = None,
    from_published_by: PublishedBy = None,
    to_published_by: PublishedBy = None,
    as_: As = "public",
    as_json: AsJson = False,
    language: LanguageOption = None,
) -> None:
    """Show what differs between two views, and which entries caused it."""
    from_ = times_of(from_happened_by, from_known_by, from_published_by, "--from-")
    to = times_of(to_happened_by, to_known_by, to_published_by, "--to-")
    with opened() as installed:
        before, after, items = installed.service.compare(process, audience(installed, as_), from_, to)
        if as_json:
            write_json(difference_answer(before, after, items))
            return
        spoken = language_of(language)
        pages = Page(before, spoken), Page(after, spoken)
        shown: RenderableType = Text(phrase("no-differences", spoken))
        if items:
            shown = Differences(items, *pages, spoken).drawn()
        write(pages[0].head(), pages[1].head(), Text(), shown)


@app.command(epilog="Example: werdegang export bottrop-2018 --format replication --output bottrop.zip")
def export(
    process: Annotated[str | None, typer.Argument(metavar="PROCESS", help="Its id; only a site can be of all.")] = None,
    *,
    format_: Annotated[
        Format,
        typer.Option(
            "--format",
            help="statements: for `import`. replication: all that follow in one ZIP. entries: JSON Lines. csv: tables."
            " xlsx: lists. ocel-json, ocel-sqlite: event log. gexf-structure, gexf-meetings: networks."
            " site: all pages.",
        ),
    ],
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Default: standard output; a site: a folder.")
    ] = None,
    happened_by: HappenedBy = None,
    known_by: KnownBy = None,
    published_by: PublishedBy = None,
    as_: As = "public",
    language: LanguageOption = None,
) -> None:
    """Write a process as a file, for any of the three times. Statements hold internal keys: they need --as ACCOUNT.

    What it was made from stands in the file; JSON Lines have no place for it, so there FILE.about.json says it. A site
    is the public pages as files in a new folder, for an archive; without PROCESS of all processes.
    """
    if format_ is Format.SITE:
        _export_site(process, output, (happened_by, known_by, published_by), as_, language_of(language))
        return
    if process is None:
        raise refused("export-of-all", format=str(format_))
    times = times_of(happened_by, known_by, published_by)
    if output is None and format_ not in (Format.STATEMENTS, Format.ENTRIES) and sys.stdout.isatty():
        raise refused("export-to-screen", format=str(format_))
    with opened() as installed:
        reader = audience(installed, as_)
        with whole_file(output, secret=reader is not None) as stream:
            about = _export(installed, process, format_, (reader, times, language_of(language)), stream, output)
        if output is not None and output.is_file() and format_ in (Format.STATEMENTS, Format.ENTRIES):
            made_from = output.with_name(f"{output.name}.about.json")
            write_file(made_from, json.dumps(about, ensure_ascii=False, indent=2) + "\n", secret=reader is not None)


def _export(
    installed: Installation,
    process: str,
    format_: Format,
    asked: tuple[Audience, Times, Language],
    stream: BinaryIO,
    output: Path | None,
) -> Json:
    """Writes one file, says on standard error what it is, and answers what it was made from."""
    from adapters.exports import formats  # brings openpyxl and the web along, which no other command waits for

    reader, times, language = asked
    if format_ is Format.STATEMENTS:
        count = formats.write_statements(installed, process, reader, times, stream, _step)
        about = formats.about_statements(process, times, count)
    else:
        answer = installed.service.view_once(process, reader, times)
        count = formats.write(installed, format_, answer, reader, stream, language, _step)
        about = formats.material(installed, answer, language).about
    if output is not None:
        in_lines = format_ in (Format.STATEMENTS, Format.ENTRIES)
        typer.echo(phrase("exported" if in_lines else "file-exported", language, count=count, file=output), err=True)
        typer.echo(phrase("made-from", language, about=", ".join(_named(about))), err=True)
    return about


def _named(about: Json) -> Iterator[str]:
    """What a file was made from, as far as it says something."""
    return (f"{name} {value}" for name, value in about.items() if value not in (None, False))


def _export_site(
    process: str | None, output: Path | None, times: tuple[str | None, ...], as_: str, language: Language
) -> None:
    """Writes the whole site or none of it: the folder is in its place only when it is complete."""
    from adapters.exports.site_folder import write_site  # brings the web along, which no other command waits for

    if as_ != "public" or any(times):
        raise refused("site-public")
    if output is None:
        raise refused("site-folder-missing")
    with opened() as installed:
        count = write_site(installed, process, output, _progress)
    typer.echo(phrase("site-exported", language, count=count, folder=output), err=True)


def _progress(count: int, file: str) -> None:
    """How far it is, for whoever watches; what is piped elsewhere is not mixed with it."""
    if sys.stderr.isatty() and count % 100 == 0:
        typer.echo(f"{count} {file}", err=True)


def _step(what: str) -> None:
    """What is being written, for whoever watches."""
    if sys.stderr.isatty():
        typer.echo(what, err=True)


def number_of(installed: Installation, process: str, entry: str, reader: Audience) -> int:
    """The number of an entry that is named by its number or by its key."""
    if entry.isdecimal() and entry.isascii() and len(entry) < 16:
        return int(entry)
    return installed.service.number_of(process, entry, reader)


def times_of(happened_by: str | None, known_by: str | None, published_by: str | None, prefix: str = "--") -> Times:
    stated = {"happened-by": happened_by, "known-by": known_by, "published-by": published_by}
    days: dict[str, date | None] = {}
    for name, text in stated.items():
        try:
            days[name] = None if text is None else day(text)
        except Refused:
            raise refused("day-not-written", prefix + name, text=str(text)[:80]) from None
    return Times(days["happened-by"], days["known-by"], days["published-by"])
