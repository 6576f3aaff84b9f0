"""Each law has teeth: the domain is broken, one function at a time, and the law finds it.

These are the only tests that replace code of ours: to see the others fail. A break is a mistake that somebody could
make; several are ones that the laws found in the domain when they were new.
"""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from domain import admission, contradictions, entry, form_rules, publishing, replay, rooms, state, view
from domain.decisions import DecisionTaken
from domain.errors import Refusal, Refused
from domain.publication import EntryPublished
from domain.scenarios import ScenarioChosen
from projections import (
    claims,
    commitments,
    completeness,
    decisions,
    difference,
    findings,
    meetings,
    monitoring,
    open_items,
    plan,
    scenarios,
    telling,
)
from tests import histories as generated
from tests import test_laws
from tests.histories import PUBLISHING, Seeded, heaps, histories

FOLD, READ, CONTRADICTIONS_OF = state.fold, view.View.read, contradictions.contradictions_of
EFFECTIVE, TOLD, DISPUTE, COMMITMENT = replay.effective, telling.told, claims._dispute, commitments._commitment
FROM_ENTRY, SIDE, INDICATOR, CELLS = telling.from_entry, claims._side, monitoring._indicator, scenarios._cells
DISAGREEING, ENTRIES_NAMED = contradictions._disagreeing, entry.entries_named


def correct_first_and_choose_afterwards(everything, *, known_by=None, published_by=None):
    def chosen(e):
        known = known_by is None or e.recorded_at <= known_by
        return known and (published_by is None or everything.public(e.number, published_by))

    return replay.Effective(e for e in everything.entries if e.about_entries or chosen(e))


def order_by_first_day(_graph, found):
    return sorted(found.of, key=lambda number: (found.of[number].first, number))


def let_needs_narrow_nothing(_graph, stated, ordering):
    return {number: stated[number][1] for number in ordering}, {}


def drop_what_ends_before_it_was_founded(forms):
    told = tuple(forms)
    places = {form.number: place for place, form in enumerate(told)}
    state = FOLD(told)
    return {
        id_: s._replace(ended=None) if s.ended is not None and places[s.ended] < places[s.founded] else s
        for id_, s in state.items()
    }


def end_when_the_end_is_certain(self, subject):
    return self.counted(subject.id)


def rival_only_the_last_equal_assignment(self, number, later):
    return self.room(number).last < self.room(later).first


def compare_neighbours_only(graph, tied):
    for number in tied:
        for needed in graph.needs(number):
            if graph.forms[needed].refusing()[0] > graph.forms[number].refusing()[1]:
                yield contradictions.Contradiction("order", (needed, number))


def look_only_at_the_new_entries(graph, numbers, _subjects):
    return CONTRADICTIONS_OF(graph, numbers, ())


def let_an_answer_come_before_its_question(telling):
    return () if telling.occurred is None else telling.occurred.after


def count_choices_that_were_replaced_too(graph, criteria_set):
    named = [graph.forms[number] for number in graph.namers[criteria_set]]
    choices = tuple(other.number for other in named if isinstance(other.telling.step, ScenarioChosen))
    if len(choices) > 1:
        yield contradictions.Contradiction("chosen-twice", choices, criteria_set)


def look_at_the_scenario_and_forget_its_criteria(graph, form):
    found = list(DISAGREEING(graph, form))
    yield from (c for c in found if graph.kind(c.subject) != "criterion")


def let_goals_run_in_a_ring(form):
    return [(a.subject, a.value) for a in form.meaning.assigns if a.attribute == "parent"]


def look_at_the_step_alone(telling):
    after = () if telling.occurred is None else telling.occurred.after
    return {*after, *(number for _, number in telling.step.references())}


def forget_what_a_decision_settles(telling):
    return set() if isinstance(telling.step, DecisionTaken) else ENTRIES_NAMED(telling)


def let_whoever_was_placed_twice_have_left(log, ending, _over, placed, assignment):
    others = {*form_rules.assigning(log, assignment), *log.graph.ending(assignment.subject)} - {placed, ending}
    return "possibly" if others else "not"


def move_up_one_step_only(self, id_):
    return self.read(self.state[id_], "parent").value, []


def let_rings_stand(_, __):
    return []


def let_the_last_recorded_assignment_hold(self, subject, attribute):
    history = [(n, value) for n, value in sorted(subject.assigned.get(attribute, ())) if self.certain(n)]
    return view.Reading(history[-1][1], history[-1][0]) if history else view.NONE


def count_every_withdrawal(self, number):
    return not self.withdrawals.get(number)


