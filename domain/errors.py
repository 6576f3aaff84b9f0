"""Refusals and hints: a stable code with parameters; the words stand in `domain/words.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic_core import PydanticCustomError

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something impossible: `code` for programs, `params` for the sentence, and the place it was found at.

    `index` counts the statements of a list from 0; `pointer` is a JSON pointer into that statement.
    """

    code: str
    params: Params = field(default_factory=dict)
    index: int | None = None
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something doubtful: shown, never blocking. The fields are those of a refusal."""

    code: str
    params: Params = field(default_factory=dict)
    index: int | None = None
    pointer: str = ""


class Refused(Exception):
    """Nothing was recorded; `refusals` say why and name the way out."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(", ".join(refusal.code for refusal in refusals))
        self.refusals = refusals

    def at(self, index: int) -> "Refused":
        """The same refusals, placed at statement `index` of a list."""
        return Refused(*(replace(r, index=index) if r.index is None else r for r in self.refusals))


def refused(code: str, pointer: str = "", **params: Any) -> Refused:
    """A `Refused` with one refusal, to be raised."""
    return Refused(Refusal(code, params, pointer=pointer))


def invalid(code: str, **params: Any) -> PydanticCustomError:
    """A refusal to be raised while pydantic validates a field: pydantic knows the place itself."""
    return PydanticCustomError(code, "{code}", {"code": code, **params})
