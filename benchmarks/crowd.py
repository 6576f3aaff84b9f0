"""Many readers who go through public pages of many processes, each on a connection of its own and with pauses.

`python -m benchmarks.crowd` reads one JSON line with port, readers, processes, pause (its mean in seconds) and seconds,
says `reading` when all are under way, and answers with what they met: answers, errors, and milliseconds.
"""

import asyncio
import json
import random
import sys
import time
from statistics import quantiles
from typing import Any, Final

PAGES: Final = (
    "",
    "/verlauf",
    "/verlauf?order=newest",
    "/struktur",
    "/gremien",
    "/beschluesse",
    "/eintrag/2",
    "/eintrag/3",
)
EXPECTED: Final = (b"HTTP/1.1 200 ", b"HTTP/1.1 304 ")


async def main(port: int, readers: int, processes: list[str], pause: float, seconds: float) -> dict[str, Any]:
    """What all of them met."""
    taken: list[float] = []
    errors: list[str] = []
    until = time.perf_counter() + seconds
    given = (port, processes, pause, until, taken, errors)
    crowd = [asyncio.create_task(_reader(n, *given)) for n in range(readers)]
    print("reading", flush=True)
    await asyncio.gather(*crowd)
    half, most = quantiles(taken, n=100)[49], quantiles(taken, n=100)[98]
    return {"answers": len(taken), "errors": errors[:5], "median": half, "p99": most}


async def _reader(
    n: int, port: int, processes: list[str], pause: float, until: float, taken: list[float], errors: list[str]
) -> None:
    """One reader: a page, a pause, another page; a page read before is asked for again with its ETag."""
    chance, known = random.Random(n), dict[str, str]()
    await asyncio.sleep(chance.uniform(0, pause))
    connection = Connection(port)
    while time.perf_counter() < until:
        path = f"/prozesse/{chance.choice(processes)}{chance.choice(PAGES)}"
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
        start = time.perf_counter()
        again = f"If-None-Match: {known[path]}\r\n" if path in known else ""
        status, known[path] = await connection.ask(f"{head}{again}\r\n".encode())
        taken.append((time.perf_counter() - start) * 1_000)
        if not status.startswith(EXPECTED):
            errors.append(f"{path}: {status.decode()}")
        await asyncio.sleep(chance.expovariate(1 / pause) if pause else 0)


class Connection:
    """One that is opened again where the server has closed it in a pause, as browsers do."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> tuple[bytes, str]:
        """The first line of the answer, and its ETag."""
        used = self._open is not None
        try:
            return await self._asked(request)
        except (ConnectionResetError, asyncio.IncompleteReadError):
            if not used:
                raise
        self._open = None
        return await self._asked(request)

    async def _asked(self, request: bytes) -> tuple[bytes, str]:
        if self._open is None or self._open[0].at_eof():
            self._open = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._open
        writer.write(request)
        return await _answer(reader)


async def _answer(reader: asyncio.StreamReader) -> tuple[bytes, str]:
    """The first line of an answer and its ETag; the body is read to its end."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
    await reader.readexactly(int(headers.get(b"content-length", 0)) if not first.startswith(EXPECTED[1]) else 0)
    return first, headers.get(b"etag", b"").decode()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(**json.loads(sys.stdin.readline())))), flush=True)
