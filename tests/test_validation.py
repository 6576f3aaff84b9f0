"""What pydantic finds wrong with a statement becomes refusals: our code, our words, and the place in what was given."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from domain.errors import from_validation
from domain.fields import Model
from domain.publication import STEPS, Statement
from domain.words import REFUSALS, Language, say

DROPPED = {"type": "level-dropped", "level": "mitte"}


def statement(step=DROPPED, **more):
    return {"process": "p", "key": "k", "step": step, "occurred": {"edtf": "2018"}, "because": [1], **more}


def corrected(**telling):
    return statement({"type": "entry-corrected", "target": 1, "reason": "war falsch", "corrected": telling})


def refusals(given):
    """All refusals of a wrong statement, the same whether it is read as JSON or from Python."""
    answers = []
    for read in (Statement.model_validate, lambda value: Statement.model_validate_json(json.dumps(value))):
        with pytest.raises(ValidationError) as caught:
            read(given)
        answers.append(from_validation(caught.value).refusals)
    assert answers[0] == answers[1]
    return answers[0]


WRONG = [
    (statement({"type": "level-dropped"}), "field-missing", "/step/level", {"field": "level"}),
    (statement({"level": "mitte"}), "field-missing", "/step/type", {"field": "type"}),
    (statement({**DROPPED, "Datum/Tag~": 1}), "field-unknown", "/step/Datum~1Tag~0", {"field": "Datum/Tag~"}),
    (statement(Grund="x"), "field-unknown", "/Grund", {"field": "Grund"}),
    (
        statement({"type": "level-droped", "level": "mitte"}),
        *("type-unknown", "/step/type", {"type": "level-droped", "similar": ["level-dropped"]}),
    ),
    (
        statement({**DROPPED, "level": "Die Mitte"}),
        *("field-pattern", "/step/level", {"field": "level", "given": "Die Mitte", "pattern": "^[a-z0-9-]{1,63}$"}),
    ),
    (
        statement({"type": "body-ended", "body": "sta", "how": "tired"}),
        *("field-choice", "/step/how", {"given": "tired", "permitted": ["dissolved", "closed", "concluded"]}),
    ),
    (
        statement({**DROPPED, "destinations": [{"subject": "sta", "to": "weg"}]}),
        *("field-choice", "/step/destinations/0/to", {"field": "to"}),
    ),
    (
        statement({**DROPPED, "destinations": [{"subject": "sta", "to": "placed"}]}),
        *("destination-unclear", "/step/destinations/0", {"subject": "sta"}),
    ),
    (statement({**DROPPED, "destinations": {}}), "field-list", "/step/destinations", {"field": "destinations"}),
    (statement({"type": "body-changed", "body": "sta"}), "nothing-changed", "/step", {"subject": "sta"}),
    (
        statement({"type": "body-split", "body": "sta", "into": [{"body": "a", "kind": "allianz"}]}),
        *("field-too-few", "/step/into", {"field": "into", "least": 2}),
    ),
    (statement({"type": "body-changed", "body": "sta", "renamed": "ja, bald"}), "field-yes-no", "/step/renamed", {}),
    (
        statement({"type": "decision-taken", "decision": "d", "method": "majority", "vote": {"yes": 1.5, "no": 0}}),
        *("field-number", "/step/vote/yes", {"field": "yes"}),
    ),
    (
        statement({"type": "decision-taken", "decision": "d", "method": "majority", "vote": {"yes": -1, "no": 0}}),
        *("field-too-small", "/step/vote/yes", {"field": "yes", "least": 0}),
    ),
    (
        statement({"type": "decision-taken", "decision": "d", "method": "majority", "vote": {"yes": 2**31, "no": 0}}),
        *("field-too-large", "/step/vote/yes", {"field": "yes", "limit": 2**31}),
    ),
    (
        statement({"type": "decision-taken", "decision": "d", "review_on": "im März"}),
        *("field-day", "/step/review_on", {"field": "review_on"}),
    ),
    (
        statement({"type": "entry-published", "targets": [1], "not_before": "2018-03-14T09:00:00"}),
        *("field-instant", "/step/not_before", {"field": "not_before"}),
    ),
    (statement({"type": "entry-published", "targets": []}), "field-too-few", "/step/targets", {"least": 1}),
    (statement(grounds="x" * 20_001), "field-too-long", "/grounds", {"field": "grounds", "most": 20_000}),
    (statement(grounds="  "), "field-empty", "/grounds", {"field": "grounds"}),
    (statement(grounds=3), "field-text", "/grounds", {"field": "grounds"}),
    (statement(grounds="a\x00b"), "text-unprintable", "/grounds", {}),
    (statement(occurred=2018), "field-object", "/occurred", {"field": "occurred"}),
    (statement(occurred={"edtf": "bald"}), "date-not-understood", "/occurred/edtf", {"text": "bald"}),
    (statement(occurred={}), "date-basis", "/occurred", {"basis": "stated"}),
    (statement(because="weil"), "field-list", "/because", {"field": "because"}),
    (statement(because=[1, "Nr. 2"]), "field-reference", "/because/1", {"field": "because", "given": "Nr. 2"}),
    (statement(because=[0]), "field-reference", "/because/0", {"given": "0"}),
    (statement(occurred={"edtf": "2018", "after": [True]}), "field-reference", "/occurred/after/0", {"given": "true"}),
    (statement({"type": "entry-withdrawn", "target": "Nr. 1"}), "field-reference", "/step/target", {"field": "target"}),
    (statement({"type": "entry-published", "targets": [1, "2."]}), "field-reference", "/step/targets/1", {}),
    (statement(sources=[{"page": "vorne"}]), "field-pattern", "/sources/0/page", {"field": "page"}),
    (corrected(step={"type": "level-dropped", "level": 3}), "field-text", "/step/corrected/step/level", {}),
    (corrected(step=DROPPED, because=["Nr. 2"]), "field-reference", "/step/corrected/because/0", {"given": "Nr. 2"}),
    (corrected(step={"type": "level-dropt"}), "type-unknown", "/step/corrected/step/type", {"type": "level-dropt"}),
    ([], "field-object", "", {"field": ""}),
]


def of(type_: str, **fields: Any) -> dict[str, Any]:
    return statement({"type": type_, **fields})


def decision(**fields: Any) -> dict[str, Any]:
    return of("decision-taken", decision="d", **fields)


def consensing(*options: dict[str, Any], chosen: str = "a", passive: str = "b", **fields: Any) -> dict[str, Any]:
    numbers = {"participants": 2, "options": options, "passive": passive, "chosen": chosen, **fields}
    return decision(method="systemic-consensing", consensing=numbers)


def held(**fields: Any) -> dict[str, Any]:
    return of("meeting-held", meeting="m", **fields)


def disputed(**fields: Any) -> dict[str, Any]:
    return of("claim-disputed", claim=1, how="unclear", **fields)


A, B = {"option": "a", "votes": [1, 2]}, {"option": "b", "resistance": 9}

WRONG_BY_SUBJECT = [
    # dates and amounts of any subject
    (statement(occurred="neulich"), "date-not-understood", "/occurred", {"text": "neulich"}),
    (statement(occurred="2017/2018"), "date-ambiguous", "/occurred", {"text": "2017/2018"}),
    (decision(review_on=0), "date-not-written", "/step/review_on", {}),
    (
        of("entry-published", targets=[1], not_before="1999-12-31T00:00:00Z"),
        *("instant-out-of-range", "/step/not_before", {"first": 2000, "last": 9998}),
    ),
    (of("process-opened", zone="Bottrop"), "zone-unknown", "/step/zone", {"zone": "Bottrop"}),
    (held(meetings={}), "quantity-empty", "/step/meetings", {}),
    (
        held(meetings={"at_least": 3, "at_most": 2}),
        *("quantity-reversed", "/step/meetings", {"at_least": 3, "at_most": 2}),
    ),
    (held(meetings={"at_least": -1}), "field-too-small", "/step/meetings/at_least", {"least": 0}),
    (held(meetings="7"), "field-object", "/step/meetings", {"field": "meetings"}),
    (held(bodies=["a", "b", "a"]), "named-twice", "/step/bodies", {"subject": "a"}),
    (
        of("actor-registered", actor="x", kind="group", branch={"scheme": "swot", "term": "A"}),
        *("scheme-unknown", "/step/branch", {"given": "swot", "permitted": ["wz-2008", "wz-2025"]}),
    ),
    (
        of("meeting-planned", meeting="m", begins="2021-06-30", degree={"scheme": "iap2", "term": "ask"}),
        *("term-unknown", "/step/degree", {"given": "ask", "scheme": "iap2"}),
    ),
    # structure
    (of("bodies-merged", bodies=["a", "b"]), "one-heir", "/step", {}),
    (of("bodies-merged", bodies=["a", "a"], into="c", kind="allianz"), "merge-needs-two", "/step", {}),
    (of("bodies-merged", bodies=["a", "b"], into="c"), "kind-missing", "/step", {"subject": "c"}),
    (
        of("body-ended", body="a", how="closed", destinations=[{"subject": "b", "to": "left"}] * 2),
        *("destination-twice", "/step/destinations", {"subject": "b"}),
    ),
    # meetings
    (of("meeting-planned", meeting="m"), "begins-missing", "/step", {"meeting": "m"}),
    (
        of("meeting-planned", meeting="m", begins="2021-02-30"),
        *("local-time-none", "/step/begins", {"given": "2021-02-30"}),
    ),
    (
        of("meeting-planned", meeting="m", begins="30.6.2021"),
        *("field-pattern", "/step/begins", {"field": "begins", "given": "30.6.2021"}),
    ),
    (
        of("meeting-planned", meeting="m", begins="2021-06-30T10:00", ends="2021-06-30T09:00"),
        *("ends-before-it-begins", "/step", {"begins": "2021-06-30T10:00", "ends": "2021-06-30T09:00"}),
    ),
    (
        of("meeting-changed", meeting="m", how="rescheduled"),
        *("rescheduled-without-time", "/step", {"meeting": "m"}),
    ),
    (held(meetings=0), "no-meeting", "/step", {"meeting": "m"}),
    (
        held(attended={"actors": ["x"]}, excused={"actors": ["x"]}),
        *("attended-and-excused", "/step", {"subjects": ["x"]}),
    ),
    (
        held(invited={"actors": ["x", "y"], "persons": 1}),
        *("fewer-persons-than-actors", "/step/invited", {"persons": 1, "actors": 2}),
    ),
    # findings
    (
        of("finding-recorded", kind="lesson", load={"meetings": 3, "months": 1, "counted": "invited"}),
        *("load-without-kind", "/step", {}),
    ),
    (disputed(), "one-other-account", "/step", {}),
    (
        disputed(account={"step": {"type": "claim-disputed", "claim": 1, "against": 2, "how": "unclear"}}),
        *("account-of-a-dispute", "/step", {}),
    ),
    (disputed(account={"step": DROPPED, "because": ["!"]}), "field-reference", "/step/account/because/0", {}),
    (disputed(account={"step": {"type": "level-dropt"}}), "type-unknown", "/step/account/step/type", {}),
    (
        disputed(account={"step": {"type": "entry-withdrawn", "target": 1}}),
        "type-unknown",
        "/step/account/step/type",
        {},
    ),
    (
        corrected(
            step={"type": "claim-disputed", "claim": 1, "how": "unclear", "account": {"step": {**DROPPED, "level": 3}}}
        ),
        *("field-text", "/step/corrected/step/account/step/level", {"field": "level"}),
    ),
    (disputed(against="Nr. 2"), "field-reference", "/step/against", {"field": "against", "given": "Nr. 2"}),
    # decisions
    (decision(settles=[1, "Nr. 2"]), "field-reference", "/step/settles/1", {"field": "settles", "given": "Nr. 2"}),
    (
        decision(replaces="a", confirms="a"),
        *("replaced-and-confirmed", "/step", {"decision": "a"}),
    ),
    (decision(method="lot", vote={"yes": 1, "no": 0}), "vote-without-majority", "/step", {"method": "lot"}),
    (
        decision(method="majority", vote={"yes": 3, "no": 4}),
        *("vote-disagrees", "/step", {"yes": 3, "no": 4, "rule": "simple"}),
    ),
    (
        decision(method="majority", vote={"yes": 3, "no": 0, "rule": "absolute"}),
        *("entitled-missing", "/step/vote", {}),
    ),
    (
        decision(method="majority", vote={"yes": 9, "no": 0, "entitled": 7}),
        *("more-votes-than-entitled", "/step/vote", {"votes": 9, "entitled": 7}),
    ),
    (consensing({"option": "a"}, B), "resistance-missing", "/step/consensing/options/0", {"option": "a"}),
    (
        consensing({**A, "resistance": 4}, B),
        *("resistance-sum", "/step/consensing/options/0", {"option": "a", "given": 4, "computed": 3}),
    ),
    (
        consensing({"option": "a", "votes": [1]}, B),
        *("votes-not-all", "/step/consensing", {"option": "a", "votes": 1, "participants": 2}),
    ),
    (
        consensing(A, {"option": "b", "resistance": 21}),
        *("resistance-too-large", "/step/consensing", {"option": "b", "given": 21, "most": 20}),
    ),
    (consensing(A, B, chosen="c"), "option-unknown", "/step/consensing", {"option": "c", "permitted": ["a", "b"]}),
    (
        consensing(A, B, chosen="b", passive="a"),
        *("consensing-disagrees", "/step/consensing", {"chosen": "b", "given": 9, "lowest": ["a"], "computed": 3}),
    ),
    (consensing(A, B, passive="a"), "passive-option-outcome", "/step", {"chosen": "a", "passive": "a"}),
    (
        decision(consensing={"participants": 2, "options": [A, B], "passive": "b", "chosen": "a"}),
        *("consensing-without-method", "/step", {"method": "unrecorded"}),
    ),
    (decision(heard=["x"]), "heard-without-method", "/step", {"method": "unrecorded"}),
    (
        decision(method="consent", objections=[{"serious": True, "integrated": False}]),
        *("objection-stands", "/step", {"method": "consent", "count": 1}),
    ),
    # scenarios
    (
        of("criteria-set", criteria_set="s", criteria=[{"criterion": "k"}, {"criterion": "k"}]),
        *("named-twice", "/step", {"subject": "k"}),
    ),
    (
        of("scenario-assessed", scenario="a", criteria_set="s", cells=[{"criterion": "k", "state": "gap"}]),
        *("field-choice", "/step/cells/0/state", {"field": "state", "given": "gap"}),
    ),
    (
        of(
            "scenario-assessed",
            scenario="a",
            criteria_set="s",
            cells=[{"criterion": "k", "state": "stated", "like": "a"}],
        ),
        *("like-itself", "/step", {"scenario": "a"}),
    ),
    # the plan
    (of("goal-adopted", goal="g", kind="leitziel", under="g"), "goal-under-itself", "/step", {"goal": "g"}),
    (of("goal-revised", goal="g"), "nothing-changed", "/step", {"subject": "g"}),
    (of("measure-planned", measure="m", begins="bald"), "date-not-understood", "/step/begins", {"text": "bald"}),
    (of("measure-reported", measure="m", status="started", share=-1), "field-too-small", "/step/share", {"least": 0}),
    (
        of("measure-reported", measure="m", status="completed", share=40),
        *("completed-in-part", "/step", {"measure": "m", "share": 40}),
    ),
    # commitments
    (
        of("commitment-made", commitment="c", kind="promise", due="31.6.2027"),
        *("date-no-such-day", "/step/due", {"text": "31.6.2027"}),
    ),
    (
        of("commitment-settled", commitment="c", outcome="kept", becomes="d"),
        *("becomes-without-change", "/step", {"outcome": "kept"}),
    ),
    # monitoring
    (of("indicator-selected"), "nothing-selected", "/step", {}),
    (
        of("indicator-selected", indicators=["i", "j"], count=1),
        *("more-indicators-than-counted", "/step", {"indicators": 2, "count": 1}),
    ),
    (
        of("indicator-measured", indicator="i", value="1,5", unit="%", period="2018"),
        *("field-pattern", "/step/value", {"field": "value", "given": "1,5"}),
    ),
    (
        of("indicator-measured", indicator="i", value="1.5", unit="in %", period="2018"),
        *("field-pattern", "/step/unit", {"field": "unit", "given": "in %"}),
    ),
    (
        of("indicator-measured", indicator="i", value="1.5", unit="%", period="2018/19"),
        *("date-ambiguous", "/step/period", {"within": "[2018..2019]", "lasting": "2018/2019"}),
    ),
]


@pytest.mark.parametrize(("given", "code", "pointer", "params"), [*WRONG, *WRONG_BY_SUBJECT])
def test_what_is_wrong_is_said_once_and_at_its_place(given, code, pointer, params):
    (refusal,) = refusals(given)
    assert (refusal.code, refusal.pointer, refusal.index) == (code, pointer, None)
    assert params.items() <= refusal.params.items()
    for language in get_args(Language):
        assert "…" not in say(REFUSALS[refusal.code], language, refusal.params).replace("[ … ]", "")


def test_whatever_is_refused_while_a_statement_is_read_stands_in_the_rows():
    raised = {
        call.args[0].value
        for path in sorted((Path(__file__).parents[1] / "domain").glob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "invalid"
        if isinstance(call.args[0], ast.Constant)
    }
    assert raised - {code for _, code, _, _ in (*WRONG, *WRONG_BY_SUBJECT)} == set()


MANY = [f"k{n}" for n in range(1_001)]

TOO_MUCH = [
    (of("measure-reported", measure="m", status="started", share=101), "/step/share"),
    (
        of("finding-recorded", kind="load", load={"meetings": 3, "months": 1_201, "counted": "invited"}),
        "/step/load/months",
    ),
    (consensing({"option": "a", "votes": [11, 0]}, B), "/step/consensing/options/0/votes/0"),
    (consensing(*({"option": id_, "votes": [1, 1]} for id_ in MANY[:101])), "/step/consensing/options"),
    (of("criteria-set", criteria_set="s", criteria=[{"criterion": id_} for id_ in MANY[:201]]), "/step/criteria"),
    (
        of(
            "scenario-assessed",
            scenario="a",
            criteria_set="s",
            cells=[{"criterion": id_, "state": "stated"} for id_ in MANY[:201]],
        ),
        "/step/cells",
    ),
    (statement({**DROPPED, "destinations": [{"subject": id_, "to": "left"} for id_ in MANY]}), "/step/destinations"),
]


@pytest.mark.parametrize(("given", "pointer"), TOO_MUCH)
def test_what_is_too_much_is_refused_in_words_of_its_own(given, pointer):
    (refusal,) = refusals(given)
    assert refusal.pointer == pointer
    assert refusal.code != "field-invalid"


def test_everything_that_is_wrong_is_said_together():
    found = refusals({"step": {"type": "level-dropped", "level": "!"}, "because": ["!", 2, "?"]})
    assert {(refusal.code, refusal.pointer) for refusal in found} == {
        ("field-missing", "/process"),
        ("field-missing", "/key"),
        ("field-pattern", "/step/level"),
        ("field-reference", "/because/0"),
        ("field-reference", "/because/2"),
    }


def test_where_nothing_is_similar_all_step_types_are_named():
    (refusal,) = refusals(statement({"type": "xyz"}))
    assert set(refusal.params["similar"]) == STEPS.keys()


def test_what_is_no_json_is_told_by_line_and_column():
    with pytest.raises(ValidationError) as caught:
        Statement.model_validate_json('{"process": "p",\n  "key" }')
    (refusal,) = from_validation(caught.value).refusals
    assert (refusal.code, refusal.pointer, dict(refusal.params)) == ("json-invalid", "", {"line": 2, "column": 9})


def test_what_pydantic_may_say_one_day_is_refused_all_the_same():
    class Later(Model):
        value: float

    with pytest.raises(ValidationError) as caught:
        Later.model_validate({"value": "viel"})
    (refusal,) = from_validation(caught.value).refusals
    assert (refusal.code, refusal.pointer, dict(refusal.params)) == ("field-invalid", "/value", {"field": "value"})


def test_texts_that_were_given_are_not_repeated():
    for given in (statement(grounds="geheim" * 4000), statement(grounds="geheim\x00"), statement(grounds=["geheim"])):
        assert "geheim" not in str(refusals(given))


def places(value: Any, pointer: str = "") -> Iterator[str]:
    """JSON pointers to everything inside a value."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield f"{pointer}/{name}"
        yield from places(part, f"{pointer}/{name}")


