"""Registers on the command line: the tables of a sheet, one below the other, as plain text."""

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from adapters.phrases import tame
from adapters.registers import Register
from adapters.sheets.analytics import analytics_sheet
from adapters.sheets.parts import Content, Line, Mark, Nr, Part, Sheet, SheetTable
from adapters.terminal import Page
from projections.analytics.report import report
from projections.telling import Named


def drawn(page: Page, register: Register) -> Group:
    """A register under the head of its answer."""
    return _drawn(page, register.sheet(page.answer.view, page.language))


def drawn_figures(page: Page) -> Group:
    """All figures under the head of their answer, as its reader may see them."""
    return _drawn(page, analytics_sheet(report(page.answer.view, public=page.answer.public), page.language))


def _drawn(page: Page, sheet: Sheet) -> Group:
    parts: list[RenderableType] = []
    if page.answer.public:
        parts += [Text(), Text(page.say("published-only"))]
    for shown in sheet.tables:
        parts += [Text(), Text(_head(page, shown.heading), style="bold")]
        parts += [Text(_line(page, note)) for note in shown.notes]
        parts.append(_table(page, shown) if shown.rows else Text(shown.empty))
    return page.framed(*parts[1:])


def _table(page: Page, shown: SheetTable) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for column in shown.columns:
        table.add_column(Text(_head(page, column)), overflow="fold")
    for row in shown.rows:
        table.add_row(*(Text("\n".join(_line(page, line) for line in cell)) for cell in row))
    return table


def _head(page: Page, head: str | Line) -> str:
    return tame(head) if isinstance(head, str) else _line(page, head)


def _line(page: Page, line: Line) -> str:
    if len(line) == 1 and isinstance(line[0], Nr):  # alone in its column
        return str(line[0].number)
    return "".join(_part(page, part) for part in line)


def _part(page: Page, part: Part) -> str:
    match part:
        case Nr(number=number):
            return page.say("entry", number=number)
        case Content(text=text):
            return page.say("text-erased") if text is None else tame(text)
        case Mark(text=text):
            return text
        case Named(id=id_, name=name):
            return page.named(id_, name)
        case str():
            return part
