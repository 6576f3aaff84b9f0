"""Signing in with the city's identity provider: a real one on this machine, and everything that must let nobody in."""

import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Semaphore, Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from sqlalchemy import text

from adapters.audit import noted
from adapters.identity_provider import AT_ONCE, IdentityProvider
from adapters.settings import Provider, Settings
from adapters.web.app import create_app
from domain.errors import Refused
from tests.faces import BOTTROP, bottrop
from tests.identity_provider import CLIENT, SECRET, CityProvider
from tests.test_desk import DESK, SIGN_IN, Browser
from tests.test_pages import Document

BEGIN, ANSWER = f"{SIGN_IN}/dienst", f"{SIGN_IN}/dienst/antwort"


@pytest.fixture(scope="module")
def city():
    provider = CityProvider()
    yield provider
    provider.close()


@pytest.fixture(scope="module")
def town(tmp_path_factory, city):
    house = bottrop(tmp_path_factory.mktemp("identity") / "data")
    settings = Provider(city.issuer, CLIENT, SECRET, "Stadtkonto")
    city.now = house.now.timestamp
    provider = IdentityProvider(settings, house.clock)
    house.installation = replace(house.installation, provider=provider)
    house.app = create_app(house.installation)
    yield house
    house.close()


@pytest.fixture
def clerk(town, city):
    """An account that is tied to a person whom the provider knows."""
    account = town.installation.accounts.create("Erika Mustermann", {("recorder", BOTTROP)}).id
    city.subject, city.fault, city.claims = f"person-{account}", None, {}
    town.installation.identities.tie(account, city.issuer, city.subject)
    return account


def redirected(answer):
    assert answer.status_code == 303
    return answer.headers["location"]


def at_provider(browser, path=BEGIN):
    """Begins, goes to the provider and signs in there: the address that it leads back to."""
    there = redirected(browser.get(path))
    back = httpx2.get(there, trust_env=False, verify=False).headers["location"]
    assert back.startswith("http://testserver/")
    return back.removeprefix("http://testserver")


def sign_in(browser, path=BEGIN):
    return browser.get(at_provider(browser, path))


def refused_with(browser, answer, said):
    page = Document(answer.text)
    assert said in " ".join(page.words.split())
    assert [element["role"] for element in page.all("div") if element.get("role")] == ["alert"]
    assert page.faults == []
    assert browser.secret is None
    assert browser.get(DESK).status_code == 303


def test_who_is_tied_to_an_account_gets_in_and_out(town, clerk, city):
    browser = Browser(town)
    page = Document(browser.get(SIGN_IN).text)
    assert "Anmelden mit Stadtkonto" in page.words
    assert BEGIN in page.links
    assert redirected(sign_in(browser)) == DESK
    assert clerk in browser.get(DESK).text
    last = noted(town.installation.database)[-1]
    assert (last.act, last.account, last.success) == ("sign-in", clerk, True)
    browser.post(f"{DESK}/abmelden", {"token": browser.token(DESK)})
    assert browser.get(DESK).status_code == 303


def test_nothing_of_the_provider_is_kept_but_a_digest(town, clerk, city):
    browser = Browser(town)
    sign_in(browser)
    with town.installation.database.reading() as connection:
        held = str(
            [
                tuple(row)
                for name in ("identities", "audit", "people", "sessions")
                for row in connection.execute(text(f"SELECT * FROM {name} WHERE 1 = 1"))
            ]
        )
    for told in (city.subject, "erika@stadt.example"):
        assert told not in held


def test_one_comes_to_where_one_wanted_to_go_and_nowhere_else(town, clerk):
    wanted = f"{DESK}/{BOTTROP}"
    assert redirected(sign_in(Browser(town), f"{BEGIN}?{urlencode({'next': wanted})}")) == wanted
    assert redirected(sign_in(Browser(town), f"{BEGIN}?{urlencode({'next': 'https://boese.example'})}")) == DESK
    assert redirected(sign_in(Browser(town), f"/en{BEGIN}")) == f"/en{DESK}"


