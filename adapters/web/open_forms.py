"""What protects a form that anybody may send, without an account and without a cookie.

The form carries the time it was made at, signed: whoever sends it within two seconds is a program, and nobody fills it
in for a day. A field that nobody sees stays empty.
"""

import hmac
import re
from collections.abc import Mapping
from typing import Final

from fastapi import Request

from adapters.web.asking import installed
from domain.errors import refused

TRAP: Final = "mehr"
"""A field that nobody sees, so a program filled it in: one that sends mail, or a browser that means well, to which the
name must tell nothing. Hence a refusal, and no false answer.
"""

SHORTEST: Final = 2
LONGEST: Final = 24 * 3_600
"""Seconds between the form and its answer."""


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


def clean(text: str) -> str:
    """What is typed, without what cannot be read or stored."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter.isprintable() or letter == "\n").strip()


def _signed(request: Request, form: str, about: object, seconds: int) -> str:
    return f"{seconds}.{installed(request).registrations.seal(form, f'{about}:{seconds}').hex()}"


def _now(request: Request) -> int:
    return int(installed(request).clock().timestamp())
