"""The structure drawn: inline SVG without script or style, and beside it a list that says the same.

What a box is stands in it in words; shape and border only repeat it, and colour says nothing alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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

_NARROW: Final = frozenset("iljtfrI.,:;'|!()[]-/ „“”‚‘’·")
_BROAD: Final = frozenset("mwMWQOGDH@%—–&→…")


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that is to be drawn, with what it is called and the words for its view."""

    title: str
    picture: Picture
    words: Wording


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as it is drawn, and the same as a list: every column with what stands in it."""

    title: str
    svg: Markup
    columns: Sequence[tuple[Markup, Sequence[Markup]]]


Line = tuple[str, Markup]
"""A line in a box: how it is set (`name` or `words`), and what it says."""


def drawings(name: str, shown: Sequence[Shown], marks: Mapping[str, str] | None = None) -> list[Drawing]:
    """Pictures over one and the same grid: what stands in two of them stands at the same place.

    `name` tells several such sets on a page apart. `marks` says of what changes how, by its id.
    """
    one, marks = grid([each.picture for each in shown]), marks or {}
    drawn = []
    told = [{box.id: list(_lines(box, one, each, marks)) for box in each.picture.boxes.values()} for each in shown]
    if NO_LEVEL in one.columns and shown:
        without = shown[0].words.t("Ohne Ebene", "On no level")
        told[0][NO_LEVEL] = [("name", escape(without))]
    heights = {id_: max(_height(lines.get(id_, ())) for lines in told) for id_ in one.cells}
    sheet = layout(one, {link for each in shown for link in each.picture.links}, heights)
    for index, (each, lines) in enumerate(zip(shown, told, strict=True)):
        svg = _svg(f"{name}-{index}", each, sheet, {**lines, NO_LEVEL: told[0].get(NO_LEVEL, [])}, marks)
        drawn.append(Drawing(each.title, svg, list(_listed(one, each, marks))))
    return drawn


# ---- what is said -------------------------------------------------------------------------------------------------


def _lines(box: Box, one: Grid, shown: Shown, marks: Mapping[str, str]) -> Iterator[Line]:
    for part in _broken(shown.words.named(box.id, box.name), NAME):
        yield "name", part
    for said in _said(box, one, shown, marks):
        for part in _broken(said, WORDS):
            yield "words", part


def _said(box: Box, one: Grid, shown: Shown, marks: Mapping[str, str]) -> Iterator[Markup]:
    """All that there is to say of a box but its name and what a line says."""
    words, boxes = shown.words, shown.picture.boxes
    if box.id in marks:
        yield escape(marks[box.id])
    if box.kind == "body":
        yield escape(words.kind_of(box.body_kind or "body"))
    yield escape(_state(box, words))
    if box.status is not None:
        yield escape(words.term(box.status, "status"))
    if box.gone is not None and box.gone.successor is not None:
        heir = box.gone.successor
        named = words.name(heir) if heir in words.view.state else words.content(heir)
        yield words.t("Nachfolge:", "Succeeded by:") + Markup(" ") + named
    at = box.column if box.column in boxes else NO_LEVEL
    if box.kind == "body" and one.columns[one.cells[box.id][0]] != at and box.gone is None:
        level = boxes.get(at)
        on = words.named(at, level.name) if level else escape(words.t("keiner", "none"))
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


def _listed(one: Grid, shown: Shown, marks: Mapping[str, str]) -> Iterator[tuple[Markup, list[Markup]]]:
    """The picture as a list: by column, in the order of the rows, with what the lines say in words."""
    words, boxes = shown.words, shown.picture.boxes
    above = dict(shown.picture.links)
    for index, column in enumerate(one.columns):
        bodies = sorted((row, id_) for id_, (at, row) in one.cells.items() if at == index and row)
        found = []
        for _, id_ in bodies:
            if (box := boxes.get(id_)) is None:
                continue
            said = list(_said(box, one, shown, marks))
            if id_ in above:
                parent = boxes[above[id_]]
                said.append(words.t("gehört zu:", "belongs to:") + Markup(" ") + words.named(parent.id, parent.name))
            found.append(Markup("{} – {}").format(words.named(id_, box.name), Markup(" · ").join(said)))
        if column == NO_LEVEL:
            yield escape(words.t("Ohne Ebene", "On no level")), found
        elif (level := boxes.get(column)) is not None:
            about = Markup(" · ").join(_said(level, one, shown, marks))
            yield Markup("{} – {}").format(words.named(column, level.name), about), found
        elif found:
            yield escape(words.t("Ebene, die es noch nicht gibt", "A level that is not there yet")), found


# ---- text that fits -----------------------------------------------------------------------------------------------


def _width(text: str, size: int) -> float:
    """How wide a text is at most, by kinds of letter: the fonts of readers differ."""
    bold = 1.1 if size == NAME else 1.0
    return size * bold * sum(0.4 if c in _NARROW else 1 if c in _BROAD else 0.74 if c.isupper() else 0.63 for c in text)


def _broken(said: Markup, size: int) -> Iterator[Markup]:
    """A text in lines that fit into a box; what is too long even by itself is broken at any letter."""
    room, line = WIDTH - 2 * PADDING, ""
    german = "<span lang=" in said
    for word in said.striptags().split():
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
    return Markup('<tspan lang="de">{}</tspan>').format(line) if german else escape(line)


def _height(lines: Sequence[Line]) -> int:
    return 2 * PADDING + sum(_size(kind) + LEADING for kind, _ in lines) if lines else 0


def _size(kind: str) -> int:
    return NAME if kind == "name" else WORDS


# ---- drawing ------------------------------------------------------------------------------------------------------


def _svg(id_: str, shown: Shown, sheet: Layout, told: Mapping[str, Sequence[Line]], marks: Mapping[str, str]) -> Markup:
    boxes, words = shown.picture.boxes, shown.words
    parts = [_band(id_, rect, boxes.get(column)) for column, rect in sheet.bands.items()]
    parts += [_link(sheet.lines[link]) for link in shown.picture.links if link in sheet.lines]
    for box, rect in ((boxes.get(each), rect) for each, rect in sheet.boxes.items()):
        if box is not None:
            parts.append(_box(box, rect, marked=box.id in marks))
            parts.append(_text(rect, told[box.id]))
    if NO_LEVEL in sheet.boxes:
        parts.append(_text(sheet.boxes[NO_LEVEL], told[NO_LEVEL]))
    about = words.t(
        "Spalten sind Ebenen, Kästen sind Gremien; eine Linie führt von einem Gremium zu dem, wozu es gehört."
        " Dasselbe steht daneben als Liste.",
        "Columns are levels, boxes are bodies; a line leads from a body to what it belongs to."
        " The list beside it says the same.",
    )
    return Markup(
        '<svg class="picture" role="img" aria-labelledby="{id}-title" aria-describedby="{id}-desc"'
        ' width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        '<title id="{id}-title">{title}</title><desc id="{id}-desc">{about}</desc>'
        '<defs><pattern id="{id}-hatch" width="8" height="8" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><path class="picture-hatch" d="M0 0V8"/></pattern></defs>{parts}</svg>'
    ).format(id=id_, width=sheet.width, height=sheet.height, title=shown.title, about=about, parts=Markup().join(parts))


def _band(id_: str, rect: Rect, level: Box | None) -> Markup:
    """The column of a level; that of one that was dropped is hatched."""
    band = Markup('<rect class="picture-band" x="{0.x}" y="{0.y}" width="{0.width}" height="{0.height}"/>').format(rect)
    if level is None or level.gone is None:
        return band
    hatched = Markup('<rect x="{1.x}" y="{1.y}" width="{1.width}" height="{1.height}" fill="url(#{0}-hatch)"/>')
    return band + hatched.format(id_, rect)


def _box(box: Box, rect: Rect, *, marked: bool) -> Markup:
    """A box in the shape of what it is; what changes has a second border."""
    kind = f"picture-box picture-box--{box.state}" + (" picture-box--level" if box.kind == "level" else "")
    if box.state == "gone":
        shape = Markup('<path class="{}" d="{}"/>').format(kind, _cut(rect))
    elif box.state == "outside":
        inner = Rect(rect.x + 4, rect.y + 4, rect.width - 8, rect.height - 8)
        shape = _rect(kind, rect, CORNER + 4) + _rect(kind, inner, CORNER)
    else:
        shape = _rect(kind, rect, 0 if box.kind == "level" else 4)
    if not marked:
        return shape
    around = Rect(rect.x - 5, rect.y - 5, rect.width + 10, rect.height + 10)
    return _rect("picture-mark", around, 6) + shape


def _rect(kind: str, rect: Rect, corner: int) -> Markup:
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>').format(
        kind, rect.x, rect.y, rect.width, rect.height, corner
    )


def _cut(rect: Rect) -> str:
    """The outline of a box without its corners."""
    right, below = rect.x + rect.width, rect.y + rect.height
    return (
        f"M{rect.x + CORNER} {rect.y}H{right - CORNER}L{right} {rect.y + CORNER}V{below - CORNER}"
        f"L{right - CORNER} {below}H{rect.x + CORNER}L{rect.x} {below - CORNER}V{rect.y + CORNER}Z"
    )


def _link(points: Sequence[tuple[int, int]]) -> Markup:
    (x, y), *rest = points
    path = f"M{x} {y}" + "".join(f"L{to[0]} {to[1]}" for to in rest)
    return Markup('<path class="picture-link" d="{}"/><circle class="picture-end" cx="{}" cy="{}" r="4"/>').format(
        path, x, y
    )


def _text(rect: Rect, lines: Sequence[Line]) -> Markup:
    said, y = [], rect.y + PADDING
    for kind, text in lines:
        y += _size(kind) + LEADING
        said.append(
            Markup('<text class="picture-{}" x="{}" y="{}">{}</text>').format(kind, rect.x + PADDING, y - LEADING, text)
        )
    return Markup().join(said)
