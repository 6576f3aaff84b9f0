"""What each setting means, in both languages, and how the settings stand: their value and where it comes from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import make_url

from adapters.database import without_password
from adapters.settings import DEFAULTS, Settings

Origin = Literal["default", "environment", "derived"]
"""`derived`: nobody set it, and it follows from other settings."""

SECRET: Final = frozenset({"WERDEGANG_SMTP_PASSWORD", "WERDEGANG_OIDC_CLIENT_SECRET", "WERDEGANG_METRICS_TOKEN"})
"""Of these is told whether they are set, and nothing else."""

HIDDEN: Final = "***"

_IN_ADDRESS: Final = re.compile(r"(?<=://)[^/@\s]+@")
"""Who signs in at an address, with the password."""

MEANINGS: Final[Mapping[str, tuple[str, str]]] = {
    "WERDEGANG_HOME": (
        "Ordner für Datenbank, Schlüssel und hochgeladene Dateien",
        "the folder for database, key and uploaded files",
    ),
    "WERDEGANG_DATABASE_URL": (
        "Datenbank: sqlite:////pfad/datei oder postgresql://konto:passwort@rechner/name",
        "the database: sqlite:////path/file or postgresql://user:password@host/name",
    ),
    "WERDEGANG_REPLICA_URL": (
        "zweiter Server, von dem die Öffentlichkeit liest: postgresql://konto:passwort@rechner/name",
        "a second server that the public reads from: postgresql://user:password@host/name",
    ),
    "WERDEGANG_CONNECTIONS": (
        "wie viele Verbindungen zu einer Datenbank ein Programm höchstens öffnet",
        "how many connections to a database one program opens at most",
    ),
    "WERDEGANG_HOST": ("Adresse, an der serve lauscht", "the address that serve listens at"),
    "WERDEGANG_PORT": ("Port, an dem serve lauscht", "the port that serve listens at"),
    "WERDEGANG_LOG": (
        "ab welcher Stufe serve protokolliert: debug, info, warning, error",
        "from which level on serve logs: debug, info, warning, error",
    ),
    "WERDEGANG_ACCOUNT": (
        "in wessen Namen die Befehlszeile erfasst: Kennung eines Kontos",
        "in whose name the command line records: the id of an account",
    ),
    "WERDEGANG_HTTPS": (
        "ob die Geschäftsstelle über https erreicht wird: always oder never",
        "whether the desk is reached by https: always or never",
    ),
    "WERDEGANG_IDLE": (
        "nach wie vielen Minuten ohne Tun man sich neu anmeldet",
        "after how many minutes without use somebody has to sign in again",
    ),
    "WERDEGANG_MOST_UPLOAD": (
        "wie viele Megabyte sich auf einmal hochladen lassen",
        "how many megabytes may be uploaded at once",
    ),
    "WERDEGANG_ADDRESS": (
        "Adresse dieser Seiten, wie sie in E-Mails steht",
        "the address of these pages, as it stands in mail",
    ),
    "WERDEGANG_FRAME_ANCESTORS": (
        "welche Websites Verlauf und Struktur einbetten dürfen",
        "the sites that may embed timeline and structure",
    ),
    "WERDEGANG_KEEP_REGISTRATIONS": (
        "wie viele Tage nach einem Termin die Anmeldungen bleiben",
        "for how many days after a meeting registrations are kept",
    ),
    "WERDEGANG_SMTP_HOST": (
        "Server, der E-Mails annimmt; ohne ihn wird keine verschickt",
        "the server that takes mail; without it none is sent",
    ),
    "WERDEGANG_SMTP_PORT": ("Port dieses Servers", "the port of that server"),
    "WERDEGANG_SMTP_USER": ("Konto bei diesem Server", "the account at that server"),
    "WERDEGANG_SMTP_PASSWORD": ("Passwort dieses Kontos", "the password of that account"),
    "WERDEGANG_SMTP_PASSWORD_FILE": ("Datei, in der dieses Passwort steht", "the file that holds that password"),
    "WERDEGANG_SMTP_FROM": ("Absender der E-Mails", "the sender of mail"),
    "WERDEGANG_SMTP_TLS": (
        "wie E-Mails verschlüsselt übergeben werden: starttls, tls, none",
        "how mail is handed over encrypted: starttls, tls, none",
    ),
    "WERDEGANG_KEEP_PEOPLE": (
        "wie viele Tage nach dem Ende ihrer Aufgabe Personen gelöscht werden",
        "how many days after the end of what they did persons are erased",
    ),
    "WERDEGANG_OIDC_ISSUER": ("Anmeldedienst der Stadt", "the identity provider of the city"),
    "WERDEGANG_OIDC_CLIENT_ID": ("unsere Kennung bei diesem Dienst", "our id at that provider"),
    "WERDEGANG_OIDC_CLIENT_SECRET": ("Geheimnis, das wir mit ihm teilen", "the secret that we share with it"),
    "WERDEGANG_OIDC_CLIENT_SECRET_FILE": ("Datei, in der dieses Geheimnis steht", "the file that holds that secret"),
    "WERDEGANG_OIDC_NAME": ("wie die Schaltfläche zum Anmelden ihn nennt", "what the button for signing in calls it"),
    "WERDEGANG_WORKERS": (
        "wie viele Programme nebeneinander Anfragen beantworten",
        "how many programs answer requests beside each other",
    ),
    "WERDEGANG_MEMORY": (
        "wie viele Megabyte gelesener Einträge ein Programm behält, und noch einmal so viele, wo es erfasst",
        "how many megabytes of entries that are read one program keeps, and as many again where it records",
    ),
    "WERDEGANG_ANSWER_WITHIN": (
        "nach wie vielen Sekunden eine Abfrage abgebrochen wird, statt warten zu lassen",
        "after how many seconds a question is given up rather than kept waiting",
    ),
    "WERDEGANG_STOP_WITHIN": (
        "wie viele Sekunden Begonnenes beim Anhalten noch Zeit hat",
        "how many seconds what is under way has to end when the server is stopped",
    ),
    "WERDEGANG_METRICS_TOKEN": (
        "Kennwort, mit dem sich /metrics auch von anderen Rechnern abrufen lässt",
        "the token with which /metrics may be read from other machines, too",
    ),
    "WERDEGANG_PROXIES": (
        "Adressen und Netze der Proxys, denen geglaubt wird, wer fragt",
        "addresses and networks of the proxies that are believed who asks",
    ),
}
"""German, English."""


@dataclass(frozen=True, slots=True)
class Told:
    """One setting as it stands. Of a secret `value` is only `HIDDEN`, and empty where it is not set."""

    name: str
    value: str
    default: str
    origin: Origin
    meaning: tuple[str, str]


def told(environment: Mapping[str, str]) -> list[Told]:
    """Every setting, in the order of their list; refused where one of them is wrong, as at the start of a server."""
    effective = _effective(Settings.from_environment(environment))
    found = []
    for name, default in DEFAULTS.items():
        given = environment.get(name, "")
        value = effective.get(name, given or default)
        origin: Origin = "environment" if given else "derived" if value and not default else "default"
        found.append(Told(name, _shown(name, value), default, origin, MEANINGS[name]))
    return found


def _effective(settings: Settings) -> dict[str, str]:
    """What holds of those that follow from others as long as nobody sets them."""
    mail, provider = settings.smtp, settings.provider
    return {
        "WERDEGANG_HOME": str(settings.home),
        "WERDEGANG_DATABASE_URL": settings.database_url,
        "WERDEGANG_HTTPS": "always" if settings.https else "never",
        **({} if mail is None else {"WERDEGANG_SMTP_PORT": str(mail.port)}),
        **({} if provider is None else {"WERDEGANG_OIDC_NAME": provider.name}),
    }


def _shown(name: str, value: str) -> str:
    if name in SECRET:
        return HIDDEN if value else ""
    if name in {"WERDEGANG_DATABASE_URL", "WERDEGANG_REPLICA_URL"} and value:
        return without_password(make_url(value))
    return _IN_ADDRESS.sub(f"{HIDDEN}@", value)
