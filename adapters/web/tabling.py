"""Tables at the desk: a template to fill in, what each row would do, all or nothing, and what came of every row."""

import json
import re
import zlib
from io import BytesIO
from itertools import groupby
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from adapters.exports import workbook
from adapters.exports.material import Material
from adapters.imports.tables import Grid, letter, read_table, unpacked
from adapters.waiting_tables import DONE
from adapters.web.asking import installed
from adapters.web.desk import page
from adapters.web.form_words import OFFICE
from adapters.web.guard import ACT, START, Clerk, Sent, Uploads, guarded, local, takes_files
from adapters.web.problems import headers_of, status_of
from adapters.web.recording import desk_page, seen
from adapters.web.table_check import Answers, Check, Verdict, drawn_together
from adapters.web.table_columns import columns, proposed, tabular, template_csv, template_xlsx
from adapters.web.wording import Wording
from domain.errors import Refusal, Refused, refused
from service import Answer

TABLE: Final = f"{START}/{{process}}/tabelle"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN: Final = 500

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])


@page(TABLE, routes=router)
def choose(request: Request, clerk: Clerk, process: str) -> Response:
    """What the rows of a table may be, and what the clerk uploaded within a day."""
    _, words = seen(request, clerk, process, "record")
    possible = set(tabular())
    groups = [
        (words.t(*heading), [type_ for type_ in types if type_ in possible]) for heading, types in OFFICE.values()
    ]
    uploaded = [
        (id_, step_type, at, content.startswith(DONE))
        for id_, step_type, at, content in installed(request).waiting_tables.of(clerk.id, process)
    ]
    return desk_page(request, clerk, "desk_tables.html", words, groups=groups, uploaded=uploaded)


@page(f"{TABLE}/listen.xlsx", routes=router)
def lists(request: Request, clerk: Clerk, process: str) -> Response:
    """What happened, actors, commitments and meetings as a workbook, with what is internal."""
    answer, words = seen(request, clerk, process, "record")
    headers = {"Content-Disposition": f'attachment; filename="{process}.xlsx"'}
    content = BytesIO()
    workbook.write(Material(answer, words.language), content, lambda _: None)
    return Response(content.getvalue(), media_type=XLSX, headers=headers)


@page(f"{TABLE}/{{step_type}}", routes=router)
def begin(request: Request, clerk: Clerk, process: str, step_type: str) -> Response:
    """The templates for a type of step, and where to upload a table."""
    _, words = _to_record(request, clerk, process, step_type)
    return _upload_form(request, clerk, words, step_type)


@page(f"{TABLE}/{{step_type}}/vorlage.{{ending}}", routes=router)
def template(request: Request, clerk: Clerk, process: str, step_type: str, ending: str) -> Response:
    """A table to fill in."""
    _, words = _to_record(request, clerk, process, step_type)
    make = {"xlsx": template_xlsx, "csv": template_csv}.get(ending)
    if make is None:
        raise refused("page-not-found")
    media_type = XLSX if ending == "xlsx" else "text/csv; charset=utf-8"
    headers = {"Content-Disposition": f'attachment; filename="vorlage-{step_type}.{ending}"'}
    return Response(make(step_type, words.language), media_type=media_type, headers=headers)


@page(f"{TABLE}/{{step_type}}", "POST", router)
@takes_files
def upload(
    request: Request,
    clerk: Clerk,
    process: str,
    step_type: str,
    fields: Sent,  # noqa: ARG001  # read before the files
    uploads: Uploads,
) -> Response:
    """Reads a table and puts it away until it was checked; nothing of it is recorded."""
    _, words = _to_record(request, clerk, process, step_type)
    try:
        if not uploads:
            raise refused("upload-missing")
        grid = read_table(uploads[0].content, uploads[0].name[:200])
    except Refused as refusal:
        return _upload_form(request, clerk, words, step_type, refusal.refusals[0])
    id_ = installed(request).waiting_tables.put(clerk.id, process, step_type, grid.packed())
    return RedirectResponse(local(words.language, f"{START}/{process}/tabelle/{step_type}/{id_}"), 303)


@page(f"{TABLE}/{{step_type}}/{{table}}", routes=router)
def look(request: Request, clerk: Clerk, process: str, step_type: str, table: str) -> Response:
    """What each row would do – or, once it was recorded, what it did."""
    answer, words = _to_record(request, clerk, process, step_type)
    content = _waiting(request, clerk, process, step_type, table)
    if content.startswith(DONE):
        return _report(request, clerk, words, step_type, json.loads(zlib.decompress(content[len(DONE) :])))
    grid = unpacked(content)
    mapping = proposed(grid.headings, columns(step_type, words.language))
    return _checked(request, clerk, answer, words, step_type, grid, Answers(mapping))


