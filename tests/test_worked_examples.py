"""Every worked example of SEMANTICS §12."""

from datetime import UTC, date, datetime

import pytest

from domain.when import OPEN, When
from projections.difference import difference
from tests.office import (
    Office,
    absorbed,
    actor,
    alliance,
    changed,
    corrected,
    decided,
    dropped,
    ended,
    given,
    lab,
    level,
    merged,
    moved,
    opened,
    ordinal,
    published,
    role,
    said,
    spun_off,
    withdrawn,
)

RECORDED = "2026-11-22"


def day(number: int) -> str | None:
    return None if number == OPEN else date.fromordinal(number).isoformat()


# ---- dates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        ("2018-21", "2018-03-01", "2018-05-31"),
        ("2018-24", "2018-12-01", "2019-02-28"),
        ("[2019-10..]", "2019-10-01", "2026-11-22"),
        ("2026-11", "2026-11-01", "2026-11-22"),
        (None, None, "2026-11-22"),
        ("2018-04~", "2018-04-01", "2018-04-30"),
    ],
)
def test_a_date_is_read_as_days(edtf, first, last):
    when = When(edtf=edtf, basis="stated" if edtf else "unknown")
    read = when.read(ordinal(RECORDED)).begin
    assert (day(read.first), day(read.last)) == (first, last)


def test_for_refusing_an_approximate_date_only_says_by_then():
    assert When(edtf="2018-04~").read(ordinal(RECORDED)).begin.refusing(ordinal(RECORDED)) == (OPEN, ordinal(RECORDED))


def test_what_is_recorded_as_happened_this_month_counts_today():
    office = given(alliance("a", "2026-11"))
    assert said(office.view("2026-11-21")) == {"a": "perhaps there"}
    assert said(office.view(RECORDED)) == {"a": "there"}


def test_a_renaming_before_a_founding_is_refused_unless_the_founding_is_approximate():
    renaming = changed("a", "2018-03-28", change={"name": "Neu"})
    assert given(alliance("a", "2018-04")).refuses(renaming) == {"order"}
    office = given(alliance("a", "2018-04~"))
    assert office.refuses(renaming) == set()
    assert office.hints(renaming)


def test_a_role_that_lasted_begins_and_ends():
    office = given(actor("x", "2016"), role("r", "2016-10/2019-09"))
    assert said(office.view("2018-06-30")) == {"r": "there"}
    assert said(office.view("2019-09-15")) == {"r": "perhaps ended"}
    assert said(office.view("2019-09-30")) == {}


def test_a_planned_end_ends_nothing():
    office = given(actor("x", "2016"), role("r", "2026-10/2029-09"))
    assert said(office.view("2030-01-01")) == {"r": "there"}


def test_a_date_is_read_on_the_day_it_was_stated_as_long_as_it_is_not_corrected():
    office = Office("2018-06-01")
    office.record(opened("2018"), lab("l", "2018", key="l"))
    office.record(alliance("w", "2018-02"), on="2018-07-01")
    office.record(corrected("l", lab("l", "2018", under="w"), key="c"), on="2019-01-10")
    office.record(corrected("l", lab("l", "2018-03-10", under="w"), seen="c"), on="2019-02-01")
    by = {date_: office.log.end_of(date.fromisoformat(date_)) for date_ in ("2018-12-31", "2019-01-31")}
    assert said(office.view("2018-05-31", known_by=by["2018-12-31"]))["l"] == "perhaps there"
    assert said(office.view("2018-06-01", known_by=by["2018-12-31"]))["l"] == "there"
    assert said(office.view("2018-06-01", known_by=by["2019-01-31"]))["l"] == "there under w"
    assert said(office.view("2018-03-09")) == {"w": "there"}
    assert said(office.view("2018-03-10")) == {"w": "there", "l": "there under w"}


# ---- which of two came first ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "a_after_b", "b_after_a"),
    [
        ("2017", "2018-03", False, True),
        ("2018", "2018-06-15", True, True),
        ("2018-06-15", "2018-06-15", True, True),
        ("[..2018]", None, True, True),
        ("[2019-10..]", "2018", True, False),
        ("2018-04~", "2018-03-28", True, True),
    ],
)
def test_two_dates_leave_open_or_say_which_came_first(a, b, a_after_b, b_after_a):
    for first, second, possible in ((b, a, a_after_b), (a, b, b_after_a)):
        office = given(decided("one", first, key="one"))
        codes = office.refuses(decided("two", second, after=["one"]))
        assert codes == (set() if possible else {"order"})


