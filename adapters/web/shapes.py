"""The shapes of the API's answers, for its description (OpenAPI) and for whoever writes a client."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from adapters.registers import EVERY
from projections.analytics.report import Report
from projections.difference import Item
from projections.governance import Structure
from projections.summary import Summary
from projections.telling import Line, Plain
from projections.why import Why
from service import Hits as Hits  # noqa: PLC0414


class Head(BaseModel):
    """What every answer says about itself, so that it can be cited."""

    process: str = Field(examples=["bottrop-2018"])
    audience: Literal["public", "internal"] = Field(description="whose answer it is: without a token the public's")
    happened_by: str = Field(description="the day it shows; today if none was asked for", examples=["2018-12-31"])
    known_by: str | None = Field(description="as it was known on this day", examples=[None])
    published_by: str | None = Field(description="as the public knew it on this day", examples=[None])
    position: int = Field(description="the highest entry number that the answer rests on", examples=[75])
    version: int = Field(
        description="for the public: how many entries are public; it changes exactly when the answer can", examples=[75]
    )
    settled: bool = Field(description="whether later entries can no longer change it, so that its times cite it")


class Process(Head):
    """A process in short."""

    summary: Summary


class Processes(BaseModel):
    """Every process that the reader may see something of."""

    processes: list[Process]


class Shown(BaseModel):
    """An entry as its reader may see it.

    `statement` is what was recorded, fields at their default left out; its corrections have entries of their own.
    The public sees no key, no account and no unpublished cause (`cause_not_shown` says that there is one).
    """

    number: int = Field(description="counted inside the process", examples=[12])
    position: int = Field(description="counted over the whole installation", examples=[12])
    log_index: int = Field(description="its place in the transparency log, from 0")
    recorded_at: str = Field(examples=["2026-11-22T09:00:00Z"])
    public_from: str | None = Field(examples=["2026-11-22T09:30:00Z"])
    in_force: bool = Field(description="false once it was withdrawn")
    corrections: list[int]
    withdrawals: list[int]
    plain: Plain | None = Field(description="what it tells, in plain language")
    erased: bool = Field(description="its texts were erased")
    erased_at: datetime | None = Field(description="since when its texts are gone")
    erasures: list[int] = Field(description="numbers of the entries that erased texts of it or of what restates it")
    statement: dict[str, Any] = Field(
        examples=[
            {
                "process": "bottrop-2018",
                "step": {"type": "alliance-founded", "body": "wirtschaftsallianz", "name": "Wirtschaftsallianz"},
                "occurred": {"edtf": "[2016-10..2017-09]", "basis": "derived"},
            }
        ]
    )
    recorded_by: str | None = Field(default=None, description="the account; internal")
    cause_not_shown: bool | None = Field(default=None, description="public answers: a cause is not public")


class Event(BaseModel):
    """An entry as a CloudEvent."""

    specversion: Literal["1.0"]
    source: str = Field(
        description="the process; together with `id` it names the entry for ever",
        examples=["https://beteiligung.example.de/api/v1/processes/bottrop-2018"],
    )
    id: str = Field(description="the number of the entry", examples=["12"])
    type: str = Field(description="the type of the step, after `werdegang.`", examples=["werdegang.alliance-founded"])
    subject: str = Field(description="the entry, as seen from `source`", examples=["entries/12"])
    time: str = Field(description="when it was recorded", examples=["2026-11-22T09:00:00Z"])
    datacontenttype: Literal["application/json"]
    sequence: str = Field(
        description="its place in this feed, which `after` takes", examples=["001795338000000000-0000000000000012"]
    )
    data: Shown


class Entries(Head):
    """A page of entries by number."""

    total: int = Field(description="how many entries the answer has over all pages", examples=[75])
    after: int = Field(examples=[0])
    limit: int = Field(examples=[50])
    next: int | None = Field(description="the `after` of the next page; null on the last one", examples=[50])
    entries: list[Shown]


class OneEntry(Head):
    entry: Shown


class WhyPath(Head):
    why: Why


class StructureOnADay(Head):
    structure: Structure


class Timeline(Head):
    timeline: list[Line]


REGISTERED: Final = {
    register.name: create_model(
        f"{register.name.title()}OnADay",
        __base__=Head,
        **{register.name: (register.shape, ...)},  # type: ignore[call-overload]
    )
    for register in EVERY
}
"""The answer of each register, under its name."""


class Analytics(Head):
    """All figures on a day. For the public no number of actors under five is told."""

    analytics: Report


class Difference(BaseModel):
    """Two views, and every difference between them with the entries that caused it."""

    before: Head
    after: Head
    items: list[Item]


class Complaint(BaseModel):
    """A refusal or a hint: a code for programs, a sentence in both languages, and the place."""

    code: str = Field(examples=["unknown-entry"])
    de: str
    en: str
    index: int | None = Field(description="which statement of the list, from 0")
    pointer: str = Field(description="JSON pointer into that statement", examples=["/because/0"])
    params: dict[str, Any]


class Recorded(BaseModel):
    """What recording did, or in a dry run would do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "process": "bottrop-2018",
                    "dry_run": False,
                    "numbers": [76],
                    "new": [76],
                    "position": 76,
                    "hints": [],
                    "effect": [],
                }
            ]
        }
    )

    process: str
    dry_run: bool
    numbers: list[int] = Field(description="one per statement; in a dry run what it would be now, never a promise")
    new: list[int] = Field(description="the numbers that were not recorded before under the same key")
    position: int | None = Field(description="where the last new entry stands in the installation; null if none is new")
    hints: list[Complaint] = Field(description="what is doubtful; nothing is refused for it")
    effect: list[Item] = Field(description="a dry run's difference to the structure today")


class Problem(BaseModel):
    """Why something was refused (RFC 9457). `type` is the address of a page that explains the code."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "/problems/unknown-process",
                    "title": "Not found",
                    "status": 404,
                    "detail": "There is no process “bottrop-2019” here.",
                    "code": "unknown-process",
                    "refusals": [
                        {
                            "code": "unknown-process",
                            "de": "Einen Prozess „bottrop-2019“ gibt es hier nicht.",
                            "en": "There is no process “bottrop-2019” here.",
                            "index": None,
                            "pointer": "",
                            "params": {"process": "bottrop-2019"},
                        }
                    ],
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str = Field(description="the first refusal in words, in the language of Accept-Language")
    code: str
    refusals: list[Complaint]
