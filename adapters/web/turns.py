"""The public's answers are made one after the other, so that whoever records meanwhile waits for one reader only.

Python computes one thing at a time. A recording asks the database a dozen things, and after each of them it gets on
only when whoever computes lets go: with forty readers whose processes are folded it would wait for most of them, each
time. Readers gain nothing from being computed at once.
"""

import asyncio
import gc
import sys
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.current import for_everybody
from adapters.web.requests import told_of

TURN: Final = 0.25
"""Seconds. Whoever takes longer (a large process that nobody has read for long, a replica that does not answer) goes on
beside the next one: nobody waits for a single slow answer.
"""

LETS_GO_EVERY: Final = 0.0002
"""Seconds after which a thread that computes lets another one go on. Python's own five milliseconds, after each of a
dozen questions, are more than a recording takes; letting go so often costs readers a few in a hundred.
"""


LOOKS_FOR_GARBAGE: Final = (5_000, 3, 1_000)
"""How many objects come to be before garbage is looked for among them; among the last three of such lots; and, after so
many of those, among all there is. Nobody goes on meanwhile: 3 ms, 12 ms, and 0.6 s with 200 MB of entries. By Python's
own rule a worker that fills its memory stops for the last again and again, and finds next to nothing: entries refer to
nothing that refers to them (tests/test_forgotten.py), and what a page leaves behind is found while it is young.
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
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turns = asyncio.Semaphore(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not for_everybody(scope):
            await self._app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._turns = loop, asyncio.Semaphore(1)
        turns, held = self._turns, True
        await turns.acquire()

        def let_next() -> None:
            nonlocal held
            if held:
                held = False
                turns.release()

        async def send_made(message: Message) -> None:
            let_next()  # it is made; nobody waits until a slow reader has it
            await send(message)

        long_enough = loop.call_later(TURN, let_next)
        try:
            if not told_of(scope).late:  # nobody is there any more for whom it would be made
                await self._app(scope, receive, send_made)
        finally:
            long_enough.cancel()
            let_next()
