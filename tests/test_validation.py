"""What pydantic finds wrong with a statement becomes refusals: our code, our words, and the place in what was given."""

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


@pytest.mark.parametrize(("given", "code", "pointer", "params"), WRONG)
def test_what_is_wrong_is_said_once_and_at_its_place(given, code, pointer, params):
    (refusal,) = refusals(given)
    assert (refusal.code, refusal.pointer, refusal.index) == (code, pointer, None)
    assert params.items() <= refusal.params.items()
    for language in get_args(Language):
        assert "…" not in say(REFUSALS[refusal.code], language, refusal.params).replace("[ … ]", "")


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
