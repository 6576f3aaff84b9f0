"""A witness of logs: it signs along what continues, refuses every other past, and forgets nothing it has answered."""

import threading
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from adapters.verify import cosignatures, open_checkpoint, parse_witness, signature_line
from adapters.web.witness import create_app
from adapters.witness import KEY, LOGS, MOST_BYTES, STATE, WitnessOfLogs, follow, prepare
from domain.errors import Refused
from tests import command_line
from tests.foreign_logs import ForeignLog

home, werdegang = command_line.home, command_line.werdegang

NAME = "zeuge.stadtbibliothek.example"
LOG = ForeignLog()
REWRITTEN = ForeignLog(past="so soll es gewesen sein")


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 22, 10, 3, tzinfo=UTC)

    def __call__(self):
        return self.now


class Witness:
    """A witness with its folder, asked over HTTP."""

    def __init__(self, folder):
        self.folder, self.clock = folder, Clock()
        prepare(folder, NAME)
        follow(folder, str(LOG.key))
        self.start()

    def start(self):
        self.at_work = WitnessOfLogs(self.folder, self.clock)
        self.client = TestClient(create_app(self.at_work), raise_server_exceptions=False)

    def ask(self, old, size, log=LOG, **given):
        return self.send(log.request(old, size, **given))

    def send(self, body):
        answer = self.client.post("/add-checkpoint", content=body)
        return answer.status_code, answer.text

    def checkpoint(self, log=LOG):
        return self.client.get(f"/{sha256(log.name.encode()).hexdigest()}/checkpoint")


@pytest.fixture
def witness(tmp_path):
    return Witness(tmp_path / "witness")


def test_what_continues_is_signed_along_and_whoever_watches_can_read_it(witness):
    for old, size in ((0, 3), (3, 3), (3, 8), (8, 300)):
        witness.clock.now += timedelta(minutes=1)
        status, line = witness.ask(old, size)
        assert status == 200
        assert cosignatures(LOG.note(size) + line, [witness.at_work.key]) == {witness.at_work.key: witness.clock.now}
    kept = witness.checkpoint()
    assert (kept.status_code, kept.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert open_checkpoint(kept.text, [LOG.key]).size == 300
    assert cosignatures(kept.text, [witness.at_work.key])
    assert witness.checkpoint(ForeignLog("andere.example/log")).status_code == 404


def test_who_does_not_know_what_was_signed_last_is_told_its_size(witness):
    assert witness.ask(0, 5)[0] == 200
    answer = witness.client.post("/add-checkpoint", content=LOG.request(0, 7))
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (409, "5\n", "text/x.tlog.size")
    assert witness.ask(4, 7) == (409, "5\n")
    assert witness.ask(2, 3) == (409, "5\n"), "an older checkpoint is no step back"
    assert witness.ask(5, 7)[0] == 200


def test_another_past_is_never_signed_and_two_views_of_one_size_are_kept_as_proof(witness):
    assert witness.ask(0, 5)[0] == 200
    assert witness.ask(5, 7, REWRITTEN)[0] == 422
    status, _ = witness.ask(5, 5, REWRITTEN)
    assert status == 409
    (view,) = witness.at_work.other_views()
    assert (view.origin, view.size, view.note) == (LOG.name, 5, REWRITTEN.note(5))
    assert witness.ask(0, 5, REWRITTEN) == (409, "5\n")
    assert len(witness.at_work.other_views()) == 1, "the same proof is kept once"
    assert witness.ask(5, 6)[0] == 200, "the true past goes on"
    assert "Zwei Fassungen" in witness.client.get("/").text


def test_the_codes_are_those_of_the_specification(witness):
    stranger = ForeignLog("andere.example/log")
    thief = Ed25519PrivateKey.from_private_bytes(b"t" * 32)
    assert witness.ask(0, 3, stranger)[0] == 404
    assert witness.ask(0, 3, note=LOG.note(3, thief))[0] == 403
    forged = LOG.note(3) + signature_line("etwas anderes\n", LOG.name, LOG.private)
    assert witness.ask(0, 3, note=forged)[0] == 403, "a bad signature of a known key"
    along = LOG.note(3) + signature_line(LOG.text(3), "zeugin.example", thief)
    assert witness.ask(0, 3, note=along)[0] == 200, "signatures of others are ignored"
    assert witness.ask(9, 5, proof=[])[0] == 400
    assert witness.ask(3, 5, proof=LOG.proof(2, 5))[0] == 422
    assert witness.ask(3, 3, proof=LOG.proof(2, 3))[0] == 422
    assert witness.checkpoint().text.count("zeugin.example") == 0, "only what was checked is passed on"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        b"old 0\n\n",
        LOG.request(0, 3).replace(b"old 0", b"old 00"),
        LOG.request(0, 3).replace(b"old 0", b"old -1"),
        LOG.request(0, 3).replace(b"old 0", b"new 0"),
        LOG.request(0, 3).replace(b"old 0\n", b"old 0\r\n"),
        LOG.request(0, 3, proof=["kein Hash"]),
        LOG.request(0, 3, proof=[b64encode(bytes(31)).decode()]),
        LOG.request(0, 3, proof=[b64encode(bytes(32)).decode()] * 64),
        LOG.request(0, 3).replace(b"\n3\n", b"\n03\n"),
        LOG.request(0, 3)[:-1],
        b"\xff" + LOG.request(0, 3),
        LOG.request(0, 3) + b"x" * MOST_BYTES,
    ],
)
def test_what_is_no_request_to_the_letter_is_refused_and_changes_nothing(witness, body):
    status, _ = witness.send(body)
    assert status in {400, 403}
    assert witness.at_work.signed() == []


