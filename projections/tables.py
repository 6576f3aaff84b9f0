"""The tables: what is listed, searched or counted across many entries and many processes.

They hold the public picture of every process, and for the search every entry with the moment from which it is public.
What an account may see beyond that is read from the fold. The tables follow from the entries, are filled in the
transaction that stores them, and can be filled anew at any time: no migration knows them.

There is room for two sets of everything. One is living; a rebuild fills the other and makes it the living one. In
each row `since` and `until` say, in microseconds, from and until when it holds: pictures of later are there already.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final, Protocol

from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.engine.interfaces import DBAPICursor

from domain.errors import refused
from domain.publication import EntryPublished, EntryWithdrawn
from domain.record import Record, microseconds, moment
from domain.replay import Effective
from projections.meetings import AttendanceRegister, Attended
from projections.public_picture import Overview, Picture, pictures
from projections.search import whole, words_of
from projections.telling import Line
from projections.timeline import Excerpt

LAYOUT: Final = 1
"""The version of these tables; a set that was filled in another one is filled anew."""

PAGE: Final = 1_000
"""How many rows a rebuild writes while it keeps others from writing."""

FEW: Final = 50
"""Up to so many rows an INSERT for each is as fast as COPY."""

FOREVER: Final = 2**63 - 1

metadata = MetaData()
"""Apart from what the migrations create."""

table_sets = Table(
    "table_sets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("layout", Integer, nullable=False),
    Column("living", SmallInteger),
    Column("filling", Integer, nullable=False),
)
"""One row. `living` is 0 or 1, and nothing as long as no set was ever filled; `filling` counts the rebuilds begun."""

public_overviews = Table(
    "public_overviews",
    metadata,
    Column("set_no", SmallInteger, primary_key=True, autoincrement=False),
    Column("process", Text, primary_key=True),
    Column("since", BigInteger, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False),
    Column("founded", BigInteger, nullable=False),
    Column("overview", Text, nullable=False),
    Column("meetings_without", Text, nullable=False),
)
"""Each process in short, in the order of `founded`, the position of its first entry."""

public_lines = Table(
    "public_lines",
    metadata,
    Column("set_no", SmallInteger, primary_key=True, autoincrement=False),
    Column("process", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("since", BigInteger, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False),
    Column("last", Integer),
    Column("place", Integer),
    Column("first", Integer),
    Column("type", Text, nullable=False),
    Column("line", Text, nullable=False),
)
"""Every public entry as a line; those of the timeline are sorted by (last, place, first, number), the others have none
of these.
"""

_PLACE: Final = (public_lines.c.last, public_lines.c.place, public_lines.c.first, public_lines.c.number)
Index("public_lines_in_order", public_lines.c.set_no, public_lines.c.process, *_PLACE)

public_attendance = Table(
    "public_attendance",
    metadata,
    Column("set_no", SmallInteger, primary_key=True, autoincrement=False),
    Column("process", Text, primary_key=True),
    Column("actor", Text, primary_key=True),
    Column("since", BigInteger, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False),
    Column("attended", Text, nullable=False),
)
"""How often each actor was invited, registered, there or excused."""

search_entries = Table(
    "search_entries",
    metadata,
    Column("set_no", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("process", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("public_from", BigInteger),
)
"""Every entry, public or not. Its words stand in `search_words` (SQLite), or beside it in a column (PostgreSQL)."""

Index("search_entries_number", *(search_entries.c[name] for name in ("set_no", "process", "number")), unique=True)

PUBLIC: Final = {
    public_overviews: ("process", "since"),
    public_lines: ("process", "number", "since"),
    public_attendance: ("process", "actor", "since"),
}
"""The tables of the public picture, and what a row in them is known by."""

_COLUMNS: Final = {table: tuple(column.name for column in table.columns if column.name != "set_no") for table in PUBLIC}

# What SQLAlchemy has no words for. In SQLite the words of both sets stand in one index: the row number tells which.
_SQLITE_WORDS: Final = (
    "CREATE VIRTUAL TABLE search_words USING fts5(words, tokenize = 'ascii', detail = 'none', columnsize = 0)",
)
_POSTGRES_WORDS: Final = (
    "ALTER TABLE search_entries ADD COLUMN words tsvector",
    "CREATE INDEX search_entries_words ON search_entries USING gin (words)",
)

_LIVING: Final = "SELECT living FROM table_sets"
_INSERT_ENTRY: Final = (
    "INSERT INTO search_entries (set_no, position, process, number, public_from) VALUES ({}, ?, ?, ?, ?)"
)
_OVERVIEWS: Final = """
    SELECT overview FROM public_overviews
    WHERE set_no = ? AND since <= ? AND until > ? {} ORDER BY founded"""
_NEXT_CHANGE: Final = """
    SELECT min(CASE WHEN since > ? THEN since ELSE until END) FROM public_overviews WHERE set_no = ? AND until > ?"""

LINES_KEPT: Final = 4_000

Rows = Mapping[Table, Collection[tuple[Any, ...]]]
"""Rows by their table, each a tuple of all columns but `set_no`."""


class Connections(Protocol):
    """The database, as far as the tables need it; what is already in a transaction stays in it."""

    sqlite: bool

    def sql(self, statement: str) -> str: ...
    def run(self, connection: Connection, statement: str, *rows: Sequence[object]) -> DBAPICursor: ...
    def copy(self, connection: Connection, statement: str, rows: Iterable[Sequence[object]]) -> None: ...
    def reading(self) -> AbstractContextManager[Connection]: ...
    def writing(self) -> AbstractContextManager[Connection]: ...


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found."""

    process: str
    number: int
    position: int


