"""How a process stands, as its office sees it: the public pages once more, with what is internal."""

from hashlib import sha256
from io import BytesIO

import pytest

from adapters.registers import REGISTERS
from tests.faces import BOTTROP
from tests.story import told
from tests.test_desk import DESK, PASSWORD, Browser, browser, house, inside, leads_to_sign_in, town  # noqa: F401
from tests.test_pages import Document

STAND = f"{DESK}/{BOTTROP}/stand"
PAGES = ["", "/verlauf", "/berichtigungen", "/struktur", "/eintrag/1", *(f"/{register.page}" for register in REGISTERS)]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_a_process_stands_at_the_desk_and_leads_nowhere_else(inside, path):  # noqa: F811
    answer = inside.get(f"{STAND}{path}")
    page = Document(answer.text)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert page.faults == []
    assert "Sie sehen auch, was noch nicht veröffentlicht ist." in page.words
    assert not [link for link in page.links if link.startswith(f"/prozesse/{BOTTROP}") or "/api/v1/processes" in link]
    assert f"{DESK}/{BOTTROP}" in page.links


def test_the_office_sees_what_the_public_does_not(house, inside):  # noqa: F811
    words = [Document(inside.get(f"{STAND}/verlauf?page={number}").text).words for number in (1, 2, 3, 4)]
    assert any("Nur intern" in told for told in words)
    entry = Document(inside.get(f"{STAND}/eintrag/{house.numbers['intern']}").text)
    assert "Nur intern" in entry.words
    assert "intern" in entry.words
    assert "Erfasst von Konto" in entry.words
    public = f"/prozesse/{BOTTROP}/eintrag/{house.numbers['intern']}"
    assert inside.get(public).status_code == 404
    assert "Erfasst von Konto" not in inside.get(f"/prozesse/{BOTTROP}/eintrag/1").text


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_file_of_an_entry_is_had_at_the_desk_where_the_office_has_it(house, inside, language):  # noqa: F811
    content = b"Protokoll"
    digest, documents = sha256(content).hexdigest(), house.installation.documents
    if not documents.find(BOTTROP, digest):
        noted = told({"type": "context-noted", "what": "Mit Datei"}, "2019")
        house.record({"key": "datei", **noted, "sources": [{"title": "Protokoll", "sha256": digest}]})
        documents.keep(BOTTROP, "protokoll.txt", BytesIO(content), "k")
        documents.hand_out(BOTTROP, digest, public=True, by="k")
    page = Document(inside.get(f"{language}{STAND}/eintrag/{house.numbers['datei']}").text)
    (link,) = [link for link in page.links if link.endswith(digest)]
    assert link.startswith(f"{language}{DESK}/{BOTTROP}/")
    assert inside.get(link).content == content


def test_the_three_times_hold_at_the_desk_too(inside):  # noqa: F811
    then = Document(inside.get(f"{STAND}/struktur?happened_by=2018-12-31").text)
    assert "Struktur am 31. Dezember 2018" in then.words
    wrong = inside.get(f"{STAND}/struktur?happened_by=gestern")
    assert wrong.status_code == 422


def test_who_may_not_see_what_is_internal_is_not_led_there(house):  # noqa: F811
    accounts = house.installation.accounts
    stranger = accounts.create("Fremd", [("recorder", "im-entwurf")]).id
    house.installation.passwords.set(stranger, PASSWORD)
    somebody = Browser(house)
    assert leads_to_sign_in(somebody.get(STAND))
    somebody.sign_in(stranger)
    assert somebody.get(STAND).status_code == 403
    assert somebody.get(f"{DESK}/gibt-es-nicht/stand").status_code == 404
    assert somebody.get(f"{DESK}/Nicht%20Da/stand").status_code == 404


def test_a_process_of_which_nothing_is_public_can_be_looked_at(inside):  # noqa: F811
    page = Document(inside.get(f"{DESK}/im-entwurf/stand").text)
    assert "Nur geplant" in page.words
    assert inside.get("/prozesse/im-entwurf").status_code == 404


def test_the_page_of_a_process_leads_to_everything_it_knows(inside):  # noqa: F811
    links = Document(inside.get(f"{DESK}/{BOTTROP}").text).links
    assert {f"{STAND}{path}" for path in PAGES if "eintrag" not in path} <= links
    english = Document(inside.get(f"/en{DESK}/{BOTTROP}").text).links
    assert f"/en{STAND}/struktur" in english
    assert f"/en{DESK}/{BOTTROP}" in Document(inside.get(f"/en{STAND}/struktur").text).links
