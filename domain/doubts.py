"""Sentences for what is doubtful or contradicts itself. Reached through `domain/words.py`, the one table of words.

A hint is for whoever records and says what will be assumed; a conflict is for every reader of a view and only says
what there is.
"""

# ruff: noqa: ISC004  (what stands between two commas is one sentence; the type of the table finds a lost comma)

from typing import Final

from domain.vocabulary import Words

HINTS: Final[dict[str, Words]] = {
    "approximate-order": (
        "Nr. {number} und Nr. {entries} bauen aufeinander auf, geschahen nach den ungefähren Daten aber in umgekehrter"
        " Reihenfolge. Es bleibt bei den angegebenen Tagen; bitte prüfen, ob sie stimmen.",
        "No. {number} and no. {entries} rest on each other, but by the approximate dates happened in the reverse"
        " order. The stated days stand; please check whether they are right.",
    ),
    "cause-withdrawn": (
        "Der Anlass Nr. {number} ist zurückgenommen und zählt nicht. Vielleicht gibt es einen anderen.",
        "The cause no. {number} is withdrawn and does not count. Perhaps there is another one.",
    ),
    "destination-unclear": (
        "Vielleicht gehörte damals noch dazu: {subjects}. Wenn ja, bitte angeben, was daraus wurde.",
        "This perhaps still belonged there at the time: {subjects}. If so, please state what became of it.",
    ),
    "effect-before-cause": (
        "Der Anlass Nr. {number} geschah sicher später als das, wozu er führte. Bitte prüfen, ob die Daten und der"
        " Anlass stimmen.",
        "The cause no. {number} certainly happened later than what it led to. Please check whether the dates and the"
        " cause are right.",
    ),
    "order-open": (
        "Nr. {number} und Nr. {entries} sagen über dasselbe Verschiedenes, und die Daten lassen offen, was zuletzt"
        " galt. Ist es bekannt, bitte beim späteren Eintrag unter „Geschah nicht vor“ den früheren nennen.",
        "No. {number} and no. {entries} say different things about the same, and the dates leave open what held last."
        " If it is known, please name the earlier entry under “Did not happen before” of the later one.",
    ),
    "plain-language-older": (
        "Zu Nr. {number} gibt es einen Text in einfacher Sprache (Nr. {entry}). Er bleibt, wie er ist; bitte prüfen, ob"
        " er noch stimmt.",
        "There is a text in plain language about no. {number} (no. {entry}). It stays as it is; please check whether it"
        " still says what is right.",
    ),
    "public-behind": (
        "Öffentlich ist Nr. {number} noch in der früheren Fassung. Soll die Änderung zu sehen sein, bitte Nr. {entry}"
        " veröffentlichen.",
        "The public still sees no. {number} in its earlier version. If the change is to be seen, please publish"
        " no. {entry}.",
    ),
    "recorded-late-on-ended": (
        "Für „{subject}“ ist schon ein Ende erfasst. Was von da an noch dazugehörte, rückt zum nächsten noch"
        " Bestehenden darüber auf („abgeleitet“), solange nichts anderes erfasst ist.",
        "An end of “{subject}” is recorded already. What still belonged to it then moves up to the next one above that"
        " is still there (“inferred”), as long as nothing else is recorded.",
    ),
    "ring-possible": (
        "Je nachdem, wie die offenen Daten ausgehen, käme unter sich selbst zu stehen: {subjects}. Ein Gremium stünde"
        " dann direkt unter dem Prozess, ein Ziel für sich; genauere Daten oder „Geschah nicht vor“ helfen.",
        "Depending on how the open dates turn out, this would come to stand under itself: {subjects}. A body would"
        " then stand directly under the process, a goal by itself; more exact dates or “Did not happen before” help.",
    ),
}
"""Hints: what is doubtful, never blocking."""

