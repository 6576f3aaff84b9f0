"""Public answers given a moment ago, given again as they are: as long as nothing that they rest on has changed.

Whether something has is asked anew for every reader, but one question serves all who came before it was put. What was
answered is found by its address, before anything else of the program is troubled with it.

Only what rests on the entries, the tables, the clock and what lies beside them (documents, witnesses) may be kept here:
nothing else changes the `Footing`.
"""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.replies import PUBLIC, Kept, known
from adapters.web.requests import told_of
from service import Footing, Service

RESTS_ON_ENTRIES: Final = re.compile(
    r"/|/en/?|(/en)?/(prozesse|auswertung|suche)(/.*)?|/api/v1/(processes|search)(/.*)?"
)
"""The addresses of which answers may be given again. The log is not among them: what is signed rests on more than the
database; nor is the desk.
"""

OF_ONE_PROCESS: Final = re.compile(r"(?:(?:/en)?/prozesse|/api/v1/processes)/([^/]+)(?:/|$)")
"""The addresses whose answers rest on one process, and on what is said of the installation. A recording in another
process leaves them as they are.
"""

MOST: Final = 10_000
"""How many answers are known at most. Their bodies are kept elsewhere, up to a number of bytes."""

LONGEST: Final = 2_000
"""Whoever asks with more bytes than that is answered each time."""

_PERSONAL: Final = {b"authorization", b"cookie"}
_CHOOSING: Final = {b"accept", b"accept-encoding", b"accept-language"}
_OF_CONTENT: Final = {b"content-length", b"content-type", b"content-encoding"}

log = structlog.get_logger()

_Headers = list[tuple[bytes, bytes]]
_Asked = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer without its body; `unchanged` are the headers for whoever has it already (RFC 9110, 15.4.5)."""

    tag: str
    unchanged: _Headers
    headers: _Headers | None
    """`None` where all who asked so far had it already."""
    route: str
    process: str | None
    """The only one that it rests on; `None`: on more than one."""


@dataclass(frozen=True, slots=True)
class _Noted:
    """What was answered on one footing."""

    answers: dict[_Asked, _Answer] = field(default_factory=dict)

    def on(self, footing: Footing) -> "_Noted":
        """What holds on the next footing, too. What is being answered on this one is not added to it any more."""
        changed = footing.changed
        if changed is None:
            return _Noted()
        kept = self.answers.copy()  # at once: answers come in meanwhile
        return _Noted({asked: each for asked, each in kept.items() if each.process and each.process not in changed})


@dataclass(eq=False, slots=True)
class _Question:
    """Whether the footing is still the same. Whoever comes when it has begun comes too late for its answer."""

    loop: asyncio.AbstractEventLoop
    begun: bool = False
    answer: asyncio.Future[Footing | None] | None = None


class Current:
    """Gives answers from `kept` again as long as `service.footing` is the same; all else is let through.

    Where texts were erased since, it has them forgotten first: nobody is given them, and nor do they stay in memory.
    """

    def __init__(self, app: ASGIApp, service: Service, kept: Kept, forget: Callable[[], None]) -> None:
        self._app = app
        self._service = service
        self._kept = kept
        self._forget = forget
        self._noted = _Noted()
        self._question: _Question | None = None
        # One question after the other, in a thread that no other work can keep busy.
        self._asking = ThreadPoolExecutor(1, "footing")
        self._footing: Footing | None = None
        self._unknown = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _asked(scope)
        footing = None if asked is None else await self._stands()
        if asked is None or footing is None:
            await self._app(scope, receive, send)
            return
        noted = self._noted  # on this footing, or a later one
        told = told_of(scope)
        if (answer := noted.answers.get(asked)) is not None and await self._answered(scope, answer, send):
            told.route, told.kept = answer.route, True
            return
        told.kept = False

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                _note(noted.answers, asked, message, scope["path"], told.route)
            await send(message)

        await self._app(scope, receive, send_noted)

    async def _answered(self, scope: Scope, answer: _Answer, send: Send) -> bool:
        """Sends an answer again, unless its body is not kept."""
        given = (value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match")
        if known(given, answer.tag):
            await send({"type": "http.response.start", "status": 304, "headers": answer.unchanged})
            await send({"type": "http.response.body", "body": b""})
            return True
        body = None if answer.headers is None else self._kept.get(answer.tag)
        if body is None:
            return False
        await send({"type": "http.response.start", "status": 200, "headers": answer.headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
        return True

    async def _stands(self) -> Footing | None:
        """The footing after this was called; `None` where it cannot be told: the answer will say why."""
        if self._footing is not None and self._service.stands(self._footing):
            return self._footing
        question, loop = self._question, asyncio.get_running_loop()
        if question is None or question.begun or question.loop is not loop or question.answer is None:
            question = self._question = _Question(loop)  # known before it can begin
            # Where this reader's answer is read from, the footing is, too.
            question.answer = loop.run_in_executor(self._asking, copy_context().run, self._ask, question)
        assert question.answer is not None
        return await asyncio.shield(question.answer)  # whoever goes away takes nobody else's answer along

    def _ask(self, question: _Question) -> Footing | None:
        question.begun = True
        try:
            before = self._footing
            footing = self._service.footing(before)
            if before is not None and before.erased != footing.erased:
                self._forget()
            if before != footing:
                self._noted = self._noted.on(footing)
            self._footing = footing  # last: what fails before is tried again by the next question
        except Exception as error:  # of any kind: it is one question for many readers, each has an answer
            if not self._unknown:
                log.warning("footing-unknown", exc_info=error)
            self._unknown = True
            return None
        if self._unknown:
            log.info("footing-known")
        self._unknown = False
        return self._footing


def _note(answers: dict[_Asked, _Answer], asked: _Asked, message: Message, path: str, route: str) -> None:
    headers: _Headers = list(message["headers"])
    named = dict(headers)
    if named.get(b"cache-control") != PUBLIC.encode() or b"etag" not in named or message["status"] not in {200, 304}:
        return
    unchanged = [(name, value) for name, value in headers if name not in _OF_CONTENT]
    if len(answers) >= MOST:
        answers.pop(next(iter(answers)), None)
    whole = headers if message["status"] == 200 else None
    within = OF_ONE_PROCESS.match(path)
    answers[asked] = _Answer(named[b"etag"].decode(), unchanged, whole, route, within and within[1])


def _asked(scope: Scope) -> _Asked | None:
    """What decides on an answer of this program to the public; `None` where it is not such a question."""
    if not for_everybody(scope):
        return None
    asked = [scope["path"].encode(), scope["query_string"]]
    for name, value in scope["headers"]:
        if name in _CHOOSING:
            asked += [name, value]
    return tuple(asked) if sum(map(len, asked)) <= LONGEST else None


def for_everybody(scope: Scope) -> bool:
    """Whether a request asks for what rests on the entries, and does not say who asks."""
    return reads_unnamed(scope) and RESTS_ON_ENTRIES.fullmatch(scope["path"]) is not None


def reads_unnamed(scope: Scope) -> bool:
    """Whether a request only reads, and does not say who asks."""
    return (
        scope["type"] == "http"
        and scope["method"] in {"GET", "HEAD"}
        and not any(name in _PERSONAL for name, _ in scope["headers"])
    )
