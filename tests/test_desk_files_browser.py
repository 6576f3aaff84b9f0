"""Documents and tables in a real browser: by keyboard, without script, accessible also when something is wrong."""

import socket
import threading

import pytest
import uvicorn

from tests.faces import BOTTROP, bottrop
from tests.test_browser import AXE, TAGS
from tests.test_desk_documents import PDF
from tests.test_desk_tables import FAULTS, feedback

DESK = f"/geschaeftsstelle/{BOTTROP}"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    house = bottrop(tmp_path_factory.mktemp("files") / "data")
    roles = {(role, BOTTROP) for role in ("recorder", "publisher", "admin")}
    house.clerk = house.installation.accounts.create("Erika", roles).id
    house.installation.passwords.set(house.clerk, "Wie es dazu kam")
    yield house
    house.close()


@pytest.fixture(scope="module")
def server(town):
    listening = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(town.app, log_config=None))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    running.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture
def desk(page, server, town):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{server}{DESK}")
    page.get_by_label("Konto").fill(town.clerk)
    page.get_by_label("Passwort").fill("Wie es dazu kam")
    press(page, "Anmelden")
    return page


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).press("Enter")


def accessible(page):
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    assert [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def choose(page, name, content, label="Datei"):
    page.get_by_label(label, exact=True).set_input_files({"name": name, "mimeType": "x/y", "buffer": content})


def test_a_document_is_uploaded_handed_out_and_erased(desk):
    desk.get_by_role("link", name="Dokumente: hochladen und freigeben").press("Enter")
    accessible(desk)
    choose(desk, "leer.pdf", b"")
    press(desk, "Hochladen")
    assert desk.evaluate("document.activeElement.getAttribute('role')") == "alert"
    accessible(desk)
    choose(desk, "Protokoll.pdf", PDF)
    press(desk, "Hochladen")
    assert desk.get_by_role("heading", name="Das Dokument ist aufbewahrt").is_visible()
    accessible(desk)
    press(desk, "Freigeben: Protokoll.pdf")
    accessible(desk)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Protokoll.pdf", exact=True).click()
    assert download.value.suggested_filename == "Protokoll.pdf"
    desk.locator("summary", has_text="Löschen: Protokoll.pdf").press("Enter")
    desk.get_by_label("Grund").fill("Enthielt Adressen")
    press(desk, "Endgültig löschen")
    assert desk.get_by_text("Grund: Enthielt Adressen").is_visible()
    accessible(desk)


def test_a_document_comes_along_with_its_source(desk, server):
    desk.goto(f"{server}{DESK}/erfassen/context-noted")
    desk.locator("summary", has_text="Angaben zu: Quellen").first.press("Enter")
    inner = desk.locator("details details summary")
    if inner.count():
        inner.first.press("Enter")
    accessible(desk)
    desk.locator("input[type=file]").first.set_input_files({"name": "a.pdf", "mimeType": "x/y", "buffer": PDF + b"2"})
    press(desk, "Prüfen")
    assert len(desk.locator("[id='/sources/0/sha256']").input_value()) == 64
    accessible(desk)


def test_a_table_with_seven_faults_is_mended_saved_and_does_nothing_again(desk):
    desk.get_by_role("link", name="Tabellen: viele Einträge").press("Enter")
    accessible(desk)
    desk.get_by_role("link", name="Rückmeldung eingegangen").press("Enter")
    accessible(desk)
    press(desk, "Hochladen und prüfen")
    accessible(desk)
    choose(desk, "Rückmeldungen.xlsx", feedback(FAULTS))
    press(desk, "Hochladen und prüfen")
    assert desk.title().startswith("Fehler: ")
    assert desk.locator("#complaints li").count() == 7
    accessible(desk)
    press(desk, "Verwerfen")
    choose(desk, "Rückmeldungen.xlsx", feedback())
    press(desk, "Hochladen und prüfen")
    assert desk.get_by_text("neu: 200").is_visible()
    accessible(desk)
    press(desk, "Alles erfassen")
    assert desk.get_by_role("heading", name="Erfasst: 200 Einträge").is_visible()
    accessible(desk)
    desk.get_by_role("link", name="Tabelle: Rückmeldung eingegangen").press("Enter")
    choose(desk, "Rückmeldungen.xlsx", feedback())
    press(desk, "Hochladen und prüfen")
    assert desk.get_by_text("schon erfasst, es geschieht nichts: 200").is_visible()
    assert desk.get_by_role("button", name="Alles erfassen").count() == 0
