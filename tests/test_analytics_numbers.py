"""The numbers behind the figures: equal to scipy, networkx or another way of counting, and ranges that hold."""

from itertools import combinations
from statistics import median_high, median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st
from networkx import Graph
from networkx.algorithms import bipartite
from scipy.spatial.distance import jensenshannon
from scipy.stats import CensoredData, ecdf, entropy

from domain.errors import Refused
from projections.analytics.breadth import dissimilarity, divergence, evenness, read_reference
from projections.analytics.concentration import gini, top_share
from projections.analytics.degree import middle_rank
from projections.analytics.figures import Bounds, Figure, bounds, counted, for_public, middle, share
from projections.analytics.network import network
from projections.analytics.overlap import Participants, coefficient, jaccard
from projections.analytics.sessions import months_before
from projections.analytics.survival import Spell, median, survival
from tests.office import ordinal
from tests.story import story, told

NEAR = 2e-6
DAYS = st.integers(0, 12)
WATCHED = st.lists(st.tuples(DAYS, st.booleans()), min_size=1, max_size=14)
COUNTS = st.lists(st.integers(0, 9), min_size=1, max_size=9)
BETWEEN = st.tuples(DAYS, DAYS).map(sorted)


def within(value, given_):
    """Whether a number lies in a range, but for what floats miss."""
    return given_.at_least - NEAR <= value <= (float("inf") if given_.at_most is None else given_.at_most + NEAR)


def at(curve, day):
    """The two shares on a day."""
    steps = [step for step in curve.steps if step.day <= day]
    return (steps[-1].at_least, steps[-1].at_most) if steps else (1.0, 1.0)


# ---- survival -----------------------------------------------------------------------------------------------------


@given(WATCHED)
def test_where_all_is_exact_the_two_curves_are_one_and_that_of_scipy(spells):
    curve = survival("c", [Spell(day, day, ended) for day, ended in spells])
    if not any(ended for _, ended in spells):
        assert curve.steps == []
        return
    ended = [day for day, over in spells if over]
    theirs = ecdf(CensoredData(uncensored=ended, right=[day for day, over in spells if not over])).sf
    for day in range(13):
        low, high = at(curve, day)
        assert low == high == pytest.approx(theirs.evaluate(day), abs=NEAR)


@given(
    st.lists(
        st.tuples(BETWEEN, st.sampled_from([True, False, None]), st.floats(0, 1), st.booleans()),
        min_size=1,
        max_size=10,
    )
)
def test_however_open_lengths_turn_out_the_curve_lies_between_the_two(spells):
    vague = survival("c", [Spell(least, most, ended) for (least, most), ended, _, _ in spells])
    exact = [
        Spell(day := round(least + part * (most - least)), day, over if ended is None else ended)
        for (least, most), ended, part, over in spells
    ]
    true = survival("c", exact)
    for day in range(13):
        low, high = at(vague, day)
        assert low - NEAR <= at(true, day)[0] <= high + NEAR
    if (half := median(true)) is not None:
        assert within(half.at_least, median(vague))


def test_who_still_waits_counts_among_those_who_wait():
    """Answered after 10 and 30 days, one still waiting after 20: without that one half were answered by 10 days."""
    curve = survival("c", [Spell(10, 10, ended=True), Spell(20, 20, ended=False), Spell(30, 30, ended=True)])
    assert [(step.day, step.at_least) for step in curve.steps] == [(10, 0.666667), (30, 0.0)]
    assert median(curve) == bounds(30)
    assert median(survival("c", [Spell(10, 10, ended=False)])) is None


# ---- concentration ------------------------------------------------------------------------------------------------


def gini_by_differences(loads):
    """Half of the mean difference of two, by the mean."""
    return sum(abs(a - b) for a, b in combinations(loads, 2)) / (len(loads) * sum(loads))


@given(COUNTS)
def test_gini_is_half_the_mean_difference_by_the_mean_and_undefined_where_nobody_has_any(loads):
    found = gini([(load, load) for load in loads])
    if sum(loads) == 0:
        assert found is None
        return
    assert found.at_least == found.at_most == pytest.approx(gini_by_differences(loads), abs=NEAR)
    top = top_share([(load, load) for load in loads])
    assert top.at_least == top.at_most == pytest.approx(sum(sorted(loads)[-5:]) / sum(loads), abs=NEAR)


