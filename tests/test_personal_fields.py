"""What is typed into personal fields stays in the tables made for it, and after erasing it is in no file at all.

Seeds are typed into every text field of the forms for accounts, persons, registrations, drafts, documents and tables;
the columns of the database say whether a field was forgotten.
"""

import io
import json
import logging
import re
import zlib
from contextlib import nullcontext
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
import structlog
from sqlalchemy import LargeBinary, select
from starlette.testclient import TestClient

from adapters.backup import backup, restore
from adapters.cli import run
from adapters.database import metadata
from adapters.erasures import TEXTS
from adapters.keeping import explain_erasures
from adapters.logs import configure
from adapters.waiting_tables import waiting_tables
from adapters.web.barriers import REPORT
from adapters.web.open_forms import TRAP
from tests.browser_forms import Page
from tests.faces import House
from tests.postgres import empty_database
from tests.story import told
from tests.test_desk import DESK, PASSWORD, SIGN_IN, Browser
from tests.test_erasing import SEEDS, files_of, found_in

TOWN = "lindenau"
MEETING = f"{DESK}/{TOWN}/termine/treffen-1"
FORM = f"/prozesse/{TOWN}/termine/treffen-1/anmeldung"
PEOPLE = f"{DESK}/personen"
NAME, ADDRESS = f"{SEEDS[0]} {SEEDS[1]}", SEEDS[2]
WORDS = f"{SEEDS[3]} von {NAME}"

FACTS = {
    "accounts": {"id"},
    "people": {"id"},
    "tokens": {"account", "role"},
    "drafts": {"account", "id", "process", "address"},
    "registrations": {"id", "process", "meeting", "language", "presence"},
    "messages": {"id", "registration", "failure"},
    "documents": {"process", "sha256", "kind", "account", "reason"},
    "persons": {"id", "process", "kind", "organisation", "since", "until"},
    "ties": {"person", "role"},
    "waiting_tables": {"id", "account", "process", "step_type"},
    "barrier_reports": {"id", "process", "language"},
}
"""Of the tables with personal data the columns where nobody types freely. A new one is listed here, or is seeded.

`documents.reason` is public and says that it wants no name; `messages.subject` and `body` are written by the program.
"""

OWN_WORDS = {("messages", "subject"), ("messages", "body")}


@pytest.fixture
def house(tmp_path, database_url):
    home = tmp_path / "data"
    house = House(home, url="" if database_url.startswith("sqlite") else database_url)
    planned = {"type": "meeting-planned", "meeting": "treffen-1", "title": "Treffen", "begins": "2026-12-10T18:00"}
    house.record(
        {"key": "o", **told({"type": "process-opened", "name": "Lindenau"}, "2026-11-01")},
        {"key": "a", **told({"type": "actor-registered", "actor": "amt", "kind": "company", "name": "Amt"}, "2020")},
        {"key": "t", **told({**planned, "places": 20}, "2026-11-20")},
        process=TOWN,
    )
    house.record({"step": {"type": "entry-published", "targets": ["o", "a", "t"]}}, process=TOWN)
    house.clerk = house.installation.accounts.create("Erika", {("admin", "*"), ("recorder", TOWN)}).id
    house.installation.passwords.set(house.clerk, PASSWORD)
    yield house
    house.close()


@pytest.fixture
def told_out(capfd):
    """Answers everything that was logged, from the finest level on, or printed; the logs are as before afterwards."""
    before, root, lines = structlog.get_config(), logging.getLogger(), io.StringIO()
    configure("debug")
    (handler,) = root.handlers
    handler.setStream(lines)
    yield lambda: lines.getvalue() + "".join(capfd.readouterr())
    structlog.configure(**before)
    root.handlers = []
    root.setLevel(logging.WARNING)


class Watched(Browser):
    """A browser that keeps every address that it is shown or sent to."""

    def __init__(self, house):
        super().__init__(house)
        self.addresses = []
        self.client.event_hooks["response"] = [self._keep]

    def _keep(self, answer):
        answer.read()
        self.addresses += [str(answer.request.url), answer.headers.get("location", "")]
        self.addresses += re.findall(r'(?:href|action|src)="([^"]*)"', answer.text)
        self.addresses.append(answer.headers.get("content-disposition", ""))

    def fill(self, path, act, **given):
        """Types a seed into every text field of the page that `given` says nothing about, and sends it."""
        page = Page(self.get(path).text)
        fields = {name: value for name, value in page.sent if name}
        for tag, control in page.tags:
            free = tag == "textarea" or (tag == "input" and control.get("type") in {"text", "email"})
            if free and control.get("name") and control["name"] not in {TRAP, *given}:
                fields[control["name"]] = ADDRESS if control.get("type") == "email" else WORDS
        self.house.wait(seconds=5)
        return self.post(
            path, {**fields, "act": act, **given}, origin="http://testserver", sec_fetch_site="same-origin"
        )


