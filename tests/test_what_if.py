"""What if: the same pipeline on other entries, in memory alone, and said to be a simulation wherever it is shown."""

import json
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.registers import REGISTERS
from domain.replay import effective
from domain.view import View
from projections.difference import difference
from projections.governance import structure
from projections.picture import picture
from projections.timeline import timeline
from projections.what_if import Invention, gone_with, hangs, invented, new_conflicts, what_if
from tests.faces import BOTTROP, LAST
from tests.histories import LAST as LAST_DAY
from tests.histories import PUBLISHING, heaps, histories
from tests.story import alliance, corrected, dropped, lab, level, published, story, told, withdrawn
from tests.test_laws import rounds
from tests.test_pages import Document

PAGE = f"/auswertung/{BOTTROP}/was-waere-wenn"
DROPPED = 47
"""The entry of Bottrop by which the thematic level went."""

FOUNDED = 28
OFFICE = st.one_of(histories(about=PUBLISHING), heaps())


@rounds(30)
@given(OFFICE)
def test_with_nothing_supposed_it_is_the_real_view(office):
    view = View(effective(office.log), LAST_DAY)
    other = what_if(view)
    assert other.effective.entries == view.effective.entries
    assert difference(view, other) == []
    assert picture(other) == picture(view)
    assert new_conflicts(view, other) == []
    assert hangs(view, other, (), None) == []


@rounds(30)
@given(OFFICE, st.data())
def test_whatever_is_left_out_there_is_a_view_that_everything_can_be_read_of(office, data):
    view = View(effective(office.log), LAST_DAY)
    numbers = sorted(view.effective.by_number)
    without = data.draw(st.sets(st.sampled_from(numbers), max_size=3)) if numbers else set()
    before = list(view.effective.entries)
    other = what_if(view, without)
    gone = gone_with(view, without)
    assert set(other.effective.by_number) == set(numbers) - gone
    assert without <= gone
    structure(other)
    timeline(other)
    for register in REGISTERS:
        register.read(other)
    assert view.effective.entries == before, "what is real stays as it was"


def test_without_the_founding_what_rests_on_it_hangs_in_the_air_and_is_told():
    s = story(a=alliance("a", "2017"), b=lab("b", "2018", parent="a"), off=corrected("a", alliance("a", "2016")))
    view = s.view("2020-01-01")
    other = what_if(view, [s.number("a")])
    assert "a" not in other.state
    assert s.number("off") not in other.effective.by_number, "what corrects it goes along"
    assert other.standing("b").parent is None
    assert [(c.code, c.entries) for c in new_conflicts(view, other)] == [("unknown", (s.number("b"),))]


DECISION = {"type": "decision-taken", "decision": "d", "text": "Die Ebene fällt weg.", "outcome": "adopted"}
FEEDBACK = {"type": "feedback-received", "kind": "concern", "what": "Zu viele Ebenen."}
QUESTION = {"type": "question-left-open", "question": "Wie weiter?"}


def test_what_names_an_entry_that_is_left_out_hangs_in_the_air_though_nothing_contradicts_itself():
    s = story(f=told(FEEDBACK, "2017"), q=told(QUESTION, "2017"), a=alliance("a", "2017"))
    s.given(d=told({**DECISION, "settles": ["q"]}, "2018", because=["f"], after=("a",)))
    s.given(r=told({"type": "feedback-answered", "feedback": "f", "outcome": "noted", "answer": "Ja."}, "2018"))
    s.given(z=told(FEEDBACK, "2019", because=["d"]))
    view = s.view("2020-01-01")

    def hanging(key, invention=None):
        without = [] if invention else [s.number(key)]
        other = what_if(view, without, invention)
        assert new_conflicts(view, other) == []
        keys = {s.number(each): each for each in "fqadrz"}
        return {(keys[each.entry], each.field) for each in hangs(view, other, without, invention)}

    assert hanging("f") == {("d", "because"), ("r", "feedback")}
    assert hanging("q") == {("d", "settles")}
    assert hanging("a") == {("d", "after")}
    assert hanging("d") == {("z", "because")}
    assert hanging("d", Invention("outcome", entry=s.number("d"))) == {("z", "because")}
    assert hanging("z") == set()


