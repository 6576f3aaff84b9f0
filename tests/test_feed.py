"""The feed: every entry once, in an order that never changes behind whoever reads along, and to nobody who may not."""

import asyncio
import re
import socket
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

import httpx2
import pytest
from structlog.testing import capture_logs

from adapters.database import Database
from adapters.event_store import EventStore
from adapters.web import cloud_events, waiting
from adapters.web.limits import MOST_OF_BODY
from domain.account import Account
from domain.publication import Statement
from service import Service
from tests.browser import served
from tests.faces import BOTTROP, LAST, House, bottrop
from tests.postgres import Server, installed
from tests.records import filled
from tests.story import OPENED, alliance, corrected, erasing, published, withdrawn

FEED = "/api/v1/entries"
BATCH = "application/cloudevents-batch+json"
ADMIN = Account("konto-admin", frozenset({("admin", "*")}))
PUBLIC = None
T = datetime(2027, 1, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECONDS_AT_MOST = 20
"""How long something is waited for that happens at once unless it is forbidden; a busy machine takes its time."""


@pytest.fixture
def house(tmp_path):
    house = bottrop(tmp_path / "data")
    yield house
    house.close()


def read_on(house, as_=None, limit=100, address=None):
    """All events from an address on, page by page, as the headers lead; and where they lead in the end."""
    address, events = address or f"{FEED}?limit={limit}", []
    while True:
        answer = house.get(address, as_)
        assert (answer.status_code, answer.headers["content-type"]) == (200, BATCH)
        (address,) = re.fullmatch(r'<(.*)>; rel="next"', answer.headers["link"]).groups()
        if not answer.json():
            return events, address
        events += answer.json()


def under(key, content):
    """A statement under a key of its own."""
    return {**content, "key": key}


def told_of(events):
    return [(event["source"].rpartition("/")[2], int(event["id"])) for event in events]


# ---- what is in it


def test_the_public_is_given_every_public_entry_once_as_it_is_shown_by_itself(house):
    house.record(alliance("intern"))
    events, _ = read_on(house, limit=37)
    assert told_of(events) == [(BOTTROP, number) for number in range(1, LAST + 1)]
    for event in events[::20]:
        by_itself = house.get(f"{event['source']}/{event['subject']}").json()["entry"]
        assert event["data"] == by_itself
        assert event["type"] == f"werdegang.{by_itself['statement']['step']['type']}"
        assert event["time"] == by_itself["recorded_at"]


def test_an_account_is_given_all_entries_of_the_processes_that_it_may_read_by_position(house):
    house.record(OPENED, alliance("fremd"), process="another-process")
    house.record(alliance("intern"))
    ours = [(BOTTROP, number) for number in range(1, LAST + 1)]
    others = [("another-process", 1), ("another-process", 2)]
    assert told_of(read_on(house, "admin", limit=50)[0]) == [*ours, *others, (BOTTROP, LAST + 1)]
    assert told_of(read_on(house, "evaluator")[0]) == [*ours, (BOTTROP, LAST + 1)]
    assert told_of(read_on(house, "stranger")[0]) == others
    assert told_of(read_on(house)[0]) == ours
    assert [event["sequence"] for event in read_on(house, "evaluator")[0]][-1].startswith(f"{LAST + 3:016d}-")
    assert "recorded_by" in read_on(house, "evaluator")[0][-1]["data"]


def test_an_event_is_a_cloud_event_with_a_sequence_that_is_sorted_like_a_word(house):
    house.wait(days=20)
    house.record(under("neu", alliance("neu")), published("neu"))
    for as_ in (None, "admin"):
        events, _ = read_on(house, as_)
        for event in events:
            assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in event)
            assert {"specversion", "source", "id", "type"} < set(event)
            assert event["specversion"] == "1.0"
            assert all(event[name] and isinstance(event[name], str) for name in event if name != "data")
            assert datetime.fromisoformat(event["time"]).tzinfo is not None
        sequences = [event["sequence"] for event in events]
        assert sequences == sorted(set(sequences))
        assert len({(event["source"], event["id"]) for event in events}) == len(events)


