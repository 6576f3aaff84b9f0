"""Administering at the desk: accounts, rights, tokens and their list; the rule of four eyes wherever one publishes."""

import re

import pytest

from adapters.audit import MOST, audit, newest, note, noted
from adapters.imports.statements import statement_of
from adapters.passwords import AT_ONCE, WAITING
from domain.errors import Refused
from tests.faces import BOTTROP, bottrop
from tests.story import published, told
from tests.test_desk import DESK, PASSWORD, Browser
from tests.test_pages import Document

ACCOUNTS = f"{DESK}/konten"
NOTE = {"type": "context-noted", "what": "Eine Notiz"}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    house = bottrop(tmp_path_factory.mktemp("accounts") / "data")
    yield house
    house.close()


def person(house, *roles):
    """Somebody with these roles and a password."""
    account = house.installation.accounts.create("Erika Mustermann", set(roles))
    house.installation.passwords.set(account.id, PASSWORD)
    return account


@pytest.fixture
def admin(town):
    """A browser in which somebody who may administer everything is signed in."""
    town.clerk = person(town, ("admin", "*")).id
    browser = Browser(town)
    browser.sign_in()
    browser.account = town.clerk
    return browser


def send(browser, path, act, **fields):
    return browser.post(path, {"token": browser.token(f"{DESK}/passwort"), "act": act, **fields})


def made(admin, name="Max Mustermann", role="recorder", process=BOTTROP, **key):
    """A new account: its id and its one-time password."""
    answer = send(admin, ACCOUNTS, "create", name=name, role=role, process=process, **key)
    assert answer.status_code == 200
    secret = re.search(r'id="secret">([^<]+)<', answer.text)[1]
    return re.search(r"konto-[a-z2-7]{10}", answer.text)[0], secret


def codes(act, *arguments, **named):
    with pytest.raises(Refused) as refusal:
        act(*arguments, **named)
    return [(found.code, dict(found.params)) for found in refusal.value.refusals]


# ---- accounts -----------------------------------------------------------------------------------------------------


def test_a_new_account_has_a_password_that_is_shown_once_and_replaced_at_the_first_sign_in(town, admin):
    account, secret = made(admin)
    assert secret not in admin.get(f"{ACCOUNTS}/{account}").text
    clerk = Browser(town)
    assert clerk.sign_in(account, secret).status_code == 303
    assert clerk.get(DESK).headers["location"] == f"{DESK}/passwort"
    short = clerk.post(f"{DESK}/passwort", {"token": clerk.token(f"{DESK}/passwort"), "new": "kurz", "again": "kurz"})
    assert (short.status_code, Document(short.text).faults) == (422, [])
    other = clerk.post(f"{DESK}/passwort", {"token": clerk.token(f"{DESK}/passwort"), "new": PASSWORD, "again": "x"})
    assert "nicht gleich" in other.text
    assert PASSWORD not in other.text
    done = clerk.post(
        f"{DESK}/passwort", {"token": clerk.token(f"{DESK}/passwort"), "new": PASSWORD, "again": PASSWORD}
    )
    assert done.headers["location"] == DESK
    assert clerk.get(DESK).status_code == 200
    assert Browser(town).sign_in(account, secret).status_code == 403
    assert Browser(town).sign_in(account, PASSWORD).status_code == 303


def test_who_changes_their_password_needs_the_present_one_and_stays_signed_in(admin):
    fields = {"new": "Ein ganz anderes", "again": "Ein ganz anderes"}
    wrong = send(admin, f"{DESK}/passwort", "", current="Wie es dazu kann", **fields)
    assert wrong.status_code == 403
    assert admin.get(DESK).status_code == 200
    assert send(admin, f"{DESK}/passwort", "", current=PASSWORD, **fields).status_code == 303
    assert admin.get(DESK).status_code == 200


