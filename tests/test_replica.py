"""The public reads from a replica – and no program goes back in time, however far the replica is behind."""

import os
import random
import signal
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, make_url
from structlog.testing import capture_logs

from adapters import database as database_
from adapters import left_alone
from adapters import replica as replica_
from adapters.database import Database
from adapters.left_alone import LeftAlone
from adapters.web import metrics
from adapters.web.guard import SESSION
from domain.errors import Refused
from tests.faces import House
from tests.postgres import empty_database, followed, with_name
from tests.test_crash import at_each_statement

TOWN = "lindenau"
PAGE = f"/prozesse/{TOWN}/verlauf"
API = f"/api/v1/processes/{TOWN}/entries"
OCCURRED = {"occurred": {"edtf": "2026-01-01"}}
SECONDS_AT_MOST = 24
OPENED = {"key": "a", "step": {"type": "process-opened", "name": "Lindenau"}, **OCCURRED}


@pytest.fixture(scope="module")
def servers():
    with followed() as both:
        yield both


@pytest.fixture
def town(servers, tmp_path):
    """Two programs on a primary and a replica that has come as far: each with memories of its own."""
    primary, standby = servers
    with empty_database(primary.url) as url:
        name = make_url(url).database
        first = House(tmp_path / "data", url=url, replica=with_name(standby.url, name))
        first.record(OPENED, said("b"), published("a", "b"), process=TOWN)
        second = House(tmp_path / "data", first.tokens, url, with_name(standby.url, name))
        second.now = first.now
        yield Town(primary, standby, first, second)
        if standby.process is not None and primary.process is not None:
            standby.ask("SELECT pg_wal_replay_resume()")
        first.close()
        second.close()


def said(key):
    return {"key": key, "step": {"type": "feedback-received", "kind": "concern", "what": f"Nummer {key}"}, **OCCURRED}


def published(*targets):
    return {"key": f"p-{targets[-1]}", "step": {"type": "entry-published", "targets": list(targets)}}


class Town:
    def __init__(self, primary, standby, first, second):
        self.primary, self.standby, self.first, self.second = primary, standby, first, second

    def catch_up(self):
        self.standby.has_replayed(self.primary)

    @contextmanager
    def behind(self):
        """The replica replays nothing for a while."""
        self.catch_up()
        for house in (self.first, self.second):
            seen(house)  # what it has read last on the primary is on the replica, too
        with self.standby.behind(self.primary):
            yield


def add(house, key):
    house.record(said(key), published(key), process=TOWN)


def seen(house, as_=None):
    """The keys' last letter that a reader is shown on the page, and the last number in the API."""
    page, api = house.get(PAGE, as_).text, house.get(API, as_).json()
    shown = {key for key in "abcdefg" if f"Nummer {key}" in page}
    assert shown <= {key for key in "abcdefg" if f"Nummer {key}" in str(api)}
    return "".join(sorted(shown))


def test_the_public_reads_from_the_replica_and_whoever_has_a_token_from_the_primary(town):
    with town.behind():
        add(town.second, "c")
        assert seen(town.first) == "b"
        assert seen(town.first, "recorder") == "bc"


def test_whoever_recorded_is_never_shown_an_older_state_and_neither_is_anybody_at_that_program(town):
    with town.behind():
        add(town.first, "c")
        assert seen(town.first, "recorder") == "bc"
        assert seen(town.first) == "bc"
        assert seen(town.second) == "b"
        assert seen(town.second, "recorder") == "bc"
        assert seen(town.second) == "bc"  # it has been there once
    town.catch_up()
    assert seen(town.first) == "bc"


def test_whoever_was_refused_has_seen_what_others_recorded_and_so_has_their_program(town):
    """Its memory is newer than the replica then: the tables must be, too."""
    with town.behind():
        add(town.second, "c")
        assert seen(town.first) == "b"
        other = {**said("c"), "occurred": {"edtf": "2025"}}
        assert town.first.post(other, "admin", TOWN).json()["code"] == "key-taken"
        assert seen(town.first) == "bc"


