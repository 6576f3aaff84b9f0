"""The structure drawn: nothing moves between pictures, no line runs through a box, and words say what shapes show."""

import re
from datetime import date
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.structure_sheet import sheet_for, sheet_of
from adapters.web.svg import Shown, drawings, file_of, laid_out
from adapters.web.svg import drawing as drawing_of
from adapters.web.wording import Wording
from domain.replay import effective
from domain.view import View
from projections.layout import crosses, layout
from projections.picture import NO_LEVEL, Grid, grid, picture
from service import Times
from tests.histories import FIRST, LAST, heaps, histories
from tests.story import alliance, corrected, dropped, ended, lab, level, moved, story, told
from tests.test_laws import rounds

GOLDEN: Final = Path(__file__).parent / "golden" / "picture.svg.txt"


def drawn(s, *days, marks=None):
    views = [s.view(day) for day in days]
    return drawings("s", [Shown(str(v.day), picture(v), Wording("de", "/p", v, Times())) for v in views], marks)


def boxes_and_lines_are_apart(laid):
    for link, line in laid.lines.items():
        assert [id_ for id_, box in laid.boxes.items() if crosses(line, box)] == [], link
        assert line[0][0] in (laid.boxes[link[1]].x, laid.boxes[link[1]].x + laid.boxes[link[1]].width)
        assert line[-1] == (laid.boxes[link[0]].x, laid.boxes[link[0]].middle)
    rects = list(laid.boxes.values())
    for index, one in enumerate(rects):
        for two in rects[index + 1 :]:
            beside = one.x + one.width <= two.x or two.x + two.width <= one.x
            assert beside or one.y + one.height <= two.y or two.y + two.height <= one.y
    assert all(0 <= x <= laid.width and 0 <= y <= laid.height for line in laid.lines.values() for x, y in line)


@rounds(60)
@given(st.one_of(histories(areas=[("structure",)]), heaps(areas=[("structure",)])))
def test_no_line_runs_through_a_box_and_no_box_moves_whatever_was_recorded(office):
    """A line to a column farther on runs in the lane above its row, and not straight there."""
    view = View(effective(office.log), FIRST)
    shown = [picture(view.on(day)) for day in (FIRST, FIRST + 4, FIRST + 9, LAST)]
    one = grid(shown)
    assert len(set(one.cells.values())) == len(one.cells)
    assert {id_ for each in shown for id_ in each.boxes} | {NO_LEVEL} >= set(one.cells)
    assert all(id_ in one.cells for each in shown for id_ in each.boxes)
    links = {link for each in shown for link in each.links}
    boxes_and_lines_are_apart(layout(one, links, {id_: 40 + 7 * len(id_) for id_ in one.cells}))
    there = [drawings("s", [Shown("", each, Wording("de", "/p", view, Times())) for each in shown])]
    places = [set(re.findall(r'<rect class="picture-band"[^>]*>', each.svg)) for each in there[0]]
    assert all(place == places[0] for place in places)


@rounds(200)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), min_size=2, max_size=15, unique=True),
    st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=20),
    st.lists(st.integers(38, 140), min_size=15, max_size=15),
)
def test_no_line_runs_through_a_box_wherever_the_boxes_stand(cells, pairs, heights):
    one = Grid(tuple(map(str, range(5))), {str(index): cell for index, cell in enumerate(cells)})
    links = [(str(a), str(b)) for a, b in pairs]
    laid = layout(one, links, {str(index): height for index, height in enumerate(heights)})
    assert {link for link in links if link[0] != link[1] and {*link} <= set(one.cells)} == set(laid.lines)
    boxes_and_lines_are_apart(laid)


def test_bodies_stand_in_the_column_of_their_level_and_those_on_none_in_their_own():
    s = story(
        top=level("top"),
        low=level("low", above="top"),
        a=alliance("a", level="top"),
        b=lab("b", parent="a", level="low"),
    )
    s.given(c=alliance("c"), d=lab("d", parent="low"))
    shown = picture(s.view("2019-01-01"))
    one = grid([shown])
    assert one.columns == (NO_LEVEL, "top", "low")
    assert {id_: one.columns[column] for id_, (column, row) in one.cells.items() if row} == {
        "a": "top",
        "b": "low",
        "c": NO_LEVEL,
        "d": "low",
    }
    assert shown.links == [("b", "a")]


def test_a_dropped_level_is_hatched_with_its_word_and_nothing_moves():
    s = story(mid=level("mid"), low=level("low"), a=alliance("a", level="mid"), b=alliance("b", level="mid"))
    to_low = {"subject": "a", "to": "placed", "level": "low"}
    s.given(off=dropped("mid", "2018", to_low, {"subject": "b", "to": "unrecorded"}))
    before, after = drawn(s, "2017-06-01", "2019-01-01", marks={"a": "geändert"})
    assert "picture-hatch" not in before.svg
    assert "picture-hatch" in after.svg
    said = {str(heading).partition(" – ")[0]: items for heading, items in after.columns}
    assert str(after.columns[0][0]) == "Mid – weggefallen"
    assert "jetzt auf Ebene: Low" in said["Mid"][0]
    assert "Verbleib nicht dokumentiert" in said["Mid"][1]
    assert said["Mid"][0].startswith("A – geändert")

    assert "picture-apart" not in before.svg
    assert after.svg.count('class="picture-apart"') == 1, (
        "what is on another level now does not stand on hatched ground"
    )

    def stands(drawing):
        return re.search(r'<text class="picture-name"[^>]* x="(\d+)" y="(\d+)">A</text>', drawing.svg).groups()

    assert stands(before) == stands(after)


