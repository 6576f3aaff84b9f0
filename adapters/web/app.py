"""The web application: API, pages and style sheets of one installation, and what is said where something is refused."""

import gc
from contextlib import nullcontext
from functools import lru_cache
from threading import Event
from typing import Any, Final

import structlog
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.types import Lifespan

from adapters.database_faults import is_fault, reason_of
from adapters.png import png
from adapters.version import VERSION
from adapters.web import (
    administration,
    amending,
    api,
    barriers,
    beginning,
    calendars,
    care,
    checking,
    citation_files,
    comparison,
    corrections,
    desk,
    documents,
    draft_pages,
    drafting,
    duties,
    early_warnings,
    embedding,
    erasing,
    evaluation,
    exporting,
    feeds,
    figures,
    governance,
    health,
    history,
    linked_data,
    meetings,
    metrics,
    open_forms,
    page,
    people,
    processes_compared,
    public,
    publishing,
    recording,
    registering,
    shapes,
    subjects,
    tabling,
    telephone,
    together,
    what_if,
)
from adapters.web import log as transparency_log
from adapters.web.asking import each_parameter_once
from adapters.web.assets import by_path
from adapters.web.current import Current
from adapters.web.from_replica import FromReplica
from adapters.web.guard import by_https, local
from adapters.web.headers import BY_HTTPS_ALONE, SECURITY, ByHttps, Guarded, is_desk
from adapters.web.limits import InTime, Limited
from adapters.web.problems import of_parameters, problem
from adapters.web.replies import MOST_KEPT, Kept, accepts_gzip, json_bytes, reply
from adapters.web.requests import Logged, Routed
from adapters.web.turns import InTurn
from adapters.web.waiting import Waiting
from adapters.wiring import Installation
from domain.errors import Refused, refused
from domain.publication import Statement
from service import FeedEnds

FOR_EVER = "public, max-age=31536000, immutable"

PAGES: Final = (
    history,
    governance,
    public,
    subjects,
    documents,
    comparison,
    corrections,
    checking,
    feeds,
    calendars,
    embedding,
    evaluation,
    exporting,
    figures,
    what_if,
    processes_compared,
    citation_files,
)
"""What the public reads; whoever is signed in reads it at the desk, with what is internal."""

AT_THE_DESK: Final = (
    desk.router,
    administration.router,
    people.router,
    barriers.router,
    beginning.router,
    public.pages.search,  # all four before what takes any word for a process
    recording.router,
    publishing.router,
    amending.router,
    erasing.router,
    together.router,
    draft_pages.router,
    care.router,
    early_warnings.router,
    documents.router,
    tabling.router,
    meetings.router,
    telephone.router,
    *(module.pages.office for module in PAGES),
    desk.nowhere,
)
"""Everything behind the door of the desk, in the order in which an address is looked for."""

log = structlog.get_logger()

ABOUT = """\
Everything that the pages show, as JSON. Without a token every answer is the public's; with one, that of its account.

* **Three times** can be asked for, each a day and freely combined: `happened_by` (as it was), `known_by` (as it was
  known), `published_by` (as the public knew it).
* Every answer names its **position**: the highest entry number it rests on. Cite it, or the times if it is `settled`.
* Every answer carries an **ETag**: ask again with `If-None-Match` and get 304 while nothing has changed.
* A refusal is a **problem** (RFC 9457) with a lasting code, sentences in German and English, and the place.
"""


