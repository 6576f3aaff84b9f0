"""Filling the tables anew, beside those that are read: in pages, held against the fold, swapped in under the lock."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, select

from domain.errors import refused
from domain.record import Record
from domain.replay import Effective
from projections.table_rows import PUBLIC, checksum, expected_rows, search_entries, table_sets
from projections.table_set import Connections, TableSet

PAGE: Final = 1_000
"""How many rows a rebuild writes while it keeps others from writing."""


class Filling:
    """A set that is being filled beside the living one. Of two at a time the one that began first is refused."""

    def __init__(self, database: Connections) -> None:
        self._database = database
        with database.writing() as connection:
            living, before = connection.execute(select(table_sets.c.living, table_sets.c.filling)).one()
            self._number = before + 1
            connection.execute(table_sets.update().values(filling=self._number))
        self._target = TableSet(database, 0 if living is None else 1 - living)
        self._begun: set[str] = set()
        """The processes of which there may be rows in this set."""
        self._empty(self._target)

    def put(self, log: Effective, records: Sequence[Record], now: datetime) -> str:
        """Puts a process in, in pages, and answers with the checksum of its rows.

        What stands in the tables in the end is held against the fold, so that it is not only believed to be the same.
        """
        process = records[0].process
        rows = expected_rows(log, records, now)
        if process in self._begun:
            with self._writing():
                self._target.clear(process)
        self._begun.add(process)
        for page in _paged((table, row) for table in (search_entries, *PUBLIC) for row in rows[table]):
            with self._writing():
                for table, of_table in groupby(page, key=itemgetter(0)):
                    self._target.insert(table, [row for _, row in of_table])
        stored = self._target.rows(process, now)
        if any(set(stored[table]) != set(rows[table]) for table in rows):
            raise refused("tables-differ", process=process)
        return checksum(rows)

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """Keeps all others from writing; when it is left, this set is the living one."""
        with self._writing() as connection:
            yield
            self._target.take_stock()
            connection.execute(table_sets.update().values(living=self._target.number))

    def clear_other(self) -> None:
        """Empties the set that was the living one."""
        self._empty(TableSet(self._database, 1 - self._target.number))

    def _empty(self, tables: TableSet) -> None:
        for process in tables.processes():
            with self._writing():
                tables.clear(process)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._database.writing() as connection:
            if connection.execute(select(table_sets.c.filling)).scalar() != self._number:
                raise refused("rebuild-elsewhere")
            yield connection


def _paged(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while page := list(islice(left, PAGE)):
        yield page
