"""The structure as a page: drawn, listed and in a table, from change to change, and as a file."""

import re
from xml.etree import ElementTree as ET

import pytest

from adapters.png import png
from tests.faces import BOTTROP
from tests.test_pages import Document

PAGE = f"/prozesse/{BOTTROP}/struktur"
LEVEL_DROPPED = "2018-12-31"
"""By this day the strategic alliances have gone with their level."""

SVG = "{http://www.w3.org/2000/svg}"
PNG = b"\x89PNG\r\n\x1a\n"


def document(town, path):
    answer = town.get(path)
    assert answer.status_code == 200, answer.text
    return Document(answer.text)


def places(svg):
    """Where the words of each box stand, by what they are."""
    return {said: (x, y) for x, y, said in re.findall(r'"picture-name"[^>]* x="(\d+)" y="(\d+)">([^<]*)<', svg)}


def days(page):
    return [option["value"] for option in page.all("option")]


def test_picture_list_and_table_show_the_same_bodies(town):
    found = {view: document(town, f"{PAGE}?ansicht={view}").words for view in ("bild", "liste", "tabelle")}
    for name in ("Wirtschaftsallianz", "Fachkräftesicherung", "Geschäftsstelle", "City Logistik"):
        assert [view for view, words in found.items() if name not in words] == []
    assert "ansicht=tabelle" in " ".join(document(town, PAGE).links)
    assert town.get(f"{PAGE}?ansicht=kreis").status_code == 422


def test_the_days_of_change_lead_from_one_to_the_next(town):
    """From the first day of change to the last one, there is always a next one."""
    steps = days(document(town, PAGE))
    assert steps == sorted(steps)
    seen = [steps[0]]
    while seen[-1] != steps[-1]:
        page = document(town, f"{PAGE}?happened_by={seen[-1]}")
        (chosen,) = [option["value"] for option in page.all("option") if "selected" in option]
        assert chosen == seen[-1]
        address = f"{PAGE}?happened_by="
        later = {link.removeprefix(address)[:10] for link in page.links if link.startswith(address)}
        seen.append(min(day for day in later if day > seen[-1]))
    assert seen == steps


def test_no_box_moves_from_day_to_day_and_the_dropped_level_is_hatched_with_its_word(town):
    steps = days(document(town, PAGE))
    pictures = {day: town.get(f"{PAGE}.svg?happened_by={day}").text for day in steps}
    stand = {}
    for svg in pictures.values():
        for name, place in places(svg).items():
            assert stand.setdefault(name, place) == place, name
    assert len({re.search(r'viewBox="[^"]*"', svg)[0] for svg in pictures.values()}) == 1
    assert "picture-hatch" not in pictures["2017-10-01"]
    assert "picture-hatch" in pictures[LEVEL_DROPPED]
    assert ">weggefallen<" in pictures[LEVEL_DROPPED]


def test_a_past_view_says_so_and_leads_to_what_has_changed_since(town):
    page = document(town, f"{PAGE}?happened_by={LEVEL_DROPPED}")
    assert "Sie sehen nicht den heutigen Stand" in page.words
    assert f"/prozesse/{BOTTROP}/vergleich?from={LEVEL_DROPPED}" in page.links


def test_before_the_first_change_nothing_is_there_and_that_is_said(town):
    page = document(town, f"{PAGE}?happened_by=1999-01-01&ansicht=tabelle")
    assert days(page)[0] == ""
    assert town.get(f"{PAGE}?happened_by=0001-01-01").status_code == 200
    assert town.get(f"{PAGE}?happened_by=9999-12-31").status_code == 200


def test_the_picture_is_a_file_that_says_what_it_shows(town):
    answer = town.get(f"/en{PAGE}.svg?happened_by={LEVEL_DROPPED}&known_by=2026-11-22")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    svg = ET.fromstring(answer.text)
    title = svg.find(f"{SVG}title").text
    assert title == "Bottrop 2018+ – Structure on 31 December 2018"
    said = " ".join("".join(text.itertext()) for text in svg.findall(f"{SVG}text"))
    assert title in said
    assert "By what was recorded on 22 November 2026" in said
    assert "Up to entry no. " in said
    assert svg.get("role") == "img"
    painted = [each for each in svg.iter() if (each.get("class") or "").startswith("picture-box")]
    assert painted
    assert all(each.get("fill") and each.get("stroke") for each in painted)
    assert not svg.findall(f".//{SVG}a")
    assert town.get(answer.request.url.raw_path.decode(), if_none_match=answer.headers["etag"]).status_code == 304


def test_the_same_as_png_with_its_words(town):
    """Without a font nothing fails, and the words are missing: so their pixels are looked for."""
    answer = town.get(f"{PAGE}.png")
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(PNG)
    svg = town.get(f"{PAGE}.svg").text
    assert answer.content == png(svg)
    wordless = re.sub(r"<text.*?</text>", "", svg)
    assert len(answer.content) > 1.5 * len(png(wordless))
    bold = svg.replace("Fira Sans SemiBold, ", "")
    assert png(bold) != answer.content  # both fonts are found


def test_a_picture_of_hundreds_of_boxes_comes_smaller():
    huge = '<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="30000"><rect width="9" height="9"/></svg>'
    width, height = (int.from_bytes(png(huge)[at : at + 4]) for at in (16, 20))
    assert 7_000_000 < width * height <= 8_100_000


def test_a_picture_that_takes_too_long_is_given_up_and_the_way_out_is_told(town, monkeypatch):
    monkeypatch.setattr("adapters.png.PATIENCE", 0)
    answer = town.get(f"{PAGE}.png?happened_by=2018-05-05")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "Nehmen Sie es als SVG" in answer.text
    assert town.get(f"{PAGE}.svg?happened_by=2018-05-05").status_code == 200


@pytest.mark.parametrize("form", ["svg", "png"])
def test_a_day_as_people_type_it_leads_to_the_file_and_nonsense_is_told(town, form):
    typed = town.get(f"{PAGE}.{form}?happened_by=31.12.2018")
    assert (typed.status_code, typed.headers["location"]) == (303, f"{PAGE}.{form}?happened_by={LEVEL_DROPPED}")
    wrong = town.get(f"{PAGE}.{form}?happened_by=gestern")
    assert (wrong.status_code, "„gestern“ ist kein Tag" in Document(wrong.text).words) == (422, True)
    assert town.get(f"/prozesse/nirgends/struktur.{form}").status_code == 404
    assert town.get(f"/prozesse/{'x' * 99}/struktur.{form}").status_code == 404


def test_a_day_to_come_is_not_told_as_one_that_was(town):
    words = Document(town.get(f"{PAGE}?happened_by=2030-12-31").text).words
    assert "Der 31. Dezember 2030 liegt vor uns." in words
    assert "So war es am 31. Dezember 2030." not in words
    assert "So war es am 31. Dezember 2018." in Document(town.get(f"{PAGE}?happened_by=2018-12-31").text).words
