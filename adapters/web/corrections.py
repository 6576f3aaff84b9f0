"""The public log of corrections: what was corrected, withdrawn or erased, when and why, and what stood there before."""

from typing import Any, Final

from fastapi import Request, Response

from adapters.documents import Document
from adapters.web.asking import installed
from adapters.web.page import Pages, of_documents, of_process
from adapters.web.paging import paging
from adapters.web.telling_fields import correction
from adapters.web.wording import Wording
from domain.view import View
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
            "erased": _erased(documents.of(process), answer.view) if page.number == 1 else [],
            "total": len(found),
            "paging": page,
        }

    # Documents are erased beside the entries: the page is another one when that has happened.
    return of_process(request, process, "corrections.html", context, beside=of_documents(request, process))


def _erased(documents: list[Document], view: View) -> list[tuple[Document, list[int]]]:
    """Files that the public had and that were erased since, each with the entries that rest on it."""
    cited = cited_files(view)
    gone = [document for document in documents if document.public and document.erased_at is not None]
    shown = [(document, cited[document.sha256]) for document in gone if document.sha256 in cited]
    return sorted(shown, key=lambda one: str(one[0].erased_at), reverse=True)
