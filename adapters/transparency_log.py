"""The transparency log of an installation: one leaf for every entry, appended in the transaction that stores it.

A leaf tells nothing of what was recorded: it holds the format, a random id of the process, number, time and the
commitment. The tree, its proofs and all formats are those of `adapters/verify.py`, which checks the log from outside.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from itertools import zip_longest
from secrets import token_bytes
from typing import Final, Protocol

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    select,
)

from adapters.database import Database, Instant, Position, metadata, now
from adapters.event_store import PAGE, entries
from adapters.verify import (
    WIDTH,
    Frontier,
    HashAt,
    Leaf,
    Rejected,
    bundle_of,
    consistency_proof,
    encode_leaf,
    hashes_of_tiles,
    inclusion_proof,
    leaf_hash,
    parse_checkpoint,
    range_root,
    subtree,
    tiles_of,
)
from domain.errors import refused
from domain.record import Record

_HASH: Final = 32
log_processes = Table(
    "log_processes",
    metadata,
    Column("process", Text, primary_key=True),
    Column("log_id", LargeBinary, nullable=False, unique=True),
)
"""The random id that stands for a process in the log: it says nothing to whoever may not see the process."""

log_leaves = Table(
    "log_leaves",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
"""One leaf for each entry; its index in the log is its position less one."""

log_tiles = Table(
    "log_tiles",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
    Column("root", LargeBinary, nullable=False),
)
"""Full tiles only, each with the root over it, which is a hash of the tile above."""

log_state = Table(
    "log_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("vkey", Text),
    Column("began_at", Instant, nullable=False),
    Column("began_size", BigInteger, nullable=False),
)
"""One row. `vkey` is the key that signs this log, and no other may. Of the entries before `began_size` the log proves
nothing about the time before `began_at`.
"""

log_checkpoints = Table(
    "log_checkpoints",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("signed_at", Instant, nullable=False),
    Column("note", Text, nullable=False),
)
"""Every checkpoint that was signed."""

log_cosignatures = Table(
    "log_cosignatures",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("witness", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("line", Text, nullable=False),
    UniqueConstraint("size", "witness"),
)
"""What witnesses signed of it, in the order in which it came: of each the first cosignature of each checkpoint. `at` is
the time that the witness signed, `witness` its vkey.
"""

log_keys = Table(
    "log_keys",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("vkey", Text, nullable=False, unique=True),
    Column("first_size", BigInteger, nullable=False),
    Column("since", Instant, nullable=False),
    Column("last_size", BigInteger),
    Column("until", Instant),
)
"""Every key that has signed this log, and the checkpoints it signed: those of `first_size` to `last_size` entries."""

# What runs at every recording does without SQLAlchemy's compiler. "?" becomes the mark of the driver.
_INSERT_LEAF: Final = "INSERT INTO log_leaves (position, leaf, hash) VALUES (?, ?, ?)"
_LOG_ID: Final = "SELECT log_id FROM log_processes WHERE process = ?"
_GROW: Final = "UPDATE log_state SET size = ?, frontier = ? WHERE size = ? AND frontier = ?"
_GROW_WITH_LEAVES: Final = f"""
    WITH grown AS ({_GROW} RETURNING size)
    INSERT INTO log_leaves (position, leaf, hash)
    SELECT leaves.* FROM grown, unnest(CAST(? AS bigint[]), CAST(? AS bytea[]), CAST(? AS bytea[])) AS leaves"""  # noqa: S608  # made of our own words alone
"""Both as one statement; SQLite cannot, and need not, since it has no server that is waited for."""


_LeafRow = tuple[int, bytes, bytes]
"""Position, leaf and its hash."""


class Committed(Protocol):
    """An entry as far as the log knows it: a record, or its columns."""

    @property
    def process(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def position(self) -> int: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def commitment(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class _Columns:
    process: str
    number: int
    position: int
    recorded_at: datetime
    commitment: bytes


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key that has signed this log: from the checkpoint of `first_size` entries on, up to that of `last_size`.

    At position `first_size` stands the entry that tells of it; the first key of a log has none.
    """

    vkey: str
    first_size: int
    since: datetime
    last_size: int | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Began:
    """Since when there is a log, and how many entries were recorded before that."""

    at: datetime
    entries: int


