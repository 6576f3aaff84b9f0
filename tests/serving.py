"""The program as it is run: a process of its own that answers over HTTP, and can be made to die at a named moment."""

import os
import signal
import socket
import time
from contextlib import suppress
from itertools import count

import httpx2
import uvicorn
from sqlalchemy import Engine, Pool, event
from starlette.types import Message, Receive, Scope, Send

from adapters.logs import configure
from adapters.settings import Settings
from adapters.web.app import create_app
from adapters.wiring import installation
from tests.test_crash import Program, at_each_statement

TABLES = "INSERT INTO search_entries"
AFTER = {
    "after the lock": ("BEGIN IMMEDIATE", "pg_advisory_xact_lock"),
    "after the facts": ("INSERT INTO entries",),
    "after the texts": ("INSERT INTO texts",),
    "after the leaf": ("INSERT INTO log_leaves",),
    "after the tables": (TABLES, "COPY search_entries"),
}
MOMENTS = (*AFTER, "before the commit", "after the commit", "before the answer")
"""In the order in which a recording meets them."""

STORED = ("after the commit", "before the answer")
"""Who dies there has stored what nobody was told of."""


def serve(given, fatal, told):
    """Serves an installation, and kills itself when a recording reaches the `fatal` moment, if there is one."""
    configure("error")
    installed = installation(Settings.from_environment(given))
    listening = socket.create_server(("127.0.0.1", 0))
    app = create_app(installed)

    def die(moment):
        if moment == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def after(connection, statement):
        for moment, words in AFTER.items():
            if any(word in statement for word in words):
                connection.info["records"] = connection.info.get("records", False) or "INSERT" in statement
                die(moment)

    def commit(connection):
        if connection.info.get("records"):
            die("before the commit")

    def checkin(_connection, pooled):
        if pooled.info.pop("records", False):
            die("after the commit")

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if scope.get("method") == "POST":
                die("before the answer")
            await send(message)

        await app(scope, receive, sent)

    event.listen(Engine, "commit", commit)
    event.listen(Pool, "checkin", checkin)
    with at_each_statement(lambda *_: None, after):
        told.send(listening.getsockname()[1])
        uvicorn.Server(uvicorn.Config(watched, log_config=None, lifespan="off")).run(sockets=[listening])


class Serving:
    """A running program, and somebody who asks it."""

    def __init__(self, given, token, fatal=None):
        self.program = Program(serve, given, fatal)
        port = self.program.answers.recv()
        self.client = httpx2.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"authorization": f"Bearer {token}"}, timeout=60
        )

    def record(self, process, *statements):
        """What it answers; `None` where it died instead."""
        try:
            return self.client.post(f"/api/v1/processes/{process}/entries", json=statements)
        except httpx2.TransportError:
            return None

    def kill(self):
        self.program.process.kill()

    def end(self):
        """How it ended: the number of the signal that killed it, negative."""
        self.client.close()
        if self.program.process.is_alive():
            self.program.process.terminate()
        return self.program.rest()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """However the test ended, no program is left over."""
        with suppress(ValueError):  # it has been ended
            self.kill()
            self.end()


def statements(n):
    """A list that is stored whole or not at all: three statements, and their publication."""
    occurred = {"edtf": "2026-01-01"}
    keys = [f"k-{n}-{i}" for i in range(3)]
    said = [
        {
            "key": key,
            "step": {"type": "feedback-received", "kind": "concern", "what": f"Zu viele Ebenen, {key}"},
            "occurred": occurred,
        }
        for key in keys
    ]
    return [*said, {"key": f"p-{n}", "step": {"type": "entry-published", "targets": keys}}]


OPENED = [
    {
        "key": "opened",
        "step": {"type": "process-opened", "name": "Lindenau", "city": "Lindenau"},
        "occurred": {"edtf": "2026-01-01"},
    },
    {"key": "public", "step": {"type": "entry-published", "targets": ["opened"]}},
]


def record_until_killed(serving, process, acknowledged, first=0):
    """Records lists one after the other until the program dies; those that it acknowledged are put down."""
    for n in count(first):
        answer = serving.record(process, *statements(n))
        if answer is None:
            return n
        if answer.status_code == 201:
            acknowledged[n] = answer.json()["numbers"]
        elif answer.status_code == 503:
            time.sleep(0.05)
        else:
            raise AssertionError(answer.text)
    raise AssertionError("it was not killed")
