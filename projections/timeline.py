"""The timeline: every chosen entry that tells something, in the order things happened."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from domain.publication import STEPS
from domain.publishing import about
from domain.replay import end_of
from domain.rooms import Room
from domain.view import View, once
from domain.when import FAR
from projections.concerning import Concerning
from projections.telling import Line, Named, Shown, line, named, state_of


def timeline(view: View) -> list[Line]:
    """Entries in force in the happened order; withdrawn ones stay readable at the place their own date gives them."""
    return [line(view, number) for number in numbers_in_order(view)]


@once
def numbers_in_order(view: View) -> list[int]:
    """The numbers of the lines of a timeline."""
    gone = [
        (stated_room(view, entry.number).last, entry.number)
        for entry in view.effective.entries
        if not entry.about_entries and not view.effective.in_force(entry.number)
    ]
    if not gone:
        return view.order
    told = ((view.room(number).last, 0, place, number) for place, number in enumerate(view.order))
    withdrawn = ((last, 1, number, number) for last, number in gone)
    return [number for *_, number in sorted((*told, *withdrawn))]


@once
def places_in_order(view: View) -> dict[int, int]:
    """The place of each line of a timeline, counted from 0, by its number."""
    return {number: place for place, number in enumerate(numbers_in_order(view))}


def stated_room(view: View, number: int) -> Room:
    """The days on which an entry happened by its own date, in its last wording."""
    form = view.effective.last_form(number)
    if form.telling.occurred is None:
        return Room(form.stated_on, form.stated_on)
    return Room(*form.reading())


# ---- a choice of entries ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """Which entries of a timeline are asked for; all that is given has to hold.

    `concerned` are bodies, levels, actors and themes, each of which it concerns. `earliest` and `latest` are a period
    in which it can have happened or lasted. `new_since` is a day since whose beginning it became public or was
    corrected or withdrawn in public; of what is internal: since when it was recorded.
    """

    kind: str | None = None
    concerned: tuple[str, ...] = ()
    earliest: date | None = None
    latest: date | None = None
    new_since: date | None = None

    def of_any_kind(self) -> "Choice":
        """The same without its kind: what there is to choose a kind from."""
        return replace(self, kind=None)

    def changed_after(self, zone: ZoneInfo) -> datetime | None:
        """The instant after which an entry has changed that is asked for."""
        if self.new_since in (None, date.min):
            return None
        assert self.new_since is not None
        return end_of(self.new_since - timedelta(days=1), zone)


WHOLE: Final = Choice()


def kind_of(step_type: str) -> str:
    """The kind of entry that a type of step belongs to: the subject of the domain in whose module it stands."""
    module: str = STEPS[step_type].__module__
    return module.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Traits:
    """What an entry of a timeline is chosen by.

    `last` and `first` are the days between which it happened, `over` is the day by which it was over for certain.
    `changed` is when the public last learned of it: of itself, that it was corrected or withdrawn,
    or what it tells in plain language.
    """

    number: int
    kind: str
    last: int
    first: int
    over: int
    changed: datetime
    concerned: frozenset[str]

    def among(self, choice: Choice, zone: ZoneInfo) -> bool:
        """Whether the entry is asked for."""
        after = choice.changed_after(zone)
        return (
            choice.kind in (None, self.kind)
            and self.concerned.issuperset(choice.concerned)
            and (choice.latest is None or self.first <= choice.latest.toordinal())
            and (choice.earliest is None or self.over >= choice.earliest.toordinal())
            and (after is None or self.changed > after)
        )


def traits(view: View, numbers: Iterable[int], concerning: Concerning) -> Iterator[Traits]:
    """What entries of the timeline are chosen by."""
    forms = view.effective.graph.forms
    for number in numbers:
        form = forms.get(number)
        room = stated_room(view, number) if form is None else view.room(number)
        form = form or view.effective.last_form(number)
        over = room.last
        if form.when.lasting:  # a planned end is no end yet
            over = FAR if form.when.end is None else max(over, form.when.end.last)
        kind = kind_of(form.telling.step.type)
        yield Traits(number, kind, room.last, room.first, over, changed(view, number), concerning(form))


def changed(view: View, number: int) -> datetime:
    """When its readers last learned of an entry: that it is there, or that it was corrected or withdrawn, or what it
    tells in plain language: whoever needs that learns only then what happened.

    For the public that is when it became public, for the office with what is internal when that was recorded.
    """
    log = view.effective
    told = log.public_from(number) or log.by_number[number].recorded_at
    plain = log.plain_texts.get(number, ())
    if not (plain or number in log.corrections or number in log.withdrawals or number in log.erasures):  # like most
        return told
    later = {*about(log, number), *plain, *(more for n in plain for more in about(log, n))}
    later |= {erasure for n in (number, *later) for erasure in log.erasures.get(n, ())}
    return max(told, *(log.public_from(n) or log.by_number[n].recorded_at for n in later))


# ---- a page of it ----------------------------------------------------------------------------------------------------


class Tally(Shown):
    """How many entries of one kind had happened, at the latest, by the end of one quarter of a year.

    `quarter` counts from the year 0: 4 * 2018 is the first one of 2018.
    """

    kind: str
    quarter: int
    count: int


class Contents(Shown):
    """What a timeline holds: how much of each kind and time, and whom and what its entries concern."""

    tallies: list[Tally]
    bodies: list[Named]
    actors: list[Named]
    themes: list[Named]

    @cached_property
    def told(self) -> str:
        """All of it as JSON: what says the same looks the same, on every page of the timeline."""
        return self.model_dump_json()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Part of a timeline: one page of lines, and how many there are altogether.

    `days` are those by which each of the lines had happened at the latest. `tallies` count the choice over all pages,
    of every kind; `total` counts it of the kind that is chosen, and `later` what happened only after the day of the
    view. `contents` are those of the whole timeline, `zone` is that of its days.
    """

    lines: list[Line]
    days: list[date]
    total: int
    tallies: list[Tally]
    contents: Contents
    later: int
    zone: ZoneInfo


