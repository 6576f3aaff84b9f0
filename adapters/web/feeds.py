"""What is new in a process, as Atom (RFC 4287): of the whole process, and of one body or level.

An entry of a feed is a public entry. Its id is the same for ever, whatever address the pages have. What was corrected
or withdrawn says so and comes first again, with a newer `updated`, so that whoever follows learns of it. A feed holds
fifty entries; what comes before stands on its further pages (RFC 5005, 3).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode
from uuid import UUID
from xml.etree import ElementTree as ET

from fastapi import Request, Response
from markupsafe import Markup

from adapters.web.asking import ID, installed
from adapters.web.guard import base_of
from adapters.web.kinds import in_a_word
from adapters.web.page import Pages, inside, language_of
from adapters.web.paging import asked_page
from adapters.web.replies import PRIVATE, reply
from adapters.web.wording import Wording
from domain.errors import refused
from domain.meaning import PROCESS
from projections.telling import Line, Named
from projections.timeline import News
from service import Listed

ATOM: Final = "application/atom+xml; charset=utf-8"
PER_PAGE: Final = 50
NAMESPACE: Final = "http://www.w3.org/2005/Atom"
NO_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML may hold, however it is written."""

pages = Pages()


def feed(request: Request, process: str) -> Response:
    """What is new in a process."""
    return _feed(request, process, None)


def feed_of_body(request: Request, process: str, body: str) -> Response:
    """What is new about one body or level."""
    if not ID.fullmatch(body):
        raise refused("page-not-found")
    return _feed(request, process, body)


for _prefix in ("", "/en"):
    _path = f"{_prefix}/prozesse/{{process}}"
    pages.public.add_api_route(f"{_path}/feed.atom", feed, methods=["GET"])
    pages.public.add_api_route(f"{_path}/gremien/{{body}}/feed.atom", feed_of_body, methods=["GET"])


def _feed(request: Request, process: str, body: str | None) -> Response:
    if not ID.fullmatch(process):
        raise refused("page-not-found")
    service, page = installed(request).service, asked_page(request)
    first = (page - 1) * PER_PAGE
    listed, contents, found, amendments = service.news(process, body, first=first, most=PER_PAGE)
    followed = next((one for one in contents.bodies if one.id == body), None)
    if (body is not None and followed is None) or first >= found.total:  # what is public began with an entry
        raise refused("page-not-found")
    words, site = inside(language_of(request), process), installed(request).settings.address
    base = base_of(request)

    def make() -> bytes:
        log_id = installed(request).log.log_id(process)
        assert log_id is not None  # whatever is public was committed to
        written = _Feed(words, base, log_id, amendments)
        return written.of(listed, followed, found, page, request.url.path)

    # Without a setting the address is what the request says, which is no word to keep for others.
    kept = {} if site else {"Cache-Control": PRIVATE}
    rests_on = [listed.cited.version, listed.cited.position, base]
    return reply(request, None, rests_on, make, media_type=ATOM, headers=kept)


class _Feed:
    """Writes a feed in one language. Its links are whole addresses: a reader of feeds knows no page they stand on."""

    def __init__(self, words: Wording, address: str, log_id: bytes, amendments: Mapping[int, Line]) -> None:
        self._words = words
        self._address = address
        self._log_id = log_id
        self._amendments = amendments

    def of(self, listed: Listed, followed: Named | None, found: News, page: int, path: str) -> bytes:
        """One page of the feed."""
        words, language = self._words, self._words.language
        feed = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": language})
        process = words.named(PROCESS, listed.overview.summary.name).striptags()
        about = process if followed is None else words.named(followed.id, followed.name).striptags()
        _text(feed, "title", about if followed is None else f"{about} – {process}")
        _text(feed, "subtitle", words.t("Was neu ist und was berichtigt wurde", "What is new and what was corrected"))
        _text(feed, "id", self._id("feed", followed.id if followed else "", language))
        _text(feed, "updated", _instant(max(found.changed)))
        _text(ET.SubElement(feed, "author"), "name", process)
        chosen = {} if followed is None else {"body": followed.id}
        self._link(feed, "alternate", words.href("/verlauf", **chosen), "text/html")
        last = max(1, -(-found.total // PER_PAGE))
        there = {"self": page, "first": 1, "last": last, "previous": page - 1, "next": page + 1}
        for rel, number in there.items():
            if 1 <= number <= last:
                self._link(feed, rel, path if number == 1 else f"{path}?{urlencode({'page': number})}", ATOM)
        for line, changed in zip(found.lines, found.changed, strict=True):
            self._entry(feed, line, changed)
        written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
        return written

    def _entry(self, feed: ET.Element, line: Line, changed: datetime) -> None:
        words, entry = self._words, ET.SubElement(feed, "entry")
        mark = words.t("Zurückgenommen: ", "Withdrawn: ") if line.state == "withdrawn" else ""
        _text(entry, "title", f"{mark}{words.deed(line)}: {words.heading(line).striptags()}")
        _text(entry, "id", self._id("entry", str(line.number)))
        _text(entry, "published", _instant(line.public_from or changed))
        _text(entry, "updated", _instant(changed))
        self._link(entry, "alternate", words.entry(line.number), "text/html")
        if (kind := in_a_word(line, words.language)) is not None:
            ET.SubElement(entry, "category", {"term": line.type, "label": kind})
        _text(entry, "content", Markup("").join(self._told(line)), type="html")

    def _told(self, line: Line) -> Iterator[Markup]:
        """What an entry says in a feed: what became of it first."""
        words, paragraph = self._words, Markup("<p>{}</p>")
        for heading, numbers in (
            (words.t("Zurückgenommen", "Withdrawn"), line.withdrawn_by),
            (words.t("Berichtigt", "Corrected"), line.corrected_by),
        ):
            for number in numbers:
                amended = self._amendments[number]
                told = words.t("Nr. {number}", "No. {number}", number=number)
                reason = words.t("[Text gelöscht]", "[Text erased]")
                if amended.headline is not None:
                    reason = words.content(amended.headline)
                yield Markup("<p><strong>{}</strong> ({}): {}</p>").format(heading, told, reason)
        if line.erased:
            yield paragraph.format(Markup("<strong>{}</strong>").format(words.erased(line)))
        if line.plain is not None and line.plain.text is not None:
            heading = words.t("In einfacher Sprache:", "In plain language:")
            yield paragraph.format(Markup("<strong>{}</strong> {}").format(heading, words.plainly(line.plain)))
        if line.occurred is not None:
            own = words.worded(line.occurred)
            when = words.when(line.occurred)
            yield paragraph.format(when if own is None else Markup("{} („{}“)").format(when, own))
        for label, names in words.people(line):
            yield paragraph.format(Markup("{}: {}").format(label, Markup(", ").join(names)))
        if line.grounds is not None:
            yield paragraph.format(Markup("{}: {}").format(words.field("grounds"), words.content(line.grounds)))

    def _id(self, *parts: str) -> str:
        """A name that nothing else has, and that stays when the pages move: the log's id is kept for ever."""
        digest = sha256(b"\0".join([b"atom", self._log_id, *(part.encode() for part in parts)])).digest()
        return UUID(bytes=digest[:16], version=5).urn

    def _link(self, of: ET.Element, rel: str, path: str, media_type: str) -> None:
        ET.SubElement(of, "link", {"rel": rel, "type": media_type.partition(";")[0], "href": f"{self._address}{path}"})


def _text(of: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(of, name, attributes).text = NO_XML.sub("\ufffd", text)


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
