"""A log as a witness sees it: its key, and what it sends; with the same key it can also tell another past."""

from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.verify import (
    EMPTY_ROOT,
    Checkpoint,
    consistency_proof,
    leaf_hash,
    node_hash,
    public_key,
    range_root,
    sign,
)


class ForeignLog:
    """A log of invented entries. Two of one name and key with different `past` differ from their first entry on."""

    def __init__(self, name="stadt.example/log", seed=b"s" * 32, past="so war es"):
        self.name = name
        self.private = Ed25519PrivateKey.from_private_bytes(seed)
        self.past = past

    @property
    def key(self):
        return public_key(self.name, self.private)

    def _hash_at(self, level, index):
        if level:
            return node_hash(self._hash_at(level - 1, 2 * index), self._hash_at(level - 1, 2 * index + 1))
        return leaf_hash(f"{self.past} {index}".encode())

    def text(self, size):
        root = range_root(0, size, self._hash_at) if size else EMPTY_ROOT
        return str(Checkpoint(self.name, size, root))

    def note(self, size, private=None):
        return sign(self.text(size), self.name, private or self.private)

    def proof(self, old, size):
        return [b64encode(each).decode() for each in consistency_proof(old, size, self._hash_at)]

    def request(self, old, size, *, proof=None, note=None):
        """What is posted to a witness that is thought to have signed `old` entries."""
        lines = self.proof(old, size) if proof is None else proof
        return "\n".join([f"old {old}", *lines, "", note or self.note(size)]).encode()
