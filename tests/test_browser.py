"""The pages in a real browser: accessible, in both languages and both colour schemes, with and without script."""

import pytest

from adapters.registers import REGISTERS
from tests.browser import (
    ALL,
    BUT_COLOURS,
    COLOURS,
    PASSWORD,
    accessible,
    clerk_of,
    faults,
    has_focus_on_what_is_wrong,
    press,
    sign_in,
)
from tests.faces import BOTTROP, LAST, bottrop
from tests.story import alliance, corrected, published, told, withdrawn

PAGE = f"/prozesse/{BOTTROP}"
PATHS = {
    "list": "/",
    "overview": PAGE,
    "timeline": f"{PAGE}/verlauf",
    "timeline-chosen": f"{PAGE}/verlauf?kind=structure&order=newest&happened_by=2018-06-30",
    "timeline-narrowed": f"{PAGE}/verlauf?body=wirtschaftsallianz&from=2017-01-01&seit=2026-11-01",
    "timeline-mistyped": f"{PAGE}/verlauf?from=gestern",
    "timeline-embedded": f"{PAGE}/einbetten/verlauf",
    "corrections": f"{PAGE}/berichtigungen",
    "structure": f"{PAGE}/struktur",
    "structure-past": f"{PAGE}/struktur?happened_by=2018-06-30&known_by=2026-11-22",
    "structure-empty": f"{PAGE}/struktur?known_by=2020-01-01",
    "bodies": f"{PAGE}/gremien",
    "body": f"{PAGE}/gremien/wirtschaftsallianz",
    "body-past": f"{PAGE}/gremien/reallabor-handwerk?happened_by=2018-06-30",
    "actor": f"{PAGE}/akteure/amt",
    "documents": f"{PAGE}/dokumente",
    "entry": f"{PAGE}/eintrag/47",
    "entry-corrected": f"{PAGE}/eintrag/{LAST + 1}",
    "entry-withdrawn": f"{PAGE}/eintrag/{LAST + 2}",
    "correction": f"{PAGE}/eintrag/{LAST + 3}",
    **{register.name: f"{PAGE}/{register.page}" for register in REGISTERS},
    "figures": f"/auswertung/{BOTTROP}/zahlen",
    "search": "/suche?q=ebene",
    "search-nothing": "/suche?q=+",
    "mistyped": f"{PAGE}/struktur?happened_by=31.2.2018&known_by=x",
    "not-found": "/nothing-here",
    "imprint": "/impressum",
    "privacy": "/datenschutz",
    "accessibility": "/barrierefreiheit",
    "report-barrier": "/barriere-melden?seite=/",
    "plain": "/leichte-sprache",
    "sign": "/gebaerdensprache",
}
REFUSED = {"mistyped", "timeline-mistyped", "not-found", "search-nothing"}
"""Pages with an error status, which the browser itself notes on its console."""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Bottrop with a correction, a withdrawal and words that are too long for a line."""
    house = bottrop(tmp_path_factory.mktemp("browser") / "data")
    long = "Wirtschaftsförderungsstandortmanagement" * 5
    note = told({"type": "context-noted", "what": f"Eine Angabe {long}"}, "2018", grounds=f"Ein Grund {long}")
    house.record({"key": "a", **note}, {"key": "b", **note})
    house.record({"key": "c", **corrected("a", {**note, "grounds": "Ein anderer Grund"})})
    house.record({"key": "d", **withdrawn("b")})
    house.record({"key": "e", **published("a", "b", "c", "d")})
    house.record({"key": "x" * 63, **alliance("x" * 63, "2018", name=long)})
    house.record({"key": "f", **published("x" * 63)})
    yield house
    house.close()


@pytest.fixture
def clerk(town):
    """The account of somebody who has not tried to sign in yet."""
    return clerk_of(town, "recorder", "publisher")


@pytest.fixture(scope="module")
def tab(browser):
    """A page that is taken from one address to the next, and keeps what the browser had to say."""
    context = browser.new_context(locale="de-DE", reduced_motion="reduce")
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda asked: page.asked.append(asked.url))
    yield page
    context.close()


DRAWN_ALIKE = {
    *(register.name for register in REGISTERS[1:]),
    *("body-past", "actor", "privacy", "accessibility", "sign"),
}
"""Pages of one template: what colours they have is seen on the first of them."""

LOOKS = [
    *(("light", "", name, ALL) for name in PATHS),
    *(("light", "/en", name, BUT_COLOURS) for name in PATHS),
    *(("dark", "", name, COLOURS) for name in PATHS if name not in DRAWN_ALIKE),
]


@pytest.mark.parametrize(("scheme", "language", "name", "rules"), LOOKS, ids=["-".join(look[:3]) for look in LOOKS])
def test_a_page_is_accessible_keeps_to_itself_and_fits_a_window_of_320_pixels(
    tab, server, scheme, language, name, rules
):
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size({"width": 1280, "height": 720})
    tab.said.clear()
    tab.asked.clear()
    tab.goto(f"{server}{language}{PATHS[name]}")
    assert faults(tab, rules) == []
    assert [said for said in tab.said if name not in REFUSED or "Failed to load resource" not in said] == []
    assert [url for url in tab.asked if not url.startswith((server, "data:"))] == []
    assert tab.context.cookies() == []
    assert tab.evaluate("document.fonts.check('16px \"Fira Sans\"')")
    tab.set_viewport_size({"width": 320, "height": 640})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_key_leads_past_the_navigation(page, server):
    page.goto(f"{server}{PAGE}/verlauf")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Zum Inhalt springen"
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def look_at(page, day):
    """Another day, by keyboard alone."""
    page.get_by_label("So war es am").focus()
    page.keyboard.type(day)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_another_day_is_reached_by_keyboard(page, server):
    page.goto(f"{server}{PAGE}/struktur")
    look_at(page, "30.6.2018")
    assert page.url == f"{server}{PAGE}/struktur?happened_by=2018-06-30"
    assert page.get_by_role("heading", level=1).inner_text() == "Struktur am 30. Juni 2018"
    assert "Sie sehen nicht den heutigen Stand" in page.get_by_role("status").inner_text()
    with page.expect_navigation():
        page.get_by_role("link", name="Zum heutigen Stand").press("Enter")
    assert page.url == f"{server}{PAGE}/struktur"


def test_the_further_pages_are_folded_away_and_open_by_keyboard(page, server):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{server}{PAGE}")
    further = page.get_by_role("navigation").get_by_role("link", name="Zusagen", exact=True)
    assert not further.is_visible()
    page.locator("summary", has_text="Mehr Seiten").press("Enter")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    with page.expect_navigation():
        further.press("Enter")
    assert page.url == f"{server}{PAGE}/zusagen"
    assert page.locator("summary", has_text="Mehr Seiten: Zusagen").is_visible()


def test_what_was_mistyped_gets_the_focus(page, server):
    page.goto(f"{server}{PAGE}/struktur")
    look_at(page, "gestern")
    assert page.title().startswith("Fehler: ")
    has_focus_on_what_is_wrong(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'happened_by'")
    assert page.get_by_label("So war es am").input_value() == "gestern"


def test_the_other_times_are_folded_away_and_open_by_keyboard(page, server):
    page.goto(f"{server}{PAGE}/struktur")
    assert not page.get_by_label("Was bekannt war am").is_visible()
    page.locator("summary", has_text="Nach dem damaligen Wissen").press("Enter")
    page.get_by_label("Was bekannt war am").fill("2020-01-01")
    with page.expect_navigation():
        page.get_by_role("button", name="Anzeigen").press("Enter")
    assert page.url.endswith("?known_by=2020-01-01")
    assert page.get_by_label("Was bekannt war am").is_visible()


def test_everything_works_without_script(browser, server):
    context = browser.new_context(locale="de-DE", java_script_enabled=False)
    page = context.new_page()
    page.goto(server)
    page.get_by_role("link", name="Bottrop 2018+").click()
    page.get_by_role("link", name="Struktur", exact=True).click()
    look_at(page, "30.6.2018")
    assert page.get_by_role("heading", level=1).inner_text() == "Struktur am 30. Juni 2018"
    page.get_by_role("link", name="Verlauf", exact=True).click()
    page.get_by_role("main").get_by_role("link", name="Beschlüsse (").click()
    assert page.url == f"{server}{PAGE}/verlauf?happened_by=2018-06-30&kind=decisions"
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Timeline"
    context.close()


# ---- the desk -----------------------------------------------------------------------------------------------------


def test_the_desk_is_accessible_and_reached_by_keyboard(page, server, clerk):
    """By keyboard alone: from an address of the desk to the form, past a wrong password, to the desk and out again."""

    def typed(password):
        page.get_by_label("Konto").fill(clerk)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "password"
        page.keyboard.type(password)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{server}/geschaeftsstelle?n=1")
    assert page.title() == "Anmelden – Geschäftsstelle – Werdegang"
    accessible(page)
    typed("Wie es dazu kann")
    assert page.title().startswith("Fehler: ")
    has_focus_on_what_is_wrong(page)
    accessible(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'account'")
    typed(PASSWORD)
    assert page.url == f"{server}/geschaeftsstelle?n=1"
    assert page.get_by_role("heading", level=1).inner_text() == "Geschäftsstelle"
    assert [cookie["name"] for cookie in page.context.cookies()] == ["werdegang"]
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("link", name="Öffentliche Seiten: Bottrop 2018+").click()
    page.go_back()
    with page.expect_navigation():
        page.get_by_role("button", name="Abmelden").press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == "Anmelden"
    page.goto(f"{server}/geschaeftsstelle")
    assert page.get_by_role("heading", level=1).inner_text() == "Anmelden"


def test_a_decision_is_recorded_and_published_by_keyboard_and_what_follows_a_form_is_accessible(page, server, clerk):
    """From a form with a mistake in it to the public page, on a narrow window."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{server}/geschaeftsstelle/{BOTTROP}")
    sign_in(page, clerk)
    page.get_by_role("link", name="Beschluss gefasst", exact=True).press("Enter")
    press(page, "Prüfen")
    assert page.title().startswith("Fehler: ")
    page.get_by_role("link", name="Das Feld „Wortlaut“ ist leer").press("Enter")
    page.keyboard.type("Das Rathaus bekommt ein Café")
    page.get_by_label("Datum", exact=True).fill("im Frühjahr 2019")
    press(page, "Prüfen")
    assert page.get_by_role("heading", name="Geprüft – noch nichts gespeichert").is_visible()
    assert page.get_by_text("Verstanden als: im Frühjahr 2019").is_visible()
    accessible(page)
    press(page, "Erfassen")
    accessible(page)
    page.get_by_role("link", name="Veröffentlichen: was noch intern ist").press("Enter")
    page.get_by_label("Das Rathaus bekommt ein Café").press("Space")
    press(page, "Ansehen, was öffentlich würde")
    assert page.get_by_role("heading", name="Das Rathaus bekommt ein Café").is_visible()
    accessible(page)
    press(page, "Jetzt veröffentlichen")
    page.goto(f"{server}/suche?q=Rathaus+Café")
    assert page.get_by_role("link", name="Das Rathaus bekommt ein Café").is_visible()


