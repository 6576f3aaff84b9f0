"""Persons at the desk: whom the office knows, what is held about somebody, and erasing it.

No name and no address of a person stands in an address of a page: what is looked for is sent as a form.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final, get_args

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from adapters.erasing import Held, Reason
from adapters.people import KEEPER, Kind, Person, Role
from adapters.web.asking import ID, installed
from adapters.web.desk import frame, page
from adapters.web.guard import ACT, SESSION, START, Clerk, Once, Sent, guarded, local, secret_of
from adapters.web.problems import headers_of
from adapters.web.public import HTML, language_of, render
from adapters.web.recording import number_of
from domain.account import Account
from domain.errors import Refused, refused
from projections.search import asked
from service import Hits, permits

PEOPLE: Final = f"{START}/personen"
ABOUT: Final = f"{PEOPLE}/auskunft"
MOST_ENTRIES: Final = 200

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@page(PEOPLE, routes=router)
def known(request: Request, clerk: Clerk) -> Response:
    """The persons of all processes in which the clerk may record."""
    processes = _processes(request, clerk)
    return _shown(
        request,
        "desk_people.html",
        processes=processes,
        people=installed(request).people.list(processes),
        erased=number_of(request.query_params.get("geloescht", "")),
    )


@page(f"{PEOPLE}/neu/{{process}}", routes=router)
def blank(request: Request, clerk: Clerk, process: str) -> Response:
    """The form for a person who has to do with a process."""
    _require(request, clerk, process)
    return _form(request, process, {})


@page(f"{PEOPLE}/neu/{{process}}", "POST", router)
def add(request: Request, clerk: Clerk, process: str, form: Once) -> Response:
    """Notes a person; what is wrong stands at its field, and what was typed is still there."""
    _require(request, clerk, process)
    try:
        id_ = installed(request).people.add(_person(process, form), clerk.id)
    except Refused as refusal:
        return _form(request, process, form, refusal)
    return RedirectResponse(local(language_of(request), f"{PEOPLE}/person/{id_}"), 303)


@page(f"{PEOPLE}/person/{{id_}}", routes=router)
def one(request: Request, clerk: Clerk, id_: str) -> Response:
    """A person: what is noted, to be changed, and the entries they have to do with."""
    found = installed(request).people.find(id_)
    _require(request, clerk, found.person.process)
    return _form(request, found.person.process, _typed(found.person), id_=id_)


@page(f"{PEOPLE}/person/{{id_}}", "POST", router)
def change(request: Request, clerk: Clerk, id_: str, form: Once) -> Response:
    """Changes what is noted, or ties the person to an entry."""
    people = installed(request).people
    process = people.find(id_).person.process
    _require(request, clerk, process)
    try:
        if form.get(ACT) == "tie":
            number = number_of(form.get("number", "").strip())
            view = installed(request).service.view(process, clerk).view
            if number is None or number not in view.effective.by_number:
                raise refused("person-entry", pointer="/number")
            people.tie(id_, number, form.get("role", ""), clerk.id)
        else:
            people.change(id_, _person(process, form), clerk.id)
    except Refused as refusal:
        typed = {**_typed(people.find(id_).person), **form}
        return _form(request, process, typed, refusal, id_=id_)
    return RedirectResponse(local(language_of(request), f"{PEOPLE}/person/{id_}"), 303)


@page(ABOUT, routes=router)
def ask(request: Request, clerk: Clerk) -> Response:
    """The form for what is held about somebody."""
    _processes(request, clerk)
    return _shown(request, "desk_about.html", None, **_NOTHING)


@page(ABOUT, "POST", router)
def about(request: Request, clerk: Clerk, fields: Sent) -> Response:
    """What is held about a person, as a page or a file; or erases what is chosen of it, when that is confirmed."""
    form, processes = dict(fields), _processes(request, clerk)
    name = form.get("name", "").strip()[:200]
    held = [one for one in installed(request).erasing.about(asked(name)) if _may_see(clerk, one, processes)]
    hits = _hits(request, clerk, name)
    if form.get(ACT) == "file":
        content = json.dumps(_as_json(held, hits), ensure_ascii=False, indent=2)
        headers = {"Content-Disposition": 'attachment; filename="auskunft.json"'}
        return Response(content, headers=headers, media_type="application/json")
    chosen = {(one.keeper, one.id) for one in held if ("held", f"{one.keeper} {one.id}") in fields}
    refusal = None
    if form.get(ACT) == "erase":
        try:
            if not chosen or form.get("sure") != "yes":
                raise refused("erasure-unconfirmed", pointer="/sure")
            count, _ = installed(request).erasing.erase(chosen, form.get("reason", ""), clerk.id)
        except Refused as found:
            refusal = found
        else:
            return RedirectResponse(f"{local(language_of(request), PEOPLE)}?geloescht={count}", 303)
    given = {"name": name, "asked": True, "held": held, "hits": hits, "chosen": chosen, "reason": form.get("reason")}
    return _shown(request, "desk_about.html", refusal, **given)


_NOTHING: Final[Mapping[str, object]] = {"name": "", "asked": False, "held": (), "hits": None, "chosen": ()}


def _hits(request: Request, clerk: Account, name: str) -> Hits | None:
    """The entries whose texts have these words; their texts are part of the record, and stay."""
    try:
        return installed(request).service.search(name, clerk, most=MOST_ENTRIES) if name else None
    except Refused:  # more words than a search takes, or none
        return None


def _as_json(held: Sequence[Held], hits: Hits | None) -> dict[str, object]:
    found = [] if hits is None else hits.hits
    return {
        "held": [asdict(one) for one in held],
        "entries": [{"process": hit.process, "number": hit.line.number, "passage": hit.passage} for hit in found],
    }


def _may_see(clerk: Account, held: Held, processes: Sequence[str]) -> bool:
    """What belongs to the whole installation, as accounts do, is its administrators' business alone."""
    return permits(clerk, "administer", "*") if held.process is None else held.process in processes


