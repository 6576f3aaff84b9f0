"""Figures drawn: bars and curves as SVG without script or style; beside each of them stands a table that says the same.

Nothing rests on colour: what is certain is filled, what may be is outlined with dashes, and each number stands there
in words. The lower and the upper one of two curves differ by their dashes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from adapters.sheets.analytics import Drawable, label, number, part_title
from adapters.sheets.parts import Line, Speaker
from adapters.web.svg import EDGE, FONTS, HUE, INK, PAPER, WORDS, broken
from adapters.web.wording import Wording
from projections.analytics.figures import Breakdown, Curve, Row
from projections.telling import Named

WIDTH: Final = 640
LABELS: Final = 230
SAID: Final = 130
"""How much room labels and the words for a number have beside the bars."""

LINE: Final = 18
BAR: Final = 16
GAP: Final = 10
MOST_BARS: Final = 30

HEIGHT: Final = 260
LEFT, RIGHT, TOP, BELOW = 56, 16, 12, 44

_PAINT: Final[Mapping[str, str]] = {
    "chart-text": f'fill="{INK}" font-size="{WORDS}"',
    "chart-sure": f'fill="{EDGE}" stroke="{INK}" stroke-width="1"',
    "chart-perhaps": f'fill="{PAPER}" stroke="{INK}" stroke-width="1" stroke-dasharray="4 3"',
    "chart-axis": f'fill="none" stroke="{INK}" stroke-width="1"',
    "chart-between": f'fill="{HUE}"',
    "chart-upper": f'fill="none" stroke="{INK}" stroke-width="2"',
    "chart-lower": f'fill="none" stroke="{INK}" stroke-width="2" stroke-dasharray="6 4"',
}
"""How each kind of shape is painted without a style sheet."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn, in the words for its view."""

    drawn: Drawable
    words: Wording


def chart(given: Chart, caption: Sequence[str] = ()) -> Markup:
    """A breakdown or a curve as it is drawn; a file that stands alone has a caption below it."""
    part = given.drawn.part
    if isinstance(part, Curve):
        return _framed(given, _curve(part, Speaker(given.words.language)), HEIGHT, caption)
    shapes, height = _bars(part, given.words)
    return _framed(given, shapes, height, caption)


def _framed(given: Chart, shapes: Markup, height: int, caption: Sequence[str]) -> Markup:
    say, id_ = Speaker(given.words.language), given.drawn.anchor
    lines = [part for said in caption for part in broken(escape(said), WORDS, WIDTH)]
    whole = height + (len(lines) * LINE + 2 * GAP if lines else 0)
    told = Markup().join(_text(line, 12, height + GAP + LINE * (at + 1)) for at, line in enumerate(lines))
    paper = Markup('<rect width="{}" height="{}" fill="{}"/>').format(WIDTH, whole, PAPER) if lines else ""
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="{id}-title {id}-desc"'
        ' lang="{language}" font-family="{fonts}" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        '<title id="{id}-title">{title}</title><desc id="{id}-desc">{about}</desc>{paper}{shapes}{told}</svg>'
    ).format(
        id=id_,
        language=given.words.language,
        fonts=FONTS,
        width=WIDTH,
        height=whole,
        title=part_title(say, given.drawn.part),
        about=say.t("Dasselbe steht daneben als Tabelle.", "The same stands beside it as a table."),
        paper=paper,
        shapes=shapes,
        told=told,
    )


# ---- bars ---------------------------------------------------------------------------------------------------------


def _bars(part: Breakdown, words: Wording) -> tuple[Markup, int]:
    """A bar for each row: as long as the number at least is, and with dashes as long as it can be at most."""
    say, rows = Speaker(words.language), part.rows[:MOST_BARS]
    most = 1.0 if part.unit in ("share", "index") else max((_reach(row) for row in rows), default=0) or 1.0
    room = WIDTH - LABELS - SAID
    shapes, y = [], GAP
    for row in rows:
        named = list(broken(_plain(label(say, part, row), words), WORDS, LABELS))
        height = max(BAR, LINE * len(named))
        shapes += [_text(text, 4, y + LINE * (at + 1) - 4) for at, text in enumerate(named)]
        sure = 0.0 if row.value is None else row.value.at_least / most * room
        can = 0.0 if row.value is None else (room if row.value.at_most is None else row.value.at_most / most * room)
        if can > sure:
            shapes.append(_rect("chart-perhaps", LABELS + sure, y, can - sure))
        if sure:
            shapes.append(_rect("chart-sure", LABELS, y, sure))
        said = "–" if row.value is None else number(say, row.value, part.unit)
        shapes.append(_text(said, LABELS + max(sure, can) + 6, y + BAR - 3))
        y += height + GAP
    axis = Markup('<path class="chart-axis" {} d="M{} 2V{}"/>').format(_paint("chart-axis"), LABELS, y - GAP + 4)
    if len(part.rows) > MOST_BARS:
        more = say.t("und {n} mehr", "and {n} more", n=len(part.rows) - MOST_BARS)
        shapes.append(_text(more, 4, y + LINE - 4))
        y += LINE + GAP
    return Markup().join([*shapes, axis]), y


