"""An invented process of any length, the same every time: bodies come and move, and much is said about them."""

import random
from collections.abc import Iterator
from typing import Any

from domain.publication import Statement

Json = dict[str, Any]


def statements(count: int, *, shuffled: bool = False, process: str = "bench") -> list[Statement]:
    """`count` statements of one process; `shuffled` mixes their dates, so that almost every one is recorded late."""
    chance = random.Random(2018)
    dates = [f"{2017 + 9 * i // count}-{1 + (108 * i // count) % 12:02}" for i in range(count)]
    if shuffled:
        chance.shuffle(dates)
    contents = _contents(count, chance, dates)
    return [
        Statement.model_validate({"process": process, "key": f"e{i}", **content}) for i, content in enumerate(contents)
    ]


def _contents(count: int, chance: random.Random, dates: list[str]) -> Iterator[Json]:
    yield {"step": {"type": "process-opened", "name": "Messung"}, "occurred": {"edtf": "2016"}}
    yield _structural({"type": "level-established", "level": "oben", "name": "Oben"}, "2016")
    yield _structural({"type": "alliance-founded", "body": "allianz", "name": "Allianz", "level": "oben"}, "2016")
    bodies: list[tuple[str, str]] = []
    for i in range(3, count):
        kind = chance.random()
        if kind < 0.1:
            bodies.append((f"labor-{i}", dates[i]))
            yield _structural(
                {"type": "reallabor-initiated", "body": f"labor-{i}", "name": f"Labor {i}", "parent": "allianz"},
                dates[i],
            )
        elif kind < 0.15 and bodies:
            body, founded = chance.choice(bodies[-50:])
            yield _structural({"type": "body-reattached", "body": body, "level": "oben"}, max(f"{founded}", dates[i]))
        else:
            yield {
                "step": {"type": "feedback-received", "kind": "concern", "what": "Zu viele Treffen. " * 3},
                "occurred": {"edtf": dates[i], "wording": "im Frühjahr"},
                "because": [f"e{i - 1}"],
                "sources": [{"title": "Protokoll", "lines": f"{i}-{i + 3}", "sha256": "ab" * 32}],
            }


def _structural(step: Json, date: str) -> Json:
    return {"step": step, "occurred": {"edtf": date}, "because": "not-recorded"}
