"""Controlled vocabularies: each with its source and edition, in both languages, and no term twice."""

import ast
import inspect
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from domain import schemes
from domain.errors import from_validation
from domain.publication import STEPS, Statement
from domain.schemes import BRANCHES, CATEGORIES, DEGREES, PERSPECTIVES, SCHEMES, Branch, Category, Degree, Perspective
from domain.words import REFUSALS, say
from tests.office import why
from tests.story import lab, story, told

PLACES = {"degree": DEGREES, "category": CATEGORIES, "perspective": PERSPECTIVES, "branch": BRANCHES}
"""The fields that hold a term, and the schemes it may be of."""


def rated(degree):
    return told({"type": "participation-rated", "about": ["lab"], "observed": "Sie wurden gefragt", "degree": degree})


def registered(branch, **fields):
    return told(
        {"type": "actor-registered", "actor": "werk", "kind": "company", "name": "Werk", "branch": branch} | fields
    )


def term(scheme, code):
    return {"scheme": scheme, "term": code}


# ---- the tables -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id_", SCHEMES)
def test_a_scheme_says_where_it_comes_from_and_has_words_in_both_languages(id_):
    scheme = SCHEMES[id_]
    for text in (scheme.edition, scheme.source, *scheme.label):
        assert text.strip() == text != ""
    assert len(scheme.terms) > 1
    for german, english in (scheme.label, *scheme.terms.values()):
        assert german.strip() == german != ""
        assert english.strip() == english != ""


@pytest.mark.parametrize("id_", SCHEMES)
def test_no_two_terms_of_a_scheme_are_called_the_same(id_):
    for language in (0, 1):
        words = [each[language] for each in SCHEMES[id_].terms.values()]
        assert sorted({word for word in words if words.count(word) > 1}) == []


def test_no_code_stands_twice_in_the_source():
    tree = ast.parse(inspect.getsource(schemes))
    tables = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    keys = [[key.value for key in table.keys if isinstance(key, ast.Constant)] for table in tables]
    assert [key for table in keys for key in table if table.count(key) > 1] == []
    assert all(list(table) in keys for table in (SCHEMES, *(scheme.terms for scheme in SCHEMES.values())))


def test_every_scheme_and_every_code_can_be_stated_and_every_scheme_has_a_place():
    assert {scheme for known in PLACES.values() for scheme in known} == SCHEMES.keys()
    for annotation, known in (
        (Degree, DEGREES),
        (Category, CATEGORIES),
        (Perspective, PERSPECTIVES),
        (Branch, BRANCHES),
    ):
        for scheme in known:
            for code in SCHEMES[scheme].terms:
                given = TypeAdapter(annotation).validate_python(term(scheme, code))
                assert (given.scheme, given.term) == (scheme, code)


def test_a_degree_stands_on_a_scale_and_only_a_degree_does():
    assert {id_ for id_, scheme in SCHEMES.items() if scheme.ordered} == set(DEGREES)


@pytest.mark.parametrize(
    ("scheme", "terms"),
    [
        ("wright9", "1 2 3 4 5 6 7 8 9"),
        ("arnstein8", "1 2 3 4 5 6 7 8"),
        ("iap2", "inform consult involve collaborate empower"),
        ("swot", "strength weakness opportunity threat"),
        ("bsc", "financial customer internal-process learning-and-growth"),
        ("wz-2008", "A B C D E F G H I J K L M N O P Q R S T U"),
        ("wz-2025", "A B C D E F G H I J K L M N O P Q R S T U V"),
        ("transition-management", "strategic tactical operational reflexive"),
        (
            "reallabor",
            "research sustainability transdisciplinarity transformativity civil-society long-term laboratory",
        ),
    ],
)
def test_a_released_scheme_keeps_its_codes_in_their_order(scheme, terms):
    assert list(SCHEMES[scheme].terms) == terms.split()


def test_the_same_letter_of_two_editions_is_another_branch():
    assert SCHEMES["wz-2008"].terms["K"] != SCHEMES["wz-2025"].terms["K"]
    assert SCHEMES["wz-2008"].edition != SCHEMES["wz-2025"].edition


# ---- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["swot", "leiter", "wright"])
def test_a_degree_of_an_unknown_scale_is_refused_with_those_that_are_known(scheme):
    s = story(lab=lab("lab"))
    wrong = {"given": scheme, "permitted": ["wright9", "iap2", "arnstein8"]}
    assert why(s, rated(term(scheme, "1"))) == [("scheme-unknown", "/step/degree", wrong)]


