"""The view of a day of a process of 5,000 entries, against the library's own replay of the same entries.

And all figures about it, against that view.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import ApplicationRecorder, Mapper, StoredEvent
from eventsourcing.utils import Environment

from adapters.event_store import EventStore
from adapters.wiring import Installation
from benchmarks import city, native
from benchmarks.invented import statements
from benchmarks.measuring import Goal, Row, compared, in_turn, timed
from benchmarks.places import ACCOUNT, Place
from domain.entry import Entry, read
from domain.record import Record
from domain.replay import Effective
from domain.view import View
from projections.analytics.report import report

ENTRIES: Final = 5_000
PAGE: Final = 500
DAY: Final = date(2020, 6, 30).toordinal()
COLD: Final = Goal(must=1.0, time=True)
WARM: Final = Goal(must=0.3, time=True)
FIGURES: Final = Goal(must=20, time=True)


class EntryMapper(Mapper[UUID]):
    """Reads stored facts as our entries, for the library's repository; the rest of a record is at hand."""

    def __init__(self, records: Mapping[int, Record]) -> None:
        self.records = records

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        raise NotImplementedError("the comparison only reads")

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return read(replace(self.records[stored_event.originator_version], facts=stored_event.state))


def rows(place: Place) -> Iterator[Row]:
    """Nothing in memory; the entries decoded; the process folded for another day."""
    installation = place.installed()
    installation.service.record(statements(ENTRIES), ACCOUNT)
    store = EventStore(installation.database)
    records = list(store.records("bench"))
    entries = [read(record) for record in records]
    known = View(Effective(entries), DAY).on(DAY)
    application = _application(place, records)

    taken = in_turn(
        {
            "cold": lambda: timed(lambda: _folded(read(record) for record in store.records("bench"))),
            "warm": lambda: timed(lambda: _folded(entries)),
            "folded": lambda: timed(lambda: known.on(DAY).undetermined),
            "theirs": lambda: timed(lambda: _replayed(application)),
        }
    )
    against = "Repository.get of the library, our types, no snapshots"
    for name, work, goal in (
        ("cold", f"view of a date, {ENTRIES:,} entries, nothing in memory", COLD),
        ("warm", "the same, entries decoded", WARM),
        ("folded", "the same, another day of a folded process", WARM),
    ):
        yield compared(work, against, place.name, taken[name], taken["theirs"], goal)
    yield from _figures(place, installation, entries)


def _figures(place: Place, installation: Installation, entries: list[Entry]) -> Iterator[Row]:
    """All figures about the process, and about one of a large city, where there are meetings to count."""
    town = city.statements(ENTRIES, process="city")
    installation.service.record(town, ACCOUNT)
    large = [read(record) for record in EventStore(installation.database).records("city")]
    for name, known in (("", entries), (" of a large city", large)):
        taken = in_turn({"report": partial(_reporting, known), "view": partial(_viewing, known)})
        work = f"all figures of a process{name}, {ENTRIES:,} entries"
        yield compared(work, "the view of a date, entries decoded", place.name, taken["report"], taken["view"], FIGURES)


def _reporting(entries: list[Entry]) -> float:
    view = _folded(entries)  # known already, as to whoever looks at a page
    return timed(lambda: report(view, public=True))


def _viewing(entries: list[Entry]) -> float:
    return timed(lambda: _folded(entries))


def _folded(entries: Iterator[Entry] | list[Entry]) -> View:
    return View(Effective(entries), DAY).on(DAY)


def _replayed(application: Application[UUID]) -> object:
    return application.repository.get(native.STREAM, version=ENTRIES, projector_func=_counted)


def _counted(_: object, events: Iterable[object]) -> Any:
    """Their fold: as little as can be done with an event."""
    return sum(1 for _ in events)


def _application(place: Place, records: list[Record]) -> Application[UUID]:
    """The library's application on the same entries, with its own recorder."""
    recorder: ApplicationRecorder = native.recorder(place.empty_database())
    events = [StoredEvent(native.STREAM, record.number, record.type, record.facts) for record in records]
    for first in range(0, len(events), PAGE):
        recorder.insert_events(events[first : first + PAGE])
    application = Application[UUID](Environment("bench"))
    application.repository.event_store.mapper = EntryMapper({record.number: record for record in records})
    application.repository.event_store.recorder = recorder
    return application
