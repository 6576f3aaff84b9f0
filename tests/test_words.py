"""The table of words is complete and true: every code, type, field and term has words, and no words are left over."""

import ast
import importlib
import pkgutil
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

import projections
import service
from adapters.web.problems import STATUS
from domain import words
from domain.account import Role
from domain.errors import FIELD_CODES
from domain.publication import STEPS, Statement
from domain.refusals import FIELD_REFUSALS, STATEMENT_REFUSALS
from domain.step_refusals import STEP_REFUSALS
from domain.words import CONFLICTS, FIELDS, HINTS, REFUSALS, TERMS, TYPES, Language, say, word
from projections.telling import FromEntry, Shown

ROOT = Path(__file__).parents[1]

LABELS = [
    "ACTS",
    "AMENDMENTS",
    "ASPECTS",
    "CHANGES",
    "FIELDS",
    "NOT_COMPUTABLE",
    "PATTERNS",
    "PRESENCE",
    "STANDINGS",
    "STATES",
    "SUBJECTS",
    "TERMS",
    "TYPES",
]
SENTENCES = {"refusal": REFUSALS, "hint": HINTS, "conflict": CONFLICTS}

SAME = {
    *("Geschäftsstelle", "Initiative", "Instrument", "Monitoring", "Name", "Partner", "Phase", "Reallabor"),
    *("Plan", "Strategische Allianz", "online"),
}
"""Words that are the same in both languages: proper names of the field, and words that English shares."""

PASSED_ON = {
    "adapters/web/problems.py:_of_parameter",
    "adapters/web/public.py:explained",
    "domain/errors.py:_refusal",
    "domain/errors.py:restated",
    "domain/errors.py:refused",
}
"""Functions that are handed a code which was written out elsewhere; `refusal.code` needs no mention."""


# ---- what the code says -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """A place where a code is given together with its parameters."""

    table: str
    code: str
    params: frozenset[str]
    where: str


KINDS = {"refused": "refusal", "invalid": "refusal", "Refusal": "refusal", "Hint": "hint", "Contradiction": "conflict"}


def functions() -> Iterator[tuple[str, ast.AST]]:
    """Every function of the program, with its path and name."""
    for path in sorted(p for root in ("domain", "projections", "adapters") for p in (ROOT / root).rglob("*.py")):
        yield from functions_of(path)
    yield from functions_of(ROOT / "service.py")


def functions_of(path: Path) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT).as_posix()}:{node.name}", node


