"""What an office asks (questions 4.1): each answer stands at most three steps from the start page of the desk.

A step is a link, found by its visible text, or a form that stands on the page.
"""

import re
from urllib.parse import urljoin

import pytest

from adapters.imports.statements import statement_of
from adapters.web.table_columns import columns
from domain.publication import Telling
from tests.browser_forms import Page as Form
from tests.faces import BOTTROP, bottrop
from tests.test_desk import DESK, PASSWORD, Browser
from tests.test_pages import Document

MOST_STEPS = 3


class Links(Document):
    """A page with its links by their visible text."""

    def __init__(self, html):
        self.by_text, self._begun = {}, None
        super().__init__(html)

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        if tag == "a":
            self._begun = (dict(attrs)["href"], len(self.text))

    def handle_endtag(self, tag):
        super().handle_endtag(tag)
        if tag == "a" and self._begun is not None:
            href, at = self._begun
            self.by_text.setdefault(" ".join(self.text[at:].split()), href)
            self._begun = None


def signed_in(house):
    """A browser of the office of Bottrop, signed in."""
    house.clerk = house.installation.accounts.create("Geschäftsstelle", [("admin", BOTTROP)]).id
    house.installation.passwords.set(house.clerk, PASSWORD)
    browser = Browser(house)
    assert browser.sign_in().status_code == 303
    return browser


@pytest.fixture(scope="module")
def clerk(tmp_path_factory):
    """The office with Bottrop as it is."""
    house = bottrop(tmp_path_factory.mktemp("questions") / "data")
    yield signed_in(house)
    house.close()


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """The office on the day after: it has corrected and published No. 47, and noted something that is internal."""
    house = bottrop(tmp_path_factory.mktemp("busy") / "data")
    house.wait(days=1)
    browser = signed_in(house)
    service, account = house.installation.service, house.installation.accounts.find(house.clerk).account
    was = service.view(BOTTROP, account).view.form(47).telling
    told = {name: getattr(was, name) for name in Telling.model_fields} | {"grounds": "Kritik und Belastung"}
    corrected = Telling.model_construct(**told).model_dump(mode="json")
    step = {"type": "entry-corrected", "target": 47, "corrected": corrected, "reason": "Der Grund war zu lang"}
    said = {
        "key": "intern",
        "step": {"type": "context-noted", "what": "Die Halle schließt"},
        "occurred": {"edtf": "2017"},
    }
    for content in (
        {"key": "berichtigung", "step": step},
        {"key": "oeffentlich", "step": {"type": "entry-published", "targets": ["berichtigung"]}},
        said,
    ):
        service.record([statement_of({"process": BOTTROP, **content})], account)
    house.wait(minutes=5)
    yield browser
    house.close()


class Walk:
    """A way through the desk from its start page: links by how their visible text begins, and forms that stand there.

    Whoever follows a link or sends a form takes a step.
    """

    def __init__(self, browser):
        self.browser, self.steps, self.address = browser, 0, DESK
        self._show(browser.get(DESK))

    def _show(self, answer):
        assert answer.status_code == 200, (self.address, Links(answer.text).words[:500])
        self.html, self.page = answer.text, Links(answer.text)
        assert self.page.faults == []

    def _step(self):
        self.steps += 1
        assert self.steps <= MOST_STEPS, f"too far from the start page: {self.address}"

    def follow(self, *texts):
        for text in texts:
            self._step()
            begin = [href for said, href in self.page.by_text.items() if said.startswith(text)]
            found = [self.page.by_text[text]] if text in self.page.by_text else begin
            assert found, f"no link “{text}” on {self.address}: {sorted(self.page.by_text)}"
            self.address = urljoin(self.address, found[0])
            self._show(self.browser.get(self.address))
        return self

    def send(self, act, **typed):
        """Sends the form that has these fields and this button, as a browser would."""
        self._step()
        typed = {name.replace("__", "/"): value for name, value in typed.items()}
        form, action = next(
            (form, action)
            for action, form in self._forms()
            if set(typed) <= {given.get("name") for _, given in form.tags} and ("act", act) in form.buttons
        )
        fields = {}
        for name, value in [*form.sent, ("act", act)]:
            fields.setdefault(name, []).append(value)
        fields |= typed
        self.address = urljoin(self.address, action)
        answer = self.browser.client.post(self.address, data=fields)
        while answer.status_code == 303:  # where a form leads by itself is no step of anybody's
            self.address = urljoin(self.address, answer.headers["location"])
            answer = self.browser.get(self.address)
        self._show(answer)
        return self

    def _forms(self):
        for inner in re.findall(r"<form[^>]*>.*?</form>", self.html, re.DOTALL):
            yield re.search(r' action="([^"]*)"', inner)[1], Form(inner)

    def value(self, label):
        """The value of the control with a label."""
        for tag, given in Form(self.html).tags:
            if tag == "input" and re.search(rf'<label[^>]* for="{re.escape(given.get("id", ""))}">{label}', self.html):
                return given["value"]
        raise AssertionError(f"nothing is labelled “{label}” on {self.address}")

    @property
    def words(self):
        return self.page.words


