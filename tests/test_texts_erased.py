"""Texts of entries erased for good: gone from every file, and everything else is as it was."""

import gc
import gzip
import json
import weakref
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from adapters.backup import backup, restore
from adapters.drafts import Part
from adapters.erasures import FILE, read_erasures, written
from adapters.event_store import EventStore
from adapters.exports.log_contents import content_of
from adapters.imports.tables import Grid, Row
from adapters.keeping import explain_erasures, tidy
from adapters.log_key import prepare_key, renew_key
from adapters.registrations import Meet
from adapters.registrations import Person as Registered
from adapters.verify import check_log, check_receipt
from adapters.web.app import create_app
from adapters.wiring import fill_tables
from domain.account import Account
from domain.entry import Entry, read
from domain.errors import Refused
from domain.publication import Statement
from domain.replay import Effective
from projections.amendments import amendments
from service import Times
from tests.story import OPENED, alliance, corrected, erasing, level, plainly, published, story, told, withdrawn
from tests.test_erasing import Place, files_of

ADMIN = Account("konto-aaaaaaaaaa", frozenset({("admin", "*")}))
RECORDER = Account("konto-bbbbbbbbbb", frozenset({("recorder", "*")}))
NAMES = ("Quendolin Zwirnhelm", "xanthippe", "Tintenherzog")
"""Words that stand nowhere but in the texts that are erased."""


# ---- what an erasure reaches, and what it is refused -----------------------------------------------------------------


def told_twice():
    return story(
        a=alliance("a", "2018", name="Erst"),
        fixed=corrected("a", alliance("a", "2018", name="Dann")),
        plain=plainly("a"),
        b=alliance("b", "2018"),
    )


def test_an_erasure_reaches_an_entry_its_corrections_and_its_plain_texts_so_far_and_no_other():
    told_ = told_twice().given(gone=erasing("a"), again=corrected("a", alliance("a", "2019"), "fixed"))
    log, by_key = told_.log, told_.keys
    covered = {key for key, number in by_key.items() if log.erasure_of(number) is not None}
    assert covered == {"a", "fixed", "plain"}
    assert log.erasure_of(by_key["a"]) == by_key["gone"]


def test_a_correction_alone_can_lose_its_texts():
    told_ = told_twice().given(gone=erasing("fixed"))
    assert [key for key, number in told_.keys.items() if told_.log.erasure_of(number)] == ["fixed"]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (erasing("a"), "already-erased"),
        (erasing("fixed"), "already-erased"),
        (erasing("gone"), "no-words-to-erase"),
        (withdrawn("gone"), "erased-for-good"),
        (published("gone"), "not-publishable"),
        (corrected("gone", alliance("a", "2018")), "correct-the-original"),
        (plainly("gone"), "not-about-entries"),
        ({**erasing("b"), "occurred": {"edtf": "2018"}}, "about-entries-undated"),
    ],
)
def test_what_makes_no_sense_about_erasing_is_refused(statement, code):
    assert told_twice().given(gone=erasing("a")).refused(statement) == [code]


def test_new_words_can_be_erased_again():
    told_ = told_twice().given(gone=erasing("a"), again=corrected("a", alliance("a", "2019"), "fixed"))
    told_.given(gone_again=erasing("a"))
    assert told_.log.erasure_of(told_.keys["again"]) == told_.keys["gone-again"]
    assert told_.log.erasure_of(told_.keys["a"]) == told_.keys["gone"]


def test_an_erasure_is_public_from_when_its_target_is_and_at_once_where_that_is_already():
    told_ = story(a=alliance("a", "2018"), b=alliance("b", "2018"), c=alliance("c", "2018"))
    told_.given(out=published("opened", "a"), before=erasing("b"), of_c=erasing("c"), of_a=erasing("a"))
    told_.given(out_too=published("b"))
    log, by_key = told_.log, told_.keys
    at = {key: log.by_number[number].recorded_at for key, number in by_key.items()}
    assert log.public_from(by_key["of-a"]) == at["of-a"]
    assert log.public_from(by_key["before"]) == at["out-too"]
    assert log.public_from(by_key["of-c"]) is None