def test_an_event_is_named_by_the_address_of_the_city_where_it_is_known(house):
    object.__setattr__(house.installation.settings, "address", "https://stadt.example")
    event = house.get(f"{FEED}?limit=1").json()[0]
    assert event["source"] == f"https://stadt.example/api/v1/processes/{BOTTROP}"
    assert urljoin(f"{event['source']}/", event["subject"]).endswith(f"{BOTTROP}/entries/1")


def test_what_becomes_of_an_entry_later_is_told_by_later_entries(house):
    _, address = read_on(house)
    (number,) = house.record(under("neu", alliance("neu")))
    house.record(under("anders", corrected("neu", alliance("neu", "2016"))))
    house.record(published("neu", "anders"))
    events, address = read_on(house, address=address)
    assert told_of(events) == [(BOTTROP, number), (BOTTROP, number + 1), (BOTTROP, number + 2)]
    assert events[0]["data"]["corrections"] == [number + 1]
    house.record(erasing("neu"))
    later, address = read_on(house, address=address)
    assert [event["type"] for event in later] == ["werdegang.texts-erased"]
    assert not events[0]["data"]["erased"]
    assert house.get(f"{FEED}?limit=500").json()[number - 1]["data"]["erased"]
    house.record(under("weg", withdrawn("neu")))
    house.record(published("weg"))
    later, _ = read_on(house, address=address)
    assert [event["type"] for event in later] == ["werdegang.entry-withdrawn", "werdegang.entry-published"]


