"""Tables on the command line: judged as at the desk, all of it or nothing; the same file again does nothing."""

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests import command_line
from tests.command_line import LAST, plain

home, werdegang = command_line.home, command_line.werdegang
bottrop, clerk = command_line.bottrop, command_line.clerk

HEAD = ["Art", "Inhalt", "Datum", "Geäußert von", "Notiz"]
ROWS = [
    ["Wunsch", "Mehr Bänke", "im Frühjahr 2018", "Projektverbund Bottrop 2018+", ""],
    ["Bedenken", "Zu viele Straßen", "14.3.2018", "Verein der Freunde", ""],
]


def csv(*rows, name="liste.csv", encoding="cp1252"):
    """A table as a German Excel saves it."""
    content = "".join(";".join(row) + "\r\n" for row in (HEAD, *rows))
    Path(name).write_bytes(content.encode(encoding))
    return name


def xlsx(*rows, name="liste.xlsx"):
    book = Workbook()
    for row in (HEAD, *rows):
        book.active.append(row)
    book.save(name)
    return name


@pytest.fixture
def feedback(bottrop, clerk):
    """Imports a table of feedback."""

    def call(file, *more):
        where = ("--process", "bottrop-2018", "--rows", "feedback-received", "--column", "B=/step/what")
        return bottrop("import", file, *where, "--column", "D=/step/speakers", "--as", clerk, *more)

    return call


@pytest.mark.parametrize("table", [csv, xlsx])
def test_a_table_is_tried_out_recorded_and_does_nothing_again(feedback, table):
    tried = feedback(table(*ROWS), "--dry-run")
    assert (tried.code, tried.err) == (0, "")
    assert tried.out == (
        "Nicht gelesen: Notiz\nZeile 2–3: wäre neu\nNeue Akteure: 1\n"
        "bottrop-2018: neu wären 3, unverändert 0. Es wurde nichts gespeichert.\n"
    )
    done = feedback(table(*ROWS))
    assert f"Zeile 2–3: neu, Nr. {LAST + 2}–{LAST + 3}\n" in done.out
    assert done.out.endswith("bottrop-2018: neu erfasst 3, unverändert 0\n")
    again = feedback(table(*ROWS, ROWS[0]))
    assert f"Zeile 2–4: schon erfasst in Nr. {LAST + 2}–{LAST + 3}\n" in again.out
    assert again.out.endswith("bottrop-2018: neu erfasst 0, unverändert 3\n")


def test_every_fault_is_told_at_its_cell_and_nothing_is_recorded(feedback, bottrop, clerk):
    wrong = ["Unmut", "Zu laut", "31.2.2018", "", ""]
    done = feedback(csv(ROWS[0], wrong, ["", "", "", "", ""], ["Wunsch", "", "2018", "", ""]))
    assert done.code == 1
    assert [line.partition(":")[0] for line in done.err.splitlines()] == ["liste.csv"] * 3
    assert "liste.csv:3: Spalte A „Art“: " in done.err
    assert "liste.csv:3: Spalte C „Datum“: „31.2.2018“" in done.err
    assert "liste.csv:5: " in done.err
    assert all(line.endswith("]") for line in done.err.splitlines())
    assert "Es wurde nichts gespeichert" in done.out
    assert bottrop("why", "bottrop-2018", str(LAST + 1), "--as", clerk).code == 1


def test_who_is_meant_is_asked_and_answered(feedback):
    like = csv(["Wunsch", "Mehr Licht", "2018", "Projektverbund Bottrop 2018", ""])
    asked = feedback(like)
    assert (asked.code, "„Projektverbund Bottrop 2018“ ist hier nicht bekannt" in asked.err) == (1, True)
    assert feedback(like, "--who", "Projektverbund Bottrop 2018=projektverbund").code == 0
    other = csv(["Wunsch", "Mehr Schatten", "2018", "Projektverbund Bottrop 2018", ""])
    assert "Neue Akteure: 1" in feedback(other, "--who", "Projektverbund Bottrop 2018=new").out


def test_what_is_other_than_recorded_is_corrected_only_where_it_is_said(feedback):
    assert feedback(csv(ROWS[0])).code == 0
    changed = csv([*ROWS[0][:2], "2019", *ROWS[0][3:]])
    left = feedback(changed)
    assert f"Zeile 2: anders als erfasst in Nr. {LAST + 1}, bleibt so" in left.out
    assert left.out.endswith("neu erfasst 0, unverändert 1\n")
    assert feedback(changed, "--correct", "2").code == 1  # without a reason
    done = feedback(changed, "--correct", "2", "--reason", "Falsch übertragen")
    assert f"Zeile 2: berichtigt Nr. {LAST + 1}\n" in done.out
    assert feedback(changed).out.endswith("neu erfasst 0, unverändert 1\n")


def test_programs_read_the_same_as_json(feedback):
    told = json.loads(feedback(csv(*ROWS, ["Unmut", "x", "2018", "", ""]), "--json").out)
    assert [row["state"] for row in told["rows"]] == ["new", "new", "refused"]
    assert told["rows"][2]["faults"][0]["column"] == "Spalte A „Art“"
    told = json.loads(feedback(csv(*ROWS), "--json").out)
    assert (told["actors"], [row["number"] for row in told["rows"]]) == ([LAST + 1], [LAST + 2, LAST + 3])


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ((), "table-rows"),
        (("--process", "bottrop-2018"), "table-rows"),
        (("--process", "bottrop-2018", "--rows", "weather"), "table-rows"),
        (("--process", "bottrop-2018", "--rows", "feedback-received", "--column", "Z=/step/what"), "table-column"),
        (("--process", "bottrop-2018", "--rows", "feedback-received", "--column", "A=wetter"), "table-column"),
        (("--process", "nirgends", "--rows", "feedback-received"), "unknown-process"),
    ],
)
def test_a_table_that_nobody_said_enough_about_is_refused(bottrop, clerk, more, code):
    done = bottrop("import", csv(*ROWS), *more, "--as", clerk)
    assert done.code in (1, 4)
    assert f"[{code}]" in done.err, done.err


def test_a_table_that_cannot_be_read_is_refused(feedback, tmp_path):
    (tmp_path / "kaputt.xlsx").write_bytes(b"PK\x03\x04kaputt")
    assert "[document-type]" in feedback("kaputt.xlsx").err
    assert "[file-unreadable]" in feedback("nirgends.csv").err
    (tmp_path / "lang.csv").write_text("Art;Inhalt;Datum\n" + "Wunsch;x;2018\n" * 20_001)
    long = feedback("lang.csv")
    assert (long.code, "20000" in plain(long.err).replace("\u202f", "").replace(".", "").replace(" ", "")) == (1, True)
