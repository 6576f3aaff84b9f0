"""Signing in: passwords, sessions and how they end, waiting after wrong tries, and the audit list of it all."""

import contextlib
import dataclasses
import threading
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event, select, text

from adapters.accounts import Accounts
from adapters.audit import noted
from adapters.database import Database
from adapters.passwords import Passwords, passwords
from adapters.sessions import LONGEST, Sessions
from adapters.sign_in import KEY, TRIES, TRIES_OF_ADDRESS, SignIn
from domain.errors import Refused

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
PASSWORD = "Wie es dazu kam"
WRONG = "Wie es dazu kann"
OFFICE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


class Counting(PasswordHasher):
    """Hashes as always, and counts how often it compares."""

    compared = 0

    def verify(self, hash, password):  # noqa: A002  # its name there
        self.compared += 1
        return super().verify(hash, password)


class Desk:
    """An installation's accounts, with the clock in our hand."""

    def __init__(self, database: Database, home, hasher=None):
        self.time = START
        self.database = database
        self.hasher = hasher or Counting(time_cost=1, memory_cost=8, parallelism=1)
        self.accounts = Accounts(database, self.clock)
        self.passwords = Passwords(database, self.accounts, self.clock, self.hasher)
        self.sessions = Sessions(database, timedelta(minutes=30), self.clock)
        self.door = SignIn(home, database, self.passwords, self.sessions, self.clock)

    def clock(self):
        return self.time

    def wait(self, **by):
        self.time += timedelta(**by)

    def clerk(self, name="Erika Mustermann"):
        id = self.accounts.create(name, [("recorder", "bottrop-2018")]).id
        self.passwords.set(id, PASSWORD)
        return id

    def sign_in(self, id, password=PASSWORD, address=OFFICE, former=None):
        return self.door.sign_in(id, password, address, former)

    def refusal(self, id, password=WRONG, address=OFFICE):
        """What a try is refused with: code and parameters."""
        with pytest.raises(Refused) as refusal:
            self.sign_in(id, password, address)
        (found,) = refusal.value.refusals
        return found.code, dict(found.params)

    def fail(self, id, times, **by):
        for _ in range(times):
            assert self.refusal(id, **by)[0] == "sign-in-wrong"

    def acts(self):
        return [(line.act, line.success) for line in noted(self.database)]


@pytest.fixture
def desk(database, tmp_path):
    return Desk(database, tmp_path)


def refused(act, *arguments):
    with pytest.raises(Refused) as refusal:
        act(*arguments)
    return [found.code for found in refusal.value.refusals]


# ---- passwords ----------------------------------------------------------------------------------------------------


def test_who_has_the_password_is_signed_in_and_who_has_another_one_is_not(desk):
    clerk, other = desk.clerk(), desk.clerk("Max Mustermann")
    assert desk.sessions.account_of(desk.sign_in(clerk)) == clerk
    assert desk.sessions.account_of(desk.sign_in(other)) == other
    assert desk.refusal(clerk) == ("sign-in-wrong", {})
    desk.passwords.set(clerk, "Ein ganz anderes")
    assert desk.refusal(clerk, PASSWORD)[0] == "sign-in-wrong"
    assert desk.sessions.account_of(desk.sign_in(clerk, "Ein ganz anderes")) == clerk


def test_a_password_is_long_enough_and_not_too_long_and_no_name(desk):
    clerk = desk.clerk("Maximilian Mustermann")
    assert refused(desk.passwords.set, clerk, "elf Zeichen") == ["password-short"]
    assert refused(desk.passwords.set, clerk, "ü" * 501) == ["password-long"]
    assert refused(desk.passwords.set, clerk, "maximilian MUSTERMANN") == ["password-name"]
    assert refused(desk.passwords.set, clerk, clerk.upper()) == ["password-name"]
    assert refused(desk.passwords.set, "konto-nirgends22", PASSWORD) == ["account-unknown"]
    desk.passwords.set(clerk, "zwölf Zeiche")
    desk.passwords.set(clerk, "ü" * 500)
    assert desk.sign_in(clerk, "ü" * 500)
    assert desk.refusal(clerk, "ü" * 501)[0] == "sign-in-wrong"


def test_an_umlaut_is_the_same_however_the_keyboard_writes_it(desk):
    clerk = desk.clerk()
    desk.passwords.set(clerk, "Bürgerbeteiligung")
    assert desk.sign_in(clerk, "Bu\u0308rgerbeteiligung")


