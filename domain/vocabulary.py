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
    "decision-taken": ("Beschluss gefasst", "Decision taken"),
    "decision-deferred": ("Beschluss vertagt", "Decision deferred"),
    "preference-stated": ("Präferenz geäußert", "Preference stated"),
    "question-left-open": ("Frage offengelassen", "Question left open"),
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
    "speakers": ("Akteure, die sich äußern", "Actors who speak"),
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
    # entries about entries
    "targets": ("Zu veröffentlichende Einträge", "Entries to publish"),
    "not_before": ("Öffentlich frühestens ab", "Public not before"),
    "target": ("Betroffener Eintrag", "Entry concerned"),
    "seen": ("Zuletzt gesehene Berichtigung", "Last correction seen"),
    "corrected": ("Berichtigte Angabe", "Corrected statement"),
    "reason": ("Grund", "Reason"),
}
"""Fields of a statement, as a form names them."""

TERMS: Final[dict[str, Words]] = {
    # actors
    "authority": ("Behörde", "Public authority"),
    "company": ("Unternehmen", "Company"),
    "association": ("Verein oder Verband", "Association"),
    "chamber": ("Kammer", "Chamber"),
    "university": ("Hochschule", "University"),
    "research-institute": ("Forschungsinstitut", "Research institute"),
    "initiative": ("Initiative", "Initiative"),
    "political-body": ("Politisches Gremium", "Political body"),
    "funder": ("Fördermittelgeber", "Funder"),
    "partnership": ("Partnerschaft", "Partnership"),
    "group": ("Gruppe", "Group"),
    "public": ("Öffentlichkeit", "General public"),
    "other": ("Sonstiges", "Other"),
    # roles of actors
    "member": ("Mitglied", "Member"),
    "lead": ("Leitung", "Lead"),
    "coordination": ("Koordination", "Coordination"),
    "facilitation": ("Moderation", "Facilitation"),
    "secretariat": ("Geschäftsführung", "Secretariat"),
    "stakeholder-management": ("Betreuung der Akteure", "Stakeholder management"),
    "monitoring": ("Monitoring", "Monitoring"),
    "research": ("Forschung", "Research"),
    "partner": ("Partner", "Partner"),
    "hub": ("Knotenpunkt", "Hub"),
    # bodies
    "allianz": ("Allianz", "Alliance"),
    "reallabor": ("Reallabor", "Reallabor"),
    "strategische-allianz": ("Strategische Allianz", "Strategische Allianz"),
    "geschaeftsstelle": ("Geschäftsstelle", "Geschäftsstelle"),
    "arbeitsgruppe": ("Arbeitsgruppe", "Working group"),
    "steuerungsgruppe": ("Steuerungsgruppe", "Steering group"),
    "konsortium": ("Konsortium", "Consortium"),
    "beirat": ("Beirat", "Advisory board"),
    "netzwerk": ("Netzwerk", "Network"),
    "active": ("aktiv", "active"),
    "paused": ("ruht", "paused"),
    "permanent": ("dauerhaft", "permanent"),
    # what becomes of something, and how it ends
    "placed": ("zugeordnet", "placed"),
    "dissolved": ("aufgelöst", "dissolved"),
    "closed": ("geschlossen", "closed"),
    "concluded": ("abgeschlossen", "concluded"),
    "expired": ("ausgelaufen", "expired"),
    "replaced": ("abgelöst", "replaced"),
    "to:left": ("mitgegangen", "went along"),
    "how:left": ("ausgeschieden", "left"),
    "unrecorded": ("nicht dokumentiert", "not documented"),
    "not-recorded": ("Anlass nicht dokumentiert", "cause not documented"),
    # feedback
    "concern": ("Bedenken", "Concern"),
    "wish": ("Wunsch", "Wish"),
    "position": ("Standpunkt", "Position"),
    "support": ("Zustimmung", "Support"),
    "question": ("Frage", "Question"),
    "taken-up": ("aufgegriffen", "taken up"),
    "taken-up-in-part": ("teilweise aufgegriffen", "taken up in part"),
    "declined": ("nicht aufgegriffen", "declined"),
    "noted": ("zur Kenntnis genommen", "noted"),
    "answered": ("beantwortet", "answered"),
    # decisions
    "adopted": ("angenommen", "adopted"),
    "rejected": ("abgelehnt", "rejected"),
    "consensus": ("Konsens (alle stimmen zu)", "Consensus (all agree)"),
    "consent": ("Konsent (kein schwerwiegender Einwand)", "Consent (no serious objection)"),
    "majority": ("Mehrheit", "Majority"),
    "systemic-consensing": ("Systemisches Konsensieren", "Systemic consensing"),
    "consultative": ("Einzelentscheidung nach Beratung", "Decision by one after consultation"),
    "single": ("Einzelentscheidung", "Decision by one"),
    "lot": ("Losverfahren", "Drawing of lots"),
    "simple": ("einfache Mehrheit", "simple majority"),
    "absolute": ("absolute Mehrheit", "absolute majority"),
    "two-thirds": ("Zweidrittelmehrheit", "two-thirds majority"),
    # dates
    "stated": ("in der Quelle angegeben", "stated by the source"),
    "derived": ("erschlossen", "derived"),
    "unknown": ("nicht bekannt", "not known"),
    # languages, and what accounts are for
    "de": ("Deutsch", "German"),
    "en": ("Englisch", "English"),
    "recorder": ("Erfassung", "Recorder"),
    "publisher": ("Veröffentlichung", "Publisher"),
    "evaluator": ("Auswertung", "Evaluator"),
    "admin": ("Verwaltung", "Administrator"),
}
"""Terms of the closed vocabularies; `field:term` where two fields mean different things by one term."""

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
    "name": ("Name", "Name"),
}
"""What of a subject can differ between two views."""

CHANGES: Final[dict[str, Words]] = {
    "changed": ("geändert", "changed"),
    "certainty": ("nur die Gewissheit ist eine andere", "only the certainty differs"),
}
"""How an aspect differs between two views."""
