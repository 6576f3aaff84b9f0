"""Pages about drafts: a form that was interrupted is opened again, and what is not needed any more is discarded."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from adapters.drafts import Draft
from adapters.web.asking import installed
from adapters.web.desk import frame, page
from adapters.web.drafting import label_of, title_of, to_discard
from adapters.web.guard import SESSION, START, Clerk, guarded, local, secret_of
from adapters.web.page import HTML, language_of, render, wordless
from adapters.web.problems import headers_of, status_of
from domain.account import Account
from domain.errors import Refusal, refused

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@page(f"{START}/unterbrochen/{{draft}}", routes=router)
def again(request: Request, clerk: Clerk, draft: str) -> Response:
    """A form that was interrupted, with everything that was in it; opening it again does nothing yet."""
    kept = installed(request).drafts.find(clerk.id, draft)
    if kept is None or kept.address is None:
        raise refused("draft-unknown")
    discard = to_discard(language_of(request), kept)
    content = render("desk_again.html", **_frame(request), draft=kept, discard=discard, refusal=None)
    return Response(content, media_type=HTML)


def gone(request: Request, draft: str, texts: Sequence[str], refusal: Refusal) -> Response:
    """What was written in a form that cannot be shown any more, with the reason, to be copied from."""
    language = language_of(request)
    discard = local(language, f"{START}/entwurf-verwerfen/{draft}")
    content = render("desk_again.html", **_frame(request), texts=texts, discard=discard, refusal=refusal)
    return Response(content, status_of(refusal), headers_of(refusal, language), HTML)


@page(f"{START}/entwurf-verwerfen/{{draft}}", routes=router)
def ask_to_discard(request: Request, clerk: Clerk, draft: str) -> Response:
    """Asks before a draft is discarded."""
    kept = _mine(request, clerk, draft)
    words = wordless(language_of(request))
    content = render(
        "desk_discard.html",
        **_frame(request),
        draft=kept,
        title=title_of(kept, words),
        lines=[label_of(part, words) for part in kept.parts],
        back=local(language_of(request), START),
    )
    return Response(content, media_type=HTML)


@page(f"{START}/entwurf-verwerfen/{{draft}}", "POST", router)
def discard(request: Request, clerk: Clerk, draft: str) -> Response:
    """Discards a draft for good; one that is gone already stays so."""
    installed(request).drafts.discard(clerk.id, draft)
    return RedirectResponse(f"{local(language_of(request), START)}?verworfen=1", 303)


def _mine(request: Request, account: Account, id: str) -> Draft:
    kept = installed(request).drafts.find(account.id, id)
    if kept is None:
        raise refused("draft-unknown")
    return kept


def _frame(request: Request) -> Mapping[str, object]:
    return frame(request, secret_of(request, SESSION) or "")