def named_by(entry):
    """The numbers that an entry names, read from its facts by another way than the program's: by field names alone."""
    found = set()

    def walk(value, within=""):
        if isinstance(value, dict):
            for name, inner in value.items():
                if name != "corrected":  # what a correction says is said by the entry that it corrects
                    walk(inner, name)
        elif isinstance(value, list | tuple):
            for inner in value:
                walk(inner, within)
        elif within in {"because", "after", "feedback", "settles", "claim", "against", "targets", "target"}:
            found.update([value] if isinstance(value, int) else ())

    walk(entry.statement.model_dump(mode="json"))
    return found


def test_whoever_names_an_entry_is_told_when_it_is_left_out(town):
    view = town.installation.service.view(BOTTROP, None).view
    log = view.effective
    naming = {}
    for entry in log.entries:
        if log.in_force(entry.number):
            for number in named_by(entry):
                naming.setdefault(number, set()).add(entry.number)
    assert len(naming) > 50
    for number, expected in naming.items():
        gone = gone_with(view, [number])
        found = hangs(view, what_if(view, [number]), [number], None)
        assert {each.entry for each in found if each.on == number} >= expected - gone, number


def test_without_a_withdrawal_what_it_withdrew_counts_again():
    s = story(a=alliance("a", "2017"), w=withdrawn("a"), p=published("opened", "a", "w"))
    view = s.view("2020-01-01")
    assert "a" not in view.state
    other = what_if(view, [s.number("w")])
    assert other.counted("a")
    assert other.effective.by_number[s.number("p")].targets == (1, s.number("a"))


def test_what_is_invented_stands_at_the_end_and_is_no_entry_of_the_record():
    s = story(z=level("z"), a=alliance("a", "2017", level="z"), b=lab("b", "2018", parent="a"), d=told(DECISION))
    s.given(off=dropped("z", "2019-06-01", {"subject": "a", "to": "placed", "parent": "process"}))
    view = s.view("2020-01-01")
    on = date(2019, 1, 1)

    moved = what_if(view, invention=Invention("moved", "b", to="process", on=on))
    assert (view.standing("b").parent, moved.standing("b").parent) == ("a", None)
    assert invented(view, moved) == {view.position + 1}
    assert view.position + 1 not in view.effective.by_number

    ended = what_if(view, invention=Invention("ended", "a", on=on))
    assert (ended.counted("a"), ended.standing("b").parent, ended.standing("b").inferred) == (False, None, True)

    other_day = what_if(view, invention=Invention("date", entry=s.number("off"), on=date(2018, 2, 1)))
    assert other_day.room(s.number("off")).last == date(2018, 2, 1).toordinal()

    otherwise = what_if(view, invention=Invention("outcome", entry=s.number("d")))
    assert otherwise.standing("d").attributes["outcome"].value == "rejected"
    assert view.standing("d").attributes["outcome"].value == "adopted"


CRITERIA = {"type": "criteria-set", "criteria_set": "set", "name": "S", "criteria": [{"criterion": "k", "name": "K"}]}


def test_another_scenario_comes_in_the_place_of_the_one_that_was_chosen():
    s = story(set=told(CRITERIA, "2017"), d=told({**DECISION, "decision": "d1"}, "2018"))
    for one in ("s1", "s4"):
        draft = {"type": "scenario-drafted", "scenario": one, "criteria_set": "set", "name": one}
        s.given(**{one: told(draft, "2017")})
    choice = {"type": "scenario-chosen", "choice": "w1", "scenario": "s1", "criteria_set": "set", "decision": "d1"}
    s.given(w=told(choice, "2018"))
    view = s.view("2020-01-01")
    other = what_if(view, invention=Invention("chosen", "s4", on=date(2018, 5, 1)))
    assert "w1" not in other.state
    assert other.counted("simulation-choice")
    assert new_conflicts(view, other) == []


# ---- the page -------------------------------------------------------------------------------------------------------


def document(house, query="", status=200, as_=None, language=""):
    answer = house.get(f"{language}{PAGE}{query}", as_)
    assert answer.status_code == status, answer.text
    page = Document(answer.text)
    assert page.faults == []
    return page


