"""Erasing the texts of an entry on the command line."""

import json

from tests import command_line
from tests.command_line import written
from tests.faces import BOTTROP
from tests.story import told

home, werdegang = command_line.home, command_line.werdegang
bottrop, clerk = command_line.bottrop, command_line.clerk
SAID = "Quendolin Zwirnhelm wünscht einen Brunnen."


def test_the_command_line_shows_what_goes_and_erases_it_when_that_is_confirmed(werdegang, clerk):
    step = told({"type": "context-noted", "what": SAID}, "2018")
    file = written(json.dumps({"process": BOTTROP, "key": "genannt", **step}))
    assert werdegang("record", file, "--as", clerk).code == 0
    asked = ("erase", BOTTROP, "genannt", "--ground", "unlawful", "--approved-by", "court", "--as", clerk)
    refused = werdegang(*asked)
    assert (refused.code, SAID in refused.out, "[erase-unconfirmed]" in refused.err) == (1, True, True)
    done = werdegang(*asked, "--yes")
    assert (done.code, "Gelöscht mit Nr." in done.out) == (0, True)
    again = werdegang(*asked, "--yes")
    assert (again.code, "[already-erased]" in again.err) == (1, True)
    assert SAID not in werdegang("show", BOTTROP, "timeline", "--as", "public").out
    wrong = werdegang(*(word if word != "unlawful" else "laune" for word in asked), "--yes")
    assert wrong.code == 1
    assert werdegang("people", "erase", "texts", "00", "--reason", "request").code == 1
