"""The API: everything that can be read, and recording, as JSON under /api/v1."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from adapters.answers import (
    Json,
    analytics_answer,
    difference_answer,
    entry_answer,
    head,
    hits_answer,
    listed_answer,
    outcome_answer,
    register_answer,
    structure_answer,
    timeline_answer,
    why_answer,
)
from adapters.exports.formats import FORMATS, LINES
from adapters.imports.statements import each_read, statement_of, strict_json
from adapters.registers import EVERY, Register, read
from adapters.web import cloud_events, exporting, shapes
from adapters.web.asking import (
    Asked,
    AskedDifference,
    AskedFigures,
    AskedPage,
    AskedRecording,
    AskedSearch,
    ProcessId,
    account_of,
    installed,
)
from adapters.web.limits import MOST_OF_BODY
from adapters.web.replies import PRIVATE, json_bytes, language_for, reply, require_acceptable
from domain.errors import refused
from domain.publication import Statement
from projections.analytics.breadth import NO_REFERENCE, read_reference
from projections.why import why as why_path
from service import Answer, Audience, Citation, Times, permits

MOST_BYTES: Final = MOST_OF_BODY
MOST_STATEMENTS: Final = 5_000
JSON: Final = "application/json"
FILES: Final[dict[str, dict[str, str]]] = {
    kind: {"type": "object"} if kind == JSON else {"type": "string"}
    for kind in sorted({LINES, *(format_.media_type for format_ in FORMATS)})
}
"""What kinds of file there are."""
EVENT: Final = "#/components/schemas/Event"
READING: Final[dict[str, Any]] = {"security": [{}, {"token": []}]}
RECORDING: Final[dict[str, Any]] = {
    "security": [{"token": []}],
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Statements"}}},
    },
}


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals that a route can answer with, for its description."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refusals: dict[int | str, dict[str, Any]] = {
        status: {"description": "Refused", "content": content} for status in statuses
    }
    return {304: {"description": "Unchanged since the answer whose ETag was sent in If-None-Match"}, **refusals}


router = APIRouter(prefix="/api/v1")


@router.get(
    "/processes",
    summary="All processes",
    response_model=shapes.Processes,
    responses=_problems(401, 404, 406, 422),
    openapi_extra=READING,
)
def processes(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """Every process that the reader may see something of, each on the day that was asked for."""
    account, service = account_of(request), installed(request).service
    found = service.processes(account)
    if asked.times() != Times():
        found = [service.listed(listed.cited.process, account, asked.times()) for listed in found]
    heads = [listed.cited for listed in found]
    return _json(request, account, heads, lambda: {"processes": [listed_answer(listed) for listed in found]})


@router.get(
    "/processes/{process}",
    summary="One process in short",
    response_model=shapes.Process,
    responses=_problems(401, 404, 406, 422),
    openapi_extra=READING,
)
def process(request: Request, process: ProcessId, asked: Annotated[Asked, Query()]) -> Response:
    """Name, city, purpose, phases and sizes, on any day."""
    account = account_of(request)
    listed = installed(request).service.listed(process, account, asked.times())
    return _json(request, account, [listed.cited], lambda: listed_answer(listed))


@router.get(
    "/search",
    summary="Entries by their words",
    response_model=shapes.Hits,
    responses=_problems(401, 404, 406, 422),
    openapi_extra=READING,
)
def search(request: Request, asked: Annotated[AskedSearch, Query()]) -> Response:
    """Entries that hold all words of a question, or words that begin with them; the newest first."""
    account, service = account_of(request), installed(request).service
    found = service.search(asked.q, account, asked.process, first=asked.after, most=asked.limit)
    require_acceptable(request, JSON)
    content = hits_answer(found)
    vary = "Authorization, Accept-Encoding"
    return reply(request, account, content, lambda: json_bytes(content), media_type=JSON, vary=vary)


router.add_api_route(
    cloud_events.PATH,
    cloud_events.feed,
    summary="Entries of all processes, to read along",
    operation_id="feed",
    response_class=Response,
    responses={
        200: {
            "description": "CloudEvents 1.0 as a batch",
            "content": {cloud_events.BATCH: {"schema": {"type": "array", "items": {"$ref": EVENT}}}},
            "headers": cloud_events.LINK,
        },
        **_problems(401, 403, 404, 406, 422, 503),
    },
    openapi_extra=READING,
)


@router.get(
    "/processes/{process}/entries",
    summary="Entries by number",
    response_model=shapes.Entries,
    responses=_problems(401, 404, 406, 422),
    openapi_extra=READING,
)
def entries(request: Request, process: ProcessId, asked: Annotated[AskedPage, Query()]) -> Response:
    """The chosen entries as they were recorded, page by page: ask again with `after` set to `next`."""
    account = account_of(request)
    answer = installed(request).service.view(process, account, asked.times())

    def page() -> Json:
        chosen = answer.view.effective.entries
        found = [entry for entry in chosen if entry.number > asked.after]
        shown, more = found[: asked.limit], len(found) > asked.limit
        return {
            **head(answer),
            "total": len(chosen),
            "after": asked.after,
            "limit": asked.limit,
            "next": shown[-1].number if more else None,
            "entries": [entry_answer(entry, answer) for entry in shown],
        }

    return _json(request, account, [answer], page)


@router.get(
    "/processes/{process}/entries/{number}",
    summary="One entry",
    response_model=shapes.OneEntry,
    responses=_problems(401, 404, 406, 422),
    openapi_extra=READING,
)
def entry(request: Request, process: ProcessId, number: int, asked: Annotated[Asked, Query()]) -> Response:
    """One entry as it was recorded, with the numbers of its corrections and withdrawals."""
    account = account_of(request)
    answer, found = installed(request).service.entry(process, number, account, asked.times())
    return _json(request, account, [answer], lambda: {**head(answer), "entry": entry_answer(found, answer)})


@router.get(
    "/processes/{process}/entries/{number}/why",
    summary="What led to an entry, and what it led to",
    response_model=shapes.WhyPath,
    responses=_problems(401, 404, 406, 422),
    openapi_extra=READING,
)
def why(request: Request, process: ProcessId, number: int, asked: Annotated[Asked, Query()]) -> Response:
    """The causes that the office stated, followed both ways."""
    account = account_of(request)
    answer, _ = installed(request).service.entry(process, number, account, asked.times())
    return _json(request, account, [answer], lambda: why_answer(answer, why_path(answer.view, number)))


@router.get(
    "/processes/{process}/structure",
    summary="The structure on a day",
    response_model=shapes.StructureOnADay,
    responses=_problems(401, 404, 406, 422),
    openapi_extra=READING,
)
def structure(request: Request, process: ProcessId, asked: Annotated[Asked, Query()]) -> Response:
    """Levels, bodies and roles: who is there, how surely, under whom, since when – and what is open."""
    account = account_of(request)
    answer = installed(request).service.view(process, account, asked.times())
    return _json(request, account, [answer], lambda: structure_answer(answer))


@router.get(
    "/processes/{process}/diff",
    summary="What differs between two views",
    response_model=shapes.Difference,
    responses=_problems(401, 404, 406, 422),
    openapi_extra=READING,
)
def diff(request: Request, process: ProcessId, asked: Annotated[AskedDifference, Query()]) -> Response:
    """Every difference between two days – or two states of knowledge – with the entries that caused it."""
    account = account_of(request)
    before, after, items = installed(request).service.compare(process, account, *asked.times())
    return _json(request, account, [before, after], lambda: difference_answer(before, after, items))


@router.get(
    "/processes/{process}/timeline",
    summary="What happened, in order",
    response_model=shapes.Timeline,
    responses=_problems(401, 404, 406, 422),
    openapi_extra=READING,
)
def timeline(request: Request, process: ProcessId, asked: Annotated[Asked, Query()]) -> Response:
    """Every entry in the order in which things happened; withdrawn ones stay readable in their place."""
    account = account_of(request)
    cited, found = installed(request).service.timeline(process, account, asked.times())
    return _json(request, account, [cited], lambda: timeline_answer(cited, found.lines))


@router.get(
    "/processes/{process}/analytics",
    summary="Figures about a process",
    response_model=shapes.Analytics,
    responses=_problems(401, 404, 406, 422),
    openapi_extra=READING,
)
def analytics(request: Request, process: ProcessId, asked: Annotated[AskedFigures, Query()]) -> Response:
    """Load, overlap, continuity, degrees, response, traceability and more: each number with n and its entries."""
    account = account_of(request)
    reference = read_reference(asked.reference) if asked.reference else NO_REFERENCE
    answer = installed(request).service.view(process, account, asked.times())
    return _json(request, account, [answer], lambda: analytics_answer(answer, reference))


def _register(register: Register) -> None:
    """The route of one register."""

    def show(request: Request, process: ProcessId, asked: Annotated[Asked, Query()]) -> Response:
        account = account_of(request)
        cited, found = read(register, installed(request).service, process, account, asked.times())
        return _json(request, account, [cited], lambda: register_answer(cited, register, found))

    router.add_api_route(
        f"/processes/{{process}}/{register.name}",
        show,
        summary=register.label[1],
        description=register.about,
        operation_id=f"register_{register.name}",
        response_model=shapes.REGISTERED[register.name],
        responses=_problems(401, 404, 406, 422),
        openapi_extra=READING,
    )


for _each in EVERY:
    _register(_each)


@router.get(
    "/processes/{process}/exports/{format}",
    summary="Everything as a file",
    response_class=Response,
    responses={
        200: {
            "description": "The file",
            "content": {kind: {"schema": schema} for kind, schema in FILES.items()},
        },
        **_problems(401, 403, 404, 422, 503),
    },
    openapi_extra=READING,
)
def export(request: Request, process: ProcessId, format: str, asked: Annotated[Asked, Query()]) -> Response:  # noqa: A002  # a word of the address
    """`replication`, `csv`, `xlsx`, `ocel-json`, `ocel-sqlite`, `gexf-structure`, `gexf-meetings`, `entries`: as its
    reader may see it. `statements`: what can be imported elsewhere; needs an account.
    """
    return exporting.file(request, process, format, account_of(request), asked.times(), language_for(request))


async def body(request: Request) -> bytes:
    """What was sent, up to the limit; nothing of it is read from somebody who did not even try to sign in."""
    if "authorization" not in request.headers:
        raise refused("account-needed", act="record", process=request.path_params["process"])
    media_type = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if media_type != JSON:
        raise refused("media-type-unsupported", given=media_type[:80], accepted=JSON)
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > MOST_BYTES:
            raise refused("body-too-large", most=MOST_BYTES // 1_000_000)
    return bytes(received)


@router.post(
    "/processes/{process}/entries",
    summary="Record statements",
    status_code=201,
    response_model=shapes.Recorded,
    responses={
        200: {"model": shapes.Recorded, "description": "Nothing was new, or it was a dry run"},
        **{
            status: told
            for status, told in _problems(400, 401, 403, 404, 406, 408, 409, 413, 415, 422).items()
            if status != 304
        },
    },
    openapi_extra=RECORDING,
)
def record(
    request: Request,
    process: ProcessId,
    sent: Annotated[bytes, Depends(body)],
    asked: Annotated[AskedRecording, Query()],
) -> Response:
    """Records one statement or a list of them, all or nothing. A key that is known is not recorded again."""
    require_acceptable(request, JSON)
    account, service = account_of(request), installed(request).service
    if not (permits(account, "record", process) or permits(account, "publish", process)):
        raise refused("not-permitted", act="record", process=process)
    statements = _statements(sent, process)
    outcome = service.preview(statements, account) if asked.dry_run else service.record(statements, account)
    recorded = bool(outcome.new) and not asked.dry_run
    headers = {"Cache-Control": PRIVATE}
    if recorded:
        headers["Location"] = f"/api/v1/processes/{process}/entries/{outcome.new[0]}"
    content = outcome_answer(process, outcome, dry_run=asked.dry_run)
    return Response(json_bytes(content), 201 if recorded else 200, headers, JSON)


def _statements(sent: bytes, process: str) -> list[Statement]:
    """What was sent as statements of the process of the address, or all that is wrong with them."""
    content = strict_json(_text(sent))
    items = content if isinstance(content, list) else [content]
    if len(items) > MOST_STATEMENTS:
        raise refused("list-too-long", most=MOST_STATEMENTS, given=len(items))
    return each_read(items, lambda item: _statement(item, process))


def _text(sent: bytes) -> str:
    try:
        return sent.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused("json-invalid", line=sent.count(b"\n", 0, error.start) + 1, column=1) from None


def _statement(item: Any, process: str) -> Statement:
    if isinstance(item, dict):
        item = {"process": process, **item}
        if item["process"] != process:
            raise refused("process-differs", "/process", process=process)
    return statement_of(item)


def _json(
    request: Request, account: Audience, answers: Sequence[Answer | Citation], make: Callable[[], Json]
) -> Response:
    """A JSON answer; whatever it says follows from its address and the heads of the views it was read from."""
    require_acceptable(request, JSON)
    heads = [head(answer) for answer in answers]
    vary = "Authorization, Accept-Encoding"
    return reply(request, account, heads, lambda: json_bytes(make()), media_type=JSON, vary=vary)
