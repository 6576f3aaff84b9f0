"""How much one request may be, and how long it may take to come in and to be answered: each refusal has a code.

What an address itself bounds more closely (a form, a list, an upload) stands with it; `docs/operations.md` has all of
them in one table.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.requests import told_of
from domain.errors import Refused, refused

MOST_OF_QUERY: Final = 8_000
"""Bytes after the question mark."""

MOST_OF_HEADERS: Final = 32_000
"""Bytes of all headers together. Far larger ones the server itself refuses, without reading on."""

MOST_OF_FORM: Final = 1_000_000
"""Bytes of a form without files."""

MOST_OF_BODY: Final = 5_000_000
"""Bytes of anything else."""

LONGEST_SILENCE: Final = 30
"""Seconds in which nothing more of a body comes in."""

LEAST_RATE: Final = 1_000
"""Bytes a second with which a body comes in at least, once `LONGEST_SILENCE` seconds were waited for it in all. So what
is large may take long over a slow line, and whoever sends a byte now and then does not keep a connection for hours.
"""

FORM: Final = b"application/x-www-form-urlencoded"
WITH_FILES: Final = b"multipart/form-data"
"""How much of these is received depends on who sends them: `adapters/web/guard.py` counts."""

WAITED_FOR: Final = re.compile(r"[^?]*/(exports|daten)/[^/?]+\?.*|/api/v1/entries\?(.*&)?wait=.*")
"""The addresses, each with its query, of files that are made anew, of which a large one takes a minute and only a few
are made at once; and of the feed where its reader says for how long to wait for news.
"""

Refuse = Callable[[Request, Refused], Response]


class Limited:
    """Refuses what is too large before anything of it is looked at, and what is being sent when it grows too large or
    comes in too slowly.
    """

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if (found := _too_large(scope)) is not None:
            answer = await run_in_threadpool(self._refuse, Request(scope), found)
            await answer(scope, receive, send)
            return
        most, count, waited = _most(scope), 0, 0.0
        loop, more = asyncio.get_running_loop(), scope["method"] not in {"GET", "HEAD"}  # of which nobody reads a body

        async def receive_in_time() -> Message:
            nonlocal waited
            began = loop.time()
            try:
                async with asyncio.timeout(LONGEST_SILENCE + min(0.0, count / LEAST_RATE - waited)):
                    return await receive()
            except TimeoutError:
                raise refused("body-too-slow", within=LONGEST_SILENCE, least=LEAST_RATE) from None
            finally:
                waited += loop.time() - began  # what we did with it in between is not the sender's time

        async def receive_counted() -> Message:
            nonlocal count, more
            message = await (receive_in_time() if more else receive())
            if message["type"] == "http.request":
                more = more and message.get("more_body", False)
                count += len(message.get("body", b""))
                if most is not None and count > most:
                    raise refused("body-too-large", most=most // 1_000_000)
            return message

        await self._app(scope, receive_counted, send)


class InTime:
    """Answers a reader who has waited for too long with "try again"; what was under way ends by itself.

    Only before the answer has begun: what is being sent is sent to its end. Whoever records is never left in doubt.
    """

    def __init__(self, app: ASGIApp, refuse: Refuse, seconds: int) -> None:
        self._app = app
        self._refuse = refuse
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or _waited_for(scope):
            await self._app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        begun = False
        late: asyncio.Task[None] | None = None

        async def send_in_time(message: Message) -> None:
            nonlocal begun
            if late is None:
                begun = True
                await send(message)

        def give_up() -> None:
            nonlocal late
            if not begun:
                told_of(scope).late = True
                answer = self._refuse(Request(scope), refused("answer-too-slow", within=self._seconds))
                late = loop.create_task(answer(scope, receive, send))

        timer = loop.call_later(self._seconds, give_up)
        try:
            await self._app(scope, receive, send_in_time)
        finally:
            timer.cancel()
            if late is not None:
                await late


def _waited_for(scope: Scope) -> bool:
    return WAITED_FOR.fullmatch(f"{scope['path']}?{scope['query_string'].decode('latin-1')}") is not None


def _too_large(scope: Scope) -> Refused | None:
    if len(scope["query_string"]) > MOST_OF_QUERY:
        return refused("address-too-long", most=MOST_OF_QUERY)
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_OF_HEADERS:
        return refused("headers-too-large", most=MOST_OF_HEADERS)
    return None


def _most(scope: Scope) -> int | None:
    kinds = [value.partition(b";")[0].strip().lower() for name, value in scope["headers"] if name == b"content-type"]
    if WITH_FILES in kinds:
        return None
    return MOST_OF_FORM if FORM in kinds else MOST_OF_BODY
