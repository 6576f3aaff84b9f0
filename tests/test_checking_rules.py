"""The rules of the checker in the browser: what `static/proof.js` says is what `adapters/verify.py` says.

The vectors are those of `test_verify.py`, from specifications and programs of others among them; the script runs in a
real browser, on the page it is for.
"""

import json
from base64 import b64decode, b64encode
from itertools import combinations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings

from adapters import verify
from adapters.verify import (
    WIDTH,
    Checkpoint,
    Rejected,
    bundle_of,
    check_content,
    encode_leaf,
    entries_of,
    open_checkpoint,
    parse_checkpoint,
    parse_key,
    parse_leaf,
    parse_policy,
    reader,
    root_of,
    tile_path,
)
from domain import commitment as engine
from tests import test_verify as vectors
from tests.faces import BOTTROP
from tests.test_commitment import values
from tests.test_verify import (
    HOUSES,
    INPUTS,
    KEY,
    ORIGIN,
    PRIVATE,
    ROOTS,
    SIGNED,
    TWO_OF_THREE,
    W1,
    W2,
    W3,
    WITNESSES,
    WRITTEN,
    check,
    codes,
    edited,
    erased,
    kept_at,
    leaves,
    made,
    numbered,
    restored,
    truncated,
    write,
)

TRIED = "async each => { try { return await (%s)(each) } catch (error) { return error.code ?? error.name } }"
MANY = f"async all => Promise.all(all.map({TRIED}))"


@pytest.fixture(scope="module")
def rules(browser, server):
    """The page with the script, which is asked for what it makes of things."""
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{server}/prozesse/{BOTTROP}/pruefen")
    yield lambda function, given: tab.evaluate(MANY % function, given)
    context.close()


def b64(data):
    return b64encode(data).decode()


def said(call, *args):
    """What the checker says: a code, or what it reads."""
    try:
        return call(*args)
    except Rejected as rejected:
        return rejected.code


def parameters(test):
    """The examples of a test of the checker; of two lists the one that is said last."""
    return next(mark.args[1] for mark in test.pytestmark if mark.name == "parametrize")


ROOT = """async entries => {
    const peaks = [];
    for (let at = 0; at < entries.length; at += WIDTH) {
        const bundle = entries.slice(at, at + WIDTH).map(fromBase64);
        await appendAll(peaks, await Promise.all(bundle.map(leafHash)));
    }
    return hexOf(await rootOf(peaks));
}"""


def test_roots_are_those_of_certificate_transparency_and_of_the_checker(rules):
    small = [[b64(bytes.fromhex(each)) for each in INPUTS[:size]] for size in range(9)]
    assert rules(ROOT, small) == ROOTS
    sizes = [255, 256, 257, 511, 512, 513, 1000]
    assert rules(ROOT, [[*map(b64, numbered(n))] for n in sizes]) == [root_of(numbered(n)).hex() for n in sizes]


def test_bundles_lie_where_the_checker_finds_them_and_hold_what_it_reads(rules):
    places = [(0, 256), (0, 1), (999, 256), (1000, 5), (1_234_067, 5), (123_456_078, 256)]
    expected = [tile_path("entries", n, width) for n, width in places]
    assert rules("([n, width]) => bundlePath(n, width)", places) == expected
    bundles = [(bundle_of(numbered(3)), 3), (bundle_of([b"", b"a" * 300]), 2)]
    bundles += [
        (bundle, 2) for bundle in parameters(vectors.test_a_bundle_with_more_or_less_than_its_entries_is_refused)
    ]
    read = rules("([b, n]) => entriesOf(fromBase64(b), n).map(base64Of)", [(b64(data), n) for data, n in bundles])
    expected = [said(entries_of, data, n) for data, n in bundles]
    assert read == [each if isinstance(each, str) else [*map(b64, each)] for each in expected]
    assert set(map(type, read)) == {list, str}


def test_keys_are_read_and_refused_as_by_the_checker(rules):
    keys = [str(KEY), vectors.PETER, vectors.ASTRA, *parameters(vectors.test_what_is_not_a_key_is_refused)]
    read = rules("async vkey => { const key = await parseKey(vkey); return [key.name, hexOf(key.id)] }", keys)
    expected = [said(parse_key, key) for key in keys]
    assert read == [each if isinstance(each, str) else [each.name, each.id.hex()] for each in expected]
    assert read.count("key-broken") == len(keys) - 3


def notes():
    """Notes as they are, and with something wrong, each with the key to open it with."""
    yield from ((note, vectors.ASTRA) for note in vectors.ASTRAS_CHECKPOINTS)
    line = SIGNED.splitlines()[-1]
    own = [SIGNED, vectors.WITNESSED, vectors.QUASIMODO, SIGNED + 99 * f"{line}\n", SIGNED + 100 * f"{line}\n"]
    own += parameters(vectors.test_what_is_not_a_note_to_the_letter_is_refused)
    own += [SIGNED[:at] + chr(ord(SIGNED[at]) ^ 1) + SIGNED[at + 1 :] for at in range(0, len(SIGNED), 3)]
    own += [verify.sign(f"{Checkpoint('anderswo', 1, bytes(32))}", ORIGIN, PRIVATE)]
    own += [verify.sign(f"{vectors.CHECKPOINT}{more}", ORIGIN, PRIVATE) for more in ("more to say\n", "\nmore\n")]
    yield from ((note, str(KEY)) for note in own)


