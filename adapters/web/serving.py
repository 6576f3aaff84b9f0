"""The server: uvicorn, which ends all waiting when it stops instead of waiting for those who wait."""

import socket

import uvicorn
from fastapi import FastAPI


class Server(uvicorn.Server):
    """Serves an app."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(uvicorn.Config(app, log_config=None, server_header=False))
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.waiting.end()
        await super().shutdown(sockets)
