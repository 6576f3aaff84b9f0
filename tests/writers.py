"""What the programs do that record at once while others read along; each is forked (see `tests/programs.py`)."""

import random
from datetime import timedelta

from adapters.database import Database, now
from adapters.event_store import EventStore
from service import Service
from tests.records import filled
from tests.story import published
from tests.test_recording_at_once import feedback, record, service_on

PROCESSES = ("p", "q", "r")
SIZES = (1, 1, 1, 2, 5, 20)
SECONDS = 0.5
"""How far the clocks of the writers are off, and how long embargoes last at most."""


def record_lists(url, given, answers):
    """Records lists of mixed size in processes that others record in, too, by a clock that is off; after each it says
    which numbers it got, and which of them are public, now or a little later.
    """
    name, lists, seed = given
    chance, database = random.Random(f"{name} {seed}"), Database(url)
    off = timedelta(seconds=chance.uniform(-SECONDS, SECONDS))
    service = Service(EventStore(database, lambda: now() + off), filled(database), clock=lambda: now() + off)
    answers.send("ready")
    for n in range(lists):
        process = chance.choice(PROCESSES)
        statements = {f"{name}-{n}-{i}": feedback("wiall") for i in range(chance.choice(SIZES))}
        if public := chance.random() < 0.5:
            until = now() + timedelta(seconds=chance.uniform(0, SECONDS))
            not_before = until.isoformat() if chance.random() < 0.5 and until > now() + off else None
            statements[f"{name}-{n}-public"] = published(*statements, not_before=not_before)
        answers.send((process, record(service, statements, process), public))


def rebuild_again_and_again(url, enough, answers):
    """Fills the tables anew until it is told that it is enough; says how often it did."""
    service, times = service_on(Database(url)), 0
    answers.send("ready")
    while not enough.poll():
        service.rebuild()
        times += 1
    answers.send(times)
