"""For whoever runs this: whether the program lives, whether it can answer, and its figures.

These three are for machines: no page, never kept, in no list of addresses.
"""

import hmac
from ipaddress import ip_address
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from adapters.web import metrics
from adapters.web.asking import installed
from adapters.web.replies import json_bytes
from adapters.wiring import Installation
from domain.errors import Refused, refused

ADDRESSES: Final = ("/health", "/ready", "/metrics")
NEVER_KEPT: Final = {"Cache-Control": "no-store"}
FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
"""What a proxy adds: behind one everybody seems to ask from this machine."""

router = APIRouter(include_in_schema=False)


@router.get("/health")
async def health() -> Response:
    """The program lives. Nothing else is asked, the database neither: a restart would not help it."""
    return Response(json_bytes({"status": "alive"}), media_type="application/json", headers=NEVER_KEPT)


@router.get("/ready")
def ready(request: Request) -> Response:
    """Whether it can answer: the database is there, its schema is that of this program, and its tables are filled.

    Where only the replica is there it can answer the public, and says so.
    """
    if request.app.state.stopping.is_set():
        raise refused("stopping")
    found, status = installed(request), "ready"
    try:
        _check(found)
    except Refused as refusal:
        if not found.database.has_replica or refusal.refusals[0].code != "database-unreachable":
            raise
        with found.database.reading_as_public():
            _check(found)
        status = "reading-only"
    return Response(json_bytes({"status": status}), media_type="application/json", headers=NEVER_KEPT)


def _check(found: Installation) -> None:
    found.database.check()
    if not found.tables.filled():
        raise refused("tables-missing")


@router.get("/metrics")
def figures(request: Request) -> Response:
    """The figures about the running program, for this machine and for whoever has the token."""
    found = installed(request)
    if not (_here(request) or _with_token(request, found.settings.metrics_token)):
        raise refused("metrics-closed")
    return Response(metrics.exposed(found), media_type=CONTENT_TYPE_LATEST, headers=NEVER_KEPT)


def _here(request: Request) -> bool:
    """Whether the question comes from this very machine, and not through a proxy on it."""
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _with_token(request: Request, token: str) -> bool:
    given = [value.encode("latin-1") for value in request.headers.getlist("authorization")]
    return bool(token) and len(given) == 1 and hmac.compare_digest(given[0], f"Bearer {token}".encode())
