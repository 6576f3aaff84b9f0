"""Dates as days: SEMANTICS §1 and the first table of §12, against the `edtf` library where both mean the same."""

import re
from datetime import date

import pytest
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.errors import Refused
from domain.when import FAR, OPEN, Reading, Span, When, day, in_words, stated
from domain.words import REFUSALS, say
from tests.dates import DAYS, EDTF, LASTING, MOMENTS, PAIRS, SIGNS, SINGLE, WITHIN, exists

RECORDED = date(2026, 11, 22).toordinal()


def span(first: str, last: str, *, firm: bool = True) -> Span:
    """Days as in the tables of SEMANTICS §12: "" is open."""
    return Span(date.fromisoformat(first).toordinal() if first else OPEN, date.fromisoformat(last).toordinal(), firm)


def read(edtf: str) -> Reading:
    return When(edtf=edtf).read(RECORDED)


# ---- the first table of SEMANTICS §12 -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        ("2018-21", "2018-03-01", "2018-05-31"),
        ("2018-22", "2018-06-01", "2018-08-31"),
        ("2018-23", "2018-09-01", "2018-11-30"),
        ("2018-24", "2018-12-01", "2019-02-28"),
        ("2019-24", "2019-12-01", "2020-02-29"),
        ("[2019-10..]", "2019-10-01", "2026-11-22"),
        ("[..2018]", "", "2018-12-31"),
        ("[..2030]", "", "2026-11-22"),
        ("2026-11", "2026-11-01", "2026-11-22"),
        ("2026", "2026-01-01", "2026-11-22"),
        ("2018", "2018-01-01", "2018-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2018-12", "2018-12-01", "2018-12-31"),
        ("2018-03-14", "2018-03-14", "2018-03-14"),
        ("[2018-03..2018-05]", "2018-03-01", "2018-05-31"),
        ("[2018-06..2018]", "2018-06-01", "2018-12-31"),
        ("[2018-21..2018-24]", "2018-03-01", "2019-02-28"),
    ],
)
def test_a_date_is_one_moment_in_its_days_and_never_later_than_the_day_it_was_stated(edtf, first, last):
    assert read(edtf) == Reading(span(first, last))


def test_what_is_not_known_happened_by_the_day_of_recording():
    unknown = When(basis="unknown")
    assert unknown.read(RECORDED) == Reading(span("", "2026-11-22"))
    assert unknown.read(RECORDED).begin.refusing(RECORDED) == (OPEN, RECORDED)
    assert not unknown.in_future(RECORDED)


def test_an_approximate_date_reads_as_it_stands_and_refuses_nothing_before_the_day_of_recording():
    about = read("2018-04~").begin
    assert about == span("2018-04-01", "2018-04-30", firm=False)
    assert about.refusing(RECORDED) == (OPEN, RECORDED)
    assert read("2018-04").begin.refusing(RECORDED) == (about.first, about.last)


def test_a_lasting_date_begins_in_its_first_days_and_ends_in_its_last():
    began, ended = span("2016-10-01", "2016-10-31"), span("2019-09-01", "2019-09-30")
    assert read("2016-10/2019-09") == Reading(began, end=ended, lasting=True)


def test_an_end_that_was_not_over_when_stated_is_a_plan():
    planned = span("2029-09-01", "2029-09-30")
    assert read("2026-10/2029-09") == Reading(span("2026-10-01", "2026-10-31"), planned_end=planned, lasting=True)
    assert read("2018/2026-11-22").end == span("2026-11-22", "2026-11-22")
    assert read("2018/2026-11-23").end is None


@pytest.mark.parametrize("ending", ["..", ""])
def test_an_open_or_unknown_end_ends_nothing(ending):
    assert read(f"2019-10/{ending}") == Reading(span("2019-10-01", "2019-10-31"), lasting=True)


@pytest.mark.parametrize("beginning", ["..", ""])
def test_an_open_or_unknown_beginning_was_before_the_end(beginning):
    begun, ended = span("", "2019-09-30"), span("2019-09-01", "2019-09-30")
    assert read(f"{beginning}/2019-09") == Reading(begun, end=ended, lasting=True)
    assert read(f"{beginning}/2030").begin == span("", "2026-11-22")


def test_what_began_before_it_ended_leaves_neither_side_longer_than_the_other_allows():
    assert read("2018/2018-06") == Reading(
        span("2018-01-01", "2018-06-30"), span("2018-06-01", "2018-06-30"), None, True
    )
    assert read("2018-06/2018") == Reading(
        span("2018-06-01", "2018-06-30"), span("2018-06-01", "2018-12-31"), None, True
    )


