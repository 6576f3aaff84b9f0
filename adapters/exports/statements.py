"""Statements as JSON Lines: what `import` reads. Imported elsewhere and exported again they are the same bytes."""

import json
from collections.abc import Iterable, Iterator

from adapters.answers import statement_json
from domain.publication import Statement


def lines(statements: Iterable[Statement]) -> Iterator[str]:
    """One line per statement, without its line end: the fields in their fixed order, defaults left out."""
    for statement in statements:
        yield json.dumps(statement_json(statement), ensure_ascii=False, separators=(", ", ": "))
