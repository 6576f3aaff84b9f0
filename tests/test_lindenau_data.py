"""The Lindenau example is well formed and shows everything: every step type, every method, every outcome."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest

from adapters.answers import statement_json
from domain.admission import Recording, admit
from domain.commitments import CommitmentMade, CommitmentSettled
from domain.decisions import DecisionTaken, Vote
from domain.feedback import FeedbackAnswered, FeedbackReceived
from domain.findings import ClaimDisputed, FindingRecorded, ParticipationRated
from domain.meetings import ATTENDANCE, MeetingChanged, MeetingHeld
from domain.plan import GoalAdopted, GoalRevised, MeasureReported
from domain.publication import (
    OF_INSTALLATION,
    STEPS,
    About,
    EntryCorrected,
    EntryPublished,
    EntryWithdrawn,
    Statement,
    TextsErased,
)
from domain.replay import Effective
from domain.scenarios import Cell, ScenarioAssessed
from domain.structure import BodyEnded
from domain.when import stated

EXAMPLES = Path(__file__).parents[1] / "examples"
EXAMPLE = EXAMPLES / "lindenau-2030.jsonl"
LINES = EXAMPLE.read_text(encoding="utf-8").splitlines()
TOLD = [Statement.model_validate_json(line) for line in LINES]
KEYS = [statement.key for statement in TOLD]
STEPS_TOLD = [statement.step for statement in TOLD]

ORDER = ("process", "key", "step", "occurred", "because", "grounds", "sources", "asserted_by")
LONGEST_TEXT = 400
LONGEST_WORDING = 40

IMPORTED = datetime(2026, 11, 26, 12, tzinfo=UTC)
LAST_DAY = date(2025, 10, 31)
"""Nothing in the file happened later."""

INTERNAL = {"befund-06", "berichtigung-04", "frage-03", "rueckmeldung-04", "treffen-08", "zusage-08"}
EMBARGOED = {"befund-13", "dokument-06"}


def of(cls):
    """The steps of one type."""
    return [step for step in STEPS_TOLD if isinstance(step, cls)]


def terms(cls, field):
    """The terms that a field of a closed vocabulary can have."""
    return set(get_args(cls.model_fields[field].annotation))


def told(cls, field):
    return {getattr(step, field) for step in of(cls)}


def published():
    return [key for step in of(EntryPublished) for key in step.targets]


def texts(value):
    """All words and sentences in a statement, wherever they stand."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def references(statement):
    """Every earlier entry that a statement names, also inside a correction or another account."""
    if isinstance(statement["because"], list):
        yield from statement["because"]
    yield from (statement["occurred"] or {}).get("after", ())
    step = statement["step"]
    for field in STEPS[step["type"]].refers:
        given = step[field]
        yield from given if isinstance(given, list) else [given] if given else []
    for field in ("corrected", "account"):
        if step.get(field):
            yield from references(step[field])


# ---- its form -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("line", "statement"), list(zip(LINES, TOLD, strict=True)), ids=KEYS)
def test_every_line_is_in_the_form_that_is_exported(line, statement):
    exported = statement_json(statement)
    assert json.dumps(exported, ensure_ascii=False, separators=(",", ":")) == line
    assert list(exported) == [name for name in ORDER if name in exported]
    assert next(iter(exported["step"])) == "type"


def test_the_file_ends_with_a_line_end():
    assert EXAMPLE.read_bytes().endswith(b"}\n")


def test_every_key_is_used_once():
    assert len(set(KEYS)) == len(KEYS)


def test_every_statement_is_of_the_same_process_which_the_first_one_opens():
    assert {statement.process for statement in TOLD} == {"lindenau-2030"}
    assert [s.key for s in TOLD if s.step.type == "process-opened"] == [KEYS[0]] == ["eroeffnung"]


def test_numbered_keys_are_counted_in_the_order_of_the_file():
    counted = Counter()
    for key in KEYS:
        word, _, number = key.rpartition("-")
        if len(number) == len("01") and number.isdigit():
            counted[word] += 1
            assert int(number) == counted[word], key


def test_references_are_keys_of_earlier_lines():
    earlier = set()
    for statement in TOLD:
        assert set(references(statement.model_dump(mode="json"))) <= earlier, statement.key
        earlier.add(statement.key)


def test_texts_are_short():
    for line, statement in zip(LINES, TOLD, strict=True):
        assert max(map(len, texts(json.loads(line)))) <= LONGEST_TEXT, statement.key
        if statement.occurred is not None and statement.occurred.wording is not None:
            assert len(statement.occurred.wording) <= LONGEST_WORDING, statement.key


def test_everything_told_is_dated_and_over_by_the_autumn_of_2025():
    dated = [s.occurred for s in TOLD if not isinstance(s.step, About)]
    assert all(occurred is not None for occurred in dated)
    begun = [stated(occurred.edtf).begin.first for occurred in dated if occurred.edtf is not None]
    assert max(begun) == LAST_DAY.toordinal()


def test_a_date_of_every_sureness_is_told():
    dates = {s.occurred.edtf or "unknown" for s in TOLD if s.occurred is not None}
    lengths = {len(edtf) for edtf in dates if edtf.replace("-", "").isdigit()}
    assert lengths == {len("2025"), len("2025-10"), len("2025-10-31")}
    assert {edtf[-1] for edtf in dates} >= set("~?%")
    assert {edtf[-2:] for edtf in dates if len(edtf) == len("2025-21")} >= {"21", "22", "23"}
    assert any(edtf.startswith("[..") for edtf in dates)
    assert any(edtf.endswith("..]") for edtf in dates)
    assert any(edtf.endswith("/..") for edtf in dates)
    assert "unknown" in dates