def test_a_bound_taken_from_an_approximate_side_is_approximate_too():
    assert read("2018/2018-06~").begin.refusing(RECORDED) == (OPEN, RECORDED)
    assert read("../2018-06?").begin.refusing(RECORDED) == (OPEN, RECORDED)
    assert read("2018-06~/2018").end == span("2018-06-01", "2018-12-31", firm=False)
    assert read("2018/2019~").begin.firm
    assert read("2018~/2019").end == span("2019-01-01", "2019-12-31")


# ---- relations of the second table --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "a_can_follow_b", "b_can_follow_a"),
    [
        ("2017", "2018-03", False, True),
        ("2018", "2018-06-15", True, True),
        ("2018-06-15", "2018-06-15", False, False),
        ("[..2018]", None, True, True),
        ("[2019-10..]", "2018", True, False),
        ("2018-04~", "2018-03-28", True, False),
    ],
)
def test_which_of_two_dates_can_be_the_later_one(a, b, a_can_follow_b, b_can_follow_a):
    one, other = (When(edtf=x, basis="stated" if x else "unknown").read(RECORDED).begin for x in (a, b))
    assert (one.last > other.first) is a_can_follow_b
    assert (other.last > one.first) is b_can_follow_a


def test_for_refusing_an_approximate_date_leaves_the_order_open():
    about, exact = (read(edtf).begin.refusing(RECORDED) for edtf in ("2018-04~", "2018-03-28"))
    assert about[0] < exact[1]
    assert exact[0] < about[1]


# ---- the future ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edtf", ["2027", "2026-12", "2026-11-23", "2026-24", "[2027..]", "2027/2028", "2027/..", "2027~"]
)
def test_what_can_not_have_begun_yet_is_in_the_future_and_can_still_be_replayed(edtf):
    future = When(edtf=edtf)
    assert future.in_future(RECORDED)
    assert future.read(RECORDED).begin == stated(edtf).begin


@pytest.mark.parametrize("edtf", ["2026", "2026-11-22", "[2026..2028]", "[..2028]", "2026/2028", "../2028", "/2028"])
def test_what_can_have_begun_by_today_is_not_in_the_future(edtf):
    assert not When(edtf=edtf).in_future(RECORDED)


# ---- properties ---------------------------------------------------------------------------------------------------


@given(EDTF, DAYS)
def test_bounds_are_never_reversed_and_what_happened_happened_by_the_day_it_was_stated(edtf, stated_on):
    when = When(edtf=edtf)
    reading = when.read(stated_on)
    assert reading.begin.first <= reading.begin.last
    assert when.in_future(stated_on) or reading.begin.last <= stated_on
    for later in filter(None, (reading.end, reading.planned_end)):
        assert reading.begin.first <= later.first <= later.last
        assert reading.begin.last <= later.last
    assert reading.end is None or reading.end.last <= stated_on
    assert reading.planned_end is None or reading.planned_end.last > stated_on


@given(EDTF, DAYS, DAYS)
def test_a_date_stated_later_never_leaves_less_open(edtf, one_day, other_day):
    earlier, later = (When(edtf=edtf).read(on).begin for on in sorted((one_day, other_day)))
    assume(earlier.first <= min(one_day, other_day))
    assert (earlier.first, earlier.firm) == (later.first, later.firm)
    assert earlier.last <= later.last


@given(PAIRS, DAYS)
def test_from_to_and_one_moment_within_are_never_exchanged(pair, stated_on):
    first, last = pair
    assume(stated(first).begin.first <= stated(last).begin.last)
    within, lasting = When(edtf=f"[{first}..{last}]").read(stated_on), When(edtf=f"{first}/{last}").read(stated_on)
    assert lasting.lasting
    assert not within.lasting
    assert within.end is within.planned_end is None
    assert (lasting.end is None) != (lasting.planned_end is None)
    assert stated(f"[{first}..{last}]").begin == Span(stated(first).begin.first, stated(last).begin.last)
    assert stated(f"{first}/{last}").begin.last <= stated(first).begin.last


@given(SINGLE, st.sampled_from("~?%"), DAYS)
def test_a_qualifier_never_widens(edtf, sign, stated_on):
    plain, qualified = (When(edtf=text).read(stated_on) for text in (edtf, edtf + sign))
    assert (qualified.begin.first, qualified.begin.last) == (plain.begin.first, plain.begin.last)
    assert qualified.begin.refusing(stated_on) == (OPEN, stated_on)
    assert plain.begin.refusing(stated_on) == (plain.begin.first, plain.begin.last)


@given(PAIRS, SIGNS, SIGNS, DAYS)
def test_a_qualifier_of_either_side_never_widens(pair, first_sign, last_sign, stated_on):
    first, last = pair
    assume(stated(first).begin.first <= stated(last).begin.last)
    plain = When(edtf=f"{first}/{last}").read(stated_on)
    qualified = When(edtf=f"{first}{first_sign}/{last}{last_sign}").read(stated_on)
    for side in "begin", "end", "planned_end":
        a, b = getattr(plain, side), getattr(qualified, side)
        assert (a and (a.first, a.last)) == (b and (b.first, b.last))
    assert not (first_sign and qualified.begin.firm)


