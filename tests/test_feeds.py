"""Subscribing: feeds and calendars of a process and of one body, and the timeline to embed in other pages."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar
from starlette.testclient import TestClient

from adapters.web.app import create_app
from tests.faces import House
from tests.story import alliance, corrected, published, told, withdrawn
from tests.test_pages import Document

HOST = "http://testserver"
HERE = "/prozesse/p"
FEED = f"{HERE}/feed.atom"
CALENDAR = f"{HERE}/termine.ics"
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "<b onclick='x'>]]> & \nBEGIN:VEVENT;\\n,</b>"


def step(type_, when, /, **fields):
    return told({"type": type_, **fields}, when)


def planned(meeting, begins, **fields):
    return step("meeting-planned", "2026-11-01", meeting=meeting, begins=begins, **{"title": meeting, **fields})


STORY = {
    "anfang": step("process-opened", "2016", name="Lindenau"),
    "nord": alliance("nord", "2017-03-01", name="Bündnis Nord"),
    "sued": alliance("sued", "2018-05-02", name="Bündnis Süd"),
    "wort": step("feedback-received", "2018", kind="concern", what=HOSTILE, about=["sued"]),
    "sommer": planned("sommer", "2027-07-01T18:00", ends="2027-07-01T20:00", bodies=["nord"], place="Rathaus, Saal 1"),
    "herbst": planned("herbst", "2027-10-05", bodies=["sued"], title=HOSTILE),
    "winter": planned("winter", "2027-01-10T18:00", hosts=["nord"], zone="America/New_York"),
    "verlegt": step("meeting-changed", "2026-11-03", meeting="sommer", how="rescheduled", begins="2027-07-08T18:00"),
    "abgesagt": step("meeting-changed", "2026-11-04", meeting="herbst", how="cancelled"),
    "war": step("meeting-held", "2019-05-06", meeting="war", title="Auftakt", bodies=["nord"]),
    "vage": step("meeting-held", "2019-21", meeting="vage", title="Im Frühling"),
    "irrtum": step("context-noted", "2019", what="Ein Irrtum"),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """All of it public; ten days later one entry is corrected and one withdrawn."""
    house = House(tmp_path_factory.mktemp("feeds") / "data")
    house.record(*({"key": key, **content} for key, content in STORY.items()), process="p")
    house.record({"key": "auf", **published(*STORY)}, process="p")
    house.wait(days=10)
    house.record(
        {"key": "besser", **corrected("sued", alliance("sued", "2018-05-03", name="Bündnis Süd"))}, process="p"
    )
    house.record({"key": "weg", **withdrawn("irrtum")}, process="p")
    house.record({"key": "auf2", **published("besser", "weg")}, process="p")
    yield house
    house.close()


def entries(town, path=FEED, client=None):
    """The entries of a feed by the number of the entry of the process, in their order."""
    answer = (client or town.client).get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    found = ET.fromstring(answer.content)
    return {int(link(entry, "alternate").rpartition("/")[2]): entry for entry in found.iter(f"{ATOM}entry")}


def link(of, rel):
    return next((found.get("href") for found in of.findall(f"{ATOM}link") if found.get("rel") == rel), None)


def text(of, name):
    return of.findtext(f"{ATOM}{name}")


# ---- Atom ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [FEED, f"/en{FEED}", f"{HERE}/gremien/sued/feed.atom"])
def test_a_feed_has_all_that_atom_asks_for(town, path):
    """RFC 4287, 4.1.1 and 4.1.2: one id, title and updated each, an author, an alternate and a self link."""
    found = ET.fromstring(town.get(path).content)
    assert found.tag == f"{ATOM}feed"
    for one in (found, *found.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1
            assert text(one, name)
        assert text(one, "id").startswith("urn:uuid:")
        datetime.fromisoformat(text(one, "updated"))
        kinds = [(each.get("rel"), each.get("type"), each.get("hreflang")) for each in one.findall(f"{ATOM}link")]
        assert len(kinds) == len(set(kinds))
        assert link(one, "alternate").startswith(f"{HOST}/")
    assert found.findtext(f"{ATOM}author/{ATOM}name") == "Lindenau"
    assert link(found, "self") == f"{HOST}{path}"
    ids = [text(entry, "id") for entry in found.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    assert text(found, "updated") == max(text(entry, "updated") for entry in found.iter(f"{ATOM}entry"))


def test_what_was_corrected_or_withdrawn_comes_first_again_and_says_so(town):
    found, n = entries(town), town.numbers
    assert len(found) == len(STORY)
    assert list(found)[:2] == [n["irrtum"], n["sued"]]
    gone, better, other = (found[n[key]] for key in ("irrtum", "sued", "nord"))
    assert text(gone, "title").startswith("Zurückgenommen: ")
    assert "<strong>Zurückgenommen</strong> (Nr. " in text(gone, "content")
    assert "Irrtum" in text(gone, "content")
    assert "<strong>Berichtigt</strong>" in text(better, "content")
    assert text(better, "updated") > text(better, "published") == text(other, "updated")


def test_who_follows_one_body_gets_what_concerns_it_and_nothing_else(town):
    of_body, n = entries(town, f"{HERE}/gremien/nord/feed.atom"), town.numbers
    assert set(of_body) == {n[key] for key in ("nord", "sommer", "winter", "verlegt", "war")}
    everything = entries(town)
    assert {text(of_body[each], "id") for each in of_body} <= {text(one, "id") for one in everything.values()}


@pytest.mark.parametrize("path", ["gremien/ost", "gremien/p", "gremien/Nord", "gremien/sommer"])
@pytest.mark.parametrize("what", ["feed.atom", "termine.ics"])
def test_of_what_is_no_body_there_is_no_feed(town, path, what):
    assert town.get(f"{HERE}/{path}/{what}").status_code == 404


def test_hostile_words_stay_words(town):
    entry = entries(town)[town.numbers["wort"]]
    assert HOSTILE.replace("\n", " ").split() == text(entry, "title").partition(": ")[2].split()
    assert "<b" not in text(entry, "content")


def test_with_an_address_of_its_own_the_links_are_whole_and_the_ids_the_same(town):
    settings = replace(town.installation.settings, address="https://lindenau.example")
    client = TestClient(create_app(replace(town.installation, settings=settings)))
    there, here = entries(town, client=client), entries(town)
    number = town.numbers["nord"]
    assert link(there[number], "alternate") == f"https://lindenau.example{HERE}/eintrag/{number}"
    assert {n: text(one, "id") for n, one in there.items()} == {n: text(one, "id") for n, one in here.items()}
    assert b"URL:https://lindenau.example/prozesse/p/termine" in client.get(CALENDAR).content
    assert b"\r\nURL" not in town.get(CALENDAR).content


def test_without_an_address_the_links_are_those_of_who_asks_and_are_kept_for_nobody_else(town):
    for path in (FEED, "/log/feed.atom"):
        for host in ("a.example", "b.example", "a.example"):
            answer = town.get(path, host=host)
            assert answer.headers["cache-control"] == "private, no-store"
            assert link(ET.fromstring(answer.content), "self") == f"http://{host}{path}"


def test_a_long_feed_is_turned_page_by_page(town, monkeypatch):
    monkeypatch.setattr("adapters.web.feeds.PER_PAGE", 5)
    fresh = TestClient(create_app(town.installation))
    pages = [ET.fromstring(fresh.get(f"{FEED}{query}").content) for query in ("", "?page=2", "?page=3")]
    assert [len(list(page.iter(f"{ATOM}entry"))) for page in pages] == [5, 5, 2]
    whole = f"{HOST}{FEED}"
    assert [link(page, "next") for page in pages] == [f"{whole}?page=2", f"{whole}?page=3", None]
    assert [link(page, "previous") for page in pages] == [None, whole, f"{whole}?page=2"]
    assert {link(page, "last") for page in pages} == {f"{whole}?page=3"}
    assert fresh.get(f"{FEED}?page=4").status_code == fresh.get(f"{FEED}?page=0").status_code == 404


def test_every_page_of_the_process_names_its_feed(town):
    for prefix in ("", "/en"):
        assert 'type="application/atom+xml"' in town.get(f"{prefix}{HERE}").text
        assert f'href="{prefix}{FEED}"' in town.get(f"{prefix}{HERE}/verlauf?happened_by=2018-01-01").text


# ---- iCalendar -----------------------------------------------------------------------------------------------------


def events(town, path=CALENDAR):
    answer = town.get(path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.content)
    assert (found["METHOD"], found["VERSION"]) == ("PUBLISH", "2.0")
    return {str(event["UID"]).partition(".")[0]: event for event in found.walk("VEVENT")}


def test_a_meeting_that_was_moved_is_the_same_event_with_a_higher_sequence(town):
    event = events(town)["sommer"]
    assert event["UID"] == "sommer.p@werdegang"
    assert event["SEQUENCE"] == 1
    assert event.decoded("DTSTART").isoformat() == "2027-07-08T18:00:00+02:00"
    assert (event["STATUS"], event["LOCATION"]) == ("CONFIRMED", "Rathaus, Saal 1")


def test_a_cancelled_meeting_stays_in_the_calendar_and_says_so(town):
    event = events(town)["herbst"]
    assert event["STATUS"] == "CANCELLED"
    assert event["SUMMARY"].startswith("Abgesagt: <b onclick")
    assert events(town, f"/en{CALENDAR}")["herbst"]["SUMMARY"].startswith("Cancelled: ")
    assert str(event.decoded("DTSTART")) == "2027-10-05"


def test_a_meeting_that_was_withdrawn_is_called_off_for_who_subscribed_and_one_that_was_never_public_never_shows(town):
    there, bodies = "/prozesse/q/termine.ics", ("anfang", "nord", "sued")
    town.record(*({"key": key, **STORY[key]} for key in bodies), {"key": "auf", **published(*bodies)}, process="q")
    town.record(
        {"key": "doch-nicht", **planned("doch-nicht", "2027-03-01T18:00", bodies=["nord"], title="Versehen")},
        {"key": "still", **planned("still", "2027-03-02", title="Nie öffentlich")},
        {"key": "zugleich", **planned("zugleich", "2027-03-03", title="Zugleich")},
        process="q",
    )
    town.record({"key": "auf-v", **published("doch-nicht")}, process="q")
    before = events(town, there)["doch-nicht"]
    town.record(*({"key": f"w-{key}", **withdrawn(key)} for key in ("doch-nicht", "still", "zugleich")), process="q")
    assert events(town, there)["doch-nicht"].to_ical() == before.to_ical()  # that it was withdrawn is internal yet
    town.record({"key": "auf-w", **published("w-doch-nicht", "zugleich", "w-zugleich")}, process="q")
    for path in (there, "/prozesse/q/gremien/nord/termine.ics"):
        after = events(town, path)["doch-nicht"]
        assert (after["UID"], after["DTSTART"].dt) == (before["UID"], before["DTSTART"].dt)
        assert (after["STATUS"], after["SUMMARY"]) == ("CANCELLED", "Zurückgenommen: Versehen")
        assert after["SEQUENCE"] > before["SEQUENCE"]
        assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
    assert "doch-nicht" not in events(town, "/prozesse/q/gremien/sued/termine.ics")
    assert not {"still", "zugleich"} & set(events(town, there))
    town.record({"key": "doch", **withdrawn("w-doch-nicht")}, process="q")
    town.record({"key": "auf-doch", **published("doch")}, process="q")
    again = events(town, there)["doch-nicht"]
    assert (again["STATUS"], again["SUMMARY"]) == ("CONFIRMED", "Versehen")
    assert again["SEQUENCE"] > after["SEQUENCE"]


def test_meetings_are_told_in_their_own_time_zone(town):
    assert events(town)["winter"].decoded("DTSTART").astimezone(UTC).isoformat() == "2027-01-10T23:00:00+00:00"
    zones = {str(zone["TZID"]) for zone in Calendar.from_ical(town.get(CALENDAR).content).walk("VTIMEZONE")}
    assert zones == {"Europe/Berlin", "America/New_York"}


def test_a_meeting_that_was_held_stands_on_its_day_where_that_is_known(town):
    found = events(town)
    assert str(found["war"].decoded("DTSTART")) == "2019-05-06"
    assert set(found) == {"sommer", "herbst", "winter", "war"}  # no calendar has a place for "in spring"


def test_a_calendar_of_one_body_has_the_meetings_that_it_meets_in_or_invites_to(town):
    assert set(events(town, f"{HERE}/gremien/nord/termine.ics")) == {"sommer", "winter", "war"}
    assert f'href="{CALENDAR}"' in town.get(f"{HERE}/termine").text


# ---- to embed ------------------------------------------------------------------------------------------------------


def test_the_timeline_to_embed_shows_what_happened_last_without_a_frame(town):
    page = town.get(f"{HERE}/einbetten/verlauf?anzahl=2&body=nord").text
    assert page.count('class="happened"') == 2
    assert '<base target="_top">' in page
    assert "<header" not in page
    assert 'rel="icon"' in page
    assert re.search(r"Quelle: Werdegang, Lindenau ?, Stand .*, bis Eintrag Nr\. \d+", Document(page).words)
    assert f'href="{HERE}/verlauf?order=newest&amp;body=nord"' in page
    assert town.get(f"/en{HERE}/einbetten/verlauf").text.count('<li class="happened') == 5
    for wrong, status in (("anzahl=0", 404), ("anzahl=51", 404), ("anzahl=x", 404), ("kind=x", 422)):
        assert town.get(f"{HERE}/einbetten/verlauf?{wrong}").status_code == status


def test_the_timeline_to_embed_keeps_to_the_days_it_is_asked_for_and_refuses_what_is_none(town):
    address = f"{HERE}/einbetten/verlauf?anzahl=50"
    period = town.get(f"{address}&from=2017&to=2017-12-31").text
    assert period.count('<li class="happened') == 1
    assert "Bündnis Nord" in period
    assert f'href="{HERE}/verlauf?order=newest&amp;from=2017-01-01&amp;to=2017-12-31"' in period
    past = town.get(f"{address}&happened_by=2016-12-31").text
    assert "Prozess eröffnet" in past
    assert "Bündnis" not in past
    assert f'href="{HERE}/verlauf?happened_by=2016-12-31&amp;order=newest"' in past
    for wrong in ("from=x", "seit=x", "happened_by=20188"):
        assert town.get(f"{address}&{wrong}").status_code == 422


# ---- what is internal changes nothing ------------------------------------------------------------------------------

PUBLIC = (
    FEED,
    CALENDAR,
    f"{HERE}/gremien/nord/feed.atom",
    f"{HERE}/gremien/nord/termine.ics",
    f"{HERE}/einbetten/verlauf",
    f"{HERE}/verlauf",
    f"{HERE}/verlauf?body=nord&seit=2026-11-01",
    f"{HERE}/berichtigungen",
)


def test_nothing_changes_when_only_internal_entries_are_added_and_who_has_it_is_told_so(town):
    before = {path: town.get(path) for path in PUBLIC}
    town.record(
        {"key": "geheim", **step("meeting-changed", "2026-11-05", meeting="sommer", how="cancelled")}, process="p"
    )
    town.record({"key": "besser2", **corrected("nord", alliance("nord", "2017-03-02", name="Geheim"))}, process="p")
    for path, answer in before.items():
        after = town.get(path)
        assert answer.status_code == 200
        assert (after.content, after.headers["etag"]) == (answer.content, answer.headers["etag"]), path
        assert town.get(path, if_none_match=answer.headers["etag"]).status_code == 304
    town.record({"key": "auf3", **published("geheim", "besser2")}, process="p")
    for path, answer in before.items():
        assert town.get(path).headers["etag"] != answer.headers["etag"], path
    assert events(town)["sommer"]["STATUS"] == "CANCELLED"
    assert events(town)["sommer"]["SEQUENCE"] == 2
