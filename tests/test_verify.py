"""The transparency log's core: tree, proofs, tiles, notes, leaves – and the checker, which must find every change."""

import ast
import base64
import contextlib
import json
import random
import re
import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import combinations, product
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from adapters import verify
from adapters.verify import (
    EMPTY_ROOT,
    MESSAGES,
    Checkpoint,
    Frontier,
    Leaf,
    Proof,
    Rejected,
    bundle_of,
    check_consistency,
    check_content,
    check_inclusion,
    check_log,
    check_proof,
    check_receipt,
    consistency_proof,
    cosignature_line,
    cosignatures,
    encode_leaf,
    entries_of,
    hashes_of_tiles,
    inclusion_proof,
    leaf_hash,
    node_hash,
    open_checkpoint,
    open_note,
    parse_checkpoint,
    parse_key,
    parse_leaf,
    parse_policy,
    parse_proof,
    parse_witness,
    public_key,
    range_root,
    reader,
    root_of,
    sign,
    signature_line,
    tile_path,
    tiles_of,
    witness_key,
)
from domain import commitment as engine
from tests.test_commitment import salts, values

VERIFY = Path(verify.__file__)
ORIGIN = "beteiligung.example/log"
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
KEY = public_key(ORIGIN, PRIVATE)
OTHER = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
BEGIN = datetime(2026, 11, 22, 10, 3, tzinfo=UTC)


def rejected(code, call, *args, **parameters):
    with pytest.raises(Rejected) as caught:
        call(*args)
    assert caught.value.code == code
    assert parameters.items() <= caught.value.parameters.items()


def flipped(data):
    """The same bytes with one bit the other way round, for each bit."""
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)


# ---- the tree ----------------------------------------------------------------------------------------------------


def definition(entries):
    """RFC 6962, 2.1, word for word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\0" + entries[0]).digest()
    k = 1
    while 2 * k < len(entries):
        k *= 2
    return sha256(b"\1" + definition(entries[:k]) + definition(entries[k:])).digest()


def numbered(size):
    return [b"entry %d" % n for n in range(size)]


def tree(entries):
    """Every full subtree's root, computed once: what `hash_at` asks for."""
    levels = [[leaf_hash(entry) for entry in entries]]
    while len(row := levels[-1]) > 1:
        levels.append([node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)])
    return lambda level, index: levels[level][index]


def grown(entries, frontier=None):
    frontier = frontier or Frontier()
    for entry in entries:
        frontier.append(leaf_hash(entry))
    return frontier


# LeafInputs and RootHashes of github.com/transparency-dev/merkle, testonly/constants.go (Apache-2.0)
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_trees_of_certificate_transparency(size):
    entries = [bytes.fromhex(each) for each in INPUTS[:size]]
    assert root_of(entries).hex() == grown(entries).root().hex() == ROOTS[size]


@pytest.mark.parametrize("size", [*range(70), 255, 256, 257, 511, 512, 513, 1000])
def test_roots_are_those_of_the_definition(size):
    entries = numbered(size)
    assert root_of(iter(entries)) == grown(entries).root() == definition(entries)


@given(st.integers(0, 700), st.integers(0, 700))
def test_a_tree_grows_on_from_its_stored_frontier(before, after):
    entries = numbered(before + after)
    stored = grown(entries[:before])
    assert grown(entries[before:], Frontier(stored.size, list(stored.hashes))).root() == root_of(entries)


def test_a_million_entries_need_no_more_than_twenty_stored_hashes():
    frontier = Frontier()
    for level in range(19, -1, -1):
        frontier.append(bytes(32), level)
    assert (frontier.size, len(frontier.hashes)) == (2**20 - 1, 20)


@given(st.integers(0, 9), st.integers(0, 5))
def test_a_whole_subtree_is_appended_at_once(level, number):
    entries = numbered((number + 1) << level)
    frontier = grown(entries[: number << level])
    frontier.append(root_of(entries[number << level :]), level)
    assert frontier == grown(entries)


def test_a_subtree_is_not_appended_where_it_cannot_stand():
    with pytest.raises(ValueError, match="cannot follow"):
        grown(numbered(3)).append(bytes(32), level=1)


@pytest.mark.parametrize(("size", "hashes"), [(3, [bytes(32)]), (1, [bytes(31)]), (0, [bytes(32)])])
def test_a_stored_frontier_that_does_not_fit_its_size_is_refused(size, hashes):
    rejected("frontier-broken", Frontier, size, hashes, size=size)


# ---- proofs ------------------------------------------------------------------------------------------------------


def subtrees(largest):
    """The subtrees that draft-ietf-plants-merkle-tree-certs calls valid, in its order."""
    for end in range(1, largest + 1):
        for start in range(end):
            if start % (1 << (end - start - 1).bit_length()) == 0:
                yield start, end


def test_subtrees_and_their_proofs_are_those_of_the_accumulated_vectors():
    # "Subtree Test Vectors" of draft-ietf-plants-merkle-tree-certs, as in transparency-dev/merkle, testonly
    entries = [bytes([n]) for n in range(130)]
    hash_at, roots, paths = tree(entries), sha256(), sha256()
    for start, end in subtrees(130):
        roots.update(f"[{start}, {end}) {range_root(start, end, hash_at).hex()}\n".encode())
        within = tree(entries[start:end])
        for index in range(start, end):
            proof = inclusion_proof(index - start, end - start, within)
            paths.update(f"{index} [{start}, {end}){''.join(f' {each.hex()}' for each in proof)}\n".encode())
    assert roots.hexdigest() == "94a95384a8c69acea9b50d035a58285b3a777cb7a724005faa5e1f1e1190007f"
    assert paths.hexdigest() == "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f"


def test_proofs_are_those_of_the_vectors_of_transparency_dev():
    # testdata/inclusion/2/happy-path.json and testdata/consistency/1/happy-path.json of transparency-dev/merkle
    hash_at = tree([bytes.fromhex(each) for each in INPUTS])
    assert [base64.b64encode(each).decode() for each in inclusion_proof(5, 8, hash_at)] == [
        "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
        "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
        "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
    ]
    assert [base64.b64encode(each).decode() for each in consistency_proof(1, 8, hash_at)] == [
        "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=",
        "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
        "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
    ]


def test_every_proof_of_every_tree_of_up_to_64_entries_is_accepted():
    entries = numbered(64)
    hash_at = tree(entries)
    roots = [definition(entries[:size]) for size in range(65)]
    for size in range(65):
        for index in range(size):
            proof = inclusion_proof(index, size, hash_at)
            check_inclusion(leaf_hash(entries[index]), index, size, proof, roots[size])
        for old in range(size + 1):
            check_consistency(old, size, consistency_proof(old, size, hash_at), roots[old], roots[size])


def test_every_proof_of_a_small_tree_proves_one_place_and_one_history_only():
    entries = numbered(17)
    hash_at = tree(entries)
    roots = [definition(entries[:size]) for size in range(18)]
    for size in range(1, 18):
        for index in range(size):
            proof = inclusion_proof(index, size, hash_at)
            for other in {*range(-1, size + 1)} - {index}:
                rejected("proof-wrong", check_inclusion, leaf_hash(entries[index]), other, size, proof, roots[size])
            for shape in (proof[:-1], [*proof, bytes(32)], [bytes(32), *proof]):
                if shape != proof:
                    rejected("proof-wrong", check_inclusion, leaf_hash(entries[index]), index, size, shape, roots[size])
        for old in range(1, size + 1):
            proof = consistency_proof(old, size, hash_at)
            for other in {*range(18)} - {old, size}:
                rejected("not-consistent", check_consistency, old, size, proof, roots[other], roots[size])
                rejected("not-consistent", check_consistency, old, size, proof, roots[old], roots[other])
            for shape in (proof[:-1], [*proof, bytes(32)], [bytes(32), *proof]):
                if shape != proof:
                    rejected("not-consistent", check_consistency, old, size, shape, roots[old], roots[size])


def test_random_proofs_of_large_trees_are_accepted():
    chance = random.Random(7)
    entries = numbered(100_000)
    hash_at = tree(entries)
    for _ in range(1000):
        size = chance.randrange(1, 100_001)
        index, old = chance.randrange(size), chance.randrange(size + 1)
        root = range_root(0, size, hash_at)
        check_inclusion(leaf_hash(entries[index]), index, size, inclusion_proof(index, size, hash_at), root)
        check_consistency(old, size, consistency_proof(old, size, hash_at), range_root(0, old, hash_at), root)
    assert range_root(0, 100_000, hash_at) == root_of(entries)


