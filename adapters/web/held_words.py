"""What is held about somebody, in the words of the office: for the page, and for the print that the person gets."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from adapters.erasing import Held
from adapters.phrases import phrase
from adapters.web.wording import Wording

KEYS: Final[Mapping[str, tuple[str, str]]] = {
    "address": ("Seite", "Page"),
    "account": ("Hochgeladen von Konto", "Uploaded by account"),
    "at": ("Hochgeladen", "Uploaded"),
    "audit": ("Im Protokoll der Anmeldungen und Rechte", "In the list of sign-ins and rights"),
    "began_at": ("Begonnen", "Begun"),
    "cells": ("Zellen der Tabelle", "Cells of the table"),
    "contact": ("Erreichbar unter", "Can be reached at"),
    "created_at": ("Angelegt", "Created"),
    "email": ("E-Mail-Adresse", "E-mail address"),
    "entries": ("Einträge dazu", "Entries about it"),
    "erased_at": ("Gelöscht", "Erased"),
    "erased_on": ("Wird gelöscht am", "Will be erased on"),
    "function": ("Aufgabe", "Function"),
    "kind": ("Art", "Kind"),
    "language": ("Sprache", "Language"),
    "meeting": ("Treffen", "Meeting"),
    "name": ("Name", "Name"),
    "needs": ("Was gebraucht wird", "What is needed"),
    "note": ("Notiz", "Note"),
    "organisation": ("Organisation", "Organisation"),
    "owner": ("Entwurf von", "Draft of"),
    "presence": ("Anwesenheit", "Attendance"),
    "process": ("Prozess", "Process"),
    "reason": ("Grund", "Reason"),
    "reported_at": ("Gemeldet", "Reported"),
    "what": ("Was nicht geht", "What does not work"),
    "registered_at": ("Angemeldet", "Registered"),
    "roles": ("Rollen", "Roles"),
    "sessions": ("Angemeldet an der Geschäftsstelle seit", "Signed in at the desk since"),
    "sha256": ("Prüfsumme (SHA-256)", "Checksum (SHA-256)"),
    "since": ("Seit", "Since"),
    "tokens": ("Zugangsschlüssel", "Tokens"),
    "typed": ("Getippt", "Typed"),
    "until": ("Bis", "Until"),
    "uploaded_at": ("Hochgeladen", "Uploaded"),
}
"""What the fields are called; a test knows that none is missing."""

TERMS: Final[Mapping[str, tuple[str, str]]] = {
    "representative": ("Vertretung einer Organisation", "represents an organisation"),
    "submitter": ("hat etwas eingereicht", "submitted something"),
    "other": ("anderes", "something else"),
    "represents": ("vertritt dort eine Organisation", "represents an organisation there"),
    "submitted": ("hat das eingereicht", "submitted it"),
    "mentioned": ("kommt darin vor", "is mentioned in it"),
    "request": ("Die Person verlangt es", "The person asks for it"),
    "objection": ("Die Person widerspricht", "The person objects"),
    "no-longer-needed": ("Es wird nicht mehr gebraucht", "It is no longer needed"),
    "mistake": ("Es war ein Versehen", "It was a mistake"),
    "people": ("Personen", "Persons"),
    "accounts": ("Konten", "Accounts"),
    "registrations": ("Anmeldungen", "Registrations"),
    "drafts": ("Entwürfe", "Drafts"),
    "documents": ("Dokumente", "Documents"),
    "tables": ("Hochgeladene Tabellen", "Uploaded tables"),
    "barrier-reports": ("Gemeldete Barrieren", "Reported barriers"),
    "attended": ("war da", "was there"),
    "excused": ("entschuldigt", "excused"),
    "de": ("Deutsch", "German"),
    "en": ("Englisch", "English"),
}

CHOSEN: Final = frozenset({"kind", "presence", "language"})
"""The fields whose value is one of the terms; in all others words stand as they were typed."""

KEPT: Final[Mapping[str, tuple[str, str]]] = {
    "people": (
        "um Organisationen und wer etwas eingereicht hat zu erreichen; bis zum Löschen, oder {people} Tage nach „Bis“",
        "to reach organisations and who submitted something; until erased, or {people} days after “until”",
    ),
    "accounts": (
        "um in der Geschäftsstelle zu arbeiten; bis der Name gelöscht wird",
        "to work at the desk; until the name is erased",
    ),
    "registrations": (
        "um an einem Treffen teilzunehmen; bis zur Absage, oder {registrations} Tage nach dem Treffen",
        "to take part in a meeting; until cancelled, or {registrations} days after the meeting",
    ),
    "drafts": (
        "weil jemand etwas zu erfassen begonnen hat; bis es erfasst oder verworfen ist, höchstens 90 Tage unberührt",
        "because somebody began to record something; until recorded or discarded, at most 90 days untouched",
    ),
    "documents": ("als Beleg für Einträge; bis zum Löschen", "as evidence for entries; until erased"),
    "tables": ("um sie zu erfassen; höchstens einen Tag", "to record them; for a day at most"),
    "barrier-reports": (
        "um die Barriere zu beheben und zu antworten; bis sie erledigt ist, höchstens ein Jahr",
        "to remove the barrier and to answer; until settled, for a year at most",
    ),
}
"""What it is held for, and how long."""

_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+[+Z][0-9:]*")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAYS: Final = frozenset({"since", "until", "erased_on"})


def term(words: Wording, value: str) -> str:
    """What a term is called; what is none stands as it is."""
    return words.t(*TERMS[value]) if value in TERMS else value


def lines(words: Wording, held: Held) -> Iterator[tuple[str, Sequence[str]]]:
    """Every field that holds something: what it is called, and its values."""
    for key, value in held.content.items():
        if value:
            values = value if isinstance(value, list | tuple) else [value]
            yield words.t(*KEYS[key]), [_said(words, key, one) for one in values]


def _said(words: Wording, key: str, value: Any) -> str:
    if isinstance(value, dict):
        return words.t("Nr. {number} ({role})", "No. {number} ({role})", **value | {"role": term(words, value["role"])})
    if key == "audit":
        at, _, act = str(value).partition(" ")
        return f"{words.instant(datetime.fromisoformat(at))}: {phrase(f'act:{act}', words.language)}"
    if key in CHOSEN:
        return term(words, value)
    if key in _DAYS and _DAY.fullmatch(value):
        return words.day(date.fromisoformat(value))
    if key.endswith("at") or key == "sessions":
        return words.instant(datetime.fromisoformat(value)) if _INSTANT.fullmatch(value) else str(value)
    return str(value)
