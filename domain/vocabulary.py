"""Words for what is recorded and shown: step types, fields, vocabulary terms, and what a view says of them.

Reached through `domain/words.py`, the one table of words. Where a field or a term means something else in one place,
that place stands before it: `decision-taken:by`, `how:left`.
"""

from collections.abc import Mapping
from typing import Final

Words = tuple[str, str]
"""German, English."""

Table = Mapping[str, Words]

TYPES: Final[dict[str, Words]] = {
    "process-opened": ("Prozess eröffnet", "Process opened"),
    "process-closed": ("Prozess abgeschlossen", "Process closed"),
    "phase-begun": ("Phase begonnen", "Phase begun"),
    "phase-ended": ("Phase beendet", "Phase ended"),
    "funding-granted": ("Förderung bewilligt", "Funding granted"),
    "context-noted": ("Umfeld festgehalten", "Context noted"),
    "instrument-introduced": ("Instrument eingeführt", "Instrument introduced"),
    "instrument-ended": ("Instrument nicht mehr genutzt", "Instrument no longer used"),
    "document-added": ("Dokument hinzugefügt", "Document added"),
    "actor-registered": ("Akteur aufgenommen", "Actor registered"),
    "actor-redescribed": ("Akteur neu beschrieben", "Actor described anew"),
    "role-assigned": ("Rolle übernommen", "Role taken on"),
    "role-ended": ("Rolle beendet", "Role ended"),
    "structure-planned": ("Struktur geplant", "Structure planned"),
    "level-established": ("Ebene eingerichtet", "Level established"),
    "level-dropped": ("Ebene aufgegeben", "Level dropped"),
    "alliance-founded": ("Allianz gegründet", "Alliance founded"),
    "group-formed": ("Gruppe gebildet", "Group formed"),
    "reallabor-initiated": ("Reallabor begonnen", "Reallabor initiated"),
    "reallabor-spun-off": ("Reallabor ausgegründet", "Reallabor spun off"),
    "body-ended": ("Gremium beendet", "Body ended"),
    "body-reattached": ("Gremium neu zugeordnet", "Body reattached"),
    "body-changed": ("Gremium verändert", "Body changed"),
    "bodies-merged": ("Gremien zusammengelegt", "Bodies merged"),
    "body-split": ("Gremium aufgeteilt", "Body split"),
    "theme-identified": ("Handlungsfeld erkannt", "Theme identified"),
    "theme-retired": ("Handlungsfeld nicht weiterverfolgt", "Theme retired"),
    "feedback-received": ("Rückmeldung eingegangen", "Feedback received"),
    "feedback-answered": ("Rückmeldung beantwortet", "Feedback answered"),
    "meeting-planned": ("Treffen angekündigt", "Meeting announced"),
    "meeting-changed": ("Ankündigung geändert", "Announcement changed"),
    "meeting-held": ("Treffen fand statt", "Meeting held"),
    "assessment-conducted": ("Untersuchung durchgeführt", "Assessment conducted"),
    "finding-recorded": ("Befund festgehalten", "Finding recorded"),
    "claim-disputed": ("Darstellung bestritten", "Account disputed"),
    "participation-rated": ("Beteiligung eingeschätzt", "Participation rated"),
    "decision-taken": ("Beschluss gefasst", "Decision taken"),
    "decision-deferred": ("Beschluss vertagt", "Decision deferred"),
    "preference-stated": ("Präferenz geäußert", "Preference stated"),
    "question-left-open": ("Frage offengelassen", "Question left open"),
    "criteria-set": ("Kriterien festgelegt", "Criteria laid down"),
    "scenario-drafted": ("Szenario entworfen", "Scenario drafted"),
    "scenario-assessed": ("Szenario beurteilt", "Scenario assessed"),
    "scenario-chosen": ("Szenario gewählt", "Scenario chosen"),
    "scenario-rejected": ("Szenario verworfen", "Scenario rejected"),
    "goal-adopted": ("Ziel beschlossen", "Goal adopted"),
    "goal-revised": ("Ziel überarbeitet", "Goal revised"),
    "measure-planned": ("Maßnahme geplant", "Measure planned"),
    "measure-reported": ("Stand einer Maßnahme", "Measure reported"),
    "plan-adopted": ("Plan beschlossen", "Plan adopted"),
    "commitment-made": ("Zusage gemacht", "Commitment made"),
    "commitment-settled": ("Zusage abgeschlossen", "Commitment settled"),
    "indicator-defined": ("Indikator festgelegt", "Indicator defined"),
    "indicator-selected": ("Indikator ausgewählt", "Indicator selected"),
    "indicator-dropped": ("Indikator nicht mehr genutzt", "Indicator dropped"),
    "indicator-measured": ("Messwert erfasst", "Reading recorded"),
    "entry-published": ("Eintrag veröffentlicht", "Entry published"),
    "entry-corrected": ("Eintrag berichtigt", "Entry corrected"),
    "entry-withdrawn": ("Eintrag zurückgenommen", "Entry withdrawn"),
}
"""Step types, as a reader of the timeline sees them."""

