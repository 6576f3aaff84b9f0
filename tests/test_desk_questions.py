"""What an office asks (questions 4.1): each answer stands at most three steps from the start page of the desk.

A step is a link, found by its visible text.
"""

from urllib.parse import urljoin

import pytest

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


@pytest.fixture(scope="module")
def clerk(tmp_path_factory):
    """A browser of the office of Bottrop, signed in."""
    house = bottrop(tmp_path_factory.mktemp("questions") / "data")
    house.clerk = house.installation.accounts.create("Geschäftsstelle", [("admin", BOTTROP)]).id
    house.installation.passwords.set(house.clerk, PASSWORD)
    browser = Browser(house)
    assert browser.sign_in().status_code == 303
    yield browser
    house.close()


def after(clerk, *steps):
    """The words of the page that one comes to from the start page of the desk, by links that begin with these texts."""
    assert len(steps) <= MOST_STEPS
    address, page = DESK, Links(clerk.get(DESK).text)
    for step in steps:
        found = [href for text, href in page.by_text.items() if text.startswith(step)]
        assert found, f"no link “{step}” on {address}: {sorted(page.by_text)}"
        address = urljoin(address, found[0])
        answer = clerk.get(address)
        assert answer.status_code == 200, address
        page = Links(answer.text)
        assert page.faults == []
    return page.words


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
    assert "In welcher Form geht es" in after(clerk, "Offene Fragen und vertagte Beschlüsse")


def test_4_1_4_which_intentions_were_kept_changed_or_silently_dropped(clerk):
    promises = after(clerk, PROCESS, "Zusagen")
    assert "nicht eingehalten" in promises
    assert "geändert" in promises
    assert "im September 2019 fällig, nichts dazu erfasst" in promises


def test_4_1_5_what_one_recorded_lately_and_what_of_it_is_not_public(clerk):
    assert "0 Einträge, davon 0 noch nicht öffentlich" in after(clerk, PROCESS, "Was ich zuletzt erfasst habe")
    assert "ist öffentlich oder dafür vorgemerkt" in after(clerk, PROCESS, "Veröffentlichen")


def test_4_1_6_which_entries_lack_a_source_a_reason_a_method_or_a_date(clerk):
    lacking = after(clerk, PROCESS, "Vollständigkeit")
    assert "in der Quelle angegeben 11 von 206" in lacking
    assert "Beschlüsse ohne Verfahren 3 von 3" in lacking
    assert "Nr. 42" in after(clerk, "Beschlüsse ohne Verfahren")


def test_4_1_7_how_often_one_organisation_was_invited_or_there_on_all_levels(clerk):
    assert "Treffen ohne Angabe, wer da war" in after(clerk, PROCESS, "Teilnahme")


def test_4_1_8_which_organisations_were_not_reached_for_a_year(clerk):
    waiting = after(clerk, "Organisationen, die seit einem Jahr nicht erreicht wurden")
    unreached = waiting.rpartition("Kein Treffen und keine Rückmeldung nennt sie")[2]
    assert "FabLab" in unreached
    assert "nicht dokumentiert, wann zuletzt" in unreached


def test_4_1_9_when_something_was_published(clerk):
    entry = after(clerk, PROCESS, "Struktur", "Thematische Ebene")
    assert "Öffentlich seit 22. November 2026" in entry


def test_4_1_11_how_a_meeting_of_last_year_is_recorded(clerk):
    form = after(clerk, PROCESS, "Treffen fand statt")
    assert "Eingeladen" in form
    assert "Teilgenommen" in form
    assert "Konsent" in after(clerk, PROCESS, "Beschluss gefasst")


def test_4_1_16_who_recorded_an_entry(clerk):
    entry = after(clerk, PROCESS, "Struktur", "Thematische Ebene")
    assert "Erfasst von Konto konto-" in entry