# ---- what is refused


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("after=", "parameter-wrong"),
        ("after=12", "parameter-wrong"),
        ("after=-0000000000000001", "parameter-wrong"),
        (f"after={'9' * 17}", "parameter-wrong"),
        ("limit=0", "parameter-too-small"),
        ("limit=501", "parameter-too-large"),
        ("limit=viele", "parameter-wrong"),
        ("wait=31", "parameter-too-large"),
        ("wait=-1", "parameter-too-small"),
        ("wait=0.5", "parameter-wrong"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused_by_its_name(house, query, code):
    answer = house.get(f"{FEED}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["refusals"][0]["params"]["parameter"] == query.partition("=")[0]


def test_a_place_that_the_feed_does_not_have_is_refused_and_nothing_is_passed_over(house):
    (number,) = house.record(under("neu", alliance("neu")))
    house.record(published("neu", not_before=T.isoformat()))
    (public, _), (internal, _) = read_on(house), read_on(house, "admin")
    since, _, position = public[-1]["sequence"].partition("-")
    *_, (told, _, at) = (event["sequence"].partition("-") for event in internal)
    embargoed = f"{int(T.timestamp() * 10**6):018d}-{number:016d}"
    for as_, places in {
        None: [internal[0]["sequence"], f"{int(since) + 1:018d}-{position}", f"{since}-{10**6:016d}", embargoed],
        "admin": [public[0]["sequence"], f"{0:016d}-{at}", f"{int(told) + 1:016d}-{at}", f"{told}-{int(at) + 1:018d}"],
    }.items():
        for place in places:
            answer = house.get(f"{FEED}?after={place}", as_)
            assert (answer.status_code, answer.json()["code"]) == (404, "cursor-unknown"), place
            assert answer.json()["refusals"][0]["params"]["parameter"] == "after"


@pytest.mark.parametrize("as_", [None, "admin"])
def test_after_an_older_backup_was_put_back_a_place_that_it_lacks_is_refused_whatever_stands_there_now(
    house, tmp_path, as_
):
    older = bottrop(tmp_path / "older")  # as it was before the house went on
    _, common = read_on(house, as_)
    house.record(under("neu", alliance("neu")), published("neu"))
    _, lost = read_on(house, as_)
    older.wait(minutes=1)
    older.record(under("anders", alliance("anders")), published("anders"), under("weiter", alliance("weiter")))
    older.record(published("weiter"))
    answer = older.get(lost, as_)
    assert (answer.status_code, answer.json()["code"]) == (404, "cursor-unknown")
    assert len(read_on(older, as_, address=common)[0]) == 4
    older.close()


def test_the_answer_is_put_into_words_beside_the_loop_that_serves_everybody(house, monkeypatch):
    made_in = []

    def told(fed, site, made=cloud_events._event):
        made_in.append(loops())
        return made(fed, site)

    def loops():
        """Whether a loop runs in this thread: then it serves nobody meanwhile."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return False
        return True

    monkeypatch.setattr(cloud_events, "_event", told)
    with served(house.app) as at:
        assert httpx2.get(f"{at}{FEED}?limit=3", timeout=SECONDS_AT_MOST).status_code == 200
    assert made_in == [False] * 3


def test_an_answer_that_is_known_is_not_put_into_words_again(house, monkeypatch):
    tag = house.get(FEED).headers["etag"]
    monkeypatch.delattr(cloud_events, "_event")  # without it nothing can be
    assert house.get(FEED, if_none_match=tag).status_code == 304


def test_an_account_without_a_right_and_a_token_that_is_wrong_are_refused(house):
    account = house.installation.accounts.create("Niemand", frozenset())
    house.tokens["nobody"] = house.installation.accounts.issue_token(account.id, "test", 30)
    house.tokens["wrong"] = "nonsense"
    assert house.get(FEED, "nobody").json()["code"] == "not-permitted"
    assert house.get(FEED, "wrong").json()["code"] == "token-invalid"
    assert house.get(FEED, accept="text/html").status_code == 406


def test_public_answers_may_be_kept_and_those_for_an_account_may_not(house):
    answer, again = house.get(FEED), house.get(FEED)
    assert answer.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert house.get(FEED, if_none_match=again.headers["etag"]).status_code == 304
    assert house.get(FEED, "admin").headers["cache-control"] == "private, no-store"
    house.record(erasing("b28"))
    assert house.get(FEED, if_none_match=again.headers["etag"]).status_code == 200


# ---- an embargo ends by itself


class Clock:
    """A clock that stands still until it is set, forwards or back."""

    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at


def service_with(database, clock):
    return Service(EventStore(database, clock), filled(database), clock=clock)


def record(service, process="p", /, **statements):
    stated = [Statement.model_validate({"process": process, "key": key, **told}) for key, told in statements.items()]
    return service.record(stated, ADMIN).numbers


def keys(service, after=None):
    """The keys that the public is given from a place on, and the last place."""
    found = service.feed(PUBLIC, after)
    return [fed.entry.statement.key for fed in found], found[-1].place if found else after


@pytest.fixture
def clock():
    return Clock(T - 60 * MINUTE)


@pytest.fixture
def service(database, clock):
    """A process whose alliance becomes public at T."""
    service = service_with(database, clock)
    record(service, opened=OPENED, publication=published("opened"))
    record(service, later=alliance("later"), embargo=published("later", not_before=T.isoformat()))
    return service


BEFORE = ["opened", "publication"]


def test_what_an_embargo_holds_back_is_given_when_it_ended_and_not_before(service, clock):
    assert keys(service)[0] == BEFORE
    clock.at = T - timedelta(microseconds=1)
    assert keys(service)[0] == BEFORE
    clock.at = T
    assert keys(service)[0] == [*BEFORE, "later", "embargo"]


def test_after_an_embargo_that_was_told_nothing_is_recorded_before_it_whatever_the_clock_does(
    service, clock, database_url
):
    clock.at = T + MINUTE
    seen, place = keys(service)
    assert seen == [*BEFORE, "later", "embargo"]
    clock.at = T - 30 * MINUTE  # set back
    elsewhere = Database(database_url)  # another program, which knows nothing
    record(service_with(elsewhere, clock), new=alliance("new"), publish=published("new"))
    elsewhere.close()
    assert keys(service, place)[0] == ["new", "publish"]
    assert keys(service)[0] == [*BEFORE, "later", "embargo", "new", "publish"]


def test_what_was_told_stays_told_when_the_clock_is_set_back(service, clock):
    clock.at = T + MINUTE
    seen, place = keys(service)
    clock.at = T - 30 * MINUTE
    assert keys(service)[0] == seen
    assert keys(service, place) == ([], place)
    assert service.entry("p", 3, PUBLIC)[1].statement.key == "later"


def test_a_clock_that_is_wrong_settles_no_more_than_embargoes_reach(service, clock):
    clock.at = T + 1000 * 1000 * MINUTE
    keys(service)
    clock.at = T - 30 * MINUTE
    record(service, new=alliance("new"))
    assert service.entry("p", 5, ADMIN)[1].recorded_at == T + timedelta(microseconds=1)


@contextmanager
def writer_in_flight(database_url, clock):
    """A program whose list got its time before T, and is not stored until the `with` ends."""
    database = Database(database_url)
    under_way, go_on = threading.Event(), threading.Event()

    class Slow(EventStore):
        @contextmanager
        def appending(self, process):
            with super().appending(process) as appending:
                yield appending
                under_way.set()
                assert go_on.wait(SECONDS_AT_MOST)

    service = Service(Slow(database, clock), filled(database), clock=clock)
    writing = threading.Thread(
        target=record, args=(service,), kwargs={"new": alliance("new"), "publish": published("new")}
    )
    writing.start()
    assert under_way.wait(SECONDS_AT_MOST)
    yield
    go_on.set()
    writing.join()
    database.close()


def test_an_embargo_that_ended_is_not_told_while_a_writer_is_in_flight_who_is_earlier(service, clock, database_url):
    clock.at = T + MINUTE
    answers = []
    with writer_in_flight(database_url, Clock(T - MINUTE)):
        asking = [threading.Thread(target=lambda: answers.append(keys(service))) for _ in range(3)]
        for thread in asking:
            thread.start()
        time.sleep(0.3)
        assert all(seen == BEFORE for seen, _ in answers)
    for thread in asking:
        thread.join()
    for seen, place in answers:
        assert seen + keys(service, place)[0] == [*BEFORE, "new", "publish", "later", "embargo"]
    assert len(answers) == 3


def test_of_many_readers_one_waits_for_the_writer_and_the_others_are_answered(service, clock):
    clock.at = T + MINUTE
    with service._settling:  # as the one does
        assert keys(service)[0] == BEFORE


@pytest.mark.parametrize("writer", ["in this program", "in another"])
def test_while_somebody_records_the_feed_goes_as_far_as_is_settled_and_waits_only_a_moment(
    service, clock, database_url, writer
):
    clock.at = T + MINUTE
    readers = Database(database_url, patience=1000)
    other = readers if writer == "in this program" else Database(database_url)
    reader = service_with(readers, clock)
    answers = []
    asking = threading.Thread(target=lambda: answers.append(keys(reader)[0]))
    with other.writing():
        asking.start()
        asking.join(SECONDS_AT_MOST)
        assert answers == [BEFORE]
    assert keys(reader)[0] == [*BEFORE, "later", "embargo"]
    with readers.writing() as connection:  # whoever records is as patient as before
        asked = (
            "PRAGMA busy_timeout" if readers.sqlite else "SELECT setting FROM pg_settings WHERE name = 'lock_timeout'"
        )
        assert int(connection.exec_driver_sql(asked).scalar()) == 1000 * 1000
    other.close()
    readers.close()


# ---- waiting


@pytest.fixture
def server(house):
    """A server as `werdegang serve` runs it."""
    with served(house.app) as address:
        yield address


def at_once(work, *given):
    """What many get who ask at the same time."""

    async def every():
        limits = httpx2.Limits(max_connections=None)
        async with httpx2.AsyncClient(timeout=SECONDS_AT_MOST, limits=limits) as client:
            return await asyncio.gather(*(work(client, each) for each in given))

    return asyncio.run(every())


def waits(house, count):
    """Until so many wait."""
    give_up = time.monotonic() + SECONDS_AT_MOST
    while len(house.app.state.waiting._waiting) != count:
        assert time.monotonic() < give_up, "they do not wait"
        time.sleep(0.01)


def test_more_wait_than_there_are_threads_and_connections_and_all_are_told_of_what_is_new(house, server):
    _, address = read_on(house)
    count = 60

    def then_record():
        waits(house, count)
        pool = house.installation.database._reader.pool
        assert pool.checkedout() <= 1  # the one question for all of them
        house.record(under("neu", alliance("neu")), published("neu"))

    recording = threading.Thread(target=then_record)
    recording.start()
    answers = at_once(lambda client, place: client.get(f"{server}{place}&wait=20"), *[address] * count)
    recording.join()
    assert {len(answer.json()) for answer in answers} == {2}
    waits(house, 0)


def test_who_waits_for_what_is_not_for_them_goes_on_to_wait(house, server):
    _, address = read_on(house)
    answers = []
    asking = threading.Thread(target=lambda: answers.append(httpx2.get(f"{server}{address}&wait=2", timeout=20)))
    asking.start()
    waits(house, 1)
    house.record(alliance("intern"))
    asking.join()
    assert answers[0].json() == []
    assert answers[0].headers["link"] == f'<{address}&wait=2>; rel="next"'


def test_only_who_may_see_what_is_new_is_woken(service):
    service.feed(PUBLIC)
    before = service.feed_ends()
    record(service, intern=alliance("intern"))
    after = service.feed_ends()
    assert before.of(PUBLIC) == after.of(PUBLIC)
    assert before.of(ADMIN) != after.of(ADMIN)

    async def both_wait():
        there = waiting.Waiting(lambda _public: after)
        with_token, without = (
            asyncio.create_task(there.until_news(audience, before, 2 * SECONDS_AT_MOST, asyncio.Event().wait()))
            for audience in (ADMIN, PUBLIC)
        )
        await asyncio.wait_for(with_token, SECONDS_AT_MOST)
        for _ in range(10):
            await asyncio.sleep(0)
        assert not without.done()
        there.end()
        await asyncio.wait_for(without, SECONDS_AT_MOST)

    asyncio.run(both_wait())


def test_that_nobody_knows_of_news_is_logged_when_it_begins_and_when_it_is_over(tmp_path, monkeypatch):
    """Seen to fail: it was logged at every question, twice a second."""
    monkeypatch.setattr(waiting, "EVERY", 0.01)
    asked = []

    async def more_questions():
        before = len(asked)
        async with asyncio.timeout(SECONDS_AT_MOST):
            while len(asked) < before + 5:  # noqa: ASYNC110  # a thread asks
                await asyncio.sleep(0.01)

    async def wait_while_the_database_comes_and_goes(server, service):
        there = waiting.Waiting(lambda public: (asked.append(public), service.feed_ends())[1])
        one = asyncio.create_task(there.until_news(PUBLIC, service.feed_ends(), 300, asyncio.Event().wait()))
        for _ in range(2):
            await more_questions()
            server.stop()
            await more_questions()
            server.start()
            await more_questions()
        there.end()
        await one

    with installed() as place, capture_logs() as logged:
        server = Server(place, "away")
        server.create()
        with server:
            house = House(tmp_path / "data", url=server.url)
            asyncio.run(wait_while_the_database_comes_and_goes(server, house.installation.service))
            house.close()
    assert all(asked)  # nobody waited but the public
    told = [line["event"] for line in logged if line["event"].startswith("news-")]
    assert told == ["news-unknown", "news-known"] * 2


def test_what_the_public_waits_for_is_settled_by_looking_for_it(service, clock, database_url):
    """Also where a writer was in the way when the first who waits asked: it is tried again for all of them."""
    clock.at = T + MINUTE
    other = Database(database_url)
    with other.writing():
        before = service.feed_ends()
        assert keys(service)[0] == BEFORE
    assert service.feed_ends().of(PUBLIC) != before.of(PUBLIC)
    other.close()


def test_an_embargo_that_ends_is_told_to_who_waits(house, server):
    end = house.now + MINUTE
    house.record(under("neu", alliance("neu")), published("neu", not_before=end.isoformat()))
    _, address = read_on(house)
    answers = []
    asking = threading.Thread(
        target=lambda: answers.append(httpx2.get(f"{server}{address}&wait=30", timeout=SECONDS_AT_MOST))
    )
    asking.start()
    waits(house, 1)
    house.now = end
    asking.join()
    assert told_of(answers[0].json()) == [(BOTTROP, LAST + 1), (BOTTROP, LAST + 2)]


def test_when_too_many_wait_the_next_is_refused_with_a_time_to_ask_again(house, server):
    _, address = read_on(house)
    house.app.state.waiting._most = 1
    first = threading.Thread(target=httpx2.get, args=(f"{server}{address}&wait=20",), kwargs={"timeout": 30})
    first.start()
    waits(house, 1)
    answer = httpx2.get(f"{server}{address}&wait=20")
    assert (answer.status_code, answer.json()["code"]) == (503, "feed-busy")
    assert answer.headers["retry-after"] == str(waiting.SECONDS)
    assert httpx2.get(f"{server}{address}").status_code == 200  # who does not wait is answered
    house.app.state.waiting.end()
    first.join()


def test_who_sends_more_than_can_be_while_they_wait_is_refused_and_nothing_more_is_read_for_them(house, server):
    _, address = read_on(house)
    port = int(server.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS_AT_MOST) as connection:
        head = f"GET {address}&wait=30 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        waits(house, 1)
        for _ in range(MOST_OF_BODY // 100_000):
            connection.sendall(b"%x\r\n%s\r\n" % (100_000, b"a" * 100_000))
        connection.sendall(b"1\r\na\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")
    waits(house, 0)


def test_who_goes_away_leaves_their_place(house, server):
    _, address = read_on(house)
    with pytest.raises(httpx2.ReadTimeout):
        httpx2.get(f"{server}{address}&wait=30", timeout=0.5)
    waits(house, 0)
    assert house.app.state.waiting._taken == 0


def test_a_server_that_stops_keeps_nobody_waiting(house):
    _, address = read_on(house)
    answers = []
    with served(house.app) as at:
        asking = threading.Thread(target=lambda: answers.append(httpx2.get(f"{at}{address}&wait=30", timeout=60)))
        asking.start()
        waits(house, 1)
        before = time.monotonic()
    asking.join()
    assert answers[0].json() == []
    assert time.monotonic() - before < SECONDS_AT_MOST


def test_a_token_that_is_revoked_ends_what_is_waited_for_with_it(house, server):
    _, address = read_on(house, "evaluator")
    answers = []
    headers = house.headers("evaluator")
    asking = threading.Thread(
        target=lambda: answers.append(httpx2.get(f"{server}{address}&wait=20", headers=headers, timeout=30))
    )
    asking.start()
    waits(house, 1)
    accounts = house.installation.accounts
    (evaluator,) = (holder.account for holder in accounts.list() if holder.name == "evaluator")
    accounts.disable(evaluator.id)
    house.record(alliance("intern"))
    asking.join()
    assert answers[0].json()["code"] == "token-invalid"
