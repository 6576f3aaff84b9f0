"""What the public would see of entries that are not public yet: before they are published, and if they were now."""

from collections.abc import Collection
from datetime import datetime

from domain.publication import EntryPublished
from domain.publishing import needed
from domain.replay import Effective
from domain.view import View


def publicly(view: View, at: datetime, along: Collection[int] = ()) -> View:
    """What the public sees at an instant of what the office sees, if some more entries are public by then."""
    log = view.effective
    chosen = [entry for entry in log.entries if entry.number in along or log.public(entry.number, at)]
    shown = Effective(chosen)
    shown.zone = log.zone
    return View(shown, view.day)


def with_needed(view: View, numbers: Collection[int], at: datetime) -> list[int]:
    """Entries with all that has to be published along with them; those public by then anyway are left out."""
    log = view.effective
    hidden = [number for number in numbers if number in log.by_number and not log.public(number, at)]
    hidden = [n for n in hidden if not isinstance(log.by_number[n].statement.step, EntryPublished)]
    return sorted({*hidden, *needed(log, hidden, at)})


def internal(view: View, at: datetime) -> list[int]:
    """The entries that are not public at an instant, without those that only publish others."""
    log = view.effective
    steps = ((number, entry.statement.step) for number, entry in sorted(log.by_number.items()))
    return [n for n, step in steps if not isinstance(step, EntryPublished) and not log.public(n, at)]