@pytest.mark.parametrize(("index", "size"), [(0, 1), (3, 7), (6, 7), (4, 8)])
def test_a_flipped_bit_anywhere_breaks_an_inclusion_proof(index, size):
    entries = numbered(size)
    proof, root = inclusion_proof(index, size, tree(entries)), definition(entries)
    for entry in flipped(entries[index]):
        rejected("proof-wrong", check_inclusion, leaf_hash(entry), index, size, proof, root)
    for other in flipped(root):
        rejected("proof-wrong", check_inclusion, leaf_hash(entries[index]), index, size, proof, other)
    for place, each in enumerate(proof):
        for other in flipped(each):
            changed = [*proof[:place], other, *proof[place + 1 :]]
            rejected("proof-wrong", check_inclusion, leaf_hash(entries[index]), index, size, changed, root)


@pytest.mark.parametrize(("old", "size"), [(1, 2), (3, 7), (4, 7), (6, 8), (7, 7)])
def test_a_flipped_bit_anywhere_breaks_a_consistency_proof(old, size):
    entries = numbered(size)
    proof = consistency_proof(old, size, tree(entries))
    roots = definition(entries[:old]), definition(entries)
    for other in flipped(roots[0]):
        rejected("not-consistent", check_consistency, old, size, proof, other, roots[1])
    for other in flipped(roots[1]):
        rejected("not-consistent", check_consistency, old, size, proof, roots[0], other)
    for place, each in enumerate(proof):
        for other in flipped(each):
            changed = [*proof[:place], other, *proof[place + 1 :]]
            rejected("not-consistent", check_consistency, old, size, changed, *roots)


def test_every_tree_begins_with_the_empty_one_and_with_no_other_of_that_size():
    root = definition(numbered(5))
    check_consistency(0, 5, [], EMPTY_ROOT, root)
    check_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    rejected("not-consistent", check_consistency, 0, 5, [], root, root)
    rejected("not-consistent", check_consistency, 0, 5, [root], EMPTY_ROOT, root)
    rejected("not-consistent", check_consistency, 0, 0, [], EMPTY_ROOT, root)
    rejected("not-consistent", check_consistency, 5, 4, [], root, root)
    rejected("not-consistent", check_consistency, -1, 4, [], root, root)
    rejected("not-consistent", check_consistency, 6, 4, [root, root], root, node_hash(root, root))


def test_hashes_of_another_length_are_no_hashes():
    entries = numbered(2)
    short, root = leaf_hash(entries[1])[:31], definition(entries)
    rejected("proof-broken", check_inclusion, leaf_hash(entries[0]), 0, 2, [short], root)
    rejected("proof-broken", check_inclusion, short, 0, 1, [], short)
    rejected("proof-broken", check_consistency, 1, 1, [], short, short)


def test_no_proof_is_made_for_what_is_not_in_the_tree():
    hash_at = tree(numbered(4))
    rejected("not-in-the-tree", inclusion_proof, 4, 4, hash_at)
    rejected("not-in-the-tree", inclusion_proof, -1, 4, hash_at)
    rejected("not-in-the-tree", consistency_proof, 5, 4, hash_at)


# ---- tiles and bundles -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        ((0, 1_234_067), "tile/0/x001/x234/067"),  # c2sp.org/tlog-tiles
        (("entries", 1_234_067, 5), "tile/entries/x001/x234/067.p/5"),
        ((4, 1, 5), "tile/4/001.p/5"),  # as TestTilePath of golang.org/x/mod/sumdb/tlog, without its tile height
        ((5, 123_456_078), "tile/5/x123/x456/078"),
        ((0, 3_057_500), "tile/0/x003/x057/500"),
        ((0, 0, 256), "tile/0/000"),
        ((1, 1000, 1), "tile/1/x001/000.p/1"),
    ],
)
def test_tiles_lie_where_the_specification_says(tile, path):
    assert tile_path(*tile) == path


def test_a_log_has_the_tiles_that_the_specification_counts():
    # c2sp.org/tlog-tiles, "Partial Tiles"
    tiles = list(tiles_of(70_000))
    full = [sum(level == at and width == 256 for at, _, width in tiles) for level in range(3)]
    assert full == [273, 1, 0]
    assert [tile for tile in tiles if tile[2] < 256] == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert list(tiles_of(256)) == [(0, 0, 256), (1, 0, 1)]
    assert list(tiles_of(0)) == []


def tiles_from(hash_at):
    return lambda level, n, width: b"".join(hash_at(8 * level, 256 * n + at) for at in range(width))


@pytest.mark.parametrize("size", [1, 255, 256, 257, 70_000])
def test_proofs_from_tiles_are_those_from_the_whole_tree(size):
    hash_at = tree(numbered(size))
    by_tiles = hashes_of_tiles(size, tiles_from(hash_at))
    for index in {0, size // 3, size - 1}:
        assert inclusion_proof(index, size, by_tiles) == inclusion_proof(index, size, hash_at)
        assert consistency_proof(index, size, by_tiles) == consistency_proof(index, size, hash_at)


def test_a_tile_of_another_width_is_refused():
    short = hashes_of_tiles(300, lambda level, n, width: bytes(32 * (width - 1)))
    rejected("tile-broken", inclusion_proof, 299, 300, short, path="tile/1/000.p/1")


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_a_bundle_gives_back_its_entries(entries):
    assert entries_of(bundle_of(entries), len(entries)) == entries


def test_a_bundle_is_lengths_in_two_bytes_and_entries():
    assert bundle_of([b"one", b"", b"x" * 258]) == b"\0\3one\0\0\1\2" + b"x" * 258
    assert len(bundle_of([bytes(65_535)])) == 65_537
    rejected("too-long", bundle_of, [bytes(65_536)])


@pytest.mark.parametrize("bundle", [b"", b"\0", b"\0\1", b"\0\1a\0", b"\0\1a\0\2b", b"\0\1a\0\1b\0\1c", b"\0\1a"])
def test_a_bundle_with_more_or_less_than_its_entries_is_refused(bundle):
    rejected("bundle-broken", entries_of, bundle, 2)


# ---- notes and checkpoints ---------------------------------------------------------------------------------------

# ExampleSign and ExampleOpen of golang.org/x/mod/sumdb/note (BSD-3-Clause)
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SECRET = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
PETERS_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETERS_NOTE = (
    f"{PETERS_TEXT}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

# The example of c2sp.org/signed-note, whose key nobody published
QUASIMODO = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)

# testdata/log of github.com/transparency-dev/tessera (Apache-2.0)
ASTRA = "astra+cad5a3d2+AZJqeuyE/GnknsCNh1eCtDtwdAwKBddOlS8M2eI1Jt4b"
ASTRAS_ENTRIES = b"one two three four five six seven eit nain ten ileven twelf threeten fourten fivten".split()
ASTRAS_CHECKPOINTS = [
    """astra
7
IrSXADBqJ7EQoUODSDKROySgNveeL6CFhik2w/+fS7U=

— astra ytWj0q61ftJEOaWEsCHuXyLlRcqjLBd1+p7o+iN+9vzKclbpIu4molDU/gKGVcneESQzY+KeoxP3AltrMQANWw4HjQk=
""",
    """astra
15
rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=

— astra ytWj0rJVDQTRJQewX74UJrwdh07x1AScLrx30fZCyKrXqrFF3bSuuELfDG2v2RsH36b+/QFmZxAJqqpKt0SAEVspvwA=
""",
]

# The example of c2sp.org/tlog-cosignature
WITNESSED = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)

CHECKPOINT = Checkpoint(ORIGIN, 5, definition(numbered(5)))
SIGNED = sign(str(CHECKPOINT), ORIGIN, PRIVATE)


def test_notes_are_opened_and_signed_as_the_go_checksum_database_does():
    peter = parse_key(PETER)
    assert str(peter) == PETER
    assert open_note(PETERS_NOTE, [peter]) == (PETERS_TEXT, {"PeterNeumann"})
    assert sign(PETERS_TEXT, "PeterNeumann", Ed25519PrivateKey.from_private_bytes(PETERS_SECRET)) == PETERS_NOTE


@pytest.mark.parametrize("note", ASTRAS_CHECKPOINTS, ids=["7", "15"])
def test_the_checkpoints_of_another_log_open_and_its_roots_are_ours(note):
    checkpoint = open_checkpoint(note, [parse_key(ASTRA)])
    assert checkpoint == Checkpoint("astra", checkpoint.size, root_of(ASTRAS_ENTRIES[: checkpoint.size]))
    assert note.startswith(f"{checkpoint}\n")


@pytest.mark.parametrize("note", [QUASIMODO, WITNESSED])
def test_the_examples_of_the_specifications_are_notes_signed_by_keys_we_do_not_know(note):
    rejected("signature-missing", open_note, note, [KEY], names=ORIGIN)


