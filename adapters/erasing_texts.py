"""Texts of entries, forgotten wherever they stand: in the entries, in what somebody has begun, in older backups.

That they were erased an entry tells (`texts-erased`). Which they were stands in the list of erasures, by the commitment
of their entry, so that they are erased again from whatever older backup is put back.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from pydantic_core import from_json
from sqlalchemy import delete, select

from adapters.erasing import Erasing, Held, Keeper
from adapters.erasures import TEXTS, Erased
from adapters.event_store import entries, texts
from adapters.outbox import Outbox
from domain.publication import Ground
from domain.record import Record
from projections.search import words

LONG: Final = 20
"""From so many letters on a text is one of its kind: where the same stands in a draft, it was taken from there. A
shorter one of several words, such as a name, has to be all that stands in a field.
"""


@dataclass(frozen=True, slots=True)
class ErasingTexts:
    """Has texts forgotten; as a store among others it erases them again from a database that was put back."""

    erasing: Erasing
    begun: Mapping[str, Keeper]
    """The stores of what somebody has begun and not recorded yet."""
    outbox: Outbox
    """Letters that wait to be sent, to those who registered for a meeting."""

    def thoroughly(self) -> AbstractContextManager[None]:
        """One transaction that erases texts; after it no file of the installation holds them."""
        return self.erasing.thoroughly(texts=True)

    def forget_texts(self, records: Sequence[Record], ground: Ground) -> None:
        """Notes which texts are erased, discards what somebody has begun with the same words, and takes them out of
        letters that wait.
        """
        at = self.erasing.clock()
        self.erasing.list.add([Erased(TEXTS, record.commitment.hex(), at, ground) for record in records])
        for record in records:
            said = from_json(record.texts) if record.texts is not None else {}
            self.erasing.erase_alone(self.begun_with(record.process, said.values()))
            self.outbox.erase_words([text for text in said.values() if _telling(text)])

    def begun_with(self, process: str, said: Iterable[str]) -> list[Held]:
        """What somebody has begun in a process in which one of these texts stands as a whole."""
        found: dict[tuple[str, str], Held] = {}
        for text in filter(_telling, said):
            held = [one for keeper in self.begun.values() for one in keeper.about(list(words(text)))]
            matching = (one for one in held if one.process == process)
            found |= {(one.keeper, one.id): one for one in matching if any(_same(text, each) for each in _said(one))}
        return list(found.values())

    # ---- a store among others ------------------------------------------------------------------------------------

    def about(self, wanted: Sequence[str]) -> Sequence[Held]:  # noqa: ARG002
        """Nothing: entries are found by the search, and their texts erased by an entry that says so."""
        return []

    def erase(self, ids: Collection[str]) -> int:
        """Erases texts by the commitments of their entries, as a list of erasures names them."""
        with self.erasing.database.writing() as connection:
            of = select(entries.c.position).where(entries.c.commitment.in_([bytes.fromhex(id_) for id_ in ids]))
            return connection.execute(delete(texts).where(texts.c.position.in_(of))).rowcount


def _telling(text: str) -> bool:
    """Whether a text says more than one word that anybody may use."""
    return len(text) >= LONG or len(text.split()) > 1


def _same(text: str, said: str) -> bool:
    return text in said if len(text) >= LONG else text.strip() == said.strip()


def _said(held: Held) -> Iterator[str]:
    todo: list[object] = [held.content]
    while todo:
        match todo.pop():
            case str(text):
                yield text
            case Mapping() as mapping:
                todo.extend(mapping.values())
            case Sequence() as several:
                todo.extend(several)
