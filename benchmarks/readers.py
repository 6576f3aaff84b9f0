"""Eight readers who ask a web server on this machine for the same page again and again, over open connections.

`python -m benchmarks.readers` reads JSON lines, each with port, path, headers, seconds and the status that is
expected, and answers each with the milliseconds that an answer took: the time, divided by the answers to all readers.
"""

import json
import socket
import sys
import threading
import time
from typing import Any, Final

READERS: Final = 8


def main() -> None:
    """Asks until there is nothing more to read."""
    for line in sys.stdin:
        print(_round(**json.loads(line)), flush=True)


def _round(port: int, path: str, headers: dict[str, str], seconds: float, status: int) -> float:
    asked = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "127.0.0.1", **headers}.items())
    request = f"GET {path} HTTP/1.1\r\n{asked}\r\n".encode()
    answers: list[int] = []
    start = time.perf_counter()
    given = (port, request, start + seconds, status, answers)
    readers = [threading.Thread(target=_read, args=given) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    if len(answers) != READERS:
        raise RuntimeError(f"{path}: not every answer was {status}")
    return (time.perf_counter() - start) * 1_000 / sum(answers)


def _read(port: int, request: bytes, until: float, status: int, answers: list[int]) -> None:
    """One reader; the number of answers is noted only if all of them were as expected."""
    expected, count = f"HTTP/1.1 {status} ".encode(), 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.perf_counter() < until:
            connection.sendall(request)
            if not _answer(connection).startswith(expected):
                return
            count += 1
    answers.append(count)


def _answer(connection: socket.socket) -> bytes:
    """One whole answer; a 304 has no body, whatever else it says."""
    received = b""
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += _some(connection)
    head = received[:end].lower()
    _, found, rest = head.partition(b"content-length:")
    missing = end + 4 + (int(rest.split(b"\r\n", 1)[0]) if found else 0) - len(received)
    while missing > 0:
        missing -= len(_some(connection))
    return received


def _some(connection: socket.socket) -> bytes:
    found: Any = connection.recv(1 << 20)
    if not found:
        raise ConnectionError("the server closed the connection")
    return bytes(found)


if __name__ == "__main__":
    main()
