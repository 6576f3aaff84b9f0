"""Passwords and the audit list on the command line."""

import json
import os
import pty
import subprocess

import pytest

from adapters.settings import Settings
from adapters.wiring import installation
from tests import command_line
from tests.command_line import FOUNDING, program, written

home, werdegang = command_line.home, command_line.werdegang
bottrop, clerk = command_line.bottrop, command_line.clerk

PASSWORD = "Wie es dazu kam"


def typed(account, first, second):
    """What a terminal shows while somebody types a password twice, and the exit code."""
    ours, theirs = pty.openpty()
    command = program(
        "accounts", "password", account, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    shown = b""
    for prompt, password in ((b"Neues Passwort: ", first), (b"Noch einmal: ", second)):
        while not shown.endswith(prompt):
            shown += os.read(ours, 1)
        os.write(ours, f"{password}\n".encode())
    try:
        while more := os.read(ours, 1000):
            shown += more
    except OSError:  # the program has ended
        pass
    os.close(ours)
    return shown.decode(), command.wait()


def piped(account, content):
    """The exit code of the command that reads from a pipe, and what it says."""
    command = program("accounts", "password", account, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    _, said = command.communicate(content.encode())
    return command.returncode, said.decode()


def signs_in(account, password):
    installed = installation(Settings.from_environment())
    try:
        return installed.passwords.fits(installed.passwords.hash_of(account), password)
    finally:
        installed.database.close()


def test_a_password_is_typed_twice_and_not_seen(bottrop, clerk):
    shown, code = typed(clerk, PASSWORD, PASSWORD)
    assert code == 0
    assert "Sitzungen des Kontos sind beendet" in shown
    assert PASSWORD not in shown
    assert signs_in(clerk, PASSWORD)


def test_a_password_that_is_typed_differently_is_not_set(bottrop, clerk):
    shown, code = typed(clerk, PASSWORD, "Wie es dazu kann")
    assert (code, "[password-differs]" in shown) == (1, True)
    assert not signs_in(clerk, PASSWORD)


@pytest.mark.parametrize("written", [PASSWORD, f"{PASSWORD}\n", f"{PASSWORD}\r\nzweite Zeile\n"])
def test_a_password_comes_through_a_pipe(bottrop, clerk, written):
    assert piped(clerk, written)[0] == 0
    assert signs_in(clerk, PASSWORD)


def test_a_generated_password_is_printed_once_and_alone(bottrop, clerk):
    done = bottrop("accounts", "password", clerk, "--generate")
    assert "nur dieses eine Mal" in done.err
    assert signs_in(clerk, done.out.strip())


def test_a_password_that_is_too_short_or_for_nobody_is_refused(bottrop, clerk):
    code, said = piped(clerk, "kurz")
    assert (code, "[password-short]" in said) == (1, True)
    assert "[account-unknown]" in bottrop("accounts", "password", "konto-nirgends22", "--generate").err


def test_what_was_done_with_accounts_is_listed(bottrop, clerk):
    password = bottrop("accounts", "password", clerk, "--generate").out.strip()
    lines = json.loads(bottrop("accounts", "audit", "--json").out)["audit"]
    assert {"number", "at", "account", "act", "about", "success", "by", "times"} == set(lines[-1])
    assert (lines[-1]["act"], lines[-1]["account"], lines[-1]["success"]) == ("password-set", clerk, True)
    shown = bottrop("accounts", "audit").out
    assert "Passwort gesetzt" in shown
    assert password not in shown + str(lines)
    assert "Demo" not in shown + str(lines)


CITY = {
    "WERDEGANG_OIDC_ISSUER": "https://anmeldung.example.de",
    "WERDEGANG_OIDC_CLIENT_ID": "werdegang",
    "WERDEGANG_OIDC_CLIENT_SECRET": "geheim",
}


def test_an_account_is_tied_to_a_person_at_the_citys_provider_and_untied(bottrop, clerk, monkeypatch):
    assert "[identity-not-set]" in bottrop("accounts", "tie", clerk, "7f3c").err
    for name, value in CITY.items():
        monkeypatch.setenv(name, value)
    assert bottrop("accounts", "tie", clerk, "7f3c") == (0, "", "")
    other = bottrop("accounts", "create", "Mia Muster", "--role", "recorder").out.strip()
    assert "[identity-taken]" in bottrop("accounts", "tie", other, "7f3c").err
    assert bottrop("accounts", "untie", clerk) == (0, "", "")
    assert bottrop("accounts", "tie", other, "7f3c").code == 0
    assert "[account-unknown]" in bottrop("accounts", "tie", "konto-niemand", "8a").err
    noted = json.loads(bottrop("accounts", "audit", "--json").out)["audit"]
    assert {line["act"] for line in noted if line["account"] == clerk} >= {"identity-tied", "identity-untied"}


def test_four_eyes_are_introduced_and_lifted(bottrop, clerk, monkeypatch):
    monkeypatch.setenv("WERDEGANG_ACCOUNT", clerk)
    assert bottrop("accounts", "four-eyes", "bottrop-2018").out == "bottrop-2018\n"
    bottrop("record", written([FOUNDING]))
    refused = bottrop("publish", "bottrop-2018", "entwurf")
    assert (refused.code, "[four-eyes]" in refused.err) == (1, True)
    assert bottrop("accounts", "four-eyes", "bottrop-2018", "--off").out == ""
    assert bottrop("publish", "bottrop-2018", "entwurf").code == 0


def test_a_token_can_be_for_one_role_of_an_account_alone(bottrop, clerk):
    issued = bottrop("accounts", "token", clerk, "--role", "recorder").out.strip()
    installed = installation(Settings.from_environment())
    try:
        account = installed.accounts.account_of(issued)
    finally:
        installed.database.close()
    assert {role for role, _ in account.roles} == {"recorder"}
    wrong = bottrop("accounts", "token", clerk, "--role", "chef")
    assert (wrong.code, wrong.out, "[role-unknown]" in wrong.err) == (1, "", True)


def test_mail_and_retention_say_what_they_did(bottrop):
    assert bottrop("mail").out == "0 Nachrichten verschickt, 0 nicht.\n"
    assert bottrop("retention").out == "0 Anmeldungen gelöscht, deren Treffen länger als 90 Tage her ist.\n"
