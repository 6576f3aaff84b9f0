"""Meetings in a real browser: planned, announced, 21 who register for 20 places, held, and printed; all accessible."""

import re
import socket
import threading

import pytest
import uvicorn
from starlette.testclient import TestClient

from tests.faces import House
from tests.story import told
from tests.test_browser import AXE, TAGS

TOWN = "lindenau"
PASSWORD = "Wie es dazu kam"
MEETINGS = f"/geschaeftsstelle/{TOWN}/termine"


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path / "data")
    opened = told({"type": "process-opened", "name": "Lindenau"}, "2026-11-01")
    house.record({"key": "o", **opened}, {"step": {"type": "entry-published", "targets": ["o"]}}, process=TOWN)
    house.clerk = house.installation.accounts.create("Erika", {("recorder", TOWN), ("publisher", TOWN)}).id
    house.installation.passwords.set(house.clerk, PASSWORD)
    yield house
    house.close()


@pytest.fixture
def server(house):
    listening = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(house.app, log_config=None))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    running.should_exit = True
    thread.join()
    listening.close()


def test_the_21st_registers_by_browser_and_waits_until_one_cancels(page, server, house):  # noqa: PLR0915  # one story
    def accessible():
        page.evaluate(AXE)
        found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320

    def press(name):
        with page.expect_navigation():
            page.get_by_role("button", name=name, exact=True).press("Enter")

    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{server}{MEETINGS}")
    page.get_by_label("Konto").fill(house.clerk)
    page.get_by_label("Passwort").fill(PASSWORD)
    press("Anmelden")
    accessible()
    page.get_by_role("link", name="Treffen planen").click()
    page.get_by_label("Titel").first.fill("Treffen im Rathaus")
    page.locator("[id='/step/begins']").fill("10.12.2026 18:00")
    page.locator("[id='/step/places']").fill("20")
    page.locator("[id='/occurred/edtf']").fill("20.11.2026")
    press("Prüfen")
    press("Erfassen")
    house.record({"step": {"type": "entry-published", "targets": [3]}}, process=TOWN)
    page.goto(f"{server}{MEETINGS}")
    page.get_by_role("link", name="Treffen im Rathaus").click()
    meeting = page.url
    accessible()
    page.get_by_label("Letzter Tag der Anmeldung").fill("bald")
    press("Anmeldung öffnen")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    accessible()
    page.get_by_label("Letzter Tag der Anmeldung").fill("1.12.2026")
    press("Anmeldung öffnen")
    form = page.locator("a[href$=anmeldung]").get_attribute("href")

    path = form.removeprefix(server)
    for n in range(20):
        public = TestClient(house.app, base_url=server, follow_redirects=False)
        token = re.search(r'name="token" value="([^"]+)"', public.get(path).text)[1]
        house.now = house.now.replace(second=(house.now.second + 5) % 55, minute=n + 1)
        typed = {"token": token, "name": f"Name {n}", "email": f"n{n}@example.org", "consent": "yes"}
        assert public.post(path, data=typed).headers["location"].endswith("=platz")

    context = page.context.browser.new_context(locale="de-DE")
    visitor, clerk_page = context.new_page(), page
    page = visitor
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(form)
    accessible()
    house.wait(seconds=10)
    press("Anmelden")
    assert page.title().startswith("Fehler: ")
    accessible()
    page.get_by_label("Ihr Name").fill("Die Einundzwanzigste")
    page.get_by_label("E-Mail-Adresse").fill("n20@example.org")
    page.get_by_label("Ich bin einverstanden").check()
    house.wait(seconds=10)
    press("Anmelden")
    assert page.get_by_role("heading", name="Sie stehen auf der Warteliste").is_visible()
    accessible()
    store = house.installation.registrations
    id_ = meeting.rpartition("/")[2].partition("#")[0]
    (letter,) = [m for m in store.unsent(TOWN, id_) if m.email == "n7@example.org"]
    page.goto(re.search(r"http\S+/absagen/\S+", letter.body)[0])
    accessible()
    press("Ja, ich sage ab")
    assert page.get_by_text("Sie sind abgemeldet").is_visible()
    accessible()
    assert context.cookies() == []
    context.close()
    page = clerk_page
    assert [(r.person.name, r.waiting) for r in store.of(TOWN, id_)][-1] == ("Die Einundzwanzigste", False)

    page.goto(meeting)
    accessible()
    page.get_by_label("Die Einundzwanzigste: da", exact=True).check()
    press("Anwesenheit vormerken")
    accessible()
    house.wait(days=20)
    page.goto(meeting)
    page.get_by_label("Konto").fill(house.clerk)
    page.get_by_label("Passwort").fill(PASSWORD)
    press("Anmelden")
    page.get_by_label("Ergebnis", exact=True).fill("Es gibt einen Plan")
    press("Ergebnis erfassen")
    assert page.get_by_role("heading", name="Erfasst als Nr.").is_visible()
    for name in ("Einladungsliste zum Drucken", "Ergebnisprotokoll zum Drucken"):
        page.goto(meeting)
        page.get_by_role("link", name=name).click()
        accessible()
    page.emulate_media(media="print")
    assert page.get_by_text("Es gibt einen Plan").is_visible()
    assert not page.locator(".skip").is_visible()
