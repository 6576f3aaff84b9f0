"""Databases of every released version open with this one: a small file of each is kept here and never changed."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from adapters.database import Database
from adapters.event_store import EventStore
from domain.commitment import recomputed
from domain.entry import read
from projections.governance import structure
from service import Service, Times
from tests.records import filled

KEPT = sorted((Path(__file__).parent / "databases").glob("*.sqlite"))


@pytest.fixture(params=KEPT, ids=lambda path: path.stem)
def database(request, tmp_path):
    copy = tmp_path / "werdegang.sqlite"
    shutil.copy(request.param, copy)
    database = Database(f"sqlite:///{copy}")
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


def test_an_old_database_answers_as_it_did(database):
    service = Service(EventStore(database), filled(database))
    assert [listed.cited.process for listed in service.processes(None)] == ["bottrop-2018"]
    shown = structure(service.view("bottrop-2018", None, Times(happened_by=date(2019, 12, 31))).view)
    assert {level.id for level in shown.levels} == {"strategisch", "operativ"}
    handwerk = next(body for body in shown.bodies if body.id == "reallabor-handwerk")
    assert (handwerk.parent, handwerk.inferred) == ("wirtschaftsallianz", False)
    assert ("reallabor-city-logistik", "LOUISE") in {(gone.id, gone.successor) for gone in shown.departed}
