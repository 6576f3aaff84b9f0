"""How a process is built, on any day, as a page: drawn, as a nested list, and as a table; and the picture as a file."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final

from fastapi import Request, Response
from markupsafe import Markup

from adapters.answers import head
from adapters.png import png
from adapters.web.asking import installed, one_of
from adapters.web.governance_tree import loose_roles, tree
from adapters.web.page import Pages, asked_for, audience_within, language_of, of_process, to_lasting
from adapters.web.replies import reply
from adapters.web.structure_sheet import evolution_of, sheet_of
from adapters.web.svg import Shown, drawing, file_of
from adapters.web.wording import Wording
from domain.errors import Refused
from domain.meaning import PROCESS
from domain.view import View, once
from projections.governance import in_order, structure
from projections.picture import picture
from projections.telling import name
from service import Answer

VIEWS: Final = {"bild": ("Bild", "Picture"), "liste": ("Liste", "List"), "tabelle": ("Tabelle", "Table")}
"""In which ways the same is shown. Without a choice it is the picture, and on a narrow screen the list."""

MOST_NAMED: Final = 2
"""How many of those that changed on a day the list of the days names."""

pages = Pages()


@pages("/prozesse/{process}/struktur")
def governance(request: Request, process: str) -> Response:
    """How the process is built, on any day."""
    view = one_of("ansicht", request.query_params.get("ansicht", ""), ("", *VIEWS))
    settings = installed(request).settings

    def context(answer: Answer, words: Wording) -> dict[str, Any]:
        found = structure(answer.view)
        return {
            "structure": found,
            "levels": in_order(found.levels),
            "tree": tree(found),
            "loose_roles": loose_roles(found),
            "drawn": drawn(answer, words),
            "steps": steps(request, answer, words),
            "ansicht": view,
            "views": VIEWS,
            "to_embed": settings.address if settings.frame_ancestors and answer.public else "",
        }

    return of_process(request, process, "structure.html", context)


@pages("/prozesse/{process}/einbetten/struktur")
def embedded(request: Request, process: str) -> Response:
    """The picture for a page of the city: nothing around it but where it comes from."""
    return of_process(
        request,
        process,
        "embedded_structure.html",
        lambda answer, words: {"drawn": drawn(answer, words)},
        has_form=False,
    )


def drawn(answer: Answer, words: Wording) -> Any:
    """The picture of the day, whose boxes lead to what they stand for."""
    return drawing("structure", _shown(answer, words, linked=True), sheet_of(answer.view, words))


def _shown(answer: Answer, words: Wording, *, linked: bool = False) -> Shown:
    title = words.t("Struktur am {day}", "Structure on {day}", day=words.day(answer.day))
    return Shown(title, picture(answer.view), words, linked)


# ---- from day to day ----------------------------------------------------------------------------------------------


def steps(request: Request, answer: Answer, words: Wording) -> dict[str, Any]:
    """The days up to today on which the structure changed, with what did; where among them the day of the page is."""
    today = answer.view.effective.day(installed(request).service.now())
    changed = {day: ids for day, ids in evolution_of(answer.view).changed.items() if 1 <= day <= today}
    days = [date.fromordinal(day) for day in changed]
    recorded = _days_of_recording(answer.view)
    return {
        "days": [
            (date.fromordinal(day), _changed(words, ids, at_latest=day in recorded)) for day, ids in changed.items()
        ],
        "since": max((day for day in days if day <= answer.day), default=None),
        "before": max((day for day in days if day < answer.day), default=None),
        "after": min((day for day in days if day > answer.day), default=None),
    }


@once
def _days_of_recording(view: View) -> frozenset[int]:
    return frozenset(view.effective.day(entry.recorded_at) for entry in view.effective.entries)


def _changed(words: Wording, ids: tuple[str, ...], *, at_latest: bool) -> str:
    """Who changed on a day, by the names of today: an option of a choice has no room for more.

    What has no date had happened at the latest when it was recorded: that day is none of the structure's own.
    """
    known = [str(words.name(id_).striptags()) for id_ in ids if id_ in words.view.state]
    more = len(ids) - MOST_NAMED
    named = ", ".join(known[:MOST_NAMED])
    if more > 0:
        named = words.t("{named} und {more} mehr", "{named} and {more} more", named=named, more=more)
    if at_latest:
        return words.t(
            "spätestens, weil da erfasst – {named}", "at the latest, as recorded then – {named}", named=named
        )
    return named


# ---- the picture as a file ----------------------------------------------------------------------------------------


@pages("/prozesse/{process}/struktur.svg")
def as_svg(request: Request, process: str) -> Response:
    """The picture as it can be put into a document."""
    return _file(request, process, "image/svg+xml", str.encode)


@pages("/prozesse/{process}/struktur.png")
def as_png(request: Request, process: str) -> Response:
    """The picture for whatever shows no SVG."""
    return _file(request, process, "image/png", png)


def _file(request: Request, process: str, media_type: str, made: Callable[[str], bytes]) -> Response:
    asked = asked_for(request)
    if asked.refusals:
        raise Refused(*asked.refusals)
    if asked.elsewhere is not None:
        return to_lasting(asked.elsewhere)
    audience, base = audience_within(request, process)
    with installed(request).database.reading():
        answer = installed(request).service.view(process, audience, asked.times)
        words = Wording(language_of(request), base, answer.view, asked.times)
        return reply(
            request,
            audience,
            [head(answer)],
            lambda: made(
                file_of(
                    _titled(answer, words),
                    sheet_of(answer.view, words),
                    caption(answer, words, _titled(answer, words).title),
                )
            ),
            media_type=media_type,
        )


def _titled(answer: Answer, words: Wording) -> Shown:
    shown = _shown(answer, words)
    return replace(shown, title=f"{_process(answer.view, words)} – {shown.title}")


def _process(view: View, words: Wording) -> Markup:
    return Markup(words.named(PROCESS, name(view, PROCESS)).striptags())  # noqa: S704  # it is escaped


def caption(answer: Answer, words: Wording, title: str) -> list[str]:
    """What a picture shows, for whoever finds it without its page."""
    times = answer.times
    said = [title]
    if times.known_by is not None:
        said.append(
            words.t(
                "Nach dem, was am {day} erfasst war", "By what was recorded on {day}", day=words.day(times.known_by)
            )
        )
    if times.published_by is not None:
        said.append(
            words.t(
                "Nach dem, was am {day} öffentlich war",
                "By what was public on {day}",
                day=words.day(times.published_by),
            )
        )
    upto = words.t("Bis Eintrag Nr. {position}", "Up to entry no. {position}", position=answer.position)
    version = words.t("öffentliche Fassung {version}", "public version {version}", version=answer.version)
    said.append(f"{upto}, {version}" if answer.public else f"{upto}, {words.t('intern', 'internal')}")
    return said
