"""What was answered a moment ago is answered again – and never anything that was overtaken before a reader came."""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any

import httpx2
import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from adapters.database import Database
from adapters.key_rotation import rotate_key
from adapters.web import api, barriers, desk, documents, duties, health, log, registering
from adapters.web.app import AT_THE_DESK, PAGES
from adapters.web.current import OF_ONE_PROCESS, RESTS_ON_ENTRIES, Current
from adapters.web.replies import PUBLIC, Kept
from adapters.wiring import built
from domain.account import Account
from domain.errors import refused
from domain.publication import Statement
from service import Footing
from tests.faces import BOTTROP, House, bottrop
from tests.test_desk import served
from tests.test_unpublished import filled

PAGE = "/prozesse/lindenau/verlauf"
ASKED: tuple[str, str, dict[str, str]] = ("GET", "/prozesse/a", {})
ADMIN = Account("konto-1", frozenset({("admin", "*")}))
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


def before(behind: Behind, service: Any) -> Current:
    """What stands before a program; the body with the tag "tag" is kept."""
    kept = Kept()
    kept.keep('"tag"', b"1")
    return Current(behind, service, kept, kept.clear)


def answers(app: Current, *asked: tuple[str, str, dict[str, str]]) -> list[httpx2.Response]:
    """What readers get who ask one after the other."""

    async def ask() -> list[httpx2.Response]:
        async with reader(app) as client:
            return [await client.request(method, path, headers=headers) for method, path, headers in asked]

    return asyncio.run(ask())


def test_what_was_answered_is_answered_again_without_asking_the_program(house):
    behind = Behind(etag='"tag"', cache_control=PUBLIC, x_frame="none")
    once = ("GET", "/prozesse/a", {"accept-encoding": "gzip"})
    first, again, head, unchanged = answers(
        before(behind, house.installation.service),
        once,
        once,
        ("HEAD", *once[1:]),
        ("GET", "/prozesse/a", once[2] | {"if-none-match": 'W/"x", "tag"'}),
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
        ("GET", "/prozesse/b", {}),
        ("GET", "/prozesse/a?day=2018-01-01", {}),
        ("GET", "/prozesse/a", {"accept-encoding": "br"}),
        ("GET", "/prozesse/a", {"accept-language": "en"}),
        ("GET", "/prozesse/a", {"authorization": "Bearer 1"}),
        ("GET", "/prozesse/a", {"cookie": "session=1"}),
        ("POST", "/prozesse/a", {}),
    ],
    ids=str,
)
def test_another_question_is_another_answer(house, other):
    behind = Behind(etag='"tag"', cache_control=PUBLIC)
    answers(before(behind, house.installation.service), ASKED, other)
    assert behind.asked == 2


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/prozesse/a", {"etag": '"tag"', "cache_control": "private, no-store"}),
        ("/prozesse/a", {"cache_control": PUBLIC}),
        ("/prozesse/a", {"etag": '"not kept"', "cache_control": PUBLIC}),
        ("/log/checkpoint", {"etag": '"tag"', "cache_control": PUBLIC}),
        ("/static/app.css", {"etag": '"tag"', "cache_control": PUBLIC}),
        (f"/prozesse/a?{'x' * 2_000}", {"etag": '"tag"', "cache_control": PUBLIC}),
    ],
    ids=str,
)
def test_what_is_not_for_everybody_or_not_kept_is_asked_for_each_time(house, path, headers):
    behind = Behind(**headers)
    answers(before(behind, house.installation.service), ("GET", path, {}), ("GET", path, {}))
    assert behind.asked == 2


def test_a_publication_is_seen_by_the_next_reader(house):
    assert "Zweite Rückmeldung" not in house.get(PAGE).text
    house.record(heard("c", "Zweite Rückmeldung"), published("c"), process="lindenau")
    assert "Zweite Rückmeldung" in house.get(PAGE).text


def by_another_program(house, *statements: dict) -> None:
    """Recorded by a program of its own, which this one shares nothing but the database with."""
    settings = house.installation.settings
    other = built(settings, Database(settings.database_url), house.clock)
    other.service.record([Statement.model_validate({"process": "lindenau"} | each) for each in statements], ADMIN)
    other.database.close()


