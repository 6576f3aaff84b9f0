"""What any test can ask for: an empty database of each kind, a PostgreSQL server, a Chromium, Bottrop served to it."""

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest
import structlog
from anyio.from_thread import start_blocking_portal
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import make_url
from starlette.testclient import TestClient

from adapters.cli import run
from adapters.database import Database
from tests.browser import chromium, served
from tests.command_line import in_a_german_terminal
from tests.faces import House, bottrop
from tests.postgres import empty_database, running_server

# The same examples on every machine, however slow it is: `make soak` tries ten times as many, and
# `pytest --hypothesis-profile=explore` looks for new ones.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", PATIENT, derandomize=True, max_examples=50)
settings.register_profile("soak", PATIENT, derandomize=True, max_examples=500)
settings.register_profile("explore", PATIENT, max_examples=2_000)
settings.load_profile("ci")

# Faults that a test provokes are told in plain words: drawing each with all its variables takes a quarter of a minute.
structlog.configure(processors=[structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)])


@pytest.fixture(scope="session", autouse=True)
def event_loop() -> Iterator[None]:
    """One event loop for all that is asked of apps: a client without one starts a loop and threads for each request."""
    with start_blocking_portal() as portal:
        TestClient.portal = portal
        yield
        TestClient.portal = None


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL where databases can be created: the one in WERDEGANG_TEST_POSTGRES, else one of our own."""
    stated = os.environ.get("WERDEGANG_TEST_POSTGRES")
    if stated:
        yield stated
        return
    with running_server(durable=False) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables of an installation, to be copied: to make them takes as long as a test."""
    file = tmp_path_factory.mktemp("migrated") / "werdegang.sqlite"
    migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> Iterator[str]:
    """The name of a PostgreSQL database with the tables of an installation, to be copied."""
    with empty_database(postgres_url) as url:
        migrated(url)
        yield make_url(url).database or ""


def migrated(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation with the example, as `werdegang demo` makes it; to be copied."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        folder = in_a_german_terminal(monkeypatch, tmp_path_factory.mktemp("demonstrated") / "data")
        assert run(["demo"]) == 0
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database; a test that asks for it runs once on SQLite and once on PostgreSQL.

    It is empty, unless `database` is asked for, too: then it has the tables of an installation.
    """
    with_tables = "database" in request.fixturenames
    if request.param == "sqlite":
        file = tmp_path / "werdegang.sqlite"
        if with_tables:
            copy(request.getfixturevalue("migrated_sqlite"), file)
        yield f"sqlite:///{file}"
        return
    like = request.getfixturevalue("migrated_postgres") if with_tables else "template1"
    with empty_database(request.getfixturevalue("postgres_url"), like) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty installation's database, on SQLite and on PostgreSQL."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium. Not for the whole session: playwright holds an event loop, which asyncio.run refuses."""
    with sync_playwright() as playwright, chromium(playwright) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page as a German reader sees it, without movement, so that no picture is taken half-way."""
    context = browser.new_context(locale="de-DE", timezone_id="Europe/Berlin", reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Bottrop 2018+, recorded and published. A module that needs something else there has a `town` of its own."""
    house = bottrop(tmp_path_factory.mktemp("town") / "data")
    yield house
    house.close()


@pytest.fixture(scope="module")
def server(town: House) -> Iterator[str]:
    """The address of a server for the module's `town`."""
    with served(town.app) as address:
        yield address
