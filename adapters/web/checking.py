"""Prüfen: the page on which a reader's own browser checks the log and what a process has published.

The page holds words alone. What checks is a script of ours (`static/proof.js`, the rules; `static/check.js`, the page),
which asks `/log/…` and believes nothing of what it is told. Without script the page says what else can be done.
"""

from typing import Any, Final

from fastapi import Request, Response

from adapters import verify
from adapters.web.asking import installed
from adapters.web.linked_data import data
from adapters.web.page import Pages, of_process
from adapters.web.wording import Wording
from domain.installation import INSTALLATION
from domain.words import Words
from service import Answer

pages = Pages()

OWN: Final[dict[str, Words]] = {
    "about-entry": (
        "Nr. {number}: {state}. Erfasst am {at}, Platz {index} im Protokoll.",
        "No. {number}: {state}. Recorded on {at}, place {index} in the log.",
    ),
    "broken-off": ("Die Prüfung brach ab ({reason}).", "Checking broke off ({reason})."),
    "checking": ("Wird geprüft: {done} %", "Checking: {done} %"),
    "content-broken": (
        "Nr. {number}: Der veröffentlichte Inhalt hat nicht die vorgeschriebene Form.",
        "No. {number}: the published content does not have the prescribed form.",
    ),
    "content-differs": (
        "Nr. {number}: Der veröffentlichte Inhalt ist nicht der, der ins Protokoll kam. Betroffen: {part}.",
        "No. {number}: the published content is not what went into the log. Concerned: {part}.",
    ),
    "content-missing": (
        "Nr. {number}: Es fehlen {part}, und keine Löschung erklärt das.",
        "No. {number}: missing are {part}, and no erasure explains it.",
    ),
    "contents-broken": ("{path}: Diese Inhalte sind nicht zu lesen.", "{path}: these contents cannot be read."),
    "copied": ("Einzelheiten kopiert.", "Details copied."),
    "counts": (
        (
            "Prozess „{name}“: {opened} Einträge geprüft, davon {erased} mit gelöschten Texten; {sealed} nicht "
            "öffentlich. Das ganze Protokoll hat {size} Einträge."
        ),
        (
            "Process “{name}”: {opened} entries verified, {erased} of them with erased texts; {sealed} not public. "
            "The whole log has {size} entries."
        ),
    ),
    "counts-wrong": (
        (
            "Prozess „{name}“: {opened} Einträge geprüft, davon {erased} mit gelöschten Texten; {sealed} nicht "
            "öffentlich; {wrong} stimmen nicht, fehlen oder sind unbewiesen. Das ganze Protokoll hat {size} Einträge."
        ),
        (
            "Process “{name}”: {opened} entries verified, {erased} of them with erased texts; {sealed} not public; "
            "{wrong} are wrong, missing or not proved. The whole log has {size} entries."
        ),
    ),
    "entry-unknown": (
        "Einen Eintrag Nr. {number} hat dieser Prozess im Protokoll nicht.",
        "This process has no entry no. {number} in the log.",
    ),
    "content-withheld": (
        "Nr. {number} fehlt: Nr. {by} macht den Eintrag öffentlich, sein Inhalt wird aber nicht gezeigt.",
        "No. {number} is missing: no. {by} makes the entry public, but its content is not shown.",
    ),
    "fewer-than-shown": (
        "Diese Seiten beruhen auf {shown} öffentlichen Einträgen, geöffnet sind im Protokoll nur {open}.",
        "These pages rest on {shown} public entries, but only {open} are open in the log.",
    ),
    "fits": ("Passt zu Ihrer Prüfmarke ({size} Einträge).", "Fits your checkpoint ({size} entries)."),
    "fits-since": (
        "Passt zu Ihrer Prüfmarke vom {when} ({size} Einträge).",
        "Fits your checkpoint of {when} ({size} entries).",
    ),
    "kept-broken": (
        "Die aufbewahrte Prüfmarke ist keine dieses Protokolls, oder ihr Text ist nicht vollständig.",
        "The kept checkpoint is none of this log, or its text is not complete.",
    ),
    "kept-here": (
        "In diesem Browser aufbewahrt seit {when}: die Prüfmarke über {size} Einträge und der Schlüssel.",
        "Kept in this browser since {when}: the checkpoint over {size} entries, and the key.",
    ),
    "kept-here-policy": (
        "In diesem Browser aufbewahrt seit {when}: Prüfmarke über {size} Einträge, Schlüssel und Regelwerk.",
        "Kept in this browser since {when}: the checkpoint over {size} entries, the key, and the policy.",
    ),
    "kept-nothing": ("In diesem Browser ist nichts aufbewahrt.", "Nothing is kept in this browser."),
    "key-changed": (
        (
            "Das Protokoll hat einen neuen Schlüssel, und der bisherige unterschreibt noch mit. Bitte den neuen "
            "aufbewahren: {new} (statt {old})."
        ),
        (
            "The log has a new key, and the one before still signs along. Please keep the new one: {new} (instead of "
            "{old})."
        ),
    ),
    "key-entry": ("Eintrag Nr. {number}, der das sagt", "Entry no. {number}, which says so"),
    "key-followed": (
        (
            "Der Schlüssel, den Sie haben, unterschreibt nicht mehr. Ein Eintrag nennt den neuen, und die Prüfmarke "
            "mit diesem Eintrag hat der bisherige noch unterschrieben: Dem wurde gefolgt. Bitte den neuen "
            "aufbewahren: {new} (statt {old})."
        ),
        (
            "The key you have signs no longer. An entry names the new one, and the checkpoint with that entry was "
            "still signed by the one before: that was followed. Please keep the new one: {new} (instead of {old})."
        ),
    ),
    "key-on-trust": (
        (
            "Dem Schlüssel, den dieser Server nennt, wurde geglaubt. Vergleichen Sie ihn mit einem, den Sie "
            "anderswoher haben: {key}"
        ),
        "The key that this server names was believed. Compare it with one that you have from elsewhere: {key}",
    ),
    "key-other": (
        "ACHTUNG: Der Server nennt einen anderen Schlüssel als den, den Sie haben; kein Eintrag beweist ihn: {key}",
        "ATTENTION: the server names another key than the one you have; no entry proves it: {key}",
    ),
    "no-ed25519": (
        (
            "Dieser Browser kann Unterschriften nach Ed25519 nicht prüfen. Bitte nehmen Sie einen neueren Browser "
            "oder das Prüfprogramm (unten)."
        ),
        "This browser cannot check signatures by Ed25519. Please take a newer browser, or the checker (below).",
    ),
    "no-webcrypto": (
        (
            "Dieser Browser stellt seine Prüfwerkzeuge hier nicht bereit; meist fehlt https in der Adresse. "
            "Es bleibt das Prüfprogramm (unten)."
        ),
        (
            "This browser does not offer its means of checking here; mostly https is missing in the address. "
            "The checker (below) remains."
        ),
    ),
    "nothing-kept": (
        "Ohne eine aufbewahrte Prüfmarke bliebe ein von Anfang an neu geschriebenes Protokoll unbemerkt.",
        "Without a checkpoint that was kept, a log written anew from its beginning would go unnoticed.",
    ),
    "number-gap": (
        "Platz {index}: Hier steht Nr. {found} eines Prozesses, wo seine Nr. {expected} stehen müsste.",
        "Place {index}: here stands no. {found} of a process where its no. {expected} should stand.",
    ),
    "part-commitment": ("der Inhalt als Ganzes", "the content as a whole"),
    "part-facts": ("die Angaben", "the facts"),
    "part-internal": ("die internen Angaben", "the internal part"),
    "part-texts": ("die Texte", "the texts"),
    "part-whole": ("der Inhalt als Ganzes", "the content as a whole"),
    "policy-dropped": (
        "ACHTUNG: Das Regelwerk dieses Servers nennt Zeugen nicht mehr, die das Ihre nennt: {names}.",
        "ATTENTION: the policy of this server no longer names witnesses that yours names: {names}.",
    ),
    "policy-eased": (
        "ACHTUNG: Nach dem Regelwerk dieses Servers genügen jetzt {now} Zeugen. Vorher waren {before} nötig.",
        "ATTENTION: by the policy of this server {now} witnesses are enough now. Before, it took {before}.",
    ),
    "policy-on-trust": (
        (
            "Welche Zeugen es gibt und wie viele genügen, ist nur das Wort dieses Servers: Er nennt das Regelwerk. Wer "
            "eines von anderswoher hat, kann es unten einfügen; dann zählt es."
        ),
        (
            "Which witnesses there are, and how many are enough, is only this server's word: it names the policy. Who "
            "has one from elsewhere can paste it below; then that one counts."
        ),
    ),
    "policy-unreadable": (
        "Das Regelwerk dieses Servers ist nicht zu lesen (Zeile {line}).",
        "The policy of this server cannot be read (line {line}).",
    ),
    "process-missing": ("Das Protokoll hat keinen Eintrag dieses Prozesses.", "The log has no entry of this process."),
    "quorum-met": (
        (
            "Bezeugt von {signed} von {of} Zeugen seit {since}. Sind sie unabhängig, so kann auch, wer den Schlüssel "
            "hat, nicht mehr unbemerkt ändern, was bis hierher im Protokoll steht."
        ),
        (
            "Witnessed by {signed} of {of} witnesses since {since}. If they are independent, not even who has the key "
            "can change unnoticed what stands in the log up to here."
        ),
    ),
    "quorum-missing": (
        (
            "Noch nicht bezeugt: {signed} von {of} Zeugen haben die neueste Prüfmarke unterschrieben, nötig sind "
            "mindestens {needed}. Kurz nach einem neuen Eintrag ist das so; bitte in einer Minute noch einmal holen. "
            "Bleibt es so, hat niemand außer dieser Stadt bestätigt, dass das Protokoll sein früheres fortsetzt."
        ),
        (
            "Not yet witnessed: {signed} of {of} witnesses signed the newest checkpoint, and at least {needed} are "
            "needed. Just after a new entry it is so; please read again in a minute. If it stays so, nobody but this "
            "city has confirmed that the log continues what it was before."
        ),
    ),
    "quorum-none": ("Zeugen, die mitunterschreiben, verlangt hier niemand.", "Nobody asks for witnesses here."),
    "reading": ("Daten werden geholt: {done} %", "Reading: {done} %"),
    "state-erased": ("geprüft, Texte gelöscht", "verified, texts erased"),
    "state-missing": ("FEHLT", "MISSING"),
    "state-sealed": ("nicht öffentlich (versiegelt)", "not public (sealed)"),
    "state-unproved": ("nicht bewiesen", "not proved"),
    "state-verified": ("geprüft, seit der Erfassung unverändert", "verified, unchanged since it was recorded"),
    "state-wrong": ("STIMMT NICHT", "WRONG"),
    "time-differs": (
        "Nr. {number}: Diese Seiten nennen eine andere Zeit der Erfassung, {told}; im Protokoll steht {at}.",
        "No. {number}: these pages tell another time of recording, {told}; in the log stands {at}.",
    ),
    "too-many": (
        "Laut Prüfmarke {size} Einträge: Diese Seite prüft höchstens {most}. Es bleibt das Prüfprogramm (unten).",
        "By the checkpoint {size} entries: this page checks {most} at most. The checker (below) remains.",
    ),
    "two-views": (
        (
            "Für {size} Einträge gibt es zwei verschiedene Prüfmarken mit der Unterschrift dieses Protokolls. Das "
            "beweist, dass verschiedenen Leuten Verschiedenes gezeigt wurde. Bitte bewahren Sie beide auf."
        ),
        (
            "There are two different checkpoints over {size} entries, both signed by this log. That proves that "
            "different people were shown different things. Please keep both."
        ),
    ),
    "upto": ("{one} bis {other}", "{one} to {other}"),
    "verdict-cannot": ("Nicht zu prüfen", "Could not be checked"),
    "verdict-right": ("In Ordnung", "In order"),
    "verdict-wrong": ("NICHT in Ordnung", "NOT in order"),
}
"""What the script says, beside the messages of the checker, by its code."""


@pages("/prozesse/{process}/pruefen")
def check(request: Request, process: str) -> Response:
    """Where a reader's own browser checks a process; `#nr-12` asks for one entry."""
    key = str(installed(request).signer.key())

    def context(answer: Answer, words: Wording) -> dict[str, Any]:
        spoken = {code: words.t(*told) for code, told in {**verify.MESSAGES, **OWN}.items()}
        return {
            "words": data(spoken, "application/json", "words"),
            "shown": answer.version if answer.public else 0,
            "installation": INSTALLATION,
            "zone": str(answer.view.effective.zone),
            "key": key,
        }

    return of_process(request, process, "checking.html", context, has_form=False, beside=key)
