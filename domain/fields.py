"""The types that the fields of a statement are made of: facts, texts, ids and references."""

import re
from datetime import date
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from domain.errors import invalid


class TextMark:
    """Marks a field as free words, which may be erased; every other field is a fact and stays for ever."""


class RequiredMark:
    """Marks a text that has to be given when a statement is recorded; it may still be erased later."""


TEXT: Final = TextMark()
REQUIRED: Final = RequiredMark()


_UNPRINTABLE: Final = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and line break, halves of a letter, and what turns the direction of writing: with that a
text can show something else than it says.
"""


def _printable(text: str) -> str:
    if _UNPRINTABLE.search(text := text.replace("\r\n", "\n")):
        raise invalid("text-unprintable")
    return text


Text = Annotated[
    Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), AfterValidator(_printable)
    ]
    | None,
    TEXT,
]
"""Free words or the name of something: at most 20,000 characters, `None` where none was given or it was erased."""

RequiredText = Annotated[Text, REQUIRED]
"""A text that is asked for at recording. Whether it was given is checked once, never after an erasure."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,63}$")]
"""A lasting name of a thing inside its process; never a person's name."""

Number = Annotated[int, Field(ge=1, lt=2**53, strict=True)]
"""The number of an entry inside its process."""

Reference = Number | Id
"""An earlier entry, by number or by key; the engine stores numbers only."""


def written(value: object) -> object:
    """A day or an instant is written out: pydantic would also make one of a number of seconds."""
    if isinstance(value, int | float) or (isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?", value)):
        raise invalid("date-not-written")
    return value


Day = Annotated[date, BeforeValidator(written)]
"""A planned day, as 2027-03-01."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


Count = Annotated[int, Field(ge=0, lt=2**31, strict=True)]
"""How many, counted exactly."""

Decimal = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,9})?$")]
"""A measured value as a decimal string: 12, -0.5, 1250.75. No floats among the facts."""


class Model(BaseModel):
    """A frozen value that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Quantity(Model):
    """How many, as exactly as it is known; a plain number means exactly that many.

    "more than six" is `{"at_least": 7}`, "around 30" is 30 with `approximate`.
    """

    at_least: Count | None = None
    at_most: Count | None = None
    approximate: bool = False

    @model_validator(mode="before")
    @classmethod
    def _a_number_is_exact(cls, given: object) -> object:
        if isinstance(given, int) and not isinstance(given, bool):
            return {"at_least": given, "at_most": given}
        return given

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise invalid("quantity-empty")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise invalid("quantity-reversed", at_least=self.at_least, at_most=self.at_most)
        return self


def distinct(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of which none is named twice."""
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            raise invalid("named-twice", subject=id_)
        seen.add(id_)
    return ids


Ids = Annotated[tuple[Id, ...], AfterValidator(distinct)]
"""Subjects of the process, each named once."""