def test_the_text_of_a_note_ends_at_its_last_empty_line():
    text = QUASIMODO.rpartition("\n\n")[0] + "\n"
    note = sign(text, ORIGIN, PRIVATE)
    assert open_note(note, [KEY])[0] == text


def test_the_checkpoint_in_an_example_of_the_specification_is_read():
    text = WITNESSED.partition("\n\n")[0] + "\n"
    assert parse_checkpoint(text)[:2] == ("example.com/behind-the-sofa", 20_852_163)
    assert str(parse_checkpoint(text)) == text


def test_a_flipped_bit_in_a_signature_is_refused():
    line = SIGNED.splitlines()[-1]
    signature = base64.b64decode(line.split(" ")[2])
    for changed in flipped(signature[4:]):
        note = SIGNED.replace(line, f"— {ORIGIN} {base64.b64encode(signature[:4] + changed).decode()}")
        rejected("signature-bad", open_note, note, [KEY], name=ORIGIN)
    for changed in flipped(signature[:4]):  # then it is another key's
        note = SIGNED.replace(line, f"— {ORIGIN} {base64.b64encode(changed + signature[4:]).decode()}")
        rejected("signature-missing", open_note, note, [KEY])


def test_a_flipped_bit_in_the_text_of_a_checkpoint_is_refused():
    for changed in flipped(str(CHECKPOINT).encode()):
        with pytest.raises((Rejected, UnicodeDecodeError)):
            open_note(changed.decode() + SIGNED.removeprefix(str(CHECKPOINT)), [KEY])


def test_signatures_of_unknown_keys_are_ignored_and_a_bad_one_of_a_known_key_is_not():
    other = public_key("zeugin.example", OTHER)
    witnessed = SIGNED + signature_line(str(CHECKPOINT), "zeugin.example", OTHER)
    forged = SIGNED + signature_line("etwas anderes\n", "zeugin.example", OTHER)
    assert open_note(witnessed, [KEY, other])[1] == {ORIGIN, "zeugin.example"}
    assert open_checkpoint(forged, [KEY]) == CHECKPOINT
    rejected("signature-bad", open_note, forged, [KEY, other], name="zeugin.example")
    rejected("signature-missing", open_note, forged, [])


def test_sixteen_signatures_are_accepted_and_a_thousand_are_not():
    line = signature_line(str(CHECKPOINT), "zeugin.example", OTHER)
    assert open_checkpoint(SIGNED + 15 * line, [KEY]) == CHECKPOINT
    rejected("note-broken", open_checkpoint, SIGNED + 1000 * line, [KEY])


def test_a_known_key_with_another_name_signs_no_checkpoint_of_this_log():
    elsewhere = public_key("anderswo.example", OTHER)
    note = sign(str(CHECKPOINT), "anderswo.example", OTHER)
    rejected("origin-differs", open_checkpoint, note, [KEY, elsewhere], found=ORIGIN, expected="anderswo.example")


def test_while_a_key_is_changed_both_keys_sign():
    later = public_key(ORIGIN, OTHER)
    both = SIGNED + signature_line(str(CHECKPOINT), ORIGIN, OTHER)
    for known in ([KEY], [later], [KEY, later]):
        assert open_checkpoint(both, known) == CHECKPOINT


@pytest.mark.parametrize(
    "note",
    [
        "",
        str(CHECKPOINT),
        SIGNED.removesuffix("\n"),
        f"{SIGNED}\n",
        SIGNED.replace("— ", "- "),
        SIGNED.replace("— ", "—  "),
        SIGNED.replace(f"{ORIGIN} ", "a+b "),
        SIGNED.replace("\n5\n", "\n5\r\n"),
        SIGNED.replace("\n5\n", "\n5\t\n"),
        f"{CHECKPOINT}\n— {ORIGIN} \n",
        f"{CHECKPOINT}\n— {ORIGIN} AAAA\n",
        f"{CHECKPOINT}\n— {ORIGIN} AAAAAAA\n",
        f"{CHECKPOINT}\n— {ORIGIN} AAAAAAB=\n",
        f"{CHECKPOINT}\n— {ORIGIN} AAAA_AA=\n",
    ],
)
def test_what_is_not_a_note_to_the_letter_is_refused(note):
    rejected("note-broken", open_note, note, [KEY])


@pytest.mark.parametrize(("text", "name"), [("no end", ORIGIN), ("a\tb\n", ORIGIN), ("a\n", "a b"), ("a\n", "a+b")])
def test_what_nobody_could_open_is_not_signed(text, name):
    rejected("note-broken", sign, text, name, PRIVATE)


ROOT64 = base64.b64encode(CHECKPOINT.root).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n05\n{ROOT64}\n",
        f"{ORIGIN}\n+5\n{ROOT64}\n",
        f"{ORIGIN}\n-5\n{ROOT64}\n",
        f"{ORIGIN}\n5_0\n{ROOT64}\n",
        f"{ORIGIN}\n٥\n{ROOT64}\n",
        f"{ORIGIN}\n 5\n{ROOT64}\n",
        f"{ORIGIN}\n\n{ROOT64}\n",
        f"\n5\n{ROOT64}\n",
        f"{ORIGIN}\n5\n{ROOT64}",
        f"{ORIGIN}\n5\n{ROOT64[:-1]}\n",
        f"{ORIGIN}\n5\n{ROOT64[:-2]}=\n",
        f"{ORIGIN}\n5\n{ROOT64[:-4]}\n",
        f"{ORIGIN}\n5\n{ROOT64} \n",
        f"{ORIGIN}\n5\n",
        f"{ORIGIN}\n5\n{ROOT64}\n\nmore\n",
        f"{ORIGIN}\n5\n{ROOT64}\nmore",
        "",
    ],
)
def test_what_is_not_a_checkpoint_to_the_letter_is_refused(text):
    rejected("checkpoint-broken", parse_checkpoint, text)


def test_extension_lines_of_a_checkpoint_are_signed_and_not_read():
    assert open_checkpoint(sign(f"{CHECKPOINT}more to say\n", ORIGIN, PRIVATE), [KEY]) == CHECKPOINT


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "PeterNeumann",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("PeterNeumann", "Peter Neumann"),
        PETER[:-4],
        str(verify.Key(ORIGIN, KEY.public[:31])),
        str(verify.Key("a name", KEY.public)),
        f"{ORIGIN}+{KEY.id.hex()}+{base64.b64encode(bytes([2]) + KEY.public).decode()}",
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",  # these two: note_test.go of Go
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_what_is_not_a_key_is_refused(vkey):
    rejected("key-broken", parse_key, vkey)


# ---- witnesses and policies --------------------------------------------------------------------------------------

W1, W2, W3 = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (11, 12, 13))
WITNESSES = {f"w{n}": witness_key(f"w{n}.example", private) for n, private in enumerate((W1, W2, W3), 1)}
AT = 1_795_341_780  # 2026-11-22 10:03 UTC
TWO_OF_THREE = (
    f"# Wer mitunterschreibt\nlog {KEY} https://stadt.example/log\n\n"
    + "".join(f"witness {name} {key} https://{name}.example/\n" for name, key in WITNESSES.items())
    + " group \t alle 2 w1 w2 w3 \nquorum alle\n"
)


def along(checkpoint, *privates, at=AT):
    """A checkpoint signed by the log, and by witnesses a minute one after the other."""
    signed = sign(str(checkpoint), ORIGIN, PRIVATE)
    numbers = {W1: 1, W2: 2, W3: 3}
    lines = (
        cosignature_line(str(checkpoint), f"w{numbers[private]}.example", private, at + 60 * n)
        for n, private in enumerate(privates)
    )
    return signed + "".join(lines)


def test_the_cosignature_in_the_example_of_the_specification_is_read():
    line = WITNESSED.splitlines()[-1]
    signature = base64.b64decode(line.split(" ")[2])
    assert int.from_bytes(signature[4:12], "big") == 1_679_315_147, "the time that the specification signs"
    assert cosignatures(WITNESSED, WITNESSES.values()) == {}


def test_a_witness_signs_a_checkpoint_with_its_time_and_under_a_key_of_its_own_kind():
    key = WITNESSES["w1"]
    assert parse_witness(str(key)) == key
    assert key.id == sha256(b"w1.example\n\x04" + key.public).digest()[:4]
    line = cosignature_line(str(CHECKPOINT), "w1.example", W1, AT)
    signature = base64.b64decode(line.split(" ")[2])
    message = f"cosignature/v1\ntime {AT}\n{CHECKPOINT}".encode()
    assert signature == key.id + AT.to_bytes(8, "big") + W1.sign(message)
    assert cosignatures(SIGNED + line, [key]) == {key: datetime.fromtimestamp(AT, UTC)}
    rejected("key-broken", parse_key, str(key))
    rejected("key-broken", parse_witness, PETER)


