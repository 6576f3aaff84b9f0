"""What kind of file something is, by its content and not by its name."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from domain.errors import refused

MOST_OF_A_PART: Final = 1_000_000
MOST_PARTS: Final = 10_000
MOST_INFLATED: Final = 50_000_000

BROKEN_ZIP: Final = (BadZipFile, RuntimeError, EOFError, OSError, ValueError, zlib.error)
"""What reading a ZIP can come to; `RuntimeError` where a part of it has a password or is packed in some other way."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is accepted."""

    media_type: str
    endings: tuple[str, ...]


KINDS: Final[Mapping[str, Kind]] = {
    "PDF": Kind("application/pdf", ("pdf",)),
    "PNG": Kind("image/png", ("png",)),
    "JPEG": Kind("image/jpeg", ("jpg", "jpeg")),
    "ODT": Kind("application/vnd.oasis.opendocument.text", ("odt",)),
    "ODS": Kind("application/vnd.oasis.opendocument.spreadsheet", ("ods",)),
    "DOCX": Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",)),
    "XLSX": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",)),
    "TXT": Kind("text/plain; charset=utf-8", ("txt", "md")),
    "CSV": Kind("text/csv; charset=utf-8", ("csv",)),
}
"""Everything that is accepted, by what people call it."""

_OOXML: Final = {
    b"wordprocessingml.document.main+xml": "DOCX",
    b"spreadsheetml.sheet.main+xml": "XLSX",
}
_PACKED: Final = frozenset({ZIP_STORED, ZIP_DEFLATED})
"""How office programs pack the parts of a document (ECMA-376 part 2 and ODF 1.3 part 2 know no other way)."""

_MARKUP: Final = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|\?xml|html|head|body|script|svg|[a-z]+[\s>/])", re.IGNORECASE
)
_ACTION: Final = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia|Movie)(?![A-Za-z0-9_.-])")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
"""Any letter of a name in a PDF may be written so."""
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def kind_of(content: BinaryIO, name: str) -> str:
    """The kind of a file; refused where it is none that is accepted, does not fit its name, or can do something."""
    content.seek(0)
    begin = content.read(4096)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if begin.startswith(b"%PDF-"):
        found = "PDF"
        if _acts(content):
            raise refused("document-active", name=name)
    elif begin.startswith(b"\x89PNG\r\n\x1a\n"):
        found = "PNG"
    elif begin.startswith(b"\xff\xd8\xff"):
        found = "JPEG"
    elif begin.startswith(b"PK\x03\x04"):
        found = _of_office(content, name)
    elif _MARKUP.match(begin):
        raise refused("document-active", name=name)
    elif _is_text(content):
        found = "CSV" if ending == "csv" else "TXT"
    else:
        raise refused("document-type", name=name)
    if ending in {"docm", "xlsm", "html", "htm", "svg", "xhtml"}:
        raise refused("document-active", name=name)
    if ending and ending not in KINDS[found].endings:
        raise refused("document-differs", name=name, found=found)
    content.seek(0)
    return found


def _acts(content: BinaryIO) -> bool:
    """Whether a PDF names something to be run or played: scripts, programs, films (ISO 32000-1, 12.6.4).

    Looked for where names can stand: outside of streams, and in streams of objects. What is encrypted stays unread.
    """
    content.seek(0)
    data, names, at, room = content.read(), list[bytes](), 0, MOST_INFLATED
    while (begin := data.find(b"stream", at)) >= 0 and (end := data.find(b"endstream", begin)) >= 0:
        names.append(data[at:begin])
        if b"/ObjStm" in data[max(at, begin - 500) : begin]:
            names.append(_inflated(data[begin + len(b"stream") : end].lstrip(b"\r\n"), room))
            room -= len(names[-1])
            if room <= 0:  # nobody writes that many objects
                return True
        at = end + len(b"endstream")
    names.append(data[at:])
    told = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), b" ".join(names))
    return _ACTION.search(told) is not None


def _inflated(stream: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, most)
    except zlib.error:
        return b""


def _of_office(content: BinaryIO, name: str) -> str:
    """A document of an office program is a ZIP that says itself what it is; one with macros says that, too."""
    try:
        with ZipFile(content) as archive:
            parts = archive.namelist()
            if len(parts) > MOST_PARTS:
                raise refused("document-type", name=name)
            if any(part.lower().endswith("vbaproject.bin") for part in parts) or any(
                part.startswith(("Basic/", "Scripts/")) for part in parts
            ):
                raise refused("document-active", name=name)
            if any(part.compress_type not in _PACKED for part in archive.infolist()):
                raise refused("document-type", name=name)
            told = next((part for part in ("[Content_Types].xml", "mimetype") if part in parts), None)
            if told is None or archive.getinfo(told).file_size > MOST_OF_A_PART:
                raise refused("document-type", name=name)
            said = archive.read(told)
    except BROKEN_ZIP:
        raise refused("document-type", name=name) from None
    if b"macroEnabled" in said:
        raise refused("document-active", name=name)
    by_itself = {kind.media_type.encode(): called for called, kind in KINDS.items() if called in {"ODT", "ODS"}}
    found = by_itself.get(said.strip()) or next((kind for mark, kind in _OOXML.items() if mark in said), None)
    if found is None:
        raise refused("document-type", name=name)
    return found


def _is_text(content: BinaryIO) -> bool:
    content.seek(0)
    while page := content.read(1 << 16):
        if _CONTROL.search(page):
            return False
    return True
