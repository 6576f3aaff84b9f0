"""What the command line alone says, in German and English; what every face says stands in `domain/words.py`."""

import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from domain.words import Language, say

PHRASES: Final[dict[str, tuple[str, str]]] = {
    # the head of an answer
    "as-of": ("Stand: geschehen bis {day}", "View: happened by {day}"),
    "known": ("bekannt bis {day}", "known by {day}"),
    "published": ("veröffentlicht bis {day}", "published by {day}"),
    "today": ("heute", "today"),
    "public": ("Öffentlichkeit", "public"),
    "internal": ("auch Internes", "what is internal too"),
    "entry": ("Nr. {number}", "No. {number}"),
    "nothing-known": ("Bis dahin war hier nichts erfasst.", "Nothing was recorded here by then."),
    "nothing-public": ("Bis dahin war hier nichts veröffentlicht.", "Nothing was published here by then."),
    "processes": ("Prozesse", "Processes"),
    "no-processes": (
        "Es gibt hier noch keinen Prozess. „werdegang demo“ legt ein Beispiel an.",
        "There is no process here yet. “werdegang demo” sets up an example.",
    ),
    # structure
    "phase": ("Phase: {names}", "Phase: {names}"),
    "departed": ("Nicht mehr da", "No longer there"),
    "undetermined": ("Vielleicht schon geschehen, vielleicht noch nicht", "Perhaps happened already, perhaps not"),
    "conflicts": (
        "Widersprüche und Zweifel: {count} („show … conflicts“ nennt sie)",
        "Contradictions and doubts: {count} (“show … conflicts” names them)",
    ),
    "published-only": (
        "Gezeigt wird, was veröffentlicht ist; was als nicht erfasst dasteht, kann noch unveröffentlicht sein.",
        "Shown is what is published; what reads as not recorded may only be unpublished yet.",
    ),
    "no-conflicts": (
        "Die Einträge widersprechen sich nicht. Bestrittene Darstellungen zeigt: werdegang show PROZESS claims",
        "The entries do not contradict each other. For disputed accounts: werdegang show PROCESS claims",
    ),
    "begun": ("Beginn: {when}", "begun: {when}"),
    "ended": ("Ende: {when}", "ended: {when}"),
    "inferred": ("abgeleitet", "inferred"),
    "order-open": ("Reihenfolge offen (Nr. {numbers})", "order not known (no. {numbers})"),
    "perhaps-changed": ("vielleicht schon geändert (Nr. {numbers})", "perhaps changed already (no. {numbers})"),
    "under-itself": ("käme unter sich selbst zu stehen", "would come to stand under itself"),
    "project-of": ("Projekt von {name}", "project of {name}"),
    "unnamed": ("ohne Namen ({id})", "unnamed ({id})"),
    "erased": ("[Name gelöscht] ({id})", "[name erased] ({id})"),
    "erased-on": ("[Name gelöscht am {day}] ({id})", "[name erased on {day}] ({id})"),
    "text-erased": ("[Text gelöscht]", "[text erased]"),
    # tables
    "process": ("Prozess", "Process"),
    "number": ("Nr.", "No."),
    "when": ("Wann", "When"),
    "what": ("Was", "What"),
    "marks": ("Vermerke", "Marks"),
    "who": ("Wer", "Who"),
    "role": ("Rolle", "Role"),
    "where": ("Wo", "Where"),
    "whole-process": ("im ganzen Prozess", "in the whole process"),
    "presence": ("Stand", "Standing"),
    "corrected": ("berichtigt durch Nr. {numbers}", "corrected by no. {numbers}"),
    "plainly": ("In einfacher Sprache: {text}", "In plain language: {text}"),
    "withdrawn": ("zurückgenommen durch Nr. {numbers}", "withdrawn by no. {numbers}"),
    "not-public": ("nicht öffentlich", "not public"),
    "public-from": ("öffentlich ab {instant}", "public from {instant}"),
    # the why-path
    "causes": ("Was dazu führte", "What led to it"),
    "consequences": ("Was daraus wurde", "What came of it"),
    "related": ("Was dazu gehört", "What belongs to it"),
    "no-causes": ("Als Anlass ist kein anderer Eintrag genannt.", "No other entry is named as its cause."),
    "no-consequences": ("Kein anderer Eintrag nennt ihn als Anlass.", "No other entry names it as its cause."),
    "again": ("schon genannt", "named already"),
    "date": ("Wann: {when}", "When: {when}"),
    "date-worded": ("Wann: {when}, im Wortlaut „{wording}“", "When: {when}, as worded “{wording}”"),
    "by:decision-taken": ("Entschieden von: {names}", "Decided by: {names}"),
    "by": ("Von: {names}", "By: {names}"),
    "raised-by": ("Geäußert von: {names}", "Raised by: {names}"),
    "nobody-named": ("nicht dokumentiert", "not documented"),
    "method": ("Verfahren: {method}", "Method: {method}"),
    "vote": ("Stimmen: {yes} ja, {no} nein, {abstained} enthalten", "Votes: {yes} yes, {no} no, {abstained} abstained"),
    "rejected": ("Ergebnis: abgelehnt", "Outcome: rejected"),
    "dissent": ("Abweichende Meinungen: {text}", "Dissent: {text}"),
    "apart": ("Zeitlicher Abstand: {span}", "Time between: {span}"),
    "about": ("Betrifft: {names}", "About: {names}"),
    "grounds": ("Begründung: {text}", "Grounds: {text}"),
    "reason-not-recorded": ("Anlass nicht dokumentiert", "Cause not documented"),
    "cause-not-shown": ("Anlass nicht veröffentlicht", "Cause not published"),
    "source": ("Quelle: {source}", "Source: {source}"),
    "page": ("S. {page}", "p. {page}"),
    "lines": ("Zeilen {lines}", "lines {lines}"),
    "account-of": ("Nach Darstellung von: {names}", "According to: {names}"),
    # differences
    "no-differences": ("Keine Unterschiede.", "No differences."),
    "subject": ("Was", "What"),
    "aspect": ("Merkmal", "Aspect"),
    "before": ("Vorher", "Before"),
    "after": ("Nachher", "After"),
    "because": ("Wegen Nr.", "Because of no."),
    "counted:true": ("da", "there"),
    "counted:false": ("nicht da", "not there"),
    "passing:true": ("offen", "open"),
    "passing:false": ("nicht offen", "not open"),
    "sure:true": ("sicher", "certain"),
    "sure:false": ("nicht sicher", "not certain"),
    "inferred:true": ("abgeleitet", "inferred"),
    "inferred:false": ("angegeben", "told"),
    "top": ("direkt unter dem Prozess", "directly under the process"),
    # recording and publishing
    "recorded": (
        "{process}: neu erfasst {new}, unverändert {unchanged}",
        "{process}: {new} new, {unchanged} unchanged",
    ),
    "would-record": (
        "{process}: neu wären {new}, unverändert {unchanged}. Es wurde nichts gespeichert.",
        "{process}: {new} would be new, {unchanged} unchanged. Nothing was stored.",
    ),
    "publications-left-out": (
        "Veröffentlichungen in der Datei, die niemand zurücknehmen kann, sind ausgelassen: {count}",
        "Publications in the file, which nobody can take back, are left out: {count}",
    ),
    "name-in-file": (
        "Der Name steht in der Datei; „{name}“ gilt nicht.",
        "The name stands in the file; “{name}” does not count.",
    ),
    "rows-new": ("Zeile {lines}: neu, Nr. {numbers}", "Line {lines}: new, no. {numbers}"),
    "rows-would": ("Zeile {lines}: wäre neu", "Line {lines}: would be new"),
    "rows-known": ("Zeile {lines}: schon erfasst in Nr. {numbers}", "Row {lines}: recorded already in no. {numbers}"),
    "rows-withdrawn": (
        "Zeile {lines}: erfasst in Nr. {numbers} und zurückgenommen, es geschieht nichts",
        "Row {lines}: recorded in no. {numbers} and withdrawn, nothing is done",
    ),
    "rows-alike": ("Zeile {lines}: dasselbe wie Zeile {numbers}", "Row {lines}: the same as row {numbers}"),
    "rows-changed": (
        "Zeile {lines}: anders als erfasst in Nr. {numbers}, bleibt so (--correct {lines} --reason … berichtigt es)",
        "Row {lines}: other than recorded in no. {numbers}, left so (--correct {lines} --reason … corrects it)",
    ),
    "rows-corrected": ("Zeile {lines}: berichtigt Nr. {numbers}", "Row {lines}: corrects no. {numbers}"),
    "rows-example": ("Zeile {lines}: Beispiel, übergangen", "Row {lines}: example, passed over"),
    "rows-unfinished": (
        "Vielleicht gibt es weitere Fehler; gesucht werden sie, wenn diese behoben sind.",
        "There may be more faults; they are looked for when these are mended.",
    ),
    "actors-new": ("Neue Akteure: {count}", "New actors: {count}"),
    "columns-left": ("Nicht gelesen: {columns}", "Not read: {columns}"),
    "rows-unchanged": ("Zeile {lines}: unverändert, Nr. {numbers}", "Line {lines}: unchanged, no. {numbers}"),
    "effect": ("Was sich heute ändern würde", "What would change today"),
    "no-effect": ("An der heutigen Struktur änderte sich nichts.", "Nothing would change in today's structure."),
    "hint": ("Hinweis", "Hint"),
    "to-publish": ("Zu veröffentlichen", "To be published"),
    "needed-too": ("Gehört dazu, weil sie es nennen", "Needed too, because they name it"),
    "needed-earlier": (
        "Achtung: Nr. {number} ist erst für {instant} vorgemerkt und würde hiermit früher öffentlich.",
        "Mind: no. {number} is set down for {instant} only, and would be public earlier by this.",
    ),
    "to-erase": ("Wird gelöscht", "To be erased"),
    "erased-by": (
        "Gelöscht mit Nr. {number}. Wurde der Text schon heruntergeladen: bitte die Empfänger benachrichtigen.",
        "Erased by no. {number}. Where the text was downloaded already: please notify the recipients.",
    ),
    "published-now": ("Veröffentlicht mit Nr. {number}.", "Published by no. {number}."),
    "published-later": (
        "Vorgemerkt mit Nr. {number}: öffentlich ab {instant}.",
        "Set down by no. {number}: public from {instant}.",
    ),
    "would-publish": ("Es wurde nichts gespeichert.", "Nothing was stored."),
    "already-set-down": (
        (
            "Dafür ist schon vorgemerkt: öffentlich ab {instant}. Ein späterer Zeitpunkt ändert daran nichts; zum"
            " Verschieben die Vormerkung zurücknehmen (entry-withdrawn) und neu vormerken."
        ),
        (
            "It is set down already: public from {instant}. A later time changes nothing; to put it off, withdraw what"
            " set it down (entry-withdrawn) and publish it anew."
        ),
    ),
    "already-public": ("Alles davon ist schon öffentlich.", "All of it is public already."),
    # the transparency log
    "about-entry": ("zu Nr. {numbers}", "about no. {numbers}"),
    "hits": (
        "Gefunden: {total}, gezeigt: {shown}, zuletzt Erfasstes zuerst",
        "Found: {total}, shown: {shown}, what was recorded last comes first",
    ),
    "hits-more": (
        "Gefunden: mehr als {total}, gezeigt: {shown}, zuletzt Erfasstes zuerst",
        "Found: more than {total}, shown: {shown}, what was recorded last comes first",
    ),
    "rebuilt": (
        (
            "Die Tabellen für Listen und Suche sind neu gefüllt und stimmen mit den Einträgen überein. Prüfsumme"
            " {checksum}"
        ),
        "The tables for lists and search were filled anew and agree with the entries. Checksum {checksum}",
    ),
    "tables-in-order": (
        "Die Tabellen für Listen und Suche stimmen mit den Einträgen überein. Prüfsumme {checksum}",
        "The tables for lists and search agree with the entries. Checksum {checksum}",
    ),
    "log-in-order": (
        "In Ordnung: {size} Einträge, jeder wie erfasst und an seiner Stelle im Protokoll.",
        "In order: {size} entries, each as recorded and at its place in the log.",
    ),
    "new-log": (
        "Ein neues Protokoll beginnt. Sein Schlüssel, zum Weitergeben: {vkey}",
        "Another log begins. Its key, to be given to others: {vkey}",
    ),
    "receipt": (
        "{file}: der Beleg für Nr. {number}. Was darin liegt, sagt README.txt.",
        "{file}: the receipt for no. {number}. README.txt in it says what it holds.",
    ),
    "restored-without-key": (
        (
            "Zum Protokoll gehören log.key und log.checkpoint aus dem alten Ordner; bitte beide nach {home} kopieren."
            " Sind sie verloren oder ist mehr unterschrieben, als die Sicherung hat: werdegang new-log."
        ),
        (
            "The log needs log.key and log.checkpoint of the old folder; please copy both to {home}. If they are lost,"
            " or more was signed than the backup has: werdegang new-log."
        ),
    ),
    "key-changed": (
        (
            "Das Protokoll hat einen neuen Schlüssel:\n{new}\nBis {until} unterschreibt auch der bisherige:\n{old}\n"
            "Bitte bis dahin: den neuen veröffentlichen, eine Kopie von log.key sicher verwahren und alle Zeugen"
            " bitten, ihn einzutragen."
        ),
        (
            "The log has a new key:\n{new}\nUntil {until} the one before signs, too:\n{old}\n"
            "Please until then: publish the new one, keep a copy of log.key in a safe place and ask all witnesses to"
            " enter it."
        ),
    ),
    "key-retired": ("Dieser Schlüssel unterschreibt nicht mehr:\n{vkey}", "This key signs no more:\n{vkey}"),
    "witness-ready": (
        (
            "Der Zeuge ist eingerichtet. Sein Schlüssel, den Städte in ihr Regelwerk schreiben:\n{vkey}\n"
            "Welchen Protokollen er folgt, steht in {file}; dazu: werdegang witness follow SCHLÜSSEL"
        ),
        (
            "The witness is set up. Its key, which cities write into their policy:\n{vkey}\n"
            "Which logs it follows stands in {file}; to add one: werdegang witness follow VKEY"
        ),
    ),
    "witness-follows": ("Der Zeuge folgt {name}.", "The witness follows {name}."),
    "witness-serves": ("Zeuge: {address}\n{vkey}", "Witness: {address}\n{vkey}"),
    "witness-nothing": ("{name}: noch nichts unterschrieben", "{name}: nothing signed yet"),
    "witness-signed": ("{name}: {size} Einträge, unterschrieben {at}", "{name}: {size} entries, signed {at}"),
    "witness-two-views": (
        "{name} HAT ZWEI FASSUNGEN UNTERSCHRIEBEN: eine andere Prüfmarke über {size} Einträge, gesehen {at}:",
        "{name} SIGNED TWO VIEWS: another checkpoint of {size} entries, seen {at}:",
    ),
    "no-witnesses": (
        "Niemand bezeugt das Protokoll: {file} gibt es nicht. Wie man anfängt, steht in docs/witnesses.md.",
        "Nobody witnesses the log: there is no {file}. How to begin is told in docs/witnesses.md.",
    ),
    "since": ("seit {at}", "since {at}"),
    "signed-up-to": ("zuletzt {size} Einträge", "last {size} entries"),
    "witnessed-up-to": (
        "Alles ist bezeugt: {size} Einträge, seit {at}, durch {by}.",
        "Everything is witnessed: {size} entries, since {at}, by {by}.",
    ),
    "not-witnessed-yet": (
        "Noch nicht bezeugt: das Protokoll bis zum Eintrag {size}.",
        "Not yet witnessed: the log up to entry {size}.",
    ),
    "witnesses-overdue": (
        "ZU WENIGE ZEUGEN: {size} Einträge, unterschrieben am {at}, sind nach einem Tag noch nicht bezeugt.",
        "TOO FEW WITNESSES: {size} entries, signed at {at}, are not witnessed after a day.",
    ),
    "log-began": (
        "Das Protokoll gibt es seit {since}; {entries} Einträge sind älter. Was vorher war, kann es nicht beweisen.",
        "There has been a log since {since}; {entries} entries are older. What was before, it cannot prove.",
    ),
    # installation
    "initialised": ("Eingerichtet: {home}", "Set up: {home}"),
    "initialised-next": (
        """\
Das erste Konto darf alles: {account}. Wie es weitergeht:
  werdegang accounts password {account}    gibt ihm ein Passwort
  werdegang serve                              dann damit anmelden: {address}/geschaeftsstelle""",
        """\
The first account may do everything: {account}. What comes next:
  werdegang accounts password {account}    gives it a password
  werdegang serve                              then sign in with it: {address}/geschaeftsstelle""",
    ),
    "duties-to-state": (
        "Impressum, Datenschutz und Barrierefreiheit gibt die Stadt hier an: {file}",
        "Imprint, privacy and accessibility are stated by the city here: {file}",
    ),
    "updated": (
        "Auf den Stand dieses Programms gebracht: {home}. Kein Eintrag wurde geändert. Bitte log.key getrennt sichern.",
        "Brought up to date with this program: {home}. No entry was changed. Please keep a copy of log.key apart.",
    ),
    "initialised-before": (
        "Schon eingerichtet: {home}. Es bleibt alles, wie es ist.",
        "Set up before: {home}. Everything stays as it is.",
    ),
    "first-token": (
        "Zugangsschlüssel des ersten Kontos, nur dieses eine Mal zu sehen: {token}",
        "Token of the first account, shown this once: {token}",
    ),
    "password": ("Neues Passwort", "New password"),
    "password-again": ("Noch einmal", "Once more"),
    "password-set": (
        "Das Passwort ist gesetzt; alle Sitzungen des Kontos sind beendet.",
        "The password is set; all sessions of the account have ended.",
    ),
    "password-once": (
        "Dieses Passwort ist nur dieses eine Mal zu sehen. Alle Sitzungen des Kontos sind beendet.",
        "This password is shown this once. All sessions of the account have ended.",
    ),
    "success:true": ("ja", "yes"),
    "success:false": ("nein", "no"),
    "success": ("Erfolg", "Success"),
    "act:account-created": ("Konto angelegt", "account created"),
    "act:account-disabled": ("Konto geschlossen", "account disabled"),
    "act:four-eyes-off": ("Vier-Augen-Regel aufgehoben", "rule of four eyes lifted"),
    "act:four-eyes-on": ("Vier-Augen-Regel eingeführt", "rule of four eyes introduced"),
    "act:identity-tied": ("mit dem Anmeldedienst verknüpft", "tied to the identity provider"),
    "act:identity-untied": ("vom Anmeldedienst gelöst", "untied from the identity provider"),
    "act:lock-out": ("gesperrt wegen falscher Passwörter", "locked out for wrong passwords"),
    "act:password-set": ("Passwort gesetzt", "password set"),
    "act:document-added": ("Dokument hochgeladen", "document uploaded"),
    "act:document-changed": ("Dokument freigegeben oder zurückgenommen", "document handed out or taken back"),
    "act:document-erased": ("Dokument gelöscht", "document erased"),
    "act:person-added": ("Person eingetragen", "person added"),
    "act:person-changed": ("Person geändert", "person changed"),
    "act:person-erased": ("Personendaten gelöscht", "personal data erased"),
    "act:role-granted": ("Rolle gegeben", "role granted"),
    "act:role-revoked": ("Rolle entzogen", "role revoked"),
    "act:sign-in": ("Anmeldung", "sign-in"),
    "act:sign-out": ("Abmeldung", "sign-out"),
    "act:token-issued": ("Zugangsschlüssel ausgestellt", "token issued"),
    "act:token-revoked": ("Zugangsschlüssel entzogen", "token revoked"),
    "token-once": (
        "Dieser Zugangsschlüssel ist nur dieses eine Mal zu sehen. Er gilt {days} Tage.",
        "This token is shown this once. It is valid for {days} days.",
    ),
    "demo-next": (
        "Ansehen: werdegang show {process} – oder werdegang serve",
        "To look at it: werdegang show {process} – or werdegang serve",
    ),
    "demo-unchanged": (
        "{process}: {count} Einträge waren schon erfasst; es ist nichts geändert.",
        "{process}: {count} entries were recorded before; nothing was changed.",
    ),
    "demo-differs": (
        "{process}: Die {count} Einträge hier weichen vom Beispiel ab; sie bleiben, wie sie sind.",
        "{process}: the {count} entries here differ from the example; they stay as they are.",
    ),
    "demo-elsewhere": (
        "Das ganze Beispiel zeigt eine neue Installation: WERDEGANG_HOME=NEUER_ORDNER werdegang demo",
        "A new installation shows the whole example: WERDEGANG_HOME=NEW_FOLDER werdegang demo",
    ),
    "site-exported": ("{count} Dateien geschrieben: {folder}", "{count} files written: {folder}"),
    "file-exported": ("{count} Einträge geschrieben: {file}", "{count} entries written: {file}"),
    "made-from": ("Entstanden aus: {about}", "Made from: {about}"),
    "exported": ("{count} Zeilen geschrieben: {file}", "{count} lines written: {file}"),
    "mail-sent": ("{sent} Nachrichten verschickt, {failed} nicht.", "{sent} messages sent, {failed} not."),
    "let-go": (
        "{count} Anmeldungen gelöscht, deren Treffen länger als {days} Tage her ist.",
        "{count} registrations erased whose meeting is more than {days} days ago.",
    ),
    "backed-up": (
        "Gesichert bis Stelle {position}: {file}. Die Datei enthält auch Internes und Namen; bitte sicher aufbewahren.",
        "Backed up to position {position}: {file}. It holds what is internal and names too; please keep it safe.",
    ),
    "backup-replaced": (
        "Die ältere Sicherung dieses Namens ist damit ersetzt.",
        "The older backup of that name is replaced by it.",
    ),
    "restored": ("Zurückgespielt bis Stelle {position}: {file}", "Restored to position {position}: {file}"),
    "restored-without-erasures": (
        (
            "Ob seit dieser Sicherung etwas gelöscht wurde, steht nur im alten Ordner: bitte erasures.jsonl von dort"
            " nach {home} kopieren, bevor jemand etwas liest. Sonst wäre wieder da, was gelöscht wurde."
        ),
        (
            "Whether anything was erased since that backup only the old folder tells: please copy its erasures.jsonl to"
            " {home} before anybody reads anything. Else what was erased would be back."
        ),
    ),
    # people
    "people-erased": ("Gelöscht: {count}", "Erased: {count}"),
    "people-finished": ("Nichts Gelöschtes steht mehr in einer Datei.", "Nothing erased is in any file any more."),
    "people-unfinished": (
        "Noch nicht fertig: {left} Später noch einmal: werdegang people finish (der Server tut es täglich von selbst).",
        "Not finished yet: {left} Once more later: werdegang people finish (the server does so daily by itself).",
    ),
    "left:interrupted": (
        "Das Programm endete, bevor die Dateien bereinigt waren.",
        "The program ended before the files were cleaned.",
    ),
    "left:list": (
        "Die Löschliste erasures.jsonl im Datenordner ließ sich nicht schreiben; bitte Rechte und Platz prüfen.",
        "The list erasures.jsonl in the home folder could not be written; please check rights and space.",
    ),
    "left:documents": (
        "Im Ordner documents liegt noch die Datei eines gelöschten Dokuments; bitte die Rechte prüfen.",
        "In the folder documents there still is the file of an erased document; please check the rights.",
    ),
    "left:database": (
        "Die Dateien der Datenbank sind noch nicht bereinigt: Jemand liest oder schreibt gerade, oder Platz fehlt.",
        "The files of the database are not cleaned yet: somebody is reading or writing, or space is lacking.",
    ),
    # settings
    "setting-from:default": ("Vorgabe", "the default"),
    "setting-from:environment": ("aus der Umgebung; Vorgabe: {default}", "from the environment; default: {default}"),
    "setting-from:derived": ("ergibt sich aus anderen Einstellungen", "follows from other settings"),
    "setting-no-default": ("keine", "none"),
    # accounts
    "account": ("Konto", "Account"),
    "person": ("Name", "Name"),
    "roles": ("Rollen", "Roles"),
    "tokens": ("Zugangsschlüssel", "Tokens"),
    "state": ("Zustand", "State"),
    "open": ("offen", "open"),
    "disabled": ("geschlossen", "closed"),
    "until": ("{label} bis {day}", "{label} until {day}"),
    "revoked": ("{label} (entzogen)", "{label} (revoked)"),
    "every-process": ("alle Prozesse", "every process"),
    "in-process": ("{role} ({process})", "{role} ({process})"),
}
"""Code → German, English."""

TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
"""Signs that change the direction in which everything after them is shown."""


def phrase(code: str, language: Language, **params: Any) -> str:
    """A phrase in one language; texts filled in cannot steer the terminal."""
    return say(PHRASES[code], language, {name: tame(value) for name, value in params.items()})


def tame(value: object) -> str:
    """Text on one line, without the signs that move a cursor, colour a terminal or turn what follows around."""
    return "".join(
        "�" if unicodedata.category(sign) in ("Cc", "Cs") or sign in TURNS_TEXT else sign
        for sign in " ".join(str(value).split())
    )


def counted(numbers: Iterable[int]) -> str:
    """Numbers for reading, neighbours drawn together: 1–3, 7."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)
