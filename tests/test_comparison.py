"""Two days beside each other: what differs is told with the entries behind it, however the days were typed."""

import re

import pytest

from tests.faces import BOTTROP
from tests.test_pages import Document

PROCESS = f"/prozesse/{BOTTROP}"
PAGE = f"{PROCESS}/vergleich"
BEFORE, AFTER = "2017-10-01", "2018-12-31"
"""When the process had three levels, and when the strategic alliances had gone with theirs."""


def document(house, query="", status=200, language=""):
    answer = house.get(f"{language}{PAGE}{query}")
    assert answer.status_code == status, answer.text
    return Document(answer.text)


def rows(house, query):
    """The rows of all tables, each as its cells in words."""
    found = re.findall(
        r'<tr class="kern-table__row" role="row">\s*<th[^>]*rowheader(.*?)</tr>', house.get(query).text, re.DOTALL
    )
    return [[" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in re.split(r"<td[^>]*>", row)] for row in found]


def test_bottrop_lost_a_level_and_what_was_on_it_is_told_with_the_entry_that_says_so(town):
    told = {row[0].removeprefix('">').strip(): row[1:] for row in rows(town, f"{PAGE}?from={BEFORE}&to={AFTER}")}
    assert told["Thematische Ebene Ebene"] == [
        "Bestehen",
        "vielleicht schon beendet",
        "aufgegeben",
        "Nr. 47 Ebene aufgegeben: Thematische Ebene",
    ]
    assert told["Operative Ebene Ebene"][:3] == ["Zuordnung", "Thematische Ebene", "Strategische Ebene"]
    alliances = [row for name, row in told.items() if name.endswith("« Strategische Allianz")]
    assert [row[2] for row in alliances] == ["mit der Ebene weggefallen"] * 3
    assert all("Nr. 47 " in row[3] for row in alliances)
    assert told["Digitale Koproduktion im Handwerk Reallabor"][3].startswith("Nr. 40 "), "it began by then for certain"
    page = document(town, f"?from={BEFORE}&to={AFTER}")
    assert f"{PROCESS}/eintrag/47" in page.links
    assert f"{PROCESS}/gremien/sta-handel" in page.links


def test_what_was_only_perhaps_there_and_is_gone_is_told_too(town):
    """On neither day does it count for certain; yet that the level is gone is what a reader looks for."""
    told = {row[0].removeprefix('">').strip(): row[1:] for row in rows(town, f"{PAGE}?from=2017-01-01&to={AFTER}")}
    assert told["Thematische Ebene Ebene"][1:3] == ["vielleicht schon da", "aufgegeben"]
    alliances = [row for name, row in told.items() if name.endswith("« Strategische Allianz")]
    assert [row[1:3] for row in alliances] == [["vielleicht schon da", "mit der Ebene weggefallen"]] * 3


def test_that_something_is_there_for_certain_is_not_put_down_to_what_moved_it(town):
    told = {row[0].removeprefix('">').strip(): row[1:] for row in rows(town, f"{PAGE}?from=2017-12-31&to=2019-12-31")}
    there = told["Digitale Koproduktion im Handwerk Reallabor"]
    assert there[:3] == ["Bestehen", "vielleicht schon da", "besteht"]
    assert "Nr. 40" in there[3]
    assert "Nr. 65" not in there[3], "that one moved it"


def test_a_day_that_was_looked_at_is_shown_as_the_hint_writes_it(town):
    assert 'value="31.12.2018"' in town.get(f"{PAGE}?from=2018-12-31").text
    assert 'value="2018-12-31"' in town.get(f"/en{PAGE}?from=2018-12-31").text
    assert 'value="31.12.2018"' in town.get(f"{PROCESS}/struktur?happened_by=2018-12-31").text


def test_both_days_are_drawn_on_one_grid_with_what_changed_marked(town):
    one, two = re.findall(r"<svg.*?</svg>", town.get(f"{PAGE}?from={BEFORE}&to={AFTER}").text, re.DOTALL)
    bands = [re.findall(r'<rect class="picture-band"[^>]*>', svg) for svg in (one, two)]
    assert bands[0] == bands[1]
    assert "picture-mark" in one
    assert ">endet<" in two
    assert "picture-hatch" in two
    assert "picture-hatch" not in one


def test_the_days_are_named_as_in_the_api_and_both_say_the_same(town):
    query = f"?from={BEFORE}&to={AFTER}&from_known_by=2026-11-22"
    items = town.api(f"/diff{query}").json()["items"]
    assert {number for item in items for number in item["causes"]} == {
        int(number) for row in rows(town, f"{PAGE}{query}") for number in re.findall(r"Nr\. (\d+)", row[-1])
    }


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("from=1.10.2017&to=", "?from=2017-10-01"),
        ("from=1.10.2017&to=31.12.2018&to_known_by=", "?from=2017-10-01&to=2018-12-31"),
        ("from=31.12.17&to=2018&to_known_by=2026", "?from=2017-12-31&to=2018-12-31&to_known_by=2026-12-31"),
    ],
)
def test_days_as_people_type_them_lead_to_the_lasting_address(town, typed, address):
    answer = town.get(f"{PAGE}?{typed}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}{address}")