# ---- the library as a second opinion ------------------------------------------------------------------------------


def library(edtf: str) -> tuple[int, int]:
    """Its strict bounds as ours; its own `fuzzy` ones widen, which 1.5 forbids."""
    parsed = parse_edtf(edtf)
    lower, upper = parsed.lower_strict(), parsed.upper_strict()
    return (
        OPEN if lower == float("-inf") else date(*lower[:3]).toordinal(),
        FAR if upper == float("inf") else date(*upper[:3]).toordinal(),
    )


def ours(edtf: str) -> tuple[int, int]:
    reading = stated(edtf)
    return reading.begin.first, FAR if edtf.endswith("/..") else (reading.end or reading.begin).last


def read_alike(edtf: str) -> bool:
    """Whether both are meant to agree; `test_where_the_edtf_library_reads_otherwise` lists the rest."""
    dates = re.split(r"/|\.\.", edtf.strip("[]"))
    winter = any(date[4:7] == "-24" for date in dates)
    qualified_season = any(date[4:6] == "-2" and date[-1] in "~?%" for date in dates)
    odd_set = edtf[0] == "[" and (any(date[4:6] == "-2" for date in dates) or len({*map(len, dates)} - {0}) > 1)
    return not (winter or qualified_season or odd_set or edtf[0] == "/" or edtf[-1] == "/")


@settings(max_examples=150)
@given(st.one_of(MOMENTS, WITHIN, LASTING).filter(read_alike))
def test_the_edtf_library_reads_the_same_first_and_last_day(edtf):
    assert ours(edtf) == library(edtf)


def test_where_the_edtf_library_reads_otherwise():
    assert library("2018-24") == (date(2018, 12, 1).toordinal(), date(2018, 12, 31).toordinal())  # half a winter
    assert library("2018/")[1] == date(2028, 1, 1).toordinal()  # ten years instead of an unknown end
    assert library("/2018")[0] == date(2008, 12, 31).toordinal()
    assert library("2018/2017") == (date(2018, 1, 1).toordinal(), date(2017, 12, 31).toordinal())  # reversed
    for edtf in "2018-21~", "[2018-21..2018-23]", "[2018..2018-05]":
        with pytest.raises(EDTFParseException):
            parse_edtf(edtf)
        stated(edtf)


# ---- refusals -----------------------------------------------------------------------------------------------------


def code_of(error: ValidationError) -> str:
    (found,) = error.errors()
    assert say(REFUSALS[found["type"]], "de", found["ctx"])
    assert say(REFUSALS[found["type"]], "en", found["ctx"])
    return found["type"]


NOT_UNDERSTOOD = (
    "", "0999", "18", "2018-3", "2018-13", "2018-25", "2018-33", "2018-3-14", "20180314", "201X", "2018-XX", "Y2018",
    "-2018", "2018~~", "~2018", "2018-03-14T10:00", "[2018]", "[2018..2019", "2018..2019", "[2018,2019]",
    "{2018..2019}", "[2018~..2019]", "[..]", "/", "../..", "../", "/..", "2018/2019/2020", "2018 ", "2018\n",
    "２０１８", "März 2018",
)  # fmt: skip


@pytest.mark.parametrize("edtf", NOT_UNDERSTOOD)
def test_a_text_outside_the_supported_dates_is_refused(edtf):
    with pytest.raises(ValidationError) as refusal:
        When(edtf=edtf)
    assert code_of(refusal.value) == "date-not-understood"


@pytest.mark.parametrize("edtf", ["2018-02-30", "2019-02-29", "2018-03-00", "2018-03-32", "2018/2018-04-31", "9999-24"])
def test_a_day_that_is_in_no_calendar_is_refused(edtf):
    with pytest.raises(ValidationError) as refusal:
        When(edtf=edtf)
    assert code_of(refusal.value) == "date-no-such-day"


@pytest.mark.parametrize("edtf", ["2019/2018", "[2019..2018]", "2018-05/2018-04", "2019~/2018~", "[2018-24..2018-11]"])
def test_an_end_before_the_beginning_is_refused(edtf):
    with pytest.raises(ValidationError) as refusal:
        When(edtf=edtf)
    assert code_of(refusal.value) == "date-reversed"


@pytest.mark.parametrize(
    "stated_as", [{}, {"basis": "derived"}, {"edtf": "2018", "basis": "unknown"}, {"edtf": None, "basis": "stated"}]
)
def test_a_date_is_given_exactly_if_the_time_is_not_unknown(stated_as):
    with pytest.raises(ValidationError) as refusal:
        When(**stated_as)
    assert code_of(refusal.value) == "date-basis"


