"""Answers for everybody are made one after the other, and nobody waits for a single slow one."""

import asyncio
import gc
import socket
import sys
import threading
from contextlib import asynccontextmanager

import httpx2
import pytest
import uvicorn
from sqlalchemy import NullPool, create_engine, make_url
from starlette.responses import PlainTextResponse

from adapters.web import turns
from adapters.web.requests import TOLD, Told
from adapters.web.turns import InTurn
from tests.faces import House
from tests.postgres import empty_database

PAGE = "/prozesse/lindenau"
BODY = {"content-length": "0"}
"""Whoever says that a body comes is not listened to while they wait."""


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
    monkeypatch.setattr(turns, "LOOKS_EVERY", 3_600)


@pytest.fixture
def long_turns(monkeypatch):
    """As above, but for whoever only waits in it."""
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
        await until(lambda: len(behind.begun) == 3)
        behind.may.set()
        assert [(await reader).text for reader in readers] == ["made"] * 3
        await asked(InTurn(behind), ("GET", PAGE))  # and nobody's turn was given back twice

    asyncio.run(asyncio.wait_for(run(), 30))


@pytest.mark.usefixtures("long_turns")
def test_while_whoever_has_a_turn_only_waits_the_next_ones_begin_up_to_so_many():
    async def run() -> None:
        behind = Behind()
        readers = await asked(InTurn(behind), *[("GET", f"{PAGE}/{n}") for n in range(turns.AT_ONCE + 2)])
        await until(lambda: len(behind.begun) == turns.AT_ONCE)
        await asyncio.sleep(4 * turns.LOOKS_EVERY)
        assert len(behind.begun) == turns.AT_ONCE
        behind.may.set()
        assert [(await reader).text for reader in readers] == ["made"] * len(readers)

    asyncio.run(asyncio.wait_for(run(), 30))


@pytest.mark.usefixtures("long_turns")
def test_who_was_found_idle_once_may_only_have_been_kept_from_the_processor(monkeypatch):
    """Seen to fail when one look was enough."""
    looks, look = [], turns._Line._look
    monkeypatch.setattr(turns._Line, "_look", lambda *given: looks.append(1) or look(*given))

    async def run() -> None:
        behind = Behind()
        readers = await asked(InTurn(behind), ("GET", f"{PAGE}/1"), ("GET", f"{PAGE}/2"))
        await until(lambda: len(behind.begun) == 2)
        assert len(looks) >= 3
        behind.may.set()
        assert [(await reader).text for reader in readers] == ["made"] * 2

    asyncio.run(asyncio.wait_for(run(), 30))


async def until(happened) -> None:
    while not happened():  # noqa: ASYNC110  # what is told here is told by nothing else
        await asyncio.sleep(0.01)


@pytest.mark.usefixtures("long_turns")
def test_while_a_page_is_computed_no_other_one_is(monkeypatch):
    """Seen to fail where whoever computes counted as waiting."""
    monkeypatch.setattr(turns, "LOOKS_EVERY", 0.2)
    begun, may = [], threading.Event()

    async def computing(scope, receive, send) -> None:
        begun.append(scope["path"])
        await asyncio.to_thread(compute)
        await PlainTextResponse("made")(scope, receive, send)

    def compute() -> None:
        while not may.is_set():
            sum(range(1_000))

    async def run() -> None:
        readers = await asked(InTurn(computing), ("GET", f"{PAGE}/1"), ("GET", f"{PAGE}/2"))
        try:
            await asyncio.sleep(5 * turns.LOOKS_EVERY)
            assert begun == [f"{PAGE}/1"]
        finally:
            may.set()
        assert [(await reader).text for reader in readers] == ["made"] * 2

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


# ---- a reader who goes away -----------------------------------------------------------------------------------------


@asynccontextmanager
async def over_http(app):
    """The port on which an application is served, as `werdegang serve` does it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        serving = asyncio.create_task(server.serve([listening]))
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await serving


async def sent(port, path):
    """A connection over which somebody asked."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    return reader, writer