FIELDS: Final[dict[str, Words]] = {
    # what is stated about every step
    "process": ("Prozess", "Process"),
    "key": ("Schlüssel", "Key"),
    "step": ("Schritt", "Step"),
    "type": ("Art des Schrittes", "Type of step"),
    "occurred": ("Wann es geschah", "When it happened"),
    "because": ("Anlässe", "Causes"),
    "grounds": ("Begründung", "Grounds"),
    "sources": ("Quellen", "Sources"),
    "asserted_by": ("Nach Darstellung von", "According to"),
    # dates and sources
    "edtf": ("Datum", "Date"),
    "basis": ("Woher das Datum stammt", "Where the date comes from"),
    "wording": ("Datum in den Worten der Quelle", "Date in the words of the source"),
    "after": ("Geschah nicht vor", "Did not happen before"),
    "title": ("Titel", "Title"),
    "page": ("Seite", "Page"),
    "lines": ("Zeilen", "Lines"),
    "sha256": ("Prüfsumme der Datei (SHA-256)", "Checksum of the file (SHA-256)"),
    "url": ("Adresse im Netz", "Web address"),
    # shared by many steps
    "name": ("Name", "Name"),
    "kind": ("Art", "Kind"),
    "what": ("Beschreibung", "Description"),
    "feedback-received:what": ("Inhalt der Rückmeldung", "What was said"),
    "note": ("Anmerkung", "Note"),
    "about": ("Betrifft", "About"),
    "by": ("Von wem", "By whom"),
    # process
    "city": ("Stadt", "City"),
    "purpose": ("Zweck", "Purpose"),
    "zone": ("Zeitzone", "Time zone"),
    "phase": ("Phase", "Phase"),
    "aims": ("Ziele", "Aims"),
    "funder": ("Gefördert von", "Funder"),
    "recipients": ("Gefördert werden", "Recipients"),
    "programme": ("Förderprogramm", "Programme"),
    "amount_eur": ("Betrag in Euro", "Amount in euros"),
    "instrument": ("Instrument", "Instrument"),
    "bodies": ("Gremien", "Bodies"),
    "actors": ("Akteure", "Actors"),
    "document": ("Dokument", "Document"),
    "authors": ("Verfasst von", "Authors"),
    # actors
    "actor": ("Akteur", "Actor"),
    "renamed": ("Heißt von da an anders", "Renamed"),
    "role": ("Rolle", "Role"),
    "role-assigned:title": ("Bezeichnung der Rolle", "Title of the role"),
    "how": ("Wie es endete", "How it ended"),
    # structure
    "levels": ("Geplante Ebenen", "Planned levels"),
    "level": ("Ebene", "Level"),
    "above": ("Ebene darüber", "Level above"),
    "body": ("Gremium", "Body"),
    "parent": ("Gehört zu", "Belongs to"),
    "continues": ("Führt fort", "Continues"),
    "theme": ("Handlungsfeld", "Theme"),
    "successor_name": ("Name des Nachfolgers", "Name of the successor"),
    "successor": ("Nachfolger als Akteur", "Successor as an actor"),
    "destinations": ("Was aus dem Zugehörigen wird", "What becomes of what belonged to it"),
    "subject": ("Gremium oder Ebene", "Body or level"),
    "to": ("Verbleib", "What becomes of it"),
    "status": ("Zustand", "Status"),
    "project_of": ("Projekt von", "Project of"),
    "bodies-merged:bodies": ("Zusammengelegte Gremien", "Bodies merged"),
    "into": ("Neues Gremium", "New body"),
    "body-split:into": ("Neue Gremien", "New bodies"),
    "absorbed_by": ("Aufgenommen von", "Absorbed by"),
    # feedback
    "speakers": ("Wer sich äußert", "Who speaks"),
    "from_whom": ("Von wem, in Worten", "From whom, in words"),
    "feedback": ("Beantwortete Rückmeldung", "Feedback answered"),
    "outcome": ("Ergebnis", "Outcome"),
    "answer": ("Antwort", "Answer"),
    # decisions
    "decision": ("Beschluss", "Decision"),
    "text": ("Wortlaut", "Wording"),
    "method": ("Verfahren", "Method"),
    "vote": ("Abstimmung", "Vote"),
    "yes": ("Ja-Stimmen", "Yes"),
    "no": ("Nein-Stimmen", "No"),
    "abstained": ("Enthaltungen", "Abstentions"),
    "entitled": ("Stimmberechtigte", "Entitled to vote"),
    "rule": ("Verlangte Mehrheit", "Majority required"),
    "dissent": ("Abweichende Meinungen", "Dissent"),
    "replaces": ("Ersetzt", "Replaces"),
    "review_on": ("Wird überprüft am", "To be reviewed on"),
    "question": ("Frage", "Question"),
    "until": ("Vertagt bis", "Deferred until"),
    "preference": ("Präferenz", "Preference"),
    "conditions": ("Bedingungen", "Conditions"),
    "consensing": ("Konsensieren", "Consensing"),
    "participants": ("Beteiligte beim Konsensieren", "Participants"),
    "options": ("Möglichkeiten", "Options"),
    "option": ("Möglichkeit", "Option"),
    "votes": ("Widerstände, je Person 0 bis 10", "Resistances, 0 to 10 per person"),
    "resistance": ("Summe der Widerstände", "Sum of resistances"),
    "passive": ("Passivlösung (alles bleibt)", "Passive option (all stays)"),
    "chosen": ("Genommene Möglichkeit", "Option taken"),
    "heard": ("Angehört wurden", "Were heard"),
    "objections": ("Einwände", "Objections"),
    "serious": ("schwerwiegend", "serious"),
    "integrated": ("eingearbeitet", "integrated"),
    "meeting": ("Treffen", "Meeting"),
    "settles": ("Beantwortet", "Settles"),
    "confirms": ("Bestätigt", "Confirms"),
    # meetings
    "begins": ("Beginn", "Begins"),
    "ends": ("Ende", "Ends"),
    "hosts": ("Eingeladen von", "Hosted by"),
    "format": ("Form", "Format"),
    "place": ("Ort", "Place"),
    "places": ("Plätze", "Places"),
    "registration": ("Anmeldung", "Registration"),
    "degree": ("Grad der Beteiligung", "Degree of participation"),
    "terms": ("Bedingungen der Teilnahme", "Terms of taking part"),
    "meeting-planned:programme": ("Ablauf", "Programme of the meeting"),
    "at": ("Uhrzeit", "At"),
    "meeting-changed:how": ("Was sich ändert", "What changes"),
    "planned": ("War angekündigt", "Was announced"),
    "meetings": ("Anzahl der Treffen", "Number of meetings"),
    "invited": ("Eingeladen", "Invited"),
    "registered": ("Angemeldet", "Registered"),
    "attended": ("Teilgenommen", "Attended"),
    "excused": ("Entschuldigt", "Excused"),
    "invited_or_attended": ("Eingeladen oder teilgenommen, nicht trennbar", "Invited or attended, not separable"),
    "persons": ("Zahl der Personen", "Number of persons"),
    "in_words": ("In Worten", "In words"),
    "results": ("Ergebnisse", "Results"),
    "at_least": ("mindestens", "at least"),
    "at_most": ("höchstens", "at most"),
    "approximate": ("ungefähr", "approximate"),
    # findings
    "assessment": ("Untersuchung", "Assessment"),
    "methods": ("Methoden", "Methods"),
    "asked": ("Befragt wurden", "Were asked"),
    "sessions": ("Zahl der Termine oder Gespräche", "Number of sessions"),
    "category": ("Eingeordnet unter", "Sorted under"),
    "scope": ("Gilt für", "Holds for"),
    "load": ("Belastung durch Treffen", "Load of meetings"),
    "months": ("Innerhalb von Monaten", "Within months"),
    "counted": ("Gezählt ist", "What is counted"),
    "scheme": ("Verzeichnis", "Scheme"),
    "term": ("Begriff", "Term"),
    "branch": ("Wirtschaftszweig", "Branch"),
    "claim": ("Bestrittener Eintrag", "Entry in dispute"),
    "against": ("Dagegen steht", "Against it stands"),
    "account": ("Andere Darstellung", "Other account"),
    "topic": ("Worum es geht", "What it is about"),
    "claim-disputed:how": ("Art des Widerspruchs", "Kind of disagreement"),
    "stage": ("Gemeint oder gewesen", "Meant or observed"),
    "group": ("Wer beteiligt ist", "Who takes part"),
    "group_in_words": ("Wer beteiligt ist, in Worten", "Who takes part, in words"),
    "observed": ("Wie die Beteiligung aussah", "What the participation was like"),
    # scenarios
    "criteria_set": ("Sammlung von Szenarien", "Set of scenarios"),
    "criteria": ("Kriterien", "Criteria"),
    "criterion": ("Kriterium", "Criterion"),
    "scenario": ("Szenario", "Scenario"),
    "cells": ("Beurteilung je Kriterium", "Assessment by criterion"),
    "state": ("Was sich sagen lässt", "What can be said"),
    "says": ("Aussage", "What it says"),
    "like": ("Wie in", "As in"),
    "choice": ("Wahl", "Choice"),
    # plan
    "goal": ("Ziel", "Goal"),
    "under": ("Dient dem Ziel", "Serves the goal"),
    "perspective": ("Perspektive", "Perspective"),
    "goal-revised:how": ("Was mit dem Ziel geschah", "What became of the goal"),
    "goal-revised:renamed": ("Neu gefasst", "Put in other words"),
    "measure": ("Maßnahme", "Measure"),
    "goals": ("Ziele", "Goals"),
    "responsible": ("Zuständig", "Responsible"),
    "carried_by": ("Umgesetzt durch", "Carried out by"),
    "priority": ("Vorrang", "Priority"),
    "cost_eur": ("Kosten in Euro", "Cost in euros"),
    "indicators": ("Indikatoren", "Indicators"),
    "share": ("Umgesetzt, in Prozent", "Done, in per cent"),
    "measures": ("Maßnahmen", "Measures"),
    "plan": ("Plan", "Plan"),
    # commitments
    "commitment": ("Zusage", "Commitment"),
    "due": ("Fällig", "Due"),
    "commitment-made:to": ("Gegenüber", "Towards"),
    "commitment-made:text": ("Inhalt der Zusage", "What was committed to"),
    "becomes": ("Wurde zu", "Became"),
    # monitoring
    "indicator": ("Indikator", "Indicator"),
    "definition": ("Was er misst", "Definition"),
    "unit": ("Einheit", "Unit"),
    "data_source": ("Datenquelle", "Source of data"),
    "calculation": ("Berechnung", "Calculation"),
    "direction": ("Was gut ist", "What is good"),
    "effect": ("Stufe der Wirkung", "Stage of effect"),
    "baseline": ("Ausgangswert", "Baseline"),
    "indicator-defined:target": ("Zielwert", "Target"),
    "rhythm": ("Wie oft gemessen wird", "How often it is measured"),
    "area": ("Räumlicher Bezug", "Area"),
    "limits": ("Aussagekraft und Grenzen", "Limits"),
    "value": ("Wert", "Value"),
    "period": ("Zeitraum", "Period"),
    "count": ("Anzahl", "Count"),
    # entries about entries
    "targets": ("Zu veröffentlichende Einträge", "Entries to publish"),
    "not_before": ("Öffentlich frühestens ab", "Public not before"),
    "target": ("Betroffener Eintrag", "Entry concerned"),
    "seen": ("Zuletzt gesehene Berichtigung", "Last correction seen"),
    "corrected": ("Berichtigte Angabe", "Corrected statement"),
    "reason": ("Grund", "Reason"),
}
"""Fields of a statement, as a form names them."""

