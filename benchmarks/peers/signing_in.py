"""Signing in at the desk through npm `oidc-provider`: code flow with PKCE, a real server of ours, a real browser."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Final
from urllib.parse import parse_qs, quote_plus, urlsplit

import httpx2
from playwright.sync_api import Browser, Page, sync_playwright

from adapters.identity_provider import IdentityProvider
from adapters.settings import Provider
from adapters.web.app import create_app
from tests.browser import chromium, served
from tests.faces import BOTTROP, House, bottrop

HERE: Final = Path(__file__).parent
NAME: Final = "Stadtkonto"
DESK: Final = f"/geschaeftsstelle/{BOTTROP}"
ANSWER: Final = "/geschaeftsstelle/anmelden/dienst/antwort"
ELSEWHERE: Final = "/woanders"
"""Where a code is led that our server must not use up."""

KINDS: Final = (("client_secret_basic", "RS256"), ("client_secret_basic", "EdDSA"), ("none", "ES256"))
"""How we prove to the provider who we are, and how it signs; `none`: only PKCE binds the code to us."""


@dataclass(frozen=True, slots=True)
class Client:
    """One way in which the provider knows us, with a server of ours that uses it."""

    id: str
    secret: str | None
    algorithm: str
    server: str

    def registered(self) -> dict[str, Any]:
        """As the provider is told of it."""
        return {
            "client_id": self.id,
            **({"client_secret": self.secret} if self.secret else {}),
            "token_endpoint_auth_method": "client_secret_basic" if self.secret else "none",
            "id_token_signed_response_alg": self.algorithm,
            "redirect_uris": [self.server + ANSWER, self.server + ELSEWHERE],
            "response_types": ["code"],
            "grant_types": ["authorization_code"],
        }


def sign_in_by(folder: Path) -> dict[str, Any]:
    """How many sign-ins ended as they must, with the provider installed in a folder. One that does not raises."""
    house = bottrop(folder / "desk")
    accounts = house.installation.accounts
    clerk = accounts.create("Erika Mustermann", {("recorder", BOTTROP)}).id
    with ExitStack() as open_, _provider(folder) as (issuer, version, tell):
        house.installation.identities.tie(clerk, issuer, "erika")
        clients = [
            Client(
                id_, secret, algorithm, open_.enter_context(served(_app(house, Provider(issuer, id_, secret, NAME))))
            )
            for n, (method, algorithm) in enumerate(KINDS)
            for id_, secret in [(f"werdegang-{n}", None if method == "none" else "ein Geheimnis: mit Zeichen, 100 %+")]
        ]
        tell([client.registered() for client in clients])
        browser = open_.enter_context(chromium(open_.enter_context(sync_playwright())))
        for client in clients:
            _lets_in(browser, client, clerk)
            _keeps_out(browser, client)
            _binds_the_code(browser, client, issuer)
    house.close()
    return {"version": version, "entered": len(clients), "kept_out": 2 * len(clients), "bound": len(clients)}


def _lets_in(browser: Browser, client: Client, clerk: str) -> None:
    """Who is tied to an account comes to where they wanted to go."""
    with _window(browser) as page:
        _at_provider(page, client, "erika")
        page.wait_for_url(client.server + DESK)
        page.goto(f"{client.server}/geschaeftsstelle")
        assert page.get_by_text(clerk, exact=True).is_visible()
        page.get_by_role("button", name="Abmelden").click()
        page.goto(client.server + DESK)
        assert page.get_by_role("heading", level=1).inner_text() == "Anmelden"


def _keeps_out(browser: Browser, client: Client) -> None:
    """Whom the provider knows but the desk does not, and who gives up at the provider."""
    with _window(browser) as page:
        _at_provider(page, client, "jemand-anders")
        page.wait_for_url(f"{client.server}{ANSWER}*")
        assert page.get_by_role("alert").is_visible()
    with _window(browser) as page:
        _to_provider(page, client)
        page.get_by_role("link", name="Cancel").click()
        page.wait_for_url(f"{client.server}{ANSWER}*")
        assert page.get_by_role("alert").is_visible()
        page.goto(client.server + DESK)
        assert page.get_by_role("heading", level=1).inner_text() == "Anmelden"


def _binds_the_code(browser: Browser, client: Client, issuer: str) -> None:
    """Whoever gets hold of a code can do nothing with it: the verifier is in the browser that asked for it."""
    asks = IdentityProvider(Provider(issuer, client.id, client.secret, NAME))
    with _window(browser) as page:
        page.goto(asks.address(token_urlsafe(32), client.server + ELSEWHERE, DESK))
        _as(page, "erika")
        page.wait_for_url(f"{client.server}{ELSEWHERE}*")
        (code,) = parse_qs(urlsplit(page.url).query)["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.server + ELSEWHERE,
        "code_verifier": "x" * 43,
        "client_id": client.id,
    }
    where = httpx2.get(f"{issuer}/.well-known/openid-configuration", trust_env=False).json()["token_endpoint"]
    auth = None if client.secret is None else (quote_plus(client.id), quote_plus(client.secret))
    answer = httpx2.post(where, data=form, auth=auth, trust_env=False)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant"), answer.text


def _to_provider(page: Page, client: Client) -> None:
    page.goto(client.server + DESK)
    page.get_by_role("link", name=f"Anmelden mit {NAME}").click()
    page.wait_for_selector("[name=login]")


def _at_provider(page: Page, client: Client, person: str) -> None:
    _to_provider(page, client)
    _as(page, person)


def _as(page: Page, person: str) -> None:
    """Signs in at the provider as somebody, and agrees."""
    page.locator("[name=login]").fill(person)
    page.locator("[name=password]").fill("beliebig")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


@contextmanager
def _window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="de-DE")
    yield context.new_page()
    context.close()


def _app(house: House, provider: Provider) -> Any:
    return create_app(replace(house.installation, provider=IdentityProvider(provider)))


@contextmanager
def _provider(folder: Path) -> Iterator[tuple[str, str, Any]]:
    """The provider in a process of its own: where it is, its version, and how it is told of its clients."""
    command = [shutil.which("node") or "node", str(HERE / "oidc.js")]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        said = json.loads(running.stdout.readline())

        def tell(clients: list[dict[str, Any]]) -> None:
            assert running.stdin is not None
            assert running.stdout is not None
            print(json.dumps(clients), file=running.stdin, flush=True)
            assert running.stdout.readline() == "ready\n", "the provider did not start"

        try:
            yield said["issuer"], said["version"], tell
        finally:
            running.stdin.close()
