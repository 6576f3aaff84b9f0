"""What the public asks (questions 4.2), answered in a browser: every answer at most four clicks from the start page.

The answers are as honest as the record of Bottrop: what nobody wrote down reads "nicht dokumentiert". The ways are
gone in one window of the width of a telephone.
"""

import re

import pytest

from tests.faces import BOTTROP

START = f"/prozesse/{BOTTROP}"
MOST_CLICKS = 4


@pytest.fixture(scope="module")
def reader(browser, server):
    """Somebody with a telephone and without script, who follows links from the start page."""
    context = browser.new_context(
        locale="de-DE", viewport={"width": 390, "height": 844}, java_script_enabled=False, reduced_motion="reduce"
    )
    yield Reader(context.new_page(), server)
    context.close()


class Reader:
    def __init__(self, page, server):
        self.page, self.server = page, server

    def follow(self, *links):
        """The words of the page that these links lead to, each by the text that it begins with."""
        assert len(links) <= MOST_CLICKS
        self.page.goto(f"{self.server}{START}")
        for text in links:
            self.page.get_by_role("link", name=re.compile(f"^{re.escape(text)}")).first.click()
        return self.words()

    def on(self, day):
        """The words of the page that one is on, as it was on another day."""
        self.page.get_by_label("So war es am").fill(day)
        self.page.get_by_role("button", name="Anzeigen").click()
        return self.words()

    def words(self):
        return " ".join(self.page.locator("main").inner_text().split())

    def address(self):
        return self.page.url.removeprefix(self.server)


def test_4_2_01_what_is_the_alliance_in_plain_words_and_who_may_join(reader):
    """Scenario 1 tells who: open to the economic actors of the city, with the Geschäftsstelle to turn to."""
    start = reader.follow()
    assert "Unternehmen und andere Wirtschaftsakteure sollen den Standort gemeinsam" in start
    assert "Ansprechpartner ist: Geschäftsstelle" in start
    assert "Allianz Strategische Ebene" in reader.follow("Gremien", "Wirtschaftsallianz Bottrop (WiAll)")
    assert "Offen für alle Wirtschaftsakteure der Stadt" in reader.follow("Welche Szenarien gab es")


def test_4_2_02_what_happened_in_which_order_and_how_sure_is_the_date(reader):
    told = reader.follow("Verlauf")
    assert "„im ersten Projekt-Jahr“" in told
    assert "zwischen Oktober 2016 und September 2017 (erschlossen)" in told
    assert told.index("Handel der Zukunft") < told.index("Prozess eröffnet") < told.index("im ersten Projekt-Jahr")


def test_4_2_03_why_is_there_no_level_between_alliance_and_labs(reader):
    why = reader.follow("Gremien", "Strategische Allianz »Handel der Zukunft«", "Nr. 47", "Warum?")
    led, followed = why.split("Wie es dazu kam")[1].split("Was daraus folgte")
    assert "Auf allen Ebenen treffen sich dieselben Leute." in led
    assert "Wozu man die Ebenen braucht und worin sie sich unterscheiden, leuchtet nicht ein" in led
    assert "Von wem: Projektverbund Bottrop 2018+; Verfahren: nicht dokumentiert" in led
    assert "Die Reallabore stimmen sich unmittelbar mit der Wirtschaftsallianz ab." in followed
    assert "Zukunftsplan" in followed


def test_4_2_04_what_became_of_city_logistik(reader):
    gone = reader.follow("Gremien", "City Logistik")
    assert "ausgegründet, zwischen Oktober 2016 und September 2019 (erschlossen)" in gone
    assert "Nachfolge LOUISE" in gone


def test_4_2_05_who_decided_by_which_method_and_who_disagreed(reader):
    decided = reader.follow("Wer hat was entschieden").partition("wird aufgegeben.")[2]
    assert "Projektverbund Bottrop 2018+" in decided
    assert "Verfahren: nicht dokumentiert" in decided
    assert "Abweichende Meinungen: nicht dokumentiert" in decided


def test_4_2_06_was_a_scenario_chosen(reader):
    told = reader.follow("Welche Szenarien gab es")
    assert "Es ist kein Szenario gewählt." in told
    assert "Die Verfasser halten Szenario 1 (Fortführung der Wirtschaftsallianz) für das passendste." in told
    later = reader.follow("Gremien", "Wirtschaftsallianz Bottrop (WiAll)")
    assert "Projekt von Amt für Wirtschaftsförderung" in later


def test_4_2_07_what_would_the_scenarios_have_meant_and_where_is_information_missing(reader):
    told = reader.follow("Welche Szenarien gab es")
    for criterion, following in (
        ("Kosten & Finanzierung", "Zusammenarbeit"),
        ("Mehrwert der Akteure", "Wie vollständig"),
    ):
        blank = told[told.rindex(criterion) :].partition(following)[0]
        assert blank.count("keine Angabe") == 4
    assert re.search(r"keine Angabe (Anzahl: )?11 von 40", told)


