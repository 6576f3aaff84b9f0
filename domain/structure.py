"""The governance structure: levels, and the bodies on them, from their founding to their end."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from domain.actors import naming
from domain.errors import invalid
from domain.fields import Id, Model, RequiredText, Text
from domain.meaning import PLACE, Assignment, Meaning, Use, other_than_process, use
from domain.step import Step

GroupKind = Literal[
    "strategische-allianz",
    "geschaeftsstelle",
    "arbeitsgruppe",
    "steuerungsgruppe",
    "konsortium",
    "beirat",
    "netzwerk",
    "other",
]
"""Kinds of group; the proper names of the field stay German."""

BodyKind = Literal["allianz", "reallabor"] | GroupKind
Status = Literal["active", "paused", "permanent"]


class PlannedLevel(Model):
    """A level as it was planned; it exists only once a `level-established` says so."""

    level: Id
    name: Text = None
    above: Id | None = None


class StructurePlanned(Step):
    """A structure was designed. A plan changes nothing: what came of it is recorded when it happened."""

    type: Literal["structure-planned"] = "structure-planned"
    what: RequiredText = None
    levels: tuple[PlannedLevel, ...] = ()


class Destination(Model):
    """Where something goes when what it belonged to ends.

    `to` is `placed` (with `parent` and/or `level`; parent `process` is the process itself), `dissolved`,
    `left` (ends here and goes along with a spin-off) or `unrecorded` (nobody wrote it down).
    """

    subject: Id
    to: Literal["placed", "dissolved", "left", "unrecorded"]
    parent: Id | None = None
    level: Id | None = None

    @model_validator(mode="after")
    def _placed_says_where(self) -> "Destination":
        if (self.to == "placed") != (self.parent is not None or self.level is not None):
            raise invalid("destination-unclear", subject=self.subject)
        return self


def _one_each(destinations: tuple[Destination, ...]) -> tuple[Destination, ...]:
    subjects = [destination.subject for destination in destinations]
    for subject in subjects:
        if subjects.count(subject) > 1:
            raise invalid("destination-twice", subject=subject)
    return destinations


Destinations = Annotated[tuple[Destination, ...], Field(max_length=1_000), AfterValidator(_one_each)]
"""What becomes of everything beneath what ends: one destination for each."""


def _placing(subject: str, parent: str | None, level: str | None) -> tuple[Assignment, ...]:
    """Assigns what is given; the reserved id `process` means: no parent, no level."""
    given = (("parent", parent), ("level", level))
    return tuple(
        Assignment(subject, attribute, None if value == "process" else value)
        for attribute, value in given
        if value is not None
    )


def _places(parent: str | None, level: str | None) -> tuple[Use, ...]:
    return use("place", other_than_process(parent)) + use("level", other_than_process(level))


def _founding(body: str, kind: str, parent: str | None, level: str | None) -> Meaning:
    return Meaning(
        founds=((body, "body"),),
        uses=_places(parent, level),
        assigns=(
            Assignment(body, "name"),
            Assignment(body, "kind", kind),
            Assignment(body, "status", "active"),
            *_placing(body, parent or "process", level or "process"),
        ),
    )


def _ending(ended: tuple[Use, ...], destinations: tuple[Destination, ...]) -> Meaning:
    """What ends, and what becomes of everything beneath it."""
    moved = tuple(d for d in destinations if d.to == "placed")
    gone = tuple(Use(d.subject, PLACE) for d in destinations if d.to in ("dissolved", "left"))
    places = tuple(u for d in moved for u in _places(d.parent, d.level))
    return Meaning(
        ends=ended + gone,
        uses=tuple(Use(d.subject, PLACE) for d in moved) + places,
        names=tuple(Use(d.subject, PLACE) for d in destinations if d.to == "unrecorded"),
        assigns=tuple(a for d in moved for a in _placing(d.subject, d.parent, d.level)),
    )


class Structural(Step):
    """A change of structure: it states a reason, or that none is recorded."""

    structural: ClassVar[bool] = True


class LevelEstablished(Structural):
    """A level came into being, directly below `above` if that is given."""

    type: Literal["level-established"] = "level-established"
    level: Id
    name: RequiredText = None
    above: Id | None = None

    def meaning(self) -> Meaning:
        return Meaning(
            founds=((self.level, "level"),),
            uses=use("level", self.above),
            assigns=(Assignment(self.level, "name"), Assignment(self.level, "parent", self.above)),
        )


class LevelDropped(Structural):
    """A level was given up; `destinations` say what became of everything on or under it."""

    type: Literal["level-dropped"] = "level-dropped"
    level: Id
    destinations: Destinations = ()

    def meaning(self) -> Meaning:
        return _ending(use("level", self.level), self.destinations)


class AllianceFounded(Structural):
    """An alliance came into being. Its name is optional: an undocumented name is no name."""

    type: Literal["alliance-founded"] = "alliance-founded"
    body: Id
    name: Text = None
    parent: Id | None = None
    level: Id | None = None
    continues: Id | None = None

    def meaning(self) -> Meaning:
        return _continuing(_founding(self.body, "allianz", self.parent, self.level), self.continues)


class GroupFormed(Structural):
    """A group was formed: a Strategische Allianz, a Geschäftsstelle, a working group …"""

    type: Literal["group-formed"] = "group-formed"
    body: Id
    kind: GroupKind
    name: Text = None
    parent: Id | None = None
    level: Id | None = None
    continues: Id | None = None

    def meaning(self) -> Meaning:
        return _continuing(_founding(self.body, self.kind, self.parent, self.level), self.continues)


class ReallaborInitiated(Structural):
    """A Reallabor began; `parent` may be a level where only "inside this level" is told."""

    type: Literal["reallabor-initiated"] = "reallabor-initiated"
    body: Id
    name: Text = None
    parent: Id | None = None
    level: Id | None = None
    theme: Id | None = None
    continues: Id | None = None

    def meaning(self) -> Meaning:
        founding = _continuing(_founding(self.body, "reallabor", self.parent, self.level), self.continues)
        return founding.naming(use("theme", self.theme))


def _continuing(meaning: Meaning, continues: str | None) -> Meaning:
    """A body founded anew has a new id and names the one it continues (SEMANTICS 3.3)."""
    return meaning.naming(use("body", continues))


class ReallaborSpunOff(Structural):
    """A Reallabor went on outside the process under its own name; it may be registered as an actor."""

    type: Literal["reallabor-spun-off"] = "reallabor-spun-off"
    body: Id
    successor_name: RequiredText = None
    successor: Id | None = Field(default=None, description="the successor as an actor, if it is registered")
    destinations: Destinations = ()

    def meaning(self) -> Meaning:
        return _ending(use("body", self.body), self.destinations).naming(use("actor", self.successor))


class BodyEnded(Structural):
    """A body ended: it was dissolved, closed, or its work was concluded."""

    type: Literal["body-ended"] = "body-ended"
    body: Id
    how: Literal["dissolved", "closed", "concluded"]
    destinations: Destinations = ()

    def meaning(self) -> Meaning:
        return _ending(use("body", self.body), self.destinations)


class BodyReattached(Structural):
    """A body was placed elsewhere; what is not given stays. `process` means: no parent, or no level."""

    type: Literal["body-reattached"] = "body-reattached"
    body: Id
    parent: Id | None = None
    level: Id | None = None

    @model_validator(mode="after")
    def _goes_somewhere(self) -> "BodyReattached":
        if self.parent is None and self.level is None:
            raise invalid("destination-unclear", subject=self.body)
        return self

    def meaning(self) -> Meaning:
        return Meaning(
            uses=use("body", self.body) + _places(self.parent, self.level),
            assigns=_placing(self.body, self.parent, self.level),
        )


class BodyChanged(Structural):
    """A body got another name, kind or status, or went on as a project of an actor; the rest stays.

    `project_of` names an actor; the reserved id `process` ends being a project of one.
    """

    type: Literal["body-changed"] = "body-changed"
    body: Id
    renamed: bool = False
    name: Text = None
    kind: BodyKind | None = None
    status: Status | None = None
    project_of: Id | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_given_name_renames(cls, given: object) -> object:
        return naming(given)

    @model_validator(mode="after")
    def _changes_something(self) -> "BodyChanged":
        if not (self.renamed or self.kind or self.status or self.project_of):
            raise invalid("nothing-changed", subject=self.body)
        return self

    def meaning(self) -> Meaning:
        assigns = [Assignment(self.body, "name")] if self.renamed else []
        for attribute, value in (("kind", self.kind), ("status", self.status), ("project_of", self.project_of)):
            if value is not None:
                assigns.append(Assignment(self.body, attribute, None if value == "process" else value))
        return Meaning(
            uses=use("body", self.body), names=use("actor", other_than_process(self.project_of)), assigns=tuple(assigns)
        )


class BodiesMerged(Structural):
    """Bodies became one: a new one (`into`), or one that was there (`absorbed_by`). What was under them follows."""

    type: Literal["bodies-merged"] = "bodies-merged"
    bodies: Annotated[tuple[Id, ...], Field(min_length=1)]
    into: Id | None = None
    absorbed_by: Id | None = None
    kind: BodyKind | None = None
    name: Text = None
    parent: Id | None = None
    level: Id | None = None

    @model_validator(mode="after")
    def _one_heir(self) -> "BodiesMerged":
        if (self.into is None) == (self.absorbed_by is None):
            raise invalid("one-heir")
        if self.into is not None and len(set(self.bodies)) < 2:
            raise invalid("merge-needs-two")
        if self.into is not None and self.kind is None:
            raise invalid("kind-missing", subject=self.into)
        if self.absorbed_by is not None and (self.kind or self.parent or self.level):
            raise invalid("one-heir")
        return self

    def meaning(self) -> Meaning:
        heir = self.into or self.absorbed_by
        heirs = tuple(Assignment(body, "heir", heir) for body in self.bodies)
        if self.into is None:
            return Meaning(ends=use("body", *self.bodies), uses=use("body", self.absorbed_by), assigns=heirs)
        founding = _founding(self.into, self.kind or "other", self.parent, self.level)
        return Meaning(founding.founds, use("body", *self.bodies), founding.uses, assigns=founding.assigns + heirs)


class SplitPart(Model):
    """One of the bodies that a body was split into."""

    body: Id
    kind: BodyKind
    name: Text = None
    parent: Id | None = None
    level: Id | None = None


class BodySplit(Structural):
    """A body became several; `destinations` say which of them its own parts belong to from now on."""

    type: Literal["body-split"] = "body-split"
    body: Id
    into: Annotated[tuple[SplitPart, ...], Field(min_length=2)]
    destinations: Destinations = ()

    def name_of(self, subject: str) -> Text:
        return next((part.name for part in self.into if part.body == subject), None)

    def meaning(self) -> Meaning:
        parts = tuple(_founding(part.body, part.kind, part.parent, part.level) for part in self.into)
        ending = _ending(use("body", self.body), self.destinations)
        return Meaning(
            founds=tuple(f for part in parts for f in part.founds),
            ends=ending.ends,
            uses=ending.uses + tuple(u for part in parts for u in part.uses),
            names=ending.names,
            assigns=tuple(a for part in parts for a in part.assigns) + ending.assigns,
        )


class ThemeIdentified(Step):
    """A field of action was recognised."""

    type: Literal["theme-identified"] = "theme-identified"
    theme: Id
    name: RequiredText = None

    def meaning(self) -> Meaning:
        return Meaning(founds=((self.theme, "theme"),), assigns=(Assignment(self.theme, "name"),))


class ThemeRetired(Step):
    """A field of action is no longer pursued."""

    type: Literal["theme-retired"] = "theme-retired"
    theme: Id

    def meaning(self) -> Meaning:
        return Meaning(ends=use("theme", self.theme))
