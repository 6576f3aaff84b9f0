"""What the office is told when the database fails: whether anything was stored, and what to do then."""

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError

from domain.errors import Refused, refused

FAULTS: Final = frozenset(
    {
        "connections-taken",
        "database-busy",
        "database-full",
        "database-read-only",
        "database-unreachable",
        "outcome-unknown",
    }
)
"""The refusals that are nobody's mistake: the same, sent once more later, is served; with its key it is stored once."""

_DISK_FULL: Final = "53100"
# A standby does not begin to write, and a server in read-only mode stops at the first row.
_READ_ONLY: Final = frozenset({"0A000", "25006"})


def reason_of(error: Exception) -> str:
    """Why a server could not be reached, as the driver says it, for whoever runs it: nothing that was asked or stored
    stands in that.
    """
    if isinstance(error, Refused):
        return str(error.refusals[0].params["reason"])
    return (str(getattr(error, "orig", error)).splitlines() or [type(error).__name__])[0]


def is_fault(refusal: Refused) -> bool:
    """Whether the database failed, and not what somebody stated."""
    return refusal.refusals[0].code in FAULTS


def fault(error: DBAPIError, *, committing: bool, writes: bool) -> Refused | None:
    """What a failure of the database means for whoever waits for it; `None` where it is none of these.

    `committing` is whether the commit was on its way: then a lost connection leaves open whether it arrived.
    """
    state, sqlite = getattr(error.orig, "sqlstate", None), getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    lost = error.connection_invalidated or sqlite == sqlite3.SQLITE_IOERR
    if committing and writes and (lost or state is None) and sqlite not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY}:
        return refused("outcome-unknown")
    if state == _DISK_FULL or sqlite == sqlite3.SQLITE_FULL:
        return refused("database-full")
    if writes and state in _READ_ONLY:
        return refused("database-read-only")
    if error.connection_invalidated:
        return refused("database-unreachable", reason=reason_of(error))
    return None
