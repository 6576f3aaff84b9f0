"""`werdegang settings`: every setting with its value, where that comes from and what it means; no secret is shown."""

import json
import resource
import subprocess

import pytest
from sqlalchemy import make_url

from adapters.settings import DEFAULTS
from adapters.settings_told import MEANINGS, SECRET
from tests import command_line
from tests.command_line import program
from tests.postgres import empty_database

home, werdegang, bottrop = command_line.home, command_line.werdegang, command_line.bottrop

SECRETS = {
    "WERDEGANG_DATABASE_URL": "postgresql://amt:geheim1@rechner/werdegang?password=geheim2&sslpassword=geheim3",
    "WERDEGANG_SMTP_PASSWORD": "geheim4",
    "WERDEGANG_OIDC_CLIENT_SECRET": "geheim5",
    "WERDEGANG_OIDC_ISSUER": "https://wir:geheim6@anmeldung.example",
    "WERDEGANG_METRICS_TOKEN": "geheim7-geheim7-geheim7",
}
NEEDED = {
    "WERDEGANG_ADDRESS": "https://stadt.example",
    "WERDEGANG_SMTP_HOST": "post.example",
    "WERDEGANG_SMTP_FROM": "amt@stadt.example",
    "WERDEGANG_OIDC_CLIENT_ID": "werdegang",
}


def told(werdegang):
    return {each["name"]: each for each in json.loads(werdegang("settings", "--json").out)["settings"]}


def test_every_setting_is_told_with_its_meaning_in_both_languages(werdegang):
    assert list(MEANINGS) == sorted(MEANINGS, key=list(DEFAULTS).index)
    found = told(werdegang)
    assert list(found) == list(DEFAULTS) == list(MEANINGS)
    for name, each in found.items():
        assert each["default"] == DEFAULTS[name]
        assert each["meaning"]["de"] != each["meaning"]["en"]
    said = werdegang("settings").out
    assert [name for name in DEFAULTS if f"\n{name}=" not in f"\n{said}"] == []


def test_it_tells_where_a_value_comes_from(werdegang, home, monkeypatch):
    monkeypatch.setenv("WERDEGANG_HOST", "0.0.0.0")
    monkeypatch.setenv("WERDEGANG_PORT", "")  # an empty one is none
    found = told(werdegang)
    origins = {name: (found[name]["value"], found[name]["origin"]) for name in found}
    assert origins["WERDEGANG_HOME"] == (str(home), "environment")
    assert origins["WERDEGANG_HOST"] == ("0.0.0.0", "environment")
    assert origins["WERDEGANG_PORT"] == ("8000", "default")
    assert origins["WERDEGANG_HTTPS"] == ("always", "derived")
    assert origins["WERDEGANG_DATABASE_URL"] == (f"sqlite:///{home / 'werdegang.sqlite'}", "derived")
    assert origins["WERDEGANG_ADDRESS"] == ("", "default")
    said = werdegang("settings").out
    assert "WERDEGANG_HOST=0.0.0.0\n    Adresse, an der serve lauscht\n    aus der Umgebung; Vorgabe: 127.0.0.1" in said


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["in words", "as JSON"])
def test_no_secret_is_shown_only_whether_it_is_set(werdegang, monkeypatch, options):
    assert "***" not in werdegang("settings", *options).out
    for name, value in {**SECRETS, **NEEDED}.items():
        monkeypatch.setenv(name, value)
    done = werdegang("settings", *options)
    assert done.code == 0
    assert "geheim" not in done.out + done.err
    assert done.out.count("***") >= len(SECRETS)
    assert {name for name, each in told(werdegang).items() if each["secret"]} == SECRET


def test_settings_that_are_wrong_are_refused_as_at_the_start(werdegang, monkeypatch):
    monkeypatch.setenv("WERDEGANG_WORKERS", "0")
    monkeypatch.setenv("WERDEGANG_METRICS_TOKEN", "geheim")
    done = werdegang("settings")
    assert (done.code, done.out) == (2, "")
    assert "[setting-number]" in done.err
    assert "[setting-metrics-token]" in done.err
    assert "geheim" not in done.err


def test_a_backup_replaces_an_older_one_and_says_so_and_nothing_else(werdegang, tmp_path):
    assert werdegang("init").code == 0
    file, other = tmp_path / "sicherung.zip", tmp_path / "werdegang.sqlite"
    assert "ersetzt" not in werdegang("backup", str(file)).out
    assert "Die ältere Sicherung dieses Namens ist damit ersetzt." in werdegang("backup", str(file)).out
    (tmp_path / "leer.zip").touch()  # as mktemp makes it
    assert werdegang("backup", str(tmp_path / "leer.zip")).code == 0
    other.write_text("etwas anderes")
    refused = werdegang("backup", str(other))
    assert (refused.code, "[backup-over-other]" in refused.err) == (1, True)
    assert other.read_text() == "etwas anderes"


def test_a_backup_that_has_no_room_names_its_file_and_leaves_nothing(bottrop, tmp_path):
    """Seen to fail: "stdout: No space left on device"."""
    file = tmp_path / "sicherung.zip"
    process = program("backup", str(file), stderr=subprocess.PIPE, text=True, preexec_fn=small_files_only)
    told = process.communicate()[1]
    assert (process.returncode, told.startswith(f"{file}: ")) == (1, True), told
    assert "[file-failed]" in told
    assert list(tmp_path.glob("*sicherung.zip*")) == []


def small_files_only():
    """No file grows beyond what SQLite needs beside its own to be read; the backup of the example would."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (33_000, 33_000))


def test_a_restore_that_meets_another_database_names_it_without_its_password(
    werdegang, tmp_path, postgres_url, monkeypatch
):
    with empty_database(postgres_url) as url:
        secret = make_url(url).update_query_dict({"passfile": "geheim"}).render_as_string(hide_password=False)
        monkeypatch.setenv("WERDEGANG_DATABASE_URL", secret)
        assert werdegang("init").code == 0
        assert werdegang("backup", "sicherung.zip").code == 0
        monkeypatch.setenv("WERDEGANG_HOME", "probe")
        refused = werdegang("restore", "sicherung.zip").err
        assert ("[restore-not-empty]" in refused, make_url(url).database in refused) == (True, True)
        assert "geheim" not in refused
        assert not (tmp_path / "probe").exists()
        monkeypatch.delenv("WERDEGANG_DATABASE_URL")
        assert werdegang("restore", "nirgends.zip").code == 1
        assert not (tmp_path / "probe").exists()
        assert werdegang("restore", "sicherung.zip").code == 0


def test_programs_can_read_that_an_installation_is_in_order(werdegang):
    assert werdegang("init").code == 0
    told = json.loads(werdegang("verify", "--json").out)
    assert (told["size"], told["older"], told["exit_code"]) == (0, 0, 0)
