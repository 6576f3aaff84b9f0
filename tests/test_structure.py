"""What the office records about levels and bodies, and what follows from it."""

import pytest
from pydantic import ValidationError

from domain.admission import Recording, admit
from domain.errors import Refused, from_validation
from domain.publication import Statement
from projections.difference import difference
from tests.story import (
    RECORDED,
    about,
    alliance,
    corrected,
    dropped,
    ended,
    lab,
    level,
    moved,
    published,
    story,
    told,
    withdrawn,
)


def placed(subject, **to):
    return {"subject": subject, "to": "placed", **to}


def test_a_body_whose_place_ended_moves_up_to_the_next_one_that_is_there_and_is_marked_inferred():
    s = story(
        top=alliance("wiall"),
        sta=told({"type": "group-formed", "kind": "strategische-allianz", "body": "sta", "parent": "wiall"}, "2017"),
        lab=lab("lab", "[2017..2019]", parent="sta"),
        end=ended("sta", "2018-06", ({"subject": "lab", "to": "unrecorded"},)),
    )
    standing = s.on("2018-12-31", "lab")
    assert (standing.parent, standing.inferred, standing.told_parent.value) == ("wiall", True, "sta")


def test_a_stated_destination_is_no_inference():
    s = story(top=alliance("wiall"), sta=alliance("sta", parent="wiall"), lab=lab("lab", parent="sta"))
    s.given(end=ended("sta", "2018", (placed("lab", parent="wiall"),)))
    standing = s.on("2019-01-01", "lab")
    assert (standing.parent, standing.inferred) == ("wiall", False)


def test_a_level_cannot_be_dropped_without_saying_what_becomes_of_everything_on_it():
    s = story(mid=level("mid"), sta=alliance("sta", level="mid"), lab=lab("lab", parent="sta"))
    assert s.refused(dropped("mid")) == ["destinations-missing"]
    assert s.refused(dropped("mid", "2018", {"subject": "sta", "to": "dissolved"})) == ["destinations-missing"]
    s.given(drop=dropped("mid", "2018", {"subject": "sta", "to": "dissolved"}, {"subject": "lab", "to": "unrecorded"}))
    assert not s.on("2019-01-01", "sta").counted
    assert s.on("2019-01-01", "lab").counted


def test_whoever_surely_left_before_needs_no_destination_and_whoever_possibly_did_gets_a_hint():
    s = story(mid=level("mid"), gone=alliance("gone", "2016-11", level="mid"), perhaps=alliance("perhaps", level="mid"))
    s.given(off=ended("gone", "2017"), off2=ended("perhaps", "[2017..2018]"))
    s.given(drop=dropped("mid", "2018"))
    assert "destination-unclear" in s.hints


def test_a_reallabor_is_spun_off_once_and_only_with_the_name_of_its_successor():
    spun_off = {"type": "reallabor-spun-off", "body": "lab", "successor_name": "LOUISE"}
    s = story(lab=lab("lab"))
    assert s.refused(told({**spun_off, "successor_name": None})) == ["text-missing"]
    s.given(off=told(spun_off))
    assert s.refused(told(spun_off)) == ["ended-twice"]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (lab("lab", parent="nobody"), "unknown"),
        (lab("wiall"), "founded-twice"),
        (lab("lab", parent="lab"), "own-parent"),
        (lab("lab", level="wiall"), "wrong-kind"),
        (ended("wiall", "2018", (placed("wiall", parent="process"),)), "ends-what-it-needs"),
        (lab("lab", "2016", parent="wiall"), "order"),
        (told({"type": "theme-identified", "theme": "thema"}, "2017"), "text-missing"),
        (lab("lab", "2016/2017"), "date-not-a-moment"),
        (lab("lab", "2027"), "date-in-future"),
        (told({"type": "body-changed", "body": "wiall", "status": "paused"}, "2018", because=()), "reason-missing"),
        (told({"type": "body-changed", "body": "wiall", "renamed": True}), "text-missing"),
    ],
)
def test_what_is_certainly_impossible_is_refused(statement, code):
    assert code in story(wiall=alliance("wiall")).refused(statement)


def test_with_an_approximate_date_the_same_is_only_a_hint():
    s = story(wiall=alliance("wiall"))
    s.given(lab=lab("lab", "2016~", parent="wiall"))
    assert "approximate-order" in s.hints


