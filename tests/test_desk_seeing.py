"""Seeing before doing: what would change, what the public would see, and which traces corrections leave."""

import re

import pytest

from tests.faces import BOTTROP, bottrop
from tests.story import alliance, level, told
from tests.test_desk import DESK, PASSWORD, Browser
from tests.test_desk_recording import CHECK, RECORD, typed
from tests.test_pages import Document

HERE = f"{DESK}/{BOTTROP}"
PUBLISH = f"{HERE}/veroeffentlichen"
FIVE = ("b1", "b2", "b3", "b4", "b5")


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    house = bottrop(tmp_path_factory.mktemp("seeing") / "data")
    accounts = house.installation.accounts
    house.clerk = accounts.create("Erika", [("recorder", BOTTROP), ("publisher", BOTTROP)]).id
    house.installation.passwords.set(house.clerk, PASSWORD)
    house.record(
        {"key": "mitte", **level("mitte", "2017")},
        {"key": "unten", **level("unten", "2017")},
        {"key": "ziel", **alliance("ziel", "2017")},
        *({"key": each, **alliance(each, "2018", level="mitte")} for each in FIVE),
    )
    yield house
    house.close()


@pytest.fixture
def office(town):
    """The browser of a clerk who records and publishes."""
    town.wait(minutes=1)
    browser = Browser(town)
    browser.sign_in()
    return browser


def note(office, text, **publication):
    (number,) = office.house.record(
        {"key": f"n-{office.house.now:%H%M%S}", **told({"type": "context-noted", "what": text}, "2017")}
    )
    if publication:
        office.house.record({"step": {"type": "entry-published", "targets": [number], **publication["at"]}})
    return number


def entry(number, act=""):
    return f"{HERE}/eintrag/{number}{act}"


def words(answer):
    return Document(answer.text).words


def traces(office, text):
    """Where the public comes across a text."""
    public, api = f"/prozesse/{BOTTROP}", f"/api/v1/processes/{BOTTROP}"
    paths = [public, f"{public}/verlauf?order=newest", f"{public}/struktur", f"{api}/entries", f"{api}/timeline"]
    found = [path for path in paths if text in office.house.get(path).text]
    return [*found, *office.house.installation.service.search(text, None).hits]


def test_a_dropped_level_shows_where_each_of_five_bodies_goes(office):
    """It would fail when the picture after it was drawn without the marks of what changes."""
    address = f"{HERE}/erfassen/level-dropped"
    page = office.get(address)
    while sum("/destinations/" in name and name.endswith("/subject") for name in typed(page)) < 5:
        page = office.post(address, typed(page, ("add", "/step/destinations")))
    where = ["placed:ziel:", "placed::unten", "dissolved::", "unrecorded::", "placed:process:"]
    given = {"/step/level": "mitte", "/occurred/edtf": "2019", "/grounds": "Beschluss"}
    for index, (body, there) in enumerate(zip(FIVE, where, strict=True)):
        to, parent, on = there.split(":")
        at = f"/step/destinations/{index}"
        given |= {f"{at}/subject": body, f"{at}/to": to, f"{at}/parent": parent, f"{at}/level": on}
    shown = office.post(address, typed(page, CHECK, **given))
    assert shown.status_code == 200, words(shown)
    said = words(shown)
    assert "Die Struktur vorher und nachher" in said
    after = said[said.index("Nachher") :]
    assert "Mitte – endet · weggefallen" in after
    for told_of in (
        "B1 – geändert · Allianz · besteht · gehört zu: Ziel",
        "B2 – geändert · Allianz · besteht · jetzt auf Ebene: Unten",
        "B3 – endet · Allianz · mit der Ebene weggefallen",
        "B4 – geändert · Allianz · besteht · Verbleib nicht dokumentiert",
        "B5 – geändert",
    ):
        assert told_of in after, told_of
    assert shown.text.count('class="picture-mark"') >= 12  # five bodies and their level, before and after
    assert "Dazu gehört, weil es genannt wird und noch nicht öffentlich ist" in said
    assert Document(shown.text).faults == []


def test_an_unpublished_mistake_leaves_no_trace_in_public(office):
    number = note(office, "Versehentlich-erfasst")
    (position,) = [e.position for n, e in view(office).by_number.items() if n == number]
    version = office.house.api("").json()
    feed = office.house.get("/log/checkpoint").status_code
    page = office.post(
        entry(number, "/zuruecknehmen"),
        typed(office.get(entry(number, "/zuruecknehmen")), CHECK, reason="Falsch-gehört"),
    )
    assert page.status_code == 200, words(page)
    assert "Geprüft – noch nichts gespeichert" in words(page)
    assert view(office).in_force(number)
    done = office.post(entry(number, "/zuruecknehmen"), typed(page, RECORD))
    assert done.headers["location"].startswith(f"{entry(number)}?erfasst=")
    assert not view(office).in_force(number)
    assert "Der Eintrag war nie öffentlich" in words(office.get(done.headers["location"]))
    assert traces(office, "Versehentlich-erfasst") == []
    assert traces(office, "Falsch-gehört") == []
    assert office.house.api("").json() == version
    assert feed == office.house.get("/log/checkpoint").status_code
    assert office.house.get(f"/log/content/{position - 1}.json").status_code == 404
    assert office.house.get(f"/prozesse/{BOTTROP}/eintrag/{number}").status_code == 404


