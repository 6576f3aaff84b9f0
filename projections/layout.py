"""Where the boxes of a grid stand on a sheet, and how lines run between them: beside the boxes and never through one.

Between two columns is a gutter, above each row a lane. A line leaves its box sideways into the gutter, and where it
has to pass a column, it does so in the lane above the row that it leads to. Boxes fill neither.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from projections.picture import Grid

WIDTH: Final = 208
"""How wide a box is; everything here is in pixels."""

GUTTER: Final = 28
TRACK: Final = 8
"""The least width of a gutter, and how far apart the lines of different boxes run in it."""

LANE: Final = 22
ASIDE: Final = 9
"""How far below the middle of a box a line leaves it that leads to the left, where others arrive in the middle."""

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle by its left upper corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet with its boxes, with a band for each column, and with a line for each link."""

    width: int
    height: int
    boxes: Mapping[str, Rect]
    bands: Mapping[str, Rect]
    lines: Mapping[tuple[str, str], tuple[Point, ...]]


def layout(grid: Grid, links: Collection[tuple[str, str]], heights: Mapping[str, int]) -> Layout:
    """Lays a grid out for the links of all its pictures: (body, what it belongs to)."""
    rows = 1 + max((row for _, row in grid.cells.values()), default=0)
    tall = [0] * rows
    for id_, (_, row) in grid.cells.items():
        tall[row] = max(tall[row], heights.get(id_, 0))
    tops = [LANE + top for top in accumulate((height + LANE for height in tall), initial=0)]
    tracks = _tracks(grid, links)
    widths = [GUTTER + TRACK * len(tracks.get(gutter, {})) for gutter in range(len(grid.columns))]
    lefts = [reach - WIDTH for reach in accumulate(width + WIDTH for width in widths)]
    boxes = {id_: Rect(lefts[c], tops[r], WIDTH, tall[r]) for id_, (c, r) in grid.cells.items()}
    right = (lefts[-1] + WIDTH if lefts else 0) + GUTTER // 2
    bands = {
        column: Rect(left - GUTTER // 4, 0, WIDTH + GUTTER // 2, tops[-1])
        for column, left in zip(grid.columns, lefts, strict=True)
    }
    at = {
        (gutter, id_): lefts[gutter] - GUTTER // 2 - TRACK * index
        for gutter, users in tracks.items()
        for id_, index in users.items()
    }
    lines = {link: _line(grid, boxes, at, *link) for link in links if _drawn(grid, link)}
    return Layout(right, tops[-1], boxes, bands, lines)


def _drawn(grid: Grid, link: tuple[str, str]) -> bool:
    return link[0] != link[1] and all(end in grid.cells for end in link)


def _gutters(grid: Grid, below: str, above: str) -> tuple[int, int]:
    """The gutter that a line comes out in at what a body belongs to, and the one that it reaches the body from.

    A gutter has the number of the column on its right.
    """
    column, other = grid.cells[below][0], grid.cells[above][0]
    return (other + 1 if other < column else other), column


def _tracks(grid: Grid, links: Collection[tuple[str, str]]) -> dict[int, dict[str, int]]:
    """In each gutter a track for everything that lines come together at."""
    tracks: dict[int, dict[str, int]] = {}
    for below, above in sorted(link for link in links if _drawn(grid, link)):
        for gutter in _gutters(grid, below, above):
            users = tracks.setdefault(gutter, {})
            users.setdefault(above, len(users))
    return tracks


def _line(
    grid: Grid, boxes: Mapping[str, Rect], at: Mapping[tuple[int, str], int], below: str, above: str
) -> tuple[Point, ...]:
    """From what a body belongs to, to the body."""
    start, end = boxes[above], boxes[below]
    out, into = _gutters(grid, below, above)
    to_the_right = grid.cells[above][0] < grid.cells[below][0]
    x, y = (start.x + start.width, start.middle) if to_the_right else (start.x, start.middle + ASIDE)
    points = [(x, y), (at[out, above], y)]
    if out != into:
        lane = end.y - LANE // 2
        points += [(at[out, above], lane), (at[into, above], lane)]
    points += [(at[into, above], end.middle), (end.x, end.middle)]
    return tuple(point for index, point in enumerate(points) if not index or point != points[index - 1])


def crosses(line: tuple[Point, ...], box: Rect) -> bool:
    """Whether a line runs through a box; touching its edge is none of it."""
    return any(
        min(a[0], b[0]) < box.x + box.width
        and max(a[0], b[0]) > box.x
        and min(a[1], b[1]) < box.y + box.height
        and max(a[1], b[1]) > box.y
        for a, b in pairwise(line)
    )
