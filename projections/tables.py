"""The tables: what is listed, searched or counted across many entries and many processes.

They hold the public picture of every process, and for the search every entry with the moment from which it is public.
What an account may see beyond that is read from the fold. The tables follow from the entries, are filled in the
transaction that stores them, and can be filled anew at any time: no migration knows them. What they look like stands
in `projections/table_rows.py`.
"""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Table, func, select, tuple_

from domain.errors import refused
from domain.record import Record, microseconds, moment
from domain.replay import Effective
from projections.feed import Place, Placed
from projections.filling import Filling
from projections.meetings import AttendanceRegister, Attended
from projections.public_picture import Overview
from projections.search import whole
from projections.table_rows import (
    FOREVER,
    LAYOUT,
    NUMBERS,
    PLACE,
    checksum,
    expected_rows,
    instant,
    made_public,
    metadata,
    public_attendance,
    public_lines,
    public_overviews,
    public_rows,
    search_entries,
    search_rows,
    table_sets,
)
from projections.table_set import MANY, Connections, TableSet
from projections.telling import Line
from projections.timeline import WHOLE, Choice, Contents, Excerpt, News, Tally

# What SQLAlchemy has no words for. In SQLite the words of both sets stand in one index: the row number tells which.
_SQLITE_WORDS: Final = (
    "CREATE VIRTUAL TABLE search_words USING fts5(words, tokenize = 'ascii', detail = 'none', columnsize = 0)",
)
_POSTGRES_WORDS: Final = (
    "ALTER TABLE search_entries ADD COLUMN words tsvector",
    "CREATE INDEX search_entries_words ON search_entries USING gin (words)",
    # Its statistics would keep samples of what is erased later.
    "ALTER TABLE search_entries ALTER COLUMN words SET STATISTICS 0",
    "ALTER TABLE public_lines ALTER COLUMN line SET STATISTICS 0",
    "ALTER TABLE public_overviews ALTER COLUMN overview SET STATISTICS 0, ALTER COLUMN contents SET STATISTICS 0",
    "ALTER TABLE public_attendance ALTER COLUMN attended SET STATISTICS 0",
)

_LIVING: Final = "SELECT living FROM table_sets"
_OVERVIEWS: Final = """
    SELECT {} FROM public_overviews
    WHERE set_no = (SELECT living FROM table_sets) AND since <= ? AND until > ? {} ORDER BY founded"""
_HELD: Final = "set_no = ? AND since <= ? AND until > ? AND process = ?"
_CONTENTS: Final = f"SELECT contents FROM public_overviews WHERE {_HELD}"  # noqa: S608
# Which entries are on a page an index tells by itself; only the lines of the page are looked at, each by its whole
# key: by a part of it PostgreSQL would read all lines of the process again for every line of the page.
_CHOSEN: Final = f"FROM {{}} AS t WHERE {_HELD} AND last IS NOT NULL {{}}"
_TALLIES: Final = f"SELECT kind, quarter, count(*) {_CHOSEN} GROUP BY kind, quarter ORDER BY kind, quarter"
_COUNT: Final = f"SELECT count(*) {_CHOSEN}"
_PAGE: Final = f"""
    SELECT l.line, p.last, p.changed
    FROM (SELECT set_no, process, number, since, last, place, first, changed {_CHOSEN}
          ORDER BY {{}} LIMIT ? OFFSET ?) AS p
    JOIN public_lines AS l USING (set_no, process, number, since) ORDER BY {{}}"""  # noqa: S608
_CONCERNED_TOO: Final = """
    EXISTS (SELECT 1 FROM public_concerned AS o WHERE o.set_no = t.set_no AND o.process = t.process
            AND o.number = t.number AND o.since = t.since AND o.subject = ?)"""
_NEXT_CHANGE: Final = """
    SELECT min(moment) FROM (
        SELECT min(since) AS moment FROM public_overviews WHERE set_no = ? AND since > ?
        UNION ALL SELECT min(until) FROM public_overviews WHERE set_no = ? AND until > ?) AS moments"""
# Entries are found by their words and only then looked at: how rare a word is the databases do not know. CROSS JOIN
# makes SQLite do so, and the order of a page PostgreSQL; otherwise both go through all that is public.
_FOUND_SQLITE: Final = """
    FROM search_words AS w CROSS JOIN search_entries AS e ON e.set_no = ? AND e.position = w.rowid / 2
    WHERE w.search_words MATCH ? AND w.rowid % 2 = ?"""
