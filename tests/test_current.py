"""What was answered a moment ago is answered again – and never anything that was overtaken before a reader came."""

import asyncio
from threading import Event, Thread

import httpx2
import pytest
from starlette.responses import PlainTextResponse

from adapters.web.current import Current
from adapters.web.replies import PUBLIC, Kept
from tests.faces import House

PAGE = "/prozesse/lindenau/verlauf"
ASKED: tuple[str, str, dict[str, str]] = ("GET", "/a", {})
OCCURRED = {"occurred": {"edtf": "2026-01-01"}}
OPENED = {"step": {"type": "process-opened", "name": "Lindenau"}, **OCCURRED}


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    house.record({"key": "a", **OPENED}, heard("b", "Erste Rückmeldung"), published("a", "b"), process="lindenau")
    yield house
    house.close()


def heard(key: str, text: str) -> dict:
    return {"key": key, "step": {"type": "feedback-received", "kind": "concern", "what": text}, **OCCURRED}


def published(*targets: str, **step: object) -> dict:
    return {"step": {"type": "entry-published", "targets": list(targets), **step}}


class Behind:
    """A program behind, whose answers are numbered."""

    def __init__(self, **headers: str) -> None:
        self.asked = 0
        self._headers = {name.replace("_", "-"): value for name, value in headers.items()}

    async def __call__(self, scope, receive, send) -> None:
        self.asked += 1
        await PlainTextResponse(f"{self.asked}", headers=self._headers)(scope, receive, send)


def reader(app) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://lindenau.example")


def before(behind: Behind, house: House) -> Current:
    """What stands before a program; the body with the tag "tag" is kept."""
    kept = Kept()
    kept.keep('"tag"', b"1")
    return Current(behind, house.installation.service, kept)


def answers(app: Current, *asked: tuple[str, str, dict[str, str]]) -> list[httpx2.Response]:
    """What readers get who ask one after the other."""

    async def ask() -> list[httpx2.Response]:
        async with reader(app) as client:
            return [await client.request(method, path, headers=headers) for method, path, headers in asked]

    return asyncio.run(ask())


def test_what_was_answered_is_answered_again_without_asking_the_program(house):
    behind = Behind(etag='"tag"', cache_control=PUBLIC, x_frame="none")
    once = ("GET", "/a", {"accept-encoding": "gzip"})
    first, again, head, unchanged = answers(
        before(behind, house),
        once,
        once,
        ("HEAD", *once[1:]),
        ("GET", "/a", once[2] | {"if-none-match": 'W/"x", "tag"'}),
    )
    assert behind.asked == 1
    assert (again.status_code, again.text, again.headers) == (200, "1", first.headers)
    assert (head.status_code, head.text, head.headers) == (200, "", first.headers)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == '"tag"'
    assert unchanged.headers["x-frame"] == "none"
    assert "content-length" not in unchanged.headers


@pytest.mark.parametrize(
    "other",
    [
        ("GET", "/b", {}),
        ("GET", "/a?day=2018-01-01", {}),
        ("GET", "/a", {"accept-encoding": "br"}),
        ("GET", "/a", {"accept-language": "en"}),
        ("GET", "/a", {"authorization": "Bearer 1"}),
        ("GET", "/a", {"cookie": "session=1"}),
        ("POST", "/a", {}),
    ],
    ids=str,
)
def test_another_question_is_another_answer(house, other):
    behind = Behind(etag='"tag"', cache_control=PUBLIC)
    answers(before(behind, house), ASKED, other)
    assert behind.asked == 2


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/a", {"etag": '"tag"', "cache_control": "private, no-store"}),
        ("/a", {"cache_control": PUBLIC}),
        ("/a", {"etag": '"not kept"', "cache_control": PUBLIC}),
        ("/log/checkpoint", {"etag": '"tag"', "cache_control": PUBLIC}),
    ],
    ids=str,
)
def test_what_is_not_for_everybody_or_not_kept_is_asked_for_each_time(house, path, headers):
    behind = Behind(**headers)
    answers(before(behind, house), ("GET", path, {}), ("GET", path, {}))
    assert behind.asked == 2


def test_a_publication_is_seen_by_the_next_reader(house):
    assert "Zweite Rückmeldung" not in house.get(PAGE).text
    house.record(heard("c", "Zweite Rückmeldung"), published("c"), process="lindenau")
    assert "Zweite Rückmeldung" in house.get(PAGE).text


def test_what_is_published_for_later_is_seen_when_its_time_has_come(house):
    later = {"not_before": "2026-11-22T09:05:00Z"}
    house.record(heard("c", "Zweite Rückmeldung"), published("c", **later), process="lindenau")
    assert "Zweite Rückmeldung" not in house.get(PAGE).text
    house.wait(minutes=4, seconds=57)
    assert "Zweite Rückmeldung" not in house.get(PAGE).text
    house.wait(seconds=2)
    assert "Zweite Rückmeldung" in house.get(PAGE).text


def test_a_new_day_is_a_new_answer(house):
    address = "/api/v1/processes/lindenau/structure"
    assert house.get(address).json()["happened_by"] == "2026-11-22"
    house.wait(hours=13, minutes=59, seconds=58)
    assert house.get(address).json()["happened_by"] == "2026-11-22"
    house.wait(seconds=1)
    assert house.get(address).json()["happened_by"] == "2026-11-23"


def test_after_a_rebuild_the_tables_are_asked_anew(house):
    behind = Behind(etag='"tag"', cache_control=PUBLIC)
    app = before(behind, house)
    answers(app, ASKED, ASKED)
    assert behind.asked == 1
    house.installation.service.rebuild()
    answers(app, ASKED, ASKED)
    assert behind.asked == 2


def test_nobody_gets_an_answer_that_was_overtaken_before_they_asked(house):
    """Eight readers and one who publishes: each reader sees at least what was public when they asked."""
    public, ended = [3], Event()

    def publish() -> None:
        for n in range(40):
            house.record(heard(f"k{n}", "Noch eine"), published(f"k{n}"), process="lindenau")
            public[0] += 2
        ended.set()

    async def read(client: httpx2.AsyncClient) -> None:
        while not ended.is_set():
            least = public[0]
            answer = await client.get("/api/v1/processes/lindenau")
            assert answer.json()["version"] >= least

    async def readers() -> None:
        async with reader(house.app) as client:
            await asyncio.gather(*(read(client) for _ in range(8)))

    publishing = Thread(target=publish)
    publishing.start()
    try:
        asyncio.run(readers())
    finally:
        ended.set()
        publishing.join()
