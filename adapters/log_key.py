"""The key of the transparency log, and the guard that never lets it sign two histories.

Both stand in the home folder, outside the database: whoever restores or changes a database does not change what was
signed. `log.key` is the private key, in the text form of Go's `note` package; `log.checkpoint` is what it signed last.
All programs that serve one log share one home folder.
"""

import fcntl
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.database import Database, now
from adapters.transparency_log import TransparencyLog, readable
from adapters.verify import EMPTY_ROOT, Checkpoint, Key, Proof, Rejected, open_checkpoint, public_key, sign
from domain.errors import refused

KEY: Final = "log.key"
SIGNED: Final = "log.checkpoint"
_LOCK: Final = "log.lock"
_HEAD: Final = "PRIVATE+KEY+"
_ED25519: Final = b"\1"


def prepare_key(home: Path, log: TransparencyLog, name: str | None = None) -> None:
    """Makes the key of a log that has none yet, and holds it to be the one key of this database.

    `name` is what the log is called, for ever; without one it is drawn. A log that was signed before gets no other key
    here: that would be another log (`renew_key`).
    """
    bound = log.vkey()
    if not (home / KEY).exists():
        if bound is not None or (home / SIGNED).exists():
            raise refused("log-key-missing", file=str(home / KEY))
        _make_key(home, name)
    key = public_key(*_read_key(home))
    if name not in {None, key.name}:
        raise refused("log-name-fixed", name=key.name)
    if bound is None:
        log.bind(str(key))
    elif bound != str(key):
        raise refused("log-key-other", file=str(home / KEY), name=bound.partition("+")[0])


def renew_key(home: Path, log: TransparencyLog, name: str | None = None) -> None:
    """Begins another log over the same entries, under another name: after the key was lost, or what it signed last is
    not in the database any more. The old files stay beside the new ones; whoever kept an old checkpoint can tell.
    """
    for file in (home / KEY, home / SIGNED):
        if file.exists():
            file.rename(file.with_name(f"{file.name}.{now():%Y%m%dT%H%M%S}"))
    _make_key(home, name)
    log.bind(str(public_key(*_read_key(home))))


def _make_key(home: Path, name: str | None) -> None:
    """The key, readable for its owner alone, and beside it the checkpoint of the empty log: every log continues it."""
    name = name or f"werdegang/{token_hex(8)}"
    private = Ed25519PrivateKey.generate()
    try:
        empty = sign(str(Checkpoint(name, 0, EMPTY_ROOT)), name, private)
    except Rejected as error:
        raise refused("log-name", name=name) from error
    key = public_key(name, private)
    write(home / SIGNED, empty)
    write(home / KEY, f"{_HEAD}{name}+{key.id.hex()}+{b64encode(_ED25519 + private.private_bytes_raw()).decode()}\n")


def _read_key(home: Path) -> tuple[str, Ed25519PrivateKey]:
    file = home / KEY
    try:
        mode, text = file.stat().st_mode, file.read_text()
    except FileNotFoundError as error:
        raise refused("log-key-missing", file=str(file)) from error
    if mode & 0o077:
        raise refused("log-key-open", file=str(file))
    try:
        name, id_, encoded = text.strip().removeprefix(_HEAD).split("+", 2)
        seed = b64decode(encoded, validate=True)
        private = Ed25519PrivateKey.from_private_bytes(seed.removeprefix(_ED25519))
        if public_key(name, private).id.hex() != id_:
            raise ValueError("another key")
    except ValueError as error:
        raise refused("log-key-broken", file=str(file)) from error
    return name, private


def write(file: Path, text: str) -> None:
    """Whole or not at all, and on the disk before anybody sees it."""
    unfinished = file.with_name(f".{file.name}.{token_hex(4)}")
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Signer:
    """Signs the log as it grows. Nothing is signed that does not continue what was signed last."""

    def __init__(
        self, home: Path, database: Database, log: TransparencyLog, clock: Callable[[], datetime] = now
    ) -> None:
        self._home = home
        self._database = database
        self._log = log
        self._clock = clock

    def key(self) -> Key:
        """The public key, by which others know the log."""
        key = public_key(*_read_key(self._home))
        bound = self._log.vkey()
        if bound not in {None, str(key)}:
            raise refused("log-key-other", file=str(self._home / KEY), name=str(bound).partition("+")[0])
        return key

    def checkpoint(self) -> str:
        """The signed checkpoint of the log as it is now.

        Refused with `log-forked` where the log does not begin with what was signed last: an old backup was put back,
        its end was cut off, or it was changed.
        """
        key = self.key()
        name, private = _read_key(self._home)
        with self._alone():
            with self._database.reading():
                note, last = self._last(key)
                size, root = self._log.tree()
                if (last.size, last.root) != (size, root):
                    self._refuse_fork(last, size)
                    note = sign(str(Checkpoint(name, size, root)), name, private)
                    write(self._home / SIGNED, note)
            self._log.keep(size, note, self._clock())  # also one that a crash kept from being kept
        return note

    def signed_size(self) -> int:
        """How many entries the newest checkpoint covers."""
        return open_checkpoint(self.checkpoint(), [self.key()]).size

    def receipt(self, index: int, note: str | None = None) -> str | None:
        """The proof that the entry at an index stands in the log as it was signed last, with the leaf in it; or as it
        was signed in another checkpoint of it.
        """
        note = note or self.checkpoint()
        size = open_checkpoint(note, [self.key()]).size
        leaf = self._log.leaf(index)
        if leaf is None or index >= size:
            return None
        return str(Proof(index, self._log.inclusion(index, size), note, leaf))

    def check(self) -> None:
        """Refused where key, database and last signed checkpoint do not fit together."""
        with self._database.reading():
            self._refuse_fork(self._last(self.key())[1], self._log.tree()[0])

    def _refuse_fork(self, last: Checkpoint, size: int) -> None:
        if size < last.size or self._log.root_at(last.size) != last.root:
            raise refused("log-forked", signed=last.size, found=size)

    def _last(self, key: Key) -> tuple[str, Checkpoint]:
        """What was signed last: by the file, or by the database if that knows of more. Without the file nothing is."""
        file = self._home / SIGNED
        try:
            notes = [file.read_text(), *(note for _, note in self._log.checkpoints(1))]
            signed = [(note, open_checkpoint(note, [key])) for note in notes]
        except (OSError, Rejected, UnicodeDecodeError) as error:
            raise refused("log-checkpoint-broken", file=str(file)) from error
        return max(signed, key=lambda found: found[1].size)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Of all programs that serve the log, one signs at a time."""
        with (self._home / _LOCK).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            with readable():
                yield


class SignedThen(Signer):
    """The log as it was signed once, however it grows: for whoever reads one state of it and signs nothing."""

    def __init__(self, home: Path, database: Database, log: TransparencyLog, signed: str) -> None:
        super().__init__(home, database, log)
        self._signed = signed

    def checkpoint(self) -> str:
        """The signed checkpoint of that state."""
        return self._signed