_FOUND_POSTGRES: Final = "FROM search_entries AS e WHERE e.words @@ CAST(? AS tsquery) AND e.set_no = ?"
_COUNTED: Final = "SELECT count(*) FROM (SELECT 1 {} LIMIT ?) AS found"
# The words that stand in the index, in their order. The table holds nothing itself, and belongs to a connection.
_SQLITE_TERMS: Final = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_terms USING fts5vocab(main, search_words, instance)"
)
_NEXT_TERM: Final = "SELECT term FROM temp.search_terms WHERE term >= ? LIMIT 1"
_RECORDED: Final = """
    SELECT process, number, position FROM search_entries WHERE set_no = ? AND position > ? ORDER BY position LIMIT ?"""
# Of each process no more is looked at than a page holds: how its entries lie among all others no database knows.
# In both, `column1` is what VALUES list.
_RECORDED_IN: Final = """
    SELECT e.process, e.number, e.position
    FROM (VALUES {}) AS p CROSS JOIN search_entries AS e
    WHERE e.set_no = ? AND e.process = p.column1 AND e.position > ? AND e.position <= coalesce((
        SELECT position FROM search_entries
        WHERE set_no = ? AND process = p.column1 AND position > ? ORDER BY position LIMIT 1 OFFSET ?), ?)
    ORDER BY e.position LIMIT ?"""
_PUBLIC_FROM: Final = "UPDATE search_entries SET public_from = ? WHERE set_no = ? AND process = ? AND number = ?"

ALL: Final = 2**63 - 1
"""A limit that is none: SQLite asks for one, PostgreSQL takes it."""

FEW_FOUND: Final = 5_000
"""So many PostgreSQL sorts; of more, it has a page sooner by going through all entries from the newest on, which it
does where they are ordered by their position alone."""

MOST_COUNTED: Final = 10_000
"""So many entries that are found are counted: whoever has found more than that asks for another word, too."""

FEW_TERMS: Final = 20
"""So many words with one beginning SQLite looks for one by one."""

