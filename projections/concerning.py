"""What an entry concerns: the bodies, levels, actors and themes that a reader can follow through a process.

An entry concerns what it speaks of. It may speak of a body only through something else: whoever follows a body also
wants to know that one of its meetings was put off, that a role in it ended, or that a concern about it was answered.
"""

from collections.abc import Iterable
from typing import Final

from domain.entry import numbers
from domain.replay import Form
from domain.view import View

FOLLOWED: Final = frozenset({"body", "level", "actor", "theme"})
"""The kinds of subject that a reader can follow."""

LEADS_NOWHERE: Final = frozenset({"process", "document"})
"""What nearly every entry speaks of: that it belongs to somebody says nothing about the entry."""


class Concerning:
    """What the entries of a view concern; what was asked once is known."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._led_to: dict[str, frozenset[str]] = {}

    def __call__(self, form: Form) -> frozenset[str]:
        """The ids of what an entry concerns, by the form it has in force, or had."""
        found: set[str] = set()
        if any(form.meaning):
            for subject in form.meaning.subjects():
                found |= self._of(subject)
        if form.telling.step.follows:
            for number in numbers(tuple(form.telling.step.followed())):
                found |= self._spoken_of(number)
        return frozenset(found)

    def kind(self, subject: str) -> str | None:
        """The kind of a subject, also of one whose founding was withdrawn; none of what nothing chosen founds."""
        known = self._view.state.get(subject)
        if known is not None:
            return known.kind
        log = self._view.effective
        founded = (log.by_number[number].meaning.founds for number in log.founded_by.get(subject, ()))
        return next((kind for founds in founded for id_, kind in founds if id_ == subject), None)

    def _of(self, subject: str) -> frozenset[str]:
        """A subject itself where it can be followed, else what it was founded for."""
        if subject not in self._led_to:
            kind = self.kind(subject)
            if kind in FOLLOWED:
                self._led_to[subject] = frozenset({subject})
            else:
                known = self._view.state.get(subject)
                nowhere = known is None or kind in LEADS_NOWHERE
                self._led_to[subject] = frozenset() if nowhere or known is None else self._spoken_of(known.founded)
        return self._led_to[subject]

    def _spoken_of(self, number: int) -> frozenset[str]:
        """What can be followed of what an entry itself speaks of; not whose account it is."""
        form = self._view.effective.graph.forms.get(number)
        return frozenset() if form is None else self._followed(form.telling.step.meaning().subjects())

    def _followed(self, subjects: Iterable[str]) -> frozenset[str]:
        return frozenset(subject for subject in subjects if self.kind(subject) in FOLLOWED)
