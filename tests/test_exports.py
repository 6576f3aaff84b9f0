"""Files for researchers: what they hold, for whom, that they name what they come from, and are the same each time."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from base64 import b64encode
from datetime import date
from hashlib import sha256
from threading import Event, Thread
from urllib.parse import parse_qsl

import frictionless
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from adapters.exports import formats
from adapters.exports.formats import BY_NAME, FORMATS
from adapters.exports.material import Material, objects_of
from adapters.exports.tables import TABLES, Table, written
from adapters.version import VERSION
from adapters.web import exporting
from projections.analytics.report import report
from tests.exporting import LATER, PROCESS, STATEMENTS, Lindenau, feedback, file_of, lindenau, material_of
from tests.histories import FIRST, LAST, heaps, histories
from tests.story import erasing, lab, published, told
from tests.test_laws import rounds

NAMES = sorted(BY_NAME)
TYPES = {"integer": int, "string": str, "boolean": bool}


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def table(name, as_=None, **times):
    content = unpacked(lindenau().file("csv", as_, **times))[f"{name}.csv"].decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))


def row(name, as_=None, **wanted):
    found = [r for r in table(name, as_) if all(r[column] == value for column, value in wanted.items())]
    assert len(found) == 1, found
    return found[0]


def number(key):
    return str(lindenau().house.numbers[key])


@pytest.fixture
def package(tmp_path):
    """The data package, unpacked into a folder."""
    for name, content in unpacked(lindenau().file("csv", "evaluator")).items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


# ---- tables -------------------------------------------------------------------------------------------------------


def check(table: Table, rows, known):
    """That rows are as the columns say, named once, and refer to what is there."""
    names = [column.name for column in table.columns]
    keys = [tuple(r[names.index(name)] for name in table.key) for r in rows]
    assert not table.key or len(keys) == len(set(keys)), table.name
    for place, column in enumerate(table.columns):
        values = {r[place] for r in rows}
        assert not (column.required and None in values), (table.name, column.name)
        assert not column.terms or values <= {*column.terms, None}, (table.name, column.name, values)
        if column.type in TYPES:
            assert {type(value) for value in values - {None}} <= {TYPES[column.type]}, (table.name, column.name)
        if column.refers:
            assert values - {None} <= known(column.refers), (table.name, column.name)


@rounds(40)
@given(st.one_of(histories(), heaps()), st.integers(FIRST, LAST))
def test_every_row_is_as_its_columns_say_and_refers_to_what_is_there_whatever_was_recorded(office, day):
    material = material_of(office, day)
    rows = {table.name: list(table.rows(material)) for table in TABLES}

    def known(refers):
        name, column = refers.split(".")
        place = next([c.name for c in t.columns].index(column) for t in TABLES if t.name == name)
        return {r[place] for r in rows[name]}

    for each in TABLES:
        check(each, rows[each.name], known)


def test_an_entry_says_what_its_last_correction_says():
    kritik = row("entries", number=number("kritik"))
    assert (kritik["told_by"], kritik["headline"]) == (number("richtig"), "Zu viele Ebenen!")
    assert (kritik["occurred"], kritik["occurred_earliest"], kritik["asserted_by"]) == (
        "2018-02-10",
        "2018-02-10",
        "verein",
    )


def test_what_was_withdrawn_stays_in_the_list_and_counts_for_nothing():
    falsch = row("entries", number=number("falsch"))
    assert (falsch["state"], falsch["in_force"], falsch["occurred_earliest"]) == ("withdrawn", "false", "")
    assert number("falsch") not in {r["feedback"] for r in table("feedback_responses")}


def test_known_by_tells_what_was_known_then():
    then = {r["number"]: r for r in table("entries", "evaluator", known_by=date(2026, 11, 22))}
    assert then[number("kritik")]["occurred"] == "2018-01"
    assert then[number("falsch")]["state"] == "certain"
    assert number("richtig") not in then


def test_happened_by_says_of_each_entry_whether_it_had_happened_and_ends_the_structure_there():
    then = {r["number"]: r["state"] for r in table("entries", happened_by=date(2017, 6, 1))}
    assert [then[number(key)] for key in ("bund", "labor", "treffen")] == ["certain", "possible", "not-yet"]
    assert {r["object"] for r in table("structure", happened_by=date(2017, 6, 1))} == {"oben", "mitte", "bund"}


def test_happened_by_ends_objects_and_what_is_told_of_them():
    then = date(2017, 6, 1)
    found = {r["id"]: r for r in table("objects", happened_by=then)}
    assert {"process", "amt", "oben", "mitte", "bund", "labor"} <= found.keys()
    assert {"treffen-1", "beschluss-1", "zusage-1", "spaet"} & found.keys() == set()
    assert (found["labor"]["presence"], found["labor"]["level"]) == ("perhaps-there", "")
    assert (found["mitte"]["presence"], found["mitte"]["ended_by"], found["mitte"]["until_earliest"]) == (
        "there",
        "",
        "",
    )
    for name in ("object_changes", "entry_objects"):
        rows = table(name, happened_by=then)
        assert {r["object"] for r in rows} <= found.keys()
    assert max(r["occurred_earliest"] for r in table("object_changes", happened_by=then)) <= "2017-06-01"
    happened = {r["number"] for r in table("entries", happened_by=then) if r["state"] in ("certain", "possible")}
    assert {r["entry"] for r in table("entry_objects", happened_by=then)} <= happened
    assert number("weg") in {r["number"] for r in table("entries", happened_by=then)}, "the list of entries is whole"


def test_a_kind_is_that_of_the_day(tmp_path):
    place = Lindenau(tmp_path / "data")
    other = {"type": "actor-redescribed", "actor": "amt", "kind": "association"}
    place.record(
        {"anders": {**STATEMENTS["amt"], "step": other, "occurred": {"edtf": "2019"}}, "p": published("anders")}
    )

    def kinds(day):
        objects = unpacked(place.file("csv", happened_by=day))["objects.csv"].decode()
        (kind,) = (r["of_kind"] for r in csv.DictReader(io.StringIO(objects, newline="")) if r["id"] == "amt")
        return kind, f'value="{kind}"'.encode() in place.file("gexf-meetings", happened_by=day)

    assert kinds(date(2018, 12, 31)) == ("authority", True)
    assert kinds(date(2019, 12, 31)) == ("association", True)
    place.house.close()


def begun(material):
    """The ids of all that had begun by the day, or may have."""
    view = material.view
    return {id_ for id_, subject in view.state.items() if view.since(subject).first <= view.day}


@rounds(40)
@given(st.one_of(histories(), heaps()), st.integers(FIRST, LAST))
def test_what_began_later_is_in_no_file_unless_what_happened_refers_to_it(office, day):
    material = material_of(office, day)
    view = material.view
    happened = [n for n in view.effective.graph.forms if view.room(n).first <= day]
    named = {id_ for n in happened for id_, _, _ in objects_of(material, view.form(n).telling)}
    logged = json.loads(file_of("ocel-json", material))
    related = {r["objectId"] for each in (*logged["events"], *logged["objects"]) for r in each["relationships"]}
    ids = {each["id"] for each in logged["objects"]}
    assert ids - {"process"} == (begun(material) | named | related) - {"process"}
    tables = {each.name: list(each.rows(material)) for each in TABLES}
    cited = {r[2] for r in tables["sources"]}
    assert {r[0] for r in tables["objects"]} - cited == ids - {"process"} - cited | {"process"} & view.state.keys()


def test_erased_words_are_empty_and_marked():
    erased = row("entries", "evaluator", number=number("geloescht"))
    assert (erased["erased"], erased["headline"], erased["grounds"]) == ("true", "", "")
    assert erased["erased_at"].startswith("2026-11-23")
    assert json.loads(erased["step"]) == {"type": "feedback-received", "kind": "concern"}


def test_words_with_commas_quotes_and_line_breaks_come_back_as_they_are():
    assert row("objects", id="verein")["name"] == 'Ver"ein, e. V.'
    known = table("entries", "evaluator", known_by=date(2026, 11, 22))
    assert next(r for r in known if r["number"] == number("kritik"))["headline"] == "Zu viele Ebenen.\n=1+1"


def test_structure_and_spells_tell_the_same_days():
    weg = row("structure", object="mitte")
    assert (weg["first_day"], weg["last_day"], weg["parent"]) == ("2016-10-01", "2018-03-31", "oben")
    vertex = row("vertex_ids", object="mitte")["vertex"]
    spell = row("vertex_spells", vertex=vertex)
    days = [
        date.fromordinal(date(1970, 1, 1).toordinal() + int(spell[end])).isoformat() for end in ("onset", "terminus")
    ]
    assert days == ["2016-10-01", "2018-04-01"], "networkDynamic leaves the last day out"
    assert spell["terminus_censored"] == "false"
    going_on = row("vertex_spells", vertex=row("vertex_ids", object="bund")["vertex"])
    assert going_on["terminus_censored"] == "true"


def test_what_of_it_happened_is_told_where_it_is_looked_for():
    assert row("causes", entry=number("weg"))["cause"] == number("kritik")
    assert row("feedback_responses", feedback=number("kritik"))["days_at_most"] == "19"
    assert row("commitments", commitment="zusage-1")["standing"] == "silent"
    assert row("decisions", decision="beschluss-1")["method"] == "consent"
    came = row("attendance", fact="attended")
    assert (came["actor"], came["persons_at_least"], came["in_words"]) == ("verein", "7", "etwa sieben")
    assert row("amendments", entry=number("zurueck"), how="withdraws")["reason"] == "Irrtum"
    assert row("entries", number=number("weg"))["plain_language"] == "Eine Ebene gibt es nicht mehr."


def test_every_column_is_in_the_code_book_in_both_languages():
    told = {(r["table"], r["column"]): r for r in table("codebook")}
    assert told.keys() == {(t.name, c.name) for t in TABLES for c in t.columns}
    assert all(
        r["german"] and r["english"] and r["german"] != r["english"] for r in told.values() if r["column"] != "name"
    )


def test_what_is_not_known_is_written_as_nothing():
    assert [written(value) for value in (None, True, False, 0, "x", date(2018, 1, 2))] == [
        *("", "true", "false", "0", "x", "2018-01-02")
    ]


# ---- the description of the tables, and a program of others that checks it -------------------------------------------


def faults(folder):
    """What frictionless finds wrong, as (table, kind of fault)."""
    with frictionless.system.use_context(trusted=True, standards="v2"):
        report = frictionless.validate(str(folder / "datapackage.json"))
    return report.flatten(["type"])


def test_frictionless_finds_nothing_wrong(package):
    assert faults(package) == []


def test_frictionless_finds_a_reference_that_leads_nowhere(package):
    spoiled(package, "causes", lambda content: content + b"1,999999\r\n")
    assert faults(package) == [["foreign-key"]]


def test_frictionless_finds_a_changed_byte(package):
    file = package / "objects.csv"
    file.write_bytes(file.read_bytes().replace(b"Labor", b"Lador", 1))
    assert ["hash-count"] in faults(package)


def test_frictionless_finds_a_value_that_is_no_term(package):
    spoiled(package, "objects", lambda content: content.replace(b",there,", b",here,", 1))
    assert faults(package) == [["constraint-error"]]


def spoiled(package, name, change):
    """Changes a table, and what the description says of its bytes."""
    file, description = package / f"{name}.csv", package / "datapackage.json"
    file.write_bytes(change(file.read_bytes()))
    told = json.loads(description.read_text())
    resource = next(each for each in told["resources"] if each["name"] == name)
    resource |= {"bytes": file.stat().st_size, "hash": f"sha256:{sha256(file.read_bytes()).hexdigest()}"}
    description.write_text(json.dumps(told))


# ---- what every file says of itself, and that it is the same each time ---------------------------------------------


def about(format_, content):
    """What a file says it was made from."""
    match format_:
        case "csv":
            return json.loads(unpacked(content)["datapackage.json"])["x-werdegang"]
        case "replication":
            return json.loads(unpacked(content)["about.json"])
        case "ocel-json":
            return json.loads(content)["x-werdegang"]
        case "xlsx":
            rows = load_workbook(io.BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True)
            return dict(rows)


@pytest.mark.parametrize("format_", ["csv", "replication", "ocel-json", "xlsx"])
def test_a_file_names_position_times_audience_last_erasure_and_program(format_):
    told = {
        name: str(value)
        for name, value in about(format_, lindenau().file(format_, happened_by=date(2018, 1, 1))).items()
    }
    answer = lindenau().answer()
    assert told["position"] == str(answer.position)
    assert told["version"] == str(answer.version)
    assert (told["audience"], told["happened_by"], told["known_by"] in ("None", "")) == ("public", "2018-01-01", True)
    assert told["texts_last_erased_at"].startswith("2026-11-23T09:00")
    assert told["program"] == "Werdegang 0.1.0"


@pytest.mark.parametrize("format_", NAMES)
@pytest.mark.parametrize("as_", [None, "evaluator"])
def test_made_twice_it_is_the_same_bytes_and_more_that_is_recorded_changes_nothing(tmp_path, format_, as_):
    place = Lindenau(tmp_path / "data")
    times = {"happened_by": date(2020, 1, 1), "published_by" if as_ is None else "known_by": date(2026, 11, 23)}
    first = place.get(format_, as_, query_of(times))
    place.house.wait(days=3)
    place.record({"mehr": STATEMENTS["kritik"]})
    assert place.get(format_, as_, query_of(times)).content == first.content
    assert first.status_code == 200
    place.house.close()


def query_of(times):
    return "?" + "&".join(f"{name}={day}" for name, day in times.items())


# ---- for whom -----------------------------------------------------------------------------------------------------


def every_word(format_, content):
    """All that a file says, also inside of the files in it."""
    if content.startswith(b"PK"):
        return "".join(name + every_word(format_, inside) for name, inside in unpacked(content).items())
    return content.decode(errors="replace")


@pytest.fixture(scope="module")
def with_secrets(tmp_path_factory):
    place = Lindenau(tmp_path_factory.mktemp("secrets") / "data")
    place.record(
        {
            "heimlich": STATEMENTS["kritik"]
            | {"step": {**STATEMENTS["kritik"]["step"], "what": "Zwetschgenkuchen"}, "because": ["weg"]},
            "neu": {**STATEMENTS["amt"], "step": {**STATEMENTS["amt"]["step"], "actor": "akteur-geheim"}},
        }
    )
    yield place
    place.house.close()


@pytest.mark.parametrize("format_", NAMES)
def test_what_is_not_public_is_in_no_public_file(with_secrets, format_):
    said = every_word(format_, with_secrets.get(format_).content)
    assert not [
        secret for secret in ("Zwetschgenkuchen", "akteur-geheim", "heimlich", "konto-", "account-1") if secret in said
    ]
    inside = every_word(format_, with_secrets.get(format_, "evaluator").content)
    assert "Zwetschgenkuchen" in inside or format_.startswith("gexf")


@pytest.mark.parametrize("format_", NAMES)
@pytest.mark.parametrize("as_", ["evaluator", "stranger"])
def test_no_file_for_evaluators_names_an_account_or_a_key(with_secrets, format_, as_):
    said = every_word(format_, with_secrets.get(format_, as_).content)
    accounts = [holder.account.id for holder in with_secrets.house.installation.accounts.list()]
    assert not [named for named in (*accounts, "heimlich") if named in said]
    assert ("account-1" in said) == (as_ == "evaluator" and format_ in ("csv", "entries", "replication"))


def test_entries_name_accounts_only_to_whoever_works_on_the_process(with_secrets):
    for as_, named in (("admin", True), ("evaluator", False)):
        last = json.loads(with_secrets.get("entries", as_).text.splitlines()[-1])
        assert last["recorded_by"].startswith("konto-") == named
        assert ("key" in last["statement"]) == named


def test_a_process_of_which_nothing_is_public_has_no_file(tmp_path):
    place = Lindenau(tmp_path / "data")
    place.house.record({"key": "x", **STATEMENTS["start"]}, process="geheim")
    for address in ("/api/v1/processes/geheim/exports/csv", "/auswertung/geheim/daten/csv", "/auswertung/geheim/daten"):
        assert place.house.get(address).status_code == 404
    place.house.close()


# ---- over HTTP ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
def test_the_page_leads_to_every_file_and_the_api_gives_the_same(format_):
    house = lindenau().house
    page = house.get(f"/auswertung/{PROCESS}/daten?happened_by=2018-01-01").text
    address = f"/auswertung/{PROCESS}/daten/{format_.name}?happened_by=2018-01-01"
    assert f'href="{address}"' in page
    given = house.get(address)
    assert given.status_code == 200
    assert given.headers["content-type"].startswith(format_.media_type)
    assert given.headers["content-disposition"] == f'attachment; filename="{PROCESS}-{format_.name}.{format_.ending}"'
    assert given.headers["werdegang-position"] == str(lindenau().answer().position)
    assert given.content == lindenau().get(format_.name, query="?happened_by=2018-01-01").content
    assert house.get(address, if_none_match=given.headers["etag"]).status_code == 304
    assert house.client.head(address).content == b""


def test_the_english_page_gives_lists_in_english():
    sheets = [
        load_workbook(
            io.BytesIO(lindenau().house.get(f"{language}/auswertung/{PROCESS}/daten/xlsx").content)
        ).sheetnames[0]
        for language in ("", "/en")
    ]
    assert sheets == ["Herkunft", "Origin"]


def test_a_mistyped_day_is_refused_and_an_unknown_format_named():
    house = lindenau().house
    assert house.get(f"/auswertung/{PROCESS}/daten/csv?happened_by=gestern").status_code == 422
    assert house.get(f"/auswertung/{PROCESS}/daten/word").status_code == 404
    refused = lindenau().get("statements", "evaluator", "?happened_by=2018-01-01").json()
    assert refused["code"] == "export-in-part"


@pytest.mark.parametrize("format_", [*NAMES, "statements"])
def test_over_http_a_file_says_beside_itself_what_it_was_made_from(format_):
    given = lindenau().get(format_, "evaluator", "?known_by=2026-11-22")
    said = dict(parse_qsl(given.headers["werdegang-made-from"]))
    last = len(STATEMENTS) + 1
    assert (said["process"], said["audience"], said["known_by"]) == (PROCESS, "internal", "2026-11-22")
    assert (said["position"], said["entries"], said["version"]) == (str(last),) * 3
    assert said["program"] == f"Werdegang {VERSION}"
    assert given.headers["werdegang-position"] == str(last)


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("?known_by=2020-01-01", 0),
        ("?known_by=2026-11-22", len(STATEMENTS) + 1),
        ("?version=3", 3),
        ("", len(STATEMENTS) + 1 + len(LATER) + 2),
    ],
)
def test_statements_name_the_position_of_their_last_line(query, lines):
    given = lindenau().get("statements", "evaluator", query)
    assert len(given.text.splitlines()) == lines
    assert given.headers["werdegang-position"] == str(lines)


def test_texts_that_are_erased_change_the_tag_of_statements_that_were_known_before(tmp_path):
    place = Lindenau(tmp_path / "data")
    before = place.get("statements", "evaluator", "?known_by=2026-11-22")
    place.house.wait(days=1)
    place.record({"noch": erasing("kritik")})
    again = place.house.get(
        f"/api/v1/processes/{PROCESS}/exports/statements?known_by=2026-11-22",
        "evaluator",
        if_none_match=before.headers["etag"],
    )
    assert (again.status_code, "Zu viele Ebenen" in before.text, "Zu viele Ebenen" in again.text) == (200, True, False)
    assert again.headers["werdegang-position"] == before.headers["werdegang-position"]
    place.house.close()


def test_statements_are_for_accounts_and_the_page_says_why():
    house = lindenau().house
    page = house.get(f"/auswertung/{PROCESS}/daten").text
    assert "mit den Schlüsseln der Erfassung" in page
    assert "/daten/statements" not in page
    assert house.get(f"/auswertung/{PROCESS}/daten/statements").status_code == 401
    stated = lindenau().get("statements", "evaluator").text
    assert '"key": "start"' in stated
    assert not [h.account.id for h in house.installation.accounts.list() if h.account.id in stated]


def test_no_more_files_are_made_at_once_than_the_server_can(monkeypatch):
    """Whoever comes too much is told so at once, and how long to wait."""
    begun, go_on = Event(), Event()

    def slowly(*_):
        begun.set()
        assert go_on.wait(30)

    monkeypatch.setattr(exporting, "_AT_ONCE", exporting.BoundedSemaphore(1))
    monkeypatch.setattr(formats, "write", slowly)
    first = Thread(target=lindenau().get, args=("csv", "evaluator"))
    first.start()
    assert begun.wait(30)
    busy = lindenau().get("xlsx", "evaluator")
    go_on.set()
    first.join()
    assert (busy.status_code, busy.json()["code"], busy.headers["retry-after"]) == (503, "exports-busy", "10")
    assert lindenau().get("csv", "evaluator").status_code == 200


# ---- the replication package ----------------------------------------------------------------------------------------

IMPORTS_NOTHING_OF_OURS = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in sys.stdlib_module_names:
            raise ImportError(name + " is not part of Python")
sys.meta_path.insert(0, Blocker())
"""


