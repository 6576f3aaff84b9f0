"""The desk: nobody gets in without signing in, nothing is done for another site, and the public pages know no clerk."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from adapters.settings import Settings
from adapters.web.app import AT_THE_DESK, create_app
from adapters.wiring import built
from tests.faces import BOTTROP, bottrop
from tests.passwords import QUICK
from tests.story import told
from tests.test_pages import Document

DESK = "/geschaeftsstelle"
SIGN_IN = f"{DESK}/anmelden"
PASSWORD = "Wie es dazu kam"
HERE = "http://testserver"


FORM_WITH_FILES = re.compile(r'<form[^>]* enctype="multipart/form-data" action="([^"]+)"')


def pairs_of(fields):
    """The fields of a form, one by one."""
    for name, value in fields.items():
        yield from ((name, each) for each in ([value] if isinstance(value, str) else value))


class Browser:
    """Somebody's browser: it keeps cookies and fills in forms as they stand on a page."""

    def __init__(self, house, app=None, base=HERE):
        self.house = house
        self.with_files = set()
        self.client = TestClient(app or house.app, base_url=base, follow_redirects=False, raise_server_exceptions=False)

    def get(self, path, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._seen(self.client.get(path, headers=named))

    def post(self, path, fields=None, files=(), **headers):
        """Sends a form as its page says: in parts if it may bring files. The script of the desk sends none."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        fields = fields or {"x": "y"}
        if path in self.with_files and ("act", "autosave") not in (pairs := list(pairs_of(fields))):
            parts = [(name, (None, value)) for name, value in pairs]
            return self._seen(self.client.post(path, files=[*parts, *files], headers=named))
        assert not files
        return self._seen(self.client.post(path, data=fields, headers=named))

    def _seen(self, answer):
        self.with_files.update(FORM_WITH_FILES.findall(answer.text))
        return answer

    def token(self, path=SIGN_IN):
        return re.search(r'name="token" value="([0-9a-f]{64})"', self.get(path).text)[1]

    def sign_in(self, account=None, password=PASSWORD, path=SIGN_IN, **fields):
        token = self.token(path)
        account = account or self.house.clerk
        return self.post(urlsplit(path).path, {"token": token, "account": account, "password": password, **fields})

    @property
    def secret(self):
        return self.client.cookies.get("werdegang")


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    house = bottrop(tmp_path_factory.mktemp("desk") / "data")
    house.record({"key": "intern", **told({"type": "context-noted", "what": "Nur intern"}, "2017")})
    house.record(
        {"key": "a", **told({"type": "process-opened", "name": "Nur geplant"}, "2026-11-20")}, process="im-entwurf"
    )
    yield house
    house.close()


@pytest.fixture
def house(town):
    """The town with a new clerk, whose tries and roles are no other test's business."""
    accounts = town.installation.accounts
    town.clerk = accounts.create("Erika Mustermann", [("recorder", BOTTROP), ("evaluator", "*")]).id
    town.installation.passwords.set(town.clerk, PASSWORD)
    town.wait(days=1)
    return town


@pytest.fixture
def browser(house):
    return Browser(house)


@pytest.fixture
def inside(browser):
    """A browser whose clerk is signed in."""
    assert browser.sign_in().status_code == 303
    return browser


def leads_to_sign_in(answer):
    return answer.status_code == 303 and urlsplit(answer.headers["location"]).path.endswith(SIGN_IN)


def served(routes):
    """Every method and address that is answered, however deep a router was included."""
    for route in routes:
        if isinstance(route, Route):
            yield from ((method, route.path) for method in route.methods)
        else:
            yield from served(route.original_router.routes)


ADDRESSES = {
    "{rest:path}": "gibt/es/nicht",
    "{process}": BOTTROP,
    "{step_type}": "context-noted",
    "{draft}": "desk-1",
    "{key}": "desk-2",
    "{number}": "3",
    "{sha256}": "0" * 64,
    "{table}": "0" * 32,
    "{ending}": "xlsx",
    "{meeting}": "werkstatt-2",
    "{id_}": "person-x",
    "{account}": "konto-aaaaaaaaaa",
    "{body}": "wirtschaftsallianz",
    "{actor}": "faktor-10",
    "{theme}": "logistik",
    "{format}": "csv",
    "{drawing}": "degree.stages",
}


def addressed(path):
    """An address that a route answers."""
    for parameter, value in ADDRESSES.items():
        path = path.replace(parameter, value)
    return path


BEHIND_THE_DOOR = [route for router in AT_THE_DESK for route in router.routes]
EVERY_ROUTE = sorted((method, addressed(path)) for method, path in served(BEHIND_THE_DOOR))
GUARDED = [route for place, route in enumerate(EVERY_ROUTE) if not route[1].startswith("/en/") or place % 7 == 0]
"""The English addresses lead to the same functions, as `page` registers them: one in seven is tried all the same."""


# ---- signing in and out -------------------------------------------------------------------------------------------


def test_who_signs_in_sees_who_they_are_what_they_may_and_every_process(inside):
    page = Document(inside.get(DESK).text)
    assert "Erika Mustermann" in page.words
    assert inside.house.clerk in page.words
    assert "Erfassung (bottrop-2018)" in page.words
    assert "Auswertung (alle Prozesse)" in page.words
    assert "Ein Eintrag ist noch nicht öffentlich." in page.words
    assert "Nur geplant" in page.words
    assert "Öffentliche Seiten gibt es noch nicht." in page.words
    assert f"/prozesse/{BOTTROP}" in page.links
    assert "/prozesse/im-entwurf" not in page.links
    assert page.faults == []


def test_the_desk_speaks_english_too(browser):
    assert browser.sign_in(path=f"/en{SIGN_IN}").headers["location"] == f"/en{DESK}"
    page = Document(browser.get(f"/en{DESK}").text)
    assert "One entry is not public yet." in page.words
    assert f"/en/prozesse/{BOTTROP}" in page.links
    assert {DESK} <= page.links
    assert browser.post(f"/en{DESK}/abmelden", {"token": browser.token(f"/en{DESK}")}).headers["location"] == (
        f"/en{SIGN_IN}"
    )


def test_a_clerk_of_one_process_sees_no_other_unpublished_one(browser):
    browser.house.installation.accounts.revoke(browser.house.clerk, "evaluator", "*")
    browser.sign_in()
    page = Document(browser.get(DESK).text)
    assert "Nur geplant" not in page.words
    assert "Ein Eintrag ist noch nicht öffentlich." in page.words


def test_a_wrong_password_is_told_first_and_gets_the_focus_and_is_not_repeated(browser):
    answer = browser.sign_in(password="<b>Wie es dazu kann")
    page = Document(answer.text)
    assert answer.status_code == 403
    assert "Konto und Passwort passen nicht zusammen." in page.words
    alerts = [e for e in page.all("div") if e.get("role") == "alert"]
    assert [("autofocus" in alert, alert["tabindex"]) for alert in alerts] == [(True, "-1")]
    fields = {field["name"]: field for field in page.all("input") if field["type"] != "hidden"}
    assert (fields["account"]["value"], fields["password"]["value"]) == (browser.house.clerk, "")
    assert (fields["account"]["autocomplete"], fields["password"]["autocomplete"]) == ("username", "current-password")
    assert {label["for"] for label in page.all("label")} == {"account", "password"}
    assert "dazu kann" not in answer.text
    assert browser.secret is None


def test_after_five_wrong_passwords_the_right_one_is_refused_with_how_long_to_wait(browser):
    for _ in range(5):
        assert browser.sign_in(password="Wie es dazu kann").status_code == 403
    answer = browser.sign_in()
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert "in 1 Min. wieder" in answer.text
    browser.house.wait(minutes=1)
    assert browser.sign_in().status_code == 303


def test_an_unknown_account_is_answered_with_the_same_page(browser):
    known = browser.sign_in(password="Wie es dazu kann")
    unknown = browser.sign_in("konto-nirgends22", "Wie es dazu kann")
    assert known.status_code == unknown.status_code
    assert known.text.replace(browser.house.clerk, "") == unknown.text.replace("konto-nirgends22", "")


def test_signing_out_ends_the_session_here_and_in_the_browser(inside):
    secret = inside.secret
    answer = inside.post(f"{DESK}/abmelden", {"token": inside.token(DESK)})
    assert (answer.status_code, answer.headers["location"]) == (303, SIGN_IN)
    assert inside.secret is None
    inside.client.cookies.set("werdegang", secret)
    assert leads_to_sign_in(inside.get(DESK))


def test_who_is_signed_in_already_is_led_on(inside):
    assert inside.get(SIGN_IN).headers["location"] == DESK
    assert inside.get(f"{SIGN_IN}?next=/en{DESK}").headers["location"] == f"/en{DESK}"


# ---- nobody else gets in ------------------------------------------------------------------------------------------


def gone(house, browser, how):
    """Brings a session to its end, in one of the ways there are."""
    accounts, passwords = house.installation.accounts, house.installation.passwords
    match how:
        case "none":
            browser.client.cookies.clear()
        case "made up":
            browser.client.cookies.clear()
            browser.client.cookies.set("werdegang", "x" * 43)
        case "idle":
            house.wait(minutes=30)
        case "expired":
            for _ in range(25):
                house.wait(minutes=29)
                browser.get(DESK)
        case "signed out":
            house.installation.sessions.end(browser.secret)
        case "another role":
            accounts.grant(house.clerk, "publisher", BOTTROP)
        case "fewer roles":
            accounts.revoke(house.clerk, "recorder", BOTTROP)
        case "another password":
            passwords.set(house.clerk, "Ein ganz anderes")
        case "disabled":
            accounts.disable(house.clerk)


WAYS = [
    *("none", "made up", "idle", "expired", "signed out", "another role", "fewer roles", "another password", "disabled")
]


@pytest.mark.parametrize("how", WAYS)
def test_without_a_session_every_address_of_the_desk_leads_to_the_sign_in(house, inside, how):
    token = inside.token(DESK)
    gone(house, inside, how)
    for method, path in GUARDED:
        answer = inside.get(path) if method == "GET" else inside.post(path, {"token": token})
        assert leads_to_sign_in(answer), (method, path)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.text == ""
        asked = parse_qs(urlsplit(answer.headers["location"]).query).get("next")
        assert asked == ([path] if method == "GET" else None)


def test_every_address_of_the_desk_is_guarded_but_the_form_for_signing_in(house):
    every = {(method, path) for method, path in served(house.app.routes) if "geschaeft" in path}
    guarded = set(served(BEHIND_THE_DOOR))
    form = {(method, language + SIGN_IN) for method in ("GET", "POST") for language in ("", "/en")}
    provider = {("GET", f"{language}{SIGN_IN}/dienst{end}") for end in ("", "/antwort") for language in ("", "/en")}
    assert every == guarded | form | provider


def test_what_is_asked_and_sent_is_no_way_past_the_guard(house, browser):
    for path in (f"{DESK}/", f"{DESK}//", f"/en{DESK}/x", f"{DESK}/%2e%2e/prozesse", f"{DESK}?x=1"):
        assert leads_to_sign_in(browser.get(path)), path
    for headers in ({"authorization": f"Bearer {house.tokens['admin']}"}, {"cookie": "werdegang=%00"}):
        assert leads_to_sign_in(browser.get(DESK, **headers))


def test_who_is_signed_in_is_told_what_is_not_there(inside):
    assert inside.get(f"{DESK}/gibt-es-nicht").status_code == 404
    assert inside.get(f"{DESK}/").headers["location"] == DESK
    assert inside.client.put(DESK).status_code == 405


@pytest.mark.parametrize(
    ("path", "home"), [(f"{DESK}/gibt/es/nicht", DESK), (f"/en{DESK}/gibt/es/nicht", f"/en{DESK}")]
)
def test_what_goes_wrong_at_the_desk_leads_back_to_the_desk(inside, path, home):
    for answer in (inside.get(path), inside.post(f"{path.split('/gibt')[0]}/abmelden")):
        page = Document(answer.text)
        assert home in page.links
        assert "Zu allen Prozessen" not in page.words


def test_no_answer_of_the_desk_is_kept(inside):
    for path in (DESK, SIGN_IN, f"{DESK}/gibt-es-nicht", f"/en{DESK}", f"{SIGN_IN}?next=a&next=b"):
        assert inside.get(path).headers["cache-control"] == "no-store", path
    assert inside.client.put(DESK).headers["cache-control"] == "no-store"
    assert Browser(inside.house).get(SIGN_IN).headers["cache-control"] == "no-store"


def test_the_policy_against_scripts_holds_at_the_desk_too(inside):
    for path in (DESK, f"/en{DESK}"):
        answer = inside.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        page = Document(answer.text)
        assert page.all("script", "style") == []
        assert not [e for _, e in page.elements if "style" in e or any(name.startswith("on") for name in e)]


# ---- forms of other sites -----------------------------------------------------------------------------------------


def test_a_form_without_the_token_of_the_session_is_refused(house, inside):
    other = Browser(house)
    other.sign_in()
    before = inside.token(DESK)
    for token in ("", "x", "0" * 64, before[:-1], before.upper() + "ü", other.token(DESK)):
        for method, path in GUARDED:
            if method == "POST":
                answer = inside.post(path, {"token": token})
                assert (answer.status_code, "Formular gilt nicht mehr" in answer.text) == (403, True), (path, token)
    assert inside.post(f"{DESK}/abmelden").status_code == 403
    assert inside.get(DESK).status_code == 200


def test_the_token_of_an_earlier_session_is_refused(inside):
    token = inside.token(DESK)
    inside.post(f"{DESK}/abmelden", {"token": token})
    inside.sign_in()
    assert inside.post(f"{DESK}/abmelden", {"token": token}).status_code == 403


FOREIGN = [
    {"origin": "https://angreifer.example"},
    {"origin": "http://testserver.angreifer.example"},
    {"origin": "https://testserver"},
    {"origin": "http://testserver:8000"},
    {"origin": "null"},
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-site"},
    {"sec_fetch_site": "none"},
    {"origin": HERE, "sec_fetch_site": "cross-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_of_another_site_is_refused_even_with_the_token(inside, headers):
    answer = inside.post(f"{DESK}/abmelden", {"token": inside.token(DESK)}, **headers)
    assert (answer.status_code, "nicht von einer Seite dieser Geschäftsstelle" in answer.text) == (403, True)
    assert inside.get(DESK).status_code == 200


@pytest.mark.parametrize("headers", FOREIGN)
def test_nobody_is_signed_in_by_another_site(house, browser, headers):
    token = browser.token()
    answer = browser.post(SIGN_IN, {"token": token, "account": house.clerk, "password": PASSWORD}, **headers)
    assert (answer.status_code, browser.secret) == (403, None)


def test_our_own_forms_are_taken(inside):
    token = inside.token(DESK)
    answer = inside.post(f"{DESK}/abmelden", {"token": token}, origin=HERE, sec_fetch_site="same-origin")
    assert answer.status_code == 303


def test_the_form_for_signing_in_is_tied_to_the_browser_it_was_given_to(house, browser):
    token = browser.token()
    stranger = Browser(house)
    stranger.get(SIGN_IN)
    fields = {"token": token, "account": house.clerk, "password": PASSWORD}
    for sender in (stranger, Browser(house)):  # with a form of its own, and with none
        answer = sender.post(SIGN_IN, fields)
        assert (answer.status_code, sender.secret) == (403, None)
        assert "Formular gilt nicht mehr" in answer.text
        fresh = re.search(r'name="token" value="([0-9a-f]{64})"', answer.text)[1]
        assert sender.post(SIGN_IN, {**fields, "token": fresh}).status_code == 303
    assert browser.get(SIGN_IN).status_code == 200
    assert browser.post(SIGN_IN, fields).status_code == 303  # the form in the first tab is still valid


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"token=a&token=a", "application/x-www-form-urlencoded"),
        (b"&".join(b"f%d=1" % n for n in range(20_001)), "application/x-www-form-urlencoded"),
        (b'{"token": "a"}', "application/json"),
        (b"token=a", "text/plain"),
        (b"--x--", "multipart/form-data; boundary=x"),
    ],
)
def test_what_is_no_form_of_ours_is_not_read(browser, content, media_type):
    answer = browser.client.post(SIGN_IN, content=content, headers={"content-type": media_type})
    assert answer.status_code == 400
    assert "kein Formular dieser Seiten" in answer.text


