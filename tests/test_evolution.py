"""How the structure changed over all days: known without looking at every one of them, and looked at here on each."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.replay import effective
from domain.view import View
from domain.when import FAR, OPEN
from projections.evolution import evolution
from projections.picture import Picture, picture
from tests.histories import FIRST, LAST, heaps, histories
from tests.story import alliance, dropped, lab, level, moved, story, told
from tests.test_laws import rounds


@rounds(40)
@given(st.one_of(histories(areas=[("structure",)]), heaps(areas=[("structure",)])))
def test_the_days_of_change_and_all_that_is_ever_shown_are_known_whatever_was_recorded(office):
    view = View(effective(office.log), FIRST)
    known = evolution(view)
    days = {OPEN, *range(FIRST - 2, LAST + 3), FAR, *known.changed, *(day - 1 for day in known.changed if day > OPEN)}
    before, shown = OPEN - 1, Picture({})
    for day in sorted(days):
        now = picture(view.on(day))
        assert (now != shown) == any(before < each <= day for each in known.changed), day
        changed = {id_ for id_ in {**now.boxes, **shown.boxes} if now.boxes.get(id_) != shown.boxes.get(id_)}
        if day in known.changed:
            assert set(known.changed[day]) == changed
        assert all(box in known.boxes[id_] for id_, box in now.boxes.items())
        assert set(now.links) <= set(known.links)
        before, shown = day, now
    assert set(known.boxes) <= set(known.grid.cells)
    assert len(set(known.grid.cells.values())) == len(known.grid.cells)


def test_each_day_of_change_says_what_changed():
    s = story(top=level("top", "2016"), a=alliance("a", "2017-03-01"), b=lab("b", "2017-05-01", parent="a"))
    s.given(b_moves=moved("b", "2018-02-01", level="top"), c=alliance("c", "[2018-03-01..2018-04-01]"))
    changed = {str(date.fromordinal(day)): ids for day, ids in evolution(s.view("2017-01-01")).changed.items()}
    assert changed == {
        "2016-01-01": ("top",),
        "2016-12-31": ("top",),
        "2017-03-01": ("a",),
        "2017-05-01": ("b",),
        "2018-02-01": ("b",),
        "2018-03-01": ("c",),
        "2018-04-01": ("c",),
    }


def test_what_comes_to_stand_elsewhere_because_something_above_it_went_has_changed_too():
    s = story(mid=level("mid", "2016"), a=alliance("a", "2017-01-01", level="mid"))
    s.given(off=dropped("mid", "2018-01-01", {"subject": "a", "to": "unrecorded"}))
    changed = evolution(s.view("2019-01-01")).changed
    assert changed[max(changed)] == ("mid", "a")


@pytest.mark.parametrize("day", ["2015-01-01", "2017-06-01", "2020-01-01"])
def test_on_which_day_it_is_read_makes_no_difference(day):
    plan = told({"type": "structure-planned", "what": "Ebenen", "levels": [{"level": "low", "name": "Unten"}]}, "2016")
    s = story(plan=plan, low=level("low", "2018"), a=alliance("a", "2019", level="low"))
    found = evolution(s.view(day))
    assert found == evolution(s.view("2019-01-01"))
    assert [box.state for box in found.boxes["low"]] == ["planned", "perhaps-there", "there"]
