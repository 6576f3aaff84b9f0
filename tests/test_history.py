"""The timeline as a page: what a reader chooses of it, what is new since they were here, and how they get to a year."""

import re

import pytest

from adapters.web.years import columns
from projections.timeline import Choice, Tally
from tests.faces import House
from tests.story import alliance, corrected, published, told, withdrawn
from tests.test_pages import Document

HERE = "/prozesse/p"
PAGE = f"{HERE}/verlauf"


def step(type_, when, /, **fields):
    return told({"type": type_, **fields}, when)


STORY = {
    "anfang": step("process-opened", "2016", name="Lindenau"),
    "feld": step("theme-identified", "2016", theme="verkehr", name="Verkehr"),
    "ihk": step("actor-registered", "2016", actor="ihk", name="IHK", kind="chamber"),
    "nord": alliance("nord", "2017-03-01", name="Bündnis Nord"),
    "sued": alliance("sued", "2018-05-02", name="Bündnis Süd"),
    "kritik": step(
        "feedback-received", "2018", kind="concern", what="Zu viele Ebenen", speakers=["ihk"], about=["nord", "verkehr"]
    ),
    "antwort": step("feedback-answered", "2019-01-10", feedback="kritik", outcome="noted", answer="Gehört."),
    "umfrage": step("assessment-conducted", "2017/2019", assessment="umfrage", methods=["survey"], title="Umfrage"),
    "treffen": step(
        "meeting-planned", "2019-02-01", meeting="treffen", title="Treffen", begins="2019-03-01T18:00", bodies=["nord"]
    ),
    "abgesagt": step("meeting-changed", "2019-02-20", meeting="treffen", how="cancelled"),
    "beschluss": step("decision-taken", "2019-04-01", decision="b1", text="Es geht weiter.", by=["sued"]),
    "intern": step("context-noted", "2017-07-07", what="Nur intern"),
    "ungewiss": step("context-noted", "unbekannt", what="Irgendwann"),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A process of which all but one entry is public; ten days later one is corrected and one withdrawn."""
    house = House(tmp_path_factory.mktemp("history") / "data")
    house.record(*({"key": key, **content} for key, content in STORY.items()), process="p")
    house.record({"key": "auf", **published(*(key for key in STORY if key != "intern"))}, process="p")
    house.wait(days=10)
    house.record(
        {"key": "besser", **corrected("sued", alliance("sued", "2018-05-03", name="Bündnis Süd"))}, process="p"
    )
    house.record({"key": "weg", **withdrawn("ungewiss")}, process="p")
    house.record({"key": "neu", **alliance("west", "2019-06-01", name="Bündnis West")}, process="p")
    house.record({"key": "auf2", **published("besser", "weg", "neu")}, process="p")
    yield house
    house.close()


def shown(town, query="", as_=None):
    """The keys of the entries on a page, in their order."""
    answer = town.get(f"{PAGE}?{query}" if query else PAGE)
    assert answer.status_code == 200, answer.text
    by_number = {number: key for key, number in town.numbers.items()}
    found = re.findall(r'happened-heading"><a class="kern-link" href="[^"]*/eintrag/(\d+)', answer.text)
    return [by_number[int(number)] for number in found]


def words(town, query):
    return Document(town.get(f"{PAGE}?{query}").text).words


# ---- one body, actor, theme, kind ----------------------------------------------------------------------------------


def test_who_follows_one_body_also_sees_what_concerns_it_through_something_else(town):
    """Its meeting was called off, and a concern about it was answered: neither of these entries names the body."""
    assert shown(town, "body=nord") == ["nord", "kritik", "antwort", "treffen", "abgesagt"]
    assert shown(town, "body=sued") == ["sued", "beschluss"]


def test_an_actor_and_a_theme_are_chosen_alike_and_all_that_is_chosen_has_to_hold(town):
    assert shown(town, "actor=ihk") == ["ihk", "kritik", "antwort"]
    assert shown(town, "theme=verkehr") == ["feld", "kritik", "antwort"]
    assert shown(town, "body=nord&actor=ihk&theme=verkehr&kind=feedback") == ["kritik", "antwort"]
    assert shown(town, "body=sued&actor=ihk") == []


def test_each_choice_is_told_and_can_be_taken_back_by_itself(town):
    document = Document(town.get(f"{PAGE}?actor=ihk&body=nord&from=2018-01-01").text)
    for said in ("Gremium: Bündnis Nord", "Akteur: IHK", "ab 1. Januar 2018", "1 bis 2 von 2 Einträgen"):
        assert said in document.words
    assert {f"{PAGE}?body=nord&from=2018-01-01", f"{PAGE}?actor=ihk&from=2018-01-01", PAGE} <= document.links
    chosen = [option for option in document.all("option") if "selected" in option]
    assert [option["value"] for option in chosen] == ["nord", "ihk"]


def test_the_counts_of_the_kinds_are_those_of_what_is_chosen_beside(town):
    assert "Rückmeldungen (2)" in words(town, "body=nord&kind=meetings")
    assert "Treffen (2)" in words(town, "body=nord")
    assert "Beschlüsse" not in words(town, "body=nord").partition("Älteste")[0].partition("Alles")[2][:120]


def test_a_kind_is_told_by_a_word_and_by_a_sign_of_its_own(town):
    text = town.get(PAGE).text
    assert {"Kritik", "Antwort", "Strukturänderung", "Beschluss", "Treffen"} <= set(re.findall(r"</svg>([^<]+)<", text))
    signs = re.findall(r'<path d="([^"]+)"/></svg>([^<]+)<', text)
    assert len({sign for sign, _ in signs}) == len({kind for _, kind in signs} - {"Antwort"})


@pytest.mark.parametrize("wrong", ["body=../x", "actor=%00", "page=0"])
def test_what_cannot_be_chosen_is_not_found(town, wrong):
    assert town.get(f"{PAGE}?{wrong}").status_code == 404


@pytest.mark.parametrize("wrong", ["kind=nothing", "order=up"])
def test_what_a_parameter_cannot_be_is_said_with_what_it_can(town, wrong):
    answer = town.get(f"{PAGE}?{wrong}")
    assert answer.status_code == 422
    parameter, _, given = wrong.partition("=")
    assert f"Der Parameter „{parameter}“ kann nicht „{given}“ sein. Möglich ist: " in answer.text


def test_what_is_not_public_cannot_be_told_from_what_is_not_there(town):
    answers = [town.get(f"{PAGE}?body={id_}") for id_ in ("gibt-es-nicht", "ost")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].text.replace("gibt-es-nicht", "ost") == answers[1].text


# ---- a period ------------------------------------------------------------------------------------------------------


def test_a_period_shows_what_can_have_happened_or_lasted_in_it(town):
    """`2018` is one day of that year; the survey lasted; nobody knows when the last of these was."""
    assert shown(town, "from=2018-06-01&to=2018-06-30") == ["umfrage", "kritik", "ungewiss"]
    assert shown(town, "from=2018-05-03&to=2018-05-03&kind=structure") == ["sued"]
    assert shown(town, "from=2018-05-04&to=2018-05-04&kind=structure") == []
    assert "weil sein Datum nicht genau bekannt ist" in words(town, "from=2018-06-01")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("from=2018&to=2018", "from=2018-01-01&to=2018-12-31"),
        ("from=M%C3%A4rz+2018&to=", "from=2018-03-01"),
        ("from=1.3.2018&body=&actor=ihk&theme=", "from=2018-03-01&actor=ihk"),
        ("seit=1.3.2018", "seit=2018-03-01"),
        ("from=1.3.18&to=2018", "from=2018-03-01&to=2018-12-31"),
    ],
)
def test_days_as_people_type_them_lead_to_the_lasting_address(town, typed, address):
    answer = town.get(f"{PAGE}?{typed}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?{address}")


@pytest.mark.parametrize("wrong", ["from=gestern", "to=2018-02-31", "seit=x", "to=unbekannt"])
def test_what_was_mistyped_is_said_at_its_field(town, wrong):
    answer = town.get(f"{PAGE}?{wrong}&body=nord")
    field = wrong.partition("=")[0]
    assert answer.status_code == 422
    fields = {given["name"]: given for given in Document(answer.text).all("input")}
    assert (fields[field]["value"], fields[field]["aria-invalid"]) == (wrong.partition("=")[2], "true")


@pytest.mark.parametrize("query", ["from=9999-12-31", "to=1000-01-01", "seit=1000-01-01", "seit=9999-12-31", "to=9999"])
def test_days_at_the_ends_of_time_are_answered(town, query):
    assert town.get(f"{PAGE}?{query}").status_code in {200, 303}


@pytest.mark.parametrize("query", ["from=2019&to=2018", "from=2019-01-01&to=2018-12-31", "from=2.5.18&to=1.5.18"])
def test_a_period_that_ends_before_it_begins_is_said_at_its_field(town, query):
    answer = town.get(f"{PAGE}?{query}")
    document = Document(answer.text)
    assert answer.status_code == 422
    fields = {given["name"]: given for given in document.all("input")}
    assert (fields["to"]["aria-invalid"], fields["from"]["value"]) == ("true", query.partition("&")[0][5:])
    assert "endet, bevor es beginnt" in document.words
    assert "ends before it begins" in town.get(f"/en{PAGE}?{query}").text
    assert town.get(f"{PAGE}?from=2018-05-01&to=2018-05-01").status_code == 200


def test_who_is_nowhere_in_the_timeline_is_said_to_be_nowhere(town):
    assert "Gremium „nixda“ gibt es nicht in dem, was hier veröffentlicht" in words(town, "body=nixda")
    assert "Akteur „nord“ gibt es nicht" in words(town, "actor=nord")
    assert "gibt es nicht in dem" not in words(town, "body=nord")
    assert "Gremium „west“ gibt es nicht" in words(town, "body=west&happened_by=2018-12-31")


# ---- since my last visit -------------------------------------------------------------------------------------------


def test_since_the_last_visit_shows_what_is_new_and_what_was_corrected_or_withdrawn(town):
    day = f"{town.now:%Y-%m-%d}"
    assert shown(town, f"seit={day}") == ["sued", "neu", "ungewiss"]
    document = Document(town.get(f"{PAGE}?seit={day}").text)
    assert document.words.count("seither geändert") == 2
    assert "neu seit 2. Dezember 2026" in document.words
    assert shown(town, f"seit={day}&body=sued") == ["sued"]


def test_where_nothing_is_new_the_page_says_so_and_names_the_day(town):
    assert "Seit dem 3. Dezember 2026 wurde nichts davon veröffentlicht" in words(town, "seit=2026-12-03")
    assert "Keine Einträge" in words(town, "seit=2026-12-03")


def test_the_office_sees_what_was_recorded_since_and_the_public_nothing_of_it(town):
    """Read from the fold, as the pages of the desk are."""
    service = town.installation.service
    audience = town.installation.accounts.account_of(town.tokens["admin"])
    choice = Choice(new_since=town.now.date())
    inside = service.timeline("p", audience, choice=choice)[1]
    assert [line.number for line in inside.lines] == [town.numbers[key] for key in ("sued", "neu", "ungewiss")]
    everything = service.timeline("p", audience)[1]
    assert town.numbers["intern"] in {line.number for line in everything.lines}
    assert town.numbers["intern"] not in {line.number for line in service.timeline("p", None)[1].lines}


def test_the_choice_is_the_same_on_a_past_view(town):
    """That one is read from the fold, today from the tables."""
    today = f"happened_by={town.now:%Y-%m-%d}"
    for query in ("body=nord", "kind=feedback", "from=2018-06-01&to=2018-06-30", "seit=2026-12-01", "order=newest"):
        assert shown(town, f"{today}&{query}") == shown(town, query), query
    assert shown(town, "happened_by=2018-12-31&body=nord") == ["nord", "kritik"]
    assert "3 weitere geschahen erst nach diesem Tag" in words(town, "happened_by=2018-12-31&body=nord")


# ---- the years -----------------------------------------------------------------------------------------------------


def test_every_year_is_a_way_into_the_list_with_how_much_happened(town):
    document = Document(town.get(PAGE).text)
    assert {f"{PAGE}#y{year}" for year in (2016, 2017, 2018, 2019, 2026)} <= document.links
    ids = {attributes["id"] for _, attributes in document.elements if "id" in attributes}
    assert {f"y{year}" for year in (2016, 2017, 2018, 2019, 2026)} <= ids
    assert "2020 0 Einträge" in document.words
    assert "2017 2 Einträge" in document.words


def test_it_is_said_what_the_bars_and_the_kinds_count(town):
    """Bars count by the latest day; a kind counts entries of its subject, a register what it is a register of."""
    assert "steht es beim Tag, an dem es erfasst wurde" in words(town, "")
    assert "Zu „Beschlüsse“ gehört hier auch, was vertagt" in words(town, "kind=decisions")
    assert f"{HERE}/beschluesse" in Document(town.get(PAGE).text).links
    assert "Zu „Beschlüsse“ gehört" not in words(town, "kind=structure")


def counted(*quarters, kind="structure"):
    return [Tally(kind=kind, quarter=quarter, count=n) for quarter, n in quarters]


def test_a_year_leads_to_the_page_on_which_it_begins_either_way():
    tallies = counted((4 * 2017, 60), (4 * 2018 + 3, 30), (4 * 2020, 20))
    forward = columns(tallies, None, newest=False)
    assert [(c.first, c.count, c.before) for c in forward] == [
        (2017, 60, 0),
        (2018, 30, 60),
        (2019, 0, 90),
        (2020, 20, 90),
    ]
    backward = columns(tallies, None, newest=True)
    assert [(c.first, c.before) for c in backward] == [(2020, 0), (2019, 20), (2018, 20), (2017, 50)]


def test_of_one_kind_only_its_own_entries_are_counted():
    tallies = counted((4 * 2017, 60)) + counted((4 * 2017, 5), kind="plan")
    assert [column.count for column in columns(tallies, "plan", newest=False)] == [5]
    assert columns(tallies, "scenarios", newest=False) == []


def test_many_years_are_taken_together():
    found = columns(counted((4 * 1018, 1), (4 * 2026, 2)), None, newest=False)
    assert [(column.first, column.last, column.begins) for column in (found[0], found[-1])] == [
        (1000, 1099, 1018),
        (2000, 2099, 2026),
    ]
    assert sum(column.count for column in found) == 3


def test_what_came_of_a_promise_and_of_a_concern_stands_where_it_is_listed(tmp_path):
    house = House(tmp_path / "data")
    promise = step("commitment-made", "2019-01-01", commitment="zusage", kind="promise", text="Es bleibt so.")
    concern = {"kind": "concern", "what": "Zu weit weg"}
    answered = {"feedback": "sorge", "outcome": "declined", "answer": "Das bleibt."}
    contents = {
        "anfang": STORY["anfang"],
        "zusage": promise,
        "bruch": step("commitment-settled", "2019-02-01", commitment="zusage", outcome="broken"),
        "sorge": step("feedback-received", "2019-01-01", **concern),
        "antwort": step("feedback-answered", "2019-03-01", **answered),
    }
    house.record(*({"key": key, **content} for key, content in contents.items()), process="p")
    house.record({"key": "heraus", **published("anfang", "zusage", "bruch", "sorge")}, process="p")
    words = Document(house.get(PAGE).text).words
    assert "Zusage abgeschlossen: nicht eingehalten Es bleibt so." in words
    assert "Zusage abgeschlossen: nicht eingehalten: Es bleibt so." in house.get(f"{HERE}/feed.atom").text
    assert "Antwort keine erfasst" in words, "an answer that is not public is none"
    assert "Eine Antwort darauf ist nicht erfasst." in Document(house.get(f"{HERE}/eintrag/4").text).words

    house.record({"key": "auch", **published("antwort")}, process="p")
    words = Document(house.get(PAGE).text).words
    assert "Antwort Nr. 5" in words
    assert "Rückmeldung beantwortet: nicht aufgegriffen Das bleibt. Antwort auf Nr. 4" in words
    assert "Beantwortet durch: Nr. 5" in Document(house.get(f"{HERE}/eintrag/4").text).words
    before = Document(house.get(f"{PAGE}?happened_by=2019-02-28").text).words
    assert "Antwort keine erfasst" in before
    house.close()
