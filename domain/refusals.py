"""Sentences for statements that are refused: what is impossible, and the way out.

Reached through `domain/words.py`, the one table of words.
"""

# ruff: noqa: ISC004  (what stands between two commas is one sentence; the type of the table finds a lost comma)

from typing import Final

from domain.vocabulary import Words

FIELD_REFUSALS: Final[dict[str, Words]] = {
    "field-above": (
        "Die Zahl im Feld „{field:field}“ ist zu groß. Bitte höchstens {most} angeben.",
        "The number in the field “{field:field}” is too large. Please give {most} at most.",
    ),
    "field-choice": (
        "„{given}“ kann im Feld „{field:field}“ nicht stehen. Möglich ist: {permitted:codes}.",
        "“{given}” cannot stand in the field “{field:field}”. Possible are: {permitted:codes}.",
    ),
    "field-day": (
        "Das Feld „{field:field}“ braucht einen Tag. Bitte Jahr, Monat und Tag so angeben: 2018-03-14.",
        "The field “{field:field}” needs a day. Please give year, month and day like this: 2018-03-14.",
    ),
    "field-empty": (
        "Das Feld „{field:field}“ ist leer. Bitte etwas eintragen oder das Feld ganz weglassen.",
        "The field “{field:field}” is empty. Please fill it in or leave it out altogether.",
    ),
    "field-instant": (
        "Das Feld „{field:field}“ braucht Tag, Uhrzeit und Zeitzone. Bitte so angeben: 2018-03-14T09:00:00+01:00.",
        "The field “{field:field}” needs day, time and time zone. Please give them like this:"
        " 2018-03-14T09:00:00+01:00.",
    ),
    "field-invalid": (
        "Der Wert im Feld „{field:field}“ passt dort nicht. Bitte ihn prüfen und anders angeben.",
        "The value in the field “{field:field}” does not fit there. Please check it and give it another way.",
    ),
    "field-list": (
        "Das Feld „{field:field}“ braucht eine Liste. Bitte auch einen einzelnen Wert als Liste angeben: [ … ].",
        "The field “{field:field}” needs a list. Please give even a single value as a list: [ … ].",
    ),
    "field-missing": (
        "Das Feld „{field:field}“ fehlt. Bitte ausfüllen.",
        "The field “{field:field}” is missing. Please fill it in.",
    ),
    "field-number": (
        "Das Feld „{field:field}“ braucht eine ganze Zahl. Bitte nur Ziffern angeben, ohne Anführungszeichen.",
        "The field “{field:field}” needs a whole number. Please give digits only, without quotation marks.",
    ),
    "field-object": (
        "Hier wird eine Angabe mit einzelnen Feldern erwartet. Bitte sie in geschweiften Klammern angeben.",
        "Something with fields of its own is expected here. Please give it in curly brackets.",
    ),
    "field-pattern": (
        "„{given}“ passt nicht in das Feld „{field:field}“. Bitte so angeben: {pattern:pattern}.",
        "“{given}” does not fit into the field “{field:field}”. Please give: {pattern:pattern}.",
    ),
    "field-reference": (
        "„{given}“ ist weder Nummer noch Schlüssel eines Eintrags. Bitte eine Nummer ab 1 angeben oder den Schlüssel.",
        "“{given}” is neither the number nor the key of an entry. Please give a number from 1 on, or the key.",
    ),
    "field-text": (
        "Das Feld „{field:field}“ braucht Text. Bitte den Wert in Anführungszeichen setzen.",
        "The field “{field:field}” needs text. Please put the value in quotation marks.",
    ),
    "field-too-few": (
        "Im Feld „{field:field}“ steht zu wenig. Bitte mindestens {least} angeben.",
        "There is too little in the field “{field:field}”. Please give at least {least}.",
    ),
    "field-too-large": (
        "Die Zahl im Feld „{field:field}“ ist zu groß. Bitte eine kleinere als {limit} angeben.",
        "The number in the field “{field:field}” is too large. Please give one smaller than {limit}.",
    ),
    "field-too-long": (
        "Der Text im Feld „{field:field}“ ist zu lang. Bitte auf höchstens {most} Zeichen kürzen.",
        "The text in the field “{field:field}” is too long. Please shorten it to {most} characters at most.",
    ),
    "field-too-many": (
        "Im Feld „{field:field}“ steht zu viel. Bitte höchstens {most} angeben.",
        "There is too much in the field “{field:field}”. Please give {most} at most.",
    ),
    "field-too-small": (
        "Die Zahl im Feld „{field:field}“ ist zu klein. Bitte mindestens {least} angeben.",
        "The number in the field “{field:field}” is too small. Please give at least {least}.",
    ),
    "field-unknown": (
        "Ein Feld „{field}“ gibt es hier nicht. Bitte die Schreibweise prüfen oder es weglassen.",
        "There is no field “{field}” here. Please check how it is spelled, or leave it out.",
    ),
    "field-yes-no": (
        "Das Feld „{field:field}“ kennt nur Ja oder Nein. Bitte true oder false angeben.",
        "The field “{field:field}” knows only yes or no. Please give true or false.",
    ),
    "json-invalid": (
        "Das ist kein lesbares JSON (Zeile {line}, Spalte {column}). Bitte diese Stelle prüfen.",
        "This is not readable JSON (line {line}, column {column}). Please check this place.",
    ),
    "type-unknown": (
        "„{type}“ ist hier keine Art von Schritt. Gemeint ist vielleicht: {similar:or}; bitte eine davon angeben.",
        "“{type}” is no type of step here. Perhaps it is meant to be: {similar:or}; please give one of them.",
    ),
}
"""Refusals of what is no statement at all (`domain/errors.py`)."""