def test_a_form_may_have_a_field_for_every_entry_of_a_large_process(house, browser):
    publisher = house.installation.accounts.create("Veröffentlichung", [("publisher", BOTTROP)]).id
    house.installation.passwords.set(publisher, PASSWORD)
    browser.sign_in(publisher)
    address = f"{DESK}/{BOTTROP}/veroeffentlichen"
    entries = [str(number) for number in range(1, 5_001)]
    answer = browser.post(address, {"token": browser.token(address), "act": "check", "entry": entries})
    assert (answer.status_code, "kein Formular dieser Seiten" in answer.text) == (422, False)  # so many there are not


def test_a_form_that_is_too_large_is_not_read(browser):
    assert browser.post(SIGN_IN, {"account": "x" * 1_000_001}).status_code == 413


# ---- where one is led ---------------------------------------------------------------------------------------------

ELSEWHERE = [
    *("https://angreifer.example", "//angreifer.example", "/\\angreifer.example", "\\\\angreifer.example"),
    *("javascript:alert(1)", "/", "/prozesse/x", f"{DESK}@angreifer.example", f"{DESK}.angreifer.example", "@"),
    *(f"{DESK}//angreifer.example", f"{DESK}/../prozesse", f"{DESK}/..", f"{DESK}/%2e%2e/x", f"{DESK}\n", f" {DESK}"),
    *(f"{HERE}{DESK}", f"/{DESK}", f"{DESK}?x=https://angreifer.example", f"{DESK}/x#y", f"{DESK}\\x", f"{DESK}\t/x"),
    *(SIGN_IN, f"{DESK}/abmelden", f"/en{DESK}/abmelden", f"{DESK}/{'x' * 500}"),
]


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_led_elsewhere_after_signing_in(browser, elsewhere):
    page = browser.client.get(SIGN_IN, params={"next": elsewhere})
    assert [field for field in Document(page.text).all("input") if field["name"] == "next"] == []
    assert browser.sign_in(next=elsewhere).headers["location"] == DESK
    assert browser.client.get(SIGN_IN, params={"next": elsewhere}).headers["location"] == DESK


