"""Answers as a person reads them in a terminal: trees and tables, every mark as words.

Where the output is no terminal, or NO_COLOR is set, it is the same in plain text.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from textwrap import shorten
from typing import Final

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from adapters.endings import how_it_ended
from adapters.phrases import counted, phrase, tame
from adapters.sheets.parts import Speaker
from domain.decisions import DecisionTaken
from domain.feedback import FeedbackReceived
from domain.german_dates import worded
from domain.meaning import PROCESS
from domain.publication import Source, Telling
from domain.when import When, in_words
from domain.words import ASPECTS, CONFLICTS, PRESENCE, STATES, SUBJECTS, TERMS, TYPES, Language, say, word
from projections import telling
from projections.difference import Item, readable
from projections.governance import Departure, Place, roles, structure
from projections.span import Span
from projections.telling import Line, Name, Occurred
from projections.timeline import timeline
from projections.why import Why
from service import Answer, Hits

PASSING: Final = frozenset({"commitment", "measure"})
"""What comes to its end by being done, and is then not gone but over."""

WIDTH: Final = 120
"""Where there is no terminal to ask."""

HEADING: Final = 120
"""How much of an entry's text is shown where it is only one of several."""


def write(*parts: RenderableType) -> None:
    """Prints to standard output. Colours only repeat what the words say."""
    terminal = sys.stdout.isatty()
    console = Console(
        color_system="auto" if terminal and not os.environ.get("NO_COLOR") else None,
        width=None if terminal or sys.stderr.isatty() or "COLUMNS" in os.environ else WIDTH,  # also for `| less`
        markup=False,
        highlight=False,
        emoji=False,
    )
    with console.capture() as printed:
        console.print(*parts, sep="\n")
    # Rich fills every line up to the width of the terminal; who copies or compares the text wants only the text.
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in printed.get().splitlines()))


def table(language: Language, *columns: str) -> Table:
    """A table with its columns named; a cell that is too long goes on in the next line."""
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        drawn.add_column(Text(phrase(column, language)), overflow="fold")
    return drawn


def day_in_words(day: date | None, language: Language) -> str:
    """A day as people write it; none is today."""
    if day is None:
        return phrase("today", language)
    return f"{day:%d.%m.%Y}" if language == "de" else day.isoformat()


def name_of(subject: str, name: Name, language: Language) -> str:
    """A name that a projection has looked up, or what stands in its place."""
    if name.erased and name.text is None:
        if name.erased_at is not None:
            return phrase("erased-on", language, id=subject, day=day_in_words(name.erased_at.date(), language))
        return phrase("erased", language, id=subject)
    return tame(name.text) if name.text else phrase("unnamed", language, id=subject)


def drawn_hits(found: Hits, language: Language) -> Group:
    """What a search found: how many, and each with where it stands and the passage."""
    drawn = table(language, "process", "number", "when", "what", "marks")
    for hit in found.hits:
        line = hit.line
        what = f"{word(TYPES, line.type, language)}: {tame(line.headline or '')}"
        passage = "" if hit.passage is None else f"\n{tame(hit.passage)}"
        when = "" if line.occurred is None else _in_words(line.occurred, language)
        marks = ", ".join(_marks_of_hit(line, language))
        drawn.add_row(*map(Text, (hit.process, str(line.number), when, what + passage, marks)))
    counted_up_to = "hits-more" if found.more else "hits"
    told = Text(phrase(counted_up_to, language, total=found.total, shown=len(found.hits)), style="bold")
    return Group(told, *([drawn] if found.hits else []))


def _marks_of_hit(line: Line, language: Language) -> Iterator[str]:
    if line.state == "withdrawn":
        yield word(STATES, line.state, language)
    if line.corrected_by:
        yield phrase("corrected", language, numbers=counted(line.corrected_by))
    if line.targets:
        yield phrase("about-entry", language, numbers=counted(line.targets))
    if line.public_from is None or line.public_from > datetime.now(UTC):
        yield phrase("not-public", language)


