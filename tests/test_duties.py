"""What the law asks of the city: imprint, privacy, accessibility; and that barriers can be reported, by anybody."""

import re

import pytest

from adapters.barrier_reports import KEPT, Report
from adapters.duties import FILE, MISSING, TEMPLATE, known_barriers, read_duties
from adapters.keeping import tidy
from adapters.web.app import create_app
from domain.errors import Refused
from tests.browser_forms import Page
from tests.faces import BOTTROP, bottrop
from tests.test_desk import DESK, PASSWORD, Browser
from tests.test_pages import Document

FILLED = """
land = "NW"
sicherheit = "mailto:it@lindenau.example"
[stelle]
name = "Stadt Lindenau"
anschrift = "Markt 1\\n12345 Lindenau"
e-mail = "post@lindenau.example"
telefon = "01234 / 5678"
[impressum]
de = '''
### Verantwortlich
Die **Bürgermeisterin**. <script>alert(1)</script> [Mehr](https://lindenau.example) [Falle](javascript:alert(1))
![Bild](https://elsewhere.example/x.png)
'''
[datenschutz]
de = "Verantwortlich ist die Stadt."
en = "The city is responsible."
[gebaerdensprache]
video = "dgs.mp4"
[barrierefreiheit]
stand = "teilweise"
erstellt = 2026-11-01
methode.de = "Selbstbewertung nach WCAG 2.1."
durchsetzung.name = "Ombudsstelle"
durchsetzung.link = "https://ombudsstelle.example"
[[barrieren]]
grund = "belastung"
was = "Alte Filme haben keine Untertitel."
warum = "Es sind sehr viele."
alternative = "Eine Abschrift auf Anfrage."
"""
PAGES = ("/impressum", "/datenschutz", "/barrierefreiheit", "/barriere-melden", "/leichte-sprache", "/gebaerdensprache")
FORM = "/barriere-melden"
REPORTS = f"{DESK}/barrieren"


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A city that has stated nothing yet."""
    house = bottrop(tmp_path_factory.mktemp("bare") / "data")
    house.clerk = house.installation.accounts.create("Erika", {("admin", "*"), ("recorder", BOTTROP)}).id
    house.installation.passwords.set(house.clerk, PASSWORD)
    yield house
    house.close()


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A city that has stated everything."""
    home = tmp_path_factory.mktemp("stated") / "data"
    home.mkdir()
    (home / FILE).write_text(FILLED)
    (home / "dgs.mp4").write_bytes(b"0123456789")
    house = bottrop(home)
    yield house
    house.close()


def shown(house, path):
    answer = house.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return Document(answer.text)


# ---- the pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/en/", f"/prozesse/{BOTTROP}/verlauf?kind=structure", "/impressum", "/nichts"])
def test_every_page_leads_to_the_duties_and_names_itself_where_a_barrier_is_reported(town, path):
    links = Document(town.get(path).text).links
    root = "/en" if path.startswith("/en") else ""
    assert {f"{root}{each}" for each in PAGES if each != FORM} <= links
    (report,) = {link for link in links if link.startswith(f"{root}{FORM}")}
    field = shown(town, report).all("input")
    assert {each["value"] for each in field if each.get("name") == "page"} == {"/" if path == "/nichts" else path}


def test_what_a_city_has_not_stated_is_said_to_be_missing_and_never_made_up(bare):
    for path in ("/impressum", "/datenschutz", "/barrierefreiheit", "/gebaerdensprache", FORM):
        assert "Das fehlt noch" in shown(bare, path).words
        assert "This is still missing" in shown(bare, f"/en{path}").words
    assert bare.installation.duties.missing == list(MISSING)
    office = Browser(bare)
    office.sign_in()
    desk = Document(office.get(DESK).text).words
    assert all(german in desk for german, _ in MISSING.values())
    assert str(bare.installation.settings.home / FILE) in desk


def test_what_a_city_has_stated_stands_on_its_pages(town):
    assert town.installation.duties.missing == []
    for path in PAGES:
        assert "Das fehlt noch" not in shown(town, path).words
        assert "still missing" not in shown(town, f"/en{path}").words
    imprint = shown(town, "/impressum").words
    assert all(told in imprint for told in ("Stadt Lindenau", "Markt 1", "12345 Lindenau", "Bürgermeisterin"))
    statement = shown(town, "/barrierefreiheit").words
    for told in ("teilweise vereinbar", "EN 301 549 V3.2.1", "BITV NRW", "1. November 2026", "Ombudsstelle"):
        assert told in statement
    for barrier in known_barriers():
        assert barrier.what in statement
    assert "Alte Filme haben keine Untertitel." in statement


