"""The timeline of a process as a page: what happened, in order, page by page – all of it or what a reader chooses."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from itertools import groupby
from typing import Any, Final, Literal

from fastapi import Request, Response
from markupsafe import Markup

from adapters.web.asking import ID, installed, one_of
from adapters.web.days import earliest_day, latest_day
from adapters.web.page import (
    NO_VIEW,
    TIMES,
    Asked,
    Pages,
    Reading,
    asked_for,
    audience_of,
    read_page,
    rendered,
    templates,
)
from adapters.web.paging import asked_page, paging
from adapters.web.wording import GROUPS, Wording
from adapters.web.years import columns
from domain.errors import Refusal, refused
from domain.words import Language
from projections.telling import Line, Named
from projections.timeline import Choice, Contents, Excerpt
from service import Citation, Times

PAGE_SIZE: Final = 50
LINES_KEPT: Final = 4_000
FORMS_KEPT: Final = 200

CONCERNED: Final = ("body", "actor", "theme")
"""Of what an entry has to speak, by the parameters that say so."""

NEW: Final = "seit"
"""Since when something is new: the day of a reader's last visit, which the address keeps and nobody else."""

Fresh = Literal["", "new", "changed"]

pages = Pages()


@lru_cache(LINES_KEPT)
def happened(language: Language, base: str, times: Times, told: str, fresh: Fresh) -> Markup:
    """An entry in the list of what happened. It looks the same on every page that lists it, until it is told anew."""
    parts = _parts(language, base, times)
    return Markup(parts.happened(Line.model_validate_json(told), 3, fresh=fresh))  # noqa: S704  # a template has written it


@lru_cache(FORMS_KEPT)
def _parts(language: Language, base: str, times: Times) -> Any:
    """The parts of pages, in the words of one process."""
    return templates().get_template("parts.html").make_module({"w": Wording(language, base, NO_VIEW, times)})


DAYS: Final = {**TIMES, "from": earliest_day, "to": latest_day, NEW: earliest_day}


@pages("/prozesse/{process}/verlauf")
def history(request: Request, process: str) -> Response:
    """What happened, in order."""
    query = request.query_params
    order = one_of("order", query.get("order", ""), ("", "newest"))
    asked = _in_order(asked_for(request, DAYS))
    choice, newest = choice_of(query, asked), order == "newest"
    first = (asked_page(request) - 1) * PAGE_SIZE

    def read(times: Times, now: Citation) -> Reading:
        service = installed(request).service
        cited = now if times == Times() else service.view(process, audience_of(request), times).cited
        return cited, NO_VIEW, partial(context, times)

    def context(times: Times, words: Wording) -> dict[str, Any]:
        _, found = installed(request).service.timeline(
            process, audience_of(request), times, choice=choice, newest=newest, first=first, most=PAGE_SIZE
        )
        page = paging(request, found.total, PAGE_SIZE)
        kept = _Kept(words, _parameters(query, asked))
        return {
            "years": list(_by_year(words, times, found, choice)),
            "shown": len(found.lines),
            "total": found.total,
            "later": found.later,
            "groups": _counted(found),
            "columns": columns(found.tallies, choice.kind, newest=newest),
            "chosen": list(_chosen(kept, found.contents)),
            "forms": _forms(words, request.url.path, asked, kept.parameters, found.contents),
            "choice": choice,
            "unknown": list(_unknown(words, kept.parameters, found.contents)),
            "order": order,
            "kept": kept,
            "paging": page,
            "page_of": lambda column: page.page_of(column.before),
        }

    return read_page(request, process, "history.html", read, asked=asked)


def _in_order(asked: Asked) -> Asked:
    """What was asked for, unless it is a period that ends before it begins."""
    days, given = asked.days, asked.given
    if not {"from", "to"} <= days.keys() or days["from"] <= days["to"]:
        return asked
    reversed_ = Refusal("date-reversed", {"text": f"{given['from']} – {given['to']}"[:80]}, pointer="/to")
    return Asked(given, {}, (reversed_,), None)


def choice_of(query: Mapping[str, str], asked: Asked) -> Choice:
    """The entries that an address asks for."""
    kind = one_of("kind", query.get("kind", ""), ("", *GROUPS))
    concerned = [query.get(name, "") for name in CONCERNED]
    if not all(ID.fullmatch(id_) for id_ in concerned if id_):
        raise refused("page-not-found")
    days = asked.days
    return Choice(kind or None, tuple(filter(None, concerned)), days.get("from"), days.get("to"), days.get(NEW))


def _by_year(words: Wording, times: Times, found: Excerpt, choice: Choice) -> Iterator[tuple[int, Markup]]:
    """The lines of a page under the years by the end of which they had happened."""
    told = zip(found.days, found.lines, strict=True)
    for year, of_year in groupby(told, key=lambda one: one[0].year):
        lines = (
            happened(words.language, words.base, times, line.told, _fresh(line, choice, found)) for _, line in of_year
        )
        yield year, Markup().join(lines)