class Tables:
    """The tables in the database: filled by whoever records, read by everybody."""

    def __init__(self, database: Connections) -> None:
        self._database = database

    # ---- which set is living -------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Creates the tables where they are missing or of another layout; they have to be filled after that."""
        with self._database.reading() as connection:
            if _layout(connection) == LAYOUT:
                return
        with self._database.writing() as connection:
            if _layout(connection) == LAYOUT:
                return
            if self._database.sqlite:
                connection.exec_driver_sql("DROP TABLE IF EXISTS search_words")
            metadata.drop_all(connection)
            metadata.create_all(connection)
            for statement in _SQLITE_WORDS if self._database.sqlite else _POSTGRES_WORDS:
                connection.exec_driver_sql(statement)
            connection.execute(table_sets.insert().values(id=1, layout=LAYOUT, living=None, filling=0))

    def filled(self) -> bool:
        """Whether there is a set that can be read."""
        with self._database.reading() as connection:
            return _layout(connection) == LAYOUT and connection.exec_driver_sql(_LIVING).scalar() is not None

    def living(self) -> int | None:
        """Which set is read; it is another one after a rebuild."""
        with self._database.reading() as connection:
            found: int | None = connection.exec_driver_sql(_LIVING).scalar()
            return found

    def next_change(self, now: datetime) -> datetime | None:
        """When the first overview changes by itself; `None`: it takes a recording to change any of them."""
        at = microseconds(now)
        with self._database.reading() as connection:
            given = (at, _living(connection), at)
            found = connection.exec_driver_sql(self._database.sql(_NEXT_CHANGE), given).scalar()
        return None if found in (None, FOREVER) else moment(found)

    # ---- recording -----------------------------------------------------------------------------------------------

    def take(self, log: Effective, records: Sequence[Record]) -> None:
        """Takes in the newest entries of a process, inside the transaction that stores them.

        `log` holds all entries of the process, these among them.
        """
        with self._database.writing() as connection:
            living: int | None = self._database.run(connection, _LIVING).fetchall()[0][0]
            if living is None:
                return  # nothing is listed anywhere yet: the rebuild that is due will take these in, too
            self._insert(connection, search_entries, living, _search_rows(log, records))
            changed = {number for record in records for number in _made_public(log, record.number)}
            if not changed:
                return
            since = [(_instant(log.public_from(n)), living, records[0].process, n) for n in sorted(changed)]
            statement = "UPDATE search_entries SET public_from = ? WHERE set_no = ? AND process = ? AND number = ?"
            self._database.run(connection, statement, *since)
            self._show(connection, living, log, records[-1].recorded_at)

    def _show(self, connection: Connection, living: int, log: Effective, now: datetime) -> None:
        """Brings the public picture of a process up to date: what stays the same is not written again."""
        process = log.entries[0].statement.process
        for table, rows in _public_rows(log, now).items():
            known = set(_read(connection, table, living, process))
            wanted = set(rows)
            self._delete(connection, table, living, known - wanted)
            self._insert(connection, table, living, wanted - known)

    def _insert(self, connection: Connection, table: Table, into: int, rows: Collection[tuple[Any, ...]]) -> None:
        """Rows of a set; those of the search with their words."""
        if len(rows) > FEW and not self._database.sqlite:
            self._database.copy(connection, *_copied(table, into, rows))
        elif table is search_entries:
            self._insert_search(connection, into, rows)
        elif rows:
            columns = _COLUMNS[table]
            marks = ", ".join("?" for _ in columns)
            statement = f"INSERT INTO {table.name} (set_no, {', '.join(columns)}) VALUES ({into}, {marks})"  # noqa: S608
            self._database.run(connection, statement, *sorted(rows, key=lambda row: row[:2]))

    def _insert_search(self, connection: Connection, into: int, rows: Collection[tuple[Any, ...]]) -> None:
        entries = _INSERT_ENTRY.format(into)
        if self._database.sqlite:
            self._database.run(connection, entries, *(row[:4] for row in rows))
            words = f"INSERT INTO search_words (rowid, words) VALUES (? * 2 + {into}, ?)"  # noqa: S608
            self._database.run(connection, words, *((row[0], row[4]) for row in rows))
            return
        words = "array_to_tsvector(CAST(? AS text[]))"
        entries = entries.replace("public_from)", "public_from, words)").replace("?)", f"?, {words})")
        self._database.run(connection, entries, *((*row[:4], row[4].split()) for row in rows))

    def _delete(self, connection: Connection, table: Table, living: int, rows: Iterable[tuple[Any, ...]]) -> None:
        known_by = PUBLIC[table]
        places = [_COLUMNS[table].index(name) for name in known_by]
        keys = [tuple(row[place] for place in places) for row in rows]
        condition = " AND ".join(f"{name} = ?" for name in known_by)
        statement = f"DELETE FROM {table.name} WHERE set_no = {living} AND {condition}"  # noqa: S608
        if keys:
            self._database.run(connection, statement, *keys)

    def reading(self) -> AbstractContextManager[object]:
        """What is asked for inside is answered from one and the same state of the database."""
        return self._database.reading()

    # ---- reading -------------------------------------------------------------------------------------------------

    def overviews(self, now: datetime, process: str | None = None) -> list[Overview]:
        """Every process of which something is public, or one, the oldest first."""
        at = microseconds(now)
        one, also = ("", ()) if process is None else ("AND process = ?", (process,))
        with self._database.reading() as connection:
            given = (_living(connection), at, at, *also)
            found = connection.exec_driver_sql(self._database.sql(_OVERVIEWS.format(one)), given).scalars()
            return [Overview.model_validate_json(overview) for overview in found]

    def excerpt(
        self,
        process: str,
        now: datetime,
        types: Collection[str] | None,
        *,
        newest: bool,
        first: int = 0,
        most: int | None = None,
    ) -> Excerpt:
        """One page of the public timeline of a process (see `projections/timeline.py`)."""
        c = public_lines.c
        with self._database.reading() as connection:
            listed = (*_holding(public_lines, connection, now), c.process == process, c.last.is_not(None))
            query = select(c.line).where(*listed, true() if types is None else c.type.in_(types))
            query = query.order_by(*(column.desc() if newest else column for column in _PLACE))
            query = query.offset(first).limit(most)
            counting = select(c.type, func.count()).where(*listed).group_by(c.type)
            lines = [_line(line) for line in connection.execute(query).scalars()]
            counts: dict[str, int] = {row[0]: row[1] for row in connection.execute(counting)}
        total = sum(count for type_, count in counts.items() if types is None or type_ in types)
        return Excerpt(lines=lines, total=total, counts=counts, later=0)

    def lines(self, process: str, numbers: Collection[int], now: datetime) -> dict[int, Line]:
        """Some public entries as lines, by their numbers."""
        c = public_lines.c
        query = select(c.number, c.line).where(c.process == process, c.number.in_(numbers))
        with self._database.reading() as connection:
            found = connection.execute(query.where(*_holding(public_lines, connection, now)))
            return {number: _line(line) for number, line in found}

    def attendance(self, process: str, now: datetime) -> AttendanceRegister:
        """Who was invited, registered, there or excused, as the public sees it."""
        c = public_attendance.c
        rows = select(c.attended).where(c.process == process).order_by(c.actor)
        without = select(public_overviews.c.meetings_without).where(public_overviews.c.process == process)
        with self._database.reading() as connection:
            rows = rows.where(*_holding(public_attendance, connection, now))
            without = without.where(*_holding(public_overviews, connection, now))
            found = [Attended.model_validate_json(row) for row in connection.execute(rows).scalars()]
            told = connection.execute(without).scalar() or "[]"
        found.sort(key=lambda attended: attended.actor.id)  # each database sorts letters in its own way
        return AttendanceRegister(actors=found, meetings_without=_NUMBERS.validate_json(told))

    def search(
        self,
        wanted: Sequence[str],
        now: datetime,
        inside: Collection[str] | None,
        process: str | None = None,
        *,
        first: int = 0,
        most: int | None = None,
    ) -> tuple[int, list[Hit]]:
        """How many entries each of the words begins a word of, and one page of them, the newest first.

        `inside` are the processes of which also what is internal is searched; `None` means all of them.
        """
        c = search_entries.c
        seen: ColumnElement[bool] = c.public_from <= microseconds(now)
        if inside is None:
            seen = true()
        elif inside:
            seen = or_(seen, c.process.in_(inside))
        with self._database.reading() as connection:
            living = _living(connection)
            found = [self._matching(wanted, living), c.set_no == living, seen]
            found += [] if process is None else [c.process == process]
            page = select(c.process, c.number, c.position).where(*found).order_by(c.position.desc())
            total = connection.execute(select(func.count()).where(*found)).scalar_one()
            rows = connection.execute(page.offset(first).limit(most))
            return total, [Hit(*row) for row in rows]

    def _matching(self, wanted: Sequence[str], living: int) -> ColumnElement[bool]:
        """Words are letters and digits alone, so that nothing in them can mean anything to the database."""
        if self._database.sqlite:
            found = "SELECT rowid / 2 FROM search_words WHERE search_words MATCH :words AND rowid % 2 = :living"
            words = " AND ".join(f'"{word}"' if whole(word) else f'"{word}"*' for word in wanted)
            match = text(found).bindparams(words=words, living=living)
            return search_entries.c.position.in_(match.columns(literal_column("rowid")))
        words = " & ".join(f"'{word}'" if whole(word) else f"'{word}':*" for word in wanted)
        return text("words @@ CAST(:words AS tsquery)").bindparams(words=words)  # type: ignore[return-value]

    def checksum(self, process: str, now: datetime) -> str:
        """The checksum of all that the living set holds of a process, from now on."""
        return checksum(self.rows(process, now))

    def checksum_of(self, log: Effective, records: Sequence[Record], now: datetime) -> str:
        """What that checksum should be, by the fold."""
        return checksum(expected_rows(log, records, now))

    # ---- filling anew --------------------------------------------------------------------------------------------

    def begin(self) -> "Filling":
        """Begins to fill the set that is not living. A rebuild that was begun before and is not done yet fails."""
        with self._database.writing() as connection:
            living, before = connection.execute(select(table_sets.c.living, table_sets.c.filling)).one()
            connection.execute(table_sets.update().values(filling=before + 1))
        filling = Filling(self, self._database, 0 if living is None else 1 - living, before + 1)
        filling.clear()
        return filling

    def rows(self, process: str, now: datetime, of: int | None = None) -> Rows:
        """All that a set holds of a process: what counts from now on, however long it has counted already."""
        with self._database.reading() as connection:
            living = _living(connection) if of is None else of
            rows: dict[Table, Collection[tuple[Any, ...]]] = {
                table: _from_now_on(table, _read(connection, table, living, process), now) for table in PUBLIC
            }
            rows[search_entries] = self._read_search(connection, living, process)
        return rows

    def _read_search(self, connection: Connection, living: int, process: str) -> list[tuple[Any, ...]]:
        words = "array_to_string(tsvector_to_array(words), ' ')"
        if self._database.sqlite:
            words = "(SELECT words FROM search_words WHERE rowid = position * 2 + set_no)"
        columns = f"position, process, number, public_from, {words}"
        statement = f"SELECT {columns} FROM search_entries WHERE set_no = ? AND process = ?"  # noqa: S608
        rows = connection.exec_driver_sql(self._database.sql(statement), (living, process))
        return sorted((*row[:4], " ".join(sorted(row[4].split()))) for row in rows)