@pytest.mark.parametrize(
    ("end", "word", "state"),
    [
        (ended("a", "2018"), "aufgelöst", "gone"),
        (
            told({"type": "reallabor-spun-off", "body": "l", "successor_name": "Verein"}, "2018"),
            "ausgegründet",
            "outside",
        ),
        (moved("a", "[2018..2020]", level="low"), "besteht", "there"),
    ],
)
def test_every_state_has_a_shape_and_a_word(end, word, state):
    s = story(low=level("low"), a=alliance("a"), l=lab("l"), end=end)
    (shown,) = drawn(s, "2019-01-01")
    assert f"picture-box--{state}" in shown.svg
    assert any(word in item for _, items in shown.columns for item in items)
    assert f">{word}<" in shown.svg


def test_a_planned_level_is_drawn_as_planned_until_it_is_established():
    plan = told(
        {"type": "structure-planned", "what": "Drei Ebenen", "levels": [{"level": "low", "name": "Unten"}]}, "2016"
    )
    s = story(plan=plan, low=level("low", "2018"))
    before, after = drawn(s, "2017-01-01", "2019-01-01")
    assert "Unten – geplant" in map(str, [heading for heading, _ in before.columns])
    assert "picture-box--planned" in before.svg
    assert "Low – besteht" in map(str, [heading for heading, _ in after.columns])


def test_a_picture_is_well_formed_has_words_for_who_cannot_see_it_and_no_style_that_is_refused():
    s = story(a=alliance("a", name='Ein <b>"Bündnis"</b> & mehr'), b=lab("b", parent="a"))
    (shown,) = drawn(s, "2019-01-01")
    svg = ET.fromstring(shown.svg)
    ids = {each.get("id") for each in svg}
    assert (svg.get("role"), {svg.get("aria-labelledby"), svg.get("aria-describedby")} <= ids) == ("img", True)
    assert not [each for each in svg.iter() if each.get("style")]
    said = "".join(each.text or "" for each in svg if each.get("class") == "picture-name")
    assert said.removeprefix("Ohne Ebene").startswith('Ein<b>"Bündnis"</b> &mehr')


def test_a_long_name_is_broken_into_lines_that_fit():
    s = story(a=alliance("a", name="Wirtschaftsförderungsstandortmanagement" * 3))
    (shown,) = drawn(s, "2019-01-01")
    lines = re.findall(r'<text class="picture-name"[^>]*>([^<]*)</text>', shown.svg)
    assert len(lines) > 4
    assert max(map(len, lines)) < 25
    whole = "".join(line.removesuffix("-") for line in lines)
    assert whole.removeprefix("Ohne Ebene") == "Wirtschaftsförderungsstandortmanagement" * 3


def test_a_picture_with_every_shape_is_drawn_letter_by_letter_as_it_ever_was():
    """Words that could be taken for SVG stand wherever words can stand."""
    low, rest = {"subject": "b", "to": "placed", "level": "low"}, {"subject": "c", "to": "unrecorded"}
    left = {"successor_name": "Verein & Söhne", "destinations": [{"subject": "e", "to": "unrecorded"}]}
    s = story(
        plan=told({"type": "structure-planned", "what": "Ebenen", "levels": [{"level": "new", "name": 'A&O "neu"'}]}),
        mid=level("mid"),
        low=told({"type": "level-established", "level": "low", "name": "Unten & <innen>"}, "2016"),
        a=alliance("a", level="low", name="Ein <b>\"Bündnis\"</b> & 'mehr'"),
        b=lab("b", parent="a", level="mid", name="Labor </text>"),
        c=alliance("c", level="mid"),
        d=lab("d", parent="a"),
        e=lab("e", "[2017..2020]", parent="d"),
        over=dropped("mid", "2018", low, rest),
        out=told({"type": "reallabor-spun-off", "body": "d", **left}, "2018"),
        end=ended("c", "2018-05"),
    )
    drawing = []
    for language, linked, day in (("de", False, "2019-01-01"), ("en", True, "2018-03-01")):
        view = s.view(day)
        words = Wording(language, "/p", view, Times(happened_by=date.fromisoformat(day), known_by=date(2026, 1, 1)))
        shown = Shown('Stand <1> & "2"', picture(view), words, linked=linked, below=["Aus Nr. <1> & 'allen'"])
        sheet = sheet_of(view, words, "geändert & neu")
        drawing.append(str(drawing_of("s", shown, sheet, {"a": "geändert & neu"}).svg))
        drawing.append(file_of(shown, sheet, ["Quelle: <b> & 'c'"]))
    assert "\n".join(drawing) == GOLDEN.read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("once", [{"name": "Wirtschaftsförderung " * 9}, {"parent": "b"}])
def test_what_was_told_otherwise_once_has_room_for_its_words_and_for_its_line(once):
    bodies = {"a": alliance("a"), "b": lab("b"), "c": lab("c", **{"parent": "a", **once})}
    was = picture(story(**bodies).view("2019-01-01"))
    now = story(**bodies, better=corrected("c", lab("c", parent="a"))).view("2019-01-01")
    words = Wording("de", "/p", now, Times())
    room, usual = sheet_for(now, was, words, "geändert").layout, sheet_of(now, words, "geändert").layout
    marks = dict.fromkeys(was.boxes, "geändert")
    alone = laid_out(grid([was]), was.boxes.values(), was.links, words, marks).layout
    assert room.boxes["c"].height == alone.boxes["c"].height
    assert set(alone.lines) <= set(room.lines)
    assert (usual.boxes["c"].height, set(usual.lines)) != (alone.boxes["c"].height, set(alone.lines))
