"""The public log of corrections: what was corrected, withdrawn or erased, when and why, and what stood there before."""

from typing import Any, Final

from fastapi import Request, Response

from adapters.documents import Document
from adapters.web.asking import installed
from adapters.web.page import Pages, of_documents, of_process
from adapters.web.paging import paging
from adapters.web.telling_fields import correction
from adapters.web.wording import Wording
from projections.amendments import amendments
from projections.cited_files import cited_files
from service import Answer

PAGE_SIZE: Final = 20

pages = Pages()


@pages("/prozesse/{process}/berichtigungen")
def corrections(request: Request, process: str) -> Response:
    """Corrections, withdrawals and erasures, the newest first."""
    documents = installed(request).documents

    def context(answer: Answer, words: Wording) -> dict[str, Any]:
        found = amendments(answer.view)
        page = paging(request, len(found), PAGE_SIZE)
        shown = page.of(found)
        corrected = [each.entry for each in shown if each.amendment == "correction" and each.entry is not None]
        return {
            "amendments": shown,
            "changes": {n: correction(words, n).changes for n in corrected},
            "by_number": answer.view.effective.by_number,
            "erased": _erased(documents.of(process), answer) if page.number == 1 else [],
            "total": len(found),
            "paging": page,
        }

    # Documents are erased beside the entries: the page is another one when that has happened.
    return of_process(request, process, "corrections.html", context, beside=of_documents(request, process))


def _erased(documents: list[Document], answer: Answer) -> list[tuple[Document, list[int]]]:
    """Files that the public had and that had been erased by the days asked for, each with the entries that cite it."""
    cited, times = cited_files(answer.view), answer.times
    days = [day for day in (times.happened_by, times.known_by, times.published_by) if day is not None]
    until = min(map(answer.view.effective.end_of, days), default=None)
    gone = [
        (document, document.erased_at)
        for document in documents
        if document.public and document.erased_at is not None and (until is None or document.erased_at <= until)
    ]
    gone.sort(key=lambda one: one[1], reverse=True)
    return [(document, cited[document.sha256]) for document, _ in gone if document.sha256 in cited]