def view(office):
    account = office.house.installation.accounts.find(office.house.clerk).account
    return office.house.installation.service.view(BOTTROP, account).view.effective


def test_a_published_mistake_is_corrected_inside_first_and_then_in_public(office):
    number = note(office, "Das Rathaus ist blau", at={})
    address = entry(number, "/berichtigen")
    form = office.get(address)
    assert typed(form)["/step/what"] == ["Das Rathaus ist blau"]
    shown = office.post(
        address, typed(form, CHECK, **{"/step/what": "Das Rathaus ist grau", "reason": "Farbe verwechselt"})
    )
    assert shown.status_code == 200, words(shown)
    assert "Das Rathaus ist blau" in words(shown)
    assert "Wortlaut" in words(shown) or "Was" in words(shown)
    assert "Das sähe die Öffentlichkeit, wenn Sie es veröffentlichen" in words(shown)
    done = office.post(address, typed(shown, RECORD))
    made = max(view(office).by_number)
    page = office.get(done.headers["location"])
    assert f"{PUBLISH}?nr={made}" in Document(page.text).links
    assert "noch intern" in words(page)
    public = f"/prozesse/{BOTTROP}/eintrag/{number}"
    assert "blau" in office.house.get(public).text
    assert "grau" not in office.house.get(public).text
    choice = office.get(f"{PUBLISH}?nr={made}")
    seen = office.post(PUBLISH, typed(choice, CHECK))
    assert "Das sieht die Öffentlichkeit dann" in words(seen)
    office.post(PUBLISH, typed(seen, ("act", "publish")))
    assert "grau" in office.house.get(public).text
    assert "Die Öffentlichkeit weiß das noch nicht" not in words(office.get(entry(number)))


@pytest.mark.parametrize("act", ["/berichtigen", "/zuruecknehmen"])
def test_without_a_reason_nothing_is_amended_and_nothing_typed_is_lost(office, act):
    number = note(office, "Ein Eintrag")
    form = office.get(entry(number, act))
    changed = {"/step/what": "Anders"} if act == "/berichtigen" else {}
    refused = office.post(entry(number, act), typed(form, RECORD, reason=" ", **changed))
    assert refused.status_code == 422
    assert 'href="#reason"' in refused.text
    assert 'id="reason-error"' in refused.text
    assert not changed or "Anders" in refused.text
    assert view(office).in_force(number)
    assert max(view(office).by_number) == number


def test_what_a_correction_is_refused_for_stands_at_its_field(office):
    number = note(office, "Ein Eintrag")
    address = entry(number, "/berichtigen")
    given = {"/occurred/edtf": "1.1.2050", "reason": "weil"}
    refused = office.post(address, typed(office.get(address), RECORD, **given))
    assert refused.status_code == 422
    assert 'href="#/occurred/edtf"' in refused.text
    unchanged = office.post(address, typed(office.get(address), CHECK, reason="weil"))
    assert "Die Berichtigung gibt dasselbe an" in words(unchanged)
    assert "weil" in unchanged.text


def test_nobody_corrects_past_another_correction(office):
    number = note(office, "Erste Fassung")
    address = entry(number, "/berichtigen")
    mine, other = office.get(address), office.get(address)
    office.post(address, typed(other, RECORD, **{"/step/what": "Zweite Fassung", "reason": "a"}))
    refused = office.post(address, typed(mine, RECORD, **{"/step/what": "Dritte Fassung", "reason": "b"}))
    assert refused.status_code == 422
    assert "wurde inzwischen geändert" in words(refused)
    assert "Dritte Fassung" in refused.text


def test_what_was_typed_to_correct_an_entry_stays_when_it_was_withdrawn_meanwhile(office):
    number = note(office, "Erste Fassung")
    address = entry(number, "/berichtigen")
    mine = typed(office.get(address), RECORD, **{"/step/what": "Der lange neue Text", "reason": "Ein langer Grund"})
    office.house.record({"step": {"type": "entry-withdrawn", "target": number, "reason": "x"}})
    refused = office.post(address, mine)
    assert refused.status_code in (409, 422)
    assert Document(refused.text).faults == []
    for said in (f"Nr. {number} ist zurückgenommen", "Der lange neue Text", "Ein langer Grund"):
        assert said in words(refused)
    assert office.get(address).status_code in (409, 422)