@given(st.lists(st.tuples(BETWEEN, st.floats(0, 1)), min_size=1, max_size=9))
def test_however_open_loads_turn_out_concentration_lies_between(loads):
    """Whoever may have none and has none does not belong: it is in no n and counts nowhere with 0."""
    worlds = [((low, high), round(low + part * (high - low))) for (low, high), part in loads]
    exact = [load for (low, high), load in worlds if load or low == high]
    between = [of for of, _ in worlds]
    if sum(exact):
        assert within(gini_by_differences(exact), gini(between))
        assert within(sum(sorted(exact)[-5:]) / sum(exact), top_share(between))


def test_of_ten_meetings_one_actor_has_seven():
    assert gini([(1, 1), (1, 1), (1, 1), (7, 7)]) == bounds(0.45)
    assert gini([(2, 2)] * 4) == bounds(0)
    assert gini([(0, float("inf")), (1, 1)]) == bounds(0, 0.5)
    assert gini([]) is None
    assert gini([(0, 1)] * 51) == bounds(0, 50 / 51), "with so many who may not belong nothing narrower is looked for"


def test_who_only_may_have_taken_part_does_not_count_with_none():
    """Two actors with ten meetings each: where the third was not there all have the same."""
    assert gini([(10, 10), (10, 10), (0, 1)]) == bounds(0, 0.285714)
    assert top_share([(10, 10)] * 5 + [(0, 10)]) == bounds(0.833333, 1)


# ---- overlap ------------------------------------------------------------------------------------------------------

SETS = st.tuples(*[st.frozensets(st.integers(0, 4))] * 2)


@given(SETS, SETS)
def test_overlap_lies_between_what_it_can_be_in_every_world(a, b):
    first, second = (Participants("", frozenset(s), frozenset(s | m), []) for s, m in (a, b))
    found = jaccard(first, second), coefficient(first, second)
    worlds = [
        (set(first.sure) | set(one), set(second.sure) | set(two)) for one in _some(first) for two in _some(second)
    ]
    shares = [len(x & y) / len(x | y) for x, y in worlds if x | y]
    assert (found[0] is None) == (not shares)
    if shares:
        assert all(within(each, found[0]) for each in shares)
        assert found[0].at_most == pytest.approx(max(shares), abs=NEAR)
    for x, y in worlds:
        if x and y:
            assert within(len(x & y) / min(len(x), len(y)), found[1])


def _some(of):
    open_ = sorted(of.perhaps - of.sure)
    return [each for n in range(len(open_) + 1) for each in combinations(open_, n)]


def test_a_small_level_inside_a_large_one_has_a_low_jaccard_though_all_of_it_is_in_both():
    large, small = frozenset("abcdefghij"), frozenset("ab")
    a, b = (Participants("", sure, sure, []) for sure in (large, small))
    assert (jaccard(a, b), coefficient(a, b)) == (bounds(0.2), bounds(1))


# ---- shares, medians, ranks ---------------------------------------------------------------------------------------


@given(*[st.integers(0, 4)] * 5)
def test_a_share_lies_between_what_it_can_be(yes, no, perhaps_yes, perhaps_no, unsure):
    found = share(yes, no, perhaps_yes=perhaps_yes, perhaps_no=perhaps_no, unsure=unsure)
    shares = [
        (yes + a + c) / (yes + no + unsure + a + b)
        for a in range(perhaps_yes + 1)
        for b in range(perhaps_no + 1)
        for c in range(unsure + 1)
        if yes + no + unsure + a + b
    ]
    assert (found is None) == (not shares)
    if shares:
        assert (found.at_least, found.at_most) == pytest.approx((min(shares), max(shares)), abs=NEAR)


@given(st.lists(st.integers(1, 9)), st.lists(st.integers(1, 9), max_size=4))
def test_the_rank_in_the_middle_is_no_mean_and_lies_between_what_it_can_be(certain, perhaps):
    found = middle_rank(certain, perhaps)
    worlds = [[*certain, *some] for n in range(len(perhaps) + 1) for some in combinations(perhaps, n)]
    middles = [rank for world in worlds if world for rank in (median_low(world), median_high(world))]
    assert (found is None) == (not middles)
    if middles:
        assert (found.at_least, found.at_most) == (min(middles), max(middles))


def test_of_two_ratings_that_differ_the_middle_is_between_them_and_not_their_mean():
    assert middle_rank([4, 6]) == Bounds(at_least=4, at_most=6)
    assert middle([(0, 10), (20, 30), (5, float("inf"))]) == Bounds(at_least=5, at_most=30)
    assert middle([]) is None


@pytest.mark.parametrize(
    ("day", "months", "before"), [("2020-03-31", 1, "2020-02-29"), ("2019-04-30", 18, "2017-10-30")]
)
def test_months_before_a_day_end_with_the_month(day, months, before):
    assert months_before(ordinal(day), months) == ordinal(before)


