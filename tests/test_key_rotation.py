"""Another key for the log: told by an entry of the log, both keys sign for a month, and the old one is let go."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters import verify
from adapters.cosignatures import POLICY
from adapters.key_rotation import rotate_key
from adapters.log_key import KEY, NEXT, OVERLAP, RETIRING, Signer, _read_key, renew_key
from adapters.verify import (
    check_log,
    check_proof,
    check_receipt,
    open_checkpoint,
    open_note,
    parse_key,
    parse_policy,
    parse_proof,
    sign,
    signers,
)
from adapters.web.printed_checkpoint import _own
from domain.account import Account
from domain.errors import Refused
from domain.installation import INSTALLATION
from domain.publication import Statement
from tests import command_line
from tests.faces import BOTTROP, House, bottrop
from tests.story import told
from tests.test_transparency_log import forge, rewritten
from tests.test_witnessing import client, witness_at_work
from tests.test_witnessing import policy as policy_of

home, werdegang = command_line.home, command_line.werdegang


@pytest.fixture
def town(tmp_path):
    house = bottrop(tmp_path / "data")
    yield house
    house.close()


def reading(house):
    def read(path):
        answer = house.get(f"/log/{path}")
        return answer.content if answer.status_code == 200 else None

    return read


def more(town):
    town.wait(seconds=1)
    told_ = {"key": f"mehr-{town.now:%m%d%H%M%S}", **told({"type": "context-noted", "what": "Mehr"}, "2020")}
    clerk = Account("konto", frozenset({("recorder", "*")}))
    town.installation.service.record([Statement.model_validate({"process": BOTTROP, **told_})], clerk)


def checked(town, *keys, kept=None, policy=None):
    return check_log(reading(town), [parse_key(key) for key in keys], kept, policy)


def codes(report):
    return {finding.code for finding in report.findings}


def notes(report):
    return {note.code for note in report.notes}


def files(town):
    return {file.name for file in town.installation.settings.home.glob("log.key*")}


def test_both_keys_sign_and_whoever_knows_the_old_one_learns_of_the_new_one(town):
    kept = town.get("/log/checkpoint").text
    done = rotate_key(town.installation, "staff-change")
    assert (done.until, files(town)) == (town.now + OVERLAP, {KEY, RETIRING})
    checkpoint = town.get("/log/checkpoint").text
    for key in (done.old, done.new):
        assert open_note(checkpoint, [parse_key(key)])
        assert codes(checked(town, key)) == set()
    by_old = checked(town, done.old, kept=kept)
    (note,) = [each for each in by_old.notes if each.code == "key-changed"]
    assert (note.parameters["old"], note.parameters["new"]) == (done.old, done.new)
    assert "key-changed" not in notes(checked(town, done.new, kept=kept))
    assert town.get("/log/vkey").text.strip() == done.new
    assert town.installation.log.vkey() == done.new
    town.installation.signer.check()


def test_a_print_of_the_checkpoint_is_as_coarse_while_two_keys_sign_and_by_the_new_one(town):
    def modules():
        return re.search(r"scale\([0-9.]+\)", town.get("/log/checkpoint.svg").text)[0]

    before = modules()
    done = rotate_key(town.installation, "planned")
    assert modules() == before
    note = town.get("/log/checkpoint").text
    assert signers(_own(note), [parse_key(done.old), parse_key(done.new)]) == [parse_key(done.new)]


def test_the_change_is_a_public_entry_of_the_installation_which_is_no_process_of_the_city(town):
    done = rotate_key(town.installation, "suspected-leak")
    entries = town.get(f"/api/v1/processes/{INSTALLATION}/entries").json()
    steps = [entry["statement"]["step"] for entry in entries["entries"]]
    assert [step["type"] for step in steps] == ["process-opened", "log-key-changed", "entry-published"]
    assert steps[1] == {"type": "log-key-changed", "old": done.old, "new": done.new, "why": "suspected-leak"}
    page = town.get(f"/prozesse/{INSTALLATION}/eintrag/2")
    assert (page.status_code, done.new in page.text) == (200, True)
    assert ("womöglich in fremden Händen" in page.text, "suspected-leak" in page.text) == (True, False)
    assert town.get(f"/en/prozesse/{INSTALLATION}/verlauf").status_code == 200
    for address in ("/", "/prozesse", "/api/v1/processes", "/geschaeftsstelle"):
        assert f"prozesse/{INSTALLATION}" not in town.get(address, "admin").text
    assert INSTALLATION in town.get("/log/about.json").json()["processes"]
    town.installation.service.check_tables()
    assert town.installation.log.first_difference(town.installation.service._store.all_records()) is None


def test_nobody_but_the_engine_records_there_or_says_that_the_key_changed(town):
    vkey = str(town.installation.signer.key())
    step = {"type": "log-key-changed", "old": vkey, "new": vkey, "why": "planned"}
    admin = town.installation.accounts.account_of(town.tokens["admin"])

    def refused(process, step):
        statement = Statement.model_validate({"process": process, "key": "x", **told(step, "2020")})
        with pytest.raises(Refused) as refusal:
            town.installation.service.record([statement], admin)
        return {each.code for each in refusal.value.refusals}

    assert "process-id-reserved" in refused(INSTALLATION, {"type": "process-opened", "name": "Meins"})
    assert refused(BOTTROP, step) == {"installation-alone"}
    rotate_key(town.installation, "planned")
    assert refused(INSTALLATION, step) == {"process-id-reserved"}
    assert refused(INSTALLATION, {"type": "context-noted", "what": "Etwas"}) == {"process-id-reserved"}


def test_the_old_key_is_let_go_after_thirty_days_by_itself_and_stays_listed(town):
    size = town.installation.log.tree()[0]
    done = rotate_key(town.installation, "planned")
    with pytest.raises(Refused, match="key-changing"):
        rotate_key(town.installation, "planned")
    with pytest.raises(Refused, match="key-changing"):
        town.installation.signer.retire()
    town.wait(days=29)
    more(town)
    assert open_note(town.get("/log/checkpoint").text, [parse_key(done.old)])
    town.wait(days=2)
    more(town)
    last = town.installation.log.tree()[0]
    assert open_note(town.get("/log/checkpoint").text, [parse_key(done.old)]), "the last one that it signs"
    more(town)
    checkpoint = town.get("/log/checkpoint").text
    with pytest.raises(verify.Rejected, match="signature-missing"):
        open_note(checkpoint, [parse_key(done.old)])
    listed = town.get("/log/about.json").json()["keys"]
    assert [(each["vkey"], each["first_size"], each["last_size"]) for each in listed] == [
        (done.old, 0, last),
        (done.new, size + 2, None),
    ]
    assert files(town) == {KEY, f"{KEY}.{done.old.split('+')[1]}.retired"}
    with pytest.raises(Refused, match="key-not-changing"):
        town.installation.signer.retire()


def test_letting_the_old_key_go_takes_the_new_one_never_along(town):
    """Given a log that has grown since it was signed last: signing it lets the old key go already."""
    done = rotate_key(town.installation, "planned")
    town.wait(days=31)
    more(town)
    assert town.installation.signer.retire() == done.old
    assert town.installation.log.signing() == [done.new]
    with pytest.raises(Refused, match="key-not-changing"):
        town.installation.log.retire_key(1, town.now)
    assert town.installation.log.signing() == [done.new]


def test_after_that_the_old_key_leads_to_the_new_one_by_the_entry_that_it_signed(town):
    kept = town.get("/log/checkpoint").text
    done = rotate_key(town.installation, "planned")
    town.wait(days=31)
    assert town.installation.signer.retire() == done.old
    more(town)
    again = rotate_key(town.installation, "staff-change")
    town.wait(days=31)
    assert town.installation.signer.retire() == done.new
    more(town)
    report = checked(town, done.old, kept=kept)
    assert (codes(report), report.exit_code) == (set(), 0)
    assert [note.parameters["new"] for note in report.notes if note.code == "key-changed"] == [done.new, again.new]
    policy = parse_policy(f"log {done.old}\nquorum none\n")
    assert codes(checked(town, policy=policy)) == set()
    (index, *_) = [each["first_size"] - 1 for each in town.get("/log/about.json").json()["keys"][1:]]
    receipt, content = (town.get(f"/log/{path}") for path in (f"proof/{index}.tlog-proof", f"content/{index}.json"))
    report = check_receipt(receipt.text, [parse_key(done.old)], content.content)
    assert (codes(report), notes(report)) == (set(), {"receipt", "key-changed"})
    assert check_proof(town.get("/log/proof/3.tlog-proof").text, [parse_key(again.new)])


def test_a_policy_with_the_old_key_is_led_on_by_itself_and_one_of_another_log_is_not(town):
    done = rotate_key(town.installation, "planned")
    town.wait(days=31)
    town.installation.signer.retire()
    more(town)
    other = verify.public_key("anderswo", verify.Ed25519PrivateKey.generate())
    for key in (done.old, done.new):
        assert codes(checked(town, key, policy=parse_policy(f"log {done.old}\nquorum none\n"))) == set()
        elsewhere = checked(town, key, policy=parse_policy(f"log {other}\nquorum none\n"))
        assert codes(elsewhere) == {"signature-missing"}


def test_a_key_that_was_let_go_is_believed_no_more_once_the_log_tells_of_the_change(town):
    """Given somebody who has the old key, and serves the whole log with a checkpoint that it alone signed."""
    done = rotate_key(town.installation, "suspected-leak")
    town.wait(days=31)
    more(town)
    assert town.installation.signer.retire() == done.old
    more(town)
    newest = town.get("/log/checkpoint").text
    (file,) = town.installation.settings.home.glob("*.retired")
    stolen = sign(newest.partition("\n\n")[0] + "\n", *_read_key(file.parent, file.name))
    base = reading(town)

    def forged(path):
        return stolen.encode() if path == "checkpoint" else base(path)

    old, new = parse_key(done.old), parse_key(done.new)
    for keys in ([old], [old, new], [new, old]):
        report = check_log(forged, keys)
        assert (codes(report), report.exit_code) == ({"retired-key"}, 1)
        assert codes(check_log(base, keys)) == set()
    assert codes(check_log(forged, [new])) == {"signature-missing"}
    index = next(note.parameters["index"] for note in check_log(base, [old]).notes if note.code == "key-changed")
    proof = parse_proof(town.get(f"/log/proof/{index}.tlog-proof").text)
    receipt = str(
        replace(
            proof, checkpoint=sign(proof.checkpoint.partition("\n\n")[0] + "\n", *_read_key(file.parent, file.name))
        )
    )
    assert codes(check_receipt(receipt, [old], base(f"content/{index}.json"))) == {"retired-key"}


def test_with_the_new_key_alone_what_the_old_one_signed_before_the_change_still_counts(town):
    """The entry that tells of the change names the old key, and the new one signed that entry."""
    kept = town.get("/log/checkpoint").text
    first = rotate_key(town.installation, "planned")
    assert codes(checked(town, first.new, kept=kept)) == set()
    town.wait(days=31)
    more(town)
    town.installation.signer.retire()
    again = rotate_key(town.installation, "planned")
    for key in (first.new, again.new):
        assert codes(checked(town, key, kept=kept)) == set()
    other = sign(kept.partition("\n\n")[0] + "\n", parse_key(again.new).name, Ed25519PrivateKey.generate())
    assert codes(checked(town, again.new, kept=other)) == {"kept-by-another-key"}
    size = town.installation.log.tree()[0]
    late = f"{first.new.partition('+')[0]}\n{size}\n{kept.splitlines()[2]}\n"
    (file,) = town.installation.settings.home.glob("*.retired")
    late = sign(late, *_read_key(file.parent, file.name))
    assert codes(checked(town, again.new, kept=late)) == {"kept-by-another-key"}, "after the change it signs nothing"


def test_the_receipt_of_what_was_witnessed_before_the_change_is_by_the_key_that_signed_it(town, tmp_path):
    """Its checkpoint stays the first that was witnessed, whatever key signs by now; the policy still names that key."""
    with witness_at_work(town, tmp_path, "w1") as (one, address):
        policy_of(town, 1, w1=(one.key, address))
        client(town).ask()
    before = town.get("/log/receipt/46.zip").content
    done = rotate_key(town.installation, "planned")
    more(town)
    for index, key in ((46, done.old), (town.installation.log.tree()[0] - 2, done.new)):
        files = unpacked(town.get(f"/log/receipt/{index}.zip").content)
        assert files["key.txt"].decode().strip() == key
        assert f'--key "{key}"' in files["README.txt"].decode()
        receipt, content = files["receipt.tlog-proof"].decode(), files["content.json"]
        policy = parse_policy(files["policy.txt"].decode()) if index == 46 else None
        assert codes(check_receipt(receipt, [parse_key(key)], content, policy)) == set()
    assert (
        unpacked(before)["receipt.tlog-proof"]
        == unpacked(town.get("/log/receipt/46.zip").content)["receipt.tlog-proof"]
    )


def unpacked(content):
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_key_that_no_entry_tells_of_is_not_followed(town):
    old = str(town.installation.signer.key())
    renew_key(town.installation.settings.home, town.installation.log, "lindenau.example/log")
    report = checked(town, old)
    assert (codes(report), notes(report)) == ({"signature-missing"}, set())
    tampered = reading(town)

    def read(path):
        if path == "about.json":
            return b'{"keys":[{"first_size":0},{"first_size":47}]}'
        return tampered(path)

    assert codes(check_log(read, [parse_key(old)])) == {"signature-missing"}
    assert codes(check_log(lambda p: b"nonsense" if p == "about.json" else tampered(p), [parse_key(old)])) == {
        "signature-missing"
    }


@pytest.mark.parametrize("step", ["record", "change_key", "settle", "half"])
def test_a_change_that_was_stopped_half_way_is_as_if_it_had_not_begun_or_as_if_it_had_ended(town, monkeypatch, step):
    """Whatever a crash leaves in files and database, the next one to sign makes one whole of it."""
    found, home = town.installation, town.installation.settings.home
    old, before = str(found.signer.key()), town.get("/log/checkpoint").text

    def stop(*_):
        raise KeyboardInterrupt

    def half(signer):
        (home / KEY).rename(home / RETIRING)
        stop()

    where = {"record": found.service.__class__, "change_key": found.log.__class__}.get(step, Signer)
    with monkeypatch.context() as stopped:
        stopped.setattr(where, "settle" if step == "half" else step, half if step == "half" else stop)
        with pytest.raises(KeyboardInterrupt):
            rotate_key(found, "planned")
    begun = step in {"settle", "half"}
    checkpoint = town.get("/log/checkpoint").text
    assert (str(found.signer.key()) != old, checkpoint != before) == (begun, begun)
    assert open_note(checkpoint, [parse_key(old)])
    assert (home / NEXT).exists() != begun
    if not begun:
        rotated = rotate_key(key_rotation_of(town), "planned")
        assert (rotated.old, files(town)) == (old, {KEY, RETIRING})


def key_rotation_of(town):
    """The installation as another program opens it: nothing that a program before had in its memory."""
    return House(town.installation.settings.home, town.tokens).installation


def test_a_server_that_runs_meanwhile_signs_with_both_keys_from_then_on(town):
    running = Signer(town.installation.settings.home, town.installation.database, town.installation.log, town.clock)
    running.checkpoint()
    done = rotate_key(town.installation, "planned")
    more(town)
    checkpoint = running.checkpoint()
    assert {open_note(checkpoint, [parse_key(key)])[1].pop() for key in (done.old, done.new)} == {running.key().name}
    assert open_checkpoint(checkpoint, [parse_key(done.new)]).size == town.installation.log.tree()[0]


def test_the_guard_still_knows_what_the_old_key_signed(town):
    town.get("/log/checkpoint")
    done = rotate_key(town.installation, "planned")
    town.wait(days=31)
    town.installation.signer.retire()
    with town.installation.database.writing() as connection:
        raw = connection.connection.driver_connection
        raw.execute("UPDATE entries SET recorded_at = recorded_at - 86400000000 WHERE position = 1")
        raw.execute("DELETE FROM log_processes")
        rewritten(raw)
    town.installation.log.catch_up()
    assert "log-forked" in town.get("/log/checkpoint").text
    forge(town.installation.settings.home, town.installation.log)
    report = checked(town, done.new, kept=None)
    assert codes(report) == set(), "alone nobody can tell"


def test_where_the_old_key_is_gone_too_early_that_is_told_and_the_new_one_signs_on(town):
    done = rotate_key(town.installation, "planned")
    (town.installation.settings.home / RETIRING).unlink()
    with pytest.raises(Refused, match="log-key-missing"):
        town.installation.signer.check()
    more(town)
    assert open_note(town.get("/log/checkpoint").text, [parse_key(done.new)])


def test_the_policy_names_the_new_key_as_well(town):
    file = town.installation.settings.home / POLICY
    file.write_text(f"log {town.installation.signer.key()}\nquorum none")
    done = rotate_key(town.installation, "planned")
    policy = parse_policy(file.read_text())
    assert [str(key) for key in policy.logs] == [done.old, done.new]
    assert codes(checked(town, policy=policy)) == set()


def test_the_command_changes_the_key_and_says_what_is_to_be_done(home, werdegang):
    assert werdegang("demo").code == 0
    assert werdegang("rotate-key").code == 2
    assert "key-not-changing" in werdegang("rotate-key", "--retire").err
    done = werdegang("rotate-key", "--reason", "lost-device")
    assert (done.code, done.out.count("werdegang/")) == (0, 2)
    assert "key-changing" in werdegang("rotate-key", "--reason", "planned").err
    assert "key-changing" in werdegang("rotate-key", "--retire").err
    assert werdegang("verify").out.startswith("In Ordnung: 223 Einträge")
    assert werdegang("show", INSTALLATION, "timeline").code == 0
    assert timedelta(days=30) == OVERLAP


def test_a_backup_of_before_the_change_begins_another_log_and_leaves_nothing_behind_where_it_is_refused(
    home, werdegang
):
    assert werdegang("demo").code == 0
    assert werdegang("backup", "alt.zip").code == 0
    assert werdegang("rotate-key", "--reason", "planned").code == 0
    for file in home.glob("werdegang.sqlite*"):
        file.unlink()
    refused = werdegang("restore", "alt.zip")
    assert (refused.code, "log-key-other" in refused.err, "werdegang new-log" in refused.err) == (1, True, True)
    assert [*home.glob("werdegang.sqlite*")] == []
    for file in home.glob("log.*"):
        file.unlink()  # a new folder
    assert werdegang("restore", "alt.zip").code == 0
    assert werdegang("new-log").code == 0
    assert werdegang("verify").code == 0