def test_the_texts_of_a_city_bring_no_markup_no_script_and_nothing_from_elsewhere(town):
    page = shown(town, "/impressum")
    assert "<script>alert(1)</script>" in page.text
    assert [image["src"] for image in page.all("script", "img")] == ["/log/checkpoint.svg"]
    assert ("h2", {"class": "kern-heading-small"}) in page.elements
    assert "https://lindenau.example" in page.links
    assert not [link for link in page.links if link.startswith("javascript")]


def test_a_german_text_on_an_english_page_is_marked_as_german(town):
    answer = town.get("/en/impressum").text
    assert '<div class="city-text" lang="de">' in answer
    assert "The city is responsible." in town.get("/en/datenschutz").text
    assert '<div class="city-text">' in town.get("/en/datenschutz").text


def test_the_video_in_sign_language_comes_from_the_city_itself(town, bare):
    page = town.get("/gebaerdensprache")
    assert "media-src 'self'" in page.headers["content-security-policy"]
    (video,) = Document(page.text).all("video")
    part = town.get(video["src"], range="bytes=2-4")
    assert (part.status_code, part.content, part.headers["content-type"]) == (206, b"234", "video/mp4")
    assert bare.get(video["src"]).status_code == 404


def test_who_finds_a_hole_is_told_whom_to_tell(town, bare):
    told = town.get("/.well-known/security.txt").text
    assert told.startswith("Contact: mailto:it@lindenau.example\nExpires: 20")
    assert bare.get("/.well-known/security.txt").status_code == 404


# ---- the file -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "code", "key"),
    [
        ("land = ", "duties-unreadable", None),
        ('land = "XX"', "duties-value", "land"),
        ('lant = "NW"', "duties-unknown", "lant"),
        ('impressum = "x"', "duties-value", "impressum"),
        ('[barrierefreiheit]\nerstellt = "gestern"', "duties-value", "barrierefreiheit.erstellt"),
        ('[stelle]\n"e-mail" = "x"', "duties-value", "stelle.e-mail"),
        ('[[barrieren]]\nwas = "a"\nwarum = "b"\nalternative = "c"', "duties-incomplete", "barrieren.1.grund"),
        ('[gebaerdensprache]\nvideo = "../x.mp4"', "duties-video", None),
        ('[gebaerdensprache]\nvideo = "x.mp4"', "duties-video-missing", None),
        ('[barrierefreiheit]\nstand = "vollständig"', "duties-status", None),
        ('[barrierefreiheit]\nstand = "nicht"\ntrifft-nicht-zu = ["dokumente", "sprache"]', "duties-barriers", None),
        ('[barrierefreiheit]\ntrifft-nicht-zu = ["was"]', "duties-value", "barrierefreiheit.trifft-nicht-zu: was"),
    ],
)
def test_a_slip_in_the_file_is_refused_at_the_start_with_its_place(tmp_path, written, code, key):
    (tmp_path / FILE).write_text(written)
    with pytest.raises(Refused) as refusal:
        read_duties(tmp_path)
    assert refusal.value.refusals[0].code == code
    assert refusal.value.refusals[0].params.get("key") == key


def test_the_template_states_nothing_and_names_everything(tmp_path):
    (tmp_path / FILE).write_bytes(TEMPLATE.read_bytes())
    assert read_duties(tmp_path).missing == list(MISSING)


# ---- reporting a barrier ------------------------------------------------------------------------------------------


def send(house, path=FORM, seconds=5, **typed):
    fields = {name: value for name, value in Page(house.get(path).text).sent if name}
    house.wait(seconds=seconds)
    return house.client.post(path.partition("?")[0], data={**fields, **typed})


def test_a_report_reaches_the_office_and_is_erased_when_it_is_settled(bare):
    page = f"/prozesse/{BOTTROP}/struktur?happened_by=2018-01-01"
    came = send(bare, f"{FORM}?seite={page}", what="Das Bild\nist zu klein", contact="0204 112")
    assert came.status_code == 303
    thanks = bare.get(came.headers["location"])
    assert "Danke" in thanks.text
    assert "set-cookie" not in thanks.headers | came.headers
    office = Browser(bare)
    office.sign_in()
    assert "Gemeldete Barrieren, die auf Sie warten (1)" in Document(office.get(DESK).text).words.replace(" )", ")")
    reports = office.get(REPORTS)
    assert "ist zu klein" in reports.text
    assert page in Document(reports.text).links
    act = re.search(r'name="act" value="(settle-[0-9a-f]+)"', reports.text)[1]
    done = office.post(REPORTS, {"token": office.token(DESK), "act": act})
    assert done.status_code == 303
    assert bare.installation.barrier_reports.waiting() == []
    assert office.post(REPORTS, {"token": office.token(DESK), "act": act}).status_code == 404
    (line,) = [each for each in bare.installation.erasing.list.listed() if each.keeper == "barrier-reports"]
    assert line.reason == "no-longer-needed"