def test_the_database_is_asked_once_and_again_when_another_program_has_recorded(house, monkeypatch):
    """Seen to fail when a mark was taken to say nothing."""
    service, asked = house.installation.service, []
    footing = service.footing
    monkeypatch.setattr(service, "footing", lambda last: asked.append(last) or footing(last))
    behind = Behind(etag='"tag"', cache_control=PUBLIC)
    app = before(behind, service)
    answers(app, ASKED, ASKED, ASKED)
    assert (behind.asked, len(asked)) == (1, 1)
    by_another_program(house, heard("c", "Zu laut"), {"key": "d", **published("c")})
    answers(app, ("GET", "/prozesse/lindenau", {}), ASKED, ASKED)
    assert len(asked) == 2


def test_what_is_recorded_while_the_footing_is_read_is_seen_by_the_next_reader(house, monkeypatch):
    """Seen to fail when the mark was taken after what it stands for."""
    service = house.installation.service
    version, recorded = type(service._beside).version, []

    def record_meanwhile(beside) -> object:
        if not recorded:
            recorded.append("c")
            by_another_program(house, heard("c", "Zu laut"), {"key": "d", **published("c")})
        return version(beside)

    monkeypatch.setattr(type(service._beside), "version", record_meanwhile)
    first = service.footing()
    assert not service.stands(first)
    second = service.footing(first)
    assert (second.position, service.stands(second)) == (first.position + 2, True)


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
    app = before(behind, house.installation.service)
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


# ---- what is recorded elsewhere -----------------------------------------------------------------------------------

FAR = datetime.max.replace(tzinfo=UTC)
ELSEWHERE = {"process": "neustadt"}


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("/prozesse/lindenau", 1),
        ("/en/prozesse/lindenau/verlauf", 1),
        ("/api/v1/processes/lindenau", 1),
        ("/prozesse/neustadt", 2),
        ("/prozesse/neustadt/verlauf", 2),
        ("/api/v1/processes/neustadt/timeline", 2),
        ("/", 2),
        ("/suche?q=a", 2),
        ("/auswertung/vergleich", 2),
        ("/auswertung/lindenau", 2),
        ("/api/v1/processes", 2),
    ],
)
def test_what_is_recorded_in_a_process_leaves_the_answers_of_others_as_they_are(house, path, made):
    behind = Behind(etag='"tag"', cache_control=PUBLIC)
    app = before(behind, house.installation.service)
    answers(app, ("GET", path, {}))
    house.record({"key": "n", **OPENED}, published("n"), **ELSEWHERE)
    answers(app, ("GET", path, {}))
    assert behind.asked == made
    house.record({"key": "n", **OPENED}, **ELSEWHERE)  # known already
    answers(app, ("GET", path, {}))
    assert behind.asked == made


def test_what_is_recorded_in_two_processes_is_seen_in_both(house):
    behind = Behind(etag='"tag"', cache_control=PUBLIC)
    app = before(behind, house.installation.service)
    both = [("GET", "/prozesse/lindenau", {}), ("GET", "/prozesse/neustadt", {})]
    answers(app, *both)
    house.record({"key": "n", **OPENED}, **ELSEWHERE)
    house.record(heard("c", "Zweite Rückmeldung"), process="lindenau")
    answers(app, *both)
    assert behind.asked == 4


@pytest.mark.parametrize(
    "happens",
    [
        lambda house: house.installation.service.rebuild(),
        lambda house: house.wait(minutes=16),
        lambda house: rotate_key(house.installation, "planned"),
    ],
    ids=["rebuilt", "another quarter of an hour", "recorded in the installation"],
)
def test_what_concerns_every_process_leaves_no_answer(house, happens):
    behind = Behind(etag='"tag"', cache_control=PUBLIC)
    app = before(behind, house.installation.service)
    answers(app, ASKED)
    happens(house)
    house.record({"key": "n", **OPENED}, published("n"), **ELSEWHERE)
    answers(app, ASKED)
    assert behind.asked == 2


