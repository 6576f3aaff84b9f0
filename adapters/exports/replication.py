"""Everything that is needed to reckon a figure again, in one ZIP: the data in every format, and how it was made."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, cast

from adapters.answers import Json
from adapters.exports import code_book, data_package, entries, networks, ocel_json, ocel_sqlite, workbook
from adapters.exports.archive import Archive
from adapters.exports.data_package import json_bytes
from adapters.exports.figures import figures
from adapters.exports.material import Material
from adapters.exports.notebook import notebook

README: Final = Path(__file__).with_name("replication_readme.md")
"""What the package says of itself, with names in braces for what it was made from."""

ERASED: Final = (
    "Von {texts_erased} Einträgen wurden Texte gelöscht, zuletzt {texts_last_erased_at}; sie sind hier leer und als"
    " gelöscht bezeichnet. / The texts of {texts_erased} entries were erased, last at {texts_last_erased_at}; they are"
    " empty here and marked as erased."
)
NOTHING_ERASED: Final = "Kein Text wurde gelöscht. / No text was erased."
PUBLIC: Final = (
    "Es ist, was öffentlich ist. Nichts Internes ist darin. / It is what is public. Nothing internal is in it."
)
INTERNAL: Final = (
    "**Intern.** Es enthält auch, was nicht veröffentlicht ist. Wer etwas erfasst hat, steht darin unter "
    "einem Decknamen, der nur in diesem Paket gilt; Schlüssel der Erfassung fehlen. Freie Worte stehen "
    "darin, wie sie erfasst wurden, und können Personen nennen: pseudonymisiert heißt nicht anonym. / "
    "**Internal.** It also holds what is not published. Who recorded something stands in it under a "
    "pseudonym that holds in this package alone; keys of recording are left out. Free words stand in it "
    "as they were recorded and may name persons: pseudonymised does not mean anonymous."
)


def write(material: Material, to: BinaryIO, progress: Callable[[str], None]) -> None:
    """The whole package, file after file."""
    about = material.about
    with Archive(to, progress) as archive:
        archive.add("README.md", _readme(about).encode())
        archive.add("about.json", json_bytes(about))
        archive.add("CODEBOOK.md", code_book.code_book().encode())
        data_package.add(material.afresh(), archive)
        with archive.file("entries.jsonl") as member:
            for line in entries.lines(material.answer, material):
                member.write(f"{line}\n".encode())
        for name, writer in (
            ("log.ocel.json", ocel_json.write),
            ("log.ocel.sqlite", ocel_sqlite.write),
            ("actors-meetings.gexf", networks.write_meetings),
            ("structure.gexf", networks.write_structure),
            ("lists.xlsx", workbook.write),
        ):
            with archive.file(name) as member:
                writer(material.afresh(), cast("BinaryIO", member), lambda _: None)
        archive.add("figures.json", json_bytes(figures(material.afresh().view, public=about["audience"] == "public")))
        archive.add("analysis.ipynb", notebook(about["process"]))
        archive.add("checkpoint.json", json_bytes(_checkpoint(material)))
        sums = "".join(f"{digest.sha256}  {name}\n" for name, digest in sorted(archive.files.items()))
        archive.add("SHA256SUMS", sums.encode())


def _readme(about: Json) -> str:
    public = about["audience"] == "public"
    return README.read_text(encoding="utf-8").format(
        **about,
        to="bis Nr." if public else "intern, bis Nr.",
        version_of="öffentliche Fassung" if public else "Fassung",
        erased=ERASED.format(**about) if about["texts_erased"] else NOTHING_ERASED,
        for_whom=PUBLIC if public else INTERNAL,
    )


def _checkpoint(material: Material) -> Json:
    """The tree as it was with the last entry of the package: it never changes again, whatever is recorded later."""
    size, root, key = material.checkpoint or (0, None, None)
    return {
        "size": size,
        "root_hash": root,
        "vkey": key,
        "proof": None if not size else f"/log/proof/{size - 1}.tlog-proof",
        "about": "RFC 6962 tree, SHA-256; that the log of today holds it: /log/checkpoint and /log/verify.py",
    }
