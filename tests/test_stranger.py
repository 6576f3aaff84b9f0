"""A stranger gets in nowhere: every route of the desk and every route that records is tried by who may not use it.

The routes are those of the app itself, so that a new one is tried as soon as it is there. What a role may do is read
off one small table; whatever does not stand there may be used by no stranger and by nobody with a role elsewhere.
"""

import re
from urllib.parse import urlsplit

import pytest

from tests.faces import BOTTROP, bottrop
from tests.test_desk import DESK, HERE, PASSWORD, SIGN_IN, Browser, leads_to_sign_in, served

OPEN = {f"{language}{SIGN_IN}{rest}" for language in ("", "/en") for rest in ("", "/dienst", "/dienst/antwort")}
"""All of the desk that answers who is not signed in: signing in. A route is added here with a reason, or not at all."""

EVERYBODYS = {
    f"{language}{DESK}{rest}"
    for language in ("", "/en")
    for rest in ("", "/passwort", "/abmelden", "/entwurf-verwerfen/{draft}", "/unterbrochen/{draft}")
}
"""What everybody may do who is signed in, whatever their role: nothing of any process. Drafts are one's own alone."""

VALUES = {
    "process": BOTTROP,
    "step_type": "context-noted",
    "account": "konto-aaaaaaaaaa",
    "number": "1",
    "rest": "gibt/es/nicht",
}
"""What parameters of addresses stand for; one that is not named here stands for `x`."""

REFUSED = {403, 404}

ELSEWHERE = "another-process"


def addressed(path):
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: VALUES.get(found[1], "x"), path)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    house = bottrop(tmp_path_factory.mktemp("stranger") / "data")
    yield house
    house.close()


@pytest.fixture(scope="module")
def routes(town):
    """Every method and route of the desk, with an address that it answers."""
    found = sorted({(method, path) for method, path in served(town.app.routes) if "/geschaeftsstelle" in path})
    assert len(found) > 20
    # The English addresses lead to the same functions, as `page` registers them: one in seven is tried all the same.
    tried = [route for place, route in enumerate(found) if not route[1].startswith("/en/") or place % 7 == 0]
    return [(method, path, addressed(path)) for method, path in tried if path not in OPEN and method != "HEAD"]


@pytest.fixture(scope="module")
def written(town):
    """Every route of the API that changes something."""
    methods = {"POST", "PUT", "PATCH", "DELETE"}
    found = {(method, path) for method, path in served(town.app.routes) if method in methods and "/api/" in path}
    assert found
    return sorted((method, addressed(path)) for method, path in found)


def clerk(town, *roles):
    """A browser in which somebody with these roles is signed in."""
    town.clerk = town.installation.accounts.create("Erika Mustermann", set(roles)).id
    town.installation.passwords.set(town.clerk, PASSWORD)
    browser = Browser(town)
    assert browser.sign_in().status_code == 303
    browser.own_token = browser.token(f"{DESK}/passwort")
    return browser


def ask(browser, method, address, **fields):
    if method == "GET":
        return browser.get(address)
    return browser.client.request(method, address, data={"token": browser.own_token, "act": "x", **fields})


def last(town):
    """How many entries there are: nothing that is refused adds any."""
    found = town.client.get("/api/v1/processes", headers=town.headers("admin")).json()["processes"]
    return {process["process"]: process["version"] for process in found}


def test_without_signing_in_every_route_of_the_desk_leads_to_the_form_for_it(town, routes):
    stranger, before = Browser(town), last(town)
    stranger.own_token = stranger.token()
    for method, path, address in routes:
        assert leads_to_sign_in(ask(stranger, method, address)), (method, path)
    assert last(town) == before


@pytest.mark.parametrize(
    "roles",
    [
        (),
        (("recorder", ELSEWHERE), ("publisher", ELSEWHERE), ("evaluator", ELSEWHERE), ("admin", ELSEWHERE)),
    ],
    ids=["no role", "another process"],
)
def test_who_has_no_role_here_is_refused_by_every_route_that_is_about_this_process_or_all_of_them(town, routes, roles):
    browser, before = clerk(town, *roles), last(town)
    for method, path, address in routes:
        if path not in EVERYBODYS:
            answer = ask(browser, method, address)
            assert answer.status_code in REFUSED, (method, path, answer.status_code)
    assert last(town) == before


ALLOWED = {
    "evaluator": {("GET", "/geschaeftsstelle/{process}")},
    "publisher": {
        ("GET", "/geschaeftsstelle/{process}"),
        ("GET", "/geschaeftsstelle/{process}/veroeffentlichen"),
        ("POST", "/geschaeftsstelle/{process}/veroeffentlichen"),
    },
}
"""All that a role may do besides reading. Without a line here a role may send nothing, and see no page of another's."""


@pytest.mark.parametrize("role", ALLOWED)
def test_a_wrong_role_can_send_nothing(town, routes, role):
    browser, before = clerk(town, (role, BOTTROP)), last(town)
    for method, path, address in routes:
        german = path.removeprefix("/en")
        if path in EVERYBODYS or (method, german) in ALLOWED[role]:
            continue
        answer = ask(browser, method, address)
        if method == "GET" and answer.status_code == 200:  # reading what is internal is every role's right
            assert role == "evaluator" or "erfassen" not in path
            assert not re.search(r"/(erfassen|veroeffentlichen)\b|/geschaeftsstelle/(konten|protokoll)\b", path), (
                method,
                path,
            )
        else:
            assert answer.status_code in REFUSED, (method, path, answer.status_code)
    assert last(town) == before


