"""Actors: organisations and groups that take part, and the roles they hold. Persons live outside the entries."""

from typing import ClassVar, Literal

from pydantic import model_validator

from domain.errors import invalid
from domain.fields import Id, RequiredText, Text
from domain.meaning import Assignment, Meaning, use
from domain.schemes import Branch, Term
from domain.step import Step

ActorKind = Literal[
    "authority",
    "company",
    "association",
    "chamber",
    "university",
    "research-institute",
    "initiative",
    "political-body",
    "funder",
    "partnership",
    "group",
    "public",
    "other",
]
"""What kind of organisation or group an actor is."""

RoleKind = Literal[
    "member",
    "lead",
    "coordination",
    "facilitation",
    "secretariat",
    "stakeholder-management",
    "monitoring",
    "research",
    "partner",
    "hub",
    "other",
]
"""What an actor does in a body or, without a body, in the process. Being a member is a role."""


def _branch(actor: str, branch: Term | None) -> tuple[Assignment, ...]:
    return () if branch is None else (Assignment(actor, "branch", f"{branch.scheme}:{branch.term}"),)


class ActorRegistered(Step):
    """An organisation or group takes part and gets a lasting id; `branch` is the branch of the economy it works in."""

    type: Literal["actor-registered"] = "actor-registered"
    actor: Id
    kind: ActorKind
    name: RequiredText = None
    branch: Branch | None = None

    def meaning(self) -> Meaning:
        return Meaning(
            founds=((self.actor, "actor"),),
            assigns=(
                Assignment(self.actor, "name"),
                Assignment(self.actor, "kind", self.kind),
                *_branch(self.actor, self.branch),
            ),
        )


class ActorRedescribed(Step):
    """An actor goes by another name or is of another kind from now on; what is not given stays as it was."""

    type: Literal["actor-redescribed"] = "actor-redescribed"
    actor: Id
    renamed: bool = False
    name: Text = None
    kind: ActorKind | None = None
    branch: Branch | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_given_name_renames(cls, given: object) -> object:
        return naming(given)

    @model_validator(mode="after")
    def _changes_something(self) -> "ActorRedescribed":
        if not (self.renamed or self.kind or self.branch):
            raise invalid("nothing-changed", subject=self.actor)
        return self

    def meaning(self) -> Meaning:
        assigns = [Assignment(self.actor, "name")] if self.renamed else []
        if self.kind is not None:
            assigns.append(Assignment(self.actor, "kind", self.kind))
        assigns.extend(_branch(self.actor, self.branch))
        return Meaning(uses=use("actor", self.actor), assigns=tuple(assigns))


class RoleAssigned(Step):
    """An actor took on a role, in a body or in the process as a whole. A lasting date says until when."""

    lasting: ClassVar[bool] = True
    named_by: ClassVar[str] = "title"

    type: Literal["role-assigned"] = "role-assigned"
    role: Id
    actor: Id
    kind: RoleKind
    body: Id | None = None
    title: Text = None

    def meaning(self) -> Meaning:
        return Meaning(
            founds=((self.role, "role"),),
            uses=use("body", self.body),
            names=use("actor", self.actor),
            assigns=(
                Assignment(self.role, "name"),
                Assignment(self.role, "kind", self.kind),
                Assignment(self.role, "actor", self.actor),
                Assignment(self.role, "body", self.body),
            ),
        )


class RoleEnded(Step):
    """An actor no longer holds a role."""

    type: Literal["role-ended"] = "role-ended"
    role: Id
    how: Literal["expired", "left", "replaced", "unrecorded"] = "unrecorded"

    def meaning(self) -> Meaning:
        return Meaning(ends=use("role", self.role))


def naming(given: object, field: str = "name") -> object:
    """Whether a step gives a name is a fact (`renamed`), the name itself a text: the fold never reads texts."""
    if isinstance(given, dict) and given.get(field) is not None:
        return {**given, "renamed": True}
    return given
