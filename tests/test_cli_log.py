"""The transparency log on the command line: checked, carried along, and begun anew."""

import zipfile

import pytest

from adapters.settings import Settings
from adapters.verify import WIDTH, tile_path
from adapters.wiring import installation
from tests import command_line
from tests.faces import BOTTROP, bottrop
from tests.story import told

home, werdegang = command_line.home, command_line.werdegang


@pytest.fixture
def town(tmp_path):
    house = bottrop(tmp_path / "town")
    yield house
    house.close()


def test_a_backup_is_not_restored_into_a_home_that_signed_more_than_it_holds(tmp_path, werdegang, home, monkeypatch):
    file = tmp_path / "sicherung.zip"
    assert werdegang("demo").code == 0
    assert werdegang("backup", str(file)).code == 0
    installed = installation(Settings.from_environment({"WERDEGANG_HOME": str(home)}))
    kept = installed.signer.checkpoint()
    installed.database.close()
    assert werdegang("verify").out.startswith("In Ordnung: 220 Einträge")
    for side in home.glob("werdegang.sqlite*"):
        side.unlink()
    assert werdegang("restore", str(file)).code == 0
    assert werdegang("verify").code == 0
    assert werdegang("demo", "lindenau-2030").code == 0
    installed = installation(Settings.from_environment({"WERDEGANG_HOME": str(home)}))
    assert installed.signer.checkpoint() != kept
    installed.database.close()
    for side in home.glob("werdegang.sqlite*"):
        side.unlink()
    signed = int((home / "log.checkpoint").read_text().splitlines()[1])
    refused = werdegang("restore", str(file))
    assert (refused.code, "[backup-behind-log]" in refused.err) == (1, True)
    for words in (f"sind schon {signed} Einträge", "die Sicherung hat 220", f"{signed} entries", "the backup has 220"):
        assert words in refused.err
    assert werdegang("show", "bottrop-2018").code != 0
    monkeypatch.setenv("WERDEGANG_HOME", str(tmp_path / "new"))  # the way out that it names
    assert "werdegang new-log" in werdegang("restore", str(file)).out
    assert werdegang("new-log").code == 0
    assert werdegang("verify").out.startswith("In Ordnung: 220 Einträge")


def test_a_restored_installation_without_its_key_says_so_and_another_log_can_begin(tmp_path, werdegang, home):
    file = tmp_path / "sicherung.zip"
    assert werdegang("demo").code == 0
    assert werdegang("backup", str(file)).code == 0
    for side in home.iterdir():
        side.unlink()
    restored = werdegang("restore", str(file))
    assert (restored.code, "log.key" in restored.out) == (0, True)
    assert "log-key-missing" in werdegang("verify").err
    assert "log-key-missing" in werdegang("init").err
    begun = werdegang("new-log", "--name", "stadt.example/log-2")
    assert (begun.code, "stadt.example/log-2+" in begun.out) == (0, True)
    assert werdegang("verify").code == 0
    assert werdegang("init", "--log-name", "anders").code == 1


def test_the_command_checks_a_log_from_outside(town, tmp_path, werdegang):
    served_at = tmp_path / "log"
    size = town.installation.log.tree()[0]
    for path in ("checkpoint", "vkey", tile_path("entries", 0, size % WIDTH), tile_path(0, 0, size % WIDTH)):
        (served_at / path).parent.mkdir(parents=True, exist_ok=True)
        (served_at / path).write_bytes(town.get(f"/log/{path}").content)
    key = (served_at / "vkey").read_text().strip()
    good = werdegang("verify", str(served_at), "--key", key, "--since", str(served_at / "checkpoint"))
    assert (good.code, good.out.splitlines()[-1]) == (0, "In Ordnung.")
    receipt = tmp_path / "beleg.tlog-proof"
    receipt.write_bytes(town.get("/log/proof/46.tlog-proof").content)
    assert werdegang("verify", str(receipt), "--key", key).code == 0
    bundle = served_at / tile_path("entries", 0, size % WIDTH)
    bundle.write_bytes(bundle.read_bytes().replace(b'"n":9,', b'"n":8,'))
    assert werdegang("verify", str(served_at), "--key", key, "--json").code == 1


def test_the_command_writes_a_receipt_for_whoever_may_read_the_entry(tmp_path, werdegang, home):
    house = bottrop(home)
    (number,) = house.record({"key": "intern", **told({"type": "context-noted", "what": "Intern"}, "2020")})
    admin = house.installation.accounts.account_of(house.tokens["admin"]).id
    house.close()
    file = tmp_path / "beleg.zip"
    refused = werdegang("receipt", BOTTROP, str(number), "--output", str(file))
    assert (refused.code, file.exists()) == (1, False)
    assert werdegang("receipt", BOTTROP, str(number), "--output", str(file), "--as", admin).code == 0
    assert "Intern" in zipfile.ZipFile(file).read("content.json").decode()
    assert file.stat().st_mode & 0o077 == 0, "what is internal is nobody else's to read"
    public = werdegang("receipt", BOTTROP, "1", "--output", str(file))
    assert public.out == f"{file}: der Beleg für Nr. 1. Was darin liegt, sagt README.txt.\n"
    assert werdegang("receipt", BOTTROP, "1", "--output", str(tmp_path / "nirgends" / "a.zip")).code == 1
