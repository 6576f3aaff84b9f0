"""What protects the desk: the cookie of a session, forms that only our own pages send, and where one may go next."""

import hmac
import re
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, BinaryIO, Final, TypeVar
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from adapters.database_faults import is_fault
from adapters.sessions import form_token
from adapters.web.asking import installed
from adapters.web.limits import MOST_OF_FORM
from domain.account import Account
from domain.errors import Refused, refused
from domain.words import Language

START: Final = "/geschaeftsstelle"
"""Where the desk is."""

SESSION: Final = "werdegang"
PROVIDER: Final = "werdegang-anmeldedienst"
"""The cookie that a sign-in with the identity provider is tied to, until the answer is there."""

BEFORE: Final = "werdegang-anmeldung"
"""The cookie that the form for signing in is tied to, as long as there is no session."""

FIELD: Final = "token"
"""The hidden field of every form."""

KEY: Final = "key"
"""Made with the form and sent along with it: whoever sends it twice has recorded once."""

DRAFT: Final = "draft"
"""The draft that a form belongs to."""

WINDOW: Final = "window"
"""The name of the window that a form is open in, made with the page: two windows on one draft are told apart."""

BEGAN: Final = "began"
"""The version of the draft that a window began with."""

ACT: Final = "act"
"""What the buttons of a form do: `check` tries it out, `record` records. Without it nothing is done."""

AUTOSAVE: Final = "autosave"
"""What the script of the desk does, beside the buttons: the form is kept as a draft, and nothing else."""

SEEN: Final = "seen"
"""The number of the newest entry when the page was made."""

TRIED: Final = "tried"
"""What recording would do, as a digest, as it was shown."""

FORM: Final = "application/x-www-form-urlencoded"
MOST_BYTES: Final = MOST_OF_FORM
MOST_FIELDS: Final = 20_000
"""In one form. A list of what is to be published has a field for every entry that is ticked."""

WITH_FILES: Final = "multipart/form-data"
MOST_FILES: Final = 20
"""In one form."""
MOST_DROPPED: Final = 10
"""Of a form whose files are not kept, so many times as much is received as a form may hold: what was typed is."""

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_OWN_PASSWORD: Final = re.compile(r"(?:/en)?/geschaeftsstelle/(?:abmelden|passwort)")
"""All that somebody can do whose password was given by somebody else."""
_PLACE: Final = re.compile(
    r"(?:/en)?/geschaeftsstelle(?!/(?:anmelden|abmelden)\b)(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*"
    r"(?:\?[A-Za-z0-9._~%&=+*-]*)?"
)


def new_key() -> str:
    """A key for what a form is about to do."""
    return f"desk-{secrets.token_hex(8)}"


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
    secure = by_https(request)
    answer.set_cookie(_named(request, cookie), secret, path="/", secure=secure, httponly=True, samesite="lax")


def forget(request: Request, answer: Response, cookie: str) -> None:
    """Takes a cookie away from the browser."""
    secure = by_https(request)
    answer.delete_cookie(_named(request, cookie), path="/", secure=secure, httponly=True, samesite="lax")


def by_https(request: Request) -> bool:
    """Whether the browser is there by https, as far as this program can know."""
    return request.url.scheme == "https" or bool(request.app.state.https)


def _named(request: Request, cookie: str) -> str:
    """With `__Host-` before its name a browser takes a cookie from this host alone, and by https alone."""
    return f"__Host-{cookie}" if by_https(request) else cookie


# ---- forms --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form. What it is called is what somebody calls it, and never a path."""

    field: str
    name: str
    size: int
    file: BinaryIO | None
    """On disk beyond one megabyte, without a name there, and gone when the form was answered; none if too large."""
    most: int

    @property
    def content(self) -> BinaryIO:
        """What it holds; refused where that was too much, so that whoever reads it tells where it was chosen."""
        if self.file is None:
            raise refused("upload-too-large", most=self.most)
        return self.file


Show = TypeVar("Show", bound=Callable[..., object])

_taking_files: set[Callable[..., object]] = set()


def takes_files(show: Show) -> Show:
    """Marks a page whose form may bring files; all others refuse them unread."""
    _taking_files.add(show)
    return show


