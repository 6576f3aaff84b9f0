"""Generated histories of a process, admitted or just heaped up.

They play within a few days of March 2018, so that dates meet, overlap and contradict each other often; they are
recorded late and out of order, corrected, withdrawn, restored and published in part. Each keeps to one area of the
process or two, so that its few entries have to do with each other.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import product
from typing import Any, TypeVar

from hypothesis import strategies as st

from domain.errors import Refused
from domain.findings import ClaimDisputed
from domain.meaning import PROCESS
from domain.publication import EntryPublished, Statement, Telling
from domain.publishing import needed
from domain.replay import Effective
from domain.when import When
from tests.office import (
    Office,
    absorbed,
    actor,
    alliance,
    changed,
    corrected,
    decided,
    dropped,
    ended,
    erasing,
    lab,
    level,
    merged,
    moved,
    noon,
    opened,
    ordinal,
    plainly,
    published,
    role,
    role_ended,
    split_up,
    spun_off,
    tell,
    withdrawn,
)

T = TypeVar("T")

POOL = {
    "body": ("a", "b", "c", "d"),
    "level": ("y", "z"),
    "role": ("r", "s"),
    "actor": ("x",),
    "decision": ("e", "g", "h"),
    "phase": ("f",),
    "meeting": ("meeting-1", "meeting-2", "meeting-3"),
    "assessment": ("assessment-1",),
    "criteria-set": ("set-1", "set-2"),
    "criterion": ("criterion-1", "criterion-2", "criterion-3"),
    "scenario": ("scenario-1", "scenario-2", "scenario-3"),
    "choice": ("choice-1", "choice-2", "choice-3"),
    "goal": ("goal-1", "goal-2", "goal-3"),
    "measure": ("measure-1", "measure-2"),
    "plan": ("plan-1", "plan-2", "plan-3"),
    "commitment": ("commitment-1", "commitment-2"),
    "indicator": ("indicator-1", "indicator-2"),
}
CRITERIA = {"set-1": ("criterion-1", "criterion-2"), "set-2": ("criterion-3",)}
UNITS = ("%", "t/a")
OPEN = ("question-left-open", "decision-deferred")
"""The types of entry that a decision can settle."""
CALENDAR = tuple(f"2018-03-{day:02}" for day in range(1, 9))
FIRST, LAST = ordinal("2018-02-27"), ordinal("2018-03-16")
"""Days on which views are read: from before everything to after the last recording."""

_PAIRS = [sorted(pair) for pair in product(CALENDAR, CALENDAR)]
_WITHIN = [f"[{first}..{last}]" for first, last in _PAIRS]
_DURING = [f"{first}/{last}" for first, last in _PAIRS]
_FIRM: tuple[Sequence[str | None], ...] = (
    *[CALENDAR] * 3,
    *[_WITHIN] * 2,
    [f"[{day}..]" for day in CALENDAR],
    [f"[..{day}]" for day in CALENDAR],
    ["2018-03", "2018-02", "2018", "2017", "2018-21"],
    [None],
)
MOMENTS = (*_FIRM, *_FIRM, ["2018-03~", "2018-02~", "2018-03-03?", "2018-03-06~"])
LASTING = (
    *[_DURING] * 2,
    [f"2018-02/{day}" for day in CALENDAR],
    [f"{day}/2018-03" for day in CALENDAR],
    ["2017/2018-02", "2018-03-02/..", "2018-02/2018-05", "2018-03-02~/2018-03-05"],
)
"""Dates by their form: each form is as frequent as another, however many dates have it."""

PLANNED = ("2019", "2018/2019", "[2018..2019]", "von 2018 bis 2019", "Ende 2019", "bis März 2019")
"""Dates among the facts: they order nothing, and are stored in the notation whatever words they were told in."""


class Draw:
    """The choices that make a history, one by one: Hypothesis keeps each of them, and makes a counter-example small."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def number(self, least: int, most: int) -> int:
        return self.draw(_numbers(least, most)) if least < most else least

    def either(self) -> bool:
        return self.number(0, 1) == 1

    def of(self, options: Sequence[T]) -> T:
        return options[self.number(0, len(options) - 1)]

    def some(self, options: Sequence[T], most: int) -> list[T]:
        """One of the options or more, each once."""
        left = [*options]
        return [left.pop(self.number(0, len(left) - 1)) for _ in range(self.number(1, min(most, len(left))))]


