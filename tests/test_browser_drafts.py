"""The recording form in two real browsers: who is slower learns what was recorded meanwhile, and loses nothing."""

import pytest

from tests.faces import BOTTROP
from tests.story import told
from tests.test_browser import server, town  # noqa: F401

HERE = f"/geschaeftsstelle/{BOTTROP}"
PASSWORD = "Wie es dazu kam"


@pytest.fixture
def clerk(town):  # noqa: F811
    account = town.installation.accounts.create("Erika", {("recorder", BOTTROP)}).id
    town.installation.passwords.set(account, PASSWORD)
    return account


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.press("Enter")


def sign_in(page, account):
    page.get_by_label("Konto").fill(account)
    page.get_by_label("Passwort").fill(PASSWORD)
    press(page, "Anmelden")


def test_two_clerks_in_two_browsers_learn_of_each_other(browser, server, town, clerk):  # noqa: F811
    jan = town.installation.accounts.create("Jan", {("recorder", BOTTROP)}).id
    town.installation.passwords.set(jan, PASSWORD)
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
