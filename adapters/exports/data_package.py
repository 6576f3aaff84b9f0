"""The tables as CSV files with a description that programs read: a Data Package (version 2), as a ZIP.

CSV as in RFC 4180: UTF-8 without a mark in front, commas, one line of heads, nothing where nothing is known.
"""

import csv
import io
import json
from collections.abc import Callable
from typing import BinaryIO, Final

from adapters.answers import Json
from adapters.exports.archive import Archive
from adapters.exports.material import Material
from adapters.exports.tables import TABLES, Column, Table, written

PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE: Final = "https://datapackage.org/profiles/2.0/dataresource.json"
SCHEMA: Final = "https://datapackage.org/profiles/2.0/tableschema.json"


def write(material: Material, to: BinaryIO, progress: Callable[[str], None]) -> None:
    """The whole package."""
    with Archive(to, progress) as archive:
        add(material, archive)


def add(material: Material, archive: Archive) -> None:
    """The tables and their description, into an archive."""
    for table in TABLES:
        with archive.file(f"{table.name}.csv") as member:
            text = io.TextIOWrapper(io.BufferedWriter(member), encoding="utf-8", newline="")
            lines = csv.writer(text)
            lines.writerow(column.name for column in table.columns)
            lines.writerows(map(written, row) for row in table.rows(material))
            text.flush()
            text.detach().detach()  # the archive closes what it opened
    archive.add("datapackage.json", json_bytes(_described(material, archive)))


def json_bytes(content: Json) -> bytes:
    """JSON for people and programs."""
    return f"{json.dumps(content, ensure_ascii=False, indent=2)}\n".encode()


def _described(material: Material, archive: Archive) -> Json:
    about = material.about
    return {
        "$schema": PROFILE,
        "name": f"werdegang-{about['process']}",
        "title": f"{about['process']}, {about['happened_by']}",
        "description": "Each number refers to an entry of the process, each id to an object. codebook.csv says what"
        " stands in which column.",
        "version": f"{about['position']}-{about['version']}",
        "x-werdegang": about,
        "resources": [_resource(table, archive) for table in TABLES],
    }


def _resource(table: Table, archive: Archive) -> Json:
    file = archive.files[f"{table.name}.csv"]
    foreign = [column for column in table.columns if column.refers]
    return {
        "$schema": RESOURCE,
        "name": table.name,
        "path": f"{table.name}.csv",
        "type": "table",
        "title": table.about[0],
        "description": table.about[1],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {
            "$schema": SCHEMA,
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            **({"primaryKey": list(table.key)} if table.key else {}),
            **({"foreignKeys": [_foreign(table, column) for column in foreign]} if foreign else {}),
        },
    }


def _field(column: Column) -> Json:
    must = {"required": True} if column.required else {}
    terms = {"enum": list(column.terms)} if column.terms else {}
    limits = {"constraints": {**must, **terms}} if must or terms else {}
    form = {"format": "any"} if column.type == "datetime" else {}
    words = {"trueValues": ["true"], "falseValues": ["false"]} if column.type == "boolean" else {}
    german, english = column.about
    return {
        "name": column.name,
        "type": column.type,
        **form,
        **words,
        "title": german,
        "description": english,
        **limits,
    }


def _foreign(table: Table, column: Column) -> Json:
    of, field = column.refers.split(".")
    resource = {} if of == table.name else {"resource": of}
    return {"fields": [column.name], "reference": {**resource, "fields": [field]}}
