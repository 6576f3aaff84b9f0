"""The public site as static files, for an archive: every page, feed, picture and data file that the public can reach.

It is made by asking the program itself, as the public. Addresses become files: `/prozesse/x/verlauf` is
`prozesse/x/verlauf/index.html`, so that any web server shows it at the same address and a browser opens it from the
folder: links are relative. What needs a program – search, forms, the desk, other days – is said not to be there.
A document that was handed out lies there once, with the ending of its kind: a folder says nothing of media types.
"""

import json
import re
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from pathlib import PurePosixPath
from posixpath import relpath
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from markupsafe import escape

from adapters.media_types import KINDS
from adapters.verify import WIDTH, entries_of, parse_leaf, tile_path, tiles_of
from domain.errors import refused

Get = Callable[[str], tuple[int, str, bytes]]
"""Asks for an address: status, media type, content."""

HOST: Final = "http://archive.invalid"
"""Where the program is asked; a name that nothing has (RFC 2606) and that no file of the archive shows."""

CHOOSING: Final = re.compile(
    r"/(?:en/)?\?page=[0-9]+"
    r"|/(?:en/)?prozesse/[^/]+/(?:verlauf\?order=newest(?:&page=[0-9]+)?|struktur\?ansicht=[a-z]+|[a-z-]+\?page=[0-9]+)"
)
"""Addresses with a question that are in the archive: the further pages of lists, without which not all that they hold
could be come by, the timeline from its end, and the ways in which the structure is shown.
"""

DOCUMENT: Final = re.compile(r"(?:/en)?(/prozesse/[^/?]+/dokumente/[0-9a-f]{64})")
"""The address of a document, which is the same in both languages but for `/en`."""

LEFT_OUT: Final = re.compile(
    r"/(?:en/)?(?:geschaeftsstelle|auswertung|suche|barriere-melden)(?:[/?].*)?"
    r"|/(?:en/)?prozesse/[^/]+/termine/[^/]+/anmeldung.*"
    r"|/api/v1/(?:openapi\.json|search.*|processes/[^/]+/exports/.*)|/log/receipt/.*"
)
"""What needs a program, and not only files; and what puts files together that lie there one by one."""

_ADDRESS: Final = re.compile(r'(?P<before>\s(?:href|src|action)=")(?P<address>/(?!/)[^"]*)(?P<after>")')
_LINK: Final = re.compile(r'<a [^>]*?href="(?P<address>/(?!/)[^"]*)"[^>]*>(?P<text>.*?)</a>', re.DOTALL)
_ALTERNATE: Final = re.compile(r'<link rel="alternate"[^>]*href="(/[^"]*)"[^>]*>')
_FORM: Final = re.compile(r"<form\b.*?</form>", re.DOTALL)
_IN_FEED: Final = re.compile(rf'<link [^>]*href="{re.escape(HOST)}(/[^"]*)"[^>]*/>')
_IN_CSS: Final = re.compile(r'url\("(/[^"]+)"\)')

OF_PROCESS: Final = re.compile(r"(?:/en)?(?:/prozesse|/api/v1/processes)/([^/?]+)")

NOT_HERE: Final = {
    "de": "Nicht im Archiv enthalten: Dafür braucht es das Programm.",
    "en": "Not in the archive: this needs the program.",
}
NOT_LED: Final = {"de": "nicht im Archiv", "en": "not in the archive"}

README: Final = """\
{name}

DE  Archivfassung der öffentlichen Seiten von Werdegang {version}, Stand {day}. Das Transparenzprotokoll hatte
    {size} Einträge. Beginnen Sie mit index.html, oder stellen Sie den Ordner auf einen Webserver: die Adressen sind
    dieselben wie im laufenden Angebot. Suche, Formulare und andere Tage brauchen das Programm und fehlen hier.
    Prüfen: python log/verify.py --help; die Dateien des Protokolls liegen in log/.

EN  Archived public pages of Werdegang {version}, as of {day}. The transparency log had {size} entries. Begin with
    index.html, or put the folder on a web server: the addresses are those of the running service. Search, forms and
    other days need the program and are not here. To check: python log/verify.py --help; the log's files are in log/.
"""
"""What lies beside the pages, for whoever finds the folder in twenty years."""


def site(get: Get, first: list[str], log_size: int, process: str | None = None) -> Iterator[tuple[str, bytes]]:
    """Every file of the site: its path in the folder, and what it holds. Paths come in a fixed order.

    It is gone through twice, first to know what there is: so no more than one page is held at a time. With a process
    the pages of others are left out.
    """
    beside = [*_of_log(log_size), *_of_those_who_sign(get), *_contents(get, log_size, process)]
    kinds = _crawled(get, [*first, *beside], process)
    for address in sorted(kinds):
        media_type, (_, content) = kinds[address], _had(get, address)
        file = file_of(address, media_type)
        if media_type.startswith("text/html"):
            yield file, _page(content.decode(), address, kinds).encode()
        elif media_type.startswith("text/css"):
            yield file, _style(content.decode(), file, kinds).encode()
        elif media_type.startswith("application/atom+xml"):
            yield file, _feed(content.decode(), file, kinds).encode()
        else:
            yield file, content


def _crawled(get: Get, first: list[str], process: str | None) -> dict[str, str]:
    """Everything that links lead to, by its address, with what kind of file it is."""
    found: dict[str, str] = {}
    todo, seen = list(reversed(first)), set(first)
    while todo:
        address = todo.pop()
        media_type, content = _had(get, address)
        found[address] = media_type
        for link in _links(media_type, content):
            if link not in seen and _wanted(link, process):
                seen.add(link)
                todo.append(link)
    return found