class Filling:
    """A set that is being filled beside the living one."""

    def __init__(self, tables: Tables, database: Connections, target: int, number: int) -> None:
        self._tables = tables
        self._database = database
        self._target = target
        self._number = number
        self._begun: set[str] = set()
        """The processes of which there may be rows in this set."""

    def put(self, log: Effective, records: Sequence[Record], now: datetime) -> str:
        """Puts a process in, in pages, and answers with the checksum of its rows.

        What stands in the tables in the end is held against the fold, so that it is not only believed to be the same.
        """
        process = records[0].process
        rows = expected_rows(log, records, now)
        if process in self._begun:
            self._clear(process)
        self._begun.add(process)
        for page in _paged((table, row) for table in (search_entries, *PUBLIC) for row in rows[table]):
            with self._writing() as connection:
                for table, of_table in groupby(page, key=itemgetter(0)):
                    self._tables._insert(connection, table, self._target, [row for _, row in of_table])  # noqa: SLF001
        stored = self._tables.rows(process, now, self._target)
        if any(set(stored[table]) != set(rows[table]) for table in rows):
            raise refused("tables-differ", process=process)
        return checksum(rows)

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """Keeps all others from writing; when it is left, this set is the living one."""
        with self._writing() as connection:
            yield
            connection.execute(table_sets.update().values(living=self._target))

    def clear(self) -> None:
        """Empties the set that is not living."""
        for process in self._processes():
            self._clear(process)

    def clear_other(self) -> None:
        """Empties the set that was the living one."""
        Filling(self._tables, self._database, 1 - self._target, self._number).clear()

    def _processes(self) -> list[str]:
        held = [select(table.c.process).where(table.c.set_no == self._target) for table in (search_entries, *PUBLIC)]
        with self._database.reading() as connection:
            return list(connection.execute(held[0].union(*held[1:])).scalars())

    def _clear(self, process: str) -> None:
        with self._writing() as connection:
            if self._database.sqlite:
                found = "SELECT position * 2 + set_no FROM search_entries WHERE set_no = ? AND process = ?"
                connection.exec_driver_sql(
                    f"DELETE FROM search_words WHERE rowid IN ({found})",  # noqa: S608
                    (self._target, process),
                )
            for table in (search_entries, *PUBLIC):
                connection.execute(table.delete().where(table.c.set_no == self._target, table.c.process == process))

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._database.writing() as connection:
            if connection.execute(select(table_sets.c.filling)).scalar() != self._number:
                raise refused("rebuild-elsewhere")
            yield connection


