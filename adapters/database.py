"""The database: one pool of connections, one lock for all who write, the schema and its version."""

import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any, Final, NoReturn, TypeVar

import structlog
from sqlalchemy import (
    URL,
    BigInteger,
    Connection,
    Dialect,
    Engine,
    Integer,
    MetaData,
    RootTransaction,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.types import TypeDecorator

from adapters.commits import Commits
from adapters.connections import watch
from adapters.database_faults import fault, reason_of
from adapters.left_alone import LeftAlone
from adapters.replica import MARK, SECONDS_TO_SAY_HOW_FAR, Replica, results
from domain.errors import Refused, refused
from domain.record import microseconds, moment

CONNECTIONS: Final = 50
"""How many may be open at once: one for each thread that answers requests (40), and for those that record."""

FEW: Final = 4
"""So many questions of the public wait for the primary at once, where there is a replica to ask instead."""

SECONDS_FOR_CONNECTION: Final = 10
"""How long whoever finds all of them taken waits for one."""

MIGRATIONS: Final = Path(__file__).parents[1] / "migrations"
"""Each is a file whose name begins with the version that it brings the schema to."""

log = structlog.get_logger()
T = TypeVar("T")

_LOCK: Final = 0x7765726465  # "werde": the number of our advisory lock in PostgreSQL
_LOCK_NOT_AVAILABLE: Final = "55P03"
_QUERY_CANCELED: Final = "57014"

# How a transaction begins, to read and to write. Whoever writes has the lock before it sees anything.
_BEGIN_SQLITE: Final = ("BEGIN", "BEGIN IMMEDIATE")
_BEGIN_POSTGRES: Final = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock({_LOCK})",
)

# A program that was stopped in the middle of a transaction holds its lock no longer than that, and a server that went
# away without a word is noticed. What the URL says counts more. Reading all of it for a backup may take hours: no
# statement has a limit.
_POSTGRES: Final = {
    "application_name": "werdegang",
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
_IDLE: Final = "SET idle_in_transaction_session_timeout = '15min'"

_SHORT_TURN: Final = "SET LOCAL lock_timeout = '300ms'"
SECONDS_BETWEEN_TURNS: Final = 0.5
"""How long everybody else goes first, before a change of the schema is tried again."""

PERSONAL: Final = {"personal": True}
"""The `info` of a table in which names of persons and what they wrote stand: `Database.forget` looks after it."""

metadata = MetaData()
"""The tables that the migrations create; each is described in the module that writes it."""


def now() -> datetime:
    """The clock of the machine."""
    return datetime.now(UTC)


Position: Final = BigInteger().with_variant(Integer, "sqlite")
"""The type of a position: in SQLite only "INTEGER" is the row number itself."""


_THERE: Final = "SELECT name FROM unnest(CAST(%s AS text[])) AS name WHERE to_regclass(name) IS NOT NULL"
"""Which tables there are: those of lists and search are made last."""


_LOOKING: Final = """
    SELECT count(*) FROM (
        SELECT backend_xmin AS oldest FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND backend_type <> 'autovacuum worker'
            AND (datname = current_database() OR backend_type = 'walsender')
        UNION ALL SELECT xmin FROM pg_replication_slots
        UNION ALL SELECT transaction FROM pg_prepared_xacts WHERE database = current_database()) AS all_of_them
    WHERE oldest IS NOT NULL AND age(oldest) > age(CAST(%s AS xid))"""
"""How many look at the database as it was before a transaction: readers, replicas that tell of theirs, and what waits
to be committed.
"""

SECONDS_FOR_READERS: Final = 5
"""How long readers are waited for before what was deleted counts as not gone yet."""


def without_password(url: URL) -> str:
    """The address of a database, for people to read."""
    hidden = {part: "***" for part in url.query if "pass" in part.lower()}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)


