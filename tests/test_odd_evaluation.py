"""Odd days, numbers and repeated parameters at every address of the evaluation: nothing of it is too odd for an answer.

Not one at each address, as in tests/test_odd_input.py, but each with each: what an address supposes is reckoned with.
"""

from itertools import product
from urllib.parse import quote, urlencode

import pytest

from tests.faces import BOTTROP
from tests.test_pages import Document

PAGE = f"/auswertung/{BOTTROP}"
API = f"/api/v1/processes/{BOTTROP}"
DAYS = (
    "0001-01-01",
    "0001-12-31",
    "0999-12-31",
    "1000-01-01",
    "9999-12-31",
    "0000-00-00",
    "10000-01-01",
    "-9999",
    "0001",
    "9999",
    "1.1.0001",
    "[..9999]",
    "9999-24",
    "\x00",
    "\ud83d",
)
NUMBERS = ("0", "1", "01", "-1", "47", "220", "221", "9" * 15, "9" * 400, "1e9", "٣", "\x00", "\ud83d", "47,47", "[]")
TIMES = ("happened_by", "known_by", "published_by")
WORDS = (
    "",
    "\x00",
    "\ud83d",
    "wirtschaftsallianz",
    "szenario-4",
    "process",
    "thematisch",
    "wz-2008:C=x,G=1",
    "a" * 999,
)

SUPPOSED = [
    *({"if": "date", "entry": entry, "on": day} for entry, day in product(("47", "1", "26"), DAYS)),
    *({"if": kind, "subject": s, "on": day} for kind, s, day in product(("ended", "chosen"), WORDS[3:5], DAYS)),
    *({"if": "moved", "subject": "wirtschaftsallianz", "to": to, "on": "0001-01-01"} for to in WORDS),
    *({"if": "outcome", "entry": number} for number in NUMBERS),
    *({"if": "date", "entry": number, "on": "2018-01-01"} for number in NUMBERS),
    *({"without": number} for number in (*NUMBERS, "1", ",".join(map(str, range(1, 51))), "26, 47;;")),
    *({"q": word} for word in WORDS),
    *({"if": word, "subject": word, "entry": word, "to": word, "on": "2018"} for word in WORDS),
    *({"without": "47", "happened_by": day, "if": "date", "entry": "1", "on": "1999"} for day in DAYS),
]
WAYS = [
    *({"day": day, "order": order} for day, order in product(DAYS, ("happened", "known", "public"))),
    *({"entry": n, "per": per} for n, per in product(NUMBERS, ("day", "entry"))),
    *({"stop": n, "per": per} for n, per in product(NUMBERS, ("day", "entry"))),
    *({time: day, "stop": "1"} for time, day in product(TIMES, DAYS)),
]
VIEWS = [
    *({time: day} for time, day in product(TIMES, DAYS)),
    *({"version": number} for number in NUMBERS),
]
COMPARED = [
    *(
        {f"{side}{suffix}": day}
        for side, suffix, day in product(("from", "to"), ("", "_known_by", "_published_by"), DAYS)
    ),
    *({name: word} for name, word in product(("phase", "with_phase", "with", "with_version"), (*WORDS, *NUMBERS))),
]
ASKED = {
    f"{PAGE}/was-waere-wenn": SUPPOSED,
    f"{PAGE}/was-waere-wenn.json": SUPPOSED,
    f"{PAGE}/was-waere-wenn.svg": SUPPOSED[::3],
    f"{PAGE}/was-waere-wenn.png": SUPPOSED[::40],
    PAGE: WAYS,
    f"{PAGE}/vergleich": [*COMPARED, *VIEWS],
    f"/prozesse/{BOTTROP}/vergleich": COMPARED,
    f"{PAGE}/zahlen": [*VIEWS, *({"reference": word} for word in WORDS)],
    f"{PAGE}/zahlen/response.curve.svg": VIEWS,
    f"{PAGE}/zahlen/\x00.svg": VIEWS[:1],
    f"{PAGE}/zitat.bib": [{"seite": f"{PAGE}/zahlen?{urlencode(v, errors='surrogatepass')}"} for v in VIEWS],
    f"{PAGE}/zitat.json": [{"seite": f"{PAGE}?{urlencode(v, errors='surrogatepass')}"} for v in WAYS],
    f"{PAGE}/daten": VIEWS,
    f"{PAGE}/daten/gexf-structure": VIEWS,
    f"{PAGE}/daten/ocel-json": VIEWS[::2],
    f"{API}/exports/entries": VIEWS[::2],
    f"{API}/exports/statements": VIEWS,
    f"{API}/exports/csv": VIEWS[:: len(DAYS) // 2],
    f"{API}/analytics": [*VIEWS, *({"reference": word} for word in WORDS)],
    f"{API}/diff": COMPARED,
}


@pytest.mark.parametrize("path", ASKED, ids=[path.replace("\x00", "NUL") for path in ASKED])
def test_nothing_is_too_odd_for_an_answer(town, path):
    wrong = []
    for number, query in enumerate(ASKED[path]):
        for times in (1, 2) if number % 10 == 0 else (1,):  # the same parameter twice
            given = urlencode(list(query.items()) * times, errors="surrogatepass")
            status = town.get(f"{quote(path)}?{given}").status_code
            if status not in {200, 303, 400, 401, 404, 422}:
                wrong.append((query, times, status))
    assert wrong == []


@pytest.mark.parametrize(
    ("day", "status"), [("0001-01-01", 422), ("0999-12-31", 422), ("1000-01-01", 200), ("9999-12-31", 200)]
)
def test_what_is_supposed_happens_on_a_day_that_could_be_recorded(town, day, status):
    query = urlencode({"if": "date", "entry": "47", "on": day})
    page = town.get(f"{PAGE}/was-waere-wenn?{query}")
    assert (page.status_code, "#date-on" in Document(page.text).links) == (status, status == 422)
    for ending in ("json", "svg", "png"):
        assert town.get(f"{PAGE}/was-waere-wenn.{ending}?{query}").status_code == status


def test_the_last_day_of_all_calendars_has_a_number_of_months(town):
    page = Document(town.get(f"{PAGE}/vergleich?happened_by=9999-12-31").text)
    assert "Dauer in Monaten" in page.words
