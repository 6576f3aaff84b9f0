"""Waiting for news: who asks when there is none is answered when there is some, and not before they gave up.

Whoever waits holds a place in a list, and neither a thread nor a connection to the database. As long as somebody
waits, one question after the other is put to the database for all of them: where the feeds end. Only those are woken
whose own feed has gone on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

import structlog

from domain.errors import refused
from service import Audience, FeedEnds

MOST: Final = 200
"""How many may wait at once in one program."""

EVERY: Final = 0.5
"""Seconds from one question to the next."""

SECONDS: Final = 10
"""After how long to ask again, where too many wait."""

log = structlog.get_logger()

_News = asyncio.Future[None]


class Waiting:
    """Who waits now. `ends` says where the feeds end: as long as it says the same, there are no news.

    It is told whether only the public waits, which reads elsewhere than the office where there is a replica.
    """

    def __init__(self, ends: Callable[[bool], FeedEnds], most: int = MOST) -> None:
        self._ends = ends
        self._most = most
        self._taken = 0
        self._waiting: dict[_News, tuple[Audience, object]] = {}
        self._watching: asyncio.Task[None] | None = None
        self._asking = ThreadPoolExecutor(1, "news")
        self._unknown = False
        self.ended = False

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for one who waits, for as long as they do; refused where there is none left."""
        if self._taken >= self._most:
            raise refused("feed-busy", most=self._most, seconds=SECONDS)
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1

    async def until_news(self, audience: Audience, known: FeedEnds, seconds: float, gone: Awaitable[object]) -> None:
        """Waits until the feed of an audience ends elsewhere than is `known`, time is over, the one who waits has
        `gone`, or all waiting is ended. What goes wrong with the one who waits is raised.
        """
        news, left = asyncio.get_running_loop().create_future(), asyncio.ensure_future(gone)
        self._waiting[news] = audience, known.of(audience)
        if self.ended:
            news.set_result(None)
        elif self._watching is None:
            self._watching = asyncio.create_task(self._watch())
        try:
            await asyncio.wait({news, left}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            del self._waiting[news]
            left.cancel()
        if left.done():
            left.result()

    def end(self) -> None:
        """Ends all waiting, now and from now on: the server stops."""
        self.ended = True
        for news in list(self._waiting):
            news.get_loop().call_soon_threadsafe(_tell, news)

    async def _watch(self) -> None:
        while self._waiting:
            try:
                public = all(audience is None for audience, _ in self._waiting.values())
                ends = await asyncio.get_running_loop().run_in_executor(self._asking, self._ends, public)
            except Exception as error:  # of any kind: who waits is answered when their time is over
                if not self._unknown:
                    log.warning("news-unknown", exc_info=error)
                self._unknown = True
            else:
                if self._unknown:
                    log.info("news-known")
                self._unknown = False
                for news, (audience, known) in self._waiting.items():
                    if ends.of(audience) != known:
                        _tell(news)
            await asyncio.sleep(EVERY)
        self._watching = None


def _tell(news: _News) -> None:
    if not news.done():
        news.set_result(None)
