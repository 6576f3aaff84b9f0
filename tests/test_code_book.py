"""The code book is complete and true: every field, term and refusal is in it, and steps do what it says they do."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel

from adapters.answers import entry_answer
from adapters.exports.code_book import ENTRY, INTERNAL, code_book
from adapters.web.problems import STATUS
from domain import words
from domain.entry import VERSION, Entry, split
from domain.findings import ClaimDisputed
from domain.publication import STEPS, EntryCorrected, Statement, Telling
from domain.schemes import SCHEMES
from domain.words import CONFLICTS, FIELDS, HINTS, REFUSALS, SUBJECTS, TERMS, TYPES, word
from tests import command_line
from tests.test_words import SITES, models, terms

home, werdegang = command_line.home, command_line.werdegang

BOOK = code_book()
PARTS = sorted((m for m in models(Statement, set()) if m not in STEPS.values()), key=lambda model: model.__name__)
GOLDEN = sorted((Path(__file__).parent / "golden").glob(f"*.{VERSION}.json"))


def sections() -> dict[str, str]:
    """What stands under each heading."""
    _, *parts = re.split(r"^#+ (.+)$", BOOK, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


SECTIONS = sections()


def rows(heading: str) -> dict[str, list[str]]:
    """The rows of the table under a heading: name → its cells."""
    found = re.findall(r"^\| `([^`]+)` \| (.*) \|$", SECTIONS[heading], re.MULTILINE)
    assert len({name for name, _ in found}) == len(found), heading
    return {name: cells.split(" | ") for name, cells in found}


def heading(model: type[BaseModel]) -> str:
    return str(model.model_fields["type"].default) if model in STEPS.values() else model.__name__


# ---- fields and terms ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [*STEPS.values(), *PARTS], ids=heading)
def test_every_field_is_there_as_the_fact_or_the_text_that_it_is_stored_as(model):
    told = rows(heading(model))
    names = [name for name in model.model_fields if name != "type"]
    assert sorted(told) == sorted(names)
    _, texts = split(model.model_construct(**dict.fromkeys(names, "words")))
    assert {f"/{name}" for name, cells in told.items() if cells[2] == "text"} == texts.keys()
    for name, cells in told.items():
        inside = models(model.model_fields[name].annotation, set())
        mixed = any(split(part.model_construct(**dict.fromkeys(part.model_fields, "x")))[1] for part in inside)
        assert (cells[2] == "fact and text") == mixed, name


@pytest.mark.parametrize("model", [*STEPS.values(), *PARTS], ids=heading)
def test_every_field_has_its_words(model):
    step = heading(model) if model in STEPS.values() else ""
    for name, cells in rows(heading(model)).items():
        assert cells[:2] == [word(FIELDS, name, language, of=step) for language in ("de", "en")]


@pytest.mark.parametrize("model", [*STEPS.values(), *PARTS], ids=heading)
def test_every_term_stands_at_its_field_with_its_words(model):
    for name, info in model.model_fields.items():
        inside = models(info.annotation, set())
        for term in () if name == "type" or inside else terms(info.annotation):
            german, english = (word(TERMS, term, language, of=name) for language in ("de", "en"))
            assert f"`{term}` {german} / {english}" in rows(heading(model))[name][4]


@pytest.mark.parametrize("table", [name for name in words.__all__ if name.isupper() and name != "PATTERNS"])
def test_no_words_are_missing(table):
    told = getattr(words, table)
    assert [name for name, both in told.items() if not all(plain(said) in BOOK for said in both)] == []
    assert [name for name in told if f"`{name.rpartition(':')[2]}`" not in BOOK] == []


def test_every_type_and_every_kind_of_subject_has_its_words():
    for type_, both in TYPES.items():
        assert f"**{' · '.join(both)}**" in SECTIONS[type_]
    assert {kind: tuple(cells[:2]) for kind, cells in rows("Kinds of subject").items()} == SUBJECTS


@pytest.mark.parametrize("id_", SCHEMES)
def test_every_scheme_is_there_with_its_source_and_all_its_terms(id_):
    scheme = SCHEMES[id_]
    assert {term: tuple(words) for term, words in rows(id_).items()} == scheme.terms
    for said in (*scheme.label, scheme.edition, scheme.source):
        assert said in SECTIONS[id_]


# ---- sentences ----------------------------------------------------------------------------------------------------


def plain(sentence: str) -> str:
    return re.sub(r"\{(\w+(?:\[\d\])?)(?::\w+)?\}", r"{\1}", sentence)


def test_every_refusal_is_there_with_its_sentences_and_its_status():
    told = {code: cells for title in SECTIONS if title.startswith("Refusals of") for code, cells in rows(title).items()}
    assert {code: tuple(cells[1:]) for code, cells in told.items()} == {
        code: tuple(map(plain, sentences)) for code, sentences in REFUSALS.items()
    }
    assert {code: int(cells[0]) for code, cells in told.items() if cells[0] not in ("", "422")} == STATUS
    answered = {site.code for site in SITES if site.table == "refusal" and site.where.startswith(("domain", "service"))}
    assert [code for code in answered if told[code][0] == ""] == []
    assert [code for code in told if code.startswith(("setting-", "backup-")) and told[code][0] != ""] == []


@pytest.mark.parametrize(("title", "table"), [("Hints", HINTS), ("Conflicts", CONFLICTS)])
def test_every_hint_and_every_conflict_is_there(title, table):
    assert {code: tuple(cells) for code, cells in rows(title).items()} == {
        code: tuple(map(plain, sentences)) for code, sentences in table.items()
    }


# ---- what an entry is and what a step does ------------------------------------------------------------------------


def answered(statement: Statement, *, public: bool) -> dict[str, Any]:
    """An entry of that statement, as the public or an account reads it."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    nothing: dict[int, list[int]] = {}
    effective = SimpleNamespace(
        public_from=lambda _: now,
        in_force=lambda _: True,
        plain_text_of=lambda _: None,
        corrections=nothing,
        withdrawals=nothing,
        erasures=nothing,
        by_number={},
    )
    answer: Any = SimpleNamespace(public=public, view=SimpleNamespace(effective=effective))
    return entry_answer(Entry(statement, 1, 1, now, "konto-abc"), answer)


