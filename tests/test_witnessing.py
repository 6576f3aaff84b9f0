"""Witnesses are asked beside everything else: what they sign is kept and given out, what else they do is told."""

import json
import socket
import threading
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep
from typing import get_args

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, text
from structlog.testing import capture_logs

from adapters import verify, witnessing
from adapters.cosignatures import LATEST, OVERDUE, POLICY, Cosignatures, State, log_witnesses
from adapters.log_key import KEY, renew_key
from adapters.settings import Settings
from adapters.sheets.witnesses import STATES
from adapters.transparency_log import TransparencyLog
from adapters.verify import check_receipt, cosignature_line, parse_policy, witness_key
from adapters.web.witness import create_app
from adapters.wiring import installation
from adapters.witness import LOGS, STATE, WitnessOfLogs, follow, prepare
from adapters.witnessing import Witnessing, asking
from domain.errors import Refused
from tests import command_line
from tests.browser import clerk_of, served
from tests.faces import BOTTROP, bottrop
from tests.story import told
from tests.test_desk import Browser
from tests.test_transparency_log import cut, forge, rewritten

home, werdegang = command_line.home, command_line.werdegang

LIAR = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
LIAR_NAME = "luegner.example"
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32).public_key().public_bytes_raw()


@pytest.fixture
def town(tmp_path):
    house = bottrop(tmp_path / "data")
    yield house
    house.close()


@contextmanager
def witness_at_work(town, tmp_path, name):
    """A witness of ours, served over real HTTP, which follows the town's log."""
    folder = tmp_path / name
    prepare(folder, f"{name}.example")
    follow(folder, str(town.installation.signer.key()))
    at_work = WitnessOfLogs(folder, town.clock)
    with served(create_app(at_work)) as address:
        yield at_work, address


