"""The settings of an installation, from the environment; everything has a default."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from domain.errors import Refusal, Refused

DEFAULTS: Final[Mapping[str, str]] = {
    "WERDEGANG_HOME": "data",
    "WERDEGANG_DATABASE_URL": "",
    "WERDEGANG_REPLICA_URL": "",
    "WERDEGANG_CONNECTIONS": "50",
    "WERDEGANG_HOST": "127.0.0.1",
    "WERDEGANG_PORT": "8000",
    "WERDEGANG_LOG": "info",
    "WERDEGANG_ACCOUNT": "",
    "WERDEGANG_HTTPS": "",
    "WERDEGANG_IDLE": "30",
    "WERDEGANG_MOST_UPLOAD": "25",
    "WERDEGANG_ADDRESS": "",
    "WERDEGANG_FRAME_ANCESTORS": "",
    "WERDEGANG_KEEP_REGISTRATIONS": "90",
    "WERDEGANG_SMTP_HOST": "",
    "WERDEGANG_SMTP_PORT": "",
    "WERDEGANG_SMTP_USER": "",
    "WERDEGANG_SMTP_PASSWORD": "",
    "WERDEGANG_SMTP_PASSWORD_FILE": "",
    "WERDEGANG_SMTP_FROM": "",
    "WERDEGANG_SMTP_TLS": "starttls",
    "WERDEGANG_KEEP_PEOPLE": "365",
    "WERDEGANG_OIDC_ISSUER": "",
    "WERDEGANG_OIDC_CLIENT_ID": "",
    "WERDEGANG_OIDC_CLIENT_SECRET": "",
    "WERDEGANG_OIDC_CLIENT_SECRET_FILE": "",
    "WERDEGANG_OIDC_NAME": "",
    "WERDEGANG_WORKERS": "1",
    "WERDEGANG_MEMORY": "200",
    "WERDEGANG_ANSWER_WITHIN": "30",
    "WERDEGANG_STOP_WITHIN": "30",
    "WERDEGANG_METRICS_TOKEN": "",
    "WERDEGANG_PROXIES": "127.0.0.1,::1",
}
"""Every setting there is; without a database URL it is SQLite in the home folder."""

MOST_IDLE: Final = 720
"""Minutes; no session lasts longer, idle or not."""

MOST_UPLOAD: Final = 500
"""Megabytes."""

LEAST_CONNECTIONS: Final = 2
MOST_CONNECTIONS: Final = 1_000

SMTP_PORTS: Final[Mapping[str, int]] = {"starttls": 587, "tls": 465, "none": 25}
"""How mail is handed over, and the port for it unless another one is set."""

MOST_DAYS_KEPT: Final = 3_650
MOST_KEPT: Final = 3_650
"""Days; whoever has ended ten years ago is nobody's contact any more."""

NUMBERS: Final[Mapping[str, int]] = {
    "WERDEGANG_WORKERS": 64,
    "WERDEGANG_MEMORY": 64_000,
    "WERDEGANG_ANSWER_WITHIN": 600,
    "WERDEGANG_STOP_WITHIN": 600,
}
"""Settings that are a whole number from 1 up to this."""

METRICS_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]{20,200}")
"""What a token may be that is sent in a header; a shorter one could be guessed."""

SITE: Final = re.compile(r"\*|https?://(\*\.)?[a-z0-9.-]+(:[0-9]{1,5})?")
"""A site as the header for framing names it, with `*.` for every host below a name; `*` is every site there is."""

