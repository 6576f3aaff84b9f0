"""Our pictures as PNG, with the fonts that come along: what a machine has of its own makes no difference."""

import subprocess
import sys
from functools import lru_cache
from math import sqrt
from pathlib import Path
from threading import Lock
from typing import Final
from xml.etree import ElementTree as ET

import resvg_py

from domain.errors import refused

FONTS: Final = sorted((Path(__file__).parent / "web" / "static" / "vendor" / "fira-sans").glob("*.ttf"))
ZOOM: Final = 2.0
"""So that letters stay sharp where the picture is printed, or put into a report."""

MOST_PIXELS: Final = 8_000_000
"""A picture of hundreds of boxes comes smaller: each pixel takes four bytes while it is drawn."""

PATIENCE: Final = 20
"""After so many seconds a picture is given up."""

QUEUE: Final = 5
"""After so many seconds whoever waits for the pictures of others is sent away."""

KEPT: Final = 32

_turn = Lock()


@lru_cache(KEPT)
def png(svg: str) -> bytes:
    """A picture as it is drawn by its own attributes, on white. Refused: `picture-not-drawn`.

    A program of its own draws it, one picture at a time: drawing takes the interpreter for itself, so that nobody else
    would be answered meanwhile, and a large picture takes long.
    """
    if not _turn.acquire(timeout=QUEUE):
        raise refused("picture-not-drawn", seconds=QUEUE)
    try:
        command = [sys.executable, "-m", "adapters.png"]
        drawn = subprocess.run(command, input=svg.encode(), capture_output=True, check=True, timeout=PATIENCE)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise refused("picture-not-drawn", seconds=PATIENCE) from None
    finally:
        _turn.release()
    return drawn.stdout


def _drawn(svg: str) -> bytes:
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


if __name__ == "__main__":
    sys.stdout.buffer.write(_drawn(sys.stdin.buffer.read().decode()))
