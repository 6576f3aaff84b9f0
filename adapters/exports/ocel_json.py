"""The event log as OCEL 2.0 JSON. What it was made from stands under `x-werdegang`, which readers pass over."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from adapters.exports.material import Material
from adapters.exports.ocel import Event, Log, Object

Json = dict[str, Any]


def write(material: Material, to: BinaryIO, progress: Callable[[str], None]) -> None:  # noqa: ARG001  # it is one file
    """One event or object a line, each written as it comes."""
    log = Log(material)
    parts: list[tuple[str, Iterable[Json]]] = [
        ("eventTypes", _types(log.event_types())),
        ("objectTypes", _types(log.object_types())),
        ("events", map(_event, log.events())),
        ("objects", map(_object, log.objects())),
    ]
    to.write(f'{{\n"x-werdegang": {_line(log.about)}'.encode())
    for name, items in parts:
        to.write(f',\n"{name}": ['.encode())
        to.writelines(f"{',' if number else ''}\n{_line(item)}".encode() for number, item in enumerate(items))
        to.write(b"\n]")
    to.write(b"\n}\n")


def _line(content: Json) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _types(types: dict[str, dict[str, str]]) -> Iterator[Json]:
    for name, attributes in types.items():
        yield {"name": name, "attributes": [{"name": each, "type": type_} for each, type_ in attributes.items()]}


def _event(event: Event) -> Json:
    return {
        "id": event.id,
        "type": event.type,
        "time": event.time,
        "attributes": [{"name": name, "value": value} for name, value in event.attributes.items()],
        "relationships": _relations(event.relations),
    }


def _object(each: Object) -> Json:
    return {
        "id": each.id,
        "type": each.type,
        "attributes": [{"name": name, "value": value, "time": time} for name, value, time in each.attributes],
        "relationships": _relations(each.relations),
    }


def _relations(relations: list[tuple[str, str]]) -> list[Json]:
    return [{"objectId": id_, "qualifier": qualifier} for id_, qualifier in relations]
