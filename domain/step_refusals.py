"""Sentences for steps that contradict themselves or what was laid down before: what is impossible, and the way out.

Reached through `domain/words.py`, the one table of words.
"""

# ruff: noqa: ISC004  (what stands between two commas is one sentence; the type of the table finds a lost comma)

from typing import Final

from domain.vocabulary import Words

STEP_REFUSALS: Final[dict[str, Words]] = {
    # the process and its structure
    "destination-unclear": (
        "Wohin „{subject}“ kommt, ist unklar. Bitte bei „zugeordnet“ ein Gremium oder eine Ebene nennen, sonst keins.",
        "Where “{subject}” goes is unclear. Please name a body or a level with “placed”, and none otherwise.",
    ),
    "entitled-missing": (
        "Ohne die Zahl der Stimmberechtigten lässt sich eine absolute Mehrheit nicht prüfen. Bitte sie angeben.",
        "An absolute majority cannot be checked without the number of those entitled to vote. Please give it.",
    ),
    "kind-missing": (
        "Es fehlt, was für ein Gremium „{subject}“ ist. Bitte die Art wählen.",
        "It is missing what kind of body “{subject}” is. Please choose the kind.",
    ),
    "merge-needs-two": (
        "Zu einem neuen Gremium legen sich mindestens zwei zusammen. Bitte alle nennen; geht nur eines weiter,"
        " stattdessen „Gremium verändert“ erfassen.",
        "It takes at least two bodies to merge into a new one. Please name all of them; if only one goes on,"
        " record “Body changed” instead.",
    ),
    "more-votes-than-entitled": (
        "Es sind mehr Stimmen ({votes}) als Stimmberechtigte ({entitled}). Bitte die Zahlen prüfen.",
        "There are more votes ({votes}) than people entitled to vote ({entitled}). Please check the numbers.",
    ),
    "nothing-changed": (
        "An „{subject}“ würde sich nichts ändern. Bitte mindestens eine Änderung angeben.",
        "Nothing about “{subject}” would change. Please state at least one change.",
    ),
    "one-heir": (
        "Bei einer Zusammenlegung geht genau ein Gremium weiter. Bitte entweder ein neues angeben oder das bestehende,"
        " das die anderen aufnimmt; das bestehende behält Art, Zuordnung und Ebene.",
        "After a merger exactly one body goes on. Please give either a new one or the existing one that absorbs the"
        " others; the existing one keeps its kind, place and level.",
    ),
    "vote-disagrees": (
        "{yes} Ja und {no} Nein ergeben bei der verlangten Mehrheit ({rule:term}) ein anderes Ergebnis. Bitte die"
        " Zahlen, die Mehrheit oder das Ergebnis berichtigen.",
        "{yes} yes and {no} no make another outcome with the majority required ({rule:term}). Please correct the"
        " numbers, the majority or the outcome.",
    ),
    "vote-without-majority": (
        "Stimmen werden nur bei einer Mehrheitsentscheidung gezählt, nicht bei „{method:term}“. Bitte „Mehrheit“"
        " wählen oder die Abstimmung weglassen.",
        "Votes are counted only where a majority decides, not with “{method:term}”. Please choose “Majority” or leave"
        " out the vote.",
    ),
    "zone-unknown": (
        "Eine Zeitzone „{zone}“ gibt es nicht. Bitte Erdteil und Stadt angeben, zum Beispiel Europe/Berlin.",
        "There is no time zone “{zone}”. Please give continent and city, for example Europe/Berlin.",
    ),
    # meetings
    "attended-and-excused": (
        "{subjects} kann nicht zugleich teilgenommen haben und entschuldigt gewesen sein. Bitte an einer der beiden"
        " Stellen streichen.",
        "{subjects} cannot have been there and excused at once. Please take the name off one of the two lists.",
    ),
    "begins-missing": (
        "Bei „{meeting}“ fehlt, wann es beginnt. Bitte Tag und Uhrzeit angeben, etwa 2021-06-30T10:00; ist die Uhrzeit"
        " nicht bekannt, genügt der Tag.",
        "When “{meeting}” begins is missing. Please give day and time, such as 2021-06-30T10:00; if the time is not"
        " known, the day is enough.",
    ),
    "ends-before-it-begins": (
        "Das Ende {ends} liegt vor dem Beginn {begins}, oder der Beginn fehlt. Bitte beide prüfen.",
        "The end {ends} lies before the beginning {begins}, or the beginning is missing. Please check both.",
    ),
    "fewer-persons-than-actors": (
        "{actors} Akteure sind genannt, aber höchstens {persons} Personen. Bitte die Zahl der Personen berichtigen oder"
        " weglassen.",
        "{actors} actors are named but {persons} persons at most. Please correct the number of persons or leave it"
        " out.",
    ),
    "local-time-none": (
        "„{given}“ steht in keinem Kalender und auf keiner Uhr. Bitte so angeben: 2021-06-30T10:00, oder nur den Tag.",
        "“{given}” is in no calendar and on no clock. Please give it like this: 2021-06-30T10:00, or the day alone.",
    ),
    "local-time-skipped": (
        "{given} gibt es in der Zeitzone {zone} nicht: In dieser Nacht werden die Uhren vorgestellt. Bitte eine andere"
        " Uhrzeit angeben.",
        "{given} does not exist in the time zone {zone}: clocks are put forward in that night. Please give another"
        " time.",
    ),
    "no-meeting": (
        "Für „{meeting}“ sind null Treffen angegeben. Bitte mindestens eines angeben; fiel es aus, stattdessen"
        " „Ankündigung geändert“ mit „abgesagt“ erfassen.",
        "Zero meetings are stated for “{meeting}”. Please state at least one; if it did not take place, record"
        " “Announcement changed” with “cancelled” instead.",
    ),
    "rescheduled-without-time": (
        "Ein neuer Beginn und „verlegt“ gehören zusammen. Bitte bei „{meeting}“ beides angeben oder keines.",
        "A new beginning and “rescheduled” belong together. Please give both for “{meeting}”, or neither.",
    ),
    # quantities, lists and vocabularies
    "named-twice": (
        "„{subject}“ ist zweimal genannt. Bitte einmal streichen.",
        "“{subject}” is named twice. Please take it off the list once.",
    ),
    "quantity-empty": (
        "Eine Anzahl braucht „mindestens“ oder „höchstens“. Bitte eines davon angeben, oder die Anzahl ganz weglassen.",
        "A number needs “at_least” or “at_most”. Please give one of them, or leave the number out.",
    ),
    "quantity-reversed": (
        "Mindestens {at_least} und höchstens {at_most} passt nicht zusammen. Bitte die Zahlen prüfen.",
        "At least {at_least} and at most {at_most} do not fit together. Please check the numbers.",
    ),
    "scheme-unknown": (
        "Das Verzeichnis „{given}“ gilt hier nicht. Möglich ist: {permitted:or}.",
        "The scheme “{given}” does not hold here. Possible are: {permitted:or}.",
    ),
    "term-unknown": (
        "„{given}“ steht nicht im Verzeichnis „{scheme}“. Möglich ist: {permitted:or}.",
        "“{given}” is not in the scheme “{scheme}”. Possible are: {permitted:or}.",
    ),
    "becomes-without-change": (
        "Aus einer Zusage, die „{outcome:term}“ ist, wird keine andere. Bitte „geändert“ oder „teilweise eingehalten“"
        " wählen, oder die neue Zusage weglassen.",
        "A commitment that is “{outcome:term}” does not become another one. Please choose “changed” or “kept in part”,"
        " or leave the new commitment out.",
    ),
    # what names itself
    "claim-against-itself": (
        "Nr. {number} steht gegen sich selbst. Bitte unter „Dagegen steht“ einen anderen Eintrag nennen.",
        "No. {number} stands against itself. Please name another entry under “against”.",
    ),
    "replaced-and-confirmed": (
        "Ein Beschluss kann „{decision}“ ersetzen oder bestätigen, nicht beides. Bitte eines der beiden weglassen.",
        "A decision can replace “{decision}” or confirm it, not both. Please leave one of them out.",
    ),
    "refers-to-itself": (
        "„{subject}“ verweist auf sich selbst. Bitte etwas anderes nennen oder das Feld weglassen.",
        "“{subject}” refers to itself. Please name something else or leave the field out.",
    ),
    # findings
    "account-of-a-dispute": (
        "Eine andere Darstellung kann nicht selbst ein Widerspruch sein. Bitte die Sache selbst angeben.",
        "Another account cannot itself be a dispute. Please state the thing itself.",
    ),
    "account-type": (
        "Die andere Darstellung muss von derselben Art sein wie der bestrittene Eintrag, hier „{type:type}“. Bitte die"
        " Art angleichen; geht es um etwas anderes, es für sich erfassen und unter „Dagegen steht“ nennen.",
        "The other account has to be of the type of the entry in dispute, here “{type:type}”. Please give that type; if"
        " it is about something else, record it by itself and name it under “against”.",
    ),
    "load-without-kind": (
        "Eine Belastung durch Treffen ist ein Befund der Art „Belastung“. Bitte die Art ändern oder die Zahlen"
        " weglassen.",
        "A load of meetings is a finding of the kind “load”. Please change the kind or leave out the numbers.",
    ),
    "not-such-an-entry": (
        "Nr. {number} passt hier nicht. Bitte einen Eintrag dieser Art nennen: {permitted:or}.",
        "No. {number} does not fit here. Please name an entry of this type: {permitted:or}.",
    ),
    "one-other-account": (
        "Zu einem Widerspruch gehört genau eine andere Darstellung. Bitte entweder einen Eintrag unter „Dagegen steht“"
        " nennen oder die andere Darstellung selbst angeben.",
        "A dispute has exactly one other account. Please either name an entry under “against” or give the other account"
        " itself.",
    ),
    # decisions
    "consensing-disagrees": (
        "Nach den Zahlen hat nicht „{chosen}“ (Widerstand {given}) den geringsten Widerstand, sondern {lowest} mit"
        " {computed}. Bitte die Zahlen oder die genommene Möglichkeit berichtigen.",
        "By the numbers not “{chosen}” (resistance {given}) meets the least resistance but {lowest} with {computed}."
        " Please correct the numbers or the option taken.",
    ),
    "consensing-without-method": (
        "Widerstände gehören zum Systemischen Konsensieren, nicht zu „{method:term}“. Bitte dieses Verfahren wählen"
        " oder die Widerstände weglassen.",
        "Resistances belong to systemic consensing, not to “{method:term}”. Please choose that method or leave them"
        " out.",
    ),
    "heard-without-method": (
        "Wer angehört wurde, gehört zur „Einzelentscheidung nach Beratung“, nicht zu „{method:term}“. Bitte das"
        " Verfahren ändern oder die Angabe weglassen.",
        "Who was heard belongs to a decision by one after consultation, not to “{method:term}”. Please change the"
        " method or leave it out.",
    ),
    "objection-stands": (
        "Ein Einwand, der nicht eingearbeitet ist, steht dem Ergebnis „angenommen“ im Weg ({method:term}, Einwände:"
        " {count}). Bitte das Ergebnis oder die Einwände berichtigen.",
        "An objection that was not integrated stands against the outcome “adopted” ({method:term}, objections:"
        " {count}). Please correct the outcome or the objections.",
    ),
    "option-unknown": (
        "„{option}“ ist keine der Möglichkeiten. Bitte eine davon nennen: {permitted:or}.",
        "“{option}” is none of the options. Please name one of them: {permitted:or}.",
    ),
    "passive-option-outcome": (
        "„abgelehnt“ heißt beim Konsensieren, dass alles bleibt: Genommen ist dann die Passivlösung „{passive}“, sonst"
        " ist das Ergebnis „angenommen“. Hier ist „{chosen}“ genommen; bitte das Ergebnis anpassen.",
        "With consensing “rejected” means that all stays: then the passive option “{passive}” is taken, otherwise the"
        " outcome is “adopted”. Here “{chosen}” is taken; please adjust the outcome.",
    ),
    "resistance-missing": (
        "Bei „{option}“ fehlen die Widerstände. Bitte sie je Person angeben, oder ihre Summe.",
        "The resistances against “{option}” are missing. Please give them per person, or their sum.",
    ),
    "resistance-sum": (
        "Die Widerstände gegen „{option}“ ergeben zusammen {computed}, angegeben ist {given}. Bitte eines von beiden"
        " berichtigen.",
        "The resistances against “{option}” add up to {computed}, stated is {given}. Please correct one of the two.",
    ),
    "resistance-too-large": (
        "Der Widerstand gegen „{option}“ ({given}) ist mehr, als alle zusammen haben können ({most}). Bitte die Zahlen"
        " prüfen.",
        "The resistance against “{option}” ({given}) is more than all together can have ({most}). Please check the"
        " numbers.",
    ),
    "votes-not-all": (
        "Bei „{option}“ stehen {votes} Widerstände, beteiligt sind {participants}. Bitte für jede Person einen angeben,"
        " oder nur die Summe.",
        "“{option}” has {votes} resistances, {participants} took part. Please give one for each person, or only the"
        " sum.",
    ),
    # scenarios, plan, monitoring
    "chosen-twice": (
        "In „{subject}“ ist schon ein Szenario gewählt (Nr. {entries}). Tritt die neue Wahl an die Stelle der früheren,"
        " bitte diese unter „Ersetzt“ nennen.",
        "A scenario is chosen in “{subject}” already (no. {entries}). If the new choice takes the place of the earlier"
        " one, please name that under “Replaces”.",
    ),
    "decision-not-adopted": (
        "Der Beschluss „{subject}“ (Nr. {entries[1]}) wurde nicht angenommen und trägt Nr. {entries[0]} nicht. Bitte"
        " den Beschluss nennen, der es tut.",
        "The decision “{subject}” (no. {entries[1]}) was not adopted and does not support no. {entries[0]}. Please name"
        " the decision that does.",
    ),
    "completed-in-part": (
        "„{measure}“ ist fertig, aber nur zu {share} Prozent umgesetzt. Bitte 100 angeben, den Anteil weglassen oder"
        " „läuft“ wählen.",
        "“{measure}” is completed, but only {share} per cent done. Please give 100, leave the share out, or choose"
        " “in progress”.",
    ),
    "goal-under-itself": (
        "Das Ziel „{goal}“ kann nicht sich selbst dienen. Bitte ein anderes Ziel nennen oder das Feld weglassen.",
        "The goal “{goal}” cannot serve itself. Please name another goal or leave the field out.",
    ),
    "like-itself": (
        "Das Szenario „{scenario}“ kann nicht auf sich selbst verweisen. Bitte ein anderes Szenario nennen.",
        "The scenario “{scenario}” cannot refer to itself. Please name another scenario.",
    ),
    "more-indicators-than-counted": (
        "{indicators} Indikatoren sind genannt, aber höchstens {count} gezählt. Bitte die Anzahl berichtigen.",
        "{indicators} indicators are named but {count} counted at most. Please correct the count.",
    ),
    "not-in-set": (
        "Nr. {entries[0]} stellt „{subject}“ in eine andere Sammlung als Nr. {entries[1]}; es gehört zu „{expected}“."
        " Bitte nur Szenarien und Kriterien derselben Sammlung verwenden.",
        "No. {entries[0]} places “{subject}” in another set than no. {entries[1]}; it belongs to “{expected}”. Please"
        " use scenarios and criteria of one set only.",
    ),
    "nothing-selected": (
        "Es ist kein Indikator genannt. Bitte die Indikatoren nennen oder wenigstens ihre Anzahl.",
        "No indicator is named. Please name the indicators or at least how many there are.",
    ),
    "unit-differs": (
        "Nr. {entries[0]} misst „{subject}“ in einer anderen Einheit, als Nr. {entries[1]} festlegt ({expected}). Bitte"
        " in {expected} umrechnen; wird von nun an anders gemessen, einen neuen Indikator festlegen, der diesen"
        " fortführt.",
        "No. {entries[0]} measures “{subject}” in another unit than no. {entries[1]} lays down ({expected}). Please"
        " convert to {expected}; if it is measured differently from now on, define a new indicator that continues this"
        " one.",
    ),
}
"""Refusals by the subject of the step."""