def _reach(row: Row) -> float:
    if row.value is None:
        return 0
    return row.value.at_least if row.value.at_most is None else row.value.at_most


def _plain(line: Line, words: Wording) -> Markup:
    """A line as it is drawn: nothing in a picture leads anywhere."""
    parts = (words.named(part.id, part.name) if isinstance(part, Named) else escape(str(part)) for part in line)
    return Markup().join(parts)


# ---- curves -------------------------------------------------------------------------------------------------------


def _curve(part: Curve, say: Speaker) -> Markup:
    """The share that still waits, from 100 % down: the upper and the lower curve, and what lies between them."""
    last = max(part.steps[-1].day, 1)
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BELOW

    def x(day: float) -> float:
        return round(LEFT + day / last * width, 1)

    def y(share: float) -> float:
        return round(TOP + (1 - share) * height, 1)

    upper = _stairs([(x(s.day), y(s.at_most)) for s in part.steps], x(0), y(1), x(last))
    lower = _stairs([(x(s.day), y(s.at_least)) for s in part.steps], x(0), y(1), x(last))
    between = [*upper, *reversed(lower)]
    shapes = [Markup('<path class="chart-between" {} d="{}Z"/>').format(_paint("chart-between"), _path(between))]
    for share in (0, 0.5, 1):
        said = f"{int(share * 100)} %" if say.language == "de" else f"{int(share * 100)}%"
        shapes.append(_text(said, LEFT - 6, y(share) + 4, anchor="end"))
        line = f"M{LEFT} {y(share)}H{WIDTH - RIGHT}"
        shapes.append(Markup('<path class="chart-axis" {} d="{}"/>').format(_paint("chart-axis"), line))
    for day in sorted({0, last // 2, last}):
        anchor = "start" if day == 0 else "end" if day == last else "middle"
        shapes.append(_text(str(day), x(day), HEIGHT - BELOW + 18, anchor=anchor))
    both = upper != lower
    if both:
        shapes.append(Markup('<path class="chart-lower" {} d="{}"/>').format(_paint("chart-lower"), _path(lower)))
    shapes.append(Markup('<path class="chart-upper" {} d="{}"/>').format(_paint("chart-upper"), _path(upper)))
    about = (
        say.t("Tage; durchgezogen: höchstens, gestrichelt: mindestens", "days; solid: at most, dashed: at least")
        if both
        else say.t("Tage", "days")
    )
    shapes.append(_text(about, WIDTH / 2, HEIGHT - 8, anchor="middle"))
    return Markup().join(shapes)


def _stairs(points: list[tuple[float, float]], left: float, top: float, right: float) -> list[tuple[float, float]]:
    """A curve that falls at each point and is level between them."""
    found, at = [(left, top)], top
    for x, y in points:
        found += [(x, at), (x, y)]
        at = y
    return [*found, (right, at)]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


# ---- shapes -------------------------------------------------------------------------------------------------------


def _paint(kind: str) -> Markup:
    return Markup(_PAINT[kind])  # noqa: S704  # written here


def _rect(kind: str, x: float, y: float, width: float) -> Markup:
    return Markup('<rect class="{}" {} x="{}" y="{}" width="{}" height="{}"/>').format(
        kind, _paint(kind), round(x, 1), y, round(max(width, 1), 1), BAR
    )


def _text(said: str, x: float, y: float, anchor: str = "start") -> Markup:
    return Markup('<text class="chart-text" {} x="{}" y="{}" text-anchor="{}">{}</text>').format(
        _paint("chart-text"), round(x, 1), y, anchor, said
    )