def calls(function: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS and node.args:
            yield node.func.id, node


def codes(node: ast.expr) -> list[str] | None:
    """The codes that an expression can stand for; `None` if they are not written out there."""
    match node:
        case ast.Constant(value=str(code)):
            return [code]
        case ast.IfExp(body=body, orelse=orelse):
            first, second = codes(body), codes(orelse)
            return None if first is None or second is None else first + second
    return None


def keys(node: ast.expr | None, function: ast.AST) -> set[str]:
    """The keys of a dict that is written out, merged from several, or assigned before in the same function."""
    match node:
        case ast.Dict(keys=names, values=values):
            spread = [keys(value, function) for name, value in zip(names, values, strict=True) if name is None]
            return {str(name.value) for name in names if isinstance(name, ast.Constant)}.union(*spread)
        case ast.BinOp(left=left, right=right):
            return keys(left, function) | keys(right, function)
        case ast.Name(id=name):
            found = [n for n in ast.walk(function) if isinstance(n, ast.Assign | ast.AnnAssign)]
            targets = [(n.targets[0] if isinstance(n, ast.Assign) else n.target, n.value) for n in found]
            return set().union(*(keys(value, function) for target, value in targets if ast.unparse(target) == name))
    return set()


def params(name: str, call: ast.Call, function: ast.AST) -> set[str]:
    if name == "Contradiction":
        return {"entries", "subject", "expected"}
    if name in ("refused", "invalid"):
        return {keyword.arg for keyword in call.keywords if keyword.arg not in (None, "pointer")}
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    return keys(call.args[1] if len(call.args) > 1 else given.get("params"), function)


def sites() -> list[Site]:
    found = [
        Site(KINDS[name], code, frozenset(params(name, call, function)), where)
        for where, function in functions()
        for name, call in calls(function)
        for code in codes(call.args[0]) or ()
    ]
    # What admission refuses as a contradiction has the same code; pydantic's own errors are translated by a table.
    found += [Site("refusal", s.code, s.params, s.where) for s in found if s.where.startswith("domain/contradictions")]
    table = "domain/errors.py:FIELD_CODES"
    return found + [Site("refusal", c, frozenset({"field", *names}), table) for c, names in FIELD_CODES.values()]


SITES = sites()


def slots(sentence: str) -> set[tuple[str, str]]:
    return {(name, form or "") for _, name, form, _ in string.Formatter().parse(sentence) if name is not None}


# ---- sentences ----------------------------------------------------------------------------------------------------


def test_every_code_is_written_out_where_it_is_given():
    given = [(where, call.args[0]) for where, function in functions() for _, call in calls(function)]
    passed_on = {where for where, code in given if codes(code) is None and getattr(code, "attr", "") != "code"}
    assert passed_on <= PASSED_ON


@pytest.mark.parametrize("table", SENTENCES)
def test_every_code_has_words_and_no_words_are_left_over(table):
    used = {site.code for site in SITES if site.table == table}
    assert (sorted(used - SENTENCES[table].keys()), sorted(SENTENCES[table].keys() - used)) == ([], [])


def test_what_contradicts_the_record_is_a_conflict_on_the_web():
    codes_ = {site.code for site in SITES if site.table == "refusal" and "domain/contradictions" in site.where}
    assert {code for code in codes_ if STATUS.get(code) != 409} == set()
    assert "chosen-twice" in codes_


def test_no_code_has_words_twice():
    tree = ast.parse((ROOT / "domain/words.py").read_text(encoding="utf-8"))
    (table,) = [n.value for n in tree.body if isinstance(n, ast.AnnAssign) and ast.unparse(n.target) == "REFUSALS"]
    assert isinstance(table, ast.Dict)
    own = [ast.literal_eval(key) for key in table.keys if key is not None]
    every = [*own, *FIELD_REFUSALS, *STEP_REFUSALS, *STATEMENT_REFUSALS]
    assert sorted({code for code in every if every.count(code) > 1}) == []


@pytest.mark.parametrize("site", SITES, ids=lambda site: f"{site.where}-{site.code}")
def test_a_sentence_asks_for_no_more_than_the_code_tells(site):
    for sentence in SENTENCES[site.table].get(site.code, ()):
        assert {name.partition("[")[0] for name, _ in slots(sentence)} <= site.params


EVERY = [(table, code) for table, sentences in SENTENCES.items() for code in sentences]


@pytest.mark.parametrize(("table", "code"), EVERY)
def test_a_sentence_reads_well_with_its_parameters(table, code):
    lists = {"entries": [12, 13, 14], "subjects": ["sta", "lab"], "permitted": ["a", "b"], "similar": ["a", "b"]}
    for language, sentence in zip(get_args(Language), SENTENCES[table][code], strict=True):
        given = {name.partition("[")[0]: "x" for name, _ in slots(sentence)}
        said = say(SENTENCES[table][code], language, {n: lists.get(n, "x") for n in given})
        assert said == said.strip()
        assert said.endswith(".")
        assert said.count("…") == sentence.count("…")
        assert said.count("{") == 0


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_names_the_way_out(code):
    for sentence in REFUSALS[code]:
        plain = sentence.lower()
        assert any(sign in plain for sign in ("bitte", "please", ";", ":")) or plain.rstrip(".").count(". ") >= 1


@pytest.mark.parametrize(("table", "code"), EVERY)
def test_a_sentence_looks_words_up_in_tables_that_exist(table, code):
    for sentence in SENTENCES[table][code]:
        assert {form for _, form in slots(sentence)} <= {"", "codes", "or", "act", "field", "pattern", "term", "type"}


def test_numbers_and_ids_are_listed_as_one_says_them():
    listed = ("Nr. {entries}", "no. {entries}")
    assert say(listed, "de", {"entries": [12, 13, 14]}) == "Nr. 12, 13 und 14"
    assert say(listed, "en", {"entries": (12, 13)}) == "no. 12 and 13"
    assert say(listed, "de", {"entries": [12]}) == "Nr. 12"
    assert say(listed, "de", {"entries": [12, 12]}) == "Nr. 12"
    assert say(("Nr. {entries[1]}", ""), "de", {"entries": [12, 13]}) == "Nr. 13"
    assert say(("{similar:or}", "{similar:or}"), "de", {"similar": ["a", "b", "c"]}) == "a, b oder c"


def test_a_parameter_is_said_in_the_words_of_its_table():
    assert say(REFUSALS["type-fixed"], "de", {"type": "level-dropped"}).count("„Ebene aufgegeben“") == 1
    assert say(REFUSALS["text-missing"], "en", {"field": "/step/corrected/step/name"}).startswith("The field “Name”")
    assert "einfache Mehrheit" in say(REFUSALS["vote-disagrees"], "de", {"yes": 1, "no": 2, "rule": "simple"})


def test_a_missing_parameter_never_keeps_a_sentence_from_being_said():
    for table, code in EVERY:
        for language in get_args(Language):
            assert "{" not in say(SENTENCES[table][code], language)
    assert say(REFUSALS["order"], "de", {"entries": []}).startswith("Nr. … geschah")
    assert say(("{a}", "{a}"), "de", {"a": "{b}", "b": 1}) == "{b}"


# ---- labels -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [*SENTENCES.values(), *(getattr(words, name) for name in LABELS)])
def test_both_languages_say_something_and_not_the_same_thing(table):
    for german, english in table.values():
        assert german.strip()
        assert english.strip()
        assert german != english or german in SAME


def test_no_word_is_called_the_same_that_is_not():
    same = {german for name in LABELS for german, english in getattr(words, name).values() if german == english}
    assert same == SAME


def models(annotation: Any, found: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """Every model that a value of this type can be made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation not in found:
            found.add(annotation)
            for field in annotation.model_fields.values():
                models(field.annotation, found)
    else:
        for part in get_args(annotation):
            models(part, found)
    return found


def terms(annotation: Any) -> set[str]:
    if get_origin(annotation) is Literal:
        return set(get_args(annotation))
    return {term for part in get_args(annotation) for term in terms(part)}


def fields() -> Iterator[tuple[str, str, Any]]:
    """(step type or "", field, annotation) of everything that a statement can be made of."""
    for model in models(Statement, set()):
        step = next((name for name, cls in STEPS.items() if cls is model), "")
        yield from ((step, name, field.annotation) for name, field in model.model_fields.items())


def left_over(table: dict[str, Any], used: set[tuple[str, str]]) -> list[str]:
    """Keys that no (place, name) is looked up by."""
    hit = {f"{place}:{name}" if f"{place}:{name}" in table else name for place, name in used}
    return sorted(table.keys() - hit)


def test_every_step_type_has_words():
    assert TYPES.keys() == STEPS.keys()


def test_every_field_has_words():
    used = {(step, name) for step, name, _ in fields()}
    assert sorted({name for step, name in used if name not in FIELDS and f"{step}:{name}" not in FIELDS}) == []
    assert left_over(FIELDS, used) == []


def test_every_vocabulary_term_has_words():
    used = {(name, term) for _, name, annotation in fields() if name != "type" for term in terms(annotation)}
    used |= {("", term) for vocabulary in (Language, Role) for term in get_args(vocabulary)}
    assert sorted((name, term) for name, term in used if term not in TERMS and f"{name}:{term}" not in TERMS) == []
    assert left_over(TERMS, used) == []


def test_a_word_is_looked_up_where_it_stands():
    assert word(TERMS, "left", "de", of="to") == "mitgegangen"
    assert word(TERMS, "left", "de", of="how") == "ausgeschieden"
    assert word(TERMS, "dissolved", "en", of="how") == "dissolved"
    assert word(FIELDS, "title", "de", of="role-assigned") == "Bezeichnung der Rolle"
    assert word(FIELDS, "title", "de", of="document-added") == "Titel"
    assert word(FIELDS, "Datum", "de") == "Datum"


def test_every_pattern_is_described():
    patterns: set[str] = set()

    def collect(schema: Any) -> None:
        if isinstance(schema, dict):
            patterns.update({schema["pattern"]} if isinstance(schema.get("pattern"), str) else ())
            for part in schema.values():
                collect(part)
        elif isinstance(schema, list):
            for part in schema:
                collect(part)

    collect(Statement.model_json_schema())
    assert words.PATTERNS.keys() == patterns


def test_every_kind_of_subject_has_words():
    founded = set()
    for _, function in functions():
        for node in ast.walk(function):
            if isinstance(node, ast.keyword) and node.arg == "founds":
                pairs = [part for part in ast.walk(node.value) if isinstance(part, ast.Tuple) and len(part.elts) == 2]
                founded |= {pair.elts[1].value for pair in pairs if isinstance(pair.elts[1], ast.Constant)}
    assert words.SUBJECTS.keys() == founded


def test_every_act_has_words():
    assert words.ACTS.keys() == set(get_args(service.Act))


SHOWN = {
    "amendment": "AMENDMENTS",
    "approved_by": "TERMS",
    "aspect": "ASPECTS",
    "basis": "TERMS",
    "change": "CHANGES",
    "how": "KINSHIP",
    "kind": "SUBJECTS",
    "legal_ground": "TERMS",
    "outcome": "TERMS",
    "perhaps_came": "STANDINGS",
    "presence": "PRESENCE",
    "reason": "NOT_COMPUTABLE",
    "review": "STANDINGS",
    "standing": "STANDINGS",
    "state": "STATES",
}


IN_FIGURES = {"code", "unit"}
"""Of figures and early warnings: their words stand with their sheets (`test_analytics.py`)."""


def shown() -> dict[str, set[str]]:
    """The terms that answers are made of, by the table that has their words."""
    for module in pkgutil.iter_modules(projections.__path__):
        importlib.import_module(f"projections.{module.name}")
    found: dict[str, set[str]] = {table: set() for table in SHOWN.values()}
    for model in {*Shown.__subclasses__(), *FromEntry.__subclasses__()}:
        for name, field in model.model_fields.items():
            if name not in IN_FIGURES and (said := terms(field.annotation)):
                found[SHOWN[name]] |= said
    return found


def test_everything_that_an_answer_says_of_a_subject_has_words():
    for table, used in shown().items():
        if table in ("TERMS", "SUBJECTS"):
            assert used <= getattr(words, table).keys()
        elif table == "STANDINGS":  # where a step has the same outcome, its term says it
            assert used <= words.STANDINGS.keys() | TERMS.keys()
            assert words.STANDINGS.keys() - used == {"not-assessed", "status:planned"}  # of a cell, of a measure
        else:
            assert used == getattr(words, table).keys()
