"""Several statements as one list at the desk: put in order, looked at as a whole, and recorded all or none."""

from collections.abc import Sequence

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from adapters.drafts import Draft
from adapters.web.asking import installed
from adapters.web.desk import page
from adapters.web.drafting import is_recorded, label_of, number_under
from adapters.web.form_controls import recordable
from adapters.web.forms import sentence
from adapters.web.guard import ACT, SEEN, START, TRIED, Clerk, Sent, guarded, local, new_key
from adapters.web.recording import desk_page, form_page, groups_of, number_of, seen
from adapters.web.trying import Attempt, attempt, newest
from adapters.web.wording import Wording
from domain.account import Account
from domain.errors import Refusal, refused
from service import Answer

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@page(f"{START}/{{process}}/entwuerfe/{{draft}}", routes=router)
def go_on(request: Request, clerk: Clerk, process: str, draft: str) -> Response:
    """A draft to go on with: its form, or the list of its statements with what recording them would do."""
    answer, words, kept = _kept(request, clerk, process, draft)
    if is_recorded(request, clerk, kept):
        return recorded(request, clerk, words, kept, [number_under(request, process, p.key, clerk) for p in kept.parts])
    if len(kept.parts) == 1:
        return form_page(request, clerk, answer, words, kept, kept.parts[0])
    return _list(request, clerk, answer, words, kept, attempt(request, clerk, answer, words, kept.parts))


@page(f"{START}/{{process}}/entwuerfe/{{draft}}/neu", routes=router)
def another(request: Request, clerk: Clerk, process: str, draft: str) -> Response:
    """Leads to the form for one more statement of the list."""
    _, words, kept = _kept(request, clerk, process, draft)
    step_type = request.query_params.get("more", "")
    if step_type not in recordable():
        raise refused("page-not-found")
    return RedirectResponse(local(words.language, f"{START}/{process}/erfassen/{step_type}?zu={kept.id}"), 303)


@page(f"{START}/{{process}}/entwuerfe/{{draft}}/{{key}}", routes=router)
def edit(request: Request, clerk: Clerk, process: str, draft: str, key: str) -> Response:
    """One statement of a draft; with `pruefen` also what is refused of it."""
    answer, words, kept = _kept(request, clerk, process, draft)
    part = kept.part(key)
    if part is None:
        raise refused("draft-unknown")
    refusals: tuple[Refusal, ...] = ()
    if "pruefen" in request.query_params:
        at = kept.parts.index(part)
        found = attempt(request, clerk, answer, words, kept.parts).refusals
        refusals = tuple(refusal for refusal in found if refusal.index == at)
    return form_page(request, clerk, answer, words, kept, part, refusals)


@page(f"{START}/{{process}}/entwuerfe/{{draft}}", "POST", router)
def arrange(request: Request, clerk: Clerk, process: str, draft: str, fields: Sent) -> Response:
    """Moves a statement, puts one aside, or records the whole list."""
    answer, words, kept = _kept(request, clerk, process, draft)
    own, drafts = dict(fields), installed(request).drafts
    here = local(words.language, f"{START}/{process}/entwuerfe/{kept.id}")
    keys = [part.key for part in kept.parts]
    for move, by in (("up", -1), ("down", 1)):
        if own.get(move) in keys:
            at = keys.index(own[move])
            to = max(0, min(len(keys) - 1, at + by))
            keys.insert(to, keys.pop(at))
            drafts.arrange(clerk.id, kept.id, keys)
            return RedirectResponse(here, 303)
    if (part := kept.part(own.get("aside", ""))) is not None and len(keys) > 1:
        alone = new_key() if part.key == kept.id else part.key
        with installed(request).database.writing():
            drafts.put(clerk.id, process, alone, part)
            drafts.arrange(clerk.id, kept.id, [key for key in keys if key != part.key])
        return RedirectResponse(f"{here}?beiseite={alone}", 303)
    record = own.get(TRIED, "") if own.get(ACT) == "record" else None
    came = attempt(request, clerk, answer, words, kept.parts, seen=number_of(own.get(SEEN, "")), record=record)
    if came.numbers:
        return recorded(request, clerk, words, kept, came.numbers)
    return _list(request, clerk, answer, words, kept, came)


def recorded(request: Request, clerk: Account, words: Wording, kept: Draft, numbers: Sequence[int | None]) -> Response:
    """Forgets a draft that is recorded, and shows as what."""
    installed(request).drafts.discard(clerk.id, kept.id)
    known = [number for number in numbers if number is not None]
    upto = f"&bis={max(known)}" if len(known) > 1 else ""
    return RedirectResponse(f"{local(words.language, f'{START}/{kept.process}')}?erfasst={min(known)}{upto}", 303)


def _list(request: Request, clerk: Account, answer: Answer, words: Wording, kept: Draft, came: Attempt) -> Response:
    shown = desk_page(
        request,
        clerk,
        "desk_together.html",
        words,
        draft=kept,
        lines=[(part, label_of(part, words)) for part in kept.parts],
        complaints=[
            (
                refusal,
                kept.parts[refusal.index or 0],
                sentence(kept.parts[refusal.index or 0].type, refusal, words.language),
            )
            for refusal in came.refusals
        ],
        tried=came.tried,
        since=came.since,
        changed=came.changed,
        seen=newest(answer),
        aside=request.query_params.get("beiseite"),
        groups=groups_of(words),
    )
    shown.status_code = 422 if came.refusals and request.method == "POST" else 200
    return shown


def _kept(request: Request, clerk: Account, process: str, draft: str) -> tuple[Answer, Wording, Draft]:
    answer, words = seen(request, clerk, process, "record")
    kept = installed(request).drafts.find(clerk.id, draft)
    if kept is None or kept.process != process or not kept.parts:
        raise refused("draft-unknown")
    return answer, words, kept
