"""The Bottrop example keeps to its facts: every line says where it is written, and nothing is left unpublished."""

import json
import re
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[1] / "examples" / "bottrop-2018.jsonl"
LINES = EXAMPLE.read_text(encoding="utf-8").splitlines()
STATEMENTS = [json.loads(line) for line in LINES]
KEYS = [statement["key"] for statement in STATEMENTS]
TOLD = [statement for statement in STATEMENTS if not statement["key"].startswith("publish-")]
PUBLICATIONS = [statement for statement in STATEMENTS if statement["key"].startswith("publish-")]

FACTS = (
    {f"b{number:02}" for number in range(1, 54)}
    | {f"p{number:02}" for number in range(1, 26)}
    | {f"w{number}" for number in range(1, 4)}
)
"""The ids of the 81 facts found in the sources: first phase, second phase, workshops."""

SOURCES = {
    "c003b42846bbc403adc745b7004fbc13a1f2d15de0e9eac3f217578b64e7c7f9": 960,
    "edf24e4a21818762d352d4c6be19cd808ebd2349d755eeffcbe60c503913497e": 43,
    "6fc14e597a91f664a078aaae3451838eb9c3e89f6a3c53153b01198a0b1c4a13": 31,
    "8d5645750cec379ea11f5d4f84fc30a633fe426cf453f1d1e0f2174b2117cebe": 34,
    "50df911e2c37bc17809306a3272c6ba2694e926029e1ed9af9a2d90238a722fc": 102,
}
"""The five source documents by their SHA-256, with the number of their lines."""

ORDER = {
    "statement": ("process", "key", "step", "occurred", "because", "grounds", "sources", "asserted_by"),
    "occurred": ("edtf", "basis", "wording", "after"),
    "source": ("title", "lines", "sha256"),
}
LONGEST_TEXT = 400
LONGEST_WORDING = 40


def told(statement):
    return statement["key"]


def in_order(given, order):
    return list(given) == [name for name in order if name in given]


def texts(value):
    """All words and sentences in a statement, wherever they stand."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def test_all_facts_are_known_ones():
    assert len(FACTS) == 81
    assert {key.split("-")[0] for key in map(told, TOLD)} <= FACTS


def test_several_entries_of_one_fact_are_counted_from_the_bare_id():
    counted: dict[str, set[int]] = {}
    for key in map(told, TOLD):
        fact, _, number = key.partition("-")
        counted.setdefault(fact, set()).add(int(number or 1))
    assert {fact: numbers for fact, numbers in counted.items() if numbers != set(range(1, len(numbers) + 1))} == {}


def test_every_key_is_used_once():
    assert len(set(KEYS)) == len(KEYS)


def test_every_statement_is_of_the_same_process_which_the_first_one_opens():
    assert {statement["process"] for statement in STATEMENTS} == {"bottrop-2018"}
    assert [s["key"] for s in STATEMENTS if s["step"]["type"] == "process-opened"] == [KEYS[0]] == ["b05"]


@pytest.mark.parametrize(("line", "statement"), list(zip(LINES, STATEMENTS, strict=True)), ids=KEYS)
def test_every_line_is_in_the_form_that_is_exported(line, statement):
    assert json.dumps(statement, ensure_ascii=False, separators=(",", ":")) == line
    assert in_order(statement, ORDER["statement"])
    assert set(statement) <= set(ORDER["statement"])
    assert next(iter(statement["step"])) == "type"
    assert in_order(statement.get("occurred", {}), ORDER["occurred"])
    assert statement.get("occurred", {}).get("basis") != "stated", "the default is left out"
    assert all(in_order(source, ORDER["source"]) for source in statement.get("sources", []))


def test_a_file_ends_with_a_line_end():
    assert EXAMPLE.read_bytes().endswith(b"}\n")


@pytest.mark.parametrize("statement", STATEMENTS, ids=KEYS)
def test_references_point_to_earlier_lines(statement):
    because = statement.get("because", [])
    named = [] if because == "not-recorded" else list(because)
    named += statement.get("occurred", {}).get("after", []) + statement["step"].get("targets", [])
    assert set(named) <= set(KEYS[: KEYS.index(statement["key"])])


@pytest.mark.parametrize("statement", TOLD, ids=told)
def test_every_statement_says_when_by_whom_and_in_which_lines_it_is_told(statement):
    assert statement["occurred"]
    assert statement["asserted_by"]
    assert statement["sources"]
    for source in statement["sources"]:
        assert source["title"]
        for passage in source["lines"].split(", "):
            first, _, last = passage.partition("-")
            assert 1 <= int(first) <= int(last or first) <= SOURCES[source["sha256"]]


@pytest.mark.parametrize("statement", TOLD, ids=told)
def test_a_date_that_was_not_stated_says_how_it_was_found(statement):
    assert ("basis" in statement["occurred"]) <= ("grounds" in statement)


@pytest.mark.parametrize("statement", TOLD, ids=told)
def test_texts_are_short(statement):
    assert max(map(len, texts(statement))) <= LONGEST_TEXT
    assert len(statement["occurred"].get("wording", "")) <= LONGEST_WORDING


@pytest.mark.parametrize("statement", TOLD, ids=told)
def test_whose_account_it_is_was_registered_as_an_actor(statement):
    actors = {s["step"]["actor"] for s in STATEMENTS if s["step"]["type"] == "actor-registered"}
    assert statement["asserted_by"] in actors


@pytest.mark.parametrize("statement", STATEMENTS, ids=KEYS)
def test_ids_are_lasting_names(statement):
    step = statement["step"]
    ids = [
        step[name]
        for name in ("actor", "body", "decision", "document", "instrument", "level", "role", "theme")
        if name in step
    ]
    assert all(re.fullmatch(r"[a-z0-9-]{1,63}", id_) for id_ in [statement["key"], *ids])


def test_every_entry_is_published_exactly_once():
    published = [key for publication in PUBLICATIONS for key in publication["step"]["targets"]]
    assert sorted(published) == sorted(map(told, TOLD))
    assert {publication["step"]["type"] for publication in PUBLICATIONS} == {"entry-published"}
    assert STATEMENTS[-len(PUBLICATIONS) :] == PUBLICATIONS
