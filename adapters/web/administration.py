"""Administering at the desk: accounts, rights and tokens, the rule of four eyes, and the list of what was done."""

import hmac
from collections.abc import Mapping
from typing import Annotated, Final, Literal, cast, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from adapters.accounts import ADMIN
from adapters.audit import newest
from adapters.phrases import phrase
from adapters.sign_in import key_in
from adapters.web.asking import installed
from adapters.web.desk import frame, page
from adapters.web.guard import KEY, SESSION, START, Once, guarded, local, secret_of, signed_in
from adapters.web.page import HTML, language_of, render
from adapters.web.problems import headers_of, status_of
from domain.account import Account, Role
from domain.errors import Refusal, Refused, refused
from domain.words import TERMS, Language, word
from service import permits

ACCOUNTS: Final = f"{START}/konten"
PROTOCOL: Final = f"{START}/protokoll"
PAGE_SIZE: Final = 50

ENDING: Final = frozenset({"grant", "revoke", "tie", "untie", "disable"})
"""What ends the sessions of the account; a new password does, too, and says so with it."""

Kind = Literal["", "signing", "rights"]
EVERYTHING: Final[Kind] = ""
KINDS: Final[Mapping[Kind, tuple[str, str]]] = {
    EVERYTHING: ("alles", "everything"),
    "signing": ("Anmeldungen", "sign-ins"),
    "rights": ("Rechte und Zugänge", "rights and access"),
}

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


def administrator(request: Request) -> Account:
    """Who is signed in, if they may administer everything."""
    account = signed_in(request)
    if not permits(account, "administer", "*"):
        raise refused("not-permitted", act="administer", process="*")
    return account


Admin = Annotated[Account, Depends(administrator)]


# ---- all accounts -------------------------------------------------------------------------------------------------


@page(ACCOUNTS, routes=router)
def listed(request: Request, _admin: Admin) -> Response:
    """All accounts."""
    return _list(request, {})


@page(ACCOUNTS, "POST", router)
def change(request: Request, admin: Admin, form: Once) -> Response:
    """Makes an account with a password that is told this once, or switches the rule of four eyes."""
    found, language, process = installed(request), language_of(request), form.get("process", "")
    try:
        match form.get("act"):
            case "create":
                role = cast("Role", form.get("role", ""))  # checked when it is granted
                with found.database.writing():  # both or neither
                    name = form.get("name", "")
                    account = found.accounts.create(name, {(role, process)}, by=admin.id, key=form.get(KEY))
                    if found.passwords.hash_of(account.id) and not found.passwords.once(account.id):
                        return RedirectResponse(
                            local(language, f"{ACCOUNTS}/{account.id}"), 303
                        )  # sent again, and late
                    password = found.passwords.generate(account.id, by=admin.id, once=True)
                return _account(request, account.id, secret=password, kind="password")
            case "four-eyes-on" | "four-eyes-off" as act:
                found.four_eyes.switch(process, on=act == "four-eyes-on", by=admin.id)
            case _:
                raise refused("form-unreadable")
    except Refused as refusal:
        return _list(request, form, refusal.refusals[0])
    return RedirectResponse(local(language, ACCOUNTS), 303)


def _list(request: Request, typed: Mapping[str, str], refusal: Refusal | None = None) -> Response:
    found, language = installed(request), language_of(request)
    with found.database.reading():
        tied, eyes = found.identities.tied(), found.four_eyes.processes()
        held = [
            (holder, local(language, f"{ACCOUNTS}/{holder.account.id}"), holder.account.id in tied)
            for holder in found.accounts.list()
        ]
    return _shown(
        request,
        "desk_accounts.html",
        refusal,
        held=held,
        eyes=eyes,
        typed=typed,
        protocol=local(language, PROTOCOL),
        action=local(language, ACCOUNTS),
    )


# ---- one account --------------------------------------------------------------------------------------------------


@page(f"{ACCOUNTS}/{{account}}", routes=router)
def one(request: Request, _admin: Admin, account: str) -> Response:
    """What one account may do, how it signs in, and its tokens."""
    return _account(request, account, done=request.query_params.get("geaendert", ""))


@page(f"{ACCOUNTS}/{{account}}", "POST", router)
def change_one(request: Request, admin: Admin, account: str, form: Once) -> Response:
    """One change to an account. What was made for it is shown with the answer, this once."""
    act = form.get("act", "")
    try:
        if secret := _made(request, admin, account, form):
            return _account(request, account, secret=secret, kind=act)
        _changed(request, admin, account, form)
    except Refused as refusal:
        return _account(request, account, refusal.refusals[0], typed=form)
    return RedirectResponse(f"{local(language_of(request), f'{ACCOUNTS}/{account}')}?geaendert={act}", 303)


