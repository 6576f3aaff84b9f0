"""The timeline: every chosen entry that tells something, in the order things happened."""

from collections import Counter
from collections.abc import Collection, Sequence

from pydantic import Field

from domain.rooms import Room
from domain.view import View
from projections.telling import Line, Shown, line


def timeline(view: View) -> list[Line]:
    """Entries in force in the happened order; withdrawn ones stay readable at the place their own date gives them."""
    lines = [line(view, number) for number in view.order]
    for entry in view.effective.entries:
        if entry.about_entries or view.effective.in_force(entry.number):
            continue
        at = stated_room(view, entry.number)
        index = next((i for i, number in enumerate(view.order) if view.room(number).last > at.last), len(view.order))
        before = sum(
            1 for shown in lines if shown.state == "withdrawn" and stated_room(view, shown.number).last <= at.last
        )
        lines.insert(index + before, line(view, entry.number))
    return lines


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
    lines: Sequence[Line], types: Collection[str] | None, *, newest: bool, first: int = 0, most: int | None = None
) -> Excerpt:
    """The lines that have happened or may have, of some types or all, from a place on."""
    happened = [shown for shown in lines if shown.state != "not-yet"]
    chosen = [shown for shown in happened if types is None or shown.type in types]
    ordered = chosen[::-1] if newest else chosen
    return Excerpt(
        lines=ordered[first : None if most is None else first + most],
        total=len(chosen),
        counts=Counter(shown.type for shown in happened),
        later=len(lines) - len(happened),
    )
