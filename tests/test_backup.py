"""A backup restores to the same installation, on either database, or it is refused and nothing is changed."""

import json
import shutil
import threading
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from shutil import copyfileobj
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import func, select, text

from adapters import backup as backup_
from adapters import database as database_
from adapters.accounts import Accounts
from adapters.backup import TABLES, backup, restore
from adapters.database import Database, Instant
from adapters.documents import FOLDER, documents
from adapters.drafts import Drafts, Part
from adapters.event_store import PAGE, EventStore
from adapters.passwords import Passwords
from adapters.sessions import Sessions, sessions
from adapters.sign_in import attempts
from adapters.transparency_log import log_tiles
from adapters.verify import WIDTH, Checkpoint
from domain.errors import Refused
from tests.passwords import QUICK
from tests.postgres import empty_database
from tests.records import logged, recorded


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request, tmp_path):
    """Another database where nothing has been set up."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'anderswo' / 'werdegang.sqlite'}")
        yield database
        database.close()
        return
    with empty_database(request.getfixturevalue("postgres_url")) as url:
        database = Database(url)
        yield database
        database.close()


@pytest.fixture
def empty(tmp_path):
    """A SQLite database where nothing has been set up, for what does not depend on the database."""
    database = Database(f"sqlite:///{tmp_path / 'leer.sqlite'}")
    yield database
    database.close()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "sicherung.zip"


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory):
    """The backup of an installation with a bit of everything, written once."""
    folder = tmp_path_factory.mktemp("gefüllt")
    database = Database(f"sqlite:///{folder / 'gefüllt.sqlite'}")
    database.migrate()
    backup(filled(database), folder / "sicherung.zip")
    database.close()
    return folder / "sicherung.zip"


@pytest.fixture
def written(backed_up, file):
    """A copy of it, to do with as one likes."""
    shutil.copy2(backed_up, file)
    return file


def filled(database, entries=5):
    """An installation with two processes, erased texts, and accounts of every kind."""
    (store, log), accounts = logged(database), Accounts(database)
    recorded(store, "bottrop", entries)
    recorded(store, "essen", 2)
    recorded(store, "bottrop", 1)
    signed = Checkpoint("stadt.example/log", *log.tree())
    log.keep(signed.size, f"{signed}\n— stadt.example/log c2ln\n", datetime(2026, 11, 22, 9, tzinfo=UTC))
    with database.writing() as connection:
        connection.execute(text("DELETE FROM texts WHERE position IN (2, 6)"))
    clerk = accounts.create("Erika Mustermann", [("recorder", "bottrop"), ("publisher", "*")])
    former = accounts.create("Max Mustermann", [])
    accounts.issue_token(clerk.id, "Schreibtisch", 30)
    accounts.issue_token(clerk.id, "Skript", 30)
    Passwords(database, accounts, hasher=QUICK).set(clerk.id, "Wie es dazu kam")
    Drafts(database).put(clerk.id, "bottrop", "desk-1", Part("desk-1", "context-noted", {"/step/what": ["Begönnen"]}))
    Sessions(database, timedelta(minutes=30)).begin(clerk.id)
    accounts.revoke_token(clerk.id, "Skript")
    accounts.disable(former.id)
    accounts.erase_name(former.id)
    erased = {"kind": "PDF", "size": 1, "public": False, "account": clerk.id, "changes": 1, "reason": "Adressen"}
    at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    with database.writing() as connection:
        row = {"process": "essen", "sha256": "0" * 64, "at": at, "erased_at": at, **erased}
        connection.execute(documents.insert().values(row))
        for table in TABLES:
            empty = connection.execute(select(func.count()).select_from(table)).scalar() == 0
            if empty and table is not log_tiles:
                connection.execute(table.insert().values(made_up(connection, table, at)))
    return database


def made_up(connection, table, at):
    """A row of a table, which belongs to what there is."""
    row = {}
    for column in table.columns:
        if key := next(iter(column.foreign_keys), None):
            row[column.name] = connection.execute(select(key.column)).scalars().first()
        elif not column.nullable:
            made = {str: "x", bytes: b"x", int: 1, bool: False, dict: {}}
            row[column.name] = at if isinstance(column.type, Instant) else made[column.type.python_type]
    return row


def contents(database):
    with database.reading() as connection:
        return {table.name: sorted(map(tuple, connection.execute(select(table))), key=repr) for table in TABLES}


def test_a_backup_restores_to_the_same_installation_on_either_database(database, target, file):
    written = backup(filled(database, PAGE + 3), file)
    assert restore(target, file) == written
    assert contents(target) == contents(database)
    assert (written.position, written.members["texts.jsonl"].rows) == (PAGE + 6, PAGE + 4)


def test_nobody_is_signed_in_at_a_restored_installation(database, target, file):
    backup(filled(database), file)
    with ZipFile(file) as archive:
        assert not {"sessions.jsonl", "attempts.jsonl"} & set(archive.namelist())
    restore(target, file)
    with target.reading() as connection:
        assert [connection.execute(select(kept)).all() for kept in (sessions, attempts)] == [[], []]


def test_recording_goes_on_after_a_restore_where_it_ended(database, target, file):
    backup(filled(database), file)
    restore(target, file)
    [record] = recorded(EventStore(target), "bottrop")
    assert (record.position, record.number) == (9, 7)
    assert record.recorded_at > max(before.recorded_at for before in EventStore(database).all_records())


def test_an_empty_installation_can_be_backed_up_and_restored(database, target, file):
    assert backup(database, file).position == 0
    restore(target, file)
    assert contents(target) == contents(database)


def test_a_backup_of_the_restored_installation_holds_the_same(database, target, file, tmp_path):
    first = backup(filled(database), file)
    restore(target, file)
    assert backup(target, tmp_path / "zweite.zip").members["entries.jsonl"] == first.members["entries.jsonl"]
    assert backup(target, tmp_path / "zweite.zip").commitments == first.commitments


def test_a_backup_holds_one_state_while_others_go_on_recording(database, target, file):
    store, stop = logged(filled(database))[0], threading.Event()

    def record_on():
        for _ in iter(stop.is_set, True):
            recorded(store, "bottrop", 3)

    writer = threading.Thread(target=record_on)
    writer.start()
    while store.position() == 8:
        time.sleep(0.001)
    try:
        for n in range(5):
            written = backup(database, file.with_suffix(f".{n}"))
    finally:
        stop.set()
        writer.join()
    restore(target, file.with_suffix(".4"))
    assert EventStore(target).position() == written.position > 8


def test_nobody_else_can_read_a_backup_and_nothing_unfinished_is_left_beside_it(database, file):
    backup(filled(database), file)
    assert oct(file.stat().st_mode)[-3:] == "600"
    assert list(file.parent.glob("*.zip*")) == [file]
    assert list(file.parent.glob(".*")) == []


def test_an_older_backup_stays_as_it_is_when_a_new_one_fails(database, file, empty):
    backup(filled(database), file)
    before = file.read_bytes()
    with database.writing() as connection:
        connection.execute(text("ALTER TABLE tokens RENAME TO verschoben"))
    with pytest.raises(Exception, match="tokens"):
        backup(database, file)
    assert file.read_bytes() == before
    assert list(file.parent.glob(".*")) == []
    restore(empty, file)


# ---- refusals


def refusal_of(act, *arguments):
    with pytest.raises(Refused) as refusal:
        act(*arguments)
    [found] = refusal.value.refusals
    return found.code


def test_a_backup_is_restored_into_an_empty_installation_only(database, empty, file):
    backup(filled(database), file)
    before = contents(database)
    assert refusal_of(restore, database, file) == "restore-not-empty"
    assert contents(database) == before
    empty.migrate()
    Accounts(empty).create("Erika Mustermann", [])
    assert refusal_of(restore, empty, file) == "restore-not-empty"
    assert EventStore(empty).position() == 0


def test_a_database_that_is_not_of_this_program_is_neither_backed_up_nor_restored_into(database, empty, file):
    assert refusal_of(backup, empty, file) == "database-empty"
    backup(database, file)
    empty.migrate()
    with empty.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert refusal_of(backup, empty, file) == "database-newer"
    assert refusal_of(restore, empty, file) == "database-newer"


def test_a_backup_needs_a_folder_and_a_restore_needs_a_backup(database, empty, file):
    assert refusal_of(backup, database, file / "nirgends" / "x.zip") == "backup-folder-missing"
    assert refusal_of(restore, empty, file) == "backup-missing"
    file.write_bytes(b"PK\x03\x04 kein Archiv")
    assert refusal_of(restore, empty, file) == "backup-unreadable"


def rewritten(file, change):
    """The backup with its parts changed by `change(parts)`; the hashes in the manifest are left as they were."""
    with ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


def rehashed(parts):
    """Makes the manifest agree with changed members, as somebody who means harm would."""
    manifest = json.loads(parts["manifest.json"])
    for name, member in manifest["members"].items():
        lines = parts[name].splitlines(keepends=True)
        member.update(rows=len(lines), sha256=sha256(parts[name]).hexdigest())
    parts["manifest.json"] = json.dumps(manifest).encode()


def refused_and_empty(database, file):
    code = refusal_of(restore, database, file)
    if database.revision() is not None:
        assert {name for name, rows in contents(database).items() if rows} <= {"log_state"}
        assert EventStore(database).position() == 0
    return code


CHANGES = [
    lambda lines: [*lines, lines[-1]],
    None,
    lambda lines: lines[:-1],
    lambda lines: [*lines[:-1], lines[-1][:-5]],
    lambda lines: [line.replace(b"a", b"b").replace(b"o", b"x") for line in lines],
    lambda lines: [b"\xff\xfe", *lines],
    lambda lines: [b"[]\n", *lines],
    lambda lines: [b"5\n", *lines],
]
MEMBERS = [table.name for table in TABLES if table is not log_tiles]
EACH_CHANGE = {"entries", "texts", "log_leaves", "passwords", "documents"}
"""All are read by the same lines of the program: every change is tried on these, two of them on every other table."""


@pytest.mark.parametrize(
    ("table", "change"), [(t, change) for t in MEMBERS for change in (CHANGES if t in EACH_CHANGE else CHANGES[:2])]
)
def test_a_member_that_was_changed_cut_off_or_taken_out_is_refused(empty, written, table, change):
    member = f"{table}.jsonl"

    def rewrite(parts):
        lines = parts.pop(member).splitlines(keepends=True)
        if change is not None:
            parts[member] = b"".join(change(lines))

    rewritten(written, rewrite)
    assert refused_and_empty(empty, written) == "backup-damaged"


def test_a_backup_without_one_of_its_tiles_is_refused(empty, file, tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'gefüllt.sqlite'}")
    database.migrate()
    backup(filled(database, WIDTH), file)
    database.close()

    def rewrite(parts):
        parts["log_tiles.jsonl"] = b""
        rehashed(parts)

    rewritten(file, rewrite)
    assert refused_and_empty(empty, file) == "backup-log-differs"


def test_a_bit_that_tipped_anywhere_in_the_file_is_noticed_or_changed_nothing(empty, written):
    whole = written.read_bytes()
    restore(empty, written)
    expected = contents(empty)
    told = []
    for place in range(0, len(whole), 61):
        clear(empty)
        written.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        try:
            restore(empty, written)
        except Refused as refusal:
            told += [found.code for found in refusal.refusals]
        else:  # it was a date or a flag of the archive itself
            assert contents(empty) == expected
    assert set(told) <= {"backup-damaged", "backup-unreadable", "backup-format", "backup-newer"}
    assert len(told) > 10


def clear(database):
    with database.writing() as connection:
        for table in reversed(TABLES):
            connection.execute(table.delete())


def lines_of(parts, member):
    return [json.loads(line) for line in parts[member].splitlines()]


def put(parts, member, rows):
    parts[member] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    rehashed(parts)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", "eyJ2IjoxfQ=="),
        ("metadata", "e30="),
        ("state_salt", "AAAA"),
        ("metadata_salt", "AAAA"),
        ("texts_digest", "AAAA"),
        ("commitment", "AAAA"),
    ],
)
def test_an_entry_that_was_changed_is_named_even_if_all_hashes_were_made_to_fit(empty, written, column, value):

    def change(parts):
        rows = lines_of(parts, "entries.jsonl")
        rows[3][column] = value
        put(parts, "entries.jsonl", rows)

    rewritten(written, change)
    assert refused_and_empty(empty, written) == "backup-entry-changed"


def test_texts_that_were_changed_are_noticed_even_if_all_hashes_were_made_to_fit(empty, written):

    def change(parts):
        rows = lines_of(parts, "texts.jsonl")
        rows[0]["texts"] = "e30="
        put(parts, "texts.jsonl", rows)

    rewritten(written, change)
    assert refused_and_empty(empty, written) == "backup-entry-changed"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda rows: rows[:3] + rows[4:], "backup-gap"),
        (lambda rows: rows[1:], "backup-gap"),
        (lambda rows: rows[:-1], "backup-damaged"),
        (lambda rows: [*rows[:-1], rows[-1] | {"originator_version": 9}], "backup-gap"),
        (lambda rows: [rows[0], rows[0], *rows[2:]], "backup-damaged"),
        (lambda rows: [*rows[:-1], rows[-1] | {"key": rows[0]["key"]}], "backup-damaged"),
        (lambda rows: [*rows[:-1], rows[-1] | {"position": None}], "backup-damaged"),
        (lambda rows: [*rows[:-1], rows[-1] | {"fremd": 1}], "backup-damaged"),
        (lambda rows: [*rows[:-1], rows[-1] | {"recorded_at": "gestern"}], "backup-damaged"),
        (lambda rows: [*rows[:-1], rows[-1] | {"recorded_at": rows[0]["recorded_at"]}], "backup-gap"),
        (lambda rows: [*rows[:-1], rows[-1] | {"originator_id": 5}], "backup-damaged"),
        (lambda rows: [*rows[:-1], rows[-1] | {"originator_version": 2**80}], "backup-damaged"),
        (lambda rows: [*rows[:-1], rows[-1] | {"state": 5}], "backup-damaged"),
    ],
)
def test_a_log_with_a_gap_or_an_entry_twice_is_refused_even_if_all_hashes_were_made_to_fit(
    target, written, change, code
):
    def rewrite(parts):
        put(parts, "texts.jsonl", [])
        put(parts, "erased_texts.jsonl", [])
        put(parts, "entries.jsonl", change(lines_of(parts, "entries.jsonl")))

    rewritten(written, rewrite)
    assert refused_and_empty(target, written) == code


def test_texts_of_an_entry_that_is_not_there_are_refused(target, written):
    def rewrite(parts):
        rows = lines_of(parts, "texts.jsonl")
        put(parts, "texts.jsonl", [row | {"position": row["position"] + 100} for row in rows])

    rewritten(written, rewrite)
    assert refused_and_empty(target, written) == "backup-damaged"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"format": "werdegang-backup/2"}, "backup-format"),
        ({"revision": "9999"}, "backup-newer"),
        ({"position": 7}, "backup-damaged"),
        ({"commitments": "00"}, "backup-damaged"),
        ({"members": {}}, "backup-damaged"),
        ({"members": 5}, "backup-damaged"),
        ({"fremd": 5}, "backup-damaged"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(empty, written, told, code):
    def change(parts):
        parts["manifest.json"] = json.dumps(json.loads(parts["manifest.json"]) | told).encode()

    rewritten(written, change)
    assert refused_and_empty(empty, written) == code


def test_a_backup_may_rest_for_longer_while_it_packs_documents(postgres_url, migrated_postgres, tmp_path, monkeypatch):
    """Seen to fail when the server ended a transaction that read nothing for as long as others may rest."""
    monkeypatch.setattr(database_, "_IDLE", "SET idle_in_transaction_session_timeout = '200ms'")

    def slowly(*files):
        time.sleep(1)
        copyfileobj(*files)

    monkeypatch.setattr(backup_, "copyfileobj", slowly)
    content = b"%PDF-1.7"
    digest = sha256(content).hexdigest()
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / digest).write_bytes(content)
    with empty_database(postgres_url, migrated_postgres) as url:
        database = Database(url)
        clerk = Accounts(database).create("Erika Mustermann", [])
        row = {"process": "essen", "sha256": digest, "at": datetime(2026, 11, 22, 9, tzinfo=UTC), "kind": "PDF"}
        with database.writing() as connection:
            row |= {"size": len(content), "public": False, "account": clerk.id, "changes": 1}
            connection.execute(documents.insert().values(row))
        backup(database, tmp_path / "backup.zip", tmp_path)
        database.close()
    with ZipFile(tmp_path / "backup.zip") as archive:
        assert archive.read(f"{FOLDER}/{digest}") == content
