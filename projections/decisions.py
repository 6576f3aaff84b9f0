"""The register of decisions: who decided what, how, with which numbers, and what became of it."""

from collections import Counter
from datetime import date
from typing import Literal

from pydantic import Field

from domain.decisions import MOST_RESISTANCE, Consensing, DecisionTaken, Vote
from domain.replay import Form
from domain.view import View, once
from projections.telling import FromEntry, Named, Shown, from_entry, named, told

Review = Literal["due", "ahead", "done"]


class Counted(Shown):
    """A vote with what follows from its numbers."""

    yes: int
    no: int
    abstained: int
    entitled: int | None
    rule: str
    carried: bool = Field(description="computed: whether the numbers make the majority that was asked for")


class OptionCounted(Shown):
    """An option with the resistance against it; `acceptance` is 100 (1 - resistance / (10 n)), in per cent."""

    option: str
    name: str | None
    resistance: int
    acceptance: str = Field(description="per cent, one decimal")
    chosen: bool
    passive: bool


class Raised(Shown):
    """An objection."""

    by: list[Named]
    what: str | None
    serious: bool | None = Field(description="null: not told")
    integrated: bool | None = Field(description="null: not told")


class Decision(FromEntry):
    """A decision as it is in force on the day. `perhaps` says that it may not have been taken yet by then."""

    id: str
    text: str | None
    outcome: Literal["adopted", "rejected"]
    by: list[Named] = Field(description="empty: not documented")
    method: str
    vote: Counted | None
    participants: int | None = Field(description="who took part in consensing")
    options: list[OptionCounted] = Field(description="least resistance first")
    heard: list[Named]
    objections: list[Raised]
    dissent: str | None = Field(description="empty: none documented")
    about: list[Named]
    meeting: list[Named]
    settles: list[int] = Field(description="deferrals and open questions that it answers")
    replaces: str | None
    replaced_by: list[int]
    perhaps_replaced_by: list[int]
    confirms: str | None
    confirmed_by: list[int]
    perhaps_confirmed_by: list[int]
    review_on: date | None
    review: Review | None


class Decisions(Shown):
    """All decisions in the happened order, and how often each method was used."""

    decisions: list[Decision]
    methods: dict[str, int] = Field(description="how many taken for certain, by method; `unrecorded`: not told")


@once
def decisions(view: View) -> Decisions:
    """The register on the view's day."""
    taken = list(told(view, DecisionTaken))
    later: dict[tuple[str, str], list[int]] = {}
    for form, step in taken:
        for tie, earlier in (("replaced", step.replaces), ("confirmed", step.confirms)):
            if earlier is not None and step.outcome == "adopted":
                later.setdefault((tie, earlier), []).append(form.number)
    found = [_decision(view, form, step, later) for form, step in taken]
    return Decisions(decisions=found, methods=dict(sorted(Counter(d.method for d in found if not d.perhaps).items())))


def _decision(view: View, form: Form, step: DecisionTaken, later: dict[tuple[str, str], list[int]]) -> Decision:
    replacing, confirming = (later.get((tie, step.decision), []) for tie in ("replaced", "confirmed"))
    replaced_by, confirmed_by = ([n for n in numbers if view.certain(n)] for numbers in (replacing, confirming))
    return Decision(
        **from_entry(view, form),
        id=step.decision,
        text=step.text,
        outcome=step.outcome,
        by=named(view, step.by),
        method=step.method,
        vote=_counted(step.vote),
        participants=None if step.consensing is None else step.consensing.participants,
        options=_options(step.consensing),
        heard=named(view, step.heard),
        objections=[
            Raised(by=named(view, o.by), what=o.what, serious=o.serious, integrated=o.integrated)
            for o in step.objections
        ],
        dissent=step.dissent,
        about=named(view, step.about),
        meeting=named(view, [step.meeting]),
        settles=[number for number in step.settles if isinstance(number, int)],
        replaces=step.replaces,
        replaced_by=replaced_by,
        perhaps_replaced_by=[n for n in replacing if not view.certain(n)],
        confirms=step.confirms,
        confirmed_by=confirmed_by,
        perhaps_confirmed_by=[n for n in confirming if not view.certain(n)],
        review_on=step.review_on,
        review="done" if step.review_on and (replaced_by or confirmed_by) else _review(view, step.review_on),
    )


def _counted(vote: Vote | None) -> Counted | None:
    return None if vote is None else Counted(**vote.model_dump(), carried=vote.carried())


def _options(consensing: Consensing | None) -> list[OptionCounted]:
    if consensing is None:
        return []
    most = MOST_RESISTANCE * consensing.participants
    return [
        OptionCounted(
            option=option.option,
            name=option.name,
            resistance=option.total(),
            acceptance=_per_cent(most - option.total(), most),
            chosen=option.option == consensing.chosen,
            passive=option.option == consensing.passive,
        )
        for option in sorted(consensing.options, key=lambda option: (option.total(), option.option))
    ]


def _per_cent(part: int, whole: int) -> str:
    """To one decimal, rounded half up, in whole numbers: floats would differ from machine to machine."""
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}"


def _review(view: View, day: date | None) -> Review | None:
    if day is None:
        return None
    return "due" if day.toordinal() <= view.day else "ahead"
