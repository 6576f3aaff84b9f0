"""Asking witnesses to sign the log along (c2sp.org/tlog-witness), beside everything else a server does.

Nothing waits for them: they are asked from threads of their own, each for seconds at most, and whoever does not answer
is asked ever more rarely. No transaction is open meanwhile. Whatever they say is checked; what comes of it is a state
that `adapters/cosignatures.py` keeps.
"""

import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

import httpx2
import structlog

from adapters.cosignatures import Cosignatures, State
from adapters.database import now
from adapters.log_key import Signer
from adapters.transparency_log import TransparencyLog
from adapters.verify import Checkpoint, Rejected, Witness, cosignatures, parse_checkpoint
from domain.errors import Refused

SECONDS: Final = 10
"""How often a server looks whether the log has grown."""

STEP: Final = 5.0
"""Seconds that a witness may be silent."""

WHOLE: Final = 15.0
"""Seconds after which nobody waits for its answer any more, however it trickles in."""

MOST_BYTES: Final = 65_536
LEEWAY: Final = timedelta(hours=1)
"""How far the clock of a witness may be off: further off, its word on when it signed is worth nothing."""

CONFLICT: Final = "text/x.tlog.size"
REFUSALS: Final[dict[int, State]] = {
    400: "not-understood",
    403: "unknown-key",
    404: "unknown-log",
    422: "contradicts",
}
TOO_MANY: Final = 429
"""Whoever answers so, or with a fault of their own (500 and above), may sign another time."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness said; `size` is how far it is known to have signed."""

    state: State
    size: int
    at: datetime | None = None
    line: str = ""