class Seeded(Draw):
    """The same by one seed: for where no counter-example is shown to anybody, since to keep the choices costs most."""

    def __init__(self, draw: st.DrawFn) -> None:
        super().__init__(draw)
        self.chance = draw(st.randoms(use_true_random=True))

    def number(self, least: int, most: int) -> int:
        return self.chance.randint(least, most)


@cache
def _numbers(least: int, most: int) -> st.SearchStrategy[int]:
    """Made once: to make a strategy anew for every choice costs more than the choice."""
    return st.integers(least, most)


class Known:
    """What a log holds that a new statement can speak of. Now and then it is disregarded, to provoke refusals."""

    def __init__(self, log: Effective) -> None:
        self.log = log
        graph = log.graph
        self.kinds = {subject: graph.kind(subject) for subject in graph.founders}
        self.told = [n for n in graph.forms if n > 1]
        self.numbers = [entry.number for entry in log.entries[1:]]

    def fresh(self, draw: Draw, kind: str) -> str:
        free = [id_ for id_ in POOL[kind] if not self.log.founded_by.get(id_)]
        return draw.of(free if free and _mostly(draw) else POOL[kind])

    def of(self, kinds: Sequence[str], but: str | None = None) -> list[str]:
        """What is there of some kinds; what has not ended comes first."""
        ended = self.log.graph.enders
        known = [id_ for id_, kind in self.kinds.items() if kind in kinds and id_ != but]
        return [id_ for id_ in known if id_ not in ended] or known

    def there(self, draw: Draw, *kinds: str, but: str | None = None) -> str:
        anything = [id_ for kind in kinds for id_ in POOL[kind]]
        return draw.of(self.of(kinds, but) if self.of(kinds, but) and _mostly(draw) else anything)

    def perhaps(self, draw: Draw, *kinds: str, but: str | None = None) -> str | None:
        if not self.of(kinds, but) or draw.number(0, 3) == 0:
            return None
        return self.there(draw, *kinds, but=but)

    def another(self, draw: Draw, kind: str, than: str) -> str | None:
        """Perhaps another one of a kind, never the one itself."""
        found = self.perhaps(draw, kind, but=than)
        return None if found == than else found

    def has(self, what: str) -> bool:
        """Whether there is something of a kind, an id for a new one, an open question, or anything at all."""
        match what.split():
            case ["new", kind]:
                return not all(self.log.founded_by.get(id_) for id_ in POOL[kind])
            case ["question"]:
                return bool(self.told_as(*OPEN))
            case ["anything"]:
                return bool(self.told)
        return bool(self.of([what]))

    def stated(self, subject: str) -> Any:
        """The step that founds a subject, or none; its fields say what others have to agree with."""
        founder = self.log.graph.founder(subject)
        return None if founder is None else self.log.graph.forms[founder].telling.step

    def told_as(self, *types: str) -> list[int]:
        """The entries in force of some types."""
        return [n for n in self.told if self.log.graph.forms[n].telling.step.type in types]

    def beneath(self, place: str) -> list[str]:
        graph = self.log.graph
        found = {
            assignment.subject
            for n in graph.users.get(place, ())
            for assignment in graph.forms[n].meaning.assigns
            if assignment.value == place and assignment.attribute in ("parent", "level")
        }
        return sorted(found)


def _mostly(draw: Draw) -> bool:
    return draw.number(0, 11) > 0


def _destinations(draw: Draw, known: Known, place: str) -> dict[str, str]:
    found = {}
    for subject in known.beneath(place):
        if _mostly(draw):
            to = draw.of(["dissolved", "left", "unrecorded", "placed", "placed"])
            found[subject] = (known.perhaps(draw, "body", but=subject) or PROCESS) if to == "placed" else to
    return found