LINES_KEPT: Final = 4_000
OVERVIEWS_KEPT: Final = 4_000
"""Of one process more than that, a list of all would find none of them kept: each goes before it is asked for again."""
CONTENTS_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class Found:
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
        self._database.alter(self._create)

    def _create(self, connection: Connection) -> None:
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
            return _layout(connection) == LAYOUT and self.living() is not None

    def living(self) -> int | None:
        """Which set is read; it is another one after a rebuild."""
        with self._database.reading() as connection:
            (row,) = self._database.run(connection, _LIVING).fetchall()
            found: int | None = row[0]
            return found

    def _read_set(self) -> int:
        """The set that is read; refused as long as none was ever filled."""
        living = self.living()
        if living is None:
            raise refused("tables-missing")
        return living

    def _holding(self, table: Table, now: datetime) -> tuple[ColumnElement[bool], ...]:
        """The rows of the living set that hold at a moment."""
        at = microseconds(now)
        return table.c.set_no == self._read_set(), table.c.since <= at, table.c.until > at

    def next_change(self, now: datetime) -> datetime | None:
        """When the first overview changes by itself; `None`: it takes a recording to change any of them."""
        at = microseconds(now)
        with self._database.reading() as connection:
            living = self._read_set()
            given = (living, at, living, at)
            found = connection.exec_driver_sql(self._database.sql(_NEXT_CHANGE), given).scalar()
        return None if found in (None, FOREVER) else moment(found)

    # ---- recording -----------------------------------------------------------------------------------------------

    def take(self, log: Effective, records: Sequence[Record]) -> None:
        """Takes in the newest entries of a process, inside the transaction that stores them.

        `log` holds all entries of the process, these among them.
        """
        with self._database.writing() as connection:
            living = self.living()
            if living is None:
                return  # nothing is listed anywhere yet: the rebuild that is due will take these in, too
            tables = TableSet(self._database, living)
            tables.insert(search_entries, search_rows(log, records))
            changed = {number for record in records for number in made_public(log, record.number)}
            if not changed:
                return
            since = [(instant(log.public_from(n)), living, records[0].process, n) for n in sorted(changed)]
            self._database.run(connection, _PUBLIC_FROM, *since)
            # The public picture is brought up to date: what stays the same is not written again.
            new = 0
            for table, rows in public_rows(log, records[-1].recorded_at).items():
                known, wanted = set(tables.read(table, records[0].process)), set(rows)
                tables.delete(table, known - wanted)
                tables.insert(table, wanted - known)
                new += len(wanted - known)
            if new >= MANY:
                tables.take_stock()

    def take_anew(self, log: Effective, records: Sequence[Record], now: datetime) -> None:
        """Takes in all entries of a process again, after texts were erased, inside the transaction that erases them.

        What stood here of the process is gone, also from a set that a rebuild left behind.
        """
        with self._database.writing():
            living = self.living()
            if living is None:
                return
            TableSet(self._database, 1 - living).clear(records[0].process)
            tables = TableSet(self._database, living)
            tables.clear(records[0].process)
            for table, rows in expected_rows(log, records, now).items():
                tables.insert(table, rows)
            tables.forget_words()

    def forget_words(self) -> None:
        """Takes words out of the index of the search that were deleted from it, in the transaction of the caller."""
        TableSet(self._database, self._read_set()).forget_words()

    def forget(self) -> None:
        """Lets go of what was read: lines that are stored in other words now."""
        for kept in (_line, _overview, _contents):
            kept.cache_clear()

    def reading(self) -> AbstractContextManager[object]:
        """What is asked for inside is answered from one and the same state of the database."""
        return self._database.reading()

    # ---- reading -------------------------------------------------------------------------------------------------

    def processes(self, now: datetime) -> list[str]:
        """Every process of which something is public, the oldest first."""
        return self._of_processes("process", now)

    def overviews(self, now: datetime, among: Collection[str]) -> list[Overview]:
        """Those of some processes of which something is public, the oldest first."""
        return [_overview(found) for found in self._of_processes("overview", now, among)]

    def _of_processes(self, column: str, now: datetime, among: Collection[str] | None = None) -> list[str]:
        at = microseconds(now)
        some = "" if among is None else f"AND process IN ({', '.join('?' * len(among)) or 'NULL'})"
        with self._database.reading() as connection:
            given = (at, at, *(among or ()))
            found = self._database.run(connection, _OVERVIEWS.format(column, some), given).fetchall()
            if not found:
                self._read_set()  # where no set was ever filled, nothing is to be said
        return [value for (value,) in found]

    def excerpt(
        self,
        process: str,
        now: datetime,
        zone: ZoneInfo,
        choice: Choice = WHOLE,
        *,
        newest: bool = False,
        first: int = 0,
        most: int | None = None,
    ) -> Excerpt:
        """One page of the public timeline of a process (see `projections/timeline.py`)."""
        with self._database.reading() as connection:
            held = self._held(process, now)
            contents = self._contents(connection, held)
            tallies = contents.tallies  # counted already
            if choice.of_any_kind() != WHOLE:
                source, condition, given = _chosen(choice.of_any_kind(), zone)
                counted = self._database.run(connection, _TALLIES.format(source, condition), (*held, *given))
                tallies = [Tally(kind=kind, quarter=quarter, count=n) for kind, quarter, n in counted.fetchall()]
            told = self._page(connection, held, _chosen(choice, zone), PLACE, first, most, reverse=newest)
        return Excerpt(
            lines=[line for line, _, _ in told],
            days=[day for _, day, _ in told],
            total=sum(tally.count for tally in tallies if choice.kind in (None, tally.kind)),
            tallies=tallies,
            contents=contents,
            later=0,
            zone=zone,
        )

    def news(
        self, process: str, now: datetime, concerned: str | None = None, *, first: int = 0, most: int | None = None
    ) -> News:
        """What the public learned last of a process, the newest first (see `projections/timeline.py`)."""
        choice = WHOLE if concerned is None else Choice(concerned=(concerned,))
        chosen = source, condition, given = _chosen(choice, ZoneInfo("UTC"))
        with self._database.reading() as connection:
            held = self._held(process, now)
            (total,) = self._database.run(connection, _COUNT.format(source, condition), (*held, *given)).fetchall()[0]
            told = self._page(connection, held, chosen, ("changed", "number"), first, most, reverse=True)
        return News(lines=[line for line, _, _ in told], changed=[at for _, _, at in told], total=total)

    def contents(self, process: str, now: datetime) -> Contents:
        """What the public timeline of a process holds."""
        with self._database.reading() as connection:
            return self._contents(connection, self._held(process, now))

    def _contents(self, connection: Connection, held: tuple[object, ...]) -> Contents:
        ((found,),) = self._database.run(connection, _CONTENTS, held).fetchall()
        return _contents(found)

    def _page(
        self,
        connection: Connection,
        held: tuple[object, ...],
        chosen: tuple[str, str, tuple[object, ...]],
        order: Sequence[str],
        first: int,
        most: int | None,
        *,
        reverse: bool,
    ) -> list[tuple[Line, date, datetime]]:
        """A page of lines, each with its last day and when it last changed."""
        source, condition, given = chosen
        inside, outside = (", ".join(f"{of}{name}{' DESC' if reverse else ''}" for name in order) for of in ("", "p."))
        page = (*held, *given, ALL if most is None else most, first)
        found = self._database.run(connection, _PAGE.format(source, condition, inside, outside), page).fetchall()
        return [(_line(line), date.fromordinal(last), moment(changed)) for line, last, changed in found]

    def lines(self, process: str, numbers: Collection[int], now: datetime) -> dict[int, Line]:
        """Some public entries as lines, by their numbers."""
        c = public_lines.c
        query = select(c.number, c.line).where(c.process == process, c.number.in_(numbers))
        with self._database.reading() as connection:
            found = connection.execute(query.where(*self._holding(public_lines, now)))
            return {number: _line(line) for number, line in found}

    def _held(self, process: str, now: datetime) -> tuple[object, ...]:
        """What the rows of a process that hold at a moment are found by."""
        at = microseconds(now)
        return self._read_set(), at, at, process

    def attendance(self, process: str, now: datetime) -> AttendanceRegister:
        """Who was invited, registered, there or excused, as the public sees it."""
        c = public_attendance.c
        rows = select(c.attended).where(c.process == process).order_by(c.actor)
        without = select(public_overviews.c.meetings_without).where(public_overviews.c.process == process)
        with self._database.reading() as connection:
            rows = rows.where(*self._holding(public_attendance, now))
            without = without.where(*self._holding(public_overviews, now))
            found = [Attended.model_validate_json(row) for row in connection.execute(rows).scalars()]
            told = connection.execute(without).scalar() or "[]"
        found.sort(key=lambda attended: attended.actor.id)  # each database sorts letters in its own way
        return AttendanceRegister(actors=found, meetings_without=NUMBERS.validate_json(told))

    def search(
        self,
        wanted: Sequence[str],
        now: datetime,
        inside: Collection[str] | None,
        process: str | None = None,
        *,
        first: int = 0,
        most: int | None = None,
    ) -> tuple[int, list[Found]]:
        """How many entries each of the words begins a word of, and one page of them, the newest first.

        No more than `MOST_COUNTED` are counted: one above that says that there are more. `inside` are the processes of
        which also what is internal is searched; `None` means all of them.
        """
        with self._database.reading() as connection:
            source, given = self._matching(connection, wanted, self._read_set())
            if inside is not None:
                scopes = f"OR e.process IN ({', '.join('?' * len(inside))})" if inside else ""
                source += f" AND (e.public_from <= ? {scopes})"
                given += (microseconds(now), *inside)
            if process is not None:
                source += " AND e.process = ?"
                given += (process,)
            limited = (*given, MOST_COUNTED + 1)
            ((total,),) = self._database.run(connection, _COUNTED.format(source), limited).fetchall()
            if first >= total:
                return total, []
            by = "w.rowid" if self._database.sqlite else "e.position" if total > FEW_FOUND else "e.position + 0"
            page = f"SELECT e.process, e.number, e.position {source} ORDER BY {by} DESC LIMIT ? OFFSET ?"
            rows = self._database.run(connection, page, (*given, ALL if most is None else most, first)).fetchall()
        return total, [Found(*row) for row in rows]

    def _matching(self, connection: Connection, wanted: Sequence[str], living: int) -> tuple[str, tuple[object, ...]]:
        """Where the entries with all these words are found, and what that is given.

        Words are letters and digits alone, so that nothing in them can mean anything to the database.
        """
        if self._database.sqlite:
            words = " AND ".join(f'"{word}"' if whole(word) else self._beginning(connection, word) for word in wanted)
            return _FOUND_SQLITE, (living, words, living)
        words = " & ".join(f"'{word}'" if whole(word) else f"'{word}':*" for word in wanted)
        return _FOUND_POSTGRES, (words, living)

    def _beginning(self, connection: Connection, word: str) -> str:
        """The words that begin so, as SQLite looks for them: one by one, if they are few.

        By their beginning it puts all entries in order that have any of them, before it tells the first one.
        """
        self._database.run(connection, _SQLITE_TERMS)
        terms, after = list[str](), word
        while len(terms) <= FEW_TERMS:
            found = self._database.run(connection, _NEXT_TERM, (after,)).fetchall()
            if not found or not found[0][0].startswith(word):
                return "({})".format(" OR ".join(f'"{term}"' for term in terms or [word]))
            terms.append(found[0][0])
            after = f"{terms[-1]}\0"
        return f'"{word}"*'

    def recorded(self, after: int, inside: Collection[str] | None, most: int) -> list[Placed]:
        """The next entries of some processes after a position; `None` means those of all."""
        with self._database.reading() as connection:
            living = self._read_set()
            if inside is None:
                rows = self._database.run(connection, _RECORDED, (living, after, most))
            elif inside:
                those = ", ".join(["(?)"] * len(inside))
                last = (living, after, most - 1, ALL)
                rows = self._database.run(connection, _RECORDED_IN.format(those), (*inside, living, after, *last, most))
            else:
                return []
            return [Placed(*row) for row in rows.fetchall()]

    def made_public(self, after: Place | None, until: datetime, most: int) -> list[Placed]:
        """The next entries in the order in which they became public, up to a moment."""
        c = search_entries.c
        with self._database.reading() as connection:
            found = select(c.process, c.number, c.position, c.public_from).where(c.set_no == self._read_set())
            found = found.where(c.public_from <= microseconds(until))
            if after is not None:
                found = found.where(tuple_(c.public_from, c.position) > (after.at, after.position))
            rows = connection.execute(found.order_by(c.public_from, c.position).limit(most))
            return [Placed(*row) for row in rows]

    def public_end(self, until: datetime) -> Place | None:
        """Where the last entry stands that became public up to a moment."""
        c = search_entries.c
        with self._database.reading() as connection:
            found = select(c.position, c.public_from).where(c.set_no == self._read_set())
            found = found.where(c.public_from <= microseconds(until))
            last = connection.execute(found.order_by(c.public_from.desc(), c.position.desc()).limit(1)).first()
        return None if last is None else Place(last.position, last.public_from, public=True)

    def last_made_public(self, after: datetime, until: datetime) -> datetime | None:
        """The last moment at which an entry becomes public, after one and up to another."""
        c = search_entries.c
        with self._database.reading() as connection:
            within = c.public_from > microseconds(after), c.public_from <= microseconds(until)
            found = select(func.max(c.public_from)).where(c.set_no == self._read_set(), *within)
            last: int | None = connection.execute(found).scalar()
        return None if last is None else moment(last)

    def public_since(self, position: int) -> int | None:
        """Since which microsecond the entry at a position is public, or will be."""
        c = search_entries.c
        with self._database.reading() as connection:
            found = select(c.public_from).where(c.set_no == self._read_set(), c.position == position)
            since: int | None = connection.execute(found).scalar()
        return since

    def checksum(self, process: str, now: datetime) -> str:
        """The checksum of all that the living set holds of a process, from now on."""
        with self._database.reading():
            return checksum(TableSet(self._database, self._read_set()).rows(process, now))

    def checksum_of(self, log: Effective, records: Sequence[Record], now: datetime) -> str:
        """What that checksum should be, by the fold."""
        return checksum(expected_rows(log, records, now))

    # ---- filling anew --------------------------------------------------------------------------------------------

    def begin(self) -> Filling:
        """Begins to fill the set that is not living. A rebuild that was begun before and is not done yet fails."""
        return Filling(self._database)


