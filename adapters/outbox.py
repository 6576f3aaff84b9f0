"""What is still to be told to people who registered, and the links in it.

A message waits here until it was sent. The secrets of its links are not stored with it: they are computed from its id
with the key of the installation, and stand in the text only where it is read to be sent. So neither the database nor a
backup holds a link that somebody could follow.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Select,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from adapters.database import PERSONAL, Database, Instant, metadata, now
from adapters.sign_in import key_in

Act = Literal["confirm", "cancel"]

MARKS: Final[Mapping[Act, str]] = {"confirm": "[[confirm]]", "cancel": "[[cancel]]"}
"""What stands in a stored text in place of the secret of a link."""

links = Table(
    "registration_links",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("registration", Text, ForeignKey("registrations.id"), nullable=False),
    Column("act", Text, nullable=False),
)
"""The secret of a link is known to who got the message alone; here is only its digest."""

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("registration", Text, ForeignKey("registrations.id"), nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("failure", Text),
    info=PERSONAL,
)
"""What is still to be sent; a message that was sent is deleted."""

Index("registration_links_registration", links.c.registration)
Index("messages_registration", messages.c.registration)


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that is still to be sent; `failure` says what came in the way of the last try."""

    id: str
    email: str
    subject: str
    body: str
    written_at: datetime
    tries: int
    failure: str | None


@dataclass(frozen=True, slots=True)
class Outbox:
    """The messages of the installation that wait to be sent."""

    home: Path
    database: Database
    clock: Callable[[], datetime] = now

    def write(self, registration: str, subject: str, body: str) -> None:
        """Puts a message among those to be sent; each of the marks in it becomes a link of its own."""
        at, id_ = self.clock(), secrets.token_hex(8)
        written = {"id": id_, "registration": registration, "written_at": at, "next_at": at, "tries": 0}
        with self.database.writing() as connection:
            connection.execute(insert(messages).values(subject=subject, body=body, **written))
            self._tie(connection, id_, registration, body)

    def unsent(self, of: Select[tuple[str, str]]) -> list[Unsent]:
        """The messages to some registrations, told by id and e-mail, that are still to be sent, the oldest first."""
        to = of.subquery()
        found = select(messages, to.c.email).join(to, to.c.id == messages.c.registration)
        with self.database.reading() as connection:
            rows = connection.execute(found.order_by(messages.c.written_at, messages.c.id)).all()
        return [self._unsent(row) for row in rows]

    def done(self, message: str, of: Select[tuple[str, str]]) -> None:
        """Takes a message to one of these registrations off the list: it was sent. Its links go on working."""
        this = (messages.c.id == message, messages.c.registration.in_(select(of.subquery().c.id)))
        with self.database.writing() as connection:
            connection.execute(delete(messages).where(*this))

    def withdraw(self, registration: str) -> None:
        """Takes back what was not sent yet to somebody; what was sent before, and its links, stay."""
        with self.database.writing() as connection:
            connection.execute(delete(messages).where(messages.c.registration == registration))

    def text(self, message: str, body: str) -> str:
        """A stored text as it is sent."""
        for act, mark in MARKS.items():
            body = body.replace(mark, self._secret(message, act))
        return body

    def renew(self) -> None:
        """Lets the links of waiting messages work at an installation that was restored, whose key is another one."""
        with self.database.writing() as connection:
            for row in connection.execute(select(messages)).all():
                self._tie(connection, row.id, row.registration, row.body)

    def erase(self, registrations: Collection[str]) -> None:
        """Erases all messages to these registrations, and their links."""
        with self.database.writing() as connection:
            for table in (links, messages):
                connection.execute(delete(table).where(table.c.registration.in_(registrations)))

    def erase_words(self, texts: Collection[str]) -> None:
        """Takes texts out of the messages that wait: they are sent without them."""
        gone = "[…]"
        with self.database.writing() as connection:
            for row in connection.execute(select(messages)).all():
                subject, body = row.subject, row.body
                for text in texts:
                    subject, body = subject.replace(text, gone), body.replace(text, gone)
                if (subject, body) != (row.subject, row.body):
                    changed = update(messages).where(messages.c.id == row.id)
                    connection.execute(changed.values(subject=subject, body=body))

    def _tie(self, connection: Connection, message: str, registration: str, body: str) -> None:
        acts = [act for act, mark in MARKS.items() if mark in body]
        made = {digest(self._secret(message, act)): act for act in acts}
        known = set(connection.execute(select(links.c.digest).where(links.c.digest.in_(made))).scalars())
        for one in made.keys() - known:
            connection.execute(insert(links).values(digest=one, registration=registration, act=made[one]))

    def _secret(self, message: str, act: Act) -> str:
        sealed = hmac.digest(key_in(self.home), f"registration-link:{message}:{act}".encode(), "sha256")
        return urlsafe_b64encode(sealed[:24]).decode()

    def _unsent(self, row: Any) -> Unsent:
        told = (row.id, row.email, row.subject, self.text(row.id, row.body))
        return Unsent(*told, row.written_at, row.tries, row.failure)


def digest(secret: str) -> bytes:
    """What is kept of the secret of a link."""
    return sha256(secret.encode(errors="surrogatepass")).digest()
