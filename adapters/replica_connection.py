"""A connection to the replica that is given up when the server says nothing any more.

A server that froze – its machine was paused, its disk hangs – keeps its connections open, and the kernel goes on to
acknowledge what is sent there. Only whoever waits can tell.
"""

from typing import Any

from psycopg import Connection, OperationalError
from psycopg.pq import TransactionStatus


class ImpatientConnection(Connection[Any]):
    """Waits for the answer to what it sent for so many `seconds`, and is closed then."""

    seconds: float = 3.0

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Psycopg's own waiting, which every question passes through."""
        try:
            return super().wait(gen, interval, self.seconds if timeout is None else timeout)
        except OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:  # the server still owes the answer
                self.close()
            raise