def _founding(draw: Draw, known: Known) -> Statement:
    under, on = known.perhaps(draw, "body", "level"), known.perhaps(draw, "level")
    return draw.of([alliance, lab])(known.fresh(draw, "body"), under=under, on=on)


def _moving(draw: Draw, known: Known) -> Statement:
    body = known.there(draw, "body")
    on = known.perhaps(draw, "level") if draw.either() else None
    return moved(body, to=known.perhaps(draw, "body", "level", but=body) or PROCESS, on=on)


def _changing(draw: Draw, known: Known) -> Statement:
    change = draw.of([{"name": "N"}, {"status": "paused"}, {"status": "active"}, {"project_of": "x"}])
    return changed(known.there(draw, "body"), change=change)


def _ending(draw: Draw, known: Known) -> Statement:
    body = known.there(draw, "body")
    return draw.of([ended, ended, spun_off])(body, where=_destinations(draw, known, body))


def _dropping(draw: Draw, known: Known) -> Statement:
    name = known.there(draw, "level")
    return dropped(name, where=_destinations(draw, known, name))


def _merging(draw: Draw, known: Known) -> Statement:
    one = known.there(draw, "body")
    other = known.there(draw, "body", but=one)
    if one == other or draw.either():
        return absorbed(one, by=other)
    return merged(one, other, into=known.fresh(draw, "body"), under=known.perhaps(draw, "body"))


def _splitting(draw: Draw, known: Known) -> Statement:
    body = known.there(draw, "body")
    parts = {known.fresh(draw, "body"): known.perhaps(draw, "body"), draw.of("cd"): None}
    if len(parts) < 2:
        return ended(body, where=_destinations(draw, known, body))
    return split_up(body, into=parts, where=_destinations(draw, known, body))


def _speaking(draw: Draw, known: Known) -> Statement:
    heard = known.told_as("feedback-received")
    if draw.either() and heard:
        step = {"type": "feedback-answered", "feedback": draw.of(heard), "outcome": "noted"}
        return tell({**step, "answer": "Danke"})
    about = [known.there(draw, "body", "level")]
    return tell({"type": "feedback-received", "kind": "wish", "what": "Wunsch", "about": about})


def _role(draw: Draw, known: Known) -> Statement:
    return role(known.fresh(draw, "role"), within=known.perhaps(draw, "body"))


def _phase(draw: Draw, known: Known) -> Statement:
    return tell({"type": "phase-begun", "phase": known.fresh(draw, "phase"), "name": "P"})


# ---- meetings and commitments ---------------------------------------------------------------------------------------


def _announcing(draw: Draw, known: Known) -> Statement:
    step = {"type": "meeting-planned", "meeting": known.fresh(draw, "meeting"), "title": "T", "begins": "2018-04-01"}
    return tell({**step, "bodies": _perhaps_one(known.perhaps(draw, "body")), "hosts": ["x"], "place": "O"})


def _rearranging(draw: Draw, known: Known) -> Statement:
    how = draw.of(["rescheduled", "postponed", "amended", "cancelled"])
    begins = "2018-05-01T10:00" if how == "rescheduled" else None
    step = {"type": "meeting-changed", "meeting": known.there(draw, "meeting"), "how": how, "begins": begins}
    return tell({**step, "note": "N", "place": draw.of(["O", None])})


def _meeting(draw: Draw, known: Known) -> Statement:
    announced = draw.number(0, 2) > 0
    name = known.there(draw, "meeting") if announced else known.fresh(draw, "meeting")
    attended = {"actors": _perhaps_one(known.perhaps(draw, "actor")), "persons": 7}
    return tell({"type": "meeting-held", "meeting": name, "planned": announced, "title": "T", "attended": attended})


def _promising(draw: Draw, known: Known) -> Statement:
    step = {"type": "commitment-made", "commitment": known.fresh(draw, "commitment"), "kind": "promise", "text": "V"}
    return tell(
        {**step, "due": draw.of(PLANNED), "by": ["x"], "about": _perhaps_one(known.perhaps(draw, "meeting", "body"))}
    )


