"""The transparency log of an installation: a leaf for every entry, signed, served, and checked from outside."""

import json
import re
import shutil
import sqlite3
import threading
from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
import segno
from sqlalchemy import text

from adapters import log_key, verify
from adapters.backup import backup, restore
from adapters.database import Database
from adapters.event_store import EventStore
from adapters.log_key import KEY, SIGNED, Signer, prepare_key, renew_key
from adapters.settings import Settings
from adapters.transparency_log import TransparencyLog, log_checkpoints, log_state
from adapters.verify import WIDTH, check_log, check_receipt, parse_key, parse_leaf, root_of, tile_path, tiles_of
from adapters.web.printed_checkpoint import printed
from adapters.wiring import initialise
from domain.errors import Refused
from tests.faces import BOTTROP, LAST, bottrop
from tests.records import logged, recorded
from tests.story import told

RELEASED = Path(__file__).parent / "databases" / "0.1.0.sqlite"


def leaves(log, size):
    return [log.leaf(index) for index in range(size)]


# ---- one leaf for every entry -------------------------------------------------------------------------------------


def test_every_entry_has_its_leaf_at_its_place_and_the_tree_is_that_over_the_leaves(database):
    store, log = logged(database)
    records = [*recorded(store, "bottrop", 3), *recorded(store, "gera", 2), *recorded(store, "bottrop", 1)]
    size, root = log.tree()
    found = leaves(log, size)
    assert (size, root) == (6, root_of(found))
    for record, leaf in zip(records, map(parse_leaf, found), strict=True):
        assert (leaf.number, leaf.at, leaf.commitment) == (record.number, record.recorded_at, record.commitment)
        assert leaf.process == log.log_id(record.process)
    assert log.first_difference(store.all_records()) is None


def test_a_leaf_tells_neither_process_nor_type_nor_what_is_spoken_of(database):
    store, log = logged(database)
    recorded(store, "bottrop", 9)
    for leaf in leaves(log, 9):
        assert json.loads(leaf).keys() == {"at", "c", "n", "p", "v"}
        assert b"bottrop" not in leaf
    assert len({len(leaf) for leaf in leaves(log, 9)}) == 1


def test_an_entry_that_is_not_stored_leaves_no_leaf_and_the_next_one_fits(database):
    store, log = logged(database)
    recorded(store, "bottrop", 2)
    with suppress(ZeroDivisionError), database.writing():
        recorded(store, "gera", 3)
        assert log.tree()[0] == 5
        raise ZeroDivisionError
    assert (log.tree()[0], log.log_id("gera")) == (2, None)
    recorded(store, "gera", 2)
    recorded(store, "gera", 1)
    assert log.tree() == (5, root_of(leaves(log, 5)))
    assert log.first_difference(store.all_records()) is None


def test_whoever_else_records_meanwhile_the_tree_stays_one(database):
    (one, log), (other, _) = logged(database), logged(database)
    for _ in range(3):
        recorded(one, "bottrop", 2)
        recorded(other, "gera", 3)
        recorded(other, "bottrop", 1)
    assert log.tree() == (18, root_of(leaves(log, 18)))
    assert log.first_difference(one.all_records()) is None


