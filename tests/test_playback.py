"""A process played back: every stop is a view, the last one is the view of today, and the differences add up."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.replay import Effective, effective
from domain.view import View
from projections.difference import difference
from projections.picture import picture
from projections.playback import KEPT, track
from projections.publicly import publicly
from tests.histories import LAST, PUBLISHING, heaps, histories
from tests.story import alliance, corrected, lab, moved, published, story
from tests.test_laws import rounds

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ORDERS = [(order, pace) for order in ("happened", "known", "public") for pace in ("day", "entry")]


def base(log, day=LAST):
    return View(effective(log), day).on(day)


def standings(view):
    """All that there is to say of every subject on the view's day, as far as it is there or may be."""
    found = ((id_, view.standing(id_)) for id_ in view.state)
    return {id_: standing for id_, standing in found if standing.possible or standing.counted}


@rounds(20)
@given(st.one_of(histories(about=PUBLISHING), heaps()), st.sampled_from(ORDERS))
def test_played_to_its_end_it_is_the_view_of_today_and_what_differs_on_the_way_adds_up(office, how):
    view = base(office.log)
    now = office.log.entries[-1].recorded_at + timedelta(days=4_000) if office.log.entries else NOW
    found = track(view, *how, now=now)
    end = publicly(view, now) if how[0] == "public" else view
    seen = [found.seen(place) for place in range(-1, len(found.stops))]
    assert standings(seen[-1]) == standings(end)
    assert picture(seen[-1]) == picture(end)
    told: dict[tuple[str, str], tuple[object, object]] = {}
    for before, after in pairwise(seen):
        for item in difference(before, after):
            if item.aspect in ("counted", "sure"):
                key = item.subject, item.aspect
                first, last = told.get(key, (item.before, item.before))
                assert item.aspect == "sure" or last == item.before, "each begins where the last one ended"
                told[key] = first, item.after
    whole = {(i.subject, i.aspect): (i.before, i.after) for i in difference(seen[0], seen[-1]) if i.aspect == "counted"}
    counted = {key: both for key, both in told.items() if key[1] == "counted" and both[0] != both[1]}
    assert counted == whole


@rounds(20)
@given(st.one_of(histories(), heaps()))
def test_entry_by_entry_a_day_ends_as_that_day_does_and_each_entry_comes_in_once(office):
    view = base(office.log)
    stops = track(view, "happened", "entry", now=NOW).stops
    days = track(view, "happened", "day", now=NOW)
    assert [stop.last for stop in stops] == [n for n in view.order if view.certain(n)]
    assert [n for stop in days.stops for n in stop.numbers] == [stop.last for stop in stops]
    for place, stop in enumerate(days.stops):
        assert standings(view.amid(stop.last)) == standings(days.seen(place))


@rounds(20)
@given(histories(about=PUBLISHING))
def test_as_it_became_public_each_stop_is_what_the_public_saw_then(office):
    view = base(office.log)
    found = track(view, "public", "entry", now=NOW + timedelta(days=4_000))
    for place, stop in enumerate(found.stops):
        seen = found.seen(place)
        assert seen.effective.entries == publicly(view, stop.at).effective.entries
        assert standings(seen) == standings(publicly(view, stop.at))


@rounds(20)
@given(histories())
def test_as_it_was_recorded_each_stop_is_what_the_office_knew_then(office):
    view = base(office.log)
    found = track(view, "known", "day", now=NOW)
    for place, stop in enumerate(found.stops):
        known = effective(office.log, known_by=office.log.end_of(date.fromordinal(stop.day)))
        assert standings(found.seen(place)) == standings(View(known, LAST))


def test_in_the_middle_of_a_day_what_comes_later_on_it_has_not_happened_yet():
    s = story(a=alliance("a", "2017-05-01"), b=alliance("b", "2017-05-01"), c=lab("c", "2017-05-01", parent="a"))
    s.given(c_moves=moved("c", "2017-05-01", parent="b", after=("c",)))
    s.given(d=lab("d", "[2017-01-01..2017-05-01]"), e=lab("e", "[2017-02-01..2017-05-01]"))
    found = track(s.view("2018-01-01"), "happened", "entry", now=NOW)
    shown = {stop.last: found.seen(place) for place, stop in enumerate(found.stops)}
    first = shown[s.number("d")]
    assert [first.counted(id_) for id_ in "abcde"] == [False, False, False, True, False]
    assert [first.standing(id_).possible for id_ in "abe"] == [False, False, True], "e may have happened before"
    assert shown[s.number("c")].standing("c").parent == "a"
    assert shown[s.number("c-moves")].standing("c").parent == "b"