def _fresh(line: Line, choice: Choice, found: Excerpt) -> Fresh:
    """Whether an entry is new since the day that was asked for, or only what became of it is (see `changed`)."""
    after = choice.changed_after(found.zone)
    if after is None:
        return ""
    return "new" if (line.public_from or line.recorded_at) > after else "changed"


def _counted(found: Excerpt) -> dict[str, int]:
    """How much there is of each kind, whichever is chosen."""
    counts = Counter(dict.fromkeys(GROUPS, 0))
    for tally in found.tallies:
        counts[tally.kind] += tally.count
    return counts


# ---- what is chosen, and what there is to choose from --------------------------------------------------------------


def _parameters(query: Mapping[str, str], asked: Asked) -> dict[str, str]:
    """What an address asks for beside its times, in the one way that lasts."""
    days = {name: asked.days[name].isoformat() for name in DAYS if name in asked.days}
    return {name: query.get(name, "") for name in ("kind", *CONCERNED, "order")} | days


@dataclass(frozen=True, slots=True)
class _Kept:
    """Addresses of the timeline that keep what is chosen, but for what they change."""

    words: Wording
    parameters: Mapping[str, str]

    def __call__(self, **changes: object) -> str:
        return self.words.href("/verlauf", **{**self.parameters, **changes})


@dataclass(frozen=True, slots=True)
class Chosen:
    """One thing that is chosen, with the address of the timeline without it."""

    label: str | Markup
    without: str


LABELS: Final = {
    "body": ("Gremium", "Body"),
    "actor": ("Akteur", "Actor"),
    "theme": ("Handlungsfeld", "Field of action"),
}


def _unknown(words: Wording, given: Mapping[str, str], contents: Contents) -> Iterator[str]:
    """What is chosen and is nowhere in the timeline, each with what it was looked for as."""
    known = {"body": contents.bodies, "actor": contents.actors, "theme": contents.themes}
    for name in CONCERNED:
        if given[name] and given[name] not in {found.id for found in known[name]}:
            yield words.t("{label} „{id}“", "{label} “{id}”", label=words.t(*LABELS[name]), id=given[name])


def _chosen(kept: _Kept, contents: Contents) -> Iterator[Chosen]:
    """All that is chosen, each to be taken back by itself."""
    words, given = kept.words, kept.parameters
    if kind := given["kind"]:
        yield Chosen(f"{words.t('Art', 'Kind')}: {words.group(kind)}", kept(kind=""))
    named = {found.id: found for found in (*contents.bodies, *contents.actors, *contents.themes)}
    for name in CONCERNED:
        if id_ := given[name]:
            called = words.named(id_, named[id_].name) if id_ in named else id_
            yield Chosen(Markup("{}: {}").format(words.t(*LABELS[name]), called), kept(**{name: ""}))
    for name, german, english in (("from", "ab", "from"), ("to", "bis", "until"), (NEW, "neu seit", "new since")):
        if day := given.get(name):
            said = f"{words.t(german, english)} {words.day(date.fromisoformat(day))}"
            yield Chosen(said, kept(**{name: ""}))


def _forms(words: Wording, path: str, asked: Asked, parameters: Mapping[str, str], contents: Contents) -> Markup:
    """What a reader narrows the timeline by, and which day they look at."""
    if asked.refusals:
        return _filled_in(words, path, asked, parameters, contents)
    given = tuple(asked.given.items()), tuple(parameters.items())
    return as_before(words.language, words.base, words.times, path, *given, contents.told)


@lru_cache(FORMS_KEPT)
def as_before(
    language: Language,
    base: str,
    times: Times,
    path: str,
    given: tuple[tuple[str, str], ...],
    parameters: tuple[tuple[str, str], ...],
    told: str,
) -> Markup:
    """The same forms for the same choice, until there is something else to choose from."""
    asked, contents = Asked(dict(given), {}, (), None), Contents.model_validate_json(told)
    return _filled_in(Wording(language, base, NO_VIEW, times), path, asked, dict(parameters), contents)


def _filled_in(words: Wording, path: str, asked: Asked, parameters: Mapping[str, str], contents: Contents) -> Markup:
    of = {"body": contents.bodies, "actor": contents.actors, "theme": contents.themes}
    options = {
        name: sorted(_each(words, found, parameters[name]), key=lambda option: option[1].casefold())
        for name, found in of.items()
    }
    return rendered("narrowing.html", w=words, here=path, asked=asked, parameters=parameters, options=options)


def _each(words: Wording, found: list[Named], chosen: str) -> Iterator[tuple[str, str, bool]]:
    """What there is to choose from: each with its name, and whether it is chosen."""
    for one in found:
        yield one.id, str(words.named(one.id, one.name).striptags()), one.id == chosen
