"""The command line records, publishes, sets up and fails: exit codes, and sentences instead of tracebacks."""

import json
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path
from time import process_time
from urllib.request import urlopen

import pytest
from typer.main import get_command

from adapters.cli import app
from adapters.version import VERSION
from tests import command_line
from tests.command_line import EXAMPLE, FOUNDING, LAST, MEMBER, ROOT, kept_port, plain, program, section, written

home, werdegang = command_line.home, command_line.werdegang
bottrop, clerk = command_line.bottrop, command_line.clerk


# ---- recording ----------------------------------------------------------------------------------------------------


def test_a_dry_run_tells_the_effect_and_stores_nothing(bottrop, clerk):
    done = bottrop("record", written([FOUNDING]), "--dry-run", "--as", clerk)
    assert done.code == 0
    assert f"Gremium: AG Geheim Bestehen nicht da da {LAST + 1}" in plain(done.out)
    assert "Es wurde nichts gespeichert." in done.out
    assert bottrop("why", "bottrop-2018", str(LAST + 1), "--as", clerk).code == 1


def test_hints_are_told_with_their_line_and_do_not_block(bottrop, clerk):
    late = {**FOUNDING, "step": {**FOUNDING["step"], "level": "thematisch"}, "occurred": {"edtf": "2018"}}
    done = bottrop("record", written([late]), "--as", clerk)
    assert done.code == 0
    assert re.search(r"^Hinweis: angaben\.jsonl:1: .*\[recorded-late-on-ended\]$", done.out, re.MULTILINE)