def after(browser, *texts):
    """The words of the page that one comes to from the start page of the desk, by links that begin with these texts."""
    return Walk(browser).follow(*texts).words


PROCESS = "Bottrop 2018+"


def test_4_1_1_what_is_in_force_today(clerk):
    now = after(clerk, PROCESS, "Was heute gilt")
    assert "Ebenen: Strategische Ebene, Operative Ebene" in now
    assert "Wirtschaftsallianz Bottrop (WiAll)" in now
    assert "Fachkräftesicherung" in now
    assert "LOUISE" not in now.partition("Was es gibt")[2]
    assert "Leitbild der Nachhaltigkeit und Resilienz" in after(clerk, PROCESS, "Zukunftsplan")
    assert "In welcher Form geht es mit der Wirtschaftsallianz" in after(clerk, PROCESS, "Was offen ist")


def test_4_1_2_why_the_middle_level_was_dropped_who_asked_who_decided_and_what_replaced_it(clerk):
    why = after(clerk, PROCESS, "Struktur", "Thematische Ebene")
    assert "Ebene aufgegeben" in why
    assert "Was dazu führte" in why
    assert "Wozu man die Ebenen braucht und worin sie sich unterscheiden, leuchtet nicht ein" in why
    assert "Die thematische Ebene mit ihren Strategischen Allianzen wird aufgegeben." in why
    assert "Zukunftsplan" in why.partition("Was daraus folgte")[2]
    decided = after(clerk, PROCESS, "Beschlüsse").partition("wird aufgegeben.")[2]
    assert "Projektverbund Bottrop 2018+" in decided
    assert "Verfahren: nicht dokumentiert" in decided


def test_4_1_3_which_decisions_are_open_or_due_for_review(clerk):
    open_ = after(clerk, PROCESS, "Was offen ist")
    assert "In welcher Form geht es mit der Wirtschaftsallianz nach dem Projekt weiter?" in open_
    assert "Wie sehen der fertige Zukunftsplan" in open_
    assert "Keine Überprüfung ist fällig." in open_
    assert "soll die Geschäftsstelle vom Amt auf die Wirtschaftsallianz übergehen" in open_
    assert "In welcher Form geht es" in after(clerk, "Offene Fragen und vertagte Beschlüsse")


def test_4_1_4_which_intentions_were_kept_changed_or_silently_dropped(clerk):
    promises = after(clerk, PROCESS, "Zusagen")
    assert "nicht eingehalten" in promises
    assert "geändert" in promises
    assert "im September 2019 fällig, nichts dazu erfasst" in promises


def test_4_1_5_what_one_recorded_lately_and_what_of_it_is_not_public(clerk, busy):
    assert "0 Einträge, davon 0 noch nicht öffentlich" in after(clerk, PROCESS, "Was ich zuletzt erfasst habe")
    assert "ist öffentlich oder dafür vorgemerkt" in after(clerk, PROCESS, "Veröffentlichen")
    assert "Ein Eintrag ist noch nicht öffentlich." in after(busy)
    mine = after(busy, PROCESS, "Was ich zuletzt erfasst habe")
    assert "3 Einträge, davon 1 noch nicht öffentlich" in mine
    assert "Umfeld festgehalten intern Die Halle schließt" in mine
    assert "Noch nicht öffentlich Nr. 223 Umfeld festgehalten: Die Halle schließt" in after(
        busy, PROCESS, "Veröffentlichen"
    )


