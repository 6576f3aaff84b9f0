"""Appends events with `eventsourcing-sqlalchemy`, one transaction each: the program that `record.py` tells what to do.

Run by the Python of `peer_environment.py`, which has nothing of ours, with the URL of an empty database. Every line
it reads is a JSON list of events (version, topic, content in base64); it answers the milliseconds of each append.
"""

import json
import sys
import time
from base64 import b64decode
from uuid import UUID

from eventsourcing.persistence import InfrastructureFactory, StoredEvent
from eventsourcing.utils import Environment

STREAM = UUID("00000000-0000-0000-0000-000000002018")


def main(url: str) -> None:
    """Appends until there is nothing more to read."""
    given = {"PERSISTENCE_MODULE": "eventsourcing_sqlalchemy", "SQLALCHEMY_URL": url}
    recorder = InfrastructureFactory.construct(Environment("bare", given)).application_recorder()
    for line in sys.stdin:
        events = [StoredEvent(STREAM, version, topic, b64decode(state)) for version, topic, state in json.loads(line)]
        taken = []
        for event in events:
            start = time.perf_counter()
            recorder.insert_events([event])
            taken.append((time.perf_counter() - start) * 1_000)
        print(json.dumps(taken), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
