"""How a process is built, on any day, as a page."""

from typing import Any

from fastapi import Request, Response

from adapters.web.governance_tree import loose_roles, tree
from adapters.web.page import Pages, of_process
from adapters.web.wording import Wording
from projections.governance import in_order, structure
from service import Answer

pages = Pages()


@pages("/prozesse/{process}/struktur")
def governance(request: Request, process: str) -> Response:
    """How the process is built, on any day."""

    def context(answer: Answer, _: Wording) -> dict[str, Any]:
        found = structure(answer.view)
        return {
            "structure": found,
            "levels": in_order(found.levels),
            "tree": tree(found),
            "loose_roles": loose_roles(found),
        }

    return of_process(request, process, "structure.html", context)
