"""Canonical JSON, and the commitment to an entry whose texts may be erased."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from domain.commitment import b64url, canonical, commitment, intact, part_digest
from domain.record import Salts
from tests.records import sealed

LIMIT = 2**53 - 1

words = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LIMIT, LIMIT) | words,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner),
    max_leaves=20,
)
salts = st.binary(min_size=32, max_size=32)
RECORD = sealed("bottrop", 7, 12, datetime(2026, 11, 22, tzinfo=UTC))


@given(values)
def test_our_canonical_json_is_that_of_rfc_8785(value):
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value",
    [0.5, float("nan"), float("inf"), 2**53, -(2**53), {1: "a"}, {"ä": 1}, "\ud800", {"a": ["\udfff"]}, b"a", {1}],
)
def test_what_two_json_libraries_might_write_differently_is_refused(value):
    for place in (value, [value], {"a": {"b": value}}):
        with pytest.raises(ValueError, match=r"canonical JSON|surrogates"):
            canonical(place)


def test_the_largest_whole_number_that_every_reader_knows_exactly_is_written():
    assert canonical([LIMIT, -LIMIT]) == b"[9007199254740991,-9007199254740991]"


@given(st.sampled_from(["facts", "internal", "texts"]), salts, values)
def test_a_parts_digest_is_over_the_canonical_json_of_version_salt_name_and_value(name, salt, value):
    whole = rfc8785.dumps(["werdegang/part/v1", urlsafe_b64encode(salt).decode().rstrip("="), name, value])
    assert part_digest(name, salt, canonical(value)) == sha256(whole).digest()


@given(salts, salts, salts)
def test_the_commitment_is_over_the_canonical_json_of_the_map_of_digests(facts, internal, texts):
    digests = {"facts": facts, "internal": internal, "texts": texts}
    whole = rfc8785.dumps(["werdegang/content/v1", {name: b64url(digest) for name, digest in digests.items()}])
    assert commitment(digests) == sha256(whole).digest()


def test_the_order_in_which_the_parts_are_named_makes_no_difference():
    assert commitment({"facts": b"a", "texts": b"b"}) == commitment({"texts": b"b", "facts": b"a"})


def test_the_digests_of_a_known_entry_stay_what_they_are():
    salt = bytes(range(32))
    facts = part_digest("facts", salt, canonical({"step": {"type": "level-dropped"}, "v": 1}))
    assert facts.hex() == "1629b805826d715c892501c9666565eef2fc8c93401c39cbb7282cb4f6a3ec9d"
    whole = commitment({"facts": facts, "internal": facts, "texts": facts})
    assert whole.hex() == "c60c526d695700481c4585b341b592abb46a79956d316ed604c6c1031ecc0775"


def test_an_entry_is_intact_and_stays_so_when_its_texts_are_erased():
    erased = replace(RECORD, texts=None, salts=replace(RECORD.salts, texts=None))
    assert intact(RECORD)
    assert intact(erased)


@pytest.mark.parametrize(
    "change",
    [
        {"facts": canonical({"v": 1, "step": {"type": "alliance-founded", "body": "gremium-8", "name": None}})},
        {"internal": canonical({"key": "schritt-7", "recorded_by": "konto-zzzzzzzzzz"})},
        {"texts": canonical({"/step/name": "Ein anderer Name"})},
        {"texts_digest": bytes(32)},
        {"commitment": bytes(32)},
        {"salts": Salts(bytes(32), RECORD.salts.internal, RECORD.salts.texts)},
        {"salts": Salts(RECORD.salts.facts, bytes(32), RECORD.salts.texts)},
        {"salts": Salts(RECORD.salts.facts, RECORD.salts.internal, bytes(32))},
        {"salts": Salts(RECORD.salts.facts, RECORD.salts.internal, None)},
    ],
)
def test_a_change_to_any_part_of_an_entry_is_noticed(change):
    assert not intact(replace(RECORD, **change))


def test_the_same_facts_of_two_entries_cannot_be_recognised_by_their_digests():
    same = canonical(json.loads(RECORD.facts))
    assert part_digest("facts", bytes(32), same) != part_digest("facts", bytes([1]) * 32, same)
