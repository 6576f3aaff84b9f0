"""The core of the transparency log. It imports nothing of the engine, which takes its hashing from here.

Sources: RFC 6962 for the tree; c2sp.org for tlog-tiles, signed-note, tlog-checkpoint and tlog-proof.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Final


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