SUBJECTS: Final[dict[str, Words]] = {
    "process": ("Prozess", "Process"),
    "phase": ("Phase", "Phase"),
    "instrument": ("Instrument", "Instrument"),
    "document": ("Dokument", "Document"),
    "actor": ("Akteur", "Actor"),
    "role": ("Rolle", "Role"),
    "level": ("Ebene", "Level"),
    "body": ("Gremium", "Body"),
    "theme": ("Handlungsfeld", "Theme"),
    "decision": ("Beschluss", "Decision"),
    "meeting": ("Treffen", "Meeting"),
    "assessment": ("Untersuchung", "Assessment"),
    "criteria-set": ("Sammlung von Szenarien", "Set of scenarios"),
    "criterion": ("Kriterium", "Criterion"),
    "scenario": ("Szenario", "Scenario"),
    "choice": ("Wahl eines Szenarios", "Choice of a scenario"),
    "goal": ("Ziel", "Goal"),
    "measure": ("Maßnahme", "Measure"),
    "plan": ("Plan", "Plan"),
    "commitment": ("Zusage", "Commitment"),
    "indicator": ("Indikator", "Indicator"),
}
"""Kinds of subject: whatever has a lifetime."""

ACTS: Final[dict[str, Words]] = {
    "read": ("Internes lesen", "read what is internal"),
    "record": ("Einträge erfassen", "record entries"),
    "publish": ("Einträge veröffentlichen", "publish entries"),
    "administer": ("Konten und Daten verwalten", "administer accounts and data"),
}
"""What an account may be allowed to do; each completes "may not …"."""