def test_checkpoints_are_opened_and_refused_as_by_the_checker(rules):
    given = list(notes())
    opened = """async ([note, vkey]) => {
        const {origin, size, root} = await openCheckpoint(note, [await parseKey(vkey)]);
        return [origin, size, hexOf(root)];
    }"""
    expected = [said(open_checkpoint, note, [parse_key(vkey)]) for note, vkey in given]
    read = rules(opened, given)
    assert read == [each if isinstance(each, str) else [each.origin, each.size, each.root.hex()] for each in expected]
    assert {each for each in read if isinstance(each, str)} >= {
        "note-broken",
        "signature-bad",
        "signature-missing",
        "origin-differs",
        "checkpoint-broken",
    }
    texts = parameters(vectors.test_what_is_not_a_checkpoint_to_the_letter_is_refused)
    assert rules("parseCheckpoint", texts) == [said(parse_checkpoint, text) for text in texts]


def test_leaves_are_read_and_refused_as_by_the_checker(rules):
    changed = parameters(vectors.test_a_leaf_in_any_other_writing_is_refused)
    entries = [WRITTEN, *(WRITTEN.replace(old, new, 1) for old, new in changed), b"", b"\xff"]
    entries += [b'{"at":"then","v":2}', WRITTEN.replace(b'"v":1', b'"v":12'), WRITTEN.replace(b"-11-22T", b"-02-30T")]
    entries += [WRITTEN.replace(b"2026", b"0000"), WRITTEN.replace(b"-11-22T", b"-02-28T")]
    read = rules(
        "b => { const leaf = parseLeaf(fromBase64(b)); return [leaf.at, leaf.commitment, leaf.number] }",
        [*map(b64, entries)],
    )
    expected = [said(parse_leaf, entry) for entry in entries]
    assert read == [each if isinstance(each, str) else told(each) for each in expected]
    assert sum(isinstance(each, list) for each in read) == 2


def told(leaf):
    at = leaf.at.replace(tzinfo=None).isoformat(timespec="microseconds")
    return [f"{at}Z", engine.b64url(leaf.commitment), leaf.number]


CONTENT = """async ([text, committed]) => {
    try { text = parseJson(text); } catch { throw new Rejected("content-broken"); }
    return (await checkContent(text, committed)).erased?.texts ?? null;
}"""


def contents():
    """Contents as they are, and with something wrong, each with the commitment that it is held against."""
    content, committed = made()
    text = json.dumps(content)
    yield text, committed
    yield text, made(number=2)[1]
    yield json.dumps(erased(content)), committed
    for change in ({"erased": {"texts": "2026-12-01"}}, {"open": {"facts": content["open"]["facts"]}}, {"open": {}}):
        yield json.dumps({**content, **change}), committed
    for when in ("once", "", 2026, True):
        yield json.dumps({**erased(content), "erased": {"texts": when}}), committed
    for part, value in parameters(vectors.test_a_changed_value_is_found):
        changed = {**content["open"], part: {**content["open"][part], "value": value}}
        yield json.dumps({**content, "open": changed}), committed
    for old, new in parameters(vectors.test_a_content_in_any_other_form_is_refused):
        yield text.replace(old, new, 1), committed
    for change in parameters(vectors.test_salts_and_digests_have_one_writing):
        facts, parts = content["open"]["facts"], content["parts"]
        changed = {**content["open"], "facts": {**facts, "salt": change(facts["salt"])}}
        yield json.dumps({**content, "open": changed}), committed
        yield json.dumps({**content, "parts": {**parts, "facts": change(parts["facts"])}}), committed
    secret = {"salt": content["open"]["facts"]["salt"], "value": {"key": "a"}}
    yield json.dumps({**content, "open": {**content["open"], "internal": secret}}), committed


def test_contents_open_and_are_refused_as_by_the_checker(rules):
    given = list(contents())
    expected = [said(check_content, text.encode(), committed) for text, committed in given]
    expected = [each if isinstance(each, str) else each.erased_at for each in expected]
    read = rules(CONTENT, [(text, engine.b64url(committed)) for text, committed in given])
    assert read == expected
    assert {*read} == {None, "2026-12-01", "content-broken", "content-differs", "content-missing"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values, values)
def test_whatever_can_be_recorded_leads_to_its_commitment(rules, facts, texts):
    content, committed = made(facts, texts)
    text = json.dumps(content, indent=1, ensure_ascii=False)
    assert rules(CONTENT, [(text, engine.b64url(committed))]) == [None]


# ---- whole logs --------------------------------------------------------------------------------------------------

CHECK = """async ([read, trusted]) => {
    const contents = new Map(read.contents.map(([index, text]) => [index, parseJson(text)]));
    const bundles = read.bundles.map(bundle => bundle.map(fromBase64));
    const {findings, entries} = await checkLog({at: Date.now(), ...read, bundles, contents}, trusted);
    return [findings.map(({code}) => code), entries.map(({state}) => state)];
}"""