def test_where_nothing_tells_which_of_two_moves_came_last_the_office_is_told_so_and_after_cures_it():
    s = story(a=alliance("a"), b=alliance("b"), lab=lab("lab", "2017", parent="a"), to_b=moved("lab", parent="b"))
    assert s.hints == []
    s.given(to_a=moved("lab", "2018-06", parent="a"))
    assert s.hints == ["order-open"]
    assert s.on("2019-01-01", "lab").told_parent.rivals == (s.number("to-a"),)
    s.given(cured=corrected("to-a", moved("lab", "2018-06", ("to-b",), parent="a")))
    assert s.hints == []
    assert s.on("2019-01-01", "lab").told_parent.rivals == ()


def test_merged_bodies_leave_what_was_under_them_to_their_heir():
    s = story(a=alliance("a"), b=alliance("b"), lab=lab("lab", parent="a"))
    s.given(one=told({"type": "bodies-merged", "bodies": ["a", "b"], "into": "c", "kind": "allianz", "name": "C"}))
    standing = s.on("2019-01-01", "lab")
    assert (standing.parent, standing.inferred) == ("c", True)
    assert not s.on("2019-01-01", "a").counted
    assert s.on("2018-12-31", "c").counted


def test_a_split_body_ends_and_its_parts_begin():
    parts = [{"body": name, "kind": "arbeitsgruppe", "parent": "top"} for name in ("x", "y")]
    s = story(top=alliance("top"), a=alliance("a", parent="top"), lab=lab("lab", parent="a"))
    split = {"type": "body-split", "body": "a", "into": parts, "destinations": [placed("lab", parent="x")]}
    s.given(split=told(split))
    assert [s.on("2019-01-01", id_).counted for id_ in ("a", "x", "y")] == [False, True, True]
    assert s.on("2019-01-01", "lab").parent == "x"


def test_a_body_keeps_what_a_change_does_not_mention():
    s = story(wiall=alliance("wiall"))
    s.given(paused=told({"type": "body-changed", "body": "wiall", "status": "paused", "project_of": "process"}))
    standing = s.on("2019-01-01", "wiall")
    assert standing.attributes["status"].value == "paused"
    assert standing.attributes["kind"].value == "allianz"
    assert standing.name.value == s.number("wiall")


def test_a_rename_gives_the_name_from_its_own_entry():
    s = story(wiall=alliance("wiall"))
    s.given(renamed=told({"type": "body-changed", "body": "wiall", "name": "Neu"}))
    assert s.on("2017-12-31", "wiall").name.value == s.number("wiall")
    assert s.on("2018-12-31", "wiall").name.value == s.number("renamed")


def test_a_body_leaves_its_parent_for_the_process_itself():
    s = story(a=alliance("a"), b=alliance("b", parent="a"), out=moved("b", parent="process"))
    assert s.on("2019-01-01", "b").parent is None
    assert not s.on("2019-01-01", "b").inferred


def test_a_correction_cannot_change_type_or_founded_ids_but_everything_else():
    s = story(a=alliance("a"), b=alliance("b"))
    assert s.refused(corrected("a", lab("a"))) == ["type-fixed"]
    assert s.refused(corrected("a", alliance("other"))) == ["ids-fixed"]
    assert s.refused(corrected("a", alliance("a"))) == ["nothing-corrected"]
    s.given(fix=corrected("a", alliance("a", "2018", parent="b")))
    assert s.on("2019-01-01", "a").parent == "b"


def test_whoever_corrects_without_having_seen_the_last_correction_is_refused():
    s = story(a=alliance("a"))
    s.given(one=corrected("a", alliance("a", "2018")))
    assert s.refused(corrected("a", alliance("a", "2019"))) == ["correction-outdated"]
    s.given(two=corrected("a", alliance("a", "2019"), seen="one"))
    assert s.room("a")[0] == "2019-01-01"


