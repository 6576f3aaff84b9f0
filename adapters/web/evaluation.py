"""Evaluation of a process: replay, figures, what if, and everything to take away. For the public, and at the desk."""

from typing import Any, Final

from fastapi import Request, Response

from adapters.web.page import EVALUATION, Pages, of_process
from adapters.web.wording import Wording
from domain.words import Words
from service import Answer

TABS: Final[dict[str, Words]] = {
    "": ("Nachspielen", "Replay"),
    "/zahlen": ("Zahlen", "Figures"),
    "/daten": ("Daten", "Data"),
}
"""The pages of the evaluation, by their address inside it."""

pages = Pages()


@pages(EVALUATION)
def replay(request: Request, process: str) -> Response:
    """How the process came to be what it is."""

    def context(answer: Answer, words: Wording) -> dict[str, Any]:  # noqa: ARG001
        return {"tabs": TABS, "tab": ""}

    return of_process(request, process, "evaluation_replay.html", context)