PATTERNS: Final[dict[str, Words]] = {
    r"^[a-z0-9-]{1,63}$": (
        "kleine Buchstaben von a bis z, Ziffern und Bindestriche, höchstens 63 Zeichen",
        "small letters from a to z, digits and hyphens, at most 63 characters",
    ),
    r"^[0-9a-f]{64}$": ("64 Ziffern und Buchstaben von a bis f", "64 digits and letters from a to f"),
    r"^[0-9]{1,15}(\.[0-9]{1,2})?$": ("einen Betrag wie 12500 oder 12500.50", "an amount such as 12500 or 12500.50"),
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?$": (
        "einen Tag wie 2021-06-30, mit Uhrzeit 2021-06-30T10:00",
        "a day such as 2021-06-30, with a time 2021-06-30T10:00",
    ),
    r"^([01][0-9]|2[0-3]):[0-5][0-9]$": ("eine Uhrzeit wie 10:15", "a time such as 10:15"),
    r"^-?[0-9]{1,15}(\.[0-9]{1,9})?$": ("eine Zahl wie 12, -0.5 oder 1250.75", "a number such as 12, -0.5 or 1250.75"),
    r"^[0-9A-Za-zÄÖÜäöüßµ²³%€°/·.()\[\]-]{1,20}$": (
        "eine Einheit ohne Leerzeichen, etwa t/a, % oder Zahl",
        "a unit without blanks, such as t/a, % or EUR",
    ),
    r"^[A-Za-z0-9-]{1,40}$": (
        "Buchstaben von a bis z, Ziffern und Bindestriche, höchstens 40 Zeichen",
        "letters from a to z, digits and hyphens, at most 40 characters",
    ),
    r"^([0-9]+|[ivxlc]+)(-([0-9]+|[ivxlc]+))?(, ?([0-9]+|[ivxlc]+)(-([0-9]+|[ivxlc]+))?)*$": (
        "Nummern wie 12, 12-14 oder iv",
        "numbers such as 12, 12-14 or iv",
    ),
}
"""The forms that a value can have to keep, by the pattern that checks them."""

