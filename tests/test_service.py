"""The use cases on a real database: who may do what, what the public sees, and that nothing is half done."""

from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.event_store import EventStore
from domain.account import Account
from domain.errors import Refused
from domain.publication import Statement
from service import PERMITTED, Service, Times, permits
from tests.records import filled
from tests.story import OPENED, alliance, corrected, dropped, lab, level, published, told, withdrawn

ADMIN = Account("konto-admin", frozenset({("admin", "*")}))
RECORDER = Account("konto-recorder", frozenset({("recorder", "p")}))
PUBLISHER = Account("konto-publisher", frozenset({("publisher", "p")}))
EVALUATOR = Account("konto-evaluator", frozenset({("evaluator", "p")}))
STRANGER = Account("konto-stranger", frozenset({("admin", "another")}))


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def service(database, clock):
    return Service(EventStore(database, clock), filled(database), clock=clock)


def stated(key, content, process="p"):
    return Statement.model_validate({"process": process, "key": key, **content})


STA = told({"type": "group-formed", "kind": "strategische-allianz", "body": "sta", "level": "mid"}, "2017")
CRITICISM = told({"type": "feedback-received", "kind": "concern", "what": "zu viele Ebenen", "about": ["mid"]}, "2017")
HISTORY = {
    "opened": OPENED,
    "mid": level("mid"),
    "wiall": alliance("wiall", "2016-11"),
    "sta": STA,
    "lab": lab("lab", "2017", parent="sta"),
    "criticism": CRITICISM,
    "drop": {
        **dropped("mid", "[2017..2018]", {"subject": "sta", "to": "dissolved"}, {"subject": "lab", "to": "unrecorded"}),
        "because": ["criticism"],
    },
}


def record(service, history=HISTORY, account=ADMIN):
    return service.record([stated(key, content) for key, content in history.items()], account)


def keys(answer):
    return [entry.statement.key for entry in answer.view.effective.entries]


def codes(refusal):
    return [found.code for found in refusal.value.refusals]


def test_a_list_is_recorded_whole_with_numbers_in_its_order(service):
    outcome = record(service)
    assert outcome.numbers == outcome.new == tuple(range(1, 8))
    assert keys(service.view("p", ADMIN)) == list(HISTORY)


def test_recording_the_same_list_again_changes_nothing(service):
    record(service)
    outcome = record(service)
    assert (outcome.numbers, outcome.new) == (tuple(range(1, 8)), ())
    assert len(service.view("p", ADMIN).view.effective.entries) == 7


def test_another_statement_under_a_known_key_is_refused(service):
    record(service)
    with pytest.raises(Refused) as refusal:
        service.record([stated("lab", lab("lab", "2018", parent="sta"))], ADMIN)
    assert [(found.code, found.index, found.pointer) for found in refusal.value.refusals] == [("key-taken", 0, "/key")]


def test_one_bad_statement_and_nothing_is_recorded(service):
    bad = {**HISTORY, "lab": lab("lab", "2017", parent="nowhere")}
    with pytest.raises(Refused) as refusal:
        record(service, bad)
    assert [(found.code, found.index) for found in refusal.value.refusals] == [("unknown", 4)]
    with pytest.raises(Refused) as refusal:
        service.view("p", ADMIN)
    assert codes(refusal) == ["unknown-process"]
    record(service)
    assert len(service.view("p", ADMIN).view.effective.entries) == 7


def test_a_preview_shows_the_effect_and_records_nothing(service):
    record(service, {key: HISTORY[key] for key in list(HISTORY)[:-1]})
    outcome = service.preview([stated("drop", HISTORY["drop"])], RECORDER)
    gone = {item.subject for item in outcome.effect if item.aspect == "counted" and item.after is False}
    assert gone == {"mid", "sta"}
    assert all(7 in item.causes for item in outcome.effect)
    assert len(service.view("p", ADMIN).view.effective.entries) == 6
    assert service.record([stated("drop", HISTORY["drop"])], RECORDER).new == (7,)


def test_what_was_not_asked_for_longest_is_forgotten_and_read_again(service, monkeypatch):
    """Seen to fail when nothing was forgotten, and when what was asked for last was forgotten first."""
    for process in ("p", "q", "r"):
        service.record([stated(key, content, process) for key, content in HISTORY.items()], ADMIN)
    monkeypatch.setattr("service.LEAST_KEPT", 1)
    monkeypatch.setattr("service.KEPT_ENTRIES", len(HISTORY))
    another = Service(service._store, service._tables)
    for process in ("p", "q", "p", "r", "p", "q"):
        assert another.view(process, ADMIN).view.position == len(HISTORY)
    assert list(another._processes) == ["p", "q"]
    another.view("p", ADMIN)
    assert list(another._processes) == ["q", "p"]


