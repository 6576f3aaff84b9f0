"""A new process at the desk: from a template, from another process, or from a file."""

import pytest

from adapters.beginnings import structure_of
from tests.faces import BOTTROP, EXAMPLE
from tests.test_desk import DESK, PASSWORD, Browser, town  # noqa: F401
from tests.test_pages import Document

NEW = f"{DESK}/neu"
SAID = {
    "begin": "two-levels",
    "name": "Musterstadt bewegt sich",
    "city": "Musterstadt",
    "begun": "im Herbst 2024",
    "zone": "Europe/Berlin",
}


@pytest.fixture
def opener(town):  # noqa: F811
    """A browser in which somebody is signed in who may record everywhere."""
    clerk = town.installation.accounts.create("Anfang", [("recorder", "*")]).id
    town.installation.passwords.set(clerk, PASSWORD)
    town.clerk = clerk
    town.wait(days=1)
    browser = Browser(town)
    assert browser.sign_in(clerk).status_code == 303
    return browser


def send(browser, act, **fields):
    return browser.post(NEW, {"token": browser.token(NEW), "act": act, **fields}, origin="http://testserver")


def account(browser):
    return browser.house.installation.accounts.find(browser.house.clerk).account


def view(browser, process):
    return browser.house.installation.service.view(process, account(browser)).view


def test_a_process_from_a_template_is_looked_at_and_recorded_once(opener):
    tried = send(opener, "check", **SAID)
    words = Document(tried.text).words
    assert tried.status_code == 200
    assert "Geprüft – noch nichts gespeichert" in words
    assert "musterstadt-bewegt-sich" in words
    assert Document(tried.text).faults == []
    assert opener.get(f"{DESK}/musterstadt-bewegt-sich").status_code == 404

    for _ in range(2):
        done = send(opener, "record", **SAID, **{"named-reallabor-1": "Hafen"})
        assert (done.status_code, done.headers["location"]) == (303, f"{DESK}/musterstadt-bewegt-sich")
    found = view(opener, "musterstadt-bewegt-sich")
    assert len(found.effective.entries) == 6
    assert {part.name for part in structure_of(found)} >= {"Hafen", "Geschäftsstelle"}
    assert found.form(1).telling.occurred.wording == "im Herbst 2024"
    assert opener.get(done.headers["location"]).status_code == 200
    assert opener.get("/prozesse/musterstadt-bewegt-sich").status_code == 404


def test_an_id_that_is_taken_or_cannot_be_one_is_refused_at_its_place(opener):
    for id_, said in ((BOTTROP, "schon vergeben"), ("neu", "keine Kurzbezeichnung"), ("Ä!", "keine Kurzbezeichnung")):
        for act in ("check", "record"):
            answer = send(opener, act, **{**SAID, "id": id_, "name": "Nichts geht verloren"})
            page = Document(answer.text)
            assert answer.status_code >= 400
            assert said in page.words
            assert "#id" in page.links
            assert "Nichts geht verloren" in answer.text


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"name": " "}, "#name"),
        ({"begun": "neulich"}, "#begun"),
        ({"begun": "im Herbst 2094"}, "#begun"),
        ({"zone": "Mars/Nord"}, "#zone"),
        ({"begin": "x"}, "#begin-three-levels"),
        ({"begin": "process", "from": "gibts-nicht"}, "#begin-three-levels"),
        ({"begin": "file", "text": "{"}, "#text"),
        ({"begin": "file", "text": ""}, "#text"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(opener, wrong, place):
    answer = send(opener, "record", **{**SAID, "id": "unfertig", **wrong})
    assert 400 <= answer.status_code < 500
    assert place in Document(answer.text).links
    assert opener.get(f"{DESK}/unfertig").status_code == 404


def test_a_process_like_another_one_has_its_structure_and_nothing_of_its_actors(opener):
    fields = {**SAID, "begin": "process", "from": BOTTROP, "as_of": "31.12.2018", "id": "nachbar"}
    assert send(opener, "record", **fields).status_code == 303
    found = view(opener, "nachbar")
    assert {entry.statement.step.type for entry in found.effective.entries} <= {
        *("process-opened", "level-established", "alliance-founded", "group-formed", "reallabor-initiated"),
    }
    assert "wirtschaftsallianz" in {part.id for part in structure_of(found)}


def test_a_process_from_a_file_is_all_or_nothing_and_says_which_line_is_wrong(opener):
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if "entry-published" not in line]
    broken = "\n".join([*lines[:3], lines[3].replace('"type":"', '"type":"un'), *lines[4:]])
    fields = {"begin": "file", "id": "bottrop-kopie"}
    answer = send(opener, "record", **fields, text=broken)
    assert answer.status_code == 422
    assert "Zeile 4" in Document(answer.text).words
    assert opener.get(f"{DESK}/bottrop-kopie").status_code == 404
    assert send(opener, "record", **fields, text="\n".join(lines)).status_code == 303
    assert len(view(opener, "bottrop-kopie").effective.entries) == len(lines)


def test_who_may_not_record_everywhere_begins_nothing(town):  # noqa: F811
    clerk = town.installation.accounts.create("Nur hier", [("recorder", BOTTROP), ("publisher", "*")]).id
    town.installation.passwords.set(clerk, PASSWORD)
    browser = Browser(town)
    browser.sign_in(clerk)
    assert browser.get(NEW).status_code == 403
    assert f"{DESK}/neu" not in Document(browser.get(DESK).text).links
