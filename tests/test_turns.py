"""Answers for everybody are made one after the other, and nobody waits for a single slow one."""

import asyncio
import gc
import sys

import httpx2
import pytest
from starlette.responses import PlainTextResponse

from adapters.web import turns
from adapters.web.requests import TOLD, Told
from adapters.web.turns import InTurn

PAGE = "/prozesse/lindenau"


class Behind:
    """A program that notes whom it has begun to answer, and answers when it may."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.may = asyncio.Event()

    async def __call__(self, scope, receive, send) -> None:
        self.begun.append(f"{scope['method']} {scope['path']}")
        if scope["path"].endswith("fault"):
            raise RuntimeError
        await self.may.wait()
        await PlainTextResponse("made")(scope, receive, send)


async def asked(app, *requests) -> list[asyncio.Task]:
    """Requests that were sent one after the other, and are under way."""
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://lindenau.example")
    found = []
    for method, path, *headers in requests:
        found.append(asyncio.create_task(client.request(method, path, headers=dict(*headers))))
        await asyncio.sleep(0.01)
    return found


@pytest.fixture
def patient(monkeypatch):
    """A turn lasts until the answer is made."""
    monkeypatch.setattr(turns, "TURN", 3_600)


@pytest.mark.usefixtures("patient")
def test_readers_are_answered_one_after_the_other_as_they_came():
    async def run() -> None:
        behind = Behind()
        readers = await asked(InTurn(behind), ("GET", f"{PAGE}/1"), ("HEAD", f"{PAGE}/2"), ("GET", f"{PAGE}/3"))
        assert behind.begun == [f"GET {PAGE}/1"]
        behind.may.set()
        assert [(await reader).status_code for reader in readers] == [200, 200, 200]
        assert behind.begun == [f"GET {PAGE}/1", f"HEAD {PAGE}/2", f"GET {PAGE}/3"]

    asyncio.run(asyncio.wait_for(run(), 30))


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize(
    "other",
    [
        ("POST", PAGE),
        ("GET", PAGE, {"authorization": "Bearer x"}),
        ("GET", PAGE, {"cookie": "sitzung=x"}),
        ("GET", "/geschaeftsstelle"),
        ("GET", "/api/v1/entries"),
        ("GET", "/health"),
        ("GET", "/static/app.css"),
    ],
    ids=str,
)
def test_nobody_but_the_public_stands_in_line(other):
    async def run() -> None:
        behind = Behind()
        readers = await asked(InTurn(behind), ("GET", PAGE), other)
        assert len(behind.begun) == 2
        behind.may.set()
        await asyncio.gather(*readers)

    asyncio.run(asyncio.wait_for(run(), 30))


def test_a_slow_answer_is_waited_for_no_longer_than_its_turn(monkeypatch):
    monkeypatch.setattr(turns, "TURN", 0.05)

    async def run() -> None:
        behind = Behind()
        readers = await asked(InTurn(behind), *[("GET", f"{PAGE}/{n}") for n in range(3)])
        while len(behind.begun) < 3:  # noqa: ASYNC110  # what is told here is told by nothing else
            await asyncio.sleep(0.01)
        behind.may.set()
        assert [(await reader).text for reader in readers] == ["made"] * 3
        await asked(InTurn(behind), ("GET", PAGE))  # and nobody's turn was given back twice

    asyncio.run(asyncio.wait_for(run(), 30))


@pytest.mark.usefixtures("patient")
def test_after_a_fault_it_is_the_next_readers_turn():
    async def run() -> None:
        behind = Behind()
        behind.may.set()
        first, second = await asked(InTurn(behind), ("GET", f"{PAGE}/fault"), ("GET", PAGE))
        with pytest.raises(RuntimeError):
            await first
        assert (await second).text == "made"

    asyncio.run(asyncio.wait_for(run(), 30))


@pytest.mark.usefixtures("patient")
def test_for_whoever_was_told_meanwhile_that_it_takes_too_long_nothing_is_made():
    async def run() -> None:
        behind, told = Behind(), Told()
        app = InTurn(behind)

        async def of_the_second(scope, receive, send) -> None:
            if scope["path"].endswith("2"):
                scope[TOLD] = told
            await app(scope, receive, send)

        first, second, third = await asked(of_the_second, *[("GET", f"{PAGE}/{n}") for n in (1, 2, 3)])
        told.late = True
        behind.may.set()
        assert ((await first).text, (await third).text) == ("made", "made")
        with pytest.raises(AssertionError):  # nothing was sent
            await second
        assert behind.begun == [f"GET {PAGE}/1", f"GET {PAGE}/3"]

    asyncio.run(asyncio.wait_for(run(), 30))


# ---- what stops everybody -------------------------------------------------------------------------------------------


@pytest.fixture
def letting_go():
    """As in a program that serves; afterwards as it was before."""
    before = gc.get_threshold(), sys.getswitchinterval()
    turns.let_go_often()
    yield
    gc.set_threshold(*before[0])
    sys.setswitchinterval(before[1])


@pytest.mark.usefixtures("letting_go")
def test_whoever_fills_the_memory_is_not_stopped_to_look_through_all_of_it():
    """Seen to fail with the thresholds of a program that does not serve (20,000, 10, 10)."""
    looked_through = []

    def note(phase, found) -> None:
        if phase == "start":
            looked_through.append(found["generation"])

    gc.callbacks.append(note)
    try:
        filled = [[] for _ in range(2_500_000)]  # what 150,000 entries consist of
    finally:
        gc.callbacks.remove(note)
    assert len(filled) == 2_500_000
    assert {0, 1} <= set(looked_through)
    assert 2 not in looked_through
