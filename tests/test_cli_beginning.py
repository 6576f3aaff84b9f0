"""The command line begins a process: from a template, like another one, or from a file; all of it or nothing."""

import json

import pytest

from adapters.beginnings import TEMPLATES
from domain.process import RESERVED
from tests import command_line
from tests.command_line import EXAMPLE, LAST, written

home, werdegang, bottrop = command_line.home, command_line.werdegang, command_line.bottrop


@pytest.fixture
def office(werdegang):
    """An installation with its first account alone."""
    assert werdegang("init").code == 0
    return werdegang


@pytest.fixture
def admin(bottrop):
    """The account beside that of the example: it may do everything."""
    held = json.loads(bottrop("accounts", "list", "--json").out)["accounts"]
    return next(one["id"] for one in held if {"role": "admin", "process": "*"} in one["roles"])


def test_a_process_from_a_template_is_tried_out_and_begun_once(office):
    begin = ("begin", "Musterstadt 2030", "--template", "two-levels", "--city", "Musterstadt")
    begin += ("--begun", "im Herbst 2024")
    tried = office(*begin, "--dry-run")
    assert (tried.code, tried.err) == (0, "")
    assert "Prozess eröffnet: Musterstadt 2030\nEbene eingerichtet: Strategische Ebene\n" in tried.out
    assert tried.out.endswith("musterstadt-2030: neu wären 6, unverändert 0. Es wurde nichts gespeichert.\n")
    assert office("show").out != ""
    assert office(*begin).out.endswith("musterstadt-2030: neu erfasst 6, unverändert 0\n")
    assert office(*begin).out.endswith("musterstadt-2030: neu erfasst 0, unverändert 6\n")
    other = office("begin", "Musterstadt 2030", "--template", "three-levels")
    assert (other.code, "[process-taken]" in other.err) == (1, True)
    assert office("show", "musterstadt-2030").code == 1  # nothing of it is public


def test_a_process_like_another_one_has_its_structure_on_a_day(bottrop, admin):
    begin = ("begin", "Nachbar", "--like", "bottrop-2018", "--as", admin)
    then = bottrop(*begin, "--happened-by", "2016-12-31", "--dry-run")
    now = bottrop(*begin)
    assert (then.code, now.code) == (0, 0)
    assert "Allianz gegründet: Wirtschaftsallianz Bottrop (WiAll)" in now.out
    assert "Wirtschaftsallianz" not in then.out
    assert "Wirtschaftsallianz Bottrop (WiAll)" in bottrop("show", "nachbar", "--as", admin).out


def test_a_process_from_a_file_can_have_another_id_and_says_which_line_is_wrong(bottrop, admin):
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if "entry-published" not in line]
    broken = [*lines[:3], lines[3].replace('"type":"', '"type":"un'), *lines[4:]]
    refused = bottrop("begin", "--file", written("\n".join(broken)), "--id", "kopie", "--as", admin)
    assert (refused.code, "angaben.jsonl:4: /step/type" in refused.err) == (1, True)
    assert bottrop("show", "kopie", "--as", admin).code == 1
    done = bottrop("begin", "--file", written("\n".join(lines)), "--id", "kopie", "--as", admin)
    assert done.out.endswith(f"kopie: neu erfasst {len(lines)}, unverändert 0\n")
    taken = bottrop("begin", "--file", written("\n".join(lines[:1]).replace("Bottrop 2018+", "Anders")), "--as", admin)
    assert "[process-taken]" in taken.err


def test_publications_in_a_file_are_left_out_and_counted(bottrop, admin):
    kept = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if "entry-published" not in line]
    done = bottrop("begin", "Anders", "--file", str(EXAMPLE), "--id", "kopie", "--as", admin)
    assert done.code == 0
    assert f"sind ausgelassen: {LAST - len(kept)}\nDer Name steht in der Datei; „Anders“ gilt nicht.\n" in done.out
    assert done.out.endswith(f"kopie: neu erfasst {len(kept)}, unverändert 0\n")
    assert bottrop("show", "kopie").code == 1  # nothing of it is public


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (("Ohne Vorlage",), "beginning-unknown"),
        (("--template", "blank"), "text-missing"),
        (("Beides", "--template", "blank", "--like", "x"), "beginning-unknown"),
        (("Leer", "--template", "leer"), "beginning-unknown"),
        (("…", "--template", "blank"), "process-id-wrong"),
        (("Lang", "--template", "blank", "--id", "a" * 64), "process-id-wrong"),
        (("Neulich", "--template", "blank", "--begun", "neulich"), "date-not-understood"),
        (("Mars", "--template", "blank", "--zone", "Mars/Nord"), "zone-unknown"),
        (("Nirgends", "--like", "nirgends"), "unknown-process"),
    ],
)
def test_what_cannot_be_begun_is_refused_and_nothing_is_recorded(office, call, code):
    done = office("begin", *call)
    assert (done.code, f"[{code}]" in done.err) == (1, True), done.err
    assert "noch keinen Prozess" in office("show").out


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_no_process_is_called_like_a_word_of_the_program_however_it_is_recorded(office, word):
    opening = {"process": word, "key": "a", "step": {"type": "process-opened", "name": "Zu"}}
    opening["occurred"] = {"edtf": "2020"}
    for call in (
        ("begin", word, "--template", "blank"),
        ("import", written([opening])),
        ("record", written([opening])),
    ):
        done = office(*call)
        assert (done.code, "[process-id-reserved]" in done.err) == (1, True), done.err


def test_every_template_can_be_begun(office):
    for template in TEMPLATES:
        assert office("begin", f"Prozess {template}", "--template", template).code == 0
