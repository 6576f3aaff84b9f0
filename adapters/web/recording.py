"""Recording at the desk: what the office may record in a process, the form for each of it, and what it would do."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from adapters.terminal import Differences, Page
from adapters.web.asking import ID, installed
from adapters.web.desk import START, frame, local, page
from adapters.web.form_controls import Typed, recordable
from adapters.web.form_reading import ADD, at_controls, filled, stated, typed_of
from adapters.web.form_words import OFFICE
from adapters.web.forms import form_of
from adapters.web.guard import FIELD, SESSION, Clerk, Sent, Upload, Uploads, guarded, secret_of, takes_files
from adapters.web.problems import headers_of
from adapters.web.public import HTML, language_of, render
from adapters.web.wording import Wording
from domain.errors import Refused, refused
from domain.meaning import PROCESS
from domain.words import HINTS, say
from projections.summary import summary
from projections.telling import line
from service import Act, Answer, Audience, Outcome, Times, permits

LAST: Final = 20
"""How many entries the desk shows of those that were recorded last."""

KEY: Final = "key"
"""Made with the form and sent along with it: whoever sends it twice has recorded once."""

ACT: Final = "act"
"""What the buttons of the form do: `check` tries it out, `record` records."""

_OWN: Final = (FIELD, KEY, ACT)

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@page(f"{START}/{{process}}", routes=router)
def overview(request: Request, clerk: Clerk, process: str) -> Response:
    """What may be recorded in a process, and what was recorded last."""
    answer, words = seen(request, clerk, process)
    known = answer.view.effective
    newest = sorted(known.by_number, reverse=True)[:LAST]
    return desk_page(
        request,
        clerk,
        "desk_process.html",
        words,
        groups=[(words.t(*heading), types) for heading, types in OFFICE.values()],
        last=[(line(answer.view, number), known.by_number[number].recorded_at) for number in newest],
        recorded=number_of(request.query_params.get("erfasst", "")),
        published=number_of(request.query_params.get("veroeffentlicht", "")),
        may_record=permits(clerk, "record", process),
        may_publish=permits(clerk, "publish", process),
        forms=recordable(),
    )


@page(f"{START}/{{process}}/erfassen/{{step_type}}", routes=router)
def blank(request: Request, clerk: Clerk, process: str, step_type: str) -> Response:
    """The form for a type of step; with `wie` filled in like an earlier entry."""
    answer, words = _to_record(request, clerk, process, step_type)
    number = number_of(request.query_params.get("wie", ""))
    form = answer.view.effective.graph.forms.get(number) if number is not None else None
    like = form is not None and form.telling.step.type == step_type
    typed = filled(form.telling, anew=True) if form is not None and like else {}
    return _form(request, clerk, answer, words, step_type, typed, new_key())


@page(f"{START}/{{process}}/erfassen/{{step_type}}", "POST", router)
@takes_files
def record(request: Request, clerk: Clerk, process: str, step_type: str, fields: Sent, uploads: Uploads) -> Response:
    """Shows the form with one more row, tries out what is stated, or records it. Nothing that was typed is lost."""
    answer, words = _to_record(request, clerk, process, step_type)
    own = {name: value for name, value in fields if name in _OWN}
    key = own[KEY] if ID.fullmatch(own.get(KEY, "")) else new_key()
    typed = typed_of([(name, value) for name, value in fields if name not in _OWN])
    try:
        typed = {**typed, **_kept(request, clerk, process, uploads)}
    except Refused as refusal:
        return _form(request, clerk, answer, words, step_type, typed, key, refusal=refusal)
    if ADD in typed:
        return _form(request, clerk, answer, words, step_type, typed, key)
    service = installed(request).service
    try:
        statement = stated(step_type, typed, process, key)
    except Refused as refusal:
        return _form(request, clerk, answer, words, step_type, typed, key, refusal=refusal)
    try:
        if own.get(ACT) != "record":
            return _form(
                request, clerk, answer, words, step_type, typed, key, tried=service.preview([statement], clerk)
            )
        (number,) = service.record([statement], clerk).numbers
    except Refused as refusal:
        placed = at_controls(step_type, typed, refusal)
        return _form(request, clerk, answer, words, step_type, typed, key, refusal=placed)
    address = local(words.language, f"{START}/{process}")
    return RedirectResponse(f"{address}?erfasst={number}", 303)


def _kept(request: Request, clerk: Clerk, process: str, uploads: Sequence[Upload]) -> Typed:
    """Keeps the documents that came with a form: their hashes are what stands in its fields."""
    kept, refusals = {}, []
    for upload in uploads:
        try:
            found = installed(request).documents.keep(process, upload.name, upload.content, clerk.id)
            kept[upload.field] = [found.sha256]
        except Refused as refusal:
            refusals += [replace(wrong, pointer=upload.field) for wrong in refusal.refusals]
    if refusals:
        raise Refused(*refusals)
    return kept


def seen(request: Request, clerk: Audience, process: str, act: Act = "read") -> tuple[Answer, Wording]:
    """The process as the clerk sees it now; refused where there is none, or where they may not do that."""
    if not ID.fullmatch(process):
        raise refused("page-not-found")
    answer = installed(request).service.view(process, clerk)
    if answer.public or not permits(clerk, act, process):
        raise refused("not-permitted", act=act, process=process)
    return answer, Wording(language_of(request), f"/prozesse/{process}", answer.view, Times())


def _to_record(request: Request, clerk: Audience, process: str, step_type: str) -> tuple[Answer, Wording]:
    if step_type not in recordable():
        raise refused("page-not-found")
    return seen(request, clerk, process, "record")


def _form(
    request: Request,
    clerk: Audience,
    answer: Answer,
    words: Wording,
    step_type: str,
    typed: Typed,
    key: str,
    *,
    refusal: Refused | None = None,
    tried: Outcome | None = None,
) -> Response:
    known = Page(answer, words.language)
    form = form_of(step_type, typed, words, () if refusal is None else refusal.refusals)
    shown = desk_page(
        request,
        clerk,
        "desk_record.html",
        words,
        form=form,
        key=key,
        tried=tried,
        hints=[] if tried is None else [say(HINTS[hint.code], words.language, hint.params) for hint in tried.hints],
        effect=[] if tried is None else list(Differences(tried.effect, known, known, words.language).rows()),
    )
    if refusal is not None:
        shown.status_code = 422
        shown.headers.update(headers_of(refusal.refusals[0], words.language))
    return shown


def desk_page(request: Request, clerk: Audience, template: str, words: Wording, **context: object) -> Response:
    """A page of the desk about one process."""
    assert clerk is not None
    process = words.base.rpartition("/")[2]
    shown = {
        **frame(request, secret_of(request, SESSION) or ""),
        "w": words,
        "process_name": words.named(PROCESS, summary(words.view).name),
        "home": local(words.language, START),
        "at": local(words.language, f"{START}/{process}"),
    }
    return Response(render(template, **shown, **context), media_type=HTML)


def new_key() -> str:
    """A key for what is about to be recorded."""
    return f"desk-{secrets.token_hex(8)}"


def number_of(given: str) -> int | None:
    """The number of an entry, as an address or a form names it."""
    return int(given) if re.fullmatch(r"[1-9][0-9]{0,8}", given) else None