@contextmanager
def answering(answer):
    """The address of somebody who answers each request to sign as `answer(request)` says: status, headers, bytes."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            asked.append((self.path, body.decode()))
            status, headers, content = answer(body.decode())
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/zeuge/", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def policy(town, quorum, **witnesses):
    """Writes the policy: each witness by its key and address, `None` for none."""
    lines = [f"log {town.installation.signer.key()}"]
    lines += [f"witness {name} {key} {address or ''}" for name, (key, address) in witnesses.items()]
    lines += [f"group alle {quorum} {' '.join(witnesses)}", "quorum alle", ""]
    (town.installation.settings.home / POLICY).write_text("\n".join(lines))


def client(town):
    found = town.installation
    return Witnessing(found.signer, found.log, found.cosignatures, town.clock)


def states(town):
    return {each.witness.name: each.state for each in town.installation.cosignatures.standings()}


def more(town, count=1):
    for n in range(count):
        town.record({"key": f"mehr-{town.now:%H%M%S}-{n}", **told({"type": "context-noted", "what": "Mehr"}, "2020")})
    return town.installation.log.tree()[0]


def text_of(request):
    return request.partition("\n\n")[2].partition("\n\n")[0] + "\n"


# ---- witnesses who sign -------------------------------------------------------------------------------------------


def test_two_of_three_sign_along_and_checkpoint_receipt_feed_and_policy_say_so(town, tmp_path):
    kept, size = town.installation.cosignatures, town.installation.log.tree()[0]
    with ExitStack() as running:
        one, address_1 = running.enter_context(witness_at_work(town, tmp_path, "w1"))
        two, address_2 = running.enter_context(witness_at_work(town, tmp_path, "w2"))
        down = witness_key("w3.example", LIAR)
        policy(town, 2, w1=(one.key, address_1), w2=(two.key, address_2), w3=(down, "http://127.0.0.1:9"))
        assert (kept.witnessed(size), kept.version()[1]) == (None, None)
        client(town).ask()
        assert states(town) == {"w1": "signed", "w2": "signed", "w3": "unreachable"}
        found = kept.witnessed(size)
        assert (set(found.by), found.since, found.size) == ({"w1", "w2"}, town.now, size)
        assert kept.witnessed(1) == found
        assert kept.witnessed(size + 1) is None

        file = parse_policy(town.get("/log/policy").text)
        report = verify.check_log(reading(town), policy=file, contents=False)
        assert (report.findings, set(report.witnessed)) == ([], {"w1", "w2"})
        receipt = town.get("/log/proof/46.tlog-proof").text
        assert check_receipt(receipt, [], policy=file).findings == []
        assert town.get("/log/feed.atom").text.count("— w1.example") == 1

        town.wait(minutes=1)
        newer = more(town)
        assert "not-witnessed" in {
            f.code for f in verify.check_log(reading(town), policy=file, contents=False).findings
        }
        client(town).ask()
        assert kept.witnessed(newer).since == town.now
        assert verify.check_log(reading(town), policy=file, contents=False).findings == [], "what is served is new"
        assert kept.witnessed(size) == found, "what was witnessed once stays so"
        assert town.get("/log/proof/46.tlog-proof").text == receipt
        assert kept.version()[1] == 4


def at_the_desk(town, root=""):
    """The page that a clerk starts from."""
    browser = Browser(town)
    browser.sign_in(clerk_of(town, "recorder"))
    return browser.get(f"{root}/geschaeftsstelle").text


def reading(house):
    def read(path):
        answer = house.get(f"/log/{path}")
        return answer.content if answer.status_code == 200 else None

    return read


def test_without_a_policy_nobody_is_asked_and_nothing_is_claimed(town):
    client(town).ask()
    kept, size = town.installation.cosignatures, town.installation.log.tree()[0]
    assert (kept.standings(), kept.witnessed(size), kept.overdue()) == ([], None, None)
    assert town.get("/log/policy").status_code == 404
    assert "Zeugen des Transparenzprotokolls" not in at_the_desk(town)


def test_a_witness_is_asked_once_for_each_checkpoint_and_the_proof_leads_from_what_it_signed(town):
    def signs(request):
        return 200, {}, cosignature_line(text_of(request), LIAR_NAME, LIAR, int(town.now.timestamp())).encode()

    with answering(signs) as (address, asked):
        policy(town, 1, w=(witness_key(LIAR_NAME, LIAR), address))
        size = town.installation.log.tree()[0]
        for _ in range(3):
            client(town).ask()
        newer = more(town)
        client(town).ask()
    assert [path for path, _ in asked] == ["/zeuge/add-checkpoint"] * 2
    assert [body.splitlines()[0] for _, body in asked] == ["old 0", f"old {size}"]
    assert asked[1][1].split("\n\n")[1].splitlines()[1] == str(newer)
    root = town.installation.log.root_at
    proof = [verify._from_base64(line) for line in asked[1][1].partition("\n\n")[0].splitlines()[1:]]
    verify.check_consistency(size, newer, proof, root(size), root(newer))


def test_a_witness_that_was_restored_from_an_old_state_says_so_and_is_led_on_from_there(town, tmp_path):
    with witness_at_work(town, tmp_path, "w1") as (one, address):
        policy(town, 1, w1=(one.key, address))
        client(town).ask()
        old = {file.name: file.read_bytes() for file in (tmp_path / "w1").glob(f"{STATE}*")}
        more(town)
        client(town).ask()
        for file in (tmp_path / "w1").glob(f"{STATE}*"):
            file.unlink()
        for name, content in old.items():
            (tmp_path / "w1" / name).write_bytes(content)
        newest = more(town)
        client(town).ask()
        assert (states(town), one.signed()[0].size) == ({"w1": "signed"}, newest)


def test_several_programs_on_one_database_ask_each_witness_once(town, tmp_path):
    with witness_at_work(town, tmp_path, "w1") as (one, address):
        policy(town, 1, w1=(one.key, address))
        programs = [client(town) for _ in range(4)]
        threads = [threading.Thread(target=program.ask) for program in programs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kept = town.installation.cosignatures
        assert (states(town), kept.version()[1]) == ({"w1": "signed"}, 1)
        assert kept.begin(town.installation.log.tree()[0]) == []


def test_who_was_asked_for_more_by_another_program_meanwhile_knows_no_more_than_the_log(town, tmp_path, monkeypatch):
    """Given a program that has taken a checkpoint, and another that asks for a larger one before the first does."""
    with witness_at_work(town, tmp_path, "w1") as (one, address):
        policy(town, 1, w1=(one.key, address))
        slow, other, sizes = client(town), client(town), []

        def meanwhile(size, *, at_once=False):
            monkeypatch.undo()
            sizes.append(more(town))
            other.ask()
            return town.installation.cosignatures.begin(size, at_once=at_once)

        monkeypatch.setattr(slow._kept, "begin", meanwhile)
        slow.ask(at_once=True)
        assert states(town) == {"w1": "signed"}
        assert [each.size for each in town.installation.cosignatures.standings()] == sizes


def test_cosignatures_are_found_on_either_database(database, tmp_path):
    """Given three witnesses who signed different checkpoints, the first one with a quorum counts."""
    log, home = TransparencyLog(database), tmp_path
    kept = Cosignatures(home, database, log)
    keys = {f"w{n}": witness_key(f"w{n}", Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)) for n in (1, 2, 3)}
    (home / POLICY).write_text(
        "".join(f"witness {name} {key} http://x/\n" for name, key in keys.items()) + "group g 2 w1 w2 w3\nquorum g\n"
    )
    by_name = kept.policy().witnesses
    at = log.began().at
    for minute, (name, size) in enumerate(
        [("w1", 3), ("w1", 5), ("w2", 7), ("w3", 7), ("w1", 9), ("w3", 9), ("w1", 7)]
    ):
        kept.keep(by_name[name], size, at + timedelta(minutes=minute), f"— {name} x\n")
        kept.keep(by_name[name], size, at + timedelta(days=1), "— ein anderes Mal\n")
    assert [kept.witnessed(p) and kept.witnessed(p).size for p in (1, 3, 4, 7, 8, 9, 10)] == [7, 7, 7, 7, 9, 9, None]
    assert kept.witnessed(1).by == ("w2", "w3"), "who came later is none of those who made it so"
    assert kept.witnessed(1).since == at + timedelta(minutes=3)
    note = "log\n7\nx\n\n— log x\n"
    assert kept.along(note) == note + "— w2 x\n— w3 x\n— w1 x\n"
    assert [(w.name, size) for w, size in kept.begin(11)] == [("w1", 0), ("w2", 0), ("w3", 0)]
    assert kept.begin(11) == [], "somebody else is asking"
    assert kept.tell(by_name["w1"], "signed", 11)
    assert not kept.tell(by_name["w1"], "signed", 11)
    (home / POLICY).unlink()
    assert kept.witnessed(1) is None


def test_of_more_cosignatures_than_are_given_out_a_quorum_comes_first(town):
    """Given more witnesses than lines, and one without whom nothing is witnessed, who signed last."""
    kept, size = town.installation.cosignatures, town.installation.log.tree()[0]
    keys = {f"w{n}": witness_key(f"w{n}", Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)) for n in range(35)}
    others = " ".join(list(keys)[:34])
    file = f"group viele 20 {others}\ngroup alle all viele w34\nquorum alle\n"
    home = town.installation.settings.home
    (home / POLICY).write_text("".join(f"witness {name} {key} http://x/\n" for name, key in keys.items()) + file)
    for each in kept.policy().witnesses.values():
        kept.keep(each, size, town.now, f"— {each.name} x\n")
    given = [line.split(" ")[1] for line in kept.along(f"log\n{size}\nx\n\n").split("\n\n")[1].splitlines()]
    assert given == [f"w{n}" for n in (*range(29), 34)]
    assert kept.policy().met(given)


# ---- witnesses who do not -----------------------------------------------------------------------------------------


def lying(town, **kind):
    """What a witness signs who does not do what it should."""

    def signs(request):
        at = kind.get("at", town.now)
        line = cosignature_line(
            kind.get("text") or text_of(request), LIAR_NAME, kind.get("private", LIAR), int(at.timestamp())
        )
        return 200, {}, line.encode()

    return signs


def after_an_empty_line(town):
    """The whole note is signed, as if its signatures were part of the text."""

    def signs(request):
        _, _, note = request.partition("\n\n")
        return 200, {}, b"\n" + cosignature_line(note, LIAR_NAME, LIAR, int(town.now.timestamp())).encode()

    return signs


ANSWERS = {
    "unknown-log": lambda _: lambda _: (404, {}, b""),
    "unknown-key": lambda _: lambda _: (403, {}, b""),
    "not-understood": lambda _: lambda _: (400, {}, b""),
    "contradicts": lambda _: lambda _: (422, {}, b""),
    "contradicts at one size": lambda _: lambda _: (409, {}, b"another root"),
    "knows-more": lambda _: lambda _: (409, {"Content-Type": "text/x.tlog.size"}, b"99999\n"),
    "unsettled": lambda _: lambda r: (409, {"Content-Type": "text/x.tlog.size"}, b"3\n" if "old 0" in r else b"5\n"),
    "nonsense as size": lambda _: lambda _: (409, {"Content-Type": "text/x.tlog.size"}, b"-1\n"),
    "nonsense as the same size": lambda _: lambda _: (409, {"Content-Type": "text/x.tlog.size"}, b"0\n"),
    "nonsense": lambda _: lambda _: (200, {}, b"<html>Willkommen</html>"),
    "nonsense without an end": lambda _: lambda _: (200, {}, b"x" * 10_000_000),
    "nonsense after an empty line": after_an_empty_line,
    "nonsense in bytes": lambda _: lambda _: (200, {}, b"\xff\xfe"),
    "busy with a fault": lambda _: lambda _: (500, {}, b""),
    "busy for now": lambda _: lambda _: (503, {}, b"log-forked\n"),
    "busy with others": lambda _: lambda _: (429, {"Retry-After": "60"}, b""),
    "nonsense as status": lambda _: lambda _: (418, {}, b""),
    "nonsense as another place": lambda _: lambda _: (302, {"Location": "http://127.0.0.1:9/"}, b""),
    "false-signature of something else": lambda town: lying(town, text="stadt.example/log\n3\nAAAA\n"),
    "false-signature by another key": lambda town: lying(town, private=Ed25519PrivateKey.generate()),
    "time-differs": lambda town: lying(town, at=town.now + timedelta(days=2)),
}


@pytest.mark.parametrize("said", ANSWERS)
def test_whatever_else_a_witness_does_is_told_and_stops_nobody(town, said):
    with answering(ANSWERS[said](town)) as (address, _):
        policy(town, 1, w=(witness_key(LIAR_NAME, LIAR), address))
        client(town).ask()
    kept, size = town.installation.cosignatures, town.installation.log.tree()[0]
    assert said.startswith(states(town)["w"])
    assert (kept.witnessed(size), kept.version()[1]) == (None, None)
    assert more(town) == size + 1
    assert town.get("/log/checkpoint").status_code == 200


def test_who_is_silent_or_trickles_is_waited_for_by_nobody_but_its_own_thread(town, monkeypatch):
    monkeypatch.setattr(witnessing, "STEP", 0.3)
    monkeypatch.setattr(witnessing, "WHOLE", 0.6)
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def trickle():
        connection, _ = listening.accept()
        with connection:
            connection.recv(100_000)
            for _ in range(100):
                if ended.wait(0.1):
                    return
                connection.sendall(b"H")

    thread = threading.Thread(target=trickle)
    thread.start()
    silent = socket.create_server(("127.0.0.1", 0))  # takes connections, and says nothing
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    quiet = f"http://127.0.0.1:{silent.getsockname()[1]}"
    other = witness_key("still.example", Ed25519PrivateKey.from_private_bytes(b"q" * 32))
    policy(town, 1, w=(witness_key(LIAR_NAME, LIAR), address), still=(other, quiet))
    at_work = client(town)
    at_work.ask()
    assert states(town) == {"w": "too-slow", "still": "too-slow"}
    town.wait(hours=2)
    at_work.ask()
    assert states(town)["w"] == "too-slow"
    ended.set()
    thread.join()
    listening.close()
    silent.close()


def test_who_does_not_sign_is_asked_ever_more_rarely_and_at_once_when_somebody_says_so(town):
    with answering(ANSWERS["unknown-log"](town)) as (address, asked):
        policy(town, 1, w=(witness_key(LIAR_NAME, LIAR), address))
        at_work, waited = client(town), []
        for count in range(1, 13):
            at_work.ask()
            assert len(asked) == count
            with town.installation.database.reading() as connection:
                due = connection.execute(select(log_witnesses.c.next_at)).scalar()
            waited.append(due - town.now)
            town.now = due - timedelta(seconds=1)
            at_work.ask()
            town.now = due
        assert waited == sorted(waited)
        assert (waited[0], waited[-1]) == (timedelta(seconds=20), LATEST)
        at_work.ask(at_once=True)
        assert len(asked) == 13


def test_after_a_day_without_a_quorum_somebody_has_to_look(town):
    policy(town, 1, w=(witness_key(LIAR_NAME, LIAR), "http://127.0.0.1:9"))
    client(town).ask()
    kept, size = town.installation.cosignatures, town.installation.log.tree()[0]
    town.wait(hours=23)
    assert kept.overdue() is None
    town.wait(hours=2)
    assert kept.overdue().size == size
    more(town)
    client(town).ask()
    assert kept.overdue().size == size, "a newer checkpoint does not put it off"
    kept.keep(kept.policy().witnesses["w"], size + 1, town.now, "— x y\n")
    assert kept.overdue() is None
    assert timedelta(hours=24) == OVERDUE


def test_a_policy_that_cannot_be_read_asks_nobody_claims_nothing_and_serves_on(town):
    file = town.installation.settings.home / POLICY
    kept, size = town.installation.cosignatures, town.installation.log.tree()[0]
    file.write_text("quorum niemand\n")
    with pytest.raises(Refused, match="policy-broken") as refusal:
        client(town).ask()
    assert refusal.value.refusals[0].params["line"] == 1
    assert (kept.witnessed(size), kept.overdue()) == (None, None)
    assert town.get("/log/proof/3.tlog-proof").status_code == 200
    other = verify.public_key("anders.example/log", LIAR)
    file.write_text(f"log {other}\nquorum none\n")
    with pytest.raises(Refused, match="policy-other-log"):
        kept.policy()
    file.write_text(f"log {town.installation.signer.key()}\nquorum none\n")
    assert (kept.policy().quorum, kept.witnessed(size)) == ("none", None)
    file.unlink()
    file.mkdir()
    assert town.get("/log/policy").status_code == 503


def test_a_server_asks_by_itself_and_ends_at_once(town, tmp_path, monkeypatch):
    monkeypatch.setattr(witnessing, "SECONDS", 0.01)
    with witness_at_work(town, tmp_path, "w1") as (one, address):
        policy(town, 1, w1=(one.key, address))
        at_work, signed = client(town), threading.Event()
        monkeypatch.setattr(town.installation.cosignatures.__class__, "keep", noticed(signed))
        with asking(at_work):
            assert signed.wait(20)


def test_what_was_recorded_before_the_start_is_signed_at_the_start(town, monkeypatch):
    """Seen to fail when the first look came as late as all others."""
    monkeypatch.setattr(witnessing, "SECONDS", 3_600)
    size = more(town)
    give_up = monotonic() + 20
    with asking(client(town)):
        while not town.installation.log.checkpoints(1) and monotonic() < give_up:
            sleep(0.01)
        assert [note.split("\n")[1] for _, note in town.installation.log.checkpoints(1)] == [str(size)]


def test_a_log_that_cannot_be_signed_is_not_taken_for_witnesses_that_are_not_asked(town, monkeypatch):
    """Each is told once, and at every try anew only where it is another reason."""
    monkeypatch.setattr(witnessing, "SECONDS", 0.01)
    home = town.installation.settings.home
    (home / KEY).rename(home / "away")

    def said(count):
        give_up = monotonic() + 20
        while len(logged) < count and monotonic() < give_up:
            sleep(0.01)
        return [(line["event"], line.get("code")) for line in logged]

    with capture_logs() as logged, asking(client(town)):
        assert said(1) == [("log-not-signed", "log-key-missing")]
        (home / POLICY).write_text("nonsense\n")
        (home / "away").rename(home / KEY)
        assert said(2)[1:] == [("witnesses-not-asked", "policy-broken")]


def noticed(event):
    original = Cosignatures.keep

    def keep(self, *given):
        original(self, *given)
        event.set()

    return keep


def test_the_desk_says_how_each_witness_stands_and_when_somebody_has_to_look(town):
    key = witness_key(LIAR_NAME, LIAR)
    policy(town, 1, w=(key, None), **{"<b>": (key._replace(public=OTHER), "http://127.0.0.1:9")})
    page = at_the_desk(town)
    assert "w: wird nicht gefragt, weil im Regelwerk keine Adresse steht" in page
    assert "&lt;b&gt;: noch nicht gefragt" in page
    client(town).ask()
    town.wait(days=2)
    page = at_the_desk(town)
    assert "&lt;b&gt;: nicht zu erreichen, seit 22. November 2026" in page
    assert "Zu wenige Zeugen: 220 Einträge" in page
    assert "Too few witnesses: 220 entries" in at_the_desk(town, "/en")
    (town.installation.settings.home / POLICY).write_text("quorum niemand\n")
    assert "Zeile 1: „quorum niemand“ ist keine gültige Angabe über Zeugen" in at_the_desk(town)


def test_the_command_line_says_who_signs_asks_at_once_and_ends_with_its_verdict(tmp_path, home, werdegang):
    assert werdegang("demo").code == 0
    told_ = werdegang("witnesses")
    assert (told_.code, "Niemand bezeugt das Protokoll" in told_.out) == (0, True)
    installed = installation(Settings.from_environment({"WERDEGANG_HOME": str(home)}))
    key = installed.signer.key()
    installed.database.close()
    folder = tmp_path / "w1"
    prepare(folder, "w1.example")
    follow(folder, str(key))
    with served(create_app(WitnessOfLogs(folder))) as address:
        vkey = WitnessOfLogs(folder).key
        (home / POLICY).write_text(f"log {key}\nwitness w1 {vkey} {address}\nquorum w1\n")
        before = werdegang("witnesses")
        assert (before.code, "w1: noch nicht gefragt" in before.out) == (0, True)
        assert "Noch nicht bezeugt: das Protokoll bis zum Eintrag 220." in before.out
        after = werdegang("witnesses", "--ask")
    assert (after.code, "w1: unterschreibt mit, seit" in after.out) == (0, True)
    assert "Alles ist bezeugt: 220 Einträge" in after.out
    answer = json.loads(werdegang("witnesses", "--json").out)
    assert (answer["witnessed"]["by"], answer["witnesses"][0]["state"], answer["exit_code"]) == (["w1"], "signed", 0)
    (folder / LOGS).write_text("")
    assert werdegang("demo", "lindenau-2030").code == 0
    with served(create_app(WitnessOfLogs(folder))) as address:
        (home / POLICY).write_text(f"log {key}\nwitness w1 {vkey} {address}\nquorum w1\n")
        assert "folgt diesem Protokoll nicht" in werdegang("witnesses", "--ask").out
    installed = installation(Settings.from_environment({"WERDEGANG_HOME": str(home)}))
    with installed.database.writing() as connection:
        connection.execute(text("UPDATE log_checkpoints SET signed_at = signed_at - 90000000000"))
    installed.database.close()
    late = werdegang("witnesses")
    assert (late.code, "ZU WENIGE ZEUGEN" in late.out) == (1, True)
    (home / POLICY).write_text("quorum\n")
    wrong = werdegang("witnesses")
    assert (wrong.code, "policy-broken" in wrong.err) == (1, True)


def test_every_state_has_words_and_is_explained_where_whoever_runs_this_looks():
    assert STATES.keys() == set(get_args(State))
    told_ = (Path(__file__).parents[1] / "docs" / "witnesses.md").read_text(encoding="utf-8")
    assert [state for state in STATES if f"`{state}`" not in told_] == []


def test_what_a_policy_claims_is_another_page_at_once_when_the_policy_is(town, tmp_path):
    """Also one that is kept: what pages rest on tells of the policy, and of which log the cosignatures are."""
    page, file = f"/prozesse/{BOTTROP}/eintrag/47", town.installation.settings.home / POLICY

    def shown():
        return town.get(page).text.count("w1")

    with witness_at_work(town, tmp_path, "w1") as (one, address):
        policy(town, 1, w1=(one.key, address))
        assert shown() == 0
        client(town).ask()
        assert shown() > 0
        policy(town, 2, w1=(one.key, address), w2=(witness_key(LIAR_NAME, LIAR), "http://127.0.0.1:9"))
        assert shown() == 0, "a stricter one"
        policy(town, 1, w1=(one.key, address))
        assert shown() > 0
        before = town.installation.cosignatures.version()
        file.unlink()
        assert shown() == 0, "none"
        renew_key(file.parent, town.installation.log, "stadt.example/log-2")
        assert town.installation.cosignatures.version()[:2] != before[:2]


# ---- a log that was written anew ----------------------------------------------------------------------------------


def test_a_log_rewritten_and_signed_with_the_real_key_passes_alone_and_fails_at_the_witness(town, tmp_path):
    with witness_at_work(town, tmp_path, "w1") as (one, address):
        policy(town, 1, w1=(one.key, address))
        client(town).ask()
        kept = town.get("/log/checkpoint").text
        home, log = town.installation.settings.home, town.installation.log
        with town.installation.database.writing() as connection:
            raw = connection.connection.driver_connection
            raw.execute("UPDATE entries SET recorded_at = recorded_at - 86400000000 WHERE position = 1")
            raw.execute("DELETE FROM log_processes")
            raw.execute("DELETE FROM log_cosignatures")
            rewritten(raw)
        log = TransparencyLog(town.installation.database)
        log.catch_up()
        forge(home, log)
        keys = [town.installation.signer.key()]
        assert verify.check_log(reading(town), keys, contents=False).findings == [], "alone nobody can tell"
        found = {f.code for f in verify.check_log(reading(town), keys, kept, contents=False).findings}
        assert "two-views" in found
        client(town).ask(at_once=True)
        assert states(town) == {"w1": "contradicts"}
        (view,) = one.other_views()
        assert "two-views" in {f.code for f in verify.check_checkpoint(view.note, keys, kept).findings}
        more(town)
        client(town).ask(at_once=True)
        assert states(town) == {"w1": "contradicts"}, "nor does it sign what follows"


def test_a_log_that_lost_its_end_is_told_by_the_witness_who_knows_more(town, tmp_path):
    with witness_at_work(town, tmp_path, "w1") as (one, address):
        policy(town, 1, w1=(one.key, address))
        client(town).ask()
        with town.installation.database.writing() as connection:
            raw = connection.connection.driver_connection
            cut(raw)
            raw.execute("DELETE FROM log_processes")
            rewritten(raw)
        log = TransparencyLog(town.installation.database)
        log.catch_up()
        forge(town.installation.settings.home, log)
        client(town).ask(at_once=True)
        assert states(town) == {"w1": "knows-more"}


def test_another_log_begins_without_the_witnesses_of_the_old_one(town, tmp_path):
    with witness_at_work(town, tmp_path, "w1") as (one, address):
        policy(town, 1, w1=(one.key, address))
        client(town).ask()
        home, kept = town.installation.settings.home, town.installation.cosignatures
        size = town.installation.log.tree()[0]
        renew_key(home, town.installation.log, "stadt.example/log-2")
        with pytest.raises(Refused, match="policy-other-log"):
            kept.policy()
        policy(town, 1, w1=(one.key, address))
        assert (kept.witnessed(size), kept.version()[1]) == (None, None)
        client(town).ask(at_once=True)
        assert states(town) == {"w1": "unknown-log"}
        follow(tmp_path / "w1", str(town.installation.signer.key()))
        client(town).ask(at_once=True)
        assert kept.witnessed(size).by == ("w1",)
