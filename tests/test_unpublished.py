"""What is not published is reachable nowhere, and that there is more of it changes nothing.

Generated histories are recorded with a word of its own in every text of every entry and with ids that can be looked
for. Then the public follows every link from the first page, asks every route of the app for everything there could be,
and searches for every word. The routes are those of the app itself, so that a new one is asked as soon as it is there.
"""

import json
import re
import sqlite3
from contextlib import closing
from io import BytesIO
from itertools import groupby, product
from urllib.parse import urljoin, urlsplit
from zipfile import ZipFile
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from domain.entry import split
from domain.fields import TEXT
from domain.publication import Statement
from tests.faces import House
from tests.histories import EVERYTHING, POOL, PUBLISHING, histories
from tests.story import told
from tests.test_desk import served
from tests.worlds import public_from

PROCESS = "verfahren"
NOT_FOLLOWED = re.compile(r"(/en)?/(log|static|geschaeftsstelle|barriere-melden)([/?]|$)")
"""The log holds a leaf of every entry, also of one that is internal; the desk asks who is there; a form for everybody
carries the time.
"""

IDS = {id_: f"ding-{id_}-qz" for ids in POOL.values() for id_ in ids}
OTHERS = {"index": "0", "code": "page-not-found", "secret": "x", "sha256": "a" * 64}
"""What stands in a route where no number and no id does."""

EVERY_FILE = ["replication", "statements"]
"""The replication package holds the files of all other formats, byte for byte (tests/test_exports.py)."""


def seed(number: int) -> str:
    """The word that stands in every text of an entry, and nowhere else."""
    return f"geheim{number}wort"


def seeded(statement: Statement, number: int) -> Statement:
    """The same statement with the word of its number in every text there could be, and with ids to look for."""
    content = _renamed(statement.model_dump(mode="json", exclude_none=True))
    return worded(
        Statement.model_validate(content | {"process": PROCESS, "key": f"eintrag-{number}"}),
        lambda name: f"{name} {seed(number)}",
    )


def _renamed(value):
    match value:
        case dict():
            return {name: _renamed(each) for name, each in value.items()}
        case list():
            return [_renamed(each) for each in value]
        case _:
            return IDS.get(value, value) if isinstance(value, str) else value


def worded(model, write):
    """A model with a word in each of its texts; `occurred` keeps its own: its wording must say what the date says."""
    given = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if TEXT in field.metadata:
            given[name] = write(name)
        elif hasattr(type(value), "model_fields") and name != "occurred":
            given[name] = worded(value, write)
        elif isinstance(value, tuple) and value and hasattr(type(value[0]), "model_fields"):
            given[name] = tuple(worded(each, write) for each in value)
    return model.model_copy(update=given)


class Town:
    """An installation with one generated history, recorded when it was, and the public that looks at it."""

    def __init__(self, house, office):
        self.house, self.entries = house, office.entries
        self.statements = [seeded(entry.statement, entry.number) for entry in office.entries]
        admin = house.installation.accounts.account_of(house.tokens["admin"])
        for at, group in groupby(office.entries, key=lambda entry: entry.recorded_at):
            house.now = at
            house.installation.service.record([self.statements[entry.number - 1] for entry in group], admin)

    def public(self):
        """The numbers of what is public now, by the specification and not by the program."""
        since = {entry.number: public_from(self.entries, entry.number) for entry in self.entries}
        return {number for number, at in since.items() if at is not None and at <= self.house.now}

    def crawl(self):
        """Every address that there is for the public, with its answer."""
        found, todo = {}, ["/", "/en/", *self.addresses()]
        while todo:
            address = todo.pop()
            if address in found or skipped(address):
                continue
            answer = found[address] = self.house.get(address)
            if "location" in answer.headers:
                todo.append(answer.headers["location"])
            for link in re.findall(r'(?:href|src|action)="([^"#]+)', answer.text):
                target = urlsplit(urljoin(f"http://testserver{address}", link.replace("&amp;", "&")))
                if target.netloc == "testserver" and target.query.count("=") <= 1:  # choices are many when combined
                    todo.append(target.path + (f"?{target.query}" if target.query else ""))
        return found

    def addresses(self):
        """Every route of the app with everything that could stand in it, and a search for every word."""
        numbers = [str(entry.number) for entry in self.entries]
        told = json.dumps([split(statement)[0] for statement in self.statements])
        ids = [id_ for id_ in IDS.values() if f'"{id_}"' in told]
        for path in sorted({path for method, path in served(self.house.app.routes) if method == "GET"}):
            values = {"process": [PROCESS], "number": numbers, **{name: [value] for name, value in OTHERS.items()}}
            values["format"] = EVERY_FILE if path.startswith("/api/") else ["xlsx"]
            names = re.findall(r"\{(\w+)(?::\w+)?\}", path)
            for chosen in product(*(values.get(name, ids) for name in names)):
                yield filled(path, dict(zip(names, chosen, strict=True)))
        for word in map(seed, range(len(self.entries) + 1)):
            yield f"/suche?q={word}"
            yield f"/api/v1/search?q={word}"
        for asked in (*numbers, *ids):
            yield f"/suche?q={asked}&process={PROCESS}"


