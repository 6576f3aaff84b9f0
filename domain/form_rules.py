"""The form of a statement (SEMANTICS 6.1): looked at once, in its turn, on the entries recorded so far."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from domain.entry import Entry, causes, missing_texts, numbers, split
from domain.errors import Refusal, Refused, refused
from domain.feedback import FeedbackAnswered
from domain.findings import ClaimDisputed
from domain.installation import ENGINE, INSTALLATION, LogKeyChanged
from domain.meaning import Assignment, Meaning
from domain.meetings import MeetingChanged, MeetingHeld, MeetingPlanned, Timed, shown_by_clocks
from domain.monitoring import IndicatorMeasured
from domain.process import RESERVED, ProcessOpened
from domain.publication import EntryCorrected, EntryPublished, EntryWithdrawn, PlainLanguageAdded, Telling, TextsErased
from domain.publishing import left_hanging, needed
from domain.replay import Effective, Form
from domain.rooms import Room, room
from domain.scenarios import ScenarioAssessed
from domain.step import Step
from domain.structure import BodiesMerged, Destination
from domain.when import stated


def check(log: Effective, entry: Entry, *, erased: bool = False) -> None:
    """Everything that can be said before the entry takes its place; all complaints are raised together.

    Where the same list says that its texts were `erased`, none is missing: it comes from another installation.
    """
    found = [complaint for complaint in _complaints(log, entry) if not (erased and complaint.code == "text-missing")]
    if found:
        raise Refused(*found)


def check_in_place(log: Effective, entry: Entry) -> None:
    """What needs the entry in its place: destinations for all beneath what ends, and what publication asks for."""
    step = entry.statement.step
    if isinstance(step, EntryPublished):
        effect = log.public_from(entry.number) or entry.recorded_at
        if along := needed(log, entry.targets, effect):
            raise refused("not-public-along", "/step/targets", entries=along)
    if isinstance(step, EntryWithdrawn):
        target = log.by_number[entry.targets[0]]
        if isinstance(target.statement.step, EntryPublished) and (
            hanging := left_hanging(log, target, entry.recorded_at)
        ):
            raise refused("published-with-it", "/step/target", number=target.number, entries=hanging)
    root = log.subject_of(entry)
    if isinstance(step, EntryWithdrawn) or root not in log.graph.forms:
        return
    homeless = sorted({subject for subject, surely in beneath(log, log.graph.forms[root]) if surely})
    if homeless:
        raise refused("destinations-missing", "/step/destinations", subjects=homeless)


def _complaints(log: Effective, entry: Entry) -> Iterator[Refusal]:
    statement, step = entry.statement, entry.statement.step
    if statement.process == INSTALLATION or (not log.entries and statement.process in RESERVED):
        if (statement.process, entry.recorded_by) != (INSTALLATION, ENGINE):
            yield Refusal("process-id-reserved", {"process": statement.process}, pointer="/process")
    elif isinstance(step, LogKeyChanged):
        yield Refusal("installation-alone", {"type": step.type}, pointer="/step/type")
    if not log.entries and not isinstance(step, ProcessOpened):
        yield Refusal("process-not-opened", {"process": statement.process}, pointer="/step")
    yield from (Refusal("text-missing", {"field": pointer}, pointer=pointer) for pointer in missing_texts(statement))
    if not entry.about_entries:
        yield from _telling(log, entry, statement, "")
        return
    if statement.occurred is not None or statement.because:
        yield Refusal("about-entries-undated", pointer="/occurred")
    match step:
        case EntryPublished(targets=targets):
            for index, target in enumerate(numbers(targets)):
                yield from _publishable(log, target, f"/step/targets/{index}")
        case EntryWithdrawn(target=int(target)):
            yield from _withdrawable(log, entry, target)
        case EntryCorrected(target=int(target)):
            yield from _correctable(log, entry, target, step)
        case PlainLanguageAdded(target=int(target)):
            yield from _sayable(log, target)
        case TextsErased(target=int(target)):
            yield from _erasable(log, target)
            if step.approved_by == "as-before" and entry.recorded_by != ENGINE:
                yield Refusal("approval-by-nobody", pointer="/step/approved_by")


def _telling(log: Effective, entry: Entry, telling: Telling, at: str) -> Iterator[Refusal]:
    step = telling.step
    yield from _dated(log, entry, telling, f"{at}/occurred")
    if step.structural and not telling.because and telling.grounds is None:
        yield Refusal("reason-missing", pointer=f"{at}/grounds")
    for index, cause in enumerate(causes(telling)):
        yield from _earlier(log, entry, cause, f"{at}/because/{index}")
    yield from _references(log, entry, step, f"{at}/step")
    yield from _of_itself(step, f"{at}/step")
    yield from _particulars(log, telling, f"{at}/step")
    if isinstance(step, ClaimDisputed) and step.account is not None:
        yield from _account(log, entry, step, step.account, f"{at}/step/account")
    if step.__dict__.get("renamed") and getattr(step, step.named_by) is None:
        pointer = f"{at}/step/{step.named_by}"
        yield Refusal("text-missing", {"field": pointer}, pointer=pointer)


def _particulars(log: Effective, telling: Telling, at: str) -> Iterator[Refusal]:
    """What a step has to say beyond its type: in words, which may be erased later, or about its date or its zone."""
    step = telling.step
    if isinstance(step, ScenarioAssessed):
        for index, cell in enumerate(step.cells):
            if cell.state in ("stated", "implied") and cell.says is None and cell.like is None:
                pointer = f"{at}/cells/{index}/says"
                yield Refusal("text-missing", {"field": pointer}, pointer=pointer)
    if isinstance(step, Timed):
        zone = log.zone if step.zone is None else ZoneInfo(step.zone)
        for field, local in step.local_times():
            if not shown_by_clocks(local, zone):
                yield Refusal("local-time-skipped", {"given": local, "zone": zone.key}, pointer=f"{at}/{field}")
    if isinstance(step, MeetingChanged) and step.changes_nothing():
        yield Refusal("nothing-changed", {"subject": step.meeting}, pointer=at)
    if isinstance(step, MeetingHeld) and not step.planned:
        announced = [n for n in log.graph.founders.get(step.meeting, ()) if _announces(log, n)]
        if announced:
            params = {"meeting": step.meeting, "entries": announced}
            yield Refusal("meeting-announced", params, pointer=f"{at}/planned")
    if isinstance(step, IndicatorMeasured) and telling.occurred is not None and telling.occurred.edtf is not None:
        begun, read = stated(step.period).begin, stated(telling.occurred.edtf)
        last = read.end or read.begin
        if begun.firm and last.firm and begun.first > last.last:  # "ca." never refuses (SEMANTICS 1.5)
            params = {"period": step.period, "date": telling.occurred.edtf}
            yield Refusal("period-ahead", params, pointer=f"{at}/period")


def _announces(log: Effective, number: int) -> bool:
    return isinstance(log.graph.forms[number].telling.step, MeetingPlanned)


def _dated(log: Effective, entry: Entry, telling: Telling, at: str) -> Iterator[Refusal]:
    """A date is given, is not ahead, and lasts only where the step can have lasted."""
    occurred = telling.occurred
    if occurred is None:
        yield Refusal("date-missing", pointer=at)
        return
    today = log.day(entry.recorded_at)
    if occurred.in_future(today):
        yield Refusal("date-in-future", {"date": occurred.edtf}, pointer=f"{at}/edtf")
    if occurred.read(today).lasting and not telling.step.lasting:
        yield Refusal("date-not-a-moment", {"date": occurred.edtf}, pointer=f"{at}/edtf")
    for index, earlier in enumerate(numbers(occurred.after)):
        yield from _earlier(log, entry, earlier, f"{at}/after/{index}")


def _references(log: Effective, entry: Entry, step: Step, at: str) -> Iterator[Refusal]:
    """The entries that a step names are there and of a type that it can speak of."""
    for place, number in step.references():
        yield from _earlier(log, entry, number, f"{at}{place}")
        target = log.by_number.get(int(number))
        types = step.refers[place.split("/")[1]]
        if target is not None and types and target.statement.step.type not in types:
            if isinstance(step, FeedbackAnswered):
                yield Refusal("not-a-feedback", {"number": target.number}, pointer=f"{at}{place}")
            else:
                params = {"number": target.number, "permitted": sorted(types)}
                yield Refusal("not-such-an-entry", params, pointer=f"{at}{place}")


def _of_itself(step: Step, at: str) -> Iterator[Refusal]:
    """Nothing replaces, confirms, continues or becomes itself, and no account stands against itself."""
    for field in ("replaces", "confirms", "continues", "becomes"):
        named = step.__dict__.get(field)  # most steps have none of these; pydantic is slow to say so
        if named is not None and named in _own(step.meaning()):
            yield Refusal("refers-to-itself", {"subject": named}, pointer=f"{at}/{field}")
    if isinstance(step, ClaimDisputed) and step.claim == step.against:
        yield Refusal("claim-against-itself", {"number": step.claim}, pointer=f"{at}/against")


def _own(meaning: Meaning) -> set[str]:
    """What a step founds; where it founds nothing, what it ends."""
    return {subject for subject, _ in meaning.founds} or {use.subject for use in meaning.ends}


def _account(log: Effective, entry: Entry, step: ClaimDisputed, account: Telling, at: str) -> Iterator[Refusal]:
    """Another account of the same thing is a statement of the same type; it needs no reason of its own."""
    yield from (found for found in _telling(log, entry, account, at) if found.code != "reason-missing")
    claim = log.by_number.get(int(step.claim))
    if claim is not None and claim.statement.step.type != account.step.type:
        yield Refusal("account-type", {"type": claim.statement.step.type}, pointer=f"{at}/step/type")


def _earlier(log: Effective, entry: Entry, number: int | str, pointer: str) -> Iterator[Refusal]:
    """A number that a telling names exists, is lower, and is no entry about an entry."""
    known = log.by_number.get(int(number))
    if known is None:
        later = isinstance(number, int) and number >= entry.number
        yield Refusal("entry-not-earlier" if later else "unknown-entry", {"entry": number}, pointer=pointer)
    elif known.about_entries:
        yield Refusal("not-about-entries", {"number": number}, pointer=pointer)
    elif known.number in entry.targets:
        yield Refusal("names-itself", {"number": number}, pointer=pointer)


def _publishable(log: Effective, number: int, pointer: str) -> Iterator[Refusal]:
    target = log.by_number.get(number)
    if target is None:
        yield Refusal("unknown-entry", {"entry": number}, pointer=pointer)
    elif log.subject_of(target) is None:
        yield Refusal("not-publishable", {"number": number}, pointer=pointer)


def _withdrawable(log: Effective, entry: Entry, number: int) -> Iterator[Refusal]:
    pointer = "/step/target"
    target = log.by_number.get(number)
    if target is None:
        yield Refusal("unknown-entry", {"entry": number}, pointer=pointer)
        return
    step = target.statement.step
    if isinstance(step, TextsErased):
        yield Refusal("erased-for-good", {"number": number}, pointer=pointer)
    elif not log.in_force(number):
        yield Refusal("not-in-force", {"number": number}, pointer=pointer)
    elif isinstance(step, ProcessOpened):
        yield Refusal("process-stays-open", {"number": number}, pointer=pointer)
    elif isinstance(step, EntryPublished) and log.public(number, entry.recorded_at):
        yield Refusal("published-for-good", {"number": number}, pointer=pointer)
    elif isinstance(step, EntryWithdrawn) and log.subject_of(target) is None:
        yield Refusal("publish-again-instead", {"number": number}, pointer=pointer)


def _sayable(log: Effective, number: int) -> Iterator[Refusal]:
    """Only what is told and holds is said in plain language."""
    target = log.by_number.get(number)
    if target is None:
        yield Refusal("unknown-entry", {"entry": number}, pointer="/step/target")
    elif target.about_entries:
        yield Refusal("not-about-entries", {"number": number}, pointer="/step/target")
    elif not log.in_force(number):
        yield Refusal("not-in-force", {"number": number}, pointer="/step/target")


def _erasable(log: Effective, number: int) -> Iterator[Refusal]:
    """Words are erased once: again only where a correction or a plain text has brought new ones since."""
    target, pointer = log.by_number.get(number), "/step/target"
    if target is None:
        yield Refusal("unknown-entry", {"entry": number}, pointer=pointer)
    elif isinstance(target.statement.step, EntryPublished | TextsErased):
        yield Refusal("no-words-to-erase", {"number": number}, pointer=pointer)
    elif (erasure := log.erasure_of(number)) is not None and all(map(log.erasure_of, log.erased_with(number))):
        yield Refusal("already-erased", {"number": number, "entry": erasure}, pointer=pointer)


def _correctable(log: Effective, entry: Entry, number: int, step: EntryCorrected) -> Iterator[Refusal]:
    target = log.by_number.get(number)
    if target is None:
        yield Refusal("unknown-entry", {"entry": number}, pointer="/step/target")
    elif isinstance(target.statement.step, PlainLanguageAdded):
        yield Refusal("plain-language-anew", {"number": number}, pointer="/step/target")
    elif target.about_entries:
        yield Refusal("correct-the-original", {"number": number}, pointer="/step/target")
    elif not log.in_force(number):
        yield Refusal("not-in-force", {"number": number}, pointer="/step/target")
    else:
        yield from _telling(log, entry, step.corrected, "/step/corrected")
        yield from _same_thing(target, step, log.graph.forms[number].telling)
        last = max(log.corrections_of(number), default=None)
        if step.seen != last:
            params = {"number": number, "seen": step.seen or number, "last": last or number}
            yield Refusal("correction-outdated", params, pointer="/step/seen")


def _same_thing(target: Entry, step: EntryCorrected, in_force: Telling) -> Iterator[Refusal]:
    """A correction may change any field but the type, the ids that the step founds and a process's time zone."""
    told, corrected = target.statement.step, step.corrected.step
    if told.type != corrected.type:
        yield Refusal("type-fixed", {"type": told.type}, pointer="/step/corrected/step/type")
    elif told.meaning().founds != corrected.meaning().founds and (
        {subject for subject, _ in told.meaning().founds} != {subject for subject, _ in corrected.meaning().founds}
    ):
        yield Refusal("ids-fixed", {"number": target.number}, pointer="/step/corrected/step")
    elif isinstance(told, ProcessOpened) and isinstance(corrected, ProcessOpened) and told.zone != corrected.zone:
        yield Refusal("zone-fixed", {"zone": told.zone}, pointer="/step/corrected/step/zone")
    elif _content(step.corrected) == _content(in_force):
        yield Refusal("nothing-corrected", {"number": target.number}, pointer="/step/corrected")