def test_a_form_on_another_site_does_nothing_at_the_desk(page, server, clerk):
    page.goto(f"{server}/geschaeftsstelle")
    sign_in(page, clerk)
    token = page.locator("input[name=token]").get_attribute("value")
    page.goto("about:blank")
    page.set_content(
        f'<form method="post" action="{server}/geschaeftsstelle/abmelden">'
        f'<input name="token" value="{token}"><button>Gewinnen</button></form>'
    )
    with page.expect_navigation():
        page.get_by_role("button").click()
    page.goto(f"{server}/geschaeftsstelle")
    assert page.get_by_role("heading", level=1).inner_text() == "Geschäftsstelle"


def test_a_printed_page_leaves_out_what_cannot_be_clicked_on_paper(page, server):
    page.goto(f"{server}{PAGE}/verlauf")
    page.emulate_media(media="print")
    for hidden in (".tabs", ".further", ".times", ".choices", ".skip"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.get_by_text("Zum Zitieren: Stand").is_visible()


def test_the_language_of_a_page_is_told_to_screen_readers(page, server):
    page.goto(f"{server}/en{PAGE}/struktur")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.get_by_role("link", name="Thematische Ebene").first.locator("[lang=de]").count() == 1
    assert page.get_by_role("link", name="Deutsch").get_attribute("lang") == "de"