def test_a_statement_comes_from_standard_input_too(bottrop, clerk):
    process = program("record", "-", "--as", clerk, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    out, _ = process.communicate(json.dumps(FOUNDING, indent=2))
    assert process.returncode == 0
    assert f"Zeile 1: neu, Nr. {LAST + 1}" in out


def test_importing_says_what_is_new_and_what_was_known(bottrop, clerk):
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    more = [*lines[:2], json.dumps(FOUNDING), *lines[2:]]
    done = bottrop("import", written("\n".join(more)), "--as", clerk)
    assert done.out.splitlines() == [
        "Zeile 1–2: unverändert, Nr. 1–2",
        f"Zeile 3: neu, Nr. {LAST + 1}",
        f"Zeile 4–{LAST + 1}: unverändert, Nr. 3–{LAST}",
        f"bottrop-2018: neu erfasst 1, unverändert {LAST}",
    ]
    assert bottrop("import", "angaben.jsonl", "--as", clerk, "--json").out.count('"new": []') == 1


def test_one_wrong_line_imports_nothing_and_is_named_in_both_languages(werdegang):
    werdegang("init")
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    lines[46] = lines[46].replace('"level":"thematisch"', '"level":"thematische"')
    done = werdegang("import", written("\n".join(lines)))
    assert done.code == 1
    assert done.out == ""
    (line,) = done.err.splitlines()
    german, _, english = line.partition(" / ")
    assert german.startswith("angaben.jsonl:47: ")
    assert "thematische" in german
    assert "thematische" in english
    assert line.endswith("[unknown]")
    assert werdegang("show").out.startswith("Es gibt hier noch keinen Prozess.")


def test_every_complaint_about_a_file_is_one_line_with_file_line_and_field(bottrop, clerk):
    wrong = [{**FOUNDING, "occurred": {"edtf": "2018-13"}}, FOUNDING, {**FOUNDING, "key": "b", "stepp": {}}]
    done = bottrop("record", written(wrong), "--as", clerk)
    assert done.code == 1
    first, second = done.err.splitlines()
    assert re.fullmatch(r"angaben\.jsonl:1: /occurred/edtf: „2018-13“ .+ / “2018-13” .+ \[date-not-understood\]", first)
    assert re.fullmatch(r"angaben\.jsonl:3: /stepp: .+ / .+ \[field-unknown\]", second)


def test_a_long_list_is_taken_apart_once_and_not_for_every_line_that_is_told(bottrop, clerk):
    wrong = {**FOUNDING, "step": {"type": "kein-schritt", "text": "x" * 500}}
    file = written(json.dumps([wrong] * 2_000, indent=1), "liste.json")
    begun = process_time()
    done = bottrop("import", file, "--as", clerk)
    assert process_time() - begun < 10
    lines = done.err.splitlines()
    assert len(lines) == 2_000
    length = len(json.dumps(wrong, indent=1).splitlines())
    assert lines[0].startswith("liste.json:2: ")
    assert lines[-1].startswith(f"liste.json:{2 + 1_999 * length}: ")


def test_broken_json_names_line_and_column(bottrop, clerk):
    lines = bottrop("record", written(json.dumps(FOUNDING) + '\n{"process": "p",}'), "--as", clerk)
    assert lines.code == 1
    assert lines.err.startswith("angaben.jsonl:2: Das ist kein lesbares JSON (Zeile 2, Spalte 17)")
    laid_out = bottrop("record", written(json.dumps([FOUNDING], indent=1).replace('"key"', "key")), "--as", clerk)
    assert laid_out.err.startswith("angaben.jsonl:4: Das ist kein lesbares JSON (Zeile 4, Spalte 3)")


def test_a_file_that_is_missing_or_in_another_encoding_is_told_plainly(bottrop, clerk):
    missing = bottrop("import", "nirgends.jsonl", "--as", clerk)
    assert (missing.code, missing.err.count("\n")) == (1, 1)
    assert "[file-unreadable]" in missing.err
    Path("latin.jsonl").write_bytes('{}\n"Ä"'.encode("latin-1"))
    other = bottrop("import", "latin.jsonl", "--as", clerk)
    assert "Zeile 2" in other.err
    assert "[file-not-utf8]" in other.err
    assert bottrop("import", ".", "--as", clerk).code == 1


def test_an_empty_file_states_nothing(bottrop, clerk):
    assert "[nothing-stated]" in bottrop("import", written(""), "--as", clerk).err


# ---- publishing ---------------------------------------------------------------------------------------------------


def test_publishing_names_what_belongs_to_it_and_never_widens_by_itself(bottrop, clerk):
    bottrop("record", written([FOUNDING, MEMBER]), "--as", clerk)
    refused = bottrop("publish", "bottrop-2018", "entwurf-2", "--as", clerk)
    assert refused.code == 1
    assert f"Nr. {LAST + 1} · Gruppe gebildet: AG Geheim" in section(
        f"\n{refused.out}", "Gehört dazu, weil sie es nennen"
    )
    assert "[publish-along]" in refused.err
    assert "AG Geheim" not in bottrop("show", "bottrop-2018").out
    assert bottrop("publish", "bottrop-2018", "entwurf-2", "--as", clerk, "--with-needed", "--dry-run").code == 0
    assert "AG Geheim" not in bottrop("show", "bottrop-2018").out
    done = bottrop("publish", "bottrop-2018", "entwurf-2", "--as", clerk, "--with-needed")
    assert done.out.endswith(f"Veröffentlicht mit Nr. {LAST + 3}.\n")
    assert "AG Geheim" in bottrop("show", "bottrop-2018").out


def test_publishing_what_is_public_changes_nothing(bottrop, clerk):
    done = bottrop("publish", "bottrop-2018", "b28", "47", "--as", clerk)
    assert (done.code, done.out) == (0, "Alles davon ist schon öffentlich.\n")
    assert bottrop("why", "bottrop-2018", str(LAST + 1), "--as", clerk).code == 1


def test_an_entry_can_become_public_later(bottrop, clerk):
    bottrop("record", written([FOUNDING]), "--as", clerk)
    later = ("publish", "bottrop-2018", "entwurf", "--not-before", "2100-12-24T09:00:00+01:00", "--as", clerk)
    assert "öffentlich ab 24.12.2100 09:00 CET" in bottrop(*later).out
    assert "AG Geheim" not in bottrop("show", "bottrop-2018").out
    assert "öffentlich ab 24.12.2100" in plain(bottrop("show", "bottrop-2018", "timeline", "--as", clerk).out)
    assert "öffentlich ab 24.12.2100" in plain(bottrop(*later).out)
    wrong = bottrop("publish", "bottrop-2018", "entwurf", "--not-before", "morgen", "--as", clerk)
    assert wrong.err.startswith("/step/not_before: ")
    assert wrong.code == 1


def test_a_slip_in_the_year_publishes_nothing(bottrop, clerk):
    bottrop("record", written([FOUNDING]), "--as", clerk)
    past = bottrop("publish", "bottrop-2018", "entwurf", "--not-before", "2020-07-01T10:00:00Z", "--as", clerk)
    assert past.code == 1
    assert "01.07.2020 12:00 CEST" in past.err
    assert "AG Geheim" not in bottrop("show", "bottrop-2018").out


def test_a_later_time_for_what_is_set_down_already_is_told_to_change_nothing(bottrop, clerk):
    bottrop("record", written([FOUNDING]), "--as", clerk)
    publish = ("publish", "bottrop-2018", "entwurf", "--as", clerk, "--not-before")
    bottrop(*publish, "2100-12-24T09:00:00+01:00")
    assert "öffentlich ab 24.12.2100 09:00 CET" in plain(bottrop(*publish, "2101-01-01T00:00:00Z").out)


# ---- who may do what ----------------------------------------------------------------------------------------------


def test_without_a_name_the_only_account_that_may_do_it_records(werdegang):
    werdegang("init")
    assert werdegang("import", str(EXAMPLE)).code == 0


def test_with_several_accounts_the_choices_are_named(bottrop, clerk, monkeypatch):
    refused = bottrop("record", written([FOUNDING]))
    assert refused.code == 4
    assert f"{clerk} (Demo)" in refused.err
    assert "[account-choice]" in refused.err
    monkeypatch.setenv("WERDEGANG_ACCOUNT", clerk)
    assert bottrop("record", "angaben.jsonl").code == 0


def test_an_account_without_the_role_may_not(bottrop):
    reader = bottrop("accounts", "create", "Eva Beispiel", "--role", "evaluator").out.strip()
    assert bottrop("show", "bottrop-2018", "--as", reader).code == 0
    refused = bottrop("record", written([FOUNDING]), "--as", reader)
    assert refused.code == 4
    assert "[not-permitted]" in refused.err
    assert bottrop("publish", "bottrop-2018", "b28", "--as", reader).code in (0, 4)
    assert "[account-needed]" in bottrop("record", "angaben.jsonl", "--as", "public").err
    assert "[account-needed]" in bottrop("export", "bottrop-2018", "--format", "statements").err
    bottrop("accounts", "disable", reader)
    assert "[account-disabled]" in bottrop("show", "bottrop-2018", "--as", reader).err
    assert "[account-unknown]" in bottrop("show", "bottrop-2018", "--as", "konto-niemand").err


def test_accounts_are_made_given_roles_and_tokens_and_closed(werdegang):
    werdegang("init")
    clerk = werdegang("accounts", "create", "Mia Muster", "--role", "recorder", "--process", "p").out.strip()
    assert werdegang("accounts", "grant", clerk, "publisher").out == (
        f"{clerk}: Veröffentlichung (alle Prozesse), Erfassung (p)\n"
    )
    assert werdegang("accounts", "revoke", clerk, "recorder", "--process", "p").code == 0
    issued = werdegang("accounts", "token", clerk, "--label", "büro", "--days", "7")
    assert re.fullmatch(r"wg_[\w-]{43}\n", issued.out)
    listed = plain(werdegang("accounts").out)
    assert f"{clerk} Mia Muster Veröffentlichung (alle Prozesse) büro bis" in listed
    assert werdegang("accounts", "revoke-token", clerk, "--label", "büro").code == 0
    assert "büro (entzogen)" in werdegang("accounts").out
    assert werdegang("accounts", "disable", clerk).code == 0
    assert "geschlossen" in werdegang("accounts", "list").out
    assert issued.out.strip() not in werdegang("accounts", "list", "--json").out
    assert werdegang("accounts", "create", "X", "--role", "chef").code == 1
    assert werdegang("accounts", "token", "konto-niemand").code == 1


# ---- setting up, serving, saving ----------------------------------------------------------------------------------


def test_a_new_installation_is_nobody_elses_business_and_tells_its_token_once(home, werdegang):
    first, second = werdegang("init"), werdegang("init")
    assert (first.code, second.code) == (0, 0)
    assert len(re.findall(r"wg_[\w-]{43}", first.out)) == 1
    assert "wg_" not in second.out
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "werdegang.sqlite").stat().st_mode) == 0o600


