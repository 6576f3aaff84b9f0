"""The figures on every face: page, drawings, API and command line say the same, and the public less than the office."""

import re
from xml.etree import ElementTree as ET

import pytest

from adapters.sheets.analytics import number
from adapters.sheets.parts import Speaker
from projections.analytics.figures import Bounds
from projections.analytics.report import report
from projections.early_warnings import early_warnings
from tests.faces import BOTTROP, bottrop
from tests.test_desk import DESK, browser, house, inside, town  # noqa: F401
from tests.test_pages import Document

FIGURES = f"/auswertung/{BOTTROP}/zahlen"


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    found = bottrop(tmp_path_factory.mktemp("figures") / "data")
    yield found
    found.close()


SVG = "{http://www.w3.org/2000/svg}"


def test_each_figure_has_a_place_its_n_its_entries_and_the_position(public):
    page = public.get(FIGURES)
    document = Document(page.text)
    assert document.faults == []
    view = public.installation.service.view(BOTTROP, None).view
    for figure in report(view, public=True).figures():
        assert f'id="{figure.anchor}"' in page.text
    assert "Stand 22. November 2026, bis Eintrag Nr. 220" in document.words
    assert "nicht berechenbar: es ist nicht erfasst, welche Akteure dabei waren" in document.words
    assert "nicht genau zu berechnen, 0 bis 27 Monate" in document.words
    assert "28,6 %" in document.words
    assert f"/prozesse/{BOTTROP}/eintrag/45" in document.links


def test_the_page_speaks_english_and_keeps_the_times(public):
    page = Document(public.get(f"/en{FIGURES}?happened_by=2018-06-30").text)
    assert "not computable: it is not recorded which actors attended" in page.words
    assert "as of 30 June 2018" in page.words
    assert f"/en{FIGURES}/degree.stages.svg?happened_by=2018-06-30" in page.links


@pytest.mark.parametrize("until", ["known_by", "published_by"])
def test_what_was_known_by_a_day_is_reckoned_on_no_later_one(public, until):
    later = "happened_by=2030-01-01"
    assert public.api(f"/analytics?{later}").json()["analytics"]["day"] == "2030-01-01"
    for asked in (f"{until}=2026-11-22", f"{later}&{until}=2026-11-22"):
        assert public.api(f"/analytics?{asked}").json()["analytics"]["day"] == "2026-11-22"
        assert "Alle Zahlen: Stand 22. November 2026" in Document(public.get(f"{FIGURES}?{asked}").text).words


def test_a_drawing_can_be_taken_away_as_svg_and_png_and_says_what_it_shows(public):
    links = sorted(link for link in Document(public.get(FIGURES).text).links if link.endswith((".svg", ".png")))
    assert len(links) > 12
    for link in links:
        if link.endswith(".svg"):
            drawn = ET.fromstring(public.get(link).content)
            assert drawn.find(f"{SVG}title").text
            words = " ".join("".join(text.itertext()) for text in drawn.iter(f"{SVG}text"))
            assert "öffentliche Fassung" in words
    svg, png = public.get(f"{FIGURES}/methods.used.svg"), public.get(f"{FIGURES}/methods.used.png")
    assert (svg.headers["content-type"], png.headers["content-type"]) == ("image/svg+xml", "image/png")
    assert png.content.startswith(b"\x89PNG")
    assert public.get(f"{FIGURES}/nothing.svg").status_code == 404


def test_what_is_certain_and_what_may_be_differ_by_more_than_their_colour(public):
    drawn = ET.fromstring(public.get(f"{FIGURES}/volatility.by-year.svg").content)
    dashes = {rect.get("class"): rect.get("stroke-dasharray") for rect in drawn.iter(f"{SVG}rect")}
    assert dashes["chart-perhaps"] is not None
    assert dashes["chart-sure"] is None
    words = ["".join(text.itertext()) for text in drawn.iter(f"{SVG}text")]
    assert "4 bis 11" in words
    curve = ET.fromstring(public.get(f"{FIGURES}/response.answer.svg").content)
    assert {path.get("class") for path in curve.iter(f"{SVG}path")} >= {"chart-lower", "chart-upper"}


