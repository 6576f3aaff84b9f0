"""Persons at the desk: whom the office knows, what is held about somebody, a report of it, and erasing it.

No name and no address of a person stands in an address of a page: what is looked for is sent as a form.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any, Final, get_args

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from adapters.attending import catch_up_everywhere
from adapters.documents import KEEPER as DOCUMENTS
from adapters.drafts import KEEPER as DRAFTS
from adapters.erasing import Held
from adapters.erasures import Asked
from adapters.people import KEEPER as PERSONS
from adapters.people import Kind, Person, Role
from adapters.phrases import phrase
from adapters.web.asking import ID, installed
from adapters.web.desk import frame, page
from adapters.web.guard import ACT, KEY, SESSION, START, Clerk, Once, Sent, base_of, guarded, local, secret_of
from adapters.web.held_words import KEPT, lines, term
from adapters.web.page import HTML, language_of, render, wordless
from adapters.web.problems import headers_of
from adapters.web.recording import number_of
from adapters.web.wording import Wording
from domain.account import Account
from domain.errors import Refused, refused
from domain.german_dates import from_words
from domain.words import Language
from projections.search import asked
from projections.telling import line
from service import Hits, Times, permits

PEOPLE: Final = f"{START}/personen"
TITLES: Final = frozenset({"frau", "herr", "herrn", "dr", "prof", "dipl", "ing", "mrs", "mr", "ms"})
ABOUT: Final = f"{PEOPLE}/auskunft"
MOST_ENTRIES: Final = 200

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@page(PEOPLE, routes=router)
def known(request: Request, clerk: Clerk) -> Response:
    """The persons of all processes in which the clerk may record."""
    return _list(request, clerk)


@page(PEOPLE, "POST", router)
def find(request: Request, clerk: Clerk, form: Once) -> Response:
    """Those in whom the words are found; or finishes an erasure of which something was left."""
    _processes(request, clerk)
    if form.get(ACT) == "finish":
        installed(request).erasing.finish()
        return RedirectResponse(local(language_of(request), PEOPLE), 303)
    return _list(request, clerk, form.get("sought", "").strip()[:200])


def _list(request: Request, clerk: Account, sought: str = "") -> Response:
    people, processes = installed(request).people, _processes(request, clerk)
    return _shown(
        request,
        "desk_people.html",
        processes=processes,
        people=people.search(processes, asked(sought)) if sought else people.list(processes),
        organisations={process: people.organisations(process) for process in processes},
        sought=sought,
        erased=number_of(request.query_params.get("geloescht", "")),
    )


@page(f"{PEOPLE}/neu/{{process}}", routes=router)
def blank(request: Request, clerk: Clerk, process: str) -> Response:
    """The form for a person who has to do with a process."""
    _require(request, clerk, process)
    return _form(request, clerk, process, {})


@page(f"{PEOPLE}/neu/{{process}}", "POST", router)
def add(request: Request, clerk: Clerk, process: str, form: Once) -> Response:
    """Notes a person; what is wrong stands at its field, and what was typed is still there."""
    _require(request, clerk, process)
    try:
        id_ = installed(request).people.add(_person(process, form), clerk.id, form.get(KEY))
    except Refused as refusal:
        return _form(request, clerk, process, form, refusal)
    return RedirectResponse(local(language_of(request), f"{PEOPLE}/person/{id_}"), 303)


@page(f"{PEOPLE}/person/{{id_}}", routes=router)
def one(request: Request, clerk: Clerk, id_: str) -> Response:
    """A person: what is noted, to be changed, and the entries they have to do with."""
    found = installed(request).people.find(id_)
    _require(request, clerk, found.person.process)
    return _form(request, clerk, found.person.process, _typed(found.person, language_of(request)), id_=id_)


@page(f"{PEOPLE}/person/{{id_}}", "POST", router)
def change(request: Request, clerk: Clerk, id_: str, form: Once) -> Response:
    """Changes what is noted, ties the person to an entry, or takes such a tie away."""
    people = installed(request).people
    process = people.find(id_).person.process
    _require(request, clerk, process)
    try:
        if form.get(ACT, "").startswith("untie-"):
            people.untie(id_, number_of(form[ACT].removeprefix("untie-")) or 0, clerk.id)
        elif form.get(ACT) == "tie":
            number = number_of(form.get("number", "").strip())
            view = installed(request).service.view(process, clerk).view
            if number is None or number not in view.effective.by_number:
                raise refused("person-entry", pointer="/number")
            people.tie(id_, number, form.get("role", ""), clerk.id)
        else:
            people.change(id_, _person(process, form), clerk.id)
    except Refused as refusal:
        typed = {**_typed(people.find(id_).person, language_of(request)), **form}
        return _form(request, clerk, process, typed, refusal, id_=id_)
    return RedirectResponse(local(language_of(request), f"{PEOPLE}/person/{id_}"), 303)


@page(ABOUT, routes=router)
def ask(request: Request, clerk: Clerk) -> Response:
    """The form for what is held about somebody."""
    _processes(request, clerk)
    return _shown(request, "desk_about.html", None, **_NOTHING)


@page(ABOUT, "POST", router)
def about(request: Request, clerk: Clerk, fields: Sent) -> Response:
    """What is held about a person, as a page, a print or a file; or erases what is chosen, when that is confirmed."""
    form, processes = dict(fields), _processes(request, clerk)
    name = _without_titles(form.get("name", "").strip()[:200])
    found = _held(request, clerk, name, processes)
    held = [_as_far_as_seen(request, clerk, one) for one in found]
    hits = _hits(request, clerk, name)
    chosen = {(one.keeper, one.id) for one in held if ("held", f"{one.keeper} {one.id}") in fields}
    told = [one for one in held if not chosen or (one.keeper, one.id) in chosen]
    if form.get(ACT) == "file":
        content = json.dumps(_as_json(told, hits), ensure_ascii=False, indent=2)
        headers = {"Content-Disposition": 'attachment; filename="auskunft.json"', "Cache-Control": "no-store"}
        return Response(content, headers=headers, media_type="application/json")
    if form.get(ACT) == "print":
        return _shown(request, "desk_report.html", name=name, held=told, hits=hits, kept=KEPT, **_days(request))
    refusal = None
    if form.get(ACT) == "erase":
        try:
            if not chosen or form.get("sure") != "yes":
                raise refused("erasure-unconfirmed", pointer="/sure")
            _require_right(clerk, [one for one in held if (one.keeper, one.id) in chosen])
            count, _ = installed(request).erasing.erase(chosen, form.get("reason", ""), clerk.id)
            catch_up_everywhere(installed(request), base_of(request))
        except Refused as complaint:
            refusal = complaint
        else:
            return RedirectResponse(f"{local(language_of(request), PEOPLE)}?geloescht={count}", 303)
    # Whoever is held by the family name alone is easily missed; who it is a person has to see.
    family = name.rpartition(" ")[2] if " " in name else ""
    by_family = _held(request, clerk, family, processes) if family else []
    more = len([one for one in by_family if one not in found]), _total(_hits(request, clerk, family)) - _total(hits)
    given = {"name": name, "asked": True, "held": held, "hits": hits, "chosen": chosen, "reason": form.get("reason")}
    given |= {"family": family if any(more) else "", "more": more, "sees_all": permits(clerk, "administer", "*")}
    return _shown(request, "desk_about.html", refusal, **given)


def _without_titles(name: str) -> str:
    """A name as it is looked for: how somebody is addressed stands in no list of names."""
    words = name.split()
    left = [word for word in words if word.casefold().rstrip(".") not in TITLES]
    return " ".join(left or words)


def _held(request: Request, clerk: Account, name: str, processes: Sequence[str]) -> list[Held]:
    return [one for one in installed(request).erasing.about(asked(name)) if _may_see(clerk, one, processes)]


def _total(hits: Hits | None) -> int:
    return 0 if hits is None else hits.total


def _days(request: Request) -> Mapping[str, Any]:
    settings = installed(request).settings
    return {
        "today": installed(request).clock(),
        "days": {"people": settings.keep_people, "registrations": settings.keep_registrations},
    }


def _require_right(clerk: Account, chosen: Collection[Held]) -> None:
    """A document is evidence for others too, and a draft is its owner's: else only administrators erase it."""
    for one in chosen:
        first = one.id.partition("/")[0]
        process = one.process or "*"
        of_others = one.keeper == DOCUMENTS or (one.keeper == DRAFTS and first != clerk.id)
        if of_others and not permits(clerk, "administer", process):
            raise refused("not-permitted", act="administer", process=process)


