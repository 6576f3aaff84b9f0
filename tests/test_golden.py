"""Every stored entry of every released version reads for ever: files written then, read now.

A new version of the facts adds files (`level-dropped.2.json`); none is ever changed.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.commitment import commitment, part_digest
from domain.entry import VERSION, Entry, read, seal, upcast
from domain.errors import Refused
from domain.publication import STEPS, Statement
from domain.record import Record, Salts

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))
SALTS = Salts(b"\x01" * 32, b"\x02" * 32, b"\x03" * 32)
THEN = datetime(2026, 11, 22, 9, 30, 0, 5, tzinfo=UTC)


def stored(golden, texts=True):
    return Record(
        process="p",
        number=9,
        position=17,
        recorded_at=THEN,
        type=golden["type"],
        key="eintrag-9",
        facts=golden["facts"].encode(),
        internal=golden["internal"].encode(),
        texts=golden["texts"].encode() if texts else None,
        salts=SALTS if texts else Salts(SALTS.facts, SALTS.internal, None),
        texts_digest=bytes.fromhex(golden["texts_digest"]),
        commitment=bytes.fromhex(golden["commitment"]),
    )


def test_every_step_type_has_a_file_of_every_version():
    names = {path.name for path in GOLDEN}
    assert names >= {f"{name}.{version}.json" for name in STEPS for version in range(1, VERSION + 1)}


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_an_entry_stored_long_ago_still_reads_the_same(path):
    golden = json.loads(path.read_text())
    entry = read(stored(golden))
    assert entry.statement.model_dump(mode="json") == golden["statement"]
    assert (entry.number, entry.recorded_at, entry.recorded_by, entry.erased) == (9, THEN, "konto-abc", False)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_its_commitment_is_made_of_exactly_the_stored_bytes(path):
    golden = json.loads(path.read_text())
    digests = {name: part_digest(name, getattr(SALTS, name), golden[name].encode()) for name in ("facts", "internal")}
    digests["texts"] = bytes.fromhex(golden["texts_digest"])
    assert digests["texts"] == part_digest("texts", SALTS.texts, golden["texts"].encode())
    assert commitment(digests).hex() == golden["commitment"]


@pytest.mark.parametrize("path", [p for p in GOLDEN if p.stem.endswith(f".{VERSION}")], ids=lambda path: path.stem)
def test_the_same_statement_is_stored_in_the_same_bytes_today(path):
    golden = json.loads(path.read_text())
    statement = Statement.model_validate(golden["statement"])
    assert seal(Entry(statement, 9, 17, THEN, "konto-abc"), SALTS) == stored(golden)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_no_text_stands_among_the_facts_and_without_texts_the_entry_still_reads(path):
    golden = json.loads(path.read_text())
    assert not [text for text in json.loads(golden["texts"]).values() if text in golden["facts"]]
    entry = read(stored(golden, texts=False))
    assert entry.erased
    assert entry.statement.step.meaning() == read(stored(golden)).statement.step.meaning()


def test_facts_of_an_older_version_are_read_through_every_step_to_this_one():
    upcasts = {1: lambda facts: {**facts, "v": 2, "step": "renamed"}, 2: lambda facts: {**facts, "v": 3}}
    assert upcast({"v": 1, "step": "old"}, upcasts, version=3) == {"v": 3, "step": "renamed"}


def test_facts_of_a_newer_program_are_refused_and_never_guessed_at():
    with pytest.raises(Refused, match="facts-newer"):
        upcast({"v": VERSION + 1})
