"""The structure drawn: inline SVG without script or style, and beside it a list that says the same.

What a box is stands in it in words; shape and border only repeat it, and colour says nothing alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from markupsafe import Markup, escape

from adapters.web.wording import Wording
from projections.layout import WIDTH, Layout, Rect, layout
from projections.picture import NO_LEVEL, Box, Grid, Picture, grid

PADDING: Final = 12
NAME, WORDS = 15, 13
"""Sizes of letters, in pixels."""

LEADING: Final = 5
CORNER: Final = 12
APART: Final = 8
"""How far around a body the column of a level that it belongs to no more is left out."""
HATCH: Final = 11
"""How far apart the lines are that a dropped level is hatched with."""

FONTS: Final = "Fira Sans, Segoe UI, Roboto, Arial, sans-serif"

_NARROW: Final = frozenset("iljtfrI.,:;'|!()[]-/ „“”‚‘’·")
_BROAD: Final = frozenset("mwMWQOGDH@%—–&→…")


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that is to be drawn, with what it is called and the words for its view.

    Where it is `linked`, a box leads to what it stands for; then it is read box by box, and not as one image.
    """

    title: str
    picture: Picture
    words: Wording
    linked: bool = False
    below: Sequence[str] = ()
    """What is written below the picture, as a part of it."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as it is drawn, and the same as a list: every column with what stands in it."""

    title: str
    svg: Markup
    columns: Sequence[tuple[Markup, Sequence[Markup]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where everything stands in all of some pictures."""

    grid: Grid
    layout: Layout


Line = tuple[str, Markup]
"""A line in a box: how it is set (`name` or `words`), and what it says."""

Marks = Mapping[str, str]
"""Of what changes how, in a word, by its id."""

Said = Mapping[str, Sequence[Markup]]
"""What there is to say of each box but its name, by its id."""


def drawings(name: str, shown: Sequence[Shown], marks: Marks | None = None) -> list[Drawing]:
    """Pictures over one and the same grid: what stands in two of them stands at the same place.

    `name` tells several such sets on a page apart.
    """
    marks = marks or {}
    boxes = [box for each in shown for box in each.picture.boxes.values()]
    links = [link for each in shown for link in each.picture.links]
    one = laid_out(grid([each.picture for each in shown]), boxes, links, shown[0].words, marks) if shown else None
    return [] if one is None else [drawing(f"{name}-{i}", each, one, marks) for i, each in enumerate(shown)]


def laid_out(
    one: Grid, boxes: Iterable[Box], links: Iterable[tuple[str, str]], words: Wording, marks: Marks | None = None
) -> Sheet:
    """A sheet with room for every one of the boxes, also for what one and the same says on another day."""
    heights: dict[str, int] = {NO_LEVEL: _height([("name", escape(_without_level(words)))])}
    for box in boxes:
        heights[box.id] = max(
            heights.get(box.id, 0), _height(list(_lines(box, words, _said(box, one, words, marks or {}))))
        )
    return Sheet(one, layout(one, set(links), heights))


def fits(sheet: Sheet, boxes: Iterable[Box], links: Iterable[tuple[str, str]], words: Wording, mark: str) -> bool:
    """Whether boxes and lines can be drawn on a sheet that was made for others, with any of the boxes marked."""
    return all(link in sheet.layout.lines for link in links) and all(
        box.id in sheet.layout.boxes
        and _height(list(_lines(box, words, _said(box, sheet.grid, words, {box.id: mark}))))
        <= sheet.layout.boxes[box.id].height
        for box in boxes
    )


def drawing(name: str, shown: Shown, sheet: Sheet, marks: Marks | None = None) -> Drawing:
    """A picture on its sheet; `name` tells it apart from others on a page."""
    marks = marks or {}
    said = _each_said(sheet.grid, shown, marks)
    listed = list(_listed(sheet.grid, shown, said))
    columns = [(column.said, [said for _, said in column.bodies]) for column in listed]
    return Drawing(shown.title, _svg(name, shown, sheet, listed, said, marks), columns)


def file_of(shown: Shown, sheet: Sheet, caption: Sequence[str]) -> str:
    """A picture that stands alone, as a file: what it shows is written below it."""
    told = replace(shown, below=[*shown.below, *caption])
    said = _each_said(sheet.grid, told, {})
    return str(_svg("structure", told, sheet, list(_listed(sheet.grid, told, said)), said, {}, paper=True))


# ---- what is said -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Column:
    """A column in words: of its level, and of each body in it from the top down."""

    id: str
    name: str
    said: Markup
    bodies: Sequence[tuple[str, Markup]]


def _lines(box: Box, words: Wording, said: Iterable[Markup]) -> Iterator[Line]:
    for part in broken(words.named(box.id, box.name), NAME):
        yield "name", part
    for each in said:
        for part in broken(each, WORDS):
            yield "words", part


def _each_said(one: Grid, shown: Shown, marks: Marks) -> Said:
    boxes = shown.picture.boxes.items()
    return {id_: list(_said(box, one, shown.words, marks)) for id_, box in boxes if id_ in one.cells}


def _said(box: Box, one: Grid, words: Wording, marks: Marks) -> Iterator[Markup]:
    """All that there is to say of a box but its name and what a line says."""
    if box.id in marks:
        yield escape(marks[box.id])
    if box.kind == "body":
        yield escape(words.kind_of(box.body_kind or "body"))
    yield escape(_state(box, words))
    if box.status is not None:
        yield escape(words.term(box.status, "status"))
    if box.gone is not None and box.gone.successor is not None and box.heir is not None:
        yield words.t("Nachfolge:", "Succeeded by:") + Markup(" ") + words.named(box.gone.successor, box.heir)
    at = NO_LEVEL if box.level is None else box.column
    if box.kind == "body" and one.columns[one.cells[box.id][0]] != at and box.gone is None:
        on = escape(words.t("keiner", "none")) if box.level is None else words.named(at, box.level)
        yield words.t("jetzt auf Ebene:", "now on level:") + Markup(" ") + on
    if box.unrecorded:
        yield escape(words.t("Verbleib nicht dokumentiert", "destination not documented"))
    if box.inferred and box.kind == "body":
        yield escape(words.t("Zuordnung abgeleitet", "place inferred"))


def _state(box: Box, words: Wording) -> str:
    if box.state == "planned":
        return words.t("geplant", "planned")
    if box.gone is None:
        return words.presence(box.state)
    if box.kind == "level" and box.gone.how == "level-dropped":
        return words.t("weggefallen", "dropped")
    return words.end(box.gone)


def _without_level(words: Wording) -> str:
    return words.t("Ohne Ebene", "On no level")


def _listed(one: Grid, shown: Shown, said: Said) -> Iterator[_Column]:
    """The picture in words: by column, in the order of the rows, with what the lines say."""
    words, boxes = shown.words, shown.picture.boxes
    for index, column in enumerate(one.columns):
        standing = sorted((row, id_) for id_, (at, row) in one.cells.items() if at == index and row)
        found = [(id_, _body(boxes[id_], shown, said[id_])) for _, id_ in standing if id_ in boxes]
        if column == NO_LEVEL:
            yield _Column(column, _without_level(words), escape(_without_level(words)), found)
        elif (level := boxes.get(column)) is not None:
            about = Markup(" · ").join(said[column])
            name = words.named(column, level.name)
            yield _Column(column, str(name.striptags()), Markup("{} – {}").format(name, about), found)
        elif found:
            later = words.t("Ebene, die es noch nicht gibt", "A level that is not there yet")
            yield _Column(column, later, escape(later), found)


def _body(box: Box, shown: Shown, said: Sequence[Markup]) -> Markup:
    link = shown.picture.link(box.id)
    if link is not None:
        parent = shown.picture.boxes[link[1]]
        to = shown.words.named(parent.id, parent.name)
        said = [*said, shown.words.t("gehört zu:", "belongs to:") + Markup(" ") + to]
    return Markup("{} – {}").format(shown.words.named(box.id, box.name), Markup(" · ").join(said))


# ---- text that fits -----------------------------------------------------------------------------------------------


def _width(text: str, size: int) -> float:
    """How wide a text is at most, by kinds of letter: the fonts of readers differ."""
    bold = 1.1 if size == NAME else 1.0
    return size * bold * sum(0.4 if c in _NARROW else 1 if c in _BROAD else 0.74 if c.isupper() else 0.63 for c in text)


def broken(said: Markup, size: int, width: int = WIDTH) -> Iterator[Markup]:
    """A text in lines that fit into a box; what is too long even by itself is broken at any letter."""
    room, line = width - 2 * PADDING, ""
    german = "<span lang=" in said
    words = (said.striptags() if "<" in said or "&" in said else str(said)).split()
    if words and _width(whole := " ".join(words), size) <= room:
        yield _in_language(whole, german=german)
        return
    for word in words:
        rest = word
        while rest:
            joined = f"{line} {rest}" if line else rest
            if _width(joined, size) <= room:
                line, rest = joined, ""
            elif line:
                yield _in_language(line, german=german)
                line = ""
            else:
                fits = next(n for n in range(len(rest), 0, -1) if n == 1 or _width(rest[:n] + "-", size) <= room)
                yield _in_language(rest[:fits] + "-", german=german)
                rest = rest[fits:]
    if line:
        yield _in_language(line, german=german)


def _in_language(line: str, *, german: bool) -> Markup:
    return Markup(f'<tspan lang="de">{escape(line)}</tspan>') if german else escape(line)  # noqa: S704  # it is escaped


def _height(lines: Sequence[Line]) -> int:
    return 2 * PADDING + sum(_size(kind) + LEADING for kind, _ in lines) if lines else 0


def _size(kind: str) -> int:
    return NAME if kind == "name" else WORDS


# ---- drawing ------------------------------------------------------------------------------------------------------

INK, PAPER, HUE, EDGE, STRESS = "#171a2b", "#ffffff", "#f2f3f7", "#6b7391", "#1b3fa0"
"""Colours of a picture that stands alone; on a page the style sheet has its own, in dark mode, too."""

_PAINT: Final[Mapping[str, Mapping[str, str | float]]] = {
    "picture-name": {"fill": INK, "font-size": NAME, "font-weight": 600, "font-family": f"Fira Sans SemiBold, {FONTS}"},
    "picture-words": {"fill": INK, "font-size": WORDS},
    "picture-band": {"fill": HUE},
    "picture-hatch": {"fill": "none", "stroke": EDGE, "stroke-opacity": 0.6},
    "picture-box": {"fill": PAPER, "stroke": EDGE, "stroke-width": 1.5},
    "picture-box--level": {"stroke-width": 3},
    "picture-box--planned": {"stroke-dasharray": "2 4"},
    "picture-box--perhaps-there": {"stroke-dasharray": "9 4"},
    "picture-box--perhaps-ended": {"stroke-dasharray": "9 4"},
    "picture-box--gone": {"stroke-dasharray": "4 3"},
    "picture-apart": {"fill": PAPER},
    "picture-mark": {"fill": PAPER, "stroke": STRESS, "stroke-width": 3},
    "picture-link": {"fill": "none", "stroke": INK, "stroke-width": 2},
    "picture-end": {"fill": INK},
}
"""How each kind of shape is painted without a style sheet."""


Code = str
"""SVG that is finished: what comes from outside is escaped in it. A picture has thousands of shapes; by `Markup.format`
for each of them that took most of the time of a page.
"""


@cache
def _painted(kinds: str) -> Code:
    """The class of a shape for style sheets, and what it looks like without one."""
    look: dict[str, str | float] = {}
    for kind in kinds.split():
        look |= _PAINT.get(kind, {})
    attributes = " ".join(f'{name}="{value}"' for name, value in look.items())
    return f'class="{kinds}" {attributes}'


def _svg(
    id_: str, shown: Shown, sheet: Sheet, listed: Sequence[_Column], said: Said, marks: Marks, *, paper: bool = False
) -> Markup:
    boxes, words, laid = shown.picture.boxes, shown.words, sheet.layout
    bands = [_band(rect, boxes.get(column)) for column, rect in laid.bands.items()]
    bands += _apart(boxes.values(), sheet)
    lines = [_link(laid.lines[link]) for link in shown.picture.links if link in laid.lines]
    columns = [_column(column, shown, sheet, said, marks) for column in listed]
    told = [line for each in shown.below for line in broken(escape(each), WORDS, laid.width)]
    height = laid.height + (len(told) * (WORDS + LEADING) + 2 * PADDING if told else 0)
    below = Rect(0, laid.height, laid.width, height - laid.height)
    about = words.t(
        "Spalten sind Ebenen, Kästen sind Gremien; eine Linie führt von einem Gremium zu dem, wozu es gehört."
        " Dasselbe gibt es als Liste.",
        "Columns are levels, boxes are bodies; a line leads from a body to what it belongs to."
        " The same can be read as a list.",
    )
    paper_code = f'<rect width="{laid.width}" height="{height}" fill="{PAPER}"/>' if paper else ""
    code = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="{"group" if shown.linked else "img"}"'
        f' aria-labelledby="{id_}-title" aria-describedby="{id_}-desc" lang="{words.language}" font-family="{FONTS}"'
        f' width="{laid.width}" height="{height}" viewBox="0 0 {laid.width} {height}">'
        f'<title id="{id_}-title">{escape(shown.title)}</title><desc id="{id_}-desc">{escape(about)}</desc>'
        f'{paper_code}<g aria-hidden="true">{"".join(bands)}{"".join(lines)}</g>{"".join(columns)}'
        f"{_text(below, [('words', line) for line in told])}</svg>"
    )
    return Markup(code)  # noqa: S704  # all that comes from outside was escaped where it came in


def _column(column: _Column, shown: Shown, sheet: Sheet, said: Said, marks: Marks) -> Code:
    """The boxes of a column from the top down; where they are linked, as a list that names its level."""
    boxes, places = shown.picture.boxes, sheet.layout.boxes
    parts = []
    for id_ in (column.id, *(id_ for id_, _ in column.bodies)):
        if (box := boxes.get(id_)) is not None:
            lines = list(_lines(box, shown.words, said[id_]))
            drawn = _box(box, places[id_], marked=id_ in marks) + _text(places[id_], lines)
            parts.append(_linked(box, drawn, shown) if shown.linked else drawn)
    together = "".join(parts)
    if shown.linked and parts:
        together = f'<g role="list" aria-label="{escape(column.name)}">{together}</g>'
    if column.id != NO_LEVEL:
        return together
    title = _text(places[NO_LEVEL], [("name", escape(column.name))])
    return (f'<g aria-hidden="true">{title}</g>' if shown.linked else title) + together


def _linked(box: Box, drawn: Code, shown: Shown) -> Code:
    """A box that leads to the page of the body, or to the entry that established the level, also out of a frame."""
    words, link = shown.words, shown.picture.link(box.id)
    address = words.href(f"/gremien/{box.id}") if box.kind == "body" else words.entry(box.entry)
    belongs = ""
    if link is not None:
        parent = shown.picture.boxes[link[1]]
        name = escape(words.named(parent.id, parent.name).striptags())
        belongs = f"<desc>{escape(words.t('gehört zu:', 'belongs to:'))} {name}</desc>"
    to = f'<a class="picture-to" href="{escape(address)}" target="_top">{belongs}{drawn}</a>'
    return f'<g role="listitem">{to}</g>'


def _band(rect: Rect, level: Box | None) -> Code:
    """The column of a level; that of one that was dropped is hatched."""
    band = f"<rect {_painted('picture-band')} {_at(rect)}/>"
    if level is None or level.gone is None:
        return band
    return band + f'<path {_painted("picture-hatch")} d="{_hatching(rect)}"/>'


def _at(rect: Rect) -> Code:
    return f'x="{rect.x}" y="{rect.y}" width="{rect.width}" height="{rect.height}"'


def _apart(boxes: Iterable[Box], sheet: Sheet) -> Iterator[Code]:
    """Paper below each body that stands in the column of a level it belongs to no more: the column is not its own."""
    grid, laid = sheet.grid, sheet.layout
    for box in boxes:
        column = grid.columns[grid.cells[box.id][0]] if box.id in grid.cells else NO_LEVEL
        if box.kind == "body" and box.gone is None and column != box.column and column in laid.bands:
            band, rect = laid.bands[column], laid.boxes[box.id]
            around = Rect(band.x, rect.y - APART, band.width, rect.height + 2 * APART)
            yield f"<rect {_painted('picture-apart')} {_at(around)}/>"


def _hatching(rect: Rect) -> str:
    """Slanting lines over a rectangle. A pattern that fills it looks the same, and takes far longer to draw as PNG."""
    lines = []
    for reach in range(HATCH, rect.width + rect.height, HATCH):
        across, down = min(reach, rect.width), min(reach, rect.height)
        lines.append(f"M{rect.x + across} {rect.y + reach - across}L{rect.x + reach - down} {rect.y + down}")
    return "".join(lines)


def _box(box: Box, rect: Rect, *, marked: bool) -> Code:
    """A box in the shape of what it is; what changes has a second border."""
    kind = f"picture-box picture-box--{box.state}" + (" picture-box--level" if box.kind == "level" else "")
    if box.state == "gone":
        shape = f'<path {_painted(kind)} d="{_cut(rect)}"/>'
    elif box.state == "outside":
        inner = Rect(rect.x + 4, rect.y + 4, rect.width - 8, rect.height - 8)
        shape = _rect(kind, rect, CORNER + 4) + _rect(kind, inner, CORNER)
    else:
        shape = _rect(kind, rect, 0 if box.kind == "level" else 4)
    if not marked:
        return shape
    around = Rect(rect.x - 5, rect.y - 5, rect.width + 10, rect.height + 10)
    return _rect("picture-mark", around, 6) + shape


def _rect(kind: str, rect: Rect, corner: int) -> Code:
    return f'<rect {_painted(kind)} {_at(rect)} rx="{corner}"/>'


def _cut(rect: Rect) -> str:
    """The outline of a box without its corners."""
    right, below = rect.x + rect.width, rect.y + rect.height
    return (
        f"M{rect.x + CORNER} {rect.y}H{right - CORNER}L{right} {rect.y + CORNER}V{below - CORNER}"
        f"L{right - CORNER} {below}H{rect.x + CORNER}L{rect.x} {below - CORNER}V{rect.y + CORNER}Z"
    )


def _link(points: Sequence[tuple[int, int]]) -> Code:
    (x, y), *rest = points
    path = f"M{x} {y}" + "".join(f"L{to[0]} {to[1]}" for to in rest)
    return f'<path {_painted("picture-link")} d="{path}"/><circle {_painted("picture-end")} cx="{x}" cy="{y}" r="4"/>'


def _text(rect: Rect, lines: Sequence[Line]) -> Code:
    said, y = [], rect.y + PADDING
    for kind, text in lines:
        y += _size(kind) + LEADING
        said.append(f'<text {_painted(f"picture-{kind}")} x="{rect.x + PADDING}" y="{y - LEADING}">{text}</text>')
    return "".join(said)