# ---- who sees what ------------------------------------------------------------------------------------------------


def test_where_there_is_nothing_to_draw_it_is_said_and_there_is_no_file_of_it(public):
    text = public.get(FIGURES).text
    parts = re.split(r'<h3 class="kern-heading-small"', text)[1:]
    bare = [part for part in parts if "Es gibt nichts zu zeichnen" in part]
    assert bare
    assert all("<svg" not in part and "PNG" not in part for part in bare)
    drawn = [part for part in parts if 'class="chart"' in part]
    assert len(drawn) > 5
    assert all(re.search("chart-(sure|perhaps|upper)", part) for part in drawn)


def test_it_is_said_which_entries_count(public):
    assert "Einträge zählen hier, wenn sie etwas vom Prozess erzählen." in Document(public.get(FIGURES).text).words
    assert "#times-heading" in Document(public.get(FIGURES).text).links


def test_a_number_agrees_with_its_word():
    say = Speaker("de")
    assert number(say, Bounds(at_least=1, at_most=None), "days") == "mindestens 1 Tag"
    assert number(say, Bounds(at_least=1, at_most=1), "days") == "1 Tag"
    assert number(say, Bounds(at_least=0, at_most=1), "days") == "0 bis 1 Tage"
    assert number(say, Bounds(at_least=0, at_most=None), "count") == "0 oder mehr"
    assert number(Speaker("en"), Bounds(at_least=1, at_most=1), "days") == "1 day"


def test_the_desk_shows_what_the_public_is_not_told(inside):  # noqa: F811
    page = Document(inside.get(f"{DESK}/{BOTTROP}/auswertung/zahlen").text)
    assert page.faults == []
    assert "Treffen je Akteur" in page.words
    outside = Document(inside.house.get(FIGURES).text)
    assert "weniger als fünf Akteure: wird öffentlich nicht gezeigt" in outside.words
    assert "weniger als fünf Akteure: wird öffentlich nicht gezeigt" not in page.words


def test_early_warnings_stand_at_the_desk_and_nowhere_in_public(inside):  # noqa: F811
    page = Document(inside.get(f"{DESK}/{BOTTROP}/fruehwarnungen").text)
    assert page.faults == []
    assert "Rückmeldungen bleiben ohne Antwort" in page.words
    assert "71,4 %, gezählt über 7" in page.words
    warnings = early_warnings(inside.house.installation.service.view(BOTTROP, None).view)
    entries = {number for warning in warnings for number in warning.entries}
    assert {f"{DESK}/{BOTTROP}/stand/eintrag/{number}" for number in entries} <= page.links
    start = Document(inside.get(DESK).text)
    assert f"{DESK}/{BOTTROP}/fruehwarnungen#feedback-unanswered" in start.links
    english = Document(inside.get(f"/en{DESK}/{BOTTROP}/fruehwarnungen").text)
    assert "71.4%, counted over 7" in english.words
    assert re.search(r"Stand \d+\. November 2026, bis Eintrag Nr\. \d+\.", page.words)
    then = Document(inside.get(f"{DESK}/{BOTTROP}/fruehwarnungen?happened_by=31.12.2016").text)
    assert then.faults == []
    assert "Stand 31. Dezember 2016" in then.words
    assert "An diesem Tag gibt es keine." in then.words
    assert inside.get(f"{DESK}/{BOTTROP}/fruehwarnungen?happend_by=2016").status_code == 422
    assert inside.get(f"{DESK}/{BOTTROP}/fruehwarnungen?happened_by=gestern").status_code == 422
    public = inside.house.get(FIGURES).text + inside.house.api("/analytics").text
    assert "Frühwarnung" not in public
    assert "threshold" not in public
