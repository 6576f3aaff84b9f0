"""What the tables look like, and which rows the fold would put into them: the one place that says what they hold.

There is room for two sets of everything. One is living; a rebuild fills the other and makes it the living one. In
each row `since` and `until` say, in microseconds, from and until when it holds: pictures of later are there already.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, SmallInteger, Table, Text

from domain.publication import EntryPublished, EntryWithdrawn, TextsErased
from domain.record import Record, microseconds
from domain.replay import Effective
from projections.public_picture import Picture, Placed, pictures
from projections.search import words_of
from projections.timeline import quarter_of

LAYOUT: Final = 9
"""The version of these tables; a set that was filled in another one is filled anew."""

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
    Column("contents", Text, nullable=False),
    Column("meetings_without", Text, nullable=False),
)
"""Each process in short, in the order of `founded`, the position of its first entry; and what its timeline holds."""

for _when in ("since", "until"):  # to tell what changes next
    Index(f"public_overviews_{_when}", public_overviews.c.set_no, public_overviews.c[_when])


def _of_choice() -> tuple[Column[Any], ...]:
    """What an entry of the timeline is chosen by (see `Traits`) and sorted by; the others have none of these."""
    return (
        Column("last", Integer),
        Column("place", Integer),
        Column("first", Integer),
        Column("over", Integer),
        Column("quarter", Integer),
        Column("kind", Text),
        Column("changed", BigInteger),
    )


public_lines = Table(
    "public_lines",
    metadata,
    Column("set_no", SmallInteger, primary_key=True, autoincrement=False),
    Column("process", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("since", BigInteger, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False),
    *_of_choice(),
    Column("line", Text, nullable=False),
)
"""Every public entry as a line; those of the timeline are sorted by (last, place, first, number)."""

public_concerned = Table(
    "public_concerned",
    metadata,
    Column("set_no", SmallInteger, primary_key=True, autoincrement=False),
    Column("process", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("since", BigInteger, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False),
    *_of_choice(),
)
"""The entries of the timeline once more by what they concern, so that those of one body are found by themselves.

