"""Registrations for meetings: who has a place, and who waits for one.

What people say of themselves stands in these tables alone, never among the entries. How many places a meeting has is
told by its announcement; whoever calls hands it over. Everything that gives or frees a place is one transaction that
holds the lock, so that the 21st of 20 waits, however many come at once.

A place is taken by each registration, also before it is confirmed by the link that was mailed. One that is not
confirmed within `HELD` is erased. Where no mail is sent nobody can confirm: then a registration counts at once. A place
that becomes free goes to the first on the waiting list who is confirmed. Who cancels is erased, and stays so when an
older backup is put back. What is told to people waits in the outbox.
"""

import hmac
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    func,
    insert,
    not_,
    select,
    update,
)

from adapters.database import PERSONAL, Database, Instant, metadata, now
from adapters.erasing import Held, tells_of
from adapters.erasures import Erasures
from adapters.outbox import MARKS, Act, Outbox, Unsent, digest, links
from adapters.sign_in import key_in, network
from domain.errors import refused
from domain.words import Language

HELD: Final = timedelta(hours=48)
"""How long a place is held for somebody who has not confirmed yet."""

AGAIN: Final = timedelta(hours=1)
"""Who registers once more is written to once more, but not oftener than that."""

MOST_TRIES: Final = 60
"""So many registrations are taken from one address within `TRIES_COUNT`: a whole office may share it."""
TRIES_COUNT: Final = timedelta(hours=1)

Presence = Literal["attended", "excused"]
Kind = Literal["place", "waiting", "moved-up", "changed", "put-off", "called-off"]

openings = Table(
    "registration_openings",
    metadata,
    Column("process", Text, primary_key=True),
    Column("meeting", Text, primary_key=True),
    Column("open", Boolean, nullable=False),
    Column("closes_on", Text),
)

KEEPER: Final = "registrations"

