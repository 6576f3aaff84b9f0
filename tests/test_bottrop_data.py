"""The Bottrop example keeps to its facts: every line says where it is written, and nothing is left unpublished."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.answers import statement_json
from domain.admission import Recording, admit
from domain.publication import Statement
from domain.replay import Effective

EXAMPLE = Path(__file__).parents[1] / "examples" / "bottrop-2018.jsonl"
LINES = EXAMPLE.read_text(encoding="utf-8").splitlines()
STATEMENTS = [json.loads(line) for line in LINES]
KEYS = [statement["key"] for statement in STATEMENTS]
BY_KEY = dict(zip(KEYS, STATEMENTS, strict=True))
PUBLICATIONS = [statement for statement in STATEMENTS if statement["key"].startswith("publish-")]
CORRECTIONS = [statement for statement in STATEMENTS if statement["key"].startswith("fix-")]
TOLD = [statement for statement in STATEMENTS if statement not in PUBLICATIONS + CORRECTIONS]
DISPUTES = [statement for statement in TOLD if re.match(r"d[0-9]", statement["key"])]

RELEASED = 75
"""The lines of version 0.1.0. Installations have recorded them: a new version only adds."""
RELEASED_SHA256 = "aaa4f9d8e121a6f80afaf0d39cdc0a9c38fc3ec9816afad288e32f810f949756"

PASSAGES = {
    "000": "b01:107 b02:31 b04:167 b06:753 b07:758 b10:141 b11:234 b12:258 b13:263 b14:301 b15:365 b16:381 b17:340"
    " b18:186 b19:186 b20:189 b21:172 b22:190 b23:211 b24:216 b25:230 b26:278 b27:285 b28:290 b29:335 b30:349"
    " b31:494 b32:500 b33:591 b34:601 b35:617 b36:619 b37:688 b38:725 b39:242 b40:728 b41:732 b42:438 b43:445"
    " b44:451 b45:464 b46:803 b47:808 b48:809 b49:814 b50:898 b51:931",
    "001": "b03:33 b05:5 b08:9 b09:18 b53:5",
    "002": "b52:31 p01:7 p02:9 p03:9 p04:9 p05:19 p06:19 p08:13 p09:13 p10:13 p11:13 p12:19 p13:15 p14:15 p24:27",
    "003": "p07:30 p15:32 p16:32 p17:34 p18:7 p19:10 p20:11 p21:11 p22:12 p23:13 p25:20",
    "004": "w1:31 w2:59 w3:87",
}
PLACES = {
    fact: (document, int(line))
    for document, facts in PASSAGES.items()
    for fact, line in (found.split(":") for found in facts.split())
}
"""The 81 facts found in the sources, each with its document and the line where the passage begins."""

DISAGREEMENTS = {f"d{number}" for number in range(1, 17)}
"""The points on which the documents, or passages of one document, disagree."""

STATED = {"b02", "b03", "b05", "b51", "b52", "b53", "w1", "w2", "w3"}
"""The facts whose date a source states."""
ANNOUNCED = {"w1": "2021-06-30", "w2": "2021-09-14", "w3": "2021-11-09"}

SOURCES = {
    "c003b42846bbc403adc745b7004fbc13a1f2d15de0e9eac3f217578b64e7c7f9": ("000", 960),
    "edf24e4a21818762d352d4c6be19cd808ebd2349d755eeffcbe60c503913497e": ("001", 43),
    "6fc14e597a91f664a078aaae3451838eb9c3e89f6a3c53153b01198a0b1c4a13": ("002", 31),
    "8d5645750cec379ea11f5d4f84fc30a633fe426cf453f1d1e0f2174b2117cebe": ("003", 34),
    "50df911e2c37bc17809306a3272c6ba2694e926029e1ed9af9a2d90238a722fc": ("004", 102),
}
"""The five source documents by their SHA-256, with the number of their lines."""

ORDER = {
    "statement": ("process", "key", "step", "occurred", "because", "grounds", "sources", "asserted_by"),
    "occurred": ("edtf", "basis", "wording", "after"),
    "source": ("title", "lines", "sha256"),
}
IDS = (
    *("actor", "assessment", "body", "commitment", "criteria_set", "criterion", "decision", "document", "goal"),
    *("indicator", "instrument", "level", "measure", "meeting", "phase", "plan", "role", "scenario", "theme"),
)
REFERENCES = ("claim", "against", "feedback", "target", "seen")
LONGEST_TEXT = 400
LONGEST_WORDING = 40


def told(statement):
    return statement["key"]


def fact_of(statement):
    return statement["key"].partition("-")[0]


def of_type(*types):
    return [statement for statement in STATEMENTS if statement["step"]["type"] in types]


def in_order(given, order):
    return list(given) == [name for name in order if name in given]


def texts(value):
    """All words and sentences in a statement, wherever they stand."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def objects(value):
    """All objects with fields in a statement, wherever they stand."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from objects(inner)


def tellings(statement):
    """A statement, and what it carries: what a correction states instead, what another account says."""
    yield statement
    for field in ("corrected", "account"):
        if field in statement["step"]:
            yield statement["step"][field]


TELLINGS = [
    pytest.param(telling, id=statement["key"] + "+" * depth)
    for statement in STATEMENTS
    for depth, telling in enumerate(tellings(statement))
    if statement in TOLD or depth
]
"""Everything that is told of the process: statements, their corrected forms, other accounts."""


def passages(telling):
    for source in telling["sources"]:
        for passage in source["lines"].split(", "):
            first, _, last = passage.partition("-")
            yield source["sha256"], int(first), int(last or first)


def in_force(key):
    """The statement as its last correction has it."""
    forms = [s["step"]["corrected"] for s in CORRECTIONS if s["step"]["target"] == key]
    return forms[-1] if forms else BY_KEY[key]


def causes(key):
    because = in_force(key).get("because", [])
    return set() if because == "not-recorded" else set(because)


def earlier(key):
    return set(in_force(key)["occurred"].get("after", []))


def test_every_fact_is_told_at_its_place():
    assert len(PLACES) == 81
    cited = {
        (fact_of(statement), SOURCES[document][0], line)
        for statement in TOLD
        for document, first, last in passages(statement)
        for line in range(first, last + 1)
    }
    assert {fact for fact, (document, line) in PLACES.items() if (fact, document, line) not in cited} == set()


def test_every_disagreement_is_told():
    assert {fact_of(statement) for statement in DISPUTES} == DISAGREEMENTS
    assert of_type("claim-disputed") == DISPUTES


def test_every_key_belongs_to_a_fact_a_disagreement_a_correction_or_a_publication():
    assert {fact_of(statement) for statement in TOLD} == set(PLACES) | DISAGREEMENTS
    assert of_type("entry-corrected") == CORRECTIONS
    assert of_type("entry-published") == PUBLICATIONS


def test_several_entries_of_one_fact_are_counted_from_the_bare_id():
    counted: dict[str, set[int]] = {}
    for key in map(told, TOLD):
        fact, _, number = key.partition("-")
        counted.setdefault(fact, set()).add(int(number or 1))
    assert {fact: numbers for fact, numbers in counted.items() if numbers != set(range(1, len(numbers) + 1))} == {}


@pytest.mark.parametrize(("kind", "statements"), [("fix", CORRECTIONS), ("publish", PUBLICATIONS)])
def test_corrections_and_publications_are_counted_in_their_order(kind, statements):
    assert list(map(told, statements)) == [f"{kind}-{number}" for number in range(1, len(statements) + 1)]


def test_every_key_is_used_once():
    assert len(set(KEYS)) == len(KEYS)


def test_every_statement_is_of_the_same_process_which_the_first_one_opens():
    assert {statement["process"] for statement in STATEMENTS} == {"bottrop-2018"}
    assert [told(s) for s in of_type("process-opened")] == [KEYS[0]] == ["b05"]


def test_what_was_released_stays_as_it_is():
    released = "".join(f"{line}\n" for line in LINES[:RELEASED])
    assert sha256(released.encode()).hexdigest() == RELEASED_SHA256


def test_the_new_lines_tell_then_dispute_then_correct_then_publish():
    kinds = [s["step"]["type"] for s in STATEMENTS[RELEASED:]]
    parts = [{"claim-disputed": 1, "entry-corrected": 2, "entry-published": 3}.get(kind, 0) for kind in kinds]
    assert parts == sorted(parts)
    assert set(parts) == {0, 1, 2, 3}


@pytest.mark.parametrize(("line", "statement"), list(zip(LINES, STATEMENTS, strict=True)), ids=KEYS)
def test_every_line_is_in_the_form_that_is_exported(line, statement):
    exported = statement_json(Statement.model_validate_json(line))
    assert json.dumps(exported, ensure_ascii=False, separators=(",", ":")) == line
    assert set(statement) <= set(ORDER["statement"])
    for telling in tellings(statement):
        assert in_order(telling, ORDER["statement"])
        assert next(iter(telling["step"])) == "type"
        assert in_order(telling.get("occurred", {}), ORDER["occurred"])
        assert telling.get("occurred", {}).get("basis") != "stated", "the default is left out"
        assert all(in_order(source, ORDER["source"]) for source in telling.get("sources", []))


def test_a_file_ends_with_a_line_end():
    assert EXAMPLE.read_bytes().endswith(b"}\n")


@pytest.mark.parametrize("statement", STATEMENTS, ids=KEYS)
def test_references_point_to_earlier_lines(statement):
    named = []
    for telling in tellings(statement):
        because = telling.get("because", [])
        named += [] if because == "not-recorded" else because
        named += telling.get("occurred", {}).get("after", []) + telling["step"].get("targets", [])
        named += telling["step"].get("settles", [])
        named += [telling["step"][name] for name in REFERENCES if name in telling["step"]]
    assert set(named) <= set(KEYS[: KEYS.index(statement["key"])])


@pytest.mark.parametrize("telling", TELLINGS)
def test_everything_told_says_when_by_whom_and_in_which_lines(telling):
    assert telling["occurred"]
    assert telling["asserted_by"]
    assert telling["sources"]
    assert all(source["title"] for source in telling["sources"])
    for document, first, last in passages(telling):
        assert 1 <= first <= last <= SOURCES[document][1]


def test_every_document_is_cited_under_one_title():
    titles = {(s["sha256"], s["title"]) for telling in TELLINGS for s in telling.values[0]["sources"]}
    assert sorted(document for document, _ in titles) == sorted(SOURCES)
    assert len({title for _, title in titles}) == len(SOURCES)


@pytest.mark.parametrize("telling", TELLINGS)
def test_a_date_that_was_not_stated_says_how_it_was_found(telling):
    assert ("basis" in telling["occurred"]) <= ("grounds" in telling)


def test_only_the_dates_that_a_source_states_are_stated():
    stated = {fact_of(statement) for statement in TOLD if "basis" not in statement["occurred"]}
    assert stated | {fact_of(statement) for statement in of_type("meeting-planned")} == STATED
    assert stated == STATED - set(ANNOUNCED)
    assert all("basis" in statement["step"]["corrected"]["occurred"] for statement in CORRECTIONS)


@pytest.mark.parametrize("key", ANNOUNCED)
def test_a_workshop_states_when_it_begins_and_not_when_it_was_announced(key):
    step = BY_KEY[key]["step"]
    assert (step["begins"], step["ends"], step["zone"]) == (
        f"{ANNOUNCED[key]}T10:00",
        f"{ANNOUNCED[key]}T12:00",
        "Europe/Berlin",
    )
    assert (step["places"], step["format"], step["registration"], step["hosts"]) == (
        20,
        "online",
        "required",
        ["iat", "amt"],
    )
    assert [item["at"] for item in step["programme"]] == [
        *("10:00", "10:15", "10:25", "10:40", "10:55", "11:00", "11:30", "11:40")
    ]
    assert BY_KEY[key]["occurred"]["basis"] == "derived"


def test_whether_a_workshop_took_place_is_not_told():
    announced = {s["step"]["meeting"] for s in of_type("meeting-planned")}
    assert announced.isdisjoint(s["step"]["meeting"] for s in of_type("meeting-held", "meeting-changed"))


@pytest.mark.parametrize("statement", STATEMENTS, ids=KEYS)
def test_texts_are_short(statement):
    assert max(map(len, texts(statement))) <= LONGEST_TEXT
    for telling in tellings(statement):
        assert len(telling.get("occurred", {}).get("wording", "")) <= LONGEST_WORDING


@pytest.mark.parametrize("telling", TELLINGS)
def test_whose_account_it_is_was_registered_as_an_actor(telling):
    assert telling["asserted_by"] in {s["step"]["actor"] for s in of_type("actor-registered")}


@pytest.mark.parametrize("statement", STATEMENTS, ids=KEYS)
def test_ids_are_lasting_names(statement):
    ids = [inner[name] for inner in objects(statement) for name in IDS if name in inner]
    assert all(re.fullmatch(r"[a-z0-9-]{1,63}", id_) for id_ in [statement["key"], *ids])


def test_every_entry_is_published_exactly_once():
    published = [key for publication in PUBLICATIONS for key in publication["step"]["targets"]]
    assert sorted(published) == sorted(map(told, TOLD + CORRECTIONS))


@pytest.mark.parametrize("correction", CORRECTIONS, ids=told)
def test_a_correction_says_why_and_adds_to_what_was_released(correction):
    step = correction["step"]
    assert step["reason"]
    assert step["target"] in KEYS[:RELEASED]
    assert step["corrected"]["step"]["type"] == BY_KEY[step["target"]]["step"]["type"]
    assert step["corrected"]["asserted_by"] == BY_KEY[step["target"]]["asserted_by"]
    assert [s["step"]["target"] for s in CORRECTIONS].count(step["target"]) == 1


def recorded(*batches):
    """The hints that recording gives, one list after the other."""
    log, keys, hints = Effective(), {}, []
    for number, batch in enumerate(batches):
        at = datetime(2026, 11, 22 + number, 12, tzinfo=UTC)
        outcome = admit(log, keys, batch, Recording(at, "konto-1", len(log.entries) + 1))
        keys |= {s.key: n for s, n in zip(batch, outcome.numbers, strict=True)}
        hints += [(hint.code, batch[hint.index].key) for hint in outcome.hints]
    assert keys == {key: number for number, key in enumerate(KEYS, 1)}
    assert all(log.public(number, at) for number in keys.values())
    return hints


@pytest.mark.parametrize("before", [0, RELEASED])
def test_recording_gives_the_one_hint_that_is_explained(before):
    whole = [Statement.model_validate_json(line) for line in LINES]
    assert recorded(*filter(None, [whole[:before], whole])) == [("destination-unclear", "b28")]


def test_why_the_level_went_and_what_came_of_it_can_be_walked():
    chain = [*pairwise(("b26", "b27", "b25", "b28", "b29")), *pairwise(("b28", "b30", "b32", "b33"))]
    assert [link for link in chain if link[0] not in causes(link[1])] == []


def test_the_order_that_is_known_without_dates_is_told():
    steps = [
        *pairwise(("b20", "b25", "b28", "b29")),
        *pairwise(("b28", "b30", "b31", "b32")),
        *pairwise(("b45", "b45-2")),
        *pairwise(("b45-6", "b46", "b48")),
        *(("b46", "b47"), ("b46", "b48-2")),
    ]
    assert [step for step in steps if step[0] not in earlier(step[1])] == []


def test_the_matrix_of_the_scenarios_hides_no_gap():
    criteria = [c["criterion"] for s in of_type("criteria-set") for c in s["step"]["criteria"]]
    assessed = {s["step"]["scenario"]: s["step"]["cells"] for s in of_type("scenario-assessed")}
    assert len(criteria) == 10
    assert list(assessed) == [f"szenario-{n}" for n in range(1, 5)]
    assert [s["step"]["scenario"] for s in of_type("scenario-drafted")] == list(assessed)
    assert all([cell["criterion"] for cell in cells] == criteria for cells in assessed.values())
    states = {
        (scenario[-1], criteria.index(cell["criterion"]) + 1): cell["state"]
        for scenario, cells in assessed.items()
        for cell in cells
    }
    assert Counter(states.values()) == {
        "stated": 24,
        "implied": 1,
        "not-applicable": 2,
        "not-stated": 11,
        "open-question": 1,
        "not-assessable": 1,
    }
    elsewhere = {cell: state for cell, state in states.items() if state not in ("stated", "not-stated")}
    assert elsewhere == {
        ("2", 4): "not-applicable",
        ("3", 4): "not-applicable",
        ("2", 8): "implied",
        ("4", 8): "open-question",
        ("4", 9): "not-assessable",
    }
    blank = {cell for cell, state in states.items() if state == "not-stated"}
    assert blank == {(n, criterion) for n in "1234" for criterion in (6, 7, 10)} - {("2", 6)}
    cells = [cell for of_one in assessed.values() for cell in of_one]
    assert all(("says" in cell) != (cell["state"] in ("not-stated", "not-applicable")) for cell in cells)
    likened = {cell: of_one["like"] for cell, of_one in zip(states, cells, strict=True) if "like" in of_one}
    assert likened == {("2", 1): "szenario-1", ("3", 3): "szenario-2", ("4", 2): "szenario-2"}


def test_no_scenario_was_chosen():
    assert of_type("scenario-chosen", "scenario-rejected") == []
    preferred = [in_force(told(s))["step"]["about"] for s in of_type("preference-stated")]
    assert ["szenario-1" in about for about in preferred] == [False, True]
    assert "szenarien-fortfuehrung" in in_force("b47")["step"]["about"]


def test_what_became_of_commitments_is_told_only_where_a_source_tells_it():
    made = {s["step"]["commitment"]: s for s in of_type("commitment-made")}
    settled = {s["step"]["commitment"]: s["step"]["outcome"] for s in of_type("commitment-settled")}
    assert {told(made[commitment]): outcome for commitment, outcome in settled.items()} == {
        "b10-5": "changed",
        "b11": "broken",
        "b37": "broken",
    }
    unsettled = {told(s): s["step"].get("due") for commitment, s in made.items() if commitment not in settled}
    assert unsettled == {"b14": "2019-09", "p14": None, "p24": None, "p24-2": None, "p25": None}


def test_counts_are_as_exact_as_the_source():
    assert BY_KEY["b19"]["step"]["meetings"] == {"at_least": 4, "at_most": 4}
    assert {"invited", "registered", "attended", "invited_or_attended"}.isdisjoint(BY_KEY["b19"]["step"])
    load = {"meetings": {"at_least": 7}, "months": 18, "counted": "invited-or-attended"}
    assert BY_KEY["b26"]["step"]["load"] == load
    assert BY_KEY["b35"]["step"]["count"] == {"at_least": 30, "at_most": 30, "approximate": True}
    assert [BY_KEY[key]["step"]["sessions"] for key in ("p22", "p23-2")] == [{"at_least": 3, "at_most": 3}] * 2
    plural = [s["step"]["meetings"] for s in of_type("meeting-held") if told(s) != "b19"]
    assert all(set(meetings) == {"at_least"} for meetings in plural)
    assert not any("persons" in inner for s in STATEMENTS for inner in objects(s))


def test_methods_and_degrees_that_no_source_names_are_not_told():
    assert not any("method" in s["step"] or "vote" in s["step"] for s in of_type("decision-taken"))
    assert not any("degree" in s["step"] for s in STATEMENTS)
    assert Counter(s["step"].get("stage", "observed") for s in of_type("participation-rated")) == {
        "intended": 1,
        "observed": 7,
    }


def test_skilled_workers_can_be_followed_from_the_analysis_to_a_reallabor():
    threat = [s for s in of_type("finding-recorded") if "fachkraefte" in s["step"].get("about", [])]
    assert [s["step"]["category"] for s in threat] == [{"scheme": "swot", "term": "threat"}]
    assert in_force("p07-2")["step"]["theme"] == "fachkraefte"


def test_the_fields_of_the_swot_analysis_are_complete():
    found = Counter(s["step"]["category"]["term"] for s in of_type("finding-recorded") if "category" in s["step"])
    assert found == {"strength": 4, "weakness": 4, "opportunity": 6, "threat": 5}
