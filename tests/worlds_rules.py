"""The rules a second time: what is impossible (SEMANTICS 6.2), beneath what ends (6.4), and public along (8.2)."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations
from typing import Any

from domain.decisions import DecisionTaken
from domain.entry import Entry
from domain.feedback import FeedbackAnswered
from domain.findings import ClaimDisputed
from domain.meaning import Assignment
from domain.monitoring import IndicatorMeasured
from domain.plan import GoalAdopted, GoalRevised, MeasurePlanned, PlanAdopted
from domain.publication import (
    EntryCorrected,
    EntryPublished,
    EntryWithdrawn,
    PlainLanguageAdded,
    Telling,
    TextsErased,
)
from domain.scenarios import ScenarioAssessed, ScenarioChosen
from domain.structure import BodiesMerged
from tests.worlds import Days, Picture, worlds

PLACING = ("parent", "under")
"""What puts a body under another, and a goal under the one it serves."""


def contradictions(picture: Picture) -> set[tuple[str, object]]:
    """Every certain contradiction: (code, what it is about). Dates are looked at group by group, as tied by needs."""
    told, found = picture.told, set[tuple[str, object]]()
    kinds = {subject: kind for n in sorted(told, reverse=True) for subject, kind in told[n].meaning.founds}
    for n, entry in told.items():
        meaning = entry.meaning
        for use in (*meaning.uses, *meaning.ends, *meaning.names):
            if kinds.get(use.subject) not in use.kinds:
                found.add(("unknown", (n, use.subject)))
        found |= {("ends-what-it-needs", (n, s)) for s in entry.ends & (entry.founds | entry.uses)}
        placed = [a for a in meaning.assigns if a.attribute in ("parent", "level", "heir")]
        found |= {("own-parent", (n, a.subject)) for a in placed if a.value == a.subject}
        founded = [subject for subject, _ in meaning.founds]
        found |= {("founded-twice", subject) for subject in founded if founded.count(subject) > 1}
        found |= {("circle", n) for _ in [0] if n in picture.all_needs(n)}
    for subject in {s for entry in told.values() for s in entry.founds | entry.ends}:
        founding = [n for n in told if subject in told[n].founds]
        ending = [n for n in told if subject in told[n].ends or (n in founding and told[n].end is not None)]
        found |= {("founded-twice", subject) for _ in [0] if len(founding) > 1}
        found |= {("ended-twice", subject) for _ in [0] if len(ending) > 1}
    refusing = {n: entry.refusing for n, entry in told.items()}
    for group in picture.tied(refusing):
        if next(worlds(group, picture.needs), None) is None:
            found.add(("order", min(group)))
    found |= set(disagreements(picture)) | {("chosen-twice", of) for of in sets_with_two_choices(picture)}
    return found | {("parent-circle", ring) for ring in certain_rings(picture)}


def disagreements(picture: Picture) -> Iterator[tuple[str, object]]:
    """Where an entry says otherwise than what founded a subject it speaks of: the unit, the set, the outcome."""
    founding: dict[str, Any] = {subject: picture.told[n].telling.step for subject, n in picture.founders.items()}
    for n, entry in picture.told.items():
        step = entry.telling.step
        wrong: list[tuple[str, str]] = []
        if isinstance(step, IndicatorMeasured):
            wrong = [("unit-differs", step.indicator)] if _said(founding, step.indicator, "unit", step.unit) else []
        if isinstance(step, ScenarioAssessed):
            in_set = [step.scenario, *(c.criterion for c in step.cells), *(c.like for c in step.cells if c.like)]
            wrong = [("not-in-set", id_) for id_ in in_set if _said(founding, id_, "criteria_set", step.criteria_set)]
        if isinstance(step, ScenarioChosen):
            in_set = [step.scenario, *([step.replaces] if step.replaces else [])]
            wrong = [("not-in-set", id_) for id_ in in_set if _said(founding, id_, "criteria_set", step.criteria_set)]
            wrong += [("decision-not-adopted", step.decision)] * _said(founding, step.decision, "outcome", "adopted")
        if isinstance(step, GoalAdopted | GoalRevised | MeasurePlanned | PlanAdopted) and step.decision is not None:
            ending = getattr(step, "how", "revised") != "revised"
            rejected = not ending and _said(founding, step.decision, "outcome", "adopted")
            wrong = [("decision-not-adopted", step.decision)] * rejected
        yield from ((code, (n, subject)) for code, subject in wrong)


def _said(founding: Mapping[str, Any], subject: str, field: str, value: str) -> bool:
    """Whether what founded a subject says something else than this."""
    return subject in founding and getattr(founding[subject], field) != value


def sets_with_two_choices(picture: Picture) -> set[str]:
    """The sets in which more than one choice was made that no other took the place of."""
    steps = [told.telling.step for told in picture.told.values()]
    choices = [step for step in steps if isinstance(step, ScenarioChosen)]
    replaced = {choice.replaces for choice in choices}
    sets = [choice.criteria_set for choice in choices if choice.choice not in replaced]
    return {of for of in sets if sets.count(of) > 1}


def certain_rings(picture: Picture) -> set[frozenset[int]]:
    """Rings of placements that all certainly hold on a common day, each as the entries that place."""
    placing = {n for n, entry in picture.told.items() if any(a.attribute in PLACING for a in entry.meaning.assigns)}
    groups = picture.tied({n: entry.refusing for n, entry in picture.told.items()})
    rooms = picture.rooms_within({n: days for group in groups if placing & group.keys() for n, days in group.items()})
    holding: dict[str, list[tuple[range, int, str]]] = {}
    for n in placing:
        for assignment in picture.told[n].meaning.assigns:
            if assignment.attribute in PLACING and assignment.value is not None:
                held = range(rooms[n][1], _replaced(picture, rooms, n, assignment))
                holding.setdefault(assignment.subject, []).append((held, n, assignment.value))
    found = set()
    for day in {rooms[n][1] for n in placing}:
        above = {body: (n, up) for body, spells in holding.items() for held, n, up in spells if day in held}
        for body in above:
            path = [body]
            while path[-1] in above and above[path[-1]][1] not in path:
                path.append(above[path[-1]][1])
            if path[-1] in above and above[path[-1]][1] == body:
                found.add(frozenset(above[b][0] for b in path))
    return found


def _replaced(picture: Picture, rooms: Mapping[int, Days], number: int, placed: Assignment) -> int:
    """The first day on which another placement or an end, not surely before, can have replaced a placement."""
    subject = placed.subject
    if subject in picture.told[number].ends:
        return 0
    return min(
        (
            rooms[n][0]
            for n, entry in picture.told.items()
            if n != number
            and n in rooms
            and n not in picture.all_needs(number)
            and not rooms[n][1] < rooms[number][0]
            and (
                subject in entry.ends
                or (subject in entry.founds and entry.end is not None)
                or any((a.subject, a.attribute) == (subject, placed.attribute) for a in entry.meaning.assigns)
            )
        ),
        default=10**7,
    )


def homeless(picture: Picture, ending: int) -> dict[str, bool]:
    """What may stand on or under what an entry ends, and is told no destination (6.4).

    True: on or under one of the places it stands in every world and every order within a day.
    """
    told = picture.told[ending]
    step = told.telling.step
    if isinstance(step, BodiesMerged):
        return {}
    gone = told.ends | {destination.subject for destination in getattr(step, "destinations", ())}
    found: dict[str, bool] = {}
    for n in picture.told:
        for a in picture.told[n].meaning.assigns:
            if n != ending and a.attribute in ("parent", "level") and a.value in told.ends and a.subject not in gone:
                stands = _stands(picture, ending, a)
                if True in stands:
                    found[a.subject] = found.get(a.subject, False) or False not in stands
    return found


def _stands(picture: Picture, ending: int, placed: Assignment) -> set[bool]:
    placing = picture.assigning(placed.subject, placed.attribute)
    over = {n for n, told in picture.told.items() if placed.subject in told.ends}
    events = [ending, *sorted((placing.keys() | over) - {ending})]
    refusing = {n: told.refusing for n, told in picture.told.items()}
    (group,) = (group for group in picture.tied(refusing) if ending in group)
    found = set()
    for days in {tuple(world[n] for n in events) for world in worlds(group, picture.needs)}:
        day = dict(zip(events, days, strict=True))
        for order in permutations(events):
            if any(day[b] < day[a] or b in picture.all_needs(a) for a, b in combinations(order, 2)):
                continue
            before = order[: order.index(ending)]
            last = [n for n in before if n in placing][-1:]
            found.add(bool(last) and placing[last[0]] == placed.value and not over.intersection(before))
    return found


def named(entries: Sequence[Entry], entry: Entry) -> Iterator[set[int]]:
    """What the facts of an entry name, each as the entries of which at least one must be public with it."""
    step = entry.statement.step
    tellings_of_it: list[Telling] = [entry.statement]
    if isinstance(step, EntryPublished):
        yield from ({number} for number in step.targets if isinstance(number, int))
        return
    if isinstance(step, EntryCorrected | EntryWithdrawn | PlainLanguageAdded | TextsErased):
        yield {number for number in [step.target] if isinstance(number, int)}
    if isinstance(step, EntryCorrected):
        tellings_of_it.append(step.corrected)
    for telling in tellings_of_it:
        yield from ({number} for number in _spoken_of(telling) if isinstance(number, int))
        meaning = telling.meaning()
        for subject in {use.subject for use in (*meaning.uses, *meaning.ends, *meaning.names)}:
            yield {e.number for e in entries if subject in {s for s, _ in e.statement.meaning().founds}}


def _spoken_of(telling: Telling) -> Iterator[int | str | None]:
    """The entries that a telling names by number, other than as its causes; also inside another account."""
    yield from telling.occurred.after if telling.occurred else ()
    match telling.step:
        case FeedbackAnswered(feedback=feedback):
            yield feedback
        case DecisionTaken(settles=settles):
            yield from settles
        case ClaimDisputed(claim=claim, against=against, account=account):
            yield from (claim, against)
            yield from _spoken_of(account) if account else ()
