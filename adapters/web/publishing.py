"""Publishing at the desk: what is still internal, and exactly what the public will see."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from adapters.imports.statements import statement_of
from adapters.web.asking import ID, installed
from adapters.web.desk import START, local, page
from adapters.web.guard import Clerk, Sent, guarded
from adapters.web.problems import headers_of
from adapters.web.recording import ACT, KEY, desk_page, new_key, number_of, seen
from adapters.web.wording import Wording
from domain.errors import Refusal, Refused
from domain.publication import EntryPublished
from projections.telling import line
from service import Answer, Audience

CHOSEN: Final = "entry"
"""The boxes of the list: the numbers of the entries that are to be published."""

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@page(f"{START}/{{process}}/veroeffentlichen", routes=router)
def internal(request: Request, clerk: Clerk, process: str) -> Response:
    """Everything that is still internal, to choose from."""
    answer, words = seen(request, clerk, process, "publish")
    return _choice(request, clerk, words, answer, [], new_key())


@page(f"{START}/{{process}}/veroeffentlichen", "POST", router)
def publish(request: Request, clerk: Clerk, process: str, fields: Sent) -> Response:
    """Shows what the public will see, with what has to be published along, and publishes it when that was seen."""
    answer, words = seen(request, clerk, process, "publish")
    own = dict(fields)
    key = own[KEY] if ID.fullmatch(own.get(KEY, "")) else new_key()
    numbers = [number_of(value) for name, value in fields if name == CHOSEN]
    chosen = sorted({number for number in numbers if number is not None})
    if not chosen:
        return _choice(request, clerk, words, answer, [], key, Refusal("nothing-chosen"))
    service = installed(request).service
    try:
        needed = service.needed_for_publication(process, chosen, clerk)
        if own.get(ACT) != "publish" or needed:
            return _choice(request, clerk, words, answer, sorted({*chosen, *needed}), key, needed=needed)
        step = {"type": "entry-published", "targets": chosen}
        (number,) = service.record([statement_of({"process": process, "key": key, "step": step})], clerk).numbers
    except Refused as refusal:
        return _choice(request, clerk, words, answer, chosen, key, refusal.refusals[0])
    return RedirectResponse(f"{local(words.language, f'{START}/{process}')}?veroeffentlicht={number}", 303)


def _choice(
    request: Request,
    clerk: Audience,
    words: Wording,
    answer: Answer,
    chosen: Sequence[int],
    key: str,
    refusal: Refusal | None = None,
    needed: Sequence[int] = (),
) -> Response:
    known = answer.view.effective
    steps = {number: entry.statement.step for number, entry in sorted(known.by_number.items())}
    hidden = [n for n, step in steps.items() if known.public_from(n) is None and not isinstance(step, EntryPublished)]
    shown = desk_page(
        request,
        clerk,
        "desk_publish.html",
        words,
        hidden=[line(answer.view, number) for number in hidden],
        own=installed(request).service.own(words.base.rpartition("/")[2], clerk),
        chosen=[line(answer.view, number) for number in chosen if number in known.by_number],
        numbers=set(chosen),
        needed=needed,
        refusal=refusal,
        key=key,
    )
    if refusal is not None:
        shown.status_code = 422
        shown.headers.update(headers_of(refusal, words.language))
    return shown
