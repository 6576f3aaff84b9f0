"""Refusals as they are answered over HTTP: one table of statuses, one shape (RFC 9457), one page per code."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError

from adapters.answers import refusal_answer
from adapters.web.replies import json_bytes, language_for
from domain.errors import Refusal, Refused
from domain.words import REFUSALS, Language, say

STATUS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "json-invalid": 400,
        "json-named-twice": 400,
        "form-unreadable": 400,
        "account-needed": 401,
        "token-invalid": 401,
        "sign-in-needed": 401,
        "form-foreign": 403,
        "form-outdated": 403,
        "four-eyes": 403,
        "identity-invalid": 403,
        "identity-refused": 403,
        "identity-state": 403,
        "identity-unknown": 403,
        "not-permitted": 403,
        "own-account": 403,
        "password-own": 403,
        "sign-in-wrong": 403,
        "account-unknown": 404,
        "cursor-unknown": 404,
        "identity-not-set": 404,
        "page-beyond": 404,
        "page-not-found": 404,
        "draft-unknown": 404,
        "person-unknown": 404,
        "format-unknown": 404,
        "unknown-process": 404,
        "unknown-entry": 404,
        "unknown-version": 404,
        "method-not-allowed": 405,
        "not-acceptable": 406,
        "identity-taken": 409,
        "key-taken": 409,
        "last-admin": 409,
        "meeting-gone": 409,
        "chosen-twice": 409,
        "circle": 409,
        "correction-outdated": 409,
        "decision-not-adopted": 409,
        "ended-twice": 409,
        "ends-what-it-needs": 409,
        "founded-twice": 409,
        "not-in-set": 409,
        "order": 409,
        "own-parent": 409,
        "parent-circle": 409,
        "public-contradiction": 409,
        "recorded-meanwhile": 409,
        "unit-differs": 409,
        "unknown": 409,
        "wrong-kind": 409,
        "body-too-slow": 408,
        "body-too-large": 413,
        "upload-too-large": 413,
        "document-unknown": 404,
        "document-damaged": 503,
        "list-too-long": 413,
        "address-too-long": 414,
        "headers-too-large": 431,
        "metrics-closed": 403,
        "answer-too-slow": 503,
        "stopping": 503,
        "database-empty": 503,
        "database-newer": 503,
        "database-older": 503,
        "media-type-unsupported": 415,
        "sign-in-waiting": 429,
        "registrations-too-many": 429,
        "barrier-report-gone": 404,
        "barrier-reports-full": 503,
        "facts-newer": 500,
        "internal-error": 500,
        "connections-taken": 503,
        "database-busy": 503,
        "database-full": 503,
        "database-read-only": 503,
        "outcome-unknown": 503,
        "exports-busy": 503,
        "feed-busy": 503,
        "picture-not-drawn": 503,
        "identity-unreachable": 503,
        "sign-in-busy": 503,
        "log-behind": 503,
        "tables-missing": 503,
        "log-broken": 503,
        "log-key-other": 503,
        "home-file-unreadable": 503,
        "home-full": 503,
        "log-checkpoint-broken": 503,
        "log-forked": 503,
        "log-key-broken": 503,
        "log-key-missing": 503,
        "log-key-open": 503,
        "policy-unreadable": 503,
        "database-unreachable": 503,
    }
)
"""The status of each refusal. Everything else is a fault in what was stated: 422."""

TITLES: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        400: ("Nicht lesbar", "Not readable"),
        401: ("Anmeldung nötig", "Authentication needed"),
        403: ("Nicht erlaubt", "Not permitted"),
        404: ("Nicht gefunden", "Not found"),
        405: ("So nicht abrufbar", "Method not allowed"),
        406: ("Format nicht verfügbar", "Format not available"),
        408: ("Zu langsam gesendet", "Sent too slowly"),
        409: ("Widerspruch zu dem, was erfasst ist", "In conflict with what is recorded"),
        413: ("Zu groß", "Too large"),
        414: ("Adresse zu lang", "Address too long"),
        415: ("Format nicht angenommen", "Format not accepted"),
        422: ("Angaben fehlen oder stimmen nicht", "Something stated is missing or wrong"),
        429: ("Zu viele Versuche", "Too many tries"),
        431: ("Kopfzeilen zu groß", "Headers too large"),
        500: ("Fehler des Programms", "Fault of the program"),
        503: ("Gerade nicht verfügbar", "Not available right now"),
    }
)
"""German, English."""

PROBLEM: Final = "application/problem+json"


def status_of(refusal: Refusal) -> int:
    """The status of a refusal. What is missing is 404 where it was asked for, and a fault where it was named."""
    status = STATUS.get(refusal.code, 422)
    return 422 if status == 404 and (refusal.index is not None or refusal.pointer) else status


def problem(request: Request, refused: Refused) -> Response:
    """The answer to a program that was refused: all refusals, and the first of them as the headline."""
    first, language = refused.refusals[0], language_for(request)
    status = status_of(first)
    complaints = refusal_answer(refused)
    content: dict[str, Any] = {
        "type": f"/problems/{first.code}",
        "title": say(TITLES[status], language),
        "status": status,
        "detail": complaints[0][language],
        "code": first.code,
        "refusals": complaints,
    }
    return Response(json_bytes(content), status, headers_of(first, language), PROBLEM)


def headers_of(refusal: Refusal, language: Language) -> dict[str, str]:
    """What an answer that refuses says beside its content. It is never kept: tomorrow it may be different."""
    status = status_of(refusal)
    headers = {"Cache-Control": "no-store", "Content-Language": language, "Vary": "Authorization, Accept-Language"}
    if status == 401:
        error = ', error="invalid_token"' if refusal.code == "token-invalid" else ""
        headers["WWW-Authenticate"] = f'Bearer realm="werdegang"{error}'
    if status == 405:
        headers["Allow"] = refusal.params["allowed"]
    if status == 408:
        headers["Connection"] = "close"  # the rest of it is waited for no longer
    if status == 429:
        headers["Retry-After"] = str(refusal.params.get("minutes", 60) * 60)
    if status == 503:
        headers["Retry-After"] = str(refusal.params.get("seconds", 5))
    return headers


def of_parameters(error: RequestValidationError) -> Refused:
    """What is wrong with the parameters of an address."""
    return Refused(*(_of_parameter(found) for found in error.errors()))


def _of_parameter(found: Mapping[str, Any]) -> Refusal:
    parameter = str(found["loc"][-1])
    if found["type"] == "extra_forbidden":
        return Refusal("parameter-unknown", {"parameter": parameter})
    if found["type"] == "missing":
        return Refusal("parameter-missing", {"parameter": parameter})
    if found["type"] == "string_too_long":
        return Refusal("parameter-too-long", {"parameter": parameter, "most": found["ctx"]["max_length"]})
    if found["type"] == "less_than_equal":
        return Refusal("parameter-too-large", {"parameter": parameter, "most": found["ctx"]["le"]})
    if found["type"] == "greater_than_equal":
        return Refusal("parameter-too-small", {"parameter": parameter, "least": found["ctx"]["ge"]})
    if found["type"] in REFUSALS:
        stated = {name: value for name, value in found.get("ctx", {}).items() if name != "code"}
        return Refusal(found["type"], {**stated, "parameter": parameter})
    return Refusal("parameter-wrong", {"parameter": parameter, "given": str(found["input"])[:80]})
