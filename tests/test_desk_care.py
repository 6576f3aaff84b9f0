"""What needs care: what waits for the office, how long, and the form that settles it."""

import re

import pytest

from projections.care import care
from tests.faces import BOTTROP
from tests.story import story, told
from tests.test_desk import DESK, PASSWORD, Browser, browser, house, inside, town  # noqa: F401
from tests.test_pages import Document

HERE = f"{DESK}/{BOTTROP}"
TODAY = "2026-11-22"


def waiting(kind, *, days=28, today=TODAY, **told_of):
    """The keys of what waits in a process in which some things are told."""
    s = story(**told_of)
    keys = {s.number(key): key for key in told_of}
    return [keys[concern.line.number] for concern in care(s.view(today), days).concerns[kind]]


FEEDBACK = {"type": "feedback-received", "kind": "question", "what": "Wann beginnt es?"}
MEETING = {
    "type": "meeting-planned",
    "meeting": "m",
    "kind": "workshop",
    "title": "Werkstatt",
    "begins": "2026-10-01T10:00",
}


def test_feedback_waits_for_an_answer_after_so_many_days():
    assert waiting("feedback", f=told(FEEDBACK, "2026-10-01")) == ["f"]
    assert waiting("feedback", days=60, f=told(FEEDBACK, "2026-10-01")) == []
    answer = {"type": "feedback-answered", "feedback": "f", "outcome": "answered", "answer": "Im Mai."}
    assert waiting("feedback", f=told(FEEDBACK, "2026-10-01"), a=told(answer, "2026-10-02")) == []


def test_a_meeting_whose_day_is_past_waits_for_a_report():
    announced = told(MEETING, "2026-09-01")
    assert waiting("meeting", m=announced) == ["m"]
    assert waiting("meeting", today="2026-09-30", m=announced) == []
    held = {"type": "meeting-held", "meeting": "m", "kind": "workshop", "planned": True}
    assert waiting("meeting", m=announced, h=told(held, "2026-10-01")) == []


def test_a_promise_waits_and_is_overdue_when_its_time_has_passed():
    promise = {"type": "commitment-made", "commitment": "c", "kind": "promise", "text": "Wir laden ein."}
    assert waiting("promise-open", c=told(promise, "2026-01")) == ["c"]
    overdue = told({**promise, "due": "2026-06"}, "2026-01")
    assert waiting("promise-overdue", c=overdue) == ["c"]
    assert waiting("promise-open", c=overdue) == []


def test_an_organisation_that_nothing_names_for_a_year_was_not_reached():
    actor = told({"type": "actor-registered", "actor": "verein", "kind": "association", "name": "Verein"}, "2020")
    said = {**FEEDBACK, "speakers": ["verein"]}
    assert waiting("unreached", v=actor) == ["v"]
    assert waiting("unreached", v=actor, f=told(said, "2025-01-15")) == ["v"]
    assert waiting("unreached", v=actor, f=told(said, "2026-01-15")) == []


def test_what_was_recorded_long_ago_and_is_internal_waits(house, inside):  # noqa: F811
    page = Document(inside.get(f"{HERE}/zu-tun?tage=0").text)
    assert "Lange erfasst und noch nicht öffentlich" in page.words
    assert f"{HERE}/stand/eintrag/{house.numbers['intern']}" in page.links
    assert "Lange erfasst und noch nicht öffentlich" not in Document(inside.get(f"{HERE}/zu-tun?tage=3000").text).words


def test_the_start_page_counts_what_waits_and_leads_there(inside):  # noqa: F811
    page = Document(inside.get(DESK).text)
    assert re.search(r"Offene Fragen und vertagte Beschlüsse \(\d+\)", page.words)
    assert f"{HERE}/zu-tun#question" in page.links


def test_each_line_leads_to_the_form_that_settles_it_filled_in(inside):  # noqa: F811
    page = Document(inside.get(f"{HERE}/zu-tun").text)
    assert page.faults == []
    forms = sorted(link for link in page.links if "/erfassen/" in link)
    assert {link.rpartition("/")[2].partition("?")[0] for link in forms} >= {"decision-taken", "commitment-settled"}
    for link in forms:
        answer = inside.get(link)
        assert answer.status_code == 200
        value = link.rpartition("=")[2]
        chosen = [f for f in Document(answer.text).all("option", "input") if f.get("value") == value]
        assert any("selected" in f or "checked" in f or "type" in f for f in chosen), link


def test_an_address_fills_in_nothing_but_fields_of_the_step(inside):  # noqa: F811
    text = inside.get(f"{HERE}/erfassen/context-noted?what=%3Cb%3EWetter&gibts=nicht&key=x").text
    assert "&lt;b&gt;Wetter" in text
    assert "gibts" not in Document(text).words


@pytest.mark.parametrize("given", ["bald", "-1", "99999", "1e3"])
def test_days_that_are_no_number_are_told_at_their_place(inside, given):  # noqa: F811
    answer = inside.get(f"{HERE}/zu-tun")
    assert answer.status_code == 200
    wrong = inside.get(f"{HERE}/zu-tun?tage={given}")
    assert wrong.status_code == 422
    assert "keine Zahl von Tagen" in Document(wrong.text).words


def test_what_one_recorded_since_a_day_and_what_is_not_public_of_it(house, inside):  # noqa: F811
    mine = Document(inside.get(f"{HERE}/erfasst").text)
    assert "0 Einträge" in mine.words
    everybody = Document(inside.get(f"{HERE}/erfasst?seit=2026-11-01&wer=alle").text)
    assert "Nur intern" in everybody.words
    assert "davon 1 noch nicht öffentlich" in everybody.words
    assert inside.get(f"{HERE}/erfasst?seit=gestern").status_code == 422


def test_who_may_not_record_is_offered_no_form(house):  # noqa: F811
    accounts = house.installation.accounts
    reader = accounts.create("Liest", [("evaluator", "*")]).id
    house.installation.passwords.set(reader, PASSWORD)
    somebody = Browser(house)
    somebody.sign_in(reader)
    links = Document(somebody.get(f"{HERE}/zu-tun").text).links
    assert links
    assert not [link for link in links if "/erfassen/" in link]
    assert f"{DESK}/neu" not in Document(somebody.get(DESK).text).links