def correction() -> Statement:
    return stated(GOLDEN[0].parent / f"entry-corrected.{VERSION}.json")


def test_the_fields_of_an_entry_are_those_that_the_public_and_accounts_are_given():
    given = {public: set(answered(correction(), public=public)) for public in (True, False)}
    assert given[True] == {name for name, (who, _) in ENTRY.items() if who != "accounts"}
    assert given[False] == {name for name, (who, _) in ENTRY.items() if who != "the public"}
    assert list(rows("Entry")) == list(ENTRY)


def test_the_facts_that_are_called_internal_are_those_that_the_public_is_not_given():
    statement = correction()
    assert isinstance(statement.step, EntryCorrected)
    assert statement.step.seen is not None
    shown, all_ = (answered(statement, public=public)["statement"] for public in (True, False))
    hidden = (set(all_) - set(shown)) | (set(all_["step"]) - set(shown["step"]))
    assert hidden == INTERNAL
    internal = {
        n for part in (Statement, *STEPS.values()) for n, c in rows(heading(part)).items() if "internal" in c[2]
    }
    assert internal == INTERNAL


def values(model: BaseModel) -> Iterator[tuple[str, str, str]]:
    """(heading, field, value) of every single value that is stated; another telling inside it is not folded."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, BaseModel) and not isinstance(one, Telling):
                yield from values(one)
            elif isinstance(one, str):
                yield heading(type(model)), name, one


def stated(path: Path) -> Statement:
    return Statement.model_validate(json.loads(path.read_text(encoding="utf-8"))["statement"])


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_step_does_to_its_subjects_what_the_book_says(path):
    statement = stated(path)
    meaning, step = statement.meaning(), statement.step
    if isinstance(step, ClaimDisputed) and step.account is not None:
        return  # it names what the other account speaks of
    told = [(value, rows(place)[name][4]) for place, name, value in values(statement) if name != "type"]
    does = {("founds", subject): {kind} for subject, kind in meaning.founds}
    for verb in ("ends", "uses", "names"):
        does |= {(verb, use.subject): set(use.kinds) for use in getattr(meaning, verb)}
    for (verb, subject), kinds in does.items():
        if subject == "process" and verb in ("founds", "ends"):
            assert f"{verb.capitalize()} the process itself." in SECTIONS[step.type]
            continue
        said = [kind for value, cell in told if value == subject for kind in kinds_said(cell, verb)]
        assert kinds <= set(said), (verb, subject)
    for value, cell in told:
        if value == "process" and "`process`: none" in cell:
            continue
        for verb in ("founds", "ends", "uses", "names"):
            if re.search(rf"; {verb} [^;]+", cell) and not re.search(rf"; {verb} [^;]* if `", cell):
                assert (verb, value) in does, cell


def kinds_said(cell: str, verb: str) -> list[str]:
    """The kinds of subject that a field founds, ends, uses or names."""
    if "(#kinds-of-subject)" in cell and verb == "names":
        return [kind for kind, cells in rows("Kinds of subject").items() if cells[4] == "yes"]
    clauses = re.findall(rf"; {verb} ((?:an? [a-z-]+(?: or )?)+)", cell)
    return [kind for clause in clauses for kind in re.findall(r"an? ([a-z-]+)", clause)]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_step_sets_what_the_book_says(path):
    statement = stated(path)
    meaning, step = statement.meaning(), statement.step
    bullets = re.findall(r"^- Sets for .*$", SECTIONS[step.type], re.MULTILINE)
    for assignment in meaning.assigns:
        attribute = assignment.attribute.replace("_", " ")
        value = f" = `{assignment.value}`"
        fits = [clause for line in bullets for clause in re.split(r"[:;] ", line.rstrip("."))]
        assert any(c.startswith(f"{attribute}{value}") or re.match(rf"{attribute}( from `| if |$)", c) for c in fits)
    assert bool(bullets) >= bool(meaning.assigns)


# ---- the document -------------------------------------------------------------------------------------------------


def test_every_heading_stands_once_and_every_link_leads_to_one():
    headings = re.findall(r"^#+ (.+)$", BOOK, re.MULTILINE)
    places = [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in headings]
    assert len(set(places)) == len(places)
    assert set(re.findall(r"\]\(#([^)]+)\)", BOOK)) <= set(places)


def test_it_needs_no_installation_and_is_printed_or_written(werdegang, tmp_path):
    printed = werdegang("code-book")
    assert (printed.code, printed.out, printed.err) == (0, BOOK, "")
    assert werdegang("code-book", "--output", str(tmp_path / "book.md")) == (0, "", "")
    assert (tmp_path / "book.md").read_bytes() == BOOK.encode()
    assert not (tmp_path / "data").exists()


def test_a_file_that_cannot_be_written_is_told_of(werdegang, tmp_path):
    refused = werdegang("code-book", "--output", str(tmp_path / "nowhere" / "book.md"))
    assert refused.code == 1
    assert "[file-failed]" in refused.err
