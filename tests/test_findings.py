"""What was looked into and found, how far people took part, and where two accounts disagree."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.entry import Entry, resolve, seal, split
from domain.fields import Quantity
from domain.findings import ClaimDisputed
from domain.publication import Statement
from domain.publishing import needed
from domain.record import Salts
from tests.office import contradiction, why
from tests.story import alliance, corrected, lab, published, story, told, withdrawn

SALTS = Salts(b"f" * 32, b"i" * 32, b"t" * 32)


def actor(id_):
    return told({"type": "actor-registered", "actor": id_, "kind": "association", "name": id_.upper()}, "2017")


def looked_into(when="2018/2019", **fields):
    step = {"type": "assessment-conducted", "assessment": "befragung", "title": "Befragung", "methods": ["survey"]}
    return told(step | fields, when)


def found(kind="result", when="2019", **fields):
    return told({"type": "finding-recorded", "kind": kind, "what": "Die Wege sind kurz"} | fields, when)


def rated(when="2019", **fields):
    return told({"type": "participation-rated", "about": ["lab"], "observed": "Sie wurden gefragt"} | fields, when)


def disputed(claim, when="2020", **fields):
    return told({"type": "claim-disputed", "claim": claim, "topic": "Beginn", "how": "contradicts"} | fields, when)


def question(when="2018", **fields):
    return told({"type": "question-left-open", "question": "Wer zahlt?"} | fields, when)


# ---- assessments and findings ---------------------------------------------------------------------------------------


def test_an_assessment_lasted_and_its_findings_can_be_told_of_it():
    s = story(x=actor("uni"), look=looked_into(by=["uni"], asked={"actors": ["uni"], "persons": 40}), what=found())
    assert s.on("2018-12-31", "befragung").sure
    assert not s.on("2019-12-31", "befragung").counted
    s.given(more=found("lesson", assessment="befragung", category={"scheme": "swot", "term": "strength"}))
    assert why(s, found(assessment="uni")) == [contradiction("wrong-kind", 6, subject="uni")]
    assert why(s, found(assessment="keine")) == [contradiction("unknown", 6, subject="keine")]


def test_a_finding_may_be_older_than_the_assessment_it_came_out_of():
    s = story(look=looked_into("2019"), what=found(when="2018", assessment="befragung"))
    assert s.room("what") == ("2018-01-01", "2018-12-31")


def test_an_assessment_has_a_title_and_a_method():
    assert why(story(), looked_into(title=None)) == [("text-missing", "/step/title", {"field": "/step/title"})]
    assert why(story(), looked_into(methods=[])) == [
        ("field-too-few", "/step/methods", {"field": "methods", "least": 1})
    ]
    story(look=looked_into(methods=["unrecorded"]))


def test_an_assessment_stays_while_a_finding_came_out_of_it():
    s = story(look=looked_into(), what=found(assessment="befragung"))
    assert why(s, withdrawn("look")) == [contradiction("unknown", 3, subject="befragung")]
    s.given(off=withdrawn("what"), gone=withdrawn("look"))


LOAD = {"meetings": {"at_least": 20}, "months": 12, "counted": "invited-or-attended"}


@pytest.mark.parametrize("kind", ["result", "lesson", "condition"])
def test_a_load_is_recorded_as_one(kind):
    assert why(story(), found(kind, load=LOAD)) == [("load-without-kind", "/step", {})]
    story(what=found("load", load=LOAD), other=found("load"), third=found(kind))


@pytest.mark.parametrize(
    ("wrong", "code", "place"),
    [
        ({"months": 0}, "field-too-small", "/step/load/months"),
        ({"meetings": {"approximate": True}}, "quantity-empty", "/step/load/meetings"),
        ({"counted": "registered"}, "field-choice", "/step/load/counted"),
    ],
)
def test_a_load_counts_meetings_in_so_many_months(wrong, code, place):
    ((found_code, found_place, _),) = why(story(), found("load", load=LOAD | wrong))
    assert (found_code, found_place) == (code, place)
    story(shortest=found("load", load=LOAD | {"months": 1}), longest=found("load", load=LOAD | {"months": 1_200}))


def test_what_a_finding_is_about_goes_public_with_it():
    s = story(
        x=actor("uni"),
        lab=lab("lab"),
        look=looked_into(),
        what=found(assessment="befragung", by=["uni"], about=["lab"]),
    )
    asked = [s.number(key) for key in ("opened", "x", "lab", "look")]
    assert why(s, published("what")) == [("not-public-along", "/step/targets", {"entries": asked})]
    s.given(out=published("what", "opened", "x", "lab", "look"))


# ---- quantities -----------------------------------------------------------------------------------------------------

COUNTS = st.integers(0, 2**31 - 1)


@given(COUNTS)
def test_a_plain_number_is_exactly_so_many(count):
    assert TypeAdapter(Quantity).validate_python(count) == Quantity(at_least=count, at_most=count)


@given(st.none() | COUNTS, st.none() | COUNTS, st.booleans())
def test_a_quantity_has_a_bound_and_its_bounds_are_in_order(low, high, approximate):
    given_ = {"at_least": low, "at_most": high, "approximate": approximate}
    if low is None and high is None:
        expected = ("quantity-empty", "/step/sessions", {})
    elif low is not None and high is not None and low > high:
        expected = ("quantity-reversed", "/step/sessions", {"at_least": low, "at_most": high})
    else:
        story(look=looked_into(sessions=given_))
        return
    assert why(story(), looked_into(sessions=given_)) == [expected]


@pytest.mark.parametrize("wrong", [-1, 2**31, 1.5, True, "7", [7]])
def test_what_is_no_number_of_things_is_no_quantity(wrong):
    with pytest.raises(ValidationError):
        TypeAdapter(Quantity).validate_python(wrong)


# ---- participation --------------------------------------------------------------------------------------------------


def test_how_far_people_took_part_is_told_in_words_and_if_somebody_rated_it_as_a_degree():
    s = story(lab=lab("lab"), x=actor("bund"))
    s.given(
        wanted=rated(stage="intended", group=["bund"], degree={"scheme": "iap2", "term": "involve"}),
        seen=rated(group=["bund"], degree={"scheme": "wright9", "term": "4"}, by=["bund"]),
    )
    assert why(s, rated(observed=None)) == [("text-missing", "/step/observed", {"field": "/step/observed"})]
    assert why(s, rated(about=[])) == [("field-too-few", "/step/about", {"field": "about", "least": 1})]
    assert why(s, rated(group=["lab"])) == [contradiction("wrong-kind", 6, subject="lab")]


@pytest.mark.parametrize("id_", ["lab", "befragung", "bund", "process"])
def test_participation_in_any_thing_of_the_process_can_be_rated(id_):
    s = story(lab=lab("lab"), look=looked_into(), x=actor("bund"))
    s.given(seen=rated(about=[id_]))
    assert why(s, rated(about=["nichts"])) == [contradiction("unknown", 6, subject="nichts")]


# ---- feedback and its answers ---------------------------------------------------------------------------------------


def wish(when="2018", **fields):
    return told({"type": "feedback-received", "kind": "wish", "what": "Mehr Bänke"} | fields, when)


def answered(feedback, when="2019", **fields):
    step = {"type": "feedback-answered", "feedback": feedback, "outcome": "noted", "answer": "Danke"}
    return told(step | fields, when)


def test_an_answer_is_one_to_an_earlier_feedback():
    s = story(w=wish(), q=question(), out=published("opened", "w"))
    place = "/step/feedback"
    assert why(s, answered("q")) == [("not-a-feedback", place, {"number": s.number("q")})]
    assert why(s, answered("keine")) == [("unknown-entry", place, {"entry": "keine"})]
    assert why(s, answered(9)) == [("entry-not-earlier", place, {"entry": 9})]
    assert ("not-about-entries", place, {"number": s.number("out")}) in why(s, answered("out"))
    s.given(a=answered("w"), b=answered("w", outcome="taken-up"))
    assert needed(s.log, [s.number("a")], s.at) == []
    place = "/step/corrected/step/feedback"
    assert why(s, corrected("a", answered("q"))) == [("not-a-feedback", place, {"number": s.number("q")})]


def test_an_answer_goes_public_with_the_feedback_and_with_who_gave_it():
    s = story(x=actor("amt"), w=wish(), lab=lab("lab"), a=answered("w", by=["amt", "lab"]))
    asked = [s.number(key) for key in ("opened", "x", "w", "lab")]
    assert why(s, published("a")) == [("not-public-along", "/step/targets", {"entries": asked})]


# ---- two accounts ---------------------------------------------------------------------------------------------------


def test_two_accounts_stay_side_by_side_and_the_second_changes_nothing():
    s = story(top=alliance("top"), wiall=alliance("wiall", "2017", name="Wirtschaftsallianz", parent="top"))
    s.given(other=disputed("wiall", account=alliance("wiall", "2018", name="Andere")))
    standing = s.on("2017-12-31", "wiall")
    assert (standing.parent, standing.name.value) == ("top", s.number("wiall"))
    assert s.view("2021-01-01").conflicts == []
    assert s.room("wiall") == ("2017-01-01", "2017-12-31")


def test_another_account_founds_nothing_even_under_another_id():
    s = story(wiall=alliance("wiall"), other=disputed("wiall", account=alliance("anders")))
    assert "anders" not in s.view("2021-01-01").state
    assert why(s, lab("lab", parent="anders")) == [contradiction("unknown", 4, subject="anders")]
    s.given(anders=alliance("anders"))


@pytest.mark.parametrize("fields", [{}, {"against": "b", "account": alliance("wiall", "2018")}])
def test_against_a_claim_stands_one_other_account(fields):
    s = story(wiall=alliance("wiall"), b=alliance("b"))
    assert why(s, disputed("wiall", **fields)) == [("one-other-account", "/step", {})]
    s.given(one=disputed("wiall", against="b"), two=disputed("wiall", account=alliance("wiall", "2018")))


def test_another_account_is_of_the_same_type():
    s = story(wiall=alliance("wiall"))
    other = disputed("wiall", account=lab("wiall", "2018"))
    assert why(s, other) == [("account-type", "/step/account/step/type", {"type": "alliance-founded"})]


def test_a_dispute_is_not_disputed_by_an_account_but_can_be_by_an_entry():
    s = story(wiall=alliance("wiall"), b=alliance("b"), one=disputed("wiall", against="b"))
    inner = disputed("wiall", against="b", how="unclear")
    assert why(s, disputed("one", account=inner)) == [("account-of-a-dispute", "/step", {})]
    s.given(two=disputed("one", against="wiall"))


def test_a_dispute_says_what_it_is_about():
    s = story(wiall=alliance("wiall"), b=alliance("b"))
    wrong = disputed("wiall", against="b", topic=None)
    assert why(s, wrong) == [("text-missing", "/step/topic", {"field": "/step/topic"})]


@pytest.mark.parametrize("field", ["claim", "against"])
def test_what_disagrees_is_an_earlier_entry_about_the_process(field):
    s = story(wiall=alliance("wiall"), out=published("opened", "wiall"), b=alliance("b"))

    def naming(reference):
        return disputed(**{"claim": "wiall", "against": "b"} | {field: reference})

    place = f"/step/{field}"
    assert why(s, naming(5)) == [("entry-not-earlier", place, {"entry": 5})]
    assert why(s, naming("keiner")) == [("unknown-entry", place, {"entry": "keiner"})]
    assert why(s, naming("out")) == [("not-about-entries", place, {"number": 3})]
    s.given(fine=naming("opened"))
    assert why(s, corrected("fine", naming("fine"))) == [("names-itself", f"/step/corrected{place}", {"number": 5})]


def test_an_entry_does_not_disagree_with_itself():
    s = story(wiall=alliance("wiall"), b=alliance("b"))
    assert why(s, disputed("wiall", against="wiall")) == [("claim-against-itself", "/step/against", {"number": 2})]
    s.given(fine=disputed("wiall", against="b"))
    assert why(s, corrected("fine", disputed("b", against="b"))) == [
        ("claim-against-itself", "/step/corrected/step/against", {"number": 3})
    ]


def test_another_account_needs_a_date_and_its_texts_but_no_reason_of_its_own():
    s = story(one=told({"type": "theme-identified", "theme": "thema", "name": "Thema"}), wiall=alliance("wiall"))
    undated = {**alliance("wiall"), "occurred": None}
    assert why(s, disputed("wiall", account=undated)) == [("date-missing", "/step/account/occurred", {})]
    nameless = told({"type": "theme-identified", "theme": "thema"})
    place = "/step/account/step/name"
    assert why(s, disputed("one", account=nameless)) == [("text-missing", place, {"field": place})]
    s.given(other=disputed("wiall", account={**alliance("wiall", "2018"), "because": ()}))


@pytest.mark.parametrize(
    ("account", "code", "place"),
    [
        (alliance("wiall", "2027"), "date-in-future", "/occurred/edtf"),
        (alliance("wiall", "2016/2017"), "date-not-a-moment", "/occurred/edtf"),
        (
            {**alliance("wiall"), "occurred": {"edtf": "2018", "after": ["keiner"]}},
            "unknown-entry",
            "/occurred/after/0",
        ),
        ({**alliance("wiall"), "because": [9]}, "entry-not-earlier", "/because/0"),
        ({**alliance("wiall"), "because": ["out"]}, "not-about-entries", "/because/0"),
        ({**alliance("wiall"), "occurred": "neulich"}, "date-not-understood", "/occurred"),
        ({**alliance("wiall"), "sources": [{"page": "vorne"}]}, "field-pattern", "/sources/0/page"),
    ],
)
def test_what_is_wrong_inside_another_account_is_complained_of_there(account, code, place):
    s = story(wiall=alliance("wiall"), out=published("opened", "wiall"))
    ((found_code, found_place, _),) = why(s, disputed("wiall", account=account))
    assert (found_code, found_place) == (code, f"/step/account{place}")


def test_a_body_renamed_in_another_account_has_a_new_name_there_too():
    renamed = told({"type": "body-changed", "body": "wiall", "name": "Neu"}, "2018")
    s = story(wiall=alliance("wiall"), renaming=renamed)
    unnamed = told({"type": "body-changed", "body": "wiall", "renamed": True}, "2019")
    place = "/step/account/step/name"
    assert ("text-missing", place, {"field": place}) in why(s, disputed("renaming", account=unnamed))


def test_another_account_speaks_of_what_is_there_and_of_the_right_kind():
    s = story(wiall=alliance("wiall"), lab=lab("lab", parent="wiall"))
    elsewhere = disputed("lab", account=lab("lab", parent="niemand"))
    assert why(s, elsewhere) == [contradiction("unknown", 4, subject="niemand")]
    s.given(other=disputed("lab", account=lab("lab", level="process", parent="wiall")))
    wrong = disputed("lab", account=lab("lab", level="wiall"))
    assert why(s, wrong) == [contradiction("wrong-kind", 5, subject="wiall")]


def test_another_account_needs_nobody_earlier_and_moves_no_date():
    s = story(wiall=alliance("wiall", "2018"), lab=lab("lab", "2019"))
    s.given(other=disputed("lab", "2016", account=lab("lab", "2015", parent="wiall")))
    assert s.hints == []
    assert s.room("wiall") == ("2018-01-01", "2018-12-31")


def test_keys_inside_another_account_become_numbers_in_a_list_too():
    s = story(wiall=alliance("wiall"))
    account = told(
        {"type": "decision-taken", "decision": "d", "text": "x", "settles": ["frage"]}, "2018", after=["frage"]
    )
    batch = [
        ("frage", question("2018")),
        ("beschluss", told({"type": "decision-taken", "decision": "d", "text": "x"}, "2019", because=["frage"])),
        ("anders", disputed("beschluss", account={**account, "because": ["frage"]})),
    ]
    *_, entry = s.record(batch)
    step = entry.statement.step
    assert isinstance(step, ClaimDisputed)
    assert (step.claim, step.account.step.settles) == (4, (3,))
    assert (step.account.occurred.after, step.account.because) == ((3,), (3,))


def test_a_reference_inside_another_account_that_leads_nowhere_is_complained_of_there():
    s = story(d=told({"type": "decision-taken", "decision": "d", "text": "x"}, "2018"))
    account = told({"type": "decision-taken", "decision": "d", "text": "x", "settles": ["keine"]}, "2018")
    place = "/step/account/step/settles/0"
    assert why(s, disputed("d", account=account)) == [("unknown-entry", place, {"entry": "keine"})]
    account = told({"type": "decision-taken", "decision": "d", "text": "x", "settles": [1]}, "2018")
    permitted = ["decision-deferred", "question-left-open"]
    assert why(s, disputed("d", account=account)) == [
        ("not-such-an-entry", place, {"number": 1, "permitted": permitted})
    ]


def test_what_a_dispute_names_goes_public_with_it_also_what_stands_inside_the_other_account():
    s = story(x=actor("uni"), q=question(), d=told({"type": "decision-taken", "decision": "d", "text": "x"}, "2018"))
    s.given(doc=told({"type": "document-added", "document": "bericht", "title": "Bericht"}), b=alliance("b"))
    account = told(
        {"type": "decision-taken", "decision": "d", "text": "x", "settles": ["q"], "about": ["b"]},
        "2018",
        sources=[{"document": "bericht"}],
        asserted_by="uni",
    )
    s.given(other=disputed("d", account=account))
    asked = needed(s.log, [s.number("other")], s.at)
    assert asked == [s.number(key) for key in ("opened", "x", "q", "d", "doc", "b")]
    assert why(s, published("other")) == [("not-public-along", "/step/targets", {"entries": asked})]


def test_both_entries_that_disagree_go_public_together():
    s = story(a=alliance("a"), b=alliance("b"), one=disputed("a", against="b"))
    assert needed(s.log, [s.number("one")], s.at) == [s.number(key) for key in ("opened", "a", "b")]
    s.given(fix=corrected("one", disputed("a", account=alliance("a", "2016"))))
    assert needed(s.log, [s.number("one")], s.at) == [s.number(key) for key in ("opened", "a", "b", "fix")]


def test_what_a_corrected_account_names_goes_public_too():
    s = story(q=question(), d=told({"type": "decision-taken", "decision": "d", "text": "x"}, "2019"))
    account = told({"type": "decision-taken", "decision": "d", "text": "x"}, "2018")
    s.given(one=disputed("d", account=account), out=published("opened", "d", "one"))
    settling = told({"type": "decision-taken", "decision": "d", "text": "x", "settles": ["q"]}, "2018")
    s.given(fix=corrected("one", disputed("d", account=settling)))
    assert needed(s.log, [s.number("fix")], s.at) == [s.number("q")]


def test_the_texts_of_another_account_are_texts_and_its_facts_are_facts():
    named = {**alliance("wiall", "2018", name="Andere"), "occurred": "im Frühjahr 2018", "grounds": "So steht es da"}
    statement = Statement.model_validate({"process": "p", "key": "k", **disputed(2, account=named)})
    facts, texts = split(statement)
    assert texts == {
        "/step/topic": "Beginn",
        "/step/account/step/name": "Andere",
        "/step/account/occurred/wording": "im Frühjahr 2018",
        "/step/account/grounds": "So steht es da",
    }
    assert facts["step"]["account"]["occurred"]["edtf"] == "2018-21"
    record = seal(Entry(statement, 3, 3, datetime(2026, 11, 22, tzinfo=UTC), "konto-1"), SALTS)
    assert "Andere" not in record.facts.decode()


def test_references_of_an_account_become_keys_again_for_an_export():
    s = story(q=question(), d=told({"type": "decision-taken", "decision": "d", "text": "x"}, "2019"))
    account = told({"type": "decision-taken", "decision": "d", "text": "x", "settles": ["q"]}, "2018", after=["q"])
    s.given(one=disputed("d", account=account), fix=corrected("one", disputed("d", "2021", account=account)))
    keys = {number: key for key, number in s.keys.items()}
    exported = resolve(s.log.by_number[s.number("fix")].statement, lambda number, _: keys[number])
    assert exported.step.target == "one"
    assert (exported.step.corrected.step.claim, exported.step.corrected.step.account.step.settles) == ("d", ("q",))
    again = Statement.model_validate(exported.model_dump())
    assert resolve(again, lambda key, _: s.keys.get(key, key)) == s.log.by_number[s.number("fix")].statement


def test_a_dispute_is_corrected_and_withdrawn_like_any_other_entry():
    s = story(a=alliance("a"), b=alliance("b"), one=disputed("a", against="b"))
    s.given(fix=corrected("one", disputed("b", against="a")), off=withdrawn("one"))
    assert s.view("2021-01-01", published_by=s.at + timedelta(days=1)).conflicts == []
    s.given(gone=withdrawn("a"))
