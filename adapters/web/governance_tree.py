"""The structure as a nested list: bodies under what they belong to, levels from the top down."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from projections.governance import Place, Role, Structure, in_order


@dataclass(frozen=True, slots=True)
class Node:
    """A body, or a level that bodies are told to be in, with what stands under it."""

    place: Place
    roles: list[Role]
    under: list["Node"] = field(default_factory=list)


def tree(structure: Structure) -> list[Node]:
    """Bodies by where they stand; a level comes in only where nothing is told but "inside this level"."""
    roles: dict[str, list[Role]] = {}
    for role in structure.roles:
        roles.setdefault(role.body or "", []).append(role)
    nodes = {place.id: Node(place, roles.get(place.id, [])) for place in (*structure.bodies, *structure.levels)}
    above = {body.id: _above(body) for body in structure.bodies}
    top = []
    for body in structure.bodies:
        parent = nodes.get(above[body.id] or "")
        if parent is None or _returns(above, body.id):
            top.append(nodes[body.id])
        else:
            parent.under.append(nodes[body.id])
    levels = [nodes[level.id] for level in in_order(structure.levels) if nodes[level.id].under]
    return [*top, *levels]


def first_of(nodes: list[Node], most: int) -> tuple[list[Node], int]:
    """The first so many places of a tree, row by row, each with what of it is among them; and how many are left out."""
    kept: set[str] = set()
    row = nodes
    while row and len(kept) < most:
        kept |= {node.place.id for node in row[: most - len(kept)]}
        row = [below for node in row if node.place.id in kept for below in node.under]

    def cut(given: list[Node]) -> list[Node]:
        return [Node(node.place, node.roles, cut(node.under)) for node in given if node.place.id in kept]

    return cut(nodes), _size(nodes) - len(kept)


def _size(nodes: list[Node]) -> int:
    return sum(1 + _size(node.under) for node in nodes)


def _above(body: Place) -> str | None:
    """Where a body stands. What is only perhaps there stands nowhere yet: it is shown where it was told to be."""
    return body.told_parent.value if body.presence == "perhaps-there" else body.parent


def _returns(above: Mapping[str, str | None], start: str) -> bool:
    """Whether the way up leads back: what is only perhaps there has no parent that a view answers for."""
    seen: set[str] = set()
    at: str | None = start
    while at is not None and at not in seen:
        seen.add(at)
        at = above.get(at)
    return at == start


def loose_roles(structure: Structure) -> list[Role]:
    """Roles in the process as a whole, and those in a body that is not there on the day."""
    there = {body.id for body in structure.bodies}
    return [role for role in structure.roles if role.body not in there]