def excerpt(
    view: View, choice: Choice = WHOLE, *, newest: bool = False, first: int = 0, most: int | None = None
) -> Excerpt:
    """The lines that have happened or may have, those that are asked for, from a place on."""
    zone, wanted = view.effective.zone, choice.of_any_kind()
    listed, happened, held = _listed(view)
    counted = held.tallies
    if wanted != WHOLE:
        listed, happened = ([one for one in all_ if one.among(wanted, zone)] for all_ in (listed, happened))
        counted = tallies(happened)
    chosen = happened if choice.kind is None else [one for one in happened if one.kind == choice.kind]
    ordered = chosen[::-1] if newest else chosen
    page = ordered[first : None if most is None else first + most]
    return Excerpt(
        lines=[line(view, one.number) for one in page],
        days=[date.fromordinal(one.last) for one in page],
        total=len(chosen),
        tallies=counted,
        contents=held,
        later=(len(listed) if choice.kind is None else sum(one.kind == choice.kind for one in listed)) - len(chosen),
        zone=zone,
    )


@once
def _listed(view: View) -> tuple[list[Traits], list[Traits], Contents]:
    """All entries of a timeline, those that have happened by the day or may have, and what these are about."""
    concerning = Concerning(view)
    listed = list(traits(view, numbers_in_order(view), concerning))
    happened = [one for one in listed if _may_have_happened(view, one)]
    return listed, happened, contents(view, happened, concerning)


def _may_have_happened(view: View, one: Traits) -> bool:
    """Whether an entry has happened by the view's day or may have; one that was withdrawn, by its own date."""
    state = state_of(view, one.number)
    return state != "not-yet" and (state != "withdrawn" or one.first <= view.day)


def tallies(found: Iterable[Traits]) -> list[Tally]:
    """Entries counted by kind and quarter."""
    counted = Counter((one.kind, quarter_of(one.last)) for one in found)
    return [Tally(kind=kind, quarter=quarter, count=n) for (kind, quarter), n in sorted(counted.items())]


def quarter_of(ordinal: int) -> int:
    """The quarter of a year that a day lies in, counted from the year 0."""
    day = date.fromordinal(ordinal)
    return 4 * day.year + (day.month - 1) // 3


def contents(view: View, found: Iterable[Traits], concerning: Concerning) -> Contents:
    """What the entries of a timeline are about."""
    found = list(found)
    concerned = sorted({id_ for one in found for id_ in one.concerned if id_ in view.state})
    by_kind = {id_: concerning.kind(id_) for id_ in concerned}

    def those(*kinds: str) -> list[Named]:
        return named(view, [id_ for id_ in concerned if by_kind[id_] in kinds])

    return Contents(tallies=tallies(found), bodies=those("body", "level"), actors=those("actor"), themes=those("theme"))


# ---- what is new -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class News:
    """What readers learned last, the newest first: one page of lines, each with when that was."""

    lines: list[Line]
    changed: list[datetime]
    total: int


def news(view: View, concerned: str | None = None, *, first: int = 0, most: int | None = None) -> News:
    """Entries of a timeline by when they became public or changed in public (see `changed`), the newest first."""
    choice = WHOLE if concerned is None else Choice(concerned=(concerned,))
    listed = traits(view, numbers_in_order(view), Concerning(view))
    chosen = [one for one in listed if one.among(choice, view.effective.zone)]
    chosen.sort(key=lambda one: (one.changed, one.number), reverse=True)
    page = chosen[first : None if most is None else first + most]
    return News(
        lines=[line(view, one.number) for one in page], changed=[one.changed for one in page], total=len(chosen)
    )
