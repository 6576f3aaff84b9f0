"""Documents at the desk and for the public: uploaded, listed with who may see them, handed out, erased.

A document is never shown inside a page of ours: it is downloaded, and even opened it may do nothing.
"""

import re
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from adapters.documents import KEEPER, Document
from adapters.web.asking import ID, installed
from adapters.web.desk import page
from adapters.web.guard import ACT, START, Clerk, Sent, Uploads, guarded, local, takes_files
from adapters.web.page import Pages, audience_of, documents_at, language_of, of_documents, of_process
from adapters.web.paging import paging
from adapters.web.problems import headers_of, status_of
from adapters.web.recording import desk_page, seen
from adapters.web.replies import PRIVATE
from adapters.web.telling_fields import web_address
from adapters.web.wording import Wording
from domain.errors import Refusal, Refused, refused
from projections.cited_files import cited_files
from projections.documents import documents as cited_documents
from service import Answer, permits

WHICH: Final = "sha256"
SHUT_IN: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"
DONE: Final = frozenset({"upload", "public", "internal", "erase"})

router = APIRouter(include_in_schema=False, dependencies=[Depends(guarded)])
public_router = APIRouter(include_in_schema=False)
pages = Pages()


@page(f"{START}/{{process}}/dokumente", routes=router)
def listed(request: Request, clerk: Clerk, process: str) -> Response:
    """Every document of a process, in which entries it is cited, and who may see it."""
    return _list(request, clerk, process)


@page(f"{START}/{{process}}/dokumente", "POST", router)
@takes_files
def change(request: Request, clerk: Clerk, process: str, fields: Sent, uploads: Uploads) -> Response:
    """Keeps a file, gives a document to the public or takes it back, or erases it."""
    given, documents = dict(fields), installed(request).documents
    act, sha256 = given.get(ACT, ""), given.get(WHICH, "")
    try:
        match act:
            case "public" | "internal":
                seen(request, clerk, process, "publish")
                documents.hand_out(process, sha256, public=act == "public", by=clerk.id)
            case "erase":
                seen(request, clerk, process, "administer")
                erasing = installed(request).erasing
                with erasing.thoroughly():
                    gone = documents.take_away(process, sha256, given.get("reason", ""), clerk.id)
                    erasing.list.note([(KEEPER, gone)], "as-stated", installed(request).clock())
            case "check":
                seen(request, clerk, process)
                return _list(request, clerk, process, checked=True)
            case _:
                seen(request, clerk, process, "record")
                act = "upload"
                if not uploads:
                    raise refused("upload-missing")
                for upload in uploads:
                    documents.keep(process, upload.name, upload.content, clerk.id)
    except Refused as refusal:
        first = refusal.refusals[0]
        if first.code == "not-permitted" or not first.code.startswith(("document-", "upload-")):
            raise
        return _list(request, clerk, process, first, sha256 if act == "erase" else "")
    return RedirectResponse(f"{local(language_of(request), f'{START}/{process}/dokumente')}?getan={act}", 303)


def _public(request: Request, process: str) -> dict[str, list[int]]:
    """The files that public entries cite; none where nothing of the process is public."""
    try:
        return cited_files(installed(request).service.view(process, None).view)
    except Refused:
        return {}


def _list(
    request: Request,
    clerk: Clerk,
    process: str,
    refusal: Refusal | None = None,
    wrong: str = "",
    *,
    checked: bool = False,
) -> Response:
    """The list. That every file is read and held against its checksum is asked for; else a glance at each must do."""
    answer, words = seen(request, clerk, process)
    documents = installed(request).documents
    kept = documents.of(process)
    done = request.query_params.get("getan", "")
    shown = desk_page(
        request,
        clerk,
        "desk_documents.html",
        words,
        documents=kept,
        cited=cited_files(answer.view),
        public=_public(request, process),
        sound=documents.sound(kept) if checked else documents.present(kept),
        checked=checked,
        unfinished=installed(request).erasing.unfinished(),
        refusal=refusal,
        wrong=wrong,
        done=done if done in DONE else "",
        most=installed(request).settings.most_upload,
        may_record=permits(clerk, "record", process),
        may_publish=permits(clerk, "publish", process),
        may_erase=permits(clerk, "administer", process),
    )
    if refusal is not None:
        shown.status_code = status_of(refusal) if refusal.code != "document-unknown" else 422
        shown.headers.update(headers_of(refusal, words.language))
    return shown


@page(f"{START}/{{process}}/dokumente/{{sha256}}", routes=router)
def for_the_office(request: Request, clerk: Clerk, process: str, sha256: str) -> Response:
    """A document for whoever may read what is internal, under the name that it was given."""
    seen(request, clerk, process)
    found = _found(request, process, sha256)
    return _download(request, found, found.name or "")


@pages("/prozesse/{process}/dokumente")
def shelf(request: Request, process: str) -> Response:
    """Every document that entries rest on, with the passages that they cite."""
    office = audience_of(request) is not None

    def context(answer: Answer, words: Wording) -> dict[str, Any]:
        kept = installed(request).documents.of(process)
        above = documents_at(words, process)
        found = cited_documents(answer.view)
        page = paging(request, len(found))
        return {
            "found": page.of(found),
            "paging": page,
            "files": {document.sha256: document for document in kept if office or document.public},
            "download": lambda document: f"{above}/{document.sha256}",
            "url": web_address,
        }

    return of_process(request, process, "documents.html", context, beside=of_documents(request, process))


def for_the_public(request: Request, process: str, sha256: str) -> Response:
    """A document that the office handed out and a public entry cites, under a name that tells nothing."""
    found = _found(request, process, sha256)
    if not found.public or sha256 not in _public(request, process):
        raise refused("document-unknown")
    return _download(request, found, f"dokument-{sha256[:12]}.{found.format.endings[0]}")


for _language in ("", "/en"):
    public_router.add_api_route(
        f"{_language}/prozesse/{{process}}/dokumente/{{sha256}}", for_the_public, methods=["GET"]
    )


def _found(request: Request, process: str, sha256: str) -> Document:
    known = ID.fullmatch(process) and re.fullmatch(r"[0-9a-f]{64}", sha256)
    found = installed(request).documents.find(process, sha256) if known else None
    if found is None or found.erased_at is not None:
        raise refused("document-unknown")
    return found


def _download(request: Request, found: Document, name: str) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": SHUT_IN,
        "Cache-Control": PRIVATE,
    }
    return Response(installed(request).documents.content(found), media_type=found.format.media_type, headers=headers)