def test_4_2_08_what_did_the_companies_want_and_what_not(reader):
    told = reader.follow("Was wünschen und kritisieren")
    assert "Unternehmen möchten mitbestimmen" in told
    assert "leuchtet nicht ein" in told


def test_4_2_09_what_has_changed_since_2019_and_since_my_last_visit(reader):
    reader.follow("Was hat sich zwischen zwei Tagen geändert?")
    reader.page.get_by_label("Der eine Tag").fill("31.12.2016")
    reader.page.get_by_label("Der andere Tag").fill("31.12.2018")
    reader.page.get_by_role("button", name="Vergleichen").click()
    assert "vielleicht schon da mit der Ebene weggefallen" in reader.words()
    reader.follow("Verlauf")
    reader.page.get_by_text("Nach Gremium, Akteur").click()
    reader.page.get_by_label("Seit meinem letzten Besuch am").fill("1.1.2020")
    reader.page.get_by_role("button", name="Auswählen").click()
    assert reader.address() == f"{START}/verlauf?seit=2020-01-01"
    assert "Seit dem 1. Januar 2020 wurde dies veröffentlicht, berichtigt, zurückgenommen oder" in reader.words()


def test_4_2_10_what_was_promised_and_what_came_of_it(reader):
    told = reader.follow("Was wurde zugesagt")
    assert "nicht eingehalten" in told
    assert "soll die Geschäftsstelle vom Amt auf die Wirtschaftsallianz übergehen" in told
    assert "fällig, nichts dazu erfasst" in told


def test_4_2_13_where_is_the_document_behind_this_sentence(reader):
    shown = reader.follow("Wer hat was entschieden", "Nr. 46")
    assert "Zeilen 232, 266-269, 290-292" in shown
    reader.page.get_by_role("link", name=re.compile("^Buchbeitrag von 2019")).first.click()
    assert reader.address().startswith(f"{START}/dokumente#file-c003b42846bbc403")
    assert "c003b42846bbc403adc745b7004fbc13a1f2d15de0e9eac3f217578b64e7c7f9" in reader.words()


def test_4_2_14_who_is_a_member_today_and_who_was_in_2018(reader):
    """Not documented, on either day; the page says so and does not say that there was nobody."""
    now = reader.follow("Gremien", "Wirtschaftsallianz Bottrop (WiAll)")
    then = reader.on("30.6.2018")
    assert "So war es am 30. Juni 2018" in then
    for words in (now, then):
        members = words.partition("Mitglieder")[2].partition("Was dazu gehört")[0]
        assert members.count("nicht dokumentiert") == 2


def test_4_2_15_can_one_take_part_now_and_to_which_degree(reader):
    assert "Zurzeit ist kein Treffen angekündigt, zu dem man kommen kann." in reader.follow()
    assert "Es ist kein kommendes Treffen angekündigt." in reader.follow("Alle Termine")


def test_4_2_16_can_one_check_that_nothing_was_altered(reader):
    shown = reader.follow("Wer hat was entschieden", "Nr. 46")
    assert "Platz 45" in shown
    receipt = reader.page.get_by_role("link", name="Beleg zum Aufbewahren").get_attribute("href")
    assert reader.page.request.get(f"{reader.server}{receipt}").text().startswith("c2sp.org/tlog-proof@v1")
    reader.follow()
    state = reader.page.get_by_role("link", name="Der Stand des Protokolls").get_attribute("href")
    assert reader.page.request.get(f"{reader.server}{state}").text().startswith("lindenau.example/log")


def test_4_2_17_the_same_on_one_page_of_paper(reader):
    reader.follow("Gremien", "Strategische Allianz »Handel der Zukunft«", "Nr. 47", "Warum?")
    paper = reader.page.pdf(format="A4")
    assert re.findall(rb"/Count (\d+)", paper) == [b"1"]


def test_4_2_11_was_an_entry_corrected_when_and_why(reader):
    told = reader.follow("Was wurde berichtigt oder zurückgenommen?")
    assert "Nr. 45" in told
    shown = reader.follow("Was wünschen und kritisieren", "Drei Ebenen und ein stark theoretischer")
    assert "Dieser Eintrag ist berichtigt" in shown
    assert "Grund:" in shown.partition("Berichtigungen und Rücknahmen")[2]


def test_4_2_12_can_one_follow_this_body_alone_without_an_account(reader):
    reader.follow("Gremien", "Wirtschaftsallianz Bottrop (WiAll)")
    for link, begins in (("Neues als Feed", "<?xml"), ("Termine als Kalender", "BEGIN:VCALENDAR")):
        address = reader.page.get_by_role("link", name=re.compile(f"^{link}")).get_attribute("href")
        answer = reader.page.request.get(f"{reader.server}{address}")
        assert (answer.status, answer.text()[: len(begins)]) == (200, begins)
    assert reader.page.context.cookies() == []
