"""What a new process can begin with: a template, the structure of another process, or statements from a file.

A beginning is data: levels and bodies with their names. `statements` makes of it what an office would record itself,
under keys that never differ, so that sending it twice records once.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from adapters.imports.statements import each_read, statement_of
from domain.account import Account
from domain.errors import Refused, refused
from domain.publication import EntryCorrected, EntryPublished, EntryWithdrawn, Statement
from domain.view import View
from domain.when import When
from domain.words import Words
from projections.governance import Place, structure
from service import Outcome, Service

ID: Final = re.compile(r"[a-z0-9-]{1,63}")

LETTERS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l"})
"""What these letters become in a short id; accents are left out of all others."""


@dataclass(frozen=True, slots=True)
class Part:
    """A level or a body that is there from the beginning; `kind` is `level` or the kind of body."""

    id: str
    kind: str
    name: str | None
    parent: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """A template: what it is called, what it is for, and what is there."""

    label: Words
    about: Words
    parts: tuple[Part, ...] = ()


TEMPLATES: Final[Mapping[str, Beginning]] = {
    "three-levels": Beginning(
        ("Drei Ebenen", "Three levels"),
        (
            "Eine Allianz für das Ganze, Strategische Allianzen für Themen, Reallabore: so war es in Bottrop geplant.",
            "An alliance for the whole, Strategische Allianzen for themes, Reallabore: as it was planned in Bottrop.",
        ),
        (
            Part("strategisch", "level", "Strategische Ebene"),
            Part("thematisch", "level", "Thematische Ebene", parent="strategisch"),
            Part("operativ", "level", "Operative Ebene", parent="thematisch"),
            Part("wirtschaftsallianz", "allianz", "Wirtschaftsallianz", level="strategisch"),
            Part("geschaeftsstelle", "geschaeftsstelle", "Geschäftsstelle"),
            Part(
                "strategische-allianz-1",
                "strategische-allianz",
                "Strategische Allianz 1",
                parent="wirtschaftsallianz",
                level="thematisch",
            ),
            Part("reallabor-1", "reallabor", "Reallabor 1", parent="strategische-allianz-1", level="operativ"),
        ),
    ),
    "two-levels": Beginning(
        ("Zwei Ebenen", "Two levels"),
        (
            "Eine Wirtschaftsallianz, zu der die Reallabore unmittelbar gehören: so, wie es in Bottrop gelebt wurde.",
            "An alliance that the Reallabore belong to directly: as it was lived in Bottrop.",
        ),
        (
            Part("strategisch", "level", "Strategische Ebene"),
            Part("operativ", "level", "Operative Ebene", parent="strategisch"),
            Part("wirtschaftsallianz", "allianz", "Wirtschaftsallianz", level="strategisch"),
            Part("geschaeftsstelle", "geschaeftsstelle", "Geschäftsstelle"),
            Part("reallabor-1", "reallabor", "Reallabor 1", parent="wirtschaftsallianz", level="operativ"),
        ),
    ),
    "blank": Beginning(
        ("Leer", "Blank"),
        (
            "Nur der Prozess selbst. Ebenen und Gremien erfassen Sie, wenn es sie gibt.",
            "The process alone. You record levels and bodies when there are some.",
        ),
    ),
}
"""The templates, worded for any city."""


def short_id(name: str) -> str:
    """A short id proposed for a name: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:63].strip("-")


def structure_of(view: View) -> tuple[Part, ...]:
    """Levels and bodies as they stand on the view's day: names, kinds and what belongs to what, and nothing else."""
    found = structure(view)
    here = [place for place in (*found.levels, *found.bodies) if view.counted(place.id)]
    known = {place.id for place in here}
    return tuple(_in_order([_part(place, known) for place in here]))


def _part(place: Place, known: set[str]) -> Part:
    kind = "level" if place.kind == "level" else place.body_kind or "other"
    parent = place.parent if place.parent in known else None
    return Part(place.id, kind, place.name.text, parent, place.level if place.level in known else None)


def _in_order(parts: Sequence[Part]) -> list[Part]:
    """Levels first, and everything after what it stands under."""
    done: list[Part] = []
    todo = sorted(parts, key=lambda part: part.kind != "level")
    while todo:
        placed = {part.id for part in done}
        ready = [part for part in todo if {part.parent, part.level} - {None} <= placed]
        if not ready:  # none can stand under itself: what is left over stands alone
            ready = [replace(part, parent=None, level=None) for part in todo]
        ready = [part for part in ready if part.kind == "level"] or ready
        done += ready
        ids = {part.id for part in ready}
        todo = [part for part in todo if part.id not in ids]
    return done


def named(parts: Sequence[Part], names: Mapping[str, str]) -> tuple[Part, ...]:
    """The same with other names; an empty one is none, which only a body can do without."""
    return tuple(replace(part, name=names[part.id].strip() or None) if part.id in names else part for part in parts)


def statements(
    process: str, name: str, city: str | None, zone: str, begun: When, parts: Sequence[Part]
) -> list[Statement]:
    """What is recorded of a new process: that it was opened, and each level and body that is there."""
    occurred = begun.model_dump(mode="json", exclude_defaults=True)
    opening = {"type": "process-opened", "name": name, "zone": zone, **({"city": city} if city else {})}
    steps = [("eroeffnung", opening), *((f"beginn-{part.id}"[:63], _step(part)) for part in parts)]
    return each_read(
        [
            {
                "process": process,
                "key": key,
                "step": step,
                "occurred": occurred,
                **({} if step is opening else {"because": ["eroeffnung"]}),
            }
            for key, step in steps
        ],
        statement_of,
    )


def _step(part: Part) -> dict[str, Any]:
    if part.kind == "level":
        return {"type": "level-established", "level": part.id, "name": part.name, "above": part.parent}
    said = {"body": part.id, "name": part.name, "parent": part.parent, "level": part.level}
    if part.kind == "allianz":
        return {"type": "alliance-founded", **said}
    if part.kind == "reallabor":
        return {"type": "reallabor-initiated", **said}
    return {"type": "group-formed", "kind": part.kind, **said}


def as_process(given: Sequence[Statement], process: str) -> list[Statement]:
    """Statements of a file under another process id."""
    return [statement.model_copy(update={"process": process}) for statement in given]


def internal(given: Sequence[Statement]) -> list[int]:
    """The places of a file's statements that leave everything internal.

    A publication cannot be taken back, so none comes about by beginning a process; nor does what is about one.
    """
    left_out: set[int | str] = set()
    places = []
    for place, statement in enumerate(given):
        step = statement.step
        about = step.target if isinstance(step, EntryCorrected | EntryWithdrawn) else None
        if isinstance(step, EntryPublished) or about in left_out:
            left_out |= {statement.key, place + 1}
        else:
            places.append(place)
    return places


def refuse_id(process: str) -> None:
    """Refuses a short id that cannot be one; what is a word of the program is refused when it is tried out."""
    if not ID.fullmatch(process) or process.startswith("-"):
        raise refused("process-id-wrong", given=process[:80])


def tried(stated: Sequence[Statement], service: Service, account: Account) -> Outcome:
    """What beginning a process would record. One that is there already is nobody's to begin, unless it is this one."""
    process = stated[0].process
    taken = any(listed.cited.process == process for listed in service.processes(account))
    try:
        outcome = service.preview(stated, account)
    except Refused:
        if taken:
            raise refused("process-taken", process=process) from None
        raise
    if taken and outcome.new:
        raise refused("process-taken", process=process)
    return outcome