def test_of_two_processes_that_are_asked_for_in_turn_none_is_forgotten_however_large(service, monkeypatch):
    for process in ("p", "q"):
        service.record([stated(key, content, process) for key, content in HISTORY.items()], ADMIN)
    monkeypatch.setattr("service.KEPT_ENTRIES", 0)
    known = [service._process(process) for process in ("p", "q", "p", "q")]
    assert known[:2] == known[2:]
    assert service._process("r") is not None
    assert list(service._processes) == ["q", "r"]


def test_however_many_are_read_nothing_is_forgotten_of_what_is_recorded_in(service, monkeypatch):
    """Seen to fail when both were kept together."""
    read, recorded_in = ("p", "q", "r", "u"), ("s", "t")
    for process in (*read, *recorded_in):
        service.record([stated(key, content, process) for key, content in HISTORY.items()], ADMIN)
    monkeypatch.setattr("service.LEAST_KEPT", 1)
    another = Service(service._store, service._tables, most_kept=2 * len(HISTORY) + 2)
    for process in recorded_in:
        another.record([stated("another", alliance("another"), process)], ADMIN)
    for process in read:
        another.view(process, ADMIN)
    assert list(another._processes) == ["s", "t", "q", "r", "u"]


def test_a_process_that_was_forgotten_while_it_is_used_stays_right(service, monkeypatch):
    """Two threads know of it by two objects then, as two programs would."""
    record(service)
    used = service._process("p")
    monkeypatch.setattr("service.KEPT_ENTRIES", 0)
    service.record([stated(key, content, "q") for key, content in HISTORY.items()], ADMIN)
    service._process("r")
    assert "p" not in service._processes
    service.record([stated("another", alliance("another"))], ADMIN)
    assert len(service._forward(used, "p").entries) == len(HISTORY) + 1 == service.view("p", ADMIN).view.position


def test_two_services_on_one_database_see_each_others_entries_and_rules(service, database, clock):
    other = Service(EventStore(database, clock), filled(database), clock=clock)
    record(service)
    with pytest.raises(Refused) as refusal:
        other.record([stated("again", alliance("wiall"))], ADMIN)
    assert codes(refusal) == ["founded-twice"]
    assert other.record([stated("b", alliance("b"))], ADMIN).new == (8,)
    assert service.record([stated("c", alliance("c", parent="b"))], ADMIN).new == (9,)
    assert keys(other.view("p", ADMIN)) == keys(service.view("p", ADMIN))


ROLES = {"recorder": RECORDER, "publisher": PUBLISHER, "evaluator": EVALUATOR, "admin": ADMIN}


@pytest.mark.parametrize(
    ("act", "use_case"),
    [
        ("record", lambda s, who: s.record([stated("x", alliance("x"))], who)),
        ("record", lambda s, who: s.preview([stated("x", alliance("x"))], who)),
        ("record", lambda s, who: s.record([stated("fix", corrected("wiall", alliance("wiall", "2017")))], who)),
        ("record", lambda s, who: s.record([stated("off", withdrawn("criticism"))], who)),
        ("publish", lambda s, who: s.record([stated("open", published("opened"))], who)),
        ("publish", lambda s, who: s.preview([stated("open", published("opened"))], who)),
        ("publish", lambda s, who: s.needed_for_publication("p", [2], who)),
        ("read", lambda s, who: s.statements("p", who)),
        ("read", lambda s, who: s.entry("p", 2, who)),
        ("read", lambda s, who: s.why("p", 2, who)),
        ("read", lambda s, who: s.number_of("p", "mid", who)),
    ],
)
def test_every_use_case_asks_for_its_right(service, act, use_case):
    record(service, {key: content for key, content in HISTORY.items() if key != "drop"})
    allowed = [account for role, account in ROLES.items() if role in PERMITTED[act]]
    for account in (None, STRANGER, *ROLES.values()):
        if account in allowed:
            continue
        with pytest.raises(Refused) as refusal:
            use_case(service, account)
        assert codes(refusal)[0] in ("account-needed", "not-permitted", "unknown-process")
    use_case(service, allowed[0])


def test_a_role_holds_in_its_process_only():
    assert permits(RECORDER, "record", "p")
    assert not permits(RECORDER, "record", "another")
    assert not permits(None, "read", "p")