def test_looking_at_what_is_not_there_creates_nothing(home, werdegang):
    done = werdegang("show", "bottrop-2018")
    assert done.code == 3
    assert "werdegang init – " in done.err
    assert "[not-initialised]" in done.err
    assert not home.exists()


def test_the_demonstration_changes_nothing_the_second_time(bottrop):
    before = bottrop("show", "--json").out
    again = bottrop("demo")
    assert f"bottrop-2018: {LAST} Einträge waren schon erfasst" in again.out
    assert bottrop("show", "--json").out == before
    assert len(json.loads(bottrop("accounts", "list", "--json").out)["accounts"]) == 2


def test_the_demonstration_adds_what_is_new_in_it_to_an_older_one(werdegang):
    werdegang("init")
    older = EXAMPLE.read_text(encoding="utf-8").splitlines()[:75]
    assert werdegang("import", written("\n".join(older))).code == 0
    assert f"bottrop-2018: neu erfasst {LAST - 75}, unverändert 75" in werdegang("demo").out


def test_the_demonstration_adds_what_is_new_in_it_to_the_one_that_version_0_1_0_recorded(werdegang, home):
    home.mkdir()
    shutil.copy(ROOT / "tests" / "databases" / "0.1.0.sqlite", home / "werdegang.sqlite")
    demo = werdegang("demo")
    assert (demo.code, demo.err) == (0, "")
    assert f"bottrop-2018: neu erfasst {LAST - 75}, unverändert 75" in demo.out
    assert f"bottrop-2018: {LAST} Einträge waren schon erfasst" in werdegang("demo").out