# ---- given the file, when it is imported, then … -------------------------------------------------------------------


def test_it_is_admitted_as_one_list_with_the_one_hint_that_is_meant():
    admitted = admit(Effective(), {}, TOLD, Recording(IMPORTED, "konto-beispiel", 0))
    assert admitted.numbers == tuple(range(1, len(TOLD) + 1))
    hints = [(hint.code, KEYS[hint.index]) for hint in admitted.hints]
    assert hints == [("public-behind", "berichtigung-04")], "its amount is still being asked about"


def test_what_is_not_published_stays_internal_on_purpose():
    entries = {s.key for s in TOLD if not isinstance(s.step, EntryPublished | TextsErased)}
    assert entries - set(published()) == INTERNAL
    assert len(published()) == len(set(published()))


def test_a_public_entry_has_an_internal_cause():
    causes = {key for s in TOLD if s.key in set(published()) and s.because != "not-recorded" for key in s.because}
    assert causes & INTERNAL == {"rueckmeldung-04"}


def test_the_last_publication_is_under_embargo():
    embargoes = [step for step in of(EntryPublished) if step.not_before is not None]
    assert [set(step.targets) for step in embargoes] == [EMBARGOED]
    assert embargoes[0].not_before == datetime(2027, 3, 1, 7, tzinfo=UTC)


def test_a_correction_rests_on_the_one_before_and_a_withdrawal_is_withdrawn():
    assert [step.seen for step in of(EntryCorrected) if step.seen] == ["berichtigung-01"]
    withdrawn = {step.target for step in of(EntryWithdrawn)}
    assert {"abschluss", "ruecknahme-01"} <= withdrawn


# ---- what it shows ------------------------------------------------------------------------------------------------


def test_no_step_type_is_missing():
    assert STEPS.keys() - OF_INSTALLATION.keys() - {step.type for step in STEPS_TOLD} == set()


def test_no_step_type_is_missing_in_the_examples_together():
    lines = [line for example in EXAMPLES.glob("*.jsonl") for line in example.read_text(encoding="utf-8").splitlines()]
    assert {json.loads(line)["step"]["type"] for line in lines} == STEPS.keys() - OF_INSTALLATION.keys()


@pytest.mark.parametrize(
    ("cls", "field"),
    [
        (DecisionTaken, "method"),
        (DecisionTaken, "outcome"),
        (CommitmentMade, "kind"),
        (CommitmentSettled, "outcome"),
        (GoalAdopted, "kind"),
        (GoalRevised, "how"),
        (MeasureReported, "status"),
        (MeetingChanged, "how"),
        (FeedbackReceived, "kind"),
        (FeedbackAnswered, "outcome"),
        (FindingRecorded, "kind"),
        (ParticipationRated, "stage"),
    ],
)
def test_every_term_occurs(cls, field):
    assert told(cls, field) == terms(cls, field) != set()


def test_every_majority_occurs_carried_and_missed():
    votes = {(step.vote.rule, step.vote.carried()) for step in of(DecisionTaken) if step.vote is not None}
    assert votes == {(rule, carried) for rule in terms(Vote, "rule") for carried in (True, False)}


def test_people_consensed_with_every_resistance_and_once_left_things_as_they_are():
    consensings = [step.consensing for step in of(DecisionTaken) if step.consensing is not None]
    assert any(all(option.votes for option in consensing.options) for consensing in consensings)
    assert any(consensing.chosen == consensing.passive for consensing in consensings)


def test_objections_were_taken_up_and_others_stood():
    raised = {(o.serious, o.integrated) for step in of(DecisionTaken) for o in step.objections}
    assert raised == {(True, True), (False, False)}


def test_decisions_are_tied_to_others():
    decisions = of(DecisionTaken)
    assert any(step.replaces for step in decisions)
    assert any(step.confirms for step in decisions)
    settled = {key for step in decisions for key in step.settles}
    open_ones = {s.key for s in TOLD if s.step.type in {"decision-deferred", "question-left-open"}} - settled
    assert settled == {"vertagung-01", "frage-01"}
    assert open_ones == {"vertagung-02", "frage-02", "frage-03"}


def test_cells_of_every_state_occur():
    cells = [cell for step in of(ScenarioAssessed) for cell in step.cells]
    assert {cell.state for cell in cells} == terms(Cell, "state")
    assert any(cell.like for cell in cells)


def test_every_fact_of_attendance_occurs_by_actor_and_persons_are_counts():
    facts = [(fact, given) for step in of(MeetingHeld) for fact, given in step.attendance()]
    assert {fact for fact, given in facts if given.actors} == set(ATTENDANCE)
    assert any(given.persons is not None and not given.actors for _, given in facts)
    assert any(step.meetings.at_most != 1 for step in of(MeetingHeld)), "a series told as one"


def test_one_account_stands_against_an_entry_and_one_is_given_in_full():
    assert {step.account is None for step in of(ClaimDisputed)} == {True, False}


def test_two_parties_rate_the_same_differently():
    rated = {}
    for step in of(ParticipationRated):
        rated.setdefault((step.about, step.stage), set()).add((step.by, step.degree))
    assert any(len({by for by, _ in given}) == len({degree for _, degree in given}) > 1 for given in rated.values())


def test_bodies_end_dissolved_or_concluded():
    assert told(BodyEnded, "how") == {"dissolved", "concluded"}
