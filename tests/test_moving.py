"""An installation moves from SQLite to PostgreSQL and back, and its log goes on where it was."""

import pytest

from adapters.settings import Settings
from adapters.wiring import installation
from tests import command_line
from tests.faces import BOTTROP
from tests.postgres import empty_database

home, werdegang, bottrop, clerk = (
    command_line.home,
    command_line.werdegang,
    command_line.bottrop,
    command_line.clerk,
)


@pytest.fixture
def elsewhere(postgres_url):
    with empty_database(postgres_url) as url:
        yield url


def checkpoint():
    """What is signed now, without the signature, which has a time."""
    installed = installation(Settings.from_environment())
    try:
        return installed.signer.checkpoint().partition("\n\n")[0]
    finally:
        installed.database.close()


def test_an_installation_moves_to_postgresql_and_back_with_the_same_checkpoint(
    bottrop, clerk, home, elsewhere, monkeypatch, tmp_path
):
    there, back = (str(tmp_path / name) for name in ("hin.zip", "zurück.zip"))
    monkeypatch.setenv("WERDEGANG_ACCOUNT", clerk)
    erased = bottrop("erase", BOTTROP, "b28", "--ground", "objection", "--approved-by", "head", "--yes")
    assert erased.code == 0, erased.err
    assert bottrop("backup", there).code == 0
    signed = checkpoint()

    monkeypatch.setenv("WERDEGANG_DATABASE_URL", elsewhere)
    assert bottrop("restore", there).code == 0
    assert checkpoint() == signed
    assert bottrop("verify").code == 0
    assert bottrop("rebuild", "--check").code == 0
    assert bottrop("backup", back).code == 0

    for side in home.glob("werdegang.sqlite*"):
        side.unlink()
    monkeypatch.delenv("WERDEGANG_DATABASE_URL")
    assert bottrop("restore", back).code == 0
    assert checkpoint() == signed
    assert bottrop("verify").code == 0
