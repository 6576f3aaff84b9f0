"""A large installation: many processes of 1,000 entries each."""

from collections.abc import Sequence
from typing import Final

from adapters.event_store import EventStore
from adapters.wiring import Installation
from benchmarks.invented import statements
from benchmarks.places import ACCOUNT, at
from domain.publication import Statement

IN_A_PROCESS: Final = 1_000


def process_of(entry: int) -> str:
    """The process that an entry of the installation belongs to, by its position."""
    return f"bench-{(entry - 1) // IN_A_PROCESS}"


def grow(installation: Installation, size: int) -> None:
    """Records further processes until the installation has `size` entries, and publishes all they hold.

    Each by a service of its own, so that none is known already to whoever measures.
    """
    told = statements(IN_A_PROCESS - 1)
    given = [*told, published(told)]
    position = EventStore(installation.database).position()
    for first in range(position - position % IN_A_PROCESS + 1, size, IN_A_PROCESS):
        process = process_of(first)
        another = at(installation.settings.database_url)
        another.service.record([_of(process, statement) for statement in given], ACCOUNT)
        another.database.close()


def published(told: Sequence[Statement]) -> Statement:
    """The publication of everything in a list."""
    step = {"type": "entry-published", "targets": [statement.key for statement in told]}
    return Statement.model_validate({"process": told[0].process, "key": "published", "step": step})


def one_more(process: str, n: int, what: str = "Zu viele Treffen.") -> Statement:
    """A further statement of a process."""
    step = {"type": "feedback-received", "kind": "concern", "what": what}
    given = {"process": process, "key": f"more-{n}", "step": step, "occurred": {"edtf": "2020"}}
    return Statement.model_validate(given)


def _of(process: str, statement: Statement) -> Statement:
    return statement.model_copy(update={"process": process})