def test_the_second_example_is_recorded_by_its_name(werdegang):
    assert "lindenau-2030: neu erfasst" in werdegang("demo", "lindenau-2030").out
    assert "Zukunftsrat Lindenau" in werdegang("show", "lindenau-2030").out
    assert werdegang("show", "bottrop-2018").code == 1


def test_the_demonstration_goes_on_where_an_older_version_worded_its_example_differently(werdegang):
    werdegang("init")
    older = EXAMPLE.read_text(encoding="utf-8").splitlines()
    older[0] = older[0].replace('"name":"', '"name":"Vormals ', 1)
    assert werdegang("import", written("\n".join(older[:40]))).code == 0
    demo = werdegang("demo")
    assert (demo.code, demo.err) == (0, "")
    assert "bottrop-2018: Die 40 Einträge hier weichen vom Beispiel ab; sie bleiben, wie sie sind." in demo.out
    assert "neu erfasst" not in demo.out


def test_it_says_where_it_serves_that_the_port_is_taken_and_stops_when_told_to(bottrop):
    kept = kept_port()
    port = kept.getsockname()[1]
    server = program(
        "demo",
        "--serve",
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"WERDEGANG_PORT": str(port)},
        # Whoever runs the tests in the background may have told them to ignore it, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        lines = iter(server.stdout.readline, "")
        address = next(line for line in lines if line.startswith("Werdegang: "))
        assert address == f"Werdegang: http://127.0.0.1:{port}/prozesse/bottrop-2018\n"
        assert urlopen(address.split()[1], timeout=30).status == 200
        second = program("serve", stderr=subprocess.PIPE, text=True, env={"WERDEGANG_PORT": str(port)})
        _, err = second.communicate(timeout=30)
        assert second.returncode == 1
        assert str(port) in err
        assert "[port-in-use]" in err
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)
        kept.close()
    assert server.returncode == 130


