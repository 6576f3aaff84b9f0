"""For whoever runs this: whether it lives, whether it can answer, its figures, and what one request may be at most."""

import re
import socket
import sqlite3
import threading
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlalchemy.pool import QueuePool
from starlette.routing import Route
from starlette.testclient import TestClient

from adapters import (
    accounts,
    barrier_reports,
    documents,
    drafts,
    identities,
    passwords,
    people,
    registrations,
    sign_in,
)
from adapters.connections import watch
from adapters.database import CONNECTIONS, SECONDS_FOR_CONNECTION, Database
from adapters.imports import tables
from adapters.settings import DEFAULTS, Settings
from adapters.web import api, asking, exporting, guard, health, limits, metrics, waiting
from adapters.web.app import create_app
from adapters.web.headers import SECURITY
from adapters.web.problems import STATUS
from adapters.wiring import built
from domain.errors import Refused
from domain.words import REFUSALS
from projections import search
from tests.browser import served
from tests.faces import BOTTROP, LAST, bottrop
from tests.passwords import QUICK

PAGE = f"/prozesse/{BOTTROP}"
API = f"/api/v1/processes/{BOTTROP}"
ASKER = ("127.0.0.1", 50_000)
TOKEN = "0123456789abcdef0123"


@pytest.fixture
def house(tmp_path):
    house = bottrop(tmp_path / "data")
    yield house
    house.close()


@pytest.fixture
def asked_from(house, monkeypatch):
    """A client at an address; `settings` are the installation's."""

    def client(address="127.0.0.1", **settings):
        given = {"WERDEGANG_HOME": str(house.installation.settings.home), **settings}
        database = house.installation.database
        app = create_app(built(Settings.from_environment(given), database, house.clock, QUICK))
        return TestClient(app, client=(address, 50_000), raise_server_exceptions=False, follow_redirects=False)

    return client


def figures(client):
    """Every figure by its name and labels."""
    found = client.get("/metrics")
    assert found.status_code == 200
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(found.text)
        for sample in family.samples
    }


def code(answer):
    return answer.status_code, answer.json()["code"]


# ---- alive and ready ----------------------------------------------------------------------------------------------


def test_it_lives_whatever_becomes_of_the_database_and_is_ready_only_with_it(house, tmp_path):
    assert (house.get("/health").json(), house.get("/ready").json()) == ({"status": "alive"}, {"status": "ready"})
    house.close()
    (tmp_path / "data").rename(tmp_path / "elsewhere")
    assert house.get("/health").status_code == 200
    answer = house.get("/ready")
    assert code(answer) == (503, "database-unreachable")
    assert int(answer.headers["retry-after"]) > 0
    assert str(tmp_path) not in answer.text
    (tmp_path / "elsewhere").rename(tmp_path / "data")
    assert house.get("/ready").status_code == 200


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", "database-older"),
        ("UPDATE alembic_version SET version_num = '9999'", "database-newer"),
        ("DELETE FROM alembic_version", "database-empty"),
        ("UPDATE table_sets SET living = NULL", "tables-missing"),
    ],
)
def test_it_is_not_ready_while_schema_or_tables_are_not_what_it_needs(house, statement, refusal):
    with house.installation.database.writing() as connection:
        connection.execute(text(statement))
    assert code(house.get("/ready")) == (503, refusal)


def test_it_is_not_ready_once_it_was_asked_to_stop(house):
    house.app.state.stopping.set()
    assert code(house.get("/ready")) == (503, "stopping")
    assert house.get("/health").status_code == 200


@pytest.mark.parametrize("address", health.ADDRESSES)
def test_what_is_for_machines_is_kept_by_nobody_is_no_page_and_in_no_list(house, asked_from, address):
    answer = asked_from().get(address)
    assert answer.headers["cache-control"] == "no-store"
    assert not answer.headers["content-type"].startswith("text/html")
    assert "etag" not in answer.headers
    assert {name.lower() for name in SECURITY} <= set(answer.headers)
    assert address not in house.get("/api/v1/openapi.json").text
    assert address not in house.get("/sitemap.xml").text
    assert address not in house.get("/").text
    assert asked_from().head(address).status_code == 200


# ---- figures ------------------------------------------------------------------------------------------------------