_NUMBERS: Final = TypeAdapter(list[int])


def expected_rows(log: Effective, records: Sequence[Record], now: datetime) -> Rows:
    """All that the tables should hold of a process, by the fold."""
    return {**_public_rows(log, now), search_entries: _search_rows(log, records)}


def _search_rows(log: Effective, records: Sequence[Record]) -> list[tuple[Any, ...]]:
    return [
        (r.position, r.process, r.number, _instant(log.public_from(r.number)), " ".join(sorted(words_of(r))))
        for r in records
    ]


def checksum(rows: Rows) -> str:
    """One checksum of rows, whichever database they come from."""
    digest = sha256()
    for table in sorted(rows, key=lambda table: table.name):
        for row in sorted(rows[table], key=lambda row: tuple(map(str, row))):
            digest.update(repr((table.name, *row)).encode(errors="backslashreplace"))
    return digest.hexdigest()


def _public_rows(log: Effective, now: datetime) -> Rows:
    process = log.entries[0].statement.process
    seen = [(0 if begins <= now else microseconds(begins), found) for begins, found in pictures(process, log, now)]
    founded = log.entries[0].position
    return {
        public_overviews: [
            (process, since, until, founded, *content)
            for _, since, until, content in _lasting([(s, _of_overview(found)) for s, found in seen])
        ],
        public_lines: [
            (process, number, since, until, *content)
            for number, since, until, content in _lasting([(s, _of_lines(found)) for s, found in seen])
        ],
        public_attendance: [
            (process, actor, since, until, *content)
            for actor, since, until, content in _lasting([(s, _of_attendance(found)) for s, found in seen])
        ],
    }


