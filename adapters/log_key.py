"""The key of the transparency log, and the guard that never lets it sign two histories.

Both stand in the home folder, outside the database: whoever restores or changes a database does not change what was
signed. `log.key` is the private key, in the text form of Go's `note` package; `log.checkpoint` is what it signed last.
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
from adapters.transparency_log import TransparencyLog
from adapters.verify import Checkpoint, Key, Proof, Rejected, open_checkpoint, public_key, sign
from domain.errors import refused

KEY: Final = "log.key"
SIGNED: Final = "log.checkpoint"
_LOCK: Final = "log.lock"
_HEAD: Final = "PRIVATE+KEY+"
_ED25519: Final = b"\1"


def make_key(home: Path, name: str | None = None) -> None:
    """Makes the key of the log, readable for its owner alone, unless there is one.

    `name` is what the log is called for ever, for example the address it is served at; without one it is drawn.
    """
    name = name or f"werdegang/{token_hex(8)}"
    private = Ed25519PrivateKey.generate()
    key = public_key(name, private)
    text = f"{_HEAD}{name}+{key.id.hex()}+{b64encode(_ED25519 + private.private_bytes_raw()).decode()}\n"
    try:
        sign("log\n", name, private)
    except Rejected as error:
        raise refused("log-name", name=name) from error
    try:
        descriptor = os.open(home / KEY, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


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
        return public_key(*_read_key(self._home))

    def checkpoint(self) -> str:
        """The signed checkpoint of the log as it is now.

        Refused with `log-forked` where the log does not begin with what was signed last: an old backup was put back,
        its end was cut off, or it was changed.
        """
        name, private = _read_key(self._home)
        with self._alone(), self._database.reading():
            last = self._last(public_key(name, private))
            size, root = self._log.tree()
            if last is not None:
                self._refuse_fork(last[1], size)
                if last[1].size == size:
                    return last[0]
            note = sign(str(Checkpoint(name, size, root)), name, private)
            self._replace(note)
        self._log.keep(size, note, self._clock())
        return note

    def receipt(self, index: int) -> str | None:
        """The proof that the entry at an index stands in the log as it was signed last, with the leaf in it."""
        note = self.checkpoint()
        size = open_checkpoint(note, [self.key()]).size
        leaf = self._log.leaf(index)
        if leaf is None or index >= size:
            return None
        return str(Proof(index, self._log.inclusion(index, size), note, leaf))

    def check(self) -> None:
        """Refused where key, database and last signed checkpoint do not fit together."""
        last = self._last(self.key())
        if last is not None:
            with self._database.reading():
                self._refuse_fork(last[1], self._log.tree()[0])

    def _refuse_fork(self, last: Checkpoint, size: int) -> None:
        if size < last.size or self._log.root_at(last.size) != last.root:
            raise refused("log-forked", signed=last.size, found=size)

    def _last(self, key: Key) -> tuple[str, Checkpoint] | None:
        file = self._home / SIGNED
        try:
            note = file.read_text()
            return note, open_checkpoint(note, [key])
        except FileNotFoundError:
            return None
        except (Rejected, UnicodeDecodeError) as error:
            raise refused("log-checkpoint-broken", file=str(file)) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Of several processes that serve one log, one signs at a time."""
        with (self._home / _LOCK).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _replace(self, note: str) -> None:
        """On the disk before anybody sees it."""
        unfinished = self._home / f".{SIGNED}"
        with unfinished.open("w") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._home / SIGNED)
        folder = os.open(self._home, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