def test_an_entry_whose_texts_are_gone_can_still_be_published_withdrawn_and_corrected():
    told_ = story(a=alliance("a", "2018")).given(gone=erasing("a"))
    told_.given(out=published("opened", "a"), new=corrected("a", alliance("a", "2018", name="Anders")))
    told_.given(away=withdrawn("a"))
    assert not told_.log.in_force(told_.keys["a"])


# ---- an installation ------------------------------------------------------------------------------------------------

STATEMENTS = {
    "opened": OPENED,
    "mid": level("mid"),
    "wiall": alliance("wiall", "2018-03", name=f"Bündnis {NAMES[0]}"),
    "fixed": corrected("wiall", alliance("wiall", "2018-04", name=f"Allianz {NAMES[0]} und {NAMES[1].upper()}")),
    "plain": plainly("wiall", f"{NAMES[0]} hat ein Bündnis gegründet."),
    "noted": told({"type": "context-noted", "what": "Was bleibt"}, "2018"),
    "secret": told({"type": "context-noted", "what": f"Intern über {NAMES[2]}"}, "2018"),
    "out": published("opened", "mid", "wiall", "fixed", "plain", "noted"),
}
GONE = ("wiall", "secret")


@pytest.fixture
def place(tmp_path, database_url):
    home = tmp_path / "data"
    url = f"sqlite:///{home / 'werdegang.sqlite'}" if database_url.startswith("sqlite") else database_url
    place = Place(home, url)
    fill_tables(place.installed)
    prepare_key(home, place.installed.log, "stadt.example/log")
    record(place, **STATEMENTS)
    yield place
    place.database.close()


def record(place, account=ADMIN, **statements):
    given = [{"process": "p", "key": key, **content} for key, content in statements.items()]
    return place.installed.service.record([Statement.model_validate(one) for one in given], account)


def erase(place, *keys, account=ADMIN):
    return record(place, account, **{f"gone-{key}": erasing(key) for key in keys})


def found(place, home=None):
    """The words that stand in any file of the installation."""
    return names_in(files_of(home or place.home, place.database))


def names_in(files):
    contents = [path.read_bytes().lower() for path in files]
    words = [word.lower() for name in NAMES for word in name.split()]
    return {word for word in words for content in contents if word.encode() in content}


def answers(place, audience):
    """What does not depend on texts: numbers, order, structure, what is public."""
    service = place.installed.service
    view = service.view("p", audience).view
    lines = service.timeline("p", audience)[1].lines
    return (
        [number for number in view.effective.by_number if number <= len(STATEMENTS)],
        [line.number for line in lines],
        {id_: view.standing(id_) for id_ in ("mid", "wiall")},
        [place.installed.log.leaf(index) for index in range(len(STATEMENTS))],
    )


def test_what_was_erased_is_in_no_file_and_everything_else_is_as_it_was(place):
    """Seen to fail without merging the index of words, without emptying the tables, and with only some of these."""
    assert found(place) == {word.lower() for name in NAMES for word in name.split()}
    before = [answers(place, audience) for audience in (ADMIN, None)]
    erase(place, *GONE)
    assert place.installed.erasing.unfinished() == []
    assert found(place) == set()
    assert [answers(place, audience) for audience in (ADMIN, None)] == before
    assert place.installed.service.check_tables()
    for word in ("Quendolin", "xanthippe", "Tintenherzog"):
        assert place.installed.service.search(word, ADMIN).total == 0
    assert place.installed.service.search("bleibt", None).total == 1


def test_the_public_reads_that_texts_were_erased_when_and_on_what_ground(place):
    place.now += timedelta(days=1)
    erase(place, "wiall")
    view = place.installed.service.view("p", None).view
    (found_,) = [one for one in amendments(view) if one.amendment == "erasure"]
    assert (found_.target, found_.legal_ground, found_.approved_by) == (3, "objection", "data-protection-officer")
    (line,) = [line for line in place.installed.service.timeline("p", None)[1].lines if line.number == 3]
    assert (line.erased, line.erased_by, line.erased_at.date().isoformat()) == (True, 9, "2026-11-23")
    assert line.unnamed is not None
    assert line.unnamed.name.erased_at == line.erased_at
    before = place.installed.service.view("p", None, Times(published_by=date(2026, 11, 22))).view
    assert [one.entry for one in amendments(before) if one.amendment == "erasure"] == [None, None, None]