def test_of_two_cosignatures_of_one_witness_the_first_one_counts():
    note = along(CHECKPOINT, W1, at=AT + 9) + along(CHECKPOINT, W1).splitlines(keepends=True)[-1]
    assert cosignatures(note, [WITNESSES["w1"]]) == {WITNESSES["w1"]: datetime.fromtimestamp(AT, UTC)}


def test_a_flipped_bit_in_a_cosignature_or_its_time_is_refused_and_other_signatures_are_ignored():
    note, key = along(CHECKPOINT, W1), WITNESSES["w1"]
    line = note.splitlines()[-1]
    signature = base64.b64decode(line.split(" ")[2])
    for changed in flipped(signature[4:]):
        other = note.replace(line, f"— w1.example {base64.b64encode(signature[:4] + changed).decode()}")
        rejected("signature-bad", cosignatures, other, [key], name="w1.example")
        assert open_checkpoint(other, [KEY]) == CHECKPOINT, "who does not know the witness passes it over"
    for cut in (signature[:-1], signature + b"x", signature[:11]):
        other = note.replace(line, f"— w1.example {base64.b64encode(cut).decode()}")
        rejected("signature-bad", cosignatures, other, [key])
    for at in (0, 2**63, 253_402_300_800):
        forged = SIGNED + cosignature_line(str(CHECKPOINT), "w1.example", W1, at)
        rejected("signature-bad", cosignatures, forged, [key])
    later_kind = base64.b64encode(bytes(4 + 8 + 2420)).decode()
    assert cosignatures(f"{note}— w1.example {later_kind}\n", [key]).keys() == {key}


def test_a_policy_says_whom_to_believe_and_how_many():
    policy = parse_policy(TWO_OF_THREE)
    assert policy.logs == (KEY,)
    assert {name: (each.key, each.url) for name, each in policy.witnesses.items()} == {
        name: (key, f"https://{name}.example/") for name, key in WITNESSES.items()
    }
    for signed in ([], ["w1"], ["w3"]):
        assert not policy.met(signed)
    for signed in (["w1", "w2"], ["w3", "w1"], ["w1", "w2", "w3"]):
        assert policy.met(signed)
    note = along(CHECKPOINT, W3, W1)
    assert policy.witnessed(note) == {
        "w3": datetime.fromtimestamp(AT, UTC),
        "w1": datetime.fromtimestamp(AT + 60, UTC),
    }


def test_groups_of_groups_witnesses_alone_and_nobody_can_be_the_quorum():
    lines = "".join(f"witness {name} {key}\n" for name, key in WITNESSES.items())
    nested = parse_policy(f"{lines}group a any w1 w2\ngroup b all a w3\nquorum b")
    assert [nested.met(signed) for signed in (["w1", "w2"], ["w3"], ["w2", "w3"])] == [False, False, True]
    assert [parse_policy(f"{lines}quorum w2").met(signed) for signed in (["w1"], ["w2"])] == [False, True]
    assert parse_policy("quorum none").met([])
    assert parse_policy("witness all " + f"{WITNESSES['w1']}\nquorum all").met(["all"])


@given(st.integers(1, 5), st.data())
def test_a_group_is_met_by_exactly_as_many_as_it_asks_for(members, data):
    enough = data.draw(st.integers(1, members))
    keys = [witness_key(f"x{n}", Ed25519PrivateKey.from_private_bytes(bytes([n + 1]) * 32)) for n in range(members)]
    text = "".join(f"witness x{n} {key}\n" for n, key in enumerate(keys))
    policy = parse_policy(f"{text}group g {enough} {' '.join(f'x{n}' for n in range(members))}\nquorum g\n")
    signed = data.draw(st.sets(st.sampled_from([f"x{n}" for n in range(members)])))
    assert policy.met(signed) == (len(signed) >= enough)


@pytest.mark.parametrize(("enough", "of", "split"), [(1, 1, True), (2, 3, True), (3, 4, False)])
def test_one_witness_who_lies_can_split_two_of_three_and_not_three_of_four(enough, of, split):
    """Given one who signs both of two views, and the others each but one of them."""
    keys = [witness_key(f"x{n}", Ed25519PrivateKey.from_private_bytes(bytes([n + 1]) * 32)) for n in range(of)]
    names = [f"x{n}" for n in range(of)]
    text = "".join(f"witness {name} {key}\n" for name, key in zip(names, keys, strict=True))
    policy = parse_policy(f"{text}group g {enough} {' '.join(names)}\nquorum g\n")
    liar, *honest = names
    views = [
        ({liar, *chosen}, {liar, *honest} - set(chosen))
        for count in range(len(honest) + 1)
        for chosen in combinations(honest, count)
    ]
    assert any(policy.met(one) and policy.met(other) for one, other in views) == split


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("witnes w4 x", "policy-line"),
        ("witness w4", "policy-line"),
        ("log", "policy-line"),
        (f"log {KEY} https://a b", "policy-line"),
        ("group g 1", "policy-line"),
        ("quorum", "policy-line"),
        (f"witness w4 {PETER}", "policy-key"),
        (f"log {WITNESSES['w1']}", "policy-key"),
        (f"log {KEY._replace(name='anders')}", "policy-key-twice"),
        (f"witness w4 {WITNESSES['w1']._replace(name='anders')}", "policy-key-twice"),
        (f"witness w1 {witness_key('neu', OTHER)}", "policy-name-taken"),
        (f"witness none {witness_key('neu', OTHER)}", "policy-name-taken"),
        ("group w1 any w2", "policy-name-taken"),
        ("group g any w4", "policy-name-unknown"),
        ("group g any none", "policy-name-unknown"),
        ("group g any w1 w1", "policy-member-twice"),
        ("group g any w1\ngroup h any w1", "policy-member-twice"),
        ("group g 0 w1", "policy-threshold"),
        ("group g 3 w1 w2", "policy-threshold"),
        ("group g 01 w1 w2", "policy-threshold"),
        ("group g some w1 w2", "policy-threshold"),
        ("quorum w4", "policy-name-unknown"),
        ("quorum w1\nquorum w1", "policy-quorum-twice"),
        ("# \r", "policy-characters"),
        ("", "policy-quorum-missing"),
    ],
)
def test_what_is_wrong_in_a_policy_is_told_with_its_line(line, code):
    head = TWO_OF_THREE.partition(" group")[0]
    at = (head + line).count("\n") + 1
    rejected(code, parse_policy, head + line, line=at)


def test_a_name_in_a_policy_is_bytes_and_nothing_else():
    lines = [f"witness K\udce9 {WITNESSES['w1']}", f"witness Ké {WITNESSES['w2']}", "quorum K\udce9"]
    policy = parse_policy("\n".join(lines))
    assert (policy.met(["Ké"]), policy.met(["K\udce9"])) == (False, True)


# ---- receipts ----------------------------------------------------------------------------------------------------

# The example of c2sp.org/tlog-proof; its extra data and its signatures are shortened there and left out here
SPICY = """c2sp.org/tlog-proof@v1
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

"""


def receipt(index, entries, extra=None):
    note = sign(str(Checkpoint(ORIGIN, len(entries), root_of(entries))), ORIGIN, PRIVATE)
    return str(Proof(index, inclusion_proof(index, len(entries), tree(entries)), note, extra))


def test_the_example_of_the_specification_is_read_and_written():
    proof = parse_proof(SPICY)
    assert (proof.index, len(proof.hashes), proof.extra) == (73894, 5, None)
    assert proof.checkpoint.startswith("example.com/fancylog\n109482\n")
    assert str(proof) == SPICY


@pytest.mark.parametrize("index", [0, 3, 6])
def test_a_receipt_proves_its_entry_offline(index):
    entries = numbered(7)
    assert check_proof(receipt(index, entries), [KEY], entries[index])[0].index == index
    assert check_proof(receipt(index, entries, entries[index]), [KEY])[2] == entries[index]
    for other in flipped(entries[index]):
        rejected("proof-wrong", check_proof, receipt(index, entries), [KEY], other)
        rejected("proof-wrong", check_proof, receipt(index, entries, other), [KEY])
    rejected("entry-missing", check_proof, receipt(index, entries), [KEY])


def test_a_receipt_with_hashes_of_another_length_is_not_even_read():
    rejected("proof-broken", parse_proof, SPICY.replace("index 73894\n", "index 73894\nAAAA\n"))


