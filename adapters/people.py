"""Persons that the office knows: who represents an organisation, who said something, and whom to call.

They stand beside the entries: an entry names organisations and never a person, a person names entries. So whoever is
erased changes no entry and no count.
"""

import secrets
from base64 import b32encode
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final, Literal, get_args

from sqlalchemy import Column, ColumnElement, Connection, ForeignKey, Integer, Table, Text, delete, insert, select
from sqlalchemy import update as change

from adapters.audit import note
from adapters.database import PERSONAL, Database, metadata, now
from adapters.erasing import Held, tells_of
from domain.account import Account
from domain.errors import Refusal, Refused, refused
from projections.telling import name
from service import Service

KEEPER: Final = "people"
MOST_LETTERS: Final = 2_000

Kind = Literal["representative", "submitter", "other"]
Role = Literal["represents", "submitted", "mentioned"]

persons = Table(
    "persons",
    metadata,
    Column("id", Text, primary_key=True),
    Column("process", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("organisation", Text),
    Column("name", Text, nullable=False),
    Column("function", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("since", Text),
    Column("until", Text),
    info=PERSONAL,
)

ties = Table(
    "ties",
    metadata,
    Column("person", Text, ForeignKey("persons.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("role", Text, nullable=False),
    info=PERSONAL,
)


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the office has noted them. The days are as in 2027-03-01."""

    process: str
    kind: str
    name: str
    organisation: str | None = None
    function: str = ""
    contact: str = ""
    note: str = ""
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A person with their random id, the entries they are tied to, and the day on which they will be erased."""

    id: str
    person: Person
    ties: Sequence[tuple[int, str]]
    erased_on: date | None


@dataclass(frozen=True, slots=True)
class People:
    """The persons of all processes. `days` after the end of what they did they are erased.

    `organisations` tells the actors of a process by their ids, with their names: whom a person can represent.
    """

    database: Database
    days: int
    organisations: Callable[[str], Mapping[str, str]]
    clock: Callable[[], datetime] = now

    def add(self, person: Person, by: str | None, key: str | None = None) -> str:
        """Notes a person; the id tells nothing about them. The same under the same key is one person."""
        self._check(person)
        random = secrets.token_bytes(7) if key is None else sha256(repr((by, key, person)).encode()).digest()
        id_ = "person-" + b32encode(random).decode().lower()[:10]
        with self.database.writing() as connection:
            if connection.execute(select(persons.c.id).where(persons.c.id == id_)).first():
                return id_
            connection.execute(insert(persons).values(id=id_, **asdict(person)))
            note(connection, self.clock(), by, "person-added", about=id_)
        return id_

    def change(self, id_: str, person: Person, by: str | None) -> None:
        """Puts what is right now in the place of what was noted."""
        self._check(person, self.find(id_).person)
        with self.database.writing() as connection:
            connection.execute(change(persons).where(persons.c.id == id_).values(**asdict(person)))
            note(connection, self.clock(), by, "person-changed", about=id_)

    def tie(self, id_: str, number: int, role: str, by: str | None) -> None:
        """Says what a person has to do with an entry; saying it again changes it."""
        if role not in get_args(Role):
            raise refused("person-kind", known=", ".join(get_args(Role)))
        with self.database.writing() as connection:
            self._require(connection, id_)
            connection.execute(delete(ties).where(ties.c.person == id_, ties.c.number == number))
            connection.execute(insert(ties).values(person=id_, number=number, role=role))
            note(connection, self.clock(), by, "person-changed", about=id_)

    def untie(self, id_: str, number: int, by: str | None) -> None:
        """Says that a person has nothing to do with an entry; without a tie nothing changes."""
        with self.database.writing() as connection:
            self._require(connection, id_)
            if connection.execute(delete(ties).where(ties.c.person == id_, ties.c.number == number)).rowcount:
                note(connection, self.clock(), by, "person-changed", about=id_)

    def find(self, id_: str) -> Known:
        """One person; refused where there is none."""
        with self.database.reading() as connection:
            return self._require(connection, id_)

    def list(self, processes: Collection[str] | None = None) -> list[Known]:
        """The persons of some processes, or all."""
        among = [] if processes is None else [persons.c.process.in_(processes)]
        with self.database.reading() as connection:
            return list(self._known(connection, *among))

    def search(self, processes: Collection[str], wanted: Sequence[str]) -> Sequence[Known]:
        """The persons of some processes in which each of the words begins one: of name, organisation, address …"""
        names = {process: self.organisations(process) for process in processes}
        return [
            known
            for known in self.list(processes)
            if tells_of(
                wanted, (*_texts(known.person), names[known.person.process].get(known.person.organisation or ""))
            )
        ]

    def about(self, wanted: Sequence[str]) -> Sequence[Held]:
        return [
            Held(KEEPER, known.id, known.person.name, known.person.process, _content(known))
            for known in self.list()
            if tells_of(wanted, _texts(known.person))
        ]

    def erase(self, ids: Collection[str]) -> int:
        with self.database.writing() as connection:
            connection.execute(delete(ties).where(ties.c.person.in_(ids)))
            return connection.execute(delete(persons).where(persons.c.id.in_(ids))).rowcount

    def outdated(self) -> Sequence[str]:
        """The ids of those who have been kept long enough."""
        today = self.clock().date()
        return [known.id for known in self.list() if known.erased_on is not None and known.erased_on <= today]

    def _check(self, person: Person, before: Person | None = None) -> None:
        """Refuses what is wrong. An organisation that was noted before may stay, whatever became of its entry."""
        wrong, organisation = _wrong(person), person.organisation
        known = self.organisations(person.process)
        kept = before is not None and before.organisation == organisation
        if not kept and organisation not in {None, *known}:
            wrong.append(Refusal("person-organisation", {"process": person.process}, pointer="/organisation"))
        if wrong:
            raise Refused(*wrong)

    def _require(self, connection: Connection, id_: str) -> Known:
        known = next(self._known(connection, persons.c.id == id_), None)
        if known is None:
            raise refused("person-unknown")
        return known

    def _known(self, connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[Known]:
        tied: dict[str, list[tuple[int, str]]] = {}
        for person, number, role in connection.execute(select(ties).order_by(ties.c.number)):
            tied.setdefault(person, []).append((number, role))
        rows = select(persons).where(*conditions).order_by(persons.c.name, persons.c.id)
        for row in connection.execute(rows).mappings():
            person = Person(**{name: value for name, value in row.items() if name != "id"})
            ends = None if person.until is None else date.fromisoformat(person.until) + timedelta(self.days)
            yield Known(row["id"], person, tied.get(row["id"], ()), ends)


def organisations(service: Service, process: str) -> Mapping[str, str]:
    """The actors of a process by their ids, with their names; the internal ones too. The names are in order."""
    reader = Account("people", frozenset({("evaluator", process)}))
    view = service.view(process, reader).view
    known = {id_: name(view, id_).text or id_ for id_, subject in view.state.items() if subject.kind == "actor"}
    return dict(sorted(known.items(), key=lambda one: one[1].casefold()))


def _texts(person: Person) -> Iterator[str | None]:
    return (value for field, value in asdict(person).items() if field not in {"process", "kind", "since", "until"})


def _wrong(person: Person) -> list[Refusal]:
    """All that is wrong at once, each at its field; none of it repeats what was typed."""
    wrong = []
    if not person.name.strip() or not person.name.isprintable():
        wrong.append(Refusal("person-name", pointer="/name"))
    if person.kind not in get_args(Kind):
        wrong.append(Refusal("person-kind", {"known": ", ".join(get_args(Kind))}, pointer="/kind"))
    for field, typed in asdict(person).items():
        if typed and (len(typed) > MOST_LETTERS or "\0" in typed or (not typed.isascii() and not _unicode(typed))):
            wrong.append(Refusal("person-text", {"most": MOST_LETTERS}, pointer=f"/{field}"))
    days = {field: _day(getattr(person, field)) for field in ("since", "until")}
    wrong += [Refusal("person-day", pointer=f"/{field}") for field, day in days.items() if day is False]
    if not wrong and days["since"] and days["until"] and str(person.until) < str(person.since):
        wrong.append(Refusal("person-ends-early", pointer="/until"))
    return wrong


def _unicode(typed: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in typed)


def _day(given: str | None) -> bool | None:
    """Whether it is a day; `None` where none is given. A day so late that none comes after it is none."""
    if given is None:
        return None
    try:
        return len(given) == 10 and date.fromisoformat(given).year < 9_000
    except ValueError:
        return False


def _content(known: Known) -> dict[str, object]:
    tied = [{"number": number, "role": role} for number, role in known.ties]
    erased_on = None if known.erased_on is None else known.erased_on.isoformat()
    return {**asdict(known.person), "entries": tied, "erased_on": erased_on}
