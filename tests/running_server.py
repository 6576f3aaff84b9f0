"""The real program, serving: started, asked over real connections, told to stop."""

import http.client
import json
import signal
import socket
import time
from contextlib import contextmanager, suppress

from tests.command_line import kept_port, program

SECONDS_TO_START = 120
SECONDS_TO_STOP = 60


class Running:
    """`werdegang serve` on a port of its own, in a folder with what it needs."""

    def __init__(self, home, log, module="adapters.cli", **environment):
        self._kept = kept_port()
        self.port = self._kept.getsockname()[1]
        self.log = log
        given = {"WERDEGANG_HOME": str(home), "WERDEGANG_PORT": str(self.port), **environment}
        with log.open("wb") as stderr:
            self.process = program("serve", module=module, stdout=stderr, stderr=stderr, env=given)
        self.wait_until(self.answers)

    def answers(self):
        try:
            return self.get("/ready")[0] == 200
        except OSError:
            return False

    def wait_until(self, happened):
        give_up = time.monotonic() + SECONDS_TO_START
        while not happened():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < give_up, self.log.read_text()
            time.sleep(0.1)

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method, path, body=None, **headers):
        """Status, headers and body of an answer; each time over a new connection, which any worker may take."""
        connection = self.connection()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        told = answer.status, dict(answer.getheaders()), answer.read()
        connection.close()
        return told

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def record(self, process, statements, token):
        sent = json.dumps(statements).encode()
        headers = {"authorization": f"Bearer {token}", "content_type": "application/json"}
        status, _, body = self.ask("POST", f"/api/v1/processes/{process}/entries", sent, **headers)
        return status, json.loads(body)

    def raw(self, *sent):
        """What is answered to bytes, up to the end of the connection: who refuses does not read what still comes in."""
        answer = bytearray()
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            with suppress(ConnectionResetError, BrokenPipeError):
                for part in sent:
                    connection.sendall(part)
            with suppress(ConnectionResetError):
                while part := connection.recv(1 << 16):
                    answer += part
        return bytes(answer)

    def lines(self):
        """What was logged so far; every line but that of the address has to be one JSON object."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if not line.startswith("Werdegang:")]

    def answered(self, route):
        return [line for line in self.lines() if line["event"] == "answered" and line["route"] == route]

    def workers(self):
        """The ids of the programs that answer requests."""
        started = [line["event"] for line in self.lines() if line["event"].startswith("Started server process")]
        return [int(told.partition("[")[2].rstrip("]")) for told in started]

    def stop(self, number=signal.SIGTERM):
        """Asks it to stop; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS_TO_STOP)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(SECONDS_TO_STOP)
        self._kept.close()


@contextmanager
def serving(home, log, module="adapters.cli", **environment):
    running = Running(home, log, module, **environment)
    try:
        yield running
    finally:
        running.close()
