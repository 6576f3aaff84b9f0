"""What recording promises when several record at once, when a program dies in the middle, and when something fails."""

import os
import random
import signal
import threading
import time
from contextlib import contextmanager
from itertools import count

import pytest
from sqlalchemy import Engine, Pool, event

from adapters.database import Database
from adapters.event_store import EventStore
from domain.account import Account
from domain.commitment import intact, recomputed
from domain.entry import read
from domain.errors import Refused
from domain.publication import Statement
from domain.replay import Effective
from service import Service
from tests.programs import FORKS
from tests.records import filled
from tests.story import OPENED, alliance, lab, published, told
from tests.test_crash import Program, at_each_statement

ADMIN = Account("konto-admin", frozenset({("admin", "*")}))
PUBLIC = None
SINGLE_STATEMENTS = 40
SECONDS_AT_MOST = 20
"""How long something is waited for that happens at once unless it is forbidden; a busy machine takes its time."""


def feedback(*about):
    step = {"type": "feedback-received", "kind": "concern", "what": "Zu viele Ebenen – „für alle“?", "about": about}
    return told(step, "2018")


FOUNDED = {
    "opened": OPENED,
    "wiall": alliance("wiall", "2016"),
    "criticism": feedback("wiall"),
    "first-published": published("opened", "wiall", "criticism"),
}
EXTENDED = {
    "sta": alliance("sta", "2017", parent="wiall"),
    "lab": lab("lab", "2018", parent="sta"),
    "wish": feedback("sta", "lab"),
    "second-published": published("sta", "lab", "wish"),
}
LISTS = (FOUNDED, EXTENDED)


def service_on(database):
    """A service that knows nothing but what is stored."""
    return Service(EventStore(database), filled(database))


@pytest.fixture
def service(database):
    return service_on(database)


def record(service, statements, process="p"):
    stated = [Statement.model_validate({"process": process, "key": key, **told}) for key, told in statements.items()]
    return service.record(stated, ADMIN).numbers


def keys(service, audience, process="p"):
    """The keys of the entries that an audience sees, by number."""
    return [entry.statement.key for entry in service.view(process, audience).view.effective.entries]


def entries(database, process="p"):
    """The entries of a process by number: whole, as committed to, and without a gap."""
    records = list(EventStore(database).records(process))
    assert all(intact(record) and record.commitment == recomputed(record) for record in records)
    assert all(record.texts is not None for record in records)
    assert [record.number for record in records] == list(range(1, len(records) + 1))
    return [read(record) for record in records]


# ---- two programs record at once


def record_single_statements(url, name, answers):
    """Records bodies under the newest body of the other program, and feedback about both; retries nothing."""
    service, chance = service_on(Database(url)), random.Random(name)
    other = {"a": "body-b", "b": "body-a"}[name]
    ours = "wiall"
    answers.send("ready")
    for n in range(SINGLE_STATEMENTS):
        theirs = [key for key in keys(service, ADMIN) if key.startswith(other)]
        parent = theirs[-1] if theirs else "wiall"
        if n % 4 == 3:
            key, content = f"voice-{name}-{n}", feedback(ours, parent)
        else:
            key = ours = f"body-{name}-{n}"
            content = alliance(key, "2017", parent=parent)
        answers.send((key, content, record(service, {key: content})))
        time.sleep(chance.uniform(0, 0.02))  # or SQLite, whose lock knows no queue, serves one after the other


def test_two_programs_record_at_once_and_every_statement_is_there_once(database, database_url, service):
    record(service, FOUNDED)
    with database.writing():
        programs = [Program(record_single_statements, database_url, name) for name in ("a", "b")]
        assert [program.answers.recv() for program in programs] == ["ready"] * 2
    said, exitcodes = zip(*(program.rest() for program in programs), strict=True)
    assert exitcodes == (0, 0)
    assert [len(answers) for answers in said] == [SINGLE_STATEMENTS] * 2
    stored = entries(database)
    assert [entry.position for entry in stored] == list(range(1, len(FOUNDED) + 2 * SINGLE_STATEMENTS + 1))
    acknowledged = {number: (key, content) for answers in said for key, content, (number,) in answers}
    assert sorted(acknowledged) == [entry.number for entry in stored[len(FOUNDED) :]]
    for entry in stored[len(FOUNDED) :]:
        key, content = acknowledged[entry.number]
        assert entry.statement == Statement.model_validate({"process": "p", "key": key, **content})
    placed = {(key[:6], content["step"].get("parent", "")[:6]) for key, content in acknowledged.values()}
    assert {("body-a", "body-b"), ("body-b", "body-a")} <= placed
    assert list(service.statements("p", ADMIN)) == list(service_on(database).statements("p", ADMIN))
    assert keys(service, ADMIN) == [entry.statement.key for entry in stored]


