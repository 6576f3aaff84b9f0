"""A page of the timeline for eight readers at once, against a FastAPI route with the same bytes in memory.

Servers and readers are programs of their own, so that neither takes time from the other but on the processor.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Final, Self
from urllib.request import Request, urlopen

from adapters.web.replies import MOST_KEPT
from benchmarks.invented import statements
from benchmarks.measuring import Goal, Row, compared, in_turn
from benchmarks.places import ACCOUNT, Place
from domain.publication import Statement

ENTRIES: Final = 1_000
SECONDS: Final = 2.0
"""How long the readers ask in a round."""

PATH: Final = "/prozesse/bench/verlauf"
GZIP: Final = {"Accept-Encoding": "gzip"}
GOALS: Final = {"rendered": Goal(must=0.1), "from cache": Goal(must=0.5), "304": Goal(must=0.8)}


class Program:
    """A program of this folder that is told things line by line; it ends when it is told nothing more."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", *arguments]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.__exit__(None, None, None)

    def line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def ask(self, **given: Any) -> float:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps(given)}\n")
        self._process.stdin.flush()
        return float(self.line())


def rows(place: Place) -> Iterator[Row]:
    """Made anew for every reader; kept; and known to the reader already."""
    installation = place.installed()
    installation.service.record([*statements(ENTRIES), _published()], ACCOUNT)
    url = installation.settings.database_url
    with ExitStack() as programs:

        def served(*what: str) -> int:
            return int(programs.enter_context(Program("benchmarks.served", *what)).line())

        making, keeping = served("pages", url, "0"), served("pages", url, str(MOST_KEPT))
        etag, body = _page(keeping)
        (place.folder / "page").write_bytes(body)
        bytes_only = served("bytes", str(place.folder / "page"))
        readers = programs.enter_context(Program("benchmarks.readers"))

        def asked(port: int, status: int = 200, **headers: str) -> float:
            return readers.ask(port=port, path=PATH, headers=GZIP | headers, seconds=SECONDS, status=status)

        taken = in_turn(
            {
                "rendered": lambda: asked(making),
                "from cache": lambda: asked(keeping),
                "304": lambda: asked(keeping, 304, **{"If-None-Match": etag}),
                "theirs": lambda: asked(bytes_only),
            }
        )
    against = f"FastAPI route, the same {len(body) / 1_000:.1f} kB from memory"
    for name, goal in GOALS.items():
        work = f"timeline page of 50 entries, 8 clients, {name}"
        yield compared(work, against, place.name, taken[name], taken["theirs"], goal)


def _published() -> Statement:
    step = {"type": "entry-published", "targets": list(range(1, ENTRIES + 1))}
    return Statement.model_validate({"process": "bench", "key": "public", "step": step})


def _page(port: int) -> tuple[str, bytes]:
    """The page as a browser gets it, compressed, and its ETag."""
    with urlopen(Request(f"http://127.0.0.1:{port}{PATH}", headers=GZIP)) as answer:
        return answer.headers["ETag"], answer.read()