def put(value: Any, pointer: str, wrong: Any) -> Any:
    copy = json.loads(json.dumps(value))
    *path, last = [int(part) if part.isdecimal() else part for part in pointer.split("/")[1:]]
    at = copy
    for part in path:
        at = at[part]
    at[last] = wrong
    return copy


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "golden").glob("*.json")), ids=lambda path: path.stem)
def test_every_wrong_value_anywhere_is_refused_near_its_place_and_in_words(path):
    good = json.loads(path.read_text(encoding="utf-8"))["statement"]
    for place in places(good):
        for wrong in (None, 0, -1.5, True, "", "Ä?", [], ["!"], {}, {"a/b": 1}):
            given = put(good, place, wrong)
            try:
                Statement.model_validate(given)
            except ValidationError as error:
                found = from_validation(error).refusals
            else:
                continue
            inside = set(places(given))
            for refusal in found:
                near = place.startswith(refusal.pointer) or refusal.pointer.startswith(place)
                assert near or refusal.pointer.rpartition("/")[0] == place.rpartition("/")[0], (place, wrong, refusal)
                parent = refusal.pointer.rpartition("/")[0]
                assert "/a~1b" in refusal.pointer or {refusal.pointer, parent} & {*inside, ""}, (place, wrong, refusal)
                assert refusal.code in REFUSALS
                assert refusal.code != "field-invalid", (place, wrong, refusal)


def test_our_own_refusals_come_through_with_their_parameters():
    vote = {"yes": 9, "no": 0, "entitled": 7}
    (refusal,) = refusals(statement({"type": "decision-taken", "decision": "d", "method": "majority", "vote": vote}))
    assert (refusal.code, refusal.pointer) == ("more-votes-than-entitled", "/step/vote")
    assert dict(refusal.params) == {"votes": 9, "entitled": 7}
