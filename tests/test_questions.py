"""The questions of office, public and evaluators, answered from Bottrop exactly as far as its record goes.

`docs/questions.md` lists all of them; a test here is named after the number of its question. What nobody wrote down is
answered as "not recorded", never with a guess.
"""

import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.registers import REGISTERS
from adapters.sheets.parts import Speaker
from projections.analytics.report import report
from projections.claims import disputes
from projections.commitments import promises
from projections.completeness import completeness, date_basis
from projections.decisions import decisions
from projections.difference import difference
from projections.findings import findings, participation
from projections.governance import structure
from projections.meetings import attendance, meetings
from projections.open_items import open_items
from projections.plan import plan
from projections.scenarios import scenarios
from projections.span import span
from projections.telling import line
from projections.timeline import timeline
from projections.why import why
from service import Times
from tests.faces import BOTTROP, bottrop

QUESTIONS = Path(__file__).parents[1] / "docs" / "questions.md"
STATED = {"b02", "b03", "b05", "b51", "b52", "b53", "w1", "w2", "w3"}
"""The only facts of Bottrop that a source dates itself."""


def shown(figure):
    """A figure as its two numbers, or as the reason why there is none."""
    return figure.reason if figure.value is None else (figure.value.at_least, figure.value.at_most)


class Record:
    """Bottrop as the public sees it, with its entries by key."""

    def __init__(self, house):
        self.service = house.installation.service
        self.view = self.on("2026-11-22")
        account = house.installation.accounts.account_of(house.tokens["evaluator"])
        everything = self.service.view(BOTTROP, account).view.effective.entries
        self.number = {entry.statement.key: entry.number for entry in everything}
        self.key = {number: key for key, number in self.number.items()}

    def on(self, day):
        return self.service.view(BOTTROP, None, Times(happened_by=date.fromisoformat(day))).view

    def figures(self, day="2026-11-22"):
        """What the public is told in figures, by their place on the page."""
        return {figure.anchor: figure for figure in report(self.on(day), public=True).figures()}

    def analysis(self, id_):
        return next(found for found in report(self.view, public=True).analyses if found.id == id_)

    def keys(self, numbers):
        return {self.key[number] for number in numbers}

    def line(self, key):
        return line(self.view, self.number[key])

    def telling(self, key):
        return self.view.form(self.number[key]).telling

    def causes(self, key):
        return self.keys(shown.number for shown in why(self.view, self.number[key]).causes)


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    house = bottrop(tmp_path_factory.mktemp("questions") / "data")
    yield Record(house)
    house.close()


# ---- 4.1 Geschäftsstelle ------------------------------------------------------------------------------------------


def test_4_1_01_what_is_in_force_today(record):
    """The alliance as a project of the Amt, no STA, three Reallabore of the second phase; LOUISE is outside."""
    found = structure(record.view)
    bodies = {body.id: body for body in found.bodies}
    assert bodies["wirtschaftsallianz"].project_of.value == "amt"
    labs = [id_ for id_, body in bodies.items() if body.body_kind == "reallabor"]
    assert sorted(labs) == ["reallabor-fachkraefte", "reallabor-handel", "reallabor-handwerk"]
    assert not [id_ for id_, body in bodies.items() if body.body_kind == "strategische-allianz"]
    assert [level.id for level in found.levels] == ["strategisch", "operativ"]
    assert {gone.successor for gone in found.departed if gone.successor} == {"LOUISE"}
    assert {goal.kind for goal in plan(record.view).goals} == {"leitbild", "leitziel", "strategic"}


def test_4_1_02_why_the_level_was_dropped_who_asked_who_decided_what_replaced_it(record):
    path = why(record.view, record.number["b28"])
    assert {"b25", "b26", "b27", "b28-2"} <= record.keys(shown.number for shown in path.causes)
    decision = next(d for d in decisions(record.view).decisions if record.key[d.entry] == "b28-2")
    assert [by.id for by in decision.by] == ["projektverbund"]
    assert decision.method == "unrecorded"
    assert (decision.occurred.edtf, decision.occurred.basis) == ("[2017-10..2018]", "derived")
    assert {"b29", "b30", "b30-2"} <= record.keys(shown.number for shown in path.consequences)