def test_cleaned_words_follow_as_a_correction(place):
    erase(place, "wiall")
    record(place, clean=corrected("wiall", alliance("wiall", "2018-04", name="Ein Bündnis"), "fixed"))
    record(place, shown=published("clean"))
    (line,) = [line for line in place.installed.service.timeline("p", None)[1].lines if line.number == 3]
    assert (line.headline, line.erased) == ("Ein Bündnis", False)
    assert found(place) == {"tintenherzog"}


def test_another_program_that_still_holds_the_words_lets_go_of_them_before_it_answers_or_records(place):
    """Seen to fail when a program wrote the lines of a process from what it had read before."""
    other = place.opened_again(patience=30)
    other.service.view("p", ADMIN)
    other.service.preview([Statement.model_validate({"process": "p", "key": "new", **alliance("b", "2018")})], ADMIN)
    erase(place, *GONE)
    other.service.record([Statement.model_validate({"process": "p", "key": "new", **alliance("b", "2018")})], ADMIN)
    record(place, shown=published("new"))
    texts = other.service.view("p", ADMIN).view.effective.by_number[3].statement.step
    assert texts.name is None
    place.database.forget()
    assert found(place) == set()
    other.database.close()


def test_a_rebuild_that_was_left_behind_keeps_no_words(place):
    place.installed.service.rebuild()
    filling = place.installed.tables.begin()
    store = EventStore(place.database)
    records = list(store.records("p"))
    filling.put(Effective(map(read, records)), records, place.now)
    erase(place, *GONE)
    assert found(place) == set()


def test_what_somebody_began_with_the_same_words_is_discarded_and_other_work_stays(place):
    account = place.installed.accounts.create("Wer schreibt", []).id
    typed = {"/step/what": [STATEMENTS["plain"]["step"]["text"] + " Und mehr."]}
    place.installed.drafts.put(account, "p", "desk-1", Part("desk-1", "context-noted", typed))
    place.installed.drafts.put(account, "p", "desk-2", Part("desk-2", "context-noted", {"/step/what": ["Anderes"]}))
    place.installed.drafts.put(account, "q", "desk-3", Part("desk-3", "context-noted", typed))
    grid = Grid("liste.csv", ["Was"], [Row(2, [STATEMENTS["plain"]["step"]["text"]])])
    place.installed.waiting_tables.put(account, "p", "context-noted", grid.packed())
    erase(place, "wiall")
    assert [draft.id for draft in place.installed.drafts.list(account)] == ["desk-2", "desk-3"]
    assert place.installed.waiting_tables.of(account, "p") == []


def test_only_who_may_publish_may_erase_and_nothing_happens_otherwise(place):
    with pytest.raises(Refused, match="not-permitted"):
        erase(place, "wiall", account=RECORDER)
    assert place.installed.erasing.unfinished() == []
    assert "zwirnhelm" in found(place)


def test_where_four_eyes_are_wanted_nobody_erases_what_they_recorded(place):
    place.installed.four_eyes.switch("p", on=True)
    with pytest.raises(Refused, match="four-eyes-erasing"):
        erase(place, "wiall")
    other = replace(ADMIN, id="konto-cccccccccc")
    erase(place, "wiall", account=other)


def test_erasing_the_same_again_under_the_same_key_changes_nothing(place):
    first = erase(place, "wiall")
    again = erase(place, "wiall")
    assert (again.numbers, again.new) == (first.numbers, ())


# ---- proofs --------------------------------------------------------------------------------------------------------