def _as_far_as_seen(request: Request, clerk: Account, held: Held) -> Held:
    """Of a draft of somebody else only whose it is, except for administrators."""
    owner = held.id.partition("/")[0]
    if held.keeper != DRAFTS or owner == clerk.id or permits(clerk, "administer", held.process or "*"):
        return held
    holder = installed(request).accounts.find(owner)
    return replace(held, content={"owner": (holder and holder.name) or owner})


_NOTHING: Final[Mapping[str, object]] = {
    "name": "",
    "asked": False,
    "held": (),
    "hits": None,
    "chosen": (),
    "family": "",
}


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
    typed |= {field: _day(typed[field]) for field in ("since", "until")}
    optional = {field: typed[field] or None for field in ("organisation", "since", "until")}
    return Person(process=process, **{**typed, **optional})  # type: ignore[arg-type]


def _day(given: str) -> str:
    """A day as the office writes it, as it is kept; what is none stays as it is, to be refused."""
    try:
        return from_words(given).edtf or given
    except Refused:
        return given


def _typed(person: Person, language: Language) -> dict[str, str]:
    """What is noted, as the office would type it."""
    typed = {field: value or "" for field, value in asdict(person).items()}
    if language == "de":
        days = {field: date.fromisoformat(typed[field]) for field in ("since", "until") if typed[field]}
        typed |= {field: f"{day.day}.{day.month}.{day.year}" for field, day in days.items()}
    return typed


