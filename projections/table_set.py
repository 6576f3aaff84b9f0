"""One of the two sets of tables in the database: rows go in, come back and are taken out."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Table, select
from sqlalchemy.engine.interfaces import DBAPICursor

from projections.table_rows import COLUMNS, PUBLIC, Rows, from_now_on, search_entries

FEW: Final = 50
"""Up to so many rows an INSERT for each is as fast as COPY."""

MANY: Final = 1_000
"""After so many new rows the database has another idea of its tables than before."""

_INSERT_WORDS: Final = "INSERT INTO search_words (rowid, words) VALUES (? * 2 + {}, ?)"
_DELETE_WORDS: Final = """
    DELETE FROM search_words WHERE rowid IN (
        SELECT position * 2 + set_no FROM search_entries WHERE set_no = ? AND process = ?)"""
_SQLITE_WORDS: Final = "(SELECT words FROM search_words WHERE rowid = position * 2 + set_no)"
_POSTGRES_WORDS: Final = "array_to_string(tsvector_to_array(words), ' ')"
_READ_SEARCH: Final = """
    SELECT position, process, number, public_from, {} FROM search_entries WHERE set_no = ? AND process = ?"""


class Connections(Protocol):
    """The database, as far as the tables need it; what is already in a transaction stays in it."""

    sqlite: bool

    def sql(self, statement: str) -> str: ...
    def run(self, connection: Connection, statement: str, *rows: Sequence[object]) -> DBAPICursor: ...
    def copy(self, connection: Connection, statement: str, rows: Iterable[Sequence[object]]) -> None: ...
    def reading(self) -> AbstractContextManager[Connection]: ...
    def writing(self) -> AbstractContextManager[Connection]: ...
    def alter(self, change: Callable[[Connection], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class TableSet:
    """A set by its number, 0 or 1. Whoever writes holds a transaction that writes."""

    database: Connections
    number: int

    def insert(self, table: Table, rows: Collection[tuple[Any, ...]]) -> None:
        """Puts rows in; those of the search bring their words."""
        with self.database.writing() as connection:
            if len(rows) > FEW and not self.database.sqlite:
                self._copy(connection, table, rows)
            elif rows and table is search_entries and self.database.sqlite:
                self._insert(connection, table, COLUMNS[table], [row[:-1] for row in rows])
                words = [(row[0], row[-1]) for row in rows]  # in SQLite an index of its own, of both sets
                self.database.run(connection, _INSERT_WORDS.format(self.number), *words)
            elif rows and table is search_entries:
                vectors = [(*row[:-1], _vector(row[-1])) for row in rows]
                self._insert(connection, table, (*COLUMNS[table], "words"), vectors)
            elif rows:
                self._insert(connection, table, COLUMNS[table], sorted(rows, key=lambda row: row[:2]))

    def _insert(self, connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Any]) -> None:
        marks = ", ".join("CAST(? AS tsvector)" if column == "words" else "?" for column in columns)
        into = f"{table.name} (set_no, {', '.join(columns)})"
        self.database.run(connection, f"INSERT INTO {into} VALUES ({self.number}, {marks})", *rows)  # noqa: S608

    def _copy(self, connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
        """Many rows at once, as PostgreSQL takes them in fastest."""
        columns = COLUMNS[table]
        if table is search_entries:
            columns, rows = (*columns, "words"), ((*row[:-1], _vector(row[-1])) for row in rows)
        statement = f"COPY {table.name} (set_no, {', '.join(columns)}) FROM STDIN"
        self.database.copy(connection, statement, ((self.number, *row) for row in rows))

    def delete(self, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
        """Takes rows of the public picture out."""
        known_by = PUBLIC[table]
        places = [COLUMNS[table].index(name) for name in known_by]
        keys = [tuple(row[place] for place in places) for row in rows]
        condition = " AND ".join(f"{name} = ?" for name in known_by)
        statement = f"DELETE FROM {table.name} WHERE set_no = {self.number} AND {condition}"  # noqa: S608
        if keys:
            with self.database.writing() as connection:
                self.database.run(connection, statement, *keys)

    def read(self, table: Table, process: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a process in a table of the public picture, those of later and those that are over too."""
        columns = select(*(table.c[name] for name in COLUMNS[table]))
        of_process = columns.where(table.c.set_no == self.number, table.c.process == process)
        with self.database.reading() as connection:
            yield from map(tuple, connection.execute(of_process))

    def take_stock(self) -> None:
        """Tells PostgreSQL how much there is now. It finds out by itself, but only after a minute: until then it would
        look for the lines of a page by an index that passes over most of the others. Where others look after a table
        just now it is passed over: nobody waits for that.
        """
        if not self.database.sqlite:
            with self.database.writing() as connection:
                for table in (search_entries, *PUBLIC):
                    self.database.run(connection, f"ANALYZE (SKIP_LOCKED) {table.name}")

    def rows(self, process: str, now: datetime) -> Rows:
        """All that is held of a process: what counts from now on, however long it has counted already."""
        with self.database.reading():
            rows: dict[Table, Collection[tuple[Any, ...]]] = {
                table: from_now_on(table, self.read(table, process), now) for table in PUBLIC
            }
            rows[search_entries] = self._read_search(process)
        return rows

    def _read_search(self, process: str) -> list[tuple[Any, ...]]:
        statement = _READ_SEARCH.format(_SQLITE_WORDS if self.database.sqlite else _POSTGRES_WORDS)
        with self.database.reading() as connection:
            rows = self.database.run(connection, statement, (self.number, process)).fetchall()
        return sorted((*row[:-1], " ".join(sorted(row[-1].split()))) for row in rows)

    def forget_words(self) -> None:
        """Takes out of SQLite's index what was deleted from it: until its parts are merged the words stand there."""
        if self.database.sqlite:
            with self.database.writing() as connection:
                self.database.run(connection, "INSERT INTO search_words (search_words) VALUES ('optimize')")

    def processes(self) -> list[str]:
        """Every process of which there is a row."""
        held = [select(table.c.process).where(table.c.set_no == self.number) for table in (search_entries, *PUBLIC)]
        with self.database.reading() as connection:
            return list(connection.execute(held[0].union(*held[1:])).scalars())

    def clear(self, process: str) -> None:
        """Takes out all that is held of a process."""
        with self.database.writing() as connection:
            if self.database.sqlite:
                self.database.run(connection, _DELETE_WORDS, (self.number, process))
            for table in (search_entries, *PUBLIC):
                connection.execute(table.delete().where(table.c.set_no == self.number, table.c.process == process))


def _vector(words: str) -> str:
    """Words, which are letters and digits alone, as PostgreSQL writes a tsvector."""
    return " ".join(f"'{word}'" for word in words.split())
