"""Our pictures as PNG, with the fonts that come along: what a machine has of its own makes no difference."""

from math import sqrt
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import resvg_py

FONTS: Final = sorted((Path(__file__).parent / "web" / "static" / "vendor" / "fira-sans").glob("*.ttf"))
ZOOM: Final = 2.0
"""So that letters stay sharp where the picture is printed, or put into a report."""

MOST_PIXELS: Final = 8_000_000
"""A picture of hundreds of boxes comes smaller: each pixel takes four bytes while it is drawn."""


def png(svg: str) -> bytes:
    """A picture as it is drawn by its own attributes, on white."""
    root = ET.fromstring(svg)  # noqa: S314  # it is our own
    size = float(root.attrib["width"]) * float(root.attrib["height"])
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            background="#ffffff",
            skip_system_fonts=True,
            font_files=[str(font) for font in FONTS],
            zoom=min(ZOOM, sqrt(MOST_PIXELS / size)),
        )
    )