def record_what_is_sent(url, sent, answers):
    """Records one list after the other; answers with its numbers, or with the codes it was refused with."""
    service = service_on(Database(url))
    keys(service, ADMIN)
    answers.send("ready")
    for statements in iter(sent.recv, None):
        try:
            answers.send(record(service, statements))
        except Refused as refusal:
            answers.send([found.code for found in refusal.refusals])


@pytest.fixture
def race(database, database_url, service):
    """Lets two programs record at once: both know the same entries and wait for the same lock."""
    record(service, FOUNDED)
    ends = [FORKS.Pipe(duplex=False) for _ in range(2)]
    programs = [Program(record_what_is_sent, database_url, sent) for sent, _ in ends]
    assert [program.answers.recv() for program in programs] == ["ready"] * 2

    def both(*lists):
        with database.writing():
            for (_, send), statements in zip(ends, lists, strict=True):
                send.send(statements)
            time.sleep(0.3)
            assert not any(program.answers.poll() for program in programs)
        return [program.answers.recv() for program in programs]

    yield both
    for _, send in ends:
        send.send(None)
    assert [program.rest() for program in programs] == [([], 0)] * 2


def test_of_two_who_found_the_same_body_at_once_one_is_acknowledged_and_the_other_refused(race, database):
    for number in range(5, 8):
        body = alliance(f"body-{number}")
        answers = race({f"mine-{number}": body}, {f"yours-{number}": body})
        assert sorted(answers, key=str) == [(number,), ["founded-twice"]]
        assert entries(database)[-1].statement.key == f"{('mine', 'yours')[answers.index((number,))]}-{number}"
    assert len(entries(database)) == 7


def test_the_same_statement_recorded_twice_at_once_is_stored_once_and_both_get_its_number(race, database):
    for number in range(5, 8):
        same = {f"key-{number}": feedback("wiall")}
        assert race(same, same) == [(number,), (number,)]
        assert len(entries(database)) == number


def test_of_two_who_use_one_key_at_once_for_different_statements_one_is_refused(race, database):
    for number in range(5, 8):
        lists = [{f"key-{number}": alliance(f"body-{number}-{n}")} for n in range(2)]
        answers = race(*lists)
        assert sorted(answers, key=str) == [(number,), ["key-taken"]]
        assert entries(database)[-1].statement.step.body == f"body-{number}-{answers.index((number,))}"
    assert len(entries(database)) == 7


# ---- a program dies while it records


@contextmanager
def listening(at):
    """Calls `at` at each SQL statement, and around the commit of each transaction that stores something."""

    def statement(name):
        def reached(connection, text):
            if text.lstrip().startswith("INSERT"):
                connection.info["stores"] = True
            at(name, connection)

        return reached

    def commit(connection):
        if "stores" in connection.info:
            at("before the commit", connection)

    def checkin(_connection, pooled):
        if pooled.info.pop("stores", False):
            at("after the commit", None)

    moments = [
        (Engine, "commit", commit),
        (Pool, "checkin", checkin),
    ]
    for moment in moments:
        event.listen(*moment)
    try:
        with at_each_statement(statement("before a statement"), statement("after a statement")):
            yield
    finally:
        for moment in moments:
            event.remove(*moment)