def test_what_is_answered_while_something_is_recorded_in_the_same_process_is_not_given_again(house):
    """It began before, and nobody knows which of both it shows."""
    app: Any = None
    headers = {"etag": '"tag"', "cache-control": PUBLIC}
    made = []

    async def behind(scope, receive, send) -> None:
        made.append(scope["path"])
        if len(made) == 1:
            house.record(heard("c", "Zweite Rückmeldung"), process="lindenau")
            async with reader(app) as other:
                await other.get("/prozesse/neustadt")  # finds out that something was recorded
        await PlainTextResponse("1", headers=headers)(scope, receive, send)

    app = before(behind, house.installation.service)
    answers(app, ("GET", "/prozesse/lindenau", {}), ("GET", "/prozesse/lindenau", {}))
    assert made == ["/prozesse/lindenau", "/prozesse/neustadt", "/prozesse/lindenau"]


SHOWN = {
    "process": BOTTROP,
    "number": "2",
    "format": "statements",
    "body": "geschaeftsstelle",
    "actor": "stadt-bottrop",
    "theme": "arbeit",
}


def test_no_page_of_a_process_says_anything_of_another_one(tmp_path):
    """What the rule rests on: whatever is asked of one process is the same, byte for byte, whatever others record."""
    town = bottrop(tmp_path / "data")
    town.record({"key": "a", **OPENED}, published("a"), **ELSEWHERE)

    def asked() -> dict[str, tuple[int, bytes]]:
        town.ask_anew()
        paths = sorted({path for method, path in served(town.app.routes) if method == "GET" and "{process}" in path})
        found = {path: town.get(path) for path in (filled(path, defaultdict(lambda: "x", SHOWN)) for path in paths)}
        return {
            path: (answer.status_code, answer.content)
            for path, answer in found.items()
            if (within := OF_ONE_PROCESS.match(path)) and within[1] == BOTTROP
        }

    first = asked()
    town.record(heard("b", "Zu laut"), published("b"), **ELSEWHERE)
    town.record({"key": "c", **OPENED}, published("c"), process="altstadt")
    again = asked()
    town.close()
    assert sum(status == 200 for status, _ in first.values()) > 80
    assert [path for path, answer in first.items() if again.get(path) != answer] == []


# ---- the question that many wait for ------------------------------------------------------------------------------


class Slow:
    """A service that takes its time to tell its footing, and counts how often it was asked."""

    erased, changed = 0, None

    def __init__(self, *failures: Exception) -> None:
        self.begun, self.go_on = Event(), Event()
        self.asked = 0
        self._failures = list(failures)

    def footing(self, last: object) -> object:
        self.asked += 1
        self.begun.set()
        self.go_on.wait(10)
        if self._failures:
            raise self._failures.pop(0)
        return last or self

    def stands(self, footing: object) -> bool:
        return False


async def until(event: Event) -> None:
    assert await asyncio.to_thread(event.wait, 10)


def test_who_comes_when_the_question_has_begun_waits_for_another_one():
    service, behind = Slow(), Behind(etag='"tag"', cache_control=PUBLIC)
    app = Current(behind, service, Kept(), lambda: None)

    async def ask() -> None:
        async with reader(app) as client:
            first = asyncio.create_task(client.get("/prozesse/a"))
            await until(service.begun)
            late = [asyncio.create_task(client.get("/prozesse/a")) for _ in range(5)]
            await asyncio.sleep(0.05)
            service.go_on.set()
            await asyncio.gather(first, *late)

    asyncio.run(ask())
    assert service.asked == 2  # one for the first, one for all who came while it was answered


def test_a_reader_who_goes_away_takes_nobody_elses_answer_along():
    service, behind = Slow(), Behind()
    app = Current(behind, service, Kept(), lambda: None)

    async def ask() -> int:
        async with reader(app) as client:
            first = asyncio.create_task(client.get("/prozesse/a"))
            await until(service.begun)
            impatient, patient = (asyncio.create_task(client.get("/prozesse/a")) for _ in range(2))
            await asyncio.sleep(0.05)  # both wait for one and the same question
            impatient.cancel()
            await asyncio.sleep(0.05)
            service.go_on.set()
            await first
            return (await patient).status_code

    assert asyncio.run(ask()) == 200
    assert service.asked == 2


