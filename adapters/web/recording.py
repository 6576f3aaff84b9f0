"""Recording at the desk: what the office may record in a process, the form for each of it, and what it would do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from adapters.drafts import Draft, Part
from adapters.web.asking import ID, installed
from adapters.web.desk import frame, page
from adapters.web.drafting import drafts_of, is_own, keep, label_of, number_under, part_of
from adapters.web.form_controls import Typed, controls, recordable
from adapters.web.form_ids import taken_meanwhile
from adapters.web.form_reading import ADD, filled, stated, typed_of
from adapters.web.form_words import OFFICE
from adapters.web.forms import NOTHING_ASKED, Around, Earlier, form_of
from adapters.web.guard import (
    ACT,
    AUTOSAVE,
    BEGAN,
    DRAFT,
    KEY,
    SEEN,
    SESSION,
    START,
    TRIED,
    Clerk,
    Sent,
    Upload,
    Uploads,
    guarded,
    local,
    new_key,
    secret_of,
    takes_files,
)
from adapters.web.page import HTML, language_of, render
from adapters.web.problems import headers_of
from adapters.web.trying import NOT_TRIED, Attempt, attempt, newest, read_all
from adapters.web.wording import Wording
from domain.account import Account
from domain.entry import Entry
from domain.errors import Refusal, Refused, refused
from domain.meaning import PROCESS
from domain.publication import EntryPublished
from projections.summary import summary
from projections.telling import line
from service import Act, Answer, Audience, Times, permits

MOST_FOUND: Final = 50
"""How many entries are offered that were looked for."""

LAST: Final = 20
"""How many entries the desk shows of those that were recorded last."""

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@page(f"{START}/{{process}}", routes=router)
def overview(request: Request, clerk: Clerk, process: str) -> Response:
    """What may be recorded in a process, and what was recorded last."""
    answer, words = seen(request, clerk, process)
    known = answer.view.effective
    newest = sorted(known.by_number, reverse=True)[:LAST]
    published = number_of(request.query_params.get("veroeffentlicht", ""))
    return desk_page(
        request,
        clerk,
        "desk_process.html",
        words,
        groups=groups_of(words),
        drafts=drafts_of(request, clerk, process),
        last=[(line(answer.view, number), known.by_number[number].recorded_at) for number in newest],
        recorded=number_of(request.query_params.get("erfasst", "")),
        upto=number_of(request.query_params.get("bis", "")),
        published=published,
        since=_set_down_for(known.by_number.get(published or 0), installed(request).service.now()),
        may_record=permits(clerk, "record", process),
        may_publish=permits(clerk, "publish", process),
        forms=recordable(),
    )


def _set_down_for(entry: Entry | None, now: datetime) -> datetime | None:
    """From when on a publication makes public what it names, where that is still to come."""
    since = entry.statement.step.not_before if entry and isinstance(entry.statement.step, EntryPublished) else None
    return since if since is not None and since > now else None


@page(f"{START}/{{process}}/erfassen/{{step_type}}", routes=router)
def blank(request: Request, clerk: Clerk, process: str, step_type: str) -> Response:
    """The form for a type of step; with `wie` filled in like an earlier entry, with `zu` one more of a draft."""
    answer, words = _to_record(request, clerk, process, step_type)
    number = number_of(request.query_params.get("wie", ""))
    form = answer.view.effective.graph.forms.get(number) if number is not None else None
    like = form is not None and form.telling.step.type == step_type
    typed = filled(form.telling, anew=True) if form is not None and like else {}
    part = Part(new_key(), step_type, {**typed, **_addressed(request, step_type)}, new_key())
    sheet = Sheet(answer, words, part, part.key)
    joined = request.query_params.get("zu", "")
    kept = installed(request).drafts.find(clerk.id, joined) if ID.fullmatch(joined) else None
    if kept is not None and kept.process == process:
        sheet = replace(sheet, draft=joined, others=kept.parts)
    return _form(request, clerk, sheet)


def _addressed(request: Request, step_type: str) -> Typed:
    """What an address fills in: `settles=48` for the field `settles` of the step."""
    simple = {control.name for control in controls(recordable()[step_type]) if control.kind not in ("model", "step")}
    return {f"/step/{name}": [value] for name, value in request.query_params.items() if name in simple}


@page(f"{START}/{{process}}/erfassen/{{step_type}}", "POST", router)
@takes_files
def record(request: Request, clerk: Clerk, process: str, step_type: str, fields: Sent, uploads: Uploads) -> Response:
    """Keeps what is sent as a draft; then shows the form as asked, tries out what is stated, or records it."""
    answer, words = _to_record(request, clerk, process, step_type)
    own = {name: value for name, value in fields if is_own(name)}
    typed = typed_of([(name, value) for name, value in fields if not is_own(name)])
    documents, unread = _documents(request, clerk, process, uploads)
    typed = {**typed, **documents}
    part = part_of(own, own[KEY] if ID.fullmatch(own.get(KEY, "")) else new_key(), step_type, typed)
    id_ = own[DRAFT] if ID.fullmatch(own.get(DRAFT, "")) else part.key
    number = number_under(request, process, part.key, clerk)
    taken = taken_meanwhile(step_type, typed, answer.view) if number is None else {}
    if taken:
        renamed = {name: [taken.get(value, value) for value in values] for name, values in typed.items()}
        part = replace(part, typed=renamed)
    kept, unkept = keep(request, clerk, process, id_, part, own.get(BEGAN, ""))
    elsewhere = id_ if kept is not None and kept.id != id_ else None
    act = own.get(ACT, "")
    if act == AUTOSAVE:
        return _told_when(words, kept, unkept, elsewhere, number)
    if elsewhere is not None and kept is not None:
        part, id_ = part.apart(), kept.id
    listed = kept or installed(request).drafts.find(
        clerk.id, id_
    )  # also where nothing was typed yet, or no more fits in
    sheet = Sheet(answer, words, part, id_, listed.parts if listed is not None else (), kept, unkept, elsewhere)
    if unread:
        return _form(request, clerk, sheet, Attempt(refusals=unread))
    if act == "draft" or own.get("find") or own.get("all") or ADD in typed:
        return _form(request, clerk, replace(sheet, around=_asked(request, clerk, process, own)))
    together = any(other.key != part.key for other in sheet.others)
    if unkept is not None and (act in ("list", "more") or together):
        return _form(request, clerk, sheet)
    if act in ("list", "more") or together:
        try:
            stated(step_type, part.typed, process, part.key)
        except Refused as refusal:
            return _form(request, clerk, sheet, Attempt(refusals=refusal.refusals))
        more = own.get("more", "") if act == "more" else ""
        if more and more not in recordable():
            raise refused("page-not-found")
        to = f"erfassen/{more}?zu={id_}" if more else f"entwuerfe/{id_}"
        return RedirectResponse(local(words.language, f"{START}/{process}/{to}"), 303)
    asked = own.get(TRIED, "") if act == "record" else None
    proposed = {new: old for old, new in taken.items()}
    seen_upto = number_of(own.get(SEEN, ""))
    came = attempt(request, clerk, answer, words, [part], seen=seen_upto, record=asked, renamed=proposed)
    if not came.numbers:
        return _form(request, clerk, sheet, came)
    installed(request).drafts.discard(clerk.id, id_)  # after it is recorded: what stops between loses nothing
    return RedirectResponse(f"{local(words.language, f'{START}/{process}')}?erfasst={came.numbers[0]}", 303)


def _told_when(
    words: Wording, kept: Draft | None, unkept: Refusal | None, elsewhere: str | None, number: int | None
) -> Response:
    """What the script says below the form."""
    said = words.refusal(unkept) if unkept else saved_at(words, kept)
    if elsewhere is not None:
        said += words.t(
            ". In einem anderen Fenster ist dieser Entwurf inzwischen anders gesichert; was hier steht, ist jetzt ein "
            "eigener Entwurf.",
            ". In another window this draft has been saved differently meanwhile; what stands here is now a draft of "
            "its own.",
        )
    if number is not None:
        said = words.t(
            "Nicht gesichert: Das ist schon erfasst, als Nr. {n}. Ändern lässt es sich mit einer Berichtigung.",
            "Not saved: this is recorded already, as no. {n}. It can be changed by a correction.",
            n=number,
        )
    return Response(str(said), 422 if unkept else 200, media_type="text/plain; charset=utf-8")


def saved_at(words: Wording, kept: Draft | None) -> str:
    """When a draft was kept."""
    if kept is None:
        return ""
    at = kept.touched_at.astimezone(words.view.effective.zone)
    return words.t("Gesichert um {time}", "Saved at {time}", time=f"{at:%H:%M}")


def _asked(request: Request, clerk: Account, process: str, own: Mapping[str, str]) -> Around:
    """What was asked to be shown in the form: entries that were looked for, and what is left out otherwise."""
    at = own.get("find", "")
    question = own.get(f"find{at}", "").strip()
    everything = own.get("all") == "1" or own.get("everything") == "1"
    if not question:
        return Around(everything=everything)
    try:
        hits = installed(request).service.search(question, clerk, process, most=MOST_FOUND).hits
    except Refused as refusal:
        return Around(unfound={at: refusal.refusals[0]}, everything=everything)
    return Around(found={at: [hit.line.number for hit in hits]}, everything=everything)


def _documents(
    request: Request, clerk: Account, process: str, uploads: Sequence[Upload]
) -> tuple[Typed, tuple[Refusal, ...]]:
    """Keeps the documents that came with a form: their hashes are what stands in its fields."""
    kept, refusals = dict[str, Sequence[str]](), list[Refusal]()
    for upload in uploads:
        try:
            found = installed(request).documents.keep(process, upload.name, upload.content, clerk.id)
            kept[upload.field] = [found.sha256]
        except Refused as refusal:
            refusals += [replace(wrong, pointer=upload.field) for wrong in refusal.refusals]
    return kept, tuple(refusals)


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


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form for one statement, with what it belongs to: its draft, and the statements it is recorded with."""

    answer: Answer
    words: Wording
    part: Part
    draft: str
    others: tuple[Part, ...] = ()
    kept: Draft | None = None
    unkept: Refusal | None = None
    elsewhere: str | None = None
    """The draft as another window has kept it, where this one became a draft of its own."""

    around: Around = NOTHING_ASKED