def record_and_die(url, fatal, answers):
    """Records the lists one after the other, and kills itself at the `fatal`-th moment of their transactions."""
    service, moments = service_on(Database(url)), count(1)

    def die(name, _connection):
        if next(moments) == fatal:
            answers.send(name)
            os.kill(os.getpid(), signal.SIGKILL)

    with listening(die):
        for statements in LISTS:
            answers.send(record(service, statements, process=f"p{fatal}"))


def test_killed_at_any_statement_of_a_recording_the_lists_are_whole_and_can_be_sent_again(database, database_url):
    died_at = []
    for fatal in count(1):
        process = f"p{fatal}"
        said, exitcode = Program(record_and_die, database_url, fatal).rest()
        answered = said
        if exitcode != 0:
            assert exitcode == -signal.SIGKILL
            *answered, moment = said
            died_at.append(moment)
            stored = [*answered, moment] if moment == "after the commit" else answered
            whole = [key for statements in LISTS[: len(stored)] for key in statements]
            assert [entry.statement.key for entry in entries(database, process)] == whole
            for audience in (ADMIN, PUBLIC) if whole else ():
                assert keys(service_on(database), audience, process) == whole
        again = [record(fresh := service_on(database), statements, process) for statements in LISTS]
        assert again[: len(answered)] == answered
        assert again == [(1, 2, 3, 4), (5, 6, 7, 8)]
        assert [entry.statement.key for entry in entries(database, process)] == [*FOUNDED, *EXTENDED]
        assert keys(fresh, ADMIN, process) == keys(fresh, PUBLIC, process) == [*FOUNDED, *EXTENDED]
        if exitcode == 0:
            break
    for moment in ("before the commit", "after the commit"):
        assert died_at.count(moment) == len(LISTS)
    for moment in ("before a statement", "after a statement"):
        assert died_at.count(moment) >= 4 * len(LISTS)


# ---- a program waits to record


def hold_the_lock(url, enough, answers):
    with Database(url).writing():
        answers.send("held")
        answers.send(enough.poll(SECONDS_AT_MOST))


def test_the_public_is_answered_while_a_recording_waits_for_another_program(database_url, service):
    record(service, FOUNDED)
    enough, say_enough = FORKS.Pipe(duplex=False)
    other = Program(hold_the_lock, database_url, enough)
    assert other.answers.recv() == "held"
    waiting = threading.Thread(target=record, args=(service, EXTENDED))
    waiting.start()
    time.sleep(0.3)
    seen = keys(service, PUBLIC)
    waited = waiting.is_alive()
    say_enough.send("enough")
    waiting.join()
    assert other.rest() == ([True], 0)  # it held the lock until the public was answered, however long that took
    assert (seen, waited) == (list(FOUNDED), True)
    assert keys(service, PUBLIC) == [*FOUNDED, *EXTENDED]


# ---- something fails while a list is recorded


class Failure(Exception):
    """Something that nobody foresaw."""


@contextmanager
def failing_at(fatal):
    """Fails at the `fatal`-th moment up to the commit; yields what was reached."""
    reached = []

    def fail(name, _connection):
        if name != "after the commit":
            reached.append(name)
            if len(reached) == fatal:
                raise Failure(name)

    with listening(fail):
        yield reached


def goes_on_after_a_failure(service, database):
    """The service shows nothing of the failed list, to nobody, and records it when it is sent again."""
    for asked in (service, service_on(database)):
        assert keys(asked, ADMIN) == keys(asked, PUBLIC) == list(FOUNDED)
    assert service.view("p", PUBLIC).version == 4
    assert record(service, {"other": feedback("wiall")}) == (5,)
    assert record(service, EXTENDED) == (6, 7, 8, 9)
    assert [entry.statement.key for entry in entries(database)] == [*FOUNDED, "other", *EXTENDED]
    for asked in (service, service_on(database)):
        assert keys(asked, ADMIN) == [*FOUNDED, "other", *EXTENDED]
        assert keys(asked, PUBLIC) == [*FOUNDED, *EXTENDED]


@pytest.mark.parametrize("sealed", range(4))
def test_a_service_goes_on_after_an_entry_could_not_be_sealed(database, sealed):
    calls, fatal = count(1), 3 * (len(FOUNDED) + sealed) + 1

    def random_bytes(size):
        if next(calls) == fatal:
            raise Failure
        return os.urandom(size)

    service = Service(EventStore(database), filled(database), random_bytes=random_bytes)
    record(service, FOUNDED)
    with pytest.raises(Failure):
        record(service, EXTENDED)
    goes_on_after_a_failure(service, database)


