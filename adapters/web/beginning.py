"""A new process at the desk: chosen, named, looked at, and recorded as one list of statements – all of it or nothing.

Sending the same twice records once: the keys of what a process begins with never differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from adapters.beginnings import (
    TEMPLATES,
    Part,
    as_process,
    internal,
    named,
    refuse_id,
    short_id,
    statements,
    structure_of,
    tried,
)
from adapters.imports.statements import line_starts, read_statements
from adapters.web.asking import ID, installed
from adapters.web.days import typed_day
from adapters.web.desk import NEW, frame, page
from adapters.web.guard import (
    ACT,
    SESSION,
    START,
    Clerk,
    Once,
    Upload,
    Uploads,
    guarded,
    local,
    secret_of,
    takes_files,
)
from adapters.web.page import HTML, language_of, render, wordless
from adapters.web.problems import headers_of
from domain.account import Account
from domain.errors import Hint, Refusal, Refused, refused
from domain.german_dates import from_words
from domain.publication import Statement
from domain.replay import Effective
from domain.view import View
from domain.when import When
from domain.words import HINTS, say
from projections.telling import headline
from service import Outcome, Service, Times, permits

PROCESS, FILE = "process", "file"
"""What one can begin with beside the templates."""

NAMED: Final = "named-"
"""Before the id of a level or body: the field that names it."""

MOST_SHOWN: Final = 500
"""How many entries are shown that would be recorded."""

STAND_IN_FILE: Final = ("name", "city", "begun")
"""What a file says itself: whatever the form says of it does not count."""

CONTROLS: Final = ("begin", "name", "city", "id", "zone", "begun", "from", "as_of", "text")

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@dataclass(slots=True)
class Plan:
    """A new process as far as the form says what it is to be."""

    process: str = ""
    parts: tuple[Part, ...] = ()
    stated: list[Statement] = field(default_factory=list)
    outcome: Outcome | None = None
    lines: Sequence[int] = ()
    publications: int = 0
    """How many publications of a file, and entries about them, are left out."""

    refusals: list[tuple[str, Refusal]] = field(default_factory=list)


@page(NEW, routes=router)
def blank(request: Request, clerk: Clerk) -> Response:
    """The form for a new process."""
    _permitted(clerk)
    return _form(request, clerk, {"begin": "three-levels", "zone": "Europe/Berlin"}, Plan())


@page(NEW, "POST", router)
@takes_files
def begin(request: Request, clerk: Clerk, form: Once, uploads: Uploads) -> Response:
    """Shows what the process would be, or records it and leads there. Nothing that was typed is lost.

    What a file says stands in the form from then on, so that it need not be chosen again.
    """
    _permitted(clerk)
    typed = {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}  # no half of a letter
    plan = Plan()
    with _at(plan, "text"):
        if uploads:
            typed |= {"begin": FILE, "text": _read(uploads[0])}
    if not plan.refusals:
        plan = _planned(request, clerk, typed)
    if plan.refusals or form.get(ACT) != "record":
        return _form(request, clerk, typed, plan)
    try:
        installed(request).service.record(plan.stated, clerk)
    except Refused as refusal:
        plan.refusals = [("begin", found) for found in refusal.refusals]
        return _form(request, clerk, typed, plan)
    return RedirectResponse(f"{local(language_of(request), START)}/{plan.process}", 303)


def _permitted(clerk: Account) -> None:
    """A process that is not there yet is nobody's: whoever begins it may record in all of them."""
    if not permits(clerk, "record", "*"):
        raise refused("not-permitted", act="record", process="*")


def _planned(request: Request, clerk: Account, typed: Mapping[str, str]) -> Plan:
    """What is to be recorded, or all that stands in its way, each at its control."""
    plan, service = Plan(), installed(request).service
    with _at(plan, "begin"):
        plan.parts = _parts(request, clerk, typed)
        names = {name.removeprefix(NAMED): value for name, value in typed.items() if name.startswith(NAMED)}
        plan.parts = named(plan.parts, names)
    if typed.get("begin") == FILE:
        return _from_file(request, clerk, typed, plan)
    name, begun = typed.get("name", "").strip(), When(edtf=None, basis="unknown")
    plan.process = typed.get("id", "").strip() or short_id(name)
    if not name:
        plan.refusals.append(("name", Refusal("text-missing", {"field": "name"})))
    else:
        with _at(plan, "id"):
            refuse_id(plan.process)
    with _at(plan, "begun"):
        if typed.get("begun", "").strip():
            begun = from_words(typed["begun"].strip())
    if not plan.refusals:
        with _at(plan, "begin"):
            city, zone = typed.get("city", "").strip() or None, typed.get("zone", "").strip()
            plan.stated = statements(plan.process, name, city, zone or "Europe/Berlin", begun, plan.parts)
    return _tried(plan, clerk, service)