class Witnessing:
    """Hands each new checkpoint to the witnesses of the policy."""

    def __init__(
        self, signer: Signer, log_: TransparencyLog, kept: Cosignatures, clock: Callable[[], datetime] = now
    ) -> None:
        self._signer = signer
        self._log = log_
        self._kept = kept
        self._clock = clock
        self._waiting: dict[str, threading.Thread] = {}
        self._warned: datetime | None = None

    def sign(self) -> str:
        """Signs the log as it is now, also where nobody is asked: so what is recorded is signed by itself."""
        return self._signer.checkpoint()

    def ask(self, *, at_once: bool = False) -> None:
        """Signs the log as it is now, and asks whoever has not signed that yet; with `at_once` also who is due later.

        It ends when all have answered, or have had their time.
        """
        self.ask_for(self.sign(), at_once=at_once)

    def ask_for(self, note: str, *, at_once: bool = False) -> None:
        """Asks for signatures of a checkpoint that was signed here."""
        if self._kept.policy() is None:
            return
        checkpoint = parse_checkpoint(note.partition("\n\n")[0] + "\n")
        if checkpoint.size == 0:
            return  # there is nothing to witness
        asked = []
        for witness, size in self._kept.begin(checkpoint.size, at_once=at_once):
            vkey = str(witness.key)
            if (former := self._waiting.get(vkey)) is not None and former.is_alive():
                continue  # it still has not said all of its last answer
            answers: list[Answer | None] = []
            thread = threading.Thread(
                target=lambda w=witness, s=size, a=answers: a.append(self._answer(w, note, checkpoint, s)), daemon=True
            )
            self._waiting[vkey] = thread
            thread.start()
            asked.append((witness, size, thread, answers))
        until = monotonic() + WHOLE
        for witness, size, thread, answers in asked:
            thread.join(max(0, until - monotonic()))
            if (answer := answers[0] if answers else Answer("too-slow", size)) is not None:
                self._take(witness, checkpoint.size, answer)
        self._warn()

    def _take(self, witness: Witness, size: int, answer: Answer) -> None:
        if answer.at is not None:
            self._kept.keep(witness, size, answer.at, answer.line)
        if self._kept.tell(witness, answer.state, answer.size):
            tell = log.info if answer.state == "signed" else log.warning
            tell("witness-answered", witness=witness.key.name, state=answer.state, size=size)

    def _warn(self) -> None:
        """Once a day, as long as it is so."""
        overdue, moment = self._kept.overdue(), self._clock()
        if overdue is None:
            self._warned = None
        elif self._warned is None or moment - self._warned > timedelta(days=1):
            self._warned = moment
            log.warning("not-witnessed", size=overdue.size, signed_at=overdue.signed_at.isoformat())

    # ---- one witness ---------------------------------------------------------------------------------------------

    def _answer(self, witness: Witness, note: str, checkpoint: Checkpoint, old: int) -> Answer | None:
        """Asks with the proof from what it signed last, and once again if it says that this was something else.

        Nothing where the fault is ours, or where it was asked for something newer meanwhile.
        """
        try:
            status, kind, said = self._post(witness, note, checkpoint.size, min(old, checkpoint.size))
            if status == 409 and kind == CONFLICT:
                known = _size(said)
                if known is None:
                    return Answer("nonsense", old)
                if known > checkpoint.size:  # by another program it may have been asked for a larger one meanwhile
                    return Answer("knows-more", known) if known > self._signed_size() else None
                if known == old:
                    return Answer("contradicts" if old == checkpoint.size else "nonsense", old)
                old = known
                status, kind, said = self._post(witness, note, checkpoint.size, old)
                if status == 409 and kind == CONFLICT:
                    return Answer("unsettled", old)
            if status == 409:  # one size, another root
                return Answer("contradicts", old)
            if status == TOO_MANY or status >= 500:
                return Answer("busy", old)
            if status != 200:
                return Answer(REFUSALS.get(status, "nonsense"), old)
            return self._signed(witness, note, checkpoint.size, said, old)
        except TimeoutError:
            return Answer("too-slow", old)
        except ConnectionError:
            return Answer("unreachable", old)
        except Exception:  # of any kind: nobody else is there to see it
            log.exception("witness-not-asked", witness=witness.key.name)
            return None

    def _signed_size(self) -> int:
        """How far the log is signed by now, by whichever program."""
        return max((int(note.split("\n", 2)[1]) for _, note in self._log.checkpoints(1)), default=0)

    def _post(self, witness: Witness, note: str, size: int, old: int) -> tuple[int, str, bytes]:
        """Status, kind and body of the answer; `TimeoutError` and `ConnectionError` say what came in the way."""
        proof = [b64encode(each).decode() for each in self._log.consistency(old, size)]
        content = "\n".join([f"old {old}", *proof, "", note])
        try:
            with (
                httpx2.Client(timeout=STEP) as client,
                client.stream("POST", f"{str(witness.url).rstrip('/')}/add-checkpoint", content=content) as got,
            ):
                said = b""
                for chunk in got.iter_raw(4096):
                    said += chunk
                    if len(said) > MOST_BYTES:
                        break
                return got.status_code, got.headers.get("content-type", ""), said
        except httpx2.ProtocolError:
            return 0, "", b""
        except httpx2.TimeoutException as error:
            raise TimeoutError from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ConnectionError from error

    def _signed(self, witness: Witness, note: str, size: int, said: bytes, old: int) -> Answer:
        """What a witness answered with is added to the checkpoint only if its own key signed just this."""
        try:
            lines = said.decode()
            if len(said) > MOST_BYTES or not lines.endswith("\n") or "" in lines.splitlines():
                return Answer("nonsense", old)  # after an empty line another text would have been signed
            found = cosignatures(note + lines, [witness.key])
            at = found.get(witness.key)
            own = [each for each in lines.splitlines(keepends=True) if cosigned_by(note, each, witness, at)]
        except (UnicodeDecodeError, Rejected) as error:
            bad = isinstance(error, Rejected) and error.code == "signature-bad"
            return Answer("false-signature" if bad else "nonsense", old)
        if at is None:
            return Answer("false-signature", old)  # signed by another key
        if abs(at - self._clock()) > LEEWAY:
            return Answer("time-differs", size)
        return Answer("signed", size, at, own[0])


def cosigned_by(note: str, line: str, witness: Witness, at: datetime | None) -> bool:
    """Whether a line is the cosignature of a witness at that moment."""
    return at is not None and cosignatures(note + line, [witness.key]).get(witness.key) == at


def _size(said: bytes) -> int | None:
    text = said.removesuffix(b"\n")
    return int(text) if text.isdigit() and len(text) <= 18 else None


@contextmanager
def asking(witnessing: Witnessing) -> Iterator[None]:
    """Signs what is recorded and asks witnesses from now on, as long as the server runs."""
    ended = threading.Event()

    def again() -> None:
        told: tuple[str, str] | None = None
        seconds = 0.0  # what was recorded before the start is signed at once
        while not ended.wait(seconds):
            seconds, event = SECONDS, "log-not-signed"
            try:
                note = witnessing.sign()
                event = "witnesses-not-asked"
                witnessing.ask_for(note)
                told = None
            except Refused as refusal:  # why is told where it is asked for, too
                code = refusal.refusals[0].code
                if (event, code) != told:
                    log.warning(event, code=code)
                told = event, code
            except Exception:  # of any kind: the server goes on
                log.exception(event)

    thread = threading.Thread(target=again, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(SECONDS)
