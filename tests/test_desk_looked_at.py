"""What is recorded at the desk is what was looked at: other words, or another effect, are shown again first."""

from dataclasses import replace

import pytest

from tests.faces import BOTTROP
from tests.story import corrected, told
from tests.test_desk import browser, house, inside, town  # noqa: F401
from tests.test_desk_recording import CHECK, HERE, NOTED, RECORD, SAID, recorded, typed
from tests.test_pages import Document

CHANGED = "Seit der Prüfung haben Sie etwas geändert"
MEANWHILE = "Seit Ihrer Prüfung wurde Nr."


def newest(house):  # noqa: F811
    return max(recorded(house).by_number)


def noted(inside, key):  # noqa: F811
    (number,) = inside.house.record({"key": key, **told({"type": "context-noted", "what": "Alt"}, "2017")})
    return number


def test_what_was_changed_after_the_check_is_shown_before_it_is_recorded(inside):  # noqa: F811
    tried = inside.post(NOTED, typed(inside.get(NOTED), CHECK, **SAID))
    before = newest(inside.house)
    again = inside.post(NOTED, typed(tried, RECORD, **{"/step/what": "Nie angesehen"}))
    assert CHANGED in Document(again.text).words
    assert newest(inside.house) == before
    done = inside.post(NOTED, typed(again, RECORD))
    assert done.status_code == 303
    assert recorded(inside.house).by_number[before + 1].statement.step.what == "Nie angesehen"


def test_a_correction_that_was_changed_after_the_check_is_shown_first(inside):  # noqa: F811
    address = f"{HERE}/eintrag/{noted(inside, 'misspelt')}/berichtigen"
    tried = inside.post(address, typed(inside.get(address), CHECK, **{"/step/what": "Neu", "reason": "Tippfehler"}))
    before = newest(inside.house)
    again = inside.post(address, typed(tried, RECORD, **{"/step/what": "Nie angesehen"}))
    assert CHANGED in Document(again.text).words
    assert newest(inside.house) == before
    assert inside.post(address, typed(again, RECORD)).status_code == 303
    assert recorded(inside.house).by_number[before + 1].statement.step.corrected.step.what == "Nie angesehen"


def test_a_list_that_was_changed_in_another_window_is_shown_first(inside):  # noqa: F811
    one = inside.post(NOTED, typed(inside.get(NOTED), CHECK, **SAID))
    form = {**typed(one, ("act", "more")), "more": ["context-noted"]}
    two = inside.get(inside.post(NOTED, form).headers["location"])
    second = typed(two, ("act", "list"), **{"/step/what": "Zweite", "/occurred/edtf": "2019"})
    address = inside.post(NOTED, second).headers["location"]
    tried = inside.post(address, typed(inside.get(address), CHECK))
    before, drafts = newest(inside.house), inside.house.installation.drafts
    kept = drafts.find(inside.house.clerk, address.rpartition("/")[2])
    part = kept.parts[1]
    elsewhere = replace(part, typed={**part.typed, "/step/what": ["In einem anderen Fenster"]})
    drafts.put(inside.house.clerk, BOTTROP, kept.id, elsewhere)
    again = inside.post(address, typed(tried, RECORD))
    assert CHANGED in Document(again.text).words
    assert newest(inside.house) == before


def test_a_withdrawal_of_what_a_colleague_corrected_meanwhile_is_shown_again(inside):  # noqa: F811
    number = noted(inside, "twice")
    address = f"{HERE}/eintrag/{number}/zuruecknehmen"
    tried = inside.post(address, typed(inside.get(address), CHECK, reason="Doppelt"))
    inside.house.record({**corrected("twice", told({"type": "context-noted", "what": "Ganz anders"}, "2017"))})
    again = inside.post(address, typed(tried, RECORD))
    assert MEANWHILE in Document(again.text).words
    assert number not in recorded(inside.house).withdrawn
    assert inside.post(address, typed(again, RECORD)).status_code == 303
    assert number in recorded(inside.house).withdrawn


@pytest.mark.parametrize(("moment", "n"), [("before the form is sent", 1), ("while it is recorded", 2)])
def test_what_has_another_effect_because_of_a_colleague_is_shown_again(inside, moment, n):  # noqa: F811
    """The body is moved to another level meanwhile, so that it no longer leaves the one that was shown."""
    office, service = inside.house, inside.house.installation.service
    level = {"type": "level-established", "level": f"hof-{n}", "name": "Hofebene"}
    group = {"type": "group-formed", "kind": "arbeitsgruppe", "body": f"ag-{n}", "name": "AG X", "level": f"hof-{n}"}
    office.record({"key": f"lv{n}", **told(level, "2017", grounds="x")})
    office.record({"key": f"ag{n}", **told(group, "2018", grounds="x")})
    address = f"{HERE}/erfassen/body-reattached"
    moves = {"/step/body": f"ag-{n}", "/step/level": "operativ", "/occurred/edtf": "2020", "/grounds": "y"}
    tried = inside.post(address, typed(inside.get(address), CHECK, **moves))
    assert "Hofebene" in Document(tried.text).words

    def colleague():
        away = {"type": "body-reattached", "body": f"ag-{n}", "level": "strategisch"}
        office.record({"key": f"away{n}", **told(away, "2019-06-01", grounds="z")})

    if moment == "while it is recorded":
        record = service.record

        def late(*args, **named):
            service.record = record
            colleague()
            return record(*args, **named)

        service.record = late
    else:
        colleague()
    again = inside.post(address, typed(tried, RECORD))
    assert MEANWHILE in Document(again.text).words
    assert recorded(office).by_number[newest(office)].statement.key == f"away{n}"
    assert inside.post(address, typed(again, RECORD)).status_code == 303


def test_what_a_colleague_recorded_elsewhere_keeps_nobody_from_recording(inside):  # noqa: F811
    tried = inside.post(NOTED, typed(inside.get(NOTED), CHECK, **SAID))
    noted(inside, "elsewhere")
    assert inside.post(NOTED, typed(tried, RECORD)).status_code == 303