def ask_for_what_is_named_only(_log, entry):
    return set() if isinstance(entry.statement.step, EntryPublished) else set(entry.targets)


def publish_for_a_day(self, number, at):
    since = self.public_from(number)
    return since is not None and since <= at and (at - since).days < 1


def see_contradictions_in_the_originals(log, at):
    originals = (e for e in log.entries if not e.about_entries and log.public(e.number, at))
    return contradictions.contradictions(replay.Effective(originals).graph)


def ask_for_an_earlier_list(log, entry, number, pointer):
    known = log.by_number.get(number)
    if known is None or known.recorded_at == entry.recorded_at:
        yield Refusal("unknown-entry", {"entry": number}, pointer=pointer)


def forget_that_what_lasted_ends(seen, number):
    if number not in seen.effective.by_number:
        return None
    form = seen.effective.graph.forms.get(number)
    return form and (form.told_by, seen.certain(number), seen.room(number).first <= seen.day)


def rest_on_the_founding_alone(seen, id_, aspect):
    return frozenset({seen.state[id_].founded})


def name_only_what_still_has_a_name(forms):
    return {
        id_: subject._replace(assigned={a: history for a, history in subject.assigned.items() if a != "name" or named})
        for told in [tuple(forms)]
        for named in [all(getattr(form.telling.step, "name", "") is not None for form in told)]
        for id_, subject in FOLD(told).items()
    }


def share_the_list_of_corrections(everything, *, known_by=None, published_by=None):
    chosen = EFFECTIVE(everything, known_by=known_by, published_by=published_by)
    chosen.corrections = everything.corrections
    return chosen


def name_causes_that_are_not_public(view, form, step):
    return DISPUTE(view, form, step).model_copy(update={"because": list(entry.causes(form.telling))})


def list_by_their_words(seen, kind):
    return sorted(TOLD(seen, kind), key=lambda pair: getattr(pair[1], "text", None) or "")


def take_a_promise_without_words_for_an_open_one(seen, form, step, settled):
    return COMMITMENT(seen, form, step, settled if step.text is not None else None)


def miss_the_grounds_that_were_erased(form):
    return not form.telling.because and form.telling.grounds is None


def show_the_place_announced_before(_view, latest):
    return next((step.place for _, step in latest if step.place is not None), None)


def let_an_older_name_step_in(seen, subject):
    numbers = [n for n, _ in seen.state[subject].assigned["name"] if seen.certain(n)]
    names = [seen.form(n).telling.step.name_of(subject) for n in numbers]
    return telling.Name(text=next((text for text in reversed(names) if text), None), entry=max(numbers, default=None))


def say_that_all_has_happened(seen, form):
    return FROM_ENTRY(seen, form) | {"perhaps": False}


def leave_the_last_one_out(seen, kind):
    return list(TOLD(seen, kind))[:-1]


def begin_a_day_late(seen, kind):
    return [(form, step) for form, step in TOLD(seen, kind) if seen.room(form.number).first < seen.day]


def tell_what_is_still_to_come(seen, kind):
    forms = map(seen.form, seen.order)
    return [(form, form.telling.step) for form in forms if isinstance(form.telling.step, kind)]


def take_what_was_withdrawn_for_in_force(seen, number, told, read, *, withdrawn):
    return SIDE(seen, number, told, read, withdrawn=False)


def settle_by_what_may_still_come(seen, form, step, settled):
    found = COMMITMENT(seen, form, step, settled)
    return found.model_copy(update={"standing": found.perhaps_came or found.standing, "perhaps_came": None})


def drop_by_what_may_still_come(seen, form, step, readings, *, dropped_by, chosen):
    found = INDICATOR(seen, form, step, readings, dropped_by=dropped_by, chosen=chosen)
    return found if dropped_by is None else found.model_copy(update={"standing": "dropped"})


def leave_out_what_nobody_assessed(seen, step, drafted):
    return [cell for cell in CELLS(seen, step, drafted) if cell.state != "not-assessed"]