def served(place):
    """What the log serves, as the checker reads it."""
    signer, log, service = place.installed.signer, place.installed.log, place.installed.service
    note = signer.checkpoint()

    def read(path):
        if path == "checkpoint":
            return note.encode()
        if path.startswith("tile/entries/"):
            return log.bundle(0, int(path.rpartition("/")[2]))
        if path.startswith("content/"):
            try:
                record_ = service.public_record(int(path[8:-5]) + 1)
            except Refused:
                return None
            return json.dumps(content_of(record_)).encode()
        return None

    return read


def test_every_proof_is_as_before_and_a_receipt_handed_out_before_still_verifies(place):
    signer = place.installed.signer
    kept, receipt = signer.checkpoint(), signer.receipt(2)
    content = json.dumps(content_of(place.installed.service.public_record(3))).encode()
    erase(place, *GONE)
    report = check_log(served(place), [signer.key()], kept, each=True)
    assert (report.findings, report.exit_code) == ([], 0)
    words = ["verified", "verified", "erased", "erased", "erased", "verified", "sealed", "verified"]
    assert report.states == [*words, "verified", "sealed"]
    told_ = check_receipt(receipt, [signer.key()], content)
    assert (told_.findings, told_.opened) == ([], 1)


def test_words_that_are_gone_without_an_erasure_are_found_from_inside_and_outside(place):
    with place.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM texts WHERE position = 3")
    report = check_log(served(place), [place.installed.signer.key()])
    assert [(each.code, each.parameters["index"]) for each in report.findings] == [("content-missing", 2)]


# ---- older backups ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_backup_that_is_put_back_has_everything_erased_before_anything_is_served(place, tmp_path, request, when):
    """A backup from before the erasure has the words, and no entry that says that they are gone."""
    file, home = tmp_path / "sicherung.zip", tmp_path / "neu"
    if when == "before":
        backup(place.database, file, place.home)
    erase(place, *GONE)
    if when == "after":
        backup(place.database, file, place.home)
    listed = read_erasures(written(place.installed.erasing.list.listed()))
    assert {one.keeper for one in listed} == {"texts"}
    home.mkdir()
    with ExitStack() as stack:
        new = Place(home, _new_url(place, home, request, stack))
        restore(new.database, file, lambda: new.installed.erasing.reapply(listed) and None, home)
        fill_tables(new.installed)
        new.installed.erasing.settle(lambda: explain_erasures(new.installed))
        assert new.installed.erasing.finish() == []
        assert found(new) == set()
        new.installed.service.check_tables()
        said = [e.statement.step for e in new.installed.service.view("p", ADMIN).view.effective.entries]
        approved = [step.approved_by for step in said if step.type == "texts-erased"]
        assert set(approved) == ({"as-before"} if when == "before" else {"data-protection-officer"})
        renew_key(home, new.installed.log, "stadt.example/neu")
        assert check_log(served(new), [new.installed.signer.key()]).findings == []
        assert (home / FILE).is_file()
        new.database.close()


def _new_url(place, home, request, stack):
    from tests.postgres import empty_database

    if place.database.sqlite:
        return f"sqlite:///{home / 'werdegang.sqlite'}"
    return stack.enter_context(empty_database(request.getfixturevalue("postgres_url")))


def test_an_older_database_put_in_place_by_hand_forgets_at_the_start(place):
    if not place.database.sqlite:
        pytest.skip("the file of SQLite is what is put back by hand")
    place.database.forget()
    older = (place.home / "werdegang.sqlite").read_bytes()
    erase(place, *GONE)
    place.database.close()
    (place.home / "werdegang.sqlite").write_bytes(older)
    again = Place(place.home, f"sqlite:///{place.home / 'werdegang.sqlite'}")
    assert "zwirnhelm" in found(again)
    tidy(again.installed)
    assert found(again) == set()
    again.installed.service.check_tables()
    again.database.close()