def test_an_approximate_date_is_read_as_it_stands():
    office = given(decided("a", "2018-04~", key="a"), decided("b", "2018-03-28", key="b"))
    view = office.view(RECORDED)
    assert view.room(office.keys["b"]).last < view.room(office.keys["a"]).first


def test_on_the_same_day_the_higher_number_counts_and_the_order_is_marked_open():
    office = given(alliance("v", "2017"), alliance("w", "2017"), alliance("a", "2017"))
    office.record(moved("a", "2018-06-15", to="v"))
    office.record(moved("a", "2018-06-15", to="w"))
    assert said(office.view(RECORDED))["a"] == "there under w (order not known)"


def test_on_the_same_day_equal_values_leave_nothing_open():
    office = given(alliance("w", "2017"), alliance("a", "2017"))
    office.record(moved("a", "2018-06-15", to="w"))
    office.record(moved("a", "2018-06-15", to="w"))
    assert said(office.view(RECORDED))["a"] == "there under w"


# ---- numbered examples; keys are the numbers of the table ----------------------------------------------------------


def test_1_a_lab_under_an_alliance_bounds_the_founding_of_the_alliance():
    office = given(alliance("w", "[2016-10..2017-09]", key="1"), lab("l", "2017-03-15", under="w"))
    room = office.view(RECORDED).room(office.keys["1"])
    assert (day(room.first), day(room.last)) == ("2016-10-01", "2017-03-15")
    assert said(office.view("2017-05-01")) == {"w": "there", "l": "there under w"}


def test_2_a_vague_and_an_exact_move_leave_the_order_open_until_it_is_stated():
    office = given(alliance("s", "2016"), alliance("w", "2016"), lab("l", "2017-03-01", under="s"))
    office.record(moved("l", "2018", to="w", key="5"))
    office.record(moved("l", "2018-06-15", to="s", key="6"))
    assert said(office.view("2018-07-01"))["l"] == "there under s (order not known)"
    assert said(office.view("2018-12-31"))["l"] == "there under w (order not known)"
    office.record(corrected("6", moved("l", "2018-06-15", to="s", after=["5"])))
    for date_ in ("2018-06-15", "2018-07-01", "2018-12-31", RECORDED):
        assert said(office.view(date_))["l"] == "there under s"


def test_3_a_lab_recorded_late_under_what_was_dissolved_moves_up():
    office = given(alliance("w", "2015"), level("z", "2015"), alliance("s", "2016", under="w", on="z"))
    office.record(dropped("z", "[2017-10..2018]", where={"s": "dissolved"}, key="4"))
    office.record(lab("l", "[2016-10..2019-09]", under="s", key="5"))
    view = office.view("2019-06-30")
    assert day(view.room(office.keys["5"]).last) == "2018-12-31"
    assert said(view) == {"w": "there", "l": "there under w (inferred)"}
    assert view.standing("l").told_parent.value == "s"
    (refusal,) = office.refusals(lab("k", "2019", under="s"))
    assert refusal.code == "order"
    assert set(refusal.params["entries"]) == {office.keys["4"], len(office.entries) + 1}


def test_4_two_bodies_certainly_under_each_other_are_refused():
    office = given(alliance("a", "2017"), alliance("b", "2017", under="a"))
    assert office.refuses(moved("a", "2018", to="b")) == {"parent-circle"}
    office.record(moved("b", "2018", to="process"))
    assert office.refuses(moved("a", "2018", to="b")) == set()
    assert office.hints(moved("a", "2018", to="b"))


def test_5_a_chain_of_needs_can_be_impossible_where_each_pair_is_possible():
    office = given(alliance("a", "2018-05-01", key="1"), lab("l", "[2016..2019]", under="a"))
    (refusal,) = office.refusals(spun_off("l", "2017-06-01"))
    assert refusal.code == "order"
    assert set(refusal.params["entries"]) == {office.keys["1"], len(office.entries) + 1}


def test_6_on_one_day_the_needed_comes_first_not_the_lower_number():
    office = given(
        alliance("a", "2017", key="1"),
        lab("l", "2018-05-03", under="a", key="2"),
        alliance("b", "2018-05-03", key="3"),
        corrected("2", lab("l", "2018-05-03", under="b")),
    )
    order = [number for number in office.view(RECORDED).order if number in office.keys.values() and number > 1]
    assert order == [office.keys[key] for key in ("1", "3", "2")]