def test_4_1_03_which_decisions_are_open_or_due_for_review(record):
    found = open_items(record.view)
    assert record.keys(question.entry for question in found.questions) == {"b33", "b47"}
    assert {"p14", "p25", "b14"} <= record.keys(made.entry for made in found.commitments)
    assert found.reviews == []


def test_4_1_04_which_intentions_were_kept_changed_or_silently_dropped(record):
    found = {record.key[made.entry]: made for made in promises(record.view).promises}
    assert found["b11"].standing == "broken"
    assert "b28" in record.causes(record.key[found["b11"].settled_by])
    assert (found["b14"].standing, found["b14"].settled_by) == ("silent", None)
    assert found["b37"].standing == "broken"
    assert found["p24"].standing == "open"


def test_4_1_06_which_entries_lack_source_reason_method_or_date(record):
    found = completeness(record.view)
    assert found.without_source.entries == []
    assert found.decisions_without_method.of == len(found.decisions_without_method.entries) == 3
    facts = {key.partition("-")[0] for key in record.keys(found.dates["stated"])}
    assert facts == STATED


def test_4_1_07_meetings_of_one_organisation_on_all_levels_in_18_months(record):
    """Per company: not recorded. In sum: more than six, invited or attended."""
    companies = {"unternehmen", "handwerksbetriebe"}
    assert not companies & {row.actor.id for row in attendance(record.view).actors}
    (load,) = [finding.load for finding in findings(record.view).findings if finding.load is not None]
    assert (load.meetings.at_least, load.meetings.at_most, load.months) == (7, None, 18)
    assert load.counted == "invited-or-attended"


def test_4_1_12_which_entries_name_a_person(record):
    """None: the project team of three is told by its role, and that its members are not named."""
    role = record.telling("b09")
    assert role.step.actor == "faktor-10"
    assert "personenbezogen" in role.grounds


def test_4_1_15_is_workshop_two_full(record):
    """Twenty places; how many registered is not recorded, nor whether it took place."""
    (second,) = [meeting for meeting in meetings(record.view) if meeting.id == "werkstatt-2"]
    assert second.places == 20
    assert second.attendance == {}
    assert second.standing == "not-reported"


# ---- 4.2 public ---------------------------------------------------------------------------------------------------


def test_4_2_01_what_is_the_alliance_and_who_may_join(record):
    """An open circle of the city's economic actors (scenario 1), with the Geschäftsstelle in the Amt."""
    (matrix,) = scenarios(record.view)
    cells = {cell.criterion: cell for cell in matrix.cells if cell.scenario == "szenario-1"}
    assert "Offen" in cells["kriterium-teilnehmerkreis"].says
    assert "im Amt" in cells["kriterium-geschaeftsstelle"].says
    assert "Wirtschaftsallianz (WiAll) für den ganzen Wirtschaftsraum" in record.telling("b10").step.what


def test_4_2_02_what_happened_in_which_order_and_how_sure_the_date_is(record):
    founding = record.line("b18")
    assert (founding.occurred.edtf, founding.occurred.basis) == ("[2016-10..2017-09]", "derived")
    assert record.line("b19").occurred.wording == "im ersten Projekt-Jahr"
    order = [shown.number for shown in timeline(record.view)]
    places = [order.index(record.number[key]) for key in ("b20", "b25", "b28", "b30")]
    assert places == sorted(places)


def test_4_2_03_why_there_is_no_level_between_alliance_and_labs(record):
    chain = record.causes("b28")
    assert {"b27", "b25", "b28-2"} <= chain
    assert structure(record.view).departed
    assert "thematisch" in {gone.id for gone in structure(record.view).departed}


def test_4_2_04_what_became_of_city_logistik(record):
    (gone,) = [gone for gone in structure(record.view).departed if gone.name.text == "City Logistik"]
    assert gone.successor == "LOUISE"
    assert record.key[gone.entry] == "b40"
    assert record.line("b40").occurred.basis == "derived"


def test_4_2_05_who_decided_by_which_method_who_disagreed(record):
    for decision in decisions(record.view).decisions:
        assert decision.by
        assert decision.method == "unrecorded"
        assert decision.dissent is None
        assert decision.objections == []