def test_state_nonce_and_challenge_are_new_each_time(town, clerk, city):
    for _ in range(2):
        sign_in(Browser(town))
    one, two = city.asked[-2:]
    assert all(one[name] != two[name] for name in ("state", "nonce", "code_challenge"))


@pytest.mark.parametrize("how", ["no cookie", "another browser", "forged", "missing", "changed address", "replayed"])
def test_an_answer_that_this_browser_did_not_ask_for_lets_nobody_in(town, clerk, how):
    browser, other = Browser(town), Browser(town)
    back = at_provider(browser)
    path, _, query = back.partition("?")
    given = {name: value for name, (value,) in parse_qs(query).items()}
    match how:
        case "no cookie":
            browser = other
        case "another browser":
            at_provider(other)
            browser = other
        case "forged":
            given["state"] = given["state"].partition(".")[0] + "." + "0" * 64
        case "missing":
            del given["state"]
        case "changed address":
            given["state"] = "L2Vu." + given["state"].partition(".")[2]
        case "replayed":
            assert redirected(browser.get(back)) == DESK
            browser.client.cookies.delete("werdegang")
    answer = browser.get(f"{path}?{urlencode(given)}")
    assert answer.status_code == 403
    refused_with(browser, answer, "nicht in diesem Browser begonnen")


def test_a_code_counts_once_even_with_the_cookie_of_before(town, clerk):
    browser = Browser(town)
    back = at_provider(browser)
    cookie = browser.client.cookies.get("werdegang-anmeldedienst")
    browser.get(back)
    thief = Browser(town)
    thief.client.cookies.set("werdegang-anmeldedienst", cookie)
    refused_with(thief, thief.get(back), "nicht bestätigt")


@pytest.mark.parametrize(
    ("fault", "claims"),
    [
        ("forged signature", {}),
        ("no signature", {}),
        ("no token", {}),
        (None, {"nonce": "x"}),
        (None, {"nonce": None}),
        (None, {"iss": "https://boese.example"}),
        (None, {"aud": "another"}),
        (None, {"aud": ["another", CLIENT]}),
        (None, {"aud": CLIENT, "azp": "another"}),
        (None, {"exp": 1}),
        (None, {"exp": None}),
        (None, {"iat": 9_999_999_999}),
        (None, {"sub": None}),
        (None, {"sub": 7}),
        (None, {"sub": ""}),
    ],
)
def test_a_token_that_does_not_fit_lets_nobody_in(town, clerk, city, fault, claims):
    browser = Browser(town)
    city.fault, city.claims = fault, claims
    answer = sign_in(browser)
    assert answer.status_code == 403
    refused_with(browser, answer, "Die Antwort des Anmeldedienstes ist nicht gültig.")


def test_who_refuses_is_not_signed_in_and_told_so_in_both_languages(town, clerk, city):
    city.fault = "refused consent"
    for path, said in ((BEGIN, "nicht bestätigt"), (f"/en{BEGIN}", "did not confirm")):
        browser = Browser(town)
        refused_with(browser, sign_in(browser, path), said)


def test_who_has_no_account_is_told_the_id_that_an_administrator_needs(town, clerk, city):
    city.subject = "niemand-hier"
    browser = Browser(town)
    refused_with(browser, sign_in(browser), "niemand-hier")
    last = noted(town.installation.database)[-1]
    assert (last.act, last.account, last.success) == ("sign-in", None, False)


def test_who_was_untied_or_whose_account_is_closed_gets_no_further(town, clerk, city):
    browser = Browser(town)
    sign_in(browser)
    town.installation.identities.untie(clerk)
    assert browser.get(DESK).status_code == 303
    browser = Browser(town)
    refused_with(browser, sign_in(browser), "mit keinem offenen Konto verknüpft")
    town.installation.identities.tie(clerk, city.issuer, city.subject)
    town.installation.accounts.disable(clerk)
    refused_with(browser, sign_in(browser), "mit keinem offenen Konto verknüpft")


