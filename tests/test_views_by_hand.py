"""Histories whose views were computed by hand: who is there on which day, and what is open."""

import pytest

from tests.office import (
    absorbed,
    actor,
    alliance,
    changed,
    ended,
    given,
    lab,
    level,
    merged,
    moved,
    role,
    role_ended,
    said,
    split_up,
    spun_off,
    tell,
)

SOMEWHERE_ELSE = {
    "type": "level-dropped",
    "level": "z",
    "destinations": [
        {"subject": "k", "to": "placed", "level": "y"},
        {"subject": "l", "to": "unrecorded"},
        {"subject": "m", "to": "dissolved"},
    ],
}

BY_HAND = {
    "a founding at an unknown time": (
        [alliance("a")],
        {
            "1900-01-01": ({"a": "perhaps there"}, [2]),
            "2026-11-21": ({"a": "perhaps there"}, [2]),
            "2026-11-22": ({"a": "there"}, []),
        },
    ),
    "an end within three years": (
        [alliance("a", "2015"), ended("a", "[2017..2019]")],
        {
            "2014-12-31": ({}, []),
            "2015-01-01": ({"a": "perhaps there"}, [2]),
            "2015-12-31": ({"a": "there"}, []),
            "2016-12-31": ({"a": "there"}, []),
            "2017-01-01": ({"a": "perhaps ended"}, [3]),
            "2019-12-30": ({"a": "perhaps ended"}, [3]),
            "2019-12-31": ({}, []),
        },
    ),
    "a lab whose parents end one after the other": (
        [
            alliance("w", "2010"),
            alliance("s", "2011", under="w"),
            lab("l", "2012", under="s"),
            ended("s", "2014-06-30", where={"l": "unrecorded"}),
            ended("w", "2016-01-01"),
        ],
        {
            "2012-06-30": ({"w": "there", "s": "there under w", "l": "perhaps there"}, [4]),
            "2014-06-29": ({"w": "there", "s": "there under w", "l": "there under s"}, []),
            "2014-06-30": ({"w": "there", "l": "there under w (inferred)"}, []),
            "2016-01-01": ({"l": "there (inferred)"}, []),
        },
    ),
    "two alliances merge in some day of May": (
        [
            alliance("w", "2014"),
            alliance("a", "2015", under="w"),
            alliance("b", "2015"),
            lab("l", "2016", under="a"),
            merged("a", "b", into="m", occurred="2018-05", under="w"),
        ],
        {
            "2018-04-30": ({"w": "there", "a": "there under w", "b": "there", "l": "there under a"}, []),
            "2018-05-15": (
                {
                    "w": "there",
                    "a": "perhaps ended under w",
                    "b": "perhaps ended",
                    "m": "perhaps there",
                    "l": "there under a",
                },
                [6],
            ),
            "2018-05-31": ({"w": "there", "m": "there under w", "l": "there under m (inferred)"}, []),
        },
    ),
    "an heir that ends too": (
        [
            alliance("w", "2014"),
            alliance("a", "2015"),
            alliance("b", "2015", under="w"),
            lab("l", "2016", under="a"),
            absorbed("a", by="b", occurred="2017-01-10"),
            ended("b", "2018-01-10"),
        ],
        {
            "2017-01-09": ({"w": "there", "a": "there", "b": "there under w", "l": "there under a"}, []),
            "2017-01-10": ({"w": "there", "b": "there under w", "l": "there under b (inferred)"}, []),
            "2018-01-10": ({"w": "there", "l": "there under w (inferred)"}, []),
        },
    ),
    "an alliance absorbed by what stood under it": (
        [
            alliance("a", "2016"),
            alliance("b", "2017", under="a"),
            lab("l", "2017", under="a"),
            absorbed("a", by="b", occurred="2018-01-01"),
        ],
        {
            "2017-12-31": ({"a": "there", "b": "there under a", "l": "there under a"}, []),
            "2018-01-01": ({"b": "there (inferred)", "l": "there under b (inferred)"}, []),
        },
    ),
    "a level dropped in March": (
        [
            level("z", "2015"),
            level("y", "2015"),
            lab("k", "2016", on="z"),
            lab("l", "2016", on="z"),
            lab("m", "2016", on="z"),
            tell(SOMEWHERE_ELSE, "2018-03"),
        ],
        {
            "2018-02-28": (
                {"z": "there", "y": "there", "k": "there on z", "l": "there on z", "m": "there on z"},
                [],
            ),
            "2018-03-15": (
                {
                    "z": "perhaps ended",
                    "y": "there",
                    "k": "there (order not known) on z",
                    "l": "there on z",
                    "m": "perhaps ended on z",
                },
                [7],
            ),
            "2018-03-31": ({"y": "there", "k": "there on y", "l": "there"}, []),
        },
    ),
    "a body split in two": (
        [
            alliance("w", "2014"),
            alliance("a", "2015"),
            lab("l", "2016", under="a"),
            split_up("a", "2018-09-01", into={"m": "w", "n": None}, where={"l": "m"}),
        ],
        {
            "2018-08-31": ({"w": "there", "a": "there", "l": "there under a"}, []),
            "2018-09-01": ({"w": "there", "m": "there under w", "n": "there", "l": "there under m"}, []),
        },
    ),
    "a lab spun off in spring takes its group along": (
        [lab("l", "2016"), alliance("g", "2017", under="l"), spun_off("l", "2018-21", where={"g": "left"})],
        {
            "2018-02-28": ({"l": "there", "g": "there under l"}, []),
            "2018-04-15": ({"l": "perhaps ended", "g": "perhaps ended under l"}, [4]),
            "2018-05-31": ({}, []),
        },
    ),
    "an exact move bounds the founding and the founding of its parent": (
        [alliance("a", "2016"), lab("l", "[2016-06..2017]", under="a"), moved("l", "2016-09-15", to="process")],
        {
            "2015-12-31": ({}, []),
            "2016-05-31": ({"a": "perhaps there"}, [2]),
            "2016-09-14": ({"a": "perhaps there", "l": "perhaps there"}, [2, 3]),
            "2016-09-15": ({"a": "there", "l": "there"}, []),
        },
    ),
    "a pause some time in the year of an approximate founding": (
        [alliance("a", "2018-04~"), changed("a", "2018", change={"status": "paused"})],
        {
            "2018-03-31": ({}, []),
            "2018-04-15": ({"a": "perhaps there"}, [2, 3]),
            "2018-04-30": ({"a": "there"}, [3]),
            "2018-12-31": ({"a": "there (paused)"}, []),
        },
    ),
    "one role that lasted and one that was ended": (
        [
            actor("x", "2016"),
            alliance("a", "2016"),
            role("r", "2017/2018-06", within="a"),
            role("s", "2017-03-01", within="a"),
            role_ended("s", "[2018..2019]"),
        ],
        {
            "2017-02-01": ({"a": "there", "r": "perhaps there"}, [4]),
            "2017-12-31": ({"a": "there", "r": "there", "s": "there"}, []),
            "2018-06-15": ({"a": "there", "r": "perhaps ended", "s": "perhaps ended"}, [6]),
            "2018-06-30": ({"a": "there", "s": "perhaps ended"}, [6]),
            "2019-12-31": ({"a": "there"}, []),
        },
    ),
}


@pytest.mark.parametrize("title", BY_HAND)
def test_the_view_says_what_was_computed_by_hand(title):
    statements, days = BY_HAND[title]
    office = given(*statements)
    for date_, (expected, open_) in days.items():
        view = office.view(date_)
        assert said(view) == expected, date_
        assert [number for number in view.undetermined if number > 1] == open_, date_