def test_rights_are_given_and_taken_and_end_the_sessions(town, admin):
    account, _ = made(admin)
    town.installation.passwords.set(account, PASSWORD)
    clerk = Browser(town)
    clerk.sign_in(account)
    answer = send(admin, f"{ACCOUNTS}/{account}", "grant", role="publisher", process="*")
    assert answer.headers["location"] == f"{ACCOUNTS}/{account}?geaendert=grant"
    assert "Alle Sitzungen dieses Kontos sind beendet." in admin.get(answer.headers["location"]).text
    assert clerk.get(DESK).status_code == 303
    assert town.installation.accounts.find(account).account.roles == {("recorder", BOTTROP), ("publisher", "*")}
    send(admin, f"{ACCOUNTS}/{account}", "revoke", role="recorder", process=BOTTROP)
    assert town.installation.accounts.find(account).account.roles == {("publisher", "*")}
    last = noted(town.installation.database)[-1]
    assert (last.act, last.account, last.by, last.about) == (
        "role-revoked",
        account,
        admin.account,
        f"recorder {BOTTROP}",
    )


def test_an_account_is_closed_and_its_password_reset(town, admin):
    account, _ = made(admin)
    answer = send(admin, f"{ACCOUNTS}/{account}", "password")
    assert Browser(town).sign_in(account, re.search(r'id="secret">([^<]+)<', answer.text)[1]).status_code == 303
    assert send(admin, f"{ACCOUNTS}/{account}", "disable").status_code == 303
    assert town.installation.accounts.find(account).disabled_at is not None
    assert send(admin, f"{ACCOUNTS}/{account}", "password").status_code == 422


def test_nobody_takes_away_their_own_right_to_administer(town, admin):
    own = f"{ACCOUNTS}/{admin.account}"
    for act, fields in (("disable", {}), ("revoke", {"role": "admin", "process": "*"})):
        answer = send(admin, own, act, **fields)
        assert (answer.status_code, Document(answer.text).faults) == (403, [])
        assert "andere Person mit Verwaltungsrecht" in " ".join(Document(answer.text).words.split())
    assert admin.get(ACCOUNTS).status_code == 200


def test_the_last_account_that_may_administer_everything_stays(tmp_path):
    house = bottrop(tmp_path / "data")
    accounts = house.installation.accounts
    only = next(held.account.id for held in accounts.list() if ("admin", "*") in held.account.roles)
    assert codes(accounts.disable, only) == [("last-admin", {"id": only})]
    assert codes(accounts.revoke, only, "admin", "*") == [("last-admin", {"id": only})]
    accounts.create("Erika Mustermann", {("admin", "*")})
    accounts.disable(only)
    assert accounts.find(only).disabled_at is not None
    house.close()


def test_a_token_is_shown_once_for_one_role_and_revoked(town, admin):
    account, _ = made(admin, role="evaluator")
    path = f"{ACCOUNTS}/{account}"
    answer = send(admin, path, "token", label="Hochschule", role="evaluator", days="30")
    token = re.search(r'id="secret">([^<]+)<', answer.text)[1]
    assert town.installation.accounts.account_of(token).roles == {("evaluator", BOTTROP)}
    page = admin.get(path).text
    assert token not in page
    assert "Hochschule · Auswertung" in " ".join(Document(page).words.split())
    assert send(admin, path, "revoke-token", label="Hochschule").status_code == 303
    assert town.installation.accounts.account_of(token) is None


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("token", {"label": "x", "days": "0"}),
        ("token", {"label": "x", "days": "²"}),
        ("token", {"label": "", "days": "9"}),
        ("token", {"label": "x", "days": "9", "role": "king"}),
        ("grant", {"role": "king", "process": "*"}),
        ("grant", {"role": "admin", "process": "Ä\x00"}),
        ("revoke-token", {"label": "gibt es nicht"}),
        ("tie", {"subject": "x"}),
        ("", {}),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(admin, act, fields):
    account, _ = made(admin)
    answer = send(admin, f"{ACCOUNTS}/{account}", act, **fields)
    assert 400 <= answer.status_code < 500
    page = Document(answer.text)
    assert page.faults == []
    assert [element.get("role") for element in page.all("div") if element.get("role")] == ["alert"]


def test_an_account_that_cannot_be_made_leaves_nothing(town, admin):
    before = len(town.installation.accounts.list())
    answer = send(admin, ACCOUNTS, "create", name="Max Mustermann", role="king", process="*")
    assert answer.status_code == 422
    assert 'value="Max Mustermann"' in answer.text
    assert len(town.installation.accounts.list()) == before
    assert admin.get(f"{ACCOUNTS}/konto-nirgends22").status_code == 404


