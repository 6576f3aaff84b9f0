"""Accounts, their roles, and the tokens that stand for them; names stand apart and can be erased."""

import hmac
import re
import secrets
from base64 import b32encode, urlsafe_b64encode
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final, get_args

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    LargeBinary,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from adapters.audit import audit, note
from adapters.database import PERSONAL, Database, Instant, metadata, now
from adapters.drafts import erase_drafts
from adapters.erasing import Held, tells_of
from adapters.sessions import end_sessions, sessions
from domain.account import Account, Role
from domain.errors import refused

KEEPER: Final = "accounts"

MOST_DAYS: Final = 366
"""A token that is never renewed is one that nobody misses when it is stolen."""

ADMIN: Final[tuple[Role, str]] = ("admin", "*")
"""Who may do everything, also give rights to others."""

accounts = Table(
    "accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    info=PERSONAL,
)
"""Names of persons, by the random id under which they are known elsewhere; erasing one is deleting its row."""

roles = Table(
    "roles",
    metadata,
    Column("account", Text, ForeignKey("accounts.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("process", Text, primary_key=True),
)

tokens = Table(
    "tokens",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("role", Text),
    info=PERSONAL,
)
"""Only digests: who reads this table, or a backup of it, can sign in as nobody."""

identities = Table(
    "identities",
    metadata,
    Column("account", Text, ForeignKey("accounts.id"), primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("tied_at", Instant, nullable=False),
)
"""Who signs in as it at the identity provider: erased with the name, as a subject can be guessed."""


@dataclass(frozen=True, slots=True)
class Holder:
    """An account as administrators see it."""

    account: Account
    name: str | None
    """`None` once it was erased."""
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token that was issued; the token itself is known to nobody but its holder."""

    label: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    role: Role | None = None
    """The one role that it stands for; `None`: all that its account has."""


class Accounts:
    """The accounts of the installation."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    def create(
        self, name: str, roles: Collection[tuple[Role, str]], by: str | None = None, key: str | None = None
    ) -> Account:
        """A new account; its id tells nothing about the person. The same under the same key is one account."""
        if not name.strip() or not name.isprintable():
            raise refused("account-name")
        random = (
            secrets.token_bytes(7) if key is None else sha256(repr((by, key, name, sorted(roles))).encode()).digest()
        )
        id = "konto-" + b32encode(random).decode().lower()[:10]
        with self._database.writing() as connection:
            if (known := self.find(id)) is not None:
                return known.account
            connection.execute(insert(accounts).values(id=id, created_at=self._clock()))
            connection.execute(insert(people).values(id=id, name=name))
            note(connection, self._clock(), id, "account-created", by=by)
            for role, process in sorted(roles):
                self._grant(connection, id, role, process, by)
        return Account(id, frozenset(roles))

    def find(self, id: str) -> Holder | None:
        with self._database.reading() as connection:
            return next(_holders(connection, accounts.c.id == id), None)

    def grant(self, id: str, role: Role, process: str, by: str | None = None) -> None:
        """Gives a role for one process, or for `*`; giving it twice changes nothing. A change ends all sessions."""
        with self._database.writing() as connection:
            _require(connection, id)
            self._grant(connection, id, role, process, by)

    def revoke(self, id: str, role: Role, process: str, by: str | None = None) -> None:
        """Takes a role away; without the role nothing changes. A change ends all sessions."""
        with self._database.writing() as connection:
            _require(connection, id)
            held = (roles.c.account == id, roles.c.role == role, roles.c.process == process)
            if (role, process) == ADMIN:
                _refuse_last_admin(connection, id)
            if connection.execute(delete(roles).where(*held)).rowcount:
                end_sessions(connection, id)
                note(connection, self._clock(), id, "role-revoked", about=f"{role} {process}", by=by)

    def disable(self, id: str, by: str | None = None) -> None:
        """Closes an account for good. It stays, because entries name it."""
        with self._database.writing() as connection:
            _require(connection, id)
            _refuse_last_admin(connection, id)
            still_open = (accounts.c.id == id, accounts.c.disabled_at.is_(None))
            if connection.execute(update(accounts).where(*still_open).values(disabled_at=self._clock())).rowcount:
                end_sessions(connection, id)
                erase_drafts(connection, id)
                note(connection, self._clock(), id, "account-disabled", by=by)

    def erase_name(self, id: str) -> None:
        """Forgets who the person is, their tie to the identity provider and their drafts; account and entries stay."""
        with self._database.writing() as connection:
            _require(connection, id)
            connection.execute(delete(people).where(people.c.id == id))
            erase_drafts(connection, id)
            if connection.execute(delete(identities).where(identities.c.account == id)).rowcount:
                end_sessions(connection, id)
                note(connection, self._clock(), id, "identity-untied")
            connection.execute(update(tokens).where(tokens.c.account == id).values(label=""))

    def about(self, wanted: Sequence[str]) -> Sequence[Held]:
        """The accounts of a person: name, roles, labels of tokens, sessions, and what the audit list tells."""
        with self._database.reading() as connection:
            return [
                Held(KEEPER, holder.account.id, holder.name or "", None, self._content(connection, holder, labels))
                for holder in self.list()
                for labels in [[token.label for token in self.tokens(holder.account.id)]]
                if tells_of(wanted, (holder.name, holder.account.id, *labels))
            ]

    def _content(self, connection: Connection, holder: Holder, labels: Sequence[str]) -> dict[str, object]:
        id_ = holder.account.id
        open_ = connection.execute(select(sessions.c.began_at).where(sessions.c.account == id_)).scalars()
        lines = connection.execute(select(audit).where(audit.c.account == id_).order_by(audit.c.number))
        return {
            "name": holder.name,
            "created_at": holder.created_at.isoformat(),
            "roles": [f"{role} {process}" for role, process in sorted(holder.account.roles)],
            "tokens": labels,
            "sessions": [began_at.isoformat() for began_at in open_],
            "audit": [f"{line.at.isoformat()} {line.act}" for line in lines],
        }

    def erase(self, ids: Collection[str]) -> int:
        """Forgets who these are, in accounts that there are."""
        known = [id_ for id_ in ids if self.find(id_) is not None]
        for id_ in known:
            self.erase_name(id_)
        return len(known)

    def issue_token(
        self,
        account_id: str,
        label: str,
        days: int,
        role: Role | None = None,
        by: str | None = None,
        seed: bytes | None = None,
    ) -> str:
        """A new token, which is shown to its holder now and never again. It can stand for one role of its account.

        The same from the same seed, which nobody else knows, is one token: a form that was sent twice shows it twice.
        """
        if role is not None and role not in get_args(Role):
            raise refused("role-unknown", role=role, known=", ".join(get_args(Role)))
        if not 1 <= days <= MOST_DAYS:
            raise refused("token-days", days=days, most=MOST_DAYS)
        if not label.strip() or not label.isprintable():
            raise refused("token-label")
        secret = secrets.token_bytes(32)
        if seed is not None:
            secret = hmac.digest(seed, repr((account_id, label, days, role, by)).encode(), "sha256")
        token = "wg_" + urlsafe_b64encode(secret).decode().rstrip("=")
        created_at = self._clock()
        with self._database.writing() as connection:
            if _require(connection, account_id).disabled_at is not None:
                raise refused("account-disabled", id=account_id)
            if connection.execute(select(tokens.c.account).where(tokens.c.digest == _digest(token))).first():
                if self.account_of(token) is None:  # it was revoked meanwhile
                    raise refused("form-outdated")
                return token
            connection.execute(
                insert(tokens).values(
                    digest=_digest(token),
                    account=account_id,
                    label=label,
                    created_at=created_at,
                    expires_at=created_at + timedelta(days=days),
                    role=role,
                )
            )
            note(connection, created_at, account_id, "token-issued", about=role, by=by)
        return token

    def tokens(self, account_id: str) -> Sequence[Token]:
        """The tokens that were issued for an account, the oldest first."""
        columns = (tokens.c.label, tokens.c.created_at, tokens.c.expires_at, tokens.c.revoked_at, tokens.c.role)
        issued = select(*columns).where(tokens.c.account == account_id).order_by(tokens.c.created_at)
        with self._database.reading() as connection:
            return [Token(*row) for row in connection.execute(issued)]

    def revoke_token(self, account_id: str, label: str, by: str | None = None) -> None:
        """Ends every token of an account that bears the label, from now on and for good."""
        valid = (tokens.c.account == account_id, tokens.c.label == label, tokens.c.revoked_at.is_(None))
        with self._database.writing() as connection:
            revoked = connection.execute(update(tokens).where(*valid).values(revoked_at=self._clock()))
            if not revoked.rowcount:
                raise refused("token-unknown", id=account_id, label=label)
            note(connection, self._clock(), account_id, "token-revoked", by=by)

    def account_of(self, token: str) -> Account | None:
        """Whose token it is, if it is valid. It is looked up by its digest, so that timing tells nothing about it."""
        with self._database.reading() as connection:
            rows = connection.execute(_HOLDER_OF, {"digest": _digest(token), "now": self._clock()}).all()
        if not rows:
            return None
        held = [(row.role, row.process) for row in rows if row.role is not None and row.meant in (None, row.role)]
        return Account(rows[0].id, frozenset(held))

    def list(self) -> list[Holder]:
        """All accounts, the oldest first."""
        with self._database.reading() as connection:
            return list(_holders(connection))

    def _grant(self, connection: Connection, id: str, role: Role, process: str, by: str | None) -> None:
        if role not in get_args(Role):
            raise refused("role-unknown", role=role, known=", ".join(get_args(Role)))
        if process != "*" and not re.fullmatch(r"[a-z0-9-]{1,63}", process):
            raise refused("role-process", process=process)
        held = select(roles).where(roles.c.account == id, roles.c.role == role, roles.c.process == process)
        if connection.execute(held).first() is None:
            connection.execute(insert(roles).values(account=id, role=role, process=process))
            end_sessions(connection, id)
            note(connection, self._clock(), id, "role-granted", about=f"{role} {process}", by=by)


_HOLDER_OF: Final = (
    select(accounts.c.id, roles.c.role, roles.c.process, tokens.c.role.label("meant"))
    .select_from(tokens.join(accounts).outerjoin(roles, roles.c.account == accounts.c.id))
    .where(
        tokens.c.digest == bindparam("digest"),
        tokens.c.expires_at > bindparam("now"),
        tokens.c.revoked_at.is_(None),
        accounts.c.disabled_at.is_(None),
    )
)


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _require(connection: Connection, id: str) -> Any:
    row = connection.execute(select(accounts).where(accounts.c.id == id)).first()
    if row is None:
        raise refused("account-unknown", id=id)
    return row


def _refuse_last_admin(connection: Connection, id: str) -> None:
    """Somebody must be left who can give rights."""
    role, process = ADMIN
    held = (roles.c.role == role, roles.c.process == process, accounts.c.disabled_at.is_(None))
    if list(connection.execute(select(roles.c.account).join(accounts).where(*held)).scalars()) == [id]:
        raise refused("last-admin", id=id)


def _holders(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[Holder]:
    given: dict[str, set[tuple[Role, str]]] = {}
    for account, role, process in connection.execute(select(roles)):
        given.setdefault(account, set()).add((role, process))
    columns = (accounts.c.id, people.c.name, accounts.c.created_at, accounts.c.disabled_at)
    named = select(*columns).select_from(accounts.outerjoin(people, people.c.id == accounts.c.id))
    for id, *rest in connection.execute(named.where(*conditions).order_by(accounts.c.created_at, accounts.c.id)):
        yield Holder(Account(id, frozenset(given.get(id, ()))), *rest)