@pytest.mark.parametrize("code", ["0", "10", "inform"])
def test_an_unknown_degree_is_refused_with_those_of_the_scale(code):
    s = story(lab=lab("lab"))
    wrong = {"given": code, "scheme": "wright9", "permitted": [str(n) for n in range(1, 10)]}
    assert why(s, rated(term("wright9", code))) == [("term-unknown", "/step/degree", wrong)]
    s.given(least=rated(term("wright9", "1")), most=rated(term("wright9", "9")))


@pytest.mark.parametrize(
    ("given", "code", "place"),
    [
        ({"scheme": "wright9"}, "field-missing", "/step/degree/term"),
        ({"scheme": "Wright 9", "term": "1"}, "field-pattern", "/step/degree/scheme"),
        ({"scheme": "wright9", "term": "eins zwei"}, "field-pattern", "/step/degree/term"),
        ({"scheme": "wright9", "term": 1}, "field-text", "/step/degree/term"),
        ("wright9:1", "field-object", "/step/degree"),
    ],
)
def test_a_degree_is_a_scale_and_a_code(given, code, place):
    ((found, at, _),) = why(story(lab=lab("lab")), rated(given))
    assert (found, at) == (code, place)


def fields_with_terms():
    """(step type, field) of every step that holds a term."""
    for name, cls in STEPS.items():
        for field, described in fields(cls).items():
            if "schemes" in str(described):
                yield name, field


def fields(cls) -> dict[str, Any]:
    """The schema of each field; a step that can hold another telling stands under its own name."""
    schema = cls.model_json_schema()
    return schema["properties"] if "properties" in schema else schema["$defs"][cls.__name__]["properties"]


@pytest.mark.parametrize(("name", "field"), sorted(fields_with_terms()))
def test_every_field_that_holds_a_term_checks_it_and_says_in_its_schema_which_schemes_it_knows(name, field):
    schema = fields(STEPS[name])[field]
    assert [found["schemes"] for found in (schema, *schema.get("anyOf", ())) if "schemes" in found] == [
        list(PLACES[field])
    ]
    statement = {"process": "p", "key": "k", "step": {"type": name, field: term("nichts", "x")}}
    found = [refusal for refusal in why_not(statement) if refusal.pointer == f"/step/{field}"]
    assert [(refusal.code, refusal.params["permitted"]) for refusal in found] == [
        ("scheme-unknown", list(PLACES[field]))
    ]


def why_not(statement):
    with pytest.raises(ValidationError) as error:
        Statement.model_validate(statement)
    return from_validation(error.value).refusals


def test_the_fields_that_hold_terms_are_these():
    assert sorted(fields_with_terms()) == [
        ("actor-redescribed", "branch"),
        ("actor-registered", "branch"),
        ("finding-recorded", "category"),
        ("goal-adopted", "perspective"),
        ("indicator-defined", "perspective"),
        ("meeting-planned", "degree"),
        ("participation-rated", "degree"),
    ]


@pytest.mark.parametrize("code", ["scheme-unknown", "term-unknown"])
def test_what_is_refused_names_what_is_permitted_in_both_languages(code):
    for language in ("de", "en"):
        said = say(REFUSALS[code], language, {"given": "x", "scheme": "iap2", "permitted": ["inform", "empower"]})
        assert "inform" in said
        assert "empower" in said


# ---- the branch of an actor -----------------------------------------------------------------------------------------


def test_the_branch_of_an_actor_stands_in_the_state_with_its_edition_and_can_change():
    s = story(x=registered(term("wz-2008", "D")))
    redescribed = {"type": "actor-redescribed", "actor": "werk", "branch": term("wz-2025", "K")}
    s.given(new=told(redescribed, "2025"))
    assert s.on("2018-12-31", "werk").attributes["branch"].value == "wz-2008:D"
    assert s.on("2025-12-31", "werk").attributes["branch"].value == "wz-2025:K"
    assert s.on("2025-12-31", "werk").attributes["kind"].value == "company"
    assert s.on("2025-12-31", "werk").name.value == s.number("x")


def test_an_actor_without_a_branch_has_none():
    s = story(x=registered(None))
    assert "branch" not in s.on("2018-12-31", "werk").attributes


def test_a_new_branch_alone_is_a_change_and_nothing_is_none():
    s = story(x=registered(None))
    nothing = told({"type": "actor-redescribed", "actor": "werk"})
    assert why(s, nothing) == [("nothing-changed", "/step", {"subject": "werk"})]
    s.given(new=told({"type": "actor-redescribed", "actor": "werk", "branch": term("wz-2008", "P")}, "2019"))
