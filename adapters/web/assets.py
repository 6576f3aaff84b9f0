"""Style sheets, fonts, the icon and the script of the desk: few small files, held in memory, kept for a year.

The address of each holds a digest of its content, so that a new version is a new address.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static"
VENDOR: Final = STATIC / "vendor"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    path: str
    media_type: str
    plain: bytes
    gzipped: bytes | None
    """`None` where compressing does not make it smaller: fonts are compressed already."""


@cache
def assets() -> dict[str, Asset]:
    """Every asset by the name that templates know it by: `kern/kern.min.css`, `app.css`."""
    return {name: _asset(path, content) for name, path, content in (*_vendored(), *_own())}


@cache
def by_path() -> dict[str, Asset]:
    """Every asset by its address."""
    return {asset.path: asset for asset in assets().values()}


def _vendored() -> Iterator[tuple[str, str, bytes]]:
    """The files of others under one digest, so that addresses inside style sheets stay as they are."""
    manifest = (VENDOR / "manifest.json").read_bytes()
    for package in json.loads(manifest):
        for name in package["files"]:
            if Path(name).suffix in TYPES and Path(name).suffix != ".js":  # no page has a script of others
                yield name, f"{_vendor_root(manifest)}/{name}", (VENDOR / name).read_bytes()


def _vendor_root(manifest: bytes) -> str:
    return f"/static/vendor/{_digest(manifest)}"


def _own() -> Iterator[tuple[str, str, bytes]]:
    root = _vendor_root((VENDOR / "manifest.json").read_bytes())
    for file in sorted(STATIC.iterdir()):
        if file.suffix in TYPES:
            content = file.read_bytes()
            if file.suffix == ".css":
                content = _without_layout(content.replace(b'url("vendor/', f'url("{root}/'.encode()))
            yield file.name, f"/static/{file.stem}.{_digest(content)}{file.suffix}", content


def _without_layout(sheet: bytes) -> bytes:
    """A style sheet of ours without comments and indents: whoever is on the road loads it, too."""
    return re.sub(rb"\s*([{};,])\s*|\s*\n\s*", rb"\1", re.sub(rb"/\*.*?\*/", b"", sheet, flags=re.DOTALL))


def _asset(path: str, content: bytes) -> Asset:
    gzipped = gzip.compress(content, 9, mtime=0)
    return Asset(path, TYPES[Path(path).suffix], content, gzipped if len(gzipped) < 0.9 * len(content) else None)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]