def _settling(draw: Draw, known: Known) -> Statement:
    commitment = known.there(draw, "commitment")
    becomes = known.another(draw, "commitment", commitment)
    step = {"type": "commitment-settled", "commitment": commitment}
    return tell({**step, "outcome": "changed" if becomes else draw.of(["kept", "broken"]), "becomes": becomes})


def _perhaps_one(subject: str | None) -> list[str]:
    return [] if subject is None else [subject]


# ---- scenarios ------------------------------------------------------------------------------------------------------


def _criteria(of: str) -> list[dict[str, str]]:
    return [{"criterion": criterion, "name": "K"} for criterion in CRITERIA[of]]


def _laying_down(draw: Draw, known: Known) -> Statement:
    name = known.fresh(draw, "criteria-set")
    return tell({"type": "criteria-set", "criteria_set": name, "name": "S", "criteria": _criteria(name)})


def _drafting(draw: Draw, known: Known) -> Statement:
    of = known.there(draw, "criteria-set")
    return tell(
        {"type": "scenario-drafted", "scenario": known.fresh(draw, "scenario"), "criteria_set": of, "name": "Z"}
    )


def _deciding(draw: Draw, known: Known) -> Statement:
    outcome = draw.of(["adopted", "rejected"])
    return tell({"type": "decision-taken", "decision": known.fresh(draw, "decision"), "text": "B", "outcome": outcome})


def _set_of(draw: Draw, known: Known, scenario: str) -> str:
    """The set that a scenario is in, or now and then another one."""
    drafted = known.stated(scenario)
    return drafted.criteria_set if drafted and draw.number(0, 5) else draw.of(POOL["criteria-set"])


def _assessing(draw: Draw, known: Known) -> Statement:
    scenario = known.there(draw, "scenario")
    of = _set_of(draw, known, scenario)
    criteria = CRITERIA[of] if draw.number(0, 4) else POOL["criterion"]
    likes = [
        id_ for id_ in known.of(["scenario"], but=scenario) if known.stated(id_).criteria_set == of or not _mostly(draw)
    ]
    like = draw.of([None, *likes])
    some = draw.some(criteria, 2)
    cells = [{"criterion": criterion, "state": "stated", "says": "W", "like": like} for criterion in some]
    return tell({"type": "scenario-assessed", "scenario": scenario, "criteria_set": of, "cells": cells})


def _choosing(draw: Draw, known: Known) -> Statement:
    scenario = known.there(draw, "scenario")
    of = _set_of(draw, known, scenario)
    holding = [id_ for id_ in known.of(["choice"]) if known.stated(id_).criteria_set == of]
    replaces = draw.of(holding) if draw.either() and holding else None
    adopted = [id_ for id_ in known.of(["decision"]) if known.stated(id_).outcome == "adopted"]
    decision = draw.of(adopted) if draw.number(0, 2) and adopted else known.there(draw, "decision")
    step = {"type": "scenario-chosen", "choice": known.fresh(draw, "choice"), "scenario": scenario, "criteria_set": of}
    return tell({**step, "decision": decision, "replaces": replaces})


def _rejecting(draw: Draw, known: Known) -> Statement:
    decision = known.perhaps(draw, "decision")
    return tell({"type": "scenario-rejected", "scenario": known.there(draw, "scenario"), "decision": decision})


# ---- the plan and its indicators ------------------------------------------------------------------------------------


def _aiming(draw: Draw, known: Known) -> Statement:
    step = {"type": "goal-adopted", "goal": known.fresh(draw, "goal"), "kind": "leitziel", "text": "Z"}
    under, on, by = (
        known.another(draw, "goal", step["goal"]),
        known.perhaps(draw, "level"),
        known.perhaps(draw, "decision"),
    )
    return tell({**step, "under": under, "level": on, "decision": by})


def _revising(draw: Draw, known: Known) -> Statement:
    goal = known.there(draw, "goal")
    how = draw.of(["revised", "revised", "achieved", "given-up"])
    under = known.another(draw, "goal", goal)
    text = "Z" if how == "revised" and under is None else None
    return tell({"type": "goal-revised", "goal": goal, "how": how, "under": under, "text": text})


