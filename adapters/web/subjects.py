"""The pages of bodies, actors and themes: what there is and was of them, and the life of each one."""

from functools import partial
from typing import Any, Final

from fastapi import Request, Response

from adapters.sheets.parts import Speaker
from adapters.web.asking import ID, installed
from adapters.web.page import Pages, audience_of, of_process
from adapters.web.paging import paging
from adapters.web.wording import GROUPS, SUBJECT_PAGES, Wording
from domain.errors import refused
from domain.schemes import Term
from domain.view import View
from projections.lives import Kind, Said, everyone, lived
from projections.telling import line
from projections.timeline import kind_of
from service import Answer

MOST: Final = 12
"""How many entries of a group are shown on the page of a subject; the timeline has all of them."""

GROUPED: Final = {
    "body": ("decisions", "meetings", "feedback", "commitments"),
    "actor": ("decisions", "meetings", "feedback", "commitments"),
    "theme": (),
}
"""What a reader looks for, so that its absence is said."""

TOLD_ABOVE: Final = frozenset({"actors"})
"""Roles are shown one by one, with their entries."""

PAGES: Final[dict[str, Kind]] = {SUBJECT_PAGES[kind]: kind for kind in ("body", "actor", "theme")}

pages = Pages()


def _listed(page: str, kind: Kind) -> None:
    """The page with all subjects of a kind."""

    def show(request: Request, process: str) -> Response:
        def context(answer: Answer, _: Wording) -> dict[str, Any]:
            found = everyone(answer.view, kind)
            page = paging(request, len(found))
            return {"kind": kind, "found": page.of(found), "paging": page}

        return of_process(request, process, "subjects.html", context)

    pages(f"/prozesse/{{process}}/{page}")(show)


def _single(page: str, kind: Kind) -> None:
    """The page of one subject. Where it was not known yet on the day that is asked for, the page says so."""

    def show(request: Request, process: str) -> Response:
        subject: str = request.path_params[kind]

        def context(answer: Answer, words: Wording) -> dict[str, Any]:
            if _knows(answer.view, kind, subject):
                return _life(answer.view, kind, subject, words)
            now = installed(request).service.view(process, audience_of(request)).view
            if not ID.fullmatch(subject) or not _knows(now, kind, subject):
                raise refused("page-not-found")
            later = Wording(words.language, words.base, now, words.times)
            return {"kind": kind, "lived": None, "name": later.name(subject)}

        return of_process(request, process, "subject.html", context)

    pages(f"/prozesse/{{process}}/{page}/{{{kind}}}")(show)


for _page, _kind in PAGES.items():
    _listed(_page, _kind)
    _single(_page, _kind)


def _knows(view: View, kind: Kind, id_: str) -> bool:
    return id_ in view.state and view.state[id_].kind == kind


def _life(view: View, kind: Kind, id_: str, words: Wording) -> dict[str, Any]:
    found = lived(view, id_, kind)
    groups: dict[str, list[int]] = {group: [] for group in GROUPED[kind]}
    for group in GROUPS:
        groups.setdefault(group, [])
    for number in reversed(found.entries):
        groups[kind_of(view.form(number).telling.step.type)].append(number)
    return {
        "kind": kind,
        "lived": found,
        "name": words.named(id_, found.name),
        "members": [role for role in found.roles if role.kind == "member"],
        "groups": {g: told for g, told in groups.items() if g in GROUPED[kind] or (told and g not in TOLD_ABOVE)},
        "most": MOST,
        "line": partial(line, view),
        "value": partial(_value, words),
    }


def _value(words: Wording, attribute: str, said: Said) -> Any:
    """The value of a fact in words; a subject that it names leads to its page."""
    if attribute == "name" and said.name is not None:
        return words.t("ohne Namen", "without a name") if said.value is None else words.named("", said.name)
    if said.value is None:
        return {
            "parent": words.t("direkt unter dem Prozess", "directly under the process"),
            "level": words.t("keine Ebene", "no level"),
            "project_of": words.t("von niemandem", "nobody’s"),
        }[attribute]
    if said.name is not None:
        return words.link(said.value, said.name)
    if attribute == "branch":
        scheme, _, term = said.value.partition(":")
        return Speaker(words.language).in_scheme(Term(scheme=scheme, term=term))
    return words.term(said.value, attribute)
