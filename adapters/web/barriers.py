"""Barriers: the form by which anybody reports one, without a script or a cookie, and the reports at the desk."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from adapters.barrier_reports import KEEPER, KEPT, Report, Waiting
from adapters.database_faults import is_fault
from adapters.sheets.parts import Speaker
from adapters.web.asking import ID, installed
from adapters.web.desk import frame
from adapters.web.desk import page as desk_page
from adapters.web.guard import ACT, SESSION, START, Clerk, Once, guarded, local, secret_of
from adapters.web.open_forms import TRAP, Open, clean, refuse_programs, token
from adapters.web.page import HTML, address_of, in_other_language, language_of, render, wordless
from adapters.web.problems import headers_of, status_of
from domain.account import Account
from domain.errors import Refusal, Refused, refused
from service import permits

REPORT: Final = "/barriere-melden"
REPORTS: Final = f"{START}/barrieren"
SEALED: Final = "barrier-form"
LENGTHS: Final = {"what": 4_000, "page": 500, "name": 200, "contact": 300}

_LOCAL: Final = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]{0,499}")
"""A page of ours: no other host, and nothing that a browser would take for one."""

_OF_PROCESS: Final = re.compile(r"(?:/en)?/(?:prozesse|geschaeftsstelle)/([^/?]+)")

public_router = APIRouter(include_in_schema=False)
router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


# ---- the public form ----------------------------------------------------------------------------------------------


def form(request: Request) -> Response:
    """The form, with the page that the reader came from already in it."""
    given = request.query_params.get("seite", "")
    return _form(request, {"page": given if _LOCAL.fullmatch(given) else ""})


def report(request: Request, fields: Open) -> Response:
    """Keeps what is reported; what is wrong stands above the form, and what was typed is still there."""
    typed = {name: clean(fields.get(name, "")) for name in LENGTHS}
    try:
        told = _report(request, typed)
        refuse_programs(request, fields, SEALED, "")
        installed(request).registrations.count_try(request.client.host if request.client else "", SEALED)
        installed(request).barrier_reports.add(told)
    except Refused as refusal:
        if is_fault(refusal):
            raise
        return _form(request, {**typed, "token": fields.get("token", "")}, refusal.refusals)
    known = {"seite": typed["page"]} if _LOCAL.fullmatch(typed["page"]) else {}
    return RedirectResponse(f"{request.url.path}?{urlencode({**known, 'angekommen': 'ja'})}", 303)


for _prefix in ("", "/en"):
    public_router.add_api_route(f"{_prefix}{REPORT}", form, methods=["GET"])
    public_router.add_api_route(f"{_prefix}{REPORT}", report, methods=["POST"])


def _report(request: Request, typed: Mapping[str, str]) -> Report:
    wrong = [
        Refusal("registration-too-long", {"most": most}, pointer=f"/{name}")
        for name, most in LENGTHS.items()
        if len(typed[name]) > most
    ]
    if not typed["what"]:
        wrong.append(Refusal("barrier-what", pointer="/what"))
    if wrong:
        raise Refused(*wrong)
    page, name, contact = (" ".join(typed[field].split()) for field in ("page", "name", "contact"))
    found = _OF_PROCESS.match(page)
    process = found[1] if found and ID.fullmatch(found[1]) else None
    known = {listed.cited.process for listed in installed(request).service.processes(None)}
    return Report(page, typed["what"], name, contact, language_of(request), process if process in known else None)


def _form(request: Request, typed: Mapping[str, str], refusals: tuple[Refusal, ...] = ()) -> Response:
    language, duties = language_of(request), installed(request).duties
    here = address_of(request) if request.method == "GET" else local(language, REPORT)
    content = render(
        "report_barrier.html",
        w=wordless(language),
        duties=duties,
        typed=typed,
        barrier_page=typed["page"] if _LOCAL.fullmatch(typed["page"]) else "",
        refusals=refusals,
        came=request.method == "GET" and "angekommen" in request.query_params,
        token=token(request, SEALED, "", typed.get("token", "")),
        trap=TRAP,
        days=KEPT.days,
        action=local(language, REPORT),
        other=in_other_language(request) if request.method == "GET" else None,
        here=here,
    )
    told = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    if not refusals:
        return Response(content, headers=told, media_type=HTML)
    return Response(content, status_of(refusals[0]), {**headers_of(refusals[0], language), **told}, HTML)


# ---- at the desk --------------------------------------------------------------------------------------------------


def _theirs(request: Request, clerk: Account) -> list[Waiting]:
    listed = installed(request).service.processes(clerk)
    if not any(permits(clerk, "record", process) for process in ("*", *(one.cited.process for one in listed))):
        raise refused("page-not-found")  # who may record nowhere has no business here
    return installed(request).barrier_reports.seen_by(clerk)


@desk_page(REPORTS, routes=router)
def reports(request: Request, clerk: Clerk) -> Response:
    """What was reported and waits, the oldest first."""
    language = language_of(request)
    content = render(
        "desk_barriers.html",
        **frame(request, secret_of(request, SESSION) or ""),
        reports=_theirs(request, clerk),
        day=Speaker(language).day,
        is_local=lambda address: _LOCAL.fullmatch(address) is not None,
        days=KEPT.days,
        settled="erledigt" in request.query_params,
        action=local(language, REPORTS),
        home=local(language, START),
    )
    return Response(content, media_type=HTML)


@desk_page(REPORTS, "POST", router)
def settle(request: Request, clerk: Clerk, fields: Once) -> Response:
    """What is dealt with is erased."""
    act, _, id_ = fields.get(ACT, "").partition("-")
    if act != "settle" or id_ not in {each.id for each in _theirs(request, clerk)}:
        raise refused("barrier-report-gone")
    installed(request).erasing.erase({(KEEPER, id_)}, "no-longer-needed", clerk.id)
    return RedirectResponse(f"{local(language_of(request), REPORTS)}?erledigt=1", 303)