def test_who_is_signed_in_at_the_desk_sees_on_the_public_pages_what_they_recorded(town):
    with town.behind():
        add(town.first, "c")
        asked = {"cookie": f"{SESSION}={'x' * 43}"}
        assert "Nummer c" not in town.second.get(PAGE).text
        assert "Nummer c" in town.second.get(PAGE, **asked).text


def test_whoever_waits_without_a_token_is_told_of_what_is_new_where_the_public_reads(town):
    """Seen to fail: the primary was asked, and then all the public of that program was answered by it."""
    with town.behind():
        read = town.second.get("/api/v1/entries")
        following = f"{read.links['next']['url']}&wait=2"
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(town.second.get(following).json()))
        waiting.start()
        add(town.first, "c")
        waiting.join()
        assert answers == [[]]
        assert seen(town.second) == "b"
    town.catch_up()
    assert "Nummer c" in str(town.second.get(following).json())


def test_a_tag_of_one_state_never_comes_with_another(town):
    with town.behind():
        older = town.second.get(PAGE)
        add(town.first, "c")
        newer = town.first.get(PAGE)
        assert older.headers["etag"] != newer.headers["etag"]
        again = town.second.get(PAGE, if_none_match=newer.headers["etag"])
        assert (again.status_code, again.headers["etag"], again.text) == (200, older.headers["etag"], older.text)
        assert town.second.get(PAGE, if_none_match=older.headers["etag"]).status_code == 304
    town.catch_up()
    assert town.second.get(PAGE, if_none_match=older.headers["etag"]).text == newer.text


def test_while_a_replica_lags_no_program_ever_goes_back_in_time(town):
    """One program records; at two others the public and the office read in turn, from a replica that stops and goes."""
    chance, last, bodies = random.Random(4), {}, {}
    done = threading.Event()

    def stop_and_go():
        while not done.wait(chance.uniform(0, 0.03)):
            town.standby.ask("SELECT pg_wal_replay_pause()")
            done.wait(chance.uniform(0, 0.05))
            town.standby.ask("SELECT pg_wal_replay_resume()")

    lagging = threading.Thread(target=stop_and_go)
    lagging.start()
    try:
        for n in range(20):
            town.first.record({**said("b"), "key": f"n-{n}"}, published(f"n-{n}"), process=TOWN)
            for house in (town.first, town.second):
                for as_ in chance.choices([None, None, None, "recorder"], k=4):
                    answer = house.get(API, as_)
                    position = answer.json()["position"]
                    assert position >= last.get(house, 0)
                    last[house] = position
                    tag = answer.headers["etag"]
                    assert bodies.setdefault((as_, tag), answer.text) == answer.text
    finally:
        done.set()
        lagging.join()
    assert len(bodies) > 10


def test_a_replica_that_is_away_is_told_once_and_asked_again_when_it_is_back(town, monkeypatch):
    monkeypatch.setattr(left_alone, "SECONDS_UNTIL_NEXT_TRY", 0)
    town.catch_up()
    metrics.watch(town.second.installation)
    assert seen(town.second) == "b"
    assert "werdegang_replica_away 0.0" in figures(town.second)
    town.catch_up()
    town.standby.stop()
    try:
        add(town.first, "c")
        with capture_logs() as logs:
            assert seen(town.second) == "bc"
            assert seen(town.second) == "bc"
        assert "werdegang_replica_away 1.0" in figures(town.second)
        (away,) = [line for line in logs if line["event"] == "replica-away"]
        assert away["reason"]  # what the driver says, for whoever runs it
    finally:
        town.standby.start()
    town.catch_up()
    with capture_logs() as logs:
        seen(town.second)
    assert [line["event"] for line in logs if line["event"] != "answered"] == ["replica-back"]
    assert "werdegang_replica_away 0.0" in figures(town.second)