def _planning(draw: Draw, known: Known) -> Statement:
    step = {"type": "measure-planned", "measure": known.fresh(draw, "measure"), "name": "M", "begins": draw.of(PLANNED)}
    return tell({**step, "goals": _perhaps_one(known.perhaps(draw, "goal"))})


def _reporting(draw: Draw, known: Known) -> Statement:
    status = draw.of(["started", "in-progress", "completed", "abandoned"])
    return tell({"type": "measure-reported", "measure": known.there(draw, "measure"), "status": status})


def _adopting(draw: Draw, known: Known) -> Statement:
    plan = known.fresh(draw, "plan")
    parts = {f"{kind}s": _perhaps_one(known.perhaps(draw, kind)) for kind in ("goal", "measure", "indicator")}
    replaces = known.perhaps(draw, "plan", but=plan)
    return tell({"type": "plan-adopted", "plan": plan, "name": "P", "replaces": replaces, **parts})


def _defining(draw: Draw, known: Known) -> Statement:
    step = {
        "type": "indicator-defined",
        "indicator": known.fresh(draw, "indicator"),
        "unit": draw.of(UNITS),
    }
    told = {"name": "I", "definition": "D", "data_source": "Q", "goal": known.perhaps(draw, "goal")}
    return tell({**step, **told, "continues": known.another(draw, "indicator", step["indicator"])})


def _selecting(draw: Draw, known: Known) -> Statement:
    return tell({"type": "indicator-selected", "indicators": [known.there(draw, "indicator")]})


def _dropping_one(draw: Draw, known: Known) -> Statement:
    return tell({"type": "indicator-dropped", "indicator": known.there(draw, "indicator")})


def _measuring(draw: Draw, known: Known) -> Statement:
    indicator = known.there(draw, "indicator")
    defined = known.stated(indicator)
    unit = defined.unit if defined and draw.number(0, 4) else draw.of(UNITS)
    step = {"type": "indicator-measured", "indicator": indicator, "value": "1.5", "unit": unit}
    return tell({**step, "period": draw.of(PLANNED)})


# ---- findings, questions and disputes -------------------------------------------------------------------------------


def _looking_into(draw: Draw, known: Known) -> Statement:
    step = {"type": "assessment-conducted", "assessment": known.fresh(draw, "assessment"), "title": "U"}
    return tell({**step, "methods": ["survey"], "by": ["x"], "about": _perhaps_one(known.perhaps(draw, "body"))})


def _finding(draw: Draw, known: Known) -> Statement:
    step = {"type": "finding-recorded", "kind": "lesson", "what": "W", "about": [known.there(draw, "body", "decision")]}
    return tell({**step, "assessment": known.perhaps(draw, "assessment")})


def _rating(draw: Draw, known: Known) -> Statement:
    step = {"type": "participation-rated", "observed": "W", "about": [known.there(draw, "body", "decision")]}
    return tell({**step, "degree": {"scheme": "wright9", "term": "4"}, "group": ["x"]})


def _leaving_open(draw: Draw, known: Known) -> Statement:
    type_ = draw.of(["question-left-open", "question-left-open", "decision-deferred"])
    if draw.number(0, 2) == 0:
        return tell({"type": "preference-stated", "preference": "V", "by": ["x"]})
    return tell({"type": type_, "question": "F", "about": _perhaps_one(known.perhaps(draw, "body"))})


def _answering(draw: Draw, known: Known) -> Statement:
    open_ = known.told_as(*OPEN)
    named = draw.some(open_ if _mostly(draw) else known.told, 2)
    decision = known.fresh(draw, "decision")
    step = {"type": "decision-taken", "decision": decision, "text": "B", "settles": named}
    earlier = draw.of(["replaces", "confirms"])
    return tell({**step, earlier: known.another(draw, "decision", decision)})


