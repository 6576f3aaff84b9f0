"""Meetings in a real browser: planned, announced, 21 who register for 20 places, held, and printed; all accessible."""

import re

import pytest
from starlette.testclient import TestClient

from tests.browser import BUT_COLOURS, accessible, clerk_of, has_focus_on_what_is_wrong, press, sign_in
from tests.faces import House
from tests.story import told

TOWN = "lindenau"
MEETINGS = f"/geschaeftsstelle/{TOWN}/termine"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("meetings") / "data")
    opened = told({"type": "process-opened", "name": "Lindenau"}, "2026-11-01")
    house.record({"key": "o", **opened}, {"step": {"type": "entry-published", "targets": ["o"]}}, process=TOWN)
    yield house
    house.close()


def test_the_21st_registers_by_browser_and_waits_until_one_cancels(page, server, town):  # noqa: PLR0915  # one story
    house, clerk = town, clerk_of(town, "recorder", "publisher", process=TOWN)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{server}{MEETINGS}")
    sign_in(page, clerk)
    page.get_by_role("link", name="Treffen planen").click()
    page.get_by_label("Titel").first.fill("Treffen im Rathaus")
    page.locator("[id='/step/begins']").fill("10.12.2026 18:00")
    page.locator("[id='/step/places']").fill("20")
    page.locator("[id='/occurred/edtf']").fill("20.11.2026")
    press(page, "Prüfen")
    press(page, "Erfassen")
    house.record({"step": {"type": "entry-published", "targets": [3]}}, process=TOWN)
    page.goto(f"{server}{MEETINGS}")
    page.get_by_role("link", name="Treffen im Rathaus").click()
    meeting = page.url
    page.get_by_label("Letzter Tag der Anmeldung").fill("bald")
    press(page, "Anmeldung öffnen")
    has_focus_on_what_is_wrong(page)
    page.get_by_label("Letzter Tag der Anmeldung").fill("1.12.2026")
    press(page, "Anmeldung öffnen")
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
    accessible(page)
    house.wait(seconds=10)
    press(page, "Anmelden")
    assert page.title().startswith("Fehler: ")
    accessible(page)
    page.get_by_label("Ihr Name").fill("Die Einundzwanzigste")
    page.get_by_label("E-Mail-Adresse").fill("n20@example.org")
    page.get_by_label("Ich bin einverstanden").check()
    house.wait(seconds=10)
    press(page, "Anmelden")
    assert page.get_by_role("heading", name="Sie stehen auf der Warteliste").is_visible()
    accessible(page)
    store = house.installation.registrations
    id_ = meeting.rpartition("/")[2].partition("#")[0]
    (letter,) = [m for m in store.unsent(TOWN, id_) if m.email == "n7@example.org"]
    page.goto(re.search(r"http\S+/absagen/\S+", letter.body)[0])
    accessible(page)
    press(page, "Ja, ich sage ab")
    assert page.get_by_text("Sie sind abgemeldet").is_visible()
    accessible(page)
    assert context.cookies() == []
    context.close()
    page = clerk_page
    assert [(r.person.name, r.waiting) for r in store.of(TOWN, id_)][-1] == ("Die Einundzwanzigste", False)

    page.goto(meeting)
    page.get_by_label("Die Einundzwanzigste: da", exact=True).check()
    press(page, "Anwesenheit vormerken")
    accessible(page)
    house.wait(days=20)
    page.goto(meeting)
    sign_in(page, clerk)
    page.get_by_label("Ergebnis", exact=True).fill("Es gibt einen Plan")
    press(page, "Prüfen")
    accessible(page, BUT_COLOURS)
    press(page, "Ergebnis erfassen")
    assert page.get_by_role("heading", name="Erfasst als Nr.").is_visible()
    for name in ("Einladungsliste zum Drucken", "Ergebnisprotokoll zum Drucken"):
        page.goto(meeting)
        page.get_by_role("link", name=name).click()
        accessible(page, BUT_COLOURS)
    page.emulate_media(media="print")
    assert page.get_by_text("Es gibt einen Plan").is_visible()
    assert not page.locator(".skip").is_visible()
