"""Entries that are read when they are asked: they say what others say, and hold nothing that was read."""

import gc
import io
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.event_store import EventStore
from adapters.exports import formats
from adapters.exports.formats import BY_NAME
from adapters.registers import REGISTERS
from adapters.web import exporting
from domain.entry import Entry, read, seal
from domain.publication import Statement
from domain.record import Salts
from domain.replay import Effective
from domain.stored_entry import TOGETHER, StoredEntry, stored_entries
from domain.view import View
from projections.difference import difference
from projections.picture import picture
from projections.telling import line
from tests.exporting import PROCESS, file_of, lindenau, material_of
from tests.histories import FIRST, LAST, PUBLISHING, heaps, histories
from tests.test_laws import rounds

SALTS = Salts(b"f" * 32, b"i" * 32, b"t" * 32)
FIELDS = [field.name for field in fields(Entry)]


class Office:
    """What of an office a file is made of."""

    def __init__(self, entries):
        self.log = Effective(entries)
        self.entries = self.log.entries


def both(office):
    """The entries of an office as they are read from what is stored, at once and when they are asked."""
    records = [seal(entry, SALTS) for entry in office.log.entries]
    return Office(map(read, records)), Office(stored_entries(records))


def said(entry):
    return {name: getattr(entry, name) for name in (*FIELDS, "targets")}


@rounds(30)
@given(st.one_of(histories(about=PUBLISHING), heaps()))
def test_an_entry_that_is_read_when_asked_says_the_same(office):
    held, stored = both(office)
    assert list(map(said, stored.entries)) == list(map(said, held.entries))
    assert all(type(entry) is StoredEntry for entry in stored.entries)
    for number in held.log.by_number:
        assert stored.log.public_from(number) == held.log.public_from(number)
        assert stored.log.in_force(number) == held.log.in_force(number)
    told = [
        [(*form[2:], form.number, form.told_by, form.telling) for form in o.log.graph.forms.values()]
        for o in (held, stored)
    ]
    assert told[0] == told[1]


@rounds(20)
@given(st.one_of(histories(about=PUBLISHING), heaps()), st.integers(FIRST, LAST))
def test_whatever_is_read_of_a_view_is_the_same(office, day):
    views = [View(each.log, LAST).on(day) for each in both(office)]
    held, stored = views
    assert stored.conflicts == held.conflicts
    assert {id_: stored.standing(id_) for id_ in stored.state} == {id_: held.standing(id_) for id_ in held.state}
    assert picture(stored) == picture(held)
    for register in REGISTERS:
        assert register.read(stored) == register.read(held), register.name
    for number in held.effective.by_number:
        assert line(stored, number) == line(held, number)
    assert difference(*(view.on(FIRST) for view in views)) == difference(held.on(FIRST), held.on(FIRST))
    assert difference(stored.on(FIRST), stored) == difference(held.on(FIRST), held)


@rounds(5)
@given(histories(about=PUBLISHING))
def test_every_file_is_the_same_bytes(office):
    held, stored = (material_of(each, LAST) for each in both(office))
    for name in BY_NAME:
        assert file_of(name, stored) == file_of(name, held), name


@pytest.fixture
def large(monkeypatch):
    """An installation in which every process counts as a large one, and nothing is kept yet."""
    installation = lindenau().house.installation
    monkeypatch.setattr(installation.service, "_most_kept", 0)
    installation.service.forget()
    return installation


@pytest.mark.parametrize("as_", [None, "evaluator", "admin"])
@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_large_process_is_written_as_any_other_and_nothing_of_it_is_kept(large, name, as_):
    account = large.accounts.account_of(lindenau().house.tokens[as_]) if as_ else None
    answer = large.service.view_once(PROCESS, account)
    assert all(type(entry) is StoredEntry for entry in answer.view.effective.entries)
    assert large.service._processes == {}
    ordinary = large.service.view(PROCESS, account)
    assert answer.cited == ordinary.cited
    written = []
    for found in (answer, ordinary):
        written.append(io.BytesIO())
        formats.write(large, name, found, account, written[-1], "de", lambda _: None)
    assert written[0].getvalue() == written[1].getvalue()


def test_over_http_a_large_process_is_the_same_file(large, monkeypatch):
    lean = lindenau().get("csv", "evaluator")
    monkeypatch.setattr(large.service, "_most_kept", 1_000)
    ordinary = lindenau().get("csv", "evaluator")
    assert (lean.status_code, lean.content, lean.headers["etag"]) == (200, ordinary.content, ordinary.headers["etag"])


def test_a_file_takes_no_more_memory_where_an_installation_keeps_much(large, monkeypatch):
    """Seen to fail when a process counted as large by what is kept alone."""
    monkeypatch.setattr(large.service, "_most_kept", 1_000_000)
    monkeypatch.setattr("service.KEPT_ENTRIES", 10)
    answer = large.service.view_once(PROCESS, None)
    assert all(type(entry) is StoredEntry for entry in answer.view.effective.entries)


def test_a_large_process_is_not_even_read_while_as_many_files_are_made_as_the_server_can(large, monkeypatch):
    monkeypatch.setattr(exporting, "_AT_ONCE", exporting.BoundedSemaphore(1))
    with exporting._turn():
        busy = lindenau().get("csv", "evaluator")
    assert (busy.status_code, busy.json()["code"]) == (503, "exports-busy")
    assert large.service._processes == {}
    assert lindenau().get("csv", "evaluator").status_code == 200


def test_no_statement_stays_read_beside_those_that_were_asked_for_last(monkeypatch):
    monkeypatch.setattr("domain.stored_entry.READ", few := 3)
    database = lindenau().house.installation.database
    gc.collect()
    before = {id(each) for each in gc.get_objects() if type(each) is Statement}
    office = Office(stored_entries(EventStore(database).records(PROCESS)))
    assert len(office.entries) > 2 * few
    material = material_of(office, LAST)
    for name in BY_NAME:
        file_of(name, material)
    gc.collect()
    alive = [each for each in gc.get_objects() if type(each) is Statement and id(each) not in before]
    assert len(alive) <= few


def test_entries_of_more_than_one_pack_are_each_its_own():
    records = list(EventStore(lindenau().house.installation.database).records(PROCESS))
    assert len(records) > TOGETHER
    backwards = list(stored_entries(records))[::-1]
    assert [entry.statement for entry in backwards] == [read(record).statement for record in records[::-1]]
