"""A server that could not be reached is left alone for a while, so that not everybody waits for it; then one tries.

It is logged once when it is away, and once when it is back.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

import structlog

from adapters.database_faults import reason_of

SECONDS_UNTIL_NEXT_TRY: Final = 10
"""How long a server is left alone that could not be reached."""

log = structlog.get_logger()


class LeftAlone:
    """Whether one server, the "primary" or the "replica", is to be left alone now."""

    def __init__(self, name: str) -> None:
        self._away_is, self._back_is = f"{name}-away", f"{name}-back"
        self._lock = Lock()
        self._again = 0.0
        self._away = False
        self._tell: Callable[[bool], object] = lambda _away: None

    def now(self) -> bool:
        """Whether to leave it alone. Once a while is over one is told to try; meanwhile the others need not wait."""
        if not self._away:
            return False
        with self._lock:
            if time.monotonic() < self._again:
                return True
            self._again = time.monotonic() + SECONDS_UNTIL_NEXT_TRY
            return False

    def not_reached(self, error: Exception) -> None:
        """Somebody could not reach it: it is left alone from now on."""
        self._again = time.monotonic() + SECONDS_UNTIL_NEXT_TRY
        if not self._away:
            self._away = True
            self._tell(self._away)
            log.warning(self._away_is, reason=reason_of(error))

    def reached(self) -> None:
        """Somebody could: it is left alone no more."""
        if self._away:
            self._away = False
            self._tell(self._away)
            log.info(self._back_is)

    def tell(self, away: Callable[[bool], object]) -> None:
        """Has it told from now on whenever it could not be reached, and when it can be again."""
        self._tell = away