def _disputing(draw: Draw, known: Known) -> Statement:
    claim = draw.of(known.told)
    step = {"type": "claim-disputed", "claim": claim, "topic": "T", "how": "contradicts"}
    telling = known.log.graph.forms[claim].telling
    others = [n for n in known.told if n != claim]
    if isinstance(telling.step, ClaimDisputed) or (others and draw.number(0, 2) == 0):
        return tell({**step, "against": draw.of(others or known.told)})
    fields = {name: getattr(telling, name) for name in Telling.model_fields}
    otherwise = _otherwise(draw, known, telling) | _circumstances(draw, known, telling, tied=2)
    return tell({**step, "account": Telling(**fields).model_copy(update=otherwise)})


Make = Callable[[Draw, Known], Statement]

AREAS: dict[str, tuple[tuple[int, tuple[str, ...], Make], ...]] = {
    "structure": (
        (5, ("new body",), _founding),
        (2, ("new level",), lambda draw, known: level(known.fresh(draw, "level"), above=known.perhaps(draw, "level"))),
        (1, ("new decision",), lambda draw, known: decided(known.fresh(draw, "decision"))),
        (1, ("new phase",), _phase),
        (8, ("body",), _moving),
        (3, ("body",), _changing),
        (5, ("body",), _ending),
        (4, ("body",), _merging),
        (2, ("body",), _splitting),
        (1, ("body",), _speaking),
        (3, ("level",), _dropping),
        (3, ("new role",), _role),
        (3, ("role",), lambda draw, known: role_ended(known.there(draw, "role"))),
    ),
    "meetings": (
        (1, ("new body",), _founding),
        (4, ("new meeting",), _announcing),
        (2, ("new meeting",), _meeting),
        (5, ("meeting",), _rearranging),
        (3, ("meeting",), _meeting),
    ),
    "commitments": ((3, ("new commitment",), _promising), (5, ("commitment",), _settling)),
    "scenarios": (
        (4, ("new criteria-set",), _laying_down),
        (4, ("new decision",), _deciding),
        (6, ("criteria-set", "new scenario"), _drafting),
        (6, ("scenario",), _assessing),
        (12, ("scenario", "decision", "new choice"), _choosing),
        (5, ("scenario",), _rejecting),
    ),
    "plan": (
        (4, ("new goal",), _aiming),
        (3, ("new measure",), _planning),
        (3, ("goal", "new plan"), _adopting),
        (1, ("new decision",), _deciding),
        (5, ("goal",), _revising),
        (5, ("measure",), _reporting),
    ),
    "monitoring": (
        (4, ("new indicator",), _defining),
        (3, ("indicator",), _selecting),
        (2, ("indicator",), _dropping_one),
        (7, ("indicator",), _measuring),
    ),
    "findings": (
        (3, ("new body",), _founding),
        (3, ("new assessment",), _looking_into),
        (4, (), _leaving_open),
        (3, ("body",), _finding),
        (4, ("body",), _rating),
        (4, ("body",), _speaking),
        (5, ("question", "new decision"), _answering),
        (5, ("anything",), _disputing),
    ),
}
"""What can be told, by area: how often, what has to be there for it, and the statement."""

BEGINNINGS: dict[str, tuple[Statement, ...]] = {
    "meetings": (tell({"type": "meeting-planned", "meeting": "meeting-1", "title": "T", "begins": "2018-04-01"}),),
    "commitments": (tell({"type": "commitment-made", "commitment": "commitment-1", "kind": "promise", "text": "V"}),),
    "scenarios": (
        tell({"type": "criteria-set", "criteria_set": "set-1", "name": "S", "criteria": _criteria("set-1")}),
        tell({"type": "scenario-drafted", "scenario": "scenario-1", "criteria_set": "set-1", "name": "Z"}),
        tell({"type": "scenario-drafted", "scenario": "scenario-2", "criteria_set": "set-1", "name": "Z"}),
        decided("e"),
        tell({"type": "decision-taken", "decision": "h", "text": "B", "outcome": "rejected"}),
    ),
    "plan": (
        tell({"type": "goal-adopted", "goal": "goal-1", "kind": "leitziel", "text": "Z"}),
        tell({"type": "measure-planned", "measure": "measure-1", "name": "M"}),
    ),
    "monitoring": (
        tell(
            {
                "type": "indicator-defined",
                "indicator": "indicator-1",
                "unit": "%",
                "name": "I",
                "definition": "D",
                "data_source": "Q",
            }
        ),
    ),
    "findings": (alliance("a"), tell({"type": "question-left-open", "question": "F"})),
}
"""What an area may begin with, so that a short history gets further."""