def _in_words(occurred: Occurred, language: Language) -> str:
    return in_words(When.model_construct(edtf=occurred.edtf, basis=occurred.basis), language)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer in one language, as something that can be printed."""

    answer: Answer
    language: Language

    # ---- what every answer says ---------------------------------------------------------------------------------

    def head(self) -> Text:
        """The times an answer is for, whose it is, and up to which entry: what is needed to cite it."""
        times, public = self.answer.times, self.answer.public
        parts = [
            self.say("as-of", day=self._day(times.happened_by)),
            self.say("known", day=self._day(times.known_by)),
            *([self.say("published", day=self._day(times.published_by))] if times.published_by else []),
            self.say("public" if public else "internal"),
            self.say("entry", number=self.answer.position),
        ]
        return Text(" · ".join(parts), style="bold")

    def framed(self, *parts: RenderableType) -> Group:
        """Under the head: what was asked for, or that there is nothing to show yet by the times asked for."""
        if self.answer.position == 0:
            cut = "public" if self.answer.public or self.answer.times.published_by else "known"
            return Group(self.head(), Text(self.say(f"nothing-{cut}")))
        return Group(self.head(), Text(), *parts)

    def say(self, code: str, **params: object) -> str:
        """A phrase of the command line."""
        return phrase(code, self.language, **params)

    def _day(self, day: date | None) -> str:
        return day_in_words(day, self.language)

    def name(self, subject: str) -> str:
        """What a subject is called in this answer."""
        return self.named(subject, telling.name(self.answer.view, subject))

    def named(self, subject: str, name: Name) -> str:
        """A name that a projection has looked up."""
        return name_of(subject, name, self.language)

    def _names(self, subjects: Iterable[str]) -> str:
        return ", ".join(self.name(subject) for subject in subjects)

    def _when(self, number: int) -> str:
        when = self._telling(number).occurred
        return tame(in_words(when, self.language)) if when is not None else ""

    def _telling(self, number: int) -> Telling:
        """What an entry states: in its form in force, or as recorded where it is withdrawn."""
        effective = self.answer.view.effective
        form = effective.graph.forms.get(number)
        return form.telling if form is not None else effective.by_number[number].statement

    def _heading(self, line: Line) -> str:
        kind = word(TYPES, line.type, self.language)
        if line.outcome not in (None, "adopted"):
            kind = f"{kind} ({word(TERMS, str(line.outcome), self.language, of='outcome')})"
        if line.headline is None:
            return f"{kind}: {self.say('text-erased')}" if line.erased else kind
        return f"{kind}: {tame(line.headline)}"

    def _plainly(self, line: Line) -> Iterator[str]:
        """What an entry tells, in plain language, if somebody said it so."""
        if line.plain is not None:
            text = line.plain.text
            yield self.say("plainly", text=self.say("text-erased") if text is None else tame(text))

    def _in_a_row(self, line: Line) -> Text:
        heading = shorten(self._heading(line), HEADING, placeholder=" …")
        parts = [self.say("entry", number=line.number), heading, self._when(line.number)]
        return Text(" · ".join(filter(None, parts)))

    # ---- structure ----------------------------------------------------------------------------------------------

    def structure(self) -> Group:
        """Levels and bodies as a tree, what is no longer there, and what may have happened already."""
        shown = structure(self.answer.view)
        parts: list[RenderableType] = []
        if shown.phase:
            names = ", ".join(tame(name.text or name.entry) for name in shown.phase)
            parts.append(Text(self.say("phase", names=names)))
        parts.append(self._tree({place.id: place for place in (*shown.bodies, *shown.levels)}))
        if shown.departed:
            parts += [Text(), self._list("departed", (self._departure(gone) for gone in shown.departed))]
        if shown.undetermined:
            parts += [Text(), self._list("undetermined", (self._in_a_row(line) for line in shown.undetermined))]
        if shown.conflicts:
            parts += [Text(), Text(self.say("conflicts", count=len(shown.conflicts)))]
        return self.framed(*parts)

    def _list(self, title: str, rows: Iterable[Text]) -> Tree:
        drawn = Tree(Text(self.say(title), style="bold"), guide_style="dim")
        for row in rows:
            drawn.add(row)
        return drawn

    def _tree(self, places: dict[str, Place]) -> Tree:
        """Everything under what it belongs to; what belongs nowhere shown stands directly under the process."""
        beneath: dict[str | None, list[Place]] = {}
        for place in places.values():
            beneath.setdefault(_above(place, places), []).append(place)
        drawn = Tree(Text(self.name(PROCESS), style="bold"), guide_style="dim")
        todo = [(drawn, place) for place in reversed(beneath.get(None, ()))]
        shown: set[str] = set()
        # Perhaps two bodies that are only perhaps there were told to stand under each other: they follow at the end.
        for rest in (None, *places.values()):
            if rest is not None and rest.id not in shown:
                todo.append((drawn, rest))
            while todo:
                under, place = todo.pop()
                shown.add(place.id)
                node = under.add(self._place(place, places))
                todo += [(node, child) for child in reversed(beneath.get(place.id, ())) if child.id not in shown]
        return drawn

    def _place(self, place: Place, places: dict[str, Place]) -> Text:
        text = Text(self.named(place.id, place.name), style="bold" if place.kind == "body" else "")
        details = [*self._kind_and_level(place, places), *self._marks(place)]
        begun = self.say("begun", when=self._when(place.life.founded_by))
        details += [begun, self.say("entry", number=place.life.founded_by)]
        return text.append(" · " + " · ".join(filter(None, details)), style="not bold")

    def _kind_and_level(self, place: Place, places: dict[str, Place]) -> Iterator[str]:
        kind = word(TERMS, place.body_kind, self.language, of="kind") if place.body_kind else ""
        if kind not in (place.name.text or ""):  # most names of bodies say it themselves
            yield kind
        if place.level is not None and place.level != _above(place, places):
            yield self.name(place.level)
        if place.project_of is not None and place.project_of.value is not None:
            yield self.say("project-of", name=self.name(place.project_of.value))
        if place.status is not None and place.status.value not in (None, "active"):
            yield word(TERMS, str(place.status.value), self.language, of="status")

    def _marks(self, place: Place) -> Iterator[str]:
        if place.presence != "there":
            yield word(PRESENCE, place.presence, self.language)
        if place.inferred:
            yield self.say("inferred")
        told = [t for t in (place.told_parent, place.told_level, place.status, place.project_of) if t is not None]
        later = {number for t in told for number in t.order_not_known if self._surely_later(number, t.entry)}
        rivals = [t for t in told if not later.issuperset(t.order_not_known)]
        if open_order := {number for t in rivals for number in (t.entry, *t.order_not_known)} - later - {None}:
            yield self.say("order-open", numbers=", ".join(map(str, sorted(filter(None, open_order)))))
        if later:
            yield self.say("perhaps-changed", numbers=", ".join(map(str, sorted(later))))
        if place.under_itself:
            yield self.say("under-itself")

    def _surely_later(self, number: int, earlier: int | None) -> bool:
        """Whether an entry that may have come last came after another one for certain, if it came at all yet."""
        view = self.answer.view
        return earlier is None or view.room(number).first > view.room(earlier).last

    def _departure(self, gone: Departure) -> Text:
        ended = how_it_ended(gone, self.language)
        heir = gone.successor
        if heir is not None and heir in self.answer.view.state:
            heir = self.name(heir)
        name = self.named(gone.id, gone.name) + (f" → {tame(heir)}" if heir else "")
        when = self.say("ended", when=self._when(gone.entry))
        return Text(" · ".join([name, ended, when, self.say("entry", number=gone.entry)]))

    # ---- lists --------------------------------------------------------------------------------------------------

    def entries(self, title: str, numbers: Iterable[int]) -> Tree:
        """Some entries under a title."""
        known = (number for number in numbers if number in self.answer.view.effective.by_number)
        return self._list(title, (self._in_a_row(telling.line(self.answer.view, number)) for number in known))

    def timeline(self) -> Group:
        """Every entry in the order things happened."""
        drawn = table(self.language, "number", "when", "what", "marks")
        for line in timeline(self.answer.view):
            marks = ", ".join(self._marks_of_entry(line))
            what = "\n".join((self._heading(line), *self._plainly(line)))
            drawn.add_row(*map(Text, (str(line.number), self._when(line.number), what, marks)))
        return self.framed(drawn)

    def _marks_of_entry(self, line: Line) -> Iterator[str]:
        if line.state != "certain":
            yield word(STATES, line.state, self.language)
        if line.corrected_by:
            yield self.say("corrected", numbers=counted(line.corrected_by))
        if line.withdrawn_by:
            yield self.say("withdrawn", numbers=counted(line.withdrawn_by))
        if not self.answer.public and line.public_from is None:
            yield self.say("not-public")
        elif not self.answer.public and line.public_from is not None and line.public_from > datetime.now(UTC):
            there = line.public_from.astimezone(self.answer.view.effective.zone)
            yield self.say("public-from", instant=f"{there:%d.%m.%Y %H:%M %Z}")

    def roles(self) -> Group:
        """Who held which role, where and since when, and how surely on the day."""
        drawn = table(self.language, "who", "role", "where", "when", "presence", "number")
        for role in roles(self.answer.view):
            drawn.add_row(
                Text(self.named(role.actor, role.actor_name)),
                Text(tame(role.title) if role.title else word(TERMS, role.kind, self.language, of="kind")),
                Text(self.name(role.body) if role.body else self.say("whole-process")),
                Text(self._when(role.life.founded_by)),
                Text(word(PRESENCE, role.presence, self.language)),
                Text(str(role.life.founded_by)),
            )
        return self.framed(drawn)

    def conflicts(self) -> Group:
        """Contradictions and doubts, one a line."""
        found = [
            Text(tame(say(CONFLICTS[conflict.code], self.language, conflict.model_dump())))
            for conflict in structure(self.answer.view).conflicts
        ]
        return self.framed(*(found or [Text(self.say("no-conflicts"))]))

    # ---- the why-path -------------------------------------------------------------------------------------------

    def why(self, path: Why) -> Group:
        """An entry, what led to it and what came of it, each with who, when, how, on which grounds and sources."""
        lines = {line.number: line for line in (path.entry, *path.causes, *path.consequences)}
        causes: dict[int, list[int]] = {}
        effects: dict[int, list[int]] = {}
        for cause, effect in path.links:
            causes.setdefault(effect, []).append(cause)
            effects.setdefault(cause, []).append(effect)
        number = path.entry.number
        spans = {span.cause if span.effect == number else span.effect: span for span in path.spans}
        related: list[RenderableType] = []
        if path.related:
            related = [Text(), self._list("related", map(self._in_a_row, path.related))]
        return self.framed(
            self._told(path.entry),
            Text(),
            self._chain("causes", number, causes, lines, spans),
            Text(),
            self._chain("consequences", number, effects, lines, spans),
            *related,
        )

    def _chain(
        self, title: str, start: int, links: dict[int, list[int]], lines: dict[int, Line], spans: dict[int, Span]
    ) -> Tree:
        drawn = Tree(Text(self.say(title), style="bold"), guide_style="dim")
        hidden = title == "causes" and lines[start].cause_not_shown  # said beside the entry already
        if start not in links and not hidden:
            drawn.add(Text(self.say(f"no-{title}")))
        todo = [(drawn, number) for number in reversed(links.get(start, ()))]
        told: set[int] = {start}
        while todo:
            under, number = todo.pop()
            if number in told:
                under.add(self._in_a_row(lines[number]).append(f" ({self.say('again')})"))
                continue
            told.add(number)
            node = under.add(self._told(lines[number], spans.get(number)))
            todo += [(node, other) for other in reversed(links.get(number, ()))]
        return drawn

    def _told(self, line: Line, apart: Span | None = None) -> Group:
        told = self._telling(line.number)
        title = Text(f"{self.say('entry', number=line.number)} · {self._heading(line)}", style="bold")
        ends = [use.subject for use in told.step.meaning().ends]
        names = (self.name(subject) for subject in dict.fromkeys((*getattr(told.step, "about", ()), *ends)))
        unsaid = [name for name in names if name not in (line.headline or "")]
        about = [self.say("about", names=", ".join(unsaid))] if unsaid else []
        far = [] if apart is None else [self.say("apart", span=Speaker(self.language).span(apart))]
        details = filter(
            None, (*self._plainly(line), *self._who_and_when(told), *far, *about, *self._why_and_where(line, told))
        )
        return Group(title, *(Padding(Text(detail), (0, 0, 0, 2), expand=False) for detail in details))

    def _who_and_when(self, told: Telling) -> Iterator[str]:
        step, when = told.step, told.occurred
        if when is not None:
            said, own = in_words(when, self.language), worded(when.edtf, when.wording)
            yield self.say("date", when=said) if own is None else self.say("date-worded", when=said, wording=own)
        if by := getattr(step, "by", ()):
            yield self.say("by:decision-taken" if isinstance(step, DecisionTaken) else "by", names=self._names(by))
        elif isinstance(step, DecisionTaken):
            yield self.say("by:decision-taken", names=self.say("nobody-named"))
        if isinstance(step, FeedbackReceived):
            raised = [self._names(step.speakers), step.from_whom or ""]
            yield self.say("raised-by", names=", ".join(filter(None, raised)) or self.say("nobody-named"))
        if isinstance(step, DecisionTaken):
            yield from self._how_decided(step)

    def _how_decided(self, step: DecisionTaken) -> Iterator[str]:
        yield self.say("method", method=word(TERMS, step.method, self.language, of="method"))
        if step.vote is not None:
            yield self.say("vote", yes=step.vote.yes, no=step.vote.no, abstained=step.vote.abstained)
        if step.outcome == "rejected":
            yield self.say("rejected")
        if step.dissent:
            yield self.say("dissent", text=step.dissent)

    def _why_and_where(self, line: Line, told: Telling) -> Iterator[str]:
        if told.grounds:
            yield self.say("grounds", text=told.grounds)
        if line.reason_not_recorded:
            yield self.say("reason-not-recorded")
        if line.cause_not_shown:
            yield self.say("cause-not-shown")
        for source in told.sources:
            yield self.say("source", source=self._source(source))
        if told.asserted_by:
            yield self.say("account-of", names=self.name(told.asserted_by))
        yield ", ".join(self._marks_of_entry(line))

    def _source(self, source: Source) -> str:
        title = source.title or (self.name(source.document) if source.document else None)
        page = self.say("page", page=source.page) if source.page else None
        lines = self.say("lines", lines=source.lines) if source.lines else None
        return ", ".join(filter(None, (title, page, lines, source.url)))


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two answers; `before` and `after` know the names, where there was a process already."""

    items: Sequence[Item]
    before: Page | None
    after: Page | None
    language: Language

    def drawn(self) -> Table:
        """One row per difference, with the entries that caused it."""
        drawn = table(self.language, "subject", "aspect", "before", "after", "because")
        for row in self.rows():
            drawn.add_row(*map(Text, row))
        return drawn

    def rows(self) -> Iterator[tuple[str, str, str, str, str]]:
        """Each difference in words, the structure first: what, in which respect, before, after, by which entries."""
        for item in readable(self.items):
            kind = word(SUBJECTS, item.subject_kind, self.language)
            yield (
                f"{kind}: {tame(item.name.text or item.subject)}",
                word(ASPECTS, item.aspect, self.language),
                self._value(item, item.before, self.before),
                self._value(item, item.after, self.after),
                ", ".join(map(str, item.causes)),
            )

    def _value(self, item: Item, value: object, side: Page | None) -> str:
        match item.aspect:
            case "counted" if item.subject_kind in PASSING:
                return phrase(f"passing:{str(bool(value)).lower()}", self.language)
            case "counted" | "sure" | "inferred":
                return phrase(f"{item.aspect}:{str(bool(value)).lower()}", self.language)
            case "name":
                return self._name(item.subject, side) if value == item.before else tame(item.name.text or item.subject)
            case "status" | "kind" if value is not None:
                return word(TERMS, str(value), self.language, of=item.aspect)
            case "parent" | "told_parent" if value is None:
                return phrase("top", self.language)
            case _:
                return "–" if value is None else self._name(str(value), side)

    def _name(self, subject: str, side: Page | None) -> str:
        if side is not None and subject in side.answer.view.state:
            return side.name(subject)
        given = (item.name.text for item in self.items if item.subject == subject)
        return tame(next(given, None) or subject)


def _above(place: Place, places: dict[str, Place]) -> str | None:
    """What a place is drawn under: where it stands, or – where it is only perhaps there – was told to stand."""
    perhaps = place.presence == "perhaps-there"
    told_level = place.told_level.value if perhaps and place.told_level is not None else None
    above = (place.parent, place.told_parent.value if perhaps else None, place.level, told_level)
    return next((id_ for id_ in above if id_ in places and id_ != place.id), None)
