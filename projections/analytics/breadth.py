"""How broad the circle of those is who take part, by branches of the economy, and against a reference if one is given.

p is the share of each section among those who attended a meeting and whose branch is recorded, q the one in the
reference. Evenness H / ln S (Pielou 1966) over the sections there are, diversity 1 - sum p^2 (Blau 1977); against a
reference: dissimilarity 1/2 sum |p - q| (Duncan and Duncan 1955), and the divergence of Jensen and Shannon (Lin 1991)
to base 2. With a few dozen actors all of these move a lot with one more: the counts stand beside them.

The public is told nothing against a reference: whoever may choose q and ask as often as they like finds p to the digit.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import log, log2
from typing import Final

from domain.errors import refused
from domain.schemes import BRANCHES, SCHEMES, Term
from domain.view import View
from projections.analytics.figures import (
    LEAST,
    Analysis,
    Breakdown,
    Figure,
    Reason,
    Row,
    bounds,
    counted,
    for_public,
    share,
)
from projections.analytics.sessions import sessions

Reference = tuple[str, tuple[tuple[str, int], ...]]
"""An edition of the branches, and how many there are of each section in the city: establishments, or jobs."""

NO_REFERENCE: Final[Reference] = ("", ())


def breadth(view: View, reference: Reference = NO_REFERENCE, *, public: bool) -> Analysis:
    """Those who attended a meeting that was over by the view's day, each once, by section."""
    why_not: Reason = "no-reference"
    if public and reference != NO_REFERENCE:
        reference, why_not = NO_REFERENCE, "reference-not-public"
    attended: dict[str, list[int]] = {}
    for session in sessions(view):
        if session.certain(view.day):
            for actor in session.there:
                attended.setdefault(actor, []).append(session.entry)
    branches = {actor: _branch(view, actor) for actor in attended}
    edition = _edition(branches.values(), reference)
    sections: dict[str, list[str]] = {}
    for actor, branch in sorted(branches.items()):
        if branch is not None and branch.scheme == edition:
            sections.setdefault(branch.term, []).append(actor)
    sizes = [len(actors) for actors in sections.values()]
    known = sum(sizes)
    reason: Reason | None = None
    if not known:
        other = any(branch is not None for branch in branches.values())
        reason = "no-attendance" if not attended else "reference-differs" if other else "no-branches"
    meetings = {n for actors in sections.values() for actor in actors for n in attended[actor]}
    founded = () if public else {view.state[actor].founded for actors in sections.values() for actor in actors}
    entries = sorted({*meetings, *founded})  # as many foundings as actors: they would be the count
    p = [size / known for size in sizes]
    q = _shares(reference)

    def figure(id_: str, value: float | None, why: Reason | None) -> Figure:
        return for_public(
            Figure(
                id=id_,
                unit="index",
                value=None if value is None else bounds(value),
                reason=None if value is not None else reason or why,
                n=counted(known),
                entries=entries,
            ),
            sizes,
            public=public,
        )

    against = {term: len(actors) / known for term, actors in sections.items()}
    figures = [
        for_public(
            Figure(
                id="breadth.known",
                unit="share",
                value=share(known, len(attended) - known),
                reason=None if attended else "no-attendance",
                n=counted(len(attended)),
                entries=sorted({n for found in attended.values() for n in found}),
            ),
            [known, len(attended) - known] if attended else [],
            public=public,
        ),
        figure("breadth.evenness", evenness(p), "one-branch"),
        figure("breadth.diversity", 1 - sum(x * x for x in p) if p else None, "no-branches"),
        figure("breadth.dissimilarity", dissimilarity(against, q) if q and p else None, why_not),
        figure("breadth.divergence", divergence(against, q) if q and p else None, why_not),
    ]
    return Analysis(
        id="breadth", figures=figures, breakdowns=[_sections(edition, sections, attended, q, public=public)]
    )


def _branch(view: View, actor: str) -> Term | None:
    """The branch of an actor on the day."""
    subject = view.state.get(actor)
    value = None if subject is None else view.read(subject, "branch").value
    if not isinstance(value, str):
        return None
    scheme, _, term = value.partition(":")
    return Term(scheme=scheme, term=term)


