"""A receipt for one entry: who keeps it can prove later, offline, that it was recorded and what it said.

It is for whoever gave feedback: they get it the same day, whether the entry is public or not. Nothing in it is new to
whoever may read the entry; the internal part stays closed.
"""

import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from adapters import verify
from adapters.cosignatures import Cosignatures
from adapters.exports.log_contents import content_of
from adapters.log_key import Signer
from domain.errors import refused
from domain.record import Record

ZIP: Final = "application/zip"

README: Final = """\
DE  Beleg für Eintrag Nr. {number} des Prozesses {process}

    Erfasst {at} (Weltzeit), Platz {index} im Transparenzprotokoll „{origin}“.
    {content_de}

    So prüfen Sie ihn, auch in vielen Jahren und ohne Internet. Sie brauchen Python ab 3.11 mit dem Paket cryptography
    (einmal: python3 -m pip install cryptography). In diesem Ordner:

        {command}

    „In Ordnung“ heißt: Genau dieser Inhalt stand an diesem Platz, als das Protokoll {size} Einträge hatte, und der
    Schlüssel des Protokolls hat das unterschrieben. Steht der Eintrag später anders oder gar nicht mehr in einem
    Protokoll mit diesem Schlüssel, beweist dieser Beleg, dass etwas geändert wurde. Nur Texte dürfen fehlen, wenn das
    Recht verlangt, sie zu löschen: Dann nennt ein späterer Eintrag des Protokolls Tag und Grund, und was Sie hier
    haben, bleibt gültig.

    Der Schlüssel steht in key.txt. Vergleichen Sie ihn heute mit dem, den andere haben: Ein Beleg ist so viel wert wie
    der Schlüssel, dem Sie trauen.{where_de}

EN  Receipt for entry no. {number} of the process {process}

    Recorded {at} (UTC), place {index} in the transparency log “{origin}”.
    {content_en}

    How to check it, also many years from now and without the internet. You need Python 3.11 or newer with the package
    cryptography (once: python3 -m pip install cryptography). In this folder:

        {command} --language en

    “In order” means: exactly this content stood at this place when the log had {size} entries, and the key of the log
    signed that. If the entry stands otherwise, or not at all, in a later log with this key, this receipt proves that
    something was changed. Only texts may be gone, where the law has them erased: then a later entry of the log tells
    the day and the ground, and what you have here stays valid.

    The key is in key.txt. Compare it today with the one that others have: a receipt is worth as much as the key that
    you trust.{where_en}
"""

WHOLE: Final = (
    "Was der Eintrag sagt, steht in content.json: Tatsachen (facts) und Texte (texts).",
    "What the entry says stands in content.json: facts and texts.",
)
ERASED: Final = (
    "Seine Tatsachen (facts) stehen in content.json. Seine Texte wurden am {day} gelöscht (Platz {by} im Protokoll).",
    "Its facts stand in content.json. Its texts were erased on {day} (place {by} in the log).",
)
WHERE: Final = (
    "\n\n    Das Protokoll steht unter {address}/log/checkpoint, alle seine Schlüssel unter {address}/log/about.json.",
    "\n\n    The log is at {address}/log/checkpoint, all its keys at {address}/log/about.json.",
)
"""Where somebody who keeps a receipt can compare it; left out where no address is known."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One file to hand over."""

    name: str
    content: bytes

    @property
    def headers(self) -> dict[str, str]:
        """With these a browser keeps it under its name."""
        return {"Content-Disposition": f'attachment; filename="{self.name}"'}


def receipt_of(signer: Signer, cosignatures: Cosignatures, record: Record, address: str) -> Receipt:
    """The receipt of an entry, by the first checkpoint that witnesses made a quorum of, else by the newest one.

    `address` is where the log is served, as far as that is known.

    Whether somebody may have it was asked before.
    """
    index = record.position - 1
    witnessed, policy = cosignatures.note(index), cosignatures.policy_text()
    proof = signer.receipt(index, witnessed or cosignatures.along(signer.checkpoint()))
    if proof is None:
        raise refused("page-not-found")  # whoever reads one state of the log knows nothing of what came later
    known = signer.known()
    found, checkpoint, _ = verify.check_proof(proof, known)
    key = verify.signers(found.checkpoint, known)[-1]  # the newest that did: it may have been signed before a change
    gone = record.erased
    told = WHOLE if gone is None else [each.format(day=gone.at.date(), by=gone.by - 1) for each in ERASED]
    where = [each.format(address=address) if address else "" for each in WHERE]
    readme = README.format(
        content_de=told[0],
        content_en=told[1],
        where_de=where[0],
        where_en=where[1],
        number=record.number,
        process=record.process,
        at=record.recorded_at.strftime("%Y-%m-%d %H:%M:%S"),
        index=index,
        origin=checkpoint.origin,
        size=checkpoint.size,
        command=f'python3 verify.py receipt.tlog-proof --content content.json --key "{key}"'
        + (" --policy policy.txt" if witnessed and policy else ""),
    )
    files = {
        "README.txt": readme.encode(),
        "receipt.tlog-proof": proof.encode(),
        "content.json": json.dumps(content_of(record), ensure_ascii=False, indent=2).encode(),
        "key.txt": f"{key}\n".encode(),
        "verify.py": Path(verify.__file__).read_bytes(),
    }
    if policy is not None:  # who the witnesses are, also where they have not signed yet
        files["policy.txt"] = policy
    return Receipt(f"{record.process}-{record.number}.zip", _zipped(record, files))


def _zipped(record: Record, files: dict[str, bytes]) -> bytes:
    """The same bytes whenever it is asked for: every file is as old as the entry."""
    whole = BytesIO()
    with ZipFile(whole, "w") as archive:
        for name, content in files.items():
            at = record.recorded_at.timetuple()
            archive.writestr(ZipInfo(name, (max(at.tm_year, 1980), *at[1:6])), content, ZIP_DEFLATED)
    return whole.getvalue()