def test_7_a_founding_withdrawn_and_recorded_anew_cannot_be_restored():
    office = given(alliance("a", "2017", key="1"), withdrawn("1", key="2"), alliance("a", "2018", key="3"))
    (refusal,) = office.refusals(withdrawn("2"))
    assert refusal.code == "founded-twice"
    assert refusal.params["entries"] == [office.keys["1"], office.keys["3"]]


def test_8_the_last_correction_in_force_counts():
    office = given(alliance("w", "2016"), lab("l", "2017", key="2"))
    form = office.log.graph.forms
    office.record(corrected("2", lab("l", "2017-03"), key="3"))
    office.record(corrected("2", lab("l", "2017-04", under="w"), seen="3", key="4"))
    assert said(office.view(RECORDED))["l"] == "there under w"
    office.record(withdrawn("4"))
    telling = form[office.keys["2"]].telling
    assert (telling.occurred.edtf, telling.step.parent) == ("2017-03", None)
    office.record(withdrawn("3"))
    assert form[office.keys["2"]].telling.occurred.edtf == "2017"


def test_9_an_effect_before_its_cause_is_admitted_and_doubted():
    office = given(level("z", "2016"), decided("d", "2019", key="1"))
    dropping = dropped("z", "2018", because=["1"])
    assert office.hints(dropping) == {"effect-before-cause"}
    office.record(dropping)
    (doubt,) = office.view(RECORDED).conflicts
    assert (doubt.code, doubt.entries) == ("effect-before-cause", (office.keys["1"], len(office.entries)))


# ---- publication ---------------------------------------------------------------------------------------------------


def test_p1_publishing_a_correction_asks_for_what_it_newly_names():
    office = given(alliance("a", "2016", key="1"), alliance("s", "2016", key="2"), lab("l", "2017", under="a", key="3"))
    office.record(published("opening", "1", "3"))
    office.record(corrected("3", lab("l", "2017", under="s"), key="5"))
    assert said(office.public(RECORDED)) == {"a": "there", "l": "there under a"}
    (refusal,) = office.refusals(published("5"))
    assert (refusal.code, refusal.params["entries"]) == ("not-public-along", [office.keys["2"]])
    office.record(published("5", "2"))
    assert said(office.public(RECORDED)) == {"a": "there", "s": "there", "l": "there under s"}


def test_p2_a_correction_is_published_with_the_ones_before_it():
    office = given(alliance("x", "2016", key="x"), lab("l", "2017", under="x", key="l"))
    office.record(published("opening", "x", "l"))
    office.record(corrected("l", lab("l", "2017"), key="6"))
    office.record(corrected("l", lab("l", "2019"), seen="6", key="7"))
    (refusal,) = office.refusals(published("7"))
    assert (refusal.code, refusal.params["entries"]) == ("not-public-along", [office.keys["6"]])
    assert office.refuses(published("6", "7")) == set()


def test_p3_corrections_that_only_agree_together_are_published_together():
    office = given(alliance("a", "2016", key="a"), lab("l", "2017", under="a", key="l"))
    office.record(published("opening", "a", "l"))
    office.record(corrected("l", lab("l", "2018-09", under="a"), key="4"))
    office.record(corrected("a", alliance("a", "2018-02"), key="5"))
    (refusal,) = office.refusals(published("5"))
    assert (refusal.code, refusal.params["codes"]) == ("public-contradiction", ["order"])
    assert office.keys["4"] in refusal.params["entries"]
    assert office.refuses(published("4", "5")) == set()


def test_p4_a_second_end_is_published_with_the_withdrawal_of_the_first():
    office = given(alliance("a", "2016", key="1"), ended("a", "2018", key="2"))
    office.record(published("opening", "1", "2"))
    office.record(withdrawn("2", key="4"))
    office.record(ended("a", "2020", key="5"))
    (refusal,) = office.refusals(published("5"))
    assert (refusal.code, refusal.params["codes"]) == ("public-contradiction", ["ended-twice"])
    assert office.refuses(published("4", "5")) == set()


def test_p5_what_is_announced_for_later_becomes_public_without_another_entry():
    office = Office("2018-12-01")
    office.record(opened("2018"), alliance("a", "2018", key="1"))
    christmas = datetime(2018, 12, 23, 23, tzinfo=UTC)  # midnight in Bottrop
    office.record(published("opening", "1", not_before=christmas, key="publication"))
    assert office.public("2018-12-31", at="2018-12-23").effective.entries == []
    assert said(office.public("2018-12-31", at="2018-12-24")) == {"a": "there"}
    assert office.refuses(withdrawn("publication"), on="2018-12-24") == {"published-for-good"}
    office.record(withdrawn("publication", key="withdrawal"), on="2018-12-05")
    assert office.public("2018-12-31", at="2018-12-24").effective.entries == []
    assert office.refuses(withdrawn("withdrawal")) == {"publish-again-instead"}


