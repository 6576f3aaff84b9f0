"""What protects a form that anybody may send, without an account and without a cookie.

The form carries the time it was made at, signed: whoever sends it within two seconds is a program, and nobody fills it
in for a day. A field that nobody sees stays empty. What was typed is not lost when the database fails.
"""

import hmac
import re
from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from adapters.web.asking import installed
from adapters.web.guard import ACT, FIELD, Once, refuse_other_sites
from adapters.web.page import HTML, language_of, render, wordless
from adapters.web.problems import headers_of, status_of
from domain.errors import Refusal, refused

TRAP: Final = "mehr"
"""A field that nobody sees, so a program filled it in: one that sends mail, or a browser that means well, to which the
name must tell nothing. Hence a refusal, and no false answer.
"""

SHORTEST: Final = 2
LONGEST: Final = 24 * 3_600
"""Seconds between the form and its answer."""

CONSENT: Final = "consent"

_UNTYPED: Final = frozenset({FIELD, ACT, CONSENT, TRAP})
"""Fields in which nobody writes anything."""


def _sent_from_here(request: Request, fields: Once) -> Mapping[str, str]:
    refuse_other_sites(request)
    request.state.sent_openly = fields
    return fields


Open = Annotated[Mapping[str, str], Depends(_sent_from_here)]
"""The fields of such a form, which a page of ours sent; they are remembered with the request."""


def token(request: Request, form: str, about: object, given: str = "") -> str:
    """The time, signed for one form and what it is about.

    A form that is shown again keeps the one it was `given`: whoever mends a slip does not have to wait anew.
    """
    made = _made_at(request, given, form, about)
    kept = made is not None and _now(request) - made <= LONGEST
    return given if kept else _signed(request, form, about, _now(request))


def refuse_programs(request: Request, fields: Mapping[str, str], form: str, about: object) -> None:
    """Refuses what no person has filled in: too quick, too late, made up, or with the trap filled in."""
    if fields.get(TRAP):
        raise refused("registration-trap")
    made = _made_at(request, fields.get("token", ""), form, about)
    if made is None or not SHORTEST <= _now(request) - made <= LONGEST:
        raise refused("registration-quick")


def _made_at(request: Request, given: str, form: str, about: object) -> int | None:
    """When a form was made, in seconds; nothing if the token is none of ours for it."""
    seconds, _, _ = given.partition(".")
    if not re.fullmatch(r"[0-9]{1,12}", seconds):
        return None
    ours = _signed(request, form, about, int(seconds))
    return int(seconds) if hmac.compare_digest(given.encode(errors="surrogatepass"), ours.encode()) else None


def to_send_again(request: Request, refusal: Refusal) -> Response | None:
    """Says that the database failed, and shows what was typed in a form that sends all of it once more, as it was.

    It needs no key: who is registered with an address stays so, and the same report stands there once. Nothing where no
    such form was sent.
    """
    fields: Mapping[str, str] | None = getattr(request.state, "sent_openly", None)
    if fields is None:
        return None
    language = language_of(request)
    content = render(
        "send_again.html",
        w=wordless(language),
        at_desk=False,
        other=None,
        here="/",
        refusal=refusal,
        address=request.url.path,
        fields=fields.items(),
        typed=[value for name, value in fields.items() if name not in _UNTYPED and value.strip()],
        files=False,
    )
    return Response(content, status_of(refusal), headers_of(refusal, language), HTML)


def clean(text: str) -> str:
    """What is typed, without what cannot be read or stored."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter.isprintable() or letter == "\n").strip()


def _signed(request: Request, form: str, about: object, seconds: int) -> str:
    return f"{seconds}.{installed(request).registrations.seal(form, f'{about}:{seconds}').hex()}"


def _now(request: Request) -> int:
    return int(installed(request).clock().timestamp())