@pytest.fixture
def uncollected():
    """Python looks for no garbage by itself."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
def test_pages_of_a_program_that_kept_the_words_are_made_anew_and_nothing_of_them_stays_in_it(place):
    """Seen to fail when another program's answers, lines and views stayed where they were."""
    other = place.opened_again(patience=30)
    with TestClient(create_app(other)) as reader:
        before = reader.get("/prozesse/p/verlauf").text
        reader.get("/prozesse/p/eintrag/3?happened_by=2019-01-01")
        assert NAMES[0] in before
        left = weakref.ref(Ring())
        erase(place, *GONE)
        after = reader.get("/prozesse/p/verlauf").text
        assert NAMES[0] not in after
        bodies = reader.app.state.kept._bodies.values()
        kept = [gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body for body in bodies]
        assert kept
        assert not [body for body in kept if NAMES[0].encode() in body]
        assert not [one for one in gc.get_objects() if isinstance(one, Entry) and told_in(one)]
        assert left() is None
    other.database.close()


class Ring:
    """Refers to itself, as what is left of a page does, with the words in it."""

    def __init__(self):
        self.itself = self


def told_in(entry):
    return NAMES[0] in entry.statement.model_dump_json()


# ---- what only happens when others are at work ----------------------------------------------------------------------


def test_whoever_still_looks_at_the_time_before_is_told_as_left_and_the_rest_is_done_later(place, monkeypatch):
    """PostgreSQL keeps what an older snapshot can see. Seen to fail when a reader of another table was passed over."""
    monkeypatch.setattr("adapters.database.SECONDS_FOR_READERS", 0.2)
    other = place.opened_again(patience=1)
    with other.database.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM accounts").all()
        erase(place, *GONE)
        assert place.installed.erasing.unfinished() == ["database", "texts"]
    tidy(place.installed)
    assert (place.installed.erasing.unfinished(), found(place)) == ([], set())
    other.database.close()


def test_an_erasure_while_tables_are_filled_anew_leaves_no_words_in_files(place):
    """Seen to fail when what had been read before was written after, and then only deleted."""
    other = place.opened_again(patience=30)
    put = other.service._put

    def put_late(filling, process, checksums):
        """What was read of the process before the erasure is written after it."""
        other.service._put = put
        records = list(EventStore(place.database).records(process))
        erase(place, *GONE)
        checksums[process] = filling.put(Effective(map(read, records)), records, place.now)

    other.service._put = put_late
    other.service.rebuild()
    assert found(place) == set()
    other.service.check_tables()
    other.database.close()


def test_what_another_one_has_begun_to_erase_stays_noted_when_this_one_is_done(place):
    """Seen to fail when whoever was done, or refused, removed the only note."""
    with pytest.raises(ZeroDivisionError), place.installed.erasing.thoroughly(texts=True):
        raise ZeroDivisionError
    assert place.installed.erasing.unfinished() == []
    note = place.installed.erasing._begin(texts=True)  # as another program that is killed right after
    with pytest.raises(ZeroDivisionError), place.installed.erasing.thoroughly():
        raise ZeroDivisionError
    assert note.is_file()
    assert place.installed.erasing.unfinished() == ["interrupted", "texts"]
    assert place.installed.erasing.finish() == []
    assert place.installed.erasing.unfinished() == []


def test_a_short_name_in_a_draft_and_a_text_in_a_waiting_letter_go_too(place):
    account = place.installed.accounts.create("Wer schreibt", []).id
    record(
        place, actor=told({"type": "actor-registered", "actor": "x", "kind": "company", "name": "B. Zwirnhelm"}, "2018")
    )
    typed = {"/step/name": ["B. Zwirnhelm"]}
    place.installed.drafts.put(account, "p", "desk-1", Part("desk-1", "actor-registered", typed))
    registered = Registered("Wer kommt", "k@stadt.example", "", "")
    place.installed.registrations.register(
        Meet("p", "treffen", 20), registered, lambda *_: ("Treffen", "Mit B. Zwirnhelm.")
    )
    erase(place, "actor", *GONE)
    assert place.installed.drafts.list(account) == []
    assert found(place) == set()
    with place.database.reading() as connection:
        ((body,),) = connection.exec_driver_sql("SELECT body FROM messages").all()
    assert body == "Mit […]."


def test_that_an_older_backup_was_put_back_nobody_states(place):
    with pytest.raises(Refused, match="approval-by-nobody"):
        record(place, gone=erasing("wiall", approved_by="as-before"))
