"""Structure and comparison as they are seen, read aloud, and used by keyboard and without script."""

import pytest

from tests.browser import COLOURS, accessible, faults, narrow
from tests.faces import BOTTROP

PROCESS = f"/prozesse/{BOTTROP}"
PAGE = f"{PROCESS}/struktur"

READ_ALOUD = """\
- group "Struktur am 22. November 2026":
  - list "Ohne Ebene":
    - listitem:
      - link "Steuerungsgruppe Fairtrade Town Steuerungsgruppe besteht":
        - /url: /prozesse/bottrop-2018/gremien/steuerungsgruppe-fairtrade
    - listitem:
      - link "Geschäftsstelle Geschäftsstelle besteht":
        - /url: /prozesse/bottrop-2018/gremien/geschaeftsstelle
  - list "Strategische Ebene":
    - listitem:
      - link "Strategische Ebene besteht":
        - /url: /prozesse/bottrop-2018/eintrag/25
    - listitem:
      - link "Wirtschaftsallianz Bottrop (WiAll) Allianz besteht":
        - /url: /prozesse/bottrop-2018/gremien/wirtschaftsallianz
  - list "Thematische Ebene":
    - listitem:
      - link "Thematische Ebene weggefallen":
        - /url: /prozesse/bottrop-2018/eintrag/26
    - listitem:
      - link "Strategische Allianz »Handel der Zukunft« Strategische Allianz mit der Ebene weggefallen":
        - /url: /prozesse/bottrop-2018/gremien/sta-handel
    - listitem:
      - link "Strategische Allianz »Kooperative & digitale Produktion im Handwerk« Strategische Allianz mit der Ebene weggefallen":
        - /url: /prozesse/bottrop-2018/gremien/sta-handwerk
    - listitem:
      - link "Strategische Allianz »Nachhaltige Unternehmensgründ- ungen« Strategische Allianz mit der Ebene weggefallen":
        - /url: /prozesse/bottrop-2018/gremien/sta-gruendungen
  - list "Operative Ebene":
    - listitem:
      - link "Operative Ebene besteht":
        - /url: /prozesse/bottrop-2018/eintrag/27
    - listitem:
      - link "Hybride Formen des Handels Reallabor besteht":
        - /url: /prozesse/bottrop-2018/gremien/reallabor-handel
    - listitem:
      - link "Fachkräftesicherung Reallabor besteht":
        - /url: /prozesse/bottrop-2018/gremien/reallabor-fachkraefte
    - listitem:
      - link "Digitale Koproduktion im Handwerk Reallabor besteht":
        - /url: /prozesse/bottrop-2018/gremien/reallabor-handwerk
    - listitem:
      - 'link "City Logistik Reallabor ausgegründet Nachfolge: LOUISE"':
        - /url: /prozesse/bottrop-2018/gremien/reallabor-city-logistik"""  # noqa: E501


def test_the_picture_is_read_column_by_column_with_what_each_box_says(page, server):
    page.goto(f"{server}{PAGE}")
    assert page.locator("svg.picture").aria_snapshot() == READ_ALOUD


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        f"{PAGE}?happened_by=2018-12-31&ansicht=bild",
        f"{PAGE}?ansicht=tabelle&happened_by=2018-12-31",
        f"{PROCESS}/vergleich?from=2017-10-01&to=2018-12-31",
        f"{PROCESS}/vergleich?from=gestern",
    ],
)
def test_structure_and_comparison_are_accessible_light_dark_narrow_and_in_forced_colours(page, server, address):
    page.goto(f"{server}{address}")
    accessible(page)
    narrow(page)
    page.emulate_media(color_scheme="dark")
    assert faults(page, COLOURS) == []
    page.emulate_media(color_scheme="light", forced_colors="active")
    assert faults(page, COLOURS) == []


def test_on_a_narrow_screen_the_list_comes_first_and_the_picture_is_one_link_away(page, server):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{server}{PAGE}")
    assert not page.locator("svg.picture").is_visible()
    assert page.locator(".branch--top").is_visible()
    views = page.get_by_role("navigation", name="Ansicht")
    assert views.locator("a[aria-current]:visible").inner_text() == "Liste"
    with page.expect_navigation():
        views.get_by_role("link", name="Bild").press("Enter")
    assert page.locator("svg.picture").is_visible()
    assert views.locator("a[aria-current]:visible").inner_text() == "Bild"


def test_from_change_to_change_without_script_and_on_to_the_comparison(browser, server):
    context = browser.new_context(locale="de-DE", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}{PAGE}?ansicht=bild")
    page.get_by_label("Tage, an denen sich die Struktur geändert hat").select_option("2018-12-31")
    with page.expect_navigation():
        page.get_by_role("button", name="Zu diesem Tag").press("Enter")
    assert "happened_by=2018-12-31" in page.url
    assert "ansicht=bild" in page.url
    with page.expect_navigation():
        page.get_by_role("link", name="→ Nächste Änderung:").press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == "Struktur am 30. September 2019"
    with page.expect_navigation():
        page.get_by_role("link", name="Was hat sich seitdem geändert?").press("Enter")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Vergleich: 30. September 2019 und ")
    page.get_by_label("Der andere Tag").fill("1.10.2019")
    with page.expect_navigation():
        page.get_by_role("button", name="Vergleichen", exact=True).press("Enter")
    assert page.url.endswith("from=2019-09-30&to=2019-10-01")
    context.close()


def test_every_box_is_reached_by_keyboard_in_the_order_of_reading(page, server):
    page.goto(f"{server}{PAGE}?ansicht=bild")
    links = page.locator("svg.picture a")
    page.locator(".picture-scroll").focus()
    reached = []
    for _ in range(links.count()):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href')"))
    assert reached == links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