def test_it_is_counted_what_is_answered_recorded_refused_viewed_and_kept(house, asked_from):
    client = asked_from()
    metrics.watch(client.app.state.installation)
    before = figures(client)
    for _ in range(2):
        client.get(f"{PAGE}/verlauf")
    client.get(f"{API}/structure?happened_by=2018-01-01")
    client.get("/nix")
    headers = house.headers("recorder")
    entry = {"step": {"type": "context-noted", "what": "Neu"}, "occurred": {"edtf": "2019"}}
    client.post(f"{API}/entries", json=[{"key": f"n{n}", **entry} for n in range(3)], headers=headers)
    client.post(f"{API}/entries", json=[{"key": "wrong", **entry, "because": [LAST + 9]}], headers=headers)
    after = figures(client)

    def more(name, **labels):
        key = (name, *sorted(labels.items()))
        return after[key] - before.get(key, 0)

    route = "/prozesse/{process}/verlauf"
    assert more("werdegang_requests_total", method="GET", route=route, status="200") == 2
    assert more("werdegang_request_seconds_count", route=route) == 2
    assert more("werdegang_requests_total", method="GET", route="-", status="404") == 1
    assert more("werdegang_recorded_entries_total") == 3
    assert more("werdegang_recordings_total") == 1
    assert more("werdegang_refusals_total", of="recording", code="entry-not-earlier") == 1
    assert more("werdegang_refusals_total", of="answer", code="entry-not-earlier") == 1
    assert more("werdegang_refusals_total", of="answer", code="page-not-found") == 1
    assert more("werdegang_view_seconds_count") == 1
    assert more("werdegang_public_answers_total", how="kept") == 1
    assert more("werdegang_public_answers_total", how="made") == 2
    assert after[("werdegang_database_connections",)] == before[("werdegang_database_connections",)]
    with house.installation.database.reading():
        assert figures(client)[("werdegang_database_connections",)] == before[("werdegang_database_connections",)] + 1
    assert after[("werdegang_database_up",)] == 1


def test_the_age_of_the_newest_checkpoint_is_told_and_how_much_it_does_not_cover_yet(house, asked_from):
    client = asked_from()
    house.installation.signer.checkpoint()
    house.record({"step": {"type": "context-noted", "what": "Neu"}, "occurred": {"edtf": "2019"}})
    house.wait(hours=1)
    found = figures(client)
    assert (found[("werdegang_checkpoint_entries",)], found[("werdegang_log_entries",)]) == (LAST, LAST + 1)
    assert found[("werdegang_checkpoint_age_seconds",)] == pytest.approx(3_601)
    assert ("werdegang_witnessed_entries",) not in found  # nobody was asked to witness


def test_figures_are_told_while_the_database_is_away(house, asked_from, tmp_path):
    client = asked_from()
    house.close()
    (tmp_path / "data").rename(tmp_path / "elsewhere")
    found = figures(client)
    assert found[("werdegang_database_up",)] == 0
    assert ("werdegang_log_entries",) not in found


def test_no_label_holds_what_somebody_asked_for(house, asked_from):
    client = asked_from()
    for address in ("/Zwetschge", f"{PAGE}/gremien/zwetschge", "/suche?q=Zwetschge", "/api/v1/processes/zwetschge"):
        client.get(address)
    client.request("ZWETSCHGE", "/")
    assert "zwetschge" not in client.get("/metrics").text.lower()


@pytest.mark.parametrize(
    ("address", "token", "headers", "open_"),
    [
        ("127.0.0.1", "", {}, True),
        ("::1", "", {}, True),
        ("192.0.2.7", "", {}, False),
        ("testclient", "", {}, False),
        ("127.0.0.1", "", {"x-forwarded-for": "192.0.2.7"}, False),
        ("127.0.0.1", "", {"x-real-ip": "127.0.0.1"}, False),
        ("127.0.0.1", "", {"forwarded": "for=192.0.2.7"}, False),
        ("192.0.2.7", TOKEN, {"authorization": f"Bearer {TOKEN}"}, True),
        ("127.0.0.1", TOKEN, {"authorization": f"Bearer {TOKEN}", "x-forwarded-for": "192.0.2.7"}, True),
        ("192.0.2.7", TOKEN, {"authorization": f"Bearer {TOKEN}x"}, False),
        ("192.0.2.7", TOKEN, {"authorization": "Bearer ä"}, False),
        ("192.0.2.7", TOKEN, {}, False),
        ("192.0.2.7", "", {"authorization": "Bearer "}, False),
    ],
)
def test_figures_are_for_this_machine_and_for_whoever_has_the_token(asked_from, address, token, headers, open_):
    answer = asked_from(address, WERDEGANG_METRICS_TOKEN=token).get(
        "/metrics", headers={name: value.encode("latin-1") for name, value in headers.items()}
    )
    if open_:
        assert answer.status_code == 200
    else:
        assert code(answer) == (403, "metrics-closed")