CONFLICTS: Final[dict[str, Words]] = {
    "after-withdrawn": (
        "Nr. {entries[1]} soll nicht vor Nr. {entries[0]} geschehen sein, aber Nr. {entries[0]} ist zurückgenommen.",
        "No. {entries[1]} is said not to have happened before no. {entries[0]}, but no. {entries[0]} is withdrawn.",
    ),
    "answered-withdrawn": (
        "Nr. {entries[1]} beantwortet Nr. {entries[0]}, aber Nr. {entries[0]} ist zurückgenommen.",
        "No. {entries[1]} answers no. {entries[0]}, but no. {entries[0]} is withdrawn.",
    ),
    "cause-withdrawn": (
        "Nr. {entries[1]} nennt als Anlass Nr. {entries[0]}; das ist zurückgenommen und zählt nicht.",
        "No. {entries[1]} names no. {entries[0]} as its cause, which is withdrawn and does not count.",
    ),
    "chosen-twice": (
        "In „{subject}“ ist mehr als ein Szenario zugleich gewählt (Nr. {entries}).",
        "More than one scenario is chosen at once in “{subject}” (no. {entries}).",
    ),
    "circle": (
        "Nr. {entries} setzen einander im Kreis voraus.",
        "No. {entries} presuppose each other in a circle.",
    ),
    "decision-not-adopted": (
        "Nr. {entries[0]} beruft sich auf den Beschluss „{subject}“, der nicht angenommen wurde (Nr. {entries[1]}).",
        "No. {entries[0]} relies on the decision “{subject}”, which was not adopted (no. {entries[1]}).",
    ),
    "effect-before-cause": (
        "Nr. {entries[1]} geschah sicher vor dem Anlass Nr. {entries[0]}, der dazu geführt haben soll.",
        "No. {entries[1]} certainly happened before no. {entries[0]}, which is said to have led to it.",
    ),
    "ended-twice": (
        "Für „{subject}“ ist mehr als ein Ende erfasst (Nr. {entries}); es gilt das mit der niedrigsten Nummer.",
        "More than one end of “{subject}” is recorded (no. {entries}); the one with the lowest number holds.",
    ),
    "ends-what-it-needs": (
        "Nr. {entries} beendet „{subject}“ und braucht es zugleich noch.",
        "No. {entries} ends “{subject}” and still needs it.",
    ),
    "founded-twice": (
        "Für „{subject}“ ist mehr als ein Beginn erfasst (Nr. {entries}); es gilt der mit der niedrigsten Nummer.",
        "More than one beginning of “{subject}” is recorded (no. {entries}); the one with the lowest number holds.",
    ),
    "no-day-left": (
        "Für Nr. {entries} lassen die anderen Einträge keinen Tag übrig; gezeigt wird das angegebene Datum.",
        "The other entries leave no day for no. {entries}; the stated date is shown.",
    ),
    "not-in-set": (
        "Nr. {entries[0]} stellt „{subject}“ in eine andere Sammlung von Szenarien als Nr. {entries[1]}"
        " („{expected}“).",
        "No. {entries[0]} places “{subject}” in another set of scenarios than no. {entries[1]} (“{expected}”).",
    ),
    "order": (
        "Nr. {entries[0]} geschah nach den Daten sicher später als Nr. {entries[1]}, das darauf aufbaut.",
        "By the dates no. {entries[0]} certainly happened later than no. {entries[1]}, which rests on it.",
    ),
    "order-doubtful": (
        "Nr. {entries[0]} geschah nach den ungefähren Daten später als Nr. {entries[1]}, das darauf aufbaut.",
        "By the approximate dates no. {entries[0]} happened later than no. {entries[1]}, which rests on it.",
    ),
    "own-parent": (
        "Nach Nr. {entries} gehörte „{subject}“ zu sich selbst.",
        "By no. {entries} “{subject}” would belong to itself.",
    ),
    "parent-circle": (
        "Nach Nr. {entries} gehörten Gremien oder Ziele im Kreis zueinander; solange stehen sie für sich.",
        "By no. {entries} bodies or goals would belong to each other in a circle; for so long they stand by"
        " themselves.",
    ),
    "under-itself": (
        "„{subject}“ käme an diesem Tag unter sich selbst zu stehen und steht deshalb direkt unter dem Prozess.",
        "On this day “{subject}” would come to stand under itself and therefore stands directly under the process.",
    ),
    "unit-differs": (
        "Nr. {entries[0]} misst „{subject}“ in einer anderen Einheit, als Nr. {entries[1]} festlegt ({expected}).",
        "No. {entries[0]} measures “{subject}” in another unit than no. {entries[1]} lays down ({expected}).",
    ),
    "unknown": (
        "Nr. {entries} nennt „{subject}“; wie es entstand, sagt keiner dieser Einträge.",
        "No. {entries} names “{subject}”; none of these entries says how it began.",
    ),
    "wrong-kind": (
        "„{subject}“ ist etwas anderes, als Nr. {entries} dort erwartet.",
        "“{subject}” is not what no. {entries} expects there.",
    ),
}
"""Contradictions and doubts among entries, as a view lists them."""
