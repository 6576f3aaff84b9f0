"""Eight programs append at once while another one follows: how fast that is, and what who follows misses.

Against the native `eventsourcing` library, with its functions in PostgreSQL and without them, and against Emmett
(npm `@event-driven-io/emmett-postgresql`), which needs Node. All on the same PostgreSQL.
"""

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import make_url

from benchmarks.measuring import in_digits
from benchmarks.places import Place

EMMETT: Final = Path(__file__).parent / "emmett"
ROUNDS: Final = 3
WRITERS: Final = 8
LISTS: Final = 100
SIZES: Final = (1, 1, 1, 2, 5, 20, 60)
TEXT: Final = "Zukunft gemeinsam gestalten – „für alle“. " * 8

HEAD: Final = """\
| of | entries | appended, 1/s | read, 1/s | following: lost | twice | disordered | reading: lost | twice | disordered |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"""


@dataclass
class Amiss:
    """What was not as it was appended, to somebody who wants all of it, once and in order."""

    lost: int = 0
    twice: int = 0
    disordered: int = 0
    """How many came, for the first time, after a later one of their stream."""

    def add(self, seen: Sequence[str], appended: Mapping[str, int]) -> None:
        """Counts what somebody saw of streams with so many entries; `w3-17` is the 17th in `w3`."""
        last = dict.fromkeys(appended, 0)
        first = dict.fromkeys(seen)
        for stream, number in (id_.rsplit("-", 1) for id_ in first):
            self.disordered += int(number) < last[stream]
            last[stream] = max(last[stream], int(number))
        ids = {f"{stream}-{number + 1}" for stream, entries in appended.items() for number in range(entries)}
        if not first.keys() <= ids:
            raise RuntimeError(f"nobody appended {sorted(first.keys() - ids)}")
        self.lost += len(ids - first.keys())
        self.twice += len(seen) - len(first)

    def __str__(self) -> str:
        return " | ".join(f"{count:,}" for count in (self.lost, self.twice, self.disordered))


@dataclass
class Ran:
    """What came of the rounds of one of them."""

    name: str
    entries: int = 0
    appended: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)
    following: Amiss = field(default_factory=Amiss)
    reading: Amiss = field(default_factory=Amiss)

    def __str__(self) -> str:
        speeds = (in_digits(median(speed)) for speed in (self.appended, self.read))
        return f"| {self.name} | {self.entries:,} | {' | '.join(speeds)} | {self.following} | {self.reading} |"


Command = Sequence[str | Path]


def table(place: Place) -> Iterator[str]:
    """The lines of the table. All of them run a round before one of them runs the next."""
    with emmett() as folder:
        commands: dict[str, Command] = {
            f"eventsourcing 9.5.6, {name}": (sys.executable, "-m", "benchmarks.racer", engine)
            for name, engine in {"its functions off": "native", "its functions on": "native-functions"}.items()
        }
        commands = {"Werdegang, complete": (sys.executable, "-m", "benchmarks.racer", "ours"), **commands}
        if folder is not None:
            commands["Emmett 0.42.0, from the beginning"] = ("node", folder / "race.js", "beginning")
            commands["Emmett 0.42.0, from its checkpoint"] = ("node", folder / "race.js", "checkpoint")
        ran = {name: Ran(name) for name in commands}
        for number in range(ROUNDS):
            for name, command in commands.items():
                run(ran[name], command, place.empty_database(), random.Random(number))
        yield HEAD
        yield from map(str, ran.values())
    if folder is None:
        yield "\nWithout Emmett: there is no Node with npm here."


@contextmanager
def emmett() -> Iterator[Path | None]:
    """A folder with Emmett in it, where there is Node."""
    if not (shutil.which("node") and shutil.which("npm")):
        yield None
        return
    with TemporaryDirectory(prefix="werdegang-emmett-") as name:
        folder = Path(name)
        for file in ("race.js", "package.json", "package-lock.json"):
            shutil.copy(EMMETT / file, folder)
        install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(install, cwd=folder, check=True)
        yield folder


class Racer:
    """One of the programs of a race: it says one line of JSON, waits for one line, and says another."""

    def __init__(self, command: Command, *given: str) -> None:
        self._process = subprocess.Popen(
            [*command, *given], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def says(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def go(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def ends(self) -> None:
        if self._process.wait():
            raise RuntimeError(f"it ended with {self._process.returncode}")


def run(ran: Ran, command: Command, url: str, chance: random.Random) -> None:
    """One round in an empty database."""
    if command[0] == "node":
        url = for_node(url)
    streams = [f"w{n}" for n in range(WRITERS)]
    Racer(command, "migrate", url, json.dumps(streams)).ends()
    following = Racer(command, "tail", url, "following")
    following.says()
    sizes = [json.dumps([chance.choice(SIZES) for _ in range(LISTS)]) for _ in streams]
    writers = [Racer(command, "write", url, *given, TEXT) for given in zip(streams, sizes, strict=True)]
    for writer in writers:
        writer.says()
    began = time.perf_counter()
    for writer in writers:
        writer.go()
    appended = {stream: writer.says() for stream, writer in zip(streams, writers, strict=True)}
    taken = time.perf_counter() - began
    following.go()
    seen = following.says()
    reading = Racer(command, "all", url, "reading")
    reading.says()
    reading.go()
    read = reading.says()
    for racer in (following, reading, *writers):
        racer.ends()
    entries = sum(appended.values())
    ran.entries += entries
    ran.appended.append(entries / taken)
    ran.read.append(entries / read["taken"] * 1_000)
    ran.following.add(seen, appended)
    ran.reading.add(read["seen"], appended)


def for_node(url: str) -> str:
    """The same database as the driver of Node understands it."""
    parsed = make_url(url)
    if "host" in parsed.query:  # a folder with a socket
        return f"postgresql://{parsed.username}@localhost/{parsed.database}?host={parsed.query['host']}"
    return parsed.set(drivername="postgresql").render_as_string(hide_password=False)