def test_a_receipt_of_a_log_of_one_entry_has_no_hashes():
    assert check_proof(receipt(0, [b"only"], b"only"), [KEY])[0].hashes == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@v1\n", "@v2\n"),
        ("index 1\n", ""),
        ("index 1\n", "index 01\n"),
        ("index 1\n", "index -1\n"),
        ("index 1\n", "index one\n"),
        ("index 1\n", "index  1\n"),
        ("index 1\n", "place 1\n"),
        ("index 1\n", "index 1\nAAAA\n"),
        ("index 1\n", "index 1\n!\n"),
        ("index 1\n", "index 1\n\n"),
        ("extra ", "extra !"),
        ("extra ", "other "),
    ],
)
def test_what_is_not_a_receipt_to_the_letter_is_refused(old, new):
    entries = numbered(2)
    text = receipt(1, entries, entries[1])
    assert old in text
    with pytest.raises(Rejected) as caught:
        check_proof(text.replace(old, new, 1), [KEY])
    assert caught.value.code in {"proof-broken", "note-broken", "signature-bad", "checkpoint-broken"}


# ---- leaves ------------------------------------------------------------------------------------------------------

WRITTEN = (
    b'{"at":"2026-11-22T10:03:00.000001Z","c":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","n":17,'
    b'"p":"AAECAwQFBgcICQoLDA0ODw","v":1}'
)


def test_a_leaf_is_these_bytes_and_stays_so():
    leaf = Leaf(BEGIN + timedelta(microseconds=1), bytes(range(32)), 17, bytes(range(16)))
    assert encode_leaf(leaf) == WRITTEN
    assert parse_leaf(WRITTEN) == leaf


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.binary(min_size=32, max_size=32),
    st.integers(1, 10**15 - 1),
    st.binary(min_size=16, max_size=16),
)
def test_a_leaf_is_canonical_json_and_gives_back_what_it_was_made_of(at, committed, number, process):
    leaf = Leaf(at, committed, number, process)
    entry = encode_leaf(leaf)
    assert parse_leaf(entry) == leaf
    assert entry == engine.canonical(json.loads(entry))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"at":"', b'"at": "'),
        (b"Z", b"+00:00"),
        (b".000001Z", b"Z"),
        (b"-22T", b"-32T"),
        (b"T10:03", b"T24:03"),
        (b":00.", b":60."),
        (b'"n":17', b'"n":017'),
        (b'"n":17', b'"n":0'),
        (b'"n":17', b'"n":-1'),
        (b'"n":17', b'"n":17.0'),
        (b'"n":17', b'"n":1000000000000000'),
        (b'"n":17', b'"n":17,"n":17'),
        (b'"n":17', b'"n":17,"note":1'),
        (b"Hh8", b"Hh9"),
        (b"Hh8", b"Hh8="),
        (b"Hh8", b"Hh"),
        (b"Dw", b"Dx"),
        (b'"v":1', b'"v":"1"'),
        (b',"v":1', b""),
        (b"}", b"}\n"),
        (b"{", b"\xef\xbb\xbf{"),
    ],
)
def test_a_leaf_in_any_other_writing_is_refused(old, new):
    assert old in WRITTEN
    rejected("leaf-broken", parse_leaf, WRITTEN.replace(old, new, 1))


def test_every_flipped_bit_makes_another_leaf_or_none():
    leaf = parse_leaf(WRITTEN)
    for changed in flipped(WRITTEN):
        with contextlib.suppress(Rejected):
            assert parse_leaf(changed) != leaf


def test_a_leaf_of_a_later_version_is_refused_as_such():
    rejected("leaf-version", parse_leaf, b'{"at":"then","v":2}', version=2)
    rejected("leaf-version", parse_leaf, WRITTEN.replace(b'"v":1', b'"v":12'), version=12)


@pytest.mark.parametrize("leaf", [(BEGIN, bytes(31), 1, bytes(16)), (BEGIN, bytes(32), 0, bytes(16))])
def test_what_no_leaf_can_hold_is_not_written(leaf):
    rejected("leaf-broken", encode_leaf, Leaf(*leaf))


# ---- contents ----------------------------------------------------------------------------------------------------

FACTS = {"step": {"type": "level-dropped", "level": "thematic"}, "v": 1}
TEXTS = {"/grounds": "zu viele Runden – „zu müde“"}


def made(facts=FACTS, texts=TEXTS, number=1):
    """A content document, as data, and the commitment to it, by the formulas of the engine."""
    salts = {name: sha256(f"{name} {number}".encode()).digest() for name in ("facts", "internal", "texts")}
    parts = {"facts": facts, "internal": {"key": "a"}, "texts": texts}
    digests = {name: engine.part_digest(name, salts[name], engine.canonical(parts[name])) for name in parts}
    content = {
        "parts": {name: engine.b64url(digest) for name, digest in digests.items()},
        "open": {name: {"salt": engine.b64url(salts[name]), "value": parts[name]} for name in ("facts", "texts")},
    }
    return content, engine.commitment(digests)


def erased(content, by=298):
    told = {"texts": "2026-12-01", "by": by}
    return {**content, "open": {"facts": content["open"]["facts"]}, "erased": told}


def about(kind, **said):
    """The facts of an entry about entries."""
    return {"step": {"type": kind, **said}, "v": 2}


def dumped(content):
    return json.dumps(content).encode()


@given(st.sampled_from(["facts", "texts"]), salts, values)
def test_digests_are_those_of_the_engine(name, salt, value):
    by_engine = engine.part_digest(name, salt, engine.canonical(value))
    assert verify.part_digest(name, engine.b64url(salt), value) == engine.b64url(by_engine)
    digests = {"facts": by_engine, "internal": salt, "texts": salt}
    told = {part: engine.b64url(digest) for part, digest in digests.items()}
    assert verify.commitment(told) == engine.b64url(engine.commitment(digests))


@given(values, values)
def test_a_content_leads_to_its_commitment_however_its_json_is_laid_out(facts, texts):
    content, committed = made(facts, texts)
    opened = check_content(json.dumps(content, indent=3, ensure_ascii=False).encode(), committed)
    assert (opened.erased_at, opened.erased_by) == (None, None)


def test_erased_texts_are_told_and_missing_texts_are_not_taken_for_erased():
    content, committed = made()
    assert check_content(dumped(erased(content, by=7)), committed)[1:] == ("2026-12-01", 7)
    missing = {"parts": content["parts"], "open": {"facts": content["open"]["facts"]}}
    rejected("content-missing", check_content, dumped(missing), committed, part="texts")
    withheld = {"parts": content["parts"], "open": {"texts": content["open"]["texts"]}}
    rejected("content-missing", check_content, dumped(withheld), committed, part="facts")
    for when, by in product(("once", "", 2026, True, None, "2026-12-01"), (7, -1, "7", None, True)):
        if (when, by) != ("2026-12-01", 7):
            half_told = {**erased(content), "erased": {"texts": when, "by": by}}
            rejected("content-broken", check_content, dumped(half_told), committed)


@pytest.mark.parametrize(
    ("part", "value"),
    [("facts", {**FACTS, "v": 2}), ("facts", None), ("texts", {}), ("texts", {"/grounds": "frei erfunden"})],
)
def test_a_changed_value_is_found(part, value):
    content, committed = made()
    content["open"][part]["value"] = value
    rejected("content-differs", check_content, dumped(content), committed, part=part)


def test_a_content_of_another_entry_and_a_digest_of_another_part_are_found():
    content, _ = made()
    _, other = made(number=2)
    rejected("content-differs", check_content, dumped(content), other, part="commitment")
    content, committed = made()
    content["parts"]["internal"] = content["parts"]["texts"]
    rejected("content-differs", check_content, dumped(content), committed, part="commitment")


def test_what_was_never_to_be_opened_is_refused():
    content, committed = made()
    salt = sha256(b"internal 1").digest()
    content["open"]["internal"] = {"salt": engine.b64url(salt), "value": {"key": "a"}}
    rejected("content-broken", check_content, dumped(content), committed)