class TransparencyLog:
    """The log in the database: appended to by whoever records, read by everybody."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._frontier: Frontier | None = None  # as this program left it; the database says whether it still is so
        self._log_ids: dict[str, bytes] = {}  # of processes whose first entry is stored: they never change

    # ---- appending -----------------------------------------------------------------------------------------------

    def append(self, records: Sequence[Committed]) -> None:
        """Takes in entries that continue the log, inside the transaction that stores them."""
        before = records[0].position - 1
        with readable(), self._database.writing() as connection:
            remembered, self._frontier = self._frontier, None
            frontier = remembered if remembered and remembered.size == before else _stored(connection)
            if frontier.size != before:
                raise refused("log-behind", log=frontier.size, entries=before)
            rows = list(self._rows(connection, records))
            grown = self._grow(connection, frontier, rows) or self._grow(connection, _stored(connection), rows)
            if grown is None:
                raise refused("log-behind", log=_stored(connection).size, entries=before)
            for n in range(before // WIDTH, grown.size // WIDTH):
                _complete(connection, n)
            self._frontier = grown

    def _rows(self, connection: Connection, records: Sequence[Committed]) -> Iterator[_LeafRow]:
        log_ids: dict[str, bytes] = {}
        for record in records:
            if record.process not in log_ids:
                log_ids[record.process] = self._log_id(connection, record)
            leaf = _leaf(record, log_ids[record.process])
            yield record.position, leaf, leaf_hash(leaf)

    def _log_id(self, connection: Connection, first: Committed) -> bytes:
        """The id of a process, made with its first entry."""
        if first.number == 1:
            log_id = token_bytes(16)
            connection.execute(log_processes.insert().values(process=first.process, log_id=log_id))
            return log_id
        if first.process not in self._log_ids:
            known = connection.exec_driver_sql(self._database.sql(_LOG_ID), (first.process,)).scalar_one()
            self._log_ids[first.process] = known
        return self._log_ids[first.process]

    def _grow(self, connection: Connection, frontier: Frontier, leaves: Sequence[_LeafRow]) -> Frontier | None:
        """The frontier with more leaves, stored; nothing where the database has another one than this by now."""
        grown = Frontier(frontier.size, list(frontier.hashes))
        for _, _, hash_ in leaves:
            grown.append(hash_)
        change = (grown.size, b"".join(grown.hashes), frontier.size, b"".join(frontier.hashes))
        if not self._database.sqlite:
            columns = map(list, zip(*leaves, strict=True))
            stored = self._database.run(connection, _GROW_WITH_LEAVES, (*change, *columns)).rowcount
            return grown if stored == len(leaves) else None
        if self._database.run(connection, _GROW, change).rowcount != 1:
            return None
        self._database.run(connection, _INSERT_LEAF, *leaves)
        return grown

    def catch_up(self) -> int:
        """Gives a leaf to every entry that has none yet, oldest first, and answers to how many.

        Their leaves follow from the commitments that were stored with them; that they were there before, the log
        cannot prove. It says since when it can (`began`).
        """
        caught_up = 0
        while count := self._catch_up_page():
            caught_up += count
        return caught_up

    def _catch_up_page(self) -> int:
        with self._database.writing() as connection:
            page = _without_leaf(connection)
            if not page:
                return 0
            before = page[0].position - 1
            self.append(page)
            began = {"began_at": now(), "began_size": before + len(page)}
            connection.execute(log_state.update().where(log_state.c.began_size == before).values(began))
            return len(page)

    def first_difference(self, records: Iterable[Record]) -> int | None:
        """The position of the first entry that the log does not hold as it should; none where all is in order.

        `records` are all entries by position. Leaves, tree and tiles are computed anew from them.
        """
        with readable(), self._database.reading() as connection:
            log_ids = {row.process: row.log_id for row in connection.execute(select(log_processes))}
            signed = {row.size: row.note for row in connection.execute(select(log_checkpoints))}
            tree, row = Frontier(), list[bytes]()
            for record, stored in zip_longest(records, self._leaves()):
                if record is None or stored is None:
                    return tree.size + 1
                log_id = log_ids.get(record.process, b"")
                leaf = _leaf(record, log_id)
                if (record.position, leaf, leaf_hash(leaf)) != stored:
                    return record.position
                row.append(stored[2])
                tree.append(row[-1])
                if tree.size in signed and _signed_root(signed.pop(tree.size)) != tree.root():
                    return record.position
                if len(row) == WIDTH:
                    if self.tile(0, record.position // WIDTH - 1, WIDTH) != b"".join(row):
                        return record.position
                    row = []
            above = ((level, n) for level, n, width in tiles_of(tree.size) if width == WIDTH)
            for level, n in above:
                hashes = _hashes(connection, level, n, WIDTH)
                found = connection.execute(_tile_at(level, n)).one_or_none()
                if found is None or (found.hashes, found.root) != (b"".join(hashes), subtree(hashes)):
                    first: int = WIDTH ** (level + 1) * n + 1
                    return first
            full = sum(width == WIDTH for _, _, width in tiles_of(tree.size))
            tiles = connection.execute(select(func.count()).select_from(log_tiles)).scalar_one()
            in_order = _stored(connection) == tree and tiles == full and not signed.keys() - {0}
        return None if in_order else tree.size + 1

    def _leaves(self) -> Iterator[tuple[int, bytes, bytes]]:
        after = 0
        leaves = select(log_leaves).order_by(log_leaves.c.position).limit(PAGE)
        with self._database.reading() as connection:
            while page := connection.execute(leaves.where(log_leaves.c.position > after)).all():
                yield from page
                after = page[-1][0]

    # ---- reading -------------------------------------------------------------------------------------------------

    def began(self) -> Began:
        """Since when the log proves anything."""
        with self._database.reading() as connection:
            return Began(*connection.execute(select(log_state.c.began_at, log_state.c.began_size)).one())

    def tree(self) -> tuple[int, bytes]:
        """The size of the log and the root over it."""
        with readable(), self._database.reading() as connection:
            frontier = _stored(connection)
            return frontier.size, frontier.root()

    def root_at(self, size: int) -> bytes:
        """The root over the first entries of the log."""
        with readable():
            return range_root(0, size, self._hash_at(size))

    def root_through(self, process: str, number: int) -> tuple[int, bytes] | None:
        """The size of the log with an entry as its last one, and the root over that: it never changes again."""
        this = (entries.c.originator_id == process, entries.c.originator_version == number)
        with self._database.reading() as connection:
            size = connection.execute(select(entries.c.position).where(*this)).scalar()
            return None if size is None else (size, self.root_at(size))

    def tile(self, level: int, n: int, width: int) -> bytes | None:
        """The hashes of a tile, if the log is that large."""
        with self._database.reading() as connection:
            if width == WIDTH:
                full = connection.execute(_tile_at(level, n)).one_or_none()
                return None if full is None else bytes(full.hashes)
            hashes = _hashes(connection, level, n, width)
        return b"".join(hashes) if len(hashes) == width else None

    def bundle(self, n: int, width: int) -> bytes | None:
        """The leaves of a bundle, if the log is that large."""
        first = n * WIDTH
        with self._database.reading() as connection:
            found = connection.execute(
                select(log_leaves.c.leaf)
                .where(log_leaves.c.position > first, log_leaves.c.position <= first + width)
                .order_by(log_leaves.c.position)
            ).scalars()
            leaves = list(found)
        return bundle_of(leaves) if len(leaves) == width else None

    def leaf(self, index: int) -> bytes | None:
        """The leaf at an index."""
        with self._database.reading() as connection:
            leaf: bytes | None = connection.execute(
                select(log_leaves.c.leaf).where(log_leaves.c.position == index + 1)
            ).scalar()
        return leaf

    def log_id(self, process: str) -> bytes | None:
        """The id that stands for a process in the log."""
        with self._database.reading() as connection:
            return connection.execute(_log_id_of(process)).scalar()

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """What leads from a leaf to the root over the first `size`."""
        with readable():
            return inclusion_proof(index, size, self._hash_at(size))

    def consistency(self, old: int, size: int) -> list[bytes]:
        """What shows that the first `size` entries begin with the first `old`."""
        with readable():
            return consistency_proof(old, size, self._hash_at(size))

    def _hash_at(self, size: int) -> HashAt:
        read = cache(self.tile)  # a proof asks one tile more than once
        return hashes_of_tiles(size, lambda level, n, width: read(level, n, width) or b"")

    # ---- checkpoints ---------------------------------------------------------------------------------------------

    def keep(self, size: int, note: str, signed_at: datetime) -> None:
        """Keeps a checkpoint that was signed, for those who follow them; never two for one size."""
        at_size = select(log_checkpoints.c.note).where(log_checkpoints.c.size == size)
        with self._database.reading() as connection:
            known = connection.execute(at_size).scalar()
        if known is None:
            with self._database.writing() as connection:
                known = connection.execute(at_size).scalar()
                if known is None:
                    connection.execute(log_checkpoints.insert().values(size=size, note=note, signed_at=signed_at))
        if known not in {None, note}:
            raise refused("log-forked", signed=size, found=size)

    def vkey(self) -> str | None:
        """The key that signs this log; none before there is one."""
        with self._database.reading() as connection:
            return connection.execute(select(log_state.c.vkey)).scalar()

    def every_key(self) -> list[LogKey]:
        """Every key that has signed this log, the newest last. A backup from before keys were listed knows of one."""
        columns = log_keys.c
        listed = (columns.vkey, columns.first_size, columns.since, columns.last_size, columns.until)
        with self._database.reading() as connection:
            found = [LogKey(*row) for row in connection.execute(select(*listed).order_by(columns.number))]
            vkey = None if found else self.vkey()
            return found if vkey is None else [LogKey(vkey, 0, self.began().at, None, None)]

    def signing(self) -> list[str]:
        """The keys that sign this log now, the newest last."""
        return [each.vkey for each in self.every_key() if each.until is None]

    def retired(self) -> list[str]:
        """The keys that signed this log once, and sign it no more, in the order in which they came."""
        return [each.vkey for each in self.every_key() if each.until is not None]

    def change_key(self, vkey: str, size: int, at: datetime) -> None:
        """From now on another key signs this log, and for a time the one before as well. The entry that tells so is at
        position `size`.
        """
        known = self.every_key()
        with self._database.writing() as connection:
            connection.execute(delete(log_keys))
            for number, each in enumerate([*known, LogKey(vkey, size, at, None, None)], 1):
                connection.execute(log_keys.insert().values(number=number, **asdict(each)))
            connection.execute(log_state.update().values(vkey=vkey))

    def retire_key(self, size: int, at: datetime) -> str:
        """The key before the newest one signs no more; `size` is what it signed last. Answers which it was.

        Refused where one key signs alone: without it nobody would.
        """
        columns = log_keys.c
        with self._database.writing() as connection:
            signing = select(columns.vkey).where(columns.until.is_(None)).order_by(columns.number)
            keys: list[str] = list(connection.execute(signing).scalars())
            if len(keys) < 2:
                raise refused("key-not-changing")
            vkey = keys[0]
            connection.execute(log_keys.update().where(columns.vkey == vkey).values(last_size=size, until=at))
            return vkey

    def first_checkpoint(self, size: int) -> str | None:
        """The smallest checkpoint of at least that many entries."""
        columns = log_checkpoints.c
        found = select(columns.note).where(columns.size >= size).order_by(columns.size).limit(1)
        with self._database.reading() as connection:
            return connection.execute(found).scalar()

    def bind(self, vkey: str) -> None:
        """From now on this key signs the log, under its own name; checkpoints of another are not continued."""
        with self._database.writing() as connection:
            connection.execute(log_state.update().values(vkey=vkey))
            for table in (log_checkpoints, log_cosignatures, log_keys):
                connection.execute(delete(table))
            connection.execute(log_keys.insert().values(number=1, vkey=vkey, first_size=0, since=now()))

    def checkpoints(self, most: int) -> list[tuple[datetime, str]]:
        """When the last checkpoints were signed, and what they say, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(log_checkpoints.c.signed_at, log_checkpoints.c.note)
                .order_by(log_checkpoints.c.size.desc())
                .limit(most)
            )
            return [(signed_at, note) for signed_at, note in rows]


