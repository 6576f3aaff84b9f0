"""What is open on a day: questions, deferrals, reviews due, commitments without an outcome, unanswered feedback."""

from pydantic import Field

from domain.decisions import DecisionDeferred, DecisionTaken, QuestionLeftOpen
from domain.entry import causes
from domain.feedback import FeedbackAnswered, FeedbackReceived
from domain.replay import Form
from domain.view import View, once
from projections.commitments import Commitment, promises
from projections.decisions import Decision, decisions
from projections.telling import FromEntry, Named, Shown, from_entry, named, told


class Question(FromEntry):
    """A question that was left open, or a decision that was put off; `until` says to when, in words."""

    type: str
    question: str | None
    until: str | None
    by: list[Named]
    about: list[Named]
    perhaps_settled_by: list[int]


class Unanswered(FromEntry):
    """Feedback that no entry answers. Something may have come of it all the same: see why."""

    kind: str
    what: str | None
    speakers: list[Named]
    from_whom: str | None
    led_to: list[int] = Field(description="entries that name it as their cause")
    perhaps_answered_by: list[int]


class OpenItems(Shown):
    """All that waits for somebody on the view's day."""

    questions: list[Question]
    reviews: list[Decision] = Field(description="decisions whose review is due")
    commitments: list[Commitment] = Field(description="open and silent ones")
    feedback: list[Unanswered]


@once
def open_items(view: View) -> OpenItems:
    """What is open on the view's day; what is settled for certain is left out."""
    waiting = unanswered(view)
    return OpenItems(
        questions=open_questions(view),
        reviews=reviews_due(view),
        commitments=open_commitments(view),
        feedback=[waiting.item(view, number) for number in waiting.numbers],
    )


@once
def unanswered(view: View) -> "Waiting":
    """The feedback that waits for an answer, to be gone through one by one."""
    return Waiting(view)


def reviews_due(view: View) -> list[Decision]:
    """The decisions that were to be looked at again by the day."""
    return [decision for decision in decisions(view).decisions if decision.review == "due"]


def open_commitments(view: View) -> list[Commitment]:
    """What was promised, and nothing came of it yet."""
    return [made for made in promises(view).promises if made.standing in ("open", "silent")]


@once
def open_questions(view: View) -> list[Question]:
    """What was left open or put off, and no decision settles for certain."""
    settled: dict[int, list[int]] = {}
    for form, step in told(view, DecisionTaken):
        for number in step.settles:
            settled.setdefault(int(number), []).append(form.number)
    asked: list[tuple[Form, QuestionLeftOpen | DecisionDeferred]]
    asked = [*told(view, QuestionLeftOpen), *told(view, DecisionDeferred)]
    place = {number: index for index, number in enumerate(view.order)}
    asked.sort(key=lambda pair: place[pair[0].number])
    return [
        _question(view, form, step, settled.get(form.number, []))
        for form, step in asked
        if not any(view.certain(number) for number in settled.get(form.number, ()))
    ]


def _question(
    view: View, form: Form, step: QuestionLeftOpen | DecisionDeferred, perhaps_settled_by: list[int]
) -> Question:
    return Question(
        **from_entry(view, form),
        type=step.type,
        question=step.question,
        until=step.until if isinstance(step, DecisionDeferred) else None,
        by=named(view, step.by),
        about=named(view, step.about),
        perhaps_settled_by=perhaps_settled_by,
    )


class Waiting:
    """Feedback that no entry answers for certain: `numbers`, in the happened order, and what there is to say of each.

    There can be very much of it: whoever shows it makes an item when it is asked for. It is kept with the view that it
    is of (see `once`), and does not hold it: what holds itself stays in memory until garbage is looked for.
    """

    def __init__(self, view: View) -> None:
        self._answers: dict[int, list[int]] = {}
        for form, answer in told(view, FeedbackAnswered):
            self._answers.setdefault(int(answer.feedback), []).append(form.number)
        self.numbers = [number for number in view.order if self._waits(view, number)]
        self._led_to: dict[int, list[int]] = {}
        waiting = set(self.numbers)
        for number in view.order:
            for cause in causes(view.form(number).telling) if view.room(number).first <= view.day else ():
                if cause in waiting:
                    self._led_to.setdefault(cause, []).append(number)

    def _waits(self, view: View, number: int) -> bool:
        answers = self._answers.get(number, ())
        received = view.form(number).step_class is FeedbackReceived
        return received and view.certain(number) and not any(view.certain(answer) for answer in answers)

    def item(self, view: View, number: int) -> Unanswered:
        """One of them, on the view that it was found on."""
        form = view.form(number)
        step = form.telling.step
        assert isinstance(step, FeedbackReceived)
        return Unanswered(
            **from_entry(view, form),
            kind=step.kind,
            what=step.what,
            speakers=named(view, step.speakers),
            from_whom=step.from_whom,
            led_to=self._led_to.get(number, []),
            perhaps_answered_by=self._answers.get(number, []),
        )
