"""The event log as an OCEL 2.0 database, with every key of the standard.

What it was made from stands in the table `x_werdegang`, which readers pass over.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

from adapters.exports.material import Material
from adapters.exports.ocel import FIRST, Log, Object

TYPES: Final = {"string": "TEXT", "time": "TIMESTAMP", "integer": "INTEGER", "boolean": "BOOLEAN"}

ALL_TYPES: Final = """
CREATE TABLE "event_map_type" ("ocel_type" TEXT PRIMARY KEY, "ocel_type_map" TEXT);
CREATE TABLE "object_map_type" ("ocel_type" TEXT PRIMARY KEY, "ocel_type_map" TEXT);
CREATE TABLE "event" ("ocel_id" TEXT PRIMARY KEY, "ocel_type" TEXT REFERENCES "event_map_type"("ocel_type"));
CREATE TABLE "object" ("ocel_id" TEXT PRIMARY KEY, "ocel_type" TEXT REFERENCES "object_map_type"("ocel_type"));
CREATE TABLE "event_object" (
    "ocel_event_id" TEXT REFERENCES "event"("ocel_id"),
    "ocel_object_id" TEXT REFERENCES "object"("ocel_id"),
    "ocel_qualifier" TEXT,
    PRIMARY KEY ("ocel_event_id", "ocel_object_id", "ocel_qualifier")
);
CREATE TABLE "object_object" (
    "ocel_source_id" TEXT REFERENCES "object"("ocel_id"),
    "ocel_target_id" TEXT REFERENCES "object"("ocel_id"),
    "ocel_qualifier" TEXT,
    PRIMARY KEY ("ocel_source_id", "ocel_target_id", "ocel_qualifier")
);
CREATE TABLE "x_werdegang" ("name" TEXT PRIMARY KEY, "value" TEXT);
"""


def write(material: Material, to: BinaryIO, progress: Callable[[str], None]) -> None:  # noqa: ARG001  # it is one file
    """The whole database. It is made in a file beside, since SQLite writes to no stream."""
    with TemporaryDirectory(prefix="werdegang-") as folder:
        file = Path(folder) / "log.sqlite"
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            # Nobody else reads it meanwhile, and what is not finished is not kept: no journal is needed.
            database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;")
            database.execute("BEGIN")
            _fill(database, Log(material))
            database.execute("COMMIT")
        with file.open("rb") as made:
            shutil.copyfileobj(made, to)


def _fill(database: sqlite3.Connection, log: Log) -> None:
    for statement in ALL_TYPES.strip().split(";\n"):
        database.execute(statement.removesuffix(";"))
    event_types, object_types = log.event_types(), log.object_types()
    _insert(database, "x_werdegang", ((name, None if v is None else str(v)) for name, v in log.about.items()))
    for kind, types, more in (("event", event_types, ""), ("object", object_types, ', "ocel_changed_field" TEXT')):
        _insert(database, f"{kind}_map_type", ((name, mapped(name)) for name in types))
        for name, attributes in types.items():
            columns = "".join(f", {_quoted(each)} {TYPES[type_]}" for each, type_ in attributes.items())
            id_ = '"ocel_id" TEXT PRIMARY KEY' if kind == "event" else '"ocel_id" TEXT'
            database.execute(
                f'CREATE TABLE {_quoted(f"{kind}_{mapped(name)}")} ({id_} REFERENCES "{kind}"("ocel_id"),'
                f' "ocel_time" TIMESTAMP{more}{columns})'
            )
    for each in log.objects():
        _insert(database, "object", [(each.id, each.type)])
        names = list(object_types[each.type])
        _insert(database, f"object_{mapped(each.type)}", _states(each, names))
    for each in log.objects():
        _insert(database, "object_object", ((each.id, id_, qualifier) for id_, qualifier in each.relations))
    for event in log.events():
        _insert(database, "event", [(event.id, event.type)])
        values = [_value(event.attributes.get(name), type_) for name, type_ in event_types[event.type].items()]
        _insert(database, f"event_{mapped(event.type)}", [(event.id, _time(event.time), *values)])
        _insert(database, "event_object", ((event.id, id_, qualifier) for id_, qualifier in event.relations))


def mapped(type_: str) -> str:
    """The name of a type as it stands in the name of its table."""
    return "".join(part.capitalize() for part in type_.split("-"))


def _states(each: Object, names: list[str]) -> Iterator[tuple[object, ...]]:
    """The first values of an object in one row, and then a row for every change."""
    first: dict[str, str] = {name: value for name, value, time in each.attributes if time == FIRST}
    yield each.id, _time(FIRST), None, *(first.get(name) for name in names)
    for name, value, time in each.attributes:
        if time != FIRST:
            yield each.id, _time(time), name, *(value if other == name else None for other in names)


def _value(value: str | None, type_: str) -> str | int | None:
    if value is None or type_ == "string":
        return value
    if type_ == "time":
        return _time(value)
    return int(value) if type_ == "integer" else int(value == "true")


def _time(instant: str) -> str:
    """An instant in UTC, as SQLite's own functions read and write it."""
    return instant.replace("T", " ").removesuffix("Z")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _insert(database: sqlite3.Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    for row in rows:
        database.execute(f"INSERT INTO {_quoted(table)} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608  # our names
