"""The words for how a witness of the log answered last."""

from collections.abc import Mapping
from typing import Final

from adapters.cosignatures import State
from domain.words import Words

STATES: Final[Mapping[State, Words]] = {
    "never-asked": ("noch nicht gefragt", "not asked yet"),
    "no-address": (
        "wird nicht gefragt, weil im Regelwerk keine Adresse steht",
        "is not asked, since the policy states no address",
    ),
    "signed": ("unterschreibt mit", "signs along"),
    "unreachable": ("nicht zu erreichen", "cannot be reached"),
    "too-slow": ("antwortet nicht in der Zeit", "does not answer in time"),
    "busy": (
        "kann gerade nicht: zu viele Anfragen, oder eine Störung dort",
        "cannot just now: too many requests, or a fault on their side",
    ),
    "unknown-log": (
        "folgt diesem Protokoll nicht: bitte dort den Schlüssel des Protokolls eintragen lassen",
        "does not follow this log: please have the key of the log entered there",
    ),
    "unknown-key": (
        "kennt den Schlüssel dieses Protokolls nicht: bitte ihn dort eintragen lassen",
        "does not know the key of this log: please have it entered there",
    ),
    "not-understood": ("versteht die Anfrage nicht", "does not understand the request"),
    "unsettled": (
        "nannte zweimal hintereinander einen anderen Stand",
        "named two different states one after the other",
    ),
    "nonsense": ("antwortet etwas Unverständliches", "answers something that cannot be understood"),
    "time-differs": (
        "unterschreibt mit falscher Uhrzeit; das zählt nicht",
        "signs with a wrong time, which does not count",
    ),
    "contradicts": (
        "WIDERSPRICHT: Was er schon kannte, ist nicht der Anfang dieses Protokolls",
        "CONTRADICTS: what it knew is not the beginning of this log",
    ),
    "knows-more": (
        "KENNT MEHR: Er hat schon mehr Einträge bezeugt, als dieses Protokoll hat",
        "KNOWS MORE: it has witnessed more entries than this log has",
    ),
    "false-signature": (
        "UNTERSCHREIBT FALSCH: nicht mit seinem Schlüssel, oder etwas anderes",
        "SIGNS FALSELY: not with its key, or something else",
    ),
}
