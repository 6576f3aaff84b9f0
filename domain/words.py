"""The one table of words: code → (German, English), for refusals, hints, types, fields and vocabularies.

The sentences about statements stand in `domain/refusals.py`, `domain/step_refusals.py` and `domain/doubts.py`, the
words for what is recorded and shown in `domain/vocabulary.py` and `domain/terms.py`; all are reached from here.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from domain.doubts import CONFLICTS, HINTS
from domain.file_refusals import FILE_REFUSALS
from domain.refusals import FIELD_REFUSALS, STATEMENT_REFUSALS
from domain.step_refusals import STEP_REFUSALS
from domain.terms import TERMS
from domain.vocabulary import (
    ACTS,
    AMENDMENTS,
    ASPECTS,
    CHANGES,
    FIELDS,
    KINSHIP,
    NOT_COMPUTABLE,
    PATTERNS,
    PRESENCE,
    STANDINGS,
    STATES,
    SUBJECTS,
    TYPES,
    Table,
    Words,
)

__all__ = [
    "ACTS",
    "AMENDMENTS",
    "ASPECTS",
    "CHANGES",
    "CONFLICTS",
    "FIELDS",
    "HINTS",
    "KINSHIP",
    "NOT_COMPUTABLE",
    "PATTERNS",
    "PRESENCE",
    "REFUSALS",
    "STANDINGS",
    "STATES",
    "SUBJECTS",
    "TERMS",
    "TYPES",
    "Language",
    "Table",
    "Words",
    "say",
    "word",
]

Language = Literal["de", "en"]

REFUSALS: Final[dict[str, Words]] = {
    **FIELD_REFUSALS,
    **STEP_REFUSALS,
    **STATEMENT_REFUSALS,
    **FILE_REFUSALS,
    "date-ambiguous": (
        (
            "„{text}“ hat zwei Bedeutungen. Bitte „{within_words}“ eingeben, wenn es an einem Tag in dieser Zeit "
            "geschah, oder „{lasting_words}“, wenn es so lange dauerte."
        ),
        (
            "“{text}” has two meanings. Please enter “{within_words}” if it happened on one day in that time, "
            "or “{lasting_words}” if it lasted that long; the notation says {within} and {lasting}."
        ),
    ),
    "date-basis": (
        (
            "Ein unbekannter Zeitpunkt hat kein Datum, jeder andere hat eines. Bitte entweder ein Datum angeben "
            "oder „unbekannt“, nicht beides."
        ),
        "An unknown time has no date, every other one has. Please state either a date or “unknown”, not both.",
    ),
    "date-no-such-day": (
        (
            "„{text}“ steht in keinem Kalender. Bitte Tag, Monat und Jahr prüfen; ist der Tag nicht bekannt, "
            "genügt der Monat oder das Jahr."
        ),
        (
            "“{text}” is in no calendar. Please check day, month and year; if the day is not known, "
            "the month or the year is enough."
        ),
    ),
    "date-not-understood": (
        (
            "„{text}“ wird nicht als Datum verstanden. Bitte das Jahr vierstellig angeben, zum Beispiel „14.3.2018“, "
            "„März 2018“, „ca. April 2018“, „zwischen März und Mai 2018“, „März bis Mai 2018“ oder „unbekannt“."
        ),
        (
            "“{text}” is not understood as a date. Please give the year in four digits, for example 2018-03-14, "
            "2018-03, 2018-04~ (about), [2018-03..2018-05] (one day between) or 2018-03/2018-05 (from–to)."
        ),
    ),
    "date-reversed": (
        "„{text}“ endet, bevor es beginnt. Bitte das frühere Datum zuerst nennen.",
        "“{text}” ends before it begins. Please name the earlier date first.",
    ),
    "date-weekday": (
        "„{text}“: Der Tag ist ein {weekday}. Bitte das Datum berichtigen oder den Wochentag weglassen.",
        "“{text}”: {day} falls on another weekday. Please correct the date or leave out the weekday.",
    ),
    "day-not-understood": (
        (
            "„{text}“ ist kein Tag. Bitte so angeben: 31.12.2018 – oder „März 2018“ oder 2018, was den letzten Tag "
            "davon meint."
        ),
        (
            "“{text}” is not a day. Please give it like this: 2018-12-31 – or “March 2018” or 2018, which mean the "
            "last day of it."
        ),
    ),
    "day-not-written": (
        "„{text}“ ist hier kein Tag. Bitte Jahr, Monat und Tag so angeben: 2018-12-31.",
        "“{text}” is no day here. Please give year, month and day like this: 2018-12-31.",
    ),
    "text-unprintable": (
        "Der Text enthält ein Steuerzeichen. Bitte den Text ohne das Zeichen eingeben.",
        "The text contains a control character. Please enter the text without it.",
    ),
    # command line: what it is called with, the files it is given, the installation it works on
    "account-choice": (
        "Mehrere Konten dürfen das: {choices}. Bitte eines mit --as oder WERDEGANG_ACCOUNT nennen.",
        "Several accounts may do this: {choices}. Please name one with --as or WERDEGANG_ACCOUNT.",
    ),
    "account-none-fits": (
        "Kein offenes Konto darf das im Prozess {process}. Bitte einem die Rolle geben: werdegang accounts grant.",
        "No open account may do this in the process {process}. Please give one the role: werdegang accounts grant.",
    ),
    "address-unusable": (
        "{host}, Port {port}, ist nicht nutzbar: {reason}. Bitte WERDEGANG_HOST und WERDEGANG_PORT prüfen.",
        "{host}, port {port}, cannot be used: {reason}. Please check WERDEGANG_HOST and WERDEGANG_PORT.",
    ),
    "database-failed": (
        (
            "Die Datenbank meldet: {reason}. Es wurde nichts gespeichert; bitte Speicherplatz, Rechte und Zustand der"
            " Datenbank prüfen."
        ),
        (
            "The database reports: {reason}. Nothing was stored; please check disk space, rights and the state of the"
            " database."
        ),
    ),
    "export-in-part": (
        (
            "Angaben lassen sich nur nach dem Kenntnisstand ausgeben, nicht nach dem Tag des Geschehens oder der"
            " Veröffentlichung: Worauf sie sich beziehen, könnte fehlen. Bitte --happened-by und --published-by"
            " weglassen oder --format entries verwenden."
        ),
        (
            "Statements can be exported by what was known, not by when it happened or was published: what they refer to"
            " might be missing. Please leave out --happened-by and --published-by or use --format entries."
        ),
    ),
    "file-failed": (
        "{file}: {reason}. Bitte Pfad, Rechte und Speicherplatz prüfen.",
        "{file}: {reason}. Please check the path, the rights and the disk space.",
    ),
    "file-not-utf8": (
        "Die Datei {file} ist in Zeile {line} nicht in UTF-8 geschrieben. Bitte sie als UTF-8 speichern.",
        "The file {file} is not written in UTF-8 on line {line}. Please save it as UTF-8.",
    ),
    "file-unreadable": (
        "Die Datei {file} lässt sich nicht lesen: {reason}. Bitte Pfad und Rechte prüfen.",
        "The file {file} cannot be read: {reason}. Please check the path and the rights.",
    ),
    "home-full": (
        (
            "Für {file} ist kein Platz mehr: {reason}. Unterschrieben wird erst wieder, wenn auf diesem Datenträger"
            " Platz ist; bitte dort außerhalb des Ordners Platz schaffen, zum Beispiel alte Sicherungen verlegen."
        ),
        (
            "There is no space left for {file}: {reason}. Nothing is signed until that disk has space again; please"
            " make room there outside of the folder, for example by moving old backups."
        ),
    ),
    "home-file-unreadable": (
        (
            "{file} lässt sich nicht lesen oder schreiben: {reason}. Das Programm läuft als {user}; gehört die Datei"
            " einem anderen, bitte als root ausführen: chown {user} {file}. Befehle bitte nur als {user} ausführen."
        ),
        (
            "{file} cannot be read or written: {reason}. The program runs as {user}; if the file belongs to somebody"
            " else, please run as root: chown {user} {file}. Please run commands as {user} alone."
        ),
    ),
    "home-of-another": (
        (
            "Die Dateien in {folder} gehören {owner}, und dieser Befehl läuft als {user}: Was er dort schreibt, könnte"
            " der Server nicht lesen. Bitte als {owner} ausführen: sudo -u {owner} … Soll alles {user} gehören, vorher:"
            " chown -R {user} {folder}."
        ),
        (
            "The files in {folder} belong to {owner}, and this command runs as {user}: what it writes there the server"
            " could not read. Please run it as {owner}: sudo -u {owner} … If all of it is to be {user}'s, before that:"
            " chown -R {user} {folder}."
        ),
    ),
    "home-unusable": (
        "Der Ordner {folder} lässt sich nicht anlegen: {reason}. Bitte einen anderen WERDEGANG_HOME nennen.",
        "The folder {folder} cannot be created: {reason}. Please name another WERDEGANG_HOME.",
    ),
    "json-named-twice": (
        "Das Feld „{name}“ steht zweimal in derselben Klammer. Bitte eines von beiden entfernen.",
        "The field “{name}” stands twice in the same brackets. Please remove one of the two.",
    ),
    "not-initialised": (
        (
            "In {home} und der Datenbank dazu ist noch nichts eingerichtet. Stimmen WERDEGANG_HOME und"
            " WERDEGANG_DATABASE_URL, bitte ausführen: werdegang init – oder werdegang restore, um eine Sicherung"
            " zu übernehmen."
        ),
        (
            "Nothing has been set up yet in {home} and the database that belongs to it. If WERDEGANG_HOME and"
            " WERDEGANG_DATABASE_URL are right, please run: werdegang init – or werdegang restore, to take over"
            " a backup."
        ),
    ),
    "port-in-use": (
        "Der Port {port} ist schon belegt. Bitte einen anderen wählen, zum Beispiel WERDEGANG_PORT=8001.",
        "The port {port} is in use already. Please choose another one, for example WERDEGANG_PORT=8001.",
    ),
    "publish-along": (
        (
            "Dazu gehören auch Nr. {entries}, sonst bliebe unverständlich, worum es geht. Bitte --with-needed angeben,"
            " um sie mit zu veröffentlichen."
        ),
        (
            "No. {entries} belong with it, or it would not be clear what it is about. Please give --with-needed to"
            " publish them too."
        ),
    ),
    # addresses, parameters and what is sent to them
    "body-too-large": (
        "Das ist zu viel auf einmal: höchstens {most} MB. Bitte in mehreren Teilen senden.",
        "This is too much at once: {most} MB at most. Please send it in several parts.",
    ),
    "body-too-slow": (
        (
            "Es kam {within} Sekunden lang nichts mehr an, oder weniger als {least} Bytes in der Sekunde; gespeichert"
            " wurde nichts. Bitte noch einmal senden, über eine bessere Verbindung oder in kleineren Teilen."
        ),
        (
            "Nothing more came in for {within} seconds, or less than {least} bytes a second; nothing was stored. Please"
            " send it again, over a better connection or in smaller parts."
        ),
    ),
    "format-unknown": (
        "Ein Format „{format}“ gibt es hier nicht. Bitte eines davon wählen: {known}.",
        "There is no format “{format}” here. Please choose one of these: {known}.",
    ),
    "internal-error": (
        (
            "Das Programm hat einen Fehler gemacht; erfasst wurde nichts. Bitte später noch einmal versuchen und,"
            " wenn es wieder geschieht, der Verwaltung der Installation melden."
        ),
        (
            "The program made a fault; nothing was recorded. Please try again later and, if it happens again, tell"
            " whoever runs this installation."
        ),
    ),
    "address-too-long": (
        "Diese Adresse ist zu lang: höchstens {most} Bytes nach dem Fragezeichen. Bitte weniger auswählen.",
        "This address is too long: {most} bytes at most after the question mark. Please choose less.",
    ),
    "headers-too-large": (
        (
            "Die Kopfzeilen der Anfrage sind zu groß: höchstens {most} Bytes. Bitte Cookies für diese Adresse löschen"
            " und noch einmal versuchen."
        ),
        (
            "The headers of the request are too large: {most} bytes at most. Please delete the cookies for this address"
            " and try again."
        ),
    ),
    "answer-too-slow": (
        (
            "Das hat länger als {within} Sekunden gedauert, deshalb wurde nicht weiter gewartet. Bitte gleich noch"
            " einmal versuchen, oder weniger auf einmal abfragen."
        ),
        (
            "This took longer than {within} seconds, so it was not waited for any longer. Please try again in a moment,"
            " or ask for less at once."
        ),
    ),
    "stopping": (
        "Der Server hört gerade auf. Bitte in einigen Sekunden noch einmal versuchen.",
        "The server is about to stop. Please try again in some seconds.",
    ),
    "metrics-closed": (
        (
            "Diese Zahlen sieht nur, wer direkt an diesem Rechner fragt oder das Kennwort aus WERDEGANG_METRICS_TOKEN"
            " mitschickt (Authorization: Bearer …)."
        ),
        (
            "These figures are shown only to whoever asks at this machine itself, or sends along the token of"
            " WERDEGANG_METRICS_TOKEN (Authorization: Bearer …)."
        ),
    ),
    "list-too-long": (
        "Die Liste hat {given} Angaben, höchstens {most} gehen auf einmal. Bitte in mehreren Teilen senden.",
        "The list has {given} statements, {most} at most go at once. Please send it in several parts.",
    ),
    "media-type-unsupported": (
        "Gesendet wurde „{given}“, gelesen wird nur {accepted}. Bitte JSON senden und es mit Content-Type so nennen.",
        "What was sent is “{given}”, only {accepted} is read. Please send JSON and name it so with Content-Type.",
    ),
    "method-not-allowed": (
        "So lässt sich diese Adresse nicht ansprechen. Möglich ist: {allowed}.",
        "This address cannot be used that way. Possible is: {allowed}.",
    ),
    # the desk
    "draft-full": (
        "Zusammen lassen sich höchstens {most} Angaben erfassen. Bitte erfassen Sie erst diese und dann die weiteren.",
        "At most {most} statements are recorded together. Please record these first, and then the others.",
    ),
    "draft-too-large": (
        "Für einen Entwurf ist das zu viel. Bitte erfassen Sie, was fertig ist, oder kürzen Sie einen Text.",
        "That is too much for a draft. Please record what is ready, or shorten a text.",
    ),
    "draft-unknown": (
        (
            "Diesen Entwurf gibt es hier nicht: Er wurde erfasst oder verworfen, ist zu alt oder gehört zu einem"
            " anderen Konto. Ihre Entwürfe finden Sie auf der Startseite der Geschäftsstelle."
        ),
        (
            "There is no such draft here: it was recorded or discarded, is too old, or belongs to another account. You"
            " find your drafts on the page that the desk starts with."
        ),
    ),
    "drafts-too-many": (
        "Sie haben schon {most} Entwürfe. Bitte erfassen oder verwerfen Sie einige davon; dann sichern wir weitere.",
        "You have {most} drafts already. Please record or discard some of them; then we keep others.",
    ),
    "form-foreign": (
        (
            "Das Formular kam nicht von einer Seite dieser Geschäftsstelle; deshalb geschah nichts. Bitte öffnen Sie"
            " die Seite hier noch einmal und füllen Sie das Formular dort aus."
        ),
        (
            "The form did not come from a page of this desk; therefore nothing was done. Please open the page here once"
            " more and fill in the form there."
        ),
    ),
    "form-outdated": (
        (
            "Dieses Formular gilt nicht mehr: Die Sitzung ist eine andere, oder der Browser nimmt kein Cookie an. Bitte"
            " senden Sie es noch einmal ab; hilft das nicht, lassen Sie Cookies zu und öffnen Sie die Seite über https."
        ),
        (
            "This form is no longer valid: the session is another one, or the browser takes no cookie. Please send it"
            " once more; if that does not help, allow cookies and open the page by https."
        ),
    ),
    "meeting-gone": (
        (
            "Dieses Treffen gibt es nicht mehr: Eine Kollegin oder ein Kollege hat den Eintrag dazu inzwischen"
            " zurückgenommen. Was Sie geschrieben haben, steht hier und bleibt unter „Meine Entwürfe“."
        ),
        (
            "This meeting is no more: a colleague has withdrawn the entry about it meanwhile. What you wrote stands"
            " here and stays under “My drafts”."
        ),
    ),
    "meeting-to-come": (
        (
            "Dieses Treffen ist erst für später angekündigt. Ein Ergebnis lässt sich erfassen, wenn es begonnen hat;"
            " fand es früher statt, erfassen Sie bitte zuerst, dass es verlegt wurde."
        ),
        (
            "This meeting is announced for later. A result can be recorded once it has begun; if it took place"
            " earlier, please record first that it was moved."
        ),
    ),
    "barrier-report-gone": (
        "Diese Meldung gibt es nicht mehr, oder sie gehört zu einem anderen Prozess. Bitte die Liste neu laden.",
        "This report is gone, or it belongs to another process. Please load the list again.",
    ),
    "barrier-reports-full": (
        (
            "Gerade warten sehr viele Meldungen, und das Formular nimmt keine mehr an. Bitte rufen Sie uns an oder"
            " schreiben Sie uns eine E-Mail."
        ),
        "Very many reports wait just now, and the form takes no more. Please call us or send us an e-mail.",
    ),
    "barrier-what": (
        "Bitte schreiben Sie, was nicht geht.",
        "Please write what does not work.",
    ),
    "registration-consent": (
        "Ohne Einverständnis dürfen die Angaben nicht gespeichert werden. Bitte kreuzen Sie es an.",
        "Without consent nothing of it may be kept. Please tick it.",
    ),
    "registration-date": (
        "„{given}“ ist kein Tag. Bitte so angeben: 14.9.2027, oder das Feld leer lassen.",
        "“{given}” is no day. Please give it like this: 2027-09-14, or leave the field empty.",
    ),
    "registration-date-late": (
        "Am {given} hat das Treffen schon begonnen. Bitte einen Tag bis zum Beginn angeben.",
        "By {given} the meeting has begun already. Please give a day not after it begins.",
    ),
    "registration-date-past": (
        "Der letzte Tag der Anmeldung ({given}) ist schon vorbei. Bitte einen kommenden Tag angeben.",
        "The last day to register ({given}) is past already. Please give a day to come.",
    ),
    "registration-email": (
        "Das ist keine E-Mail-Adresse. Bitte so angeben: name@beispiel.de.",
        "This is no e-mail address. Please give it like this: name@example.org.",
    ),
    "registration-known": (
        "Mit dieser E-Mail-Adresse ist schon „{name}“ angemeldet. Bitte eine andere angeben oder es dabei lassen.",
        "“{name}” is registered with this e-mail address already. Please give another one, or leave it at that.",
    ),
    "registration-name": (
        "Der Name fehlt. Bitte eintragen.",
        "The name is missing. Please fill it in.",
    ),
    "registration-not-taken": (
        (
            "Für dieses Treffen kann sich niemand anmelden. Bitte zuerst die Anmeldung öffnen; nach dem Beginn und nach"
            " einer Absage geht es nicht mehr."
        ),
        (
            "Nobody can register for this meeting. Please open the registration first; once it has begun or is"
            " cancelled that is no longer possible."
        ),
    ),
    "registration-not-public": (
        (
            "Die Anmeldung lässt sich erst öffnen, wenn die Ankündigung öffentlich ist und das Treffen noch bevorsteht."
            " Bitte zuerst den Eintrag veröffentlichen."
        ),
        (
            "The registration can be opened only when the announcement is public and the meeting is still to come."
            " Please publish the entry first."
        ),
    ),
    "registration-trap": (
        "Ein Feld, das leer bleiben muss, war ausgefüllt. Bitte senden Sie das Formular noch einmal ab.",
        "A field that has to stay empty was filled in. Please send the form once more.",
    ),
    "registration-quick": (
        "Das ging sehr schnell oder hat sehr lange gedauert. Bitte senden Sie das Formular noch einmal ab.",
        "That was very quick, or took very long. Please send the form once more.",
    ),
    "registrations-too-many": (
        "Von hier wurde dieses Formular gerade sehr oft gesendet. Bitte versuchen Sie es in einer Stunde noch einmal.",
        "This form was sent very often from here just now. Please try again in an hour.",
    ),
    "registration-too-long": (
        "Diese Angabe ist zu lang. Bitte auf höchstens {most} Zeichen kürzen.",
        "This is too long. Please shorten it to {most} characters at most.",
    ),
    "count-unreadable": (
        "„{given}“ ist keine Anzahl. Bitte eine ganze Zahl eintragen oder das Feld leer lassen.",
        "“{given}” is no number. Please give a whole number, or leave the field empty.",
    ),
    "form-unreadable": (
        "Was gesendet wurde, ist kein Formular dieser Seiten. Bitte öffnen Sie die Seite noch einmal.",
        "What was sent is no form of these pages. Please open the page once more.",
    ),
    "sign-in-needed": (
        "Diese Seite ist nur für die Geschäftsstelle. Bitte melden Sie sich an.",
        "This page is for the office only. Please sign in.",
    ),
    "sign-in-waiting": (
        (
            "Es gab zu viele Versuche. Bitte versuchen Sie es in {minutes} Min. wieder; bis dahin wird auch das"
            " richtige Passwort abgelehnt."
        ),
        "There were too many tries. Please try again in {minutes} min.; until then even the right password is refused.",
    ),
    "sign-in-wrong": (
        (
            "Konto und Passwort passen nicht zusammen. Bitte prüfen Sie beide; nach mehreren falschen Versuchen müssen"
            " Sie warten."
        ),
        "Account and password do not belong together. Please check both; after several wrong tries you have to wait.",
    ),
    # the HTTP API again
    "not-acceptable": (
        "Diese Adresse antwortet nur als {offered}. Bitte das unter Accept zulassen oder Accept weglassen.",
        "This address answers as {offered} only. Please allow it under Accept, or leave Accept out.",
    ),
    "page-beyond": (
        "So viele Seiten hat diese Liste nicht. Ihre letzte ist Seite {pages}.",
        "This list has fewer pages. Its last one is page {pages}.",
    ),
    "page-not-found": (
        (
            "Unter dieser Adresse gibt es nichts. Bitte die Schreibweise prüfen; alle Adressen stehen in"
            " /api/v1/openapi.json."
        ),
        (
            "There is nothing at this address. Please check how it is spelled; all addresses stand in"
            " /api/v1/openapi.json."
        ),
    ),
    "feed-busy": (
        (
            "Es warten schon {most} auf Neues, mehr nimmt der Server nicht an. Bitte in {seconds} Sekunden noch einmal"
            " fragen oder ohne „wait“."
        ),
        (
            "{most} are waiting for news already, and the server takes no more. Please ask again in {seconds} seconds,"
            " or without “wait”."
        ),
    ),
    "parameter-choice": (
        "Der Parameter „{parameter}“ kann nicht „{given}“ sein. Möglich ist: {permitted:codes}.",
        "The parameter “{parameter}” cannot be “{given}”. Possible are: {permitted:codes}.",
    ),
    "parameter-missing": (
        "Der Parameter „{parameter}“ fehlt; bitte angeben. Was möglich ist, steht in /api/v1/openapi.json.",
        "The parameter “{parameter}” is missing. Please give it; what is possible stands in /api/v1/openapi.json.",
    ),
    "parameter-number": (
        "Der Parameter „{parameter}“ braucht eine Zahl; „{given}“ ist keine. Bitte die Adresse prüfen.",
        "The parameter “{parameter}” needs a number; “{given}” is none. Please check the address.",
    ),
    "parameter-too-long": (
        "Der Parameter „{parameter}“ ist zu lang: Bitte höchstens {most} Zeichen angeben.",
        "The parameter “{parameter}” is too long. Please give at most {most} characters.",
    ),
    "parameter-unknown": (
        "Einen Parameter „{parameter}“ gibt es hier nicht. Bitte die Schreibweise prüfen oder ihn weglassen.",
        "There is no parameter “{parameter}” here. Please check how it is spelled, or leave it out.",
    ),
    "parameter-too-large": (
        "Der Parameter „{parameter}“ ist zu groß: höchstens {most}. Bitte einen kleineren Wert angeben.",
        "The parameter “{parameter}” is too large: {most} at most. Please give a smaller one.",
    ),
    "parameter-too-small": (
        "Der Parameter „{parameter}“ ist zu klein: mindestens {least}. Bitte einen größeren Wert angeben.",
        "The parameter “{parameter}” is too small: {least} at least. Please give a larger one.",
    ),
    "parameter-wrong": (
        "Der Parameter „{parameter}“ kann nicht „{given}“ sein. Was möglich ist, steht in /api/v1/openapi.json.",
        "The parameter “{parameter}” cannot be “{given}”. What is possible stands in /api/v1/openapi.json.",
    ),
    "supposed-day-missing": (
        "Der Tag fehlt, an dem der Eintrag statt dessen geschehen sein soll. Bitte angeben, zum Beispiel 31.12.2018.",
        "The day is missing on which the entry is to have happened instead. Please give it, for example 2018-12-31.",
    ),
    "supposed-entry-missing": (
        "Welcher Eintrag anders sein soll, fehlt. Bitte seine Nummer angeben; sie steht im Verlauf bei jedem Eintrag.",
        "Which entry is to be otherwise is missing. Please give its number; the timeline has it at each entry.",
    ),
    "supposed-not-a-decision": (
        "Nr. {entry} ist an diesem Tag kein Beschluss. Bitte einen aus der Liste wählen.",
        "No. {entry} is no decision on this day. Please choose one from the list.",
    ),
    "supposed-subject-missing": (
        "Was anders sein soll, ist nicht gewählt. Bitte aus der Liste wählen.",
        "What is to be otherwise is not chosen. Please choose from the list.",
    ),
    "supposed-undated": (
        "Nr. {entry} sagt nicht, wann etwas geschah, oder ist zurückgenommen. Bitte einen anderen Eintrag nennen.",
        "No. {entry} does not say when anything happened, or is withdrawn. Please name another entry.",
    ),
    "publish-past": (
        "Der Zeitpunkt {instant} ist vorbei. Zum sofortigen Veröffentlichen bitte keinen Zeitpunkt angeben.",
        "The time {instant} is past. To publish at once, please give no time.",
    ),
    "question-long": (
        "Die Frage ist zu lang. Bitte höchstens {words} Wörter und {letters} Zeichen angeben.",
        "The question is too long. Please give at most {words} words and {letters} characters.",
    ),
    "process-differs": (
        (
            "Die Angabe nennt einen anderen Prozess als die Adresse („{process}“). Bitte dort „{process}“ angeben oder"
            " das Feld weglassen."
        ),
        (
            "The statement names another process than the address (“{process}”). Please give “{process}” there, or"
            " leave the field out."
        ),
    ),
    "token-invalid": (
        (
            "Der Zugangsschlüssel gilt nicht: Er ist falsch, abgelaufen oder zurückgezogen. Bitte einen neuen"
            " ausstellen lassen, oder ihn weglassen, um als Öffentlichkeit zu lesen."
        ),
        (
            "The token is not valid: it is wrong, expired or revoked. Please have a new one issued, or leave it out to"
            " read as the public."
        ),
    ),
    # storage, settings, accounts, backup
    "account-disabled": (
        "Das Konto {id} ist geschlossen. Bitte ein neues Konto anlegen: werdegang accounts.",
        "The account {id} is closed. Please create a new one: werdegang accounts.",
    ),
    "account-name": (
        (
            "Ein Konto braucht den Namen der Person, ohne Steuerzeichen. Er steht nur in der Personentabelle und lässt"
            " sich dort löschen."
        ),
        (
            "An account needs the name of the person, without control characters. It is kept in the people table only"
            " and can be erased there."
        ),
    ),
    "identity-subject": (
        (
            "Die Kennung beim Anmeldedienst fehlt oder ist länger als {most} Zeichen. Die Anmeldeseite zeigt sie der"
            " Person, wenn sie sich damit anmelden will; bitte diese eintragen."
        ),
        (
            "The id at the identity provider is missing or longer than {most} characters. The sign-in page shows it"
            " to the person who tries to sign in with it; please enter that one."
        ),
    ),
    "identity-taken": (
        "Diese Kennung beim Anmeldedienst gehört schon zum Konto {id}. Bitte sie dort zuerst lösen.",
        "This id at the identity provider belongs to the account {id} already. Please untie it there first.",
    ),
    "identity-unknown": (
        (
            "Ihr Zugang beim Anmeldedienst ist hier mit keinem offenen Konto verknüpft. Bitte geben Sie der"
            " Verwaltung die Kennung „{subject}“, damit sie ihn verknüpft."
        ),
        (
            "Your access at the identity provider is tied to no open account here. Please give the id “{subject}” to"
            " an administrator, who can tie it."
        ),
    ),
    "identity-refused": (
        "Der Anmeldedienst hat die Anmeldung nicht bestätigt, oder Sie haben abgebrochen. Bitte noch einmal anmelden.",
        "The identity provider did not confirm the sign-in, or it was cancelled. Please sign in once more.",
    ),
    "identity-state": (
        "Diese Anmeldung wurde nicht in diesem Browser begonnen, oder sie ist schon vorbei. Bitte neu anmelden.",
        "This sign-in was not begun in this browser, or is over already. Please sign in once more.",
    ),
    "identity-invalid": (
        (
            "Die Antwort des Anmeldedienstes ist nicht gültig. Es wurde niemand angemeldet. Bitte noch einmal"
            " anmelden; wenn es wieder geschieht, bitte der Verwaltung Bescheid geben."
        ),
        (
            "The answer of the identity provider is not valid. Nobody was signed in. Please sign in once more; if it"
            " happens again, please tell an administrator."
        ),
    ),
    "identity-unreachable": (
        (
            "Der Anmeldedienst antwortet nicht. Bitte in ein paar Minuten noch einmal versuchen, oder mit Konto und"
            " Passwort anmelden."
        ),
        "The identity provider does not answer. Please try again in a few minutes, or sign in with a password.",
    ),
    "identity-not-set": (
        "Hier ist kein Anmeldedienst eingerichtet. Bitte WERDEGANG_OIDC_ISSUER und WERDEGANG_OIDC_CLIENT_ID setzen.",
        "No identity provider is set up here. Please set WERDEGANG_OIDC_ISSUER and WERDEGANG_OIDC_CLIENT_ID.",
    ),
    "last-admin": (
        "{id} ist das letzte offene Konto, das alles verwalten darf. Bitte zuerst einem anderen das Recht dazu geben.",
        "{id} is the last open account that may administer everything. Please give another account that right first.",
    ),
    "own-account": (
        (
            "Das eigene Verwaltungsrecht und das eigene Konto kann hier niemand wegnehmen. Bitte eine andere Person mit"
            " Verwaltungsrecht darum bitten."
        ),
        (
            "Nobody can take away their own right to administer or their own account here. Please ask another"
            " administrator."
        ),
    ),
    "password-again": (
        "Die beiden Eingaben des neuen Passworts sind nicht gleich. Bitte beide noch einmal eingeben.",
        "The two entries of the new password differ. Please enter both once more.",
    ),
    "password-own": (
        "Bitte wählen Sie zuerst ein eigenes Passwort; das jetzige kennt auch, wer es Ihnen gegeben hat.",
        "Please choose a password of your own first; whoever gave you the present one knows it, too.",
    ),
    "setting-oidc": (
        (
            "{name} fehlt: Der Anmeldedienst braucht WERDEGANG_OIDC_ISSUER und WERDEGANG_OIDC_CLIENT_ID. Bitte beide"
            " setzen oder keine Einstellung, die mit WERDEGANG_OIDC_ beginnt."
        ),
        (
            "{name} is missing: the identity provider needs WERDEGANG_OIDC_ISSUER and WERDEGANG_OIDC_CLIENT_ID."
            " Please set both, or no setting that begins with WERDEGANG_OIDC_."
        ),
    ),
    "setting-oidc-issuer": (
        (
            "WERDEGANG_OIDC_ISSUER ist „{value}“. Bitte die Adresse des Anmeldedienstes angeben, mit https:// am"
            " Anfang und ohne ? und #."
        ),
        (
            "WERDEGANG_OIDC_ISSUER is “{value}”. Please give the address of the identity provider, with https:// at its"
            " beginning and without ? and #."
        ),
    ),
    "setting-oidc-secret": (
        (
            "Das Geheimnis für den Anmeldedienst ist nicht zu lesen oder doppelt angegeben. Bitte entweder"
            " WERDEGANG_OIDC_CLIENT_SECRET setzen oder mit WERDEGANG_OIDC_CLIENT_SECRET_FILE eine lesbare Datei"
            " nennen, in der es steht."
        ),
        (
            "The secret for the identity provider cannot be read or is given twice. Please either set"
            " WERDEGANG_OIDC_CLIENT_SECRET, or name with WERDEGANG_OIDC_CLIENT_SECRET_FILE a readable file that holds"
            " it."
        ),
    ),
    "sign-in-busy": (
        "Gerade wollen sich sehr viele anmelden. Bitte in ein paar Sekunden noch einmal versuchen.",
        "Very many are signing in right now. Please try again in a few seconds.",
    ),
    "account-unknown": (
        "Ein Konto {id} gibt es nicht. „werdegang accounts“ zeigt alle Konten.",
        "There is no account {id}. “werdegang accounts” lists all accounts.",
    ),
    "backup-damaged": (
        (
            "Der Teil {member} der Sicherung fehlt oder ist nicht mehr so, wie er geschrieben wurde. Es wurde nichts"
            " übernommen; bitte eine andere Sicherung verwenden."
        ),
        (
            "The part {member} of the backup is missing or is no longer what was written. Nothing was taken over;"
            " please use another backup."
        ),
    ),
    "backup-entry-changed": (
        (
            "Eintrag {number} des Prozesses {process} stimmt in dieser Sicherung nicht mit seiner Festlegung überein:"
            " er wurde verändert. Es wurde nichts übernommen; bitte eine andere Sicherung verwenden."
        ),
        (
            "Entry {number} of the process {process} does not match its commitment in this backup: it was changed."
            " Nothing was taken over; please use another backup."
        ),
    ),
    "backup-folder-missing": (
        "Den Ordner {folder} gibt es nicht. Bitte ihn anlegen oder einen anderen nennen.",
        "There is no folder {folder}. Please create it or name another one.",
    ),
    "backup-format": (
        (
            "Diese Sicherung hat das Format {found}; dieses Programm liest {known}. Bitte die Programmfassung"
            " verwenden, mit der sie geschrieben wurde, oder eine neuere."
        ),
        (
            "This backup has the format {found}; this program reads {known}. Please use the version of the program that"
            " wrote it, or a newer one."
        ),
    ),
    "backup-gap": (
        (
            "In der Sicherung fehlt der Eintrag an Stelle {position}, oder er steht nicht dort. Es wurde nichts"
            " übernommen; bitte eine andere Sicherung verwenden."
        ),
        (
            "In the backup the entry at position {position} is missing or out of place. Nothing was taken over; please"
            " use another backup."
        ),
    ),
    "backup-over-other": (
        (
            "{file} ist da und keine Sicherung, die sich lesen lässt; sie bleibt, wie sie ist, und gesichert ist"
            " nichts. Bitte einen anderen Namen nennen oder die Datei zuerst wegräumen."
        ),
        (
            "{file} is there and no backup that can be read; it stays as it is, and nothing is backed up. Please give"
            " another name, or put the file away first."
        ),
    ),
    "backup-missing": (
        "Die Datei {file} gibt es nicht. Bitte den Pfad der Sicherung prüfen.",
        "There is no file {file}. Please check the path of the backup.",
    ),
    "backup-newer": (
        (
            "Die Sicherung stammt von einer neueren Programmfassung ({engine}, Datenbankstand {found}). Bitte zuerst"
            " das Programm aktualisieren."
        ),
        (
            "The backup comes from a newer version of the program ({engine}, schema {found}). Please update the program"
            " first."
        ),
    ),
    "backup-unreadable": (
        (
            "Die Datei {file} ist keine lesbare Sicherung. Bitte eine Datei verwenden, die „werdegang backup“"
            " geschrieben hat."
        ),
        "The file {file} is not a readable backup. Please use a file that “werdegang backup” has written.",
    ),
    "reference-not-understood": (
        (
            "Die Vergleichszahlen „{given}“ wurden nicht verstanden. Erwartet wird die Ausgabe ({editions}) und je"
            " Abschnitt eine Zahl: wz-2008:C=120,G=45."
        ),
        (
            "The reference “{given}” was not understood. Expected are the edition ({editions}) and a number for each"
            " section: wz-2008:C=120,G=45."
        ),
    ),
    "picture-not-drawn": (
        "Das Bild war nach {seconds} Sekunden nicht gezeichnet. Nehmen Sie es als SVG, oder versuchen Sie es später.",
        "The picture was not drawn within {seconds} seconds. Take it as SVG, or try again later.",
    ),
    "database-busy": (
        (
            "Seit {seconds} Sekunden schreibt jemand anderes. Es wurde nichts gespeichert; bitte gleich noch einmal"
            " versuchen."
        ),
        "Somebody else has been writing for {seconds} seconds. Nothing was stored; please try again in a moment.",
    ),
    "database-empty": (
        "Die Datenbank ist noch nicht eingerichtet. Bitte ausführen: werdegang init.",
        "The database has not been set up yet. Please run: werdegang init.",
    ),
    "database-newer": (
        (
            "Die Datenbank (Stand {found}) ist neuer als dieses Programm (Stand {known}). Bitte das Programm"
            " aktualisieren."
        ),
        "The database (schema {found}) is newer than this program (schema {known}). Please update the program.",
    ),
    "database-older": (
        (
            "Die Datenbank (Stand {found}) ist älter als dieses Programm (Stand {needed}). Bitte werdegang beenden,"
            " eine Kopie des Ordners anlegen (bei PostgreSQL: pg_dump) und dann ausführen: werdegang init."
        ),
        (
            "The database (schema {found}) is older than this program (schema {needed}). Please stop werdegang, copy"
            " the folder (with PostgreSQL: pg_dump), and then run: werdegang init."
        ),
    ),
    "database-unreachable": (
        (
            "Die Datenbank ist nicht erreichbar. Bitte in einer Minute noch einmal versuchen."
            " Wer sie betreibt, prüft WERDEGANG_DATABASE_URL und die Rechte am Ordner ({reason})."
        ),
        (
            "The database cannot be reached. Please try again in a minute. Whoever runs it checks"
            " WERDEGANG_DATABASE_URL and the rights of the folder ({reason})."
        ),
    ),
    "connections-taken": (
        (
            "Alle {most} Verbindungen zur Datenbank sind seit {seconds} Sekunden vergeben. Es wurde nichts gespeichert;"
            " bitte gleich noch einmal versuchen."
        ),
        (
            "All {most} connections to the database have been taken for {seconds} seconds. Nothing was stored; please"
            " try again in a moment."
        ),
    ),
    "database-full": (
        (
            "Die Datenbank hat keinen Platz mehr. Es wurde nichts gespeichert; sobald wieder Platz ist, bitte dasselbe"
            " noch einmal absenden."
        ),
        (
            "The database has no space left. Nothing was stored; once there is space again, please send the same once"
            " more."
        ),
    ),
    "database-read-only": (
        (
            "Die Datenbank lässt sich gerade nur lesen; vielleicht wird der Server gewechselt. Es wurde nichts"
            " gespeichert; bitte gleich dasselbe noch einmal absenden."
        ),
        (
            "The database can only be read right now; maybe the server is being changed. Nothing was stored; please"
            " send the same once more in a moment."
        ),
    ),
    "migration-waits": (
        (
            "Seit {seconds} Sekunden liest oder schreibt jemand ohne Unterbrechung, was zu ändern ist. Die Datenbank"
            " ist auf dem Stand {reached} und bleibt benutzbar. Bitte lange Abfragen und Sicherungen abwarten und dann"
            " noch einmal ausführen: werdegang init."
        ),
        (
            "For {seconds} seconds somebody has been reading or writing without a pause what has to be changed. The"
            " database is at schema {reached} and stays usable. Please wait for long queries and backups, then run"
            " again: werdegang init."
        ),
    ),
    "outcome-unknown": (
        (
            "Die Verbindung zur Datenbank ist beim Speichern abgerissen; ob gespeichert wurde, ist offen. Bitte"
            " dasselbe mit demselben Schlüssel noch einmal absenden: Was schon erfasst ist, wird nicht doppelt erfasst."
        ),
        (
            "The connection to the database was lost while storing; whether it was stored is open. Please send the same"
            " with the same key once more: what is recorded already is not recorded twice."
        ),
    ),
    "clock-not-understood": (
        "„{text}“ ist keine Uhrzeit. Bitte so schreiben: 9:00 oder 14:30.",
        "“{text}” is no time of day. Please write it like this: 9:00 or 14:30.",
    ),
    "nothing-chosen": (
        "Es ist nichts gewählt. Bitte mindestens einen Eintrag ankreuzen.",
        "Nothing is chosen. Please tick at least one entry.",
    ),
    "nothing-asked": (
        "Bitte mindestens ein Wort oder einen Wortanfang angeben, aus Buchstaben oder Ziffern.",
        "Please give at least one word or the beginning of one, of letters or digits.",
    ),
    "rebuild-elsewhere": (
        (
            "Inzwischen hat ein anderer Aufruf begonnen, die Tabellen neu zu füllen; dieser wurde abgebrochen. Bitte"
            " warten, bis der andere fertig ist."
        ),
        (
            "Meanwhile another call has begun to fill the tables anew; this one was broken off. Please wait until the"
            " other one is done."
        ),
    ),
    "tables-differ": (
        (
            "Die Tabellen für Listen und Suche stimmen in „{process}“ nicht mit den Einträgen überein. Die Einträge"
            " gelten; bitte ausführen: werdegang rebuild."
        ),
        (
            "In “{process}” the tables for lists and search do not agree with the entries. The entries hold; please"
            " run: werdegang rebuild."
        ),
    ),
    "tables-missing": (
        (
            "Die Tabellen für Listen und Suche fehlen oder gehören zu einer anderen Version. Bitte ausführen: werdegang"
            " rebuild."
        ),
        "The tables for lists and search are missing or of another version. Please run: werdegang rebuild.",
    ),
    "backup-log-differs": (
        (
            "Das Protokoll in dieser Sicherung passt ab Stelle {position} nicht zu den Einträgen. Es wurde nichts"
            " übernommen; bitte eine andere Sicherung verwenden."
        ),
        (
            "From position {position} on the transparency log in this backup does not fit the entries. Nothing was"
            " taken over; please use another backup."
        ),
    ),
    "log-behind": (
        (
            "Das Protokoll hat {log} Blätter, erfasst sind {entries} Einträge. Es wurde nichts gespeichert; bitte"
            " ausführen: werdegang init."
        ),
        (
            "The transparency log has {log} leaves, but {entries} entries are recorded. Nothing was stored; please run:"
            " werdegang init."
        ),
    ),
    "log-broken": (
        (
            "Das Protokoll in der Datenbank ist beschädigt oder verändert ({reason}). Bitte die letzte Sicherung"
            " einspielen, die noch stimmt; „werdegang verify“ zeigt, ab wo."
        ),
        (
            "The transparency log in the database is damaged or changed ({reason}). Please restore the last backup"
            " that is still right; “werdegang verify” shows from where on."
        ),
    ),
    "log-key-other": (
        (
            "{file} ist nicht der Schlüssel dieses Protokolls ({name}). Bitte den richtigen aus der Sicherung des"
            " Ordners zurückholen. Alle Programme einer Datenbank brauchen denselben WERDEGANG_HOME. Ist die Datenbank"
            " aus einer Sicherung von vor einem Wechsel des Schlüssels, fehlt ihr, was seither unterschrieben wurde:"
            " bitte in einen neuen Ordner zurückspielen und dort „werdegang new-log“ ausführen."
        ),
        (
            "{file} is not the key of this log ({name}). Please fetch the right one from the backup of the folder. All"
            " programs on one database need the same WERDEGANG_HOME. If the database is from a backup of before a"
            " change of the key, it lacks what was signed since: please restore it into a new folder and run"
            " “werdegang new-log” there."
        ),
    ),
    "log-name-fixed": (
        (
            "Dieses Protokoll heißt {name}, für immer. Bitte den Namen weglassen; ein anderes beginnt mit „werdegang"
            " new-log“."
        ),
        "This log is called {name}, for ever. Please leave the name out; another one begins with “werdegang new-log”.",
    ),
    "log-checkpoint-broken": (
        (
            "In {file} steht nicht, was dieser Schlüssel zuletzt unterschrieben hat. Solange wird nichts"
            " unterschrieben; bitte die Datei aus der letzten Sicherung des Ordners zurückholen."
        ),
        (
            "{file} does not hold what this key signed last. Nothing is signed meanwhile; please fetch the file"
            " from the last backup of the folder."
        ),
    ),
    "log-differs": (
        (
            "Ab Stelle {position} passt das Protokoll nicht zu den Einträgen: Eines von beiden wurde verändert. Bitte"
            " die letzte Sicherung einspielen, die noch stimmt."
        ),
        (
            "From position {position} on the transparency log does not fit the entries: one of the two was changed."
            " Please restore the last backup that is still right."
        ),
    ),
    "entry-changed": (
        (
            "Nr. {number} von {process} ist nicht mehr, was erfasst wurde. Bitte die letzte Sicherung einspielen, die"
            " noch stimmt."
        ),
        (
            "No. {number} of {process} is not what was recorded any more. Please restore the last backup that is still"
            " right."
        ),
    ),
    "log-forked": (
        (
            "Unterschrieben sind {signed} Einträge, die Datenbank hat {found} und beginnt nicht mit ihnen: Sie ist"
            " älter, abgeschnitten oder verändert. Solange wird nichts unterschrieben; bitte die letzte Sicherung"
            " einspielen oder, wenn es keine neuere gibt, ein neues Protokoll beginnen: werdegang new-log."
        ),
        (
            "{signed} entries are signed; the database has {found} and does not begin with them: it is older, cut"
            " off or changed. Nothing is signed meanwhile; please restore the last backup or, if there is"
            " no newer one, begin another log: werdegang new-log."
        ),
    ),
    "key-changing": (
        (
            "Der Schlüssel wurde gerade erst gewechselt: Bis {until} unterschreiben beide, damit alle den neuen"
            " erfahren. Danach geht es weiter."
        ),
        "The key was changed only lately: until {until} both sign, so that all learn of the new one. It goes on then.",
    ),
    "key-not-changing": (
        "Es unterschreibt nur ein Schlüssel; keiner ist abzulösen. Gewechselt wird mit: werdegang rotate-key.",
        "Only one key signs; none is to be retired. To change it: werdegang rotate-key.",
    ),
    "log-key-broken": (
        "{file} ist kein Schlüssel des Protokolls. Bitte die Datei aus einer Sicherung des Ordners zurückholen.",
        "{file} is not a key of the transparency log. Please fetch the file from a backup of the folder.",
    ),
    "log-key-missing": (
        (
            "Der Schlüssel des Protokolls fehlt: {file}. Bitte ihn aus einer Sicherung des Ordners zurückholen. Ist er"
            " verloren, beginnt „werdegang new-log“ ein neues Protokoll."
        ),
        (
            "The key of the transparency log is missing: {file}. Please fetch it from a backup of the folder. If it"
            " is lost, “werdegang new-log” begins another log."
        ),
    ),
    "log-key-open": (
        "Den Schlüssel {file} können andere lesen. Bitte ausführen: chmod 600 {file}.",
        "Others can read the key {file}. Please run: chmod 600 {file}.",
    ),
    "log-name": (
        "„{name}“ kann kein Protokoll heißen. Bitte einen Namen ohne Leerzeichen und „+“ angeben, etwa stadt.de/log.",
        "A log cannot be called “{name}”. Please give a name without spaces and “+”, for example city.org/log.",
    ),
    "policy-broken": (
        (
            "{file}, Zeile {line}: „{text}“ ist keine gültige Angabe über Zeugen ({reason}). Bitte die Zeile"
            " berichtigen; was dort stehen kann, sagt docs/witnesses.md. Solange wird kein Zeuge gefragt."
        ),
        (
            "{file}, line {line}: “{text}” is no valid statement about witnesses ({reason}). Please correct the line;"
            " docs/witnesses.md says what can stand there. Meanwhile no witness is asked."
        ),
    ),
    "policy-other-log": (
        (
            "{file} nennt den Schlüssel dieses Protokolls nicht. Bitte diese Zeile eintragen: log {vkey}. Solange wird"
            " kein Zeuge gefragt."
        ),
        ("{file} does not name the key of this log. Please add this line: log {vkey}. Meanwhile no witness is asked."),
    ),
    "policy-unreadable": (
        "{file} lässt sich nicht lesen ({reason}). Bitte die Rechte der Datei prüfen.",
        "{file} cannot be read ({reason}). Please check the rights of the file.",
    ),
    "witness-key-broken": (
        "{file} ist kein Schlüssel eines Zeugen. Bitte die Datei aus einer Sicherung des Ordners zurückholen.",
        "{file} is not the key of a witness. Please fetch the file from a backup of the folder.",
    ),
    "witness-log-broken": (
        "{file}, Zeile {line}: „{text}“ ist kein Schlüssel eines Protokolls. Bitte so: NAME+KENNUNG+SCHLÜSSEL.",
        "{file}, line {line}: “{text}” is not the key of a log. Please give: NAME+ID+KEY.",
    ),
    "witness-log-key": (
        "„{text}“ ist kein Schlüssel eines Protokolls. Bitte so, wie es unter /log/vkey steht: NAME+KENNUNG+SCHLÜSSEL.",
        "“{text}” is not the key of a log. Please give it as it stands at /log/vkey: NAME+ID+KEY.",
    ),
    "witness-name-fixed": (
        "Der Zeuge in diesem Ordner heißt schon „{name}“, und das bleibt so. Bitte einen anderen Ordner nehmen.",
        "The witness in this folder is called “{name}” already, and stays so. Please take another folder.",
    ),
    "witness-not-set-up": (
        "In {home} ist kein Zeuge eingerichtet. Bitte ausführen: werdegang witness init --name NAME --home {home}.",
        "There is no witness in {home}. Please run: werdegang witness init --name NAME --home {home}.",
    ),
    "backup-behind-log": (
        (
            "Unterschrieben sind schon {signed} Einträge; die Sicherung hat {found} und beginnt nicht mit ihnen. Bitte"
            " eine neuere einspielen. Gibt es keine: in einen neuen, leeren WERDEGANG_HOME zurückspielen, ohne log.key"
            " und log.checkpoint, und dort ein neues Protokoll beginnen: werdegang new-log."
        ),
        (
            "{signed} entries are signed already; the backup has {found} and does not begin with them. Please restore a"
            " newer one. If there is none: restore it into a new, empty WERDEGANG_HOME, without log.key and"
            " log.checkpoint, and begin another log there: werdegang new-log."
        ),
    ),
    "restore-not-empty": (
        (
            "In der Datenbank {database} gibt es schon Einträge oder Konten. Eine Sicherung lässt sich nur in eine"
            " leere zurückspielen; bitte eine leere verwenden: einen neuen WERDEGANG_HOME, und WERDEGANG_DATABASE_URL"
            " nicht gesetzt oder auf einer leeren."
        ),
        (
            "The database {database} already has entries or accounts. A backup can be restored into an empty one only;"
            " please use an empty one: a new WERDEGANG_HOME, and WERDEGANG_DATABASE_URL unset or naming an empty one."
        ),
    ),
    "role-process": (
        (
            "„{process}“ ist keine Kennung eines Prozesses. Bitte eine aus a-z, 0-9 und Bindestrich nennen, oder * für"
            " alle Prozesse."
        ),
        "“{process}” is not the id of a process. Please give one of a-z, 0-9 and hyphens, or * for all processes.",
    ),
    "role-unknown": (
        "Die Rolle „{role}“ gibt es nicht. Möglich sind: {known}.",
        "There is no role “{role}”. Possible are: {known}.",
    ),
    "setting-database-kind": (
        "WERDEGANG_DATABASE_URL nennt {kind}. Möglich sind sqlite:///… und postgresql://….",
        "WERDEGANG_DATABASE_URL names {kind}. Possible are sqlite:///… and postgresql://….",
    ),
    "setting-database-memory": (
        (
            "WERDEGANG_DATABASE_URL nennt eine Datenbank im Arbeitsspeicher; sie verlöre alle Einträge. Bitte eine"
            " Datei nennen: sqlite:////pfad/werdegang.sqlite."
        ),
        (
            "WERDEGANG_DATABASE_URL names a database in memory, which would lose all entries. Please name a file:"
            " sqlite:////path/werdegang.sqlite."
        ),
    ),
    "setting-database-url": (
        (
            "WERDEGANG_DATABASE_URL ist keine gültige Adresse. Beispiele: sqlite:////pfad/werdegang.sqlite,"
            " postgresql://nutzer:passwort@rechner/werdegang."
        ),
        (
            "WERDEGANG_DATABASE_URL is not a valid URL. Examples: sqlite:////path/werdegang.sqlite,"
            " postgresql://user:password@host/werdegang."
        ),
    ),
    "setting-https": (
        "WERDEGANG_HTTPS ist „{value}“. Möglich sind: always, never, oder nichts.",
        "WERDEGANG_HTTPS is “{value}”. Possible are: always, never, or nothing.",
    ),
    "setting-address": (
        "WERDEGANG_ADDRESS ist „{value}“. Bitte so angeben: https://beteiligung.example.de.",
        "WERDEGANG_ADDRESS is “{value}”. Please give it like this: https://beteiligung.example.de.",
    ),
    "setting-frame-ancestors": (
        (
            "In WERDEGANG_FRAME_ANCESTORS steht „{value}“. Bitte Websites ohne Pfad angeben, mit Leerzeichen getrennt,"
            " etwa https://www.stadt.example; * steht für jede."
        ),
        (
            "WERDEGANG_FRAME_ANCESTORS holds “{value}”. Please give sites without a path, separated by spaces, as"
            " https://www.stadt.example; * stands for every site."
        ),
    ),
    "setting-address-missing": (
        (
            "Für E-Mails fehlt WERDEGANG_ADDRESS: Sie enthalten Links hierher. Bitte angeben, etwa"
            " https://beteiligung.example.de."
        ),
        (
            "WERDEGANG_ADDRESS is missing for e-mails: they hold links to here. Please give it, as"
            " https://beteiligung.example.de."
        ),
    ),
    "cursor-unknown": (
        (
            "Den Stand „{given}“ im Parameter „{parameter}“ gibt es in diesem Feed nicht. Er gehört zu einem anderen"
            " Feed oder ging verloren, als eine Sicherung eingespielt wurde. Bitte ohne „{parameter}“ von vorn lesen."
        ),
        (
            "There is no place “{given}” in this feed, as the parameter “{parameter}” says. It is one of another feed,"
            " or was lost when a backup was put back. Please read from the beginning, without “{parameter}”."
        ),
    ),
    "exports-busy": (
        (
            "Es werden gerade {most} Dateien zugleich erstellt, mehr schafft der Server nicht. Bitte in {seconds}"
            " Sekunden noch einmal versuchen."
        ),
        (
            "{most} files are being made at this moment, and the server makes no more at once. Please try again in"
            " {seconds} seconds."
        ),
    ),
    "export-to-screen": (
        "{format} ist eine Datei und nicht zum Lesen im Terminal. Bitte mit --output einen Dateinamen angeben.",
        "{format} is a file and not to be read in a terminal. Please give the name of a file with --output.",
    ),
    "export-of-all": (
        "Als {format} wird ein einzelner Prozess ausgegeben. Bitte seine Kennung angeben.",
        "As {format} one process is written. Please give its id.",
    ),
    "site-folder-missing": (
        "Eine Seite besteht aus vielen Dateien. Bitte mit --output einen neuen Ordner angeben.",
        "A site has many files. Please give a new folder with --output.",
    ),
    "site-folder-taken": (
        "{folder} ist nicht leer. Bitte einen neuen oder leeren Ordner angeben.",
        "{folder} is not empty. Please give a new or an empty folder.",
    ),
    "site-page-missing": (
        (
            "{address} lässt sich nicht archivieren: Dort wird mit {status} geantwortet. Es wurde kein Ordner"
            " geschrieben. Die Ursache steht im Protokoll des Programms (500), oder ein Verweis führt ins Leere (404)."
        ),
        (
            "{address} cannot be archived: it answers with {status}. No folder was written. The cause stands in the log"
            " of the program (500), or a link leads nowhere (404)."
        ),
    ),
    "site-unsteady": (
        (
            "Es wird gerade ununterbrochen erfasst ({tries} Versuche). Bitte später noch einmal versuchen; es wurde"
            " kein Ordner geschrieben."
        ),
        "Entries are being recorded without a pause ({tries} tries). Please try again later; no folder was written.",
    ),
    "site-public": (
        "Die Seiten werden so geschrieben, wie die Öffentlichkeit sie heute sieht. Bitte --as und Zeiten weglassen.",
        "The pages are written as the public sees them today. Please leave out --as and times.",
    ),
    "duties-barriers": (
        (
            "{file}: stand ist „{status}“, aber es ist keine Barriere genannt. Bitte unter [[barrieren]] nennen, woran"
            " es liegt, oder den Stand ändern."
        ),
        (
            "{file}: stand is “{status}”, but no barrier is named. Please name under [[barrieren]] what it is, or"
            " change the status."
        ),
    ),
    "duties-incomplete": (
        "{file}: „{key}“ fehlt. Bitte ergänzen.",
        "{file}: “{key}” is missing. Please add it.",
    ),
    "duties-status": (
        (
            "{file}: stand ist „vollständig“, aber es sind Barrieren bekannt. Bitte „teilweise“ angeben, oder was"
            " nicht zutrifft unter trifft-nicht-zu nennen."
        ),
        (
            "{file}: stand is “vollständig”, but barriers are known. Please state “teilweise”, or name under"
            " trifft-nicht-zu what does not apply."
        ),
    ),
    "duties-unknown": (
        "{file}: „{key}“ gibt es nicht. Bitte die Schreibweise mit der Vorlage vergleichen, die `werdegang init` legt.",
        "{file}: there is no “{key}”. Please compare the spelling with the template that `werdegang init` writes.",
    ),
    "duties-unreadable": (
        "{file} ist nicht lesbar: {reason}. Bitte die Stelle berichtigen; Texte stehen zwischen ''' und '''.",
        "{file} cannot be read: {reason}. Please correct the place; texts stand between ''' and '''.",
    ),
    "duties-value": (
        "{file}: „{key}“ kann so nicht stehen. Bitte so angeben: {wanted}.",
        "{file}: “{key}” cannot stand like this. Please give: {wanted}.",
    ),
    "duties-video": (
        "{file}: „{video}“ ist kein Video. Bitte nur den Namen einer Datei angeben, die so endet: {known}.",
        "{file}: “{video}” is no video. Please give the mere name of a file that ends like this: {known}.",
    ),
    "duties-video-missing": (
        "{file}: „{video}“ liegt nicht in {folder}. Bitte das Video dorthin legen oder die Angabe leeren.",
        "{file}: “{video}” is not in {folder}. Please put the video there, or leave it empty.",
    ),
    "setting-keep-registrations": (
        "WERDEGANG_KEEP_REGISTRATIONS ist „{value}“. Bitte Tage von 0 bis {most} angeben.",
        "WERDEGANG_KEEP_REGISTRATIONS is “{value}”. Please give days from 0 to {most}.",
    ),
    "setting-smtp-from": (
        "WERDEGANG_SMTP_FROM fehlt oder ist keine E-Mail-Adresse. Bitte die Adresse angeben, von der E-Mails kommen.",
        "WERDEGANG_SMTP_FROM is missing or no e-mail address. Please give the address that e-mails come from.",
    ),
    "setting-smtp-password-file": (
        "WERDEGANG_SMTP_PASSWORD_FILE nennt „{file}“; das lässt sich nicht lesen. Bitte Namen und Rechte prüfen.",
        "WERDEGANG_SMTP_PASSWORD_FILE names “{file}”, which cannot be read. Please check its name and rights.",
    ),
    "setting-smtp-tls": (
        "WERDEGANG_SMTP_TLS ist „{value}“. Möglich sind: {known}.",
        "WERDEGANG_SMTP_TLS is “{value}”. Possible are: {known}.",
    ),
    "erasure-folder": (
        "Nichts wurde gelöscht: In {folder} lässt sich nicht schreiben ({reason}). Bitte zuerst die Rechte prüfen.",
        "Nothing was erased: {folder} cannot be written to ({reason}). Please check the rights first.",
    ),
    "erasure-keeper": (
        (
            "Einen Ort „{keeper}“, an dem Angaben über Personen stehen, gibt es nicht. Bitte einen davon nennen, wie"
            " „werdegang people about“ sie zeigt: {known}."
        ),
        (
            "There is no place “{keeper}” where anything about persons is held. Please name one of these, as “werdegang"
            " people about” tells: {known}."
        ),
    ),
    "erasure-unknown": (
        "Nichts wurde gelöscht: Unter „{id}“ steht in {keeper} nichts. Die Ids zeigt „werdegang people about“.",
        "Nothing was erased: nothing stands under “{id}” in {keeper}. “werdegang people about” tells the ids.",
    ),
    "erasure-reason": (
        "Bitte einen Grund für das Löschen wählen: {known}.",
        "Please choose a reason for erasing: {known}.",
    ),
    "texts-missing": (
        "Prozess {process}, Nr. {number}: Die Texte fehlen, und kein Eintrag sagt, dass sie gelöscht wurden.",
        "Process {process}, no. {number}: the texts are missing, and no entry says that they were erased.",
    ),
    "erase-texts-by-entry": (
        "Texte eines Eintrags löscht ein Eintrag: werdegang erase PROZESS NUMMER.",
        "Texts of an entry are erased by an entry: werdegang erase PROCESS NUMBER.",
    ),
    "erase-unconfirmed": (
        "Was gelöscht ist, ist weg. Bitte mit --yes bestätigen.",
        "What is erased is gone. Please confirm it with --yes.",
    ),
    "erasure-unconfirmed": (
        "Gelöscht ist gelöscht. Bitte ankreuzen, was gelöscht werden soll, und dass Sie es wirklich wollen.",
        "What is erased is gone. Please tick what is to be erased, and that you really want it.",
    ),
    "erasures-unreadable": (
        "Die Löschliste {file} ist beschädigt. Bitte eine unversehrte Fassung an ihre Stelle legen.",
        "The list of erasures {file} is damaged. Please put an intact copy in its place.",
    ),
    "person-day": (
        "Das ist kein Tag. Bitte so schreiben: 2027-03-01.",
        "This is no day. Please write it like this: 2027-03-01.",
    ),
    "person-ends-early": (
        "Das Ende liegt vor dem Beginn. Bitte einen der beiden Tage ändern.",
        "The end is before the beginning. Please change one of the two days.",
    ),
    "person-entry": (
        "Diesen Eintrag gibt es in dem Prozess nicht. Bitte die Nummer eines Eintrags angeben.",
        "There is no such entry in the process. Please give the number of an entry.",
    ),
    "person-kind": (
        "Bitte eines davon wählen: {known}.",
        "Please choose one of these: {known}.",
    ),
    "person-name": (
        "Bitte den Namen der Person angeben, in einer Zeile.",
        "Please give the name of the person, on one line.",
    ),
    "person-organisation": (
        "Diese Organisation ist in {process} kein Akteur. Bitte zuerst als Akteur erfassen, oder das Feld leer lassen.",
        "This organisation is no actor of {process}. Please record it as an actor first, or leave the field empty.",
    ),
    "person-text": (
        "Das ist zu lang oder hat Zeichen, die sich nicht speichern lassen. Bitte höchstens {most} Zeichen angeben.",
        "This is too long or has signs that cannot be stored. Please give {most} characters at most.",
    ),
    "person-unknown": (
        "Diese Person ist nicht (mehr) eingetragen. Bitte in der Liste der Personen nachsehen.",
        "This person is not noted (any more). Please look at the list of persons.",
    ),
    "setting-keep-people": (
        "WERDEGANG_KEEP_PEOPLE ist „{value}“. Bitte Tage von 0 bis {most} angeben.",
        "WERDEGANG_KEEP_PEOPLE is “{value}”. Please give days from 0 to {most}.",
    ),
    "setting-connections": (
        "WERDEGANG_CONNECTIONS ist „{value}“. Bitte eine Zahl von {least} bis {most} angeben.",
        "WERDEGANG_CONNECTIONS is “{value}”. Please give a number from {least} to {most}.",
    ),
    "setting-replica-url": (
        (
            "WERDEGANG_REPLICA_URL nennt keine Replik. Sie ist wie WERDEGANG_DATABASE_URL eine Adresse der Form"
            " postgresql://nutzer:passwort@rechner/werdegang; SQLite hat keine."
        ),
        (
            "WERDEGANG_REPLICA_URL names no replica. Like WERDEGANG_DATABASE_URL it is a URL of the form"
            " postgresql://user:password@host/werdegang; SQLite has none."
        ),
    ),
    "setting-idle": (
        "WERDEGANG_IDLE ist „{value}“. Bitte Minuten von 1 bis {most} angeben.",
        "WERDEGANG_IDLE is “{value}”. Please give minutes from 1 to {most}.",
    ),
    "setting-log": (
        "WERDEGANG_LOG ist „{value}“. Möglich sind: {known}.",
        "WERDEGANG_LOG is “{value}”. Possible are: {known}.",
    ),
    "setting-proxies": (
        (
            "WERDEGANG_PROXIES nennt „{value}“. Bitte Adressen oder Netze angeben, durch Kommas getrennt, zum Beispiel"
            " 127.0.0.1,10.0.3.0/24."
        ),
        (
            "WERDEGANG_PROXIES names “{value}”. Please give addresses or networks, separated by commas, for example"
            " 127.0.0.1,10.0.3.0/24."
        ),
    ),
    "setting-port": (
        "WERDEGANG_PORT ist „{value}“. Bitte eine Zahl von 1 bis 65535 angeben.",
        "WERDEGANG_PORT is “{value}”. Please give a number from 1 to 65535.",
    ),
    "setting-psycopg-missing": (
        "Für PostgreSQL fehlt der Treiber. Bitte installieren: pip install 'werdegang[postgres]'.",
        "The driver for PostgreSQL is missing. Please install it: pip install 'werdegang[postgres]'.",
    ),
    "setting-number": (
        "{name} ist „{value}“. Bitte eine ganze Zahl von 1 bis {most} angeben.",
        "{name} is “{value}”. Please give a whole number from 1 to {most}.",
    ),
    "setting-metrics-token": (
        (
            "WERDEGANG_METRICS_TOKEN muss 20 bis 200 Zeichen haben, und nur A–Z, a–z, 0–9 und . _ ~ + / = -. Ein neues"
            " erzeugt der Befehl openssl rand -hex 32."
        ),
        (
            "WERDEGANG_METRICS_TOKEN must have 20 to 200 signs, only A–Z, a–z, 0–9 and . _ ~ + / = -. A new one is"
            " made by the command openssl rand -hex 32."
        ),
    ),
    "setting-unknown": (
        "Die Einstellung {name} gibt es nicht. Bitte berichtigen oder entfernen; es gibt: {known}.",
        "There is no setting {name}. Please correct or remove it; there are: {known}.",
    ),
    "password-differs": (
        "Die beiden Eingaben sind verschieden. Es wurde nichts geändert; bitte noch einmal von vorn.",
        "The two entries differ. Nothing was changed; please start again.",
    ),
    "password-long": (
        "Das Passwort ist zu lang. Bitte eines mit höchstens {most} Bytes wählen.",
        "The password is too long. Please choose one of at most {most} bytes.",
    ),
    "password-name": (
        "Der Name oder die Kennung des Kontos ist kein Passwort. Bitte eines wählen, das niemand errät.",
        "The name or the id of the account is no password. Please choose one that nobody guesses.",
    ),
    "password-short": (
        "Das Passwort ist zu kurz. Bitte eines mit mindestens {least} Zeichen wählen.",
        "The password is too short. Please choose one of at least {least} characters.",
    ),
    "token-days": (
        "Ein Zugangsschlüssel gilt 1 bis {most} Tage, nicht {days}. Bitte eine andere Dauer angeben.",
        "A token is valid for 1 to {most} days, not {days}. Please give another length of time.",
    ),
    "token-label": (
        "Dem Zugangsschlüssel fehlt eine Bezeichnung. Bitte eine ohne Steuerzeichen angeben, etwa „Schreibtisch“.",
        "The token has no label. Please give one without control characters, for example “desk”.",
    ),
    "token-unknown": (
        "Das Konto {id} hat keinen gültigen Zugangsschlüssel „{label}“. „werdegang accounts“ zeigt alle.",
        "The account {id} has no valid token “{label}”. “werdegang accounts” lists them.",
    ),
}
"""Refusals: what is impossible, and the way out. Parameters stand in braces."""

_SLOT: Final = re.compile(r"\{(?P<name>\w+)(?:\[(?P<index>\d)\])?(?::(?P<form>\w+))?\}")
"""A parameter in a sentence: `{entries}`, `{entries[0]}`, `{similar:or}`; `{type:type}` is looked up in a table, and
`{permitted:codes}` says what is to be typed with what it means.
"""

_TABLES: Final[dict[str, Table]] = {"act": ACTS, "field": FIELDS, "pattern": PATTERNS, "term": TERMS, "type": TYPES}

_LAST: Final[dict[str | None, Words]] = {None: ("und", "and"), "or": ("oder", "or"), "codes": ("oder", "or")}
"""The word before the last of several."""


def say(words: Words, language: Language, params: Mapping[str, Any] | None = None) -> str:
    """The sentence in one language with its parameters filled in; one that is not given reads "…"."""
    given = params or {}
    return _SLOT.sub(lambda slot: _filled(slot, given, language), words[0 if language == "de" else 1])


def _filled(slot: re.Match[str], params: Mapping[str, Any], language: Language) -> str:
    value, form = params.get(slot["name"]), slot["form"]
    values = value if isinstance(value, list | tuple) else [] if value is None else [value]
    if slot["index"]:
        values = values[int(slot["index"]) :][:1]
    shown = [str(item) for item in values]
    if form == "field":  # may come as a JSON pointer
        shown = [item.rpartition("/")[2] for item in shown]
    if form == "codes":  # what is to be typed, with what it means
        meant = {item: word(TERMS, item, language) for item in shown}
        shown = [item if meant[item] == item else f"{item} ({meant[item]})" for item in shown]
    if form in _TABLES:
        shown = [word(_TABLES[form], item, language) for item in shown]
    *firsts, last = dict.fromkeys(shown) or ["…"]
    before_last = _LAST.get(form, _LAST[None])[0 if language == "de" else 1]
    return f"{', '.join(firsts)} {before_last} {last}" if firsts else last


def word(table: Table, name: str, language: Language, *, of: str = "") -> str:
    """The word for a name, or the name itself if it has none.

    `of` is the field that a term stands in, or the step type that a field belongs to: some mean something else there.
    """
    words = table.get(f"{of}:{name}") or table.get(name) or (name, name)
    return words[0 if language == "de" else 1]
