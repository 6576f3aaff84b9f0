"""The pages that the law asks for: imprint, privacy, accessibility, Leichte Sprache and sign language.

The texts are the city's (`adapters/duties.py`); what this program itself does with data is told by the program. What is
missing is said to be missing.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from adapters.barrier_reports import KEPT
from adapters.duties import VIDEOS
from adapters.sheets.parts import Speaker
from adapters.web.asking import installed
from adapters.web.headers import SECURITY
from adapters.web.page import HTML, address_of, in_other_language, language_of, render, wordless
from adapters.web.replies import reply
from adapters.web.wording import Wording
from domain.errors import refused
from domain.words import Language

IMPRINT: Final = "/impressum"
PRIVACY: Final = "/datenschutz"
ACCESSIBILITY: Final = "/barrierefreiheit"
PLAIN: Final = "/leichte-sprache"
SIGN: Final = "/gebaerdensprache"
VIDEO: Final = f"{SIGN}/video"

WITH_VIDEO: Final = f"{SECURITY['Content-Security-Policy']}; media-src 'self'"

router = APIRouter(include_in_schema=False)

Show = Callable[..., Response]


def page(path: str) -> Callable[[Show], Show]:
    """A page at its German address and at the English one."""

    def register(show: Show) -> Show:
        for language in ("", "/en"):
            router.add_api_route(f"{language}{path}", show, methods=["GET"])
        return show

    return register


@page(IMPRINT)
def imprint(request: Request) -> Response:
    """Who answers for these pages."""
    return _page(request, "imprint.html")


@page(PRIVACY)
def privacy(request: Request) -> Response:
    """What the city says on privacy, and what this program keeps of whom, and for how long."""
    settings = installed(request).settings
    days = {"registrations": settings.keep_registrations, "people": settings.keep_people, "reports": KEPT.days}
    return _page(request, "privacy.html", days=days)


@page(ACCESSIBILITY)
def accessibility(request: Request) -> Response:
    """The Erklärung zur Barrierefreiheit."""
    return _page(request, "accessibility.html")


@page(PLAIN)
def plain(request: Request) -> Response:
    """What these pages are, in Leichte Sprache."""
    return _page(request, "plain.html")


@page(SIGN)
def sign(request: Request) -> Response:
    """The same in Deutsche Gebärdensprache: a video that the city gives."""
    shown = _page(request, "sign.html", video=VIDEO)
    shown.headers["Content-Security-Policy"] = WITH_VIDEO
    return shown


@router.get(VIDEO)
def video(request: Request) -> Response:
    """The video itself; a player asks for parts of it."""
    file = installed(request).duties.video
    if file is None or not file.is_file():
        raise refused("page-not-found")
    return FileResponse(file, media_type=VIDEOS[file.suffix], headers={"Cache-Control": "public, max-age=3600"})


@router.get("/.well-known/security.txt")
def security(request: Request) -> Response:
    """Where whoever finds a hole can tell of it (RFC 9116)."""
    found = installed(request)
    contact = found.duties.stated.security
    if not contact:
        raise refused("page-not-found")
    until = (found.clock() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    told = f"Contact: {contact}\nExpires: {until}\nPreferred-Languages: de, en\n"
    return reply(request, None, told, told.encode, media_type="text/plain; charset=utf-8")


def _page(request: Request, template: str, **context: object) -> Response:
    duties, language = installed(request).duties, language_of(request)
    words = wordless(language)

    def make() -> bytes:
        return render(
            template,
            w=words,
            duties=duties,
            stated=duties.stated,
            law=duties.law,
            day=Speaker(language).day,
            text=lambda texts: _in_its_language(words, *texts.in_(language)),
            said=lambda german, english: _in_its_language(words, *_either(language, german, english), inline=True),
            other=in_other_language(request),
            here=address_of(request),
            **context,
        )

    return reply(request, None, [duties.version, context], make, media_type=HTML)


def _either(language: Language, german: str, english: str) -> tuple[str, Language]:
    return (english, "en") if language == "en" and english else (german, "de")


def _in_its_language(words: Wording, text: str, language: Language, *, inline: bool = False) -> Markup:
    """A text of the city, marked where it is in another language than the page."""
    mark = Markup("") if language == words.language else Markup(' lang="{}"').format(language)
    if inline:
        return Markup("<span{}>{}</span>").format(mark, text) if mark else Markup("{}").format(text)
    return Markup('<div class="city-text"{}>{}</div>').format(mark, markdown(text))


def markdown(text: str) -> Markup:
    """A text of the city as it stands on a page: below the headings of the page, without markup of its own."""
    return Markup(_markdown().render(text))  # noqa: S704  # the parser lets no HTML through


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")

    def below(tokens: list[Token]) -> None:
        """Headings begin at the second level, whatever the city begins with, and leave out none."""
        levels = sorted({token.tag for token in tokens if token.type == "heading_open"})
        placed = {tag: f"h{min(6, place)}" for place, tag in enumerate(levels, 2)}
        for token in tokens:
            token.tag = placed.get(token.tag, token.tag)
        classed(tokens)

    def classed(tokens: list[Token]) -> None:
        for token in tokens:
            classes = {"link_open": "kern-link", "paragraph_open": "kern-body", "heading_open": "kern-heading-small"}
            if token.type in classes:
                token.attrSet("class", classes[token.type])
            classed(token.children or [])

    parser.core.ruler.push("below", lambda state: below(state.tokens))
    return parser
