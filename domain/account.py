"""Who may do what: an account and its roles."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["recorder", "publisher", "evaluator", "admin"]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who works with entries. The id is random; the name stands in an erasable table, never here."""

    id: str
    roles: frozenset[tuple[Role, str]]
    """Each role with the id of a process, or `*` for all of them."""
