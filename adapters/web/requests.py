"""Each request: the id that all its log lines carry, one line that tells how it was answered, and its figures.

Nothing here names a person or repeats a word of theirs: of an address only the template is told, `/prozesse/{process}`,
and neither who asked nor from where.
"""

import re
from dataclasses import dataclass
from time import perf_counter
from typing import Final
from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web import metrics

ID: Final = re.compile(r"[0-9A-Fa-f-]{8,64}")
"""An id that a proxy may have given a request, as nginx and UUIDs are written; what could be a word is replaced."""

HEADER: Final = "X-Request-ID"
TOLD: Final = "werdegang.told"
"""Where what becomes known of a request stands in its scope."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NOWHERE: Final = "-"
"""The template of an address that leads to nothing."""

log = structlog.get_logger()


@dataclass(slots=True)
class Told:
    """What becomes known of a request while it is answered."""

    route: str = NOWHERE
    kept: bool | None = None
    """Whether the answer was given a moment ago, and again; `None` where that is never done."""
    late: bool = False
    """Whether who asked has been told already that it takes too long."""


def told_of(scope: Scope) -> Told:
    """What is known of a request; of one that did not come through a server there is nobody to ask for it."""
    found: Told = scope.setdefault(TOLD, Told())
    return found


class Logged:
    """Around everything else, so that faults of ours are told of, too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id_, told, began = _id(scope), told_of(scope), perf_counter()
        # Not taken back: a server runs each request in a context of its own, and logs after us what we fail with.
        structlog.contextvars.bind_contextvars(request=id_)
        status = 0  # nobody was there any more to be answered

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = id_
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            seconds = perf_counter() - began
            method = scope["method"] if scope["method"] in METHODS else "OTHER"
            log.info("answered", method=method, route=told.route, status=status, ms=round(seconds * 1000, 1))
            metrics.answered(method, told.route, status, seconds)
            if told.kept is not None:
                metrics.PUBLIC_ANSWERS.labels("kept" if told.kept else "made").inc()


class Routed:
    """Inside everything else: notes the template of the address before the answer leaves, or a fault does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        def note() -> None:
            told_of(scope).route = getattr(scope.get("route"), "path", NOWHERE)

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                note()
            await send(message)

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send_noted)
        except BaseException:
            note()
            raise


def _id(scope: Scope) -> str:
    given: list[bytes] = [value for name, value in scope["headers"] if name == b"x-request-id"]
    told = given[0].decode("latin-1") if len(given) == 1 else ""
    return told if ID.fullmatch(told) else uuid4().hex
