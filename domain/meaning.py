"""What a step means for the state: what it founds, ends, uses, names and assigns (SEMANTICS §3).

Every step says so itself (`meaning()`); the fold, the order of entries, the rules and the publication all read
this one answer and nothing else. A *subject* is anything with a lifetime: it is founded once and ends once.
"""

from functools import cache
from typing import Final, NamedTuple

PROCESS: Final = "process"
"""The reserved subject that stands for the process itself: a body whose parent it is stands directly under it."""

PLACE: Final = frozenset({"body", "level"})
"""The kinds of subject that another one can be placed under."""


class Use(NamedTuple):
    """A subject that a step speaks of, and the kinds it may be of."""

    subject: str
    kinds: frozenset[str]


class Assignment(NamedTuple):
    """From this entry on, `attribute` of `subject` is `value`; for `name` the value is the entry itself."""

    subject: str
    attribute: str
    value: str | None = None


class Meaning(NamedTuple):
    """The effect of one step; `any` tells whether there is one.

    `uses` and `ends` order entries in time (what is used was founded before); `names` only asks that the
    subject exists and is public along: a feedback may speak of a body before it was founded. `agrees` repeats what the
    founding of a subject assigned to it: the unit of an indicator, the set that a criterion belongs to.
    """

    founds: tuple[tuple[str, str], ...] = ()
    ends: tuple[Use, ...] = ()
    uses: tuple[Use, ...] = ()
    names: tuple[Use, ...] = ()
    assigns: tuple[Assignment, ...] = ()
    agrees: tuple[Assignment, ...] = ()

    def subjects(self) -> set[str]:
        """Every subject the step has to do with."""
        spoken_of = (*self.ends, *self.uses, *self.names)
        return {subject for subject, _ in self.founds} | {use.subject for use in spoken_of}

    def naming(self, names: tuple[Use, ...]) -> "Meaning":
        """The same meaning, speaking of some more subjects."""
        return self._replace(names=self.names + names) if names else self


NOTHING: Final = Meaning()


def use(kind: str, *subjects: str | None) -> tuple[Use, ...]:
    """Uses of subjects of one kind; nothing given is nothing used."""
    return tuple(Use(subject, _kinds(kind)) for subject in subjects if subject is not None)


@cache
def _kinds(kind: str) -> frozenset[str]:
    """One set for all who use something of a kind: a set of its own for each use would take much memory."""
    return PLACE if kind == "place" else frozenset({kind})


ABOUT: Final = frozenset(
    {
        *("process", "body", "level", "theme", "phase", "instrument", "decision", "document", "meeting", "assessment"),
        *("actor", "criteria-set", "criterion", "scenario", "goal", "measure", "plan", "commitment", "indicator"),
    }
)
"""The kinds of subject that feedback, a decision or a finding can be about."""

PARTIES: Final = frozenset({"actor", "body"})
"""The kinds of subject that can act: decide, invite, promise, be responsible."""


def about(*subjects: str) -> tuple[Use, ...]:
    """Names what something is about; speaking of a thing does not mean that it was there already."""
    return tuple(Use(subject, ABOUT) for subject in subjects)


def parties(*subjects: str) -> tuple[Use, ...]:
    """Names those who acted: actors or bodies of the process."""
    return tuple(Use(subject, PARTIES) for subject in subjects)


def adopted(decision: str | None) -> tuple[Assignment, ...]:
    """Asks that a decision which something rests on was adopted."""
    return () if decision is None else (Assignment(decision, "outcome", "adopted"),)


def other_than_process(subject: str | None) -> str | None:
    """Nothing, where the process itself stands for "none": no parent, no level, nobody's project."""
    return None if subject == PROCESS else subject