def test_without_publication_the_process_does_not_exist_for_the_public(service):
    record(service)
    for audience in (None, STRANGER):
        assert service.processes(audience) == []
        with pytest.raises(Refused) as hidden:
            service.view("p", audience)
        with pytest.raises(Refused) as missing:
            service.view("nowhere", audience)
        assert codes(hidden) == codes(missing) == ["unknown-process"]


def test_the_public_sees_what_is_published_and_unpublished_numbers_are_as_unknown_as_missing_ones(service):
    record(service)
    service.record([stated("open", published("opened", "mid", "wiall"))], PUBLISHER)
    answer = service.view("p", None)
    assert (keys(answer), answer.position, answer.version) == (["opened", "mid", "wiall", "open"], 8, 4)
    refusals = []
    for number in (5, 99):
        with pytest.raises(Refused) as refusal:
            service.entry("p", number, None)
        refusals.append(codes(refusal))
    assert refusals == [["unknown-entry"], ["unknown-entry"]]


def test_a_draft_changes_nothing_the_public_is_told(service):
    record(service)
    service.record([stated("open", published("opened", "mid", "wiall", "sta", "lab", "criticism", "drop"))], ADMIN)

    def told_to_the_public():
        answer = service.view("p", None)
        cited = (answer.position, answer.version, answer.settled, answer.day)
        return (
            cited,
            keys(answer),
            service.why("p", 7, None),
            service.view("p", None, Times(known_by=date(2026, 11, 22))),
        )

    before = told_to_the_public()
    service.record([stated("draft", {**alliance("secret"), "because": ["criticism"]})], ADMIN)
    after = told_to_the_public()
    assert before[:3] == after[:3]
    assert (before[3].settled, before[3].version) == (after[3].settled, after[3].version)


def test_publishing_asks_for_what_an_entry_names_and_says_what_is_missing(service):
    record(service)
    with pytest.raises(Refused) as refusal:
        service.record([stated("open", published("lab"))], PUBLISHER)
    (found,) = refusal.value.refusals
    assert (found.code, found.params["entries"]) == ("not-public-along", [1, 2, 4])
    assert service.needed_for_publication("p", [5], PUBLISHER) == [1, 2, 4]


def test_an_unpublished_cause_is_not_named(service):
    record(service)
    service.record([stated("open", published("opened", "mid", "sta", "lab", "drop"))], ADMIN)
    path = service.why("p", 7, None)
    assert (path.causes, path.entry.because, path.entry.cause_not_shown) == ([], [], True)
    assert [line.number for line in service.why("p", 7, ADMIN).causes] == [6]


def test_an_embargo_ends_without_any_further_entry_and_moves_the_public_version(service, clock):
    record(service)
    later = (clock.now + timedelta(days=2)).isoformat()
    service.record([stated("open", published("opened", "mid"))], ADMIN)
    service.record([stated("later", published("wiall", not_before=later))], ADMIN)
    assert service.view("p", None).version == 3
    clock.now += timedelta(days=3)
    answer = service.view("p", None)
    assert (keys(answer), answer.version) == (["opened", "mid", "wiall", "open", "later"], 5)


def test_the_why_path_runs_both_ways(service):
    record(service)
    backward, forward = service.why("p", 7, ADMIN), service.why("p", 6, ADMIN)
    assert [line.number for line in backward.causes] == [line.number for line in [forward.entry]] == [6]
    assert [line.number for line in forward.consequences] == [7]
    assert backward.links == forward.links == [(6, 7)]


def test_two_dates_compared_name_the_entries_behind_each_difference(service):
    record(service)
    _, _, items = service.compare(
        "p", ADMIN, Times(happened_by=date(2017, 12, 31)), Times(happened_by=date(2018, 12, 31))
    )
    assert {(item.subject, item.aspect, item.after) for item in items} == {
        ("mid", "counted", False),
        ("sta", "counted", False),
        ("lab", "parent", None),
        ("lab", "inferred", True),
    }
    assert all(item.causes == [7] for item in items)


def test_what_was_known_on_a_day_ends_with_that_day_in_the_process_s_time_zone(service, clock):
    clock.now = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    record(service, {"opened": OPENED})
    clock.now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # in Berlin the 23rd
    service.record([stated("wiall", alliance("wiall"))], ADMIN)
    assert keys(service.view("p", ADMIN, Times(known_by=date(2026, 11, 22)))) == ["opened"]
    assert keys(service.view("p", ADMIN, Times(known_by=date(2026, 11, 23)))) == ["opened", "wiall"]


