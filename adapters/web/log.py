"""The transparency log as it is served: checkpoint, tiles, entry bundles, openings, receipts (c2sp.org/tlog-tiles).

Everything here is the public's, whoever asks. A tile never changes; a checkpoint does with every entry; an opening can
lose its texts. `/log/verify.py` is the checker for all of it.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from fastapi import APIRouter, Request, Response

from adapters import verify
from adapters.exports.log_contents import content_of
from adapters.exports.receipts import ZIP, receipt_of
from adapters.transparency_log import LogKey
from adapters.web.asking import ID, installed
from adapters.web.guard import base_of
from adapters.web.printed_checkpoint import printed
from adapters.web.replies import PRIVATE, json_bytes, reply
from domain.commitment import b64url
from domain.errors import refused
from domain.installation import INSTALLATION
from domain.record import Record

FOR_EVER: Final = "public, max-age=31536000, immutable"
PLAIN: Final = "text/plain; charset=utf-8"
BYTES: Final = "application/octet-stream"
ATOM: Final = "application/atom+xml"
JSON_LINES: Final = "application/jsonl"
IN_FEED: Final = 50
_INDEX: Final = re.compile("0|[1-9][0-9]{0,14}")
_TILE: Final = re.compile(
    r"(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<n>(?!x000)(?:x[0-9]{3}/){0,5}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
)
T = TypeVar("T")

router = APIRouter(prefix="/log", include_in_schema=False)


@router.get("/checkpoint")
def checkpoint(request: Request) -> Response:
    """The newest signed checkpoint: name, size and root of the log, with what witnesses signed of it so far."""
    known = installed(request)
    note = known.cosignatures.along(known.signer.checkpoint())
    return reply(request, None, note, note.encode, media_type=PLAIN)


@router.get("/checkpoint.svg")
def printed_checkpoint(request: Request) -> Response:
    """The same for paper, with a QR code: what every print of a page carries."""
    note = installed(request).signer.checkpoint()
    return reply(request, None, note, lambda: printed(note), media_type="image/svg+xml")


@router.get("/vkey")
def vkey(request: Request) -> Response:
    """The public key, as c2sp.org/signed-note writes it. A server could show another one: get it elsewhere, too."""
    key = f"{installed(request).signer.key()}\n"
    return reply(request, None, key, key.encode, media_type=PLAIN)


@router.get("/policy")
def policy(request: Request) -> Response:
    """Which witnesses sign along and how many are enough, as c2sp.org/tlog-policy writes it."""
    text = installed(request).cosignatures.policy_text()
    if text is None:
        raise refused("page-not-found")
    return reply(request, None, b64url(text), lambda: text, media_type=PLAIN)


@router.get("/about.json")
def about(request: Request) -> Response:
    """What the log is called, with which keys, since when it proves anything, and which id stands for which process."""
    known = installed(request)
    began = known.log.began()
    processes = [listed.cited.process for listed in _where_recorded(request, lambda: known.service.processes(None))]
    if known.log.log_id(INSTALLATION) is not None:
        processes.append(INSTALLATION)
    told = {
        "vkey": str(known.signer.key()),
        "keys": [_key(each) for each in known.log.every_key()],
        "began_at": _instant(began.at),
        "recorded_before": began.entries,
        "processes": {process: b64url(known.log.log_id(process) or b"") for process in processes},
    }
    return reply(request, None, told, lambda: json_bytes(told), media_type="application/json")


@router.get("/tile/{path:path}")
def tile(request: Request, path: str) -> Response:
    """A tile of hashes, or a bundle of entries; full, or partial (`.p/W`)."""
    asked = _TILE.fullmatch(path)
    if asked is None:
        raise refused("page-not-found")
    log, width = installed(request).log, int(asked["width"] or verify.WIDTH)
    n = int(asked["n"].replace("x", "").replace("/", ""))
    level = 0 if asked["level"] == "entries" else int(asked["level"])
    if (n * verify.WIDTH + width) << 8 * level > installed(request).signer.signed_size():
        raise refused("page-not-found")  # only what is signed never changes
    found = log.bundle(n, width) if asked["level"] == "entries" else log.tile(level, n, width)
    if found is None:
        raise refused("page-not-found")
    return Response(found, media_type=BYTES, headers={"Cache-Control": FOR_EVER})


@router.get("/content/{index}.json")
def content(request: Request, index: str) -> Response:
    """What an entry says, with what it takes to check that against its leaf; only of what is public."""
    record = _public_record(request, index)
    document = content_of(record)
    return reply(request, None, document, lambda: json_bytes(document), media_type="application/json")


@router.get("/contents/{process}/{page}.jsonl")
def contents(request: Request, process: str, page: str) -> Response:
    """What the public entries of a process say, 256 numbers at a time: one line each, with its index in the log.

    Each line holds what `/log/content/INDEX.json` answers, and when the entry was recorded as the pages tell it: that
    has to be the time in its leaf. Of what is not public there is none.
    """
    after = _index(page) * verify.WIDTH
    if not ID.fullmatch(process):
        raise refused("page-not-found")
    read = installed(request).service.public_records
    records = _where_recorded(request, lambda: list(read(process, after, after + verify.WIDTH)))
    body = b"".join(json_bytes(_line(record)) + b"\n" for record in records)
    return reply(request, None, sha256(body).hexdigest(), lambda: body, media_type=JSON_LINES)


def _where_recorded(request: Request, ask: Callable[[], T]) -> T:
    """A page of another worker may show more than the replica of this one: who checks it must not find less here."""
    return installed(request).database.where_recorded(ask)


def _public_record(request: Request, index: str) -> Record:
    position = _index(index) + 1
    return _where_recorded(request, lambda: installed(request).service.public_record(position))


def _line(record: Record) -> dict[str, Any]:
    at = record.recorded_at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return {"index": record.position - 1, "recorded_at": f"{at}Z", "content": content_of(record)}


@router.get("/proof/{index}.tlog-proof")
def receipt(request: Request, index: str) -> Response:
    """The proof that an entry stands in the log: to be kept, and checked without asking anybody.

    Once the entry is witnessed, it leads to the first checkpoint that says so, and stays as it is.
    """
    known, place = installed(request), _index(index)
    note = known.cosignatures.note(place) or known.cosignatures.along(known.signer.checkpoint())
    found = known.signer.receipt(place, note)
    if found is None:
        raise refused("page-not-found")
    return reply(request, None, found, found.encode, media_type=PLAIN)


@router.get("/receipt/{index}.zip")
def receipt_to_keep(request: Request, index: str) -> Response:
    """The same with what the entry says, the key and the checker, in one file; only of what is public."""
    known = installed(request)
    record = _public_record(request, index)
    kept = receipt_of(known.signer, known.cosignatures, record, base_of(request))
    headers = kept.headers | _private_without_setting(request)
    return reply(request, None, sha256(kept.content).hexdigest(), lambda: kept.content, media_type=ZIP, headers=headers)


@router.get("/feed.atom")
def feed(request: Request) -> Response:
    """The last signed checkpoints. Whoever keeps them can tell later whether anything was changed."""
    known = installed(request)
    known.signer.checkpoint()
    notes = [(at, known.cosignatures.along(note)) for at, note in known.log.checkpoints(IN_FEED)]
    base = base_of(request)
    headers = _private_without_setting(request)
    return reply(request, None, [notes, base], lambda: _atom(notes, base), media_type=ATOM, headers=headers)


def _private_without_setting(request: Request) -> dict[str, str]:
    """Without a setting the address in an answer is what the request says, which is no word to keep for others."""
    return {} if installed(request).settings.address else {"Cache-Control": PRIVATE}


@router.get("/verify.py")
def checker(request: Request) -> Response:
    """The checker itself: one file, which needs Python and `cryptography`."""
    source = Path(verify.__file__).read_bytes()
    return reply(request, None, len(source), lambda: source, media_type="text/x-python; charset=utf-8")


def _key(key: LogKey) -> dict[str, object]:
    """A key of the log and the sizes of the checkpoints that it signed."""
    return {
        "vkey": key.vkey,
        "first_size": key.first_size,
        "since": _instant(key.since),
        "last_size": key.last_size,
        "until": None if key.until is None else _instant(key.until),
    }


def _index(given: str) -> int:
    if not _INDEX.fullmatch(given):
        raise refused("page-not-found")
    return int(given)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _urn(name: str) -> str:
    return uuid5(NAMESPACE_URL, name).urn


def _atom(notes: list[tuple[datetime, str]], base: str) -> bytes:
    root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})

    def add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
        element = ET.SubElement(parent, tag, attributes)
        element.text = text
        return element

    name = verify.parse_checkpoint(notes[0][1].partition("\n\n")[0] + "\n").origin
    add(root, "id", _urn(name))
    add(root, "title", f"Checkpoints: {name}")
    add(root, "updated", _instant(notes[0][0]))
    add(add(root, "author"), "name", name)
    add(root, "link", rel="self", href=f"{base}/log/feed.atom")
    for signed_at, note in notes:
        entry = add(root, "entry")
        size = note.split("\n")[1]
        add(entry, "id", _urn(f"{name}\n{size}"))
        add(entry, "title", f"{size}")
        add(entry, "updated", _instant(signed_at))
        add(entry, "content", note, type="text")
    told: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return told
