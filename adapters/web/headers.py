"""What every answer carries, errors and style sheets included – and HEAD, answered like GET."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY: Final[Mapping[str, str]] = MappingProxyType(
    {
        # No script, nothing inline, nothing from anywhere else. KERN draws its icons as data: images.
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self';"
            " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
)


WITH_SCRIPT: Final = f"{SECURITY['Content-Security-Policy']}; script-src 'self'; connect-src 'self'"
"""Where there are scripts of our own. The desk has one, which keeps drafts; nothing depends on it."""

PLAYED: Final = re.compile(r"(?:/en)?/auswertung/[^/]+")
"""The one page for the public with a script of its own, which plays a process back; without it one goes by links."""


CHECKING: Final = re.compile(r"(?:/en)?/prozesse/[^/]+/pruefen")
"""The addresses of the one public page with a script: it checks the log in the reader's own browser."""

TO_EMBED: Final = re.compile(r"(?:/en)?/prozesse/[^/]+/einbetten/[^/]+")
"""The addresses of the pages that are made to be shown inside the pages of others; no other page is ever framed."""


def policy_to_embed(sites: Sequence[str]) -> str:
    """The policy of a page to embed: the sites that the city names may frame it."""
    return SECURITY["Content-Security-Policy"].replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(sites)}")


def is_desk(path: str) -> bool:
    """Whether an address is one of the desk, also one that does not exist."""
    return re.match(r"(?:/en)?/geschaeftsstelle(?:/|$)", path) is not None


BY_HTTPS_ALONE: Final = {"Strict-Transport-Security": "max-age=31536000"}
"""For a year a browser asks this host by https, whatever a link says; of other hosts of the city nothing is said."""


class ByHttps:
    """Says that this host is to be reached by https alone, with every answer that goes there by https.

    What is kept for the next reader is kept without it: that one may come another way.
    """

    def __init__(self, app: ASGIApp, always: bool) -> None:
        self._app = app
        self._always = always

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(BY_HTTPS_ALONE)
            await send(message)

        by_https = scope["type"] == "http" and (self._always or scope.get("scheme") == "https")
        await self._app(scope, receive, send_strict if by_https else send)


class Guarded:
    """Adds the security headers, and answers HEAD with what GET would answer, without the body.

    What the desk answers is kept nowhere, whatever it is: the next one at this machine may be somebody else.
    """

    def __init__(self, app: ASGIApp, frame_ancestors: Sequence[str] = ()) -> None:
        self._app = app
        self._to_embed = policy_to_embed(frame_ancestors) if frame_ancestors else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head, desk = scope["method"] == "HEAD", is_desk(scope["path"])

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if desk:
                    headers["Cache-Control"] = "no-store"
                    headers.setdefault("Content-Security-Policy", WITH_SCRIPT)
                elif CHECKING.fullmatch(scope["path"]) or PLAYED.fullmatch(scope["path"]):
                    headers.setdefault("Content-Security-Policy", WITH_SCRIPT)
                elif self._to_embed is not None and TO_EMBED.fullmatch(scope["path"]):
                    headers.setdefault("Content-Security-Policy", self._to_embed)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)  # a document is shut in closer than a page
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"} if head else scope, receive, send_guarded)