@given(st.binary(max_size=200))
def test_whatever_is_sent_is_answered(witness_of_the_module, body):
    assert witness_of_the_module.send(body)[0] == 400


@pytest.fixture(scope="module")
def witness_of_the_module(tmp_path_factory):
    return Witness(tmp_path_factory.mktemp("witness") / "home")


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), max_size=12))
def test_whatever_is_asked_in_which_order_all_that_was_signed_is_one_past(tmp_path_factory, asked):
    witness, signed = Witness(tmp_path_factory.mktemp("any") / "home"), []
    for old, size, rewritten in asked:
        if old <= size and witness.ask(old, size, REWRITTEN if rewritten else LOG)[0] == 200:
            signed.append((size, rewritten))
    assert [size for size, _ in signed] == sorted(size for size, _ in signed)
    assert len({rewritten for size, rewritten in signed if size}) <= 1


def test_of_many_who_ask_at_once_each_step_is_signed_once(witness):
    assert witness.ask(0, 4)[0] == 200
    answers = []

    def ask(size):
        program = WitnessOfLogs(witness.folder, witness.clock)
        answers.append((program.add(LOG.request(4, size)).status, size))

    threads = [threading.Thread(target=ask, args=(size,)) for size in range(5, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (signed,) = [size for status, size in answers if status == 200]
    assert sorted(status for status, _ in answers) == [200] + [409] * 7
    assert [each.size for each in witness.at_work.signed()] == [signed]


def test_what_was_answered_is_known_after_a_restart_and_an_old_state_is_answered_as_one(witness):
    witness.ask(0, 4)
    old = {file.name: file.read_bytes() for file in witness.folder.glob(f"{STATE}*")}
    witness.ask(4, 9)
    witness.start()
    assert witness.ask(4, 10) == (409, "9\n")
    for file in witness.folder.glob(f"{STATE}*"):
        file.unlink()
    for name, content in old.items():
        (witness.folder / name).write_bytes(content)
        (witness.folder / name).chmod(0o600)
    witness.start()
    assert (witness.folder / STATE).stat().st_mode & 0o777 == 0o600
    assert witness.ask(9, 10) == (409, "4\n"), "it knows no better, and says so"
    assert witness.ask(4, 10)[0] == 200


def test_a_clock_that_was_put_back_signs_no_earlier_time(witness):
    witness.ask(0, 4)
    first = witness.clock.now
    witness.clock.now -= timedelta(days=3)
    _, line = witness.ask(4, 5)
    assert cosignatures(LOG.note(5) + line, [witness.at_work.key]) == {witness.at_work.key: first}


def test_while_a_log_changes_its_key_it_is_followed_under_both(witness):
    later = ForeignLog(seed=b"n" * 32)
    assert witness.ask(0, 3)[0] == 200
    assert witness.ask(3, 5, later)[0] == 403
    follow(witness.folder, str(later.key))
    follow(witness.folder, str(later.key))
    assert (witness.folder / LOGS).read_text().count(str(later.key)) == 1
    assert witness.ask(3, 5, later)[0] == 200
    assert witness.ask(5, 6)[0] == 200


def test_the_page_says_who_this_is_and_how_far_it_signed(witness):
    witness.ask(0, 3)
    page = witness.client.get("/")
    assert (page.status_code, "default-src 'none'" in page.headers["content-security-policy"]) == (200, True)
    assert str(witness.at_work.key) in page.text.replace("&#x27;", "'")
    assert "stadt.example/log: 3 Einträge" in page.text


def test_a_list_of_logs_that_cannot_be_read_signs_nothing_and_names_the_line(witness):
    (witness.folder / LOGS).write_text(f"{LOG.key}\nkein Schlüssel\n")
    assert witness.ask(0, 3) == (503, "witness-log-broken\n")
    with pytest.raises(Refused, match="witness-log-broken") as refusal:
        witness.start()
    assert refusal.value.refusals[0].params["line"] == 2


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path):
    folder = tmp_path / "witness"
    key = prepare(folder, NAME)
    assert prepare(folder, NAME) == key
    assert parse_witness(str(key)) == key
    assert (folder / KEY).stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refused, match="witness-name-fixed"):
        prepare(folder, "anders.example")
    (folder / KEY).chmod(0o644)
    with pytest.raises(Refused, match="log-key-open"):
        WitnessOfLogs(folder)
    (folder / KEY).chmod(0o600)
    (folder / KEY).write_text("PRIVATE+KEY+x")
    with pytest.raises(Refused, match="witness-key-broken"):
        WitnessOfLogs(folder)
    with pytest.raises(Refused, match="witness-not-set-up"):
        WitnessOfLogs(tmp_path / "nowhere")
    with pytest.raises(Refused, match="log-name"):
        prepare(tmp_path / "other", "zwei Worte")


def test_a_witness_is_set_up_on_the_command_line_and_says_what_it_saw(tmp_path, home, werdegang):
    folder = str(tmp_path / "witness")
    done = werdegang("witness", "init", "--name", NAME, "--home", folder)
    assert (done.code, f"{NAME}+" in done.out) == (0, True)
    assert werdegang("witness", "follow", "kein Schlüssel", "--home", folder).code == 1
    assert werdegang("witness", "follow", str(LOG.key), "--home", folder).code == 0
    assert "noch nichts unterschrieben" in werdegang("witness", "status", "--home", folder).out
    at_work = WitnessOfLogs(tmp_path / "witness")
    at_work.add(LOG.request(0, 3))
    assert "stadt.example/log: 3 Einträge" in werdegang("witness", "status", "--home", folder).out
    at_work.add(REWRITTEN.request(3, 3))
    told = werdegang("witness", "status", "--home", folder)
    assert (told.code, REWRITTEN.note(3) in told.out) == (1, True)
