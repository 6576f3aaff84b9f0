"""Sending what is written to people who registered: after the transaction that wrote it, with patience.

Nothing waits for a mail server. What cannot be sent is tried again, ever more seldom, and stands at the desk meanwhile.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any, Final

import structlog
from sqlalchemy import delete, select, update

from adapters.database import Database, now
from adapters.outbox import Outbox, messages
from adapters.registrations import registrations
from adapters.settings import Smtp

MOST: Final = 50
"""How many messages are sent in one go."""

TRIED: Final = 8
"""After so many failures a message waits for somebody at the desk; that is after more than a day."""

FIRST_WAIT: Final = timedelta(minutes=5)
LONGEST_WAIT: Final = timedelta(hours=6)

LEASE: Final = timedelta(minutes=10)
"""So long nobody else takes a message that is being sent."""

SECONDS: Final = 20
"""How long a mail server may take for an answer."""

_NAME: Final = re.compile(r"(?=.{1,64}$)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL: Final = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?=.{{1,253}}$)(?:{_LABEL}\.)+(?=[^.]{{2,}}$)(?=[^.]*[A-Za-z]){_LABEL}")
"""Parts of letters, digits and hyphens; what stands last is no number, and has two signs at least."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Mail:
    """The messages of the installation, and the server that takes them; without one they stay where they are."""

    database: Database
    outbox: Outbox
    smtp: Smtp | None
    clock: Callable[[], datetime] = now

    def deliver(self) -> tuple[int, int]:
        """Sends what is due; answers how many messages were sent and how many could not be.

        Each is taken only when its turn has come: what nobody tried to send was not tried, and no lease ends meanwhile.
        """
        sent, failed, row = 0, 0, self._taken()
        if row is None:
            return 0, 0
        try:
            with self._server() as server:
                while row is not None:
                    done = self._sent(server, row)
                    sent, failed = sent + done, failed + (not done)
                    row = self._taken() if sent + failed < MOST else None
        except (OSError, smtplib.SMTPException) as error:  # the server is not there, or has gone
            if row is None:  # while it was bid farewell: all was sent before
                log.warning("mail-not-closed", reason=type(error).__name__)
            else:
                self._failed(row, error)
                failed += 1
        return sent, failed

    def _taken(self) -> Any:
        """The oldest message that is due, taken so that nobody else sends it meanwhile; `None` where there is none."""
        if self.smtp is None:
            return None
        at = self.clock()
        columns = (messages, registrations.c.email)
        open_ = (messages.c.next_at <= at, messages.c.tries < TRIED)
        found = select(*columns).select_from(messages.join(registrations)).where(*open_)
        with self.database.writing() as connection:
            row = connection.execute(found.order_by(messages.c.written_at, messages.c.id).limit(1)).first()
            if row is not None:
                taken = {"tries": row.tries + 1, "next_at": at + LEASE}
                connection.execute(update(messages).where(messages.c.id == row.id).values(taken))
        return row

    def _server(self) -> smtplib.SMTP:
        assert self.smtp is not None
        host, port = self.smtp.host, self.smtp.port
        if self.smtp.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS)
        try:
            if self.smtp.tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.smtp.user:
                server.login(self.smtp.user, self.smtp.password)
        except BaseException:
            server.close()
            raise
        return server

    def _sent(self, server: smtplib.SMTP, row: Any) -> bool:
        try:
            server.send_message(self._message(row))
        except smtplib.SMTPServerDisconnected:
            raise
        except (smtplib.SMTPException, ValueError) as error:  # also what cannot be made a message
            self._failed(row, error)
            return False
        with self.database.writing() as connection:
            connection.execute(delete(messages).where(messages.c.id == row.id))
        return True

    def _message(self, row: Any) -> EmailMessage:
        assert self.smtp is not None
        message = EmailMessage()
        message["From"], message["To"] = self.smtp.sender, recipient(row.email)
        message["Subject"] = row.subject
        message["Date"] = format_datetime(row.written_at)
        message["Message-ID"] = make_msgid(row.id, self.smtp.sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self.outbox.text(row.id, row.body))
        return message

    def _failed(self, row: Any, error: Exception) -> None:
        """Notes why, for the desk. What a server says may hold an address: only its kind and its code are kept."""
        code = getattr(error, "smtp_code", None)
        reason = type(error).__name__ + (f" {code}" if code else "")
        log.warning("mail-failed", reason=reason)
        wait = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(row.tries, 10)))
        noted = {"failure": reason, "next_at": self.clock() + wait}
        with self.database.writing() as connection:
            connection.execute(update(messages).where(messages.c.id == row.id).values(noted))


def recipient(email: str) -> Address:
    """The address that a message is sent to; a `ValueError` where none can be.

    `=?` begins a word in another encoding, which may hold anything, also the end of a line: such addresses are none.
    """
    name, _, domain = email.rpartition("@")
    ascii_ = domain.encode("idna").decode()
    if "=?" in name or not _NAME.fullmatch(name) or not _DOMAIN.fullmatch(ascii_):
        raise ValueError("no address")
    if not domain.isascii() and ascii_.encode().decode("idna") != domain.lower():  # another one, as ß becomes ss here
        raise ValueError("no address")
    return Address(addr_spec=f"{name}@{ascii_}")
