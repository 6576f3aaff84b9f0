"""What OCEL 2.0 asks of a log, written anew for these tests: the JSON Schema and the relational form.

The schema is that of section 8.2 of the specification and was held against its text; the five types of attributes,
which it leaves open, are added. The relational form was held against what pm4py asks of it (`ocel20_rel_validation`),
and `make peers` asks pm4py itself. Words and order are ours. A. Berti, I. Koren, J. N. Adams, G. Park, B. Knopp, N.
Graves, M. Rafiei, L. Liß, L. Tacke Genannt Unterberg, Y. Zhang, C. Schwanen, M. Pegoraro, W. M. P. van der Aalst: OCEL
(Object-Centric Event Log) 2.0 Specification, 2023, arXiv:2403.01975, licensed under CC BY 4.0.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft7Validator, FormatChecker

STRING = {"type": "string"}
TIME = {"type": "string", "format": "date-time"}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TYPE = _object(
    {
        "name": STRING,
        "attributes": _list(
            _object({"name": STRING, "type": {"enum": ["string", "time", "integer", "float", "boolean"]}})
        ),
    }
)
RELATIONS = {"relationships": _list(_object({"objectId": STRING, "qualifier": STRING}))}
SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    **_object(
        {
            "eventTypes": _list(TYPE),
            "objectTypes": _list(TYPE),
            "events": _list(
                _object(
                    {"id": STRING, "type": STRING, "time": TIME},
                    {"attributes": _list(_object({"name": STRING, "value": STRING})), **RELATIONS},
                )
            ),
            "objects": _list(
                _object(
                    {"id": STRING, "type": STRING},
                    {"attributes": _list(_object({"name": STRING, "value": STRING, "time": TIME})), **RELATIONS},
                )
            ),
        }
    ),
}
VALIDATOR = Draft7Validator(SCHEMA, format_checker=FormatChecker(["date-time"]))


def faults(log: dict[str, Any]) -> list[str]:
    """Where a log is not as the schema has it."""
    return [f"{fault.json_path}: {fault.message}" for fault in VALIDATOR.iter_errors(log)]


# ---- the relational form ------------------------------------------------------------------------------------------

COLUMNS = {
    "event": {"ocel_id", "ocel_type"},
    "object": {"ocel_id", "ocel_type"},
    "event_map_type": {"ocel_type", "ocel_type_map"},
    "object_map_type": {"ocel_type", "ocel_type_map"},
    "event_object": {"ocel_event_id", "ocel_object_id", "ocel_qualifier"},
    "object_object": {"ocel_source_id", "ocel_target_id", "ocel_qualifier"},
}
"""The tables that every log has."""

KEYS = {
    "event": ["ocel_id"],
    "object": ["ocel_id"],
    "event_map_type": ["ocel_type"],
    "object_map_type": ["ocel_type"],
    "event_object": ["ocel_event_id", "ocel_object_id", "ocel_qualifier"],
    "object_object": ["ocel_source_id", "ocel_target_id", "ocel_qualifier"],
}
REFERENCES = {
    "event": {("ocel_type", "event_map_type", "ocel_type")},
    "object": {("ocel_type", "object_map_type", "ocel_type")},
    "event_object": {("ocel_event_id", "event", "ocel_id"), ("ocel_object_id", "object", "ocel_id")},
    "object_object": {("ocel_source_id", "object", "ocel_id"), ("ocel_target_id", "object", "ocel_id")},
}


def broken(database: sqlite3.Connection) -> list[str]:
    """The names of the constraints that a database does not meet; there are 24."""
    return [name for name, met in constraints(database) if not met]


def constraints(database: sqlite3.Connection) -> Iterator[tuple[str, bool]]:
    """Each by its name, and whether it is met."""
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    own = {
        kind: {t for t in tables if t.startswith(f"{kind}_")} - {f"{kind}_map_type", f"{kind}_object"}
        for kind in ("event", "object")
    }
    yield "all tables", set(COLUMNS) <= tables
    for kind in ("event", "object"):
        mapped = {f"{kind}_{name}" for (name,) in database.execute(f"SELECT ocel_type_map FROM {kind}_map_type")}
        yield f"a table for each type of {kind}, and no more", mapped == own[kind]
    for table, columns in COLUMNS.items():
        yield f"columns of {table}", _columns(database, table).keys() == columns
    yield "columns of events", all({"ocel_id", "ocel_time"} <= _columns(database, t).keys() for t in own["event"])
    changed = {"ocel_id", "ocel_time", "ocel_changed_field"}
    yield "columns of objects", all(changed <= _columns(database, t).keys() for t in own["object"])
    times = [_columns(database, t).get("ocel_time") for t in (*own["event"], *own["object"])]
    yield "times are timestamps", set(times) <= {"TIMESTAMP"}
    for table, key in KEYS.items():
        yield f"key of {table}", _key(database, table) == key
    yield "key of events", all(_key(database, table) == ["ocel_id"] for table in own["event"])
    for table, references in REFERENCES.items():
        yield f"references of {table}", _references(database, table) == references
    yield (
        "references of events and objects",
        all(_references(database, t) == {("ocel_id", kind, "ocel_id")} for kind in own for t in own[kind]),
    )


def _columns(database: sqlite3.Connection, table: str) -> dict[str, str]:
    return {row[1]: row[2] for row in database.execute(f'PRAGMA table_info("{table}")')}


def _key(database: sqlite3.Connection, table: str) -> list[str]:
    rows = [row for row in database.execute(f'PRAGMA table_info("{table}")') if row[5]]
    return [row[1] for row in sorted(rows, key=lambda row: row[5])]


def _references(database: sqlite3.Connection, table: str) -> set[tuple[str, str, str]]:
    return {(row[3], row[2], row[4]) for row in database.execute(f'PRAGMA foreign_key_list("{table}")')}
