"""Drafts at the desk: what is sent is kept before anything else is done with it, and can be continued or discarded."""

import re
from collections.abc import Mapping
from typing import Final

from fastapi import Request, Response

from adapters.drafts import MOST, Draft, Part
from adapters.web.asking import ID, installed
from adapters.web.form_controls import Typed, controls, recordable
from adapters.web.form_reading import PROPOSED, typed_of
from adapters.web.guard import (
    ACT,
    AUTOSAVE,
    BEGAN,
    DRAFT,
    FIELD,
    KEY,
    START,
    WINDOW,
    local,
    refuse_other_sites,
    somebody,
)
from adapters.web.page import HTML, language_of, render, wordless
from adapters.web.problems import headers_of, status_of
from adapters.web.wording import Wording
from domain.account import Account
from domain.errors import Refusal, Refused
from domain.words import Language
from service import permits

OWN: Final = re.compile(
    r"token|key|draft|window|began|act|seen|tried|more|find|all|everything|found(?:/.*)?|find(?:/.*)?"
)
"""Names of fields that are about the form itself, not about what is stated."""

_RECORDING: Final = re.compile(rf"(?:/en)?{START}/([a-z0-9-]{{1,63}})/erfassen/([a-z-]+)")
_NEUTRAL: Final = re.compile(r"[a-z-]+-[0-9]+")


def is_own(name: str) -> bool:
    """Whether a field is about the form itself."""
    return OWN.fullmatch(name) is not None


def keep(
    request: Request, account: Account, process: str, draft: str, part: Part, began: str
) -> tuple[Draft | None, Refusal | None]:
    """Keeps what was sent as a draft. Nothing typed is no draft, and neither is what has been recorded already.

    Where it cannot be kept, the form goes on all the same: only the reason is told.
    """
    if not _says_something(part) or number_under(request, process, part.key, account) is not None:
        return None, None
    try:
        return installed(request).drafts.put(account.id, process, draft, part, began=began), None
    except Refused as refusal:
        return None, refusal.refusals[0]


def part_of(own: Mapping[str, str], key: str, step_type: str, typed: Typed) -> Part:
    """A statement as a form brings it, with the window it comes from."""
    window = own.get(WINDOW, "")
    return Part(key, step_type, typed, window if ID.fullmatch(window) else "")


def number_under(request: Request, process: str, key: str, account: Account) -> int | None:
    """The number of the entry that was recorded under a key, if one was."""
    try:
        return installed(request).service.number_of(process, key, account)
    except Refused:
        return None


def _says_something(part: Part) -> bool:
    """Whether anything is typed but for the ids that the program made."""
    stated = (value for name, values in part.typed.items() if name != PROPOSED for value in values)
    return any(value.strip() and not _NEUTRAL.fullmatch(value) for value in stated)


# ---- what was sent when the session had ended ---------------------------------------------------------------------


def interrupted(request: Request) -> str | None:
    """Keeps what was sent without a session, or from a page of an earlier one; answers where it can be continued.

    The token of the form says in whose session it was shown: it is kept for that account, and nobody else sees it.
    Refused where it cannot be kept: then it still stands in the browser, and nowhere else.
    """
    fields: list[tuple[str, str]] = getattr(request.state, "sent", [])
    own, found = dict(fields), installed(request)
    account = found.sessions.account_of_form(own.get(FIELD, ""))
    now = somebody(request)
    if account is None or (now is not None and now.id != account) or not ID.fullmatch(own.get(KEY, "")):
        return None
    language, path = language_of(request), request.url.path
    recording = _RECORDING.fullmatch(path)
    if recording is not None and recording[2] in recordable():
        typed = typed_of([(name, value) for name, value in fields if not is_own(name)])
        id_ = own[DRAFT] if ID.fullmatch(own.get(DRAFT, "")) else own[KEY]
        part = part_of(own, own[KEY], recording[2], typed)
        if not _says_something(part):
            return local(language, f"{START}/{recording[1]}/erfassen/{recording[2]}")
        kept = found.drafts.put(account, recording[1], id_, part, began=own.get(BEGAN, ""), most=2 * MOST)
        key = part.key if kept.id == id_ else kept.id
        return local(language, f"{START}/{recording[1]}/entwuerfe/{kept.id}/{key}")
    process = path.removeprefix("/en").removeprefix(f"{START}/").partition("/")[0]
    sent = [(name, value) for name, value in fields if name not in (FIELD, ACT)]
    found.drafts.interrupt(account, process, own[KEY], path, sent)
    return local(language, f"{START}/unterbrochen/{own[KEY]}")