def test_another_citys_database_is_no_replica_of_this_one(town, servers, tmp_path):
    """Seen to fail: by the marks of the write-ahead log alone, it had come far enough."""
    _, standby = servers
    with empty_database(town.primary.url) as url:
        elsewhere = House(tmp_path / "elsewhere", url=url)
        elsewhere.record(OPENED, said("f"), published("a", "f"), process=TOWN)
        installation = town.first.installation
        own = installation.settings.database_url
        for other in (with_name(standby.url, make_url(url).database), url):
            town.catch_up()
            mistaken = House(tmp_path / "data", town.first.tokens, own, other)
            mistaken.now = town.first.now
            with capture_logs() as logs:
                assert seen(mistaken) == "b"
            (away,) = [line for line in logs if line["event"] == "replica-away"]
            assert "WERDEGANG_REPLICA_URL" in away["reason"]
            mistaken.close()
        elsewhere.close()


def figures(house):
    return metrics.exposed(house.installation).decode().splitlines()


def test_a_replica_that_breaks_off_in_the_middle_of_an_answer_is_followed_by_the_primary(town):
    with town.behind():
        add(town.first, "c")
        broken = []

        def break_off(connection, statement):
            if town.standby.folder.name in str(connection.engine.url) and statement.lstrip().startswith("SELECT"):
                broken.append(statement)
                town.standby.ask(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'werdegang'"
                )

        with at_each_statement(break_off, lambda *_: None):
            shown = town.second.get(API)
        assert (shown.status_code, shown.json()["position"]) == (200, 5)
        assert len(broken) == 2  # while it is asked what the answer rests on, and while it is made


@contextmanager
def frozen(server):
    """None of its programs does anything for a while; their connections stay open."""
    starter = server.process.pid
    of_it = Path(f"/proc/{starter}/task/{starter}/children").read_text().split()
    stopped = [starter, *map(int, of_it)]
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in stopped:
            os.kill(process, signal.SIGCONT)


def test_a_replica_that_freezes_is_followed_by_the_primary(town, monkeypatch):
    """Without a limit of its own this hangs: nobody is answered."""
    with town.behind():
        add(town.first, "c")
        assert seen(town.second) == "b"  # its connections lie in the pool
        with frozen(town.standby), capture_logs() as logs:
            assert seen(town.second) == "bc"
            assert town.second.get("/ready").status_code == 200
        assert [line["event"] for line in logs if line["event"].startswith("replica-")] == ["replica-away"]
    town.catch_up()
    monkeypatch.setattr(left_alone, "SECONDS_UNTIL_NEXT_TRY", 0)
    town.second.installation.database._replica._left_alone._again = 0  # as if these seconds had passed
    with capture_logs() as logs:
        assert seen(town.second) == "bc"
    assert "replica-back" in [line["event"] for line in logs]


def test_a_replica_that_freezes_in_the_middle_of_an_answer_is_followed_by_the_primary(town, monkeypatch):
    monkeypatch.setattr(replica_, "SECONDS_TO_ANSWER", 1)
    with town.behind(), ExitStack() as until_then:
        add(town.first, "c")
        assert town.second.get(API).json()["position"] == 3
        add(town.first, "d")
        froze = []

        def freeze(connection, statement):
            on_the_standby = town.standby.folder.name in str(connection.engine.url)
            if on_the_standby and statement.lstrip().startswith("SELECT") and not froze:
                froze.append(statement)
                until_then.enter_context(frozen(town.standby))

        with at_each_statement(freeze, lambda *_: None):
            shown = town.second.get(f"{API}?limit=7")
        assert froze
        assert (shown.status_code, shown.json()["position"]) == (200, 7)
        until_then.close()


def test_connections_to_the_replica_are_counted_too(town):
    with town.behind():
        pass
    open_ = []
    database = town.second.installation.database
    database.watch(lambda: open_.append(1), open_.pop)
    with database.reading_as_public(), database.reading() as connection:
        assert town.standby.folder.name in str(connection.engine.url)
        assert open_ == [1]
    assert open_ == []


