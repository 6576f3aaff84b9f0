"""What the registers answer about a process that uses everything: Lindenau 2030, for office and public, on any day.

The expected answers were counted by hand from the example, not taken from the program.
"""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings

from adapters.cli import run
from adapters.cli_reading import What
from adapters.registers import EVERY, REGISTERS
from domain.replay import Effective
from domain.view import View
from projections.claims import disputes
from projections.commitments import promises
from projections.completeness import completeness
from projections.decisions import decisions
from projections.difference import difference
from projections.findings import findings, participation
from projections.meetings import attendance, meetings
from projections.monitoring import monitoring
from projections.open_items import open_items
from projections.plan import plan
from projections.scenarios import scenarios
from projections.telling import line
from projections.why import why
from service import Times
from tests import command_line
from tests.faces import recorded
from tests.histories import FIRST, LAST, histories
from tests.story import corrected, published, story, told, withdrawn
from tests.test_pages import HOSTILE, Document

home, werdegang = command_line.home, command_line.werdegang

EXAMPLE = Path(__file__).parents[1] / "examples" / "lindenau-2030.jsonl"
LINDENAU = "lindenau-2030"
TODAY = "2026-11-22"


class Town:
    """Lindenau, read by the office or by the public."""

    def __init__(self, house):
        self.house = house
        self.admin = house.installation.accounts.account_of(house.tokens["admin"])
        entries = self.view().effective.entries
        self.key = {entry.number: entry.statement.key for entry in entries}

    def view(self, day=TODAY, *, public=False):
        reader = None if public else self.admin
        return self.house.installation.service.view(LINDENAU, reader, Times(happened_by=date.fromisoformat(day))).view


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    house = recorded(tmp_path_factory.mktemp("lindenau") / "data", EXAMPLE)
    yield Town(house)
    house.close()


# ---- decisions and what is open -----------------------------------------------------------------------------------


def test_every_decision_stands_there_with_its_method(town):
    found = decisions(town.view())
    assert len(found.decisions) == 22
    assert found.methods == {
        "consensus": 1,
        "consent": 4,
        "consultative": 1,
        "lot": 1,
        "majority": 11,
        "single": 1,
        "systemic-consensing": 2,
        "unrecorded": 1,
    }
    assert {d.entry for d in found.decisions if d.outcome == "rejected"} == {128, 218, 272, 276}


def test_a_vote_is_recounted(town):
    votes = {d.entry: d.vote for d in decisions(town.view()).decisions if d.vote is not None}
    assert {n: vote.carried for n, vote in votes.items() if vote.rule == "absolute"} == {
        105: True,
        246: True,
        272: False,
    }
    assert {n: vote.carried for n, vote in votes.items() if vote.rule == "two-thirds"} == {
        102: True,
        217: True,
        218: False,
    }


def test_consensing_is_recounted_with_the_least_resistance_first(town):
    (first,) = [d for d in decisions(town.view()).decisions if d.entry == 155]
    told_ = [(option.resistance, option.acceptance) for option in first.options]
    assert told_ == [(16, "82.2"), (32, "64.4"), (42, "53.3"), (52, "42.2")]
    assert [option.chosen for option in first.options] == [True, False, False, False]
    (passive,) = [d for d in decisions(town.view()).decisions if d.entry == 276]
    assert [option.passive for option in passive.options if option.chosen] == [True]


def test_a_review_is_due_ahead_or_done(town):
    found = {d.entry: d.review for d in decisions(town.view()).decisions if d.review is not None}
    assert found == {37: "done", 105: "done", 131: "done", 159: "due", 246: "ahead", 256: "ahead"}
    earlier = {d.entry: d.review for d in decisions(town.view("2024-05-01")).decisions if d.review is not None}
    assert earlier[105] == "ahead"


def test_a_question_is_open_until_a_decision_settles_it(town):
    assert {q.entry for q in open_items(town.view()).questions} == {244, 277, 278}
    assert {q.entry for q in open_items(town.view(public=True)).questions} == {244, 277}
    assert 219 in {q.entry for q in open_items(town.view("2025-06-01")).questions}
    assert 219 not in {q.entry for q in open_items(town.view("2025-07-31")).questions}