# ---- what one request may be ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [f"{API}/structure", "/log/checkpoint"])
def test_a_program_is_told_that_its_address_or_its_headers_are_too_long(house, address):
    most = "a" * limits.MOST_OF_QUERY
    assert house.get(f"{address}?{most}").status_code != 414
    assert code(house.get(f"{address}?{most}a")) == (414, "address-too-long")
    assert code(house.get(address, x_long="a" * limits.MOST_OF_HEADERS)) == (431, "headers-too-large")


@pytest.mark.parametrize("address", [PAGE, "/en/geschaeftsstelle/anmelden", "/nix"])
def test_a_page_says_in_both_languages_what_is_too_long(house, address):
    for answer, status in (
        (house.get(f"{address}?{'a' * limits.MOST_OF_QUERY}a"), 414),
        (house.get(address, cookie="a" * limits.MOST_OF_HEADERS), 431),
    ):
        assert answer.status_code == status
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"]
        assert "Bytes" in answer.text
        assert "bytes at most" in answer.text


@pytest.mark.parametrize(
    ("address", "media_type", "most"),
    [
        (f"{API}/entries", "application/json", limits.MOST_OF_BODY),
        ("/geschaeftsstelle/anmelden", "application/x-www-form-urlencoded", limits.MOST_OF_FORM),
        ("/barriere-melden", "application/x-www-form-urlencoded", limits.MOST_OF_FORM),
    ],
)
@pytest.mark.parametrize("told", [True, False], ids=["with its length", "in chunks"])
def test_what_is_sent_is_refused_where_it_is_too_much(house, address, media_type, most, told):
    """A length that is told too small is tried in tests/test_serving.py, where there is a connection."""
    content = b"a" * (most + 1) if told else iter([b"a" * 100_000] * (most // 100_000 + 20))
    headers = {**house.headers("recorder"), "content-type": media_type}
    answer = house.client.post(address, content=content, headers=headers)
    if media_type == "application/json" or told:
        assert answer.status_code == 413
    else:
        assert answer.status_code == 400  # a form from a browser tells its length
    assert answer.headers["cache-control"] == "no-store"


def test_what_is_sent_is_counted_as_it_comes_in(house):
    """Whoever never says that it was all is answered all the same: nothing waits for the end."""
    token = house.headers("recorder")["authorization"]
    asked = f"POST {API}/entries HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Type: application/json\r\n"
    piece = b"%x\r\n%s\r\n" % (100_000, b"a" * 100_000)
    with served(house.app) as at:
        port = int(at.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(f"{asked}Transfer-Encoding: chunked\r\n\r\n".encode())
            for _ in range(limits.MOST_OF_BODY // 100_000):
                connection.sendall(piece)
            connection.sendall(b"1\r\na\r\n")
            assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


# ---- how slowly it may be sent -------------------------------------------------------------------------------------


@pytest.fixture
def sending(house):
    """A connection on which a body is being sent to a real server; what is answered is read up to its end."""
    token = house.headers("recorder")["authorization"]
    asked = f"POST {API}/entries HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Type: application/json\r\n"
    with served(house.app) as at, socket.create_connection(("127.0.0.1", int(at.rpartition(":")[2]))) as connection:
        connection.settimeout(60)

        def send(body, length=100_000):
            connection.sendall(f"{asked}Content-Length: {length}\r\n\r\n".encode() + body)
            return connection

        yield send


def answered(connection):
    return b"".join(iter(lambda: connection.recv(1 << 16), b""))


def test_whoever_stops_in_the_middle_of_a_body_is_told_so_and_the_connection_is_closed(sending, monkeypatch):
    monkeypatch.setattr(limits, "LONGEST_SILENCE", 1)
    found = answered(sending(b"[" + b" " * 50_000))
    assert found.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"body-too-slow"' in found.replace(b'": "', b'":"')
    assert b"connection: close" in found.lower()


def test_whoever_sends_a_byte_now_and_then_is_told_so(sending, monkeypatch):
    """Seen to fail when only the time between two pieces counted."""
    monkeypatch.setattr(limits, "LONGEST_SILENCE", 2)
    connection = sending(b"[")
    connection.settimeout(0.2)
    for _ in range(100):
        try:
            found = connection.recv(1 << 16)
        except TimeoutError:
            connection.sendall(b" ")
        else:
            break
    assert found.startswith(b"HTTP/1.1 408 ")


def test_what_is_large_may_take_long(sending, monkeypatch):
    """Seen to fail with one time for the whole of it."""
    monkeypatch.setattr(limits, "LONGEST_SILENCE", 2)
    connection = sending(b"[" + b" " * 20_000, length=20_004)
    for piece in (b" ", b" ", b"]"):
        threading.Event().wait(1)
        connection.sendall(piece)
    assert connection.recv(1 << 16).startswith(b"HTTP/1.1 422 ")  # an empty list is no statement


# ---- how long a question may take ---------------------------------------------------------------------------------


@pytest.fixture
def slow(asked_from):
    """A client of an app where two addresses do not answer until it is over, and an event that is set when they did."""
    over, ended = threading.Event(), threading.Event()

    def wait():
        assert over.wait(60)
        ended.set()

    client = asked_from(WERDEGANG_ANSWER_WITHIN="1")
    for address in ("/api/slow", "/langsam", "/api/slow/exports/csv", "/api/v1/entries"):
        client.app.router.routes.insert(0, Route(address, lambda request: wait() or _said(), methods=["GET", "POST"]))
    yield client, over, ended
    over.set()


def _said():
    from starlette.responses import PlainTextResponse

    return PlainTextResponse("said")


@pytest.mark.parametrize(
    ("address", "waited_for"),
    [
        ("/api/v1/entries", False),
        ("/api/v1/entries?await=5", False),
        ("/api/v1/entries?limit=5&wait=5", True),
        ("/api/v1/search?q=/exports/csv?", False),
        (f"{API}/exports/csv?known_by=2020-01-01", True),
    ],
)
def test_files_and_the_feed_that_waits_alone_may_take_longer(address, waited_for):
    path, _, query = address.partition("?")
    assert limits._waited_for({"path": path, "query_string": query.encode()}) == waited_for


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_reader_who_waited_for_too_long_is_told_to_try_again(slow, method):
    client, over, ended = slow
    threading.Timer(3, over.set).start()
    answer = client.request(method, "/api/slow")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["content-security-policy"]
    if method == "GET":
        assert code(answer) == (503, "answer-too-slow")
    assert ended.wait(60)


def test_a_page_that_takes_too_long_says_so_in_both_languages(slow):
    client, over, _ = slow
    threading.Timer(2, over.set).start()
    answer = client.get("/langsam")
    assert answer.status_code == 503
    assert "länger als 1 Sekunden" in answer.text
    assert "longer than 1 seconds" in answer.text


def test_a_reader_of_the_feed_who_does_not_ask_to_wait_is_told_to_try_again(slow):
    client, over, _ = slow
    threading.Timer(3, over.set).start()
    assert code(client.get("/api/v1/entries?limit=5")) == (503, "answer-too-slow")
    assert client.get("/api/v1/entries?limit=5&wait=20").text == "said"


@pytest.mark.parametrize(("method", "address"), [("POST", "/api/slow"), ("GET", "/api/slow/exports/csv")])
def test_whoever_records_or_takes_a_file_away_is_waited_for(slow, method, address):
    client, over, _ = slow
    threading.Timer(2, over.set).start()
    assert client.request(method, address).text == "said"


def test_postgresql_gives_up_a_statement_that_only_reads_and_none_that_records(postgres_url, migrated_postgres):
    from tests.postgres import empty_database

    with empty_database(postgres_url, migrated_postgres) as url:
        database = Database(url)
        database.answer_within(1)
        with pytest.raises(Refused) as refusal, database.reading() as connection:
            connection.execute(text("SELECT pg_sleep(30)"))
        assert [found.code for found in refusal.value.refusals] == ["answer-too-slow"]
        with database.reading() as connection:  # and goes on as if nothing had been
            assert connection.execute(text("SELECT 1")).scalar() == 1
        with database.writing() as connection:
            connection.execute(text("SELECT pg_sleep(1.2)"))
        database.close()


# ---- all of them in one table --------------------------------------------------------------------------------------

OPERATIONS = Path(__file__).parents[1] / "docs" / "operations.md"

AT_MOST = {
    "address-too-long": [limits.MOST_OF_QUERY],
    "headers-too-large": [limits.MOST_OF_HEADERS],
    "body-too-slow": [limits.LONGEST_SILENCE, limits.LEAST_RATE],
    "body-too-large": [limits.MOST_OF_BODY, limits.MOST_OF_FORM],
    "upload-too-large": [int(DEFAULTS["WERDEGANG_MOST_UPLOAD"]), guard.MOST_FILES],
    "list-too-long": [api.MOST_STATEMENTS],
    "draft-full": [drafts.MOST_PARTS],
    "draft-too-large": [drafts.MOST_LETTERS],
    "drafts-too-many": [drafts.MOST],
    "table-long": [tables.MOST_ROWS],
    "table-wide": [tables.MOST_COLUMNS],
    "table-bomb": [tables.MOST_UNPACKED // 1_000_000],
    "cell-too-long": [tables.MOST_LETTERS],
    "parameter-too-large": [
        asking.AskedPage(limit=200).limit,
        asking.AskedSearch(q="", limit=100).limit,
        asking.AskedFeed(limit=500).limit,
    ],
    "parameter-too-long": [200, 400],
    "question-long": [search.MOST_WORDS, search.MOST_LETTERS],
    "exports-busy": [exporting.MOST_AT_ONCE],
    "feed-busy": [waiting.MOST],
    "answer-too-slow": [int(DEFAULTS["WERDEGANG_ANSWER_WITHIN"])],
    "database-busy": [30],
    "connections-taken": [CONNECTIONS, SECONDS_FOR_CONNECTION],
    "sign-in-busy": [passwords.AT_ONCE, passwords.WAITING],
    "sign-in-waiting": [sign_in.TRIES, sign_in.TRIES_OF_ADDRESS],
    "registrations-too-many": [registrations.MOST_TRIES],
    "registration-too-long": [],
    "barrier-reports-full": [barrier_reports.MOST],
    "document-name": [documents.MOST_LETTERS],
    "person-text": [people.MOST_LETTERS],
    "password-long": [passwords.MOST_BYTES],
    "token-days": [accounts.MOST_DAYS],
    "identity-subject": [identities.MOST_CHARACTERS],
}
"""What the program holds itself to, by the refusal of whoever goes beyond."""


def rows(title):
    """The table under a heading of the document: its cells, row by row."""
    told = OPERATIONS.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in told.splitlines() if line.startswith("|")]


def test_every_limit_stands_in_one_table_with_its_figure_and_its_code():
    told = {code: most for _, most, codes in rows("Limits")[2:] for code in re.findall(r"`([a-z-]+)`", codes)}
    assert told.keys() == AT_MOST.keys()
    for code_, most in AT_MOST.items():
        assert [n for n in most if not re.search(rf"(?<![\d,]){n:,}(?!\d|,\d)", told[code_])] == [], code_


def test_every_refusal_of_too_much_stands_in_that_table():
    """But for those of one field of a statement, which stand with it in the code book, those of a setting, and a disk
    that is full.
    """
    too_much = re.compile(r"-(busy|full|too-many|too-long|too-large|long|waiting|too-slow)$")
    of_a_field = re.compile(r"field-.*|setting-.*|resistance-too-large|days-wrong|(database|home)-full")
    found = {
        code_
        for code_, (_, english) in REFUSALS.items()
        if "{most}" in english or too_much.search(code_) or STATUS.get(code_) in {413, 414, 429, 431}
    }
    assert {code_ for code_ in found if not of_a_field.fullmatch(code_)} <= AT_MOST.keys()


def test_every_figure_stands_in_the_document(house, asked_from):
    house.installation.signer.checkpoint()
    told = {cells[0].strip("`") for cells in rows("Figures")[2:]}
    given = text_string_to_metric_families(asked_from().get("/metrics").text)
    never_asked = {"werdegang_witnessed_entries", "werdegang_witnessed_checkpoint_age_seconds"}
    suffix = {"counter": "_total"}
    assert told == {f"{family.name}{suffix.get(family.type, '')}" for family in given} | never_asked


def test_a_connection_that_could_not_be_opened_again_was_never_in_use():
    """Seen to fail: SQLAlchemy tells of it being given back."""
    there = [sqlite3.connect(":memory:")]
    pool, in_use = QueuePool(there.pop), []
    watch(pool, lambda: in_use.append(1), lambda: in_use.append(-1))
    first = pool.connect()
    assert sum(in_use) == 1
    first.invalidate()
    first.close()
    with pytest.raises(IndexError):
        pool.connect()
    assert sum(in_use) == 0