def test_4_1_6_which_entries_lack_a_source_a_reason_a_method_or_a_date(clerk):
    lacking = after(clerk, PROCESS, "Vollständigkeit")
    assert "in der Quelle angegeben 11 von 206" in lacking
    assert "Beschlüsse ohne Verfahren 3 von 3" in lacking
    assert "Nr. 42" in after(clerk, "Beschlüsse ohne Verfahren")


def test_4_1_7_how_often_one_organisation_was_invited_or_there_on_all_levels(clerk):
    attendance = after(clerk, PROCESS, "Teilnahme")
    of_the_office = attendance.partition("Amt für Wirtschaftsförderung und Standortmanagement der Stadt Bottrop")[2]
    assert of_the_office.startswith(" – – mindestens 4 – – ab Oktober 2019, Tag nicht bekannt (erschlossen)")
    assert "Treffen ohne Angabe, wer da war: Nr. 105, Nr. 164, Nr. 169" in attendance
    load = after(clerk, PROCESS, "Befunde")
    assert "mindestens 7 Treffen in 18 Monaten, gezählt: Einladungen oder Teilnahmen, nicht trennbar" in load
    assert "nicht nach Unternehmen getrennt" in load


def test_4_1_8_which_organisations_were_not_reached_for_a_year(clerk):
    waiting = after(clerk, "Organisationen, die seit einem Jahr nicht erreicht wurden")
    unreached = waiting.rpartition("Kein Treffen und keine Rückmeldung nennt sie")[2]
    assert "FabLab" in unreached
    assert "nicht dokumentiert, wann zuletzt" in unreached


def test_4_1_9_when_something_was_published_or_corrected_and_why(busy):
    entry = after(busy, PROCESS, "Struktur", "Thematische Ebene")
    assert "Öffentlich seit 22. November 2026, 10:00 Uhr" in entry
    assert "Nr. 221: Eintrag berichtigt Erfasst am 23. November 2026, 11:00 Uhr. Grund: Der Grund war zu lang" in entry
    assert "Vorher Nachher Begründung Als Gründe der Kritik" in entry
    correction = after(busy, PROCESS, "Nr. 221")
    assert "Eintrag berichtigt" in correction
    assert "Öffentlich seit 23. November 2026, 11:00 Uhr" in correction


def test_4_1_10_what_the_public_would_see_if_one_published_now(busy):
    queue = Walk(busy).follow(PROCESS, "Veröffentlichen")
    seen = queue.send("check", entry=queue.value("Nr. 223")).words
    assert "Das sieht die Öffentlichkeit dann" in seen
    assert "Die Halle schließt" in seen.partition("Das sieht die Öffentlichkeit dann")[2]
    assert "Ein Eintrag ist noch nicht öffentlich." in after(busy)  # looking publishes nothing
    assert "Die Halle schließt" not in busy.get(f"/prozesse/{BOTTROP}/eintrag/223").text
    assert "Nr. 223" in after(busy, PROCESS, "Öffentlich und intern im Vergleich")


def test_4_1_11_how_a_meeting_of_last_year_with_who_was_there_and_a_decision_by_consent_are_recorded(busy):
    meeting = Walk(busy).follow(PROCESS, "Treffen fand statt")
    invited = [meeting.value(name) for name in ("FabLab der Hochschule Ruhr-West", "Faktor 10")]
    tried = meeting.send(
        "check",
        __step__meeting="treffen-1",
        __step__title="Runder Tisch",
        __step__kind="working-session",
        __occurred__edtf="im Frühjahr 2025",
        __step__invited__actors=invited,
        __step__attended__actors=invited[:1],
    ).words
    assert "Geprüft – noch nichts gespeichert" in tried
    assert "1.3.2025 bis 31.5.2025, irgendwann in dieser Zeit" in tried
    assert "Noch eine Angabe dazu" in tried
    decision = Walk(busy).follow(PROCESS, "Beschluss gefasst")
    tried = decision.send(
        "check",
        __step__text="Aus dem Hof wird ein Reallabor.",
        __step__method="consent",
        __step__outcome="adopted",
        __occurred__edtf="im Frühjahr 2025",
    ).words
    assert "Geprüft – noch nichts gespeichert" in tried
    assert "Konsent" in tried