def test_a_day_is_written_in_one_way():
    assert day("2018-03-14") == date(2018, 3, 14)


@pytest.mark.parametrize("text", ["14.3.2018", "2018-02-30", "20180314", "2018-W11-3", "2018-03", "", "2018-03-14 "])
def test_anything_else_is_not_a_day(text):
    with pytest.raises(Refused) as refusal:
        day(text)
    (found,) = refusal.value.refusals
    assert found.code == "day-not-written"
    assert say(REFUSALS[found.code], "de", found.params)


# ---- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edtf", "german", "english"),
    [
        ("2018", "2018", "in 2018"),
        ("2018-03", "im März 2018", "in March 2018"),
        ("2018-03-04", "am 4. März 2018", "on 4 March 2018"),
        ("2018-21", "im Frühjahr 2018", "in spring 2018"),
        ("2018-24", "im Winter 2018/19", "in winter 2018/19"),
        ("1999-24", "im Winter 1999/2000", "in winter 1999/2000"),
        ("2018-04~", "ca. April 2018", "around April 2018"),
        ("2018?", "vermutlich 2018", "probably 2018"),
        ("2018-03-14%", "vermutlich ca. 14. März 2018", "probably around 14 March 2018"),
        ("[2018-03..2018-05]", "zwischen März und Mai 2018", "between March and May 2018"),
        ("[2018-03-01..2018-03-10]", "zwischen 1. und 10. März 2018", "between 1 and 10 March 2018"),
        ("[2018-21..2018-24]", "zwischen Frühjahr 2018 und Winter 2018/19", "between spring 2018 and winter 2018/19"),
        ("[2017..2018-05]", "zwischen 2017 und Mai 2018", "between 2017 and May 2018"),
        ("[2019-10..]", "ab Oktober 2019, Tag nicht bekannt", "from October 2019 on, day not known"),
        ("[..2019-10]", "spätestens Oktober 2019", "by October 2019"),
        ("2018-03/2018-05", "März bis Mai 2018", "March to May 2018"),
        ("2016-10/2019-09", "Oktober 2016 bis September 2019", "October 2016 to September 2019"),
        ("2018-03-14/2018-03-16", "14. bis 16. März 2018", "14 to 16 March 2018"),
        ("2018-03-14/2018-05-16", "14. März bis 16. Mai 2018", "14 March to 16 May 2018"),
        ("2018-03~/2018-05", "von ca. März 2018 bis Mai 2018", "from around March 2018 to May 2018"),
        ("2018-03/2018-05~", "März 2018 bis ca. Mai 2018", "March 2018 to around May 2018"),
        ("2018-03~/2018-05?", "ca. März 2018 bis vermutlich Mai 2018", "around March 2018 to probably May 2018"),
        ("2019-10/..", "seit Oktober 2019", "since October 2019"),
        ("2019-10/", "von Oktober 2019 an, Ende nicht bekannt", "from October 2019, end not known"),
        ("../2019-09", "bis September 2019", "until September 2019"),
        ("/2019-09", "bis September 2019, Beginn nicht bekannt", "until September 2019, beginning not known"),
    ],
)
def test_a_date_is_said_exactly_as_sure_as_it_is(edtf, german, english):
    assert in_words(edtf, "de") == in_words(When(edtf=edtf), "de") == german
    assert in_words(edtf, "en") == english


def test_what_is_not_known_and_what_was_worked_out_is_said_so():
    assert in_words(When(basis="unknown"), "de") == "Zeitpunkt nicht bekannt"
    assert in_words(When(basis="unknown"), "en") == "time not known"
    assert in_words(When(edtf="2018-03", basis="derived"), "de") == "im März 2018 (erschlossen)"
    assert in_words(When(edtf="2018-03", basis="derived"), "en") == "in March 2018 (derived)"


def every_form_of(*dates: str) -> list[str]:
    qualified = [date + sign for date in dates for sign in ("", "~", "?", "%")]
    within = [f"[{a}..{b}]" for a in ("", *dates) for b in ("", *dates)]
    lasting = [f"{a}/{b}" for a in ("", "..", *qualified) for b in ("", "..", *qualified)]
    return list(filter(exists, [*qualified, *within, *lasting]))


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_two_dates_are_said_in_the_same_words(language):
    said: dict[str, str] = {}
    for edtf in every_form_of("2018", "2018-03", "2018-05", "2018-03-14", "2018-03-16", "2018-21", "2018-24", "2019"):
        assert said.setdefault(in_words(edtf, language), edtf) == edtf
    assert len(said) > 900