def form_page(
    request: Request,
    clerk: Account,
    answer: Answer,
    words: Wording,
    kept: Draft,
    part: Part,
    refusals: tuple[Refusal, ...] = (),
) -> Response:
    """The form for a statement of a draft, with all that was typed."""
    sheet = Sheet(answer, words, replace(part, window=new_key()), kept.id, kept.parts, kept)
    return _form(request, clerk, sheet, Attempt(refusals=refusals))


def _form(request: Request, clerk: Account, sheet: Sheet, came: Attempt = NOT_TRIED) -> Response:
    part, words = sheet.part, sheet.words
    keys = [other.key for other in sheet.others]
    before = sheet.others[: keys.index(part.key)] if part.key in keys else sheet.others
    others = [other for other in sheet.others if other.key != part.key]
    around = replace(
        sheet.around,
        earlier=tuple(
            Earlier(p.key, p.type, words.t("Angabe {n}: {what}", "Statement {n}: {what}", n=n, what=label_of(p, words)))
            for n, p in enumerate(before, start=1)
        ),
        taken=frozenset(value for other in others for values in other.typed.values() for value in values),
    )
    form = form_of(part.type, part.typed, _with(request, clerk, words, before), came.refusals, around)
    shown = desk_page(
        request,
        clerk,
        "desk_record.html",
        words,
        form=form,
        part=part,
        draft=sheet.draft,
        others=others,
        place=len(before) + 1,
        saved=saved_at(words, sheet.kept),
        unkept=sheet.unkept,
        elsewhere=sheet.elsewhere,
        around=around,
        tried=came.tried,
        since=came.since,
        changed=came.changed,
        seen=newest(sheet.answer),
        outdated="veraltet" in request.query_params,
        groups=groups_of(words),
    )
    if came.refusals and request.method == "POST":
        shown.status_code = 422
        shown.headers.update(headers_of(came.refusals[0], words.language))
    return shown


def _with(request: Request, clerk: Account, words: Wording, before: Sequence[Part]) -> Wording:
    """What a statement can choose from: the process, with what stands before it in its list."""
    if not before:
        return words
    process = words.base.rpartition("/")[2]
    try:
        return replace(words, view=installed(request).service.view_with(read_all(before, process), clerk))
    except Refused:  # not all of it is ready; then it is only named by its key
        return words


def groups_of(words: Wording) -> list[tuple[str, tuple[str, ...]]]:
    """The types of step in the groups that the office knows them by."""
    return [(words.t(*heading), types) for heading, types in OFFICE.values()]


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


def number_of(given: str) -> int | None:
    """The number of an entry, as an address or a form names it."""
    return int(given) if re.fullmatch(r"[1-9][0-9]{0,8}", given) else None
