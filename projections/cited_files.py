"""Which entries rest on which files: a file is cited by its SHA-256, as a source or as a document of the process."""

from collections.abc import Iterator

from domain.entry import tellings_in
from domain.process import DocumentAdded
from domain.publication import Telling
from domain.view import View, once


@once
def cited_files(view: View) -> dict[str, list[int]]:
    """The numbers of the entries that cite a file, by its SHA-256; whatever became of them."""
    found: dict[str, list[int]] = {}
    for number, entry in sorted(view.effective.by_number.items()):
        for sha256 in dict.fromkeys(files_of(entry.statement)):
            found.setdefault(sha256, []).append(number)
    return found


def files_of(telling: Telling) -> Iterator[str]:
    """The files that what is told rests on."""
    yield from (source.sha256 for source in telling.sources if source.sha256 is not None)
    if isinstance(telling.step, DocumentAdded) and telling.step.sha256 is not None:
        yield telling.step.sha256
    for _, inner in tellings_in(telling.step):
        yield from files_of(inner)
