"""Accounts: who may do what, and the tokens that stand for them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from adapters.accounts import MOST_DAYS, Accounts
from domain.account import Account, Role
from domain.errors import Refused

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
CLERK: list[tuple[Role, str]] = [("recorder", "bottrop-2018"), ("publisher", "bottrop-2018")]


class Clock:
    """A clock that stands until it is told to go on."""

    def __init__(self):
        self.time = START

    def __call__(self):
        return self.time

    def go_on(self, **length):
        self.time += timedelta(**length)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def accounts(database, clock):
    return Accounts(database, clock)


def refused(act, *arguments):
    with pytest.raises(Refused) as refusal:
        act(*arguments)
    return [found.code for found in refusal.value.refusals]


def test_an_account_has_a_random_id_that_tells_nothing_about_the_person(accounts):
    clerk = accounts.create("Erika Mustermann", CLERK)
    assert re.fullmatch(r"konto-[a-z2-7]{10}", clerk.id)
    assert clerk == Account(clerk.id, frozenset(CLERK))
    assert accounts.create("Erika Mustermann", CLERK).id != clerk.id


def test_an_account_is_found_with_its_name_and_roles(accounts, clock):
    clerk = accounts.create("Erika Mustermann", CLERK)
    clock.go_on(days=1)
    accounts.create("Max Mustermann", [("admin", "*")])
    holder = accounts.find(clerk.id)
    assert (holder.account, holder.name, holder.created_at, holder.disabled_at) == (
        clerk,
        "Erika Mustermann",
        START,
        None,
    )
    assert [holder.name for holder in accounts.list()] == ["Erika Mustermann", "Max Mustermann"]
    assert accounts.find("konto-nirgends22") is None


def test_an_account_needs_a_name_and_roles_that_exist(accounts):
    for name in ("", " ", "Erika\nMustermann", "Erika\0"):
        assert refused(accounts.create, name, []) == ["account-name"]
    assert refused(accounts.create, "Erika Mustermann", [("recorder", "bottrop"), ("boss", "*")]) == ["role-unknown"]
    assert refused(accounts.create, "Erika Mustermann", [("recorder", "Bottrop 2018")]) == ["role-process"]
    assert accounts.list() == []


def test_roles_are_given_and_taken_one_by_one(accounts):
    clerk = accounts.create("Erika Mustermann", [])
    for _ in range(2):
        accounts.grant(clerk.id, "evaluator", "*")
    accounts.grant(clerk.id, "recorder", "bottrop")
    accounts.revoke(clerk.id, "evaluator", "*")
    accounts.revoke(clerk.id, "publisher", "bottrop")
    assert accounts.find(clerk.id).account.roles == {("recorder", "bottrop")}


def test_nothing_can_be_done_with_an_account_that_does_not_exist(accounts):
    nobody = "konto-nirgends22"
    assert refused(accounts.grant, nobody, "admin", "*") == ["account-unknown"]
    assert refused(accounts.revoke, nobody, "admin", "*") == ["account-unknown"]
    assert refused(accounts.disable, nobody) == ["account-unknown"]
    assert refused(accounts.erase_name, nobody) == ["account-unknown"]
    assert refused(accounts.issue_token, nobody, "Schreibtisch", 30) == ["account-unknown"]


def test_a_token_stands_for_its_account_and_its_roles_as_they_are_now(accounts):
    clerk = accounts.create("Erika Mustermann", CLERK)
    accounts.create("Max Mustermann", [("admin", "*")])
    token = accounts.issue_token(clerk.id, "Schreibtisch", 30)
    assert token.startswith("wg_")
    assert accounts.account_of(token) == clerk
    for role, process in CLERK:
        accounts.revoke(clerk.id, role, process)
    assert accounts.account_of(token) == Account(clerk.id, frozenset())


@pytest.mark.parametrize("token", ["", "wg_", "wg_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "ü"])
def test_what_was_never_issued_stands_for_nobody(accounts, token):
    accounts.issue_token(accounts.create("Erika Mustermann", CLERK).id, "Schreibtisch", 30)
    assert accounts.account_of(token) is None


def test_a_token_ends_on_its_day(accounts, clock):
    token = accounts.issue_token(accounts.create("Erika Mustermann", CLERK).id, "Schreibtisch", 30)
    clock.go_on(days=30, microseconds=-1)
    assert accounts.account_of(token) is not None
    clock.go_on(microseconds=1)
    assert accounts.account_of(token) is None


def test_a_token_can_be_revoked_by_its_label_and_a_new_one_can_take_the_label(accounts, clock):
    clerk = accounts.create("Erika Mustermann", CLERK)
    other = accounts.issue_token(clerk.id, "Skript", 30)
    old = accounts.issue_token(clerk.id, "Schreibtisch", 30)
    clock.go_on(hours=1)
    accounts.revoke_token(clerk.id, "Schreibtisch")
    new = accounts.issue_token(clerk.id, "Schreibtisch", 30)
    assert [accounts.account_of(token) for token in (other, old, new)] == [clerk, None, clerk]
    revoked = [(token.label, token.revoked_at is not None) for token in accounts.tokens(clerk.id)]
    assert sorted(revoked) == [("Schreibtisch", False), ("Schreibtisch", True), ("Skript", False)]


def test_only_a_valid_token_of_the_account_itself_can_be_revoked(accounts):
    clerk, other = accounts.create("Erika Mustermann", CLERK), accounts.create("Max Mustermann", [])
    token = accounts.issue_token(clerk.id, "Schreibtisch", 30)
    assert refused(accounts.revoke_token, other.id, "Schreibtisch") == ["token-unknown"]
    assert refused(accounts.revoke_token, clerk.id, "Skript") == ["token-unknown"]
    assert accounts.account_of(token) == clerk


@pytest.mark.parametrize("label", ["", " ", "a\0b"])
def test_a_token_has_a_label_by_which_it_can_be_revoked(accounts, label):
    clerk = accounts.create("Erika Mustermann", CLERK)
    assert refused(accounts.issue_token, clerk.id, label, 30) == ["token-label"]


@pytest.mark.parametrize("days", [-1, 0, MOST_DAYS + 1])
def test_a_token_is_never_valid_for_ever(accounts, days):
    clerk = accounts.create("Erika Mustermann", CLERK)
    assert refused(accounts.issue_token, clerk.id, "Schreibtisch", days) == ["token-days"]


def test_a_disabled_account_can_do_nothing_and_gets_no_new_token_but_stays_listed(accounts, clock):
    clerk = accounts.create("Erika Mustermann", CLERK)
    token = accounts.issue_token(clerk.id, "Schreibtisch", 30)
    accounts.disable(clerk.id)
    clock.go_on(days=1)
    accounts.disable(clerk.id)
    assert accounts.account_of(token) is None
    assert refused(accounts.issue_token, clerk.id, "Schreibtisch", 30) == ["account-disabled"]
    assert [holder.disabled_at for holder in accounts.list()] == [START]


def test_the_database_holds_no_token_and_after_erasure_no_name(accounts, database):
    clerk = accounts.create("Erika Mustermann", CLERK)
    token = accounts.issue_token(clerk.id, "Notebook von Erika", 30)
    accounts.erase_name(clerk.id)
    with database.reading() as connection:
        tables = ("accounts", "people", "roles", "tokens")
        held = str([tuple(row) for name in tables for row in connection.execute(text(f"SELECT * FROM {name}"))])
    assert token not in held
    assert "Erika" not in held
    assert (accounts.find(clerk.id).name, accounts.account_of(token)) == (None, clerk)
