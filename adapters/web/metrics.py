"""The figures about the running program, for Prometheus; of all workers together, whichever is asked.

`PROMETHEUS_MULTIPROC_DIR` names a folder that several workers share: `adapters/web/serving.py` sets it before it starts
them, since the library looks for it when it is imported. Labels are templates and codes, never a word of a person.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from adapters.wiring import Installation
from domain.errors import Refused

SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
FROM_CACHE_TO_HANGING: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds."""

# When a counter began is of no use to anybody here, and would be half of all lines.
disable_created_metrics()  # type: ignore[no-untyped-call]
_OWN: Final = CollectorRegistry()

REQUESTS: Final = Counter("werdegang_requests", "Requests answered.", ("method", "route", "status"), registry=_OWN)
REQUEST_SECONDS: Final = Histogram(
    "werdegang_request_seconds",
    "How long a request took, by the template of its address.",
    ("route",),
    buckets=FROM_CACHE_TO_HANGING,
    registry=_OWN,
)
RECORDED: Final = Counter("werdegang_recorded_entries", "Entries recorded.", registry=_OWN)
RECORDINGS: Final = Counter("werdegang_recordings", "Lists of statements recorded.", registry=_OWN)
REFUSALS: Final = Counter(
    "werdegang_refusals",
    "Refusals by code: of a recording, or answered to whoever asked (a recording by the API counts as both).",
    ("of", "code"),
    registry=_OWN,
)
VIEW_SECONDS: Final = Histogram(
    "werdegang_view_seconds", "How long a view of a process took.", buckets=FROM_CACHE_TO_HANGING, registry=_OWN
)
PUBLIC_ANSWERS: Final = Counter(
    "werdegang_public_answers", "Public answers that were kept from before, or had to be made.", ("how",), registry=_OWN
)
CONNECTIONS: Final = Gauge(
    "werdegang_database_connections",
    "Connections to the database that are in use.",
    multiprocess_mode="livesum",
    registry=_OWN,
)

REPLICA_AWAY: Final = Gauge(
    "werdegang_replica_away",
    "Programs that leave the replica alone, since they could not reach it.",
    multiprocess_mode="livesum",
    registry=_OWN,
)
PRIMARY_AWAY: Final = Gauge(
    "werdegang_primary_away",
    "Programs that could not reach the primary and ask the replica for the log instead.",
    multiprocess_mode="livesum",
    registry=_OWN,
)


def answered(method: str, route: str, status: int, seconds: float) -> None:
    """Counts a request."""
    REQUESTS.labels(method, route, str(status)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)


class Counting:
    """Who the service tells what it does."""

    def recorded(self, entries: int) -> None:
        RECORDINGS.inc()
        RECORDED.inc(entries)

    def refused(self, codes: Sequence[str]) -> None:
        for code in codes:
            REFUSALS.labels("recording", code).inc()

    def viewed(self, seconds: float) -> None:
        VIEW_SECONDS.observe(seconds)


def watch(installed: Installation) -> None:
    """Counts from now on what an installation does."""
    installed.service.observed_by(Counting())
    installed.database.watch(CONNECTIONS.inc, CONNECTIONS.dec)
    installed.database.tell_replica(REPLICA_AWAY.set)
    installed.database.tell_primary(PRIMARY_AWAY.set)


def exposed(installed: Installation) -> bytes:
    """All figures in the text format of Prometheus."""
    found = _OWN
    if SHARED in os.environ:
        found = CollectorRegistry()
        MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    asked = CollectorRegistry()
    asked.register(_Standing(installed))
    return generate_latest(found) + generate_latest(asked)


class _Standing(Collector):
    """How database and log stand at this moment."""

    def __init__(self, installed: Installation) -> None:
        self._installed = installed

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("werdegang_database_up", "Whether the database answers.")
        try:
            figures = list(self._figures())
        except (Refused, SQLAlchemyError):
            figures = []
        up.add_metric([], 1 if figures else 0)
        yield up
        for name, meaning, value in figures:
            if value is not None:
                yield GaugeMetricFamily(name, meaning, value=value)

    def _figures(self) -> Iterator[tuple[str, str, float | None]]:
        log, kept = self._installed.log, self._installed.cosignatures
        size, _ = log.tree()
        yield "werdegang_log_entries", "Entries in the transparency log.", size
        newest = next(iter(log.checkpoints(1)), None)
        signed = None if newest is None else int(newest[1].split("\n", 2)[1])
        yield "werdegang_checkpoint_entries", "Entries that the newest checkpoint covers.", signed
        at = None if newest is None else newest[0]
        yield "werdegang_checkpoint_age_seconds", "Seconds since the newest checkpoint was signed.", self._age(at)
        witnessed, witnessed_at = kept.newest() or (None, None)
        yield "werdegang_witnessed_entries", "Entries that the newest witnessed checkpoint covers.", witnessed
        name = "werdegang_witnessed_checkpoint_age_seconds"
        yield name, "Seconds since the newest witnessed checkpoint was signed.", self._age(witnessed_at)

    def _age(self, at: datetime | None) -> float | None:
        return None if at is None else max(0.0, (self._installed.clock() - at).total_seconds())
