"""Beginning a process, and what needs care, in a real browser: accessible, also after an error, and narrow enough."""

import pytest

from tests.browser import clerk_of, faults, has_focus_on_what_is_wrong, narrow, sign_in
from tests.faces import BOTTROP

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
def signed_in(browser, server, town):
    """A tab of somebody who may do everything, signed in."""
    context = browser.new_context(locale="de-DE", reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"{server}{DESK}")
    sign_in(tab, clerk_of(town, "admin", process="*"))
    yield tab
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_accessible_and_fits_a_narrow_window(signed_in, server, path):
    signed_in.goto(f"{server}{path}")
    assert faults(signed_in) == []
    narrow(signed_in)


def test_a_process_is_begun_after_an_error_that_is_told_first(signed_in, server):
    signed_in.goto(f"{server}{DESK}/neu")
    signed_in.get_by_label("Zwei Ebenen").check()
    signed_in.get_by_label("Wann hat er begonnen?").fill("neulich")
    signed_in.get_by_role("button", name="Prüfen").click()
    has_focus_on_what_is_wrong(signed_in)
    assert faults(signed_in) == []
    narrow(signed_in)
    signed_in.get_by_label("Name des Prozesses").fill("Musterstadt 2030")
    signed_in.get_by_label("Wann hat er begonnen?").fill("im Herbst 2024")
    signed_in.get_by_role("button", name="Prüfen").click()
    assert signed_in.get_by_text("Geprüft – noch nichts gespeichert").is_visible()
    assert faults(signed_in) == []
    signed_in.get_by_role("button", name="Prozess anlegen").click()
    assert signed_in.url == f"{server}{DESK}/musterstadt-2030"
