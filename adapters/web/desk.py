"""The desk, where the office works: signing in and out, and the page one starts from."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from adapters.duties import FILE as DUTIES_FILE
from adapters.duties import MISSING
from adapters.identity_provider import IdentityProvider
from adapters.phrases import tame
from adapters.sessions import form_token
from adapters.sheets.care import CONCERNS
from adapters.sheets.early_warnings import WARNINGS
from adapters.sheets.witnesses import STATES
from adapters.web.asking import installed
from adapters.web.drafting import drafts_of
from adapters.web.guard import (
    BEFORE,
    PROVIDER,
    SESSION,
    START,
    Clerk,
    Once,
    forget,
    guarded,
    keep,
    local,
    new_key,
    new_secret,
    own_address,
    place,
    refuse_foreign,
    secret_of,
    signed_in,
)
from adapters.web.page import HTML, address_of, in_other_language, inside, language_of, render, wordless
from adapters.web.paging import PROCESSES, paging
from adapters.web.problems import headers_of, status_of
from adapters.wiring import Installation
from domain.account import Account
from domain.errors import Refusal, Refused, refused
from domain.view import View
from domain.words import Language, say
from projections.care import DAYS, Registered, care
from projections.early_warnings import early_warnings
from service import PERMITTED, permits

SIGN_IN: Final = f"{START}/anmelden"
SIGN_OUT: Final = f"{START}/abmelden"
NEW: Final = f"{START}/neu"

PROVIDER_SIGN_IN: Final = f"{SIGN_IN}/dienst"
PROVIDER_ANSWER: Final = f"{SIGN_IN}/dienst/antwort"
PASSWORD: Final = f"{START}/passwort"

AGAIN: Final = frozenset({"form-outdated", "sign-in-busy", "sign-in-waiting", "sign-in-wrong"})
"""Refusals that are told above the form, to be filled in once more."""

_KEPT: Final = re.compile(rf"{START}/(?:unterbrochen/|[a-z0-9-]+/entwuerfe/)")
"""Where what was typed is continued."""

door = APIRouter(include_in_schema=False)
"""What can be reached by who is not signed in: nothing but signing in."""

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])
"""Everything else of the desk stands here: it is guarded before anything of it is asked."""

nowhere = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])
"""What is no address of the desk: who is not signed in is not told that. It comes after all other routes."""

Show = Callable[..., Response]


def page(path: str, method: str = "GET", routes: APIRouter = router) -> Callable[[Show], Show]:
    """A page of the desk at its German address and at the English one, which differs by `/en`."""

    def register(show: Show) -> Show:
        for address in (path, f"/en{path}"):
            routes.add_api_route(address, show, methods=[method])
        return show

    return register


def to_sign_in(request: Request, kept_at: str | None = None) -> Response:
    """Leads to the form for signing in, and from there back, or to where what was sent is kept."""
    back = place(address_of(request)) if request.method == "GET" else kept_at
    query = f"?{urlencode({'next': back})}" if back else ""
    return RedirectResponse(f"{local(language_of(request), SIGN_IN)}{query}", 303)


# ---- signing in and out -------------------------------------------------------------------------------------------


@page(SIGN_IN, routes=door)
def sign_in_form(request: Request) -> Response:
    """The form for signing in; who is signed in already is led on."""
    next_ = place(request.query_params.get("next", ""))
    try:
        signed_in(request)
    except Refused:
        return _form(request, next_, "")
    return RedirectResponse(next_ or local(language_of(request), START), 303)


@page(SIGN_IN, "POST", door)
def sign_in(request: Request, form: Once) -> Response:
    """Signs in and begins a session, or shows the form again with what is wrong."""
    next_, account = place(form.get("next", "")), form.get("account", "").strip().lower()[:100]
    address = request.client.host if request.client else ""
    try:
        refuse_foreign(request, list(form.items()), secret_of(request, BEFORE))
        former = secret_of(request, SESSION)
        secret = installed(request).door.sign_in(account, form.get("password", ""), address, former)
    except Refused as refusal:
        if refusal.refusals[0].code not in AGAIN:
            raise
        return _form(request, next_, account, refusal.refusals[0])
    answer = RedirectResponse(next_ or local(language_of(request), START), 303)
    keep(request, answer, SESSION, secret)
    forget(request, answer, BEFORE)
    return answer


def _form(request: Request, next_: str | None, account: str, refusal: Refusal | None = None) -> Response:
    language, secret = language_of(request), secret_of(request, BEFORE) or new_secret()
    provider = installed(request).provider
    content = render(
        "sign_in.html",
        provider=provider and provider.name,
        at_provider=local(language, PROVIDER_SIGN_IN) + (f"?{urlencode({'next': next_})}" if next_ else ""),
        **frame(request, secret),
        next=next_,
        kept=next_ is not None and _KEPT.search(next_) is not None,
        account=account,
        refusal=refusal,
        action=local(language, SIGN_IN),
    )
    status, headers = (200, {}) if refusal is None else (status_of(refusal), headers_of(refusal, language))
    answer = Response(content, status, headers, HTML)
    keep(request, answer, BEFORE, secret)
    return answer


@page(PROVIDER_SIGN_IN, routes=door)
def at_provider(request: Request) -> Response:
    """Leads to the identity provider, which leads back with its answer."""
    language, secret = language_of(request), new_secret()
    try:
        back, next_ = _answers_at(request), place(request.query_params.get("next", "")) or local(language, START)
        answer = RedirectResponse(_provider(request).address(secret, back, next_), 303)
    except Refused as refusal:
        return _form(request, None, "", refusal.refusals[0])
    keep(request, answer, PROVIDER, secret)
    return answer


@page(PROVIDER_ANSWER, routes=door)
def by_provider(request: Request) -> Response:
    """Begins a session for whom the provider vouches for; whatever comes of it, the answer counts this once."""
    secret = secret_of(request, PROVIDER)
    try:
        provider = _provider(request)
        if secret is None:
            raise refused("identity-state")
        subject, next_ = provider.subject(secret, _answers_at(request), dict(request.query_params))
        session = installed(request).identities.sign_in(provider.issuer, subject, secret_of(request, SESSION))
    except Refused as refusal:
        answer = _form(request, None, "", refusal.refusals[0])
    else:
        answer = RedirectResponse(place(next_) or local(language_of(request), START), 303)
        keep(request, answer, SESSION, session)
    forget(request, answer, PROVIDER)
    return answer


def _provider(request: Request) -> IdentityProvider:
    provider = installed(request).provider
    if provider is None:
        raise refused("identity-not-set")
    return provider


def _answers_at(request: Request) -> str:
    return own_address(request) + local(language_of(request), PROVIDER_ANSWER)


@page(SIGN_OUT, "POST")
def sign_out(request: Request) -> Response:
    """Ends the session, here and in the browser."""
    if (secret := secret_of(request, SESSION)) is not None:
        installed(request).sessions.end(secret)
    answer = RedirectResponse(local(language_of(request), SIGN_IN), 303)
    forget(request, answer, SESSION)
    return answer


# ---- a password of one's own ------------------------------------------------------------------------------------


@page(PASSWORD)
def password_form(request: Request, clerk: Clerk) -> Response:
    """The form for choosing another password."""
    return _password_form(request, clerk)


@page(PASSWORD, "POST")
def change_password(request: Request, clerk: Clerk, form: Once) -> Response:
    """Sets a password that nobody else knows. All sessions end, and this browser has a new one."""
    found, given = installed(request), form.get("new", "")
    try:
        if not found.passwords.once(clerk.id):  # who left the desk open must not lose it to whoever passes by
            address = request.client.host if request.client else ""
            found.door.sign_in(clerk.id, form.get("current", ""), address)
        if given != form.get("again", ""):
            raise refused("password-again")
        found.passwords.set(clerk.id, given)
    except Refused as refusal:
        return _password_form(request, clerk, refusal.refusals[0])
    answer = RedirectResponse(local(language_of(request), START), 303)
    keep(request, answer, SESSION, found.sessions.begin(clerk.id))
    return answer


def _password_form(request: Request, clerk: Account, refusal: Refusal | None = None) -> Response:
    language, once = language_of(request), installed(request).passwords.once(clerk.id)
    content = render(
        "desk_password.html",
        **frame(request, secret_of(request, SESSION) or ""),
        once=once,
        refusal=refusal,
        action=local(language, PASSWORD),
        home=local(language, START),
        sign_out=local(language, SIGN_OUT),
    )
    return Response(content, 200 if refusal is None else status_of(refusal), media_type=HTML)


# ---- the page one starts from -------------------------------------------------------------------------------------


@page(START)
def start(request: Request, clerk: Clerk) -> Response:
    """Who is signed in, and every process that they may see."""
    language, found = language_of(request), installed(request)
    with found.database.reading():
        holder = found.accounts.find(clerk.id)
        seen, seen_by_all = found.service.seen(clerk), set(found.service.seen(None))
        page_of_list = paging(request, len(seen), PROCESSES)
        shown = page_of_list.of(seen)
        told = found.service.processes(None, [process for process in shown if process in seen_by_all])
        public = {listed.cited.process: listed.cited.version for listed in told}
        processes = [
            (
                inside(language, listed.cited.process),
                local(language, f"{START}/{listed.cited.process}"),
                listed.overview.summary,
                listed.cited.process in public,
                # Both versions count entries: all that there are, and those that are public.
                listed.cited.version - public.get(listed.cited.process, 0),
                []
                if listed.cited.public
                else _waiting(
                    found.service.view(listed.cited.process, clerk).view,
                    found.registrations.registered(listed.cited.process),
                    language,
                ),
                []
                if listed.cited.public
                else _warnings(found.service.view(listed.cited.process, clerk).view, language),
            )
            for listed in found.service.processes(clerk, shown)
        ]
    content = render(
        "desk.html",
        **frame(request, secret_of(request, SESSION) or ""),
        name=holder and holder.name,
        account=clerk.id,
        roles=sorted(clerk.roles),
        processes=processes,
        paging=page_of_list,
        drafts=drafts_of(request, clerk),
        discarded="verworfen" in request.query_params,
        may_open=permits(clerk, "record", "*"),
        new=local(language, NEW),
        people=local(language, f"{START}/personen")
        if any(role in PERMITTED["record"] for role, _ in clerk.roles)
        else None,
        sign_out=local(language, SIGN_OUT),
        password=local(language, PASSWORD),
        barriers=local(language, f"{START}/barrieren"),
        reported=len(found.barrier_reports.seen_by(clerk)),
        witnesses=_witnesses(found, language),
        missing=[say(MISSING[code], language) for code in found.duties.missing] if clerk.roles else [],
        duties_file=found.settings.home / DUTIES_FILE if permits(clerk, "administer", "*") else None,
        administration=local(language, f"{START}/konten") if permits(clerk, "administer", "*") else None,
    )
    return Response(content, media_type=HTML)


def _witnesses(found: Installation, language: Language) -> Mapping[str, object] | None:
    """How the witnesses of the log stand, and whether somebody has to look; `None` where nobody is to witness it."""
    kept = found.cosignatures
    try:
        standings = [(tame(each.witness.name), each, say(STATES[each.state], language)) for each in kept.standings()]
    except Refused as refusal:
        return {"refusal": refusal.refusals[0], "standings": [], "overdue": None}
    return {"refusal": None, "standings": standings, "overdue": kept.overdue()} if standings else None


def _waiting(view: View, registered: Registered, language: Language) -> list[tuple[str, str, int]]:
    """Of what needs care in a process, how much there is of each kind."""
    concerns = care(view, DAYS, registered).concerns
    return [(kind, say(CONCERNS[kind][0], language), len(found)) for kind, found in concerns.items() if found]


def _warnings(view: View, language: Language) -> list[tuple[str, str, int]]:
    """Of what the figures of a process warn, how much there is of each kind."""
    counts = Counter(warning.code for warning in early_warnings(view))
    return [(code, say(WARNINGS[code][0], language), count) for code, count in counts.items()]


def frame(request: Request, secret: str) -> Mapping[str, object]:
    """What every page of the desk needs."""
    return {
        "w": wordless(language_of(request)),
        "at_desk": True,
        "token": form_token(secret),
        "new_key": new_key(),
        "other": in_other_language(request) if request.method == "GET" else None,
        "here": address_of(request),
    }


@page(f"{START}/{{rest:path}}", routes=nowhere)
@page(f"{START}/{{rest:path}}", "POST", nowhere)
def not_there(rest: str) -> Response:  # noqa: ARG001  # FastAPI asks for it by name
    """Whoever is signed in is told that there is no such page."""
    raise HTTPException(404)