def test_while_the_primary_is_away_the_public_is_answered_and_recording_is_refused(town):
    with town.behind():
        pass
    feed = town.second.get("/api/v1/entries").content
    town.primary.kill()
    try:
        assert seen(town.second) == "b"
        assert town.second.get("/api/v1/entries").content == feed
        assert f"/prozesse/{TOWN}/eintrag/2<" in town.second.get("/sitemap.xml").text
        ready = town.second.get("/ready")
        assert (ready.status_code, ready.json()) == (200, {"status": "reading-only"})
        answer = town.second.post(said("c"), "admin", TOWN)
        assert (answer.status_code, answer.json()["code"]) == (503, "database-unreachable")
        assert str(town.primary.folder) not in answer.text
        assert seen(town.second) == "b"
    finally:
        town.primary.start_after_a_kill()
    assert town.second.post(said("c"), "admin", TOWN).status_code == 201
    assert town.second.get("/ready").json() == {"status": "ready"}


def test_without_primary_and_replica_it_is_not_ready(town):
    with town.behind():
        pass
    town.primary.kill()
    town.standby.stop()
    try:
        ready = town.second.get("/ready")
        assert (ready.status_code, ready.json()["code"]) == (503, "database-unreachable")
    finally:
        town.standby.start()
        town.primary.start_after_a_kill()


def checkpoint(house):
    """How many entries the checkpoint that a program shows covers; its tail can be read and proved there."""
    note = house.get("/log/checkpoint")
    assert note.status_code == 200, note.text
    size = int(note.text.split("\n")[1])
    assert house.get(f"/log/tile/entries/000.p/{size}").status_code == 200
    assert house.get(f"/log/proof/{size - 1}.tlog-proof").status_code == 200
    return size


def test_the_log_is_read_from_the_replica_and_what_is_signed_never_goes_back(town):
    """Seen to fail when a replica that lags was asked what is signed: to it the log looked forked."""
    assert checkpoint(town.second) == 3
    with town.behind():
        add(town.first, "c")
        assert checkpoint(town.first) == 5
        assert seen(town.second) == "b"
        assert checkpoint(town.second) == 5
        assert town.second.get("/log/about.json").status_code == 200
    town.catch_up()
    assert checkpoint(town.second) == 5
    town.catch_up()
    town.primary.kill()
    try:
        assert checkpoint(town.second) == 5
        assert town.second.get("/log/vkey").status_code == 200
        assert town.second.get("/log/content/0.json").status_code == 200
    finally:
        town.primary.start_after_a_kill()
    add(town.first, "d")
    assert (checkpoint(town.first), checkpoint(town.second)) == (7, 7)


def contents(house):
    """How many entries the contents of the log tell of at a program; each can be asked for alone, and kept."""
    answer = house.get(f"/log/contents/{TOWN}/0.jsonl")
    assert answer.status_code == 200, answer.text
    size = len(answer.text.splitlines())
    assert house.get(f"/log/content/{size - 1}.json").status_code == 200
    return size


def test_what_the_log_says_of_entries_is_never_older_than_a_page_of_another_worker(town):
    """Seen to fail when it was read from the replica."""
    with town.behind():
        add(town.first, "c")
        assert seen(town.first) == "bc"
        assert seen(town.second) == "b"
        assert town.second.get("/log/content/3.json").status_code == 200
    with town.behind():
        add(town.first, "d")
        assert seen(town.second) == "bc"
        assert town.second.get("/log/receipt/5.zip").status_code == 200
    with town.behind():
        add(town.first, "e")
        assert contents(town.second) == 9
    with town.behind():
        pass
    town.primary.kill()
    try:
        assert contents(town.second) == 9
    finally:
        town.primary.start_after_a_kill()


