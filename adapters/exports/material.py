"""What files for researchers are made of: an answer, what it says of itself, and whom it does not name.

A file names what it was made from, so that whoever cites a figure lets others have the same file again. It says nothing
of when it was made: made twice from the same, it is the same bytes.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from functools import cache, cached_property
from typing import Final

from pydantic import BaseModel

from adapters.answers import Json, head
from adapters.exports.step_effects import terms_of
from adapters.version import VERSION
from domain.entry import Entry
from domain.fields import TEXT
from domain.installation import ENGINE
from domain.publication import Telling
from domain.schemes import Term
from domain.view import View
from domain.words import Language
from service import Answer

PROGRAM: Final = f"Werdegang {VERSION}"
RELATING: Final = frozenset({"parent", "level", "under", "heir", "actor", "body", "set"})
"""Attributes of an object that are another object."""

PSEUDONYM: Final = "account-{number}"


class Material:
    """An answer as files are made of it. What of an internal one names accounts is replaced (see `pseudonym`).

    `checkpoint` is the transparency log up to the last entry that it rests on: size, root, and the key of the log.
    """

    def __init__(
        self, answer: Answer, language: Language = "de", checkpoint: tuple[int, str, str | None] | None = None
    ) -> None:
        self.answer = answer
        self.language = language
        self.checkpoint = checkpoint

    def afresh(self) -> "Material":
        """The same with nothing read of it yet: what one file of several reads is let go of before the next one."""
        return Material(replace(self.answer, view=self.view.on(self.view.day)), self.language, self.checkpoint)

    @property
    def view(self) -> View:
        return self.answer.view

    @cached_property
    def about(self) -> Json:
        """What a file says of itself: of which process, for whom, for which times, up to where, by which program."""
        entries, said = self.view.effective.entries, head(self.answer)
        gone = [entry for entry in entries if entry.erased]
        last = max((entry.erased_at for entry in gone if entry.erased_at is not None), default=None)
        del said["settled"]  # it becomes so by what others record later, which changes nothing here
        return {
            **said,
            "time_zone": self.view.effective.zone.key,
            "entries": len(entries),
            "last_recorded_at": None if not entries else instant(entries[-1].recorded_at),
            "texts_erased": len(gone),
            "texts_last_erased_at": None if last is None else instant(last),
            "pseudonymised": not self.answer.public,
            "program": PROGRAM,
        }

    def pseudonym(self, entry: Entry) -> str | None:
        """Who recorded an entry, by a name that holds in this file alone; for the public nobody is named."""
        if self.answer.public:
            return None
        return self._accounts[entry.recorded_by]

    @cached_property
    def _accounts(self) -> dict[str, str]:
        """Accounts by the order in which they first recorded one of these entries."""
        found: dict[str, str] = {ENGINE: ENGINE}
        for entry in self.view.effective.entries:
            if entry.recorded_by not in found:
                found[entry.recorded_by] = PSEUDONYM.format(number=len(found))
        return found

    @cached_property
    def objects(self) -> AbstractSet[str]:
        """The ids of all that had begun by the day or may have, and of what was referred to by then."""
        view, state = self.view, self.view.state
        later = {id_ for id_, subject in state.items() if view.since(subject).first > view.day}
        if not later:
            return state.keys()
        found = state.keys() - later
        for number, form in view.effective.graph.forms.items():
            if view.room(number).first <= view.day:
                found |= {id_ for id_, _, _ in objects_of(self, form.telling)}
        todo = list(found)
        while todo:
            more = {id_ for id_, _ in related(view, todo.pop())} - found
            found |= more
            todo += more
        return found

    @cached_property
    def listed(self) -> AbstractSet[str]:
        """The same with every document that an entry cites, whenever that came out: the tables have all entries."""
        sources = (source for entry in self.view.effective.entries for source in self.telling(entry).sources)
        cited = {source.document for source in sources if source.document in self.view.state}
        return self.objects | {document for document in cited if document is not None}

    def telling(self, entry: Entry) -> Telling:
        """What an entry says: as corrected, or as it was until it was withdrawn."""
        if entry.about_entries:
            return entry.statement
        form = self.view.effective.graph.forms.get(entry.number)
        return (form or self.view.effective.last_form(entry.number)).telling


def instant(at: datetime) -> str:
    """An instant in UTC, as every file writes it."""
    return at.isoformat().replace("+00:00", "Z")


def without_key(content: Json) -> Json:
    """What is stated, without what only the office needs: its own key, and what the author of a correction saw."""
    content.pop("key", None)
    content["step"].pop("seen", None)
    return content


def kind_of(view: View, id_: str) -> str | None:
    """Of which kind something was on the day, where it has one; what had not begun for certain, of which it began."""
    subject = view.state[id_]
    told = subject.assigned.get("kind", ())
    value = view.read(subject, "kind").value or (told[0][1] if told else None)
    return None if value is None else str(value)


def related(view: View, id_: str) -> Iterator[tuple[str, str]]:
    """To what something was told to belong by the day: the id, and the attribute that says so."""
    assigned = view.state[id_].assigned
    for name in sorted(RELATING & assigned.keys()):
        for value in dict.fromkeys(value for number, value in assigned[name] if view.room(number).first <= view.day):
            if isinstance(value, str) and value in view.state:
                yield value, name


def objects_of(material: Material, telling: Telling) -> Iterator[tuple[str, str, str]]:
    """What an entry is about, of what there is: the id, the field that names it, and what the entry does to it."""
    state, meaning = material.view.state, telling.meaning()
    effects = {
        **{use.subject: "names" for use in meaning.names},
        **{use.subject: "uses" for use in meaning.uses},
        **{use.subject: "ends" for use in meaning.ends},
        **{subject: "founds" for subject, _ in meaning.founds},
    }
    found = dict.fromkeys((id_, field) for field, id_ in _ids(telling, "") if id_ in effects and id_ in state)
    named = {id_ for id_, _ in found}
    found |= dict.fromkeys((id_, effect) for id_, effect in effects.items() if id_ in state and id_ not in named)
    for id_, field in found:
        yield id_, field, effects[id_]


def _ids(value: object, at: str) -> Iterator[tuple[str, str]]:
    """Every word among the facts that could be an id, with the field it stands in; `step` itself is not said."""
    if isinstance(value, BaseModel):
        for name in _fields(type(value)):
            inside = at if name == "step" else f"{at}.{name}".lstrip(".")
            yield from _ids(value.__dict__[name], inside)
    elif isinstance(value, tuple):
        for each in value:
            yield from _ids(each, at)
    elif isinstance(value, str):
        yield at, value


@cache
def _fields(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model in which ids can stand: no texts, and no terms of a vocabulary."""
    if model is Term:
        return ()
    fields = model.model_fields.items()
    return tuple(n for n, field in fields if TEXT not in field.metadata and not terms_of(field.annotation))