# ---- breadth and network ------------------------------------------------------------------------------------------


@given(COUNTS, COUNTS)
def test_breadth_is_what_scipy_says(ours, citys):
    terms = "ABCDEFGHIJ"
    p, q = ({t: n / sum(of) for t, n in zip(terms, of, strict=False)} if sum(of) else {} for of in (ours, citys))
    if not (p and q):
        return
    both = sorted({*p, *q})
    one, two = ([of.get(term, 0) for term in both] for of in (p, q))
    assert divergence(p, q) == pytest.approx(jensenshannon(one, two, base=2) ** 2, abs=1e-7)
    assert dissimilarity(p, q) == pytest.approx(1 - sum(map(min, zip(one, two, strict=True))), abs=1e-9)
    there = [x for x in p.values() if x]
    if len(there) > 1:
        assert evenness(there) == pytest.approx(entropy(there, base=len(there)), abs=1e-9)
    else:
        assert evenness(there) is None


def test_a_reference_is_read_as_it_is_typed_or_refused_by_its_code():
    assert read_reference("wz-2008:C=120,G=45") == ("wz-2008", (("C", 120), ("G", 45)))
    for wrong in ("C=1", "wz-2008:", "wz-2008:C", "wz-2008:Z=1", "wz-2008:C=1,C=2", "wz-2008:C=0", "wz-2008:C=1;G=2"):
        with pytest.raises(Refused) as refusal:
            read_reference(wrong)
        assert [found.code for found in refusal.value.refusals] == ["reference-not-understood"]


@given(st.lists(st.frozensets(st.sampled_from("abcde")), min_size=1, max_size=6))
def test_a_network_of_two_modes_is_what_networkx_says(attended):
    actors = {a: told({"type": "actor-registered", "actor": a, "kind": "group", "name": a}, "2017") for a in "abcde"}
    view = story(**actors, **{f"m{i}": held(f"m{i}", there) for i, there in enumerate(attended)}).view("2020-01-01")
    found = network(view, public=False)
    edges = [(a, f"m{i}") for i, there in enumerate(attended) for a in there]
    if not edges:
        assert {figure.reason for figure in found.figures} == {"no-attendance"}
        return
    graph = Graph(edges)
    seen = {a for a, _ in edges}
    assert found.figures[0].value.at_least == pytest.approx(bipartite.density(graph, seen), abs=NEAR)
    degrees = bipartite.degree_centrality(graph, seen)
    for row in found.breakdowns[0].rows:
        assert row.value.at_least == pytest.approx(degrees[row.about[0].id], abs=NEAR)


def held(meeting, attended, when="2018", **fields):
    step = {"type": "meeting-held", "meeting": meeting, "attended": {"actors": sorted(attended)}, **fields}
    return told(step, when)


# ---- what the public is told --------------------------------------------------------------------------------------


def seen(value, cells, unit="count", n=None):
    figure = Figure(id="x", unit=unit, value=value, n=n or counted(20), entries=[])
    return for_public(figure, cells, public=True)


def test_the_public_is_told_of_no_cell_under_five_and_not_over_how_many_either():
    hidden = seen(counted(4), [4])
    assert (hidden.value, hidden.n, hidden.reason) == (None, None, "small-cell")
    assert seen(counted(0), [0]).reason == "small-cell", "that nobody did tells of each who could have"
    assert seen(bounds(0.8), [16, 4], "share").reason == "small-cell", "the others would be the difference"
    assert for_public(Figure(id="x", unit="count", value=counted(4), n=None, entries=[]), [4], public=False).value


@given(st.integers(5, 99), st.integers(0, 4), st.integers(1, 4))
def test_the_difference_of_two_public_answers_tells_of_no_cell_under_five(count, perhaps, more):
    """Counts are told in fives: how many came in between is nothing, or at least as many as cross a border."""
    first, second = (seen(counted(n, perhaps), [n]).value for n in (count, count + more))
    assert first.at_least % 5 == second.at_least % 5 == 0
    assert (first.at_most + 1) % 5 == (second.at_most + 1) % 5 == 0
    assert second.at_least - first.at_least in (0, 5)
    assert within(count, first)


@given(st.integers(5, 40), st.integers(5, 40))
def test_shares_are_told_in_tenths_that_hold(part, rest):
    found = seen(bounds(part / (part + rest)), [part, rest], "share").value
    assert within(part / (part + rest), found)
    assert round(found.at_most - found.at_least, 6) == 0.1
