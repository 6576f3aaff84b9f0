"""Evaluation of a process: replay, figures, what if, and everything to take away. For the public, and at the desk."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final, cast, get_args

from fastapi import Request, Response

from adapters.web.asking import installed, one_of, whole_number
from adapters.web.comparison import STRUCTURE, told
from adapters.web.days import typed_day
from adapters.web.page import (
    EVALUATION,
    TIMES,
    Asked,
    Pages,
    Reading,
    asked_for,
    audience_of,
    audience_within,
    language_of,
    read_page,
    to_lasting,
)
from adapters.web.previewing import marked
from adapters.web.structure_sheet import evolution_of, sheet_for
from adapters.web.svg import Drawing, Shown, drawing
from adapters.web.wording import GROUPS, PARAMETERS, Wording
from domain.errors import refused
from domain.publication import EntryPublished
from domain.view import View
from domain.words import Words
from projections.difference import difference, uncounted
from projections.governance import Conflict, conflict
from projections.picture import picture
from projections.playback import Order, Pace, Stop, Track, track
from projections.telling import Line, line
from service import Answer, Citation, Times

TABS: Final[dict[str, Words]] = {
    "": ("Nachspielen", "Replay"),
    "/vergleich": ("Vergleichen", "Compare"),
    "/zahlen": ("Zahlen", "Figures"),
    "/was-waere-wenn": ("Was wäre, wenn", "What if"),
    "/daten": ("Daten", "Data"),
}
"""The pages of the evaluation, by their address inside it."""

ORDERS: Final[dict[str, Words]] = {
    "happened": ("wie es war", "as it was"),
    "known": ("wie es erfasst wurde", "as it was recorded"),
    "public": ("wie es öffentlich wurde", "as it became public"),
}
PACES: Final[dict[str, Words]] = {
    "day": ("Tag für Tag", "day by day"),
    "entry": ("Eintrag für Eintrag", "entry by entry"),
}

MOST_LINES: Final = 30
"""So many entries of a stop are told; a day of recording may have thousands."""

MOST_TOLD: Final = 60
"""So many differences are told, and so many entries that are open."""

MARKS: Final = 240
"""The scale has room for so many marks; of more stops some share one."""

SPEEDS: Final[dict[str, Words]] = {"4": ("langsam", "slow"), "2": ("mittel", "medium"), "1": ("schnell", "fast")}
"""Seconds from stop to stop where a browser plays them; to the first one it goes at once."""

pages = Pages()


def called(tab: str | None) -> Words | None:
    """What a page of the evaluation is called in a citation."""
    if tab is None:
        return None
    german, english = TABS[tab]
    return f"Auswertung – {german}", f"Evaluation – {english}"


@dataclass(frozen=True, slots=True)
class Way:
    """Which way through a process an address asks for, and where on it."""

    order: Order
    pace: Pace
    kind: str | None
    day: date | None
    entry: int | None
    stop: int | None
    """The place on the scale that was pointed at: it leads on to an address that lasts."""

    @classmethod
    def of(cls, request: Request, asked: Asked) -> "Way":
        """As an address says it; what nobody can mean is refused with what the parameter can be."""
        given = request.query_params
        return cls(
            cast("Order", one_of("order", given.get("order") or "happened", get_args(Order))),
            cast("Pace", one_of("per", given.get("per") or "day", get_args(Pace))),
            one_of("kind", given.get("kind", ""), ("", *GROUPS)) or None,
            asked.days.get("day"),
            whole_number("entry", given.get("entry", "")),
            whole_number("stop", given.get("stop", "")),
        )

    def query(self, **other: object) -> dict[str, object]:
        """The parameters of the same way; what goes without saying is left out."""
        found: dict[str, object] = {"order": self.order, "per": self.pace, "kind": self.kind or "", **other}
        usual = {"order": "happened", "per": "day"}
        return {name: value for name, value in found.items() if value != usual.get(name)}


@dataclass(frozen=True, slots=True)
class Scale:
    """All stops in a row: where entries about the structure came in, and where somebody stands."""

    marks: Sequence[int]
    here: int


@pages(EVALUATION)
def replay(request: Request, process: str) -> Response:
    """How the process came to be what it is, stop by stop."""
    asked = asked_for(request, {**TIMES, "day": typed_day})
    if asked.elsewhere is not None:
        return to_lasting(asked.elsewhere)
    way = Way.of(request, asked)
    service = installed(request).service

    def on_track(times: Times) -> tuple[Answer, Track]:
        answer = service.view(process, audience_of(request), times)
        return answer, track(answer.view, way.order, way.pace, way.kind, now=service.now())

    if way.stop is not None:
        _, base = audience_within(request, process)
        answer, found = on_track(asked.times)
        words = Wording(language_of(request), base, answer.view, asked.times)
        return to_lasting(_address(words, way, found, min(way.stop, len(found.stops)) - 1))

    def read(times: Times, _: Citation) -> Reading:
        answer, found = on_track(times)
        place = _place(found, way)
        after = found.seen(place)
        return answer, after, partial(_context, way, found, place, answer, after)

    return read_page(request, process, "evaluation_replay.html", read, asked=asked)


def _place(found: Track, way: Way) -> int:
    """Where on a track an address points: at an entry, at a day, and else at its beginning."""
    if way.entry is not None:
        place = found.by_entry(way.entry)
        if place is None:
            raise refused("unknown-entry", "/entry", entry=way.entry)  # 422: the page is there, that stop is not
        return place
    if way.day is not None:
        return found.by_day(way.day.toordinal())
    return min(0, len(found.stops) - 1)


def _address(words: Wording, way: Way, found: Track, place: int) -> str:
    """The address of a stop; before the first one there is only a day."""
    if place >= 0 and way.pace == "entry":
        return words.evaluation(**way.query(entry=found.stops[place].last))
    if not found.stops:
        return words.evaluation(**way.query())
    day = found.stops[place].day if place >= 0 else found.stops[0].day - 1
    return words.evaluation(**way.query(day=date.fromordinal(max(1, day)).isoformat()))


def _context(way: Way, found: Track, place: int, answer: Answer, after: View, words: Wording) -> dict[str, Any]:
    stops = found.stops
    before = found.seen(place - 1) if place >= 0 else after
    was, to = replace(words, view=before), partial(_address, words, way, found)
    stop = stops[place] if place >= 0 else None
    items = list(told([*difference(before, after), *uncounted(before, after)], was, words)) if stop else []
    undetermined = after.undetermined
    by_number = answer.view.effective.by_number
    here = [by_number[number] for number in (stop.numbers if stop else ())]
    told_here = [entry.number for entry in here if not entry.about_entries]
    # That something was published is what the whole stop says in that order.
    silent = EntryPublished if way.order == "public" else ()
    amending = [e.number for e in here if e.about_entries and not isinstance(e.statement.step, silent)]
    return {
        "tabs": TABS,
        "tab": "",
        "label": called(""),
        "way": way,
        "orders": ORDERS,
        "paces": PACES,
        "groups": GROUPS,
        "speeds": SPEEDS,
        "day": date.fromordinal(stop.day if stop else (stops[0].day - 1 if stops else after.day)),
        "stop": stop,
        "place": place + 1,
        "total": len(stops),
        "to": {
            "first": to(-1) if place >= 0 else None,
            "before": to(place - 1) if place >= 0 else None,
            "after": to(place + 1) if place + 1 < len(stops) else None,
            "last": to(len(stops) - 1) if place + 1 < len(stops) else None,
        },
        "choose": lambda **other: words.evaluation(**way.query(**{**_kept(stop, way, answer), **other})),
        "scale": Scale(_marks(stops), _at(place, len(stops))),
        "lines": [_line(after, answer.view, number) for number in told_here[:MOST_LINES]],
        "more_lines": max(0, len(told_here) - MOST_LINES),
        "amendments": [_amendment(after, answer.view, number) for number in amending[:MOST_LINES]],
        "structure": [each for item, each in items if item.subject_kind in STRUCTURE][:MOST_TOLD],
        "others": [each for item, each in items if item.subject_kind not in STRUCTURE][:MOST_TOLD],
        "more_told": max(0, len(items) - MOST_TOLD),
        "structured": bool(evolution_of(answer.view).boxes),
        "example": date.fromordinal(stops[len(stops) // 2].day if stops else answer.day.toordinal()),
        "drawn": _drawn(before, after, answer.view, words, way, stop),
        "undetermined": [_line(after, answer.view, number) for number in undetermined[:MOST_TOLD]],
        "more_undetermined": max(0, len(undetermined) - MOST_TOLD),
        "conflicts": _conflicts(found, after, stop),
        "state_address": _state_address(words, way, stop),
        "compared": _compared(words, way, found, place),
    }


def _kept(stop: Stop | None, way: Way, answer: Answer) -> dict[str, object]:
    """Where somebody stands, for the same moment on another way: by day that is the day."""
    if stop is None or way.order != "happened":
        return {}
    return {"day": date.fromordinal(stop.day).isoformat()} if stop.day < answer.day.toordinal() else {}


def _line(after: View, whole: View, number: int) -> Line:
    """An entry as it stood at the stop; that it is public now, publications say that came later."""
    found = line(after if number in after.effective.by_number else whole, number)
    return found.model_copy(update={"public_from": whole.effective.public_from(number)})


def _amendment(after: View, whole: View, number: int) -> tuple[Line, Sequence[int]]:
    """An entry about entries, and some of those that it is about."""
    targets = [target for target in whole.effective.by_number[number].targets if target in whole.effective.by_number]
    return _line(after, whole, number), targets[:MOST_LINES]


def _marks(stops: Sequence[Stop]) -> list[int]:
    """Where on the scale, in thousandths, entries about the structure come in."""
    places = (place for place, stop in enumerate(stops) if "structure" in stop.kinds)
    return sorted({_at(place, len(stops)) * MARKS // 1000 * 1000 // MARKS for place in places})


def _at(place: int, of: int) -> int:
    return max(0, place) * 1000 // max(1, of - 1)


def _drawn(before: View, after: View, whole: View, words: Wording, way: Way, stop: Stop | None) -> Drawing | None:
    """The structure at the stop, with what came, went or changed marked, where it stands at every other stop."""
    shown = picture(after)
    if not shown.boxes:
        return None
    day = words.day(date.fromordinal(stop.day)) if stop else ""
    title = {
        "happened": words.t("Struktur am {day}", "Structure on {day}", day=day),
        "known": words.t("Struktur, wie sie am {day} erfasst war", "Structure as recorded on {day}", day=day),
        "public": words.t("Struktur, wie sie am {day} öffentlich war", "Structure as public on {day}", day=day),
    }[way.order]
    marks = marked(picture(before), shown, words) if stop else {}
    sheet = sheet_for(whole, shown, words, words.t("geändert", "changed"))
    return drawing("replay", Shown(title, shown, words, linked=shown.boxes.keys() <= whole.state.keys()), sheet, marks)


def _conflicts(found: Track, after: View, stop: Stop | None) -> list[Conflict]:
    """Contradictions and doubts among what is there at the stop; along what happened they are those of all entries."""
    if found.order != "happened":
        return [conflict(each) for each in after.conflicts]
    if stop is None:
        return []
    there = [c for c in found.view.conflicts if all(_begun(found.view, n, stop.day) for n in c.entries)]
    return [conflict(each) for each in there]


def _begun(view: View, number: int, day: int) -> bool:
    return number not in view.effective.graph.forms or view.room(number).first <= day


def _state_address(words: Wording, way: Way, stop: Stop | None) -> str | None:
    """The page of the structure for the same moment, where it is one that a day names."""
    if stop is None or way.pace == "entry":
        return None
    parameter = dict(zip(("happened", "known", "public"), PARAMETERS, strict=True))[way.order]
    return words.href("/struktur", **{parameter: date.fromordinal(stop.day).isoformat()})


def _compared(words: Wording, way: Way, found: Track, place: int) -> str | None:
    """The comparison of the stop with the one before."""
    if place < 1 or way.pace == "entry":
        return None
    sides = [date.fromordinal(found.stops[at].day).isoformat() for at in (place - 1, place)]
    suffix = {"happened": "", "known": "_known_by", "public": "_published_by"}[way.order]
    days = dict(zip((f"from{suffix}", f"to{suffix}"), sides, strict=True))
    return words.comparison(**days)
