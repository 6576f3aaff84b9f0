"""How an answer leaves: with an ETag that names exactly these bytes, with caching, compressed, or as a 304."""

import gzip
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from gzip import GzipFile
from hashlib import sha256
from io import SEEK_END
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import Any, BinaryIO, Final, cast

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from domain.errors import refused
from domain.words import Language
from service import Audience

PUBLIC: Final = "public, max-age=0, must-revalidate"
PRIVATE: Final = "private, no-store"
PIECE: Final = 1 << 18
COMPRESSIBLE: Final = frozenset({"application/json", "application/jsonl", "application/xml", "application/vnd.sqlite3"})
"""The media types of files that are not compressed as they are."""

MOST_KEPT: Final = 32_000_000
"""How many bytes of public answers are kept for the next reader."""


def _program() -> str:
    """Names this version of the program: another one may word the same answer differently."""
    root = Path(__file__).parents[2]
    digest = sha256((root / "service.py").read_bytes())
    for part in ("domain", "projections", "adapters"):
        for file in sorted((root / part).rglob("*")):
            if file.suffix in {".py", ".html", ".css", ".js", ".toml"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()


PROGRAM: Final = _program()


class Kept:
    """The public answers that were made last, by their ETag: what has the same tag is the same answer."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._size = 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, tag: str) -> bytes | None:
        with self._lock:
            if tag in self._bodies:
                self._bodies.move_to_end(tag)
            return self._bodies.get(tag)

    def clear(self) -> None:
        """Lets go of all of them."""
        with self._lock:
            self._bodies.clear()
            self._size = 0

    def keep(self, tag: str, body: bytes) -> None:
        with self._lock:
            if tag not in self._bodies and len(body) <= self._most // 4:
                self._bodies[tag] = body
                self._size += len(body)
            while self._size > self._most:
                self._size -= len(self._bodies.popitem(last=False)[1])


def reply(
    request: Request,
    account: Audience,
    rests_on: object,
    make: Callable[[], bytes],
    *,
    media_type: str,
    vary: str = "Accept-Encoding",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer to a reader: 304 if they have it already, else what `make` makes.

    `rests_on` is whatever, beside address and program, decides on the content: it goes into the ETag.
    """
    compressed = accepts_gzip(request)
    tag = _tag(PROGRAM, request.url.path, request.url.query, rests_on, compressed)
    sent = {"ETag": tag, "Cache-Control": PUBLIC if account is None else PRIVATE, "Vary": vary, **(headers or {})}
    if known(request.headers.getlist("if-none-match"), tag):
        return Response(status_code=304, headers=sent)
    kept: Kept = request.app.state.kept
    body = kept.get(tag) if account is None else None
    if body is None:
        body = gzip.compress(make(), 6, mtime=0) if compressed else make()
        if sent["Cache-Control"] == PUBLIC:  # not what was made for whoever asks by this name of ours
            kept.keep(tag, body)
    if compressed:
        sent["Content-Encoding"] = "gzip"
    return Response(body, media_type=media_type, headers=sent)


def reply_file(
    request: Request,
    account: Audience,
    rests_on: object,
    make: Callable[[BinaryIO], None],
    *,
    media_type: str,
    headers: Mapping[str, str],
) -> Response:
    """The same for what may be large: it is made in a file, sent from there piece by piece, and not kept."""
    compressed = accepts_gzip(request) and media_type in COMPRESSIBLE
    tag = _tag(PROGRAM, request.url.path, request.url.query, rests_on, compressed)
    cache = PUBLIC if account is None else PRIVATE
    sent = {"ETag": tag, "Cache-Control": cache, "Vary": "Authorization, Accept-Encoding", **headers}
    if known(request.headers.getlist("if-none-match"), tag):
        return Response(status_code=304, headers=sent)
    file: BinaryIO = TemporaryFile()  # noqa: SIM115  # closed when it was sent
    try:
        if compressed:
            sent["Content-Encoding"] = "gzip"
            with GzipFile("", "wb", 4, file, mtime=0) as stream:
                make(cast("BinaryIO", stream))
        else:
            make(file)
        sent["Content-Length"] = str(file.seek(0, SEEK_END))
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return StreamingResponse(_pieces(file), media_type=media_type, headers=sent)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def json_bytes(content: Any) -> bytes:
    """JSON as it is sent: readable letters, no spaces. Half a letter (a lone surrogate) is sent as its escape."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str).encode(errors="backslashreplace")


def _tag(*parts: object) -> str:
    return f'"{sha256(json.dumps(parts, default=str).encode()).hexdigest()[:32]}"'


def known(given: Iterable[str], tag: str) -> bool:
    """Whether a reader has an answer already, by the If-None-Match headers that they sent."""
    tags = {one.strip().removeprefix("W/") for one in ",".join(given).split(",")}
    return tag in tags or "*" in tags


def accepts_gzip(request: Request) -> bool:
    return _weight(request.headers.get("accept-encoding", ""), "gzip") > 0


def require_acceptable(request: Request, media_type: str) -> None:
    """Refuses to answer in a form that the reader said they cannot read."""
    given = request.headers.get("accept", "").strip()
    if given and not _weight(given, media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        raise refused("not-acceptable", offered=media_type)


def language_for(request: Request) -> Language:
    """The language that a program asked for; German if it asked for none of ours."""
    given = request.headers.get("accept-language", "")
    german = max(_weight(given, "de"), _weight(given, "de-de"), _weight(given, "*"))
    english = max(_weight(given, name) for name in ("en", "en-gb", "en-us"))
    return "en" if english > german else "de"


def _weight(header: str, *names: str) -> float:
    """How much a header of the Accept family wants the first of `names` that it mentions."""
    wanted = {}
    for one in header.lower().split(","):
        name, _, parameters = one.partition(";")
        found = re.search(r"(?:^|;)\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)", parameters)
        wanted[name.strip()] = float(found[1]) if found else 1.0
    return next((wanted[name] for name in names if name in wanted), 0.0)