def test_half_a_sign_is_a_wrong_password_and_no_fault(desk):
    assert desk.refusal(desk.clerk(), "\ud800" * 12)[0] == "sign-in-wrong"


def test_a_generated_password_is_another_one_each_time(desk):
    clerk = desk.clerk()
    first, second = desk.passwords.generate(clerk), desk.passwords.generate(clerk)
    assert first != second
    assert desk.refusal(clerk, first)[0] == "sign-in-wrong"
    assert desk.sign_in(clerk, second)


def test_passwords_are_hashed_as_rfc_9106_recommends(database):
    accounts = Accounts(database)
    clerk = accounts.create("Erika Mustermann", []).id
    passwords = Passwords(database, accounts)
    passwords.set(clerk, PASSWORD)
    assert passwords.hash_of(clerk).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_hash_by_older_parameters_is_renewed_when_somebody_signs_in(desk, tmp_path):
    clerk = desk.clerk()
    today = Desk(desk.database, tmp_path, PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    today.refusal(clerk)
    assert "m=8,t=1," in desk.passwords.hash_of(clerk)
    today.sign_in(clerk)
    assert "m=16,t=2," in desk.passwords.hash_of(clerk)
    assert today.sign_in(clerk)


def test_the_database_holds_neither_passwords_nor_secrets_nor_addresses(desk, tmp_path):
    clerk = desk.clerk()
    desk.refusal(clerk)
    desk.refusal("Erika Mustermann")
    secret = desk.sign_in(clerk)
    with desk.database.reading() as connection:
        tables = ("passwords", "sessions", "attempts", "audit")
        held = str([tuple(row) for name in tables for row in connection.execute(text(f"SELECT * FROM {name}"))])
    for hidden in (PASSWORD, WRONG, secret, OFFICE, "Erika"):
        assert hidden not in held
    assert (tmp_path / KEY).stat().st_mode & 0o077 == 0


# ---- sessions -----------------------------------------------------------------------------------------------------


def test_a_session_has_a_new_secret_each_time_and_the_browsers_former_one_ends(desk):
    clerk = desk.clerk()
    first, second = desk.sign_in(clerk), desk.sign_in(clerk)
    assert len(first) == 43
    assert desk.sessions.account_of(first) == desk.sessions.account_of(second) == clerk
    third = desk.sign_in(clerk, former=second)
    assert [desk.sessions.account_of(secret) for secret in (first, second, third)] == [clerk, None, clerk]


def test_a_secret_that_was_never_given_out_belongs_to_nobody(desk):
    desk.sign_in(desk.clerk())
    for secret in ("", "x" * 43, "\ud800"):
        assert desk.sessions.account_of(secret) is None


def test_a_session_ends_when_nobody_used_it_for_half_an_hour(desk):
    secret = desk.sign_in(clerk := desk.clerk())
    for _ in range(3):
        desk.wait(minutes=29)
        assert desk.sessions.account_of(secret) == clerk
    desk.wait(minutes=30)
    assert desk.sessions.account_of(secret) is None


def test_a_session_ends_after_twelve_hours_however_busy_somebody_is(desk):
    secret = desk.sign_in(clerk := desk.clerk())
    for _ in range(36):
        assert desk.sessions.account_of(secret) == clerk
        desk.wait(minutes=20)
    assert desk.time == START + LONGEST
    assert desk.sessions.account_of(secret) is None


def test_what_ends_a_session(desk):
    clerk, other = desk.clerk(), desk.clerk("Max Mustermann")
    kept = desk.sign_in(other)
    for act, *arguments in (
        (desk.accounts.grant, clerk, "publisher", "*"),
        (desk.accounts.revoke, clerk, "publisher", "*"),
        (desk.passwords.set, clerk, PASSWORD),
        (desk.accounts.disable, clerk),
    ):
        first, second = desk.sign_in(clerk), desk.sign_in(clerk)
        act(*arguments)
        assert (desk.sessions.account_of(first), desk.sessions.account_of(second)) == (None, None), act
    assert desk.sessions.account_of(kept) == other


def test_a_role_that_somebody_has_already_and_one_they_never_had_change_nothing(desk):
    secret = desk.sign_in(clerk := desk.clerk())
    desk.accounts.grant(clerk, "recorder", "bottrop-2018")
    desk.accounts.revoke(clerk, "admin", "*")
    assert desk.sessions.account_of(secret) == clerk


def test_signing_out_ends_this_session_and_no_other(desk):
    clerk = desk.clerk()
    here, there = desk.sign_in(clerk), desk.sign_in(clerk)
    for _ in range(2):
        desk.sessions.end(here)
    assert (desk.sessions.account_of(here), desk.sessions.account_of(there)) == (None, clerk)
    assert desk.acts().count(("sign-out", True)) == 1


def test_that_a_session_is_used_is_written_down_once_a_minute_at_most(desk):
    secret = desk.sign_in(desk.clerk())
    written = []
    for engine in (desk.database._reader, desk.database._writer):
        event.listen(engine, "before_cursor_execute", lambda *given: written.append(given[2]))
    for _ in range(59):
        desk.wait(seconds=1)
        desk.sessions.account_of(secret)
    assert [sql for sql in written if sql.startswith("UPDATE")] == []
    for _ in range(60):
        desk.wait(seconds=1)
        desk.sessions.account_of(secret)
    assert len([sql for sql in written if sql.startswith("UPDATE")]) == 1


def test_sessions_that_are_over_are_not_kept(desk):
    clerk = desk.clerk()
    desk.sign_in(clerk)
    desk.wait(hours=1)
    desk.sign_in(clerk)
    with desk.database.reading() as connection:
        assert len(connection.execute(text("SELECT * FROM sessions")).all()) == 1


# ---- waiting ------------------------------------------------------------------------------------------------------


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(desk):
    clerk = desk.clerk()
    desk.fail(clerk, TRIES)
    assert desk.refusal(clerk, PASSWORD) == ("sign-in-waiting", {"minutes": 1})
    assert desk.refusal(clerk, PASSWORD, ELSEWHERE)[0] == "sign-in-waiting"
    desk.wait(seconds=29)
    assert desk.refusal(clerk, PASSWORD)[0] == "sign-in-waiting"
    desk.wait(seconds=1)
    assert desk.sign_in(clerk)


def test_the_wait_grows_up_to_a_quarter_of_an_hour(desk):
    clerk = desk.clerk()
    desk.fail(clerk, TRIES)
    waits = []
    for _ in range(8):
        before = desk.time
        while desk.refusal(clerk)[0] == "sign-in-waiting":
            desk.wait(seconds=15)
        waits.append((desk.time - before).total_seconds())
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_another_account_does_not_have_to_wait_and_the_right_password_in_time_starts_anew(desk):
    clerk, other = desk.clerk(), desk.clerk("Max Mustermann")
    desk.fail(clerk, TRIES)
    assert desk.sign_in(other)
    for _ in range(3):
        desk.fail(other, TRIES - 1)
        assert desk.sign_in(other)


def test_what_was_tried_is_forgotten_after_a_day(desk):
    clerk = desk.clerk()
    desk.fail(clerk, TRIES)
    desk.wait(days=1)
    desk.fail(clerk, TRIES - 1)
    with desk.database.reading() as connection:
        assert len(connection.execute(text("SELECT * FROM attempts")).all()) == 2


def test_an_address_has_to_wait_whatever_accounts_it_tries(desk):
    clerk = desk.clerk()
    for n in range(TRIES_OF_ADDRESS):
        assert desk.refusal(f"konto-{n:010}")[0] == "sign-in-wrong"
    assert desk.refusal(clerk, PASSWORD)[0] == "sign-in-waiting"
    assert desk.sign_in(clerk, address=ELSEWHERE)


def test_an_address_does_not_buy_itself_tries_with_an_account_of_its_own(desk):
    clerk = desk.clerk()
    for n in range(TRIES_OF_ADDRESS):
        assert desk.refusal(f"konto-{n:010}")[0] == "sign-in-wrong"
        if n < TRIES_OF_ADDRESS - 1:
            desk.sign_in(clerk)
    assert desk.refusal(clerk, PASSWORD)[0] == "sign-in-waiting"


def test_a_network_of_ipv6_is_one_address(desk):
    clerk = desk.clerk()
    for n in range(TRIES_OF_ADDRESS):
        desk.refusal(f"konto-{n:010}", address=f"2001:db8::{n:x}")
    assert desk.refusal(clerk, PASSWORD, "2001:db8::ffff")[0] == "sign-in-waiting"
    assert desk.sign_in(clerk, address="2001:db8:0:1::1")


def test_the_wait_holds_for_every_worker(desk, database_url, tmp_path):
    clerk = desk.clerk()
    desk.fail(clerk, TRIES)
    second = Database(database_url)
    assert Desk(second, tmp_path).refusal(clerk, PASSWORD)[0] == "sign-in-waiting"
    second.close()


def test_many_tries_at_once_are_not_more_than_one_after_the_other(desk):
    clerk = desk.clerk()
    found, begin = [], threading.Barrier(12)

    def guess():
        begin.wait()
        try:
            desk.sign_in(clerk, WRONG)
        except Refused as refusal:
            found.append(refusal.refusals[0].code)

    guessing = [threading.Thread(target=guess) for _ in range(12)]
    for thread in guessing:
        thread.start()
    for thread in guessing:
        thread.join()
    assert (found.count("sign-in-wrong"), found.count("sign-in-waiting")) == (TRIES, 12 - TRIES)


# ---- nobody learns which accounts exist ---------------------------------------------------------------------------


@pytest.mark.parametrize("id", ["konto-nirgends22", "", "Erika Mustermann", "\ud800", "a\0b", "closed", "without"])
def test_an_account_that_is_not_there_is_answered_alike_and_costs_the_same_work(desk, id):
    known = desk.clerk()
    if id == "closed":
        desk.accounts.disable(id := desk.clerk("Max Mustermann"))
    if id == "without":
        id = desk.accounts.create("Mia Muster", []).id
    answers = {}
    for tried in (known, id):
        desk.hasher.compared = 0
        answers[tried] = [desk.refusal(tried) for _ in range(TRIES + 1)]
        assert desk.hasher.compared == TRIES
        desk.wait(minutes=1)
    assert answers[known] == answers[id]
    assert desk.refusal(id, PASSWORD)[0] == "sign-in-wrong"


# ---- the audit list -----------------------------------------------------------------------------------------------


def test_the_list_tells_what_was_done_with_accounts(desk):
    clerk = desk.clerk()
    desk.fail(clerk, TRIES)
    desk.wait(minutes=1)
    secret = desk.sign_in(clerk)
    desk.sessions.end(secret)
    desk.accounts.grant(clerk, "evaluator", "*")
    desk.accounts.revoke(clerk, "evaluator", "*")
    desk.accounts.issue_token(clerk, "Notebook von Erika", 30)
    desk.accounts.revoke_token(clerk, "Notebook von Erika")
    desk.accounts.disable(clerk)
    assert desk.acts() == [
        ("account-created", True),
        ("role-granted", True),
        ("password-set", True),
        *[("sign-in", False)] * TRIES,
        ("lock-out", True),
        ("sign-in", True),
        ("sign-out", True),
        ("role-granted", True),
        ("role-revoked", True),
        ("token-issued", True),
        ("token-revoked", True),
        ("account-disabled", True),
    ]
    lines = noted(desk.database)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert {line.account for line in lines} == {clerk}
    assert [line.about for line in lines if line.about] == ["recorder bottrop-2018", "evaluator *", "evaluator *"]
    assert (lines[0].at, lines[-1].at) == (START, START + timedelta(minutes=1))
    assert "Erika" not in str([dataclasses.astuple(line) for line in lines])


def test_a_try_without_an_account_is_listed_without_what_was_typed(desk):
    desk.refusal("Erika Mustermann")
    (line,) = noted(desk.database)
    assert (line.act, line.account, line.success) == ("sign-in", None, False)


def test_what_did_not_happen_is_not_listed(desk):
    clerk = desk.clerk()
    before = desk.acts()
    desk.accounts.grant(clerk, "recorder", "bottrop-2018")
    desk.accounts.revoke(clerk, "admin", "*")
    assert refused(desk.accounts.revoke_token, clerk, "Skript") == ["token-unknown"]
    assert refused(desk.passwords.set, clerk, "kurz") == ["password-short"]
    with contextlib.suppress(ZeroDivisionError), desk.database.writing():
        desk.accounts.disable(clerk)
        _ = 1 / 0  # something else fails in the same transaction
    assert desk.acts() == before


def test_a_closed_account_gets_no_password(desk):
    clerk = desk.clerk()
    desk.accounts.disable(clerk)
    assert refused(desk.passwords.set, clerk, PASSWORD) == ["account-disabled"]
    with desk.database.reading() as connection:
        assert len(connection.execute(select(passwords)).all()) == 1
