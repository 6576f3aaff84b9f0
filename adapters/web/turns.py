"""The public's answers are made one after the other, so that whoever records meanwhile waits for one reader only.

Python computes one thing at a time. A recording asks the database a dozen things, and after each of them it gets on
only when whoever computes lets go: with forty readers whose processes are folded it would wait for most of them, each
time. Readers gain nothing from being computed at once.
"""

import asyncio
import gc
import sys
from asyncio import AbstractEventLoop, Future
from collections import deque
from time import process_time, thread_time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.current import for_everybody
from adapters.web.requests import told_of

TURN: Final = 0.25
"""Seconds. Whoever is computed for longer (a large process that nobody has read for long) goes on beside the next one:
nobody waits for a single slow answer.
"""

LOOKS_EVERY: Final = 0.025
"""Seconds after which it is looked whether anything was computed meanwhile. Where nothing was, whoever has the turn
only waits, for a slow database or a lock in it: the next one begins.
"""

IDLE: Final = 0.1
"""So much of a processor, and less, is nothing: what waits wakes up now and then."""

IDLE_LOOKS: Final = 3
"""So many looks in a row have to find nothing: for one it may have been others who had the processor."""

AT_ONCE: Final = 30
"""So many are answered at once at most, however long they wait for the database: of forty threads and fifty connections
the office has the rest.
"""

LETS_GO_EVERY: Final = 0.0002
"""Seconds after which a thread that computes lets another one go on. Python's own five milliseconds, after each of a
dozen questions, are more than a recording takes; letting go so often costs readers a few in a hundred.
"""


LOOKS_FOR_GARBAGE: Final = (5_000, 3, 300)
"""How many objects come to be before garbage is looked for among them; among the last three of such lots; and, after so
many of those, among all there is. Nobody goes on meanwhile: 3 ms, 12 ms, and 0.6 s with 200 MB of entries. By Python's
own rule the lots are so large that a worker which fills its memory stops for a quarter of a second each time. Entries
refer to nothing that refers to them (tests/test_forgotten.py), but what is left of a page does, and of the pages that
many readers ask for at once a part is only found among all there is.
"""


def let_go_often() -> None:
    """For this whole program."""
    sys.setswitchinterval(LETS_GO_EVERY)
    gc.set_threshold(*LOOKS_FOR_GARBAGE)


class InTurn:
    """Lets the public's questions in one by one, as they came. Nobody else stands in line: not the desk, not programs
    with a token, and not what rests on no entries.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._line: _Line | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not for_everybody(scope):
            await self._app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        if self._line is None or self._line.loop is not loop:
            self._line = _Line(loop)
        line, heard = self._line, _Heard(scope, receive)
        turn = line.join()

        async def send_made(message: Message) -> None:
            line.leave(turn)  # it is made; nobody waits until a slow reader has it
            await send(message)

        try:
            if await heard.until(turn) and not told_of(scope).late:  # else there is nobody for whom to make it
                await self._app(scope, heard.receive, send_made)
        finally:
            line.leave(turn)


class _Line:
    """Who waits, as they came, who is being answered, and whose turn it is. All of it happens in one event loop."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        self.loop = loop
        self._waiting: deque[Future[None]] = deque()
        self._answered: set[Future[None]] = set()
        self._whose: Future[None] | None = None

    def join(self) -> Future[None]:
        """A turn after all others: it has come when this is done."""
        turn = self.loop.create_future()
        self._waiting.append(turn)
        self._go_on()
        return turn

    def leave(self, turn: Future[None]) -> None:
        """The answer is made, or nobody waits for it any more."""
        turn.cancel()  # nothing where it has come
        self._answered.discard(turn)
        if turn is self._whose:
            self._whose = None
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and self._whose is None and len(self._answered) < AT_ONCE:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                self._whose = turn
                self._answered.add(turn)
                self._look_later(turn, self.loop.time() + TURN)

    def _look_later(self, turn: Future[None], end: float, idle: int = 0) -> None:
        self.loop.call_later(min(TURN, LOOKS_EVERY), self._look, turn, end, idle, self.loop.time(), _computed())

    def _look(self, turn: Future[None], end: float, idle: int, since: float, before: float) -> None:
        """Lets the next one begin where a turn has been long enough, or nothing was computed in it of late."""
        if turn is not self._whose:
            return
        now = self.loop.time()
        idle = 0 if _computed() - before > IDLE * (now - since) else idle + 1
        if now < end and idle < IDLE_LOOKS:
            self._look_later(turn, end, idle)
            return
        self._whose = None
        self._go_on()


def _computed() -> float:
    """Seconds that processors have computed for this program, but for the event loop that asks: it only hands on."""
    return process_time() - thread_time()


class _Heard:
    """What a connection tells of a reader who waits in line. The program is told all of it, later."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        # Nobody reads the body of such a question, and what is not read never ends: then we do not listen.
        self._listens = not any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])
        self._receive = receive
        self._messages: deque[Message] = deque()

    async def receive(self) -> Message:
        return self._messages.popleft() if self._messages else await self._receive()

    async def until(self, turn: Future[None]) -> bool:
        """Waits for a turn; whether the reader is still there when it has come."""
        if turn.done() or not self._listens:
            await turn
            return True
        going = asyncio.ensure_future(self._gone())
        try:
            await asyncio.wait({turn, going}, return_when=asyncio.FIRST_COMPLETED)
            return not going.done()
        finally:
            going.cancel()
            await asyncio.wait({going})  # only one may listen at a time

    async def _gone(self) -> None:
        """Ends when the reader's connection does."""
        while not self._messages or self._messages[-1]["type"] != "http.disconnect":
            self._messages.append(await self._receive())
