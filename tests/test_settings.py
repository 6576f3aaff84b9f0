"""Settings are checked at the start, all at once; logs tell what happened and nothing about persons."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.settings import DEFAULTS, Settings
from domain.errors import Refused

ROOT = Path(__file__).parents[1]


def refused(**environment):
    with pytest.raises(Refused) as refusal:
        Settings.from_environment(environment)
    return [found.code for found in refusal.value.refusals]


def test_everything_has_a_default():
    settings = Settings.from_environment({})
    home = Path.cwd() / "data"
    assert (settings.home, settings.database_url) == (home, f"sqlite:///{home / 'werdegang.sqlite'}")
    assert (settings.host, settings.port, settings.log) == ("127.0.0.1", 8000, "info")


def test_everything_can_be_set(tmp_path):
    settings = Settings.from_environment(
        {
            "WERDEGANG_HOME": str(tmp_path),
            "WERDEGANG_DATABASE_URL": "sqlite:////var/lib/werdegang/db",
            "WERDEGANG_HOST": "0.0.0.0",
            "WERDEGANG_PORT": "65535",
            "WERDEGANG_LOG": "DEBUG",
            "WERDEGANG_IDLE": "720",
            "WERDEGANG_CONNECTIONS": "2",
        }
    )
    assert (settings.home, settings.database_url) == (tmp_path, "sqlite:////var/lib/werdegang/db")
    assert (settings.host, settings.port, settings.log) == ("0.0.0.0", 65_535, "debug")
    assert (settings.idle, settings.connections) == (720, 2)


def test_an_empty_setting_means_the_default():
    assert Settings.from_environment(dict.fromkeys(DEFAULTS, "")) == Settings.from_environment({})


def test_the_database_stands_in_the_home_folder_unless_it_is_said_otherwise(tmp_path):
    settings = Settings.from_environment({"WERDEGANG_HOME": str(tmp_path / "stadt")})
    assert settings.database_url == f"sqlite:///{tmp_path / 'stadt' / 'werdegang.sqlite'}"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_usual_way_to_name_postgresql_is_understood(scheme):
    settings = Settings.from_environment({"WERDEGANG_DATABASE_URL": f"{scheme}://nutzer:geheim@rechner/werdegang"})
    assert settings.database_url == "postgresql+psycopg://nutzer:geheim@rechner/werdegang"
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize("connections", ["0", "1", "1001", "-5", "viele"])
def test_a_program_has_two_connections_at_least(connections):
    assert refused(WERDEGANG_CONNECTIONS=connections) == ["setting-connections"]


def test_a_replica_is_one_of_a_postgresql():
    primary, replica = "postgresql://nutzer:geheim@eins/werdegang", "postgres://nutzer:geheim@zwei/werdegang"
    settings = Settings.from_environment({"WERDEGANG_DATABASE_URL": primary, "WERDEGANG_REPLICA_URL": replica})
    assert settings.replica_url == "postgresql+psycopg://nutzer:geheim@zwei/werdegang"
    assert "geheim" not in repr(settings)
    assert refused(WERDEGANG_REPLICA_URL=replica) == ["setting-replica-url"]
    assert refused(WERDEGANG_DATABASE_URL=primary, WERDEGANG_REPLICA_URL="sqlite:///x") == ["setting-replica-url"]
    assert refused(WERDEGANG_DATABASE_URL=primary, WERDEGANG_REPLICA_URL="zwei:port") == ["setting-replica-url"]


def test_without_the_driver_for_postgresql_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)  # as Python sees a module that is not installed
    assert refused(WERDEGANG_DATABASE_URL="postgresql://rechner/werdegang") == ["setting-psycopg-missing"]


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "8000.0", "²", "999999999999"])
def test_a_port_is_a_number_from_1_to_65535(port):
    assert refused(WERDEGANG_PORT=port) == ["setting-port"]


@pytest.mark.parametrize("idle", ["0", "721", "-1", "30.5", "²"])
def test_how_long_nobody_need_do_anything_is_told_in_minutes(idle):
    assert refused(WERDEGANG_IDLE=idle) == ["setting-idle"]


@pytest.mark.parametrize(
    ("host", "https", "expected"),
    [
        ("127.0.0.1", "", False),
        ("localhost", "", False),
        ("::1", "", False),
        ("0.0.0.0", "", True),
        ("::", "", True),
        ("stadt.example", "", True),
        ("127.0.0.1", "always", True),
        ("0.0.0.0", "never", False),
    ],
)
def test_the_desk_is_reached_by_https_unless_it_is_on_this_machine_or_it_is_said_otherwise(host, https, expected):
    settings = Settings.from_environment({"WERDEGANG_HOST": host, "WERDEGANG_HTTPS": https})
    assert settings.https is expected
    assert refused(WERDEGANG_HTTPS="maybe") == ["setting-https"]


@pytest.mark.parametrize(
    ("name", "most"),
    [("WERDEGANG_WORKERS", 64), ("WERDEGANG_ANSWER_WITHIN", 600), ("WERDEGANG_STOP_WITHIN", 600)],
)
def test_how_many_workers_and_seconds_there_are_is_a_whole_number(name, most):
    assert Settings.from_environment({name: str(most)})
    for wrong in ("0", str(most + 1), "-1", "1.5", "²", "viele"):
        assert refused(**{name: wrong}) == ["setting-number"]


def test_the_token_for_the_figures_is_too_long_to_be_guessed_and_never_repeated():
    settings = Settings.from_environment({"WERDEGANG_METRICS_TOKEN": "a" * 20})
    assert settings.metrics_token == "a" * 20
    assert "a" * 20 not in repr(settings)
    for wrong in ("a" * 19, "a" * 201, "ä" * 20, "a b" * 10):
        with pytest.raises(Refused) as refusal:
            Settings.from_environment({"WERDEGANG_METRICS_TOKEN": wrong})
        assert [(found.code, found.params) for found in refusal.value.refusals] == [("setting-metrics-token", {})]


def test_a_log_level_is_one_that_exists():
    assert refused(WERDEGANG_LOG="laut") == ["setting-log"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://rechner/werdegang", "setting-database-kind"),
        ("postgresql+asyncpg://rechner/werdegang", "setting-database-kind"),
        ("sqlite://", "setting-database-memory"),
        ("sqlite:///:memory:", "setting-database-memory"),
        ("sqlite:///file:x?mode=memory&uri=true", "setting-database-memory"),
        ("werdegang.sqlite", "setting-database-url"),
        ("postgresql://nutzer:geheim@rechner:port/werdegang", "setting-database-url"),
    ],
)
def test_only_a_database_that_keeps_entries_is_accepted_and_no_password_is_repeated(url, code):
    with pytest.raises(Refused) as refusal:
        Settings.from_environment({"WERDEGANG_DATABASE_URL": url})
    assert [found.code for found in refusal.value.refusals] == [code]
    assert "geheim" not in str(refusal.value.refusals)


@pytest.mark.parametrize(
    "site", ["stadt.example", "https://stadt.example/", "https://a;script-src", "'self'", "ftp://a", "https://*"]
)
def test_who_may_embed_our_pages_is_told_as_sites_without_a_path(site):
    given = "https://www.stadt.example https://*.stadt.example:8443 *"
    assert Settings.from_environment({"WERDEGANG_FRAME_ANCESTORS": given}).frame_ancestors == tuple(given.split())
    assert refused(WERDEGANG_FRAME_ANCESTORS=f"https://www.stadt.example {site}") == ["setting-frame-ancestors"]


def test_a_setting_that_does_not_exist_is_noticed_but_not_those_of_the_tests_or_of_others():
    assert refused(WERDEGANG_DATABSE_URL="sqlite:///x") == ["setting-unknown"]
    Settings.from_environment({"WERDEGANG_TEST_POSTGRES": "postgresql://rechner", "HOME": "x", "PORT": "y"})


def test_all_that_is_wrong_is_said_at_once():
    wrong = refused(WERDEGANG_PROT="80", WERDEGANG_PORT="x", WERDEGANG_LOG="y", WERDEGANG_DATABASE_URL="z")
    assert wrong == ["setting-unknown", "setting-port", "setting-log", "setting-database-url"]


def logged(*statements):
    """The lines that a program writes to stderr; a process of its own, because pytest has its own ideas of logs."""
    start = "import logging, structlog\nfrom adapters import logs\nlogs.configure('info')\nlog = structlog.get_logger()"
    program = "\n".join([start, *statements])
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stderr.splitlines()]


def test_a_log_line_is_one_json_object_of_the_program_or_of_a_library():
    ours, theirs = logged(
        "log.info('recorded', process='bottrop', position=7)",
        "log.debug('not asked for')",
        "logging.getLogger('uvicorn.error').warning('Zu viele %s', 'Verbindungen')",
    )
    assert (ours["event"], ours["process"], ours["position"], ours["level"]) == ("recorded", "bottrop", 7, "info")
    assert (theirs["event"], theirs["logger"]) == ("Zu viele Verbindungen", "uvicorn.error")
    assert ours["timestamp"].endswith("Z")


def test_an_exception_is_logged_with_its_place_but_not_with_what_somebody_wrote():
    lines = logged(
        "try: raise ValueError('Frau Geheim')",
        "except ValueError:",
        "    log.exception('failed')",
        "    logging.getLogger('uvicorn.error').exception('Exception in ASGI application')",
    )
    assert [(line["exception"], line["at"]) for line in lines] == [("ValueError", ["<string>:5 <module>"])] * 2
    assert "Geheim" not in str(lines)


def test_the_addresses_of_visitors_are_not_logged():
    assert logged("logging.getLogger('uvicorn.access').info('192.0.2.1 - GET /prozesse')") == []


def test_the_proxies_that_are_believed_are_addresses_and_networks():
    assert refused(WERDEGANG_PROXIES="10.0.3.1/24, proxy.example, *") == ["setting-proxies"] * 3
    given = Settings.from_environment({"WERDEGANG_PROXIES": "10.0.3.0/24, ::1"})
    assert given.proxies == ("10.0.3.0/24", "::1")
