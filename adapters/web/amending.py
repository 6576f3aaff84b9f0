"""One entry at the desk: all that the office knows of it; correcting, withdrawing, saying it in plain language.

Each is seen before it is done.

A mistake that never was public leaves no trace in public: its correction or withdrawal stays as internal as the entry.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from adapters.exports.receipts import ZIP, receipt_of
from adapters.imports.statements import statement_of
from adapters.web.asking import ID, installed
from adapters.web.desk import page
from adapters.web.form_controls import Typed, recordable
from adapters.web.form_reading import ADD, at_controls, filled, stated, typed_of
from adapters.web.forms import Complaint, Field, form_of
from adapters.web.guard import ACT, FIELD, KEY, START, TRIED, Clerk, Sent, base_of, guarded, local, new_key
from adapters.web.problems import headers_of
from adapters.web.recording import desk_page, number_of, seen
from adapters.web.telling_fields import changes, rows, source
from adapters.web.trying import NOT_TRIED, Attempt, tried_or_recorded
from adapters.web.wording import Wording
from domain.account import Account
from domain.entry import Entry
from domain.errors import Refusal, Refused, refused
from domain.publication import EntryCorrected, EntryPublished, EntryWithdrawn, Statement, TextsErased
from domain.view import View
from projections.telling import line, plain
from projections.why import why
from service import Answer, Audience, permits

REASON: Final = "reason"
TEXT: Final = "text"
SEEN: Final = "seen"
"""The last correction that whoever corrects had before them; sent along, so that nobody corrects past another."""

_OWN: Final = (FIELD, KEY, ACT, REASON, TEXT, SEEN, TRIED)
_CORRECTED: Final = "/step/corrected"

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


class Asked(NamedTuple):
    """The entry that a page is about, and the process as the clerk sees it."""

    answer: Answer
    words: Wording
    entry: Entry


def asked_entry(request: Request, clerk: Audience, process: str, number: str) -> Asked:
    """The entry that an address names, as the clerk sees it; refused where there is none."""
    found = number_of(number)
    if found is None:
        raise refused("page-not-found")
    answer, words = seen(request, clerk, process)
    entry = answer.view.effective.by_number.get(found)
    if entry is None:
        raise refused("unknown-entry", entry=found)
    return Asked(answer, words, entry)


def _may(clerk: Audience, process: str, entry: Entry) -> bool:
    """Whether the clerk may withdraw an entry; taking back a publication is publishing."""
    act = "publish" if isinstance(entry.statement.step, EntryPublished) else "record"
    return permits(clerk, act, process)  # type: ignore[arg-type]  # mypy widens the two words


@page(f"{START}/{{process}}/eintrag/{{number}}", routes=router)
def entry(request: Request, clerk: Clerk, process: str, number: str) -> Response:
    """All that the office knows of an entry, and what can be done with it."""
    answer, words, found = asked_entry(request, clerk, process, number)
    log, now = answer.view.effective, installed(request).service.now()
    telling, step = words.telling(found.number), found.statement.step
    publishes, erases = isinstance(step, EntryPublished), isinstance(step, TextsErased)
    inside, path = log.in_force(found.number), why(answer.view, found.number)
    holder = installed(request).accounts.find(found.recorded_by)
    about = [*log.corrections.get(found.number, ()), *log.withdrawals.get(found.number, ())]
    since = log.public_from(found.number)
    behind = [n for n in about if log.in_force(n) and not log.public(n, now)]
    return desk_page(
        request,
        clerk,
        "desk_entry.html",
        words,
        **head(answer.view, found),
        telling=telling,
        rows=list(rows(words, telling.step, telling.step.type)),
        sources=[source(words, given) for given in telling.sources],
        holder=holder,
        plain_texts=[(line(answer.view, n), n in log.withdrawn) for n in log.plain_texts.get(found.number, ())],
        publications=[line(answer.view, n) for n in log.publications.get(found.number, ())],
        about=[(line(answer.view, n), n in log.withdrawn, _reason(log.by_number[n])) for n in sorted(about)],
        causes=path.causes,
        consequences=path.consequences,
        resting=_resting(answer.view, found.number),
        public=since is not None and since <= now,
        since=since,
        behind=behind if since is not None and since <= now else [],
        may_correct=permits(clerk, "record", process) and inside and found.number in log.graph.forms,
        may_say_plainly=permits(clerk, "record", process) and inside and found.number in log.graph.forms,
        may_withdraw=_may(clerk, process, found) and inside and not erases,
        may_publish=permits(clerk, "publish", process) and since is None and not (publishes or erases),
        may_publish_behind=permits(clerk, "publish", process),
        may_erase=permits(clerk, "erase", process) and not (publishes or erases),
        erasures=[log.by_number[n] for n in log.erasures.get(found.number, ())],
        may_copy=permits(clerk, "record", process) and telling.step.type in recordable(),
        recorded=number_of(request.query_params.get("erfasst", "")),
    )


@page(f"{START}/{{process}}/eintrag/{{number}}/beleg", routes=router)
def receipt(request: Request, clerk: Clerk, process: str, number: str) -> Response:
    """What somebody is given who wants to prove later that this was recorded: also of an entry that is internal."""
    known, found = installed(request), asked_entry(request, clerk, process, number).entry
    record = known.service.stored(process, found.number, clerk)
    kept = receipt_of(known.signer, known.cosignatures, record, base_of(request))
    return Response(kept.content, media_type=ZIP, headers=kept.headers)


def _reason(entry: Entry) -> str | None:
    step = entry.statement.step
    return step.reason if isinstance(step, EntryCorrected | EntryWithdrawn) else None


def _resting(view: View, number: int) -> list[Any]:
    """What rests on an entry: it founds what these use, or they name it as having come before."""
    graph = view.effective.graph
    return [line(view, n) for n in sorted(graph.needed_by(number))] if number in graph.forms else []


def head(view: View, found: Entry) -> dict[str, Any]:
    """What every page about an entry is told of it."""
    return {"entry": found, "line": line(view, found.number)}


# ---- correcting ---------------------------------------------------------------------------------------------------


@page(f"{START}/{{process}}/eintrag/{{number}}/berichtigen", routes=router)
def correction(request: Request, clerk: Clerk, process: str, number: str) -> Response:
    """The form of an entry as it holds now, to be put right."""
    asked = _correctable(request, clerk, process, number)
    form = asked.answer.view.form(asked.entry.number)
    last = str(form.told_by) if form.told_by != asked.entry.number else ""
    return _form(request, clerk, asked, filled(form.telling), {KEY: new_key(), SEEN: last, REASON: ""})


@page(f"{START}/{{process}}/eintrag/{{number}}/berichtigen", "POST", router)
def correct(request: Request, clerk: Clerk, process: str, number: str, fields: Sent) -> Response:
    """Shows what a correction would change, or records it. Nothing that was typed is lost, also where the entry was
    withdrawn meanwhile.
    """
    asked, own = _correctable(request, clerk, process, number, also_withdrawn=True), _own(fields)
    typed = typed_of([(name, value) for name, value in fields if name not in _OWN])
    if not asked.answer.view.effective.in_force(asked.entry.number):
        return _form(request, clerk, asked, typed, own, refusals=[_withdrawn(asked)])
    if ADD in typed:
        return _form(request, clerk, asked, typed, own)
    step_type = asked.entry.statement.step.type
    found: list[Refusal] = [] if own[REASON].strip() else [_reason_missing()]
    try:
        given = stated(step_type, typed, process, own[KEY])
    except Refused as refusal:
        return _form(request, clerk, asked, typed, own, refusals=[*refusal.refusals, *found])
    if found:
        return _form(request, clerk, asked, typed, own, refusals=found)
    step = {
        "type": "entry-corrected",
        "target": asked.entry.number,
        "seen": number_of(own[SEEN]),
        "corrected": given.model_dump(mode="json", exclude={"process", "key"}),
        "reason": own[REASON].strip(),
    }
    try:
        statement = statement_of({"process": process, "key": own[KEY], "step": step})
    except Refused as refusal:
        return _form(request, clerk, asked, typed, own, refusals=_placed(step_type, typed, refusal.refusals))
    came = _attempted(request, clerk, asked, statement, own)
    if not came.numbers:
        came = replace(came, refusals=_placed(step_type, typed, came.refusals))
        return _form(request, clerk, asked, typed, own, came=came, given=given)
    return done(asked, came.numbers[0])


def _attempted(request: Request, clerk: Account, asked: Asked, statement: Statement, own: Mapping[str, str]) -> Attempt:
    record = own[TRIED] if own[ACT] == "record" else None
    return tried_or_recorded(request, clerk, asked.answer, asked.words, [statement], record=record)


def _placed(step_type: str, typed: Typed, refusals: Sequence[Refusal]) -> tuple[Refusal, ...]:
    """Refusals of a correction at the controls of the form that is corrected."""
    return at_controls(step_type, typed, Refused(*map(_outside, refusals))).refusals if refusals else ()


def _correctable(
    request: Request, clerk: Audience, process: str, number: str, *, also_withdrawn: bool = False
) -> Asked:
    """An entry that tells something and is in force; refused where there is nothing to put right."""
    asked = asked_entry(request, clerk, process, number)
    if not permits(clerk, "record", process):
        raise refused("not-permitted", act="record", process=process)
    if asked.entry.about_entries:
        raise refused("correct-the-original", number=asked.entry.number)
    if not also_withdrawn and not asked.answer.view.effective.in_force(asked.entry.number):
        raise Refused(_withdrawn(asked))
    return asked


def _withdrawn(asked: Asked) -> Refusal:
    return Refusal("not-in-force", {"number": asked.entry.number})


def _own(fields: Sequence[tuple[str, str]]) -> dict[str, str]:
    own = {
        KEY: "",
        SEEN: "",
        REASON: "",
        TEXT: "",
        ACT: "",
        TRIED: "",
        **{name: value for name, value in fields if name in _OWN},
    }
    for name in (REASON, TEXT):
        own[name] = own[name].encode("utf-8", "replace").decode()  # no half of a letter
    return own if ID.fullmatch(own[KEY]) else {**own, KEY: new_key()}


def _reason_missing() -> Refusal:
    return Refusal("text-missing", {"field": "/step/reason"}, pointer=f"/{REASON}")


def _outside(refusal: Refusal) -> Refusal:
    """A refusal of a correction at its place in what is corrected."""
    if refusal.pointer == "/step/reason":
        return replace(refusal, pointer=f"/{REASON}")
    return replace(refusal, pointer=refusal.pointer.removeprefix(_CORRECTED))


def _form(
    request: Request,
    clerk: Audience,
    asked: Asked,
    typed: Typed,
    own: dict[str, str],
    *,
    refusals: Iterable[Refusal] = (),
    came: Attempt = NOT_TRIED,
    given: Statement | None = None,
) -> Response:
    answer, words, found = asked
    refusals = [*refusals, *came.refusals]
    reason = Field(name=REASON, shape="area", label=words.field("reason"), values=(own[REASON],), required=True)
    form = form_of(found.statement.step.type, typed, words, [r for r in refusals if r.pointer != f"/{REASON}"])
    wrong = [Complaint(words.refusal(r), reason) for r in refusals if r.pointer == f"/{REASON}"]
    form = replace(form, complaints=(*wrong, *form.complaints))
    shown = desk_page(
        request,
        clerk,
        "desk_correct.html",
        words,
        **head(answer.view, found),
        form=form,
        reason=reason,
        key=own[KEY],
        last=own[SEEN],
        changes=[] if given is None else changes(words, answer.view.form(found.number).telling, given),
        came=came,
        **_depending(answer.view, found, refusals),
    )
    return refusing(shown, words, refusals)


def _depending(view: View, found: Entry, refusals: Sequence[Refusal]) -> dict[str, Any]:
    """What rests on the entry, and which of it stands in the way."""
    named = {n for refusal in refusals for n in _numbers(refusal.params.get("entries"))} - {found.number}
    known = view.effective.by_number
    return {
        "resting": _resting(view, found.number),
        "hindering": [line(view, n) for n in sorted(named) if n in known],
    }


def _numbers(given: object) -> list[int]:
    return [n for n in given if isinstance(n, int)] if isinstance(given, list | tuple) else []


def refusing(shown: Response, words: Wording, refusals: Sequence[Refusal]) -> Response:
    """A page as the answer that it is where something was refused."""
    if refusals:
        shown.status_code = 422
        shown.headers.update(headers_of(refusals[0], words.language))
    return shown


def done(asked: Asked, recorded: int) -> Response:
    """Back to the entry, which says what was recorded about it."""
    address = local(asked.words.language, f"{START}/{asked.answer.process}/eintrag/{asked.entry.number}")
    return RedirectResponse(f"{address}?erfasst={recorded}", 303)


# ---- withdrawing --------------------------------------------------------------------------------------------------


@page(f"{START}/{{process}}/eintrag/{{number}}/zuruecknehmen", routes=router)
def withdrawal(request: Request, clerk: Clerk, process: str, number: str) -> Response:
    """What rests on an entry, and why it is to be withdrawn."""
    asked = _withdrawable(request, clerk, process, number)
    return _withdrawing(request, clerk, asked, {KEY: new_key(), REASON: ""})


@page(f"{START}/{{process}}/eintrag/{{number}}/zuruecknehmen", "POST", router)
def withdraw(request: Request, clerk: Clerk, process: str, number: str, fields: Sent) -> Response:
    """Shows what a withdrawal would do, or records it."""
    asked, own = _withdrawable(request, clerk, process, number), _own(fields)
    if not own[REASON].strip():
        return _withdrawing(request, clerk, asked, own, refusals=[_reason_missing()])
    step = {"type": "entry-withdrawn", "target": asked.entry.number, "reason": own[REASON].strip()}
    try:
        statement = statement_of({"process": process, "key": own[KEY], "step": step})
    except Refused as refusal:
        return _withdrawing(request, clerk, asked, own, refusals=list(map(_outside, refusal.refusals)))
    came = _attempted(request, clerk, asked, statement, own)
    if not came.numbers:
        refusals = list(map(_outside, came.refusals))
        return _withdrawing(request, clerk, asked, own, refusals=refusals, came=came)
    return done(asked, came.numbers[0])


def _withdrawable(request: Request, clerk: Audience, process: str, number: str) -> Asked:
    asked = asked_entry(request, clerk, process, number)
    if not _may(clerk, process, asked.entry):
        act = "publish" if isinstance(asked.entry.statement.step, EntryPublished) else "record"
        raise refused("not-permitted", act=act, process=process)
    return asked


def _withdrawing(
    request: Request,
    clerk: Audience,
    asked: Asked,
    own: dict[str, str],
    *,
    refusals: Sequence[Refusal] = (),
    came: Attempt = NOT_TRIED,
) -> Response:
    answer, words, found = asked
    shown = desk_page(
        request,
        clerk,
        "desk_withdraw.html",
        words,
        **head(answer.view, found),
        key=own[KEY],
        reason=own[REASON],
        refusals=[(words.refusal(each), each.pointer == f"/{REASON}") for each in refusals],
        restores=isinstance(found.statement.step, EntryWithdrawn),
        came=came,
        **_depending(answer.view, found, refusals),
    )
    return refusing(shown, words, refusals)


# ---- saying it in plain language ----------------------------------------------------------------------------------


@page(f"{START}/{{process}}/eintrag/{{number}}/einfache-sprache", routes=router)
def plain_text(request: Request, clerk: Clerk, process: str, number: str) -> Response:
    """What an entry tells, to be said in plain language; the last text that was found for it stands there already."""
    asked = _sayable(request, clerk, process, number)
    known = plain(asked.answer.view, asked.entry.number)
    text = "" if known is None else known.text or ""
    return _saying(request, clerk, asked, {KEY: new_key(), TEXT: text})


@page(f"{START}/{{process}}/eintrag/{{number}}/einfache-sprache", "POST", router)
def say_plainly(request: Request, clerk: Clerk, process: str, number: str, fields: Sent) -> Response:
    """Shows what a text in plain language would change, or records it."""
    asked, own = _sayable(request, clerk, process, number), _own(fields)
    step = {"type": "plain-language-added", "target": asked.entry.number, "text": own[TEXT].strip() or None}
    try:
        statement = statement_of({"process": process, "key": own[KEY], "step": step})
    except Refused as refusal:
        return _saying(request, clerk, asked, own, refusals=refusal.refusals)
    came = _attempted(request, clerk, asked, statement, own)
    if not came.numbers:
        return _saying(request, clerk, asked, own, refusals=came.refusals, came=came)
    return done(asked, came.numbers[0])


def _sayable(request: Request, clerk: Audience, process: str, number: str) -> Asked:
    """An entry that tells something. Whether it is still in force is asked when the text is recorded."""
    asked = asked_entry(request, clerk, process, number)
    if not permits(clerk, "record", process):
        raise refused("not-permitted", act="record", process=process)
    if asked.entry.about_entries:
        raise refused("not-about-entries", number=asked.entry.number)
    return asked


def _saying(
    request: Request,
    clerk: Audience,
    asked: Asked,
    own: dict[str, str],
    *,
    refusals: Sequence[Refusal] = (),
    came: Attempt = NOT_TRIED,
) -> Response:
    answer, words, found = asked
    telling = words.telling(found.number)
    shown = desk_page(
        request,
        clerk,
        "desk_plain.html",
        words,
        **head(answer.view, found),
        rows=list(rows(words, telling.step, telling.step.type)),
        key=own[KEY],
        text=own[TEXT],
        refusals=[(words.refusal(each), each.pointer == "/step/text") for each in refusals],
        came=came,
    )
    return refusing(shown, words, refusals)
