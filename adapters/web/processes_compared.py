"""Two processes, or two phases, beside each other: the same numbers for both, each as sure as it is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from fastapi import Request, Response

from adapters.answers import head
from adapters.web.asking import ID, installed, whole_number
from adapters.web.evaluation import TABS, called
from adapters.web.page import (
    ADDRESS,
    EVALUATION,
    INTERNAL,
    Pages,
    Reading,
    asked_for,
    audience_of,
    read_page,
    to_lasting,
)
from adapters.web.wording import Wording
from domain.errors import Refusal, refused
from domain.meaning import PROCESS
from domain.words import Words
from projections.indicators import Indicator, Range, indicators, phases
from projections.telling import name
from service import Answer, Citation, Times, permits

LABELS: Final[dict[str, Words]] = {
    "months": ("Dauer in Monaten", "Duration in months"),
    "entries": ("Einträge", "Entries"),
    "structure-changes": ("Einträge zur Struktur", "Entries about the structure"),
    "bodies-founded": ("Gremien, die entstanden", "Bodies that came into being"),
    "bodies-ended": ("Einträge, mit denen Gremien enden", "Entries that end bodies"),
    "meetings-held": ("Einträge über gehaltene Treffen", "Entries about meetings held"),
    "feedback": ("Rückmeldungen", "Feedback"),
    "feedback-answered": ("Rückmeldungen mit Antwort", "Feedback that was answered"),
    "decisions": ("Gefasste Beschlüsse", "Decisions taken"),
    "decisions-with-method": ("Beschlüsse mit bekanntem Verfahren", "Decisions whose method is known"),
    "commitments": ("Zusagen", "Commitments"),
    "commitments-settled": ("Zusagen, deren Ausgang bekannt ist", "Commitments whose outcome is known"),
    "settlements": ("Abgeschlossene Zusagen, auch frühere", "Commitments settled, earlier ones too"),
    "scenarios": ("Entworfene Szenarien", "Scenarios drafted"),
    "scenarios-chosen": ("Gewählte Szenarien", "Scenarios chosen"),
    "dates-stated": ("Einträge, deren Datum die Quelle nennt", "Entries whose date the source states"),
    "with-source": ("Einträge mit Quelle", "Entries with a source"),
    "corrected": ("Berichtigte Einträge", "Corrected entries"),
}
MOST_LINKED: Final = 5
"""So many entries behind a number are linked; the timeline has all."""

pages = Pages()


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared."""

    answer: Answer
    words: Wording
    phase: str | None
    title: str

    @property
    def found(self) -> Mapping[str, Indicator]:
        return {each.id: each for each in indicators(self.answer.view, self.phase).indicators}


@pages(f"{EVALUATION}/vergleich")
def beside(request: Request, process: str) -> Response:
    """The numbers of a process or a phase beside those of another one."""
    asked = asked_for(request)
    if asked.elsewhere is not None:
        return to_lasting(asked.elsewhere)
    given = request.query_params
    other = given.get("with", "") or process
    with_version = given.get("with_version", "")
    version = whole_number("with_version", with_version)
    if not ID.fullmatch(other):
        raise refused("unknown-process", "/with", process=other[:80])
    service = installed(request).service
    answer = service.view(process, audience_of(request), asked.times)
    of_other = asked.times if other == process else replace(asked.times, version=version)
    second = answer if other == process else service.view(other, audience_of(request), of_other)
    phase, with_phase = given.get("phase", ""), given.get("with_phase", "")
    known = phases(answer.view)
    if not (phase or with_phase or other != process) and len(known) > 1:
        phase, with_phase = known[:2]  # what else would be asked of a process alone
    wrong = [
        Refusal("unknown-here", {"subject": each[:80]}, pointer=f"/{field}")
        for field, each, of in (("phase", phase, answer), ("with_phase", with_phase, second))
        if each and each not in phases(of.view)
    ]
    if wrong:
        asked, phase, with_phase = replace(asked, refusals=(*asked.refusals, *wrong)), "", ""

    def read(*_: Times | Citation) -> Reading:
        return answer, answer.view, partial(_context, request, answer, second, phase, with_phase, bool(wrong))

    return read_page(request, process, "evaluation_beside.html", read, asked=asked, beside=head(second))


def called_at(_: Answer, place: str) -> Words | None:
    """What is called what at a place of the page."""
    return LABELS.get(place)


def _context(
    request: Request, answer: Answer, second: Answer, phase: str, with_phase: str, wrong: bool, words: Wording
) -> dict[str, Any]:
    audience = audience_of(request)
    inside = permits(audience, "read", second.process)
    base = (INTERNAL if inside else ADDRESS).format(process=second.process)
    other_words = replace(words, view=second.view, base=base)
    sides = [_side(answer, words, phase), _side(second, other_words, with_phase)]
    processes = [
        (each.cited.process, each.overview.summary.name.text or each.cited.process)
        for each in installed(request).service.processes(audience)
    ]
    return {
        "tabs": TABS,
        "compares": not wrong,
        "tab": "/vergleich",
        "label": called("/vergleich"),
        "sides": sides,
        "rows": [(name_, words.t(*LABELS[name_]), [side.found[name_] for side in sides]) for name_ in LABELS],
        "said": partial(_said, words),
        "most_linked": MOST_LINKED,
        "processes": processes,
        "phase_options": [_phases(side.answer, side.words) for side in sides],
        "pinned": _pinned(answer, second, phase, with_phase),
    }


def _pinned(answer: Answer, second: Answer, phase: str, with_phase: str) -> Mapping[str, str]:
    """What a lasting address has to say: of both processes the version."""
    found = {"happened_by": answer.day.isoformat(), "phase": phase, "with_phase": with_phase}
    if second.process != answer.process:
        found |= {"with": second.process, "with_version": str(second.version)}
    return {name_: value for name_, value in found.items() if value}


def _side(answer: Answer, words: Wording, phase: str) -> Side:
    title = str(words.named(PROCESS, name(answer.view, PROCESS)).striptags())
    if phase:
        title = f"{title} – {words.name(phase).striptags()}"
    return Side(answer, words, phase or None, title)


def _phases(answer: Answer, words: Wording) -> Sequence[tuple[str, str]]:
    return [(id_, str(words.name(id_).striptags())) for id_ in phases(answer.view)]


def _said(words: Wording, found: Indicator) -> str:
    """A number in words: a range where it is not exact, and out of how many."""
    if found.value is None:
        return words.t(
            "nicht zu berechnen: nichts, woran es zu messen wäre", "not computable: nothing to measure it by"
        )
    said = _range(words, found.value)
    return said if found.of is None else words.t("{n} von {of}", "{n} of {of}", n=said, of=_range(words, found.of))


def _range(words: Wording, given: Range) -> str:
    if given.most is None:
        return words.t("mindestens {n}" if given.least else "{n} oder mehr", "at least {n}", n=given.least)
    if given.exact:
        return str(given.least)
    return words.t("{least} bis {most}", "{least} to {most}", least=given.least, most=given.most)