LEVELS: Final = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Smtp:
    """The server that takes mail from this program."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str
    tls: str


@dataclass(frozen=True, slots=True)
class Provider:
    """The identity provider of the city, as this program is known there."""

    issuer: str
    client_id: str
    secret: str | None = field(repr=False)
    name: str
    """What the button for signing in calls it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where an installation keeps its data and where it listens."""

    home: Path
    """The folder for database, key and uploads."""
    database_url: str = field(repr=False)  # it may hold a password
    host: str
    port: int
    log: str
    account: str = ""
    """The account in whose name the command line records, by its id; none: the only one that may do it."""
    https: bool = False
    """Whether the desk is reached by https only, though this program may see http: a proxy speaks https for it."""
    idle: int = 30
    """After how many minutes without use somebody who is signed in has to sign in again."""
    most_upload: int = 25
    """How many megabytes somebody at the desk may upload at once."""
    address: str = ""
    """Under which the pages are reached, as `https://beteiligung.example.de`; without it, as each request has it."""
    frame_ancestors: tuple[str, ...] = ()
    """The sites that may show our pages to embed in theirs, as `https://www.stadt.example`; none: nobody may."""
    keep_registrations: int = 90
    """For how many days after a meeting the registrations for it are kept."""
    smtp: Smtp | None = None
    """None: messages wait at the desk until somebody sends them."""
    keep_people: int = 365
    """How many days after the end of what they did persons are erased."""
    provider: Provider | None = None
    """`None`: who signs in has a password."""
    replica_url: str | None = field(default=None, repr=False)
    """The hot standby that the public reads from; none: it reads where the office does."""
    connections: int = 50
    """How many connections to a database one program opens at most."""
    workers: int = 1
    """How many programs answer requests beside each other."""
    memory: int = 200
    """How many megabytes of entries one worker keeps of what is read, and as many again of what it records in."""
    answer_within: int = 30
    """After how many seconds whoever reads is told to try again, rather than kept waiting; files may take longer."""
    stop_within: int = 30
    """How many seconds what is under way has to end, once the server was asked to stop."""
    metrics_token: str = field(default="", repr=False)
    """Whoever has it may read the figures about the running program; without it only this machine may."""
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    """Addresses and networks of the proxies that are believed who asks (`X-Forwarded-For`, `X-Forwarded-Proto`)."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings, or all that is wrong with them at once."""
        refusals = tuple(_complaints(environment))
        if refusals:
            raise Refused(*refusals)
        value = {name: environment.get(name) or default for name, default in DEFAULTS.items()}
        home = Path(value["WERDEGANG_HOME"]).absolute()
        return cls(
            home=home,
            database_url=_with_driver(value["WERDEGANG_DATABASE_URL"] or f"sqlite:///{home / 'werdegang.sqlite'}"),
            host=value["WERDEGANG_HOST"],
            port=int(value["WERDEGANG_PORT"]),
            log=value["WERDEGANG_LOG"].lower(),
            account=value["WERDEGANG_ACCOUNT"],
            https=value["WERDEGANG_HTTPS"] == "always"
            or not (value["WERDEGANG_HTTPS"] or _own(value["WERDEGANG_HOST"])),
            idle=int(value["WERDEGANG_IDLE"]),
            most_upload=int(value["WERDEGANG_MOST_UPLOAD"]),
            address=value["WERDEGANG_ADDRESS"].rstrip("/"),
            frame_ancestors=tuple(value["WERDEGANG_FRAME_ANCESTORS"].split()),
            keep_registrations=int(value["WERDEGANG_KEEP_REGISTRATIONS"]),
            smtp=_smtp(value) if value["WERDEGANG_SMTP_HOST"] else None,
            keep_people=int(value["WERDEGANG_KEEP_PEOPLE"]),
            provider=_provider(value),
            replica_url=_with_driver(value["WERDEGANG_REPLICA_URL"]) or None,
            connections=int(value["WERDEGANG_CONNECTIONS"]),
            workers=int(value["WERDEGANG_WORKERS"]),
            memory=int(value["WERDEGANG_MEMORY"]),
            answer_within=int(value["WERDEGANG_ANSWER_WITHIN"]),
            stop_within=int(value["WERDEGANG_STOP_WITHIN"]),
            metrics_token=value["WERDEGANG_METRICS_TOKEN"],
            proxies=tuple(_listed(value["WERDEGANG_PROXIES"])),
        )


