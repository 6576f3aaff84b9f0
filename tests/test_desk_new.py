"""A new process at the desk: from a template, from another process, or from a file."""

import json
import re
from html import unescape

import pytest
from starlette.routing import Route

from adapters.beginnings import structure_of
from adapters.web.app import AT_THE_DESK
from adapters.web.desk import door
from domain.process import RESERVED
from tests.faces import BOTTROP, EXAMPLE
from tests.story import told
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


def upload(browser, act, content, **fields):
    data = {"token": browser.token(NEW), "act": act, **fields}
    files = {"file": ("prozess.jsonl", content, "application/octet-stream")}
    return browser.client.post(NEW, data=data, files=files)


def lines_of_bottrop():
    return [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if "entry-published" not in line]


def test_a_file_is_uploaded_shown_line_by_line_and_need_not_be_chosen_again(opener):
    content = "\ufeff" + "\r\n".join(lines_of_bottrop())
    tried = upload(opener, "check", content.encode(), id="hochgeladen")
    page = Document(tried.text)
    assert tried.status_code == 200
    assert page.faults == []
    assert "Zeile 1: Prozess eröffnet: Bottrop 2018+" in page.words
    assert f"Diese {len(lines_of_bottrop())} Einträge würden erfasst" in page.words
    assert opener.get(f"{DESK}/hochgeladen").status_code == 404
    (text,) = [field for field in page.all("textarea") if field["name"] == "text"]
    assert text
    kept = re.search(r'<textarea[^>]* name="text"[^>]*>\n(.*?)</textarea>', tried.text, re.DOTALL)[1]
    assert send(opener, "record", begin="file", id="hochgeladen", text=unescape(kept)).status_code == 303
    assert len(view(opener, "hochgeladen").effective.entries) == len(lines_of_bottrop())
    again = upload(opener, "check", content.encode(), id="hochgeladen")
    assert "Diese 0 Einträge würden erfasst" in Document(again.text).words
    assert "Zeile 1: schon erfasst: Prozess eröffnet" in Document(again.text).words


def test_a_file_of_more_than_a_megabyte_is_taken(opener):
    many = [
        json.dumps(
            {"process": "gross", "key": f"k-{n}", **told({"type": "context-noted", "what": "x" * 9_000}, "2018")}
        )
        for n in range(150)
    ]
    opened = {"process": "gross", "key": "a", **told({"type": "process-opened", "name": "Groß"}, "2018")}
    content = "\n".join([json.dumps(opened), *many])
    assert len(content) > 1_000_000
    tried = upload(opener, "check", content.encode())
    assert tried.status_code == 200
    data = {"token": opener.token(NEW), "act": "record", "begin": "file", "text": content}
    assert opener.client.post(NEW, data=data, files={"file": ("", b"")}).status_code == 303


def test_a_file_that_cannot_be_read_is_told_at_its_place(opener):
    answer = upload(opener, "record", b"{}\n\xff\xfe", id="unlesbar")
    assert answer.status_code == 422
    assert "Die Datei prozess.jsonl ist in Zeile 2 nicht in UTF-8 geschrieben" in Document(answer.text).words
    assert "#text" in Document(answer.text).links


def test_a_publication_in_a_file_is_left_out_and_counted_so_that_all_stays_internal(opener):
    every = EXAMPLE.read_text(encoding="utf-8").splitlines()
    (published,) = {json.loads(line)["key"] for line in every if "entry-published" in line and '"b05"' in line}
    back = {"process": BOTTROP, "key": "weg", "step": {"type": "entry-withdrawn", "target": published, "reason": "x"}}
    again = back | {"key": "da", "step": back["step"] | {"target": "weg"}}
    content = "\n".join([*every, json.dumps(back), json.dumps(again)])
    fields = {"begin": "file", "id": "ohne-oeffentliches", "text": content, "name": "Ganz anders"}
    left_out = len(every) + 2 - len(lines_of_bottrop())
    tried = send(opener, "check", **fields)
    words = Document(tried.text).words
    assert (
        f"Veröffentlichungen in der Datei werden ausgelassen, weil niemand sie zurücknehmen kann: {left_out}" in words
    )
    assert "Was im Formular steht, gilt nicht: Ganz anders" in words
    assert f"Diese {len(lines_of_bottrop())} Einträge würden erfasst" in words
    assert send(opener, "record", **fields).status_code == 303
    assert len(view(opener, "ohne-oeffentliches").effective.entries) == len(lines_of_bottrop())
    assert opener.get("/prozesse/ohne-oeffentliches").status_code == 404
    known = send(opener, "check", **fields)
    assert "Diesen Prozess gibt es schon, und alles davon ist darin schon erfasst" in Document(known.text).words
    assert f"{DESK}/ohne-oeffentliches" in Document(known.text).links
    assert 'value="record"' not in known.text


def test_no_process_is_called_like_an_address_of_the_desk(opener, town):  # noqa: F811
    routes = [route for router in (door, *AT_THE_DESK) for route in router.routes if isinstance(route, Route)]
    words = {path.split("/")[2] for route in routes if (path := route.path.removeprefix("/en")).count("/") > 1}
    assert {word for word in words if not word.startswith("{")} == RESERVED - {"installation"}
    for word in RESERVED:
        opened = {"key": "a", "process": word, **told({"type": "process-opened", "name": "Zu"}, "2026-11-20")}
        answer = town.client.post(f"/api/v1/processes/{word}/entries", json=[opened], headers=town.headers("admin"))
        assert (answer.status_code, answer.json()["code"]) == (422, "process-id-reserved")
    answer = send(opener, "record", begin="file", text=json.dumps(opened))
    assert "#id" in Document(answer.text).links


def test_who_may_not_record_everywhere_begins_nothing(town):  # noqa: F811
    clerk = town.installation.accounts.create("Nur hier", [("recorder", BOTTROP), ("publisher", "*")]).id
    town.installation.passwords.set(clerk, PASSWORD)
    browser = Browser(town)
    browser.sign_in(clerk)
    assert browser.get(NEW).status_code == 403
    assert f"{DESK}/neu" not in Document(browser.get(DESK).text).links
