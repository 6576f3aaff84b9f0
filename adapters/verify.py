"""The core of the transparency log. It imports nothing of the engine, which takes its hashing from here.

Sources: RFC 6962 for the tree; c2sp.org for tlog-tiles, signed-note, tlog-checkpoint and tlog-proof.
"""

import json
import re
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from typing import Any, Final, NamedTuple

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

_ED25519: Final = b"\1"
_MOST_SIGNATURES: Final = 100
_KEY_NAME: Final = re.compile(r"[^\s+]+")
_NUMBER: Final = re.compile("0|[1-9][0-9]{0,17}")
_SIGNATURE: Final = re.compile(r"— ([^\s+]+) (\S+)")
_CONTROL: Final = re.compile("[\0-\x09\x0b-\x1f]")


class Key(NamedTuple):
    """The public half of the Ed25519 key that signs under a name."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        """The "vkey" that others are given."""
        return f"{self.name}+{self.id.hex()}+{_base64(_ED25519 + self.public)}"


class Checkpoint(NamedTuple):
    """What the log signs: its name, how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


def parse_key(vkey: str) -> Key:
    """The key of a "vkey"."""
    try:
        name, id_, encoded = vkey.strip().split("+", 2)
        kind, public = (data := _from_base64(encoded))[:1], data[1:]
        key = Key(name, public)
        if kind == _ED25519 and len(public) == 32 and _KEY_NAME.fullmatch(name) and key.id.hex() == id_:
            return key
    except ValueError:
        pass
    raise Rejected("key-broken", key=vkey)


def public_key(name: str, private: Ed25519PrivateKey) -> Key:
    return Key(name, private.public_key().public_bytes_raw())


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
    text, blank, lines = note.rpartition("\n\n")
    text += "\n"
    signatures = [_SIGNATURE.fullmatch(line) for line in lines.removesuffix("\n").split("\n")]
    if not blank or not lines.endswith("\n") or len(signatures) > _MOST_SIGNATURES or _CONTROL.search(note):
        raise Rejected("note-broken")
    known = {(key.name, key.id): key for key in keys}
    signers = set()
    for match in signatures:
        try:
            name, signature = (match[1], _from_base64(match[2])) if match else ("", b"")
        except ValueError:
            raise Rejected("note-broken") from None
        if len(signature) < 5:
            raise Rejected("note-broken")
        if key := known.get((name, signature[:4])):
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(signature[4:], text.encode())
            except InvalidSignature:
                raise Rejected("signature-bad", name=name) from None
            signers.add(name)
    if not signers:
        raise Rejected("signature-missing", names=", ".join(sorted(name for name, _ in known)))
    return text, signers


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
    entry = _canonical(
        {"at": f"{at}Z", "c": _base64url(leaf.commitment), "n": leaf.number, "p": _base64url(leaf.process), "v": 1}
    )
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


def check_content(document: bytes, committed: bytes) -> str | None:
    """Checks a content that is served against the commitment in its leaf; answers when its texts were erased, if so.

    Facts are open; texts are open or said to be erased; internal is never open.
    """
    try:
        content = parse_json(document)
        digests, opened, erased = content["parts"], content["open"], content.get("erased", {})
        when: str | None = erased.get("texts")
        shaped = {*content} <= {"parts", "open", "erased"} and {*digests} == {*PARTS} and {*erased} <= {"texts"}
        if not shaped or any(_from_base64url(each) is None for each in digests.values()):
            raise Rejected("content-broken")
        if when is not None:
            datetime.fromisoformat(when)  # or ValueError
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
    return when


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
