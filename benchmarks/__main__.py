"""What Werdegang costs, as ratios against others in the same run on the same machine; prints a table in Markdown.

`python -m benchmarks` measures everything, `python -m benchmarks record import` only these. `--million` adds what
takes an hour: the installation of a million entries.
"""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Final

from benchmarks import (
    evaluation,
    growth,
    importing,
    load,
    memory,
    merkle,
    pages,
    races,
    rebuild,
    record,
    timeline,
    view,
)
from benchmarks.measuring import HEAD, Row
from benchmarks.places import Place, postgres, sqlite

PLACES: Final = {"sqlite": sqlite, "postgres": postgres}

OnEach = Callable[[Place], Iterator[Row]]

ON_EACH: Final[Mapping[str, OnEach]] = {
    "record": record.rows,
    "import": importing.rows,
    "rebuild": rebuild.rows,
    "view": view.rows,
    "evaluation": evaluation.rows,
    "timeline": timeline.rows,
    "pages": pages.rows,
    "growth": growth.rows,
    "load": partial(load.rows, size=load.SMALL),
}
"""What is measured on every kind of database, by its name on the command line."""

ANYWHERE: Final = {"merkle": merkle.rows}
"""What needs no database."""

RACES: Final = "races"
"""What has a table of its own, and needs PostgreSQL."""

MILLION: Final[Mapping[str, OnEach]] = {
    "growth": partial(growth.rows, million=True),
    "memory": memory.rows,
    "load": load.rows,
}
"""What is measured instead of, or beside the others with `--million`."""


def main() -> None:
    """Runs what was asked for and prints each row when it is known."""
    names = [*ON_EACH, *ANYWHERE, *MILLION, RACES]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(names)}")
    parser.add_argument("--on", choices=PLACES, action="append", help="the kind of database; without it: both")
    parser.add_argument("--million", action="store_true", help="also what takes a million entries, for an hour")
    chosen = parser.parse_args()
    on_each = {**ON_EACH, **MILLION} if chosen.million else ON_EACH
    if unknown := set(chosen.names) - {*on_each, *ANYWHERE, RACES}:
        parser.error(f"there is no {', '.join(sorted(unknown))} among {', '.join(names)}; memory needs --million")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # servers and folders are cleared away then, too
    wanted = chosen.names or [*on_each, *ANYWHERE, RACES]
    if wanted != [RACES]:
        print(HEAD)
    rows = [name for name in wanted if name != RACES]
    works = (ANYWHERE[name]() if name in ANYWHERE else _on(chosen.on or PLACES, on_each[name]) for name in rows)
    for row in chain.from_iterable(works):
        print(row, flush=True)
    if RACES in wanted:
        with postgres() as place:
            for line in races.table(place):
                print(line, flush=True)


def _on(places: Sequence[str] | Mapping[str, object], rows: OnEach) -> Iterator[Row]:
    for name in places:
        with PLACES[name]() as place:
            yield from rows(place)


if __name__ == "__main__":
    main()
