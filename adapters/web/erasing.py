"""Erasing the texts of an entry at the desk: all that goes is shown, and what may say the same elsewhere."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final, get_args

from fastapi import APIRouter, Depends, Request, Response

from adapters.imports.statements import statement_of
from adapters.web.amending import Asked, asked_entry, done, head, refusing
from adapters.web.asking import ID, installed
from adapters.web.desk import page
from adapters.web.guard import KEY, START, Clerk, Once, guarded, new_key
from adapters.web.recording import desk_page
from adapters.web.trying import newest, number_in
from adapters.web.wording import Wording
from domain.account import Account
from domain.entry import causes, entries_named, split
from domain.errors import Refusal, Refused, refused
from domain.publication import Approver, EntryPublished, Ground, TextsErased
from domain.publishing import about
from domain.replay import Effective
from projections.telling import line
from service import permits

SURE: Final = "sure"
SEEN: Final = "seen"
"""The last entry of the process that whoever erases had before them."""

APPROVERS: Final = tuple(approver for approver in get_args(Approver) if approver != "as-before")
"""Who can approve; that an older backup was put back only the program tells."""

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@page(f"{START}/{{process}}/eintrag/{{number}}/texte-loeschen", routes=router)
def ask(request: Request, clerk: Clerk, process: str, number: str) -> Response:
    """All that would go, and the form that says on what ground and who approved it."""
    return _shown(request, clerk, _erasable(request, clerk, process, number), {KEY: new_key()})


@page(f"{START}/{{process}}/eintrag/{{number}}/texte-loeschen", "POST", router)
def erase(request: Request, clerk: Clerk, process: str, number: str, form: Once) -> Response:
    """Erases for good, when that is confirmed and nobody recorded anything since the page was shown."""
    asked = _erasable(request, clerk, process, number)
    step = {"type": "texts-erased", "target": asked.entry.number}
    step |= {name: form.get(name, "").strip() or None for name in ("legal_ground", "approved_by", "approval")}
    if step["approved_by"] not in APPROVERS:
        step["approved_by"] = None
    key = form.get(KEY, "")
    try:
        if missing := [name for name in ("legal_ground", "approved_by") if step[name] is None]:
            raise Refused(*(Refusal("choice-missing", {"field": name}, pointer=f"/step/{name}") for name in missing))
        statement = statement_of({"process": process, "key": key if ID.fullmatch(key) else new_key(), "step": step})
        if form.get(SURE) != "yes":
            raise refused("erasure-unconfirmed", pointer=f"/{SURE}")
        seen = number_in(form.get(SEEN, ""))
        (recorded,) = installed(request).service.record([statement], clerk, last=seen or 0).numbers
    except Refused as refusal:
        asked = _erasable(request, clerk, process, number)
        return _shown(request, clerk, asked, {**form, KEY: new_key()}, refusal.refusals)
    return done(asked, recorded)


def _erasable(request: Request, clerk: Account, process: str, number: str) -> Asked:
    asked = asked_entry(request, clerk, process, number)
    if not permits(clerk, "erase", process):
        raise refused("not-permitted", act="erase", process=process)
    if isinstance(asked.entry.statement.step, EntryPublished | TextsErased):
        raise refused("no-words-to-erase", number=asked.entry.number)
    return asked


def _shown(
    request: Request, clerk: Account, asked: Asked, form: Mapping[str, str], refusals: Sequence[Refusal] = ()
) -> Response:
    answer, words, found = asked
    log, known = answer.view.effective, installed(request)
    going = [log.by_number[n] for n in log.erased_with(found.number) if not log.by_number[n].erased]
    said = {one.number: split(one.statement)[1] for one in going}
    labelled = {n: [(_label(words, pointer), text) for pointer, text in texts.items()] for n, texts in said.items()}
    shown = desk_page(
        request,
        clerk,
        "desk_erase.html",
        words,
        **head(answer.view, found),
        going=[(line(answer.view, one.number), labelled[one.number]) for one in going],
        staying=[line(answer.view, n) for n in sorted(_speaking_of(log, found.number) - {*said})],
        begun=len(known.erasing_texts.begun_with(answer.process, chain(*(texts.values() for texts in said.values())))),
        form={**form, SEEN: newest(answer)},
        grounds=get_args(Ground),
        approvers=APPROVERS,
        wrong=[(each.pointer.removeprefix("/step").removeprefix("/"), words.refusal(each)) for each in refusals],
    )
    return refusing(shown, words, refusals)


def _label(words: Wording, pointer: str) -> str:
    """What the field is called in which a text stands."""
    return words.field(next(part for part in reversed(pointer.split("/")) if not part.isdigit()))


def _speaking_of(log: Effective, number: int) -> set[int]:
    """Entries that may hold the same words: what is about an entry, speaks of it, or rests on it."""
    telling = ((e.number, e.statement) for e in log.entries if not e.about_entries)
    naming = {other for other, statement in telling if number in {*entries_named(statement), *causes(statement)}}
    return about(log, number) | naming