PRESENCE: Final[dict[str, Words]] = {
    "there": ("besteht", "there"),
    "perhaps-ended": ("vielleicht schon beendet", "perhaps ended already"),
    "perhaps-there": ("vielleicht schon da", "perhaps there already"),
    "gone": ("beendet", "ended"),
    "not-yet": ("noch nicht da", "not there yet"),
}
"""How surely a subject is there on a day."""

AMENDMENTS: Final[dict[str, Words]] = {
    "correction": ("Berichtigt", "Corrected"),
    "withdrawal": ("Zurückgenommen", "Withdrawn"),
    "erasure": ("Texte gelöscht", "Texts erased"),
}
"""What was done to an entry later."""

KINSHIP: Final[dict[str, Words]] = {
    "continued": ("fortgeführt", "continued"),
    "merged": ("zusammengelegt", "merged"),
    "split": ("geteilt", "split"),
    "spun-off": ("ausgegründet", "spun off"),
}
"""How a body went on as another one."""

STATES: Final[dict[str, Words]] = {
    "certain": ("sicher geschehen", "certainly happened"),
    "possible": ("vielleicht schon geschehen", "perhaps happened already"),
    "not-yet": ("noch nicht geschehen", "not yet happened"),
    "withdrawn": ("zurückgenommen", "withdrawn"),
}
"""Whether an entry has happened by a day."""

