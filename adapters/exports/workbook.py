"""Lists as a workbook for Excel: the registers, the actors and what happened, in the words of the pages.

No cell is ever a formula: a text that begins like one is a text. Dates that are exact are dates, all others are words.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from adapters.exports.archive import undated
from adapters.exports.material import Material
from adapters.registers import REGISTERS
from adapters.sheets.parts import Cell, Content, Mark, Nr, Part, SheetTable, Speaker
from domain.view import View
from domain.words import TYPES, word
from projections.telling import Named, line, name
from projections.timeline import numbers_in_order

LISTS: Final = ("promises", "meetings", "attendance", "decisions", "open")
"""The registers that a workbook has, by their names."""

MOST_IN_CELL: Final = 32_000
_NOT_IN_XML: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_TITLES: Final = re.compile(r"[\\/*?:\[\]]")


def write(material: Material, to: BinaryIO, progress: Callable[[str], None]) -> None:
    """Everything that there is a list of, each on a sheet of its own, and first what all of it was made from."""
    view, language = material.view, material.language
    speaker, book = Speaker(language), Workbook(write_only=True)
    t = speaker.t
    about = ((name, "" if value is None else str(value)) for name, value in material.about.items())
    _sheet(book, t("Herkunft", "Origin"), [t("Was", "What"), t("Wert", "Value")], about)
    _sheet(book, t("Verlauf", "Timeline"), _timeline_head(speaker), _timeline(view, speaker))
    _sheet(book, t("Akteure", "Actors"), [t("Kennung", "Id"), "Name", t("Art", "Kind")], _actors(view, speaker))
    for register in REGISTERS:
        if register.name in LISTS:
            title = register.label[0 if language == "de" else 1]
            tables = register.sheet(view, language).tables
            progress(title)
            for number, table in enumerate(tables, start=1):
                _register(book, title if len(tables) == 1 else f"{title} {number}", table, speaker)
    book.properties.created = book.properties.modified = datetime(1980, 1, 1)  # noqa: DTZ001  # as in a ZIP: no time
    with _Undated(to, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).write_data()


class _Undated(ZipFile):
    """Has openpyxl write a file that is the same bytes each time."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        super().writestr(undated(zinfo_or_arcname), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        with Path(filename).open("rb") as file, self.open(undated(arcname or filename), "w") as member:
            shutil.copyfileobj(file, member)


def _timeline_head(speaker: Speaker) -> list[str]:
    t = speaker.t
    return [
        *(t("Nr.", "No."), t("Tag", "Day"), t("Wann, in Worten", "When, in words"), t("Was geschah", "What happened")),
        *(t("Worum es geht", "What it is about"), t("Begründung", "Reason"), t("Öffentlich", "Public")),
    ]


def _timeline(view: View, speaker: Speaker) -> Iterable[Sequence[Any]]:
    for number in numbers_in_order(view):
        told = line(view, number)
        occurred = told.occurred
        yield (
            number,
            _exact(occurred.edtf if occurred else None),
            "".join(map(_plain(speaker), speaker.when(occurred))) if occurred else "",
            word(TYPES, told.type, speaker.language),
            told.headline or (told.unnamed and (told.unnamed.name.text or told.unnamed.id)) or "",
            told.grounds or "",
            speaker.t("ja", "yes") if told.public_from else speaker.t("nein", "no"),
        )


def _actors(view: View, speaker: Speaker) -> Iterable[Sequence[Any]]:
    for id_, subject in sorted(view.state.items()):
        if subject.kind == "actor":
            kind = view.standing(id_).attributes.get("kind")
            yield (
                id_,
                name(view, id_).text or "",
                "" if kind is None or not kind.value else speaker.term(str(kind.value), "kind"),
            )


def _register(book: Workbook, title: str, table: SheetTable, speaker: Speaker) -> None:
    plain = _plain(speaker)
    heads = [column if isinstance(column, str) else "".join(map(plain, column)) for column in table.columns]
    _sheet(book, title, heads, ([_said(cell, plain) for cell in row] for row in table.rows))


def _said(cell: Cell, plain: Any) -> str:
    return "\n".join("".join(map(plain, each)) for each in cell)


def _plain(speaker: Speaker) -> Any:
    def said(part: Part) -> str:
        match part:
            case Nr(number=number):
                return speaker.t("Nr. {n}", "No. {n}", n=number)
            case Content(text=text):
                return speaker.t("[Text gelöscht]", "[Text erased]") if text is None else text
            case Mark(text=text):
                return text
            case Named(id=id_, name=called):
                return called.text or id_
        return part

    return said


def _exact(edtf: str | None) -> date | None:
    """The day of a date that is known to the day."""
    return date.fromisoformat(edtf) if edtf and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", edtf) else None


def _sheet(book: Workbook, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.create_sheet(_NOT_IN_TITLES.sub(" ", title)[:31])
    sheet.freeze_panes = "A2"
    for number, head in enumerate(heads, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = min(max(len(head) + 4, 14), 40)
    sheet.append([_cell(sheet, head, bold=True) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    if isinstance(value, str):
        value = _NOT_IN_XML.sub("\ufffd", value)[:MOST_IN_CELL]
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # also what begins with =, +, - or @: a text, never a formula
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@", "\t", "\r")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, date):
        cell.number_format = "DD.MM.YYYY"
    if bold:
        cell.font = Font(bold=True)
    return cell