def test_after_signing_in_one_is_where_one_wanted_to_be(browser):
    wanted = f"{DESK}/prozesse/bottrop-2018?schritt=level-dropped&n=1"
    location = browser.get(wanted).headers["location"]
    (kept,) = [f["value"] for f in Document(browser.get(location).text).all("input") if f["name"] == "next"]
    assert kept == wanted
    assert browser.sign_in(next=kept).headers["location"] == wanted


# ---- cookies ------------------------------------------------------------------------------------------------------


def cookies(answer):
    """The cookies that an answer sets: name, value and attributes."""
    found = {}
    for line in answer.headers.get_list("set-cookie"):
        pair, *attributes = line.split("; ")
        name, _, value = pair.partition("=")
        found[name] = (value.strip('"'), sorted(attributes))
    return found


def test_a_session_has_another_secret_than_any_that_was_there_before(house, browser):
    planted = "A" * 43
    browser.client.cookies.set("werdegang", planted)
    secret, attributes = cookies(browser.sign_in())["werdegang"]
    assert attributes == ["HttpOnly", "Path=/", "SameSite=lax"]
    assert len(secret) == 43
    assert secret not in {planted, cookies(Browser(house).sign_in())["werdegang"][0]}
    browser.client.cookies.clear()
    browser.client.cookies.set("werdegang", planted)
    assert leads_to_sign_in(browser.get(DESK))


