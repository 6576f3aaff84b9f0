"""What the public is told of figures across actors: nothing behind which, or behind whose remainder, are under five."""

import json
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.analytics.breadth import read_reference
from projections.analytics.report import compared_with, report
from tests.exporting import lindenau
from tests.story import alliance, level, story
from tests.test_analytics import ACROSS, actor, figures, held, parts

LEVELS = {"oben": level("oben"), "unten": level("unten")}
BODIES = {"x": alliance("x", "2017", level="oben"), "y": alliance("y", "2017", level="unten")}
TODAY = "2026-11-22"


def actors(count, first=0):
    return [f"a{n:02}" for n in range(first, first + count)]


def branches(everybody, sections):
    """The section of each actor, `-` where none is recorded."""
    return {each: sections[at % len(sections)] for at, each in enumerate(sorted(everybody))}


def town(*meetings, sections="C"):
    """A record of meetings, each of a body with those who were there, on one day after the other."""
    everybody = sorted({each for _, there in meetings for each in there})
    return story(
        **LEVELS,
        **BODIES,
        **{
            each: actor(each, **({} if term == "-" else {"branch": {"scheme": "wz-2008", "term": term}}))
            for each, term in branches(everybody, sections).items()
        },
        **{
            f"m{n}": held(f"m{n}", there, f"2026-{1 + n // 28:02}-{1 + n % 28:02}", bodies=[body])
            for n, (body, there) in enumerate(meetings)
        },
    )


SIX, TEN, FOURTEEN = actors(6), actors(10), actors(14)
SMALL = {
    "load-actors": town(("x", actors(4))),
    "load-gini": town(("x", actors(4))),
    "load-top": town(("x", actors(9))),
    "overlap-jaccard-oben-unten": town(("x", TEN), ("y", actors(10, 6))),
    "overlap-coefficient-oben-unten": town(("x", TEN), ("y", actors(5, 5))),
    "network-actors": town(("x", actors(4))),
    "network-density": town(("x", FOURTEEN), ("x", TEN)),
    "continuity-retention": town(("x", TEN), ("x", SIX)),
    "continuity-newcomers": town(("x", TEN), ("x", FOURTEEN)),
    "breadth-known": town(("x", FOURTEEN)),
    "breadth-evenness": town(("x", TEN), sections="CCCGG"),
    "breadth-diversity": town(("x", TEN), sections="CCCGG"),
}
"""By figure, a record in which a part or what remains of the whole is four actors (of known branches: nobody)."""

LARGE = {
    **dict.fromkeys(("load-actors", "load-gini", "load-top"), town(("x", TEN))),
    **dict.fromkeys(
        ("overlap-jaccard-oben-unten", "overlap-coefficient-oben-unten"), town(("x", TEN), ("y", actors(10, 5)))
    ),
    **dict.fromkeys(("network-actors", "network-density"), town(("x", TEN), ("x", actors(5)))),
    "continuity-retention": town(("x", TEN), ("x", actors(5))),
    "continuity-newcomers": town(("x", actors(5)), ("x", TEN)),
    **dict.fromkeys(("breadth-evenness", "breadth-diversity"), town(("x", TEN), sections="CG")),
}


def gone(count):
    """Ten came, of whom so many never came again, though they were invited three times."""
    missed = {"invited": {"actors": TEN}, "bodies": ["x"]}
    later = {f"n{n}": held(f"n{n}", actors(10 - count, count), f"2026-0{n}-20", **missed) for n in (3, 4, 5)}
    return town(("x", TEN), ("x", TEN)).given(**later)


@pytest.mark.parametrize("anchor", sorted(SMALL))
def test_no_figure_is_public_whose_part_or_remainder_is_four_actors(anchor):
    """Neither the number nor what it is made of: as many entries as actors would be their number."""
    inside, outside = figures(SMALL[anchor])[anchor], figures(SMALL[anchor], public=True)[anchor]
    assert inside.value is not None
    assert (outside.value, outside.reason, outside.entries) == (None, "small-cell", [])


@pytest.mark.parametrize("anchor", sorted(LARGE))
def test_with_five_on_either_side_it_is(anchor):
    outside = figures(LARGE[anchor], public=True)[anchor]
    assert outside.value is not None
    assert outside.entries


@pytest.mark.parametrize(
    ("part", "small", "large"),
    [
        ("overlap.participants", town(("x", actors(4))), town(("x", TEN))),
        ("continuity.by-body", town(("x", TEN), ("x", SIX)), town(("x", TEN), ("x", actors(5)))),
        ("breadth.sections", town(("x", TEN), sections="CCCGG"), town(("x", TEN), sections="CG")),
    ],
)
def test_no_row_is_public_whose_part_or_remainder_is_four_actors(part, small, large):
    hidden, shown = parts(small, public=True)[part], parts(large, public=True)[part]
    assert hidden.reason == "small-cell" or hidden.rows[0].reason == "small-cell"
    assert not any(row.entries for row in hidden.rows)
    assert shown.rows[0].value is not None


def test_two_actors_at_twenty_four_meetings_are_two_actors():
    often = town(*[("x", actors(n % 2 + 1)) for n in range(24)])
    assert figures(often)["continuity-retention"].value is not None
    outside = figures(often, public=True)
    assert {outside[f"continuity-{of}"].reason for of in ("retention", "newcomers", "stay")} >= {"small-cell"}
    assert outside["continuity-retention"].value is outside["continuity-newcomers"].value is None
    assert parts(often, public=True)["continuity.by-body"].rows[0].value is None


