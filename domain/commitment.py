"""Canonical JSON, and the salted commitment to an entry that stands in the transparency log.

An entry has three parts: `facts`, `internal` and `texts`. Each has a salted digest; the commitment is over the map of
digests. So one part can be opened, or erased for ever, while the commitment to all of them stays what it was.
"""

import json
from binascii import b2a_base64
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from domain.record import Record

_SAFE_INTEGER: Final = 2**53
"""Whole numbers are exact in every reader of JSON only below this."""

_PLAIN: Final = frozenset({str, bool, type(None)})
"""The types of which every JSON library writes all values alike."""

_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


def canonical(value: object) -> bytes:
    """The one JSON text of a value, in UTF-8: that of RFC 8785, for the values we store and no others.

    `ValueError` for floats, whole numbers from 2**53 on, lone surrogates, keys other than ASCII, and other types.
    """
    _refuse_ambiguous(value)
    return _encode(value).encode()


def _refuse_ambiguous(value: object) -> None:
    """Left out is all that two JSON libraries might write differently; keys in ASCII sort alike in every encoding."""
    kind = type(value)
    if kind in _PLAIN:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                raise ValueError("keys of canonical JSON are ASCII strings")
            if type(item) not in _PLAIN:  # asked here already: nearly every value is plain, and a call costs more
                _refuse_ambiguous(item)
    elif isinstance(value, list | tuple):
        for item in value:
            if type(item) not in _PLAIN:
                _refuse_ambiguous(item)
    elif kind is not int or not -_SAFE_INTEGER < value < _SAFE_INTEGER:  # type: ignore[operator]
        raise ValueError(f"canonical JSON has no place for this {kind.__name__}")


def b64url(data: bytes) -> str:
    """Base64 for URLs, without padding."""
    return _b64url(data).decode()


def _b64url(data: bytes) -> bytes:
    return b2a_base64(data, newline=False).translate(_URL_SAFE, b"=")


def part_digest(name: str, salt: bytes, value_bytes: bytes) -> bytes:
    """The salted digest of a part: SHA-256 of `["werdegang/part/v1", salt, name, value]` in canonical JSON.

    `value_bytes` is canonical JSON already and becomes part of the text as it is.
    """
    return sha256(b'["werdegang/part/v1","%b","%b",%b]' % (_b64url(salt), name.encode(), value_bytes)).digest()


def commitment(digests: Mapping[str, bytes]) -> bytes:
    """The commitment to an entry: SHA-256 of `["werdegang/content/v1", {part: digest}]` in canonical JSON."""
    parts = b",".join(b'"%b":"%b"' % (name.encode(), _b64url(digests[name])) for name in sorted(digests))
    return sha256(b'["werdegang/content/v1",{%b}]' % parts).digest()


def recomputed(record: Record) -> bytes:
    """The commitment to a record as it is now; for its texts the digest is enough, which outlives them."""
    return commitment(
        {
            "facts": part_digest("facts", record.salts.facts, record.facts),
            "internal": part_digest("internal", record.salts.internal, record.internal),
            "texts": record.texts_digest,
        }
    )


def intact(record: Record) -> bool:
    """Whether a record still holds what was committed to, as far as it was not erased."""
    if record.texts is not None:
        salt = record.salts.texts
        if salt is None or part_digest("texts", salt, record.texts) != record.texts_digest:
            return False
    return recomputed(record) == record.commitment