def test_a_role_that_lasted_ends_with_its_date_and_a_planned_end_ends_nothing():
    role = {"type": "role-assigned", "actor": "amt", "kind": "lead"}
    s = story(amt=told({"type": "actor-registered", "actor": "amt", "kind": "authority", "name": "Amt"}))
    s.given(was=told({**role, "role": "was"}, "2016-10/2019-09"), is_=told({**role, "role": "is"}, "2026-10/2029-09"))
    assert [s.on("2018-06-30", "was").sure, s.on("2019-09-15", "was").sure] == [True, False]
    assert s.on("2019-09-15", "was").counted
    assert not s.on("2019-09-30", "was").counted
    assert s.on("2030-01-01", "is").sure


def test_a_wrong_correction_can_be_corrected_back_to_the_original():
    s = story(a=alliance("a"), wrong=corrected("a", alliance("a", "2018")))
    assert s.refused(corrected("a", alliance("a", "2018"), seen="wrong")) == ["nothing-corrected"]
    s.given(right=corrected("a", alliance("a"), seen="wrong"))
    assert s.room("a")[0] == "2017-01-01"


def test_a_public_contradiction_names_the_unpublished_move_that_would_cure_it():
    s = story(a=alliance("a"), b=alliance("b", parent="a"), out=moved("b", "2018", parent="process"))
    s.given(under=moved("a", "2019", parent="b"), first=published("opened", "a", "b"))
    with pytest.raises(Refused) as refusal:
        s.record([("second", published("under"))])
    (found,) = refusal.value.refusals
    assert (found.code, found.params["entries"]) == ("public-contradiction", [s.number("out")])
    s.given(second=published("out", "under"))


def test_a_ring_that_the_dates_exclude_is_no_hint_and_a_possible_one_names_all_its_members():
    s = story(a=alliance("a"), b=alliance("b", parent="a"), out=moved("b", "2018", parent="process"))
    s.given(safe=moved("a", "2020", parent="b"))
    assert "ring-possible" not in s.hints
    s.given(c=alliance("c"), d=alliance("d", parent="c"), out2=moved("d", "[2018..2020]", parent="process"))
    s.record([("risky", moved("c", "2019", parent="d"))])
    assert "ring-possible" in s.hints


def test_hints_about_a_correction_point_into_the_corrected_statement():
    s = story(a=alliance("a"), b=alliance("b"), c=alliance("c"), lab=lab("lab", parent="a"))
    s.given(one=moved("lab", "2018", parent="b"), two=moved("lab", "2019", parent="c"))
    statement = Statement.model_validate(
        {"process": "p", "key": "fix", **corrected("two", moved("lab", "2018-06", parent="c"))}
    )
    (hint,) = admit(s.log, s.keys, [statement], Recording(s.at, "konto-1", 99)).hints
    assert (hint.code, hint.pointer) == ("order-open", "/step/corrected/occurred/after")


@pytest.mark.parametrize(
    "statement",
    [
        told({"type": "body-changed", "body": "process", "name": "Anders"}),
        told({"type": "actor-redescribed", "actor": "process", "name": "Anders"}),
        moved("process", parent="a"),
        told({"type": "bodies-merged", "bodies": ["a"], "absorbed_by": "process"}),
        ended("process"),
        told({"type": "level-dropped", "level": "process"}),
        told({"type": "phase-ended", "phase": "process"}),
        told({"type": "theme-retired", "theme": "process"}),
        told({"type": "funding-granted", "funder": "process"}),
        told({"type": "role-assigned", "role": "r", "actor": "process", "kind": "lead"}),
    ],
)
def test_the_process_itself_is_no_body_no_level_and_no_actor(statement):
    assert "wrong-kind" in story(a=alliance("a")).refused(statement)


def test_one_subject_has_one_destination():
    two = (placed("lab", parent="a"), {"subject": "lab", "to": "dissolved"})
    with pytest.raises(ValidationError, match="destination-twice"):
        story(a=alliance("a"), b=alliance("b"), lab=lab("lab", parent="b")).given(end=ended("b", "2018", two))


def test_many_open_placements_in_layers_are_looked_through_in_bounded_time():
    s = story(**{f"r{n}": alliance(f"r{n}") for n in range(2)})
    s.given(up=moved("r0", "[2017..2020]", parent="r1"), off=moved("r0", "2021", parent="process"))
    s.given(down=moved("r1", "2022", parent="r0"))
    for layer in range(25):
        for side in "ab":
            above = [f"{layer - 1}{other}" if layer else "r0" for other in "ab"]
            s.record([(f"f{layer}{side}", alliance(f"{layer}{side}", "[2017..2020]", parent=above[0]))])
            s.record([(f"m{layer}{side}", moved(f"{layer}{side}", "[2017..2020]", parent=above[1]))])
    assert s.log.graph.ring_possible