@contextmanager
def readable() -> Iterator[None]:
    """What is stored of the log may have been changed: then it is no log any more, and says so."""
    try:
        yield
    except Rejected as error:
        raise refused("log-broken", reason=error.code) from error


def _without_leaf(connection: Connection) -> list[_Columns]:
    """The first entries that have no leaf yet."""
    columns = entries.c
    rows = connection.execute(
        select(
            columns.originator_id,
            columns.originator_version,
            columns.position,
            columns.recorded_at,
            columns.commitment,
        )
        .where(columns.position > _stored(connection).size)
        .order_by(columns.position)
        .limit(PAGE)
    )
    return [_Columns(*row) for row in rows]


def _leaf(record: Committed, log_id: bytes) -> bytes:
    return encode_leaf(Leaf(record.recorded_at, record.commitment, record.number, log_id))


def _log_id_of(process: str) -> Select[bytes]:
    return select(log_processes.c.log_id).where(log_processes.c.process == process)


def _signed_root(note: str) -> bytes | None:
    try:
        return parse_checkpoint(note.partition("\n\n")[0] + "\n").root
    except Rejected:
        return None


def _stored(connection: Connection) -> Frontier:
    size, hashes = connection.execute(select(log_state.c.size, log_state.c.frontier)).one()
    return Frontier(size, [hashes[at : at + _HASH] for at in range(0, len(hashes), _HASH)])


def _tile_at(level: int, n: int) -> Select[bytes, bytes]:
    return select(log_tiles.c.hashes, log_tiles.c.root).where(log_tiles.c.level == level, log_tiles.c.n == n)


def _complete(connection: Connection, n: int) -> None:
    """Stores a tile of leaves that has become full, and the tiles above it that have with it."""
    level = 0
    while True:
        hashes = _hashes(connection, level, n, WIDTH)
        tile = {"level": level, "n": n, "hashes": b"".join(hashes), "root": subtree(hashes)}
        connection.execute(log_tiles.insert().values(tile))
        n, place = divmod(n, WIDTH)
        if place != WIDTH - 1:
            return
        level += 1


def _hashes(connection: Connection, level: int, n: int, width: int) -> list[bytes]:
    """The hashes of a tile: of leaves, or roots of the tiles below."""
    first = n * WIDTH
    if level == 0:  # by the column itself, so that its index is used
        place = log_leaves.c.position
        row = select(log_leaves.c.hash).where(place > first, place <= first + width)
    else:
        place = log_tiles.c.n
        row = select(log_tiles.c.root).where(log_tiles.c.level == level - 1, place >= first, place < first + width)
    return list(connection.execute(row.order_by(place)).scalars())
