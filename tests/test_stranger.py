"""A stranger gets in nowhere: every route of the desk and every route that records is tried by who may not use it.

The routes are those of the app itself, so that a new one is tried as soon as it is there. What a role may do is read
off one small table; whatever does not stand there may be used by no stranger and by nobody with a role elsewhere.
"""

import io
import re
from urllib.parse import urlsplit

import pytest

from adapters.drafts import Part
from adapters.imports.tables import read_table
from adapters.people import Person
from tests.faces import BOTTROP, House
from tests.story import told
from tests.test_desk import DESK, HERE, PASSWORD, SIGN_IN, Browser, leads_to_sign_in, served

OPEN = {f"{language}{SIGN_IN}{rest}" for language in ("", "/en") for rest in ("", "/dienst", "/dienst/antwort")}
"""All of the desk that answers who is not signed in: signing in. A route is added here with a reason, or not at all."""

EVERYBODYS = {
    f"{language}{DESK}{rest}"
    for language in ("", "/en")
    for rest in ("", "/passwort", "/abmelden", "/suche", "/entwurf-verwerfen/{draft}", "/unterbrochen/{draft}")
}
"""What everybody may do who is signed in, whatever their role: nothing of any process. Drafts are one's own alone, and
the search finds what is public."""

MEETING = {
    "type": "meeting-planned",
    "meeting": "treffen-1",
    "title": "Treffen im Rathaus",
    "begins": "2026-12-10T18:00",
    "place": "Rathaus",
}

NOTED = "context-noted"

REFUSED = {403, 404}

ASKED = {"/entwuerfe/{draft}/neu": f"?more={NOTED}"}
"""What has to stand behind an address, by the end of its route."""

SECRET = "Quittenmarmelade"
"""A word of an entry that is internal."""

NOWHERE = {("GET", f"{DESK}/{{rest:path}}"), ("GET", f"/en{DESK}/{{rest:path}}")}
"""What nobody finds anything at."""

ELSEWHERE = "another-process"


def addressed(path, objects):
    """An address of a route, for real objects: what is not there is nowhere, whoever asks. Each has to have one."""
    mine = objects | {"draft": objects["interrupted"]} if "/unterbrochen/" in path else objects
    asked = next((query for end, query in ASKED.items() if path.endswith(end)), "")
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: mine[found[1]], path) + asked


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A town that has little recorded, but one of everything that an address of the desk can name."""
    house = House(tmp_path_factory.mktemp("stranger") / "data")
    office = house.installation
    account = office.accounts.create("Jan Muster", {("recorder", BOTTROP)}).id
    house.record(
        {"key": "anfang", **told({"type": "process-opened", "name": "Bottrop 2018+"}, "2017")},
        {"key": "treffen", **told(MEETING, "2026-11-20")},
        {"key": "intern", **told({"type": NOTED, "what": SECRET}, "2017")},
        {"key": "kreis", **told({"type": "alliance-founded", "body": "kreis", "name": "Kreis"}, "2018")},
        {
            "key": "amt",
            **told({"type": "actor-registered", "actor": "amt", "kind": "authority", "name": "Amt"}, "2018"),
        },
        {"key": "handel", **told({"type": "theme-identified", "theme": "handel", "name": "Handel"}, "2018")},
    )
    house.objects = {
        "process": BOTTROP,
        "step_type": NOTED,
        "number": "1",
        "body": "kreis",
        "actor": "amt",
        "theme": "handel",
        "key": "desk-1",
        "draft": "desk-1",
        "interrupted": "desk-2",
        "meeting": MEETING["meeting"],
        "account": account,
        "id_": office.people.add(Person(BOTTROP, "other", "Quendolin Zwirnhelm"), account),
        "sha256": office.documents.keep(BOTTROP, "a.txt", io.BytesIO(b"Protokoll"), account).sha256,
        "ending": "xlsx",
        "format": "csv",
        "rest": "gibt/es/nicht",
        "drawing": "degree.stages",
    }
    yield house
    house.close()


@pytest.fixture(scope="module")
def routes(town):
    """Every method and route of the desk, but for signing in."""
    found = sorted({(method, path) for method, path in served(town.app.routes) if "/geschaeftsstelle" in path})
    assert len(found) > 20
    # The English addresses lead to the same functions, as `page` registers them: one in seven is tried all the same.
    tried = [route for place, route in enumerate(found) if not route[1].startswith("/en/") or place % 7 == 0]
    return [(method, path) for method, path in tried if path not in OPEN and method != "HEAD"]


@pytest.fixture(scope="module")
def written(town):
    """Every route of the API that changes something."""
    methods = {"POST", "PUT", "PATCH", "DELETE"}
    found = {(method, path) for method, path in served(town.app.routes) if method in methods and "/api/" in path}
    assert found
    return sorted((method, addressed(path, town.objects)) for method, path in found)


def own(town, account):
    """What somebody had begun while they could: a draft, an interrupted form, and a table that waits."""
    office = town.installation
    office.drafts.put(account, BOTTROP, "desk-1", Part("desk-1", NOTED, {"/step/what": ["Begonnen"]}))
    office.drafts.interrupt(account, BOTTROP, "desk-2", f"{DESK}/{BOTTROP}/veroeffentlichen", [("number", "1")])
    grid = read_table(io.BytesIO(b"Was geschah\nEs regnete\n"), "a.csv")
    return {"table": office.waiting_tables.put(account, BOTTROP, NOTED, grid.packed())}


def clerk(town, *roles):
    """A browser in which somebody with these roles is signed in."""
    town.clerk = town.installation.accounts.create("Erika Mustermann", set(roles)).id
    town.installation.passwords.set(town.clerk, PASSWORD)
    browser = Browser(town)
    assert browser.sign_in().status_code == 303
    browser.own_token = browser.token(f"{DESK}/passwort")
    browser.objects = town.objects | own(town, town.clerk)
    return browser


def ask(browser, method, path, **fields):
    address = addressed(path, browser.objects)
    if method == "GET":
        return browser.get(address)
    return browser.client.request(method, address, data={"token": browser.own_token, "act": "x", **fields})


def last(town):
    """How many entries there are: nothing that is refused adds any."""
    found = town.client.get("/api/v1/processes", headers=town.headers("admin")).json()["processes"]
    return {process["process"]: process["version"] for process in found}


def test_who_may_is_answered_by_every_route_so_that_a_refusal_of_others_says_something(town, routes):
    """Seen to fail for a parameter that stood for nothing, whose routes were nowhere for everybody."""
    browser = clerk(town, ("admin", "*"), ("evaluator", "*"))
    assert f"/eintrag/{town.numbers['intern']}" in browser.get(f"{DESK}/suche?q={SECRET}").text
    for method, path in routes:
        if path.endswith("/abmelden"):
            continue
        answer = ask(browser, method, path, current=PASSWORD)
        assert answer.status_code != 403, (method, path)
        assert not leads_to_sign_in(answer), (method, path)
        if method == "GET" and (method, path) not in NOWHERE:
            assert answer.status_code < 400, (method, path, answer.status_code)


def test_without_signing_in_every_route_of_the_desk_leads_to_the_form_for_it(town, routes):
    stranger, before = Browser(town), last(town)
    stranger.own_token = stranger.token()
    stranger.objects = town.objects | {"table": "0" * 32}
    for method, path in routes:
        assert leads_to_sign_in(ask(stranger, method, path)), (method, path)
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
    for method, path in routes:
        if path not in EVERYBODYS:
            answer = ask(browser, method, path)
            assert answer.status_code in REFUSED, (method, path, answer.status_code)
    assert f"/eintrag/{town.numbers['intern']}" not in browser.get(f"{DESK}/suche?q={SECRET}").text
    assert last(town) == before


ALLOWED = {
    "evaluator": {("GET", "/geschaeftsstelle/{process}")},
    "publisher": {
        ("GET", "/geschaeftsstelle/{process}"),
        ("GET", "/geschaeftsstelle/{process}/veroeffentlichen"),
        ("POST", "/geschaeftsstelle/{process}/veroeffentlichen"),
        ("GET", "/geschaeftsstelle/{process}/eintrag/{number}/texte-loeschen"),
        ("POST", "/geschaeftsstelle/{process}/eintrag/{number}/texte-loeschen"),
    },
}
"""All that a role may do besides reading. Without a line here a role may send nothing, and see no page of another's."""