def create_app(
    installation: Installation, most_kept: int = MOST_KEPT, *, lifespan: Lifespan[FastAPI] | None = None
) -> FastAPI:
    """The application as a server runs it; it keeps at most so many bytes of public answers for the next reader."""
    kept = Kept(most_kept)

    def forget() -> None:
        installation.service.forget()
        kept.clear()
        for with_words in (page.masthead, history.happened, history.as_before, png):
            with_words.cache_clear()
        gc.collect()  # what is left of pages holds words as well

    def feed_ends(public: bool) -> FeedEnds:
        with installation.database.reading_as_public() if public else nullcontext():
            return installation.service.feed_ends()

    app = FastAPI(
        title="Werdegang",
        version=VERSION,
        summary="What was decided in a participation process, when, why, by whom – and what replaced it",
        description=ABOUT,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        docs_url=None,  # these pages would be loaded from other hosts
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(each_parameter_once)],
        redirect_slashes=False,  # it would take the host of the redirection from the request
        lifespan=lifespan,
    )
    app.state.installation = installation
    app.state.kept = kept
    app.state.waiting = Waiting(feed_ends)
    app.state.ways = _ways()
    app.state.root_through = lru_cache(256)(installation.log.root_through)  # what never changes is computed once
    app.state.https = installation.settings.https
    app.state.stopping = Event()
    app.add_middleware(Routed)
    app.add_middleware(InTurn)
    app.add_middleware(Guarded, frame_ancestors=installation.settings.frame_ancestors)
    app.add_middleware(Current, service=installation.service, kept=kept, forget=forget)  # outside: with all headers
    app.add_middleware(Limited, refuse=_refused_outside)
    app.add_middleware(InTime, refuse=_refused_outside, seconds=installation.settings.answer_within)
    app.add_middleware(ByHttps, always=installation.settings.https)
    if installation.database.has_replica:
        app.add_middleware(FromReplica, database=installation.database)  # outside: the footing is read there, too
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _wrong_parameters)
    app.add_exception_handler(HTTPException, _not_routed)
    app.add_exception_handler(Exception, _failed)
    for module in PAGES:  # first: every router before them is asked whether an address is one of its own
        app.include_router(module.pages.public)
    app.include_router(api.router)
    app.include_router(documents.public_router)
    app.include_router(registering.router)
    app.include_router(linked_data.router)
    app.include_router(duties.router)
    app.include_router(barriers.public_router)
    app.include_router(transparency_log.router)
    for router in (desk.door, *AT_THE_DESK):
        app.include_router(router)
    app.add_api_route("/api/v1/openapi.json", _openapi, include_in_schema=False)
    app.add_api_route("/static/{path:path}", _static, include_in_schema=False)
    app.include_router(health.router)
    app.build_middleware_stack = lambda: Logged(FastAPI.build_middleware_stack(app))  # type: ignore[method-assign]
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # FastAPI's own way of replacing it
    return app


def _ways() -> list[str]:
    """The addresses of pages of which each process has one."""
    routes = (route for module in PAGES for route in module.pages.public.routes)
    paths = (str(getattr(route, "path", "")) for route in routes)
    return [path for path in paths if path.count("{") == 1 and path.removeprefix("/en").startswith(page.ADDRESS)]


def _openapi(request: Request) -> Response:
    return reply(request, None, None, lambda: json_bytes(request.app.openapi()), media_type="application/json")


def _static(request: Request, path: str) -> Response:  # noqa: ARG001  # FastAPI asks for it by name
    asset = by_path().get(request.url.path)
    if asset is None:
        raise refused("page-not-found")
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    if asset.gzipped is not None and accepts_gzip(request):
        return Response(asset.gzipped, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.media_type)
    return Response(asset.plain, headers=headers, media_type=asset.media_type)


def _described(app: FastAPI) -> dict[str, Any]:
    """The description of the API, with what FastAPI does not see: statements, which we read, and problems."""
    if app.openapi_schema is None:
        described = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            license_info=app.license_info,
            routes=app.routes,
        )
        described["info"]["license"] = app.license_info
        components = described["components"]
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        components["schemas"].update(_schemas())
        app.openapi_schema = described
    return app.openapi_schema


