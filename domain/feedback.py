"""Feedback: what those who take part said, asked for or criticised, and what was answered."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from domain.fields import Id, Reference, RequiredText, Text
from domain.meaning import Meaning, about, parties
from domain.step import Step

FeedbackKind = Literal["concern", "wish", "position", "support", "question"]


class FeedbackReceived(Step):
    """Somebody raised a concern or a wish, took a position, gave support or asked a question.

    `speakers` are actors or bodies; who is not registered is described in `from_whom`. `about` names whatever
    of the process it is about.
    """

    lasting: ClassVar[bool] = True

    type: Literal["feedback-received"] = "feedback-received"
    kind: FeedbackKind
    what: RequiredText = None
    speakers: tuple[Id, ...] = ()
    from_whom: Text = None
    about: tuple[Id, ...] = ()

    def meaning(self) -> Meaning:
        return Meaning(names=parties(*self.speakers) + about(*self.about))


class FeedbackAnswered(Step):
    """An earlier feedback was answered; `outcome` says what became of it."""

    refers: ClassVar[Mapping[str, frozenset[str]]] = {"feedback": frozenset({"feedback-received"})}
    follows: ClassVar[frozenset[str]] = frozenset({"feedback"})

    type: Literal["feedback-answered"] = "feedback-answered"
    feedback: Reference
    outcome: Literal["taken-up", "taken-up-in-part", "declined", "noted", "answered"]
    answer: RequiredText = None
    by: tuple[Id, ...] = ()

    def meaning(self) -> Meaning:
        return Meaning(names=parties(*self.by))