class _at:  # noqa: N801  # reads as a word at its place
    """Whatever is refused inside is told at a control of the form."""

    def __init__(self, plan: Plan, control: str) -> None:
        self._plan, self._control = plan, control

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        if not isinstance(error, Refused):
            return False
        self._plan.refusals += [(_control(found, self._control), found) for found in error.refusals]
        return True


def _control(refusal: Refusal, otherwise: str) -> str:
    """The control that a statement was read from."""
    last = refusal.pointer.rpartition("/")[2]
    if refusal.code in {"process-taken", "process-id-wrong", "process-id-reserved"}:
        return "id"
    if last in {"zone", "city"}:
        return last
    return "begun" if "/occurred" in refusal.pointer else otherwise


def _parts(request: Request, clerk: Account, typed: Mapping[str, str]) -> tuple[Part, ...]:
    """Levels and bodies of a template, or of another process on a day."""
    chosen = typed.get("begin", "")
    if chosen in TEMPLATES:
        return TEMPLATES[chosen].parts
    if chosen == FILE:
        return ()
    other = typed.get("from", "")
    if chosen != PROCESS or not ID.fullmatch(other):
        raise refused("beginning-unknown")
    day = typed.get("as_of", "").strip()
    times = Times(typed_day(day)) if day else Times()
    return structure_of(installed(request).service.view(other, clerk, times).view)


def _from_file(request: Request, clerk: Account, typed: Mapping[str, str], plan: Plan) -> Plan:
    """The statements of a file, under the id that the form gives or else under the file's own."""
    text = text_of(typed)
    with _at(plan, "text"):
        plan.lines = line_starts(text)
        read = read_statements(text)
        places = internal(read)
        plan.lines, given = [plan.lines[place] for place in places], [read[place] for place in places]
        plan.publications = len(read) - len(given)
        if not given:
            raise refused("nothing-stated")
        plan.process = typed.get("id", "").strip() or given[0].process
        refuse_id(plan.process)
        plan.stated = as_process(given, plan.process) if typed.get("id", "").strip() else given
    return _tried(plan, clerk, installed(request).service)


def _read(upload: Upload) -> str:
    content = upload.content.read()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refused("file-not-utf8", file=upload.name[:200], line=line) from None


def text_of(typed: Mapping[str, str]) -> str:
    """What a file says: uploaded, or pasted into the form."""
    return typed.get("text", "").replace("\r\n", "\n")


def _tried(plan: Plan, clerk: Account, service: Service) -> Plan:
    """What recording would do."""
    if not plan.refusals:
        with _at(plan, "text" if plan.lines else "begin"):
            plan.outcome = tried(plan.stated, service, clerk)
    return plan


def _form(request: Request, clerk: Account, typed: Mapping[str, str], plan: Plan) -> Response:
    language = language_of(request)
    tried = plan.outcome if not plan.refusals else None
    content = render(
        "desk_new.html",
        **frame(request, secret_of(request, SESSION) or ""),
        typed={name: typed.get(name, "") for name in CONTROLS},
        process=plan.process,
        publications=plan.publications,
        ignored=[typed[name] for name in STAND_IN_FILE if typed.get(name)] if typed.get("begin") == FILE else [],
        templates=TEMPLATES,
        processes=[
            (listed.cited.process, listed.overview.summary.name.text)
            for listed in installed(request).service.processes(clerk)
        ],
        parts=plan.parts,
        names={part.id: part.name or "" for part in plan.parts},
        refusals=[(control, replace(found, pointer=""), _line(plan, found)) for control, found in plan.refusals],
        tried=tried,
        entries=_rows(plan, tried) if tried else [],
        most=MOST_SHOWN,
        hints=[(_line(plan, hint), _hint(hint, language)) for hint in tried.hints] if tried else [],
        home=local(language, START),
        words=wordless(language),
    )
    if not plan.refusals:
        return Response(content, media_type=HTML)
    return Response(content, 422, headers_of(plan.refusals[0][1], language), HTML)


Row = tuple[int | None, bool, str, str | None]
"""What would come of a statement: its line in the file, whether it is new, its type, and what it is about."""


def _rows(plan: Plan, outcome: Outcome) -> list[Row]:
    nobody, new = View(Effective(), 0), set(outcome.new)
    lines: Sequence[int | None] = plan.lines or [None] * len(plan.stated)
    return [
        (line, number in new, stated.step.type, headline(nobody, stated))
        for line, number, stated in zip(lines, outcome.numbers, plan.stated, strict=True)
    ]


def _hint(hint: Hint, language: Any) -> str:
    return say(HINTS[hint.code], language, hint.params)


def _line(plan: Plan, found: Refusal | Hint) -> int | None:
    """The line of the file that a refusal or a hint is about."""
    index = found.index
    return plan.lines[index] if index is not None and index < len(plan.lines) else None
