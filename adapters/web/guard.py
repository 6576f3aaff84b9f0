"""What protects the desk: the cookie of a session, forms that only our own pages send, and where one may go next."""

import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from adapters.web.asking import installed
from domain.account import Account
from domain.errors import refused

SESSION: Final = "werdegang"
PROVIDER: Final = "werdegang-anmeldedienst"
"""The cookie that a sign-in with the identity provider is tied to, until the answer is there."""

BEFORE: Final = "werdegang-anmeldung"
"""The cookie that the form for signing in is tied to, as long as there is no session."""

FIELD: Final = "token"
"""The hidden field of every form."""

FORM: Final = "application/x-www-form-urlencoded"
MOST_BYTES: Final = 1_000_000
MOST_FIELDS: Final = 500

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_OWN_PASSWORD: Final = re.compile(r"(?:/en)?/geschaeftsstelle/(?:abmelden|passwort)")
"""All that somebody can do whose password was given by somebody else."""
_PLACE: Final = re.compile(
    r"(?:/en)?/geschaeftsstelle(?!/(?:anmelden|abmelden)\b)(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*"
    r"(?:\?[A-Za-z0-9._~%&=+*-]*)?"
)


# ---- cookies ------------------------------------------------------------------------------------------------------


def new_secret() -> str:
    """256 random bits, as they stand in a cookie."""
    return secrets.token_urlsafe(32)


def secret_of(request: Request, cookie: str) -> str | None:
    """What the browser sent in one of our cookies, if it can be from us."""
    given = request.cookies.get(_named(request, cookie), "")
    return given if _SECRET.fullmatch(given) else None


def keep(request: Request, answer: Response, cookie: str, secret: str) -> None:
    """Gives a cookie to the browser, which forgets it when it is closed. No script can read it."""
    secure = _by_https(request)
    answer.set_cookie(_named(request, cookie), secret, path="/", secure=secure, httponly=True, samesite="lax")


def forget(request: Request, answer: Response, cookie: str) -> None:
    """Takes a cookie away from the browser."""
    secure = _by_https(request)
    answer.delete_cookie(_named(request, cookie), path="/", secure=secure, httponly=True, samesite="lax")


def _by_https(request: Request) -> bool:
    return request.url.scheme == "https" or installed(request).settings.https


def _named(request: Request, cookie: str) -> str:
    """With `__Host-` before its name a browser takes a cookie from this host alone, and by https alone."""
    return f"__Host-{cookie}" if _by_https(request) else cookie


# ---- forms --------------------------------------------------------------------------------------------------------


def token_for(secret: str) -> str:
    """What a form carries to show that it stands on a page of ours: only who has the cookie can know it."""
    return hmac.digest(secret.encode(), b"werdegang form", "sha256").hex()


async def sent(request: Request) -> list[tuple[str, str]]:
    """The fields of a form that was sent, in their order; none where nothing was sent."""
    if request.method != "POST":
        return []
    length = request.headers.get("content-length", "")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM or not length.isdecimal():
        raise refused("form-unreadable")
    if int(length) > MOST_BYTES:
        raise refused("body-too-large", most=MOST_BYTES // 1_000_000)
    fields = [(name, str(value)) for name, value in (await request.form()).multi_items()]
    if len(fields) > MOST_FIELDS:
        raise refused("form-unreadable")
    return fields


Sent = Annotated[list[tuple[str, str]], Depends(sent)]


def each_once(fields: Sent) -> Mapping[str, str]:
    """The fields of a form in which each stands once."""
    if len(dict(fields)) != len(fields):
        raise refused("form-unreadable")
    return dict(fields)


Once = Annotated[Mapping[str, str], Depends(each_once)]


def refuse_foreign(request: Request, fields: Sequence[tuple[str, str]], secret: str | None) -> None:
    """Refuses a form that does not come from a page that we gave to this very browser."""
    scheme = "https" if _by_https(request) else "http"
    ours = f"{scheme}://{request.headers.get('host', '')}".lower()
    origins, sites = request.headers.getlist("origin"), request.headers.getlist("sec-fetch-site")
    if any(_origin(origin) != ours for origin in origins) or any(site != "same-origin" for site in sites):
        raise refused("form-foreign")
    tokens = [value.encode(errors="surrogatepass") for name, value in fields if name == FIELD]
    if secret is None or len(tokens) != 1 or not hmac.compare_digest(tokens[0], token_for(secret).encode()):
        raise refused("form-outdated")


def _origin(given: str) -> str:
    parts = urlsplit(given)
    return f"{parts.scheme}://{parts.netloc}".lower()


# ---- who is signed in ---------------------------------------------------------------------------------------------


def signed_in(request: Request) -> Account:
    """The account that is signed in; without one it is refused, which leads to the form for signing in."""
    secret, found = secret_of(request, SESSION), installed(request)
    id_ = None if secret is None else found.sessions.account_of(secret)
    holder = None if id_ is None else found.accounts.find(id_)
    if holder is None or holder.disabled_at is not None:
        raise refused("sign-in-needed")
    if found.passwords.once(holder.account.id) and not _OWN_PASSWORD.fullmatch(request.url.path):
        raise refused("password-own")
    return holder.account


Clerk = Annotated[Account, Depends(signed_in)]


def guarded(request: Request, _clerk: Clerk, fields: Sent) -> None:
    """Lets nothing through to the desk but from who is signed in, and nothing sent but from our own forms."""
    if request.method not in {"GET", "HEAD"}:
        refuse_foreign(request, fields, secret_of(request, SESSION))


# ---- where one may go next ----------------------------------------------------------------------------------------


def our_address(request: Request, path: str) -> str:
    """The whole address of a page of ours, as others have to be told it."""
    return f"{'https' if _by_https(request) else 'http'}://{request.headers.get('host', '')}{path}"


def place(given: str) -> str | None:
    """An address of our own desk; anything else is no place to lead anybody to."""
    return given if len(given) <= 500 and _PLACE.fullmatch(given) else None
