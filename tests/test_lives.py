"""The life of a body or an actor: each fact with the entry it holds through, and what held before."""

from projections.lives import everyone, lived
from tests.story import alliance, ended, lab, level, moved, story, told


def fact(found, attribute):
    return next((fact for fact in found.facts if fact.attribute == attribute), None)


def named(kin):
    return [(each.how, each.subject and each.subject.id, each.called) for each in kin]


def renamed(body, when, **to):
    return told({"type": "body-changed", "body": body, **to}, when)


def test_a_fact_can_be_walked_backwards_to_the_first_entry_that_told_it():
    past = story(
        a=alliance("a", "2017-05-01"), b=renamed("a", "2018-05-01", name="B"), c=renamed("a", "2019-05-01", name="C")
    )
    name = fact(lived(past.view("2020-01-01"), "a", "body"), "name")
    assert (name.holds.name.text, name.holds.entry) == ("C", past.number("c"))
    assert [(said.name.text, said.entry) for said in name.before] == [("B", past.number("b")), ("A", past.number("a"))]
    earlier = fact(lived(past.view("2018-12-31"), "a", "body"), "name")
    assert (earlier.holds.name.text, [said.name.text for said in earlier.before]) == ("B", ["A"])


def test_what_perhaps_holds_already_stands_beside_what_holds_for_certain():
    past = story(
        oben=alliance("oben", "2017-01-01"),
        a=lab("a", "2017-05-01", parent="oben"),
        b=told({"type": "body-changed", "body": "a", "status": "paused"}, "2018"),
    )
    status = fact(lived(past.view("2018-06-30"), "a", "body"), "status")
    assert (status.holds.value, [said.value for said in status.perhaps]) == ("active", ["paused"])
    assert fact(lived(past.view("2018-12-31"), "a", "body"), "status").holds.value == "paused"
    assert fact(lived(past.view("2018-06-30"), "a", "body"), "parent").holds.name.text == "Oben"


def test_two_values_whose_order_is_not_known_are_both_named():
    past = story(
        a=alliance("a", "2017-05-01"),
        b=told({"type": "body-changed", "body": "a", "status": "paused"}, "2018"),
        c=told({"type": "body-changed", "body": "a", "status": "permanent"}, "2018"),
    )
    status = fact(lived(past.view("2019-01-01"), "a", "body"), "status")
    assert {status.holds.entry, *status.order_not_known} == {past.number("b"), past.number("c")}


def test_that_a_body_never_had_a_level_needs_no_line():
    found = lived(story(a=alliance("a")).view("2020-01-01"), "a", "body")
    assert fact(found, "level") is None
    assert fact(found, "parent") is None


def test_what_a_body_went_on_as_and_came_from():
    past = story(
        a=alliance("a", "2017-01-01"),
        b=alliance("b", "2017-01-01"),
        eins=told({"type": "bodies-merged", "bodies": ["a", "b"], "into": "ab", "kind": "allianz"}, "2018-01-01"),
        zwei=told(
            {"type": "body-split", "body": "ab", "into": [{"body": p, "kind": "allianz"} for p in ("c", "d")]},
            "2019-01-01",
        ),
        neu=alliance("e", "2020-01-01", continues="c"),
    )
    view = past.view("2021-01-01")
    assert named(lived(view, "a", "body").went_on_as) == [("merged", "ab", None)]
    assert named(lived(view, "ab", "body").came_from) == [("merged", "a", None), ("merged", "b", None)]
    assert named(lived(view, "ab", "body").went_on_as) == [("split", "c", None), ("split", "d", None)]
    assert named(lived(view, "d", "body").came_from) == [("split", "ab", None)]
    assert named(lived(view, "c", "body").went_on_as) == [("continued", "e", None)]
    assert named(lived(view, "e", "body").came_from) == [("continued", "c", None)]
    before = past.view("2017-06-30")
    assert lived(before, "a", "body").went_on_as == []


def test_a_reallabor_that_was_spun_off_leads_to_its_successor_and_back():
    past = story(
        s=told({"type": "actor-registered", "actor": "louise", "kind": "company", "name": "LOUISE"}, "2017"),
        a=lab("a", "2017-01-01"),
        b=told(
            {"type": "reallabor-spun-off", "body": "a", "successor_name": "LOUISE", "successor": "louise"}, "2018-05-01"
        ),
    )
    view = past.view("2019-01-01")
    gone = lived(view, "a", "body")
    assert (gone.presence, gone.departure.how) == ("gone", "reallabor-spun-off")
    assert named(gone.went_on_as) == [("spun-off", "louise", "LOUISE")]
    assert named(lived(view, "louise", "actor").came_from) == [("spun-off", "a", None)]


def test_what_belongs_to_a_body_now_and_what_did_earlier():
    past = story(
        oben=alliance("oben", "2017-01-01"),
        a=lab("a", "2017-05-01", parent="oben"),
        b=lab("b", "2017-05-01", parent="oben"),
        c=moved("a", "2018-05-01", parent="process"),
    )

    def beneath(day):
        return {each.body.id: each.now for each in lived(past.view(day), "oben", "body").beneath}

    assert beneath("2017-12-31") == {"a": True, "b": True}
    assert beneath("2018-12-31") == {"a": False, "b": True}


def test_an_entry_that_only_rests_on_the_account_of_an_actor_does_not_speak_of_it():
    past = story(
        wer=told({"type": "actor-registered", "actor": "amt", "kind": "authority", "name": "Amt"}, "2017"),
        a=told({"type": "context-noted", "what": "Regen"}, "2018", asserted_by="amt"),
        b=told({"type": "decision-taken", "decision": "d", "text": "Ja", "by": ["amt"]}, "2018", asserted_by="amt"),
    )
    found = lived(past.view("2019-01-01"), "amt", "actor")
    assert found.entries == [past.number("wer"), past.number("b")]
    assert found.accounts == [past.number("a")]


def test_who_is_there_comes_before_who_is_gone_and_who_is_to_come():
    past = story(
        ebene=level("ebene"),
        spaeter=alliance("spaeter", "2020-01-01"),
        weg=alliance("weg", "2017-01-01"),
        da=alliance("da", "2018-01-01"),
        ende=ended("weg", "2018-05-01"),
    )
    assert [(each.subject.id, each.presence) for each in everyone(past.view("2019-01-01"), "body")] == [
        ("da", "there"),
        ("weg", "gone"),
        ("spaeter", "not-yet"),
    ]