def test_one_person_has_one_account(town, clerk, city):
    other = town.installation.accounts.create("Max Mustermann", set()).id
    with pytest.raises(Refused) as refusal:
        town.installation.identities.tie(other, city.issuer, city.subject)
    assert [found.code for found in refusal.value.refusals] == ["identity-taken"]


def test_a_provider_may_sign_with_a_new_key(town, clerk, city):
    assert redirected(sign_in(Browser(town))) == DESK
    city.change_key()
    assert redirected(sign_in(Browser(town))) == DESK


@pytest.mark.parametrize("fault", ["down", "another issuer"])
def test_a_provider_that_is_down_or_another_one_is_told_on_the_form(town, city, fault):
    city.fault = fault
    issuer = "http://127.0.0.1:1" if fault == "down" else city.issuer
    provider = IdentityProvider(Provider(issuer, CLIENT, SECRET, "Stadtkonto"), town.clock)
    browser = Browser(town, create_app(replace(town.installation, provider=provider)))
    answer = browser.get(BEGIN)
    assert answer.status_code == (503 if fault == "down" else 403)
    refused_with(browser, answer, "antwortet nicht" if fault == "down" else "nicht gültig")
    city.fault = None


class Silent:
    """A provider that takes every question and answers none, until it is closed."""

    def __init__(self):
        self.asked = 0
        self.taken = Semaphore(0)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.issuer = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._open = []
        self._thread = Thread(target=self._take)
        self._thread.start()

    def _take(self):
        while True:
            connection, _ = self._listening.accept()
            if not connection.recv(65_536):
                connection.close()
                return
            self._open.append(connection)
            self.asked += 1
            self.taken.release()

    def hang_up(self):
        while self._open:
            self._open.pop().close()

    def close(self):
        self.hang_up()
        socket.create_connection(self._listening.getsockname()).close()
        self._thread.join()
        self._listening.close()


@pytest.fixture
def silent():
    provider = Silent()
    yield provider
    provider.close()


def code_of(ask):
    with pytest.raises(Refused) as refusal:
        ask()
    return refusal.value.refusals[0].code


def test_nobody_waits_for_a_provider_that_somebody_waits_for_already(town, silent):
    provider = IdentityProvider(Provider(silent.issuer, CLIENT, None, "Stadtkonto"), town.clock)
    begin = partial(provider.address, "x" * 43, "http://testserver/", DESK)
    with ThreadPoolExecutor(1) as first:
        waiting = first.submit(code_of, begin)
        silent.taken.acquire()
        assert [code_of(begin) for _ in range(50)] == ["sign-in-busy"] * 50
        silent.hang_up()
        assert waiting.result() == "identity-unreachable"
    assert silent.asked == 1


def test_a_provider_that_failed_is_not_asked_again_at_once(town, silent):
    provider = IdentityProvider(Provider(silent.issuer, CLIENT, None, "Stadtkonto"), town.clock)
    begin = partial(provider.address, "x" * 43, "http://testserver/", DESK)
    with ThreadPoolExecutor(1) as other:
        for asked in (1, 2):
            waiting = other.submit(code_of, begin)
            silent.taken.acquire()
            silent.hang_up()
            assert waiting.result() == "identity-unreachable"
            assert [code_of(begin), code_of(begin)] == ["identity-unreachable"] * 2
            assert silent.asked == asked
            town.wait(seconds=31)


