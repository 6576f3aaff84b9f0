"""The laws of time, structure, correction and publication, as functions that take a history and assert.

`test_laws.py` holds them over generated histories; `test_laws_bite.py` breaks the domain, one function at a time, and
sees each of them fail. Where `worlds.py` says the same a second way, both accounts are compared.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import assume
from pydantic import BaseModel

from adapters.registers import REGISTERS
from domain import contradictions, entry, form_rules, replay
from domain.commitment import canonical
from domain.errors import Refused
from domain.publication import EntryPublished, Statement
from domain.record import Salts
from domain.view import View
from projections import difference
from projections.completeness import Completeness
from tests.histories import FIRST, LAST, days
from tests.office import Office, contents, published, tell, withdrawn
from tests.worlds import Picture, chosen, public_from, starts, tries, worlds
from tests.worlds_rules import PLACING, homeless, named
from tests.worlds_rules import contradictions as contradictions_by_worlds

SOME_DAYS = (FIRST, FIRST + 4, FIRST + 6, FIRST + 9, LAST)
MOST_TRIES = 3_000
CERTAINLY_IMPOSSIBLE = {
    "unknown", "wrong-kind", "founded-twice", "ended-twice", "ends-what-it-needs", "own-parent", "order", "circle",
    "parent-circle",
}  # fmt: skip
AGREEING = {"unit-differs", "not-in-set", "decision-not-adopted", "chosen-twice"}
"""What entries have to agree about, whenever they happened."""


def shown(log: replay.Effective, day: int) -> list[object]:
    """Everything a view says."""
    seen = View(log, day)
    standing = {id_: seen.standing(id_) for id_ in seen.state}
    return [seen.position, seen.rooms, seen.order, seen.undetermined, seen.conflicts, standing]


def answers(log: replay.Effective, day: int) -> dict[str, object]:
    """What every register answers, by its name."""
    seen = View(log, day)
    return {register.name: register.read(seen) for register in REGISTERS}


def leaves(answer: object, path: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], object]]:
    """Every single value of an answer with the path to it."""
    match answer:
        case BaseModel():
            inner: Iterator[tuple[object, object]] = iter(answer)
        case Mapping():
            inner = iter(answer.items())
        case list() | tuple():
            inner = iter(enumerate(answer))
        case _:
            yield path, answer
            return
    for name, value in inner:
        yield from leaves(value, (*path, name))


def instants(office: Office) -> list[datetime]:
    """The instants at which anything about the log can change, and one after all of them."""
    recorded = {e.recorded_at for e in office.entries}
    public = {since for e in office.entries if (since := public_from(office.entries, e.number)) is not None}
    return [*sorted(recorded | public), max(recorded | public) + timedelta(days=9)]


def pictured(office: Office, read_on: Sequence[int] = ()) -> Picture:
    """The history by worlds, if there are few enough of them to look at."""
    picture = Picture(office.entries, read_on)
    assume(picture.tries() <= MOST_TRIES)
    return picture


def few_ways(picture: Picture) -> bool:
    """Whether there are few enough worlds to look for contradictions in."""
    return sum(map(tries, picture.tied({n: told.refusing for n, told in picture.told.items()}))) <= 20 * MOST_TRIES


# ---- 1 and 2: time ---------------------------------------------------------------------------------------------------


def law_1_an_answer_with_fixed_times_never_changes(office: Office) -> None:
    """Fixed position, D, T ≤ last recorded_at: appending never changes an answer.

    Seen to fail when corrections and withdrawals were applied before entries were chosen.
    """
    for last, following in pairwise([*office.entries, None]):
        assert last is not None
        if following is not None and following.recorded_at == last.recorded_at:
            continue
        then = replay.Effective(office.entries[: last.number])
        for seen_at in (None, last.recorded_at, last.recorded_at - timedelta(hours=9)):
            before = replay.effective(then, published_by=seen_at)
            now = replay.effective(office.log, known_by=last.recorded_at, published_by=seen_at)
            assert [e.number for e in now.entries] == [
                e.number for e in chosen(office.entries, last.recorded_at, seen_at)
            ]
            for day in SOME_DAYS[1:4]:
                assert shown(before, day) == shown(now, day)


def law_2_what_is_certain_stays_certain(office: Office) -> None:
    """certain(D) ⊆ certain(D′) for D ≤ D′. At D ≥ the day of the last recording nothing is undetermined.

    Seen to fail when entries were ordered by their first day.
    """
    seen = View(office.log, FIRST)
    order = seen.order
    assert sorted(order) == sorted(office.log.graph.forms)
    before: set[int] = set()
    for day in days():
        today = seen.on(day)
        certain = {number for number in order if today.certain(number)}
        assert before <= certain
        assert certain == set(order[: len(certain)]), "the certain entries are a prefix of the happened order"
        before = certain
        if day >= office.log.day(office.entries[-1].recorded_at):
            assert today.undetermined == []
            assert certain == set(order)


# ---- 3 and 4: worlds -------------------------------------------------------------------------------------------------


def law_3_a_room_is_the_days_of_some_world_and_the_view_is_the_latest_one(office: Office) -> None:
    """Room = exactly the days an entry has in some world. The view on D = replay of the world of the latest days.

    Seen to fail when needs narrowed no last day, and when an end before an approximate founding was dropped.
    """
    picture = pictured(office)
    seen = View(office.log, FIRST)
    rooms = {number: (room.first, room.last) for number, room in seen.rooms.of.items()}
    assert rooms == {moment: room for moment, room in picture.rooms.items() if moment > 0}
    for group in picture.tied(picture.bounds):
        ways = picture.worlds[min(group)]
        for moment in group if ways else ():
            first, last = picture.rooms[moment]
            assert {day for day in starts(group) if first <= day <= last} == {world[moment] for world in ways}
    assert seen.order == picture.order()
    for day in days():
        _same_structure(seen.on(day), picture)


def _same_structure(seen: View, picture: Picture) -> None:
    structure = picture.on(seen.day)
    assert {id_ for id_ in seen.state if seen.counted(id_)} == structure.there
    rooms = picture.rooms
    assert set(seen.undetermined) == {n for n in picture.told if rooms[n][0] <= seen.day < rooms[n][1]}
    for id_ in structure.there:
        standing = seen.standing(id_)
        said = {attribute: value for (subject, attribute), value in structure.said.items() if subject == id_}
        readings = standing.attributes | {
            "name": standing.name,
            "parent": standing.told_parent,
            "level": standing.told_level,
        }
        assert {a: r.value for a, r in readings.items() if r.value is not None} == {
            a: value for a, value in said.items() if value is not None
        }
        if standing.subject.kind in ("body", "level"):
            assert standing.parent == structure.parent(id_)
            assert standing.inferred == (standing.parent != structure.told_parent(id_))
            assert standing.level == structure.level(id_)


def law_4_what_is_sure_holds_in_every_world(office: Office) -> None:
    """What is marked sure holds in every world; what is marked not sure is there in one and not in another.

    Seen to fail when an end counted only once it was certain, and when needs did not settle which value came last.
    """
    picture = pictured(office, SOME_DAYS)
    assume(picture.possible)
    seen = View(office.log, FIRST)
    for day in SOME_DAYS:
        today = seen.on(day)
        for id_ in today.state:
            standing = today.standing(id_)
            there = picture.there_in(id_, day)
            expected = {True} if standing.sure else {True, False} if standing.counted or standing.possible else {False}
            assert there == expected, (id_, day)
            for attribute in standing.subject.assigned if standing.counted else ():
                reading = today.read(standing.subject, attribute)
                values = picture.values_in(id_, attribute, day)
                assert reading.value in values
                assert (values == {reading.value}) == (not reading.rivals), (id_, attribute, day, values)


def law_4_order_is_refused_exactly_where_no_world_is_left(office: Office) -> None:
    """An entry is refused for "order" if and only if no world exists; and all of 6.2, by both accounts.

    Seen to fail when only neighbours were compared, not whole chains of needs; when a choice counted that another had
    replaced, when criteria of another set went unnoticed, and when goals served each other in a ring.
    """
    picture = Picture(office.entries)
    assume(few_ways(picture))
    found = contradictions.contradictions(office.log.graph)
    expected = contradictions_by_worlds(picture)
    codes = {"unknown" if c.code == "wrong-kind" else c.code for c in found}
    expected_codes = {code for code, _ in expected}
    if "circle" in codes:  # of two entries that need each other, both placements are "surely before" the other
        codes.discard("parent-circle")
        expected_codes.discard("parent-circle")
    assert codes == expected_codes
    agreeing = {(c.code, c.subject if c.code == "chosen-twice" else (c.entries[0], c.subject)) for c in found}
    assert {c for c in agreeing if c[0] in AGREEING} == {c for c in expected if c[0] in AGREEING}
    for contradiction in found:
        match contradiction.code:
            case "order":
                earlier, later = contradiction.entries
                assert earlier in picture.all_needs(later)
                assert picture.told[earlier].refusing[0] > picture.told[later].refusing[1]
            case "founded-twice" | "ended-twice":
                assert (contradiction.code, contradiction.subject) in expected
            case "unknown" | "wrong-kind":
                assert ("unknown", (contradiction.entries[0], contradiction.subject)) in expected
            case "circle":
                assert all(("circle", number) in expected for number in contradiction.entries)
            case "parent-circle":
                _a_ring_in_every_world(picture, contradiction.entries)


def _a_ring_in_every_world(picture: Picture, placing: tuple[int, ...]) -> None:
    """Refused is only what is impossible: the placements hold on a common day, however the open dates turn out."""
    refusing = {n: told.refusing for n, told in picture.told.items()}
    (group,) = (group for group in picture.tied(refusing) if placing[0] in group)
    if tries(group) > MOST_TRIES:
        return
    placed = [a for n in placing for a in picture.told[n].meaning.assigns if a.attribute in PLACING]
    parents = {a.value for a in placed}
    for world in worlds(group, picture.needs):
        day = max(world[number] for number in placing)
        for body in {a.subject for a in placed} & parents:
            moving = {n for attribute in PLACING for n in picture.assigning(body, attribute)} - set(placing)
            assert not {n for n in moving if world[n] <= day and not _before_one_of(picture, world, n, placing)}


def _before_one_of(picture: Picture, world: Mapping[int, int], number: int, placing: tuple[int, ...]) -> bool:
    return any(world[number] < world[n] or number in picture.all_needs(n) for n in placing)


def law_admission_refuses_what_adds_a_certain_contradiction(office: Office, statement: Statement) -> None:
    """And nothing else, once the form is right; an admitted log is free of contradictions (SEMANTICS 6.2).

    Seen to fail when only the new entries were looked at, not the subjects they found and end.
    """
    assume(few_ways(Picture(office.entries)))
    assert contradictions.contradictions(office.log.graph) == set()
    assert contradictions_by_worlds(Picture(office.entries)) == set()
    codes = office.refuses(statement)
    assume(codes <= CERTAINLY_IMPOSSIBLE | AGREEING)
    office.heap(statement)
    expected = {code for code, _ in contradictions_by_worlds(Picture(office.entries))}
    codes = {"unknown" if code == "wrong-kind" else code for code in codes}
    if "circle" in codes:
        codes.discard("parent-circle")
        expected.discard("parent-circle")
    assert codes == expected


def law_what_certainly_stands_beneath_needs_a_destination(office: Office) -> None:
    """It must have one if it stands there in every world, and is hinted at if in some (SEMANTICS 6.4).

    Seen to fail when a second placement at the same place counted as leaving it.
    """
    picture = Picture(office.entries)
    assume(tries({n: told.refusing for n, told in picture.told.items()}) <= MOST_TRIES)
    for number, form in office.log.graph.forms.items():
        found: dict[str, bool] = {}
        for subject, surely in form_rules.beneath(office.log, form):
            found[subject] = found.get(subject, False) or surely
        assert found == homeless(picture, number)


# ---- 5 to 7: structure, order of recording, withdrawals --------------------------------------------------------------


def law_5_no_body_is_an_orphan_and_no_parents_run_in_a_ring(office: Office) -> None:
    """Every counted subject's effective parent is counted or none; following parents never returns. Any heap.

    Seen to fail when bodies moved up one step only, and when rings were let stand.
    """
    seen = View(office.log, FIRST)
    for day in days():
        today = seen.on(day)
        standings = {id_: today.standing(id_) for id_ in today.state}
        above = {id_: standing.parent for id_, standing in standings.items() if standing.counted}
        for id_, parent in above.items():
            assert parent is None or parent in above
            passed, at = {id_}, parent
            while at is not None:
                assert at not in passed
                passed.add(at)
                at = above[at]


def law_6_what_is_sure_does_not_depend_on_the_order_of_recording(office: Office, shuffled: list[int]) -> None:
    """The same statements, recorded on the same days in another order: `shuffled` holds the numbers in that order.

    Seen to fail when the last recorded assignment held.
    """
    other = Office()
    number_of = {old: new for new, old in enumerate(shuffled, start=1)}
    by_number = office.log.by_number
    for new, old in enumerate(shuffled, start=1):
        told = entry.resolve(by_number[old].statement, lambda reference, _: number_of.get(int(reference), reference))
        other.log.append(entry.Entry(told, new, new, office.entries[-1].recorded_at, "office"))
    one = replay.Effective(
        entry.Entry(e.statement, e.number, e.number, office.entries[-1].recorded_at, "office") for e in office.entries
    )
    assume(not contradictions.contradictions(one.graph))  # dates may read otherwise when all are stated on one day
    for day in days():
        assert dict(_sure(View(one, day), number_of)) == dict(_sure(View(other.log, day), {}))


def _sure(seen: View, number_of: Mapping[int, int]) -> Iterator[tuple[object, object]]:
    for id_, subject in seen.state.items():
        standing = seen.standing(id_)
        yield id_, (standing.counted, standing.sure, standing.possible)
        for attribute in subject.assigned if standing.counted else ():
            reading = seen.read(subject, attribute)
            value = number_of.get(reading.value, reading.value) if isinstance(reading.value, int) else reading.value
            yield (id_, attribute), "order not known" if reading.rivals else value


def law_7_withdrawing_a_withdrawal_restores_everything(office: Office, number: int) -> None:
    """Withdraw, then withdraw the withdrawal: same forms, same public_from.

    Seen to fail when a withdrawn withdrawal still took its target out of force.
    """
    before = _forms_and_publication(office, len(office.entries))
    kept = len(office.entries)
    office.heap(withdrawn(number))
    assert not office.log.in_force(number)
    office.heap(withdrawn(kept + 1))
    assert _forms_and_publication(office, kept) == before
    assert contents(office.log) == contents(replay.Effective(office.entries))


def _forms_and_publication(office: Office, last: int) -> object:
    forms = {number: form for number, form in office.log.graph.forms.items() if number <= last}
    return forms, [office.log.public_from(number) for number in range(1, last + 1)]


# ---- 8 to 10: publication --------------------------------------------------------------------------------------------


def law_8_the_public_answer_rests_on_public_entries_alone(office: Office) -> None:
    """It equals the answer from a log in which every unpublished entry is replaced by an empty stub.

    So does the answer of every register; and where what is public names an unpublished entry as its cause, it would
    have been the same with any other one.

    Seen to fail when unpublished corrections were applied before entries were chosen; when the chosen entries shared
    the list of corrections with all the others, and when an account named causes that are not public.
    """
    for at in instants(office):
        public = {e.number for e in chosen(office.entries, published_by=at)}
        stubbed = replay.Effective(_stubbed(e, public) for e in office.entries)
        answer, expected = (replay.effective(log, published_by=at) for log in (office.log, stubbed))
        assert {e.number for e in answer.entries} == public
        for day in SOME_DAYS[1:4]:
            assert shown(answer, day) == shown(expected, day)
        for day in SOME_DAYS[1:4:2]:
            assert answers(answer, day) == answers(expected, day)


def _stubbed(e: entry.Entry, public: set[int]) -> entry.Entry:
    """An entry of which nothing is known, or a public one that names no other entry than public ones."""
    if e.number not in public:
        blank = tell({"type": "context-noted", "what": "…"})
        return entry.Entry(blank, e.number, e.position, e.recorded_at, "office")
    told = entry.resolve(e.statement, lambda reference, _: reference if reference in public else 1_000_000)
    return replace(e, statement=told)


def law_9_the_public_picture_is_closed_true_and_was_held_by_the_office(office: Office) -> None:
    """At every instant the public set is closed, free of contradictions, and every form in it was once the office's.

    What becomes public has a form that the office has held since it was published.

    Seen to fail when a publication asked only for what its targets target, not for corrections and foundings; and when
    it did not ask for what a decision settles, or for what another account names.
    """
    held: dict[int, list[tuple[int, replay.Form]]] = {}
    for last in office.entries:
        for number, form in replay.Effective(office.entries[: last.number]).graph.forms.items():
            held.setdefault(number, []).append((last.number, form))
    for at in instants(office):
        public = chosen(office.entries, published_by=at)
        numbers = {e.number for e in public}
        for e in public:
            for any_of in named(office.entries, e):
                assert any_of & numbers, f"{e.number} is public and none of {any_of}"
        assert contradictions_by_worlds(Picture(public)) == set()
        for number, form in replay.effective(office.log, published_by=at).graph.forms.items():
            new = public_from(office.entries, number) == at
            since = min(p for p in office.log.publications[number] if office.log.in_force(p)) if new else 0
            assert form in [then for position, then in held[number] if position >= since]


def law_10_public_sets_only_grow_and_everything_can_be_published(office: Office) -> None:
    """Public sets grow with T; equal size means equal set. Publishing everything unpublished is admitted.

    Seen to fail when a publication ended after a day, and when contradictions were sought in uncorrected originals.
    """
    log = office.log
    sets = {at: {e.number for e in office.entries if log.public(e.number, at)} for at in instants(office)}
    for smaller, larger in pairwise(sets.values()):
        assert smaller <= larger
    hidden = [
        e.number
        for e in office.entries
        if not log.public(e.number, office.now)
        and not isinstance(e.statement.step, EntryPublished)
        and log.subject_of(e) is not None
    ]
    if hidden:
        office.record(published(*hidden))
        assert replay.effective(log, published_by=office.now).graph.forms == log.graph.forms
    for at, known in sets.items():
        assert known <= {e.number for e in chosen(office.entries, published_by=at)}


# ---- 11 to 13: batches, differences, erasure -------------------------------------------------------------------------


def law_11_two_entries_are_admitted_as_one_batch(office: Office, one: Statement, other: Statement) -> None:
    """Two entries admitted one after the other are admitted as one batch.

    Seen to fail when a statement could not name one of the same list.
    """
    try:
        office.record(one)
        office.record(other)
    except Refused:
        assume(False)
    separate = [office.forget(), office.forget()][::-1]
    admitted = office.record(one, other)
    assert [e.statement for e in admitted.entries] == [e.statement for e in separate]


Times = tuple[int, datetime | None, datetime | None]
"""What a view is asked for: happened by a day, known by an instant, public by an instant."""


def law_12_every_difference_has_a_cause(office: Office, before: Times, after: Times) -> None:
    """diff(a, a) is empty; every item has a cause; every cause is chosen in a or in b.

    Seen to fail when the end of what lasted was no cause, and when a standing rested on its founding alone.
    """
    a, b = (
        View(replay.effective(office.log, known_by=known_by, published_by=published_by), day)
        for day, known_by, published_by in (before, after)
    )
    assert difference.difference(a, a) == []
    for item in difference.difference(a, b):
        assert item.causes, item
        assert set(item.causes) <= a.effective.by_number.keys() | b.effective.by_number.keys()
        assert item.before != item.after


def law_13_erasing_texts_changes_nothing_but_texts(office: Office, gone: set[int], following: Statement) -> None:
    """Erasing any texts changes no view, no refusal, no difference; and no fact, number or order in any register.

    Nor does a register show an older text in the place of one that was erased.

    Seen to fail when the fold kept names only while their texts were there; when a register sorted or counted by a
    text, when an older name stepped in, when an entry whose grounds were erased counted as one without a reason, and
    when a meeting of which an erased entry told last was shown at the place that was announced before.
    """
    salts = Salts(b"f" * 32, b"i" * 32, b"t" * 32)
    worded, erased = Office(), Office()
    erased.now, erased.keys = office.now, dict(office.keys)
    for kept in office.entries:
        record = entry.seal(kept, salts)
        record = replace(record, texts=_marked(record.texts, kept.number))
        worded.log.append(entry.read(record))
        if kept.number in gone:
            record = replace(record, texts=None)
        erased.log.append(entry.read(record))
    for day in SOME_DAYS[1:4]:
        assert shown(erased.log, day) == shown(office.log, day)
        _only_texts_differ(answers(worded.log, day), answers(erased.log, day), erased.log)
    codes = office.refuses(following)
    if codes != {"nothing-corrected"}:  # compares texts, as the same key does (9.3)
        assert erased.refuses(following) == codes


A_TEXT = "§"
"""Begins every text of a log that is compared with one whose texts were erased."""


def _marked(texts: bytes | None, number: int) -> bytes:
    """Other texts in the same places, each its own: none of them can be taken for a fact."""
    return canonical({pointer: f"{A_TEXT}{number}{pointer}" for pointer in json.loads(texts or b"{}")})


SAYS_WHAT_IS_ERASED = {"erased", "erased_at", "erased_by", "note_erased", "erased_there", "without_reason"}


def _only_texts_differ(before: dict[str, object], after: dict[str, object], erased: replay.Effective) -> None:
    """Where a text was there is that text or none; that it was erased may be said, and all else is the same.

    Two places are about texts themselves: the headline of an account falls back on the name of what it is about, and
    nobody can say any more whether an entry without texts had grounds.
    """
    was, is_ = (
        {path: value for path, value in leaves(answer) if not SAYS_WHAT_IS_ERASED.intersection(path)}
        for answer in (before, after)
    )
    assert was.keys() == is_.keys()
    for path, value in was.items():
        if not (isinstance(value, str) and A_TEXT in value):
            assert is_[path] == value, path
        elif path[0] != "claims" or path[-1] != "says":
            assert is_[path] in (value, None), path
    lacking, left = (_without_reason(answer["completeness"]) for answer in (before, after))
    assert left == {n for n in lacking if not erased.by_number[erased.graph.forms[n].told_by].erased}


def _without_reason(found: object) -> set[int]:
    assert isinstance(found, Completeness)
    return set(found.without_reason.entries)