@pytest.mark.parametrize("role", ["recorder", "publisher", "evaluator", "admin"])
def test_who_administers_no_more_than_a_process_sees_no_account(town, routes, role):
    browser = clerk(town, (role, BOTTROP))
    for method, path, address in routes:
        if re.search(r"/geschaeftsstelle/(konten|protokoll)\b", path):
            assert ask(browser, method, address).status_code == 403, (method, path)


@pytest.mark.parametrize("how", ["missing", "forged", "of another session", "of the session before", "foreign"])
def test_what_was_not_sent_from_a_page_of_this_session_is_refused(town, routes, how):
    everything = ("admin", "*")
    browser, other, before = clerk(town, everything), clerk(town, everything), last(town)
    token, headers = "0" * 64, {}
    match how:
        case "missing":
            token = ""
        case "of another session":
            token = other.own_token
        case "of the session before":
            browser, token = other, other.own_token
            assert browser.post(f"{DESK}/abmelden", {"token": token}).status_code == 303
            assert browser.sign_in().status_code == 303
        case "foreign":
            token, headers = browser.own_token, {"origin": "https://boese.example"}
    for method, path, address in routes:
        if method != "GET":
            answer = browser.client.request(method, address, data={"token": token, "act": "x"}, headers=headers)
            assert answer.status_code == 403, (method, path, answer.status_code)
    assert last(town) == before
    assert browser.get(DESK).status_code == 200  # nothing ended the session


@pytest.mark.parametrize("how", ["expired", "disabled", "role taken away", "password reset", "signed out"])
def test_a_session_that_has_ended_opens_nothing(town, routes, how):
    browser = clerk(town, ("admin", "*"))
    accounts, id_ = town.installation.accounts, town.clerk
    match how:
        case "expired":
            town.wait(minutes=31)
        case "disabled":
            accounts.disable(id_)
        case "role taken away":
            accounts.revoke(id_, "admin", "*")
        case "password reset":
            town.installation.passwords.generate(id_)
        case "signed out":
            secret = browser.secret
            browser.post(f"{DESK}/abmelden", {"token": browser.own_token})
            browser.client.cookies.set("werdegang", secret)
    for method, path, address in routes:
        assert leads_to_sign_in(ask(browser, method, address)), (method, path)


def test_who_still_has_a_password_of_somebody_else_gets_no_further_than_choosing_another(town, routes):
    browser = clerk(town, ("admin", "*"))
    password = town.installation.passwords.generate(town.clerk, once=True)
    assert browser.sign_in(password=password).status_code == 303
    browser.own_token = browser.token(f"{DESK}/passwort")
    for method, path, address in routes:
        if path.removeprefix("/en") not in (f"{DESK}/passwort", f"{DESK}/abmelden"):
            answer = ask(browser, method, address)
            place = urlsplit(answer.headers.get("location", "")).path.removeprefix("/en")
            assert (answer.status_code, place) == (303, f"{DESK}/passwort"), (method, path)


def test_no_route_of_the_api_records_for_who_may_not(town, written):
    before = last(town)
    entry = {"key": "fremd", "step": {"type": "context-noted", "what": "fremd"}, "occurred": {"edtf": "2018"}}
    signed_in = clerk(town, ("admin", "*")).client
    for method, address in written:
        for who in (None, "publisher", "evaluator", "stranger"):
            answer = town.client.request(method, address, json=entry, headers=town.headers(who))
            assert answer.status_code == (401 if who is None else 403), (method, address, who)
        for token in ("Bearer x", "Basic x", f"Bearer {'wg_' + 'x' * 43}"):
            answer = town.client.request(method, address, json=entry, headers={"authorization": token})
            assert answer.status_code == 401, (method, address, token)
        # The cookie of the desk opens no door of the API: no other site can have a browser record.
        assert signed_in.request(method, address, json=entry, headers={"origin": HERE}).status_code == 401
    assert last(town) == before


@pytest.mark.parametrize("role", ["evaluator", "publisher"])
def test_a_token_for_one_role_does_nothing_that_another_role_of_its_account_may(town, written, role):
    accounts = town.installation.accounts
    account = accounts.create("Erika Mustermann", {(role, BOTTROP), ("recorder", BOTTROP), ("admin", "*")})
    token = accounts.issue_token(account.id, "Auswertung", 30, role)
    entry = {"key": "fremd", "step": {"type": "context-noted", "what": "fremd"}, "occurred": {"edtf": "2018"}}
    for method, address in written:
        answer = town.client.request(method, address, json=entry, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 403, (method, address)
    assert accounts.account_of(token).roles == {(role, BOTTROP)}


def test_a_token_that_has_expired_or_was_revoked_or_whose_account_is_closed_opens_nothing(town, written):
    accounts = town.installation.accounts
    account = accounts.create("Erika Mustermann", {("admin", "*")})
    tokens = [accounts.issue_token(account.id, label, 1) for label in ("alt", "entzogen")]
    accounts.revoke_token(account.id, "entzogen")
    town.wait(days=2)
    tokens.append(accounts.issue_token(account.id, "geschlossen", 1))
    accounts.disable(account.id)
    for method, address in written:
        for token in tokens:
            answer = town.client.request(method, address, json={}, headers={"authorization": f"Bearer {token}"})
            assert answer.status_code == 401, (method, address)