class Instant(TypeDecorator[datetime]):
    """A moment, kept as microseconds since 1970 in UTC: exact, sortable, and the same in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else moment(value)


class Database:
    """SQLite or PostgreSQL by its SQLAlchemy URL.

    A transaction belongs to the context (thread or task) that opened it: whoever reads or writes inside joins it, so
    that entries, log and tables are stored together or not at all. `patience` is how many seconds a writer waits for
    the others before it is refused; at most so many `connections` are open at once. `replica` is the URL of a hot
    standby for the public to read from: see `reading_as_public`.
    """

    def __init__(
        self, url: str, *, patience: int = 30, connections: int = CONNECTIONS, replica: str | None = None
    ) -> None:
        self._url = make_url(url)
        self._patience = patience
        self.sqlite = self._url.get_backend_name() == "sqlite"
        self._commits: Commits | None = None
        if self.sqlite:
            file = Path(self._url.database or "")
            _make_private(file)
            self._commits = Commits(file)
        # Parameters hold what people wrote; they have no place in error messages and logs.
        engine = create_engine(
            self._url,
            hide_parameters=True,
            pool_size=min(10, connections),
            max_overflow=max(0, connections - 10),
            pool_timeout=SECONDS_FOR_CONNECTION,
            connect_args=_connect_args(self._url),
        )
        event.listen(engine, "connect", self._open_sqlite if self.sqlite else self._open_postgres)
        self._begin_reading, self._begin_writing = _BEGIN_SQLITE if self.sqlite else _BEGIN_POSTGRES
        self._within = 0
        self._connections = connections
        self._replica: Replica | None = None
        self._primary = LeftAlone("primary")
        self._waiting_for_primary = BoundedSemaphore(FEW)
        if replica is not None:
            self._replica = Replica(make_url(replica), connections, _connect_args(make_url(replica)))
        self._reader = self._beginning_with(lambda: self._begin_reading, engine)
        self._writer = self._beginning_with(lambda: self._begin_writing, engine)
        self._driver_error = engine.dialect.loaded_dbapi.Error
        self._queue = Lock()
        # A variable of this object, not of the module: with two databases open, none writes into the other.
        self._current: ContextVar[Connection | None] = ContextVar("connection", default=None)

    def address(self) -> str:
        """Which database it is, without any password."""
        return without_password(self._url)

    def sql(self, statement: str) -> str:
        """SQL with "?" for its parameters, with the mark of the driver."""
        return statement if self.sqlite else statement.replace("?", "%s")

    def run(self, connection: Connection, statement: str, *rows: Sequence[object]) -> DBAPICursor:
        """Runs SQL with "?" for its parameters, once for each row of them, by the driver itself.

        What SQLAlchemy does around a statement takes longer than all that SQLite does to record an entry. The errors
        are those of SQLAlchemy all the same, but for those of fetching.
        """
        cursor: DBAPICursor | None = None
        try:
            cursor = connection.connection.cursor()
            if len(rows) > 1:
                cursor.executemany(self.sql(statement), rows)
            else:
                cursor.execute(self.sql(statement), *rows)
        except self._driver_error as error:
            _raise_as_sqlalchemy(connection, error, cursor)
        return cursor

    def copy(self, connection: Connection, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Sends PostgreSQL many rows for a COPY."""
        cursor: Any = None
        try:
            cursor = connection.connection.cursor()
            with cursor, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        except self._driver_error as error:
            _raise_as_sqlalchemy(connection, error, cursor)

    def _beginning_with(self, statement: Callable[[], str], engine: Engine) -> Engine:
        """The same pool of connections, with transactions that begin with `statement`.

        Where there is a replica it is told how far it has to be from then on.
        """
        sharing = engine.execution_options()

        def begin(connection: Connection) -> None:
            if self._replica is None:
                self.run(connection, statement())
                return
            *_, (mark,) = results(self.run(connection, f"{statement()}; {MARK}"))
            self._replica.seen(mark)  # also where nothing is written in the end: what others wrote has been read

        event.listen(sharing, "begin", begin)
        return sharing

    def answer_within(self, seconds: int) -> None:
        """From now on PostgreSQL gives up a statement that only reads after so many seconds, and it is refused.

        On SQLite nothing changes: there who reads waits for no lock and no other machine, and what is read at once is
        bounded by pages and indexes.
        """
        if not self.sqlite:
            self._within = seconds
            self._begin_reading = f"{_BEGIN_POSTGRES[0]}; SET LOCAL statement_timeout = '{seconds}s'"

    def watch(self, taken: Callable[[], object], given_back: Callable[[], object]) -> None:
        """Has it told whenever a connection is taken for a transaction, and given back."""
        watch(self._writer.pool, taken, given_back)
        if self._replica is not None:
            self._replica.watch(taken, given_back)

    def tell_replica(self, away: Callable[[bool], object]) -> None:
        """Has it told whenever the replica could not be reached, and when it can be again."""
        if self._replica is not None:
            self._replica.tell(away)

    def tell_primary(self, away: Callable[[bool], object]) -> None:
        """The same of the primary, where there is a replica."""
        self._primary.tell(away)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one and the same state, however long it reads; it waits for nobody.

        Inside another transaction it is that one.
        """
        if (current := self._current.get()) is not None:
            yield current
            return
        with self._in_time(), ExitStack() as stack:
            connection = None if self._replica is None else self._replica.transaction(stack)
            if connection is None:
                connection = stack.enter_context(self._transaction(self._reader))
                yield connection
                return
            token = self._current.set(connection)
            try:
                yield connection
            finally:
                self._current.reset(token)

    def reading_as_public(self) -> AbstractContextManager[None]:
        """Whoever reads inside, in this context, reads from the replica, where one has come far enough."""
        return nullcontext() if self._replica is None else self._replica.asked()

    def reading_as_office(self) -> AbstractContextManager[None]:
        """Whoever reads inside, in this context, reads where it is recorded, also for the public."""
        return nullcontext() if self._replica is None else self._replica.left_out()

    def where_recorded(self, ask: Callable[[], T], otherwise: Callable[[], T] | None = None) -> T:
        """The answer of the primary, which is never behind; while it is away, that of the replica to `otherwise`, or
        else to the same.

        Once anybody has found the primary away, one such question at a time tries it again, after a while.
        """
        if self._replica is None:
            return ask()
        if not self._primary.now():
            try:
                with self._few_wait(), self.reading_as_office():
                    return ask()
            except Refused as refusal:
                if refusal.refusals[0].code != "database-unreachable":
                    raise
        with self.reading_as_public():
            return (otherwise or ask)()

    @contextmanager
    def _few_wait(self) -> Iterator[None]:
        """A primary that froze takes questions and answers none: it must not take all threads along."""
        if not self._waiting_for_primary.acquire(timeout=SECONDS_TO_SAY_HOW_FAR):
            refusal = refused("database-unreachable", reason=f"{FEW} questions wait for the primary already")
            self._primary.not_reached(refusal)
            raise refusal
        try:
            yield
        finally:
            self._waiting_for_primary.release()

    @property
    def has_replica(self) -> bool:
        """Whether the public reads from a second server."""
        return self._replica is not None

    def commits(self) -> object | None:
        """Equal to an earlier mark as long as nothing was committed since; `None` where that takes a question: on a
        server, always.
        """
        return None if self._commits is None else self._commits.mark()

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """What a server gave up since it took too long is refused as that."""
        try:
            yield
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _QUERY_CANCELED:
                raise
            raise refused("answer-too-slow", within=self._within) from error

    @contextmanager
    def writing(self, patience: float | None = None) -> Iterator[Connection]:
        """The one transaction that may write now; the others wait. Inside another one that writes it is that one.

        `patience` is for who would rather be refused than wait: in seconds, for the others of this program, and once
        more for other programs.
        """
        if (current := self._current.get()) is not None:
            if current.engine is not self._writer:
                raise RuntimeError("what only reads cannot begin to write: it does not hold the lock")
            yield current
            return
        with self._turn(patience), self._transaction(self._writer, patience) as connection:
            yield connection

    @contextmanager
    def _turn(self, patience: float | None = None) -> Iterator[None]:
        """Threads of this program queue here: the databases' own locks make many waiters slow, or starve one."""
        if not self._queue.acquire(timeout=self._patience if patience is None else patience):
            raise refused("database-busy", seconds=self._patience if patience is None else patience)
        try:
            yield
        finally:
            self._queue.release()

    @contextmanager
    def _transaction(self, engine: Engine, patience: float | None = None) -> Iterator[Connection]:
        writes, committing = engine is self._writer, False
        with self._noting(), self._connected(engine) as connection, self._hasty(connection, patience):
            try:
                with self._begun(connection):
                    self._primary.reached()
                    token = self._current.set(connection)
                    try:
                        yield connection
                    finally:
                        self._current.reset(token)
                    committing = True
            except DBAPIError as error:
                refusal = fault(error, committing=committing, writes=writes)
                if refusal is None:
                    raise
                if not connection.invalidated:  # the next one may lead to a server that takes what is written
                    connection.invalidate()
                raise refusal from error
            if writes and self._replica is not None:
                self._replica.seen(self._mark(connection))

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Notes that the primary is away, for whoever can ask the replica instead."""
        try:
            yield
        except Refused as refusal:
            if self._replica is not None and refusal.refusals[0].code == "database-unreachable":
                self._primary.not_reached(refusal)
            raise

    @contextmanager
    def _hasty(self, connection: Connection, patience: float | None) -> Iterator[None]:
        """A connection that waits for other writers no longer than that; then it is as patient as all are."""
        if patience is None:
            yield
            return
        self.run(connection, self._patience_of(patience))
        try:
            yield
        finally:
            if not connection.invalidated:
                self.run(connection, self._patience_of(self._patience))

    def _patience_of(self, seconds: float) -> str:
        milliseconds = round(seconds * 1000)
        return f"PRAGMA busy_timeout={milliseconds}" if self.sqlite else f"SET lock_timeout = {milliseconds}"

    def _mark(self, connection: Connection) -> int | None:
        """How far the primary is after a commit. Where it does not say, that is no failure of what is stored."""
        try:
            mark: int = self.run(connection, MARK).fetchone()[0]  # type: ignore[index]  # one row, always
        except (DBAPIError, self._driver_error):
            return None
        return mark

    def _open_sqlite(self, connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun by us, not by Python's module
        # Patience comes first: even the change to the write-ahead log may meet another process.
        connection.execute(self._patience_of(self._patience))
        # What is deleted is overwritten: an erased name must not stay in the file.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    def _open_postgres(self, connection: Any, _record: object) -> None:
        connection.autocommit = True  # transactions are begun by us, not by psycopg
        connection.execute(f"{self._patience_of(self._patience)}; {_IDLE}")
        if self._replica is not None:
            self._replica.copies(connection)

    def _connected(self, engine: Engine) -> Connection:
        with self._waiting(), _reachable():
            try:
                return engine.connect()
            except PoolTimeout as error:
                raise refused("connections-taken", most=self._connections, seconds=SECONDS_FOR_CONNECTION) from error

    def _begun(self, connection: Connection) -> RootTransaction:
        with self._waiting():
            try:
                return connection.begin()
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
            with _reachable():  # it lay in the pool while the server restarted; nothing has happened yet
                return connection.begin()

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if others_write(error):
                raise refused("database-busy", seconds=self._patience) from error
            raise

    def forget(self, others: Collection[str] = ()) -> bool:
        """Takes out of the files of the database what was deleted from it; `False` where others still look at it.

        Until then deleted rows stand in free pages, in dead tuples and in the write-ahead log. PostgreSQL cleans the
        tables with personal data and those `others`; its log goes on to hold them until the server removes it, which
        it is asked to do where that is permitted (`docs/desk-people.md`).
        """
        if self._current.get() is not None:
            raise RuntimeError("what is deleted is not gone before its transaction has ended")
        with self._turn():
            connection = self._writer.raw_connection()
            try:
                cursor = connection.cursor()
                if not self.sqlite:
                    return self._forget_postgres(cursor, others)
                for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    cursor.execute(statement)
                (busy, *_), *_ = cursor.fetchall()
                return bool(busy == 0)
            except self._driver_error as error:
                log.warning("not-forgotten-yet", exc_info=error)
                return False
            finally:
                connection.close()

    def _forget_postgres(self, cursor: Any, others: Collection[str]) -> bool:
        """Writes tables anew, and asks the server to be done with what its log holds, where that is permitted.

        What a reader can still see, who began before something was deleted, is not taken out: such readers are waited
        for a little, and where one goes on for longer it is not done yet.
        """
        cursor.execute("SELECT CAST(pg_current_xact_id() AS xid)")
        ((deleted_before,),) = cursor.fetchall()
        alone = self._alone_since(cursor, deleted_before)
        personal = {table.name for table in metadata.tables.values() if table.info.get("personal")}
        cursor.execute(_THERE, [sorted({*personal, *others})])
        cursor.execute(f"VACUUM (FULL) {', '.join(name for (name,) in cursor.fetchall())}")
        try:
            for statement in ("SELECT pg_switch_wal()", "CHECKPOINT"):
                cursor.execute(statement)
        except self._driver_error as error:
            log.info("wal-not-retired", sqlstate=getattr(error, "sqlstate", None))
        return alone

    def _alone_since(self, cursor: Any, transaction: object) -> bool:
        """Waits until nobody looks at the database as it was before a transaction; whether that is so."""
        give_up = time.monotonic() + SECONDS_FOR_READERS
        while True:
            cursor.execute(_LOOKING, [transaction])
            ((looking,),) = cursor.fetchall()
            if not looking or time.monotonic() > give_up:
                return not looking
            time.sleep(0.05)

    def migrate(self) -> None:
        """Brings the schema to what this program needs; processes that start together do so one after the other.

        A database that holds something goes from version to version, each in a transaction of its own: programs that
        are running, older ones too, go on reading, and what one version locks is free before the next one begins.
        """
        needed = max(self.known_revisions())

        def step(connection: Connection) -> None:
            self._refuse_newer(found := _revision(connection))
            if found != needed:
                _upgrade(connection, "head" if found is None else "+1")

        with _reachable():
            self.alter(step)
            while self.revision() != needed:
                self.alter(step)

    def alter(self, change: Callable[[Connection], None]) -> None:
        """Changes the schema in a transaction of its own; whoever reads or writes is waited for, up to our patience.

        PostgreSQL keeps new readers of a table waiting behind whoever waits to change it: so we wait in short turns,
        and let them go before us in between.
        """
        give_up = time.monotonic() + self._patience
        while True:
            try:
                with self.writing() as connection:
                    if not self.sqlite:
                        connection.exec_driver_sql(_SHORT_TURN)
                    change(connection)
            except DBAPIError as error:
                if self.sqlite or not others_write(error):
                    raise
                if time.monotonic() > give_up:
                    raise refused("migration-waits", seconds=self._patience, reached=self.revision() or "0") from error
                log.info("migration-waits")
            else:
                return
            time.sleep(SECONDS_BETWEEN_TURNS)

    def check(self) -> None:
        """Refuses a database whose schema is not the one this program needs."""
        found, needed = self.revision(), max(self.known_revisions())
        if found is None:
            raise refused("database-empty")
        self._refuse_newer(found)
        if found != needed:
            raise refused("database-older", found=found, needed=needed)

    def _refuse_newer(self, found: str | None) -> None:
        if found is not None and found not in self.known_revisions():
            raise refused("database-newer", found=found, known=max(self.known_revisions()))

    def revision(self) -> str | None:
        """The version of the schema, `None` before the first migration."""
        with _reachable(), self.reading() as connection:
            return _revision(connection)

    def known_revisions(self) -> set[str]:
        """The versions of the schema that this program can bring to its own."""
        return {file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")}

    def close(self) -> None:
        """Closes all connections."""
        if self._commits is not None:
            self._commits.close()  # first: the last one to go takes what was committed into the file, if it may write
        self._writer.dispose()
        if self._replica is not None:
            self._replica.close()


def _connect_args(url: URL) -> dict[str, Any]:
    """What is said to PostgreSQL when a connection is opened, unless the URL says it."""
    if url.get_backend_name() == "sqlite":
        return {}
    return {name: value for name, value in _POSTGRES.items() if name not in url.query}


def _raise_as_sqlalchemy(connection: Connection, error: Exception, cursor: DBAPICursor | None) -> NoReturn:
    """What SQLAlchemy itself does with an error of the driver: its own error, and a lost connection is taken out of
    the pool with all that are as old. It has no public way to ask for that.
    """
    connection._handle_dbapi_exception(error, None, None, cursor, None)  # noqa: SLF001


def _make_private(file: Path) -> None:
    """Names and drafts are nobody else's business; SQLite gives its side files the same rights."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError as error:
        raise refused("database-unreachable", reason=f"{error.strerror}: {error.filename}") from error


def others_write(error: DBAPIError) -> bool:
    """Whether the database refused because others are writing."""
    original = error.orig
    return (
        getattr(original, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY  # the higher bits say why it is busy
        or getattr(original, "sqlstate", None) == _LOCK_NOT_AVAILABLE
    )


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if others_write(error):  # it was reached
            raise
        raise refused("database-unreachable", reason=reason_of(error)) from error


def _upgrade(connection: Connection, to: str) -> None:
    # Alembic takes a third of a second to import, and every command asks for the version; few bring it up to date.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))  # Alembic reads it as a template
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _revision(connection: Connection) -> str | None:
    """What Alembic wrote down last."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
