"""The root over a million leaves, against nothing but the SHA-256 that it takes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import cycle, islice
from typing import Final

from adapters.verify import Leaf, encode_leaf, root_of
from benchmarks.measuring import Goal, Row, compared, in_turn, timed

LEAVES: Final = 1_000_000
GOAL: Final = Goal(must=2.0, aim=1.5, time=True)
NODE: Final = b"\1" + bytes(64)
"""As long as what a node is the hash of: a mark and two hashes."""


def leaves() -> Iterator[bytes]:
    """A million leaves as the log has them; a thousand of them, again and again."""
    some = [
        encode_leaf(Leaf(datetime(2026, 11, 22, 10, 0, 0, n, UTC), bytes(32), n + 1, bytes(16))) for n in range(1_000)
    ]
    return islice(cycle(some), LEAVES)


def rows() -> Iterator[Row]:
    """Needs no database."""
    taken = in_turn({"ours": lambda: timed(lambda: root_of(leaves())), "theirs": lambda: timed(_only_hashed)})
    work, against = "Merkle root of 1,000,000 leaves from an iterator", "SHA-256 over as many leaves and nodes"
    yield compared(work, against, "", taken["ours"], taken["theirs"], GOAL)


def _only_hashed() -> None:
    for leaf in leaves():
        sha256(leaf).digest()
    for _ in range(LEAVES - 1):
        sha256(NODE).digest()
