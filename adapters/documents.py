"""Documents that entries rest on: files in the home folder by their SHA-256, with a row for each process that has them.

What is cited by its hash is provable: whoever has the file can compute it. The name is only a label that somebody
gave, and never a path. A file comes to its place in the transaction that writes its row.
"""

import os
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO, BinaryIO, Final

import structlog
from sqlalchemy import Boolean, Column, ColumnElement, Integer, Row, Table, Text, func, insert, literal, select, update

from adapters.audit import note
from adapters.database import PERSONAL, Database, Instant, metadata, now
from adapters.erasing import Held, tells_of
from adapters.media_types import KINDS, Kind, kind_of
from domain.errors import refused

KEEPER: Final = "documents"
FOLDER: Final = "documents"
MOST_LETTERS: Final = 200
UNFINISHED: Final = timedelta(hours=1)
"""So long a file may take to come in; what is older was left by a program that ended."""

log = structlog.get_logger()

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_NO_LABEL: Final = re.compile("[/\\\\\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

documents = Table(
    "documents",
    metadata,
    Column("process", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("name", Text),
    Column("kind", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("account", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("erased_at", Instant),
    Column("reason", Text),
    Column("changes", Integer, nullable=False),
    info=PERSONAL,
)
"""`changes` counts what was done with a document, so that pages know when what they say of it is overtaken."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a process. An erased one has no name and no file any more; the reason may be untold."""

    process: str
    sha256: str
    name: str | None
    kind: str
    size: int
    public: bool
    account: str
    at: datetime
    erased_at: datetime | None
    reason: str | None

    @property
    def format(self) -> Kind:
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of the installation."""

    database: Database
    home: Path
    clock: Callable[[], datetime] = now

    @property
    def folder(self) -> Path:
        return self.home / FOLDER

    # ---- keeping ------------------------------------------------------------------------------------------------

    def keep(self, process: str, name: str, content: BinaryIO, account: str) -> Document:
        """Stores a file; one that is there already stays as it is."""
        label = name.strip()
        if not label or len(label) > MOST_LETTERS or _NO_LABEL.search(label) or label.startswith("."):
            raise refused("document-name", most=MOST_LETTERS)
        size = content.seek(0, os.SEEK_END)
        if not size:
            raise refused("document-empty", name=label)
        kind = kind_of(content, label)
        private_folder(self.folder)
        unfinished = self.folder / f".{secrets.token_hex(8)}"
        try:
            digest = write(unfinished, content)
            with self.database.writing() as connection:
                known = self.find(process, digest)
                if known is not None and known.erased_at is not None:
                    raise refused("document-erased", day=f"{known.erased_at:%d.%m.%Y}")
                if known is None or not self.intact(digest):
                    unfinished.replace(self.folder / digest)
                    note(connection, self.clock(), account, "document-added", about=_about(process, digest))
                if known is None:
                    row = {"process": process, "sha256": digest, "name": label, "kind": kind, "size": size}
                    made = {"public": False, "account": account, "at": self.clock(), "changes": 0}
                    connection.execute(insert(documents).values(**row, **made))
            self.sweep()
        finally:
            unfinished.unlink(missing_ok=True)
        found = self.find(process, digest)
        assert found is not None
        return found

    def sweep(self) -> bool:
        """Removes files that belong to nothing: of erased documents, and what an interrupted program left.

        Answers whether all of them are gone. It holds the lock, so no file is in its place whose row is still to come.
        """
        with self.database.writing() as connection:
            living = select(documents.c.sha256).where(documents.c.erased_at.is_(None))
            known = set(connection.execute(living).scalars())
            long_ago = (self.clock() - UNFINISHED).timestamp()
            left = 0
            for file in self.folder.iterdir() if self.folder.is_dir() else ():
                if (_HASH.fullmatch(file.name) and file.name not in known) or (
                    file.name.startswith(".") and file.stat().st_mtime < long_ago
                ):
                    left += not _overwritten(file)
        return not left

    def hand_out(self, process: str, digest: str, *, public: bool, by: str | None = None) -> None:
        """Whether the public may have a document, once a public entry cites it."""
        with self.database.writing() as connection:
            if self.find(process, digest) is None:
                raise refused("document-unknown")
            changed = update(documents).where(*_one(process, digest), documents.c.erased_at.is_(None))
            connection.execute(changed.values(public=public, changes=documents.c.changes + 1))
            note(connection, self.clock(), by, "document-changed", about=_about(process, digest))

    def take_away(self, process: str, digest: str, reason: str, by: str | None = None) -> str:
        """Forgets what a document was called; the row keeps when and why, and entries that cite it stay as they are.

        Answers what it is called among the erased. Its file goes with `sweep`, after the transaction.
        """
        if not reason.strip():
            raise refused("document-reason")
        with self.database.writing() as connection:
            if self.find(process, digest) is None:
                raise refused("document-unknown")
            erased = update(documents).where(*_one(process, digest), documents.c.erased_at.is_(None))
            values = {"erased_at": self.clock(), "reason": reason.strip()[:500], "name": None}
            connection.execute(erased.values(**values, changes=documents.c.changes + 1))
            note(connection, self.clock(), by, "document-erased", about=_about(process, digest))
        return f"{process}/{digest}"

    # ---- what is held on somebody, and erasing ------------------------------------------------------------------

    def about(self, wanted: Sequence[str]) -> Sequence[Held]:
        """Documents that were called after somebody, or erased with a reason that names them; files are not read."""
        with self.database.reading() as connection:
            found = [_document(row) for row in connection.execute(select(documents).order_by(documents.c.at))]
        return [
            Held(KEEPER, f"{one.process}/{one.sha256}", one.name or "", one.process, _content(one))
            for one in found
            if tells_of(wanted, (one.name, one.reason))
        ]

    def erase(self, ids: Collection[str]) -> int:
        """Erases documents, each named as in `about`; what is left of each says no more than when."""
        count = 0
        with self.database.writing() as connection:
            for process, _, digest in (id_.partition("/") for id_ in ids):
                erased_at = func.coalesce(documents.c.erased_at, literal(self.clock(), Instant()))
                values = {"erased_at": erased_at, "reason": None, "name": None, "changes": documents.c.changes + 1}
                count += connection.execute(update(documents).where(*_one(process, digest)).values(values)).rowcount
        return count

    # ---- reading ------------------------------------------------------------------------------------------------

    def of(self, process: str) -> list[Document]:
        """The documents of a process, the newest first."""
        with self.database.reading() as connection:
            rows = select(documents).where(documents.c.process == process)
            return [_document(row) for row in connection.execute(rows.order_by(documents.c.at.desc()))]

    def find(self, process: str, digest: str) -> Document | None:
        with self.database.reading() as connection:
            row = connection.execute(select(documents).where(*_one(process, digest))).first()
        return None if row is None else _document(row)

    def present(self, among: Iterable[Document]) -> set[str]:
        """Whose files are there and as large as they were: told at a glance, without reading them."""
        return {one.sha256 for one in among if self._size(one.sha256) == one.size}

    def sound(self, among: Iterable[Document]) -> set[str]:
        """Whose files still have their checksums: every one of them is read."""
        return {one.sha256 for one in among if self.intact(one.sha256)}

    def damaged(self) -> list[Document]:
        """Of all documents those whose files are missing or have another checksum: every file is read."""
        with self.database.reading() as connection:
            living = select(documents).where(documents.c.erased_at.is_(None)).order_by(documents.c.at)
            found = [_document(row) for row in connection.execute(living)]
        sound = self.sound(found)
        return [one for one in found if one.sha256 not in sound]

    def _size(self, digest: str) -> int | None:
        try:
            return (self.folder / digest).stat().st_size
        except OSError:
            return None

    def intact(self, digest: str) -> bool:
        """Whether the stored file still has its hash."""
        try:
            with (self.folder / digest).open("rb") as file:
                return digest_of(file) == digest
        except OSError:
            return False

    def content(self, found: Document) -> bytes:
        """The file of a document, exactly as it was cited."""
        try:
            content = (self.folder / found.sha256).read_bytes()
        except OSError:
            content = b""
        if sha256(content).hexdigest() != found.sha256:
            raise refused("document-damaged", sha256=found.sha256, process=found.process)
        return content

    def version(self) -> int:
        """Changes whenever something is done that pages may tell of a document."""
        with self.database.reading() as connection:
            (found,) = self.database.run(
                connection, "SELECT COALESCE(SUM(changes + 1), 0) FROM documents"
            ).fetchone() or (0,)
        return int(found)

    def handed_out(self, process: str) -> list[tuple[str, int]]:
        """Changes whenever something is done that pages may tell the public of a document of a process.

        Whatever is done with documents that the public does not have leaves it as it is.
        """
        c = documents.c
        public = select(c.sha256, c.changes).where(c.process == process, c.public).order_by(c.sha256)
        with self.database.reading() as connection:
            return [(sha256, changes) for sha256, changes in connection.execute(public)]


def _about(process: str, digest: str) -> str:
    """A document in the audit list."""
    return f"{process} {digest[:12]}"


def _content(found: Document) -> dict[str, object]:
    erased_at = None if found.erased_at is None else found.erased_at.isoformat()
    told = {"name": found.name, "kind": found.kind, "at": found.at.isoformat(), "account": found.account}
    return {**told, "sha256": found.sha256, "erased_at": erased_at, "reason": found.reason}


def _one(process: str, digest: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return documents.c.process == process, documents.c.sha256 == digest


def _document(row: Row[tuple[object, ...]]) -> Document:
    told = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name for it
    del told["changes"]
    return Document(**told)


# ---- files --------------------------------------------------------------------------------------------------------


def private_folder(folder: Path) -> None:
    """A folder that only this account of the machine may enter."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise refused("home-unusable", folder=str(folder), reason=error.strerror) from error


def write(file: Path, content: IO[bytes]) -> str:
    """Writes a file that nobody else can read, all of it onto the disk; answers its SHA-256."""
    digest = sha256()
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
        for page in _pages(content):
            digest.update(page)
            stream.write(page)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def digest_of(content: IO[bytes]) -> str:
    """The SHA-256 of what is read."""
    digest = sha256()
    for page in _pages(content):
        digest.update(page)
    return digest.hexdigest()


def _pages(content: IO[bytes]) -> Iterator[bytes]:
    while page := content.read(1 << 20):
        yield page


def _overwritten(file: Path) -> bool:
    """Writes zeros over a file before its name is given up: on most disks nothing of it can be read any more.

    Answers whether it is gone.
    """
    try:
        with file.open("r+b") as stream:
            left = file.stat().st_size
            while left > 0:
                left -= stream.write(bytes(min(left, 1 << 20)))
            stream.flush()
            os.fsync(stream.fileno())
        file.unlink()
    except FileNotFoundError:
        pass
    except OSError as error:
        log.warning("file-not-erased", exc_info=error)
        return False
    return True
