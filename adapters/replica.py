"""A PostgreSQL hot standby that the public reads from, so that the primary is left to those who record.

For one program, primary and replica are together one database whose state never goes back: whatever was read or
written last is a mark in the server's write-ahead log, and the replica is asked only once it has replayed that much.
Until then, and while the replica cannot be reached, the primary answers. So everything that is kept of earlier answers
is as right with a replica as without.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from adapters.connections import watch
from adapters.left_alone import LeftAlone

SECONDS_TO_SAY_HOW_FAR: Final = 2.5
"""A replica that has not said by then how far it is counts as away, though its connections may be open still."""

SECONDS_TO_ANSWER: Final = 33
"""A statement is waited for so long: a little longer than the server lets one run (`statement_timeout` below)."""

MARK: Final = """
    SELECT CAST(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                     ELSE pg_current_wal_insert_lsn() END, '0/0') AS bigint)"""
"""How far a server is, in bytes of the write-ahead log: what a replica has replayed, what a primary has written."""

WHICH: Final = "SELECT system_identifier || '/' || current_database() FROM pg_control_system()"
"""Which database it is: a standby has the number of the server that it is a copy of, and its databases."""

# What it has replayed is asked before the state is fixed that the transaction sees, and once more after: the first is
# what it holds at least, the second what it holds at most.
_BEGIN: Final = f"BEGIN READ ONLY; {MARK}; COMMIT; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {MARK}"

# A reader of a page waits no longer than that; a server that does not answer is not waited for at all.
_TIMES: Final = {"connect_timeout": 3, "options": "-c statement_timeout=30s"}


class Replica:
    """The second server, and the mark up to which it must have come. It is chosen by `asked` alone."""

    def __init__(self, url: Any, connections: int, connect_args: dict[str, Any]) -> None:
        self._engine = create_engine(
            url,
            hide_parameters=True,
            pool_size=min(10, connections),
            max_overflow=max(0, connections - 10),
            pool_timeout=3,
            connect_args={**connect_args, **{name: value for name, value in _TIMES.items() if name not in url.query}},
        )
        event.listen(self._engine, "do_connect", _connect)
        event.listen(self._engine, "connect", self._open)
        self._driver_error = self._engine.dialect.loaded_dbapi.Error
        self._lock = Lock()
        self._mark: int | None = None
        self._which: str | None = None
        self._left_alone = LeftAlone("replica")
        self._asked: ContextVar[bool] = ContextVar("asks the replica", default=False)

    def copies(self, primary: Any) -> None:
        """The database that this is to be a copy of, by the driver's connection to it."""
        self._which = primary.execute(WHICH).fetchone()[0]

    def _open(self, connection: Any, _record: object) -> None:
        """A URL that names another city's database must not show the public what stands there."""
        connection.autocommit = True  # transactions are begun by us, not by psycopg
        found = connection.execute(WHICH).fetchone()[0]
        if found != self._which:
            connection.close()
            raise self._driver_error(f"WERDEGANG_REPLICA_URL leads to {found}, which is no copy of {self._which}")

    def asked(self) -> AbstractContextManager[None]:
        """Whoever reads inside, in this context, reads from the replica where it has come far enough."""
        return self._set(asked=True)

    def left_out(self) -> AbstractContextManager[None]:
        """Whoever reads inside, in this context, does not."""
        return self._set(asked=False)

    @contextmanager
    def _set(self, *, asked: bool) -> Iterator[None]:
        token = self._asked.set(asked)
        try:
            yield
        finally:
            self._asked.reset(token)

    def seen(self, mark: int | None) -> None:
        """Something was read or written at this mark: from now on nobody is shown less. `None`: it is not known."""
        with self._lock:
            self._mark = None if mark is None else max(mark, self._mark or 0)

    def transaction(self, stack: ExitStack) -> Connection | None:
        """A transaction that only reads, which `stack` ends; `None` where the primary has to be asked."""
        if not self._asked.get() or self._mark is None or self._left_alone.now():
            return None
        try:
            with ExitStack() as begun:  # rolled back where it cannot be read from
                connection = begun.enter_context(self._engine.connect())
                begun.enter_context(connection.begin())
                at_least, at_most = _marks(connection)
                stack.push(begun.pop_all())
        except (DBAPIError, self._driver_error, PoolTimeout) as error:
            self._leave_alone(error)
            return None
        self._left_alone.reached()
        if self._shows(at_least, at_most):
            return connection
        stack.close()
        return None

    def _leave_alone(self, error: Exception) -> None:
        if not isinstance(error, PoolTimeout):
            self._engine.dispose()  # the others that lie there are as old
        self._left_alone.not_reached(error)

    def watch(self, taken: Callable[[], object], given_back: Callable[[], object]) -> None:
        """Has it told whenever a connection is taken for a transaction, and given back."""
        watch(self._engine.pool, taken, given_back)

    def tell(self, away: Callable[[bool], object]) -> None:
        """Has it told from now on whenever it could not be reached, and when it can be again."""
        self._left_alone.tell(away)

    def _shows(self, at_least: int, at_most: int) -> bool:
        """Whether a state of the replica is shown: from then on nobody is shown less."""
        with self._lock:
            if self._mark is None or at_least < self._mark:
                return False
            self._mark = max(at_most, self._mark)
            return True

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()


def _connect(_dialect: object, _record: object, arguments: list[Any], named: dict[str, Any]) -> Any:
    from adapters.replica_connection import ImpatientConnection  # noqa: PLC0415  # only with PostgreSQL

    return ImpatientConnection.connect(*arguments, **named)


def _marks(connection: Connection) -> tuple[int, int]:
    driver: Any = connection.connection.driver_connection
    driver.seconds = SECONDS_TO_SAY_HOW_FAR
    marks = [row[0] for row in results(driver.execute(_BEGIN))]
    driver.seconds = SECONDS_TO_ANSWER
    return marks[0], marks[-1]


def results(cursor: Any) -> Iterator[Any]:
    """The rows of all statements that were sent at once."""
    more: Callable[[], bool | None] = cursor.nextset
    while True:
        if cursor.description is not None:
            yield from cursor.fetchall()
        if not more():
            return
