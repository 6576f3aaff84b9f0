"""The office registers and cancels for who telephones: the same places, the same waiting list, the same letters."""

from tests.browser_forms import Page
from tests.test_desk import DESK
from tests.test_desk_meetings import FORM, HERE, MEETING, TOWN, colleague, house, open_registration, publish, register
from tests.test_pages import Document

__all__ = ["house"]

LIST = f"{MEETING}/anmeldungen"


def telephone(house, n, **given):
    """The clerk registers somebody who calls."""
    fields = {"name": f"Anruf {n}", "email": f"a{n}@example.org", "consent": "yes", "act": "register"} | given
    return house.browser.post(LIST, {"token": house.browser.token(DESK), **fields})


def listed(house):
    return [(each.person.name, each.waiting) for each in house.installation.registrations.of(TOWN, "treffen-1")]


def test_who_telephones_gets_a_place_or_one_on_the_waiting_list_like_everybody(house):
    publish(house, "o", "t")
    open_registration(house, **{"closes-on": "1.12.2026"})
    assert LIST in Document(house.browser.get(MEETING).text).links
    register(house, 1)
    came = [telephone(house, n, needs="Rampe").headers["location"] for n in range(3)]
    assert [where.rpartition("=")[2] for where in came] == ["platz", "platz", "warteliste"]
    page = Document(house.browser.get(came[-1]).text)
    assert "die Person steht auf der Warteliste" in page.words
    assert "a2@example.org" in page.words
    assert page.faults == []
    (letter,) = [m for m in house.installation.registrations.unsent(TOWN, "treffen-1") if m.email == "a2@example.org"]
    assert "Sie stehen auf der Warteliste" in letter.body

    first = house.installation.registrations.of(TOWN, "treffen-1")[0]
    sent = {"token": house.browser.token(DESK), "act": f"cancel-{first.id}"}
    assert house.browser.post(LIST, sent).headers["location"].endswith("=abgemeldet")
    assert listed(house) == [("Anruf 0", False), ("Anruf 1", False), ("Anruf 2", False)]
    assert house.browser.post(LIST, sent).status_code == 303  # a second time changes nothing
    assert len(listed(house)) == 3

    house.wait(days=12)  # the last day is past, the meeting to come
    house.browser.sign_in(house.clerk)
    assert telephone(house, 9).headers["location"].endswith("=warteliste")
    house.wait(days=10)
    house.browser.sign_in(house.clerk)
    late = telephone(house, 10)
    assert (late.status_code, "Für dieses Treffen kann sich niemand anmelden" in late.text) == (422, True)


def test_what_is_missing_is_said_and_nothing_typed_is_lost(house):
    publish(house, "o", "t")
    assert "solange die Anmeldung nicht geöffnet ist" in house.browser.get(LIST).text
    assert telephone(house, 1).status_code == 422
    open_registration(house)
    wrong = telephone(house, 1, email="keine", consent="", needs="Rampe", language="en")
    assert wrong.status_code == 422
    page = Page(wrong.text)
    assert {("email", "keine"), ("needs", "Rampe"), ("language", "en")} <= set(page.sent)
    assert Document(wrong.text).faults == []
    assert "Ohne Einverständnis" in wrong.text
    assert telephone(house, 1, language="en").status_code == 303
    assert house.installation.registrations.of(TOWN, "treffen-1")[0].person.language == "en"
    twice = telephone(house, 2, email="A1@example.org")
    assert "ist schon „Anruf 1“ angemeldet" in twice.text
    assert listed(house) == [("Anruf 1", False)]


def test_the_list_tells_how_to_reach_who_registered_and_only_who_may_record_sees_it(house):
    publish(house, "o", "t")
    open_registration(house)
    register(house, 1)
    for path in (LIST, f"{MEETING}/einladungsliste"):
        assert "n1@example.org" in Document(house.browser.get(path).text).words
    reader = colleague(house, "evaluator")
    assert reader.get(LIST).status_code == 403
    token = reader.token(DESK)
    fields = {"token": token, "name": "x", "email": "x@example.org", "consent": "yes", "act": "register"}
    assert reader.post(LIST, fields).status_code == 403
    other = house.installation.registrations.of(TOWN, "treffen-1")[0].id
    assert house.browser.get(f"{HERE}/treffen-9/anmeldungen").status_code == 404
    assert reader.post(LIST, {"token": token, "act": f"cancel-{other}"}).status_code == 403
    assert listed(house) == [("Name 1", False)]
    assert house.get(FORM).status_code == 200
