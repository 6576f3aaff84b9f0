"""What the public asks is read from the replica; whoever is signed in, or records, is answered by the primary.

Where the replica breaks off in the middle of an answer, the question is put to the primary once more.
"""

import structlog
from sqlalchemy.exc import DBAPIError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.database import Database
from adapters.web.current import for_everybody

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
        if not for_everybody(scope):
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
