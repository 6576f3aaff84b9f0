"""Who asks, for which process, and for which times: what is read from a request before anything is answered."""

import re
from collections.abc import Collection
from datetime import date
from typing import Annotated, Any, Final

from fastapi import Path, Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from adapters.wiring import Installation
from domain.errors import Refused, invalid, refused
from domain.when import day
from projections.feed import PATTERN
from service import Audience, Times

ID: Final = re.compile(r"[a-z0-9-]{1,63}")


def installed(request: Request) -> Installation:
    """The installation that this app is a face of."""
    found: Installation = request.app.state.installation
    return found


def account_of(request: Request) -> Audience:
    """Whose token came with the request; without one it is the public. A token that is not valid is refused."""
    given = request.headers.getlist("authorization")
    if not given:
        return None
    scheme, _, token = given[0].partition(" ")
    valid = len(given) == 1 and scheme.lower() == "bearer"
    account = installed(request).accounts.account_of(token.strip()) if valid else None
    if account is None:
        raise refused("token-invalid")
    return account


async def each_parameter_once(request: Request) -> None:
    """Refuses an address that gives a parameter twice: whichever were taken, it could be the one not meant."""
    for parameter in request.query_params:
        given = request.query_params.getlist(parameter)
        if len(given) > 1:
            raise refused("parameter-wrong", parameter=parameter[:80], given=", ".join(given)[:80])


def one_of(parameter: str, given: str, permitted: Collection[str]) -> str:
    """A value that a parameter can have; any other is refused with those that it can."""
    if given not in permitted:
        raise refused(
            "parameter-choice", parameter=parameter, given=given[:80], permitted=list(filter(None, permitted))
        )
    return given


def whole_number(parameter: str, given: str) -> int | None:
    """A number that stands in an address, 0 or more; none where nothing stands there."""
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 15):
        raise refused("parameter-number", parameter=parameter, given=given[:80])
    return int(given)


def _process_id(process: str) -> str:
    if not ID.fullmatch(process):  # no such process can exist, so nobody needs to look
        raise refused("unknown-process", process=process)
    return process


ProcessId = Annotated[
    str, AfterValidator(_process_id), Path(description="the id of the process", examples=["bottrop-2018"])
]


def _strict_day(given: Any) -> date:
    try:
        return day(str(given))
    except Refused as refusal:
        raise invalid(refusal.refusals[0].code, **refusal.refusals[0].params) from None


Day = Annotated[date, BeforeValidator(_strict_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A day of the process's time zone, as 2018-03-14 and in no other way."""


class Asked(BaseModel):
    """The three times of a question. A parameter that does not exist is refused: a slip must not mean "today"."""

    model_config = ConfigDict(extra="forbid")

    happened_by: Day | None = Field(
        default=None, description="as it was on this day; without it: today", examples=["2018-12-31"]
    )
    known_by: Day | None = Field(
        default=None, description="as it was known on this day: what had been recorded by its end", examples=[None]
    )
    published_by: Day | None = Field(
        default=None, description="as the public knew it on this day: what was public at its end", examples=[None]
    )

    version: int | None = Field(
        default=None, ge=1, lt=2**53, description="the version of an earlier answer, to have it again", examples=[None]
    )

    def times(self) -> Times:
        return Times(self.happened_by, self.known_by, self.published_by, self.version)


class AskedFigures(Asked):
    """Figures, and what the breadth of participation is held against."""

    reference: str = Field(
        default="",
        max_length=400,
        description="how many establishments, or jobs, there are of each section in the city",
        examples=["wz-2008:C=120,G=45"],
    )


class AskedPage(Asked):
    """A page of a list, by number."""

    after: int = Field(default=0, ge=0, lt=2**53, description="entries with a higher number than this")
    limit: int = Field(default=50, ge=1, le=200, description="how many at most")


class AskedSearch(BaseModel):
    """Words to look for, in all processes or in one."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(max_length=200, description="beginnings of words", examples=["Reallabor"])
    process: Annotated[str, AfterValidator(_process_id)] | None = Field(
        default=None, description="only in this process", examples=[None]
    )
    after: int = Field(default=0, ge=0, le=10_000, description="how many of the first hits are left out")
    limit: int = Field(default=20, ge=1, le=100, description="how many at most")


class AskedFeed(BaseModel):
    """The next page of the feed."""

    model_config = ConfigDict(extra="forbid")

    after: str | None = Field(
        default=None, pattern=PATTERN, description="the `sequence` of the last event that you have", examples=[None]
    )
    limit: int = Field(default=100, ge=1, le=500, description="how many at most")
    wait: int = Field(
        default=0, ge=0, le=30, description="for how many seconds to wait where there is nothing new", examples=[0]
    )


class AskedDifference(BaseModel):
    """Two questions about one process: as on `from` against as on `to`."""

    model_config = ConfigDict(extra="forbid")

    from_: Day | None = Field(default=None, alias="from", description="the one day", examples=["2018-01-01"])
    to: Day | None = Field(default=None, description="the other day; without it: today", examples=["2020-01-01"])
    from_known_by: Day | None = Field(default=None, description="the one view, as known by", examples=[None])
    to_known_by: Day | None = Field(default=None, description="the other view, as known by", examples=[None])
    from_published_by: Day | None = Field(default=None, description="the one view, as public by", examples=[None])
    to_published_by: Day | None = Field(default=None, description="the other view, as public by", examples=[None])
    version: int | None = Field(
        default=None, ge=1, lt=2**53, description="both by the version of an earlier answer", examples=[None]
    )

    def times(self) -> tuple[Times, Times]:
        return (
            Times(self.from_, self.from_known_by, self.from_published_by, self.version),
            Times(self.to, self.to_known_by, self.to_published_by, self.version),
        )


class AskedRecording(BaseModel):
    """How to record."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = Field(default=False, description="record nothing; answer what would happen")
