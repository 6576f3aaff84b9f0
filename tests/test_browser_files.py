"""Documents and tables in a real browser: by keyboard, without script, accessible also when something is wrong."""

import pytest

from tests.browser import BUT_COLOURS, accessible, clerk_of, has_focus_on_what_is_wrong, press, sign_in
from tests.faces import BOTTROP
from tests.test_desk_documents import PDF
from tests.test_desk_tables import FAULTS, feedback

DESK = f"/geschaeftsstelle/{BOTTROP}"


@pytest.fixture
def desk(page, server, town):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{server}{DESK}")
    sign_in(page, clerk_of(town, "recorder", "publisher", "admin"))
    return page


def choose(page, name, content, label="Datei"):
    page.get_by_label(label, exact=True).set_input_files({"name": name, "mimeType": "x/y", "buffer": content})


def test_a_document_is_uploaded_handed_out_and_erased(desk):
    desk.get_by_role("link", name="Dokumente: hochladen und freigeben").press("Enter")
    choose(desk, "leer.pdf", b"")
    press(desk, "Hochladen")
    has_focus_on_what_is_wrong(desk)
    choose(desk, "Protokoll.pdf", PDF)
    press(desk, "Hochladen")
    assert desk.get_by_role("heading", name="Das Dokument ist aufbewahrt").is_visible()
    accessible(desk)
    press(desk, "Freigeben: Protokoll.pdf")
    accessible(desk, BUT_COLOURS)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Protokoll.pdf", exact=True).click()
    assert download.value.suggested_filename == "Protokoll.pdf"
    desk.locator("summary", has_text="Löschen: Protokoll.pdf").press("Enter")
    desk.get_by_label("Grund").fill("Enthielt Adressen")
    press(desk, "Endgültig löschen")
    assert desk.get_by_text("Grund: Enthielt Adressen").is_visible()
    accessible(desk, BUT_COLOURS)


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
    accessible(desk, BUT_COLOURS)


def test_a_table_with_seven_faults_is_mended_saved_and_does_nothing_again(desk):
    desk.get_by_role("link", name="Tabellen: viele Einträge").press("Enter")
    desk.get_by_role("link", name="Rückmeldung eingegangen").press("Enter")
    choose(desk, "Rückmeldungen.xlsx", feedback(FAULTS))
    press(desk, "Hochladen und prüfen")
    assert desk.title().startswith("Fehler: ")
    assert desk.locator("#complaints li").count() == 7
    press(desk, "Verwerfen")
    choose(desk, "Rückmeldungen.xlsx", feedback())
    press(desk, "Hochladen und prüfen")
    assert desk.get_by_text("neu: 200").is_visible()
    accessible(desk, BUT_COLOURS)
    press(desk, "Alles erfassen")
    assert desk.get_by_role("heading", name="Erfasst: 200 Einträge").is_visible()
    accessible(desk)
    desk.get_by_role("link", name="Tabelle: Rückmeldung eingegangen").press("Enter")
    choose(desk, "Rückmeldungen.xlsx", feedback())
    press(desk, "Hochladen und prüfen")
    assert desk.get_by_text("schon erfasst, es geschieht nichts: 200").is_visible()
    assert desk.get_by_role("button", name="Alles erfassen").count() == 0