def test_what_was_published_together_is_one_stop_and_one_for_later_comes_when_its_time_has_come():
    s = story(a=alliance("a"), b=alliance("b"), p=published("opened", "a"))
    s.given(later=published("b", not_before="2026-12-24T10:00:00Z"))
    view = s.view("2026-11-22")
    (stop,) = track(view, "public", "entry", now=NOW).stops
    assert stop.numbers == (1, s.number("a"), s.number("p"))
    at_christmas = track(view, "public", "entry", now=datetime(2026, 12, 24, 11, tzinfo=UTC))
    assert at_christmas.stops[-1].numbers == (s.number("b"), s.number("later"))
    assert [at_christmas.seen(place).counted("b") for place in (0, 1)] == [False, True]


def test_a_kind_chooses_stops_and_leaves_what_they_show():
    s = story(a=alliance("a", "2017-01-01"), b=lab("b", "2017-02-01", parent="a"))
    heard = {"step": {"type": "feedback-received", "kind": "wish", "what": "Mehr"}, "occurred": {"edtf": "2017-03-01"}}
    s.given(f=heard, g=corrected("f", {**heard, "because": "not-recorded"}))
    view = s.view("2018-01-01")
    (only,) = track(view, "happened", "day", "feedback", now=NOW).stops
    assert only.numbers == (s.number("f"),)
    assert track(view, "happened", "day", "feedback", now=NOW).seen(0).counted("b")
    recorded = track(view, "known", "entry", "feedback", now=NOW).stops
    assert [stop.last for stop in recorded] == [s.number("f"), s.number("g")], "a correction is of the kind it corrects"


def test_where_there_is_nothing_there_is_no_stop():
    empty = View(Effective(), LAST)
    for order, pace in ORDERS:
        found = track(empty, order, pace, now=NOW)
        assert found.stops == []
        assert found.seen(-1).state == {}


@pytest.mark.parametrize("order", ["known", "public"])
def test_whoever_goes_on_finds_the_last_stop_folded_and_few_are_kept(order):
    s = story(a=alliance("a"), p=published("opened", "a"))
    for n in range(KEPT + 2):
        s.given(**{f"b{n}": alliance(f"b{n}"), f"p{n}": published(f"b{n}")})
    found = track(s.view("2026-11-22"), order, "entry", now=NOW)
    first, last = found.seen(0).effective, found.seen(1).effective
    assert found.seen(1).effective is last
    for place in range(2, 2 + KEPT):
        found.seen(place)
    assert found.seen(0).effective is not first


def test_who_goes_along_one_order_does_not_lose_the_last_stop_to_those_who_go_along_others():
    s = story(a=alliance("a"), p=published("opened", "a"))
    for n in range(3):
        s.given(**{f"b{n}": alliance(f"b{n}"), f"p{n}": published(f"b{n}")})
    view = s.view("2026-11-22")
    tracks = [track(view, order, "entry", now=NOW) for order in ("happened", "known", "public")]
    last = [found.seen(0) for found in tracks]
    for place in (1, 2):
        for found, before in zip(tracks, last, strict=True):
            assert found.seen(place - 1) is before
            found.seen(place)
        last = [found.seen(place) for found in tracks]


def test_two_who_go_along_the_same_order_at_different_paces_do_not_lose_each_other_the_last_stop():
    s = story(**{f"b{n}": alliance(f"b{n}", str(2016 + n)) for n in range(4)})
    view = s.view("2026-11-22")
    tracks = [track(view, "happened", pace, now=NOW) for pace in ("day", "entry")]
    last = [found.seen(0) for found in tracks]
    for place in (1, 2, 3):
        for at, found in enumerate(tracks):
            now = found.seen(place)  # first what is there, then what it is compared with
            assert found.seen(place - 1) is last[at]
            last[at] = now