STRUCTURE = (*[("structure",)] * 5, tuple(AREAS))
EVERYTHING = (
    *[("structure",)] * 6,
    *[("scenarios",)] * 3,
    *[("plan",), ("monitoring",), ("plan", "monitoring")],
    *[("meetings",), ("meetings", "commitments"), ("commitments", "findings")],
    *[("findings",), ("findings", "structure"), tuple(AREAS)],
)
"""The areas that a history can keep to."""


def _told(draw: Draw, known: Known, areas: Sequence[str]) -> Statement:
    told = [row for area in areas for row in AREAS[area]]
    makes = [make for often, kinds, make in told if all(map(known.has, kinds)) for _ in range(often)]
    statement = draw.of(makes)(draw, known)
    return statement.model_copy(update=_circumstances(draw, known, statement))


def _circumstances(draw: Draw, known: Known, telling: Telling, *, tied: int = 6) -> dict[str, Any]:
    """When and why it happened; one in so many is `tied` to an entry that it did not precede."""
    lasting = telling.step.lasting and draw.either()
    edtf = draw.of(draw.of(LASTING if lasting else MOMENTS))
    after = (draw.of(known.told),) if known.told and draw.number(1, tied) == 1 else ()
    because = (draw.of(known.told),) if known.told and draw.number(0, 7) == 0 else ()
    return {
        "occurred": When(edtf=edtf, basis="unknown" if edtf is None else "stated", after=after),
        "because": because,
    }


def _otherwise(draw: Draw, known: Known, telling: Telling) -> dict[str, Any]:
    """The same telling in other words: changed is what it says, or when and why it happened, or both."""
    step = _changed(draw, known, telling)
    changes = {"step": telling.step.model_copy(update=step)} if step else {}
    if not changes or draw.either():
        changes |= _circumstances(draw, known, telling)
    return changes


def _changed(draw: Draw, known: Known, telling: Telling) -> dict[str, Any]:
    """The fields of a step that a correction changes: those that other entries have to agree with."""
    step = telling.step
    match step.type:
        case "indicator-defined" | "indicator-measured":
            return {"unit": draw.of(UNITS)}
        case "scenario-drafted":
            return {"criteria_set": known.there(draw, "criteria-set")}
        case "scenario-assessed" | "scenario-chosen" if draw.either():
            scenario = known.there(draw, "scenario")
            cells = [cell.model_copy(update={"like": None}) for cell in getattr(step, "cells", ())]
            changes = {"scenario": scenario, "criteria_set": _set_of(draw, known, scenario)}
            return changes | ({"cells": tuple(cells)} if cells else {})
        case "scenario-chosen":
            return {"replaces": known.perhaps(draw, "choice", but=getattr(step, "choice", None))}
        case "decision-taken" if draw.either() and known.has("question"):
            return {"settles": (draw.of(known.told_as(*OPEN)),)}
        case "decision-taken":
            return {"outcome": draw.of(["adopted", "rejected"])}
        case "plan-adopted":
            return {"replaces": known.perhaps(draw, "plan", but=getattr(step, "plan", None))}
    if getattr(step, "absorbed_by", None) is None and "parent" in type(step).model_fields:
        placed = step.meaning().assigns[0].subject
        return {"parent": known.perhaps(draw, "body", "level", but=placed) or PROCESS}
    return {}


def _correction(draw: Draw, known: Known) -> Statement:
    number = draw.of(known.told)
    telling = known.log.graph.forms[number].telling
    seen = max(known.log.corrections_of(number), default=None)
    return corrected(number, telling.model_copy(update=_otherwise(draw, known, telling)), seen=seen)


def _withdrawal(draw: Draw, known: Known, now: datetime) -> Statement:
    announced = [n for n in known.numbers if (since := known.log.public_from(n)) is not None and since > now]
    coming = [n for n in announced if isinstance(known.log.by_number[n].statement.step, EntryPublished)]
    return withdrawn(draw.of(coming if draw.either() and coming else known.numbers))