@pytest.mark.parametrize("foreign", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "x"])
def test_no_address_leads_anywhere_else(bare, foreign):
    page = Document(bare.client.get(FORM, params={"seite": foreign}).text)
    assert {each["value"] for each in page.all("input") if each.get("name") == "page"} == {""}
    came = Document(bare.client.get(FORM, params={"seite": foreign, "angekommen": "ja"}).text)
    assert not [link for link in came.links if re.match(r"//|/\\\\|https?://elsewhere", link)]
    assert "Zurück zur Seite" not in came.text


@pytest.mark.parametrize(
    ("seconds", "typed", "code"),
    [
        (5, {"what": " "}, "barrier-what"),
        (5, {"what": "x" * 4001}, "registration-too-long"),
        (1, {"what": "Schnell"}, "registration-quick"),
        (90_000, {"what": "Spät"}, "registration-quick"),
        (5, {"what": "Falsch", "token": "1.00"}, "registration-quick"),
        (5, {"what": "Programm", "mehr": "x"}, "registration-trap"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_still_there(bare, seconds, typed, code):
    answer = send(bare, seconds=seconds, contact="bleibt@stehen.example", **typed)
    assert answer.status_code == 422, code
    assert 'role="alert"' in answer.text
    assert "bleibt@stehen.example" in answer.text
    assert bare.installation.barrier_reports.waiting() == []


def test_whoever_mends_a_slip_at_once_does_not_have_to_wait_anew(bare):
    again = send(bare, seconds=5, what=" ")
    token = re.search(r'name="token" value="([^"]+)"', again.text)[1]
    mended = bare.client.post(FORM, data={"what": "Der Kontrast", "token": token})
    assert mended.status_code == 303
    reports = bare.installation.barrier_reports
    assert reports.erase([waiting.id for waiting in reports.waiting()]) == 1


def test_another_site_cannot_send_a_report(bare):
    answer = bare.client.post(FORM, data={"what": "x"}, headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 403


def test_who_sends_very_often_is_asked_to_wait_and_nobody_fills_the_disk(bare, monkeypatch):
    monkeypatch.setattr("adapters.registrations.MOST_TRIES", 2)
    monkeypatch.setattr("adapters.barrier_reports.MOST", 1)
    bare.wait(hours=2)
    assert send(bare, what="Eins").status_code == 303
    full = send(bare, what="Zwei")
    assert (full.status_code, "post" in full.text) == (503, True)
    often = send(bare, what="Drei")
    assert (often.status_code, often.headers["retry-after"]) == (429, "3600")
    bare.installation.barrier_reports.erase([each.id for each in bare.installation.barrier_reports.waiting()])


def test_the_same_report_sent_twice_stands_there_once_and_lapses(bare):
    store = bare.installation.barrier_reports
    for _ in range(2):
        store.add(Report("/", "Zu klein", "", "", "de", None))
    assert len(store.waiting()) == 1
    bare.wait(days=KEPT.days - 1)
    tidy(bare.installation)
    assert len(store.waiting()) == 1
    bare.wait(days=1)
    tidy(bare.installation)
    assert store.waiting() == []


def test_a_report_about_a_process_is_for_who_records_there(bare):
    store, accounts = bare.installation.barrier_reports, bare.installation.accounts
    store.add(Report("/prozesse/x", "Hier", "", "", "de", "anderswo"))
    store.add(Report("/", "Überall", "", "", "de", None))
    recorder, evaluator = (accounts.create("Jan", {(role, BOTTROP)}) for role in ("recorder", "evaluator"))
    assert [each.report.what for each in store.seen_by(recorder)] == ["Überall"]
    assert store.seen_by(evaluator) == []
    admin = accounts.create("Ada", {("admin", "*")})
    assert {each.report.what for each in store.seen_by(admin)} == {"Hier", "Überall"}
    store.erase([each.id for each in store.waiting()])


def test_another_text_of_the_city_is_another_answer(town):
    before = town.get("/impressum")
    assert town.get("/impressum", if_none_match=before.headers["etag"]).status_code == 304
    file = town.installation.settings.home / FILE
    file.write_text(FILLED.replace("Bürgermeisterin", "Stadt"))
    from dataclasses import replace

    again = create_app(replace(town.installation, duties=read_duties(file.parent)))
    from starlette.testclient import TestClient

    assert TestClient(again).get("/impressum").headers["etag"] != before.headers["etag"]