def test_threads_that_record_at_once_leave_one_log(database):
    stores = [logged(database)[0] for _ in range(4)]
    threads = [
        threading.Thread(target=lambda store=store, n=n: [recorded(store, f"p{n}", 1) for _ in range(15)])
        for n, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = TransparencyLog(database)
    assert log.tree() == (60, root_of(leaves(log, 60)))
    assert log.first_difference(stores[0].all_records()) is None


@pytest.mark.parametrize("batches", [[WIDTH - 1, 1, 1], [WIDTH, WIDTH], [3 * WIDTH + 7], [1, 2 * WIDTH]])
def test_tiles_are_stored_when_they_are_full_and_served_at_every_size(database, batches):
    store, log = logged(database)
    for count in batches:
        recorded(store, "bottrop", count)
    size, root = log.tree()
    entries = leaves(log, size)
    hashes = [verify.leaf_hash(leaf) for leaf in entries]
    tops = [verify.subtree(hashes[at : at + WIDTH]) for at in range(0, size - size % WIDTH, WIDTH)]
    for level, n, width in tiles_of(size):
        row = hashes if level == 0 else tops
        assert log.tile(level, n, width) == b"".join(row[n * WIDTH : n * WIDTH + width]), (level, n)
        if level == 0:
            assert verify.entries_of(log.bundle(n, width), width) == entries[n * WIDTH : n * WIDTH + width]
    assert log.tile(0, size // WIDTH, size % WIDTH + 1) is None
    assert (log.tile(0, size // WIDTH, WIDTH), log.bundle(size // WIDTH, WIDTH)) == (None, None)
    for part in {1, size // 2, size - 1, size}:
        assert log.root_at(part) == root_of(entries[:part])
    for index in {0, size // 3, size - 1}:
        verify.check_inclusion(hashes[index], index, size, log.inclusion(index, size), root)


def test_recording_is_refused_where_entries_have_no_leaves_and_goes_on_once_they_have(database):
    recorded(EventStore(database), "bottrop", WIDTH + 3)
    store, log = logged(database)
    with pytest.raises(Refused, match="log-behind"):
        recorded(store, "bottrop")
    assert store.position() == WIDTH + 3
    assert log.catch_up() == WIDTH + 3
    assert log.catch_up() == 0
    assert log.began().entries == WIDTH + 3
    recorded(store, "bottrop")
    assert log.tree()[0] == WIDTH + 4
    assert log.first_difference(store.all_records()) is None


CHANGES = {
    "another leaf": "UPDATE log_leaves SET leaf = (SELECT leaf FROM log_leaves WHERE position = 1) WHERE position = 5",
    "another hash": "UPDATE log_leaves SET hash = (SELECT hash FROM log_leaves WHERE position = 1) WHERE position = 5",
    "no leaf": "DELETE FROM log_leaves WHERE position = 5",
    "no last leaf": "DELETE FROM log_leaves WHERE position = 260",
    "another commitment": "UPDATE entries SET commitment = state_salt WHERE position = 5",
    "another time": "UPDATE entries SET recorded_at = recorded_at + 1 WHERE position = 5",
    "another process": "UPDATE log_processes SET log_id = (SELECT substr(hash, 1, 16) FROM log_leaves LIMIT 1)",
    "another tile": "UPDATE log_tiles SET root = (SELECT hash FROM log_leaves WHERE position = 1)",
    "no tile": "DELETE FROM log_tiles",
    "another tree": "UPDATE log_state SET frontier = (SELECT hash FROM log_leaves WHERE position = 1), size = 256",
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_in_the_database_the_installation_finds_it_itself(database, change):
    store, log = logged(database)
    recorded(store, "bottrop", 260)
    assert log.first_difference(store.all_records()) is None
    with database.writing() as connection:
        connection.execute(text(CHANGES[change]))
    assert log.first_difference(store.all_records()) is not None


# ---- key and fork guard -------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def signing(home, database):
    """A store, its log, and what signs it."""
    store, log = logged(database)
    prepare_key(home, log, "stadt.example/log")
    return store, log, Signer(home, database, log)


def test_the_key_is_made_once_for_its_owner_alone_and_is_the_key_of_this_database(home, database, signing, tmp_path):
    _, log, signer = signing
    before = (home / KEY).read_bytes()
    prepare_key(home, log)
    prepare_key(home, log, "stadt.example/log")
    assert (home / KEY).read_bytes() == before
    assert (home / KEY).stat().st_mode & 0o777 == 0o600
    assert log.vkey() == str(signer.key())
    with pytest.raises(Refused, match="log-name-fixed"):
        prepare_key(home, log, "anders.example/log")
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(Refused, match="log-key-missing"):
        prepare_key(other, log)
    prepare_key(other, TransparencyLog(empty(tmp_path)), "anders.example/log")
    for act in (lambda: prepare_key(other, log), Signer(other, database, log).checkpoint):
        with pytest.raises(Refused, match="log-key-other"):
            act()


def empty(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    database.migrate()
    return database


@pytest.mark.parametrize("name", ["zwei Worte", "a+b", "zeile\numbruch"])
def test_a_name_that_no_note_can_bear_is_refused(home, tmp_path, name):
    with pytest.raises(Refused, match="log-name"):
        prepare_key(home, TransparencyLog(empty(tmp_path)), name)
    assert list(home.iterdir()) == []


def test_a_key_that_others_can_read_or_that_is_missing_or_broken_signs_nothing(home, signing):
    signer, key = signing[2], (home / KEY).read_text()
    (home / KEY).chmod(0o640)
    with pytest.raises(Refused, match="log-key-open"):
        signer.checkpoint()
    (home / KEY).chmod(0o600)
    for broken in ("", key[:-9], key.replace("PRIVATE", "PUBLIC"), key.replace("stadt", "other")):
        (home / KEY).write_text(broken)
        with pytest.raises(Refused, match="log-key-broken"):
            signer.checkpoint()
    (home / KEY).unlink()
    with pytest.raises(Refused, match="log-key-missing"):
        signer.checkpoint()


def test_what_was_signed_is_not_signed_again_and_every_checkpoint_is_kept(home, signing):
    store, log, signer = signing
    notes = []
    for count in (2, 0, 3):
        if count:
            recorded(store, "bottrop", count)
        notes.append(signer.checkpoint())
    assert notes[0] == notes[1]
    assert (home / SIGNED).read_text() == notes[2]
    assert [note for _, note in log.checkpoints(9)] == [notes[2], notes[0]]
    one, two = (verify.open_checkpoint(note, [signer.key()]) for note in notes[1:])
    assert (one.size, two.size) == (2, 5)
    signer.check()


def test_a_checkpoint_that_a_crash_kept_out_of_the_database_gets_there_with_the_next_question(database, signing):
    store, log, signer = signing
    recorded(store, "bottrop", 2)
    note = signer.checkpoint()
    with database.writing() as connection:
        connection.execute(log_checkpoints.delete())
    assert signer.checkpoint() == note
    assert [kept for _, kept in log.checkpoints(9)] == [note]


def test_of_many_that_sign_at_once_none_contradicts_another(home, database, signing):
    store, log, _ = signing
    notes = []

    def sign_on():
        signer = Signer(home, database, log)
        notes.extend(signer.checkpoint() for _ in range(12))

    threads = [threading.Thread(target=sign_on) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(12):
        recorded(store, "bottrop", 1)
    for thread in threads:
        thread.join()
    assert len({note.splitlines()[1] for note in notes}) == len(set(notes))
    size, leaves_ = log.tree()[0], leaves(log, log.tree()[0])
    assert size == 12
    for note in notes:
        checkpoint = verify.parse_checkpoint(note.partition("\n\n")[0] + "\n")
        assert checkpoint.root == root_of(leaves_[: checkpoint.size])


def started_anew(database, log, keep):
    """The database as an older one would be: its first entries, in a log that was made from them."""
    with database.writing() as connection:
        for table in ("texts", "entries"):
            connection.execute(text(f"DELETE FROM {table} WHERE position > {keep}"))
        for table in ("log_leaves", "log_processes", "log_checkpoints", "log_tiles"):
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(log_state.update().values(size=0, frontier=b""))
    log.catch_up()


def test_nothing_is_signed_that_does_not_continue_what_was_signed_last(home, database, signing):
    store, log, signer = signing
    recorded(store, "bottrop", 4)
    signed = signer.checkpoint()
    started_anew(database, log, 2)
    for act in (signer.check, signer.checkpoint):
        with pytest.raises(Refused, match="log-forked"):
            act()
    recorded(store, "bottrop", 2)
    with pytest.raises(Refused, match="log-forked"):
        signer.checkpoint()
    assert (home / SIGNED).read_text() == signed
    for lost in (lambda file: file.write_text(signed.replace("4", "3")), lambda file: file.unlink()):
        lost(home / SIGNED)
        with pytest.raises(Refused, match="log-checkpoint-broken"):
            signer.checkpoint()


@pytest.mark.parametrize("name", ["log.key", "log.checkpoint", "log.lock"])
def test_a_file_that_cannot_be_read_is_no_broken_one(home, signing, name):
    """Seen to fail: a checkpoint that root had written was to be fetched from a backup."""
    store, _, signer = signing
    recorded(store, "bottrop", 2)
    signer.checkpoint()
    (home / name).unlink()
    (home / name).mkdir()  # not even root reads it
    with pytest.raises(Refused, match="home-file-unreadable"):
        signer.checkpoint()


def test_an_older_file_beside_a_newer_database_does_not_make_the_guard_forget(home, database, signing):
    store, log, signer = signing
    recorded(store, "bottrop", 2)
    older = signer.checkpoint()
    recorded(store, "bottrop", 2)
    newer = signer.checkpoint()
    (home / SIGNED).write_text(older)
    assert signer.checkpoint() == newer
    with database.writing() as connection:
        connection.execute(log_checkpoints.update().where(log_checkpoints.c.size == 4).values(note=older))
    assert log.first_difference(store.all_records()) is not None


def test_another_log_can_be_begun_and_the_old_files_stay(home, database, signing):
    store, log, signer = signing
    recorded(store, "bottrop", 4)
    old, key = signer.checkpoint(), signer.key()
    started_anew(database, log, 2)
    renew_key(home, log, "stadt.example/log-2")
    assert signer.key() != key
    assert verify.open_checkpoint(signer.checkpoint(), [signer.key()]).size == 2
    assert any(file.read_text() == old for file in home.glob(f"{SIGNED}.*"))
    assert len(list(home.glob(f"{KEY}.*"))) == 1
    assert log.first_difference(store.all_records()) is None


def test_what_another_left_half_done_is_never_built_on(database):
    (one, log), (other, _) = logged(database), logged(database)
    with suppress(ZeroDivisionError), database.writing():
        recorded(one, "bottrop", 2)
        raise ZeroDivisionError
    recorded(other, "gera", 2)
    recorded(one, "bottrop", 1)
    assert log.first_difference(one.all_records()) is None


# ---- as it is served ----------------------------------------------------------------------------------------------


@pytest.fixture
def town(tmp_path):
    house = bottrop(tmp_path / "data")
    yield house
    house.close()


def served(house):
    """Reads what the log serves, as the checker does over the network."""

    def read(path):
        answer = house.get(f"/log/{path}")
        if answer.status_code == 503:
            raise verify.Rejected("unreachable", path=path, reason=answer.json()["code"])
        return answer.content if answer.status_code == 200 else None

    return read


def codes(report):
    return {finding.code for finding in report.findings}


def test_what_is_served_is_in_order(town):
    keys = [parse_key(town.get("/log/vkey").text)]
    report = check_log(served(town), keys)
    size = town.installation.log.tree()[0]
    assert (report.findings, report.checkpoint.size) == ([], size)
    assert report.opened + report.sealed == size
    assert report.opened == sum(content(town, n) is not None for n in range(size))


def content(house, index):
    answer = house.get(f"/log/content/{index}.json")
    return answer.json() if answer.status_code == 200 else None


def test_what_was_internal_in_november_and_is_published_in_december_was_recorded_in_november(town):
    (number,) = town.record({"key": "intern", **told({"type": "context-noted", "what": "Noch intern"}, "2020")})
    index = number - 1
    kept, sealed = town.get("/log/checkpoint").text, town.installation.log.leaf(index)
    assert content(town, index) is None
    town.now = datetime(2026, 12, 19, 10, tzinfo=UTC)
    town.record({"key": "auf", "step": {"type": "entry-published", "targets": [number]}})
    opened = content(town, index)
    assert opened["open"]["texts"]["value"]["/step/what"] == "Noch intern"
    keys = [parse_key(town.get("/log/vkey").text)]
    receipt = town.get(f"/log/proof/{index}.tlog-proof").text
    report = check_receipt(receipt, keys, json.dumps(opened).encode())
    assert (codes(report), report.opened) == (set(), 1)
    proof, _, leaf = verify.check_proof(receipt, keys)
    assert (proof.index, leaf, parse_leaf(leaf).at.month) == (index, sealed, 11)
    assert check_log(served(town), keys, kept).findings == []


def test_an_entry_tells_its_place_in_the_log(town):
    entry = town.api(f"/entries/{town.installation.service.number_of(BOTTROP, 'b28', None)}").json()["entry"]
    leaf = parse_leaf(town.installation.log.leaf(entry["log_index"]))
    assert leaf.number == entry["number"]
    assert leaf.at.isoformat().replace("+00:00", "Z") == entry["recorded_at"]
    about = town.get("/log/about.json").json()
    assert about["processes"] == {BOTTROP: verify._base64url(leaf.process)}


def test_tiles_may_be_kept_for_ever_and_what_changes_is_asked_for_again(town):
    size = town.installation.log.tree()[0]
    for path in (tile_path(0, 0, size % WIDTH), tile_path("entries", 0, size % WIDTH)):
        assert "immutable" in town.get(f"/log/{path}").headers["cache-control"]
    # The feed names the address it was asked at, where no setting does: that is nobody else's answer.
    assert town.get("/log/feed.atom").headers["cache-control"] == "private, no-store"
    for path in ("checkpoint", "content/0.json", "proof/0.tlog-proof", "about.json"):
        answer = town.get(f"/log/{path}")
        assert "max-age=0" in answer.headers["cache-control"]
        assert town.get(f"/log/{path}", if_none_match=answer.headers["etag"]).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        *(
            "tile/0/001",
            "tile/64/000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/x000/000",
            "tile/0/00",
            "tile/-1/000",
        ),
        *("tile/entries/000", "tile/data/000", "content/-1.json", "content/00.json", "content/99999.json"),
        *("proof/99999.tlog-proof", "proof/x.tlog-proof", "nothing"),
    ],
)
def test_what_the_log_does_not_have_is_not_found(town, path):
    assert town.get(f"/log/{path}").status_code == 404


def test_the_feed_has_every_checkpoint_that_was_signed(town):
    first = town.get("/log/checkpoint").text
    town.record({"key": "mehr", **told({"type": "context-noted", "what": "Mehr"}, "2020")})
    feed = town.get("/log/feed.atom")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert first.partition("\n\n")[0] in feed.text
    assert town.get("/log/checkpoint").text.partition("\n\n")[0] in feed.text


def test_the_contents_of_a_process_are_those_of_its_entries_one_by_one(town):
    town.record({"key": "intern", **told({"type": "context-noted", "what": "Noch intern"}, "2020")})
    listed = [json.loads(line) for line in town.get(f"/log/contents/{BOTTROP}/0.jsonl").text.splitlines()]
    size = town.installation.log.tree()[0]
    at = [json.loads(leaf)["at"] for leaf in leaves(town.installation.log, size)]
    assert listed == [
        {"index": index, "recorded_at": at[index], "content": content(town, index)}
        for index in range(size)
        if content(town, index) is not None
    ]
    assert len(listed) == LAST < size
    assert town.get(f"/log/contents/{BOTTROP}/1.jsonl").content == b""


def test_contents_come_256_numbers_at_a_time_and_are_the_same_whatever_is_internal(town):
    town.record(*(told({"type": "context-noted", "what": f"Nr. {n}"}, "2020") for n in range(60)))
    before = town.get(f"/log/contents/{BOTTROP}/0.jsonl")
    numbers = range(255, 260)
    town.record({"step": {"type": "entry-published", "targets": [*numbers]}})
    opened = [json.loads(line)["index"] for line in town.get(f"/log/contents/{BOTTROP}/1.jsonl").text.splitlines()]
    assert opened == [256, 257, 258, LAST + 60]
    assert town.get(f"/log/contents/{BOTTROP}/0.jsonl").headers["etag"] != before.headers["etag"]
    unchanged = town.get(f"/log/contents/{BOTTROP}/0.jsonl").headers["etag"]
    town.record({"key": "intern", **told({"type": "context-noted", "what": "Noch intern"}, "2020")})
    assert town.get(f"/log/contents/{BOTTROP}/0.jsonl").headers["etag"] == unchanged


@pytest.mark.parametrize("process", ["im-entwurf", "gibt-es-nicht", "Keine Kennung"])
def test_a_process_that_is_not_public_has_no_contents_like_one_that_is_not_there(town, process):
    town.record({"key": "a", **told({"type": "process-opened", "name": "Geplant"}, "2026")}, process="im-entwurf")
    assert town.get(f"/log/contents/{process}/0.jsonl").status_code == 404
    assert town.get(f"/log/contents/{BOTTROP}/x.jsonl").status_code == 404


def test_the_printed_checkpoint_is_a_code_of_the_signed_one_large_enough_for_paper(town):
    note = town.get("/log/checkpoint").text
    picture = town.get("/log/checkpoint.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    origin, size, root = note.split("\n")[:3]
    for line in (origin, size, root[:22], root[22:]):
        assert f">{line}</text>" in picture.text
    scale = float(re.search(r"scale\(([0-9.]+)\)", picture.text)[1])
    code = segno.make_qr(note.encode(), error="m", version=10, boost_error=False)
    assert (code.version, code.error, round(57 * scale, 2)) == (10, "M", 26)
    drawn = {
        (int(x) + at, int(y))
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", picture.text)
        for at in range(int(width))
    }
    assert drawn == {(x, y) for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark}


def test_a_code_leaves_out_who_else_signed_and_grows_for_a_long_name():
    other = verify.Ed25519PrivateKey.generate()
    for name, version in (("stadt.example/log", 10), (f"beteiligung.{60 * 'x'}.example/log", 13)):
        text = str(verify.Checkpoint(name, 7, bytes(32)))
        signed = verify.sign(text, name, other)
        witnessed = signed + verify.signature_line(text, "zeugin.example", other)
        assert printed(witnessed) == printed(signed)
        assert f"scale({round(26 / (4 * version + 17), 5)})" in printed(signed).decode()


def test_the_checker_can_be_fetched_and_is_the_one_we_use(town):
    assert town.get("/log/verify.py").content == Path(verify.__file__).read_bytes()


# ---- tampering ----------------------------------------------------------------------------------------------------


def rewritten(connection):
    """What somebody with the database would do next: make leaves, tree and tiles fit what the entries say now."""
    for table in ("log_leaves", "log_tiles", "log_checkpoints"):
        connection.execute(f"DELETE FROM {table}")
    connection.execute("UPDATE log_state SET size = 0, frontier = x''")


def forge(home, log):
    """A checkpoint of whatever the log is now, by somebody who has the key and asks no guard."""
    name, private = log_key._read_key(home)
    size, root = log.tree()
    (home / SIGNED).write_text(verify.sign(str(verify.Checkpoint(name, size, root)), name, private))


def moved(connection, position, by):
    for table in ("texts", "entries"):
        connection.execute(f"UPDATE {table} SET position = -(position + ?) WHERE position >= ?", (by, position))
        connection.execute(f"UPDATE {table} SET position = -position WHERE position < 0")


def edit(connection):
    connection.execute(
        "UPDATE entries SET state = replace(state, '2018', '2017'), commitment = state_salt WHERE position = 47"
    )


def drop(connection):
    connection.execute("DELETE FROM texts WHERE position = 50")
    connection.execute("DELETE FROM entries WHERE position = 50")
    moved(connection, 51, -1)
    connection.execute("UPDATE entries SET originator_version = -position WHERE position >= 50")
    connection.execute("UPDATE entries SET originator_version = position WHERE position >= 50")


def swap(connection):
    for one, other in ((60, -1), (61, 60), (-1, 61)):
        connection.execute(
            "UPDATE entries SET position = ?, originator_version = ? WHERE position = ?", (other, other, one)
        )


def put_in(connection):
    moved(connection, 70, 1)
    connection.execute("UPDATE entries SET originator_version = -position WHERE position > 70")
    connection.execute("UPDATE entries SET originator_version = position WHERE position > 70")
    columns = "originator_id, recorded_at, topic, state, state_salt, metadata, metadata_salt, texts_digest, commitment"
    connection.execute(
        f"INSERT INTO entries (position, originator_version, key, {columns}) "
        f"SELECT 70, 70, 'neu', {columns} FROM entries WHERE position = 69"
    )


def cut(connection):
    for table in ("texts", "entries"):
        connection.execute(f"DELETE FROM {table} WHERE position > 200")


def date_anew(connection):
    connection.execute("UPDATE entries SET recorded_at = recorded_at - 86400000000 WHERE position = 1")


@pytest.mark.parametrize("tampering", [edit, drop, swap, put_in, cut, date_anew])
def test_tampering_is_found_against_one_kept_checkpoint(town, tampering):
    kept = town.get("/log/checkpoint").text
    keys = [parse_key(town.get("/log/vkey").text)]
    home = town.installation.settings.home
    connection = sqlite3.connect(home / "werdegang.sqlite")
    with connection:
        tampering(connection)
        connection.execute("DELETE FROM log_processes")
        rewritten(connection)
    connection.close()
    TransparencyLog(town.installation.database).catch_up()
    assert "log-forked" in town.get("/log/checkpoint").text, "the guard signs nothing of it"
    forge(home, town.installation.log)  # and now whoever has the key signs it all the same
    report = check_log(served(town), keys, kept, contents=False)
    assert codes(report) & {"not-consistent", "truncated"}, codes(report)
    assert codes(check_log(served(town), keys, contents=False)) == set(), "without a kept checkpoint nobody can tell"


def test_an_old_file_that_was_put_back_is_found_against_one_kept_checkpoint(town, tmp_path):
    home = town.installation.settings.home
    backup(town.installation.database, tmp_path / "alt.zip")
    town.record({"key": "mehr", **told({"type": "context-noted", "what": "Mehr"}, "2020")})
    kept = town.get("/log/checkpoint").text
    keys = [parse_key(town.get("/log/vkey").text)]
    older = Database(f"sqlite:///{tmp_path / 'older' / 'werdegang.sqlite'}")
    restore(older, tmp_path / "alt.zip")
    signer = Signer(home, older, TransparencyLog(older))
    with pytest.raises(Refused, match="log-forked"):
        signer.check()
    forge(home, signer._log)
    note = signer.checkpoint()
    size = verify.open_checkpoint(note, keys).size
    assert size == verify.open_checkpoint(kept, keys).size - 1
    log = TransparencyLog(older)

    def read(path):
        bundle = path.startswith("tile/entries/") and log.bundle(0, size % WIDTH)
        return note.encode() if path == "checkpoint" else bundle or None

    assert codes(check_log(read, keys, kept, contents=False)) == {"truncated"}
    older.close()


def test_a_changed_text_does_not_open_its_leaf(town):
    connection = sqlite3.connect(town.installation.settings.home / "werdegang.sqlite")
    with connection:
        connection.execute("UPDATE texts SET texts = replace(texts, 'Ebene', 'Stufe') WHERE position = 47")
    connection.close()
    report = check_log(served(town), [parse_key(town.get("/log/vkey").text)])
    assert [(finding.code, finding.parameters["index"]) for finding in report.findings] == [("content-differs", 46)]


def test_a_log_that_was_damaged_in_the_database_is_refused_in_words_and_stops_nobody_else(town):
    size = town.installation.log.tree()[0]
    town.get("/log/checkpoint")
    with town.installation.database.writing() as connection:
        connection.execute(text("DELETE FROM log_leaves WHERE position = 2"))
    answer = town.get("/log/proof/0.tlog-proof")
    assert (answer.status_code, answer.json()["code"]) == (503, "log-broken")
    with pytest.raises(Refused, match="log-broken"):
        town.installation.signer.check()
    assert town.api("/structure").status_code == 200
    assert town.get(f"/log/{tile_path('entries', 0, size)}").status_code == 404
    town.record({"key": "mehr", **told({"type": "context-noted", "what": "Mehr"}, "2020")})
    with town.installation.database.writing() as connection:
        connection.execute(log_state.update().values(frontier=b"kaputt"))
    with pytest.raises(Refused, match="log-broken"):
        town.record({"key": "noch", **told({"type": "context-noted", "what": "Noch"}, "2020")})


def test_only_what_is_signed_is_served_as_lasting_for_ever(town):
    size = town.installation.log.tree()[0]
    assert town.get(f"/log/{tile_path(0, 0, size + 1)}").status_code == 404
    with town.installation.database.writing() as connection:
        connection.execute(text("UPDATE log_leaves SET hash = (SELECT hash FROM log_leaves WHERE position = 1)"))
    town.record({"key": "mehr", **told({"type": "context-noted", "what": "Mehr"}, "2020")})
    answer = town.get(f"/log/{tile_path(0, 0, size)}")
    assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")


# ---- older installations, backups ---------------------------------------------------------------------------------


def test_an_installation_of_the_first_version_gets_its_log_and_says_since_when_it_proves_anything(tmp_path):
    home = tmp_path / "data"
    home.mkdir()
    shutil.copy(RELEASED, home / "werdegang.sqlite")
    installed, *_ = initialise(Settings.from_environment({"WERDEGANG_HOME": str(home)}))
    assert installed.log.tree()[0] == 75
    assert installed.log.began().entries == 75
    store = EventStore(installed.database)
    assert installed.log.first_difference(store.all_records()) is None
    times = [parse_leaf(installed.log.leaf(index)).at for index in range(75)]
    assert all(one <= other for one, other in pairwise(times))
    assert installed.signer.checkpoint().splitlines()[1] == "75"
    installed.database.close()


def test_a_backup_restores_to_the_same_tree_and_refuses_a_log_that_does_not_fit(town, tmp_path):
    file = tmp_path / "sicherung.zip"
    backup(town.installation.database, file)
    target = Database(f"sqlite:///{tmp_path / 'neu' / 'werdegang.sqlite'}")
    restore(target, file)
    assert TransparencyLog(target).tree() == town.installation.log.tree()
    assert TransparencyLog(target).began() == town.installation.log.began()
    target.close()
    with town.installation.database.writing() as connection:
        connection.execute(text("UPDATE log_leaves SET hash = (SELECT hash FROM log_leaves WHERE position = 1)"))
    backup(town.installation.database, file)
    empty = Database(f"sqlite:///{tmp_path / 'leer' / 'werdegang.sqlite'}")
    with pytest.raises(Refused, match="backup-log-differs"):
        restore(empty, file)
    assert EventStore(empty).position() == 0
    empty.close()