A row lasts as long as the line that it leads to: both have the same `since`.
"""

PLACE: Final = ("last", "place", "first", "number")

# Each index holds all that a choice asks for: what comes before a page is passed over without looking at its rows.
for _table, _within in ((public_lines, ()), (public_concerned, ("subject",))):
    _held = ("since", "until", "over", "quarter", "kind", "changed")
    for _name, _order in (
        ("in_order", (*PLACE, *_held)),
        ("by_kind", ("kind", *PLACE, *(name for name in _held if name != "kind"))),
        ("by_change", ("changed", "number", "since", "until", "last")),
    ):
        if _table is public_lines or _name != "by_kind":  # of one subject there are few enough
            _columns = ("set_no", "process", *_within, *_order)
            Index(f"{_table.name}_{_name}", *(_table.c[name] for name in _columns))

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

# For the feed: of an account, and of the public.
_public = search_entries.c.public_from.is_not(None)
Index("search_entries_process", *(search_entries.c[name] for name in ("set_no", "process", "position")))
Index(
    "search_entries_public",
    *(search_entries.c[name] for name in ("set_no", "public_from", "position")),
    sqlite_where=_public,
    postgresql_where=_public,
)

PUBLIC: Final = {
    public_overviews: ("process", "since"),
    public_lines: ("process", "number", "since"),
    public_concerned: ("process", "subject", "number", "since"),
    public_attendance: ("process", "actor", "since"),
}
"""The tables of the public picture, and what a row in them is known by."""

COLUMNS: Final = {
    table: tuple(column.name for column in table.columns if column.name != "set_no")
    for table in (*PUBLIC, search_entries)
}
"""The columns of a row, in their order."""

Rows = Mapping[Table, Collection[tuple[Any, ...]]]
"""Rows by their table, each a tuple of `COLUMNS`; those of the search with the words after them."""


NUMBERS: Final = TypeAdapter(list[int])


def expected_rows(log: Effective, records: Sequence[Record], now: datetime) -> Rows:
    """All that the tables should hold of a process, by the fold."""
    return {**public_rows(log, now), search_entries: search_rows(log, records)}


def search_rows(log: Effective, records: Sequence[Record]) -> list[tuple[Any, ...]]:
    """Entries with their words, as they are looked for."""
    return [
        (r.position, r.process, r.number, instant(log.public_from(r.number)), " ".join(sorted(words_of(r))))
        for r in records
    ]


def checksum(rows: Rows) -> str:
    """One checksum of rows, whichever database they come from."""
    digest = sha256()
    for table in sorted(rows, key=lambda table: table.name):
        for row in sorted(rows[table], key=lambda row: tuple(map(str, row))):
            digest.update(repr((table.name, *row)).encode(errors="backslashreplace"))
    return digest.hexdigest()


def public_rows(log: Effective, now: datetime) -> Rows:
    """The public picture of a process, now and later."""
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
        public_concerned: [
            (process, *subject_and_number, since, until, *chosen_by)
            for subject_and_number, since, until, (*chosen_by, _) in _lasting(
                [(s, _of_concerned(found)) for s, found in seen]
            )
        ],
        public_attendance: [
            (process, actor, since, until, *content)
            for actor, since, until, content in _lasting([(s, _of_attendance(found)) for s, found in seen])
        ],
    }


def _of_overview(found: Picture) -> dict[object, tuple[Any, ...]]:
    without = NUMBERS.dump_json(found.attendance.meetings_without).decode()
    return {None: (found.overview.model_dump_json(), found.contents.model_dump_json(), without)}


def _of_lines(found: Picture) -> dict[object, tuple[Any, ...]]:
    rows: dict[object, tuple[Any, ...]] = {
        p.line.number: (*_chosen_by(p), p.line.model_dump_json()) for p in found.lines
    }
    for line in found.about_entries:
        rows[line.number] = (*NOT_LISTED, line.model_dump_json())
    return rows


def _of_concerned(found: Picture) -> dict[object, tuple[Any, ...]]:
    return {(id_, p.line.number): (*_chosen_by(p), p.line) for p in found.lines for id_ in p.traits.concerned}


def _chosen_by(placed: Placed) -> tuple[Any, ...]:
    """The columns of `_of_choice`."""
    of = placed.traits
    return of.last, placed.place, of.first, of.over, quarter_of(of.last), of.kind, microseconds(of.changed)


NOT_LISTED: Final = (None,) * len(_of_choice())


def _of_attendance(found: Picture) -> dict[object, tuple[Any, ...]]:
    return {attended.actor.id: (attended.model_dump_json(),) for attended in found.attendance.actors}


def _lasting(
    moments: Sequence[tuple[int, Mapping[object, tuple[Any, ...]]]],
) -> Iterator[tuple[Any, int, int, tuple[Any, ...]]]:
    """Contents by key, each with since when and until when it is the same."""
    if len(moments) == 1:  # like most times: nothing changes by itself
        ((begins, contents),) = moments
        yield from ((key, begins, FOREVER, content) for key, content in contents.items())
        return
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


def from_now_on(table: Table, rows: Iterable[tuple[Any, ...]], now: datetime) -> list[tuple[Any, ...]]:
    """Rows that hold now or later; what holds now has held since ever, as a set that is filled now would say."""
    since, until, at = COLUMNS[table].index("since"), COLUMNS[table].index("until"), microseconds(now)
    return [(*row[:since], 0 if row[since] <= at else row[since], *row[since + 1 :]) for row in rows if row[until] > at]


def made_public(log: Effective, number: int) -> Iterator[int]:
    """The entries that a publication makes public, now or later, or that its withdrawal keeps internal; an erasure is
    public with its target.
    """
    entry = log.by_number[number]
    if isinstance(entry.statement.step, TextsErased):
        yield number
    if isinstance(entry.statement.step, EntryWithdrawn):
        entry = log.by_number[entry.targets[0]]
    if isinstance(entry.statement.step, EntryPublished):
        yield entry.number
        for target in entry.targets:
            yield from (target, *log.erasures.get(target, ()))


def instant(public_from: datetime | None) -> int | None:
    """When an entry becomes public, as it stands in a row."""
    return None if public_from is None else microseconds(public_from)