def test_a_day_with_itself_is_told_to_be_the_same(town):
    page = document(town, f"?from={AFTER}&to={AFTER}")
    assert "Beide Male ist es derselbe Stand" in page.words
    assert "nothing differs" in document(town, f"?from={AFTER}&to={AFTER}", language="/en").words


def test_two_days_between_which_nothing_happened_do_not_differ(town):
    assert "unterscheiden sich die beiden nicht" in document(town, "?from=2024-05-01&to=2024-05-02").words


def test_the_later_day_first_reads_backwards_and_can_be_turned(town):
    page = document(town, f"?from={AFTER}&to={BEFORE}&to_known_by=2026-11-22")
    assert "rückwärts" in page.words
    assert f"{PAGE}?to={AFTER}&from={BEFORE}&from_known_by=2026-11-22" in page.links


def test_what_is_no_day_is_said_at_its_field_and_kept(town):
    page = document(town, "?from=gestern&to=31.2.2018&to_published_by=%3Cb%3E", 422)
    fields = {field["name"]: field for field in page.all("input")}
    assert [fields[name]["value"] for name in ("from", "to", "to_published_by")] == ["gestern", "31.2.2018", "<b>"]
    assert {"#from", "#to", "#to_published_by"} <= page.links
    assert page.text.strip().startswith("Fehler: ")


def test_without_a_day_there_are_days_to_choose_from(town):
    page = document(town)
    assert "Vergleich zweier Tage" in page.words
    assert f"{PAGE}?from=2018-12-30&to={AFTER}" in page.links
    typed = [option["value"] for option in page.all("option")]
    assert "31.12.2018" in typed
    for day in typed:  # what is offered is understood
        assert town.get(f"{PAGE}?from={day}").status_code == 303


def test_before_all_days_and_after_them_it_answers(town):
    for query in ("?from=0001-01-01&to=9999-12-31", "?from_known_by=0001-01-01", "?from_published_by=0001-01-01"):
        document(town, query)
        document(town, query, language="/en")


def test_what_is_recorded_internally_changes_nothing_for_the_public(town):
    address = f"{PAGE}?from={BEFORE}&to=2019-06-01"
    before = town.get(address)
    town.record(
        {
            "step": {"type": "alliance-founded", "body": "neu", "name": "Intern"},
            "occurred": {"edtf": "2018"},
            "because": "not-recorded",
        }
    )
    after = town.get(address)
    assert (before.headers["etag"], before.text) == (after.headers["etag"], after.text)
    assert "Intern" not in town.get(f"{PROCESS}/struktur.svg").text