def typed_everywhere(house):
    """Everything that somebody can type about a person, by the forms and the command line."""
    browser = Watched(house)
    browser.sign_in(WORDS, WORDS)
    browser.sign_in()
    browser.fill(f"{DESK}/konten", "create", name=NAME, role="recorder", process=TOWN)
    account = next(h.account.id for h in house.installation.accounts.list() if h.name == NAME)
    browser.fill(f"{DESK}/konten/{account}", "token", days="30", role="", label=WORDS)
    added = browser.fill(f"{PEOPLE}/neu/{TOWN}", "save", name=NAME, since="", until="", organisation="amt")
    person = added.headers["location"]
    browser.fill(person, "save", name=NAME, since="", until="", organisation="amt", number="", contact=ADDRESS)
    browser.post(person, {"token": browser.token(person), "act": "tie", "number": "1", "role": "mentioned"})
    refused = browser.fill(f"{PEOPLE}/neu/{TOWN}", "save", name=NAME, until=WORDS, organisation=SEEDS[3])
    assert refused.status_code == 422
    browser.post(PEOPLE, {"token": browser.token(PEOPLE), "sought": NAME, "act": "search"})
    recording = f"{DESK}/{TOWN}/erfassen/context-noted"
    assert browser.fill(recording, "draft").status_code == 200
    token = browser.token(DESK)
    files = {"file": (f"{WORDS}.txt", f"Anwesend: {NAME}, {ADDRESS}".encode(), "text/plain")}
    sent = browser.client.post(f"{DESK}/{TOWN}/dokumente", data={"token": token, "act": "upload"}, files=files)
    assert sent.status_code == 303, sent.text
    files = {"file": (f"{WORDS}.csv", f"Was;Wann\n{NAME} {ADDRESS};2018\n".encode(), "text/csv")}
    sent = browser.client.post(f"{DESK}/{TOWN}/tabelle/context-noted", data={"token": token}, files=files)
    assert sent.status_code == 303, sent.text
    browser.get(sent.headers["location"])
    browser.post(MEETING, {"token": browser.token(MEETING), "act": "open"})
    public = Watched(house)
    came = public.fill(FORM, "", name=NAME, email=ADDRESS, consent="yes")
    assert came.headers["location"].endswith("platz"), came.text
    public.fill(FORM, "", name=NAME, email=WORDS)
    reported = public.fill(REPORT, "", what=f"{WORDS} {ADDRESS}", contact=ADDRESS, page=WORDS)
    assert reported.headers["location"].endswith("angekommen=ja"), reported.text
    browser.get(MEETING)
    return browser, public


def rows(house, table):
    with house.installation.database.reading() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def cell(table, value):
    """A cell as text; a table that waits is packed."""
    if isinstance(value, bytes):
        packed = table is waiting_tables
        return zlib.decompress(value).decode() if packed else value.decode(errors="replace")
    return str(value)


def seeded(text):
    return {seed for seed in SEEDS if seed.casefold() in text.casefold()}


def test_what_is_typed_about_persons_is_in_no_entry_log_line_address_or_export(house, told_out):
    browser, public = typed_everywhere(house)
    for table in metadata.sorted_tables:
        for row in rows(house, table):
            for name, value in row.items():
                if not table.info.get("personal") or name in FACTS[table.name]:
                    assert not seeded(cell(table, value)), (table.name, name)
    logged = told_out()
    assert "/anmeldung" in logged  # something was
    assert not seeded(logged)
    assert not [address for address in (*browser.addresses, *public.addresses) if seeded(unquote(address))]
    for content in public_and_exported(house, browser):
        assert not seeded(content)


def public_and_exported(house, browser):
    """What the public can get, and what the office gives away."""
    reader = TestClient(house.app, follow_redirects=True, raise_server_exceptions=False)
    ways = [f"/prozesse/{TOWN}{path}" for path in ("", "/termine", "/termine/treffen-1/anmeldung")]
    ways += [f"/api/v1/processes/{TOWN}/entries", "/api/v1/openapi.json", "/log/checkpoint"]
    for way in ways:
        answer = reader.get(way)
        assert answer.status_code == 200, way
        yield answer.text
    yield recorded(house)
    yield browser.get(f"{MEETING}/einladung.ics").text
    yield browser.get(f"{MEETING}/protokoll").text
    workbook = browser.get(f"{DESK}/{TOWN}/tabelle/listen.xlsx").content
    with ZipFile(io.BytesIO(workbook)) as archive:
        yield from (archive.read(name).decode(errors="replace") for name in archive.namelist())