BREAKS = (
    (
        test_laws.test_1_an_answer_with_fixed_times_never_changes,
        replay,
        "effective",
        correct_first_and_choose_afterwards,
    ),
    (test_laws.test_2_what_is_certain_stays_certain, view, "happened_order", order_by_first_day),
    (
        test_laws.test_3_a_room_is_the_days_of_some_world_and_the_view_is_the_latest_one,
        rooms,
        "latest",
        let_needs_narrow_nothing,
    ),
    (
        test_laws.test_3_a_room_is_the_days_of_some_world_and_the_view_is_the_latest_one,
        view,
        "fold",
        drop_what_ends_before_it_was_founded,
    ),
    (test_laws.test_4_what_is_sure_holds_in_every_world, view.View, "_sure", end_when_the_end_is_certain),
    (
        test_laws.test_4_what_is_sure_holds_in_every_world,
        view.View,
        "surely_before",
        rival_only_the_last_equal_assignment,
    ),
    (
        test_laws.test_4_order_is_refused_exactly_where_no_world_is_left,
        contradictions,
        "_order",
        compare_neighbours_only,
    ),
    (
        test_laws.test_6_2_admission_refuses_what_adds_a_certain_contradiction,
        admission,
        "contradictions_of",
        look_only_at_the_new_entries,
    ),
    (
        test_laws.test_4_order_is_refused_exactly_where_no_world_is_left,
        replay,
        "_after",
        let_an_answer_come_before_its_question,
    ),
    (
        test_laws.test_4_order_is_refused_exactly_where_no_world_is_left,
        contradictions,
        "_chosen_twice",
        count_choices_that_were_replaced_too,
    ),
    (
        test_laws.test_4_order_is_refused_exactly_where_no_world_is_left,
        contradictions,
        "_disagreeing",
        look_at_the_scenario_and_forget_its_criteria,
    ),
    (
        test_laws.test_4_order_is_refused_exactly_where_no_world_is_left,
        contradictions,
        "placements",
        let_goals_run_in_a_ring,
    ),
    (
        test_laws.test_6_4_what_certainly_stands_beneath_needs_a_destination,
        form_rules,
        "_left",
        let_whoever_was_placed_twice_have_left,
    ),
    (
        test_laws.test_5_no_body_is_an_orphan_and_no_parents_run_in_a_ring,
        view.View,
        "_climb",
        move_up_one_step_only,
    ),
    (
        test_laws.test_5_no_body_is_an_orphan_and_no_parents_run_in_a_ring,
        view.View,
        "_ring",
        let_rings_stand,
    ),
    (
        test_laws.test_6_what_is_sure_does_not_depend_on_the_order_of_recording,
        view.View,
        "read",
        let_the_last_recorded_assignment_hold,
    ),
    (
        test_laws.test_7_withdrawing_a_withdrawal_restores_everything,
        replay.Effective,
        "in_force",
        count_every_withdrawal,
    ),
    (
        test_laws.test_8_the_public_answer_rests_on_public_entries_alone,
        replay,
        "effective",
        correct_first_and_choose_afterwards,
    ),
    (
        test_laws.test_9_the_public_picture_is_closed_true_and_was_held_by_the_office,
        publishing,
        "_asked_for",
        ask_for_what_is_named_only,
    ),
    (
        test_laws.test_9_what_is_named_by_number_is_public_with_it,
        publishing,
        "entries_named",
        look_at_the_step_alone,
    ),
    (
        test_laws.test_9_what_is_named_by_number_is_public_with_it,
        publishing,
        "entries_named",
        forget_what_a_decision_settles,
    ),
    (
        test_laws.test_10_public_sets_only_grow_and_everything_can_be_published,
        replay.Effective,
        "public",
        publish_for_a_day,
    ),
    (
        test_laws.test_10_public_sets_only_grow_and_everything_can_be_published,
        admission,
        "public_contradictions",
        see_contradictions_in_the_originals,
    ),
    (
        test_laws.test_11_two_entries_are_admitted_as_one_batch,
        form_rules,
        "_earlier",
        ask_for_an_earlier_list,
    ),
    (test_laws.test_12_every_difference_has_a_cause, difference, "_standing", forget_that_what_lasted_ends),
    (test_laws.test_12_every_difference_has_a_cause, difference, "_rests_on", rest_on_the_founding_alone),
    (test_laws.test_13_erasing_texts_changes_nothing_but_texts, view, "fold", name_only_what_still_has_a_name),
    (
        test_laws.test_8_the_public_answer_rests_on_public_entries_alone,
        replay,
        "effective",
        share_the_list_of_corrections,
    ),
    (
        test_laws.test_8_the_public_answer_rests_on_public_entries_alone,
        claims,
        "_dispute",
        name_causes_that_are_not_public,
    ),
    (test_laws.test_13_erasing_texts_changes_nothing_but_texts, commitments, "told", list_by_their_words),
    (
        test_laws.test_13_erasing_texts_changes_nothing_but_texts,
        commitments,
        "_commitment",
        take_a_promise_without_words_for_an_open_one,
    ),
    (
        test_laws.test_13_erasing_texts_changes_nothing_but_texts,
        completeness,
        "_without_reason",
        miss_the_grounds_that_were_erased,
    ),
    (test_laws.test_13_erasing_texts_changes_nothing_but_texts, meetings, "_place", show_the_place_announced_before),
    (test_laws.test_13_erasing_texts_changes_nothing_but_texts, plan, "name", let_an_older_name_step_in),
    (
        test_laws.test_every_register_is_total_and_agrees_with_the_view,
        findings,
        "from_entry",
        say_that_all_has_happened,
    ),
    (test_laws.test_every_register_is_total_and_agrees_with_the_view, decisions, "told", leave_the_last_one_out),
    (test_laws.test_every_register_is_total_and_agrees_with_the_view, plan, "told", begin_a_day_late),
    (test_laws.test_every_register_is_total_and_agrees_with_the_view, open_items, "told", tell_what_is_still_to_come),
    (
        test_laws.test_every_register_is_total_and_agrees_with_the_view,
        claims,
        "_side",
        take_what_was_withdrawn_for_in_force,
    ),
    (
        test_laws.test_registers_count_and_conclude_what_their_rows_say,
        commitments,
        "_commitment",
        settle_by_what_may_still_come,
    ),
    (
        test_laws.test_registers_count_and_conclude_what_their_rows_say,
        monitoring,
        "_indicator",
        drop_by_what_may_still_come,
    ),
    (
        test_laws.test_registers_count_and_conclude_what_their_rows_say,
        scenarios,
        "_cells",
        leave_out_what_nobody_assessed,
    ),
)