def test_4_2_06_was_a_scenario_chosen(record):
    """No: a preference for the first, the discussion left open, and later the alliance as a project in the Amt."""
    (matrix,) = scenarios(record.view)
    assert matrix.choice is None
    assert matrix.choices == []
    assert {scenario.standing for scenario in matrix.scenarios} == {"open"}
    leanings = {record.key[leaning.entry]: leaning for leaning in matrix.leanings}
    assert leanings.keys() == {"b47", "b48", "b48-2"}
    assert "szenario-1" in {about.id for about in leanings["b48-2"].about}
    assert record.telling("p03").step.project_of == "amt"


def test_4_2_07_what_the_scenarios_would_have_meant_and_where_information_is_missing(record):
    (matrix,) = scenarios(record.view)
    blank = {(cell.scenario, cell.criterion) for cell in matrix.cells if cell.state == "not-stated"}
    for criterion in ("kriterium-kosten", "kriterium-mehrwert"):
        assert {scenario for scenario, of in blank if of == criterion} == {f"szenario-{n}" for n in (1, 2, 3, 4)}


def test_4_2_08_what_the_companies_wanted_and_what_not(record):
    kinds = {key: record.telling(key).step.kind for key in ("b17", "b24", "b42", "b43", "b44")}
    assert kinds == {"b17": "wish", "b24": "wish", "b42": "concern", "b43": "wish", "b44": "position"}


def test_4_2_09_what_has_changed_since_2019(record):
    changed = {item.subject for item in difference(record.on("2019-12-31"), record.view)}
    assert {"reallabor-handel", "reallabor-fachkraefte", "wirtschaftsallianz"} <= changed


def test_4_2_10_what_was_promised_and_what_came_of_it(record):
    assert promises(record.view).standings == {"broken": 2, "changed": 1, "open": 4, "silent": 1}


def test_4_2_11_has_an_entry_been_corrected_when_and_why(record):
    corrected = [shown for shown in timeline(record.view) if shown.corrected_by]
    assert record.keys(shown.number for shown in corrected) == {"b25", "b30-2", "b33", "b47", "b48", "b48-2", "p07-2"}
    for shown in corrected:
        assert record.view.effective.by_number[shown.corrected_by[-1]].statement.step.reason


def test_4_2_13_where_the_document_behind_a_sentence_is(record):
    for entry in record.view.order:
        for source in record.view.form(entry).telling.sources:
            assert source.title
            assert source.lines
            assert source.sha256


def test_4_2_14_who_is_a_member_of_the_alliance_and_who_was_in_2018(record):
    """Not recorded: no source names one."""
    for day in ("2018-06-30", "2026-11-22"):
        roles = structure(record.on(day)).roles
        assert not [role for role in roles if role.kind == "member" and role.body == "wirtschaftsallianz"]


# ---- 4.3 evaluators -----------------------------------------------------------------------------------------------


def test_4_3_02_what_differs_after_the_level_was_dropped_and_why(record):
    """Three STA gone and the Reallabor at the alliance, each with b28 among its causes."""
    items = difference(record.on("2017-09-30"), record.on("2018-12-31"))
    gone = [item for item in items if item.aspect == "counted" and item.before is True]
    bodies = [item for item in gone if item.subject_kind == "body"]
    assert {item.subject for item in bodies} == {"sta-gruendungen", "sta-handel", "sta-handwerk"}
    assert all(record.number["b28"] in item.causes for item in bodies)
    assert record.on("2018-12-31").standing("reallabor-handwerk").parent == "wirtschaftsallianz"
    instrument = [item for item in items if item.subject == "zukunftsplan"]
    assert [(item.aspect, item.after) for item in instrument] == [("counted", True)]


def test_4_3_03_causal_chains_longer_than_two(record):
    links = set(why(record.view, record.number["b28"]).links) | set(why(record.view, record.number["b33"]).links)
    chain = ["b26", "b27", "b25", "b28"]
    steps = [(record.number[a], record.number[b]) for a, b in pairwise(chain)]
    assert set(steps) <= links
    assert {"b28", "b25", "b27", "b26", "b30-2", "b32"} <= record.causes("b33")


