"""Whether a public page costs more in a process of ten thousand entries than in one of four thousand.

Both are processes of a large city (`city.py`) on a server of their own, which makes every page anew. This is what a
reader waits for after another one: the first one after a publication waits besides until the process is folded (row
`view`) and what the page shows has been read of all its entries, which grows with them.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from statistics import median
from typing import Final
from urllib.request import Request, urlopen

from benchmarks import city
from benchmarks.measuring import Goal, Row, compared, in_turn, timed
from benchmarks.places import ACCOUNT, Place
from benchmarks.timeline import GZIP, Program
from domain.publication import Statement

SMALL: Final = 4_000
"""Its longest lists fill a page already."""
LARGE: Final = 10_000
IN_A_ROUND: Final = 5
GOAL: Final = Goal(must=1.5, time=True)

PROCESS: Final = "/prozesse/bench"
PAGES: Final = (
    "",
    "/verlauf?order=newest",
    "/struktur",
    "/gremien",
    "/gremien/labor-3",
    "/akteure/verein-3",
    "/dokumente",
    "/beschluesse",
    "/offen",
    "/zusagen",
    "/termine",
    "/eintrag/500",
    "/eintrag/500/warum",
    "/berichtigungen",
    "/teilnahme",
    "/verlauf?happened_by=2020-01-01",
)
FIGURES: Final = "/auswertung/bench/zahlen"


def rows(place: Place) -> Iterator[Row]:
    """Each page of the large process against the same page of the small one."""
    with ExitStack() as programs:
        small, large = (_served(place, size, programs) for size in (SMALL, LARGE))
        for page in (*(f"{PROCESS}{page}" for page in PAGES), FIGURES):
            taken = in_turn({"large": _asking(large, page), "small": _asking(small, page)})
            work = f"page {page.removeprefix(PROCESS) or '/'} of a process of {LARGE:,} entries, rendered"
            yield compared(work, f"of {SMALL:,}", place.name, taken["large"], taken["small"], GOAL)


def _served(place: Place, size: int, programs: ExitStack) -> int:
    """The port of a server with one process of a size, all of it public."""
    installation = place.installed()
    step = {"type": "entry-published", "targets": list(range(1, size + 1))}
    public = Statement.model_validate({"process": "bench", "key": "public", "step": step})
    installation.service.record([*city.statements(size), public], ACCOUNT)
    url = installation.settings.database_url
    return int(programs.enter_context(Program("benchmarks.served", "pages", url, "0")).line())


def _asking(port: int, page: str) -> Callable[[], float]:
    def ask() -> None:
        with urlopen(Request(f"http://127.0.0.1:{port}{page}", headers=GZIP)) as answer:
            answer.read()

    ask()  # what the first reader waits for is not what is measured
    return lambda: median(timed(ask) for _ in range(IN_A_ROUND))
