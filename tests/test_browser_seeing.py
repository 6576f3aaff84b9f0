"""Seeing before doing in a browser: the picture before saving; publishing, correcting and withdrawing by keyboard."""

import pytest

from tests.browser import BUT_COLOURS, accessible, clerk_of, has_focus_on_what_is_wrong, press, sign_in
from tests.faces import BOTTROP
from tests.story import alliance, level, told

DESK = f"/geschaeftsstelle/{BOTTROP}"
FIVE = ("g1", "g2", "g3", "g4", "g5")


@pytest.fixture
def clerk(page, server, town):
    """A tab in which somebody is signed in who records and publishes."""
    page.goto(f"{server}{DESK}")
    sign_in(page, clerk_of(town, "recorder", "publisher"))
    return page


def test_a_level_dropped_with_five_bodies_shows_where_each_goes_and_every_text_fits_its_box(clerk, server, town):
    page = clerk
    long = "Strategische Allianz für Wirtschaftsförderungsstandortmanagement"
    town.record(
        {"key": "mitte", **level("mitte", "2017")},
        {"key": "unten", **level("unten", "2017")},
        {"key": "ziel", **alliance("ziel", "2017", level="unten", name=long)},
        *({"key": each, **alliance(each, "2018", level="mitte")} for each in FIVE),
    )
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server}{DESK}/erfassen/level-dropped")
    page.get_by_label("Ebene", exact=True).first.select_option("mitte")
    rows = page.locator('button[name="add"][value="/step/destinations"]')
    where = [
        ("placed", "ziel", ""),
        ("placed", "", "unten"),
        ("dissolved", "", ""),
        ("unrecorded", "", ""),
        ("placed", "process", ""),
    ]
    for index, (body, (to, parent, on)) in enumerate(zip(FIVE, where, strict=True)):
        at = f"/step/destinations/{index}"
        if not page.locator(f'[name="{at}/subject"]').count():
            with page.expect_navigation():
                rows.press("Enter")
        page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
        for name, value in (("subject", body), ("to", to), ("parent", parent), ("level", on)):
            page.locator(f'select[name="{at}/{name}"]').select_option(value)
    page.locator('[name="/occurred/edtf"]').fill("2019")
    page.locator('[name="/grounds"]').fill("Beschluss")
    press(page, "Prüfen")
    assert page.get_by_role("heading", name="Die Struktur vorher und nachher").is_visible()
    pictures = page.get_by_role("img", name="Nachher", exact=True)
    said = pictures.first.evaluate("svg => svg.textContent")
    assert "weggefallen" in said
    assert "jetzt auf Ebene: Unten" in " ".join(said.split()) or "Unten" in said
    assert pictures.first.locator(".picture-mark").count() == 6
    outside = page.evaluate(
        """() => [...document.querySelectorAll('svg.picture')].flatMap(svg => {
            const boxes = [...svg.querySelectorAll('.picture-box')].map(box => box.getBBox());
            const inside = text => boxes.some(box => text.x >= box.x && text.x + text.width <= box.x + box.width
                && text.y >= box.y - 1 && text.y + text.height <= box.y + box.height + 1);
            return [...svg.querySelectorAll('text')].filter(text => text.textContent !== 'Ohne Ebene'
                && !inside(text.getBBox())).map(text => text.textContent);
        })"""
    )
    assert outside == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    accessible(page)


def test_publishing_correcting_and_withdrawing_by_keyboard_and_what_follows_a_form_is_accessible(clerk, server, town):
    page = clerk
    page.set_viewport_size({"width": 390, "height": 844})
    (number,) = town.record(
        {"key": "tippfehler", **told({"type": "context-noted", "what": "Das Rahtaus ist offen"}, "2017")}
    )
    page.goto(f"{server}{DESK}/veroeffentlichen?nr={number}")
    page.get_by_label("Tag", exact=True).fill("gestern oder so")
    press(page, "Ansehen, was öffentlich würde")
    assert page.title().startswith("Fehler: ")
    page.get_by_label("Tag", exact=True).fill("")
    press(page, "Ansehen, was öffentlich würde")
    accessible(page, BUT_COLOURS)
    press(page, "Jetzt veröffentlichen")

    page.goto(f"{server}{DESK}/eintrag/{number}")
    page.get_by_role("link", name="Berichtigen", exact=True).press("Enter")
    page.get_by_label("Wortlaut").or_(page.locator('[name="/step/what"]')).first.fill("Das Rathaus ist offen")
    press(page, "Prüfen")
    assert page.title().startswith("Fehler: ")
    page.locator("#complaints a").press("Enter")
    page.keyboard.type("Tippfehler")
    press(page, "Prüfen")
    assert page.get_by_role("cell", name="Das Rahtaus ist offen").is_visible()
    assert page.get_by_role("cell", name="Das Rathaus ist offen").is_visible()
    accessible(page)
    press(page, "Berichtigen")
    accessible(page)
    page.get_by_role("link", name="Jetzt veröffentlichen").press("Enter")
    press(page, "Ansehen, was öffentlich würde")
    press(page, "Jetzt veröffentlichen")

    page.goto(f"{server}{DESK}/eintrag/{number}")
    page.get_by_role("link", name="Zurücknehmen", exact=True).press("Enter")
    press(page, "Prüfen")
    has_focus_on_what_is_wrong(page)
    page.get_by_label("Grund").fill("Gehört zu einem anderen Prozess")
    press(page, "Prüfen")
    accessible(page)
    press(page, "Zurücknehmen")
    assert page.get_by_text("Was ihn berichtigt oder zurücknimmt, ist noch intern").is_visible()
    page.goto(f"{server}{DESK}/unterschied")
    accessible(page, BUT_COLOURS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
