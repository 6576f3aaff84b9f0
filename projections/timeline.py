"""The timeline: every chosen entry that tells something, in the order things happened."""

from domain.rooms import Room
from domain.view import View
from projections.telling import Line, line


def timeline(view: View) -> list[Line]:
    """Entries in force in the happened order; withdrawn ones stay readable at the place their own date gives them."""
    lines = [line(view, number) for number in view.order]
    for entry in view.effective.entries:
        if entry.about_entries or view.effective.in_force(entry.number):
            continue
        at = _stated(view, entry.number)
        index = next((i for i, number in enumerate(view.order) if view.room(number).last > at.last), len(view.order))
        before = sum(1 for shown in lines if shown.state == "withdrawn" and _stated(view, shown.number).last <= at.last)
        lines.insert(index + before, line(view, entry.number))
    return lines


def _stated(view: View, number: int) -> Room:
    form = view.effective.last_form(number)
    if form.telling.occurred is None:
        return Room(form.stated_on, form.stated_on)
    return Room(*form.reading())
