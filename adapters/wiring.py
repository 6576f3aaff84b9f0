"""The only place that builds things: from the settings to a service that works."""

import gc
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher
from sqlalchemy import make_url

from adapters import accounts as accounts_
from adapters import barrier_reports as barrier_reports_
from adapters import documents as documents_
from adapters import drafts as drafts_
from adapters import people as people_
from adapters import registrations as registrations_
from adapters import waiting_tables as waiting_tables_
from adapters.accounts import Accounts
from adapters.barrier_reports import BarrierReports
from adapters.cosignatures import Cosignatures
from adapters.database import Database, now
from adapters.documents import FOLDER, Documents
from adapters.drafts import Drafts
from adapters.duties import Duties, read_duties
from adapters.erasing import Erasing, Keeper
from adapters.erasing_texts import ErasingTexts
from adapters.erasures import TEXTS
from adapters.event_store import EventStore
from adapters.four_eyes import FourEyes
from adapters.identities import Identities
from adapters.log_key import Signer, prepare_key
from adapters.mail import Mail
from adapters.passwords import Passwords
from adapters.people import People
from adapters.registrations import Registrations
from adapters.sessions import Sessions
from adapters.settings import Settings
from adapters.sign_in import SignIn
from adapters.transparency_log import TransparencyLog
from adapters.waiting_tables import WaitingTables
from domain.errors import Refused, refused
from projections.tables import Tables
from service import Service

if TYPE_CHECKING:
    from adapters.identity_provider import IdentityProvider

SECONDS_TO_FILL: Final = 3_600
"""How long a program waits at its start for another one that fills the tables."""

GARBAGE: Final = 20_000
"""How many objects come to be before garbage is looked for. Entries live long and refer to nothing that refers to them:
looking through them again and again, as Python does by itself, takes a quarter of the time that reading takes.
"""

ENTRIES_IN_A_MEGABYTE: Final = 200
"""How many entries are kept in a megabyte, folded: each takes some 5 kB."""

FIRST_TOKEN_DAYS: Final = 90
"""How long the token of the first account is valid; `werdegang accounts token` issues the next one."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything a face needs: one database, the accounts in it, and all use cases."""

    settings: Settings
    database: Database
    accounts: Accounts
    passwords: Passwords
    sessions: Sessions
    drafts: Drafts
    door: SignIn
    identities: Identities
    provider: "IdentityProvider | None"
    """`None`: no city's provider is set up, and all sign in with a password."""
    four_eyes: FourEyes
    service: Service
    tables: Tables
    log: TransparencyLog
    signer: Signer
    cosignatures: Cosignatures
    documents: Documents
    waiting_tables: WaitingTables
    registrations: Registrations
    mail: Mail
    clock: Callable[[], datetime]
    people: People
    erasing: Erasing
    erasing_texts: ErasingTexts
    barrier_reports: BarrierReports
    duties: Duties


def installation(settings: Settings, *, with_tables: bool = True) -> Installation:
    """The installation as it stands; refused where `werdegang init` has not been run.

    Without its tables, for what fills them or needs none.
    """
    if not has_database(settings):  # looking must leave no empty file behind
        raise refused("not-initialised", home=str(settings.home))
    database = _database(settings)
    try:
        if database.revision() is None:
            raise refused("not-initialised", home=str(settings.home))
        database.check()
        installed = built(settings, database)
        if with_tables and not installed.tables.filled():
            raise refused("tables-missing")
    except Refused:
        database.close()
        raise
    return installed


def initialise(settings: Settings, log_name: str | None = None) -> tuple[Installation, str | None, bool]:
    """Creates what is missing: folder, database, tables, key of the log and a first account that may do everything.

    The token of that account is returned this once and is known to nobody else; `None` where accounts exist. On an
    installation of an older version this brings the tables to what this one needs, and says so with the last value.
    """
    database = empty_database(settings)
    before = database.revision()
    database.migrate()
    updated = before not in {None, database.revision()}
    installed = built(settings, database)
    prepare_key(settings.home, installed.log, log_name)
    installed.log.catch_up()
    fill_tables(installed)
    installed.erasing.list.keep(new=before is None)
    with database.writing():  # of two that start at once, one makes the account
        if installed.accounts.list():
            return installed, None, updated
        first = installed.accounts.create("Administration", {("admin", "*")})
        return installed, installed.accounts.issue_token(first.id, "init", FIRST_TOKEN_DAYS), updated


def fill_tables(installed: Installation) -> None:
    """Creates and fills the tables for lists and search, unless they are there."""
    installed.tables.prepare()
    if installed.tables.filled():
        return
    try:
        installed.service.rebuild()
    except Refused as refusal:
        if refusal.refusals[0].code != "rebuild-elsewhere":
            raise
        _wait_for_tables(installed)


