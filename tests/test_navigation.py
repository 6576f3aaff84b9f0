"""The way around a process: every page of it is in sight or one step behind "more pages"."""

from adapters.registers import REGISTERS
from adapters.web.navigation import FIRST, FURTHER, LABELS
from adapters.web.subjects import PAGES as SUBJECTS
from tests.faces import BOTTROP
from tests.test_pages import Document

PAGE = f"/prozesse/{BOTTROP}"


def test_every_page_has_its_place_and_only_one():
    placed = [*FIRST, *(path for _, paths in FURTHER for path in paths)]
    assert sorted(placed) == sorted(LABELS)
    assert {f"/{register.page}" for register in REGISTERS} | {f"/{page}" for page in SUBJECTS} <= {*placed}


def test_a_reader_is_told_where_they_are(town):
    html = town.get(f"{PAGE}/szenarien").text
    assert "Mehr Seiten: <strong>Szenarien</strong>" in html
    (here,) = [a["href"] for a in Document(html).all("a") if a.get("aria-current") == "page"]
    assert here == f"{PAGE}/szenarien"
    below = Document(town.get(f"{PAGE}/gremien/wirtschaftsallianz").text)
    assert [a["href"] for a in below.all("a") if a.get("aria-current") == "true"] == [f"{PAGE}/gremien"]


def test_the_pages_keep_the_day_that_is_asked_for(town):
    document = Document(town.get(f"{PAGE}/gremien?happened_by=2018-06-30").text)
    assert f"{PAGE}/zusagen?happened_by=2018-06-30" in document.links