# ---- promises -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "standings"),
    [
        ("2023-12-31", {"open": 1}),
        ("2024-06-30", {"changed": 1, "lapsed": 1, "open": 4, "silent": 1}),
        ("2025-01-31", {"broken": 1, "changed": 1, "kept": 2, "kept-in-part": 1, "lapsed": 1, "open": 2}),
        (TODAY, {"broken": 1, "changed": 1, "kept": 3, "kept-in-part": 1, "lapsed": 1, "open": 2, "silent": 1}),
    ],
)
def test_what_came_of_promises_by_a_day(town, day, standings):
    assert promises(town.view(day)).standings == standings


def test_what_the_office_keeps_to_itself_is_no_promise_to_the_public(town):
    assert promises(town.view(public=True)).standings["open"] == 1


# ---- scenarios ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "chosen"), [("2024-03-18", None), ("2024-03-19", 106), ("2025-06-23", 106), ("2025-06-24", 247)]
)
def test_which_scenario_is_chosen_on_a_day(town, day, chosen):
    (found,) = scenarios(town.view(day))
    assert (found.choice and found.choice.entry) == chosen


def test_a_matrix_keeps_its_gaps_and_takes_the_last_assessment(town):
    (before,), (after,) = scenarios(town.view("2025-05-11")), scenarios(town.view())
    assert (before.counts["stated"], before.counts["not-assessable"]) == (9, 1)
    assert after.counts == {"implied": 1, "not-applicable": 1, "not-stated": 2, "open-question": 1, "stated": 10}
    assert (len(after.cells), after.blanks) == (15, 2)
    assert {s.standing for s in after.scenarios} == {"open", "chosen", "rejected"}


def test_a_choice_of_a_scenario_that_is_rejected_does_not_hold():
    s = story(
        set=told(
            {"type": "criteria-set", "criteria_set": "s", "name": "S", "criteria": [{"criterion": "k", "name": "K"}]}
        ),
        a=told({"type": "scenario-drafted", "scenario": "a", "criteria_set": "s", "name": "A"}),
        d=told({"type": "decision-taken", "decision": "d", "text": "A"}, "2019"),
        c=told(
            {"type": "scenario-chosen", "choice": "c", "scenario": "a", "criteria_set": "s", "decision": "d"}, "2019"
        ),
        r=told({"type": "scenario-rejected", "scenario": "a"}, "2020"),
    )
    assert scenarios(s.view("2019-12-31"))[0].choice.id == "c"
    (after,) = scenarios(s.view("2020-12-31"))
    assert after.choice is None
    assert after.scenarios[0].standing == "rejected"


def test_a_choice_of_a_scenario_whose_draft_is_dated_later_by_about_is_shown_by_its_name():
    criteria = [{"criterion": "k", "name": "K"}]
    s = story(
        set=told({"type": "criteria-set", "criteria_set": "s", "name": "S", "criteria": criteria}),
        a=told({"type": "scenario-drafted", "scenario": "a", "criteria_set": "s", "name": "Weit"}, "2019~"),
        d=told({"type": "decision-taken", "decision": "d", "text": "A"}, "2018-05"),
        c=told(
            {"type": "scenario-chosen", "choice": "c", "scenario": "a", "criteria_set": "s", "decision": "d"},
            "2018-05-03",
        ),
    )
    view = s.view("2018-06-01")
    assert scenarios(view)[0].choice.scenario_name.text == "Weit"
    (register,) = [register for register in REGISTERS if register.name == "scenarios"]
    assert {register.sheet(view, language).title for language in ("de", "en")} == {"Szenarien", "Scenarios"}


# ---- plan and indicators ------------------------------------------------------------------------------------------


def test_the_plan_has_versions_a_tree_of_goals_and_its_gaps(town):
    found = plan(town.view())
    assert [(v.id, v.replaced_by) for v in found.versions] == [("plan-2024", 258), ("plan-2025", None)]
    assert found.in_force == ["plan-2025"]
    assert plan(town.view("2025-07-14")).in_force == ["plan-2024"]
    assert len(found.goals) == 13
    place = {goal.id: index for index, goal in enumerate(found.goals)}
    assert all(place[goal.under] < place[goal.id] for goal in found.goals if goal.under is not None)
    assert found.goals_without_measures == ["ziel-barrierefrei"]
    standings = {goal.id: goal.standing for goal in found.goals}
    assert (standings["ziel-trinkwasser"], standings["ziel-samstag"]) == ("achieved", "given-up")


