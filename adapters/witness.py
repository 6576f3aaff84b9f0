"""A witness of transparency logs (c2sp.org/tlog-witness), for a library, a university or a neighbouring city to run.

It signs along what a log has signed, if that continues what it signed along before, and refuses everything else. So a
log whose past was changed finds nobody who signs for it. It needs nothing of the logs but their public keys; in its
folder stand `witness.key`, `witness.logs` with one such key a line, and what it has signed in `witness.sqlite`.
"""

import os
import re
import sqlite3
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.database import now
from adapters.key_file import read_key, write, write_key
from adapters.verify import (
    COSIGNATURE,
    EMPTY_ROOT,
    Checkpoint,
    Key,
    Rejected,
    check_consistency,
    cosignature_line,
    open_note,
    parse_checkpoint,
    parse_key,
    sign,
    witness_key,
)
from domain.errors import refused

KEY: Final = "witness.key"
LOGS: Final = "witness.logs"
STATE: Final = "witness.sqlite"

MOST_PROOF: Final = 63
"""Lines of a consistency proof: for more the tree would not fit into the world."""

MOST_BYTES: Final = 65_536
"""Of what is sent: the longest proof, and a checkpoint with more signatures than anybody has."""

MOST_VIEWS: Final = 1_000
"""So many checkpoints that prove misconduct are kept; more of them prove nothing more."""

_OLD: Final = re.compile("old (0|[1-9][0-9]{0,17})")

_COLUMNS: Final = "origin TEXT, size INTEGER NOT NULL, root BLOB NOT NULL, at INTEGER NOT NULL, note TEXT NOT NULL"
_TABLES: Final = (
    f"CREATE TABLE IF NOT EXISTS witnessed ({_COLUMNS}, PRIMARY KEY (origin))",
    f"CREATE TABLE IF NOT EXISTS other_views ({_COLUMNS}, PRIMARY KEY (origin, size, root))",
)


log = structlog.get_logger()


class Answer(NamedTuple):
    """What is answered over HTTP."""

    status: int
    text: str
    kind: str = "text/plain; charset=utf-8"


class Signed(NamedTuple):
    """The last checkpoint of a log that was signed along, with all its signatures that count."""

    origin: str
    size: int
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was sent: the size the log believes was signed last, the proof from there, and the checkpoint."""

    old: int
    proof: list[bytes]
    note: str


def prepare(home: Path, name: str) -> Key:
    """Makes the key of a witness, and an empty list of logs; a witness that is there already keeps its key."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (home / KEY).exists():
        known, private = _read_key(home)
        if known != name:
            raise refused("witness-name-fixed", name=known)
        return witness_key(known, private)
    private = Ed25519PrivateKey.generate()
    try:
        sign("\n", name, private)
    except Rejected as error:
        raise refused("log-name", name=name) from error
    key = witness_key(name, private)
    write_key(home / KEY, name, private, COSIGNATURE)
    if not (home / LOGS).exists():
        write(home / LOGS, "# One log a line, by its key: NAME+ID+KEY, as its /log/vkey says.\n")
    return key


def follow(home: Path, vkey: str) -> Key:
    """Adds a log to those that are followed, unless it is there already."""
    try:
        key = parse_key(vkey)
    except Rejected as error:
        raise refused("witness-log-key", text=vkey) from error
    witness = WitnessOfLogs(home)
    if key not in witness.logs().get(key.name, []):
        before = (home / LOGS).read_text(encoding="utf-8") if (home / LOGS).exists() else ""
        write(home / LOGS, f"{before.rstrip()}\n{key}\n".lstrip("\n"))
    return key


def _read_key(home: Path) -> tuple[str, Ed25519PrivateKey]:
    try:
        return read_key(home / KEY, COSIGNATURE)
    except FileNotFoundError as error:
        raise refused("witness-not-set-up", home=str(home)) from error
    except ValueError as error:
        raise refused("witness-key-broken", file=str(home / KEY)) from error


