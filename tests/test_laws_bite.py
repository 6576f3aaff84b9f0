"""Each law has teeth: the domain is broken, one function at a time, and the law finds it.

These are the only tests that replace code of ours: to see the others fail.
"""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from domain import admission, contradictions, form_rules, replay, rooms, view
from domain.errors import Refusal, Refused
from projections import difference
from tests import test_laws

TESTS = {
    "1": test_laws.test_1_an_answer_with_fixed_times_never_changes,
    "2": test_laws.test_2_what_is_certain_stays_certain,
    "3": test_laws.test_3_a_room_is_the_days_of_some_world_and_the_view_is_the_latest_one,
    "4": test_laws.test_4_what_is_sure_holds_in_every_world,
    "4 (order)": test_laws.test_4_order_is_refused_exactly_where_no_world_is_left,
    "6.2": test_laws.test_6_2_admission_refuses_what_adds_a_certain_contradiction,
    "6.4": test_laws.test_6_4_what_certainly_stands_beneath_needs_a_destination,
    "5": test_laws.test_5_no_body_is_an_orphan_and_no_parents_run_in_a_ring,
    "6": test_laws.test_6_what_is_sure_does_not_depend_on_the_order_of_recording,
    "7": test_laws.test_7_withdrawing_a_withdrawal_restores_everything,
    "8": test_laws.test_8_the_public_answer_rests_on_public_entries_alone,
    "9": test_laws.test_9_the_public_picture_is_closed_true_and_was_held_by_the_office,
    "10": test_laws.test_10_public_sets_only_grow_and_everything_can_be_published,
    "11": test_laws.test_11_two_entries_are_admitted_as_one_batch,
    "12": test_laws.test_12_every_difference_has_a_cause,
    "13": test_laws.test_13_erasing_texts_changes_nothing_but_texts,
}


def unpropagated(_graph, stated, ordering):
    """Last days as stated: needs narrow nothing."""
    return {number: stated[number][1] for number in ordering}, {}


def last_number_wins(seen, subject, attribute):
    """The last recorded assignment, and nobody rivals it."""
    history = [(n, value) for n, value in sorted(subject.assigned.get(attribute, ())) if seen.certain(n)]
    return view.Reading(history[-1][1], history[-1][0]) if history else view.NONE


def earlier_lists_only(log, entry, number, pointer):
    """What stands in the same list does not count as earlier."""
    known = log.by_number.get(number)
    if known is None or known.recorded_at == entry.recorded_at:
        yield Refusal("unknown-entry", {"entry": number}, pointer=pointer)


def growing(everything, *, known_by=None, published_by=None):
    """Forgets the cut by knowledge."""
    return (
        everything
        if published_by is None
        else replay.Effective(e for e in everything.entries if everything.public(e.number, published_by))
    )


BREAKS = {
    "1": (replay, "effective", growing),
    "2": (rooms, "latest", lambda _graph, stated, ordering: ({n: stated[n][1] + 40 for n in ordering}, {})),
    "3": (rooms, "latest", unpropagated),
    "4": (view.View, "_sure", lambda self, subject: self.counted(subject.id)),
    "4 (order)": (contradictions, "_order", lambda _graph, _tied: iter(())),
    "6.2": (admission, "contradictions_of", lambda _graph, _numbers, _subjects: set()),
    "6.4": (form_rules, "_left", lambda *_: "surely"),
    "5": (view.View, "_looped", property(lambda _: set())),
    "6": (view.View, "read", last_number_wins),
    "7": (replay.Effective, "in_force", lambda self, number: number not in self.withdrawals),
    "8": (replay.Effective, "public", lambda self, number, at: self.by_number[number].recorded_at <= at),
    "9": (form_rules, "needed", lambda _log, _targets, _at: []),
    "10": (form_rules, "needed", lambda _log, targets, _at: [max(targets) + 1]),
    "11": (form_rules, "_earlier", earlier_lists_only),
    "12": (difference, "_causes", lambda _a, _b, _rests_on: []),
    "13": (
        replay.Effective,
        "in_force",
        lambda self, number: not self.by_number[number].erased and number not in self.withdrawn,
    ),
}


@pytest.mark.parametrize("law", TESTS)
def test_a_broken_domain_breaks_the_law(law, monkeypatch):
    monkeypatch.setattr(*BREAKS[law])
    inner = TESTS[law].hypothesis
    strategies = inner._given_kwargs
    once = settings(
        max_examples=500,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )(given(**strategies)(inner.inner_test))
    with pytest.raises((AssertionError, Refused)):
        once()