def test_a_primary_that_is_away_is_tried_by_one_question_of_the_log_and_by_whoever_records(town):
    """Seen to fail when each question of the log tried it."""
    metrics.watch(town.second.installation)
    assert checkpoint(town.second) == 3
    with town.behind():
        pass
    tried = []
    event.listen(town.second.installation.database._writer.dialect, "do_connect", lambda *_: tried.append(1))
    note = town.second.get("/log/checkpoint").text
    town.primary.kill()
    try:
        with capture_logs() as logs:
            assert town.second.get("/log/checkpoint").text == note
            assert "werdegang_primary_away 1.0" in figures(town.second)
            tried.clear()
            for path in ("/log/checkpoint", "/log/vkey", f"/log/contents/{TOWN}/0.jsonl", "/log/about.json"):
                assert town.second.get(path).status_code == 200
            assert not tried
            assert town.second.post(said("c"), "admin", TOWN).status_code == 503
            assert town.second.get(API, "admin").status_code == 503
            assert len(tried) >= 2
            tried.clear()
            town.second.installation.database._primary._again = 0  # as if these seconds had passed
            assert checkpoint(town.second) == 3
            assert len(tried) == 1
        assert [line["event"] for line in logs if line["event"].startswith("primary-")] == ["primary-away"]
    finally:
        town.primary.start_after_a_kill()
    with capture_logs() as logs:
        assert town.second.post([said("c"), published("c")], "admin", TOWN).status_code == 201
    assert [line["event"] for line in logs if line["event"].startswith("primary-")] == ["primary-back"]
    assert "werdegang_primary_away 0.0" in figures(town.second)
    assert checkpoint(town.second) == 5  # who recorded has found it back


def test_a_primary_that_freezes_takes_a_few_questions_of_the_log_along_and_no_more(town, servers, tmp_path):
    """Seen to fail without a bound: each of them waited for it, and in the end no thread was left for any page."""
    _, standby = servers
    own, contents, answers = (
        make_url(town.first.installation.settings.database_url),
        f"/log/contents/{TOWN}/0.jsonl",
        [],
    )
    patient = own.update_query_dict({"connect_timeout": "3600"}).render_as_string(hide_password=False)
    house = House(tmp_path / "data", town.first.tokens, patient, with_name(standby.url, own.database))
    house.now = town.first.now
    with town.behind():
        seen(house)
    assert house.get(contents).status_code == 200

    def ask():
        answers.append(house.get(contents).status_code)

    asking = [threading.Thread(target=ask) for _ in range(database_.FEW + 4)]
    with frozen(town.primary), capture_logs() as logs:
        for each in asking:
            each.start()
        for each in asking:
            each.join(SECONDS_AT_MOST / len(asking))
        assert answers == [200] * 4
        assert seen(house) == "b"
        assert house.get(contents).status_code == 200  # and from now on nobody waits at all
        assert "primary-away" in [line["event"] for line in logs]
    for each in asking:
        each.join()
    assert answers == [200] * len(asking)
    house.close()


def test_of_all_who_ask_at_once_one_tries_a_server_again():
    """Seen to fail when all were told to try as long as none had come back."""
    server = LeftAlone("primary")
    assert [server.now(), server.now()] == [False, False]
    server.not_reached(OSError())
    assert [server.now(), server.now()] == [True, True]
    server._again = 0  # as if these seconds had passed
    assert [server.now(), server.now()] == [False, True]
    server.reached()
    assert [server.now(), server.now()] == [False, False]


def test_a_server_that_only_takes_reading_says_so_to_whoever_records(town):
    """As one that has not taken over yet, or was the primary."""
    town.catch_up()
    database = Database(with_name(town.standby.url, make_url(town.first.installation.settings.database_url).database))
    for _ in range(2):
        with pytest.raises(Refused) as refusal, database.writing():
            pass
        assert [found.code for found in refusal.value.refusals] == ["database-read-only"]
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM entries").scalar() == 3
    database.close()