def _made(request: Request, admin: Account, account: str, form: Mapping[str, str]) -> str | None:
    """A new password or token, if one was asked for."""
    found = installed(request)
    if form.get("act") == "password":
        password = found.passwords.generate(account, by=admin.id, once=True)
        found.door.reopen(account)
        return password
    if form.get("act") == "token":
        days, role = form.get("days", "").strip(), cast("Role | None", form.get("role") or None)
        number = int(days) if days.isascii() and days.isdecimal() and len(days) < 6 else 0
        seed = None if KEY not in form else hmac.digest(key_in(found.settings.home), form[KEY].encode(), "sha256")
        return found.accounts.issue_token(account, form.get("label", ""), number, role, by=admin.id, seed=seed)
    return None


def _changed(request: Request, admin: Account, account: str, form: Mapping[str, str]) -> None:
    found, act, process = installed(request), form.get("act"), form.get("process", "")
    role = cast("Role", form.get("role", ""))  # checked when it is granted
    own = account == admin.id
    if own and (act == "disable" or (act == "revoke" and (role, process) == ADMIN)):
        raise refused("own-account")  # so there is always one who can administer here
    match act:
        case "grant":
            found.accounts.grant(account, role, process, by=admin.id)
        case "revoke":
            found.accounts.revoke(account, role, process, by=admin.id)
        case "disable":
            found.accounts.disable(account, by=admin.id)
        case "revoke-token":
            found.accounts.revoke_token(account, form.get("label", ""), by=admin.id)
        case "tie":
            if found.provider is None:
                raise refused("identity-not-set")
            found.identities.tie(account, found.provider.issuer, form.get("subject", ""), by=admin.id)
        case "untie":
            found.identities.untie(account, by=admin.id)
        case _:
            raise refused("form-unreadable")


def _account(
    request: Request,
    id_: str,
    refusal: Refusal | None = None,
    *,
    typed: Mapping[str, str] | None = None,
    secret: str | None = None,
    kind: str = "",
    done: str = "",
) -> Response:
    found, language = installed(request), language_of(request)
    holder = found.accounts.find(id_) if id_.isascii() and id_.isprintable() else None
    if holder is None:
        raise refused("page-not-found")
    return _shown(
        request,
        "desk_account.html",
        refusal,
        holder=holder,
        tokens=found.accounts.tokens(id_),
        tied=id_ in found.identities.tied(),
        provider=found.provider and found.provider.name,
        typed=typed or {},
        secret=secret,
        kind=kind,
        done=done,
        ended=done in ENDING,
        all=local(language, ACCOUNTS),
        action=local(language, f"{ACCOUNTS}/{id_}"),
    )


# ---- the list of what was done ------------------------------------------------------------------------------------


@page(PROTOCOL, routes=router)
def protocol(request: Request, _admin: Admin) -> Response:
    """Sign-ins and rights, the newest first, a page at a time."""
    query, language = request.query_params, language_of(request)
    kind = next((kind for kind in KINDS if kind == query.get("art")), EVERYTHING)
    account = query.get("konto", "").strip()[:63]
    asked = query.get("seite", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 6 else 1
    first = (max(number, 1) - 1) * PAGE_SIZE
    known = account if account.isprintable() else ""
    total, lines = newest(installed(request).database, known or None, kind, first, PAGE_SIZE)

    def at(seite: int) -> str:
        return f"{local(language, PROTOCOL)}?{urlencode({'art': kind, 'konto': known, 'seite': seite})}"

    def told(act: str, about: str | None) -> str:
        said = phrase(f"act:{act}", language)
        return said if about is None else f"{said}: {_about(about, language)}"

    return _shown(
        request,
        "desk_protocol.html",
        None,
        lines=[(line, told(line.act, line.about)) for line in lines],
        total=total,
        kinds=[(value, words[0 if language == "de" else 1]) for value, words in KINDS.items()],
        kind=kind,
        account=known,
        newer=at(number - 1) if number > 1 else None,
        older=at(number + 1) if first + PAGE_SIZE < total else None,
        all=local(language, ACCOUNTS),
    )


def _about(about: str, language: Language) -> str:
    """A role and its process, or a process."""
    first, _, process = about.partition(" ")
    if first not in get_args(Role):
        return phrase("every-process", language) if about == "*" else about
    scope = phrase("every-process", language) if process == "*" else process
    role = word(TERMS, first, language)
    return phrase("in-process", language, role=role, process=scope) if process else role


def _shown(request: Request, template: str, refusal: Refusal | None, **context: object) -> Response:
    """A page for administrators; the processes to choose from are all that there are."""
    found, language = installed(request), language_of(request)
    processes = [listed.cited.process for listed in found.service.processes(signed_in(request))]
    shown = render(
        template,
        **frame(request, secret_of(request, SESSION) or ""),
        refusal=refusal,
        roles=[(role, word(TERMS, role, language)) for role in get_args(Role)],
        scopes=[(process, process) for process in processes] + [("*", phrase("every-process", language))],
        home=local(language, START),
        **context,
    )
    if refusal is None:
        return Response(shown, media_type=HTML)
    return Response(shown, status_of(refusal), headers_of(refusal, language), HTML)
