"""Beginning a process, and what needs care, in a real browser: accessible, also after an error, and narrow enough."""

import pytest

from tests.faces import BOTTROP
from tests.test_browser import AXE, TAGS, server, town  # noqa: F401

DESK = "/geschaeftsstelle"
HERE = f"{DESK}/{BOTTROP}"
PATHS = [
    DESK,
    f"{DESK}/neu",
    HERE,
    f"{HERE}/zu-tun",
    f"{HERE}/zu-tun?tage=bald",
    f"{HERE}/erfasst?wer=alle&seit=2026-11-01",
    f"{HERE}/erfasst?seit=neulich",
    f"{HERE}/stand/struktur",
    f"{HERE}/stand/eintrag/47",
]


@pytest.fixture(scope="module")
def signed_in(browser, server, town):  # noqa: F811
    """A tab of somebody who may do everything, signed in."""
    account = town.installation.accounts.create("Erika Mustermann", {("admin", "*")}).id
    town.installation.passwords.set(account, "Wie es dazu kam")
    context = browser.new_context(locale="de-DE", reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"{server}{DESK}")
    tab.get_by_label("Konto").fill(account)
    tab.get_by_label("Passwort").fill("Wie es dazu kam")
    tab.get_by_role("button", name="Anmelden").click()
    yield tab
    context.close()


def faults(tab):
    tab.evaluate(AXE)
    found = tab.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found["violations"]]


def is_narrow_enough(tab):
    tab.set_viewport_size({"width": 320, "height": 640})
    wide = tab.evaluate("document.documentElement.scrollWidth")
    tab.set_viewport_size({"width": 1280, "height": 900})
    return wide <= 320


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_accessible_and_fits_a_narrow_window(signed_in, server, path):  # noqa: F811
    signed_in.goto(f"{server}{path}")
    assert faults(signed_in) == []
    assert is_narrow_enough(signed_in)


def test_a_process_is_begun_after_an_error_that_is_told_first(signed_in, server):  # noqa: F811
    signed_in.goto(f"{server}{DESK}/neu")
    signed_in.get_by_label("Zwei Ebenen").check()
    signed_in.get_by_label("Wann hat er begonnen?").fill("neulich")
    signed_in.get_by_role("button", name="Prüfen").click()
    assert signed_in.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert faults(signed_in) == []
    assert is_narrow_enough(signed_in)
    signed_in.get_by_label("Name des Prozesses").fill("Musterstadt 2030")
    signed_in.get_by_label("Wann hat er begonnen?").fill("im Herbst 2024")
    signed_in.get_by_role("button", name="Prüfen").click()
    assert signed_in.get_by_text("Geprüft – noch nichts gespeichert").is_visible()
    assert faults(signed_in) == []
    signed_in.get_by_role("button", name="Prozess anlegen").click()
    assert signed_in.url == f"{server}{DESK}/musterstadt-2030"
