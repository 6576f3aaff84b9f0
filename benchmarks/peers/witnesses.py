"""Whether a witness of others answers as ours does, the same requests one after the other, and signs for our client."""

import os
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from adapters.cosignatures import POLICY, Cosignatures
from adapters.database import Database
from adapters.event_store import EventStore
from adapters.key_file import write
from adapters.log_key import Signer, prepare_key
from adapters.transparency_log import TransparencyLog
from adapters.verify import Key, Rejected, cosignatures, signature_line, witness_key
from adapters.web.witness import create_app
from adapters.witness import WitnessOfLogs, follow, prepare
from adapters.witnessing import Witnessing
from tests.browser import served
from tests.foreign_logs import ForeignLog
from tests.records import recorded

SEED: Final = b"peers peers peers peers peers 32"
PUBLIC: Final = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
NAME: Final = f"sigsum.org/v1/tree/{sha256(PUBLIC.public_bytes_raw()).hexdigest()}"
"""A log by whose key alone sigsum-witness knows its name."""

LOG: Final = ForeignLog(NAME, SEED)
REWRITTEN: Final = ForeignLog(NAME, SEED, past="so soll es gewesen sein")
STRANGER: Final = ForeignLog("fremd.example/log", SEED)
SECONDS: Final = 20


class Ask(NamedTuple):
    """A request; `status` is what c2sp.org/tlog-witness prescribes, `size` of which checkpoint is signed along."""

    what: str
    body: bytes
    status: int
    size: int | None = None
    told: str | None = None


def requests() -> list[Ask]:
    """What each witness is asked, in this order."""
    thief = Ed25519PrivateKey.from_private_bytes(b"t" * 32)
    bad = LOG.note(3) + signature_line("something else\n", NAME, LOG.private)
    along = LOG.note(300) + signature_line(LOG.text(300), "somebody.example", thief)
    return [
        Ask("the first checkpoint", LOG.request(0, 3), 200, 3),
        Ask("the same again", LOG.request(3, 3), 200, 3),
        Ask("one entry more", LOG.request(3, 4), 200, 4),
        Ask("a size that is not the last one", LOG.request(3, 7), 409, None, "4\n"),
        Ask("nothing known of the last one", LOG.request(0, 7), 409, None, "4\n"),
        Ask("the size that was told", LOG.request(4, 7), 200, 7),
        Ask("with the signature of a stranger", LOG.request(7, 300, note=along), 200, 300),
        Ask("an older checkpoint", LOG.request(3, 7), 409, None, "300\n"),
        Ask("an old size that is larger than the new one", LOG.request(300, 299, proof=[]), 400),
        Ask("another past with a proof of its own", REWRITTEN.request(300, 310), 422),
        Ask("another past from the beginning", REWRITTEN.request(0, 310), 409, None, "300\n"),
        Ask("the proof of another step", LOG.request(300, 310, proof=LOG.proof(299, 310)), 422),
        Ask("no proof", LOG.request(300, 310, proof=[]), 422),
        Ask("a proof where none may be", LOG.request(300, 300, proof=LOG.proof(299, 300)), 422),
        Ask("signed by another key", LOG.request(300, 310, note=LOG.note(310, thief)), 403),
        Ask("a bad signature of a known key", LOG.request(300, 310, note=bad), 403),
        Ask("no request at all", b"hello\n", 400),
        Ask("a log that it does not follow", STRANGER.request(0, 3), 404),
        Ask("another root for the size that was signed", REWRITTEN.request(300, 300), 409),
        Ask("and on", LOG.request(300, 1000), 200, 1000),
    ]


def witnesses(folder: Path) -> dict[str, Any]:
    """What both answer alike, and what only we answer as prescribed; neither signs what the other does not.

    Then our client asks the other one to sign along a log of ours.
    """
    asked, said = requests(), dict[str, list[int]]()
    for name, start in {"ours": ours, "theirs": sigsum_witness}.items():
        (folder / name).mkdir(parents=True)
        with start(folder / name, LOG.key) as (key, address):
            said[name] = [_asked(address, key, ask) for ask in asked]
    assert said["ours"] == [ask.status for ask in asked], said["ours"]
    otherwise = []
    for ask, status in zip(asked, said["theirs"], strict=True):
        assert (status == 200) == (ask.status == 200), f"{ask.what}: {status}"
        if status != ask.status:
            otherwise.append(f"{ask.what} ({status}, prescribed is {ask.status})")
    return {
        "asked": len(asked),
        "alike": len(asked) - len(otherwise),
        "otherwise": ", ".join(otherwise),
        "signed": _signed_for_our_client(folder / "client"),
    }