def _complaints(environment: Mapping[str, str]) -> Iterator[Refusal]:
    for name in sorted(environment):
        if name.startswith("WERDEGANG_") and name not in DEFAULTS and not name.startswith("WERDEGANG_TEST_"):
            yield Refusal("setting-unknown", {"name": name, "known": ", ".join(DEFAULTS)})
    port = environment.get("WERDEGANG_PORT") or DEFAULTS["WERDEGANG_PORT"]
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65_535:
        yield Refusal("setting-port", {"value": port})
    log = environment.get("WERDEGANG_LOG") or DEFAULTS["WERDEGANG_LOG"]
    if log.lower() not in LEVELS:
        yield Refusal("setting-log", {"value": log, "known": ", ".join(LEVELS)})
    https = environment.get("WERDEGANG_HTTPS", "")
    if https not in {"", "always", "never"}:
        yield Refusal("setting-https", {"value": https})
    idle = environment.get("WERDEGANG_IDLE") or DEFAULTS["WERDEGANG_IDLE"]
    if not re.fullmatch(r"[0-9]{1,3}", idle) or not 1 <= int(idle) <= MOST_IDLE:
        yield Refusal("setting-idle", {"value": idle, "most": MOST_IDLE})
    upload = environment.get("WERDEGANG_MOST_UPLOAD") or DEFAULTS["WERDEGANG_MOST_UPLOAD"]
    if not re.fullmatch(r"[0-9]{1,3}", upload) or not 1 <= int(upload) <= MOST_UPLOAD:
        yield Refusal("setting-upload", {"value": upload, "most": MOST_UPLOAD})
    days = environment.get("WERDEGANG_KEEP_REGISTRATIONS") or DEFAULTS["WERDEGANG_KEEP_REGISTRATIONS"]
    if not re.fullmatch(r"[0-9]{1,4}", days) or int(days) > MOST_DAYS_KEPT:
        yield Refusal("setting-keep-registrations", {"value": days, "most": MOST_DAYS_KEPT})
    address = environment.get("WERDEGANG_ADDRESS", "")
    if address and not re.fullmatch(r"https?://[a-z0-9.:\[\]-]+/?", address):
        yield Refusal("setting-address", {"value": address})
    for site in environment.get("WERDEGANG_FRAME_ANCESTORS", "").split():
        if not SITE.fullmatch(site):
            yield Refusal("setting-frame-ancestors", {"value": site})
    if environment.get("WERDEGANG_SMTP_HOST"):
        yield from _complaints_about_mail(environment)
    days = environment.get("WERDEGANG_KEEP_PEOPLE") or DEFAULTS["WERDEGANG_KEEP_PEOPLE"]
    if not re.fullmatch(r"[0-9]{1,4}", days) or int(days) > MOST_KEPT:
        yield Refusal("setting-keep-people", {"value": days, "most": MOST_KEPT})
    yield from _complaints_about_provider(environment)
    yield from _complaints_about_databases(environment)
    yield from _complaints_about_serving(environment)


def _complaints_about_databases(environment: Mapping[str, str]) -> Iterator[Refusal]:
    connections = environment.get("WERDEGANG_CONNECTIONS") or DEFAULTS["WERDEGANG_CONNECTIONS"]
    if not re.fullmatch(r"[0-9]{1,4}", connections) or not LEAST_CONNECTIONS <= int(connections) <= MOST_CONNECTIONS:
        yield Refusal(
            "setting-connections", {"value": connections, "least": LEAST_CONNECTIONS, "most": MOST_CONNECTIONS}
        )
    if url := environment.get("WERDEGANG_DATABASE_URL"):
        yield from _complaints_about_database(url)
    if replica := environment.get("WERDEGANG_REPLICA_URL"):
        yield from _complaints_about_replica(replica, url or "")


def _complaints_about_serving(environment: Mapping[str, str]) -> Iterator[Refusal]:
    for name, most in NUMBERS.items():
        given = environment.get(name) or DEFAULTS[name]
        if not re.fullmatch(r"[0-9]{1,5}", given) or not 1 <= int(given) <= most:
            yield Refusal("setting-number", {"name": name, "value": given, "most": most})
    if (token := environment.get("WERDEGANG_METRICS_TOKEN")) and not METRICS_TOKEN.fullmatch(token):
        yield Refusal("setting-metrics-token")  # which is a secret, and not repeated
    for proxy in _listed(environment.get("WERDEGANG_PROXIES", "")):
        try:
            ip_network(proxy)
        except ValueError:
            yield Refusal("setting-proxies", {"value": proxy})


def _listed(given: str) -> list[str]:
    return [each.strip() for each in given.split(",") if each.strip()]


