"""The laws of SEMANTICS §11 over generated histories; `laws.py` says what each of them asks."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.contradictions import contradictions
from domain.publication import EntryPublished
from tests import laws, laws_registers
from tests.histories import (
    ABOUT,
    AREAS,
    EVERYTHING,
    FIRST,
    LAST,
    PUBLISHING,
    STRUCTURE,
    heaps,
    histories,
    next_statements,
)


def rounds(number: int) -> settings:
    """So many examples by the hundred of the profile: half in `make test`, five times as many in `make soak`."""
    return settings(max_examples=number * settings().max_examples // 100)


RETOLD = (*["told"] * 6, "corrected", "withdrawn")
RECORDED = [areas for areas in EVERYTHING if areas != ("structure",)]
MIXED = st.one_of(histories(), histories(about=PUBLISHING))


@rounds(60)
@given(MIXED)
def test_1_an_answer_with_fixed_times_never_changes(office):
    laws.law_1_an_answer_with_fixed_times_never_changes(office)


@rounds(100)
@given(histories())
def test_2_what_is_certain_stays_certain(office):
    laws.law_2_what_is_certain_stays_certain(office)


@rounds(100)
@given(st.one_of(histories(), heaps()))
def test_3_a_room_is_the_days_of_some_world_and_the_view_is_the_latest_one(office):
    laws.law_3_a_room_is_the_days_of_some_world_and_the_view_is_the_latest_one(office)


@rounds(100)
@given(histories())
def test_4_what_is_sure_holds_in_every_world(office):
    laws.law_4_what_is_sure_holds_in_every_world(office)


@rounds(200)
@given(heaps())
def test_4_order_is_refused_exactly_where_no_world_is_left(office):
    laws.law_4_order_is_refused_exactly_where_no_world_is_left(office)


@rounds(150)
@given(st.data())
def test_6_2_admission_refuses_what_adds_a_certain_contradiction(data):
    office = data.draw(histories())
    laws.law_admission_refuses_what_adds_a_certain_contradiction(office, data.draw(next_statements(office)))


@rounds(100)
@given(histories(areas=STRUCTURE))
def test_6_4_what_certainly_stands_beneath_needs_a_destination(office):
    laws.law_what_certainly_stands_beneath_needs_a_destination(office)


@rounds(150)
@given(heaps(most=14, areas=STRUCTURE))
def test_5_no_body_is_an_orphan_and_no_parents_run_in_a_ring(office):
    laws.law_5_no_body_is_an_orphan_and_no_parents_run_in_a_ring(office)


@rounds(100)
@given(st.data())
def test_6_what_is_sure_does_not_depend_on_the_order_of_recording(data):
    office = data.draw(histories(about=()))
    numbers = [entry.number for entry in office.entries]
    laws.law_6_what_is_sure_does_not_depend_on_the_order_of_recording(office, data.draw(st.permutations(numbers)))


@rounds(100)
@given(st.data())
def test_7_withdrawing_a_withdrawal_restores_everything(data):
    office = data.draw(MIXED)
    numbers = [
        entry.number
        for entry in office.entries
        if office.log.in_force(entry.number) and not isinstance(entry.statement.step, EntryPublished)
    ]
    laws.law_7_withdrawing_a_withdrawal_restores_everything(office, data.draw(st.sampled_from(numbers)))


@rounds(60)
@given(histories(about=PUBLISHING))
def test_8_the_public_answer_rests_on_public_entries_alone(office):
    laws.law_8_the_public_answer_rests_on_public_entries_alone(office)


@rounds(100)
@given(histories(about=PUBLISHING))
def test_9_the_public_picture_is_closed_true_and_was_held_by_the_office(office):
    laws.law_9_the_public_picture_is_closed_true_and_was_held_by_the_office(office)


@rounds(40)
@given(histories(about=PUBLISHING, areas=[("findings",), ("findings", "scenarios")]))
def test_9_what_is_named_by_number_is_public_with_it(office):
    laws.law_9_the_public_picture_is_closed_true_and_was_held_by_the_office(office)


@rounds(100)
@given(histories(about=PUBLISHING))
def test_10_public_sets_only_grow_and_everything_can_be_published(office):
    laws.law_10_public_sets_only_grow_and_everything_can_be_published(office)


@rounds(100)
@given(st.one_of(histories(most=8), histories(about=PUBLISHING, most=8)), st.data())
def test_11_two_entries_are_admitted_as_one_batch(office, data):
    about = data.draw(st.sampled_from([ABOUT, PUBLISHING]))
    one = data.draw(next_statements(office, about=about))
    office.heap(one)
    other = data.draw(next_statements(office, about=about))
    office.forget()
    laws.law_11_two_entries_are_admitted_as_one_batch(office, one, other)


@rounds(100)
@given(MIXED, st.data())
def test_12_every_difference_has_a_cause(office, data):
    instants = st.one_of(st.none(), st.sampled_from(laws.instants(office)))
    times = st.tuples(st.integers(FIRST, LAST), instants, instants)
    laws.law_12_every_difference_has_a_cause(office, data.draw(times), data.draw(times))


@rounds(60)
@given(MIXED, st.data())
def test_13_erasing_texts_changes_nothing_but_texts(office, data):
    gone = data.draw(st.sets(st.sampled_from([entry.number for entry in office.entries])))
    laws.law_13_erasing_texts_changes_nothing_but_texts(office, gone, data.draw(next_statements(office)))


# ---- registers ------------------------------------------------------------------------------------------------------


@rounds(150)
@given(st.one_of(histories(about=RETOLD), heaps(about=RETOLD)))
def test_every_register_is_total_and_agrees_with_the_view(office):
    laws_registers.law_every_register_is_total_and_agrees_with_the_view(office)


@rounds(200)
@given(histories(about=RETOLD, areas=RECORDED))
def test_registers_count_and_conclude_what_their_rows_say(office):
    laws_registers.law_registers_count_and_conclude_what_their_rows_say(office)


# ---- what the laws are held over ------------------------------------------------------------------------------------

HELD_OVER = {
    "meetings": ({"meeting-planned", "meeting-changed", "meeting-held"}, {"ended-twice"}),
    "commitments": ({"commitment-made", "commitment-settled"}, {"ended-twice"}),
    "scenarios": (
        {"criteria-set", "scenario-drafted", "scenario-assessed", "scenario-chosen", "scenario-rejected"},
        {"not-in-set", "decision-not-adopted", "chosen-twice"},
    ),
    "plan": (
        {"goal-adopted", "goal-revised", "measure-planned", "measure-reported", "plan-adopted"},
        set(),
    ),
    "monitoring": (
        {"indicator-defined", "indicator-selected", "indicator-dropped", "indicator-measured"},
        {"unit-differs"},
    ),
    "findings": (
        {
            *("assessment-conducted", "finding-recorded", "participation-rated", "claim-disputed", "decision-taken"),
            *("question-left-open", "decision-deferred", "preference-stated", "feedback-received"),
        },
        set(),
    ),
}
"""By area: the types that a generated history often holds, and the contradictions that a heap sometimes has."""


def test_every_area_is_held_to_the_laws():
    assert HELD_OVER.keys() == AREAS.keys() - {"structure"}
    assert {area for areas in EVERYTHING for area in areas} == AREAS.keys()


@pytest.mark.parametrize("area", HELD_OVER)
def test_generated_histories_are_admitted_often_enough_and_heaps_contradict_themselves(area):
    types, codes = HELD_OVER[area]
    admitted, found = Counter(), Counter()

    @sample(40)
    @given(histories(areas=[(area,)]))
    def count_what_was_admitted(office):
        admitted.update(entry.statement.step.type for entry in office.entries)

    @sample(60)
    @given(heaps(about=(), most=12, areas=[(area,)]))
    def count_what_contradicts_itself(office):
        found.update({contradiction.code for contradiction in contradictions(office.log.graph)})

    count_what_was_admitted()
    count_what_contradicts_itself()
    assert {type_: admitted[type_] for type_ in types if admitted[type_] < 3} == {}
    assert {code for code in codes if not found[code]} == set()


def sample(number):
    return settings(
        max_examples=number,
        phases=[Phase.generate],
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
