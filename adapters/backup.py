"""Backup and restore: all that cannot be computed anew, in one portable file.

A backup is a ZIP with one member of JSON lines for each table, one for the file of each document, named by its
SHA-256, and a manifest that counts and hashes the tables. It is read
in one transaction while others go on recording. It is restored into an empty installation only, on SQLite or
PostgreSQL alike, and nothing stays that was not verified, down to the commitment of every entry.
"""

import json
import os
import secrets
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from sqlalchemy import Column, Connection, LargeBinary, Table, insert, select
from sqlalchemy.exc import DataError, IntegrityError, MultipleResultsFound, NoResultFound

from adapters.accounts import accounts, identities, people, roles, tokens
from adapters.audit import audit
from adapters.barrier_reports import barrier_reports
from adapters.database import Database, Instant
from adapters.documents import FOLDER, digest_of, documents, private_folder, write
from adapters.drafts import drafts
from adapters.erasures import erasures
from adapters.event_store import PAGE, EventStore, entries, erased_texts, moment_told, texts
from adapters.four_eyes import four_eyes
from adapters.outbox import links, messages
from adapters.owner import FULL
from adapters.passwords import passwords
from adapters.people import persons, ties
from adapters.registrations import openings, registrations
from adapters.transparency_log import (
    TransparencyLog,
    log_checkpoints,
    log_cosignatures,
    log_keys,
    log_leaves,
    log_processes,
    log_state,
    log_tiles,
)
from adapters.verify import Rejected
from domain.commitment import intact
from domain.errors import Refused, refused
from domain.fields import Model

FORMAT: Final = "werdegang-backup/1"
MANIFEST: Final = "manifest.json"

TABLES: Final[tuple[Table, ...]] = (
    *(entries, texts, accounts, people, roles, tokens),
    *(log_processes, log_leaves, log_tiles, log_state, log_checkpoints),
    *(passwords, audit, drafts),
    *(identities, four_eyes),
    *(openings, registrations, links, messages),
    documents,
    *(persons, ties, erasures),
    barrier_reports,
    erased_texts,
    *(log_cosignatures, log_keys),
    moment_told,
)
"""What a backup holds; a table stands after those it refers to. The key of the log is not among them, and neither are
sessions and tries to sign in: nobody is signed in at a restored installation, and no address is kept for longer. How
witnesses answered last is asked of them anew.
"""


TABLES_OF: Final = {
    "0001": TABLES[:6],
    "0002": TABLES[:11],
    "0003": TABLES[:13],
    "0004": TABLES[:14],
    "0005": TABLES[:16],
    "0006": TABLES[:20],
    "0007": TABLES[:21],
    "0008": TABLES[:24],
    "0009": TABLES[:25],
    "0010": TABLES[:26],
    "0011": TABLES[:28],
}
"""What backups of older schemas hold."""

ADDED: Final[Mapping[Table, Mapping[str, object]]] = {
    tokens: {"role": None},
    passwords: {"once": False},
    audit: {"by": None, "times": 1},
}
"""Columns that backups of older schemas lack, with what stands there then."""


class Member(Model):
    """One table in a backup."""

    rows: int
    sha256: str


class Manifest(Model):
    """What a backup says of itself."""

    format: str
    engine: str
    revision: str
    """The version of the database schema."""
    position: int
    commitments: str
    """SHA-256 over the commitments of all entries in the order of their positions."""
    members: dict[str, Member]


def backup(database: Database, file: Path, home: Path = Path()) -> Manifest:
    """Writes everything into `file`. An older file of that name stays until the new one is complete.

    `home` is the folder with the documents; it may be left out where there are none.
    """
    database.check()
    if file.is_file() and file.stat().st_size:  # an empty one, as mktemp makes it, is nobody's work
        _refuse_other(file)
    members: dict[str, Member] = {}
    with _replacing(file) as stream, ZipFile(stream, "w", ZIP_DEFLATED) as archive, database.reading() as connection:
        if not database.sqlite:  # it rests while documents are packed, which may take longer than others may rest
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        for table in TABLES:
            with archive.open(_member(table), "w", force_zip64=True) as lines:
                members[_member(table)] = _write(connection, table, lines)
        for digest, process in _files(connection).items():
            _pack(archive, process, digest, home)
        position, commitments = _summary(connection)
        manifest = Manifest(
            format=FORMAT,
            engine=_engine(),
            revision=str(database.revision()),
            position=position,
            commitments=commitments,
            members=members,
        )
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
    return manifest


