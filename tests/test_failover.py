"""The primary is lost and its replica takes over: with synchronous commit nothing that was acknowledged is lost."""

import time
from base64 import b64decode

import pytest
from sqlalchemy import URL

from adapters.event_store import EventStore
from tests.faces import House
from tests.postgres import Server, installed
from tests.serving import OPENED, statements
from tests.test_desk import DESK, PASSWORD, Browser
from tests.test_desk_recording import CHECK, RECORD, SAID, typed

P = "p"
NOTED = f"{DESK}/{P}/erfassen/context-noted"
SECONDS_AT_MOST = 60


@pytest.fixture
def servers():
    """A primary whose commits wait for its replica."""
    with installed() as place:
        primary, standby = Server(place, "primary", ()), Server(place, "standby", ())
        primary.create()
        with primary:
            standby.follow(primary)
            with standby:
                primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
                primary.ask("SELECT pg_reload_conf()")
                give_up = time.monotonic() + SECONDS_AT_MOST
                while primary.ask("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != 1:
                    assert time.monotonic() < give_up
                    time.sleep(0.02)
                yield primary, standby


@pytest.fixture
def house(servers, tmp_path):
    """As docs/postgresql.md says: one URL that names both servers, and asks for the one that takes what is written."""
    hosts = tuple(f"{server.folder}:5432" for server in servers)
    query = {"host": hosts, "target_session_attrs": "read-write"}
    url = URL.create("postgresql+psycopg", "postgres", database="postgres", query=query)
    house = House(tmp_path / "data", url=url.render_as_string(hide_password=False))
    assert house.post(OPENED, "admin", P).status_code == 201
    accounts = house.installation.accounts
    house.clerk = accounts.create("Erika Mustermann", [("recorder", P)]).id
    house.installation.passwords.set(house.clerk, PASSWORD)
    yield house
    house.close()


def test_a_primary_is_lost_and_everything_goes_on_with_the_replica(servers, house):
    primary, standby = servers
    acknowledged = {}
    for n in range(10):
        answer = house.post(statements(n), "admin", P)
        assert answer.status_code == 201
        acknowledged[n] = answer.json()["numbers"]
    signed = house.get("/log/checkpoint").text
    clerk = Browser(house)
    assert clerk.sign_in().status_code == 303
    tried = clerk.post(NOTED, typed(clerk.get(NOTED), CHECK, **SAID))
    form = typed(tried, RECORD)

    primary.kill()
    answer = house.post(statements(10), "admin", P)
    assert (answer.status_code, answer.json()["code"]) == (503, "database-unreachable")
    lost = clerk.post(NOTED, form)
    assert lost.status_code == 503
    assert "Die Datenbank hat nicht geantwortet" in lost.text
    assert SAID["/step/what"] in lost.text
    assert str(primary.folder) not in lost.text
    again = typed(lost)
    assert again == {name: values for name, values in form.items() if any(values)} | again

    assert standby.ask("SELECT pg_promote()") is True
    for n, numbers in acknowledged.items():  # sent again, each is known
        answer = house.post(statements(n), "admin", P)
        assert (answer.status_code, answer.json()["numbers"]) == (200, numbers)
    assert house.post(statements(10), "admin", P).status_code == 201
    done = clerk.post(NOTED, again)
    assert (done.status_code, "?erfasst=" in done.headers["location"]) == (303, True)
    database, log = house.installation.database, house.installation.log
    assert log.first_difference(EventStore(database).all_records()) is None
    size = int(signed.splitlines()[1])
    assert log.root_at(size) == signed_root(signed)
    house.wait(minutes=1)
    assert int(house.get("/log/checkpoint").text.splitlines()[1]) == size + 5


def signed_root(note):
    return b64decode(note.splitlines()[2])
