"""The documents that a process rests on: what they are, and which entry cites which passage."""

from collections.abc import Iterator

from pydantic import Field

from domain.entry import tellings_in
from domain.process import DocumentAdded
from domain.publication import Source, Telling
from domain.replay import Form
from domain.view import View, once
from projections.telling import Named, Occurred, Shown, name, occurred, told


class Passage(Shown):
    """What one entry cites of a document; without page and lines the whole of it."""

    entry: int
    page: str | None
    lines: str | None


class CitedDocument(Shown):
    """A document, as it was added to the process or as entries name it as their source."""

    anchor: str | None = Field(description="names it on the page of the documents")
    document: Named | None = Field(description="as the process knows it, if it was added")
    title: str | None
    sha256: str | None
    url: str | None
    added: Occurred | None = Field(description="when it appeared, if it was added")
    passages: list[Passage]


def anchor(document: str | None, sha256: str | None) -> str | None:
    """What a document is called on the page of the documents: by its id, else by its file."""
    if document is not None:
        return f"doc-{document}"
    return None if sha256 is None else f"file-{sha256[:16]}"


@once
def documents(view: View) -> list[CitedDocument]:
    """Every document that was added or is cited by the day, those with most citations first."""
    added = {step.document: (form, step) for form, step in told(view, DocumentAdded)}
    by_file = {step.sha256: id_ for id_, (_, step) in added.items() if step.sha256 is not None}
    cited: dict[tuple[str | None, str | None], list[tuple[int, Source]]] = {(id_, None): [] for id_ in added}
    for number in sorted(view.order):
        if view.room(number).first <= view.day:
            for source in _sources(view.form(number).telling):
                id_ = source.document or by_file.get(source.sha256 or "")
                other = None if id_ is not None else source.sha256 or f"“{source.title or source.url or ''}”"
                cited.setdefault((id_, other), []).append((number, source))
    found = [_cited(view, id_, sources, added.get(id_ or "")) for (id_, _), sources in cited.items()]
    return sorted(found, key=lambda each: -len(each.passages))


@once
def places(view: View) -> dict[str, int]:
    """The place of each document in their list, counted from 0, by what it is called there."""
    return {each.anchor: place for place, each in enumerate(documents(view)) if each.anchor is not None}


def _sources(telling: Telling) -> Iterator[Source]:
    """The sources of a telling, and of the account that it tells."""
    yield from telling.sources
    for _, inner in tellings_in(telling.step):
        yield from _sources(inner)


def _cited(
    view: View, id_: str | None, cited: list[tuple[int, Source]], added: tuple[Form, DocumentAdded] | None
) -> CitedDocument:
    passages = dict.fromkeys(Passage(entry=number, page=given.page, lines=given.lines) for number, given in cited)
    sha256, url = (None, None) if added is None else (added[1].sha256, added[1].url)
    sha256 = sha256 or next((given.sha256 for _, given in cited if given.sha256 is not None), None)
    return CitedDocument(
        anchor=anchor(id_, sha256),
        document=None if id_ is None else Named(id=id_, name=name(view, id_)),
        title=next((given.title for _, given in cited if given.title is not None), None),
        sha256=sha256,
        url=url or next((given.url for _, given in cited if given.url is not None), None),
        added=None if added is None else occurred(view, added[0]),
        passages=list(passages),
    )