def test_a_backup_moves_an_installation(bottrop, clerk, tmp_path, monkeypatch):
    before = bottrop("export", "bottrop-2018", "--format", "statements", "--as", clerk).out
    done = bottrop("backup", "sicherung.zip")
    assert done.code == 0
    assert f"Stelle {LAST}" in done.out
    assert "[restore-not-empty]" in bottrop("restore", "sicherung.zip").err
    monkeypatch.setenv("WERDEGANG_HOME", str(tmp_path / "new"))
    assert bottrop("restore", "sicherung.zip").code == 0
    assert bottrop("export", "bottrop-2018", "--format", "statements", "--as", clerk).out == before
    assert "[backup-missing]" in bottrop("restore", "nirgends.zip").err


def test_an_export_to_a_file_replaces_it_whole_or_not_at_all(bottrop, clerk, tmp_path):
    file = tmp_path / "bottrop.jsonl"
    file.write_text("alt")
    call = ("export", "bottrop-2018", "--format", "statements", "--output", str(file))
    assert bottrop(*call).code == 4
    assert file.read_text() == "alt"
    done = bottrop(*call, "--as", clerk)
    assert (done.code, done.out) == (0, "")
    assert len(file.read_text(encoding="utf-8").splitlines()) == LAST
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    about = json.loads(file.with_name("bottrop.jsonl.about.json").read_text(encoding="utf-8"))
    assert (about["process"], about["audience"], about["position"]) == ("bottrop-2018", "internal", LAST)
    assert f"position {LAST}" in done.err
    assert [path.name for path in tmp_path.glob(".bottrop*")] == []
    missing = bottrop(*call[:-1], str(tmp_path / "nirgends" / "b.jsonl"), "--as", clerk)
    assert missing.code == 1
    assert "[file-failed]" in missing.err


def test_an_export_is_written_into_a_pipe_and_does_not_replace_it(bottrop, tmp_path):
    name = tmp_path / "pipe"
    name.symlink_to("/proc/self/fd/1")
    process = program("export", "bottrop-2018", "--format", "entries", "--output", str(name), stdout=subprocess.PIPE)
    out, _ = process.communicate()
    assert len(out.decode().splitlines()) == LAST
    assert name.is_symlink()


def test_beside_lines_of_json_stands_what_they_were_made_from(bottrop, tmp_path):
    file = tmp_path / "entries.jsonl"
    call = ("export", "bottrop-2018", "--format", "entries", "--output", str(file), "--happened-by", "2018-06-30")
    assert bottrop(*call).code == 0
    about = json.loads(file.with_name("entries.jsonl.about.json").read_text(encoding="utf-8"))
    assert (about["audience"], about["happened_by"], about["position"]) == ("public", "2018-06-30", LAST)
    assert about["program"] == f"Werdegang {VERSION}"
    assert len(file.read_text(encoding="utf-8").splitlines()) == LAST


def test_every_format_is_written_for_any_of_the_three_times_and_says_what_it_was_made_from(bottrop, clerk, tmp_path):
    times = ("--happened-by", "2018-06-30", "--known-by", "2100-01-01", "--published-by", "2100-01-01")
    for as_, format_ in (("public", "csv"), (clerk, "gexf-structure"), ("public", "ocel-json")):
        file = tmp_path / f"bottrop.{format_}"
        call = ("export", "bottrop-2018", "--format", format_, "--output", str(file), "--as", as_, *times)
        done = bottrop(*call)
        assert (done.code, done.out) == (0, "")
        assert f"{LAST} Einträge geschrieben: {file}" in done.err
        audience = "public" if as_ == "public" else "internal"
        assert f"audience {audience}, happened_by 2018-06-30, known_by 2100-01-01" in done.err
        content = file.read_bytes()
        assert bottrop(*call).code == 0
        assert file.read_bytes() == content
        assert stat.S_IMODE(file.stat().st_mode) == (0o644 if as_ == "public" else 0o600)


def test_an_export_that_is_refused_leaves_the_file_as_it_was(bottrop, tmp_path):
    file = tmp_path / "bottrop.zip"
    file.write_text("alt")
    assert bottrop("export", "nirgends", "--format", "csv", "--output", str(file)).code == 1
    assert file.read_text() == "alt"
    assert [path.name for path in tmp_path.glob(".bottrop*")] == []