class WitnessOfLogs:
    """A witness at work. What it has signed is on the disk before anybody is told of it."""

    def __init__(self, home: Path, clock: Callable[[], datetime] = now) -> None:
        self._home = home
        self._clock = clock
        self._name, self._private = _read_key(home)
        self._turn = Lock()
        with self._writing() as connection:
            for table in _TABLES:
                connection.execute(table)
        self.logs()

    @property
    def key(self) -> Key:
        """The key that others know this witness by."""
        return witness_key(self._name, self._private)

    def logs(self) -> dict[str, list[Key]]:
        """The logs that are followed, with their keys: while a log changes its key it has two."""
        found: dict[str, list[Key]] = {}
        try:
            lines = (self._home / LOGS).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            lines = []
        for number, line in enumerate(lines, 1):
            if not (vkey := line.strip()) or vkey.startswith("#"):
                continue
            try:
                key = parse_key(vkey)
            except Rejected as error:
                raise refused("witness-log-broken", file=str(self._home / LOGS), line=number, text=vkey) from error
            found.setdefault(key.name, []).append(key)
        return found

    def add(self, body: bytes) -> Answer:
        """Signs a checkpoint along if it continues what was signed last, or answers with the reason against it."""
        try:
            asked = _read(body)
            text = asked.note.rpartition("\n\n")[0] + "\n"
            origin = text.partition("\n")[0]
        except ValueError:
            return Answer(400, "This is no request to add a checkpoint.\n")
        keys = self.logs().get(origin)
        if keys is None:
            return Answer(404, "This witness does not follow that log.\n")
        try:
            text, _ = open_note(asked.note, keys)
            checkpoint = parse_checkpoint(text)
        except Rejected as rejected:
            unsigned = rejected.code in {"signature-missing", "signature-bad"}
            return Answer(403 if unsigned else 400, f"{rejected.code}\n")
        if asked.old > checkpoint.size:
            return Answer(400, "The old size is larger than the checkpoint.\n")
        with self._turn, self._writing() as connection:
            answer = self._sign(connection, asked, text, checkpoint, keys)
        log.info("asked-to-sign", origin=origin, size=checkpoint.size, old=asked.old, status=answer.status)
        return answer

    def _sign(
        self, connection: sqlite3.Connection, asked: _Asked, text: str, checkpoint: Checkpoint, keys: list[Key]
    ) -> Answer:
        """Inside the one transaction that both looks at what was signed last and replaces it."""
        rows = connection.execute("SELECT size, root, at FROM witnessed WHERE origin = ?", (checkpoint.origin,))
        size, root, last = rows.fetchone() or (0, EMPTY_ROOT, 0)
        if checkpoint.size == size and checkpoint.root != root:
            self._keep_view(connection, checkpoint, asked.note)
        if asked.old != size:
            return Answer(409, f"{size}\n", "text/x.tlog.size")
        if checkpoint.size == size and checkpoint.root != root:
            return Answer(409, "Another root was signed for this size.\n")
        try:
            check_consistency(size, checkpoint.size, asked.proof, root, checkpoint.root)
        except Rejected:
            return Answer(422, "The proof does not lead from what was signed last to this checkpoint.\n")
        at = max(int(self._clock().timestamp()), last)  # a clock that was put back does not make us sign the past
        line = cosignature_line(text, self._name, self._private, at)
        note = f"{text}\n{_of_log(asked.note, keys)}{line}"
        connection.execute(
            "INSERT OR REPLACE INTO witnessed VALUES (?, ?, ?, ?, ?)",
            (checkpoint.origin, checkpoint.size, checkpoint.root, at, note),
        )
        return Answer(200, line)

    def _keep_view(self, connection: sqlite3.Connection, checkpoint: Checkpoint, note: str) -> None:
        """Two roots for one size, both signed by the log: whoever has both notes can prove that to anybody."""
        (count,) = connection.execute("SELECT count(*) FROM other_views").fetchone()
        if count < MOST_VIEWS:
            connection.execute(
                "INSERT OR IGNORE INTO other_views VALUES (?, ?, ?, ?, ?)",
                (checkpoint.origin, checkpoint.size, checkpoint.root, int(self._clock().timestamp()), note),
            )

    def signed(self) -> list[Signed]:
        """What was signed last of each log, by name."""
        return self._listed("witnessed")

    def other_views(self) -> list[Signed]:
        """Checkpoints that contradict one that was signed: each proves that its log shows two pasts."""
        return self._listed("other_views")

    def _listed(self, table: str) -> list[Signed]:
        with closing(self._connect()) as connection:
            rows = connection.execute(f"SELECT origin, size, at, note FROM {table} ORDER BY origin, size, at")  # noqa: S608  # one of two words of ours
            return [Signed(origin, size, datetime.fromtimestamp(at, UTC), note) for origin, size, at, note in rows]

    def checkpoint(self, digest: str) -> str | None:
        """The last checkpoint that was signed of the log whose name has this SHA-256, for whoever watches the logs."""
        found = (each.note for each in self.signed() if sha256(each.origin.encode()).hexdigest() == digest)
        return next(found, None)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._home / STATE, isolation_level=None, timeout=30)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that nobody else writes beside; what it leaves is on the disk."""
        _private_file(self._home / STATE)
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()


def _private_file(file: Path) -> None:
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _read(body: bytes) -> _Asked:
    """What was sent, to the letter; else `ValueError`."""
    head, blank, note = body.decode().partition("\n\n")
    first, *lines = head.split("\n")
    old = _OLD.fullmatch(first)
    if not blank or old is None or len(lines) > MOST_PROOF or "\n\n" not in note:
        raise ValueError("not a request to add a checkpoint")
    proof = [b64decode(line, validate=True) for line in lines]
    if any(len(each) != len(EMPTY_ROOT) for each in proof):
        raise ValueError("not a hash")
    return _Asked(int(old[1]), proof, note)


def _of_log(note: str, keys: list[Key]) -> str:
    """The signature lines of a note that are of its log."""
    lines = note.rpartition("\n\n")[2].splitlines(keepends=True)
    starts = [(f"— {key.name} ", key.id) for key in keys]
    return "".join(
        line
        for line in lines
        if any(line.startswith(start) and b64decode(line.split(" ")[2])[:4] == id_ for start, id_ in starts)
    )
