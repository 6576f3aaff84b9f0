"""The shape that every step shares."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final

from domain.fields import Model, Reference, Text
from domain.meaning import NOTHING, Meaning

ANY_ENTRY: Final[frozenset[str]] = frozenset()
"""In `Step.refers`: the entry may be of any type."""


class Step(Model):
    """What happened. Named by a past participle; the field `type` is its lasting name."""

    structural: ClassVar[bool] = False
    """A change of structure states why, or that no reason is recorded (DESIGN §2)."""

    lasting: ClassVar[bool] = False
    """May have lasted from one day to another; everything else happened at one moment (SEMANTICS 1.4)."""

    refers: ClassVar[Mapping[str, frozenset[str]]] = {}
    """The fields that name an earlier entry, or a list of them, and the step types that such an entry may be of."""

    follows: ClassVar[frozenset[str]] = frozenset()
    """Those of the fields of `refers` whose entries did not come later: what is answered was asked before."""

    named_by: ClassVar[str] = "name"
    """The field that holds the name of what the step founds or renames."""

    type: str

    def name_of(self, subject: str) -> Text:  # noqa: ARG002  # a step that founds several has a name for each
        """The name that the step gives to one of its subjects."""
        name: Text = getattr(self, self.named_by, None)
        return name

    def references(self) -> Iterator[tuple[str, Reference]]:
        """Every earlier entry that the step itself names, with its place: `/feedback`, `/settles/0`."""
        for field in self.refers:
            value = getattr(self, field)
            if isinstance(value, tuple):
                yield from ((f"/{field}/{index}", reference) for index, reference in enumerate(value))
            elif value is not None:
                yield f"/{field}", value

    def followed(self) -> Iterator[Reference]:
        """The entries among them that this one certainly did not precede."""
        if self.follows:
            yield from (number for pointer, number in self.references() if pointer.split("/")[1] in self.follows)

    def meaning(self) -> Meaning:
        """What the step founds, ends, uses, names and assigns; most steps change nothing."""
        return NOTHING