def _content(telling: Telling) -> tuple[dict[str, object], dict[str, str]]:
    facts, texts = split(telling)
    return {name: fact for name, fact in facts.items() if name in Telling.model_fields}, texts


def beneath(log: Effective, form: Form) -> Iterator[tuple[str, bool]]:
    """What stands on or under the subjects that an entry ends and is given no destination (SEMANTICS 6.4).

    True: it certainly stood there and must have one. False: it possibly left or ended before.
    """
    graph = log.graph
    ended = {use.subject for use in form.meaning.ends}
    if not ended or isinstance(form.telling.step, BodiesMerged):
        return
    destinations: tuple[Destination, ...] = form.telling.step.__dict__.get("destinations", ())
    provided = ended | {destination.subject for destination in destinations}
    over = room(graph, form.number, Form.refusing)
    for place in sorted(ended):
        for number in graph.users.get(place, ()):
            for assignment in graph.forms[number].meaning.assigns:
                if assignment.value != place or assignment.attribute not in ("parent", "level"):
                    continue
                if assignment.subject in provided or number == form.number:
                    continue
                left = _left(log, form.number, over, number, assignment)
                if left != "surely":
                    yield assignment.subject, left == "not"


def _left(log: Effective, ending: int, over: Room, placed: int, assignment: Assignment) -> str:
    """Whether a subject left its place before the place ended (`over`): `surely`, `possibly` or `not`."""
    graph, answer = log.graph, "not"
    moves = {n for n in assigning(log, assignment) if assignment not in graph.forms[n].meaning.assigns}
    others = (moves | set(graph.ending(assignment.subject))) - {placed, ending}
    if not others:
        return answer
    begun = room(graph, placed, Form.refusing)
    earlier_than = {n: graph.chain((n,), graph.needs) for n in (placed, ending)}
    later_than = {n: graph.chain((n,), graph.needed_by) for n in (placed, ending)}
    for number in others:
        moved = room(graph, number, Form.refusing)
        before_placed = moved.last < begun.first or number in earlier_than[placed]
        if before_placed or moved.first > over.last or number in later_than[ending]:
            continue
        after_placed = begun.last < moved.first or number in later_than[placed]
        before_end = moved.last < over.first or number in earlier_than[ending]
        if after_placed and before_end:
            return "surely"
        answer = "possibly"
    return answer


def assigning(log: Effective, assignment: Assignment) -> Iterator[int]:
    """The entries in force that assign the same attribute of the same subject."""
    graph, subject = log.graph, assignment.subject
    for number in (*graph.founders.get(subject, ()), *graph.users.get(subject, ())):
        assigns = graph.forms[number].meaning.assigns
        if any((a.subject, a.attribute) == (subject, assignment.attribute) for a in assigns):
            yield number
