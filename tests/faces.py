"""An installation on disk with the Bottrop example, and readers who ask its web faces."""

import atexit
import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from starlette.testclient import TestClient

from adapters.database import Database
from adapters.imports.statements import read_statements
from adapters.log_key import prepare_key
from adapters.settings import Settings
from adapters.web.app import create_app
from adapters.wiring import built, fill_tables
from domain.account import Role
from domain.publication import Statement
from tests.passwords import QUICK

EXAMPLE = Path(__file__).parents[1] / "examples" / "bottrop-2018.jsonl"
BOTTROP = "bottrop-2018"
SAME_ID = {"x-request-id": "00000000"}
"""The id of every request here: but for it, what is answered alike is answered with the same headers."""
LAST = len(EXAMPLE.read_text(encoding="utf-8").splitlines())
"""The number of the example's last entry; what a test records itself follows."""


ROLES: dict[str, tuple[Role, str]] = {
    "admin": ("admin", "*"),
    "recorder": ("recorder", BOTTROP),
    "publisher": ("publisher", BOTTROP),
    "evaluator": ("evaluator", BOTTROP),
    "stranger": ("admin", "another-process"),
}


class House:
    """An installation whose clock stands still until it is moved, with a token for every role.

    With `tokens` it is opened as it lies there; its database is the file in its folder, unless a `url` names another.
    """

    def __init__(self, home: Path, tokens: dict[str, str] | None = None, url: str = "", replica: str = "") -> None:
        self.now = datetime(2026, 11, 22, 9, tzinfo=UTC)
        given = {"WERDEGANG_HOME": os.fspath(home), **({"WERDEGANG_DATABASE_URL": url} if url else {})}
        settings = Settings.from_environment(given | ({"WERDEGANG_REPLICA_URL": replica} if replica else {}))
        home.mkdir(exist_ok=True)
        database = Database(settings.database_url, replica=settings.replica_url)
        if tokens is None:
            database.migrate()
        self.installation = built(settings, database, self.clock, QUICK)
        self.numbers: dict[str, int] = {}
        self.tokens = self._begun(settings) if tokens is None else dict(tokens)
        self.app = create_app(self.installation)
        self.client = TestClient(self.app, headers=SAME_ID, follow_redirects=False, raise_server_exceptions=False)

    def _begun(self, settings: Settings) -> dict[str, str]:
        fill_tables(self.installation)
        prepare_key(settings.home, self.installation.log, "lindenau.example/log")
        accounts = self.installation.accounts
        made = {name: accounts.create(name, {role}).id for name, role in ROLES.items()}
        return {name: accounts.issue_token(id_, "test", 30) for name, id_ in made.items()}

    def clock(self) -> datetime:
        return self.now

    def close(self) -> None:
        self.installation.database.close()

    def ask_anew(self) -> None:
        """From now on every answer is made when it is asked for: none that was made before is given again."""
        app = create_app(self.installation, 0)
        self.client = TestClient(app, headers=SAME_ID, follow_redirects=False, raise_server_exceptions=False)

    def wait(self, **by: float) -> None:
        self.now += timedelta(**by)

    def record(self, *contents: dict, process: str = BOTTROP) -> tuple[int, ...]:
        """Records statements; those without a key get one."""
        statements = [
            Statement.model_validate({"process": process, "key": f"s{self.now:%H%M%S}-{i}", **content})
            for i, content in enumerate(contents)
        ]
        self.wait(seconds=1)
        account = self.installation.accounts.account_of(self.tokens["admin"])
        numbers = self.installation.service.record(statements, account).numbers
        self.numbers.update(zip((statement.key for statement in statements), numbers, strict=True))
        return numbers

    def get(self, path: str, as_: str | None = None, **headers: str):
        """What a reader gets; without `as_` it is the public."""
        return self.client.get(path, headers=self.headers(as_, headers))

    def api(self, path: str, as_: str | None = None, **headers: str):
        return self.get(f"/api/v1/processes/{BOTTROP}{path}", as_, **headers)

    def post(self, content, as_: str | None = "recorder", process: str = BOTTROP, query: str = ""):
        address = f"/api/v1/processes/{process}/entries{query}"
        return self.client.post(address, json=content, headers=self.headers(as_))

    def headers(self, as_: str | None, given: dict[str, str] | None = None) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in (given or {}).items()}
        return {"authorization": f"Bearer {self.tokens[as_]}", **named} if as_ else named


def bottrop(home: Path) -> House:
    """Bottrop 2018+, recorded and published."""
    return recorded(home, EXAMPLE)


def recorded(home: Path, example: Path) -> House:
    """An installation an hour after an example was recorded there: recorded once, and then copied."""
    template, tokens = _template(example)
    shutil.copytree(template, home, dirs_exist_ok=True)
    house = House(home, tokens)
    house.wait(hours=1)
    return house


@cache
def _template(example: Path) -> tuple[Path, dict[str, str]]:
    folder = Path(tempfile.mkdtemp(prefix="werdegang-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    house = House(folder / "data")
    account = house.installation.accounts.account_of(house.tokens["admin"])
    house.installation.service.record(read_statements(example.read_text(encoding="utf-8")), account)
    house.close()
    return folder / "data", house.tokens