def _complaints_about_mail(environment: Mapping[str, str]) -> Iterator[Refusal]:
    if not environment.get("WERDEGANG_ADDRESS"):
        yield Refusal("setting-address-missing")
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", environment.get("WERDEGANG_SMTP_FROM", "")):
        yield Refusal("setting-smtp-from")
    tls = environment.get("WERDEGANG_SMTP_TLS") or DEFAULTS["WERDEGANG_SMTP_TLS"]
    if tls not in SMTP_PORTS:
        yield Refusal("setting-smtp-tls", {"value": tls, "known": ", ".join(SMTP_PORTS)})
    port = environment.get("WERDEGANG_SMTP_PORT") or "25"
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65_535:
        yield Refusal("setting-port", {"value": port})
    file = environment.get("WERDEGANG_SMTP_PASSWORD_FILE", "")
    if file and not os.access(file, os.R_OK):
        yield Refusal("setting-smtp-password-file", {"file": file})


def _smtp(value: Mapping[str, str]) -> Smtp:
    file, tls = value["WERDEGANG_SMTP_PASSWORD_FILE"], value["WERDEGANG_SMTP_TLS"]
    return Smtp(
        host=value["WERDEGANG_SMTP_HOST"],
        port=int(value["WERDEGANG_SMTP_PORT"] or SMTP_PORTS[tls]),
        user=value["WERDEGANG_SMTP_USER"],
        password=Path(file).read_text(encoding="utf-8").strip() if file else value["WERDEGANG_SMTP_PASSWORD"],
        sender=value["WERDEGANG_SMTP_FROM"],
        tls=tls,
    )


def _provider(value: Mapping[str, str]) -> Provider | None:
    issuer, client_id, name = (value[f"WERDEGANG_OIDC_{part}"] for part in ("ISSUER", "CLIENT_ID", "NAME"))
    return Provider(issuer, client_id, _secret(value), name or urlsplit(issuer).hostname or issuer) if issuer else None


def _secret(environment: Mapping[str, str]) -> str | None:
    file = environment.get("WERDEGANG_OIDC_CLIENT_SECRET_FILE")
    return (Path(file).read_text("utf-8").strip() if file else environment.get("WERDEGANG_OIDC_CLIENT_SECRET")) or None


def _complaints_about_provider(environment: Mapping[str, str]) -> Iterator[Refusal]:
    """None of them repeats the secret."""
    stated = {name for name, value in environment.items() if name.startswith("WERDEGANG_OIDC_") and value}
    for name in ("WERDEGANG_OIDC_ISSUER", "WERDEGANG_OIDC_CLIENT_ID"):
        if stated and name not in stated:
            yield Refusal("setting-oidc", {"name": name})
    if issuer := environment.get("WERDEGANG_OIDC_ISSUER"):
        try:
            parts = urlsplit(issuer)
            safe = parts.scheme == "https" or (parts.scheme == "http" and _own(parts.hostname or ""))
            port_known = parts.port is None or parts.port > 0
        except ValueError:
            safe = port_known = False
        if not (safe and port_known) or not parts.hostname or parts.query or parts.fragment:
            yield Refusal("setting-oidc-issuer", {"value": issuer})
    try:
        _secret(environment)
    except (OSError, ValueError):
        yield Refusal("setting-oidc-secret")
    else:
        if {"WERDEGANG_OIDC_CLIENT_SECRET", "WERDEGANG_OIDC_CLIENT_SECRET_FILE"} <= stated:
            yield Refusal("setting-oidc-secret")


def _complaints_about_database(url: str) -> Iterator[Refusal]:
    """None of them repeats the URL: it may hold a password."""
    try:
        parsed = make_url(_with_driver(url))
    except (ArgumentError, ValueError):
        yield Refusal("setting-database-url")
        return
    if parsed.drivername == "postgresql+psycopg":
        if find_spec("psycopg") is None:
            yield Refusal("setting-psycopg-missing")
    elif parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        yield Refusal("setting-database-kind", {"kind": parsed.drivername})
    elif not parsed.database or parsed.database == ":memory:" or "mode" in parsed.query:
        yield Refusal("setting-database-memory")


def _complaints_about_replica(url: str, primary: str) -> Iterator[Refusal]:
    """Only a PostgreSQL has a standby. None of them repeats a URL."""
    try:
        kinds = {make_url(_with_driver(given)).drivername for given in (url, primary)}
    except (ArgumentError, ValueError):
        kinds = set()
    if kinds != {"postgresql+psycopg"}:
        yield Refusal("setting-replica-url")


def _own(host: str) -> bool:
    """Whether only this machine itself can be listening there."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _with_driver(url: str) -> str:
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
