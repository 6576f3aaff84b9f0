"""Refusals and hints: a stable code with parameters; the words stand in `domain/words.py`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

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
    """Nothing was recorded, `outcome-unknown` alone excepted; `refusals` say why and name the way out."""

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
    given = {name: _encodable(value) if isinstance(value, str) else value for name, value in params.items()}
    return PydanticCustomError(code, "{code}", {"code": code, **given})


def restated(refusal: Refusal) -> PydanticCustomError:
    """A refusal met while pydantic validates a field."""
    return invalid(refusal.code, **refusal.params)


def _encodable(text: str) -> str:
    """What somebody sent may hold half a character, which pydantic cannot take."""
    return text.encode("utf-8", "backslashreplace").decode()


# ---- what pydantic finds wrong, in our codes and at our places ----------------------------------------------------

FIELD_CODES: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "bool_parsing": ("field-yes-no", {}),
    "bool_type": ("field-yes-no", {}),
    "date_from_datetime_inexact": ("field-day", {}),
    "date_from_datetime_parsing": ("field-day", {}),
    "date_parsing": ("field-day", {}),
    "date_type": ("field-day", {}),
    "datetime_from_date_parsing": ("field-instant", {}),
    "datetime_parsing": ("field-instant", {}),
    "datetime_type": ("field-instant", {}),
    "dict_type": ("field-object", {}),
    "extra_forbidden": ("field-unknown", {}),
    "greater_than_equal": ("field-too-small", {"least": "ge"}),
    "int_type": ("field-number", {}),
    "less_than_equal": ("field-above", {"most": "le"}),
    "less_than": ("field-too-large", {"limit": "lt"}),
    "missing": ("field-missing", {}),
    "model_attributes_type": ("field-object", {}),
    "model_type": ("field-object", {}),
    "string_pattern_mismatch": ("field-pattern", {"pattern": "pattern", "given": "input"}),
    "string_too_long": ("field-too-long", {"most": "max_length"}),
    "string_too_short": ("field-empty", {}),
    "string_type": ("field-text", {}),
    "string_unicode": ("text-unprintable", {}),
    "timezone_aware": ("field-instant", {}),
    "too_long": ("field-too-many", {"most": "max_length"}),
    "too_short": ("field-too-few", {"least": "min_length"}),
    "tuple_type": ("field-list", {}),
}
"""Types of pydantic's errors → our code, and our parameters by the names they have in the error's context.

The parameter `field` is always there; whatever type is missing here is `field-invalid`.
"""

Place = tuple[int | str, ...]


def from_validation(error: ValidationError) -> Refused:
    """What is wrong with a statement, once for every place, with JSON pointers into what was given."""
    found: dict[Place, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False):
        found.setdefault(_place(detail), []).append(detail)
    # Where an item of a list is wrong, pydantic complains about the list too.
    whole = {place[:length] for place in found for length in range(len(place))}
    return Refused(*(_refusal(details, place) for place, details in found.items() if place not in whole))


_FIELD: Final = re.compile(r"(?!(?:int|str)$)[a-z][a-z0-9_]*")


def _place(detail: ErrorDetails) -> Place:
    """Where it is: pydantic's place without the step type after `step`, and without the branches of a union."""
    above, last = detail["loc"][:-1], detail["loc"][-1:]
    if detail["type"] != "extra_forbidden":  # what nobody expected can have any name
        above, last = detail["loc"], ()
    names = tuple(part for part in above if isinstance(part, int) or _FIELD.fullmatch(part))
    return (*names, *last, "type") if detail["type"].startswith("union_tag") else (*names, *last)


def _refusal(details: list[ErrorDetails], place: Place) -> Refusal:
    """One refusal for all that pydantic says about one place; only a union says more than one thing."""
    detail, kind = details[0], details[0]["type"]
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in place)
    context = {**detail.get("ctx", {}), "input": _given(detail["input"])}
    params: dict[str, Any] = {"field": next((part for part in reversed(place) if isinstance(part, str)), "")}
    if context.get("code") == kind:  # one of ours, raised by `invalid`
        return Refusal(kind, {name: context[name] for name in context if name not in ("code", "input")}, None, pointer)
    if {"constrained-int", "constrained-str"} <= {d["loc"][-1] for d in details if d["loc"]}:
        return Refusal("field-reference", {**params, "given": context["input"]}, None, pointer)
    if kind == "literal_error":
        permitted = _quoted(context["expected"])
        return Refusal("field-choice", {**params, "given": context["input"], "permitted": permitted}, None, pointer)
    if kind == "union_tag_invalid":
        known = _quoted(context["expected_tags"])
        similar = get_close_matches(context["tag"], known) or known
        return Refusal("type-unknown", {"type": context["tag"][:80], "similar": similar}, None, pointer)
    if kind == "union_tag_not_found":
        return Refusal("field-missing", params, None, pointer)
    if kind == "json_invalid":
        line, column = re.findall(r"\d+", context["error"])[-2:]
        return Refusal("json-invalid", {"line": int(line), "column": int(column)}, None, pointer)
    if kind not in FIELD_CODES:
        return Refusal("field-invalid", params, None, pointer)
    code, names = FIELD_CODES[kind]
    return Refusal(code, params | {ours: context[theirs] for ours, theirs in names.items()}, None, pointer)


def _quoted(terms: str) -> list[str]:
    return re.findall(r"'([^']*)'", terms)


def _given(value: object) -> str:
    """What was given, short enough to be shown; what is no single value is not repeated."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)[:80] if isinstance(value, str | int | float) else "…"