def _refuse_other(file: Path) -> None:
    """Only a backup is replaced by one, not what somebody named by mistake."""
    try:
        with _opened(file) as archive:
            _manifest(archive)
    except Refused as refusal:
        if refusal.refusals[0].code == "backup-format":  # of another version, but a backup
            return
        raise refused("backup-over-other", file=str(file)) from refusal


def restore(database: Database, file: Path, accept: Callable[[], None] = lambda: None, home: Path = Path()) -> Manifest:
    """Takes over everything from `file`, or refuses and leaves the installation as empty as it was.

    `accept` can still refuse what was taken over, for example because more than that was signed already.
    """
    with _opened(file) as archive:
        manifest = _manifest(archive)
        if database.revision() is None:
            database.migrate()
        database.check()
        _refuse_unknown(manifest, database)
        unpacked: list[Path] = []
        try:
            with database.writing() as connection:
                if any(
                    connection.execute(select(table).limit(1)).first() for table in TABLES if table is not log_state
                ):
                    raise refused("restore-not-empty", database=database.address())
                if _member(log_state) in manifest.members:
                    connection.execute(log_state.delete())
                for table in TABLES:
                    if _member(table) in manifest.members:
                        _load(connection, table, archive, manifest.members[_member(table)])
                _verify(database, manifest)
                _verify_log(database, had_log=_member(log_state) in manifest.members)
                accept()
                for digest in _files(connection):
                    unpacked += [_unpack(archive, digest, home)]
        except BaseException:
            for written in unpacked:
                written.unlink(missing_ok=True)
            raise
    return manifest


def _member(table: Table) -> str:
    return f"{table.name}.jsonl"


def _engine() -> str:
    try:
        return version("werdegang")
    except PackageNotFoundError:  # run from its sources
        return "unreleased"


# ---- documents


def _files(connection: Connection) -> dict[str, str]:
    """The SHA-256 of the file of every document, with a process that has it."""
    living = select(documents.c.sha256, documents.c.process).where(documents.c.erased_at.is_(None))
    return {row.sha256: row.process for row in connection.execute(living.order_by(documents.c.sha256))}


def _pack(archive: ZipFile, process: str, digest: str, home: Path) -> None:
    """Puts a file into the backup; refused where it is not what was cited: a backup must not look whole then."""
    try:
        with home.joinpath(FOLDER, digest).open("rb") as file:
            right = digest_of(file) == digest
            file.seek(0)
            with archive.open(f"{FOLDER}/{digest}", "w", force_zip64=True) as packed:
                copyfileobj(file, packed)
    except OSError as error:
        if error.errno in FULL:  # it is the backup that cannot be written
            raise
        right = False
    if not right:
        raise refused("document-damaged", sha256=digest, process=process)


def _unpack(archive: ZipFile, digest: str, home: Path) -> Path:
    """Puts the file of a document into its folder; only with the hash that it is cited by does it stay there."""
    file = home / FOLDER / digest
    private_folder(file.parent)
    file.unlink(missing_ok=True)
    try:
        with _damage(f"{FOLDER}/{digest}"), archive.open(f"{FOLDER}/{digest}") as packed:
            if write(file, packed) != digest:
                raise ValueError("another file than the one that is cited")
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return file


# ---- writing


@contextmanager
def _replacing(file: Path) -> Iterator[IO[bytes]]:
    """A file that nobody else can read, in its place only when all of it is on the disk."""
    if not file.parent.is_dir():
        raise refused("backup-folder-missing", folder=str(file.parent))
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError as error:
        raise refused("file-failed", file=str(file), reason=error.strerror) from error
    finally:
        unfinished.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(connection: Connection, table: Table, lines: IO[bytes]) -> Member:
    count, digest = 0, sha256()
    rows = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=PAGE)
    names = table.columns.keys()
    for row in connection.execute(rows):
        line = json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False).encode() + b"\n"
        lines.write(line)
        digest.update(line)
        count += 1
    return Member(rows=count, sha256=digest.hexdigest())


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime) else value