# ---- every public figure, and the actors behind it -----------------------------------------------------------------

MEETINGS = st.lists(
    st.tuples(st.sampled_from("xy"), st.frozensets(st.sampled_from(actors(16)), min_size=1)), min_size=1, max_size=6
)


def behind(meetings, sections):
    """Of each figure, the sets of actors that a part of it, or what remains, is made of."""
    everybody = set().union(*(there for _, there in meetings))
    at = {body: set().union(*(there for b, there in meetings if b == body)) for body in "xy"}
    found = {"again": set(), "away": set(), "new": set(), "known": set()}
    for body in "xy":
        before = set()
        for first, second in pairwise([there for b, there in meetings if b == body]):
            before |= first
            found["again"] |= first & second
            found["away"] |= first - second
            found["new"] |= second - before
            found["known"] |= second & before
    missing = {each for each in everybody if any(each not in there for _, there in meetings)}
    both = [at["x"] & at["y"], at["x"] - at["y"], at["y"] - at["x"]]
    of_section = {}
    for each, term in branches(everybody, sections).items():
        of_section.setdefault(term, set()).add(each)
    unknown = of_section.pop("-", set())
    return {
        "breadth.known": [everybody - unknown, unknown],
        **{key: [*of_section.values()] for key in ("breadth.evenness", "breadth.diversity")},
        **{key: [everybody] for key in ("load.actors", "load.gini", "network.actors")},
        "load.top": [everybody, sorted(everybody)[5:]],
        **dict.fromkeys(("overlap.jaccard", "overlap.coefficient"), both),
        "continuity.retention": [found["again"], found["away"]],
        "continuity.newcomers": [found["new"], found["known"]],
        "network.density": [everybody, missing, *(there for _, there in meetings)],
    }


@given(MEETINGS, st.sampled_from(["C", "CG", "CCG-", "C-"]))
@settings(max_examples=60)
def test_behind_each_public_figure_and_what_remains_of_it_are_five_actors_or_more(meetings, sections):
    sets, s = behind(meetings, sections), town(*meetings, sections=sections)
    inside, outside = figures(s), figures(s, public=True)
    for anchor, figure in inside.items():
        if figure.id not in sets or figure.value is None:
            continue
        public = outside[anchor]
        assert (public.value is not None) == all(len(of) >= 5 for of in sets[figure.id]), anchor
        if public.value is not None:
            assert public.value.at_least <= figure.value.at_least
            assert public.value.at_most >= figure.value.at_most
        else:
            assert public.entries == []


def test_every_figure_across_actors_is_held_against_the_actors_behind_it():
    assert set(behind([("x", SIX)], "C")) == ACROSS
    assert {id_.replace(".", "-") for id_ in ACROSS} == {a.removesuffix("-oben-unten") for a in SMALL}


def test_the_package_for_the_public_holds_no_number_of_actors():
    public, inside = (lindenau().file("replication", as_) for as_ in (None, "evaluator"))
    found = [json.loads(ZipFile(BytesIO(content)).read("figures.json")) for content in (public, inside)]
    assert {*found[1]} - {*found[0]} == {"actors_in_attendance"}


# ---- breadth -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reference", ["wz-2008:C=1,G=1", "wz-2008:C=999999,G=1", "wz-2025:C=1"])
def test_the_public_may_give_no_reference_since_asking_often_tells_the_shares_to_the_digit(reference):
    view = town(("x", actors(13)), sections="CG").view(TODAY)
    compared = compared_with(view, read_reference(reference), public=True)
    found = {figure.id: figure for figure in compared.figures()}
    for id_ in ("breadth.dissimilarity", "breadth.divergence"):
        assert (found[id_].value, found[id_].reason) == (None, "reference-not-public")
    assert [part for a in compared.analyses for part in a.breakdowns] == [
        part for a in report(view, public=True).analyses for part in a.breakdowns
    ]
    inside = {figure.id: figure for figure in compared_with(view, read_reference(reference), public=False).figures()}
    assert (inside["breadth.dissimilarity"].value is None) == (reference == "wz-2025:C=1")


def test_public_figures_of_breadth_name_meetings_and_not_as_many_entries_as_actors():
    s = town(("x", TEN), sections="CG")
    assert figures(s, public=True)["breadth-evenness"].entries == [s.number("m0")]
    assert [row.entries for row in parts(s, public=True)["breadth.sections"].rows] == [[s.number("m0")]] * 2
    assert len(figures(s)["breadth-evenness"].entries) == 11


def test_the_time_until_actors_are_gone_is_told_to_the_public_in_months():
    """The median is how long one of them came, and each step of the curve is one of them."""
    assert figures(gone(5))["continuity-stay"].value.at_least == 1
    outside = figures(gone(5), public=True)["continuity-stay"]
    assert (outside.value.at_least, outside.value.at_most) == (0, 30)
    assert "continuity.stay" in parts(gone(5))
    assert "continuity.stay" not in parts(gone(5), public=True)
    for few in (4, 6):
        hidden = figures(gone(few), public=True)["continuity-stay"]
        assert (hidden.value, hidden.reason, hidden.entries) == (None, "small-cell", [])
