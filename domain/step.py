"""The shape that every step shares."""

from typing import ClassVar

from domain.fields import Model
from domain.meaning import NOTHING, Meaning


class Step(Model):
    """What happened. Named by a past participle; the field `type` is its lasting name."""

    structural: ClassVar[bool] = False
    """A change of structure states why, or that no reason is recorded (DESIGN §2)."""

    lasting: ClassVar[bool] = False
    """May have lasted from one day to another; everything else happened at one moment (SEMANTICS 1.4)."""

    type: str

    def meaning(self) -> Meaning:
        """What the step founds, ends, uses, names and assigns; most steps change nothing."""
        return NOTHING
