"""The feed for other systems: entries of all processes as CloudEvents 1.0, page by page, and waiting for the next.

`projections/feed.py` says why nobody who reads on from the last event they have misses one or gets one twice.
"""

from time import monotonic
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Query, Request, Response
from starlette.concurrency import run_in_threadpool

from adapters.answers import Json, entry_answer, head
from adapters.web.asking import AskedFeed, account_of, installed
from adapters.web.replies import json_bytes, reply, require_acceptable
from adapters.web.waiting import Waiting
from projections.feed import Place
from service import Audience, Fed, FeedEnds

BATCH: Final = "application/cloudevents-batch+json"
PATH: Final = "/entries"
LINK: Final[dict[str, Any]] = {
    "Link": {
        "description": "the address to read on at, with the place after the last of these events (`rel=next`)",
        "schema": {"type": "string"},
    }
}


async def feed(request: Request, asked: Annotated[AskedFeed, Query()]) -> Response:
    """Every entry once, as a CloudEvent: read on with `after` set to the `sequence` of the last event you have, or at
    the address in the header `Link`.

    Without a token these are the public entries, in the order in which they became public. With one they are all
    entries of the processes in which the account may read what is internal, in the order in which they were recorded.
    The two are different feeds, and a place in one is none in the other. `data` is the entry as it is shown now: what
    becomes of it later is told by later entries (corrections, withdrawals, erasures).
    """
    require_acceptable(request, BATCH)
    waiting: Waiting = request.app.state.waiting
    known, account, found = await run_in_threadpool(_read, request, asked)
    if known is not None and not found:
        give_up = monotonic() + asked.wait
        with waiting.place():
            while not found and not waiting.ended and (left := give_up - monotonic()) > 0:
                await waiting.until_news(account, known, left, _gone(request))
                if await request.is_disconnected():
                    break
                known, account, found = await run_in_threadpool(_read, request, asked)
                assert known is not None
    return await run_in_threadpool(_answer, request, asked, account, found)  # a full page is reckoned for a while


def _read(request: Request, asked: AskedFeed) -> tuple[FeedEnds | None, Audience, list[Fed]]:
    """Where the feeds ended, and the next entries at that time or a little later. A token may have been revoked since.

    Where they ended matters only to who waits.
    """
    service = installed(request).service
    account, after = account_of(request), None if asked.after is None else Place.read(asked.after)
    known = service.feed_ends() if asked.wait else None
    return known, account, service.feed(account, after, asked.limit)


async def _gone(request: Request) -> None:
    """Waits until whoever asked has gone away."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _answer(request: Request, asked: AskedFeed, account: Audience, found: list[Fed]) -> Response:
    site = installed(request).settings.address
    last = str(found[-1].place) if found else asked.after
    further = {name: value for name, value in (("after", last), ("limit", asked.limit), ("wait", asked.wait)) if value}
    headers = {"Link": f'<{request.url.path}?{urlencode(further)}>; rel="next"'}
    vary = "Authorization, Accept-Encoding"
    heads = {fed.answer.process: head(fed.answer) for fed in found}
    rests_on = site, [(str(fed.place), fed.answer.process) for fed in found], list(heads.values())

    def make() -> bytes:
        return json_bytes([_event(fed, site) for fed in found])

    return reply(request, account, rests_on, make, media_type=BATCH, vary=vary, headers=headers)


def _event(fed: Fed, site: str) -> Json:
    """An entry in the JSON format of CloudEvents; the names of its attributes are theirs."""
    shown = entry_answer(fed.entry, fed.answer)
    return {
        "specversion": "1.0",
        "source": f"{site}/api/v1/processes/{fed.answer.process}",
        "id": str(fed.entry.number),
        "type": f"werdegang.{fed.entry.statement.step.type}",
        "subject": f"entries/{fed.entry.number}",
        "time": shown["recorded_at"],
        "datacontenttype": "application/json",
        "sequence": str(fed.place),
        "data": shown,
    }