def _had(get: Get, address: str) -> tuple[str, bytes]:
    """What stands at an address, with its media type. An archive that lacks a page without a word is none."""
    status, media_type, content = get(address)
    if status != 200:
        raise refused("site-page-missing", address=address, status=status)
    return media_type, content


def _links(media_type: str, content: bytes) -> Iterator[str]:
    if media_type.startswith("text/html"):
        for found in _ADDRESS.finditer(content.decode()):
            yield _target(found["address"])[0]
    elif media_type.startswith("text/css"):
        yield from _IN_CSS.findall(content.decode())


def _target(link: str) -> tuple[str, str, str]:
    """Where a link leads – a document has one address in both languages –, with the place on that page."""
    address, mark, place = unescape(link).partition("#")
    document = DOCUMENT.fullmatch(address)
    return document[1] if document else address, mark, place


def _wanted(address: str, process: str | None) -> bool:
    of = OF_PROCESS.match(address)
    if LEFT_OUT.fullmatch(address) or (process is not None and of is not None and of[1] != process):
        return False
    return "?" not in address or CHOOSING.fullmatch(address) is not None


def _of_log(size: int) -> Iterator[str]:
    """The files of the transparency log, with which a reader of the archive can check what it says."""
    yield from ("/log/checkpoint", "/log/vkey", "/log/about.json", "/log/verify.py", "/log/feed.atom")
    for level, n, width in tiles_of(size):
        yield f"/log/{tile_path(level, n, width)}"
        if level == 0:
            yield f"/log/{tile_path('entries', n, width)}"


def _of_those_who_sign(get: Get) -> Iterator[str]:
    """What it takes to check signatures of years: who witnesses the log, and each change of its key with its proof."""
    status, _, _ = get("/log/policy")
    if status == 200:
        yield "/log/policy"
    _, about = _had(get, "/log/about.json")
    for key in json.loads(about)["keys"][1:]:
        index = key["first_size"] - 1
        yield from (f"/log/proof/{index}.tlog-proof", f"/log/content/{index}.json")


def _contents(get: Get, size: int, process: str | None) -> Iterator[str]:
    """What opens the public entries of each process, or of the one, for the page on which a browser checks them."""
    numbers: Counter[bytes] = Counter()
    for n in range(-(-size // WIDTH)):
        path = tile_path("entries", n, width := min(WIDTH, size - n * WIDTH))
        numbers.update(parse_leaf(entry).process for entry in entries_of(_had(get, f"/log/{path}")[1], width, path))
    _, about = _had(get, "/log/about.json")
    for name, log_id in json.loads(about)["processes"].items():
        if process in {None, name}:
            count = numbers[urlsafe_b64decode(f"{log_id}==")]
            yield from (f"/log/contents/{name}/{page}.jsonl" for page in range(-(-count // WIDTH)))


def file_of(address: str, media_type: str) -> str:
    """Where an address stands in the folder. What a question asks for becomes part of the name."""
    parts = urlsplit(address)
    path = unquote(parts.path).strip("/")
    asked = "".join(f".{name}-{value}" for name, value in parse_qsl(parts.query))
    if media_type.startswith("text/html"):
        return str(PurePosixPath(path, f"index{asked}.html"))
    if media_type.startswith("application/json") and not path.endswith((".json", ".jsonl")):
        return str(PurePosixPath(path, f"index{asked}.json"))
    if DOCUMENT.fullmatch(address):
        return next((f"{path}.{kind.endings[0]}" for kind in KINDS.values() if kind.media_type == media_type), path)
    return path


def _page(html: str, address: str, kinds: Mapping[str, str]) -> str:
    """A page whose links lead to files; what is not there is said to be missing instead of leading nowhere."""
    language = "en" if re.match(r"/en(/|$)", address) else "de"
    here = file_of(address, "text/html")
    missing = NOT_HERE[language]

    def link(found: re.Match[str]) -> str:
        if _target(found["address"])[0] in kinds:
            return found[0]
        if "<text" in found["text"]:  # part of a picture
            return f"<g>{found['text']}</g>"
        said = f'<span class="kern-sr-only"> ({NOT_LED[language]})</span>'
        return f'<span class="not-archived">{found["text"]}{said}</span>'

    def relative(found: re.Match[str]) -> str:
        target, mark, place = _target(found["address"])
        if target not in kinds:
            return found[0]
        to = relpath(file_of(target, kinds[target]), str(PurePosixPath(here).parent))
        return f"{found['before']}{escape(quote(to, safe='/.-_~'))}{mark}{escape(place)}{found['after']}"

    html = _FORM.sub(f'<p class="kern-body not-archived">{escape(missing)}</p>', html)
    html = _LINK.sub(link, html)
    html = _ALTERNATE.sub(lambda found: found[0] if unescape(found[1]) in kinds else "", html)
    return _ADDRESS.sub(relative, html)


def _feed(xml: str, file: str, kinds: Mapping[str, str]) -> str:
    """A feed whose links lead to files, unless the installation has an address of its own that they name."""

    def relative(found: re.Match[str]) -> str:
        target = unescape(found[1])
        if target not in kinds:
            return ""
        to = relpath(file_of(target, kinds[target]), str(PurePosixPath(file).parent))
        return found[0].replace(f"{HOST}{found[1]}", str(escape(quote(to, safe="/.-_~"))))

    return _IN_FEED.sub(relative, xml)


def _style(css: str, file: str, kinds: Mapping[str, str]) -> str:
    """A style sheet whose fonts are files beside it."""

    def relative(found: re.Match[str]) -> str:
        target = file_of(found[1], kinds[found[1]]) if found[1] in kinds else found[1]
        return f'url("{relpath(target, str(PurePosixPath(file).parent))}")'

    return _IN_CSS.sub(relative, css)
