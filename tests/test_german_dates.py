"""Dates as they are typed in a German office, and back into the words they are shown in."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.german_dates import from_words, worded
from domain.when import When, in_words
from domain.words import REFUSALS, say
from tests.dates import EDTF

UNDERSTOOD = """
14.3.2018                                2018-03-14
14.03.2018                               2018-03-14
14. 3. 2018                              2018-03-14
14. März 2018                            2018-03-14
14.März 2018                             2018-03-14
14 März 2018                             2018-03-14
am 14. März 2018                         2018-03-14
den 14. Mrz. 2018                        2018-03-14
Mittwoch, 14. März 2018                  2018-03-14
Mi., 14.3.2018                           2018-03-14
2018-03-14                               2018-03-14
14 March 2018                            2018-03-14
März 2018                                2018-03
im MÄRZ 2018                             2018-03
Maerz 2018                               2018-03
Jänner 2018                              2018-01
Sept. 2018                               2018-09
3/2018                                   2018-03
03.2018                                  2018-03
2018                                     2018
im Jahr 2018                             2018
im Laufe des Jahres 2018                 2018
Frühjahr 2018                            2018-21
im Frühling 2018                         2018-21
Sommer 2018                              2018-22
Herbst des Jahres 2018                   2018-23
Winter 2018                              2018-24
Winter 2018/19                           2018-24
Winter 2018/2019                         2018-24
Winter 1999/2000                         1999-24
ca. April 2018                           2018-04~
ca.April 2018                            2018-04~
circa Frühjahr 2018                      2018-21~
etwa 2018                                2018~
ungefähr im April 2018                   2018-04~
um 2018                                  2018~
um den 14. März 2018                     2018-03-14~
vermutlich 2018                          2018?
wahrscheinlich im März 2018              2018-03?
März 2018 (?)                            2018-03?
vermutlich ca. 2018                      2018%
zwischen März und Mai 2018               [2018-03..2018-05]
zwischen dem 1. und dem 10. März 2018    [2018-03-01..2018-03-10]
zwischen Dezember 2017 und Mai 2018      [2017-12..2018-05]
zwischen Anfang und Mitte März 2018      [2018-03-01..2018-03-20]
zwischen Frühjahr und Herbst 2018        [2018-21..2018-23]
zwischen 2017 und 2018                   [2017..2018]
März bis Mai 2018                        2018-03/2018-05
von Oktober 2016 bis September 2019      2016-10/2019-09
Oktober 2016 – September 2019            2016-10/2019-09
Oktober 2016-September 2019              2016-10/2019-09
vom 14. bis zum 16. März 2018            2018-03-14/2018-03-16
14.–16. März 2018                        2018-03-14/2018-03-16
5.-16.3.2018                             2018-03-05/2018-03-16
14.3. bis 16.5.2018                      2018-03-14/2018-05-16
14.3.2018-16.3.2018                      2018-03-14/2018-03-16
2018-03 bis 2018-05                      2018-03/2018-05
2017–2018                                2017/2018
2017-2018                                2017/2018
Herbst bis Winter 2018/19                2018-23/2018-24
Anfang 2017 bis Ende 2018                2017/2018
KW 12 bis KW 14/2019                     2019-03/2019-04
12. bis 14. KW 2019                      2019-03/2019-04
ca. März bis Mai 2018                    2018-03~/2018-05~
von ca. März bis Mai 2018                2018-03~/2018-05
März 2018 bis ca. Mai 2018               2018-03/2018-05~
seit Oktober 2019                        2019-10/..
seit Mitte 2018                          2018/..
2017 bis heute                           2017/..
bis September 2019                       ../2019-09
vor 2018                                 [..2018]
spätestens März 2018                     [..2018-03]
spätestens Ende März 2018                [..2018-03-31]
nach dem 14.3.2018                       [2018-03-14..]
ab Oktober 2019                          [2019-10..]
ab Mitte März 2018                       [2018-03-11..]
frühestens 2019                          [2019..]
KW 12 2019                               [2019-03-18..2019-03-24]
KW 12/2019                               [2019-03-18..2019-03-24]
12. KW 2019                              [2019-03-18..2019-03-24]
in der 12. Kalenderwoche 2019            [2019-03-18..2019-03-24]
KW 1 2019                                [2018-12-31..2019-01-06]
KW 53 2020                               [2020-12-28..2021-01-03]
Anfang März 2018                         [2018-03-01..2018-03-10]
Mitte März 2018                          [2018-03-11..2018-03-20]
Ende März 2018                           [2018-03-21..2018-03-31]
Ende Februar 2020                        [2020-02-21..2020-02-29]
Anfang 2018                              [2018-01..2018-04]
Mitte 2018                               [2018-05..2018-08]
Ende des Jahres 2018                     [2018-09..2018-12]
1. Halbjahr 2018                         [2018-01..2018-06]
im zweiten Halbjahr 2018                 [2018-07..2018-12]
1. Quartal 2018                          [2018-01..2018-03]
Q4/2018                                  [2018-10..2018-12]
ca. Anfang März 2018                     2018-03~
vermutlich im 1. Quartal 2018            2018?
2018-04~                                 2018-04~
[2018-03..2018-05]                       [2018-03..2018-05]
2016-10/2019-09                          2016-10/2019-09
"""


def rows(table: str) -> list[tuple[str, str]]:
    return [(line[:40].strip(), line[40:].strip()) for line in table.strip().splitlines()]


@pytest.mark.parametrize(("typed", "edtf"), rows(UNDERSTOOD))
def test_what_an_office_types_is_understood_and_its_words_are_kept(typed, edtf):
    when = from_words(f"  {typed}\n")
    assert when == When(edtf=edtf, wording=None if typed == edtf else typed)


@pytest.mark.parametrize("typed", ["unbekannt", "Datum unbekannt", "nicht bekannt", "Zeitpunkt nicht bekannt"])
def test_an_unknown_time_is_understood(typed):
    assert from_words(typed) == When(basis="unknown", wording=typed)


def test_what_was_worked_out_is_understood_as_that():
    assert from_words("im März 2018 (erschlossen)").basis == "derived"


def test_letters_put_together_from_two_signs_and_hard_spaces_are_read_too():
    assert from_words("14.\u00a0Ma\u0308rz\u00a02018").edtf == "2018-03-14"


# ---- asked back ---------------------------------------------------------------------------------------------------


def refusal(typed: str) -> tuple[str, dict[str, str]]:
    with pytest.raises(Refused) as refused:
        from_words(typed)
    (found,) = refused.value.refusals
    for language in ("de", "en"):
        assert typed[:80] in say(REFUSALS[found.code], language, found.params)
    return found.code, dict(found.params)


@pytest.mark.parametrize(
    ("typed", "within", "lasting"),
    [
        ("2017/2018", "[2017..2018]", "2017/2018"),
        ("2017/18", "[2017..2018]", "2017/2018"),
        ("März/April 2018", "[2018-03..2018-04]", "2018-03/2018-04"),
        ("März / April 2018", "[2018-03..2018-04]", "2018-03/2018-04"),
        ("Herbst/Winter 2018/19", "[2018-23..2018-24]", "2018-23/2018-24"),
        ("14./15. März 2018", "[2018-03-14..2018-03-15]", "2018-03-14/2018-03-15"),
        ("Winter 2018/2020", "[2018-24..2020]", "2018-24/2020"),
        ("1./2. Quartal 2018", "[2018-01..2018-06]", "2018/2018"),
    ],
)
def test_two_dates_with_a_slash_are_asked_back_with_both_readings(typed, within, lasting):
    code, params = refusal(typed)
    assert code == "date-ambiguous"
    assert (params["within"], params["lasting"]) == (within, lasting)
    assert from_words(params["within_words"]).edtf == within
    assert from_words(params["lasting_words"]).edtf == lasting


# ---- refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "30. Februar 2018",
        "30.2.2018",
        "29.2.2019",
        "14.13.2018",
        "2018-02-30",
        "KW 53 2019",
        "KW 0 2019",
        "Winter 9999",
    ],
)
def test_a_day_that_is_in_no_calendar_is_refused(typed):
    assert refusal(typed)[0] == "date-no-such-day"


@pytest.mark.parametrize("typed", ["Montag, 14. März 2018", "Do. 14.3.2018"])
def test_a_weekday_that_does_not_fit_the_day_is_refused_with_the_right_one(typed):
    code, params = refusal(typed)
    assert (code, params["weekday"]) == ("date-weekday", "Mittwoch")


@pytest.mark.parametrize(
    "typed", ["Mai 2018 bis März 2018", "zwischen 2019 und 2018", "2018/2017", "Mai bis März 2018"]
)
def test_an_end_before_the_beginning_is_refused(typed):
    assert refusal(typed)[0] == "date-reversed"


NOT_UNDERSTOOD = (
    "", "irgendwann", "März", "14. März", "14.3.18", "03/14/2018", "14/03/2018", "3/14", "13/2018", "21.2018", "0999",
    "2017-18", "Sommerferien 2018", "Schuljahr 2017/18", "heute", "14. Winter 2018", "Ende Winter 2018", "her 2018",
    "5. Quartal 2018", "3. Halbjahr 2018", "ca.", "vor ca. 2018", "zwischen ca. März und Mai 2018",
    "vermutlich KW 1 2019", "2016/2017/2018", "3. 2018", "3.-5.2018", "KW 10-12/2019", "KW 2019", "von 2018",
    "zwischen 2018", "bis", "[..]", "/", "x" * 30_000, "Foo, 14. März 2018", "14. März 2018, 18 Uhr", "2018 2019",
    "2018-03-14-2018-03-16-2018", "Winter 2018/20", "ca. 3. Halbjahr 2018", "Anfang " * 3_000 + "2018",
)  # fmt: skip


@pytest.mark.parametrize("typed", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_refused_and_never_guessed(typed):
    assert refusal(typed)[0] == "date-not-understood"


PIECES = (
    "14.", "3.", "14.3.2018", "2018", "2019", "2018/19", "2017/2018", "2018-03", "März", "Mai", "Winter", "Frühjahr",
    "KW", "12", "1.", "Quartal", "Halbjahr", "Anfang", "Mitte", "Ende", "ca.", "um", "vermutlich", "(?)", "zwischen",
    "und", "von", "vom", "bis", "zum", "seit", "ab", "nach", "vor", "spätestens", "am", "im", "–", "-", "/", ",", ".",
    "heute", "Mittwoch,", "an,", "Beginn", "nicht bekannt", "unbekannt", "(erschlossen)",
)  # fmt: skip


@settings(max_examples=1_000)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join)))
@example("2018\x00")
def test_whatever_is_typed_is_understood_or_refused_in_words(typed):
    try:
        when = from_words(typed)
    except Refused as refused:
        (found,) = refused.refusals
        assert say(REFUSALS[found.code], "de", found.params)
        assert say(REFUSALS[found.code], "en", found.params)
    else:
        assert from_words(in_words(when, "de")).edtf == when.edtf


# ---- there and back -----------------------------------------------------------------------------------------------


@settings(max_examples=1_000)
@given(EDTF, st.sampled_from(("stated", "derived")))
def test_the_words_shown_mean_the_date_they_were_made_from(edtf, basis):
    shown = in_words(When(edtf=edtf, basis=basis), "de")
    understood = from_words(shown)
    assert (understood.edtf, understood.basis) == (edtf, basis)


def test_the_words_for_an_unknown_time_mean_an_unknown_time():
    assert from_words(in_words(When(basis="unknown"), "de")).basis == "unknown"


@pytest.mark.parametrize(
    ("edtf", "wording", "told"),
    [
        ("2025-21", "im Frühjahr 2025", None),
        ("2025-03-12", "12.3.2025", None),
        (None, "nicht bekannt", None),
        ("2025", None, None),
        ("2025-06", "Mai 2025", "Mai 2025"),
        ("2025-05", "nicht bekannt", "nicht bekannt"),
        (None, "im ersten Jahr", "im ersten Jahr"),
        ("[..2016-10]", "zum Zeitpunkt der Antragstellung", "zum Zeitpunkt der Antragstellung"),
    ],
)
def test_the_words_of_a_date_are_told_where_they_say_more_than_the_date(edtf, wording, told):
    assert worded(edtf, wording) == told
