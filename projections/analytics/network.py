"""Who meets whom, as a network of two modes: actors, and the meetings they attended.

Density is E / (|A| |M|); the degree of a node is divided by the size of the *other* mode (Borgatti and Everett 1997).
Networks of actors alone that are projected from it are denser and more clustered than what was observed: they are not
shown. A number of meetings that are told as one is one node.
"""

from domain.view import View
from projections.analytics.figures import Analysis, Breakdown, Figure, Reason, Row, bounds, counted, for_public
from projections.analytics.sessions import entries_of, sessions
from projections.telling import named


def network(view: View, *, public: bool) -> Analysis:
    """All meetings that were over by the view's day, and of which it is recorded who was there or may have been."""
    found = [session for session in sessions(view) if session.perhaps and session.certain(view.day)]
    sure: dict[str, int] = {}
    perhaps: dict[str, int] = {}
    came: dict[str, list[int]] = {}
    for session in found:
        for actor in session.perhaps:
            sure[actor] = sure.get(actor, 0) + (actor in session.there)
            perhaps[actor] = perhaps.get(actor, 0) + 1
            came.setdefault(actor, []).append(session.entry)
    reason: Reason | None = None if found else "no-attendance"
    entries = entries_of(found)
    certain = sum(1 for times in sure.values() if times)
    attended = [len(session.there) for session in found]
    density = None
    if found:
        least = sum(sure.values()) / (len(perhaps) * len(found))
        most = sum(perhaps.values()) / (max(certain, 1) * len(found))  # whoever only may have been there need not count
        density = bounds(least, min(1.0, most))
    figures = [
        Figure(
            id="network.density",
            unit="index",
            value=density,
            reason=reason,
            n=counted(len(found)),
            entries=entries,
        ),
        Figure(
            id="network.actors",
            unit="count",
            value=counted(certain, len(perhaps) - certain) if found else None,
            reason=reason,
            n=counted(len(found)),
            entries=entries,
        ),
    ]
    absent = sum(1 for times in sure.values() if 0 < times < len(found))
    cells = [] if reason else [certain, absent, *attended]
    return Analysis(
        id="network",
        figures=[
            for_public(figures[0], cells, public=public, n_of_actors=False),
            for_public(figures[1], cells[:1], public=public, n_of_actors=False),
        ],
        breakdowns=[
            Breakdown(
                id="network.degrees",
                unit="index",
                rows=[]
                if public
                else [
                    Row(
                        about=named(view, [actor]),
                        value=bounds(sure[actor] / len(found), perhaps[actor] / len(found)),
                        n=len(found),
                        entries=sorted(came[actor]),
                    )
                    for actor in sorted(perhaps, key=lambda each: (-perhaps[each], -sure[each], each))
                ],
                reason=reason or ("small-cell" if public else None),
            )
        ],
    )