def test_4_3_04_time_from_concern_to_reaction(record):
    """Not computable exactly: zero to 27 months."""
    took = span(record.view, record.number["b25"], record.number["b28"])
    assert (took.exact, took.at_least_months, took.at_most_months) == (False, 0, 27)
    assert Speaker("de").span(took) == "nicht genau zu berechnen, 0 bis 27 Monate"
    assert Speaker("en").span(took) == "not computable exactly, 0 to 27 months"
    assert took in record.analysis("response").spans
    found = record.figures()
    assert shown(found["response-change-share"]) == (round(1 / 7, 6),) * 2
    assert shown(found["response-change-median"]) == "not-reached", "six of seven led to no change that names them"
    assert shown(found["response-answer-share"]) == (round(2 / 7, 6),) * 2


def test_4_3_05_the_same_representatives_on_all_levels(record):
    """Only the statement about all of them together; no attendance of any company is recorded."""
    loads = [finding for finding in findings(record.view).findings if finding.load is not None]
    assert record.keys(finding.entry for finding in loads) == {"b26"}
    assert "dieselben Leute" in record.telling("b27").step.what
    found = record.figures()
    pairs = {anchor for anchor in found if anchor.startswith("overlap-")}
    assert len(pairs) == 6
    assert {shown(found[anchor]) for anchor in pairs} == {"no-attendance"}
    assert record.keys(record.analysis("overlap").stated) == {"b27"}
    assert record.keys(record.analysis("load").stated) == {"b26"}
    by_source = {part.id: part for part in record.analysis("load").breakdowns}
    (stated,) = by_source["load.stated"].rows
    assert (stated.label, stated.value.at_least, stated.value.at_most, stated.months) == (
        "invited-or-attended",
        7,
        None,
        18,
    )
    assert by_source["load.by-actor"].rows == []


def test_4_3_06_how_degrees_of_participation_shifted(record):
    ratings = {record.key[rating.entry]: rating for rating in participation(record.view).ratings}
    assert ratings["b10-7"].stage == "intended"
    assert {rating.stage for key, rating in ratings.items() if key != "b10-7"} == {"observed"}
    assert {"b24-2", "b43-2", "p15-2", "p08", "p09", "p10", "p11"} <= ratings.keys()
    assert {rating.degree for rating in ratings.values()} == {None}, "no source uses a scale"
    found = record.figures()
    assert (shown(found["degree-on-scale"]), shown(found["degree-median"])) == ((0, 0), "no-scale")
    assert found["degree-on-scale"].n.at_least == 8


def test_4_3_07_intentions_against_outcomes(record):
    found = {record.key[made.entry]: made for made in promises(record.view).promises}
    assert {"b11", "b14", "b37", "p14", "p24"} <= found.keys()
    took = found["b11"].took
    assert (took.exact, took.at_least_months, took.at_most_months) == (False, 11, 27)
    assert found["p14"].took is None
    told = record.figures()
    assert (shown(told["fulfilment-kept"]), told["fulfilment-kept"].n.at_least) == ((0, 0), 4), "none of four due"
    assert shown(told["fulfilment-delay"]) == (335, None)


def test_4_3_08_which_statements_contradict_each_other_on_which_sources(record):
    found = disputes(record.view)
    assert {record.key[dispute.entry].partition("-")[0] for dispute in found} == {f"d{n}" for n in range(1, 17)}
    for dispute in found:
        assert dispute.claim.sources
        assert dispute.against.sources
    (first,) = [dispute for dispute in found if record.key[dispute.entry] == "d1"]
    assert first.claim.says == "Nachhaltige Unternehmensgründungen"
    assert first.against.says == "Freizeitwirtschaft und Tourismus"
    assert "freizeitwirtschaft" not in record.view.state, "an account is shown, and never founds anything"


def test_4_3_09_which_decision_methods_were_used_how_often(record):
    assert decisions(record.view).methods == {"unrecorded": 3}
    found = record.figures()["methods-unrecorded"]
    assert (shown(found), found.n.at_least) == ((1, 1), 3)


