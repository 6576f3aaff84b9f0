"""The public log of corrections: what was corrected, withdrawn or erased, when and why, and what stood there before."""

import re
from typing import Any, Final

from fastapi import Request, Response

from adapters.documents import Document
from adapters.web.asking import installed
from adapters.web.page import Pages, of_documents, of_process
from adapters.web.telling_fields import correction
from adapters.web.wording import Wording
from domain.errors import refused
from domain.view import View
from projections.amendments import amendments
from projections.cited_files import cited_files
from service import Answer

PAGE_SIZE: Final = 20

pages = Pages()


@pages("/prozesse/{process}/berichtigungen")
def corrections(request: Request, process: str) -> Response:
    """Corrections, withdrawals and erasures, the newest first."""
    number = request.query_params.get("page", "")
    if not re.fullmatch(r"([1-9][0-9]{0,5})?", number):
        raise refused("page-not-found")
    page, documents = int(number or 1), installed(request).documents

    def context(answer: Answer, words: Wording) -> dict[str, Any]:
        found = amendments(answer.view)
        first = (page - 1) * PAGE_SIZE
        if first and first >= len(found):
            raise refused("page-not-found")
        shown = found[first : first + PAGE_SIZE]
        corrected = [each.entry for each in shown if each.amendment == "correction" and each.entry is not None]
        return {
            "amendments": shown,
            "changes": {n: correction(words, n).changes for n in corrected},
            "by_number": answer.view.effective.by_number,
            "erased": _erased(documents.of(process), answer.view) if page == 1 else [],
            "total": len(found),
            "number": page,
            "pages": max(1, -(-len(found) // PAGE_SIZE)),
        }

    # Documents are erased beside the entries: the page is another one when that has happened.
    return of_process(request, process, "corrections.html", context, beside=of_documents(request, process))


def _erased(documents: list[Document], view: View) -> list[tuple[Document, list[int]]]:
    """Files that the public had and that were erased since, each with the entries that rest on it."""
    cited = cited_files(view)
    gone = [document for document in documents if document.public and document.erased_at is not None]
    shown = [(document, cited[document.sha256]) for document in gone if document.sha256 in cited]
    return sorted(shown, key=lambda one: str(one[0].erased_at), reverse=True)
