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


def token(request: Request, form: str, about: object) -> str:
    """The time, signed for one form and what it is about."""
    return _signed(request, form, about, _now(request))


def refuse_programs(request: Request, fields: Mapping[str, str], form: str, about: object) -> None:
    """Refuses what no person has filled in: too quick, too late, made up, or with the trap filled in."""
    if fields.get(TRAP):
        raise refused("registration-trap")
    given = fields.get("token", "")
    seconds, _, _ = given.partition(".")
    if not re.fullmatch(r"[0-9]{1,12}", seconds):
        raise refused("registration-quick")
    ours = _signed(request, form, about, int(seconds))
    known = hmac.compare_digest(given.encode(errors="surrogatepass"), ours.encode())
    if not (known and SHORTEST <= _now(request) - int(seconds) <= LONGEST):
        raise refused("registration-quick")


def clean(text: str) -> str:
    """What is typed, without what cannot be read or stored."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter.isprintable() or letter == "\n").strip()


def _signed(request: Request, form: str, about: object, seconds: int) -> str:
    return f"{seconds}.{installed(request).registrations.seal(form, f'{about}:{seconds}').hex()}"


def _now(request: Request) -> int:
    return int(installed(request).clock().timestamp())