WHERE = {
    share_the_list_of_corrections: {"office": histories(about=PUBLISHING, areas=[("commitments",)])},
    name_causes_that_are_not_public: {"office": histories(about=PUBLISHING, areas=[("findings",)])},
    list_by_their_words: {"office": histories(areas=[("commitments",)])},
    take_a_promise_without_words_for_an_open_one: {"office": histories(areas=[("commitments",)])},
    show_the_place_announced_before: {"office": histories(areas=[("meetings",)])},
    let_an_older_name_step_in: {"office": histories(areas=[("plan",)])},
    say_that_all_has_happened: {"office": histories(areas=[("findings",)])},
    begin_a_day_late: {"office": histories(areas=[("plan",)])},
    tell_what_is_still_to_come: {"office": histories(areas=[("findings",)])},
    take_what_was_withdrawn_for_in_force: {
        "office": histories(about=("told", "told", "withdrawn"), areas=[("findings",)]),
    },
    settle_by_what_may_still_come: {"office": histories(areas=[("commitments",)])},
    drop_by_what_may_still_come: {"office": histories(areas=[("monitoring",)])},
    ask_for_an_earlier_list: {"office": histories(areas=[("findings",)], most=4)},
    compare_neighbours_only: {"office": heaps(areas=[("structure",)])},
    forget_that_what_lasted_ends: {"office": histories(about=(), areas=[("structure",)], most=8)},
    let_whoever_was_placed_twice_have_left: {"office": histories(about=(), areas=[("structure",)])},
    see_contradictions_in_the_originals: {"office": histories(about=PUBLISHING, areas=[("structure",)])},
    count_choices_that_were_replaced_too: {"office": heaps(areas=[("scenarios",)])},
    look_at_the_scenario_and_forget_its_criteria: {"office": heaps(areas=[("scenarios",)])},
    let_goals_run_in_a_ring: {"office": heaps(areas=[("plan",)])},
    let_an_answer_come_before_its_question: {"office": heaps(areas=[("findings",)])},
    look_at_the_step_alone: {"office": histories(about=PUBLISHING, areas=[("findings",)], most=10)},
    forget_what_a_decision_settles: {"office": histories(about=("told", "told", "published"), areas=[("findings",)])},
}
"""The areas that a break shows in, which entries about entries and how long a history it takes, so that it is not
looked for everywhere.
"""


def _title(part):
    part = getattr(part, "fget", part)
    return part.__name__.removeprefix("test_") if callable(part) else ""


@pytest.mark.parametrize(("law", "place", "function", "broken"), BREAKS, ids=_title)
def test_a_broken_domain_breaks_the_law(law, place, function, broken, monkeypatch):
    monkeypatch.setattr(place, function, broken)
    monkeypatch.setattr(generated, "Draw", Seeded)
    inner = law.hypothesis
    once = settings(
        max_examples=3_000,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )(given(**(inner._given_kwargs | WHERE.get(broken, {})))(inner.inner_test))
    with pytest.raises((AssertionError, Refused)) as found:
        once()
    assert any(frame.path.name in ("laws.py", "laws_registers.py") for frame in found.traceback), (
        "it is the law that fails"
    )
