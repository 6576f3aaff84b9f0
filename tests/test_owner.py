"""The files of an installation are one user's: whoever else runs a command is refused before anything is written."""

import os

import pytest

from tests import command_line

home, werdegang = command_line.home, command_line.werdegang


def files(home):
    return {file.name: file.stat().st_mtime_ns for file in home.iterdir()}


@pytest.fixture
def other(monkeypatch):
    """From then on commands are run as another user; as a real one that user could not even look into the folder."""
    return lambda: monkeypatch.setattr(os, "geteuid", lambda: 65_000)


@pytest.mark.parametrize(
    "command",
    [["init"], ["demo"], ["verify"], ["accounts", "list"], ["backup", "b.zip"], ["restore", "b.zip"]],
    ids=" ".join,
)
def test_whoever_does_not_own_the_files_is_refused_and_writes_nothing(werdegang, home, other, command):
    assert werdegang("init").code == 0
    before = files(home)
    other()
    done = werdegang(*command)
    assert (done.code, "[home-of-another]" in done.err, "#65000" in done.err) == (2, True, True)
    assert files(home) == before


def test_a_folder_that_was_made_for_another_user_is_not_set_up(werdegang, home, other):
    home.mkdir()
    other()
    assert "[home-of-another]" in werdegang("init").err
    assert files(home) == {}


def test_a_folder_may_be_anothers_where_the_files_in_it_are_ones_own(werdegang, home):
    """As where the folder of a container comes from the machine around it."""
    assert werdegang("init").code == 0
    owner = os.geteuid()
    if owner == 0:
        os.chown(home, 65_000, 65_000)
    assert werdegang("verify").code == 0


def test_a_new_folder_is_anybodys(werdegang, home, other):
    other()
    assert werdegang("init").code == 0