def test_bottrop_without_the_entry_that_dropped_the_level(town):
    page = document(town, f"?without={DROPPED}")
    assert page.text.strip().startswith("SIMULATION")
    assert "SIMULATION – so war es nicht" in page.words
    assert "Weggelassen: Nr. 47 Ebene aufgegeben: Thematische Ebene" in page.words
    assert "Thematische EbeneEbene Bestehen aufgegeben besteht" in page.words
    assert "SIMULATION, am 22. November 2026" in page.words
    english = document(town, f"?without={DROPPED}", language="/en")
    assert "SIMULATION – this is not how it was" in english.words


def test_scenario_four_instead_of_one_on_a_day_as_people_type_it(town):
    typed = town.get(f"{PAGE}?without=&if=chosen&subject=szenario-4&on=30.9.2019")
    assert typed.status_code == 303
    page = Document(town.get(typed.headers["location"]).text)
    assert (
        "Erfunden: Szenario gewählt: Selbstorganisiertes Netzwerk, mit einem Beschluss darüber, am 30. September 2019"
        in page.words
    )
    assert "/eintrag/221" not in " ".join(page.links), "what is invented has no page"


def test_what_hangs_in_the_air_is_told_with_its_entries(town):
    page = document(town, f"?without={FOUNDED}")
    assert "So wäre es nicht erfasst worden" in page.words
    page = document(town, "?without=45")
    assert "Nr. 113 Rückmeldung beantwortet" in page.words
    assert "nennt Nr. 45 unter „Geschah nicht vor“ und „Beantwortete Rückmeldung“" in page.words
    assert f"/prozesse/{BOTTROP}/eintrag/113" in page.links
    assert "Nr. 46 Beschluss gefasst" in page.words
    assert (
        "names No. 45 under “Did not happen before” and “Causes”" in document(town, "?without=45", language="/en").words
    )


def test_it_is_never_said_that_nothing_differs_where_something_does(town):
    for number in (1, 24, 26, 45, 46, 47, 116):
        words = document(town, f"?without={number}").words
        assert "wäre nichts anders" not in words, number
        assert "Anders läsen sich auch diese Seiten: Verlauf" in words, number
    without_the_level = document(town, "?without=26").words
    assert "Thematische EbeneEbene Bestehen aufgegeben nicht erfasst" in without_the_level
    assert "Nr. 27 nennt „Thematische Ebene“; wie es entstand" in without_the_level


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "?if=outcome&entry=46",
            "mit ihren Strategischen Allianzen wird aufgegeben. – abgelehnt statt angenommen",
        ),
        (
            "?if=date&entry=47&on=2015-12-31",
            "Erfunden: Nr. 47 Ebene aufgegeben: Thematische Ebene – am 31. Dezember 2015 statt zwischen Oktober 2017",
        ),
        ("?if=chosen&subject=szenario-1", "Erfunden: Szenario gewählt: Wirtschaftsallianz, mit einem Beschluss"),
        ("?if=moved&subject=reallabor-handwerk&to=process", "– gehört zu: direkt zum Prozess"),
    ],
)
def test_what_is_invented_is_said_with_what_is_other_about_it(town, query, said):
    words = document(town, query).words
    assert said in words
    assert "Eintrag berichtigt: Eintrag berichtigt" not in words


def test_with_the_decision_turned_round_what_was_done_because_of_it_hangs_in_the_air(town):
    words = document(town, "?if=outcome&entry=46").words
    assert "Nr. 47 Ebene aufgegeben: Thematische Ebene – nennt Nr. 46 unter" in words
    assert "nichts anders" not in words


