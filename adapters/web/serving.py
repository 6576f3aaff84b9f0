"""Serving: one worker in this program, or several in programs of their own beside it, and how they stop.

Several share one socket: whichever is free takes the next connection. They keep nothing that another one needs to know:
each asks the database whether what it remembers still holds. What is done once for an installation (the daily tidying,
asking witnesses) is done by the program that started them, and by no worker.
"""

import asyncio
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from multiprocessing import parent_process
from multiprocessing.connection import wait
from socket import socket
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, Final

import structlog
import uvicorn
from fastapi import FastAPI
from prometheus_client.multiprocess import mark_process_dead
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from adapters.database_faults import is_fault
from adapters.logs import configure
from adapters.settings import Settings
from adapters.web import metrics
from adapters.web.app import create_app
from adapters.web.stuck import watched
from adapters.web.turns import let_go_often
from adapters.wiring import Installation, installation
from domain.errors import Refused

SECONDS_TO_PONG: Final = 30
"""A worker that does not answer its starter for so long is taken to hang, and replaced."""

SECONDS_BETWEEN_TRIES: Final = 1
"""How long a worker that could not reach the database waits before it tries again."""

ANSWERS_IN_A_MEGABYTE: Final = 320_000
"""So many bytes of public answers are kept for each megabyte of entries: a page, compressed, says what several do."""

SECONDS_MORE: Final = 5
"""So much longer than it may take to stop a worker lives; then it is ended, whatever it is doing."""

log = structlog.get_logger()


def serve(installed: Installation, listening: socket) -> None:
    """Serves until it is asked to stop (SIGTERM, SIGINT), and until what is under way then has been answered."""
    if installed.settings.workers > 1:
        _several(installed.settings, listening)
        return
    uvicorn.Server(_config(installed.settings, lambda: _application(installed))).run(sockets=[listening])


def worker() -> FastAPI:
    """What one worker of several serves; it opens the installation for itself."""
    settings = Settings.from_environment()
    configure(settings.log)
    threading.Thread(target=_end_with_starter, daemon=True).start()
    return _application(_opened(settings))


def _opened(settings: Settings) -> Installation:
    """The installation, waited for while the database is away: one worker that died then must not end the others."""
    with _ended_by_signals():
        while True:
            try:
                return installation(settings)
            except Refused as refusal:
                codes = [found.code for found in refusal.refusals]
                if not (is_fault(refusal) or codes == ["not-initialised"]):  # its starter has found it initialised
                    log.error("worker-not-started", codes=codes)  # noqa: TRY400  # a refusal says all there is to say
                    raise SystemExit(STARTUP_FAILURE) from None  # another one would not get further
                log.warning("worker-waits", codes=codes)
            time.sleep(SECONDS_BETWEEN_TRIES)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Uvicorn's own handlers only note a signal, for when the program serves."""

    def end(*_: object) -> None:
        raise SystemExit(0)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _config(settings: Settings, app: str | Callable[[], FastAPI]) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=True,
        workers=settings.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=list(settings.proxies),  # else uvicorn would look for a variable that is none of ours
        timeout_graceful_shutdown=settings.stop_within,
        timeout_worker_healthcheck=SECONDS_TO_PONG,
    )


def _application(installed: Installation) -> FastAPI:
    """The application as a server runs it: measured, limited, watched, and closed in the end."""

    @asynccontextmanager
    async def closing(_app: FastAPI) -> AsyncIterator[None]:
        with watched(asyncio.get_running_loop()):
            yield
        installed.database.close()

    installed.database.answer_within(installed.settings.answer_within)
    let_go_often()
    metrics.watch(installed)
    app = create_app(installed, installed.settings.memory * ANSWERS_IN_A_MEGABYTE, lifespan=closing)
    _note_signals(app, installed.settings.stop_within + SECONDS_MORE)
    return app


def _note_signals(app: FastAPI, seconds: int) -> None:
    """From the signal on the program is not ready any more, nobody waits for news, and it ends after so many seconds at
    the latest.

    It is called when uvicorn has its own handlers in place already, which it takes away again itself.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        stops = signal.getsignal(number)

        def noted(number: int, frame: FrameType | None, stops: Any = stops) -> None:
            if not app.state.stopping.is_set():
                app.state.stopping.set()
                app.state.waiting.end()
                last = threading.Timer(seconds, _end)
                last.daemon = True
                last.start()
            stops(number, frame)

        signal.signal(number, noted)


def _end() -> None:
    log.error("stopped-unfinished")
    os._exit(1)  # what is not committed by now never was


def _end_with_starter() -> None:
    """A worker whose starter was killed would go on for ever, and keep the port."""
    starter = parent_process()
    if starter is not None:
        wait([starter.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


# ---- several ------------------------------------------------------------------------------------------------------


def _several(settings: Settings, listening: socket) -> None:
    with TemporaryDirectory(prefix="werdegang-metrics-") as folder:
        os.environ[metrics.SHARED] = folder  # before a worker imports the library
        workers = _Workers(_config(settings, "adapters.web.serving:worker"), [listening])
        workers.run()
    if any(each.exitcode == STARTUP_FAILURE for each in workers.processes):
        raise SystemExit(1)


class _Workers(Multiprocess):
    """Uvicorn's own supervisor, which keeps so many workers alive; SIGHUP replaces them one after the other."""

    def terminate_all(self) -> None:
        for each in self.sockets:  # or connections would queue here which nobody takes any more
            each.close()
        super().terminate_all()

    def keep_subprocess_alive(self) -> None:
        before = {each.pid for each in self.processes}
        super().keep_subprocess_alive()
        for gone in before - {each.pid for each in self.processes}:
            mark_process_dead(gone, os.environ[metrics.SHARED])  # type: ignore[no-untyped-call]
