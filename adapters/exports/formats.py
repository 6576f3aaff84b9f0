"""Every format that a process is written in: what it is, for which tool, and how it is written.

What is made for researchers never names an account. `statements` and `entries` for the office do, as its pages do.
"""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from adapters.answers import Json
from adapters.exports import data_package, entries, networks, ocel_json, ocel_sqlite, replication, statements, workbook
from adapters.exports.material import PROGRAM, Material
from adapters.wiring import Installation
from domain.errors import refused
from domain.words import Language, Words
from service import Answer, Audience, Times, permits

Progress = Callable[[str], None]
ACTS: Final = ("record", "publish", "erase", "administer")


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name in addresses and commands, the end of its file's name, its label, and what it is good for."""

    name: str
    ending: str
    media_type: str
    label: Words
    about: Words
    write: Callable[[Material, BinaryIO, Progress], None]


def _entries(material: Material, to: BinaryIO, _: Progress) -> None:
    to.writelines(f"{line}\n".encode() for line in entries.lines(material.answer, material))


FORMATS: Final = (
    Format(
        "replication",
        "zip",
        "application/zip",
        ("Replikationspaket", "Replication package"),
        (
            (
                "Alles auf dieser Seite in einem ZIP, mit Prüfsummen, Prüfpunkt des Transparenzprotokolls und"
                " einem Notebook, das die wichtigsten Zahlen nachrechnet. Zum Nachprüfen, und als Beilage."
            ),
            (
                "Everything on this page in one ZIP, with checksums, a checkpoint of the transparency log and"
                " a notebook that reckons the main figures again. To be kept beside a paper, and to check one."
            ),
        ),
        replication.write,
    ),
    Format(
        "csv",
        "zip",
        "application/zip",
        ("Tabellen (CSV)", "Tables (CSV)"),
        (
            (
                "Sechzehn Tabellen mit Codebuch als Data Package, darin auch die Zeiträume für networkDynamic."
                " Für R, pandas, Stata, SPSS und jedes andere Statistikprogramm."
            ),
            (
                "Sixteen tables with a code book as a Data Package, with the spells for networkDynamic. For R,"
                " pandas, Stata, SPSS and any other program for statistics."
            ),
        ),
        data_package.write,
    ),
    Format(
        "xlsx",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ("Listen (XLSX)", "Lists (XLSX)"),
        (
            (
                "Verlauf, Akteure, Zusagen, Termine, Teilnahme, Beschlüsse und Offenes in den Worten der"
                " Seiten. Für Excel und LibreOffice."
            ),
            (
                "Timeline, actors, promises, meetings, attendance, decisions and what is open, in the words of the"
                " pages. For Excel and LibreOffice."
            ),
        ),
        workbook.write,
    ),
    Format(
        "ocel-json",
        "json",
        "application/json",
        ("Ereignisprotokoll (OCEL 2.0, JSON)", "Event log (OCEL 2.0, JSON)"),
        (
            "Ereignisse und Objekte mit ihren Beziehungen, für Process Mining: pm4py, r4pm, OCPQ.",
            "Events and objects with their relations, for process mining: pm4py, r4pm, OCPQ.",
        ),
        ocel_json.write,
    ),
    Format(
        "ocel-sqlite",
        "sqlite",
        "application/vnd.sqlite3",
        ("Ereignisprotokoll (OCEL 2.0, SQLite)", "Event log (OCEL 2.0, SQLite)"),
        (
            "Dasselbe als Datenbank: für Process Mining und für eigene Abfragen in SQL.",
            "The same as a database: for process mining, and for questions of one's own in SQL.",
        ),
        ocel_sqlite.write,
    ),
    Format(
        "gexf-structure",
        "gexf",
        "application/xml",
        ("Netz der Struktur (GEXF 1.3)", "Network of the structure (GEXF 1.3)"),
        (
            "Ebenen und Gremien, und was von wann bis wann wozu gehörte. Für Gephi und networkx.",
            "Levels and bodies, and what belonged to what from when to when. For Gephi and networkx.",
        ),
        networks.write_structure,
    ),
    Format(
        "gexf-meetings",
        "gexf",
        "application/xml",
        ("Netz der Teilnahme (GEXF 1.3)", "Network of attendance (GEXF 1.3)"),
        (
            "Akteure und Termine, und wer wozu eingeladen oder da war. Für Gephi und networkx.",
            "Actors and meetings, and who was invited to what, or there. For Gephi and networkx.",
        ),
        networks.write_meetings,
    ),
    Format(
        "entries",
        "jsonl",
        "application/jsonl",
        ("Einträge (JSON Lines)", "Entries (JSON Lines)"),
        (
            "Jeder Eintrag, wie er erfasst wurde, mit allen Feldern, eine Zeile je Eintrag. Für eigene Programme.",
            "Every entry as it was recorded, with all its fields, one line each. For programs of one's own.",
        ),
        _entries,
    ),
)
"""All but `statements`, which are for moving a process and not for reading; those first that most readers need."""

BY_NAME: Final = {format_.name: format_ for format_ in FORMATS}
STATEMENTS: Final = "statements"
NAMES: Final = (STATEMENTS, *sorted(BY_NAME))
LINES: Final = "application/jsonl"


def known(name: str) -> Format:
    """The format of a name."""
    if name not in BY_NAME:
        raise refused("format-unknown", format=name[:80], known=", ".join(NAMES))
    return BY_NAME[name]


def material(installed: Installation, answer: Answer, language: Language) -> Material:
    """What a file is made of."""
    through = installed.log.root_through(answer.process, answer.position)
    checkpoint = None if through is None else (through[0], b64encode(through[1]).decode(), installed.log.vkey())
    return Material(answer, language, checkpoint)


def write(
    installed: Installation,
    name: str,
    answer: Answer,
    audience: Audience,
    to: BinaryIO,
    language: Language,
    progress: Progress,
) -> int:
    """Writes one format. Whoever works on the process itself gets `entries` with keys and accounts, as on its pages."""
    made = material(installed, answer, language)
    if name == "entries" and works_on(audience, answer.process):
        to.writelines(f"{line}\n".encode() for line in entries.lines(answer))
    else:
        known(name).write(made, to, progress)
    return len(answer.view.effective.entries)


def works_on(audience: Audience, process: str) -> bool:
    """Whether somebody may do more in a process than read it."""
    return any(permits(audience, act, process) for act in ACTS)


def about_statements(process: str, times: Times, position: int) -> Json:
    """What a file of statements was made from, up to its last entry: for what has no place in the file itself."""
    return {
        "process": process,
        "audience": "internal",
        "known_by": None if times.known_by is None else times.known_by.isoformat(),
        "position": position,
        "version": position,
        "entries": position,
        "program": PROGRAM,
    }


def write_statements(
    installed: Installation, process: str, audience: Audience, times: Times, to: BinaryIO, progress: Progress
) -> int:
    """Writes the statements of a process, one after the other, and answers how many."""
    count = 0
    for count, line in enumerate(statements.lines(installed.service.statements(process, audience, times)), start=1):
        to.write(f"{line}\n".encode())
        if count % 1_000 == 0:
            progress(str(count))
    return count
