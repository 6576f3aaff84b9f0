"""Files in and out: what is exported is imported elsewhere and exported again as the same bytes."""

import json
from pathlib import Path

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from adapters.exports import entries, statements
from adapters.imports.statements import line_starts, read_statements, strict_json
from adapters.settings import Settings
from adapters.wiring import initialise
from domain.account import Account
from domain.entry import resolve
from domain.errors import Refused
from service import Times
from tests.histories import histories

EXAMPLES = {
    path.stem: path.read_text(encoding="utf-8") for path in (Path(__file__).parents[1] / "examples").glob("*.jsonl")
}
EXAMPLE = EXAMPLES["bottrop-2018"]
CLERK = Account("konto-test", frozenset({("recorder", "*"), ("publisher", "*")}))
READER = Account("konto-reader", frozenset({("evaluator", "*")}))
CONCERN = {
    "process": "p",
    "key": "k",
    "step": {"type": "feedback-received", "kind": "concern", "what": "Zu viel."},
    "occurred": {"edtf": "2018"},
}


def installed(folder, **settings):
    environment = {"WERDEGANG_HOME": str(folder), **settings}
    installation, *_ = initialise(Settings.from_environment(environment))
    return installation


@pytest.fixture
def here(tmp_path):
    installation = installed(tmp_path / "here")
    yield installation
    installation.database.close()


