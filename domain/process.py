"""The process itself: opened and closed, its phases, its funding, its instruments, and what lay outside it."""

from functools import cache
from typing import Annotated, ClassVar, Final, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from domain.errors import invalid
from domain.fields import Id, RequiredText, Sha256, Text
from domain.meaning import PROCESS, Assignment, Meaning, Use, parties, use
from domain.step import Step

RESERVED: Final = frozenset(
    {
        "abmelden",
        "anmelden",
        "barrieren",
        "entwurf-verwerfen",
        "installation",
        "konten",
        "neu",
        "passwort",
        "personen",
        "protokoll",
        "suche",
        "unterbrochen",
    }
)
"""What no process can be called: the addresses of the desk, and the process of the installation itself."""


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise invalid("zone-unknown", zone=name)
    return name


@cache
def _zones() -> set[str]:
    """The zones that mean the same on every machine."""
    return available_timezones() - {"Factory", "localtime"}


Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]
"""A time zone by its IANA name, such as `Europe/Berlin`."""

Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}(\.[0-9]{1,2})?$")]
"""An amount of money as a decimal string."""


class ProcessOpened(Step):
    """The first entry of every process; its time zone decides which day an instant belongs to, for ever."""

    lasting: ClassVar[bool] = True

    type: Literal["process-opened"] = "process-opened"
    name: RequiredText = None
    city: Text = None
    purpose: Text = None
    zone: Zone = "Europe/Berlin"

    def meaning(self) -> Meaning:
        return Meaning(founds=((PROCESS, "process"),), assigns=(Assignment(PROCESS, "name"),))


class ProcessClosed(Step):
    """The process ended. What is recorded afterwards is still admitted: late knowledge is knowledge."""

    type: Literal["process-closed"] = "process-closed"
    note: Text = None

    def meaning(self) -> Meaning:
        return Meaning(ends=(Use(PROCESS, frozenset({"process"})),))


class PhaseBegun(Step):
    """A phase of the process began. A lasting date also ends it, if its end was past when it was stated."""

    lasting: ClassVar[bool] = True

    type: Literal["phase-begun"] = "phase-begun"
    phase: Id
    name: RequiredText = None
    aims: Text = None

    def meaning(self) -> Meaning:
        return Meaning(founds=((self.phase, "phase"),), assigns=(Assignment(self.phase, "name"),))


class PhaseEnded(Step):
    """A phase ended."""

    type: Literal["phase-ended"] = "phase-ended"
    phase: Id
    note: Text = None

    def meaning(self) -> Meaning:
        return Meaning(ends=use("phase", self.phase))


class FundingGranted(Step):
    """Money was granted; `funder` is an actor, `recipients` actors or bodies, `amount_eur` an amount in euros."""

    lasting: ClassVar[bool] = True

    type: Literal["funding-granted"] = "funding-granted"
    funder: Id
    recipients: tuple[Id, ...] = ()
    programme: Text = None
    amount_eur: Amount | None = None

    def meaning(self) -> Meaning:
        return Meaning(names=use("actor", self.funder) + parties(*self.recipients))


class ContextNoted(Step):
    """Something outside the process that it has to be understood against."""

    lasting: ClassVar[bool] = True

    type: Literal["context-noted"] = "context-noted"
    what: RequiredText = None


class InstrumentIntroduced(Step):
    """A way of working was introduced: a scorecard, a plan process, a toolbox. `bodies` are those that use it."""

    type: Literal["instrument-introduced"] = "instrument-introduced"
    instrument: Id
    name: RequiredText = None
    what: Text = None
    bodies: tuple[Id, ...] = ()
    actors: tuple[Id, ...] = ()

    def meaning(self) -> Meaning:
        return Meaning(
            founds=((self.instrument, "instrument"),),
            names=use("body", *self.bodies) + use("actor", *self.actors),
            assigns=(Assignment(self.instrument, "name"),),
        )


class InstrumentEnded(Step):
    """An instrument is no longer used."""

    type: Literal["instrument-ended"] = "instrument-ended"
    instrument: Id
    note: Text = None

    def meaning(self) -> Meaning:
        return Meaning(ends=use("instrument", self.instrument))


class DocumentAdded(Step):
    """A document of the process appeared; `sha256` identifies the file, `url` is where it was published."""

    named_by: ClassVar[str] = "title"

    type: Literal["document-added"] = "document-added"
    document: Id
    title: RequiredText = None
    authors: tuple[Id, ...] = Field(default=(), description="actors or bodies")
    url: Text = None
    sha256: Sha256 | None = None

    def meaning(self) -> Meaning:
        return Meaning(
            founds=((self.document, "document"),),
            names=parties(*self.authors),
            assigns=(Assignment(self.document, "name"),),
        )
