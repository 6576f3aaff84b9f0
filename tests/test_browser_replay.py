"""The replay in a browser: by arrow keys, by itself, on the scale, and read aloud."""

import re

import pytest

from tests.browser import accessible, narrow
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
    assert played.locator("#speed").input_value() == "4", "who wants less movement gets it slowly"
    play = played.locator("[data-play]")
    played.clock.install()  # from here on no time passes by itself
    play.press("Enter")
    assert play.inner_text() == "Anhalten"
    stands_at(played, 2)  # the first step is taken at once, at any speed
    played.keyboard.press("Escape")
    assert play.inner_text() == "Abspielen"
    played.clock.run_for(60_000)
    stands_at(played, 2)
    played.clock.resume()
    played.locator("#speed").select_option("1")
    play.press("Enter")
    stands_at(played, 4)
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


@pytest.mark.parametrize("size", [(1280, 800), (360, 740)])
def test_the_picture_stays_where_it_is_from_stop_to_stop(browser, server, size):
    context = browser.new_context(locale="de-DE", viewport=dict(zip(("width", "height"), size, strict=True)))
    page = context.new_page()
    page.goto(f"{server}{PAGE}")
    frame = page.locator(".player-picture .picture-scroll")
    below = page.evaluate("document.querySelector('.player').getBoundingClientRect().bottom")
    assert frame.bounding_box()["y"] == pytest.approx(below, abs=2), "it lies directly below the way to it"
    assert frame.bounding_box()["height"] < size[1] * 0.7, "it never fills the screen"
    places = set()
    for place in range(1, 9):
        stands_at(page, place)
        box = frame.bounding_box()
        places.add((round(box["y"] + page.evaluate("scrollY")), round(box["height"])))
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    page.get_by_role("heading", name="Vor der ersten Station").wait_for()
    box = frame.bounding_box()
    places.add((round(box["y"] + page.evaluate("scrollY")), round(box["height"])))
    assert len(places) == 1
    context.close()


def test_what_changed_is_moved_into_the_frame_of_the_picture(browser, server):
    context = browser.new_context(locale="de-DE", viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{server}{PAGE}?day=2017-12-31")
    page.locator("#ways a[data-to=after]").press("Enter")
    stands_at(page, 4)
    seen = """() => { const around = document.querySelector('.player-picture .picture-scroll').getBoundingClientRect();
        return [...document.querySelectorAll('.picture-mark')].map(mark => mark.getBoundingClientRect())
            .some(at => at.left >= around.left && at.right <= around.right); }"""
    assert page.evaluate(seen)
    context.close()


def test_the_replay_is_accessible_at_a_stop_and_before_the_first_one(page, server):
    for query in ("?day=2018-12-31", "?day=2000-01-01", "?order=known"):
        page.goto(f"{server}{PAGE}{query}")
        accessible(page)
        narrow(page)


def test_with_one_stop_there_is_nothing_to_play_and_it_is_said_why(page, server):
    page.goto(f"{server}{PAGE}?order=known")
    assert page.locator("[data-player]").count() == 0
    assert page.get_by_text("Es gibt nur eine Station: Alles wurde an einem Tag erfasst.").is_visible()
    page.get_by_role("link", name="Eintrag für Eintrag nachspielen").first.press("Enter")
    page.locator("#stop-heading", has_text="von 220").wait_for()


def test_without_script_there_is_nothing_to_play_and_links_and_buttons_lead_on(browser, server):
    context = browser.new_context(locale="de-DE", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}{PAGE}")
    assert not page.locator("[data-player]").is_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="Weiter").press("Enter")
    stands_at(page, 2)
    assert page.url.endswith("#stop-heading"), "the page opens at the way to the picture"
    page.locator("#day").fill("2018")
    with page.expect_navigation():
        page.locator("#day").press("Enter")
    stands_at(page, 4)
    with page.expect_navigation():
        page.get_by_role("button", name="Zu dieser Station").press("Enter")
    stands_at(page, 4)
    context.close()