def test_what_is_invented_has_no_number_that_an_entry_will_have(town):
    query = "?if=ended&subject=sta-handel&on=2018-01-01"
    page = document(town, query)
    assert "mehr als ein Ende erfasst (Nr. 47 und [erfunden])" in page.words
    assert str(LAST + 1) not in page.words
    answer = town.get(f"{PAGE}.json{query}").json()
    assert answer["conflicts"][0]["entries"] == [47, "simulation-1"]
    assert answer["simulation"]["invented"][0]["key"] == "simulation-1"
    assert str(LAST + 1) not in "".join(ET.fromstring(town.get(f"{PAGE}.svg{query}").text).itertext())
    later = document(town, "?if=ended&subject=wirtschaftsallianz&on=2018-01-01").words
    assert "Nr. 65 geschah nach den Daten sicher später als [erfunden], das darauf aufbaut." in later


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?without=abc", "Einen Eintrag „abc“ gibt es hier nicht."),
        (f"?without={LAST + 1}", f"Einen Eintrag „{LAST + 1}“ gibt es hier nicht."),
        ("?if=ended&subject=gibt-es-nicht", "„gibt-es-nicht“ gibt es an diesem Tag hier nicht."),
        ("?if=moved&subject=wirtschaftsallianz&to=nirgends", "„nirgends“ gibt es an diesem Tag hier nicht."),
        ("?if=moved&subject=wirtschaftsallianz", "Was anders sein soll, ist nicht gewählt."),
        ("?if=anything&subject=x", "Der Parameter „if“ kann nicht „anything“ sein."),
        ("?if=ended&subject=wirtschaftsallianz&on=gestern", "gestern"),
        ("?if=outcome&entry=1", "Nr. 1 ist an diesem Tag kein Beschluss."),
        ("?if=outcome", "Welcher Eintrag anders sein soll, fehlt."),
        ("?if=chosen", "Was anders sein soll, ist nicht gewählt."),
        ("?if=date&on=2018-12-31", "Welcher Eintrag anders sein soll, fehlt."),
        ("?if=date&entry=x&on=2018-12-31", "Einen Eintrag „x“ gibt es hier nicht."),
        ("?if=date&entry=47", "Der Tag fehlt, an dem der Eintrag statt dessen geschehen sein soll."),
        (f"?if=date&entry={LAST}&on=2018-12-31", f"Nr. {LAST} sagt nicht, wann etwas geschah"),
    ],
)
def test_what_there_is_not_is_said_and_nothing_is_simulated(town, query, said):
    page = document(town, query, 422)
    assert said in page.words or 'value="gestern"' in town.get(f"{PAGE}{query}").text
    assert "SIMULATION – so war es nicht" not in page.words


def test_an_entry_is_found_by_its_words(town):
    page = document(town, "?q=thematische%20ebene&without=3")
    assert any(link.startswith(PAGE) and "without=3%2C" in link for link in page.links)
    assert "Nichts gefunden." in document(town, "?q=gibtesnicht").words


@pytest.mark.parametrize("query", [f"?without={DROPPED}", "?if=ended&subject=wirtschaftsallianz&on=2018-01-01"])
def test_a_simulation_is_recorded_nowhere(town, query):
    service = town.installation.service
    account = town.installation.accounts.account_of(town.tokens["admin"])

    def kept():
        entries = service.view(BOTTROP, account).view.effective.entries
        size = town.get("/log/checkpoint").text.splitlines()[1]
        return list(entries), size, service.footing().position, service.check_tables()

    before = kept()
    for ending in ("", ".svg", ".png", ".json"):
        assert town.get(f"{PAGE}{ending}{query}").status_code == 200
    assert kept() == before
    assert "SIMULATION" not in town.get(f"/prozesse/{BOTTROP}/struktur").text


def test_every_file_of_a_simulation_says_that_it_is_one(town):
    svg, png, data = (town.get(f"{PAGE}.{ending}?without={DROPPED}") for ending in ("svg", "png", "json"))
    for ending, answer in zip(("svg", "png", "json"), (svg, png, data), strict=True):
        assert answer.headers["content-disposition"] == f'attachment; filename="simulation-{BOTTROP}.{ending}"'
    words = " ".join(ET.fromstring(svg.text).itertext())
    assert "SIMULATION – so war es nicht" in words
    assert "Weggelassen: 47" in words
    assert png.content.startswith(b"\x89PNG")
    assert json.loads(data.text)["simulation"]["marked"] == "SIMULATION – so war es nicht"
    assert {item["subject"] for item in data.json()["items"]} >= {"thematisch", "sta-handel"}
    assert town.get(f"{PAGE}.json?without=9999").status_code == 422


def test_what_is_internal_is_part_of_no_simulation_for_the_public(town):
    town.record({"key": "hidden", **alliance("verborgen", "2018", name="Verborgen")})
    number = town.numbers["hidden"]
    assert "gibt es hier nicht" in document(town, f"?without={number}", 422).words
    assert "Verborgen" not in town.get(PAGE).text
    assert "gibt es an diesem Tag hier nicht" in document(town, "?if=ended&subject=verborgen", 422).words
