"""How something came to its end is said in one place, whoever asks."""

import re

from adapters.endings import ENDS
from adapters.phrases import PHRASES
from domain.publication import STEPS
from tests import command_line
from tests.command_line import plain
from tests.faces import BOTTROP
from tests.faces import bottrop as bottrop_house

home, werdegang, bottrop = command_line.home, command_line.werdegang, command_line.bottrop


def test_the_command_line_and_the_pages_say_an_end_in_the_same_words(bottrop, tmp_path):
    departed = plain(bottrop("show", BOTTROP, "--happened-by", "2019-12-31").out.partition("Nicht mehr da")[2])
    house = bottrop_house(tmp_path / "house")
    page = plain(re.sub(r"<[^>]*>", " ", house.get(f"/prozesse/{BOTTROP}/struktur?happened_by=2019-12-31").text))
    house.close()
    ends = set(re.findall(r"· ([a-zü][\w ]+) · Ende:", departed))
    assert len(ends) >= 3
    assert [end for end in ends if end not in page] == []


def test_there_is_one_table_of_ends_and_it_names_steps_that_end_something():
    assert not [code for code in PHRASES if code.startswith("end:")]
    assert {key.rpartition(":")[2] for key in ENDS} <= STEPS.keys()