def _edition(branches: Iterable[Term | None], reference: Reference) -> str:
    """The edition of the reference, or else the one that most actors are described by: editions are never mixed."""
    if reference[0]:
        return reference[0]
    schemes = [branch.scheme for branch in branches if branch is not None]
    return max(BRANCHES, key=schemes.count) if schemes else BRANCHES[0]


def _shares(reference: Reference) -> dict[str, float]:
    total = sum(count for _, count in reference[1])
    return {term: count / total for term, count in reference[1]} if total else {}


def read_reference(text: str) -> Reference:
    """A reference as it is typed: `wz-2008:C=120,G=45` are 120 of section C and 45 of section G in that edition.

    Refused: `reference-not-understood`.
    """
    edition, _, counts = text.strip().partition(":")
    found = re.findall(r"([A-Z])=([0-9]{1,9})(?:,|$)", counts)
    known = SCHEMES[edition].terms if edition in BRANCHES else {}
    if ",".join(f"{term}={count}" for term, count in found) != counts.rstrip(",") or not {t for t, _ in found} <= {
        *known
    }:
        raise refused("reference-not-understood", given=text[:80], editions=", ".join(BRANCHES))
    if len(dict(found)) < len(found) or not any(int(count) for _, count in found):
        raise refused("reference-not-understood", given=text[:80], editions=", ".join(BRANCHES))
    return edition, tuple((term, int(count)) for term, count in found)


def evenness(p: Sequence[float]) -> float | None:
    """H / ln S; none with fewer than two sections, of which nothing can be even."""
    if len(p) < 2:
        return None
    return -sum(x * log(x) for x in p) / log(len(p))


def dissimilarity(p: Mapping[str, float], q: Mapping[str, float]) -> float:
    return sum(abs(p.get(term, 0) - q.get(term, 0)) for term in {*p, *q}) / 2


def divergence(p: Mapping[str, float], q: Mapping[str, float]) -> float:
    """Half of what each tells beyond the mean of both, in bits: between 0 and 1."""
    found = 0.0
    for term in {*p, *q}:
        a, b = p.get(term, 0.0), q.get(term, 0.0)
        mean = (a + b) / 2
        found += sum(x * log2(x / mean) for x in (a, b) if x) / 2
    return max(0.0, found)


def _sections(
    edition: str,
    sections: Mapping[str, Sequence[str]],
    attended: Mapping[str, Sequence[int]],
    q: Mapping[str, float],
    *,
    public: bool,
) -> Breakdown:
    """How many of each section; and against a reference, the quotient of the two shares."""
    if not sections:
        return Breakdown(
            id="breadth.sections", unit="count", rows=[], reason="no-branches" if attended else "no-attendance"
        )
    if public and min(map(len, sections.values())) < LEAST:
        return Breakdown(id="breadth.sections", unit="count", rows=[], reason="small-cell")
    known = sum(map(len, sections.values()))
    meetings = sorted({n for actors in sections.values() for actor in actors for n in attended[actor]})
    rows = []
    for term in SCHEMES[edition].terms:
        actors = sections.get(term, ())
        if actors or q.get(term):
            figure = Figure(id="breadth.sections", unit="count", value=counted(len(actors)), n=None, entries=[])
            seen = for_public(figure, [len(actors)] if actors else [], public=public)
            rows.append(
                Row(
                    term=Term(scheme=edition, term=term),
                    value=seen.value,
                    reason=seen.reason,
                    entries=meetings if public else sorted({n for actor in actors for n in attended[actor]}),
                )
            )
    quotient = [
        Row(
            term=Term(scheme=edition, term=term),
            label="quotient",
            value=bounds(len(sections.get(term, ())) / known / share_),
            entries=[],
        )
        for term, share_ in q.items()
        if share_
    ]
    return Breakdown(id="breadth.sections", unit="count", scheme=edition, rows=[*rows, *quotient])
