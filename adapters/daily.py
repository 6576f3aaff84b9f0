"""What is done at the start of a server and then once a day, beside everything else."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog

SECONDS: Final = 86_400

log = structlog.get_logger()


@contextmanager
def every_day(task: Callable[[], None]) -> Iterator[None]:
    """Does it now, before anything is served, and each day after; what fails then is tried again the next day."""
    task()
    ended = threading.Event()

    def again() -> None:
        while not ended.wait(SECONDS):
            try:
                task()
            except Exception:  # of any kind: the server goes on
                log.exception("daily-failed")

    thread = threading.Thread(target=again, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