@page(f"{TABLE}/{{step_type}}/{{table}}", "POST", router)
def save(request: Request, clerk: Clerk, process: str, step_type: str, table: str, fields: Sent) -> Response:
    """Checks again with what was chosen, or records every row at once, or throws the table away."""
    answer, words = _to_record(request, clerk, process, step_type)
    own, store = dict(fields), installed(request).waiting_tables
    back = local(words.language, f"{START}/{process}/tabelle/{step_type}")
    if own.get(ACT) == "forget":
        store.forget(clerk.id, table)
        return RedirectResponse(back, 303)
    content = _waiting(request, clerk, process, step_type, table)
    if content.startswith(DONE):
        return RedirectResponse(f"{back}/{table}", 303)
    grid, given = unpacked(content), _answers(fields)
    if own.get(ACT) != "record":
        return _checked(request, clerk, answer, words, step_type, grid, given)
    service = installed(request).service
    try:
        check = Check(grid, step_type, process, words, given, service, clerk)
        if any(verdict.state == "refused" for verdict in check.verdicts):
            return _checked(request, clerk, answer, words, step_type, grid, given, refused_=True)
        actors, rows = check.record(service, clerk)
    except Refused as refusal:
        return _checked(request, clerk, answer, words, step_type, grid, given, refusal.refusals[0], refused_=True)
    report = {"name": grid.name, "actors": actors, "rows": rows}
    store.replace(table, DONE + zlib.compress(json.dumps(report).encode()))
    return RedirectResponse(f"{back}/{table}", 303)


def _answers(fields: Sent) -> Answers:
    mapping: dict[int, str] = {}
    names: dict[str, str] = {}
    corrected: set[int] = set()
    reason = ""
    for name, value in fields:
        if found := re.fullmatch(r"column-([0-9]{1,3})", name):
            if value and value not in mapping.values():
                mapping[int(found[1])] = value
        elif found := re.fullmatch(r"name-([0-9a-f]{16})", name):
            names[found[1]] = value
        elif name == "correct" and re.fullmatch(r"[0-9]{1,6}", value):
            corrected.add(int(value))
        elif name == "reason":
            reason = value.strip()
    return Answers(mapping, names, frozenset(corrected), reason)


def _waiting(request: Request, clerk: Clerk, process: str, step_type: str, table: str) -> bytes:
    content = installed(request).waiting_tables.find(clerk.id, process, step_type, table)
    if content is None:
        raise refused("table-gone")
    return content


def _to_record(request: Request, clerk: Clerk, process: str, step_type: str) -> tuple[Answer, Wording]:
    if step_type not in tabular():
        raise refused("page-not-found")
    return seen(request, clerk, process, "record")


def _upload_form(
    request: Request, clerk: Clerk, words: Wording, step_type: str, refusal: Refusal | None = None
) -> Response:
    offered = columns(step_type, words.language)
    most = installed(request).settings.most_upload
    shown = desk_page(
        request, clerk, "desk_table.html", words, step_type=step_type, columns=offered, refusal=refusal, most=most
    )
    if refusal is not None:
        shown.status_code = status_of(refusal)
        shown.headers.update(headers_of(refusal, words.language))
    return shown


def _checked(
    request: Request,
    clerk: Clerk,
    answer: Answer,
    words: Wording,
    step_type: str,
    grid: Grid,
    given: Answers,
    refusal: Refusal | None = None,
    *,
    refused_: bool = False,
) -> Response:
    check = Check(grid, step_type, answer.process, words, given, installed(request).service, clerk)
    shown = desk_page(
        request,
        clerk,
        "desk_table_check.html",
        words,
        step_type=step_type,
        check=check,
        refusal=refusal,
        refused=refused_,
        complaints=list(check.complaints()),
        counts={
            state: sum(v.state == state for v in check.verdicts)
            for state in ("new", "known", "withdrawn", "changed", "corrected", "refused", "example")
        },
        ranges=[
            (state, *_range(list(rows)))
            for (state, _), rows in groupby(check.verdicts, lambda v: (v.state, v.like is None))
        ],
        columns=columns(step_type, words.language),
        letter=letter,
        most=MOST_SHOWN,
    )
    if refused_:
        shown.status_code = 422
    return shown


def _range(rows: list[Verdict]) -> tuple[int, int, int]:
    return rows[0].row, rows[-1].row, len(rows)


def _report(request: Request, clerk: Clerk, words: Wording, step_type: str, told: dict[str, Any]) -> Response:
    """Row by row what was done; neighbours that had the same happen to them are drawn together."""
    drawn = [
        (part[0][1], part[0][0], part[-1][0], part[0][2], part[-1][2], part[0][3], len(part))
        for part in drawn_together(told["rows"])
    ]
    done = sum(row[1] in ("new", "corrected") for row in told["rows"]) + len(told["actors"])
    return desk_page(
        request, clerk, "desk_table_report.html", words, step_type=step_type, told=told, drawn=drawn, done=done
    )
