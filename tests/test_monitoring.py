"""Indicators: what they measure, which are in use, and what was read off them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.fields import Decimal
from domain.monitoring import Unit
from domain.publishing import needed
from tests.office import contradiction, why
from tests.story import alliance, corrected, published, story, told, withdrawn

PROFILE = {"name": "Gründächer", "definition": "Begrünte Fläche", "unit": "m²/a", "data_source": "Bauamt"}


def defined(id_="kennzahl", when="2017", **fields):
    return told({"type": "indicator-defined", "indicator": id_, **PROFILE} | fields, when)


def selected(*ids, when="2018", **fields):
    return told({"type": "indicator-selected", "indicators": ids or ["kennzahl"], **fields}, when)


def dropped(when="2020", **fields):
    return told({"type": "indicator-dropped", "indicator": "kennzahl"} | fields, when)


def measured(value="12.5", unit="m²/a", when="2019", **fields):
    step = {"type": "indicator-measured", "indicator": "kennzahl", "value": value, "unit": unit, "period": "2018"}
    return told(step | fields, when)


def goal(id_="ziel"):
    return told({"type": "goal-adopted", "goal": id_, "kind": "leitziel", "text": "Weniger versiegeln"}, "2017")


# ---- profiles -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["name", "definition", "data_source"])
def test_a_profile_says_what_is_measured_and_where_the_data_come_from(field):
    place = f"/step/{field}"
    assert why(story(), defined(**{field: None})) == [("text-missing", place, {"field": place})]


def test_a_profile_says_the_unit():
    statement = defined()
    del statement["step"]["unit"]
    assert why(story(), statement) == [("field-missing", "/step/unit", {"field": "unit"})]
    s = story(i=defined())
    assert s.on("2018-01-01", "kennzahl").attributes["unit"].value == "m²/a"


@pytest.mark.parametrize("unit", ["%", "t/a", "EUR", "€", "µg/m³", "Zahl", "kWh", "°C", "m·s", "Pers./km²"])
def test_units_are_written_without_blanks(unit):
    assert TypeAdapter(Unit).validate_python(unit) == unit


@pytest.mark.parametrize("unit", ["", "t / a", "in Euro", "x" * 21, "m\n", "m\u00b2 "])
def test_words_are_no_unit(unit):
    ((code, place, _),) = why(story(), defined(unit=unit))
    assert (code, place) == ("field-pattern", "/step/unit")


def test_a_profile_names_its_goal_and_the_indicator_it_continues():
    s = story(old=defined("alt"), aim=goal(), w=alliance("wiall"))
    s.given(i=defined(goal="ziel", continues="alt", responsible="wiall", when="2016-06"))
    assert needed(s.log, [s.number("i")], s.at) == [s.number(key) for key in ("opened", "old", "aim", "w")]
    for field, wrong in (("goal", "alt"), ("continues", "ziel"), ("responsible", "ziel"), ("theme", "ziel")):
        assert why(s, defined("neu", **{field: wrong})) == [contradiction("wrong-kind", 6, subject=wrong)]
        assert why(s, defined("neu", **{field: "nichts"})) == [contradiction("unknown", 6, subject="nichts")]


def test_an_indicator_does_not_continue_itself():
    itself = defined(continues="kennzahl")
    assert why(story(), itself) == [("refers-to-itself", "/step/continues", {"subject": "kennzahl"})]


@pytest.mark.parametrize("field", ["baseline", "target"])
def test_where_it_stood_and_where_it_is_to_get_are_values_with_a_period(field):
    s = story(i=defined(**{field: {"value": "-4", "period": "Ende 2030"}}))
    step = s.log.by_number[s.number("i")].statement.step
    assert getattr(step, field).period == "[2030-09..2030-12]"
    (found,) = why(story(), defined(**{field: {"value": "4"}}))
    assert found[:2] == ("field-missing", f"/step/{field}/period")
    (found,) = why(story(), defined(**{field: {"value": "4,5", "period": "2030"}}))
    assert found[:2] == ("field-pattern", f"/step/{field}/value")


# ---- in use ---------------------------------------------------------------------------------------------------------


def test_an_indicator_is_taken_into_use_and_dropped():
    s = story(i=defined(), on=selected(), off=dropped())
    days = ("2017-12-31", "2018-12-31", "2020-12-31")
    assert [s.on(day, "kennzahl").counted for day in days] == [True, True, False]
    assert "status" in s.on("2017-12-31", "kennzahl").attributes
    assert [s.on(day, "kennzahl").attributes["status"].value for day in days[:2]] == [None, "selected"]
    assert why(s, dropped("2021")) == [contradiction("ended-twice", 4, 5, subject="kennzahl")]
    assert why(s, selected(when="2021")) == [contradiction("order", 5, 4)]
    assert why(s, dropped(indicator="keine")) == [contradiction("unknown", 5, subject="keine")]


def test_a_selection_names_indicators_or_says_how_many():
    nothing = told({"type": "indicator-selected"})
    assert why(story(), nothing) == [("nothing-selected", "/step", {})]
    story(many=told({"type": "indicator-selected", "count": {"at_least": 30, "at_most": 30, "approximate": True}}))


def test_no_more_indicators_are_named_than_were_counted():
    s = story(i=defined(), j=defined("andere"))
    wrong = {"indicators": 2, "count": 1}
    assert why(s, selected("kennzahl", "andere", count=1)) == [("more-indicators-than-counted", "/step", wrong)]
    s.given(
        all=selected("kennzahl", "andere", count=2),
        some=selected("kennzahl", count={"at_most": 9}),
        about=selected("kennzahl", "andere", count={"at_least": 1, "at_most": 1, "approximate": True}),
        open=selected("kennzahl", "andere", count={"at_least": 1}),
    )
    twice = selected("kennzahl", "kennzahl")
    assert why(s, twice) == [("named-twice", "/step/indicators", {"subject": "kennzahl"})]


@given(st.integers(0, 4), st.integers(0, 5), st.booleans())
def test_more_are_named_than_counted_exactly_where_the_count_is_exact_and_smaller(named, most, approximate):
    ids = [f"k{n}" for n in range(named)]
    s = story(**{id_: defined(id_) for id_ in ids})
    count = {"at_most": most, "approximate": approximate}
    statement = told({"type": "indicator-selected", "indicators": ids, "count": count})
    if most < named and not approximate:
        assert [code for code, _, _ in why(s, statement)] == ["more-indicators-than-counted"]
    else:
        s.given(selection=statement)


# ---- readings -------------------------------------------------------------------------------------------------------


def test_a_reading_in_the_wrong_unit_is_refused_with_the_unit_that_the_profile_asks_for():
    s = story(i=defined())
    assert why(s, measured(unit="m²")) == [contradiction("unit-differs", 3, 2, subject="kennzahl", expected="m²/a")]
    s.given(reading=measured(), next=measured("13", when="2020"))
    assert s.on("2020-12-31", "kennzahl").sure


@given(st.sampled_from(["%", "t/a", "EUR"]), st.sampled_from(["%", "t/a", "EUR"]))
def test_a_reading_agrees_with_the_profile_or_is_refused(asked, read):
    s = story(i=defined(unit=asked))
    if asked == read:
        s.given(reading=measured(unit=read))
    else:
        wrong = contradiction("unit-differs", 3, 2, subject="kennzahl", expected=asked)
        assert why(s, measured(unit=read)) == [wrong]


def test_a_reading_is_of_an_indicator_that_is_known():
    s = story(i=defined(), aim=goal())
    assert why(s, measured(indicator="keine")) == [contradiction("unknown", 4, subject="keine")]
    assert why(s, measured(indicator="ziel")) == [contradiction("wrong-kind", 4, subject="ziel")]


def test_a_reading_may_be_older_than_the_profile_and_come_after_the_indicator_was_dropped():
    s = story(i=defined(when="2018-06-01"), off=dropped("2020-06-01"))
    s.given(first=measured(when="2016", period="2015"))
    assert s.hints == []
    s.given(last=measured(when="2021"), some=measured(when=None))
    assert s.hints == []
    assert s.room("first") == ("2016-01-01", "2016-12-31")
    assert s.room("i") == ("2018-06-01", "2018-06-01")


def test_a_reading_is_not_about_a_time_that_had_not_begun():
    s = story(i=defined())
    ahead = {"period": "2030", "date": "2020-06-30"}
    assert why(s, measured(when="2020-06-30", period="2030")) == [("period-ahead", "/step/period", ahead)]
    s.given(begun=measured(when="2020-06-30", period="2020"), about=measured(when="2020-06-30", period="2021~"))


def test_a_reading_may_be_about_a_time_long_before_there_was_the_indicator():
    s = story(i=defined(), reading=measured(period="1990/1999-06"))
    assert s.hints == []


def test_the_period_is_typed_in_words_and_asked_back_where_it_is_not_understood():
    s = story(i=defined(), reading=measured(period="2. Halbjahr 2018"))
    assert s.log.by_number[s.number("reading")].statement.step.period == "[2018-07..2018-12]"
    for typed, code in (("neulich", "date-not-understood"), ("2018/19", "date-ambiguous")):
        ((found, place, _),) = why(s, measured(period=typed))
        assert (found, place) == (code, "/step/period")


@pytest.mark.parametrize("typed", ["von 2018 bis 2019", "2018-2019", "2018/2019"])
def test_a_period_of_two_years_is_understood_as_it_is_stored(typed):
    s = story(i=defined(), reading=measured(period=typed))
    statement = s.log.by_number[s.number("reading")].statement
    assert statement.step.period == "2018/2019"
    assert type(statement).model_validate(statement.model_dump()) == statement


def test_the_unit_of_a_profile_is_not_corrected_away_from_under_its_readings():
    s = story(i=defined(), reading=measured())
    assert why(s, corrected("i", defined(unit="%"))) == [
        contradiction("unit-differs", 3, 2, subject="kennzahl", expected="%")
    ]
    s.record([("fix", corrected("i", defined(unit="%"))), ("fix2", corrected("reading", measured(unit="%")))])
    assert s.on("2020-01-01", "kennzahl").attributes["unit"].value == "%"
    assert s.view("2020-01-01").conflicts == []
    assert why(s, withdrawn("fix")) == [contradiction("unit-differs", 3, 2, subject="kennzahl", expected="m²/a")]
    s.record([("off", withdrawn("fix2")), ("off2", withdrawn("fix"))])


def test_a_reading_is_not_corrected_into_another_unit():
    s = story(i=defined(), reading=measured())
    assert why(s, corrected("reading", measured(unit="%"))) == [
        contradiction("unit-differs", 3, 2, subject="kennzahl", expected="m²/a")
    ]
    s.given(fix=corrected("reading", measured("14")))


def test_a_withdrawn_reading_does_not_come_back_in_a_unit_that_is_no_longer_asked_for():
    s = story(i=defined(), reading=measured(), off=withdrawn("reading"), fix=corrected("i", defined(unit="%")))
    assert why(s, withdrawn("off")) == [contradiction("unit-differs", 3, 2, subject="kennzahl", expected="%")]


def test_a_profile_stays_while_there_are_readings_of_it():
    s = story(i=defined(), reading=measured())
    assert why(s, withdrawn("i")) == [contradiction("unknown", 3, subject="kennzahl")]


def test_another_account_of_a_reading_may_be_in_another_unit():
    s = story(i=defined(), reading=measured())
    step = {
        "type": "claim-disputed",
        "claim": "reading",
        "account": measured("3", "t"),
        "topic": "Wert",
        "how": "contradicts",
    }
    s.given(other=told(step, "2020"))
    assert s.view("2021-01-01").conflicts == []


def test_the_public_never_sees_a_reading_in_another_unit_than_its_profile_asks_for():
    s = story(i=defined(), reading=measured(), now=published("opened", "i", "reading"))
    s.record([("fix", corrected("i", defined(unit="%"))), ("fix2", corrected("reading", measured(unit="%")))])
    (found,) = why(s, published("fix"))
    assert found == (
        "public-contradiction", "", {"codes": ["unit-differs"], "entries": [s.number("fix2")]}
    )  # fmt: skip
    s.given(both=published("fix", "fix2"))
    assert needed(s.log, [s.number("reading")], s.at) == []


@pytest.mark.parametrize("value", ["1,5", "1e3", "+3", ".5", "5.", "ca. 3", "", "1" * 16, "0." + "1" * 10, "NaN", "٣"])
def test_what_is_no_decimal_number_is_no_value(value):
    ((code, place, _),) = why(story(i=defined()), measured(value))
    assert (code, place) == ("field-pattern", "/step/value")


@pytest.mark.parametrize("value", [3, 1.5, None, True])
def test_a_value_is_written_out_as_a_decimal_string(value):
    ((code, place, _),) = why(story(i=defined()), measured(value))
    assert (code, place) == ("field-text", "/step/value")


@given(st.decimals(-(10**15) + 1, 10**15 - 1, places=9, allow_nan=False))
def test_a_decimal_with_up_to_nine_places_is_kept_digit_by_digit(value):
    text = format(value, "f")
    assert TypeAdapter(Decimal).validate_python(text) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_float_slips_in(value):
    with pytest.raises(ValidationError):
        TypeAdapter(Decimal).validate_python(value)
