"""What was decided, how and with which numbers – and what was put off, preferred or left open."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contradictions import Contradiction
from domain.errors import Refused
from domain.publishing import needed
from tests.office import contradiction, why
from tests.story import alliance, corrected, published, story, told, withdrawn


def decided(when="2018", *, decision="beschluss", **fields):
    return told({"type": "decision-taken", "decision": decision, "text": "Die Ebene entfällt"} | fields, when)


def by_majority(yes, no, outcome="adopted", **fields):
    return decided(method="majority", vote={"yes": yes, "no": no} | fields, outcome=outcome)


def question(when="2017", **fields):
    return told({"type": "question-left-open", "question": "Wer zahlt?"} | fields, when)


def deferred(when="2017", **fields):
    return told({"type": "decision-deferred", "question": "Wer zahlt?"} | fields, when)


def feedback(when="2017", **fields):
    return told({"type": "feedback-received", "kind": "wish", "what": "Mehr Grün"} | fields, when)


def preference(when="2017", **fields):
    return told({"type": "preference-stated", "preference": "Eher der Umbau"} | fields, when)


def actor(id_):
    return told({"type": "actor-registered", "actor": id_, "kind": "association", "name": id_.upper()}, "2016-06")


def meeting(id_="treffen"):
    return told({"type": "meeting-held", "meeting": id_, "title": "Sitzung"}, "2018")


# ---- majority -------------------------------------------------------------------------------------------------------


def test_a_majority_whose_numbers_say_otherwise_is_refused_with_the_numbers():
    lost = {"yes": 5, "no": 7, "rule": "simple"}
    assert why(story(), by_majority(5, 7)) == [("vote-disagrees", "/step", lost)]
    won = {"yes": 7, "no": 5, "rule": "simple"}
    assert why(story(), by_majority(7, 5, outcome="rejected")) == [("vote-disagrees", "/step", won)]
    story(adopted=by_majority(7, 5), rejected=decided(decision="b", outcome="rejected"))
    story(rejected=by_majority(5, 7, outcome="rejected"))


@pytest.mark.parametrize(
    ("numbers", "carried"),
    [
        ({"yes": 1, "no": 0}, True),
        ({"yes": 0, "no": 0}, False),
        ({"yes": 6, "no": 6}, False),
        ({"yes": 6, "no": 5, "abstained": 40}, True),
        ({"yes": 6, "no": 0, "rule": "absolute", "entitled": 12}, False),
        ({"yes": 7, "no": 0, "rule": "absolute", "entitled": 12}, True),
        ({"yes": 7, "no": 0, "rule": "absolute", "entitled": 13}, True),
        ({"yes": 8, "no": 4, "rule": "two-thirds"}, True),
        ({"yes": 8, "no": 5, "rule": "two-thirds"}, False),
        ({"yes": 8, "no": 4, "abstained": 30, "rule": "two-thirds"}, True),
        ({"yes": 0, "no": 0, "abstained": 9, "rule": "two-thirds"}, False),
    ],
)
def test_at_the_edge_of_a_majority_one_vote_decides(numbers, carried):
    yes_no = {"adopted": carried, "rejected": not carried}
    for outcome, right in yes_no.items():
        statement = by_majority(**numbers, outcome=outcome)
        if right:
            story(decision=statement)
        else:
            assert [code for code, _, _ in why(story(), statement)] == ["vote-disagrees"]


VOTES = st.integers(0, 40)
RULES = {
    "simple": lambda yes, no, _: yes > no,
    "absolute": lambda yes, _, entitled: Fraction(yes, entitled or 1) > Fraction(1, 2),
    "two-thirds": lambda yes, no, _: yes + no > 0 and Fraction(yes, yes + no) >= Fraction(2, 3),
}


@given(VOTES, VOTES, VOTES, VOTES, st.sampled_from(sorted(RULES)), st.sampled_from(["adopted", "rejected"]))
def test_the_outcome_follows_from_the_votes_by_the_rule_that_was_asked_for(yes, no, abstained, absent, rule, outcome):
    entitled = yes + no + abstained + absent
    statement = by_majority(yes, no, outcome, abstained=abstained, entitled=entitled, rule=rule)
    if RULES[rule](yes, no, entitled) == (outcome == "adopted"):
        story(decision=statement)
    else:
        assert why(story(), statement) == [("vote-disagrees", "/step", {"yes": yes, "no": no, "rule": rule})]


def test_nobody_votes_who_may_not():
    votes = {"votes": 13, "entitled": 12}
    wrong = by_majority(7, 5, abstained=1, entitled=12)
    assert why(story(), wrong) == [("more-votes-than-entitled", "/step/vote", votes)]
    story(decision=by_majority(7, 5, entitled=12))


def test_an_absolute_majority_is_one_of_those_entitled():
    assert why(story(), by_majority(7, 5, rule="absolute")) == [("entitled-missing", "/step/vote", {})]
    assert why(story(), by_majority(6, 5, rule="absolute", entitled=12)) == [
        ("vote-disagrees", "/step", {"yes": 6, "no": 5, "rule": "absolute"})
    ]


@pytest.mark.parametrize(
    "method", ["consensus", "consent", "systemic-consensing", "consultative", "single", "lot", "unrecorded"]
)
def test_votes_are_counted_in_a_majority_only(method):
    statement = decided(method=method, vote={"yes": 7, "no": 5})
    assert why(story(), statement) == [("vote-without-majority", "/step", {"method": method})]
    story(decision=decided(method=method), other=decided(decision="b", method="majority"))


# ---- systemic consensing --------------------------------------------------------------------------------------------


def option(id_, *votes, resistance=None):
    return {"option": id_, "name": id_.title(), "votes": votes, "resistance": resistance}


UMBAU, NEUBAU, NICHTS = option("umbau", 0, 2, 10), option("neubau", 8, 3, 3), option("nichts", 9, 9, 9)


def by_consensing(*options, chosen="umbau", passive="nichts", participants=3, outcome="adopted"):
    numbers = {"participants": participants, "options": options, "passive": passive, "chosen": chosen}
    return decided(method="systemic-consensing", consensing=numbers, outcome=outcome)


def test_a_consensing_whose_lowest_resistance_is_another_option_is_refused_with_the_computed_result():
    wrong = {"chosen": "neubau", "given": 14, "lowest": ["umbau"], "computed": 12}
    assert why(story(), by_consensing(UMBAU, NEUBAU, NICHTS, chosen="neubau")) == [
        ("consensing-disagrees", "/step/consensing", wrong)
    ]
    story(decision=by_consensing(UMBAU, NEUBAU, NICHTS))


def test_of_options_with_the_same_resistance_any_may_be_taken():
    equal = option("neubau", resistance=12)
    for chosen in ("umbau", "neubau"):
        story(decision=by_consensing(UMBAU, equal, NICHTS, chosen=chosen))
    wrong = {"chosen": "nichts", "given": 27, "lowest": ["umbau", "neubau"], "computed": 12}
    assert why(story(), by_consensing(UMBAU, equal, NICHTS, chosen="nichts", outcome="rejected")) == [
        ("consensing-disagrees", "/step/consensing", wrong)
    ]


@pytest.mark.parametrize(("chosen", "outcome"), [("nichts", "adopted"), ("umbau", "rejected")])
def test_that_everything_stays_as_it_is_and_that_the_proposal_was_rejected_are_the_same(chosen, outcome):
    options = (UMBAU, option("nichts", 0, 2, 10))
    wrong = ("passive-option-outcome", "/step", {"chosen": chosen, "passive": "nichts"})
    assert why(story(), by_consensing(*options, chosen=chosen, outcome=outcome)) == [wrong]
    right = {"adopted": "rejected", "rejected": "adopted"}[outcome]
    story(decision=by_consensing(*options, chosen=chosen, outcome=right))


def test_each_option_has_its_resistance_and_the_sum_that_its_votes_have():
    bare = {"option": "umbau", "name": "Umbau"}
    place = "/step/consensing/options/0"
    assert why(story(), by_consensing(bare, NICHTS)) == [("resistance-missing", place, {"option": "umbau"})]
    off = option("umbau", 0, 2, 10, resistance=11)
    wrong = {"option": "umbau", "given": 11, "computed": 12}
    assert why(story(), by_consensing(off, NICHTS)) == [("resistance-sum", place, wrong)]
    story(votes=by_consensing(UMBAU, NICHTS))
    story(both=by_consensing(option("umbau", 0, 2, 10, resistance=12), NICHTS))
    story(none=by_consensing(option("umbau", resistance=0), NICHTS))


def test_everybody_votes_on_every_option_whose_votes_are_told():
    two = option("umbau", 0, 2)
    wrong = {"option": "umbau", "votes": 2, "participants": 3}
    assert why(story(), by_consensing(two, NICHTS)) == [("votes-not-all", "/step/consensing", wrong)]
    story(decision=by_consensing(option("umbau", resistance=2), NICHTS))


def test_no_more_resistance_is_possible_than_ten_of_each():
    wrong = {"option": "nichts", "given": 31, "most": 30}
    assert why(story(), by_consensing(UMBAU, option("nichts", resistance=31))) == [
        ("resistance-too-large", "/step/consensing", wrong)
    ]
    story(decision=by_consensing(UMBAU, option("nichts", resistance=30)))


@pytest.mark.parametrize("field", ["passive", "chosen"])
def test_what_was_taken_and_what_leaves_everything_as_it_is_are_among_the_options(field):
    wrong = {"option": "anderes", "permitted": ["umbau", "nichts"]}
    assert why(story(), by_consensing(UMBAU, NICHTS, **{field: "anderes"})) == [
        ("option-unknown", "/step/consensing", wrong)
    ]


def test_options_are_at_least_two_and_each_has_an_id_of_its_own():
    assert why(story(), by_consensing(UMBAU, UMBAU, NICHTS)) == [
        ("named-twice", "/step/consensing", {"subject": "umbau"})
    ]
    (found,) = why(story(), by_consensing(UMBAU, passive="umbau", outcome="rejected"))
    assert found[:2] == ("field-too-few", "/step/consensing/options")


def test_every_option_has_a_name():
    place = "/step/consensing/options/1/name"
    nameless = {**NICHTS, "name": None}
    assert why(story(), by_consensing(UMBAU, nameless)) == [("text-missing", place, {"field": place})]


@pytest.mark.parametrize("participants", [0, -1])
def test_somebody_takes_part(participants):
    (found,) = why(story(), by_consensing(option("umbau", resistance=0), NICHTS, participants=participants))
    assert found[:2] == ("field-too-small", "/step/consensing/participants")


@pytest.mark.parametrize("method", ["consensus", "consent", "majority", "consultative", "single", "lot", "unrecorded"])
def test_resistance_is_counted_in_systemic_consensing_only(method):
    statement = by_consensing(UMBAU, NICHTS)
    statement["step"]["method"] = method
    assert why(story(), statement) == [("consensing-without-method", "/step", {"method": method})]


CONSENSINGS = st.integers(1, 5).flatmap(
    lambda participants: st.lists(
        st.lists(st.integers(0, 10), min_size=participants, max_size=participants), min_size=2, max_size=5
    )
)


@given(CONSENSINGS, st.data())
def test_the_outcome_follows_from_the_lowest_sum_of_resistance_in_whatever_order_the_options_stand(votes, data):
    ids = "abcde"[: len(votes)]
    sums = {id_: sum(each) for id_, each in zip(ids, votes, strict=True)}
    chosen, passive = data.draw(st.sampled_from(ids)), data.draw(st.sampled_from(ids))
    told_as = [data.draw(st.sampled_from(["votes", "sum", "both"])) for _ in ids]
    options = [
        option(id_, *(each if how != "sum" else ()), resistance=sum(each) if how != "votes" else None)
        for id_, each, how in zip(ids, votes, told_as, strict=True)
    ]
    lowest = [id_ for id_ in ids if sums[id_] == min(sums.values())]
    outcome = "rejected" if chosen == passive else "adopted"
    for order in (options, data.draw(st.permutations(options))):
        statement = by_consensing(*order, chosen=chosen, passive=passive, participants=len(votes[0]), outcome=outcome)
        if chosen in lowest:
            story(decision=statement)
            continue
        ((code, _, params),) = why(story(), statement)
        assert (code, params["given"], params["computed"]) == ("consensing-disagrees", sums[chosen], min(sums.values()))
        assert sorted(params["lowest"]) == lowest


@given(st.lists(st.integers(0, 10), min_size=1, max_size=6), st.integers(0, 70))
def test_a_sum_is_the_sum_of_the_votes_and_nothing_else(votes, stated):
    statement = by_consensing(
        option("umbau", *votes, resistance=stated),
        option("nichts", resistance=10 * len(votes)),
        participants=len(votes),
    )
    if stated == sum(votes):
        story(decision=statement)
    else:
        wrong = {"option": "umbau", "given": stated, "computed": sum(votes)}
        assert why(story(), statement) == [("resistance-sum", "/step/consensing/options/0", wrong)]


# ---- objections and advice ------------------------------------------------------------------------------------------


def objection(**fields):
    return {"what": "Es fehlt Geld"} | fields


@pytest.mark.parametrize(
    ("method", "serious", "integrated", "stands"),
    [
        (method, serious, integrated, not integrated and (method == "consensus" or (method == "consent" and serious)))
        for method, serious, integrated in product(["consensus", "consent", "majority"], [True, False], [True, False])
    ],
)
def test_no_consensus_against_anybody_and_no_consent_against_a_serious_objection(method, serious, integrated, stands):
    objections = [objection(serious=serious, integrated=integrated)]
    statement = decided(method=method, objections=objections)
    if stands:
        assert why(story(), statement) == [("objection-stands", "/step", {"method": method, "count": 1})]
    else:
        story(decision=statement)
    story(rejected=decided(method=method, objections=objections, outcome="rejected"))


def test_all_objections_that_stand_are_counted_and_what_nobody_told_of_one_stands_against_nothing():
    no = {"integrated": False}
    objections = [objection(serious=True, **no), objection(integrated=True), objection(serious=False, **no)]
    objections += [objection(serious=True), objection(**no), objection(), objection(serious=True, **no)]
    assert why(story(), decided(method="consent", objections=objections)) == [
        ("objection-stands", "/step", {"method": "consent", "count": 2})
    ]
    assert why(story(), decided(method="consensus", objections=objections)) == [
        ("objection-stands", "/step", {"method": "consensus", "count": 4})
    ]
    story(untold=decided(method="consent", objections=[objection(), objection(serious=True), objection(**no)]))


def test_an_objection_says_what_it_is_and_comes_from_somebody_of_the_process():
    place = "/step/objections/1/what"
    wrong = decided(objections=[objection(), {"by": []}])
    assert why(story(), wrong) == [("text-missing", place, {"field": place})]
    s = story(x=actor("bund"), wiall=alliance("wiall"))
    s.given(decision=decided(objections=[objection(by=["bund", "wiall"])]))
    missing = decided(decision="b", objections=[objection(by=["niemand"])])
    assert why(s, missing) == [contradiction("unknown", 5, subject="niemand")]


def test_advice_is_heard_in_a_consultative_decision_only():
    s = story(x=actor("bund"))
    wrong = decided(method="single", heard=["bund"])
    assert why(s, wrong) == [("heard-without-method", "/step", {"method": "single"})]
    s.given(decision=decided(method="consultative", heard=["bund"], outcome="rejected"))
    twice = decided(decision="b", method="consultative", heard=["bund", "bund"])
    assert why(s, twice) == [("named-twice", "/step/heard", {"subject": "bund"})]


# ---- what a decision has to do with others --------------------------------------------------------------------------


def test_a_decision_settles_what_was_deferred_or_left_open_and_nothing_else():
    s = story(q=question(), d=deferred(), p=preference(), wiall=alliance("wiall"))
    permitted = ["decision-deferred", "question-left-open"]
    for key, place in (("p", 0), ("wiall", 1), ("opened", 2)):
        settles = [*["q", "d"][:place], key]
        assert why(s, decided(settles=settles)) == [
            ("not-such-an-entry", f"/step/settles/{place}", {"number": s.number(key), "permitted": permitted})
        ]
    s.given(decision=decided(settles=["q", "d"]))
    assert s.log.by_number[s.number("decision")].statement.step.settles == (s.number("q"), s.number("d"))


def test_what_it_settles_is_an_earlier_entry():
    s = story(q=question(), out=published("opened", "q"))
    assert why(s, decided(settles=[5])) == [("entry-not-earlier", "/step/settles/0", {"entry": 5})]
    assert why(s, decided(settles=["keine"])) == [("unknown-entry", "/step/settles/0", {"entry": "keine"})]
    assert ("not-about-entries", "/step/settles/1", {"number": 3}) in why(s, decided(settles=["q", "out"]))


def test_a_question_that_is_recorded_late_is_settled_by_correcting_the_decision():
    s = story(decision=decided("2018"), q=question("2017"))
    s.given(fix=corrected("decision", decided("2018", settles=["q"])))
    assert s.log.graph.forms[s.number("decision")].telling.step.settles == (s.number("q"),)


def test_what_it_settles_goes_public_with_it_also_when_only_its_correction_says_so():
    s = story(q=question(), d=deferred(), decision=decided(settles=["q"]))
    assert why(s, published("opened", "decision")) == [
        ("not-public-along", "/step/targets", {"entries": [s.number("q")]})
    ]
    s.given(out=published("opened", "decision", "q"), fix=corrected("decision", decided(settles=["d"])))
    assert why(s, published("fix")) == [("not-public-along", "/step/targets", {"entries": [s.number("d")]})]


def test_a_question_can_be_withdrawn_although_a_decision_settled_it_and_the_view_says_so():
    s = story(q=question(), decision=decided(settles=["q"]), off=withdrawn("q"))
    assert s.view("2019-01-01").conflicts == [Contradiction("answered-withdrawn", (2, 3))]


def test_what_answers_settles_replaces_or_confirms_did_not_come_before_it():
    s = story(q=question("2019"), a=decided("2019", decision="a"), w=feedback("2019"))
    answer = told({"type": "feedback-answered", "feedback": "w", "outcome": "noted", "answer": "A"}, "2018")
    assert why(s, decided("2018", decision="b", settles=["q"])) == [contradiction("order", 2, 5)]
    assert why(s, decided("2018", decision="b", replaces="a")) == [contradiction("order", 3, 5)]
    assert why(s, decided("2018", decision="b", confirms="a")) == [contradiction("order", 3, 5)]
    assert why(s, answer) == [contradiction("order", 4, 5)]
    s.given(b=decided("[2018..2020]", decision="b", settles=["q"], replaces="a"))
    assert s.room("b") == ("2019-01-01", "2020-12-31")
    assert s.room("q") == ("2019-01-01", "2019-12-31")


def test_a_list_settles_its_own_questions_by_key_if_they_stand_before_the_decision():
    s = story()
    assert why(s, decided(settles=["new"])) == [("entry-not-earlier", "/step/settles/0", {"entry": 2})]
    with pytest.raises(Refused) as refusal:
        s.record([("beschluss", decided(settles=["frage"])), ("frage", question())])
    (found,) = refusal.value.refusals
    assert (found.code, found.pointer, found.index) == ("entry-not-earlier", "/step/settles/0", 0)
    *_, entry = s.record([("frage", question()), ("beschluss", decided(settles=["frage"]))])
    assert entry.statement.step.settles == (2,)


def test_a_decision_names_its_meeting_the_decision_it_replaces_and_the_one_it_confirms():
    s = story(a=decided("2016", decision="a"), m=meeting(), wiall=alliance("wiall"))
    s.given(b=decided("2018", decision="b", replaces="a", meeting="treffen", review_on="2027-03-01", by=["wiall"]))
    s.given(c=decided("2019", decision="c", confirms="b"))
    for field, wrong in (("meeting", "a"), ("replaces", "treffen"), ("confirms", "wiall")):
        assert why(s, decided(decision="d", **{field: wrong})) == [contradiction("wrong-kind", 7, subject=wrong)]
        assert why(s, decided(decision="d", **{field: "nichts"})) == [contradiction("unknown", 7, subject="nichts")]
    asked = [s.number(key) for key in ("opened", "a", "m", "wiall")]
    assert needed(s.log, [s.number("b")], s.at) == asked


@pytest.mark.parametrize("field", ["replaces", "confirms"])
def test_a_decision_does_not_replace_or_confirm_itself(field):
    itself = decided(**{field: "beschluss"})
    assert why(story(), itself) == [("refers-to-itself", f"/step/{field}", {"subject": "beschluss"})]
    s = story(decision=decided())
    place = f"/step/corrected/step/{field}"
    assert why(s, corrected("decision", itself)) == [("refers-to-itself", place, {"subject": "beschluss"})]


def test_the_outcome_stands_in_the_state_and_changes_with_a_correction():
    s = story(decision=decided())
    assert s.on("2019-01-01", "beschluss").attributes["outcome"].value == "adopted"
    s.given(fix=corrected("decision", decided(outcome="rejected")))
    assert s.on("2019-01-01", "beschluss").attributes["outcome"].value == "rejected"
    assert s.on("2019-01-01", "beschluss").name.value == s.number("decision")


def test_an_entry_that_was_stored_without_the_newer_fields_means_what_it_meant():
    s = story(old=decided(method="majority", vote={"yes": 3, "no": 1}))
    step = s.log.by_number[2].statement.step
    assert (step.consensing, step.heard, step.objections, step.meeting, step.settles, step.confirms) == (
        None, (), (), None, (), None,
    )  # fmt: skip


# ---- what is no decision --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("build", "text"), [(question, "question"), (deferred, "question"), (preference, "preference")]
)
def test_what_was_not_decided_is_told_in_words_and_founds_nothing(build, text):
    place = f"/step/{text}"
    assert why(story(), build(**{text: None})) == [("text-missing", place, {"field": place})]
    s = story(x=actor("bund"), said=build(by=["bund"], about=["process", "bund"]))
    assert set(s.view("2019-01-01").state) == {"process", "bund"}
    assert why(s, build(about=["nichts"])) == [contradiction("unknown", 4, subject="nichts")]
    assert why(s, build(by=["process"])) == [contradiction("wrong-kind", 4, subject="process")]


TOPICS = {
    "treffen": meeting(),
    "befragung": told({"type": "assessment-conducted", "assessment": "befragung", "title": "B", "methods": ["survey"]}),
    "kriterien": told(
        {
            "type": "criteria-set",
            "criteria_set": "kriterien",
            "name": "K",
            "criteria": [{"criterion": "kosten", "name": "K"}],
        }
    ),
    "szenario": told({"type": "scenario-drafted", "scenario": "szenario", "criteria_set": "kriterien", "name": "S"}),
    "ziel": told({"type": "goal-adopted", "goal": "ziel", "kind": "leitziel", "text": "Z"}),
    "massnahme": told({"type": "measure-planned", "measure": "massnahme", "name": "M"}),
    "plan": told({"type": "plan-adopted", "plan": "plan", "name": "P"}),
    "zusage": told({"type": "commitment-made", "commitment": "zusage", "kind": "promise", "text": "Z"}),
    "kennzahl": told(
        {
            "type": "indicator-defined",
            "indicator": "kennzahl",
            "name": "K",
            "definition": "D",
            "unit": "%",
            "data_source": "Q",
        }
    ),
    "wiall": alliance("wiall"),
}


@pytest.mark.parametrize("topic", [*TOPICS, "kosten", "process"])
def test_questions_wishes_and_decisions_can_be_about_anything_of_the_process(topic):
    s = story(**TOPICS)
    s.given(q=question(about=[topic]), d=decided(about=[topic]))
    s.given(wish=told({"type": "feedback-received", "kind": "wish", "what": "Mehr davon", "about": [topic]}))