def test_texts_are_not_both_open_and_erased():
    content, committed = made()
    rejected("content-broken", check_content, dumped({**content, "erased": erased(content)["erased"]}), committed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"v": 1', '"v": 1, "v": 1'),
        ('"v": 1', '"v": 1.0'),
        ('"v": 1', '"v": 1e0'),
        ('"v": 1', '"v": -0'),
        ('"v": 1', '"v": NaN'),
        ('"v": 1', '"v": 9007199254740992'),
        ('"v": 1', '"ü": 1'),
        ('"v": 1', '"v": "\\ud800"'),
        ('"v": 1', '"v": ' + 100_000 * "["),
        ('"open": {', '"open": {"facts": null, '),
        ('{"parts"', '{"more": 1, "parts"'),
        ('"salt"', '"Salt"'),
        ('"value"', '"also": 1, "value"'),
        ('"internal": ', '"hidden": '),
        ('"open"', '"opened"'),
        ('{"parts"', '[{"parts"'),
        ('{"parts"', '{"erased": {"facts": "2026-12-01"}, "parts"'),
        ('{"parts"', '{"erased": ["texts"], "parts"'),
        ('"open": {', '"open": {"other": {}, '),
    ],
)
def test_a_content_in_any_other_form_is_refused(old, new):
    content, committed = made()
    text = json.dumps(content)
    assert old in text
    rejected("content-broken", check_content, text.replace(old, new, 1).encode(), committed)


@pytest.mark.parametrize("place", ["salt", "digest"])
@pytest.mark.parametrize(
    "change", [lambda text: text + "=", lambda text: text[:-1] + "9", lambda _: engine.b64url(bytes(29)), len]
)
def test_salts_and_digests_have_one_writing(place, change):
    content, committed = made()
    if place == "salt":
        content["open"]["facts"]["salt"] = change(content["open"]["facts"]["salt"])
    else:
        content["parts"]["facts"] = change(content["parts"]["facts"])
    rejected("content-broken", check_content, dumped(content), committed)


# ---- a whole log -------------------------------------------------------------------------------------------------

HOUSES = [sha256(b"bottrop").digest()[:16], sha256(b"lindenau").digest()[:16]]


SAID = {
    10: about("entry-corrected", target=5, corrected={"step": FACTS["step"]}),
    296: about("entry-published", targets=[1, 5, 6, 145, 146]),
    298: about("texts-erased", target=146, legal_ground="objection", approved_by="court"),
}
"""What those entries say that say something of others: all of the first process, whose numbers are `index // 2 + 1`."""


def content_at(index, said=SAID):
    """The content of an entry, as data, and the commitment to it."""
    return made(said.get(index, FACTS), number=index)


def leaves(size, said=SAID):
    """The leaves of two processes by turns, a minute apart, each with the commitment to its content."""
    return [
        Leaf(BEGIN + timedelta(minutes=index), content_at(index, said)[1], index // 2 + 1, HOUSES[index % 2])
        for index in range(size)
    ]


def write(folder, entries, contents=(), private=PRIVATE):
    """A log as a folder of files: all that is served."""
    hash_at = tree(entries)
    tile = tiles_from(hash_at)
    for level, n, width in tiles_of(len(entries)):
        _put(folder / tile_path(level, n, width), tile(level, n, width))
        if level == 0:
            _put(folder / tile_path("entries", n, width), bundle_of(entries[256 * n : 256 * n + width]))
    for index, content in contents:
        _put(folder / f"content/{index}.json", dumped(content))
    note = sign(str(Checkpoint(ORIGIN, len(entries), root_of(entries))), ORIGIN, private)
    _put(folder / "checkpoint", note.encode())
    _put(folder / "vkey", f"{public_key(ORIGIN, private)}\n".encode())
    return note


def _put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def codes(report):
    return {finding.code for finding in report.findings}


def check(folder, kept=None, keys=(KEY,), **options):
    return check_log(reader(str(folder)), list(keys), kept, **options)


@pytest.fixture
def log(tmp_path):
    """A folder with a log of 300 entries: five of them published, one of which has its texts erased since."""
    contents = [(index, content_at(index)[0]) for index in (0, 8, 10, 288, 290, 296, 298)]
    contents[4] = (290, erased(contents[4][1]))
    write(tmp_path / "log", [encode_leaf(leaf) for leaf in leaves(300)], contents)
    return tmp_path / "log"


def kept_at(size):
    return sign(str(Checkpoint(ORIGIN, size, root_of(encode_leaf(leaf) for leaf in leaves(size)))), ORIGIN, PRIVATE)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 700])