def by_itself(request: Request) -> bool:
    """Whether it was the script that sent the form, which shows the words of the answer and leads nowhere."""
    return (ACT, AUTOSAVE) in getattr(request.state, "sent", [])


def told_by_itself(request: Request, refusal: Refusal, *, kept: bool) -> Response:
    """What the script says below a form whose session has ended: whether it was kept all the same."""
    words = wordless(language_of(request))
    if kept:
        said = words.t(
            "Ihre Sitzung ist beendet. Was Sie eingegeben haben, ist gesichert; nach der Anmeldung steht es unter "
            "„Meine Entwürfe“.",
            "Your session has ended. What you typed is saved; after signing in you find it under “My drafts”.",
        )
    else:
        said = words.t("Nicht gesichert:", "Not saved:") + " " + words.refusal(refusal)
    return Response(str(said), status_of(refusal), media_type="text/plain; charset=utf-8")


def lost(request: Request) -> list[str]:
    """What was typed into a form of ours and could not be kept. Of a form of another site nothing is shown."""
    fields: list[tuple[str, str]] = getattr(request.state, "sent", [])
    if KEY not in dict(fields):
        return []
    try:
        refuse_other_sites(request)
    except Refused:
        return []
    return [value for name, value in fields if not is_own(name) and value.strip() and not _NEUTRAL.fullmatch(value)]


def unkept(request: Request, refusal: Refusal, typed: list[str]) -> Response:
    """Says that what was typed is not kept, and shows it, so that it can be copied."""
    home = local(language_of(request), START)
    return _told(request, refusal, "desk_unkept.html", typed=typed, home=home)


def to_send_again(request: Request, refusal: Refusal) -> Response:
    """Says that the database failed, and shows what was typed in a form that sends all of it once more, as it was.

    It carries the key of before: whatever became of it, it is stored once. Files have to be chosen anew.
    """
    return _told(
        request,
        refusal,
        "send_again.html",
        address=request.url.path,
        fields=request.state.sent,
        typed=lost(request),
        files=bool(getattr(request.state, "uploads", ())),
    )


def _told(request: Request, refusal: Refusal, template: str, **more: object) -> Response:
    """A page of the desk that stands in for the one that could not be made."""
    language = language_of(request)
    content = render(template, w=wordless(language), at_desk=True, other=None, here="/", refusal=refusal, **more)
    return Response(content, status_of(refusal), headers_of(refusal, language), HTML)


# ---- my drafts ----------------------------------------------------------------------------------------------------

Shown = tuple[str, str, Draft, str, str]
"""A draft in a list: what it is, in which process, the draft, and where it is continued and discarded."""


def drafts_of(request: Request, account: Account, process: str | None = None) -> list[Shown]:
    """The drafts of an account, in one process or in all; what was recorded meanwhile is none any more."""
    language, shown = language_of(request), []
    words = wordless(language)
    for draft in installed(request).drafts.list(account.id):
        if process is not None and draft.process != process:
            continue
        if draft.parts and not permits(account, "record", draft.process):
            continue
        if is_recorded(request, account, draft):
            continue
        at = f"{START}/{draft.process}/entwuerfe" if draft.address is None else f"{START}/unterbrochen"
        goes_on = local(language, f"{at}/{draft.id}")
        shown.append((title_of(draft, words), draft.process, draft, goes_on, to_discard(language, draft)))
    return shown


def is_recorded(request: Request, account: Account, draft: Draft) -> bool:
    """Whether all of a draft has been recorded: the program stopped just then, or another window was faster."""
    return bool(draft.parts) and all(
        number_under(request, draft.process, part.key, account) is not None for part in draft.parts
    )


def title_of(draft: Draft, words: Wording) -> str:
    """What a draft is about, in one line."""
    if draft.address is not None:
        return words.t("Unterbrochenes Formular", "Interrupted form")
    if not draft.parts:
        return words.t("Leerer Entwurf", "Empty draft")
    first, more = label_of(draft.parts[0], words), len(draft.parts) - 1
    return first if not more else words.t("{first} und {n} mehr", "{first} and {n} more", first=first, n=more)


def label_of(part: Part, words: Wording) -> str:
    """What a statement says, in one line: its type, and the first of its texts."""
    texts = [c.name for c in controls(recordable()[part.type]) if c.kind == "text"]
    said = next(
        (text for name in texts if (text := " ".join("".join(part.typed.get(f"/step/{name}", ())).split()))), ""
    )
    short = said if len(said) <= 80 else f"{said[:79].rstrip()}…"
    return f"{words.type(part.type)}: {short}" if short else words.type(part.type)


def to_discard(language: Language, draft: Draft) -> str:
    """Where a draft is discarded."""
    return local(language, f"{START}/entwurf-verwerfen/{draft.id}")