def test_what_rests_on_an_entry_stands_in_the_way_of_withdrawing_it_and_is_listed(office):
    number = office.house.numbers["mitte"]
    address = entry(number, "/zuruecknehmen")
    refused = office.post(address, typed(office.get(address), RECORD, reason="Irrtum"))
    assert refused.status_code == 422
    assert "Was im Weg steht" in words(refused)
    assert {entry(office.house.numbers[each]) for each in FIVE} <= Document(refused.text).links
    assert "Irrtum" in refused.text


def test_a_withdrawal_is_withdrawn_and_the_entry_holds_again(office):
    number = note(office, "Doch richtig")
    office.post(entry(number, "/zuruecknehmen"), typed(office.get(entry(number, "/zuruecknehmen")), RECORD, reason="x"))
    made = max(view(office).by_number)
    assert "Zurückgenommen" in words(office.get(entry(number)))
    address = entry(made, "/zuruecknehmen")
    assert "gilt der Eintrag wieder" in words(office.get(address))
    assert office.post(address, typed(office.get(address), RECORD, reason="y")).status_code == 303
    assert view(office).in_force(number)


def test_what_is_published_from_a_later_time_is_set_down_and_can_be_taken_back_until_then(office):
    number = note(office, "Zu Weihnachten")
    choice = office.get(f"{PUBLISH}?nr={number}")
    seen = office.post(PUBLISH, typed(choice, CHECK, day="24.12.2030", clock="9 Uhr"))
    assert seen.status_code == 422
    assert 'id="clock-error"' in seen.text
    assert 'value="24.12.2030"' in seen.text
    seen = office.post(PUBLISH, typed(seen, CHECK, clock="9:00"))
    assert "Öffentlich ab 24. Dezember 2030, 09:00 Uhr" in words(seen)
    office.post(PUBLISH, typed(seen, ("act", "publish")))
    queue = words(office.get(PUBLISH))
    assert "Vorgemerkt" in queue
    assert "Zu Weihnachten – öffentlich ab 24. Dezember 2030, 09:00 Uhr" in queue
    assert traces(office, "Weihnachten") == []
    (made,) = view(office).publications[number]
    address = entry(made, "/zuruecknehmen")
    assert office.post(address, typed(office.get(address), RECORD, reason="doch nicht")).status_code == 303
    assert view(office).public_from(number) is None


@pytest.mark.parametrize(
    ("given", "at", "said"),
    [
        ({"day": "24.12.2020"}, "day", "ist vorbei"),
        ({"day": "irgendwann"}, "day", ""),
        ({"day": "", "clock": "9:00"}, "day", ""),
        ({"day": "31.3.2030", "clock": "2:30"}, "clock", "werden die Uhren vorgestellt"),
        ({"day": "24.12.2030", "clock": "25:00"}, "clock", "keine Uhrzeit"),
        ({"day": "30.12.9999"}, "", ""),
    ],
)
def test_a_time_that_cannot_be_is_refused_at_its_field(office, given, at, said):
    number = note(office, "Irgendwann")
    refused = office.post(PUBLISH, typed(office.get(f"{PUBLISH}?nr={number}"), ("act", "publish"), **given))
    assert refused.status_code == 422
    assert said in words(refused)
    assert not at or f'id="{at}-error"' in refused.text
    assert view(office).public_from(number) is None


def test_4_1_10_what_the_public_sees_is_compared_with_what_is_internal(office):
    page = office.get(f"{HERE}/unterschied")
    said = words(page)
    assert f"{entry(office.house.numbers['b1'])}" in Document(page.text).links
    assert "ändert den heutigen Stand" in said
    assert "B1 – neu" in said
    assert re.search(r"Gremium: B1 – .*?öffentlich „nicht da“, intern „da“", said) or "Gremium: B1" in said
    assert Document(page.text).faults == []
    assert office.get(f"/en{HERE}/unterschied").status_code == 200


def test_an_entry_that_is_not_there_is_told_and_who_may_only_read_amends_nothing(office):
    assert office.get(entry(99_999)).status_code == 404
    assert office.get(entry("abc")).status_code == 404
    accounts = office.house.installation.accounts
    reader = accounts.create("Nur Lesen", [("evaluator", BOTTROP)]).id
    office.house.installation.passwords.set(reader, PASSWORD)
    browser = Browser(office.house)
    browser.sign_in(reader)
    page = browser.get(entry(3))
    assert page.status_code == 200
    assert not [link for link in Document(page.text).links if link.endswith(("/berichtigen", "/zuruecknehmen"))]
    for act in ("/berichtigen", "/zuruecknehmen"):
        assert browser.get(entry(3, act)).status_code == 403
        assert (
            browser.post(entry(3, act), {"token": browser.token(DESK), "reason": "x", "act": "record"}).status_code
            == 403
        )
    assert office.get(entry(max(view(office).publications[3]), "/berichtigen")).status_code in (409, 422)