@pytest.mark.parametrize("time", ["--happened-by", "--published-by"])
def test_statements_are_exported_by_what_was_known_and_nothing_else(bottrop, clerk, time):
    call = ("export", "bottrop-2018", "--format", "statements", "--as", clerk, time, "2100-01-01")
    assert "[export-in-part]" in bottrop(*call).err


# ---- calling it wrongly -------------------------------------------------------------------------------------------


def test_without_a_command_it_helps(werdegang):
    bare, asked = werdegang(), werdegang("--help")
    assert bare.code == asked.code == 0
    assert bare.out == asked.out
    assert "werdegang show bottrop-2018" in bare.out
    assert re.fullmatch(r"werdegang \S+\n", werdegang("--version").out)


def every_command():
    """All commands there are, those of groups too."""
    for name, command in get_command(app).commands.items():
        yield from (f"{name} {inner}" for inner in command.commands) if hasattr(command, "commands") else (name,)


@pytest.mark.parametrize("command", list(every_command()))
def test_every_command_shows_an_example_of_itself(werdegang, command):
    done = werdegang(*command.split(), "--help")
    assert done.code == 0
    assert re.search(rf"Example: (WERDEGANG_\w+=\S+ )?werdegang {command}\b", done.out)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (("tell",), 2),
        (("show", "bottrop-2018", "weather"), 2),
        (("show", "bottrop-2018", "--happened-by"), 2),
        (("show", "bottrop-2018", "--happened-by", "31.12.2017"), 2),
        (("diff", "bottrop-2018", "--from-known-by", "gestern"), 2),
        (("export", "bottrop-2018", "--format", "excel"), 2),
        (("why", "bottrop-2018"), 2),
        (("why", "bottrop-2018", "99999999999999999999"), 1),
        (("why", "bottrop-2018", "²"), 1),
        (("show", "nirgends"), 1),
        (("show", "Ä/../x"), 1),
        (("record", "nirgends.json"), 1),
        (("export", "bottrop-2018", "--format", "statements"), 4),
    ],
)
def test_a_wrong_call_has_its_exit_code_and_never_shows_a_traceback(bottrop, call, code):
    done = bottrop(*call)
    assert done.code == code
    assert done.err
    assert "Traceback" not in done.err


def test_a_wrong_day_is_named_by_its_option(bottrop):
    done = bottrop("diff", "bottrop-2018", "--to-known-by", "2018-02-30")
    assert done.err.startswith("--to-known-by: „2018-02-30“ ist hier kein Tag.")


def test_wrong_settings_and_unusable_databases_have_exit_codes_of_their_own(bottrop, home, monkeypatch, tmp_path):
    monkeypatch.setenv("WERDEGANG_PORT", "none")
    assert bottrop("show").code == 2
    monkeypatch.delenv("WERDEGANG_PORT")
    (home / "werdegang.sqlite").write_bytes(b"This is no database at all, whatever its name may say.")
    broken = bottrop("show")
    assert broken.code == 3
    assert broken.err.count("\n") == 1
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WERDEGANG_HOME", str(tmp_path / "file" / "home"))
    assert bottrop("init").code == 3


def test_what_the_database_cannot_do_is_told_in_one_line(bottrop, home):
    with closing(sqlite3.connect(home / "werdegang.sqlite")) as database:
        database.execute("ALTER TABLE entries RENAME TO elsewhere")
    broken = bottrop("show", "bottrop-2018")
    assert (broken.code, broken.err.count("\n")) == (3, 1)
    assert "[database-failed]" in broken.err


@pytest.mark.parametrize("what", ["conflicts", "timeline"])
def test_a_full_disk_is_told_and_not_swallowed(bottrop, what):
    with Path("/dev/full").open("w") as full:
        buffered = {"PYTHONUNBUFFERED": ""}
        process = program("show", "bottrop-2018", what, stdout=full, stderr=subprocess.PIPE, text=True, env=buffered)
        _, err = process.communicate()
    assert process.returncode == 1
    assert err.startswith("stdout: ")
    assert err.endswith("[file-failed]\n")
    assert err.count("\n") == 1