ANOTHERS = re.compile(
    r"/(erfassen|berichtigen|zuruecknehmen|texte-loeschen|entwuerfe|tabelle|einladungsliste|veroeffentlichen)\b"
    r"|/geschaeftsstelle/(konten|protokoll|personen|barrieren|neu)\b"
)
"""Pages that are not for reading what happened, but for who records, publishes or administers."""


@pytest.mark.parametrize("role", ALLOWED)
def test_a_wrong_role_can_send_nothing(town, routes, role):
    browser, before = clerk(town, (role, BOTTROP)), last(town)
    for method, path in routes:
        german = path.removeprefix("/en")
        if path in EVERYBODYS or (method, german) in ALLOWED[role]:
            continue
        answer = ask(browser, method, path)
        if method == "GET" and answer.status_code == 200:  # reading what is internal is every role's right
            assert not ANOTHERS.search(path), (method, path)
        else:
            assert answer.status_code in REFUSED, (method, path, answer.status_code)
    assert last(town) == before


@pytest.mark.parametrize("role", ["recorder", "publisher", "evaluator", "admin"])
def test_who_administers_no_more_than_a_process_sees_no_account(town, routes, role):
    browser = clerk(town, (role, BOTTROP))
    for method, path in routes:
        if re.search(r"/geschaeftsstelle/(konten|protokoll)\b", path):
            assert ask(browser, method, path).status_code == 403, (method, path)


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
    for method, path in routes:
        if method != "GET":
            address, data = addressed(path, browser.objects), {"token": token, "act": "x"}
            answer = browser.client.request(method, address, data=data, headers=headers)
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
    for method, path in routes:
        assert leads_to_sign_in(ask(browser, method, path)), (method, path)


def test_who_still_has_a_password_of_somebody_else_gets_no_further_than_choosing_another(town, routes):
    browser = clerk(town, ("admin", "*"))
    password = town.installation.passwords.generate(town.clerk, once=True)
    assert browser.sign_in(password=password).status_code == 303
    browser.own_token = browser.token(f"{DESK}/passwort")
    for method, path in routes:
        if path.removeprefix("/en") not in (f"{DESK}/passwort", f"{DESK}/abmelden"):
            answer = ask(browser, method, path)
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
