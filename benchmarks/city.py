"""The process of a large city, of any length and the same every time: a few dozen bodies, and ever more that they do.

It grows as real ones do: by meetings, by what is decided, asked, answered and promised in them, and hardly by bodies.
"""

import random
from collections.abc import Iterator
from typing import Any, Final

from domain.publication import Statement

Json = dict[str, Any]

THEMES: Final = 6
BODIES: Final = 30
ACTORS: Final = 120


def statements(count: int, *, process: str = "bench") -> list[Statement]:
    """`count` statements of one process, at least some hundred."""
    made = zip(range(count), _contents(random.Random(2018)), strict=False)
    return [Statement.model_validate({"process": process, **content}) for _, content in made]


def _contents(chance: random.Random) -> Iterator[Json]:
    yield _told("offen", {"type": "process-opened", "name": "Messung", "purpose": "Messen."}, "2016")
    yield _told("oben", {"type": "level-established", "level": "oben", "name": "Oben"}, "2016")
    yield _told("allianz", {"type": "alliance-founded", "body": "allianz", "name": "Allianz", "level": "oben"}, "2016")
    for i in range(THEMES):
        yield _told(f"t{i}", {"type": "theme-identified", "theme": f"thema-{i}", "name": f"Thema {i}"}, "2016")
    for i in range(BODIES):
        lab = {"body": f"labor-{i}", "name": f"Labor {i}", "parent": "allianz", "theme": f"thema-{i % THEMES}"}
        yield _told(f"l{i}", {"type": "reallabor-initiated", **lab}, "2017-03")
    for i in range(ACTORS):
        actor = {"actor": f"verein-{i}", "kind": "association", "name": f"Verein {i} e. V."}
        yield _told(f"a{i}", {"type": "actor-registered", **actor}, "2017-04")
    meeting = 0
    while True:
        yield from _meeting(meeting, chance)
        meeting += 1


def _meeting(i: int, chance: random.Random) -> Iterator[Json]:
    """A meeting with what came of it: ten entries, and what was promised or asked is settled for the most part."""
    day = f"{2017 + i // 250 % 9}-{1 + i % 12:02}-{1 + i % 28:02}"
    body, actors = f"labor-{i % BODIES}", [f"verein-{n}" for n in sorted(chance.sample(range(ACTORS), 12))]
    held = {
        "meeting": f"sitzung-{i}",
        "title": f"{i}. Sitzung",
        "bodies": [body],
        "hosts": ["allianz"],
        "format": "in-person",
        "place": "Rathaus, Ratssaal",
        "invited": {"actors": actors},
        "attended": {"actors": actors[:9]},
    }
    minutes = [{"title": f"Ergebnisprotokoll der Sitzung {i}", "page": "2", "sha256": f"{i:064x}"}]
    yield _told(f"m{i}", {"type": "meeting-held", **held}, day, sources=minutes)
    decided = {"text": f"Der Vorschlag {i} wird angenommen und im Herbst geprüft.", "by": [body], "method": "consensus"}
    yield _told(
        f"d{i}",
        {"type": "decision-taken", "decision": f"beschluss-{i}", **decided},
        day,
        because=[f"m{i}"],
        sources=minutes,
    )
    for n in range(3):
        asked = {"what": f"Die Wege zum Ort {n} sind zu weit. " * 3, "speakers": [actors[n]], "about": [body]}
        kind = chance.choice(["concern", "wish", "question"])
        yield _told(f"f{i}-{n}", {"type": "feedback-received", "kind": kind, **asked}, day, because=[f"m{i}"])
        if n or i % 5:
            answered = {"feedback": f"f{i}-{n}", "outcome": "taken-up", "answer": "Ein Bus fährt.", "by": [body]}
            yield _told(f"r{i}-{n}", {"type": "feedback-answered", **answered}, day)
    promised = {"commitment": f"zusage-{i}", "kind": "promise", "text": f"Bericht {i} folgt.", "by": [body]}
    yield _told(f"p{i}", {"type": "commitment-made", **promised}, day, because=[f"d{i}"])
    if i % 5:
        settled = {"commitment": f"zusage-{i}", "outcome": "kept", "note": "Der Bericht liegt vor."}
        yield _told(f"s{i}", {"type": "commitment-settled", **settled}, day, because=[f"p{i}"])


def _told(key: str, step: Json, day: str, **more: Any) -> Json:
    return {"key": key, "step": step, "occurred": {"edtf": day}, "because": "not-recorded", **more}
