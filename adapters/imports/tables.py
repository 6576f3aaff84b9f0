"""Tables as offices have them: XLSX and CSV, read into rows of texts, with every cell that cannot be read named.

Dates become 2018-03-14, numbers are written with a point and without anything more, yes and no in German. Values only:
what a formula shows is its value as it was saved, and a formula that was never calculated is named.
"""

import csv
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any, BinaryIO, Final
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from adapters.media_types import BROKEN_ZIP, kind_of
from domain.errors import Refusal, refused

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 100
MOST_LETTERS: Final = 20_000
MOST_UNPACKED: Final = 150_000_000
"""Bytes: a workbook is a ZIP, and a small one can be made to unpack to anything."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number in the sheet, its cells, and what is wrong with any of them."""

    number: int
    cells: Sequence[str]
    faults: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its headings, its rows that are not empty, and the names of the sheets that were left out."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Row]
    left_out: Sequence[str] = ()

    def packed(self) -> bytes:
        return zlib.compress(json.dumps(asdict(self)).encode())


def unpacked(content: bytes) -> Grid:
    """A table as it was put away."""
    told = json.loads(zlib.decompress(content))
    rows = [Row(row["number"], row["cells"], [tuple(fault) for fault in row["faults"]]) for row in told.pop("rows")]
    return Grid(**told, rows=rows)


def letter(column: int) -> str:
    """What a column is called in the sheet: A, B, … AA."""
    return get_column_letter(column + 1)


def read_table(content: BinaryIO, name: str) -> Grid:
    """The table in a file, or why it cannot be read."""
    if not content.seek(0, 2):
        raise refused("document-empty", name=name)
    kind = kind_of(content, name)
    if kind == "XLSX":
        rows, left_out = _workbook(content, name)
    elif kind in {"CSV", "TXT"}:
        rows, left_out = list(_csv(content.read(), name)), []
    else:
        raise refused("table-kind", name=name)
    filled = [row for row in rows if any(row.cells) or row.faults]
    if len(filled) < 2:
        raise refused("table-empty", name=name)
    head, *rest = filled
    return Grid(name, head.cells, rest, left_out)


def _cut(number: int, values: Iterable[Any], name: str) -> Row:
    cells: list[str] = []
    faults: list[tuple[int, str]] = []
    for column, value in enumerate(values):
        text = _text(value)
        if text and column >= MOST_COLUMNS:
            raise refused("table-wide", name=name, most=MOST_COLUMNS)
        if len(text) > MOST_LETTERS:
            faults.append((column, Refusal("cell-too-long").code))
        if text.startswith("#") and text in _BROKEN:
            faults.append((column, Refusal("cell-broken").code))
        cells.append(text[:MOST_LETTERS])
    while cells and not cells[-1]:
        cells.pop()
    return Row(number, cells, faults)


_BROKEN: Final = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nein"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M}"
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return f"{value:.12f}".rstrip("0").rstrip(".")
    return str(value).strip()


# ---- workbooks ----------------------------------------------------------------------------------------------------


def _workbook(content: BinaryIO, name: str) -> tuple[list[Row], list[str]]:
    try:
        with ZipFile(content) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise refused("table-bomb", name=name, most=MOST_UNPACKED // 1_000_000)
            return _sheet(content, archive, name)
    except (*BROKEN_ZIP, LookupError, ArithmeticError, TypeError, AttributeError, SyntaxError):
        raise refused("table-unreadable", name=name) from None


def _sheet(content: BinaryIO, archive: ZipFile, name: str) -> tuple[list[Row], list[str]]:
    """The first sheet that is not hidden."""
    values, formulas = (load_workbook(content, read_only=True, data_only=data_only) for data_only in (True, False))
    visible = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise refused("table-empty", name=name)
    chosen = visible[0]
    part: Any = chosen  # read-only sheets tell nothing of merged cells
    told = archive.read(part._worksheet_path)  # noqa: SLF001
    if merged := re.findall(rb'<mergeCell [^>]*ref="([A-Z0-9:]+)"', told):
        raise refused("table-merged", name=name, cells=[each.decode() for each in merged[:20]])
    rows: list[Row] = []
    both = zip(
        chosen.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True),
        formulas[chosen.title].iter_rows(max_col=MOST_COLUMNS + 1, values_only=True),
        strict=True,
    )
    for number, (shown, written) in enumerate(both, start=1):
        row = _cut(number, shown, name)
        never = [
            (column, Refusal("cell-formula").code)
            for column, (value, formula) in enumerate(zip(shown, written, strict=False))
            if value is None and isinstance(formula, str) and formula.startswith("=")
        ]
        if row.cells or never:
            rows.append(Row(number, row.cells, [*row.faults, *never]))
        if len(rows) > MOST_ROWS + 1:
            raise refused("table-long", name=name, most=MOST_ROWS)
    return rows, [sheet.title for sheet in values.worksheets if sheet is not chosen]


# ---- CSV ----------------------------------------------------------------------------------------------------------


def _csv(content: bytes, name: str) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    begin = re.sub(r'"[^"]*"', "", text.lstrip()[:20_000]).partition("\n")[0]
    delimiter = max(";,\t", key=begin.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    count, number = 0, 1
    try:
        for values in reader:
            row = _cut(number, values, name)
            number = reader.line_num + 1
            count += bool(row.cells)
            if count > MOST_ROWS + 1:
                raise refused("table-long", name=name, most=MOST_ROWS)
            yield row
    except csv.Error:
        raise refused("table-unreadable", name=name) from None
