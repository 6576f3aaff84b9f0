"""A new process at the desk: chosen, named, looked at, and recorded as one list of statements – all of it or nothing.

Sending the same twice records once: the keys of what a process begins with never differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from adapters.beginnings import TEMPLATES, Part, as_process, named, refuse_id, short_id, statements, structure_of
from adapters.imports.statements import line_starts, read_statements
from adapters.web.asking import ID, installed
from adapters.web.desk import NEW, frame, page
from adapters.web.guard import ACT, SESSION, START, Clerk, Once, guarded, local, secret_of
from adapters.web.problems import headers_of
from adapters.web.public import HTML, language_of, render, typed_day, wordless
from domain.account import Account
from domain.errors import Hint, Refusal, Refused, refused
from domain.german_dates import from_words
from domain.publication import Statement
from domain.replay import Effective
from domain.view import View
from domain.when import When
from domain.words import HINTS, say
from projections.telling import headline
from service import Outcome, Times, permits

PROCESS, FILE = "process", "file"
"""What one can begin with beside the templates."""

RESERVED: Final = frozenset({"neu", "anmelden", "abmelden", "installation"})
"""What is an address of the desk, or the installation's own process."""

NAMED: Final = "named-"
"""Before the id of a level or body: the field that names it."""

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
    refusals: list[tuple[str, Refusal]] = field(default_factory=list)


@page(NEW, routes=router)
def blank(request: Request, clerk: Clerk) -> Response:
    """The form for a new process."""
    _permitted(clerk)
    return _form(request, clerk, {"begin": "three-levels", "zone": "Europe/Berlin"}, Plan())


@page(NEW, "POST", router)
def begin(request: Request, clerk: Clerk, form: Once) -> Response:
    """Shows what the process would be, or records it and leads there. Nothing that was typed is lost."""
    _permitted(clerk)
    typed = {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}  # no half of a letter
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
            refuse_id(plan.process, RESERVED, ())
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
    if refusal.code in {"process-taken", "process-id-wrong"}:
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
        given = read_statements(text)
        if not given:
            raise refused("nothing-stated")
        plan.process = typed.get("id", "").strip() or given[0].process
        refuse_id(plan.process, RESERVED, ())
        plan.stated = as_process(given, plan.process) if typed.get("id", "").strip() else given
    return _tried(plan, clerk, installed(request).service)


def text_of(typed: Mapping[str, str]) -> str:
    """What a file says: pasted into the form."""
    return typed.get("text", "").replace("\r\n", "\n")


def _tried(plan: Plan, clerk: Account, service: Any) -> Plan:
    """What recording would do. A process that is there already is nobody's to begin, unless it is this very one."""
    if plan.refusals:
        return plan
    with _at(plan, "text" if plan.lines else "begin"):
        taken = {listed.cited.process for listed in service.processes(clerk)}
        try:
            plan.outcome = service.preview(plan.stated, clerk)
        except Refused:
            refuse_id(plan.process, (), taken)
            raise
        if plan.outcome.new:
            refuse_id(plan.process, (), taken)
    return plan


def _form(request: Request, clerk: Account, typed: Mapping[str, str], plan: Plan) -> Response:
    language = language_of(request)
    tried = plan.outcome if not plan.refusals else None
    nobody = View(Effective(), 0)
    content = render(
        "desk_new.html",
        **frame(request, secret_of(request, SESSION) or ""),
        typed={name: typed.get(name, "") for name in CONTROLS},
        process=plan.process,
        templates=TEMPLATES,
        processes=[
            (listed.cited.process, listed.overview.summary.name.text)
            for listed in installed(request).service.processes(clerk)
        ],
        parts=plan.parts,
        names={part.id: part.name or "" for part in plan.parts},
        refusals=[(control, replace(found, pointer=""), _line(plan, found)) for control, found in plan.refusals],
        tried=tried,
        entries=[(s.step.type, headline(nobody, s)) for s in plan.stated] if tried else [],
        hints=[_hint(hint, language) for hint in tried.hints] if tried else [],
        home=local(language, START),
        words=wordless(language),
    )
    if not plan.refusals:
        return Response(content, media_type=HTML)
    return Response(content, 422, headers_of(plan.refusals[0][1], language), HTML)


def _hint(hint: Hint, language: Any) -> str:
    return say(HINTS[hint.code], language, hint.params)


def _line(plan: Plan, refusal: Refusal) -> int | None:
    """The line of the file that a refusal is about."""
    index = refusal.index
    return plan.lines[index] if index is not None and index < len(plan.lines) else None
