"""The command with more addresses, which hold the event loop for ever, and a watch that waits for seconds only.

Each worker of several runs this module anew, as `multiprocessing` does with the module that was started.
"""

import os
import time

from starlette.routing import Route

from adapters.cli import main
from adapters.web import app as web
from adapters.web import serving, stuck

stuck.EVERY, stuck.MOST, stuck.SECONDS_TO_TELL = 0.1, 20, 0.5  # type: ignore[misc]


async def hold_the_loop(_request):
    time.sleep(3_600)  # noqa: ASYNC251  # that is what is wrong with it


async def hold_the_loop_and_the_log(_request):
    """As where whoever reads the errors has stopped reading."""
    os.dup2(os.pipe()[1], 2)
    os.write(2, b"x" * 10_000_000)


def create_app(*given, **named):
    app = web.create_app(*given, **named)
    app.router.routes[:0] = [Route("/hold", hold_the_loop), Route("/hold-log", hold_the_loop_and_the_log)]
    return app


serving.create_app = create_app  # type: ignore[attr-defined]

if __name__ == "__main__":
    main()
