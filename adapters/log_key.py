"""The key of the transparency log, and the guard that never lets it sign two histories.

Both stand in the home folder, outside the database: whoever restores or changes a database does not change what was
signed. `log.key` is the private key, in the text form of Go's `note` package; `log.checkpoint` is what it signed last.
While the key changes, `log.key.retiring` is the one before, which signs along.
All programs that serve one log share one home folder.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.database import Database, now
from adapters.key_file import read_key, write, write_key
from adapters.owner import unreadable
from adapters.transparency_log import TransparencyLog, readable
from adapters.verify import (
    EMPTY_ROOT,
    Checkpoint,
    Key,
    Proof,
    Rejected,
    open_checkpoint,
    parse_key,
    public_key,
    sign,
    signature_line,
)
from domain.errors import Refused, refused

KEY: Final = "log.key"
NEXT: Final = "log.key.next"
RETIRING: Final = "log.key.retiring"
SIGNED: Final = "log.checkpoint"
_LOCK: Final = "log.lock"

OVERLAP: Final = timedelta(days=30)
"""For so long at least the key before signs along when it was changed."""

log = structlog.get_logger()


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
    for file in (home / KEY, home / NEXT, home / RETIRING, home / SIGNED):
        if file.exists():
            file.rename(file.with_name(f"{file.name}.{now():%Y%m%dT%H%M%S}"))
    _make_key(home, name)
    log.bind(str(public_key(*_read_key(home))))


def make_next_key(home: Path, name: str) -> Key:
    """The key that is to follow, beside the one that signs; what a try before left there is taken."""
    if not (home / NEXT).exists():
        write_key(home / NEXT, name, Ed25519PrivateKey.generate())
    return public_key(*_read_key(home, NEXT))


def _make_key(home: Path, name: str | None) -> None:
    """The key, readable for its owner alone, and beside it the checkpoint of the empty log: every log continues it."""
    name = name or f"werdegang/{token_hex(8)}"
    private = Ed25519PrivateKey.generate()
    try:
        empty = sign(str(Checkpoint(name, 0, EMPTY_ROOT)), name, private)
    except Rejected as error:
        raise refused("log-name", name=name) from error
    write(home / SIGNED, empty)
    write_key(home / KEY, name, private)


def _read_key(home: Path, name: str = KEY) -> tuple[str, Ed25519PrivateKey]:
    file = home / name
    try:
        return read_key(file)
    except FileNotFoundError as error:
        raise refused("log-key-missing", file=str(file)) from error
    except OSError as error:
        raise unreadable(file, error) from error
    except ValueError as error:
        raise refused("log-key-broken", file=str(file)) from error


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
        """The public key, by which others know the log; while it changes, the new one."""
        return self._database.where_recorded(self._key)

    def _key(self) -> Key:
        bound, key = self._log.vkey(), self._found()
        if bound not in {None, str(key)} and (self._home / NEXT).exists():
            with self.alone():  # somebody is just changing it, or was stopped in the midst of it
                self.settle()
                bound, key = self._log.vkey(), self._found()
        if key is None:
            raise refused("log-key-missing", file=str(self._home / KEY))
        if bound not in {None, str(key)}:
            raise refused("log-key-other", file=str(self._home / KEY), name=str(bound).partition("+")[0])
        return key

    def _found(self) -> Key | None:
        """The key in its file; none between two steps of a change of keys."""
        if not (self._home / KEY).exists() and (self._home / NEXT).exists():
            return None
        return public_key(*_read_key(self._home))

    def settle(self) -> None:
        """Puts the files of the keys where the database says that they belong: both change, but not in one moment."""
        following = self._home / NEXT
        if following.exists() and str(public_key(*_read_key(self._home, NEXT))) == self._log.vkey():
            if (self._home / KEY).exists():
                (self._home / KEY).rename(self._home / RETIRING)
            following.rename(self._home / KEY)

    def known(self) -> list[Key]:
        """All keys that have signed this log: what one of them signed is of this log."""
        return [parse_key(each.vkey) for each in self._log.every_key()] or [self.key()]

    def checkpoint(self) -> str:
        """The signed checkpoint of the log as it is now.

        Refused with `log-forked` where the log does not begin with what was signed last: an old backup was put back,
        its end was cut off, or it was changed. While only a replica of the database is there nothing more is signed,
        and it is the checkpoint that was signed last.
        """
        # A replica may lack what was signed already: from there nothing is signed.
        return self._database.where_recorded(self._signed_now, lambda: self._last()[0])

    def _signed_now(self) -> str:
        key = self._key()  # before anybody waits for us: where the database is away it ends here
        with self.alone():
            self.settle()  # what has the entry in it that tells of a new key, the new key signs
            with self._database.reading():
                note, last = self._last()
                size, root = self._log.tree()
                grown = (last.size, last.root) != (size, root)
                if grown:
                    self._refuse_fork(last, size)
                    note = self._sign(Checkpoint(key.name, size, root))
                    write(self._home / SIGNED, note)
            self._log.keep(size, note, self._clock())  # also one that a crash kept from being kept
            if grown:
                self._retire(size)
        return note

    def _sign(self, checkpoint: Checkpoint) -> str:
        """By the key, and for a time after a change by the one before as well."""
        text = str(checkpoint)
        note = sign(text, *_read_key(self._home))
        if (self._home / RETIRING).exists():
            note += signature_line(text, *_read_key(self._home, RETIRING))
        return note

    def overlaps_until(self) -> datetime | None:
        """Until when at least two keys sign; `None` where one does."""
        signing = [each for each in self._log.every_key() if each.until is None]
        return signing[-1].since + OVERLAP if len(signing) > 1 else None

    def _retire(self, size: int) -> None:
        """Lets the old key go once both have signed for long enough; `size` is what it signed last."""
        until = self.overlaps_until()
        if until is not None and until <= self._clock():
            self._let_go(size)

    def retire(self) -> str:
        """Lets the old key go now; refused before both have signed for long enough. Answers which it was."""
        until = self.overlaps_until()
        if until is None:
            raise refused("key-not-changing")
        if until > self._clock():
            raise refused("key-changing", until=until.date().isoformat())
        size = self.signed_size()
        with self.alone():
            if self.overlaps_until() is None:  # the checkpoint just signed let it go already
                return self._log.retired()[-1]
            return self._let_go(size)

    def _let_go(self, size: int) -> str:
        vkey = self._log.retire_key(size, self._clock())
        retiring = self._home / RETIRING
        if retiring.exists():
            retiring.rename(retiring.with_name(f"{KEY}.{vkey.split('+')[1]}.retired"))
        log.info("log-key-retired", vkey=vkey, size=size)
        return vkey

    def signed_size(self) -> int:
        """How many entries the newest checkpoint covers."""
        return open_checkpoint(self.checkpoint(), self.known()).size

    def receipt(self, index: int, note: str | None = None) -> str | None:
        """The proof that the entry at an index stands in the log as it was signed last, with the leaf in it; or as it
        was signed in another checkpoint of it.

        That another key signs from now on is proved by the first checkpoint that both signed.
        """
        changed = any(each.first_size == index + 1 for each in self._log.every_key()[1:])
        note = (self._log.first_checkpoint(index + 1) if changed else None) or note or self.checkpoint()
        size = open_checkpoint(note, self.known()).size
        leaf = self._log.leaf(index)
        if leaf is None or index >= size:
            return None
        return str(Proof(index, self._log.inclusion(index, size), note, leaf))

    def check(self) -> None:
        """Refused where key, database and last signed checkpoint do not fit together."""
        self.key()
        retiring = self._home / RETIRING
        if self.overlaps_until() is not None and not retiring.exists():
            raise refused("log-key-missing", file=str(retiring))
        with self._database.reading():
            self._refuse_fork(self._last()[1], self._log.tree()[0])

    def _refuse_fork(self, last: Checkpoint, size: int) -> None:
        if size < last.size or self._log.root_at(last.size) != last.root:
            raise refused("log-forked", signed=last.size, found=size)

    def _last(self) -> tuple[str, Checkpoint]:
        """What was signed last: by the file, or by the database if that knows of more. Without the file nothing is."""
        file = self._home / SIGNED
        try:
            notes = [file.read_text(), *(note for _, note in self._log.checkpoints(1))]
            keys = self.known()
            signed = [(note, open_checkpoint(note, keys)) for note in notes]
        except (FileNotFoundError, Rejected, UnicodeDecodeError) as error:
            raise refused("log-checkpoint-broken", file=str(file)) from error
        except OSError as error:
            raise unreadable(file, error) from error
        return max(signed, key=lambda found: found[1].size)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Of all programs that serve the log, one signs or changes its key at a time."""
        try:
            opened = (self._home / _LOCK).open("w")
        except OSError as error:
            raise unreadable(self._home / _LOCK, error) from error
        with opened as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            with readable():
                yield


def refuse_behind(signer: Signer) -> None:
    """The same check for a backup that is being restored: "restore the last backup" is no way out then."""
    try:
        signer.check()
    except Refused as refusal:
        [forked] = refusal.refusals
        if forked.code != "log-forked":
            raise
        told = forked.params
        raise refused("backup-behind-log", signed=told["signed"], found=told["found"]) from refusal


class SignedThen(Signer):
    """The log as it was signed once, however it grows: for whoever reads one state of it and signs nothing."""

    def __init__(self, home: Path, database: Database, log: TransparencyLog, signed: str) -> None:
        super().__init__(home, database, log)
        self._signed = signed

    def checkpoint(self) -> str:
        """The signed checkpoint of that state."""
        return self._signed
