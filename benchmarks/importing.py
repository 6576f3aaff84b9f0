"""A list of 1,000 statements recorded at once, against one append of 1,000 events by the bare library."""

from collections.abc import Iterator
from typing import Final

from adapters.event_store import EventStore
from benchmarks.invented import statements
from benchmarks.measuring import Goal, Row, compared, in_turn, timed
from benchmarks.native import as_events, recorder
from benchmarks.places import ACCOUNT, Place
from domain.publication import Statement

ENTRIES: Final = 1_000
GOAL: Final = Goal(must=0.10, aim=0.15)


def rows(place: Place) -> Iterator[Row]:
    """Dates sorted and shuffled, each time into an empty database."""
    for order in ("sorted", "shuffled"):
        given = statements(ENTRIES, shuffled=order == "shuffled")
        first = place.installed()
        first.service.record(given, ACCOUNT)
        events = as_events(list(EventStore(first.database).records("bench")))

        def ours(given: list[Statement] = given) -> float:
            service = place.installed().service
            return timed(lambda: service.record(given, ACCOUNT))

        def theirs(events: list = events) -> float:
            native = recorder(place.empty_database())
            return timed(lambda: native.insert_events(events))

        taken = in_turn({"ours": ours, "theirs": theirs})
        work, against = f"import 1,000 statements, dates {order}", "one append of 1,000 events, native eventsourcing"
        yield compared(work, against, place.name, taken["ours"], taken["theirs"], GOAL)
