"""Drafts in a real browser: kept while one types, found again, and never overwritten by another window or clerk."""

from playwright.sync_api import expect

from tests.browser import BUT_COLOURS, accessible, clerk_of, has_focus_on_what_is_wrong, press, sign_in
from tests.faces import BOTTROP
from tests.story import told

DESK = "/geschaeftsstelle"
HERE = f"{DESK}/{BOTTROP}"
NOTED = f"{HERE}/erfassen/context-noted"
WAITED = 4_000
"""Milliseconds by which a window's clock is moved: more than the script waits after typing stopped."""


def signed_in(browser, server, town, path=NOTED):
    """A window whose clock stands still, with a page of the desk that somebody has just signed in for."""
    page = browser.new_context(locale="de-DE", reduced_motion="reduce").new_page()
    page.clock.install()
    page.goto(f"{server}{path}")
    sign_in(page, clerk_of(town, "recorder"))
    return page


def another_window(page, address):
    other = page.context.new_page()
    other.clock.install()
    other.goto(address)
    return other


def wording(page):
    return page.locator("[id='/step/what']")


def saved(page):
    return page.locator("#saved")


def drafts(page, server):
    """What stands in the drafts of whoever is signed in, as another window shows them."""
    other = another_window(page, f"{server}{DESK}")
    links = [each.get_attribute("href") for each in other.locator("a[href*='/entwuerfe/']").all()]
    said = []
    for address in links:
        other.goto(f"{server}{address}")
        said.append(wording(other).input_value())
    other.close()
    return sorted(said)


def test_what_is_typed_is_kept_without_a_button_and_found_again_when_the_window_is_gone(browser, server, town):
    page = signed_in(browser, server, town)
    wording(page).focus()
    page.keyboard.type("Die Bücherei zieht um")
    assert saved(page).inner_text() == ""
    page.clock.run_for(WAITED)
    expect(saved(page)).to_contain_text("Gesichert um ")
    place = saved(page).bounding_box()
    assert place["y"] + place["height"] <= page.viewport_size["height"], "it is in sight where one types"
    accessible(page)
    page.close()  # what was typed is nowhere but at the server now
    assert drafts(page, server) == ["Die Bücherei zieht um"]
    page.context.close()


def test_whoever_leaves_while_typing_loses_nothing(browser, server, town):
    page = signed_in(browser, server, town)
    wording(page).focus()
    page.keyboard.type("Mitten im Satz")
    page.goto(f"{server}{HERE}")  # only when the next page is there does the browser send what the last one keeps
    kept = page.get_by_role("link", name="Mitten im Satz").first
    for _ in range(50):
        if kept.count():
            break
        page.reload()
    kept.click()
    assert wording(page).input_value() == "Mitten im Satz"
    page.context.close()


def test_two_windows_on_one_draft_do_not_overwrite_each_other(browser, server, town):
    first = signed_in(browser, server, town)
    wording(first).fill("Die Bücherei zieht um")
    press(first, "Als Entwurf sichern")
    first.goto(f"{server}{HERE}")
    first.get_by_role("link", name="Die Bücherei zieht um").first.click()
    second = another_window(first, first.url)

    wording(second).fill("Die Bücherei zieht um, im Mai")
    second.clock.run_for(WAITED)
    expect(saved(second)).to_contain_text("Gesichert um ")
    wording(first).fill("Die Bücherei bleibt")
    first.clock.run_for(WAITED)
    expect(saved(first)).to_contain_text("In einem anderen Fenster ist dieser Entwurf inzwischen anders gesichert")
    assert drafts(first, server) == ["Die Bücherei bleibt", "Die Bücherei zieht um, im Mai"]

    wording(first).fill("Die Bücherei bleibt, wo sie ist")
    press(first, "Prüfen")
    has_focus_on_what_is_wrong(first)  # the day is missing
    told_so = first.get_by_role("alert").filter(has_text="In einem anderen Fenster")
    assert told_so.is_visible()
    accessible(first, BUT_COLOURS)
    first.get_by_label("Datum", exact=True).fill("2018")
    press(first, "Prüfen")
    assert not told_so.is_visible(), "it is told once; from now on this window has a draft of its own"
    press(first, "Erfassen")
    wording(second).fill("Die Bücherei zieht um, im Juni")
    second.clock.run_for(WAITED)
    expect(saved(second)).to_have_text("Gesichert um 11:00")
    assert drafts(first, server) == ["Die Bücherei zieht um, im Juni"]
    first.context.close()


def test_a_window_that_is_behind_is_told_that_its_draft_is_recorded_already(browser, server, town):
    first = signed_in(browser, server, town)
    wording(first).fill("Die Bücherei zieht um")
    first.get_by_label("Datum", exact=True).fill("2018")
    press(first, "Prüfen")
    second = another_window(first, f"{server}{HERE}")
    second.get_by_role("link", name="Die Bücherei zieht um").first.click()
    press(first, "Erfassen")
    wording(second).fill("Die Bücherei bleibt")
    second.clock.run_for(WAITED)
    expect(saved(second)).to_contain_text("Nicht gesichert: Das ist schon erfasst, als Nr. ")
    first.context.close()


def test_typing_after_the_session_has_ended_is_kept_and_told(browser, server, town):
    page = signed_in(browser, server, town)
    town.wait(hours=13)
    wording(page).fill("Nach Feierabend")
    page.clock.run_for(WAITED)
    expect(saved(page)).to_contain_text("Ihre Sitzung ist beendet. Was Sie eingegeben haben, ist gesichert")
    page.context.close()


def test_two_clerks_in_two_browsers_learn_of_each_other(browser, server, town):
    clerk, jan = (clerk_of(town, "recorder", name=name) for name in ("Erika", "Jan"))
    town.record(
        {
            "key": "ebene-y",
            **told({"type": "level-established", "level": "hof", "name": "Hofebene"}, "2017", grounds="Aufbau"),
        }
    )
    pages = []
    for account in (clerk, jan):
        page = browser.new_context(locale="de-DE", java_script_enabled=account == jan).new_page()
        page.goto(f"{server}{HERE}/erfassen/level-dropped")
        sign_in(page, account)
        page.locator('[name="/step/level"]').select_option("hof")
        page.get_by_label("Datum", exact=True).first.fill("2019")
        page.locator('[name="/grounds"]').fill(f"Der Grund von {account}")
        press(page, "Prüfen")
        pages.append(page)
    mine, theirs = pages
    press(theirs, "Erfassen")
    press(mine, "Erfassen")
    assert "wurde Nr. " in mine.get_by_role("status").first.inner_text()
    assert mine.locator('[name="/grounds"]').input_value() == f"Der Grund von {clerk}"
    for page in pages:
        page.context.close()