def _summary(connection: Connection) -> tuple[int, str]:
    position, digest = 0, sha256()
    rows = select(entries.c.position, entries.c.commitment).order_by(entries.c.position)
    for position, commitment in connection.execute(rows.execution_options(yield_per=PAGE)):  # noqa: B007
        digest.update(commitment)
    return position, digest.hexdigest()


# ---- reading


@contextmanager
def _opened(file: Path) -> Iterator[ZipFile]:
    if not file.is_file():
        raise refused("backup-missing", file=str(file))
    try:
        archive = ZipFile(file)
    except (BadZipFile, NotImplementedError, OSError) as error:
        raise refused("backup-unreadable", file=str(file)) from error
    with archive:
        yield archive


def _manifest(archive: ZipFile) -> Manifest:
    with _damage(MANIFEST):
        told = archive.read(MANIFEST)
        if (found := json.loads(told)["format"]) != FORMAT:
            raise refused("backup-format", found=found, known=FORMAT)
        return Manifest.model_validate_json(told)


def _refuse_unknown(manifest: Manifest, database: Database) -> None:
    """A backup of an older program has fewer tables; that of a newer one cannot be understood."""
    if manifest.revision not in database.known_revisions():
        raise refused("backup-newer", found=manifest.revision, engine=manifest.engine)
    known = {_member(table) for table in TABLES_OF.get(manifest.revision, TABLES)}
    if not manifest.members.keys() <= known:
        raise refused("backup-damaged", member=min(manifest.members.keys() - known))
    if manifest.members.keys() != known:
        raise refused("backup-damaged", member=min(known - manifest.members.keys()))


_DAMAGE: Final = (
    *(
        BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
    ),  # what zipfile raises, depending on the byte that tipped
    *(KeyError, TypeError, ValueError, OverflowError),
    *(IntegrityError, DataError),
)


@contextmanager
def _damage(member: str) -> Iterator[None]:
    """Whatever goes wrong while a member is read: it is not what was written."""
    try:
        yield
    except _DAMAGE as error:
        raise refused("backup-damaged", member=member) from error


def _load(connection: Connection, table: Table, archive: ZipFile, member: Member) -> None:
    count, digest = 0, sha256()
    with _damage(_member(table)), archive.open(_member(table)) as lines:
        while page := list(islice(lines, PAGE)):
            digest.update(b"".join(page))
            count += len(page)
            connection.execute(insert(table), [_row(table, line) for line in page])
    if (count, digest.hexdigest()) != (member.rows, member.sha256):
        raise refused("backup-damaged", member=_member(table))


def _row(table: Table, line: bytes) -> dict[str, object]:
    told = json.loads(line)
    if not set(told) & set(added := ADDED.get(table, {})):
        told |= added
    if set(told) != set(table.columns.keys()):
        raise ValueError("other columns than those of the table")
    return {name: _stored(column, told[name]) for name, column in table.columns.items()}


def _stored(column: Column[Any], value: Any) -> object:
    if value is None and column.nullable:
        return None
    if isinstance(column.type, LargeBinary):
        return b64decode(value, validate=True)
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(value)
    if type(value) is not column.type.python_type:
        raise TypeError("another type than that of the column")
    return value


def _verify_log(database: Database, *, had_log: bool) -> None:
    """The log fits the entries. A backup of a version that had none gets its leaves now."""
    log = TransparencyLog(database)
    if not had_log:
        log.catch_up()
    try:
        position = log.first_difference(EventStore(database).all_records())
    except (Rejected, NoResultFound, MultipleResultsFound) as error:
        raise refused("backup-damaged", member=_member(log_state)) from error
    if position is not None:
        raise refused("backup-log-differs", position=position)


def _verify(database: Database, manifest: Manifest) -> None:
    """What was loaded is a whole log, and each entry is the one that was committed to."""
    position, digest, time = 0, sha256(), datetime.min.replace(tzinfo=UTC)
    numbers: dict[str, int] = {}
    for record in EventStore(database).all_records():
        place = (record.position, record.number)
        if place != (position + 1, numbers.get(record.process, 0) + 1) or record.recorded_at < time:
            raise refused("backup-gap", position=position + 1)
        if not intact(record):
            raise refused("backup-entry-changed", process=record.process, number=record.number)
        position, time, numbers[record.process] = record.position, record.recorded_at, record.number
        digest.update(record.commitment)
    if (position, digest.hexdigest()) != (manifest.position, manifest.commitments):
        raise refused("backup-damaged", member=MANIFEST)