ASPECTS: Final[dict[str, Words]] = {
    "counted": ("Bestehen", "Existence"),
    "sure": ("Gewissheit", "Certainty"),
    "parent": ("Zuordnung", "Belongs to"),
    "told_parent": ("Angegebene Zuordnung", "Told to belong to"),
    "inferred": ("Zuordnung abgeleitet", "Belonging inferred"),
    "level": ("Ebene", "Level"),
    "status": ("Zustand", "Status"),
    "project_of": ("Projekt von", "Project of"),
    "kind": ("Art", "Kind"),
    "under": ("Dient dem Ziel", "Serves the goal"),
    "name": ("Name", "Name"),
}
"""What of a subject can differ between two views."""

CHANGES: Final[dict[str, Words]] = {
    "changed": ("geändert", "changed"),
    "certainty": ("nur die Gewissheit ist eine andere", "only the certainty differs"),
}
"""How an aspect differs between two views."""

STANDINGS: Final[dict[str, Words]] = {
    # promises
    "open": ("offen", "open"),
    "silent": ("fällig, nichts dazu erfasst", "due, nothing recorded"),
    # meetings
    "planned": ("angekündigt", "announced"),
    "status:planned": ("geplant", "planned"),
    "held": ("hat stattgefunden", "took place"),
    "unsure": ("nicht sicher", "not certain"),
    "not-reported": ("Termin vorbei, nichts dazu erfasst", "time past, nothing recorded"),
    # reviews
    "due": ("Überprüfung fällig", "review due"),
    "ahead": ("Überprüfung steht an", "review ahead"),
    "done": ("überprüft", "reviewed"),
    # scenarios
    "chosen": ("gewählt", "chosen"),
    "rejected": ("verworfen", "rejected"),
    "not-assessed": ("nicht beurteilt", "not assessed"),
    # goals, measures and indicators
    "pursued": ("wird verfolgt", "pursued"),
    "defined": ("festgelegt", "defined"),
    "selected": ("in Gebrauch", "in use"),
    "dropped": ("nicht mehr genutzt", "no longer used"),
}
"""Where something stands on the day, where that is no term of a step."""
