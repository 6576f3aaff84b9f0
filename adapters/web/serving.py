"""The server: uvicorn, which ends all waiting when it stops instead of waiting for those who wait."""

import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp


class Server(uvicorn.Server):
    """Serves an app; `ending` is called when it begins to stop, before it lets those finish who are being answered."""

    def __init__(self, app: ASGIApp, ending: Callable[[], None]) -> None:
        super().__init__(uvicorn.Config(app, log_config=None, server_header=False))
        self._ending = ending

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending()
        await super().shutdown(sockets)
