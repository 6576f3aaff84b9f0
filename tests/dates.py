"""Dates to test with: every supported form of EDTF, generated."""

from datetime import date

from hypothesis import strategies as st

from domain.errors import Refused
from domain.when import stated

EARLIEST, LATEST = date(1000, 1, 1).toordinal(), date.max.toordinal()


def exists(edtf: str) -> bool:
    try:
        stated(edtf)
    except Refused:
        return False
    return True


def _near(year: int) -> st.SearchStrategy[str]:
    """Dates in or beside a year, so that two of them often share something."""
    years = st.integers(max(1000, year - 1), min(9998, year + 1)).map(str)
    months = st.builds("{}-{:02}".format, years, st.integers(1, 12))
    seasons = st.builds("{}-{}".format, years, st.integers(21, 24))
    days = st.dates(date(max(1000, year - 1), 1, 1), date(min(9998, year + 1), 12, 31)).map(date.isoformat)
    return st.one_of(years, months, seasons, days)


SIGNS = st.sampled_from(("", "", "~", "?", "%"))
PAIRS = st.integers(1000, 9998).flatmap(lambda year: st.tuples(_near(year), _near(year)))
SINGLE = PAIRS.map(lambda pair: pair[0])
MOMENTS = st.builds("{}{}".format, SINGLE, SIGNS)
WITHIN = st.one_of(
    PAIRS.map(lambda pair: f"[{pair[0]}..{pair[1]}]"), SINGLE.map("[{}..]".format), SINGLE.map("[..{}]".format)
).filter(exists)
LASTING = st.one_of(
    st.builds(lambda pair, a, b: f"{pair[0]}{a}/{pair[1]}{b}", PAIRS, SIGNS, SIGNS),
    st.builds("{}/{}".format, MOMENTS, st.sampled_from(("", ".."))),
    st.builds("{1}/{0}".format, MOMENTS, st.sampled_from(("", ".."))),
).filter(exists)
EDTF = st.one_of(MOMENTS, WITHIN, LASTING)
DAYS = st.integers(EARLIEST, LATEST)