registrations = Table(
    "registrations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("process", Text, nullable=False),
    Column("meeting", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("email", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("needs", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("waiting", Boolean, nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("told_at", Instant, nullable=False),
    Column("presence", Text),
    UniqueConstraint("process", "meeting", "folded"),
    UniqueConstraint("process", "meeting", "number"),
    info=PERSONAL,
)

tries = Table(
    "registration_tries",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("until", Instant, nullable=False),
)
"""No part of a backup: addresses, as keyed digests only, for an hour."""


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody says of themselves to register."""

    name: str
    email: str
    organisation: str = ""
    needs: str = ""
    language: Language = "de"


@dataclass(frozen=True, slots=True)
class Meet:
    """A meeting, and how many can take part; `None`: as many as come. One that is not to come gives no place away."""

    process: str
    meeting: str
    places: int | None
    to_come: bool = True


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether one can register for a meeting, and the last day on which."""

    open: bool
    closes_on: date | None


@dataclass(frozen=True, slots=True)
class Registration:
    """Somebody who has registered. `waiting`: on the waiting list."""

    id: str
    process: str
    meeting: str
    person: Person
    waiting: bool
    registered_at: datetime
    confirmed_at: datetime | None
    presence: Presence | None


Letter = Callable[[Kind, Language, str, str | None], tuple[str, str]]
"""Writes subject and text of a message: what is told, in which language, the secret to cancel with, and that to confirm
with where that is still to be done.
"""


@dataclass(frozen=True, slots=True)
class Registrations:
    """The registrations of the installation; `by_mail` says whether messages are sent by the program itself."""

    home: Path
    database: Database
    by_mail: bool = False
    clock: Callable[[], datetime] = now

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.home, self.database, self.clock)

    # ---- opening and closing ------------------------------------------------------------------------------------

    def opening(self, process: str, meeting: str) -> Opening | None:
        """Whether one can register; `None` where it was never opened."""
        named = (openings.c.process == process, openings.c.meeting == meeting)
        with self.database.reading() as connection:
            row = connection.execute(select(openings).where(*named)).first()
        if row is None:
            return None
        return Opening(row.open, None if row.closes_on is None else date.fromisoformat(row.closes_on))

    def set_opening(self, process: str, meeting: str, opening: Opening) -> None:
        """Opens or closes the registration for a meeting."""
        named = (openings.c.process == process, openings.c.meeting == meeting)
        closes_on = None if opening.closes_on is None else opening.closes_on.isoformat()
        with self.database.writing() as connection:
            connection.execute(delete(openings).where(*named))
            given = {"open": opening.open, "closes_on": closes_on}
            connection.execute(insert(openings).values(process=process, meeting=meeting, **given))

    # ---- registering, confirming, cancelling --------------------------------------------------------------------

    def count_try(self, address: str, form: str = "registration-address") -> None:
        """Counts how often a form was sent from an address; refused where that was too often within the hour."""
        at, digest = self.clock(), self.seal(form, network(address))
        with self.database.writing() as connection:
            connection.execute(delete(tries).where(tries.c.until <= at))
            count = connection.execute(select(tries.c.count).where(tries.c.digest == digest)).scalar()
            if count is None:
                connection.execute(insert(tries).values(digest=digest, count=1, until=at + TRIES_COUNT))
            else:
                connection.execute(update(tries).where(tries.c.digest == digest).values(count=count + 1))
        if count is not None and count >= MOST_TRIES:
            raise refused("registrations-too-many")

    def register(self, meet: Meet, person: Person, letter: Letter) -> Literal["place", "waiting"]:
        """Gives a place or one on the waiting list, and writes the message about it, in one transaction.

        Answers what a new registration gets now. It is the same for an e-mail address that is registered already, whose
        registration stays as it is: nobody learns here whether it was.
        """
        at = self.clock()
        with self.database.writing() as connection:
            self._settle(connection, meet, letter)
            kind: Literal["place", "waiting"] = "waiting" if self._free(connection, meet) == 0 else "place"
            known = connection.execute(
                select(registrations).where(*_of(meet), registrations.c.folded == folded(person.email))
            ).first()
            if known is None:
                id_ = secrets.token_hex(8)
                connection.execute(
                    insert(registrations).values(
                        id=id_,
                        process=meet.process,
                        meeting=meet.meeting,
                        number=select(func.coalesce(func.max(registrations.c.number), 0) + 1)
                        .where(*_of(meet))
                        .scalar_subquery(),
                        email=person.email,
                        folded=folded(person.email),
                        name=person.name,
                        organisation=person.organisation,
                        needs=person.needs,
                        language=person.language,
                        waiting=kind == "waiting",
                        registered_at=at,
                        confirmed_at=None if self.by_mail else at,
                        told_at=at,
                    )
                )
                known = connection.execute(select(registrations).where(registrations.c.id == id_)).one()
                self._write(connection, known, kind, letter)
            elif known.told_at <= at - AGAIN:
                self._write(connection, known, "waiting" if known.waiting else "place", letter)
        return kind

    def linked(self, meet: Meet, secret: str, act: Act) -> Registration | None:
        """The registration that a link is about; none where it was used, is over, or never was ours."""
        with self.database.reading() as connection:
            row = self._linked(connection, meet, secret, act)
        return None if row is None else _registration(row)

    def confirm(self, meet: Meet, secret: str, letter: Letter) -> Registration | None:
        """Confirms a registration. A second time changes nothing."""
        with self.database.writing() as connection:
            row = self._linked(connection, meet, secret, "confirm")
            if row is None:
                return None
            if row.confirmed_at is None:
                this = registrations.c.id == row.id
                connection.execute(update(registrations).where(this).values(confirmed_at=self.clock()))
            self._settle(connection, meet, letter)
            return _registration(connection.execute(select(registrations).where(registrations.c.id == row.id)).one())

    def cancel(self, meet: Meet, secret: str, letter: Letter) -> bool:
        """Erases a registration for good; its place goes to the first on the waiting list, who is told."""
        erasures = Erasures(self.home, self.database)
        with self.database.writing() as connection:
            row = self._linked(connection, meet, secret, "cancel")
            if row is not None:
                self._erase(connection, [row.id])
                erasures.note([(KEEPER, row.id)], "cancelled", self.clock())
                self._settle(connection, meet, letter)
        erasures.keep()
        return row is not None

    def settle(self, meet: Meet, letter: Letter) -> None:
        """Lets go of places that were held long enough, and gives free ones to the waiting: after any change."""
        with self.database.writing() as connection:
            self._settle(connection, meet, letter)

    def tell(self, process: str, meeting: str, kind: Kind, since: datetime, letter: Letter) -> None:
        """Writes of a change to everybody to whom nothing was written since then.

        What still waits to be sent about a meeting that is called off promises a place there: it is withdrawn.
        """
        here = (registrations.c.process == process, registrations.c.meeting == meeting)
        with self.database.writing() as connection:
            untold = select(registrations).where(*here, registrations.c.told_at < since)
            for row in connection.execute(untold.order_by(registrations.c.number)).all():
                if kind == "called-off":
                    self.outbox.withdraw(row.id)
                self._write(connection, row, kind, letter)

    def _settle(self, connection: Connection, meet: Meet, letter: Letter) -> None:
        lapsed = select(registrations.c.id).where(*_of(meet), *_lapsed(self.clock()))
        self._erase(connection, connection.execute(lapsed).scalars().all())
        if not meet.to_come:
            return
        waiting = (registrations.c.waiting, registrations.c.confirmed_at.is_not(None))
        next_ = select(registrations).where(*_of(meet), *waiting).order_by(registrations.c.number)
        for row in connection.execute(next_.limit(self._free(connection, meet))).all():
            connection.execute(update(registrations).where(registrations.c.id == row.id).values(waiting=False))
            self._write(connection, row, "moved-up", letter)

    def _free(self, connection: Connection, meet: Meet) -> int | None:
        """How many places are free; `None` where everybody finds one."""
        if meet.places is None:
            return None
        taken = select(func.count()).select_from(registrations).where(*_of(meet), registrations.c.waiting.is_(False))
        return max(0, meet.places - connection.execute(taken).scalar_one())

    def _linked(self, connection: Connection, meet: Meet, secret: str, act: Act) -> Any:
        found = (links.c.digest == digest(secret), links.c.act == act, *_of(meet))
        row = connection.execute(select(registrations).select_from(registrations.join(links)).where(*found)).first()
        over = row is not None and row.confirmed_at is None and row.registered_at <= self.clock() - HELD
        return None if over else row

    def _write(self, connection: Connection, row: Any, kind: Kind, letter: Letter) -> None:
        """Puts a message among those to be sent, with links of its own; earlier links go on working."""
        confirm = MARKS["confirm"] if row.confirmed_at is None else None
        self.outbox.write(row.id, *letter(kind, row.language, MARKS["cancel"], confirm))
        this = registrations.c.id == row.id
        connection.execute(update(registrations).where(this).values(told_at=self.clock()))

    def seal(self, purpose: str, what: str) -> bytes:
        """A digest that only this installation can make."""
        return hmac.digest(key_in(self.home), f"{purpose}:{what}".encode(errors="surrogatepass"), "sha256")

    # ---- what the desk sees -------------------------------------------------------------------------------------

    def of(self, process: str, meeting: str) -> list[Registration]:
        """All registrations for a meeting, in the order in which they came; those not confirmed in time are none."""
        return self._found(registrations.c.process == process, registrations.c.meeting == meeting)

    def registered(self, process: str) -> dict[str, tuple[int, int]]:
        """Of each meeting of a process that somebody has registered for: how many have a place, and how many wait."""
        c, found = registrations.c, dict[str, tuple[int, int]]()
        counted = select(c.meeting, c.waiting, func.count()).group_by(c.meeting, c.waiting)
        with self.database.reading() as connection:
            rows = connection.execute(counted.where(c.process == process, not_(and_(*_lapsed(self.clock()))))).all()
        for meeting, waiting, count in rows:
            taken, others = found.get(meeting, (0, 0))
            found[meeting] = (taken, others + count) if waiting else (taken + count, others)
        return found

    def tick(self, process: str, meeting: str, presence: dict[str, Presence | None]) -> None:
        """Keeps who was there and who was excused, by the ids of the registrations."""
        named = (registrations.c.process == process, registrations.c.meeting == meeting)
        with self.database.writing() as connection:
            for id_, was in presence.items():
                connection.execute(update(registrations).where(*named, registrations.c.id == id_).values(presence=was))

    def unsent(self, process: str, meeting: str) -> list[Unsent]:
        """The messages about a meeting that are still to be sent, the oldest first."""
        return self.outbox.unsent(_addressed(process, meeting))

    def sent_by_hand(self, process: str, meeting: str, message: str) -> None:
        """Somebody at the desk has sent a message in their own way."""
        self.outbox.done(message, _addressed(process, meeting))

    # ---- what is held on somebody, and erasing ------------------------------------------------------------------

    def meetings(self) -> list[tuple[str, str]]:
        """Every meeting that there are registrations for: process and id."""
        columns = (registrations.c.process, registrations.c.meeting)
        with self.database.reading() as connection:
            return [(row.process, row.meeting) for row in connection.execute(select(*columns).distinct())]

    def lapse(self) -> int:
        """Erases every registration that was not confirmed in time, answers how many; and what tries left."""
        with self.database.writing() as connection:
            connection.execute(delete(tries).where(tries.c.until <= self.clock()))
            over = select(registrations.c.id).where(*_lapsed(self.clock()))
            return self._erase(connection, connection.execute(over).scalars().all())

    def about(self, wanted: Sequence[str]) -> Sequence[Held]:
        """What is held on somebody, by name, e-mail address, organisation and needs."""
        return [
            Held(KEEPER, found.id, found.person.name, found.process, _content(found))
            for found in self._found()
            if tells_of(wanted, asdict(found.person).values())
        ]

    def erase(self, ids: Collection[str]) -> int:
        """Erases registrations by their ids, with links and unsent messages; answers how many there were.

        Whoever erases sees to it that a place that becomes free is given away: `catch_up`.
        """
        with self.database.writing() as connection:
            return self._erase(connection, list(ids))

    def _erase(self, connection: Connection, ids: Sequence[str]) -> int:
        self.outbox.erase(ids)
        return connection.execute(delete(registrations).where(registrations.c.id.in_(ids))).rowcount

    def _found(self, *conditions: ColumnElement[bool]) -> list[Registration]:
        held = registrations.c.confirmed_at.is_not(None) | (registrations.c.registered_at > self.clock() - HELD)
        order = (registrations.c.process, registrations.c.meeting, registrations.c.number)
        with self.database.reading() as connection:
            rows = connection.execute(select(registrations).where(held, *conditions).order_by(*order)).all()
        return [_registration(row) for row in rows]


def folded(email: str) -> str:
    """An address as it is compared: nobody has two that differ in capitals only."""
    return email.strip().casefold()


def _content(found: Registration) -> dict[str, object]:
    at = found.registered_at.isoformat()
    return {**asdict(found.person), "meeting": found.meeting, "registered_at": at, "presence": found.presence}


def _of(meet: Meet) -> tuple[ColumnElement[bool], ...]:
    return registrations.c.process == meet.process, registrations.c.meeting == meet.meeting


def _lapsed(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return registrations.c.confirmed_at.is_(None), registrations.c.registered_at <= at - HELD


def _addressed(process: str, meeting: str) -> Select[tuple[str, str]]:
    named = (registrations.c.process == process, registrations.c.meeting == meeting)
    return select(registrations.c.id, registrations.c.email).where(*named)


def _registration(row: Any) -> Registration:
    person = Person(row.name, row.email, row.organisation, row.needs, row.language)
    told = (row.waiting, row.registered_at, row.confirmed_at, row.presence)
    return Registration(row.id, row.process, row.meeting, person, *told)
