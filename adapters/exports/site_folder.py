"""Writes the public site of an installation into a folder, by asking its web application in this very program."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from httpx2 import ASGITransport, AsyncClient

from adapters.exports.site import README, Get, site
from adapters.web.app import VERSION, create_app
from adapters.wiring import Installation
from domain.errors import refused

HOST = "http://archive.invalid"


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
    size = installed.signer.signed_size()
    count = 1
    with _asking(installed) as get:
        for file, content in site(get, _first(process), size, process):
            place = folder / file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            count += 1
            told(count, file)
    name = installed.settings.address or process or "Werdegang"
    day = installed.clock().date().isoformat()
    readme = README.format(name=name, version=VERSION, day=day, size=size)
    (folder / "README.txt").write_text(readme, encoding="utf-8")
    return count


def _first(process: str | None) -> list[str]:
    """Where one begins; everything else is found by following links."""
    inside = [f"{root}/prozesse/{process}" for root in ("", "/en")] if process is not None else []
    return ["/", "/en/", *inside]


@contextmanager
def _asking(installed: Installation) -> Iterator[Get]:
    """Asks the application as a reader without an account, in one loop from the first page to the last."""
    transport = ASGITransport(create_app(installed))
    with asyncio.Runner() as runner:
        client = AsyncClient(transport=transport, base_url=HOST)

        def get(address: str) -> tuple[int, str, bytes]:
            answer = runner.run(client.get(address))
            return answer.status_code, answer.headers.get("content-type", ""), answer.content

        yield get
        runner.run(client.aclose())