@pytest.mark.usefixtures("patient")
def test_a_reader_who_goes_away_leaves_the_line_and_nothing_is_made_for_them():
    async def run() -> None:
        behind, come, gone = Behind(), [], []
        app = InTurn(behind)

        async def noted(scope, receive, send) -> None:
            come.append(scope["path"])
            await app(scope, receive, send)
            gone.append(scope["path"])

        async with over_http(noted) as port:
            connections = []
            for n in (1, 2, 3):
                connections.append(await sent(port, f"{PAGE}/{n}"))
                await until(lambda n=n: len(come) == n)
            connections[1][1].close()
            try:
                async with asyncio.timeout(10):
                    await until(lambda: gone == [f"{PAGE}/2"])  # while the first one still has its turn
                assert behind.begun == [f"GET {PAGE}/1"]
            finally:
                behind.may.set()
            for reader, writer in (connections[0], connections[2]):
                assert (await reader.read()).endswith(b"made")
                writer.close()
        assert behind.begun == [f"GET {PAGE}/1", f"GET {PAGE}/3"]

    asyncio.run(asyncio.wait_for(run(), 30))


@pytest.mark.usefixtures("patient")
def test_what_came_in_while_a_reader_waited_is_told_to_the_program_later():
    """Seen to fail when what was heard was not told again."""

    async def run() -> None:
        told = []

        async def listening(scope, receive, send) -> None:
            told.append(await receive())
            if scope["path"].endswith("1"):
                await may.wait()
            await PlainTextResponse("made")(scope, receive, send)

        may, app = asyncio.Event(), InTurn(listening)
        readers = await asked(app, ("GET", f"{PAGE}/1"), ("GET", f"{PAGE}/2"), ("GET", f"{PAGE}/3", BODY))
        may.set()
        assert [(await reader).text for reader in readers] == ["made"] * 3
        assert [message["type"] for message in told] == ["http.request"] * 3

    asyncio.run(asyncio.wait_for(run(), 30))


# ---- a slow database ------------------------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path, postgres_url):
    with empty_database(postgres_url) as url:
        house = House(tmp_path / "data", url=url)
        occurred = {"occurred": {"edtf": "2026-01-01"}}
        opened = {"key": "a", "step": {"type": "process-opened", "name": "Lindenau"}, **occurred}
        house.record(opened, {"step": {"type": "entry-published", "targets": ["a"]}}, process="lindenau")
        yield house
        house.close()


@pytest.mark.usefixtures("long_turns")
def test_readers_who_wait_for_the_database_fill_their_share_of_the_threads_and_the_office_has_the_rest(house):
    """Given a lock on what their pages are made from; seen to fail when only one reader waited for it at a time."""
    name = make_url(house.installation.settings.database_url).render_as_string(hide_password=False)
    engine = create_engine(name, poolclass=NullPool)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

    async def run(locked, watched) -> None:
        def waits() -> int:
            return watched.exec_driver_sql(waiting).scalar_one()

        readers = await asked(house.app, *[("GET", f"/suche?q=Lindenau{n}") for n in range(turns.AT_ONCE + 10)])
        await until(lambda: waits() == turns.AT_ONCE)
        office = house.headers("admin")
        (answer,) = await asked(house.app, ("GET", "/api/v1/processes", office))
        assert (await answer).status_code == 200
        assert waits() == turns.AT_ONCE
        locked.rollback()
        assert [(await reader).status_code for reader in readers] == [200] * len(readers)

    with engine.connect() as locked, engine.connect() as watched:
        watched.execution_options(isolation_level="AUTOCOMMIT")
        locked.exec_driver_sql("LOCK TABLE search_entries IN ACCESS EXCLUSIVE MODE")
        asyncio.run(asyncio.wait_for(run(locked, watched), 60))


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
def test_whoever_fills_the_memory_is_stopped_often_and_shortly_to_look_for_garbage():
    """Seen to fail with the thresholds of a program that does not serve (20,000, 10, 10): six times, for as long as
    200,000 objects take.
    """
    looked_through = []

    def note(phase, found) -> None:
        if phase == "start":
            looked_through.append(found["generation"])

    gc.callbacks.append(note)
    try:
        filled = [[] for _ in range(1_200_000)]  # what 80,000 entries consist of
    finally:
        gc.callbacks.remove(note)
    assert len(filled) == 1_200_000
    assert looked_through.count(1) > 30
    assert 2 not in looked_through
