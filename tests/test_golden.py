"""Every stored entry of every released version reads for ever: files written then, read now.

A new version of the facts adds files (`level-dropped.2.json`); none is ever changed. Where fields exclude each other a
type has more than one file (`decision-taken.consensing.2.json`).
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from domain.commitment import commitment, part_digest
from domain.entry import UPCASTS, VERSION, Entry, join, missing_texts, read, seal, split, upcast
from domain.errors import Refused
from domain.fields import REQUIRED
from domain.publication import STEPS, Statement, Telling
from domain.record import Record, Salts

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))
SALTS = Salts(b"\x01" * 32, b"\x02" * 32, b"\x03" * 32)
THEN = datetime(2026, 11, 22, 9, 30, 0, 5, tzinfo=UTC)

FIRST_RELEASE = {
    *("process-opened", "process-closed", "phase-begun", "phase-ended", "funding-granted", "context-noted"),
    *("instrument-introduced", "instrument-ended", "document-added"),
    *("actor-registered", "actor-redescribed", "role-assigned", "role-ended"),
    *("structure-planned", "level-established", "level-dropped", "alliance-founded", "group-formed"),
    *("reallabor-initiated", "reallabor-spun-off", "body-ended", "body-reattached", "body-changed"),
    *("bodies-merged", "body-split", "theme-identified", "theme-retired"),
    *("feedback-received", "feedback-answered"),
    *("decision-taken", "decision-deferred", "preference-stated", "question-left-open"),
    *("entry-published", "entry-corrected", "entry-withdrawn"),
}
"""The step types of release 0.1.0, which stored version 1 of the facts."""


def of_version(version: int) -> list[Path]:
    return [path for path in GOLDEN if path.stem.endswith(f".{version}")]


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


def test_every_step_type_has_a_file_of_every_version_that_it_was_stored_in():
    assert {path.name for path in of_version(1)} == {f"{name}.1.json" for name in FIRST_RELEASE}
    assert {path.name for path in of_version(2)} >= {f"{name}.2.json" for name in STEPS}
    assert len(GOLDEN) == len(of_version(1)) + len(of_version(2))


def test_a_type_of_the_first_release_is_still_one_and_a_new_version_adds_a_way_to_read_the_one_before():
    assert len(FIRST_RELEASE) == 36
    assert STEPS.keys() >= FIRST_RELEASE
    assert UPCASTS.keys() == set(range(1, VERSION))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_an_entry_stored_long_ago_still_reads_as_the_statement_it_was(path):
    golden = json.loads(path.read_text(encoding="utf-8"))
    entry = read(stored(golden))
    assert entry.statement == Statement.model_validate(golden["statement"])
    assert (entry.number, entry.recorded_at, entry.recorded_by, entry.erased) == (9, THEN, "konto-abc", False)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_all_that_it_stated_then_is_read_and_what_it_could_not_state_yet_is_not_stated(path):
    golden = json.loads(path.read_text(encoding="utf-8"))
    now = dict(said(read(stored(golden)).statement.model_dump(mode="json")))
    then = dict(said(golden["statement"]))
    assert then.items() <= now.items()
    assert [now[place] for place in now.keys() - then.keys() if now[place] not in (None, [])] == []


def said(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value in a statement with its place; what is empty stands for itself."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not parts:
        yield pointer, value
    for name, part in parts:
        yield from said(part, f"{pointer}/{name}")


@pytest.mark.parametrize("path", of_version(1), ids=lambda path: path.stem)
def test_facts_of_the_first_version_are_read_through_the_upcasts_that_the_program_has(path):
    golden = json.loads(path.read_text(encoding="utf-8"))
    facts = json.loads(golden["facts"])
    assert facts["v"] == 1
    upcasted = upcast(json.loads(golden["facts"]))
    assert upcasted["v"] == VERSION
    entry = read(stored(golden))
    of_today, _ = split(entry.statement)
    known = dict(said({name: fact for name, fact in of_today.items() if name in upcasted}))
    # What the author of a correction had seen is internal, and no fact of the public kind.
    assert dict(said({name: fact for name, fact in upcasted.items() if name != "v"})).items() <= known.items()
    with pytest.raises(Refused, match="facts-newer"):
        upcast(facts, upcasts={})


@pytest.mark.parametrize("name", STEPS)
def test_every_field_of_a_type_stands_filled_in_one_of_its_files(name):
    paths = [path for path in of_version(VERSION) if path.name.startswith(f"{name}.")]
    statements = [Statement.model_validate(json.loads(path.read_text(encoding="utf-8"))["statement"]) for path in paths]
    fields = [place for statement in statements for place in fields_of(statement.step)]
    assert {field for field, _ in fields} == {field for field, filled in fields if filled}


def fields_of(model: BaseModel) -> Iterator[tuple[tuple[str, str], bool]]:
    """Every field of a step and of the values in it, and whether it is filled; a telling in it is of another type."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        yield (type(model).__name__, name), value not in (None, ())
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, BaseModel) and not isinstance(part, Telling):
                yield from fields_of(part)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_its_commitment_is_made_of_exactly_the_stored_bytes(path):
    golden = json.loads(path.read_text(encoding="utf-8"))
    digests = {name: part_digest(name, getattr(SALTS, name), golden[name].encode()) for name in ("facts", "internal")}
    digests["texts"] = bytes.fromhex(golden["texts_digest"])
    assert digests["texts"] == part_digest("texts", SALTS.texts, golden["texts"].encode())
    assert commitment(digests).hex() == golden["commitment"]


@pytest.mark.parametrize("path", of_version(VERSION), ids=lambda path: path.stem)
def test_the_same_statement_is_stored_in_the_same_bytes_today(path):
    golden = json.loads(path.read_text(encoding="utf-8"))
    statement = Statement.model_validate(golden["statement"])
    assert seal(Entry(statement, 9, 17, THEN, "konto-abc"), SALTS) == stored(golden)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_facts_and_texts_put_together_are_the_statement_as_pydantic_writes_it(path):
    statement = read(stored(json.loads(path.read_text(encoding="utf-8")))).statement
    assert join(*split(statement)) == statement.model_dump(mode="json")


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_text_that_is_asked_for_is_missed_once_it_is_gone(path):
    golden = json.loads(path.read_text(encoding="utf-8"))
    assert list(missing_texts(read(stored(golden)).statement)) == []
    bare = read(stored(golden, texts=False)).statement
    assert sorted(missing_texts(bare)) == sorted(asked_for(bare))


def asked_for(model: BaseModel, pointer: str = "") -> Iterator[str]:
    """Every text of a model that has to be given, found by looking at every field."""
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if REQUIRED in info.metadata:
            yield f"{pointer}/{name}"
        for place, part in enumerate(value) if isinstance(value, tuple) else [(None, value)]:
            if isinstance(part, BaseModel):
                yield from asked_for(part, f"{pointer}/{name}" if place is None else f"{pointer}/{name}/{place}")


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_no_text_stands_among_the_facts_and_without_texts_the_entry_still_reads(path):
    golden = json.loads(path.read_text(encoding="utf-8"))
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
