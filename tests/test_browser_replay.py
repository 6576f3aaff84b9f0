"""The replay in a browser: by arrow keys, by itself, on the scale, and read aloud."""

import re

import pytest

from tests.faces import BOTTROP

PAGE = f"/auswertung/{BOTTROP}"


@pytest.fixture
def played(page, server):
    """The replay at its first stop, with what the browser has to complain of."""
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.goto(f"{server}{PAGE}")
    yield page
    assert page.complaints == []


def stands_at(page, place):
    page.locator("#stop-heading", has_text=f"Station {place} von 8").wait_for()


def test_arrow_keys_go_from_stop_to_stop_and_what_came_is_said(played):
    stands_at(played, 1)
    played.keyboard.press("ArrowRight")
    stands_at(played, 2)
    played.keyboard.press("ArrowRight")
    stands_at(played, 3)
    said = played.get_by_role("status").first
    assert said.inner_text().startswith("Station 3 von 8: ")
    assert re.search(r"\?day=\d{4}-\d\d-\d\d$", played.url), "the address is that of the stop"
    assert "Station 3" not in played.title()
    played.keyboard.press("ArrowLeft")
    stands_at(played, 2)
    played.keyboard.press("End")
    stands_at(played, 8)
    played.keyboard.press("ArrowRight")  # there is none
    played.keyboard.press("Home")
    played.get_by_role("heading", name="Vor der ersten Station").wait_for()
    played.go_back()
    stands_at(played, 8)


def test_a_stop_is_the_same_page_as_at_its_own_address(played, browser):
    played.get_by_role("link", name="Weiter").press("Enter")
    stands_at(played, 2)
    assert played.evaluate("document.activeElement.dataset.to") == "after", "the focus stays where it was"
    swapped = played.locator("#stop").inner_html()
    cited = played.locator("#cite").inner_html()
    played.goto(played.url)
    assert played.locator("#stop").inner_html() == swapped
    assert played.locator("#cite").inner_html() == cited


def test_it_plays_by_itself_until_somebody_stops_it_or_it_is_over(played):
    assert played.locator("#speed").input_value() == "6", "who wants less movement gets it slowly"
    played.locator("#speed").select_option("1")
    played.keyboard.press("Escape")
    play = played.locator("[data-play]")
    play.press("Enter")
    assert play.inner_text() == "Anhalten"
    stands_at(played, 2)
    play.press("Enter")
    assert play.inner_text() == "Abspielen"
    played.locator("a[data-to=last]").press("Enter")
    stands_at(played, 8)
    play.press("Enter")
    played.get_by_role("heading", name="Vor der ersten Station").wait_for()
    stands_at(played, 1)
    play.press("Enter")
    assert play.inner_text() == "Abspielen"


def test_on_the_scale_a_key_goes_one_stop_on_and_leaves_other_keys_to_it(played):
    scale = played.locator("#scale")
    scale.focus()
    played.keyboard.press("ArrowRight")
    stands_at(played, 2)
    assert played.locator("#scale").input_value() == "2"
    assert played.url.endswith("day=2017-09-30")
    assert played.evaluate("document.activeElement.id") == "scale", "the next key finds it there"


def test_in_a_picture_that_is_scrolled_arrow_keys_scroll(played):
    played.get_by_role("link", name="Weiter").press("Enter")
    stands_at(played, 2)
    played.locator(".picture-scroll").focus()
    played.keyboard.press("ArrowRight")
    stands_at(played, 2)


def test_without_script_there_is_nothing_to_play_and_links_and_buttons_lead_on(browser, server):
    context = browser.new_context(locale="de-DE", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}{PAGE}")
    assert not page.locator("[data-player]").is_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="Weiter").press("Enter")
    stands_at(page, 2)
    page.locator("#day").fill("2018")
    with page.expect_navigation():
        page.locator("#day").press("Enter")
    stands_at(page, 4)
    with page.expect_navigation():
        page.get_by_role("button", name="Zu dieser Station").press("Enter")
    stands_at(page, 4)
    context.close()
