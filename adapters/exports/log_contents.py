"""What opens a leaf of the transparency log: facts and texts of an entry with their salts, for whoever checks it."""

import json
from datetime import UTC, datetime
from typing import Any

from domain.commitment import b64url, part_digest
from domain.record import Record


def content_of(record: Record) -> dict[str, Any]:
    """The document that `adapters/verify.py` checks: the digests of all parts, and what is open of them.

    The internal part is never open. Texts that were erased are left out and their digest stays; the document says since
    when, and at which index of the log the entry stands that erased them.
    """
    opened = {"facts": {"salt": b64url(record.salts.facts), "value": json.loads(record.facts)}}
    if record.texts is not None and record.salts.texts is not None:
        opened["texts"] = {"salt": b64url(record.salts.texts), "value": json.loads(record.texts)}
    digests = {
        "facts": part_digest("facts", record.salts.facts, record.facts),
        "internal": part_digest("internal", record.salts.internal, record.internal),
        "texts": record.texts_digest,
    }
    erased = (
        {} if record.erased is None else {"erased": {"texts": _instant(record.erased.at), "by": record.erased.by - 1}}
    )
    return {"parts": {name: b64url(digest) for name, digest in digests.items()}, "open": opened, **erased}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