def test_only_an_answer_that_can_no_longer_change_is_settled(service, clock):
    record(service)
    clock.now += timedelta(days=2)
    service.record([stated("more", alliance("more"))], ADMIN)
    then, yesterday, tomorrow = date(2018, 1, 1), date(2026, 11, 22), date(2026, 11, 24)
    assert service.view("p", ADMIN, Times(then, known_by=yesterday)).settled
    assert not service.view("p", ADMIN, Times(then, known_by=tomorrow)).settled
    assert not service.view("p", ADMIN, Times(known_by=yesterday)).settled  # by today: moves on with the day
    assert not service.view("p", ADMIN).settled


def test_for_the_public_only_a_past_publication_date_settles_an_answer(service, clock):
    record(service)
    service.record([stated("open", published("opened", "mid"))], ADMIN)
    clock.now += timedelta(days=2)
    service.record([stated("more", published("wiall"))], ADMIN)
    then, yesterday = date(2018, 1, 1), date(2026, 11, 22)
    assert service.view("p", None, Times(then, published_by=yesterday)).settled
    assert not service.view("p", None, Times(then, known_by=yesterday)).settled


def test_exported_statements_recorded_elsewhere_give_the_same_statements(service, database, clock):
    record(service)
    statements = [s.model_copy(update={"process": "q"}) for s in service.statements("p", ADMIN)]
    Service(EventStore(database, clock), filled(database), clock=clock).record(statements, ADMIN)
    assert list(service.statements("q", ADMIN)) == statements
    assert statements[-1].because == ("criticism",)


def test_statements_of_two_processes_are_not_one_list(service):
    with pytest.raises(Refused) as refusal:
        service.record([stated("a", OPENED), stated("b", OPENED, process="q")], ADMIN)
    assert [(found.code, found.index) for found in refusal.value.refusals] == [("one-process", 1)]


def test_what_the_office_sees_of_the_future_is_never_shown_to_the_public(service, clock):
    record(service, {"opened": OPENED, "secret": alliance("secret"), "plain": alliance("plain")})
    service.record([stated("open", published("opened"))], ADMIN)
    later = (clock.now + timedelta(days=9)).isoformat()
    service.record([stated("later", published("secret", not_before=later))], ADMIN)
    future = Times(published_by=(clock.now + timedelta(days=20)).date())
    assert "secret" in keys(service.view("p", ADMIN, future))
    service.record([stated("now", published("plain"))], ADMIN)
    assert keys(service.view("p", None)) == ["opened", "plain", "open", "now"]
    assert "secret" not in keys(service.view("p", None, future))


def test_a_publication_is_taken_back_by_those_who_may_publish(service, clock):
    record(service, {"opened": OPENED})
    later = (clock.now + timedelta(days=9)).isoformat()
    service.record([stated("later", published("opened", not_before=later))], PUBLISHER)
    with pytest.raises(Refused) as refusal:
        service.record([stated("off", withdrawn("later"))], RECORDER)
    assert codes(refusal) == ["not-permitted"]
    service.record([stated("off", withdrawn("later"))], PUBLISHER)
    with pytest.raises(Refused):
        service.record([stated("off2", withdrawn("opened"))], PUBLISHER)


def test_the_first_and_the_last_day_of_the_calendar_are_days_like_any_other(service):
    record(service)
    assert keys(service.view("p", ADMIN, Times(date.max, date.max, date.max))) == []
    assert len(keys(service.view("p", ADMIN, Times(date.max, date.max)))) == len(HISTORY)
    assert keys(service.view("p", ADMIN, Times(date.min, date.min))) == []


def test_statements_are_not_exported_without_what_they_refer_to(service):
    record(service)
    with pytest.raises(Refused) as refusal:
        service.statements("p", ADMIN, Times(published_by=date(2026, 11, 22)))
    assert codes(refusal) == ["export-in-part"]


def test_a_past_day_of_knowledge_does_not_settle_what_later_publications_open(service, clock):
    record(service)
    service.record([stated("open", published("opened"))], ADMIN)
    clock.now += timedelta(days=2)
    service.record([stated("more", alliance("more"))], ADMIN)
    then, past, future = date(2018, 1, 1), date(2026, 11, 22), date(2026, 12, 31)
    assert not service.view("p", ADMIN, Times(then, known_by=past, published_by=future)).settled
    assert service.view("p", ADMIN, Times(then, known_by=future, published_by=past)).settled