@pytest.mark.parametrize(("as_", "times"), [(None, {}), ("evaluator", {"happened_by": date(2018, 3, 15)})])
def test_the_notebook_reckons_the_main_figures_again_from_the_package_alone(tmp_path, as_, times):
    done = run_notebook(tmp_path, lindenau().file("replication", as_, **times))
    assert done.returncode == 0, done.stderr
    assert "figures agree, at position" in done.stdout


def test_the_notebook_says_so_where_a_table_was_changed(tmp_path):
    content = unpacked(lindenau().file("replication"))
    content["feedback_responses.csv"] += b"1,concern,,,,\r\n"
    assert "feedback_responses.csv was changed" in run_notebook(tmp_path, content).stderr
    sums = content["SHA256SUMS"].decode().splitlines()
    changed = sha256(content["feedback_responses.csv"]).hexdigest()
    content["SHA256SUMS"] = "".join(
        f"{changed if line.endswith('  feedback_responses.csv') else line[:64]}{line[64:]}\n" for line in sums
    ).encode()
    assert "AssertionError: {'feedback': " in run_notebook(tmp_path, content).stderr


def held(meeting, when, attended, body="bund"):
    step = {"type": "meeting-held", "meeting": meeting, "bodies": [body], "attended": {"actors": attended}}
    return told(step, when)


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A process in which load, overlap and response have something to say, some of it with open dates."""
    place = Lindenau(tmp_path_factory.mktemp("busy") / "data")
    actors = [f"akteur-{n}" for n in range(8)]
    named = {a: told({"type": "actor-registered", "actor": a, "kind": "company", "name": a}, "2017") for a in actors}
    told_of = {
        "unten": lab("unten", "2017-08-01", parent="bund", level="mitte"),
        "t2": held("treffen-2", "2018-03-01", actors[:6]),
        "t3": held("treffen-3", "2018-03-10", actors[2:], "unten"),
        "t4": held("treffen-4", "2018-03-20", actors[5:7], "unten"),
        "t5": held("treffen-5", "[2018-01..2018-06]", actors[:3]),
        "t6": held("treffen-6", "2016-12-05", actors[:1]),
        "frage": feedback("Wann?", "2018-02-01"),
        "wunsch": feedback("Bitte", "2018-03-05"),
        "stille": feedback("Hallo?", "2018-03-06"),
        "da": answered("frage", "2018-02-20"),
        "dort": answered("wunsch", "[2018-04..2018-05]"),
    }
    place.record(named)
    place.record(told_of)
    place.record({"busy": published(*named, *told_of)})
    yield place
    place.house.close()


def answered(which, when):
    return told({"type": "feedback-answered", "feedback": which, "outcome": "noted", "answer": "Ja."}, when)


WHEN = [date(2018, 3, 31), date(2018, 5, 1), date(2019, 6, 1), date(2026, 11, 22)]


@pytest.mark.parametrize("as_", [None, "evaluator"])
@pytest.mark.parametrize("day", WHEN)
def test_the_notebook_reckons_load_overlap_and_response_again(tmp_path, busy, as_, day):
    done = run_notebook(tmp_path, busy.file("replication", as_, happened_by=day))
    assert done.returncode == 0, done.stderr
    compared, hidden = re.search(
        r"response: (\d+) lie where the report has them, (\d+) are not told", done.stdout
    ).groups()
    assert int(compared) >= 2
    assert as_ is None or hidden == "0"


def test_figures_are_those_of_the_report_as_their_reader_sees_them(busy):
    for as_ in (None, "evaluator"):
        told_so = json.loads(unpacked(busy.file("replication", as_, happened_by=WHEN[0]))["figures.json"])
        seen = report(busy.answer(as_, happened_by=WHEN[0]).view, public=as_ is None)
        assert told_so["report"].keys() == {figure.anchor for figure in seen.figures()}
        for figure in seen.figures():
            said = told_so["report"][figure.anchor]
            assert said["reason"] == figure.reason
            assert (said["at_least"], said["at_most"]) == (
                (None, None) if figure.value is None else (figure.value.at_least, figure.value.at_most)
            )
    assert told_so["report"]["overlap-jaccard-oben-mitte"]["at_least"] == 0.5, "four of eight"
    assert told_so["report"]["load-gini"]["at_least"] is not None
    assert told_so["curves"]["response.answer"]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("load-gini", {"at_least": 0.9, "at_most": 0.95}),
        ("overlap-jaccard-oben-mitte", {"at_least": 0.0, "at_most": 0.1}),
        ("overlap-jaccard-oben-mitte", {"at_least": None, "at_most": None}),
        ("response-answer-median", {"at_least": 300, "at_most": 301}),
        ("response.answer", [[19, 0.1, 0.2]]),
    ],
)
def test_the_notebook_says_so_where_a_figure_of_the_report_is_another(tmp_path, busy, name, wrong):
    content = unpacked(busy.file("replication", "evaluator", happened_by=WHEN[2]))
    said = json.loads(content["figures.json"])
    if name in said["curves"]:
        said["curves"][name] = wrong
    else:
        said["report"][name] |= wrong
    content["figures.json"] = json.dumps(said).encode()
    digest = sha256(content["figures.json"]).hexdigest()
    sums = content["SHA256SUMS"].decode()
    content["SHA256SUMS"] = re.sub("[0-9a-f]{64}  figures.json", f"{digest}  figures.json", sums).encode()
    assert f"AssertionError: {{'{name}" in run_notebook(tmp_path, content).stderr


def run_notebook(folder, content):
    """Runs the cells of the notebook where the package lies, with Python and nothing else."""
    for name, inside in (content if isinstance(content, dict) else unpacked(content)).items():
        (folder / name).write_bytes(inside)
    cells = json.loads((folder / "analysis.ipynb").read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    command = [sys.executable, "-I", "-c", IMPORTS_NOTHING_OF_OURS + code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_package_holds_every_format_and_the_checksum_of_each_file():
    content = unpacked(lindenau().file("replication"))
    sums = dict(reversed(line.split("  ")) for line in content.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: sha256(inside).hexdigest() for name, inside in content.items()}
    assert content["log.ocel.json"] == lindenau().file("ocel-json")
    assert content["log.ocel.sqlite"] == lindenau().file("ocel-sqlite")
    assert content["structure.gexf"] == lindenau().file("gexf-structure")
    assert content["actors-meetings.gexf"] == lindenau().file("gexf-meetings")
    assert content["entries.jsonl"] == lindenau().file("entries")
    assert {name for name in content if name.endswith(".csv")} == {f"{table.name}.csv" for table in TABLES}
    assert "1 entries were erased, last at 2026-11-23" in content["README.md"].decode()


def test_the_package_names_the_log_as_it_was_with_its_last_entry():
    checkpoint = json.loads(unpacked(lindenau().get("replication").content)["checkpoint.json"])
    size, root = lindenau().house.installation.log.root_through(PROCESS, lindenau().answer().position)
    assert checkpoint["size"] == size
    assert checkpoint["root_hash"] == b64encode(root).decode()
    assert lindenau().house.get(checkpoint["proof"]).status_code == 200


def test_an_internal_package_says_that_pseudonymised_is_not_anonymous():
    assert "pseudonymised does not" in unpacked(lindenau().file("replication", "evaluator"))["README.md"].decode()


def test_a_pseudonym_holds_in_one_file_alone():
    material = Material(lindenau().answer("evaluator"))
    names = {material.pseudonym(entry) for entry in material.view.effective.entries}
    assert names == {"account-1"}
    assert Material(lindenau().answer()).pseudonym(material.view.effective.entries[0]) is None