def test_4_3_10_which_facts_are_stated_derived_or_unknown(record):
    """Nine of 81 facts carry a stated date: 72 do not."""
    facts = [key for key in record.number if re.fullmatch(r"[bpw][0-9]{1,2}", key)]
    stated = {key for key in facts if date_basis(record.telling(key)) == "stated"}
    assert (len(facts), len(stated), len(facts) - len(stated)) == (81, 9, 72)
    assert stated == STATED
    entries = record.figures()["dating-stated"]
    assert (len(entries.entries), entries.n.at_least) == (11, 206), "the 81 facts are told in 206 entries"


def test_4_3_11_what_was_public_when_how_late_and_how_often_corrected(record):
    """All of it since the day it was recorded; seven corrections in 206 entries."""
    found = record.figures()
    assert shown(found["publication-public"]) == (206, 206)
    assert shown(found["publication-delay"]) == (0, 0)
    assert shown(found["publication-corrections"]) == (round(700 / 206, 6),) * 2
    assert shown(found["publication-withdrawals"]) == (0, 0)
    lag = found["recording-lag"].value
    assert 7 * 365 < lag.at_least < lag.at_most < 10 * 365, "reconstructed, not recorded at the time"


def test_4_3_12_how_complete_the_analysis_of_options_is(record):
    """26 of 40 cells have a statement, one is only implied, two do not apply, eleven are blank."""
    (matrix,) = scenarios(record.view)
    assert matrix.counts == {
        "implied": 1,
        "not-applicable": 2,
        "not-assessable": 1,
        "not-stated": 11,
        "open-question": 1,
        "stated": 24,
    }
    assert matrix.blanks == 11
    assert len(matrix.cells) == 40
    cells = {(cell.scenario, cell.criterion): cell for cell in matrix.cells}
    assert cells["szenario-4", "kriterium-zusammenarbeit"].state == "open-question"
    assert cells["szenario-4", "kriterium-wirkung"].state == "not-assessable"
    found = record.figures()
    said, blank = (found[f"options-{name}-{matrix.id}"] for name in ("said", "blank"))
    assert (shown(said), shown(blank), said.n.at_least) == ((26 / 40,) * 2, (11 / 40,) * 2, 40)


def test_4_3_17_which_themes_recur_and_where(record):
    """Skilled workers: a threat in the SWOT, a topic of scenario 1, a Reallabor of the second phase."""
    (matrix,) = scenarios(record.view)
    threats = [f for f in findings(record.view).findings if f.category is not None and f.category.term == "threat"]
    assert [finding for finding in threats if "Fachkräfte" in finding.what]
    assert [cell for cell in matrix.cells if cell.scenario == "szenario-1" and "Fachkräfte" in (cell.says or "")]
    assert "Fachkräftesicherung" in {body.name.text for body in structure(record.view).bodies}


# ---- all of them --------------------------------------------------------------------------------------------------


ROW = re.compile(r"^\| (4\.[123]-\d+) \| (.+) \| (.+) \|$", re.MULTILINE)


def test_every_question_is_listed_with_what_answers_it():
    rows = ROW.findall(QUESTIONS.read_text())
    assert Counter(number.rpartition("-")[0] for number, _, _ in rows) == {"4.1": 16, "4.2": 17, "4.3": 18}
    assert all(question.strip() and answer.strip() for _, question, answer in rows)


def test_every_question_that_is_answered_has_a_test_and_every_view_that_is_named_exists():
    sources = [file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py")]
    tested = [found for source in sources for found in re.findall(r"^def test_(4)_(\d)_(\d+)_", source, re.MULTILINE)]
    tested_numbers = {f"{part}.{of}-{int(number)}" for part, of, number in tested}
    registers = {register.name for register in REGISTERS} | {
        "structure",
        "timeline",
        "why",
        "diff",
        "amendments",
        "export",
        "import",
        "analytics",
        "verify",
    }
    for number, _, answer in ROW.findall(QUESTIONS.read_text()):
        named = re.findall(r"`(?:show )?([a-z]+)`", answer)
        if "later:" not in answer:
            assert number in tested_numbers, number
        assert set(named) <= registers, number
    assert tested_numbers <= {number for number, _, _ in ROW.findall(QUESTIONS.read_text())}