def test_a_footing_that_cannot_be_told_keeps_nobody_from_an_answer():
    service, behind = (
        Slow(refused("database-busy", seconds=1), RuntimeError()),
        Behind(etag='"tag"', cache_control=PUBLIC),
    )
    service.go_on.set()
    app = before(behind, service)
    answers(app, ASKED, ASKED, ASKED, ASKED)
    assert behind.asked == 3  # twice not to be told, then asked for, then kept


def test_what_was_erased_is_given_to_nobody_though_forgetting_it_failed_at_first(house):
    """Seen to fail when the new footing was noted before everything kept was let go of."""
    footings = [Footing(1, 1, FAR), Footing(2, 1, FAR, erased=1), Footing(2, 1, FAR, erased=1)]
    failures = [RuntimeError()]

    class Erasing:
        def footing(self, last: Footing | None) -> Footing:
            return footings.pop(0) if footings else last or Footing(0, 1, FAR)

        def stands(self, footing: Footing) -> bool:
            return False

    def forget() -> None:
        if failures:
            raise failures.pop()

    behind, kept = Behind(etag='"tag"', cache_control=PUBLIC), Kept()
    kept.keep('"tag"', b"words that are erased")
    app = Current(behind, Erasing(), kept, forget)
    found = [answer.text for answer in answers(app, ASKED, ASKED, ASKED)]
    assert found == ["1", "2", "3"]


def test_who_has_the_answer_already_is_told_so_by_what_was_said_to_others_who_had(house):
    answer = Behind(etag='"tag"', cache_control=PUBLIC)
    app = before(answer, house.installation.service)
    known = ("GET", "/prozesse/a", {"if-none-match": '"tag"'})

    async def not_modified(scope, receive, send) -> None:
        answer.asked += 1
        headers = {"etag": '"tag"', "cache-control": PUBLIC}
        await Response(status_code=304, headers=headers)(scope, receive, send)

    app._app = not_modified
    assert [each.status_code for each in answers(app, known, known)] == [304, 304]
    assert answer.asked == 1
    app._app = answer
    assert [each.status_code for each in answers(app, ASKED, ASKED, known)] == [200, 200, 304]
    assert answer.asked == 2


def test_the_oldest_answers_are_forgotten_first(house, monkeypatch):
    monkeypatch.setattr("adapters.web.current.MOST", 2)
    behind = Behind(etag='"tag"', cache_control=PUBLIC)
    app = before(behind, house.installation.service)
    answers(app, *(("GET", f"/prozesse/{n}", {}) for n in (1, 2, 3)))
    answers(app, ("GET", "/prozesse/3", {}), ("GET", "/prozesse/2", {}))
    assert behind.asked == 3
    answers(app, ("GET", "/prozesse/1", {}))
    assert behind.asked == 4


def test_only_what_rests_on_the_entries_is_given_again(house):
    """Every address there is, by whether its answers may be kept: a new one has to be put on one of the two lists."""
    public_ones = (
        api.router,
        *(module.pages.public for module in PAGES),
        documents.public_router,
        registering.router,
        duties.router,
        barriers.public_router,
        log.router,
        health.router,
    )
    routers = (*public_ones, desk.door, *AT_THE_DESK)
    routes = {route.path for router in routers for route in router.routes}
    routes |= {route.path for route in house.app.routes if isinstance(route, Route)}
    kept = {path for path in routes if RESTS_ON_ENTRIES.fullmatch(path)}
    others = {path.removeprefix("/en").split("/")[1] for path in routes - kept}
    of_the_city = {"impressum", "datenschutz", "barrierefreiheit", "leichte-sprache", "gebaerdensprache"}
    of_the_city |= {"barriere-melden", ".well-known"}
    for_machines = {address.removeprefix("/") for address in health.ADDRESSES}
    assert others == {"static", "log", "problems", "api", "geschaeftsstelle"} | of_the_city | for_machines
    assert {path for path in routes - kept if path.startswith("/api")} == {"/api/v1/openapi.json", "/api/v1/entries"}