def _named(request: Request, held: Held) -> Held:
    """The same, with the name of the organisation that a person represents."""
    organisation = held.content.get("organisation")
    if held.keeper != PERSONS or not organisation or held.process is None:
        return held
    name = installed(request).people.organisations(held.process).get(str(organisation), organisation)
    return replace(held, content={**held.content, "organisation": name})


def _form(
    request: Request,
    clerk: Account,
    process: str,
    typed: Mapping[str, str],
    refusal: Refused | None = None,
    id_: str | None = None,
) -> Response:
    found = None if id_ is None else installed(request).people.find(id_)
    blank_ = dict.fromkeys((*FIELDS, "number", "role"), "")
    view, language = installed(request).service.view(process, clerk).view, language_of(request)
    words = Wording(language, f"/prozesse/{process}", view, Times())
    ties = () if found is None else found.ties
    context = {
        "process": process,
        "typed": {**blank_, **typed},
        "found": found,
        "organisations": installed(request).people.organisations(process),
        "ties": [(number, role, words.heading(line(view, number))) for number, role in ties],
        "entry": local(language, f"{START}/{process}/eintrag"),
        "kinds": get_args(Kind),
        "roles": get_args(Role),
    }
    return _shown(request, "desk_person.html", refusal, **context)


def _shown(request: Request, template: str, refusal: Refused | None = None, **context: object) -> Response:
    language = language_of(request)
    wrong = () if refusal is None else refusal.refusals
    words = wordless(language)
    shown = {
        **frame(request, secret_of(request, SESSION) or ""),
        "wrong": wrong,
        "desk": local(language, START),
        "at": local(language, PEOPLE),
        "ask": local(language, ABOUT),
        "reasons": get_args(Asked),
        "desk_of": lambda process: local(language, f"{START}/{process}"),
        "said": lambda value: term(words, value),
        "lines": lambda one: lines(words, _named(request, one)),
        "unfinished": [phrase(f"left:{left}", language) for left in installed(request).erasing.unfinished()],
    }
    answer = Response(render(template, **shown, **context), media_type=HTML)
    answer.headers["Cache-Control"] = "no-store"
    if refusal is not None:
        answer.status_code = 422
        answer.headers.update(headers_of(refusal.refusals[0], language))
    return answer
