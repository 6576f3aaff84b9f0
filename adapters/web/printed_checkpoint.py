"""The checkpoint of the log for paper: what it says, and a QR code of the signed text, as one picture.

Whoever kept a print can hold it against the log later: the code holds the whole checkpoint as the log signed it.
"""

from typing import Final
from xml.sax.saxutils import escape

import segno

from adapters.verify import parse_checkpoint

SIDE: Final = 26
"""Millimetres from the first to the last module: at least 25, so that a telephone reads it from paper."""
QUIET: Final = 4
"""Modules of white around a code (ISO/IEC 18004)."""
VERSION: Final = 10
"""57 modules: room for 213 bytes at level M. A log with a very long name needs a larger one."""
WIDTH, HEIGHT, LINE, AT_ONCE = 75, 30, 3.6, 22

_PICTURE: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">
<title>{title}</title><rect width="{width}" height="{height}" fill="#fff"/>
<g transform="translate({margin} {margin}) scale({scale})" shape-rendering="crispEdges"><path d="{modules}"/></g>
<g font-family="monospace" font-size="2.7">{lines}</g>
</svg>
"""


def printed(note: str) -> bytes:
    """The picture of a signed checkpoint, without the signatures of others: these would make the code too fine."""
    signed = _own(note)
    origin, size, root = signed.split("\n")[:3]
    code = _code(signed)
    modules = len(code.matrix)
    scale = SIDE / modules
    words = [
        "Prüfmarke / Checkpoint",
        *(origin[at : at + AT_ONCE] for at in range(0, len(origin), AT_ONCE)),
        size,
        *(root[at : at + AT_ONCE] for at in range(0, len(root), AT_ONCE)),
    ]
    beside = SIDE + 2 * QUIET * scale + 1
    lines = (f'<text x="{beside:.2f}" y="{LINE * (n + 1.5):.1f}">{escape(line)}</text>' for n, line in enumerate(words))
    picture = _PICTURE.format(
        width=WIDTH,
        height=HEIGHT,
        title=escape(f"{origin}, {size}, {root}"),
        margin=round(QUIET * scale, 3),
        scale=round(scale, 5),
        modules=_dark(code),
        lines="".join(lines),
    )
    return picture.encode()


def _own(note: str) -> str:
    """The checkpoint with the signature of the log alone; while its key changes, with that of the new one.

    That one is signed with first (`Signer`), and whoever keeps a print needs no other.
    """
    text, _, signatures = note.partition("\n\n")
    origin = parse_checkpoint(f"{text}\n").origin
    own = next(line for line in signatures.splitlines() if line.startswith(f"— {origin} "))
    return f"{text}\n\n{own}\n"


def _code(signed: str) -> segno.QRCode:
    content = signed.encode()
    try:
        return segno.make_qr(content, error="m", version=VERSION, boost_error=False)
    except segno.DataOverflowError:
        return segno.make_qr(content, error="m", boost_error=False)


def _dark(code: segno.QRCode) -> str:
    """The dark modules as one path, row by row: as few strokes as there are runs."""
    strokes = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            if row[x] & 1:
                end = x
                while end < len(row) and row[end] & 1:
                    end += 1
                strokes.append(f"M{x} {y}h{end - x}v1h-{end - x}z")
                x = end
            else:
                x += 1
    return "".join(strokes)
