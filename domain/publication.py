"""Entries about entries: publication, correction, withdrawal, plain language and erasure (SEMANTICS §7 to §9)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, ClassVar, Final, Literal, get_args

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from domain.catalogue import TOLD, Told, ToldStep
from domain.errors import Refused, invalid, restated
from domain.fields import Id, Model, Reference, RequiredText, Sha256, Text, written
from domain.findings import ClaimDisputed
from domain.german_dates import from_words
from domain.installation import LogKeyChanged
from domain.meaning import Meaning, use
from domain.step import ANY_ENTRY, Step
from domain.when import When, stated


def _in_utc(moment: datetime) -> datetime:
    if not 2000 <= moment.year <= 9998:
        raise invalid("instant-out-of-range", first=2000, last=9998)
    return moment.astimezone(UTC)


Instant = Annotated[AwareDatetime, BeforeValidator(written), AfterValidator(_in_utc)]
"""A point in time with its offset from UTC; kept in UTC."""


Passage = Annotated[
    str,
    Field(
        pattern=r"^([0-9]+|[ivxlc]+)(-([0-9]+|[ivxlc]+))?(, ?([0-9]+|[ivxlc]+)(-([0-9]+|[ivxlc]+))?)*$", max_length=100
    ),
]
"""Pages or lines: `12`, `12-14`, `iv`, `12-14, 17`. Numbers only, so that no free words hide among the facts."""


class Source(Model):
    """Where it is written: a document (by title or as a `document-added`), the passage, and the file's SHA-256."""

    title: Text = None
    document: Id | None = None
    page: Passage | None = None
    lines: Passage | None = None
    sha256: Sha256 | None = None
    url: Text = None


def _understood(given: object) -> object:
    """A date in words is read as one, and the words are kept: "im Frühjahr 2018" is `2018-21`.

    Words that stand in the place of the notation are understood too; what cannot be is complained of there.
    """
    if isinstance(given, dict) and isinstance(given.get("edtf"), str) and not _notation(given["edtf"]):
        try:
            words = from_words(given["edtf"]).model_dump()
        except Refused:
            return given
        return {**words, **{name: value for name, value in given.items() if name != "edtf"}}
    if not isinstance(given, str):
        return given
    try:
        return from_words(given)
    except Refused as refusal:
        raise restated(refusal.refusals[0]) from None


def _notation(text: str) -> bool:
    try:
        stated(text)
    except Refused:
        return False
    return True


class Telling(Model):
    """What the office states about one step: when, why, on which sources, on whose account.

    `occurred` may also be given in German words, as an office types a date.
    `because` holds the entries that caused it, or the word `not-recorded`; `grounds` is the reason in words.
    """

    step: ToldStep
    occurred: Annotated[When, BeforeValidator(_understood)] | None = None
    because: tuple[Reference, ...] | Literal["not-recorded"] = ()
    grounds: Text = None
    sources: tuple[Source, ...] = ()
    asserted_by: Id | None = None

    def meaning(self) -> Meaning:
        """The effect of the step; the documents and the actor that the telling rests on are named too."""
        meaning = self.step.meaning()
        documents = [source.document for source in self.sources if source.document is not None]
        if not documents and self.asserted_by is None:
            return meaning
        return meaning.naming(use("document", *documents) + use("actor", self.asserted_by))


ClaimDisputed.model_rebuild(_types_namespace={"Telling": Telling})  # it holds a telling, and a telling may be one
Telling.model_rebuild()


class EntryPublished(Step):
    """Makes entries public, at once or from `not_before` on. Nothing that was public ceases to be."""

    refers: ClassVar[Mapping[str, frozenset[str]]] = {"targets": ANY_ENTRY}

    type: Literal["entry-published"] = "entry-published"
    targets: Annotated[tuple[Reference, ...], Field(min_length=1)]
    not_before: Instant | None = None


class EntryCorrected(Step):
    """Replaces what `target` stated by the whole corrected statement; both stay readable.

    `seen` is the last correction of the target that its author had before them (none: the original).
    """

    refers: ClassVar[Mapping[str, frozenset[str]]] = {"target": ANY_ENTRY, "seen": ANY_ENTRY}

    type: Literal["entry-corrected"] = "entry-corrected"
    target: Reference
    seen: Reference | None = None
    corrected: Telling
    reason: RequiredText = None


class EntryWithdrawn(Step):
    """Takes an entry out of force. Withdrawing the withdrawal restores it."""

    refers: ClassVar[Mapping[str, frozenset[str]]] = {"target": ANY_ENTRY}

    type: Literal["entry-withdrawn"] = "entry-withdrawn"
    target: Reference
    reason: RequiredText = None


class PlainLanguageAdded(Step):
    """Says in plain language what `target` tells. Of several in force about the same entry the last one counts."""

    refers: ClassVar[Mapping[str, frozenset[str]]] = {"target": ANY_ENTRY}

    type: Literal["plain-language-added"] = "plain-language-added"
    target: Reference
    text: RequiredText = None


Ground = Literal[
    "no-longer-needed", "consent-withdrawn", "objection", "unlawful", "legal-obligation", "rights-of-others"
]
"""On what ground words are erased: the cases (a) to (e) of Art. 17(1) GDPR, in their order, and what others may ask
for beside data protection, such as copyright.
"""

Approver = Literal["data-protection-officer", "head", "legal-office", "supervisory-authority", "court", "as-before"]
"""Who approved an erasure; `as-before`: an older backup was put back, and what had been erased is erased again."""


class TextsErased(Step):
    """Erases for good what `target` says in words, what its corrections so far say, and what says it in plain language.

    Facts, numbers and proofs stay. It cannot be withdrawn; a correction may give other words. `approval` is the file
    number of the approval.
    """

    refers: ClassVar[Mapping[str, frozenset[str]]] = {"target": ANY_ENTRY}

    type: Literal["texts-erased"] = "texts-erased"
    target: Reference
    legal_ground: Ground
    approved_by: Approver
    approval: Id | None = None


About = EntryPublished | EntryCorrected | EntryWithdrawn | PlainLanguageAdded | TextsErased
"""Steps about entries. They happen when they are recorded and have no date of their own."""

OF_INSTALLATION: Final = {"log-key-changed": LogKeyChanged}
"""Steps of the reserved process `installation`, which the engine records itself."""

STEPS: Final = TOLD | OF_INSTALLATION | {cls.model_fields["type"].default: cls for cls in get_args(About)}
"""Every step type by its lasting name."""

AnyStep = Annotated[Told | LogKeyChanged | About, Field(discriminator="type")]


class Statement(Telling):
    """What is typed into a form, posted, imported, stored and exported: a step and all that is stated about it.

    `key` is the caller's own lasting id, unique in the process: the same statement under the same key is
    recorded once.
    """

    process: Id
    key: Id
    step: AnyStep  # type: ignore[assignment]  # a statement may also be about entries