def test_few_wait_for_what_the_provider_says_about_a_code(town, clerk, city, silent):
    provider = IdentityProvider(Provider(city.issuer, CLIENT, SECRET, "Stadtkonto"), town.clock)
    browser = Browser(town, create_app(replace(town.installation, provider=provider)))
    back = at_provider(browser)
    until, metadata, keys = provider._known  # it is known, and stops answering now
    provider._known = until, {**metadata, "token_endpoint": f"{silent.issuer}/token"}, keys
    answer = {name: value for name, (value,) in parse_qs(urlsplit(back).query).items()}
    secret = browser.client.cookies.get("werdegang-anmeldedienst")
    ask = partial(code_of, partial(provider.subject, secret, "http://testserver/", answer))
    with ThreadPoolExecutor(AT_ONCE) as others:
        waiting = [others.submit(ask) for _ in range(AT_ONCE)]
        for _ in waiting:
            silent.taken.acquire()
        assert ask() == "sign-in-busy"
        silent.hang_up()
        assert [each.result() for each in waiting] == ["identity-unreachable"] * AT_ONCE
    assert ask() == "identity-unreachable"
    assert silent.asked == AT_ONCE


def test_without_a_provider_there_is_no_button_and_no_way(town):
    browser = Browser(town, create_app(replace(town.installation, provider=None)))
    assert BEGIN not in Document(browser.get(SIGN_IN).text).links
    assert browser.get(BEGIN).status_code == 404
    assert browser.get(f"{ANSWER}?code=x&state=x").status_code == 404


# ---- settings -----------------------------------------------------------------------------------------------------

ISSUER, ID = "WERDEGANG_OIDC_ISSUER", "WERDEGANG_OIDC_CLIENT_ID"
RIGHT = {ISSUER: "https://konto.stadt.example/realms/stadt", ID: CLIENT}


def complaints(**given):
    with pytest.raises(Refused) as refusal:
        Settings.from_environment(given)
    return [found.code for found in refusal.value.refusals]


def test_the_provider_is_set_with_the_secret_or_a_file_and_named_by_its_host(tmp_path):
    file = tmp_path / "geheim"
    file.write_text("geheim\n", encoding="utf-8")
    found = Settings.from_environment({**RIGHT, "WERDEGANG_OIDC_CLIENT_SECRET_FILE": str(file)}).provider
    assert (found.issuer, found.client_id, found.secret) == (RIGHT[ISSUER], CLIENT, "geheim")
    assert found.name == "konto.stadt.example"
    assert "geheim" not in repr(found)
    assert Settings.from_environment({**RIGHT, "WERDEGANG_OIDC_NAME": "Stadtkonto"}).provider.name == "Stadtkonto"
    assert Settings.from_environment({}).provider is None


@pytest.mark.parametrize(
    "issuer",
    ["http://konto.stadt.example", "konto.stadt.example", "https://", "https://a/?b", "https://a:x", "https://[a"],
)
def test_an_issuer_is_an_address_by_https(issuer):
    assert complaints(**{**RIGHT, ISSUER: issuer}) == ["setting-oidc-issuer"]


def test_half_a_provider_is_refused(tmp_path):
    assert complaints(**{ISSUER: RIGHT[ISSUER]}) == ["setting-oidc"]
    assert complaints(WERDEGANG_OIDC_NAME="x") == ["setting-oidc", "setting-oidc"]
    assert complaints(**RIGHT, WERDEGANG_OIDC_CLIENT_SECRET_FILE=str(tmp_path / "x")) == ["setting-oidc-secret"]
    both = {"WERDEGANG_OIDC_CLIENT_SECRET": "x", "WERDEGANG_OIDC_CLIENT_SECRET_FILE": __file__}
    assert complaints(**RIGHT, **both) == ["setting-oidc-secret"]


def test_the_way_to_the_provider_leads_by_https(town):
    secure = replace(town.installation, settings=replace(town.installation.settings, https=True))
    browser = Browser(town, create_app(secure))
    there = parse_qs(urlsplit(redirected(browser.get(BEGIN))).query)
    assert there["redirect_uri"] == [f"https://testserver{ANSWER}"]
