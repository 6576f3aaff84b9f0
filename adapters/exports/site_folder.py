"""Writes the public site of an installation into a folder, by asking its web application in this very program.

All pages tell of one state: the entries as they stand when it begins, at that instant, with the log as it was signed
then. What others record meanwhile is in none of them.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Final

from httpx2 import ASGITransport, AsyncClient

from adapters.exports.site import HOST, README, Get, site
from adapters.log_key import SignedThen
from adapters.version import VERSION
from adapters.web.app import create_app
from adapters.wiring import Installation, built
from domain.errors import refused

TRIES: Final = 20
"""How often it is tried to begin while nothing is recorded between signing the log and reading the first page."""


def write_site(
    installed: Installation, process: str | None, folder: Path, told: Callable[[int, str], None] = lambda _, __: None
) -> int:
    """Writes all files, and answers how many. A folder that holds something already is left as it is."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise refused("site-folder-taken", folder=str(folder))
    if process is not None:
        installed.service.listed(process, None)  # refused where the public has no such process
    unfinished = folder.absolute().with_name(f".{folder.absolute().name}.{token_hex(4)}")
    unfinished.mkdir(parents=True)
    try:
        count = _written(installed, process, unfinished, told)
        if folder.exists():
            folder.rmdir()
        unfinished.replace(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return count


def _written(installed: Installation, process: str | None, folder: Path, told: Callable[[int, str], None]) -> int:
    count = 1
    with _standing_still(installed) as still, _asking(still) as get:
        size, day = still.signer.signed_size(), still.service.now().date().isoformat()
        for file, content in site(get, _first(process), size, process):
            place = folder / file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            count += 1
            told(count, file)
    name = installed.settings.address or process or "Werdegang"
    readme = README.format(name=name, version=VERSION, day=day, size=size)
    (folder / "README.txt").write_text(readme, encoding="utf-8")
    return count


def _first(process: str | None) -> list[str]:
    """Where one begins; everything else is found by following links."""
    inside = [f"{root}/prozesse/{process}" for root in ("", "/en")] if process is not None else []
    return ["/", "/en/", *inside]


@contextmanager
def _standing_still(installed: Installation) -> Iterator[Installation]:
    """The installation as it stands now, for as long as it is read; others go on recording."""
    instant = installed.clock()
    for _ in range(TRIES):
        signed = installed.signer.checkpoint()  # before: whoever only reads cannot keep what was signed
        with installed.database.reading():
            still = built(installed.settings, installed.database, lambda: instant)  # knows of no entry yet
            still = replace(still, signer=SignedThen(installed.settings.home, still.database, still.log, signed))
            if still.signer.signed_size() == still.log.tree()[0]:
                yield still
                return
    raise refused("site-unsteady", tries=TRIES)


@contextmanager
def _asking(installed: Installation) -> Iterator[Get]:
    """Asks the application as a reader without an account, in one loop from the first page to the last."""
    transport = ASGITransport(create_app(installed), raise_app_exceptions=False)  # the server's log has them
    with asyncio.Runner() as runner:  # in the context of this call, and so in its transaction
        client = AsyncClient(transport=transport, base_url=HOST)

        def get(address: str) -> tuple[int, str, bytes]:
            answer = runner.run(client.get(address))
            return answer.status_code, answer.headers.get("content-type", ""), answer.content

        yield get
        runner.run(client.aclose())