async def sent(request: Request) -> AsyncIterator[list[tuple[str, str]]]:
    """The fields of a form that was sent, in their order; none where nothing was sent. Its files are `Uploads`."""
    if request.method != "POST":
        yield []
        return
    form, whole = await _read(request)
    most = installed(request).settings.most_upload
    try:
        request.state.uploads = [
            Upload(name, given.filename or "", given.size or 0, given.file if whole else None, most)
            for name, given in form.multi_items()
            if isinstance(given, UploadFile) and (given.filename or given.size)  # a browser sends an empty control too
        ]
        yield [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    finally:
        await form.close()


async def _read(request: Request) -> tuple[FormData, bool]:
    """A form, and whether its files are there."""
    length = request.headers.get("content-length", "")
    match request.headers.get("content-type", "").partition(";")[0].strip().lower():
        case given if given == FORM and length.isdecimal():
            if int(length) > MOST_BYTES:
                raise refused("body-too-large", most=MOST_BYTES // 1_000_000)
            try:
                return await request.form(max_fields=MOST_FIELDS), True
            except HTTPException:
                raise refused("form-unreadable") from None
        case given if given == WITH_FILES and request.scope.get("endpoint") in _taking_files:
            try:
                return await _with_files(request, length)
            except MultiPartException:
                raise refused("form-unreadable") from None
        case _:
            raise refused("form-unreadable")


async def _with_files(request: Request, length: str) -> tuple[FormData, bool]:
    """A form with files. It is counted while it comes in: what says nothing of its length may not be endless.

    Of a form without a session, or with too large a file, the files are dropped as they come in, and what was typed is
    read: it must not be lost. Of what is from no page of ours the first megabyte is received, and nothing after it.
    """
    most = installed(request).settings.most_upload
    limit = most * 1_000_000 + MOST_BYTES
    too_large = length.isdecimal() and int(length) > limit
    with_session = secret_of(request, SESSION) is not None
    refusal = refused("upload-too-large", most=most) if with_session else refused("sign-in-needed")

    async def counted() -> AsyncGenerator[bytes, None]:
        count = 0
        async for chunk in request.stream():
            if (count := count + len(chunk)) > limit:
                raise refused("upload-too-large", most=most)
            yield chunk

    async def as_far_as_needed() -> AsyncGenerator[bytes, None]:
        count, most_read, token = 0, MOST_BYTES, None
        async for chunk in request.stream():
            yield chunk
            count += len(chunk)
            if token is None and (token := typed.first(FIELD)) is not None:
                ours = await run_in_threadpool(installed(request).sessions.account_of_form, token)
                most_read = MOST_BYTES if ours is None else MOST_DROPPED * limit
            if count > most_read:
                break
        if token is None:
            raise refusal

    if with_session and not too_large:
        return await MultiPartParser(
            request.headers, counted(), max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=limit
        ).parse(), True
    typed = _WithoutFiles(request.headers, as_far_as_needed(), max_files=MOST_FILES, max_fields=MOST_FIELDS)
    return await typed.parse(), False


class _WithoutFiles(MultiPartParser):
    """Reads what was typed, and of the files what they are called."""

    letters = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._current_part.file is None:
            self.letters += end - start
            if self.letters > MOST_BYTES:
                raise refused("body-too-large", most=MOST_BYTES // 1_000_000)
            super().on_part_data(data, start, end)

    def first(self, name: str) -> str | None:
        """The first field of a name, if it has come in."""
        return next((value for field, value in self.items if field == name and isinstance(value, str)), None)


Sent = Annotated[list[tuple[str, str]], Depends(sent)]


def uploads(request: Request, _fields: Sent) -> list[Upload]:
    """The files that came with a form."""
    found: list[Upload] = getattr(request.state, "uploads", [])
    return found


Uploads = Annotated[list[Upload], Depends(uploads)]


def each_once(fields: Sent) -> Mapping[str, str]:
    """The fields of a form in which each stands once."""
    if len(dict(fields)) != len(fields):
        raise refused("form-unreadable")
    return dict(fields)


Once = Annotated[Mapping[str, str], Depends(each_once)]


def refuse_other_sites(request: Request) -> None:
    """Refuses a form that a browser says comes from another site."""
    ours = own_address(request).lower()
    origins, sites = request.headers.getlist("origin"), request.headers.getlist("sec-fetch-site")
    if any(_origin(origin) != ours for origin in origins) or any(site != "same-origin" for site in sites):
        raise refused("form-foreign")


def base_of(request: Request) -> str:
    """The address of the installation; without a setting as the request has it.

    What is mailed, or kept for others, is no place for a host that a request has made up.
    """
    return installed(request).settings.address or own_address(request)


def own_address(request: Request) -> str:
    """Where this program is reached, as the request has it."""
    return f"{'https' if by_https(request) else 'http'}://{request.headers.get('host', '')}"


def refuse_foreign(request: Request, fields: Sequence[tuple[str, str]], secret: str | None) -> None:
    """Refuses a form that does not come from a page that we gave to this very browser."""
    refuse_other_sites(request)
    tokens = [value.encode(errors="surrogatepass") for name, value in fields if name == FIELD]
    if secret is None or len(tokens) != 1 or not hmac.compare_digest(tokens[0], form_token(secret).encode()):
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
    return holder.account


def somebody(request: Request) -> Account | None:
    """The account that is signed in, if one is."""
    try:
        return signed_in(request)
    except Refused as refusal:
        if is_fault(refusal):  # nobody is signed out because the database is away
            raise
        return None


def _somebody(request: Request, fields: Sent) -> Account | None:
    """Asked when the form has been read: what was typed is not lost where it cannot be told who is signed in."""
    request.state.sent = fields
    return somebody(request)


Somebody = Annotated[Account | None, Depends(_somebody)]


def clerk(found: Somebody) -> Account:
    """The account that is signed in; without one it is refused, which leads to the form for signing in."""
    if found is None:
        raise refused("sign-in-needed")
    return found


Clerk = Annotated[Account, Depends(clerk)]


def guarded(request: Request, found: Somebody, fields: Sent) -> None:
    """Lets nothing through to the desk but from who is signed in, and nothing sent but from our own forms.

    What was sent is remembered with the request: whoever was signed in when the form was shown gets it back.
    """
    if found is None:
        raise refused("sign-in-needed")
    if installed(request).passwords.once(found.id) and not _OWN_PASSWORD.fullmatch(request.url.path):
        raise refused("password-own")
    if request.method not in {"GET", "HEAD"}:
        refuse_foreign(request, fields, secret_of(request, SESSION))


# ---- where one may go next ----------------------------------------------------------------------------------------


def local(language: Language, path: str) -> str:
    """An address of the desk in the language of the page."""
    return f"/en{path}" if language == "en" else path


def place(given: str) -> str | None:
    """An address of our own desk; anything else is no place to lead anybody to."""
    return given if len(given) <= 500 and _PLACE.fullmatch(given) else None