def filled(path, values):
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values[found[1]], path)


def leaks(town, found):
    """The hidden words and ids that stand in an answer, and where; the address that was asked for may be said again."""
    public = town.public()
    words = {seed(entry.number) for entry in town.entries if entry.number not in public}
    told = json.dumps([split(town.statements[number - 1])[0] for number in public])
    words |= {id_ for id_ in IDS.values() if f'"{id_}"' not in told}
    for address, answer in found.items():
        said = all_of(answer.content) + json.dumps(dict(answer.headers))
        for word in words:
            if word in said and word not in address:
                yield word, address


def all_of(content):
    """All that an answer says: of a database what stands in its rows, of an archive what stands in its files."""
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as archive:
            return "".join(name + all_of(archive.read(name)) for name in archive.namelist())
    if content.startswith(b"SQLite format 3"):
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(content)
            return "".join(database.iterdump())
    return content.decode(errors="replace")


@pytest.fixture
def town_of(tmp_path_factory):
    """Makes an installation of a history."""
    houses = []

    def made(office):
        houses.append(House(tmp_path_factory.mktemp("town") / "data"))
        return Town(houses[-1], office)

    yield made
    for house in houses:
        house.close()


def published_in_part(office):
    """Whether there is both what the public may find and what it may not."""
    since = [public_from(office.entries, entry.number) for entry in office.entries]
    return None in since and any(at is not None for at in since)


def what_was_answered(answer):
    """All that a reader can tell two answers apart by."""
    return answer.status_code, answer.headers.get("etag"), answer.headers.get("location"), answer.content


def skipped(address):
    """The English pages come from the same functions as the German ones: one in seven is asked for all the same."""
    return NOT_FOLLOWED.match(address) or (address.startswith("/en/prozesse") and crc32(address.encode()) % 7)


EXAMPLES = settings(
    max_examples=6 * settings().max_examples // 100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
    phases=[Phase.generate],  # a smaller example would take hundreds of crawls to find
)


@EXAMPLES
@given(
    office=histories(about=PUBLISHING, areas=EVERYTHING).filter(published_in_part), later=st.sampled_from([0, 1, 30])
)
def test_the_public_finds_no_word_of_what_is_not_published_and_more_of_it_changes_nothing(town_of, office, later):
    """Drafts, embargoes, unpublished corrections and withdrawals, over everything that can be asked for."""
    town = town_of(office)
    town.house.wait(days=later)
    found = town.crawl()
    public = town.public()
    event(f"{len(public)} of {len(town.entries)} public")
    assert list(leaks(town, found)) == []
    for entry in town.entries:
        shown = found[f"/prozesse/{PROCESS}/eintrag/{entry.number}"]
        assert shown.status_code == (200 if entry.number in public else 404)
        if entry.number in public and not entry.about_entries:
            assert seed(entry.number) in shown.text, "the words can be found where they may be"

    before = {address: what_was_answered(answer) for address, answer in found.items()}
    town.house.record(
        {"key": "mehr", **told({"type": "context-noted", "what": seed(0)}, "2018-03-01")},
        {
            "key": "wer",
            **told({"type": "actor-registered", "actor": "neu", "kind": "company", "name": seed(0)}, "2018"),
        },
        {"key": "was", **told({"type": "feedback-received", "kind": "concern", "what": seed(0)}, "2018")},
        process=PROCESS,
    )
    town.house.ask_anew()  # an answer that was kept would be the same whatever it rests on
    changed = {address for address, said in before.items() if what_was_answered(town.house.get(address)) != said}
    assert changed == set()
