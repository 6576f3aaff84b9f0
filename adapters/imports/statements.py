"""Statements from a file: JSON Lines, as `export --format statements` writes them, or one JSON document.

Every complaint about every statement is raised at once, with the statement's place in the list; `line_starts` tells
on which line of the file that is.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from domain.errors import Refusal, Refused, from_validation, refused
from domain.publication import Statement

Piece = tuple[str, int]
"""The text of one statement and the line it begins on."""

SPACE: Final = " \t\r\n"

Item = TypeVar("Item")


def read_statements(text: str) -> list[Statement]:
    """The statements in the order of the file, or all that is wrong with them."""
    return each_read(_pieces(text), lambda piece: statement_of(strict_json(*piece)))


def each_read(items: Iterable[Item], read: Callable[[Item], Statement]) -> list[Statement]:
    """What each item of a list states, or all that is wrong with any of them."""
    statements: list[Statement] = []
    refusals: list[Refusal] = []
    for index, item in enumerate(items):
        try:
            statements.append(read(item))
        except Refused as refusal:
            refusals.extend(refusal.at(index).refusals)
    if refusals:
        raise Refused(*refusals)
    return statements


def statement_of(content: Any) -> Statement:
    """The statement that a JSON value is."""
    try:
        return Statement.model_validate(content)
    except ValidationError as error:
        raise from_validation(error) from None


def line_starts(text: str) -> list[int]:
    """The line that each statement begins on, of a text that `read_statements` could take apart."""
    return [line for _, line in _pieces(text)]


def strict_json(text: str, line: int = 1) -> Any:
    """A JSON value whose text begins on a line of the file. What JSON leaves open is refused, never guessed at."""
    try:
        return _json(text, line, _no_name_twice)
    except _NamedTwice as error:
        raise refused("json-named-twice", line=line, name=str(error)[:80]) from None


def _json(text: str, line: int, make: Callable[[list[tuple[str, Any]]], Any]) -> Any:
    try:
        return json.loads(text, object_pairs_hook=make, parse_constant=_no_such_number)
    except json.JSONDecodeError as error:
        raise refused("json-invalid", line=line + error.lineno - 1, column=error.colno) from None
    except (ValueError, RecursionError):  # NaN, a number of thousands of digits, thousands of brackets
        raise refused("json-invalid", line=line, column=1) from None


def _pieces(text: str) -> list[Piece]:
    """A text as its statements, none of them read yet."""
    lines = [(line, number) for number, line in enumerate(text.split("\n"), start=1) if line.strip(SPACE)]
    if not _one_document(lines):
        return lines
    (_, first), document = lines[0], _json(text, 1, dict)
    return list(_items(text)) if isinstance(document, list) else [(text, first)]


def _one_document(lines: list[Piece]) -> bool:
    """Whether the lines belong together: a list, or one statement laid out over several lines.

    In JSON Lines each line is a statement. So they are also read where the first is broken and the second begins
    with a brace, which no line inside a statement that is laid out does.
    """
    if not lines or lines[0][0].lstrip(SPACE).startswith("["):
        return bool(lines)
    if len(lines) == 1 or lines[1][0].startswith("{"):
        return False
    try:
        _json(*lines[0], dict)
    except Refused:
        return True
    return False


def _items(text: str) -> Iterator[Piece]:
    """The items of a JSON list that is known to be well formed."""
    decoder = json.JSONDecoder()
    at = _skip(text, text.index("[") + 1)
    line, counted = 1, 0
    while text[at] != "]":
        line, counted = line + text.count("\n", counted, at), at
        _, end = decoder.raw_decode(text, at)
        yield text[at:end], line
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    while text[at] in SPACE:
        at += 1
    return at


class _NamedTwice(Exception):
    """A field was given twice; Python's json would silently keep the second one."""


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _NamedTwice(name)
        found[name] = value
    return found


def _no_such_number(name: str) -> Any:
    raise ValueError(name)