def read_from(folder, process=HOUSES[0]):
    """What a browser has read of a log that lies in a folder."""
    read = reader(str(folder))
    note = read("checkpoint").decode()
    size = parse_checkpoint(note.partition("\n\n")[0] + "\n").size
    widths = [(n, min(WIDTH, size - n * WIDTH)) for n in range(-(-size // WIDTH))]
    opened = ((index, read(f"content/{index}.json")) for index in range(size))
    return {
        "key": str(KEY),
        "checkpoint": note,
        "bundles": [[*map(b64, entries_of(read(tile_path("entries", n, w)), w))] for n, w in widths],
        "process": verify._base64url(process),
        "contents": [(index, text.decode()) for index, text in opened if text is not None],
    }


CHECK_MORE = """async ([read, trusted]) => {
    const contents = new Map(read.contents.map(([index, text]) => [index, parseJson(text)]));
    const bundles = read.bundles.map(bundle => bundle.map(fromBase64));
    const {findings, notes, quorum, key} = await checkLog({at: Date.now(), ...read, bundles, contents}, trusted);
    return {findings: findings.map(({code}) => code), notes: notes.map(({code}) => code), quorum, key: key?.text};
}"""


def checked(rules, read, **trusted):
    """What is said of a log as a whole: codes, how the quorum stands, and which key it is known by."""
    (answer,) = rules(CHECK_MORE, [[read, trusted]])
    return answer


def found(rules, read, kept=None, key=None):
    (answer,) = rules(CHECK, [[read, {"kept": kept, "key": key}]])
    return answer


@pytest.mark.parametrize("size", [1, 2, 256, 257, 512, 700])
def test_a_log_of_any_size_is_in_order_and_continues_every_older_checkpoint(rules, tmp_path, size):
    write(tmp_path, [encode_leaf(leaf) for leaf in leaves(size)])
    read = read_from(tmp_path)
    for before in {0, 1, size // 2, size - 1, size, 256} & {*range(size + 1)}:
        assert found(rules, read, kept_at(before)) == [[], ["sealed"] * -(-size // 2)]


def test_a_checkpoint_that_nobody_kept_here_or_that_another_signed_is_refused(rules, tmp_path):
    write(tmp_path, [encode_leaf(leaf) for leaf in leaves(3)])
    read = read_from(tmp_path)
    elsewhere = verify.sign(f"{Checkpoint('anderswo', 0, verify.EMPTY_ROOT)}", "anderswo", vectors.OTHER)
    stolen = verify.sign(f"{Checkpoint(ORIGIN, 0, verify.EMPTY_ROOT)}", ORIGIN, vectors.OTHER)
    assert found(rules, read, "Kein Beleg")[0] == ["kept-broken"]
    assert found(rules, read, elsewhere)[0] == ["kept-broken"]
    assert found(rules, read, stolen)[0] == ["kept-by-another-key"]
    other = str(verify.public_key(ORIGIN, vectors.OTHER))
    assert found(rules, read, key=other)[0] == ["key-other", "signature-missing"]
    assert found(rules, {**read, "process": "A" * 22})[0] == ["process-missing"]


@pytest.mark.parametrize(
    "change", parameters(vectors.test_a_past_that_was_rewritten_and_signed_anew_is_found_by_one_kept_checkpoint)
)
def test_a_past_that_was_rewritten_and_signed_anew_is_found_by_one_kept_checkpoint(rules, tmp_path, change):
    write(tmp_path, [encode_leaf(leaf) for leaf in change(leaves(300))])
    read = read_from(tmp_path)
    assert found(rules, read)[0] == []
    assert found(rules, read, kept_at(250))[0] == (["truncated"] if change is truncated else ["not-consistent"])


@pytest.mark.parametrize("change", [edited, restored])
def test_two_checkpoints_of_one_size_are_misconduct(rules, tmp_path, change):
    write(tmp_path, [encode_leaf(leaf) for leaf in change(leaves(300))])
    assert found(rules, read_from(tmp_path), kept_at(300))[0] == ["two-views"]


CHANGES, NAMES = next(
    (mark.args[1], mark.kwargs["ids"])
    for mark in vectors.test_a_changed_bundle_does_not_lead_to_the_signed_root_and_tiles_say_where.pytestmark
)


@pytest.mark.parametrize("change", [change for change, _ in CHANGES], ids=NAMES)
def test_what_the_checker_finds_in_a_changed_bundle_the_browser_finds(rules, tmp_path, change):
    write(tmp_path, [encode_leaf(leaf) for leaf in leaves(300)])
    vectors.patch(tmp_path, change)
    expected = codes(check(tmp_path)) - {"tile-differs"}
    assert "root-differs" in expected
    assert {*found(rules, read_from(tmp_path))[0]} == expected


def test_a_bundle_that_lost_entries_is_found(rules, tmp_path):
    write(tmp_path, [encode_leaf(leaf) for leaf in leaves(300)])
    read = read_from(tmp_path)
    read["bundles"][0].pop()
    assert found(rules, read)[0] == ["bundle-broken"]


# ---- witnesses ---------------------------------------------------------------------------------------------------

READ_POLICY = """async text => {
    try {
        const {logs, witnesses, groups, quorum} = await parsePolicy(text);
        return [logs.map(key => key.text), [...witnesses].map(([name, key]) => [name, key.text]),
                [...groups].map(([name, {enough, members}]) => [name, enough, members]), quorum];
    } catch (error) { return [error.code, error.parameters] }
}"""


def as_read(text):
    """A policy, or what is wrong in it, as the checker reads it."""
    try:
        policy = parse_policy(text)
    except Rejected as rejected:
        return [rejected.code, rejected.parameters]
    witnesses = [[name, str(each.key)] for name, each in policy.witnesses.items()]
    groups = [[name, enough, [*members]] for name, (enough, members) in policy.groups.items()]
    return [[str(key) for key in policy.logs], witnesses, groups, policy.quorum]


def test_policies_are_read_and_refused_by_line_as_by_the_checker(rules):
    head = TWO_OF_THREE.partition(" group")[0]
    wrong = parameters(vectors.test_what_is_wrong_in_a_policy_is_told_with_its_line)
    texts = [TWO_OF_THREE, "quorum none", *(head + line for line, _ in wrong), "constructor x", "", *NESTED]
    read = rules(READ_POLICY, texts)
    assert read == [as_read(text) for text in texts]
    assert {each[0] for each in read if len(each) == 2} == {code for _, code in wrong}


LINES = "".join(f"witness {name} {key}\n" for name, key in WITNESSES.items())
NESTED = [
    *(f"{LINES}group g {enough} w1 w2 w3\nquorum g\n" for enough in (1, 2, 3, "any", "all")),
    f"{LINES}group a any w1 w2\ngroup b all a w3\nquorum b",
    f"{LINES}group a all w1 w2\ngroup b 1 a w3\nquorum b",
    f"{LINES}group a all w1 w3\nquorum w2",
    f"{LINES}quorum none",
]
"""Policies: who has to have signed, in every way to say so."""


def test_the_quorum_is_met_by_whom_the_checker_says_and_the_fewest_who_can_are_told(rules):
    everybody = [names for count in range(4) for names in combinations(WITNESSES, count)]
    asked = [(text, names) for text in NESTED for names in everybody]
    read = rules("async ([text, names]) => quorumOf(await parsePolicy(text), names)", asked)
    met = [parse_policy(text).met(names) for text, names in asked]
    assert [each["met"] for each in read] == met
    for text in NESTED:
        enough = [len(names) for names in everybody if parse_policy(text).met(names)]
        assert {each["needed"] for each, (of, _) in zip(read, asked, strict=True) if of == text} == {min(enough)}
    assert (read[-1]["of"], read[15]["of"], read[15]["signed"]) == (0, 3, 3)


def cosigned():
    """A checkpoint with what witnesses and others signed of it, right and wrong."""
    yield from (vectors.along(vectors.CHECKPOINT, *each) for each in ([], [W1], [W3, W1], [W1, W2, W3]))
    late = vectors.along(vectors.CHECKPOINT, W1, at=vectors.AT + 9)
    yield late + vectors.along(vectors.CHECKPOINT, W1).splitlines(keepends=True)[-1]
    yield SIGNED + verify.cosignature_line(str(vectors.CHECKPOINT), "fremd.example", vectors.OTHER, vectors.AT)
    yield SIGNED + verify.cosignature_line(f"{vectors.CHECKPOINT}more\n", "w1.example", W1, vectors.AT)
    for at in (0, 1, 253_402_300_799, 253_402_300_800, 2**63):
        yield SIGNED + verify.cosignature_line(str(vectors.CHECKPOINT), "w1.example", W1, at)
    for cut in (-8, -1):
        line = vectors.along(vectors.CHECKPOINT, W1).splitlines()[-1]
        yield f"{SIGNED}{line[:cut]}\n"


def test_who_cosigned_and_when_is_told_as_by_the_checker(rules):
    notes = list(cosigned())
    read = rules(
        "async ([note, text]) => witnessedBy(note, await parsePolicy(text))", [(n, TWO_OF_THREE) for n in notes]
    )
    expected = [said(parse_policy(TWO_OF_THREE).witnessed, note) for note in notes]
    told = [
        each if isinstance(each, str) else [{"name": n, "at": js(at)} for n, at in each.items()] for each in expected
    ]
    assert read == told
    assert {each if isinstance(each, str) else len(each) for each in read} == {
        0,
        1,
        2,
        3,
        "signature-bad",
        "note-broken",
    }


def js(at):
    """An instant as a browser writes it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def witnessed(tmp_path, *signers):
    """What a browser has read of a log whose newest checkpoint these signed along."""
    entries = [encode_leaf(leaf) for leaf in leaves(4)]
    write(tmp_path, entries)
    note = vectors.along(Checkpoint(ORIGIN, 4, root_of(entries)), *signers)
    (tmp_path / "checkpoint").write_text(note)
    return read_from(tmp_path)


@pytest.mark.parametrize(
    ("signers", "said"), [([], "quorum-missing"), ([W2], "quorum-missing"), ([W1, W3], "quorum-met")]
)
def test_a_policy_of_the_reader_is_what_the_checker_asks_for_and_one_of_the_server_its_word(
    rules, tmp_path, signers, said
):
    read = witnessed(tmp_path, *signers)
    expected = [*codes(check(tmp_path, keys=(), policy=parse_policy(TWO_OF_THREE)))]
    own = checked(rules, read, policy=TWO_OF_THREE)
    assert (own["findings"], own["quorum"]["code"]) == (expected, said)
    assert expected == ([] if said == "quorum-met" else ["not-witnessed"])
    assert {"policy-on-trust", "key-on-trust"}.isdisjoint(own["notes"]), "it names the key, too"
    served = checked(rules, {**read, "policy": TWO_OF_THREE})
    assert (served["findings"], served["quorum"]["code"]) == ([], said)
    assert "policy-on-trust" in served["notes"]
    lenient = checked(rules, {**read, "policy": f"{LINES}quorum none"}, policy=TWO_OF_THREE)
    assert (lenient["findings"], lenient["quorum"]["code"]) == (expected, said), "the reader's counts"
    if said == "quorum-met":
        assert own["quorum"]["parameters"] == {"of": 3, "signed": 2, "needed": 2, "since": "2026-11-22T10:04:00.000Z"}


def test_a_policy_of_the_reader_is_about_the_log_that_it_names(rules, tmp_path):
    read = witnessed(tmp_path, W1, W2)
    other = TWO_OF_THREE.replace(str(KEY), vectors.PETER)
    for key in (None, str(KEY)):
        expected = codes(check(tmp_path, keys=[KEY] if key else (), policy=parse_policy(other)))
        assert expected == {"signature-missing"}
        assert {*checked(rules, read, key=key, policy=other)["findings"]} - {"key-other"} == expected
    assert checked(rules, read, policy="quorum w9")["findings"] == ["policy-name-unknown"]
    assert checked(rules, {**read, "policy": "quorum w9"})["notes"] == [
        "key-on-trust",
        "nothing-kept",
        "policy-unreadable",
    ]
    alone = next(line for line in read["checkpoint"].splitlines() if " w1.example " in line).split(" ")[2]
    raw = b64decode(alone)
    forged = read["checkpoint"].replace(alone, b64(raw[:-1] + bytes([raw[-1] ^ 1])))
    served = checked(rules, {**read, "checkpoint": forged, "policy": TWO_OF_THREE})
    assert (served["findings"], "signature-bad" in served["notes"]) == ([], True)
    wrong = {**read, "bundles": [[*read["bundles"][0][:-1], read["bundles"][0][0]]], "policy": "quorum w9"}
    assert "root-differs" in checked(rules, wrong)["findings"], "what cannot be read there hides nothing"
    assert "root-differs" in checked(rules, wrong, policy="quorum w9")["findings"]


def test_witnesses_that_the_server_no_longer_names_and_a_quorum_of_fewer_are_told(rules, tmp_path):
    read = witnessed(tmp_path, W1, W2)
    dropped = TWO_OF_THREE.replace(" w3 ", " ").replace(f"witness {WITNESSES['w3']} https://w3.example/\n", "")
    renamed = TWO_OF_THREE.replace("w3 ", "w4 ")
    eased = TWO_OF_THREE.replace(" 2 w1", " 1 w1")

    def told(served, **trusted):
        notes = checked(rules, {**read, "policy": served}, key=str(KEY), **trusted)["notes"]
        return [each for each in notes if each in {"policy-dropped", "policy-eased"}]

    assert parse_policy(dropped).groups["alle"] == (2, ("w1", "w2"))
    for trusted in ({"before": TWO_OF_THREE}, {"policy": TWO_OF_THREE}):
        assert told(TWO_OF_THREE, **trusted) == told(renamed, **trusted) == []
        assert told(dropped, **trusted) == ["policy-dropped"]
        assert told(eased, **trusted) == ["policy-eased"]
        assert told(None, **trusted) == ["policy-dropped", "policy-eased"]
    assert told(TWO_OF_THREE, before=dropped) == [], "more witnesses are no less"


# ---- receipts, and another key for the log -----------------------------------------------------------------------


def test_receipts_are_read_and_lead_to_the_root_as_by_the_checker(rules):
    read = """async ([b, i, size, hashes, root]) => {
        await checkInclusion(await leafHash(fromBase64(b)), i, size, hashes.map(fromBase64), fromBase64(root));
        return "right";
    }"""
    asked, expected = [], []
    for size in (1, 2, 3, 4, 5, 7, 8, 11):
        entries = numbered(size)
        root = root_of(entries)
        for index in range(size):
            proof = verify.inclusion_proof(index, size, vectors.tree(entries))
            turned = [proof[:-1], [*proof, bytes(32)], [bytes(32), *proof[1:]], proof[::-1]]
            for hashes in (proof, *turned):
                for at in (index, index ^ 1, size):
                    asked.append((b64(entries[index]), at, size, [*map(b64, hashes)], b64(root)))
                    leaf = verify.leaf_hash(entries[index])
                    expected.append(said(verify.check_inclusion, leaf, at, size, hashes, root) or "right")
    assert rules(read, asked) == expected
    assert {*expected} == {"right", "proof-wrong"}


def test_what_is_no_receipt_is_refused_as_by_the_checker(rules):
    entries = numbered(2)
    text = vectors.receipt(1, entries, entries[1])
    changed = parameters(vectors.test_what_is_not_a_receipt_to_the_letter_is_refused)
    texts = [text, *(text.replace(old, new, 1) for old, new in changed), vectors.receipt(1, entries), "", "nonsense\n"]
    texts += [vectors.receipt(0, entries, entries[1]), text.partition("\n\n")[0], vectors.SPICY]
    read = rules(
        "async ([text, vkey]) => base64Of(await checkProof(text, [await parseKey(vkey)]))",
        [(each, str(KEY)) for each in texts],
    )
    expected = [said(verify.check_proof, each, [KEY]) for each in texts]
    assert read == [each if isinstance(each, str) else b64(each[2]) for each in expected]
    assert {*read} >= {b64(entries[1]), "proof-broken", "proof-wrong", "entry-missing"}


def about(**step):
    return {"step": step, "v": 1}


NOTED = about(type="context-noted")

SECOND, THIRD = (Ed25519PrivateKey.from_private_bytes(each * 32) for each in (b"2", b"3"))
NEXT, AFTER = (verify.public_key(ORIGIN, private) for private in (SECOND, THIRD))
BOTH_SIGN, NEW_SIGNS = (PRIVATE, SECOND), (SECOND,)


def change(old, new, type_="log-key-changed"):
    return about(type=type_, old=str(old), new=str(new), why="planned")


def signed_by(entries, *privates):
    text = str(Checkpoint(ORIGIN, len(entries), root_of(entries)))
    return verify.sign(text, ORIGIN, privates[0]) + "".join(
        verify.signature_line(text, ORIGIN, each) for each in privates[1:]
    )


class Rotated:
    """A log whose second entry tells of another key, its fourth maybe of one more, each in a receipt of that time."""

    def __init__(self, folder, signers, told=None, then=None, receipts=BOTH_SIGN):
        self.folder = folder
        facts = [NOTED, told or change(KEY, NEXT), NOTED, then or NOTED, NOTED, publication(1, 2, 3, 4, 5)]
        contents = [made(each, number=n) for n, each in enumerate(facts)]
        self.entries = [
            encode_leaf(vectors.Leaf(vectors.BEGIN, committed, n, HOUSES[0]))
            for n, (_, committed) in enumerate(contents, 1)
        ]
        write(folder, self.entries, [(index, content) for index, (content, _) in enumerate(contents)])
        (folder / "checkpoint").write_text(signed_by(self.entries, *signers))
        (folder / "vkey").write_text(f"{AFTER if then else NEXT}\n")
        (folder / "about.json").write_text(
            json.dumps({"keys": [{"first_size": n} for n in (0, 2, *([4] if then else []))]})
        )
        (folder / "proof").mkdir()
        self.receipt(1, *receipts)
        if then:
            self.receipt(3, SECOND, THIRD)

    def receipt(self, index, *signers):
        entries = self.entries[: index + 1]
        hashes = verify.inclusion_proof(index, len(entries), vectors.tree(entries))
        proof = verify.Proof(index, hashes, signed_by(entries, *signers), entries[index])
        (self.folder / f"proof/{index}.tlog-proof").write_text(str(proof))

    def asked(self, rules, key=KEY, **trusted):
        """What the checker says, and what the browser says: what is found, and which new keys are told."""
        read, changes = reader(str(self.folder)), []
        for listed in json.loads(read("about.json"))["keys"][1:]:
            index = listed["first_size"] - 1
            found = (read(f"proof/{index}.tlog-proof"), read(f"content/{index}.json"))
            changes.append(
                {"index": index, **dict(zip(("proof", "content"), (f and f.decode() for f in found), strict=True))}
            )
        kept = trusted.get("kept")
        policy = trusted.get("policy") and parse_policy(trusted["policy"])
        report = check(self.folder, kept, [key] if key else (), policy=policy)
        here = {**read_from(self.folder), "key": read("vkey").decode(), "changes": changes}
        said = checked(rules, here, key=key and str(key), **trusted)
        theirs = (codes(report), [note.code for note in report.notes].count("key-changed"))
        ours = (
            {*said["findings"]} - {"key-other"},
            sum(each in {"key-changed", "key-followed"} for each in said["notes"]),
        )
        return theirs, ours, said


def test_while_both_keys_sign_all_is_well_and_the_new_one_is_told(rules, tmp_path):
    log = Rotated(tmp_path, BOTH_SIGN)
    for kept in (None, kept_at(0), signed_by(log.entries[:3], *BOTH_SIGN)):
        theirs, ours, said = log.asked(rules, kept=kept)
        assert theirs == ours == (set(), 1)
        assert (said["findings"], said["key"], "key-changed" in said["notes"]) == ([], str(NEXT), True)
    assert log.asked(rules, NEXT)[:2] == ((set(), 0), (set(), 0))


def test_once_the_new_key_signs_alone_the_entry_is_followed_that_the_old_one_signed(rules, tmp_path):
    log = Rotated(tmp_path, NEW_SIGNS)
    for trusted in ({}, {"kept": kept_at(0)}, {"policy": f"log {KEY}\nquorum none"}):
        theirs, ours, said = log.asked(rules, **trusted)
        assert theirs == ours == (set(), 1)
        assert (said["findings"], said["key"], "key-followed" in said["notes"]) == ([], str(NEXT), True)
    for key in (None, NEXT):
        theirs, ours, _ = log.asked(rules, key, policy=f"log {KEY}\nquorum none")
        assert theirs == ours == (set(), 1)
    theirs, ours, _ = log.asked(rules, policy=f"log {AFTER}\nquorum none")
    assert theirs == ours == ({"signature-missing"}, 1), "a policy of another log is not led on"


def test_one_change_after_the_other_is_followed(rules, tmp_path):
    theirs, ours, said = Rotated(tmp_path, (THIRD,), then=change(NEXT, AFTER)).asked(rules)
    assert theirs == ours == (set(), 2)
    assert (said["findings"], said["key"]) == ([], str(AFTER))


def no_receipt(log):
    (log.folder / "proof/1.tlog-proof").unlink()


def no_content(log):
    (log.folder / "content/1.json").unlink()


def another_receipt(log):
    log.receipt(0, *BOTH_SIGN)
    (log.folder / "proof/0.tlog-proof").rename(log.folder / "proof/1.tlog-proof")


def another_content(log):
    file = log.folder / "content/1.json"
    file.write_text(file.read_text().replace(str(NEXT), str(AFTER)))


@pytest.mark.parametrize(
    ("options", "done"),
    [
        ({"receipts": NEW_SIGNS}, None),
        ({"told": change(AFTER, NEXT)}, None),
        ({"told": change(KEY, AFTER)}, None),
        ({"told": change(KEY, KEY)}, None),
        ({"told": change(KEY, "nobody")}, None),
        ({"told": change(KEY, NEXT, "context-noted")}, None),
        ({"told": {"v": 1}}, None),
        ({}, no_receipt),
        ({}, no_content),
        ({}, another_receipt),
        ({}, another_content),
    ],
    ids=[
        "not signed by the old key",
        "after another key",
        "before another key",
        "before itself",
        "before no key",
        "by another step",
        "by no step",
        "without a receipt",
        "without what it says",
        "by the receipt of another entry",
        "by words that are not those of the log",
    ],
)
def test_without_such_a_proof_another_key_is_not_believed(rules, tmp_path, options, done):
    log = Rotated(tmp_path, NEW_SIGNS, **options)
    if done:
        done(log)
    theirs, ours, said = log.asked(rules)
    assert theirs[0] == ours[0] == {"signature-missing"}
    assert said["findings"] == ["key-other", "signature-missing"]
    assert said["key"] is None


OLD_SIGNS, RETIRED = (PRIVATE,), {"retired-key"}


def test_what_the_old_key_signs_alone_after_the_change_is_not_by_the_log(rules, tmp_path):
    log = Rotated(tmp_path, OLD_SIGNS)
    policies = [f"log {KEY}\nquorum none", f"log {KEY}\nlog {NEXT}\nquorum none", f"log {NEXT}\nlog {KEY}\nquorum none"]
    for trusted in ({}, {"kept": kept_at(0)}, *({"policy": policy} for policy in policies)):
        theirs, ours, said = log.asked(rules, None if "policy" in trusted else KEY, **trusted)
        assert theirs[0] == ours[0] == RETIRED
        assert "key-changed" not in said["notes"], "that the old one signs along would be wrong"
    theirs, ours, _ = log.asked(rules, NEXT)
    assert theirs[0] == ours[0] == {"signature-missing"}


@pytest.mark.parametrize("signers", [(PRIVATE,), (SECOND,), (PRIVATE, SECOND)])
def test_of_two_changes_the_newest_key_has_to_have_signed(rules, tmp_path, signers):
    theirs, ours, _ = Rotated(tmp_path, signers, then=change(NEXT, AFTER)).asked(rules)
    assert theirs[0] == ours[0] == RETIRED


@pytest.mark.parametrize("done", [no_content, another_content])
def test_where_both_sign_and_no_entry_tells_of_it_the_other_key_is_shouted_about(rules, tmp_path, done):
    log = Rotated(tmp_path, BOTH_SIGN)
    done(log)
    _, ours, said = log.asked(rules)
    assert ("key-other" in said["findings"], ours[1], said["findings"]) == (True, 0, said["findings"])


def test_of_a_log_that_is_wrong_no_key_is_learnt(rules, tmp_path):
    log = Rotated(tmp_path, BOTH_SIGN)
    (tmp_path / "checkpoint").write_text(signed_by([*log.entries[:-1], b"another"], *BOTH_SIGN))
    _, ours, said = log.asked(rules)
    assert (ours[1], {"key-other", "root-differs"} <= {*said["findings"]}) == (0, True)


# ---- what is told of each entry ----------------------------------------------------------------------------------


def told_of(rules, tmp_path, facts, hidden=(), gone=None):
    """What is found in a process with these facts, some not shown and some with their texts erased by another entry.

    One more entry publishes what is shown, and nothing is told of it.
    """
    shown = [number for number in range(1, len(facts) + 1) if number not in hidden]
    findings, states = found(rules, read_of(tmp_path, [*facts, publication(*shown)], hidden, gone))
    return [findings, states[:-1]]


def publication(*targets):
    return about(type="entry-published", targets=[*targets], not_before=None)


def read_of(tmp_path, facts, hidden=(), gone=None):
    """What a browser has read of a process with these facts."""
    gone = gone or {}
    all_made = [made(each, number=n) for n, each in enumerate(facts)]
    entries = [vectors.Leaf(vectors.BEGIN, committed, n, HOUSES[0]) for n, (_, committed) in enumerate(all_made, 1)]
    shown = []
    for number, (content, _) in enumerate(all_made, 1):
        by = {"erased": {"texts": "2026-12-01T10:00:00Z", **gone[number]}} if number in gone else {}
        if number not in hidden:
            shown.append((number - 1, {**erased(content), **by} if by else content))
    write(tmp_path, [encode_leaf(leaf) for leaf in entries], shown)
    return read_from(tmp_path)


PAST, LATER = "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("named_by", "states"),
    [
        (about(type="entry-published", targets=[1, 2], not_before=None), ["missing", "verified", "verified"]),
        (about(type="entry-published", targets=[1], not_before=PAST), ["missing", "verified", "verified"]),
        (about(type="entry-published", targets=[1], not_before=LATER), ["sealed", "verified", "verified"]),
        (about(type="texts-erased", target=1, reason="request"), ["missing", "verified", "verified"]),
        (about(type="entry-withdrawn", target=1), ["sealed", "verified", "verified"]),
    ],
    ids=["published", "published by now", "to be published", "erased", "withdrawn"],
)
def test_what_an_open_entry_says_is_public_and_is_not_open_is_missing(rules, tmp_path, named_by, states):
    findings, told = told_of(rules, tmp_path, [NOTED, NOTED, named_by], hidden={1})
    assert told == states
    assert findings == (["content-withheld"] if "missing" in states else [])


def test_what_no_open_entry_names_is_sealed(rules, tmp_path):
    published = about(type="entry-published", targets=[1], not_before=None)
    assert told_of(rules, tmp_path, [NOTED, NOTED, published], hidden={1, 3}) == [[], ["sealed", "verified", "sealed"]]


ERASED = about(type="texts-erased", target=1, reason="request")
CORRECTED = about(type="entry-corrected", target=1)
PLAIN = about(type="plain-language-added", target=1)


@pytest.mark.parametrize(
    ("facts", "gone"),
    [
        ([NOTED, ERASED], {1: {"by": 1}}),
        ([NOTED, CORRECTED, PLAIN, ERASED], {1: {"by": 3}, 2: {"by": 3}, 3: {"by": 3}}),
    ],
    ids=["its own", "with what is about it"],
)
def test_an_erasure_that_an_open_entry_explains_is_told_as_one(rules, tmp_path, facts, gone):
    findings, told = told_of(rules, tmp_path, facts, gone=gone)
    assert (findings, told.count("erased"), told[-1]) == ([], len(gone), "verified")


@pytest.mark.parametrize(
    ("facts", "gone", "hidden"),
    [
        ([about(type="texts-erased", target=2, reason="request"), NOTED], {2: {"by": 0}}, ()),
        ([NOTED, NOTED], {1: {"by": 1}}, ()),
        ([NOTED, NOTED, ERASED], {2: {"by": 2}}, ()),
        ([NOTED, ERASED], {1: {"by": 7}}, ()),
        ([NOTED, about(type="entry-withdrawn", target=1), ERASED], {2: {"by": 2}}, ()),
        ([NOTED, ERASED], {1: {"by": 1}}, {2}),
    ],
    ids=[
        "before it was recorded",
        "by another act",
        "of another entry",
        "by what is not there",
        "of a withdrawal",
        "by what is shut",
    ],
)
def test_an_erasure_that_no_open_entry_explains_is_a_content_that_is_missing(rules, tmp_path, facts, gone, hidden):
    findings, told = told_of(rules, tmp_path, facts, hidden, gone)
    assert findings == ["content-missing"]
    assert told.count("missing") == 1


def test_less_than_the_pages_show_is_too_little(rules, tmp_path):
    write(tmp_path, [encode_leaf(leaf) for leaf in leaves(4)], [(0, made(number=0)[0])])
    read = read_from(tmp_path)
    assert found(rules, {**read, "shown": 1})[0] == ["publication-withheld"]
    assert found(rules, {**read, "shown": 2})[0] == ["fewer-than-shown", "publication-withheld"]


def test_what_is_open_though_no_open_publication_names_it_was_published_by_one_that_is_withheld(rules, tmp_path):
    """As the checker says it, too; unless the log has grown since its checkpoint was read."""
    read = read_of(tmp_path, [NOTED, publication(1, 4), NOTED, NOTED, publication(3)], hidden={3})
    theirs = [finding.parameters["number"] for finding in check(tmp_path).findings if finding.code[:4] == "publ"]
    assert (theirs, found(rules, read)) == (
        [4],
        [["publication-withheld", "content-withheld"], ["verified", "verified", "missing", "wrong", "verified"]],
    )
    read = read_of(tmp_path, [NOTED, NOTED, publication(1)], hidden={3})
    assert codes(check(tmp_path)) == {*found(rules, read)[0]} == {"publication-withheld"}
    assert checked(rules, {**read, "later": 3})["findings"] == ["publication-withheld"] * 2
    later = checked(rules, {**read, "later": 4})
    assert (later["findings"], "published-meanwhile" in later["notes"]) == ([], True)


@pytest.mark.parametrize(
    "step",
    [
        {"type": [], "target": {}},
        {"type": {}, "targets": [{}]},
        {"type": "entry-published", "targets": [{}, [], "1", True, None], "not_before": {}},
        {"type": "texts-erased", "target": {}},
        {"type": "entry-corrected", "target": []},
        "entry-published",
        None,
    ],
)
def test_facts_of_no_known_shape_say_nothing_of_others(rules, tmp_path, step):
    assert told_of(rules, tmp_path, [NOTED, {"step": step}], hidden={1}) == [[], ["sealed", "verified"]]


def test_another_time_of_recording_than_that_of_the_leaf_is_found(rules, tmp_path):
    read = read_of(tmp_path, [NOTED, publication(1)])
    at = "2026-11-22T10:00:00.000000Z"
    right, wrong = (
        rules(CHECK.replace("await checkLog({", f"await checkLog({{shownAt: new Map([[0, '{each}']]),"), [[read, {}]])[
            0
        ]
        for each in (parse_leaf_time(read), at)
    )
    assert right == [[], ["verified", "verified"]]
    assert wrong == [["time-differs"], ["wrong", "verified"]]


def parse_leaf_time(read):
    return told(parse_leaf(b64decode(read["bundles"][0][0])))[0]


def test_a_content_that_is_wrong_is_told_with_its_entry(rules, tmp_path):
    changed = made(number=0)[0]
    changed["open"]["texts"]["value"] = {"/grounds": "frei erfunden"}
    write(tmp_path, [encode_leaf(leaf) for leaf in leaves(4)], [(0, changed), (2, made(number=2)[0])])
    assert found(rules, read_from(tmp_path)) == [["content-differs", "publication-withheld"], ["wrong", "wrong"]]
