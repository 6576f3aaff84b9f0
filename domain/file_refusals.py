"""Sentences for files that the desk refuses: documents and tables. Reached through `domain/words.py`."""

# ruff: noqa: ISC004  (what stands between two commas is one sentence; the type of the table finds a lost comma)

from typing import Final

from domain.vocabulary import Words

FILE_REFUSALS: Final[dict[str, Words]] = {
    "upload-too-large": (
        "Das ist zu groß: zusammen höchstens {most} MB. Bitte die Datei verkleinern oder in mehreren Teilen hochladen.",
        "This is too large: {most} MB at most altogether. Please make the file smaller or upload it in several parts.",
    ),
    "upload-missing": (
        "Es ist keine Datei ausgewählt. Bitte eine auswählen.",
        "No file is chosen. Please choose one.",
    ),
    "document-empty": (
        "Die Datei „{name}“ ist leer (0 Bytes). Bitte prüfen, ob sie richtig gespeichert ist, und noch einmal"
        " hochladen.",
        "The file “{name}” is empty (0 bytes). Please check whether it was saved properly and upload it again.",
    ),
    "document-name": (
        "Der Dateiname ist keiner, den man anzeigen kann. Bitte die Datei umbenennen: ohne / und \\, höchstens"
        " {most} Zeichen.",
        "The name of the file is none that can be shown. Please rename the file: without / and \\, {most} characters at"
        " most.",
    ),
    "document-type": (
        "Was in „{name}“ steht, gehört zu keiner Art, die angenommen wird. Bitte als PDF, PNG, JPEG, ODT, ODS, DOCX,"
        " XLSX, TXT oder CSV speichern und noch einmal hochladen.",
        "What is in “{name}” is of no kind that is accepted. Please save it as PDF, PNG, JPEG, ODT, ODS, DOCX, XLSX,"
        " TXT or CSV and upload it again.",
    ),
    "document-differs": (
        "„{name}“ ist nach dem Inhalt eine Datei der Art {found}, heißt aber anders. Bitte die Endung des Namens"
        " berichtigen oder die richtige Datei auswählen.",
        "By its content “{name}” is a file of the kind {found}, but is called otherwise. Please correct the ending of"
        " its name or choose the right file.",
    ),
    "document-active": (
        "„{name}“ enthält ein Programm (Makros, HTML, SVG oder Skripte in einem PDF). Bitte ohne das oder als PDF neu"
        " speichern, zum Beispiel über „Drucken“, und noch einmal hochladen.",
        "“{name}” contains a program (macros, HTML, SVG or scripts in a PDF). Please save it without that or as PDF"
        " anew, for example by printing, and upload it again.",
    ),
    "document-erased": (
        "Diese Datei wurde am {day} gelöscht und wird nicht wieder angenommen. Bitte eine andere Fassung hochladen.",
        "This file was erased on {day} and is not taken again. Please upload another version.",
    ),
    "document-unknown": (
        "Dieses Dokument gibt es hier nicht, oder es ist nicht öffentlich. Bitte die Adresse prüfen.",
        "There is no such document here, or it is not public. Please check the address.",
    ),
    "document-damaged": (
        "Die gespeicherte Datei zur Prüfsumme {sha256} in „{process}“ fehlt oder ist verändert. Bitte sie aus einer"
        " Sicherung zurückholen oder das Dokument mit Angabe des Grundes löschen.",
        "The stored file with the checksum {sha256} in “{process}” is missing or changed. Please bring it back from a"
        " backup or erase the document, giving the reason.",
    ),
    "document-reason": (
        "Es fehlt der Grund. Bitte in einem Satz angeben, warum das Dokument gelöscht wird.",
        "The reason is missing. Please say in one sentence why the document is erased.",
    ),
    "table-kind": (
        "„{name}“ ist keine Tabelle. Bitte als XLSX oder CSV speichern und noch einmal hochladen.",
        "“{name}” is no table. Please save it as XLSX or CSV and upload it again.",
    ),
    "table-empty": (
        "In „{name}“ steht keine Zeile unter den Überschriften. Bitte prüfen, ob das richtige Blatt vorn steht.",
        "In “{name}” there is no row below the headings. Please check whether the right sheet comes first.",
    ),
    "table-wide": (
        "„{name}“ hat mehr als {most} Spalten. Bitte nur die nötigen stehen lassen.",
        "“{name}” has more than {most} columns. Please leave only those that are needed.",
    ),
    "table-long": (
        "„{name}“ hat mehr als {most} Zeilen. Bitte in mehrere Dateien teilen.",
        "“{name}” has more than {most} rows. Please split it into several files.",
    ),
    "table-bomb": (
        "„{name}“ ist ausgepackt größer als {most} MB. Bitte nur das nötige Blatt in eine neue Datei kopieren.",
        "“{name}” is larger than {most} MB when unpacked. Please copy only the sheet needed into a new file.",
    ),
    "table-merged": (
        "In „{name}“ sind Zellen verbunden: {cells}. Bitte die Verbindung aufheben und jede Zelle einzeln ausfüllen.",
        "In “{name}” cells are merged: {cells}. Please split them and fill in each cell by itself.",
    ),
    "table-unreadable": (
        "„{name}“ lässt sich nicht lesen. Bitte in Excel oder LibreOffice öffnen, neu speichern und noch einmal"
        " hochladen.",
        "“{name}” cannot be read. Please open it in Excel or LibreOffice, save it anew and upload it again.",
    ),
    "table-gone": (
        "Diese Tabelle liegt hier nicht mehr: Sie wird höchstens einen Tag aufbewahrt. Bitte noch einmal hochladen.",
        "This table is no longer here: it is kept for one day at most. Please upload it again.",
    ),
    "table-rows": (
        "Bitte mit --process und --rows angeben, in welchen Prozess die Tabelle gehört und was in den Zeilen steht."
        " Möglich ist: {types}.",
        "Please say with --process and --rows which process the table belongs to and what its rows are. Possible is:"
        " {types}.",
    ),
    "table-column": (
        "„{given}“ sagt nicht, welche Spalte was enthält. Spalten sind {columns}; zum Beispiel --column A={fields}.",
        "“{given}” does not say what a column holds. There are the columns {columns}; for example --column A={fields}.",
    ),
    "cell-formula": (
        "Hier steht eine Formel, die nie berechnet wurde. Bitte die Datei in Excel speichern oder den Wert eintragen.",
        "Here is a formula that was never calculated. Please save the file in Excel or type the value.",
    ),
    "cell-broken": (
        "Hier steht der Fehler einer Formel. Bitte den Wert eintragen.",
        "Here is the error of a formula. Please type the value.",
    ),
    "cell-too-long": (
        "Der Text ist zu lang. Bitte kürzen.",
        "The text is too long. Please shorten it.",
    ),
    "cell-unmatched": (
        "„{given}“ ist hier nicht bekannt. Bitte sagen, wer gemeint ist, oder die Schreibweise berichtigen.",
        "“{given}” is not known here. Please say who is meant, or correct how it is written.",
    ),
    "setting-upload": (
        "WERDEGANG_MOST_UPLOAD ist „{value}“. Bitte Megabyte von 1 bis {most} angeben.",
        "WERDEGANG_MOST_UPLOAD is “{value}”. Please give megabytes from 1 to {most}.",
    ),
}
"""Refusals of files."""
