"""Feedback: what those who take part said, asked for or criticised, and what was answered."""

from typing import ClassVar, Literal

from domain.fields import Id, Reference, RequiredText, Text
from domain.meaning import Meaning, Use, use
from domain.step import Step

FeedbackKind = Literal["concern", "wish", "position", "support", "question"]

ABOUT = frozenset({"process", "body", "level", "theme", "phase", "instrument", "decision", "document"})
"""The kinds of subject a feedback or a decision can be about."""


def about(*subjects: str) -> tuple[Use, ...]:
    """Names what something is about; speaking of a thing does not mean that it was there already."""
    return tuple(Use(subject, ABOUT) for subject in subjects)


class FeedbackReceived(Step):
    """Somebody raised a concern or a wish, took a position, gave support or asked a question.

    `speakers` are actors; who is not registered is described in `from_whom`. `about` names bodies, levels,
    themes, phases, instruments, decisions, documents or the process.
    """

    lasting: ClassVar[bool] = True

    type: Literal["feedback-received"] = "feedback-received"
    kind: FeedbackKind
    what: RequiredText = None
    speakers: tuple[Id, ...] = ()
    from_whom: Text = None
    about: tuple[Id, ...] = ()

    def meaning(self) -> Meaning:
        return Meaning(names=use("actor", *self.speakers) + about(*self.about))


class FeedbackAnswered(Step):
    """An earlier feedback was answered; `outcome` says what became of it."""

    type: Literal["feedback-answered"] = "feedback-answered"
    feedback: Reference
    outcome: Literal["taken-up", "taken-up-in-part", "declined", "noted", "answered"]
    answer: RequiredText = None
    by: tuple[Id, ...] = ()

    def meaning(self) -> Meaning:
        return Meaning(names=use("actor", *self.by))
