"""Another key for the transparency log, told by an entry of the log itself.

The old key signs along for a month at least, so that whoever knows it alone can go on checking and learns of the new
one from an entry that it signed. The files in the home folder and the database change under the lock that all who sign
hold: what a crash leaves half done, the next one to sign puts in order (`Signer`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from adapters.cosignatures import POLICY
from adapters.key_file import append_line
from adapters.log_key import OVERLAP, make_next_key
from adapters.wiring import Installation
from domain.account import Account
from domain.errors import refused
from domain.installation import ENGINE, INSTALLATION, LogKeyChanged
from domain.process import ProcessOpened
from domain.publication import EntryPublished, Statement
from domain.when import When

AUTHOR: Final = Account(ENGINE, frozenset({("recorder", INSTALLATION), ("publisher", INSTALLATION)}))


@dataclass(frozen=True, slots=True)
class Rotated:
    """The two keys, and until when at least both sign."""

    old: str
    new: str
    until: datetime


def rotate_key(installed: Installation, why: str) -> Rotated:
    """Makes another key, records that it is the key from now on, and signs the log with both."""
    signer, log = installed.signer, installed.log
    signer.key()  # what a try before left half done is in order now
    with signer.alone():
        old = str(signer.key())
        if (until := signer.overlaps_until()) is not None:
            raise refused("key-changing", until=until.date().isoformat())
        new = str(make_next_key(installed.settings.home, signer.key().name))
        with installed.database.writing():
            installed.service.record(_statements(installed, old, new, why), AUTHOR)
            size, _ = log.tree()
            log.change_key(new, size - 1, installed.clock())  # after it only its publication was recorded
        signer.settle()
    signer.checkpoint()
    policy = installed.settings.home / POLICY
    if policy.exists():  # whoever has the policy knows both
        append_line(policy, f"log {new}")
    return Rotated(old, new, installed.clock() + OVERLAP)


def _statements(installed: Installation, old: str, new: str, why: str) -> list[Statement]:
    """The process of the installation, where it is not opened yet, the change of the key, and that both are public."""
    today = When(edtf=installed.clock().date().isoformat())
    opened = ProcessOpened(
        name="Installation",
        purpose=(
            "Kein Beteiligungsprozess: Hier steht, was das Programm und sein Transparenzprotokoll als Ganzes betrifft."
            " / Not a participation process: what concerns the program and its transparency log as a whole."
        ),
        zone="Europe/Berlin",
    )
    key = f"log-key-{new.split('+')[1]}"
    changed = LogKeyChanged.model_validate({"old": old, "new": new, "why": why})
    told = [Statement(process=INSTALLATION, key=key, step=changed, occurred=today)]
    if installed.log.log_id(INSTALLATION) is None:
        told.insert(0, Statement(process=INSTALLATION, key="opened", step=opened, occurred=today))
    published = EntryPublished(targets=tuple(each.key for each in told))
    return [*told, Statement(process=INSTALLATION, key=f"{key}-public", step=published)]
