"""How far people took part: degrees on the scale that whoever rated them used, never converted, never averaged.

Degrees are ranks. What can be said of ranks is how many there are of each, and which one is in the middle: with an
even number of ratings the two middle ones, between which the median then lies.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from domain.schemes import DEGREES, SCHEMES, Term
from domain.view import View
from projections.analytics.figures import (
    Analysis,
    Bounds,
    Breakdown,
    Figure,
    Row,
    bounds,
    counted,
    share,
)
from projections.findings import Rating, participation
from projections.telling import Named

STAGES: Final = ("intended", "observed")
DECIDING: Final = "6"
"""From this rank on, the levels of participation by Wright, Block and von Unger count as participation."""


def degree(view: View) -> Analysis:
    """Every scale that was used: distribution, median, and both by stage, group and activity."""
    ratings = participation(view).ratings
    on_scale = [rating for rating in ratings if rating.degree is not None]
    entries = [rating.entry for rating in ratings]
    perhaps = sum(rating.perhaps for rating in ratings)
    figures = [
        Figure(
            id="degree.on-scale",
            unit="share",
            value=share(
                sum(not r.perhaps for r in on_scale),
                sum(not r.perhaps for r in ratings if r.degree is None),
                perhaps_yes=sum(r.perhaps for r in on_scale),
                perhaps_no=sum(r.perhaps for r in ratings if r.degree is None),
            ),
            reason=None if ratings else "no-ratings",
            n=counted(len(ratings) - perhaps, perhaps),
            entries=entries,
        )
    ]
    breakdowns = [_stages(ratings)]
    used = [scheme for scheme in DEGREES if any(_scheme(rating) == scheme for rating in on_scale)]
    for scheme in used:
        of_scheme = [rating for rating in on_scale if _scheme(rating) == scheme]
        figures += [_median(scheme, stage, [r for r in of_scheme if r.stage == stage]) for stage in STAGES]
        if scheme == "wright9":
            figures.append(_deciding(of_scheme))
        breakdowns += [
            _distribution(scheme, of_scheme),
            _by_activity(scheme, of_scheme),
            _spread(f"degree.{scheme}.in-activity", scheme, _activities(of_scheme)),
            _spread(f"degree.{scheme}.by-rater", scheme, _raters(of_scheme)),
        ]
    if not used:
        figures.append(
            Figure(
                id="degree.median",
                unit="rank",
                value=None,
                reason="no-scale" if ratings else "no-ratings",
                n=counted(0),
                entries=entries,
            )
        )
    return Analysis(id="degree", figures=figures, breakdowns=breakdowns)


def _scheme(rating: Rating) -> str | None:
    return None if rating.degree is None else rating.degree.scheme


def rank(degree: Term) -> int:
    """The place of a degree on its scale, counted from 1."""
    return list(SCHEMES[degree.scheme].terms).index(degree.term) + 1


def middle_rank(certain: Sequence[int], perhaps: Sequence[int] = ()) -> Bounds | None:
    """The rank in the middle; the two between which it lies where two are, or where not all ratings are certain."""
    if not certain and not perhaps:
        return None
    lower = min(_middle([*certain, *sorted(perhaps)[:n]])[0] for n in _sizes(certain, perhaps))
    upper = max(_middle([*certain, *sorted(perhaps)[len(perhaps) - n :]])[1] for n in _sizes(certain, perhaps))
    return bounds(lower, upper)


def _sizes(certain: Sequence[int], perhaps: Sequence[int]) -> range:
    return range(0 if certain else 1, len(perhaps) + 1)


def _middle(ranks: Sequence[int]) -> tuple[int, int]:
    ordered = sorted(ranks)
    return ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]


def _of(ratings: Sequence[Rating]) -> Bounds | None:
    ranks = [(rank(r.degree), r.perhaps) for r in ratings if r.degree is not None]
    return middle_rank(
        [found for found, perhaps in ranks if not perhaps], [found for found, perhaps in ranks if perhaps]
    )


def _count(ratings: Sequence[Rating]) -> Bounds:
    perhaps = sum(rating.perhaps for rating in ratings)
    return counted(len(ratings) - perhaps, perhaps)


def _median(scheme: str, stage: str, ratings: Sequence[Rating]) -> Figure:
    return Figure(
        id=f"degree.{scheme}.{stage}",
        scheme=scheme,
        unit="rank",
        value=_of(ratings),
        reason=None if ratings else "no-ratings",
        n=_count(ratings),
        entries=[rating.entry for rating in ratings],
    )


def _deciding(ratings: Sequence[Rating]) -> Figure:
    from_six = [r for r in ratings if r.degree is not None and r.degree.term >= DECIDING and r.stage == "observed"]
    below = [r for r in ratings if r.degree is not None and r.degree.term < DECIDING and r.stage == "observed"]
    value = share(
        sum(not r.perhaps for r in from_six),
        sum(not r.perhaps for r in below),
        perhaps_yes=sum(r.perhaps for r in from_six),
        perhaps_no=sum(r.perhaps for r in below),
    )
    return Figure(
        id="degree.wright9.deciding",
        unit="share",
        value=value,
        reason=None if value is not None else "no-ratings",
        n=_count([*from_six, *below]),
        entries=sorted(r.entry for r in (*from_six, *below)),
    )


def _stages(ratings: Sequence[Rating]) -> Breakdown:
    """As meant and as it was, whether on a scale or in words."""
    rows = []
    for stage in STAGES:
        found = [rating for rating in ratings if rating.stage == stage]
        rows.append(Row(label=stage, value=_count(found), entries=[rating.entry for rating in found]))
    return Breakdown(id="degree.stages", unit="count", rows=rows)


def _distribution(scheme: str, ratings: Sequence[Rating]) -> Breakdown:
    rows = []
    for term in SCHEMES[scheme].terms:
        found = [rating for rating in ratings if rating.degree is not None and rating.degree.term == term]
        rows.append(
            Row(term=Term(scheme=scheme, term=term), value=_count(found), entries=[rating.entry for rating in found])
        )
    return Breakdown(id=f"degree.{scheme}.distribution", unit="count", scheme=scheme, rows=rows)


def _by_activity(scheme: str, ratings: Sequence[Rating]) -> Breakdown:
    """The rank in the middle for each activity and group, as meant and as it was: several may have rated the same."""
    rows = [
        Row(
            label=of[0].stage,
            about=about,
            value=_of(of),
            n=len(of),
            entries=[rating.entry for rating in of],
        )
        for about, of in _activities(ratings)
    ]
    return Breakdown(id=f"degree.{scheme}.by-activity", unit="rank", scheme=scheme, rows=rows)


Rated = list[tuple[list[Named], list[Rating]]]
"""Ratings of one stage that belong together, with what they have in common."""


def _activities(ratings: Sequence[Rating]) -> Rated:
    """As meant and as it was, of each activity and group."""
    return _together((rating, [*rating.about, *rating.group]) for rating in ratings)


def _raters(ratings: Sequence[Rating]) -> Rated:
    """As meant and as it was, by whoever rated, or else said so; nobody named is a rater, too."""
    return _together((rating, rating.by or rating.asserted_by) for rating in ratings)


def _together(ratings: Iterable[tuple[Rating, list[Named]]]) -> Rated:
    found: dict[tuple[str, ...], tuple[list[Named], list[Rating]]] = {}
    for rating, about in ratings:
        key = (rating.stage, *(named.id for named in about))
        found.setdefault(key, (about, []))[1].append(rating)
    return list(found.values())


def _spread(id_: str, scheme: str, rated: Rated) -> Breakdown:
    """How many ratings of each there are on each degree; degrees that nobody gave are left out."""
    rows = []
    for about, ratings in rated:
        for term in SCHEMES[scheme].terms:
            found = [rating for rating in ratings if rating.degree is not None and rating.degree.term == term]
            if found:
                rows.append(
                    Row(
                        label=found[0].stage,
                        about=about,
                        term=Term(scheme=scheme, term=term),
                        value=_count(found),
                        n=len(ratings),
                        entries=[rating.entry for rating in found],
                    )
                )
    return Breakdown(id=id_, unit="count", scheme=scheme, rows=rows)
