"""What pm4py makes of event logs that are given as JSON and as SQLite, as one line of JSON.

Run by the Python of `peer_environment.py`, which has nothing of ours, with paths without their endings.
"""

import json
import sys
from typing import Any

import pm4py  # type: ignore[import-not-found]
from pm4py.objects.ocel.validation import ocel20_rel_validation as relational  # type: ignore[import-not-found]


def read(log: Any) -> dict[str, int]:
    """How much there is of each kind."""
    return {
        "events": len(log.events),
        "objects": len(log.objects),
        "event_object": len(log.relations),
        "object_object": len(log.o2o),
    }


def told(path: str) -> dict[str, object]:
    met, broken = relational.apply(f"{path}.sqlite")
    return {
        "met": len(met),
        "broken": broken,
        "json": read(pm4py.read_ocel2_json(f"{path}.json")),
        "sqlite": read(pm4py.read_ocel2_sqlite(f"{path}.sqlite")),
    }


print(json.dumps({"version": pm4py.__version__, "logs": [told(path) for path in sys.argv[1:]]}))