@pytest.mark.parametrize("name", ["form_rules.check_in_place", "hints.of"])
def test_a_service_goes_on_after_a_rule_or_a_hint_broke(database, service, monkeypatch, name):
    def breaks(*_):
        raise Failure

    record(service, FOUNDED)
    monkeypatch.setattr(f"domain.{name}", breaks)
    with pytest.raises(Failure):
        record(service, EXTENDED)
    monkeypatch.undo()
    goes_on_after_a_failure(service, database)


def test_a_service_goes_on_after_the_database_failed_at_any_moment(database, service):
    record(service, FOUNDED)
    failed_at = set()
    for fatal in count(1):
        with failing_at(fatal) as reached:
            try:
                record(service, EXTENDED)
            except Failure as failure:
                failed_at.add(str(failure))
        if len(reached) < fatal:
            break
        for asked in (service, service_on(database)):
            assert keys(asked, ADMIN) == keys(asked, PUBLIC) == list(FOUNDED)
    assert failed_at == {"before a statement", "after a statement", "before the commit"}
    assert fatal > 10
    assert keys(service, ADMIN) == keys(service, PUBLIC) == [*FOUNDED, *EXTENDED]
    assert [entry.statement.key for entry in entries(database)] == [*FOUNDED, *EXTENDED]


def test_a_service_goes_on_after_a_commit_that_failed(database, service):
    record(service, FOUNDED)

    def fail(name, _connection):
        if name == "before the commit":
            raise Failure

    with listening(fail), pytest.raises(Failure):
        record(service, EXTENDED)
    goes_on_after_a_failure(service, database)


def test_after_a_commit_that_failed_nothing_that_is_known_is_folded_again(service, monkeypatch):
    record(service, FOUNDED)

    def fail(name, _connection):
        if name == "before the commit":
            raise Failure

    with listening(fail), pytest.raises(Failure):
        record(service, EXTENDED)
    folded, append = [], Effective.append
    monkeypatch.setattr(
        Effective, "append", lambda log, entry: (folded.append(entry.statement.key), append(log, entry))
    )
    assert record(service, {"other": feedback("wiall")}) == (5,)
    assert folded == ["other"]


def test_a_list_whose_commit_was_not_answered_is_found_again_by_the_same_service(database, service):
    record(service, FOUNDED)

    def lose_the_answer(name, connection):
        if name == "before the commit":
            connection.exec_driver_sql("COMMIT")
            raise Failure

    with listening(lose_the_answer), pytest.raises(Failure):
        record(service, EXTENDED)
    assert record(service, EXTENDED) == (5, 6, 7, 8)
    assert keys(service, ADMIN) == keys(service, PUBLIC) == [*FOUNDED, *EXTENDED]
    assert [entry.statement.key for entry in entries(database)] == [*FOUNDED, *EXTENDED]


def test_the_public_never_sees_a_list_before_it_is_stored(service):
    record(service, FOUNDED)
    seen, to_fail = [], [Failure()] * 3

    def wait_and_fail(name, _connection):
        if name == "before the commit":
            give_up, answers = time.monotonic() + SECONDS_AT_MOST, len(seen)
            while len(seen) < answers + 3 and time.monotonic() < give_up:
                time.sleep(0.01)
            if to_fail:
                raise to_fail.pop()

    def record_until_it_is_stored():
        while to_fail:
            with pytest.raises(Failure):
                record(service, EXTENDED)
        record(service, EXTENDED)

    recorder = threading.Thread(target=record_until_it_is_stored)
    with listening(wait_and_fail):
        recorder.start()
        while recorder.is_alive():
            seen.append(keys(service, PUBLIC))
    assert all(answer in (list(FOUNDED), [*FOUNDED, *EXTENDED]) for answer in seen)
    assert len(seen) > 10
    assert keys(service, PUBLIC) == [*FOUNDED, *EXTENDED]
