"""Whether pm4py finds in our event logs what is in them, and its 24 constraints of the relational form met."""

import io
import json
import subprocess
from pathlib import Path
from typing import Any, Final

from adapters.exports.formats import BY_NAME
from adapters.exports.material import Material
from benchmarks.peer_environment import python
from service import Times
from tests.faces import EXAMPLE, recorded

PINNED: Final = Path(__file__).with_name("pm4py.txt")
EXAMPLES: Final = (EXAMPLE, EXAMPLE.with_name("lindenau-2030.jsonl"))


def event_logs(folder: Path) -> dict[str, Any]:
    """How much pm4py found; where that is not what there is, or a constraint is not met, this raises."""
    folder.mkdir()
    there = [_write(example, folder) for example in EXAMPLES]
    paths = [str(folder / example.stem) for example in EXAMPLES]
    command = [str(python(PINNED)), "-I", str(Path(__file__).with_name("pm4py_reads.py")), *paths]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    said = json.loads(told.splitlines()[-1])  # it greets first
    for counted, found in zip(there, said["logs"], strict=True):
        if found["broken"] or found["sqlite"] != counted["sqlite"] or found["json"] != counted["json"]:
            raise AssertionError(f"pm4py found {found}, there is {counted}")
    both = [kind for found in said["logs"] for kind in found["sqlite"].items()]
    counts = {kind: sum(n for name, n in both if name == kind) for kind in said["logs"][0]["sqlite"]}
    lost = sum(found["sqlite"]["event_object"] - found["json"]["event_object"] for found in said["logs"])
    return {"version": said["version"], "met": said["logs"][0]["met"], "logs": len(there), "lost": lost, **counts}


def _write(example: Path, folder: Path) -> dict[str, dict[str, int]]:
    """Writes both forms of an example as the public gets them, and counts what is in them."""
    house = recorded(folder / "home" / example.stem, example)
    material = Material(house.installation.service.view(example.stem, None, Times()))
    for kind in ("json", "sqlite"):
        written = io.BytesIO()
        BY_NAME[f"ocel-{kind}"].write(material, written, lambda _: None)
        (folder / f"{example.stem}.{kind}").write_bytes(written.getvalue())
    house.close()
    log = json.loads((folder / f"{example.stem}.json").read_bytes())
    pairs = [(event["id"], to["objectId"]) for event in log["events"] for to in event["relationships"]]
    counts = {
        "events": len(log["events"]),
        "objects": len(log["objects"]),
        "event_object": len(pairs),
        "object_object": sum(len(each["relationships"]) for each in log["objects"]),
    }
    # Of an event's relations to one object, pm4py keeps one where it reads JSON, and all where it reads SQLite.
    return {"sqlite": counts, "json": {**counts, "event_object": len(set(pairs))}}