STATEMENT_REFUSALS: Final[dict[str, Words]] = {
    # what every statement needs
    "about-entries-undated": (
        "Veröffentlichung, Berichtigung, Rücknahme und ein Text in einfacher Sprache geschehen, wenn sie erfasst"
        " werden. Bitte Datum und Anlässe weglassen.",
        "A publication, correction, withdrawal or text in plain language happens when it is recorded. Please leave out"
        " date and causes.",
    ),
    "cause-or-none": (
        "Anlässe sind genannt und zugleich „Anlass nicht dokumentiert“. Bitte eines von beiden weglassen.",
        "Causes are named and “cause not documented” as well. Please leave out one of the two.",
    ),
    "date-in-future": (
        "„{date}“ liegt in der Zukunft; erfasst wird, was geschehen ist. Bitte das Datum prüfen, oder heute erfassen,"
        " dass etwas geplant ist, mit dem Datum des Vorhabens darin.",
        "“{date}” lies in the future; what is recorded has happened. Please check the date, or record today that"
        " something is planned, with its date among what is stated.",
    ),
    "date-missing": (
        "Es fehlt, wann es geschah. Bitte ein Datum angeben, so genau wie bekannt („März 2018“, „ca. 2017“), oder"
        " „unbekannt“.",
        "It is missing when it happened. Please give a date, as exact as it is known (2018-03, 2017~), or “unknown”.",
    ),
    "date-not-a-moment": (
        "„{date}“ ist eine Dauer, aber dieser Schritt geschah an einem Tag. Bitte den Tag angeben, oder „zwischen …"
        " und …“, wenn er nicht genau bekannt ist.",
        "“{date}” lasted, but this step happened on one day. Please give the day, or [A..B] for a day between A and B"
        " if it is not known exactly.",
    ),
    "entry-not-earlier": (
        "Nr. {entry} ist nicht früher erfasst als dieser Eintrag. Bitte nur frühere nennen, in einer Liste also solche"
        " weiter oben.",
        "No. {entry} is not recorded before this entry. Please name earlier ones only, in a list those further up.",
    ),
    "key-taken": (
        "Unter dem Schlüssel „{key}“ ist mit Nr. {number} schon etwas anderes erfasst. Bitte Nr. {number} berichtigen"
        " oder einen anderen Schlüssel verwenden.",
        "Something else is recorded under the key “{key}” as no. {number}. Please correct no. {number} or use another"
        " key.",
    ),
    "names-itself": (
        "Nr. {number} kann nicht sich selbst als Anlass oder früheren Eintrag nennen. Bitte einen anderen Eintrag"
        " nennen oder die Nummer weglassen.",
        "No. {number} cannot name itself as a cause or an earlier entry. Please name another entry or leave it out.",
    ),
    "not-a-feedback": (
        "Nr. {number} ist keine Rückmeldung. Bitte die Nummer der Rückmeldung angeben, die beantwortet wurde.",
        "No. {number} is no feedback. Please give the number of the feedback that was answered.",
    ),
    "not-about-entries": (
        "Nr. {number} ist eine Veröffentlichung, Berichtigung, Rücknahme oder ein Text in einfacher Sprache und kann"
        " hier nicht stehen. Bitte den Eintrag nennen, um den es darin geht.",
        "No. {number} is a publication, a correction, a withdrawal or a text in plain language and cannot stand here."
        " Please name the entry that it is about.",
    ),
    "nothing-stated": (
        "Es ist nichts angegeben. Bitte mindestens einen Schritt angeben.",
        "Nothing is stated. Please state at least one step.",
    ),
    "one-process": (
        "Alle Angaben einer Liste gehören zum selben Prozess, hier „{process}“. Bitte andere getrennt erfassen.",
        "All statements of a list belong to one process, here “{process}”. Please record others separately.",
    ),
    "process-not-opened": (
        "Den Prozess „{process}“ gibt es noch nicht. Bitte als Erstes „Prozess eröffnet“ erfassen.",
        "The process “{process}” does not exist yet. Please record “Process opened” first.",
    ),
    "reason-missing": (
        "Eine Änderung der Struktur braucht einen Grund. Bitte einen früheren Eintrag als Anlass nennen, den Grund in"
        " Worten angeben oder „Anlass nicht dokumentiert“ wählen.",
        "A change of structure needs a reason. Please name an earlier entry as its cause, give the reason in words, or"
        " choose “cause not documented”.",
    ),
    "text-missing": (
        "Das Feld „{field:field}“ ist leer. Bitte ausfüllen.",
        "The field “{field:field}” is empty. Please fill it in.",
    ),
    "unknown-entry": (
        "Einen Eintrag „{entry}“ gibt es hier nicht. Bitte die Nummer oder den Schlüssel prüfen.",
        "There is no entry “{entry}” here. Please check the number or the key.",
    ),
    # what the entries together make impossible
    "circle": (
        "Nr. {entries} setzen einander im Kreis voraus; keiner davon kann der erste gewesen sein. Bitte bei einem davon"
        " ändern, was er nennt oder wovor er nicht geschah.",
        "No. {entries} presuppose each other in a circle; none of them can have been the first. Please change, for one"
        " of them, what it names or what it did not happen before.",
    ),
    "destinations-missing": (
        "Es fehlt, was aus {subjects} wird. Bitte unter „Was aus dem Zugehörigen wird“ für jedes angeben: zugeordnet"
        " (mit dem Gremium oder der Ebene), aufgelöst, mitgegangen oder nicht dokumentiert.",
        "It is missing what becomes of {subjects}. Please state for each under “What becomes of what belonged to it”:"
        " placed (with the body or level), dissolved, went along, or not documented.",
    ),
    "ended-twice": (
        "„{subject}“ würde mehr als einmal enden (Nr. {entries}). Bitte das schon erfasste Ende berichtigen oder es"
        " zuerst zurücknehmen.",
        "“{subject}” would end more than once (no. {entries}). Please correct the end that is recorded already, or"
        " withdraw it first.",
    ),
    "ends-what-it-needs": (
        "Nr. {entries} beendet „{subject}“ und braucht es zugleich noch. Bitte einen anderen Ort nennen, der weiter"
        " besteht, oder beides getrennt erfassen.",
        "No. {entries} ends “{subject}” and still needs it. Please name another place that goes on, or record both"
        " separately.",
    ),
    "founded-twice": (
        "„{subject}“ würde mehr als einmal beginnen (Nr. {entries}). Bitte für etwas Neues eine neue Kennung wählen;"
        " geht etwas Früheres weiter, dessen Kennung unter „Führt fort“ nennen.",
        "“{subject}” would begin more than once (no. {entries}). Please choose a new id for something new; if something"
        " earlier goes on, name its id under “Continues”.",
    ),
    "order": (
        "Nr. {entries[0]} geschah nach den Daten sicher später als Nr. {entries[1]}, muss aber vorher gewesen sein,"
        " weil Nr. {entries[1]} darauf aufbaut. Bitte eines der Daten berichtigen, oder „ca.“ davorsetzen, wenn es"
        " ungefähr ist.",
        "By the dates no. {entries[0]} certainly happened later than no. {entries[1]}, but must have been there before,"
        " because no. {entries[1]} rests on it. Please correct one of the dates, or mark it with ~ if it is"
        " approximate.",
    ),
    "own-parent": (
        "„{subject}“ kann nicht zu sich selbst gehören (Nr. {entries}). Bitte etwas anderes nennen, oder den Prozess"
        " selbst („process“).",
        "“{subject}” cannot belong to itself (no. {entries}). Please name something else, or the process itself"
        " (“process”).",
    ),
    "parent-circle": (
        "Durch Nr. {entries} gehörten Gremien oder Ziele im Kreis zueinander, jedes zum nächsten. Bitte bei einem davon"
        " ändern, wozu es gehört, oder ab wann.",
        "Through no. {entries} bodies or goals would belong to each other in a circle. Please change, for one of them,"
        " where it belongs, or since when.",
    ),
    "unknown": (
        "Nr. {entries} nennt „{subject}“, aber kein geltender Eintrag sagt, wie es entstand. Bitte die Kennung prüfen"
        " oder zuerst die Entstehung erfassen; bei einer Rücknahme zuerst Nr. {entries} zurücknehmen.",
        "No. {entries} names “{subject}”, but no entry in force says how it began. Please check the id or record its"
        " beginning first; before a withdrawal, withdraw no. {entries} first.",
    ),
    "wrong-kind": (
        "„{subject}“ ist etwas anderes, als Nr. {entries} dort erwartet, etwa ein Akteur statt eines Gremiums. Bitte"
        " die Kennung prüfen und die richtige wählen.",
        "“{subject}” is not what no. {entries} expects there, for example an actor instead of a body. Please check the"
        " id and choose the right one.",
    ),
    # corrections, withdrawals and publications
    "correct-the-original": (
        "Nr. {number} ist eine Veröffentlichung, Berichtigung oder Rücknahme und lässt sich nicht berichtigen. Bitte"
        " den ursprünglichen Eintrag berichtigen oder Nr. {number} zurücknehmen.",
        "No. {number} is a publication, correction or withdrawal and cannot be corrected. Please correct the original"
        " entry or withdraw no. {number}.",
    ),
    "correction-outdated": (
        "Nr. {number} wurde inzwischen geändert: Ihnen lag die Fassung von Nr. {seen} vor, jetzt gilt die von"
        " Nr. {last}. Bitte die jetzige Fassung ansehen und die Berichtigung darauf aufbauen.",
        "No. {number} was changed in the meantime: you had the version of no. {seen} before you, now that of no. {last}"
        " holds. Please look at the present version and base the correction on it.",
    ),
    "meeting-announced": (
        "Das Treffen „{meeting}“ ist angekündigt (Nr. {entries}). Bitte „planned“ auf true setzen, wenn es dieses war,"
        " sonst eine neue Kennung wählen.",
        "The meeting “{meeting}” was announced (no. {entries}). Please set “planned” to true if it was this one, or"
        " else choose a new id.",
    ),
    "period-ahead": (
        "Der Zeitraum {period} hatte am {date} noch nicht begonnen. Bitte den Zeitraum oder das Datum des Messwerts"
        " berichtigen.",
        "The period {period} had not begun on {date}. Please correct the period or the date of the reading.",
    ),
    "ids-fixed": (
        "Eine Berichtigung kann die Kennungen nicht ändern, die Nr. {number} vergeben hat. Bitte sie lassen, wie sie"
        " sind, oder Nr. {number} zurücknehmen und neu erfassen.",
        "A correction cannot change the ids that no. {number} gave. Please leave them as they are, or withdraw"
        " no. {number} and record it anew.",
    ),
    "not-in-force": (
        "Nr. {number} ist zurückgenommen und gilt nicht mehr. Soll der Eintrag wieder gelten, bitte zuerst die"
        " Rücknahme zurücknehmen.",
        "No. {number} is withdrawn and no longer in force. If it is to hold again, please withdraw the withdrawal"
        " first.",
    ),
    "not-public-along": (
        "Dazu gehören Einträge, die noch nicht öffentlich sind. Bitte im selben Schritt mitveröffentlichen:"
        " Nr. {entries}.",
        "Entries that belong to this are not public yet. Please publish them in the same step: no. {entries}.",
    ),
    "not-publishable": (
        "Nr. {number} betrifft eine Veröffentlichung und wird nicht eigens veröffentlicht. Bitte die Nummer aus der"
        " Liste streichen.",
        "No. {number} is about a publication and is not published by itself. Please take the number off the list.",
    ),
    "instant-out-of-range": (
        "Der Zeitpunkt liegt außerhalb der Jahre {first} bis {last}. Bitte das Jahr prüfen.",
        "The point in time lies outside the years {first} to {last}. Please check the year.",
    ),
    "destination-twice": (
        "Für {subject} ist zweimal angegeben, was daraus wird. Bitte nur ein Verbleib je Gremium oder Ebene.",
        "What becomes of {subject} is stated twice. Please state one destination for each body or level.",
    ),
    "date-not-written": (
        "Das ist kein ausgeschriebenes Datum. Bitte so schreiben: 2027-03-01, mit Uhrzeit 2027-03-01T08:00:00+01:00.",
        "This is no date written out. Please write it like this: 2027-03-01, with a time 2027-03-01T08:00:00+01:00.",
    ),
    "nothing-corrected": (
        "Die Berichtigung gibt dasselbe an, was für Nr. {number} schon gilt. Bitte etwas ändern oder die Berichtigung"
        " weglassen.",
        "The correction states what already holds for no. {number}. Please change something or leave the correction"
        " out.",
    ),
    "process-stays-open": (
        "Die Eröffnung des Prozesses (Nr. {number}) lässt sich nicht zurücknehmen. Bitte sie berichtigen, oder"
        " „Prozess abgeschlossen“ erfassen.",
        "The opening of the process (no. {number}) cannot be withdrawn. Please correct it, or record “Process closed”.",
    ),
    "public-contradiction": (
        "So sähe die Öffentlichkeit etwas, das sich widerspricht. Bitte im selben Schritt auch veröffentlichen, was"
        " dazu noch nicht öffentlich ist, vor allem Berichtigungen und Rücknahmen: Nr. {entries}.",
        "The public would see something that contradicts itself. Please publish in the same step what is not public"
        " about it yet, corrections and withdrawals above all: no. {entries}.",
    ),
    "plain-language-anew": (
        "Nr. {number} ist ein Text in einfacher Sprache und wird nicht berichtigt. Bitte einen neuen Text zum selben"
        " Eintrag erfassen: Der neueste zählt.",
        "No. {number} is a text in plain language and is not corrected. Please record a new text about the same entry:"
        " the newest counts.",
    ),
    "publish-again-instead": (
        "Nr. {number} nimmt eine Veröffentlichung zurück; dabei bleibt es. Bitte stattdessen den Eintrag erneut"
        " veröffentlichen.",
        "No. {number} withdraws a publication, and that stays so. Please publish the entry again instead.",
    ),
    "no-words-to-erase": (
        "Nr. {number} enthält keine Texte, die sich löschen lassen. Bitte den Eintrag nennen, der die Worte enthält.",
        "No. {number} holds no texts that could be erased. Please name the entry that holds the words.",
    ),
    "already-erased": (
        "Die Texte von Nr. {number} sind mit Nr. {entry} schon gelöscht. Andere Worte gibt eine Berichtigung.",
        "The texts of no. {number} were erased already by no. {entry}. A correction gives other words.",
    ),
    "approval-by-nobody": (
        "„as-before“ hält nur das Programm selbst fest, wenn eine ältere Sicherung zurückgespielt wurde. Bitte nennen,"
        " wer das Löschen genehmigt hat.",
        "Only the program itself records “as-before”, when an older backup was put back. Please name who approved the"
        " erasure.",
    ),
    "choice-missing": (
        "Bitte wählen: {field:field}.",
        "Please choose: {field:field}.",
    ),
    "erased-for-good": (
        "Nr. {number} hat Texte gelöscht und lässt sich nicht zurücknehmen. Andere Worte gibt eine Berichtigung.",
        "No. {number} erased texts and cannot be withdrawn. A correction gives other words.",
    ),
    "published-for-good": (
        "Die Veröffentlichung Nr. {number} wirkt schon, und was öffentlich war, bleibt öffentlich. Bitte stattdessen"
        " den veröffentlichten Eintrag berichtigen oder zurücknehmen.",
        "The publication no. {number} has taken effect, and what was public stays public. Please correct or withdraw"
        " the published entry instead.",
    ),
    "published-with-it": (
        "Die Veröffentlichung Nr. {number} öffnet, worauf sich Nr. {entries} bezieht, und auch das soll öffentlich"
        " werden. Bitte zuerst die Veröffentlichung von Nr. {entries} zurücknehmen.",
        "The publication no. {number} opens what no. {entries} refers to, which is to become public as well. Please"
        " withdraw the publication of no. {entries} first.",
    ),
    "type-fixed": (
        "Eine Berichtigung kann die Art des Schrittes nicht ändern, hier „{type:type}“. War es etwas anderes, bitte den"
        " Eintrag zurücknehmen und neu erfassen.",
        "A correction cannot change the type of step, here “{type:type}”. If it was something else, please withdraw the"
        " entry and record it anew.",
    ),
    "zone-fixed": (
        "Die Zeitzone des Prozesses ({zone}) lässt sich nicht ändern, denn alle Tage hängen von ihr ab. Bitte sie so"
        " lassen; war sie von Anfang an falsch, einen neuen Prozess eröffnen.",
        "The time zone of the process ({zone}) cannot be changed, because every day depends on it. Please leave it; if"
        " it was wrong from the start, open a new process.",
    ),
    # who may do and see what, and what can be read
    "account-needed": (
        "Ohne Anmeldung lässt sich das nicht tun: {act:act} in „{process}“. Bitte anmelden.",
        "Without signing in you may not {act:act} in “{process}”. Please sign in.",
    ),
    "facts-newer": (
        "Dieser Eintrag ist in Fassung {stored} gespeichert; dieses Programm liest bis {known}. Bitte das Programm"
        " aktualisieren.",
        "This entry is stored in version {stored}; this program reads up to {known}. Please update the program.",
    ),
    "url-wrong": (
        "„{given}“ ist keine Adresse im Netz. Bitte so angeben: https://www.stadt.example/protokoll.pdf.",
        "“{given}” is no web address. Please give it like this: https://www.stadt.example/protokoll.pdf.",
    ),
    "recorded-meanwhile": (
        "Inzwischen wurde in „{process}“ etwas anderes erfasst. Bitte noch einmal ansehen, was es bewirkt.",
        "Something else was recorded in “{process}” meanwhile. Please look again at what this would do.",
    ),
    "four-eyes": (
        "Hier gilt die Vier-Augen-Regel, und Nr. {entries} haben Sie selbst erfasst. Bitte eine andere Person darum"
        " bitten, das zu veröffentlichen.",
        "The rule of four eyes holds here, and you recorded no. {entries} yourself. Please ask somebody else to publish"
        " it.",
    ),
    "four-eyes-erasing": (
        "Hier gilt die Vier-Augen-Regel, und Nr. {entries} haben Sie selbst erfasst. Bitte eine andere Person darum"
        " bitten, die Texte zu löschen.",
        "The rule of four eyes holds here, and you recorded no. {entries} yourself. Please ask somebody else to erase"
        " the texts.",
    ),
    "not-permitted": (
        "Ihr Konto hat dafür kein Recht: {act:act} in „{process}“. Bitte die Verwaltung darum bitten.",
        "Your account may not {act:act} in “{process}”. Please ask an administrator for the right to do so.",
    ),
    "days-wrong": (
        "„{given}“ ist keine Zahl von Tagen. Bitte eine ganze Zahl von 0 bis {most} angeben, zum Beispiel 28.",
        "“{given}” is not a number of days. Please give a whole number from 0 to {most}, for example 28.",
    ),
    "process-taken": (
        "Die Kurzbezeichnung „{process}“ ist schon vergeben. Bitte eine andere wählen, zum Beispiel mit Jahreszahl.",
        "The short id “{process}” is taken already. Please choose another, for example with a year.",
    ),
    "process-id-wrong": (
        "„{given}“ kann keine Kurzbezeichnung sein. Bitte höchstens 63 Kleinbuchstaben, Ziffern und Bindestriche"
        " verwenden, zum Beispiel „musterstadt-2030“.",
        "“{given}” cannot be a short id. Please use at most 63 small letters, digits and hyphens, for example"
        " “musterstadt-2030”.",
    ),
    "installation-alone": (
        "„{type:type}“ hält das Programm selbst fest, wenn es geschieht: werdegang rotate-key.",
        "“{type:type}” is recorded by the program itself when it happens: werdegang rotate-key.",
    ),
    "process-id-reserved": (
        "„{process}“ ist ein Wort des Programms und kann keine Kurzbezeichnung sein. Bitte eine andere wählen, zum"
        " Beispiel „{process}-2030“.",
        "“{process}” is a word of the program and cannot be a short id. Please choose another one, for example"
        " “{process}-2030”.",
    ),
    "beginning-unknown": (
        "Womit der Prozess beginnen soll, ist nicht gewählt. Bitte eine Vorlage, einen Prozess oder eine Datei wählen.",
        "What the process is to begin with is not chosen. Please choose a template, a process or a file.",
    ),
    "unknown-here": (
        "„{subject}“ gibt es an diesem Tag hier nicht. Bitte aus der Liste wählen oder einen anderen Tag ansehen.",
        "There is no “{subject}” here on this day. Please choose from the list, or look at another day.",
    ),
    "unknown-version": (
        "Eine Fassung {version} gibt es hier nicht; die neueste ist {newest}. Bitte die Zahl in der Adresse prüfen.",
        "There is no version {version} here; the newest is {newest}. Please check the number in the address.",
    ),
    "unknown-process": (
        "Einen Prozess „{process}“ gibt es hier nicht. Bitte die Kennung prüfen; vielleicht ist noch nichts"
        " veröffentlicht.",
        "There is no process “{process}” here. Please check the id; perhaps nothing of it is published yet.",
    ),
}
"""Refusals of statements and questions that contradict what is recorded, or the rules of recording."""
