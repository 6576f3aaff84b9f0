"""A process as a file: every format, for the API and for the pages of the evaluation, a few at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from threading import BoundedSemaphore
from typing import Any, BinaryIO, Final
from urllib.parse import urlencode

from fastapi import Request, Response

from adapters.answers import Json
from adapters.exports import formats
from adapters.exports.formats import FORMATS, LINES, STATEMENTS
from adapters.exports.material import Material
from adapters.web.asking import installed
from adapters.web.evaluation import TABS
from adapters.web.page import EVALUATION, Pages, asked_for, audience_of, audience_within, language_of, of_process
from adapters.web.replies import reply_file
from adapters.web.wording import Wording
from domain.errors import Refused, refused
from domain.words import Language
from service import Answer, Audience, Times

MOST_AT_ONCE: Final = 2
"""How many files are made at the same time. Each keeps a processor busy, and a large one for a minute."""

SECONDS: Final = 10
"""After how long it is worth trying again."""

_AT_ONCE: Final = BoundedSemaphore(MOST_AT_ONCE)

TAB: Final = "/daten"

pages = Pages()


def file(
    request: Request, process: str, name: str, audience: Audience, times: Times, language: Language = "de"
) -> Response:
    """One format of a process, as its audience may have it."""
    installation = installed(request)
    if name == STATEMENTS:
        position = installation.service.last_stated(process, audience, times)  # refused before anything is sent
        newest = installation.service.listed(process, audience).cited.position  # an erasure changes older ones, too

        def statements(to: BinaryIO) -> None:
            formats.write_statements(installation, process, audience, times, to, lambda _: None)

        about = formats.about_statements(process, times, position)
        made = _in_turn(statements)
        headers = _headers(process, name, "jsonl", about)
        return reply_file(request, audience, [about, newest], made, media_type=LINES, headers=headers)
    format_, large = formats.known(name), installation.service.is_large(process)
    with _turn() if large else nullcontext():  # a large process is read for this file alone, which takes its time too
        answer = installation.service.view_once(process, audience, times)

        def make(to: BinaryIO) -> None:
            formats.write(installation, name, answer, audience, to, language, lambda _: None)

        about = Material(answer).about
        headers = _headers(process, name, format_.ending, about)
        made = make if large else _in_turn(make)
        media_type = format_.media_type
        return reply_file(request, audience, [about, language], made, media_type=media_type, headers=headers)


def _headers(process: str, name: str, ending: str, about: Json) -> dict[str, str]:
    """What a file is called, and what it was made from: lines of JSON have no place for it inside."""
    said = {name: value for name, value in about.items() if value is not None}
    return {
        "Content-Disposition": f'attachment; filename="{process}-{name}.{ending}"',
        "Werdegang-Position": str(about["position"]),
        "Werdegang-Made-From": urlencode(said),
    }


@contextmanager
def _turn() -> Iterator[None]:
    """Room for one more file; whoever comes too much is told so at once, and waits elsewhere."""
    if not _AT_ONCE.acquire(blocking=False):
        raise refused("exports-busy", most=MOST_AT_ONCE, seconds=SECONDS)
    try:
        yield
    finally:
        _AT_ONCE.release()


def _in_turn(make: Callable[[BinaryIO], None]) -> Callable[[BinaryIO], None]:
    """Makes a file when there is room for one more."""

    def in_turn(to: BinaryIO) -> None:
        with _turn():
            make(to)

    return in_turn


@pages(f"{EVALUATION}{TAB}")
def data(request: Request, process: str) -> Response:
    """Every format that the process can be had in, for the times of the form."""

    def context(answer: Answer, words: Wording) -> dict[str, Any]:
        return {
            "tabs": TABS,
            "tab": TAB,
            "formats": FORMATS,
            "about": Material(answer).about,
            "erased_at": max((e.erased_at for e in answer.view.effective.entries if e.erased_at), default=None),
            "keeps_names": formats.works_on(audience_of(request), process),
            "statements": STATEMENTS,
            "in_api": lambda name: words.data(process, f"exports/{name}"),
        }

    return of_process(request, process, "evaluation_data.html", context)


@pages(f"{EVALUATION}{TAB}/{{format}}")
def download(request: Request, process: str, format: str) -> Response:  # noqa: A002  # a word of the address
    """One of them, below the desk with what is internal."""
    asked = asked_for(request)
    if asked.refusals:
        raise Refused(*asked.refusals)
    audience_within(request, process)  # refused to whoever may not read what is internal
    return file(request, process, format, audience_of(request), asked.times, language_of(request))