def test_a_correction_that_places_a_body_on_what_has_ended_is_pointed_out_like_a_new_entry():
    s = story(a=alliance("a"), lab=lab("lab", "2017"), end=ended("a", "2019"))
    s.given(fix=corrected("lab", lab("lab", "2017", parent="a")))
    assert "recorded-late-on-ended" in s.hints


def test_a_correction_of_what_will_become_public_is_pointed_out_too():
    s = story(a=alliance("a"))
    s.given(now=published("opened"), later=published("a", not_before="2027-01-01T00:00:00Z"))
    s.given(fix=corrected("a", alliance("a", "2018")))
    assert "public-behind" in s.hints


def test_an_embargoed_publication_is_not_taken_back_from_under_another_that_rests_on_it():
    s = story(a=alliance("a"), b=alliance("b", parent="a"), now=published("opened"))
    s.given(first=published("a", not_before="2027-01-01T00:00:00Z"))
    s.given(second=published("b", not_before="2027-02-01T00:00:00Z"))
    assert s.refused(withdrawn("first"))
    s.given(off2=withdrawn("second"), off=withdrawn("first"))
    assert s.log.public_from(s.number("a")) is None


@pytest.mark.parametrize(
    "wrong",
    [
        told({"type": "decision-taken", "decision": "d", "text": "x", "review_on": 0}),
        told({"type": "decision-taken", "decision": "d", "text": "x", "review_on": "1514764800"}),
        about({"type": "entry-published", "targets": ["opened"], "not_before": 1735689600}),
        told({"type": "process-opened", "name": "x", "zone": "localtime"}),
        told({"type": "funding-granted", "funder": "f", "amount_eur": "١٢٣"}),
        told({"type": "context-noted", "what": "von rechts \u202e nach links"}),
        {"step": {"type": "context-noted", "what": "x"}, "occurred": {"edtf": "\ud800"}},
    ],
)
def test_nothing_is_made_a_fact_that_nobody_wrote(wrong):
    with pytest.raises(ValidationError):
        Statement.model_validate({"process": "p", "key": "k", **wrong})


def test_a_name_given_is_a_renaming_whatever_else_is_said():
    s = story(a=alliance("a"))
    s.given(new=told({"type": "body-changed", "body": "a", "name": "Neu", "renamed": False}))
    assert s.on("2019-01-01", "a").name.value == s.number("new")


def test_withdrawals_of_withdrawals_can_be_as_many_as_it_takes():
    s = story(a=alliance("a"))
    s.record([("w0", withdrawn("a")), *((f"w{n}", withdrawn(f"w{n - 1}")) for n in range(1, 1_100))])
    items = difference(s.view("2019-01-01", known_by=RECORDED), s.view("2019-01-01"))
    assert {item.subject for item in items} == {"a", "process"}


def test_a_date_may_be_given_as_an_office_types_it_and_its_words_are_kept():
    s = story(a={**alliance("a"), "occurred": "im Frühjahr 2018"})
    occurred = s.log.by_number[s.number("a")].statement.occurred
    assert (occurred.edtf, occurred.wording) == ("2018-21", "im Frühjahr 2018")


@pytest.mark.parametrize(("typed", "code"), [("2017/2018", "date-ambiguous"), ("neulich", "date-not-understood")])
def test_a_date_in_words_that_could_mean_two_things_or_nothing_is_asked_back(typed, code):
    with pytest.raises(ValidationError) as error:
        Statement.model_validate({"process": "p", "key": "k", **alliance("a"), "occurred": typed})
    assert [(found.code, found.pointer) for found in from_validation(error.value).refusals] == [(code, "/occurred")]


def test_words_in_the_place_of_the_notation_are_understood_too():
    typed = {"edtf": "14.3.2018", "basis": "derived"}
    occurred = Statement.model_validate({"process": "p", "key": "k", **alliance("a"), "occurred": typed}).occurred
    assert (occurred.edtf, occurred.basis, occurred.wording) == ("2018-03-14", "derived", "14.3.2018")