def _signed_for_our_client(folder: Path) -> int:
    """How many checkpoints of a log of ours the other witness signed along, asked by our client as it grew."""
    home = folder / "home"
    home.mkdir(parents=True)
    database = Database(f"sqlite:///{home / 'werdegang.sqlite'}")
    database.migrate()
    log = TransparencyLog(database)
    store = EventStore(database, following=[log.append])
    seed = b64encode(b"\1" + SEED).decode()
    write(home / "log.key", f"PRIVATE+KEY+{LOG.name}+{LOG.key.id.hex()}+{seed}\n")
    write(home / "log.checkpoint", LOG.note(0))
    prepare_key(home, log)
    signer, kept, grown = Signer(home, database, log), Cosignatures(home, database, log), (1, 2, 4, 256, 1)
    with sigsum_witness(folder, LOG.key) as (key, address):
        write(home / POLICY, f"log {LOG.key}\nwitness w {key} {address}\nquorum w\n")
        for count in grown:
            recorded(store, "bottrop", count)
            Witnessing(signer, log, kept).ask(at_once=True)
            found = kept.witnessed(log.tree()[0])
            assert found is not None, [each.state for each in kept.standings()]
    database.close()
    return len(grown)


def _asked(address: str, key: Key, ask: Ask) -> int:
    host, _, port = address.removeprefix("http://").partition(":")
    connection = HTTPConnection(host, int(port), timeout=SECONDS)
    connection.request("POST", "/add-checkpoint", ask.body)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    if answer.status == 200 and ask.size is not None:
        try:
            assert key in cosignatures(LOG.note(ask.size) + text, [key]), f"{ask.what}: {text}"
        except Rejected as error:
            raise AssertionError(f"{ask.what}: {text}") from error
    if answer.status == 409 and ask.told is not None:
        assert (text, answer.headers["content-type"]) == (ask.told, "text/x.tlog.size"), ask.what
    return answer.status


@contextmanager
def ours(folder: Path, log: Key) -> Iterator[tuple[Key, str]]:
    """The witness of this program."""
    prepare(folder, "ours.example")
    follow(folder, str(log))
    witness = WitnessOfLogs(folder)
    with served(create_app(witness)) as address:
        yield witness.key, address


@contextmanager
def sigsum_witness(folder: Path, log: Key) -> Iterator[tuple[Key, str]]:
    """That of Debian's sigsum-go, which follows one log."""
    private, where = Ed25519PrivateKey.generate(), f"127.0.0.1:{_free_port()}"
    _write_key(folder / "key", private)
    public = Ed25519PublicKey.from_public_bytes(log.public).public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    (folder / "log.pub").write_bytes(public + b"\n")
    arguments = ("-k", str(folder / "key"), "--log-key", str(folder / "log.pub"), "--state-file", str(folder / "state"))
    with _process("sigsum-witness", *arguments, where):
        _wait(lambda: _listens(where))
        raw = private.public_key().public_bytes_raw()
        yield witness_key(f"sigsum.org/v1/witness/{sha256(raw).hexdigest()}", private), f"http://{where}"


def _write_key(file: Path, private: Ed25519PrivateKey) -> None:
    file.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    file.chmod(0o600)


@contextmanager
def _process(*command: str) -> Iterator[None]:
    # Debian builds it so that Go reads its patterns of addresses as it did before they could name a method.
    env = {**os.environ, "GODEBUG": "httpmuxgo121=0"}
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            yield
        finally:
            running.terminate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _listens(where: str) -> bool:
    host, _, port = where.partition(":")
    with socket.socket() as tried:
        return tried.connect_ex((host, int(port))) == 0


def _wait(ready: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not ready():
        assert time.monotonic() < until, "it does not start"
        time.sleep(0.05)