@pytest.fixture
def elsewhere(tmp_path):
    installation = installed(tmp_path / "elsewhere")
    yield installation
    installation.database.close()


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Two installations for all generated histories: each comes as a process of its own."""
    both = [installed(tmp_path_factory.mktemp(name)) for name in ("one", "other")]
    yield both
    for installation in both:
        installation.database.close()


def exported(installation, process):
    return text_of(installation.service.statements(process, READER))


def text_of(stated):
    return "".join(f"{line}\n" for line in statements.lines(stated))


def complaints(text):
    with pytest.raises(Refused) as raised:
        read_statements(text)
    return [(refusal.code, refusal.index, refusal.pointer) for refusal in raised.value.refusals]


# ---- the same bytes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_exported_imported_elsewhere_and_exported_again_is_the_same_bytes(here, elsewhere, example):
    here.service.record(read_statements(EXAMPLES[example]), CLERK)
    first = exported(here, example)
    elsewhere.service.record(read_statements(first), CLERK)
    assert exported(elsewhere, example) == first


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_export_says_what_the_example_says(here, example):
    here.service.record(read_statements(EXAMPLES[example]), CLERK)
    lines = exported(here, example).splitlines()
    assert [json.loads(line) for line in lines] == [json.loads(line) for line in EXAMPLES[example].splitlines()]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_the_same_in_both_databases(database_url, tmp_path, example):
    installation = installed(tmp_path / "home", WERDEGANG_DATABASE_URL=database_url)
    installation.service.record(read_statements(EXAMPLES[example]), CLERK)
    again = installed(tmp_path / "home", WERDEGANG_DATABASE_URL=database_url)  # nothing kept in memory
    lines = exported(again, example).splitlines()
    assert [json.loads(line) for line in lines] == [json.loads(line) for line in EXAMPLES[example].splitlines()]
    again.database.close()
    installation.database.close()


def test_a_line_is_compact_readable_and_in_the_fixed_order(here):
    opened = '{"process": "p", "key": "a", "step": {"type": "process-opened", "name": "Überall »x«"}}'
    stated = {"sources": [{"title": "T", "lines": "1-2"}], **json.loads(opened), "occurred": {"edtf": "2018"}}
    here.service.record(read_statements(json.dumps(stated)), CLERK)
    assert exported(here, "p") == (
        opened[:-1] + ', "occurred": {"edtf": "2018"}, "sources": [{"title": "T", "lines": "1-2"}]}\n'
    )


_process = iter(range(10**6))


@given(office=histories(most=8))
@settings(max_examples=60)
def test_every_history_survives_the_way_out_and_in(many, office):
    here, elsewhere = many
    keys = {number: key for key, number in office.keys.items()}
    process = f"p-{next(_process)}"
    stated = [
        resolve(entry.statement, lambda reference, _: keys[reference]).model_copy(update={"process": process})
        for entry in office.entries
    ]
    try:
        here.service.record(stated, CLERK)
    except Refused:
        reject()  # what was possible day by day need not be possible in one list: an embargo that is over by now
    first = exported(here, process)
    assert first == text_of(stated)
    elsewhere.service.record(read_statements(first), CLERK)
    assert exported(elsewhere, process) == first
    assert elsewhere.service.record(read_statements(first), CLERK).new == ()


@given(st.text().filter(str.strip))
def test_every_text_that_may_be_recorded_stays_as_it_is(text):
    line = json.dumps({**CONCERN, "grounds": text})
    try:
        stated = read_statements(line)
    except Refused:
        reject()
    assert read_statements(text_of(stated)) == stated
    assert stated[0].grounds == text.strip()


@pytest.mark.parametrize("example", EXAMPLES)
def test_importing_twice_changes_nothing(here, example):
    stated = read_statements(EXAMPLES[example])
    first = here.service.record(stated, CLERK)
    again = here.service.record(stated, CLERK)
    assert again.numbers == first.numbers == tuple(range(1, len(stated) + 1))
    assert again.new == ()
    assert len(here.service.view(example, READER).view.effective.entries) == len(stated)


def test_an_export_of_what_was_known_holds_nothing_that_came_later(here):
    stated = read_statements(EXAMPLE)
    here.service.record(stated, CLERK)
    before = Times(known_by=here.service.entry("bottrop-2018", 1, CLERK)[1].recorded_at.date().replace(year=2020))
    assert list(here.service.statements("bottrop-2018", READER, before)) == []


# ---- what the public may read -------------------------------------------------------------------------------------


def test_entries_for_the_public_name_neither_keys_nor_accounts_nor_unpublished_entries(here):
    told = read_statements(EXAMPLE)[:-1]  # without the last publication
    here.service.record(told, CLERK)
    lines = [json.loads(line) for line in entries.lines(here.service.view("bottrop-2018", None))]
    published = {number for line in lines for number in line["statement"]["step"].get("targets", [])}
    publications = {n for n, each in enumerate(told, 1) if each.step.type == "entry-published"}
    assert {line["number"] for line in lines} == published | publications
    assert not [line for line in lines if "recorded_by" in line or "key" in line["statement"]]


def test_entries_for_an_account_are_all_of_them_with_their_keys(here):
    told = [each for each in read_statements(EXAMPLE) if each.step.type != "entry-published"]
    here.service.record(told, CLERK)
    lines = [json.loads(line) for line in entries.lines(here.service.view("bottrop-2018", READER))]
    assert [line["number"] for line in lines] == list(range(1, len(told) + 1))
    assert lines[0]["statement"]["key"] == "b05"
    assert lines[0]["recorded_by"] == CLERK.id


def test_statements_are_not_exported_to_whoever_may_not_read_what_is_internal(here):
    here.service.record(read_statements(EXAMPLE), CLERK)
    with pytest.raises(Refused) as raised:
        here.service.statements("bottrop-2018", None)
    assert raised.value.refusals[0].code == "account-needed"


# ---- reading files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_a_single_statement_and_json_lines_are_all_read(indent):
    other = {**CONCERN, "key": "l"}
    assert [s.key for s in read_statements(json.dumps([CONCERN, other], indent=indent))] == ["k", "l"]
    assert [s.key for s in read_statements(json.dumps(CONCERN, indent=indent))] == ["k"]
    assert [s.key for s in read_statements(f"\n{json.dumps(CONCERN)}\r\n\n{json.dumps(other)}")] == ["k", "l"]
    assert read_statements(" \n\n") == read_statements("[]") == []


def test_the_line_of_a_statement_is_the_line_it_begins_on():
    lines = f"\n{json.dumps(CONCERN)}\n\n{json.dumps(CONCERN)}\n"
    assert line_starts(lines) == [2, 4]
    laid_out = json.dumps([CONCERN, CONCERN], indent=2)
    assert laid_out.splitlines()[line_starts(laid_out)[1] - 1] == "  {"
    assert line_starts(laid_out) == [2, 14]
    assert line_starts(f"\n\n{json.dumps(CONCERN, indent=2)}") == [3]


def test_everything_that_is_wrong_is_told_at_once_with_its_place():
    wrong = [
        {**CONCERN, "step": {"type": "level-droped", "level": "x"}},
        CONCERN,
        {**CONCERN, "key": "Ä", "occurred": {"edtf": "2018-13"}},
    ]
    text = "\n".join(map(json.dumps, wrong))
    assert sorted(complaints(text)) == [
        ("date-not-understood", 2, "/occurred/edtf"),
        ("field-pattern", 2, "/key"),
        ("type-unknown", 0, "/step/type"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"process": "p"', 1, 16),
        (f'{json.dumps(CONCERN)}\n{{"process": "p",, }}', 2, 17),
        (f'{{"process": "p"\n{json.dumps(CONCERN)}', 1, 16),
        ('{\n  "process": "p",\n  "key": k\n}', 3, 10),
        (f"[{json.dumps(CONCERN)},\n{{]", 2, 2),
        (f"{json.dumps(CONCERN)} {json.dumps(CONCERN)}", 1, len(json.dumps(CONCERN)) + 2),
        ("ein Satz", 1, 1),
        ('{"process": NaN}', 1, 1),
        ('{"number": ' + "9" * 5_000 + "}", 1, 1),
        ("[" * 100_000, 1, 1),
    ],
)
def test_what_is_no_json_is_named_by_line_and_column(text, line, column):
    with pytest.raises(Refused) as raised:
        read_statements(text)
    refusal = raised.value.refusals[0]
    assert (refusal.code, refusal.params["line"], refusal.params["column"]) == ("json-invalid", line, column)


def test_a_field_given_twice_is_refused_and_not_read_as_the_second():
    with pytest.raises(Refused) as raised:
        read_statements(f'[{json.dumps(CONCERN)},\n{{"process": "p",\n"key": "a", "key": "b"}}]')
    refusal = raised.value.refusals[0]
    assert (refusal.code, refusal.params["name"], refusal.params["line"]) == ("json-named-twice", "key", 2)
    assert refusal.index == 1


def test_a_number_a_text_or_null_is_no_statement():
    for text in ("7", '"key"', "null", "[[]]"):
        assert complaints(text) == [("field-object", 0, "")]


def test_plain_json_is_read_as_it_stands():
    assert strict_json('{"a": [1, null, true, "ü"]}') == {"a": [1, None, True, "ü"]}


def test_one_wrong_statement_keeps_the_whole_list_out(here):
    lines = EXAMPLE.splitlines()
    stated = read_statements("\n".join(lines[:40]))
    broken = stated[30].model_copy(update={"because": ("nowhere",)})
    with pytest.raises(Refused) as raised:
        here.service.record([*stated[:30], broken, *stated[31:]], CLERK)
    refusal = raised.value.refusals[0]
    assert (refusal.code, refusal.index, refusal.pointer) == ("unknown-entry", 30, "/because/0")
    with pytest.raises(Refused) as raised:
        here.service.view("bottrop-2018", READER)
    assert raised.value.refusals[0].code == "unknown-process"
