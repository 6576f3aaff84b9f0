"""Checks a transparency log of Werdegang from outside: one file, which needs Python 3.11 and `cryptography`.

`python verify.py URL|DIR|FILE` asks a server, a folder with the same files, one receipt (`.tlog-proof`) or one
checkpoint. It believes nothing but the keys it is given. The engine itself takes its hashing, proofs and formats from
here.

Sources: RFC 6962 for the tree; c2sp.org for tlog-tiles, signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy and
tlog-proof.
"""

import argparse
import json
import re
import sys
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from http.client import HTTPException
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.request import Request, urlopen

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class Rejected(Exception):
    """What was read is not what it should be: a stable code, and parameters for its message."""

    def __init__(self, code: str, **parameters: object) -> None:
        super().__init__(code, parameters)
        self.code = code
        self.parameters = parameters


# ---- the tree: RFC 6962 ------------------------------------------------------------------------------------------

EMPTY_ROOT: Final = sha256(b"").digest()
WIDTH: Final = 256
"""Hashes in a full tile, entries in a full bundle."""

HashAt = Callable[[int, int], bytes]
"""(level, index) → the root of the `index`-th full subtree of 2**level leaves; level 0 holds the hashes of leaves."""

TileAt = Callable[[int, int, int], bytes]
"""(level, n, width) → the bytes of that tile."""


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def subtree(hashes: list[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        pairs = iter(hashes)
        hashes = [sha256(b"\1" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return hashes[0]


@dataclass(slots=True)
class Frontier:
    """The roots of a tree's largest full subtrees from left to right: all it takes to append (20 for a million)."""

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        if len(self.hashes) != self.size.bit_count() or any(len(peak) != len(EMPTY_ROOT) for peak in self.hashes):
            raise Rejected("frontier-broken", size=self.size)

    def append(self, node: bytes, level: int = 0) -> None:
        """Adds a leaf by its hash, or 2**level leaves by the root over them, where the size is a multiple of that."""
        if self.size & ((1 << level) - 1):
            raise ValueError(f"a subtree of level {level} cannot follow {self.size} leaves")
        subtrees = self.size >> level
        while subtrees & 1:
            node = node_hash(self.hashes.pop(), node)
            subtrees >>= 1
        self.hashes.append(node)
        self.size += 1 << level

    def root(self) -> bytes:
        return _joined(self.hashes)


def _joined(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY_ROOT
    *rest, root = peaks
    for peak in reversed(rest):
        root = node_hash(peak, root)
    return root


def root_of(entries: Iterable[bytes]) -> bytes:
    """The root over entries, holding only 256 of them at a time."""
    frontier, source = Frontier(), iter(entries)
    while leaves := [sha256(b"\0" + entry).digest() for entry in islice(source, WIDTH)]:
        if len(leaves) == WIDTH:
            frontier.append(subtree(leaves), level=8)
        else:
            for leaf in leaves:
                frontier.append(leaf)
    return frontier.root()


# ---- proofs ------------------------------------------------------------------------------------------------------


def range_root(start: int, end: int, hash_at: HashAt) -> bytes:
    """The root over the leaves from `start` to before `end`; `start` is a multiple of a power of two >= their count."""
    peaks = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(hash_at(level, start >> level))
        start += 1 << level
    return _joined(peaks)


def inclusion_proof(index: int, size: int, hash_at: HashAt) -> list[bytes]:
    """RFC 6962, 2.1.1: what leads from the leaf at `index` to the root of the tree of `size` leaves."""
    if not 0 <= index < size:
        raise Rejected("not-in-the-tree", index=index, size=size)
    return _way_down(index, index + 1, size, hash_at)[1]


def consistency_proof(old: int, size: int, hash_at: HashAt) -> list[bytes]:
    """RFC 6962, 2.1.2: what shows that the tree of `size` leaves begins with the tree of `old` leaves."""
    if not 0 <= old <= size:
        raise Rejected("not-in-the-tree", index=old, size=size)
    if old == 0:
        return []
    start, proof = _way_down(None, old, size, hash_at)
    return [range_root(start, old, hash_at), *proof] if start else proof


def _way_down(start_at: int | None, end_at: int, size: int, hash_at: HashAt) -> tuple[int, list[bytes]]:
    """Halves the tree until a part ends at `end_at` (and starts at `start_at`); the roots left aside, lowest first."""
    start, end, aside = 0, size, []
    while end != end_at or start_at not in {None, start}:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if end_at <= middle:
            aside.append(range_root(middle, end, hash_at))
            end = middle
        else:
            aside.append(range_root(start, middle, hash_at))
            start = middle
    return start, aside[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """RFC 9162, 2.1.3.2: upwards, another way than the one the proof was made by."""
    _check_lengths(leaf, root, *proof)
    wrong = Rejected("proof-wrong", index=index, size=size)
    if not 0 <= index < size or len(proof) != len(sides := _sides(index, size - 1)):
        raise wrong
    node = leaf
    for sibling, left in zip(proof, sides, strict=True):
        node = node_hash(sibling, node) if left else node_hash(node, sibling)
    if node != root:
        raise wrong


def check_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> None:
    """RFC 9162, 2.1.4.2; every tree begins with the empty one, if its root is that of the empty tree."""
    _check_lengths(old_root, root, *proof)
    wrong = Rejected("not-consistent", old=old, size=size)
    if not 0 <= old <= size or (size == 0 and root != EMPTY_ROOT):
        raise wrong
    if old in {0, size}:
        if proof or old_root != (root if old else EMPTY_ROOT):
            raise wrong
        return
    alone = (old & -old).bit_length() - 1  # the level of the subtree that the old tree ends with
    first, *rest = [old_root, *proof] if old == 1 << alone else proof or [b""]
    if len(rest) != len(sides := _sides((old - 1) >> alone, (size - 1) >> alone)):
        raise wrong
    old_node = node = first
    for sibling, left in zip(rest, sides, strict=True):
        old_node = node_hash(sibling, old_node) if left else old_node
        node = node_hash(sibling, node) if left else node_hash(node, sibling)
    if old_node != old_root or node != root:
        raise wrong


def _sides(at: int, last: int) -> list[bool]:
    """For each hash on the way up from a node, in a row that ends with `last`: whether it stands to the left."""
    sides = []
    while last:
        left = bool(at & 1) or at == last
        sides.append(left)
        while left and at and not at & 1:  # the last node of a row without a partner rises as it is
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    return sides


def _check_lengths(*hashes: bytes) -> None:
    if any(len(each) != len(EMPTY_ROOT) for each in hashes):
        raise Rejected("proof-broken")


# ---- tiles and bundles: c2sp.org/tlog-tiles ----------------------------------------------------------------------


def tile_path(level: int | str, n: int, width: int = WIDTH) -> str:
    """The path of a tile, or with level "entries" of a bundle."""
    groups = [f"{n % 1000:03}"]
    while n := n // 1000:
        groups.append(f"x{n % 1000:03}")
    return f"tile/{level}/{'/'.join(reversed(groups))}" + (f".p/{width}" if width < WIDTH else "")


def tiles_of(size: int) -> Iterator[tuple[int, int, int]]:
    """(level, n, width) of every tile of a tree; the bundles of its entries are those of level 0."""
    level = 0
    while hashes := size >> 8 * level:
        yield from ((level, n, min(WIDTH, hashes - n * WIDTH)) for n in range(-(-hashes // WIDTH)))
        level += 1


def hashes_of_tiles(size: int, tile_at: TileAt) -> HashAt:
    """Reads the hashes that proofs are made of from the tiles of a tree. It trusts them; who checks a log may not."""

    def hash_at(level: int, index: int) -> bytes:
        row, within = divmod(level, 8)
        first = index << within
        n, offset = divmod(first, WIDTH)
        width = min(WIDTH, (size >> 8 * row) - n * WIDTH)
        tile = tile_at(row, n, width)
        if len(tile) != width * 32:
            raise Rejected("tile-broken", path=tile_path(row, n, width))
        return subtree([tile[32 * at : 32 * at + 32] for at in range(offset, offset + (1 << within))])

    return hash_at


def bundle_of(entries: Iterable[bytes]) -> bytes:
    """Up to 256 entries, each after its length in two bytes."""
    try:
        return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)
    except OverflowError:
        raise Rejected("too-long", path="entry") from None


def entries_of(bundle: bytes, width: int, path: str = "") -> list[bytes]:
    """The `width` entries of a bundle that holds exactly these."""
    entries, at, end = [], 0, len(bundle)
    while at + 2 <= end:
        start = at + 2
        at = start + (bundle[at] << 8 | bundle[at + 1])
        entries.append(bundle[start:at])
    if at != end or len(entries) != width:
        raise Rejected("bundle-broken", path=path)
    return entries


# ---- checkpoints: c2sp.org/signed-note, c2sp.org/tlog-checkpoint -------------------------------------------------

ED25519: Final = b"\1"
COSIGNATURE: Final = b"\4"
"""What a key signs as: as a log, or as a witness of logs."""
_MOST_SIGNATURES: Final = 100
_KEY_NAME: Final = re.compile(r"[^\s+]+")
_NUMBER: Final = re.compile("0|[1-9][0-9]{0,17}")
_SIGNATURE: Final = re.compile(r"— ([^\s+]+) (\S+)")
_CONTROL: Final = re.compile("[\0-\x09\x0b-\x1f]")


class Key(NamedTuple):
    """The public half of the Ed25519 key that signs under a name: as a log, or as a witness of logs."""

    name: str
    public: bytes
    kind: bytes = ED25519

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def __str__(self) -> str:
        """The "vkey" that others are given."""
        return f"{self.name}+{self.id.hex()}+{_base64(self.kind + self.public)}"


class Checkpoint(NamedTuple):
    """What the log signs: its name, how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


def parse_key(vkey: str, kind: bytes = ED25519) -> Key:
    """The key of a "vkey"."""
    try:
        name, id_, encoded = vkey.strip().split("+", 2)
        key = Key(name, (data := _from_base64(encoded))[1:], data[:1])
        if key.kind == kind and len(key.public) == 32 and _KEY_NAME.fullmatch(name) and key.id.hex() == id_:
            return key
    except ValueError:
        pass
    raise Rejected("key-broken", key=vkey)


def parse_witness(vkey: str) -> Key:
    """The key of the "vkey" of a witness."""
    return parse_key(vkey, COSIGNATURE)


def public_key(name: str, private: Ed25519PrivateKey) -> Key:
    return Key(name, private.public_key().public_bytes_raw())


def witness_key(name: str, private: Ed25519PrivateKey) -> Key:
    return Key(name, private.public_key().public_bytes_raw(), COSIGNATURE)


def signature_line(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """One signature of a text. A note is the text, an empty line, and one such line for each key."""
    return f"— {name} {_base64(public_key(name, private).id + private.sign(text.encode()))}\n"


def sign(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """A text as a note with one signature."""
    if not text.endswith("\n") or _CONTROL.search(text) or not _KEY_NAME.fullmatch(name):
        raise Rejected("note-broken")
    return f"{text}\n{signature_line(text, name, private)}"


def open_note(note: str, keys: Iterable[Key]) -> tuple[str, set[str]]:
    """The text of a note, and which of the keys signed it, by name: at least one did, and none of them badly."""
    known = list(keys)
    signed = signers(note, known)
    if not signed:
        raise Rejected("signature-missing", names=", ".join(sorted(key.name for key in known)))
    return note.rpartition("\n\n")[0] + "\n", {key.name for key in signed}


def signers(note: str, keys: Iterable[Key]) -> list[Key]:
    """Which of the keys signed a note, in their order; a bad signature of one of them rejects it."""
    known = list(keys)
    text, lines = _signed(note, known)
    for key, signature in lines:
        _check_signature(key, signature, text.encode())
    return [key for key in known if any(key == each for each, _ in lines)]


def _signed(note: str, keys: Iterable[Key]) -> tuple[str, list[tuple[Key, bytes]]]:
    """The text of a note, and the signatures that are said to be of these keys; those of others are passed over."""
    text, blank, lines = note.rpartition("\n\n")
    matches = [_SIGNATURE.fullmatch(line) for line in lines.removesuffix("\n").split("\n")]
    if not blank or not lines.endswith("\n") or len(matches) > _MOST_SIGNATURES or _CONTROL.search(note):
        raise Rejected("note-broken")
    known = {(key.name, key.id): key for key in keys}
    found = []
    for match in matches:
        try:
            name, signature = (match[1], _from_base64(match[2])) if match else ("", b"")
        except ValueError:
            raise Rejected("note-broken") from None
        if len(signature) < 5:
            raise Rejected("note-broken")
        if key := known.get((name, signature[:4])):
            found.append((key, signature[4:]))
    return text + "\n", found


def _check_signature(key: Key, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        raise Rejected("signature-bad", name=key.name) from None


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint of a note's text; lines after the third are extensions, which nobody has to know."""
    *lines, end = text.split("\n")
    try:
        origin, size, root = lines[:3]
        checkpoint = Checkpoint(origin, int(size), _from_base64(root))
    except ValueError:
        raise Rejected("checkpoint-broken") from None
    if end or not all(lines) or not _NUMBER.fullmatch(size) or len(checkpoint.root) != len(EMPTY_ROOT):
        raise Rejected("checkpoint-broken")
    return checkpoint


def open_checkpoint(note: str, keys: Iterable[Key]) -> Checkpoint:
    """A checkpoint that the log signed of which it speaks: the name of the key is the name of the log."""
    text, signers = open_note(note, keys)
    checkpoint = parse_checkpoint(text)
    if checkpoint.origin not in signers:
        raise Rejected("origin-differs", expected=", ".join(sorted(signers)), found=checkpoint.origin)
    return checkpoint


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _from_base64(text: str) -> bytes:
    data = b64decode(text)
    if _base64(data) != text:
        raise ValueError("not the one way to write these bytes")
    return data


# ---- witnesses: c2sp.org/tlog-cosignature, c2sp.org/tlog-policy --------------------------------------------------

_LATEST: Final = 253_402_300_799
"""The last second of the year 9999; whoever signs later does not sign a time."""

_POLICY_CONTROL: Final = re.compile("[\0-\x08\x0b-\x1f\x7f]")
NO_QUORUM: Final = "none"


def cosignature_line(text: str, name: str, private: Ed25519PrivateKey, at: int) -> str:
    """The signature of a witness: that at that second, the checkpoint in `text` was the largest one that it knew."""
    signature = at.to_bytes(8, "big") + private.sign(_cosigned(text, at))
    return f"— {name} {_base64(witness_key(name, private).id + signature)}\n"


def cosignatures(note: str, witnesses: Iterable[Key]) -> dict[Key, datetime]:
    """Which of the witnesses signed a checkpoint, and when first; a bad signature of one of them rejects the note."""
    text, lines = _signed(note, witnesses)
    found: dict[Key, datetime] = {}
    for key, signature in lines:
        at = int.from_bytes(signature[:8], "big")
        if len(signature) != 72 or not 0 < at <= _LATEST:
            raise Rejected("signature-bad", name=key.name)
        _check_signature(key, signature[8:], _cosigned(text, at))
        moment = datetime.fromtimestamp(at, UTC)
        found[key] = min(moment, found.get(key, moment))
    return found


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


class Witness(NamedTuple):
    """Somebody who signs along, as a policy names them; `url` is where checkpoints are handed to them."""

    name: str
    key: Key
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """Which logs are believed, and which of whose witnesses have to sign along."""

    logs: tuple[Key, ...]
    witnesses: Mapping[str, Witness]
    groups: Mapping[str, tuple[int, tuple[str, ...]]]
    """name → how many of its members are enough, and which these are: witnesses and groups."""
    quorum: str
    """The witness or group without whom nothing is witnessed; `none` asks for nobody."""

    def met(self, signed: Collection[str], name: str | None = None) -> bool:
        """Whether the witnesses who signed, by their names, are the quorum (or the group of that name)."""
        name = self.quorum if name is None else name
        if name in self.groups:
            enough, members = self.groups[name]
            return sum(self.met(signed, member) for member in members) >= enough
        return name == NO_QUORUM or name in signed

    def witnessed(self, note: str) -> dict[str, datetime]:
        """Which witnesses signed a checkpoint, and when, the first one first."""
        found = cosignatures(note, [witness.key for witness in self.witnesses.values()])
        by_name = {each.name: found[each.key] for each in self.witnesses.values() if each.key in found}
        return dict(sorted(by_name.items(), key=lambda one: one[1]))


def parse_policy(text: str) -> Policy:
    """The policy of a file; what is wrong in it is rejected with its line.

    Names are bytes that mean nothing else: read a file with `errors="surrogateescape"`, so that none is lost.
    """
    logs: list[Key] = []
    witnesses: dict[str, Witness] = {}
    groups: dict[str, tuple[int, tuple[str, ...]]] = {}
    members: set[str] = set()
    quorum = None
    for number, line in enumerate(text.split("\n"), 1):
        if _POLICY_CONTROL.search(line):
            raise Rejected("policy-characters", line=number)
        match [each for each in re.split("[ \t]+", line) if each]:
            case []:
                pass
            case [word, *_] if word.startswith("#"):
                pass
            case ["log", vkey] | ["log", vkey, _]:
                logs.append(_policy_key(vkey, number, ED25519, [key.public for key in logs]))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                _refuse_name(name, number, {*witnesses, *groups})
                key = _policy_key(vkey, number, COSIGNATURE, [each.key.public for each in witnesses.values()])
                witnesses[name] = Witness(name, key, *url)
            case ["group", name, enough, first, *others]:
                _refuse_name(name, number, {*witnesses, *groups})
                those = (first, *others)
                for at, member in enumerate(those):
                    _refuse_unknown(member, number, {*witnesses, *groups})
                    if member in members or member in those[:at]:
                        raise Rejected("policy-member-twice", line=number, name=member)
                groups[name] = (_enough(enough, len(those), number), those)
                members.update(those)
            case ["quorum", name]:
                if quorum is not None:
                    raise Rejected("policy-quorum-twice", line=number)
                _refuse_unknown(name, number, {*witnesses, *groups, NO_QUORUM})
                quorum = name
            case _:
                raise Rejected("policy-line", line=number)
    if quorum is None:
        raise Rejected("policy-quorum-missing", line=text.count("\n") + 1)
    return Policy(tuple(logs), witnesses, groups, quorum)


def _policy_key(vkey: str, line: int, kind: bytes, known: Collection[bytes]) -> Key:
    try:
        key = parse_key(vkey, kind)
    except Rejected:
        raise Rejected("policy-key", line=line, key=vkey) from None
    if key.public in known:
        raise Rejected("policy-key-twice", line=line, key=vkey)
    return key


def _refuse_name(name: str, line: int, taken: Collection[str]) -> None:
    if name == NO_QUORUM or name in taken:
        raise Rejected("policy-name-taken", line=line, name=name)


def _refuse_unknown(name: str, line: int, known: Collection[str]) -> None:
    if name not in known:
        raise Rejected("policy-name-unknown", line=line, name=name)


def _enough(text: str, members: int, line: int) -> int:
    enough = {"any": 1, "all": members}.get(text) or (int(text) if _NUMBER.fullmatch(text) else 0)
    if not 1 <= enough <= members:
        raise Rejected("policy-threshold", line=line, given=text, members=members)
    return enough


# ---- receipts: c2sp.org/tlog-proof -------------------------------------------------------------------------------

_PROOF: Final = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry stands in a log. Our receipts carry the entry itself as `extra`."""

    index: int
    hashes: list[bytes]
    checkpoint: str
    """The signed note."""
    extra: bytes | None = None

    def __str__(self) -> str:
        extra = [] if self.extra is None else [f"extra {_base64(self.extra)}"]
        return "\n".join([_PROOF, *extra, f"index {self.index}", *map(_base64, self.hashes), "", self.checkpoint])


def parse_proof(text: str) -> Proof:
    head, _, checkpoint = text.partition("\n\n")
    version, *lines = head.split("\n")
    try:
        extra = _from_base64(lines.pop(0).removeprefix("extra ")) if lines[:1] and lines[0][:6] == "extra " else None
        label, index = lines[0].split(" ")
        hashes = [_from_base64(line) for line in lines[1:]]
    except (ValueError, IndexError):
        raise Rejected("proof-broken") from None
    if version != _PROOF or label != "index" or not _NUMBER.fullmatch(index):
        raise Rejected("proof-broken")
    _check_lengths(*hashes)
    return Proof(int(index), hashes, checkpoint, extra)


def check_proof(text: str, keys: Iterable[Key], entry: bytes | None = None) -> tuple[Proof, Checkpoint, bytes]:
    """Checks a receipt, offline, for an entry that one has, or for the one it carries."""
    proof = parse_proof(text)
    checkpoint = open_checkpoint(proof.checkpoint, keys)
    if entry is None:
        entry = proof.extra
    if entry is None:
        raise Rejected("entry-missing")
    check_inclusion(leaf_hash(entry), proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    return proof, checkpoint, entry


# ---- leaves and what they commit to: Werdegang -------------------------------------------------------------------

PARTS: Final = ("facts", "internal", "texts")

# Only the last characters that leave no bits over: these bytes can be written in one way.
_LEAF: Final = re.compile(
    rb'{"at":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)",'
    rb'"c":"([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])","n":([1-9][0-9]{0,14}),"p":"([A-Za-z0-9_-]{21}[AQgw])","v":1}'
)
_OTHER_VERSION: Final = re.compile(rb'{.*"v":([0-9]{1,9})}', re.DOTALL)


class Leaf(NamedTuple):
    """What the log tells of an entry: its time, a commitment to its content, and its number in a process."""

    at: datetime
    commitment: bytes
    number: int
    process: bytes
    """The random log id of the process: 16 bytes."""


def encode_leaf(leaf: Leaf) -> bytes:
    """The canonical JSON of a leaf."""
    at = leaf.at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    c, p = _base64url(leaf.commitment), _base64url(leaf.process)
    entry = f'{{"at":"{at}Z","c":"{c}","n":{leaf.number},"p":"{p}","v":1}}'.encode()
    if not _LEAF.fullmatch(entry):
        raise Rejected("leaf-broken")
    return entry


def parse_leaf(entry: bytes) -> Leaf:
    """The leaf of an entry that is its own canonical form, to the byte."""
    if not (match := _LEAF.fullmatch(entry)):
        if (other := _OTHER_VERSION.fullmatch(entry)) and other[1] != b"1":
            raise Rejected("leaf-version", version=int(other[1]))
        raise Rejected("leaf-broken")
    at, commitment, number, process = match.groups()
    try:
        moment = datetime.fromisoformat(at.decode())
    except ValueError:
        raise Rejected("leaf-broken") from None
    return Leaf(moment, urlsafe_b64decode(commitment + b"="), int(number), urlsafe_b64decode(process + b"=="))


def part_digest(name: str, salt: str, value: object) -> str:
    return _digest(["werdegang/part/v1", salt, name, value])


def commitment(digests: object) -> str:
    """The commitment to an entry, from the map of its parts' digests."""
    return _digest(["werdegang/content/v1", digests])


def _digest(value: object) -> str:
    return _base64url(sha256(_canonical(value)).digest())


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Content(NamedTuple):
    """What was opened of an entry: its step, and of erased texts since when they are gone, and by which entry.

    That one is named by its place in the log. A step of no known shape counts as one that says nothing of others.
    """

    step: dict[str, Any]
    erased_at: str | None
    erased_by: int | None

    @property
    def type(self) -> str:
        kind = self.step.get("type")
        return kind if isinstance(kind, str) else ""

    @property
    def targets(self) -> list[int]:
        """The numbers of the entries that it is about."""
        targets = self.step.get("targets")
        named = [*(targets if isinstance(targets, list) else ()), self.step.get("target")]
        return [number for number in named if type(number) is int]


def check_content(document: bytes, committed: bytes) -> Content:
    """Checks a content that is served against the commitment in its leaf.

    Facts are open; texts are open, or said to be erased by an entry; internal is never open.
    """
    try:
        content = parse_json(document)
        digests, opened, erased = content["parts"], content["open"], content.get("erased", {})
        when, by = erased.get("texts"), erased.get("by")
        shaped = {*content} <= {"parts", "open", "erased"} and {*digests} == {*PARTS} and {*erased} <= {"texts", "by"}
        if not shaped or any(_from_base64url(each) is None for each in digests.values()):
            raise Rejected("content-broken")
        if erased:
            datetime.fromisoformat(when)  # or ValueError, or TypeError
            if type(by) is not int or by < 0:
                raise Rejected("content-broken")
        for name in PARTS:
            if name not in opened:
                if name == "facts" or (name == "texts" and when is None):
                    raise Rejected("content-missing", part=name)
                continue
            if name == "internal" or (name == "texts" and when is not None):
                raise Rejected("content-broken")
            part = opened[name]
            if {*part} != {"salt", "value"} or _from_base64url(part["salt"]) is None:
                raise Rejected("content-broken")
            if part_digest(name, part["salt"], part["value"]) != digests[name]:
                raise Rejected("content-differs", part=name)
        if not {*opened} <= {*PARTS}:
            raise Rejected("content-broken")
        if commitment(digests) != _base64url(committed):
            raise Rejected("content-differs", part="commitment")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Rejected("content-broken") from None
    step = opened["facts"]["value"].get("step") if isinstance(opened["facts"]["value"], dict) else None
    return Content(step if isinstance(step, dict) else {}, when, by)


def parse_json(document: bytes) -> Any:
    """JSON as canonical JSON may hold it: no name twice, no floats, no number a reader could round; else ValueError."""
    return json.loads(
        document.decode(), object_pairs_hook=_object, parse_int=_integer, parse_float=_never, parse_constant=_never
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs) or not all(map(str.isascii, names)):
        raise ValueError("a name twice, or not in ASCII")
    return names


def _integer(text: str) -> int:
    if text == "-0" or abs(value := int(text)) >= 2**53:
        raise ValueError("not exact in every reader")
    return value


def _never(text: str) -> None:
    raise ValueError(text)


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _from_base64url(text: str) -> bytes | None:
    """32 bytes from the one way to write them."""
    data = urlsafe_b64decode(text + "=")
    return data if len(data) == 32 and _base64url(data) == text else None


# ---- the checker -------------------------------------------------------------------------------------------------

Read = Callable[[str], bytes | None]
"""path → what the log serves there, `None` if nothing."""

Fetch = Callable[[Read, list[str]], Iterable[bytes | None]]
"""Reads many paths: `map`, or that of a pool of threads."""

_LONGEST: Final = WIDTH * (2 + 65_535)
_SECONDS: Final = 60
_AT_ONCE: Final = 8
_CANNOT: Final = {
    *("unreachable", "checkpoint-missing", "key-missing", "key-broken", "kept-broken", "entry-missing"),
    *("policy-characters", "policy-key", "policy-key-twice", "policy-line", "policy-member-twice"),
    *("policy-name-taken", "policy-name-unknown", "policy-quorum-missing", "policy-quorum-twice", "policy-threshold"),
    "sizes-differ",
}
"""Codes that say that nothing could be checked; all others say that something is wrong."""


class Finding(NamedTuple):
    """Something to tell: the code is stable, the message is in `MESSAGES`."""

    code: str
    parameters: dict[str, Any]

    def message(self, language: str) -> str:
        return MESSAGES[self.code][language == "en"].format(**self.parameters)


@dataclass(slots=True)
class Report:
    """What a check found; `notes` are no faults.

    Of the entries some are opened, and of these some erased; the others are sealed, but for those that are missing: it
    is told that they are public, and what opens them is not there or not right.
    """

    checkpoint: Checkpoint | None = None
    opened: int = 0
    erased: int = 0
    sealed: int = 0
    missing: int = 0
    states: list[str] | None = None
    """Of each entry, in order: verified, erased, sealed or missing. Only where that is asked for."""
    witnessed: dict[str, datetime] = field(default_factory=dict)
    """The witnesses of the policy who signed the checkpoint, and when."""
    notes: list[Finding] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def note(self, code: str, **parameters: object) -> None:
        self.notes.append(Finding(code, parameters))

    def find(self, code: str, **parameters: object) -> None:
        self.findings.append(Finding(code, parameters))

    @property
    def exit_code(self) -> int:
        """0 for a log in order, 1 for one that is not, 2 where that could not be found out."""
        if all(finding.code in _CANNOT for finding in self.findings):
            return 2 if self.findings else 0
        return 1


def reader(source: str) -> Read:
    """Reads from a URL, or from a folder with the same files."""
    remote, place = is_url(source), source.rstrip("/")

    def read(path: str) -> bytes | None:
        asked = Request(f"{place}/{path}", headers={"Accept-Encoding": "identity"}) if remote else None  # noqa: S310
        try:
            with urlopen(asked, timeout=_SECONDS) if asked else Path(place, path).open("rb") as file:  # noqa: S310
                found: bytes = file.read(_LONGEST + 1)
        except (OSError, HTTPException, ValueError) as error:
            if isinstance(error, FileNotFoundError | NotADirectoryError) or getattr(error, "code", 0) in {404, 410}:
                return None
            raise Rejected("unreachable", path=path, reason=str(error)) from error
        if len(found) > _LONGEST:
            raise Rejected("too-long", path=path)
        return found

    return read


def is_url(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def check_log(
    read: Read,
    keys: Sequence[Key] = (),
    kept: str | None = None,
    policy: Policy | None = None,
    *,
    contents: bool = True,
    each: bool = False,
    fetch: Fetch = map,
) -> Report:
    """Checks a whole log, that it continues the checkpoint in the note `kept`, and that it was witnessed as it should.

    The root is recomputed from the entries. What tiles say is compared with that, never believed.
    """
    report = Report(states=[] if each else None)
    try:
        keys = keys or (policy.logs if policy else ())
        if not keys:
            keys = [parse_key(_text(_served(read, "vkey", "key-missing")))]
            report.note("key-on-trust", key=str(keys[0]))
        note = _text(_served(read, "checkpoint", "checkpoint-missing"))
        given, keys = keys, _followed(read, note, keys, report)
        if policy and policy.logs:
            logs = keys if {*policy.logs} == {*given} else _followed(read, note, policy.logs, report)
            policy = replace(policy, logs=tuple(logs))
        checkpoint = _opened(note, keys, policy, report)
        before = _kept(kept, checkpoint.origin, _with_former(read, kept, keys), report)
        _compare(before, checkpoint, report)
        if before.size > checkpoint.size:
            report.find("truncated", kept=before.size, found=checkpoint.size)
        tops, last, at_kept = [], [], []
        in_order, openings, changes = _in_order(report), _Openings(read, report), _KeyChanges(keys, report)
        for n in range(-(-checkpoint.size // WIDTH)):
            entries = _bundle(read, n, min(WIDTH, checkpoint.size - n * WIDTH))
            leaves = [in_order(index, entry) for index, entry in enumerate(entries, n * WIDTH)]
            if contents:
                documents = fetch(read, [f"content/{n * WIDTH + at}.json" for at in range(len(entries))])
                for index, (leaf, document) in enumerate(zip(leaves, documents, strict=True), n * WIDTH):
                    openings.take(index, leaf, document)
                    changes.take(index, document)
            hashes = [leaf_hash(entry) for entry in entries]
            _check_tiles(read, 0, n, hashes, report)
            if n == before.size // WIDTH:
                at_kept = hashes[: before.size % WIDTH]
            if len(hashes) == WIDTH:
                tops.append(subtree(hashes))
            else:
                last = hashes
        openings.end(checkpoint, keys)
        changes.end(note)
        if _root_over(tops, last) != checkpoint.root:
            report.find("root-differs", size=checkpoint.size)
        if before.size <= checkpoint.size and _root_over(tops[: before.size // WIDTH], at_kept) != before.root:
            report.find("not-consistent", old=before.size, size=checkpoint.size)
        _check_rows_above(read, tops, report)
    except Rejected as rejected:
        report.find(rejected.code, **rejected.parameters)
    return report


def _kept(note: str | None, origin: str, keys: Sequence[Key], report: Report) -> Checkpoint:
    """The checkpoint that was kept; without one that of the empty log, which every log continues."""
    if note is None:
        report.note("nothing-kept")
        return Checkpoint(origin, 0, EMPTY_ROOT)
    try:
        return open_checkpoint(note, [key for key in keys if key.name == origin])
    except Rejected as rejected:
        if rejected.code in {"signature-missing", "signature-bad"} and note.startswith(f"{origin}\n"):
            raise Rejected("kept-by-another-key") from rejected
        raise Rejected("kept-broken", reason=rejected.code) from rejected


def _opened(note: str, keys: Sequence[Key], policy: Policy | None, report: Report) -> Checkpoint:
    """A checkpoint signed by the log, and as the policy wants it: by a log that it names, and by a quorum."""
    report.checkpoint = checkpoint = open_checkpoint(note, keys)
    if policy is not None:
        if policy.logs:
            open_checkpoint(note, policy.logs)
        report.witnessed = policy.witnessed(note)
        for name, at in report.witnessed.items():
            report.note("witnessed", name=name, at=at.isoformat())
        if not policy.met(report.witnessed):
            report.find("not-witnessed", signed=len(report.witnessed), quorum=policy.quorum)
    return checkpoint


def _followed(read: Read, note: str, keys: Sequence[Key], report: Report) -> Sequence[Key]:
    """The keys to believe where the log has changed its key since: each is told by an entry in what the one before
    signed. Without such a proof nobody is believed but the keys that were given.
    """
    while True:
        try:
            open_note(note, keys)
        except Rejected as rejected:
            newer = _next_key(read, keys, report) if rejected.code == "signature-missing" else None
            if newer is None:
                return keys
            keys = [*keys, newer]
        else:
            return keys


def _next_key(read: Read, keys: Sequence[Key], report: Report) -> Key | None:
    """A key that one of these says is its next, by an entry in a checkpoint that it signed."""
    for index, old, new in _proved_changes(read, keys):
        if old in keys and new not in keys:
            report.note("key-changed", index=index, old=str(old), new=str(new))
            return new
    return None


def _with_former(read: Read, kept: str | None, keys: Sequence[Key]) -> Sequence[Key]:
    """The keys that what was kept may be signed by: where it is by none that is known, also those before, as entries
    in what these signed tell of them. What was kept from after such an entry is not the former key's to sign.
    """
    try:
        while kept is not None and not signers(kept, keys):
            size = parse_checkpoint(kept.partition("\n\n")[0] + "\n").size
            changes = _proved_changes(read, keys)
            former = [old for at, old, new in changes if new in keys and old not in keys and size <= at]
            if not former:
                break
            keys = [*keys, *former]
    except Rejected:
        pass  # it is opened once more, and then told what is wrong with it
    return keys


def _proved_changes(read: Read, keys: Sequence[Key]) -> Iterator[tuple[int, Key, Key]]:
    """Place, old and new key of each change that an entry tells of, in a checkpoint that one of these keys signed."""
    try:
        listed = parse_json(read("about.json") or b"{}")["keys"]
        places = [each["first_size"] - 1 for each in listed[1:]]
    except (ValueError, TypeError, KeyError):
        return
    for index in places:
        proof, document = read(f"proof/{index}.tlog-proof"), read(f"content/{index}.json")
        if proof is None or document is None:
            continue
        try:
            found, _, entry = check_proof(_text(proof), keys)
            check_content(document, parse_leaf(entry).commitment)
        except Rejected:
            continue
        change = _key_change(document)
        if change is not None and found.index == index:
            yield index, *change


def _key_change(document: bytes) -> tuple[Key, Key] | None:
    """The old and the new key, of an entry that tells that they changed; its content was checked before."""
    try:
        step = parse_json(document)["open"]["facts"]["value"]["step"]
        return (parse_key(step["old"]), parse_key(step["new"])) if step["type"] == "log-key-changed" else None
    except (ValueError, TypeError, KeyError, AttributeError, Rejected):
        return None


class _KeyChanges:
    """Follows what the entries of a log tell of its keys.

    The new key signs every checkpoint that has the entry in it which tells of it; the old one may sign along for a
    while. So whatever the old key alone signed after that is not by whoever keeps the log.
    """

    def __init__(self, keys: Sequence[Key], report: Report) -> None:
        self._given = [*keys]
        self._known = [*keys]
        self._report = report
        self._last: tuple[int, Key, Key] | None = None

    def take(self, index: int, document: bytes | None) -> None:
        """The next entry, once what opens it was checked."""
        change = None if document is None else _key_change(document)
        failed = any(finding.parameters.get("index") == index for finding in self._report.findings)
        if change is None or failed or change[0] not in self._known:
            return
        old, new = change
        self._last = index, old, new
        self._known.append(new)
        if new not in self._given:
            self._report.note("key-changed", index=index, old=str(old), new=str(new))

    def end(self, note: str) -> None:
        """No entry comes any more: the newest key that they told of has to have signed."""
        if self._last is not None and not signers(note, [self._last[2]]):
            index, old, new = self._last
            self._report.find("retired-key", index=index, old=str(old), new=str(new))


def _compare(kept: Checkpoint, checkpoint: Checkpoint, report: Report) -> None:
    """One size has one root: two that the log signed prove to anybody that it shows different pasts."""
    if kept.size == checkpoint.size and kept.root != checkpoint.root:
        report.find("two-views", size=kept.size, kept=_base64(kept.root), found=_base64(checkpoint.root))


def _served(read: Read, path: str, code: str) -> bytes:
    if (found := read(path)) is None:
        raise Rejected(code, path=path)
    return found


def _text(found: bytes) -> str:
    try:
        return found.decode()
    except UnicodeDecodeError:
        raise Rejected("note-broken") from None


def _root_over(tops: list[bytes], leaves: list[bytes]) -> bytes:
    """The root over full tiles, given by their roots, and the leaves after them."""
    frontier = Frontier()
    for top in tops:
        frontier.append(top, level=8)
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def _check_rows_above(read: Read, tops: list[bytes], report: Report) -> None:
    """Compares what is served of the rows above the lowest one, given the roots of its full tiles."""
    level = 0
    while tops:
        level += 1
        _check_tiles(read, level, 0, tops, report)
        tops = [subtree(tops[at : at + WIDTH]) for at in range(0, len(tops) - WIDTH + 1, WIDTH)]


def _check_tiles(read: Read, level: int, first: int, hashes: list[bytes], report: Report) -> None:
    """Compares what is served of a row of hashes, from its tile `first` on."""
    for at in range(0, len(hashes), WIDTH):
        tile = hashes[at : at + WIDTH]
        path = tile_path(level, first + at // WIDTH, len(tile))
        if read(path) not in {None, b"".join(tile)}:
            report.find("tile-differs", path=path)


def _bundle(read: Read, n: int, width: int) -> list[bytes]:
    """The entries of a bundle; a partial one may have gone when the full one came."""
    path = tile_path("entries", n, width)
    if (found := read(path)) is not None:
        return entries_of(found, width, path)
    if width < WIDTH and (found := read(whole := tile_path("entries", n))) is not None:
        return entries_of(found, WIDTH, whole)[:width]
    raise Rejected("bundle-missing", path=path)


def _in_order(report: Report) -> Callable[[int, bytes], Leaf | None]:
    """Takes the entries one after the other, and finds where numbers have gaps and where time runs back."""
    numbers: dict[bytes, int] = {}
    latest = datetime.min.replace(tzinfo=UTC)

    def follows(index: int, entry: bytes) -> Leaf | None:
        nonlocal latest
        try:
            leaf = parse_leaf(entry)
        except Rejected as rejected:
            report.find(rejected.code, index=index, **rejected.parameters)
            return None
        expected = numbers.get(leaf.process, 0) + 1
        if leaf.number != expected:
            process = _base64url(leaf.process)
            report.find("number-gap", index=index, process=process, expected=expected, found=leaf.number)
        numbers[leaf.process] = leaf.number
        if leaf.at < latest:
            report.find("time-runs-back", index=index, before=latest.isoformat(), at=leaf.at.isoformat())
        latest = leaf.at
        return leaf

    return follows


class _Openings:
    """Follows what is opened of the entries, in their order, and what they say of each other.

    A publication is public from when its targets are, and an erasure only if its target is: where one is open, so are
    they, or they are withheld; and whatever else is open was published by one that is. Texts that are gone are erased
    only if the entry is open that says so, later in the same process, and about this one.
    """

    def __init__(self, read: Read, report: Report) -> None:
        self._read = read
        self._report = report
        self._sealed: dict[tuple[bytes, int], int] = {}
        self._gone: dict[int, list[tuple[int, bytes, int, set[int]]]] = {}
        """By the place of what is said to have erased them: place, process, number, and what that may be about."""
        self._unannounced: dict[tuple[bytes, int], int] = {}
        """What is open and named by no open publication so far."""

    def take(self, index: int, leaf: Leaf | None, document: bytes | None) -> None:
        """The next entry, and what is served to open it, if anything is."""
        state, content = "sealed", None
        if document is None and leaf is not None:
            self._sealed[leaf.process, leaf.number] = index
        elif document is not None:
            content = _opened_content(index, leaf, document, self._report)
            state = "missing" if content is None else "verified" if content.erased_at is None else "erased"
        self._count(index, state)
        if leaf is not None and content is not None:
            self._follow(index, leaf, content)

    def _follow(self, index: int, leaf: Leaf, content: Content) -> None:
        if content.erased_by is not None:
            restated = content.targets if content.type in _RESTATES else []
            gone = (index, leaf.process, leaf.number, {leaf.number, *restated})
            self._gone.setdefault(content.erased_by, []).append(gone)
        if content.type not in _OPENS:
            self._unannounced[leaf.process, leaf.number] = index
        if content.type == "entry-published":
            for target in content.targets:
                self._unannounced.pop((leaf.process, target), None)
        if content.type in _OPENS:
            for target in content.targets:
                withheld = self._sealed.pop((leaf.process, target), None)
                if withheld is not None and self._read(f"content/{withheld}.json") is None:  # not published just now
                    self._lose(withheld, "content-withheld", number=target, by=leaf.number)
        for at, process, own, about in self._gone.pop(index, ()):
            if content.type == "texts-erased" and process == leaf.process and about & {*content.targets}:
                self._report.note("texts-erased", index=at, number=own, when=leaf.at.isoformat(), by=leaf.number)
            else:
                self._lose(at, "content-missing", part="texts")

    def end(self, checkpoint: Checkpoint, keys: Sequence[Key]) -> None:
        """No entry comes any more: what no entry has erased is missing, and what none has published was published by
        one that is withheld, unless that one came after the checkpoint.
        """
        if self._unannounced:
            now = open_checkpoint(_text(_served(self._read, "checkpoint", "checkpoint-missing")), keys)
            if now.size > checkpoint.size:
                self._report.note("published-meanwhile", size=now.size)
            else:
                for (_, number), index in self._unannounced.items():
                    self._report.find("publication-withheld", index=index, number=number)
        for gone in self._gone.values():
            for at, *_ in gone:
                self._lose(at, "content-missing", part="texts")

    def _count(self, index: int, state: str) -> None:
        report = self._report
        report.opened += state in {"verified", "erased"}
        report.erased += state == "erased"
        report.sealed += state == "sealed"
        report.missing += state == "missing"
        if report.states is not None:
            report.states[index:] = [state]

    def _lose(self, index: int, code: str, **parameters: object) -> None:
        """An entry is missing that looked sealed or erased until now."""
        report = self._report
        report.find(code, index=index, **parameters)
        report.missing += 1
        if code == "content-withheld":
            report.sealed -= 1
        else:
            report.opened, report.erased = report.opened - 1, report.erased - 1
        if report.states is not None:
            report.states[index] = "missing"


_OPENS: Final = {"entry-published", "texts-erased"}
"""What is open only together with the entries that it is about."""

_RESTATES: Final = {"entry-corrected", "plain-language-added"}
"""What is erased with the entry that it is about."""


def _opened_content(index: int, leaf: Leaf | None, document: bytes, report: Report) -> Content | None:
    try:
        return check_content(document, leaf.commitment if leaf else b"")
    except Rejected as rejected:
        report.find(rejected.code, index=index, **{"part": "", **rejected.parameters})
        return None


def check_receipt(
    text: str,
    keys: Sequence[Key],
    content: bytes | None = None,
    policy: Policy | None = None,
    kept: str | None = None,
) -> Report:
    """Checks a receipt offline, and with it the content that it is for."""
    report = Report()
    try:
        keys = keys or (policy.logs if policy else ())
        if not keys:
            raise Rejected("key-missing", path="--key")
        proof, checkpoint, entry = check_proof(text, keys)
        _opened(proof.checkpoint, keys, policy, report)
        if kept is not None:
            _compare(_kept(kept, checkpoint.origin, keys, report), checkpoint, report)
        leaf = parse_leaf(entry)
        report.note("receipt", index=proof.index, number=leaf.number, at=leaf.at.isoformat())
        if content is not None and (opened := _opened_content(proof.index, leaf, content, report)) is not None:
            report.opened = 1
            if opened.erased_at is not None:
                report.note("texts-said-erased", index=proof.index, when=opened.erased_at)
        changes = _KeyChanges(keys, report)
        changes.take(proof.index, content)
        changes.end(proof.checkpoint)
    except Rejected as rejected:
        report.find(rejected.code, **{"index": 0, **rejected.parameters})
    return report


def check_checkpoint(note: str, keys: Sequence[Key], kept: str | None = None, policy: Policy | None = None) -> Report:
    """Checks one checkpoint offline: who signed it, and, beside another one of that size, whether both tell the same.

    Whether a larger one continues a smaller one only the log itself can show.
    """
    report = Report()
    try:
        keys = keys or (policy.logs if policy else ())
        if not keys:
            raise Rejected("key-missing", path="--key")
        checkpoint = _opened(note, keys, policy, report)
        before = _kept(kept, checkpoint.origin, keys, report)
        _compare(before, checkpoint, report)
        if kept is not None and before.size != checkpoint.size:
            report.find("sizes-differ", kept=before.size, found=checkpoint.size)
    except Rejected as rejected:
        report.find(rejected.code, **rejected.parameters)
    return report


# ---- words and command -------------------------------------------------------------------------------------------

# fmt: off
# ruff: noqa: ISC004  (what stands between two commas is one sentence)
MESSAGES: Final = {
    "bundle-broken": ("{path}: Diese Einträge sind beschädigt, oder es sind nicht so viele, wie die Prüfmarke sagt.",
        "{path}: these entries are damaged, or not as many as the checkpoint says."),
    "bundle-missing": ("{path}: Einträge fehlen, obwohl die Prüfmarke sie zählt.",
        "{path}: entries are missing although the checkpoint counts them."),
    "checkpoint-broken": ("Die Prüfmarke hat nicht die vorgeschriebene Form.",
        "The checkpoint does not have the prescribed form."),
    "checkpoint-missing": ("Hier steht kein Protokoll: {path} fehlt.", "There is no log here: {path} is missing."),
    "content-broken": ("Platz {index}: Der veröffentlichte Inhalt hat nicht die vorgeschriebene Form.",
        "Place {index}: the published content does not have the prescribed form."),
    "content-differs": ("Platz {index}: Der veröffentlichte Inhalt ist nicht der, der ins Protokoll kam ({part}).",
        "Place {index}: the published content is not what went into the log ({part})."),
    "content-withheld": (
        "Platz {index}: Nr. {number} ist öffentlich, wie Nr. {by} zeigt, aber der Inhalt wird nicht herausgegeben.",
        "Place {index}: no. {number} is public, as no. {by} shows, but its content is not given out."),
    "publication-withheld": (
        "Platz {index}: Nr. {number} ist öffentlich, aber keine offene Veröffentlichung nennt sie: Die fehlt.",
        "Place {index}: no. {number} is public, but no open publication names it: that one is withheld."),
    "published-meanwhile": (
        "Inzwischen gibt es {size} Einträge, und es wurde etwas veröffentlicht: Bitte noch einmal prüfen.",
        "There are {size} entries by now, and something was published: please check again."),
    "content-missing": ("Platz {index}: {part} fehlt, und keine Löschung erklärt das.",
        "Place {index}: {part} is missing, and no erasure explains it."),
    "entry-missing": ("Der Beleg enthält den Eintrag nicht, für den er gilt.",
        "The receipt lacks the entry that it is for."),
    "frontier-broken": ("Der gespeicherte Stand des Baums passt nicht zu {size} Einträgen.",
        "The stored state of the tree does not fit {size} entries."),
    "kept-by-another-key": ("Die aufbewahrte Prüfmarke hat ein anderer Schlüssel unterschrieben.",
        "The kept checkpoint was signed by another key than that of the log."),
    "kept-broken": ("Die aufbewahrte Prüfmarke ist keine dieses Protokolls ({reason}).",
        "The kept checkpoint is none of this log ({reason})."),
    "key-broken": ("Das ist kein Schlüssel: {key}", "This is not a key: {key}"),
    "key-changed": (
        "Platz {index}: Das Protokoll hat einen neuen Schlüssel. Bitte auch ihn aufbewahren: {new} (statt {old}).",
        "Place {index}: the key of the log was changed. Please keep the new one as well: {new} (instead of {old})."),
    "key-missing": ("Es fehlt der Schlüssel, mit dem zu prüfen ist: --key NAME+KENNUNG+SCHLÜSSEL.",
        "The key to check with is missing: --key NAME+ID+KEY."),
    "key-on-trust": (
        "Ohne --key wurde dem Schlüssel geglaubt, den das Protokoll selbst nennt. Bitte aufbewahren: {key}",
        "Without --key, the key that the log itself names was believed. Please keep it: {key}"),
    "leaf-broken": ("Platz {index}: nicht in der vorgeschriebenen Form.",
        "Place {index}: not in the prescribed form."),
    "leaf-version": ("Platz {index}: Version {version} ist diesem Programm unbekannt.",
        "Place {index}: version {version} is unknown to this program."),
    "not-consistent": ("Die ersten {old} Einträge sind nicht mehr die, für die die aufbewahrte Prüfmarke steht.",
        "The first {old} entries are no longer those that the kept checkpoint stands for."),
    "not-in-the-tree": ("Stelle {index} liegt nicht in einem Baum von {size} Einträgen.",
        "Place {index} does not lie in a tree of {size} entries."),
    "note-broken": ("Die Prüfmarke ist kein unterschriebener Text.", "The checkpoint is not a signed note."),
    "not-witnessed": ("Nicht bezeugt: {signed} Zeugen haben mitunterschrieben, und das ist nicht „{quorum}“.",
        "Not witnessed: {signed} witnesses signed along, and that is not “{quorum}”."),
    "nothing-kept": (
        "Ohne --since bliebe eine ganz neu geschriebene Fassung unbemerkt. Bitte die Prüfmarke aufbewahren.",
        "Without --since, a wholly rewritten log would go unnoticed. Please keep the checkpoint."),
    "number-gap": ("Platz {index}: Nr. {found} im Vorgang {process}, wo Nr. {expected} stehen müsste.",
        "Place {index}: no. {found} of process {process} where no. {expected} should stand."),
    "origin-differs": ("Die Prüfmarke ist von „{found}“ statt von „{expected}“.",
        "The checkpoint is of “{found}” instead of “{expected}”."),
    "policy-characters": ("Regelwerk, Zeile {line}: ein Zeichen, das dort nicht stehen darf.",
        "Policy, line {line}: a character that may not stand there."),
    "policy-key": ("Regelwerk, Zeile {line}: kein Schlüssel dieser Art: {key}",
        "Policy, line {line}: not a key of this kind: {key}"),
    "policy-key-twice": ("Regelwerk, Zeile {line}: dieser Schlüssel steht dort schon: {key}",
        "Policy, line {line}: this key is there already: {key}"),
    "policy-line": ("Regelwerk, Zeile {line}: nicht „log“, „witness“, „group“ oder „quorum“ mit ihren Angaben.",
        "Policy, line {line}: not “log”, “witness”, “group” or “quorum” with what belongs to it."),
    "policy-member-twice": ("Regelwerk, Zeile {line}: „{name}“ gehört schon zu einer Gruppe und zählt nur einmal.",
        "Policy, line {line}: “{name}” belongs to a group already and counts only once."),
    "policy-name-taken": ("Regelwerk, Zeile {line}: „{name}“ heißt schon etwas.",
        "Policy, line {line}: “{name}” is taken already."),
    "policy-name-unknown": ("Regelwerk, Zeile {line}: „{name}“ steht in keiner Zeile davor.",
        "Policy, line {line}: “{name}” stands in no line before."),
    "policy-quorum-missing": ("Regelwerk, Zeile {line}: zu Ende, ohne eine Zeile „quorum“.",
        "Policy, line {line}: at an end, without a line “quorum”."),
    "policy-quorum-twice": ("Regelwerk, Zeile {line}: eine zweite Zeile „quorum“.",
        "Policy, line {line}: a second line “quorum”."),
    "policy-threshold": (
        "Regelwerk, Zeile {line}: „{given}“ von {members} geht nicht, nur „any“, „all“ oder eine Zahl bis {members}.",
        "Policy, line {line}: “{given}” of {members} cannot be, only “any”, “all” or a number up to {members}."),
    "proof-broken": ("Der Beleg hat nicht die vorgeschriebene Form.", "The receipt does not have the prescribed form."),
    "proof-wrong": ("Der Beleg führt von Stelle {index} nicht zur Wurzel über {size} Einträge.",
        "The receipt does not lead from place {index} to the root over {size} entries."),
    "receipt": ("Beleg für Stelle {index}: Nr. {number}, aufgenommen {at}.",
        "Receipt for place {index}: no. {number}, recorded {at}."),
    "retired-key": (
        "Diese Prüfmarke hat nur ein abgelöster Schlüssel unterschrieben: Seit Eintrag {index} unterschreibt {new} "
        "statt {old}. Wer den alten noch hat, ist nicht das Protokoll.",
        "This checkpoint was signed by a retired key alone: since entry {index} it is {new} that signs instead of "
        "{old}. Whoever still has the old one is not the log."),
    "root-differs": ("Die Wurzel über {size} Einträge ist nicht die unterschriebene: Einträge wurden verändert.",
        "The root over {size} entries is not the signed one: entries were changed."),
    "signature-bad": ("Die Unterschrift von „{name}“ ist falsch.", "The signature of “{name}” is wrong."),
    "signature-missing": ("Keine Unterschrift ist von {names}, mit dem bekannten Schlüssel.",
        "No signature is by {names}, with the key that is known."),
    "texts-erased": (
        "Platz {index}: Texte von Nr. {number} gelöscht am {when} durch Nr. {by}; der Eintrag ist weiter geprüft.",
        "Place {index}: texts of no. {number} erased on {when} by no. {by}; the entry still verifies."),
    "texts-said-erased": (
        "Platz {index}: Der Inhalt sagt, dass seine Texte am {when} gelöscht wurden; das zeigt nur das Protokoll.",
        "Place {index}: the content says that its texts were erased on {when}; only the log can show that."),
    "sizes-differ": (
        "Prüfmarken über {kept} und über {found} Einträge: Ob sie zusammenpassen, zeigt nur das Protokoll selbst.",
        "Checkpoints of {kept} and of {found} entries: whether they fit together, only the log itself shows."),
    "tile-broken": ("{path}: beschädigt.", "{path}: damaged."),
    "tile-differs": ("{path}: Diese Prüfsummen sind nicht die der Einträge.",
        "{path}: these hashes are not those of the entries."),
    "time-runs-back": ("Platz {index}: {at} liegt vor der Zeit des Eintrags davor, {before}.",
        "Place {index}: {at} is earlier than the time of the entry before it, {before}."),
    "too-long": ("{path}: länger, als es sein darf.", "{path}: longer than it may be."),
    "truncated": ("Das Protokoll hat {found} Einträge und hatte schon {kept}.",
        "The log has {found} entries and once had {kept}."),
    "two-views": (
        "Zwei Fassungen: Zu {size} Einträgen sind zwei Wurzeln unterschrieben, {kept} und {found}. Bitte beide "
        "Prüfmarken aufbewahren: Zusammen beweisen sie jedem, dass das Protokoll nicht allen dasselbe zeigt.",
        "Two views: for {size} entries two roots are signed, {kept} and {found}. Please keep both checkpoints: "
        "together they prove to anybody that the log does not show the same to all."),
    "unreachable": ("{path}: nicht zu erreichen ({reason}).", "{path}: cannot be reached ({reason})."),
    "witnessed": ("Bezeugt von „{name}“ am {at}.", "Witnessed by “{name}” at {at}."),
}
"""code → (German, English)."""

_WORDS: Final = {
    "log": ("{origin}: {size} Einträge, Wurzel {root}", "{origin}: {size} entries, root {root}"),
    "contents": (
        "Inhalte: {opened} geprüft, davon {erased} mit gelöschten Texten; {sealed} nicht öffentlich; {missing} fehlen.",
        "Contents: {opened} checked, {erased} of them with erased texts; {sealed} not public; {missing} missing."),
    "place": ("Platz", "Place"), "verified": ("geprüft", "verified"),
    "erased": ("geprüft, Texte gelöscht", "verified, texts erased"),
    "sealed": ("nicht öffentlich", "not public"), "missing": ("FEHLT", "MISSING"),
    0: ("In Ordnung.", "In order."),
    1: ("NICHT in Ordnung.", "NOT in order."),
    2: ("Nicht zu prüfen.", "Could not be checked."),
}
# fmt: on


def as_text(report: Report, language: str) -> str:
    """A report in German or English, the verdict last."""
    english = language == "en"
    lines = []
    if report.checkpoint:
        origin, size, root = report.checkpoint
        lines.append(_WORDS["log"][english].format(origin=origin, size=size, root=_base64(root)))
        counts = {name: getattr(report, name) for name in ("opened", "erased", "sealed", "missing")}
        lines.append(_WORDS["contents"][english].format(**counts))
    place = _WORDS["place"][english]
    lines += [f"{place} {index}: {_WORDS[state][english]}" for index, state in enumerate(report.states or ())]
    lines += [note.message(language) for note in report.notes]
    lines += [f"[{finding.code}] {finding.message(language)}" for finding in report.findings]
    return "\n".join([*lines, _WORDS[report.exit_code][english]]) + "\n"


def as_json(report: Report, language: str) -> str:
    """A report for programs."""
    checkpoint = report.checkpoint

    def listed(found: list[Finding]) -> list[dict[str, Any]]:
        return [{"code": each.code, **each.parameters, "message": each.message(language)} for each in found]

    told = {
        "origin": checkpoint and checkpoint.origin,
        "size": checkpoint and checkpoint.size,
        "root": checkpoint and _base64(checkpoint.root),
        "opened": report.opened,
        "erased": report.erased,
        "sealed": report.sealed,
        "missing": report.missing,
        **({} if report.states is None else {"states": report.states}),
        "witnessed": {name: at.isoformat() for name, at in report.witnessed.items()},
        "notes": listed(report.notes),
        "findings": listed(report.findings),
        "exit_code": report.exit_code,
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """The command. Exit code: 0 in order, 1 not in order, 2 could not be checked."""
    parser = argparse.ArgumentParser(prog="verify", description=(__doc__ or "").partition("\n\nSources")[0])
    parser.add_argument("source", metavar="URL|DIR|FILE", help="a log, a folder, a .tlog-proof or a checkpoint")
    parser.add_argument("--key", action="append", default=[], help="the log's key, NAME+ID+KEY; again for a second one")
    parser.add_argument("--since", metavar="FILE", type=Path, help="another checkpoint, which was kept")
    parser.add_argument("--policy", metavar="FILE", type=Path, help="which witnesses have to have signed along")
    parser.add_argument("--content", metavar="FILE", type=Path, help="with a .tlog-proof: the content it is for")
    parser.add_argument("--skip-contents", action="store_true", help="check the log, not what was published")
    parser.add_argument("--each", action="store_true", help="tell of each entry: verified, erased, sealed or missing")
    parser.add_argument("--language", choices=["de", "en"], default="de")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(argv)
    report = _checked(chosen)
    told = (as_json if chosen.json else as_text)(report, chosen.language)
    sys.stdout.write(told.encode(errors="backslashreplace").decode())  # a name in a policy may be any bytes
    return report.exit_code


def _checked(chosen: argparse.Namespace) -> Report:
    source: str = chosen.source
    try:
        keys = [parse_key(key) for key in chosen.key]
        policy = chosen.policy and parse_policy(chosen.policy.read_bytes().decode(errors="surrogateescape"))
        kept = chosen.since and chosen.since.read_bytes().decode(errors="replace")
        if Path(source).is_file():
            content = chosen.content and chosen.content.read_bytes()
            text = Path(source).read_bytes().decode(errors="replace")
            if not text.startswith(_PROOF):
                return check_checkpoint(text, keys, kept, policy)
            return check_receipt(text, keys, content, policy, kept)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            fetch = pool.map if is_url(source) else map
            contents = not chosen.skip_contents
            return check_log(reader(source), keys, kept, policy, contents=contents, each=chosen.each, fetch=fetch)
    except Rejected as rejected:
        return Report(findings=[Finding(rejected.code, rejected.parameters)])
    except OSError as error:
        return Report(findings=[Finding("unreachable", {"path": error.filename, "reason": error.strerror})])


if __name__ == "__main__":
    sys.exit(main())