def _processes(request: Request, clerk: Account) -> list[str]:
    """Where the clerk may record; who may nowhere has no business here."""
    listed = installed(request).service.processes(clerk)
    found = [one.cited.process for one in listed if permits(clerk, "record", one.cited.process)]
    if not found:
        raise refused("page-not-found")
    return found


def _require(request: Request, clerk: Account, process: str) -> None:
    """Whose business it is not is not told that there is anything."""
    if not ID.fullmatch(process) or process not in _processes(request, clerk):
        raise refused("page-not-found")


FIELDS: Final = ("name", "kind", "organisation", "function", "contact", "note", "since", "until")


def _person(process: str, form: Mapping[str, str]) -> Person:
    typed = {field: form.get(field, "").strip() for field in FIELDS}
    optional = {field: typed[field] or None for field in ("organisation", "since", "until")}
    return Person(process=process, **{**typed, **optional})  # type: ignore[arg-type]


def _typed(person: Person) -> dict[str, str]:
    return {field: value or "" for field, value in asdict(person).items()}


def _form(
    request: Request, process: str, typed: Mapping[str, str], refusal: Refused | None = None, id_: str | None = None
) -> Response:
    found = None if id_ is None else installed(request).people.find(id_)
    blank_ = dict.fromkeys((*FIELDS, "number", "role"), "")
    context = {
        "process": process,
        "typed": {**blank_, **typed},
        "found": found,
        "kinds": get_args(Kind),
        "roles": get_args(Role),
    }
    return _shown(request, "desk_person.html", refusal, **context)


def _shown(request: Request, template: str, refusal: Refused | None = None, **context: object) -> Response:
    language = language_of(request)
    wrong = () if refusal is None else refusal.refusals
    shown = {
        **frame(request, secret_of(request, SESSION) or ""),
        "wrong": wrong,
        "desk": local(language, START),
        "at": local(language, PEOPLE),
        "ask": local(language, ABOUT),
        "reasons": get_args(Reason)[:-1],
        "keeper": KEEPER,
    }
    answer = Response(render(template, **shown, **context), media_type=HTML)
    answer.headers["Cache-Control"] = "no-store"
    if refusal is not None:
        answer.status_code = 422
        answer.headers.update(headers_of(refusal.refusals[0], language))
    return answer