def _of_overview(found: Picture) -> dict[object, tuple[Any, ...]]:
    without = _NUMBERS.dump_json(found.attendance.meetings_without).decode()
    return {None: (found.overview.model_dump_json(), without)}


def _of_lines(found: Picture) -> dict[object, tuple[Any, ...]]:
    rows: dict[object, tuple[Any, ...]] = {
        p.line.number: (p.last, p.place, p.first, p.line.type, p.line.model_dump_json()) for p in found.lines
    }
    for line in found.about_entries:
        rows[line.number] = (None, None, None, line.type, line.model_dump_json())
    return rows


def _of_attendance(found: Picture) -> dict[object, tuple[Any, ...]]:
    return {attended.actor.id: (attended.model_dump_json(),) for attended in found.attendance.actors}


def _lasting(
    moments: Sequence[tuple[int, Mapping[object, tuple[Any, ...]]]],
) -> Iterator[tuple[Any, int, int, tuple[Any, ...]]]:
    """Contents by key, each with since when and until when it is the same."""
    since: dict[object, tuple[int, tuple[Any, ...]]] = {}
    for begins, contents in moments:
        for key, (began, content) in list(since.items()):
            if contents.get(key) != content:
                yield key, began, begins, content
                del since[key]
        for key, content in contents.items():
            since.setdefault(key, (begins, content))
    for key, (began, content) in since.items():
        yield key, began, FOREVER, content