def test_a_log_of_any_size_is_in_order_and_continues_every_older_checkpoint(tmp_path, size):
    write(tmp_path, [encode_leaf(leaf) for leaf in leaves(size)])
    for before in {0, 1, size // 2, size - 1, size, 256} & {*range(size + 1)}:
        report = check(tmp_path, kept_at(before))
        assert (report.findings, report.notes, report.exit_code, report.sealed) == ([], [], 0, size)


def test_every_content_is_checked_told_as_erased_or_counted_as_sealed(log):
    report = check(log)
    assert (report.opened, report.erased, report.sealed, report.missing, report.findings) == (7, 1, 293, 0, [])
    assert [note.code for note in report.notes] == ["nothing-kept", "texts-erased"]
    assert "Texte von Nr. 146 gelöscht am" in report.notes[1].message("de")
    assert "durch Nr. 150" in report.notes[1].message("de")
    assert check(log, contents=False).sealed == 0


def states(folder):
    """The entries that are not sealed, as the checker reports each."""
    report = check(folder, each=True)
    assert [report.states.count(state) for state in ("sealed", "missing")] == [report.sealed, report.missing]
    return {index: state for index, state in enumerate(report.states) if state != "sealed"}


OPEN = dict.fromkeys((0, 8, 10, 288, 296, 298), "verified") | {290: "erased"}


def test_each_entry_is_verified_sealed_erased_or_missing(log):
    assert states(log) == OPEN
    _put(log / "content/10.json", b"{}")
    (log / "content/0.json").unlink()
    assert states(log) == OPEN | {0: "missing", 10: "missing"}
    assert codes(check(log)) == {"content-broken", "content-withheld"}


def test_what_is_published_and_not_shown_is_found_without_an_erasure_that_explains_it(log):
    """Seen to fail when what is not served counted as not public."""
    (log / "content/290.json").unlink()
    (finding,) = check(log).findings
    assert (finding.code, finding.parameters) == ("content-withheld", {"index": 290, "number": 146, "by": 149})
    assert check(log).exit_code == 1
    (log / "content/296.json").unlink()  # nor is there a word of its publication
    assert codes(check(log)) == {"content-withheld", "publication-withheld"}  # an open erasure says so, too


def test_what_is_open_though_no_open_publication_names_it_was_published_by_one_that_is_withheld(log):
    """Seen to fail when a publication could be hidden together with one of the entries that it published."""
    for index in (10, 296):
        (log / f"content/{index}.json").unlink()
    report = check(log)
    assert codes(report) == {"publication-withheld"}
    withheld = [each.parameters["number"] for each in report.findings if each.code == "publication-withheld"]
    assert withheld == [1, 5, 145, 146]


def test_what_was_published_after_the_checkpoint_is_no_fault_and_told(log):
    """A publication that came while others were read is in no entry of this checkpoint."""
    longer = [encode_leaf(leaf) for leaf in leaves(301)]
    note = sign(str(Checkpoint(ORIGIN, 301, root_of(longer))), ORIGIN, PRIVATE).encode()
    (log / "content/296.json").unlink()
    asked = []

    def read(path):
        asked.append(path)
        return note if path == "checkpoint" and asked.count("checkpoint") > 1 else reader(str(log))(path)

    report = check_log(read, [KEY])
    assert (report.findings, [note.code for note in report.notes][-1]) == ([], "published-meanwhile")


@pytest.mark.parametrize("step", [{"type": [], "target": {}}, {"type": "x", "targets": [{}, [], "1", True]}])
def test_facts_of_no_known_shape_say_nothing_of_others(step):
    content, committed = made({"step": step, "v": 2})
    assert check_content(dumped(content), committed).targets == []


@pytest.mark.parametrize("said", [FACTS, about("texts-erased", target=145), about("entry-published", targets=[146])])
def test_texts_that_the_named_entry_did_not_erase_are_missing(tmp_path, said):
    by_index = {index: content_at(index, SAID | {298: said})[0] for index in (0, 8, 10, 288, 290, 296, 298)}
    by_index[290] = erased(by_index[290])
    write(tmp_path, [encode_leaf(leaf) for leaf in leaves(300, SAID | {298: said})], by_index.items())
    report = check(tmp_path)
    (finding,) = [each for each in report.findings if each.code != "publication-withheld"]  # of what erases nothing
    assert (finding.code, finding.parameters) == ("content-missing", {"index": 290, "part": "texts"})
    assert (report.missing, report.exit_code) == (1, 1)


@pytest.mark.parametrize("by", [290, 288, 297, 299, 300, 10**9])
def test_texts_are_not_erased_by_what_is_not_open_not_later_or_not_of_the_process(log, by):
    _put(log / "content/290.json", dumped(erased(content_at(290)[0], by)))
    assert codes(check(log)) == {"content-missing"}
    assert states(log)[290] == "missing"


def test_what_restates_an_entry_is_erased_with_it(tmp_path):
    said = SAID | {298: about("texts-erased", target=5)}
    contents = [(index, content_at(index, said)[0]) for index in (0, 8, 10, 288, 290, 296, 298)]
    contents[1], contents[2] = ((index, erased(content)) for index, content in contents[1:3])
    write(tmp_path, [encode_leaf(leaf) for leaf in leaves(300, said)], contents)
    assert check(tmp_path).findings == []
    assert [index for index, state in states(tmp_path).items() if state == "erased"] == [8, 10]


def test_a_log_of_more_than_65536_entries_has_tiles_on_three_levels_and_each_is_compared(tmp_path):
    large = [encode_leaf(Leaf(BEGIN, bytes(32), n, HOUSES[0])) for n in range(1, 66_000)]
    write(tmp_path, large)
    assert check(tmp_path, contents=False).findings == []
    changed = ["tile/0/255", "tile/0/257.p/207", "tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"]
    for path in changed:
        true = (tmp_path / path).read_bytes()
        _put(tmp_path / path, true[:-1] + bytes([true[-1] ^ 1]))
    found = check(tmp_path, contents=False).findings
    assert [each.code for each in found] == ["tile-differs"] * 5
    assert [each.parameters["path"] for each in found] == changed


def test_a_partial_bundle_may_be_gone_when_the_full_one_is_there(tmp_path):
    entries = [encode_leaf(leaf) for leaf in leaves(256)]
    write(tmp_path, entries)
    _put(tmp_path / "checkpoint", kept_at(200).encode())
    assert check(tmp_path).findings == []


def test_without_a_key_the_log_is_believed_and_that_is_said(log):
    report = check(log, keys=())
    assert report.notes[0].code == "key-on-trust"
    assert str(KEY) in report.notes[0].message("en")
    (log / "vkey").unlink()
    assert (codes(check(log, keys=())), check(log, keys=()).exit_code) == ({"key-missing"}, 2)


def test_a_log_that_another_key_signed_is_refused(log):
    assert codes(check(log, keys=[public_key(ORIGIN, OTHER)])) == {"signature-missing"}


def test_a_checkpoint_that_is_not_text_is_refused(log):
    _put(log / "checkpoint", b"\xff")
    assert codes(check(log)) == {"note-broken"}


def test_a_kept_checkpoint_of_another_log_is_refused(log):
    foreign = sign(str(Checkpoint("anderswo.example", 3, EMPTY_ROOT)), "anderswo.example", OTHER)
    for known in ([KEY], [KEY, public_key("anderswo.example", OTHER)]):
        report = check(log, foreign, known)
        assert (codes(report), report.exit_code) == ({"kept-broken"}, 2)


# Seven ways to change the past, of someone who has the database, the files and the key: what was a log of 300 entries
# is written anew as if it had always been so. Alone it is found only where it breaks a rule of the leaves.


def numbers_closed(changed):
    """The numbers of each process without gaps again."""
    last = dict.fromkeys(HOUSES, 0)
    for leaf in changed:
        last[leaf.process] += 1
        yield leaf._replace(number=last[leaf.process])


def edited(past):
    past[100] = past[100]._replace(commitment=bytes(32))
    return past


def dropped(past):
    return [*numbers_closed(past[:100] + past[101:])]


def swapped(past):
    past[100], past[101] = past[101]._replace(at=past[100].at), past[100]._replace(at=past[101].at)
    return past


def inserted(past):
    return [*numbers_closed([*past[:100], past[100]._replace(commitment=bytes(32)), *past[100:]])]


def truncated(past):
    return past[:200]


def redated(past):
    past[100] = past[100]._replace(at=past[99].at)
    return past


def restored(past):
    """The state of an old backup, after which other things were recorded."""
    return past[:200] + [leaf._replace(commitment=bytes(32)) for leaf in past[200:]]


@pytest.mark.parametrize("change", [edited, dropped, swapped, inserted, truncated, redated, restored])
def test_a_past_that_was_rewritten_and_signed_anew_is_found_by_one_kept_checkpoint(tmp_path, change):
    kept = kept_at(250)
    write(tmp_path, [encode_leaf(leaf) for leaf in change(leaves(300))])
    assert codes(check(tmp_path)) == set()
    report = check(tmp_path, kept)
    assert codes(report) == ({"truncated"} if change is truncated else {"not-consistent"})
    assert report.exit_code == 1


def patch(log, change):
    """Changes the first bundle, which nobody signs anew."""
    path = log / "tile/entries/000"
    _put(path, bundle_of(change(entries_of(path.read_bytes(), 256))))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda e: [*e[:9], e[9].replace(b'"c":"', b'"c":"A')[:-1] + b"}", *e[10:]], {"leaf-broken"}),
        (lambda e: [*e[:9], e[9].replace(b"T10:12", b"T10:11"), *e[10:]], set()),
        (lambda e: [*e[:9], e[9].replace(b"T10:12", b"T10:10"), *e[10:]], {"time-runs-back"}),
        (lambda e: [*e[:9], e[11], e[10], e[9], *e[12:]], {"time-runs-back", "number-gap"}),
        (lambda e: [*e[:9], e[9], *e[9:255]], {"number-gap"}),
        (lambda e: [*e[:9], *e[10:], encode_leaf(leaves(257)[256])], {"number-gap"}),
    ],
    ids=["malformed", "re-dated", "re-dated far", "swapped", "doubled", "dropped"],
)
def test_a_changed_bundle_does_not_lead_to_the_signed_root_and_tiles_say_where(log, change, expected):
    patch(log, change)
    report = check(log)
    assert codes(report) >= {"root-differs", "tile-differs"} | expected
    moved = {"content-differs", "content-withheld"}  # what is served opens another entry than before
    assert codes(report) <= {"root-differs", "tile-differs", "number-gap", "time-runs-back"} | expected | moved
    assert {each.parameters["path"] for each in report.findings if each.code == "tile-differs"} == {
        "tile/0/000",
        "tile/1/000.p/1",
    }


def test_forged_entries_with_forged_tiles_are_found(log):
    # What TileHashReader of golang.org/x/mod 0.7.0 takes for true: tiles agree with entries, the signature does not.
    entries = [encode_leaf(leaf) for leaf in edited(leaves(300))]
    signed = (log / "checkpoint").read_bytes()
    write(log, entries)
    _put(log / "checkpoint", signed)
    assert codes(check(log)) == {"root-differs"}


def test_a_bundle_that_lost_entries_and_one_that_is_gone_are_found(log):
    patch(log, lambda entries: entries[:-1])
    assert codes(check(log)) == {"bundle-broken"}
    (log / "tile/entries/000").unlink()
    report = check(log)
    assert [(each.code, each.parameters) for each in report.findings] == [
        ("bundle-missing", {"path": "tile/entries/000"})
    ]


def test_the_first_number_of_a_process_is_one_and_a_gap_is_told_once(tmp_path):
    write(tmp_path, [encode_leaf(leaf) for leaf in leaves(6)[2:]])
    found = check(tmp_path).findings
    assert [(each.code, each.parameters["expected"], each.parameters["found"]) for each in found] == [
        ("number-gap", 1, 2),
        ("number-gap", 1, 2),
    ]


def test_a_policy_asks_for_witnesses_and_the_report_says_who_signed_and_when(log):
    policy, checkpoint = (
        parse_policy(TWO_OF_THREE),
        parse_checkpoint((log / "checkpoint").read_text().split("\n\n")[0] + "\n"),
    )
    _put(log / "checkpoint", along(checkpoint, W1).encode())
    report = check(log, keys=(), policy=policy)
    assert (codes(report), report.exit_code, [*report.witnessed]) == ({"not-witnessed"}, 1, ["w1"])
    assert "key-on-trust" not in {note.code for note in report.notes}, "the policy names the key"
    _put(log / "checkpoint", along(checkpoint, W1, W2).encode())
    report = check(log, policy=policy)
    assert (codes(report), [*report.witnessed]) == (set(), ["w1", "w2"])
    assert "Bezeugt von „w2“ am 2026-11-22T10:04:00+00:00." in verify.as_text(report, "de")
    assert codes(check(log, keys=[KEY], policy=parse_policy(f"log {ASTRA}\nquorum none\n"))) == {"signature-missing"}
    forged = along(Checkpoint(ORIGIN, 1, bytes(32)), W3).splitlines(keepends=True)[-1]
    _put(log / "checkpoint", (along(checkpoint, W1, W2) + forged).encode())
    assert codes(check(log, policy=policy)) == {"signature-bad"}
    assert codes(check(log)) == set(), "without the policy nobody knows that key"


