"""Whether anything was committed to an SQLite database, told in microseconds and without waiting for anybody."""

import sqlite3
from pathlib import Path
from threading import Lock
from typing import Final

_ASK: Final = "PRAGMA data_version"
"""Another number whenever another connection has committed, of whatever program; it says nothing to any but the one
that asked before (sqlite.org/pragma.html#pragma_data_version).
"""


class Commits:
    """Asks by a connection of its own, which reads nothing else and never writes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._opened = 0

    def mark(self) -> object | None:
        """Equal to an earlier mark as long as nothing was committed since; `None` where that cannot be told now."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._open()
                    self._opened += 1
                ((version,),) = self._connection.execute(_ASK)
            except sqlite3.Error:  # whoever is answered without a mark asks the database itself, which says why
                self._close()
                return None
            return self._opened, version

    def close(self) -> None:
        """Until somebody asks again."""
        with self._lock:
            self._close()

    def _open(self) -> sqlite3.Connection:
        address = f"{self._file.absolute().as_uri()}?mode=ro"  # nor is a file made where there is none
        return sqlite3.connect(address, uri=True, timeout=0, isolation_level=None, check_same_thread=False)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