def test_a_goal_is_worded_as_it_was_on_the_day(town):
    def wording(day):
        return next(goal.text for goal in plan(town.view(day)).goals if goal.id == "ziel-flaeche")

    assert "3.000" in wording("2024-12-31")
    assert "4.500" in wording(TODAY)


def test_a_measure_stands_where_its_last_report_says(town):
    found = {measure.id: (measure.status, measure.share) for measure in plan(town.view()).measures}
    by_status = {}
    for status, _ in found.values():
        by_status[status] = by_status.get(status, 0) + 1
    assert by_status == {"abandoned": 1, "completed": 4, "in-progress": 1, "planned": 2}
    assert 35 in {share for status, share in found.values() if status == "in-progress"}


def test_a_corrected_reading_keeps_what_it_said_before(town):
    indicators = {indicator.id: indicator for indicator in monitoring(town.view()).indicators}
    area = {reading.entry: reading for reading in indicators["kennzahl-flaeche"].readings}
    assert (area[262].value, [before.value for before in area[262].before]) == ("1580", ["1850"])
    assert area[263].before == []
    standings = {indicator.standing for indicator in indicators.values()}
    assert standings == {"defined", "selected", "dropped"}


# ---- meetings -----------------------------------------------------------------------------------------------------


def test_attendance_is_counted_by_fact_as_exactly_as_it_is_known(town):
    rows = {row.actor.id: row.counts for row in attendance(town.view("2025-06-30")).actors}

    def counts(actor, fact):
        given = rows[actor].get(fact)
        return given and (given.at_least, given.at_most)

    assert (counts("werbering", "invited"), counts("werbering", "attended")) == ((9, 9), (9, 9))
    assert (counts("ihk", "attended"), counts("ihk", "excused")) == ((4, 4), (3, 3))
    assert counts("ihk", "invited") == (8, 8)
    assert counts("umweltgruppe", "attended") == (10, 15)
    assert counts("werbering", "invited_or_attended") == (1, 19)
    assert counts("werbering", "excused") is None, "never recorded is not the same as never"


def test_the_public_counts_only_the_meetings_it_can_see(town):
    def attended(**asked):
        rows = attendance(town.view("2025-06-30", **asked)).actors
        return next(row.counts["attended"].at_least for row in rows if row.actor.id == "kaufhaus")

    assert (attended(), attended(public=True)) == (2, 1)


def test_where_a_meeting_stands(town):
    found = {town.key[meeting.entries[0]]: meeting for meeting in meetings(town.view())}
    by_standing = {}
    for meeting in found.values():
        by_standing.setdefault(meeting.standing, set()).add(meeting.id)
    assert {standing: len(ids) for standing, ids in by_standing.items() if standing != "held"} == {
        "cancelled": 1,
        "not-reported": 1,
        "planned": 1,
        "postponed": 1,
    }


def test_a_meeting_that_was_moved_into_winter_time_begins_an_hour_later_in_utc(town):
    def begins(day):
        (meeting,) = [m for m in meetings(town.view(day)) if m.id == "sitzung-zr-05"]
        return meeting.timing.begins, meeting.timing.begins_at.isoformat()

    assert begins("2024-08-31") == ("2024-09-18T17:30", "2024-09-18T15:30:00+00:00")
    assert begins(TODAY) == ("2024-11-06T17:00", "2024-11-06T16:00:00+00:00")


def test_what_is_not_certain_yet_stands_beside_as_perhaps(town):
    s = story(
        m=told({"type": "meeting-planned", "meeting": "m", "title": "M", "begins": "2019-05-02T10:00"}, "2019-03"),
        h=told({"type": "meeting-held", "meeting": "m", "planned": True}, "[2019-05..2019-07]"),
    )
    (meeting,) = meetings(s.view("2019-06-01"))
    assert (meeting.standing, meeting.perhaps_came) == ("not-reported", "held")
    (meeting,) = meetings(s.view("2019-07-31"))
    assert (meeting.standing, meeting.perhaps_came) == ("held", None)


# ---- findings and participation -----------------------------------------------------------------------------------


def test_findings_stand_with_what_they_came_out_of(town):
    found = findings(town.view())
    of = {number for assessment in found.assessments for number in assessment.findings}
    assert of <= {finding.entry for finding in found.findings}
    assert {finding.category.scheme for finding in found.findings if finding.category} >= {"swot"}