def test_a_receipt_without_the_quorum_is_not_witnessed():
    entries = [encode_leaf(leaf) for leaf in leaves(9)]
    proof = verify.parse_proof(receipt(3, entries, entries[3]))
    checkpoint = Checkpoint(ORIGIN, 9, root_of(entries))
    for signers, found in (([W1], {"not-witnessed"}), ([W1, W3], set())):
        text = str(verify.Proof(proof.index, proof.hashes, along(checkpoint, *signers), proof.extra))
        assert codes(check_receipt(text, [], policy=parse_policy(TWO_OF_THREE))) == found
    assert codes(check_receipt(text, [], policy=parse_policy("quorum none\n"))) == {"key-missing"}


def test_two_checkpoints_of_one_size_with_two_roots_are_shown_as_such(log, capsys, tmp_path):
    kept, other, older = (tmp_path / name for name in ("kept", "other", "older"))
    kept.write_text((log / "checkpoint").read_text())
    older.write_text(kept_at(250))
    write(log, [encode_leaf(leaf) for leaf in edited(leaves(300))])
    other.write_text((log / "checkpoint").read_text())
    assert "two-views" in codes(check(log, kept.read_text()))
    assert "two-views" not in codes(check(log, older.read_text()))
    code, out = run(capsys, other, "--since", kept, "--key", KEY)
    assert (code, "[two-views] Zwei Fassungen: Zu 300 Einträgen" in out) == (1, True)
    assert run(capsys, kept, "--since", kept, "--key", KEY)[0] == 0
    code, out = run(capsys, kept, "--since", older, "--key", KEY)
    assert (code, "[sizes-differ]" in out) == (2, True)
    assert run(capsys, kept)[0] == 2
    forged = tmp_path / "forged"
    forged.write_text(sign(str(Checkpoint(ORIGIN, 300, bytes(32))), ORIGIN, OTHER))
    code, out = run(capsys, forged, "--since", kept, "--key", KEY)
    assert (code, "two-views" in out) == (1, False), "what another key signed proves nothing about the log"
    entries = [encode_leaf(leaf) for leaf in edited(leaves(300))]
    proof = verify.Proof(3, verify.inclusion_proof(3, 300, tree(entries)), other.read_text(), entries[3])
    assert codes(check_receipt(str(proof), [KEY], kept=kept.read_text())) == {"two-views"}


def test_the_command_reads_a_policy_and_names_the_line_that_is_wrong(log, capsys, tmp_path):
    file = tmp_path / "policy"
    file.write_bytes(TWO_OF_THREE.replace(" w2 ", " w\xe9 ").encode("latin-1"))
    checkpoint = parse_checkpoint((log / "checkpoint").read_text().split("\n\n")[0] + "\n")
    _put(log / "checkpoint", along(checkpoint, W2).encode())
    code, out = run(capsys, log, "--policy", file, "--language", "en")
    assert (code, "Witnessed by “w\\udce9” at" in out) == (1, True)
    file.write_text("quorum w1\n")
    code, out = run(capsys, log, "--policy", file, "--json")
    assert (code, json.loads(out)["findings"][0]["code"], json.loads(out)["findings"][0]["line"]) == (
        2,
        "policy-name-unknown",
        1,
    )


def test_a_changed_and_a_withheld_content_are_found(log):
    content = made(number=0)[0]
    content["open"]["texts"]["value"] = {"/grounds": "frei erfunden"}
    _put(log / "content/0.json", dumped(content))
    withheld = made(number=299)[0]
    del withheld["open"]["texts"]
    _put(log / "content/299.json", dumped(withheld))
    found = check(log).findings
    assert [(each.code, each.parameters) for each in found] == [
        ("content-differs", {"index": 0, "part": "texts"}),
        ("content-missing", {"index": 299, "part": "texts"}),
    ]


def test_a_file_longer_than_any_of_a_log_is_not_read_on(log):
    _put(log / "tile/entries/000", bytes(256 * 65_537 + 1))
    assert codes(check(log)) == {"too-long"}


# ---- the command -------------------------------------------------------------------------------------------------


def run(capsys, *argv):
    code = verify.main([*map(str, argv)])
    return code, capsys.readouterr().out


@pytest.fixture
def served(log):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            if self.path.endswith("/content/7.json"):
                self.send_error(self.server.answer)
            else:
                super().do_GET()

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=log))
    server.answer = 404
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_log_is_checked_over_the_network(served, capsys):
    url = f"http://127.0.0.1:{served.server_port}/"
    code, out = run(capsys, url, "--key", KEY, "--json", "--language", "en")
    told = json.loads(out)
    assert (code, told["opened"], told["sealed"], told["findings"]) == (0, 7, 293, [])
    served.answer = 500
    code, out = run(capsys, url, "--key", KEY, "--json")
    assert (code, [each["code"] for each in json.loads(out)["findings"]]) == (2, ["unreachable"])


def test_a_server_that_does_not_answer_is_told_from_a_log_that_is_wrong(capsys):
    code, out = run(capsys, "http://127.0.0.1:9", "--key", KEY)
    assert code == 2
    assert "[unreachable] checkpoint: nicht zu erreichen" in out
    assert out.endswith("Nicht zu prüfen.\n")


def test_the_command_speaks_german_and_english_and_its_exit_code_is_the_verdict(log, capsys, tmp_path):
    kept = tmp_path / "kept"
    kept.write_text(kept_at(250))
    code, out = run(capsys, log, "--key", KEY, "--since", kept)
    assert code == 0
    assert out.startswith(f"{ORIGIN}: 300 Einträge, Wurzel ")
    assert out.endswith("In Ordnung.\n")
    write(log, [encode_leaf(leaf) for leaf in edited(leaves(300))])
    code, out = run(capsys, log, "--key", KEY, "--since", kept, "--language", "en")
    assert code == 1
    assert "[not-consistent] The first 250 entries are no longer those" in out
    assert out.endswith("NOT in order.\n")


def test_what_was_asked_for_wrongly_could_not_be_checked(log, capsys, tmp_path):
    assert run(capsys, tmp_path / "nowhere", "--key", KEY)[0] == 2
    assert run(capsys, log, "--key", "no key")[0] == 2
    assert run(capsys, log, "--key", KEY, "--since", tmp_path / "nowhere")[0] == 2


def test_a_receipt_is_checked_with_the_content_it_is_for(tmp_path, capsys):
    content, _ = made(number=3)
    entries = [encode_leaf(leaf) for leaf in leaves(9)]
    file, opened = tmp_path / "3.tlog-proof", tmp_path / "3.json"
    file.write_text(receipt(3, entries, entries[3]), encoding="utf-8")
    opened.write_bytes(dumped(content))
    code, out = run(capsys, file, "--key", KEY, "--content", opened, "--json")
    told = json.loads(out)
    assert (code, told["opened"], told["notes"][0]["number"]) == (0, 1, 2)
    opened.write_bytes(dumped(made(number=4)[0]))
    assert run(capsys, file, "--key", KEY, "--content", opened)[0] == 1
    assert run(capsys, file)[0] == 2
    assert codes(check_receipt(receipt(3, numbered(9), b"entry 3"), [KEY])) == {"leaf-broken"}


TELLING = {"Rejected", "find", "note", "_served", "_lose"}


def test_every_code_has_a_message_in_both_languages_and_no_message_is_for_nothing():
    calls = [node for node in ast.walk(ast.parse(VERIFY.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    named = [call.args for call in calls if getattr(call.func, "id", getattr(call.func, "attr", None)) in TELLING]
    used = {arg.value for args in named for arg in args if isinstance(arg, ast.Constant)} - {"checkpoint", "vkey"}
    assert used == set(MESSAGES)
    for german, english in MESSAGES.values():
        assert german != english
        assert sorted(re.findall(r"{\w+}", german)) == sorted(re.findall(r"{\w+}", english))


def test_the_checker_needs_this_one_file_and_nothing_of_the_engine(log, tmp_path):
    import cryptography

    copy = shutil.copy(VERIFY, tmp_path / "verify.py")
    # Isolated and without site: only the folders named here. Path files in them are not read, so no clone is found.
    borrowed = Path(cryptography.__file__).parents[1]
    script = (
        f"import sys, runpy; sys.path.append({str(borrowed)!r}); sys.argv[0] = 'verify.py'\n"
        f"try: runpy.run_path({str(copy)!r}, run_name='__main__')\n"
        "finally: print(sorted({'domain', 'adapters', 'pydantic', 'sqlalchemy'} & set(sys.modules)))"
    )
    command = [sys.executable, "-I", "-S", "-W", "error", "-c", script, log, "--key", str(KEY), "--language", "en"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("In order.\n[]\n")