def _from_now_on(table: Table, rows: Iterable[tuple[Any, ...]], now: datetime) -> list[tuple[Any, ...]]:
    """Rows that hold now or later; what holds now has held since ever, as a set that is filled now would say."""
    since, until, at = _COLUMNS[table].index("since"), _COLUMNS[table].index("until"), microseconds(now)
    return [(*row[:since], 0 if row[since] <= at else row[since], *row[since + 1 :]) for row in rows if row[until] > at]


def _read(connection: Connection, table: Table, living: int, process: str) -> Iterator[tuple[Any, ...]]:
    columns = select(*(table.c[name] for name in _COLUMNS[table]))
    found = connection.execute(columns.where(table.c.set_no == living, table.c.process == process))
    return map(tuple, found)


def _copied(table: Table, into: int, rows: Iterable[tuple[Any, ...]]) -> tuple[str, Iterator[tuple[Any, ...]]]:
    """Rows as PostgreSQL takes in many of them fastest."""
    columns = ("position", "process", "number", "public_from", "words") if table is search_entries else _COLUMNS[table]
    copied = ((into, *row[:4], _vector(row[4])) if table is search_entries else (into, *row) for row in rows)
    return f"COPY {table.name} (set_no, {', '.join(columns)}) FROM STDIN", copied


def _vector(words: str) -> str:
    """Words, which are letters and digits alone, as PostgreSQL writes a tsvector."""
    return " ".join(f"'{word}'" for word in words.split())


def _living(connection: Connection) -> int:
    """The set that is read; refused as long as none was ever filled."""
    living: int | None = connection.exec_driver_sql(_LIVING).scalar()
    if living is None:
        raise refused("tables-missing")
    return living


def _holding(table: Table, connection: Connection, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The rows of the living set that hold at a moment."""
    return table.c.set_no == _living(connection), table.c.since <= microseconds(now), table.c.until > microseconds(now)


def _made_public(log: Effective, number: int) -> Iterator[int]:
    """The entries that a publication makes public, now or later, or that its withdrawal keeps internal."""
    entry = log.by_number[number]
    if isinstance(entry.statement.step, EntryWithdrawn):
        entry = log.by_number[entry.targets[0]]
    if isinstance(entry.statement.step, EntryPublished):
        yield from (entry.number, *entry.targets)


@lru_cache(LINES_KEPT)
def _line(stored: str) -> Line:
    """A line as it is stored: most are read again and again."""
    return Line.model_validate_json(stored)


def _instant(public_from: datetime | None) -> int | None:
    return None if public_from is None else microseconds(public_from)


def _paged(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while page := list(islice(left, PAGE)):
        yield page


def _layout(connection: Connection) -> int | None:
    """The version of the tables that are there, if there are any."""
    known = connection.dialect.has_table(connection, table_sets.name)
    return connection.execute(select(table_sets.c.layout)).scalar() if known else None
