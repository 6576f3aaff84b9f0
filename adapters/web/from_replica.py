"""What the public asks is read from the replica; whoever is signed in, or records, is answered by the primary.

Where the replica breaks off in the middle of an answer, the question is put to the primary once more.
"""

import re
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.database import Database
from adapters.web.current import RESTS_ON_ENTRIES, reads_unnamed

BESIDES: Final = re.compile(r"/api/v1/entries|/sitemap(-[0-9]+)?\.xml|/log/.+")
"""What rests on the entries, too, and is made anew for every reader. What is signed is asked of the primary first."""

log = structlog.get_logger()


class FromReplica:
    """Stands before everything that reads. Who has a cookie or a token of ours sees what they recorded, at once.

    Only what rests on the entries is read there: a page about a registration, which somebody made a moment ago without
    an account, is not.
    """

    def __init__(self, app: ASGIApp, database: Database) -> None:
        self._app = app
        self._database = database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _read_there(scope):
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            with self._database.reading_as_public():
                await self._app(scope, receive, send_noted)
        except DBAPIError as error:
            if begun:
                raise
            log.info("replica-broke-off", exc_info=error)
        else:
            return
        await self._app(scope, receive, send)


def _read_there(scope: Scope) -> bool:
    return reads_unnamed(scope) and any(read.fullmatch(scope["path"]) for read in (RESTS_ON_ENTRIES, BESIDES))