@lru_cache(LINES_KEPT)
def _line(stored: str) -> Line:
    """A line as it is stored: most are read again and again."""
    return Line.model_validate_json(stored)


@lru_cache(OVERVIEWS_KEPT)
def _overview(stored: str) -> Overview:
    """A process in short as it is stored: every page of it asks for it."""
    return Overview.model_validate_json(stored)


@lru_cache(CONTENTS_KEPT)
def _contents(stored: str) -> Contents:
    """What a timeline holds, as it is stored: the same for every page of it."""
    return Contents.model_validate_json(stored)


def _chosen(choice: Choice, zone: ZoneInfo) -> tuple[str, str, tuple[object, ...]]:
    """A choice of entries as a table, a condition and what it is given: what `Traits.among` says, for a database."""
    source, conditions, given = "public_lines", [""], list[object]()
    for place, subject in enumerate(choice.concerned):
        conditions.append(_CONCERNED_TOO if place else "subject = ?")
        source = "public_concerned"
        given.append(subject)
    if choice.kind is not None:
        conditions.append("kind = ?")
        given.append(choice.kind)
    if choice.latest is not None:
        conditions.append("first <= ?")
        given.append(choice.latest.toordinal())
    if choice.earliest is not None:
        conditions.append("over >= ?")
        given.append(choice.earliest.toordinal())
    if (after := choice.changed_after(zone)) is not None:
        conditions.append("changed > ?")
        given.append(microseconds(after))
    return source, " AND ".join(conditions), tuple(given)


def _layout(connection: Connection) -> int | None:
    """The version of the tables that are there, if there are any."""
    known = connection.dialect.has_table(connection, table_sets.name)
    return connection.execute(select(table_sets.c.layout)).scalar() if known else None