def _publication(draw: Draw, known: Known, now: datetime) -> Statement:
    later = draw.of([None, None, None, 1, 2])
    not_before = None if later is None else now + timedelta(days=later)
    at = not_before or now
    hidden = [n for n in [1, *known.numbers] if not known.log.public(n, at)]
    hidden = [n for n in hidden if not isinstance(known.log.by_number[n].statement.step, EntryPublished)]
    targets = draw.some(hidden or known.numbers, 3)
    if _mostly(draw):
        targets += needed(known.log, targets, at)
    return published(*targets, not_before=not_before)


ABOUT = (*["told"] * 7, *["corrected"] * 2, "withdrawn", *["published"] * 2)
PUBLISHING = (*["told"] * 3, *["corrected"] * 3, *["withdrawn"] * 2, *["published"] * 4, "plain", "erased")
"""How often an entry is about the process, and how often about another entry."""


def _statement(draw: Draw, office: Office, about: tuple[str, ...]) -> Statement:
    known = Known(office.log)
    match draw.of(about) if about and len(known.told) > 2 else "told":
        case "corrected":
            return _correction(draw, known)
        case "withdrawn":
            return _withdrawal(draw, known, office.now)
        case "published":
            return _publication(draw, known, office.now)
        case "plain":
            return plainly(draw.of(known.told))
        case "erased":
            return erasing(draw.of(known.numbers))
        case _:
            return _told(draw, known, office.areas)


def _started(draw: Draw, areas: Sequence[tuple[str, ...]]) -> Office:
    office = Office("2018-03-06")
    office.areas = draw.of(areas)
    office.record(opened("2018"), actor("x"))
    for area in office.areas:
        if area in BEGINNINGS and draw.number(0, 3):
            early = When(edtf=draw.of(["2018-02", "2018-02-20", "2018-02-28", "2018-03-02"]))
            office.record(*(statement.model_copy(update={"occurred": early}) for statement in BEGINNINGS[area]))
    return office


@st.composite
def histories(
    draw: st.DrawFn,
    *,
    about: tuple[str, ...] = ABOUT,
    most: int = 14,
    areas: Sequence[tuple[str, ...]] = EVERYTHING,
) -> Office:
    """A history that was admitted; what was refused is not in it. Without `about`: no entries about entries."""
    drawn = Draw(draw)
    office = _started(drawn, areas)
    for _ in range(drawn.number(4, most)):
        office.now += timedelta(hours=drawn.of([0, 0, 9, 24, 40]))
        batch = [_statement(drawn, office, about) for _ in range(drawn.of([1, 1, 1, 2]))]
        try:
            office.record(*batch)
        except Refused:
            continue
        if office.now > noon("2018-03-14"):
            break
    return office


@st.composite
def heaps(
    draw: st.DrawFn,
    *,
    about: tuple[str, ...] = ABOUT,
    most: int = 9,
    areas: Sequence[tuple[str, ...]] = EVERYTHING,
) -> Office:
    """Entries as they come, whatever the rules say: contradictions of every kind. Only references look back."""
    drawn = Draw(draw)
    office = _started(drawn, areas)
    for _ in range(drawn.number(2, most)):
        office.now += timedelta(hours=drawn.of([0, 0, 24]))
        statement = _statement(drawn, office, about)
        if not _in_future(office, statement):  # no entry is ever recorded with a date in the future (1.3)
            office.heap(statement)
    return office


def _in_future(office: Office, telling: Telling) -> bool:
    occurred = getattr(telling.step, "corrected", telling).occurred
    return occurred is not None and occurred.in_future(office.log.day(office.now))


@st.composite
def next_statements(draw: st.DrawFn, office: Office, *, about: tuple[str, ...] = ABOUT) -> Statement:
    """One more statement about the same things."""
    return _statement(Draw(draw), office, about)


def days() -> Iterator[int]:
    """Every day that a view of a generated history is read on."""
    return iter(range(FIRST, LAST + 1))