def recorded(house):
    """Everything that was ever recorded, as it is exported."""
    answer = house.get(f"/api/v1/processes/{TOWN}/entries", "admin")
    assert answer.status_code == 200
    return answer.text


def test_every_free_column_about_persons_is_typed_into_and_found_by_who_looks_for_what_is_held(house):
    """A column that comes later fails here until it is seeded or said to hold facts only."""
    typed_everywhere(house)
    for table in metadata.sorted_tables:
        if not table.info.get("personal"):
            continue
        assert table.name in FACTS, table.name
        for column in table.columns:
            text = issubclass(column.type.python_type, str) or isinstance(column.type, LargeBinary)
            free = text and column.name not in FACTS[table.name] and column.name != "digest"
            if free and (table.name, column.name) not in OWN_WORDS:
                assert seeded(" ".join(cell(table, row[column.name]) for row in rows(house, table))), column
    held = house.installation.erasing.about(["quendolin"])
    assert {one.keeper for one in held} == set(house.installation.erasing.keepers) - {TEXTS}


def test_what_is_erased_at_the_desk_is_in_no_file_even_after_an_older_backup_was_put_back(house, tmp_path, request):
    browser, _ = typed_everywhere(house)
    database, home = house.installation.database, house.installation.settings.home
    assert found_in(files_of(home, database)) == set(SEEDS)
    before = recorded(house), house.installation.log.tree()
    older = tmp_path / "sicherung.zip"
    backup(database, older, home)
    about = f"{PEOPLE}/auskunft"
    for name in (NAME, ADDRESS, SEEDS[3]):
        page = browser.post(about, {"token": browser.token(about), "name": name, "act": "ask"})
        held = re.findall(r'name="held" value="([^"]+)"', page.text)
        if held:
            given = {"name": name, "act": "erase", "held": held, "reason": "request", "sure": "yes"}
            done = browser.post(about, {"token": browser.token(about), **given})
            assert done.status_code == 303, done.text
    assert house.installation.erasing.unfinished() == []
    assert found_in(files_of(home, database)) == set()
    assert (recorded(house), house.installation.log.tree()) == before

    server = nullcontext("") if database.sqlite else empty_database(request.getfixturevalue("postgres_url"))
    with server as url:
        again = House(tmp_path / "neu", tokens={}, url=url)
        again.installation.database.migrate()
        list_ = (home / "erasures.jsonl").read_text()
        (tmp_path / "neu" / "erasures.jsonl").write_text(list_)
        erasing = again.installation.erasing
        restore(again.installation.database, older, lambda: erasing.reapply() and None, tmp_path / "neu")
        erasing.settle(lambda: explain_erasures(again.installation))
        assert erasing.finish() == []
        assert found_in(files_of(tmp_path / "neu", again.installation.database)) == set()
        assert {json.loads(line)["keeper"] for line in list_.splitlines()} == set(erasing.keepers) - {TEXTS}
        again.close()


def test_the_command_line_prints_and_logs_no_more_about_a_person_than_it_was_asked_for(house, told_out, monkeypatch):
    monkeypatch.setenv("WERDEGANG_HOME", str(house.installation.settings.home))
    if not house.installation.database.sqlite:
        monkeypatch.setenv("WERDEGANG_DATABASE_URL", house.installation.settings.database_url)
    assert run(["people", "add", TOWN, NAME, "--contact", ADDRESS]) == 0
    assert run(["people", "add", TOWN, NAME, "--organisation", SEEDS[3].lower()]) == 1
    assert run(["people", "add", TOWN, NAME, "--until", WORDS]) == 1
    assert run(["accounts", "create", NAME, "--role", "recorder", "--process", TOWN]) == 0
    assert run(["people", "erase", "people", "gibt-es-nicht", "--reason", "request"]) == 1
    assert not seeded(told_out())


def test_who_signs_in_with_a_name_leaves_it_nowhere(house):
    house.installation.database.forget()  # what other tests wrote is in the log of the same server
    Browser(house).sign_in(NAME, ADDRESS, path=SIGN_IN)
    assert found_in(files_of(house.installation.settings.home, house.installation.database)) == set()