def test_the_form_for_signing_in_makes_no_session(browser):
    answer = browser.get(SIGN_IN)
    ((name, (secret, attributes)),) = cookies(answer).items()
    assert (name, attributes) == ("werdegang-anmeldung", ["HttpOnly", "Path=/", "SameSite=lax"])
    browser.client.cookies.set("werdegang", secret)
    assert leads_to_sign_in(browser.get(DESK))


def test_signing_in_again_ends_the_session_that_the_browser_had(house, inside):
    former = inside.secret
    token = Browser(house).token()
    inside.client.cookies.clear()
    fresh = Browser(house)
    token = fresh.token()
    fresh.client.cookies.set("werdegang", former)
    fresh.post(SIGN_IN, {"token": token, "account": house.clerk, "password": PASSWORD})
    assert house.installation.sessions.account_of(former) is None


def secure(house, **settings):
    environment = {"WERDEGANG_HOME": str(house.installation.settings.home), **settings}
    return create_app(built(Settings.from_environment(environment), house.installation.database, house.clock, QUICK))


@pytest.mark.parametrize(
    ("base", "settings"),
    [
        ("https://testserver", {}),
        ("http://testserver", {"WERDEGANG_HTTPS": "always"}),
        ("http://testserver", {"WERDEGANG_HOST": "0.0.0.0"}),
        ("https://testserver", {"WERDEGANG_HTTPS": "never"}),
    ],
)
def test_by_https_a_cookie_is_for_this_host_and_https_alone(house, base, settings):
    browser = Browser(house, secure(house, **settings), base)
    form = browser.get(SIGN_IN)
    token = re.search(r'name="token" value="([0-9a-f]{64})"', form.text)[1]
    ((name, (before, attributes)),) = cookies(form).items()
    expected = ["HttpOnly", "Path=/", "SameSite=lax", "Secure"]
    assert (name, attributes) == ("__Host-werdegang-anmeldung", expected)
    fields = {"token": token, "account": house.clerk, "password": PASSWORD}
    told = {"cookie": f"{name}={before}"}
    assert browser.post(SIGN_IN, fields, **told, origin="http://testserver").status_code == 403
    answer = browser.post(SIGN_IN, fields, **told, origin="https://testserver")
    secret, attributes = cookies(answer)["__Host-werdegang"]
    assert attributes == expected
    plain = Browser(house, browser.client.app, base)
    assert leads_to_sign_in(plain.get(DESK, cookie=f"werdegang={secret}"))
    assert plain.get(DESK, cookie=f"__Host-werdegang={secret}").status_code == 200


