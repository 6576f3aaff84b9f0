"""A web server on 127.0.0.1 for as long as its standard input is open: our pages, or bytes from memory.

`python -m benchmarks.served pages URL BYTES` serves the installation in a database, which keeps at most BYTES of
answers; `… bytes FILE` serves that file at every address. The first line it prints is its port.
"""

import os
import socket
import sys
import threading
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response

from adapters.logs import configure
from adapters.web.app import create_app
from adapters.web.turns import let_go_often
from benchmarks.places import at


def main(kind: str, *given: str) -> None:
    """Serves until nobody holds the other end of the input. Each request has its line in the log, to nowhere."""
    sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # as long as the program lasts
    configure("info")
    app = _pages(*given) if kind == "pages" else _bytes(*given)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False))
    threading.Thread(target=_stop_with_input, args=[server], daemon=True).start()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        # Otherwise the end of every answer waits for the reader to acknowledge its beginning: 40 ms.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        print(listening.getsockname()[1], flush=True)
        server.run(sockets=[listening])


def _pages(url: str, most_kept: str) -> FastAPI:
    installation = at(url)
    let_go_often()  # as a worker does, once it is wired
    return create_app(installation, int(most_kept))


def _bytes(file: str) -> FastAPI:
    """What can be said for a page in FastAPI with the least: the bytes are there, and no thread is asked for them."""
    body = Path(file).read_bytes()
    app = FastAPI()

    @app.get("/{path:path}")
    async def answer(path: str) -> Response:  # noqa: ARG001  # FastAPI asks for it by name
        return Response(body, media_type="text/html; charset=utf-8", headers={"Content-Encoding": "gzip"})

    return app


def _stop_with_input(server: uvicorn.Server) -> None:
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    main(*sys.argv[1:])
