"""Databases and backups of older versions open with this one: small files of them are kept here and never changed."""

import json
import shutil
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from adapters.accounts import Accounts
from adapters.audit import noted
from adapters.backup import MANIFEST, TABLES_OF, backup, restore
from adapters.database import Database
from adapters.drafts import Drafts
from adapters.event_store import EventStore
from adapters.transparency_log import TransparencyLog
from domain.commitment import recomputed
from domain.entry import read
from projections.governance import structure
from service import Service, Times
from tests.postgres import empty_database
from tests.records import filled
from tests.test_backup import contents
from tests.test_backup import filled as with_a_bit_of_everything
from tests.test_migrating import as_oldest

KEPT = sorted((Path(__file__).parent / "databases").glob("*.sqlite"))
BACKUPS = sorted((Path(__file__).parent / "backups").glob("*.zip"))
"""Each written by the program as it was when its schema was the newest, and named by that."""


@pytest.fixture(params=[*KEPT, "postgresql"], ids=lambda kept: getattr(kept, "stem", kept))
def database(request, tmp_path):
    """An old file, or a PostgreSQL that was as old and held the same; brought up to date."""
    with ExitStack() as stack:
        if request.param == "postgresql":
            url = stack.enter_context(empty_database(request.getfixturevalue("postgres_url")))
            as_oldest(url)
        else:
            copy = tmp_path / "werdegang.sqlite"
            shutil.copy(request.param, copy)
            url = f"sqlite:///{copy}"
        database = Database(url)
        database.migrate()
        database.check()
        yield database
        database.close()


def test_a_file_of_every_version_is_kept():
    assert [path.stem for path in KEPT] == ["0.1.0"]


def test_every_entry_of_an_old_database_reads_and_its_commitment_holds(database):
    records = list(EventStore(database).all_records())
    assert [record.position for record in records] == list(range(1, 76))
    assert all(recomputed(record) == record.commitment for record in records)
    assert all(read(record).number == record.number for record in records)


def test_an_old_database_gets_a_log_that_fits_its_entries(database):
    store, log = EventStore(database), TransparencyLog(database)
    log.catch_up()
    assert log.tree()[0] == 75
    assert log.first_difference(store.all_records()) is None


def test_an_old_database_answers_as_it_did(database):
    service = Service(EventStore(database), filled(database))
    assert [listed.cited.process for listed in service.processes(None)] == ["bottrop-2018"]
    shown = structure(service.view("bottrop-2018", None, Times(happened_by=date(2019, 12, 31))).view)
    assert {level.id for level in shown.levels} == {"strategisch", "operativ"}
    handwerk = next(body for body in shown.bodies if body.id == "reallabor-handwerk")
    assert (handwerk.parent, handwerk.inferred) == ("wirtschaftsallianz", False)
    assert ("reallabor-city-logistik", "LOUISE") in {(gone.id, gone.successor) for gone in shown.departed}


@pytest.mark.parametrize("file", BACKUPS, ids=lambda path: path.stem)
def test_a_backup_of_an_older_program_restores_with_all_that_it_held(file, database_url):
    """On SQLite and PostgreSQL; it would fail when a column that came later had no value for older rows."""
    database = Database(database_url)
    manifest = restore(database, file)
    assert manifest.revision == file.stem
    records = list(EventStore(database).all_records())
    assert [record.position for record in records] == list(range(1, 9))
    assert all(recomputed(record) == record.commitment for record in records)
    assert TransparencyLog(database).tree()[0] == 8
    clerk, former = Accounts(database).list()
    assert (clerk.name, former.name, former.disabled_at is None) == ("Erika Mustermann", None, False)
    tokens = Accounts(database).tokens(clerk.account.id)
    assert {(token.label, token.role, token.revoked_at is None) for token in tokens} == {
        ("Schreibtisch", None, True),
        ("Skript", None, False),
    }
    if file.stem >= "0003":
        assert {line.times for line in noted(database)} == {1}
    if file.stem >= "0004":
        drafts = Drafts(database, lambda: datetime(2026, 11, 28, tzinfo=UTC)).list(clerk.account.id)
        assert [draft.parts[0].typed for draft in drafts] == [{"/step/what": ["Begönnen"]}]
    database.close()


def test_a_backup_of_every_older_program_is_kept():
    assert {file.stem for file in BACKUPS} == {"0001", "0002", "0003", "0004"}


@pytest.mark.parametrize("revision", ["0005", "0006", "0007"])
def test_a_backup_without_the_tables_that_came_later_restores(revision, tmp_path):
    """No program was ever released with these schemas; their columns are those of today."""
    known = {f"{table.name}.jsonl" for table in TABLES_OF[revision]}
    full, older = tmp_path / "heute.zip", tmp_path / "älter.zip"
    source, target = (Database(f"sqlite:///{tmp_path / name}") for name in ("a.sqlite", "b.sqlite"))
    source.migrate()
    backup(with_a_bit_of_everything(source), full)
    with ZipFile(full) as archive, ZipFile(older, "w") as cut:
        manifest = json.loads(archive.read(MANIFEST)) | {"revision": revision}
        manifest["members"] = {name: member for name, member in manifest["members"].items() if name in known}
        cut.writestr(MANIFEST, json.dumps(manifest))
        for name in known:
            cut.writestr(name, archive.read(name))
    restore(target, older)
    held = {table.name for table in TABLES_OF[revision]}
    assert contents(target) == {name: rows if name in held else [] for name, rows in contents(source).items()}
    source.close()
    target.close()


def test_every_older_schema_is_known_to_the_backup(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite'}")
    newest = max(database.known_revisions())
    assert set(TABLES_OF) == database.known_revisions() - {newest}
    database.close()
