"""A watch over the event loop: a program whose loop runs nothing any more ends, and whatever started it starts another.

It is counted how often the loop was asked and did not run, by a thread that did run meanwhile. So what halts the whole
program (a machine that sleeps, SIGSTOP, a debugger that halts all threads) counts for nothing; only a debugger that
halts the loop alone, as a breakpoint of Python's own in an `async` function does, is taken for a fault.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from traceback import extract_stack
from typing import Final

import structlog

EVERY: Final = 1.0
"""Seconds from one question to the next."""

MOST: Final = 60
"""So many questions in a row may stay without an answer."""

SECONDS_TO_TELL: Final = 5.0
"""It ends after that also where the line cannot be written, as when that is what the loop is stuck in."""

log = structlog.get_logger()


@contextmanager
def watched(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Watches the loop that runs in this thread."""
    over = threading.Event()
    threading.Thread(target=_watch, args=(loop, threading.get_ident(), over), daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _watch(loop: asyncio.AbstractEventLoop, thread: int, over: threading.Event) -> None:
    ran, missed = threading.Event(), 0
    ran.set()
    while not over.wait(EVERY):
        if ran.is_set():
            missed = 0
            ran.clear()
            with suppress(RuntimeError):  # it was closed just now
                loop.call_soon_threadsafe(ran.set)
        elif (missed := missed + 1) >= MOST:
            _end(thread)


def _end(thread: int) -> None:
    last = threading.Timer(SECONDS_TO_TELL, os._exit, [1])
    last.daemon = True
    last.start()
    stack = extract_stack(sys._current_frames()[thread])  # noqa: SLF001  # meant for finding deadlocks
    log.error("loop-stuck", at=[f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in stack])
    os._exit(1)  # what is not committed by now never was
