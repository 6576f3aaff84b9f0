"""Long lists stand on several pages: which page an address asks for, what is on it, and how one comes to the others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlencode

from fastapi import Request

from domain.errors import refused

ROWS: Final = 100
"""How many rows or sections a page holds where nothing else is said."""

PROCESSES: Final = 50
"""How many processes a page lists, and how many are few enough to choose one of them for a search."""

PAGE: Final = "page"

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Paging:
    """One page out of all that a list of `total` things takes; `asked` is the address without the number."""

    number: int
    total: int
    size: int
    path: str
    asked: tuple[tuple[str, str], ...]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The place of the first thing on the page, counted from 0."""
        return (self.number - 1) * self.size

    def of(self, everything: Sequence[Item]) -> Sequence[Item]:
        """What is on the page."""
        return everything[self.first : self.first + self.size]

    def page_of(self, place: int) -> int:
        """The page on which the thing at a place is."""
        return place // self.size + 1

    def address(self, number: int) -> str:
        """The address of a page; the first one needs no number."""
        asked = [*self.asked, *([(PAGE, str(number))] if number > 1 else [])]
        return f"{self.path}?{urlencode(asked)}" if asked else self.path


def asked_page(request: Request) -> int:
    """The number of the page that an address asks for."""
    number = request.query_params.get(PAGE, "")
    if not re.fullmatch(r"([1-9][0-9]{0,5})?", number):
        raise refused("page-not-found")
    return int(number or 1)


def paging(request: Request, total: int, size: int = ROWS) -> Paging:
    """The page of a list that an address asks for; refused beyond the last one."""
    asked = tuple((name, value) for name, value in request.query_params.multi_items() if name != PAGE)
    found = Paging(asked_page(request), total, size, request.url.path, asked)
    if found.number > found.pages:
        raise refused("page-beyond", pages=found.pages)
    return found
