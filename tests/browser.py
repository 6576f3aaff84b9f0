"""What the tests in a real browser share: a server, signing in, a button pressed, a page that is accessible."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Playwright

from tests.faces import BOTTROP

PASSWORD = "Wie es dazu kam"
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What is in order is neither described nor brought here: that takes longer than finding out what is wrong.
FAULTS = """rules => axe.run(document, {...rules, resultTypes: ['violations']}).then(found => found.violations)"""

# Colours take axe as long as everything else together. The same page in another language has the same colours, and in
# other colours it has the same words: where a page is looked at several times, each time at what is new.
_COLOURS = ["color-contrast", "link-in-text-block"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}}
BUT_COLOURS = {**ALL, "rules": {name: {"enabled": False} for name in _COLOURS}}
COLOURS = {"runOnly": {"type": "rule", "values": _COLOURS}}


CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The machine's Chromium, or the one that CHROMIUM names."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        pytest.fail(
            "No Chromium: `apt-get install chromium`, or name one with CHROMIUM=/path/to/chromium", pytrace=False
        )
    running = playwright.chromium.launch(
        executable_path=found,
        args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
    )
    yield running
    running.close()


@contextmanager
def served(app) -> Iterator[str]:
    """The address at which a real server answers for the application."""
    listening = socket.create_server(("127.0.0.1", 0))
    waiting = getattr(app.state, "waiting", None)
    running = uvicorn.Server(uvicorn.Config(app, log_config=None))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:  # else a test that fails would never end
        if waiting:
            waiting.end()
        running.should_exit = True
        thread.join()
        listening.close()


def clerk_of(house, *roles, process=BOTTROP, name="Erika Mustermann") -> str:
    """The account of somebody who has these roles and can sign in with a password."""
    account = house.installation.accounts.create(name, {(role, process) for role in roles}).id
    house.installation.passwords.set(account, PASSWORD)
    return account


def sign_in(page, account, password=PASSWORD):
    """Fills in the form for signing in that the page shows; in German or English."""
    page.locator("#account").fill(account)
    page.locator("#password").fill(password)
    with page.expect_navigation():
        page.locator("#password").press("Enter")


def press(page, name):
    """A button, pressed by keyboard, and the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.press("Enter")


def faults(page, by=ALL):
    """What axe finds wrong with a page by some of its rules, with the places."""
    page.evaluate(AXE)
    return [(fault["id"], [node["html"][:300] for node in fault["nodes"]]) for fault in page.evaluate(FAULTS, by)]


def accessible(page, by=ALL):
    """Asserts that a page has no fault and needs no wider window than it has.

    A story asks for it where it comes to what no other test shows: each screen as it opens, and each of its forms with
    something wrong, are looked at in test_browser_desk.
    """
    assert faults(page, by) == []
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1], page.url


def narrow(page):
    """Asserts that a page fits a window of 320 pixels."""
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size(size)


def has_focus_on_what_is_wrong(page):
    """Waits until what is wrong is told first in a page and has the focus: the page gives it when it has been read."""
    page.wait_for_function("document.activeElement.getAttribute('role') === 'alert'")
