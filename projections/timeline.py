"""The timeline: every chosen entry that tells something, in the order things happened."""

from collections import Counter
from collections.abc import Collection

from pydantic import Field

from domain.rooms import Room
from domain.view import View
from projections.telling import Line, Shown, line, state_of


def timeline(view: View) -> list[Line]:
    """Entries in force in the happened order; withdrawn ones stay readable at the place their own date gives them."""
    return [line(view, number) for number in numbers_in_order(view)]


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


def stated_room(view: View, number: int) -> Room:
    """The days on which an entry happened by its own date, in its last wording."""
    form = view.effective.last_form(number)
    if form.telling.occurred is None:
        return Room(form.stated_on, form.stated_on)
    return Room(*form.reading())


class Excerpt(Shown):
    """Part of a timeline: one page of lines, and how many there are altogether."""

    lines: list[Line]
    total: int = Field(description="how many lines the selection has over all pages")
    counts: dict[str, int] = Field(description="how many entries of each type have happened or may have")
    later: int = Field(description="how many happened only after the day of the view")


def excerpt(
    view: View, types: Collection[str] | None = None, *, newest: bool = False, first: int = 0, most: int | None = None
) -> Excerpt:
    """The lines that have happened or may have, of some types or all, from a place on."""
    listed = numbers_in_order(view)
    happened = [number for number in listed if state_of(view, number) != "not-yet"]
    type_of = {number: view.effective.by_number[number].statement.step.type for number in happened}
    chosen = [number for number in happened if types is None or type_of[number] in types]
    ordered = chosen[::-1] if newest else chosen
    return Excerpt(
        lines=[line(view, number) for number in ordered[first : None if most is None else first + most]],
        total=len(chosen),
        counts=Counter(type_of.values()),
        later=len(listed) - len(happened),
    )
