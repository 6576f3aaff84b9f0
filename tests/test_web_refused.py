"""What the web refuses for everybody: a parameter given twice, and any question while the database is away or busy."""

import pytest
from starlette.testclient import TestClient

from adapters.database import Database
from adapters.web.app import create_app
from adapters.wiring import built
from tests.faces import BOTTROP, LAST, bottrop
from tests.story import told

API = f"/api/v1/processes/{BOTTROP}"
PAGE = f"/prozesse/{BOTTROP}"
CONTEXT = {"key": "neu", **told({"type": "context-noted", "what": "Neu"}, "2019")}


@pytest.fixture
def house(tmp_path):
    house = bottrop(tmp_path / "data")
    yield house
    house.close()


# ---- a parameter given twice --------------------------------------------------------------------------------------

TWICE = ("?happened_by=2017-12-31&happened_by=2019-12-31", "?happened_by=2017-12-31&happened_by=2017-12-31")


@pytest.mark.parametrize("twice", TWICE)
@pytest.mark.parametrize("address", ["/api/v1/processes", API, f"{API}/structure", f"{API}/exports/entries"])
def test_the_api_refuses_a_parameter_that_is_given_twice(house, address, twice):
    answer = house.get(f"{address}{twice}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    (refusal,) = answer.json()["refusals"]
    assert (refusal["code"], refusal["params"]["parameter"]) == ("parameter-wrong", "happened_by")


def test_nothing_is_recorded_where_it_is_said_twice_whether_it_is_a_dry_run(house):
    answer = house.post(CONTEXT, query="?dry_run=true&dry_run=false")
    assert (answer.status_code, answer.json()["code"]) == (422, "parameter-wrong")
    assert house.api(f"/entries/{LAST + 1}", "recorder").status_code == 404


@pytest.mark.parametrize("query", [*TWICE, "?kind=structure&kind=actors", "?page=1&page=2"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_the_pages_refuse_a_parameter_that_is_given_twice(house, language, query):
    answer = house.get(f"{language}{PAGE}/verlauf{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert "der parameter" in answer.text.lower()
    assert "the parameter" in answer.text.lower()


# ---- the database is away, or busy --------------------------------------------------------------------------------


def test_a_database_that_went_away_is_answered_with_try_again_and_without_where_it_was(house, tmp_path):
    house.close()
    (tmp_path / "data").rename(tmp_path / "elsewhere")
    for address in (API, "/api/v1/processes", "/", PAGE):
        answer = house.get(address)
        assert answer.status_code == 503, address
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["cache-control"] == "no-store"
        assert "OperationalError" not in answer.text
        assert "unable to open" not in answer.text
        assert f"(request {answer.headers['x-request-id']})" in answer.text  # by which whoever runs it finds the reason
    assert house.get(API).json()["code"] == "database-unreachable"
    (tmp_path / "elsewhere").rename(tmp_path / "data")
    assert house.get(API).status_code == 200


def test_whoever_records_while_others_write_is_asked_to_try_again(house):
    settings = house.installation.settings
    impatient = Database(settings.database_url, patience=1)
    client = TestClient(create_app(built(settings, impatient, house.clock)))
    with house.installation.database.writing():
        answer = client.post(f"{API}/entries", json=CONTEXT, headers=house.headers("recorder"))
    assert (answer.status_code, answer.json()["code"]) == (503, "database-busy")
    assert int(answer.headers["retry-after"]) > 0
    impatient.close()