def test_p6_the_public_sees_a_placement_inferred_while_the_move_is_not_public():
    office = given(alliance("w", "2015", key="w"), alliance("a", "2016", under="w", key="a"), alliance("b", "2016"))
    office.record(lab("l", "2017", under="a", key="l"))
    office.record(moved("l", "2018-01", to="b"))
    office.record(ended("a", "2018-06", key="end"))
    office.record(published("opening", "w", "a", "l", "end"))
    assert said(office.public("2018-07-01")) == {"w": "there", "l": "there under w (inferred)"}
    assert said(office.view("2018-07-01"))["l"] == "there under b"


def test_a_publication_that_an_announced_correction_rests_on_is_not_withdrawn_before_it():
    office = Office("2018-12-01")
    office.record(opened("2018"), alliance("a", "2018-02", key="a"))
    christmas = datetime(2018, 12, 23, 23, tzinfo=UTC)
    office.record(published("opening"))
    office.record(published("a", not_before=christmas, key="first"))
    office.record(corrected("a", alliance("a", "2018-03"), key="correction"))
    office.record(published("correction", not_before=christmas, key="second"))
    (refusal,) = office.refusals(withdrawn("first"))
    assert (refusal.code, refusal.params["entries"]) == ("published-with-it", [office.keys["correction"]])
    assert office.refuses(withdrawn("second"), withdrawn("first")) == set()


# ---- what the laws found, as small as it gets ------------------------------------------------------------------------


def test_an_end_dated_before_an_approximate_founding_holds():
    office = given(alliance("a", "2018-04~"), ended("a", "2018-03-28"))
    assert said(office.view(RECORDED)) == {}


def test_an_entry_that_ends_what_it_founds_can_be_read():
    office = given()
    office.heap(merged("a", "b", into="b", occurred="2018"))
    assert said(office.view(RECORDED)) == {}
    assert {conflict.code for conflict in office.view(RECORDED).conflicts} >= {"ends-what-it-needs", "unknown"}


def test_a_circle_names_only_what_lies_on_it():
    office = given(decided("a", "2018", key="a"), decided("b", "2018", key="b", after=["a"]))
    office.record(decided("c", "2018", key="c", after=["b"]), decided("d", "2018", key="d", after=["c"]))
    office.record(decided("e", "2018", key="e", after=["d"]))
    office.heap(corrected("a", decided("a", "2018", after=["b"])))
    office.heap(corrected("d", decided("d", "2018", after=["c", "e"])))
    circles = {conflict.entries for conflict in office.view(RECORDED).conflicts if conflict.code == "circle"}
    assert circles == {(office.keys["a"], office.keys["b"]), (office.keys["d"], office.keys["e"])}


def test_what_was_placed_twice_at_the_same_place_still_needs_a_destination():
    office = given(alliance("a", "2017"), alliance("b", "2017"))
    office.record(moved("b", "2018", to="a"))
    office.record(moved("b", "2018", to="a"))
    assert office.refuses(ended("a", "2019")) == {"destinations-missing"}


def test_the_end_of_a_role_that_lasted_is_a_difference_caused_by_the_role():
    office = given(actor("x", "2016"), role("r", "2017/2018-06", key="r"))
    (item,) = difference(office.view("2018-05-01"), office.view("2018-07-01"))
    assert (item.aspect, item.causes) == ("counted", [office.keys["r"]])


def test_an_heir_that_is_only_perhaps_one_is_a_rival_of_none():
    office = given(alliance("a", "2017"), alliance("b", "2017"), absorbed("a", by="b", occurred="2018"))
    view = office.view("2018-06-01")
    assert view.read(view.state["a"], "heir").rivals == (len(office.entries),)


def test_what_came_before_any_equal_value_is_no_rival_in_whatever_order_it_was_recorded():
    to_v, to_w = moved("a", "2018-06-15", to="v", key="v"), moved("a", "2018-06-15", to="w", key="w")
    to_v_again = moved("a", "2018-06-15", to="v", after=["w"])
    for moves in ((to_v, to_w, to_v_again), (to_w, to_v_again, to_v)):
        office = given(alliance("v", "2017"), alliance("w", "2017"), alliance("a", "2017"), *moves)
        assert said(office.view("2018-06-15"))["a"] == "there under v"