def _schemas() -> dict[str, Any]:
    """What is sent to record, and what a refusal looks like."""
    statement = Statement.model_json_schema(ref_template="#/components/schemas/{model}")
    problem = shapes.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = {**statement.pop("$defs"), **problem.pop("$defs"), "Problem": problem}
    statement["required"].remove("process")  # the address names it
    one = {"$ref": "#/components/schemas/Statement"}
    many = {"type": "array", "items": one, "minItems": 1, "maxItems": api.MOST_STATEMENTS}
    event = shapes.Event.model_json_schema(ref_template="#/components/schemas/{model}")
    parts |= {**event.pop("$defs"), "Event": event}
    return {**parts, "Statement": statement, "Statements": {"oneOf": [one, many]}}


def _for_programs(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/log/")) or request.url.path in health.ADDRESSES


def _answer(request: Request, found: Refused) -> Response:
    for refusal in found.refusals:
        metrics.REFUSALS.labels("answer", refusal.code).inc()
    if is_fault(found) and not _for_programs(request):
        return _after_fault(request, found)
    if found.refusals[0].code in {"sign-in-needed", "form-outdated"}:
        try:
            kept_at = drafting.interrupted(request)
        except Refused as lost:
            if is_fault(lost):
                return _after_fault(request, _without_place(lost))
            kept_at, found = None, lost
        if drafting.by_itself(request):
            return drafting.told_by_itself(request, found.refusals[0], kept=kept_at is not None)
        if kept_at is None and (typed := drafting.lost(request)):
            return drafting.unkept(request, found.refusals[0], typed)
        if found.refusals[0].code == "sign-in-needed":
            return desk.to_sign_in(request, kept_at)
        if kept_at is not None:
            return RedirectResponse(f"{kept_at}?veraltet=1", 303)
    if found.refusals[0].code == "password-own":
        return RedirectResponse(local(page.language_of(request), desk.PASSWORD), 303)
    return problem(request, found) if _for_programs(request) else public.refusal_page(request, found)


def _after_fault(request: Request, found: Refused) -> Response:
    """The database failed. What was typed is shown, and can be sent once more: with its key it is stored once."""
    if drafting.by_itself(request):
        return drafting.told_by_itself(request, found.refusals[0], kept=False)
    if drafting.lost(request):
        return drafting.to_send_again(request, found.refusals[0])
    return open_forms.to_send_again(request, found.refusals[0]) or public.refusal_page(request, found)


def _without_place(error: Refused) -> Refused:
    """Where the database is and who signs in there is for the operator, not for every reader of a page.

    They are told which request it was: it stands in the line of the log that says why.
    """
    if error.refusals[0].code != "database-unreachable":
        return error
    log.error("database-unreachable", reason=reason_of(error))
    return refused("database-unreachable", reason=f"request {structlog.contextvars.get_contextvars().get('request')}")


def _refused_outside(request: Request, found: Refused) -> Response:
    """What is refused before it gets to what adds the headers."""
    answer = _answer(request, found)
    answer.headers.update(SECURITY)
    if is_desk(request.url.path):
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return _answer(request, _without_place(error))


def _wrong_parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return _answer(request, of_parameters(error))


def _not_routed(request: Request, error: Exception) -> Response:
    """There is no such address, or not for this method. A slash too many at the end is a slip."""
    assert isinstance(error, HTTPException)
    path = request.url.path
    if error.status_code == 404 and path.endswith("/") and path.strip("/"):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/{path.strip('/')}{query}", 308)
    if error.status_code == 405:
        return _answer(request, refused("method-not-allowed", allowed=(error.headers or {}).get("Allow", "GET")))
    return _answer(request, refused("page-not-found"))


def _failed(request: Request, error: Exception) -> Response:  # noqa: ARG001  # the server logs it
    """A fault of ours. It is answered outside all middleware, so it brings the headers itself."""
    answer = _answer(request, refused("internal-error"))
    answer.headers.update({**SECURITY, **BY_HTTPS_ALONE} if by_https(request) else SECURITY)
    return answer
