"""The recording form in two real browsers: who is slower learns what was recorded meanwhile, and loses nothing."""

from tests.browser import clerk_of, press, sign_in
from tests.faces import BOTTROP
from tests.story import told

HERE = f"/geschaeftsstelle/{BOTTROP}"


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
