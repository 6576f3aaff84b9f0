"""Persons and erasing on the command line; and a server's files held against what entries cite."""

import json

import pytest

from adapters.documents import FOLDER
from adapters.erasing import UNFINISHED
from tests import command_line

home, werdegang = command_line.home, command_line.werdegang
bottrop = command_line.bottrop


@pytest.fixture
def stuck(bottrop, home):
    """A folder in the place of a file of an erased document: it cannot be removed as one."""
    folder = home / FOLDER / ("0" * 64)
    folder.mkdir(parents=True)
    return folder


def test_what_is_left_in_files_is_told_with_the_way_to_finish_it_and_finished_later(werdegang, home, stuck):
    person = werdegang("people", "add", "bottrop-2018", "Quendolin Zwirnhelm", "--organisation", "amt").out.strip()
    told = werdegang("people", "erase", "people", person, "--reason", "request")
    assert (told.code, told.out) == (1, "Gelöscht: 1\n")
    assert "noch die Datei eines gelöschten Dokuments" in told.err
    assert "werdegang people finish" in told.err
    assert werdegang("people", "finish").code == 1
    stuck.rmdir()
    told = werdegang("people", "finish")
    assert (told.code, told.out) == (0, "Nichts Gelöschtes steht mehr in einer Datei.\n")
    assert not (home / UNFINISHED).exists()
    assert json.loads(werdegang("people", "about", "quendolin").out) == {"held": []}


def test_an_organisation_that_is_no_actor_is_refused_with_the_way_out(werdegang, bottrop):
    told = werdegang("people", "add", "bottrop-2018", "Quendolin", "--organisation", "gibt-es-nicht")
    assert told.code == 1
    assert "Bitte zuerst als Akteur erfassen" in told.err
    assert werdegang("people", "add", "gibt-es-nicht", "Quendolin").code == 1
    assert json.loads(werdegang("people", "list", "--json").out) == {"people": []}


def test_a_place_that_does_not_exist_is_refused_by_name_and_nothing_is_noted_as_erased(werdegang, bottrop):
    """Seen to fail: nothing was erased, and that was told as done."""
    told = werdegang("people", "erase", "poeple", "person-abcdefghij", "--reason", "request")
    assert (told.code, told.out) == (1, "")
    assert "„poeple“" in told.err
    assert "documents, drafts, people" in told.err
    assert werdegang("people", "erasures").out == ""


@pytest.mark.parametrize(
    "keeper", ["accounts", "barrier-reports", "documents", "drafts", "people", "registrations", "tables"]
)
def test_what_is_not_there_is_refused_by_name_and_not_noted_as_erased(werdegang, bottrop, home, keeper):
    """Seen to fail: it was told as done, and stood in the list of what was erased for ever."""
    told = werdegang("people", "erase", keeper, "vertippt", "--reason", "request")
    assert (told.code, told.out) == (1, "")
    assert f"Unter „vertippt“ steht in {keeper} nichts" in told.err
    assert werdegang("people", "erasures").out == ""
    assert not list(home.glob(f"{UNFINISHED}*"))


def test_what_was_erased_can_be_erased_again_also_where_an_older_database_has_forgotten_that(werdegang, bottrop, home):
    person = werdegang("people", "add", "bottrop-2018", "Quendolin Zwirnhelm", "--organisation", "amt").out.strip()
    older = (home / "werdegang.sqlite").read_bytes()

    def erase():
        told = werdegang("people", "erase", "people", person, "--reason", "request")
        return told.code, told.out

    assert [erase(), erase()] == [(0, "Gelöscht: 1\n"), (0, "Gelöscht: 0\n")]
    listed = werdegang("people", "erasures").out
    assert len(listed.splitlines()) == 1
    (home / "werdegang.sqlite").write_bytes(older)
    assert werdegang("people", "erasures").out == ""
    assert erase() == (0, "Gelöscht: 1\n")
    assert werdegang("people", "erasures").out != ""
    (home / "erasures.jsonl").unlink()
    (home / "werdegang.sqlite").write_bytes(older)
    assert erase() == (0, "Gelöscht: 1\n")


def test_a_restore_warns_of_erasures_only_where_nobody_can_tell(werdegang, bottrop, home, tmp_path, monkeypatch):
    file = tmp_path / "sicherung.zip"
    assert werdegang("backup", str(file)).code == 0
    for side in home.glob("werdegang.sqlite*"):
        side.unlink()
    assert "erasures.jsonl" not in werdegang("restore", str(file)).out
    monkeypatch.setenv("WERDEGANG_HOME", str(tmp_path / "neu"))
    told = werdegang("restore", str(file)).out
    assert "Ob seit dieser Sicherung etwas gelöscht wurde" in told
    assert "erasures.jsonl" in told