def test_two_parties_may_rate_the_same_differently(town):
    rated = {}
    for rating in participation(town.view()).ratings:
        if rating.degree is not None:
            rated.setdefault(tuple(about.id for about in rating.about), set()).add(rating.degree.term)
    assert any(len(degrees) > 1 for degrees in rated.values())


# ---- the same on every face ---------------------------------------------------------------------------------------


def test_the_command_line_knows_every_register():
    own = {"structure", "timeline", "roles", "conflicts", "analytics"}
    assert set(What) == own | {register.name for register in EVERY}


@pytest.fixture(scope="module")
def lindenau(tmp_path_factory):
    """The folder of an installation with Lindenau, as `werdegang demo` makes it; for whoever only reads."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        folder = command_line.in_a_german_terminal(monkeypatch, tmp_path_factory.mktemp("lindenau-demo") / "data")
        assert run(["demo", LINDENAU]) == 0
    return folder


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
def test_command_line_and_api_answer_alike(town, werdegang, lindenau, monkeypatch, register):
    monkeypatch.setenv("WERDEGANG_HOME", str(lindenau))
    said = json.loads(werdegang("show", LINDENAU, register.name, "--json").out)[register.name]
    assert said == town.house.get(f"/api/v1/processes/{LINDENAU}/{register.name}").json()[register.name]
    for language in ("de", "en"):
        done = werdegang("show", LINDENAU, register.name, "--language", language)
        assert (done.code, done.err) == (0, "")
        assert not re.search(r"None|\{|Named\(|Nr\(", done.out)


def test_command_line_and_api_tell_the_same_figures(town, werdegang, monkeypatch):
    """Of one installation: how late something was recorded is a figure, too."""
    monkeypatch.setenv("WERDEGANG_HOME", str(town.house.installation.settings.home))
    asked = ("show", LINDENAU, "analytics", "--happened-by", "2026-01-01")
    said = json.loads(werdegang(*asked, "--json").out)["analytics"]
    answer = town.house.get(f"/api/v1/processes/{LINDENAU}/analytics?happened_by=2026-01-01").json()
    assert said == answer["analytics"]
    done = werdegang(*asked)
    assert (done.code, done.err) == (0, "")
    assert "weniger als fünf Akteure: wird öffentlich nicht gezeigt" in " ".join(done.out.split())
    assert not re.search(r"None|\{|Named\(|Nr\(", done.out)


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
def test_a_register_has_a_page_in_both_languages(town, register, language):
    answer = town.house.get(f"{language}/prozesse/{LINDENAU}/{register.page}")
    assert answer.status_code == 200
    document = Document(answer.text)
    assert (document.faults, document.open) == ([], [])
    assert not re.search(r"\bNone\b|\{|Named\(|Nr\(", document.words)
    assert len(document.all("th")) > 2
    past = town.house.get(f"{language}/prozesse/{LINDENAU}/{register.page}?happened_by=2020-01-01")
    assert past.status_code == 200
    assert town.house.get(f"{language}/prozesse/{LINDENAU}/{register.page}?happened_by=gestern").status_code == 422


def test_a_register_shows_texts_as_texts(tmp_path):
    house = recorded(tmp_path / "data", EXAMPLE)
    promise = {"type": "commitment-made", "commitment": "boese", "kind": "promise", "text": HOSTILE}
    for content in ({"key": "boese", **told(promise)}, {"key": "offen", **published("boese")}):
        house.record(content, process=LINDENAU)
    text = house.get(f"/prozesse/{LINDENAU}/zusagen").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    house.close()


def test_a_register_of_a_process_that_has_none_of_it_says_so():
    empty = story()
    for register in REGISTERS:
        for language in ("de", "en"):
            sheet = register.sheet(empty.view(TODAY), language)
            assert sheet.title
            assert sheet.lead.endswith(".")
            assert all(table.rows or table.empty for table in sheet.tables)


def test_no_register_shows_the_public_more_than_is_published(town):
    internal = {number for number, key in town.key.items() if number not in town.view(public=True).effective.by_number}
    assert internal
    for register in EVERY:
        answer = town.house.get(f"/api/v1/processes/{LINDENAU}/{register.name}").json()
        named = set(map(int, re.findall(r'"entry": ?(\d+)', json.dumps(answer))))
        assert not named & internal


# ---- what belongs to an entry -------------------------------------------------------------------------------------


def related(view, number):
    return {shown.number for shown in why(view, number).related}


def test_an_entry_names_what_settles_replaces_or_ends_it_and_the_other_way_round(town):
    view = town.view()
    assert 178 in related(view, 104), "a promise and its settlement"
    assert 104 in related(view, 178)
    assert 196 in related(view, 37), "a decision and the one that confirmed it"
    assert 37 in related(view, 196)
    following = {shown.number for shown in why(view, 105).consequences}
    assert 246 in following, "what replaced it was also caused by it"
    assert not related(view, 105) & following, "and is named once"


def test_a_decision_belongs_to_the_question_that_it_settles():
    s = story(q=told({"type": "question-left-open", "question": "Wohin?"}))
    s.given(d=told({"type": "decision-taken", "decision": "d", "text": "Dorthin", "settles": ["q"]}, "2019"))
    view = s.view(TODAY)
    assert related(view, s.number("q")) == {s.number("d")}
    assert related(view, s.number("d")) == {s.number("q")}
    assert related(view, s.number("opened")) == set()


def test_what_belongs_to_an_entry_is_only_what_the_reader_may_see(town):
    internal = {number for number, key in town.key.items() if number not in town.view(public=True).effective.by_number}
    view = town.view(public=True)
    for number in view.order:
        assert not related(view, number) & internal


# ---- what was said then, and no surer than it is known ------------------------------------------------------------


def words(view, name, language="de"):
    """A register as text, line by line."""
    (register,) = [register for register in REGISTERS if register.name == name]
    sheet = register.sheet(view, language)
    lines = [line for table in sheet.tables for row in table.rows for cell in row for line in cell]
    lines += [line for table in sheet.tables for line in table.notes]
    return ["".join(map(word_of, line)) for line in lines]


def word_of(part):
    return part if isinstance(part, str) else str(getattr(part, "text", getattr(part, "number", part)))


def test_a_version_of_the_plan_names_its_goals_as_they_were_worded_then(town):
    first, second = plan(town.view()).versions
    then = {goal.id: goal.name.text for goal in first.goals}
    now = {goal.id: goal.name.text for goal in second.goals}
    assert "3.000" in then["ziel-flaeche"]
    assert "4.500" in now["ziel-flaeche"]


def test_a_version_that_may_not_be_adopted_yet_is_not_said_to_hold():
    s = story(v=told({"type": "plan-adopted", "plan": "v", "name": "V"}, "[2018..2020]"))
    assert plan(s.view("2019-01-01")).in_force == []
    assert "gilt" not in words(s.view("2019-01-01"), "plan")
    assert "gilt" in words(s.view("2021-01-01"), "plan")


def test_a_finished_measure_does_not_keep_the_share_it_had_before():
    s = story(
        m=told({"type": "measure-planned", "measure": "m", "name": "M"}, "2018"),
        r=told({"type": "measure-reported", "measure": "m", "status": "in-progress", "share": 40}, "2019"),
        e=told({"type": "measure-reported", "measure": "m", "status": "completed"}, "2020"),
    )
    (running,) = plan(s.view("2019-12-31")).measures
    (done,) = plan(s.view(TODAY)).measures
    assert (running.status, running.share) == ("in-progress", 40)
    assert (done.status, done.share) == ("completed", None)


def test_a_meeting_held_on_another_day_shows_when_it_was_held():
    s = story(
        m=told({"type": "meeting-planned", "meeting": "m", "title": "M", "begins": "2019-06-30T10:00"}, "2019-03"),
        h=told({"type": "meeting-held", "meeting": "m", "planned": True}, "2019-07-02"),
    )
    shown = words(s.view(TODAY), "meetings")
    assert shown[:2] == ["am 2. Juli 2019", "angekündigt für 30. Juni 2019, 10:00 Uhr (Europe/Berlin)"]


def test_where_an_actor_was_last_is_no_surer_than_the_meeting_is_dated():
    there = {"actors": ["a"]}
    s = story(
        a=told({"type": "actor-registered", "actor": "a", "kind": "company", "name": "A"}),
        one=told({"type": "meeting-held", "meeting": "one", "attended": there}, "2018-03-01"),
        many=told({"type": "meeting-held", "meeting": "many", "meetings": 12, "attended": there}, "2018-01/2018-12"),
    )
    (row,) = attendance(s.view(TODAY)).actors
    assert row.last.edtf == "2018-01/2018-12", "the last of the twelve came after the single one"
    s.given(unknown=told({"type": "meeting-held", "meeting": "unknown", "attended": there}, None))
    assert "Zeitpunkt nicht bekannt" in words(s.view(TODAY), "attendance")


def test_a_review_that_is_done_shows_no_day_on_which_nobody_reviewed():
    s = story(
        d=told({"type": "decision-taken", "decision": "d", "text": "D", "review_on": "2019-03-31"}, "2018"),
        e=told({"type": "decision-taken", "decision": "e", "text": "E", "confirms": "d"}, "2019-06"),
    )
    assert not [line for line in words(s.view(TODAY), "decisions") if "31. März 2019" in line]
    assert [line for line in words(s.view("2019-01-01"), "decisions") if "31. März 2019" in line]


def test_what_was_rejected_replaces_nothing():
    vote = {"yes": 1, "no": 9}
    later = {"type": "decision-taken", "decision": "e", "text": "E", "replaces": "d", "method": "majority"}
    s = story(
        d=told({"type": "decision-taken", "decision": "d", "text": "D", "review_on": "2019-03-31"}, "2018"),
        e=told({**later, "vote": vote, "outcome": "rejected"}, "2019-06"),
    )
    first = decisions(s.view(TODAY)).decisions[0]
    assert (first.replaced_by, first.review) == ([], "due")
    s.given(f=told({**later, "decision": "f", "vote": {"yes": 9, "no": 1}}, "2019-07"))
    assert decisions(s.view(TODAY)).decisions[0].replaced_by == [s.number("f")]


def promised(due, **fields):
    return told({"type": "commitment-made", "commitment": "c", "kind": "promise", "text": "C", "due": due, **fields})


@pytest.mark.parametrize(
    ("due", "last_open", "first_silent"),
    [
        ("2019-06-30", "2019-06-30", "2019-07-01"),
        ("2019", "2019-12-31", "2020-01-01"),
        ("2019-03/2019-08", "2019-08-31", "2019-09-01"),
    ],
)
def test_a_promise_is_silent_from_the_day_after_the_last_one_on_which_it_is_due(due, last_open, first_silent):
    s = story(c=promised(due))
    assert promises(s.view(last_open)).standings == {"open": 1}
    assert promises(s.view(first_silent)).standings == {"silent": 1}


def test_of_feedback_that_led_to_something_later_the_view_of_a_day_does_not_know_yet():
    s = story(f=told({"type": "feedback-received", "kind": "wish", "what": "W"}, "2018"))
    s.given(d=told({"type": "decision-taken", "decision": "d", "text": "D"}, "2020", because=["f"]))
    s.given(e=told({"type": "decision-taken", "decision": "e", "text": "E"}, "[2019..2022]", because=["f"]))
    led_to = {day: open_items(s.view(day)).feedback[0].led_to for day in ("2018-12-31", "2019-01-01", TODAY)}
    assert led_to == {
        "2018-12-31": [],
        "2019-01-01": [s.number("e")],
        TODAY: [s.number("d"), s.number("e")],
    }


# ---- what was erased ----------------------------------------------------------------------------------------------


def test_an_entry_whose_grounds_were_erased_is_none_without_a_reason():
    s = story(
        d=told({"type": "decision-taken", "decision": "d", "text": "D"}, because=(), grounds="So wollte es der Rat")
    )
    s.given(e=told({"type": "decision-taken", "decision": "e", "text": "E"}, because=()))
    assert completeness(s.view(TODAY)).without_reason.entries == [s.number("e")]
    s.erase("d")
    assert completeness(s.view(TODAY)).without_reason.entries == [s.number("e")]


def test_a_meeting_is_not_shown_at_the_place_it_was_moved_from_once_the_new_one_was_erased():
    s = story(
        m=told({"type": "meeting-planned", "meeting": "m", "title": "M", "begins": "2030-05-02", "place": "Rathaus"}),
        c=told({"type": "meeting-changed", "meeting": "m", "how": "amended", "place": "Bei Frau Muster"}, "2019"),
    )
    assert meetings(s.view("2018-12-31"))[0].place == "Rathaus"
    assert meetings(s.view(TODAY))[0].place == "Bei Frau Muster"
    s.erase("c")
    assert meetings(s.view("2018-12-31"))[0].place == "Rathaus"
    assert meetings(s.view(TODAY))[0].place is None


def test_an_approximate_beginning_of_a_measure_refuses_nothing():
    story(m=told({"type": "measure-planned", "measure": "m", "name": "M", "begins": "2028-04~", "ends": "2028-03"}))


def test_only_places_are_hinted_as_ended_when_something_is_recorded_late():
    s = story(
        m=told({"type": "measure-planned", "measure": "m", "name": "M"}, "2018"),
        e=told({"type": "measure-reported", "measure": "m", "status": "completed"}, "2020"),
        late=told({"type": "measure-reported", "measure": "m", "status": "started"}, "2019"),
    )
    assert s.hints == []


def scenario_set(*scenarios):
    criteria = [{"criterion": "k", "name": "K"}]
    step = {"type": "criteria-set", "criteria_set": "set", "name": "S", "criteria": criteria}
    drafted = {"type": "scenario-drafted", "criteria_set": "set"}
    return {"set": told(step, "2017")} | {
        id_: told({**drafted, "scenario": id_, "name": id_.upper()}, "2017") for id_ in scenarios
    }


def assessed(scenario, when, **cell):
    cells = [{"criterion": "k", "state": "stated", **cell}]
    step = {"type": "scenario-assessed", "scenario": scenario, "criteria_set": "set", "cells": cells}
    return told(step, when)


def test_a_choice_that_is_only_possible_on_the_day_was_not_made_before():
    choice = {"type": "scenario-chosen", "choice": "wahl", "scenario": "a", "criteria_set": "set", "decision": "d"}
    s = story(
        **scenario_set("a", "b"),
        d=told({"type": "decision-taken", "decision": "d", "text": "D"}, "2018"),
        wahl=told(choice, "2019"),
    )
    possible, certain = words(s.view("2019-06-01"), "scenarios"), words(s.view("2020-01-01"), "scenarios")
    assert any(line.startswith("Vielleicht schon gewählt: ") for line in possible)
    assert not [line for line in possible if "Früher" in line]
    assert any(line.startswith("Gewählt: ") for line in certain)


def test_what_a_scenario_takes_over_is_found_over_as_many_steps_as_it_takes():
    s = story(
        **scenario_set("a", "b", "c", "d"),
        one=assessed("a", "2018", like="b"),
        two=assessed("b", "2018", like="c"),
        three=assessed("c", "2018", says="Drei Hektar"),
        four=assessed("d", "2018", like="a"),
    )
    (found,) = scenarios(s.view(TODAY))
    assert [cell.as_there for cell in found.cells] == ["Drei Hektar", "Drei Hektar", None, "Drei Hektar"]
    s.given(ring=assessed("c", "2019", like="a"))
    (found,) = scenarios(s.view(TODAY))
    assert [cell.as_there for cell in found.cells] == [None] * 4, "each says only that it is like the next"


def test_where_dates_do_not_tell_what_came_last_the_register_says_so():
    changed = {"type": "meeting-changed", "meeting": "m", "how": "amended"}
    reported = {"type": "measure-reported", "measure": "w"}
    s = story(
        **scenario_set("a"),
        one=assessed("a", "2018-03", says="Viel"),
        two=assessed("a", "2018", says="Wenig"),
        g=told({"type": "goal-adopted", "goal": "g", "kind": "leitziel", "text": "Alt"}, "2017"),
        new=told({"type": "goal-revised", "goal": "g", "text": "Neu"}, "2018-03"),
        other=told({"type": "goal-revised", "goal": "g", "text": "Anders"}, "2018"),
        w=told({"type": "measure-planned", "measure": "w", "name": "W"}, "2017"),
        begun=told({**reported, "status": "started"}, "2018-03"),
        done=told({**reported, "status": "in-progress"}, "2018"),
        m=told({"type": "meeting-planned", "meeting": "m", "title": "M", "begins": "2019-01-01"}, "2017"),
        here=told({**changed, "format": "online"}, "2018-03"),
        there=told({**changed, "format": "hybrid"}, "2018"),
        wider=told({**changed, "places": 90}, "2018"),
    )
    view = s.view(TODAY)
    (cell,), (goal,), (measure,) = scenarios(view)[0].cells, plan(view).goals, plan(view).measures
    (meeting,) = meetings(view)
    shown = {"one": cell, "new": goal, "begun": measure, "here": meeting}
    assert {key: row.order_not_known for key, row in shown.items()} == {key: [s.number(key)] for key in shown}
    for register in ("scenarios", "plan", "meetings"):
        assert any("Reihenfolge nicht bekannt" in line for line in words(view, register))


def test_reports_that_say_the_same_need_no_order():
    reported = told({"type": "measure-reported", "measure": "w", "status": "in-progress"}, "2018")
    s = story(w=told({"type": "measure-planned", "measure": "w", "name": "W"}, "2017"), a=reported, b=reported)
    assert plan(s.view(TODAY)).measures[0].order_not_known == []


def test_readings_stand_in_the_order_of_their_periods_not_of_the_notation():
    defined = {"type": "indicator-defined", "indicator": "i", "unit": "%", "name": "I", "definition": "D"}
    read = {"type": "indicator-measured", "indicator": "i", "value": "1", "unit": "%"}
    periods = ("2019-21", "2019-02", "[2018..2019]", "2019", "2018/2019")
    s = story(
        i=told({**defined, "data_source": "Q"}, "2017"),
        **{f"r{n}": told({**read, "period": period}, "2020") for n, period in enumerate(periods)},
    )
    (found,) = monitoring(s.view(TODAY)).indicators
    assert [r.period for r in found.readings] == ["[2018..2019]", "2018/2019", "2019", "2019-02", "2019-21"]


def test_an_account_that_was_withdrawn_keeps_its_last_wording():
    finding = {"type": "finding-recorded", "kind": "lesson"}
    s = story(
        a=told({**finding, "what": "Erste Fassung"}),
        fix=corrected("a", told({**finding, "what": "Letzte Fassung"})),
        b=told({**finding, "what": "Das Gegenteil"}),
        dispute=told({"type": "claim-disputed", "claim": "a", "against": "b", "topic": "T", "how": "contradicts"}),
        off=withdrawn("a"),
    )
    (found,) = disputes(s.view(TODAY))
    assert (found.claim.says, found.claim.withdrawn, found.against.withdrawn) == ("Letzte Fassung", True, False)
    assert line(s.view(TODAY), s.number("a")).headline == "Letzte Fassung"


def test_the_difference_shows_under_which_goal_a_goal_came_to_stand():
    goal = {"type": "goal-adopted", "kind": "leitziel", "text": "Z"}
    s = story(
        a=told({**goal, "goal": "a"}, "2017"),
        b=told({**goal, "goal": "b"}, "2017"),
        move=told({"type": "goal-revised", "goal": "b", "under": "a"}, "2019"),
    )
    (item,) = difference(s.view("2018-06-01"), s.view(TODAY))
    assert (item.subject, item.aspect, item.before, item.after) == ("b", "under", None, "a")
    assert item.causes == [s.number("move")]


def test_every_register_is_shown_on_every_day_of_any_history():
    """Whatever was admitted can be looked at: nothing is looked up that is not there yet on the day."""

    @given(office=histories(most=10))
    @settings(max_examples=40)
    def shown(office):
        for day in (FIRST, (FIRST + LAST) // 2, LAST):
            view = office.view(date.fromordinal(day).isoformat())
            for register in REGISTERS:
                assert register.sheet(view, "de").title

    shown()


def test_what_is_found_once_for_a_view_is_what_another_view_of_the_same_entries_says(tmp_path):
    house = recorded(tmp_path / "data", EXAMPLE)
    admin = house.installation.accounts.account_of(house.tokens["admin"])
    service = house.installation.service
    more = told({"type": "question-left-open", "question": "Und im Winter?"}, "2024-02-01")
    for content in ({"key": "winter", **more}, {"key": "sommer", **more}):
        for reader in (None, admin):
            for day in (date(2024, 1, 31), date(2026, 11, 22), date(2024, 1, 31)):
                kept = service.view(LINDENAU, reader, Times(happened_by=day)).view
                fresh = View(Effective(kept.effective.entries), kept.day)
                assert [register.read(kept) for register in EVERY] == [register.read(fresh) for register in EVERY]
        house.record(content, process=LINDENAU)
    asked = {question.question for question in open_items(service.view(LINDENAU, admin).view).questions}
    assert "Und im Winter?" in asked
    house.close()