def _wait_for_tables(installed: Installation) -> None:
    """Another program started at the same time and fills them."""
    given_up = time.monotonic() + SECONDS_TO_FILL
    while not installed.tables.filled():
        if time.monotonic() > given_up:
            raise refused("tables-missing")
        time.sleep(0.2)


def empty_database(settings: Settings) -> Database:
    """The database before anything was done with it; its folder is created where it is missing."""
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise refused("home-unusable", folder=str(settings.home), reason=error.strerror) from error
    return _database(settings)


def _database(settings: Settings) -> Database:
    return Database(settings.database_url, connections=settings.connections, replica=settings.replica_url)


def has_database(settings: Settings) -> bool:
    """Whether there is a database; one on a server is taken to be there."""
    url = make_url(settings.database_url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def remove_database(settings: Settings) -> None:
    """Takes the files of a closed database away which was begun in vain; on a server it has none."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        for end in ("", "-wal", "-shm"):
            Path(f"{url.database}{end}").unlink(missing_ok=True)


def remove_home(settings: Settings) -> None:
    """Takes a folder away which was begun in vain; one that holds anything stays."""
    with suppress(OSError):
        for folder in (settings.home / FOLDER, settings.home):
            if folder.exists():
                folder.rmdir()


def built(
    settings: Settings,
    database: Database,
    clock: Callable[[], datetime] = now,
    hasher: PasswordHasher | None = None,
) -> Installation:
    """An installation on a database that has its tables."""
    gc.set_threshold(GARBAGE)
    log, tables = TransparencyLog(database), Tables(database)
    accounts = Accounts(database, clock)
    passwords = Passwords(database, accounts, clock, hasher)
    cosignatures = Cosignatures(settings.home, database, log, clock)
    documents, four_eyes = Documents(database, settings.home, clock), FourEyes(database, clock)
    keepers: dict[str, Keeper] = {}
    erasing = Erasing(settings.home, database, keepers, clock, documents.sweep)
    drafts, waiting_tables = Drafts(database, clock), WaitingTables(database, clock)
    registrations = Registrations(settings.home, database, settings.smtp is not None, clock)
    begun: dict[str, Keeper] = {drafts_.KEEPER: drafts, waiting_tables_.KEEPER: waiting_tables}
    texts = ErasingTexts(erasing, begun, registrations.outbox)
    service = Service(
        EventStore(database, clock, following=[log.append]),
        tables,
        texts,
        four_eyes=four_eyes.holds,
        clock=clock,
        beside=_Beside(database, documents, cosignatures),
        most_kept=settings.memory * ENTRIES_IN_A_MEGABYTE,
    )
    people = People(database, settings.keep_people, lambda process: people_.organisations(service, process), clock)
    barrier_reports = BarrierReports(database, clock)
    keepers |= {
        accounts_.KEEPER: accounts,
        people_.KEEPER: people,
        registrations_.KEEPER: registrations,
        drafts_.KEEPER: drafts,
        documents_.KEEPER: documents,
        waiting_tables_.KEEPER: waiting_tables,
        barrier_reports_.KEEPER: barrier_reports,
        TEXTS: texts,
    }
    sessions = Sessions(database, timedelta(minutes=settings.idle), clock)
    return Installation(
        settings,
        database,
        accounts,
        passwords,
        sessions,
        drafts,
        SignIn(settings.home, database, passwords, sessions, clock),
        Identities(database, sessions, clock),
        _provider(settings, clock),
        four_eyes,
        service,
        tables,
        log,
        Signer(settings.home, database, log, clock),
        cosignatures,
        documents,
        waiting_tables,
        registrations,
        Mail(database, registrations.outbox, settings.smtp, clock),
        clock,
        people,
        erasing,
        texts,
        barrier_reports,
        read_duties(settings.home),
    )


@dataclass(frozen=True, slots=True)
class _Beside:
    """Documents and witnesses, whose policy is a file."""

    database: Database
    documents: Documents
    cosignatures: Cosignatures

    def version(self) -> object:
        return self.documents.version(), self.cosignatures.version()

    def mark(self) -> object | None:
        commits = self.database.commits()
        return None if commits is None else (commits, self.cosignatures.policy_as_read())


def _provider(settings: Settings, clock: Callable[[], datetime]) -> "IdentityProvider | None":
    if settings.provider is None:
        return None
    from adapters.identity_provider import IdentityProvider  # brings an HTTP client along, which few commands wait for

    return IdentityProvider(settings.provider, clock)
