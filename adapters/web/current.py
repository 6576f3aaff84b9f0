"""Public answers given a moment ago, given again as they are: as long as nothing that they rest on has changed.

Whether something has is asked anew for every reader, but one question serves all who came before it was put. What was
answered is found by its address, before anything else of the program is troubled with it.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.replies import PUBLIC, Kept, known
from domain.errors import Refused
from service import Service, Standing

MOST: Final = 4_000
"""How many addresses are known at most. Their answers are kept elsewhere, up to a number of bytes."""

_PERSONAL: Final = {b"authorization", b"cookie"}
_CHOOSING: Final = {b"accept", b"accept-encoding", b"accept-language"}
_OF_CONTENT: Final = {b"content-length", b"content-type", b"content-encoding"}

_Headers = list[tuple[bytes, bytes]]
_Asked = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer without its body; `unchanged` are the headers for whoever has it already (RFC 9110, 15.4.5)."""

    tag: str
    headers: _Headers
    unchanged: _Headers


class Current:
    """Answers from `kept` what was answered before while `service.standing` was the same; all else is let through."""

    def __init__(self, app: ASGIApp, service: Service, kept: Kept) -> None:
        self._app = app
        self._service = service
        self._kept = kept
        self._standing: Standing | None = None
        self._answers: dict[_Asked, _Answer] = {}
        self._asking = Lock()
        self._question: asyncio.Task[Standing | None] | None = None
        self._told: Standing | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _asked(scope)
        standing = None if asked is None else await self._stands()
        if asked is None or standing is None:
            await self._app(scope, receive, send)
            return
        if standing is not self._standing:
            self._standing, self._answers = standing, {}
        if (answer := self._answers.get(asked)) is not None and await self._answered(scope, answer, send):
            return

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start" and standing is self._standing:
                self._note(asked, message)
            await send(message)

        await self._app(scope, receive, send_noted)

    async def _answered(self, scope: Scope, answer: _Answer, send: Send) -> bool:
        """Sends an answer again, unless its body is kept no longer."""
        if known(_given(scope, b"if-none-match"), answer.tag):
            await send({"type": "http.response.start", "status": 304, "headers": answer.unchanged})
            await send({"type": "http.response.body", "body": b""})
            return True
        body = self._kept.get(answer.tag)
        if body is None:
            return False
        await send({"type": "http.response.start", "status": 200, "headers": answer.headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
        return True

    def _note(self, asked: _Asked, message: Message) -> None:
        headers: _Headers = list(message["headers"])
        named = dict(headers)
        if message["status"] != 200 or named.get(b"cache-control") != PUBLIC.encode() or b"etag" not in named:
            return
        if len(self._answers) >= MOST:
            self._answers.clear()
        unchanged = [(name, value) for name, value in headers if name not in _OF_CONTENT]
        self._answers[asked] = _Answer(named[b"etag"].decode(), headers, unchanged)

    async def _stands(self) -> Standing | None:
        """How things stood after this was called; `None` where it cannot be told: the answer will say why."""
        question = self._question
        if question is None or question.get_loop() is not asyncio.get_running_loop():
            question = self._question = asyncio.create_task(run_in_threadpool(self._ask))
        return await asyncio.shield(question)  # whoever goes away takes nobody else's answer along

    def _ask(self) -> Standing | None:
        with self._asking:
            self._question = None  # who comes from now on came too late for this one
            try:
                self._told = self._service.standing(self._told)
            except Refused:
                self._told = None
            return self._told


def _asked(scope: Scope) -> _Asked | None:
    """What decides on an answer of this program to the public; `None` where it is not such a question.

    The log is left to itself: what is signed rests on more than the database.
    """
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or scope["path"].startswith("/log/"):
        return None
    chosen = []
    for header in scope["headers"]:
        if header[0] in _PERSONAL:
            return None
        if header[0] in _CHOOSING:
            chosen.append(header)
    return scope["path"], scope["query_string"], *chosen


def _given(scope: Scope, name: bytes) -> Iterator[str]:
    return (value.decode("latin-1") for found, value in scope["headers"] if found == name)
