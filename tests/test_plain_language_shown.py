"""Plain language on every face: shown first, once it is published; written at the desk."""

from io import StringIO
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from adapters.terminal import Page
from projections.why import why
from tests.faces import BOTTROP, bottrop
from tests.story import plainly, published, told
from tests.test_desk import DESK, PASSWORD, Browser
from tests.test_desk_recording import CHECK, RECORD, typed
from tests.test_pages import Document

ATOM = "{http://www.w3.org/2005/Atom}"
PAGE = f"/prozesse/{BOTTROP}"
SAID = "Die Leute im Viertel machen zusammen Musik."
SECRET = "Noch niemand soll das Wort Kontrabass lesen."
OF_PROCESS = "Bottrop probiert etwas aus."


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A meeting of 2018 and the process itself, said in plain language; of the meeting a newer text is internal."""
    house = bottrop(tmp_path_factory.mktemp("plain") / "data")
    house.clerk = house.installation.accounts.create("Erika", [("recorder", BOTTROP)]).id
    house.installation.passwords.set(house.clerk, PASSWORD)
    meeting = {"type": "context-noted", "what": "Konzertreihe der Nachbarschaftsorchester"}
    opened = next(e.number for e in entries(house) if e.statement.step.type == "process-opened")
    numbers = house.record(
        {"key": "konzert", **told(meeting, "2018-05-04")},
        {"key": "konzert-einfach", **plainly("konzert", SAID)},
        {"key": "prozess-einfach", **plainly(opened, OF_PROCESS)},
        {"key": "offen", **published("konzert", "konzert-einfach", "prozess-einfach")},
        {"key": "intern", **plainly("konzert", SECRET)},
    )
    house.told, house.plain, _, _, house.internal = numbers
    house.opened = opened
    yield house
    house.close()


def entries(house):
    account = house.installation.accounts.account_of(house.tokens["admin"])
    return house.installation.service.view(BOTTROP, account).view.effective.entries


def before(answer, first, second):
    said = Document(answer.text).words
    assert first in said, first
    return said.index(first) < said.index(second)


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_page_of_an_entry_says_it_in_plain_language_before_what_is_stated(town, language):
    answer = town.get(f"{language}{PAGE}/eintrag/{town.told}")
    assert before(answer, SAID, "What is stated" if language else "Was angegeben ist")
    assert f'lang="de-simple">{SAID}' in answer.text
    assert Document(answer.text).faults == []


@pytest.mark.parametrize("path", ["/verlauf?from=2018-05-04&to=2018-05-04", "/eintrag/{told}/warum", ""])
def test_timeline_why_and_first_page_say_it_too(town, path):
    answer = town.get(f"{PAGE}{path.format(told=town.told)}")
    said = SAID if path else OF_PROCESS
    assert f'lang="de-simple">{said}' in answer.text


def test_the_first_page_says_it_before_what_the_process_is_for(town):
    assert before(town.get(PAGE), OF_PROCESS, "Wo es steht")


def test_the_text_has_a_page_of_its_own_that_leads_to_what_it_is_about(town):
    answer = town.get(f"{PAGE}/eintrag/{town.plain}")
    document = Document(answer.text)
    assert "In einfacher Sprache erklärt" in document.words
    assert f"{PAGE}/eintrag/{town.told}" in document.links
    assert town.get(f"{PAGE}/eintrag/{town.plain}/warum").status_code == 404


def test_a_search_finds_its_words_and_a_newer_text_that_is_internal_stays_hidden(town):
    assert [hit["line"]["number"] for hit in town.get("/api/v1/search?q=Viertel+Musik").json()["hits"]] == [town.plain]
    assert town.get("/api/v1/search?q=Kontrabass").json()["hits"] == []
    paths = ("", "/verlauf", f"/eintrag/{town.told}", f"/eintrag/{town.told}/warum", "/feed.atom", "/berichtigungen")
    assert [path for path in paths if "Kontrabass" in town.get(f"{PAGE}{path}").text] == []
    assert town.get(f"{PAGE}/eintrag/{town.internal}").status_code == 404


def test_the_interface_for_programs_says_it_to_the_public_and_the_newest_to_accounts(town):
    public = {"entry": town.plain, "text": SAID, "older": False}
    assert town.api(f"/entries/{town.told}").json()["entry"]["plain"] == public
    inside = town.api(f"/entries/{town.told}", as_="recorder").json()["entry"]
    assert inside["plain"] == {"entry": town.internal, "text": SECRET, "older": False}
    lines = {line["number"]: line for line in town.api("/timeline").json()["timeline"]}
    assert lines[town.told]["plain"] == public
    assert [number for number, line in lines.items() if line["plain"] is not None] == [town.opened, town.told]


def test_a_text_that_is_published_later_is_told_with_what_was_public_before(town):
    """It would fail if only the lines of what a publication names were told anew."""
    told_before, said = town.get(f"{PAGE}/verlauf?kind=process"), "Das Geld ist da."
    (funded,) = [e.number for e in entries(town) if e.statement.step.type == "funding-granted"]
    town.record({"key": "geld-einfach", **plainly(funded, said)})
    assert town.get(f"{PAGE}/verlauf?kind=process").text == told_before.text
    town.record({"key": "geld-offen", **published("geld-einfach")})
    assert said in town.get(f"{PAGE}/verlauf?kind=process").text


def test_the_feed_says_it_first(town):
    feed = ET.fromstring(town.get(f"{PAGE}/feed.atom").content)
    told_of = [entry.findtext(f"{ATOM}content") for entry in feed.iter(f"{ATOM}entry")]
    (content,) = [content for content in told_of if SAID in content]
    assert content.startswith("<p><strong>In einfacher Sprache:</strong>")


# ---- at the desk ----------------------------------------------------------------------------------------------------


def test_the_office_writes_it_sees_what_comes_of_it_and_records_it(town):
    town.wait(minutes=1)
    browser = Browser(town)
    browser.sign_in()
    (number,) = town.record({"key": "fest", **told({"type": "context-noted", "what": "Ein Fest"}, "2018")})
    page = browser.get(f"{DESK}/{BOTTROP}/eintrag/{number}")
    address = f"{DESK}/{BOTTROP}/eintrag/{number}/einfache-sprache"
    assert address in Document(page.text).links
    empty = browser.post(address, typed(browser.get(address), CHECK))
    assert empty.status_code == 422
    assert 'href="#text"' in empty.text
    shown = browser.post(address, typed(browser.get(address), CHECK, text="Wir feiern."))
    assert "Geprüft – noch nichts gespeichert" in Document(shown.text).words
    assert Document(shown.text).faults == []
    done = browser.post(address, typed(shown, RECORD))
    assert done.status_code == 303, Document(done.text).words
    told_of = Document(browser.get(done.headers["location"]).text).words
    assert "Wir feiern." in told_of
    assert "intern" in told_of
    again = browser.get(address)
    assert typed(again)["text"] == ["Wir feiern."]
    assert Document(again.text).faults == []


def test_a_text_about_a_text_has_no_form(town):
    browser = Browser(town)
    browser.sign_in()
    assert browser.get(f"{DESK}/{BOTTROP}/eintrag/{town.plain}/einfache-sprache").status_code == 422
    links = Document(browser.get(f"{DESK}/{BOTTROP}/eintrag/{town.plain}").text).links
    assert not [link for link in links if link.endswith(("/einfache-sprache", "/berichtigen"))]
    assert [link for link in links if link.endswith("/zuruecknehmen")]


# ---- on the command line --------------------------------------------------------------------------------------------


def test_the_command_line_says_it_below_the_heading(town):
    answer = town.installation.service.view(BOTTROP, None)
    with Console(width=200, record=True, file=StringIO()) as console:
        console.print(Page(answer, "de").timeline())
        console.print(Page(answer, "de").why(why(answer.view, town.told)))
    told_of = " ".join(console.export_text().split())
    assert told_of.count(f"In einfacher Sprache: {SAID}") == 2


def test_what_is_said_in_plain_language_later_is_new_to_who_needs_that(town):
    """It comes first again in the feed, and in the timeline since a reader's last visit; what is internal does not."""
    song = {"type": "context-noted", "what": "Liedgutsammlung"}
    (number, *_) = town.record({"key": "lied", **told(song, "2018-05-05")}, {"key": "lied-auf", **published("lied")})
    town.wait(days=5)
    since = f"{PAGE}/verlauf?seit={town.now.date()}"
    town.wait(days=2)

    def newest():
        return next(ET.fromstring(town.get(f"{PAGE}/feed.atom").content).iter(f"{ATOM}entry"))

    before = newest().findtext(f"{ATOM}updated")
    town.record({"key": "lied-einfach", **plainly("lied", "Wir sammeln Lieder.")})
    assert newest().findtext(f"{ATOM}updated") == before
    assert "Liedgutsammlung" not in town.get(since).text
    town.record({"key": "danach", **told({"type": "context-noted", "what": "Danach"}, "2018-05-06")})
    town.record({"key": "danach-auf", **published("danach")})
    town.record({"key": "lied-einfach-auf", **published("lied-einfach")})
    assert newest().find(f"{ATOM}link").get("href").endswith(f"/eintrag/{number}")
    assert newest().findtext(f"{ATOM}updated") > before
    assert "Liedgutsammlung" in town.get(since).text
