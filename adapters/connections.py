"""How many connections of a pool are in use, for whoever counts them."""

from collections.abc import Callable

from sqlalchemy import Pool, event
from sqlalchemy.pool import ConnectionPoolEntry


def watch(pool: Pool, taken: Callable[[], object], given_back: Callable[[], object]) -> None:
    """Has it told whenever a connection of a pool is taken, and given back.

    SQLAlchemy also tells of one being given back that could not be opened, and so was never taken.
    """
    in_use: set[ConnectionPoolEntry] = set()

    def took(_connection: object, entry: ConnectionPoolEntry, _proxy: object) -> None:
        in_use.add(entry)
        taken()

    def gave(_connection: object, entry: ConnectionPoolEntry) -> None:
        if entry in in_use:
            in_use.remove(entry)
            given_back()

    event.listen(pool, "checkout", took)
    event.listen(pool, "checkin", gave)