def test_a_form_that_is_sent_twice_makes_one_account_and_one_token(town, admin):
    key = {"key": re.search(r'name="key" value="([^"]+)"', admin.get(ACCOUNTS).text)[1]}
    (id_, first), (again, password) = (made(admin, name="Zwilling", **key) for _ in range(2))
    assert id_ == again
    assert Browser(town).sign_in(id_, first).status_code == 403
    assert Browser(town).sign_in(id_, password).status_code == 303
    assert made(admin, name="Jemand anders", **key)[0] != id_
    at, asked = f"{ACCOUNTS}/{id_}", {"label": "Auswertung", "days": "9", "role": "evaluator"}
    shown = {re.search(r'id="secret">([^<]+)<', send(admin, at, "token", **asked, **key).text)[1] for _ in range(2)}
    assert len(shown) == len(town.installation.accounts.tokens(id_)) == 1
    send(admin, at, "revoke-token", label="Auswertung")
    assert "Formular gilt nicht mehr" in send(admin, at, "token", **asked, **key).text


def test_an_account_that_is_in_use_keeps_its_password_when_its_form_comes_again(town, admin):
    key = {"key": "desk-spaet"}
    id_, _ = made(admin, name="Spät", **key)
    town.installation.passwords.set(id_, PASSWORD)
    late = send(admin, ACCOUNTS, "create", name="Spät", role="recorder", process=BOTTROP, **key)
    assert late.headers["location"] == f"{ACCOUNTS}/{id_}"
    assert Browser(town).sign_in(id_).status_code == 303


def test_whoever_is_given_a_new_password_need_not_wait_for_the_wrong_ones(town, admin):
    clerk = person(town, ("recorder", BOTTROP)).id
    for _ in range(6):
        Browser(town).sign_in(clerk, "Wie es dazu kann")
    assert Browser(town).sign_in(clerk).status_code == 429
    answer = send(admin, f"{ACCOUNTS}/{clerk}", "password")
    password = re.search(r'id="secret">([^<]+)<', answer.text)[1]
    assert Browser(town).sign_in(clerk, password).status_code == 303


def test_the_list_is_chosen_from_and_comes_in_pages(town, admin):
    account, _ = made(admin)
    page = Document(admin.get(f"{DESK}/protokoll?art=rights&konto={account}").text)
    assert "3 Zeilen" in page.words
    assert "Rolle gegeben: Erfassung in bottrop-2018" in page.words or "Rolle gegeben" in page.words
    assert page.faults == []
    with town.installation.database.writing() as connection:
        for _ in range(60):
            note(connection, town.now, account, "sign-in", success=False)
    first = Document(admin.get(f"{DESK}/protokoll?konto={account}&art=signing").text)
    (older,) = [link for link in first.links if "seite=2" in link]
    assert "60 Zeilen" in first.words
    assert len(newest(town.installation.database, account, "signing", 50, 50)[1]) == 10
    assert admin.get(older).status_code == 200
    for odd in ("seite=0", "seite=²", "seite=99999", "art=x", "konto=%00"):
        assert admin.get(f"{DESK}/protokoll?{odd}").status_code == 200


def test_who_guesses_names_does_not_fill_the_list(town):
    database, before = town.installation.database, len(noted(town.installation.database))
    with database.writing() as connection:
        for _ in range(100):
            note(connection, town.now, None, "sign-in", success=False)
    lines = noted(database)
    assert len(lines) - before <= 1
    assert lines[-1].times >= 100


def test_old_lines_make_room(town):
    database = town.installation.database
    with database.writing() as connection:
        last = noted(database)[-1].number
        connection.execute(audit.update().where(audit.c.number == last).values(number=last + MOST))
        note(connection, town.now, None, "account-created")
        left = [line.number for line in noted(database)]
    assert left[-2:] == [last + MOST, last + MOST + 1]
    assert len(left) == 2 or left[0] > 1


def test_whoever_comes_when_too_many_wait_is_told_so_and_it_counts_as_no_try(town):
    clerk, passwords = person(town, ("recorder", BOTTROP)).id, town.installation.passwords
    places = [passwords.queueing() for _ in range(AT_ONCE + WAITING)]
    for place in places:
        place.__enter__()
    for _ in range(10):
        answer = Browser(town).sign_in(clerk, "Wie es dazu kann")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "in ein paar Sekunden" in answer.text
    for place in places:
        place.__exit__(None, None, None)
    assert Browser(town).sign_in(clerk).status_code == 303