def test_without_https_a_cookie_is_kept_by_plain_browsers(house):
    browser = Browser(house, secure(house, WERDEGANG_HOST="0.0.0.0", WERDEGANG_HTTPS="never"))
    browser.sign_in()
    assert browser.get(DESK).status_code == 200


@pytest.mark.parametrize(
    ("base", "settings", "strict"),
    [
        ("https://testserver", {}, "max-age=31536000"),
        ("http://testserver", {"WERDEGANG_HTTPS": "always"}, "max-age=31536000"),
        ("http://testserver", {}, None),
    ],
)
def test_who_came_by_https_once_comes_by_https_for_a_year(house, base, settings, strict):
    browser = Browser(house, secure(house, **settings), base)
    for path in (DESK, SIGN_IN, "/", "/", "/gibt-es-nicht", "/api/v1/processes"):
        assert browser.get(path).headers.get("strict-transport-security") == strict


def test_an_answer_that_was_kept_says_how_this_reader_came(house):
    app = secure(house)
    for base, strict in (("https://testserver", "max-age=31536000"), ("http://testserver", None)) * 2:
        assert Browser(house, app, base).get("/").headers.get("strict-transport-security") == strict


# ---- the public pages ---------------------------------------------------------------------------------------------

PUBLIC = ["/", f"/prozesse/{BOTTROP}", f"/en/prozesse/{BOTTROP}/verlauf", "/suche?q=intern", "/gibt-es-nicht"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_the_same_for_a_signed_in_clerk_and_sets_no_cookie(house, inside, path):
    theirs, everybodys = inside.get(path), Browser(house).get(path)
    assert theirs.content == everybodys.content
    first, second = ({**answer.headers, "x-request-id": None} for answer in (theirs, everybodys))
    assert first == second  # but that each request has an id of its own
    assert "set-cookie" not in theirs.headers


def test_a_session_is_no_token_of_the_api(inside):
    assert inside.get("/api/v1/processes/im-entwurf").status_code == 404
    answer = inside.client.post(f"/api/v1/processes/{BOTTROP}/entries", json=[])
    assert answer.status_code == 401