def test_4_1_12_which_entries_name_a_person_and_what_erasing_does(busy):
    report = Walk(busy).follow("Personen", "Was haben wir über").send("ask", name="Halle").words
    assert f"Nr. 223 in {BOTTROP}" in report
    assert "Nichts, das Sie sehen dürfen" in report
    assert "Einträge und Zahlen bleiben beim Löschen, wie sie sind." in report


def test_4_1_13_what_an_import_created_changed_and_passed_over_row_by_row(busy):
    rows = "Art;Beschreibung;Datum\nWunsch;Mehr Bänke;2019\nWunsch;Mehr Bänke;2019\n"
    names = {column.name: column.label for column in columns("feedback-received", "de")}
    rows = rows.replace("Beschreibung", names["/step/what"]).replace("Art", names["/step/kind"])
    table = f"{DESK}/{BOTTROP}/tabelle/feedback-received"
    sent = busy.client.post(
        table, data={"token": busy.token(DESK)}, files={"file": ("wuensche.csv", rows.encode("cp1252"))}
    )
    checked = sent.headers["location"]
    waiting = Walk(busy).follow(PROCESS, "Tabellen", "Tabelle: Rückmeldung eingegangen")
    assert "neu: 1" in waiting.words
    mapping = {given["name"]: value for given, value in chosen(waiting.html)}
    busy.post(checked, {"token": busy.token(DESK), "act": "record", **mapping})
    report = after(busy, PROCESS, "Tabellen", "Tabelle: Rückmeldung eingegangen")
    assert "Zeile 2: neu erfasst als Nr. 224" in report
    assert "Zeile 3: übergangen: dasselbe wie Zeile 2" in report


def chosen(html):
    """The lists of a page with what is chosen in them."""
    for name, inner in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', html, re.DOTALL):
        yield {"name": name}, (re.findall(r'value="([^"]*)" selected', inner) or [""])[0]


def test_4_1_14_the_invitation_list_and_the_minutes_of_a_meeting(clerk):
    meeting = Walk(clerk).follow(PROCESS, "Termine: einladen", "Werkstatt 2")
    for text, said in (("Einladungsliste", "Einladungsliste"), ("Ergebnisprotokoll", "Ergebnisprotokoll")):
        (href,) = [href for shown, href in meeting.page.by_text.items() if shown.startswith(text)]
        printed = Links(clerk.get(href).text)  # the third step was its page; printing is the button on it
        assert said in printed.words
        assert "Werkstatt 2: Transparenz in Beteiligungsprozessen" in printed.words


def test_4_1_15_whether_workshop_two_is_full(clerk):
    workshop = after(clerk, PROCESS, "Termine: einladen").partition("Werkstatt 2")[2].partition("Werkstatt 3")[0]
    assert "höchstens 20, Anmeldungen nicht erfasst" in workshop


def test_4_1_16_who_changed_an_entry_and_under_which_role(busy):
    mine = busy.house.clerk
    assert f"Von {mine} (Geschäftsstelle); Rechte heute: Verwaltung ({BOTTROP})" in after(busy, PROCESS, "Nr. 221")
    assert "Erfasst von Konto konto-" in after(busy, PROCESS, "Struktur", "Thematische Ebene")


def test_every_question_of_an_office_is_asked_here():
    numbers = {int(found) for name in globals() if (found := re.sub(r"^test_4_1_(\d+)_.*|.*", r"\1", name))}
    assert numbers == set(range(1, 17))