# ---- four eyes ----------------------------------------------------------------------------------------------------


@pytest.fixture
def eyes(town):
    """The rule holds in Bottrop, and an account that records and publishes."""
    town.installation.four_eyes.switch(BOTTROP, on=True)
    yield person(town, ("recorder", BOTTROP), ("publisher", BOTTROP))
    town.installation.four_eyes.switch(BOTTROP, on=False)


def stated(key, content):
    return statement_of({"process": BOTTROP, "key": key, **content})


def test_who_recorded_an_entry_does_not_publish_it_and_somebody_else_does(town, eyes):
    service = town.installation.service
    key = f"eigen-{town.now:%f}-{len(town.numbers)}"
    (number,) = service.record([stated(key, told(NOTE))], eyes).numbers
    publication = stated(f"{key}-p", published(key))
    for act in (service.record, service.preview):
        assert codes(act, [publication], eyes) == [("four-eyes", {"entries": [number]})]
    assert service.view(BOTTROP, eyes).view.effective.public_from(number) is None
    other = person(town, ("publisher", BOTTROP))
    assert service.record([publication], other).numbers
    assert service.record([publication], eyes).new == ()  # the same once more is no publication


def test_what_is_imported_and_published_in_one_list_is_refused_at_its_place(town, eyes):
    both = [stated("liste-a", told(NOTE)), stated("liste-b", published("liste-a"))]
    with pytest.raises(Refused) as refusal:
        town.installation.service.record(both, eyes)
    (found,) = refusal.value.refusals
    assert (found.code, found.index, found.pointer) == ("four-eyes", 1, "/step/targets")
    town.installation.four_eyes.switch(BOTTROP, on=False)
    assert len(town.installation.service.record(both, eyes).new) == 2


def test_the_api_refuses_the_same(town, eyes):
    token = town.installation.accounts.issue_token(eyes.id, "test", 1)
    list_ = [{"key": "api-a", **told(NOTE)}, {"key": "api-b", **published("api-a")}]
    answer = town.client.post(
        f"/api/v1/processes/{BOTTROP}/entries", json=list_, headers={"authorization": f"Bearer {token}"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "four-eyes")


def test_ones_own_entries_cannot_be_chosen_at_the_desk_and_it_says_why(town, eyes):
    service, browser = town.installation.service, Browser(town)
    (own,) = service.record([stated("tisch-a", told(NOTE))], eyes).numbers
    (foreign,) = town.record({"key": "tisch-b", **told(NOTE)})
    browser.sign_in(eyes.id)
    path = f"{DESK}/{BOTTROP}/veroeffentlichen"
    page = Document(browser.get(path).text)
    boxes = {field["value"]: "disabled" in field for field in page.all("input") if field.get("type") == "checkbox"}
    assert (boxes[str(own)], boxes[str(foreign)]) == (True, False)
    assert "Nach der Vier-Augen-Regel veröffentlicht das jemand anderes." in page.words
    assert page.faults == []
    token = browser.token(path)
    answer = browser.post(path, {"token": token, "key": "desk-x", "entry": str(own), "act": "publish"})
    assert answer.status_code == 422
    assert "Vier-Augen-Regel" in answer.text
    assert (
        browser.post(path, {"token": token, "key": "desk-y", "entry": str(foreign), "act": "publish"}).status_code
        == 303
    )


def test_the_rule_is_switched_at_the_desk_for_a_process_or_all(town, admin):
    four_eyes = town.installation.four_eyes
    send(admin, ACCOUNTS, "four-eyes-on", process="*")
    assert four_eyes.holds("irgendein-prozess")
    assert "Sie gilt in: allen Prozessen" in " ".join(Document(admin.get(ACCOUNTS).text).words.split())
    assert noted(town.installation.database)[-1].by == admin.account
    send(admin, ACCOUNTS, "four-eyes-off", process="*")
    assert not four_eyes.holds("irgendein-prozess")
    assert send(admin, ACCOUNTS, "four-eyes-on", process="Ä").status_code == 422
